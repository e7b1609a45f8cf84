//! Desk processes: one owner, found or named, and ended cleanly.

use std::io::Write as _;

use crate::common::Environment;

#[test]
fn one_desk_serves_and_a_second_is_refused() {
    let environment = Environment::new();
    let mut serving = environment.serve();
    let second = environment.run(&["serve"]);
    assert_eq!(second.code, 6, "{second:?}");
    assert_eq!(environment.run(&["serve", "--stop"]).code, 0);
    assert!(serving.0.wait().unwrap().success());
    assert!(!environment.store().join("desk.sock").exists());
    assert_eq!(environment.run(&["serve", "--stop"]).code, 6);
}

#[test]
fn a_killed_desk_leaves_nothing_that_keeps_the_next_from_starting() {
    let environment = Environment::new();
    drop(environment.serve());
    assert!(environment.store().join("desk.sock").exists(), "kill -9 removes nothing");
    // Found stale by a command that then works alone, and by the next desk.
    assert_eq!(environment.run(&["serve", "--stop"]).code, 6);
    let mut serving = {
        std::fs::remove_file(environment.store().join("desk.sock")).unwrap();
        environment.serve()
    };
    assert_eq!(environment.run(&["serve", "--stop"]).code, 0);
    assert!(serving.0.wait().unwrap().success());
}

#[test]
fn a_lock_without_a_socket_is_named_by_its_process() {
    let environment = Environment::new();
    std::fs::create_dir_all(environment.store()).unwrap();
    let mut lock = std::fs::File::create(environment.store().join("desk.lock")).unwrap();
    // Of a process that runs: the number of one that has ended may be anybody's by now.
    let pid = std::process::id().to_string();
    lock.write_all(format!("{pid}\n09:00\n").as_bytes()).unwrap();
    lock.lock().unwrap();
    let ran = environment.run(&["status", "--json"]);
    assert_eq!(ran.code, 6);
    assert!(ran.error()["message"].as_str().unwrap().contains(&pid), "{ran:?}");
}
