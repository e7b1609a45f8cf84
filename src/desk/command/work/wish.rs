//! A wish not to be disturbed that an undo took back, and who is back in a group, among friends or in the book by one: what
//! groups and accounts owed each of their people meanwhile, and is still in its time, comes to them as well.
//!
//! What was owed already and what somebody goes through themselves comes back with the changes of the act. What groups and
//! accounts owe to whoever of their people matches fell due without them, and its step was passed: it is looked up here.
//! Only an undo does so. Who is no longer left in peace because somebody said so has not missed anything.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::DO_NOT_DISTURB;
use super::back::is_back;
use super::lists::{offered, open_still};
use crate::book::{EndReason, Enrolment, MemberId, Progress, Target, TaskState, TaskStatus, Timestamp};
use crate::desk::follow::marketing_off;
use crate::sop::format::StepPer;
use crate::sop::schedule::{Course, beginning};
use crate::store::record::Change;

/// What of one enrolment is looked at that fell due while the wish stood.
const LOOKED_AT: usize = 400;

/// Whether a change of a member takes such a wish back.
fn ends_wish(changes: &[Change]) -> bool {
    let has = |tags: &str| tags.split(',').any(|tag| tag == DO_NOT_DISTURB);
    changes.iter().any(|change| change.field == "tags" && has(&change.before) && !has(&change.after))
}

/// Whether a task went with the wish, or with a redo of it.
fn is_withdrawn(status: &TaskStatus, since: Timestamp) -> bool {
    let with_it = match &status.end {
        Some(EndReason::Stopped { rule }) => *rule == marketing_off().word(),
        Some(EndReason::Undone) => true,
        _ => false,
    };
    with_it && status.state == TaskState::Cancelled && status.ended_at.is_some_and(|at| at >= since)
}

impl Desk {
    /// What fell due of all their groups and accounts since the act that an undo took back is offered to somebody who wishes
    /// no longer to be left in peace, or is in the book again.
    pub(in crate::desk) fn owed_by_undo(
        &mut self,
        act: &Act,
        member: MemberId,
        changes: &[Change],
    ) -> Result<(), DeskError> {
        if act.undo_of.is_some() && (ends_wish(changes) || is_back(changes)) {
            for within in self.circles_of(member) {
                self.owed_within(act, member, within)?;
            }
        }
        Ok(())
    }

    /// The same of one group or account, also where an undo has put them back in it.
    pub(in crate::desk) fn owed_within(
        &mut self,
        act: &Act,
        member: MemberId,
        within: Target,
    ) -> Result<(), DeskError> {
        let Some(since) = self.undone_at(act)? else { return Ok(()) };
        let column = self.store.columns.members.by_id(member);
        if column.is_none_or(|column| column.archived || !self.belongs(&column, within)) {
            return Ok(());
        }
        for id in self.store.enrolments_of(within)? {
            let Some(enrolment) = self.store.enrolment(id)? else { continue };
            self.missed_for(act, &enrolment, member, since)?;
        }
        Ok(())
    }

    /// Offers what of one enrolment has come since an instant to somebody whom it means.
    fn missed_for(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        member: MemberId,
        since: Timestamp,
    ) -> Result<(), DeskError> {
        let columns = &self.store.columns;
        let Some(playbook) = self.playbooks.of(enrolment, columns) else { return Ok(()) };
        if playbook.steps.iter().all(|step| step.who.is_none()) {
            return Ok(());
        }
        let (zone, holidays) = (columns.zone_of(enrolment), columns.holidays.clone());
        let anchor = &enrolment.status.anchor;
        let course = Course { playbook: &playbook, anchor, zone, holidays: &holidays };
        let shifted_days = enrolment.status.progress.shifted_days;
        let before = Timestamp(since.0.saturating_sub(1));
        let mut progress = Progress { passed: Some(before), step: u16::MAX, shifted_days, ..beginning() };
        let group = match enrolment.target {
            Target::Group(group) => Some(group),
            _ => None,
        };
        let ends = self.campaign_of(enrolment).map(|campaign| campaign.until);
        for _ in 0..LOOKED_AT {
            let Some(planned) = course.next(&progress).filter(|one| one.planned_at <= act.at) else { break };
            progress = course.pass(&progress, &planned);
            let step = playbook.step(planned.step).filter(|step| step.per == StepPer::Target);
            let Some((step, who)) = step.and_then(|step| Some((step, step.who.as_deref()?))) else {
                continue;
            };
            if planned.due_at > act.at {
                continue;
            }
            let open = open_still(step, &planned, ends, (zone, playbook.day_ends), act.at);
            let Some(until) = open else { continue };
            let key = self.key(&playbook, step, &planned, Target::Member(member));
            if let Some(task) = self.fired_task(&key)? {
                if is_withdrawn(&task.status, since) && self.not_meant(&task, act.at)?.is_none() {
                    let held = self.held(act, &task)?;
                    self.change_task(act, &task, offered(&task.status, held))?;
                }
                continue;
            }
            let named = self.named(who, &playbook.id, planned.run, group)?;
            let meant = (who, group, named.as_slice());
            self.offer_late(act, enrolment, &playbook, step, &planned, until, meant, member)?;
        }
        Ok(())
    }
}
