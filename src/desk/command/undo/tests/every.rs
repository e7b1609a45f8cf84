//! Every kind of human act: undone, the book is what it was; done again, what it became; also with other acts in
//! between that touched something else.

use super::*;
use crate::book::{
    EndReason, EnrolmentState, GroupId, MemberId, PlaybookId, SkipReason, TaskId, TaskKind, Touch,
};
use crate::door::command::{CatchUp, GroupName, TaskVerb};
use crate::store::bodies::decode;
use crate::store::columns::enrolment::RunState;
use crate::store::keys;
use crate::store::record::PlaybookState;
use crate::text::lang::Lang;

const DAY: &str = r#"
id = "day"
title = "一天"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "lines"
by = "D0 09:30"
[[step]]
id = "open"
at = "D0 09:10"
via = "group"
parts = [{ text = ["今日团购"] }, { image = "a.jpg" }]
"#;

const FRIEND: &str = r#"
id = "friend"
title = "新友"
for = "member"
class = "service"
start = { on = "by-hand" }
stop = ["replied", "bought", "tag:勿扰"]
[[step]]
id = "hi"
at = "D0 09:10"
via = "private"
late = "shift"
check = "replied"
answers = [{ say = "大人", then = ["tag:大人", "followup:3d"] }, { say = "少发", then = ["tag:勿扰", "stop"] }]
text = ["{{ name }}，你好"]
[[step]]
id = "tip"
at = "D1 10:00"
via = "private"
text = ["小技巧"]
[[end]]
when = "replied"
then = ["stage:active"]
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
via = "private"
text = ["欢迎"]
"#;

/// The book of the tests beside this one, with playbooks under way and tasks due.
struct Full {
    desk: TestDesk,
}

impl Full {
    fn new() -> Self {
        let mut desk = book();
        let fields = [(Field::Name, "王五"), (Field::Group, "宠友2群"), (Field::FriendOf, "手机1,手机2")];
        desk.run(create(Kind::Member, &fields)).unwrap();
        let mut full = Self { desk };
        for toml in [DAY, FRIEND, WELCOME] {
            full.run(add(toml));
        }
        for name in ["张三", "王五"] {
            full.run(full.enrol("friend", name));
        }
        full.desk.at("2026-11-22 09:20");
        full.desk.tick();
        full
    }

    fn run(&mut self, command: Command) -> ActId {
        let outcome =
            self.desk.run(command.clone()).unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"));
        outcome.act.unwrap_or_else(|| panic!("{command:?} did nothing: {outcome:?}"))
    }

    fn member(&self, name: &str) -> MemberId {
        self.desk.desk.find_member(name, Lang::ZhCn).unwrap()
    }

    fn group(&self, name: &str) -> GroupId {
        self.desk.desk.find_group(name, Lang::ZhCn).unwrap()
    }

    fn account(&self, name: &str) -> crate::book::AccountId {
        self.desk.desk.find_account(name, Lang::ZhCn).unwrap()
    }

    fn enrol(&self, playbook: &str, name: &str) -> Command {
        Command::Enrol {
            playbook: PlaybookId(playbook.to_owned()),
            targets: vec![Target::Member(self.member(name))],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        }
    }

    /// The open task of a step for somebody.
    fn task(&self, step: &str, name: &str) -> TaskId {
        let store = self.desk.desk.store();
        let open = store.columns.open.iter().filter_map(|(_, row)| store.columns.tasks.id(*row));
        let mut tasks = open.map(|id| store.task(id).unwrap().unwrap());
        let found = tasks.find(|task| {
            let this = match &task.kind {
                TaskKind::Step { key, .. } => key.step == step,
                TaskKind::Ask { key, .. } => key == step,
                _ => false,
            };
            this && (name.is_empty() || store.columns.target_name(task.target) == name)
        });
        found.unwrap_or_else(|| panic!("no {step} for {name}")).id
    }

    fn on_task(&self, step: &str, name: &str, verb: TaskVerb) -> Command {
        Command::Task { tasks: vec![self.task(step, name)], verb }
    }

    fn edit(&self, object: ObjectRef, fields: &[(Field, &str)]) -> Command {
        Command::Edit {
            objects: vec![object],
            fields: fields.iter().map(|(f, v)| (*f, (*v).to_owned())).collect(),
        }
    }

