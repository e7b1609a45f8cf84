//! One-offs: looked at, made, fired, withdrawn, undone.
//!
//! One file because what a look tells is held against what comes of the same one-offs.

use super::*;
use crate::book::Class;
use crate::desk::testing::at;
use crate::door::compose::{Compose, ComposeReport, Finding};
use crate::door::form::Kind;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind, Reply, Request};

fn to_members(filter: &str, when: &str, text: &str) -> Compose {
    Compose {
        title: String::new(),
        to: Kind::Member,
        filter: filter.to_owned(),
        at: at(when),
        until: None,
        text: text.to_owned(),
        class: Class::Marketing,
        account: None,
    }
}

fn run(book: &mut Book, compose: &Compose, dry_run: bool) -> Result<Outcome, Refusal> {
    book.desk.run(Command::Compose { compose: compose.clone(), dry_run })
}

fn looked_at(book: &mut Book, compose: &Compose) -> ComposeReport {
    *run(book, compose, true).unwrap().compose.unwrap()
}

fn found(report: &ComposeReport, finding: Finding) -> (u32, Vec<String>) {
    report.found.iter().find(|f| f.finding == finding).map_or((0, Vec::new()), |f| (f.n, f.named.clone()))
}

/// Three friends and one who is none.
fn book() -> (Book, Vec<MemberId>) {
    let mut book = Book::new();
    let members: Vec<MemberId> = ["张三", "李四", "王五", "赵六"].map(|name| book.member(name)).to_vec();
    for member in &members[..3] {
        book.befriend(*member);
    }
    (book, members)
}

#[test]
fn what_an_account_would_hold_is_told_before() {
    let (mut book, _) = book();
    book.desk.at("2026-11-22 09:00");
    let account = book.account;
    let health =
        crate::book::Health::Limited { what: "private".to_owned(), until: Some(at("2026-11-24 12:00")) };
    let limit = Command::Limit { account, health, held: crate::door::command::Held::Wait };
    book.desk.run(limit).unwrap();
    let during = looked_at(&mut book, &to_members("zs", "2026-11-23 10:00", "店庆"));
    assert_eq!(found(&during, Finding::Held), (1, vec!["张三: 手机1".to_owned()]));
    let after = looked_at(&mut book, &to_members("zs", "2026-11-25 10:00", "店庆"));
    assert_eq!(found(&after, Finding::Held).0, 0);
}

#[test]
fn nothing_is_made_before_it_was_looked_at() {
    let (mut book, members) = book();
    book.desk.at("2026-11-22 09:00");
    let compose = to_members("zs OR ls OR ww OR zl", "2026-11-23 10:00", "{{ name }}，明天店庆，来坐坐");
    let before = book.desk.desk.store().end().seq;
    let report = looked_at(&mut book, &compose);
    assert_eq!(book.desk.desk.store().end().seq, before, "a look writes nothing");
    assert_eq!((report.matched, report.gets, report.id.clone()), (4, 3, None));
    assert_eq!(report.text, "张三，明天店庆，来坐坐");
    assert_eq!(report.title, "明天店庆，来坐坐");
    assert_eq!(report.accounts, [("手机1".to_owned(), 3)]);
    assert_eq!(found(&report, Finding::NoAccount), (1, vec!["赵六".to_owned()]));
    let outcome = run(&mut book, &compose, false).unwrap();
    assert_eq!(
        (outcome.enrolled.len(), outcome.act.is_some()),
        (4, true),
        "whom nobody knows waits for that"
    );
    let made = outcome.compose.unwrap();
    assert_eq!((made.matched, made.gets), (4, 3), "as it was told before");
    assert_eq!(found(&made, Finding::NoAccount), (1, vec!["赵六".to_owned()]));
    assert_eq!(book.tasks(), []);
    book.tick_at("2026-11-23 10:00");
    let texts: Vec<String> = book
        .open()
        .iter()
        .filter(|task| task.member() != Some(members[3]))
        .map(|task| book.desk.desk.task_text(task).unwrap().parts[0].copy.clone().unwrap())
        .collect();
    assert_eq!(texts.len(), 3);
    assert!(texts.contains(&"王五，明天店庆，来坐坐".to_owned()), "{texts:?}");
}

