//! What an absence brings is what ticks would have brought: silences, ends, nights, conditions.
//!
//! One file because each case is the same book, left alone for some days and looked at afterwards.

use super::plans::{asked, enrol, planned, rules, sop};
use super::*;
use crate::book::{EnrolmentState, Health, Refused, TaskKind, WaitReason};
use crate::desk::testing::at;
use crate::door::command::Held;

pub(super) const BY_HAND: &str = "start = { on = \"by-hand\" }";

fn name_of(task: &Task) -> String {
    match &task.kind {
        TaskKind::Step { key, .. } => format!("{} {}", key.playbook, key.step),
        other => format!("{other:?}"),
    }
}

/// `playbook step` of what is owed, and when it is due.
fn owed(book: &Book) -> Vec<(String, String)> {
    let mut owed: Vec<_> =
        book.open().iter().map(|task| (name_of(task), super::plans::shown(task.status.due_at))).collect();
    owed.sort();
    owed
}

/// Why what is not owed any more ended.
fn ended(book: &Book) -> Vec<(String, EndReason)> {
    let tasks = book.tasks().into_iter();
    let mut ended: Vec<_> =
        tasks.filter_map(|task| Some((name_of(&task), task.status.end.clone()?))).collect();
    ended.sort_by(|one, other| one.0.cmp(&other.0));
    ended
}

/// When the rounds of a playbook began and ended, of those that did.
fn rounds(book: &Book, id: &str) -> Vec<(Timestamp, Option<Timestamp>)> {
    let store = book.desk.desk.store();
    let all = store.columns.enrolments.iter().map(|(_, id, _)| store.enrolment(id).unwrap().unwrap());
    let of = all.filter(|enrolment| enrolment.playbook.0 == id);
    of.map(|enrolment| (enrolment.status.anchor.at, enrolment.status.ended_at)).collect()
}

pub(super) fn sent(book: &mut Book, step: &str) {
    let task = book.open().into_iter().find(|task| name_of(task).ends_with(step)).unwrap();
    book.verb(task.id, TaskVerb::Sent { at: None, also: false });
}

pub(super) fn friend(more: &str) -> (Book, MemberId) {
    let mut book = Book::new();
    book.desk.run(Command::SetRules { toml: format!("zone = \"Asia/Shanghai\"\n{more}") }).unwrap();
    let member = book.member("张三");
    book.befriend(member);
    (book, member)
}

#[test]
fn whoever_fell_silent_while_nobody_looked_is_owed_all_of_it() {
    for (start, last) in [
        ("start = { on = \"silence\", days = 5, since = \"both\" }", ActivityKind::Replied),
        ("start = { on = \"checkin-missed\", days = 4 }", ActivityKind::CheckedIn),
    ] {
        let (mut book, member) = friend("");
        let steps = ["s | D0 10:00 | until = \"D0 21:00\"", "t | D4 10:00", "x | D0 11:00 | late = \"drop\""];
        book.sop(&sop("sil", "member", "care", start, &steps));
        book.happened(member, last, None, false, at("2026-11-22 09:00"));
        book.tick_at("2026-11-22 12:00");
        book.tick_at("2026-12-05 09:00");
        let expected = [("sil s", "11-27 10:00"), ("sil t", "12-01 10:00")];
        let expected = expected.map(|(name, at)| (name.to_owned(), at.to_owned()));
        assert_eq!(owed(&book), expected, "{start}");
        assert_eq!(ended(&book), [("sil x".to_owned(), EndReason::TooLate)], "{start}");
        // what is told of late is no news: the day came while somebody looked, and nothing of it was missed
        let other = book.member("李四");
        book.befriend(other);
        book.happened(other, last, None, false, at("2026-11-25 09:00"));
        book.tick_at("2026-12-06 09:00");
        assert_eq!(owed(&book).len(), 2, "{start}: {:?}", owed(&book));
    }
}

