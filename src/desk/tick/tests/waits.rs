//! What waits, for a cap or for quiet hours, and what does not because of it.

use super::rules::{book, enrol};
use super::*;
use crate::desk::testing::at;

/// A message of marketing that is due at ten, and behind it what caps and quiet hours do not concern.
fn mixed(first: &str, more: &str) -> String {
    format!(
        "id = \"mixed\"\ntitle = \"混\"\nfor = \"member\"\nclass = \"marketing\"\nstart = {{ on = \"by-hand\" }}\n\
         [[step]]\nid = \"offer\"\n{first}\nvia = \"private\"\ntext = [\"好货\"]\n\
         [[step]]\nid = \"alarm\"\nat = \"D0 10:30\"\nclass = \"incident\"\nvia = \"private\"\ntext = [\"停水\"]\n\
         [[step]]\nid = \"count\"\nat = \"D0 11:00\"\nvia = \"internal\"\nnote = \"点数\"\n{more}"
    )
}

const ONE_A_DAY: &str = "[[cap]]\nscope = \"member\"\nclass = [\"marketing\"]\nn = 1\nper = \"day\"\n";

#[test]
fn what_a_cap_holds_does_not_hold_what_comes_after_it() {
    let mut book = book(ONE_A_DAY);
    book.sop(&mixed(
        "at = \"D0 10:15\"",
        "[[step]]\nid = \"next\"\nat = \"D1 09:00\"\nvia = \"private\"\ntext = [\"再来\"]\n",
    ));
    enrol(&mut book, "private", &["张三"]);
    enrol(&mut book, "mixed", &["张三"]);
    book.tick_at("2026-11-22 10:20");
    let first = book.open()[0].id;
    assert_eq!(book.state().0, ["a 张三"]);
    book.tick_at("2026-11-22 10:31");
    book.tick_at("2026-11-22 11:00");
    book.desk.restart();
    book.tick_at("2026-11-22 11:30");
    assert_eq!(book.state().0, ["a 张三", "alarm 张三", "count 张三"]);
    assert!(book.state().1.contains(&"张三: 今日 1/1 23 00:00".to_owned()), "{:?}", book.state());
    // there is room when what was open ends unsent, not only on the next day
    book.verb(first, TaskVerb::Skip { reason: crate::book::SkipReason::Unfit, words: String::new() });
    book.tick_at("2026-11-22 11:31");
    let open = book.state().0;
    assert!(
        open.contains(&"offer 张三".to_owned()) || open.contains(&"b 张三".to_owned()),
        "{:?}",
        book.state()
    );
    assert_eq!(
        book.tasks()
            .iter()
            .filter(
                |task| matches!(&task.kind, crate::book::TaskKind::Step { key, .. } if key.step == "alarm")
            )
            .count(),
        1
    );
}

#[test]
fn what_quiet_hours_hold_does_not_hold_what_comes_after_it() {
    let night = "[[quiet]]\nfrom = \"10:00\"\nto = \"12:00\"\n";
    let mut book = book(night);
    book.sop(&mixed("at = \"D0 10:15\"", ""));
    enrol(&mut book, "mixed", &["张三"]);
    book.tick_at("2026-11-22 10:31");
    book.tick_at("2026-11-22 11:00");
    assert_eq!(book.state().0, ["alarm 张三", "count 张三"]);
    book.tick_at("2026-11-22 12:00");
    assert_eq!(book.state().0.len(), 3);
    let offer = book.open().into_iter().find(|task| task.moved_from.is_some()).unwrap();
    assert_eq!((offer.moved_from, offer.moved_why.as_str()), (Some(at("2026-11-22 10:15")), "quiet"));
    let untouched = book.open().into_iter().filter(|task| task.moved_from.is_none()).count();
    assert_eq!(untouched, 2, "what did not wait was not moved");
}

