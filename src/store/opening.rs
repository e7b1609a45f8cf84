//! Opens a store: journal, index and columns, each brought up to the journal.

use std::sync::Arc;

use super::columns::{Columns, file};
use super::index::{Expected, IndexState, RebuildReason, open_index};
use super::journal::{Cut, Journal, JournalError};
use super::layout::StoreDir;
use super::{INDEX_VERSION, Store, StoreError};

/// Something that opening did and a human may want to know.
#[derive(Debug)]
pub enum OpenNote {
    /// There was no store; this is its first opening.
    Made,
    /// A write that was interrupted before it was acknowledged was cut off.
    Cut(Cut),
    /// The index was made anew from the journal.
    Rebuilt(RebuildReason),
}

/// Opens the store in a directory whose lock the caller holds; makes one where there is none.
///
/// `seed` makes the identity of a new store. `progress` hears (records done, of) while the index is rebuilt.
///
/// # Errors
/// Damage of the journal, a full disk, no permission: what rebuilding would not cure.
pub fn open(
    dir: &StoreDir,
    seed: u64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(Store, Vec<OpenNote>), StoreError> {
    let mut notes = Vec::new();
    let disk = Arc::new(dir.disk());
    let journal = if dir.has_journal() {
        let (journal, report) = Journal::open(disk)?;
        notes.extend(report.cut.map(OpenNote::Cut));
        journal
    } else if dir.has_index() {
        // Somebody's book was here: an empty one in its place would look like the loss of everything.
        return Err(JournalError::Missing.into());
    } else {
        notes.push(OpenNote::Made);
        let mut random = fastrand::Rng::with_seed(seed);
        Journal::create(disk, random.u128(..).to_be_bytes())?
    };
    let end = journal.end();
    let kept = std::thread::scope(|scope| {
        // the columns load while sled opens: two cores, two halves of the start
        let columns = scope.spawn(|| file::read(dir.path(), end.lineage));
        let crc_at = |seq| journal.frame_crc(seq).ok().flatten();
        let expected =
            Expected { lineage: end.lineage, seq: end.seq, crc_at: &crc_at, version: INDEX_VERSION };
        let state = open_index(dir.path(), &expected);
        let columns = columns.join().ok().flatten().filter(|(_, seq, crc)| crc_at(*seq) == Some(*crc));
        (columns, state)
    });
    let (columns, state) = kept;
    let index = match state? {
        IndexState::Ready { index, .. } => index,
        IndexState::Rebuild { index, reason } => {
            notes.push(OpenNote::Rebuilt(reason));
            index
        }
    };
    let rebuilt = notes.iter().any(|note| matches!(note, OpenNote::Rebuilt(_)));
    // rows of a rebuilt index come from replaying everything, which makes the columns anew as well
    let (columns, at) = match columns {
        Some((columns, seq, _)) if !rebuilt => (columns, seq),
        _ => (Columns::default(), 0),
    };
    let mut store = Store::open(journal, Box::new(index), columns, at, progress)?;
    store.keep_columns_in(dir.path().to_path_buf(), at);
    Ok((store, notes))
}
