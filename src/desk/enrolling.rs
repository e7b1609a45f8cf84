//! Enrolling: how targets get into playbooks, and out of them.
//!
//! One file because every way in passes the same gates, and they are read together.

use chrono_tz::Tz;

use super::Desk;
use super::act::{Act, DeskError};
use super::anchors::{AGAIN, begins};
use super::standing::enters_again;
use crate::book::id::Id;
use crate::book::{
    AccountId, Anchor, Campaign, Class, EndReason, Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus,
    GroupId, MemberId, PlaybookId, Stage, Target, Task, TaskId, TaskKind, TaskState, TaskStatus, Timestamp,
    Via,
};
use crate::queue::order::Owner;
use crate::sop::calendar::local_day;
use crate::sop::format::{Effect, Playbook, StopRule, TargetKind, When};
use crate::sop::plan::Bar;
use crate::sop::schedule::{Course, beginning};
use crate::store::Body;
use crate::store::columns::{MemberColumn, parse_zone};
use crate::store::keys;
use crate::store::record::{Change, Edited, PlaybookState};

/// How many of an enrolment's newest tasks may still be open: a group that has left a year of them unsent keeps the
/// older ones in its queue, and only loses their cancellation by a stop rule.
const TASKS_LOOKED_AT: usize = 512;

/// The rule of an enrolment that ended with its playbook's removal.
pub(crate) const REMOVED: &str = "removed";

/// The stop rule of an enrolment that somebody took out, and the word its record keeps of it.
pub(crate) const BY_HAND: &str = "by-hand";
pub(crate) const TAKEN_OUT: &str = "filter:by-hand";

/// What an enrolment begins with.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub playbook: PlaybookId,
    pub target: Target,
    pub group: Option<GroupId>,
    pub account: Option<AccountId>,
    /// Spell, number or date: never an instant.
    pub key: String,
    pub at: Timestamp,
    /// By hand: historical anchors are meant, and an audience that does not fit is a reason for a human.
    pub by_hand: bool,
    /// A human asks for it: who was stopped before comes in once more.
    pub again: bool,
}

/// Why a target does not enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NoEntry {
    /// The playbook is gone, or made for other targets.
    NotFor,
    /// In it already from this anchor.
    Already,
    /// It goes through it already, from whatever anchor: a campaign says nothing twice.
    Running,
    /// Its audience does not match.
    Audience,
    /// They asked to be left alone, and it is marketing.
    LeftAlone,
    /// It can be reached no more: dissolved, merged, banned.
    Closed,
    /// Resting after an earlier round.
    Resting,
    /// It happened before the playbook was applied, or its first window is over.
    TooOld,
}

impl Desk {
    /// The zone an enrolment's wall times are in.
    pub(crate) fn zone_for(
        &self,
        playbook: &Playbook,
        target: Target,
        group: Option<GroupId>,
        account: Option<AccountId>,
    ) -> Tz {
        let columns = &self.store.columns;
        let of_group = |id: GroupId| columns.groups.by_id(id).and_then(|g| parse_zone(&g.body.zone));
        let target_group = if let Target::Group(id) = target { Some(id) } else { group };
        let target_account = if let Target::Account(id) = target { Some(id) } else { account };
        playbook
            .tz
            .or_else(|| target_group.and_then(of_group))
            .or_else(|| {
                let main = target_group.and_then(|id| columns.groups.by_id(id)?.body.account);
                target_account.or(main).and_then(|id| columns.account_zone(id))
            })
            .unwrap_or(columns.store.zone)
    }

