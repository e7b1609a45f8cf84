//! How many messages each account sent in the last hour.
//!
//! Every line of a list says it, and thousands may have been sent: they are counted once for a state of the book and a
//! minute, not once a line.

use std::collections::HashMap;

use crate::book::time::{HOUR, MINUTE};
use crate::book::{Timestamp, Via};
use crate::desk::Desk;

/// The counts of accounts by row, and what they were counted at: the book's last record and the minute.
#[derive(Debug, Default)]
pub(super) struct Pace {
    at: Option<(u64, usize, i64)>,
    counts: HashMap<u32, u32>,
}

impl Desk {
    /// How many messages an account, by row, sent in the hour before now, to the minute.
    pub(super) fn pace_of(&self, account: u32, now: Timestamp) -> u32 {
        let at = Some((self.store.end().seq, self.store.staged(), now.0.div_euclid(MINUTE)));
        let mut pace = self.views.pace.borrow_mut();
        if pace.at != at {
            *pace = Pace { at, counts: self.counts_since(Timestamp(now.0 - HOUR), now) };
        }
        pace.counts.get(&account).copied().unwrap_or_default()
    }

    fn counts_since(&self, from: Timestamp, to: Timestamp) -> HashMap<u32, u32> {
        let columns = &self.store.columns;
        let mut counts = HashMap::new();
        for (_, row) in columns.ended.sent_since(from).filter(|(sent, _)| *sent <= to) {
            let task = columns.tasks.get(row).filter(|task| task.via != Via::Internal);
            if let Some(account) = task.and_then(|task| task.account) {
                *counts.entry(account).or_default() += 1;
            }
        }
        counts
    }
}
