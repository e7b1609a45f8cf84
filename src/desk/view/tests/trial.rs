//! A campaign's trial against the campaign itself, set up over the same book.
//!
//! One file because each trial is held against what happens in the same way.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::forecast::once_a_day;
use super::{Book, SENT};
use crate::book::{
    ActivityKind, Campaign, CampaignText, CapScope, Class, PlaybookId, QuietRule, RuleScope, Target,
    TaskKind, Timestamp, Via, WaitReason, Wave,
};
use crate::desk::follow::HELD_LOOKALIKE;
use crate::desk::testing::at;
use crate::door::campaign::CampaignTrial;
use crate::door::command::ObjectRef;
use crate::door::form::Field;
use crate::door::{Command, Reply, Request};

/// Two messages, one that nobody gets, and one at night.
const CALL: &str = r#"
id = "call"
title = "通知"
for = "member"
class = "marketing"
start = { on = "by-hand" }
[[step]]
id = "one"
at = "D0 10:00"
via = "private"
text = ["开始了"]
[[step]]
id = "none"
at = "D0 12:00"
via = "private"
if = "tag:没有人有"
text = ["不会说"]
[[step]]
id = "night"
at = "D1 23:00"
via = "private"
text = ["晚上好"]
[[step]]
id = "last"
at = "D9 10:00"
via = "private"
text = ["结束以后"]
"#;

/// One a day, who spent most first.
const LINE: &str = r#"
id = "line"
title = "排队"
for = "member"
class = "care"
start = { on = "by-hand" }
intake = { max = 1, per = "day", sort = "-spent" }
[[step]]
id = "hello"
at = "D0 11:00"
via = "private"
text = ["轮到你了"]
[[step]]
id = "again"
at = "D1 11:00"
via = "private"
text = ["还好吗"]
"#;

const DAILY: &str = r#"
id = "daily"
title = "群里"
for = "group"
class = "service"
start = { on = "by-hand" }
[[step]]
id = "say"
at = "D0 09:30"
via = "group"
text = ["早"]
[[step]]
id = "each"
at = "D1 10:30"
via = "private"
who = "tag:老客"
text = ["只对你说"]
[[step]]
id = "named"
at = "D1 11:30"
via = "private"
who = "ask:未提货"
text = ["记得来拿"]
[[step]]
id = "end"
at = "D2 09:30"
via = "group"
text = ["收"]
[[ask]]
key = "未提货"
type = "list"
by = "D1 08:30"
"#;

/// Something of the book's own that comes on a day of the campaign.
const OTHER: &str = r#"
id = "other"
title = "别的"
for = "member"
class = "care"
start = { on = "by-hand" }
[[step]]
id = "one"
at = "D0 15:00"
via = "private"
text = ["你好"]
"#;

fn id(id: &str) -> PlaybookId {
    PlaybookId(id.to_owned())
}

fn text(at: Timestamp, groups: bool, filter: &str) -> CampaignText {
    CampaignText {
        title: format!("文字 {filter}"),
        groups,
        filter: filter.to_owned(),
        at,
        until: None,
        text: "来看看".to_owned(),
        class: Class::Marketing,
        account: None,
        made: None,
        begun_at: None,
    }
}

