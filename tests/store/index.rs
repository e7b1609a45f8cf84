//! The index may be lost, spoiled or somebody else's: the journal is the truth, and the index is made anew from it.

use std::fs;
use std::path::{Path, PathBuf};

use super::{add_groups, copy_directory, with_groups};
use crate::common::Environment;

/// A copy of a store to be spoiled.
fn copy_of(environment: &Environment) -> Environment {
    let copy = Environment::new();
    copy_directory(&environment.store(), &copy.store());
    copy
}

/// Asserts that the book is whole: names from the columns, one card from the index.
fn assert_whole(environment: &Environment, groups: &[String], what: &str) {
    let listed = environment.run(&["list", "groups", "--json"]);
    assert_eq!(listed.code, 0, "{what}: {listed:?}");
    assert_eq!(listed.names(), groups, "{what}");
    for name in [groups.first(), groups.last()].into_iter().flatten() {
        let shown = environment.run(&["show", name, "--json"]);
        assert!(shown.code == 0 && shown.out.contains(name.as_str()), "{what}: {shown:?}");
    }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn a_deleted_index_is_made_anew_and_that_is_said() {
    let (environment, groups) = with_groups();
    fs::remove_dir_all(environment.store().join("index")).unwrap();
    let ran = environment.run(&["list", "groups", "--json"]);
    assert!(ran.code == 0 && !ran.err.trim().is_empty(), "{ran:?}");
    assert_whole(&environment, &groups, "deleted");
}

#[test]
fn a_truncated_index_loses_nothing() {
    let (base, groups) = with_groups();
    let index = base.store().join("index");
    for path in files(&index) {
        let length = fs::metadata(&path).unwrap().len();
        for left in [0, length / 2, length.saturating_sub(1)] {
            let spoiled = copy_of(&base);
            let file = path.strip_prefix(base.store()).unwrap();
            fs::File::options().write(true).open(spoiled.store().join(file)).unwrap().set_len(left).unwrap();
            assert_whole(&spoiled, &groups, &format!("{} cut to {left}", file.display()));
        }
    }
}

#[test]
fn flipped_bits_in_the_index_lose_nothing() {
    let (base, groups) = with_groups();
    let index = base.store().join("index");
    let mut random = fastrand::Rng::with_seed(0xB175);
    for path in files(&index) {
        let bytes = fs::read(&path).unwrap();
        for _ in 0..if bytes.is_empty() { 0 } else { 3 } {
            let spoiled = copy_of(&base);
            let (at, bit) = (random.usize(..bytes.len()), random.u8(..8));
            let mut bytes = bytes.clone();
            bytes[at] ^= 1 << bit;
            let file = path.strip_prefix(base.store()).unwrap();
            fs::write(spoiled.store().join(file), bytes).unwrap();
            assert_whole(&spoiled, &groups, &format!("{} bit {bit} of byte {at}", file.display()));
        }
    }
}

#[test]
fn an_index_of_another_store_is_not_believed() {
    let (one, groups) = with_groups();
    // Another store has the same history but for its identity.
    let other = Environment::new();
    let ran = other.command(&["group", "add", "别家的群"]).env("QUN_SEED", "99").output().unwrap();
    assert!(ran.status.success());
    fs::remove_dir_all(one.store().join("index")).unwrap();
    copy_directory(&other.store().join("index"), &one.store().join("index"));
    assert_whole(&one, &groups, "of another store");
}

#[test]
fn an_index_that_is_behind_catches_up_and_one_ahead_is_not_believed() {
    let (early, few) = with_groups();
    let late = copy_of(&early);
    add_groups(&late, 12..15);
    let many = late.groups();
    assert_eq!(many.len(), 15);

    let behind = copy_of(&late);
    fs::remove_dir_all(behind.store().join("index")).unwrap();
    copy_directory(&early.store().join("index"), &behind.store().join("index"));
    assert_whole(&behind, &many, "behind");

    let ahead = copy_of(&early);
    fs::remove_dir_all(ahead.store().join("index")).unwrap();
    copy_directory(&late.store().join("index"), &ahead.store().join("index"));
    assert_whole(&ahead, &few, "ahead");
}
