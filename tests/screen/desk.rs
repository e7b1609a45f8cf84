//! A small desk with fixed data, for the screen alone: answers every request from a few lists, keeps what it was told.
//!
//! One file because the answers share one set of data, and who reads one wants the others beside it.

use super::boards;
use super::calendar;
use super::forms;
use super::lines::{cut, ids};
use std::collections::HashMap;

use chrono::NaiveDate;
use qun::book::id::Id;
use qun::book::{
    AccountId, ActivityKind, Class, ContactState, GroupId, Member, MemberId, Money, ObjectId, Platform,
    PlaybookId, Stage, Target, TaskId, TaskState, Timestamp, Via,
};
use qun::door::command::{Command, TaskVerb};
use qun::door::connection::Incoming;
use qun::door::detail::{
    AskView, ContactView, GroupDetail, MemberDetail, PartView, Past, PauseView, People, SopDetail, Sums,
    TaskDetail, TaskText,
};
use qun::door::form::{Field, Kind};
use qun::door::line::{AccountLine, Fact, GroupLine, Lines, MemberLine, Ref, SopLine, TaskLine};
use qun::door::reply::{Counts, Patch, Planned, Spread, Status, Window};
use qun::door::request::{ListSpec, Request};
use qun::door::{Envelope, Push, Question, Refusal, RefusalKind, Reply, Saw};

/// 2026-11-22 14:03 in Shanghai, a Sunday.
pub const NOW: Timestamp = Timestamp(1_795_327_380_000);
const MINUTE: i64 = 60_000;

/// The desk.
#[derive(Default)]
pub struct Desk {
    pub tasks: Vec<TaskLine>,
    /// The languages it was greeted in.
    pub spoken: Vec<qun::text::lang::Lang>,
    pub paces: Vec<qun::door::forecast::Pace>,
    pub texts: Vec<TaskText>,
    pub groups: Vec<GroupLine>,
    pub members: Vec<MemberLine>,
    pub sops: Vec<SopLine>,
    pub accounts: Vec<AccountLine>,
    /// The questions of today's forms.
    pub asks: Vec<AskView>,
    /// What was asked to be done, in order.
    pub told: Vec<Command>,
    /// What each of them stood on, also of those that were refused.
    pub saws: Vec<Option<Saw>>,
    /// What happened before, of tasks that have a history of their own.
    pub pasts: HashMap<TaskId, Vec<Past>>,
    /// What could be chosen about was asked last.
    pub asked: Option<Question>,
    /// Refuses the next command.
    pub refuse: Option<Refusal>,
    /// Where an import stands, once for each time it is asked.
    pub standings: std::collections::VecDeque<qun::door::reply::ImportStanding>,
    /// The store's saved views.
    pub views: Vec<qun::book::View>,
    pub phone_tail: &'static str,
    /// The nearest names of every list.
    pub nearest: Vec<String>,
    /// How many rows filters have; 7 where nothing is said.
    pub numbers: HashMap<String, u32>,
    /// Why tasks are there, where it is not said as usual; how many got a wrong text.
    pub why: Vec<String>,
    pub got: Option<u32>,
    /// Which parts of it are texts, where there are several.
    pub parts: Vec<(u16, String)>,
    watches: Vec<(u32, u64, ListSpec)>,
}

pub fn task_id(n: u32) -> TaskId {
    TaskId::from_bits(0x3000 + u128::from(n))
}

pub fn group_id(n: u32) -> GroupId {
    GroupId::from_bits(0x1000 + u128::from(n))
}

pub fn member_id(n: u32) -> MemberId {
    MemberId::from_bits(0x2000 + u128::from(n))
}

pub fn at(minutes: i64) -> Timestamp {
    Timestamp(NOW.0 + minutes * MINUTE)
}

pub fn account(platform: Platform) -> Ref<AccountId> {
    let (n, name) = match platform {
        Platform::Wechat => (1, "手机1"),
        Platform::Wecom => (2, "小完子"),
        _ => (3, "QQ客服"),
    };
    Ref { id: AccountId::from_bits(0x4000 + n), name: name.into() }
}

pub fn playbook() -> Ref<PlaybookId> {
    Ref { id: PlaybookId("weekend-wash".into()), name: "周末洗护".into() }
}

