//! Verbs that say back what a slip or a colleague would cost.

use super::*;
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
