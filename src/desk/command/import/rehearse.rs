//! A dry run: every row is decided on the present book, a slice a turn, and nothing is changed.

use super::super::super::act::DeskError;
use super::super::super::{Desk, Now};
use super::decided::Decided;
use super::draft::Draft;
use super::sheet::Sheet;
use super::slice::SLICE_ROWS;
use crate::book::{IdGenerator, Timestamp};
use crate::door::reply::{ImportStage, ImportStanding};
use crate::door::rows::MemberRow;
use crate::store::arrived::Arrived;
use crate::text::lang::Lang;

/// A dry run that goes on.
pub(super) struct Rehearsal {
    pub import: u32,
    lang: Lang,
    /// Ids given out here are only seen where the import follows at once: those of the desk go on as if there had been
    /// no dry run.
    ids: IdGenerator,
    /// What is left of the file's rows; none before the first slice.
    arrived: Option<Arrived>,
    rows: Vec<MemberRow>,
    from: usize,
    total: u32,
    done: u32,
    sheet: Sheet,
    /// What was found; none once the book has changed meanwhile.
    decided: Option<Decided>,
}

impl Rehearsal {
    pub(super) fn new(import: u32, total: u32, lang: Lang, ids: IdGenerator, begun: Timestamp) -> Self {
        Self {
            import,
            lang,
            ids,
            arrived: None,
            rows: Vec::new(),
            from: 0,
            total,
            done: 0,
            sheet: Sheet::new(import),
            decided: Some(Decided::new(import, begun)),
        }
    }

    /// The book has changed: what was decided may not hold any more.
    pub(super) fn forget_decided(&mut self) {
        self.decided = None;
    }

    pub(super) fn standing(&self) -> ImportStanding {
        let stage = ImportStage::Checking;
        ImportStanding { stage, rows: self.total, done: self.done, report: self.sheet.counts_only() }
    }
}

impl Desk {
    /// The next slice of the oldest dry run; true when more waits.
    pub(super) fn rehearsal_slice(&mut self, now: Now) -> Result<bool, DeskError> {
        let Some(mut rehearsal) = self.imports.rehearsals.pop_front() else { return Ok(false) };
        if !self.store.columns.imports.contains_key(&rehearsal.import) {
            // its rows were dropped
            return Ok(self.imports.is_rehearsing());
        }
        if rehearsal.from >= rehearsal.rows.len() {
            let Some(rows) =
                self.next_rows(rehearsal.import, &mut rehearsal.arrived, &mut rehearsal.sheet)?
            else {
                let report = rehearsal.sheet.whole(&self.store.columns, &self.playbooks);
                self.imports.decided = rehearsal.decided.take();
                self.imports.end(ImportStage::Checked, rehearsal.total, rehearsal.done, report);
                return Ok(self.imports.is_rehearsing());
            };
            (rehearsal.rows, rehearsal.from) = (rows, 0);
        } else {
            self.rehearse(&mut rehearsal, now)?;
        }
        self.imports.rehearsals.push_front(rehearsal);
        Ok(true)
    }

    fn rehearse(&mut self, rehearsal: &mut Rehearsal, now: Now) -> Result<(), DeskError> {
        let Rehearsal { ids, sheet, rows, decided, .. } = rehearsal;
        let rows = rows.get(rehearsal.from..).unwrap_or_default();
        let rows = rows.get(..SLICE_ROWS).unwrap_or(rows);
        let mut draft = Draft::new(&self.store, ids, now.wall, rehearsal.lang, rehearsal.import, sheet);
        for row in rows {
            draft.decide(row)?;
        }
        let mut slice = draft.decided(rehearsal.done, rows.len() as u32);
        if let Some(decided) = decided {
            decided.keep(&slice);
        }
        let people =
            if self.may_enter(&slice.changes)? { Some(draft.people_of(&slice.changes)?) } else { None };
        draft.remember();
        let tally = self.would_follow(&slice.changes, people, sheet, now)?;
        sheet.take_in(&mut slice);
        sheet.tally.add(tally);
        rehearsal.from += rows.len();
        rehearsal.done += rows.len() as u32;
        Ok(())
    }
}
