//! Recurrences by working days, by the month and by a rule; and years that the store is given.

use super::*;
use crate::book::WaitReason;
use crate::desk::testing::at;
use crate::door::{Reply, Request};

const YEAR: &str = "[[year]]\nyear = 2027\noff = [\"01-01..01-03 元旦\"]\nwork = [\"01-09\"]\n";

/// Something said in the group each round, at nine.
fn said(start: &str, when: &str) -> String {
    format!(
        "id = \"round\"\nfor = \"group\"\nclass = \"service\"\nstart = {{ on = \"recurrence\", {start} }}\n\
         [[step]]\nid = \"a\"\nat = \"{when}\"\nuntil = \"+10h\"\nvia = \"group\"\ntext = [\"早\"]\n"
    )
}

impl Book {
    /// When every task was planned, as `12-31 09:00`.
    fn planned(&self) -> Vec<String> {
        let shown = |task: &Task| {
            task.fired_at.local(chrono_tz::Tz::Asia__Shanghai).format("%m-%d %H:%M").to_string()
        };
        self.tasks().iter().map(shown).collect()
    }

    fn calendar(&mut self, toml: &str) {
        self.desk.run(Command::SetCalendar { toml: toml.to_owned() }).unwrap();
        self.desk.tick();
    }

    /// Why the only enrolment waits.
    fn waits_for(&self) -> Option<WaitReason> {
        let columns = &self.desk.desk.store().columns;
        let (_, id, _) = columns.enrolments.iter().next().unwrap();
        let status = self.desk.desk.store().enrolment(id).unwrap().unwrap().status;
        assert_eq!(status.ended_at, None);
        status.waiting
    }

    /// Ticks each morning of some days, and says when something was planned.
    fn mornings(&mut self, days: &[&str]) -> Vec<String> {
        for day in days {
            self.tick_at(&format!("{day} 09:00"));
        }
        self.planned()
    }
}

#[test]
fn working_days_wait_for_a_year_that_is_not_known() {
    let mut book = Book::new();
    book.tick_at("2026-12-15 12:00");
    book.group("宠友1群"); // a record, so that the clock is believed later on
    book.tick_at("2026-12-30 12:00");
    book.sop(&said("every = \"workdays\"", "D0 09:00"));
    // the day it begins on still has its hours
    assert_eq!(book.mornings(&["2026-12-31"]), ["12-30 12:00", "12-31 09:00"]);
    assert_eq!(book.waits_for(), Some(WaitReason::Calendar));
    // a Monday, but who knows whether it is worked
    assert_eq!(book.mornings(&["2027-01-01", "2027-01-04"]).len(), 2);
    book.desk.restart();
    book.calendar(YEAR);
    assert_eq!(book.waits_for(), None);
    let days = ["2027-01-04", "2027-01-08", "2027-01-09", "2027-01-10", "2027-01-11"];
    book.mornings(&days);
    assert_eq!(book.planned().last().unwrap(), "01-11 09:00");
    assert!(book.planned().contains(&"01-09 09:00".to_owned()), "{:?}", book.planned());
    assert!(!book.planned().contains(&"01-10 09:00".to_owned()), "{:?}", book.planned());
}

#[test]
fn a_given_year_is_taken_back_by_name_and_survives_a_restart() {
    let mut book = Book::new();
    let given = |book: &mut Book| match book.desk.ask(Request::Calendar) {
        Reply::Calendar { toml } => toml,
        other => panic!("{other:?}"),
    };
    assert_eq!(given(&mut book), "");
    book.calendar(YEAR);
    assert_eq!(given(&mut book), YEAR);
    let words = book.desk.run(Command::SetCalendar { toml: YEAR.to_owned() }).unwrap().words;
    assert_eq!(words, "日历没有变化");
    book.desk.restart();
    assert_eq!(given(&mut book), YEAR);
    let words = book.desk.run(Command::Undo { act: None }).unwrap().words;
    assert!(words.contains("调休日历 2027"), "{words}");
    assert_eq!(given(&mut book), "");
    // it holds over the program's own year, and gives it back
    let own = "[[year]]\nyear = 2026\noff = [\"11-23 店庆\"]\nwork = []\n";
    book.calendar(own);
    let holidays =
        |book: &Book| book.desk.desk.store().columns.holidays.is_off("2026-11-23".parse().unwrap());
    assert_eq!(holidays(&book), Some(true));
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(holidays(&book), Some(false));
    let refusal =
        book.desk.run(Command::SetCalendar { toml: "[[year]]\nyear = 2027\noff = [\"02-30\"]".into() });
    assert_eq!(refusal.unwrap_err().line, Some(3));
}

