//! What was begun and is not through yet.

use serde::{Deserialize, Serialize};

use crate::book::ActId;
use crate::store::record::{By, Work};

/// Work of an act that more than one turn does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftWork {
    pub act: ActId,
    pub by: By,
    /// The act that its act reverses.
    pub undo_of: Option<ActId>,
    pub work: Work,
}

/// How far an undo in slices has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    /// The act that is reversed.
    pub of: ActId,
    /// How many of its bodies are left, from the first.
    pub bodies: u32,
    /// How many changes of the last of them are left; all where none says.
    pub changes: Option<u32>,
}

/// How far a committed import was applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProgress {
    /// The sequence number of the record that began it; its rows follow.
    pub begun: u64,
    pub next: u32,
    pub rows: u32,
    /// How many chunks of rows have come.
    pub chunks: u32,
    pub committed: bool,
}