    fn tell(&self, who: &[&str], group: Option<&str>, kind: ActivityKind, text: &str) -> Command {
        Command::Tell(tell(&self.desk, who, group, vec![happening(kind, text)]))
    }

    /// Everything that people see or that decides what they will see; no ids, no instants below a minute.
    fn seen(&self) -> Vec<String> {
        let desk = &self.desk.desk;
        let store = desk.store();
        let columns = &store.columns;
        let mut seen: Vec<String> = visible(columns).iter().map(|line| in_minutes(line)).collect();
        let minute = |at: Option<crate::book::Timestamp>| at.map(|at| at.0 / 60_000);
        for (_, id, column) in columns.members.iter().filter(|(_, _, m)| !m.archived) {
            let mut body = store.member(id).unwrap().unwrap();
            body.tags.sort();
            seen.push(format!(
                "{} {} {:?} {} {:?}",
                body.name, body.needs, body.tags, body.note, body.handles
            ));
            for contact in store.bodies.list::<crate::book::Contact>(&keys::contacts(id), 100).unwrap() {
                let account = columns.target_name(Target::Account(contact.account));
                seen.push(format!("{} {account} {:?} {}", column.name(), contact.state, contact.remark));
            }
            for stay in store.bodies.list::<crate::book::Membership>(&keys::memberships(id), 100).unwrap() {
                let group = columns.target_name(Target::Group(stay.group));
                let left = minute(stay.left_at);
                seen.push(format!("{} {group} {} {left:?} {}", column.name(), stay.spell, stay.nickname));
            }
            let object = ObjectId::Member(id);
            let notes: Vec<String> = store.bodies.list(&keys::notes(object), 100).unwrap();
            seen.push(format!("{} notes {notes:?}", column.name()));
            self.happened(Target::Member(id), column.name(), &mut seen);
        }
        for (_, _, column) in columns.accounts.iter().filter(|(_, _, a)| !a.body.archived) {
            seen.push(format!("{} {} {}", column.body.name, column.body.persona, column.body.note));
        }
        for (_, id, column) in columns.groups.iter().filter(|(_, _, g)| !g.body.archived) {
            let body = &column.body;
            seen.push(format!("{} {} {:?} {:?}", body.name, body.note, body.quiet, body.aliases));
            self.happened(Target::Group(id), &body.name, &mut seen);
        }
        for (_, id, _) in columns.tasks.iter() {
            let task = store.task(id).unwrap().unwrap();
            let status = &task.status;
            // what an undo took back never was
            if status.end == Some(EndReason::Undone) {
                continue;
            }
            let what = match &task.kind {
                TaskKind::Step { key, .. } => key.step.clone(),
                other => format!("{other:?}").split(['{', '(']).next().unwrap_or_default().to_owned(),
            };
            seen.push(format!(
                "task {what} {} {:?} {:?} {:?} {:?} {:?} {} {:?} {:?} {:?} {:?}",
                columns.target_name(task.target),
                status.state,
                minute(Some(status.due_at)),
                minute(status.snoozed_until),
                status.end,
                minute(status.ended_at),
                status.parts_done,
                status.edited,
                minute(status.replied_at),
                status.checked,
                status.held,
            ));
        }
        for (_, id, column) in columns.enrolments.iter() {
            let enrolment = store.enrolment(id).unwrap().unwrap();
            let state = &enrolment.status.state;
            if column.state == RunState::Stopped
                && *state == (EnrolmentState::Stopped { rule: "undone".to_owned() })
            {
                continue;
            }
            let playbook = &columns.playbooks[&enrolment.playbook];
            seen.push(format!(
                "in {} {} {state:?} {:?} {}",
                enrolment.playbook,
                columns.target_name(enrolment.target),
                enrolment.status.progress,
                playbook.versions[&enrolment.status.version],
            ));
        }
        for (id, playbook) in columns.playbooks.iter().filter(|(_, p)| p.state != PlaybookState::Removed) {
            seen.push(format!("{id} {:?} {}", playbook.state, playbook.versions[&playbook.current]));
        }
        seen.push(format!("{:?}", columns.answers));
        seen.sort();
        seen
    }