/// What is told by a program that does not tick is no look at who fell silent.
#[test]
fn what_is_told_during_an_absence_hides_no_silence() {
    for (start, last) in [
        ("start = { on = \"silence\", days = 5, since = \"both\" }", ActivityKind::Replied),
        ("start = { on = \"checkin-missed\", days = 4 }", ActivityKind::CheckedIn),
    ] {
        let (mut book, member) = friend("");
        book.sop(&sop("sil", "member", "care", start, &["s | D0 10:00 | until = \"D0 21:00\""]));
        book.happened(member, last, None, false, at("2026-11-22 09:00"));
        book.tick_at("2026-11-22 12:00");
        book.desk.restart();
        book.desk.at_time(at("2026-12-03 09:00"));
        let other = book.member("李四");
        book.befriend(other);
        book.desk.restart();
        book.tick_at("2026-12-05 09:00");
        assert_eq!(owed(&book), [("sil s".to_owned(), "11-27 10:00".to_owned())], "{start}");
    }
}

#[test]
fn a_birthday_that_came_while_nobody_looked_is_not_lost() {
    let (mut book, _) = friend("");
    let born = |book: &mut Book, name: &str, birthday: &str| {
        let id = book.member(name);
        let fields = vec![(crate::door::form::Field::Birthday, birthday.to_owned())];
        let objects = vec![crate::door::command::ObjectRef::Member(id)];
        book.desk.run(Command::Edit { objects, fields }).unwrap();
        book.befriend(id);
    };
    born(&mut book, "李四", "11-27");
    let steps = ["s | D0 10:00 | until = \"D0 21:00\""];
    book.sop(&sop("bd", "member", "care", "start = { on = \"birthday\" }", &steps));
    book.tick_at("2026-11-22 12:00");
    book.tick_at("2026-12-05 09:00");
    assert_eq!(owed(&book), [("bd s".to_owned(), "11-27 10:00".to_owned())]);
}

/// A round of one step that is dropped at noon, and what comes after it.
fn course(book: &mut Book, member: MemberId) {
    let end = "[[end]]\nwhen = \"finished\"\nthen = [\"tag:t\", \"start:a3\", \"followup:2d\"]\n";
    let step = "s | D0 10:00 | until = \"D0 12:00\"\nlate = \"drop\"";
    book.sop(&sop("a3", "member", "incident", BY_HAND, &["s | D1 11:00 | until = \"D1 13:00\""]));
    book.sop(&(sop("a1", "member", "marketing", &format!("rest = \"3d\"\n{BY_HAND}"), &[step]) + end));
    let after = "start = { on = \"after\", playbook = \"a1\" }";
    book.sop(&sop("a2", "member", "incident", after, &["s | D1 10:00"]));
    book.sop(&sop("a4", "member", "incident", "start = { on = \"tag\", tag = \"t\" }", &["s | D1 12:00"]));
    for (id, day) in [("p1", "2026-11-24"), ("p2", "2026-11-26")] {
        let dated = format!("start = {{ on = \"date\", date = \"{day}\" }}");
        book.sop(&sop(id, "member", "marketing", &dated, &["s | D0 10:00"]));
    }
    enrol(book, "a1", Target::Member(member));
}

#[test]
fn a_round_that_ended_while_nobody_looked_ended_at_its_own_time() {
    for offered in [false, true] {
        let (mut book, member) = friend("");
        course(&mut book, member);
        book.tick_at(if offered { "2026-11-22 10:00" } else { "2026-11-22 09:30" });
        assert_eq!(book.open().len(), usize::from(offered));
        book.tick_at("2026-11-29 09:00");
        let noon = at("2026-11-22 12:00");
        assert_eq!(rounds(&book, "a1")[0].1, Some(noon), "{offered}");
        for id in ["a2", "a3", "a4"] {
            assert_eq!(rounds(&book, id), [(noon, None)], "{id} {offered}");
        }
        let steps = [("a2 s", "11-23 10:00"), ("a3 s", "11-23 11:00"), ("a4 s", "11-23 12:00")];
        let mut expected = steps.map(|(name, at)| (name.to_owned(), at.to_owned())).to_vec();
        // its rest was over by then; what came within it was passed over
        expected.push(("p2 s".to_owned(), "11-26 10:00".to_owned()));
        let steps: Vec<_> = owed(&book).into_iter().filter(|(name, _)| name.ends_with(" s")).collect();
        assert_eq!(steps, expected, "{offered}");
        assert!(
            ended(&book).iter().any(|(name, end)| name == "p1 s" && matches!(end, EndReason::Resting { .. })),
            "{:?}",
            ended(&book)
        );
        let follow_up = book.open().into_iter().find(|task| !name_of(task).ends_with(" s")).unwrap();
        assert_eq!(follow_up.status.due_at, at("2026-11-24 12:00"), "{offered}");
        book.desk.restart();
    }
}