#[test]
fn a_cap_holds_a_step_to_the_end_of_its_span_and_no_longer() {
    let mut book = book(ONE_A_DAY);
    book.sop(&mixed("at = \"D0 10:15\"\nuntil = \"D0 20:00\"", ""));
    enrol(&mut book, "private", &["张三"]);
    book.tick_at("2026-11-22 10:00");
    enrol(&mut book, "mixed", &["张三"]);
    let offer = |book: &Book| {
        let is = |task: &&Task| matches!(&task.kind, crate::book::TaskKind::Step { key, .. } if key.step == "offer");
        book.tasks().iter().find(is).map(|task| task.status.state)
    };
    for hour in ["10:16", "12:00", "19:59"] {
        book.tick_at(&format!("2026-11-22 {hour}"));
        assert_eq!(offer(&book), None, "{hour}");
    }
    book.tick_at("2026-11-22 20:00");
    assert_eq!(offer(&book), Some(crate::book::TaskState::Expired), "kept from an absence, not from a cap");
}

#[test]
fn a_cap_that_was_sent_full_meanwhile_is_said_before_the_copy() {
    let mut book = book("[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\n");
    enrol(&mut book, "private", &["张三"]);
    book.tick_at("2026-11-22 10:00");
    let first = book.open()[0].id;
    book.verb(first, TaskVerb::Skip { reason: crate::book::SkipReason::Unfit, words: String::new() });
    book.tick_at("2026-11-22 10:02");
    let second = book.open()[0].id;
    let warnings = |book: &mut Book, id| {
        let crate::door::Reply::Task(detail) = book.desk.ask(crate::door::Request::Task(id)) else {
            panic!()
        };
        detail.text.warnings.into_iter().map(|warning| (warning.code, warning.words)).collect::<Vec<_>>()
    };
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(warnings(&mut book, second), [], "both are open, and nothing was sent");
    book.verb(second, TaskVerb::Sent { at: None, also: false });
    let said = warnings(&mut book, first);
    assert_eq!(said, [("cap member day 1/1".to_owned(), "上限已到: 今日 1/1".to_owned())]);
    let codes = said.into_iter().map(|(code, _)| code).collect();
    book.verb(first, TaskVerb::Acknowledge { codes });
    assert_eq!(warnings(&mut book, first), []);
}

#[test]
fn what_is_offered_and_not_sent_keeps_its_distance() {
    for (scope, playbook, name) in
        [("member", "private", "张三"), ("group", "said", "宠友1群"), ("account", "said", "宠友1群")]
    {
        let mut book = book(&format!("[[cap]]\nscope = \"{scope}\"\nn = 9\nper = \"day\"\ngap = \"30m\"\n"));
        enrol(&mut book, playbook, &[name]);
        book.tick_at("2026-11-22 10:00");
        book.tick_at("2026-11-22 10:05");
        assert_eq!(book.state().0, [format!("a {name}")], "{scope}");
        assert!(book.state().1[0].ends_with("间隔不足 30 分钟 22 10:30"), "{scope}: {:?}", book.state());
        book.tick_at("2026-11-22 10:30");
        assert_eq!(book.state().0.len(), 2, "{scope}");
    }
}

