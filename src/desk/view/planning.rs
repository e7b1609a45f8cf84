//! The dates of a playbook for `sop plan`: of somebody as they stand in it, of somebody who would enter, of nobody in
//! particular; judged by the same caps and quiet hours that a tick goes by, beside what else the same target is owed.
//!
//! One file because what is planned, what is known of it and what is said of it belong to one answer.

use std::sync::Arc;

use chrono_tz::Tz;

use super::coming::{exceptions_said, moved_reason};
use super::lines::Lines;
use super::task_line::{clean, held_words};
use super::words::ViewWords;
use crate::book::id::Id;
use crate::book::{
    Anchor, Cap, Channel, Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus, GroupId, Health, MemberId,
    PlaybookId, Progress, QuietHours, Target, Timestamp, WaitReason,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::follow::{HELD_ACCOUNT, marketing_off};
use crate::desk::tick::limits::Whom;
use crate::desk::tick::silence::Quiet as Silence;
use crate::desk::words::Words;
use crate::door::reply::PlanLine;
use crate::door::request::PlanAsk;
use crate::door::{Refusal, RefusalKind};
use crate::queue::caps::Count;
use crate::queue::quiet::{Quiet, quiets};
use crate::sop::calendar::yearly::is_yearly;
use crate::sop::calendar::{instant_anchor, lost_days, plus_days};
use crate::sop::format::{Playbook, Step, TargetKind};
use crate::sop::plan::anchors::{Anchors, Window, anchors, first_look};
use crate::sop::plan::anybody::{OfAnybody, rules_of_anybody};
use crate::sop::plan::{Facts, Limits, Moved, PlanRow, Planning, ROWS_MAX, Reach, StepRules, Way};
use crate::sop::schedule::{Course, Planned, beginning};
use crate::store::columns::parse_zone;
use crate::store::keys;
use crate::text::lang::Lang;

mod own;

/// One round of a playbook, and where it stands.
struct Round {
    playbook: Arc<Playbook>,
    /// None where nobody is named.
    enrolment: Option<Enrolment>,
    zone: Tz,
    anchor: Anchor,
    progress: Progress,
    looks_at: Option<Timestamp>,
    waiting: Option<WaitReason>,
    /// Its rows are asked for.
    shown: bool,
    /// Of what a group or an account owes each of its people, the steps that mean the one planned for; of all others
    /// nothing is said to them.
    means: Option<(MemberId, Vec<u16>)>,
}

/// What one step is held by, owned.
struct Held {
    hours: Vec<(Tz, Vec<QuietHours>)>,
    caps: Vec<Cap>,
    reach: Reach,
    passes_by: bool,
}

/// How many days ahead is looked at who is let in from a line.
const LINE_DAYS: i32 = 3_660;

/// Who is planned for: the rounds that they are in, the one that they would begin.
struct Planner<'a> {
    ask: &'a PlanAsk,
    playbook: Arc<Playbook>,
    would_be: Option<Enrolment>,
    zone: Tz,
    from: Timestamp,
    now: Timestamp,
    lang: Lang,
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
            shown: true,
            means: None,
        }
    }
}

