//! A step that is owed to members of a group or friends of an account, one task each.
//!
//! The enrolment of the group or account carries the step, but caps and quiet hours protect each member: who may not have it now
//! is looked at again later, and until everybody had it or its span is over the step is not passed.

use std::collections::HashSet;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::view::subject::Scene;
use super::fire::Fired;
use super::limits::Whom;
use crate::book::time::MINUTE;
use crate::book::{
    EndReason, Enrolment, EnrolmentId, GroupId, MemberId, PlaybookId, Target, TaskKey, TaskState, TaskStatus,
    Timestamp, Via, WaitReason,
};
use crate::queue::caps::Allowance;
use crate::queue::quiet::quiets;
use crate::sop::format::{Playbook, Step};
use crate::sop::judge::{Verdict, opens};
use crate::sop::schedule::Planned;
use crate::store::columns::MemberColumn;
use crate::store::{Body, keys};

/// How many records one turn makes of a fanned-out step, how many it judges for them, and how many it looks at.
const FANNED: usize = 50;
const JUDGED: usize = 100;
const ROWS: u32 = 20_000;

/// How far a step has come that is owed to many.
#[derive(Debug)]
pub(super) struct Fanned {
    enrolment: EnrolmentId,
    step: u16,
    planned_at: Timestamp,
    /// The next member that may be meant.
    row: u32,
    /// When the first of those is looked at again who may not have it now, and why not.
    again: Option<(Timestamp, WaitReason)>,
}

impl Fanned {
    /// True for one of an enrolment.
    pub(super) fn is_of(&self, enrolment: EnrolmentId) -> bool {
        self.enrolment == enrolment
    }
}

/// A step that is owed to many.
struct Owed<'a> {
    enrolment: &'a Enrolment,
    playbook: &'a Playbook,
    step: &'a Step,
    planned: &'a Planned,
    until: Option<Timestamp>,
    who: &'a str,
    group: Option<GroupId>,
    named: &'a [(String, HashSet<MemberId>)],
    /// By what day it is judged who is meant, and left in peace.
    judged_at: Timestamp,
    phase: Phase,
}

/// How far the span of a step is.
enum Phase {
    /// Who has no room to its end is looked at again then: somebody may make some.
    Open,
    /// It was passed: nobody looks at it again.
    Passed,
    /// It is over for all who did not have it, and why.
    Over(EndReason),
}

impl Desk {
    /// A group step owed to the members of the group that match; each has caps and quiet hours of their own. Once it is over
    /// the rest is told why.
    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    pub(super) fn fan_out(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        until: Option<Timestamp>,
        who: &str,
        within: Target,
        over: Option<EndReason>,
    ) -> Result<Fired, DeskError> {
        let full = self.store.staged() + FANNED;
        let group = match within {
            Target::Group(group) => Some(group),
            _ => None,
        };
        let named = self.named(who, &playbook.id, planned.run, group)?;
        let judged_at = self.judged_at(enrolment, playbook, step, planned, act.at)?.1;
        let (named, phase) = (named.as_slice(), over.map_or(Phase::Open, Phase::Over));
        let owed = Owed { enrolment, playbook, step, planned, until, who, group, named, judged_at, phase };
        if let Some(pick) = &step.pick {
            let picked = self.whose_turn(act, playbook, step, pick, planned, within, who, named)?;
            let Some(picked) = picked else { return Ok(Fired::Partly) };
            let mut again = None;
            for member in picked {
                if self.store.staged() >= full {
                    return Ok(Fired::Partly);
                }
                sooner(&mut again, self.fan_one(act, &owed, member)?);
            }
            return Ok(again.map_or(Fired::Whole, |(at, why)| Fired::Later(at, why)));
        }
        let (id, place) = (enrolment.id, (planned.step, planned.planned_at));
        let goes_on = self.tick.fanned.take().filter(|f| f.is_of(id) && (f.step, f.planned_at) == place);
        let mut fanned = goes_on.unwrap_or(Fanned {
            enrolment: id,
            step: planned.step,
            planned_at: planned.planned_at,
            row: 0,
            again: None,
        });
        let (mut judged, last) = (0, fanned.row.saturating_add(ROWS));
        while (fanned.row as usize) < self.store.columns.members.len() {
            if self.store.staged() >= full || judged >= JUDGED || fanned.row >= last {
                self.tick.fanned = Some(fanned);
                return Ok(Fired::Partly);
            }
            let members = &self.store.columns.members;
            let inside = members.get(fanned.row).is_some_and(|m| !m.archived && self.belongs(&m, within));
            let member = members.id(fanned.row).filter(|_| inside);
            fanned.row += 1;
            if let Some(member) = member {
                judged += 1;
                sooner(&mut fanned.again, self.fan_one(act, &owed, member)?);
            }
        }
        Ok(fanned.again.map_or(Fired::Whole, |(at, why)| Fired::Later(at, why)))
    }

