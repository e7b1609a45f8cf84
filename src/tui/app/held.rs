//! Keys that are pressed before the list or the popup is there that they are for: they wait for it, in their order.
//!
//! Somebody who knows the way types `9 j Enter j j` in one go; the rows come from the desk a moment later.

use std::collections::VecDeque;
use std::time::Duration;

use super::super::key::Key;
use super::super::keymap::{Context, Meaning};
use super::super::popup::Popup;
use super::super::registry::{Action, Needs};
use super::super::state::{Link, State, WATCH_MAIN};

/// More than anybody types ahead; what comes after that is for what is on the screen.
const HELD_MAX: usize = 64;

/// Who has waited this long wants to get away rather than on.
const PATIENCE: Duration = Duration::from_secs(1);

/// The keys that wait, and since when.
#[derive(Debug, Default)]
pub struct Held {
    keys: VecDeque<Key>,
    since: Duration,
}

impl State {
    /// Does what a key does, or keeps it for the list that is on its way.
    pub(super) fn key_in_turn(&mut self, key: Key) {
        if !self.holds(key) {
            self.key(key);
            return;
        }
        if self.held_keys.keys.is_empty() {
            self.held_keys.since = self.mono;
        }
        self.held_keys.keys.push_back(key);
    }

    /// The keys that waited, once the list is there or will not come.
    pub(super) fn take_held_keys(&mut self) {
        while !self.waits_for_list()
            && !self.waits_for_popup()
            && let Some(key) = self.held_keys.keys.pop_front()
        {
            self.key(key);
        }
    }

    /// What waits is for nothing that comes.
    pub(in crate::tui) fn drop_held_keys(&mut self) {
        self.held_keys.keys.clear();
    }

    /// No row of the list is there yet, and the first of them are on their way.
    fn waits_for_list(&self) -> bool {
        let none = !self.main.loaded && self.main.lines.is_empty();
        none && self.link == Link::Up && self.is_pending(WATCH_MAIN)
    }

    /// What fills the topmost popup is on its way.
    fn waits_for_popup(&self) -> bool {
        let tag = self.popups.last().and_then(Popup::awaits_content);
        tag.is_some_and(|tag| self.link == Link::Up && self.pending.contains_key(&tag))
    }

    fn holds(&mut self, key: Key) -> bool {
        if self.is_too_small() {
            return false;
        }
        if let Some(popup) = self.popups.last() {
            return self.waits_for_popup() && self.holds_for(popup.context(), key);
        }
        if !self.waits_for_list() {
            return false;
        }
        let here = self.start.keymap.look_up(self.here(), self.pending_key, key);
        let action = match here {
            Meaning::Act(action) => Some(action),
            _ => None,
        };
        if matches!(action, Some(Action::Repaint | Action::Suspend | Action::Quit)) {
            return false;
        }
        if self.held_keys.keys.is_empty() {
            return action.is_some_and(is_for_rows);
        }
        let leads_away = matches!(action, Some(Action::Back))
            || action.is_some_and(|action| action.view_index().is_some());
        if leads_away && self.mono.saturating_sub(self.held_keys.since) >= PATIENCE {
            self.held_keys.keys.clear();
            return false;
        }
        self.held_keys.keys.len() < HELD_MAX
    }

    /// A popup without content: it can be left at once, and all else is for what comes.
    fn holds_for(&mut self, context: Context, key: Key) -> bool {
        let leads_away = match self.start.keymap.look_up(context, None, key) {
            Meaning::Act(Action::Repaint | Action::Suspend | Action::Quit) => return false,
            Meaning::Act(Action::PanePrevious) => context == Context::Board,
            Meaning::Act(action) => matches!(action, Action::Back | Action::Leave),
            _ => false,
        };
        let waits_long = self.mono.saturating_sub(self.held_keys.since) >= PATIENCE;
        if leads_away && (self.held_keys.keys.is_empty() || waits_long) {
            self.held_keys.keys.clear();
            return false;
        }
        self.held_keys.keys.len() < HELD_MAX
    }
}

/// What does nothing, or something else, where no row is.
fn is_for_rows(action: Action) -> bool {
    action.entry().needs != Needs::Nothing
        || matches!(
            action,
            Action::Next
                | Action::Previous
                | Action::Top
                | Action::Bottom
                | Action::HalfDown
                | Action::HalfUp
                | Action::PageDown
                | Action::PageUp
                | Action::Open
                | Action::Mark
                | Action::Range
                | Action::Invert
                | Action::Same
                | Action::Alert
        )
}
