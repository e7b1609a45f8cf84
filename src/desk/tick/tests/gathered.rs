//! Gathered tasks follow the book until they are sent.

use super::*;
use crate::desk::Now;
use crate::desk::testing::at;
use crate::door::detail::Coming;
use crate::door::{Reply, Request};

const CAMP: &str = r#"
id = "camp"
title = "打卡"
for = "member"
class = "service"
start = { on = "joined" }
stop = ["left"]
[[step]]
id = "nudge"
at = "D0,D1 20:00"
until = "D0 22:00"
late = "drop"
via = "group"
if = "-checkin:today"
parts = [{ text = ["{{ members }} 还差一步"] }, { mention = "{{ members }}" }]
"#;

/// Three pupils whose reminder is due.
fn class() -> (Book, [MemberId; 3], GroupId) {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("三年二班");
    book.sop(CAMP);
    let pupils = ["小明", "小红", "小刚"].map(|name| book.member(name));
    for pupil in pupils {
        book.join(pupil, group);
    }
    book.tick_at("2026-11-22 20:00");
    (book, pupils, group)
}

fn checks_in(book: &mut Book, pupil: MemberId, group: GroupId) {
    let now: Now = book.desk.now();
    book.happened(pupil, ActivityKind::CheckedIn, Some(group), false, now.wall);
}

fn text(book: &Book, task: &Task) -> String {
    book.desk.desk.task_text(task).unwrap().parts[0].copy.clone().unwrap_or_default()
}

#[test]
fn who_checks_in_before_the_reminder_is_sent_is_not_reminded() {
    let (mut book, [ming, hong, gang], group) = class();
    let task = book.open().remove(0);
    assert_eq!(task.members.len(), 3);
    checks_in(&mut book, hong, group);
    let task = book.open().remove(0);
    assert_eq!(task.members, [ming, gang]);
    assert_eq!(text(&book, &task), "小明、小刚 还差一步");
    checks_in(&mut book, ming, group);
    checks_in(&mut book, gang, group);
    let status = book.tasks().remove(0).status;
    assert_eq!((status.state, status.end), (TaskState::Skipped, Some(EndReason::Condition)));
    book.tick_at("2026-11-23 20:00");
    assert_eq!(book.open().len(), 1, "the next evening asks all of them again");
    assert_eq!(book.open()[0].members.len(), 3);
}

#[test]
fn a_text_that_was_said_stands_and_whom_it_still_names_follows() {
    let (mut book, [ming, hong, gang], group) = class();
    let id = book.open()[0].id;
    book.verb(id, TaskVerb::Part { part: 0 });
    checks_in(&mut book, hong, group);
    let task = book.open().remove(0);
    assert_eq!(task.members, [ming, gang]);
    assert_eq!(text(&book, &task), "小明、小红、小刚 还差一步", "three were told in the group");
    let mention = book.desk.desk.task_text(&task).unwrap().parts[1].find.clone().unwrap();
    assert_eq!(mention, "小明、小刚");
    book.verb(id, TaskVerb::Part { part: 1 });
    let touch = book.desk.desk.touches_since(Target::Group(group), Timestamp(0)).unwrap().remove(0);
    assert_eq!(touch.text, "小明、小红、小刚 还差一步");
}

#[test]
fn what_changes_after_it_was_copied_is_to_be_copied_again() {
    let (mut book, [_, hong, _], group) = class();
    let id = book.open()[0].id;
    book.verb(id, TaskVerb::Copied { part: 0 });
    assert!(book.open()[0].status.copied_at.is_some());
    checks_in(&mut book, hong, group);
    assert_eq!(book.open()[0].status.copied_at, None);
}

#[test]
fn what_nobody_was_there_to_send_is_one_line_for_the_group() {
    let (mut book, _, _) = class();
    book.tick_at("2026-11-24 09:00");
    let expired: Vec<usize> = book
        .tasks()
        .iter()
        .filter(|task| task.status.state == TaskState::Expired)
        .map(|task| task.members.len())
        .collect();
    assert_eq!(expired, [3, 3], "one of the evening that was there, one of the evening that was not");
    book.tick_at("2026-11-24 09:05");
    assert_eq!(book.tasks().len(), 2);
}

/// What is to be said in a group waits for it, and for each of whom it is for: its card tells when, and why then.
#[test]
fn what_is_to_be_said_in_a_group_is_told_by_its_pauses() {
    let (mut book, [ming, ..], group) = class();
    book.tick_at("2026-11-23 09:00");
    let coming = |book: &mut Book| {
        let Reply::Why(coming) = book.desk.ask(Request::Why(Target::Group(group))) else { panic!() };
        let shown = |at: Timestamp| at.local(chrono_tz::Asia::Shanghai).format("%H:%M").to_string();
        let told = |one: &Coming| format!("{} {}", one.at.map(shown).unwrap_or_default(), one.why);
        coming.iter().map(told).collect::<Vec<_>>()
    };
    let pause = |book: &mut Book, target: Target, until: Option<&str>| {
        let until = until.map(|until| at(&format!("2026-11-23 {until}")));
        book.desk.run(Command::Pause { targets: vec![target], until }).unwrap();
    };
    assert_eq!(coming(&mut book), ["20:00 3 位成员"]);
    pause(&mut book, Target::Member(ming), Some("21:00"));
    assert_eq!(coming(&mut book), ["20:00 2 位成员", "21:00 1 位成员, 对方停发到 11-23 21:00"]);
    pause(&mut book, Target::Group(group), Some("20:30"));
    let until = ["20:30 2 位成员, 群停发到 11-23 20:30", "21:00 1 位成员, 对方停发到 11-23 21:00"];
    assert_eq!(coming(&mut book), until);
    pause(&mut book, Target::Group(group), None);
    assert_eq!(coming(&mut book), [" 2 位成员, 群已停发", " 1 位成员, 对方已停发"]);
}

/// The list that an @ opens knows names, not how somebody is addressed.
#[test]
fn those_to_mention_are_named_as_they_are_found() {
    use crate::door::command::ObjectRef;
    use crate::door::form::Field;
    let (mut book, [.., gang], _) = class();
    let fields = vec![(Field::Name, "🌸🌸🌸".to_owned())];
    book.desk.run(Command::Edit { objects: vec![ObjectRef::Member(gang)], fields }).unwrap();
    let task = book.open().remove(0);
    assert_eq!(text(&book, &task), "小明、小红、您好 还差一步");
    let mention = book.desk.desk.task_text(&task).unwrap().parts[1].find.clone().unwrap();
    assert_eq!(mention, "小明、小红、🌸🌸🌸");
}
