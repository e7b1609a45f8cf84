//! The morning has everything in it that a morning has, and goes on from there.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::book::{ActivityKind, TaskKind, TaskState};
use crate::desk::{Desk, DeskOptions, Input, Now};
use crate::store::columns::Columns;
use crate::store::disk::SimDisk;
use crate::store::index::MemIndex;
use crate::store::journal::Options;
use crate::store::{Store, keys};

fn open(seed: u64, sizes: Sizes) -> Store {
    let disk = SimDisk::new();
    let small = Options { segment_bytes: 64 << 20, step_bytes: 64 << 10 };
    write_with(Arc::new(disk.clone()), seed, sizes, small, &mut |_, _| {}).unwrap();
    let (journal, _) = Journal::open_with(Arc::new(disk), small).unwrap();
    Store::open(journal, Box::new(MemIndex::new()), Columns::default(), 0, &mut |_, _| {}).unwrap()
}

fn tasks(store: &Store) -> Vec<crate::book::Task> {
    store.columns.tasks.iter().map(|(_, id, _)| store.task(id).unwrap().unwrap()).collect()
}

#[test]
fn a_morning_has_everything_in_it() {
    let store = open(1, Sizes::default());
    let now = opens_at();
    let columns = &store.columns;
    assert_eq!((columns.members.len(), columns.groups.len(), columns.accounts.len()), (180, 12, 3));
    assert_eq!(columns.store.demo, Some(now));
    assert_eq!(columns.store.last_at, now);
    assert_eq!(columns.playbooks.len(), 7);
    let tasks = tasks(&store);
    let open: Vec<_> = tasks.iter().filter(|task| task.status.state.is_open()).collect();
    assert_eq!(open.len(), 60);
    let has = |what: &str, is: &dyn Fn(&crate::book::Task) -> bool| {
        assert!(open.iter().any(|task| is(task)), "nothing {what}");
    };
    has("overdue", &|task| task.status.due_at < instant(0, 0, 0));
    has("snoozed", &|task| task.status.state == TaskState::Snoozed);
    has("moved by quiet hours", &|task| task.moved_from.is_some() && task.moved_why == "quiet");
    has("on a limited account", &|task| task.status.held.as_deref() == Some("account-limited"));
    has("held as a look-alike", &|task| task.status.held.as_deref() == Some("lookalike"));
    has("asked", &|task| matches!(&task.kind, TaskKind::Ask { key, .. } if key == "商品"));
    has("blocked by what was not asked yet", &|task| match &task.kind {
        TaskKind::Step { key, .. } => {
            key.step == "open" && store.columns.answers.keys().all(|ask| ask.run != key.occurrence)
        }
        _ => false,
    });
    has("for a group", &|task| task.via == crate::book::Via::Group);
    let awaiting = tasks.iter().filter(|task| {
        let recent = task.status.ended_at.is_some_and(|at| now.since(at) < 48 * crate::book::time::HOUR);
        task.status.state == TaskState::Sent
            && task.via == crate::book::Via::Private
            && recent
            && task.status.replied_at.is_none()
    });
    assert!(awaiting.count() > 3, "nobody is waited for");
    let ended = [TaskState::Sent, TaskState::Skipped, TaskState::Expired];
    for state in ended {
        assert!(tasks.iter().any(|task| task.status.state == state), "nothing {state}");
    }
    let runs =
        |of: &crate::book::EnrolmentId| store.enrolment(*of).unwrap().unwrap().status.state.is_running();
    assert!(open.iter().all(|task| task.of.iter().all(runs)), "who is owed something is not through");
    assert!(tasks.iter().all(|task| task.fired_at <= now
        && task.status.until.is_none_or(|until| { !task.status.state.is_open() || until > now })));
}

