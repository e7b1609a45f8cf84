//! Accounts that their platform limits: what is counted before is what is done, and how they begin again.

use super::*;
use crate::book::{Channel, Health, TaskKind};
use crate::door::command::Held;
use crate::door::{Choices, Question, Reply, Request};
use crate::text::lang::Lang;

/// Five friends of 手机1 with a message due; two of them also know 手机2.
fn owed() -> (Book, AccountId) {
    owed_by(FRIEND)
}

/// The same by another playbook.
pub(super) fn owed_by(sop: &str) -> (Book, AccountId) {
    let mut book = Book::new();
    book.no_rules();
    let now = book.desk.now().wall;
    let other: AccountId = book.desk.desk.ids.next(now);
    book.stage(Body::AccountMade(Account::new(other, "手机2", Platform::Wechat, now)));
    book.group("宠友1群");
    book.sop(MORNING);
    book.sop(sop);
    for name in ["张三", "李四", "王五", "赵六", "钱七"] {
        let member = book.member(name);
        if matches!(name, "张三" | "李四") {
            let contact = Contact {
                member,
                account: other,
                since: Some(Timestamp(now.0 - crate::book::time::DAY)),
                state: ContactState::Friend,
                remark: String::new(),
                search_term: String::new(),
            };
            book.stage(Body::ContactSet { before: None, after: Some(contact) });
        }
        book.befriend(member);
    }
    book.tick_at("2026-11-22 09:30");
    (book, other)
}

pub(super) fn choices(book: &mut Book, what: &str, until: Option<Timestamp>) -> Choices {
    let question = Question::Limit { account: "手机1".to_owned(), what: what.to_owned(), until };
    match book.desk.ask(Request::Choices(question)) {
        Reply::Choices(choices) => choices,
        other => panic!("{other:?}"),
    }
}

pub(super) fn choose(book: &mut Book, what: &str, until: Option<Timestamp>, word: &str) -> String {
    let choices = choices(book, what, until);
    let offered = choices.offered.into_iter().find(|offered| offered.word == word);
    let command = offered.and_then(|offered| offered.command);
    book.desk.run(*command.unwrap_or_else(|| panic!("{word} is not offered"))).unwrap().words
}

/// Private tasks: from 手机1 and held, from 手机1 and free, from another.
fn counted(book: &Book) -> (usize, usize, usize) {
    let open = book.open();
    let private = || open.iter().filter(|task| task.via == crate::book::Via::Private);
    let own = |task: &&Task| task.status.account == Some(book.account);
    let held = private().filter(own).filter(|task| task.status.held.is_some()).count();
    let free = private().filter(own).count() - held;
    (held, free, private().count() - held - free)
}

/// Limits 手机1, or lets it go on.
pub(super) fn limit(book: &mut Book, health: Health, held: Held) {
    book.desk.run(Command::Limit { account: book.account, health, held }).unwrap();
}

fn in_three_days(book: &Book) -> Timestamp {
    Timestamp(book.desk.now().wall.0 + 3 * crate::book::time::DAY)
}

#[test]
fn what_is_counted_of_a_limit_is_what_it_does_and_one_undo_takes_it_back() {
    for (word, expected) in
        [("wait", (5, 0, 0)), ("move", (3, 0, 2)), ("shift", (5, 0, 0)), ("cancel", (0, 0, 0))]
    {
        let (mut book, _) = owed();
        let until = Some(in_three_days(&book));
        let told = choices(&mut book, "私聊", until);
        let counts: Vec<(String, u32)> = told
            .offered
            .iter()
            .map(|o| (o.word.split(':').next().unwrap_or_default().to_owned(), o.n))
            .collect();
        let words = ["wait", "move", "move", "shift", "cancel"].map(str::to_owned);
        assert_eq!(counts, words.into_iter().zip([5, 2, 2, 5, 5]).collect::<Vec<_>>());
        let before = book.tasks();
        let said = choose(&mut book, "私聊", until, word);
        assert!(said.starts_with("手机1 受限 私聊 至 11-25 09:30"), "{said}");
        assert_eq!(counted(&book), expected, "{word}");
        let group = book.open().into_iter().find(|task| task.via == crate::book::Via::Group).unwrap();
        assert_eq!(group.status.held, None, "only private messages are limited");
        book.desk.run(Command::Undo { act: None }).unwrap();
        for (before, after) in before.iter().zip(book.tasks()) {
            let bare = |task: &Task| TaskStatus { rev: 0, ..task.status.clone() };
            assert_eq!(bare(before), bare(&after), "{word}");
        }
        let health = book.desk.desk.store().columns.accounts.by_id(book.account).unwrap().body.health.clone();
        assert_eq!(health, Health::Normal);
    }
}

