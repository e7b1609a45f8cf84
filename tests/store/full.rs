//! A full disk: nothing is acknowledged, it is said, reading goes on, and with room again so does work.
//!
//! The disk is full for one process only: a limit on the size of its files, which makes every write behind it fail. A
//! shell in between sees to it that such a write is an error and not a signal.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use super::add_groups;
use crate::common::Environment;

fn limit(desk: &std::process::Child, bytes: Option<u64>) {
    let pid = Pid::from_child(desk);
    prlimit(Some(pid), Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
}

#[test]
fn a_full_disk_acknowledges_nothing_and_loses_nothing() {
    let environment = Environment::new();
    let mut shell = Command::new("/bin/sh");
    let alone = crate::common::starting();
    let child = shell
        .args(["-c", "trap '' XFSZ; exec \"$0\" serve", env!("CARGO_BIN_EXE_qun")])
        .env_clear()
        .envs(environment.variables())
        .current_dir(environment.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(alone);
    let desk = environment.serving(child);
    add_groups(&environment, 0..12);
    let before = environment.groups();

    // The journal is longer than that already.
    limit(&desk.0, Some(512));
    for _ in 0..3 {
        let ran = environment.run(&["group", "add", "写不下的群"]);
        assert!(ran.code != 0 && ran.code != 101 && !ran.err.trim().is_empty(), "{ran:?}");
    }
    assert_eq!(environment.groups(), before, "reading goes on");

    limit(&desk.0, None);
    let ran = environment.run(&["group", "add", "又写得下的群"]);
    let went_on = ran.code == 0;
    // It may also ask for a new start; then it must say so.
    assert!(went_on || !ran.err.trim().is_empty(), "{ran:?}");
    drop(desk);

    let after = environment.groups();
    assert!(!after.contains(&"写不下的群".to_owned()), "what was refused is not there: {after:?}");
    assert!(before.iter().all(|name| after.contains(name)), "{after:?}");
    assert_eq!(after.contains(&"又写得下的群".to_owned()), went_on);
    add_groups(&environment, 12..13);
}
