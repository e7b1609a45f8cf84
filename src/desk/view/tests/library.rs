//! The playbooks that come with the program, each gone through for eight weeks on a small book: everything they say comes
//! due, can be said, and comes at an hour at which it may.

use std::collections::BTreeSet;

use chrono::Timelike as _;

use super::{Book, SENT};
use crate::book::{ActivityKind, Class, Product, Rules, Target, TaskKind, TaskState, Timestamp, Via};
use crate::door::command::ObjectRef;
use crate::door::form::Field;
use crate::door::{Command, Reply, Request};
use crate::sop::builtin::BUILTIN;
use crate::sop::format::{Playbook, Start};
use crate::store::Body;

const DAYS: i64 = 56;
const HALF_HOUR: i64 = 1_800_000;
const DAY: i64 = 48 * HALF_HOUR;

/// Two groups and four friends in the first of them, two of them with the tags that steps ask for; the store's own rules.
fn shop() -> Book {
    let mut book = Book::new(&["宠友1群", "宠友2群"], &["小雨妈", "大福", "老王", "阿珍"]);
    book.desk.desk.store.columns.rules = Rules { shop: "小满优选".to_owned(), ..Rules::default() };
    let now = book.desk.now().wall;
    let (group, members) = (book.groups[0], book.members.clone());
    for member in &members {
        book.join(*member, group);
        book.happened(*member, ActivityKind::Bought, "奶粉");
    }
    let id = book.desk.desk.ids.next(now);
    book.stage(Body::ProductMade(Product {
        id,
        name: "奶粉".to_owned(),
        aliases: Vec::new(),
        unit: String::new(),
        price: None,
        days_of_use: Some(20),
        archived: false,
    }));
    edit(&mut book, 0, Field::Tags, "会员,预约直播");
    edit(&mut book, 1, Field::Birthday, "12-05");
    book
}

fn edit(book: &mut Book, member: usize, field: Field, value: &str) {
    let objects = vec![ObjectRef::Member(book.members[member])];
    book.desk.run(Command::Edit { objects, fields: vec![(field, value.to_owned())] }).unwrap();
}

/// Makes what a playbook waits for happen.
fn begin(book: &mut Book, playbook: &Playbook) {
    let now = book.desk.now().wall;
    let member = book.members[2];
    match &playbook.start {
        Start::Added => {
            book.happened(member, ActivityKind::Added, "");
        }
        Start::FirstPurchase => {
            let id = book.desk.desk.ids.next(now);
            book.stage(Body::MemberMade(crate::book::Member::new(id, "新客", now)));
            befriend(book, id);
            book.happened(id, ActivityKind::Bought, "鸡蛋");
        }
        Start::Runout { .. } => book.happened(member, ActivityKind::Bought, "奶粉"),
        Start::Tag { tag } => edit(book, 3, Field::Tags, tag),
        Start::GroupCreated => {
            let fields = vec![(Field::Name, "新群".to_owned())];
            book.desk.run(Command::Create { kind: crate::door::form::Kind::Group, fields }).unwrap();
        }
        Start::ByHand => {
            let before = playbook.steps.iter().map(|step| step.at.days.first()).min().unwrap_or(0).min(0);
            let anchor = Some(Timestamp(now.0 + i64::from(1 - before) * DAY));
            let targets = vec![Target::Group(book.groups[0])];
            let (playbook, filter) = (playbook.id.clone(), String::new());
            book.desk.run(Command::Enrol { playbook, targets, filter, anchor, dry_run: false }).unwrap();
        }
        _ => {}
    }
}

fn befriend(book: &mut Book, member: crate::book::MemberId) {
    let now = book.desk.now().wall;
    let contact = crate::book::Contact {
        member,
        account: book.account,
        since: Some(now),
        state: crate::book::ContactState::Friend,
        remark: String::new(),
        search_term: String::new(),
    };
    book.stage(Body::ContactSet { before: None, after: Some(contact) });
}

