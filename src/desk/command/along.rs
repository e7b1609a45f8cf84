//! What is owed when an enrolment goes on in another group goes along with it.
//!
//! What was to be said in the group, or asked about it, is owed in the other: a task of its own there, under the key that
//! step has there, so that it comes once. What goes to somebody in private stays the task it is, of the enrolment that
//! goes on; where it ended with the group it is owed again. What one task does for all groups of a run stays as well, and
//! goes to another of them where its group is closed.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::enrolling::falls_out;
use super::super::follow::closed_with_its_group;
use super::super::tick::fire::Gathers;
use super::campaign::CAMPAIGN_OVER;
use super::task::next_rev;
use super::transfer::MOVED;
use crate::book::{
    Campaign, EndReason, Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus, GroupId, Target, Task,
    TaskId, TaskKey, TaskKind, TaskState, TaskStatus, Timestamp,
};
use crate::sop::schedule::Course;
use crate::store::columns::enrolment::RunState;
use crate::store::record::AskKey;
use crate::store::{Body, keys};

/// How many others of a playbook are read for one that goes through the same run, in one turn.
const OTHERS_READ: usize = 400;

impl Desk {
    /// What an enrolment owes that goes on in another group, oldest first: what is open, and what ended only because
    /// nobody can speak in its group any more and could still be said.
    pub(in crate::desk) fn owed_along(
        &self,
        old: &Enrolment,
        now: Timestamp,
    ) -> Result<Vec<Task>, DeskError> {
        let group = match old.target {
            Target::Group(group) => Some(group),
            _ => old.group,
        };
        let closed = group.is_some_and(|group| !self.is_open_target(Target::Group(group)));
        let mut owed = Vec::new();
        for id in self.tasks_of(old)? {
            let state = self.store.columns.tasks.by_id(id).map(|task| task.state);
            let is_open = state.is_some_and(TaskState::is_open);
            let ended = closed && state == Some(TaskState::Cancelled);
            if !(is_open || ended) {
                continue;
            }
            let Some(task) = self.store.task(id)?.filter(|task| task.of.contains(&old.id)) else { continue };
            let with_group = match &task.status.end {
                Some(EndReason::Stopped { rule }) => {
                    rule.starts_with("state:") || closed_with_its_group(rule)
                }
                _ => false,
            };
            // of its members too: what was to be said to them in private
            let ended_with_it = task.status.ended_at >= old.status.ended_at
                && (is_said_there(&task) || matches!(task.target, Target::Member(_)));
            let could_be_said = task.status.until.is_none_or(|until| until > now);
            if is_open || (with_group && ended_with_it && could_be_said) {
                owed.push(task);
            }
        }
        owed.sort_by_key(|task| (task.fired_at, task.id));
        Ok(owed)
    }

    /// Takes what is owed along to the enrolment that goes on, and ends the one that it was.
    pub(super) fn owes_there(
        &mut self,
        act: &Act,
        old: &Enrolment,
        new: EnrolmentId,
        to: GroupId,
        taken: &mut BTreeSet<TaskId>,
    ) -> Result<(), DeskError> {
        let Some(new) = self.store.enrolment(new)? else { return Ok(()) };
        for task in self.owed_along(old, act.at)? {
            taken.insert(task.id);
            match &task.kind {
                TaskKind::Step { key, .. } if is_said_there(&task) => {
                    self.owes_step_there(act, &task, key, &new, to)?;
                }
                TaskKind::Ask { .. } if is_said_there(&task) => self.asks_there(act, &task, &new, to)?,
                _ => {
                    if !task.status.state.is_open() {
                        self.is_owed_again(act, &task)?;
                    }
                    if let Target::Member(member) = task.target {
                        for (enrolment, undone) in [(new.id, false), (old.id, true)] {
                            self.stage(act, Body::TaskJoined { task: task.id, enrolment, member, undone })?;
                        }
                    }
                }
            }
        }
        self.ends_as_moved(act, old)
    }

