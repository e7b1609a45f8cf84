//! The dates of a playbook for `sop plan`: of somebody as they stand in it, of somebody who would enter, of nobody in
//! particular; judged by the same caps and quiet hours that a tick goes by, beside what else the same target is owed.
//!
//! One file because what is planned, what is known of it and what is said of it belong to one answer.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;

use super::coming::{bar_words, exceptions_said, lost_words, moved_reason, turn_words};
use super::lost::lost_turns;
use super::reasons::held_words;
use super::task_line::clean;
use super::words::ViewWords;
use crate::book::id::Id;
use crate::book::{
    AccountId, Anchor, Cap, Channel, EndReason, Enrolment, EnrolmentId, Health, MemberId, Progress,
    QuietHours, Target, Timestamp, WaitReason,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::follow::marketing_off;
use crate::desk::tick::limits::Whom;
use crate::desk::words::Words;
use crate::door::reply::PlanLine;
use crate::door::request::PlanAsk;
use crate::door::{Refusal, RefusalKind};
use crate::queue::caps::Count;
use crate::queue::quiet::{Quiet, quiets};
use crate::sop::format::{Playbook, Step, TargetKind};
use crate::sop::plan::anybody::{OfAnybody, rules_of_anybody};
use crate::sop::plan::{
    Bar, Facts, Fresh, Limits, Moved, PlanRow, Planning, ROWS_MAX, Reach, StepRules, Way,
};
use crate::sop::schedule::{Course, Planned, beginning};
use crate::text::lang::Lang;

mod beside;
mod edited;
mod own;
mod rounds;

pub(super) use beside::Plan;
use beside::Shared;

/// One round of a playbook, and where it stands.
#[derive(Clone)]
struct Round {
    playbook: Arc<Playbook>,
    /// None where nobody is named.
    enrolment: Option<Enrolment>,
    zone: Tz,
    anchor: Anchor,
    progress: Progress,
    looks_at: Option<Timestamp>,
    waiting: Option<WaitReason>,
    /// When its campaign is over, and that in words.
    ends: Option<(Timestamp, String)>,
    /// Why the target does not come into it.
    barred: Option<Bar>,
    /// Its rows are asked for.
    shown: bool,
    /// Of what a group or an account owes each of its people, the steps that mean the one planned for; of all others
    /// nothing is said to them.
    means: Option<(MemberId, Vec<u16>)>,
}

impl Round {
    /// Whether somebody is in it already.
    fn is_in(&self) -> bool {
        self.enrolment.as_ref().is_some_and(|enrolment| enrolment.id != nobody())
    }
}

/// What one step is held by, owned.
struct Held {
    hours: Vec<(Tz, Vec<QuietHours>)>,
    caps: Vec<Cap>,
    reach: Reach,
    passes_by: bool,
    /// Within which span no wording is said twice, and when each was said last.
    fresh: Option<(Duration, Vec<Option<Timestamp>>)>,
}

/// How many days ahead is looked at who is let in from a line.
pub(super) const LINE_DAYS: i32 = 3_660;

/// Who is planned for: the rounds that they are in, the one that they would begin.
struct Planner<'a> {
    ask: &'a PlanAsk,
    playbook: Arc<Playbook>,
    would_be: Option<Enrolment>,
    zone: Tz,
    from: Timestamp,
    now: Timestamp,
    lang: Lang,
    /// Rows of open tasks that will have been cancelled.
    gone: &'a BTreeSet<u32>,
}

impl Planner<'_> {
    fn begins(&self, anchor: Anchor) -> Round {
        Round {
            playbook: Arc::clone(&self.playbook),
            enrolment: self.would_be.clone(),
            zone: self.zone,
            anchor,
            progress: beginning(),
            looks_at: None,
            waiting: None,
            ends: None,
            barred: None,
            shown: true,
            means: None,
        }
    }
}

/// What is planned, and what is to be said of it.
#[derive(Default)]
struct Asked {
    rounds: Vec<Round>,
    said: Vec<String>,
    /// What is due already and not sent.
    open: Vec<PlanLine>,
}

