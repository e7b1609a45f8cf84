//! Firing: a step becomes a task, once.
//!
//! What fired is remembered under (playbook, step, target, occurrence) for ever; nothing here can make a second
//! task for it, whatever was edited, undone, restarted or imported again.
//!
//! One file because that rule is kept here and nowhere else, and is read as a whole.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::follow::{HELD_ACCOUNT, HELD_LOOKALIKE};
use super::super::view::subject::is_alive;
use super::turns::HELD_TURN;
use crate::book::time::MINUTE;
use crate::book::{
    AccountId, ContactState, EndReason, Enrolment, EnrolmentId, GroupId, MemberId, PlaybookId, Target, Task,
    TaskId, TaskKey, TaskKind, TaskState, TaskStatus, Timestamp, Via, WaitReason,
};
use crate::queue::order::Owner;
use crate::sop::format::{Ask, Playbook, Step, StepPer};
use crate::sop::schedule::Planned;
use crate::store::columns::task::{TargetRow, TaskSort};
use crate::store::{Body, Columns, keys};

/// What a task keeps of why it was moved.
fn moved_word(why: &WaitReason) -> String {
    match why {
        WaitReason::Cap { words } => words.clone(),
        WaitReason::QuietHours => "quiet".to_owned(),
        WaitReason::Paused => "paused".to_owned(),
        WaitReason::Clock => "clock".to_owned(),
        WaitReason::Calendar => "calendar".to_owned(),
        WaitReason::Intake => "intake".to_owned(),
        WaitReason::DayOff => "day-off".to_owned(),
    }
}

/// For how long two of one name who are sent the same step may be one human, in milliseconds.
pub(in crate::desk) const LOOKALIKE: i64 = 30 * crate::book::time::DAY;

/// How many gatherings of one occurrence there may be after the first was already sent.
const ORDINALS: u16 = 1_000;

/// Where one of several is gathered who share a message.
pub(in crate::desk) enum Gathers {
    /// It is in one.
    Already,
    /// One is open.
    In(TaskId),
    /// A new one begins under this key.
    Anew(TaskKey),
}

/// How far a step has fired.
pub(super) enum Fired {
    Whole,
    /// It fans out to more members than one turn takes.
    Partly,
    /// Some whom it fans out to are held by a cap or by their own quiet hours: when to look again, and why.
    Later(Timestamp, WaitReason),
}

/// The 加好友 to-dos of a day, counted as they are made: tasks stand in the order they fired.
#[derive(Debug, Default)]
pub(in crate::desk) struct AskedToday {
    day: Option<NaiveDate>,
    /// Rows of tasks looked at so far.
    looked: u32,
    members: HashSet<u32>,
    by_account: HashMap<Option<u32>, u32>,
}

impl AskedToday {
    /// Counts what was made since the last look.
    fn look(&mut self, columns: &Columns, today: NaiveDate) {
        let end = columns.tasks.len() as u32;
        let zone = columns.store.zone;
        if self.day != Some(today) || self.looked > end {
            let of_today = columns.tasks.iter().rev().take_while(|(_, _, t)| t.fired_at.day(zone) >= today);
            let looked = end - of_today.count() as u32;
            *self = Self { day: Some(today), looked, ..Self::default() };
        }
        for task in (self.looked..end).filter_map(|row| columns.tasks.get(row)) {
            if task.sort == TaskSort::AddFriend && task.fired_at.day(zone) >= today {
                *self.by_account.entry(task.account).or_default() += 1;
                if let TargetRow::Member(member) = task.target {
                    self.members.insert(member);
                }
            }
        }
        self.looked = end;
    }
}

impl Desk {
    /// Makes the task, or tasks, that a step owes now.
    pub(super) fn fire(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        until: Option<Timestamp>,
    ) -> Result<Fired, DeskError> {
        if let (Some(who), within @ (Target::Group(_) | Target::Account(_))) = (&step.who, enrolment.target) {
            return self.fan_out(act, enrolment, playbook, step, planned, until, who, within, None);
        }
        if let (true, Target::Member(member), Some(group)) =
            (step.collects(playbook.target), enrolment.target, enrolment.group)
        {
            self.collect(act, enrolment, playbook, step, planned, until, member, group)?;
            return Ok(Fired::Whole);
        }
        let key = self.key(playbook, step, planned, enrolment.target);
        self.fire_one(act, enrolment, playbook, step, planned, until, key, enrolment.group, Vec::new())?;
        Ok(Fired::Whole)
    }

