//! Keys as the registry writes them: `j`, `G`, `ctrl-d`, `f2`, `space`, `g g`.
//!
//! crossterm's key event carries more than a binding means (kind, state, a shift that the letter already shows), so
//! a [`Key`] keeps only what tells bindings apart. Written and read forms round-trip.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// One press, reduced to what a binding can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub code: KeyCode,
    pub ctrl: bool,
    pub alt: bool,
    /// Only with keys that have no shifted character of their own: arrows, Tab, Enter.
    pub shift: bool,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// A character key.
    pub const fn char(c: char) -> Self {
        Self::plain(KeyCode::Char(c))
    }

    /// The character it types, when it types one.
    pub const fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// Reads the written form; `None` for a name that is no key.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let mut key = Self::plain(KeyCode::Null);
        loop {
            if let Some(tail) = rest.strip_prefix("ctrl-") {
                (key.ctrl, rest) = (true, tail);
            } else if let Some(tail) = rest.strip_prefix("alt-") {
                (key.alt, rest) = (true, tail);
            } else if let Some(tail) = rest.strip_prefix("shift-") {
                (key.shift, rest) = (true, tail);
            } else {
                break;
            }
        }
        let mut chars = rest.chars();
        key.code = match (chars.next(), chars.next()) {
            (Some(c), None) => KeyCode::Char(c),
            _ => NAMED.iter().find(|(_, name)| *name == rest).map(|(code, _)| *code)?,
        };
        Some(key)
    }

    /// True for the keys that come through while an input method is composing Chinese.
    pub const fn is_ime_proof(self) -> bool {
        self.ctrl || !matches!(self.code, KeyCode::Char(_))
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        let shift = event.modifiers.contains(KeyModifiers::SHIFT);
        match event.code {
            KeyCode::BackTab => Self { code: KeyCode::Tab, ctrl, alt, shift: true },
            // A control letter has no case, a typed letter shows its own.
            KeyCode::Char(c) if ctrl => {
                Self { code: KeyCode::Char(c.to_ascii_lowercase()), ctrl, alt, shift: false }
            }
            KeyCode::Char(c) => Self { code: KeyCode::Char(c), ctrl, alt, shift: false },
            code => Self { code, ctrl, alt, shift },
        }
    }
}

const NAMED: &[(KeyCode, &str)] = &[
    (KeyCode::Char(' '), "space"),
    (KeyCode::Enter, "enter"),
    (KeyCode::Esc, "esc"),
    (KeyCode::Tab, "tab"),
    (KeyCode::Backspace, "backspace"),
    (KeyCode::Up, "up"),
    (KeyCode::Down, "down"),
    (KeyCode::Left, "left"),
    (KeyCode::Right, "right"),
    (KeyCode::Home, "home"),
    (KeyCode::End, "end"),
    (KeyCode::PageUp, "pageup"),
    (KeyCode::PageDown, "pagedown"),
    (KeyCode::Insert, "insert"),
    (KeyCode::Delete, "delete"),
    (KeyCode::F(1), "f1"),
    (KeyCode::F(2), "f2"),
    (KeyCode::F(3), "f3"),
    (KeyCode::F(4), "f4"),
    (KeyCode::F(5), "f5"),
    (KeyCode::F(6), "f6"),
    (KeyCode::F(7), "f7"),
    (KeyCode::F(8), "f8"),
    (KeyCode::F(9), "f9"),
    (KeyCode::F(10), "f10"),
    (KeyCode::F(11), "f11"),
    (KeyCode::F(12), "f12"),
];

impl fmt::Display for Key {
    /// As people write it: `Ctrl-d`, `F2`, `Space`, `j`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        if self.shift {
            f.write_str("Shift-")?;
        }
        let name = NAMED.iter().find(|(code, _)| *code == self.code).map(|(_, name)| *name);
        match (name, self.code) {
            (Some("pageup"), _) => f.write_str("PgUp"),
            (Some("pagedown"), _) => f.write_str("PgDn"),
            (Some(name), _) => {
                let mut chars = name.chars();
                let first = chars.next().map(|c| c.to_ascii_uppercase());
                write!(f, "{}{}", first.map(String::from).unwrap_or_default(), chars.as_str())
            }
            (None, KeyCode::Char(c)) => write!(f, "{c}"),
            (None, code) => write!(f, "{code:?}"),
        }
    }
}

