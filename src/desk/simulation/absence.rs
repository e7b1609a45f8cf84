//! The same weeks twice: once ticked whenever the desk asks for it, once with the program off while nobody is there.
//!
//! Playbooks, rules, people and what is told of them are drawn; whoever is there sends at once what is due. What comes
//! of it must be the same: to whom, of which day, when it was due, and when rounds began and ended. Only what is kept
//! although its span is over is still owed by a program that was off, where one that ran had offered it in time.
//!
//! One file because what is drawn, how it is lived through and what must be equal are read together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::Timelike;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

use crate::book::id::Id;
use crate::book::time::{DAY, HOUR, MINUTE};
use crate::book::{
    Account, AccountId, Activity, ActivityKind, Channel, Contact, ContactState, EndReason, EnrolmentState,
    Health, Member, MemberId, Platform, PlaybookId, Source, Stated, Target, TaskKind, TaskState, Timestamp,
};
use crate::desk::testing::TestDesk;
use crate::door::Command;
use crate::door::command::{Held, TaskVerb};
use crate::store::Body;

/// How long a history is, in days.
const DAYS: i64 = 18;

/// What is told besides activities: somebody is paused, the account is limited.
const PAUSED: u8 = 3;
const LIMITED: u8 = 4;

/// One step: when, until when, what becomes of it late, and whatever else.
fn step(id: &str, at: &str, until: &str, late: &str, more: &str) -> String {
    let until = if until.is_empty() { String::new() } else { format!("until = \"{until}\"\n") };
    format!(
        "[[step]]\nid = \"{id}\"\nat = \"{at}\"\n{until}late = \"{late}\"\nvia = \"private\"\n{more}text = [\"{id}\"]\n"
    )
}

fn head(id: &str, class: &str, start: &str, more: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"{class}\"\nstart = {{ {start} }}\n{more}\n"
    )
}

/// What is drawn of a history.
#[derive(Clone, Debug)]
struct Drawn {
    /// Minutes after midnight.
    hours: Vec<u16>,
    late: &'static str,
    /// Days of silence, and which day the dated ones are on.
    days: u32,
    on: u32,
    rest: u32,
    condition: &'static str,
    night: bool,
    /// Minutes between two messages; none without a cap.
    gap: Option<u16>,
    cap: &'static str,
    /// Messages a day.
    n: u8,
    /// For how many minutes before they go nobody sends anything any more.
    idle: i64,
    /// Minutes with somebody there, and without.
    spans: Vec<(i64, i64)>,
    /// What is told, of whom, after how many minutes, and for how many hours it holds.
    told: Vec<(i64, usize, u8, i64)>,
}

