//! Works about the answers of a run's form: what waits for one is offered, and whom a step means by a list of names follows
//! the list while the step's span is open.
//!
//! Looked at are those whom the answer named before or names now: who is meant of nothing any more loses what nobody has
//! begun to send, who is meant since gets theirs. Of a step that was not passed yet the tick judges by the list as it is.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::view::subject::Scene;
use super::super::super::words::Words;
use super::super::task::next_rev;
use super::{Counts, Found, Walk};
use crate::book::{
    EndReason, Enrolment, EnrolmentId, EnrolmentState, GroupId, MemberId, PlaybookId, Target, TaskState,
    TaskStatus, Timestamp,
};
use crate::door::reply::Outcome;
use crate::sop::calendar::lost_days;
use crate::sop::format::{Late as LateAs, Playbook, Step, StepPer, TargetKind};
use crate::sop::grammar::WallTime;
use crate::sop::schedule::{Course, Planned, has_passed};
use crate::store::Body;
use crate::store::columns::enrolment::EnrolmentColumn;
use crate::store::columns::task::TargetRow;
use crate::text::lang::Lang;

/// Names that are said one by one.
const NAMED: usize = 5;

/// A question of a run that was answered.
pub(super) struct Asked<'a> {
    pub playbook: &'a PlaybookId,
    pub run: NaiveDate,
    pub group: Option<GroupId>,
    pub key: &'a str,
    /// What the answer was before.
    pub was: &'a str,
}

/// Whom the answers of a form name, by the key asked.
type Named = Vec<(String, HashSet<MemberId>)>;

/// A step of an enrolment that means whom a list names, as it was planned for the run.
struct Meant {
    place: u16,
    planned: Planned,
    who: String,
    named: Named,
    /// Until when it may still be begun; none where that is over.
    #[expect(clippy::option_option, reason = "over, or open until then, or without an end")]
    open: Option<Option<Timestamp>>,
}

/// An enrolment whose steps follow a list.
struct Follows {
    enrolment: Enrolment,
    playbook: Arc<Playbook>,
    group: Option<GroupId>,
    steps: Vec<Meant>,
}

/// What has come of a step that means somebody since it was passed.
pub(super) enum Late {
    Nothing,
    /// They get theirs, now or when the tick comes to it.
    Offered,
    /// It is over before a pause is.
    Paused,
    /// The pause has no end.
    Stopped,
}

/// Until when a step that has come may still be begun; none where that is over. `ends` is when its campaign does.
#[expect(clippy::option_option, reason = "over, or open until then, or without an end")]
pub(super) fn open_still(
    step: &Step,
    planned: &Planned,
    ends: Option<Timestamp>,
    (zone, day_ends): (Tz, WallTime),
    now: Timestamp,
) -> Option<Option<Timestamp>> {
    let until = planned.until.into_iter().chain(ends).min();
    let over = match until {
        Some(until) => until <= now,
        None => step.late == LateAs::Drop && lost_days(planned.due_at, now, zone, day_ends) > 0,
    };
    (!over).then_some(until)
}

/// Says in an outcome what a list has changed.
pub(in super::super) fn list_followed(counts: &Counts, outcome: &mut Outcome, lang: Lang) {
    let signed = |sign: &str, n: usize| (n > 0).then(|| format!("{sign}{n}"));
    let change: Vec<String> =
        signed("+", counts.listed).into_iter().chain(signed("-", counts.unlisted)).collect();
    if !change.is_empty() {
        let words = Words::ListFollowed.fill(lang, &[("change", &change.join(" "))]);
        outcome.words = format!("{}; {words}", outcome.words);
    }
    let told: [(Words, &[String]); 3] = [
        (Words::ListKept, &counts.kept_listed),
        (Words::ListPaused, &counts.paused_listed),
        (Words::ListPausedOpen, &counts.stopped_listed),
    ];
    for (words, all) in told.into_iter().filter(|(_, all)| !all.is_empty()) {
        let mut names: Vec<&str> = all.iter().map(String::as_str).take(NAMED).collect();
        names.extend((all.len() > NAMED).then_some(".."));
        outcome.warnings.push(words.fill(lang, &[("names", &names.join(", "))]));
    }
}