#[test]
fn what_a_human_ends_is_over_when_they_do() {
    let (mut book, member) = friend("");
    book.sop(&sop("a1", "member", "marketing", BY_HAND, &["s | D0 10:00"]));
    book.sop(&sop(
        "a2",
        "member",
        "care",
        "start = { on = \"after\", playbook = \"a1\" }",
        &["s | D1 10:00"],
    ));
    enrol(&mut book, "a1", Target::Member(member));
    book.tick_at("2026-11-25 09:00");
    sent(&mut book, " s");
    let now = book.desk.now().wall;
    book.tick_at("2026-11-25 09:10");
    assert_eq!(rounds(&book, "a1")[0].1, Some(now));
    assert_eq!(rounds(&book, "a2"), [(now, None)]);
}

#[test]
fn what_is_put_off_by_an_end_that_was_not_seen_moves_by_no_day_of_the_absence() {
    let (mut book, member) = friend("");
    let steps = ["a | D0 10:00 | until = \"D0 12:00\"\nlate = \"shift\"", "b | D1 10:00"];
    book.sop(&sop("a1", "member", "marketing", BY_HAND, &steps));
    enrol(&mut book, "a1", Target::Member(member));
    book.tick_at("2026-11-22 10:00");
    book.tick_at("2026-11-25 09:00");
    assert_eq!(owed(&book), [("a1 b".to_owned(), "11-23 10:00".to_owned())]);
}

#[test]
fn what_no_hour_of_its_span_lets_be_said_is_owed_to_nobody_who_was_away() {
    for late in ["keep", "shift", "drop"] {
        for on in [true, false] {
            let mut book = Book::new();
            rules(&mut book, "");
            let group = Target::Group(book.group("宠友1群"));
            let first = format!("a | D0 23:00 | until = \"D0 23:30\"\nlate = \"{late}\"");
            book.sop(&sop("q", "group", "marketing", BY_HAND, &[&first, "b | D2 10:00"]));
            enrol(&mut book, "q", group);
            book.tick_at("2026-11-22 12:00");
            let lines = asked(&mut book, "q", group, None, 5).unwrap();
            assert_eq!(planned(&lines)[1].2, "11-24 10:00");
            if on {
                book.tick_at("2026-11-22 23:00");
                book.tick_at("2026-11-24 10:00");
            }
            book.tick_at("2026-11-25 09:00");
            let why = WaitReason::QuietHours;
            assert_eq!(ended(&book), [("q a".to_owned(), EndReason::Held { why })], "{late} {on}");
            assert_eq!(owed(&book), [("q b".to_owned(), "11-24 10:00".to_owned())], "{late} {on}");
        }
    }
}

#[test]
fn what_a_step_asks_is_judged_by_the_day_on_which_it_was_due() {
    for (condition, holds) in [
        ("-checkin:today", false),
        ("checkin:today", true),
        ("birthday:today", true),
        ("-birthday:today", false),
        ("last-reply:today", true),
        ("silent>=1", false),
    ] {
        // who does not fit as they are put in is not
        let kinds: &[&str] = if condition == "birthday:today" { &["if", "audience"] } else { &["if"] };
        for kind in kinds {
            let (mut book, member) = friend("");
            let fields = vec![(crate::door::form::Field::Birthday, "11-22".to_owned())];
            let objects = vec![crate::door::command::ObjectRef::Member(member)];
            book.desk.run(Command::Edit { objects, fields }).unwrap();
            let (head, step) = match *kind {
                "if" => (BY_HAND.to_owned(), format!("if = '{condition}'")),
                _ => (format!("audience = '{condition}'\n{BY_HAND}"), String::new()),
            };
            let step = format!("a | D0 20:00 | until = \"D1 22:00\"\n{step}");
            book.sop(&sop("c", "member", "service", &head, &[&step]));
            enrol(&mut book, "c", Target::Member(member));
            book.tick_at("2026-11-22 18:00");
            book.happened(member, ActivityKind::CheckedIn, None, false, at("2026-11-22 18:00"));
            book.happened(member, ActivityKind::Replied, None, false, at("2026-11-22 18:00"));
            book.tick_at("2026-11-23 09:00");
            let expected = usize::from(holds);
            assert_eq!(owed(&book).len(), expected, "{kind} {condition}: {:?}", book.tasks());
        }
    }
}

