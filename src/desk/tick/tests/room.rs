//! A place under a cap that becomes free is taken by who waits for it, however it became free.

use super::limits::limit;
use super::plans::sop;
use super::rules::{book, enrol};
use super::*;
use crate::book::{Channel, Health, SkipReason};
use crate::desk::testing::at;
use crate::door::command::{Held, ObjectRef};
use crate::door::form::Field;

fn cap(scope: &str, n: u32) -> String {
    format!("[[cap]]\nscope = \"{scope}\"\nn = {n}\nper = \"day\"\n")
}

/// Names of what is open by step and target, sorted.
fn open(book: &Book) -> Vec<String> {
    let mut open = book.state().0;
    open.sort();
    open
}

fn task(book: &Book, what: &str) -> TaskId {
    let columns = &book.desk.desk.store().columns;
    let is = |task: &&Task| {
        let crate::book::TaskKind::Step { key, .. } = &task.kind else { return false };
        format!("{} {}", key.step, columns.target_name(task.target)) == what && task.status.state.is_open()
    };
    let found = book.open().iter().find(is).map(|task| task.id);
    found.unwrap_or_else(|| panic!("{what}: {:?}", book.state()))
}

fn skip(book: &mut Book, what: &str) {
    let id = task(book, what);
    book.verb(id, TaskVerb::Skip { reason: SkipReason::Unfit, words: String::new() });
}

#[test]
fn two_that_are_merged_make_room_for_a_third() {
    let mut book = book(&cap("member", 2));
    for id in ["m1", "m2", "m3"] {
        let start = "start = { on = \"by-hand\" }";
        book.sop(&sop(
            id,
            "member",
            "marketing",
            start,
            &[&format!("{id} | D0 10:00 | until = \"D0 20:00\"")],
        ));
        enrol(&mut book, id, &["张三"]);
    }
    book.tick_at("2026-11-22 10:00");
    let first = open(&book);
    assert_eq!((first.len(), book.state().1.len()), (2, 1), "{first:?}");
    let tasks = book.open().iter().map(|task| task.id).collect();
    book.desk.run(Command::Merge { tasks }).unwrap();
    book.desk.tick();
    assert_eq!(open(&book), ["m1 张三", "m2 张三", "m3 张三"]);
    book.desk.restart();
}

#[test]
fn what_was_sent_on_an_earlier_day_makes_room_on_this_one() {
    let mut book = book(&cap("member", 1));
    enrol(&mut book, "private", &["张三"]);
    book.tick_at("2026-11-22 10:01");
    book.tick_at("2026-11-23 10:00");
    assert_eq!(open(&book), ["a 张三"]);
    let first = task(&book, "a 张三");
    book.verb(first, TaskVerb::Sent { at: Some(at("2026-11-22 20:00")), also: false });
    book.desk.tick();
    assert_eq!(open(&book), ["b 张三"]);
}

/// Caps over an account, a playbook and the store are about anybody.
#[test]
fn a_place_that_one_leaves_is_taken_by_another() {
    for scope in ["account", "playbook", "store"] {
        for restarts in [false, true] {
            let mut book = book(&cap(scope, 1));
            enrol(&mut book, "private", &["张三", "李四"]);
            book.tick_at("2026-11-22 10:00");
            assert_eq!(open(&book), ["a 张三"], "{scope}");
            skip(&mut book, "a 张三");
            if restarts {
                // a command that finds no desk leaves without a tick
                book.desk.restart();
            }
            book.desk.tick();
            assert_eq!(open(&book), ["a 李四"], "{scope} {restarts}");
            // undone, both are there: what is open stays
            book.desk.run(Command::Undo { act: None }).unwrap();
            assert_eq!(open(&book), ["a 张三", "a 李四"], "{scope}");
        }
    }
}

#[test]
fn what_an_account_holds_makes_room() {
    let mut book = book(&cap("store", 1));
    enrol(&mut book, "private", &["张三"]);
    book.tick_at("2026-11-22 10:00");
    enrol(&mut book, "said", &["宠友1群"]);
    book.desk.tick();
    assert_eq!(open(&book), ["a 张三"]);
    limit(&mut book, Health::Limited { what: Channel::Private.word().to_owned(), until: None }, Held::Wait);
    book.desk.tick();
    assert_eq!(open(&book), ["a 宠友1群", "a 张三"]);
}

#[test]
fn who_is_excepted_waits_no_longer() {
    let mut book = book(&(cap("member", 1) + "except = \"tag:大客\"\n"));
    enrol(&mut book, "private", &["张三", "李四"]);
    book.tick_at("2026-11-22 10:01");
    assert_eq!(open(&book), ["a 张三", "a 李四"]);
    let target = book.open().iter().find(|task| task.id == self::task(&book, "a 张三")).unwrap().target;
    let Target::Member(member) = target else { panic!() };
    let fields = vec![(Field::Tags, "大客".to_owned())];
    book.desk.run(Command::Edit { objects: vec![ObjectRef::Member(member)], fields }).unwrap();
    book.desk.tick();
    assert_eq!(open(&book), ["a 张三", "a 李四", "b 张三"]);
}

