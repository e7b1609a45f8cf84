//! What begins a playbook.

use super::*;
use crate::door::{Reply, Request};
use crate::store::record::{Change, Edited};

/// A playbook for members with one private step a minute after its anchor.
fn after(id: &str, start: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"service\"\nstart = {{ {start} }}\n\
         [[step]]\nid = \"say\"\nat = \"D0 +1m\"\nvia = \"private\"\ntext = [\"{id}\"]\n"
    )
}

fn edit(book: &mut Book, member: MemberId, field: &str, before: &str, after: &str) {
    let change = Change { field: field.into(), before: before.into(), after: after.into() };
    book.stage(Body::Edited { object: Edited::Member(member), changes: vec![change] });
}

/// How many messages of a playbook were owed so far.
fn owed(book: &mut Book, minutes: i64, id: &str) -> usize {
    let at = Timestamp(book.desk.now().wall.0 + minutes * crate::book::time::MINUTE);
    book.tick_at(&at.local(chrono_tz::Tz::Asia__Shanghai).format("%Y-%m-%d %H:%M").to_string());
    let of =
        |task: &Task| matches!(&task.kind, crate::book::TaskKind::Step { key, .. } if key.playbook.0 == id);
    book.tasks().iter().filter(|task| of(task)).count()
}

fn book(toml: &[String]) -> (Book, MemberId) {
    let mut book = Book::new();
    book.no_rules();
    for toml in toml {
        book.sop(toml);
    }
    let member = book.member("张三");
    book.befriend(member);
    (book, member)
}

#[test]
fn a_tag_gained_begins_and_one_that_was_there_does_not() {
    let (mut book, member) = book(&[after("hot", "on = \"tag\", tag = \"意向\"")]);
    edit(&mut book, member, "tags", "", "宝妈");
    assert_eq!(owed(&mut book, 2, "hot"), 0);
    edit(&mut book, member, "tags", "宝妈", "宝妈,意向");
    assert_eq!(owed(&mut book, 2, "hot"), 1);
    edit(&mut book, member, "tags", "宝妈,意向", "意向");
    edit(&mut book, member, "tags", "意向", "");
    assert_eq!(owed(&mut book, 2, "hot"), 1);
    book.tick_at("2026-11-24 09:00");
    edit(&mut book, member, "tags", "", "意向");
    assert_eq!(owed(&mut book, 2, "hot"), 2, "gained a second time");
}

#[test]
fn a_stage_entered_and_a_first_purchase_begin_once() {
    let (mut book, member) = book(&[
        after("vip", "on = \"stage\", stage = \"repeat\""),
        after("first", "on = \"first-purchase\""),
    ]);
    edit(&mut book, member, "stage", "", "repeat");
    let now = book.desk.now().wall;
    book.happened(member, ActivityKind::Bought, None, true, now);
    assert_eq!((owed(&mut book, 2, "vip"), owed(&mut book, 0, "first")), (1, 1));
    let now = book.desk.now().wall;
    book.happened(member, ActivityKind::Bought, None, true, now);
    assert_eq!(owed(&mut book, 2, "first"), 1, "the second is not the first");
}

#[test]
fn a_later_purchase_begins_anew_and_ends_the_round_before() {
    let toml = after("again", "on = \"last-purchase\"").replace("D0 +1m", "D3 10:00");
    let (mut book, member) = book(&[toml]);
    let bought = |book: &mut Book| {
        let now = book.desk.now().wall;
        book.happened(member, ActivityKind::Bought, None, true, now);
    };
    bought(&mut book);
    book.tick_at("2026-11-24 12:00");
    bought(&mut book);
    book.tick_at("2026-11-25 12:00");
    assert_eq!(owed(&mut book, 0, "again"), 0, "three days count from the last");
    book.tick_at("2026-11-27 10:00");
    assert_eq!(owed(&mut book, 0, "again"), 1);
    let Reply::Why(rounds) = book.desk.ask(Request::Why(Target::Member(member))) else { panic!("no rounds") };
    assert!(rounds.iter().any(|round| round.why == "已停止: 有了新的一次，重新算"), "{rounds:?}");
}