/// What a human would answer to every question of today.
fn fill(book: &mut Book) {
    let Reply::Asks(asks) = book.desk.ask(Request::Asks) else { panic!("no questions") };
    for ask in asks.into_iter().filter(|ask| !ask.answered) {
        let value = if ask.kind == "list" { "小雨妈" } else { "土鸡蛋 30 枚 26.8" }.to_owned();
        let (group, key) = (ask.group.map(|group| group.id), ask.key);
        let fill = Command::Fill { playbook: ask.playbook.id, run: ask.run, group, key, value };
        book.desk.run(fill).unwrap();
    }
}

/// Marks everything as sent that has come due, after a look at what it says and when.
fn work_off(book: &mut Book, id: &str, texts: &mut Vec<(String, String)>) {
    let zone = chrono_tz::Asia::Shanghai;
    for line in book.tasks("state:due") {
        let task = book.desk.desk.store().task(line.id).unwrap().unwrap();
        let outward = task.via != Via::Internal && matches!(task.class, Class::Marketing | Class::Care);
        let hour = task.fired_at.local(zone).hour();
        assert!(!outward || (8..22).contains(&hour), "{id}/{} at {hour}", line.step);
        if matches!(task.kind, TaskKind::Step { .. }) {
            let text = book.text(line.id);
            assert_eq!(text.blocked, None, "{id}/{}", line.step);
            for copied in text.parts.iter().filter_map(|part| part.copy.clone()) {
                assert!(
                    !copied.contains("{{") && !copied.contains("您好您好"),
                    "{id}/{}: {copied}",
                    line.step
                );
                texts.push((format!("{} {}", line.step, line.target_name), copied));
            }
            book.verb(line.id, SENT);
        }
    }
}

/// Goes through one playbook; what was said by step and target.
fn go_through(source: &str, id: &str) -> Vec<(String, String)> {
    let mut book = shop();
    // the festival that comes next, whatever day it is today
    let source = source.replace("festival = \"中秋\"", "festival = \"冬至\"");
    book.sop(&source);
    let playbook = crate::sop::parse(&source, id, &|_| Ok(())).playbook.unwrap();
    begin(&mut book, &playbook);
    let mut texts = Vec::new();
    let begun = book.desk.now().wall;
    for half_hours in 0..DAYS * 48 {
        let at = Timestamp(begun.0 + half_hours * HALF_HOUR).local(chrono_tz::Asia::Shanghai);
        book.tick_at(&at.format("%Y-%m-%d %H:%M").to_string());
        if half_hours % 2 == 0 {
            fill(&mut book);
        }
        work_off(&mut book, id, &mut texts);
    }
    let store = book.desk.desk.store();
    let tasks = store.columns.tasks.iter().map(|(_, task, _)| store.task(task).unwrap().unwrap());
    let mut came: BTreeSet<String> = BTreeSet::new();
    let mut expired = 0;
    for task in tasks {
        if let TaskKind::Step { key, .. } = task.kind {
            expired += u32::from(task.status.state == TaskState::Expired);
            came.insert(key.step);
        }
    }
    let missing: Vec<&str> =
        playbook.steps.iter().map(|step| step.id.as_str()).filter(|step| !came.contains(*step)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "{id}: never came");
    assert_eq!(expired, 0, "{id}: came too late to be said");
    texts
}

#[test]
fn every_playbook_of_the_library_goes_through_eight_weeks() {
    for known in BUILTIN {
        let texts = go_through(known.source, known.id);
        assert!(!texts.is_empty(), "{}", known.id);
    }
}

#[test]
fn three_weeks_of_mornings_and_nights_say_nothing_twice() {
    let texts = go_through(crate::sop::builtin::builtin("morning-night-21d").unwrap().source, "mornings");
    let in_one: Vec<&str> =
        texts.iter().filter(|(who, _)| who.ends_with("宠友1群")).map(|(_, text)| text.as_str()).collect();
    let distinct: BTreeSet<&str> = in_one.iter().copied().collect();
    // the first morning was over when it was applied
    assert_eq!((in_one.len(), distinct.len()), (45, 45));
}
