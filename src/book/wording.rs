//! What is said before anything is filled in: by it texts are the same, whatever the names in them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::PlaybookId;

/// What a task says before names are filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub texts: Vec<String>,
    /// The run, and the day of it, where the text says something else on another.
    #[serde(default)]
    pub run: Option<(PlaybookId, NaiveDate, i32)>,
    /// What it is filled with of its run's form, where that decides who got the wrong one; else empty.
    #[serde(default)]
    pub values: Vec<(String, String)>,
}

impl Wording {
    /// Whether two say the same, blanks around them and what they are filled with apart.
    pub fn is(&self, other: &Self) -> bool {
        let said = |of: &Self| of.texts.iter().map(|text| text.trim().to_owned()).collect::<Vec<_>>();
        self.run == other.run && said(self) == said(other)
    }
}
