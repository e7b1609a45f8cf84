//! Details of lines near the cursor, so that moving shows all of a line at once.
//!
//! The desk is asked for the line under the cursor and then for the next few in the direction of the last move; their
//! answers change nothing on the screen. What may have changed since is still shown, and asked for anew when the cursor
//! stands on it: an old history for a moment is better than none.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::state::Detail;
use crate::door::line::LineId;

/// A detail older than this is asked for again: what happened elsewhere to the same human is told by no patch.
const FRESH: Duration = Duration::from_secs(10);
/// So many are kept.
const KEPT_MAX: usize = 64;

/// What is known of lines beyond the lines.
#[derive(Debug, Default)]
pub struct Details {
    known: HashMap<LineId, Known>,
}

#[derive(Debug)]
struct Known {
    detail: Detail,
    asked_at: Duration,
    doubted: bool,
}

impl Details {
    /// The detail of a line, as far as it has come.
    pub fn of(&self, id: &LineId) -> Option<&Detail> {
        self.known.get(id).map(|known| &known.detail)
    }

    /// Takes an answer. `near` says which lines are worth keeping, should there be too many.
    pub(super) fn take(
        &mut self,
        id: LineId,
        detail: Detail,
        asked_at: Duration,
        near: impl FnOnce() -> HashSet<LineId>,
    ) {
        if self.known.len() >= KEPT_MAX {
            let near = near();
            self.known.retain(|id, _| near.contains(id));
        }
        self.known.insert(id, Known { detail, asked_at, doubted: false });
    }

    /// True when the line under the cursor is to be asked for.
    pub(super) fn wants(&self, id: &LineId, now: Duration) -> bool {
        self.known.get(id).is_none_or(|known| known.doubted || now.saturating_sub(known.asked_at) >= FRESH)
    }

    /// Something may have changed: everything is to be asked for again when it is looked at.
    pub(super) fn doubt(&mut self) {
        self.known.values_mut().for_each(|known| known.doubted = true);
    }
}
