//! Every kind of human act, over a book with playbooks under way and tasks due. One file because the list of acts is
//! read against the book that they are done in.

use super::*;
use crate::book::{EndReason, GroupId, MemberId, PlaybookId, SkipReason, TaskId, TaskKind, Touch};
use crate::book::{Snippet, View};
use crate::door::command::{CatchUp, GroupName, TaskVerb};
use crate::store::bodies::decode;
use crate::store::columns::enrolment::RunState;
use crate::store::keys;
use crate::store::record::PlaybookState;
use crate::text::lang::Lang;

pub(super) const DAY: &str = r#"
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

pub(super) const FRIEND: &str = r#"
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
pub(super) struct Full {
    pub(super) desk: TestDesk,
}

impl Full {
    pub(super) fn new() -> Self {
        let mut desk = book();
        let fields = [(Field::Name, "王五"), (Field::Group, "宠友2群"), (Field::FriendOf, "手机1,手机2")];
        desk.run(create(Kind::Member, &fields)).unwrap();
        let mut full = Self { desk };
        for toml in [DAY, FRIEND, WELCOME] {
            full.run(add(toml));
        }
        full.run(Command::ViewSet {
            before: None,
            view: View { key: Some(3), ..View::new("老客", crate::book::view::Listed::Members) },
        });
        for name in ["张三", "王五"] {
            full.run(full.enrol("friend", name));
        }
        full.desk.at("2026-11-22 09:20");
        full.desk.tick();
        full
    }

    pub(super) fn run(&mut self, command: Command) -> ActId {
        let said = format!("{command:?}");
        let outcome = self.desk.run(command).unwrap_or_else(|refusal| panic!("{said}: {refusal:?}"));
        outcome.act.unwrap_or_else(|| panic!("{said} did nothing: {outcome:?}"))
    }

    pub(super) fn member(&self, name: &str) -> MemberId {
        self.desk.desk.find_member(name, Lang::ZhCn).unwrap()
    }

    pub(super) fn group(&self, name: &str) -> GroupId {
        self.desk.desk.find_group(name, Lang::ZhCn).unwrap()
    }

    pub(super) fn account(&self, name: &str) -> crate::book::AccountId {
        self.desk.desk.find_account(name, Lang::ZhCn).unwrap()
    }

    pub(super) fn enrol(&self, playbook: &str, name: &str) -> Command {
        Command::Enrol {
            playbook: PlaybookId(playbook.to_owned()),
            targets: vec![Target::Member(self.member(name))],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        }
    }

