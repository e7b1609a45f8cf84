//! What becomes of a planned step when its enrolment wakes: fire, move, hold, shift, expire, skip or end.
//!
//! A wake-up may come too early, never too late, so everything is judged anew each time, from what the desk knows
//! now. The order is fixed: a stop rule ends whatever the hour; then pauses; then what is too late; then who and
//! whether at all; then quiet hours and caps. What they let through only after the step's span waits for its end and
//! expires then: a good-night wish is not sent next morning, and rules that were typed wrong may be mended before.
//!
//! One file because the order of the questions is the rule.

use chrono::NaiveDate;

use crate::book::{Class, EndReason, Timestamp, Via, WaitReason};
use crate::queue::caps::Allowance;
use crate::queue::quiet::{Quiet, Respect, next_open_for, respect};

use super::calendar::{day_start, local_day, lost_days, plus_days};
use super::format::{Late, Step};
use super::schedule::{Course, Planned};

/// What the desk knows at the moment about the enrolment, its target and the step.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each with its name where it is set")]
pub struct Context<'a> {
    /// The stop rule that holds, as the playbook spells it.
    pub stopped: Option<String>,
    /// The rule by which this step alone is not to be said to the target.
    pub unwanted: Option<String>,
    /// The target, playbook or day is paused: until when, or none for until told otherwise.
    pub paused: Option<Option<Timestamp>>,
    /// The playbook was called off for the day that the step belongs to.
    pub day_off: bool,
    /// An earlier step with `late = "shift"` is still open: the rest waits for it.
    pub waits_for_late: bool,
    /// An earlier round came to nothing, and its rest is not over before that day.
    pub rests: Option<NaiveDate>,
    /// What the step asks of the target and does not hold: the playbook's audience, the step's condition.
    pub unmet: Option<Unmet>,
    /// At least one wording was not had within the freshness span.
    pub fresh: bool,
    /// Quiet hours of store, account, group and member.
    pub quiet: &'a [Quiet<'a>],
    /// What the caps say for the step's class, touches and open tasks counted.
    pub allowance: Allowance,
    /// A cap that is full may yet have room before the step's span is over, as something open may end unsent; and quiet hours
    /// that leave none of it may have been set by mistake.
    pub waits_for_room: bool,
    /// What has held it to its end.
    pub held: Option<EndReason>,
}

impl Default for Context<'_> {
    /// Nothing in the way.
    fn default() -> Self {
        Self {
            stopped: None,
            unwanted: None,
            paused: None,
            day_off: false,
            waits_for_late: false,
            rests: None,
            unmet: None,
            fresh: true,
            quiet: &[],
            allowance: Allowance::Open,
            waits_for_room: false,
            held: None,
        }
    }
}

/// What a step asks of its target that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// The playbook's audience.
    Audience(String),
    /// The answer that the step's `if` wants, or wants not.
    Answer(String),
    /// The filter of the step's `if`.
    Condition(String),
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It becomes a due task that expires at `until`; none means never.
    Fire { until: Option<Timestamp> },
    /// It is due later, and shown as moved.
    Move { to: Timestamp, why: WaitReason },
    /// Look again then, or when something changes; `why` is none where it is simply not time yet.
    Hold { until: Option<Timestamp>, why: Option<WaitReason> },
    /// All that is still to come moves by so many local days, this step too; then judge anew.
    Shift { days: u32 },
    /// It becomes a task that is born expired.
    Expire(EndReason),
    /// It becomes a task that is born skipped.
    Skip(EndReason),
    /// The enrolment ends by this rule; the step is not owed any more.
    End { rule: String },
}

