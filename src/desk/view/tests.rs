//! What is read of a desk: lists, texts, cards.
//!
//! One file because every test asks the same small book.

mod board;
mod campaign;
mod forecast;
mod keys;
mod library;
mod slices;
mod snippets;
mod trial;
mod watch;
mod who;

use crate::book::{
    Account, AccountId, Activity, ActivityKind, Contact, ContactState, Group, GroupId, Member, MemberId,
    ObjectId, Platform, PlaybookId, Source, Stated, Target, TaskId, TaskState, Timestamp,
};
use crate::desk::testing::{TestDesk, at};
use crate::door::command::{ObjectRef, TaskVerb};
use crate::door::detail::TaskText;
use crate::door::form::{Field, Kind};
use crate::door::line::{Fact, GroupLine, Lines, MemberLine, TaskLine};
use crate::door::reply::{Counts, Window};
use crate::door::request::{ListSpec, Sort};
use crate::door::{Command, Push, Reply, Request};
use crate::store::Body;
use crate::store::record::Edited;
use crate::text::clean::is_forbidden;

struct Book {
    desk: TestDesk,
    account: AccountId,
    groups: Vec<GroupId>,
    members: Vec<MemberId>,
}

impl Book {
    /// One account, some groups and friends, nothing owed.
    fn new(groups: &[&str], members: &[&str]) -> Self {
        let mut desk = TestDesk::new();
        let now = desk.now().wall;
        let account = desk.desk.ids.next(now);
        let mut book = Self { desk, account, groups: Vec::new(), members: Vec::new() };
        let mine = Account {
            persona: "小完子".to_owned(),
            ..Account::new(account, "手机1", Platform::Wechat, now)
        };
        book.stage(Body::AccountMade(mine));
        for name in groups {
            let id = book.desk.desk.ids.next(now);
            book.stage(Body::GroupMade(Group { account: Some(account), ..Group::new(id, *name, now) }));
            book.groups.push(id);
        }
        for name in members {
            let id = book.desk.desk.ids.next(now);
            book.stage(Body::MemberMade(Member::new(id, *name, now)));
            let contact = Contact {
                member: id,
                account,
                since: Some(now),
                state: ContactState::Friend,
                remark: String::new(),
                search_term: String::new(),
            };
            book.stage(Body::ContactSet { before: None, after: Some(contact) });
            book.members.push(id);
        }
        book.desk.desk.store.columns.rules.quiet.clear();
        book.desk.desk.store.columns.rules.caps.clear();
        book
    }

    fn stage(&mut self, body: Body) {
        let now = self.desk.now().wall;
        let desk = &mut self.desk.desk;
        let mut act = desk.tick_act(now);
        act.by.via = "screen".to_owned();
        desk.perform(&act, vec![body]).unwrap();
        desk.store.commit().unwrap();
    }

    fn happened(&mut self, member: MemberId, kind: ActivityKind, text: &str) {
        let now = self.desk.now().wall;
        let id = self.desk.desk.ids.next(now);
        self.stage(Body::Happened(Activity {
            id,
            kind,
            member: Some(member),
            group: None,
            account: None,
            at: Stated::new(now, chrono_tz::Tz::Asia__Shanghai),
            source: Source::QuickEntry,
            reference: String::new(),
            amount: None,
            number: None,
            text: text.to_owned(),
        }));
    }

    fn sop(&mut self, toml: &str) {
        self.desk
            .run(Command::SopAdd { toml: toml.to_owned(), file: "test.toml".to_owned(), new_only: false })
            .unwrap();
        self.desk.tick();
    }

    fn tick_at(&mut self, when: &str) {
        self.desk.at(when);
        self.desk.tick();
    }

    fn list(&mut self, kind: Kind, filter: &str) -> Window {
        let list = ListSpec::of(kind, filter);
        match self.desk.ask(Request::List { list, first: 0, rows: 100, texts: true }) {
            Reply::Window(window) => window,
            other => panic!("{filter}: {other:?}"),
        }
    }

    fn tasks(&mut self, filter: &str) -> Vec<TaskLine> {
        match self.list(Kind::Task, filter).lines {
            Lines::Tasks(lines) => lines,
            other => panic!("{other:?}"),
        }
    }

    fn groups(&mut self, filter: &str) -> Vec<GroupLine> {
        match self.list(Kind::Group, filter).lines {
            Lines::Groups(lines) => lines,
            other => panic!("{other:?}"),
        }
    }

