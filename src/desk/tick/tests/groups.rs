//! Groups that nobody can speak in any more, whose playbooks go on elsewhere, and what groups want done about them.
//!
//! One file because a group that closes, and what goes on from it in another, are looked at over the same books.

use super::*;
use crate::book::{TaskKind, Upkeep};
use crate::desk::testing::at;
use crate::door::command::{ObjectRef, Transfer};
use crate::door::form::{Field, Kind};
use crate::door::{Question, Reply, Request};

fn edit(book: &mut Book, group: GroupId, field: Field, value: &str) -> crate::door::reply::Outcome {
    let fields = vec![(field, value.to_owned())];
    book.desk.run(Command::Edit { objects: vec![ObjectRef::Group(group)], fields }).unwrap()
}

fn upkeep(book: &Book, what: Upkeep) -> Vec<Task> {
    let is = |task: &Task| matches!(task.kind, TaskKind::Upkeep { what: of, .. } if of == what);
    book.open().into_iter().filter(is).collect()
}

/// One group with its morning due, and newcomers who are to be welcomed in it.
fn owed() -> (Book, GroupId) {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("宠友1群");
    book.sop(MORNING);
    book.sop(WELCOME);
    for name in ["张三", "李四"] {
        let member = book.member(name);
        book.join(member, group);
    }
    book.tick_at("2026-11-22 12:05");
    (book, group)
}

#[test]
fn what_was_to_be_said_in_a_group_ends_with_it_and_says_why() {
    for (word, said) in [("已解散", "群已解散"), ("禁言", "群禁言")] {
        let (mut book, group) = owed();
        let open: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
        assert_eq!(open.len(), 1, "one welcome for two");
        let outcome = edit(&mut book, group, Field::State, word);
        assert!(book.open().is_empty());
        assert!(outcome.warnings.iter().any(|warning| warning.contains("qun group move")), "{outcome:?}");
        let Reply::Task(detail) = book.desk.ask(Request::Task(open[0])) else { panic!() };
        assert!(detail.line.reason.contains(said), "{}", detail.line.reason);
        book.desk.run(Command::Undo { act: None }).unwrap();
        assert_eq!(book.open().iter().map(|task| task.id).collect::<Vec<_>>(), open);
        // who joined before it closed and is due after is owed nothing there
        book.tick_at("2026-11-23 11:30");
        let member = book.member("王五");
        book.join(member, group);
        edit(&mut book, group, Field::State, word);
        book.tick_at("2026-11-23 12:05");
        assert!(book.open().is_empty(), "{:?}", book.open());
    }
}

/// A group that goes through five days of lessons, on its second, and another.
fn on_its_second_day() -> (Book, GroupId, GroupId) {
    let course = "id = \"course\"\ntitle = \"课\"\nfor = \"group\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n\
                  [[step]]\nid = \"day\"\nat = \"D0..D5 09:10\"\nvia = \"group\"\ntext = [\"第 {{ day }} 天\"]\n";
    let mut book = Book::new();
    book.no_rules();
    let (from, to) = (book.group("一群"), book.group("二群"));
    book.sop(course);
    let enrol = Command::Enrol {
        playbook: PlaybookId("course".to_owned()),
        targets: vec![Target::Group(from)],
        filter: String::new(),
        anchor: None,
        dry_run: false,
    };
    book.desk.run(enrol).unwrap();
    book.tick_at("2026-11-23 09:10");
    (book, from, to)
}

