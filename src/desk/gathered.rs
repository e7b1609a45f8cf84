//! Tasks that gather members follow the book until they are sent: who has checked in since is not reminded.
//!
//! A gathered task was fired for everybody for whom its step's `if` held at that moment, and often lies in the queue
//! while news comes in: the last check-ins are told just before the reminder is sent. What happened to a member is
//! therefore asked of their open gathered tasks again; a task that nobody is left in ends by the same rule as one
//! whose condition was false from the start. A text that was said stands as it was
//! said, while whom it still has to name follows.

use super::Desk;
use super::act::{Act, DeskError};
use super::command::next_rev;
use super::enrolling::falls_out;
use crate::book::{EndReason, Enrolment, MemberId, Target, Task, TaskId, TaskKind, TaskState, TaskStatus};
use crate::store::Body;

impl Desk {
    /// Takes a member out of gathered tasks whose `if` no longer holds for them.
    pub(crate) fn gather_again(&mut self, act: &Act, member: MemberId) -> Result<(), DeskError> {
        // most members have nothing open: no enrolment is read for them
        if self.store.columns.members.by_id(member).is_none_or(|column| column.enrolled().next().is_none()) {
            return Ok(());
        }
        for enrolment in self.running(Target::Member(member))? {
            for task in self.tasks_that_end_with(&enrolment)? {
                if self.is_still_meant(act, &task, &enrolment)? {
                    continue;
                }
                let is_copied = task.status.copied_at.is_some();
                let body = if let Some(member) = falls_out(&task, &enrolment) {
                    Body::TaskJoined { task: task.id, enrolment: enrolment.id, member, undone: true }
                } else {
                    let after = task.status.ended(TaskState::Skipped, EndReason::Condition, act.at, "");
                    Body::TaskChanged { task: task.id, before: task.status, after }
                };
                self.perform(act, vec![body])?;
                if is_copied {
                    self.copy_again(act, task.id)?;
                }
            }
        }
        Ok(())
    }

    /// What was copied is not what the task says now.
    fn copy_again(&mut self, act: &Act, task: TaskId) -> Result<(), DeskError> {
        let Some(task) = self.store.task(task)?.filter(|task| task.status.state.is_open()) else {
            return Ok(());
        };
        let after = TaskStatus { copied_at: None, copied_by: String::new(), ..next_rev(&task.status) };
        self.stage(act, Body::TaskChanged { task: task.id, before: task.status, after })
    }

    /// False for a gathered task whose condition no longer holds for one of its members, unless a part of it was said
    /// that would change with them.
    fn is_still_meant(&self, act: &Act, task: &Task, enrolment: &Enrolment) -> Result<bool, DeskError> {
        let TaskKind::Step { key, .. } = &task.kind else { return Ok(true) };
        let Some((playbook, position)) = self.step_of(task) else { return Ok(true) };
        let step = playbook.step(position).filter(|step| !step.condition.filter.is_empty());
        let Some(step) = step.filter(|_| {
            !task.members.is_empty() && (task.status.parts_done == 0 || task.status.edited.is_some())
        }) else {
            return Ok(true);
        };
        self.condition_holds(enrolment, &playbook, step, key.run_day(task.day), act.at)
    }
}