#[test]
fn what_keeps_somebody_back_is_told() {
    let (mut book, members) = book();
    book.desk.at("2026-11-22 09:00");
    book.sop(FRIEND);
    book.desk
        .run(Command::Enrol {
            playbook: PlaybookId("friend".to_owned()),
            targets: vec![Target::Member(members[0])],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        })
        .unwrap();
    let dnd = vec![(crate::door::form::Field::Tags, "勿扰".to_owned())];
    let objects = vec![crate::door::command::ObjectRef::Member(members[1])];
    book.desk.run(Command::Edit { objects, fields: dnd }).unwrap();
    book.tick_at("2026-11-22 09:06");
    // 张三 has one in the queue by now, and a cap of one a day.
    let today = to_members("zs OR ls", "2026-11-22 23:30", "{{ name }}，{{ last_product }}到了");
    let report = looked_at(&mut book, &today);
    assert_eq!((report.matched, report.gets), (2, 0), "a text that cannot be filled reaches nobody");
    assert_eq!(report.accounts, []);
    assert_eq!(found(&report, Finding::Undisturbed), (1, vec!["李四".to_owned()]));
    assert_eq!(found(&report, Finding::Quiet), (1, vec!["张三 到 11-23 08:00".to_owned()]));
    assert_eq!(found(&report, Finding::Clash), (1, vec!["张三: 新友".to_owned()]));
    assert_eq!(found(&report, Finding::Blocked).1, ["张三: last_product 是空的"]);
    let noon = to_members("zs", "2026-11-22 12:00", "来坐坐");
    let report = looked_at(&mut book, &noon);
    assert_eq!(found(&report, Finding::Capped), (1, vec!["张三 到 11-23 08:00".to_owned()]));
    assert_eq!(found(&report, Finding::Quiet).0, 0);
}

#[test]
fn who_hears_nothing_before_it_is_over_is_told_apart_before_and_after() {
    let (mut book, members) = book();
    book.desk.at("2026-11-22 09:00");
    book.sop(FRIEND);
    let (playbook, targets) = (PlaybookId("friend".to_owned()), vec![Target::Member(members[0])]);
    let enrol = Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false };
    book.desk.run(enrol).unwrap();
    book.tick_at("2026-11-22 09:06");
    // 张三 has the one of today in the queue
    let today = Compose {
        until: Some(at("2026-11-22 18:00")),
        ..to_members("zs OR ls OR zl", "2026-11-22 12:00", "来坐坐")
    };
    let report = looked_at(&mut book, &today);
    assert_eq!((report.matched, report.gets, report.accounts.len()), (3, 1, 1));
    let late = found(&report, Finding::Late);
    assert_eq!(late, (1, vec!["张三 到 11-23 08:00 才行 (到上限, 要等)".to_owned()]));
    assert_eq!(found(&report, Finding::Capped).0, 0);
    let made = run(&mut book, &today, false).unwrap();
    assert_eq!(made.words, "已排 1 条，另 1 个没有账号可发，另 1 个轮到之前就截止，不会发: 来坐坐");
    let made = made.compose.unwrap();
    assert_eq!((made.gets, found(&made, Finding::Late)), (1, (1, vec!["张三".to_owned()])));
    // with a later end it is said after all
    let longer = Compose { until: Some(at("2026-11-23 18:00")), ..today.clone() };
    let report = looked_at(&mut book, &longer);
    assert_eq!((found(&report, Finding::Late).0, found(&report, Finding::Capped).0), (0, 2));
    // hours that are quiet to its end hold marketing, and nothing of a service
    let tonight =
        Compose { until: Some(at("2026-11-22 23:30")), ..to_members("ww", "2026-11-22 22:30", "晚安") };
    let report = looked_at(&mut book, &tonight);
    let late = found(&report, Finding::Late);
    assert_eq!(
        (report.gets, late.1),
        (0, vec!["王五 到 11-23 08:00 才行 (到时在免打扰, 往后挪)".to_owned()])
    );
    let service = Compose { class: Class::Service, ..tonight.clone() };
    assert_eq!(looked_at(&mut book, &service).gets, 1);
    let words = run(&mut book, &tonight, false).unwrap().words;
    assert_eq!(words, "已排 0 条，另 1 个轮到之前就截止，不会发: 晚安");
    book.tick_at("2026-11-22 22:31");
    assert!(book.open().iter().all(|task| task.member() != Some(members[2])));
}

