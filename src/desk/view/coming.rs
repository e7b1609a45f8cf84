//! What comes next for a target, why it waits, and the dates of a playbook before anybody is in it.

use chrono_tz::Tz;

use super::task_line::{activity_words, clean};
use super::words::ViewWords;
use crate::book::{
    Anchor, EndReason, Enrolment, EnrolmentId, EnrolmentState, MemberId, PlaybookId, Target, Timestamp,
    WaitReason,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::tick::limits::Whom;
use crate::door::detail::Coming;
use crate::door::line::Ref;
use crate::door::reply::PlanLine;
use crate::door::{Refusal, RefusalKind};
use crate::queue::caps::held_words;
use crate::queue::quiet::Quiet;
use crate::sop::calendar::{day_start, local_day, plus_days};
use crate::sop::format::{Playbook, Start};
use crate::sop::plan::{Limits, Moved, PlanRules, plan};
use crate::sop::runout::{Basis, RunOut};
use crate::sop::schedule::{Course, beginning};
use crate::store::columns::parse_zone;
use crate::store::keys;
use crate::text::lang::Lang;

/// Enrolments of one target that are shown.
const SHOWN: usize = 100;

/// Rows of a plan.
const PLAN_ROWS: usize = 500;

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
    fn runs_out_words(
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

    /// The day that a playbook waits for, for a member whom no anchor is given for.
    fn expected_anchor(
        &self,
        playbook: &Playbook,
        member: MemberId,
        zone: Tz,
        lang: Lang,
    ) -> Result<Option<Timestamp>, DeskError> {
        let Start::Runout { product, offset } = &playbook.start else { return Ok(None) };
        let Some(expected) = self.expected_run_out(playbook, member)? else {
            let words = ViewWords::RunsOutUnknown.text(lang);
            let hint = ViewWords::RunsOutHint
                .fill(lang, &[("product", &crate::text::shell::quoted(&clean(product)))]);
            return Err(Refusal::new(RefusalKind::NotFound, words).hint(hint).into());
        };
        Ok(Some(day_start(plus_days(expected.day, *offset), zone, playbook.day_ends)))
    }

    /// The dates of an applied playbook, for a target as it stands or from an anchor given; with the store's quiet
    /// hours and caps, or bare.
    #[expect(clippy::too_many_arguments, reason = "a request, spelled out")]
    pub(super) fn plan(
        &self,
        id: &PlaybookId,
        file: Option<&str>,
        target: Option<Target>,
        anchor: Option<Timestamp>,
        until: Timestamp,
        bare: bool,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Vec<PlanLine>, DeskError> {
        let columns = &self.store.columns;
        let missing = || super::not_found(ViewWords::NoSuch.text(lang), clean(&id.0));
        let playbook = match file {
            // the process that read the file has told its mistakes
            Some(toml) => {
                let parsed = crate::sop::parse(toml, &id.0, &crate::sop::filters::check_filter);
                std::sync::Arc::new(parsed.playbook.ok_or_else(missing)?)
            }
            None => self.playbooks.current(id, columns).ok_or_else(missing)?,
        };
        let running = match (target, anchor) {
            (Some(target), None) if file.is_none() => {
                self.running(target)?.into_iter().find(|e| e.playbook == *id)
            }
            _ => None,
        };
        let zone = match &running {
            Some(enrolment) => parse_zone(&enrolment.zone).unwrap_or(columns.store.zone),
            None => playbook.tz.unwrap_or_else(|| self.target_zone(target)),
        };
        let expected = match target {
            Some(Target::Member(member)) if anchor.is_none() => {
                self.runs_out_words(&playbook, member, lang)?
            }
            _ => None,
        };
        let (anchor, progress) = if let Some(enrolment) = running {
            (enrolment.status.anchor, enrolment.status.progress)
        } else {
            let expected = match (target, anchor) {
                (Some(Target::Member(member)), None) => {
                    self.expected_anchor(&playbook, member, zone, lang)?
                }
                _ => None,
            };
            let at = anchor.or(expected).unwrap_or(now);
            let d0 = local_day(at, zone, playbook.day_ends);
            let fresh = beginning();
            (Anchor { key: String::new(), at, d0 }, fresh)
        };
        let whom = whom(id, target);
        let hours = self.quiet_about(&whom, zone, now)?;
        let calendar = &*columns.holidays;
        let quiet: Vec<Quiet<'_>> =
            hours.iter().map(|(zone, hours)| Quiet { zone: *zone, hours, calendar }).collect();
        let caps = self.caps_about(&whom, now)?;
        let rules = if bare { PlanRules::default() } else { PlanRules { quiet: &quiet, caps: &caps } };
        let course = Course { playbook: &playbook, anchor: &anchor, zone, holidays: &columns.holidays };
        let limits = Limits { from: anchor.at.min(now), until: Some(until), rows: PLAN_ROWS };
        let mut lines: Vec<PlanLine> = plan(&course, &progress, &rules, limits)
            .into_iter()
            .map(|row| PlanLine {
                step: row.step,
                occurrence: row.occurrence,
                due_at: row.due_at,
                until: row.until,
                moved_from: row.moved_from,
                reason: row.reason.map(|moved| moved_reason(&moved, lang)).unwrap_or_default(),
                class: row.class.word().to_owned(),
                via: row.via.word().to_owned(),
            })
            .collect();
        // what its days are counted from is said once
        if let (Some(line), Some(words)) = (lines.first_mut(), expected) {
            line.reason = if line.reason.is_empty() { words } else { format!("{}; {words}", line.reason) };
        }
        Ok(lines)
    }

    fn target_zone(&self, target: Option<Target>) -> Tz {
        let columns = &self.store.columns;
        match target {
            Some(Target::Group(id)) => columns.groups.by_id(id).map(|group| columns.group_zone(&group.body)),
            Some(Target::Account(id)) => columns.account_zone(id),
            _ => None,
        }
        .unwrap_or(columns.store.zone)
    }
}

/// Whom a playbook's steps for a target are about; without one only rules about all hold.
fn whom(playbook: &PlaybookId, target: Option<Target>) -> Whom {
    let nobody = Target::Member(crate::book::id::Id::from_bits(0));
    let (member, group, account) = match target {
        Some(Target::Member(id)) => (Some(id), None, None),
        Some(Target::Group(id)) => (None, Some(id), None),
        Some(Target::Account(id)) => (None, None, Some(id)),
        None => (None, None, None),
    };
    Whom { member, group, account, playbook: playbook.clone(), target: target.unwrap_or(nobody) }
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

fn moved_reason(moved: &Moved, lang: Lang) -> String {
    match moved {
        Moved::Anchor => ViewWords::Anchor.text(lang).to_owned(),
        Moved::Wait(wait) => wait_words(wait, lang),
        Moved::Expired(EndReason::TooLate | EndReason::SpanOver) => {
            ViewWords::WouldExpire.text(lang).to_owned()
        }
        Moved::Expired(end) => super::task_line::reason(end, lang),
    }
}
