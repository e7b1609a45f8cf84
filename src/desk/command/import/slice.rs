//! The next slice of a committed import.
//!
//! How far it has come stands in the book; who committed it and what it has done so far is looked up, a little a
//! turn, when this process did not see it: after a restart, or when a turn was taken back.

use super::super::super::act::{Act, DeskError};
use super::super::super::{Desk, Now};
use super::decided::Slice;
use super::draft::Draft;
use super::entering::Tally;
use super::sheet::Sheet;
use crate::book::ActId;
use crate::door::reply::ImportStage;
use crate::door::rows::MemberRow;
use crate::store::acts::{self, VIA_TICK};
use crate::store::arrived::{Arrived, Chunk};
use crate::store::bodies::decode;
use crate::store::columns::ImportProgress;
use crate::store::{Body, By, StoreError};
use crate::text::lang::Lang;

/// How many rows one turn decides or applies: two milliseconds of work between two human acts.
pub(super) const SLICE_ROWS: usize = 64;

/// From how many rows on an import is bulk work for the index.
const BULK_ROWS: u32 = if cfg!(test) { 40 } else { 2_000 };

/// How many acts one turn looks at for the one that committed an import, and how many in all.
const ACTS_A_TURN: usize = 64;
const ACTS_LOOKED_AT: usize = 20_000;

/// Where in an import this process stands.
pub(super) struct Cursor {
    import: u32,
    /// Who committed it: one undo reverses all slices. None while it is looked for.
    committed: Option<(ActId, By)>,
    /// The oldest act that was looked at, and how many were.
    looked: (Option<ActId>, usize),
    /// The body of the act that is counted next; none when all slices so far are.
    recount: Option<u32>,
    /// Rows that the sheet has counted.
    counted: u32,
    /// What is left of the file's rows behind those that stand here, and the number of the first of these.
    arrived: Option<Arrived>,
    first: u32,
    rows: Option<Vec<MemberRow>>,
    pub(super) sheet: Sheet,
}

impl Cursor {
    pub(super) fn new(import: u32, committed: Option<(ActId, By)>, progress: ImportProgress) -> Self {
        Self {
            import,
            committed,
            looked: (None, 0),
            recount: (progress.next > 0).then_some(1),
            counted: 0,
            arrived: None,
            first: 0,
            rows: None,
            sheet: Sheet::new(import),
        }
    }

    pub(super) const fn is_of(&self, import: u32) -> bool {
        self.import == import
    }
}

impl Desk {
    /// One slice of bulk work: an undo, what acts have left, a committed import, a dry run. True when more waits.
    pub(in crate::desk) fn bulk_slice(&mut self, now: Now) -> Result<bool, DeskError> {
        let undoing = self.reversal_slice(now)?;
        // two of them in one turn would be too much of it
        let working = if undoing { !self.store.columns.works.is_empty() } else { self.work_slice(now)? };
        let importing = if undoing || working { self.is_importing() } else { self.import_slice(now)? };
        if !importing {
            self.store.end_bulk();
        }
        let busy = undoing || working || importing;
        let checking = if busy { self.imports.is_rehearsing() } else { self.rehearsal_slice(now)? };
        Ok(busy || checking)
    }

    /// True while an undo, a committed import or a dry run goes on.
    pub(in crate::desk) fn bulk_waits(&self) -> bool {
        !self.store.columns.reversals.is_empty()
            || !self.store.columns.works.is_empty()
            || self.is_importing()
            || self.imports.is_rehearsing()
    }

    fn is_importing(&self) -> bool {
        self.store.columns.imports.values().any(|progress| progress.committed)
    }

