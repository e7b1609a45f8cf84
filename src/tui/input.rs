//! Terminal events to the screen's events: what crossterm delivers is not yet what was meant.
//!
//! - A lone `Esc` waits 40 ms: over a slow line an arrow arrives as `ESC`, `[`, `A`, and the rest would be commands.
//! - Keys that arrive in one burst are a paste without brackets: text in a prompt, nothing in the list.
//! - Where letters are commands, fullwidth letters and Chinese punctuation mean their plain twins, and other Chinese
//!   characters mean that an input method is on: they are dropped, with a hint.
//!
//! Pure: events with their times in, events out.

use std::time::Duration;

use crossterm::event::{Event as Raw, KeyCode, KeyEventKind};

use super::event::Event;
use super::key::Key;

/// How long a lone Esc waits for the rest of a sequence.
pub const ESC_HOLD: Duration = Duration::from_millis(40);
/// More keys than this within [`BURST`] are a paste.
const BURST_KEYS: usize = 8;
const BURST: Duration = Duration::from_millis(20);
/// Keys so soon after a paste are the rest of it.
const AFTER_PASTE: Duration = Duration::from_millis(50);

/// What was held back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Held {
    #[default]
    Nothing,
    /// A lone Esc, since when.
    Esc(Duration),
    /// A sequence that arrives in pieces: its bytes after `ESC`.
    Sequence(String),
}

/// Turns terminal events into the screen's.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    held: Held,
    pasted_at: Option<Duration>,
    recent: Vec<Duration>,
}

impl Decoder {
    /// Takes what arrived together; `typing` says whether characters are text now.
    pub fn take(&mut self, batch: Vec<Raw>, typing: bool, at: Duration) -> Vec<Event> {
        let mut out = Vec::new();
        let mut keys: Vec<Key> = Vec::new();
        for raw in batch {
            match raw {
                Raw::Key(event) if event.kind == KeyEventKind::Release => {}
                Raw::Key(event) => self.key(Key::from(event), at, &mut keys),
                other => {
                    self.keys(&mut keys, typing, at, &mut out);
                    match other {
                        Raw::Paste(text) => {
                            self.pasted_at = Some(at);
                            out.push(Event::Paste(text));
                        }
                        Raw::Resize(columns, rows) => {
                            // Of a storm only the last counts.
                            out.retain(|event| !matches!(event, Event::Resize(..)));
                            out.push(Event::Resize(columns, rows));
                        }
                        Raw::FocusGained => out.push(Event::Focus(true)),
                        Raw::FocusLost => out.push(Event::Focus(false)),
                        Raw::Key(_) | Raw::Mouse(_) => {}
                    }
                }
            }
        }
        self.keys(&mut keys, typing, at, &mut out);
        out
    }

    /// When something held back must be let go.
    pub const fn deadline(&self) -> Option<Duration> {
        match self.held {
            Held::Esc(since) => Some(since.saturating_add(ESC_HOLD)),
            _ => None,
        }
    }

    /// Lets go of an Esc that nothing followed.
    pub fn expire(&mut self, at: Duration) -> Vec<Event> {
        match self.deadline() {
            Some(deadline) if at >= deadline => {
                self.held = Held::Nothing;
                vec![Event::Key(Key::plain(KeyCode::Esc))]
            }
            _ => Vec::new(),
        }
    }

    /// Puts pieces of a split sequence together again.
    fn key(&mut self, key: Key, at: Duration, out: &mut Vec<Key>) {
        match std::mem::take(&mut self.held) {
            Held::Nothing if key == Key::plain(KeyCode::Esc) => self.held = Held::Esc(at),
            Held::Nothing => out.push(key),
            Held::Esc(since) => match key.typed() {
                Some(c @ ('[' | 'O')) if at.saturating_sub(since) <= ESC_HOLD => {
                    self.held = Held::Sequence(c.to_string());
                }
                _ => {
                    out.push(Key::plain(KeyCode::Esc));
                    self.key(key, at, out);
                }
            },
            Held::Sequence(mut bytes) => match key.typed() {
                Some(c) if c.is_ascii() => {
                    bytes.push(c);
                    if ends(&bytes) {
                        out.extend(rebuilt(&bytes));
                    } else if bytes.len() < 32 {
                        self.held = Held::Sequence(bytes);
                    }
                }
                // Something else came between: the sequence is broken and means nothing.
                _ => out.push(key),
            },
        }
    }

