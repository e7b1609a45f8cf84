//! Somebody, an account or a group that was put away or closed by mistake: what ended meanwhile because they were not there
//! goes on.
//!
//! Putting away ends nothing by itself: an enrolment ends when its next step comes and finds nobody. What the act itself
//! ended comes back with its changes; this is what the tick ended since. Who is brought back by hand begins anew instead.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::lists::offered;
use crate::book::{
    EndReason, Enrolment, EnrolmentState, EnrolmentStatus, GroupId, Target, Task, TaskId, TaskState,
    TaskStatus, Timestamp,
};
use crate::desk::standing::{GONE, GONE_ACCOUNT};
use crate::store::Body;
use crate::store::columns::task::TargetRow;
use crate::store::record::{Change, PlaybookState};

/// How many of an enrolment's newest tasks are looked at.
const LOOKED_AT: usize = 64;

/// Whether changes of somebody or an account bring them back into the book.
pub(super) fn is_back(changes: &[Change]) -> bool {
    changes.iter().any(|change| change.field == "archived" && change.after.is_empty())
}

fn is_gone(rule: &str) -> bool {
    [GONE, GONE_ACCOUNT].contains(&rule)
}

/// Whether a task went because its target was not there.
fn went(status: &TaskStatus, since: Timestamp) -> bool {
    let with_it = match &status.end {
        Some(EndReason::TargetGone) => true,
        Some(EndReason::Stopped { rule }) => is_gone(rule),
        _ => false,
    };
    with_it && status.state == TaskState::Cancelled && status.ended_at.is_some_and(|at| at >= since)
}

impl Desk {
    /// What ended of a target since the act that an undo took back goes on, where a change brings it back.
    pub(in crate::desk) fn back_by_undo(
        &mut self,
        act: &Act,
        target: Target,
        changes: &[Change],
    ) -> Result<(), DeskError> {
        if !is_back(changes) {
            return Ok(());
        }
        let Some(since) = self.undone_at(act)? else { return Ok(()) };
        for id in self.store.enrolments_of(target)? {
            let Some(enrolment) = self.store.enrolment(id)? else { continue };
            let column = self.store.columns.playbooks.get(&enrolment.playbook);
            let goes_on = column.is_some_and(|column| column.state != PlaybookState::Removed);
            let status = &enrolment.status;
            let ended = matches!(&status.state, EnrolmentState::Stopped { rule } if is_gone(rule))
                && status.ended_at.is_some_and(|at| at >= since);
            if !goes_on || !ended {
                continue;
            }
            let state = EnrolmentState::Active;
            let after =
                EnrolmentStatus { state, next_at: None, waiting: None, ended_at: None, ..status.clone() };
            let body = Body::EnrolmentChanged { enrolment: id, before: status.clone(), after };
            self.stage(act, body)?;
            self.plan_next(act, id)?;
            self.open_again(act, &enrolment, since)?;
            self.tick.due = true;
        }
        Ok(())
    }

    /// What was to be said in a group to several of its people, and went while nobody could speak there, is offered where an
    /// undo opens the group again.
    pub(in crate::desk) fn group_back(
        &mut self,
        act: &Act,
        group: GroupId,
        changes: &[Change],
    ) -> Result<(), DeskError> {
        let closed = changes.iter().any(|change| ["state", "archived"].contains(&change.field.as_str()));
        if !closed || !self.is_open_target(Target::Group(group)) {
            return Ok(());
        }
        let Some(since) = self.undone_at(act)? else { return Ok(()) };
        let columns = &self.store.columns;
        let Some(row) = columns.groups.row(group) else { return Ok(()) };
        let fired = columns.tasks.iter().rev().take_while(|(_, _, task)| task.fired_at >= since);
        let went = fired.filter(|(_, _, task)| {
            task.target == TargetRow::Group(row) && task.state == TaskState::Cancelled
        });
        let went: Vec<TaskId> = went.map(|(_, id, _)| id).collect();
        for id in went {
            let Some(task) = self.store.task(id)?.filter(|task| !task.members.is_empty()) else { continue };
            // who asked to be left in peace meanwhile, or is done with it, is not named with the others
            let mut out = Vec::new();
            for id in &task.of {
                let Some(enrolment) = self.store.enrolment(*id)? else { continue };
                let stopped = matches!(enrolment.status.state, EnrolmentState::Stopped { .. });
                if let Target::Member(member) = enrolment.target
                    && (stopped || self.is_marketing_off(task.class, enrolment.target))
                {
                    out.push((*id, member));
                }
            }
            if out.len() == task.of.len() || !self.offer_gone(act, &task, since)? {
                continue;
            }
            for (enrolment, member) in out {
                self.stage(act, Body::TaskJoined { task: task.id, enrolment, member, undone: true })?;
            }
        }
        Ok(())
    }

    /// Tasks of an enrolment that went meanwhile are offered, as far as they are in their time.
    fn open_again(&mut self, act: &Act, enrolment: &Enrolment, since: Timestamp) -> Result<(), DeskError> {
        for id in self.tasks_of(enrolment)?.into_iter().take(LOOKED_AT) {
            let Some(task) = self.store.task(id)? else { continue };
            self.offer_gone(act, &task, since)?;
        }
        Ok(())
    }

    /// Offers a task that went since an instant, where it is in its time; true where it did.
    fn offer_gone(&mut self, act: &Act, task: &Task, since: Timestamp) -> Result<bool, DeskError> {
        let is_over = task.status.until.is_some_and(|until| until <= act.at);
        if is_over || !went(&task.status, since) || self.not_meant(task, act.at)?.is_some() {
            return Ok(false);
        }
        let held = self.held(act, task)?;
        self.change_task(act, task, offered(&task.status, held))?;
        Ok(true)
    }
}