impl Desk {
    /// Whether steps of a playbook go by the answer to a question: by whether there is one, or by whom it names.
    pub(in crate::desk) fn depends_on(&self, playbook: &Playbook, key: &str) -> Result<bool, DeskError> {
        for step in &playbook.steps {
            if step.condition.asks(key) || self.means_by(step, key)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether steps of a playbook mean whom the answer to a question names.
    pub(in crate::desk) fn follows_list(&self, playbook: &Playbook, key: &str) -> Result<bool, DeskError> {
        for step in &playbook.steps {
            if self.means_by(step, key)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether it goes by the list of a key whom a step means.
    fn means_by(&self, step: &Step, key: &str) -> Result<bool, DeskError> {
        let who = step.who.as_deref().filter(|_| step.per == StepPer::Target);
        Ok(who.map_or(Ok(Vec::new()), |who| self.asked_in(who))?.iter().any(|asked| asked == key))
    }

    /// A question of a run was answered: what was passed over because nobody had answered yet is offered while its span is
    /// open. A form is often filled in at the last minute, and what it was filled in for must not be lost. Whom a list
    /// names that was corrected gets what it is for, and whom it names no more is asked nothing.
    pub(super) fn offer_again(
        &mut self,
        act: &Act,
        asked: &Asked<'_>,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let Some(position) = columns.playbook_position(asked.playbook) else { return Ok(true) };
        let row = asked.group.map(|group| columns.groups.row(group));
        if row == Some(None) {
            return Ok(true);
        }
        let there = |e: &EnrolmentColumn| {
            let of = if let TargetRow::Group(row) = e.target { Some(row) } else { e.group };
            e.playbook == position && row.is_none_or(|row| row == of)
        };
        if walk.stage == 0 {
            let mut listed = Vec::new();
            let done = self.each_enrolment(walk, there, |desk, row| {
                let Some(enrolment) = desk.enrolment_at(row)? else { return Ok(()) };
                desk.offer_passed_over(act, asked, &enrolment)?;
                listed.extend(desk.whom_lists_name(act, asked, &enrolment)?);
                Ok(())
            })?;
            match &mut walk.found {
                Some(Found::Listed(found)) => found.extend(listed),
                found => *found = Some(Found::Listed(listed)),
            }
            if !done {
                return Ok(false);
            }
            (walk.stage, walk.next) = (1, 0);
        }
        let mut known: Option<Follows> = None;
        let at = |_: &Self, walk: &Walk| match &walk.found {
            Some(Found::Listed(found)) => found.get(walk.next as usize).copied(),
            _ => None,
        };
        self.each_of(walk, at, |desk, (id, member)| {
            desk.works.room.read();
            if known.as_ref().is_none_or(|known| known.enrolment.id != id) {
                let enrolment = desk.store.enrolment(id)?;
                known = enrolment.map(|of| desk.follows(act, asked, of)).transpose()?.flatten();
            }
            match &known {
                Some(follows) => desk.counted(|desk| desk.follow_list(act, follows, member, counts)),
                None => Ok(()),
            }
        })
    }

    fn offer_passed_over(
        &mut self,
        act: &Act,
        asked: &Asked<'_>,
        enrolment: &Enrolment,
    ) -> Result<(), DeskError> {
        for task in self.passed_over(enrolment, asked.run, asked.key, act.at)? {
            self.works.room.change();
            let after = offered(&task.status, None);
            self.stage(act, Body::TaskChanged { task: task.id, before: task.status, after })?;
        }
        Ok(())
    }

    /// Whom the answer named before and names now, where an enrolment has steps that go by it: in the order of the book.
    fn whom_lists_name(
        &mut self,
        act: &Act,
        asked: &Asked<'_>,
        enrolment: &Enrolment,
    ) -> Result<Vec<(EnrolmentId, MemberId)>, DeskError> {
        let Some(follows) = self.follows(act, asked, enrolment.clone())? else { return Ok(Vec::new()) };
        let columns = &self.store.columns;
        // a list is held against everybody
        self.works.room.rows = self.works.room.rows.saturating_sub(columns.members.len());
        let before = self.listed(asked.was, follows.group).into_iter().filter_map(|(_, meant)| meant.ok());
        let now = follows.steps.iter().flat_map(|step| &step.named);
        let now = now.filter(|(key, _)| key == asked.key).flat_map(|(_, members)| members.iter().copied());
        let mut rows: Vec<u32> = before.chain(now).filter_map(|id| columns.members.row(id)).collect();
        rows.sort_unstable();
        rows.dedup();
        let ids = rows.into_iter().filter_map(|row| columns.members.id(row));
        Ok(ids.map(|member| (enrolment.id, member)).collect())
    }

    /// The steps of an enrolment that go by a list and have come by now; none where there are none.
    fn follows(
        &self,
        act: &Act,
        asked: &Asked<'_>,
        enrolment: Enrolment,
    ) -> Result<Option<Follows>, DeskError> {
        let columns = &self.store.columns;
        let Some(playbook) = self.playbooks.of(&enrolment, columns) else { return Ok(None) };
        let group = match enrolment.target {
            Target::Group(group) => Some(group),
            _ => None,
        };
        if playbook.target == TargetKind::Member {
            return Ok(None);
        }
        let zone = columns.zone_of(&enrolment);
        let (anchor, holidays) = (&enrolment.status.anchor, &*columns.holidays);
        let course = Course { playbook: &playbook, anchor, zone, holidays };
        let ends = self.campaign_of(&enrolment).map(|campaign| campaign.until);
        let mut steps = Vec::new();
        for (step, place) in playbook.steps.iter().zip(0_u16..) {
            let Some(who) = step.who.as_ref() else { continue };
            if !self.means_by(step, asked.key)? {
                continue;
            }
            let planned = course.planned_in(&step.id, asked.run, enrolment.status.progress.shifted_days);
            for planned in planned.into_iter().filter(|planned| planned.due_at <= act.at) {
                let named = self.named(who, asked.playbook, asked.run, group)?;
                let open = open_still(step, &planned, ends, (zone, playbook.day_ends), act.at);
                steps.push(Meant { place, planned, who: who.clone(), named, open });
            }
        }
        Ok((!steps.is_empty()).then_some(Follows { enrolment, playbook, group, steps }))
    }

    /// What is owed to somebody by the steps of an enrolment follows whom a list names.
    fn follow_list(
        &mut self,
        act: &Act,
        follows: &Follows,
        member: MemberId,
        counts: &mut Counts,
    ) -> Result<(), DeskError> {
        let Follows { enrolment, playbook, group, steps } = follows;
        let target = Target::Member(member);
        for Meant { place, planned, who, named, open } in steps {
            let Some(step) = playbook.step(*place) else { continue };
            let columns = &self.store.columns;
            let column = columns.members.by_id(member);
            let belongs =
                column.is_some_and(|column| !column.archived && self.belongs(&column, enrolment.target));
            let is_meant = belongs && self.matches_in(who, target, Scene { named, ..self.scene(act.at) })?;
            let key = self.key(playbook, step, planned, target);
            match self.fired_task(&key)? {
                Some(task) if task.status.state.is_open() && !is_meant => {
                    let status = &task.status;
                    if status.copied_at.is_some() || status.parts_done != 0 {
                        counts.kept_listed.push(self.display_name(target));
                        continue;
                    }
                    let why = EndReason::NotMeant { who: who.clone() };
                    let after = status.ended(TaskState::Cancelled, why, act.at, &act.by.operator);
                    self.change_task(act, &task, after)?;
                    counts.unlisted += 1;
                }
                Some(task) if is_meant && went_with_list(&task.status) && open.is_some() => {
                    if self.is_marketing_off(task.class, target) {
                        continue;
                    }
                    let held = self.held(act, &task)?;
                    self.change_task(act, &task, offered(&task.status, held))?;
                    counts.listed += 1;
                }
                None if is_meant => {
                    let Some(until) = *open else { continue };
                    let meant = (who.as_str(), *group, named.as_slice());
                    match self.offer_late(act, enrolment, playbook, step, planned, until, meant, member)? {
                        Late::Offered => counts.listed += 1,
                        Late::Paused => counts.paused_listed.push(self.display_name(target)),
                        Late::Stopped => counts.stopped_listed.push(self.display_name(target)),
                        Late::Nothing => {}
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A step that has come means somebody whom it meant nobody told before: they get theirs, as far as its span goes.
    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    pub(super) fn offer_late(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        until: Option<Timestamp>,
        (who, group, named): (&str, Option<GroupId>, &[(String, HashSet<MemberId>)]),
        member: MemberId,
    ) -> Result<Late, DeskError> {
        if !has_passed(&enrolment.status.progress, planned) {
            // the tick comes to it
            self.fan_again(enrolment.id);
            let fresh = self.store.enrolment(enrolment.id)?;
            let Some(fresh) = fresh.filter(|fresh| fresh.status.state == EnrolmentState::Active) else {
                return Ok(Late::Nothing);
            };
            self.look_again(act, &fresh)?;
            return Ok(Late::Offered);
        }
        if !self.may_come_late(enrolment, playbook, step, planned, act.at)? {
            return Ok(Late::Nothing);
        }
        let paused = self.paused_for(enrolment, step, act.at);
        let over = paused.map(|over| over.filter(|over| until.is_none_or(|end| *over < end)));
        if over == Some(None) {
            return Ok(if paused.flatten().is_some() { Late::Paused } else { Late::Stopped });
        }
        let (of, not_before) = ((group, named), over.flatten());
        self.fan_late(act, enrolment, playbook, step, planned, until, who, of, member, not_before)?;
        let fired = self.fired_task(&self.key(playbook, step, planned, Target::Member(member)))?;
        let offered = fired.is_some_and(|task| task.status.state.is_open());
        Ok(if offered { Late::Offered } else { Late::Nothing })
    }

    /// Whether somebody may be owed a step that was passed: nothing of it is called off or ruled out, and it picks nobody by
    /// turns.
    fn may_come_late(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let off = self.store.columns.days_off.contains(&(playbook.id.clone(), planned.occurrence));
        let goes_on = matches!(enrolment.status.state, EnrolmentState::Active | EnrolmentState::Finished);
        Ok(goes_on
            && !off
            && step.pick.is_none()
            && self.is_open_target(enrolment.target)
            && self.condition_holds(enrolment, playbook, step, planned.run, now)?)
    }
}

/// True for what ended because a list did not name its target any more, or with the list that had named it.
fn went_with_list(status: &TaskStatus) -> bool {
    let ended = matches!(status.end, Some(EndReason::NotMeant { .. } | EndReason::Undone));
    status.state == TaskState::Cancelled && ended
}

/// A task that ended as it is offered again.
pub(super) fn offered(status: &TaskStatus, held: Option<String>) -> TaskStatus {
    TaskStatus {
        state: TaskState::Due,
        end: None,
        ended_at: None,
        ended_by: String::new(),
        snoozed_until: None,
        held: held.or_else(|| status.held.clone()),
        ..next_rev(status)
    }
}