fn part(kind: &str, copy: Option<&str>, find: Option<&str>) -> PartView {
    let show = copy.or(find).unwrap_or_default().to_owned();
    let (copy, find) = (copy.map(Into::into), find.map(Into::into));
    PartView { kind: kind.into(), copy, find, show, written: None, done: false }
}

const WASH: &str = "各位铲屎官周末好！这周末洗护预约还剩 6 个名额：\n· 周六 10:00 / 14:00 / 16:00\n· 周日 10:00 / 15:00\n回复「预约+时间」，管家帮您登记。";

impl Desk {
    /// A Sunday afternoon with ten tasks.
    pub fn small() -> Self {
        let mut desk = Self::default();
        for (name, platform, heads, due, overdue) in [
            ("宠友交流1群", Platform::Wechat, 186, 3, 1),
            ("宠友交流2群", Platform::Wechat, 95, 2, 0),
            ("宠友交流3群", Platform::Wechat, 200, 1, 0),
            ("门店VIP群", Platform::Wecom, 88, 1, 0),
            ("会员日通知", Platform::Wecom, 412, 1, 0),
            ("新手养猫答疑", Platform::Qq, 233, 1, 0),
        ] {
            desk.add_group(name, Some(platform), Some(heads), due, overdue);
        }
        for (name, remark, stage) in [
            ("小雨妈", "", Stage::New),
            ("阿珍", "阿珍 3栋", Stage::Customer),
            ("张三", "", Stage::Active),
            ("李四", "", Stage::Silent),
            ("张三", "", Stage::Lead),
            ("👨‍👩‍👧一家🐱", "", Stage::Repeat),
        ] {
            let n = desk.members.len() as u32 + 1;
            desk.members.push(MemberLine {
                id: member_id(n),
                name: name.into(),
                remark: remark.into(),
                stage: Some(stage),
                tags: vec!["猫".into()],
                groups: vec![Ref { id: group_id(1), name: "宠友交流1群".into() }],
                group_count: 1 + n % 2,
                friend_of: vec![account(Platform::Wechat)],
                orders: 2,
                spent: Money(12_880),
                last_reply_at: Some(at(-26 * 60)),
                last_touch_at: None,
                due: 0,
                pause: None,
            });
        }
        (desk.asks, desk.nearest) = (vec![forms::goods()], vec!["望京(12)".into()]);
        let (wash, worm, night) = ("周末洗护提醒", "驱虫小课堂", "晚间互动话题");
        desk.add_task(1, -8, wash, WASH, Some(7), vec![Fact::Overdue, Fact::Unseen]);
        desk.add_task(2, 2, wash, WASH, Some(7), vec![]);
        desk.add_task(4, 2, wash, WASH, Some(7), vec![]);
        desk.add_task(
            6,
            15,
            worm,
            "驱虫第二课：体外驱虫\n下周讲体内",
            None,
            vec![Fact::Claimed { by: "小李".into() }],
        );
        desk.add_task(3, 27, worm, "驱虫第二课：体外驱虫", None, vec![]);
        desk.add_task(5, 60, "会员日预热文案", "明天会员日", None, vec![Fact::Parts(0, 3)]);
        desk.add_task(1, 120, night, "今晚聊聊", None, vec![]);
        let blocked = Fact::Blocked { variable: "名额".into(), words: "名额 未填".into(), asked: true };
        desk.add_task(2, 180, night, "", None, vec![blocked]);
        desk.add_task(1, 300, "欢迎新人", "欢迎", None, vec![]);
        desk.add_task(3, 20 * 60, "周一开团预告", "明天开团", None, vec![]);
        let private = &mut desk.tasks[8];
        private.member = Some(Ref { id: member_id(1), name: "小雨妈".into() });
        (private.via, private.target) = (Via::Private, Target::Member(member_id(1)));
        private.target_name = "小雨妈".into();
        desk.texts[5].parts.push(part("image", None, Some("/素材/会员日.jpg")));
        desk.texts[5].parts.push(part("text", Some("第二段文字"), None));
        desk.texts[8].answers = vec!["大人".into(), "小孩".into(), "少发".into()];
        (desk.texts[7].blocked, desk.texts[7].asked) = (Some(("名额".into(), "名额 未填".into())), true);
        desk.sops.push(SopLine {
            id: playbook().id,
            title: playbook().name,
            version: 2,
            paused: false,
            target: "group".into(),
            steps: 5,
            active: 6,
            in_line: 0,
            due: 3,
            next_at: Some(at(19 * 60)),
        });
        desk
    }

