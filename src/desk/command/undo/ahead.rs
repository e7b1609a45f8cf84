//! What the tick did while the clock ran ahead is put back as an undo would, by nobody and without what follows from it.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::describe::is_act_on_task;
use super::super::task::next_rev;
use super::kept::Kept;
use crate::book::{EndReason, EnrolmentId, EnrolmentStatus, ObjectId, TaskId, TaskState, TaskStatus};
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
        let is_noted = || self.store.bodies.range(&keys::notes(ObjectId::Task(id)), &[], 1);
        if status.end == Some(EndReason::NotYet) || ended_by_hand {
            return Ok(false);
        }
        if is_begun || !is_noted()?.is_empty() {
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