    /// One of those to whom a step is owed gets a task; else when to look again, and why, where that is not now.
    fn fan_one(
        &mut self,
        act: &Act,
        owed: &Owed<'_>,
        member: MemberId,
    ) -> Result<Option<(Timestamp, WaitReason)>, DeskError> {
        let Owed { enrolment, playbook, step, planned, until, who, group, named, judged_at, .. } = owed;
        let target = Target::Member(member);
        let key = self.key(playbook, step, planned, target);
        if self.store.bodies.has(&keys::fired(&key))?
            || !self.matches_in(who, target, Scene { named, ..self.scene(*judged_at) })?
            || self.is_marketing_off(playbook.class_of(step), target)
        {
            return Ok(None);
        }
        if let Some(until) = self.member_rests_until(playbook, step, target, *judged_at)? {
            let zone = self.store.columns.zone_of(enrolment);
            let why = EndReason::Resting { until: until.day(zone) };
            self.fire_over(act, enrolment, playbook, step, planned, key, *group, (TaskState::Skipped, why))?;
            return Ok(None);
        }
        if !self.is_fresh_to(playbook, step, target, *judged_at)? {
            let end = (TaskState::Skipped, EndReason::NotFresh);
            self.fire_over(act, enrolment, playbook, step, planned, key, *group, end)?;
            return Ok(None);
        }
        if let Phase::Over(why) = &owed.phase {
            let end = (TaskState::Expired, why.clone());
            self.fire_over(act, enrolment, playbook, step, planned, key, *group, end)?;
            return Ok(None);
        }
        let is_late = act.at.since(*judged_at) > MINUTE;
        if let Some(end) = planned.until.filter(|end| is_late && *end <= act.at)
            && let Some(why) = self.held_from(owed, target, end)?
        {
            let end = (TaskState::Expired, why);
            self.fire_over(act, enrolment, playbook, step, planned, key, *group, end)?;
            return Ok(None);
        }
        match self.member_may(owed, member, act.at, is_late)? {
            Some((at, why)) if until.is_none_or(|until| at < until) => return Ok(Some((at, why))),
            Some((_, why)) if matches!(owed.phase, Phase::Open) => return Ok(until.map(|end| (end, why))),
            // held until the step is over: it counts for them all the same
            Some((_, why)) => {
                let end = (TaskState::Expired, EndReason::Held { why });
                self.fire_over(act, enrolment, playbook, step, planned, key, *group, end)?;
            }
            None => {
                self.fire_one(act, enrolment, playbook, step, planned, *until, key, *group, Vec::new())?;
            }
        }
        Ok(None)
    }

