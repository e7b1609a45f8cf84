//! Texts put right again and again, edited by hand, sent and taken back, in any order.

use std::collections::BTreeMap;

use super::*;
use crate::book::TaskKind;
use crate::door::reply::Spread;
use crate::door::{Reply, Request};

fn spread(book: &mut Book, task: TaskId) -> Spread {
    match book.desk.ask(Request::Spread(task)) {
        Reply::Spread(spread) => spread,
        other => panic!("{other:?}"),
    }
}

fn corrects(task: TaskId, part: Option<u16>, text: &str, notice: Option<&str>) -> Command {
    Command::Correct { task, text: text.to_owned(), notice: notice.map(str::to_owned), part }
}

/// What the parts of a task say that are copied.
fn says(book: &Book, task: TaskId) -> Vec<String> {
    let task = book.desk.desk.store().task(task).unwrap().unwrap();
    book.desk.desk.task_text(&task).unwrap().parts.into_iter().filter_map(|part| part.copy).collect()
}

/// Five friends are owed a step of one text, or of two with a picture between.
fn owed(parts: &str) -> (Book, Vec<TaskId>) {
    let mut book = Book::new();
    book.no_rules();
    book.sop(&format!(
        "id = \"price\"\ntitle = \"报价\"\nfor = \"member\"\nclass = \"service\"\nstart = {{ on = \"added\" }}\n\
         [[step]]\nid = \"tell\"\nat = \"D0 +5m\"\nvia = \"private\"\n{parts}\n"
    ));
    for name in ["张三", "李四", "王五", "赵六", "钱七"] {
        let member = book.member(name);
        book.befriend(member);
    }
    book.tick_at("2026-11-22 09:06");
    let tasks = book.open().iter().map(|task| task.id).collect();
    (book, tasks)
}

const PARTS: &str =
    "parts = [{ text = [\"鸡蛋到了\"] }, { image = \"鸡蛋.jpg\" }, { text = [\"一盒 19.9\"] }]";

fn notices(book: &Book) -> Vec<Task> {
    let all = book.tasks().into_iter();
    all.filter(|task| {
        matches!(task.kind, TaskKind::Correction { .. }) && task.status.state != TaskState::Cancelled
    })
    .collect()
}

#[test]
fn a_second_text_is_put_right_although_the_first_was_edited_by_hand() {
    let (mut book, tasks) = owed(PARTS);
    for edited in [tasks[1], tasks[2]] {
        book.verb(edited, TaskVerb::Rewrite { text: Some("老朋友，鸡蛋到了".to_owned()) });
    }
    for sent in [tasks[0], tasks[2]] {
        book.verb(sent, TaskVerb::Sent { at: None, also: false });
    }
    book.desk.run(Command::Halt { task: tasks[3] }).unwrap();
    let done = book.desk.run(corrects(tasks[0], Some(2), "一盒 9.9", Some("是 9.9"))).unwrap();
    assert!(done.words.contains("已改 3 条") && done.words.contains("2 条更正"), "{}", done.words);
    assert_eq!(says(&book, tasks[1]), ["老朋友，鸡蛋到了", "一盒 9.9"]);
    assert_eq!(says(&book, tasks[4]), ["鸡蛋到了", "一盒 9.9"]);
    assert!(book.open().iter().all(|task| task.status.held.is_none()), "all are let go");
    let told: Vec<Target> = notices(&book).iter().map(|task| task.target).collect();
    let heard = |id: &TaskId| book.tasks().into_iter().find(|task| task.id == *id).unwrap().target;
    assert!(told.len() == 2 && [tasks[0], tasks[2]].iter().all(|id| told.contains(&heard(id))), "{told:?}");
    // the first text of the one that was edited is its own
    book.desk.run(corrects(tasks[0], Some(0), "鸭蛋到了", Some("是鸭蛋"))).unwrap();
    assert_eq!(says(&book, tasks[1]), ["老朋友，鸡蛋到了", "一盒 9.9"]);
    assert_eq!(says(&book, tasks[3]), ["鸭蛋到了", "一盒 9.9"]);
    (0..2).for_each(|_| drop(book.desk.run(Command::Undo { act: None }).unwrap()));
    assert_eq!(says(&book, tasks[1]), ["老朋友，鸡蛋到了", "一盒 19.9"]);
    book.desk.restart();
}

#[test]
fn what_is_no_text_says_how_it_is_put_right() {
    let (mut book, tasks) = owed(PARTS);
    let refused = book.desk.run(corrects(tasks[0], Some(1), "鸭蛋", None)).unwrap_err();
    for word in ["第 2 段不是文字", "鸡蛋.jpg", "在 SOP 里改", "compose"] {
        assert!(refused.words.contains(word), "{word}: {}", refused.words);
    }
    let refused = book.desk.run(corrects(tasks[0], Some(7), "鸭蛋", None)).unwrap_err();
    assert!(refused.words.contains("--part"), "{}", refused.words);
}

