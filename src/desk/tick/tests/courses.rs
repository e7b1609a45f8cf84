//! Playbooks over days: paused, edited, asked, moved, held, left and entered again.
//!
//! One file because every case is one book over a few days.

use super::*;

#[test]
fn a_paused_playbook_owes_nothing_until_it_runs_again() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(MORNING);
    let id = || PlaybookId("morning".into());
    book.desk.run(Command::SopPause { playbook: id() }).unwrap();
    book.tick_at("2026-11-22 10:00");
    assert!(book.tasks().is_empty());
    book.desk.run(Command::SopResume { playbook: id() }).unwrap();
    book.desk.tick();
    assert_eq!(book.open().len(), 1);
}

#[test]
fn a_playbook_applied_again_fires_nothing_twice() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:30");
    book.sop(&MORNING.replace("早上好", "早安呀"));
    book.tick_at("2026-11-22 09:40");
    assert_eq!(book.tasks().len(), 1);
    book.desk.restart();
    book.desk.tick();
    assert_eq!(book.tasks().len(), 1);
}

#[test]
fn a_playbook_that_somebody_goes_through_stays_for_whom_it_is() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(MORNING);
    let toml = MORNING.replace("\"group\"", "\"member\"").replace("via = \"member\"", "via = \"private\"");
    let add = Command::SopAdd {
        toml: toml.replace("{{ group }}", ""),
        file: "t.toml".into(),
        new_only: false,
        base: None,
    };
    let refused = book.desk.run(add.clone()).unwrap_err();
    assert!(refused.words.contains("正有人在走"), "{}", refused.words);
    book.desk.run(Command::SopRemove { playbook: PlaybookId("morning".into()) }).unwrap();
    book.desk.tick();
    book.desk.run(add).unwrap();
}

/// A course of two steps, the second on a day that edits move.
fn care(day: &str) -> String {
    format!(
        "id = \"care\"\ntitle = \"关怀\"\nfor = \"member\"\nclass = \"service\"\nstart = {{ on = \"added\" }}\n\
         [[step]]\nid = \"a\"\nat = \"D0 10:00\"\nvia = \"private\"\ntext = \"第一天\"\n\
         [[step]]\nid = \"b\"\nat = \"{day} 10:00\"\nvia = \"private\"\ntext = \"后来\"\n"
    )
}

#[test]
fn a_step_that_came_by_an_edit_is_not_owed_again_when_that_is_undone() {
    let mut book = Book::new();
    book.no_rules();
    book.sop(&care("D2"));
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 10:01");
    let add = Command::SopAdd { toml: care("D1"), file: "care.toml".into(), new_only: false, base: None };
    let edited = book.desk.run(add).unwrap();
    book.tick_at("2026-11-23 10:01");
    let sent = book.tasks()[1].id;
    book.verb(sent, TaskVerb::Sent { at: None, also: false });
    let undone = book.desk.run(Command::Undo { act: edited.act }).unwrap();
    book.tick_at("2026-11-24 10:01");
    assert_eq!(book.tasks().len(), 2, "{:#?}", book.tasks());
    book.desk.run(Command::Undo { act: undone.act }).unwrap();
    book.tick_at("2026-11-25 10:01");
    assert_eq!(book.tasks().len(), 2);
    book.desk.restart();
}

#[test]
fn a_step_that_an_edit_moves_to_a_later_day_is_not_owed_again() {
    let mut book = Book::new();
    book.no_rules();
    let toml = care;
    book.sop(&toml("D1"));
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 10:01");
    book.tick_at("2026-11-23 10:01");
    assert_eq!(book.tasks().len(), 2);
    let sent = book.tasks()[1].id;
    book.verb(sent, TaskVerb::Sent { at: None, also: false });
    book.sop(&toml("D3"));
    book.tick_at("2026-11-25 10:01");
    book.desk.restart();
    book.tick_at("2026-11-27 10:01");
    assert_eq!(book.tasks().len(), 2, "{:?}", book.tasks());
}

