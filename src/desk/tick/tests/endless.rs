//! What could go on for ever does not: it ends, or waits, and says so.

use super::*;
use crate::door::command::ObjectRef;
use crate::door::form::Field;
use crate::door::{Reply, Request};
use crate::store::columns::enrolment::RunState;

/// A marketing step each day, for whoever is put in.
const DAILY: &str = r#"
id = "daily"
title = "每天"
for = "member"
class = "marketing"
start = { on = "by-hand" }
[[step]]
id = "say"
at = "D0..D364 10:00"
via = "private"
text = ["好"]
"#;

fn enrolled(rules: &str, toml: &str) -> (Book, MemberId) {
    let mut book = Book::new();
    book.desk.run(Command::SetRules { toml: format!("zone = \"Asia/Shanghai\"\n{rules}") }).unwrap();
    book.sop(toml);
    let member = book.member("张三");
    book.befriend(member);
    let enrol = Command::Enrol {
        playbook: PlaybookId("daily".to_owned()),
        targets: vec![Target::Member(member)],
        filter: String::new(),
        anchor: None,
        dry_run: false,
    };
    book.desk.run(enrol).unwrap();
    (book, member)
}

/// Ticks whenever the desk asks for it, up to a day; how often it did anything but turn a day.
fn ticks_to(book: &mut Book, day: &str) -> u32 {
    let end = crate::desk::testing::at(&format!("{day} 23:59"));
    let (mut wrote, mut now) = (0, book.desk.now().wall);
    for _ in 0..2_000 {
        let before = book.desk.desk.store().end().seq;
        book.desk.tick();
        wrote += u32::from(book.desk.desk.store().end().seq > before);
        match book.desk.last.wake_at.filter(|at| *at <= end) {
            Some(at) => now = at.max(Timestamp(now.0 + 1)),
            None => return wrote,
        }
        book.desk.at_time(now);
    }
    panic!("the desk wakes for ever");
}

fn why(book: &mut Book, member: MemberId) -> String {
    let Reply::Why(coming) = book.desk.ask(Request::Why(Target::Member(member))) else { panic!("no answer") };
    coming.into_iter().map(|round| round.why).collect()
}

#[test]
fn a_cap_that_is_never_free_holds_and_says_so() {
    // one a month, and one is open that nobody sends
    let cap = "[[cap]]\nscope = \"member\"\nn = 1\nper = \"month\"\n";
    let (mut book, member) = enrolled(cap, DAILY);
    let wrote = ticks_to(&mut book, "2026-12-20");
    assert_eq!(book.open().len(), 1);
    assert!(why(&mut book, member).contains("本月 1/1"), "{}", why(&mut book, member));
    assert!(wrote < 60, "{wrote}");
    let refused = book.desk.run(Command::SetRules {
        toml: "zone = \"Asia/Shanghai\"\n[[cap]]\nscope = \"member\"\nn = 0\nper = \"day\"\n".to_owned(),
    });
    let refused = refused.unwrap_err();
    assert!(refused.words.contains("1 起的数"), "{refused:?}");
    assert_eq!(refused.line, Some(4));
}

#[test]
fn hours_that_are_always_quiet_hold_and_are_looked_at_again_now_and_then() {
    let (mut book, member) = enrolled("", DAILY);
    let fields = vec![(Field::Quiet, "00:00-24:00".to_owned())];
    book.desk.run(Command::Edit { objects: vec![ObjectRef::Member(member)], fields }).unwrap();
    let wrote = ticks_to(&mut book, "2026-12-20");
    assert!(book.tasks().is_empty());
    assert_eq!(why(&mut book, member), "永不: 免打扰没有空档 (张三 00:00-24:00)");
    assert!(wrote < 20, "{wrote}");
}

/// Rounds that began; one that did not is there only to say so.
fn rounds(book: &Book) -> usize {
    let enrolments = &book.desk.desk.store().columns.enrolments;
    enrolments.iter().filter(|(_, _, of)| of.state != RunState::Stopped).count()
}