    /// Keys that came one after another, as typing, paste or commands.
    fn keys(&mut self, keys: &mut Vec<Key>, typing: bool, at: Duration, out: &mut Vec<Event>) {
        let keys = std::mem::take(keys);
        if keys.is_empty() {
            return;
        }
        self.recent.retain(|then| at.saturating_sub(*then) < BURST);
        self.recent.extend(std::iter::repeat_n(at, keys.len()));
        let after_paste = self.pasted_at.is_some_and(|then| at.saturating_sub(then) < AFTER_PASTE);
        let burst = self.recent.len() > BURST_KEYS && !is_held_down(&keys);
        if typing {
            if burst && keys.iter().any(|key| key.code == KeyCode::Enter) {
                // Without brackets a pasted line end would accept the prompt.
                let text = keys.iter().filter_map(|key| match key.code {
                    KeyCode::Enter => Some('\n'),
                    KeyCode::Tab => Some('\t'),
                    _ => key.typed(),
                });
                out.push(Event::Paste(text.collect()));
            } else {
                out.extend(keys.into_iter().map(Event::Key));
            }
            return;
        }
        if burst || (after_paste && keys.iter().any(|key| key.typed().is_some())) {
            out.push(Event::Burst);
            return;
        }
        for key in keys {
            match key.typed().map(plain) {
                None => out.push(Event::Key(key)),
                Some(Some(c)) => out.push(Event::Key(Key { code: KeyCode::Char(c), ..key })),
                Some(None) => out.push(Event::Ime),
            }
        }
    }
}

/// A key held down on a slow line arrives in bursts as well; all of them are one key, and it moves.
fn is_held_down(keys: &[Key]) -> bool {
    let moves = |key: &Key| {
        !matches!(key.code, KeyCode::Char(c) if !key.ctrl && !matches!(c, 'j' | 'k' | '[' | ']'))
            && !matches!(key.code, KeyCode::Enter | KeyCode::F(_) | KeyCode::Esc)
    };
    keys.iter().all(moves)
}

/// The command a character means: ASCII as it is, fullwidth and Chinese punctuation as their twins; none for others.
pub fn plain(c: char) -> Option<char> {
    Some(match c {
        ' '..='~' => c,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0)?,
        '\u{3000}' => ' ',
        '、' => '/',
        '。' => '.',
        '【' | '「' => '[',
        '】' | '」' => ']',
        '《' => '<',
        '》' => '>',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '¥' | '￥' => '$',
        '—' => '_',
        '…' => '^',
        '·' => '`',
        _ => return None,
    })
}

fn ends(bytes: &str) -> bool {
    let mut chars = bytes.chars();
    match (chars.next(), chars.next_back()) {
        (Some('O'), Some(_)) => true,
        (Some('['), Some(last)) => ('@'..='~').contains(&last),
        _ => false,
    }
}