/// What is filled in for a day without a round would be said done, and the round that was meant would go without it.
#[test]
fn nothing_is_filled_in_for_a_day_without_a_round() {
    let mut book = Book::new();
    book.group("团购1群");
    book.sop(
        "id = \"day\"\ntitle = \"会员日\"\nfor = \"group\"\nclass = \"service\"\n\
         start = { on = \"recurrence\", every = \"weekly: 一\" }\n\
         [[ask]]\nkey = \"商品\"\ntype = \"text\"\nby = \"D0 12:00\"\n\
         [[step]]\nid = \"open\"\nat = \"D0 12:30\"\nvia = \"group\"\ntext = [\"{{ 商品 }}\"]\n",
    );
    let mut fill = |day: &str| {
        let (playbook, run) = (PlaybookId("day".into()), day.parse().unwrap());
        let (key, value) = ("商品".to_owned(), "酱油".to_owned());
        book.desk.run(Command::Fill { playbook, run, group: None, key, value })
    };
    // 2026-11-23 is a Monday
    let refused = fill("2026-11-22").unwrap_err();
    assert!(refused.words.contains("会员日 11-22 没有这一轮"), "{}", refused.words);
    fill("2026-11-23").unwrap();
}

#[test]
fn a_question_opens_two_hours_ahead_and_its_answer_ends_it() {
    let mut book = Book::new();
    book.group("团购1群");
    book.group("团购2群");
    let day = r#"
id = "day"
title = "一天"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "lines"
by = "D0 12:00"
[[step]]
id = "open"
at = "D0 12:30"
until = "D0 14:00"
via = "group"
if = "ask:商品"
text = ["今日 {{ 商品 }}"]
"#;
    book.sop(day);
    book.tick_at("2026-11-22 09:59");
    assert!(book.open().is_empty());
    book.tick_at("2026-11-22 10:00");
    assert_eq!(book.open().len(), 1, "asked once a run, not once a group");
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    book.desk
        .run(Command::Fill {
            playbook: PlaybookId("day".into()),
            run,
            group: None,
            key: "商品".into(),
            value: "鸡蛋 39.9".into(),
        })
        .unwrap();
    assert!(book.open().is_empty());
    book.tick_at("2026-11-22 12:30");
    assert_eq!(book.open().len(), 2);
}

#[test]
fn silence_enters_after_its_days_and_the_intake_lets_in_the_best() {
    let mut book = Book::new();
    book.no_rules();
    book.sop(
        r#"
id = "wake"
title = "唤醒"
for = "member"
class = "marketing"
start = { on = "silence", days = 3, since = "reply" }
intake = { max = 1, per = "day", sort = "-orders" }
stop = ["replied"]
[[step]]
id = "r1"
at = "D0 10:00"
until = "D6 21:00"
via = "private"
text = ["好久不见"]
"#,
    );
    let (poor, good) = (book.member("张三"), book.member("李四"));
    book.befriend(poor);
    book.befriend(good);
    let now = book.desk.now().wall;
    book.happened(good, ActivityKind::Bought, None, true, now);
    book.happened(poor, ActivityKind::Replied, None, true, now);
    book.happened(good, ActivityKind::Replied, None, true, now);
    book.tick_at("2026-11-24 12:00");
    assert!(book.tasks().is_empty());
    book.tick_at("2026-11-25 10:00");
    let first: Vec<Target> = book.open().iter().map(|t| t.target).collect();
    assert_eq!(first, [Target::Member(good)]);
    let today: chrono::NaiveDate = "2026-11-25".parse().unwrap();
    assert!(
        book.desk.desk.new_sweep(today).is_empty(),
        "a line that nobody leaves or joins is not looked at"
    );
    book.desk
        .run(Command::Enrol {
            playbook: PlaybookId("wake".to_owned()),
            targets: vec![Target::Member(good)],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        })
        .unwrap();
    assert!(!book.desk.desk.new_sweep(today).is_empty(), "somebody joined it");
    book.tick_at("2026-11-26 10:00");
    assert_eq!(book.open().len(), 2, "the other is let in the next day");
}

