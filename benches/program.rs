//! The real program: whole commands, an import, the screen's first frame and its answer to a key.

use std::time::Duration;

use super::common::Environment;
use super::common::screen::Screen;
use super::measure::{print, size, time, times, wanted};

/// The demo's own morning, so that its clock guard has nothing to ask.
const MORNING: (&str, &str) = ("QUN_CLOCK", "2026-03-10T09:10:00+08:00");

fn done(environment: &Environment, arguments: &[&str]) {
    let output = environment.command(arguments).env(MORNING.0, MORNING.1).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn with_demo(members: u32) -> Environment {
    let environment = Environment::new();
    let members = members.to_string();
    done(
        &environment,
        &["demo", "--store", "main", "--seed", "1", "--members", &members, "--tasks", &members],
    );
    environment
}

fn desk(environment: &Environment) -> super::common::Serving {
    // The desk of the last screen is still on its way out.
    while environment.store().join("desk.sock").exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let child = environment.command(&["serve"]).env(MORNING.0, MORNING.1).spawn().unwrap();
    environment.serving(child)
}

/// A screen with its rows and its text.
fn screen(environment: &Environment) -> Screen {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_qun"));
    let mut screen = Screen::start_program(environment, program, &[], &[MORNING]);
    screen.wait_until("the first frame", |picture| picture.contains("state:due") && picture.contains("[微"));
    screen
}

fn leave(mut screen: Screen) {
    screen.keys("\x11"); // Ctrl-q
    screen.end();
}

pub fn run() {
    let members = size("QUN_BENCH_MEMBERS", 2_000);
    if wanted("list start key program") {
        let environment = with_demo(members);
        let listed = || done(&environment, &["list", "-f", "state:due", "--json", "--limit", "50"]);
        listed();
        print(&format!("list 50 due of {members}, whole process, alone"), times(10, listed), "100k: 200");
        let mut taken = Vec::new();
        for _ in 0..5 {
            let (first, shown) = time(|| screen(&environment));
            taken.push(first);
            leave(shown);
        }
        print(&format!("start to first frame, no desk, {members} members"), taken, "10k: 80, 100k: 200");

        let serving = desk(&environment);
        print(&format!("list 50 due of {members}, whole process, attached"), times(20, listed), "100k: 10");
        let taken = times(5, || leave(screen(&environment)));
        print("start, first frame and quit, attached", taken, "start alone: 30");
        let mut shown = screen(&environment);
        let mut taken = Vec::new();
        for round in 0..100 {
            // Faster keys are taken for a paste.
            std::thread::sleep(Duration::from_millis(25));
            let before = shown.picture();
            let key = if round % 20 < 10 { "j" } else { "k" };
            let (answered, ()) = time(|| {
                shown.keys(key);
                shown.wait_until("another frame", |picture| picture != before);
            });
            taken.push(answered);
        }
        print(&format!("key to frame, {members} tasks, with a terminal's reading"), taken, "100k: 1.5 / 5");
        leave(shown);
        drop(serving);
    }
}
