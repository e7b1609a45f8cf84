//! The verbs and filters that were typed, for Up to bring back.
//!
//! Of this screen alone and gone with it: a line may hold names, and nothing of it is written anywhere.

use super::prompt::PromptKind;

/// How many lines of a kind are kept.
const KEPT: usize = 50;

/// What was typed and taken, the latest last.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    verbs: Vec<String>,
    filters: Vec<String>,
}

impl Recall {
    /// Keeps a line; one that was typed before is kept where it was typed last.
    pub fn keep(&mut self, kind: &PromptKind, line: &str) {
        let line = line.trim();
        let lines = match kind {
            PromptKind::Verb => &mut self.verbs,
            PromptKind::Filter { .. } => &mut self.filters,
            _ => return,
        };
        if line.is_empty() {
            return;
        }
        lines.retain(|kept| kept != line);
        lines.push(line.to_owned());
        let over = lines.len().saturating_sub(KEPT);
        lines.drain(..over);
    }

    /// The line that was typed so many lines ago, 1 for the latest.
    pub fn line(&self, kind: &PromptKind, ago: usize) -> Option<&str> {
        let lines = match kind {
            PromptKind::Verb => &self.verbs,
            PromptKind::Filter { .. } => &self.filters,
            _ => return None,
        };
        lines.get(lines.len().checked_sub(ago)?).map(String::as_str)
    }
}
