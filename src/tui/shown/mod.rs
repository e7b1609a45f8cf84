//! What the terminal shows, and the bytes that make it show something else.
//!
//! A screen over a slow line lives by its bytes, and most texts here are Chinese: three bytes a glyph, and a backend that
//! says the place of every wide glyph triples them. So the screen keeps what the terminal shows and writes the
//! difference itself: runs without a word about places, blanks erased, colours changed by the shorter way, and a list
//! that moved by some rows scrolled where that is cheaper. Nothing changed: nothing written.
//!
//! - [`cells`]: what a terminal can hold; [`pen`]: writing it.

mod cells;
mod pen;
#[cfg(test)]
mod tests;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::Color;

use cells::{SEEN_ON_BLANK, is_blank, is_half, settle};
use pen::Pen;

/// Terminals show what stands between these at once.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// Blanks that are erased rather than written: what the erasing itself costs.
const ERASED: usize = 5;
/// The farthest that rows are looked for as having moved.
const SCROLL_MAX: usize = 3;

/// What a terminal shows.
#[derive(Debug)]
pub struct Shown {
    /// In the form of [`settle`].
    buffer: Buffer,
    cursor: Position,
    /// False when nothing is known of the terminal.
    known: bool,
    spare: Buffer,
}

impl Default for Shown {
    fn default() -> Self {
        let empty = Buffer::empty(Rect::default());
        Self { buffer: empty.clone(), cursor: Position::ORIGIN, known: false, spare: empty }
    }
}

impl Shown {
    /// The terminal may show anything: the next frame empties it and writes every cell.
    pub const fn forget(&mut self) {
        self.known = false;
    }

    /// The bytes that bring a frame of this size onto the terminal; empty when it shows that already.
    ///
    /// `draw` gets an empty buffer and says where the cursor belongs.
    pub fn frame(
        &mut self,
        (columns, rows): (u16, u16),
        draw: impl FnOnce(&mut Buffer) -> Position,
    ) -> Vec<u8> {
        let area = Rect::new(0, 0, columns, rows);
        let mut next = std::mem::replace(&mut self.spare, Buffer::empty(Rect::default()));
        next.resize(area);
        next.reset();
        let cursor = draw(&mut next);
        settle(&mut next);
        let cursor =
            Position::new(cursor.x.min(columns.saturating_sub(1)), cursor.y.min(rows.saturating_sub(1)));
        let clear = !self.known || self.buffer.area != area;
        let mut shown = std::mem::replace(&mut self.buffer, Buffer::empty(Rect::default()));
        let mut pen = Pen::new(columns, (!clear).then_some((self.cursor.x, self.cursor.y)));
        if clear {
            pen.clear();
            shown.resize(area);
            shown.reset();
        }
        let moved = scrolled(&shown, &next).filter(|_| !clear).map(|(top, bottom, by)| {
            let mut pen = Pen::new(columns, Some((self.cursor.x, self.cursor.y)));
            pen.scroll(top, bottom, by);
            let shown = shift(&shown, top, bottom, by);
            write(&mut pen, &shown, &next);
            pen.go(cursor.x, cursor.y);
            pen.finish()
        });
        write(&mut pen, &shown, &next);
        let quiet = pen.is_clean() && cursor == self.cursor;
        pen.go(cursor.x, cursor.y);
        let mut bytes = pen.finish();
        if let Some(moved) = moved
            && moved.len() < bytes.len()
        {
            bytes = moved;
        }
        self.buffer = next;
        self.spare = shown;
        self.cursor = cursor;
        self.known = true;
        if quiet { Vec::new() } else { [BEGIN, &bytes, END].concat() }
    }
}

/// The cells of a row.
fn row_of(buffer: &Buffer, y: u16) -> &[Cell] {
    let columns = usize::from(buffer.area.width);
    let from = usize::from(y) * columns;
    buffer.content.get(from..from + columns).unwrap_or_default()
}

/// Writes every cell that differs.
fn write(pen: &mut Pen, shown: &Buffer, next: &Buffer) {
    for y in 0..next.area.height {
        let (shown, next) = (row_of(shown, y), row_of(next, y));
        if shown != next {
            write_row(pen, y, shown, next);
        }
    }
}

fn write_row(pen: &mut Pen, y: u16, shown: &[Cell], next: &[Cell]) {
    // A second half is a cell of its own, so no glyph loses one half without that its other cell differs too.
    let is_different = |x: usize| shown.get(x) != next.get(x);
    let mut x = 0;
    while let Some(cell) = next.get(x) {
        if !is_different(x) || is_half(cell) {
            x += 1;
            continue;
        }
        let run = next.get(x..).unwrap_or_default().iter().take_while(|cell| is_erasable(cell)).count();
        let to_the_end = x + run == next.len();
        // Only as far as something is to be erased.
        let run = (x..x + run).rev().find(|x| is_different(*x)).map_or(0, |last| last + 1 - x);
        if run > ERASED {
            pen.go_over(x as u16, y, next);
            pen.erase((!to_the_end).then_some(run as u16));
            x += run;
        } else {
            pen.go_over(x as u16, y, next);
            pen.glyph(cell);
            x += 1;
        }
    }
}

fn is_erasable(cell: &Cell) -> bool {
    is_blank(cell) && cell.bg == Color::Reset && !cell.modifier.intersects(SEEN_ON_BLANK)
}

/// Rows that stand some rows higher or lower than before: from, to before, by how many (up where positive).
///
/// Rows are compared where lists stand; what stands beside them is written again.
fn scrolled(shown: &Buffer, next: &Buffer) -> Option<(u16, u16, i32)> {
    let rows = usize::from(next.area.height);
    // Between a fifth and a half of the columns stands a list in every layout.
    let columns = usize::from(next.area.width / 5)..usize::from(next.area.width / 2);
    let row = |buffer, y: usize| row_of(buffer, y as u16).get(columns.clone()).unwrap_or_default();
    let mut best: Option<(usize, (u16, u16, i32))> = None;
    for by in 1..=SCROLL_MAX {
        for up in [true, false] {
            let came_from = |y: usize| if up { y.checked_add(by) } else { y.checked_sub(by) };
            let moved = |y: usize| {
                let after = row(next, y);
                came_from(y).is_some_and(|from| from < rows && row(shown, from) == after)
                    && row(shown, y) != after
            };
            let (mut count, mut first, mut last) = (0, rows, 0);
            for y in (0..rows).filter(|y| moved(*y)) {
                count += 1;
                first = first.min(y);
                last = last.max(y);
            }
            if count < 3 || best.is_some_and(|(most, _)| most >= count) {
                continue;
            }
            let (top, bottom, by) =
                if up { (first, last + by + 1, by as i32) } else { (first - by, last + 1, -(by as i32)) };
            best = Some((count, (top as u16, bottom as u16, by)));
        }
    }
    best.map(|(_, found)| found)
}

/// What a terminal shows after it has scrolled.
fn shift(shown: &Buffer, top: u16, bottom: u16, by: i32) -> Buffer {
    let mut shifted = shown.clone();
    let columns = usize::from(shown.area.width);
    for y in top..bottom {
        let from = i32::from(y) + by;
        let inside = from >= i32::from(top) && from < i32::from(bottom);
        let begin = usize::from(y) * columns;
        let Some(row) = shifted.content.get_mut(begin..begin + columns) else { continue };
        if inside {
            row.clone_from_slice(row_of(shown, from as u16));
        } else {
            row.iter_mut().for_each(Cell::reset);
        }
    }
    shifted
}
