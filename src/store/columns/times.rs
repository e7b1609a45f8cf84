//! Rows by an instant.
//!
//! What wakes, expires, comes back or has ended stands by its time, a million of each: so a key takes twelve bytes.

use super::ranked::Ranked;
use crate::book::Timestamp;

/// A row and its instant.
pub type Timed = (Timestamp, u32);

/// The same in twelve bytes, which rise alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    high: i32,
    low: u32,
    row: u32,
}

impl From<Timed> for Key {
    fn from((at, row): Timed) -> Self {
        Self { high: (at.0 >> 32) as i32, low: at.0 as u32, row }
    }
}

impl From<Key> for Timed {
    fn from(key: Key) -> Self {
        (Timestamp(i64::from(key.high) << 32 | i64::from(key.low)), key.row)
    }
}

/// Rows by instant, rising; of one instant by row.
#[derive(Clone, Debug, Default)]
pub struct Times(Ranked<Key>);

impl Times {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a row; false when it was there.
    pub fn insert(&mut self, timed: Timed) -> bool {
        self.0.insert(timed.into())
    }

    /// Takes a row away; false when it was not there.
    pub fn remove(&mut self, timed: Timed) -> bool {
        self.0.remove(&timed.into())
    }

    /// The earliest.
    pub fn first(&self) -> Option<Timed> {
        self.iter().next()
    }

    /// All, rising.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Timed> {
        self.0.iter().map(Timed::from)
    }

    /// From a place on, rising.
    pub fn iter_from(&self, place: Timed) -> impl Iterator<Item = Timed> {
        self.0.iter_from(place.into()).map(Timed::from)
    }

    /// From an instant on and before another, rising.
    pub fn within(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = Timed> {
        self.iter_from((from, 0)).take_while(move |(at, _)| *at < until)
    }

    /// What stands before a place, falling.
    pub fn iter_before(&self, place: Timed) -> impl Iterator<Item = Timed> {
        self.0.iter_before(place.into()).map(Timed::from)
    }

    /// How many stand before a place.
    pub fn rank(&self, place: Timed) -> usize {
        self.0.rank(&place.into())
    }
}

impl FromIterator<Timed> for Times {
    fn from_iter<T: IntoIterator<Item = Timed>>(timed: T) -> Self {
        Self(timed.into_iter().map(Key::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_rise_as_what_they_stand_for() {
        let times = [i64::MIN, -(1 << 32) - 1, -(1 << 32), -1, 0, 1, u32::MAX.into(), 1 << 32, i64::MAX];
        let all: Vec<Timed> =
            times.iter().flat_map(|at| [0, u32::MAX].map(|row| (Timestamp(*at), row))).collect();
        let mut rows: Times = all.iter().rev().copied().collect();
        assert!(rows.iter().eq(all.iter().copied()));
        assert_eq!((rows.first(), rows.rank((Timestamp(0), 0)), rows.len()), (Some(all[0]), 8, 18));
        assert!(rows.iter_from((Timestamp(1), 1)).eq(all[11..].iter().copied()));
        assert!(rows.within(Timestamp(-1), Timestamp(1)).eq(all[6..10].iter().copied()));
        assert!(rows.iter_before((Timestamp(1), 1)).eq(all[..11].iter().rev().copied()));
        assert!(rows.remove(all[0]) && !rows.remove(all[0]) && !rows.insert(all[1]) && rows.insert(all[0]));
    }
}