#[test]
fn playbooks_that_start_each_other_stop_for_the_day() {
    let round = |id: &str, next: &str| {
        format!(
            "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"service\"\nstart = {{ on = \"by-hand\" }}\n\
             [[step]]\nid = \"note\"\nat = \"D0 +1m\"\nvia = \"internal\"\nif = \"tag:没有\"\nnote = \"看看\"\n\
             [[end]]\nwhen = \"finished\"\nthen = [\"start:{next}\"]\n"
        )
    };
    let (mut book, member) = enrolled("", &round("daily", "other"));
    book.sop(&round("other", "daily"));
    ticks_to(&mut book, "2026-11-22");
    let first_day = rounds(&book);
    assert!((3..=8).contains(&first_day), "{first_day}");
    ticks_to(&mut book, "2026-11-24");
    assert!(rounds(&book) <= 3 * 8, "{}", rounds(&book));
    // and where they stopped is said, once
    let why = why(&mut book, member);
    assert_eq!(why.matches("已停止: 几份 SOP 转成一圈，当天已进 3 次").count(), 1, "{why}");
    assert_eq!(why.matches("已走完").count(), rounds(&book));
}

#[test]
fn playbooks_that_begin_with_what_they_change_stop_for_the_day() {
    let round = |id: &str, start: &str, then: &str| {
        format!(
            "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"service\"\nstart = {{ {start} }}\n\
             [[step]]\nid = \"note\"\nat = \"D0 +0m\"\nvia = \"internal\"\nif = \"tag:没有\"\nnote = \"看看\"\n\
             [[end]]\nwhen = \"finished\"\nthen = [{then}]\n"
        )
    };
    let alone = [round("daily", "on = \"tag\", tag = \"甲\"", "\"-tag:甲\", \"tag:甲\"")];
    let two = [
        round("daily", "on = \"tag\", tag = \"甲\"", "\"tag:乙\", \"-tag:甲\""),
        round("other", "on = \"tag\", tag = \"乙\"", "\"tag:甲\", \"-tag:乙\""),
    ];
    let stages = [
        round("daily", "on = \"stage\", stage = \"active\"", "\"stage:silent\""),
        round("other", "on = \"stage\", stage = \"silent\"", "\"stage:active\""),
    ];
    for (playbooks, field, value) in [
        (&alone[..], Field::Tags, "甲"),
        (&two[..], Field::Tags, "甲"),
        (&stages[..], Field::Stage, "active"),
    ] {
        let mut book = Book::new();
        book.no_rules();
        for toml in playbooks {
            book.sop(toml);
        }
        let member = book.member("张三");
        let begin = |book: &mut Book, value: &str| {
            let fields = vec![(field, value.to_owned())];
            book.desk.run(Command::Edit { objects: vec![ObjectRef::Member(member)], fields }).unwrap();
        };
        begin(&mut book, value);
        ticks_to(&mut book, "2026-11-22");
        let first_day = rounds(&book);
        assert!((2..=8).contains(&first_day), "{first_day}");
        // what a human does begins one as ever
        begin(&mut book, "");
        begin(&mut book, value);
        assert_eq!(rounds(&book), first_day + 1);
        ticks_to(&mut book, "2026-11-24");
        assert!(rounds(&book) <= 2 * 9, "{}", rounds(&book));
    }
}

#[test]
fn a_clock_set_back_fires_nothing_twice_and_one_set_forward_loses_nothing() {
    let (mut book, _) = enrolled("", DAILY);
    book.tick_at("2026-11-22 10:00");
    book.tick_at("2026-11-23 10:00");
    assert_eq!(book.tasks().len(), 2);
    let back = |book: &mut Book, when: &str| {
        // the clock of the day moves, the one since the start does not
        book.desk.set_clock(when);
        book.desk.tick();
    };
    back(&mut book, "2026-11-22 09:00");
    assert!(book.desk.desk.tick.held.is_some());
    book.desk.run(Command::ConfirmClock).unwrap();
    book.desk.tick();
    assert!(book.open().is_empty(), "neither is due yet");
    book.tick_at("2026-11-22 10:00");
    book.tick_at("2026-11-23 10:00");
    assert_eq!(book.open().len(), 2, "both came at their time, once");
    back(&mut book, "2026-11-26 12:00");
    assert_eq!(book.open().len(), 2, "a clock set forward asks first");
    book.desk.run(Command::ConfirmClock).unwrap();
    book.desk.tick();
    assert_eq!(book.open().len(), 5);
    book.desk.restart();
}
