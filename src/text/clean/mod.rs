//! Making text from outside harmless for the place it goes to.
//!
//! Names and messages come from strangers. In a terminal they could move the cursor, write the clipboard or reverse
//! the reading order; in a spreadsheet they could become formulas; and terminals disagree about the width of emoji
//! families, flags and presentation selectors. Each function here cleans for one place: the original is what the
//! book keeps, the cleaned text is what leaves.
//!
//! Everything is linear in the length of the text, applied twice it changes nothing more, and a text that is
//! already clean is borrowed.
//!
//! Limits: look-alike characters of other scripts are not told apart, and private-use characters pass.

mod emoji;
mod escape;

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_segmentation::UnicodeSegmentation;

use super::width;

/// The longest single line that is shown, in characters; what is longer ends in `..`.
pub const LINE_CHARS_MAX: usize = 1_000;
/// The longest text of several lines that is shown, in characters; what is longer ends in `..`.
pub const TEXT_CHARS_MAX: usize = 20_000;
/// The longest window title, in columns.
pub const TITLE_COLUMNS_MAX: usize = 120;
/// How many combining marks one character keeps on the screen.
const MARKS_MAX: usize = 4;

/// Cleans a text for one line on a terminal.
///
/// Escape sequences, control characters, bidi controls and invisible characters go; tabs and newlines become
/// spaces; emoji families become their first emoji without skin tone, flags become `[CN]`; combining marks are
/// capped at four a character and the whole at [`LINE_CHARS_MAX`].
pub fn for_display(text: &str) -> Cow<'_, str> {
    display(text, Breaks::Space, LINE_CHARS_MAX)
}

/// Cleans a text for several lines on a terminal: as [`for_display`], with every kind of line break as `\n` and at
/// most [`TEXT_CHARS_MAX`] characters.
pub fn for_display_lines(text: &str) -> Cow<'_, str> {
    display(text, Breaks::Keep, TEXT_CHARS_MAX)
}

/// Cleans a text for the clipboard, and so for the chat it is pasted into.
///
/// Emoji stay whole, with their joiners and selectors, and line breaks stay as `\n`; escape sequences, controls,
/// bidi controls and hidden characters go, and newlines at the end too, because they would send an empty line.
pub fn for_clipboard(text: &str) -> Cow<'_, str> {
    match within_clipboard(text) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_end_matches('\n')),
        Cow::Owned(mut text) => {
            text.truncate(text.trim_end_matches('\n').len());
            Cow::Owned(text)
        }
    }
}

/// A piece of a text as [`for_clipboard`] leaves it: more may follow, so newlines at its end stay.
pub fn within_clipboard(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) { Cow::Borrowed(text) } else { strip(text, Breaks::Keep, Emoji::Whole) }
}

/// Cleans a text for a cell of a CSV file or a spreadsheet: as [`for_clipboard`], and a cell that a spreadsheet
/// would take for a formula (`=`, `+`, `-`, `@` in front, fullwidth too, blanks before them or not) gets a `'`.
///
/// Numbers that are ours are written as numbers and do not pass here. [`from_csv_cell`] takes the `'` off again.
pub fn for_csv_cell(text: &str) -> Cow<'_, str> {
    let cleaned = for_clipboard(text);
    if is_formula(&cleaned) { Cow::Owned(format!("'{cleaned}")) } else { cleaned }
}

/// Takes the guard of [`for_csv_cell`] off a cell that is read back.
pub fn from_csv_cell(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Cleans a text for the window title: [`for_display`] within [`TITLE_COLUMNS_MAX`] columns.
pub fn for_title(text: &str) -> Cow<'_, str> {
    match for_display(text) {
        Cow::Borrowed(text) => width::truncate(text, TITLE_COLUMNS_MAX),
        Cow::Owned(text) => Cow::Owned(width::truncate(&text, TITLE_COLUMNS_MAX).into_owned()),
    }
}

/// Whether [`for_display`] never lets the character through.
pub fn is_forbidden(c: char) -> bool {
    c.is_control() || is_line_break(c) || is_invisible(c) || emoji::is_reduced(c)
}

/// Whether a character leaves no ink and takes no place, or changes the order of its neighbours: bidi controls,
/// joiners, selectors, tags, fillers, noncharacters.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// What becomes of line breaks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    Keep,
    Space,
}

/// What becomes of emoji made of several characters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Emoji {
    Whole,
    Reduced,
}

fn display(text: &str, breaks: Breaks, chars_max: usize) -> Cow<'_, str> {
    if text.len() <= chars_max && text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let stripped = strip(text, breaks, Emoji::Reduced);
    let composed = match is_nfc_quick(stripped.chars()) {
        IsNormalized::Yes => stripped,
        _ => Cow::Owned(stripped.nfc().collect()),
    };
    let cleaned = cap_chars(cap_marks(composed), chars_max);
    if cleaned == text { Cow::Borrowed(text) } else { cleaned }
}

/// Characters that pass every function here as they are: printable ASCII, common Chinese characters, punctuation.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{3000}'..='\u{3029}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}')
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Removes escape sequences, controls and invisible characters in one pass.
fn strip(text: &str, breaks: Breaks, emoji: Emoji) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut gate = emoji::Gate::default();
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        if let Some(length) = escape::sequence_len(rest) {
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        rest = after;
        if c == '\r' {
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
        let c = match c {
            '\t' => ' ',
            _ if is_line_break(c) && breaks == Breaks::Keep => '\n',
            _ if is_line_break(c) => ' ',
            _ if c.is_control() => continue,
            _ => c,
        };
        match emoji {
            Emoji::Reduced => rest = gate.reduce(c, rest, &mut out),
            Emoji::Whole => out.extend(gate.keeps_whole(c).then_some(c)),
        }
    }
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

fn cap_marks(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut marks = 0;
    let keeps = |c: &char| {
        marks = if is_combining_mark(*c) { marks + 1 } else { 0 };
        marks <= MARKS_MAX
    };
    let capped: String = text.chars().filter(keeps).collect();
    if capped.len() == text.len() { text } else { Cow::Owned(capped) }
}

fn cap_chars(text: Cow<'_, str>, chars_max: usize) -> Cow<'_, str> {
    if text.len() <= chars_max || text.chars().count() <= chars_max {
        return text;
    }
    let mut out = String::new();
    let mut chars = 2;
    for cluster in text.graphemes(true) {
        chars += cluster.chars().count();
        if chars > chars_max {
            break;
        }
        out.push_str(cluster);
    }
    out.push_str("..");
    Cow::Owned(out)
}

fn is_formula(cell: &str) -> bool {
    cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// The text without controls, line breaks and hidden marks, trimmed, at most `max` characters.
///
/// Emoji stay whole: what is kept is also what is copied and searched for in the chat program.
pub fn one_line(text: &str, max: usize) -> String {
    let text = text.trim();
    if text.len() <= max && text.bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
        return text.to_owned();
    }
    let cleaned = for_clipboard(text);
    let mut kept = String::with_capacity(cleaned.len().min(max * 4));
    for (count, c) in cleaned.trim().chars().enumerate() {
        if count >= max {
            break;
        }
        kept.push(if c == '\n' || c == '\t' { ' ' } else { c });
    }
    kept.truncate(kept.trim_end().len());
    kept
}

#[cfg(test)]
mod tests;