    /// What ended because nobody could speak in a group any more is owed again: somebody is told it in private.
    fn is_owed_again(&mut self, act: &Act, task: &Task) -> Result<(), DeskError> {
        let due = TaskStatus {
            state: TaskState::Due,
            end: None,
            ended_at: None,
            ended_by: String::new(),
            held: None,
            ..next_rev(&task.status)
        };
        let held = self.held(act, &Task { status: due.clone(), ..task.clone() })?;
        let (before, after) = (task.status.clone(), TaskStatus { held, ..due });
        self.stage(act, Body::TaskChanged { task: task.id, before, after })
    }

    /// Where the group that stands for all groups of a run is closed: the one task of all goes on in another of them that
    /// lives, under the next number, and a question of the run stays what it is. True where it need not be cancelled.
    ///
    /// Where an enrolment ends with its campaign, whatever its playbook says without the campaign is owed so: what all share for
    /// another, what is the target's own for that target, if it goes through the playbook besides.
    pub(in crate::desk) fn stays_with_the_run(
        &mut self,
        act: &Act,
        old: &Enrolment,
        task: &Task,
        reason: &EndReason,
    ) -> Result<bool, DeskError> {
        let with_it = matches!(
            reason,
            EndReason::Stopped { rule } if [CAMPAIGN_OVER, EnrolmentState::UNDONE].contains(&rule.as_str())
        );
        let of_campaign = with_it && Campaign::id_of(&old.status.anchor.key).is_some();
        let (place, step, shared) = match &task.kind {
            TaskKind::Step { key, .. } => ((key.occurrence, key.ordinal), Some(&key.step), key.run),
            TaskKind::Ask { run, group, .. } => ((*run, 0), None, group.is_none()),
            _ => return Ok(false),
        };
        let lives = self.is_open_target(old.target);
        let goes_on = if shared { of_campaign || !lives } else { of_campaign && lives };
        if !goes_on {
            return Ok(false);
        }
        let among = (!shared).then_some(old.target);
        let other = self.another_of_the_run(old, among, place, step.map(String::as_str), act.at)?;
        let Some((other, until)) = other else { return Ok(false) };
        let (TaskKind::Step { key, version, variant }, Some((playbook, position))) =
            (&task.kind, self.step_of(task))
        else {
            return Ok(step.is_none());
        };
        let Some(step) = playbook.step(position) else { return Ok(false) };
        let mut key = TaskKey { target: other.target, ..key.clone() };
        while self.store.bodies.has(&keys::fired(&key))? {
            key.ordinal += 1;
        }
        let account = self.account_for_target(&other, step, other.target);
        let mut owed = Task {
            id: self.ids.next(act.at),
            kind: TaskKind::Step { key, version: *version, variant: *variant },
            target: other.target,
            of: vec![other.id],
            group: match other.target {
                Target::Group(group) => Some(group),
                _ => task.group,
            },
            fired_at: act.at,
            status: TaskStatus { account, held: None, rev: 0, ..task.status.clone() },
            ..task.clone()
        };
        if of_campaign {
            // the campaign's end was none of its step's
            owed.status.until = until;
        }
        owed.status.held = self.held(act, &owed)?;
        let rule = if of_campaign { CAMPAIGN_OVER } else { MOVED };
        let moved = EndReason::Stopped { rule: rule.to_owned() };
        self.cancel_unfollowed(act, task.id, &moved)?;
        self.stage(act, Body::TaskFired(owed))?;
        Ok(true)
    }

    /// The last group of a run is closed: its questions, which stand at the one that was the first of it, end too.
    pub(in crate::desk) fn nobody_asks_any_more(
        &mut self,
        act: &Act,
        last: &Enrolment,
        reason: &EndReason,
    ) -> Result<(), DeskError> {
        let columns = &self.store.columns;
        let position = columns.playbook_position(&last.playbook);
        let of_playbook = |row: &u32| columns.tasks.get(*row).is_some_and(|task| task.playbook == position);
        let asks: Vec<u32> = columns.queue.asks().filter(of_playbook).collect();
        for row in asks {
            let Some(task) = self.store.task_at(row)? else { continue };
            if let TaskKind::Ask { run, group: None, .. } = &task.kind
                && self.another_of_the_run(last, None, (*run, 0), None, act.at)?.is_none()
            {
                self.cancel_unfollowed(act, task.id, reason)?;
            }
        }
        Ok(())
    }