    /// With many more tasks.
    pub fn large(tasks: u32) -> Self {
        let mut desk = Self::small();
        for n in 11..=tasks {
            desk.add_task(1 + n as usize % 6, i64::from(n), "群发提醒", "正文正文正文", None, vec![]);
        }
        desk
    }

    pub fn add_group(
        &mut self,
        name: &str,
        platform: Option<Platform>,
        heads: Option<u32>,
        due: u32,
        overdue: u32,
    ) {
        self.groups.push(GroupLine {
            id: group_id(self.groups.len() as u32 + 1),
            name: name.into(),
            account: platform.map(account),
            platform,
            state: "正常".into(),
            state_word: "live".into(),
            head_count: heads,
            capacity: 200,
            members: heads.unwrap_or(0) / 2,
            tags: vec!["望京".into()],
            due,
            overdue,
            next_at: Some(at(90)),
        });
    }

    pub fn add_task(
        &mut self,
        group: usize,
        minutes: i64,
        summary: &str,
        text: &str,
        same: Option<u64>,
        facts: Vec<Fact>,
    ) {
        let n = self.tasks.len() as u32 + 1;
        let line = self.groups[group - 1].clone();
        self.tasks.push(TaskLine {
            id: task_id(n),
            state: TaskState::Due,
            due_at: at(minutes),
            until: Some(at(minutes + 240)),
            snoozed_until: None,
            target: Target::Group(line.id),
            target_name: line.name.clone(),
            group: Some(Ref { id: line.id, name: line.name.clone() }),
            member: None,
            account: line.account,
            platform: line.platform,
            playbook: Some(playbook()),
            step: "remind".into(),
            step_number: (3, 5),
            occurrence: NaiveDate::from_ymd_opt(2026, 11, 22),
            via: Via::Group,
            class: Class::Marketing,
            summary: summary.into(),
            facts,
            members: 0,
            same_text: same,
            ended_at: None,
            ended_by: String::new(),
            reason: String::new(),
            assignee: if n == 1 { "我".into() } else { String::new() },
            rev: 1,
        });
        self.texts.push(TaskText {
            warnings: Vec::new(),
            task: task_id(n),
            parts: vec![part("text", Some(text), None)],
            blocked: None,
            asked: false,
            check: None,
            answers: Vec::new(),
            search_term: format!("{} 望京", line.name),
        });
    }

    /// Gives a task one part more.
    pub fn add_part(&mut self, task: TaskId, kind: &str, copy: Option<&str>) {
        if let Some(text) = self.texts.iter_mut().find(|text| text.task == task) {
            text.parts.push(part(kind, copy, Some("接龙")));
        }
    }

    fn counts(&self) -> Counts {
        let tasks = |fits: &dyn Fn(&&TaskLine) -> bool| self.tasks.iter().filter(fits).count() as u32;
        Counts {
            due: tasks(&|t| t.state == TaskState::Due),
            today: tasks(&|t| t.due_at < at(10 * 60)),
            overdue: tasks(&|t| t.state == TaskState::Due && t.facts.contains(&Fact::Overdue)),
            snoozed: tasks(&|t| t.state == TaskState::Snoozed),
            groups: self.groups.len() as u32,
            members: self.members.len() as u32,
            playbooks: self.sops.len() as u32,
            alerts: tasks(&|t| t.facts.contains(&Fact::Unseen)),
            sent_today: tasks(&|t| t.state == TaskState::Sent),
            awaiting: Some(0),
            next_at: Some(at(90)),
            ..Counts::default()
        }
    }

