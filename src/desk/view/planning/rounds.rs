//! Which rounds of playbooks a plan is made of: those that somebody is in, those that they would begin, and what else
//! they are owed beside.
//!
//! One file because whoever is in a playbook, waits before it or would come into it is one of a few rounds, made alike.

use std::sync::Arc;

use chrono::NaiveDate;

use super::own::Entrance;
use super::{Asked, LINE_DAYS, Planner, Round, nobody};
use crate::book::{
    Anchor, Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus, GroupId, PlaybookId, Target, TaskKind,
    TaskState, Timestamp, Wave,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::enrolling::{Entry, NoEntry};
use crate::desk::standing::{enters_again, takes_whoever_is_there};
use crate::desk::view::coming;
use crate::desk::view::lines::Lines;
use crate::desk::view::reasons::moved_words;
use crate::desk::view::task_line::clean;
use crate::desk::view::words::ViewWords;
use crate::door::reply::PlanLine;
use crate::queue::caps::is_by_rules;
use crate::sop::calendar::yearly::is_yearly;
use crate::sop::calendar::{instant_anchor, local_day, lost_days, plus_days};
use crate::sop::format::{Playbook, Start};
use crate::sop::plan::anchors::{Anchors, Window, anchors, first_look};
use crate::sop::schedule::{Course, beginning};
use crate::store::keys;
use crate::text::lang::Lang;

impl Desk {
    /// What else a target is in: it takes room under the same caps, and what matters more goes first.
    pub(super) fn rounds_beside(
        &self,
        target: Option<Target>,
        others: &[Enrolment],
        now: Timestamp,
        lang: Lang,
    ) -> Result<Vec<Round>, DeskError> {
        let columns = &self.store.columns;
        let mut rounds = Vec::new();
        for enrolment in others {
            let paused = columns.playbook_position(&enrolment.playbook).is_some_and(|at| self.is_paused(at));
            if enrolment.status.state != EnrolmentState::Active || paused {
                continue;
            }
            rounds
                .extend(self.stands(enrolment, now, lang)?.map(|(round, _)| Round { shown: false, ..round }));
        }
        let Some(Target::Member(member)) = target else { return Ok(rounds) };
        for within in self.circles_of(member) {
            for enrolment in self.running(within)? {
                let paused =
                    columns.playbook_position(&enrolment.playbook).is_some_and(|at| self.is_paused(at));
                if enrolment.status.state != EnrolmentState::Active || paused {
                    continue;
                }
                let Some((round, _)) = self.stands(&enrolment, now, lang)? else { continue };
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
        lang: Lang,
    ) -> Result<Option<(Round, Vec<String>)>, DeskError> {
        let Some(playbook) = self.playbooks.of(enrolment, &self.store.columns) else { return Ok(None) };
        self.stands_by(enrolment, &playbook, now, lang).map(Some)
    }

    /// The same by a text of its playbook.
    pub(super) fn stands_by(
        &self,
        enrolment: &Enrolment,
        playbook: &Arc<Playbook>,
        now: Timestamp,
        lang: Lang,
    ) -> Result<(Round, Vec<String>), DeskError> {
        let columns = &self.store.columns;
        let status = &enrolment.status;
        let zone = columns.zone_of(enrolment);
        let mut round = Round {
            playbook: Arc::clone(playbook),
            enrolment: Some(enrolment.clone()),
            zone,
            anchor: status.anchor.clone(),
            progress: status.progress.clone(),
            looks_at: None,
            waiting: None,
            ends: self.campaign_end(enrolment, lang),
            barred: None,
            shown: true,
            means: None,
        };
        let late = self.late_and_open(enrolment, playbook)?;
        for (_, fired_at) in &late {
            let days = lost_days(*fired_at, now, zone, playbook.day_ends);
            round.progress.shifted_days = round.progress.shifted_days.saturating_add(days);
        }
        let course = Course { playbook, anchor: &round.anchor, zone, holidays: &columns.holidays };
        let next = course.next(&round.progress);
        let due_at = next.as_ref().map(|planned| planned.due_at);
        round.looks_at = due_at.map(|at| at.max(now));
        let waits = status.next_at.zip(status.waiting.clone()).filter(|_| late.is_empty());
        if let Some((at, why)) = waits {
            let held =
                next.map(|next| self.held_until(enrolment, playbook, &next, now)).transpose()?.flatten();
            let at = held.unwrap_or(at);
            let rules = is_by_rules(&why);
            (round.looks_at, round.waiting) = (Some(at.max(now)), Some(why).filter(|_| rules));
        }
        Ok((round, late.into_iter().map(|(step, _)| step).collect()))
    }

    /// What is planned: the anchor given, the rounds that somebody is in, those that the calendar brings, or the one
    /// that would begin; and what is to be said of it.
    pub(super) fn rounds_asked_for(
        &self,
        planner: &Planner<'_>,
        own: &[Enrolment],
    ) -> Result<Asked, DeskError> {
        let Planner { ask, playbook, zone, now, lang, .. } = planner;
        let (zone, now, lang) = (*zone, *now, *lang);
        let mut asked = Asked::default();
        if let Some(at) = ask.anchor {
            let anchor = instant_anchor(String::new(), at, zone, playbook.day_ends);
            asked.rounds.push(planner.begins(anchor));
            return Ok(asked);
        }
        for enrolment in own {
            self.round_in(planner, enrolment, &mut asked)?;
        }
        if let Some(Target::Member(member)) = ask.target
            && !own.is_empty()
        {
            asked.said.extend(self.runs_out_words(playbook, member, lang)?);
        }
        if !own.is_empty() && !is_yearly(&playbook.start) {
            return Ok(asked);
        }
        if let Some(target) = ask.target.filter(|target| !self.is_open_target(*target)) {
            let gone = format!("{}: {}", self.display_name(target), ViewWords::TargetGone.text(lang));
            return Err(self.no_dates(planner, &gone)?);
        }
        let applied = self.store.columns.playbooks.get(&ask.playbook).filter(|_| ask.file.is_none());
        if let Some(target) = ask.target.filter(|_| applied.is_some()) {
            let waves = self.rounds_of_waves(planner, target, &mut asked)?;
            // nobody is let in by hand beside it
            if waves && !is_yearly(&playbook.start) {
                return Ok(asked);
            }
        }
        let before = match ask.target.filter(|_| applied.is_some() && !is_yearly(&playbook.start)) {
            Some(target) => self.left(&ask.playbook, target, now, lang)?,
            None => None,
        };
        let standing = before.as_ref().filter(|_| takes_whoever_is_there(playbook));
        let is_out = standing.and_then(|(_, _, state)| stays_out(state));
        let before = before.map(|(why, day, _)| (why, day));
        let activated_at = applied.map_or(now, |column| column.activated_at);
        let entrance = match ask.target {
            Some(target) => self.entrance(playbook, target, activated_at, zone, now, lang)?,
            None => Entrance::Calendar,
        };
        match (entrance, before) {
            (Entrance::Calendar, Some((why, day))) if is_out.is_some() => {
                let words = is_out.unwrap_or(ViewWords::EndedByItself);
                return Err(self.no_dates(planner, &words.fill(lang, &[("why", &why), ("day", &day)]))?);
            }
            (Entrance::Calendar, before) => {
                let was_in = before.is_some();
                asked.said.extend(before.map(|(why, day)| no_longer_in(&why, day, lang)));
                self.rounds_of_calendar(planner, was_in, &mut asked)?;
            }
            (Entrance::Own { entry, at, said }, before) => {
                let judged = match applied {
                    Some(_) => self.judged(&entry, at)?,
                    None => self.judged_by(playbook, 0, activated_at, &entry, at)?,
                };
                match (judged, before) {
                    (Ok(enrolment), _) => {
                        asked.said.extend(said);
                        self.round_of(planner, enrolment, at, &mut asked)?;
                    }
                    (Err(NoEntry::Already), Some((why, day))) => {
                        let ended = ViewWords::EndedSince.fill(lang, &[("why", &why), ("day", &day)]);
                        return Err(self.no_dates(planner, &ended)?);
                    }
                    (Err(_), _) => {
                        // whoever is not let in is shown the dates that they do not get
                        let Some(bar) = self.barred(playbook, entry.target, at)? else {
                            return Err(self.no_dates(
                                planner,
                                &self.too_old(playbook, &entry, activated_at, zone, lang),
                            )?);
                        };
                        let anchor = Anchor {
                            key: String::new(),
                            at: entry.at,
                            d0: local_day(entry.at, zone, playbook.day_ends),
                        };
                        asked.said.extend(said);
                        asked.rounds.push(Round { barred: Some(bar), ..planner.begins(anchor) });
                    }
                }
            }
            (Entrance::Nothing(_), Some((why, day))) if playbook.start == Start::FirstPurchase => {
                let ended = ViewWords::EndedForGood.fill(lang, &[("why", &why), ("day", &day)]);
                return Err(self.no_dates(planner, &ended)?);
            }
            (Entrance::Nothing(_), Some((why, day))) => {
                asked.said.push(no_longer_in(&why, day, lang));
                let at = now.min(planner.from);
                let round = planner.begins(instant_anchor(String::new(), at, zone, playbook.day_ends));
                let barred =
                    ask.target.map(|target| self.barred(playbook, target, now)).transpose()?.flatten();
                asked.rounds.push(Round { barred, ..round });
            }
            (Entrance::Nothing(refusal), None) => return Err(self.and_barred(planner, refusal)?),
        }
        Ok(asked)
    }

    /// A round that somebody is in, with what is due of it already.
    fn round_in(
        &self,
        planner: &Planner<'_>,
        enrolment: &Enrolment,
        asked: &mut Asked,
    ) -> Result<(), DeskError> {
        let Planner { ask, playbook, zone, now, lang, .. } = planner;
        let (zone, now, lang) = (*zone, *now, *lang);
        let columns = &self.store.columns;
        let mut comes = None;
        // of a playbook that is paused nobody is let in
        let is_still = columns.playbook_position(&ask.playbook).is_some_and(|at| self.is_paused(at));
        if enrolment.status.state == EnrolmentState::InLine && !is_still {
            comes = self.comes_up(enrolment, None, ask.until, now)?;
            if comes.is_none() {
                let day = ask.until.day(zone);
                asked.said.push(ViewWords::InLineBeyond.fill(lang, &[("day", &day)]));
                return Ok(());
            }
        }
        let Some((round, late)) = self.stands(comes.as_ref().unwrap_or(enrolment), now, lang)? else {
            return Ok(());
        };
        asked.said.extend(comes.map(|comes| {
            let day = comes.status.anchor.at.day(zone);
            ViewWords::InLineUntil.fill(lang, &[("day", &day)])
        }));
        asked.said.extend(late.iter().map(|step| {
            ViewWords::WaitsForLate.fill(lang, &[("step", &coming::named(playbook, step, lang))])
        }));
        self.due_already(planner, enrolment, &mut asked.open)?;
        asked.rounds.push(round);
        Ok(())
    }

    /// The tasks of an enrolment that are open: their steps are passed, and they are owed all the same.
    fn due_already(
        &self,
        planner: &Planner<'_>,
        enrolment: &Enrolment,
        lines: &mut Vec<PlanLine>,
    ) -> Result<(), DeskError> {
        let lang = planner.lang;
        for task in self.tasks_that_end_with(enrolment)? {
            let TaskKind::Step { key, .. } = &task.kind else { continue };
            let status = &task.status;
            let due_at = status.snoozed_until.filter(|_| status.state == TaskState::Snoozed);
            let due_at = due_at.unwrap_or(status.due_at);
            if planner.ask.from.is_some_and(|from| due_at < from) || due_at > planner.ask.until {
                continue;
            }
            let moved = Some(moved_words(&task.moved_why, lang)).filter(|_| !task.moved_why.is_empty());
            let open = ViewWords::DueOpen.text(lang).to_owned();
            let held = status.held.as_deref().map(|held| self.hold_words(held, status.account, lang));
            let reason = moved.into_iter().chain([open]).chain(held).collect::<Vec<_>>().join("; ");
            let line = PlanLine {
                step: key.step.clone(),
                occurrence: key.occurrence,
                due_at,
                never: false,
                until: status.until,
                moved_from: task.moved_from,
                reason,
                class: task.class.word().to_owned(),
                via: task.via.word().to_owned(),
            };
            // what is said to each of a group is one step of it
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines.sort_by_key(|line| line.due_at);
        Ok(())
    }

    /// A round that somebody would begin at an instant, as they stand in it then: before an intake, once they are let in.
    fn round_of(
        &self,
        planner: &Planner<'_>,
        enrolment: Enrolment,
        at: Timestamp,
        asked: &mut Asked,
    ) -> Result<(), DeskError> {
        let Planner { ask, playbook, now, lang, .. } = planner;
        let zone = self.store.columns.zone_of(&enrolment);
        let at = at.max(*now);
        let enrolment = if enrolment.status.state == EnrolmentState::InLine && ask.file.is_none() {
            let Some(comes) = self.comes_up(&enrolment, Some(at), ask.until, *now)? else {
                let day = ask.until.day(zone);
                asked.said.push(ViewWords::InLineBeyond.fill(*lang, &[("day", &day)]));
                return Ok(());
            };
            let day = comes.status.anchor.at.day(zone);
            asked.said.push(ViewWords::InLineUntil.fill(*lang, &[("day", &day)]));
            comes
        } else {
            enrolment
        };
        let anchor = enrolment.status.anchor.clone();
        let course = Course { playbook, anchor: &anchor, zone, holidays: &self.store.columns.holidays };
        let Some(looks_at) = first_look(&course, at) else { return Ok(()) };
        let ends = self.campaign_end(&enrolment, *lang);
        let round = Round { zone, looks_at, ends, enrolment: Some(enrolment), ..planner.begins(anchor) };
        asked.rounds.push(round);
        Ok(())
    }

    /// The rounds that waves of campaigns will bring which have not begun; true where one will.
    fn rounds_of_waves(
        &self,
        planner: &Planner<'_>,
        target: Target,
        asked: &mut Asked,
    ) -> Result<bool, DeskError> {
        let Planner { ask, now, lang, .. } = planner;
        let mut comes = false;
        for campaign in self.store.columns.campaigns.values() {
            let is_of = campaign.playbooks.contains(&ask.playbook) && !campaign.is_over(*now);
            if !is_of || self.wave_come_with(campaign, target)?.is_some() {
                continue;
            }
            // a filter about groups matches no member
            let matches = |wave: &&Wave| {
                matches!(self.target_matches(&wave.filter, target, wave.at.max(*now)), Ok(true))
            };
            let mut waves = campaign.waves.iter().filter(|wave| wave.begun_at.is_none());
            let Some(wave) = waves.find(matches) else { continue };
            let (group, account) = match target {
                Target::Member(member) => (self.only_group(member), None),
                Target::Group(_) => (None, None),
                Target::Account(account) => (None, Some(account)),
            };
            let (playbook, key) = (ask.playbook.clone(), campaign.key());
            let entry =
                Entry { playbook, target, group, account, key, at: wave.at, by_hand: true, again: false };
            if let Ok(enrolment) = self.judged(&entry, wave.at.max(*now))? {
                let (title, at) = (clean(&campaign.title), wave.at.local(self.store.columns.store.zone));
                let at = at.format("%m-%d %H:%M");
                asked.said.push(ViewWords::EntersWithWave.fill(*lang, &[("title", &title), ("at", &at)]));
                self.round_of(planner, enrolment, wave.at, asked)?;
                comes = true;
            }
        }
        Ok(comes)
    }

    /// The rounds that the calendar brings, or a human who lets somebody in now who was in it before.
    fn rounds_of_calendar(
        &self,
        planner: &Planner<'_>,
        was_in: bool,
        asked: &mut Asked,
    ) -> Result<(), DeskError> {
        let Planner { ask, playbook, zone, from, now, lang, .. } = planner;
        let (zone, from, now, lang) = (*zone, *from, *now, *lang);
        let columns = &self.store.columns;
        let applied = columns.playbooks.get(&ask.playbook).filter(|_| ask.file.is_none());
        let birthday = match ask.target {
            Some(Target::Member(member)) => self.own_birthday(playbook, member, lang)?,
            _ => None,
        };
        let today = now.day(zone);
        let since = match (applied, ask.target) {
            // what is over when somebody is looked at is not entered any more
            (Some(column), Some(target)) => {
                let looked_to = self.tick.looked_to.unwrap_or(today).min(today);
                let known_at = self.known_at(target).unwrap_or(now);
                looked_to.max(column.activated_at.day(zone)).max(known_at.day(zone))
            }
            (Some(column), None) => column.activated_at.day(zone),
            (None, _) => today,
        };
        let since = since.min(today).min(ask.from.map_or(today, |from| from.day(zone)));
        let window = Window { now, from, until: ask.until, since };
        let Anchors { of, example } = anchors(playbook, birthday, zone, &window, columns.rules.lunar);
        for anchor in of {
            let (day, key) = (anchor.d0, anchor.key.clone());
            let mut round = planner.begins(anchor);
            // who enters when it is applied is looked at then: what is past by that time comes at once or is too late
            let mut entered_at = applied.map_or(now.min(from), |column| column.activated_at);
            if let Some(target) = ask.target {
                if applied.is_some() && !key.is_empty() && self.was_in(&ask.playbook, target, &key)? {
                    continue;
                }
                let at = if is_yearly(&playbook.start) {
                    self.taken_with_year(playbook, target, day, zone, now)?
                } else if applied.is_some() && !was_in {
                    self.taken_at(playbook, target, now, ask.until)?.unwrap_or(now)
                } else {
                    now
                };
                entered_at = at.max(now);
                let comes_newly = at != now && !is_yearly(&playbook.start);
                round.barred = self.barred(playbook, target, if comes_newly { at } else { entered_at })?;
                if comes_newly && round.barred.is_none() {
                    let begins = self.own_day_from(playbook, target, at);
                    if at > now {
                        let from = begins.day(zone);
                        asked.said.push(ViewWords::EntersFrom.fill(lang, &[("day", &from)]));
                    }
                    if playbook.start.recurrence().is_some() {
                        round.anchor = instant_anchor(String::new(), begins, zone, playbook.day_ends);
                    }
                }
            }
            let waits = playbook.intake.is_some() && applied.is_some() && round.barred.is_none();
            if let Some(enrolment) = round.enrolment.clone().filter(|_| waits) {
                let status = EnrolmentStatus {
                    anchor: round.anchor.clone(),
                    state: EnrolmentState::InLine,
                    ..enrolment.status.clone()
                };
                self.round_of(planner, Enrolment { status, ..enrolment }, entered_at, asked)?;
                continue;
            }
            let course = Course { playbook, anchor: &round.anchor, zone, holidays: &columns.holidays };
            let Some(looks_at) = first_look(&course, entered_at) else {
                asked.said.extend(ask.target.map(|_| ViewWords::DateOver.fill(lang, &[("day", &day)])));
                continue;
            };
            round.looks_at = looks_at;
            asked.rounds.push(round);
        }
        asked.said.extend(example.map(|day| ViewWords::ForExample.fill(lang, &[("day", &day)])));
        Ok(())
    }

    /// Whether an anchor brought a target into a playbook before.
    fn was_in(&self, playbook: &PlaybookId, target: Target, key: &str) -> Result<bool, DeskError> {
        Ok(self.store.bodies.get(&keys::enrolled(playbook, target, key))?.is_some())
    }

    /// Somebody who waits in line, as they are once they were let in, as the line stands, and on which day; none where
    /// that is not until a day. Who is in none yet comes into it at an instant.
    fn comes_up(
        &self,
        enrolment: &Enrolment,
        comes: Option<Timestamp>,
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
        if let Some(comes) = comes {
            lines.join(self, enrolment, position, comes.day(zone), (false, false));
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

    /// Of somebody who was in a playbook and is no more: how that ended, and on which day.
    fn left(
        &self,
        playbook: &PlaybookId,
        target: Target,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<(String, NaiveDate, EnrolmentState)>, DeskError> {
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
            (why, day, last.status.state)
        }))
    }

    /// The enrolment that a target would get, as far as its rules depend on it.
    pub(super) fn would_be(&self, playbook: &Playbook, target: Target, now: Timestamp) -> Enrolment {
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
            zone: None,
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

/// What is said of who is out of what takes whoever is there and does not come in again by themselves; none of whoever
/// does.
fn stays_out(state: &EnrolmentState) -> Option<ViewWords> {
    match state {
        EnrolmentState::Stopped { rule } if enters_again(rule) => None,
        EnrolmentState::Stopped { .. } => Some(ViewWords::EndedUnlessByHand),
        EnrolmentState::Finished => Some(ViewWords::EndedByItself),
        EnrolmentState::InLine | EnrolmentState::Active => None,
    }
}

fn no_longer_in(why: &str, day: NaiveDate, lang: Lang) -> String {
    ViewWords::NoLongerIn.fill(lang, &[("why", &why), ("day", &day)])
}
