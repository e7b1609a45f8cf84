//! What comes next for a target, and why it waits.

use super::task_line::{activity_words, clean};
use super::words::ViewWords;
use crate::book::{
    EndReason, Enrolment, EnrolmentId, EnrolmentState, MemberId, Target, Timestamp, WaitReason,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::Coming;
use crate::door::line::Ref;
use crate::queue::caps::held_words;
use crate::sop::format::{Playbook, Start};
use crate::sop::plan::Moved;
use crate::sop::runout::{Basis, RunOut};
use crate::sop::schedule::Course;
use crate::store::columns::parse_zone;
use crate::store::keys;
use crate::text::lang::Lang;

/// Enrolments of one target that are shown.
const SHOWN: usize = 100;

impl Desk {
    /// Running enrolments of a target by their next instant, then those that have ended, with the reason.
    pub(super) fn coming(&self, target: Target, lang: Lang) -> Result<Vec<Coming>, DeskError> {
        let prefix = keys::enrolments_of(target);
        let mut coming = Vec::new();
        // ids rise with time: the newest are the ones people ask about
        for (key, _) in self.store.bodies.newest(&prefix, None, SHOWN)? {
            let Some(id) = key.get(prefix.len()..).and_then(keys::id_from::<EnrolmentId>) else { continue };
            if let Some(enrolment) = self.store.enrolment(id)? {
                coming.push(self.coming_of(&enrolment, lang));
            }
        }
        coming.sort_by_key(|entry| (entry.at.is_none(), entry.at));
        Ok(coming)
    }

    /// As [`Self::coming`]; of a group also what is to be said in it to its members.
    pub(super) fn coming_to(
        &self,
        target: Target,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Vec<Coming>, DeskError> {
        let mut coming = self.coming(target, lang)?;
        if let Target::Group(group) = target {
            coming.extend(self.coming_in_group(group, now, lang));
            coming.sort_by_key(|entry| (entry.at.is_none(), entry.at));
        }
        Ok(coming)
    }

    /// What comes next in one enrolment.
    pub(super) fn coming_of(&self, enrolment: &Enrolment, lang: Lang) -> Coming {
        let status = &enrolment.status;
        let playbook = self.playbooks.get(&enrolment.playbook, status.version);
        let zone = parse_zone(&enrolment.zone).unwrap_or(self.store.columns.store.zone);
        let position = self.store.columns.playbook_position(&enrolment.playbook);
        let paused = position.is_some_and(|position| self.is_paused(position));
        let next =
            playbook.as_ref().filter(|_| status.state == EnrolmentState::Active).and_then(|playbook| {
                let holidays = &self.store.columns.holidays;
                Course { playbook, anchor: &status.anchor, zone, holidays }.next(&status.progress)
            });
        let why = match (&status.state, &status.waiting) {
            (EnrolmentState::Finished, _) => {
                let rest = playbook.as_ref().and_then(|playbook| playbook.rest).zip(status.ended_at);
                let finished = ViewWords::Finished.text(lang).to_owned();
                rest.map_or(finished.clone(), |(rest, ended_at)| {
                    let days = i32::try_from(rest.days()).unwrap_or(i32::MAX);
                    let day = crate::sop::calendar::plus_days(ended_at.day(zone), days);
                    format!("{finished}, {}", ViewWords::RestsUntil.fill(lang, &[("day", &day)]))
                })
            }
            (EnrolmentState::Stopped { rule }, _) => {
                ViewWords::Stopped.fill(lang, &[("rule", &activity_words(rule, lang))])
            }
            (EnrolmentState::InLine, _) => ViewWords::Intake.text(lang).to_owned(),
            (EnrolmentState::Active, _) if paused => ViewWords::Paused.text(lang).to_owned(),
            (EnrolmentState::Active, Some(wait)) => wait_words(wait, lang),
            (EnrolmentState::Active, None) => {
                let member = match enrolment.target {
                    Target::Member(member) => Some(member),
                    _ => None,
                };
                let expected =
                    playbook.as_ref().zip(member).map(|(p, member)| self.runs_out_words(p, member, lang));
                expected.and_then(Result::ok).flatten().unwrap_or_default()
            }
        };
        Coming {
            at: status.next_at.filter(|_| !paused),
            playbook: Ref { id: enrolment.playbook.clone(), name: self.title(&enrolment.playbook) },
            enrolment: enrolment.id,
            step: next.map(|planned| clean(&planned.id)).unwrap_or_default(),
            why,
        }
    }

    /// When a member is expected to run out of what a playbook waits for, and what says so; none for other playbooks.
    pub(super) fn runs_out_words(
        &self,
        playbook: &Playbook,
        member: MemberId,
        lang: Lang,
    ) -> Result<Option<String>, DeskError> {
        if !matches!(playbook.start, Start::Runout { .. }) {
            return Ok(None);
        }
        let Some(RunOut { day, basis, .. }) = self.expected_run_out(playbook, member)? else {
            return Ok(Some(ViewWords::RunsOutUnknown.text(lang).to_owned()));
        };
        Ok(Some(match basis {
            Basis::Pace { days, purchases } => {
                ViewWords::RunsOutByPace.fill(lang, &[("day", &day), ("n", &purchases), ("days", &days)])
            }
            Basis::Use { days } => ViewWords::RunsOutByUse.fill(lang, &[("day", &day), ("days", &days)]),
        }))
    }
}

fn wait_words(wait: &WaitReason, lang: Lang) -> String {
    match wait {
        WaitReason::QuietHours => ViewWords::Quiet.text(lang).to_owned(),
        WaitReason::Cap { words } => {
            ViewWords::Cap.fill(lang, &[("words", &clean(&held_words(words, lang)))])
        }
        WaitReason::Paused => ViewWords::Paused.text(lang).to_owned(),
        WaitReason::Clock => ViewWords::Clock.text(lang).to_owned(),
        WaitReason::Calendar => ViewWords::Calendar.text(lang).to_owned(),
        WaitReason::Intake => ViewWords::Intake.text(lang).to_owned(),
    }
}

pub(super) fn moved_reason(moved: &Moved, lang: Lang) -> String {
    match moved {
        Moved::Never => ViewWords::QuietAlways.text(lang).to_owned(),
        Moved::Anchor => ViewWords::Anchor.text(lang).to_owned(),
        Moved::Wait(wait) => wait_words(wait, lang),
        Moved::Expired(EndReason::TooLate | EndReason::SpanOver) => {
            ViewWords::WouldExpire.text(lang).to_owned()
        }
        Moved::Expired(end) => super::task_line::reason(end, lang),
    }
}