#[test]
fn everybody_has_what_benchmarks_count_on() {
    let sizes = Sizes { members: 1_200, groups: 40, tasks: 200 };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records(3, sizes) {
        let (what, n) = match &record.body {
            Body::MemberMade(member) => ("handles", member.handles.len()),
            Body::MembershipSet { .. } => ("stays", 1),
            Body::ContactSet { .. } => ("contacts", 1),
            Body::Happened(_) => ("activities", 1),
            Body::Touched(touch) if touch.member.is_some() => ("touches", 1),
            Body::TaskFired(task) if task.status.state.is_open() => ("open", 1),
            _ => continue,
        };
        *counts.entry(what).or_default() += n;
    }
    let members = 1_200;
    let touches = counts.remove("touches").unwrap();
    assert!((members * 29 / 10..members * 33 / 10).contains(&touches), "{touches}");
    let expected =
        [("activities", 5 * members), ("contacts", members), ("handles", 2 * members), ("open", 200)];
    assert_eq!(counts, expected.into_iter().chain([("stays", 2 * members)]).collect());
}

#[test]
fn the_same_seed_gives_the_same_book_and_ids_are_never_given_twice() {
    let sizes = Sizes { members: 300, groups: 9, tasks: 120 };
    let texts = |seed: u64| -> Vec<Vec<u8>> { records(seed, sizes).map(|r| r.to_bytes().unwrap()).collect() };
    assert_eq!(texts(7), texts(7));
    assert_ne!(texts(7), texts(8));
    let store = open(7, sizes);
    let fired = records(7, sizes).filter(|r| matches!(r.body, Body::TaskFired(_))).count();
    assert_eq!(store.columns.tasks.len(), fired);
    let enrolled = records(7, sizes).filter(|r| matches!(r.body, Body::Enrolled(_))).count();
    assert_eq!(store.columns.enrolments.len(), enrolled);
    let activities = records(7, sizes).filter(|r| matches!(r.body, Body::Happened(_))).count();
    assert_eq!(store.bodies.range(b"v", b"v", usize::MAX).unwrap().len(), activities);
    let surprising = |name: &str| {
        records(7, sizes).any(|r| match &r.body {
            Body::MemberMade(member) => member.called().contains(name),
            _ => false,
        })
    };
    assert!(surprising("陳") && surprising("🌸") && surprising("单"), "the names are too tame");
}

#[test]
fn the_first_tick_fires_nothing_of_the_past() {
    let store = open(1, Sizes::default());
    let before = store.columns.tasks.len();
    let options = DeskOptions { name: STORE_NAME.to_owned(), ..DeskOptions::default() };
    let mut desk = Desk::new(store, options, 9, Now { wall: opens_at(), boot_ms: 5 }).unwrap();
    let run = |desk: &mut Desk, wall: Timestamp| {
        let now = Now { wall, boot_ms: 5 + wall.since(opens_at()) };
        let mut turn = desk.turn(vec![Input::Tick], now);
        while turn.more {
            turn = desk.turn(vec![Input::Idle], now);
        }
    };
    run(&mut desk, opens_at());
    let fired: Vec<_> = tasks(desk.store()).into_iter().skip(before).collect();
    assert_eq!(fired, vec![], "the past was fired again");
    assert_eq!(desk.store().columns.enrolments.len(), open(1, Sizes::default()).columns.enrolments.len());
    // and the morning goes on: the group-buy opens at half past nine
    run(&mut desk, instant(0, 9, 31));
    let fired = tasks(desk.store()).into_iter().skip(before);
    let opened = fired.filter(|task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == "open"));
    assert!(opened.count() >= 4, "the group-buy did not open");
}

#[test]
fn nobody_bought_after_they_came_or_spoke_before_it_was_noted() {
    for record in records(5, Sizes::default()) {
        assert!(record.at <= opens_at(), "{record:?}");
        if let Body::Happened(activity) = &record.body {
            assert!(activity.at.ms <= opens_at(), "{activity:?}");
            assert!(activity.kind != ActivityKind::Bought || activity.amount.is_some());
        }
    }
    let store = open(5, Sizes { members: 40, groups: 6, tasks: 30 });
    assert!(store.columns.members.iter().all(|(_, id, _)| store.bodies.has(&keys::member(id)).unwrap()));
}