/// Two steps that a group owes each of its people, the second to whoever is in it.
fn owes_each(cap: &str, until: &str) -> Book {
    let mut book = book(cap);
    let who = |name: &str, who: &str, end: &str| {
        sop(
            name,
            "group",
            "marketing",
            "start = { on = \"by-hand\" }",
            &[&format!("{name} | D0 1{}:00 | via = \"private\"\nwho = \"{who}\"\n{end}", &name[1..])],
        )
        .replacen("via = \"group\"\n", "", 1)
    };
    let other = book.member("王五");
    let group = book.desk.desk.find_group("宠友1群", crate::text::lang::Lang::ZhCn).unwrap();
    book.join(other, group);
    book.befriend(other);
    book.sop(&who("m0", "tag:先", "late = \"keep\""));
    book.sop(&who("m1", "-tag:勿扰", until));
    let first = book.desk.desk.find_member("张三", crate::text::lang::Lang::ZhCn).unwrap();
    let fields = vec![(Field::Tags, "先".to_owned())];
    book.desk.run(Command::Edit { objects: vec![ObjectRef::Member(first)], fields }).unwrap();
    for id in ["m0", "m1"] {
        super::plans::enrol(&mut book, id, Target::Group(group));
    }
    book.tick_at("2026-11-22 10:00");
    assert_eq!(open(&book), ["m0 张三"]);
    book
}

#[test]
fn one_of_many_whom_a_step_is_owed_to_waits_for_room_to_its_end() {
    for (restarts, raised) in [(false, false), (true, false), (false, true)] {
        let mut book = owes_each(&cap("member", 1), "until = \"D0 20:00\"");
        book.tick_at("2026-11-22 11:00");
        assert_eq!(open(&book), ["m0 张三", "m1 王五"]);
        if raised {
            let toml = format!("zone = \"Asia/Shanghai\"\n{}", cap("member", 2));
            book.desk.run(Command::SetRules { toml }).unwrap();
        } else {
            skip(&mut book, "m0 张三");
        }
        if restarts {
            book.desk.restart();
        }
        book.tick_at("2026-11-22 11:05");
        let all: &[&str] =
            if raised { &["m0 张三", "m1 张三", "m1 王五"] } else { &["m1 张三", "m1 王五"] };
        assert_eq!(open(&book), all, "{restarts}");
    }
}

/// Nothing tells the instant at which it is looked at as one at which it is said.
#[test]
fn what_many_wait_for_to_its_end_is_promised_nowhere() {
    for (end, at) in [("D0 20:00", None), ("D1 12:00", Some("2026-11-23 00:00"))] {
        let mut book = book(&cap("member", 1));
        let group = book.desk.desk.find_group("宠友1群", crate::text::lang::Lang::ZhCn).unwrap();
        enrol(&mut book, "private", &["张三"]);
        book.tick_at("2026-11-22 10:01");
        let who = "via = \"private\"\nwho = \"-tag:勿扰\"";
        let steps = [
            format!("s | D0 11:00 | until = \"{end}\"\n{who}"),
            format!("t | D0 16:00 | until = \"D1 12:00\"\n{who}"),
        ];
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let text = sop("w", "group", "marketing", "start = { on = \"by-hand\" }", &steps);
        book.sop(&text.replace("via = \"group\"\n", ""));
        super::plans::enrol(&mut book, "w", Target::Group(group));
        book.tick_at("2026-11-22 11:02");
        let crate::door::Reply::Why(lines) = book.desk.ask(crate::door::Request::Why(Target::Group(group)))
        else {
            panic!()
        };
        let told = lines.into_iter().find(|line| line.playbook.name == "w").unwrap();
        let is_lost = told.why.contains("还没收到的人到期前发不了");
        assert_eq!((told.at, is_lost), (at.map(self::at), at.is_none()), "{told:?}");
    }
}

#[test]
fn who_had_no_room_to_the_end_of_a_step_is_told_one_by_one() {
    // what has no end of its own is dropped with its day
    for (until, end) in
        [("until = \"D0 20:00\"", "2026-11-22 20:00"), ("late = \"drop\"", "2026-11-23 00:00")]
    {
        for late in ["", "late = \"keep\""] {
            if late.is_empty() || until.starts_with("until") {
                let mut book = owes_each(&cap("member", 1), &format!("{until}\n{late}"));
                book.tick_at("2026-11-22 11:00");
                book.tick_at(end);
                let tasks = book.tasks();
                let is_its = |task: &&Task| matches!(&task.kind, crate::book::TaskKind::Step { key, .. } if key.step == "m1");
                let m1: Vec<_> = tasks.iter().filter(is_its).collect();
                let ended: Vec<_> = m1.iter().filter(|task| task.fired_at == at(end)).collect();
                let [ended] = ended.as_slice() else { panic!("{m1:?}") };
                assert!(matches!(ended.target, Target::Member(_)), "{ended:?}");
                let why = ended.status.end.as_ref();
                let is_held = matches!(why, Some(crate::book::EndReason::Held { why }) if crate::queue::caps::is_cap(why));
                assert!(is_held, "{why:?}");
            }
        }
    }
}