    fn happened(&self, target: Target, name: &str, seen: &mut Vec<String>) {
        let bodies = &self.desk.desk.store().bodies;
        for activity in bodies.list::<crate::book::Activity>(&keys::activities(target), 100).unwrap() {
            seen.push(format!("{name} {:?} {} {:?}", activity.kind, activity.text, activity.number));
        }
        for (_, bytes) in bodies.range(&keys::touches(target), &[], 100).unwrap() {
            let touch: Touch = decode(&bytes).unwrap();
            seen.push(format!("{name} touched by {} {} {}", touch.by, touch.text, touch.duplicate));
        }
    }
}

/// Instants of a text in minutes.
fn in_minutes(text: &str) -> String {
    let mut parts = text.split("Timestamp(");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (ms, rest) = part.split_once(')').unwrap();
        shown.push_str(&format!("minute {}{rest}", ms.parse::<i64>().unwrap() / 60_000));
    }
    shown
}

fn add(toml: &str) -> Command {
    Command::SopAdd { toml: toml.to_owned(), file: "test.toml".to_owned() }
}

fn on(id: &str) -> PlaybookId {
    PlaybookId(id.to_owned())
}

/// What an act touches, so that two that touch nothing alike can be told.
type Touches = &'static [&'static str];
type Make = fn(&mut Full) -> Command;

const WANG: &str = "王五's course";
const ZHANG: &str = "张三's course";