impl Drawn {
    fn rules(&self) -> String {
        let mut rules = "zone = \"Asia/Shanghai\"\n".to_owned();
        if self.night {
            rules.push_str("[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"\n");
        }
        if let Some(gap) = self.gap {
            let Self { cap, n, .. } = self;
            let _ = writeln!(rules, "[[cap]]\nscope = \"{cap}\"\nn = {n}\nper = \"day\"\ngap = {gap}");
        }
        rules
    }

    fn clock(&self, at: usize, more: u16) -> String {
        let minutes = (self.hours.get(at).copied().unwrap_or(0) + more) % 1440;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    fn playbooks(&self) -> Vec<String> {
        let Self { late, days, rest, on, condition, .. } = self;
        let day = format!("2026-11-{:02}", 22 + on);
        let daily = head("daily", "marketing", "on = \"recurrence\", every = \"daily\"", "")
            + &step("a", &format!("D0 {}", self.clock(0, 0)), "+2h", "drop", "")
            + &step("b", &format!("D0 {}", self.clock(1, 0)), "+3h", "drop", "");
        if self.gap.is_some() {
            return vec![daily];
        }
        let silent = head(
            "silent",
            "care",
            &format!("on = \"silence\", days = {days}, since = \"both\""),
            "stop = [\"replied\"]",
        ) + &step("s", &format!("D0 {}", self.clock(0, 0)), "+3h", late, "")
            + &step("t", &format!("D2 {}", self.clock(1, 0)), "", "keep", "");
        let missed = head("missed", "service", &format!("on = \"checkin-missed\", days = {days}"), "")
            + &step("s", &format!("D0 {}", self.clock(2, 0)), "+1h", late, "")
            + &step("t", &format!("D1 {}", self.clock(0, 0)), "+6h", "drop", "");
        let first = head("first", "marketing", "on = \"by-hand\"", &format!("rest = \"{rest}d\""))
            + &step("s", &format!("D1 {}", self.clock(1, 0)), "+2h", "drop", "")
            + &step("t", &format!("D2 {}", self.clock(2, 0)), "+4h", "drop", "")
            + "[[end]]\nwhen = \"finished\"\nthen = [\"tag:t\", \"start:next\"]\n";
        let next = head("next", "incident", "on = \"by-hand\"", "")
            + &step("s", &format!("D1 {}", self.clock(0, 0)), "+2h", late, "");
        let after = head("after", "incident", "on = \"after\", playbook = \"first\"", "")
            + &step("s", &format!("D0 {}", self.clock(2, 0)), "+8h", "drop", "");
        let tagged = head("tagged", "incident", "on = \"tag\", tag = \"t\"", "")
            + &step("s", &format!("D2 {}", self.clock(1, 0)), "", "keep", "");
        let ruled_out = head("night", "marketing", &format!("on = \"date\", date = \"{day}\""), "")
            + &step("a", "D0 23:00", "D0 23:30", late, "")
            + &step("b", &format!("D2 {}", self.clock(0, 0)), "", "keep", "");
        let asks = head("asks", "care", &format!("on = \"date\", date = \"{day}\""), "")
            + &step("a", &format!("D0 {}", self.clock(2, 0)), "", "keep", &format!("if = '{condition}'\n"));
        let born = head("born", "care", "on = \"birthday\"", "")
            + &step("a", &format!("D0 {}", self.clock(1, 0)), "+5h", late, "");
        let fresh = format!("fresh = \"{rest}d\"");
        let again = head("again", "care", "on = \"recurrence\", every = \"daily\"", &fresh)
            + &step("again", &format!("D0 {}", self.clock(2, 0)), "+4h", "drop", "");
        vec![silent, missed, next, after, tagged, first, ruled_out, asks, born, again]
    }
}

fn drawn(capped: bool) -> impl Strategy<Value = Drawn> {
    let late = prop_oneof![Just("keep"), Just("drop")];
    let condition = prop_oneof![
        Just("-checkin:today"),
        Just("birthday:today"),
        Just("silent>=4"),
        Just("last-reply:-3d..")
    ];
    let gap = prop_oneof![20_u16..300, 1_300_u16..2_000].prop_map(move |gap| capped.then_some(gap));
    let cap = prop_oneof![Just("member"), Just("account")];
    let kinds = if capped { PAUSED } else { LIMITED + 1 };
    (
        (proptest::collection::vec(0_u16..1440, 3), late, 2_u32..6, 1_u32..8, 1_u32..6, condition),
        (any::<bool>(), gap, cap, 1_u8..4, prop_oneof![Just(0_i64), 30_i64..600]),
        proptest::collection::vec((30_i64..4_000, 600_i64..8_000), 2..5),
        proptest::collection::vec((0_i64..DAYS * 1_440, 0_usize..3, 0..kinds, 2_i64..120), 0..8),
    )
        .prop_map(
            |((hours, late, days, on, rest, condition), (night, gap, cap, n, idle), spans, mut told)| {
                told.sort_unstable();
                Drawn { hours, late, days, on, rest, condition, night, gap, cap, n, idle, spans, told }
            },
        )
}

struct Weeks {
    desk: TestDesk,
    account: AccountId,
    members: Vec<MemberId>,
    begun: Timestamp,
    away: Vec<(Timestamp, Timestamp)>,
    told: Vec<(Timestamp, usize, u8, i64)>,
    idle: i64,
    is_off: bool,
}

/// What became of a step, and when it was due where it was said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    Owed(Timestamp),
    /// Its span was over, for it was due then.
    Late(Timestamp),
    Never(String),
}

impl Came {
    /// The same but for a minute: what is moved by one keeps its time where somebody looks.
    fn is_within_a_minute_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Late(one), Self::Late(other)) | (Self::Owed(one), Self::Owed(other)) => {
                one.since(*other).abs() <= MINUTE
            }
            _ => false,
        }
    }
}

