//! The shop: its rules, accounts, products, groups and playbooks, and what was owed to groups and accounts.

use std::cell::RefCell;
use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use super::course::{Walk, Walked, ask_opens, walk};
use super::names::{self, PRODUCTS};
use super::{STORE_NAME, Sizes, ZONE, id, instant, opens_at, record};
use crate::book::{
    Account, AccountId, Class, Group, GroupId, Health, Money, Platform, PlaybookId, Product, Rules, StoreId,
    Target, Task, TaskKind, TaskStatus, Timestamp, Via,
};
use crate::sop::builtin::{BUILTIN, FIRST};
use crate::sop::calendar::instant_anchor;
use crate::sop::filters::check_filter;
use crate::sop::format::{AskPer, Playbook, TargetKind};
use crate::sop::schedule::Planned;
use crate::store::record::AskKey;
use crate::store::{Body, Record};

/// The group whose morning is an hour ahead.
const ABROAD: u32 = 2;
/// The group whose list of yesterday nobody has filled in.
const FORGOTTEN: u32 = 6;
/// Everybody's name at the keyboard.
pub(super) const OPERATOR: &str = "小满";

/// A playbook of the shop's own, beside those that come with the program.
const OWN: (&str, &str) = ("today-preview", include_str!("today-preview.toml"));

/// Accounts: name, platform, persona, device.
const ACCOUNTS: &[(&str, Platform, &str, &str)] = &[
    ("1 号机 小满", Platform::Wechat, "小满", "红米 K60"),
    ("2 号机 小完子", Platform::Wechat, "小完子", "旧苹果"),
    ("企微 小满优选", Platform::Wecom, "小满优选", "店里电脑"),
];
/// The one that the platform limits at the moment.
pub(super) const LIMITED: u32 = 1;

/// Answers of yesterday's forms.
const ANSWERED: &[(&str, &str, &str)] = &[
    ("groupbuy-day", "商品", "赣南脐橙 5 斤 39.9\n有机土鸡蛋 30 枚 45.8\n现切牛腩 2 斤 76"),
    ("groupbuy-day", "主推", "赣南脐橙"),
    ("groupbuy-day", "到货", "脐橙 38 箱、鸡蛋 52 盒、牛腩 17 份"),
    ("groupbuy-day", "余量", "鸡蛋 3 盒"),
    ("group-morning", "猜图", "山竹"),
    ("group-morning", "点菜", "水果"),
];

/// What every member's records are made from.
pub(super) struct Shop {
    pub seed: u64,
    pub sizes: Sizes,
    pub playbooks: Vec<Playbook>,
    pub rules: Rules,
    /// So many members are on their way through the newcomers' playbook, each with one open task.
    pub on_the_way: u32,
    head: RefCell<Vec<Record>>,
}

impl Shop {
    pub(super) fn new(seed: u64, sizes: Sizes) -> Self {
        let sources = BUILTIN.iter().take(FIRST).map(|builtin| (builtin.id, builtin.source)).chain([OWN]);
        let playbooks = sources
            .filter_map(|(name, source)| crate::sop::format::parse(source, name, &check_filter).playbook)
            .collect();
        let rules = Rules { shop: "小满优选".to_owned(), ..Rules::default() };
        let mut shop = Self { seed, sizes, playbooks, rules, on_the_way: 0, head: RefCell::new(Vec::new()) };
        let head = shop.begin();
        let open = head
            .iter()
            .filter(|r| matches!(&r.body, Body::TaskFired(task) if task.status.state.is_open()))
            .count() as u32;
        let others = open + super::people::TASKS_OF_OTHERS;
        let room = sizes.members.saturating_sub(super::people::OTHERS);
        shop.on_the_way = sizes.tasks.saturating_sub(others).clamp(12.min(room), room);
        shop.head = RefCell::new(head);
        shop
    }

    /// Everything before the first member.
    pub(super) fn records(&self) -> Vec<Record> {
        self.head.take()
    }

    pub(super) fn playbook(&self, id: &str) -> Option<&Playbook> {
        self.playbooks.iter().find(|playbook| playbook.id.0 == id)
    }

    pub(super) fn account(&self, number: u32) -> AccountId {
        id(self.seed, b'a', u64::from(number), began())
    }

    fn accounts() -> u32 {
        ACCOUNTS.len() as u32
    }

