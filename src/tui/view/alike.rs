//! Names that begin alike where none of them fits: each keeps what tells it from the others.
//!
//! ```text
//! 阳光花园团购福利1群   阳光..1群
//! 阳光花园团购福利12群  阳光..12群
//! 宠友交流一群          宠友交..
//! ```
//! Held against the block of rows that the columns are measured over: moving on seldom changes a name.

use std::borrow::Cow;

use super::super::state::State;
use super::paint::list_text;
use crate::text::width;

const DOTS: &str = "..";

/// The names of a column, in order.
pub(super) struct Alike(Vec<String>);

impl Alike {
    pub(super) fn of(names: impl Iterator<Item = String>) -> Self {
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    /// A name as it fits into a column, with one blank behind it.
    pub(super) fn cut<'n>(&self, name: &'n str, wide: u16) -> Cow<'n, str> {
        let columns = usize::from(wide.saturating_sub(1));
        let cut = width::truncate(name, columns);
        let at = match self.0.binary_search_by(|known| known.as_str().cmp(name)) {
            Ok(at) if matches!(cut, Cow::Owned(_)) => at,
            _ => return cut,
        };
        // what a name has in common with any other it has with one beside it
        let beside = [at.checked_sub(1), at.checked_add(1)];
        let beside = beside.into_iter().flatten().filter_map(|at| self.0.get(at));
        let alike = beside.filter(|other| width::truncate(other, columns) == cut);
        let Some(common) = alike.map(|other| common(name, other)).max().filter(|common| *common > 0) else {
            return cut;
        };
        let differs = name.get(common..).unwrap_or_default();
        let room = columns.saturating_sub(DOTS.len());
        let tail = if width::width(differs) > room / 2 { differs } else { width::ending(name, room / 2) };
        let head = width::beginning(name, room.saturating_sub(width::width(tail)).max(room / 3));
        let tail = width::truncate(tail, room.saturating_sub(width::width(head)));
        Cow::Owned(format!("{head}{DOTS}{tail}"))
    }
}

/// A name as a list shows it. Hidden before it is cut: a part of a name is none that is known.
pub(super) fn name_shown(state: &State, name: &str) -> String {
    let listed = list_text(name, state.start.looks.emoji, state.lang);
    state.veiled_text(&listed).into_owned()
}

/// Bytes that two names begin alike with; a number is not taken apart.
fn common(one: &str, other: &str) -> usize {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let common: usize = same.map(|(c, _)| c.len_utf8()).sum();
    let head = one.get(..common).unwrap_or_default();
    head.trim_end_matches(|c: char| c.is_ascii_digit()).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(names: &[&str], wide: u16) -> Vec<String> {
        let alike = Alike::of(names.iter().map(|name| (*name).to_owned()));
        names.iter().map(|name| alike.cut(name, wide).into_owned()).collect()
    }

    #[test]
    fn names_that_begin_alike_keep_what_tells_them_apart() {
        let groups =
            ["阳光花园团购福利1群", "阳光花园团购福利2群", "阳光花园团购福利12群", "宠友交流一群", "短群"];
        assert_eq!(cut(&groups, 11), ["阳光..1群", "阳光..2群", "阳光..12群", "宠友交流..", "短群"]);
        // where there is room nothing is cut
        assert_eq!(cut(&groups, 30), groups);
        // what differs may stand in the middle
        let middle = ["阳光花园东区团购福利群", "阳光花园西区团购福利群"];
        assert_eq!(cut(&middle, 11), ["阳..东区..", "阳..西区.."]);
    }

    #[test]
    fn nothing_is_wider_than_its_column() {
        let names = ["阳光花园团购福利1群", "阳光花园团购福利2群", "Sunshine Garden 1", "Sunshine Garden 2"];
        for wide in 1..30 {
            for name in cut(&names, wide) {
                assert!(width::width(&name) < usize::from(wide), "{wide}: {name}");
            }
        }
    }
}