#[test]
fn what_was_never_sent_keeps_back_what_comes_later_and_that_is_told() {
    let (mut book, _) = book();
    book.desk.at("2026-11-22 09:00");
    let old = Compose {
        title: "老客唤回".to_owned(),
        ..to_members("zs OR ls", "2026-11-22 10:00", "来坐坐")
    };
    let outcome = run(&mut book, &old, true).unwrap();
    assert!(outcome.warnings.iter().any(|words| words.starts_with("截止不限")), "{:?}", outcome.warnings);
    let ends = Compose { until: Some(at("2026-11-23 20:00")), ..old.clone() };
    assert_eq!(run(&mut book, &ends, true).unwrap().warnings, Vec::<String>::new());
    run(&mut book, &old, false).unwrap();
    book.tick_at("2026-11-22 10:00");
    // days later it still stands before what comes
    let report = looked_at(&mut book, &to_members("zs OR ls OR ww", "2026-11-25 12:00", "店庆"));
    assert_eq!(found(&report, Finding::Unsent), (2, vec!["老客唤回 2".to_owned()]));
    assert_eq!((found(&report, Finding::Capped).0, found(&report, Finding::Clash).0), (0, 0));
    assert_eq!(report.found[0].names(), "老客唤回 2");
}

#[test]
fn what_playbooks_bring_until_then_counts_against_caps() {
    const TIP: &str = "id = \"tips\"\ntitle = \"每日一句\"\nfor = \"member\"\nclass = \"marketing\"\n\
        start = { on = \"by-hand\" }\n[[step]]\nid = \"one\"\nat = \"D0 20:00\"\nvia = \"private\"\n\
        text = \"早\"\n[[step]]\nid = \"two\"\nat = \"D2 11:00\"\nvia = \"private\"\ntext = \"好\"\n";
    let (mut book, members) = book();
    book.desk.at("2026-11-22 09:00");
    book.sop(TIP);
    let enrol = Command::Enrol {
        playbook: PlaybookId("tips".to_owned()),
        targets: vec![Target::Member(members[0])],
        filter: String::new(),
        anchor: None,
        dry_run: false,
    };
    book.desk.run(enrol).unwrap();
    // Nothing was sent and nothing is queued: one of D2 comes before the one-off, none does where it is said earlier.
    let after = looked_at(&mut book, &to_members("zs OR ls", "2026-11-24 12:00", "来坐坐"));
    assert_eq!(found(&after, Finding::Capped), (1, vec!["张三 到 11-25 08:00".to_owned()]));
    assert_eq!(found(&after, Finding::Clash), (1, vec!["张三: 每日一句".to_owned()]));
    let before = looked_at(&mut book, &to_members("zs OR ls", "2026-11-24 10:00", "来坐坐"));
    assert_eq!(found(&before, Finding::Capped).0, 0);
    assert_eq!(found(&before, Finding::Clash).0, 1, "it stands on that day all the same");
    let between = looked_at(&mut book, &to_members("zs OR ls", "2026-11-23 12:00", "来坐坐"));
    assert_eq!((found(&between, Finding::Capped).0, found(&between, Finding::Clash).0), (0, 0));
    book.desk.run(Command::SopPause { playbook: PlaybookId("tips".to_owned()) }).unwrap();
    let paused = looked_at(&mut book, &to_members("zs OR ls", "2026-11-24 12:00", "来坐坐"));
    assert_eq!((found(&paused, Finding::Capped).0, found(&paused, Finding::Clash).0), (0, 0));
}

