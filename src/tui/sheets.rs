//! Numbered texts for a phone, as `qun sheet` made them: what a number after `:sent` means.

use crate::book::{AccountId, TaskId, Timestamp};

/// The last numbered text of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub account: AccountId,
    /// What the account was called then.
    pub name: String,
    /// The store it is of, as its desk calls it; empty where that was not written down.
    pub store: String,
    /// What tells that store from another of its name; empty where that was not written down.
    pub store_id: String,
    /// When it was made, by the desk's clock; none where that was not written down.
    pub made_at: Option<Timestamp>,
    /// Number 1 first: the task, and to whom it went; the name may be unknown.
    pub tasks: Vec<(TaskId, String)>,
}

impl Sheet {
    /// Whether it may be of the store of that id and name; an older one tells less of its store.
    #[must_use]
    pub fn is_of(&self, store_id: &str, store: &str) -> bool {
        match (self.store_id.as_str(), self.store.as_str()) {
            ("", "") => true,
            ("", name) => name == store,
            (id, _) => id == store_id,
        }
    }
}

/// Reads the sheets there are by now, of every account and store.
pub type Sheets = fn() -> Vec<Sheet>;
