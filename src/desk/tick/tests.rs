//! What comes due, when, and why not.
//!
//! One file because the cases share one book of groups and people.

use crate::book::{
    Account, AccountId, Activity, ActivityKind, Contact, ContactState, EndReason, Group, GroupId, Member,
    MemberId, Membership, MembershipRole, Platform, PlaybookId, Source, Stated, Target, Task, TaskId,
    TaskState, Timestamp,
};
use crate::desk::testing::TestDesk;
use crate::door::Command;
use crate::door::command::{CatchUp, TaskVerb};
use crate::store::Body;

/// A desk with one account and helpers that put people into its book.
struct Book {
    desk: TestDesk,
    account: AccountId,
}

impl Book {
    fn new() -> Self {
        let mut desk = TestDesk::new();
        let now = desk.now().wall;
        let account = desk.desk.ids.next(now);
        let mut book = Self { desk, account };
        book.stage(Body::AccountMade(Account::new(account, "手机1", Platform::Wechat, now)));
        book
    }

    /// Stages as a human act and commits.
    fn stage(&mut self, body: Body) {
        let now = self.desk.now().wall;
        let desk = &mut self.desk.desk;
        let mut act = desk.tick_act(now);
        act.by.via = "screen".to_owned();
        desk.perform(&act, vec![body]).unwrap();
        desk.store.commit().unwrap();
    }

    fn group(&mut self, name: &str) -> GroupId {
        let now = self.desk.now().wall;
        let id = self.desk.desk.ids.next(now);
        self.stage(Body::GroupMade(Group { account: Some(self.account), ..Group::new(id, name, now) }));
        id
    }

    fn member(&mut self, name: &str) -> MemberId {
        let now = self.desk.now().wall;
        let id = self.desk.desk.ids.next(now);
        self.stage(Body::MemberMade(Member::new(id, name, now)));
        id
    }

    fn happened(
        &mut self,
        member: MemberId,
        kind: ActivityKind,
        group: Option<GroupId>,
        account: bool,
        at: Timestamp,
    ) {
        let id = self.desk.desk.ids.next(at);
        self.stage(Body::Happened(Activity {
            id,
            kind,
            member: Some(member),
            group,
            account: account.then_some(self.account),
            at: Stated::new(at, chrono_tz::Tz::Asia__Shanghai),
            source: Source::QuickEntry,
            reference: String::new(),
            amount: None,
            number: None,
            text: String::new(),
        }));
    }

    /// Somebody added us just now.
    fn befriend(&mut self, member: MemberId) {
        let now = self.desk.now().wall;
        let contact = Contact {
            member,
            account: self.account,
            since: Some(now),
            state: ContactState::Friend,
            remark: String::new(),
            search_term: String::new(),
        };
        self.stage(Body::ContactSet { before: None, after: Some(contact) });
        self.happened(member, ActivityKind::Added, None, true, now);
    }

    fn join(&mut self, member: MemberId, group: GroupId) {
        let now = self.desk.now().wall;
        let stay = Membership {
            member,
            group,
            spell: 1,
            joined_at: Some(now),
            left_at: None,
            role: MembershipRole::Plain,
            nickname: String::new(),
            inviter: None,
        };
        self.stage(Body::MembershipSet { before: None, after: Some(stay) });
        self.happened(member, ActivityKind::Joined, Some(group), false, now);
    }

    fn sop(&mut self, toml: &str) {
        self.desk.run(Command::SopAdd { toml: toml.to_owned(), file: "test.toml".to_owned() }).unwrap();
        self.desk.tick();
    }

    fn tick_at(&mut self, when: &str) {
        self.desk.at(when);
        self.desk.tick();
    }

    fn tasks(&self) -> Vec<Task> {
        let store = self.desk.desk.store();
        store.columns.tasks.iter().map(|(_, id, _)| store.task(id).unwrap().unwrap()).collect()
    }

    fn open(&self) -> Vec<Task> {
        self.tasks().into_iter().filter(|t| t.status.state.is_open()).collect()
    }

    fn verb(&mut self, task: TaskId, verb: TaskVerb) {
        self.desk.run(Command::Task { tasks: vec![task], verb }).unwrap();
    }

    fn no_rules(&mut self) {
        self.desk.desk.store.columns.rules.quiet.clear();
        self.desk.desk.store.columns.rules.caps.clear();
    }
}

const MORNING: &str = r#"
id = "morning"
title = "早安"
for = "group"
class = "care"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "hello"
at = "D0 09:30"
until = "D0 11:00"
late = "drop"
via = "group"
text = ["早上好"]
"#;