/// A book with quiet nights, and a campaign of two waves over four days, with a line, and texts to members and groups.
fn book() -> (Book, Campaign) {
    let mut book = Book::new(&["一群", "二群"], &["甲", "乙", "丙", "丁", "戊", "己", "庚"]);
    let scope = RuleScope { of: CapScope::Store, name: String::new() };
    let night = QuietRule { from: 22 * 60, to: 8 * 60, days: 0, scope, except: String::new() };
    book.desk.desk.store.columns.rules.quiet = vec![night];
    for toml in [CALL, LINE, DAILY, OTHER] {
        book.sop(toml);
    }
    for (member, tag) in [(0, "老客"), (1, "老客"), (2, "早到")] {
        let objects = vec![ObjectRef::Member(book.members[member])];
        book.desk.run(Command::Edit { objects, fields: vec![(Field::Tags, tag.to_owned())] }).unwrap();
    }
    for (member, group) in [(0, 0), (1, 0), (2, 0), (3, 1)] {
        book.join(book.members[member], book.groups[group]);
    }
    book.happened(book.members[4], ActivityKind::Bought, "鸡蛋");
    let enrol = |playbook: &str, member, when: &str| Command::Enrol {
        playbook: id(playbook),
        targets: vec![Target::Member(member)],
        filter: String::new(),
        anchor: Some(at(when)),
        dry_run: false,
    };
    let (first, last) = (book.members[0], book.members[6]);
    book.desk.run(enrol("other", first, "2026-11-23 00:00")).unwrap();
    book.desk.run(enrol("line", last, "2026-11-24 00:00")).unwrap();
    book.desk.tick();
    let campaign = Campaign {
        id: "sale".to_owned(),
        title: "大促".to_owned(),
        playbooks: vec![id("call"), id("line"), id("daily")],
        waves: vec![
            Wave::new(at("2026-11-23 00:00"), "tag:老客".to_owned()),
            Wave::new(at("2026-11-24 00:00"), String::new()),
        ],
        from: at("2026-11-23 00:00"),
        until: at("2026-11-26 12:00"),
        answers: vec![("未提货".to_owned(), "丙".to_owned())],
        texts: vec![
            text(at("2026-11-24 16:00"), false, "tag:老客"),
            text(at("2026-11-24 09:00"), false, "tag:早到"),
            text(at("2026-11-23 23:30"), true, "一群"),
            text(at("2026-11-26 11:00"), true, "二群"),
        ],
        stopped_at: None,
        ended_at: None,
        act: None,
    };
    (book, campaign)
}

fn tried(book: &mut Book, campaign: &Campaign) -> CampaignTrial {
    match book.desk.ask(Request::CampaignTrial(campaign.clone())) {
        Reply::CampaignTrial(trial) => *trial,
        other => panic!("{other:?}"),
    }
}

/// What happened to a campaign that was set up.
#[derive(Debug, Default)]
struct Happened {
    /// Messages of it that were offered, by day.
    days: BTreeMap<NaiveDate, u32>,
    /// Who was offered something of several playbooks on one day, one of them the campaign's.
    clashes: BTreeSet<(NaiveDate, String)>,
    /// Whom a cap held at the end of a day, or until it was too late.
    capped: BTreeSet<(NaiveDate, String)>,
    /// What was held because its target looks like another.
    alike: u32,
}

/// Whom a cap holds.
fn waits_for_a_cap(book: &Book) -> impl Iterator<Item = String> {
    let store = &book.desk.desk.store;
    store.columns.enrolments.iter().filter_map(|(_, id, _)| {
        let enrolment = store.enrolment(id).unwrap().unwrap();
        let waits = matches!(enrolment.status.waiting, Some(WaitReason::Cap { .. }));
        waits.then(|| store.columns.target_name(enrolment.target))
    })
}

/// Sets it up, and lets its days go by; whether what is offered is sent at once.
fn happens(book: &mut Book, campaign: &Campaign, sends: bool) -> Happened {
    let mut happened = Happened::default();
    let add = Command::CampaignAdd { campaign: campaign.clone() };
    book.desk.run(add).unwrap();
    let first: NaiveDate = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    for day in first.iter_days().take(7) {
        for hour in 0..24 {
            let now = format!("{day} {hour:02}:00");
            if at(&now) <= book.desk.now().wall {
                continue;
            }
            book.tick_at(&now);
            let due = book.tasks("state:due -is:held via:private,group");
            for task in due.into_iter().filter(|_| sends) {
                book.verb(task.id, SENT);
            }
            if hour == 21 {
                // before it is quiet
                happened.capped.extend(waits_for_a_cap(book).map(|name| (day, name)));
            }
        }
    }
    let store = &book.desk.desk.store;
    let stands = store.columns.campaigns.get(&campaign.id).unwrap();
    let mut heard: BTreeMap<(NaiveDate, String), BTreeSet<PlaybookId>> = BTreeMap::new();
    for (_, id, _) in store.columns.tasks.iter() {
        let task = store.task(id).unwrap().unwrap();
        let TaskKind::Step { key, .. } = &task.kind else { continue };
        if task.status.ended_at == Some(task.fired_at) {
            // nobody was ever offered it
            continue;
        }
        if task.status.held.as_deref() == Some(HELD_LOOKALIKE) {
            // nobody sends it before somebody has looked
            happened.alike += 1;
            continue;
        }
        let day = task.fired_at.day(chrono_tz::Tz::Asia__Shanghai);
        let own = stands.all_playbooks().any(|of| *of == key.playbook);
        let of_campaign = |id: &crate::book::EnrolmentId| {
            store.enrolment(*id).unwrap().is_some_and(|of| of.status.anchor.key == stands.key())
        };
        if own && task.of.iter().any(of_campaign) {
            *happened.days.entry(day).or_default() += 1;
        }
        if task.via == Via::Private && task.class != Class::Service {
            let name = store.columns.target_name(task.target);
            heard.entry((day, name)).or_default().insert(key.playbook.clone());
        }
    }
    let several = heard
        .into_iter()
        .filter(|(_, of)| of.len() > 1 && of.iter().any(|id| stands.all_playbooks().any(|own| own == id)));
    happened.clashes = several.map(|(of, _)| of).collect();
    happened
}