#[test]
fn playbooks_go_on_in_another_group_where_they_stood() {
    for how in Transfer::ALL {
        let (mut book, from, to) = on_its_second_day();
        let first: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
        assert_eq!(first.len(), 2);
        let question = Question::Transfer { from: "一群".to_owned(), to: "二群".to_owned() };
        let Reply::Choices(choices) = book.desk.ask(Request::Choices(question.clone())) else { panic!() };
        assert_eq!(choices.notes, ["课: 1 个"]);
        let offered = choices.offered.iter().find(|offered| offered.word == how.word()).unwrap();
        assert_eq!(offered.n, 1);
        assert_eq!(offered.note, if *how == Transfer::Copy { "" } else { "带过去 2 条待办" });
        let command = offered.command.clone().unwrap();
        let before = book.tasks();
        book.desk.run(*command.clone()).unwrap();
        let mut open: Vec<Target> = book.open().iter().map(|task| task.target).collect();
        open.dedup();
        let stays = *how == Transfer::Copy;
        assert_eq!(open, [Target::Group(if stays { from } else { to })], "{how}: what is owed goes along");
        assert_eq!(book.open().len(), 2, "{how}");
        book.tick_at("2026-11-24 09:10");
        let mut said: Vec<(Target, i32)> = book
            .open()
            .iter()
            .filter(|task| !first.contains(&task.id) && (task.day == 2 || *how == Transfer::Copy))
            .map(|task| (task.target, task.day))
            .collect();
        said.sort_unstable();
        let mut expected = vec![(Target::Group(to), 2)];
        expected.extend(stays.then_some((Target::Group(from), 2)));
        expected.sort_unstable();
        assert_eq!(said, expected, "{how}: on its third day, and nothing of before again");
        // the same again: the other group is in it already
        let Reply::Choices(again) = book.desk.ask(Request::Choices(question)) else { panic!() };
        assert!(again.offered.iter().all(|offered| offered.n == 0), "{again:?}");
        assert_eq!(before.len(), 2);
    }
}

/// The same, and the group is closed on that day.
fn closed_on_its_second_day(state: &str) -> (Book, GroupId, GroupId) {
    let (mut book, from, to) = on_its_second_day();
    edit(&mut book, from, Field::State, state);
    assert!(book.open().is_empty());
    (book, from, to)
}

#[test]
fn playbooks_of_a_closed_group_go_on_in_another_and_come_back_when_it_opens() {
    let days = |book: &Book| -> Vec<(Target, i32)> {
        book.open().iter().map(|task| (task.target, task.day)).collect()
    };
    for state in ["frozen", "dissolved"] {
        let (mut book, from, to) = closed_on_its_second_day(state);
        book.desk.run(Command::Transfer { from, to, how: Transfer::Move }).unwrap();
        edit(&mut book, from, Field::State, "live");
        book.tick_at("2026-11-24 09:10");
        let there: Vec<_> = (0..3).map(|day| (Target::Group(to), day)).collect();
        assert_eq!(days(&book), there, "{state}: what moved does not come back");

        let (mut book, from, _) = closed_on_its_second_day(state);
        book.tick_at("2026-11-24 09:10");
        assert!(book.open().is_empty());
        edit(&mut book, from, Field::State, "live");
        book.tick_at("2026-11-24 12:00");
        assert!(book.open().is_empty(), "nothing was owed while it was closed");
        book.tick_at("2026-11-25 09:10");
        assert_eq!(days(&book), [(Target::Group(from), 3)], "{state}");
    }
}

#[test]
fn who_goes_on_in_another_group_already_does_not_twice() {
    let (mut book, from) = owed();
    let to = book.group("二群");
    let newcomer = book.member("王五");
    book.join(newcomer, from);
    let running = |book: &Book| book.desk.desk.running(Target::Member(newcomer)).unwrap().len();
    let copy = Command::Transfer { from, to, how: Transfer::Copy };
    book.desk.run(copy.clone()).unwrap();
    let once = running(&book);
    book.desk.run(copy).unwrap();
    assert_eq!((once, running(&book)), (2, 2));
}

#[test]
fn a_transfer_is_undone_as_one() {
    let (mut book, from) = owed();
    let to = book.group("二群");
    book.desk
        .run(Command::Enrol {
            playbook: PlaybookId("morning".to_owned()),
            targets: vec![Target::Group(from)],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        })
        .unwrap();
    let states = |book: &Book| {
        let store = book.desk.desk.store();
        let mut running: Vec<(Target, String)> = store
            .columns
            .enrolments
            .iter()
            .filter_map(|(_, id, _)| store.enrolment(id).unwrap())
            .filter(|e| e.status.state.is_running())
            .map(|e| (e.target, format!("{} {:?}", e.playbook, e.group)))
            .collect();
        running.sort();
        (running, store.columns.groups.by_id(from).unwrap().body.state)
    };
    let before = states(&book);
    book.desk.run(Command::Transfer { from, to, how: Transfer::Merge }).unwrap();
    assert_ne!(states(&book), before);
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(states(&book), before);
    let same = book.desk.run(Command::Transfer { from, to: from, how: Transfer::Move });
    assert!(same.unwrap_err().words.contains("同一个群"));
}

