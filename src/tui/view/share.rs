//! How wide the columns of a table are: as wide as what stands in them, as far as there is room.
//!
//! ```text
//! room enough       every column as wide as its widest cell
//! less              all have their least, what is left goes to those that are cut, by their weight
//! still less        the columns that matter least are left out whole: none is squeezed to dots
//! ```
//! Widths are measured over a block of rows beyond what is shown, so that moving on seldom moves a column.

use super::super::list::List;
use super::super::state::State;
use super::paint::list_text;
use crate::text::width;

/// Rows that are measured together.
const BLOCK: usize = 64;

/// What one column asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Want {
    /// Columns of its widest cell.
    pub natural: u16,
    /// What it has at least, where its cells are not narrower: below that it is left out.
    pub least: u16,
    /// Its share of what is left, beside those of the others.
    pub weight: u16,
    /// The lowest is left out first; the first column never.
    pub rank: u8,
}

impl Want {
    fn base(self) -> u16 {
        self.natural.min(self.least)
    }
}

/// The columns of each, with one blank behind it; 0 for what is left out.
pub(super) fn share(wants: &[Want], room: u16) -> Vec<u16> {
    let mut shown: Vec<bool> = wants.iter().map(|want| want.natural > 0).collect();
    let used = |shown: &[bool]| -> u16 {
        wants.iter().zip(shown).filter(|(_, shown)| **shown).map(|(want, _)| want.base() + 1).sum()
    };
    while used(&shown) > room {
        let least = wants.iter().enumerate().skip(1).filter(|(at, _)| shown.get(*at) == Some(&true));
        let Some((at, _)) = least.min_by_key(|(_, want)| want.rank) else { break };
        if let Some(shown) = shown.get_mut(at) {
            *shown = false;
        }
    }
    let mut widths: Vec<u16> =
        wants.iter().zip(&shown).map(|(want, shown)| if *shown { want.base() } else { 0 }).collect();
    let mut left = room.saturating_sub(used(&shown));
    // by weight, round after round, until nobody is cut or nothing is left
    loop {
        let needs = |at: usize, widths: &[u16]| {
            let want = wants.get(at).filter(|want| shown.get(at) == Some(&true) && want.weight > 0)?;
            let has = widths.get(at).copied().unwrap_or(0);
            (want.natural > has).then_some((want.weight, want.natural - has))
        };
        let weights: u16 =
            (0..wants.len()).filter_map(|at| needs(at, &widths)).map(|(weight, _)| weight).sum();
        if left == 0 || weights == 0 {
            break;
        }
        let round = left;
        for at in 0..wants.len() {
            let Some((weight, need)) = needs(at, &widths) else { continue };
            let more = (round * weight / weights).clamp(1, need).min(left);
            if let Some(wide) = widths.get_mut(at) {
                *wide += more;
            }
            left -= more;
        }
    }
    let with_blank = |(wide, shown): (u16, &bool)| if *shown { wide + 1 } else { 0 };
    let mut widths: Vec<u16> = widths.into_iter().zip(&shown).map(with_blank).collect();
    // all there is goes to the first, where it has anything
    if let Some(first) = widths.first_mut().filter(|first| **first > 0) {
        *first = (*first).min(room).max(1);
    }
    widths
}

/// The lines a table is measured over: the block of rows that its top stands in, and a page more.
pub(super) fn measured(list: &List, rows: u16) -> impl Iterator<Item = &super::super::line::Line> {
    let into = (list.first as usize + list.top) % BLOCK;
    list.lines.iter().skip(list.top.saturating_sub(into)).take(BLOCK + usize::from(rows))
}

/// Columns of a cell as a list shows it: even, so that a name more or less moves nothing.
pub(super) fn natural(state: &State, text: &str) -> u16 {
    let columns = width::width(&list_text(text, state.start.looks.emoji, state.lang)) as u16;
    columns.div_ceil(2) * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn want(natural: u16, least: u16, weight: u16, rank: u8) -> Want {
        Want { natural, least, weight, rank }
    }

    #[test]
    fn no_column_is_wider_than_what_stands_in_it_nor_squeezed_to_dots() {
        let wants = [want(30, 12, 3, 9), want(7, 7, 0, 8), want(20, 8, 1, 5), want(0, 8, 1, 7)];
        assert_eq!(share(&wants, 200), [31, 8, 21, 0]);
        assert_eq!(share(&wants, 60), [31, 8, 21, 0]);
        let tight = share(&wants, 50);
        assert_eq!(tight.iter().sum::<u16>(), 50);
        assert!(tight[0] > 20 && tight[1] == 8 && tight[2] >= 9, "{tight:?}");
        assert_eq!(share(&wants, 29), [21, 8, 0, 0], "the least one is left out whole");
        assert_eq!(share(&wants, 10), [10, 0, 0, 0]);
    }

    #[test]
    fn there_is_never_more_than_room() {
        for room in 1..120 {
            for natural in 0..40 {
                let wants = [
                    want(natural, 14, 4, 9),
                    want(9, 9, 0, 8),
                    want(natural * 2, 10, 2, 6),
                    want(5, 4, 1, 7),
                ];
                let widths = share(&wants, room);
                assert!(widths.iter().sum::<u16>() <= room.max(1), "{room} {natural}: {widths:?}");
            }
        }
    }
}
