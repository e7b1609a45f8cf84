//! The numbers of the header, and how the desk is.
//!
//! Counts come from the ordered sets of open and ended tasks and from counters, never from all tasks.

use super::scan::is_listed;
use super::subject::TaskSubject;
use crate::book::{TaskState, Timestamp};
use crate::desk::{Desk, Session};
use crate::door::reply::{Counts, Status};
use crate::query::dates::midnight;
use crate::queue::facts::overdue_until;
use crate::queue::order::Place;
use crate::store::columns::TaskColumn;

impl Desk {
    /// The numbers of the header.
    pub(crate) fn counts(&self, now: Timestamp) -> Counts {
        let columns = &self.store.columns;
        let scene = self.scene(now);
        let zone = columns.store.zone;
        let subject = |row: u32| TaskSubject::new(scene, row);
        let queue = &columns.queue;
        let overdue_since = Timestamp(overdue_until(now).0.saturating_add(1));
        let tomorrow = now.day(zone).succ_opt().map_or(now, |day| midnight(day, zone));
        Counts {
            due: queue.due().len() as u32,
            today: self.due_within(midnight(now.day(zone), zone), tomorrow),
            overdue: queue.free_before(overdue_since) as u32,
            snoozed: queue.snoozed().len() as u32,
            awaiting: self
                .views
                .awaiting
                .as_ref()
                .filter(|awaiting| awaiting.is_whole())
                .map(|awaiting| awaiting.count(now) as u32),
            to_answer: columns
                .follow_ups
                .iter()
                .filter(|row| subject(**row).is_some_and(|task| task.is_to_answer()))
                .count() as u32,
            groups: columns.groups.iter().filter(|(_, _, group)| !group.body.archived).count() as u32,
            members: (columns.members.len() as u32).saturating_sub(columns.archived_members),
            accounts: columns.accounts.iter().filter(|(_, _, account)| !account.body.archived).count() as u32,
            playbooks: columns.playbooks.iter().filter(|(id, playbook)| is_listed(id, playbook)).count()
                as u32,
            alerts: columns.unseen,
            sent_today: columns.ended.count_sent_since(midnight(now.day(zone), zone)) as u32,
            next_at: {
                let back = columns.snoozes.first().map(|(at, _)| at);
                self.next_instant().into_iter().chain(back).min()
            },
            enrolled: columns.playbooks.values().map(|playbook| playbook.active).sum(),
        }
    }

    /// How many tasks are due within a day, whatever became of them but cancelled: what its view lists.
    fn due_within(&self, from: Timestamp, until: Timestamp) -> u32 {
        let columns = &self.store.columns;
        let is_work =
            |task: &TaskColumn| (from..until).contains(&task.due_at) && task.state != TaskState::Cancelled;
        let is_in = |row: &u32| columns.tasks.get(*row).is_some_and(|task| is_work(&task));
        // what is open stands by its time, put off or not, and nothing ends before it was owed
        let before = |at: Timestamp| columns.queue.rank(&Place::first_at(at));
        // a day's tasks are counted with each act: of a million none is looked at
        let ended = columns.ended.due_within(from, until);
        let ended = ended.unwrap_or_else(|| columns.ended.rows_since(from).filter(is_in).count());
        (before(until) - before(from) + ended) as u32
    }

    /// How the desk is. A screen is told what is still being counted later, a command wants to know it now.
    pub(super) fn status(&mut self, session: &Session, now: Timestamp) -> Status {
        let lang = session.lang;
        if !session.screen {
            self.count_anew(now);
        }
        Status {
            store: self.options.name.clone(),
            pid: self.options.pid,
            seq: self.store.end().seq,
            index_behind: self.store.index_behind(),
            counts: self.counts(now),
            held: self.held_words(now, lang),
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