#[test]
fn who_was_let_in_and_taken_back_leaves_the_place_to_another() {
    let mut book = Book::new();
    book.sop(
        r#"
id = "wake"
title = "唤醒"
for = "member"
class = "care"
start = { on = "silence", days = 30 }
intake = { max = 1, per = "day" }
[[step]]
id = "r1"
at = "D3 10:00"
via = "private"
text = ["好久不见"]
"#,
    );
    let members = [book.member("张三"), book.member("李四")];
    let acts = members.map(|member| {
        let enrol = Command::Enrol {
            playbook: PlaybookId("wake".to_owned()),
            targets: vec![Target::Member(member)],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        };
        let outcome = book.desk.run(enrol).unwrap();
        book.tick_at("2026-11-22 09:30");
        outcome
    });
    let id = PlaybookId("wake".to_owned());
    let stand = |book: &Book| {
        let column = &book.desk.desk.store.columns.playbooks[&id];
        (column.active, column.in_line)
    };
    assert_eq!(stand(&book), (1, 1));
    works::undo(&mut book, &acts[0]);
    book.tick_at("2026-11-22 09:31");
    assert_eq!(stand(&book), (1, 0));
}

#[test]
fn a_limited_account_holds_what_it_was_to_send_until_it_is_well() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:30");
    let health = |before: &str, after: &str| crate::store::record::Change {
        field: "health".into(),
        before: before.into(),
        after: after.into(),
    };
    let object = crate::store::record::Edited::Account(book.account);
    book.stage(Body::Edited { object, changes: vec![health("normal", "limited:群发")] });
    assert_eq!(book.open()[0].status.held.as_deref(), Some("account-limited"));
    book.stage(Body::Edited { object, changes: vec![health("limited:群发", "normal")] });
    assert_eq!(book.open()[0].status.held, None);
}

#[test]
fn two_of_one_name_on_one_account_do_not_both_get_it() {
    let mut book = Book::new();
    book.no_rules();
    book.sop(FRIEND);
    for name in ["小美", "小美"] {
        let member = book.member(name);
        book.befriend(member);
    }
    book.tick_at("2026-11-22 09:06");
    let held: Vec<bool> = book.open().iter().map(|t| t.status.held.is_some()).collect();
    assert_eq!(held, [false, true]);
    let second = book.open()[1].id;
    book.verb(second, TaskVerb::Wake);
    assert!(book.open().iter().all(|t| t.status.held.is_none()));
}

#[test]
fn told_again_after_an_undo_it_enters_again() {
    let mut book = Book::new();
    book.no_rules();
    book.sop(FRIEND);
    let member = book.member("张三");
    let account = book.account;
    let tell = || {
        Command::Tell(crate::door::command::Tell {
            who: vec![crate::door::command::Who::Known(member)],
            said: Vec::new(),
            group: None,
            account: Some(account),
            happened: vec![crate::door::command::Happening {
                kind: ActivityKind::Added,
                amount: None,
                number: None,
                relative: false,
                text: String::new(),
            }],
            at: None,
        })
    };
    book.desk.run(tell()).unwrap();
    book.desk.run(Command::Undo { act: None }).unwrap();
    book.tick_at("2026-11-22 09:10");
    assert!(book.open().is_empty(), "what never was owes nothing");
    book.desk.run(tell()).unwrap();
    book.tick_at("2026-11-22 09:20");
    assert_eq!(book.open().len(), 1);
}

#[test]
fn a_check_in_after_midnight_belongs_to_the_day_before() {
    let mut book = Book::new();
    book.no_rules();
    book.sop(
        r#"
id = "class"
title = "打卡"
for = "member"
class = "service"
day_ends = "02:00"
start = { on = "by-hand" }
[[step]]
id = "nudge"
at = "D1..D21 20:00"
until = "D0 22:00"
late = "drop"
via = "private"
if = "-checkin:today"
text = ["还差一步"]
"#,
    );
    let member = book.member("张三");
    book.befriend(member);
    book.desk
        .run(Command::Enrol {
            playbook: PlaybookId("class".into()),
            targets: vec![Target::Member(member)],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        })
        .unwrap();
    book.desk.at("2026-11-24 01:30");
    book.desk.tick();
    let now = book.desk.now().wall;
    book.happened(member, ActivityKind::CheckedIn, None, false, now);
    book.tick_at("2026-11-24 20:00");
    assert_eq!(book.open().len(), 1, "01:30 was still yesterday: today is missing");
    book.desk.at("2026-11-25 19:00");
    let now = book.desk.now().wall;
    book.happened(member, ActivityKind::CheckedIn, None, false, now);
    book.tick_at("2026-11-25 20:00");
    assert!(book.open().is_empty());
}

