//! When what ended by itself was over: a program that was off finds the end in the morning, and it was last night.
//!
//! What follows from an end counts from it: a rest, what comes after the playbook, what its effects begin. Where a
//! human ended the last of it, it is over when they did.

use chrono_tz::Tz;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::command::CAMPAIGN_OVER;
use crate::book::{
    Campaign, EndReason, Enrolment, EnrolmentId, EnrolmentState, Target, Task, TaskState, Timestamp,
    WaitReason,
};
use crate::queue::caps::is_cap;
use crate::sop::calendar::{day_start, local_day, plus_days, shift_days};
use crate::sop::format::{Playbook, Start, When};
use crate::sop::judge::Verdict;
use crate::sop::schedule::{Course, Planned};

/// So many steps that its campaign's end cut off one enrolment deals with at once.
const MISSED: usize = 20;

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

    /// Ends an enrolment with its campaign, as of when that was over. What fell due before and was never offered is born
    /// expired or skipped first, so that it counts: so many steps at a time. True once the enrolment has left.
    pub(in crate::desk) fn leaves_campaign(
        &mut self,
        act: &Act,
        id: EnrolmentId,
        campaign: &Campaign,
    ) -> Result<bool, DeskError> {
        for _ in 0..MISSED {
            let running = self.store.enrolment(id)?.filter(|of| of.status.state.is_running());
            let Some(enrolment) = running else { return Ok(true) };
            // whoever stops one by hand takes what it would have said back with one undo
            if campaign.stopped_at.is_none() && self.misses_of_campaign(act, &enrolment, campaign.until)? {
                continue;
            }
            if campaign.stopped_at.is_none() && self.was_through_by(act, &enrolment, campaign.until)? {
                return Ok(true);
            }
            let outer = self.brought_at.replace(campaign.over_at());
            let ended = self.cut_short(act, &enrolment, CAMPAIGN_OVER);
            self.brought_at = outer;
            return ended.map(|()| true);
        }
        Ok(false)
    }

    /// Ends an enrolment that had come to its end before an instant, as of when that was, and is found only now; true where it
    /// had.
    fn was_through_by(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        end: Timestamp,
    ) -> Result<bool, DeskError> {
        let status = &enrolment.status;
        let playbook = self.playbooks.get(&enrolment.playbook, status.version);
        let Some(playbook) = playbook.filter(|_| status.state == EnrolmentState::Active) else {
            return Ok(false);
        };
        let zone = self.store.columns.zone_of(enrolment);
        let holidays = self.store.columns.holidays.clone();
        let course = Course { playbook: &playbook, anchor: &status.anchor, zone, holidays: &holidays };
        let goes_on =
            course.next(&status.progress).is_some() || course.waits_for_a_year(&status.progress).is_some();
        if goes_on
            || !self.open_tasks_of(enrolment)?.is_empty()
            || self.over_since(enrolment, &playbook, zone, act.at)? >= end
        {
            return Ok(false);
        }
        self.came_to_its_end(act, enrolment, &playbook, zone)?;
        Ok(true)
    }

    /// Deals with the next step of an enrolment that fell due before its campaign was over; false where there is none, where
    /// it waits for nothing but to be told, or stands behind what has not been said.
    fn misses_of_campaign(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        over: Timestamp,
    ) -> Result<bool, DeskError> {
        let status = &enrolment.status;
        let playbook = self.playbooks.get(&enrolment.playbook, status.version);
        let Some(playbook) = playbook.filter(|_| status.state == EnrolmentState::Active) else {
            return Ok(false);
        };
        let zone = self.store.columns.zone_of(enrolment);
        let holidays = self.store.columns.holidays.clone();
        let course = Course { playbook: &playbook, anchor: &status.anchor, zone, holidays: &holidays };
        let next = course.next(&status.progress).filter(|planned| planned.due_at < over);
        let Some((step, planned)) = next.and_then(|next| Some((playbook.step(next.step)?, next))) else {
            return Ok(false);
        };
        let is_paused = |until: Option<Timestamp>| until.is_none_or(|until| until >= over);
        if self.paused_for(enrolment, step, planned.due_at).is_some_and(is_paused) {
            return Ok(false);
        }
        // nothing of a campaign outlasts it; what was over before is too late by itself
        let end = planned.until.filter(|until| *until < over);
        let cut = Planned { until: Some(end.unwrap_or(over)), ..planned.clone() };
        let unsaid = match end {
            Some(_) => EndReason::TooLate,
            None => EndReason::Stopped { rule: CAMPAIGN_OVER.to_owned() },
        };
        let silent = enrolment.group.filter(|_| step.collects(playbook.target));
        let verdict = self.verdict(enrolment, &playbook, &course, step, &cut, act.at, true)?;
        let (state, reason) = match &verdict {
            _ if silent.is_some_and(|group| !self.is_open_target(Target::Group(group))) => {
                (TaskState::Cancelled, EndReason::TargetGone)
            }
            Verdict::End { .. }
            | Verdict::Hold { why: None | Some(WaitReason::Paused | WaitReason::DayOff), .. } => {
                return Ok(false);
            }
            Verdict::Skip(reason) => (TaskState::Skipped, reason.clone()),
            Verdict::Expire(EndReason::TooLate) => (TaskState::Expired, unsaid),
            Verdict::Expire(reason) => (TaskState::Expired, reason.clone()),
            Verdict::Fire { .. } | Verdict::Shift { .. } | Verdict::Move { .. } | Verdict::Hold { .. } => {
                let picks = step.who.is_none();
                match picks
                    .then(|| self.is_its_turn(act, enrolment, &playbook, step, &planned))
                    .transpose()?
                {
                    // the rota is looked at in slices
                    Some(None) => return Ok(true),
                    Some(Some(false)) => {
                        self.pass(act, enrolment, &course, course.pass(&status.progress, &planned))?;
                        return Ok(true);
                    }
                    None | Some(Some(true)) => (TaskState::Expired, unsaid),
                }
            }
        };
        self.fire_ended(act, enrolment, &playbook, step, &cut, state, reason)?;
        self.pass(act, enrolment, &course, course.pass(&status.progress, &planned))?;
        // what comes behind would have moved beyond the end with it
        Ok(!matches!(verdict, Verdict::Shift { .. }))
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
