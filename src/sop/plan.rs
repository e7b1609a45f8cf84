//! The dates of a playbook before they come, as `sop plan` prints them.
//!
//! Of nobody in particular conditions, audiences and stop rules are taken as holding, so that all is shown that could
//! come: days, moves out of quiet hours, what the caps hold back. Of somebody they are judged at each step's time, as if
//! nothing else happened until then; and what is known to stand in the way is said: pauses, days called off, rests, the
//! end of a campaign. What is offered is taken to be sent at once, and nothing else to be sent.
//!
//! [`walk`] goes through it as the desk will, [`anchors`] finds what it counts from where nobody says when, and
//! [`anybody`] which rules hold for whoever it is.

pub mod anchors;
pub mod anybody;
mod walk;

use std::time::Duration;

use chrono::NaiveDate;

use super::format::{Step, TargetKind};
use super::judge::Unmet;
use super::schedule::{Course, Planned};
use crate::book::id::Id;
use crate::book::{
    AccountId, Cap, CapScope, Class, EndReason, GroupId, MemberId, Progress, Target, Timestamp, Via,
    WaitReason,
};
use crate::queue::caps::Count;
use crate::queue::quiet::Quiet;
pub use walk::{Planning, Way};

/// How many later steps are looked at while one waits.
pub const LOOKS_AHEAD: usize = 16;

/// How many may be passed while one waits, two months of a step a day: what waits longer holds the rest as well.
pub const AHEAD_MAX: usize = 62;

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
    /// It is said to others: it takes no room, and nobody waits for it.
    pub passes_by: bool,
    /// Which of its wordings may be said again.
    pub fresh: Option<Fresh<'a>>,
}

/// A span within which no wording is said twice to a target, and when each was said to it last.
#[derive(Clone, Copy, Debug)]
pub struct Fresh<'a> {
    pub span: Duration,
    pub had: &'a [Option<Timestamp>],
}

/// What counts against a cap besides what is planned, for whom it counts, within its window.
pub type Counted<'a> = &'a dyn Fn(&Cap, &Reach, (Timestamp, Timestamp)) -> Count;

/// What is known of a step of a way, by the way's position, at an instant.
pub type Known<'a> = &'a dyn Fn(usize, &Step, &Planned, Timestamp) -> Facts;

/// What stands in a step's way besides rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Something of it is paused: until when, or none for until told otherwise.
    pub paused: Option<Option<Timestamp>>,
    /// It was called off for the day.
    pub day_off: bool,
    /// The rule by which it is not to be said to the target.
    pub unwanted: Option<String>,
    /// The target is left in peace until that day.
    pub rests: Option<NaiveDate>,
    /// The stop rule that is fulfilled by then.
    pub stopped: Option<String>,
    /// What of its audience or its `if` does not hold then.
    pub unmet: Option<Unmet>,
    /// What holds the task once it is there.
    pub held: Option<String>,
    /// What held it to its end, where that is over by now.
    pub held_to_its_end: Option<EndReason>,
}

/// Nothing is known.
pub fn nothing_known(_: usize, _: &Step, _: &Planned, _: Timestamp) -> Facts {
    Facts::default()
}

/// Why a row is not due when the playbook says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The anchor came later than that wall time on its day.
    Anchor,
    /// It is owed already and comes at once.
    Overdue,
    /// A step before it was done so many days late.
    Shifted(u32),
    Wait(WaitReason),
    /// It would never become due: born expired, or skipped.
    Expired(EndReason),
    /// What the step asks of its target does not hold: skipped.
    Unmet(Unmet),
    /// Quiet hours leave no time for it, now or later.
    Never,
    /// It waits, and nothing says until when.
    Stays(WaitReason),
    /// A stop rule ends it before.
    Stopped(String),
    /// Its campaign is over by then: that in words.
    Over(String),
    /// The target does not come into the playbook.
    Barred(Bar),
}

impl Moved {
    /// Whether nothing of it is ever there, not even as expired or skipped.
    pub const fn is_never(&self) -> bool {
        matches!(self, Self::Never | Self::Stays(_) | Self::Stopped(_) | Self::Over(_) | Self::Barred(_))
    }

    /// Whether it ends unsaid at its time.
    pub const fn ends_unsaid(&self) -> bool {
        matches!(self, Self::Expired(_) | Self::Unmet(_))
    }
}

/// Why a target does not come into a playbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bar {
    /// Its audience, which does not match.
    Audience(String),
    /// It is marketing, and they asked for none.
    Unwanted,
    /// An earlier round came to nothing, and its rest is not over before that day.
    Rests(NaiveDate),
}

/// One line of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// Of which way, in the order in which they were given.
    pub of: usize,
    /// The step's id.
    pub step: String,
    pub occurrence: NaiveDate,
    /// Which of its day, where a step has several.
    pub ordinal: u16,
    /// N of DN.
    pub day: i32,
    pub due_at: Timestamp,
    pub until: Option<Timestamp>,
    /// What the playbook says, where it is due at another time.
    pub moved_from: Option<Timestamp>,
    pub reason: Option<Moved>,
    /// What will hold its task.
    pub held: Option<String>,
    pub class: Class,
    pub via: Via,
}

/// Plans a course from its beginning (or from `progress`), each step judged as if the desk woke on time.
pub fn plan(course: &Course<'_>, progress: &Progress, rules: &PlanRules<'_>, limits: Limits) -> Vec<PlanRow> {
    let target = course.playbook.target;
    let of = |step: &Step| StepRules {
        quiet: rules.quiet,
        caps: rules.caps,
        reach: Reach::of_anybody(target, step.via),
        passes_by: false,
        fresh: None,
    };
    let rules: Vec<StepRules<'_>> = course.playbook.steps.iter().map(of).collect();
    let mut planning = Planning::new(&|_, _, _| Count::default(), &nothing_known, limits);
    planning.follow(Way::new(*course, progress.clone(), &rules));
    planning.done()
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
                    Some(Moved::Overdue) => " overdue",
                    Some(Moved::Shifted(days)) => &format!(" shifted {days}"),
                    Some(Moved::Wait(WaitReason::Cap { words })) => &format!(" {words}"),
                    Some(Moved::Wait(_)) => " quiet",
                    Some(Moved::Expired(_)) => " expired",
                    Some(Moved::Never) => " never",
                    Some(_) => " stays",
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
                "d 23 23:00 expired",
                "c 24 08:00 <- 23 10:00 member day 1/1; quiet",
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
        check(&steps, "2026-11-22T09:00", &rules, &["a 22 10:00 <- 22 10:00 never"]);
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