#[test]
fn a_fanned_out_step_respects_what_each_member_had_today() {
    let mut book = Book::new();
    let group = book.group("团购1群");
    let (had, fresh) = (book.member("张三"), book.member("李四"));
    for member in [had, fresh] {
        book.join(member, group);
        book.befriend(member);
    }
    book.desk
        .run(Command::FollowUp {
            on: vec![crate::book::ObjectId::Member(had)],
            words: "回电话".into(),
            at: Timestamp(book.desk.now().wall.0 + 60_000),
        })
        .unwrap();
    book.sop(FRIEND);
    book.desk
        .run(Command::Enrol {
            playbook: PlaybookId("friend".into()),
            targets: vec![Target::Member(had)],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        })
        .unwrap();
    book.tick_at("2026-11-22 09:06");
    book.sop(
        r#"
id = "fan"
title = "私聊"
for = "group"
class = "marketing"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "each"
at = "D0 10:00"
until = "D1 20:00"
via = "private"
who = "-tag:勿扰"
text = ["今天有新货"]
"#,
    );
    book.tick_at("2026-11-22 10:00");
    let each = |book: &Book| -> Vec<Target> {
        book.open()
            .iter()
            .filter(|t| matches!(&t.kind, crate::book::TaskKind::Step { key, .. } if key.step == "each"))
            .map(|t| t.target)
            .collect()
    };
    assert_eq!(each(&book), [Target::Member(fresh)], "who was greeted today waits");
    for task in book.open() {
        book.verb(task.id, TaskVerb::Sent { at: None, also: false });
    }
    book.tick_at("2026-11-23 08:30");
    assert_eq!(each(&book), [Target::Member(had)], "and gets it the next morning");
}

#[test]
fn what_members_are_told_in_their_group_is_among_what_comes_to_it() {
    let mut book = Book::new();
    let group = book.group("团购1群");
    book.sop(WELCOME);
    for name in ["张三", "李四"] {
        let member = book.member(name);
        book.join(member, group);
    }
    let crate::door::Reply::Why(coming) =
        book.desk.ask(crate::door::Request::Why(crate::book::Target::Group(group)))
    else {
        panic!("no answer")
    };
    let [line] = coming.as_slice() else { panic!("{coming:?}") };
    assert_eq!(
        (line.at, line.why.as_str()),
        (Some(crate::desk::testing::at("2026-11-22 12:00")), "2 位成员")
    );
}

#[test]
fn an_absence_counts_what_was_owed_and_nothing_else() {
    let mut book = Book::new();
    let group = book.group("团购1群");
    for name in ["张三", "李四"] {
        let member = book.member(name);
        book.join(member, group);
    }
    book.sop(
        &MORNING
            .replace("for = \"group\"", "for = \"member\"")
            .replace("until = \"D0 11:00\"\nlate = \"drop\"\n", "")
            .replace("via = \"group\"", "via = \"private\"\nif = 'orders>5'"),
    );
    book.tick_at("2026-11-22 15:00");
    let digests = book.desk.pushed.iter().filter(|push| matches!(push, crate::door::Push::Digest(_))).count();
    assert_eq!(digests, 0, "nobody had ordered: nothing was owed");
}

#[test]
fn who_is_taken_out_again_owes_nothing_any_more() {
    let mut book = Book::new();
    book.no_rules();
    book.sop(FRIEND);
    let member = book.member("张三");
    book.befriend(member);
    let enrolment = book.desk.desk.store().columns.enrolments.id(0).unwrap();
    book.desk.run(Command::Unenrol { enrolments: vec![enrolment] }).unwrap();
    book.desk.run(Command::Undo { act: None }).unwrap();
    // its next instant moves on before it is taken out once more
    book.tick_at("2026-11-22 09:06");
    book.desk.run(Command::Redo).unwrap();
    let status = book.desk.desk.store().enrolment(enrolment).unwrap().unwrap().status;
    assert!(!status.state.is_running());
    assert_eq!((status.next_at, status.waiting, status.ended_at.is_some()), (None, None, true));
    book.tick_at("2026-11-23 10:30");
    assert_eq!(book.tasks().len(), 1, "the tip of the next day is not owed");
    book.desk.restart();
}