/// What is due in a group for those in it, and to one of them in private, when they go on in another.
#[test]
fn what_is_due_goes_along_and_comes_once() {
    const TIP: &str = "id = \"tip\"\ntitle = \"提示\"\nfor = \"member\"\nclass = \"service\"\nstart = { on = \"joined\" }\n\
        stop = [\"replied\"]\n[[step]]\nid = \"a\"\nat = \"D0 12:00\"\nvia = \"private\"\ntext = [\"私\"]\n\
        [[step]]\nid = \"b\"\nat = \"D9 12:00\"\nvia = \"group\"\ntext = [\"群\"]\n";
    for how in [Transfer::Move, Transfer::Merge] {
        let mut book = Book::new();
        book.no_rules();
        let (from, to) = (book.group("一群"), book.group("二群"));
        for toml in [WELCOME, TIP] {
            book.sop(toml);
        }
        let names = ["张三", "李四"];
        let members = names.map(|name| book.member(name));
        for member in members {
            book.join(member, from);
        }
        book.tick_at("2026-11-22 12:05");
        let told = |book: &Book| -> Vec<String> {
            let store = book.desk.desk.store();
            let name = |group: GroupId| store.columns.groups.by_id(group).unwrap().body.name.clone();
            let mut told: Vec<String> = book
                .open()
                .iter()
                .map(|task| {
                    let step = match &task.kind {
                        TaskKind::Step { key, .. } => key.step.clone(),
                        other => format!("{other:?}").chars().take(3).collect(),
                    };
                    let of: Vec<String> = task
                        .of
                        .iter()
                        .filter_map(|id| store.enrolment(*id).unwrap())
                        .map(|of| {
                            format!(
                                "{}{}",
                                of.group.map_or(String::new(), &name),
                                of.status.state.is_running()
                            )
                        })
                        .collect();
                    let there = task.group.map_or(String::new(), &name);
                    format!("{step} {there} {} {of:?}", task.members.len())
                })
                .collect();
            told.sort();
            told
        };
        let before = told(&book);
        assert_eq!(before.iter().filter(|one| one.starts_with("a 一群")).count(), 2, "{before:?}");
        assert!(before.contains(&"all 一群 2 [\"一群true\", \"一群true\"]".to_owned()), "{before:?}");
        let question = Question::Transfer { from: "一群".to_owned(), to: "二群".to_owned() };
        let Reply::Choices(choices) = book.desk.ask(Request::Choices(question)) else { panic!() };
        let offered = choices.offered.iter().find(|offered| offered.word == how.word()).unwrap();
        assert!(offered.note.starts_with("带过去 3 条待办"), "{choices:?}");
        let outcome = book.desk.run(Command::Transfer { from, to, how }).unwrap();
        assert!(outcome.words.ends_with("带过去 3 条待办"), "{}", outcome.words);
        book.desk.tick();
        let after = told(&book);
        assert!(after.contains(&"all 二群 2 [\"二群true\", \"二群true\"]".to_owned()), "{how}: {after:?}");
        // the private ones stay what they are, and are of who goes on
        let private: Vec<&String> = after.iter().filter(|one| one.starts_with("a ")).collect();
        assert_eq!(private, ["a 一群 0 [\"二群true\"]", "a 一群 0 [\"二群true\"]"], "{how}: {after:?}");
        book.tick_at("2026-11-22 18:00");
        assert_eq!(told(&book), after, "{how}: nothing comes twice");
        book.desk.run(Command::Undo { act: None }).unwrap();
        book.desk.tick();
        assert_eq!(told(&book), before, "{how}");
        book.desk.run(Command::Redo).unwrap();
        book.desk.tick();
        // who answers is sent nothing more of it
        book.happened(members[0], ActivityKind::Replied, None, true, at("2026-11-22 18:01"));
        assert_eq!(told(&book).iter().filter(|one| one.starts_with("a ")).count(), 1, "{how}");
    }
}