#[test]
fn what_comes_after_a_ban_is_said_by_who_lives() {
    let (mut book, other) = owed();
    choose(&mut book, "被封", None, "wait");
    book.tick_at("2026-11-23 10:05");
    let open = book.open();
    let mut tips: Vec<_> = open
        .iter()
        .filter(|task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == "tip"))
        .map(|task| (task.status.account == Some(other), task.status.held.is_some()))
        .collect();
    tips.sort_unstable();
    // two of them know 手机2 as well; whom only 手机1 knew stay its, and held
    assert_eq!(tips, [(false, true), (false, true), (false, true), (true, false), (true, false)]);
}

#[test]
fn what_was_put_off_comes_back_when_the_limit_ends_or_is_lifted() {
    for lifted in [false, true] {
        let (mut book, _) = owed();
        let until = Some(in_three_days(&book));
        choose(&mut book, "私聊", until, "shift");
        book.tick_at("2026-11-23 09:00");
        if lifted {
            choose(&mut book, "解除", None, "lift");
        } else {
            assert!(book.open().iter().all(|task| task.status.held.is_some() || task.group.is_some()));
            book.tick_at("2026-11-25 09:31");
        }
        let first: Vec<Task> = book
            .open()
            .into_iter()
            .filter(|task| matches!(&task.kind, crate::book::TaskKind::Step { key, .. } if key.step == "hi"))
            .collect();
        assert_eq!(first.len(), 5, "nothing owed is lost");
        assert!(first.iter().all(|task| task.status.held.is_none() && task.status.state == TaskState::Due));
    }
}

#[test]
fn after_a_limit_an_account_begins_with_a_share_of_its_cap() {
    let mut book = Book::new();
    book.no_rules();
    book.desk.desk.store.columns.rules.pace.per_day = 10;
    let until = Some(Timestamp(book.desk.now().wall.0 + 60 * crate::book::time::HOUR));
    book.sop(
        "id = \"care\"\ntitle = \"关怀\"\nfor = \"member\"\nclass = \"care\"\nstart = { on = \"added\" }\n\
         [[step]]\nid = \"ask\"\nat = \"D3 10:00\"\nvia = \"private\"\ntext = [\"还好吗\"]\n",
    );
    for n in 0..20 {
        let member = book.member(&format!("成员{n:02}"));
        book.befriend(member);
    }
    choose(&mut book, "私聊", until, "wait");
    book.tick_at("2026-11-24 21:01");
    let health = |book: &Book| {
        book.desk.desk.store().columns.accounts.by_id(book.account).unwrap().body.health.clone()
    };
    assert!(matches!(health(&book), Health::Recovering { .. }));
    book.tick_at("2026-11-25 10:01");
    assert_eq!(book.open().len(), 6, "the day after the end has 60 of a hundred");
    book.tick_at("2026-11-26 10:01");
    assert_eq!(book.open().len(), 10, "a day of a hundred is still one of what is usual");
    book.tick_at("2026-11-27 10:01");
    assert_eq!(health(&book), Health::Normal);
    assert_eq!(book.open().len(), 20, "after the last of them it has all");
}

#[test]
fn what_was_held_comes_back_a_share_a_day_the_more_important_first() {
    let mut book = Book::new();
    book.no_rules();
    book.desk.desk.store.columns.rules.pace.per_day = 10;
    book.sop(FRIEND);
    book.sop(&FRIEND.replace("\"friend\"", "\"care\"").replace("marketing", "care"));
    book.sop(&FRIEND.replace("\"friend\"", "\"service\"").replace("marketing", "service"));
    for n in 0..4 {
        let member = book.member(&format!("成员{n}"));
        book.befriend(member);
    }
    book.tick_at("2026-11-22 09:30");
    assert_eq!(book.open().len(), 12);
    let until = Some(crate::desk::testing::at("2026-11-22 12:00"));
    choose(&mut book, "私聊", until, "wait");
    let held = |book: &Book| -> (usize, usize) {
        let open = book.open();
        let limited = open.iter().filter(|t| t.status.held.as_deref() == Some("account-limited")).count();
        (limited, open.iter().filter(|t| t.status.held.as_deref() == Some("ramp")).count())
    };
    assert_eq!(held(&book), (12, 0));
    // by hand what is counted is what happens
    let lift = choices(&mut book, "解除", None);
    assert_eq!((lift.offered[0].word.as_str(), lift.offered[0].n), ("lift", 7), "{lift:?}");
    let said = choose(&mut book, "解除", None, "lift");
    assert!(said.contains("放行 7 条") && said.contains("5 条"), "{said}");
    assert_eq!(held(&book), (0, 5));
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(held(&book), (12, 0));
    book.tick_at("2026-11-22 12:01");
    assert_eq!(held(&book), (0, 5), "service, and three of ten");
    let free = |book: &Book| -> Vec<crate::book::Class> {
        let open = book.open().into_iter().filter(|t| t.status.held.is_none());
        let mut classes: Vec<_> = open.map(|task| task.class).collect();
        classes.sort();
        classes.dedup();
        classes
    };
    assert_eq!(free(&book), [crate::book::Class::Care, crate::book::Class::Service]);
    // a human who insists is believed
    let one = book.open().into_iter().find(|t| t.status.held.is_some()).unwrap();
    book.verb(one.id, TaskVerb::Wake);
    assert_eq!(held(&book), (0, 4));
    book.tick_at("2026-11-22 21:59");
    assert_eq!(held(&book).1, 4);
    for task in book.open().into_iter().filter(|task| task.status.held.is_none()) {
        book.verb(task.id, TaskVerb::Sent { at: None, also: false });
    }
    let hi: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    for id in &hi {
        let until = crate::desk::testing::at("2026-11-26 09:00");
        book.verb(*id, TaskVerb::Snooze { until });
    }
    book.tick_at("2026-11-23 00:01");
    assert_eq!(held(&book).1, 0, "six of ten on the second day");
}