/// As [`happens`], day by day as the trial has it.
fn happens_as_foreseen(book: &mut Book, campaign: &Campaign, trial: &CampaignTrial, sends: bool) -> Happened {
    let happened = happens(book, campaign, sends);
    let foreseen: BTreeMap<NaiveDate, u32> = trial.days.iter().copied().collect();
    assert_eq!(foreseen, happened.days, "{trial:#?}");
    happened
}

#[test]
fn what_was_tried_is_what_the_campaign_brings() {
    let (mut book, campaign) = book();
    let trial = tried(&mut book, &campaign);
    assert_eq!(trial.days.iter().map(|(_, n)| n).sum::<u32>(), trial.messages);
    let clashes: BTreeSet<(NaiveDate, String)> =
        trial.clashes.iter().map(|(day, name, _)| (*day, name.clone())).collect();
    assert_eq!(clashes.len() as u32, trial.clash_count);
    let happened = happens_as_foreseen(&mut book, &campaign, &trial, false);
    assert_eq!(clashes, happened.clashes, "{trial:#?}");
    // of everything there is something: the line, texts beside waves, a night that was quiet, what comes too late
    let day = |day: &str| happened.days.get(&day.parse().unwrap()).copied().unwrap_or(0);
    assert!(day("2026-11-23") > 0 && day("2026-11-26") > 0, "{:?}", happened.days);
    assert!(trial.warnings.iter().any(|words| words.contains("排队")), "{:?}", trial.warnings);
    // the texts say it as well: of the old customer who was let in, and of who came early
    let found: Vec<Vec<(&str, u32)>> = trial
        .texts
        .iter()
        .map(|text| text.report.found.iter().map(|found| (found.finding.word(), found.n)).collect())
        .collect();
    assert_eq!((&found[0], &found[1]), (&vec![("clash", 1)], &vec![("clash", 1)]), "{found:?}");
}

/// What a cap puts off by a day puts off the rest as well, where the playbook says so.
#[test]
fn what_is_late_moves_the_rest() {
    let (mut book, mut campaign) = book();
    book.sop(
        &CALL
            .replace("\"call\"", "\"moves\"")
            .replace("at = \"D0 10:00\"", "late = \"shift\"\nat = \"D0 10:00\"")
            .replace("at = \"D1 23:00\"", "at = \"D2 15:00\""),
    );
    book.desk.desk.store.columns.rules.caps = vec![once_a_day()];
    campaign.until = at("2026-11-28 00:00");
    campaign.playbooks = vec![id("moves")];
    // two on the first day: the one or the other comes a day later
    campaign.texts = vec![text(at("2026-11-23 09:00"), false, "tag:老客")];
    let trial = tried(&mut book, &campaign);
    let happened = happens_as_foreseen(&mut book, &campaign, &trial, true);
    assert!(happened.days.contains_key(&"2026-11-26".parse().unwrap()), "{:?}", happened.days);
}

