//! The journal's syncs, and opening a store with and without its index.

use std::path::Path;
use std::sync::Arc;

use qun::demo::{self, Sizes};
use qun::store::journal::Journal;
use qun::store::layout::StoreDir;

use super::measure::{print, print_memory, size, time, times, wanted};

/// A demo's journal in a directory, without an index.
pub fn demo(directory: &Path, members: u32, tasks: u32) -> StoreDir {
    let dir = StoreDir::prepare(directory).unwrap();
    let sizes = Sizes { members, groups: (members / 200).max(12), tasks };
    demo::write(Arc::new(dir.disk()), 1, sizes, &mut |_, _| {}).unwrap();
    dir
}

pub fn run() {
    if wanted("journal append and sync") {
        let directory = tempfile::tempdir().unwrap();
        let dir = StoreDir::prepare(directory.path().join("store")).unwrap();
        let mut journal = Journal::create(Arc::new(dir.disk()), [7; 16]).unwrap();
        let record = vec![vec![0x5a_u8; 300]];
        let taken = times(300, || {
            journal.append(&record).unwrap();
        });
        print("journal append and sync, one record of 300 bytes", taken, "an act: 25 (99 %)");
    }
    if wanted("index rebuilt store opened demo written") {
        let members = size("QUN_BENCH_MEMBERS", 2_000);
        let directory = tempfile::tempdir().unwrap();
        let (taken, dir) = time(|| demo(&directory.path().join("store"), members, members));
        print(&format!("demo written, {members} members and tasks"), vec![taken], "");

        let (taken, (mut store, _)) = time(|| qun::store::open(&dir, 1, &mut |_, _| {}).unwrap());
        print(&format!("index rebuilt, {members} members and tasks"), vec![taken], "100k: 30000, 1M: 300000");
        print_memory("memory with the index rebuilt, and at most", "");
        store.leave_index().unwrap();
        store.keep_columns_at_end();
        drop(store);

        let mut taken = Vec::new();
        let mut last = None;
        for _ in 0..5 {
            drop(last.take());
            let (opened, (store, _)) = time(|| qun::store::open(&dir, 1, &mut |_, _| {}).unwrap());
            taken.push(opened);
            last = Some(store);
        }
        print(&format!("store opened with its columns, {members} members"), taken, "100k: part of 200");
        print_memory("memory with the store open, and at most so far", "desk, 100k: 150, 1M: 600 MB");
        let frozen = times(20, || drop(last.as_ref().map(|store| store.columns.freeze())));
        print("columns copied for their file, what the writer waits", frozen, "a turn: 5");
    }
}
