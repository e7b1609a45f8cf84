//! A line leaves under the cursor, by a colleague or by time: what a key was meant for is not done to another.

use std::time::Duration;

use super::Screen;
use super::desk::task_id;
use super::transcripts::{screen, told};
use qun::book::SkipReason;
use qun::door::command::{Command, TaskVerb};
use qun::door::detail::TextWarning;
use qun::door::line::{LineId, Lines};
use qun::door::reply::Patch;
use qun::door::{Push, Refusal, RefusalKind};
use qun::tui::event::Event;
use qun::tui::key::Key;
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

/// A colleague ticks a part of a task.
fn ticks_elsewhere(screen: &mut Screen, task: u32, part: usize) {
    let text = screen.desk.texts.iter_mut().find(|text| text.task == task_id(task)).unwrap();
    text.parts[part].done = true;
    let texts = vec![text.clone()];
    let main = &screen.state.main;
    let order: Vec<LineId> = main.lines.iter().map(Line::id).collect();
    let (watch, rev, total) = (main.watch, main.rev + 1, main.total);
    let patch = Patch { watch, rev, total, order, upserts: Lines::Tasks(Vec::new()), texts };
    screen.event(Event::Push(Box::new(Push::Patch(patch))));
}

fn parts_told(screen: &Screen) -> Vec<u16> {
    let part = |command: &&Command| match command {
        Command::Task { verb: TaskVerb::Part { part }, .. } => Some(*part),
        _ => None,
    };
    told(screen).iter().filter_map(part).collect()
}

#[test]
fn what_was_meant_for_a_part_that_another_has_ticked_is_asked_about_once() {
    // on the screen all the while, copied before, or copied before a look elsewhere
    for (before, after) in
        [("j j j j j", ""), ("j j j j j y", ""), ("j j j j j y 8", "1"), ("j j j j j y j", "k")]
    {
        let mut screen = screen();
        screen.keys(before);
        if before.ends_with('8') {
            screen.desk.texts[5].parts[0].done = true;
        } else {
            ticks_elsewhere(&mut screen, 6, 0);
        }
        screen.keys(after).keys("d");
        assert!(told(&screen).is_empty(), "{before}: {:?}", told(&screen));
        assert!(screen.picture().contains("第 1 段别人勾过了, 现在是第 2 段"), "{}", screen.picture());
        screen.keys("d");
        assert_eq!(parts_told(&screen), [1], "{before}");
    }
}

#[test]
fn the_last_part_is_guarded_as_well_and_ones_own_ticks_are_not_asked_about() {
    let mut screen = screen();
    screen.desk.add_part(task_id(1), "jielong", None);
    screen.event(Event::Resumed);
    screen.keys("y");
    ticks_elsewhere(&mut screen, 1, 0);
    screen.keys("d");
    assert!(told(&screen).is_empty(), "{:?}", told(&screen));
    screen.keys("d");
    assert!(matches!(told(&screen)[0], Command::Task { verb: TaskVerb::Sent { .. }, .. }));

    let mut screen = super::transcripts::screen();
    screen.keys("j j j j j y d d");
    assert_eq!(parts_told(&screen), [0, 1]);
    // who has copied what is at hand now means that
    let mut screen = super::transcripts::screen();
    screen.keys("j j j j j");
    ticks_elsewhere(&mut screen, 6, 0);
    ticks_elsewhere(&mut screen, 6, 1);
    screen.keys("y d");
    assert!(
        matches!(told(&screen)[0], Command::Task { verb: TaskVerb::Sent { .. }, .. }),
        "{:?}",
        told(&screen)
    );
}

#[test]
fn a_part_that_the_desk_refused_is_not_ticked() {
    let mut screen = screen();
    screen.keys("j j j j j y");
    screen.desk.refuse = Some(Refusal::new(RefusalKind::Store, "磁盘满了"));
    screen.keys("d");
    assert!(screen.picture().contains("磁盘满了"), "{}", screen.picture());
    screen.keys("d");
    assert_eq!(parts_told(&screen), [0]);
}

#[test]
fn what_is_asked_before_a_copy_is_about_the_line_it_was_asked_of() {
    let warning = || vec![TextWarning { code: "link".into(), words: "有链接".into() }];
    let copied = |screen: &Screen| screen.copied().iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    for (warns, keys) in [(true, "2"), (false, "1")] {
        let mut screen = screen();
        if warns {
            screen.desk.texts[0].warnings = warning();
        } else {
            screen.desk.texts[0].check = Some("replied".into());
        }
        screen.event(Event::Resumed);
        screen.keys("y");
        ends_elsewhere(&mut screen);
        screen.keys(keys);
        assert_eq!(copied(&screen), [""; 0], "{keys}");
        assert!(screen.picture().contains("已经不在这里了"), "{}", screen.picture());
    }
    // of several: when they are all gone nothing else is copied in their stead
    let mut screen = screen();
    screen.desk.texts[0].warnings = warning();
    screen.event(Event::Resumed);
    screen.keys("* y");
    for _ in 0..3 {
        ends_elsewhere(&mut screen);
    }
    screen.keys("2");
    assert_eq!(copied(&screen), [""; 0]);
}

#[test]
fn what_is_chosen_or_typed_over_the_list_is_about_the_line_it_was_opened_on() {
    for (before, after) in
        [("enter enter", "d"), (": 'sent", "enter"), ("?  'skip", "enter"), (": 'skip_1", "enter")]
    {
        let mut screen = screen();
        screen.keys(before);
        ends_elsewhere(&mut screen);
        screen.keys(after);
        assert!(told(&screen).is_empty(), "{before}: {:?}", told(&screen));
        assert!(screen.picture().contains("光标下的那条刚走了"), "{before}: {}", screen.picture());
    }
    // what leaves behind something that lies over the list is asked about when the list has the keys again
    let mut screen = screen();
    screen.keys("a 'x");
    ends_elsewhere(&mut screen);
    screen.keys("esc d");
    assert!(told(&screen).is_empty(), "{:?}", told(&screen));
}

#[test]
fn a_question_that_comes_by_itself_takes_no_key_that_was_on_its_way() {
    let mut screen = screen();
    screen.desk.refuse = Some(Refusal::new(RefusalKind::Already, "小李 14:02 已标记已发"));
    screen.event(Event::Key(Key::char('d')));
    screen.mono += Duration::from_millis(50);
    screen.event(Event::Key(Key::char('2')));
    screen.mono += Duration::from_millis(300);
    assert!(told(&screen).is_empty(), "{:?}", told(&screen));
    screen.keys("2");
    assert!(matches!(told(&screen)[0], Command::Task { verb: TaskVerb::Sent { also: true, .. }, .. }));
}
