//! The dates of a playbook before anyone is enrolled, as `sop plan` prints them.
//!
//! Conditions, audiences and stop rules depend on what will happen, so a plan takes them as holding and shows all
//! that could come: days, moves out of quiet hours, and what the caps would hold back if nothing else were sent.
//! What it counts from where nobody says when is found by [`anchors`].
//!
//! One file because a row, its limits and its words are one format; a quarter of it are tests.

pub mod anchors;

use chrono::NaiveDate;

use super::format::{Step, TargetKind};
use super::judge::{Context, Verdict, judge};
use super::schedule::{Course, Planned};
use crate::book::id::Id;
use crate::book::{
    AccountId, Cap, CapScope, Class, EndReason, GroupId, MemberId, Progress, Target, Timestamp, Via,
    WaitReason,
};
use crate::queue::caps::{Allowance, Count, allow, applies};
use crate::queue::quiet::{Quiet, never_opens};

/// Rounds of move and hold after which a row is shown where it is: full caps can push it on for ever.
const ROUNDS_MAX: usize = 64;

/// The most rows of one plan; who asks for more is told.
pub const ROWS_MAX: usize = 10_000;

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

/// Whom a step speaks to and from which account: what tells which touches count against which cap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    pub member: Option<MemberId>,
    pub group: Option<GroupId>,
    pub account: Option<AccountId>,
}

impl Reach {
    /// The one of a kind; none for what counts over all.
    pub fn of(&self, scope: CapScope) -> Option<Target> {
        match scope {
            CapScope::Member => self.member.map(Target::Member),
            CapScope::Group => self.group.map(Target::Group),
            CapScope::Account => self.account.map(Target::Account),
            CapScope::Store | CapScope::Playbook => None,
        }
    }

    /// Somebody nobody named, whom a step speaks to.
    fn of_anybody(target: TargetKind, via: Via) -> Self {
        let (member, group, account) = match (target, via) {
            (TargetKind::Account, _) => (None, None, Some(Id::from_bits(0))),
            (_, Via::Group) => (None, Some(Id::from_bits(0)), None),
            _ => (Some(Id::from_bits(0)), None, None),
        };
        Self { member, group, account }
    }
}

/// The rules that one step is planned with.
#[derive(Clone, Copy, Debug, Default)]
pub struct StepRules<'a> {
    pub quiet: &'a [Quiet<'a>],
    pub caps: &'a [Cap],
    pub reach: Reach,
}

/// What counts against a cap besides what is planned, for whom it counts, within its window.
pub type Counted<'a> = &'a dyn Fn(&Cap, &Reach, (Timestamp, Timestamp)) -> Count;

/// Why a row is not due when the playbook says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The anchor came later than that wall time on its day.
    Anchor,
    Wait(WaitReason),
    /// It would never become due: born expired.
    Expired(EndReason),
    /// Quiet hours leave no time for it, now or later.
    Never,
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

/// A message of the plan.
#[derive(Clone, Copy, Debug)]
struct Touched {
    at: Timestamp,
    class: Class,
    reach: Reach,
}

/// A plan being made: several courses of one target follow one another and share its caps.
pub struct Planning<'a> {
    /// By position of the step.
    rules: &'a [StepRules<'a>],
    counted: Counted<'a>,
    limits: Limits,
    /// In order of time.
    touched: Vec<Touched>,
    rows: Vec<PlanRow>,
}

/// Plans a course from its beginning (or from `progress`), each step judged as if the desk woke on time. A step is not
/// looked at before the one ahead of it was offered or ended, as in an enrolment: what a cap holds back holds the rest.
pub fn plan(course: &Course<'_>, progress: &Progress, rules: &PlanRules<'_>, limits: Limits) -> Vec<PlanRow> {
    let target = course.playbook.target;
    let of = |step: &Step| StepRules {
        quiet: rules.quiet,
        caps: rules.caps,
        reach: Reach::of_anybody(target, step.via),
    };
    let rules: Vec<StepRules<'_>> = course.playbook.steps.iter().map(of).collect();
    let mut planning = Planning::new(&rules, &|_, _, _| Count::default(), limits);
    planning.follow(course, progress, None);
    planning.done()
}