impl Desk {
    /// The dates of a playbook, for a target as it stands or from an anchor given; with the store's quiet hours and
    /// caps and whatever else is known to hold it, or bare.
    fn plan(
        &self,
        ask: &PlanAsk,
        now: Timestamp,
        lang: Lang,
    ) -> Result<(Vec<PlanLine>, Vec<Shared>), DeskError> {
        let columns = &self.store.columns;
        let id = &ask.playbook;
        let missing = || super::not_found(ViewWords::NoSuch.text(lang), clean(&id.0));
        let playbook = match &ask.file {
            // the process that read the file has told its mistakes
            Some(toml) => {
                let parsed = crate::sop::parse(toml, &id.0, &crate::sop::filters::check_filter);
                Arc::new(parsed.playbook.ok_or_else(missing)?)
            }
            None => self.playbooks.current(id, columns).ok_or_else(missing)?,
        };
        if let Some(target) = ask.target {
            plans_for(&playbook, target, lang)?;
        }
        let mut running = ask.target.map(|target| self.running(target)).transpose()?.unwrap_or_default();
        running.sort_by_key(|enrolment| columns.enrolments.row(enrolment.id));
        let (own, others): (Vec<Enrolment>, Vec<Enrolment>) =
            running.into_iter().partition(|enrolment| enrolment.playbook == *id);
        // what is asked for as a file or from an anchor is a round of its own
        let own = if ask.anchor.is_none() && ask.file.is_none() { own } else { Vec::new() };
        let would_be = ask.target.map(|target| self.would_be(&playbook, target, now));
        let zone = match own.first().or(would_be.as_ref()) {
            Some(enrolment) => columns.zone_of(enrolment),
            None => playbook.tz.unwrap_or(columns.store.zone),
        };
        let earliest = playbook.steps.iter().map(|step| step.at.days.first()).min().unwrap_or(0).min(0);
        let begun = ask.anchor.map(|at| crate::sop::calendar::shift_days(at, earliest, zone));
        let from = ask.from.unwrap_or_else(|| begun.map_or(now, |at| at.min(now)));
        let gone = &BTreeSet::new();
        let planner = Planner { ask, playbook, would_be, zone, from, now, lang, gone };
        let Asked { rounds: shown, said: mut told, open } = self.rounds_asked_for(&planner, &own)?;
        let mut rounds =
            if ask.bare { Vec::new() } else { self.rounds_beside(ask.target, &others, now, lang)? };
        rounds.extend(shown);
        rounds.sort_by_key(|round| {
            let row = round.enrolment.as_ref().and_then(|of| columns.enrolments.row(of.id));
            (row.is_none(), row)
        });
        let limits = Limits {
            from,
            until: Some(ask.until),
            rows: usize::try_from(ask.rows).unwrap_or(ROWS_MAX).min(ROWS_MAX + 1),
        };
        let rows = self.planned(&planner, &rounds, limits)?;
        let nobody = ask.target.is_none() && !ask.bare;
        let let_off = nobody.then(|| exceptions_said(&columns.rules, &planner.playbook, &rows, lang));
        let step_of = |row: &PlanRow| {
            let (_, step) = rounds.get(row.of)?.playbook.step_by_id(&row.step)?;
            Some(step)
        };
        let lost = lost_turns(&rows, step_of, |row, step, at| {
            let enrolment = rounds.get(row.of).and_then(|round| round.enrolment.as_ref());
            row.held.is_some() && enrolment.is_some_and(|of| self.account_hold(of, step, at).is_some())
        });
        let said: Vec<Vec<String>> = rows
            .iter()
            .zip(&lost)
            .map(|(row, lost)| {
                let Some(round) = rounds.get(row.of).filter(|_| !ask.bare) else { return Vec::new() };
                let lost = lost.as_ref().map(|with| lost_words(&round.playbook, with, lang));
                let ends = row.reason.as_ref().is_some_and(|why| why.is_never() || why.ends_unsaid());
                let turn = step_of(row).filter(|_| !ends).and_then(|step| turn_words(step, lang));
                lost.into_iter().chain(turn).collect()
            })
            .collect();
        let line = |(row, said): (PlanRow, Vec<String>)| {
            let held = row.held.as_deref().map(|held| held_words(held, lang));
            let why = row.reason.as_ref().map(|moved| moved_reason(moved, lang));
            PlanLine {
                step: row.step,
                occurrence: row.occurrence,
                due_at: row.due_at,
                never: row.reason.as_ref().is_some_and(Moved::is_never),
                until: row.until,
                moved_from: row.moved_from,
                reason: why.into_iter().chain(held).chain(said).collect::<Vec<_>>().join("; "),
                class: row.class.word().to_owned(),
                via: row.via.word().to_owned(),
            }
        };
        let mut lines = open;
        let mut shared = Vec::new();
        for (row, line) in rows.iter().zip(lines.len()..limits.rows) {
            if let Some(round) = rounds.get(row.of).filter(|_| !ask.bare) {
                shared.extend(self.shared_by(round, row, line, now)?);
            }
        }
        lines.extend(rows.into_iter().zip(said).map(line));
        lines.truncate(limits.rows);
        if let Some(bar) = self.barred_from(&planner)? {
            let bar = bar_words(&bar, lang);
            for line in &mut lines {
                add(&mut line.reason, &bar);
            }
        }
        told.extend(let_off.flatten());
        match lines.first_mut() {
            // what is said of all of it is said once
            Some(line) => told.iter().for_each(|words| add(&mut line.reason, words)),
            None if told.iter().any(|words| !words.is_empty()) => {
                return Err(Refusal::new(RefusalKind::NotFound, told.join("; ")).into());
            }
            None => {}
        }
        Ok((lines, shared))
    }