/// What was asked about the group and what was answered, before what is said with it.
#[test]
fn the_forms_of_a_group_go_along() {
    let form = "id = \"form\"\nfor = \"group\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n\
        [[ask]]\nkey = \"货\"\ntype = \"text\"\nper = \"group\"\nby = \"D0 12:00\"\n\
        [[ask]]\nkey = \"价\"\ntype = \"text\"\nper = \"group\"\nby = \"D0 12:00\"\n\
        [[step]]\nid = \"say\"\nat = \"D0 11:00\"\nvia = \"group\"\ntext = [\"{{ 货 }} {{ 价 }}\"]\n";
    let mut book = Book::new();
    book.no_rules();
    let (from, to) = (book.group("一群"), book.group("二群"));
    book.sop(form);
    let playbook = PlaybookId("form".to_owned());
    book.tick_at("2026-11-22 10:30");
    let (targets, filter, anchor) = (vec![Target::Group(from)], String::new(), None);
    book.desk
        .run(Command::Enrol { playbook: playbook.clone(), targets, filter, anchor, dry_run: false })
        .unwrap();
    book.tick_at("2026-11-22 11:05");
    let (run, group, key, value) =
        ("2026-11-22".parse().unwrap(), Some(from), "货".to_owned(), "米".to_owned());
    book.desk.run(Command::Fill { playbook, run, group, key, value }).unwrap();
    let owed = |book: &Book| -> Vec<(Target, bool)> {
        book.open().iter().map(|task| (task.target, matches!(task.kind, TaskKind::Ask { .. }))).collect()
    };
    let before = owed(&book);
    assert_eq!(before.len(), 2, "{before:?}");
    book.desk.run(Command::Transfer { from, to, how: Transfer::Move }).unwrap();
    book.desk.tick();
    let there: Vec<_> = before.iter().map(|(_, asks)| (Target::Group(to), *asks)).collect();
    assert_eq!(owed(&book), there);
    let answer = |book: &Book, group| {
        let run = "2026-11-22".parse().unwrap();
        book.desk.desk.answer(&PlaybookId("form".to_owned()), run, Some(group), "货").map(str::to_owned)
    };
    assert_eq!(answer(&book, to).as_deref(), Some("米"));
    // what has gone is not there to go again: that is said, and where it is
    let question = Question::Transfer { from: "一群".to_owned(), to: "二群".to_owned() };
    let Reply::Choices(choices) = book.desk.ask(Request::Choices(question)) else { panic!() };
    let offered = choices.offered.iter().find(|offered| offered.word == "move").unwrap();
    assert_eq!(offered.command, None);
    assert_eq!(offered.note, "一群 没有可移的 SOP 进度; 1 个已在 二群 走");
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!((owed(&book), answer(&book, to)), (before, None));
}

#[test]
fn a_group_that_fills_says_so_once_a_spell() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    edit(&mut book, group, Field::Capacity, "200");
    edit(&mut book, group, Field::HeadCount, "179");
    assert_eq!(upkeep(&book, Upkeep::NearlyFull).len(), 0);
    edit(&mut book, group, Field::HeadCount, "180");
    let first = upkeep(&book, Upkeep::NearlyFull);
    assert_eq!(first.len(), 1);
    let Reply::Task(detail) = book.desk.ask(Request::Task(first[0].id)) else { panic!() };
    assert!(detail.line.summary.contains("快满 180/200: 准备新群"), "{}", detail.line.summary);
    book.verb(first[0].id, TaskVerb::Sent { at: None, also: false });
    edit(&mut book, group, Field::HeadCount, "190");
    assert_eq!(upkeep(&book, Upkeep::NearlyFull).len(), 0, "the same spell");
    edit(&mut book, group, Field::HeadCount, "150");
    edit(&mut book, group, Field::HeadCount, "185");
    assert_eq!(upkeep(&book, Upkeep::NearlyFull).len(), 1, "another");
    edit(&mut book, group, Field::State, "已满");
    assert_eq!((upkeep(&book, Upkeep::NearlyFull).len(), upkeep(&book, Upkeep::Full).len()), (0, 1));
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!((upkeep(&book, Upkeep::NearlyFull).len(), upkeep(&book, Upkeep::Full).len()), (1, 0));
    // five hundred is what WeChat gives where nobody said
    let other = book.group("二群");
    edit(&mut book, other, Field::HeadCount, "449");
    edit(&mut book, other, Field::HeadCount, "450");
    let both = upkeep(&book, Upkeep::NearlyFull);
    assert_eq!(both.len(), 2);
    let said = |book: &mut Book, id| {
        let Reply::Task(detail) = book.desk.ask(Request::Task(id)) else { panic!() };
        detail.line.summary
    };
    assert!(both.iter().any(|task| said(&mut book, task.id).contains("快满 450/500")));
}