    fn members(&mut self, filter: &str) -> Vec<MemberLine> {
        match self.list(Kind::Member, filter).lines {
            Lines::Members(lines) => lines,
            other => panic!("{other:?}"),
        }
    }

    fn text(&mut self, task: TaskId) -> TaskText {
        match self.desk.ask(Request::Texts(vec![task])) {
            Reply::Texts(mut texts) => texts.remove(0),
            other => panic!("{other:?}"),
        }
    }

    fn counts(&mut self) -> Counts {
        match self.desk.ask(Request::Status) {
            Reply::Status(status) => status.counts,
            other => panic!("{other:?}"),
        }
    }

    fn verb(&mut self, task: TaskId, verb: TaskVerb) {
        self.desk.run(Command::Task { tasks: vec![task], verb }).unwrap();
    }
}

const SENT: TaskVerb = TaskVerb::Sent { at: None, also: false };

const MORNING: &str = r#"
id = "morning"
title = "早安"
for = "group"
class = "care"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "hello"
at = "D0 09:30"
until = "D0 22:00"
via = "group"
text = ["早上好，{{ group }}\n今天{{ weekday }}"]
"#;

const GROUPBUY: &str = r#"
id = "groupbuy"
title = "社区团购一天"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "lines"
by = "D0 09:20"
[[ask]]
key = "未提货"
type = "list"
per = "group"
by = "D0 09:25"
[[step]]
id = "open"
at = "D0 09:30"
until = "D0 11:00"
via = "group"
parts = [{ text = ["今日开团\n{{ 商品 }}"] }, { jielong = "{{ 商品 }}" }, { mention = "{{ 未提货 }}" }]
"#;

const WAKE: &str = r#"
id = "wake"
title = "沉默唤醒"
for = "member"
class = "service"
start = { on = "by-hand" }
[[step]]
id = "r1"
at = "D0 +1m"
via = "private"
check = "replied"
text = ["{{ name }}，上次的{{ last_product }}用完了吗？{{ me }}"]
answers = [{ say = "少发", then = ["tag:勿扰", "stop"] }]
"#;

const CHECKIN: &str = r#"
id = "checkin"
title = "打卡"
for = "member"
class = "service"
start = { on = "by-hand" }
[[step]]
id = "task"
at = "D0,D1..D21 09:30"
via = "private"
text = ["第 {{ day }} 天，{{ date }}"]
"#;

#[test]
fn a_line_has_as_much_of_the_text_as_the_widest_list_shows() {
    let long = "今天的货".repeat(20);
    let mut book = Book::new(&["宠友一群"], &[]);
    book.sop(&MORNING.replace("早上好，{{ group }}", &long));
    book.tick_at("2026-11-22 09:30");
    assert_eq!(book.tasks("")[0].summary, long);
}

#[test]
fn an_answer_that_there_is_nobody_is_no_name() {
    let mut book = Book::new(&["宠友一群"], &[]);
    let text = "text = [\"早上好，{{ group }}\\n今天{{ weekday }}\"]";
    assert!(MORNING.contains(text));
    for (written, names) in [("无", Vec::new()), ("张三、无", vec!["张三"])] {
        let parts = format!("parts = [{{ text = \"早\" }}, {{ mention = \"{written}\" }}]");
        let id = format!("id = \"m{}\"", names.len());
        book.sop(&MORNING.replace(text, &parts).replacen("id = \"morning\"", &id, 1));
        book.tick_at("2026-11-22 09:30");
        let task = book.tasks("state:due").pop().unwrap();
        let Reply::Task(detail) = book.desk.ask(Request::Task(task.id)) else { panic!("a task") };
        assert_eq!(detail.names, names, "{written}");
        let mention = &detail.text.parts[1];
        assert_eq!(mention.find.as_deref(), Some(written).filter(|_| !names.is_empty()));
        let shown = if names.is_empty() { "不用 @ 人".to_owned() } else { format!("@ {written}") };
        assert_eq!(mention.show, shown);
        book.verb(task.id, SENT);
    }
}

