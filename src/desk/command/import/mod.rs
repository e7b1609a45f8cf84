//! Imports: rows arrive in chunks, are promised at once and applied in slices.
//!
//! Begin, chunks, commit: rows count for nothing without the commit, and the commit is a promise that survives a
//! crash. What they mean is decided later, a slice a turn, so that human acts go on in between; each slice is
//! recorded with what it changed and is never decided again.
//!
//! - [`slice`]: the next slice of a committed import; [`rehearse`]: of a dry run;
//! - [`sheet`]: what is carried from slice to slice; [`draft`]: the book as one slice has changed it so far;
//! - [`crowd`]: names that very many have; [`brief`]: what is known of their bearers without reading them;
//! - [`naming`], [`identity`]: which group and whom a row means; [`decide`]: what a row changes;
//! - [`decided`]: what a dry run found, for the import that follows it;
//! - [`entering`]: who gets into which playbook by it.
//!
//! Human edits are kept: an import fills what is empty, and changes a value only where it still is the one that
//! the last import of that member set (see [`crate::store::imported`]). Tags, aliases and handles are added,
//! never removed. Who is not in the file stays: a file says who is there, not who is gone.

mod brief;
mod crowd;
mod decide;
mod decided;
mod draft;
mod entering;
mod identity;
mod naming;
mod rehearse;
mod sheet;
mod slice;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, VecDeque};

use super::super::act::{Act, DeskError};
use super::super::{Desk, Now, Session};
use crate::book::{AccountId, ActId, GroupId, Timestamp};
use crate::door::reply::{ImportReport, ImportStage, ImportStanding, Outcome};
use crate::door::rows::MemberRow;
use crate::door::{Refusal, RefusalKind, Reply};
use crate::store::record::ImportCounts;
use crate::store::{Body, By};
use crate::text::lang::Lang;
use decided::Decided;
use entering::Tally;
use rehearse::Rehearsal;
use slice::Cursor;
use words::Words;

/// The most bytes of one chunk of rows.
const CHUNK_BYTES_MAX: usize = 1 << 20;

/// How long rows may lie that nobody commits, drops or adds to: who sent them is gone.
const IDLE_MS_MAX: i64 = 3_600_000;

/// How many reports are kept for who asks late.
const ENDED_MAX: usize = 16;

/// Imports of this process: those whose rows arrive, and how far the one that is applied has come.
#[derive(Default)]
pub struct Imports {
    open: BTreeMap<u32, Arriving>,
    cursor: Option<Cursor>,
    /// Who committed an import that no slice was applied of yet.
    committed_by: BTreeMap<u32, (ActId, By)>,
    rehearsals: VecDeque<Rehearsal>,
    /// What the last dry run that was completed has decided.
    decided: Option<Decided>,
    /// The last ones that came to an end, newest last.
    ended: VecDeque<(u32, ImportStanding)>,
    /// Who enters what, while a slice is at work.
    tally: Option<Tally>,
    /// The language of the last who committed: what slices say, they say to them.
    lang: Lang,
}

impl Imports {
    fn is_rehearsing(&self) -> bool {
        !self.rehearsals.is_empty()
    }

    /// True while a slice of a file is applied.
    pub(in crate::desk) const fn is_applying(&self) -> bool {
        self.tally.is_some()
    }

    /// Keeps the report of an import that has come to an end.
    fn end(&mut self, stage: ImportStage, rows: u32, done: u32, report: ImportReport) {
        let import = report.import;
        self.ended.retain(|(known, _)| *known != import);
        self.ended.push_back((import, ImportStanding { stage, rows, done, report }));
        if self.ended.len() > ENDED_MAX {
            self.ended.pop_front();
        }
    }
}

