//! 今日停团: a playbook is called off for one day.
//!
//! A record that scheduling obeys: what that day still owes is born skipped, what is open of it is cancelled, its forms
//! are not asked any more. Where there is something to say, each group that the playbook runs in gets a message of it,
//! due now. One act: an undo brings the day back.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use crate::book::{EndReason, ObjectId, PlaybookId, Target, TaskKind, TaskState, Timestamp};
use crate::door::reply::Outcome;
use crate::sop::calendar::local_day;
use crate::store::Body;
use crate::store::columns::enrolment::RunState;

impl Desk {
    pub(super) fn sop_day_off(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        notice: &str,
    ) -> Result<Outcome, DeskError> {
        self.playbook_state(act, id)?;
        let day = self.day_of(id, act.at);
        if self.store.columns.days_off.contains(&(id.clone(), day)) {
            let words = BookWords::DayOffAlready.fill(act.lang, &[("playbook", &self.playbook_name(id))]);
            return Ok(Outcome { words, ..Outcome::default() });
        }
        let off = Body::DayOffSet { playbook: id.clone(), day, before: false, after: true };
        let words = self.describe(std::slice::from_ref(&off), act.lang);
        self.stage(act, off)?;
        let mut ended = 0_usize;
        for task in self.open_steps_of(id) {
            let Some(task) = self.store.task(task)? else { continue };
            let of_day = match &task.kind {
                TaskKind::Step { key, .. } => key.occurrence == day,
                TaskKind::Ask { run, .. } => *run == day,
                _ => false,
            };
            if of_day {
                let after =
                    task.status.ended(TaskState::Cancelled, EndReason::DayOff, act.at, &act.by.operator);
                self.stage(act, Body::TaskChanged { task: task.id, before: task.status, after })?;
                ended += 1;
            }
        }
        let words = match ended {
            0 => words,
            n => format!("{words}, {}", BookWords::DayOffEnds.fill(act.lang, &[("n", &n)])),
        };
        let mut made = Vec::new();
        if !notice.trim().is_empty() {
            let groups = self.groups_of_playbook(id)?;
            if !groups.is_empty() {
                made = self.follow_up(act, &groups, notice, act.at)?.made;
            }
        }
        self.tick.due = true;
        Ok(Outcome { words, made, ..Outcome::default() })
    }

    /// The day that it is in a playbook now.
    fn day_of(&self, id: &PlaybookId, now: Timestamp) -> chrono::NaiveDate {
        let zone = self.store.columns.store.zone;
        let playbook = self.playbooks.current(id, &self.store.columns);
        playbook.map_or_else(|| now.day(zone), |playbook| local_day(now, zone, playbook.day_ends))
    }

    /// The groups in which a playbook is under way.
    fn groups_of_playbook(&self, id: &PlaybookId) -> Result<Vec<ObjectId>, DeskError> {
        let mut groups = Vec::new();
        for enrolment in self.enrolments_in(id, &[RunState::Active]) {
            let Some(enrolment) = self.store.enrolment(enrolment)? else { continue };
            let group = match enrolment.target {
                Target::Group(group) => Some(group),
                Target::Member(_) | Target::Account(_) => enrolment.group,
            };
            let group = group.map(ObjectId::Group);
            groups.extend(group.filter(|group| !groups.contains(group)));
        }
        Ok(groups)
    }
}
