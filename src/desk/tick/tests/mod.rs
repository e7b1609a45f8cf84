//! What comes due, when, and why not: a book of groups and people, and cases by topic over it.

mod absence;
mod ahead;
mod anchors;
mod away;
mod by_hand;
mod calendar;
mod campaigns;
mod closed;
mod compose;
mod consequences;
mod copies;
mod corrections;
mod courses;
mod day_off;
mod distance;
mod due;
mod ended;
mod endless;
mod forms;
mod freshness;
mod gathered;
mod groups;
mod half_told;
mod hours;
mod includes;
mod lengths;
mod let_go;
mod limits;
mod many;
mod newly;
mod objects;
mod plans;
mod plans_next;
mod plans_who;
mod resting;
mod rewordings;
mod room;
mod rota;
mod rules;
mod runout;
mod saw;
mod shared_caps;
mod shift;
mod slices;
mod tallies;
mod texts;
mod undone;
mod verbs;
mod views;
mod waits;
mod wished;
mod works;
mod year;
mod yearly;

use crate::book::{
    Account, AccountId, Activity, ActivityKind, Contact, ContactState, EndReason, Group, GroupId, Member,
    MemberId, Membership, MembershipRole, Platform, PlaybookId, Source, Stated, Target, Task, TaskId,
    TaskState, TaskStatus, Timestamp,
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
        self.desk.stage(body);
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
        let (before, after) = (String::new(), "zone = \"Asia/Shanghai\"\n".to_owned());
        self.stage(Body::RulesSet { before, after, file: false });
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
