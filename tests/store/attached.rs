//! A desk that dies under a screen: the screen starts another and goes on; what was acknowledged is there.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::add_groups;
use crate::common::Environment;
use crate::common::screen::Screen;

/// Who holds the store, from its lock.
fn desk_of(environment: &Environment) -> Option<i32> {
    let text = fs::read_to_string(environment.store().join("desk.lock")).ok()?;
    text.lines().next()?.parse().ok()
}

#[test]
fn a_killed_desk_is_started_again_by_its_screen() {
    let environment = Environment::new();
    add_groups(&environment, 0..3);
    let mut screen = Screen::start(&environment, &[]);
    screen.wait_for("待发已清空");
    screen.keys("7");
    screen.wait_for("团购0群");
    let first = desk_of(&environment).unwrap();
    kill_process(Pid::from_raw(first).unwrap(), Signal::KILL).unwrap();

    let begun = Instant::now();
    while desk_of(&environment).is_none_or(|pid| pid == first) {
        assert!(begun.elapsed() < Duration::from_secs(30), "no other desk:\n{}", screen.picture());
        std::thread::sleep(Duration::from_millis(20));
    }
    // Through the new desk, seen by the screen that stayed.
    add_groups(&environment, 3..4);
    screen.wait_for("团购3群");
    screen.keys(":q\r");
    assert_eq!(screen.end(), 0);
    screen.assert_given_back();
}

#[test]
fn a_second_desk_is_told_who_is_first_even_if_that_one_has_no_door() {
    let environment = Environment::new();
    let desk = environment.serve();
    fs::remove_file(environment.store().join("desk.sock")).unwrap();
    let ran = environment.run(&["status"]);
    super::assert_told(&ran, &desk.0.id().to_string());
}
