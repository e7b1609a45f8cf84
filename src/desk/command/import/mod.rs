//! Imports: rows arrive in chunks, are promised at once and applied in slices.
//!
//! Begin, chunks, commit: rows count for nothing without the commit, and the commit is a promise that survives a
//! crash. What they mean is decided later, a slice a turn, so that human acts go on in between; each slice is
//! recorded with what it changed and is never decided again.
//!
//! - [`slice`]: the next slice of a committed import, and the dry run;
//! - [`draft`]: the book as the slice has changed it so far;
//! - [`identity`]: who a row is;
//! - [`decide`]: what a row changes.
//!
//! Human edits are kept: an import fills what is empty, and changes a value only where it still is the one that
//! the last import of that member set (see [`crate::store::imported`]). Tags, aliases and handles are added,
//! never removed. Who is not in the file stays: a file says who is there, not who is gone.

mod decide;
mod draft;
mod identity;
mod slice;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use super::super::act::{Act, DeskError};
use super::super::{Desk, Now, Session};
use crate::book::{AccountId, GroupId};
use crate::door::reply::{ImportReport, Outcome};
use crate::door::rows::MemberRow;
use crate::door::{Refusal, RefusalKind, Reply};
use crate::store::Body;
use slice::Cursor;
use words::Words;

/// The most bytes of one chunk of rows.
const CHUNK_BYTES_MAX: usize = 1 << 20;

/// Imports of this process: those whose rows arrive, and how far the one that is applied has come.
#[derive(Default)]
pub struct Imports {
    open: BTreeMap<u32, Arriving>,
    cursor: Option<Cursor>,
}

/// An import whose rows arrive.
#[derive(Default)]
struct Arriving {
    /// What rows mean that name no account or group.
    account: Option<AccountId>,
    group: Option<GroupId>,
    /// Last line and number of rows of each chunk.
    chunks: Vec<(u32, u32)>,
}

impl Desk {
    pub(super) fn import_begin(
        &mut self,
        act: &Act,
        file: &str,
        account: Option<AccountId>,
        group: Option<GroupId>,
    ) -> Result<Outcome, DeskError> {
        let columns = &self.store.columns;
        let unknown =
            |what: String| Refusal::new(RefusalKind::NotFound, Words::NoSuch.text(act.lang)).about(what);
        if let Some(account) = account.filter(|id| columns.accounts.row(*id).is_none()) {
            return Err(unknown(account.to_string()).into());
        }
        if let Some(group) = group.filter(|id| columns.groups.row(*id).is_none()) {
            return Err(unknown(group.to_string()).into());
        }
        let import = columns.last_import + 1;
        self.perform(act, vec![Body::ImportBegun { import, file: file.to_owned() }])?;
        self.imports.open.insert(import, Arriving { account, group, chunks: Vec::new() });
        let report = ImportReport { import, ..ImportReport::default() };
        Ok(Outcome { import: Some(report), ..Outcome::default() })
    }

    /// Takes a chunk of rows. The same chunk again is taken once: lines only rise.
    pub(in crate::desk) fn import_rows(
        &mut self,
        session: &Session,
        import: u32,
        rows: &[MemberRow],
        now: Now,
    ) -> Reply {
        if let Some(refusal) = self.no_writing(session) {
            return Reply::Refused(refusal);
        }
        let act = self.act(session, None, now.wall);
        self.take_rows(&act, import, rows).unwrap_or_else(|error| Reply::Refused(error.refusal()))
    }