    /// Applies the next slice of a committed import; true when more waits.
    fn import_slice(&mut self, now: Now) -> Result<bool, DeskError> {
        self.drop_abandoned(now)?;
        let next = self.store.columns.imports.iter().find(|(_, progress)| progress.committed);
        let Some((import, progress)) = next.map(|(import, progress)| (*import, *progress)) else {
            self.imports.cursor = None;
            return Ok(false);
        };
        if progress.rows - progress.next >= BULK_ROWS {
            self.store.begin_bulk();
        }
        let mut cursor = match self.imports.cursor.take() {
            Some(cursor) if cursor.is_of(import) && cursor.counted <= progress.next => cursor,
            // the turn was taken back, or nothing is known yet
            other => {
                let committed =
                    other.filter(|cursor| cursor.is_of(import)).and_then(|cursor| cursor.committed);
                let committed = committed.or_else(|| self.imports.committed_by.remove(&import));
                Cursor::new(import, committed, progress)
            }
        };
        self.advance(&mut cursor, progress, now)?;
        if !self.store.columns.imports.contains_key(&import) {
            return Ok(self.is_importing());
        }
        self.imports.cursor = Some(cursor);
        Ok(true)
    }

    /// One step: finding, counting, reading or applying.
    fn advance(&mut self, cursor: &mut Cursor, progress: ImportProgress, now: Now) -> Result<(), DeskError> {
        let Some((act, by)) = cursor.committed.clone() else {
            return self.look_for_committer(cursor, now);
        };
        let import = cursor.import;
        let undone = acts::head(act, &self.store.bodies)?.is_some_and(|head| head.undone_by.is_some());
        if undone {
            return self.stop_import(cursor, progress, now);
        }
        if let Some(number) = cursor.recount {
            return self.recount_slice(cursor, act, number, progress);
        }
        let slice = match self.imports.take_decided(import, progress.next, now.wall)? {
            Some(slice) => slice,
            None => match self.decide_slice(cursor, progress, now)? {
                Some(slice) => slice,
                // rows are read in a turn of their own
                None if cursor.rows.is_some() => return Ok(()),
                // what does not stand in the journal any more was forgotten
                None => return self.stop_import(cursor, progress, now),
            },
        };
        let act = Act { id: act, by, command_id: None, undo_of: None, at: now.wall, lang: Lang::default() };
        self.apply_slice(cursor, slice, &act)?;
        if cursor.counted >= progress.rows {
            let report = cursor.sheet.whole(&self.store.columns, &self.playbooks);
            self.imports.end(ImportStage::Applied, progress.rows, progress.rows, report);
        }
        Ok(())
    }

    /// Decides the next rows on the present book; none where they had to be read first, or there are none.
    fn decide_slice(
        &mut self,
        cursor: &mut Cursor,
        progress: ImportProgress,
        now: Now,
    ) -> Result<Option<Slice>, DeskError> {
        let import = cursor.import;
        let Some(rows) = &cursor.rows else {
            cursor.rows = self.next_rows(import, &mut cursor.arrived, &mut cursor.sheet)?;
            return Ok(None);
        };
        let from = (progress.next - cursor.first) as usize;
        if from >= rows.len() {
            cursor.first += rows.len() as u32;
            cursor.rows = self.next_rows(import, &mut cursor.arrived, &mut cursor.sheet)?;
            return Ok(None);
        }
        let rows = rows.get(from..).unwrap_or_default();
        let rows = rows.get(..SLICE_ROWS).unwrap_or(rows);
        let lang = self.imports.lang;
        let mut draft = Draft::new(&self.store, &mut self.ids, now.wall, lang, import, &mut cursor.sheet);
        for row in rows {
            draft.decide(row)?;
        }
        let slice = draft.decided(progress.next, rows.len() as u32);
        draft.settle();
        Ok(Some(slice))
    }

    /// Brings a slice into the book.
    fn apply_slice(&mut self, cursor: &mut Cursor, mut slice: Slice, act: &Act) -> Result<(), DeskError> {
        let (import, from_row, rows, counts) = (cursor.import, slice.from_row, slice.rows, slice.counts);
        cursor.sheet.take_in(&mut slice);
        self.imports.tally = Some(Tally::default());
        self.tell_undated(&slice.changes);
        let made =
            |kind: fn(&Body) -> Option<&String>| slice.changes.iter().filter_map(kind).cloned().collect();
        let groups: Vec<String> = made(|change| match change {
            Body::GroupMade(group) => Some(&group.name),
            _ => None,
        });
        let accounts: Vec<String> = made(|change| match change {
            Body::AccountMade(account) => Some(&account.name),
            _ => None,
        });
        let body = Body::ImportApplied { import, from_row, rows, changes: slice.changes, counts };
        let performed = self.perform(act, vec![body]);
        let tally = self.imports.tally.take().unwrap_or_default();
        performed?;
        cursor.sheet.made(groups, accounts);
        cursor.sheet.tally.add(tally);
        cursor.counted = from_row + rows;
        Ok(())
    }

