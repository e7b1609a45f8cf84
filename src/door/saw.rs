//! What somebody had before them when they began to write: what they send stands on it.

use serde::{Deserialize, Serialize};

use super::form::Field;
use crate::book::{Campaign, Timestamp, View};

/// Sent beside a command. Where something else stands there by now nothing is written: the refusal says who changed it,
/// and what there is to be seen ([`super::Refusal::stands`]). Whoever has seen that may send it again, standing on that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Saw {
    /// The revision of the one task that is meant.
    Rev(u32),
    /// A text: the answer of a form, what a task says, a snippet as a page. None where there was none.
    Text(Option<String>),
    /// The fields that are sent, as the form of the one object had them.
    Fields(Vec<(Field, String)>),
    /// A view of the store, as it was saved when it began to be changed.
    View(Box<View>),
    /// A campaign, as its form had it.
    Campaign(Box<Campaign>),
    /// Who had got a wrong text and what it said at an instant. `text` is what it was put right to since.
    Wrong { at: Timestamp, text: Option<String> },
}
