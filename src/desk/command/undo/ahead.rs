//! What the tick did while the clock ran ahead is put back as an undo would, by nobody and without what follows from it.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::describe::is_act_on_task;
use super::super::task::next_rev;
use super::kept::Kept;
use crate::book::{
    EndReason, Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus, ObjectId, Task, TaskId, TaskState,
    TaskStatus,
};
use crate::store::{Body, keys};

impl Desk {
    /// An enrolment stands again where it stood; gives what of it stays, in sentences.
    pub(in super::super) fn never_went_on(
        &mut self,
        act: &Act,
        id: EnrolmentId,
        before: &EnrolmentStatus,
        after: &EnrolmentStatus,
    ) -> Result<Vec<String>, DeskError> {
        let mut kept = Kept::default();
        if self.store.enrolment(id)?.is_some_and(|now| now.status != *before) {
            self.reverse_enrolment(act, id, before, after, &mut kept)?;
        }
        Ok(kept.words)
    }

    /// A task that was fired too soon was not, unless a human did something with it; true where it was not.
    pub(in super::super) fn comes_again(
        &mut self,
        act: &Act,
        id: TaskId,
        fired: &TaskStatus,
    ) -> Result<bool, DeskError> {
        let Some(task) = self.store.task(id)? else { return Ok(false) };
        let status = &task.status;
        let ended_by_hand = status.state == TaskState::Sent || !status.ended_by.is_empty();
        let is_begun = status.copied_at.is_some() || is_act_on_task(fired, status) && status.is_touched();
        if status.end == Some(EndReason::NotYet) || ended_by_hand {
            return Ok(false);
        }
        if is_begun || self.is_noted(id)? {
            // it waited for the end of quiet hours that the wrong clock had
            if status.state == TaskState::Snoozed && status.snoozed_until == fired.snoozed_until {
                let after = TaskStatus { state: TaskState::Due, snoozed_until: None, ..next_rev(status) };
                self.stage(act, Body::TaskChanged { task: id, before: task.status, after })?;
            }
            return Ok(false);
        }
        let after = status.ended(TaskState::Cancelled, EndReason::NotYet, act.at, "");
        self.stage(act, Body::TaskChanged { task: id, before: task.status, after })?;
        Ok(true)
    }

    /// How a task comes open again that was fired while the clock ran ahead and is dealt with no more: at its time where
    /// that is still to come, and never at the end of quiet hours that the wrong clock had.
    pub(super) fn by_the_right_clock(
        &self,
        act: &Act,
        task: &Task,
        mut back: TaskStatus,
    ) -> Result<TaskStatus, DeskError> {
        if task.fired_at <= act.at {
            return Ok(back);
        }
        if back.state == TaskState::Snoozed {
            (back.state, back.snoozed_until) = (TaskState::Due, None);
        }
        let planned = task.moved_from.unwrap_or(back.due_at);
        let mut comes_again = !back.is_touched() && !self.is_noted(task.id)?;
        for id in &task.of {
            let is_ahead = |of: &Enrolment| {
                of.status.state == EnrolmentState::Active
                    && of.status.progress.passed.is_none_or(|passed| passed < planned)
            };
            comes_again &= self.store.enrolment(*id)?.is_some_and(|of| is_ahead(&of));
        }
        Ok(if comes_again { back.ended(TaskState::Cancelled, EndReason::NotYet, act.at, "") } else { back })
    }

    fn is_noted(&self, id: TaskId) -> Result<bool, DeskError> {
        Ok(!self.store.bodies.range(&keys::notes(ObjectId::Task(id)), &[], 1)?.is_empty())
    }

    /// A task that stood before the clock ran ahead, or that somebody has begun with since, is as the tick found it.
    pub(in super::super) fn never_changed(
        &mut self,
        act: &Act,
        id: TaskId,
        before: &TaskStatus,
        after: &TaskStatus,
    ) -> Result<(), DeskError> {
        let mut kept = Kept::default();
        self.reverse_task(act, id, before, after, &mut kept)?;
        self.owed_again(act, &mut kept)
    }

    /// What else the tick told of the book is not so.
    pub(in super::super) fn never_happened(&mut self, act: &Act, body: &Body) -> Result<(), DeskError> {
        self.reverse(act, body, &mut Kept::default())
    }
}