    /// Whether a target may enter now, and if so the enrolment that would begin.
    pub(crate) fn would_enter(
        &mut self,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<Result<Enrolment, NoEntry>, DeskError> {
        self.would_enter_as_of(entry, now, now)
    }

    /// The same of who is let in now and is judged by what held at an earlier instant.
    pub(crate) fn would_enter_as_of(
        &mut self,
        entry: &Entry,
        as_of: Timestamp,
        now: Timestamp,
    ) -> Result<Result<Enrolment, NoEntry>, DeskError> {
        let judged = self.judged(entry, as_of)?;
        Ok(judged.map(|enrolment| Enrolment { id: self.ids.next(now), enrolled_at: now, ..enrolment }))
    }

    /// As [`Self::would_enter`], of an enrolment that has no id of its own.
    pub(crate) fn judged(
        &self,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<Result<Enrolment, NoEntry>, DeskError> {
        let columns = &self.store.columns;
        let Some(column) = columns.playbooks.get(&entry.playbook) else { return Ok(Err(NoEntry::NotFor)) };
        let (version, activated_at) = (column.current, column.activated_at);
        if column.state == PlaybookState::Removed {
            return Ok(Err(NoEntry::NotFor));
        }
        let Some(playbook) = self.playbooks.get(&entry.playbook, version) else {
            return Ok(Err(NoEntry::NotFor));
        };
        let known = self.store.bodies.get(&keys::enrolled(&entry.playbook, entry.target, &entry.key))?;
        if let Some(id) = known.and_then(|bytes| keys::id_from::<EnrolmentId>(&bytes)) {
            let before = self.store.enrolment(id)?;
            let ended_by = |e: &Enrolment| match &e.status.state {
                // a later purchase had ended it, and was given back
                EnrolmentState::Stopped { rule } if rule == AGAIN && entry.key.starts_with("runout:") => true,
                EnrolmentState::Stopped { rule } => entry.again || enters_again(rule),
                _ => false,
            };
            if !before.as_ref().is_some_and(ended_by) {
                let open = self.is_open_target(entry.target);
                return Ok(Err(if open { NoEntry::Already } else { NoEntry::Closed }));
            }
            // what an undo took back never was, what a removal ended begins again with the playbook, and who was away
            // is back: they enter again, and what had fired stays fired
        }
        if Campaign::id_of(&entry.key).is_some() && self.runs_in(&entry.playbook, entry.target, now)? {
            return Ok(Err(NoEntry::Running));
        }
        self.judged_by(&playbook, version, activated_at, entry, now)
    }

    /// The same by a playbook as it is given, applied or not, of a target that it does not know yet.
    pub(crate) fn judged_by(
        &self,
        playbook: &Playbook,
        version: u32,
        activated_at: Timestamp,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<Result<Enrolment, NoEntry>, DeskError> {
        let fits = matches!(
            (playbook.target, entry.target),
            (TargetKind::Member, Target::Member(_))
                | (TargetKind::Group, Target::Group(_))
                | (TargetKind::Account, Target::Account(_))
        );
        if !fits {
            return Ok(Err(NoEntry::NotFor));
        }
        if !entry.by_hand && entry.at < activated_at {
            return Ok(Err(NoEntry::TooOld));
        }
        match self.barred(playbook, entry.target, now)? {
            Some(Bar::Rests(_)) => return Ok(Err(NoEntry::Resting)),
            Some(Bar::Unwanted) => return Ok(Err(NoEntry::LeftAlone)),
            Some(Bar::Audience(_)) => return Ok(Err(NoEntry::Audience)),
            None => {}
        }
        let zone = self.zone_for(playbook, entry.target, entry.group, entry.account);
        let anchor =
            Anchor { key: entry.key.clone(), at: entry.at, d0: local_day(entry.at, zone, playbook.day_ends) };
        let holidays = self.store.columns.holidays.clone();
        let course = Course { playbook, anchor: &anchor, zone, holidays: &holidays };
        let first = course.next(&beginning());
        if !entry.by_hand && first.is_some() && !course.begins_in_time(now) {
            return Ok(Err(NoEntry::TooOld));
        }
        let in_line = playbook.intake.is_some();
        let next_at = if in_line { None } else { Some(first.map_or(now, |f| f.due_at)) };
        let status = EnrolmentStatus {
            version,
            anchor,
            state: if in_line { EnrolmentState::InLine } else { EnrolmentState::Active },
            progress: beginning(),
            next_at,
            waiting: None,
            ended_at: None,
            zone: None,
        };
        Ok(Ok(Enrolment {
            id: Id::from_bits(0),
            playbook: entry.playbook.clone(),
            target: entry.target,
            group: entry.group,
            account: entry.account,
            zone: zone.name().to_owned(),
            enrolled_at: now,
            status,
        }))
    }

    /// Why a playbook does not take a target at an instant, whatever anchors it.
    pub(crate) fn barred(
        &self,
        playbook: &Playbook,
        target: Target,
        now: Timestamp,
    ) -> Result<Option<Bar>, DeskError> {
        if let Some(until) = self.rests_until(playbook, target, now, false)? {
            return Ok(Some(Bar::Rests(until.day(self.store.columns.store.zone))));
        }
        if self.is_marketing_off(playbook.class, target) {
            return Ok(Some(Bar::Unwanted));
        }
        let matches = self.target_matches(&playbook.audience, target, now)?;
        Ok((!matches).then(|| Bar::Audience(playbook.audience.clone())))
    }

    /// Enrols a target where it may enter.
    pub(crate) fn enter(
        &mut self,
        act: &Act,
        entry: &Entry,
    ) -> Result<Result<EnrolmentId, NoEntry>, DeskError> {
        self.enter_as_of(act, entry, act.at)
    }

    /// The same of who is judged by what held at an earlier instant.
    pub(crate) fn enter_as_of(
        &mut self,
        act: &Act,
        entry: &Entry,
        as_of: Timestamp,
    ) -> Result<Result<EnrolmentId, NoEntry>, DeskError> {
        match self.would_enter_as_of(entry, as_of, act.at)? {
            Ok(enrolment) => {
                let id = enrolment.id;
                let wakes = enrolment.status.next_at.is_some_and(|at| at <= act.at);
                self.stage(act, Body::Enrolled(enrolment))?;
                self.tick.due |= wakes;
                // asks may open before the first step, so the desk looks at once
                self.plan_next(act, id)?;
                Ok(Ok(id))
            }
            Err(reason) => Ok(Err(reason)),
        }
    }

    /// 勿扰: whoever asked not to be disturbed gets no marketing from anywhere.
    pub(crate) fn is_marketing_off(&self, class: Class, target: Target) -> bool {
        let (Target::Member(member), Class::Marketing) = (target, class) else { return false };
        let columns = &self.store.columns;
        let tag = columns.words.find(super::command::DO_NOT_DISTURB);
        let member = columns.members.by_id(member);
        member.zip(tag).is_some_and(|(member, tag)| member.tags().any(|of| of == tag))
    }

    /// True where a filter holds for a target; the empty filter holds for everybody.
    pub(crate) fn target_matches(
        &self,
        filter: &str,
        target: Target,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        if filter.is_empty() {
            return Ok(true);
        }
        match target {
            Target::Member(id) => self.member_matches(filter, id, now),
            Target::Group(id) => self.group_matches(filter, id, now),
            Target::Account(id) => self.account_matches(filter, id, now),
        }
    }

    /// Running enrolments of a target.
    pub(crate) fn running(&self, target: Target) -> Result<Vec<Enrolment>, DeskError> {
        let mut running = Vec::new();
        // an import asks this of everybody, and nearly nobody is in anything
        let nowhere = |member: &MemberColumn| member.enrolled().next().is_none();
        if let Target::Member(id) = target
            && self.store.columns.members.by_id(id).is_some_and(|member| nowhere(&member))
        {
            return Ok(running);
        }
        for id in self.store.enrolments_of(target)? {
            running.extend(self.store.enrolment(id)?.filter(|enrolment| enrolment.status.state.is_running()));
        }
        Ok(running)
    }

    /// True where a target goes through a playbook, or stands in its line, and its campaign is not over by then.
    fn runs_in(&self, playbook: &PlaybookId, target: Target, then: Timestamp) -> Result<bool, DeskError> {
        let over = |of: &Enrolment| self.campaign_of(of).is_some_and(|campaign| campaign.is_over(then));
        Ok(self.running(target)?.iter().any(|running| running.playbook == *playbook && !over(running)))
    }

    /// Ends an enrolment: its open tasks that no human touched are cancelled, and what its playbook wants to follow
    /// follows. A task that serves others as well only loses this target.
    pub(crate) fn end_enrolment(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        state: EnrolmentState,
        when: &When,
    ) -> Result<(), DeskError> {
        if !enrolment.status.state.is_running() {
            return Ok(());
        }
        let rule = match &state {
            EnrolmentState::Stopped { rule } => Some(rule.clone()),
            _ => None,
        };
        let is_finished = state == EnrolmentState::Finished;
        let after = EnrolmentStatus {
            state,
            next_at: None,
            waiting: None,
            ended_at: Some(self.brought_at(act)),
            ..enrolment.status.clone()
        };
        self.stage(
            act,
            Body::EnrolmentChanged { enrolment: enrolment.id, before: enrolment.status.clone(), after },
        )?;
        if let Some(rule) = rule {
            let tasks = self.tasks_that_end_with(enrolment)?;
            self.cancel_tasks_of(act, enrolment, &tasks, &EndReason::Stopped { rule })?;
        }
        let then = self
            .playbooks
            .of(enrolment, &self.store.columns)
            .map(|p| {
                p.ends.iter().filter(|e| e.when == *when).flat_map(|e| e.then.clone()).collect::<Vec<_>>()
            })
            .unwrap_or_default();
        self.bring_about(act, &then, Some(enrolment.id), enrolment.target)?;
        if is_finished {
            self.anchored_by_end(act, enrolment)?;
        }
        Ok(())
    }

    /// Ends an enrolment of which nothing is to come and nothing is open any more. What cannot be told at once is
    /// left to its next wake-up.
    pub(in crate::desk) fn end_if_over(&mut self, act: &Act, id: EnrolmentId) -> Result<(), DeskError> {
        let Some(enrolment) = self.store.enrolment(id)? else { return Ok(()) };
        if enrolment.status.state != EnrolmentState::Active || !self.is_open_target(enrolment.target) {
            return Ok(());
        }
        let Some(playbook) = self.playbooks.get(&enrolment.playbook, enrolment.status.version) else {
            return Ok(());
        };
        if self.campaign_of(&enrolment).is_some_and(|campaign| campaign.is_over(act.at)) {
            return Ok(());
        }
        let zone = self.store.columns.zone_of(&enrolment);
        let holidays = self.store.columns.holidays.clone();
        let course =
            Course { playbook: &playbook, anchor: &enrolment.status.anchor, zone, holidays: &holidays };
        let progress = &enrolment.status.progress;
        if course.next(progress).is_some()
            || course.waits_for_a_year(progress).is_some()
            || !self.open_tasks_of(&enrolment)?.is_empty()
        {
            return Ok(());
        }
        self.end_enrolment(act, &enrolment, EnrolmentState::Finished, &When::Finished)
    }

    /// Ends an enrolment for a reason that is none of its playbook's rules, so that nothing the playbook wants to follow
    /// follows.
    pub(crate) fn cut_short(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        reason: &str,
    ) -> Result<(), DeskError> {
        let state = EnrolmentState::Stopped { rule: reason.to_owned() };
        self.end_enrolment(act, enrolment, state, &When::Stopped(StopRule::Filter(String::new())))
    }

    /// Cancels tasks of an enrolment that ends.
    pub(crate) fn cancel_tasks_of(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        tasks: &[Task],
        reason: &EndReason,
    ) -> Result<(), DeskError> {
        for task in tasks {
            if let Some(member) = falls_out(task, enrolment) {
                let body = Body::TaskJoined { task: task.id, enrolment: enrolment.id, member, undone: true };
                self.stage(act, body)?;
            } else if !self.stays_with_the_run(act, enrolment, task, reason)? {
                self.cancel_unfollowed(act, task.id, reason)?;
            }
        }
        if !self.is_open_target(enrolment.target) {
            self.nobody_asks_any_more(act, enrolment, reason)?;
        }
        Ok(())
    }

    /// Cancels a task that nobody goes on with afterwards; what it was merged with is said by itself.
    pub(crate) fn cancel_unfollowed(
        &mut self,
        act: &Act,
        id: TaskId,
        reason: &EndReason,
    ) -> Result<(), DeskError> {
        let open = self.store.task(id)?.filter(|task| task.status.state.is_open());
        let Some(Task { status: before, .. }) = open else { return Ok(()) };
        let after = before.ended(TaskState::Cancelled, reason.clone(), act.at, "");
        self.stage(act, Body::TaskChanged { task: id, before: before.clone(), after })?;
        self.merge_ends(act, id, &before)
    }

    /// Marketing that somebody is still owed, whatever it comes from, and as which enrolment they stand in it where
    /// others do as well.
    pub(crate) fn marketing_owed(
        &self,
        member: MemberId,
    ) -> Result<Vec<(Task, Option<EnrolmentId>)>, DeskError> {
        let columns = &self.store.columns;
        let mut owed: Vec<(Task, Option<EnrolmentId>)> = Vec::new();
        for enrolment in self.running(Target::Member(member))? {
            for task in self.tasks_that_end_with(&enrolment)? {
                let among = falls_out(&task, &enrolment).map(|_| enrolment.id);
                owed.push((task, among));
            }
        }
        let row = columns.members.row(member);
        let rows = row.into_iter().flat_map(|row| columns.queue.of(Owner::member(row)));
        for id in rows.filter_map(|row| columns.tasks.id(row)) {
            if owed.iter().all(|(task, _)| task.id != id) {
                owed.extend(self.store.task(id)?.map(|task| (task, None)));
            }
        }
        owed.retain(|(task, _)| task.class == Class::Marketing);
        Ok(owed)
    }

    /// Open tasks of an enrolment: those that serve others as well only lose its target.
    pub(crate) fn tasks_that_end_with(&self, enrolment: &Enrolment) -> Result<Vec<Task>, DeskError> {
        let mut tasks = Vec::new();
        for id in self.open_tasks_of(enrolment)? {
            tasks.extend(self.store.task(id)?.filter(|task| task.of.contains(&enrolment.id)));
        }
        Ok(tasks)
    }

    /// Open tasks of an enrolment, newest first.
    pub(crate) fn open_tasks_of(&self, enrolment: &Enrolment) -> Result<Vec<TaskId>, DeskError> {
        let columns = &self.store.columns;
        let mut tasks = self.tasks_of(enrolment)?;
        tasks.retain(|id| columns.tasks.by_id(*id).is_some_and(|task| task.state.is_open()));
        Ok(tasks)
    }

    /// Tasks of an enrolment, newest first.
    pub(crate) fn tasks_of(&self, enrolment: &Enrolment) -> Result<Vec<TaskId>, DeskError> {
        let prefix = keys::tasks_of(enrolment.id);
        let newest = self.store.bodies.newest(&prefix, None, TASKS_LOOKED_AT)?;
        let id = |key: &[u8]| key.get(prefix.len()..).and_then(keys::id_from::<TaskId>);
        Ok(newest.iter().filter_map(|(key, _)| id(key)).collect())
    }

    /// Carries out effects: tags, stages, follow-ups, starts, stops. Gives the follow-ups made.
    pub(crate) fn bring_about(
        &mut self,
        act: &Act,
        effects: &[Effect],
        enrolment: Option<EnrolmentId>,
        target: Target,
    ) -> Result<Vec<TaskId>, DeskError> {
        self.rules_deep += 1;
        let made = self.take_effect(act, effects, enrolment, target);
        self.rules_deep -= 1;
        made
    }

    fn take_effect(
        &mut self,
        act: &Act,
        effects: &[Effect],
        enrolment: Option<EnrolmentId>,
        target: Target,
    ) -> Result<Vec<TaskId>, DeskError> {
        let mut made = Vec::new();
        for effect in effects {
            match (effect, target) {
                (Effect::Tag(tag), Target::Member(member)) => {
                    let body = self.tag_change(member, tag, true)?;
                    self.perform(act, body.into_iter().collect())?;
                }
                (Effect::Untag(tag), Target::Member(member)) => {
                    let body = self.tag_change(member, tag, false)?;
                    self.perform(act, body.into_iter().collect())?;
                }
                (Effect::Stage(stage), Target::Member(member)) => {
                    let body = self.stage_change(member, *stage)?;
                    self.perform(act, body.into_iter().collect())?;
                }
                (Effect::Stop, _) => {
                    if let Some(enrolment) =
                        enrolment.map(|id| self.store.enrolment(id)).transpose()?.flatten()
                    {
                        self.cut_short(act, &enrolment, "stop")?;
                    }
                }
                (Effect::Goto(step), _) => {
                    if let Some(enrolment) =
                        enrolment.map(|id| self.store.enrolment(id)).transpose()?.flatten()
                        && enrolment.status.state.is_running()
                    {
                        let before = enrolment.status.clone();
                        let mut after = before.clone();
                        after.progress.goto = Some(step.clone());
                        self.stage(act, Body::EnrolmentChanged { enrolment: enrolment.id, before, after })?;
                        self.plan_next(act, enrolment.id)?;
                    }
                }
                (Effect::Start(playbook), _) => {
                    let key = format!("after:{}", enrolment.map(|id| id.to_string()).unwrap_or_default());
                    let at = self.brought_at(act);
                    self.follows_on(act, &begins(at, playbook.clone(), target, None, key))?;
                }
                (Effect::Followup(after), _) => {
                    let due_at = self.brought_at(act) + after.duration();
                    made.push(self.make_follow_up(act, target, due_at)?);
                }
                _ => {}
            }
        }
        Ok(made)
    }

    fn stage_change(&self, member: crate::book::MemberId, stage: Stage) -> Result<Option<Body>, DeskError> {
        let Some(body) = self.store.member(member)? else { return Ok(None) };
        if body.stage == Some(stage) {
            return Ok(None);
        }
        let before = body.stage.map(|s| s.word().to_owned()).unwrap_or_default();
        let change = Change { field: "stage".into(), before, after: stage.word().to_owned() };
        Ok(Some(Body::Edited { object: Edited::Member(member), changes: vec![change] }))
    }

    /// A follow-up that a rule makes; it stands snoozed until its time.
    fn make_follow_up(&mut self, act: &Act, target: Target, due_at: Timestamp) -> Result<TaskId, DeskError> {
        let id = self.ids.next(act.at);
        let mut status = TaskStatus::due(due_at, None, None);
        if due_at > act.at {
            status.state = TaskState::Snoozed;
            status.snoozed_until = Some(due_at);
        }
        let task = crate::book::Task {
            id,
            kind: TaskKind::FollowUp { words: String::new() },
            target,
            of: Vec::new(),
            group: if let Target::Group(group) = target { Some(group) } else { None },
            members: Vec::new(),
            via: Via::Internal,
            class: crate::book::Class::Service,
            priority: 50,
            day: 0,
            moved_from: None,
            moved_why: String::new(),
            fired_at: act.at,
            status,
        };
        self.stage(act, Body::TaskFired(task))?;
        Ok(id)
    }
}

/// The member who falls out of a task that others are in as well; none where the task ends with the enrolment.
pub(crate) fn falls_out(task: &Task, enrolment: &Enrolment) -> Option<MemberId> {
    match (task.of.len(), enrolment.target) {
        (2.., Target::Member(member)) => Some(member),
        _ => None,
    }
}
