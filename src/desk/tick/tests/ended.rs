//! Who is out of a playbook, and what ended it: in words that people use, and with no dates that nobody gets.

use super::limits::limit;
use super::newly::inside;
use super::plans::{asked, check, enrol, plan, rules, sop};
use super::*;
use crate::book::{Channel, Health, Refused};
use crate::desk::testing::at;
use crate::door::command::{Held, ObjectRef};
use crate::door::form::Field;
use crate::door::reply::PlanLine;
use crate::door::request::PlanAsk;
use crate::door::{Reply, Request};
use crate::text::lang::Lang;

const DAILY: &str = "start = { on = \"recurrence\", every = \"daily\" }";

fn moments() -> String {
    sop("m", "account", "care", DAILY, &["a | D0 10:00 | until = \"D0 20:00\"\nlate = \"drop\""])
        .replace("via = \"private\"", "via = \"moments\"")
}

/// What is said of those who are in a playbook.
fn whys(book: &mut Book, target: Target) -> Vec<String> {
    match book.desk.ask(Request::Why(target)) {
        Reply::Why(coming) => coming.into_iter().map(|one| one.why).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_account_that_is_lifted_goes_on_with_what_it_says_each_day() {
    let mut book = Book::new();
    rules(&mut book, "");
    book.sop(&moments());
    book.tick_at("2026-11-22 11:00");
    let account = Target::Account(book.account);
    limit(&mut book, Health::Banned, Held::Wait);
    book.tick_at("2026-11-23 11:00");
    assert_eq!(inside(&book, "m"), 0);
    let said = whys(&mut book, account);
    assert!(said.iter().any(|why| why.contains("账号被封或停用")), "{said:?}");
    limit(&mut book, Health::Normal, Held::Wait);
    book.desk.tick();
    assert_eq!(inside(&book, "m"), 1);
    check(&mut book, "m", account, 3, 3);
}

#[test]
fn who_is_out_of_a_recurrence_is_promised_nothing() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("张三");
    let target = Target::Member(member);
    book.sop(&sop("p", "member", "care", &format!("stop = [\"tag:停\"]\n{DAILY}"), &["a | D0 10:00"]));
    let tags = |book: &mut Book, tags: &str| {
        let fields = vec![(Field::Tags, tags.to_owned())];
        book.desk.run(Command::Edit { objects: vec![ObjectRef::Member(member)], fields }).unwrap();
    };
    tags(&mut book, "停");
    tags(&mut book, "");
    book.tick_at("2026-11-23 11:00");
    assert!(book.open().is_empty());
    let refused = asked(&mut book, "p", target, None, 3).unwrap_err();
    let words = "2026-11-22 起已不在这个 SOP 里（已停止: tag:停），不会自己再进入；手动加入才有日期";
    assert!(refused.words.starts_with(words), "{}", refused.words);
    enrol(&mut book, "p", target);
    assert!(!plan(&mut book, "p", target, 3).is_empty());
}

#[test]
fn what_a_limit_ended_says_so() {
    let limited = || Health::Limited { what: Channel::All.word().to_owned(), until: None };
    for (health, held, words) in [
        (limited(), Held::Cancel, "账号受限"),
        (Health::Banned, Held::Cancel, "账号已封"),
        (limited(), Held::Wait, "账号受限"),
    ] {
        let mut book = Book::new();
        book.no_rules();
        book.sop(FRIEND);
        let member = book.member("张三");
        book.befriend(member);
        book.tick_at("2026-11-22 09:06");
        let cancels = held == Held::Cancel;
        limit(&mut book, health, held);
        book.tick_at("2026-11-22 22:00");
        let ended = book.tasks()[0].clone();
        let state = if cancels { TaskState::Cancelled } else { TaskState::Expired };
        assert_eq!(ended.status.state, state);
        let Some(EndReason::AccountRefused { why }) = ended.status.end else { panic!("{ended:?}") };
        assert_eq!(why == Refused::Banned, words == "账号已封");
        let Reply::Task(detail) = book.desk.ask(Request::Task(ended.id)) else { panic!() };
        assert_eq!(detail.line.reason, words);
    }
}

/// Words of the machine do not reach people, in any language.
#[test]
fn what_ended_because_its_target_was_away_is_said_in_words() {
    for lang in [Lang::ZhCn, Lang::ZhTw, Lang::En] {
        for rule in ["filter:gone", "filter:account-gone", "filter:state:archived", "state:archived"] {
            let words = crate::desk::view::ended_words(rule, lang);
            assert!(!words.contains([':', '-']) && words != rule, "{rule}: {words}");
            assert!(lang == Lang::En || !words.is_ascii(), "{rule}: {words}");
        }
    }
}

#[test]
fn a_step_that_moved_says_the_day_it_moved_to() {
    let mut book = Book::new();
    book.no_rules();
    let member = book.member("张三");
    let steps = ["a | D0 10:00 | late = \"shift\"", "b | D1 10:00 | until = \"D1 20:00\""];
    let toml = sop("s", "member", "service", "start = { on = \"by-hand\" }", &steps)
        .replace("text = [\"b\"]", "text = [\"{{ date }} {{ weekday }} {{ day }}\"]");
    book.sop(&toml);
    book.befriend(member);
    enrol(&mut book, "s", Target::Member(member));
    book.tick_at("2026-11-22 10:00");
    let first = book.open()[0].id;
    book.tick_at("2026-11-24 09:00");
    book.verb(first, TaskVerb::Sent { at: None, also: false });
    book.tick_at("2026-11-25 10:00");
    let moved = book.open()[0].id;
    let Reply::Task(detail) = book.desk.ask(Request::Task(moved)) else { panic!() };
    assert_eq!(detail.text.parts[0].copy.as_deref(), Some("11月25日 周三 1"));
}

#[test]
fn nobody_runs_out_today_for_all() {
    let mut book = Book::new();
    rules(&mut book, "");
    let runs_out =
        sop("r", "member", "care", "start = { on = \"runout\", product = \"奶粉\" }", &["a | D0 10:00"]);
    let silent = sop("s", "member", "care", "start = { on = \"silence\", days = 30 }", &["a | D0 10:00"]);
    for toml in [runs_out, silent] {
        let until = Timestamp(book.desk.now().wall.0 + 3 * crate::book::time::DAY);
        let playbook = PlaybookId(String::new());
        let file = Some(toml);
        let ask =
            PlanAsk { playbook, file, target: None, anchor: None, from: None, until, rows: 9, bare: false };
        let lines: Vec<PlanLine> = match book.desk.ask(Request::Plan(Box::new(ask))) {
            Reply::Plan(lines) => lines,
            other => panic!("{other:?}"),
        };
        assert!(lines[0].reason.contains("每人的日子不同"), "{lines:?}");
    }
}

/// The acts that ended two tasks are undone, the earlier one first.
#[test]
fn who_is_owed_again_goes_on() {
    let toml =
        sop("p", "member", "service", "start = { on = \"by-hand\" }", &["a | D0 10:00", "b | D0 10:01"]);
    let follows = "[[end]]\nwhen = \"finished\"\nthen = [\"followup:3d\"]\n";
    for (more, expected) in [("", 1), (follows, 0)] {
        let mut book = Book::new();
        book.no_rules();
        let member = book.member("张三");
        book.sop(&format!("{toml}{more}"));
        enrol(&mut book, "p", Target::Member(member));
        book.tick_at("2026-11-22 10:01");
        let acts: Vec<_> = book
            .open()
            .into_iter()
            .map(|task| {
                let verb = TaskVerb::Sent { at: None, also: false };
                book.desk.run(Command::Task { tasks: vec![task.id], verb }).unwrap().act
            })
            .collect();
        assert_eq!(inside(&book, "p"), 0);
        book.desk.run(Command::Undo { act: acts[0] }).unwrap();
        assert_eq!(inside(&book, "p"), expected, "{more}");
        let open = book.open()[0].id;
        if expected == 1 {
            book.verb(open, TaskVerb::Sent { at: Some(at("2026-11-22 10:01")), also: false });
            assert_eq!(inside(&book, "p"), 0, "it ends with its last task");
        }
        book.desk.restart();
    }
}

#[test]
fn who_was_put_away_by_mistake_goes_on_with_what_came_meanwhile() {
    let mut book = Book::new();
    rules(&mut book, "");
    let steps = [
        "a | D0 10:00 | until = \"D0 20:00\"",
        "b | D0 11:00 | until = \"D0 20:00\"",
        "c | D1 10:00 | until = \"D1 20:00\"",
    ];
    book.sop(&sop("m", "member", "care", "start = { on = \"by-hand\" }", &steps));
    let member = book.member("张三");
    book.befriend(member);
    enrol(&mut book, "m", Target::Member(member));
    book.tick_at("2026-11-22 10:01");
    assert_eq!(book.open().len(), 1);
    book.desk.run(Command::Archive { object: ObjectRef::Member(member) }).unwrap();
    book.tick_at("2026-11-22 11:01");
    assert_eq!((book.open().len(), inside(&book, "m")), (0, 0));
    book.desk.run(Command::Undo { act: None }).unwrap();
    book.tick_at("2026-11-22 11:02");
    let mut owed: Vec<String> = book.open().iter().map(|task| format!("{:?}", task.kind)).collect();
    owed.sort();
    assert_eq!((owed.len(), inside(&book, "m")), (2, 1), "{owed:?}");
    book.tick_at("2026-11-23 10:01");
    assert_eq!(book.open().len(), 1, "the day after goes on");
}