#[test]
fn filters_over_tasks_groups_and_members() {
    let mut book = Book::new(&["宠友一群", "宝妈群", "宠友二群"], &["张三", "李四", "曾小贤"]);
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:30");
    let names =
        |lines: &[TaskLine]| lines.iter().map(|l| l.target_name.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!(names(&book.tasks("")), "宠友一群 宝妈群 宠友二群");
    assert_eq!(names(&book.tasks("group:宠友")), "宠友一群 宠友二群");
    assert_eq!(names(&book.tasks("bmq")), "宝妈群");
    assert_eq!(book.tasks("早上好 state:due").len(), 3);
    assert_eq!(book.tasks("sop:早安 step:hello via:group is:unseen").len(), 3);
    assert!(book.tasks("state:sent").is_empty());
    let first = book.tasks("宝妈").remove(0);
    assert_eq!(first.summary, "早上好，宝妈群");
    assert_eq!((first.step_number, first.step.as_str()), ((1, 1), "hello"));
    assert!(first.same_text.is_some());
    book.verb(first.id, SENT);
    assert_eq!(names(&book.tasks("state:sent")), "宝妈群");
    assert_eq!(names(&book.tasks("group:宝妈")), "宝妈群");
    book.tick_at("2026-11-22 09:40");
    assert_eq!(book.tasks("is:late").len(), 2);
    let groups = book.groups("宠友");
    assert_eq!(groups.iter().map(|g| (g.due, g.overdue)).collect::<Vec<_>>(), [(1, 1), (1, 1)]);
    let members = book.members("");
    let order: Vec<&str> = members.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(order, ["李四", "曾小贤", "张三"]);
    assert_eq!(book.members("friend-of:手机1 has:friend zxx").len(), 1);
    assert_eq!(book.list(Kind::Member, "张四").nearest.first().map(String::as_str), Some("张三"));
    let counts = book.counts();
    assert_eq!((counts.due, counts.overdue, counts.sent_today, counts.groups), (2, 2, 1, 3));
    assert_eq!((counts.members, counts.accounts, counts.playbooks), (3, 1, 1));
    let count = |filter: &str| ListSpec::of(Kind::Task, filter);
    let lists = vec![count(""), count("state:sent"), count("group:宠友")];
    assert_eq!(book.desk.ask(Request::Count { lists }), Reply::Counted(vec![2, 1, 2]));
}

#[test]
fn what_is_held_is_nowhere_overdue() {
    let mut book = Book::new(&["宠友一群", "宝妈群"], &[]);
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:50");
    assert_eq!(book.counts().overdue, 2);
    let object = Edited::Account(book.account);
    let (before, after) = ("normal".to_owned(), "limited:群发".to_owned());
    let limited = crate::store::record::Change { field: "health".to_owned(), before, after };
    book.stage(Body::Edited { object, changes: vec![limited] });
    assert_eq!(book.tasks("is:held").len(), 2);
    let says_late =
        |task: &TaskLine| task.facts.iter().any(|f| matches!(f, Fact::Overdue | Fact::LateDays(_)));
    for filter in ["is:late", "overdue:yes", "@逾期"] {
        assert!(book.tasks(filter).is_empty(), "{filter}");
    }
    assert!(!book.tasks("").iter().any(says_late));
    let counts = book.counts();
    assert_eq!((counts.due, counts.overdue), (2, 0));
    assert_eq!(book.groups("").iter().map(|g| (g.due, g.overdue)).collect::<Vec<_>>(), [(1, 0), (1, 0)]);
    // let go, they are late as they always were
    let held = book.tasks("is:held").remove(0).id;
    book.verb(held, TaskVerb::Wake);
    assert_eq!((book.tasks("is:late").len(), book.counts().overdue), (1, 1));
}

#[test]
fn a_follow_up_is_counted_when_sent_and_in_nobodys_hands_then() {
    let mut book = Book::new(&["宠友一群"], &[]);
    let on = vec![ObjectId::Group(book.groups[0])];
    let soon = Timestamp(book.desk.now().wall.0 + 60_000);
    for (words, at) in [("现在发", book.desk.now().wall), ("等会儿", soon)] {
        book.desk.run(Command::FollowUp { on: on.clone(), words: words.to_owned(), at }).unwrap();
    }
    assert_eq!(book.counts().next_at, Some(soon), "a snoozed one comes back");
    let task = book.tasks("state:due").remove(0);
    let others = |line: &TaskLine| {
        let open = |fact: &&Fact| matches!(fact, Fact::Copied { .. } | Fact::Claimed { .. });
        line.facts.iter().filter(open).count()
    };
    book.verb(task.id, TaskVerb::Copied { part: 0 });
    assert_eq!(others(&book.tasks("state:due")[0]), 2);
    book.verb(task.id, SENT);
    let sent = book.tasks("state:sent").remove(0);
    assert_eq!((others(&sent), sent.ended_by.as_str()), (0, task.assignee.as_str()));
    assert_eq!(book.counts().sent_today, 1);
}

#[test]
fn numbers_in_names_stand_by_their_value_in_lists_and_offers() {
    let mut book = Book::new(&["团购10群", "团购2群", "团购12群", "团购1群"], &["李四12", "李四9"]);
    let right = ["团购1群", "团购2群", "团购10群", "团购12群"];
    assert_eq!(book.groups("").iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), right);
    for text in ["团购", "tg", ""] {
        let suggest = Request::Suggest { kinds: vec![Kind::Group], text: text.to_owned(), limit: 8 };
        let Reply::Suggestions(found) = book.desk.ask(suggest) else { panic!() };
        assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), right, "{text}");
    }
    assert_eq!(book.members("")[0].name, "李四9");
}