/// Reads a binding of one or two keys: `j`, `g g`.
pub fn sequence(text: &str) -> Option<Vec<Key>> {
    text.split(' ').map(Key::parse).collect()
}

/// Reads a binding as people write it: `Ctrl-D`, `C-d`, `PgDn`, `gg`.
pub fn read_sequence(text: &str) -> Option<Vec<Key>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [word] => match (read_key(word), word.chars().collect::<Vec<_>>().as_slice()) {
            (Some(key), _) => Some(vec![key]),
            (None, &[first, second]) => Some(vec![Key::char(first), Key::char(second)]),
            _ => None,
        },
        [first, second] => Some(vec![read_key(first)?, read_key(second)?]),
        [] if text == " " => Some(vec![Key::char(' ')]),
        _ => None,
    }
}

/// One key as people write it, in the one form that presses have.
fn read_key(text: &str) -> Option<Key> {
    if text.chars().nth(1).is_none() {
        return Key::parse(text);
    }
    let mut modifiers = String::new();
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once(['-', '+']).filter(|(_, tail)| !tail.is_empty()) {
        modifiers.push_str(match head.to_ascii_lowercase().as_str() {
            "ctrl" | "control" | "c" => "ctrl-",
            "alt" | "meta" | "a" | "m" => "alt-",
            "shift" | "s" => "shift-",
            _ => return None,
        });
        rest = tail;
    }
    let name = if rest.chars().nth(1).is_none() { rest.to_owned() } else { rest.to_ascii_lowercase() };
    let name = match name.as_str() {
        "pgup" => "pageup",
        "pgdn" | "pgdown" => "pagedown",
        "return" => "enter",
        "escape" => "esc",
        "del" => "delete",
        "ins" => "insert",
        other => other,
    };
    let mut key = Key::parse(&format!("{modifiers}{name}"))?;
    if let KeyCode::Char(c) = key.code {
        // a typed letter shows its own shift, a control letter has none
        if key.shift && c.is_alphabetic() && !key.ctrl {
            key.code = KeyCode::Char(c.to_ascii_uppercase());
        } else if key.ctrl {
            key.code = KeyCode::Char(c.to_ascii_lowercase());
        }
        key.shift = false;
    }
    Some(key)
}

/// Shows a binding: `g g` as `gg`, others as they are.
pub fn shown(text: &str) -> String {
    sequence(text).unwrap_or_default().iter().map(Key::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_shows() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text), expected, "{text}");
        check("j", "j");
        check("g g", "gg");
        check("ctrl-d", "Ctrl-d");
        check("shift-tab", "Shift-Tab");
        check("pagedown", "PgDn");
        check("f12", "F12");
        check("space", "Space");
        check("-", "-");
        check("nonsense", "");
    }

    #[test]
    fn people_write_keys_in_many_ways() {
        let check = |text: &str, expected: &str| {
            let keys = read_sequence(text).unwrap_or_default();
            assert_eq!(keys.iter().map(Key::to_string).collect::<String>(), expected, "{text}");
        };
        check("Ctrl-D", "Ctrl-d");
        check("C-d", "Ctrl-d");
        check("ctrl+d", "Ctrl-d");
        check("shift-a", "A");
        check("Shift-Tab", "Shift-Tab");
        check("PgDn", "PgDn");
        check("F12", "F12");
        check("gg", "gg");
        check("g G", "gG");
        check("-", "-");
        check("+", "+");
        check("Space", "Space");
        check("a b c", "");
        check("hello", "");
        check("", "");
    }

    #[test]
    fn events_lose_what_bindings_do_not_name() {
        let check = |code, modifiers, expected: &str| {
            assert_eq!(Key::from(KeyEvent::new(code, modifiers)).to_string(), expected);
        };
        check(KeyCode::Char('G'), KeyModifiers::SHIFT, "G");
        check(KeyCode::Char('D'), KeyModifiers::CONTROL | KeyModifiers::SHIFT, "Ctrl-d");
        check(KeyCode::BackTab, KeyModifiers::SHIFT, "Shift-Tab");
        check(KeyCode::Up, KeyModifiers::NONE, "Up");
    }
}
