//! A text of several parts of which one is ticked: that part stands as it was said, and who got it is told and named.

use super::*;
use crate::book::{SkipReason, TaskKind};
use crate::door::reply::{Outcome, Spread};
use crate::door::{Reply, Request};

const DEAL: &str = r#"
id = "deal"
title = "团购"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "lines"
by = "D0 09:00"
[[step]]
id = "open"
at = "D0 10:00"
until = "D0 20:00"
via = "group"
parts = [{ text = ["今日开团\n{{ 商品 }}"] }, { jielong = "{{ 商品 }}" }]
"#;

const SENT: TaskVerb = TaskVerb::Sent { at: None, also: false };
const FIRST: TaskVerb = TaskVerb::Part { part: 0 };

fn fill(book: &mut Book, value: &str) -> Outcome {
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    let (playbook, key) = (PlaybookId("deal".into()), "商品".to_owned());
    book.desk.run(Command::Fill { playbook, run, group: None, key, value: value.into() }).unwrap()
}

/// Three groups that are told a price, of which the first was told it in part.
fn deal() -> (Book, Vec<TaskId>) {
    let mut book = Book::new();
    book.no_rules();
    for name in ["一群", "二群", "三群"] {
        book.group(name);
    }
    book.sop(DEAL);
    book.tick_at("2026-11-22 09:00");
    fill(&mut book, "鸡蛋 39.9");
    book.tick_at("2026-11-22 10:01");
    let is = |task: &Task| matches!(task.kind, TaskKind::Step { .. });
    let tasks: Vec<TaskId> = book.tasks().into_iter().filter(is).map(|task| task.id).collect();
    book.verb(tasks[0], FIRST);
    (book, tasks)
}

fn task(book: &Book, id: TaskId) -> Task {
    book.desk.desk.store().task(id).unwrap().unwrap()
}

/// What the parts of a task say.
fn said(book: &Book, id: TaskId) -> Vec<String> {
    let text = book.desk.desk.task_text(&task(book, id)).unwrap();
    text.parts.iter().map(|part| part.said().unwrap_or_default().to_owned()).collect()
}

fn spread(book: &mut Book, task: TaskId) -> Spread {
    match book.desk.ask(Request::Spread(task)) {
        Reply::Spread(spread) => spread,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_part_that_was_ticked_stands_as_it_was_said() {
    let (mut book, tasks) = deal();
    let filled = fill(&mut book, "鸡蛋 29.9").words;
    let id = tasks[0].short();
    assert_eq!(filled, format!("已填 商品; 1 个群已按 鸡蛋 39.9 发出, 更正: 在已发的那条上按 ! (/id:{id})"));
    assert_eq!(said(&book, tasks[0]), ["今日开团\n鸡蛋 39.9", "鸡蛋 29.9"]);
    assert_eq!(said(&book, tasks[1]), ["今日开团\n鸡蛋 29.9", "鸡蛋 29.9"]);
    assert_eq!(task(&book, tasks[1]).status.copied, [], "nothing was said of it");
    book.desk.restart();
    assert_eq!(said(&book, tasks[0])[0], "今日开团\n鸡蛋 39.9", "also from the journal");
    assert_eq!(fill(&mut book, "鸡蛋 39.9").words, "已填 商品", "that is what it got");
    fill(&mut book, "鸡蛋 29.9");

    // the record says of each part what was said of it
    book.verb(tasks[0], SENT);
    assert_eq!(said(&book, tasks[0]), ["今日开团\n鸡蛋 39.9", "鸡蛋 29.9"]);
    assert_eq!(task(&book, tasks[0]).status.copied, [], "the record has it");
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(said(&book, tasks[0]), ["今日开团\n鸡蛋 39.9", "鸡蛋 29.9"]);

    // what ends unsent was said in part all the same
    let skip = TaskVerb::Skip { reason: SkipReason::Other, words: String::new() };
    book.verb(tasks[0], skip);
    assert_eq!(spread(&mut book, tasks[0]).got, 1);
    for _ in 0..4 {
        book.desk.run(Command::Undo { act: None }).unwrap();
    }
    assert_eq!((task(&book, tasks[0]).status.parts_done, said(&book, tasks[0]).len()), (1, 2));
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!((task(&book, tasks[0]).status.parts_done, task(&book, tasks[0]).status.copied), (0, vec![]));
    assert_eq!(fill(&mut book, "鸡蛋 29.9").words, "已填 商品", "nobody was told anything");
    assert_eq!(said(&book, tasks[0])[0], "今日开团\n鸡蛋 29.9");
    book.desk.restart();
}

#[test]
fn who_was_told_in_part_is_corrected() {
    let (mut book, tasks) = deal();
    let told = spread(&mut book, tasks[1]);
    assert_eq!((told.pending, told.got, told.filled.as_str()), (2, 1, "鸡蛋 39.9"));
    assert_eq!(told.named[0].name, "一群");
    // put right in the form: nobody is to say it any more
    fill(&mut book, "鸡蛋 29.9");
    let told = spread(&mut book, tasks[0]);
    assert_eq!((told.pending, told.got, told.filled.as_str()), (0, 1, "鸡蛋 39.9"));
    assert_eq!(told.text, "今日开团\n鸡蛋 29.9");
    assert_eq!((spread(&mut book, tasks[1]).got, spread(&mut book, tasks[1]).others), (0, 1));
    book.desk.run(Command::Undo { act: None }).unwrap();

    let text = "今日开团\n鸡蛋 29.9".to_owned();
    book.desk.run(Command::Halt { task: tasks[1] }).unwrap();
    let held = |book: &Book| tasks.iter().filter(|id| task(book, **id).status.held.is_some()).count();
    assert_eq!(held(&book), 2, "of the first nothing wrong is to be said any more");
    let correct =
        Command::Correct { task: tasks[1], text, notice: Some("更正：29.9".to_owned()), part: None };
    let outcome = book.desk.run(correct).unwrap();
    assert_eq!((outcome.words.as_str(), outcome.made.len()), ("已改 2 条待发，1 条更正待发给已收到的人", 1));
    assert_eq!(held(&book), 0);
    let correction = book.open().into_iter().find(|task| matches!(task.kind, TaskKind::Correction { .. }));
    assert_eq!(correction.map(|correction| correction.target), Some(task(&book, tasks[0]).target));
    assert_eq!(said(&book, tasks[0])[0], "今日开团\n鸡蛋 39.9");
    assert_eq!(said(&book, tasks[1])[0], "今日开团\n鸡蛋 29.9");
    book.desk.restart();
}
