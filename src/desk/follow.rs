//! What follows from what happened: stop rules that end, waits that are over, accounts and groups that change.
//!
//! Everything here is staged in the same commit as what it follows from, and belongs to the same act: one undo
//! takes it back together.
//!
//! One file because what follows from one body is a few lines, and what follows from it in turn stands beside it.

use std::collections::BTreeSet;

use super::Desk;
use super::act::{Act, DeskError};
use super::view::subject::state_word;
use crate::book::{
    Activity, ActivityKind, Class, ContactState, EndReason, Enrolment, EnrolmentState, EnrolmentStatus,
    Group, GroupId, GroupState, MemberId, PlaybookId, Target, Task, TaskId, TaskState, Timestamp, Via,
};
use crate::queue::caps::is_cap;
use crate::queue::order::Owner;
use crate::sop::calendar::lost_days;
use crate::sop::format::{Playbook, Start, StopRule, When};
use crate::store::Body;
use crate::store::record::{Edited, PlaybookState, Work};

/// Why a task is held: its account cannot send at the moment.
pub(crate) const HELD_ACCOUNT: &str = "account-limited";
/// Why a task is held: somebody of the same name on the same account has the same step, 疑似同一人.
pub(crate) const HELD_LOOKALIKE: &str = "lookalike";

/// Whether a rule ended an enrolment because nobody could speak in its group any more.
pub(crate) fn closed_with_its_group(rule: &str) -> bool {
    rule.starts_with("filter:state:")
}

/// The rule that ends marketing to whoever asked not to be disturbed.
pub(crate) fn marketing_off() -> StopRule {
    StopRule::Tag(super::command::DO_NOT_DISTURB.to_owned())
}