    pub(in crate::desk) fn key(
        &self,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        target: Target,
    ) -> TaskKey {
        TaskKey {
            playbook: playbook.id.clone(),
            step: step.id.clone(),
            target,
            occurrence: planned.occurrence,
            ordinal: planned.ordinal,
            run: step.per == StepPer::Run,
        }
    }

    /// One task gathers everybody of a group who owes the same step at the same occurrence.
    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    fn collect(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        until: Option<Timestamp>,
        member: MemberId,
        group: GroupId,
    ) -> Result<(), DeskError> {
        let key = self.key(playbook, step, planned, Target::Group(group));
        match self.gathers(key, enrolment.id)? {
            Gathers::Already => Ok(()),
            Gathers::In(task) => {
                self.stage(act, Body::TaskJoined { task, enrolment: enrolment.id, member, undone: false })
            }
            Gathers::Anew(key) => {
                self.fire_one(act, enrolment, playbook, step, planned, until, key, Some(group), vec![member])
            }
        }
    }

    /// Where one more is gathered for what a key says.
    pub(in crate::desk) fn gathers(
        &self,
        mut key: TaskKey,
        enrolment: EnrolmentId,
    ) -> Result<Gathers, DeskError> {
        for _ in 0..ORDINALS {
            let Some(known) = self.fired_task(&key)? else { break };
            if known.of.contains(&enrolment) {
                return Ok(Gathers::Already);
            }
            if known.status.state.is_open() && known.status.copied_at.is_none() {
                return Ok(Gathers::In(known.id));
            }
            // that welcome is already said: this one greets who comes after
            key.ordinal += 1;
        }
        Ok(Gathers::Anew(key))
    }

    /// The key that a step fires by; none where it has. What an undo cancelled that took the whole enrolment back is owed
    /// to one that enters again, as the next of its day.
    fn not_fired(&self, mut key: TaskKey, enrolment: EnrolmentId) -> Result<Option<TaskKey>, DeskError> {
        for _ in 0..ORDINALS {
            let Some(known) = self.fired_task(&key)? else { return Ok(Some(key)) };
            if known.status.end != Some(EndReason::Undone) || known.of.contains(&enrolment) {
                return Ok(None);
            }
            key.ordinal += 1;
        }
        Ok(None)
    }

