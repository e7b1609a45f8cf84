//! Edits of playbooks that were begun and are not applied: they outlast the screen, with the version that they began on.

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

/// Where drafts are kept: in files of the user's own. The sentences say why not.
#[derive(Clone, Copy)]
pub struct Drafts {
    pub keep: fn(&Draft) -> Result<(), String>,
    /// All of a store.
    pub read: fn(&str) -> Vec<Draft>,
    pub discard: fn(&str, &PlaybookId) -> Result<(), String>,
}
