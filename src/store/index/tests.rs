//! Both indexes against each other, and sled against everything that may happen to its files.
//!
//! One file because all of it is done to the same small stores.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

const LINEAGE: [u8; 16] = [9; 16];
const VERSION: u32 = 3;
const OPTIONS: SledOptions = SledOptions { cache_bytes: 16 << 20, flush_every_ms: 500 };

fn crc_of(seq: u64) -> u32 {
    seq as u32 * 7 + 1
}

fn mark(seq: u64) -> Mark {
    Mark { lineage: LINEAGE, seq, crc: crc_of(seq), version: VERSION }
}

fn put(key: &str, value: &str, seq: u64) -> Batch {
    Batch { ops: vec![(key.into(), Some(value.into()))], mark: mark(seq) }
}

fn expected(seq: u64) -> Expected<'static> {
    Expected { lineage: LINEAGE, seq, crc_at: &|seq| Some(crc_of(seq)), version: VERSION }
}

fn boot(name: &str) -> BootId {
    BootId(name.to_owned())
}

fn open(store: &Path, expected: &Expected<'_>) -> IndexState {
    open_index_with(store, expected, OPTIONS, &boot("monday")).unwrap()
}

/// A store with an index of `records` batches, closed.
fn filled(records: u64) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let IndexState::Ready { mut index, replay_from: 1 } = open(dir.path(), &expected(0)) else {
        panic!("a new store has nothing to rebuild")
    };
    for seq in 1..=records {
        index.apply(put(&format!("成员/{seq:05}"), "张三".repeat(20).as_str(), seq)).unwrap();
    }
    dir
}

/// What opening makes of a store: from where to replay, or why to rebuild.
fn verdict(store: &Path, expected: &Expected<'_>) -> Result<u64, RebuildReason> {
    match open(store, expected) {
        IndexState::Ready { replay_from, .. } => Ok(replay_from),
        IndexState::Rebuild { index, reason } => {
            assert_eq!(index.mark().unwrap(), None, "a rebuilt index begins empty");
            Err(reason)
        }
    }
}

#[test]
fn what_was_applied_is_there_after_reopening() {
    let dir = filled(60);
    let IndexState::Ready { mut index, replay_from: 61 } = open(dir.path(), &expected(60)) else {
        panic!("not ready")
    };
    assert_eq!(index.get("成员/00060".as_bytes()).unwrap(), Some("张三".repeat(20).into_bytes()));
    assert_eq!(index.mark().unwrap(), Some(mark(60)));
    index.leave().unwrap();
}

#[test]
fn an_index_behind_is_replayed_and_any_other_is_rebuilt() {
    let check = |expected: Expected<'_>, wanted: Result<u64, RebuildReason>| {
        let dir = filled(5);
        assert_eq!(verdict(dir.path(), &expected), wanted);
        assert_eq!(dir.path().join("index.bad-1").exists(), wanted.is_err());
    };
    check(expected(5), Ok(6));
    check(expected(9), Ok(6));
    check(expected(4), Err(RebuildReason::Ahead { index: 5, journal: 4 }));
    check(Expected { lineage: [1; 16], ..expected(5) }, Err(RebuildReason::OtherLineage));
    check(
        Expected { version: 4, ..expected(5) },
        Err(RebuildReason::OtherVersion { found: VERSION, wanted: 4 }),
    );
    check(Expected { crc_at: &|_| Some(0), ..expected(5) }, Err(RebuildReason::CrcMismatch { seq: 5 }));
    check(Expected { crc_at: &|_| None, ..expected(5) }, Err(RebuildReason::CrcMismatch { seq: 5 }));
}

#[test]
fn a_deleted_index_is_rebuilt_and_old_ones_are_not_hoarded() {
    let dir = filled(5);
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    assert_eq!(verdict(dir.path(), &expected(5)), Err(RebuildReason::Missing));
    // Opened and never filled: still nothing to go by.
    assert_eq!(verdict(dir.path(), &expected(5)), Err(RebuildReason::Missing));
    for round in 1..=4 {
        let IndexState::Rebuild { mut index, .. } = open(dir.path(), &expected(5)) else {
            panic!("not rebuilt")
        };
        index.apply(put("a", "b", 5)).unwrap();
        drop(index);
        assert_eq!(verdict(dir.path(), &Expected { version: 9, ..expected(5) }).is_err(), round > 0);
    }
    let mut bad: Vec<String> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("index.bad-"))
        .collect();
    bad.sort();
    assert_eq!(bad, ["index.bad-3", "index.bad-4"]);
}

