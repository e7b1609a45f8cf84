//! Opens a store: journal, index and columns, each brought up to the journal.

use std::sync::Arc;

use super::columns::{Columns, file};
use super::index::{Expected, Index as _, IndexState, RebuildReason, open_index};
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
    let crc_at = |seq| journal.frame_crc(seq).ok().flatten();
    let (columns, state) = std::thread::scope(|scope| {
        // sled opens while the columns load: two cores, two halves of the start. The columns are read here: the
        // first thread of a process is given memory in larger pieces than any other
        let state = scope.spawn(|| {
            let expected =
                Expected { lineage: end.lineage, seq: end.seq, crc_at: &crc_at, version: INDEX_VERSION };
            open_index(dir.path(), &expected)
        });
        let columns = file::read(dir.path(), end.lineage).filter(|(_, seq, crc)| crc_at(*seq) == Some(*crc));
        let state = state.join().unwrap_or_else(|panicked| std::panic::resume_unwind(panicked));
        (columns, state)
    });
    let index = match state? {
        IndexState::Ready { index, .. } => index,
        IndexState::Rebuild { index, reason } => {
            // that it was made is all a new store has recorded: nobody missed an index of that
            if end.seq > 1 || reason != RebuildReason::Missing {
                notes.push(OpenNote::Rebuilt(reason));
            }
            index
        }
    };
    let indexed = index.mark()?.map_or(0, |mark| mark.seq);
    // what the index lacks comes from replaying it, which must not find columns that have it already; a rebuilt one
    // lacks everything
    let (columns, at) = match columns {
        Some((columns, seq, _)) if seq <= indexed => (columns, seq),
        _ => (Columns::default(), 0),
    };
    let mut store = Store::open(journal, Box::new(index), columns, at, progress)?;
    store.keep_columns_in(dir.path().to_path_buf(), at);
    Ok((store, notes))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::book::{ActId, IdGenerator, Member, MemberId, Timestamp};
    use crate::store::record::{Body, By, Record};

    fn make(store: &mut Store, ids: &mut IdGenerator) -> MemberId {
        let member = Member::new(ids.next(Timestamp(1)), "小雨妈", Timestamp(1));
        let id = member.id;
        let body = Body::MemberMade(member);
        let by = By { operator: "王店长".to_owned(), from: String::new(), via: "screen".to_owned() };
        let act_id: ActId = ids.next(Timestamp(1));
        let (members, at) = (body.members(), Timestamp(1));
        store.stage(&Record { at, by, command_id: None, act_id, undo_of: None, members, body }).unwrap();
        store.commit().unwrap();
        id
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                copy(&entry.path(), &to.join(entry.file_name()));
            } else {
                fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
    }

    /// Its first command may have ended before the index was kept.
    #[test]
    fn a_store_that_was_just_made_misses_no_index() {
        let directory = tempfile::tempdir().unwrap();
        let dir = StoreDir::prepare(directory.path().join("store")).unwrap();
        let mut ids = IdGenerator::new(1);
        for records in 1..=2 {
            let (mut store, _) = open(&dir, 1, &mut |_, _| {}).unwrap();
            make(&mut store, &mut ids);
            drop(store);
            fs::remove_dir_all(dir.path().join("index")).unwrap();
            let (store, notes) = open(&dir, 1, &mut |_, _| {}).unwrap();
            assert_eq!((store.end().seq, notes.len() as u64), (records, records - 1), "{notes:?}");
        }
    }

    /// After a power cut the index may have less than the columns file: nothing of it may be missing for that.
    #[test]
    fn an_index_behind_the_columns_file_gets_what_it_lacks() {
        let directory = tempfile::tempdir().unwrap();
        let dir = StoreDir::prepare(directory.path().join("store")).unwrap();
        let mut ids = IdGenerator::new(1);
        let (mut store, _) = open(&dir, 1, &mut |_, _| {}).unwrap();
        let first = make(&mut store, &mut ids);
        drop(store);
        let (index, earlier) = (dir.path().join("index"), directory.path().join("earlier"));
        copy(&index, &earlier);
        let (mut store, _) = open(&dir, 1, &mut |_, _| {}).unwrap();
        let second = make(&mut store, &mut ids);
        store.keep_columns();
        drop(store);
        assert!(
            file::read(dir.path(), Journal::open(Arc::new(dir.disk())).unwrap().0.end().lineage).is_some()
        );
        fs::remove_dir_all(&index).unwrap();
        copy(&earlier, &index);
        let (store, notes) = open(&dir, 1, &mut |_, _| {}).unwrap();
        assert!(notes.is_empty(), "{notes:?}");
        for id in [first, second] {
            assert!(store.member(id).unwrap().is_some());
            assert!(store.columns.members.by_id(id).is_some());
        }
    }
}
