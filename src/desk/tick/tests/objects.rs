//! What is said of many objects at once is done in slices: fields, notes, pauses.

use super::works::{CALLED, begin, called, differ, end, undo};
use super::*;
use crate::book::{ObjectId, TaskKind};
use crate::door::command::ObjectRef;
use crate::door::form::Field;
use crate::door::reply::Outcome;
use crate::queue::order::Owner;
use crate::store::columns::task::TaskSort;
use crate::store::keys;

fn members(book: &Book) -> Vec<MemberId> {
    book.desk.desk.store().columns.members.iter().map(|(_, id, _)| id).collect()
}

/// Stage, notes and pause of every member.
fn stands(book: &Book) -> Vec<String> {
    let store = book.desk.desk.store();
    let of = |id: MemberId| {
        let member = store.member(id).unwrap().unwrap();
        let notes: Vec<(String, String)> =
            store.bodies.list(&keys::notes(ObjectId::Member(id)), usize::MAX).unwrap();
        let paused = store.columns.paused.get(&Target::Member(id));
        let follow = |row: &u32| {
            let task = store.columns.tasks.get(*row);
            task.is_some_and(|task| task.sort == TaskSort::FollowUp && task.state.is_open())
        };
        let owner = store.columns.members.row(id).map(Owner::member).unwrap();
        let followed = store.columns.queue.of(owner).filter(follow).count();
        format!("{} {:?} {notes:?} {paused:?} {followed}", member.name, member.stage)
    };
    members(book).into_iter().map(of).collect()
}

/// Carried out in slices, undone as one, undone in the middle and done again, cut off in the middle: each has it once.
fn check(book: &mut Book, command: &Command, words: &str) {
    let before = stands(book);
    let tag = begin(book, command.clone());
    let outcome = end(book, tag);
    assert_eq!(outcome.words, words);
    let after = stands(book);
    let changed = before.iter().zip(&after).filter(|(one, other)| one != other).count();
    assert_eq!(changed, CALLED);
    undo(book, &outcome);
    assert_eq!(differ(&stands(book), &before), None, "undone");

    begin(book, command.clone());
    let act = book.desk.desk.store.columns.works[0].act;
    book.desk.run_as("小李", Command::Undo { act: Some(act) }).unwrap();
    book.desk.tick();
    assert_eq!(differ(&stands(book), &before), None, "undone in the middle");
    book.desk.run_as("小李", Command::Redo).unwrap();
    book.desk.tick();
    assert_eq!(differ(&stands(book), &after), None, "done again");
    undo(book, &Outcome { act: Some(act), ..Outcome::default() });

    begin(book, command.clone());
    book.desk.restart();
    assert!(!book.desk.desk.store.columns.works.is_empty());
    book.desk.tick();
    assert_eq!(differ(&stands(book), &after), None, "after a crash");
}

#[test]
fn many_get_a_field() {
    let mut book = called();
    let objects: Vec<ObjectRef> = members(&book).into_iter().map(ObjectRef::Member).collect();
    let wrong = Command::Edit { objects: objects.clone(), fields: vec![(Field::Stage, "很好".to_owned())] };
    let before = stands(&book);
    assert_eq!(book.desk.run(wrong).unwrap_err().field, Some(Field::Stage));
    assert_eq!(differ(&stands(&book), &before), None, "what cannot be read changes nothing");
    let command =
        Command::Edit { objects: objects.clone(), fields: vec![(Field::Stage, "沉默".to_owned())] };
    check(&mut book, &command, "修改 客0 等 1500 个: 阶段");
    let same = book.desk.run(command).unwrap();
    assert_eq!((same.words.as_str(), same.act), ("客0 没有变化", None));
    // one that cannot have it leaves the others as they were told to be
    book.desk.run(Command::Archive { object: objects[7] }).unwrap();
    let fields = vec![(Field::Stage, "活跃".to_owned())];
    let outcome = book.desk.run(Command::Edit { objects, fields }).unwrap();
    assert!(outcome.warnings.iter().any(|words| words.starts_with("1 条没动: 客7")), "{outcome:?}");
}

#[test]
fn many_get_a_note() {
    let mut book = called();
    let on = members(&book).into_iter().map(ObjectId::Member).collect();
    let command = Command::Note { on, text: "回访过".to_owned() };
    check(&mut book, &command, "备注 客0 等 1500 个");
}

#[test]
fn many_are_followed_up() {
    let mut book = called();
    let on = members(&book).into_iter().map(ObjectId::Member).collect();
    let at = crate::desk::testing::at("2026-11-25 10:00");
    let command = Command::FollowUp { on, words: "回访".to_owned(), at };
    check(&mut book, &command, "跟进 客0 等 1500 个: 回访  11-25 10:00 到期");
    let own = |task: &&Task| matches!(task.kind, TaskKind::FollowUp { .. });
    assert_eq!(book.open().iter().filter(own).count(), CALLED, "each has one");
}

#[test]
fn many_are_paused() {
    let mut book = called();
    let targets: Vec<Target> = members(&book).into_iter().map(Target::Member).collect();
    let command = Command::Pause { targets: targets.clone(), until: None };
    check(&mut book, &command, "暂停 客0 等 1500 个; 已到点的 1500 条还在待发里，不发的用 x 跳过");
    let again = book.desk.run(command).unwrap_err();
    assert!(again.words.contains("已经暂停"), "{}", again.words);
    let outcome = book.desk.run(Command::Unpause { targets }).unwrap();
    assert_eq!(outcome.words, "恢复发送 客0 等 1500 个");
}
