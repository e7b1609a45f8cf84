//! The tick: what comes due becomes a task.

use super::act::DeskError;
use super::{Desk, Now};
use crate::book::Timestamp;
use crate::door::reply::Digest;

/// What the tick remembers between turns.
#[derive(Debug, Default)]
pub struct TickState {
    /// A tick was asked for.
    pub due: bool,
    /// When the last tick was finished.
    pub ticked_at: Option<Timestamp>,
    /// Why the tick is held until a human confirms.
    pub held: Option<String>,
    /// What the first tick after an absence did.
    pub digest: Option<Digest>,
}

impl Desk {
    /// A slice of background work: imports, then the tick. True when more waits.
    pub(super) fn background(&mut self, now: Now) -> bool {
        match self.background_slice(now) {
            Ok(more) => more,
            Err(error) => {
                self.unwritable = Some(error.to_string());
                false
            }
        }
    }

    fn background_slice(&mut self, now: Now) -> Result<bool, DeskError> {
        self.import_slice(now)
    }

    /// When the next tick has something to do.
    pub(super) fn next_wake(&self, _now: Now) -> Option<Timestamp> {
        let columns = &self.store.columns;
        [&columns.wakes, &columns.snoozes, &columns.expiries]
            .into_iter()
            .filter_map(|set| set.first().map(|(at, _)| *at))
            .min()
    }
}