#[test]
fn what_a_pause_has_held_is_judged_when_it_is_lifted() {
    let (mut book, member) = friend("");
    let target = Target::Member(member);
    book.sop(&sop("c", "member", "service", BY_HAND, &["a | D0 20:00 | if = '-checkin:today'"]));
    enrol(&mut book, "c", target);
    book.desk.run(Command::Pause { targets: vec![target], until: None }).unwrap();
    book.happened(member, ActivityKind::CheckedIn, None, false, at("2026-11-22 18:00"));
    book.tick_at("2026-11-22 20:00");
    assert!(book.open().is_empty());
    book.desk.at("2026-11-24 09:00");
    book.desk.run(Command::Unpause { targets: vec![target] }).unwrap();
    book.desk.tick();
    assert_eq!(owed(&book).len(), 1, "{:?}", book.tasks());
    let state = book.desk.desk.store().columns.enrolments.iter().next().unwrap().1;
    let state = book.desk.desk.store().enrolment(state).unwrap().unwrap().status.state;
    assert_eq!(state, EnrolmentState::Active);
}

/// What stood in the queue when the program ended, and was over before it ran again, had its place under a cap until then.
#[test]
fn what_was_offered_before_an_absence_counts_to_its_end() {
    let comes = |ticks: &[&str]| {
        let (mut book, _) = friend("[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\n");
        let daily = "start = { on = \"recurrence\", every = \"daily\" }";
        let first = "s | D0 08:30 | until = \"+5h\" | late = \"drop\"";
        book.sop(&sop("first", "member", "marketing", daily, &[first]));
        book.sop(&sop("later", "member", "marketing", daily, &["s | D0 10:00"]));
        for tick in ticks {
            book.tick_at(tick);
        }
        (owed(&book), ended(&book))
    };
    let on = comes(&["2026-11-22 09:01", "2026-11-22 10:00", "2026-11-22 13:30", "2026-11-22 16:30"]);
    assert_eq!(on.0, [("later s".to_owned(), "11-22 13:30".to_owned())]);
    assert_eq!(on.1, [("first s".to_owned(), EndReason::SpanOver)]);
    assert_eq!(comes(&["2026-11-22 09:01", "2026-11-22 16:30"]), on);
}

/// An account that was limited to the end of a step's span could not say it, whenever that is looked at.
#[test]
fn what_a_limited_account_could_not_say_is_not_owed_after_an_absence() {
    let comes = |until: &str, ticks: &[&str]| {
        let (mut book, _) = friend("");
        let start = "start = { on = \"date\", date = \"2026-11-24\" }";
        book.sop(&sop("d", "member", "marketing", start, &["s | D0 10:00 | until = \"D0 18:00\""]));
        book.tick_at("2026-11-22 10:00");
        let health = Health::Limited { what: "private".to_owned(), until: Some(at(until)) };
        super::limits::limit(&mut book, health, Held::Wait);
        for tick in ticks {
            book.tick_at(tick);
        }
        (owed(&book), ended(&book))
    };
    let refused = vec![("d s".to_owned(), EndReason::AccountRefused { why: Refused::Limited })];
    let all = ["2026-11-24 10:00", "2026-11-24 18:00", "2026-11-25 10:00", "2026-11-26 09:00"];
    for ticks in [&all[..], &all[..1], &all[3..], &[all[0], all[3]], &[all[1], all[3]]] {
        let expected = if ticks.len() == 1 && ticks[0] == all[0] { vec![] } else { refused.clone() };
        assert_eq!(comes("2026-11-25 10:00", ticks).1, expected, "{ticks:?}");
    }
    // it could have been sent for some hours: nobody was there
    let due = vec![("d s".to_owned(), "11-24 10:00".to_owned())];
    assert_eq!(comes("2026-11-24 12:00", &all[3..]), (due, vec![]));
    let late = vec![("d s".to_owned(), EndReason::SpanOver)];
    assert_eq!(comes("2026-11-24 18:00", &[all[0], all[3]]), (vec![], late));
}

