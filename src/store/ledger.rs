//! The store as the desk holds it: stage records, commit them with one sync, or take them all back.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::ahead::Ahead;
use super::arrived::Arrived;
use super::bodies::Bodies;
use super::columns::packed_rows::Packed as _;
use super::columns::{Columns, MemberColumn, MemberRow, file};
use super::disk::SimDisk;
use super::index::{Index, Mark};
use super::journal::{End, Journal, Options};
use super::record::{Body, Record};
use super::{StoreError, apply, replay};
use crate::book::{ActId, MemberId, Timestamp};

/// The shape of keys and values in the index; another one is rebuilt from the journal.
pub const INDEX_VERSION: u32 = 25;

/// With fewer bytes left on its disk a store takes nothing more. The index behind the journal must have room for what
/// the journal took: where it finds none it fails half-way, and nothing can be read from it until there is room again.
pub const ROOM_MIN: u64 = 16 << 20;

/// After how many records catching up says how far it is.
const PROGRESS_EVERY: u64 = 2_000;

/// From how many waiting bytes on catching up writes to the index: as a part of its own while one is built, where
/// fewer parts are read faster, and as one batch of the tree otherwise, which gets slower with its size.
const BUILDING_BYTES: usize = if cfg!(test) { 64 << 10 } else { 12 << 20 };
const BATCH_BYTES: usize = 2 << 20;

/// From how many bytes on writes are dropped that the index has already. What is read after that comes from later
/// than the record that is applied, as all rows do that this replay has not written; the last record decides.
const KNOWN_BYTES: usize = if cfg!(test) { 2 << 10 } else { 12 << 20 };

/// From how many records on catching up is bulk work, after which a power cut may cost the index.
const BULK: u64 = 5_000;

/// After how many records the columns file is written again, and at the end; fewer are replayed faster than it
/// is written.
const KEEP_EVERY: u64 = 5_000;
const KEEP_AT_END: u64 = 500;

/// Journal, index and columns.
pub struct Store {
    journal: Journal,
    pub bodies: Bodies,
    pub columns: Columns,
    /// Records of this turn, staged and not yet durable.
    staged: Vec<Vec<u8>>,
    /// Where the columns file stands, and the record it was last written at; none for a store without a directory.
    kept: Option<(PathBuf, u64)>,
    /// The thread that writes it.
    keeping: Option<JoinHandle<()>>,
    /// The index missed a commit.
    index_behind: bool,
    /// Bulk work was announced.
    is_bulk: bool,
    /// What tests say is left on the disk.
    #[cfg(test)]
    pub(crate) pretended_free: Option<u64>,
}

