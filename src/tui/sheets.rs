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
    /// When it was made, by the desk's clock; none where that was not written down.
    pub made_at: Option<Timestamp>,
    /// Number 1 first: the task, and to whom it went; the name may be unknown.
    pub tasks: Vec<(TaskId, String)>,
}

/// Reads the sheets there are by now, of every account and store.
pub type Sheets = fn() -> Vec<Sheet>;
