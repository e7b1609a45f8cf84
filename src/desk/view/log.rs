//! The history of acts, as `U` and `qun log` show it: each in the words that answered it and that an undo names it
//! by, told anew from its records in the language of whoever asks.

use super::task_line::clean;
use crate::book::ActId;
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::reply::LogEntry;
use crate::store::acts::{self, ActHead};
use crate::text::lang::Lang;

/// Acts of one answer.
const ACTS_MAX: u16 = 500;

/// Acts looked at in one go while looking for one's own.
const PAGE: usize = 50;

/// Acts looked at in all.
const LOOKED_AT: usize = 20_000;

/// What naming an act costs, in the steps of [`super::scan::SLICE`]: its bodies are read, but of one of thousands the
/// first alone.
const ENTRY: usize = 20_000;

/// What passing by the act of another costs.
const PASSED: usize = 100;

/// Acts that are being named, newest first.
pub(super) struct Naming {
    before: Option<ActId>,
    limit: usize,
    /// Only those of an operator, where one is meant.
    of: Option<String>,
    looked_at: usize,
    entries: Vec<LogEntry>,
}

impl Naming {
    /// Nothing is named yet; acts before one are meant where it is given.
    pub(super) fn begin(before: Option<ActId>, limit: u16, of: Option<String>) -> Self {
        let limit = usize::from(limit.min(ACTS_MAX));
        Self { before, limit, of, looked_at: 0, entries: Vec::new() }
    }

    /// Goes on; all entries when there are enough, or no more acts.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        lang: Lang,
    ) -> Result<Option<Vec<LogEntry>>, DeskError> {
        while self.entries.len() < self.limit && self.looked_at < LOOKED_AT {
            if *budget == 0 {
                return Ok(None);
            }
            let page = acts::newest(self.before, PAGE, &desk.store.bodies)?;
            let ended = page.len() < PAGE;
            for (act, head) in page {
                if self.entries.len() >= self.limit || *budget == 0 {
                    break;
                }
                (self.before, self.looked_at) = (Some(act), self.looked_at + 1);
                if self.of.as_ref().is_none_or(|of| head.by.operator == *of) {
                    *budget = budget.saturating_sub(ENTRY);
                    self.entries.push(desk.log_entry(act, &head, lang)?);
                } else {
                    *budget = budget.saturating_sub(PASSED);
                }
            }
            if ended && *budget > 0 {
                break;
            }
        }
        Ok(Some(std::mem::take(&mut self.entries)))
    }
}

impl Desk {
    fn log_entry(&self, act: ActId, head: &ActHead, lang: Lang) -> Result<LogEntry, DeskError> {
        let undone = head.undone_by.is_some() && self.is_undone(act)?;
        Ok(LogEntry {
            act,
            at: head.at,
            by: clean(&head.by.operator),
            words: self.describe_act(act, lang)?,
            undone,
            undoes: head.undo_of.is_some(),
            undoable: !undone && head.undo_of.is_none() && self.is_undoable(act)?,
        })
    }
}
