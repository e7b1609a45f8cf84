//! Texts of several parts: what is at hand is what the keys are about, and what was copied is known of each part.

use super::Screen;
use super::desk::task_id;
use super::transcripts::told;
use qun::door::command::{Command, TaskVerb};
use qun::door::line::Fact;
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

/// A new screen of somebody, before whom a part was copied by somebody.
fn screen_after(by: &str, part: u16) -> Screen {
    let mut screen = screen(&["image", "末段"]);
    let fact = Fact::Copied { at: super::desk::at(-3), by: by.to_owned(), parts: vec![part] };
    screen.desk.tasks[0].facts.push(fact);
    screen.event(Event::Resumed);
    screen
}

#[test]
fn a_part_copied_at_another_screen_is_known_at_this_one() {
    let me = super::transcripts::screen().state.start.operator.clone();
    let mut mine = screen_after(&me, 0);
    assert!(mine.picture().contains("第 1/3 段: 已复制。发出后按"), "{}", mine.picture());
    mine.keys("d");
    assert_eq!(parts_told(&mine), [0], "nothing is asked about what was copied");
    let mut behind = screen_after(&me, 2);
    assert!(behind.picture().contains("第 1/3 段: y 复制"), "{}", behind.picture());
    behind.keys("d");
    assert!(behind.picture().contains("第 1/3 段没复制过"), "{}", behind.picture());
    // a colleague's is not in this clipboard
    let mut theirs = screen_after("小王", 0);
    let said: String = theirs.picture().split_whitespace().collect();
    assert!(said.contains("第1/3段:小王14:00复制过第1段;y复制,或先问一声"), "{}", theirs.picture());
    theirs.keys("d");
    assert!(theirs.picture().contains("第 1/3 段没复制过"), "{}", theirs.picture());
}

#[test]
fn what_is_passed_by_when_the_next_text_is_copied_is_named() {
    let mut screen = screen(&["image", "末段"]);
    screen.keys("y y");
    assert_eq!(screen.copied().last(), Some(&"末段"));
    assert!(screen.picture().contains("前面还要手动发: 接龙"), "{}", screen.picture());
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
