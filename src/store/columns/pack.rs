//! Rows as bytes, in memory and in the columns file alike.
//!
//! A row begins with a mask of two or three bytes, a bit for each of its fields that is mostly missing, nought or false;
//! only what the mask says is there follows. Numbers take seven bits a byte, the low ones first, the high bit of a
//! byte saying that another follows; signed ones are turned so that small ones of both signs are short.

#![allow(
    clippy::inline_always,
    reason = "the package is optimised for size, and millions of rows are read as it opens"
)]

use crate::book::Timestamp;

/// Writes a row behind what is there.
pub(super) struct Packer<'a> {
    into: &'a mut Vec<u8>,
    mask_at: usize,
    mask: u32,
    bit: u32,
}

impl<'a> Packer<'a> {
    /// With room for a mask of so many bytes, at most four.
    pub(super) fn new(into: &'a mut Vec<u8>, mask_bytes: usize) -> Self {
        let mask_at = into.len();
        into.resize(mask_at + mask_bytes, 0);
        Self { into, mask_at, mask: 0, bit: 0 }
    }

    /// A bit of the mask.
    pub(super) fn flag(&mut self, is_set: bool) {
        self.mask |= u32::from(is_set) << self.bit;
        self.bit += 1;
        if let Some(byte) = self.into.get_mut(self.mask_at + (self.bit as usize - 1) / 8) {
            *byte = (self.mask >> ((self.bit - 1) / 8 * 8)) as u8;
        }
    }

    pub(super) fn number(&mut self, number: impl Into<u64>) {
        put(self.into, number.into());
    }

    pub(super) fn signed(&mut self, number: impl Into<i64>) {
        put(self.into, turned(number.into()));
    }

    /// A number that may be missing.
    pub(super) fn maybe(&mut self, number: Option<impl Into<u64>>) {
        self.flag(number.is_some());
        if let Some(number) = number {
            self.number(number);
        }
    }

    /// A number that mostly is nought.
    pub(super) fn unless_nought(&mut self, number: impl Into<u64>) {
        let number = number.into();
        self.maybe((number != 0).then_some(number));
    }

    /// The same with a sign.
    pub(super) fn signed_unless_nought(&mut self, number: impl Into<i64>) {
        self.unless_nought(turned(number.into()));
    }

    /// An instant that may be missing, told from another.
    pub(super) fn instant(&mut self, at: Option<Timestamp>, base: Timestamp) {
        self.maybe(at.map(|at| turned(at.0.wrapping_sub(base.0))));
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.into.extend_from_slice(bytes);
    }
}

/// Reads a row off the front; every reading gives none where the bytes are not such a row.
#[derive(Clone, Copy)]
pub(super) struct Unpacker<'a> {
    mask: u32,
    pub(super) rest: &'a [u8],
}

impl<'a> Unpacker<'a> {
    /// Behind a mask of so many bytes, at most four.
    pub(super) fn new(bytes: &'a [u8], mask_bytes: usize) -> Option<Self> {
        let (first, rest) = bytes.split_at_checked(mask_bytes)?;
        let mask = first.iter().rev().fold(0, |mask, byte| mask << 8 | u32::from(*byte));
        Some(Self { mask, rest })
    }

    /// The next bit of the mask.
    #[inline(always)]
    pub(super) fn flag(&mut self) -> bool {
        let is_set = self.mask & 1 == 1;
        self.mask >>= 1;
        is_set
    }

    #[inline(always)]
    pub(super) fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(take(&mut self.rest)?).ok()
    }

    pub(super) fn signed<T: TryFrom<i64>>(&mut self) -> Option<T> {
        T::try_from(turned_back(take(&mut self.rest)?)).ok()
    }

    /// None where the row is none; then whether the number is there.
    #[expect(clippy::option_option, reason = "whether it is a row, and whether the row has it")]
    #[inline(always)]
    pub(super) fn maybe<T: TryFrom<u64>>(&mut self) -> Option<Option<T>> {
        if self.flag() { self.number().map(Some) } else { Some(None) }
    }

    pub(super) fn unless_nought<T: TryFrom<u64> + Default>(&mut self) -> Option<T> {
        self.maybe().map(Option::unwrap_or_default)
    }

    pub(super) fn signed_unless_nought<T: TryFrom<i64> + Default>(&mut self) -> Option<T> {
        if self.flag() { self.signed() } else { Some(T::default()) }
    }

    /// The same for an instant that is told from another.
    #[expect(clippy::option_option, reason = "whether it is a row, and whether the row has it")]
    pub(super) fn instant(&mut self, base: Timestamp) -> Option<Option<Timestamp>> {
        let at = |turned: u64| Timestamp(base.0.wrapping_add(turned_back(turned)));
        self.maybe().map(|turned| turned.map(at))
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(bytes)
    }
}

