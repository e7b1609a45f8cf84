//! The filter of a view: typed in the prompt, applied when typing pauses, the last good rows staying meanwhile.

use std::time::Duration;

use super::super::event::{Effect, Timer};
use super::super::popup::prompt::Offer;
use super::super::popup::{Popup, Prompt, PromptKind};
use super::super::state::State;
use super::super::views;
use crate::door::request::ListSpec;

/// Rows are asked for when typing has paused this long.
const PAUSE: Duration = Duration::from_millis(60);

impl State {
    pub(super) fn filter_prompt(&mut self) {
        let before = self.filters.get(self.view).cloned().unwrap_or_default();
        let text = if before.is_empty() { String::new() } else { format!("{before} ") };
        let mut prompt = Prompt::new(PromptKind::Filter { before }, &text);
        prompt.offers = self.filter_offers(&text);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    /// Takes what is typed: a mistake with its column, or nothing and the rows follow.
    pub(in crate::tui) fn type_filter(&mut self, text: &str) -> Option<(Option<u32>, String)> {
        let text = text.trim();
        if let Some(filter) = self.filters.get_mut(self.view) {
            text.clone_into(filter);
        }
        self.effect(Effect::SetTimer { timer: Timer::Filter, after: PAUSE });
        None
    }

    /// Sets the filter of this view at once.
    pub(in crate::tui) fn set_filter(&mut self, text: &str) {
        if let Some(filter) = self.filters.get_mut(self.view) {
            text.trim().clone_into(filter);
        }
        self.apply_filter();
    }

    /// Asks for the rows of the filter as it stands; those on the screen stay until they come.
    pub(super) fn apply_filter(&mut self) {
        let mut filter = self.filters.get(self.view).cloned().unwrap_or_default();
        if let Some((_, name)) = &self.narrowed {
            filter = format!("{filter} group:{}", super::moves::quoted(name));
        }
        let spec = ListSpec { kind: views::kind(self.view), filter, sort: views::sort(self.view) };
        if self.main.spec != spec {
            self.main.spec = spec;
            self.main.first = 0;
            self.watch_main();
        }
    }

    /// Keys that may come next.
    pub(in crate::tui) fn filter_offers(&self, _text: &str) -> Vec<Offer> {
        Vec::new()
    }
}
