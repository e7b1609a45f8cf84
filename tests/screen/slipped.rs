//! A line leaves under the cursor, by a colleague or by time: what a key was meant for is not done to another.

use super::Screen;
use super::transcripts::{screen, told};
use qun::book::SkipReason;
use qun::door::Push;
use qun::door::command::{Command, TaskVerb};
use qun::door::line::{LineId, Lines};
use qun::door::reply::Patch;
use qun::tui::event::Event;
use qun::tui::line::Line;

/// A colleague ends the task under the cursor.
fn ends_elsewhere(screen: &mut Screen) {
    let row = screen.state.main.row;
    screen.desk.tasks.remove(row);
    let main = &screen.state.main;
    let mut order: Vec<LineId> = main.lines.iter().map(Line::id).collect();
    order.remove(row);
    let (watch, rev, total) = (main.watch, main.rev + 1, main.total - 1);
    let patch = Patch { watch, rev, total, order, upserts: Lines::Tasks(Vec::new()), texts: Vec::new() };
    screen.event(Event::Push(Box::new(Push::Patch(patch))));
}

#[test]
fn what_was_meant_for_the_line_that_left_is_asked_about_once() {
    let mut screen = screen();
    let meant = screen.state.task().map(|task| task.id);
    ends_elsewhere(&mut screen);
    let now = screen.state.task().map(|task| task.id);
    assert!(now.is_some() && now != meant);
    screen.keys("d");
    assert!(told(&screen).is_empty(), "{:?}", told(&screen));
    assert!(screen.picture().contains("光标下的那条刚走了"), "{}", screen.picture());
    screen.keys("d");
    let Command::Task { tasks, verb: TaskVerb::Sent { .. } } = told(&screen)[0] else { panic!() };
    assert_eq!(tasks.first().copied(), now);
    // who has looked, by any other key, is not asked
    ends_elsewhere(&mut screen);
    screen.keys("j k d");
    assert_eq!(told(&screen).len(), 2, "{}", screen.picture());
}

#[test]
fn a_menu_is_about_what_it_was_opened_on() {
    for (keys, snoozes) in [("x", false), ("z", true)] {
        let mut screen = screen();
        let meant = screen.state.task().map(|task| task.id);
        screen.keys(keys);
        ends_elsewhere(&mut screen);
        screen.keys("1");
        let Command::Task { tasks, verb } = told(&screen)[0] else { panic!("{:?}", told(&screen)) };
        assert_eq!(tasks.first().copied(), meant, "{keys}");
        match verb {
            TaskVerb::Snooze { .. } => assert!(snoozes),
            TaskVerb::Skip { reason, .. } => assert!(!snoozes && *reason == SkipReason::Talked),
            other => panic!("{other:?}"),
        }
    }
}