/// What a group owes each of its people in the evening, as service, keeps nothing waiting until it is night.
#[test]
fn service_of_a_group_is_more_important_to_nobody() {
    let (mut book, mut campaign) = book();
    book.sop(
        &DAILY
            .replace("\"daily\"", "\"evening\"")
            .replace("class = \"service\"", "class = \"marketing\"\npriority = 90")
            .replace("at = \"D1 10:30\"", "class = \"service\"\nat = \"D0 21:59\""),
    );
    let command = Command::Enrol {
        playbook: id("evening"),
        targets: vec![Target::Group(book.groups[0])],
        filter: String::new(),
        anchor: Some(at("2026-11-23 00:00")),
        dry_run: false,
    };
    book.desk.run(command).unwrap();
    book.desk.tick();
    book.desk.desk.store.columns.rules.caps = vec![once_a_day()];
    (campaign.playbooks, campaign.texts) = (vec![id("call")], Vec::new());
    campaign.waves.truncate(1);
    let trial = tried(&mut book, &campaign);
    let happened = happens_as_foreseen(&mut book, &campaign, &trial, true);
    assert!(happened.days.contains_key(&"2026-11-23".parse().unwrap()), "{:?}", happened.days);
}

/// What an account that is limited holds leaves room under a cap for what comes after it.
#[test]
fn what_is_held_counts_against_no_cap() {
    let (mut book, mut campaign) = book();
    let objects = vec![ObjectRef::Account(book.account)];
    let fields = vec![(Field::Health, "受限 私聊".to_owned())];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    book.desk.desk.store.columns.rules.caps = vec![once_a_day()];
    campaign.playbooks = vec![id("call")];
    campaign.waves.truncate(1);
    campaign.texts = vec![text(at("2026-11-23 16:00"), false, "tag:老客")];
    let trial = tried(&mut book, &campaign);
    let happened = happens_as_foreseen(&mut book, &campaign, &trial, false);
    let first = happened.days.get(&"2026-11-23".parse().unwrap()).copied();
    assert_eq!(first, Some(4), "both to both: {:?}", happened.days);
}

/// Whoever is through with one playbook is left in peace by another of the same class.
#[test]
fn a_rest_within_the_campaign_is_kept() {
    let (mut book, mut campaign) = book();
    let short = CALL.split("[[step]]").take(2).collect::<Vec<_>>().join("[[step]]");
    book.sop(&short.replace("\"call\"", "\"short\"").replace("class =", "rest = \"30d\"\nclass ="));
    campaign.playbooks = vec![id("call"), id("short")];
    let trial = tried(&mut book, &campaign);
    happens_as_foreseen(&mut book, &campaign, &trial, true);
    assert_eq!(trial.held, 0);
}

/// Of two that look like one person the second is held: it is told, and leaves room under a cap.
#[test]
fn who_looks_like_another_is_held_in_the_trial_too() {
    let (mut book, mut campaign) = book();
    let objects = vec![ObjectRef::Member(book.members[0])];
    let name = book.desk.desk.store.columns.members.by_id(book.members[1]).unwrap().name().to_owned();
    let fields = vec![(Field::Name, name)];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    book.desk.desk.store.columns.rules.caps = vec![once_a_day()];
    campaign.playbooks = vec![id("call")];
    campaign.waves.truncate(1);
    campaign.texts = vec![text(at("2026-11-23 16:00"), false, "tag:老客")];
    let trial = tried(&mut book, &campaign);
    let happened = happens_as_foreseen(&mut book, &campaign, &trial, true);
    assert!(happened.alike > 0);
    let told = format!("疑似同一人, 到时先压住 {} 条, 没有算在里面", happened.alike);
    assert!(trial.warnings.contains(&told), "{:?}", trial.warnings);
}

/// Each has a phone of their own.
#[test]
fn who_is_known_to_be_another_is_held_neither_in_the_trial_nor_when_it_comes() {
    let (mut book, mut campaign) = book();
    let name = book.desk.desk.store.columns.members.by_id(book.members[1]).unwrap().name().to_owned();
    for (member, phone, name) in [(0, "13800000001", Some(name)), (1, "13800000002", None)] {
        let objects = vec![ObjectRef::Member(book.members[member])];
        let named = name.map(|name| (Field::Name, name));
        let fields = named.into_iter().chain([(Field::Phone, phone.to_owned())]).collect();
        book.desk.run(Command::Edit { objects, fields }).unwrap();
    }
    campaign.playbooks = vec![id("call")];
    campaign.waves.truncate(1);
    campaign.texts = vec![text(at("2026-11-23 16:00"), false, "tag:老客")];
    let trial = tried(&mut book, &campaign);
    let happened = happens_as_foreseen(&mut book, &campaign, &trial, true);
    assert_eq!(happened.alike, 0, "{trial:#?}");
}

