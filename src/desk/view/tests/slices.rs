//! Lists asked for once, and other reads, in slices: a turn does a bounded amount for them, and their answers are true
//! although the book changes under them.

use std::collections::HashMap;

use proptest::prelude::*;

use super::watch::{carry_out, happens, with_courses};
use super::{Book, Kind, Reply, Request, Sort};
use crate::book::{ObjectId, PlaybookId, TaskId};
use crate::desk::view::reads::LINE;
use crate::door::detail::TaskText;
use crate::door::line::Lines;
use crate::door::reply::{Fit, Window};
use crate::door::request::ListSpec;
use crate::door::{Command, Push};
use crate::store::Body;
use crate::store::record::{Change, Edited};

/// What a turn does here for a request: it looks at a few rows.
const SLICE: usize = 90;

/// A line or a name compared more than that, at most: they are made whole.
const MOST: usize = SLICE + LINE;

fn list(kind: Kind, filter: &str, sort: Sort, first: u32) -> Request {
    let list = ListSpec { kind, filter: filter.to_owned(), sort, limit: None };
    Request::List { list, first, rows: 6, texts: true }
}

fn window(reply: Reply) -> Window {
    match reply {
        // what comes nearest is a hint: names may change while they are compared
        Reply::Window(window) => Window { rev: 0, nearest: Vec::new(), ..window },
        other => panic!("{other:?}"),
    }
}

/// What the list is when nothing comes between.
fn at_once(book: &mut Book, request: Request) -> Window {
    book.desk.desk.views.set_slice(100_000_000);
    let whole = window(book.desk.ask(request));
    book.desk.desk.views.set_slice(SLICE);
    whole
}