/// An import whose rows arrive.
#[derive(Default)]
struct Arriving {
    /// What rows mean that name no account or group.
    account: Option<AccountId>,
    group: Option<GroupId>,
    /// Last line and number of rows of each chunk.
    chunks: Vec<(u32, u32)>,
    /// When something of it came last.
    at: Timestamp,
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
        self.imports.open.insert(import, Arriving { account, group, chunks: Vec::new(), at: act.at });
        let report = ImportReport { import, ..ImportReport::default() };
        Ok(Outcome { import: Some(Box::new(report)), ..Outcome::default() })
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
            arriving.at = act.at;
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
        self.imports.ended.retain(|(known, _)| *known != import);
        self.imports.rehearsals.retain(|rehearsal| rehearsal.import != import);
        let report = ImportReport { import, ..ImportReport::default() };
        if dry_run {
            let rehearsal = Rehearsal::new(import, rows, act.lang, self.ids.fork(), act.at);
            self.imports.rehearsals.push_back(rehearsal);
            let words = Words::Checking.fill(act.lang, &[("n", &rows)]);
            return Ok(Outcome { words, import: Some(Box::new(report)), ..Outcome::default() });
        }
        self.perform(act, vec![Body::ImportCommitted { import, rows }])?;
        self.imports.committed_by.insert(import, (act.id, act.by.clone()));
        self.imports.lang = act.lang;
        let words = Words::Promised.fill(act.lang, &[("n", &rows)]);
        Ok(Outcome { words, import: Some(Box::new(report)), ..Outcome::default() })
    }

    /// Where an import stands, as far as this process knows.
    pub(in crate::desk) fn import_standing(
        &self,
        import: u32,
        lang: Lang,
    ) -> Result<ImportStanding, DeskError> {
        let progress = self.store.columns.imports.get(&import);
        if let Some(progress) = progress.filter(|progress| progress.committed) {
            let cursor = self.imports.cursor.as_ref().filter(|cursor| cursor.is_of(import));
            let report = cursor.map(|cursor| cursor.sheet.counts_only());
            let report = report.unwrap_or(ImportReport { import, ..ImportReport::default() });
            let (rows, done) = (progress.rows, progress.next);
            return Ok(ImportStanding { stage: ImportStage::Applying, rows, done, report });
        }
        if let Some(rehearsal) = self.imports.rehearsals.iter().find(|r| r.import == import) {
            return Ok(rehearsal.standing());
        }
        if let Some((_, standing)) = self.imports.ended.iter().find(|(known, _)| *known == import) {
            return Ok(standing.clone());
        }
        if let Some(arriving) = self.imports.open.get(&import) {
            let rows = arriving.chunks.iter().map(|(_, rows)| rows).sum();
            let report = ImportReport { import, ..ImportReport::default() };
            return Ok(ImportStanding { stage: ImportStage::Arriving, rows, done: 0, report });
        }
        let known = import <= self.store.columns.last_import;
        let words = if known { Words::WrittenLong } else { Words::NoImport };
        Err(Refusal::new(RefusalKind::NotFound, words.text(lang)).about(import.to_string()).into())
    }

    pub(super) fn import_drop(&mut self, act: &Act, import: u32) -> Result<Outcome, DeskError> {
        self.arriving(act, import)?;
        let by_nobody = self.tick_act(act.at);
        self.drop_rows(&by_nobody, import)?;
        Ok(Outcome { words: Words::Dropped.text(act.lang).to_owned(), ..Outcome::default() })
    }

    /// Rows that a process received which is gone, or that were left lying: nobody commits them any more.
    fn drop_abandoned(&mut self, now: Now) -> Result<(), DeskError> {
        let imports = &self.store.columns.imports;
        self.imports.open.retain(|import, arriving| {
            imports.contains_key(import) && now.wall.since(arriving.at) < IDLE_MS_MAX
        });
        let is_open = |import: &u32| self.imports.open.contains_key(import);
        let left: Vec<u32> = imports
            .iter()
            .filter(|(import, progress)| !progress.committed && !is_open(import))
            .map(|(import, _)| *import)
            .collect();
        for import in left {
            let nobody = self.tick_act(now.wall);
            self.drop_rows(&nobody, import)?;
        }
        Ok(())
    }

    /// An import of no rows is finished: its chunks leave the index. It changes nothing that an undo could reverse.
    fn drop_rows(&mut self, act: &Act, import: u32) -> Result<(), DeskError> {
        self.imports.open.remove(&import);
        let rows = self.store.columns.imports.get(&import).map_or(0, |progress| progress.rows);
        self.stage(
            act,
            Body::ImportApplied {
                import,
                from_row: 0,
                rows,
                changes: Vec::new(),
                counts: ImportCounts::default(),
            },
        )
    }
}