    pub(super) fn persona(number: u32) -> &'static str {
        ACCOUNTS.get(number as usize).map_or("", |account| account.2)
    }

    pub(super) fn group(&self, number: u32) -> GroupId {
        id(self.seed, b'g', u64::from(number), began())
    }

    /// The account that posts in a group.
    fn account_of_group(number: u32) -> u32 {
        if number % 4 == 3 { 2 } else { 0 }
    }

    fn zone_of_group(number: u32) -> Tz {
        if number == ABROAD { Tz::Asia__Tokyo } else { ZONE }
    }

    fn begin(&self) -> Vec<Record> {
        let seed = self.seed;
        let mut bodies: Vec<(Timestamp, Body)> = Vec::new();
        let store: StoreId = id(seed, b's', 0, began());
        bodies.push((
            began(),
            Body::StoreMade {
                store,
                name: STORE_NAME.to_owned(),
                zone: ZONE.name().to_owned(),
                demo: Some(opens_at()),
            },
        ));
        let after = toml::to_string(&self.rules).unwrap_or_default();
        bodies.push((began(), Body::RulesSet { before: String::new(), after, file: false }));
        for (number, (name, platform, persona, device)) in (0..).zip(ACCOUNTS) {
            let mut account = Account::new(self.account(number), *name, *platform, began());
            (*persona).clone_into(&mut account.persona);
            (*device).clone_into(&mut account.device);
            OPERATOR.clone_into(&mut account.holder);
            if number == LIMITED {
                account.health =
                    Health::Limited { what: "私聊".to_owned(), until: Some(instant(-1, 12, 0)) };
            }
            bodies.push((began(), Body::AccountMade(account)));
        }
        for (number, (name, unit, price, days)) in (0..).zip(PRODUCTS) {
            let product = Product {
                id: id(seed, b'p', number, began()),
                name: (*name).to_owned(),
                aliases: Vec::new(),
                unit: (*unit).to_owned(),
                price: Some(Money(*price)),
                days_of_use: (*days > 0).then_some(*days),
                archived: false,
            };
            bodies.push((began(), Body::ProductMade(product)));
        }
        for number in 0..self.sizes.groups {
            bodies.push((began(), Body::GroupMade(self.group_body(number))));
        }
        let mut applied: Vec<(Timestamp, &str, &str)> = BUILTIN
            .iter()
            .take(FIRST)
            .map(|builtin| (builtin.id, builtin.source))
            .chain([OWN])
            .map(|(id, source)| (self.applied_at(id), id, source))
            .collect();
        applied.sort_unstable_by_key(|(at, _, _)| *at);
        for (at, id, source) in applied {
            let playbook = PlaybookId(id.to_owned());
            let body =
                Body::PlaybookApplied { playbook, version: 1, toml: source.to_owned(), before: 0, was: None };
            bodies.push((at, body));
        }
        self.answers(&mut bodies);
        self.runs(&mut bodies);
        bodies.into_iter().map(|(at, body)| record(seed, at, body)).collect()
    }

    /// When a playbook was applied: those for members two weeks ago, those that recur on Sunday evening.
    pub(super) fn applied_at(&self, playbook: &str) -> Timestamp {
        match self.playbook(playbook).map(|playbook| playbook.target) {
            Some(TargetKind::Member) => instant(14, 10, 0),
            _ => instant(2, 20, 0),
        }
    }

    fn group_body(&self, number: u32) -> Group {
        let mut chance = super::random(self.seed, b'g', u64::from(number));
        let (name, tags) = names::group(number);
        let mut group = Group::new(self.group(number), name, began());
        group.account = Some(self.account(Self::account_of_group(number)));
        group.speakers = if number.is_multiple_of(3) { vec![self.account(2)] } else { Vec::new() };
        group.capacity = if number % 4 == 3 { 200 } else { 500 };
        group.head_count = Some(chance.u32(86..group.capacity));
        group.tags = tags;
        if number == ABROAD {
            Tz::Asia__Tokyo.name().clone_into(&mut group.zone);
        }
        group
    }

    /// Yesterday's forms were filled in, but for one group's list.
    fn answers(&self, bodies: &mut Vec<(Timestamp, Body)>) {
        let run = yesterday();
        for (playbook, key, value) in ANSWERED {
            bodies.push(answered(playbook, run, None, key, value, instant(1, 8, 5)));
        }
        for number in self.groups_of("groupbuy-day").into_iter().filter(|number| *number != FORGOTTEN) {
            let value = if number.is_multiple_of(3) { "小雨妈、3-502王姐" } else { "无" };
            let group = Some(self.group(number));
            bodies.push(answered("groupbuy-day", run, group, "未提货", value, instant(1, 18, 5)));
        }
    }

    /// Groups that a playbook of groups takes: as its audience says.
    fn groups_of(&self, playbook: &str) -> Vec<u32> {
        let takes = |number: &u32| {
            let tags = names::group(*number).1;
            let has = |tag: &str| tags.iter().any(|t| t == tag);
            match playbook {
                "groupbuy-day" => !has("停团"),
                "group-morning" => !has("不早安"),
                _ => has("预告"),
            }
        };
        // the one abroad comes first: its morning is the earliest
        let mut numbers: Vec<u32> = (0..self.sizes.groups).filter(takes).collect();
        numbers.sort_by_key(|number| (*number != ABROAD, *number));
        numbers
    }

    /// What recurring playbooks owed since they were applied.
    fn runs(&self, bodies: &mut Vec<(Timestamp, Body)>) {
        let mut asked: BTreeSet<(String, NaiveDate, String)> = BTreeSet::new();
        let mut enrolments = 0;
        for playbook in &self.playbooks {
            let numbers = match playbook.target {
                TargetKind::Group => self.groups_of(&playbook.id.0),
                TargetKind::Account => (0..Self::accounts()).collect(),
                TargetKind::Member => continue,
            };
            for (place, number) in numbers.into_iter().enumerate() {
                enrolments += 1;
                self.run(playbook, number, place == 0, enrolments, &mut asked, bodies);
            }
        }
    }

    fn run(
        &self,
        playbook: &Playbook,
        number: u32,
        first: bool,
        enrolment: u64,
        asked: &mut BTreeSet<(String, NaiveDate, String)>,
        bodies: &mut Vec<(Timestamp, Body)>,
    ) {
        let applied_at = self.applied_at(&playbook.id.0);
        let of_groups = playbook.target == TargetKind::Group;
        let zone = if of_groups { Self::zone_of_group(number) } else { ZONE };
        let (target, account) = if of_groups {
            (Target::Group(self.group(number)), Self::account_of_group(number))
        } else {
            (Target::Account(self.account(number)), number)
        };
        let answered = |planned: &Planned, key: &str| {
            let known = ANSWERED.iter().any(|(id, k, _)| *id == playbook.id.0 && *k == key);
            planned.run == yesterday() && (known || (key == "未提货" && number != FORGOTTEN))
        };
        let step = Walk {
            seed: self.seed,
            number: enrolment,
            playbook,
            target,
            group: None,
            account: Some(self.account(account)),
            zone,
            anchor: instant_anchor("recurrence".to_owned(), applied_at, zone, playbook.day_ends),
            enrolled_at: applied_at,
            open_step: match playbook.id.0.as_str() {
                "groupbuy-day" if number == ABROAD => Some("open"),
                "groupbuy-day" => Some("aftersale"),
                "today-preview" => Some("preview"),
                _ => None,
            },
            held: None,
            snoozed: None,
            first,
            answered: &answered,
            variables: &[
                ("商品", "赣南脐橙 5 斤 39.9\n有机土鸡蛋 30 枚 45.8\n现切牛腩 2 斤 76"),
                ("主推", "赣南脐橙"),
                ("到货", "脐橙 38 箱、鸡蛋 52 盒、牛腩 17 份"),
                ("余量", "鸡蛋 3 盒"),
                ("猜图", "山竹"),
                ("点菜", "水果"),
            ],
            quiet: &self.rules.quiet_for_all(),
            operator: OPERATOR,
        };
        let walked = walk(&step);
        self.asks(&step, &walked, number, asked, bodies);
        bodies.extend(walked.bodies);
    }

    /// The to-dos of questions that are open this morning.
    fn asks(
        &self,
        step: &Walk<'_>,
        walked: &Walked,
        number: u32,
        asked: &mut BTreeSet<(String, NaiveDate, String)>,
        bodies: &mut Vec<(Timestamp, Body)>,
    ) {
        let Some(next) = &walked.next else { return };
        let before = Planned { run: yesterday(), ..next.clone() };
        for planned in [&before, next] {
            for ask in &step.playbook.asks {
                let (opens, by) = ask_opens(step, ask, planned);
                let per_group = ask.per == AskPer::Group;
                let until = Timestamp(by.0 + crate::book::time::DAY);
                if opens > opens_at()
                    || until <= opens_at()
                    || opens < step.enrolled_at
                    || planned.run > yesterday().checked_add_days(Days::new(1)).unwrap_or_default()
                    || (step.answered)(planned, &ask.key)
                {
                    continue;
                }
                let whose = if per_group { number.to_string() } else { String::new() };
                if !asked.insert((step.playbook.id.0.clone(), planned.run, format!("{}{whose}", ask.key))) {
                    continue;
                }
                let group = match step.target {
                    Target::Group(group) if per_group => Some(group),
                    _ => None,
                };
                let task = Task {
                    id: id(self.seed, b'k', bodies.len() as u64, opens),
                    kind: TaskKind::Ask {
                        playbook: step.playbook.id.clone(),
                        run: planned.run,
                        key: ask.key.clone(),
                        group,
                    },
                    target: step.target,
                    of: vec![walked.enrolment],
                    group,
                    members: Vec::new(),
                    via: Via::Internal,
                    class: Class::Service,
                    priority: step.playbook.priority + 10,
                    day: 0,
                    moved_from: None,
                    moved_why: String::new(),
                    fired_at: opens,
                    status: TaskStatus::due(by, Some(until), None),
                };
                bodies.push((opens, Body::TaskFired(task)));
            }
        }
    }
}

/// When the shop began to keep its book.
pub(super) fn began() -> Timestamp {
    instant(60, 9, 0)
}

fn yesterday() -> NaiveDate {
    instant(1, 12, 0).day(ZONE)
}

fn answered(
    playbook: &str,
    run: NaiveDate,
    group: Option<GroupId>,
    key: &str,
    value: &str,
    at: Timestamp,
) -> (Timestamp, Body) {
    let ask = AskKey { playbook: PlaybookId(playbook.to_owned()), run, group, key: key.to_owned() };
    (at, Body::Answered { ask, before: None, after: Some(value.to_owned()) })
}