#[test]
fn the_right_text_is_written_from_the_newest_whichever_row_it_begins_at() {
    let (mut book, tasks) = owed("text = [\"鸡蛋 19.9\"]");
    book.verb(tasks[0], TaskVerb::Sent { at: None, also: false });
    for (text, pending) in [("鸡蛋 9.9", 4), ("鸭蛋 9.9", 0)] {
        book.desk
            .run(corrects(tasks[0], None, text, Some(&format!("抱歉，刚才那条有误，以这条为准：\n{text}"))))
            .unwrap();
        for task in tasks.iter().skip(1).take(4 - pending) {
            book.verb(*task, TaskVerb::Sent { at: None, also: false });
        }
        for task in &tasks {
            assert_eq!(spread(&mut book, *task).text, text);
        }
    }
    // where nobody but who got the first one is there, the 更正 says it
    let (mut book, tasks) = owed("text = [\"鸡蛋 19.9\"]");
    for task in &tasks {
        book.verb(*task, TaskVerb::Sent { at: None, also: false });
    }
    let notice = crate::door::choices::notice_draft("鸡蛋 9.9", crate::text::lang::Lang::ZhCn);
    book.desk.run(corrects(tasks[0], None, "鸡蛋 9.9", Some(&notice))).unwrap();
    assert_eq!(spread(&mut book, tasks[3]).text, "鸡蛋 9.9");
}

/// What a human does.
#[derive(Clone, Debug)]
enum Done {
    Corrected(String, Option<String>),
    Edited(TaskId),
    Sent,
    Halted,
}

/// The last text that was put right, and what the notices of it say where that was written.
fn corrected(done: &[Done]) -> Option<(&str, Option<&str>)> {
    done.iter().rev().find_map(|act| match act {
        Done::Corrected(text, notice) => Some((text.as_str(), notice.as_deref())),
        _ => None,
    })
}

/// What stands in the book, facts of screens and the notices that were taken back apart.
fn standing(book: &Book) -> BTreeMap<TaskId, TaskStatus> {
    let standing = book.tasks().into_iter().filter(|task| {
        !matches!(task.kind, TaskKind::Correction { .. }) || task.status.state != TaskState::Cancelled
    });
    standing.map(|task| (task.id, task.status.decided())).collect()
}

#[test]
fn in_whatever_order_texts_are_put_right_nobody_is_told_otherwise_or_twice() {
    for seed in 0..60 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (mut book, tasks) = owed("text = [\"版本零\"]");
        let beginning = standing(&book);
        let (mut done, mut undone): (Vec<Done>, Vec<Done>) = (Vec::new(), Vec::new());
        let mut history = Vec::new();
        for n in 1..=14 {
            book.desk.at_time(Timestamp(book.desk.now().wall.0 + 60_000));
            let edited: Vec<TaskId> = done
                .iter()
                .filter_map(|act| match act {
                    Done::Edited(task) => Some(*task),
                    _ => None,
                })
                .collect();
            let plain: Vec<TaskId> = tasks.iter().copied().filter(|task| !edited.contains(task)).collect();
            let open: Vec<Task> = book.open();
            let before = book.desk.desk.store.end().seq;
            let act = match rng.u32(..12) {
                0..4 if !plain.is_empty() => {
                    let notice = rng.bool().then(|| format!("以 {n} 为准"));
                    let (text, notice) = match corrected(&done).filter(|_| rng.u32(..3) == 0) {
                        // once more in the same words
                        Some((text, notice)) => (text.to_owned(), notice.map(str::to_owned)),
                        None => (format!("版本 {n}"), notice),
                    };
                    let from = *rng.choice(&plain).unwrap();
                    book.desk.run(corrects(from, None, &text, notice.as_deref())).unwrap();
                    Some(Done::Corrected(text, notice))
                }
                4..6 if !open.is_empty() => {
                    let task = rng.choice(&open).unwrap().id;
                    book.verb(task, TaskVerb::Sent { at: None, also: false });
                    Some(Done::Sent)
                }
                6 if !plain.is_empty() => {
                    let task = *rng.choice(&plain).unwrap();
                    let is_open = open.iter().any(|of| of.id == task);
                    is_open.then(|| {
                        book.verb(task, TaskVerb::Rewrite { text: Some(format!("自己写的 {n}")) });
                        Done::Edited(task)
                    })
                }
                7 if !plain.is_empty() => {
                    book.desk.run(Command::Halt { task: *rng.choice(&plain).unwrap() }).unwrap();
                    Some(Done::Halted)
                }
                8..10 => {
                    if let Some(last) = done.pop() {
                        book.desk.run(Command::Undo { act: None }).unwrap();
                        undone.push(last);
                    }
                    None
                }
                _ => {
                    let refused = book.desk.run(Command::Redo).is_err();
                    assert_eq!(refused, undone.is_empty(), "{seed}: {history:?}");
                    done.extend(undone.pop());
                    None
                }
            };
            let wrote = book.desk.desk.store.end().seq > before;
            if let Some(act) = act.filter(|_| wrote) {
                done.push(act);
                undone.clear();
            }
            history.push(format!("{n}: {done:?}"));
            let newest = corrected(&done).map(|(text, _)| text);
            let is_edited =
                |id: TaskId| done.iter().any(|act| matches!(act, Done::Edited(task) if *task == id));
            for task in book.open().iter().filter(|task| tasks.contains(&task.id) && !is_edited(task.id)) {
                assert_eq!(says(&book, task.id), [newest.unwrap_or("版本零")], "{seed}: {history:#?}");
            }
            let mut told: Vec<(Target, String)> = Vec::new();
            for notice in notices(&book) {
                let one = (notice.target, says(&book, notice.id).concat());
                assert!(!told.contains(&one), "{seed}: twice {one:?}: {history:#?}");
                told.push(one);
            }
        }
        for _ in 0..done.len() {
            book.desk.run(Command::Undo { act: None }).unwrap();
        }
        assert_eq!(standing(&book), beginning, "{seed}: {history:#?}");
    }
}