/// Judges a planned step at a moment.
pub fn judge(
    course: &Course<'_>,
    step: &Step,
    planned: &Planned,
    now: Timestamp,
    context: &Context<'_>,
) -> Verdict {
    if let Some(rule) = &context.stopped {
        return Verdict::End { rule: rule.clone() };
    }
    if now < planned.due_at {
        return Verdict::Hold { until: Some(planned.due_at), why: None };
    }
    if let Some(until) = context.paused {
        return Verdict::Hold { until, why: Some(WaitReason::Paused) };
    }
    if context.day_off {
        // it could be taken back until the day is over
        let tomorrow = plus_days(planned.occurrence, 1);
        let over = day_start(tomorrow, course.zone, course.playbook.day_ends);
        let ends = planned.until.map_or(over, |until| until.min(over));
        return if now < ends {
            Verdict::Hold { until: Some(ends), why: Some(WaitReason::DayOff) }
        } else {
            Verdict::Skip(EndReason::DayOff)
        };
    }
    if let Some(rule) = &context.unwanted {
        return Verdict::Skip(EndReason::Stopped { rule: rule.clone() });
    }
    if context.waits_for_late {
        return Verdict::Hold { until: None, why: None };
    }
    // Quiet hours that reach over midnight lose no day: the step could not have been offered before they end.
    let class = course.playbook.class_of(step);
    let offered_at = match respect(class) {
        Respect::Always if step.via != Via::Internal => next_open_for(planned.due_at, context.quiet),
        _ => planned.due_at,
    };
    let lost = lost_days(offered_at, now, course.zone, course.playbook.day_ends);
    let over = planned.until.is_some_and(|until| until <= now);
    // quiet hours leave no instant of its span: nobody was away from what could be offered at none
    let is_ruled_out =
        over && planned.until.is_some_and(|until| planned.due_at < until && until <= offered_at);
    // Without a written end, what may be dropped is dropped when its day is over.
    let is_dropped = step.late == Late::Drop && (over || (planned.until.is_none() && lost > 0));
    // what is kept is kept from an absence, not from a cap that was full to its end
    let held = context.held.as_ref().filter(|_| over || is_dropped);
    if !is_ruled_out {
        if step.late == Late::Shift && lost > 0 && course.playbook.shifts(step) {
            return Verdict::Shift { days: lost };
        }
        // what held it is why, not that nobody was there
        if is_dropped && held.is_none() {
            return Verdict::Expire(EndReason::TooLate);
        }
    }
    if let Some(until) = context.rests {
        return Verdict::Skip(EndReason::Resting { until });
    }
    if context.unmet.is_some() {
        return Verdict::Skip(EndReason::Condition);
    }
    if !context.fresh {
        return Verdict::Skip(EndReason::NotFresh);
    }
    // whom it was not for it was not held from
    if let Some(end) = held {
        return Verdict::Expire(end.clone());
    }
    if is_ruled_out {
        return Verdict::Expire(EndReason::Held { why: WaitReason::QuietHours });
    }
    // What is kept although its span is over has no end any more.
    let until = planned.until.filter(|_| !over);
    // what is dropped when its day is over cannot wait beyond that, and need not be waited for
    let waits_until = match step.late {
        Late::Drop if planned.until.is_none() => {
            let day_ends = course.playbook.day_ends;
            let tomorrow = plus_days(local_day(offered_at, course.zone, day_ends), 1);
            Some(day_start(tomorrow, course.zone, day_ends))
        }
        Late::Keep | Late::Drop | Late::Shift => until,
    };
    match offer(class, step.via, now, waits_until, context) {
        Verdict::Fire { .. } => Verdict::Fire { until },
        verdict => verdict,
    }
}

