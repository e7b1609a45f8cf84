//! Terminal events to the screen's events: what crossterm delivers is not yet what was meant.
//!
//! - A lone `Esc` waits 40 ms: over a slow line an arrow arrives as `ESC`, `[`, `A`, and the rest would be commands.
//! - A bracket of a paste that arrives in pieces still opens a paste.
//! - Keys that arrive in one burst are a paste without brackets: text in a prompt, nothing in the list. What follows a
//!   paste at once is its rest (a text may contain the closing bracket), but `:`, `/` or `?` alone is a human's.
//! - A burst that is one line with Enter behind it is typed, in a prompt and after `/`: a phrase of an input method, or a
//!   slow line. Its Enter waits a moment, and what follows it at once makes it a paste of several lines.
//! - A bare line feed is Enter, and behind a carriage return it is nothing.
//! - Where letters are commands, fullwidth letters and Chinese punctuation mean their plain twins, and other Chinese
//!   characters mean that an input method is on: they are dropped, with a hint.
//!
//! Pure, but for [`reader`], which is the thread they come from: events with their times in, events out.

mod burst;
pub mod reader;

use std::time::Duration;

use crossterm::event::{Event as Raw, KeyCode, KeyEventKind};

use super::event::Event;
use super::key::Key;
pub use burst::plain;
use burst::{ENTER, LINE_FEED, has_lines, is_committed, is_held_down, is_search, is_text};

/// How long a lone Esc waits for the rest of a sequence.
pub const ESC_HOLD: Duration = Duration::from_millis(40);
/// More keys than this within [`BURST`] are a paste.
const BURST_KEYS: usize = 8;
const BURST: Duration = Duration::from_millis(20);
/// Keys so soon after a paste are the rest of it.
const AFTER_PASTE: Duration = Duration::from_millis(50);
/// A paste whose opening bracket came in pieces is over when nothing more came for so long.
const PASTE_END: Duration = Duration::from_millis(300);
/// More than a prompt takes; what is longer is no typing and is not kept.
const PASTE_MAX: usize = 1 << 20;
/// A sequence that is longer is none.
const SEQUENCE_MAX: usize = 32;

/// What was held back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Held {
    #[default]
    Nothing,
    /// A lone Esc, since when.
    Esc(Duration),
    /// A sequence that arrives in pieces: its bytes after `ESC`.
    Sequence(String),
    /// A paste whose brackets arrive in pieces: its text, what may be the closing bracket, and the last key's time.
    Pasting { text: String, tail: Option<String>, last: Duration },
    /// A key that opens a prompt, so soon after a paste that it may be the rest of it; a human's when it stays alone.
    Opener { key: Key, until: Duration },
    /// The Enter behind a burst of one line; a line end of a paste when more of it comes.
    LineEnd { until: Duration },
}

