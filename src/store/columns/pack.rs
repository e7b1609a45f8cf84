//! Rows as bytes of the columns file: fixed numbers, little-endian, in order of the fields.

/// A row that the columns file can hold.
pub(super) trait Packed: Sized {
    /// Writes it behind what is there.
    fn pack(&self, into: &mut Vec<u8>);
    /// Reads it off the front; none where the bytes are not such a row.
    fn unpack(from: &mut &[u8]) -> Option<Self>;
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Packed for $number {
            fn pack(&self, into: &mut Vec<u8>) {
                into.extend_from_slice(&self.to_le_bytes());
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = from.split_first_chunk()?;
                *from = rest;
                Some(Self::from_le_bytes(*bytes))
            }
        }
    )+};
}

numbers!(u8, u16, u32, i32, i64, u128);

impl Packed for bool {
    fn pack(&self, into: &mut Vec<u8>) {
        into.push(u8::from(*self));
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        u8::unpack(from).map(|byte| byte != 0)
    }
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, into: &mut Vec<u8>) {
        self.is_some().pack(into);
        if let Some(value) = self {
            value.pack(into);
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        if bool::unpack(from)? { T::unpack(from).map(Some) } else { Some(None) }
    }
}

impl<const N: usize> Packed for [u32; N] {
    fn pack(&self, into: &mut Vec<u8>) {
        for number in self {
            number.pack(into);
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let mut numbers = [0; N];
        for number in &mut numbers {
            *number = u32::unpack(from)?;
        }
        Some(numbers)
    }
}

impl Packed for Box<str> {
    fn pack(&self, into: &mut Vec<u8>) {
        (self.len() as u32).pack(into);
        into.extend_from_slice(self.as_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let length = u32::unpack(from)? as usize;
        let (text, rest) = from.split_at_checked(length)?;
        *from = rest;
        std::str::from_utf8(text).ok().map(Self::from)
    }
}

impl Packed for Box<[u32]> {
    fn pack(&self, into: &mut Vec<u8>) {
        (self.len() as u32).pack(into);
        for number in self {
            number.pack(into);
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let length = u32::unpack(from)? as usize;
        let (numbers, rest) = from.split_at_checked(length.checked_mul(4)?)?;
        *from = rest;
        Some(numbers.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect())
    }
}

/// Makes an enum of words [`Packed`] by the place of its values in `ALL`.
macro_rules! packed_words {
    ($($of:ty),+ $(,)?) => {$(
        impl $crate::store::columns::pack::Packed for $of {
            fn pack(&self, into: &mut Vec<u8>) {
                into.push(*self as u8);
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                Self::ALL.get(usize::from(u8::unpack(from)?)).copied()
            }
        }
    )+};
}

packed_words!(
    crate::book::ContactState,
    crate::book::Stage,
    crate::book::TaskState,
    crate::book::Via,
    crate::book::Class,
    crate::book::SkipReason,
    super::task::TaskSort,
);

/// Makes a struct [`Packed`], field by field.
macro_rules! packed {
    ($of:ident { $($field:ident),+ $(,)? }) => {
        #[cfg(test)]
        #[allow(dead_code, reason = "of some the whole row is shown")]
        impl $of {
            /// The fields in the order in which the columns file holds them.
            pub(in crate::store) const PACKED: &str = concat!($(stringify!($field), " "),+);
        }

        impl $crate::store::columns::pack::Packed for $of {
            fn pack(&self, into: &mut Vec<u8>) {
                $($crate::store::columns::pack::Packed::pack(&self.$field, into);)+
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: $crate::store::columns::pack::Packed::unpack(from)?),+ })
            }
        }
    };
}
pub(super) use packed;

use crate::book::{Birthday, Money, Timestamp};

impl Packed for Timestamp {
    fn pack(&self, into: &mut Vec<u8>) {
        self.0.pack(into);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        i64::unpack(from).map(Self)
    }
}

impl Packed for Money {
    fn pack(&self, into: &mut Vec<u8>) {
        self.0.pack(into);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        i64::unpack(from).map(Self)
    }
}

packed!(Birthday { year, month, day, lunar, leap });