/// Copies what a kill at this moment would leave.
fn killed(store: &Path) -> tempfile::TempDir {
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
    let left = tempfile::tempdir().unwrap();
    copy(store, left.path());
    left
}

#[test]
fn bulk_work_cut_off_by_another_start_of_the_machine_is_rebuilt() {
    let dir = filled(5);
    let IndexState::Ready { mut index, .. } = open(dir.path(), &expected(5)) else { panic!("not ready") };
    index.begin_bulk().unwrap();
    index.apply(put("x", "y", 6)).unwrap();
    index.flush_and_sync().unwrap();
    index.rest().unwrap();
    let check = |name: &str, wanted: Result<u64, RebuildReason>| {
        let left = killed(dir.path());
        let state = open_index_with(left.path(), &expected(6), OPTIONS, &boot(name)).unwrap();
        let seen = match state {
            IndexState::Ready { mut index, replay_from } => {
                index.flush_and_sync().unwrap();
                assert!(!left.path().join(DIRTY_FILE).exists(), "whole again, and still called dirty");
                Ok(replay_from)
            }
            IndexState::Rebuild { reason, .. } => Err(reason),
        };
        assert_eq!(seen, wanted);
    };
    check("monday", Ok(7));
    check("tuesday", Err(RebuildReason::Dirty));
    check("unknown", Err(RebuildReason::Dirty));
    index.end_bulk().unwrap();
    index.flush_and_sync().unwrap();
    assert!(!dir.path().join(DIRTY_FILE).exists());
    drop(index);
    condemn_index(dir.path()).unwrap();
    assert_eq!(verdict(dir.path(), &expected(6)), Err(RebuildReason::Dirty));
}

#[test]
fn the_end_of_bulk_work_does_not_acquit_a_condemned_index() {
    let dir = filled(5);
    let IndexState::Ready { mut index, .. } = open(dir.path(), &expected(5)) else { panic!("not ready") };
    index.begin_bulk().unwrap();
    condemn_index(dir.path()).unwrap();
    index.end_bulk().unwrap();
    drop(index);
    assert_eq!(verdict(dir.path(), &expected(5)), Err(RebuildReason::Dirty));
}

/// A store with an index that grew by bulk work, and a tree that changed some of it.
fn built(records: u64) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let IndexState::Ready { mut index, .. } = open(dir.path(), &expected(0)) else { panic!("not ready") };
    index.begin_bulk().unwrap();
    for seq in 1..=records {
        index.apply(put(&format!("成员/{seq:05}"), "张三".repeat(20).as_str(), seq)).unwrap();
    }
    index.end_bulk().unwrap();
    index.rest().unwrap();
    index.apply(put("成员/00002", "李四", records + 1)).unwrap();
    index.apply(Batch { ops: vec![("成员/00003".into(), None)], mark: mark(records + 2) }).unwrap();
    dir
}

/// The tables of an index.
fn tables(store: &Path) -> Vec<std::path::PathBuf> {
    let is_table = |path: &std::path::PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("table-"))
    };
    fs::read_dir(store.join("index")).unwrap().map(|entry| entry.unwrap().path()).filter(is_table).collect()
}

#[test]
fn an_index_that_was_built_goes_on_with_its_table() {
    let dir = built(40);
    let IndexState::Ready { index, replay_from: 43 } = open(dir.path(), &expected(42)) else {
        panic!("not ready")
    };
    let name = |n: u32| index.get(format!("成员/{n:05}").as_bytes()).unwrap();
    assert_eq!(name(1), Some("张三".repeat(20).into_bytes()));
    assert_eq!((name(2), name(3)), (Some("李四".into()), None));
    let keys = index.range(&Keys::prefix("成员/".as_bytes()), Order::Forward, 3).unwrap();
    let keys: Vec<&str> = keys.iter().map(|(key, _)| std::str::from_utf8(key).unwrap()).collect();
    assert_eq!(keys, ["成员/00001", "成员/00002", "成员/00004"]);
    let left = tables(dir.path());
    assert_eq!(left.len(), 1, "parts that nobody needs any more");
    let lowest = table::Table::open(fs::File::open(&left[0]).unwrap(), 1).unwrap();
    assert!(!lowest.is_filtered(), "nothing lies below it");
}

