//! What is said before anything is filled in: by it texts are the same, whatever the names in them. And what was edited
//! of the texts of a task, and said by its parts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::PlaybookId;
use super::task::TaskStatus;

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

impl TaskStatus {
    /// What a part said that was ticked by hand.
    pub fn ticked(&self, part: usize) -> Option<&str> {
        let of = |(kept, _): &&(u16, String)| usize::from(*kept) == part && self.has_ticked(part);
        self.copied.iter().find(of).map(|(_, said)| said.as_str())
    }

    /// What one of its texts was edited to, by its place among the texts.
    pub fn edited_text(&self, nth: u16) -> Option<&str> {
        let of = |(text, _): &&(u16, String)| *text == nth;
        let other = || self.edited_texts.iter().find(of).map(|(_, edited)| edited.as_str());
        self.edited.as_deref().filter(|_| nth == 0).or_else(other)
    }

    /// This status with one of its texts edited, or its own again.
    #[must_use]
    pub fn with_text(mut self, nth: u16, edited: Option<String>) -> Self {
        if nth == 0 {
            self.edited = edited;
        } else {
            self.edited_texts.retain(|(text, _)| *text != nth);
            self.edited_texts.extend(edited.map(|edited| (nth, edited)));
        }
        self
    }

    /// Whether its texts are edited as another's are.
    pub fn is_edited_like(&self, other: &Self) -> bool {
        self.edited == other.edited && self.edited_texts == other.edited_texts
    }
}