/// A step is planned by the hours of the account that says it, as a forecast has it: one that rests at noon says its
/// later than the one-off.
#[test]
fn what_playbooks_bring_until_then_goes_by_the_hours_of_who_says_it() {
    let (mut book, members) = book();
    let now = book.desk.now().wall;
    let second = book.desk.desk.ids.next(now);
    let mut account = Account::new(second, "手机2", Platform::Wechat, now);
    "小完子".clone_into(&mut account.persona);
    account.quiet = vec![crate::book::QuietHours { from: 12 * 60, to: 14 * 60, days: 0 }];
    book.stage(Body::AccountMade(account));
    let after = "zone = \"Asia/Shanghai\"\n[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\n".to_owned();
    book.stage(Body::RulesSet { before: String::new(), after, file: false });
    let step = |id: &str, at: &str, more: &str| {
        format!("[[step]]\nid = \"{id}\"\nat = \"{at}\"\n{more}\ntext = [\"{id}\"]\n")
    };
    book.sop(
        &("id = \"talk\"\ntitle = \"聊\"\nfor = \"member\"\nclass = \"marketing\"\nstart = { on = \"by-hand\" }\n".to_owned()
            + &step("look", "D1 09:00", "via = \"internal\"")
            + &step("talk", "D1 12:30", "via = \"private\"\nas = \"小完子\"")),
    );
    let (playbook, targets) = (PlaybookId("talk".to_owned()), vec![Target::Member(members[0])]);
    let enrol = Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false };
    book.desk.run(enrol).unwrap();
    let capped =
        |book: &mut Book, at: &str| found(&looked_at(book, &to_members("zs", at, "店庆")), Finding::Capped).0;
    assert_eq!(capped(&mut book, "2026-11-23 13:00"), 0, "it comes at 14:00");
    assert_eq!(capped(&mut book, "2026-11-23 15:00"), 1);
}

/// Care that is due at noon of the day after.
fn care_at_noon(book: &mut Book, member: MemberId) {
    book.sop(
        "id = \"care\"\ntitle = \"关怀\"\nfor = \"member\"\nclass = \"care\"\nstart = { on = \"by-hand\" }\n\
         [[step]]\nid = \"ask\"\nat = \"D1 12:00\"\nvia = \"private\"\ntext = \"还好吗\"\n",
    );
    let (playbook, targets) = (PlaybookId("care".to_owned()), vec![Target::Member(member)]);
    let enrol = Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false };
    book.desk.run(enrol).unwrap();
}

#[test]
fn who_hears_something_more_important_later_that_day_waits_and_that_is_told() {
    let (mut book, members) = book();
    book.desk.at("2026-11-22 09:00");
    care_at_noon(&mut book, members[0]);
    let compose = to_members("zs OR ls", "2026-11-23 10:00", "店庆");
    let report = looked_at(&mut book, &compose);
    assert_eq!(found(&report, Finding::Capped), (1, vec!["张三 让更重要的先发".to_owned()]));
    run(&mut book, &compose, false).unwrap();
    book.tick_at("2026-11-23 10:01");
    assert_eq!(book.open().len(), 1, "as many wait as were told");
}

#[test]
fn a_card_says_that_a_full_cap_has_no_room_for_what_comes_next() {
    let (mut book, members) = book();
    book.desk.at("2026-11-22 09:00");
    care_at_noon(&mut book, members[0]);
    let why = |book: &mut Book| {
        let Reply::Why(coming) = book.desk.ask(Request::Why(Target::Member(members[0]))) else { panic!() };
        coming.iter().map(|next| next.why.clone()).collect::<Vec<_>>().join(" / ")
    };
    book.tick_at("2026-11-23 08:30");
    assert_eq!(why(&mut book), "");
    let urgent = Compose { class: Class::Care, ..to_members("zs", "2026-11-23 08:40", "门店搬家了") };
    run(&mut book, &urgent, false).unwrap();
    book.tick_at("2026-11-23 08:41");
    assert!(!book.open().is_empty(), "{}", why(&mut book));
    assert!(why(&mut book).contains("到时今日 1/1已满，挪到 11-24 08:00"), "{}", why(&mut book));
    // and so it is
    book.tick_at("2026-11-23 12:01");
    assert_eq!(book.open().len(), 1);
}

#[test]
fn the_one_off_counts_against_its_accounts_cap_itself() {
    let (mut book, _) = book();
    let after = "zone = \"Asia/Shanghai\"\n[[cap]]\nscope = \"account\"\nn = 2\nper = \"day\"\n".to_owned();
    book.stage(Body::RulesSet { before: String::new(), after, file: false });
    book.desk.at("2026-11-22 09:00");
    let report = looked_at(&mut book, &to_members("zs OR ls OR ww", "2026-11-22 12:00", "来坐坐"));
    assert_eq!(found(&report, Finding::Capped).0, 1, "{:?}", report.found);
}