impl Weeks {
    fn new(drawn: &Drawn, is_off: bool) -> Self {
        let mut desk = TestDesk::new();
        let begun = desk.now().wall;
        let account = desk.desk.ids.next(begun);
        let minutes = |minutes: i64| Timestamp(begun.0 + minutes * MINUTE);
        let mut away = Vec::new();
        let mut at = 0;
        for (there, gone) in &drawn.spans {
            // nobody comes back in the night
            let back = minutes(at + there + gone);
            let hour = back.local(chrono_tz::Tz::Asia__Shanghai).hour();
            let sleeps = if hour < 8 { 8 - hour } else { (32 - hour) * u32::from(hour >= 22) };
            let back = Timestamp(back.0 + i64::from(sleeps) * HOUR);
            away.push((minutes(at + there), back));
            at = back.since(begun) / MINUTE;
        }
        let told =
            drawn.told.iter().map(|(at, who, what, hours)| (minutes(*at), *who, *what, *hours)).collect();
        let mut weeks =
            Self { desk, account, members: Vec::new(), begun, away, told, idle: drawn.idle, is_off };
        weeks.stage(Body::AccountMade(Account::new(account, "手机1", Platform::Wechat, begun)));
        weeks.desk.run(Command::SetRules { toml: drawn.rules() }).unwrap();
        for name in ["张三", "李四", "王五"] {
            let id = weeks.desk.desk.ids.next(begun);
            weeks.members.push(id);
            weeks.stage(Body::MemberMade(Member::new(id, name, begun)));
            let contact = Contact {
                member: id,
                account,
                since: Some(begun),
                state: ContactState::Friend,
                remark: String::new(),
                search_term: String::new(),
            };
            weeks.stage(Body::ContactSet { before: None, after: Some(contact) });
            let fields =
                vec![(crate::door::form::Field::Birthday, format!("11-{}", 23 + weeks.members.len() * 2))];
            let objects = vec![crate::door::command::ObjectRef::Member(id)];
            weeks.desk.run(Command::Edit { objects, fields }).unwrap();
        }
        for toml in drawn.playbooks() {
            weeks
                .desk
                .run(Command::SopAdd { toml, file: "test.toml".to_owned(), new_only: false, base: None })
                .unwrap();
        }
        for who in 0..weeks.members.len() {
            weeks.tell(who, 0);
            weeks.tell(who, 1);
        }
        if drawn.gap.is_none() {
            let targets = weeks.members.iter().map(|id| Target::Member(*id)).collect();
            let playbook = PlaybookId("first".to_owned());
            let (filter, anchor, dry_run) = (String::new(), None, false);
            weeks.desk.run(Command::Enrol { playbook, targets, filter, anchor, dry_run }).unwrap();
        }
        weeks
    }

    fn stage(&mut self, body: Body) {
        self.desk.stage(body);
    }

    fn tell(&mut self, who: usize, what: u8) {
        let at = self.desk.now().wall;
        let kind = [ActivityKind::Replied, ActivityKind::CheckedIn, ActivityKind::Bought][usize::from(what)];
        let id = self.desk.desk.ids.next(at);
        let (member, at) = (self.members.get(who).copied(), Stated::new(at, chrono_tz::Tz::Asia__Shanghai));
        self.stage(Body::Happened(Activity {
            id,
            kind,
            member,
            group: None,
            account: Some(self.account),
            at,
            source: Source::QuickEntry,
            reference: String::new(),
            amount: None,
            number: None,
            text: String::new(),
        }));
    }

    fn pause(&mut self, who: usize, until: Timestamp) {
        let targets = self.members.get(who).map(|id| Target::Member(*id)).into_iter().collect();
        self.desk.run(Command::Pause { targets, until: Some(until) }).unwrap();
    }

    fn limit(&mut self, until: Timestamp) {
        let health = Health::Limited { what: Channel::All.word().to_owned(), until: Some(until) };
        self.desk.run(Command::Limit { account: self.account, health, held: Held::Wait }).unwrap();
    }

