//! Typed ids: 128 bits in UUIDv7 layout, written as a kind letter and 26 lower-case base32 characters.
//!
//! The time part comes from the desk's clock and the random part from a seeded generator, so that a test or a
//! rehearsal gives the same ids twice. Within one millisecond ids still rise, so ids sort in order of making.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

use super::time::Timestamp;

/// Crockford's base32 alphabet in lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many characters follow the kind letter.
pub const ID_CHARS: usize = 26;

/// Why a text is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Another kind letter, or none.
    #[error("'{text}' is not an id of kind '{expected}'")]
    Kind { text: String, expected: char },
    /// Not 26 characters of the alphabet, or over 128 bits.
    #[error("'{0}' is not an id: a letter and 26 characters 0-9 a-z without i l o u")]
    Shape(String),
}

/// Writes 128 bits as 26 base32 characters, most significant first.
fn encode(bits: u128) -> String {
    (0..ID_CHARS).rev().map(|place| ALPHABET[((bits >> (place * 5)) & 31) as usize] as char).collect()
}

/// Reads 26 base32 characters; `None` for another length, a strange character or more than 128 bits.
fn decode(text: &str) -> Option<u128> {
    if text.len() != ID_CHARS {
        return None;
    }
    let mut bits: u128 = 0;
    for (at, byte) in text.bytes().enumerate() {
        let lower = byte.to_ascii_lowercase();
        let value = ALPHABET.iter().position(|&c| c == lower)? as u128;
        if at == 0 && value > 7 {
            return None;
        }
        bits = (bits << 5) | value;
    }
    Some(bits)
}

/// What all typed ids can do.
pub trait Id: Copy + Ord + fmt::Display + FromStr<Err = IdError> {
    /// The letter in front.
    const KIND: char;
    /// From raw bits.
    fn from_bits(bits: u128) -> Self;
    /// To raw bits.
    fn bits(self) -> u128;
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident = $kind:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl Id for $name {
            const KIND: char = $kind;
            fn from_bits(bits: u128) -> Self { Self(bits) }
            fn bits(self) -> u128 { self.0 }
        }

        impl $name {
            /// Big-endian bytes: sort like the ids, serve as index keys.
            pub fn to_bytes(self) -> [u8; 16] { self.0.to_be_bytes() }
            /// The last five characters, as lists show them.
            pub fn short(self) -> String { encode(self.0).split_off(ID_CHARS - 5) }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}{}", $kind, encode(self.0)) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let rest = text.strip_prefix($kind)
                    .ok_or_else(|| IdError::Kind { text: text.to_owned(), expected: $kind })?;
                decode(rest).map(Self).ok_or_else(|| IdError::Shape(text.to_owned()))
            }
        }

        // 16 raw bytes in binary formats, the written form where people read.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() { serializer.collect_str(self) }
                else { serializer.serialize_bytes(&self.to_bytes()) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                } else {
                    deserializer.deserialize_bytes(Bytes16).map(|bytes| Self(u128::from_be_bytes(bytes)))
                }
            }
        }
    )+};
}

struct Bytes16;

impl<'de> serde::de::Visitor<'de> for Bytes16 {
    type Value = [u8; 16];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("16 bytes")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<[u8; 16], E> {
        bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<[u8; 16], A::Error> {
        let mut bytes = [0; 16];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = seq.next_element()?.ok_or_else(|| serde::de::Error::invalid_length(at, &self))?;
        }
        Ok(bytes)
    }
}

ids! {
    /// One of our own identities that a human sends from.
    AccountId = 'a';
    /// A chat group.
    GroupId = 'g';
    /// One human.
    MemberId = 'm';
    /// One target going through one playbook.
    EnrolmentId = 'e';
    /// One thing owed.
    TaskId = 't';
    /// One thing that was sent by a human.
    TouchId = 'h';
    /// Something that happened.
    ActivityId = 'v';
    /// What one undo reverses.
    ActId = 'u';
    /// The sender's id of one command.
    CommandId = 'c';
    /// A thing sold.
    ProductId = 'p';
    /// A note on a member, group or task.
    NoteId = 'n';
    /// A store, made once.
    StoreId = 's';
}

/// An object a human can name, edit, archive or write a note on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ObjectId {
    #[serde(rename = "account")]
    Account(AccountId),
    #[serde(rename = "group")]
    Group(GroupId),
    #[serde(rename = "member")]
    Member(MemberId),
    #[serde(rename = "task")]
    Task(TaskId),
    #[serde(rename = "enrolment")]
    Enrolment(EnrolmentId),
    #[serde(rename = "product")]
    Product(ProductId),
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => id.fmt(f),
            Self::Group(id) => id.fmt(f),
            Self::Member(id) => id.fmt(f),
            Self::Task(id) => id.fmt(f),
            Self::Enrolment(id) => id.fmt(f),
            Self::Product(id) => id.fmt(f),
        }
    }
}