#[test]
fn it_is_withdrawn_whole_and_that_is_undone() {
    let (mut book, _) = book();
    book.no_rules();
    book.desk.at("2026-11-22 09:00");
    let compose = Compose {
        title: "店庆".to_owned(),
        until: Some(at("2026-11-22 21:00")),
        ..to_members("zs OR ls OR ww", "2026-11-22 10:00", "来坐坐")
    };
    let outcome = run(&mut book, &compose, false).unwrap();
    assert_eq!(outcome.words, "已排 3 条: 店庆");
    let id = outcome.compose.unwrap().id.unwrap();
    assert!(id.0.starts_with("compose-20261122-1000-"), "{id}");
    book.tick_at("2026-11-22 10:00");
    let open = book.open();
    assert_eq!(open.len(), 3);
    assert_eq!(open[0].status.until, Some(at("2026-11-22 21:00")));
    book.verb(open[0].id, TaskVerb::Sent { at: None, also: false });
    let withdrawn = book.desk.run(Command::ComposeWithdraw { id: id.clone() }).unwrap();
    assert_eq!(withdrawn.words, "已撤回 店庆: 取消 2 条");
    let states = |book: &Book| {
        let mut states: Vec<TaskState> = book.tasks().iter().map(|task| task.status.state).collect();
        states.sort();
        states
    };
    assert_eq!(states(&book), [TaskState::Sent, TaskState::Cancelled, TaskState::Cancelled]);
    let again = book.desk.run(Command::ComposeWithdraw { id }).unwrap_err();
    assert!(again.words.contains("已经撤回"), "{again:?}");
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(states(&book), [TaskState::Due, TaskState::Due, TaskState::Sent]);
    let other = Command::ComposeWithdraw { id: PlaybookId("friend".to_owned()) };
    assert!(book.desk.run(other).unwrap_err().words.contains("不是一次性"));
}

#[test]
fn what_is_brought_back_of_one_that_is_withdrawn_ends_with_it() {
    let (mut book, _) = book();
    book.no_rules();
    book.desk.at("2026-11-22 09:00");
    let compose =
        Compose { title: "店庆".to_owned(), ..to_members("zs OR ww", "2026-11-22 10:00", "来坐坐") };
    let id = run(&mut book, &compose, false).unwrap().compose.unwrap().id.unwrap();
    book.tick_at("2026-11-22 10:00");
    let skipped = book.open()[0].id;
    let verb = TaskVerb::Skip { reason: crate::book::SkipReason::Other, words: String::new() };
    let skip = book.desk.run(Command::Task { tasks: vec![skipped], verb }).unwrap().act;
    book.desk.run(Command::ComposeWithdraw { id }).unwrap();
    let undone = book.desk.run(Command::Undo { act: skip }).unwrap();
    assert!(undone.warnings.iter().any(|words| words.contains("店庆 已经撤回了")), "{undone:?}");
    assert_eq!(book.open(), []);
    let task = book.tasks().into_iter().find(|task| task.id == skipped).unwrap();
    let ended = (task.status.state, task.status.end);
    assert_eq!(ended, (TaskState::Cancelled, Some(crate::book::EndReason::Withdrawn)));
}

#[test]
fn who_may_be_one_human_twice_is_told_before() {
    let (mut book, _) = book();
    book.no_rules();
    book.desk.at("2026-11-22 09:00");
    let twin = book.member("张三");
    book.befriend(twin);
    let compose = to_members("zs OR ww", "2026-11-22 10:00", "来坐坐");
    let report = looked_at(&mut book, &compose);
    assert_eq!((report.matched, report.gets), (3, 2), "{report:?}");
    assert_eq!(found(&report, Finding::Lookalike), (1, vec!["张三".to_owned()]));
    run(&mut book, &compose, false).unwrap();
    book.tick_at("2026-11-22 10:00");
    let held = book.open().iter().filter(|task| task.status.held.is_some()).count();
    assert_eq!((book.open().len(), held), (3, 1));
}