    /// The rows of a list, by as much of the filter language as the tests need: states, groups, parts of names.
    fn rows(&self, list: &ListSpec) -> Lines {
        let words: Vec<&str> = list.filter.split_whitespace().collect();
        let state = words.iter().find_map(|word| word.strip_prefix("state:"));
        let group = words.iter().find_map(|word| word.strip_prefix("group:")).map(|g| g.trim_matches('"'));
        let names = |name: &str| {
            words.iter().filter(|w| !w.contains(':')).all(|w| name.contains(w.trim_matches('"')))
        };
        match list.kind {
            Kind::Group => Lines::Groups(self.groups.iter().filter(|g| names(&g.name)).cloned().collect()),
            Kind::Member => {
                let there =
                    |m: &&MemberLine| group.is_none_or(|name| m.groups.iter().any(|g| g.name == name));
                Lines::Members(
                    self.members.iter().filter(there).filter(|m| names(&m.name)).cloned().collect(),
                )
            }
            Kind::Playbook => Lines::Playbooks(self.sops.clone()),
            Kind::Account => Lines::Accounts(self.accounts.clone()),
            Kind::Task => {
                let fits = |task: &&TaskLine| {
                    state.is_none_or(|state| state.split(',').any(|state| task.state.word() == state))
                        && group.is_none_or(|name| task.group.as_ref().is_some_and(|g| g.name == name))
                        && (!words.contains(&"is:overdue") || task.facts.contains(&Fact::Overdue))
                        && !words.contains(&"is:awaiting")
                        && !words.contains(&"is:to-answer")
                        && names(&task.target_name)
                };
                Lines::Tasks(self.tasks.iter().filter(fits).cloned().collect())
            }
            _ => Lines::Accounts(Vec::new()),
        }
    }

    fn window(&self, watch: u32, list: &ListSpec, first: u32, rows: u32) -> Window {
        let (lines, total) = cut(self.rows(list), first as usize, rows as usize);
        let near: Vec<TaskId> = match &lines {
            Lines::Tasks(tasks) => tasks.iter().take(21).map(|task| task.id).collect(),
            _ => Vec::new(),
        };
        Window {
            watch,
            rev: 1,
            total,
            first: first.min(total),
            lines,
            texts: self.texts.iter().filter(|text| near.contains(&text.task)).cloned().collect(),
            around: None,
            nearest: self.nearest.clone(),
        }
    }

