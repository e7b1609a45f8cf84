//! What is read of a desk: lists, texts, cards.
//!
//! One file because every test asks the same small book.

mod board;
mod campaign;
mod campaign_besides;
mod forecast;
mod keys;
mod library;
mod limit_ahead;
mod lists;
mod live_edit;
mod slices;
mod snippets;
mod trial;
mod watch;
mod who;
mod why;

use crate::book::{
    Account, AccountId, Activity, ActivityKind, Contact, ContactState, Group, GroupId, Member, MemberId,
    Membership, MembershipRole, ObjectId, Platform, PlaybookId, Source, Stated, Target, TaskId, TaskState,
    Timestamp,
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
        self.desk.stage(body);
    }

    /// A member comes into a group now.
    fn join(&mut self, member: MemberId, group: GroupId) {
        let joined = Membership {
            member,
            group,
            spell: 1,
            joined_at: Some(self.desk.now().wall),
            left_at: None,
            role: MembershipRole::Plain,
            nickname: String::new(),
            inviter: None,
        };
        self.stage(Body::MembershipSet { before: None, after: Some(joined) });
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
            .run(Command::SopAdd {
                toml: toml.to_owned(),
                file: "test.toml".to_owned(),
                new_only: false,
                base: None,
            })
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
fn a_group_buy_is_blocked_until_its_form_is_filled() {
    let mut book = Book::new(&["一群"], &[]);
    book.sop(GROUPBUY);
    book.tick_at("2026-11-22 09:30");
    let task = book.tasks("step:open").remove(0);
    assert!(
        task.facts.iter().any(|fact| matches!(fact, Fact::Blocked { variable, .. } if variable == "商品"))
    );
    assert_eq!(task.same_text, None);
    let text = book.text(task.id);
    assert!(text.asked && text.parts.iter().all(|part| part.copy.is_none()));
    assert_eq!(text.parts[0].written.as_deref(), Some("今日开团\n{{ 商品 }}"));
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
    assert_eq!(book.counts().awaiting, Some(1));
    // Counted for a later day first, as a desk does whose clock begins on the morning of a demo.
    let later = crate::desk::testing::at("2026-12-24 09:00");
    book.desk.desk.views.awaiting = None;
    book.desk.desk.count_anew(later);
    assert_eq!(book.desk.desk.counts(later).awaiting, Some(0));
    let now = book.desk.now().wall;
    book.desk.desk.count_anew(now);
    assert_eq!(book.counts().awaiting, Some(1));
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
fn a_group_with_an_answer_of_its_own_stands_beside_the_one_of_all() {
    let mut book = Book::new(&["一群", "二群"], &[]);
    book.sop(
        "id = \"gb\"\nfor = \"group\"\nclass = \"service\"\nstart = { on = \"recurrence\", every = \"daily\" }\n\
         [[ask]]\nkey = \"价\"\nby = \"D0 14:00\"\nper = \"run\"\n\
         [[step]]\nid = \"open\"\nat = \"D0 15:00\"\nvia = \"group\"\ntext = [\"{{ 价 }}\"]\n",
    );
    let answers = |book: &mut Book| match book.desk.ask(Request::Asks) {
        Reply::Asks(asks) => asks
            .into_iter()
            .map(|ask| (ask.group.map(|group| group.name), ask.value, ask.answered))
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let fill = |group, value: &str| Command::Fill {
        playbook: PlaybookId("gb".to_owned()),
        run: "2026-11-22".parse().unwrap(),
        group,
        key: "价".to_owned(),
        value: value.to_owned(),
    };
    let own = book.groups[1];
    book.desk.run(fill(None, "39.9")).unwrap();
    assert_eq!(answers(&mut book), [(None, "39.9".to_owned(), true)]);
    book.desk.run(fill(Some(own), "40")).unwrap();
    let both = [(None, "39.9".to_owned(), true), (Some("二群".to_owned()), "40".to_owned(), true)];
    assert_eq!(answers(&mut book), both);
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(answers(&mut book).len(), 1);
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

/// In the evening the form of tomorrow is there to be filled in, and is not asked for once more.
#[test]
fn once_todays_is_said_tomorrows_form_is_there() {
    let mut book = Book::new(&["一群"], &[]);
    book.sop(
        "id = \"gm\"\nfor = \"group\"\nclass = \"service\"\nstart = { on = \"recurrence\", every = \"daily\" }\n\
         [[ask]]\nkey = \"句\"\nby = \"D0 08:00\"\nper = \"run\"\n\
         [[step]]\nid = \"say\"\nat = \"D0 08:30\"\nuntil = \"D0 11:00\"\nvia = \"group\"\ntext = [\"{{ 句 }}\"]\n",
    );
    let days = |book: &mut Book| match book.desk.ask(Request::Asks) {
        Reply::Asks(asks) => asks.iter().map(|ask| (ask.run.to_string(), ask.answered)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let of = |day: &str, answered| (format!("2026-11-{day}"), answered);
    book.tick_at("2026-11-23 08:00");
    assert_eq!(days(&mut book), [of("23", false)]);
    book.tick_at("2026-11-23 17:00");
    let asked = days(&mut book);
    assert_eq!(asked, [of("24", false)], "what was asked for in vain is over");
    let fill = Command::Fill {
        playbook: PlaybookId("gm".to_owned()),
        run: "2026-11-24".parse().unwrap(),
        group: None,
        key: "句".to_owned(),
        value: "早".to_owned(),
    };
    let said = book.desk.run(fill).unwrap().words;
    assert!(said.ends_with("是 11-24 的"), "{said}");
    book.tick_at("2026-11-24 07:30");
    assert_eq!(book.tasks("state:due").len(), 0, "it is answered");
    book.tick_at("2026-11-24 08:30");
    let task = book.tasks("state:due").pop().unwrap();
    assert_eq!(book.text(task.id).parts[0].copy.as_deref(), Some("早"));
}