#[test]
fn a_wrong_filter_says_where() {
    let mut book = Book::new(&[], &[]);
    let list = ListSpec::of(Kind::Task, "state:dua");
    match book.desk.ask(Request::List { list, first: 0, rows: 1, texts: false }) {
        Reply::Refused(refusal) => {
            assert_eq!(refusal.column, Some(7));
            assert_eq!(refusal.candidates, ["due"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_group_buy_is_blocked_until_its_form_is_filled() {
    let mut book = Book::new(&["一群"], &[]);
    book.sop(GROUPBUY);
    book.tick_at("2026-11-22 09:30");
    let task = book.tasks("step:open").remove(0);
    assert!(
        task.facts.iter().any(|fact| matches!(fact, Fact::Blocked { variable, .. } if variable == "商品"))
    );
    assert_eq!(task.same_text, None);
    assert!(book.text(task.id).parts.iter().all(|part| part.copy.is_none()));
    let asks = match book.desk.ask(Request::Asks) {
        Reply::Asks(asks) => asks,
        other => panic!("{other:?}"),
    };
    assert_eq!(asks.iter().map(|ask| ask.key.as_str()).collect::<Vec<_>>(), ["商品", "未提货"]);
    let (run, group) = (asks[0].run, book.groups[0]);
    for (key, group, value) in [("商品", None, "苹果 5斤\n梨"), ("未提货", Some(group), "张三，李四")]
    {
        let (key, value) = (key.to_owned(), value.to_owned());
        book.desk
            .run(Command::Fill { playbook: PlaybookId("groupbuy".into()), run, group, key, value })
            .unwrap();
    }
    let text = book.text(task.id);
    assert_eq!(text.blocked, None);
    assert_eq!(text.search_term, "一群");
    assert_eq!(text.parts[0].copy.as_deref(), Some("今日开团\n苹果 5斤\n梨"));
    assert_eq!((text.parts[1].kind.as_str(), text.parts[1].copy.as_deref()), ("jielong", None));
    match book.desk.ask(Request::Task(task.id)) {
        Reply::Task(detail) => assert_eq!(detail.names, ["张三", "李四"]),
        other => panic!("{other:?}"),
    }
    // who says that it was sent means all of it
    book.verb(task.id, TaskVerb::Sent { at: None, also: false });
    let sent = book.tasks("state:sent").into_iter().find(|line| line.id == task.id).unwrap();
    assert!(sent.facts.contains(&Fact::Parts(3, 3)), "{:?}", sent.facts);
}

#[test]
fn private_texts_speak_of_the_member() {
    let mut book = Book::new(&[], &["张三"]);
    let member = book.members[0];
    for toml in [WAKE, CHECKIN] {
        book.sop(toml);
    }
    for playbook in ["wake", "checkin"] {
        let enrol = Command::Enrol {
            playbook: PlaybookId(playbook.to_owned()),
            targets: vec![Target::Member(member)],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        };
        book.desk.run(enrol).unwrap();
    }
    book.tick_at("2026-11-22 09:30");
    let wake = book.tasks("sop:wake").remove(0);
    assert!(
        wake.facts.iter().any(|f| matches!(f, Fact::Blocked { variable, .. } if variable == "last_product"))
    );
    book.happened(member, ActivityKind::Bought, "奶粉");
    assert_eq!(book.text(wake.id).parts[0].copy.as_deref(), Some("张三，上次的奶粉用完了吗？小完子"));
    match book.desk.ask(Request::Task(wake.id)) {
        Reply::Task(detail) => {
            assert_eq!(detail.text.check.as_deref(), Some("replied"));
            assert_eq!(detail.text.answers, ["少发"]);
            assert_eq!(detail.past[0].text, "奶粉");
            assert!(detail.coming.iter().any(|coming| coming.step == "task" && coming.at.is_some()));
        }
        other => panic!("{other:?}"),
    }
    let check = book.tasks("sop:checkin").remove(0);
    assert_eq!(book.text(check.id).parts[0].copy.as_deref(), Some("第 0 天，11月22日"));
    book.verb(check.id, TaskVerb::Rewrite { text: Some("改过".to_owned()) });
    assert_eq!(book.text(check.id).parts[0].copy.as_deref(), Some("改过"));
    assert_eq!(book.tasks("改过").len(), 1);
    // what is typed may speak of somebody as a playbook does
    book.verb(check.id, TaskVerb::Rewrite { text: Some("{{ name }}，改过".to_owned()) });
    assert_eq!(book.text(check.id).parts[0].copy.as_deref(), Some("张三，改过"));
    book.verb(check.id, TaskVerb::Rewrite { text: Some("{{ 姓名 }}，改过".to_owned()) });
    let text = book.text(check.id);
    assert!(text.blocked.is_some_and(|(variable, _)| variable == "姓名") && text.parts[0].copy.is_none());
    book.verb(check.id, TaskVerb::Rewrite { text: Some("改过".to_owned()) });
    let on = vec![ObjectId::Member(member)];
    let at = book.desk.now().wall;
    book.desk.run(Command::FollowUp { on, at, words: "问 {{ name }} 好".to_owned() }).unwrap();
    let follow_up = book.tasks("问").remove(0);
    assert_eq!(book.text(follow_up.id).parts[0].copy.as_deref(), Some("问 张三 好"));

    book.verb(check.id, SENT);
    assert_eq!(book.tasks("is:awaiting").len(), 1);
    assert_eq!(book.counts().awaiting, 1);
    // Counted for a later day first, as a desk does whose clock begins on the morning of a demo.
    let later = crate::desk::testing::at("2026-12-24 09:00");
    book.desk.desk.views.awaiting = None;
    book.desk.desk.count_anew(later);
    assert_eq!(book.desk.desk.counts(later).awaiting, 0);
    let now = book.desk.now().wall;
    book.desk.desk.count_anew(now);
    assert_eq!(book.counts().awaiting, 1);
    book.desk.run(Command::Reply { member, task: None, answer: None, at: None }).unwrap();
    assert!(book.tasks("is:awaiting").is_empty());
    assert_eq!(book.members("sent:checkin/task last-reply:today").len(), 1);
}

#[test]
fn nothing_hostile_leaves() {
    let hostile = "张\u{1b}]52;c;aGk=\u{7}三\u{202e}\r\n=cmd";
    let mut book = Book::new(&[hostile], &[hostile]);
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:30");
    let (group, member) = (book.groups[0], book.members[0]);
    let task = book.tasks("").remove(0).id;
    let list = |kind| Request::List {
        list: ListSpec { kind, filter: String::new(), sort: Sort::Name, limit: None },
        first: 0,
        rows: 10,
        texts: true,
    };
    let find = |kind| Request::Suggest { kinds: vec![kind], text: "张".to_owned(), limit: 9 };
    for request in [
        list(Kind::Task),
        list(Kind::Group),
        list(Kind::Member),
        list(Kind::Account),
        list(Kind::Playbook),
        find(Kind::Group),
        find(Kind::Member),
        Request::Task(task),
        Request::Object(ObjectId::Group(group)),
        Request::Object(ObjectId::Member(member)),
        Request::Form(ObjectRef::Member(member)),
        Request::Form(ObjectRef::Group(group)),
        Request::Why(Target::Group(group)),
        Request::Log { before: None, limit: 50, mine: false },
        Request::Asks,
    ] {
        let reply = book.desk.ask(request.clone());
        assert!(!matches!(reply, Reply::Refused(_)), "{request:?} {reply:?}");
        let json = serde_json::to_value(&reply).unwrap();
        let mut texts = Vec::new();
        strings(&json, &mut texts);
        for text in texts {
            let bad = text.chars().find(|c| *c != '\n' && is_forbidden(*c));
            assert_eq!(bad, None, "{request:?} lets {text:?} out");
        }
    }
    for push in &book.desk.pushed {
        if let Push::Fired { words, .. } = push {
            assert!(words.iter().all(|word| !word.chars().any(is_forbidden)));
        }
    }
}

fn strings<'a>(value: &'a serde_json::Value, out: &mut Vec<&'a str>) {
    match value {
        serde_json::Value::String(text) => out.push(text),
        serde_json::Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        serde_json::Value::Object(fields) => fields.values().for_each(|field| strings(field, out)),
        _ => {}
    }
}

#[test]
fn forms_show_names() {
    let mut book = Book::new(&["一群"], &["张三"]);
    let (group, member) = (book.groups[0], book.members[0]);
    let mut value = |object, field| match book.desk.ask(Request::Form(object)) {
        Reply::Form(fields) => fields.into_iter().find(|(f, _)| *f == field).map(|(_, value)| value),
        other => panic!("{other:?}"),
    };
    assert_eq!(value(ObjectRef::Group(group), Field::Account).as_deref(), Some("手机1"));
    assert_eq!(value(ObjectRef::Member(member), Field::FriendOf).as_deref(), Some("手机1"));
    assert_eq!(value(ObjectRef::Member(member), Field::Name).as_deref(), Some("张三"));
}

#[test]
fn what_becomes_due_is_told_once() {
    let mut book = Book::new(&["一群"], &[]);
    book.sop(MORNING);
    let _ = book.desk.ask(Request::Status);
    book.desk.pushed.clear();
    book.tick_at("2026-11-22 09:30");
    let fired = |pushed: &[Push]| pushed.iter().filter(|p| matches!(p, Push::Fired { .. })).count();
    assert_eq!(fired(&book.desk.pushed), 1);
    assert!(book.desk.pushed.iter().any(|p| matches!(p, Push::Counts(counts) if counts.alerts == 1)));
    book.desk.pushed.clear();
    book.tick_at("2026-11-22 09:31");
    assert_eq!(fired(&book.desk.pushed), 0);
    let task = book.tasks("").remove(0);
    book.verb(task.id, TaskVerb::Snooze { until: at("2026-11-22 09:40") });
    book.desk.pushed.clear();
    book.tick_at("2026-11-22 09:40");
    assert_eq!(fired(&book.desk.pushed), 1);
    assert_eq!(book.tasks("")[0].state, TaskState::Due);
}

#[test]
fn a_paused_playbook_has_nothing_to_come() {
    let mut book = Book::new(&["宠友1群"], &[]);
    book.sop(MORNING);
    let group = book.groups[0];
    let next = |book: &mut Book| {
        let sop = match book.desk.ask(Request::Playbook(PlaybookId("morning".to_owned()))) {
            Reply::Sop(sop) => sop,
            other => panic!("{other:?}"),
        };
        let card = match book.desk.ask(Request::Object(ObjectId::Group(group))) {
            Reply::Group(card) => card,
            other => panic!("{other:?}"),
        };
        let coming: Vec<_> =
            sop.coming.iter().chain(&card.coming).map(|c| (c.at.is_some(), c.why.clone())).collect();
        let at = [sop.line.next_at, card.line.next_at, book.counts().next_at].map(|at| at.is_some());
        (sop.line.paused, at, coming)
    };
    let (paused, at, coming) = next(&mut book);
    assert!(
        !paused && at == [true; 3] && coming.len() == 2 && coming.iter().all(|(at, _)| *at),
        "{coming:?}"
    );
    book.desk.run(Command::SopPause { playbook: PlaybookId("morning".to_owned()) }).unwrap();
    let (paused, at, coming) = next(&mut book);
    assert!(paused && at == [false; 3], "{at:?}");
    assert!(coming.iter().all(|(at, why)| !at && why.contains("已暂停")), "{coming:?}");
}

#[test]
fn a_chore_of_a_playbook_has_no_chat_to_look_for() {
    const COUNT: &str = r#"
id = "count"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "count"
at = "D0 09:30"
via = "internal"
per = "run"
note = "到货盘点"
[[step]]
id = "open"
at = "D0 09:30"
via = "group"
text = ["开团"]
"#;
    let mut book = Book::new(&["团购1群"], &[]);
    book.sop(COUNT);
    book.tick_at("2026-11-22 09:30");
    let texts: Vec<(String, String)> =
        book.tasks("").into_iter().map(|task| (task.step.clone(), book.text(task.id).search_term)).collect();
    assert!(texts.contains(&("count".to_owned(), String::new())), "{texts:?}");
    assert!(texts.contains(&("open".to_owned(), "团购1群".to_owned())), "{texts:?}");
}
