//! An instant that may be missing, in eight bytes.

use super::pack::Packed;
use crate::book::Timestamp;

/// An instant or none; columns have millions of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Moment(i64);

/// No instant is as early as this.
const NONE: i64 = i64::MIN;

impl Moment {
    pub(super) fn at(self) -> Option<Timestamp> {
        (self.0 != NONE).then_some(Timestamp(self.0))
    }

    /// Lower and upper half.
    pub(super) fn halves(self) -> [u32; 2] {
        [self.0 as u32, (self.0 >> 32) as u32]
    }

    pub(super) fn of_halves(low: u32, high: u32) -> Self {
        Self((i64::from(high) << 32) | i64::from(low))
    }
}

impl Default for Moment {
    fn default() -> Self {
        Self(NONE)
    }
}

impl From<Option<Timestamp>> for Moment {
    fn from(at: Option<Timestamp>) -> Self {
        Self(at.map_or(NONE, |at| at.0))
    }
}

impl Packed for Moment {
    fn pack(&self, into: &mut Vec<u8>) {
        self.0.pack(into);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        i64::unpack(from).map(Self)
    }
}