impl Desk {
    /// Stages what follows from a body that was just staged.
    pub(crate) fn follow(&mut self, act: &Act, body: &Body) -> Result<(), DeskError> {
        match body {
            Body::Happened(activity) => {
                self.anchors(act, activity)?;
                self.stops(act, activity)?;
                if let Some(member) = activity.member {
                    self.gather_again(act, member)?;
                    self.meant_again(act, member)?;
                }
                let group = activity.group.map(Target::Group).filter(|_| activity.member.is_none());
                self.may_fit(act, activity.member.map(Target::Member).or(group))?;
            }
            Body::Edited { object: Edited::Member(member), changes } => {
                self.anchored_by_edit(act, *member, changes)?;
                self.stops_by_state(act, Target::Member(*member))?;
                self.may_fit(act, Some(Target::Member(*member)))?;
                self.gather_again(act, *member)?;
                self.meant_again(act, *member)?;
                self.owed_by_undo(act, *member, changes)?;
                self.back_by_undo(act, Target::Member(*member), changes)?;
            }
            Body::Edited { object: Edited::Group(group), changes } => {
                self.group_changed(act, *group, changes.iter().any(|c| c.field == "state"))?;
                self.upkeep(act, *group, changes)?;
                self.group_back(act, *group, changes)?;
            }
            Body::Edited { object: Edited::Account(account), changes } => {
                if changes.iter().any(|c| c.field == "health" || c.field == "archived") {
                    self.undertake(act, Work::Account { account: *account })?;
                }
                self.may_fit(act, Some(Target::Account(*account)))?;
                self.back_by_undo(act, Target::Account(*account), changes)?;
            }
            Body::ContactSet { before, after } => {
                let contact = after.as_ref().or(before.as_ref());
                self.may_fit(act, contact.map(|contact| Target::Member(contact.member)))?;
                let friend = after.as_ref().filter(|contact| contact.state == ContactState::Friend);
                friend.map_or(Ok(()), |of| self.owed_within(act, of.member, Target::Account(of.account)))?;
            }
            Body::MembershipSet { before, after } => {
                let stay = after.as_ref().or(before.as_ref());
                self.may_fit(act, stay.map(|stay| Target::Member(stay.member)))?;
                stay.map_or(Ok(()), |stay| self.meant_again(act, stay.member))?;
                let there = after.as_ref().filter(|stay| stay.left_at.is_none());
                there.map_or(Ok(()), |stay| self.owed_within(act, stay.member, Target::Group(stay.group)))?;
            }
            Body::GroupMade(group) => {
                self.anchored_by_group(act, group.id)?;
                self.standing(act, Target::Group(group.id))?;
                self.upkeep_of_new(act, group.id)?;
            }
            Body::Touched(touch) => self.anchored_by_touch(act, touch)?,
            Body::AccountMade(account) => self.standing(act, Target::Account(account.id))?,
            Body::MemberMade(member) => self.standing(act, Target::Member(member.id))?,
            Body::ImportApplied { changes, .. } => self.follow_import(act, changes)?,
            Body::PlaybookSet { playbook, after: PlaybookState::Running, .. } => {
                self.undertake(act, Work::Resume { playbook: playbook.clone() })?;
            }
            Body::TaskChanged { task, before, after } if !after.state.is_open() => {
                self.merge_ends(act, *task, before)?;
                self.waiting_for(act, *task)?;
                self.next_speaks(act, *task)?;
                if after.state != TaskState::Sent {
                    self.makes_room(act, *task)?;
                }
            }
            // over, or over at another time
            Body::TargetPaused { target, before: Some(_), .. } => {
                for enrolment in self.running(*target)? {
                    self.plan_next(act, enrolment.id)?;
                }
                if let Target::Group(group) = target {
                    self.undertake(act, Work::SpeaksAgain { group: *group })?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What follows from a slice of an import. Who fits by what the file says of them is looked at once all of it is there.
    pub(crate) fn follow_import(&mut self, act: &Act, changes: &[Body]) -> Result<(), DeskError> {
        let mut of: BTreeSet<MemberId> = BTreeSet::new();
        for change in changes {
            self.follow(act, change)?;
            of.extend(change.members());
        }
        of.into_iter().try_for_each(|member| self.may_fit_now(act, Target::Member(member)))
    }

    /// Looks at what takes whoever is there for somebody of whom something has changed by hand.
    fn may_fit(&mut self, act: &Act, target: Option<Target>) -> Result<(), DeskError> {
        match target {
            Some(target) if !self.imports.is_applying() => self.may_fit_now(act, target),
            _ => Ok(()),
        }
    }

    /// Enrolments that waited for a task to end look again: for the end of the playbook, or for later steps, which
    /// move by the whole local days that a `late = "shift"` step was done late.
    fn waiting_for(&mut self, act: &Act, task: TaskId) -> Result<(), DeskError> {
        let Some(task) = self.store.task(task)? else { return Ok(()) };
        for id in &task.of {
            let Some(enrolment) = self.store.enrolment(*id)? else { continue };
            let status = &enrolment.status;
            if status.state != EnrolmentState::Active {
                continue;
            }
            let lost = self.days_lost(&task, &enrolment);
            let waits = status.next_at.is_none() && status.waiting.is_none();
            if lost == 0 && !waits {
                continue;
            }
            if lost > 0 {
                let mut after = status.clone();
                after.progress.shifted_days = after.progress.shifted_days.saturating_add(lost);
                self.set_status(act, &enrolment, after)?;
            }
            self.plan_next(act, *id)?;
            self.may_be_over.push(*id);
        }
        Ok(())
    }

    /// A task ended unsent: what waited for a cap of the same person or group is looked at again.
    fn makes_room(&mut self, act: &Act, task: TaskId) -> Result<(), DeskError> {
        if self.store.columns.rules.caps.is_empty() {
            return Ok(());
        }
        let Some(task) = self.store.task(task)? else { return Ok(()) };
        let group = task.group.map(Target::Group).filter(|group| *group != task.target);
        for target in std::iter::once(task.target).chain(group) {
            for enrolment in self.running(target)? {
                if enrolment.status.waiting.as_ref().is_some_and(is_cap) {
                    self.look_again(act, &enrolment)?;
                }
            }
        }
        Ok(())
    }

    /// Whole local days between when a step that moves the rest was offered and when it was done, whatever it was put
    /// off to meanwhile: it is never offered on a later day than it is due, for what is late then moves itself.
    fn days_lost(&self, task: &Task, enrolment: &Enrolment) -> u32 {
        let Some((playbook, position)) = self.step_of(task) else { return 0 };
        let moves = playbook.step(position).is_some_and(|step| playbook.shifts(step));
        let zone = self.store.columns.zone_of(enrolment);
        let status = &task.status;
        // one whose span was over while nobody looked was over then
        let over = status.until.filter(|_| status.end == Some(EndReason::SpanOver));
        match status.ended_at.map(|at| over.map_or(at, |over| over.min(at))) {
            Some(ended_at) if moves => lost_days(task.fired_at, ended_at, zone, playbook.day_ends),
            _ => 0,
        }
    }

    /// Playbooks that run now, with their current version.
    pub(crate) fn running_playbooks(&self) -> Vec<(PlaybookId, std::sync::Arc<Playbook>)> {
        let columns = &self.store.columns;
        columns
            .playbooks
            .iter()
            .filter(|(_, column)| column.state != PlaybookState::Removed)
            .filter_map(|(id, column)| Some((id.clone(), self.playbooks.get(id, column.current)?)))
            .collect()
    }

    /// Stop rules that name what happened, and those that its consequences fulfil.
    fn stops(&mut self, act: &Act, activity: &Activity) -> Result<(), DeskError> {
        let target = match (activity.member, activity.group) {
            (Some(member), _) => Target::Member(member),
            (None, Some(group)) => Target::Group(group),
            (None, None) => return Ok(()),
        };
        for enrolment in self.running(target)? {
            let Some(playbook) = self.playbooks.of(&enrolment, &self.store.columns) else {
                continue;
            };
            let (kind, group, at) = (activity.kind, activity.group, activity.at.ms);
            if let Some(rule) = stopped_by(&playbook, &enrolment, kind, group, at) {
                self.stop(act, &enrolment, rule)?;
            }
        }
        self.stops_by_state(act, target)
    }

    /// Stop rules about what a target is: tags, stages, filters; and 勿扰, which stops all marketing.
    pub(crate) fn stops_by_state(&mut self, act: &Act, target: Target) -> Result<(), DeskError> {
        for enrolment in self.running(target)? {
            let Some(playbook) = self.playbooks.of(&enrolment, &self.store.columns) else {
                continue;
            };
            if let Some(rule) = self.stopped_now(&playbook, target, act.at)? {
                self.stop(act, &enrolment, &rule)?;
            }
        }
        match target {
            Target::Member(member) if self.is_marketing_off(Class::Marketing, target) => {
                self.marketing_ends(act, member)
            }
            _ => Ok(()),
        }
    }

    /// The rule by which a playbook is over for a target as things stand: 勿扰, or one of its own.
    pub(in crate::desk) fn stopped_now(
        &self,
        playbook: &Playbook,
        target: Target,
        now: Timestamp,
    ) -> Result<Option<StopRule>, DeskError> {
        if self.is_marketing_off(playbook.class, target) {
            return Ok(Some(marketing_off()));
        }
        self.fulfilled(playbook, target, now)
    }

    /// 勿扰: whatever marketing is still owed to somebody, by steps of other playbooks, of groups, by hand, ends too.
    fn marketing_ends(&mut self, act: &Act, member: MemberId) -> Result<(), DeskError> {
        let rule = marketing_off().word();
        for (task, among) in self.marketing_owed(member)? {
            if let Some(enrolment) = among {
                self.stage(act, Body::TaskJoined { task: task.id, enrolment, member, undone: true })?;
            } else {
                self.cancel_unfollowed(act, task.id, &EndReason::Stopped { rule: rule.clone() })?;
            }
        }
        Ok(())
    }

    /// The first stop rule about a target's state that holds now.
    pub(crate) fn fulfilled(
        &self,
        playbook: &Playbook,
        target: Target,
        now: Timestamp,
    ) -> Result<Option<StopRule>, DeskError> {
        for rule in &playbook.stop {
            let holds = match (rule, target) {
                (StopRule::Tag(tag), Target::Member(member)) => {
                    let columns = &self.store.columns;
                    let member = columns.members.by_id(member);
                    member.zip(columns.words.find(tag)).is_some_and(|(m, tag)| m.tags().any(|of| of == tag))
                }
                (StopRule::Stage(stage), Target::Member(member)) => {
                    self.store.columns.members.by_id(member).is_some_and(|m| m.stage == Some(*stage))
                }
                (StopRule::Tag(tag), Target::Group(group)) => {
                    let columns = &self.store.columns;
                    columns.groups.by_id(group).is_some_and(|group| group.body.tags.contains(tag))
                }
                (StopRule::Filter(filter), _) => self.target_matches(filter, target, now)?,
                _ => false,
            };
            if holds {
                return Ok(Some(rule.clone()));
            }
        }
        Ok(None)
    }

    pub(crate) fn stop(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        rule: &StopRule,
    ) -> Result<(), DeskError> {
        let state = EnrolmentState::Stopped { rule: rule.word() };
        self.end_enrolment(act, enrolment, state, &When::Stopped(rule.clone()))
    }

    /// A group that nobody can speak in any more ends what is owed to it; other changes may open an audience.
    fn group_changed(&mut self, act: &Act, group: GroupId, state_changed: bool) -> Result<(), DeskError> {
        let target = Target::Group(group);
        let open = self.store.columns.groups.by_id(group).is_some_and(|g| g.body.state.is_open());
        let archived = self.store.columns.groups.by_id(group).is_some_and(|g| g.body.archived);
        let state = self.store.columns.groups.by_id(group).map(|g| g.body.state);
        if state_changed && state == Some(GroupState::Full) {
            let (tasks, running) = (self.said_in(group).len(), self.running(target)?.len());
            if tasks + running > 0 {
                self.changed.filled.push((group, tasks, running));
            }
        }
        if archived || (state_changed && !open) {
            let rule = state.filter(|_| !open).map_or("archived", |state| state_word(state).word());
            let running = self.running(target)?;
            if !running.is_empty() {
                self.changed.closed.push((group, running.len()));
            }
            for enrolment in running {
                self.stop(act, &enrolment, &StopRule::Filter(format!("state:{rule}")))?;
            }
            return self.undertake(act, Work::Silence { group, rule: format!("state:{rule}") });
        }
        if state_changed {
            self.goes_on_with_its_group(act, group)?;
        }
        self.stops_by_state(act, target)?;
        self.may_fit_now(act, target)
    }

    /// What stopped because nobody could speak in a group goes on when one can: with what comes from now on, as nothing
    /// was owed to it meanwhile.
    fn goes_on_with_its_group(&mut self, act: &Act, group: GroupId) -> Result<(), DeskError> {
        let target = Target::Group(group);
        let mut going: Vec<PlaybookId> = self.running(target)?.into_iter().map(|one| one.playbook).collect();
        // the newest first: of several rounds of one playbook the last goes on
        for id in self.store.enrolments_of(target)?.into_iter().rev() {
            let Some(enrolment) = self.store.enrolment(id)? else { continue };
            let stopped = matches!(&enrolment.status.state, EnrolmentState::Stopped { rule } if closed_with_its_group(rule));
            let column = self.store.columns.playbooks.get(&enrolment.playbook);
            let removed = column.is_none_or(|column| column.state == PlaybookState::Removed);
            if !stopped || removed || going.contains(&enrolment.playbook) {
                continue;
            }
            let mut after = EnrolmentStatus {
                state: EnrolmentState::Active,
                ended_at: None,
                waiting: None,
                ..enrolment.status.clone()
            };
            if after.progress.passed.is_none_or(|passed| passed < act.at) {
                (after.progress.passed, after.progress.step) = (Some(act.at), 0);
            }
            let resumed = Enrolment { status: after.clone(), ..enrolment.clone() };
            if self.has_more_to_come(&resumed) {
                self.set_status(act, &enrolment, after)?;
                self.plan_next(act, id)?;
                going.push(enrolment.playbook);
            }
        }
        Ok(())
    }

    /// Open tasks that are to be said in a group.
    pub(crate) fn said_in(&self, group: GroupId) -> Vec<TaskId> {
        let columns = &self.store.columns;
        let Some(row) = columns.groups.row(group) else { return Vec::new() };
        let said = |task: &u32| {
            columns.tasks.get(*task).is_some_and(|task| task.via == Via::Group && task.group == Some(row))
        };
        columns.queue.of(Owner::group(row)).filter(said).filter_map(|row| columns.tasks.id(row)).collect()
    }

    /// Whether a task cannot be done with its account as that is now.
    pub(crate) fn is_refused(&self, task: &Task) -> bool {
        let account = task.status.account.and_then(|id| self.store.columns.accounts.by_id(id));
        account.is_some_and(|account| account.body.archived || account.body.health.holds(task))
    }

    /// True where something can still be owed: not archived, not dissolved.
    pub(crate) fn is_open_target(&self, target: Target) -> bool {
        let columns = &self.store.columns;
        match target {
            Target::Member(id) => columns.members.by_id(id).is_some_and(|m| !m.archived),
            Target::Group(id) => {
                columns.groups.by_id(id).is_some_and(|g| !g.body.archived && g.body.state.is_open())
            }
            Target::Account(id) => columns.accounts.by_id(id).is_some_and(|a| {
                !a.body.archived
                    && !matches!(a.body.health, crate::book::Health::Banned | crate::book::Health::Retired)
            }),
        }
    }

    /// A group that is in the book and in which nothing can be said.
    pub(crate) fn closed_group(&self, target: Target) -> Option<&Group> {
        let Target::Group(id) = target else { return None };
        let group = &self.store.columns.groups.by_id(id)?.body;
        (!group.archived && !group.state.is_open()).then_some(group)
    }
}

/// The stop rule that something which happened to an enrolment's target fulfils.
pub(crate) fn stopped_by<'a>(
    playbook: &'a Playbook,
    enrolment: &Enrolment,
    kind: ActivityKind,
    group: Option<GroupId>,
    at: Timestamp,
) -> Option<&'a StopRule> {
    let about_other_group = kind == ActivityKind::Left
        && enrolment.group.is_some()
        && group.is_some()
        && enrolment.group != group;
    // what began it does not end it: the first purchase is none that came since
    let began = match playbook.start {
        Start::FirstPurchase | Start::LastPurchase => kind == ActivityKind::Bought,
        Start::LastReply => kind == ActivityKind::Replied,
        Start::Joined => kind == ActivityKind::Joined,
        Start::Added => kind == ActivityKind::Added,
        _ => false,
    };
    let anchor = enrolment.status.anchor.at;
    if at < anchor || (began && at == anchor) || about_other_group {
        return None;
    }
    playbook.stop.iter().find(|rule| matches!(rule, StopRule::Activity(of) if *of == kind))
}
