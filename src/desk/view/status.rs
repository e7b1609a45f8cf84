//! The numbers of the header, and how the desk is.
//!
//! Counts come from the ordered sets of open and ended tasks and from counters, never from all tasks.

use super::subject::{AWAITED, OVERDUE_AFTER, TaskSubject};
use crate::book::{TaskState, Timestamp, Via};
use crate::desk::Desk;
use crate::door::reply::{Counts, Status};
use crate::query::dates::midnight;
use crate::store::columns::task::TaskColumn;
use crate::store::record::PlaybookState;
use crate::text::lang::Lang;

/// A message that somebody got: forms, counts and other work among ourselves send nothing.
pub(super) fn is_message_sent(task: &TaskColumn) -> bool {
    task.state == TaskState::Sent && task.via != Via::Internal
}

impl Desk {
    /// The numbers of the header.
    pub(crate) fn counts(&self, now: Timestamp) -> Counts {
        let columns = &self.store.columns;
        let scene = self.scene(now);
        let zone = columns.store.zone;
        let subject = |row: u32| TaskSubject::new(scene, row);
        let is_due = |row: u32| columns.tasks.get(row).is_some_and(|task| task.state == TaskState::Due);
        let snoozed = columns.snoozes.len();

        let overdue_before = Timestamp(now.0.saturating_sub(OVERDUE_AFTER));
        let late = columns.open.range(..=(overdue_before, u32::MAX)).count();
        let late_snoozed = columns
            .snoozes
            .iter()
            .filter(|(_, row)| columns.tasks.get(*row).is_some_and(|task| task.due_at <= overdue_before))
            .count();

        let tomorrow = now.day(zone).succ_opt().map_or(now, |day| midnight(day, zone));
        let awaited_since = Timestamp(now.0.saturating_sub(AWAITED));
        Counts {
            due: columns.open.len().saturating_sub(snoozed) as u32,
            today: columns.open.range(..(tomorrow, 0)).filter(|(_, row)| is_due(*row)).count() as u32,
            overdue: late.saturating_sub(late_snoozed) as u32,
            snoozed: snoozed as u32,
            awaiting: columns
                .ended
                .range((awaited_since, 0)..)
                .filter(|(_, row)| subject(*row).is_some_and(|task| task.is_awaiting()))
                .count() as u32,
            to_answer: columns
                .follow_ups
                .iter()
                .filter(|row| subject(**row).is_some_and(|task| task.is_to_answer()))
                .count() as u32,
            groups: columns.groups.iter().filter(|(_, _, group)| !group.body.archived).count() as u32,
            members: (columns.members.len() as u32).saturating_sub(columns.archived_members),
            accounts: columns.accounts.iter().filter(|(_, _, account)| !account.body.archived).count() as u32,
            playbooks: columns
                .playbooks
                .values()
                .filter(|playbook| playbook.state != PlaybookState::Removed)
                .count() as u32,
            alerts: columns.unseen,
            sent_today: self
                .ended_today(now)
                .filter(|row| columns.tasks.get(*row).is_some_and(is_message_sent))
                .count() as u32,
            next_at: columns.wakes.first().map(|(at, _)| *at),
            enrolled: columns.playbooks.values().map(|playbook| playbook.active).sum(),
        }
    }

    /// How the desk is.
    pub(super) fn status(&self, now: Timestamp, lang: Lang) -> Status {
        Status {
            store: self.options.name.clone(),
            pid: self.options.pid,
            seq: self.store.end().seq,
            index_behind: self.store.index_behind(),
            counts: self.counts(now),
            held: self.tick.held.map(|held| held.sentence(lang)),
            writable: self.unwritable.is_none(),
            unwritable: self.unwritable.as_ref().map(|why| why.sentence(lang)),
            screens: self.screens() as u32,
            digest: self.tick.digest.clone(),
            attached: self.options.attached,
            rules: self.rules_fault_words(lang),
            since: self.options.since,
            last_at: self.store.columns.store.last_at,
        }
    }
}