#[test]
fn groups_in_which_nothing_can_be_said_are_told_with_why() {
    let (mut book, _) = book();
    book.desk.at("2026-11-22 09:00");
    let groups = ["甲群", "乙群", "丙群"].map(|name| book.group(name));
    for (group, state) in [(groups[1], "frozen"), (groups[2], "dissolved")] {
        let fields = vec![(crate::door::form::Field::State, state.to_owned())];
        let objects = vec![crate::door::command::ObjectRef::Group(group)];
        book.desk.run(Command::Edit { objects, fields }).unwrap();
    }
    let of =
        |filter: &str| Compose { to: Kind::Group, ..to_members(filter, "2026-11-22 10:00", "来坐坐") };
    let report = looked_at(&mut book, &of("甲群 OR 乙群 OR 丙群"));
    assert_eq!((report.matched, report.gets), (3, 1), "{report:?}");
    let (n, named) = found(&report, Finding::Closed);
    assert_eq!((n, named), (2, vec!["乙群: 禁言".to_owned(), "丙群: 已解散".to_owned()]));
}

#[test]
fn one_that_is_withdrawn_before_its_time_says_how_many_it_was_for() {
    let (mut book, _) = book();
    book.no_rules();
    book.desk.at("2026-11-22 09:00");
    let compose = Compose {
        title: "店庆".to_owned(),
        ..to_members("zs OR ls OR ww", "2026-11-22 10:00", "来坐坐")
    };
    let id = run(&mut book, &compose, false).unwrap().compose.unwrap().id.unwrap();
    let withdrawn = book.desk.run(Command::ComposeWithdraw { id }).unwrap();
    assert_eq!(withdrawn.words, "已撤回 店庆: 3 条还没到点，都不发了");
    book.tick_at("2026-11-22 10:00");
    assert_eq!(book.open(), []);
}

#[test]
fn one_undo_takes_back_a_one_off() {
    let (mut book, _) = book();
    book.desk.at("2026-11-22 09:00");
    let compose = to_members("zs OR ls", "2026-11-22 10:00", "来坐坐");
    run(&mut book, &compose, false).unwrap();
    book.desk.run(Command::Undo { act: None }).unwrap();
    book.tick_at("2026-11-22 10:00");
    assert_eq!(book.open(), []);
    // The same minute again is another one.
    let outcome = run(&mut book, &to_members("zs", "2026-11-22 10:00", "来坐坐"), false).unwrap();
    assert!(outcome.compose.unwrap().id.is_some());
    book.desk.restart();
    book.tick_at("2026-11-22 10:01");
    assert_eq!(book.open().len(), 1);
}

#[test]
fn a_command_repeated_after_a_crash_goes_on_and_nobody_gets_two() {
    let (mut book, _) = book();
    book.no_rules();
    book.desk.at("2026-11-22 09:00");
    for n in 0..100 {
        let member = book.member(&format!("客{n}"));
        book.befriend(member);
    }
    let compose = to_members("客", "2026-11-22 10:00", "来坐坐");
    let command_id = book.desk.desk.ids.next(book.desk.now().wall);
    let request = || crate::door::Request::Do {
        command_id,
        command: Command::Compose { compose: compose.clone(), dry_run: false },
        saw: None,
    };
    let entered = |book: &Book| book.desk.desk.store().columns.enrolments.iter().count();
    // The first slices are in when the desk ends.
    let tag = book.desk.begin_as("小李", request());
    while entered(&book) == 0 {
        book.desk.idle();
    }
    assert!(book.desk.answer(tag).is_none() && entered(&book) < 100, "cut in the middle");
    book.desk.restart();
    let crate::door::Reply::Done(outcome) = book.desk.ask(request()) else { panic!() };
    assert!(outcome.compose.unwrap().id.is_some());
    assert_eq!(entered(&book), 100);
    book.tick_at("2026-11-22 10:00");
    assert_eq!(book.open().len(), 100);
}

