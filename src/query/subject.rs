//! One row as a filter sees it: a task, a member, a group or an account.
//!
//! Lists hold up to a million rows as columns, so nothing here asks a row to collect or allocate: single values are
//! given, several values are visited. A filter asks only for the keys it names.
//!
//! All strings are prepared once, when a column is filled: names by [`crate::text::pinyin::search_key`], everything
//! else by [`crate::text::fold::fold`].

use crate::book::id::Id;
use crate::book::{Money, Timestamp};

use super::closed::{Fact, Thing};
use super::key::Key;

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// The row has none.
    None,
    Number(i64),
    Money(Money),
    Time(Timestamp),
    /// A day of any year, 1-12 and 1-31.
    MonthDay {
        month: u8,
        day: u8,
    },
    /// A day of the lunar calendar, 1-12 and 1-30, which falls on another day each year.
    LunarDay {
        month: u8,
        leap: bool,
        day: u8,
    },
    /// The ASCII word of a closed set.
    Word(&'static str),
    Flag(bool),
    /// A search key, or a folded text.
    Text(&'a str),
    /// Kind letter and bits of an id.
    Id(char, u128),
}

impl Value<'_> {
    /// The value of an id.
    pub fn id<I: Id>(id: I) -> Self {
        Self::Id(I::KIND, id.bits())
    }
}

/// Visits values until one is accepted; true when one was.
pub type Visit<'v> = dyn FnMut(Value<'_>) -> bool + 'v;

/// One row: a task, member, group or account. A task answers for its target where a key is not its own.
pub trait Subject {
    /// Visits the search keys of the row's own names: name, remark, aliases, nicknames; of a task those of its target
    /// and its group. Stops when `visit` says true and says so.
    fn names(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool;

    /// Visits the folded texts of a task: its wordings without what variables fill in, one-off edits, words of a
    /// follow-up. Other rows have none.
    fn texts(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool;

    /// The value of a key that has at most one ([`Key::is_many`] is false).
    ///
    /// `silent` is the instant silence counts from (last reply or order), `overdue` a flag, `assignee` the folded name
    /// of who has the task, or none.
    fn value(&self, key: Key) -> Value<'_>;

    /// Visits the values of a key that can have several ([`Key::is_many`] is true), until `visit` says true.
    ///
    /// `sent` visits ids of playbooks, of steps, and `playbook/step`, all folded; `checkin` the instants of check-ins.
    /// `is`, `has`, `name` and `text` are asked through their own methods.
    fn each(&self, key: Key, visit: &mut Visit<'_>) -> bool;

    /// Whether a fact holds. [`Fact::Mine`] and [`Fact::ByMe`] are never asked: they are `assignee` and `by`.
    fn is(&self, fact: Fact) -> bool;

    /// Whether it has something.
    fn has(&self, thing: Thing) -> bool;

    /// Whether the form of that key is filled in, within a playbook's `if`; whether it names this member, within `who`.
    fn is_answered(&self, _key: &str) -> bool {
        false
    }

    /// The answer of [`Filter::needles`](super::Filter::needles)`[needle]`, where whoever holds the rows knows it.
    ///
    /// Many rows share one group, one playbook, one text: a list looks for a needle once in each of those and answers
    /// here by their numbers. Without an answer the row's strings are visited.
    fn known(&self, _needle: usize) -> Option<bool> {
        None
    }
}

/// An id, or the last characters of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IdTail {
    kind: Option<char>,
    /// The first character, where it may be the kind letter before a tail.
    letter: Option<char>,
    bits: u128,
    mask: u128,
}

/// Crockford's base32 alphabet, as ids are written.
const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";

impl IdTail {
    /// Reads a whole id with its kind letter, or 4 to 26 last characters, with the kind letter before them or not; lower
    /// case.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let count = text.chars().count();
        let (kind, tail) = if count == crate::book::id::ID_CHARS + 1 {
            let kind = text.chars().next().filter(char::is_ascii_lowercase)?;
            (Some(kind), text.strip_prefix(kind)?)
        } else {
            (None, text)
        };
        if !(4..=crate::book::id::ID_CHARS).contains(&tail.len()) {
            return None;
        }
        let mut bits = 0_u128;
        for c in tail.chars() {
            // The first of 26 characters holds three bits only; an overflow is no id.
            bits = bits.checked_mul(32)? | ALPHABET.chars().position(|a| a == c)? as u128;
        }
        let mask = 1_u128.checked_shl(tail.len() as u32 * 5).map_or(u128::MAX, |top| top.wrapping_sub(1));
        let letter =
            tail.chars().next().filter(|c| kind.is_none() && tail.len() > 4 && c.is_ascii_lowercase());
        Some(Self { kind, letter, bits, mask })
    }

    pub(super) fn matches(self, value: Value<'_>) -> bool {
        let Value::Id(kind, bits) = value else { return false };
        let is_whole = bits & self.mask == self.bits && self.kind.is_none_or(|k| k == kind);
        let behind = self.mask >> 5;
        is_whole || (self.letter == Some(kind) && bits & behind == self.bits & behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::TaskId;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_is_found_by_any_tail(bits: u128, length in 4_usize..=26) {
            let id = TaskId::from_bits(bits);
            let text = id.to_string();
            prop_assert!(IdTail::parse(&text).unwrap().matches(Value::id(id)));
            prop_assert!(IdTail::parse(&text[27 - length..]).unwrap().matches(Value::id(id)));
            if length < 25 {
                let lettered = format!("t{}", &text[27 - length..]);
                prop_assert!(IdTail::parse(&lettered).unwrap().matches(Value::id(id)));
            }
            prop_assert!(!IdTail::parse(&text.replacen('t', "g", 1)).unwrap().matches(Value::id(id)));
        }
    }

    #[test]
    fn a_letter_before_a_tail_says_the_kind() {
        let id = TaskId::from_bits(0x1234_5678);
        let tail = id.short();
        let check = |text: String, value: Value<'_>, found: bool| {
            assert_eq!(IdTail::parse(&text).unwrap().matches(value), found, "{text}");
        };
        let member = Value::id(crate::book::MemberId::from_bits(0x1234_5678));
        check(format!("t{tail}"), Value::id(id), true);
        check(format!("t{tail}"), member, false);
        check(format!("m{tail}"), member, true);
        check(format!("g{tail}"), member, false);
    }

    #[test]
    fn what_is_no_tail() {
        for text in
            ["", "abc", "lmno", "任务编号", "zzzzzzzzzzzzzzzzzzzzzzzzzz", "t0000000000000000000000000000"]
        {
            assert_eq!(IdTail::parse(text), None, "{text}");
        }
    }
}