    /// The open task of a step for somebody.
    pub(super) fn task(&self, step: &str, name: &str) -> TaskId {
        let store = self.desk.desk.store();
        let open = store.columns.queue.rows().filter_map(|row| store.columns.tasks.id(row));
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

    pub(super) fn on_task(&self, step: &str, name: &str, verb: TaskVerb) -> Command {
        Command::Task { tasks: vec![self.task(step, name)], verb }
    }

    pub(super) fn edit(&self, object: ObjectRef, fields: &[(Field, &str)]) -> Command {
        Command::Edit {
            objects: vec![object],
            fields: fields.iter().map(|(f, v)| (*f, (*v).to_owned())).collect(),
        }
    }

    pub(super) fn tell(&self, who: &[&str], group: Option<&str>, kind: ActivityKind, text: &str) -> Command {
        Command::Tell(tell(&self.desk, who, group, vec![happening(kind, text)]))
    }

    /// Everything that people see or that decides what they will see; no ids, no instants below a minute.
    pub(super) fn seen(&self) -> Vec<String> {
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
            let notes: Vec<(String, String)> = store.bodies.list(&keys::notes(object), 100).unwrap();
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
            if column.state == RunState::Undone {
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
        seen.push(format!("{:?}", columns.days_off));
        seen.extend(columns.snippets.values().map(|column| format!("{:?}", column.body)));
        seen.extend(columns.saved_views.values().map(|view| format!("{view:?}")));
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
        let minutes = ms.parse::<i64>().unwrap() / 60_000;
        shown.extend(["minute ", &minutes.to_string(), rest]);
    }
    shown
}

pub(super) fn add(toml: &str) -> Command {
    Command::SopAdd { toml: toml.to_owned(), file: "test.toml".to_owned(), new_only: false, base: None }
}

pub(super) fn on(id: &str) -> PlaybookId {
    PlaybookId(id.to_owned())
}

/// What an act touches, so that two that touch nothing alike can be told.
pub(super) type Touches = &'static [&'static str];
pub(super) type Make = fn(&mut Full) -> Command;

const WANG: &str = "王五's course";
const ZHANG: &str = "张三's course";

/// Every human act that an undo reverses. What is not here changes nothing for people (`ConfirmClock`, `Tick`,
/// `ImportBegin`, `ImportDrop`), is the undo itself, or has its own tests (`ImportCommit`).
pub(super) fn acts() -> Vec<(&'static str, Touches, Make)> {
    vec![
        ("new account", &["new account"], |_| {
            create(Kind::Account, &[(Field::Name, "手机3"), (Field::Platform, "QQ")])
        }),
        ("new group", &["new group", "day"], |_| create(Kind::Group, &[(Field::Name, "新群")])),
        ("new groups", &["new groups", "day"], |_| Command::AddGroups {
            names: vec![GroupName {
                name: "粘贴群".into(),
                head_count: Some(20),
                capacity: None,
                account: None,
            }],
            account: None,
        }),
        ("new member", &["new member", "1群 count"], |_| {
            create(Kind::Member, &[(Field::Name, "赵六"), (Field::Group, "宠友1群"), (Field::Tags, "宝妈")])
        }),
        ("keep snippet", &["snippet 退货"], |_| Command::SnippetSet {
            before: None,
            snippet: Snippet {
                name: "退货".to_owned(),
                tags: vec!["售后".to_owned()],
                text: "可以退".to_owned(),
            },
        }),
        ("save view", &["view 大客户", "view 老客"], |_| Command::ViewSet {
            before: None,
            view: View {
                filter: "spent>=500".to_owned(),
                key: Some(3),
                ..View::new("大客户", crate::book::view::Listed::Members)
            },
        }),
        ("rename view", &["view 老客", "view 回头客"], |_| Command::ViewSet {
            before: Some("老客".to_owned()),
            view: View::new("回头客", crate::book::view::Listed::Members),
        }),
        ("remove view", &["view 老客"], |_| Command::ViewRemove { name: "老客".to_owned() }),
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
        ("limit and move", &["手机1 health", WANG, ZHANG, "day"], |full| Command::Limit {
            account: full.account("手机1"),
            health: crate::book::Health::Limited { what: "all".into(), until: Some(at("2026-11-25 09:00")) },
            held: crate::door::command::Held::Move(None),
        }),
        ("limit and put off", &["手机1 health", WANG, ZHANG, "day"], |full| Command::Limit {
            account: full.account("手机1"),
            health: crate::book::Health::Limited {
                what: "private".into(),
                until: Some(at("2026-11-25 09:00")),
            },
            held: crate::door::command::Held::Shift,
        }),
        ("lift", &["手机1 health", WANG, ZHANG, "day"], |full| {
            full.run(full.edit(ObjectRef::Account(full.account("手机1")), &[(Field::Health, "受限 私聊")]));
            Command::Limit {
                account: full.account("手机1"),
                health: crate::book::Health::Recovering { since: full.desk.now().wall },
                held: crate::door::command::Held::Wait,
            }
        }),
        ("transfer", &["2群", "day", "day 2", "2群 count", "1群 count"], |full| {
            full.run(add(&DAY
                .replace("id = \"day\"", "id = \"moving\"")
                .replace("recurrence\", every = \"daily\"", "by-hand\"")
                .replace("D0 09:10", "D0..D5 09:10")));
            let enrol = Command::Enrol {
                playbook: on("moving"),
                targets: vec![Target::Group(full.group("宠友2群"))],
                filter: String::new(),
                anchor: None,
                dry_run: false,
            };
            full.run(enrol);
            Command::Transfer {
                from: full.group("宠友2群"),
                to: full.group("宠友1群"),
                how: crate::door::command::Transfer::Move,
            }
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
        ("correct", &[WANG, ZHANG, "李四"], |full| {
            full.run(full.on_task("hi", "张三", TaskVerb::Sent { at: None, also: false }));
            Command::Correct {
                task: full.task("hi", "王五"), text: "更正".into(), notice: None, part: None
            }
        }),
        ("new playbook", &["new playbook"], |_| add(&FRIEND.replace("\"friend\"", "\"other\""))),
        ("next version", &["friend", WANG, ZHANG], |_| add(&FRIEND.replace("小技巧", "新技巧"))),
        ("removed and added again", &["day", "day 2", "form"], |full| {
            full.run(Command::SopRemove { playbook: on("day") });
            add(&DAY.replace("今日团购", "今日又团"))
        }),
        ("day off", &["day", "day 2", "day off", "form"], |_| Command::SopDayOff {
            playbook: on("day"),
            notice: String::new(),
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
            targets: vec![Target::Member(full.member("张三"))],
            until: None,
        }),
        ("unpause", &[ZHANG], |full| {
            let target = Target::Member(full.member("张三"));
            full.run(Command::Pause { targets: vec![target], until: Some(at("2026-11-24 00:00")) });
            Command::Unpause { targets: vec![target] }
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