    /// Why the target would not come into the playbook if it were anchored as is asked for. The dates are shown all the
    /// same.
    fn barred_from(&self, planner: &Planner<'_>) -> Result<Option<Bar>, DeskError> {
        let ask = planner.ask;
        let target = ask.target.filter(|_| ask.anchor.is_some());
        target.map_or(Ok(None), |target| self.barred(&planner.playbook, target, planner.now))
    }

    /// Plans every round by the rules that the desk would judge it by.
    fn planned(
        &self,
        planner: &Planner<'_>,
        rounds: &[Round],
        limits: Limits,
    ) -> Result<Vec<PlanRow>, DeskError> {
        let columns = &self.store.columns;
        let (calendar, now, bare) = (&*columns.holidays, planner.now, planner.ask.bare);
        let mut held: Vec<Vec<Held>> = Vec::new();
        for round in rounds {
            let steps = round.playbook.steps.iter().zip(0_u16..);
            let steps = steps.map(|(step, at)| self.held_by(round, step, at, now, bare));
            held.push(steps.collect::<Result<_, _>>()?);
        }
        let quiet: Vec<Vec<Vec<Quiet<'_>>>> = held
            .iter()
            .map(|steps| steps.iter().map(|held| quiets(&held.hours, calendar)).collect())
            .collect();
        let rules: Vec<Vec<StepRules<'_>>> = held
            .iter()
            .zip(&quiet)
            .map(|(held, quiet)| {
                let both = held.iter().zip(quiet);
                both.map(|(held, quiet)| {
                    let Held { caps, reach, passes_by, fresh, .. } = held;
                    let fresh = fresh.as_ref().map(|(span, had)| Fresh { span: *span, had });
                    StepRules { quiet, caps, reach: *reach, passes_by: *passes_by, fresh }
                })
                .collect()
            })
            .collect();
        // what was sent and lies open counts now; of spans to come nothing is known but the plan
        let counted = |cap: &Cap, reach: &Reach, window: (Timestamp, Timestamp)| match reach.of(cap.scope.of)
        {
            Some(target) if window.0 <= now => {
                self.count_without(cap, target, window, planner.gone).unwrap_or_default()
            }
            // of what was sent a distance is kept in spans to come as well
            Some(target) => self.sent_within(cap, target, window).unwrap_or_default(),
            _ => Count::default(),
        };
        let known = |at: usize, step: &Step, planned: &Planned, when: Timestamp| match rounds.get(at) {
            Some(round) if bare => {
                let Facts { stopped, unmet, .. } = self.facts_of(planner, round, step, planned, when);
                Facts { stopped, unmet, ..Facts::default() }
            }
            Some(round) => self.facts_of(planner, round, step, planned, when),
            None => Facts::default(),
        };
        let mut planning = Planning::new(&counted, &known, limits);
        for (round, rules) in rounds.iter().zip(&rules) {
            let (playbook, anchor, zone) = (&*round.playbook, &round.anchor, round.zone);
            let course = Course { playbook, anchor, zone, holidays: &columns.holidays };
            planning.follow(Way {
                looks_at: round.looks_at,
                waiting: round.waiting.clone(),
                ends: round.ends.as_ref().map(|(at, words)| (*at, words.as_str())),
                stuck: round.barred.clone().map(Moved::Barred),
                shown: round.shown,
                ..Way::new(course, round.progress.clone(), rules)
            });
        }
        Ok(planning.done())
    }