/// Who came along nobody knows but a human; and who joins what is no group any more is asked about.
#[test]
fn a_group_that_is_full_no_more_wants_no_new_code() {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("宠友1群");
    let open = |book: &Book| upkeep(book, Upkeep::Full).len();
    for _ in 0..2 {
        edit(&mut book, group, Field::State, "已满");
        assert_eq!(open(&book), 1);
        edit(&mut book, group, Field::State, "正常");
        assert_eq!(open(&book), 0);
    }
    // and has it once where it is full again by an undo
    edit(&mut book, group, Field::State, "已满");
    edit(&mut book, group, Field::State, "已解散");
    assert_eq!(open(&book), 0);
    for left in [1, 0, 1, 0] {
        book.desk.run(Command::Undo { act: None }).unwrap();
        assert_eq!(open(&book), left, "{:?}", book.tasks());
    }
}

#[test]
fn merging_says_who_is_left_behind_and_that_nobody_joins_there() {
    let mut book = Book::new();
    let (from, to) = (book.group("一群"), book.group("二群"));
    book.sop(WELCOME);
    let known = book.member("张三");
    book.join(known, from);
    let done = book.desk.run(Command::Transfer { from, to, how: Transfer::Merge }).unwrap();
    assert!(done.warnings.iter().any(|words| words.starts_with("1 人还记在 一群")), "{:?}", done.warnings);
    let joins = |book: &mut Book, group: &str| {
        let fields = [(Field::Member, "张三"), (Field::Group, group)];
        let fields = fields.map(|(field, value)| (field, value.to_owned())).to_vec();
        book.desk.run(Command::Create { kind: Kind::Membership, fields }).map(|done| done.warnings)
    };
    let late = book.member("李四");
    let fields = vec![(Field::Member, "李四".to_owned()), (Field::Group, "一群".to_owned())];
    let told = book.desk.run(Command::Create { kind: Kind::Membership, fields }).unwrap();
    assert!(told.warnings.iter().any(|words| words.contains("已并入 二群")), "{late} {:?}", told.warnings);
    assert_eq!(joins(&mut book, "二群"), Ok(Vec::new()));
}

#[test]
fn a_group_that_comes_full_or_nearly_says_so_too() {
    let mut book = Book::new();
    let create = |book: &mut Book, name: &str, fields: &[(Field, &str)]| {
        let mut all = vec![(Field::Name, name.to_owned()), (Field::Account, "手机1".to_owned())];
        all.extend(fields.iter().map(|(field, value)| (*field, (*value).to_owned())));
        book.desk.run(Command::Create { kind: crate::door::form::Kind::Group, fields: all }).unwrap();
    };
    create(&mut book, "一群", &[(Field::HeadCount, "449")]);
    create(&mut book, "二群", &[(Field::HeadCount, "450"), (Field::Qr, "今天")]);
    create(&mut book, "三群", &[(Field::HeadCount, "200"), (Field::Capacity, "200")]);
    create(&mut book, "四群", &[(Field::State, "已满")]);
    let counts = [Upkeep::NearlyFull, Upkeep::Full, Upkeep::Qr].map(|what| upkeep(&book, what).len());
    assert_eq!(counts, [2, 1, 1]);
    let names = [("五群", 480), ("六群", 100)].map(|(name, n)| crate::door::command::GroupName {
        name: name.to_owned(),
        head_count: Some(n),
        account: None,
        capacity: None,
    });
    book.desk.run(Command::AddGroups { names: names.to_vec(), account: Some(book.account) }).unwrap();
    assert_eq!(upkeep(&book, Upkeep::NearlyFull).len(), 3);
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(upkeep(&book, Upkeep::NearlyFull).len(), 2);
}

#[test]
fn a_group_that_fills_offers_what_to_do_with_what_is_due_in_it() {
    let (mut book, group) = owed();
    let outcome = edit(&mut book, group, Field::State, "已满");
    let warning = outcome.warnings.iter().find(|warning| warning.contains("qun group move"));
    // the welcome is due; its morning comes round
    assert!(warning.is_some_and(|w| w.contains("1 条待发") && w.contains("1 个 SOP")), "{outcome:?}");
    assert_eq!(book.open().iter().filter(|task| task.group == Some(group)).count(), 2, "and the to-do");
}

