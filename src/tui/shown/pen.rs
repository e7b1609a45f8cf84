//! Writing cells with as few bytes as the terminal allows: where the pen stands, how it writes, how it moves.
//!
//! The pen knows its place only after glyphs whose columns no terminal disputes; after any other it says its place
//! anew, so that a terminal of another opinion cannot push the rest of a row aside.

use std::io::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::cells::{SEEN_ON_BLANK, is_blank, sure_columns};

/// How glyphs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Look = Look { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

/// Modifiers with the number that turns each on and the one that turns it off; bold and dim share theirs.
const MODIFIERS: [(Modifier, &str, &str); 9] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::SLOW_BLINK, "5", "25"),
    (Modifier::RAPID_BLINK, "6", "25"),
    (Modifier::REVERSED, "7", "27"),
    (Modifier::HIDDEN, "8", "28"),
    (Modifier::CROSSED_OUT, "9", "29"),
];

/// A pen over a terminal of so many columns.
#[derive(Debug)]
pub(super) struct Pen {
    out: Vec<u8>,
    columns: u16,
    /// Where the cursor is, where that is sure.
    at: Option<(u16, u16)>,
    look: Look,
}

impl Pen {
    /// A pen at a place that is known or not; it begins plain.
    pub(super) const fn new(columns: u16, at: Option<(u16, u16)>) -> Self {
        Self { out: Vec::new(), columns, at, look: PLAIN }
    }

    /// The bytes written, after which the pen is plain again.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.set(PLAIN);
        self.out
    }

    pub(super) fn is_clean(&self) -> bool {
        self.out.is_empty()
    }

    /// Empties the whole screen.
    pub(super) fn clear(&mut self) {
        self.set(PLAIN);
        // The cursor is shown here: whatever was on the terminal before may have hidden it.
        self.raw("\x1b[m\x1b[2J\x1b[?25h");
    }

    /// Scrolls the rows from `top` to before `bottom` by so many: up where positive. What comes in is blank.
    pub(super) fn scroll(&mut self, top: u16, bottom: u16, by: i32) {
        self.set(PLAIN);
        let (count, way) = (by.unsigned_abs(), if by > 0 { 'S' } else { 'T' });
        let count = if count == 1 { String::new() } else { count.to_string() };
        self.raw(&format!("\x1b[{};{bottom}r\x1b[{count}{way}\x1b[r", top + 1));
        // Setting the margins has taken the cursor to the corner.
        self.at = Some((0, 0));
    }

    /// Puts the cursor somewhere.
    pub(super) fn go(&mut self, x: u16, y: u16) {
        if self.at == Some((x, y)) {
            return;
        }
        let there = match (x, y) {
            (0, 0) => "\x1b[H".to_owned(),
            (0, y) => format!("\x1b[{}H", y + 1),
            (x, y) => format!("\x1b[{};{}H", y + 1, x + 1),
        };
        let ahead = match self.at {
            Some((from, row)) if row == y && from < x => match x - from {
                1 => Some("\x1b[C".to_owned()),
                by => Some(format!("\x1b[{by}C")),
            },
            _ => None,
        };
        let way = ahead.filter(|ahead| ahead.len() <= there.len()).unwrap_or(there);
        self.raw(&way);
        self.at = Some((x, y));
    }

    /// As [`Self::go`], over cells that are on the screen already: short gaps are cheaper written again.
    pub(super) fn go_over(&mut self, x: u16, y: u16, row: &[Cell]) {
        if let Some((from, at)) = self.at
            && at == y
            && from < x
            && let Some(gap) = row.get(usize::from(from)..usize::from(x))
        {
            let fits = |cell: &Cell| {
                sure_columns(cell.symbol()).is_some() && self.would_write(cell)
                    // second halves cost nothing
                    || cell.symbol().is_empty()
            };
            let bytes: usize = gap.iter().map(|cell| cell.symbol().len()).sum();
            let by = x - from;
            let ahead = if by == 1 { 3 } else { 4 + usize::from(by >= 10) };
            // From the middle of a glyph nothing can be written again that would lead on.
            let begins_whole = gap.first().is_some_and(|cell| !cell.symbol().is_empty());
            if begins_whole && bytes <= ahead && gap.iter().all(fits) {
                for cell in gap.iter().filter(|cell| !cell.symbol().is_empty()) {
                    self.raw(cell.symbol());
                }
                self.at = Some((x, y));
                return;
            }
        }
        self.go(x, y);
    }

    /// Writes a glyph where the pen stands.
    pub(super) fn glyph(&mut self, cell: &Cell) {
        if !self.would_write(cell) {
            self.set(Look { fg: cell.fg, bg: cell.bg, modifier: cell.modifier });
        }
        self.raw(cell.symbol());
        // At the right edge terminals wait with the next row in ways of their own.
        self.at = match (self.at, sure_columns(cell.symbol())) {
            (Some((x, y)), Some(columns)) if x + columns < self.columns => Some((x + columns, y)),
            _ => None,
        };
    }

    /// Empties so many cells from where the pen stands, or all to the end of the row. Only for blanks without colour.
    pub(super) fn erase(&mut self, cells: Option<u16>) {
        if self.look.bg != Color::Reset || self.look.modifier.intersects(SEEN_ON_BLANK) {
            self.set(PLAIN);
        }
        match cells {
            Some(cells) => self.raw(&format!("\x1b[{cells}X")),
            None => self.raw("\x1b[K"),
        }
    }

    /// True when a cell looks right as the pen writes now.
    fn would_write(&self, cell: &Cell) -> bool {
        let same = self.look == Look { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
        let blank = is_blank(cell)
            && self.look.bg == cell.bg
            && !cell.modifier.intersects(SEEN_ON_BLANK)
            && !self.look.modifier.intersects(SEEN_ON_BLANK);
        same || blank
    }

    /// Changes how the pen writes, by the shorter of two ways: from here, or from plain.
    fn set(&mut self, look: Look) {
        if self.look == look {
            return;
        }
        let mut anew = vec![];
        if look != PLAIN {
            anew.push("0".to_owned());
        }
        changes(PLAIN, look, &mut anew);
        let mut onward = vec![];
        changes(self.look, look, &mut onward);
        let (anew, onward) = (anew.join(";"), onward.join(";"));
        let shorter = if onward.len() < anew.len() { onward } else { anew };
        let _ = write!(self.out, "\x1b[{shorter}m");
        self.look = look;
    }

    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
}