    /// Somebody whom a step means since it was passed gets theirs: now, or when a pause, their caps and quiet hours let it, as
    /// far as its span goes.
    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    pub(in crate::desk) fn fan_late(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        until: Option<Timestamp>,
        who: &str,
        (group, named): (Option<GroupId>, &[(String, HashSet<MemberId>)]),
        member: MemberId,
        not_before: Option<Timestamp>,
    ) -> Result<(), DeskError> {
        let (judged_at, phase) = (act.at, Phase::Passed);
        let owed = Owed { enrolment, playbook, step, planned, until, who, group, named, judged_at, phase };
        let later = self.fan_one(act, &owed, member)?.map(|(at, _)| at);
        let Some(at) = later.max(not_before) else { return Ok(()) };
        // nobody looks at the step again: it waits in the queue
        let key = self.key(playbook, step, planned, Target::Member(member));
        if later.is_some() {
            self.fire_one(act, enrolment, playbook, step, planned, until, key.clone(), group, Vec::new())?;
        }
        let Some(task) = self.fired_task(&key)?.filter(|task| task.status.state == TaskState::Due) else {
            return Ok(());
        };
        let (state, snoozed_until) = (TaskState::Snoozed, Some(at));
        self.change_task(act, &task, TaskStatus { state, snoozed_until, ..task.status.clone() })
    }

    /// When the first of those who have not had a step yet that is owed to each of a group or of an account's friends may
    /// have it, by the rules of now; none where nobody may before its end.
    pub(in crate::desk) fn first_owed(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        let group = match enrolment.target {
            Target::Group(group) => Some(group),
            _ => None,
        };
        let (until, who) = (planned.until, step.who.as_deref().unwrap_or_default());
        let named = &*self.named(who, &playbook.id, planned.run, group)?;
        let (judged_at, phase) = (now, Phase::Open);
        let owed = Owed { enrolment, playbook, step, planned, until, who, group, named, judged_at, phase };
        let mut first = None;
        for (_, id, member) in self.store.columns.members.iter() {
            if member.archived || !self.belongs(&member, enrolment.target) {
                continue;
            }
            let target = Target::Member(id);
            if self.store.bodies.has(&keys::fired(&self.key(playbook, step, planned, target)))?
                || !self.matches_in(who, target, Scene { named, ..self.scene(now) })?
                || self.is_marketing_off(playbook.class_of(step), target)
                || self.member_rests_until(playbook, step, target, now)?.is_some()
            {
                continue;
            }
            let at = self.member_may(&owed, id, now, false)?.map_or(now, |(at, _)| at);
            if until.is_none_or(|until| at < until) && first.is_none_or(|first| at < first) {
                first = Some(at);
            }
        }
        Ok(first)
    }

    /// True while a step of an enrolment is being fanned out, in slices.
    pub(super) fn is_fanned(&self, enrolment: EnrolmentId) -> bool {
        self.tick.fanned.as_ref().is_some_and(|fanned| fanned.is_of(enrolment))
    }

    /// A step of an enrolment that is being fanned out begins with the first member again: it means others now.
    pub(in crate::desk) fn fan_again(&mut self, enrolment: EnrolmentId) {
        self.tick.fanned.take_if(|fanned| fanned.is_of(enrolment));
    }

    /// True for a member of a group, or a friend of an account.
    pub(in crate::desk) fn belongs(&self, member: &MemberColumn, within: Target) -> bool {
        let columns = &self.store.columns;
        match within {
            Target::Group(id) => columns.groups.row(id).is_some_and(|row| member.is_in(row)),
            Target::Account(id) => columns.accounts.row(id).is_some_and(|row| member.is_friend_of(row)),
            Target::Member(_) => false,
        }
    }