/// When a planned step can be offered at the earliest: where its instant lies in quiet hours that hold it, when they
/// end. A program that was off meanwhile is late from then on, not from the instant planned.
pub fn offered_at(class: Class, via: Via, planned: &Planned, quiet: &[Quiet<'_>]) -> Timestamp {
    if via == Via::Internal { planned.due_at } else { opens(class, planned.due_at, planned.until, quiet) }
}

/// When quiet hours let something of a class be said from an instant on: what may not be put off to after its span is
/// said in them.
pub fn opens(class: Class, at: Timestamp, until: Option<Timestamp>, quiet: &[Quiet<'_>]) -> Timestamp {
    let open = next_open_for(at, quiet);
    let leaves_span = until.is_some_and(|until| until <= open);
    match respect(class) {
        Respect::Never => at,
        Respect::WithinSpan if leaves_span => at,
        Respect::WithinSpan | Respect::Always => open,
    }
}

/// Quiet hours and caps; neither concerns work that nobody outside hears of.
pub fn offer(
    class: Class,
    via: Via,
    now: Timestamp,
    until: Option<Timestamp>,
    context: &Context<'_>,
) -> Verdict {
    if via == Via::Internal {
        return Verdict::Fire { until };
    }
    let leaves_span = |at: Timestamp| until.is_some_and(|until| until <= at);
    let rule = respect(class);
    if rule != Respect::Never {
        let open = next_open_for(now, context.quiet);
        if open > now {
            match (leaves_span(open), rule) {
                (false, _) => return Verdict::Move { to: open, why: WaitReason::QuietHours },
                (true, Respect::Always) => return held_to(until, now, WaitReason::QuietHours, context),
                (true, Respect::WithinSpan | Respect::Never) => {}
            }
        }
    }
    // what will be free only in hours that are quiet until after the span is over already, whenever it is looked at
    let free = |next_at: Timestamp| match rule {
        Respect::Always => next_open_for(next_at, context.quiet),
        Respect::WithinSpan | Respect::Never => next_at,
    };
    match &context.allowance {
        Allowance::Full { next_at, usage } if leaves_span(free(*next_at)) => {
            held_to(until, now, WaitReason::Cap { words: usage.code() }, context)
        }
        Allowance::Full { next_at, usage } => {
            let words = usage.code();
            Verdict::Hold { until: Some(*next_at), why: Some(WaitReason::Cap { words }) }
        }
        Allowance::Open => Verdict::Fire { until },
    }
}

/// What cannot be said before its end waits for that: rules may change, and places become free. Then it is over.
fn held_to(until: Option<Timestamp>, now: Timestamp, why: WaitReason, context: &Context<'_>) -> Verdict {
    match until.filter(|until| context.waits_for_room && *until > now) {
        Some(end) => Verdict::Hold { until: Some(end), why: Some(why) },
        None => Verdict::Expire(EndReason::Held { why }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{QuietHours, Span};
    use crate::queue::caps::Usage;
    use crate::sop::schedule::tests::{at, course, playbook};

    /// Judges step `s` of a member playbook, anchored on 2026-11-22 09:00, at a moment.
    fn check(step: &str, now: &str, context: &Context<'_>, expected: &Verdict) {
        let source = format!("[[step]]\nid = \"s\"\n{step}\ntext = \"好\"");
        let playbook = playbook("added", "", &source);
        let anchor = crate::sop::calendar::instant_anchor(
            "1".to_owned(),
            at("2026-11-22T09:00"),
            chrono_tz::Asia::Shanghai,
            playbook.day_ends,
        );
        let course = course(&playbook, &anchor);
        let planned = course.next(&crate::sop::schedule::beginning()).unwrap();
        let step = playbook.step(planned.step).unwrap();
        assert_eq!(&judge(&course, step, &planned, at(now), context), expected, "{source} {now}");
    }

    const NIGHT: &[QuietHours] = &[QuietHours { from: 22 * 60, to: 8 * 60, days: 0 }];

    fn quiet() -> [Quiet<'static>; 1] {
        [Quiet { zone: chrono_tz::Asia::Shanghai, hours: NIGHT, calendar: &crate::queue::quiet::NoCalendar }]
    }

    fn fire(until: Option<&str>) -> Verdict {
        Verdict::Fire { until: until.map(at) }
    }

    #[test]
    fn it_fires_within_its_span_and_never_early() {
        let free = Context::default();
        let step = "at = \"D0 12:00\"\nuntil = \"D0 14:00\"\nvia = \"private\"";
        let early = Verdict::Hold { until: Some(at("2026-11-22T12:00")), why: None };
        check(step, "2026-11-22T11:59", &free, &early);
        check(step, "2026-11-22T12:00", &free, &fire(Some("2026-11-22T14:00")));
        check(step, "2026-11-22T13:59", &free, &fire(Some("2026-11-22T14:00")));
        check("at = \"D0 12:00\"\nvia = \"private\"", "2026-12-22T12:00", &free, &fire(None));
    }

    #[test]
    fn after_its_span_late_decides() {
        let free = Context::default();
        let step = |late: &str| {
            format!("at = \"D0 12:00\"\nuntil = \"D0 14:00\"\nlate = \"{late}\"\nvia = \"private\"")
        };
        check(&step("keep"), "2026-11-22T14:00", &free, &fire(None));
        check(&step("drop"), "2026-11-22T14:00", &free, &Verdict::Expire(EndReason::TooLate));
        check(&step("shift"), "2026-11-24T09:00", &free, &Verdict::Shift { days: 2 });
        let endless = "at = \"D0 12:00\"\nlate = \"drop\"\nvia = \"private\"";
        check(endless, "2026-11-22T23:59", &free, &fire(None));
        check(endless, "2026-11-23T00:00", &free, &Verdict::Expire(EndReason::TooLate));
    }

    #[test]
    fn quiet_hours_move_marketing_and_expire_what_would_leave_its_span() {
        let quiet = quiet();
        let context = Context { quiet: &quiet, ..Context::default() };
        let moved = Verdict::Move { to: at("2026-11-23T08:00"), why: WaitReason::QuietHours };
        check("at = \"D0 22:30\"\nvia = \"private\"", "2026-11-22T22:30", &context, &moved);
        let tonight = "at = \"D0 22:30\"\nuntil = \"D0 23:30\"\nvia = \"private\"";
        let over = Verdict::Expire(EndReason::Held { why: WaitReason::QuietHours });
        check(tonight, "2026-11-22T22:30", &context, &over);
        // found later it is over by the same, whatever is done with what is late
        for late in ["keep", "drop", "shift"] {
            check(&format!("{tonight}\nlate = \"{late}\""), "2026-11-25T09:00", &context, &over);
        }
        let service =
            |rest: &str| format!("at = \"D0 22:30\"\nclass = \"service\"\nvia = \"private\"\n{rest}");
        check(
            &service("until = \"D0 23:30\""),
            "2026-11-22T22:30",
            &context,
            &fire(Some("2026-11-22T23:30")),
        );
        check(&service(""), "2026-11-22T22:30", &context, &moved);
        let incident = "at = \"D0 22:30\"\nclass = \"incident\"\nvia = \"private\"";
        check(incident, "2026-11-22T22:30", &context, &fire(None));
        check("at = \"D0 22:30\"\nvia = \"internal\"", "2026-11-22T22:30", &context, &fire(None));
    }

    #[test]
    fn a_night_moves_a_shifting_step_without_shifting_it() {
        let quiet = quiet();
        let context = Context { quiet: &quiet, ..Context::default() };
        let step = "at = \"D0 22:30\"\nlate = \"shift\"\nvia = \"private\"";
        check(step, "2026-11-23T08:00", &context, &fire(None));
        check(step, "2026-11-24T08:00", &context, &Verdict::Shift { days: 1 });
    }

    #[test]
    fn caps_hold_marketing_until_they_are_free() {
        let usage = Usage { of: crate::book::CapScope::Member, span: Span::Day, used: 1, n: 1, gap: None };
        let full = Allowance::Full { next_at: at("2026-11-23T00:00"), usage };
        let context = Context { allowance: full, ..Context::default() };
        let held = Verdict::Hold {
            until: Some(at("2026-11-23T00:00")),
            why: Some(WaitReason::Cap { words: "member day 1/1".to_owned() }),
        };
        check("at = \"D0 12:00\"\nvia = \"private\"", "2026-11-22T12:00", &context, &held);
        let today = "at = \"D0 12:00\"\nuntil = \"D0 14:00\"\nvia = \"private\"";
        let why = WaitReason::Cap { words: "member day 1/1".to_owned() };
        let over = Verdict::Expire(EndReason::Held { why: why.clone() });
        check(today, "2026-11-22T12:00", &context, &over);
        // where what is open may end unsent it waits for that, to its end and no longer
        let context = Context { waits_for_room: true, ..context };
        let to_its_end = Verdict::Hold {
            until: Some(at("2026-11-22T14:00")),
            why: Some(WaitReason::Cap { words: "member day 1/1".to_owned() }),
        };
        check(today, "2026-11-22T12:00", &context, &to_its_end);
        let context = Context { held: Some(EndReason::Held { why }), ..context };
        check(today, "2026-11-22T14:00", &context, &over);
        // what is dropped with its day as well
        let endless = "at = \"D0 12:00\"\nlate = \"drop\"\nvia = \"private\"";
        check(endless, "2026-11-23T00:00", &context, &over);
        // it was not held from whom it was not for
        let until = NaiveDate::from_ymd_opt(2027, 5, 21).unwrap_or_default();
        let rests = Context { rests: Some(until), ..context.clone() };
        for late in ["keep", "drop"] {
            let step = format!("{today}\nlate = \"{late}\"");
            check(&step, "2026-11-22T14:00", &rests, &Verdict::Skip(EndReason::Resting { until }));
        }
        check("at = \"D0 12:00\"\nvia = \"internal\"", "2026-11-22T12:00", &context, &fire(None));
    }

    #[test]
    fn who_and_whether_are_judged_before_hours_and_after_stops() {
        let step = "at = \"D0 12:00\"\nvia = \"private\"";
        let now = "2026-11-22T12:00";
        let context = Context { day_off: true, waits_for_late: true, ..Context::default() };
        let over = Some(at("2026-11-23T00:00"));
        check(step, now, &context, &Verdict::Hold { until: over, why: Some(WaitReason::DayOff) });
        check(step, "2026-11-23T00:00", &context, &Verdict::Skip(EndReason::DayOff));
        let spanned = "at = \"D0 12:00\"\nuntil = \"D0 14:00\"\nvia = \"private\"";
        check(spanned, "2026-11-22T14:00", &context, &Verdict::Skip(EndReason::DayOff));
        let unmet = || Some(Unmet::Condition("orders:0".to_owned()));
        let mut context = Context { unmet: unmet(), ..Context::default() };
        check(step, now, &context, &Verdict::Skip(EndReason::Condition));
        context = Context { unmet: Some(Unmet::Audience("tag:老客".to_owned())), ..Context::default() };
        check(step, now, &context, &Verdict::Skip(EndReason::Condition));
        context = Context { fresh: false, ..Context::default() };
        check(step, now, &context, &Verdict::Skip(EndReason::NotFresh));
        let until = NaiveDate::from_ymd_opt(2027, 5, 21).unwrap_or_default();
        context = Context { rests: Some(until), ..Context::default() };
        check(step, now, &context, &Verdict::Skip(EndReason::Resting { until }));
        context = Context { unwanted: Some("tag:勿扰".to_owned()), unmet: unmet(), ..Context::default() };
        check(step, now, &context, &Verdict::Skip(EndReason::Stopped { rule: "tag:勿扰".to_owned() }));
        context = Context { paused: Some(None), unmet: unmet(), ..Context::default() };
        check(step, now, &context, &Verdict::Hold { until: None, why: Some(WaitReason::Paused) });
        context = Context { waits_for_late: true, ..Context::default() };
        check(step, now, &context, &Verdict::Hold { until: None, why: None });
        context = Context { stopped: Some("bought".to_owned()), paused: Some(None), ..Context::default() };
        check(step, "2026-11-22T10:00", &context, &Verdict::End { rule: "bought".to_owned() });
    }
}
