//! What becomes of a planned step when its enrolment wakes: fire, move, hold, shift, expire, skip or end.
//!
//! A wake-up may come too early, never too late, so everything is judged anew each time, from what the desk knows
//! now. The order is fixed: a stop rule ends whatever the hour; then pauses; then what is too late; then who and
//! whether at all; then quiet hours and caps. A move that would leave the step's span expires it: a good-night
//! wish is not sent next morning.

use crate::book::{Class, EndReason, Timestamp, Via, WaitReason};
use crate::queue::caps::Allowance;
use crate::queue::quiet::{Quiet, Respect, next_open_for, respect};
use crate::text::lang::Lang;

use super::calendar::lost_days;
use super::format::{Late, Step};
use super::schedule::{Course, Planned};

/// What the desk knows at the moment about the enrolment, its target and the step.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The stop rule that holds, as the playbook spells it.
    pub stopped: Option<String>,
    /// The target, playbook or day is paused: until when, or none for until told otherwise.
    pub paused: Option<Option<Timestamp>>,
    /// An earlier step with `late = "shift"` is still open: the rest waits for it.
    pub waits_for_late: bool,
    /// The playbook's audience holds the target.
    pub audience: bool,
    /// The step's condition holds.
    pub condition: bool,
    /// At least one wording was not had within the freshness span.
    pub fresh: bool,
    /// Quiet hours of store, account, group and member.
    pub quiet: &'a [Quiet<'a>],
    /// What the caps say for the step's class, touches and open tasks counted.
    pub allowance: Allowance,
}

impl Default for Context<'_> {
    /// Nothing in the way.
    fn default() -> Self {
        Self {
            stopped: None,
            paused: None,
            waits_for_late: false,
            audience: true,
            condition: true,
            fresh: true,
            quiet: &[],
            allowance: Allowance::Open,
        }
    }
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
    match step.late {
        Late::Shift if lost > 0 => return Verdict::Shift { days: lost },
        // Without a written end, what may be dropped is dropped when its day is over.
        Late::Drop if over || (planned.until.is_none() && lost > 0) => {
            return Verdict::Expire(EndReason::TooLate);
        }
        Late::Keep | Late::Drop | Late::Shift => {}
    }
    if !context.audience || !context.condition {
        return Verdict::Skip(EndReason::Condition);
    }
    if !context.fresh {
        return Verdict::Skip(EndReason::NotFresh);
    }
    // What is kept although its span is over has no end any more.
    let until = planned.until.filter(|_| !over);
    offer(class, step.via, now, until, context)
}

/// Quiet hours and caps; neither concerns work that nobody outside hears of.
fn offer(class: Class, via: Via, now: Timestamp, until: Option<Timestamp>, context: &Context<'_>) -> Verdict {
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
                (true, Respect::Always) => return Verdict::Expire(EndReason::SpanOver),
                (true, Respect::WithinSpan | Respect::Never) => {}
            }
        }
    }
    match &context.allowance {
        Allowance::Full { next_at, .. } if leaves_span(*next_at) => Verdict::Expire(EndReason::SpanOver),
        Allowance::Full { next_at, usage } => {
            let words = usage.words(Lang::default());
            Verdict::Hold { until: Some(*next_at), why: Some(WaitReason::Cap { words }) }
        }
        Allowance::Open => Verdict::Fire { until },
    }
}