    /// Whom the answers of a run's form name in a group, for the keys that a step's `who` asks for. A name that is no
    /// one member's there names nobody: whoever filled it in was told.
    pub(in crate::desk) fn named(
        &self,
        who: &str,
        playbook: &PlaybookId,
        run: chrono::NaiveDate,
        group: Option<GroupId>,
    ) -> Result<Vec<(String, HashSet<MemberId>)>, DeskError> {
        let named = |key: String| {
            let answer = self.answer(playbook, run, group, &key).unwrap_or_default();
            // an answer that says nothing names nobody, and every member would be looked at for it
            let listed = if answer.trim().is_empty() { Vec::new() } else { self.listed(answer, group) };
            (key, listed.into_iter().filter_map(|(_, meant)| meant.ok()).collect())
        };
        Ok(self.asked_in(who)?.into_iter().map(named).collect())
    }

    /// Why a member could be offered a fanned-out step at no instant of its span, or not be sent it; none where somebody was
    /// away from it.
    fn held_from(
        &self,
        owed: &Owed<'_>,
        target: Target,
        end: Timestamp,
    ) -> Result<Option<EndReason>, DeskError> {
        let Owed { enrolment, playbook, step, planned, .. } = owed;
        let (from, why) = self.offered_since(enrolment, playbook, step, planned, target, end)?;
        Ok(if from < end {
            self.refused_then(self.account_for_target(enrolment, step, target), step.via, end)
        } else {
            why.filter(|why| *why != WaitReason::Paused).map(|why| EndReason::Held { why })
        })
    }

    /// When a member may be offered a fanned-out step, and why not now; none when now. What is late waits for no quiet hours
    /// that began when it could have been offered already.
    fn member_may(
        &self,
        owed: &Owed<'_>,
        member: MemberId,
        now: Timestamp,
        is_late: bool,
    ) -> Result<Option<(Timestamp, WaitReason)>, DeskError> {
        let Owed { enrolment, playbook, step, planned, until, .. } = owed;
        let class = playbook.class_of(step);
        let target = Target::Member(member);
        let zone = self.store.columns.zone_of(enrolment);
        let account = self.account_for_target(enrolment, step, target);
        let playbook_id = playbook.id.clone();
        let whom =
            Whom { member: Some(member), group: None, account, playbook: playbook_id, target, each: false };
        if step.via == Via::Internal {
            // nobody outside hears of it
            return Ok(None);
        }
        let hours = self.quiet_about(&whom, zone, now)?;
        let calendar = &*self.store.columns.holidays;
        let open = opens(class, now, *until, &quiets(&hours, calendar));
        if open > now
            && !(is_late
                && now.since(self.offered_since(enrolment, playbook, step, planned, target, now)?.0) > MINUTE)
        {
            return Ok(Some((open, WaitReason::QuietHours)));
        }
        Ok(match self.allow_touch(&whom, class, zone, now)? {
            Allowance::Full { next_at, usage } => Some((next_at, WaitReason::Cap { words: usage.code() })),
            // what is more important to this member may come later on this day
            Allowance::Open => {
                match self.gives_way(&whom, enrolment.id, playbook, step, zone, now, *until)? {
                    Some(Verdict::Hold { until: Some(at), why: Some(why) }) => Some((at, why)),
                    _ => None,
                }
            }
        })
    }

    /// A step that a member could not be offered within its span, or not at all.
    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    fn fire_over(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        key: TaskKey,
        group: Option<GroupId>,
        (state, why): (TaskState, EndReason),
    ) -> Result<(), DeskError> {
        let account = self.account_for_target(enrolment, step, key.target);
        let mut task = self.blank(act, enrolment, playbook, step, planned, key, group);
        task.status = TaskStatus::due(planned.due_at, planned.until, account).ended(state, why, act.at, "");
        self.stage(act, Body::TaskFired(task))
    }
}

/// Keeps the sooner of two times to look again.
fn sooner(known: &mut Option<(Timestamp, WaitReason)>, other: Option<(Timestamp, WaitReason)>) {
    let is_sooner = |(at, _): &(Timestamp, WaitReason)| known.as_ref().is_none_or(|(known, _)| at < known);
    if other.as_ref().is_some_and(is_sooner) {
        *known = other;
    }
}