    /// The rules of a step of a round.
    fn held_by(
        &self,
        round: &Round,
        step: &Step,
        at: u16,
        now: Timestamp,
        bare: bool,
    ) -> Result<Held, DeskError> {
        let Some(enrolment) = &round.enrolment else {
            let OfAnybody { hours, caps, reach } =
                rules_of_anybody(&self.store.columns.rules, &round.playbook, step);
            let (hours, caps) = if bare { (Vec::new(), Vec::new()) } else { (hours, caps) };
            return Ok(Held { hours: vec![(round.zone, hours)], caps, reach, passes_by: false, fresh: None });
        };
        if let Some((member, means)) = &round.means {
            let target = Target::Member(*member);
            let account = self.account_for_target(enrolment, step, target);
            let playbook = round.playbook.id.clone();
            let whom = Whom { member: Some(*member), group: None, account, playbook, target, each: false };
            let (hours, caps) = (self.quiet_about(&whom, round.zone, now)?, self.caps_about(&whom, now)?);
            let reach = Reach { member: Some(*member), group: None, account };
            return Ok(Held { hours, caps, reach, passes_by: !means.contains(&at), fresh: None });
        }
        let touched = self.touched(enrolment, step);
        let (hours, caps) = if bare {
            (Vec::new(), Vec::new())
        } else {
            let protected = self.protected(enrolment, step);
            (self.quiet_about(&protected, round.zone, now)?, self.caps_about(&touched, now)?)
        };
        let Whom { member, group, account, .. } = touched;
        let fresh = if bare { None } else { self.had(enrolment, &round.playbook, step, now)? };
        Ok(Held { hours, caps, reach: Reach { member, group, account }, passes_by: false, fresh })
    }

