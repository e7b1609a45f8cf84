//! Questions of a run: when their to-dos open, and opening them.

use std::sync::Arc;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::{Enrolment, Target, Timestamp};
use crate::sop::format::{AskPer, Playbook, Step};
use crate::sop::schedule::{Course, Planned};

/// How long before its time the to-do of a question opens: two hours.
pub(crate) const ASK_AHEAD: i64 = 2 * crate::book::time::HOUR;

impl Desk {
    /// When the to-do of a run's question opens.
    pub(crate) fn ask_opens(
        &self,
        ask: &crate::sop::format::Ask,
        course: &Course<'_>,
        planned: &Planned,
    ) -> (Timestamp, Timestamp) {
        let start = crate::sop::calendar::day_start(planned.run, course.zone, course.playbook.day_ends);
        let by = ask.by.as_ref().map_or(start, |at| {
            let day = crate::sop::calendar::plus_days(planned.run, at.days.first());
            match at.moment {
                crate::sop::grammar::Moment::Wall(time) => {
                    crate::sop::calendar::instant(day, time, course.zone, course.playbook.day_ends)
                }
                crate::sop::grammar::Moment::Elapsed(length) => start + length.duration(),
            }
        });
        (Timestamp(by.0 - ASK_AHEAD).max(course.anchor.at.min(by)), by)
    }

    pub(in crate::desk) fn next_ask(
        &self,
        playbook: &Playbook,
        course: &Course<'_>,
        planned: &Planned,
        now: Timestamp,
    ) -> Option<Timestamp> {
        playbook
            .asks
            .iter()
            .map(|ask| self.ask_opens(ask, course, planned).0)
            .filter(|opens| *opens > now || self.tick.ticked_at.is_none_or(|t| *opens >= t))
            .min()
    }

    /// Whether a step that is to be offered could not be said, because a question of its run has no answer.
    pub(super) fn waits_for_its_form(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
    ) -> Result<bool, DeskError> {
        let group = match enrolment.target {
            Target::Group(group) => Some(group),
            _ => enrolment.group,
        };
        if !self.is_unfilled(playbook, step, planned.run, group) {
            return Ok(false);
        }
        let key = self.key(playbook, step, planned, enrolment.target);
        let task = self.blank(act, enrolment, playbook, step, planned, key, enrolment.group);
        let text = self.task_text(&task)?;
        Ok(text.blocked.is_some() && text.asked)
    }

    /// Opens the to-dos of the questions of a run whose time has come; when the next one opens.
    pub(super) fn open_asks(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Arc<Playbook>,
        planned: &Planned,
        zone: chrono_tz::Tz,
    ) -> Result<Option<Timestamp>, DeskError> {
        let holidays = self.store.columns.holidays.clone();
        let course = Course { playbook, anchor: &enrolment.status.anchor, zone, holidays: &holidays };
        let mut next: Option<Timestamp> = None;
        for ask in &playbook.asks {
            let (opens, by) = self.ask_opens(ask, &course, planned);
            if opens > act.at {
                next = Some(next.map_or(opens, |n| n.min(opens)));
                continue;
            }
            let group = match (ask.per, enrolment.target) {
                (AskPer::Group, Target::Group(group)) => Some(group),
                _ => None,
            };
            if self.answer(&playbook.id, planned.run, group, &ask.key).is_none() {
                let until = course.answer_ends(planned.run, &ask.key);
                let until = until.unwrap_or(Timestamp(by.0 + crate::book::time::DAY));
                self.fire_ask(act, enrolment, playbook, ask, planned.run, group, by, until)?;
            }
        }
        Ok(next)
    }
}