    /// Counts one slice that was applied before this process came to it.
    fn recount_slice(
        &mut self,
        cursor: &mut Cursor,
        act: ActId,
        number: u32,
        progress: ImportProgress,
    ) -> Result<(), DeskError> {
        let body = acts::body_of(act, number, &self.store.bodies)?;
        let more = body.is_some();
        if let Some(Body::ImportApplied { import, from_row, rows, changes, counts }) = body
            && cursor.is_of(import)
        {
            cursor.sheet.count(counts);
            for change in changes {
                match change {
                    Body::GroupMade(group) => cursor.sheet.groups.push(group),
                    Body::AccountMade(account) => cursor.sheet.accounts.push(account),
                    _ => {}
                }
            }
            cursor.sheet.settle();
            cursor.counted = from_row + rows;
        }
        cursor.recount = (more && cursor.counted < progress.next).then_some(number + 1);
        if cursor.recount.is_none() {
            cursor.counted = progress.next;
        }
        Ok(())
    }

    /// What is left of an import is not applied.
    fn stop_import(&mut self, cursor: &Cursor, progress: ImportProgress, now: Now) -> Result<(), DeskError> {
        let nobody = self.tick_act(now.wall);
        let report = cursor.sheet.report.clone();
        self.imports.end(ImportStage::Stopped, progress.rows, progress.next, report);
        self.drop_rows(&nobody, cursor.import)
    }

    /// The next rows of an import; none behind the last. No rows where there is more to look through: all of the file
    /// is, before its first rows are decided.
    pub(super) fn next_rows(
        &self,
        import: u32,
        arrived: &mut Option<Arrived>,
        sheet: &mut Sheet,
    ) -> Result<Option<Vec<MemberRow>>, StoreError> {
        let chunks = match arrived {
            Some(chunks) => chunks,
            None => arrived.insert(self.store.arrived(import)?),
        };
        match chunks.next_chunk()? {
            Chunk::Rows(bytes) if sheet.looked_through => decode(&bytes).map(Some),
            Chunk::Rows(bytes) => {
                sheet.look_at(&decode::<Vec<MemberRow>>(&bytes)?);
                Ok(Some(Vec::new()))
            }
            Chunk::Further => Ok(Some(Vec::new())),
            Chunk::End if sheet.looked_through => Ok(None),
            Chunk::End => {
                (*arrived, sheet.looked_through) = (None, true);
                Ok(Some(Vec::new()))
            }
        }
    }

    /// Looks through a page of acts for the one that committed an import, and whose it was.
    fn look_for_committer(&mut self, cursor: &mut Cursor, now: Now) -> Result<(), DeskError> {
        let page = acts::newest(cursor.looked.0, ACTS_A_TURN, &self.store.bodies)?;
        for (act, head) in &page {
            let first = acts::body_of(*act, 0, &self.store.bodies)?;
            if matches!(first, Some(Body::ImportCommitted { import, .. }) if cursor.is_of(import)) {
                cursor.committed = Some((*act, head.by.clone()));
                return Ok(());
            }
        }
        cursor.looked = (page.last().map(|(act, _)| *act), cursor.looked.1 + page.len());
        if page.len() < ACTS_A_TURN || cursor.looked.1 >= ACTS_LOOKED_AT {
            let by = By { operator: String::new(), from: String::new(), via: VIA_TICK.to_owned() };
            cursor.committed = Some((self.ids.next(now.wall), by));
        }
        Ok(())
    }
}
