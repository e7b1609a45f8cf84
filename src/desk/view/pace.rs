//! How many messages each account sent in the last hour.
//!
//! Every line of a list says it, and thousands may have been sent: they are counted once for a state of the book and a
//! minute, not once a line.

use std::collections::HashMap;

use crate::book::time::{HOUR, MINUTE};
use crate::book::{Timestamp, Via};
use crate::desk::Desk;

/// Of each account, by row, how many messages it sent in an hour, and when the first of them was.
type Sent = HashMap<u32, (u32, Timestamp)>;

/// What was counted, and at what: the book's last record and the minute.
#[derive(Debug, Default)]
pub(super) struct Pace {
    at: Option<(u64, usize, i64)>,
    sent: Sent,
}

impl Desk {
    /// How many messages an account, by row, sent in the hour before now, to the minute.
    pub(super) fn pace_of(&self, account: u32, now: Timestamp) -> u32 {
        let at = Some((self.store.end().seq, self.store.staged(), now.0.div_euclid(MINUTE)));
        let mut pace = self.views.pace.borrow_mut();
        if pace.at != at {
            *pace = Pace { at, sent: self.sent_in_hour_before(now) };
        }
        pace.sent.get(&account).map_or(0, |(n, _)| *n)
    }

    /// The messages of the hour before an instant.
    pub(in crate::desk) fn sent_in_hour_before(&self, at: Timestamp) -> Sent {
        let columns = &self.store.columns;
        let mut counts = Sent::new();
        // in the order they were sent
        for (sent, row) in columns.ended.sent_since(Timestamp(at.0 - HOUR)).filter(|(sent, _)| *sent <= at) {
            let task = columns.tasks.get(row).filter(|task| task.via != Via::Internal);
            if let Some(account) = task.and_then(|task| task.account) {
                counts.entry(account).or_insert((0, sent)).0 += 1;
            }
        }
        counts
    }
}
