//! Verbs that say back what a slip or a colleague would cost.

use super::*;
use crate::door::Push;
use crate::door::command::{Happening, Tell, Who};
use crate::door::reply::OutcomeWord;

fn owed(groups: &[&str]) -> (Book, Vec<TaskId>) {
    let mut book = Book::new();
    for name in groups {
        book.group(name);
    }
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:30");
    let ids = book.open().iter().map(|task| task.id).collect();
    (book, ids)
}

#[test]
fn what_is_put_off_beyond_its_end_is_still_there_then() {
    let (mut book, ids) = owed(&["宠友1群"]);
    let until = Timestamp(book.desk.now().wall.0 + 24 * crate::book::time::HOUR);
    let outcome =
        book.desk.run(Command::Task { tasks: ids.clone(), verb: TaskVerb::Snooze { until } }).unwrap();
    assert!(outcome.warnings[0].contains("11:00"), "{outcome:?}");
    book.tick_at("2026-11-23 09:30");
    let task = book.open().into_iter().find(|task| task.id == ids[0]);
    assert_eq!(task.map(|task| task.status.state), Some(TaskState::Due));
}

#[test]
fn a_time_stated_is_said_back_and_one_before_its_day_warns() {
    let (mut book, ids) = owed(&["一群", "二群"]);
    let mut sent = |task, at| {
        let at = Some(Timestamp(book.desk.now().wall.0 + at));
        let verb = TaskVerb::Sent { at, also: false };
        book.desk.run(Command::Task { tasks: vec![task], verb }).unwrap().warnings
    };
    assert_eq!(sent(ids[0], -crate::book::time::MINUTE), ["记为 09:29"]);
    let warnings = sent(ids[1], -10 * crate::book::time::HOUR);
    assert_eq!(warnings, ["记为 11-21 23:30，早于到点的 09:30；写错了按 u"]);
}

#[test]
fn whoever_sends_what_another_just_copied_hears_of_it() {
    let (mut book, ids) = owed(&["一群", "二群"]);
    let copied = || TaskVerb::Copied { part: 0 };
    let mine = book.desk.run(Command::Task { tasks: ids.clone(), verb: copied() }).unwrap();
    assert_eq!(mine.warnings, Vec::<String>::new());
    let theirs = book.desk.run_as("小王", Command::Task { tasks: vec![ids[0]], verb: copied() }).unwrap();
    assert!(theirs.warnings[0].contains("09:30 复制过 一群"), "{theirs:?}");
    let sent = TaskVerb::Sent { at: None, also: false };
    book.desk.run_as("小王", Command::Task { tasks: vec![ids[0]], verb: sent.clone() }).unwrap();
    let both = book.desk.run(Command::Task { tasks: ids, verb: sent }).unwrap();
    assert_eq!(both.tasks[0].outcome, OutcomeWord::Already);
    let words = both.warnings.join(" ");
    assert!(words.contains("1 条没动: 一群") && words.contains("小王"), "{words}");
}

#[test]
fn whoever_copied_hears_that_another_was_faster() {
    let (mut book, ids) = owed(&["一群", "二群"]);
    let copied = Command::Task { tasks: ids.clone(), verb: TaskVerb::Copied { part: 0 } };
    book.desk.run_as("阿梅", copied).unwrap();
    let sent = TaskVerb::Sent { at: None, also: false };
    book.desk.pushed.clear();
    book.desk.run_as("小王", Command::Task { tasks: vec![ids[0]], verb: sent }).unwrap();
    let said =
        |push: &Push| matches!(push, Push::Said { words } if words.starts_with("小王 刚发了你复制过的 一群"));
    assert!(book.desk.pushed.iter().any(said), "{:?}", book.desk.pushed);
}

#[test]
fn a_list_pasted_again_after_it_has_grown_tells_what_is_new() {
    let mut book = Book::new();
    let group = book.group("鲜果团1群");
    let mut paste = |names: &[(&str, &str)]| {
        let who = |name: &&str| match book.desk.desk.find_member(name, crate::text::lang::Lang::ZhCn) {
            Ok(id) => Who::Known(id),
            Err(_) => Who::New((*name).to_owned()),
        };
        let tell = Tell {
            who: names.iter().map(|(name, _)| who(name)).collect(),
            said: names.iter().map(|(_, goods)| (*goods).to_owned()).collect(),
            group: Some(group),
            account: None,
            happened: vec![Happening {
                kind: ActivityKind::Bought,
                amount: None,
                number: None,
                relative: false,
                text: String::new(),
            }],
            at: None,
        };
        let warnings = book.desk.run(Command::Tell(tell)).unwrap().warnings.len();
        let columns = &book.desk.desk.store().columns;
        let orders: u32 = columns.members.iter().map(|(_, _, member)| member.orders).sum();
        let inside = columns.groups.by_id(group).unwrap().members;
        (warnings, orders, inside)
    };
    assert_eq!(paste(&[("张三", "鸡蛋2"), ("李四", "苹果1")]), (0, 2, 2), "who orders in a group is in it");
    assert_eq!(paste(&[("张三", "鸡蛋2"), ("李四", "苹果1"), ("王五", "鸡蛋1")]), (2, 3, 3));
    assert_eq!(paste(&[("张三", "鸡蛋3"), ("李四", "苹果1")]), (1, 4, 3), "another line is another order");
}

/// What was put off and came back by itself leaves nothing to undo: the act before it is undone, and that is said.
#[test]
fn an_undo_that_takes_an_older_act_says_what_it_passed_by() {
    let (mut book, ids) = owed(&["一群", "二群"]);
    book.verb(ids[0], TaskVerb::Sent { at: None, also: false });
    let until = Timestamp(book.desk.now().wall.0 + 5 * crate::book::time::MINUTE);
    let put_off = Command::Task { tasks: vec![ids[1]], verb: TaskVerb::Snooze { until } };
    book.desk.run(put_off.clone()).unwrap();
    book.tick_at("2026-11-22 09:36");
    let undone = book.desk.run(Command::Undo { act: None }).unwrap();
    assert!(undone.words.contains("已发"), "{undone:?}");
    assert!(undone.warnings[0].contains("已没有可撤的") && undone.warnings[0].contains("稍后"), "{undone:?}");
    assert_eq!(book.open().len(), 2);
    // while it is still put off it is what is undone
    let Command::Task { tasks, .. } = put_off else { panic!() };
    let until = Timestamp(book.desk.now().wall.0 + 5 * crate::book::time::MINUTE);
    book.desk.run(Command::Task { tasks, verb: TaskVerb::Snooze { until } }).unwrap();
    let undone = book.desk.run(Command::Undo { act: None }).unwrap();
    assert!(undone.words.contains("稍后") && undone.warnings.is_empty(), "{undone:?}");
}