/// The key a sequence means, if it is one we bind; others are dropped.
fn rebuilt(bytes: &str) -> Option<Key> {
    let body = bytes.get(1..)?;
    let (parameters, last) = body.split_at(body.len().checked_sub(1)?);
    let mut numbers = parameters.split(';');
    let first = numbers.next().unwrap_or_default();
    let modifier: u8 = numbers.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let code = match (last, first) {
        ("A", _) => KeyCode::Up,
        ("B", _) => KeyCode::Down,
        ("C", _) => KeyCode::Right,
        ("D", _) => KeyCode::Left,
        ("H", _) | ("~", "1" | "7") => KeyCode::Home,
        ("F", _) | ("~", "4" | "8") => KeyCode::End,
        ("Z", _) => return Some(Key { shift: true, ..Key::plain(KeyCode::Tab) }),
        ("P", _) => KeyCode::F(1),
        ("Q", _) => KeyCode::F(2),
        ("R", "" | "1") => KeyCode::F(3),
        ("S", _) => KeyCode::F(4),
        ("~", "2") => KeyCode::Insert,
        ("~", "3") => KeyCode::Delete,
        ("~", "5") => KeyCode::PageUp,
        ("~", "6") => KeyCode::PageDown,
        ("~", number) => match number.parse::<u8>().ok()? {
            n @ 11..=15 => KeyCode::F(n - 10),
            n @ 17..=21 => KeyCode::F(n - 11),
            n @ 23..=24 => KeyCode::F(n - 12),
            _ => return None,
        },
        _ => return None,
    };
    let bits = modifier.saturating_sub(1);
    Some(Key { code, shift: bits & 1 != 0, alt: bits & 2 != 0, ctrl: bits & 4 != 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyEvent, KeyModifiers};

    fn press(c: char) -> Raw {
        let code = match c {
            '\u{1b}' => KeyCode::Esc,
            '\n' => KeyCode::Enter,
            c => KeyCode::Char(c),
        };
        Raw::Key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    fn say(events: &[Event]) -> String {
        let words: Vec<String> = events
            .iter()
            .map(|event| match event {
                Event::Key(key) => key.to_string(),
                Event::Paste(text) => format!("paste({text:?})"),
                other => format!("{other:?}"),
            })
            .collect();
        words.join(" ")
    }

    #[test]
    fn split_sequences_never_become_commands() {
        // Every cut of every sequence, each piece 30 ms after the one before.
        for (sequence, expected) in [
            ("\u{1b}[A", "Up"),
            ("\u{1b}[3~", "Delete"),
            ("\u{1b}OP", "F1"),
            ("\u{1b}[1;5C", "Ctrl-Right"),
            ("\u{1b}[15~", "F5"),
            ("\u{1b}[I", ""),
            ("\u{1b}[200x", ""),
        ] {
            let mut decoder = Decoder::default();
            let mut out = Vec::new();
            for (at, c) in sequence.chars().enumerate() {
                out.extend(decoder.take(vec![press(c)], false, ms(30 * at as u64)));
            }
            assert_eq!(say(&out), expected, "{sequence:?}");
            assert_eq!(decoder.held, Held::Nothing);
        }
    }

    #[test]
    fn a_lone_esc_comes_after_its_hold() {
        let mut decoder = Decoder::default();
        assert_eq!(say(&decoder.take(vec![press('\u{1b}')], false, ms(0))), "");
        assert_eq!(decoder.deadline(), Some(ms(40)));
        assert_eq!(say(&decoder.expire(ms(39))), "");
        assert_eq!(say(&decoder.expire(ms(40))), "Esc");
        decoder.take(vec![press('\u{1b}')], false, ms(100));
        assert_eq!(say(&decoder.take(vec![press('d')], false, ms(110))), "Esc d");
    }

    #[test]
    fn bursts_are_pastes() {
        let check = |text: &str, typing: bool, expected: &str| {
            let mut decoder = Decoder::default();
            let batch = text.chars().map(press).collect();
            assert_eq!(say(&decoder.take(batch, typing, ms(5))), expected, "{text}");
        };
        check("第一行\ndddddd", false, "Burst");
        check("第一行\ndddddd", true, "paste(\"第一行\\ndddddd\")");
        check("jjjjjjjjjjjj", false, &["j"; 12].join(" "));
        check("dddddddddddd", false, "Burst");
        check("dj", false, "d j");
    }

    #[test]
    fn keys_behind_a_paste_belong_to_it() {
        let mut decoder = Decoder::default();
        let out = decoder.take(vec![Raw::Paste("a".into()), press('d')], false, ms(0));
        assert_eq!(say(&out), "paste(\"a\") Burst");
        assert_eq!(say(&decoder.take(vec![press('d')], false, ms(60))), "d");
    }

    #[test]
    fn what_input_methods_leave_behind() {
        let check = |c: char, expected: &str| {
            assert_eq!(say(&Decoder::default().take(vec![press(c)], false, ms(0))), expected, "{c}");
        };
        check('：', ":");
        check('／', "/");
        check('、', "/");
        check('ｊ', "j");
        check('？', "?");
        check('发', "Ime");
        assert_eq!(say(&Decoder::default().take(vec![press('发')], true, ms(0))), "发");
    }

    #[test]
    fn of_a_storm_of_sizes_the_last() {
        let batch = (0..20).map(|n| Raw::Resize(80 + n, 24)).collect();
        assert!(matches!(Decoder::default().take(batch, false, ms(0))[..], [Event::Resize(99, 24)]));
    }
}
