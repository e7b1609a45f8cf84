//! Texts of several parts: what is at hand is what the keys are about, and what was copied is known of each part.

use super::Screen;
use super::desk::task_id;
use super::transcripts::told;
use qun::door::command::{Command, TaskVerb};
use qun::tui::event::Event;

/// The first task's text with parts behind it: a kind, or the words of a text.
fn screen(parts: &[&str]) -> Screen {
    let mut screen = super::transcripts::screen();
    for part in parts {
        match *part {
            "image" | "forward" | "mention" => screen.desk.add_part(task_id(1), part, None),
            words => screen.desk.add_part(task_id(1), "text", Some(words)),
        }
    }
    screen.event(Event::Resumed);
    screen
}

fn parts_told(screen: &Screen) -> Vec<u16> {
    let part = |command: &&Command| match command {
        Command::Task { verb: TaskVerb::Part { part }, .. } => Some(*part),
        _ => None,
    };
    told(screen).iter().filter_map(part).collect()
}

#[test]
fn a_path_that_was_copied_is_no_name_of_a_mention() {
    let mut screen = screen(&["image", "mention", "末段"]);
    screen.keys("y d p d M");
    assert_eq!(screen.copied().last(), Some(&"小雨妈"), "{}", screen.picture());
    // all of them at once are all of them
    screen.keys("p M");
    assert!(screen.picture().contains("2 个都点过了"), "{}", screen.picture());
}

#[test]
fn a_part_that_was_never_copied_says_so_and_is_asked_about_once() {
    let mut screen = screen(&["二段", "image", "末段"]);
    screen.keys("y");
    assert!(screen.picture().contains("已复制。发出后按"), "{}", screen.picture());
    screen.keys("d");
    assert!(!screen.picture().contains("已复制。发出后按"), "{}", screen.picture());
    screen.keys("d");
    assert_eq!(parts_told(&screen), [0]);
    assert!(screen.picture().contains("第 2/4 段没复制过"), "{}", screen.picture());
    screen.keys("1");
    assert_eq!(parts_told(&screen), [0]);
    screen.keys("d 2");
    assert_eq!(parts_told(&screen), [0, 1]);
    // an image is not copied, and what was copied is not asked about
    screen.keys("d");
    assert_eq!(parts_told(&screen), [0, 1, 2]);
    screen.keys("y d");
    assert!(matches!(told(&screen).last(), Some(Command::Task { verb: TaskVerb::Sent { .. }, .. })));
}

#[test]
fn what_was_copied_for_several_is_asked_about_part_by_part() {
    let mut screen = super::transcripts::screen();
    for n in [1, 2, 3] {
        screen.desk.add_part(task_id(n), "text", Some("二段"));
    }
    screen.event(Event::Resumed);
    screen.keys("* y d d");
    assert_eq!(parts_told(&screen), [0]);
    assert!(screen.picture().contains("第 2/2 段没复制过"), "{}", screen.picture());
    screen.keys("1 y d");
    let Some(Command::Task { tasks, verb: TaskVerb::Sent { .. } }) = told(&screen).last() else {
        panic!("{:?}", told(&screen))
    };
    assert_eq!(tasks.len(), 2);
}

#[test]
fn what_is_done_by_hand_is_said_before_anything_behind_it_is_copied() {
    for (kind, how) in [
        ("image", "p 复制路径或查找词, 照做后按 d"),
        ("forward", "p 复制路径或查找词, 照做后按 d"),
        ("mention", "M 复制下一个名字, 照做后按 d"),
    ] {
        let mut screen = screen(&[kind, "末段"]);
        screen.keys("y d y");
        assert_eq!(screen.copied().len(), 1, "{kind}");
        let said: String = screen.picture().split_whitespace().collect();
        let how: String = how.split_whitespace().collect();
        assert!(said.contains(&format!("手动做:接龙{how}")), "{kind}: {}", screen.picture());
        screen.keys("d");
        assert_eq!(parts_told(&screen), [0, 1], "{kind}");
        screen.keys("y");
        assert_eq!(screen.copied().last(), Some(&"末段"));
    }
}
