//! What is wrong with a store is told where the user is: on the screen, at once, in their language.

use std::fs;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use super::{first_segment, with_groups, written};
use crate::common::Environment;
use crate::common::screen::Screen;

#[test]
fn a_screen_over_a_damaged_journal_says_so_and_gives_the_terminal_back() {
    let (environment, _) = with_groups();
    let mut bytes = fs::read(first_segment(&environment)).unwrap();
    let middle = written(&environment) / 2;
    bytes[middle] ^= 0x10;
    fs::write(first_segment(&environment), &bytes).unwrap();
    let mut screen = Screen::start(&environment, &[]);
    assert_ne!(screen.end(), 0);
    let picture = screen.picture().replace('\n', "");
    assert!(picture.contains("什么都没有改动") && picture.contains("qun doctor"), "{picture}");
}

#[test]
fn a_screen_is_told_that_the_index_was_made_anew() {
    let (environment, _) = with_groups();
    fs::remove_dir_all(environment.store().join("index")).unwrap();
    let mut screen = Screen::start(&environment, &[]);
    screen.wait_for("索引已从日志重建");
}

#[test]
fn a_journal_that_is_gone_is_no_new_store() {
    let (environment, _) = with_groups();
    fs::remove_dir_all(environment.store().join("journal")).unwrap();
    for arguments in [&["list", "groups"][..], &["group", "add", "新群"]] {
        let ran = environment.run(arguments);
        assert!(ran.code == 1 && ran.err.contains("日志不见了"), "{ran:?}");
    }
    assert!(!environment.store().join("journal").exists(), "an empty book took the place of the lost one");
}

#[test]
fn a_lock_of_a_stranger_is_not_blamed_on_a_process_that_has_ended() {
    let (environment, _) = with_groups();
    let path = environment.store().join("desk.lock");
    // The number of a process that cannot be: it would be somebody else's by now.
    fs::write(&path, "2147483646\n09:10\n").unwrap();
    let file = fs::File::open(&path).unwrap();
    flock(&file, FlockOperation::NonBlockingLockExclusive).unwrap();
    let ran = environment.run(&["list", "groups"]);
    assert!(ran.code == 6 && ran.err.contains("别的程序") && !ran.err.contains("kill"), "{ran:?}");
}

#[test]
fn a_store_at_a_long_path_has_a_screen_without_a_runtime_directory() {
    let environment = Environment::new();
    let long = environment.path().join("很长的门店名字".repeat(8)).join("有 空格");
    let store = long.to_str().unwrap();
    let temporary = environment.path().to_str().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_qun"));
    let mut screen =
        Screen::start_program(&environment, program, &["--store", store], &[("TMPDIR", temporary)]);
    screen.wait_for("从零开始");
    // A command beside it finds the same desk.
    let ran =
        environment.command(&["--store", store, "group", "add", "宠友1群"]).env("TMPDIR", temporary).output();
    assert!(ran.unwrap().status.success());
    screen.keys("\x1b");
    screen.wait_until("the first lesson to be left", |picture| !picture.contains("从零开始"));
    screen.keys("7");
    screen.wait_for("宠友1群");
}
