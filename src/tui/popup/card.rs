//! A page of sentences to read and scroll: why a task is here, what was said so far.

use super::Popup;
use crate::door::Reply;
use crate::door::reply::Window;
use crate::tui::key::Key;
use crate::tui::keymap::{Context, Meaning};
use crate::tui::registry::Action;
use crate::tui::state::State;

/// A page to read.
#[derive(Clone, Debug, Default)]
pub struct Card {
    pub title: String,
    pub lines: Vec<String>,
    pub top: usize,
    pub waiting: Option<u64>,
    /// Of the day hour by hour: what is open, while the steps of the day are still to be told.
    pub open_today: Option<Box<Window>>,
}

impl Card {
    pub(super) fn key(mut self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        let last = self.lines.len().saturating_sub(1);
        match state.look_up_in(Context::Card, key) {
            Meaning::Act(Action::Next) => self.top = (self.top + 1).min(last),
            Meaning::Act(Action::Previous) => self.top = self.top.saturating_sub(1),
            Meaning::Act(Action::PageDown) => self.top = (self.top + 10).min(last),
            Meaning::Act(Action::PageUp) => self.top = self.top.saturating_sub(10),
            Meaning::Act(Action::Top) => self.top = 0,
            Meaning::Act(Action::Bottom) => self.top = last,
            Meaning::Begins => {}
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
            Reply::Window(window) => {
                // each one's next step is known at once, those behind it when the desk has planned the day
                self.lines = state.timeline_lines(window, None);
                self.waiting = Some(state.ask_for_the_day());
                self.open_today = Some(Box::new(window.clone()));
            }
            Reply::Forecast(forecast) => {
                let window = self.open_today.take();
                let day = forecast.days.first();
                self.lines = window.map(|window| state.timeline_lines(&window, day)).unwrap_or_default();
            }
            Reply::Task(detail) => self.lines = state.why_lines(detail),
            Reply::Why(coming) => self.lines.extend(state.coming_lines(coming)),
            other => state.say_outcome(other),
        }
        Some(Popup::Card(self))
    }
}
