//! Task states: every allowed move in one table.

use crate::book::TaskState;

/// What kind of step leads from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The ordinary way: something open is put off, brought back or ended.
    Forward,
    /// A human says afterwards that it was sent.
    BackMark,
    /// An undo takes an end back.
    Undo,
}

/// The kind of step between two states; none where there is no way.
pub const fn step(from: TaskState, to: TaskState) -> Option<Step> {
    use TaskState::{Cancelled, Due, Expired, Failed, Sent, Skipped, Snoozed};
    match (from, to) {
        (Due, Sent | Skipped | Expired | Cancelled | Failed | Snoozed) => Some(Step::Forward),
        (Snoozed, Due | Sent | Skipped | Expired | Cancelled | Failed) => Some(Step::Forward),
        (Expired | Cancelled | Skipped, Sent) => Some(Step::BackMark),
        (Sent | Skipped | Expired | Cancelled | Failed, Due) => Some(Step::Undo),
        // A new time for the same snooze.
        (Snoozed, Snoozed) => Some(Step::Forward),
        (Due, Due) => None,
        (
            Sent | Skipped | Expired | Cancelled | Failed,
            Sent | Skipped | Expired | Cancelled | Failed | Snoozed,
        ) => None,
    }
}

/// True where a human's word may lead from one state to the other; undo has its own way.
pub fn may(from: TaskState, to: TaskState) -> bool {
    matches!(step(from, to), Some(Step::Forward | Step::BackMark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_as_written() {
        let table = [
            "due: snoozed sent skipped expired cancelled failed",
            "snoozed: due snoozed sent skipped expired cancelled failed",
            "sent:",
            "skipped: sent",
            "expired: sent",
            "cancelled: sent",
            "failed:",
        ];
        for (from, row) in TaskState::ALL.iter().zip(table) {
            let (name, allowed) = row.split_once(':').unwrap();
            assert_eq!(from.word(), name);
            for to in TaskState::ALL {
                let listed = allowed.split_whitespace().any(|word| word == to.word());
                assert_eq!(may(*from, *to), listed, "{from} -> {to}");
            }
        }
    }

    #[test]
    fn undo_leads_from_every_end_to_due_and_nowhere_else() {
        for from in TaskState::ALL {
            for to in TaskState::ALL {
                let expected = !from.is_open() && *to == TaskState::Due;
                assert_eq!(step(*from, *to) == Some(Step::Undo), expected, "{from} -> {to}");
            }
        }
    }
}