impl<'a> Planning<'a> {
    pub fn new(rules: &'a [StepRules<'a>], counted: Counted<'a>, limits: Limits) -> Self {
        Self { rules, counted, limits, touched: Vec::new(), rows: Vec::new() }
    }

    /// The rows in order of time, as many as were asked for.
    pub fn done(mut self) -> Vec<PlanRow> {
        self.rows.sort_by_key(|row| row.due_at);
        self.rows.truncate(self.limits.rows);
        self.rows
    }

    /// Plans one more course. `not_before` is the next instant that it stands at already, and why.
    pub fn follow(
        &mut self,
        course: &Course<'_>,
        progress: &Progress,
        not_before: Option<(Timestamp, Option<Moved>)>,
    ) {
        let mut progress = progress.clone();
        let mut before = not_before;
        let mut rows = 0;
        while rows < self.limits.rows {
            let Some(planned) = course.next(&progress) else { break };
            if self.limits.until.is_some_and(|until| planned.due_at > until) {
                break;
            }
            progress = course.pass(&progress, &planned);
            let Some(step) = course.playbook.step(planned.step) else { break };
            let rules = self.rules.get(usize::from(planned.step)).copied().unwrap_or_default();
            let row = self.row(course, step, &planned, &rules, before);
            let why = row.reason.clone().filter(|why| !matches!(why, Moved::Expired(_)));
            before = Some((row.due_at, why));
            let never = row.reason == Some(Moved::Never);
            if !never && !matches!(row.reason, Some(Moved::Expired(_))) && row.via != Via::Internal {
                let touched = Touched { at: row.due_at, class: row.class, reach: rules.reach };
                let place = self.touched.partition_point(|known| known.at <= touched.at);
                self.touched.insert(place, touched);
            }
            if row.due_at >= self.limits.from {
                self.rows.push(row);
                rows += 1;
            }
            if never {
                // the rest waits behind it
                break;
            }
        }
    }

    fn row(
        &self,
        course: &Course<'_>,
        step: &Step,
        planned: &Planned,
        rules: &StepRules<'_>,
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
            let allowance = self.allowance(course, step, rules, now);
            let context = Context { quiet: rules.quiet, allowance, ..Context::default() };
            match judge(course, step, planned, now, &context) {
                Verdict::Move { .. } if never_opens(now, rules.quiet) => {
                    reason = Some(Moved::Never);
                    break;
                }
                Verdict::Move { to, why } => (now, reason) = (to, Some(Moved::Wait(why))),
                Verdict::Hold { until: Some(to), why: Some(why) } => {
                    (now, reason) = (to, Some(Moved::Wait(why)));
                }
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

    /// Counts what is planned already, and what was sent, against the caps of whom the step speaks to.
    fn allowance(
        &self,
        course: &Course<'_>,
        step: &Step,
        rules: &StepRules<'_>,
        now: Timestamp,
    ) -> Allowance {
        let counts_over_all = |cap: &Cap| matches!(cap.scope.of, CapScope::Store | CapScope::Playbook);
        let caps =
            rules.caps.iter().filter(|cap| counts_over_all(cap) || rules.reach.of(cap.scope.of).is_some());
        let up_to = |at: Timestamp| self.touched.partition_point(|touched| touched.at < at);
        allow(caps, course.playbook.class_of(step), now, course.zone, |cap, (from, to)| {
            let counts = |touched: &&Touched| {
                let of = cap.scope.of;
                applies(cap, touched.class)
                    && (counts_over_all(cap) || touched.reach.of(of) == rules.reach.of(of))
            };
            let within = self.touched.get(up_to(from)..up_to(to)).unwrap_or_default();
            let used = within.iter().filter(counts).count();
            let so_far = self.touched.get(..up_to(Timestamp(now.0.saturating_add(1)))).unwrap_or_default();
            let last_at = so_far.iter().rev().find(counts).map(|touched| touched.at);
            let sent = (self.counted)(cap, &rules.reach, (from, to));
            Count {
                used: sent.used.saturating_add(u32::try_from(used).unwrap_or(u32::MAX)),
                last_at: last_at.max(sent.last_at),
            }
        })
    }
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
                    Some(Moved::Never) => " never",
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
    fn what_quiet_hours_leave_no_time_for_never_comes() {
        let hours = [(8, 20), (20, 8)].map(|(from, to)| QuietHours { from: from * 60, to: to * 60, days: 0 });
        let calendar = &crate::queue::quiet::NoCalendar;
        let quiet = [Quiet { zone: chrono_tz::Asia::Shanghai, hours: &hours, calendar }];
        let rules = PlanRules { quiet: &quiet, caps: &[] };
        let steps = step("a", "D0 10:00", "") + &step("b", "D1 10:00", "");
        check(&steps, "2026-11-22T09:00", &rules, &["a 22 10:00 never"]);
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