    /// What comes of one request: the answer, then what is pushed.
    pub fn answer(&mut self, tag: u64, request: Request) -> Vec<Incoming> {
        let mut pushes = Vec::new();
        let reply = match request {
            Request::Watch { watch, list, first, rows, around } => {
                self.watches.retain(|(known, ..)| *known != watch);
                self.watches.push((watch, 1, list.clone()));
                let (around, first) = super::lines::around(&self.rows(&list), around.as_ref(), first, rows);
                Reply::Window(Window { around, ..self.window(watch, &list, first, rows) })
            }
            Request::List { list, first, rows, .. } => Reply::Window(self.window(0, &list, first, rows)),
            Request::Do { command, saw, .. } => {
                if !matches!(command, Command::Task { verb: TaskVerb::Seen, .. }) {
                    self.saws.push(saw);
                }
                if let Some(refusal) = self.refuse.take() {
                    Reply::Refused(refusal)
                } else {
                    let outcome = self.carry_out(&command);
                    pushes = self.patches();
                    if self.keep_view(&command) {
                        pushes.push(Push::Views(self.views.clone()));
                    }
                    self.told.push(command);
                    Reply::Done(outcome)
                }
            }
            Request::Views => Reply::Views(self.views.clone()),
            Request::Count { lists } => {
                let number = |list: &ListSpec| self.numbers.get(&list.filter).copied().unwrap_or(7);
                Reply::Counted(lists.iter().map(number).collect())
            }
            Request::Task(id) => self.task(id),
            Request::Texts(ids) => {
                Reply::Texts(self.texts.iter().filter(|text| ids.contains(&text.task)).cloned().collect())
            }
            Request::Object(ObjectId::Group(id)) => self.group(id),
            Request::Object(ObjectId::Member(id)) => self.member(id),
            Request::Playbook(_) => Reply::Sop(Box::new(SopDetail {
                line: self.sops[0].clone(),
                toml:
                    "# 周末洗护\n#\n# 什么时候用：周末有空位。\n\nid = \"weekend-wash\"\ntitle = \"周末洗护\""
                        .into(),
                coming: boards::coming(),
                facts: Vec::new(),
            })),
            Request::Board { first, rows, .. } => {
                Reply::Board(Box::new(boards::board(&self.sops, first, rows)))
            }
            Request::CampaignTrial(campaign) => Reply::CampaignTrial(Box::new(calendar::trial(&campaign))),
            Request::Campaigns(_) => Reply::Campaigns(calendar::campaigns()),
            Request::Forecast { days } => Reply::Forecast(Box::new(calendar::forecast(days))),
            Request::SopDiff { toml, .. } => boards::diff(&toml),
            Request::Form(_) => {
                Reply::Form(vec![(Field::Name, "宠友交流1群".into()), (Field::HeadCount, "186".into())])
            }
            Request::Snippets { text, .. } => Reply::Snippets(super::snippets::found(&text)),
            Request::Suggest { kinds, text, limit } => {
                let mut found = self.suggest(&kinds, &text);
                found.truncate(usize::from(limit));
                Reply::Suggestions(found)
            }
            Request::Who { text, .. } => Reply::Who(self.who(&text)),
            Request::Unknown { text, .. } => {
                let known = |name: &str| self.members.iter().any(|m| m.name == name);
                let names = qun::text::names::list_items(&text);
                Reply::Unknown(
                    names.iter().filter(|n| !known(n)).map(|n| format!("不在本群成员册: {n}")).collect(),
                )
            }
            Request::Log { .. } => Reply::Log(boards::log()),
            Request::Asks => Reply::Asks(self.asks.clone()),
            Request::Why(_) => Reply::Why(boards::coming()),
            Request::Paces => Reply::Paces(self.paces.clone()),
            Request::Agenda => {
                Reply::Agenda(vec![Planned { at: at(117), playbook: playbook(), asks: None, n: 6 }])
            }
            Request::Consequences(tasks) => Reply::Consequences(boards::consequences(tasks.len())),
            Request::Spread(_) => {
                let spread = boards::spread();
                let spread = match self.got {
                    Some(got) if got as usize > spread.named.len() => boards::wide_spread(got),
                    got => Spread { got: got.unwrap_or(spread.got), ..spread },
                };
                Reply::Spread(Spread { texts: self.parts.clone(), ..spread })
            }
            Request::Choices(question) => {
                self.asked = Some(question);
                Reply::Choices(super::choices::choices())
            }
            Request::Status => {
                Reply::Status(Box::new(Status { counts: self.counts(), writable: true, ..Status::default() }))
            }
            Request::Hello { lang, .. } => {
                self.spoken.push(lang);
                self.welcome()
            }
            Request::Import(_) => Reply::Import(Box::new(self.standings.pop_front().expect("a standing"))),
            _ => Reply::Fine,
        };
        let mut out = vec![Incoming::Reply(tag, self.envelope(reply))];
        out.extend(pushes.into_iter().map(Incoming::Push));
        out
    }

    /// Keeps or removes a view; true for such a command.
    fn keep_view(&mut self, command: &Command) -> bool {
        match command {
            Command::ViewSet { before, view } => {
                let known = before.as_ref().and_then(|name| self.views.iter().position(|v| v.name == *name));
                match known {
                    Some(at) => self.views[at] = view.clone(),
                    None => self.views.push(view.clone()),
                }
            }
            Command::ViewRemove { name } => self.views.retain(|view| view.name != *name),
            _ => return false,
        }
        true
    }

    pub fn envelope(&self, reply: Reply) -> Envelope {
        Envelope { now: NOW, ticked_at: Some(NOW), reply }
    }

    pub fn welcome(&self) -> Reply {
        Reply::Welcome {
            wire: qun::door::WIRE,
            program: "qun".into(),
            store: "店".into(),
            store_id: "s01".into(),
            zone: "Asia/Shanghai".into(),
            operator: "王店长".into(),
            demo: false,
            counts: self.counts(),
            forward: [(Platform::Wechat, 9), (Platform::Wecom, 2)].into(),
        }
    }

