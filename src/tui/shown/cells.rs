//! Cells as a terminal keeps them: one glyph or one half of a glyph a column, and nothing that cannot be seen.
//!
//! A drawn buffer says more than a terminal can hold: a popup may cover half of a wide glyph, a blank may have a
//! colour. Brought into one form, two cells are equal exactly when they look alike. The second half of a wide glyph is
//! the empty symbol.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::text::width;

/// What can be seen of a blank.
pub(super) const SEEN_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// Brings a drawn buffer into the terminal's form.
pub(super) fn settle(buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(columns) {
        let mut is_second_half = false;
        for x in 0..row.len() {
            let (before, after) = row.split_at_mut(x);
            let Some((cell, after)) = after.split_first_mut() else { continue };
            if std::mem::take(&mut is_second_half) {
                if let Some(glyph) = before.last() {
                    cell.clone_from(glyph);
                }
                cell.set_symbol("");
                continue;
            }
            match columns_of(cell.symbol()) {
                1 => {}
                2 if after.first().is_some_and(is_blank) => is_second_half = true,
                // Nothing that could be shown, or a wide glyph with something over its second half.
                _ => {
                    cell.set_symbol(" ");
                }
            }
            if is_blank(cell) && !cell.modifier.intersects(SEEN_ON_BLANK) {
                cell.fg = Color::Reset;
                cell.modifier = Modifier::empty();
            }
        }
    }
}

/// The columns of a symbol; 0 for what must not reach a terminal.
fn columns_of(symbol: &str) -> usize {
    match symbol.as_bytes() {
        [byte] => usize::from((0x20..0x7f).contains(byte)),
        _ if symbol.chars().any(char::is_control) => 0,
        _ => width::width(symbol),
    }
}

pub(super) fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " "
}

/// True of the second half of a wide glyph.
pub(super) fn is_half(cell: &Cell) -> bool {
    cell.symbol().is_empty()
}

/// The columns every terminal gives a glyph; none where terminals disagree or may disagree.
///
/// Printable ASCII is narrow; ideographs, kana, hangul syllables, Chinese punctuation and fullwidth forms are wide.
pub(super) fn sure_columns(symbol: &str) -> Option<u16> {
    let mut chars = symbol.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return None };
    match c {
        ' '..='~' => Some(1),
        '\u{3000}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a0}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{ff01}'..='\u{ff60}' => Some(2),
        _ => None,
    }
}
