//! The dates of a playbook before anyone is enrolled, as `sop plan` prints them.
//!
//! Conditions, audiences and stop rules depend on what will happen, so a plan takes them as holding and shows all
//! that could come: days, moves out of quiet hours, and what the caps would hold back if nothing else were sent.

use chrono::NaiveDate;

use super::format::Step;
use super::judge::{Context, Verdict, judge};
use super::schedule::{Course, Planned};
use crate::book::{Cap, CapScope, Class, EndReason, Progress, Target, Timestamp, Via, WaitReason};
use crate::queue::caps::{Allowance, Count, allow};
use crate::queue::quiet::Quiet;

/// Rounds of move and hold after which a row is shown where it is: full caps can push it on for ever.
const ROUNDS_MAX: usize = 64;

/// Up to where to plan.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Rows due before are left out.
    pub from: Timestamp,
    /// Rows planned after are left out; none for all.
    pub until: Option<Timestamp>,
    /// The most rows.
    pub rows: usize,
}

/// What rules to plan with; empty slices for none.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlanRules<'a> {
    pub quiet: &'a [Quiet<'a>],
    pub caps: &'a [Cap],
}

/// Why a row is not due when the playbook says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The anchor came later than that wall time on its day.
    Anchor,
    Wait(WaitReason),
    /// It would never become due: born expired.
    Expired(EndReason),
}

/// One line of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// The step's id.
    pub step: String,
    pub occurrence: NaiveDate,
    /// N of DN.
    pub day: i32,
    pub due_at: Timestamp,
    pub until: Option<Timestamp>,
    /// What the playbook says, where it is due at another time.
    pub moved_from: Option<Timestamp>,
    pub reason: Option<Moved>,
    pub class: Class,
    pub via: Via,
}

/// Plans a course from its beginning (or from `progress`), each step judged as if the desk woke on time. A step is not
/// looked at before the one ahead of it was offered or ended, as in an enrolment: what a cap holds back holds the rest.
pub fn plan(course: &Course<'_>, progress: &Progress, rules: &PlanRules<'_>, limits: Limits) -> Vec<PlanRow> {
    let mut rows: Vec<PlanRow> = Vec::new();
    let mut touched: Vec<Timestamp> = Vec::new();
    let mut progress = progress.clone();
    let mut before: Option<(Timestamp, Option<Moved>)> = None;
    while rows.len() < limits.rows {
        let Some(planned) = course.next(&progress) else { break };
        if limits.until.is_some_and(|until| planned.due_at > until) {
            break;
        }
        progress = course.pass(&progress, &planned);
        let Some(step) = course.playbook.step(planned.step) else { break };
        let row = row(course, step, &planned, rules, &touched, before);
        let why = row.reason.clone().filter(|why| !matches!(why, Moved::Expired(_)));
        before = Some((row.due_at, why));
        let counts = !matches!(row.reason, Some(Moved::Expired(_)))
            && matches!(row.class, Class::Marketing | Class::Care);
        if counts && row.via != Via::Internal {
            touched.push(row.due_at);
        }
        if row.due_at >= limits.from {
            rows.push(row);
        }
    }
    rows.sort_by_key(|row| row.due_at);
    rows
}

fn row(
    course: &Course<'_>,
    step: &Step,
    planned: &Planned,
    rules: &PlanRules<'_>,
    touched: &[Timestamp],
    before: Option<(Timestamp, Option<Moved>)>,
) -> PlanRow {
    let class = course.playbook.class_of(step);
    let late = planned.due_at > planned.planned_at;
    let mut reason = late.then_some(Moved::Anchor);
    let mut now = planned.due_at;
    if let Some((at, why)) = before.filter(|(at, _)| *at > now) {
        (now, reason) = (at, why.or(reason));
    }
    let mut until = planned.until;
    for _ in 0..ROUNDS_MAX {
        let allowance = allowance(course, step, rules.caps, now, touched);
        let context = Context { quiet: rules.quiet, allowance, ..Context::default() };
        match judge(course, step, planned, now, &context) {
            Verdict::Move { to, why } => (now, reason) = (to, Some(Moved::Wait(why))),
            Verdict::Hold { until: Some(to), why: Some(why) } => (now, reason) = (to, Some(Moved::Wait(why))),
            Verdict::Fire { until: end } => {
                until = end;
                break;
            }
            Verdict::Expire(end) | Verdict::Skip(end) => {
                reason = Some(Moved::Expired(end));
                break;
            }
            Verdict::Hold { .. } | Verdict::Shift { .. } | Verdict::End { .. } => break,
        }
    }
    PlanRow {
        step: planned.id.clone(),
        occurrence: planned.occurrence,
        day: planned.day,
        due_at: now,
        until,
        moved_from: (now != planned.planned_at).then_some(planned.planned_at),
        reason,
        class,
        via: step.via,
    }
}