    pub(in crate::desk) fn fired_task(&self, key: &TaskKey) -> Result<Option<Task>, DeskError> {
        let id = self.store.bodies.get(&keys::fired(key))?.and_then(|bytes| keys::id_from::<TaskId>(&bytes));
        match id {
            Some(id) => Ok(self.store.task(id)?),
            None => Ok(None),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    pub(super) fn fire_one(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        until: Option<Timestamp>,
        key: TaskKey,
        group: Option<GroupId>,
        members: Vec<MemberId>,
    ) -> Result<(), DeskError> {
        let Some(key) = self.not_fired(key, enrolment.id)? else { return Ok(()) };
        let target = key.target;
        let account = self.account_for_target(enrolment, step, target);
        let mut task = self.blank(act, enrolment, playbook, step, planned, key, group);
        task.members = members;
        let due_at = self.comes_at(&mut task, enrolment, playbook, step, planned, act.at)?;
        task.status = TaskStatus::due(due_at, until, account);
        let zone = self.store.columns.zone_of(enrolment);
        if let Some(open) = self.still_quiet(&task, zone, act.at)? {
            task.status = task.status.quiet_to(open);
        }
        task.status.held = self.held(act, &task)?;
        let playbook_id = playbook.id.clone();
        let ask_friend = self.wants_friend(&task);
        self.stage(act, Body::TaskFired(task))?;
        self.count_away(&playbook_id, TaskState::Due, false);
        if let Some(member) = ask_friend {
            self.fire_add_friend(act, enrolment, member)?;
        }
        Ok(())
    }

    /// From when a task can be offered, however late that is noticed; the task keeps from when it moved, and why.
    fn comes_at(
        &self,
        task: &mut Task,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        now: Timestamp,
    ) -> Result<Timestamp, DeskError> {
        if now.since(planned.due_at) <= MINUTE {
            return Ok(planned.due_at);
        }
        let (offered_at, why) = self.offered_since(enrolment, playbook, step, planned, task.target, now)?;
        if offered_at <= planned.due_at {
            return Ok(planned.due_at);
        }
        task.moved_from = Some(planned.due_at);
        task.moved_why = why.as_ref().map_or_else(|| "quiet".to_owned(), moved_word);
        Ok(offered_at)
    }

    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    pub(in crate::desk) fn blank(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        key: TaskKey,
        group: Option<GroupId>,
    ) -> Task {
        let target = key.target;
        let group = match target {
            Target::Group(group) => Some(group),
            _ => group,
        };
        let variant = self.variant_for(playbook, step, target);
        Task {
            id: self.ids.next(act.at),
            kind: TaskKind::Step { key, version: enrolment.status.version, variant },
            target,
            of: vec![enrolment.id],
            group,
            members: Vec::new(),
            via: step.via,
            class: playbook.class_of(step),
            priority: playbook.priority,
            day: planned.day,
            moved_from: None,
            moved_why: String::new(),
            fired_at: act.at,
            status: TaskStatus::due(planned.due_at, None, None),
        }
    }

    /// A step that counts although it is not said: born skipped or expired, with its reason.
    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    pub(super) fn fire_ended(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        state: TaskState,
        reason: EndReason,
    ) -> Result<(), DeskError> {
        let mut key = self.key(playbook, step, planned, enrolment.target);
        let mut members = Vec::new();
        if let (true, Target::Member(member), Some(group)) =
            (step.collects(playbook.target), enrolment.target, enrolment.group)
        {
            // what would have been one message is one line of the history too
            key.target = Target::Group(group);
            for _ in 0..ORDINALS {
                let Some(known) = self.fired_task(&key)? else { break };
                if known.of.contains(&enrolment.id) {
                    return Ok(());
                }
                if (known.status.state, known.status.end.as_ref()) == (state, Some(&reason)) {
                    let body =
                        Body::TaskJoined { task: known.id, enrolment: enrolment.id, member, undone: false };
                    return self.stage(act, body);
                }
                key.ordinal += 1;
            }
            members.push(member);
        }
        if self.store.bodies.has(&keys::fired(&key))? {
            return Ok(());
        }
        let mut task = self.blank(act, enrolment, playbook, step, planned, key, enrolment.group);
        task.members = members;
        let account = self.account_for_target(enrolment, step, task.target);
        let mut due_at = planned.due_at;
        let is_unsaid = match &reason {
            EndReason::TooLate => true,
            // its campaign was over
            EndReason::Stopped { .. } => state == TaskState::Expired,
            _ => false,
        };
        if (is_unsaid || matches!(reason, EndReason::AccountRefused { .. }))
            && let Some(end) = planned.until.filter(|end| *end <= act.at)
        {
            // it would have been in the queue from then on
            due_at = self.comes_at(&mut task, enrolment, playbook, step, planned, end)?;
            if due_at >= end {
                // it would not: nothing moved it
                (due_at, task.moved_from) = (planned.due_at, None);
                task.moved_why.clear();
            }
        }
        if is_unsaid {
            self.would_have_been_open(enrolment, playbook, step, planned, act.at)?;
        }
        task.status = TaskStatus::due(due_at, planned.until, account).ended(state, reason, act.at, "");
        self.stage(act, Body::TaskFired(task))?;
        let group = match enrolment.target {
            Target::Group(group) => Some(group),
            _ => enrolment.group,
        };
        self.count_away(&playbook.id, state, self.is_unfilled(playbook, step, planned.run, group));
        Ok(())
    }

    /// The account that a step of an enrolment is sent from.
    pub(super) fn account_for(&self, enrolment: &Enrolment, step: &Step) -> Option<AccountId> {
        self.account_for_target(enrolment, step, enrolment.target)
    }

    pub(in crate::desk) fn account_for_target(
        &self,
        enrolment: &Enrolment,
        step: &Step,
        target: Target,
    ) -> Option<AccountId> {
        let columns = &self.store.columns;
        let said_in = match target {
            Target::Group(id) => Some(id),
            _ => enrolment.group,
        };
        if let Some(wanted) = step.speakers.first() {
            let named = self.speaker(wanted, said_in);
            // of several who speak in turn nobody says the line of another
            if named.is_some() || step.in_turn {
                return named;
            }
        }
        let alive = |id: &AccountId| columns.accounts.by_id(*id).is_some_and(is_alive);
        // what an account that is banned would say, another of ours says that is in the group
        let of_group = |id: GroupId| {
            let group = &columns.groups.by_id(id)?.body;
            let ours = || group.account.iter().chain(&group.speakers);
            ours().find(|id| alive(id)).or(group.account.as_ref()).copied()
        };
        match (target, step.via) {
            (Target::Account(account), _) => Some(account),
            (Target::Group(group), _) => of_group(group),
            (Target::Member(_), Via::Group) => enrolment.group.and_then(of_group),
            (Target::Member(member), _) => {
                let column = columns.members.by_id(member)?;
                let anchor = enrolment
                    .account
                    .filter(|id| columns.accounts.row(*id).is_some_and(|row| column.is_friend_of(row)))
                    .filter(alive);
                let group = match enrolment.target {
                    Target::Group(group) => Some(group),
                    _ => enrolment.group,
                };
                let friends = column.contacts().filter(|contact| contact.state == ContactState::Friend);
                let newest = column.newest_friend().into_iter().chain(friends.map(|contact| contact.account));
                let newest: Vec<AccountId> = newest.filter_map(|row| columns.accounts.id(row)).collect();
                anchor
                    .or_else(|| newest.iter().copied().find(|id| alive(id)).or(newest.first().copied()))
                    .or(enrolment.account)
                    .or_else(|| group.and_then(of_group))
            }
        }
    }

    /// What holds a task that nothing else does: its account is limited, or another speaks before it.
    pub(in crate::desk) fn still_held(&self, task: &Task) -> Result<Option<String>, DeskError> {
        if self.is_refused(task) {
            return Ok(Some(HELD_ACCOUNT.to_owned()));
        }
        Ok(self.waits_for_turn(task)?.then(|| HELD_TURN.to_owned()))
    }

    /// Why a task is held from the start: its account is limited, another speaks before it, or it looks like one human
    /// twice.
    pub(in crate::desk) fn held(&self, act: &Act, task: &Task) -> Result<Option<String>, DeskError> {
        let columns = &self.store.columns;
        if let Some(held) = self.still_held(task)? {
            return Ok(Some(held));
        }
        let (Target::Member(member), TaskKind::Step { key, .. }, Via::Private) =
            (task.target, &task.kind, task.via)
        else {
            return Ok(None);
        };
        let (Some(account), Some(column)) = (task.status.account, columns.members.by_id(member)) else {
            return Ok(None);
        };
        let other = self.last_of_name((&key.playbook, &key.step), account, column.name())?;
        let Some(other) = other else { return Ok(None) };
        // what is found late would have come when it was due
        let near = task.status.due_at.min(act.at).since(other.fired_at) < LOOKALIKE;
        let namesake = other.member().and_then(|id| columns.members.by_id(id));
        let may_be_one = other.target != task.target && namesake.is_none_or(|it| !column.differs_from(&it));
        Ok((near && may_be_one).then(|| HELD_LOOKALIKE.to_owned()))
    }

    /// The last private task of a step from an account to anybody of a name.
    pub(in crate::desk) fn last_of_name(
        &self,
        (playbook, step): (&PlaybookId, &str),
        account: AccountId,
        name: &str,
    ) -> Result<Option<Task>, DeskError> {
        let last = self.store.bodies.get(&keys::lookalike(playbook, step, account, name))?;
        let last = last.and_then(|bytes| keys::id_from::<TaskId>(&bytes));
        Ok(last.map(|id| self.store.task(id)).transpose()?.flatten())
    }

    /// The member whom a private step waits for because nobody of us is their friend.
    fn wants_friend(&self, task: &Task) -> Option<MemberId> {
        let (Target::Member(member), Via::Private) = (task.target, task.via) else { return None };
        let columns = &self.store.columns;
        let column = columns.members.by_id(member)?;
        let row = task.status.account.and_then(|id| columns.accounts.row(id));
        let friend = row.is_some_and(|row| column.is_friend_of(row));
        let refused = column.contacts().any(|c| {
            matches!(c.state, ContactState::DeletedUs | ContactState::Blocked | ContactState::Pending)
        });
        (!friend && !refused).then_some(member)
    }

    /// 加好友: a to-do of its own, capped a day and account.
    fn fire_add_friend(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        member: MemberId,
    ) -> Result<(), DeskError> {
        let columns = &self.store.columns;
        let group = match enrolment.target {
            Target::Group(group) => Some(group),
            _ => enrolment.group,
        };
        let account = enrolment
            .account
            .or_else(|| group.and_then(|id| columns.groups.by_id(id)).and_then(|g| g.body.account));
        let Some(account) = account else { return Ok(()) };
        let (row, account_row) = (columns.members.row(member), columns.accounts.row(account));
        self.tick.asked.look(columns, act.at.day(columns.store.zone));
        let asked = &self.tick.asked;
        if row.is_some_and(|row| asked.members.contains(&row)) {
            return Ok(());
        }
        let asked_today = asked.by_account.get(&account_row).copied().unwrap_or_default();
        let open = row.is_some_and(|row| {
            columns.queue.of(Owner::member(row)).any(|task| {
                columns
                    .tasks
                    .get(task)
                    .is_some_and(|t| t.sort == TaskSort::AddFriend && t.target == TargetRow::Member(row))
            })
        });
        if open || asked_today >= columns.rules.add_friend_per_day {
            return Ok(());
        }
        let mut task = Task {
            id: self.ids.next(act.at),
            kind: TaskKind::AddFriend { member },
            target: Target::Member(member),
            of: Vec::new(),
            group,
            members: Vec::new(),
            via: Via::Internal,
            class: crate::book::Class::Service,
            priority: 40,
            day: 0,
            moved_from: None,
            moved_why: String::new(),
            fired_at: act.at,
            status: TaskStatus::due(act.at, None, Some(account)),
        };
        task.status.held = self.held(act, &task)?;
        self.stage(act, Body::TaskFired(task))
    }

    /// The to-do of a question of a run's form; once a run, or once a group.
    #[expect(clippy::too_many_arguments, reason = "one question of one run, spelled out")]
    pub(super) fn fire_ask(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        ask: &Ask,
        run: chrono::NaiveDate,
        group: Option<GroupId>,
        by: Timestamp,
        until: Timestamp,
    ) -> Result<(), DeskError> {
        let once = TaskKey {
            playbook: playbook.id.clone(),
            step: format!("ask:{}", ask.key),
            target: enrolment.target,
            occurrence: run,
            ordinal: 0,
            run: group.is_none(),
        };
        let is_off = self.store.columns.days_off.contains(&(playbook.id.clone(), run));
        if until <= act.at || is_off || self.store.bodies.has(&keys::fired(&once))? {
            return Ok(());
        }
        let task = Task {
            id: self.ids.next(act.at),
            kind: TaskKind::Ask { playbook: playbook.id.clone(), run, key: ask.key.clone(), group },
            target: enrolment.target,
            of: vec![enrolment.id],
            group,
            members: Vec::new(),
            via: Via::Internal,
            class: crate::book::Class::Service,
            priority: playbook.priority.saturating_add(10),
            day: 0,
            moved_from: None,
            moved_why: String::new(),
            fired_at: act.at,
            // an answer after `by` still helps the steps to come
            status: TaskStatus::due(by, Some(until), None),
        };
        self.stage(act, Body::TaskFired(task))
    }
}