/// Every human act that an undo reverses. What is not here changes nothing for people (`ConfirmClock`, `Tick`,
/// `ImportBegin`, `ImportDrop`), is the undo itself, or has its own tests (`ImportCommit`).
fn acts() -> Vec<(&'static str, Touches, Make)> {
    vec![
        ("new account", &["new account"], |_| {
            create(Kind::Account, &[(Field::Name, "手机3"), (Field::Platform, "QQ")])
        }),
        ("new group", &["new group", "day"], |_| create(Kind::Group, &[(Field::Name, "新群")])),
        ("new groups", &["new groups", "day"], |_| Command::AddGroups {
            names: vec![GroupName { name: "粘贴群".into(), head_count: Some(20), capacity: None }],
            account: None,
        }),
        ("new member", &["new member", "1群 count"], |_| {
            create(Kind::Member, &[(Field::Name, "赵六"), (Field::Group, "宠友1群"), (Field::Tags, "宝妈")])
        }),
        ("new contact", &["李四's contact", "手机2"], |_| {
            create(Kind::Contact, &[(Field::Member, "李四"), (Field::Account, "手机2")])
        }),
        ("new membership", &["李四's stay", "2群 count"], |_| {
            create(Kind::Membership, &[(Field::Member, "李四"), (Field::Group, "宠友2群")])
        }),
        ("edit account", &["手机2"], |full| {
            full.edit(ObjectRef::Account(full.account("手机2")), &[(Field::Persona, "小完子")])
        }),
        ("limit account", &["手机1 health", WANG, ZHANG, "day"], |full| {
            full.edit(ObjectRef::Account(full.account("手机1")), &[(Field::Health, "受限 私聊")])
        }),
        ("edit group", &["1群 note"], |full| {
            full.edit(
                ObjectRef::Group(full.group("宠友1群")),
                &[(Field::Note, "早上热闹"), (Field::Aliases, "老群"), (Field::Quiet, "22-8")],
            )
        }),
        ("edit member", &["张三's needs"], |full| {
            full.edit(
                ObjectRef::Member(full.member("张三")),
                &[(Field::Needs, "猫粮"), (Field::Gender, "女")],
            )
        }),
        ("edit contact", &["张三's remark"], |full| {
            let contact = ObjectRef::Contact(full.member("张三"), full.account("手机1"));
            full.edit(contact, &[(Field::Remark, "猫妈")])
        }),
        ("edit membership", &["张三's nickname"], |full| {
            let stay = ObjectRef::Membership(full.member("张三"), full.group("宠友1群"));
            full.edit(stay, &[(Field::Nickname, "小张")])
        }),
        ("archive account", &["手机2", WANG, "archived"], |full| Command::Archive {
            object: ObjectRef::Account(full.account("手机2")),
        }),
        ("archive group", &["2群", "2群 count", "day", "archived"], |full| Command::Archive {
            object: ObjectRef::Group(full.group("宠友2群")),
        }),
        ("archive member", &["李四", "李四's contact", "李四's stay", "archived"], |full| {
            Command::Archive { object: ObjectRef::Member(full.member("李四")) }
        }),
        ("archive contact", &["王五's contact", WANG, "手机2"], |full| Command::Archive {
            object: ObjectRef::Contact(full.member("王五"), full.account("手机2")),
        }),
        ("archive membership", &["王五's stay", "2群 count", WANG], |full| Command::Archive {
            object: ObjectRef::Membership(full.member("王五"), full.group("宠友2群")),
        }),
        ("tell joined", &["李四's stay", "2群 count"], |full| {
            full.tell(&["李四"], Some("宠友2群"), ActivityKind::Joined, "")
        }),
        ("tell left", &["王五's stay", "2群 count"], |full| {
            full.tell(&["王五"], Some("宠友2群"), ActivityKind::Left, "")
        }),
        ("tell added", &["李四's contact"], |full| {
            full.tell(&["李四"], Some("宠友1群"), ActivityKind::Added, "")
        }),
        ("tell bought", &[ZHANG, "张三 orders"], |full| {
            full.tell(&["张三"], None, ActivityKind::Bought, "鸡蛋")
        }),
        ("tell replied", &[WANG, "王五's stage"], |full| {
            full.tell(&["王五"], None, ActivityKind::Replied, "")
        }),
        ("tell tagged", &["tag 宝妈"], |full| full.tell(&["张三"], None, ActivityKind::Tagged, "宝妈")),
        ("tell tagged too", &["tag VIP"], |full| full.tell(&["张三"], None, ActivityKind::Tagged, "VIP")),
        ("tell do not disturb", &[WANG, "王五 勿扰"], |full| {
            full.tell(&["王五"], None, ActivityKind::Tagged, "勿扰")
        }),
        ("tell stage", &["李四's stage", "李四"], |full| {
            full.tell(&["李四"], None, ActivityKind::StageChanged, "复购")
        }),
        ("tell renamed", &["李四"], |full| full.tell(&["李四"], None, ActivityKind::Renamed, "李四四")),
        ("tell count", &["1群 count"], |full| {
            let mut told = happening(ActivityKind::HeadCount, "");
            told.number = Some(186);
            Command::Tell(tell(&full.desk, &[], Some("宠友1群"), vec![told]))
        }),
        ("tell state", &["2群", "day", "2群 count"], |full| {
            full.tell(&[], Some("宠友2群"), ActivityKind::StateChanged, "已解散")
        }),
        ("note", &["张三's notes"], |full| Command::Note {
            on: vec![ObjectId::Member(full.member("张三"))],
            text: "喜欢猫".into(),
        }),
        ("follow up", &["张三's follow-up", "手机1 health"], |full| Command::FollowUp {
            on: vec![ObjectId::Member(full.member("张三"))],
            words: "问猫粮".into(),
            at: at("2026-11-25 10:00"),
        }),
        ("sent", &[ZHANG], |full| full.on_task("hi", "张三", TaskVerb::Sent { at: None, also: false })),
        ("sent before", &[WANG], |full| {
            full.on_task("hi", "王五", TaskVerb::Sent { at: Some(at("2026-11-22 09:12")), also: false })
        }),
        ("sent as well", &["day", "also"], |full| {
            let task = full.task("open", "宠友1群");
            let verb = |also| Command::Task { tasks: vec![task], verb: TaskVerb::Sent { at: None, also } };
            full.desk.run_as("小李", verb(false)).unwrap();
            verb(true)
        }),
        ("part", &["day"], |full| full.on_task("open", "宠友1群", TaskVerb::Part { part: 1 })),
        ("other part", &["day 2", "2群"], |full| {
            full.on_task("open", "宠友2群", TaskVerb::Part { part: 0 })
        }),
        ("skip talked", &[WANG, "王五's stage"], |full| skip(full, "王五", SkipReason::Talked)),
        ("skip bought", &[ZHANG, "张三 orders"], |full| skip(full, "张三", SkipReason::Bought)),
        ("skip unfriended", &[WANG, "王五's contact"], |full| skip(full, "王五", SkipReason::Unfriended)),
        ("skip do not disturb", &[WANG, "王五 勿扰"], |full| {
            skip(full, "王五", SkipReason::DoNotDisturb)
        }),
        ("skip unfit", &[ZHANG], |full| skip(full, "张三", SkipReason::Unfit)),
        ("skip limited", &["手机1 health", WANG, ZHANG, "day"], |full| {
            skip(full, "张三", SkipReason::AccountLimited)
        }),
        ("skip gone", &["2群", "day", "2群 count"], |full| Command::Task {
            tasks: vec![full.task("open", "宠友2群")],
            verb: TaskVerb::Skip { reason: SkipReason::GroupGone, words: String::new() },
        }),
        ("skip other", &[ZHANG], |full| skip(full, "张三", SkipReason::Other)),
        ("snooze", &[ZHANG], |full| {
            full.on_task("hi", "张三", TaskVerb::Snooze { until: at("2026-11-23 09:00") })
        }),
        ("wake", &[ZHANG], |full| {
            let until = at("2026-11-22 15:00");
            full.run(full.on_task("hi", "张三", TaskVerb::Snooze { until }));
            full.on_task("hi", "张三", TaskVerb::Wake)
        }),
        ("rewrite", &[ZHANG], |full| {
            full.on_task("hi", "张三", TaskVerb::Rewrite { text: Some("早呀".into()) })
        }),
        ("check no", &[ZHANG], |full| full.on_task("hi", "张三", TaskVerb::Check { yes: false })),
        ("check yes", &[WANG, "王五's stage"], |full| {
            full.on_task("hi", "王五", TaskVerb::Check { yes: true })
        }),
        ("replied", &[WANG, "王五's stage"], |full| Command::Reply {
            member: full.member("王五"),
            task: None,
            answer: None,
            at: None,
        }),
        ("answered", &[ZHANG, "张三 大人", "张三's stage"], |full| Command::Reply {
            member: full.member("张三"),
            task: Some(full.task("hi", "张三")),
            answer: Some(0),
            at: None,
        }),
        ("fill", &["form"], |full| {
            let run = full.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
            Command::Fill {
                playbook: on("day"), run, group: None, key: "商品".into(), value: "鸡蛋".into()
            }
        }),
        ("correct", &[WANG, ZHANG], |full| {
            full.run(full.on_task("hi", "张三", TaskVerb::Sent { at: None, also: false }));
            Command::Correct { task: full.task("hi", "王五"), text: "更正".into(), notice: None }
        }),
        ("new playbook", &["new playbook"], |_| add(&FRIEND.replace("\"friend\"", "\"other\""))),
        ("next version", &["friend", WANG, ZHANG], |_| add(&FRIEND.replace("小技巧", "新技巧"))),
        ("removed and added again", &["day", "day 2", "form"], |full| {
            full.run(Command::SopRemove { playbook: on("day") });
            add(&DAY.replace("今日团购", "今日又团"))
        }),
        ("pause playbook", &["friend", WANG, ZHANG], |_| Command::SopPause { playbook: on("friend") }),
        ("resume playbook", &["friend", WANG, ZHANG], |full| {
            full.run(Command::SopPause { playbook: on("friend") });
            Command::SopResume { playbook: on("friend") }
        }),
        ("remove playbook", &["friend", WANG, ZHANG], |_| Command::SopRemove { playbook: on("friend") }),
        ("enrol", &["李四", "friend", "李四's contact", "李四's stay"], |full| {
            full.enrol("friend", "李四")
        }),
        ("unenrol", &[ZHANG], |full| {
            let running = full.desk.desk.running(Target::Member(full.member("张三"))).unwrap();
            let of = running.iter().filter(|e| e.playbook == on("friend"));
            Command::Unenrol { enrolments: of.map(|e| e.id).collect() }
        }),
        ("pause", &[ZHANG], |full| Command::Pause {
            target: Target::Member(full.member("张三")),
            until: None,
        }),
        ("unpause", &[ZHANG], |full| {
            let target = Target::Member(full.member("张三"));
            full.run(Command::Pause { target, until: Some(at("2026-11-24 00:00")) });
            Command::Unpause { target }
        }),
        ("rules", &["rules"], |_| Command::SetRules {
            toml: "zone = \"Asia/Shanghai\"\nshop = \"小店\"\n".into(),
        }),
        ("catch up", &[WANG, ZHANG, "day", "day 2", "form", "new member", "李四's stay"], |full| {
            full.desk.at("2026-11-23 09:30");
            full.desk.tick();
            Command::CatchUp { playbook: None, choice: CatchUp::Expire }
        }),
    ]
}