    /// Ticks, and where somebody is there they send what is due and tell what they have heard.
    fn tick_at(&mut self, at: Timestamp) {
        let away = self.away.iter().any(|(from, to)| *from <= at && at < *to);
        if away && self.is_off {
            return;
        }
        self.desk.at_time(at);
        self.desk.tick();
        if away {
            return;
        }
        let columns = &self.desk.desk.store().columns;
        let due: Vec<_> = columns
            .tasks
            .iter()
            .filter(|(_, _, task)| task.state == TaskState::Due)
            .map(|(_, id, _)| id)
            .collect();
        let goes = self.away.iter().any(|(from, _)| (from.0 - self.idle * MINUTE..from.0).contains(&at.0));
        for id in due.into_iter().filter(|_| !goes) {
            // a copy of its own may have ended another
            let verb = TaskVerb::Sent { at: None, also: false };
            let _ = self.desk.run(Command::Task { tasks: vec![id], verb });
            self.desk.at_time(at);
        }
        while let Some((_, who, what, hours)) =
            self.told.first().copied().filter(|(told_at, ..)| *told_at <= at)
        {
            self.told.remove(0);
            let until = Timestamp(at.0 + hours * HOUR);
            match what {
                PAUSED => self.pause(who, until),
                LIMITED => self.limit(until),
                _ => self.tell(who, what),
            }
            self.desk.at_time(at);
            self.desk.tick();
        }
    }

    /// Ticks whenever the desk asks for it, when somebody comes back, and when something is told.
    fn go(mut self) -> Self {
        let end = Timestamp(self.begun.0 + DAYS * DAY);
        let mut besides: BTreeSet<Timestamp> = self.away.iter().map(|(_, to)| *to).collect();
        besides.extend(self.told.iter().map(|(at, ..)| *at));
        besides.insert(end);
        let mut now = self.begun;
        self.tick_at(now);
        while now < end {
            let wake = self.desk.last.wake_at.unwrap_or(end).max(Timestamp(now.0 + 1));
            let other = besides.range(Timestamp(now.0 + 1)..).next().copied().unwrap_or(end);
            now = wake.min(other).min(end);
            let asleep = self.away.iter().find(|(from, to)| self.is_off && *from <= now && now < *to);
            now = asleep.map_or(now, |(_, to)| (*to).min(end));
            self.tick_at(now);
        }
        // whoever is away at the end comes back then
        self.away.clear();
        self.tick_at(end);
        self
    }

    fn came(&self) -> BTreeMap<String, Came> {
        let store = self.desk.desk.store();
        let tasks = store.columns.tasks.iter().map(|(_, id, _)| store.task(id).unwrap().unwrap());
        let mut came = BTreeMap::new();
        for task in tasks {
            let TaskKind::Step { key, .. } = &task.kind else { continue };
            let what = match (&task.status.state, &task.status.end) {
                (TaskState::Expired, Some(EndReason::SpanOver | EndReason::TooLate)) => {
                    Came::Late(task.status.due_at)
                }
                (TaskState::Expired | TaskState::Skipped | TaskState::Cancelled, Some(end)) => {
                    let why = format!("{end:?}");
                    Came::Never(why.split([' ', '{', '(']).next().unwrap_or_default().to_owned())
                }
                _ => Came::Owed(task.status.due_at),
            };
            let name = store.columns.target_name(task.target);
            let place = format!("{} {} {} {} {name}", key.playbook, key.step, key.occurrence, key.ordinal);
            let known = came.insert(place.clone(), what);
            assert_eq!(known, None, "fired twice: {place}");
        }
        came
    }

    /// When rounds began and ended; of those that end with what is kept only that they began.
    fn rounds(&self) -> Vec<(String, Timestamp, Option<Timestamp>)> {
        let store = self.desk.desk.store();
        let all = store.columns.enrolments.iter().map(|(_, id, _)| store.enrolment(id).unwrap().unwrap());
        let mut rounds: Vec<_> = all
            .map(|enrolment| {
                let name = store.columns.target_name(enrolment.target);
                let ends = matches!(&*enrolment.playbook.0, "first" | "after");
                let ended_at = enrolment.status.ended_at.filter(|_| ends);
                let stopped = matches!(enrolment.status.state, EnrolmentState::Stopped { .. });
                let place = format!("{} {name}{}", enrolment.playbook, if stopped { " stopped" } else { "" });
                (place, enrolment.status.anchor.at, ended_at)
            })
            .collect();
        rounds.sort();
        rounds
    }

    /// When each member was sent something, in order.
    fn sent(&self) -> BTreeMap<Target, Vec<Timestamp>> {
        let store = self.desk.desk.store();
        let mut sent: BTreeMap<Target, Vec<Timestamp>> = BTreeMap::new();
        for (_, id, _) in store.columns.tasks.iter() {
            let task = store.task(id).unwrap().unwrap();
            if task.status.state == TaskState::Sent {
                sent.entry(task.target).or_default().extend(task.status.ended_at);
            }
        }
        for times in sent.values_mut() {
            times.sort_unstable();
        }
        sent
    }
}

