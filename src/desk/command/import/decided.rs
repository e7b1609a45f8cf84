//! What the dry run of an import has decided, so that applying it need not decide again.
//!
//! An import is checked whole before anything of it is promised, and mostly nothing happens to the book in between:
//! then what was decided still holds, slice by slice, with the ids that were given out. As soon as a record says
//! something new about people, groups or accounts, what is left is forgotten and decided anew.
//!
//! Limits: slices are kept packed up to some megabytes; the rest of a longer file is decided anew.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::Imports;
use crate::book::{MemberId, Timestamp};
use crate::door::reply::Conflict;
use crate::store::record::ImportCounts;
use crate::store::{Body, StoreError, bodies};

/// How many bytes of slices are kept.
const BYTES_MAX: usize = 96 << 20;

/// After how long a dry run is too old: times that were taken then stand in what it decided.
const MS_MAX: i64 = 10 * 60_000;

/// One slice, decided.
#[derive(Serialize, Deserialize)]
pub(super) struct Slice {
    /// The number of its first row, and how many there are.
    pub from_row: u32,
    pub rows: u32,
    pub changes: Vec<Body>,
    pub counts: ImportCounts,
    pub conflicts: Vec<Conflict>,
    /// See [`super::sheet::Sheet::given`].
    pub given: Vec<(MemberId, u8)>,
}

/// Slices of one import, from the next one on.
pub(super) struct Decided {
    pub import: u32,
    slices: VecDeque<Box<[u8]>>,
    bytes: usize,
    begun: Timestamp,
}

impl Decided {
    pub(super) fn new(import: u32, begun: Timestamp) -> Self {
        Self { import, slices: VecDeque::new(), bytes: 0, begun }
    }

    /// Keeps the next slice while there is room; without one those behind it cannot be used either.
    pub(super) fn keep(&mut self, slice: &Slice) {
        if self.bytes > BYTES_MAX {
            return;
        }
        // what the book consists of can always be written
        if let Ok(packed) = rmp_serde::to_vec(slice) {
            self.bytes += packed.len();
            self.slices.push_back(packed.into());
        }
    }
}

impl Imports {
    /// Takes notice of a record: what was decided before it may not hold any more.
    pub(in crate::desk) fn note_record(&mut self, body: &Body) {
        let of = self.decided.as_ref().map(|decided| decided.import);
        if is_news(body, of) {
            self.decided = None;
            for rehearsal in &mut self.rehearsals {
                rehearsal.forget_decided();
            }
        }
    }

    /// The slice of an import that begins with a row, where it was decided and still holds.
    pub(super) fn take_decided(
        &mut self,
        import: u32,
        row: u32,
        now: Timestamp,
    ) -> Result<Option<Slice>, StoreError> {
        let holds = |decided: &&mut Decided| decided.import == import && now.since(decided.begun) < MS_MAX;
        let Some(packed) = self.decided.as_mut().filter(holds).and_then(|d| d.slices.pop_front()) else {
            self.decided = None;
            return Ok(None);
        };
        let slice: Slice = bodies::decode(&packed)?;
        if slice.from_row == row {
            return Ok(Some(slice));
        }
        // a turn was taken back
        self.decided = None;
        Ok(None)
    }
}

/// Whether a record may change what rows of a file mean; slices of import `of` are what was decided. Rows are held
/// against people with their handles, contacts and stays, against groups and accounts: what happened, was sent or noted
/// beside them is none of it.
fn is_news(body: &Body, of: Option<u32>) -> bool {
    match body {
        Body::ImportApplied { import, changes, .. } => Some(*import) != of && !changes.is_empty(),
        Body::ImportBegun { .. }
        | Body::ImportRows { .. }
        | Body::ImportCommitted { .. }
        | Body::Enrolled(_)
        | Body::EnrolmentChanged { .. }
        | Body::TaskFired(_)
        | Body::TaskChanged { .. }
        | Body::TaskJoined { .. }
        | Body::Touched(_)
        | Body::Untouched(_)
        | Body::Happened(_)
        | Body::Unhappened(_)
        | Body::NoteAdded { .. }
        | Body::NoteRemoved { .. }
        | Body::Answered { .. }
        | Body::TargetPaused { .. }
        | Body::ClockConfirmed { .. }
        | Body::DayTaken { .. }
        | Body::ClockSeen => false,
        _ => true,
    }
}

#[cfg(test)]
impl Imports {
    /// Everybody whom the slices that are kept make.
    pub(super) fn decided_members(&self) -> Vec<MemberId> {
        let slices = self.decided.iter().flat_map(|decided| &decided.slices);
        let changes = slices.flat_map(|packed| bodies::decode::<Slice>(packed).unwrap().changes);
        changes
            .filter_map(|change| match change {
                Body::MemberMade(member) => Some(member.id),
                _ => None,
            })
            .collect()
    }
}