#[test]
fn what_a_playbook_sends_does_not_begin_it_again() {
    let (mut book, member) =
        book(&[after("care", "on = \"last-touch\""), after("hello", "on = \"last-reply\"")]);
    let now = book.desk.now().wall;
    book.happened(member, ActivityKind::Replied, None, true, now);
    assert_eq!(owed(&mut book, 2, "hello"), 1);
    let sent = || TaskVerb::Sent { at: None, also: false };
    let first = book.open()[0].id;
    book.verb(first, sent());
    assert_eq!(owed(&mut book, 2, "care"), 1, "another playbook's message is a touch");
    let second = book.open()[0].id;
    book.verb(second, sent());
    assert_eq!(owed(&mut book, 2, "care"), 1);
}

#[test]
fn a_streak_begins_when_it_is_long_enough_also_when_a_day_is_told_late() {
    let (mut book, member) = book(&[after("medal", "on = \"checkin-streak\", k = 3")]);
    let day = |n: i64| Timestamp(n * 24 * crate::book::time::HOUR);
    let begun = book.desk.now().wall;
    let checks_in = |book: &mut Book, n: i64| {
        let at = Timestamp(begun.0 + day(n).0);
        book.happened(member, ActivityKind::CheckedIn, None, false, at);
    };
    checks_in(&mut book, 0);
    book.tick_at("2026-11-24 12:00");
    checks_in(&mut book, 2);
    assert_eq!(owed(&mut book, 2, "medal"), 0);
    checks_in(&mut book, 1);
    assert_eq!(owed(&mut book, 2, "medal"), 1);
    book.tick_at("2026-11-25 12:00");
    checks_in(&mut book, 3);
    assert_eq!(owed(&mut book, 2, "medal"), 1, "a longer streak is the same one");
}

#[test]
fn a_group_made_by_hand_begins_what_new_groups_get() {
    let toml = after("fresh", "on = \"group-created\"")
        .replace("\"member\"", "\"group\"")
        .replace("private", "group");
    let (mut book, _) = book(&[toml]);
    book.group("新群");
    assert_eq!(owed(&mut book, 2, "fresh"), 1);
}

#[test]
fn playbooks_that_come_after_each_other_go_round_a_few_times_and_stop() {
    let (mut book, member) = book(&[
        after("one", "on = \"after\", playbook = \"two\""),
        after("two", "on = \"after\", playbook = \"one\""),
        after("begin", "on = \"last-reply\"") + "[[end]]\nwhen = \"finished\"\nthen = [\"start:one\"]\n",
    ]);
    let now = book.desk.now().wall;
    book.happened(member, ActivityKind::Replied, None, true, now);
    for _ in 0..40 {
        owed(&mut book, 3, "one");
        for task in book.open() {
            book.verb(task.id, TaskVerb::Sent { at: None, also: false });
        }
    }
    let (one, two) = (owed(&mut book, 1, "one"), owed(&mut book, 1, "two"));
    assert!((1..=3).contains(&one) && (1..=3).contains(&two), "{one} {two}");
}

#[test]
fn days_missed_begin_when_they_are_over_and_a_check_in_after_midnight_still_counts() {
    let toml =
        after("missed", "on = \"checkin-missed\", days = 2").replace("class", "day_ends = \"02:00\"\nclass");
    let (mut book, member) = book(&[toml.replace("D0 +1m", "D0 10:00")]);
    let now = book.desk.now().wall;
    let checks_in = |book: &mut Book, at: Timestamp| {
        book.happened(member, ActivityKind::CheckedIn, None, false, at);
    };
    checks_in(&mut book, now);
    book.tick_at("2026-11-24 23:00");
    assert_eq!(owed(&mut book, 0, "missed"), 0, "the second day is not over");
    book.tick_at("2026-11-25 00:30");
    let at = book.desk.now().wall;
    checks_in(&mut book, at);
    book.tick_at("2026-11-25 11:00");
    assert_eq!(owed(&mut book, 0, "missed"), 0, "half past midnight was still the day before");
    book.tick_at("2026-11-27 11:00");
    assert_eq!(owed(&mut book, 0, "missed"), 1);
    book.tick_at("2026-11-28 11:00");
    assert_eq!(owed(&mut book, 0, "missed"), 1, "once for one gap");
}