    /// Every watch gets its rows anew.
    fn patches(&mut self) -> Vec<Push> {
        let mut pushes = vec![Push::Counts(self.counts())];
        let mut watches = std::mem::take(&mut self.watches);
        for (watch, rev, list) in &mut watches {
            *rev += 1;
            let Window { watch, total, lines, texts, .. } = self.window(*watch, list, 0, 200);
            let order = ids(&lines);
            pushes.push(Push::Patch(Patch { watch, rev: *rev, total, order, upserts: lines, texts }));
        }
        self.watches = watches;
        pushes
    }

    fn task(&self, id: TaskId) -> Reply {
        let line = self.tasks.iter().find(|task| task.id == id);
        let text = self.texts.iter().find(|text| text.task == id);
        let (Some(line), Some(text)) = (line.cloned(), text.cloned()) else {
            return Reply::Refused(Refusal::new(RefusalKind::NotFound, "没有这条"));
        };
        let private = line.member.is_some();
        Reply::Task(Box::new(TaskDetail {
            note: if private { "先看朋友圈再打招呼".into() } else { String::new() },
            names: vec!["小雨妈".into(), "阿珍".into()],
            past: self.pasts.get(&id).cloned().unwrap_or_else(|| {
                let text = "第2步 洗护预告".into();
                vec![Past {
                    at: at(-300),
                    what: "已发".into(),
                    word: "touch".into(),
                    by: "小李".into(),
                    source: String::new(),
                    text,
                }]
            }),
            coming: boards::coming(),
            why: if self.why.is_empty() {
                vec!["周末洗护 第3步 到点".into()]
            } else {
                self.why.clone()
            },
            line,
            text,
        }))
    }

    fn group(&self, id: GroupId) -> Reply {
        let Some(line) = self.groups.iter().find(|group| group.id == id).cloned() else {
            return Reply::Refused(Refusal::new(RefusalKind::NotFound, "没有这个群"));
        };
        let here = |task: &&TaskLine| task.group.as_ref().is_some_and(|group| group.id == id);
        let joined = Ref { id: member_id(1), name: "小雨妈".into() };
        Reply::Group(Box::new(GroupDetail {
            pause: Some(PauseView { until: None }),
            speakers: vec![account(Platform::Qq)],
            new: People { count: 1, first: vec![joined.clone()] },
            left: People::default(),
            silent: People { count: 12, first: vec![Ref { id: member_id(2), name: "阿珍".into() }] },
            note: "群主爱发红包".into(),
            search_term: format!("{} 望京", line.name),
            zone: String::new(),
            quiet: String::new(),
            qr: None,
            orders: Vec::new(),
            recent: vec![(joined, ActivityKind::Joined, at(-30))],
            past: Vec::new(),
            coming: boards::coming(),
            due: self.tasks.iter().filter(here).cloned().collect(),
            line,
        }))
    }

    fn member(&self, id: MemberId) -> Reply {
        let Some(line) = self.members.iter().find(|member| member.id == id) else {
            return Reply::Refused(Refusal::new(RefusalKind::NotFound, "没有这个人"));
        };
        let member = Member {
            remark: line.remark.clone(),
            aliases: vec!["小雨".into(), "3栋201".into()],
            phone: "13800138000".into(),
            tags: line.tags.clone(),
            stage: line.stage,
            needs: "奶粉 2段".into(),
            ..Member::new(id, line.name.clone(), NOW)
        };
        let contact = ContactView {
            account: account(Platform::Wechat),
            state: ContactState::Friend,
            since: Some(at(-3 * 1440)),
            remark: line.remark.clone(),
        };
        let (orders, spent) = (line.orders, line.spent);
        Reply::Member(Box::new(MemberDetail {
            member,
            referrer: None,
            pause: None,
            sums: Sums { orders, spent, last_reply_at: line.last_reply_at, ..Sums::default() },
            bought: vec![(at(-4 * 1440), "奶粉 2段".into(), Some(Money(19_900)))],
            contacts: vec![contact],
            groups: vec![(Ref { id: group_id(1), name: "宠友交流1群".into() }, Some(NOW), None)],
            past: Vec::new(),
            coming: boards::coming(),
            due: Vec::new(),
        }))
    }
}