/// The plan of what is overdue knows of a limit what the tick will find.
#[test]
fn the_plan_knows_what_a_limited_account_could_not_say() {
    for (late, is_owed) in [("keep", true), ("drop", false)] {
        for (until, refused) in [("2026-11-25 10:00", true), ("2026-11-24 12:00", false)] {
            let (mut book, member) = friend("");
            let start = "start = { on = \"date\", date = \"2026-11-24\" }";
            let step = format!("s | D0 10:00 | until = \"D0 18:00\" | late = \"{late}\"");
            book.sop(&sop("d", "member", "marketing", start, &[&step]));
            book.tick_at("2026-11-22 10:00");
            let health = Health::Limited { what: "private".to_owned(), until: Some(at(until)) };
            super::limits::limit(&mut book, health, Held::Wait);
            book.desk.at("2026-11-26 09:00");
            let lines = super::plans::plan(&mut book, "d", Target::Member(member), 1);
            let foretold: Vec<_> = lines.iter().map(|line| line.reason.clone()).collect();
            book.desk.tick();
            let found: Vec<_> =
                ended(&book).iter().map(|(_, end)| matches!(end, EndReason::AccountRefused { .. })).collect();
            let told: Vec<_> = foretold.iter().map(|reason| reason == "账号受限").collect();
            assert_eq!(told, [refused], "{lines:?}");
            assert_eq!(found, if refused || !is_owed { vec![refused] } else { vec![] });
        }
    }
}

#[test]
fn what_is_paused_comes_when_the_pause_was_over() {
    let comes = |ticks: &[&str]| {
        let (mut book, member) = friend("");
        let start = "start = { on = \"date\", date = \"2026-11-24\" }";
        let steps = ["s | D0 10:00 | until = \"D0 18:00\"\nlate = \"drop\"", "t | D0 12:00", "u | D0 16:00"];
        book.sop(&sop("d", "member", "care", start, &steps));
        book.tick_at("2026-11-22 10:00");
        let targets = vec![Target::Member(member)];
        book.desk.run(Command::Pause { targets, until: Some(at("2026-11-24 15:00")) }).unwrap();
        for tick in ticks {
            book.tick_at(tick);
        }
        (owed(&book), ended(&book).len())
    };
    let due = [("d t", "11-24 15:00"), ("d u", "11-24 16:00")];
    let due = due.map(|(name, at)| (name.to_owned(), at.to_owned())).to_vec();
    let all = ["2026-11-24 10:00", "2026-11-24 15:00", "2026-11-24 16:00", "2026-11-24 18:00"];
    assert_eq!(comes(&all), (due.clone(), 1));
    assert_eq!(comes(&all[3..]), (due, 1));
}

/// The hours of each whom a step is for held it or did not when it was due, not when that is found.
#[test]
fn whom_a_step_is_for_is_asked_by_their_hours_of_then() {
    let comes = |ticks: &[&str]| {
        let (mut book, first) = friend("");
        let group = book.group("宠友1群");
        let (second, third) = (book.member("李四"), book.member("王五"));
        for (member, hours) in [(first, "09:00-13:00"), (second, "17:00-19:00"), (third, "11:00-12:00")] {
            book.join(member, group);
            book.befriend(member);
            let objects = vec![crate::door::command::ObjectRef::Member(member)];
            let fields = vec![(crate::door::form::Field::Quiet, hours.to_owned())];
            book.desk.run(Command::Edit { objects, fields }).unwrap();
        }
        let start = "start = { on = \"date\", date = \"2026-11-24\" }";
        let steps =
            ["s | D0 10:00 | until = \"D0 12:00\" | who = \"-tag:无\"", "t | D0 11:30 | who = \"-tag:无\""];
        let toml = sop("g", "group", "care", start, &steps).replace("via = \"group\"", "via = \"private\"");
        book.sop(&toml);
        book.tick_at("2026-11-22 10:00");
        for tick in ticks {
            book.tick_at(tick);
        }
        let of = |task: &Task| (name_of(task), book.desk.desk.store().columns.target_name(task.target));
        let tasks = book.tasks();
        let mut held: Vec<_> = tasks.iter().filter(|task| task.status.end.is_some()).map(of).collect();
        held.sort();
        let due = |task: &Task| (of(task), super::plans::shown(task.status.due_at));
        let mut due: Vec<_> = book.open().iter().map(due).collect();
        due.sort();
        (held, due.into_iter().filter(|((name, _), _)| name == "g t").collect::<Vec<_>>())
    };
    let all = ["10:00", "11:30", "12:00", "13:00", "18:00"].map(|at| format!("2026-11-24 {at}"));
    let all = all.each_ref().map(String::as_str);
    let (held, due) = comes(&all[4..]);
    assert_eq!(held, [("g s".to_owned(), "张三".to_owned())]);
    assert_eq!(due, comes(&all).1);
    assert_eq!(due.iter().map(|(_, at)| &at[6..]).collect::<Vec<_>>(), ["13:00", "11:30", "12:00"]);
}

