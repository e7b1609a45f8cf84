//! What reaches many goes in slices: a group whose playbooks go on elsewhere, a step owed to each of many, a pause that
//! ends, and the questions that are asked before such acts.

use super::works::{CALLED, RECORDS_MAX, begin, called, check, differ, end, enters, inside, undo};
use super::*;
use crate::book::{GroupState, ObjectId, SkipReason, TaskKind};
use crate::door::command::Transfer;
use crate::door::reply::{Consequence, Spread};
use crate::door::{Choices, Question, Reply, Request};

/// How many are welcomed.
const WELCOMED: usize = 400;

/// Newcomers of a group who are to be welcomed in it at noon, and another group.
fn welcomed() -> (Book, GroupId, GroupId) {
    let mut book = Book::new();
    book.no_rules();
    let (from, to) = (book.group("大群"), book.group("二群"));
    book.sop(WELCOME);
    for n in 0..WELCOMED {
        let member = book.member(&format!("客{n}"));
        book.join(member, from);
    }
    book.desk.tick();
    (book, from, to)
}

#[test]
fn playbooks_of_many_go_on_in_another_group() {
    let (mut book, from, to) = welcomed();
    let question = Question::Transfer { from: "大群".to_owned(), to: "二群".to_owned() };
    let choices = choose(&mut book, question, 4);
    assert_eq!(choices.notes, [format!("欢迎: {WELCOMED} 个")]);
    let copy = Command::Transfer { from, to, how: Transfer::Copy };
    let outcome = enters(&mut book, &copy, WELCOMED);
    assert_eq!(outcome.words, format!("{WELCOMED} 个 SOP 进度从 大群 到 二群"));

    let (mut book, from, to) = welcomed();
    let before = inside(&book);
    let merge = Command::Transfer { from, to, how: Transfer::Merge };
    let tag = begin(&mut book, merge.clone());
    let outcome = end(&mut book, tag);
    assert_eq!(outcome.enrolled.len(), WELCOMED);
    let after = inside(&book);
    let state = |book: &Book| book.desk.desk.store.columns.groups.by_id(from).unwrap().body.state;
    assert_eq!((after.len(), state(&book)), (before.len(), GroupState::MergedInto(to)));
    undo(&mut book, &outcome);
    assert_eq!(differ(&inside(&book), &before), None, "undone");
    assert_eq!(state(&book), GroupState::Live);
    // the process ends in the middle
    begin(&mut book, merge);
    book.desk.restart();
    book.desk.tick();
    assert_eq!(inside(&book).len(), before.len());
    book.tick_at("2026-11-22 12:05");
    let open = book.open();
    let [welcome] = open.as_slice() else { panic!("{} welcomes", open.len()) };
    assert_eq!((welcome.group, welcome.members.len()), (Some(to), WELCOMED));
}

#[test]
fn everybody_in_a_group_whose_pause_is_over_is_looked_at() {
    let (mut book, from, _) = welcomed();
    book.desk.run(Command::Pause { targets: vec![Target::Group(from)], until: None }).unwrap();
    book.tick_at("2026-11-22 12:05");
    assert!(book.open().is_empty());
    begin(&mut book, Command::Unpause { targets: vec![Target::Group(from)] });
    book.desk.restart();
    book.desk.tick();
    assert_eq!(book.open()[0].members.len(), WELCOMED);
}

#[test]
fn many_are_taken_out_by_hand() {
    let mut book = called();
    let enrolments: Vec<_> = book.desk.desk.store.columns.enrolments.iter().map(|(_, id, _)| id).collect();
    let out = Command::Unenrol { enrolments };
    let (outcome, _) = check(&mut book, &out);
    assert!(outcome.words.contains("1500"), "{}", outcome.words);
    assert!(book.open().is_empty());
    assert!(book.desk.run(out).unwrap_err().words.contains("已"), "nobody leaves twice");
}

/// A message in each group, where the form of the day says something.
const ASKED: &str = r#"
id = "sale"
title = "特价"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
[[step]]
id = "say"
at = "D0 10:00"
until = "D0 22:00"
via = "group"
if = "ask:商品"
text = ["{{ 商品 }}"]
"#;