#[test]
fn the_end_of_every_month_and_every_third_day() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(&said("every = \"monthly: 15,last\"", "D0 09:00"));
    let days = ["2026-11-29", "2026-11-30", "2026-12-01", "2026-12-15", "2026-12-30", "2026-12-31"];
    assert_eq!(book.mornings(&days), ["11-30 09:00", "12-15 09:00", "12-31 09:00"]);

    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(&said("every = \"3 days\"", "D0 09:00"));
    let days = ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-28"];
    assert_eq!(book.mornings(&days), ["11-22 09:00", "11-25 09:00", "11-28 09:00"]);
}

#[test]
fn each_time_of_a_rule_is_a_day_and_an_instant() {
    let mut book = Book::new();
    book.group("宠友1群");
    let rule =
        "rrule = \"FREQ=MONTHLY;BYDAY=-1FR\", dtstart = \"2026-01-31T09:30:00\", tz = \"Asia/Shanghai\"";
    book.sop(&said(rule, "D0 +0m"));
    book.tick_at("2026-11-27 09:29");
    assert_eq!(book.planned().len(), 0);
    book.tick_at("2026-11-27 09:30");
    book.tick_at("2026-12-25 09:29");
    book.tick_at("2026-12-25 09:31");
    let keys: Vec<_> = book
        .tasks()
        .iter()
        .filter_map(|task| match &task.kind {
            crate::book::TaskKind::Step { key, .. } => Some((key.occurrence.to_string(), task.status.due_at)),
            _ => None,
        })
        .collect();
    assert_eq!(
        keys,
        [
            ("2026-11-27".to_owned(), at("2026-11-27 09:30")),
            ("2026-12-25".to_owned(), at("2026-12-25 09:30")),
        ]
    );
}

/// Several times a day: each comes once, whatever the ticks and the process do in between, also where the rule is edited
/// meanwhile.
#[test]
fn several_times_of_a_day_each_come_once() {
    let rule = |hours: &str| {
        let rule = format!("rrule = \"FREQ=DAILY;BYHOUR={hours}\", dtstart = \"2026-11-22T09:00\"");
        said(&format!("{rule}, tz = \"Asia/Shanghai\""), "D0 +0m")
    };
    let mut book = Book::new();
    book.no_rules();
    book.group("宠友1群");
    book.sop(&rule("9,18"));
    for time in ["22 09:00", "22 12:00", "22 18:00", "22 18:01", "22 23:59", "23 12:00"] {
        book.tick_at(&format!("2026-11-{time}"));
        book.desk.restart();
        book.desk.tick();
    }
    assert_eq!(book.planned(), ["11-22 09:00", "11-22 18:00", "11-23 12:00"]);
    // what the edit brings begins with it, and what has come does not come again
    book.sop(&rule("9,10,13,18"));
    book.tick_at("2026-11-23 12:30");
    book.desk.restart();
    book.tick_at("2026-11-23 13:00");
    book.tick_at("2026-11-23 20:00");
    book.sop(&rule("9,18"));
    book.tick_at("2026-11-24 09:00");
    let found = book.planned().split_off(3);
    assert_eq!(found, ["11-23 13:00", "11-23 20:00", "11-24 09:00"]);
    // neither yesterday's 20:00 nor this morning's 08:00, however late everybody goes on by it
    book.tick_at("2026-11-24 19:00");
    book.desk.at("2026-11-25 08:03");
    book.sop(&rule("8,9,18,20"));
    book.desk.restart();
    book.tick_at("2026-11-25 09:00");
    book.tick_at("2026-11-25 20:30");
    let found = book.planned().split_off(6);
    assert_eq!(found, ["11-24 19:00", "11-25 09:00", "11-25 20:30", "11-25 20:30"]);
    let mut keys: Vec<_> = book
        .tasks()
        .iter()
        .filter_map(|task| match &task.kind {
            crate::book::TaskKind::Step { key, .. } => Some((key.occurrence, key.ordinal)),
            _ => None,
        })
        .collect();
    keys.dedup();
    assert_eq!(keys.len(), 10);
}
