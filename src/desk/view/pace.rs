//! How many messages each account sent in the last hour, and how long a message takes.
//!
//! Every line of a list says it, and thousands may have been sent: they are counted once for a state of the book and a
//! minute, not once a line.

use std::collections::HashMap;

use crate::book::time::{HOUR, MINUTE};
use crate::book::{TaskState, Timestamp, Touch, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::report::pace::{Marked, paces};
use crate::store::keys;

/// Marks that the pace is measured on.
const MARKS: usize = 400;

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

/// How long messages take here, or one operator, measured on those that were marked last.
pub(super) fn paces_of(
    desk: &Desk,
    operator: Option<&str>,
) -> Result<Vec<crate::report::pace::Pace>, DeskError> {
    let columns = &desk.store.columns;
    let sent = |row: &u32| columns.tasks.get(*row).is_some_and(|task| task.state == TaskState::Sent);
    let mut touches: Vec<Touch> = Vec::new();
    for row in columns.ended.newest(None).map(|(_, row)| row).filter(sent).take(MARKS) {
        let Some(id) = columns.tasks.id(row) else { continue };
        for (_, key) in desk.store.bodies.range(&keys::touches_of(id), &[], 2)? {
            touches.extend(desk.store.bodies.read::<Touch>(&key)?);
        }
    }
    let marked: Vec<Marked<'_>> =
        touches.iter().map(|touch| Marked { by: &touch.by, via: touch.via, at: touch.marked_at }).collect();
    let Some(operator) = operator else { return Ok(paces(&marked)) };
    let own: Vec<Marked<'_>> = marked.iter().filter(|mark| mark.by == operator).copied().collect();
    // who has not marked enough yet goes by everybody's, and then by the guess
    let mut all = paces(&marked);
    for own in paces(&own).into_iter().filter(|own| own.samples > 0) {
        if let Some(pace) = all.iter_mut().find(|pace| pace.via == own.via) {
            *pace = own;
        }
    }
    Ok(all)
}
