//! What the store keeps of believable data comes back as it was: the columns file, a rebuilt index.

use std::collections::HashMap;
use std::fs;
use std::sync::Arc;

use super::{Sizes, write as write_demo};
use crate::store::columns::Columns;
use crate::store::columns::file::{HEADER_BYTES, read, write};
use crate::store::disk::SimDisk;
use crate::store::index::{Mark, MemIndex, RebuildReason};
use crate::store::journal::Journal;
use crate::store::layout::StoreDir;
use crate::store::{INDEX_VERSION, OpenNote, Store, open};

fn store() -> Store {
    let disk = Arc::new(SimDisk::new());
    write_demo(disk.clone(), 3, Sizes { members: 700, groups: 12, tasks: 700 }, &mut |_, _| {}).unwrap();
    let (journal, _) = Journal::open(disk).unwrap();
    Store::open(journal, Box::new(MemIndex::new()), Columns::default(), 0, &mut |_, _| {}).unwrap()
}

const MARK: Mark = Mark { lineage: [4; 16], seq: 77, crc: 5, version: INDEX_VERSION };

/// Everything that is in columns, as text.
fn picture(columns: &Columns) -> String {
    format!("{:#?}", Columns { products: HashMap::new(), words: columns.words.bare(), ..columns.clone() })
}

#[test]
fn columns_come_back_as_they_were_when_frozen() {
    let (directory, mut store) = (tempfile::tempdir().unwrap(), store());
    let before = picture(&store.columns);
    let frozen = store.columns.freeze();
    store.columns.change_one_member();
    write(directory.path(), &frozen, &MARK).unwrap();
    assert!(read(directory.path(), [9; 16]).is_none(), "another history");
    let (mut columns, seq, crc) = read(directory.path(), MARK.lineage).unwrap();
    columns.settle();
    assert_eq!((seq, crc), (MARK.seq, MARK.crc));
    let (one, other) = (before.lines().count(), picture(&columns).lines().count());
    assert!(picture(&columns) == before, "{one} lines became {other}");
    for (row, id, _) in columns.tasks.iter() {
        assert_eq!(columns.tasks.row(id), Some(row));
    }
}

#[test]
fn a_damaged_file_is_passed_over() {
    let (directory, store) = (tempfile::tempdir().unwrap(), store());
    write(directory.path(), &store.columns.freeze(), &MARK).unwrap();
    let whole = fs::read(directory.path().join("index.columns")).unwrap();
    let mut rng = fastrand::Rng::with_seed(11);
    for round in 0..60 {
        let mut bytes = whole.clone();
        match round % 3 {
            0 => bytes.truncate(rng.usize(..whole.len())),
            1 => bytes[rng.usize(..HEADER_BYTES + 9)] ^= 1 << rng.u8(..8),
            _ => bytes[rng.usize(..whole.len())] ^= 1 << rng.u8(..8),
        }
        fs::write(directory.path().join("index.columns"), bytes).unwrap();
        assert!(read(directory.path(), MARK.lineage).is_none(), "round {round}");
    }
}

/// Every key and value of the index.
fn rows(store: &Store) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut rows = Vec::new();
    store
        .bodies
        .visit(&[], &mut |key, value| {
            rows.push((key.to_vec(), value.to_vec()));
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    rows
}

/// Built from nothing, from many parts, the index has what one has that was filled frame by frame.
#[test]
fn an_index_that_is_built_has_the_rows_of_one_that_was_filled() {
    let directory = tempfile::tempdir().unwrap();
    let dir = StoreDir::prepare(directory.path().join("store")).unwrap();
    let sizes = Sizes { members: 600, groups: 12, tasks: 600 };
    write_demo(Arc::new(dir.disk()), 1, sizes, &mut |_, _| {}).unwrap();
    let mut heard = Vec::new();
    let (built, notes) = open(&dir, 1, &mut |done, of| heard.push((done, of))).unwrap();
    assert!(matches!(notes[..], [OpenNote::Rebuilt(RebuildReason::Missing)]), "{notes:?}");
    let files = fs::read_dir(dir.path().join("index")).unwrap();
    let is_table = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with("table-");
    assert!(files.flatten().any(|file| is_table(&file.file_name())));
    let end = built.end().seq;
    assert_eq!(heard.last(), Some(&(end, end)));
    assert!(heard.len() > 2 && heard.is_sorted(), "{heard:?}");
    let memory = Box::new(MemIndex::new());
    let journal = Journal::open(Arc::new(dir.disk())).unwrap().0;
    let filled = Store::open(journal, memory, Columns::default(), 0, &mut |_, _| {}).unwrap();
    let (one, other) = (rows(&built), rows(&filled));
    assert!(one.len() > 20_000 && one == other, "{} and {} rows", one.len(), other.len());
}