    /// Another enrolment of a playbook that goes through a run, of a target that lives, or of one target alone; and when
    /// the step asked for is over there. Of a campaign that is over none goes on.
    fn another_of_the_run(
        &self,
        old: &Enrolment,
        among: Option<Target>,
        place: (NaiveDate, u16),
        step: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<(Enrolment, Option<Timestamp>)>, DeskError> {
        let columns = &self.store.columns;
        let Some(position) = columns.playbook_position(&old.playbook) else { return Ok(None) };
        let others: Vec<EnrolmentId> = if let Some(target) = among {
            self.store.enrolments_of(target)?
        } else {
            // whoever began on the same day goes through it most likely
            let d0 = old.status.anchor.d0.num_days_from_ce();
            let running = columns.enrolments.iter();
            let running =
                running.filter(|(_, _, of)| of.playbook == position && of.state == RunState::Active);
            let (same, others): (Vec<_>, Vec<_>) =
                running.map(|(_, id, of)| (of.d0 == d0, id)).partition(|(same, _)| *same);
            same.into_iter().chain(others).map(|(_, id)| id).take(OTHERS_READ).collect()
        };
        let ends = |other: &Enrolment| {
            let campaign = Campaign::id_of(&other.status.anchor.key);
            campaign.is_some() && self.campaign_of(other).is_none_or(|campaign| campaign.is_over(now))
        };
        // its last step was said for the campaign, and nothing was left to wait for
        let ended = |other: &Enrolment| among.is_some() && other.status.state == EnrolmentState::Finished;
        for id in others.into_iter().filter(|id| *id != old.id) {
            let Some(other) = self.store.enrolment(id)?.filter(|other| {
                other.playbook == old.playbook
                    && (other.status.state == EnrolmentState::Active || ended(other))
                    && self.is_open_target(other.target)
                    && !ends(other)
            }) else {
                continue;
            };
            let Some(playbook) = self.playbooks.of(&other, columns) else { continue };
            let zone = columns.zone_of(&other);
            let (anchor, holidays) = (&other.status.anchor, &columns.holidays);
            let course = Course { playbook: &playbook, anchor, zone, holidays };
            let (is_in, until) = match step {
                Some(step) => {
                    let planned = course.planned_on(step, place, 0);
                    (planned.is_some(), planned.and_then(|planned| planned.until))
                }
                None => (playbook.start.recurrence().is_some() || anchor.d0 == place.0, None),
            };
            // what is over there is owed no more; of one target, that is its only one
            if is_in && (among.is_none() || until.is_none_or(|until| until > now)) {
                return Ok(Some((other, until)));
            }
        }
        Ok(None)
    }

    /// A step that was to be said in the group is owed in the other.
    fn owes_step_there(
        &mut self,
        act: &Act,
        task: &Task,
        key: &TaskKey,
        new: &Enrolment,
        to: GroupId,
    ) -> Result<(), DeskError> {
        let Some((playbook, position)) = self.step_of(task) else { return Ok(()) };
        let Some(step) = playbook.step(position) else { return Ok(()) };
        self.answers_there(act, task, key, to)?;
        let mut key = TaskKey { target: Target::Group(to), ..key.clone() };
        let mut members = Vec::new();
        if let Target::Member(member) = new.target {
            key = match self.gathers(key, new.id)? {
                Gathers::Already => return Ok(()),
                Gathers::In(task) => {
                    let (enrolment, undone) = (new.id, false);
                    return self.stage(act, Body::TaskJoined { task, enrolment, member, undone });
                }
                Gathers::Anew(key) => key,
            };
            members.push(member);
        }
        if self.store.bodies.has(&keys::fired(&key))? {
            return Ok(());
        }
        let was = &task.status;
        let account = self.account_for_target(new, step, key.target);
        let mut kind = task.kind.clone();
        if let TaskKind::Step { key: of, .. } = &mut kind {
            *of = key;
        }
        let mut owed = Task {
            id: self.ids.next(act.at),
            kind,
            target: Target::Group(to),
            of: vec![new.id],
            group: Some(to),
            members,
            fired_at: act.at,
            status: TaskStatus::due(was.due_at, was.until, account),
            ..task.clone()
        };
        let zone = self.store.columns.zone_of(new);
        if was.snoozed_until.is_some_and(|until| until > act.at) {
            (owed.status.state, owed.status.snoozed_until) = (TaskState::Snoozed, was.snoozed_until);
        } else if let Some(open) = self.still_quiet(&owed, zone, act.at)? {
            owed.status = owed.status.quiet_to(open);
        }
        owed.status.held = self.held(act, &owed)?;
        let id = owed.id;
        let before = owed.status.clone();
        self.stage(act, Body::TaskFired(owed))?;
        if !was.is_edited_like(&before) {
            let (edited, edited_texts) = (was.edited.clone(), was.edited_texts.clone());
            let corrected = was.corrected.clone();
            let after = TaskStatus { edited, edited_texts, corrected, rev: before.rev + 1, ..before.clone() };
            self.stage(act, Body::TaskChanged { task: id, before, after })?;
        }
        Ok(())
    }

    /// What was answered about the group alone, for the run of a task, holds for the other where nothing was said of it.
    fn answers_there(&mut self, act: &Act, task: &Task, key: &TaskKey, to: GroupId) -> Result<(), DeskError> {
        let run = key.run_day(task.day);
        let answers = &self.store.columns.answers;
        let of_group = answers
            .iter()
            .filter(|(ask, _)| ask.group == task.group && ask.group.is_some() && ask.run == run);
        let there: Vec<(AskKey, String)> = of_group
            .filter(|(ask, _)| ask.playbook == key.playbook)
            .map(|(ask, said)| (AskKey { group: Some(to), ..ask.clone() }, said.clone()))
            .filter(|(ask, _)| !answers.contains_key(ask))
            .collect();
        for (ask, said) in there {
            self.stage(act, Body::Answered { ask, before: None, after: Some(said) })?;
        }
        Ok(())
    }

    /// A question about the group is asked about the other.
    fn asks_there(&mut self, act: &Act, task: &Task, new: &Enrolment, to: GroupId) -> Result<(), DeskError> {
        let TaskKind::Ask { playbook, run, key, .. } = &task.kind else { return Ok(()) };
        let target = Target::Group(to);
        let step = format!("ask:{key}");
        let (occurrence, ordinal) = (*run, 0);
        let once = TaskKey { playbook: playbook.clone(), step, target, occurrence, ordinal, run: false };
        let ask = AskKey { playbook: playbook.clone(), run: *run, group: Some(to), key: key.clone() };
        if self.store.bodies.has(&keys::fired(&once))? || self.store.columns.answers.contains_key(&ask) {
            return Ok(());
        }
        let asked = Task {
            id: self.ids.next(act.at),
            kind: TaskKind::Ask { playbook: playbook.clone(), run: *run, key: key.clone(), group: Some(to) },
            target,
            of: vec![new.id],
            group: Some(to),
            fired_at: act.at,
            status: TaskStatus::due(task.status.due_at, task.status.until, None),
            ..task.clone()
        };
        self.stage(act, Body::TaskFired(asked))
    }

    /// What went on in another group ends where it was, with what was to be said there.
    fn ends_as_moved(&mut self, act: &Act, old: &Enrolment) -> Result<(), DeskError> {
        let state = EnrolmentState::Stopped { rule: MOVED.to_owned() };
        let mut after = EnrolmentStatus { state, ..old.status.clone() };
        if old.status.state.is_running() {
            (after.next_at, after.waiting, after.ended_at) = (None, None, Some(act.at));
        }
        // one that stopped with its group does not come back with it
        self.set_status(act, old, after)?;
        let moved = EndReason::Stopped { rule: MOVED.to_owned() };
        for task in self.tasks_that_end_with(old)? {
            if let Some(member) = falls_out(&task, old) {
                let (task, enrolment, undone) = (task.id, old.id, true);
                self.stage(act, Body::TaskJoined { task, enrolment, member, undone })?;
            } else if is_said_there(&task) {
                self.cancel_unfollowed(act, task.id, &moved)?;
            }
        }
        Ok(())
    }
}

/// True for what is said in the group, or asked about it, and is not for all groups of a run.
const fn is_said_there(task: &Task) -> bool {
    match &task.kind {
        TaskKind::Step { key, .. } => matches!(key.target, Target::Group(_)) && !key.run,
        TaskKind::Ask { group, .. } => group.is_some(),
        _ => false,
    }
}
