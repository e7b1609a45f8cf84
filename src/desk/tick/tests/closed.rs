//! What a closed group leaves: the one task of a run goes to another of its groups, and what its members were to be told
//! in private goes on with its playbook.

use super::*;
use crate::book::{TaskKind, Via};
use crate::door::command::{ObjectRef, Transfer};
use crate::door::form::Field;

/// Each day a count for all groups, asked for once, and a word to some of the people in each.
const DAY: &str = r#"
id = "day"
title = "一天"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "text"
by = "D0 09:00"
[[step]]
id = "count"
at = "D0 10:00"
until = "D0 20:00"
via = "internal"
per = "run"
note = "盘点"
[[step]]
id = "each"
at = "D0 10:30"
until = "D0 20:00"
via = "private"
who = "tag:老客"
text = ["来拿"]
[[step]]
id = "say"
at = "D0 21:00"
via = "group"
text = ["{{ 商品 }}"]
"#;

fn set(book: &mut Book, object: ObjectRef, field: Field, value: &str) {
    let fields = vec![(field, value.to_owned())];
    book.desk.run(Command::Edit { objects: vec![object], fields }).unwrap();
}

/// Three groups in the morning of one day, an old customer in the first.
fn morning() -> (Book, Vec<GroupId>, MemberId) {
    let mut book = Book::new();
    book.no_rules();
    let groups: Vec<GroupId> = ["一群", "二群", "三群"].map(|name| book.group(name)).to_vec();
    let member = book.member("张三");
    book.befriend(member);
    book.join(member, groups[0]);
    set(&mut book, ObjectRef::Member(member), Field::Tags, "老客");
    book.desk.at("2026-11-23 00:10");
    book.sop(DAY);
    book.tick_at("2026-11-23 11:00");
    (book, groups, member)
}

fn close(book: &mut Book, group: GroupId, state: &str) {
    set(book, ObjectRef::Group(group), Field::State, state);
    book.desk.tick();
}

/// Open tasks of a step, by their targets.
fn owed(book: &Book, step: &str) -> Vec<Target> {
    let is = |task: &Task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == step);
    book.open().into_iter().filter(is).map(|task| task.target).collect()
}

fn asked(book: &Book) -> usize {
    book.open().iter().filter(|task| matches!(task.kind, TaskKind::Ask { .. })).count()
}

#[test]
fn the_one_task_of_a_run_goes_to_another_group_that_lives() {
    for state in ["dissolved", "frozen"] {
        let (mut book, groups, _) = morning();
        let first = owed(&book, "count");
        let [Target::Group(first)] = first.as_slice() else { panic!("{first:?}") };
        let first = *first;
        assert_eq!(asked(&book), 1);
        close(&mut book, first, state);
        let second = owed(&book, "count");
        assert!(
            matches!(second.as_slice(), [Target::Group(group)] if *group != first && groups.contains(group)),
            "{state}: {second:?}"
        );
        assert_eq!(asked(&book), 1, "the question of the run stays");
        // one undo gives it back
        book.desk.run(Command::Undo { act: None }).unwrap();
        assert_eq!(owed(&book, "count"), [Target::Group(first)]);
        // again, and with the last of them it ends
        for group in &groups {
            close(&mut book, *group, state);
        }
        assert!(owed(&book, "count").is_empty() && asked(&book) == 0, "nobody is left: {:?}", book.open());
        book.desk.restart();
    }
}

#[test]
fn what_was_to_be_told_in_private_goes_on_with_the_playbook_of_a_closed_group() {
    let (mut book, groups, member) = morning();
    let each: Vec<TaskId> = book.open().iter().filter(|t| t.via == Via::Private).map(|t| t.id).collect();
    assert_eq!(owed(&book, "each"), [Target::Member(member)]);
    close(&mut book, groups[0], "dissolved");
    assert!(owed(&book, "each").is_empty());
    let to = book.group("新群");
    // it runs in what stands already; the new one takes the place of the old
    let running: Vec<_> = book.desk.desk.running(Target::Group(to)).unwrap();
    book.desk.run(Command::Unenrol { enrolments: running.iter().map(|one| one.id).collect() }).unwrap();
    book.desk.run(Command::Transfer { from: groups[0], to, how: Transfer::Move }).unwrap();
    let again: Vec<TaskId> = book.open().iter().filter(|t| t.via == Via::Private).map(|t| t.id).collect();
    assert_eq!(again, each, "the task it was");
    let task = book.desk.desk.store().task(each[0]).unwrap().unwrap();
    let of = book.desk.desk.store().enrolment(task.of[0]).unwrap().unwrap();
    assert_eq!((task.of.len(), of.target), (1, Target::Group(to)));
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert!(owed(&book, "each").is_empty());
}
