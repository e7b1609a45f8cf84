//! What a choice would bring about, counted before a human makes it.
//!
//! The counts come from the same rules that carry the choice out ([`crate::desk::follow`], [`crate::desk::enrolling`]).
//! A stop rule that is a filter may hold or not once the book has changed: it is not foreseen.

use std::collections::HashSet;

use super::task_line::clean;
use crate::book::time::MINUTE;
use crate::book::{
    ActivityKind, Channel, Enrolment, EnrolmentId, Health, SkipReason, Target, Task, TaskId, Timestamp, Via,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::command::DO_NOT_DISTURB;
use crate::desk::enrolling::falls_out;
use crate::desk::follow::stopped_by;
use crate::door::reply::{Consequence, Got, Recall, Spread};
use crate::sop::format::{Playbook, StopRule};

/// Of how many marked tasks the consequences are looked at; of more, these are told.
const TASKS_MAX: usize = 200;

/// How long chats let a message be recalled: two minutes on WeChat, WeCom and QQ, in milliseconds.
const RECALL: i64 = 2 * MINUTE;

/// People who got a text, named one by one.
const NAMED: usize = 200;

/// What ends, found once each however many tasks lead to it.
#[derive(Default)]
struct Found {
    ends: HashSet<EnrolmentId>,
    cancels: HashSet<TaskId>,
    holds: HashSet<TaskId>,
}

impl Desk {
    /// What each reason for skipping would bring about beside the tasks it is said of.
    pub(super) fn consequences(&self, ids: &[TaskId], now: Timestamp) -> Result<Vec<Consequence>, DeskError> {
        let mut tasks = Vec::new();
        for id in ids.iter().take(TASKS_MAX) {
            tasks.extend(self.store.task(*id)?);
        }
        let mut told = Vec::new();
        for reason in SkipReason::ALL {
            let mut found = Found::default();
            for task in &tasks {
                self.follows_from(*reason, task, now, &mut found)?;
            }
            let beside = |found: &HashSet<TaskId>| found.iter().filter(|id| !ids.contains(id)).count() as u32;
            told.push(Consequence {
                reason: *reason,
                ends: found.ends.len() as u32,
                cancels: beside(&found.cancels),
                holds: beside(&found.holds),
            });
        }
        Ok(told)
    }

    fn follows_from(
        &self,
        reason: SkipReason,
        task: &Task,
        now: Timestamp,
        found: &mut Found,
    ) -> Result<(), DeskError> {
        let happened = |kind: ActivityKind| {
            move |playbook: &Playbook, enrolment: &Enrolment| {
                stopped_by(playbook, enrolment, kind, task.group, now).is_some()
            }
        };
        let member = task.member().map(Target::Member);
        match (reason, member) {
            (SkipReason::Talked, Some(member)) => {
                self.that_end(member, found, happened(ActivityKind::Replied))?;
            }
            (SkipReason::Bought, Some(member)) => {
                self.that_end(member, found, happened(ActivityKind::Bought))?;
            }
            (SkipReason::Unfriended, Some(member)) => {
                self.that_end(member, found, happened(ActivityKind::Unfriended))?;
                let account = task.status.account.and_then(|id| self.store.columns.accounts.row(id));
                for id in account.map(|row| self.open_tasks_of_account(row)).unwrap_or_default() {
                    let other = self.store.columns.tasks.by_id(id);
                    let private = other.is_some_and(|other| other.via == Via::Private);
                    if private && self.store.task(id)?.is_some_and(|other| other.target == member) {
                        found.holds.insert(id);
                    }
                }
            }
            (SkipReason::DoNotDisturb, Some(member)) => {
                let complained = happened(ActivityKind::Complained);
                self.that_end(member, found, |playbook, enrolment| {
                    let tagged =
                        |rule: &StopRule| matches!(rule, StopRule::Tag(tag) if tag == DO_NOT_DISTURB);
                    playbook.class == crate::book::Class::Marketing
                        || playbook.stop.iter().any(tagged)
                        || complained(playbook, enrolment)
                })?;
                if let Target::Member(member) = member {
                    let owed = self.marketing_owed(member)?.into_iter();
                    found.cancels.extend(owed.filter(|(_, among)| among.is_none()).map(|(task, _)| task.id));
                }
            }
            (SkipReason::AccountLimited, _) => {
                let account = task.status.account.and_then(|id| self.store.columns.accounts.row(id));
                let what = Channel::of(task).unwrap_or(Channel::All).word().to_owned();
                let limited = Health::Limited { what, until: None };
                for id in account.map(|row| self.open_tasks_of_account(row)).unwrap_or_default() {
                    if self.store.task(id)?.is_some_and(|other| limited.holds(&other)) {
                        found.holds.insert(id);
                    }
                }
            }
            (SkipReason::GroupGone, _) => {
                if let Some(group) = task.group {
                    self.that_end(Target::Group(group), found, |_, _| true)?;
                    found.cancels.extend(self.said_in(group));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Running enrolments of a target that something ends, and the tasks that end with them.
    fn that_end(
        &self,
        target: Target,
        found: &mut Found,
        ends: impl Fn(&Playbook, &Enrolment) -> bool,
    ) -> Result<(), DeskError> {
        for enrolment in self.running(target)? {
            let playbook = self.playbooks.of(&enrolment, &self.store.columns);
            if playbook.is_some_and(|playbook| ends(&playbook, &enrolment)) {
                let tasks = self.tasks_that_end_with(&enrolment)?;
                let whole = tasks.iter().filter(|task| falls_out(task, &enrolment).is_none());
                found.cancels.extend(whole.map(|task| task.id));
                found.ends.insert(enrolment.id);
            }
        }
        Ok(())
    }

    /// How far a text has got: how many are pending with it, and who got it when, newest first.
    pub(super) fn spread(&self, id: TaskId) -> Result<Spread, DeskError> {
        let Some(task) = self.store.task(id)? else { return Ok(Spread::default()) };
        let (pending, mut got) = self.with_text_of(&task)?;
        got.sort_by_key(|task| std::cmp::Reverse(task.status.ended_at));
        let name = |task: &Task| {
            let at = task.status.ended_at.unwrap_or(task.fired_at);
            let recall = match task.via {
                Via::Private | Via::Group => Recall::Until(Timestamp(at.0 + RECALL)),
                Via::Moments | Via::Post => Recall::Always,
                Via::Call | Via::Internal => Recall::Never,
            };
            Got { name: clean(&self.store.columns.target_name(task.target)), at, recall }
        };
        let text = self.wording(&task).and_then(|wording| wording.texts.into_iter().next());
        Ok(Spread {
            text: text.unwrap_or_default(),
            pending: pending.len() as u32,
            got: got.len() as u32,
            named: got.iter().take(NAMED).map(name).collect(),
        })
    }
}
