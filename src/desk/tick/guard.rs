//! The clock guard: a calendar clock that is wrong must not fire a month at once.

use super::super::{Desk, Now};
use crate::book::time::{DAY, MINUTE};
use crate::desk::words::Words;
use crate::door::reply::Push;

/// How far behind the last record the clock may be: two minutes.
const BEHIND: i64 = 2 * MINUTE;
/// How far ahead of the last record it may be: thirty days.
const AHEAD: i64 = 30 * DAY;
/// How far it may move against the time since boot between two ticks: five minutes.
const JUMP: i64 = 5 * MINUTE;

impl Desk {
    /// Holds the tick when the clock is behind the last record, far ahead of it, or jumped.
    pub(super) fn guard(&mut self, now: Now) {
        let store = &self.store.columns.store;
        // a confirmation counts as the last record, also one of an earlier time
        let known = store.last_at;
        let moved = self.tick.last.map_or(0, |last| {
            now.wall.since(last.wall).saturating_sub(now.boot_ms.saturating_sub(last.boot_ms))
        });
        let ahead = now.wall.since(known);
        let minutes = |ms: i64| ms / MINUTE;
        let lang = crate::text::lang::Lang::default();
        let words = if -ahead > BEHIND {
            Some(Words::ClockBehind.fill(lang, &[("minutes", &minutes(-ahead))]))
        } else if ahead > AHEAD && store.last_at.0 > 0 {
            Some(Words::ClockAhead.fill(lang, &[("days", &(ahead / DAY))]))
        } else if moved.abs() > JUMP {
            Some(Words::ClockJumped.fill(lang, &[("minutes", &minutes(moved))]))
        } else {
            None
        };
        // a jump stays held although the next reading agrees with the one after it
        if let Some(words) = words
            && self.tick.held.as_ref() != Some(&words)
        {
            self.tick.says.push(Push::ClockHeld { words: words.clone() });
            self.tick.held = Some(words);
        }
        self.tick.last = Some(now);
    }
}
