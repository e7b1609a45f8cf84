//! One line of typing: steps over graphemes, never over half a character.

use crossterm::event::KeyCode;
use tui_input::{Input, InputRequest};

use crate::text::clean;
use crate::tui::key::Key;

/// A line being typed.
#[derive(Clone, Debug, Default)]
pub struct Field {
    input: Input,
}

impl Field {
    /// A line that already holds something; the cursor stands behind it.
    pub fn new(text: &str) -> Self {
        Self { input: Input::new(text.to_owned()) }
    }

    pub fn text(&self) -> &str {
        self.input.value()
    }

    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    pub fn set(&mut self, text: &str) {
        self.input = Input::new(text.to_owned());
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
        self.input.handle(request).is_some_and(|changed| changed.value)
    }

    /// Puts text in at the cursor: one line, without controls.
    pub fn paste(&mut self, text: &str) {
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
