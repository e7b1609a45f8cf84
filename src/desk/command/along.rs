//! What is owed when an enrolment goes on in another group goes along with it.
//!
//! What was to be said in the group, or asked about it, is owed in the other: a task of its own there, under the key that
//! step has there, so that it comes once. What goes to somebody in private stays the task it is, of the enrolment that
//! goes on. What one task does for all groups of a run stays as well.

use std::collections::BTreeSet;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::enrolling::falls_out;
use super::super::follow::closed_with_its_group;
use super::super::tick::fire::Gathers;
use super::transfer::MOVED;
use crate::book::{
    EndReason, Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus, GroupId, Target, Task, TaskId,
    TaskKey, TaskKind, TaskState, TaskStatus, Timestamp,
};
use crate::store::columns::parse_zone;
use crate::store::record::AskKey;
use crate::store::{Body, keys};

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
            let ended_with_it = task.status.ended_at >= old.status.ended_at && is_said_there(&task);
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
        let zone = parse_zone(&new.zone).unwrap_or(self.store.columns.store.zone);
        if was.snoozed_until.is_some_and(|until| until > act.at) {
            (owed.status.state, owed.status.snoozed_until) = (TaskState::Snoozed, was.snoozed_until);
        } else if let Some(open) = self.still_quiet(&owed, zone, act.at)? {
            (owed.status.state, owed.status.snoozed_until) = (TaskState::Snoozed, Some(open));
        }
        owed.status.held = self.held(act, &owed)?;
        let id = owed.id;
        let (before, edited) = (owed.status.clone(), was.edited.clone());
        self.stage(act, Body::TaskFired(owed))?;
        if edited.is_some() {
            let after = TaskStatus { edited, rev: before.rev + 1, ..before.clone() };
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
