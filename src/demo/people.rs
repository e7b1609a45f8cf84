//! One member: who they are, whom they know, what happened, what was owed to them.
//!
//! One file because members, stays, contacts and what happened are drawn in one order from one generator.

use chrono::Datelike;
use fastrand::Rng;

use super::course::{Walk, walk};
use super::names::{self, Called, PRODUCTS, TAGS};
use super::shop::{LIMITED, OPERATOR, Shop, began};
use super::{ZONE, id, instant, opens_at, random, record};
use crate::book::time::{DAY, HOUR, MINUTE};
use crate::book::{
    AccountId, Activity, ActivityKind, Anchor, Birthday, Class, Contact, ContactState, Enrolment,
    EnrolmentState, EnrolmentStatus, GroupId, Handle, Member, MemberId, Membership, MembershipRole, Money,
    Platform, PlaybookId, Source, Stage, Stated, Target, Task, TaskKind, TaskState, TaskStatus, Timestamp,
    Touch, Via,
};
use crate::sop::calendar::holidays::Holidays;
use crate::sop::calendar::{day_start, instant_anchor, plus_days};
use crate::sop::schedule::{Course, beginning};
use crate::store::{Body, Record};

/// Waiting in the line of 沉默唤醒.
const IN_LINE: u32 = 8;
/// Began the check-in course this morning.
const CHECK_IN: u32 = 6;
/// The group of the check-in course.
const CHECK_IN_GROUP: u32 = 5;
/// Follow-ups: words, hours after the morning at which they are due; a later one is snoozed.
const FOLLOW_UPS: &[(&str, i64)] = &[
    ("问下奶粉换段后宝宝适不适应", -15),
    ("回电话：上周坏果的事", -1),
    ("把团购价目表发她", 0),
    ("下午确认鸡蛋预订数量", 6),
    ("周五问猫粮吃得怎么样", 78),
];
/// Members with a part of their own, behind those on their way.
pub(super) const OTHERS: u32 = IN_LINE + CHECK_IN + FOLLOW_UPS.len() as u32 + 1;
/// Open tasks of those.
pub(super) const TASKS_OF_OTHERS: u32 = FOLLOW_UPS.len() as u32 + 1;

/// What somebody is to this morning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// So many days into the newcomers' week.
    OnTheWay {
        days: i64,
        late_evening: bool,
    },
    InLine,
    CheckIn,
    FollowUp(usize),
    /// In our groups and nobody's friend yet.
    Stranger,
    Plain,
}

fn part(shop: &Shop, number: u32) -> Part {
    if let Some(number) = number.checked_sub(shop.on_the_way) {
        let (line, course) = (IN_LINE, IN_LINE + CHECK_IN);
        let followed = course + FOLLOW_UPS.len() as u32;
        return match number {
            n if n < line => Part::InLine,
            n if n < course => Part::CheckIn,
            n if n < followed => Part::FollowUp((n - course) as usize),
            n if n == followed => Part::Stranger,
            _ => Part::Plain,
        };
    }
    let days = [0, 0, 1, 2, 8, 1, 3, 4, 9, 2].get(number as usize % 10).copied().unwrap_or(0);
    Part::OnTheWay { days, late_evening: number % 10 == 5 }
}

/// A member while their records are put together.
struct Someone<'a> {
    shop: &'a Shop,
    number: u32,
    part: Part,
    id: MemberId,
    account: u32,
    called: Called,
    records: Vec<(Timestamp, Body)>,
    chance: Rng,
    activities: u64,
}

