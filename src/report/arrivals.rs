//! Who will only come: a range, by how many came in each of the last four weeks.
//!
//! Decided once. The week with the fewest and the one with the most are the ends of the range; arrivals are taken as
//! spread evenly over a week. Weeks that began before the playbook did say nothing; where none is whole, the days there
//! were are stretched to one, and the lower end is nobody.

use serde::{Deserialize, Serialize};

use crate::book::Timestamp;
use crate::book::time::DAY;

/// How far back arrivals are counted, in milliseconds: 28 days.
pub const LOOKED_BACK: i64 = 4 * WEEK;

const WEEK: i64 = 7 * DAY;

/// From so many to so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub low: u32,
    pub high: u32,
}

impl Range {
    /// `12-36`, and one number where both ends are the same.
    pub fn said(self) -> String {
        if self.low == self.high { self.low.to_string() } else { format!("{}-{}", self.low, self.high) }
    }

    /// Both ends of another added.
    pub fn add(&mut self, other: Self) {
        self.low = self.low.saturating_add(other.low);
        self.high = self.high.saturating_add(other.high);
    }
}

/// How many come in a week, by when they came, for what has been open to them since an instant.
pub fn a_week(came: &[Timestamp], since: Timestamp, now: Timestamp) -> Range {
    let whole = ((now.since(since)) / WEEK).clamp(0, LOOKED_BACK / WEEK);
    let in_week = |week: i64| {
        let (from, to) = (now.0 - (week + 1) * WEEK, now.0 - week * WEEK);
        came.iter().filter(|at| from < at.0 && at.0 <= to).count() as u32
    };
    let weeks: Vec<u32> = (0..whole).map(in_week).collect();
    if let (Some(low), Some(high)) = (weeks.iter().min(), weeks.iter().max()) {
        return Range { low: *low, high: *high };
    }
    let days = (now.since(since) / DAY).clamp(1, 7);
    let came = came.iter().filter(|at| **at >= since && **at <= now).count() as i64;
    Range { low: 0, high: u32::try_from((came * 7 + days - 1) / days).unwrap_or(u32::MAX) }
}

/// What those who come bring on each of the coming days: `steps` says how many messages one of them gets on which day
/// after the one they came on.
pub fn a_day(weekly: Range, steps: &[u32]) -> Vec<Range> {
    let mut sum: u64 = 0;
    steps
        .iter()
        .map(|n| {
            // whoever came on any day up to this one
            sum += u64::from(*n);
            let of = |week: u32| u64::from(week) * sum;
            let low = u32::try_from(of(weekly.low) / 7).unwrap_or(u32::MAX);
            Range { low, high: u32::try_from(of(weekly.high).div_ceil(7)).unwrap_or(u32::MAX) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(days: &[i64]) -> Vec<Timestamp> {
        days.iter().map(|day| Timestamp(-day * DAY)).collect()
    }

    #[test]
    fn the_fewest_and_the_most_of_four_weeks() {
        let now = Timestamp(0);
        let came = days(&[1, 2, 3, 8, 15, 16, 29]);
        assert_eq!(a_week(&came, Timestamp(-100 * DAY), now), Range { low: 0, high: 3 });
        // three weeks old: the fourth is no week without anybody
        assert_eq!(a_week(&came, Timestamp(-21 * DAY), now), Range { low: 1, high: 3 });
        // four days old
        assert_eq!(a_week(&days(&[1, 2]), Timestamp(-4 * DAY), now), Range { low: 0, high: 4 });
        assert_eq!(a_week(&[], now, now), Range::default());
    }

    #[test]
    fn messages_grow_with_who_has_come() {
        let weekly = Range { low: 0, high: 14 };
        let highs = |steps: &[u32]| a_day(weekly, steps).iter().map(|range| range.high).collect::<Vec<_>>();
        // two a day, each greeted at once and on the third day
        assert_eq!(highs(&[1, 0, 0, 1, 0]), [2, 2, 2, 4, 4]);
        assert!(a_day(weekly, &[1, 1]).iter().all(|range| range.low == 0));
        assert_eq!(a_day(Range { low: 1, high: 1 }, &[1; 8]).last(), Some(&Range { low: 1, high: 2 }));
    }
}