/// The numbers that lead from one look to another.
fn changes(from: Look, to: Look, numbers: &mut Vec<String>) {
    let (off, mut on) = (from.modifier.difference(to.modifier), to.modifier.difference(from.modifier));
    let mut last = "";
    for (modifier, _, number) in MODIFIERS {
        if off.contains(modifier) && number != last {
            numbers.push(number.to_owned());
            last = number;
            // What shares the number has gone with it.
            let shared = MODIFIERS.iter().filter(|(_, _, other)| *other == number);
            on |= shared.fold(Modifier::empty(), |all, (modifier, ..)| all | *modifier) & to.modifier;
        }
    }
    numbers.extend(
        MODIFIERS.iter().filter(|(m, ..)| on.contains(*m)).map(|(_, number, _)| (*number).to_owned()),
    );
    if from.fg != to.fg {
        numbers.push(color(to.fg, 30));
    }
    if from.bg != to.bg {
        numbers.push(color(to.bg, 40));
    }
}

/// A colour's number; `base` is 30 in front and 40 behind.
fn color(color: Color, base: u8) -> String {
    let bright = base + 60;
    let number = match color {
        Color::Reset => base + 9,
        Color::Black => base,
        Color::Red => base + 1,
        Color::Green => base + 2,
        Color::Yellow => base + 3,
        Color::Blue => base + 4,
        Color::Magenta => base + 5,
        Color::Cyan => base + 6,
        Color::Gray => base + 7,
        Color::DarkGray => bright,
        Color::LightRed => bright + 1,
        Color::LightGreen => bright + 2,
        Color::LightYellow => bright + 3,
        Color::LightBlue => bright + 4,
        Color::LightMagenta => bright + 5,
        Color::LightCyan => bright + 6,
        Color::White => bright + 7,
        Color::Indexed(index) => return format!("{};5;{index}", base + 8),
        Color::Rgb(r, g, b) => return format!("{};2;{r};{g};{b}", base + 8),
    };
    number.to_string()
}