#[test]
fn what_comes_back_at_night_waits_for_the_morning() {
    let (mut book, _) = owed();
    let toml = "zone = \"Asia/Shanghai\"\n[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"\n".to_owned();
    book.desk.run(Command::SetRules { toml }).unwrap();
    let until = Some(crate::desk::testing::at("2026-11-22 20:00"));
    for task in book.open() {
        book.verb(task.id, TaskVerb::Snooze { until: crate::desk::testing::at("2026-11-22 22:30") });
    }
    book.tick_at("2026-11-22 19:00");
    choose(&mut book, "私聊", until, "wait");
    let night = Some(crate::desk::testing::at("2026-11-23 02:00"));
    choose(&mut book, "私聊", night, "wait");
    book.tick_at("2026-11-22 23:00");
    book.tick_at("2026-11-23 02:01");
    let private = |book: &Book| -> Vec<Task> {
        book.open().into_iter().filter(|task| task.via == crate::book::Via::Private).collect()
    };
    let morning = Some(crate::desk::testing::at("2026-11-23 08:00"));
    assert_eq!(private(&book).len(), 5);
    for task in private(&book) {
        assert_eq!((task.status.state, task.status.snoozed_until), (TaskState::Snoozed, morning));
        assert_eq!(task.status.held, None);
    }
    book.tick_at("2026-11-23 08:00");
    assert!(private(&book).iter().all(|task| task.status.state == TaskState::Due));
}

