//! Eight broken stores and a whole one: each is named for what it is, and left as it was.

use std::sync::Arc;

use super::*;
use crate::book::{IdGenerator, Member, Timestamp};
use crate::store::index::condemn_index;
use crate::store::journal::Journal;
use crate::store::lock::try_lock;
use crate::store::{Body, By, Record};

/// A store with some records and an index, closed.
fn store() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = StoreDir::prepare(dir.path()).unwrap();
    let (mut store, _) = crate::store::open(&store, 1, &mut |_, _| {}).unwrap();
    let mut ids = IdGenerator::new(1);
    for number in 0..60 {
        let at = Timestamp(number);
        let body = Body::MemberMade(Member::new(ids.next(at), format!("成员{number}"), at));
        let by = By { operator: String::new(), from: String::new(), via: String::new() };
        let members = body.members();
        let record = Record { at, by, command_id: None, act_id: ids.next(at), undo_of: None, members, body };
        store.stage(&record).unwrap();
        if store.staged() == 10 {
            store.commit().unwrap();
        }
    }
    store.commit().unwrap();
    store.leave_index().unwrap();
    drop(store);
    dir
}

/// Every file with its bytes; sockets and locks have none.
fn snapshot(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(snapshot(&path));
        } else {
            files.push((path.display().to_string(), fs::read(&path).unwrap_or_default()));
        }
    }
    files.sort();
    files
}

/// Breaks a store, and compares what is not fine with what is expected; nothing may have changed.
fn check(breaking: impl FnOnce(&Path), expected: &[(Check, State)]) {
    let dir = store();
    breaking(dir.path());
    let before = snapshot(dir.path());
    let scratch = tempfile::tempdir().unwrap();
    let (found, _) = examine(dir.path(), scratch.path(), Lang::ZhCn);
    let wrong: Vec<_> = found
        .iter()
        .filter(|f| f.state != State::Ok && f.check != Check::Space)
        .map(|f| (f.check, f.state))
        .collect();
    assert_eq!(wrong, expected, "{:?}", found.iter().map(|f| f.sentence(Lang::En)).collect::<Vec<_>>());
    for finding in &found {
        assert_eq!(finding.state == State::Ok, finding.fix.is_empty(), "{finding:?}");
        for lang in Lang::ALL {
            assert!(!finding.sentence(lang).contains('{'), "{finding:?}");
        }
    }
    assert!(snapshot(dir.path()) == before, "the store was changed");
}

fn segment(path: &Path) -> std::path::PathBuf {
    path.join("journal").join("000001.qj")
}

/// Where the frames end, and the end of the first of them.
fn frames(path: &Path) -> (usize, usize) {
    let report = verify(&RealDisk::new(path), &mut |_, _| {}).unwrap();
    let bytes = fs::read(segment(path)).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    (end, end - report.bytes as usize)
}

#[test]
fn a_healthy_store_is_fine() {
    check(|_| {}, &[]);
}

#[test]
fn a_missing_store_is_no_fault() {
    let scratch = tempfile::tempdir().unwrap();
    let (found, _) = examine(&scratch.path().join("none"), scratch.path(), Lang::ZhCn);
    assert_eq!(
        found.iter().map(|f| (f.check, f.state)).collect::<Vec<_>>(),
        [(Check::Directory, State::Warn)]
    );
}

#[test]
fn a_torn_tail_is_told_and_left() {
    let tear = |path: &Path| {
        let (end, _) = frames(path);
        let mut bytes = fs::read(segment(path)).unwrap();
        bytes[end - 3] ^= 1;
        fs::write(segment(path), bytes).unwrap();
    };
    // the index has applied what the journal has lost
    check(tear, &[(Check::Journal, State::Warn), (Check::Index, State::Warn)]);
}

#[test]
fn damage_in_the_middle_is_bad() {
    let damage = |path: &Path| {
        let (_, start) = frames(path);
        let mut bytes = fs::read(segment(path)).unwrap();
        bytes[start + 60] ^= 1;
        fs::write(segment(path), bytes).unwrap();
    };
    check(damage, &[(Check::Journal, State::Bad)]);
}

#[test]
fn an_index_of_another_history_would_be_rebuilt() {
    let other = |path: &Path| {
        fs::remove_dir_all(path.join("journal")).unwrap();
        let disk: crate::store::disk::SharedDisk = Arc::new(RealDisk::new(path));
        Journal::create(disk, [9; 16]).unwrap();
    };
    check(other, &[(Check::Index, State::Warn)]);
}

#[test]
fn a_dirty_marker_would_rebuild() {
    check(|path| condemn_index(path).unwrap(), &[(Check::Index, State::Warn)]);
}

#[test]
fn wrong_permissions_are_named() {
    let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    check(open, &[(Check::Permissions, State::Warn)]);
}

#[test]
fn an_unreadable_current_is_bad() {
    let garble = |path: &Path| fs::write(path.join("journal/CURRENT"), "qun journal 1\nstore x\n").unwrap();
    check(garble, &[(Check::Journal, State::Bad)]);
}

#[test]
fn a_journal_that_is_gone_or_has_no_current_is_bad_and_not_new() {
    check(|path| fs::remove_file(path.join("journal/CURRENT")).unwrap(), &[(Check::Journal, State::Bad)]);
    check(|path| fs::remove_dir_all(path.join("journal")).unwrap(), &[(Check::Journal, State::Bad)]);
    let dir = store();
    fs::remove_dir_all(dir.path().join("journal")).unwrap();
    let opened = crate::store::open(&StoreDir::at(dir.path()), 1, &mut |_, _| {});
    assert!(opened.is_err(), "an empty book took the place of a lost one");
    assert!(!dir.path().join("journal").exists());
}

#[test]
fn who_has_the_lock_is_named() {
    let dir = store();
    let lock = try_lock(&StoreDir::at(dir.path()).lock_file(), "09:10").unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let (found, holder) = examine(dir.path(), scratch.path(), Lang::ZhCn);
    assert_eq!(holder, Holder { held: true, pid: Some(std::process::id()) });
    let said = found.iter().find(|f| f.check == Check::Lock).unwrap().sentence(Lang::ZhCn);
    assert_eq!(said, format!("进程 {} 正在使用 (09:10)", std::process::id()));
    drop(lock);
    assert!(!examine(dir.path(), scratch.path(), Lang::ZhCn).1.held, "a look kept the lock");
}

#[test]
fn a_lock_of_a_stranger_is_bad_and_names_no_process() {
    let hold = |path: &Path| {
        let file = StoreDir::at(path).lock_file();
        fs::write(&file, "2147483646\n09:10\n").unwrap();
        let file = File::open(file).unwrap();
        flock(&file, FlockOperation::NonBlockingLockExclusive).unwrap();
        // Held until the test ends.
        std::mem::forget(file);
    };
    check(hold, &[(Check::Lock, State::Bad)]);
}

#[test]
fn every_sentence_is_whole() {
    assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
}