#[test]
fn groups_get_it_from_their_account() {
    let mut book = Book::new();
    book.no_rules();
    for name in ["宠友1群", "宠友2群", "闲聊群"] {
        book.group(name);
    }
    book.desk.at("2026-11-22 09:00");
    let saved = crate::book::View {
        filter: "宠友".to_owned(),
        ..crate::book::View::new("宠友的群", crate::book::view::Listed::Groups)
    };
    book.desk.run(Command::ViewSet { before: None, view: saved }).unwrap();
    let compose = Compose {
        to: Kind::Group,
        ..to_members("@宠友的群", "2026-11-22 09:30", "{{ group }} 的各位早")
    };
    assert_eq!(looked_at(&mut book, &compose).gets, 2);
    run(&mut book, &compose, false).unwrap();
    book.tick_at("2026-11-22 09:30");
    let said: Vec<String> = book
        .open()
        .iter()
        .map(|task| book.desk.desk.task_text(task).unwrap().parts[0].copy.clone().unwrap())
        .collect();
    assert_eq!(said, ["宠友1群 的各位早", "宠友2群 的各位早"]);
}

#[test]
fn mistakes_make_nothing() {
    let (mut book, _) = book();
    book.desk.at("2026-11-22 09:00");
    let good = to_members("zs", "2026-11-22 10:00", "来坐坐");
    let cases = [
        (Compose { filter: " ".into(), ..good.clone() }, "发给谁"),
        (Compose { filter: "stauts:due".into(), ..good.clone() }, "stauts"),
        (Compose { filter: "due:today".into(), ..good.clone() }, "成员没有"),
        (Compose { text: " ".into(), ..good.clone() }, "还没有正文"),
        (Compose { text: "{{ name".into(), ..good.clone() }, "正文"),
        (Compose { at: at("2026-11-22 08:00"), ..good.clone() }, "已经过了"),
        (Compose { until: Some(at("2026-11-22 10:00")), ..good.clone() }, "截止"),
        (Compose { to: Kind::Account, ..good.clone() }, "成员或群"),
        (Compose { account: Some("手机9".into()), ..good.clone() }, "手机9"),
    ];
    let before = book.desk.desk.store().end().seq;
    for (compose, words) in cases {
        for dry_run in [true, false] {
            let refusal = run(&mut book, &compose, dry_run).unwrap_err();
            assert!(refusal.words.contains(words), "{words}: {refusal:?}");
            assert_ne!(refusal.kind, RefusalKind::Store);
        }
    }
    assert_eq!(book.desk.desk.store().end().seq, before);
    let nobody = run(&mut book, &to_members("没有这个人", "2026-11-22 10:00", "来坐坐"), true).unwrap();
    assert_eq!(nobody.compose.unwrap().matched, 0);
}

/// Typed twice, or said again within the month: before it is made and before it is copied.
#[test]
fn who_was_told_exactly_this_is_not_told_again_unseen() {
    let (mut book, _) = book();
    book.no_rules();
    let first = to_members("zs", "2026-11-22 10:00", "{{ name }}，店庆到店有礼");
    run(&mut book, &first, false).unwrap();
    let again = looked_at(&mut book, &first);
    assert_eq!(found(&again, Finding::Told), (1, vec!["张三".to_owned()]), "it is planned");
    book.tick_at("2026-11-22 10:00");
    assert_eq!(found(&looked_at(&mut book, &first), Finding::Told).0, 1, "it is due");
    let warned = |book: &mut Book| {
        let open = book.open().remove(0);
        let Reply::Task(detail) = book.desk.ask(Request::Task(open.id)) else { panic!() };
        (open.id, detail.text.warnings.into_iter().map(|warning| warning.words).collect::<Vec<_>>())
    };
    let (task, before) = warned(&mut book);
    assert_eq!(before, Vec::<String>::new());
    book.verb(task, TaskVerb::Copied { part: 0 });
    book.verb(task, TaskVerb::Sent { at: None, also: false });
    let later = Compose { at: at("2026-11-25 10:00"), ..first.clone() };
    let told = found(&looked_at(&mut book, &later), Finding::Told);
    assert_eq!(told, (1, vec!["张三 11-22 10:00".to_owned()]));
    let other = Compose { text: "{{ name }}，明天上新".to_owned(), ..later.clone() };
    assert_eq!(found(&looked_at(&mut book, &other), Finding::Told).0, 0);
    run(&mut book, &later, false).unwrap();
    book.tick_at("2026-11-25 10:00");
    assert_eq!(warned(&mut book).1, ["11-22 10:00 给他们发过一模一样的话: 真要再发一次?"]);
}
