//! `late = "shift"`: later steps move by the whole local days lost, and wait until then.

use super::*;
use crate::desk::testing::at;

#[test]
fn a_step_done_days_late_moves_what_comes_after_it() {
    let mut book = Book::new();
    book.no_rules();
    let shifting = FRIEND
        .replace("until = \"D0 22:00\"", "late = \"shift\"")
        .replace("[[step]]\nid = \"tip\"", "[[step]]\nid = \"tip\"\nuntil = \"D1 20:00\"");
    book.sop(&shifting);
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:06");
    let hi = book.open()[0].id;
    book.tick_at("2026-11-23 12:00");
    assert_eq!(book.open().len(), 1, "the tip waits for the greeting");
    book.tick_at("2026-11-24 09:00");
    book.verb(hi, TaskVerb::Sent { at: None, also: false });
    book.tick_at("2026-11-24 20:00");
    assert!(book.open().is_empty());
    book.tick_at("2026-11-25 10:00");
    assert_eq!(book.open().len(), 1, "two days lost: the tip of the 23rd comes on the 25th");
}

#[test]
fn days_lost_early_move_what_comes_much_later() {
    let mut book = Book::new();
    book.desk.run(Command::SetRules { toml: "zone = \"Asia/Shanghai\"\n".into() }).unwrap();
    book.sop(
        &FRIEND
            .replace("until = \"D0 22:00\"", "late = \"shift\"")
            .replace("at = \"D1 10:00\"", "at = \"D5 10:00\""),
    );
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:06");
    let hi = book.open()[0].id;
    book.tick_at("2026-11-24 09:00");
    book.verb(hi, TaskVerb::Snooze { until: at("2026-11-25 09:00") });
    book.tick_at("2026-11-25 09:00");
    book.verb(hi, TaskVerb::Sent { at: None, also: false });
    book.tick_at("2026-11-27 20:00");
    assert!(book.open().is_empty(), "three days lost: the tip of the 27th moves");
    book.desk.run(Command::Undo { act: None }).unwrap();
    book.verb(hi, TaskVerb::Sent { at: Some(at("2026-11-23 08:00")), also: false });
    book.tick_at("2026-11-28 09:59");
    assert!(book.open().is_empty());
    book.tick_at("2026-11-28 10:00");
    assert_eq!(book.open().len(), 1, "marked as sent on the 23rd, one day was lost");
    book.desk.restart();
}

/// A course of three days, each step of which moves the next.
const COURSE: &str = r#"
id = "course"
title = "三天"
for = "member"
class = "service"
start = { on = "by-hand" }
[[step]]
id = "day"
at = "D1..D3 07:00"
until = "D0 22:00"
late = "shift"
via = "private"
text = ["第 {{ day }} 天"]
[[step]]
id = "end"
at = "D4 09:00"
via = "private"
text = ["完成"]
"#;

/// What the course owes at each of several instants: `step day` of what is open.
fn course_owes(instants: &[(&str, bool)]) -> Vec<String> {
    let mut book = Book::new();
    book.desk.run(Command::SetRules { toml: "zone = \"Asia/Shanghai\"\n".into() }).unwrap();
    book.sop(COURSE);
    let member = book.member("张三");
    book.befriend(member);
    book.desk
        .run(Command::Enrol {
            playbook: PlaybookId("course".into()),
            targets: vec![Target::Member(member)],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        })
        .unwrap();
    let mut owed = Vec::new();
    for (when, done) in instants {
        book.tick_at(when);
        let open = book.open();
        let named: Vec<String> = open
            .iter()
            .map(|task| match &task.kind {
                crate::book::TaskKind::Step { key, .. } => format!("{} {}", key.step, task.day),
                other => format!("{other:?}"),
            })
            .collect();
        owed.push(named.join(", "));
        if *done {
            for task in open {
                book.verb(task.id, TaskVerb::Sent { at: None, also: false });
            }
        }
    }
    book.desk.restart();
    let key = |task: &Task| match &task.kind {
        crate::book::TaskKind::Step { key, .. } => key.clone(),
        other => panic!("{other:?}"),
    };
    let mut keys: Vec<_> = book.tasks().iter().map(key).collect();
    let fired = keys.len();
    keys.dedup();
    assert_eq!(keys.len(), fired, "nothing fires twice");
    owed
}

#[test]
fn a_long_absence_moves_the_whole_course_and_drops_none_of_it() {
    // away from the 22nd to the 30th: the first day is the day of the return
    let owed = course_owes(&[
        ("2026-11-30 08:00", true),
        ("2026-11-30 21:00", false),
        ("2026-12-01 07:00", true),
        ("2026-12-02 07:00", true),
        ("2026-12-03 08:59", false),
        ("2026-12-03 09:00", true),
        ("2026-12-09 09:00", false),
    ]);
    assert_eq!(owed, ["day 1", "", "day 2", "day 3", "", "end 4", ""]);
}

#[test]
fn a_second_absence_moves_what_is_left_once_more() {
    let owed = course_owes(&[
        ("2026-11-23 07:00", true),
        // away over the second day, and over two days after its return
        ("2026-11-26 10:00", true),
        ("2026-11-29 06:59", false),
        ("2026-11-29 07:00", true),
        ("2026-11-30 09:00", true),
    ]);
    assert_eq!(owed, ["day 1", "day 2", "", "day 3", "end 4"]);
}

#[test]
fn a_repeated_step_that_is_open_keeps_the_next_back_and_an_expired_one_loses_no_day() {
    let owed = course_owes(&[
        ("2026-11-23 07:00", false),
        // its own span is over at 22:00: it is lost, and the second day comes in its time
        ("2026-11-23 22:00", false),
        ("2026-11-24 07:00", true),
        ("2026-11-25 07:00", true),
        ("2026-11-26 09:00", false),
    ]);
    assert_eq!(owed, ["day 1", "", "day 2", "day 3", "end 4"]);
}

#[test]
fn rounds_of_a_recurrence_keep_their_own_days() {
    let mut book = Book::new();
    book.desk.run(Command::SetRules { toml: "zone = \"Asia/Shanghai\"\n".into() }).unwrap();
    book.group("宠友1群");
    book.sop(&MORNING.replace("until = \"D0 11:00\"\nlate = \"drop\"", "late = \"shift\""));
    book.tick_at("2026-11-22 09:30");
    book.tick_at("2026-11-23 09:30");
    let days: Vec<chrono::NaiveDate> = book
        .open()
        .iter()
        .filter_map(|task| match &task.kind {
            crate::book::TaskKind::Step { key, .. } => Some(key.occurrence),
            _ => None,
        })
        .collect();
    let day = |n| chrono::NaiveDate::from_ymd_opt(2026, 11, n).unwrap();
    assert_eq!(days, [day(22), day(23)], "yesterday's waits, and today's comes all the same");
}