/// Counts the rows above against the caps of whom the playbook speaks to.
fn allowance(
    course: &Course<'_>,
    step: &Step,
    caps: &[Cap],
    now: Timestamp,
    touched: &[Timestamp],
) -> Allowance {
    let scope = match (course.playbook.target, step.via) {
        (super::format::TargetKind::Account, _) => CapScope::Account,
        (_, Via::Group) => CapScope::Group,
        _ => CapScope::Member,
    };
    let caps = caps
        .iter()
        .filter(|cap| cap.scope.of == scope || matches!(cap.scope.of, CapScope::Store | CapScope::Playbook));
    allow(caps, course.playbook.class_of(step), now, course.zone, |_, (from, to)| Count {
        used: u32::try_from(touched.iter().filter(|at| from <= **at && **at < to).count())
            .unwrap_or(u32::MAX),
        last_at: touched.iter().copied().filter(|at| *at <= now).max(),
    })
}

/// The key of an enrolment's step for a target: what lets it fire once.
pub fn occurrence_key(
    course: &Course<'_>,
    planned: &Planned,
    target: Target,
    run: bool,
) -> crate::book::TaskKey {
    crate::book::TaskKey {
        playbook: course.playbook.id.clone(),
        step: planned.id.clone(),
        target,
        occurrence: planned.occurrence,
        ordinal: planned.ordinal,
        run,
    }
}

#[cfg(test)]
mod year;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{QuietHours, Span};
    use crate::sop::schedule::beginning;
    use crate::sop::schedule::tests::{at, course, playbook};

    /// Compares `step due [<- planned why]` of all rows.
    fn check(steps: &str, anchor: &str, rules: &PlanRules<'_>, expected: &[&str]) {
        let playbook = playbook("added", "", steps);
        let zone = chrono_tz::Asia::Shanghai;
        let anchor =
            crate::sop::calendar::instant_anchor("1".to_owned(), at(anchor), zone, playbook.day_ends);
        let limits = Limits { from: Timestamp(0), until: None, rows: 10 };
        let shown = |at: Timestamp| at.local(zone).format("%d %H:%M").to_string();
        let found: Vec<String> = plan(&course(&playbook, &anchor), &beginning(), rules, limits)
            .iter()
            .map(|row| {
                let moved = row.moved_from.map_or(String::new(), |from| format!(" <- {}", shown(from)));
                let why = match &row.reason {
                    None => "",
                    Some(Moved::Anchor) => " anchor",
                    Some(Moved::Wait(WaitReason::Cap { words })) => &format!(" {words}"),
                    Some(Moved::Wait(_)) => " quiet",
                    Some(Moved::Expired(_)) => " expired",
                };
                format!("{} {}{moved}{why}", row.step, shown(row.due_at))
            })
            .collect();
        assert_eq!(found, expected);
    }

    fn step(id: &str, at: &str, more: &str) -> String {
        format!("[[step]]\nid = \"{id}\"\nat = \"{at}\"\nvia = \"private\"\ntext = \"好\"\n{more}\n")
    }

    #[test]
    fn a_plan_shows_days_moves_and_caps() {
        let steps = step("a", "D0 08:00", "")
            + &step("b", "D0 22:30", "")
            + &step("c", "D1 10:00", "")
            + &step("d", "D1 23:00", "until = \"D1 23:30\"");
        check(
            &steps,
            "2026-11-22T09:00",
            &PlanRules::default(),
            &["a 22 09:00 <- 22 08:00 anchor", "b 22 22:30", "c 23 10:00", "d 23 23:00"],
        );
        let night = [QuietHours { from: 22 * 60, to: 8 * 60, days: 0 }];
        let calendar = &crate::queue::quiet::NoCalendar;
        let quiet = [Quiet { zone: chrono_tz::Asia::Shanghai, hours: &night, calendar }];
        let once_a_day = Cap {
            scope: crate::book::RuleScope::each(CapScope::Member),
            except: String::new(),
            class: Vec::new(),
            n: 1,
            per: Span::Day,
            gap: 0,
            source: String::new(),
            date: String::new(),
        };
        let rules = PlanRules { quiet: &quiet, caps: std::slice::from_ref(&once_a_day) };
        check(
            &steps,
            "2026-11-22T09:00",
            &rules,
            &[
                "a 22 09:00 <- 22 08:00 anchor",
                "b 23 08:00 <- 22 22:30 quiet",
                "c 24 08:00 <- 23 10:00 quiet",
                "d 25 08:00 <- 23 23:00 quiet",
            ],
        );
    }

    #[test]
    fn a_plan_keeps_to_its_limits() {
        let daily = playbook("every = \"daily\"", "", &step("a", "D0 09:00", ""));
        let zone = chrono_tz::Asia::Shanghai;
        let anchor = crate::sop::calendar::instant_anchor(
            "1".to_owned(),
            at("2026-11-22T00:00"),
            zone,
            daily.day_ends,
        );
        let rows = |from: &str, until: Option<&str>, rows| {
            let limits = Limits { from: at(from), until: until.map(at), rows };
            plan(&course(&daily, &anchor), &beginning(), &PlanRules::default(), limits).len()
        };
        assert_eq!(rows("2026-11-22T00:00", None, 7), 7);
        assert_eq!(rows("2026-11-24T00:00", Some("2026-11-26T12:00"), 100), 3);
    }
}
