//! 今日停团: the rest of the day is not owed, the next day is, and an undo brings the day back.

use super::*;
use crate::book::{EndReason, TaskKind};
use crate::door::{Reply, Request};
use crate::text::lang::Lang;

fn id() -> PlaybookId {
    PlaybookId("groupbuy-day".into())
}

fn off(notice: &str) -> Command {
    Command::SopDayOff { playbook: id(), notice: notice.to_owned() }
}

/// Two groups whose day has begun: the opening stands in the queue.
fn begun() -> Book {
    let mut book = Book::new();
    book.no_rules();
    for name in ["鲜果团1群", "鲜果团2群"] {
        book.group(name);
    }
    book.sop(crate::sop::builtin::builtin("groupbuy-day").unwrap().source);
    book.tick_at("2026-11-23 08:00");
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    let goods =
        Command::Fill { playbook: id(), run, group: None, key: "商品".into(), value: "鸡蛋 39.9".into() };
    book.desk.run(goods).unwrap();
    book.tick_at("2026-11-23 09:40");
    book
}

/// What is open of a day's steps and forms.
fn steps(book: &Book, day: u32) -> Vec<String> {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let of_day = |task: Task| match task.kind {
        TaskKind::Step { key, .. } => (key.occurrence == day).then_some(key.step),
        TaskKind::Ask { run, key, .. } => (run == day).then_some(key),
        _ => None,
    };
    book.open().into_iter().filter_map(of_day).collect()
}

