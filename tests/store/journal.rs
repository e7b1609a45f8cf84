//! The journal is the only truth: an interrupted write is cut off, damage stops everything and changes nothing.

use std::fs;

use super::{add_groups, assert_told, first_segment, with_groups, written};

#[test]
fn an_interrupted_write_is_cut_off_and_everything_before_it_is_there() {
    let (environment, groups) = with_groups();
    let end = written(&environment);
    let whole = fs::read(first_segment(&environment)).unwrap();
    // The last frame again, behind itself and cut short: a write that a power cut ended.
    let magic = &whole[64..68];
    let last = whole[..end].windows(4).rposition(|bytes| bytes == magic).unwrap();
    for kept in [5, (end - last) / 2, end - last - 1] {
        let mut bytes = whole.clone();
        bytes.copy_within(last..last + kept, end);
        fs::write(first_segment(&environment), bytes).unwrap();
        assert_eq!(environment.groups(), groups, "{kept} bytes of a frame behind the end");
        fs::write(first_segment(&environment), &whole).unwrap();
    }
    add_groups(&environment, 12..13);
    assert_eq!(environment.groups().len(), 13);
}

#[test]
fn damage_in_the_middle_is_told_with_its_place_and_nothing_is_touched() {
    let (environment, _) = with_groups();
    let path = first_segment(&environment);
    let mut bytes = fs::read(&path).unwrap();
    let middle = written(&environment) / 2;
    bytes[middle] ^= 0x10;
    fs::write(&path, &bytes).unwrap();
    for arguments in [&["list", "groups"][..], &["group", "add", "新群"], &["serve"]] {
        let ran = environment.run(arguments);
        assert_told(&ran, "qun doctor");
        assert!(ran.err.contains("偏移") && ran.err.contains("什么都没有改动"), "{ran:?}");
    }
    assert_eq!(fs::read(&path).unwrap(), bytes, "the damaged journal is left for a look");
}

#[test]
fn a_missing_or_strange_start_of_the_journal_is_told() {
    let (environment, groups) = with_groups();
    let current = environment.store().join("journal/CURRENT");
    let text = fs::read(&current).unwrap();
    fs::remove_file(&current).unwrap();
    assert_told(&environment.run(&["list", "groups"]), "CURRENT");
    fs::write(&current, "what is this\n").unwrap();
    assert_told(&environment.run(&["list", "groups"]), "CURRENT");
    fs::write(&current, text).unwrap();
    assert_eq!(environment.groups(), groups);
}
