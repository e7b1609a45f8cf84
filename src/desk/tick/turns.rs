//! Persona scripts: who speaks in a group waits until the one before has spoken.
//!
//! The task of a later speaker comes at its time and is held; it is let go when the earlier one's is sent, two minutes
//! after, so that nobody answers before they can have read. Ended otherwise, by a human or because its span was over,
//! it holds nobody any more: what is owed is not lost with it.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::time::MINUTE;
use crate::book::{AccountId, GroupId, Task, TaskId, TaskKey, TaskKind, TaskState, TaskStatus, Timestamp};
use crate::sop::format::APART;

/// Why a task is held: somebody else speaks first.
pub(crate) const HELD_TURN: &str = "turn";

impl Desk {
    /// True while the task of the one who speaks before is open.
    pub(in crate::desk) fn waits_for_turn(&self, task: &Task) -> Result<bool, DeskError> {
        let (Some((playbook, position)), TaskKind::Step { key, .. }) = (self.step_of(task), &task.kind)
        else {
            return Ok(false);
        };
        let Some(before) = playbook.step(position).and_then(|step| step.after.clone()) else {
            return Ok(false);
        };
        let before = self.fired_task(&TaskKey { step: before, ..key.clone() })?;
        Ok(before.is_some_and(|task| task.status.state.is_open()))
    }

    /// A task has ended: whoever was to speak after it may.
    pub(in crate::desk) fn next_speaks(&mut self, act: &Act, ended: TaskId) -> Result<(), DeskError> {
        let Some(ended) = self.store.task(ended)? else { return Ok(()) };
        let next = self.speaks_after(&ended)?.filter(|next| next.status.held.as_deref() == Some(HELD_TURN));
        let Some(next) = next else { return Ok(()) };
        let held = self.held(act, &next)?;
        let mut after = TaskStatus { held, rev: next.status.rev + 1, ..next.status.clone() };
        let spoken_at = ended.status.ended_at.filter(|_| ended.status.state == TaskState::Sent);
        let speaks_at = spoken_at.map(|at| Timestamp(at.0.saturating_add(i64::from(APART) * MINUTE)));
        if let Some(at) = speaks_at.filter(|at| *at > act.at && after.held.is_none()) {
            (after.state, after.snoozed_until) = (TaskState::Snoozed, Some(at));
        }
        self.change_task(act, &next, after)
    }

    /// A task is open again: whoever was to speak after it waits for it once more, unless they have begun.
    pub(in crate::desk) fn next_waits_again(&mut self, act: &Act, open: &Task) -> Result<(), DeskError> {
        let begun = |status: &TaskStatus| status.copied_at.is_some() || status.parts_done != 0;
        let free = |next: &Task| next.status.held.is_none() && !begun(&next.status);
        let Some(next) = self.speaks_after(open)?.filter(free) else { return Ok(()) };
        let after = TaskStatus {
            state: TaskState::Due,
            snoozed_until: None,
            held: Some(HELD_TURN.to_owned()),
            rev: next.status.rev + 1,
            ..next.status.clone()
        };
        self.change_task(act, &next, after)
    }

    /// The open task of the one who speaks after that of another.
    fn speaks_after(&self, task: &Task) -> Result<Option<Task>, DeskError> {
        let (Some((playbook, position)), TaskKind::Step { key, .. }) = (self.step_of(task), &task.kind)
        else {
            return Ok(None);
        };
        let step = playbook.step(position).map(|step| &step.id);
        let Some(next) =
            playbook.steps.iter().find(|next| next.after.is_some() && next.after.as_ref() == step)
        else {
            return Ok(None);
        };
        let next = self.fired_task(&TaskKey { step: next.id.clone(), ..key.clone() })?;
        Ok(next.filter(|next| next.status.state.is_open()))
    }

    /// The account that speaks under a name: of several one that is in the group it speaks in, and that can.
    pub(in crate::desk) fn speaker(&self, wanted: &str, said_in: Option<GroupId>) -> Option<AccountId> {
        let columns = &self.store.columns;
        let group = said_in.and_then(|id| columns.groups.by_id(id)).map(|group| &group.body);
        let is_in = |id: AccountId| {
            group.is_some_and(|group| group.account == Some(id) || group.speakers.contains(&id))
        };
        let called = columns.accounts.iter().filter(|(_, _, account)| {
            !account.body.archived && (account.body.persona == wanted || account.body.name == wanted)
        });
        let named: Vec<AccountId> = called.map(|(_, id, _)| id).collect();
        let can = |id: AccountId| {
            columns.accounts.by_id(id).is_some_and(|account| account.body.health.refuses().is_none())
        };
        let inside: Vec<AccountId> = named.iter().copied().filter(|id| is_in(*id)).collect();
        let able = inside.iter().copied().find(|id| can(*id));
        able.or_else(|| inside.first().copied()).or_else(|| named.first().copied())
    }
}