#[test]
fn the_rest_of_the_day_is_called_off_and_the_groups_are_told() {
    let mut book = begun();
    assert!(steps(&book, 23).iter().filter(|step| *step == "open").count() == 2, "{:?}", steps(&book, 23));
    let done = book.desk.run(off("今天暴雨，停团一天")).unwrap();
    assert!(done.words.contains("11-23") && done.words.contains("停一天"), "{}", done.words);
    assert!(done.words.ends_with("取消 3 条待办"), "{}", done.words);
    assert_eq!(steps(&book, 23), Vec::<String>::new());
    let told: Vec<String> = book
        .open()
        .iter()
        .filter_map(|task| match &task.kind {
            TaskKind::FollowUp { words } => Some(words.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["今天暴雨，停团一天", "今天暴雨，停团一天"]);
    let midnight = crate::desk::testing::at("2026-11-24 00:00");
    let ends = book.open().iter().filter(|task| task.status.until == Some(midnight)).count();
    assert_eq!(ends, 2, "today is over at midnight");
    // neither steps nor forms of this day come any more, and each says why
    for hour in ["12:00", "16:30", "18:20", "21:40"] {
        book.tick_at(&format!("2026-11-23 {hour}"));
        assert_eq!(steps(&book, 23), Vec::<String>::new(), "{hour}");
    }
    assert!(book.desk.run(off("")).unwrap().words.contains("已经停了"));
    book.tick_at("2026-11-24 00:01");
    let born = book.tasks().iter().filter(|task| task.status.end == Some(EndReason::DayOff)).count();
    assert!(born > 4, "{born}");
    // the next day is a day like any other
    book.tick_at("2026-11-24 07:55");
    assert!(!steps(&book, 24).is_empty());
    book.desk.restart();
}

#[test]
fn a_group_that_is_paused_is_told_when_that_is_over_if_it_is_that_day() {
    let mut book = begun();
    let group = |book: &Book, name: &str| book.desk.desk.find_group(name, Lang::ZhCn).unwrap();
    let pause = |book: &mut Book, name: &str, until: Option<&str>| {
        let (targets, until) = (vec![Target::Group(group(book, name))], until.map(crate::desk::testing::at));
        book.desk.run(Command::Pause { targets, until }).unwrap();
    };
    pause(&mut book, "鲜果团1群", Some("2026-11-23 15:00"));
    pause(&mut book, "鲜果团2群", Some("2026-11-30 00:00"));
    let done = book.desk.run(off("今天停团")).unwrap();
    assert!(done.warnings.iter().any(|words| words.ends_with("鲜果团2群")), "{:?}", done.warnings);
    let told = |book: &Book| -> Vec<(Target, TaskState)> {
        let told = book.open().into_iter().filter(|task| matches!(task.kind, TaskKind::FollowUp { .. }));
        told.map(|task| (task.target, task.status.state)).collect()
    };
    let first = Target::Group(group(&book, "鲜果团1群"));
    assert!(told(&book).contains(&(first, TaskState::Snoozed)), "{:?}", told(&book));
    assert!(!told(&book).iter().any(|(of, _)| *of == Target::Group(group(&book, "鲜果团2群"))));
    book.tick_at("2026-11-23 15:00");
    assert!(told(&book).contains(&(first, TaskState::Due)), "{:?}", told(&book));
    book.desk.run(Command::Undo { act: done.act }).unwrap();
    assert_eq!(told(&book), []);
}

#[test]
fn a_group_that_is_closed_before_it_is_told_is_told_nothing() {
    for state in ["frozen", "dissolved"] {
        let mut book = begun();
        book.desk.desk.works.set_share(40);
        let command_id = crate::book::id::Id::from_bits(7);
        let command = off("今天停团");
        let tag = book.desk.begin_as("小李", Request::Do { command_id, command, saw: None });
        let promised = |book: &Book| {
            let works = book.desk.desk.store().columns.works.iter();
            works.clone().any(|left| matches!(left.work, crate::store::record::Work::Tell { .. }))
        };
        while !promised(&book) {
            book.desk.idle();
        }
        let group = book.desk.desk.find_group("鲜果团1群", Lang::ZhCn).unwrap();
        let objects = vec![crate::door::command::ObjectRef::Group(group)];
        let fields = vec![(crate::door::form::Field::State, state.to_owned())];
        book.desk.run(Command::Edit { objects, fields }).unwrap();
        let answer = std::iter::repeat_with(|| {
            book.desk.idle();
            book.desk.answer(tag)
        });
        assert!(answer.take(1_000).flatten().next().is_some());
        let told = book.tasks().into_iter().filter(|task| matches!(task.kind, TaskKind::FollowUp { .. }));
        let told: Vec<Target> = told.map(|task| task.target).collect();
        assert_eq!((told.len(), told.contains(&Target::Group(group))), (1, false), "{state}");
    }
}

#[test]
fn its_forms_are_not_asked_on_a_day_that_is_off() {
    let mut book = begun();
    let asked = |book: &mut Book| {
        let Reply::Asks(asks) = book.desk.ask(Request::Asks) else { panic!("no forms") };
        asks.len()
    };
    assert!(asked(&mut book) > 3);
    book.desk.run(off("")).unwrap();
    assert_eq!(asked(&mut book), 0);
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert!(asked(&mut book) > 3);
}

#[test]
fn a_notice_needs_groups_to_read_it() {
    let mut book = Book::new();
    book.sop(crate::sop::builtin::builtin("new-friend-7d").unwrap().source);
    let id = PlaybookId("new-friend-7d".into());
    let off = |notice: &str| Command::SopDayOff { playbook: id.clone(), notice: notice.to_owned() };
    let refusal = book.desk.run(off("今天停")).unwrap_err();
    assert!(refusal.words.contains("没有群可以通知"), "{}", refusal.words);
    assert!(book.desk.run(off("")).unwrap().words.contains("停一天"));
}

#[test]
fn an_undo_brings_the_day_back() {
    let mut book = begun();
    let before = steps(&book, 23);
    book.desk.run(off("停团")).unwrap();
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(steps(&book, 23), before);
    let told = |task: &&Task| matches!(task.kind, TaskKind::FollowUp { .. });
    assert_eq!(book.open().iter().filter(told).count(), 0, "nobody is told");
    book.tick_at("2026-11-23 14:00");
    assert!(steps(&book, 23).contains(&"count".to_owned()), "{:?}", steps(&book, 23));
}

#[test]
fn what_came_due_while_the_day_was_off_comes_back_with_it() {
    let mut book = begun();
    book.desk.run(off("")).unwrap();
    book.tick_at("2026-11-23 14:00");
    assert!(!steps(&book, 23).contains(&"count".to_owned()));
    book.desk.run(Command::Undo { act: None }).unwrap();
    book.tick_at("2026-11-23 14:10");
    assert!(steps(&book, 23).contains(&"count".to_owned()), "{:?}", steps(&book, 23));
}

#[test]
fn what_came_due_before_the_day_is_off_once_more_ends_with_it() {
    let mut book = begun();
    let off = book.desk.run(off("")).unwrap();
    let undone = book.desk.run(Command::Undo { act: off.act }).unwrap();
    book.tick_at("2026-11-23 14:00");
    assert!(steps(&book, 23).contains(&"count".to_owned()));
    book.desk.run(Command::Undo { act: undone.act }).unwrap();
    book.tick_at("2026-11-23 14:01");
    assert_eq!(steps(&book, 23), Vec::<String>::new());
}

#[test]
fn the_day_ahead_promises_nothing_of_a_day_that_is_off() {
    let mut book = begun();
    let day = |book: &mut Book| {
        let Reply::Agenda(ahead) = book.desk.ask(Request::Agenda) else { panic!() };
        let Reply::Status(status) = book.desk.ask(Request::Status) else { panic!() };
        let zone = chrono_tz::Tz::Asia__Shanghai;
        let day = |at: crate::book::Timestamp| at.local(zone).format("%d").to_string();
        let days: Vec<String> = ahead.iter().map(|line| day(line.at)).collect();
        (days.contains(&"23".to_owned()), days.contains(&"24".to_owned()), status.counts.next_at.map(day))
    };
    assert_eq!(day(&mut book), (true, false, Some("23".to_owned())));
    book.desk.run(off("")).unwrap();
    book.desk.tick();
    assert_eq!(day(&mut book), (false, true, Some("24".to_owned())));
    // also while the span of a step that was called off is open
    book.tick_at("2026-11-23 14:05");
    assert_eq!(day(&mut book), (false, true, Some("24".to_owned())));
    let group = book.desk.desk.find_group("鲜果团1群", Lang::ZhCn).unwrap();
    let Reply::Why(lines) = book.desk.ask(Request::Why(Target::Group(group))) else { panic!() };
    let tomorrow = crate::desk::testing::at("2026-11-24 00:00");
    assert!(lines.iter().all(|line| line.at.is_none_or(|at| at >= tomorrow)), "{lines:?}");
    book.desk.run(Command::Undo { act: None }).unwrap();
    book.desk.tick();
    assert_eq!(day(&mut book).2, Some("23".to_owned()));
}