const WELCOME: &str = r#"
id = "welcome"
title = "欢迎"
for = "member"
class = "service"
start = { on = "joined" }
stop = ["left"]
[[step]]
id = "all"
at = "D0 12:00"
via = "group"
text = ["欢迎 {{ members }}"]
"#;

const FRIEND: &str = r#"
id = "friend"
title = "新友"
for = "member"
class = "marketing"
start = { on = "added" }
stop = ["bought", "tag:勿扰"]
[[step]]
id = "hi"
at = "D0 +5m"
until = "D0 22:00"
via = "private"
text = ["你好"]
[[step]]
id = "tip"
at = "D1 10:00"
via = "private"
text = ["小技巧"]
"#;

#[test]
fn twelve_groups_get_their_morning_once() {
    let mut book = Book::new();
    for n in 1..=12 {
        book.group(&format!("宠友{n}群"));
    }
    book.sop(MORNING);
    assert_eq!(book.open().len(), 0);
    book.tick_at("2026-11-22 09:30");
    assert_eq!(book.open().len(), 12);
    assert!(book.open().iter().all(|t| t.status.account == Some(book.account)));
    book.desk.tick();
    book.tick_at("2026-11-22 09:45");
    assert_eq!(book.tasks().len(), 12, "nothing fires twice");
    book.tick_at("2026-11-22 11:00");
    let tasks = book.tasks();
    assert!(
        tasks
            .iter()
            .all(|t| t.status.state == TaskState::Expired && t.status.end == Some(EndReason::SpanOver))
    );
    book.tick_at("2026-11-23 09:30");
    assert_eq!(book.open().len(), 12, "the next day is another occurrence");
}

#[test]
fn an_absence_expires_what_is_too_late_and_says_so() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(MORNING);
    book.tick_at("2026-11-25 10:00");
    let states: Vec<TaskState> = book.tasks().iter().map(|t| t.status.state).collect();
    assert_eq!(states, [TaskState::Expired, TaskState::Expired, TaskState::Expired, TaskState::Due]);
    let digest = book.desk.desk.tick.digest.clone().expect("an absence is told");
    assert_eq!((digest.rows[0].2, digest.rows[0].3, digest.rows[0].4), (4, 3, 1));
    book.desk.run(Command::CatchUp { playbook: None, choice: CatchUp::Expire }).unwrap();
    assert!(book.open().is_empty());
    assert_eq!(book.desk.desk.tick.digest, None);
}

#[test]
fn newcomers_of_a_group_share_one_welcome() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    book.sop(WELCOME);
    let people: Vec<MemberId> = ["张三", "李四", "王五"].iter().map(|name| book.member(name)).collect();
    for member in &people {
        book.join(*member, group);
    }
    book.tick_at("2026-11-22 12:00");
    let open = book.open();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].target, Target::Group(group));
    assert_eq!(open[0].members, people);
    assert_eq!(open[0].of.len(), 3);
}

#[test]
fn who_leaves_before_the_welcome_is_not_greeted() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    book.sop(WELCOME);
    let (stays, leaves) = (book.member("张三"), book.member("李四"));
    book.join(stays, group);
    book.join(leaves, group);
    book.tick_at("2026-11-22 12:00");
    let now = book.desk.now().wall;
    book.happened(leaves, ActivityKind::Left, Some(group), false, now);
    assert_eq!(book.open()[0].members, vec![stays]);
}

#[test]
fn a_new_friend_is_greeted_and_a_purchase_ends_it() {
    let mut book = Book::new();
    book.no_rules();
    book.sop(FRIEND);
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:04");
    assert!(book.open().is_empty(), "five minutes have not passed");
    book.tick_at("2026-11-22 09:06");
    let hi = book.open();
    assert_eq!(hi.len(), 1);
    book.verb(hi[0].id, TaskVerb::Sent { at: None, also: false });
    let now = book.desk.now().wall;
    book.happened(member, ActivityKind::Bought, None, true, now);
    book.tick_at("2026-11-23 10:00");
    assert!(book.open().is_empty(), "bought stops the rest");
}

#[test]
fn an_import_of_the_past_anchors_nothing() {
    let mut book = Book::new();
    book.sop(FRIEND);
    let member = book.member("张三");
    let long_ago = Timestamp(book.desk.now().wall.0 - 40 * crate::book::time::DAY);
    book.happened(member, ActivityKind::Added, None, true, long_ago);
    book.tick_at("2026-11-23 10:30");
    assert!(book.tasks().is_empty());
}

