//! The next slice of a committed import, and the dry run of one that is not.

use super::super::super::act::{Act, DeskError};
use super::super::super::{Desk, Now};
use super::draft::Draft;
use crate::book::ActId;
use crate::door::reply::ImportReport;
use crate::door::rows::MemberRow;
use crate::store::acts::{self, VIA_TICK};
use crate::store::bodies::decode;
use crate::store::{Body, By, StoreError, keys};
use crate::text::lang::Lang;

/// How many rows one turn decides: a few milliseconds of work between two human acts.
const SLICE_ROWS: usize = 300;

/// How many acts are looked through for the one that committed an import, after a restart.
const ACTS_LOOKED_AT: usize = 5_000;

/// Where in an import this process stands.
pub(super) struct Cursor {
    import: u32,
    /// The chunk whose rows stand here, and the number of its first row.
    chunk: u32,
    first: u32,
    rows: Vec<MemberRow>,
    /// Who committed it: one undo reverses all slices.
    act: ActId,
    by: By,
}

impl Desk {
    /// Applies the next slice of a committed import; true when more waits.
    pub(in crate::desk) fn import_slice(&mut self, now: Now) -> Result<bool, DeskError> {
        let imports = &self.store.columns.imports;
        self.imports.open.retain(|import, _| imports.contains_key(import));
        self.drop_abandoned(now)?;
        let next = self.store.columns.imports.iter().find(|(_, progress)| progress.committed);
        let Some((import, progress)) = next.map(|(import, progress)| (*import, *progress)) else {
            self.imports.cursor = None;
            return Ok(false);
        };
        if self
            .imports
            .cursor
            .as_ref()
            .is_none_or(|cursor| cursor.import != import || cursor.first > progress.next)
        {
            let (act, by) = self.committer(import, now)?;
            let rows = self.chunk(import, 0)?;
            self.imports.cursor = Some(Cursor { import, chunk: 0, first: 0, rows, act, by });
        }
        let Some(mut cursor) = self.imports.cursor.take() else { return Ok(false) };
        let act = Act {
            id: cursor.act,
            by: cursor.by.clone(),
            command_id: None,
            undo_of: None,
            at: now.wall,
            lang: Lang::default(),
        };
        let undone = acts::head(act.id, &self.store.bodies)?.is_some_and(|head| head.undone_by.is_some());
        if undone || cursor.chunk >= progress.chunks {
            // undone while it went on, or its rows are gone from a damaged index: what is left is not applied
            let nobody = self.tick_act(now.wall);
            self.drop_rows(&nobody, import)?;
            return Ok(true);
        }
        let from = (progress.next - cursor.first) as usize;
        if from >= cursor.rows.len() {
            cursor.first += cursor.rows.len() as u32;
            cursor.chunk += 1;
            cursor.rows = self.chunk(import, cursor.chunk)?;
            self.imports.cursor = Some(cursor);
            return Ok(true);
        }
        let rows = cursor.rows.get(from..).unwrap_or_default();
        let rows = rows.get(..SLICE_ROWS).unwrap_or(rows);
        let mut draft = Draft::new(&self.store, &mut self.ids, act.at, act.lang, import);
        for row in rows {
            draft.decide(row)?;
        }
        let changes = std::mem::take(&mut draft.changes);
        let body = Body::ImportApplied { import, from_row: progress.next, rows: rows.len() as u32, changes };
        self.imports.cursor = Some(cursor);
        self.perform(&act, vec![body])?;
        Ok(self.store.columns.imports.values().any(|progress| progress.committed))
    }

    /// Decides every row on the present book and changes nothing.
    pub(super) fn rehearse(&mut self, act: &Act, import: u32) -> Result<ImportReport, DeskError> {
        let chunks = self.store.columns.imports.get(&import).map_or(0, |progress| progress.chunks);
        // ids given out here are never seen: those of the desk go on as if there had been no dry run
        let mut ids = self.ids.clone();
        let mut draft = Draft::new(&self.store, &mut ids, act.at, act.lang, import);
        for chunk in 0..chunks {
            for row in self.chunk(import, chunk)? {
                draft.decide(&row)?;
                draft.changes.clear();
            }
        }
        Ok(draft.report)
    }

    fn chunk(&self, import: u32, chunk: u32) -> Result<Vec<MemberRow>, StoreError> {
        let bytes = self.store.bodies.get(&keys::import_rows(import, chunk))?;
        bytes.map_or_else(|| Ok(Vec::new()), |bytes| decode(&bytes))
    }

    /// Rows that a process received which is gone: nobody can commit them any more.
    fn drop_abandoned(&mut self, now: Now) -> Result<(), DeskError> {
        let left: Vec<u32> = self
            .store
            .columns
            .imports
            .iter()
            .filter(|(import, progress)| !progress.committed && !self.imports.open.contains_key(import))
            .map(|(import, _)| *import)
            .collect();
        for import in left {
            let nobody = self.tick_act(now.wall);
            self.drop_rows(&nobody, import)?;
        }
        Ok(())
    }

    /// The act that committed an import, and whose it was.
    fn committer(&mut self, import: u32, now: Now) -> Result<(ActId, By), DeskError> {
        for (act, head) in acts::newest(None, ACTS_LOOKED_AT, &self.store.bodies)? {
            let first = self.store.bodies.read::<Body>(&keys::act_body(act, 0))?;
            if matches!(first, Some(Body::ImportCommitted { import: found, .. }) if found == import) {
                return Ok((act, head.by));
            }
        }
        let by = By { operator: String::new(), from: String::new(), via: VIA_TICK.to_owned() };
        Ok((self.ids.next(now.wall), by))
    }
}