#[test]
fn a_limit_that_is_none_and_a_channel_that_is_none_are_refused_with_what_can_be_said() {
    let (mut book, _) = owed();
    let ask = |book: &mut Book, what: &str| {
        let question = Question::Limit { account: "手机1".to_owned(), what: what.to_owned(), until: None };
        match book.desk.ask(Request::Choices(question)) {
            Reply::Refused(refusal) => refusal.words,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ask(&mut book, "解除"), "手机1 没有受限");
    let words = ask(&mut book, "唱歌");
    assert!(
        words.contains("唱歌") && Channel::ALL.iter().all(|c| words.contains(c.label(Lang::ZhCn))),
        "{words}"
    );
    let shift = Command::Limit {
        account: book.account,
        health: Health::Limited { what: "private".to_owned(), until: None },
        held: Held::Shift,
    };
    assert!(book.desk.run(shift).is_err(), "nobody knows when it ends");
}

#[test]
fn of_a_banned_account_those_are_found_whom_it_alone_reached() {
    let (mut book, other) = owed();
    let told = choices(&mut book, "被封", None);
    assert!(told.notes.iter().any(|note| note.contains("3 人, 1 个群")), "{:?}", told.notes);
    choose(&mut book, "被封", None, "wait");
    let only = |book: &mut Book, kind, filter: &str| {
        let list = crate::door::request::ListSpec {
            kind,
            filter: filter.to_owned(),
            sort: crate::door::request::Sort::Natural,
            limit: None,
        };
        match book.desk.ask(Request::Count { lists: vec![list] }) {
            Reply::Counted(counted) => counted,
            other => panic!("{other:?}"),
        }
    };
    let member = crate::door::form::Kind::Member;
    assert_eq!(only(&mut book, member, "only:手机1"), [3]);
    assert_eq!(only(&mut book, member, "only:手机2"), [2], "the banned one reaches nobody");
    assert_eq!(only(&mut book, crate::door::form::Kind::Group, "only:手机1"), [1]);
    let _ = other;
}

#[test]
fn what_an_undo_brings_back_is_judged_by_what_is_so_now() {
    let (mut book, _) = owed();
    let open = book.open();
    let private = open.iter().find(|task| task.via == crate::book::Via::Private).unwrap().clone();
    let in_group = open.iter().find(|task| task.via == crate::book::Via::Group).unwrap().clone();
    let skip = TaskVerb::Skip { reason: crate::book::SkipReason::Other, words: String::new() };
    let undo = |book: &mut Book| book.desk.run_as("小李", Command::Undo { act: None }).unwrap();
    let now = |book: &Book, id: TaskId| book.desk.desk.store().task(id).unwrap().unwrap().status;
    for id in [private.id, in_group.id] {
        book.desk.run_as("小李", Command::Task { tasks: vec![id], verb: skip.clone() }).unwrap();
    }
    choose(&mut book, "私聊", None, "wait");
    let group = in_group.group.unwrap();
    let fields = vec![(crate::door::form::Field::State, "已解散".to_owned())];
    let objects = vec![crate::door::command::ObjectRef::Group(group)];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    undo(&mut book);
    assert_eq!(now(&book, in_group.id).state, TaskState::Cancelled, "nobody can speak there any more");
    undo(&mut book);
    let back = now(&book, private.id);
    assert_eq!((back.state, back.held.as_deref()), (TaskState::Due, Some("account-limited")));
}

#[test]
fn a_clock_set_back_gives_nobody_the_whole_cap() {
    let pace = crate::book::Pace::default();
    assert_eq!(
        [-3, -1, 0, 1, 2].map(|day| pace.share(day)),
        [Some(30), Some(30), Some(30), Some(60), Some(100)]
    );
}

#[test]
fn what_was_merged_into_one_that_a_limit_cancels_waits_for_the_account() {
    let mut book = Book::new();
    book.no_rules();
    for id in ["one", "two"] {
        let toml = format!(
            "id = \"{id}\"\ntitle = \"朋友圈\"\nfor = \"account\"\nclass = \"care\"\n\
             start = {{ on = \"recurrence\", every = \"daily\" }}\n[[step]]\nid = \"post\"\nat = \"D0 10:00\"\n\
             via = \"moments\"\ntext = [\"今天 {id}\"]\n"
        );
        book.sop(&toml);
    }
    book.tick_at("2026-11-22 10:05");
    let ids: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    book.desk.run(Command::Merge { tasks: ids.clone() }).unwrap();
    choose(&mut book, "朋友圈", None, "cancel");
    let left = book.open();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].status.held.as_deref(), Some("account-limited"));
    book.desk.run(Command::Undo { act: None }).unwrap();
    // said together: each has its touch, and both go with the undo
    let main = book.open().into_iter().find(|task| task.status.held.is_none()).unwrap().id;
    book.verb(main, TaskVerb::Sent { at: None, also: false });
    let kept = |book: &Book| -> usize {
        let bodies = &book.desk.desk.store().bodies;
        let touches = |id: &TaskId| bodies.range(&crate::store::keys::touches_of(*id), &[], 9).unwrap().len();
        ids.iter().map(touches).sum()
    };
    assert_eq!(kept(&book), 2);
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(kept(&book), 0);
}

#[test]
fn a_limit_in_place_of_another_says_which_one_goes() {
    let (mut book, _) = owed();
    let health = |book: &Book| {
        book.desk.desk.store().columns.accounts.by_id(book.account).unwrap().body.health.clone()
    };
    assert_eq!(choices(&mut book, "私聊", None).replaces, None);
    choose(&mut book, "私聊", None, "wait");
    assert_eq!(choices(&mut book, "私聊", None).replaces, None, "the same again");
    assert_eq!(choices(&mut book, "解除", None).replaces, None, "whoever lifts it knows of it");
    let before = health(&book);
    let offered = choices(&mut book, "群发", None);
    let replaces = offered.replaces.unwrap();
    assert!(replaces.contains("私聊") && offered.notes.contains(&replaces), "{replaces}");
    // what holds it all for as long takes nobody's place
    assert_eq!(choices(&mut book, "全部", None).replaces, None);
    let soon = in_three_days(&book);
    assert!(choices(&mut book, "全部", Some(soon)).replaces.is_some(), "it would end sooner");
    let said = choose(&mut book, "群发", None, "wait");
    assert!(said.contains("取代了") && said.contains("私聊"), "{said}");
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(health(&book), before);
}