/// Everything about the n-th member.
pub(super) fn records(shop: &Shop, number: u32) -> Vec<Record> {
    let mut chance = random(shop.seed, b'm', u64::from(number));
    let part = part(shop, number);
    let mut called = names::person(&mut chance);
    if number < 2 {
        called = Called { nickname: "小雨妈".to_owned(), remark: String::new(), aliases: Vec::new() };
    }
    let account = match chance.u32(0..100) {
        _ if number < 2 => 0,
        0..=54 => 0,
        55..=69 => LIMITED,
        _ => 2,
    };
    let added_at = added_at(part, number, &mut chance);
    let created_at = added_at.max(began());
    let mut someone = Someone {
        shop,
        number,
        part,
        id: id(shop.seed, b'm', u64::from(number), created_at),
        account,
        called,
        records: Vec::new(),
        chance,
        activities: 0,
    };
    someone.member(created_at);
    let groups = someone.stays(added_at);
    someone.contact(added_at);
    someone.history(added_at, groups);
    let sent = match part {
        Part::OnTheWay { days, late_evening } => someone.on_the_way(added_at, days, late_evening),
        _ => 0,
    };
    match part {
        Part::CheckIn => someone.check_in(groups.0),
        Part::FollowUp(which) => someone.follow_up(which),
        Part::Stranger => someone.ask_to_add(groups.0),
        _ => {}
    }
    someone.earlier_touches(sent);
    someone.records.into_iter().map(|(at, body)| record(shop.seed, at.max(created_at), body)).collect()
}

/// When somebody became a friend.
fn added_at(part: Part, number: u32, chance: &mut Rng) -> Timestamp {
    match part {
        Part::OnTheWay { late_evening: true, .. } => {
            Timestamp(instant(1, 22, 20).0 + chance.i64(0..80) * MINUTE)
        }
        // the look-alike of the first is added after them
        Part::OnTheWay { .. } if number < 2 => {
            Timestamp(instant(0, 8, 20).0 + i64::from(number) * 10 * MINUTE)
        }
        Part::OnTheWay { days: 0, .. } => Timestamp(instant(0, 8, 2).0 + chance.i64(0..60) * MINUTE),
        Part::OnTheWay { days, .. } => Timestamp(instant(days, 9, 30).0 + chance.i64(0..600) * MINUTE),
        _ => Timestamp(instant(60, 9, 0).0 - chance.i64(0..400) * DAY + chance.i64(0..720) * MINUTE),
    }
}