    fn take_rows(&mut self, act: &Act, import: u32, rows: &[MemberRow]) -> Result<Reply, DeskError> {
        let protocol = |words: Words| {
            Refusal::new(RefusalKind::Protocol, words.text(act.lang)).about(import.to_string())
        };
        let arriving = self.arriving(act, import)?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Reply::Fine) };
        let seen = arriving.chunks.last().map_or(0, |(line, _)| *line);
        if last.line <= seen {
            return Ok(Reply::Fine);
        }
        if first.line <= seen || !rows.is_sorted_by(|a, b| a.line < b.line) {
            return Err(protocol(Words::LinesMustRise).into());
        }
        let (account, group) = (arriving.account, arriving.group);
        let bytes = if account.is_some() || group.is_some() {
            let mut rows = rows.to_vec();
            for row in &mut rows {
                if row.account.is_none() {
                    row.account = account.map(|id| id.to_string());
                }
                if row.group.is_none() && row.group_ref.is_none() {
                    row.group = group.map(|id| id.to_string());
                }
            }
            rmp_serde::to_vec_named(&rows)
        } else {
            rmp_serde::to_vec_named(rows)
        };
        let bytes = bytes.map_err(|error| Refusal::new(RefusalKind::Protocol, error.to_string()))?;
        if bytes.len() > CHUNK_BYTES_MAX {
            return Err(protocol(Words::ChunkTooLarge).into());
        }
        self.perform(act, vec![Body::ImportRows { import, rows: bytes }])?;
        if let Some(arriving) = self.imports.open.get_mut(&import) {
            arriving.chunks.push((last.line, rows.len() as u32));
        }
        Ok(Reply::Fine)
    }

    /// An import whose rows arrive, without chunks whose commit failed.
    fn arriving(&mut self, act: &Act, import: u32) -> Result<&mut Arriving, DeskError> {
        let gone = || {
            let refusal = Refusal::new(RefusalKind::NotFound, Words::NoImport.text(act.lang));
            DeskError::from(refusal.about(import.to_string()))
        };
        let progress = self.store.columns.imports.get(&import).copied().ok_or_else(gone)?;
        if progress.committed {
            let refusal = Refusal::new(RefusalKind::State, Words::Committed.text(act.lang));
            return Err(refusal.about(import.to_string()).into());
        }
        let arriving = self.imports.open.get_mut(&import).ok_or_else(gone)?;
        arriving.chunks.truncate(progress.chunks as usize);
        Ok(arriving)
    }

    pub(super) fn import_commit(
        &mut self,
        act: &Act,
        import: u32,
        dry_run: bool,
    ) -> Result<Outcome, DeskError> {
        let arriving = self.arriving(act, import)?;
        let rows: u32 = arriving.chunks.iter().map(|(_, rows)| rows).sum();
        if rows == 0 {
            let refusal = Refusal::new(RefusalKind::Invalid, Words::NoRows.text(act.lang));
            return Err(refusal.about(import.to_string()).into());
        }
        if dry_run {
            let report = self.rehearse(act, import)?;
            let words = Words::WouldImport.fill(
                act.lang,
                &[("new", &report.new), ("changed", &report.changed), ("unchanged", &report.unchanged)],
            );
            return Ok(Outcome { words, import: Some(report), ..Outcome::default() });
        }
        self.perform(act, vec![Body::ImportCommitted { import, rows }])?;
        let words = Words::Promised.fill(act.lang, &[("n", &rows)]);
        let report = ImportReport { import, ..ImportReport::default() };
        Ok(Outcome { words, import: Some(report), ..Outcome::default() })
    }

    pub(super) fn import_drop(&mut self, act: &Act, import: u32) -> Result<Outcome, DeskError> {
        self.arriving(act, import)?;
        let by_nobody = self.tick_act(act.at);
        self.drop_rows(&by_nobody, import)?;
        Ok(Outcome { words: Words::Dropped.text(act.lang).to_owned(), ..Outcome::default() })
    }

    /// An import of no rows is finished: its chunks leave the index. It changes nothing that an undo could reverse.
    fn drop_rows(&mut self, act: &Act, import: u32) -> Result<(), DeskError> {
        self.imports.open.remove(&import);
        let rows = self.store.columns.imports.get(&import).map_or(0, |progress| progress.rows);
        self.stage(act, Body::ImportApplied { import, from_row: 0, rows, changes: Vec::new() })
    }
}
