//! One line of typing: steps over graphemes, never over half a character.

use crossterm::event::KeyCode;
use tui_input::{Input, InputRequest};

use crate::text::clean;
use crate::tui::key::Key;

/// A line being typed.
#[derive(Clone, Debug, Default)]
pub struct Field {
    input: Input,
    /// All of it is selected: what is typed takes its place, a key that moves keeps it.
    selected: bool,
}

impl Field {
    /// A line that already holds something; the cursor stands behind it.
    pub fn new(text: &str) -> Self {
        Self { input: Input::new(text.to_owned()), selected: false }
    }

    /// Selects all that is there: it was proposed.
    pub fn select(&mut self) {
        self.selected = !self.is_empty();
    }

    pub const fn is_selected(&self) -> bool {
        self.selected
    }

    pub fn text(&self) -> &str {
        self.input.value()
    }

    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    pub fn set(&mut self, text: &str) {
        *self = Self::new(text);
    }

    /// What stands before the cursor.
    pub fn before_cursor(&self) -> &str {
        let at = self.text().char_indices().nth(self.input.cursor()).map_or(self.text().len(), |(at, _)| at);
        self.text().get(..at).unwrap_or_default()
    }

    /// Takes an editing key; true when the text changed, false when it did not or the key is none of editing.
    pub fn key(&mut self, key: Key) -> bool {
        let request = match (key.code, key.ctrl) {
            (KeyCode::Char(c), false) if !key.alt => InputRequest::InsertChar(c),
            (KeyCode::Backspace, false) => InputRequest::DeletePrevChar,
            (KeyCode::Delete, false) => InputRequest::DeleteNextChar,
            (KeyCode::Left, false) => InputRequest::GoToPrevChar,
            (KeyCode::Right, false) => InputRequest::GoToNextChar,
            (KeyCode::Left, true) => InputRequest::GoToPrevWord,
            (KeyCode::Right, true) => InputRequest::GoToNextWord,
            (KeyCode::Home, _) | (KeyCode::Char('a'), true) => InputRequest::GoToStart,
            (KeyCode::End, _) | (KeyCode::Char('e'), true) => InputRequest::GoToEnd,
            (KeyCode::Char('w') | KeyCode::Backspace, true) => InputRequest::DeletePrevWord,
            (KeyCode::Char('u'), true) => InputRequest::DeleteFromStart,
            (KeyCode::Char('k'), true) => InputRequest::DeleteTillEnd,
            _ => return false,
        };
        if std::mem::take(&mut self.selected) {
            match request {
                InputRequest::InsertChar(_) => self.set(""),
                InputRequest::DeletePrevChar
                | InputRequest::DeleteNextChar
                | InputRequest::DeletePrevWord
                | InputRequest::DeleteFromStart
                | InputRequest::DeleteTillEnd => {
                    self.set("");
                    return true;
                }
                _ => {}
            }
        }
        self.input.handle(request).is_some_and(|changed| changed.value)
    }

    /// Puts text in at the cursor: one line, without controls.
    pub fn paste(&mut self, text: &str) {
        if self.selected {
            self.set("");
        }
        let flat = text.trim_end_matches(['\r', '\n']).replace(['\r', '\n', '\t'], " ");
        for c in clean::for_display(&flat).chars() {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_selected_gives_way_to_what_is_typed_and_stays_for_who_moves() {
        let proposed = || {
            let mut field = Field::new("家👨‍👩‍👧");
            field.select();
            field
        };
        let after = |code: KeyCode, ctrl: bool| {
            let mut field = proposed();
            let changed = field.key(Key { ctrl, ..Key::plain(code) });
            (changed, field.text().to_owned(), field.is_selected())
        };
        assert_eq!(after(KeyCode::Char('8'), false), (true, "8".to_owned(), false));
        for (code, ctrl) in
            [(KeyCode::Backspace, false), (KeyCode::Delete, false), (KeyCode::Char('u'), true)]
        {
            assert_eq!(after(code, ctrl), (true, String::new(), false));
        }
        for code in [KeyCode::End, KeyCode::Right, KeyCode::Home, KeyCode::Left] {
            assert_eq!(after(code, false), (false, "家👨‍👩‍👧".to_owned(), false));
        }
        assert!(after(KeyCode::Up, false).2, "a key that does nothing here changes nothing");
        let mut kept = proposed();
        kept.key(Key::plain(KeyCode::End));
        kept.key(Key::plain(KeyCode::Backspace));
        assert_eq!(kept.text(), "家");
        let mut pasted = proposed();
        pasted.paste("8 元");
        assert_eq!((pasted.text(), pasted.is_selected()), ("8 元", false));
        let mut nothing = Field::default();
        nothing.select();
        assert!(!nothing.is_selected());
    }

    #[test]
    fn types_and_pastes() {
        let mut field = Field::new("张三");
        field.key(Key::plain(KeyCode::Left));
        field.paste("小\n丰\u{1b}]52;c;x\u{7}");
        assert_eq!(field.text().chars().filter(|c| c.is_control()).count(), 0);
        assert!(field.text().starts_with("张小 丰"), "{}", field.text());
        assert!(field.key(Key::plain(KeyCode::Backspace)));
        assert!(!field.key(Key::plain(KeyCode::Enter)));
        let mut family = Field::new("a👨‍👩‍👧");
        family.key(Key::plain(KeyCode::Backspace));
        assert_eq!(family.text(), "a");
        assert_eq!(family.before_cursor(), "a");
    }
}