/// A rest that was over by the second day of a silence lets in whoever it kept out on the first, with nobody there too.
#[test]
fn who_was_left_in_peace_when_a_silence_was_reached_enters_when_that_was_over() {
    let comes = |ticks: &[String]| {
        let (mut book, member) = friend("");
        let one = "s | D4 10:00 | until = \"D4 12:00\" | late = \"drop\"";
        book.sop(&sop("one", "member", "marketing", &format!("{BY_HAND}\nrest = \"2d\""), &[one]));
        let start = "start = { on = \"silence\", days = 5, since = \"both\" }";
        let steps = ["s | D0 10:00 | until = \"D3 20:00\"", "t | D6 10:00"];
        book.sop(&sop("sil", "member", "marketing", start, &steps));
        book.happened(member, ActivityKind::Replied, None, false, at("2026-11-22 09:00"));
        enrol(&mut book, "one", Target::Member(member));
        for tick in ticks {
            book.tick_at(tick);
        }
        (
            owed(&book),
            ended(&book).into_iter().filter(|(name, _)| name.starts_with("sil")).collect::<Vec<_>>(),
        )
    };
    let days =
        (22..=30).map(|day| format!("2026-11-{day}")).chain((1..=5).map(|day| format!("2026-12-0{day}")));
    let ticks = days.flat_map(|day| ["00:00", "10:00", "12:00", "20:00"].map(|at| format!("{day} {at}")));
    let all: Vec<String> = ticks.skip(2).collect();
    let on = comes(&all);
    assert_eq!(on.0, [("sil t".to_owned(), "12-03 10:00".to_owned())]);
    assert_eq!(comes(&[all[0].clone(), all[all.len() - 1].clone()]), on);
}

/// What the night or a pause held is judged when that is over: by then another round has come to nothing.
#[test]
fn what_was_held_is_judged_after_what_ended_meanwhile() {
    let night = "[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"";
    for (rules, until) in [(night, None), ("", Some("2026-11-23 08:00"))] {
        let comes = |ticks: &[&str]| {
            let (mut book, member) = friend(rules);
            book.sop(&sop("held", "member", "marketing", BY_HAND, &["s | D0 23:00"]));
            let one = "s | D1 01:00 | until = \"D1 02:00\" | late = \"drop\" | class = \"incident\"";
            book.sop(&sop("over", "member", "marketing", &format!("{BY_HAND}\nrest = \"5d\""), &[one]));
            enrol(&mut book, "held", Target::Member(member));
            enrol(&mut book, "over", Target::Member(member));
            if let Some(until) = until {
                let (targets, until) = (vec![Target::Member(member)], Some(at(until)));
                book.desk.run(Command::Pause { targets, until }).unwrap();
            }
            for tick in ticks {
                book.tick_at(tick);
            }
            let is_held = |(name, _): &(String, EndReason)| name == "held s";
            (owed(&book), ended(&book).into_iter().find(is_held).map(|(_, end)| end))
        };
        let all =
            ["22 23:00", "23 01:00", "23 02:00", "23 08:00", "23 12:00"].map(|at| format!("2026-11-{at}"));
        let all = all.each_ref().map(String::as_str);
        let on = comes(&all);
        assert_eq!(comes(&all[4..]), on);
        let rests = matches!(on.1, Some(EndReason::Resting { .. }));
        assert_eq!(rests, until.is_none(), "{on:?}");
    }
}