/// Quiet hours that leave nothing of a step's span, as where from and to were typed the wrong way round.
#[test]
fn what_quiet_hours_rule_out_is_lost_only_at_its_end() {
    let quiet = "zone = \"Asia/Shanghai\"\n[[quiet]]\nfrom = \"09:00\"\nto = \"21:00\"\n";
    for mends in [true, false] {
        let mut book = book("");
        let start = "start = { on = \"by-hand\" }";
        let span = "D0 10:00 | until = \"D0 12:00\"";
        let who = "via = \"private\"\nwho = \"-tag:勿扰\"";
        let each = sop("e", "group", "marketing", start, &[&format!("e | {span}\n{who}")]);
        book.sop(&each.replacen("via = \"group\"\n", "", 1));
        book.sop(&sop("g", "group", "marketing", start, &[&format!("g | {span}")]));
        book.sop(&sop("m", "member", "marketing", start, &[&format!("m | {span}")]));
        let lang = crate::text::lang::Lang::ZhCn;
        let member = book.desk.desk.find_member("张三", lang).unwrap();
        let group = book.desk.desk.find_group("宠友1群", lang).unwrap();
        for (id, target) in
            [("e", Target::Group(group)), ("g", Target::Group(group)), ("m", Target::Member(member))]
        {
            super::plans::enrol(&mut book, id, target);
        }
        book.tick_at("2026-11-22 09:30");
        book.desk.run(Command::SetRules { toml: quiet.to_owned() }).unwrap();
        let unsaid = |book: &mut Book| {
            for target in [Target::Group(group), Target::Member(member)] {
                let crate::door::Reply::Why(lines) = book.desk.ask(crate::door::Request::Why(target)) else {
                    panic!()
                };
                for line in lines {
                    assert!(line.at.is_none() && line.why.contains("到期前发不"), "{line:?}");
                }
            }
            let crate::door::Reply::Status(status) = book.desk.ask(crate::door::Request::Status) else {
                panic!()
            };
            assert_eq!(status.counts.next_at, None);
        };
        unsaid(&mut book);
        book.tick_at("2026-11-22 10:01");
        unsaid(&mut book);
        assert_eq!((open(&book).len(), book.tasks().len(), book.state().1.len()), (0, 0, 3));
        if mends {
            book.desk.run(Command::Undo { act: None }).unwrap();
            book.tick_at("2026-11-22 10:40");
            assert_eq!(open(&book), ["e 张三", "g 宠友1群", "m 张三"]);
        }
        book.tick_at("2026-11-22 12:00");
        let ends: Vec<_> = book.tasks().iter().map(|task| task.status.end.clone()).collect();
        let held = crate::book::EndReason::Held { why: crate::book::WaitReason::QuietHours };
        let end = if mends { crate::book::EndReason::SpanOver } else { held };
        assert_eq!(ends, vec![Some(end); 3], "{mends}");
        book.desk.restart();
    }
}

/// Of two steps whose spans overlap both wait, and come once the hours are mended.
#[test]
fn a_step_behind_one_that_waits_is_not_lost_before_its_end() {
    let quiet = "zone = \"Asia/Shanghai\"\n[[quiet]]\nfrom = \"10:00\"\nto = \"22:00\"\n";
    for mends in [true, false] {
        let mut book = book("");
        let steps = ["s | D0 11:00 | until = \"D0 20:00\"", "t | D0 16:00 | until = \"D0 21:00\""];
        book.sop(&sop("m", "member", "marketing", "start = { on = \"by-hand\" }", &steps));
        let member = book.desk.desk.find_member("张三", crate::text::lang::Lang::ZhCn).unwrap();
        super::plans::enrol(&mut book, "m", Target::Member(member));
        book.tick_at("2026-11-22 09:30");
        book.desk.run(Command::SetRules { toml: quiet.to_owned() }).unwrap();
        for at in ["11:01", "16:01", "16:20"] {
            book.tick_at(&format!("2026-11-22 {at}"));
            assert_eq!(book.tasks().len(), 0, "{at}");
        }
        if mends {
            book.desk.run(Command::Undo { act: None }).unwrap();
            book.tick_at("2026-11-22 16:30");
            assert_eq!(open(&book), ["s 张三", "t 张三"]);
            continue;
        }
        book.tick_at("2026-11-22 20:00");
        book.tick_at("2026-11-22 21:00");
        let ends: Vec<_> = book.tasks().iter().map(|task| task.status.end.clone()).collect();
        let held = crate::book::EndReason::Held { why: crate::book::WaitReason::QuietHours };
        assert_eq!(ends, vec![Some(held); 2]);
        book.desk.restart();
    }
}