/// Only what was in memory is lost, and the mark says so.
#[test]
fn a_building_that_was_killed_goes_on_from_its_mark() {
    let dir = tempfile::tempdir().unwrap();
    let IndexState::Ready { mut index, .. } = open(dir.path(), &expected(0)) else { panic!("not ready") };
    index.begin_bulk().unwrap();
    for seq in 1..=20 {
        index.apply(put(&format!("成员/{seq:05}"), "张三", seq)).unwrap();
    }
    index.flush_and_sync().unwrap();
    // a copy is made of files that stand still
    index.rest().unwrap();
    index.apply(put("成员/00001", "李四", 21)).unwrap();
    let left = killed(dir.path());
    let IndexState::Ready { index, replay_from: 21 } = open(left.path(), &expected(30)) else {
        panic!("not ready")
    };
    assert_eq!(index.get("成员/00001".as_bytes()).unwrap(), Some("张三".into()));
}

#[test]
fn a_table_that_is_gone_damaged_or_anothers_is_noticed() {
    let check = |damage: &dyn Fn(&Path), wanted: bool| {
        let dir = built(400);
        let tables = tables(dir.path());
        damage(&tables[0]);
        let noticed = match open(dir.path(), &expected(402)) {
            IndexState::Rebuild { reason, .. } => {
                assert!(matches!(reason, RebuildReason::Unopenable(_)), "{reason}");
                true
            }
            IndexState::Ready { index, .. } => {
                matches!(index.get("成员/00001".as_bytes()), Err(IndexError::Damaged { .. }))
            }
        };
        assert_eq!(noticed, wanted);
    };
    check(&|_| {}, false);
    check(&|table| fs::remove_file(table).unwrap(), true);
    check(&|table| fs::write(table, "").unwrap(), true);
    let another = built(401);
    check(&|table| assert!(fs::copy(&tables(another.path())[0], table).unwrap() > 0), true);
    check(
        &|table| {
            let mut bytes = fs::read(table).unwrap();
            bytes[30] ^= 1;
            fs::write(table, bytes).unwrap();
        },
        true,
    );
}

#[test]
fn a_second_opener_is_told_so() {
    let dir = filled(1);
    let first = open(dir.path(), &expected(1));
    let second = open_index_with(dir.path(), &expected(1), OPTIONS, &boot("monday"));
    assert!(matches!(second, Err(IndexError::Locked)));
    drop(first);
    assert_eq!(verdict(dir.path(), &expected(1)), Ok(2));
}