/// Quiet hours of a group and of the store that leave no minute together: nothing is promised, and it is said whose they
/// are. A step whose span ends is passed by, and what does not wait for them still comes.
#[test]
fn what_quiet_hours_never_let_through_has_no_date() {
    use crate::door::form::Field;
    let hours = |book: &mut Book, group, hours: &str| {
        let objects = vec![crate::door::command::ObjectRef::Group(group)];
        let fields = vec![(Field::Quiet, hours.to_owned())];
        book.desk.run(Command::Edit { objects, fields }).unwrap();
        book.desk.tick();
    };
    let why = |book: &mut Book, group| match book.desk.ask(crate::door::Request::Why(Target::Group(group))) {
        crate::door::Reply::Why(coming) => coming.into_iter().next().unwrap(),
        other => panic!("{other:?}"),
    };
    for (until, expected) in [
        ("", "永不: 免打扰没有空档 (门店 22:00-08:00 + 宠友1群 08:00-22:00)"),
        (
            "until = \"D0 21:00\"\nlate = \"drop\"\n",
            "第 1 步: 永不: 免打扰没有空档 (门店 22:00-08:00 + 宠友1群 08:00-22:00)",
        ),
    ] {
        let mut book = book("[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"\nscope = \"store\"\n");
        let group = book.group("宠友1群");
        hours(&mut book, group, "08:00-22:00");
        book.sop(&format!(
            "id = \"daily\"\ntitle = \"日\"\nfor = \"group\"\nclass = \"marketing\"\n\
             start = {{ on = \"recurrence\", every = \"daily\" }}\n\
             [[step]]\nid = \"open\"\nat = \"D0 10:00\"\n{until}via = \"group\"\ntext = [\"开团\"]\n"
        ));
        let line = why(&mut book, group);
        assert_eq!((line.at, line.why.as_str()), (None, expected));
        book.tick_at("2026-11-23 12:00");
        book.desk.restart();
        let line = why(&mut book, group);
        assert_eq!((line.at, line.why.as_str()), (None, expected));
        hours(&mut book, group, "12:00-14:00");
        let line = why(&mut book, group);
        assert!(line.at.is_some() && !line.why.contains("永不"), "{line:?}");
    }
}

#[test]
fn what_waited_is_late_from_when_it_could_be_offered_however_late_that_is_noticed() {
    let due = |ticks: &[&str]| {
        let mut book = Book::new();
        book.group("宠友1群");
        let hours = "zone = \"Asia/Shanghai\"\n[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"\n".to_owned();
        book.stage(Body::RulesSet { before: String::new(), after: hours, file: false });
        book.sop(
            "id = \"night\"\ntitle = \"夜\"\nfor = \"group\"\nclass = \"care\"\n\
             start = { on = \"date\", date = \"2026-11-22\" }\n\
             [[step]]\nid = \"a\"\nat = \"D0 23:30\"\nvia = \"group\"\ntext = \"晚安\"\n",
        );
        for tick in ticks {
            book.tick_at(tick);
        }
        book.tasks().iter().map(|task| (task.status.due_at, task.moved_from)).collect::<Vec<_>>()
    };
    let in_one_go = due(&["2026-11-23 20:00"]);
    assert_eq!(in_one_go.first().map(|(at, _)| *at), Some(at("2026-11-23 08:00")), "{in_one_go:?}");
    assert_eq!(due(&["2026-11-22 23:31", "2026-11-23 20:00"]), in_one_go);
    assert_eq!(due(&["2026-11-22 23:31", "2026-11-23 08:00", "2026-11-23 20:00"]), in_one_go);
}

#[test]
fn what_a_cap_or_a_quiet_hour_held_to_its_end_says_so() {
    let looked = ["22 10:20", "22 12:00", "22 23:10", "23 10:00"];
    let ended_at = |rules: &str, at: &str, until: &str, looked: &[&str]| {
        let mut book = book(rules);
        book.sop(&mixed(&format!("at = \"{at}\"\nuntil = \"{until}\""), ""));
        enrol(&mut book, "private", &["张三"]);
        enrol(&mut book, "mixed", &["张三"]);
        for time in looked {
            book.tick_at(&format!("2026-11-{time}"));
        }
        let offer = book.tasks().into_iter().find(
            |task| matches!(&task.kind, crate::book::TaskKind::Step { key, .. } if key.step == "offer"),
        );
        let line = book.desk.ask(crate::door::Request::Task(offer.unwrap().id));
        format!("{line:?}")
    };
    let ended = |rules: &str, at: &str, until: &str| ended_at(rules, at, until, &looked);
    let capped = ended(ONE_A_DAY, "D0 10:15", "D0 11:45");
    assert!(capped.contains("时段已过 (上限: 今日 1/1)"), "{capped}");
    let quiet =
        ended("[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"\nscope = \"store\"\n", "D0 23:00", "D0 23:30");
    assert!(quiet.contains("时段已过 (免打扰)"), "{quiet}");
    // also where nobody looked before the night behind it was over
    let night = format!("[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"\nscope = \"store\"\n{ONE_A_DAY}");
    for looked in [&["22 10:20", "23 09:00"][..], &["22 10:20", "22 20:01", "23 09:00"]] {
        let capped = ended_at(&night, "D0 10:15", "D0 20:00", looked);
        assert!(capped.contains("时段已过 (上限: 今日 1/1)"), "{looked:?} {capped}");
    }
}