/// A pause that leads into quiet hours leaves no instant of a span: they are why, with nobody there too.
#[test]
fn what_a_pause_and_the_night_held_to_its_end_is_over_by_the_night() {
    for late in ["keep", "drop"] {
        let comes = |ticks: &[&str]| {
            let (mut book, member) = friend("[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"");
            let step = format!("s | D0 21:00 | until = \"D1 01:00\" | late = \"{late}\"");
            book.sop(&sop("p", "member", "marketing", BY_HAND, &[&step]));
            enrol(&mut book, "p", Target::Member(member));
            let (targets, until) = (vec![Target::Member(member)], Some(at("2026-11-22 23:00")));
            book.desk.run(Command::Pause { targets, until }).unwrap();
            for tick in ticks {
                book.tick_at(tick);
            }
            assert_eq!(owed(&book), []);
            (ended(&book), rounds(&book, "p"))
        };
        let all = ["2026-11-22 21:00", "2026-11-22 23:00", "2026-11-23 12:00"];
        let on = comes(&all);
        let quiet = EndReason::Held { why: WaitReason::QuietHours };
        assert_eq!(on.0, [("p s".to_owned(), quiet)]);
        assert_eq!(comes(&all[2..]), on);
    }
}

/// Who may be the same human as somebody who was sent a step is held by when theirs was due, whenever it is found, and where
/// both are found at once.
#[test]
fn who_may_be_one_human_is_held_by_when_it_was_due() {
    for (second, ticks, is_held) in [
        ("2026-12-12 10:00", &["2026-11-22 10:00", "2026-12-30 09:00"][..], true),
        ("2026-12-12 10:00", &["2026-11-22 10:00", "2026-12-12 10:00"][..], true),
        ("2026-12-28 10:00", &["2026-11-22 10:00", "2026-12-30 09:00"][..], false),
        ("2026-12-28 10:00", &["2026-12-30 09:00"][..], true),
    ] {
        let (mut book, one) = friend("");
        let other = book.member("张三");
        book.befriend(other);
        book.sop(&sop("p", "member", "service", BY_HAND, &["s | D0 10:00"]));
        for (member, when) in [(one, "2026-11-22 10:00"), (other, second)] {
            let (playbook, targets) = (PlaybookId("p".to_owned()), vec![Target::Member(member)]);
            let (filter, anchor) = (String::new(), Some(at(when)));
            let enrol = Command::Enrol { playbook, targets, filter, anchor, dry_run: false };
            book.desk.run(enrol).unwrap();
        }
        for tick in ticks {
            book.tick_at(tick);
            if book.desk.desk.tick.held.is_some() {
                book.desk.run(Command::ConfirmClock).unwrap();
                book.desk.tick();
            }
        }
        let held: Vec<_> = book.open().iter().map(|task| task.status.held.is_some()).collect();
        assert_eq!(held, [false, is_held], "{second} {ticks:?}");
    }
}

/// Of those who fell silent while nobody looked the intake lets in first whose day was first.
#[test]
fn whose_silence_was_reached_first_is_let_in_first() {
    let (mut book, member) = friend("");
    let first = book.member("李四");
    book.befriend(first);
    let intake = "start = { on = \"silence\", days = 3, since = \"both\" }\n[intake]\nmax = 1\nper = \"day\"";
    book.sop(&sop("sil", "member", "care", intake, &["s | D0 10:00"]));
    for (who, when) in [(member, "2026-11-22 09:30"), (first, "2026-11-21 10:00")] {
        book.happened(who, ActivityKind::Replied, None, false, at(when));
    }
    book.tick_at("2026-11-22 12:00");
    book.tick_at("2026-11-28 12:00");
    assert_eq!(book.open().iter().map(|task| task.target).collect::<Vec<_>>(), [Target::Member(first)]);
    book.tick_at("2026-11-29 12:00");
    assert_eq!(book.open().len(), 2);
}

/// A night that was waited for and begins again before anybody looks is waited for again; one that a person chose is not.
#[test]
fn what_waited_for_the_morning_is_not_brought_in_the_next_night() {
    let (mut book, member) = friend("[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"");
    book.sop(&sop("p", "member", "marketing", BY_HAND, &["s | D0 20:00"]));
    enrol(&mut book, "p", Target::Member(member));
    let put_off = |book: &Book| {
        let task = book.open().remove(0);
        task.status.snoozed_until.filter(|_| task.status.state == TaskState::Snoozed)
    };
    book.tick_at("2026-11-22 22:30");
    assert_eq!(put_off(&book), Some(at("2026-11-23 08:00")));
    book.tick_at("2026-11-23 22:40");
    assert_eq!(put_off(&book), Some(at("2026-11-24 08:00")), "not in the night after");
    book.tick_at("2026-11-24 08:00");
    assert_eq!(put_off(&book), None);
    let task = book.open().remove(0).id;
    book.verb(task, TaskVerb::Snooze { until: at("2026-11-24 23:00") });
    book.tick_at("2026-11-24 23:00");
    assert_eq!(put_off(&book), None, "whoever puts it off to the night means it");
}
