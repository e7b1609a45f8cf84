//! Refusals: why something asked was not done, and what to do. A refusal changes nothing.

use serde::{Deserialize, Serialize};

use super::form::Field;
use super::saw::Saw;
use crate::book::Timestamp;

/// What kind of refusal; exit codes and colours follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalKind {
    /// No such thing.
    NotFound,
    /// Several could be meant.
    Ambiguous,
    /// A value is wrong; `field` and `value` say which.
    Invalid,
    /// A filter does not parse; `column` says where.
    Filter,
    /// Another human was faster; `who` and `at` say so.
    Already,
    /// The object changed since it was shown.
    Changed,
    /// The step is blocked: a variable, a contact, a check.
    Blocked,
    /// Held by a rule.
    Held,
    /// Not possible in this state.
    State,
    /// Nothing to undo, or it can no longer be reversed.
    Undo,
    /// The desk cannot write at the moment.
    Store,
    /// Not said hello, unknown number, oversized: a fault of the client.
    Protocol,
    /// The playbook format does not know it, or not yet.
    Playbook,
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{words}")]
pub struct Refusal {
    pub kind: RefusalKind,
    /// What it is about, cleaned for display.
    pub object: String,
    /// Who was faster, who holds it.
    #[serde(default)]
    pub who: Option<String>,
    #[serde(default)]
    pub at: Option<Timestamp>,
    #[serde(default)]
    pub field: Option<Field>,
    #[serde(default)]
    pub value: Option<String>,
    /// 1-based line and column in a filter or file.
    #[serde(default)]
    pub line: Option<u32>,
    #[serde(default)]
    pub column: Option<u32>,
    /// The sentence.
    pub words: String,
    /// What to do now.
    #[serde(default)]
    pub hint: String,
    /// What could be meant.
    #[serde(default)]
    pub candidates: Vec<String>,
    /// What stands by now where something else was seen.
    #[serde(default)]
    pub stands: Option<Saw>,
}

impl Refusal {
    /// A refusal of one sentence.
    pub fn new(kind: RefusalKind, words: impl Into<String>) -> Self {
        Self {
            kind,
            object: String::new(),
            who: None,
            at: None,
            field: None,
            value: None,
            line: None,
            column: None,
            words: words.into(),
            hint: String::new(),
            candidates: Vec::new(),
            stands: None,
        }
    }

    /// Names what it is about.
    #[must_use]
    pub fn about(mut self, object: impl Into<String>) -> Self {
        self.object = object.into();
        self
    }

    /// Names the field and the value that is wrong.
    #[must_use]
    pub fn at_field(mut self, field: Field, value: impl Into<String>) -> Self {
        self.field = Some(field);
        self.value = Some(value.into());
        self
    }

    /// Says what to do now.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}
