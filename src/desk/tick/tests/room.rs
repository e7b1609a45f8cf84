//! A place under a cap that becomes free is taken by who waits for it, however it became free.

use super::limits::limit;
use super::plans::sop;
use super::rules::{book, enrol};
use super::*;
use crate::book::{Channel, Health, SkipReason};
use crate::desk::testing::at;
use crate::door::command::{Held, ObjectRef};
use crate::door::form::Field;

fn cap(scope: &str, n: u32) -> String {
    format!("[[cap]]\nscope = \"{scope}\"\nn = {n}\nper = \"day\"\n")
}

/// Names of what is open by step and target, sorted.
fn open(book: &Book) -> Vec<String> {
    let mut open = book.state().0;
    open.sort();
    open
}

fn task(book: &Book, what: &str) -> TaskId {
    let columns = &book.desk.desk.store().columns;
    let is = |task: &&Task| {
        let crate::book::TaskKind::Step { key, .. } = &task.kind else { return false };
        format!("{} {}", key.step, columns.target_name(task.target)) == what && task.status.state.is_open()
    };
    let found = book.open().iter().find(is).map(|task| task.id);
    found.unwrap_or_else(|| panic!("{what}: {:?}", book.state()))
}

fn skip(book: &mut Book, what: &str) {
    let id = task(book, what);
    book.verb(id, TaskVerb::Skip { reason: SkipReason::Unfit, words: String::new() });
}

#[test]
fn two_that_are_merged_make_room_for_a_third() {
    let mut book = book(&cap("member", 2));
    for id in ["m1", "m2", "m3"] {
        let start = "start = { on = \"by-hand\" }";
        book.sop(&sop(
            id,
            "member",
            "marketing",
            start,
            &[&format!("{id} | D0 10:00 | until = \"D0 20:00\"")],
        ));
        enrol(&mut book, id, &["张三"]);
    }
    book.tick_at("2026-11-22 10:00");
    let first = open(&book);
    assert_eq!((first.len(), book.state().1.len()), (2, 1), "{first:?}");
    let tasks = book.open().iter().map(|task| task.id).collect();
    book.desk.run(Command::Merge { tasks }).unwrap();
    book.desk.tick();
    assert_eq!(open(&book), ["m1 张三", "m2 张三", "m3 张三"]);
    book.desk.restart();
}

#[test]
fn what_was_sent_on_an_earlier_day_makes_room_on_this_one() {
    let mut book = book(&cap("member", 1));
    enrol(&mut book, "private", &["张三"]);
    book.tick_at("2026-11-22 10:01");
    book.tick_at("2026-11-23 10:00");
    assert_eq!(open(&book), ["a 张三"]);
    let first = task(&book, "a 张三");
    book.verb(first, TaskVerb::Sent { at: Some(at("2026-11-22 20:00")), also: false });
    book.desk.tick();
    assert_eq!(open(&book), ["b 张三"]);
}

/// Caps over an account, a playbook and the store are about anybody.
#[test]
fn a_place_that_one_leaves_is_taken_by_another() {
    for scope in ["account", "playbook", "store"] {
        for restarts in [false, true] {
            let mut book = book(&cap(scope, 1));
            enrol(&mut book, "private", &["张三", "李四"]);
            book.tick_at("2026-11-22 10:00");
            assert_eq!(open(&book), ["a 张三"], "{scope}");
            skip(&mut book, "a 张三");
            if restarts {
                // a command that finds no desk leaves without a tick
                book.desk.restart();
            }
            book.desk.tick();
            assert_eq!(open(&book), ["a 李四"], "{scope} {restarts}");
            // undone, both are there: what is open stays
            book.desk.run(Command::Undo { act: None }).unwrap();
            assert_eq!(open(&book), ["a 张三", "a 李四"], "{scope}");
        }
    }
}

#[test]
fn what_an_account_holds_makes_room() {
    let mut book = book(&cap("store", 1));
    enrol(&mut book, "private", &["张三"]);
    book.tick_at("2026-11-22 10:00");
    enrol(&mut book, "said", &["宠友1群"]);
    book.desk.tick();
    assert_eq!(open(&book), ["a 张三"]);
    limit(&mut book, Health::Limited { what: Channel::Private.word().to_owned(), until: None }, Held::Wait);
    book.desk.tick();
    assert_eq!(open(&book), ["a 宠友1群", "a 张三"]);
}

#[test]
fn who_is_excepted_waits_no_longer() {
    let mut book = book(&(cap("member", 1) + "except = \"tag:大客\"\n"));
    enrol(&mut book, "private", &["张三", "李四"]);
    book.tick_at("2026-11-22 10:01");
    assert_eq!(open(&book), ["a 张三", "a 李四"]);
    let target = book.open().iter().find(|task| task.id == self::task(&book, "a 张三")).unwrap().target;
    let Target::Member(member) = target else { panic!() };
    let fields = vec![(Field::Tags, "大客".to_owned())];
    book.desk.run(Command::Edit { objects: vec![ObjectRef::Member(member)], fields }).unwrap();
    book.desk.tick();
    assert_eq!(open(&book), ["a 张三", "a 李四", "b 张三"]);
}