/// Writes a number.
pub(super) fn put(into: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// Takes a number off the front.
#[inline(always)]
pub(super) fn take(from: &mut &[u8]) -> Option<u64> {
    let (first, rest) = from.split_first()?;
    if *first < 0x80 {
        *from = rest;
        return Some(u64::from(*first));
    }
    take_long(from)
}

fn take_long(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for (place, byte) in from.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7f) << (7 * place);
        if *byte < 0x80 {
            *from = from.get(place + 1..)?;
            return Some(number);
        }
    }
    None
}

/// Small numbers of both signs as small ones without.
pub(super) const fn turned(number: i64) -> u64 {
    (number as u64) << 1 ^ (number >> 63) as u64
}

pub(super) const fn turned_back(turned: u64) -> i64 {
    (turned >> 1) as i64 ^ -((turned & 1) as i64)
}

/// A value of a closed list as its place in it.
macro_rules! place_in_list {
    ($($of:ty),+ $(,)?) => {$(
        impl $crate::store::columns::pack::Listed for $of {
            fn place(self) -> u8 {
                self as u8
            }

            fn at(place: u8) -> Option<Self> {
                Self::ALL.get(usize::from(place)).copied()
            }
        }
    )+};
}
pub(super) use place_in_list;

/// A value that has a place in a closed list.
pub(super) trait Listed: Sized {
    fn place(self) -> u8;
    /// None for a place that the list does not have.
    fn at(place: u8) -> Option<Self>;
}

place_in_list!(
    crate::book::ContactState,
    crate::book::Stage,
    crate::book::TaskState,
    crate::book::Via,
    crate::book::Class,
    crate::book::SkipReason,
    super::task::TaskSort,
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(number in any::<u64>(), bits in 0..64_u32, signed in any::<i64>()) {
            let number = number >> bits;
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            prop_assert_eq!(bytes.len(), (64 - number.leading_zeros()).div_ceil(7).max(1) as usize);
            let mut rest = bytes.as_slice();
            prop_assert_eq!((take(&mut rest), rest.len()), (Some(number), 0));
            for end in 0..bytes.len() {
                prop_assert_eq!(take(&mut &bytes[..end]), None);
            }
            prop_assert_eq!(turned_back(turned(signed)), signed);
        }
    }

    #[test]
    fn a_mask_says_what_is_there() {
        let mut bytes = vec![9];
        let mut packer = Packer::new(&mut bytes, 2);
        for bit in 0..9 {
            packer.flag(bit % 3 == 0);
        }
        packer.maybe(Some(300_u32));
        packer.maybe(None::<u32>);
        packer.instant(Some(Timestamp(-1)), Timestamp(1));
        packer.signed_unless_nought(-1_i32);
        packer.unless_nought(0_u32);
        assert_eq!(bytes, [9, 0b0100_1001, 0b0001_1010, 0xac, 0x02, 3, 1]);
        let mut row = Unpacker::new(&bytes[1..], 2).unwrap();
        assert!((0..9).all(|bit| row.flag() == (bit % 3 == 0)));
        assert_eq!(row.maybe::<u32>(), Some(Some(300)));
        assert_eq!(row.maybe::<u32>(), Some(None));
        assert_eq!(row.instant(Timestamp(1)), Some(Some(Timestamp(-1))));
        assert_eq!(row.signed_unless_nought::<i32>(), Some(-1));
        assert_eq!((row.unless_nought::<u32>(), row.rest), (Some(0), [].as_slice()));
        assert!(Unpacker::new(&[1], 2).is_none());
    }
}
