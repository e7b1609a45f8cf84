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
const PAGE: usize = 200;

/// Acts looked at in all.
const LOOKED_AT: usize = 20_000;

impl Desk {
    /// Acts newest first, those of `of` only where it is given.
    pub(super) fn log(
        &self,
        before: Option<ActId>,
        limit: u16,
        of: Option<&str>,
        lang: Lang,
    ) -> Result<Vec<LogEntry>, DeskError> {
        let limit = usize::from(limit.min(ACTS_MAX));
        let mut entries = Vec::new();
        let mut before = before;
        let mut looked_at = 0;
        while entries.len() < limit && looked_at < LOOKED_AT {
            let page = acts::newest(before, PAGE, &self.store.bodies)?;
            looked_at += page.len();
            let ended = page.len() < PAGE;
            before = page.last().map(|(act, _)| *act);
            for (act, head) in page {
                if entries.len() < limit && of.is_none_or(|of| head.by.operator == of) {
                    entries.push(self.log_entry(act, &head, lang)?);
                }
            }
            if ended {
                break;
            }
        }
        Ok(entries)
    }

    fn log_entry(&self, act: ActId, head: &ActHead, lang: Lang) -> Result<LogEntry, DeskError> {
        let undone = head.undone_by.is_some() && self.is_undone(act)?;
        Ok(LogEntry {
            act,
            at: head.at,
            by: clean(&head.by.operator),
            words: self.describe_act(act, lang)?,
            undone,
            undoable: !undone && head.undo_of.is_none() && self.is_undoable(act)?,
        })
    }
}
