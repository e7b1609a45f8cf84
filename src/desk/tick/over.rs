//! When what ended by itself was over: a program that was off finds the end in the morning, and it was last night.
//!
//! What follows from an end counts from it: a rest, what comes after the playbook, what its effects begin. Where a
//! human ended the last of it, it is over when they did.

use chrono_tz::Tz;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::command::CAMPAIGN_OVER;
use crate::book::{EndReason, Enrolment, EnrolmentState, Task, Timestamp};
use crate::queue::caps::is_cap;
use crate::sop::calendar::{day_start, local_day, plus_days, shift_days};
use crate::sop::format::{Playbook, Start, When};

impl Desk {
    /// When what rules bring about comes about: with the act, or when what they follow from was over.
    pub(in crate::desk) fn brought_at(&self, act: &Act) -> Timestamp {
        self.brought_at.unwrap_or(act.at)
    }

    /// Ends an enrolment that the tick finds to have come to its end.
    pub(super) fn came_to_its_end(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        zone: Tz,
    ) -> Result<(), DeskError> {
        let over = self.over_since(enrolment, playbook, zone, act.at)?;
        let outer = self.brought_at.replace(over);
        let ended = self.end_enrolment(act, enrolment, EnrolmentState::Finished, &When::Finished);
        self.brought_at = outer;
        ended
    }

    /// Ends an enrolment with the campaign that it is of, as of when that was over.
    pub(in crate::desk) fn ends_with_campaign(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        over: Timestamp,
    ) -> Result<(), DeskError> {
        let outer = self.brought_at.replace(over);
        let ended = self.cut_short(act, enrolment, CAMPAIGN_OVER);
        self.brought_at = outer;
        ended
    }

    /// When the last of an enrolment was over of which nothing is to come and nothing is open.
    fn over_since(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        zone: Tz,
        now: Timestamp,
    ) -> Result<Timestamp, DeskError> {
        let progress = &enrolment.status.progress;
        let passed = progress.ahead.iter().map(|(at, _)| *at).chain(progress.passed).max();
        let passed =
            passed.map(|at| shift_days(at, i32::try_from(progress.shifted_days).unwrap_or(i32::MAX), zone));
        let mut last = self.falls_due_from(enrolment, playbook).max(passed.unwrap_or(Timestamp(i64::MIN)));
        for id in self.tasks_of(enrolment)? {
            let Some(task) = self.store.task(id)? else { continue };
            last = last.max(own_end(&task, playbook, zone).unwrap_or(now));
        }
        Ok(last.min(now))
    }

    /// From when on something of an enrolment can have fallen due: who was told of late, or was taken in by hand, is owed
    /// nothing before that; what time brings, and what another playbook did, since it came.
    pub(in crate::desk) fn falls_due_from(&self, enrolment: &Enrolment, playbook: &Playbook) -> Timestamp {
        let anchor = &enrolment.status.anchor;
        let by_itself = match playbook.start {
            Start::Silence { .. }
            | Start::CheckinMissed { .. }
            | Start::Birthday { .. }
            | Start::LunarBirthday { .. }
            | Start::Festival { .. }
            | Start::Term { .. }
            | Start::Date { .. }
            | Start::Recurrence(_)
            | Start::Tag { .. }
            | Start::Stage { .. }
            | Start::After { .. } => true,
            _ => anchor.key.starts_with("after:"),
        };
        if by_itself { anchor.at } else { enrolment.enrolled_at.max(anchor.at) }
    }
}

/// When a task was over; none for one that is open.
fn own_end(task: &Task, playbook: &Playbook, zone: Tz) -> Option<Timestamp> {
    let status = &task.status;
    let ended_at = status.ended_at?;
    if !status.ended_by.is_empty() {
        return Some(ended_at);
    }
    // without a written end what is dropped is dropped with its day
    let over = || {
        let tomorrow = plus_days(local_day(status.due_at, zone, playbook.day_ends), 1);
        status.until.unwrap_or_else(|| day_start(tomorrow, zone, playbook.day_ends))
    };
    let born = task.fired_at == ended_at;
    let own = match status.end.as_ref()? {
        EndReason::SpanOver => status.until.unwrap_or(ended_at),
        EndReason::TooLate | EndReason::DayOff | EndReason::AccountRefused { .. } => over(),
        EndReason::Held { why } if born && is_cap(why) => over(),
        EndReason::Held { .. } | EndReason::Condition | EndReason::NotFresh | EndReason::Resting { .. }
            if born =>
        {
            status.due_at
        }
        _ => ended_at,
    };
    Some(own.min(ended_at))
}
