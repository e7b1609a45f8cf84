//! A key as a quick entry gets it.

use crate::tui::key::Key;
use crate::tui::registry::Action;

/// A press, and what it does where it fell.
#[derive(Clone, Copy)]
pub(super) struct Press {
    pub key: Key,
    pub action: Option<Action>,
}