/// A playbook's kebab-case name, chosen by its author and kept for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlaybookId(pub String);

impl PlaybookId {
    /// True for `a-z 0-9 -`, beginning with a letter, at most 64 characters.
    pub fn is_valid(text: &str) -> bool {
        text.len() <= 64
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && !text.ends_with('-')
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    }
}

impl fmt::Display for PlaybookId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// More ids than any one act takes.
const MOST_OF_AN_ACT: u128 = 1 << 40;

/// Makes ids that rise, from injected time and a seeded generator.
#[derive(Clone, Debug)]
pub struct IdGenerator {
    random: fastrand::Rng,
    last: u128,
}

impl IdGenerator {
    /// A generator whose random part follows from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { random: fastrand::Rng::with_seed(seed), last: 0 }
    }

    /// Ids from now on are above the act `id` and above whatever was made in it: what a process before this one made
    /// comes first. Where the clock was put back ids rise one by one, so that an act's objects follow it closely.
    pub fn rise_above<I: Id>(&mut self, id: I) {
        self.last = self.last.max(id.bits().saturating_add(MOST_OF_AN_ACT));
    }

    /// Whether ids go on one by one at an instant, as they would after the clock was put back.
    pub fn is_ahead_of(&self, now: Timestamp) -> bool {
        self.last >> 80 >= (now.0.max(0) as u128)
    }

    /// A generator whose ids are others than those of this one, and which leaves this one as it is.
    #[must_use]
    pub fn fork(&self) -> Self {
        let mut random = self.random.clone();
        let random = fastrand::Rng::with_seed(!random.u64(..));
        // where the clock was put back both go on one by one, far from each other
        Self { random, last: self.last.saturating_add(1 << 60) }
    }

    /// The next id. The clock may stand still or run backwards: ids rise all the same.
    pub fn next<I: Id>(&mut self, now: Timestamp) -> I {
        let millis = (now.0.max(0) as u128) & 0xffff_ffff_ffff;
        let random = (u128::from(self.random.u64(..)) << 64) | u128::from(self.random.u64(..));
        // version 7 and variant 2 of RFC 9562, section 5.7
        let mut bits = (millis << 80) | (0x7 << 76) | (random & !(0xffff_ffff_ffff_f000_c000_u128 << 48));
        bits = (bits & !(0b11 << 62)) | (0b10 << 62);
        if bits <= self.last {
            bits = self.last + 1;
        }
        self.last = bits;
        I::from_bits(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn written_form_round_trips(bits: u128) {
            let id = TaskId::from_bits(bits);
            prop_assert_eq!(id.to_string().parse::<TaskId>(), Ok(id));
            let bytes = rmp_serde::to_vec_named(&id).unwrap();
            prop_assert_eq!(crate::book::packed::unpack::<TaskId>(&bytes).unwrap(), id);
        }

        #[test]
        fn strange_text_is_refused_not_guessed(text in "\\PC{0,30}") {
            if let Ok(id) = text.parse::<TaskId>() {
                prop_assert_eq!(id.to_string(), text.to_ascii_lowercase());
            }
        }
    }

    #[test]
    fn ids_rise_even_when_the_clock_does_not() {
        let mut ids = IdGenerator::new(1);
        let mut last: Option<TaskId> = None;
        for now in [5_000, 5_000, 4_000, 9_000, 1] {
            let id: TaskId = ids.next(Timestamp(now));
            assert!(last.is_none_or(|l| l < id));
            last = Some(id);
        }
    }

    #[test]
    fn a_restart_repeats_no_id_of_the_last_act_although_the_clock_was_put_back() {
        let mut before = IdGenerator::new(1);
        let _ahead: ActId = before.next(Timestamp(9_000_000));
        let act: ActId = before.next(Timestamp(1_000));
        let made: Vec<TaskId> = (0..5).map(|_| before.next(Timestamp(1_000))).collect();
        let mut after = IdGenerator::new(2);
        after.rise_above(act);
        let next: ActId = after.next(Timestamp(2_000));
        assert!(made.iter().all(|id| id.bits() < next.bits()), "{made:?} {next}");
    }

    #[test]
    fn layout_is_version_seven() {
        let id: TaskId = IdGenerator::new(7).next(Timestamp(1_763_776_800_000));
        assert_eq!(id.bits() >> 80, 1_763_776_800_000);
        assert_eq!((id.bits() >> 76) & 0xf, 7);
        assert_eq!((id.bits() >> 62) & 0b11, 0b10);
    }

    #[test]
    fn kind_letter_is_checked() {
        let id: TaskId = IdGenerator::new(7).next(Timestamp(1));
        let as_group = format!("g{}", &id.to_string()[1..]);
        assert!(matches!(as_group.parse::<TaskId>(), Err(IdError::Kind { expected: 't', .. })));
    }
}