/// So much is sent at least where a distance is kept: the next time of a step after it is over is never put off.
fn least_sent(drawn: &Drawn, gap: i64) -> usize {
    let by_day = |minutes: &u16| !drawn.night || (8 * 60..22 * 60).contains(minutes);
    let said = drawn.hours.iter().take(2).any(by_day);
    let most = DAYS * DAY / (gap + DAY) - 1;
    if said { usize::try_from(most).unwrap_or(0) } else { 0 }
}

fn brings_the_same(drawn: &Drawn) -> Result<(), TestCaseError> {
    let on = Weeks::new(drawn, false).go();
    let off = Weeks::new(drawn, true).go();
    prop_assert_eq!(on.rounds(), off.rounds());
    let (on, off) = (on.came(), off.came());
    for (place, came) in &on {
        let other = off.get(place);
        // what is kept of an absence was offered in time where the program ran; it may be stopped since
        let is_alike = match (came, other) {
            (Came::Late(_), Some(Came::Owed(_))) => true,
            (Came::Late(_), Some(Came::Late(_))) | (Came::Owed(_), Some(Came::Owed(_))) => {
                other.is_some_and(|other| came.is_within_a_minute_of(other))
            }
            (Came::Late(_), Some(Came::Never(why))) => why == "Stopped",
            _ => false,
        };
        // nobody asks any more why else what was dropped would not have been said
        let is_dropped =
            matches!((came, other), (Came::Never(why), Some(Came::Late(_))) if why != "AccountRefused");
        prop_assert!(is_alike || is_dropped || Some(came) == other, "{place}: {came:?}, but {other:?}");
    }
    prop_assert_eq!(on.len(), off.len());
    prop_assert!(on.len() > 10, "{on:?}");
    Ok(())
}

fn keeps_its_distance(drawn: &Drawn) -> Result<(), TestCaseError> {
    let gap = i64::from(drawn.gap.unwrap_or(0)) * MINUTE;
    let there = Drawn { spans: Vec::new(), ..drawn.clone() };
    let mut sent = Weeks::new(&there, false).go().sent();
    if drawn.cap == "account" {
        let mut all: Vec<Timestamp> = sent.values().flatten().copied().collect();
        all.sort_unstable();
        sent = BTreeMap::from([(Target::Account(AccountId::from_bits(0)), all)]);
    }
    for times in sent.values() {
        let near = times.windows(2).find(|pair| pair[1].since(pair[0]) < gap);
        prop_assert_eq!(near, None);
        prop_assert!(times.len() >= least_sent(drawn, gap), "{:?}", times);
    }
    if drawn.cap == "member" {
        let (on, off) = (Weeks::new(drawn, false).go().came(), Weeks::new(drawn, true).go().came());
        let differs = |((place, one), (at, other)): &((&_, &Came), (&_, &Came))| {
            place != at || (one != other && !one.is_within_a_minute_of(other))
        };
        let other = on.iter().zip(&off).find(differs);
        prop_assert_eq!(other, None);
        prop_assert_eq!(on.len(), off.len());
    }
    Ok(())
}

/// Draws histories, each from a seed of its own, and lives through them; `QUN_SIM_ABSENCE=7` lives through one alone.
fn lives_through(capped: bool, holds: fn(&Drawn) -> Result<(), TestCaseError>) {
    let only = std::env::var("QUN_SIM_ABSENCE").ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = only.map_or(1..=super::number("QUN_SIM_ABSENCES", 24), |seed| seed..=seed);
    let failures: Vec<String> = seeds
        .filter_map(|seed| {
            let (rng_seed, failure_persistence) = (RngSeed::Fixed(seed), None);
            let one = ProptestConfig {
                cases: 1,
                max_shrink_iters: 0,
                rng_seed,
                failure_persistence,
                ..<_>::default()
            };
            let lived = TestRunner::new(one).run(&drawn(capped), |drawn| holds(&drawn));
            lived.err().map(|error| format!("seed {seed}: {error}"))
        })
        .collect();
    assert!(failures.is_empty(), "{} histories fail:\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn an_absence_brings_what_ticks_would_have_brought() {
    lives_through(false, brings_the_same);
}

#[test]
fn a_distance_is_kept_over_every_edge_and_through_absences() {
    lives_through(true, keeps_its_distance);
}