#[test]
fn a_turn_does_a_bounded_amount_for_reads() {
    let names: Vec<String> = (0..60).map(|n| format!("客人{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut book = Book::new(&["一群", "二群"], &names);
    book.desk.tick();
    book.desk.desk.views.set_slice(SLICE);
    book.desk.most = (0, 0);
    let everybody = window(book.desk.ask(list(Kind::Member, "", Sort::Natural, 0)));
    assert_eq!(everybody.total, 60);
    let some = window(book.desk.ask(list(Kind::Member, "客人1", Sort::Natural, 0)));
    assert_eq!(some.total, 11);
    let none = book.desk.ask(list(Kind::Member, "客人77", Sort::Natural, 0));
    let Reply::Window(none) = none else { panic!("{none:?}") };
    assert!(none.total == 0 && none.nearest.contains(&"客人7".to_owned()), "{:?}", none.nearest);
    let count = |filter: &str| ListSpec {
        kind: Kind::Member,
        filter: filter.to_owned(),
        sort: Sort::Name,
        limit: None,
    };
    let counted = book.desk.ask(Request::Count { lists: vec![count(""), count("客人1"), count("没有")] });
    assert_eq!(counted, Reply::Counted(vec![60, 11, 0]));
    let found = book.desk.ask(Request::Find { kind: Kind::Member, text: "客人42".to_owned() });
    assert!(matches!(&found, Reply::Found(found) if found.len() == 1), "{found:?}");
    let kinds = vec![Kind::Member, Kind::Group];
    let offered = book.desk.ask(Request::Suggest { kinds, text: "k".to_owned(), limit: 100 });
    assert!(matches!(&offered, Reply::Suggestions(offered) if offered.len() == 60), "{offered:?}");
    for (text, fit, many) in [
        ("客人42", Fit::One, 1),
        ("客人4", Fit::One, 1),
        ("人4", Fit::Alike, 11),
        ("客仁42", Fit::Near, 1),
        ("无此人", Fit::Nobody, 0),
    ] {
        let who = Request::Who { text: text.to_owned(), group: None, account: None, limit: 50 };
        let Reply::Who(meant) = book.desk.ask(who) else { panic!("{text}") };
        assert_eq!((meant.fit, meant.found.len()), (fit, many), "{text}");
    }
    let who = Request::Who { text: "无此人".to_owned(), group: None, account: None, limit: 50 };
    let tag = book.desk.begin_as("小李", who);
    assert!(book.desk.answer(tag).is_none(), "all of them are looked at in one turn");
    assert!(book.desk.most.1 <= MOST, "{} steps in one turn", book.desk.most.1);
}

#[test]
fn a_request_that_takes_long_does_not_hold_up_another() {
    let names: Vec<String> = (0..60).map(|n| format!("客人{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut book = Book::new(&["一群"], &names);
    book.desk.desk.views.set_slice(SLICE);
    let long = book.desk.begin_as("小李", list(Kind::Member, "客人", Sort::Natural, 0));
    let short = book.desk.begin_as("小王", Request::Rules);
    for _ in 0..3 {
        book.desk.idle();
    }
    assert!(book.desk.answer(short).is_some());
    assert!(book.desk.answer(long).is_none());
    book.desk.tick();
    assert_eq!(window(book.desk.answer(long).unwrap()).total, 60);
}

#[test]
fn another_text_is_compared_with_where_everybody_stands() {
    const MANY: usize = 1_200;
    let names: Vec<String> = (0..MANY).map(|n| format!("客人{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut book = Book::new(&[], &names);
    let toml = "id = \"call\"\ntitle = \"回访\"\nfor = \"member\"\nclass = \"service\"\n\
        start = { on = \"by-hand\" }\n[[step]]\nid = \"ask\"\nat = \"D0 12:00\"\nvia = \"private\"\n\
        text = [\"最近好吗\"]\n[[step]]\nid = \"again\"\nat = \"D9 12:00\"\nvia = \"private\"\ntext = [\"好吗\"]\n";
    book.sop(toml);
    let enrol = Command::Enrol {
        playbook: PlaybookId("call".to_owned()),
        targets: Vec::new(),
        filter: "客人".to_owned(),
        anchor: None,
        dry_run: false,
    };
    book.desk.run(enrol).unwrap();
    book.tick_at("2026-11-22 12:00");
    book.desk.desk.views.set_slice(20_000);
    book.desk.most = (0, 0);
    let (toml, file) = (toml.replace("\"ask\"", "\"asked\"").replace("D9", "D8"), String::new());
    let tag = book.desk.begin_as("小李", Request::SopDiff { toml, file });
    assert!(book.desk.answer(tag).is_none());
    let note = Command::Note { on: vec![ObjectId::Member(book.members[0])], text: "忙".to_owned() };
    book.desk.run(note).unwrap();
    book.desk.tick();
    let Some(Reply::SopDiff(told)) = book.desk.answer(tag) else { panic!() };
    let many = MANY as u32;
    assert_eq!((told.running, told.looked_at, told.changed, told.unchanged), (many, many, many, 0));
    let open: Vec<_> = told.open.iter().map(|of| (of.step.as_str(), of.n, of.stays)).collect();
    assert_eq!((open, told.next.len()), (vec![("ask", many, false)], 12));
    assert!(book.desk.most.1 <= 22_000, "{} steps in one turn", book.desk.most.1);
}

#[test]
fn a_long_history_is_named_in_slices() {
    let mut book = Book::new(&["一群"], &["张三"]);
    for n in 0..70 {
        let note = Command::Note { on: vec![ObjectId::Member(book.members[0])], text: format!("第{n}条") };
        book.desk.run_as(if n % 2 == 0 { "小李" } else { "小王" }, note).unwrap();
    }
    book.desk.desk.views.set_slice(50_000);
    book.desk.most = (0, 0);
    let log = |book: &mut Book, mine| match book
        .desk
        .ask_as("小李", Request::Log { before: None, limit: 60, mine })
    {
        Reply::Log(entries) => entries,
        other => panic!("{other:?}"),
    };
    let (all, mine) = (log(&mut book, false), log(&mut book, true));
    assert_eq!((all.len(), mine.len()), (60, 35));
    assert!(all.windows(2).all(|two| two[0].act > two[1].act) && mine.iter().all(|entry| entry.by == "小李"));
    assert!(book.desk.most.1 <= 70_000, "{} steps in one turn", book.desk.most.1);
}

#[test]
fn who_is_gone_is_not_answered() {
    let mut book = Book::new(&["一群"], &["张三", "李四", "王五", "赵六"]);
    book.desk.desk.views.set_slice(1);
    book.desk.begin_as("小李", list(Kind::Member, "", Sort::Natural, 0));
    assert!(book.desk.last.more);
    book.desk.leave("小李");
    assert!(!book.desk.last.more);
}

#[test]
fn who_is_renamed_is_called_so_in_a_list_under_way() {
    let mut book = with_courses();
    let all = || list(Kind::Task, "", Sort::Natural, 0);
    let called = |name: &str, book: &mut Book, n: usize| {
        let changes = vec![Change { field: "remark".into(), before: String::new(), after: name.to_owned() }];
        let member = Edited::Member(book.members[n]);
        book.stage(Body::Edited { object: member, changes });
    };
    let named = |window: &Window, name: &str| {
        let Lines::Tasks(lines) = &window.lines else { panic!("{window:?}") };
        lines.iter().filter(|line| line.target_name == name).count()
    };
    book.desk.desk.views.set_slice(SLICE);
    // the second is renamed like the first when the first's line is made, and back again
    for (name, expected) in [("张三", 2), ("李四", 1)] {
        let tag = book.desk.begin_as("小李", all());
        let mut turns = 0;
        let answered = loop {
            if let Some(reply) = book.desk.answer(tag) {
                break window(reply);
            }
            turns += 1;
            if turns == 5 {
                called(name, &mut book, 1);
            }
            book.desk.idle();
        };
        assert!(turns > 5, "it was answered in {turns} turns");
        assert_eq!(named(&answered, name), expected, "{name}");
        assert!(answered.texts.iter().all(|text| text.warnings.is_empty()), "nobody copies from it");
        assert_eq!(answered, at_once(&mut book, all()), "{name}");
    }
}

#[test]
fn whom_another_is_renamed_like_says_so_in_a_window() {
    let mut book = with_courses();
    let list = ListSpec { kind: Kind::Task, filter: String::new(), sort: Sort::Natural, limit: None };
    let window = match book.desk.ask(Request::Watch { watch: 7, list, first: 0, rows: 20, around: None }) {
        Reply::Window(window) => window,
        other => panic!("{other:?}"),
    };
    let mut texts: HashMap<TaskId, TaskText> =
        window.texts.into_iter().map(|text| (text.task, text)).collect();
    for (name, expected) in [("张三", 2), ("李四", 0)] {
        let changes = vec![Change { field: "remark".into(), before: String::new(), after: name.to_owned() }];
        book.stage(Body::Edited { object: Edited::Member(book.members[1]), changes });
        book.desk.idle();
        for push in std::mem::take(&mut book.desk.pushed) {
            if let Push::Patch(patch) = push {
                texts.extend(patch.texts.into_iter().map(|text| (text.task, text)));
            }
        }
        let warns = |text: &&TaskText| text.warnings.iter().any(|warning| warning.code.starts_with("chat "));
        assert_eq!(texts.values().filter(warns).count(), expected, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_list_asked_for_once_is_true_when_it_is_answered(
        story in prop::collection::vec((happens(), 0..6_usize, 0..3_u32), 1..12),
    ) {
        let mut book = with_courses();
        let lists = [
            (Kind::Task, "", Sort::Natural),
            (Kind::Task, "state:due,sent,skipped", Sort::Natural),
            (Kind::Task, "is:awaiting", Sort::Recent),
            (Kind::Task, "改名 OR tag:重点", Sort::Name),
            (Kind::Group, "-tag:重点", Sort::Natural),
            (Kind::Member, "", Sort::Name),
        ];
        book.desk.desk.views.set_slice(SLICE);
        for (what, which, first) in &story {
            let (kind, filter, sort) = lists[*which];
            let request = || list(kind, filter, sort, *first);
            let tag = book.desk.begin_as("小李", request());
            carry_out(&mut book, what);
            if book.desk.answer(tag).is_some() {
                continue; // it was answered before that happened
            }
            let answered = loop {
                book.desk.idle();
                if let Some(reply) = book.desk.answer(tag) {
                    break window(reply);
                }
            };
            let whole = at_once(&mut book, request());
            prop_assert_eq!(answered, whole, "{} {:?} after {:?}", filter, sort, what);
        }
    }
}

#[test]
fn what_awaits_a_reply_is_counted_before_a_screen_comes() {
    let names: Vec<String> = (0..9).map(|n| format!("客人{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut book = Book::new(&[], &names);
    book.sop(super::WAKE);
    let targets = book.members.iter().copied().map(crate::book::Target::Member).collect();
    let enrol = Command::Enrol {
        playbook: PlaybookId("wake".to_owned()),
        targets,
        filter: String::new(),
        anchor: None,
        dry_run: false,
    };
    book.desk.run(enrol).unwrap();
    book.tick_at("2026-11-22 09:30");
    for task in book.tasks("sop:wake") {
        book.verb(task.id, super::SENT);
    }
    // as after opening: nothing was counted, and nobody looks
    book.desk.desk.sessions.values_mut().for_each(|session| session.screen = false);
    book.desk.desk.views.awaiting = None;
    book.desk.tick_once();
    let counted = |book: &Book| {
        let awaiting = book.desk.desk.views.awaiting.as_ref().unwrap();
        (awaiting.is_whole(), awaiting.count(book.desk.now().wall))
    };
    assert!(matches!(counted(&book), (false, 1..9)), "{:?}", counted(&book));
    let member = book.members[0];
    book.desk.run(Command::Reply { member, task: None, answer: None, at: None }).unwrap();
    book.desk.tick();
    assert_eq!(counted(&book), (true, 8));
    // a number that somebody waits for is whole at once
    book.desk.desk.views.awaiting = None;
    book.desk.tick_once();
    assert_eq!(book.counts().awaiting, Some(8));
    // a screen is told when it is
    book.desk.desk.sessions.values_mut().for_each(|session| session.screen = true);
    (book.desk.desk.views.awaiting, book.desk.desk.views.counted) = (None, None);
    book.desk.tick_once();
    let told = |book: &Book| book.desk.desk.views.told.map(|counts| counts.awaiting);
    assert_eq!((book.counts().awaiting, told(&book)), (None, Some(None)));
    book.desk.tick();
    assert_eq!((book.counts().awaiting, told(&book)), (Some(8), Some(Some(8))));
}