#[test]
fn a_qr_code_is_renewed_before_its_week_is_over() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    edit(&mut book, group, Field::Qr, "今天");
    let waits = upkeep(&book, Upkeep::Qr);
    assert_eq!(waits.len(), 1);
    assert_eq!(waits[0].status.snoozed_until, Some(crate::desk::testing::at("2026-11-28 10:00")));
    book.tick_at("2026-11-28 10:00");
    let due = upkeep(&book, Upkeep::Qr);
    assert_eq!(due[0].status.state, TaskState::Due);
    book.verb(due[0].id, TaskVerb::Sent { at: None, also: false });
    let next = upkeep(&book, Upkeep::Qr);
    assert_eq!(next.len(), 1, "the new one ends too");
    assert_eq!(next[0].status.snoozed_until, Some(crate::desk::testing::at("2026-12-04 10:00")));
    edit(&mut book, group, Field::Qr, "");
    assert!(upkeep(&book, Upkeep::Qr).is_empty());
    let refused = book.desk.run(Command::Edit {
        objects: vec![ObjectRef::Group(group)],
        fields: vec![(Field::Qr, "很久".to_owned())],
    });
    assert_eq!(refused.unwrap_err().field, Some(Field::Qr));
}

#[test]
fn what_is_said_in_a_paused_group_waits_with_it_whoever_it_is_for() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    book.sop(WELCOME);
    let member = book.member("张三");
    book.join(member, group);
    let pause = |targets: Vec<Target>, until: Option<&str>| Command::Pause { targets, until: until.map(at) };
    let both = vec![Target::Group(group), Target::Member(member)];
    // one act for both of them, and one undo
    book.desk.run(pause(both.clone(), None)).unwrap();
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert!(book.desk.desk.store().columns.paused.is_empty());
    book.desk.run(pause(vec![Target::Group(group)], None)).unwrap();
    book.tick_at("2026-11-22 12:00");
    assert!(book.open().is_empty(), "{:?}", book.open());
    // put an end to it instead of none, then end it now
    book.desk.run(pause(vec![Target::Group(group)], Some("2026-11-22 20:00"))).unwrap();
    let refused = book.desk.run(pause(vec![Target::Group(group)], Some("2026-11-22 20:00"))).unwrap_err();
    assert_eq!(refused.kind, crate::door::RefusalKind::State);
    book.tick_at("2026-11-22 12:10");
    assert!(book.open().is_empty(), "{:?}", book.open());
    book.desk.run(Command::Unpause { targets: both }).unwrap();
    book.tick_at("2026-11-22 12:20");
    assert_eq!(book.open().len(), 1);
    // what is due stays due, and is said to
    let said = book.desk.run(pause(vec![Target::Group(group)], None)).unwrap().words;
    assert!(said.contains("还在待发里"), "{said}");
    assert_eq!(book.open().len(), 1);
}

#[test]
fn what_a_group_wants_done_ends_with_it_and_is_told_in_words() {
    for closed in ["已解散", "归档"] {
        let mut book = Book::new();
        let group = book.group("宠友1群");
        edit(&mut book, group, Field::Qr, "今天");
        edit(&mut book, group, Field::HeadCount, "480");
        let open: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
        assert_eq!(open.len(), 2);
        if closed == "归档" {
            book.desk.run(Command::Archive { object: ObjectRef::Group(group) }).unwrap();
        } else {
            edit(&mut book, group, Field::State, closed);
        }
        assert!(book.open().is_empty(), "{closed}");
        for id in &open {
            let Reply::Task(detail) = book.desk.ask(Request::Task(*id)) else { panic!() };
            assert_eq!(detail.line.reason, "对象已不在", "{closed}");
        }
        book.desk.run(Command::Undo { act: None }).unwrap();
        assert_eq!(book.open().len(), 2);
        // and what was done already
        edit(&mut book, group, Field::Qr, "2026-11-21");
        edit(&mut book, group, Field::HeadCount, "100");
        let mut reasons: Vec<String> = open
            .iter()
            .map(|id| {
                let Reply::Task(detail) = book.desk.ask(Request::Task(*id)) else { panic!() };
                detail.line.reason
            })
            .collect();
        reasons.sort();
        assert_eq!(reasons, ["不再是快满", "已换二维码"]);
        let renewed = book.open();
        edit(&mut book, group, Field::Qr, "");
        let Reply::Task(detail) = book.desk.ask(Request::Task(renewed[0].id)) else { panic!() };
        assert_eq!((renewed.len(), detail.line.reason.as_str()), (1, "二维码的日期已清掉"));
    }
}
