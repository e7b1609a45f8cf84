//! Emoji made of several characters: reduced to what every terminal draws alike, or kept whole and nothing hidden.
//!
//! A family is one glyph two columns wide on some terminals and four people on others, so on the screen the first
//! person stands for all; skin tones go, keycaps become their digit, flags become their letters. On the clipboard
//! joiners, selectors and tags stay where an emoji needs them and go elsewhere, since they can hide text.

const JOINER: char = '\u{200d}';
const KEYCAP: char = '\u{20e3}';
const EMOJI_LOOK: char = '\u{fe0f}';
const BLACK_FLAG: char = '\u{1f3f4}';
const TAG_END: char = '\u{e007f}';

/// Remembers what the next character may join.
#[derive(Default)]
pub(super) struct Gate {
    /// The last character that was looked at and not dropped.
    last: Option<char>,
    /// Whether a joiner that follows a pictograph waits for the next one.
    joined: bool,
}

/// Whether a character exists on the screen only in a reduced form.
pub(super) fn is_reduced(c: char) -> bool {
    is_skin_tone(c) || is_flag_letter(c) || c == KEYCAP || matches!(c, '\u{ff9e}' | '\u{ff9f}')
}

impl Gate {
    /// Pushes what the screen shows for a character; returns the text that remains after what it used up.
    pub(super) fn reduce<'a>(&mut self, c: char, rest: &'a str, out: &mut String) -> &'a str {
        if c == JOINER {
            self.joined = self.last.is_some_and(is_pictograph);
            return rest;
        }
        if super::is_invisible(c) || is_skin_tone(c) || c == KEYCAP {
            return rest;
        }
        let is_further_person = std::mem::take(&mut self.joined) && is_pictograph(c);
        self.last = Some(c);
        if is_further_person {
            return rest;
        }
        match c {
            // The screen library and the width table disagree about the joining forms of these two.
            '\u{ff9e}' => out.push('\u{309b}'),
            '\u{ff9f}' => out.push('\u{309c}'),
            _ => match flag_letter(c) {
                None => out.push(c),
                Some(first) => {
                    let second = rest.chars().next().and_then(|c| Some((flag_letter(c)?, c.len_utf8())));
                    out.push('[');
                    out.push(first);
                    out.extend(second.map(|(letter, _)| letter));
                    out.push(']');
                    return second.and_then(|(_, length)| rest.get(length..)).unwrap_or(rest);
                }
            },
        }
        rest
    }

    /// Whether the clipboard keeps a character.
    pub(super) fn keeps_whole(&mut self, c: char) -> bool {
        let keeps = match c {
            JOINER => self.last.is_some_and(|last| is_pictograph(last) || last == EMOJI_LOOK),
            // One selector behind a character with ink: emoji look, or the written form of a rare character.
            _ if is_selector(c) => self.last.is_some_and(|last| !super::is_invisible(last)),
            // The flags of Scotland or Wales; elsewhere tags only hide text.
            _ if is_tag(c) => {
                self.last.is_some_and(|last| last == BLACK_FLAG || is_tag(last) && last != TAG_END)
            }
            _ => !super::is_invisible(c),
        };
        if keeps {
            self.last = Some(c);
        }
        keeps
    }
}

fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..=TAG_END)
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_flag_letter(c: char) -> bool {
    flag_letter(c).is_some()
}

fn flag_letter(c: char) -> Option<char> {
    let offset = u32::from(c).checked_sub(0x1_f1e6)?;
    if offset > 25 { None } else { char::from_u32(u32::from('A') + offset) }
}

/// Blocks in which the parts of joined emoji live.
fn is_pictograph(c: char) -> bool {
    !is_flag_letter(c)
        && matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21ff}'
        | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}'
        | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f000}'..='\u{1faff}')
}