#[test]
fn quiet_hours_move_and_say_why() {
    let mut book = Book::new();
    let late = FRIEND.replace("D0 22:00", "D1 12:00");
    book.sop(&late);
    book.desk.at("2026-11-22 22:30");
    let member = book.member("张三");
    book.befriend(member);
    book.desk.tick();
    book.tick_at("2026-11-23 07:59");
    assert!(book.open().is_empty());
    book.tick_at("2026-11-23 08:00");
    let open = book.open();
    assert_eq!(open.len(), 1);
    assert!(open[0].moved_from.is_some());
    assert_eq!(open[0].moved_why, "quiet");
}

#[test]
fn a_cap_holds_the_second_message_of_the_day() {
    let mut book = Book::new();
    let two =
        FRIEND.replace("D1 10:00", "D0 12:00").replace("id = \"tip\"", "id = \"tip\"\nuntil = \"D2 22:00\"");
    book.sop(&two);
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:06");
    assert_eq!(book.open().len(), 1);
    book.tick_at("2026-11-22 12:30");
    assert_eq!(book.open().len(), 1, "one marketing touch a day");
    book.tick_at("2026-11-23 08:30");
    assert!(book.tasks().len() >= 2, "offered the next day");
}

#[test]
fn a_private_step_to_a_stranger_asks_for_friendship() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    book.sop(&WELCOME.replace("via = \"group\"", "via = \"private\"").replace("{{ members }}", "你"));
    let member = book.member("张三");
    book.join(member, group);
    book.tick_at("2026-11-22 12:00");
    let kinds: Vec<bool> =
        book.open().iter().map(|t| matches!(t.kind, crate::book::TaskKind::AddFriend { .. })).collect();
    assert_eq!(kinds, [false, true]);
}

#[test]
fn do_not_disturb_ends_all_marketing_at_once() {
    let mut book = Book::new();
    book.no_rules();
    book.sop(FRIEND);
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:06");
    let hi = book.open()[0].id;
    let reason = crate::book::SkipReason::DoNotDisturb;
    book.verb(hi, TaskVerb::Skip { reason, words: String::new() });
    book.tick_at("2026-11-23 10:30");
    assert!(book.open().is_empty());
    let again = book.desk.run(Command::Enrol {
        playbook: PlaybookId("friend".into()),
        targets: vec![Target::Member(member)],
        filter: String::new(),
        anchor: None,
        dry_run: false,
    });
    assert!(again.unwrap().enrolled.is_empty());
}

#[test]
fn the_second_to_mark_is_told_who_was_first() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:30");
    let task = book.open()[0].id;
    let sent = || Command::Task { tasks: vec![task], verb: TaskVerb::Sent { at: None, also: false } };
    book.desk.run_as("小李", sent()).unwrap();
    let refusal = book.desk.run_as("小赵", sent()).unwrap_err();
    assert_eq!(refusal.kind, crate::door::RefusalKind::Already);
    assert_eq!(refusal.who.as_deref(), Some("小李"));
    let also = Command::Task { tasks: vec![task], verb: TaskVerb::Sent { at: None, also: true } };
    book.desk.run_as("小赵", also).unwrap();
    let touches = book.desk.desk.touches_since(book.tasks()[0].target, Timestamp(0)).unwrap();
    assert_eq!(touches.iter().filter(|t| t.duplicate).count(), 1);
}

#[test]
fn a_jumping_clock_holds_the_tick_until_confirmed() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(MORNING);
    book.desk.at("2027-03-01 10:00");
    book.desk.tick();
    assert!(book.tasks().is_empty());
    assert!(book.desk.desk.tick.held.is_some());
    book.desk.run(Command::ConfirmClock).unwrap();
    book.desk.tick();
    assert!(!book.tasks().is_empty());
}

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
    book.tick_at("2026-11-26 10:00");
    assert_eq!(book.open().len(), 2, "the other is let in the next day");
}

#[test]
fn a_step_done_days_late_moves_what_comes_after_it() {
    let mut book = Book::new();
    book.no_rules();
    let shifting = FRIEND
        .replace("until = \"D0 22:00\"", "late = \"shift\"")
        .replace("[[step]]\nid = \"tip\"", "[[step]]\nid = \"tip\"\nuntil = \"D1 20:00\"");
    book.sop(&shifting);
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:06");
    let hi = book.open()[0].id;
    book.tick_at("2026-11-23 12:00");
    assert_eq!(book.open().len(), 1, "the tip waits for the greeting");
    book.tick_at("2026-11-24 09:00");
    book.verb(hi, TaskVerb::Sent { at: None, also: false });
    book.tick_at("2026-11-24 20:00");
    assert!(book.open().is_empty());
    book.tick_at("2026-11-25 10:00");
    assert_eq!(book.open().len(), 1, "two days lost: the tip of the 23rd comes on the 25th");
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
            on: crate::book::ObjectId::Member(had),
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