    /// Within which span no wording of a step is said twice to its target, and when each was said last within it.
    #[expect(clippy::type_complexity, reason = "one value of the rules of a step, said once")]
    fn had(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        now: Timestamp,
    ) -> Result<Option<(Duration, Vec<Option<Timestamp>>)>, DeskError> {
        let Some(span) = playbook.fresh_of(step).map(crate::sop::grammar::Length::duration) else {
            return Ok(None);
        };
        // what is overdue is judged by when it was due
        let judged_at = enrolment.status.next_at.map_or(now, |at| at.min(now));
        let since = judged_at.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX));
        let mut had = vec![None; step.wordings().len().max(1)];
        let target = self.touch_target(enrolment, playbook, step);
        for (variant, at) in self.wordings_had(playbook, step, target, Timestamp(since))? {
            if let Some(last) = had.get_mut(usize::from(variant)) {
                *last = (*last).max(Some(at));
            }
        }
        Ok(Some((span, had)))
    }

    /// What is known to stand in the way of a step at an instant.
    fn facts_of(
        &self,
        planner: &Planner<'_>,
        round: &Round,
        step: &Step,
        planned: &Planned,
        at: Timestamp,
    ) -> Facts {
        let columns = &self.store.columns;
        let is_applied = !round.shown || planner.ask.file.is_none();
        let off = (round.playbook.id.clone(), planned.occurrence);
        let day_off = is_applied && columns.days_off.contains(&off);
        let Some(enrolment) = &round.enrolment else { return Facts { day_off, ..Facts::default() } };
        let (playbook, target) = (&*round.playbook, enrolment.target);
        let class = playbook.class_of(step);
        // who is planned from an anchor that was given is taken to be let in
        let is_assumed = round.shown && planner.ask.anchor.is_some();
        let rests = self.step_rests_until(playbook, step, target, at, true).ok().flatten();
        let is_off = self.is_marketing_off(playbook.class, target);
        let stopped =
            if is_off { Some(marketing_off()) } else { self.fulfilled(playbook, target, at).ok().flatten() };
        let answered = |key: &str| self.is_answered_so_far(enrolment, playbook, planned.run, key);
        let unmet_at = |at: Timestamp| {
            if is_assumed {
                self.unmet_if(enrolment, playbook, step, at, &answered)
            } else {
                self.unmet(enrolment, playbook, step, at, &answered)
            }
        };
        let mut unmet = unmet_at(at);
        if matches!(unmet, Ok(None)) && at > planned.due_at && round.waiting.is_none() {
            // it is judged by the day on which it was due as well
            let due_at = planned.due_at.max(self.falls_due_from(enrolment, playbook)).min(at);
            unmet = unmet_at(due_at);
        }
        Facts {
            paused: self.paused_for(enrolment, step, at).filter(|_| is_applied),
            day_off,
            unwanted: self.is_marketing_off(class, target).then(|| marketing_off().word()),
            rests: rests.filter(|_| !is_assumed).map(|until| until.day(round.zone)),
            stopped: stopped.filter(|_| !(is_off && is_assumed)).map(|rule| rule.word()),
            unmet: unmet.ok().flatten(),
            held: self.account_hold(enrolment, step, at).map(str::to_owned),
            held_to_its_end: self.is_over_by(planner, round, step, planned).filter(|_| !is_assumed),
        }
    }

    /// What held a step to its end that is over by now, as the tick will find it.
    fn is_over_by(
        &self,
        planner: &Planner<'_>,
        round: &Round,
        step: &Step,
        planned: &Planned,
    ) -> Option<EndReason> {
        planned.until.filter(|until| *until <= planner.now)?;
        let (playbook, mut enrolment) = (&*round.playbook, round.enrolment.clone()?);
        let holidays = &self.store.columns.holidays;
        let course = Course { playbook, anchor: &round.anchor, zone: round.zone, holidays };
        // what is said of the first is said of no other
        let first = course.next(&round.progress);
        if first.is_none_or(|first| (first.step, first.planned_at) != (planned.step, planned.planned_at)) {
            enrolment.status.waiting = None;
        }
        self.held_to_its_end(&enrolment, playbook, step, planned, planner.now).ok().flatten()
    }

    /// Until when an account is limited, where that is known.
    pub(in crate::desk) fn limited_until(&self, account: AccountId) -> Option<Timestamp> {
        match self.store.columns.accounts.by_id(account)?.body.health {
            Health::Limited { until, .. } => until,
            _ => None,
        }
    }

    /// What the account that a step is sent from holds it by at an instant; none where it takes it.
    pub(in crate::desk) fn account_hold(
        &self,
        enrolment: &Enrolment,
        step: &Step,
        at: Timestamp,
    ) -> Option<&'static str> {
        let id = self.account_for_target(enrolment, step, enrolment.target);
        let account = self.store.columns.accounts.by_id(id?)?;
        let over = matches!(&account.body.health, Health::Limited { until: Some(until), .. } if *until <= at);
        let holds =
            account.body.archived || (!over && account.body.health.holds_by(Channel::by(step.via, false)));
        holds.then(|| self.account_holds_by(id))
    }
}

/// Refuses somebody whom a playbook is not made for.
fn plans_for(playbook: &Playbook, target: Target, lang: Lang) -> Result<(), DeskError> {
    let title = clean(&playbook.title);
    let (words, hint) = match (playbook.target, target) {
        (TargetKind::Member, Target::Member(_))
        | (TargetKind::Group, Target::Group(_))
        | (TargetKind::Account, Target::Account(_)) => return Ok(()),
        (TargetKind::Member, _) => {
            (ViewWords::PlannedForMembers.fill(lang, &[("title", &title)]), "--member")
        }
        (TargetKind::Group, _) => (ViewWords::PlannedForGroups.fill(lang, &[("title", &title)]), "--group"),
        (TargetKind::Account, _) => (Words::ForAccounts.fill(lang, &[("title", &title)]), "--anchor"),
    };
    Err(Refusal::new(RefusalKind::Invalid, words).hint(hint).into())
}

/// The id of an enrolment that is none.
fn nobody() -> EnrolmentId {
    Id::from_bits(0)
}

/// Says one more thing of a row.
fn add(reason: &mut String, words: &str) {
    if !reason.is_empty() && !words.is_empty() {
        reason.push_str("; ");
    }
    reason.push_str(words);
}
