//! Ended tasks by the time they ended, messages that were sent apart.
//!
//! A million acts a day make a million of them a day, nearly always at the end: blocks stay full, and how many were
//! sent since an instant is counted without looking at one. Follows from the columns of tasks, like the queue.

use std::collections::BTreeMap;

use super::packed_rows::PackedRows;
use super::queue::owner;
use super::ranked::Ranked;
use super::task::{TargetRow, TaskColumn, TaskSort, is_open};
use super::times::{Timed, Times};
use crate::book::time::MINUTE;
use crate::book::{TaskId, TaskState, Timestamp, Via};
use crate::queue::order::Owner;

/// Everything that is over.
#[derive(Clone, Debug, Default)]
pub struct Ended {
    sent: Times,
    other: Times,
    /// Private messages that have no reply of their own, by the member they went to.
    unanswered: Ranked<(Owner, u32)>,
    /// How many that were not cancelled were due in a quarter of an hour, by its number.
    by_due: BTreeMap<i64, u32>,
}

/// Midnight is a multiple of it in every zone of today.
const QUARTER: i64 = 15 * MINUTE;

impl Ended {
    /// Those of all tasks that are over.
    pub(super) fn of_tasks(tasks: &PackedRows<TaskId, TaskColumn>) -> Self {
        let (mut sent, mut other, mut unanswered) = (Vec::new(), Vec::new(), Vec::new());
        let mut by_due = BTreeMap::new();
        for (row, task) in tasks.iter_if(|row| !is_open(row)) {
            unanswered.extend(is_unanswered(&task).then(|| (owner(task.target), row)));
            if let Some(at) = ended_at(&task) {
                if is_done(&task) {
                    *by_due.entry(quarter(&task)).or_default() += 1;
                }
                if is_message_sent(&task) { &mut sent } else { &mut other }.push((at, row));
            }
        }
        Self {
            sent: sent.into_iter().collect(),
            other: other.into_iter().collect(),
            unanswered: unanswered.into_iter().collect(),
            by_due,
        }
    }

    /// Takes a task out as its column is before it changes.
    pub(in crate::store) fn take(&mut self, row: u32, task: &TaskColumn) {
        if let Some(at) = ended_at(task) {
            self.of_sort(task).remove((at, row));
            let quarter = quarter(task);
            if let Some(n) = self.by_due.get_mut(&quarter).filter(|_| is_done(task)) {
                *n -= 1;
                if *n == 0 {
                    self.by_due.remove(&quarter);
                }
            }
        }
        if is_unanswered(task) {
            self.unanswered.remove(&(owner(task.target), row));
        }
    }

    /// Puts a task in as its column is after it changed; an open one stays out.
    pub(in crate::store) fn put(&mut self, row: u32, task: &TaskColumn) {
        if let Some(at) = ended_at(task) {
            self.of_sort(task).insert((at, row));
            if is_done(task) {
                *self.by_due.entry(quarter(task)).or_default() += 1;
            }
        }
        if is_unanswered(task) {
            self.unanswered.insert((owner(task.target), row));
        }
    }

    fn of_sort(&mut self, task: &TaskColumn) -> &mut Times {
        if is_message_sent(task) { &mut self.sent } else { &mut self.other }
    }

    /// How many have ended.
    pub fn len(&self) -> usize {
        self.sent.len() + self.other.len()
    }

    /// True when none has.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many have ended at an instant or later.
    pub fn since(&self, at: Timestamp) -> usize {
        self.len() - self.sent.rank((at, 0)) - self.other.rank((at, 0))
    }

    /// How many that are over and were not cancelled were due from an instant on and before another, both on a quarter of an hour; none where
    /// they are not.
    pub fn due_within(&self, from: Timestamp, until: Timestamp) -> Option<usize> {
        let whole = |at: Timestamp| (at.0.rem_euclid(QUARTER) == 0).then(|| at.0.div_euclid(QUARTER));
        let (from, until) = (whole(from)?, whole(until)?);
        Some(self.by_due.range(from..until.max(from)).map(|(_, n)| *n as usize).sum())
    }

    /// Messages sent at an instant or later, rising.
    pub fn sent_since(&self, at: Timestamp) -> impl Iterator<Item = Timed> {
        self.sent_from((at, 0))
    }

    /// Messages from a place on, rising.
    pub fn sent_from(&self, place: Timed) -> impl Iterator<Item = Timed> {
        self.sent.iter_from(place)
    }

    /// How many were sent at an instant or later.
    pub fn count_sent_since(&self, at: Timestamp) -> usize {
        self.sent.len() - self.sent.rank((at, 0))
    }

    /// Private messages to a member that have no reply of their own, by row.
    pub fn unanswered(&self, member: Owner) -> impl Iterator<Item = u32> {
        self.unanswered.iter_from((member, 0)).take_while(move |(of, _)| *of == member).map(|(_, row)| row)
    }

    /// Rows of tasks that ended at an instant or later, in no order.
    pub fn rows_since(&self, at: Timestamp) -> impl Iterator<Item = u32> {
        let from = (at, 0);
        self.sent.iter_from(from).chain(self.other.iter_from(from)).map(|(_, row)| row)
    }

    /// Newest first, from before a place on.
    pub fn newest(&self, before: Option<Timed>) -> impl Iterator<Item = Timed> {
        let before = before.unwrap_or((Timestamp(i64::MAX), u32::MAX));
        let mut sent = self.sent.iter_before(before).peekable();
        let mut other = self.other.iter_before(before).peekable();
        std::iter::from_fn(move || match (sent.peek(), other.peek()) {
            (Some(a), Some(b)) if b > a => other.next(),
            (Some(_), _) => sent.next(),
            (None, _) => other.next(),
        })
    }
}

/// A message that somebody got, a follow-up among them: forms, counts and other work among ourselves send nothing.
fn is_message_sent(task: &TaskColumn) -> bool {
    let is_message = task.via != Via::Internal || task.sort == TaskSort::FollowUp;
    task.state == TaskState::Sent && is_message
}

fn is_unanswered(task: &TaskColumn) -> bool {
    task.state == TaskState::Sent
        && task.via == Via::Private
        && task.replied_at().is_none()
        && matches!(task.target, TargetRow::Member(_))
}

/// Work of its day that is over; what was cancelled is none any more.
fn is_done(task: &TaskColumn) -> bool {
    task.state != TaskState::Cancelled
}

fn quarter(task: &TaskColumn) -> i64 {
    task.due_at.0.div_euclid(QUARTER)
}

fn ended_at(task: &TaskColumn) -> Option<Timestamp> {
    task.ended_at().filter(|_| !task.state.is_open())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_stand_in_one_order() {
        let mut ended = Ended::default();
        for row in 0..20_u32 {
            let at = Timestamp(i64::from(row / 3));
            let set = if row % 2 == 0 { &mut ended.sent } else { &mut ended.other };
            set.insert((at, row));
        }
        let newest: Vec<u32> = ended.newest(None).map(|(_, row)| row).collect();
        assert_eq!(newest, (0..20).rev().collect::<Vec<_>>());
        assert_eq!(ended.newest(Some((Timestamp(2), 7))).next(), Some((Timestamp(2), 6)));
        assert_eq!((ended.len(), ended.since(Timestamp(5))), (20, 5));
        assert_eq!(ended.rows_since(Timestamp(6)).collect::<Vec<_>>(), [18, 19]);
        assert_eq!(ended.count_sent_since(Timestamp(5)), 2);
        assert_eq!(ended.sent_since(Timestamp(5)).map(|(_, row)| row).collect::<Vec<_>>(), [16, 18]);
    }
}