impl Someone<'_> {
    fn account_id(&self) -> AccountId {
        self.shop.account(self.account)
    }

    fn member(&mut self, created_at: Timestamp) {
        let (number, chance) = (self.number, &mut self.chance);
        let mut member = Member::new(self.id, &self.called.nickname, created_at);
        self.called.remark.clone_into(&mut member.remark);
        member.aliases.clone_from(&self.called.aliases);
        let other = match number % 3 {
            0 => Handle { platform: Platform::Qq, id: (100_000_000 + u64::from(number) * 7).to_string() },
            _ => Handle { platform: Platform::Wecom, id: format!("wmDemo{number:07}") },
        };
        member.handles =
            vec![Handle { platform: Platform::Wechat, id: format!("wxid_demo{number:07}") }, other];
        if chance.u32(0..10) < 6 {
            // 170 numbers that belong to nobody: the block is not given out
            member.phone = format!("1700000{:04}", number % 10_000);
            if number >= 10_000 {
                member.phone.clear();
            }
        }
        for _ in 0..chance.usize(0..3) {
            if let Some(tag) =
                chance.choice(TAGS).map(|tag| (*tag).to_owned()).filter(|t| !member.tags.contains(t))
            {
                member.tags.push(tag);
            }
        }
        member.stage = Some(match self.part {
            Part::OnTheWay { days, .. } if days >= 8 => Stage::Active,
            Part::OnTheWay { .. } => Stage::New,
            Part::InLine => Stage::Customer,
            Part::Stranger => Stage::Lead,
            _ => [Stage::Active, Stage::Customer, Stage::Repeat, Stage::Customer, Stage::Silent]
                .get(number as usize % 5)
                .copied()
                .unwrap_or(Stage::Active),
        });
        if number % 4 == 1 {
            let lunar = number % 8 == 1;
            let (month, day) = (chance.u8(1..13), chance.u8(1..29));
            let year = chance.bool().then(|| chance.i32(1962..2004));
            member.birthday = Some(Birthday { year, month, day, lunar, leap: false });
        }
        if number % 7 == 2 {
            let needs =
                ["少辣", "给宝宝买，要小份", "老人牙不好，软一点的", "猫挑食，只吃鸡肉味", "开公司抬头发票"];
            needs
                .get(number as usize % needs.len())
                .copied()
                .unwrap_or_default()
                .clone_into(&mut member.needs);
        }
        ["门店扫码", "群聊", "老客介绍", "地推"]
            .get(number as usize % 4)
            .copied()
            .unwrap_or_default()
            .clone_into(&mut member.source);
        self.records.push((created_at, Body::MemberMade(member)));
    }

    /// Two groups each; gives them with the first one's number in front.
    fn stays(&mut self, added_at: Timestamp) -> (GroupId, GroupId) {
        let groups = self.shop.sizes.groups;
        let first = if self.part == Part::CheckIn { CHECK_IN_GROUP } else { self.number % groups };
        let second = (first + 1 + (self.number / groups) % (groups - 1)) % groups;
        let ids = (self.shop.group(first), self.shop.group(second));
        for (place, group) in [(0, ids.0), (1, ids.1)] {
            let joined_at = Timestamp(added_at.0 - (2 + place) * HOUR);
            let nickname =
                if self.number % 6 == 3 && place == 0 { self.called.remark.clone() } else { String::new() };
            let stay = Membership {
                member: self.id,
                group,
                spell: 1,
                joined_at: Some(joined_at),
                left_at: None,
                role: if self.number % 60 == 59 { MembershipRole::Admin } else { MembershipRole::Plain },
                nickname,
                inviter: None,
            };
            self.records.push((joined_at, Body::MembershipSet { before: None, after: Some(stay) }));
            self.happened(ActivityKind::Joined, joined_at, Some(group), None, "");
        }
        ids
    }

    fn contact(&mut self, added_at: Timestamp) {
        let stranger = self.part == Part::Stranger;
        let contact = Contact {
            member: self.id,
            account: self.account_id(),
            since: (!stranger).then_some(added_at),
            state: if stranger { ContactState::NotYet } else { ContactState::Friend },
            remark: String::new(),
            search_term: if self.number.is_multiple_of(9) {
                self.called.remark.clone()
            } else {
                String::new()
            },
        };
        self.records.push((added_at, Body::ContactSet { before: None, after: Some(contact) }));
        if stranger {
            self.happened(ActivityKind::Liked, added_at, None, None, "");
        } else {
            let account = self.account_id();
            self.happened(ActivityKind::Added, added_at, None, Some(account), "");
        }
    }

    /// Two more things that happened, for customers an order and a reply.
    ///
    /// Nobody but those in its line was last heard of 30 to 44 days ago: their silence would anchor this morning.
    fn history(&mut self, added_at: Timestamp, groups: (GroupId, GroupId)) {
        let now = opens_at();
        if let Part::OnTheWay { .. } = self.part {
            let soon = Timestamp((added_at.0 + 2 * MINUTE).min(now.0));
            self.happened(ActivityKind::Liked, soon, Some(groups.0), None, "");
            self.happened(ActivityKind::Referred, soon, None, None, "老客介绍");
            return;
        }
        let (order, reply) = match self.part {
            Part::InLine => (self.chance.i64(50..55), 31 + i64::from(self.number % 5)),
            _ if self.number % 3 == 2 => (self.chance.i64(60..200), self.chance.i64(46..60)),
            _ => (self.chance.i64(3..29), self.chance.i64(1..29)),
        };
        let at = |days: i64, chance: &mut Rng| Timestamp(now.0 - days * DAY + chance.i64(0..10) * HOUR);
        let ordered_at = at(order, &mut self.chance);
        let replied_at = at(reply, &mut self.chance);
        if let Some((name, _, price, _)) = self.chance.choice(PRODUCTS).copied() {
            let many = self.chance.i64(1..4);
            let mut activity = self.activity(ActivityKind::Bought, ordered_at, Some(groups.0), None, name);
            activity.amount = Some(Money(price * many));
            activity.number = Some(many);
            self.records.push((ordered_at, Body::Happened(activity)));
        }
        let replied =
            self.activity(ActivityKind::Replied, replied_at, None, Some(self.account_id()), "好的，谢谢");
        let key = format!("silence:{}", replied.id);
        self.records.push((replied_at, Body::Happened(replied)));
        if self.part == Part::InLine {
            self.in_line(replied_at, key);
        }
    }

    fn activity(
        &mut self,
        kind: ActivityKind,
        at: Timestamp,
        group: Option<GroupId>,
        account: Option<AccountId>,
        text: &str,
    ) -> Activity {
        self.activities += 1;
        Activity {
            id: id(self.shop.seed, b'v', u64::from(self.number) * 16 + self.activities, at),
            kind,
            member: Some(self.id),
            group,
            account,
            at: Stated::new(at, ZONE),
            source: if at < began() { Source::Import } else { Source::QuickEntry },
            reference: format!("demo {}-{}", self.number, self.activities),
            amount: None,
            number: None,
            text: text.to_owned(),
        }
    }

    fn happened(
        &mut self,
        kind: ActivityKind,
        at: Timestamp,
        group: Option<GroupId>,
        account: Option<AccountId>,
        text: &str,
    ) {
        let activity = self.activity(kind, at, group, account, text);
        self.records.push((at, Body::Happened(activity)));
    }

    /// Somewhere in the newcomers' week, with one task still open; gives how many were sent.
    fn on_the_way(&mut self, added_at: Timestamp, days: i64, late_evening: bool) -> u32 {
        let Some(playbook) = self.shop.playbook("new-friend-7d") else { return 0 };
        let open_step = match days {
            0 => "hello",
            1 if late_evening => "hello",
            1 => "welfare",
            2 | 3 => "tip",
            4 => "pick",
            _ => "visit",
        };
        let number = self.number;
        let held = match (number, self.account) {
            (1, _) => Some("lookalike"),
            (_, LIMITED) => Some("account-limited"),
            _ => None,
        };
        let snoozed = match number % 13 {
            4 if held.is_none() => Some(instant(0, 10, 30)),
            9 if held.is_none() => Some(instant(0, 14, 0)),
            _ => None,
        };
        let name = crate::text::called::called(&self.called.remark, &self.called.nickname);
        let account = self.account_id();
        let key = format!("added:{account}:1");
        let walked = walk(&Walk {
            seed: self.shop.seed,
            number: (1 << 32) + u64::from(number),
            playbook,
            target: Target::Member(self.id),
            group: None,
            account: Some(account),
            zone: ZONE,
            anchor: instant_anchor(key, added_at, ZONE, playbook.day_ends),
            enrolled_at: added_at,
            open_step: Some(open_step),
            held,
            snoozed,
            first: true,
            answered: &|_, _| false,
            variables: &[("name", &name), ("me", Shop::persona(self.account))],
            quiet: &self.shop.rules.quiet_for_all(),
            operator: OPERATOR,
        });
        self.records.extend(walked.bodies);
        walked.sent
    }

    /// Silent for thirty days since this week, and waiting to be let in.
    fn in_line(&mut self, heard_at: Timestamp, key: String) {
        let Some(playbook) = self.shop.playbook("wake-silent") else { return };
        let reached = plus_days(heard_at.day(ZONE), 30);
        let applied_at = self.shop.applied_at("wake-silent");
        let at = day_start(reached, ZONE, playbook.day_ends).max(applied_at);
        let anchor = Anchor { key, at, d0: reached };
        let status = EnrolmentStatus {
            version: 1,
            anchor,
            state: EnrolmentState::InLine,
            progress: beginning(),
            next_at: None,
            waiting: None,
            ended_at: None,
            zone: None,
        };
        self.enrol(&playbook.id.clone(), None, at, status);
    }

    /// Put into the course by hand this morning; its first step comes in the evening.
    fn check_in(&mut self, group: GroupId) {
        let Some(playbook) = self.shop.playbook("checkin-21d") else { return };
        let at = instant(0, 8, 30);
        let day = at.day(ZONE);
        let key = format!("by-hand:{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
        let anchor = instant_anchor(key, at, ZONE, playbook.day_ends);
        let course = Course { playbook, anchor: &anchor, zone: ZONE, holidays: &Holidays::default() };
        let next_at = course.next(&beginning()).map(|planned| planned.due_at);
        let status = EnrolmentStatus {
            version: 1,
            anchor: anchor.clone(),
            state: EnrolmentState::Active,
            progress: beginning(),
            next_at,
            waiting: None,
            ended_at: None,
            zone: None,
        };
        self.enrol(&playbook.id.clone(), Some(group), at, status);
    }

    fn enrol(
        &mut self,
        playbook: &PlaybookId,
        group: Option<GroupId>,
        at: Timestamp,
        status: EnrolmentStatus,
    ) {
        let enrolment = Enrolment {
            id: id(self.shop.seed, b'E', u64::from(self.number), at),
            playbook: playbook.clone(),
            target: Target::Member(self.id),
            group,
            account: None,
            zone: ZONE.name().to_owned(),
            enrolled_at: at,
            status,
        };
        self.records.push((at, Body::Enrolled(enrolment)));
    }

    fn follow_up(&mut self, which: usize) {
        let Some((words, hours)) = FOLLOW_UPS.get(which) else { return };
        let due_at = Timestamp(opens_at().0 - 10 * MINUTE + hours * HOUR);
        let mut status = TaskStatus::due(due_at, None, None);
        if due_at > opens_at() {
            status.state = TaskState::Snoozed;
            status.snoozed_until = Some(due_at);
        }
        self.task(TaskKind::FollowUp { words: (*words).to_owned() }, None, instant(1, 17, 0), status);
    }

    fn ask_to_add(&mut self, group: GroupId) {
        let account = self.account_id();
        let at = instant(0, 8, 40);
        let kind = TaskKind::AddFriend { member: self.id };
        self.task(kind, Some(group), at, TaskStatus::due(at, None, Some(account)));
    }

    fn task(&mut self, kind: TaskKind, group: Option<GroupId>, fired_at: Timestamp, status: TaskStatus) {
        let task = Task {
            id: id(self.shop.seed, b'f', u64::from(self.number), fired_at),
            kind,
            target: Target::Member(self.id),
            of: Vec::new(),
            group,
            members: Vec::new(),
            via: Via::Internal,
            class: Class::Service,
            priority: 50,
            day: 0,
            moved_from: None,
            moved_why: String::new(),
            fired_at,
            status,
        };
        self.records.push((fired_at, Body::TaskFired(task)));
    }

    /// Three messages each, so far; those before last week have no task any more.
    fn earlier_touches(&mut self, sent: u32) {
        if matches!(self.part, Part::Stranger) || (self.shop.sizes.members < 1_000 && sent > 0) {
            return;
        }
        for number in sent..3 {
            let at = Timestamp(
                instant(0, 10, 0).0 - self.chance.i64(46..180) * DAY + self.chance.i64(0..9) * HOUR,
            );
            let text = self
                .chance
                .choice(PRODUCTS)
                .map(|(name, ..)| format!("这两天{name}到了一批好的，要不要给你留一份？"))
                .unwrap_or_default();
            let seed = u64::from(self.number) * 4 + u64::from(number);
            let touch = Touch {
                id: id(self.shop.seed, b'H', seed, at),
                task: id(self.shop.seed, b'T', seed, at),
                member: Some(self.id),
                group: None,
                account: Some(self.account_id()),
                playbook: None,
                step: String::new(),
                variant: 0,
                via: Via::Private,
                class: Class::Marketing,
                text,
                said: Vec::new(),
                filled: false,
                sent_at: Stated::new(at, ZONE),
                marked_at: at,
                by: OPERATOR.to_owned(),
                duplicate: false,
                with: None,
            };
            self.records.push((at, Body::Touched(touch)));
        }
    }
}