impl Store {
    /// Brings index and columns up to the journal.
    ///
    /// `columns` were true at sequence number `columns_at` (0 for empty ones), the index at its own mark. What
    /// the index already has is applied to the columns alone. `progress` hears (done, of) now and then.
    pub fn open(
        journal: Journal,
        index: Box<dyn Index>,
        columns: Columns,
        columns_at: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Self, StoreError> {
        let indexed = index.mark()?.map_or(0, |mark| mark.seq);
        let mut store = Self {
            journal,
            bodies: Bodies::new(index),
            columns,
            staged: Vec::new(),
            kept: None,
            keeping: None,
            index_behind: false,
            is_bulk: false,
            #[cfg(test)]
            pretended_free: None,
        };
        store.catch_up(columns_at, indexed, progress)?;
        Ok(store)
    }

    fn catch_up(
        &mut self,
        columns_at: u64,
        indexed: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), StoreError> {
        self.columns.settle();
        let end = self.journal.end();
        let bulk = end.seq.saturating_sub(indexed) > BULK;
        let slice = if bulk && indexed == 0 { BUILDING_BYTES } else { BATCH_BYTES };
        if bulk {
            self.bodies.index().begin_bulk()?;
        }
        let mut counted: Vec<MemberId> = Vec::new();
        if columns_at < end.seq {
            let entries = self.journal.read(columns_at + 1)?;
            let is_long = end.seq - columns_at > BULK;
            replay::each(entries, is_long, &mut |at, record| {
                let known = at.seq <= indexed;
                if known && matches!(record.body, Body::Unhappened(_) | Body::ImportApplied { .. }) {
                    // an activity counted anew from an index that already knows the future: count at the end
                    counted.extend_from_slice(&record.members);
                }
                apply::apply(at.seq, &record, &mut self.columns, &mut self.bodies)?;
                let waiting = self.bodies.waiting_bytes();
                if at.seq == indexed || known && waiting >= KNOWN_BYTES {
                    self.bodies.drop_pending();
                }
                if !known && at.last_in_frame && (waiting >= slice || at.seq == end.seq) {
                    self.bodies.flush(self.mark_at(at.seq, at.frame_crc, end.lineage))?;
                }
                if is_long && (at.seq.is_multiple_of(PROGRESS_EVERY) || at.seq == end.seq) {
                    progress(at.seq, end.seq);
                }
                Ok(())
            })?;
        }
        self.bodies.drop_pending();
        if bulk {
            self.bodies.index().end_bulk()?;
        }
        counted.sort_unstable();
        counted.dedup();
        for member in counted {
            apply::recount(member, &mut self.columns, &self.bodies)?;
        }
        Ok(())
    }

    fn mark_at(&self, seq: u64, crc: u32, lineage: [u8; 16]) -> Mark {
        Mark { lineage, seq, crc, version: INDEX_VERSION }
    }

    /// A store in which can be tried what would follow: this store's index, lent until [`Store::take_home`], and a copy
    /// of the columns without people and work. Nothing of it is ever committed.
    ///
    /// # Errors
    /// When no place can be made for it; nothing has been lent then.
    pub fn lend(&mut self) -> Result<Self, StoreError> {
        let known = &self.columns;
        let columns = Columns {
            store: known.store.clone(),
            rules: known.rules.clone(),
            rules_toml: known.rules_toml.clone(),
            holidays: known.holidays.clone(),
            accounts: known.accounts.clone(),
            groups: known.groups.clone(),
            playbooks: known.playbooks.clone(),
            playbook_ids: known.playbook_ids.clone(),
            words: known.words.clone(),
            answers: known.answers.clone(),
            saved_views: known.saved_views.clone(),
            snippets: known.snippets.clone(),
            days_off: known.days_off.clone(),
            paused: known.paused.clone(),
            paused_since: known.paused_since.clone(),
            silenced: known.silenced.clone(),
            ..Columns::default()
        };
        // a journal has to stand somewhere; this one stays empty
        let sizes = Options { segment_bytes: 4_096, step_bytes: 4_096 };
        let journal = Journal::create_with(Arc::new(SimDisk::new()), self.journal.end().lineage, sizes)?;
        let bodies = self.bodies.lend();
        Ok(Self {
            journal,
            bodies,
            columns,
            staged: Vec::new(),
            kept: None,
            keeping: None,
            index_behind: false,
            is_bulk: false,
            #[cfg(test)]
            pretended_free: None,
        })
    }

    /// Ends a trial: the index comes back as it was lent.
    pub fn take_home(&mut self, mut trial: Self) {
        self.bodies.take_home(&mut trial.bodies);
    }

    /// Lets a trial know a member of the book it was made from; rows of groups and accounts are the same there.
    pub fn borrow_member(&mut self, id: MemberId, column: &MemberColumn<'_>) {
        self.columns.members.insert(id, &MemberRow::own(column));
    }

    /// Applies a record and keeps it for the commit of this turn.
    pub fn stage(&mut self, record: &Record) -> Result<(), StoreError> {
        self.staged.push(record.to_bytes()?);
        let seq = self.journal.end().seq + self.staged.len() as u64;
        apply::apply(seq, record, &mut self.columns, &mut self.bodies)
    }

    /// True when something waits for a commit.
    pub fn is_staged(&self) -> bool {
        !self.staged.is_empty()
    }

    /// How many records wait.
    pub fn staged(&self) -> usize {
        self.staged.len()
    }

    /// Makes what was staged durable in one frame with one sync, then brings it into the index.
    ///
    /// # Errors
    /// When the journal refuses, nothing is durable: call [`Store::take_back`]. When only the index fails, this is
    /// no error: the records are durable, and [`Store::recover`] brings the index up to them.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        if self.staged.is_empty() {
            return Ok(());
        }
        let appended = self.journal.append(&self.staged)?;
        self.staged.clear();
        let lineage = self.journal.end().lineage;
        let flushed = self.bodies.flush(self.mark_at(appended.last_seq, appended.frame_crc, lineage));
        self.index_behind = flushed.is_err();
        Ok(())
    }

    /// True when the index could not follow the journal: nothing may be decided on it before it has recovered.
    pub fn is_index_behind(&self) -> bool {
        self.index_behind
    }

    /// Opens a failed index again and brings it up to the journal.
    ///
    /// # Errors
    /// While the disk still refuses; the journal holds everything all the same.
    pub fn recover(&mut self) -> Result<(), StoreError> {
        self.bodies.index().recover()?;
        // opened anew, the index is in no bulk work any more
        self.is_bulk = false;
        self.take_back()?;
        self.index_behind = false;
        Ok(())
    }

    /// Forgets what was staged and brings the columns back to what is durable.
    pub fn take_back(&mut self) -> Result<(), StoreError> {
        self.staged.clear();
        self.bodies.drop_pending();
        self.columns = Columns::default();
        let indexed = self.bodies.index().mark()?.map_or(0, |mark| mark.seq);
        self.catch_up(0, indexed, &mut |_, _| {})
    }

    /// The bytes of the records from `seq` on, as the journal reads them back.
    #[cfg(test)]
    pub(crate) fn entries_from(&self, seq: u64) -> Vec<Vec<u8>> {
        if seq > self.journal.end().seq {
            return Vec::new();
        }
        let entries = self.journal.read(seq).expect("a journal that was opened is read");
        entries.map(|entry| entry.expect("an acknowledged entry is read").bytes).collect()
    }

    /// Where the journal ends.
    pub fn end(&self) -> End {
        self.journal.end()
    }

    /// How many records the index is behind the journal; all of them where it cannot be asked.
    pub fn index_behind(&self) -> u64 {
        let indexed = self.bodies.mark().ok().flatten().map_or(0, |mark| mark.seq);
        self.journal.end().seq.saturating_sub(indexed)
    }

    /// Makes the index as durable as it can be before the process ends; the journal already is.
    pub fn leave_index(&mut self) -> Result<(), StoreError> {
        self.is_bulk = false;
        Ok(self.bodies.index().leave()?)
    }

    /// Names the store's directory, in which the columns are kept; they are true there at record `at`.
    pub(super) fn keep_columns_in(&mut self, store: PathBuf, at: u64) {
        self.kept = Some((store, at));
    }

    /// Much will be committed soon: the index takes it in larger lots, and after a power cut it may have to be rebuilt.
    /// Only speed depends on it; may be said again.
    pub fn begin_bulk(&mut self) {
        if !self.is_bulk {
            self.is_bulk = self.bodies.index().begin_bulk().is_ok();
        }
    }

    /// What was begun is over. An index that fails then is behind, and recovers.
    pub fn end_bulk(&mut self) {
        if std::mem::take(&mut self.is_bulk) && self.bodies.index().end_bulk().is_err() {
            self.index_behind = true;
        }
    }

    /// True when so much has changed that the columns are worth writing, and no writing is under way.
    pub fn wants_to_keep_columns(&self) -> bool {
        // in bulk work the index would have to write everything first
        let is_due = self.unkept() >= KEEP_EVERY && !self.is_bulk;
        is_due && self.keeping.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// How many records the columns file is behind.
    fn unkept(&self) -> u64 {
        self.kept.as_ref().map_or(0, |(_, at)| self.journal.end().seq.saturating_sub(*at))
    }

    /// Writes the columns file, so that the next opening need not replay what is in it: from a copy, by a thread of
    /// its own, while the book goes on.
    ///
    /// Only between turns: what is staged is not durable yet. Nothing depends on the file, so an error is a loss
    /// of time alone, and it is tried again only when as much has changed once more.
    pub fn keep_columns(&mut self) {
        let end = self.journal.end();
        let mark = self.mark_at(end.seq, end.crc, end.lineage);
        self.wait_for_columns();
        // columns that are ahead of the index are of no use: after a power cut they would hide what it lacks
        if self.bodies.index().flush_and_sync().is_err() {
            return;
        }
        if let Some((store, at)) = self.kept.as_mut().filter(|(_, at)| *at < end.seq) {
            *at = end.seq;
            let (store, columns) = (store.clone(), self.columns.freeze());
            let write = move || drop(file::write(&store, &columns, &mark));
            self.keeping = std::thread::Builder::new().name("columns".to_owned()).spawn(write).ok();
        }
    }

    /// Writes the columns file before the process ends, where it is worth it, and waits for it.
    pub fn keep_columns_at_end(&mut self) {
        if self.unkept() >= KEEP_AT_END {
            self.keep_columns();
        }
        self.wait_for_columns();
    }

    fn wait_for_columns(&mut self) {
        if let Some(thread) = self.keeping.take() {
            let _ = thread.join();
        }
    }

    /// The bytes that are left for this user on the store's disk; none where that is not known.
    pub fn free_bytes(&self) -> Option<u64> {
        #[cfg(test)]
        if self.pretended_free.is_some() {
            return self.pretended_free;
        }
        let (path, _) = self.kept.as_ref()?;
        let facts = rustix::fs::statvfs(path).ok().filter(|facts| facts.f_blocks > 0)?;
        Some(facts.f_bavail.saturating_mul(facts.f_frsize))
    }

    /// The rows of an import, as they came.
    ///
    /// # Errors
    /// When the journal cannot be read there.
    pub fn arrived(&self, import: u32) -> Result<Arrived, StoreError> {
        let begun = self.columns.imports.get(&import).map_or(u64::MAX, |progress| progress.begun);
        // rows that are only staged are none yet
        let entries = (begun <= self.journal.end().seq).then(|| self.journal.read(begun)).transpose()?;
        Ok(Arrived::new(import, entries))
    }

    /// What the tick did at times later than `to`, to which an act sets the clock back.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn ahead(&self, act: ActId, to: Timestamp) -> Result<Ahead, StoreError> {
        Ok(Ahead::new(act, to, self.journal.read(1)?))
    }
}

impl Drop for Store {
    /// Waits for the columns file: another store in the same directory would write it as well.
    fn drop(&mut self) {
        self.wait_for_columns();
    }
}