#[test]
fn what_waited_for_an_answer_is_offered_in_every_group() {
    const GROUPS: usize = 200;
    let mut book = Book::new();
    book.no_rules();
    for n in 0..GROUPS {
        book.group(&format!("{n}群"));
    }
    book.sop(ASKED);
    book.tick_at("2026-11-23 10:00");
    let said = |book: &Book| {
        let step = |task: &Task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == "say");
        book.open().iter().filter(|task| step(task)).count()
    };
    assert_eq!(said(&book), 0);
    let (playbook, run) = (PlaybookId("sale".to_owned()), "2026-11-23".parse().unwrap());
    let fill = Command::Fill { playbook, run, group: None, key: "商品".into(), value: "鸡蛋".into() };
    let (outcome, _) = check(&mut book, &fill);
    assert!(outcome.words.contains("商品"), "{}", outcome.words);
    assert_eq!(said(&book), GROUPS);
}

/// What one turn did for an answer is bounded; it takes at least so many.
fn choose(book: &mut Book, question: Question, turns: usize) -> Choices {
    match asked(book, Request::Choices(question), turns) {
        Reply::Choices(choices) => choices,
        other => panic!("{other:?}"),
    }
}

fn asked(book: &mut Book, request: Request, turns: usize) -> Reply {
    let tag = book.desk.begin_as("小李", request);
    for turn in 1..10_000 {
        if let Some(reply) = book.desk.answer(tag) {
            assert!(turn >= turns, "answered in {turn} turns");
            return reply;
        }
        book.desk.idle();
    }
    panic!("it is not answered")
}

#[test]
fn what_a_choice_would_bring_is_counted_in_slices() {
    let mut book = called();
    let until = Some(Timestamp(book.desk.now().wall.0 + crate::book::time::DAY));
    let limit =
        |what: &str, until| Question::Limit { account: "手机1".to_owned(), what: what.to_owned(), until };
    let offered = |choices: &Choices| -> Vec<(String, u32)> {
        choices.offered.iter().map(|offered| (offered.word.clone(), offered.n)).collect()
    };
    let n = CALLED as u32;
    let choices = choose(&mut book, limit("私聊", until), 8);
    let expected = [("wait", n), ("move", 0), ("shift", n), ("cancel", n)];
    assert_eq!(offered(&choices), expected.map(|(word, n)| (word.to_owned(), n)));
    let banned = choose(&mut book, limit("被封", None), 8);
    assert!(banned.notes.iter().any(|note| note.contains("1500")), "{:?}", banned.notes);

    let ids: Vec<TaskId> = book.open().iter().take(100).map(|task| task.id).collect();
    let Reply::Consequences(told) = asked(&mut book, Request::Consequences(ids.clone()), 4) else { panic!() };
    let of = |reason| told.iter().find(|told| told.reason == reason).cloned().unwrap();
    let limited =
        Consequence { reason: SkipReason::AccountLimited, ends: 0, cancels: 0, holds: n - 100, noted: 1 };
    assert_eq!(of(SkipReason::AccountLimited), limited);
    assert_eq!(of(SkipReason::Unfriended).holds, 0, "what is said of them is not counted beside");

    let Reply::Spread(spread) = asked(&mut book, Request::Spread(ids[0]), 8) else { panic!() };
    let (text, stands) = ("最近好吗".to_owned(), vec!["SOP “回访” 第 1 步 ask".to_owned()]);
    let texts = vec![(0, text.clone())];
    assert_eq!(spread, Spread { text, texts, pending: n, stands, ..Spread::default() });
}

/// A step for each friend of an account that few of them are meant by.
const SOME: &str = r#"
id = "some"
title = "老客通知"
for = "account"
class = "service"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "each"
at = "D0 13:00"
until = "D0 22:00"
via = "private"
who = "tag:老客"
text = ["通知"]
"#;

#[test]
fn a_step_that_few_of_many_are_meant_by_judges_them_in_slices() {
    let mut book = called();
    let columns = &book.desk.desk.store.columns;
    let last: Vec<MemberId> = columns.members.iter().map(|(_, id, _)| id).skip(CALLED - 3).collect();
    let objects = last.iter().map(|id| crate::door::command::ObjectRef::Member(*id)).collect();
    let fields = vec![(crate::door::form::Field::Tags, "老客".to_owned())];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    book.sop(SOME);
    book.desk.at("2026-11-22 13:00");
    book.desk.most = (0, 0);
    let told = |book: &Book| book.open().len() - CALLED;
    let (mut turns, group) = (0, book.group("群"));
    book.desk.tick_once();
    while book.desk.last.more {
        turns += 1;
        assert!(turns < 1_000);
        let note = Command::Note { on: vec![ObjectId::Group(group)], text: format!("忙{turns}") };
        book.desk.run(note).unwrap();
    }
    assert!(turns > 9, "{turns} turns");
    assert_eq!(told(&book), 3);
    assert!(book.desk.most.0 <= RECORDS_MAX);
}
