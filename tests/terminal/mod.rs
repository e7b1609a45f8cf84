//! The terminal is given back, however the screen ends.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process, kill_process_group};

use crate::common::Environment;
use crate::common::screen::Screen;

/// What the first start in an empty store shows.
const UP: &str = "从零开始";

#[test]
fn after_quitting() {
    let environment = Environment::new();
    let mut screen = Screen::start(&environment, &[]);
    screen.wait_for(UP);
    // The first start greets; Esc leaves that, and only `:q` leaves the screen.
    screen.keys("\x1b");
    screen.wait_for("还没有群");
    screen.keys(":q\r");
    assert_eq!(screen.end(), 0);
    screen.assert_given_back();
}

#[test]
fn after_signals() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
        let environment = Environment::new();
        let mut screen = Screen::start(&environment, &[]);
        screen.wait_for(UP);
        kill_process(screen.pid(), signal).unwrap();
        screen.end();
        screen.assert_given_back();
    }
}

/// Runs the program as a shell would: what it leaves in the terminal stays there when it has ended.
const FROM_A_SHELL: &str = r#"trap : TERM HUP; "$0" --store demo; echo $? > ended; read more"#;

/// What is said of a process that ended, once it has.
fn wait_for_end(environment: &Environment) -> String {
    let begun = Instant::now();
    loop {
        let ended = std::fs::read_to_string(environment.path().join("ended")).unwrap_or_default();
        if ended.ends_with('\n') {
            return ended.trim_end().to_owned();
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn after_signals_though_nobody_reads_it() {
    // with a frame that waits to be written, and with nothing but what gives the terminal back
    for (signal, code, keys) in
        [(Signal::TERM, "130", " 第二句"), (Signal::HUP, "0", " 第二句"), (Signal::TERM, "130", "")]
    {
        let environment = Environment::new();
        let ran = environment.run(&["demo", "--members", "20", "--groups", "3", "--tasks", "8"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let arguments = ["-c", FROM_A_SHELL, env!("CARGO_BIN_EXE_qun")];
        let mut screen = Screen::start_program(&environment, Path::new("/bin/sh"), &arguments, &[]);
        screen.wait_for("下一步");
        screen.keys("e");
        screen.wait_for("只改这一次");
        screen.keys("\r第一句没写完");
        screen.wait_for("第一句没写完");
        screen.stop_reading();
        screen.keys(keys);
        kill_process_group(screen.pid(), signal).unwrap();
        assert_eq!(wait_for_end(&environment), code);
        screen.read_on();
        screen.wait_until("the shell's page", |picture| !picture.contains("只改这一次"));
        screen.assert_given_back();
        let drafts = std::fs::read_dir(environment.path().join(".local/state/qun")).unwrap();
        let kept: Vec<String> =
            drafts.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        assert!(kept.iter().any(|text| text.contains("第一句没写完")), "{kept:?}");
    }
}

/// A terminal that stands still and goes on loses nothing.
#[test]
fn a_terminal_that_is_read_again_shows_the_screen() {
    let environment = Environment::new();
    let mut screen = Screen::start(&environment, &[]);
    screen.wait_for(UP);
    screen.stop_reading();
    screen.keys("\x1b");
    screen.read_on();
    screen.wait_for("还没有群");
}

/// The bare text of a task on the first page, where the mouse can select it.
fn with_bare_text(environment: &Environment) -> Screen {
    let ran = environment.run(&["demo", "--members", "20", "--groups", "3", "--tasks", "8"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut screen = Screen::start(environment, &["--store", "demo"]);
    screen.wait_for("下一步");
    screen.keys("Y");
    screen.wait_for("按任意键返回");
    screen
}

#[test]
fn the_bare_text_goes_back_with_any_key_and_ends_with_every_signal() {
    let environment = Environment::new();
    let mut screen = with_bare_text(&environment);
    screen.keys("j");
    screen.wait_for("下一步");
    screen.keys("Y");
    screen.wait_for("按任意键返回");
    kill_process(screen.pid(), Signal::TERM).unwrap();
    screen.end();
    screen.assert_given_back();
}

/// What the mouse selects is what the clipboard would have taken.
#[test]
fn the_bare_text_is_whole() {
    let environment = Environment::new();
    let text = "樱桃❤️到货1️⃣👨‍👩‍👧👍🏻🇨🇳";
    std::fs::write(environment.path().join("t.txt"), text).unwrap();
    for command in [
        &["account", "add", "手机1", "--platform", "wechat", "--persona", "小满"][..],
        &["group", "add", "一群", "--account", "手机1"],
        &["compose", "--to", "一群", "--groups", "--at", "now", "--class", "service", "--text", "t.txt"],
    ] {
        let ran = environment.run(command);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let mut screen = Screen::start(&environment, &[]);
    screen.wait_for("樱桃");
    screen.keys("Y");
    screen.wait_for("按任意键返回");
    assert!(screen.written().contains(text));
}

#[test]
fn a_terminal_lost_under_the_bare_text_ends_the_screen() {
    let environment = Environment::new();
    let mut screen = with_bare_text(&environment);
    screen.hang_up();
    screen.end();
}

#[test]
fn a_screen_that_nobody_would_continue_does_not_stop() {
    // It leads its session here, as with `ssh -t host qun`: once stopped it would hang for ever.
    let environment = Environment::new();
    let mut screen = Screen::start(&environment, &[]);
    screen.wait_for(UP);
    screen.keys("\x1a");
    screen.wait_for("不能挂起");
}

#[test]
fn after_a_panic() {
    let environment = Environment::new();
    let this = std::env::current_exe().unwrap();
    let arguments = ["--exact", "terminal::a_screen_that_panics", "--nocapture", "--test-threads=1"];
    let mut screen = Screen::start_program(&environment, &this, &arguments, &[("QUN_TEST_PANICS", "1")]);
    assert_ne!(screen.end(), 0);
    screen.assert_given_back();
    assert!(screen.picture().contains("the message comes after"), "{}", screen.picture());
}

/// Does nothing by itself; [`after_a_panic`] runs it on a terminal.
#[test]
fn a_screen_that_panics() {
    if std::env::var_os("QUN_TEST_PANICS").is_some() {
        let _guard = qun::tui::terminal::Guard::enter().unwrap();
        panic!("the message comes after the screen is left");
    }
}

#[test]
fn a_lost_terminal_ends_the_screen_and_then_its_desk() {
    let environment = Environment::new();
    let mut screen = Screen::start(&environment, &[]);
    screen.wait_for(UP);
    screen.hang_up();
    screen.end();
    let begun = Instant::now();
    while environment.store().join("desk.sock").exists() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the attached desk goes on without screens");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The user's editor has the terminal to itself, reads every key, and what it left comes back to the screen.
#[test]
fn the_editor_gets_the_terminal_and_gives_it_back() {
    let environment = Environment::new();
    let ran = environment.run(&["group", "add", "--name", "宠友1群"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(environment.run(&["sop", "add", "--builtin", "group-morning"]).code, 0);
    // asks a question on the terminal, and writes the answer into the text
    let editor = environment.path().join("editor.sh");
    let script =
        "#!/bin/sh\nprintf 'title? '\nread title\nsed -i \"s/^title = .*/title = \\\"$title\\\"/\" \"$1\"\n";
    std::fs::write(&editor, script).unwrap();
    let editor = format!("sh {}", editor.display());
    let program = Path::new(env!("CARGO_BIN_EXE_qun"));
    let path = std::env::var("PATH").unwrap_or_default();
    let more = [("EDITOR", editor.as_str()), ("PATH", path.as_str())];
    let mut screen = Screen::start_program(&environment, program, &[], &more);
    screen.wait_for("9");
    screen.keys("9");
    screen.wait_for("谁在里面");
    screen.keys("\r");
    screen.wait_for("Enter 菜单");
    screen.keys("E");
    screen.wait_for("title?");
    screen.keys("morning rounds\n");
    screen.wait_for("总设置的 title: 群日常早安 -> morning rounds");
    screen.keys("1");
    screen.wait_for("已应用 morning rounds");
    screen.keys("\x1b");
    screen.wait_until("the list", |picture| {
        picture.contains("morning rounds") && !picture.contains("Enter 菜单")
    });
    screen.keys(":q\r");
    assert_eq!(screen.end(), 0);
    screen.assert_given_back();
}

#[test]
fn a_view_that_another_program_kept_is_named_and_counted_without_a_key() {
    let environment = Environment::new();
    let ran = environment.run(&["demo", "--members", "20", "--groups", "3", "--tasks", "8"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut screen = Screen::start(&environment, &["--store", "demo"]);
    screen.wait_for("下一步");
    let view = ["view", "save", "我盯的", "--private", "--filter", "state:due", "--key", "4"];
    let kept = environment.run(&[&view[..], &["--store", "demo"]].concat());
    assert_eq!(kept.code, 0, "{kept:?}");
    let counted = |header: &str| {
        header.split_once("4我盯的 ").is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    screen.wait_until("its count", |picture| picture.lines().next().is_some_and(counted));
    screen.keys(":q\r");
    assert_eq!(screen.end(), 0);
}
