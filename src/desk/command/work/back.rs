//! Somebody or an account that was put away by mistake: what ended meanwhile because they were not there goes on.
//!
//! Putting away ends nothing by itself: an enrolment ends when its next step comes and finds nobody. What the act itself
//! ended comes back with its changes; this is what the tick ended since. Who is brought back by hand begins anew instead.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::lists::offered;
use crate::book::{
    EndReason, Enrolment, EnrolmentState, EnrolmentStatus, Target, TaskState, TaskStatus, Timestamp,
};
use crate::desk::standing::{GONE, GONE_ACCOUNT};
use crate::store::record::{Change, PlaybookState};
use crate::store::{Body, acts};

/// How many of an enrolment's newest tasks are looked at.
const LOOKED_AT: usize = 64;

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
        let back = changes.iter().any(|change| change.field == "archived" && change.after.is_empty());
        let Some(of) = act.undo_of.filter(|_| back) else { return Ok(()) };
        let Some(since) = acts::head(of, &self.store.bodies)?.map(|head| head.at) else { return Ok(()) };
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

    /// Tasks of an enrolment that went meanwhile are offered, as far as they are in their time.
    fn open_again(&mut self, act: &Act, enrolment: &Enrolment, since: Timestamp) -> Result<(), DeskError> {
        for id in self.tasks_of(enrolment)?.into_iter().take(LOOKED_AT) {
            let Some(task) = self.store.task(id)? else { continue };
            let is_over = task.status.until.is_some_and(|until| until <= act.at);
            if is_over || !went(&task.status, since) || self.not_meant(&task, act.at)?.is_some() {
                continue;
            }
            let held = self.held(act, &task)?;
            self.change_task(act, &task, offered(&task.status, held))?;
        }
        Ok(())
    }
}