fn skip(full: &Full, name: &str, reason: SkipReason) -> Command {
    full.on_task("hi", name, TaskVerb::Skip { reason, words: String::new() })
}

fn assert_same(found: &[String], expected: &[String], what: &str) {
    let only = |these: &[String], others: &[String]| -> Vec<String> {
        these.iter().filter(|line| !others.contains(line)).cloned().collect()
    };
    assert_eq!(
        (only(found, expected), only(expected, found)),
        (Vec::new(), Vec::new()),
        "{what}: (what is there, what should be there)"
    );
}

#[test]
fn each_act_and_its_undo_give_the_book_back_and_its_redo_does_it_again() {
    for (name, _, make) in acts() {
        let mut full = Full::new();
        let command = make(&mut full);
        let before = full.seen();
        full.run(command);
        let after = full.seen();
        assert_ne!(before, after, "{name} changes nothing that is looked at");
        for round in 0..2 {
            full.run(undo());
            assert_same(&full.seen(), &before, &format!("undo of {name}, round {round}"));
            full.run(Command::Redo);
            assert_same(&full.seen(), &after, &format!("redo of {name}, round {round}"));
        }
        full.desk.tick();
        full.desk.restart();
    }
}

#[test]
fn no_act_says_a_thing_twice() {
    for (name, _, make) in acts() {
        // what makes something new, or notes that something happened once more, may be meant twice
        let again = ["new member", "note", "follow up", "replied", "tell", "catch up", "correct", "answered"];
        if again.iter().any(|word| name.starts_with(word)) {
            continue;
        }
        let mut full = Full::new();
        let command = make(&mut full);
        full.run(command.clone());
        let before = full.seen();
        if let Ok(outcome) = full.desk.run(command) {
            assert_eq!(outcome.act, None, "{name} again is a second act: {}", outcome.words);
        }
        assert_same(&full.seen(), &before, &format!("{name} again"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Undoing x after y is as if only y had been done, where the two touch nothing alike.
    #[test]
    fn an_undo_leaves_what_others_did_meanwhile(x: prop::sample::Index, others in prop::collection::vec(any::<prop::sample::Index>(), 1..4)) {
        let acts = acts();
        let (name, touches, make) = x.get(&acts);
        let mut done: Vec<&str> = touches.to_vec();
        let mut ys = Vec::new();
        for other in &others {
            let (_, theirs, _) = other.get(&acts);
            if theirs.iter().all(|touched| !done.contains(touched)) && !theirs.contains(&"archived") {
                done.extend(theirs.iter());
                ys.push(other.get(&acts));
            }
        }
        // without x: its preparations are made, and the clock has gone on as far
        let mut without = Full::new();
        make(&mut without);
        let mut with = Full::new();
        let command = make(&mut with);
        let act = with.run(command);
        for (_, _, make) in &ys {
            let command = make(&mut without);
            without.desk.run_as("小李", command).unwrap();
            let command = make(&mut with);
            with.desk.run_as("小李", command).unwrap();
        }
        let between: Vec<&str> = ys.iter().map(|(name, _, _)| *name).collect();
        let all = with.seen();
        with.run(Command::Undo { act: Some(act) });
        assert_same(&with.seen(), &without.seen(), &format!("undo of {name} after {between:?}"));
        with.run(Command::Redo);
        assert_same(&with.seen(), &all, &format!("redo of {name} after {between:?}"));
        with.desk.restart();
    }
}

#[test]
fn a_sent_task_that_changed_since_keeps_its_touch() {
    let mut full = Full::new();
    let task = full.task("hi", "张三");
    let sent = full.run(Command::Task { tasks: vec![task], verb: TaskVerb::Sent { at: None, also: false } });
    full.run(undo());
    full.desk
        .run_as("小李", Command::Task { tasks: vec![task], verb: TaskVerb::Sent { at: None, also: false } })
        .unwrap();
    let before = full.seen();
    // done again, it would be sent a second time: 小李 was faster
    assert_eq!(full.desk.run(Command::Redo).unwrap_err().kind, RefusalKind::Undo);
    assert_same(&full.seen(), &before, "redo of a sent that another has sent since");
    assert_eq!(full.desk.run(Command::Undo { act: Some(sent) }).unwrap_err().kind, RefusalKind::Undo);

    // a reply that was seen since is another field: the sent is taken back, touch and all
    let mut full = Full::new();
    let task = full.task("hi", "张三");
    let act = full.run(Command::Task { tasks: vec![task], verb: TaskVerb::Sent { at: None, also: false } });
    let member = full.member("张三");
    full.run(Command::Reply { member, task: Some(task), answer: None, at: None });
    full.run(Command::Undo { act: Some(act) });
    let store = full.desk.desk.store();
    let status = store.task(task).unwrap().unwrap().status;
    assert!(status.state != TaskState::Sent && status.replied_at.is_some(), "{status:?}");
    assert!(store.bodies.range(&keys::touches(Target::Member(member)), &[], 9).unwrap().is_empty());
}

#[test]
fn an_undone_version_is_left_by_everybody_also_after_a_tick() {
    let mut full = Full::new();
    full.run(add(&FRIEND.replace("小技巧", "新技巧")));
    full.desk.tick();
    full.desk.at("2026-11-22 09:40");
    full.run(full.on_task("hi", "张三", TaskVerb::Sent { at: None, also: false }));
    full.desk.tick();
    let act = acts_of(&full, "应用 SOP 新友");
    full.run(Command::Undo { act: Some(act) });
    let store = full.desk.desk.store();
    let playbook = &store.columns.playbooks[&on("friend")];
    for (_, id, _) in store.columns.enrolments.iter() {
        let enrolment = store.enrolment(id).unwrap().unwrap();
        if enrolment.playbook == on("friend") && enrolment.status.state.is_running() {
            assert!(playbook.versions[&enrolment.status.version].contains("小技巧"));
        }
    }
}

/// The newest act that is told so.
fn acts_of(full: &Full, words: &str) -> ActId {
    let desk = &full.desk.desk;
    let acts = crate::store::acts::newest(None, 50, &desk.store().bodies).unwrap();
    let told = |id: &ActId| desk.describe_act(*id, Lang::ZhCn).unwrap().contains(words);
    acts.into_iter().map(|(id, _)| id).find(told).unwrap()
}

#[test]
fn a_removed_playbook_added_again_begins_again_and_its_undo_removes_it() {
    let mut full = Full::new();
    full.run(Command::SopRemove { playbook: on("day") });
    let removed = full.seen();
    let outcome = full.desk.run(add(DAY)).unwrap();
    assert!(outcome.words.contains("2 个进入"), "{}", outcome.words);
    full.desk.tick();
    full.run(undo());
    assert_same(&full.seen(), &removed, "undo of adding a removed playbook again");
    assert_eq!(full.desk.desk.store().columns.playbooks[&on("day")].state, PlaybookState::Removed);
    let refusal = full.desk.run(Command::SopRemove { playbook: on("day") }).unwrap_err();
    assert_eq!((refusal.kind, refusal.words.as_str()), (RefusalKind::State, "day 已经移除"));
}

#[test]
fn an_act_of_which_nothing_is_left_does_not_stand_in_the_way() {
    let mut full = Full::new();
    full.run(create(Kind::Group, &[(Field::Name, "一群")]));
    full.run(full.on_task("hi", "张三", TaskVerb::Snooze { until: at("2026-11-22 09:30") }));
    full.desk.at("2026-11-22 09:31");
    full.desk.tick();
    assert_eq!(full.desk.run(undo()).unwrap().words, "已撤销: 新建群: 一群");
}

#[test]
fn acts_are_told_in_the_language_of_whoever_reads() {
    let mut told = vec![Vec::new(); 3];
    for (name, _, make) in acts() {
        let mut full = Full::new();
        let command = make(&mut full);
        let act = full.run(command);
        for (lang, told) in [Lang::ZhCn, Lang::ZhTw, Lang::En].into_iter().zip(&mut told) {
            told.push(format!("{name}: {}", full.desk.desk.describe_act(act, lang).unwrap()));
        }
    }
    insta::assert_snapshot!(told.into_iter().map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n"));
}
