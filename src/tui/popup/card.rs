//! A page of sentences to read and scroll: why a task is here, what was said so far.

use crossterm::event::KeyCode;

use super::Popup;
use crate::door::Reply;
use crate::tui::key::Key;
use crate::tui::state::State;

/// A page to read.
#[derive(Clone, Debug, Default)]
pub struct Card {
    pub title: String,
    pub lines: Vec<String>,
    pub top: usize,
    pub waiting: Option<u64>,
}

impl Card {
    pub(super) fn key(mut self: Box<Self>, _state: &mut State, key: Key) -> Option<Popup> {
        let last = self.lines.len().saturating_sub(1);
        match key.code {
            KeyCode::Down | KeyCode::Char('j') => self.top = (self.top + 1).min(last),
            KeyCode::Up | KeyCode::Char('k') => self.top = self.top.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ') => self.top = (self.top + 10).min(last),
            KeyCode::PageUp => self.top = self.top.saturating_sub(10),
            _ => return None,
        }
        Some(Popup::Card(self))
    }

    pub(super) fn waits_for(&self, tag: u64) -> bool {
        self.waiting == Some(tag)
    }

    pub(super) fn reply(mut self: Box<Self>, state: &mut State, reply: &Reply) -> Option<Popup> {
        self.waiting = None;
        match reply {
            Reply::Why(coming) => self.lines.extend(state.coming_lines(coming)),
            other => state.say_outcome(other),
        }
        Some(Popup::Card(self))
    }
}
