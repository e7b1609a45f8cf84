//! The clock guard: a calendar clock that is wrong must not fire a month at once.

use std::mem::discriminant;

use super::super::told::Held;
use super::super::{Desk, Now};
use crate::book::Timestamp;
use crate::book::time::{DAY, MINUTE};
use crate::desk::act::DeskError;
use crate::store::Body;
use crate::store::columns::AHEAD;

/// How far behind the last record the clock may be: two minutes.
const BEHIND: i64 = 2 * MINUTE;
/// How far it may move against the time since boot between two ticks: five minutes.
const JUMP: i64 = 5 * MINUTE;
/// How old the last record of a store is that is ticked and has nothing to write: a week.
const SEEN_EVERY: i64 = 7 * DAY;

impl Desk {
    /// Holds the tick when the clock is behind the last record, far ahead of it, or jumped.
    pub(super) fn guard(&mut self, now: Now) {
        let store = &self.store.columns.store;
        // a confirmation counts as the last record, also one of an earlier time; what somebody did meanwhile by a clock
        // that is far ahead confirms nothing
        let moved = self.tick.last.map_or(0, |last| {
            now.wall.since(last.wall).saturating_sub(now.boot_ms.saturating_sub(last.boot_ms))
        });
        let ahead = now.wall.since(store.clock_at);
        let held = if self.is_behind(now.wall) {
            Some(Held::Behind(store.last_at.since(now.wall)))
        } else if ahead > AHEAD && store.clock_at.0 > 0 {
            Some(Held::Ahead(ahead))
        } else if moved.abs() > JUMP {
            Some(Held::Jumped(moved))
        } else {
            None
        };
        // a jump stays held although the next reading agrees with the one after it
        if let Some(held) = held {
            let before = self.tick.held.replace(held);
            self.tick.tells_held |= before.is_none_or(|before| discriminant(&before) != discriminant(&held));
        }
        self.tick.last = Some(now);
    }

    /// Whether the clock is behind the last record: it ran ahead when that was written, or runs behind now.
    pub(in crate::desk) fn is_behind(&self, now: Timestamp) -> bool {
        self.store.columns.store.last_at.since(now) > BEHIND
    }

    /// Writes down that the clock was looked at and believed, where nothing else was written for a week: thirty quiet
    /// days that were ticked through one by one are no jump, also for a tick that starts anew each time.
    pub(super) fn clock_seen(&mut self, now: Timestamp) -> Result<(), DeskError> {
        let clock_at = self.store.columns.store.clock_at;
        if clock_at.0 == 0 || now.since(clock_at) < SEEN_EVERY {
            return Ok(());
        }
        let act = self.tick_act(now);
        self.stage(&act, Body::ClockSeen)
    }
}
