//! What somebody wrote by hand follows no form and no correction: it is named. What is only written again is no edit.

use super::*;
use crate::book::TaskKind;
use crate::door::reply::{Outcome, Spread};
use crate::door::{Reply, Request};

/// A form that stands in a line of its own and behind a currency.
const OPENING: &str = r#"
id = "kai"
title = "开团"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "lines"
by = "D0 09:00"
[[ask]]
key = "价格"
type = "money"
by = "D0 09:00"
[[step]]
id = "open"
at = "D0 10:00"
until = "D0 20:00"
via = "group"
text = ["今日开团\n{{ 商品 }}\n要的接龙"]
[[step]]
id = "price"
at = "D0 10:00"
until = "D0 20:00"
via = "group"
text = ["{{ 价格 }}元一箱"]
[[step]]
id = "prepare"
at = "D0 10:00"
until = "D0 20:00"
via = "internal"
parts = [{ notice = "备货 {{ 价格 }}" }]
"#;

const GOODS: &str = "鸡蛋 39.9\n苹果 20";

fn fill(book: &mut Book, key: &str, value: &str) -> Outcome {
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    let (playbook, key) = (PlaybookId("kai".into()), key.to_owned());
    book.desk.run(Command::Fill { playbook, run, group: None, key, value: value.into() }).unwrap()
}

/// Three groups, and their tasks of a step.
fn opened(step: &str) -> (Book, Vec<TaskId>) {
    let mut book = Book::new();
    book.no_rules();
    for name in ["一群", "二群", "三群"] {
        book.group(name);
    }
    book.sop(OPENING);
    book.tick_at("2026-11-22 09:00");
    fill(&mut book, "商品", GOODS);
    fill(&mut book, "价格", "39.9元");
    book.tick_at("2026-11-22 10:01");
    let is = |task: &Task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == step);
    let tasks = book.tasks().into_iter().filter(is).map(|task| task.id).collect();
    (book, tasks)
}

fn spread(book: &mut Book, task: TaskId) -> Spread {
    match book.desk.ask(Request::Spread(task)) {
        Reply::Spread(spread) => spread,
        other => panic!("{other:?}"),
    }
}

fn task(book: &Book, id: TaskId) -> Task {
    book.desk.desk.store().task(id).unwrap().unwrap()
}

fn shown(book: &Book, id: TaskId) -> String {
    let text = book.desk.desk.task_text(&task(book, id)).unwrap();
    text.parts.into_iter().map(|part| part.copy.unwrap_or(part.show)).collect()
}

fn rewrite(book: &mut Book, task: TaskId, text: &str) -> Outcome {
    let verb = TaskVerb::Rewrite { text: Some(text.to_owned()) };
    book.desk.run(Command::Task { tasks: vec![task], verb }).unwrap()
}

const SENT: TaskVerb = TaskVerb::Sent { at: None, also: false };

#[test]
fn an_amount_is_taken_without_its_currency_and_that_is_said() {
    let (mut book, tasks) = opened("price");
    assert_eq!(shown(&book, tasks[0]), "39.9元一箱");
    assert_eq!(fill(&mut book, "价格", "￥1,039.90").words, "已填 价格: 按 1039.90 记");
    assert_eq!(shown(&book, tasks[0]), "1039.90元一箱");
    assert_eq!(fill(&mut book, "价格", "36").words, "已填 价格");
    assert_eq!(fill(&mut book, "价格", "36块").words, "价格 没有变化");
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    let playbook = PlaybookId("kai".into());
    let key = "价格".to_owned();
    let wrong = Command::Fill { playbook, run, group: None, key, value: "36元/箱".into() };
    assert_eq!(book.desk.run(wrong).unwrap_err().words, "36元/箱 不是金额");
}

#[test]
fn what_is_done_at_the_desk_is_called_no_announcement() {
    let (book, tasks) = opened("prepare");
    assert_eq!(shown(&book, tasks[0]), "备货 39.9");
}

#[test]
fn the_draft_of_a_correction_has_the_lines_of_what_was_said() {
    let (mut book, tasks) = opened("open");
    book.verb(tasks[0], SENT);
    let draft = spread(&mut book, tasks[0]);
    assert_eq!(draft.text, "今日开团\n鸡蛋 39.9\n苹果 20\n要的接龙");
    assert_eq!(draft.filled, "鸡蛋 39.9 苹果 20");
}

#[test]
fn what_is_written_again_as_it_was_is_no_edit() {
    let (mut book, tasks) = opened("open");
    let said = shown(&book, tasks[0]);
    for same in [said.as_str(), "今日开团\n{{ 商品 }}\n要的接龙\n"] {
        let words = rewrite(&mut book, tasks[0], same).words;
        assert_eq!((words.as_str(), task(&book, tasks[0]).status.edited), ("一群 没有变化", None));
    }
    rewrite(&mut book, tasks[0], "先看");
    assert!(task(&book, tasks[0]).status.edited.is_some());
    rewrite(&mut book, tasks[0], &said);
    assert_eq!(task(&book, tasks[0]).status.edited, None, "it is its own text again");
    book.verb(tasks[0], SENT);
    assert_eq!(spread(&mut book, tasks[1]).got, 1);
}

#[test]
fn what_was_edited_by_hand_is_named_where_an_answer_or_a_text_is_put_right() {
    let (mut book, tasks) = opened("open");
    for at in [0, 1] {
        rewrite(&mut book, tasks[at], "先看\n鸡蛋 39.9\n苹果 20");
    }
    rewrite(&mut book, tasks[2], "先看\n鸡蛋 29.9\n苹果 20");
    book.verb(tasks[1], SENT);
    let (open, sent) = (tasks[0].short(), tasks[1].short());
    assert_eq!(
        fill(&mut book, "商品", "鸡蛋 29.9\n苹果 20").words,
        format!(
            "已填 商品; 1 条手改过的没有跟着改: 一群 (看: /id:{open}); \
             1 条手改后发出, 不知写的是不是新的: 二群 (看: /id:{sent})"
        ),
        "the third says it already"
    );
    book.desk.run(Command::Undo { act: None }).unwrap();

    // of a text that was not edited it is told apart
    for task in [tasks[0], tasks[2]] {
        book.verb(task, TaskVerb::Rewrite { text: None });
    }
    rewrite(&mut book, tasks[0], "先看，鸡蛋今天 39.9");
    let told = spread(&mut book, tasks[2]);
    assert_eq!((told.pending, told.got), (1, 0));
    let edited: Vec<(&str, bool, &str)> =
        told.edited.iter().map(|of| (of.name.as_str(), of.at.is_some(), of.said.as_str())).collect();
    assert_eq!(edited, [("一群", false, "先看，鸡蛋今天 39.9"), ("二群", true, "先看 鸡蛋 39.9 苹果 20")]);
    let correct = Command::Correct { task: tasks[2], text: "对".into(), notice: None, part: None };
    book.desk.run(correct).unwrap();
    assert_eq!(shown(&book, tasks[0]), "先看，鸡蛋今天 39.9", "it is left as it was written");
    book.desk.restart();
}