/// The files of sled's directory, the largest first.
fn files(store: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(store.join("index"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort_by_key(|path| std::cmp::Reverse(fs::metadata(path).unwrap().len()));
    files
}

/// However a file is damaged, opening gives a usable index: the old one, or an empty one with a reason; and a
/// damage that opening does not see is an error of reading, never a panic.
#[test]
fn damaged_files_never_panic() {
    let (mut rebuilt, mut read_errors) = (0, 0);
    let mut check = |seed: u64, damage: &dyn Fn(&Path, &mut fastrand::Rng)| {
        let dir = filled(80);
        damage(dir.path(), &mut fastrand::Rng::with_seed(seed));
        match open(dir.path(), &expected(80)) {
            IndexState::Rebuild { mut index, .. } => {
                rebuilt += 1;
                index.apply(put("又", "来", 1)).unwrap();
            }
            IndexState::Ready { index, replay_from } => {
                assert!(replay_from <= 81);
                let mut seen = 0;
                match index.scan("成员/".as_bytes(), &mut |_, _| {
                    seen += 1;
                    ControlFlow::Continue(())
                }) {
                    Ok(()) => assert!(seen <= 80),
                    Err(IndexError::Damaged { .. }) => read_errors += 1,
                    Err(other) => panic!("{other}"),
                }
            }
        }
    };
    for seed in 0..12 {
        check(seed, &|store, rng| {
            let path = rng.choice(files(store)).unwrap();
            let mut bytes = fs::read(&path).unwrap();
            if !bytes.is_empty() {
                let place = rng.usize(..bytes.len().min(8_000));
                bytes[place] ^= 1 << rng.u8(..8);
                fs::write(&path, bytes).unwrap();
            }
        });
    }
    for seed in 0..6 {
        check(seed, &|store, rng| {
            let path = files(store).remove(0);
            let len = fs::metadata(&path).unwrap().len();
            fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(rng.u64(..len)).unwrap();
        });
    }
    for name in ["db", "conf"] {
        check(0, &|store, _| fs::remove_file(store.join("index").join(name)).unwrap());
        check(0, &|store, _| fs::write(store.join("index").join(name), b"").unwrap());
    }
    assert!(rebuilt > 0, "no damage was noticed at opening");
}

#[test]
fn reserved_keys_are_refused() {
    for key in ["", "\0mark"] {
        let refused = MemIndex::new().apply(put(key, "", 1));
        assert!(matches!(refused, Err(IndexError::ReservedKey { .. })));
    }
}

#[test]
fn a_crash_of_the_simulated_index_leaves_an_earlier_state() {
    let mut marks = BTreeMap::new();
    for seed in 0..60 {
        let mut index = MemIndex::new();
        for seq in 1..=4 {
            index.apply(put("票", &seq.to_string(), seq)).unwrap();
        }
        index.crash(seed);
        let seq = index.mark().unwrap().map_or(0, |mark| mark.seq);
        let value = (seq > 0).then(|| seq.to_string().into_bytes());
        assert_eq!(index.get("票".as_bytes()).unwrap(), value);
        *marks.entry(seq).or_insert(0) += 1;
    }
    assert_eq!(marks.len(), 5);
}

/// What is done behind a batch.
#[derive(Debug, Clone, Copy)]
enum Then {
    Nothing,
    BeginBulk,
    EndBulk,
    Rest,
    Reopen,
}

fn then() -> impl Strategy<Value = Then> {
    use Then::{BeginBulk, EndBulk, Nothing, Reopen, Rest};
    prop_oneof![3 => Just(Nothing), 2 => Just(BeginBulk), 1 => Just(EndBulk), 1 => Just(Rest), 1 => Just(Reopen)]
}

/// Keys of three kinds: without a stem, and with one that ranges are asked by.
fn key() -> impl Strategy<Value = Vec<u8>> {
    let bytes = |length| prop::collection::vec(prop_oneof![Just(1_u8), Just(2), Just(255)], length);
    let behind_id = (prop_oneof![Just(1_u8), Just(255)], bytes(0..3)).prop_map(|(byte, rest)| {
        let mut key = vec![b's'];
        key.extend_from_slice(&[byte; 16]);
        key.extend(rest);
        key
    });
    let behind_word =
        (bytes(0..3), bytes(0..3)).prop_map(|(word, rest)| [b"l".to_vec(), word, vec![0], rest].concat());
    prop_oneof![bytes(1..4), behind_id, behind_word]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn sled_answers_as_a_sorted_map_does(
        batches in prop::collection::vec((prop::collection::vec((key(), prop::option::of(0..9_u8)), 0..6), then()), 1..14),
        from in key(), to in key(), cut in 0..20_usize, limit in 0..6_usize,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let (mut memory, mut seq, mut kept) = (MemIndex::new(), 0, None);
        for (batch, then) in batches {
            let mut index = match kept.take() {
                Some(index) => index,
                None => match open(dir.path(), &expected(seq)) {
                    IndexState::Ready { index, .. } => index,
                    IndexState::Rebuild { reason, .. } => panic!("not ready: {reason}"),
                },
            };
            seq += 1;
            let ops = batch.into_iter().map(|(key, value)| (key, value.map(|byte| vec![byte]))).collect();
            let batch = Batch { ops, mark: mark(seq) };
            memory.apply(batch.clone()).unwrap();
            index.apply(batch).unwrap();
            let prefix = &from[..cut.min(from.len())];
            for keys in [
                Keys::between(&from, &to), Keys::prefix(&from), Keys::prefix(prefix), Keys::prefix(&[]),
                Keys::between(prefix, &from), Keys::behind(&to, &to[..1]),
            ] {
                for order in [Order::Forward, Order::Reverse] {
                    prop_assert_eq!(
                        index.range(&keys, order, limit).unwrap(), memory.range(&keys, order, limit).unwrap()
                    );
                }
            }
            let mut scanned = [Vec::new(), Vec::new()];
            for (each, index) in [&index as &dyn Index, &memory].into_iter().enumerate() {
                index.scan(prefix, &mut |key, value| {
                    scanned[each].push((key.to_vec(), value.to_vec()));
                    ControlFlow::Continue(())
                }).unwrap();
            }
            prop_assert_eq!(&scanned[0], &scanned[1]);
            for (key, value) in &scanned[1] {
                prop_assert_eq!(index.get(key).unwrap(), Some(value.clone()));
            }
            prop_assert_eq!(index.get(&from).unwrap(), memory.get(&from).unwrap());
            prop_assert_eq!(index.mark().unwrap(), memory.mark().unwrap());
            match then {
                Then::Nothing => {}
                Then::BeginBulk => index.begin_bulk().unwrap(),
                Then::EndBulk => index.end_bulk().unwrap(),
                Then::Rest => index.rest().unwrap(),
                Then::Reopen => continue,
            }
            kept = Some(index);
        }
    }
}
