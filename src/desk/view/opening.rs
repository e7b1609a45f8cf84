//! When what comes next can be said: an enrolment is looked at when its step is planned, or when a cap is free again, and
//! where that lies in quiet hours the step is said after them. Lists and cards tell that instant and not the look.

use crate::book::{Enrolment, EnrolmentId, EnrolmentState, Progress, Timestamp, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::queue::caps::is_by_rules;
use crate::queue::quiet::quiets;
use crate::sop::format::{Playbook, Step};
use crate::sop::judge::opens;
use crate::sop::schedule::{Course, Planned};

/// Occurrences that are passed by in one rest: a year of a step a day.
const RESTED: usize = 400;

/// Occurrences that quiet hours rule out which are passed by: rules that leave none of a week leave none at all.
const RULED_OUT: usize = 7;

impl Desk {
    /// Until when quiet hours or caps hold what an enrolment has next, as things stand: to its end, where that is the end of
    /// its span. None where they do not hold it.
    ///
    /// It may be looked at sooner, for what comes behind it.
    pub(super) fn held_until(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        next: &Planned,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        let status = &enrolment.status;
        let Some(at) = status.next_at.filter(|_| status.waiting.as_ref().is_some_and(is_by_rules)) else {
            return Ok(None);
        };
        let step = playbook.step(next.step).filter(|step| step.who.is_some() && step.pick.is_none());
        let Some((step, end)) = step.zip(next.until).filter(|(_, end)| now.max(at) < *end) else {
            return Ok(Some(at));
        };
        // each of many is held by their own
        let first = self.first_owed(enrolment, playbook, step, next, now)?;
        Ok(Some(first.map_or(end, |first| first.max(at))))
    }

    /// When a step that is looked at at an instant can be said by the quiet hours of whom it is about.
    pub(super) fn said_at(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        at: Timestamp,
    ) -> Result<Timestamp, DeskError> {
        if step.via == Via::Internal {
            return Ok(at);
        }
        let zone = self.store.columns.zone_of(enrolment);
        let hours = self.quiet_about(&self.protected(enrolment, step), zone, at)?;
        let calendar = &*self.store.columns.holidays;
        Ok(opens(playbook.class_of(step), at, planned.until, &quiets(&hours, calendar)))
    }

    /// The same of the next step of an enrolment that is looked at then, and that a pause may hold for longer; none where
    /// that is until told otherwise. That instant itself where something else is looked at, as a form that opens.
    pub(super) fn next_said_at(
        &self,
        id: EnrolmentId,
        at: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        let Some(enrolment) = self.store.enrolment(id)? else { return Ok(Some(at)) };
        let status = &enrolment.status;
        let playbook = self.playbooks.get(&enrolment.playbook, status.version);
        let Some(playbook) = playbook.filter(|_| status.state == EnrolmentState::Active) else {
            return Ok(Some(at));
        };
        let zone = self.store.columns.zone_of(&enrolment);
        let holidays = &self.store.columns.holidays;
        let course = Course { playbook: &playbook, anchor: &status.anchor, zone, holidays };
        let Some((progress, at)) = self.goes_on(&enrolment, &playbook, &course, at)? else { return Ok(None) };
        let Some(planned) = course.next(&progress).filter(|planned| planned.due_at <= at) else {
            return Ok(Some(at));
        };
        let Some(step) = playbook.step(planned.step) else { return Ok(Some(at)) };
        match self.paused_for(&enrolment, step, at) {
            Some(None) => Ok(None),
            Some(Some(over)) => self.said_at(&enrolment, &playbook, step, &planned, over).map(Some),
            None => self.said_at(&enrolment, &playbook, step, &planned, at).map(Some),
        }
    }

    /// Where an enrolment that is looked at then goes on, and when: what comes while its target is left in peace is passed by,
    /// days that were called off, and what is held to its end. None where nothing comes after them.
    pub(super) fn goes_on(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        course: &Course<'_>,
        at: Timestamp,
    ) -> Result<Option<(Progress, Timestamp)>, DeskError> {
        let (mut progress, mut at) = match self.after_rest(enrolment, playbook, course, at)? {
            // nobody is told anything before
            Some((progress, until)) => {
                let next = course.next(&progress).map_or(until, |planned| planned.due_at);
                (progress, next.max(at))
            }
            None => (enrolment.status.progress.clone(), at),
        };
        let days_off = &self.store.columns.days_off;
        let mut lost = false;
        if let Some(next) = course.next(&progress).filter(|_| progress == enrolment.status.progress)
            && let Some(until) = self.held_until(enrolment, playbook, &next, at)?
        {
            lost = next.until.is_some_and(|end| end <= until);
            at = if lost { at } else { at.max(until) };
        }
        let mut ruled_out = 0;
        for _ in 0..RESTED {
            let Some(planned) = course.next(&progress) else { break };
            let called_off = days_off.contains(&(playbook.id.clone(), planned.occurrence));
            let off = std::mem::take(&mut lost) || called_off;
            if !off {
                if planned.due_at > at || !self.is_ruled_out(enrolment, playbook, &planned, at)? {
                    break;
                }
                ruled_out += 1;
                if ruled_out > RULED_OUT {
                    return Ok(None);
                }
            }
            progress = course.pass(&progress, &planned);
            let Some(next) = course.next(&progress) else { return Ok(None) };
            let opens = self.next_ask(playbook, course, &next, at);
            at = opens.map_or(next.due_at, |opens| opens.min(next.due_at)).max(at);
        }
        Ok(Some((progress, at)))
    }

    /// Whether quiet hours leave nothing of the span of a step that is looked at then.
    fn is_ruled_out(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        planned: &Planned,
        at: Timestamp,
    ) -> Result<bool, DeskError> {
        let (Some(step), Some(end)) = (playbook.step(planned.step), planned.until) else { return Ok(false) };
        Ok(end <= self.said_at(enrolment, playbook, step, planned, at)?)
    }

    /// Passes by what comes of an enrolment while its target is left in peace: where it goes on then, and until when that
    /// is. None where nothing is passed by.
    pub(super) fn after_rest(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        course: &Course<'_>,
        now: Timestamp,
    ) -> Result<Option<(Progress, Timestamp)>, DeskError> {
        let mut rests: Vec<Option<Option<Timestamp>>> = vec![None; playbook.steps.len()];
        let mut progress = enrolment.status.progress.clone();
        let mut last = None;
        for _ in 0..RESTED {
            let Some(planned) = course.next(&progress) else { break };
            let place = usize::from(planned.step);
            let (Some(step), Some(known)) = (playbook.step(planned.step), rests.get_mut(place)) else {
                break;
            };
            let until = match known {
                Some(until) => *until,
                None => *known.insert(self.step_rests_until(playbook, step, enrolment.target, now, true)?),
            };
            let Some(until) = until.filter(|until| planned.due_at.max(now) < *until) else { break };
            last = last.max(Some(until));
            progress = course.pass(&progress, &planned);
        }
        Ok(last.map(|until| (progress, until)))
    }

    /// The first instant at which any of some enrolments says something, by when they are looked at, soonest first. So
    /// many are read; those beyond are taken as they stand.
    pub(super) fn soonest(
        &self,
        looks: impl Iterator<Item = (Timestamp, EnrolmentId)>,
        mut reads: usize,
    ) -> Result<Option<Timestamp>, DeskError> {
        let mut best: Option<Timestamp> = None;
        for (at, id) in looks {
            if best.is_some_and(|best| best <= at) {
                break;
            }
            let said = if reads == 0 { Some(at) } else { self.next_said_at(id, at)? };
            reads = reads.saturating_sub(1);
            best = best.into_iter().chain(said).min();
        }
        Ok(best)
    }
}
