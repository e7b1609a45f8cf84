//! What caps over many count is gathered some rows a turn, and follows every change of a task.

use super::works::{CALLED, called};
use super::*;
use crate::desk::tick::tally::Tally;
use crate::door::command::ObjectRef;

fn rules(book: &mut Book) {
    let caps = "[[cap]]\nscope = \"store\"\nclass = [\"care\"]\nn = 9000\nper = \"day\"\n";
    book.desk.run(Command::SetRules { toml: format!("zone = \"Asia/Shanghai\"\n{caps}") }).unwrap();
    book.desk.tick();
}

fn is_as_anew(book: &Book) -> usize {
    let desk = &book.desk.desk;
    let (tally, anew) = desk.tick.counted.tally.borrow().beside_anew(&desk.store.columns);
    assert_eq!(tally, anew);
    tally.len()
}

#[test]
fn it_follows_what_becomes_of_tasks() {
    let mut book = called();
    assert_eq!(is_as_anew(&book), 0, "no cap asks for it");
    rules(&mut book);
    assert!(is_as_anew(&book) >= 3, "the store, the playbook and the account");
    let tasks: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    book.verb(tasks[0], TaskVerb::Sent { at: None, also: false });
    is_as_anew(&book);
    book.desk.run(Command::Undo { act: None }).unwrap();
    is_as_anew(&book);
    let until = Timestamp(book.desk.now().wall.0 + crate::book::time::HOUR);
    book.verb(tasks[1], TaskVerb::Snooze { until });
    book.verb(tasks[2], TaskVerb::Sent { at: None, also: false });
    is_as_anew(&book);
    let account = ObjectRef::Account(book.account);
    book.desk.run(Command::Archive { object: account }).unwrap();
    book.desk.tick();
    is_as_anew(&book);
    let fires = book.tasks().len();
    book.tick_at("2026-12-01 12:00");
    assert!(book.tasks().len() > fires, "more has fired");
    is_as_anew(&book);
}

#[test]
fn it_is_gathered_a_few_rows_a_turn_whatever_comes_between() {
    let mut book = called();
    let tasks: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    let since = Timestamp(0);
    let mut tally = Tally::default();
    let mut slices = 0;
    loop {
        let before = tally.looked();
        if tally.look_at_few(&book.desk.desk.store.columns, since, 1_000) {
            break;
        }
        // each row counts for somebody here
        assert!(tally.looked() - before <= 100, "{}", tally.looked() - before);
        slices += 1;
        // one that was looked at, and one that was not
        for task in [tasks[slices], tasks[CALLED - slices]] {
            let row = book.desk.desk.store.columns.tasks.row(task).unwrap();
            let before = book.desk.desk.store.columns.tasks.get(row);
            book.verb(task, TaskVerb::Sent { at: None, also: false });
            let after = book.desk.desk.store.columns.tasks.get(row);
            tally.changed(row, before.as_ref(), after.as_ref());
        }
    }
    assert!(slices > 10);
    let (kept, anew) = tally.beside_anew(&book.desk.desk.store.columns);
    assert_eq!(kept, anew);
    assert_eq!(tally.looked() as usize, book.desk.desk.store.columns.tasks.len());
}
