//! What its user has begun to write and not handed over: it outlasts the screen.
//!
//! Edits of playbooks are kept with the version that they began on, what is written in other forms with the form.

use crate::book::PlaybookId;

/// A text of a playbook that its user has begun to edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The id of its store: two data directories may have stores of one name.
    pub store: String,
    pub playbook: PlaybookId,
    /// The version that the text was before it was edited; 0 where nobody knows.
    pub began_on: u32,
    pub toml: String,
}

/// A text that is being written in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// As in [`Draft`].
    pub store: String,
    /// Which form, and of what.
    pub place: String,
    pub text: String,
}

/// Where they are kept: in files of the user's own. The sentences say why not.
#[derive(Clone, Copy)]
pub struct Drafts {
    pub keep: fn(&Draft) -> Result<(), String>,
    /// All of a store.
    pub read: fn(&str) -> Vec<Draft>,
    pub discard: fn(&str, &PlaybookId) -> Result<(), String>,
    pub keep_text: fn(&Unfinished) -> Result<(), String>,
    pub read_texts: fn(&str) -> Vec<Unfinished>,
    pub discard_text: fn(&str, &str) -> Result<(), String>,
}