impl Desk {
    /// The dates of a playbook, for a target as it stands or from an anchor given; with the store's quiet hours and
    /// caps and whatever else is known to hold it, or bare.
    pub(super) fn plan(&self, ask: &PlanAsk, now: Timestamp, lang: Lang) -> Result<Vec<PlanLine>, DeskError> {
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
            Some(enrolment) => parse_zone(&enrolment.zone).unwrap_or(columns.store.zone),
            None => playbook.tz.unwrap_or(columns.store.zone),
        };
        let earliest = playbook.steps.iter().map(|step| step.at.days.first()).min().unwrap_or(0).min(0);
        let begun = ask.anchor.map(|at| crate::sop::calendar::shift_days(at, earliest, zone));
        let from = ask.from.unwrap_or_else(|| begun.map_or(now, |at| at.min(now)));
        let planner = Planner { ask, playbook, would_be, zone, from, now, lang };
        let (shown, said) = self.rounds_asked_for(&planner, &own)?;
        let mut rounds = if ask.bare { Vec::new() } else { self.rounds_beside(ask.target, &others, now)? };
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
        let line = |row: PlanRow| {
            let held = row.held.as_deref().map(|held| held_words(held, lang));
            let why = row.reason.as_ref().map(|moved| moved_reason(moved, lang));
            PlanLine {
                step: row.step,
                occurrence: row.occurrence,
                due_at: row.due_at,
                never: matches!(row.reason, Some(Moved::Never | Moved::Stays(_))),
                until: row.until,
                moved_from: row.moved_from,
                reason: why.into_iter().chain(held).collect::<Vec<_>>().join("; "),
                class: row.class.word().to_owned(),
                via: row.via.word().to_owned(),
            }
        };
        let mut lines: Vec<PlanLine> = rows.into_iter().map(line).collect();
        // what is said of all of it is said once
        if let Some(line) = lines.first_mut() {
            let own = std::mem::take(&mut line.reason);
            let said =
                std::iter::once(own).chain(said).chain(let_off.flatten()).filter(|words| !words.is_empty());
            line.reason = said.collect::<Vec<_>>().join("; ");
        }
        Ok(lines)
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
                    let Held { caps, reach, passes_by, .. } = held;
                    StepRules { quiet, caps, reach: *reach, passes_by: *passes_by }
                })
                .collect()
            })
            .collect();
        // what was sent and lies open counts now; of spans to come nothing is known but the plan
        let counted = |cap: &Cap, reach: &Reach, window: (Timestamp, Timestamp)| match reach.of(cap.scope.of)
        {
            Some(target) if window.0 <= now => self.count_for(cap, target, window).unwrap_or_default(),
            _ => Count::default(),
        };
        let known = |at: usize, step: &Step, planned: &Planned, when: Timestamp| match rounds.get(at) {
            Some(round) if !bare => self.facts_of(planner, round, step, planned, when),
            _ => Facts::default(),
        };
        let mut planning = Planning::new(&counted, &known, limits);
        for (round, rules) in rounds.iter().zip(&rules) {
            let (playbook, anchor, zone) = (&*round.playbook, &round.anchor, round.zone);
            let course = Course { playbook, anchor, zone, holidays: &columns.holidays };
            planning.follow(Way {
                looks_at: round.looks_at,
                waiting: round.waiting.clone(),
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
            return Ok(Held { hours: vec![(round.zone, hours)], caps, reach, passes_by: false });
        };
        if let Some((member, means)) = &round.means {
            let target = Target::Member(*member);
            let account = self.account_for_target(enrolment, step, target);
            let playbook = round.playbook.id.clone();
            let whom = Whom { member: Some(*member), group: None, account, playbook, target };
            let (hours, caps) = (self.quiet_about(&whom, round.zone, now)?, self.caps_about(&whom, now)?);
            let reach = Reach { member: Some(*member), group: None, account };
            return Ok(Held { hours, caps, reach, passes_by: !means.contains(&at) });
        }
        let touched = self.touched(enrolment, step);
        let (hours, caps) = if bare {
            (Vec::new(), Vec::new())
        } else {
            let protected = self.protected(enrolment, step);
            (self.quiet_about(&protected, round.zone, now)?, self.caps_about(&touched, now)?)
        };
        let Whom { member, group, account, .. } = touched;
        Ok(Held { hours, caps, reach: Reach { member, group, account }, passes_by: false })
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
        let (target, class) = (enrolment.target, round.playbook.class_of(step));
        let is_in = enrolment.id != nobody();
        let rests = self.step_rests_until(&round.playbook, step, target, at, is_in).ok().flatten();
        Facts {
            paused: self.paused_for(enrolment, step, at).filter(|_| is_applied),
            day_off,
            unwanted: self.is_marketing_off(class, target).then(|| marketing_off().word()),
            rests: rests.map(|until| until.day(round.zone)),
            ends: self.campaign_of(enrolment).map(|campaign| campaign.until),
            held: self.is_held_by_account(enrolment, step, at).then(|| HELD_ACCOUNT.to_owned()),
        }
    }

    /// Whether the account that a step is sent from does not take it at an instant.
    fn is_held_by_account(&self, enrolment: &Enrolment, step: &Step, at: Timestamp) -> bool {
        let account = self.account_for_target(enrolment, step, enrolment.target);
        let Some(account) = account.and_then(|id| self.store.columns.accounts.by_id(id)) else {
            return false;
        };
        let over = matches!(&account.body.health, Health::Limited { until: Some(until), .. } if *until <= at);
        account.body.archived || (!over && account.body.health.holds_by(Channel::by(step.via, false)))
    }

    /// What else a target is in: it takes room under the same caps, and what matters more goes first.
    fn rounds_beside(
        &self,
        target: Option<Target>,
        others: &[Enrolment],
        now: Timestamp,
    ) -> Result<Vec<Round>, DeskError> {
        let columns = &self.store.columns;
        let mut rounds = Vec::new();
        for enrolment in others {
            let paused = columns.playbook_position(&enrolment.playbook).is_some_and(|at| self.is_paused(at));
            if enrolment.status.state != EnrolmentState::Active || paused {
                continue;
            }
            rounds.extend(self.stands(enrolment, now)?.map(|(round, _)| Round { shown: false, ..round }));
        }
        let Some(Target::Member(member)) = target else { return Ok(rounds) };
        for within in self.circles_of(member) {
            for enrolment in self.running(within)? {
                let paused =
                    columns.playbook_position(&enrolment.playbook).is_some_and(|at| self.is_paused(at));
                if enrolment.status.state != EnrolmentState::Active || paused {
                    continue;
                }
                let Some((round, _)) = self.stands(&enrolment, now)? else { continue };
                let means = self.steps_that_mean(&round.playbook, &enrolment, within, member, now)?;
                if !means.is_empty() {
                    rounds.push(Round { shown: false, means: Some((member, means)), ..round });
                }
            }
        }
        Ok(rounds)
    }

    /// Where a round stands, on the version that it goes by, and what is to be said of it: what is overdue comes at
    /// once, what waits comes when it was told to. Of a step that moves what comes after it and is not done yet, it is
    /// taken that it is done now.
    fn stands(
        &self,
        enrolment: &Enrolment,
        now: Timestamp,
    ) -> Result<Option<(Round, Vec<String>)>, DeskError> {
        let columns = &self.store.columns;
        let Some(playbook) = self.playbooks.of(enrolment, columns) else { return Ok(None) };
        let status = &enrolment.status;
        let zone = parse_zone(&enrolment.zone).unwrap_or(columns.store.zone);
        let mut round = Round {
            playbook: Arc::clone(&playbook),
            enrolment: Some(enrolment.clone()),
            zone,
            anchor: status.anchor.clone(),
            progress: status.progress.clone(),
            looks_at: None,
            waiting: None,
            shown: true,
            means: None,
        };
        let late = self.late_and_open(enrolment, &playbook)?;
        for (_, fired_at) in &late {
            let days = lost_days(*fired_at, now, zone, playbook.day_ends);
            round.progress.shifted_days = round.progress.shifted_days.saturating_add(days);
        }
        let course = Course { playbook: &playbook, anchor: &round.anchor, zone, holidays: &columns.holidays };
        let due_at = course.next(&round.progress).map(|planned| planned.due_at);
        round.looks_at = due_at.map(|at| at.max(now));
        let waits = status.next_at.zip(status.waiting.clone()).filter(|_| late.is_empty());
        if let Some((at, why)) = waits {
            let rules = matches!(why, WaitReason::QuietHours | WaitReason::Cap { .. });
            (round.looks_at, round.waiting) = (Some(at.max(now)), Some(why).filter(|_| rules));
        }
        Ok(Some((round, late.into_iter().map(|(step, _)| step).collect())))
    }

    /// What is planned: the anchor given, the rounds that somebody is in, those that the calendar brings, or the one
    /// that would begin; and what is to be said of it.
    fn rounds_asked_for(
        &self,
        planner: &Planner<'_>,
        own: &[Enrolment],
    ) -> Result<(Vec<Round>, Vec<String>), DeskError> {
        let Planner { ask, playbook, zone, from, now, lang, .. } = planner;
        let (zone, now, lang) = (*zone, *now, *lang);
        let columns = &self.store.columns;
        if let Some(at) = ask.anchor {
            let anchor = instant_anchor(String::new(), at, zone, playbook.day_ends);
            return Ok((vec![planner.begins(anchor)], Vec::new()));
        }
        let member = match ask.target {
            Some(Target::Member(member)) => Some(member),
            _ => None,
        };
        let (mut rounds, mut said) = (Vec::new(), Vec::new());
        for enrolment in own {
            let comes = match enrolment.status.state {
                EnrolmentState::InLine => {
                    // of a playbook that is paused nobody is let in
                    let paused =
                        columns.playbook_position(&ask.playbook).is_some_and(|at| self.is_paused(at));
                    let comes = if paused { None } else { self.comes_up(enrolment, ask.until, now)? };
                    if comes.is_none() && !paused {
                        continue;
                    }
                    comes
                }
                _ => None,
            };
            let Some((round, late)) = self.stands(comes.as_ref().unwrap_or(enrolment), now)? else {
                continue;
            };
            said.extend(comes.map(|comes| {
                let day = comes.status.anchor.at.day(zone);
                ViewWords::InLineUntil.fill(lang, &[("day", &day)])
            }));
            let late = late.iter().map(|step| {
                ViewWords::WaitsForLate.fill(lang, &[("step", &super::coming::named(playbook, step, lang))])
            });
            said.extend(late);
            rounds.push(round);
        }
        said.extend(member.map(|member| self.runs_out_words(playbook, member, lang)).transpose()?.flatten());
        if !rounds.is_empty() && !is_yearly(&playbook.start) {
            return Ok((rounds, said));
        }
        let applied = columns.playbooks.get(&ask.playbook).filter(|_| ask.file.is_none());
        if let (Some(target), Some(_), false) = (ask.target, applied, is_yearly(&playbook.start)) {
            said.extend(self.no_longer_in(&ask.playbook, target, now, lang)?);
        }
        let today = now.day(zone);
        let mut since = applied.map_or(today, |column| column.activated_at.day(zone)).min(today);
        since = since.min(from.day(zone));
        let window = Window { now, from: *from, until: ask.until, since };
        if let Some(own) =
            member.map(|member| self.own_anchor(playbook, member, zone, lang)).transpose()?.flatten()
        {
            let waits = Silence::of(&playbook.start).is_none() || own.d0 >= today.min(from.day(zone));
            rounds.extend(Some(planner.begins(own)).filter(|_| waits));
            return Ok((rounds, said));
        }
        let birthday = member.map(|member| self.own_birthday(playbook, member, lang)).transpose()?.flatten();
        let Anchors { of, example } = anchors(playbook, birthday, zone, &window, columns.rules.lunar);
        for anchor in of {
            let entered = match ask.target.filter(|_| applied.is_some() && !anchor.key.is_empty()) {
                Some(target) => {
                    self.store.bodies.get(&keys::enrolled(&ask.playbook, target, &anchor.key))?.is_some()
                }
                None => false,
            };
            if entered {
                continue;
            }
            let mut round = planner.begins(anchor);
            // who enters when it is applied is looked at then: what is past by that time comes at once or is too late
            let entered_at = applied.map_or(now.min(*from), |column| column.activated_at);
            let course = Course { playbook, anchor: &round.anchor, zone, holidays: &columns.holidays };
            let Some(looks_at) = first_look(&course, entered_at) else { continue };
            round.looks_at = looks_at;
            rounds.push(round);
        }
        said.extend(example.map(|day| ViewWords::ForExample.fill(lang, &[("day", &day)])));
        Ok((rounds, said))
    }

    /// Somebody who waits in line, as they are once they were let in, as the line stands, and on which day; none where
    /// that is not until a day.
    fn comes_up(
        &self,
        enrolment: &Enrolment,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Enrolment>, DeskError> {
        let columns = &self.store.columns;
        let Some(position) = columns.playbook_position(&enrolment.playbook) else { return Ok(None) };
        let zone = columns.store.zone;
        let today = now.day(zone);
        let mut lines = Lines::of(self, today).only(&[position]);
        for (row, _, column) in columns.enrolments.iter().filter(|(_, _, of)| of.playbook == position) {
            lines.take(self, &column, row, today);
        }
        let last = until.day(zone).min(plus_days(today, LINE_DAYS));
        let mut budget = usize::MAX;
        while let Some(let_in) = lines.next(self, &mut budget, last)? {
            if let_in.enrolment.id == enrolment.id {
                return Ok(Some(let_in.enrolment));
            }
        }
        Ok(None)
    }

    /// Of somebody who was in a playbook and is no more: how that ended.
    fn no_longer_in(
        &self,
        playbook: &PlaybookId,
        target: Target,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<String>, DeskError> {
        let mut last: Option<Enrolment> = None;
        for (_, id) in self.store.bodies.range(&keys::enrolled_any(playbook, target), &[], usize::MAX)? {
            let Some(id) = keys::id_from::<EnrolmentId>(&id) else { continue };
            let found = self.store.enrolment(id)?;
            let ended_at = |of: &Enrolment| of.status.ended_at;
            if found.as_ref().and_then(ended_at) > last.as_ref().and_then(ended_at) {
                last = found;
            }
        }
        Ok(last.map(|last| {
            let why = self.coming_of(&last, now, lang).why;
            let day = last.status.ended_at.unwrap_or(now).day(self.store.columns.store.zone);
            ViewWords::NoLongerIn.fill(lang, &[("why", &why), ("day", &day)])
        }))
    }

    /// The enrolment that a target would get, as far as its rules depend on it.
    fn would_be(&self, playbook: &Playbook, target: Target, now: Timestamp) -> Enrolment {
        let (group, account): (Option<GroupId>, _) = match target {
            Target::Member(member) => (self.only_group(member), None),
            Target::Group(_) => (None, None),
            Target::Account(account) => (None, Some(account)),
        };
        let zone = self.zone_for(playbook, target, group, account);
        let status = EnrolmentStatus {
            version: 0,
            anchor: instant_anchor(String::new(), now, zone, playbook.day_ends),
            state: EnrolmentState::Active,
            progress: beginning(),
            next_at: None,
            waiting: None,
            ended_at: None,
        };
        Enrolment {
            id: nobody(),
            playbook: playbook.id.clone(),
            target,
            group,
            account,
            zone: zone.name().to_owned(),
            enrolled_at: now,
            status,
        }
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