#[test]
fn a_paused_group_is_called_a_group() {
    let mut book = book("");
    enrol(&mut book, "said", &["宠友1群"]);
    let group = Target::Group(book.desk.desk.find_group("宠友1群", crate::text::lang::Lang::ZhCn).unwrap());
    let mut why = |until| {
        book.desk.run(Command::Pause { targets: vec![group], until }).unwrap();
        let crate::door::Reply::Why(coming) = book.desk.ask(crate::door::Request::Why(group)) else {
            panic!()
        };
        format!("{coming:?}")
    };
    let until = why(Some(at("2026-11-25 09:00")));
    assert!(until.contains("群停发到 11-25 09:00"), "{until}");
    let ever = why(None);
    assert!(ever.contains("群已停发"), "{ever}");
}

/// A look in quiet hours is no promise: lists and cards tell when something is said, and that the hours move it.
#[test]
fn what_comes_next_is_told_by_when_it_is_said() {
    use crate::door::form::Field;
    use crate::door::request::{ListSpec, Sort};
    use crate::door::{Reply, Request};
    let quiet = "[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"\nscope = \"store\"\n";
    let mut book = book(&format!("{quiet}{ONE_A_DAY}"));
    book.sop(&mixed("at = \"D0 11:00\"", ""));
    enrol(&mut book, "private", &["张三"]);
    enrol(&mut book, "mixed", &["张三"]);
    book.tick_at("2026-11-22 11:01");
    let member = match &book.open()[0].kind {
        crate::book::TaskKind::Step { key, .. } => key.target,
        other => panic!("{other:?}"),
    };
    let Reply::Why(coming) = book.desk.ask(Request::Why(member)) else { panic!() };
    let mixed = coming.iter().find(|line| line.playbook.id.0 == "mixed").unwrap();
    // the day's cap is free at midnight, in the night
    assert_eq!(mixed.at, Some(at("2026-11-23 08:00")));
    assert_eq!(mixed.why, "上限: 今日 1/1, 免打扰");

    let mut book = Book::new();
    book.tick_at("2026-11-22 09:00");
    let group = book.group("宠友1群");
    let fields = vec![(Field::Quiet, "09:00-13:00".to_owned())];
    let objects = vec![crate::door::command::ObjectRef::Group(group)];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    book.sop(
        "id = \"daily\"\ntitle = \"日\"\nfor = \"group\"\nclass = \"marketing\"\n\
         start = { on = \"recurrence\", every = \"daily\" }\n\
         [[step]]\nid = \"open\"\nat = \"D0 10:00\"\nvia = \"group\"\ntext = [\"开团\"]\n",
    );
    let list = |kind| {
        let list = ListSpec { kind, filter: String::new(), sort: Sort::Natural, limit: None };
        Request::List { list, first: 0, rows: 9, texts: false }
    };
    let expected = Some(at("2026-11-22 13:00"));
    let Reply::Why(coming) = book.desk.ask(Request::Why(Target::Group(group))) else { panic!() };
    assert_eq!((coming[0].at, coming[0].why.as_str()), (expected, "免打扰"));
    for kind in [crate::door::form::Kind::Group, crate::door::form::Kind::Playbook] {
        let Reply::Window(window) = book.desk.ask(list(kind)) else { panic!() };
        let next = match &window.lines {
            crate::door::line::Lines::Groups(lines) => lines[0].next_at,
            crate::door::line::Lines::Playbooks(lines) => {
                lines.iter().find(|l| l.id.0 == "daily").unwrap().next_at
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(next, expected, "{kind:?}");
    }
}

/// What was missed while nobody looked waits on the day of return for what is more important, and is offered then.
#[test]
fn what_was_missed_is_not_lost_to_what_is_more_important_on_the_day_of_return() {
    let mut book = Book::new();
    let rules = format!(
        "zone = \"Asia/Shanghai\"\n{}",
        ONE_A_DAY.replace("[\"marketing\"]", "[\"marketing\", \"care\"]")
    );
    book.desk.run(Command::SetRules { toml: rules }).unwrap();
    let member = book.member("张三");
    book.befriend(member);
    let sop = |id: &str, class: &str, at: &str, more: &str| {
        format!(
            "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"{class}\"\nstart = {{ on = \"by-hand\" }}\n\
             [[step]]\nid = \"s\"\nat = \"{at}\"\n{more}via = \"private\"\ntext = [\"{id}\"]\n"
        )
    };
    book.sop(&sop("old", "marketing", "D1 10:00", "until = \"D1 20:00\"\n"));
    book.sop(&sop("new", "care", "D2 12:00", ""));
    for id in ["old", "new"] {
        let command = Command::Enrol {
            playbook: PlaybookId(id.to_owned()),
            targets: vec![Target::Member(member)],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        };
        book.desk.run(command).unwrap();
    }
    book.tick_at("2026-11-22 09:00");
    for time in ["24 09:10", "24 12:00", "24 12:02"] {
        book.tick_at(&format!("2026-11-{time}"));
    }
    let states = |book: &Book| -> Vec<(String, TaskState)> {
        let of = |task: &crate::book::Task| match &task.kind {
            crate::book::TaskKind::Step { key, .. } => key.playbook.0.clone(),
            other => panic!("{other:?}"),
        };
        book.tasks().iter().map(|task| (of(task), task.status.state)).collect()
    };
    assert_eq!(states(&book), [("new".to_owned(), TaskState::Due)]);
    // the next day has room
    let open = book.open()[0].id;
    book.verb(open, TaskVerb::Sent { at: None, also: false });
    book.tick_at("2026-11-25 00:01");
    let (old, state) = states(&book).into_iter().find(|(id, _)| id == "old").unwrap();
    assert_eq!((old.as_str(), state), ("old", TaskState::Due));
}

/// What holds a cap and what it holds end at one instant: room that comes with the end is none.
#[test]
fn what_is_held_until_the_end_of_both_is_over_however_late_that_is_noticed() {
    for (ticks, kind) in [("20:00", "member"), ("20:05", "member"), ("20:05", "group")] {
        let mut book = Book::new();
        let cap = format!("zone = \"Asia/Shanghai\"\n[[cap]]\nscope = \"{kind}\"\nn = 1\nper = \"day\"\n");
        book.desk.run(Command::SetRules { toml: cap }).unwrap();
        if kind == "group" {
            book.group("一群");
        } else {
            book.member("张三");
        }
        for (id, priority) in [("a", 90), ("b", 50)] {
            let start = format!("priority = {priority}\nstart = {{ on = \"date\", date = \"2026-11-23\" }}");
            let step = "s | D0 10:00 | until = \"D0 20:00\"";
            book.sop(&super::plans::sop(id, kind, "marketing", &start, &[step]));
        }
        for time in ["10:00", "15:00", ticks] {
            book.tick_at(&format!("2026-11-23 {time}"));
        }
        let ends: Vec<_> = book.tasks().into_iter().map(|task| task.status.end).collect();
        let held = matches!(ends.as_slice(), [Some(EndReason::SpanOver), Some(EndReason::Held { .. })]);
        assert!(held, "{kind} {ticks}: {ends:?}");
    }
}