/// Turns terminal events into the screen's.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    held: Held,
    /// A paste that was put together here and is to be handed on.
    finished: Option<String>,
    pasted_at: Option<Duration>,
    /// When a paste of several lines without brackets was last seen.
    lines_at: Option<Duration>,
    /// When the last carriage return came.
    returned_at: Option<Duration>,
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
                Raw::Key(event) => {
                    // The timer may be late: what was held back comes before what comes now.
                    let expired = self.expire(at);
                    if !expired.is_empty() {
                        self.keys(&mut keys, typing, at, &mut out);
                        out.extend(expired);
                    }
                    if let Some(key) = self.one_line_end(Key::from(event), at) {
                        self.key(key, at, &mut keys);
                    }
                    if let Some(text) = self.finished.take() {
                        self.keys(&mut keys, typing, at, &mut out);
                        self.pasted_at = Some(at);
                        out.push(Event::Paste(text));
                    }
                }
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
            Held::Pasting { last, .. } => Some(last.saturating_add(PASTE_END)),
            Held::Opener { until, .. } | Held::LineEnd { until } => Some(until),
            Held::Nothing | Held::Sequence(_) => None,
        }
    }

    /// Lets go of what nothing followed.
    pub fn expire(&mut self, at: Duration) -> Vec<Event> {
        if self.deadline().is_none_or(|deadline| at < deadline) {
            return Vec::new();
        }
        match std::mem::take(&mut self.held) {
            Held::Esc(_) => vec![Event::Key(Key::plain(KeyCode::Esc))],
            Held::Pasting { text, .. } => {
                self.pasted_at = Some(at);
                vec![Event::Paste(text)]
            }
            Held::Opener { key, .. } => vec![Event::Key(key)],
            Held::LineEnd { .. } => {
                // What closed a prompt leads nothing that comes at once into the list.
                self.pasted_at = Some(at);
                vec![Event::Key(ENTER)]
            }
            Held::Nothing | Held::Sequence(_) => Vec::new(),
        }
    }

    /// A line feed as Enter, and none behind a carriage return.
    fn one_line_end(&mut self, key: Key, at: Duration) -> Option<Key> {
        if key == LINE_FEED {
            let returned = self.returned_at.take();
            return returned.is_none_or(|then| at.saturating_sub(then) >= BURST).then_some(ENTER);
        }
        self.returned_at = (key == ENTER).then_some(at);
        Some(key)
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
                    if bytes == PASTE_BEGINS {
                        self.held = Held::Pasting { text: String::new(), tail: None, last: at };
                    } else if ends(&bytes) {
                        out.extend(rebuilt(&bytes));
                    } else if bytes.len() < SEQUENCE_MAX {
                        self.held = Held::Sequence(bytes);
                    }
                }
                // Something else came between: the sequence is broken and means nothing.
                _ => out.push(key),
            },
            Held::Pasting { text, tail, .. } => self.pasted(text, tail, key, at),
            // Not alone: the rest of the paste.
            Held::Opener { key: first, .. } => out.extend([first, key]),
            Held::LineEnd { .. } => {
                out.push(ENTER);
                if is_text(&key) {
                    self.lines_at = Some(at);
                }
                self.key(key, at, out);
            }
        }
    }

    /// One key of a paste whose brackets arrive in pieces.
    fn pasted(&mut self, mut text: String, tail: Option<String>, key: Key, at: Duration) {
        let tail = match (tail, key.typed()) {
            (_, None) if key.code == KeyCode::Esc => Some(String::new()),
            (Some(mut bytes), Some(c)) if !bytes.is_empty() || matches!(c, '[' | 'O') => {
                bytes.push(c);
                if bytes == PASTE_ENDS {
                    self.finished = Some(text);
                    return;
                }
                (!ends(&bytes) && bytes.len() < SEQUENCE_MAX).then_some(bytes)
            }
            (_, typed) => {
                let c = match key.code {
                    KeyCode::Enter => Some('\n'),
                    KeyCode::Tab => Some('\t'),
                    _ => typed,
                };
                text.extend(c.filter(|_| text.len() < PASTE_MAX));
                None
            }
        };
        self.held = Held::Pasting { text, tail, last: at };
    }

    /// Keys that came one after another where characters are text. In a burst a line end within it is a paste's, which
    /// must not accept the prompt; one behind it may be a human's, and waits for whether more comes.
    fn typed(&mut self, mut keys: Vec<Key>, burst: bool, at: Duration, out: &mut Vec<Event>) {
        let goes_on = self.lines_at.is_some_and(|then| at.saturating_sub(then) < AFTER_PASTE);
        let ends = keys.iter().filter(|key| key.code == KeyCode::Enter).count();
        let tabs = keys.iter().any(|key| key.code == KeyCode::Tab);
        if goes_on || burst && (ends > 1 || ends == 1 && (tabs || keys.last() != Some(&ENTER))) {
            self.lines_at = Some(at);
            let text = keys.iter().filter_map(|key| match key.code {
                KeyCode::Enter => Some('\n'),
                KeyCode::Tab => Some('\t'),
                _ => key.typed(),
            });
            out.push(Event::Paste(text.collect()));
            return;
        }
        if ends > 0 && keys.len() > 1 {
            self.pasted_at = Some(at);
        }
        if burst && ends == 1 {
            keys.pop();
            self.held = Held::LineEnd { until: at.saturating_add(AFTER_PASTE) };
        }
        out.extend(keys.into_iter().map(Event::Key));
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
            self.typed(keys, burst, at, out);
            return;
        }
        if !after_paste && (burst || is_committed(&keys)) && is_search(&keys) {
            let mut keys = keys.into_iter();
            out.extend(keys.next().map(|_| Event::Key(Key::char('/'))));
            self.pasted_at = Some(at);
            self.typed(keys.collect(), true, at, out);
            return;
        }
        let rest = after_paste && keys.iter().any(|key| key.typed().is_some());
        if burst || rest || is_committed(&keys) || has_lines(&keys) {
            if let ([key], Some(then), false) = (&keys[..], self.pasted_at.filter(|_| rest), burst)
                && let Some(c @ (':' | '/' | '?')) = key.typed().and_then(plain)
            {
                let until = then.saturating_add(AFTER_PASTE);
                self.held = Held::Opener { key: Key { code: KeyCode::Char(c), ..*key }, until };
                return;
            }
            // What comes at once after what was dropped belongs to it.
            self.pasted_at = Some(at);
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

/// Of keys that arrived together, those behind the Enter that closed what was typed in: letters there were no commands.
#[derive(Clone, Copy, Debug)]
pub struct Together {
    typing: bool,
    entered: bool,
}

impl Together {
    /// For what arrived while characters were text, or not.
    pub const fn new(typing: bool) -> Self {
        Self { typing, entered: false }
    }

    /// What an event means now that the ones before it have been done; `open` says whether anything lies over the list.
    pub fn mean(&mut self, event: Event, open: bool) -> Event {
        let Event::Key(key) = event else { return event };
        let stray = self.entered && !open && key.typed().is_some();
        self.entered |= self.typing && key == ENTER;
        if stray { Event::Burst } else { event }
    }
}

/// What opens and closes a bracketed paste, behind its `ESC`.
const PASTE_BEGINS: &str = "[200~";
const PASTE_ENDS: &str = "[201~";

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
mod tests;