#[test]
fn in_slices_it_comes_out_the_same() {
    let (mut book, campaign) = book();
    let whole = tried(&mut book, &campaign);
    let forecast = book.desk.ask(Request::Forecast { days: 9 });
    book.desk.desk.views.set_slice(90);
    assert_eq!(tried(&mut book, &campaign), whole);
    assert_eq!(book.desk.ask(Request::Forecast { days: 9 }), forecast);
    // one thing at a time: nobody else waits for all of it
    let tag = book.desk.begin_as("小李", Request::CampaignTrial(campaign));
    assert!(book.desk.answer(tag).is_none());
}

#[test]
fn what_stands_still_and_whom_nobody_can_speak_to_is_told() {
    let (mut book, campaign) = book();
    let whole = tried(&mut book, &campaign).messages;
    book.desk.run(Command::SopPause { playbook: id("daily") }).unwrap();
    let of_groups = tried(&mut book, &campaign);
    assert!(
        of_groups.messages < whole && of_groups.warnings.iter().any(|words| words.starts_with("群里 停着"))
    );
    let objects = vec![ObjectRef::Account(book.account)];
    let fields = vec![(Field::Health, "受限 私聊".to_owned())];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    let limited = tried(&mut book, &campaign);
    assert_eq!(limited.messages, of_groups.messages);
    assert!(limited.warnings.iter().any(|words| words.starts_with("手机1 受限")), "{:?}", limited.warnings);
    // nobody at all: nothing, and the waves say so
    let (mut book, mut campaign) = (Book::new(&[], &[]), campaign);
    campaign.playbooks.truncate(1);
    book.sop(CALL);
    let nobody = tried(&mut book, &campaign);
    assert_eq!((nobody.messages, nobody.days.len()), (0, 0));
    assert!(nobody.warnings.len() >= 2, "{:?}", nobody.warnings);
}

/// With a message a day, what one would get on one day comes on another, or never.
#[test]
fn caps_put_off_what_the_trial_says_they_do() {
    let (mut book, mut campaign) = book();
    campaign.until = at("2026-11-27 12:00");
    book.desk.desk.store.columns.rules.caps = vec![once_a_day()];
    let trial = tried(&mut book, &campaign);
    let told: BTreeSet<(NaiveDate, String)> =
        trial.caps.iter().map(|cap| (cap.day, cap.name.clone())).collect();
    let happened = happens_as_foreseen(&mut book, &campaign, &trial, true);
    assert_eq!(trial.clash_count, 0);
    assert!(told.len() > 4 && trial.held > 0, "{trial:#?}");
    let before = |days: BTreeSet<(NaiveDate, String)>| {
        let over: NaiveDate = "2026-11-27".parse().unwrap();
        days.into_iter().filter(|(day, _)| *day < over).collect::<Vec<_>>()
    };
    assert_eq!(before(told), before(happened.capped));
}

/// What an account that is limited holds counts under a cap from when the limit ends, and not before.
#[test]
fn what_is_held_counts_when_it_is_let_go() {
    // what is said before the limit ends waits with the rest, what comes after waits for it
    for when in ["2026-11-23 16:00", "2026-11-24 16:00"] {
        let (mut book, mut campaign) = book();
        let until = Some(at("2026-11-24 12:00"));
        let health = crate::book::Health::Limited { what: "private".to_owned(), until };
        let (account, held) = (book.account, crate::door::command::Held::Wait);
        book.desk.run(Command::Limit { account, health, held }).unwrap();
        book.desk.desk.store.columns.rules.caps = vec![once_a_day()];
        campaign.playbooks = vec![id("call")];
        campaign.waves.truncate(1);
        campaign.texts = vec![text(at(when), false, "tag:老客")];
        let trial = tried(&mut book, &campaign);
        assert!(trial.messages > 0, "{trial:?}");
        happens_as_foreseen(&mut book, &campaign, &trial, true);
    }
}
