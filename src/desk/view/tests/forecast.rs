//! The coming days of a small book.
//!
//! One file because what was foreseen is held against what came in the same few books.

use super::{Book, GROUPBUY, SENT};
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::book::{
    ActivityKind, Cap, CapScope, PlaybookId, QuietHours, QuietRule, RuleScope, Span, Target, TaskKind,
    Timestamp,
};
use crate::desk::testing::at;
use crate::door::command::ObjectRef;
use crate::door::forecast::Forecast;
use crate::door::form::Field;
use crate::door::{Command, Reply, Request};

const DAILY: &str = r#"
id = "daily"
title = "每天一句"
for = "group"
class = "care"
fresh = "3d"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "say"
at = "D0 09:30"
until = "D0 22:00"
via = "group"
text = ["早", "早上好"]
"#;

fn forecast(book: &mut Book, days: u32) -> Forecast {
    match book.desk.ask(Request::Forecast { days }) {
        Reply::Forecast(forecast) => *forecast,
        other => panic!("{other:?}"),
    }
}

/// A playbook that says something to a member on two days.
fn call(id: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"marketing\"\nstart = {{ on = \"by-hand\" }}\n\
         [[step]]\nid = \"a\"\nat = \"D1 10:00\"\nvia = \"private\"\ntext = [\"你好\"]\n\
         [[step]]\nid = \"b\"\nat = \"D40 10:00\"\nvia = \"private\"\ntext = [\"再见\"]\n"
    )
}

#[test]
fn days_texts_and_questions_ahead_are_counted() {
    let mut book = Book::new(&["宠友1群", "宠友2群"], &[]);
    book.sop(DAILY);
    let ahead = forecast(&mut book, 7);
    assert_eq!(ahead.days.len(), 7);
    assert!(ahead.days.iter().all(|day| day.tasks == 2), "{:?}", ahead.days);
    let first = &ahead.days[0];
    assert_eq!((first.date.to_string().as_str(), first.seconds), ("2026-11-22", 60));
    assert!(first.marks.contains(&"小雪".to_owned()) && first.off == Some(true), "{first:?}");
    assert_eq!(first.accounts[0].account.as_ref().map(|account| account.name.as_str()), Some("手机1"));
    assert_eq!((first.items[0].step.as_str(), first.items[0].n), ("say", 2));
    assert_eq!((first.hours[9], first.hours.iter().sum::<u32>()), (2, 2));
    // two wordings, each free again after three days and a bit: each group lacks one on days 3, 4 and 7; four would do
    let missing = &ahead.missing[0];
    assert_eq!((missing.n, missing.more, missing.wordings), (6, 2, 2));
    assert_eq!(ahead.asks, []);
    book.sop(GROUPBUY);
    let asks = forecast(&mut book, 7).asks;
    assert_eq!(asks.len(), 2);
    assert!(asks.iter().all(|ask| ask.runs == 7), "{asks:?}");
    // what stands still is not counted
    book.desk.run(Command::SopPause { playbook: PlaybookId("groupbuy".to_owned()) }).unwrap();
    assert_eq!(forecast(&mut book, 7).asks, []);
}

#[test]
fn a_day_has_every_step_of_it_in_its_hour() {
    let mut book = Book::new(&["宠友1群", "宠友2群"], &[]);
    let later = |id: &str, hour: u32| {
        format!("[[step]]\nid = \"{id}\"\nat = \"D0 {hour}:00\"\nvia = \"group\"\ntext = [\"{id}\"]\n")
    };
    book.sop(&format!("{DAILY}{}{}", later("noon", 14), later("end", 16)));
    book.tick_at("2026-11-22 09:31");
    let day = forecast(&mut book, 1).days.remove(0);
    let hours: Vec<(usize, u32)> = day.hours.into_iter().enumerate().filter(|(_, n)| *n > 0).collect();
    assert_eq!(hours, [(14, 2), (16, 2)], "what is open already is told apart");
}

#[test]
fn what_is_meant_for_another_clock_has_a_line_and_a_time_of_its_own() {
    let mut book = Book::new(&["宠友1群", "宠友2群", "东京群"], &[]);
    let abroad = vec![ObjectRef::Group(book.groups[2])];
    book.desk
        .run(Command::Edit { objects: abroad, fields: vec![(Field::Zone, "Asia/Tokyo".to_owned())] })
        .unwrap();
    book.sop(DAILY);
    let ahead = forecast(&mut book, 3);
    let items: Vec<_> =
        ahead.days[1].items.iter().map(|item| (item.at, item.n, item.zone.as_str())).collect();
    assert_eq!(items, [(at("2026-11-23 08:30"), 1, "Asia/Tokyo"), (at("2026-11-23 09:30"), 2, "")]);
}

#[test]
fn caps_and_clashes_are_seen_before_they_come() {
    let mut book = Book::new(&[], &["小雨妈", "大福"]);
    for id in ["one", "two"] {
        book.sop(&call(id));
        let targets = book.members.iter().map(|member| Target::Member(*member)).collect();
        let (playbook, filter) = (PlaybookId(id.to_owned()), String::new());
        book.desk.run(Command::Enrol { playbook, targets, filter, anchor: None, dry_run: false }).unwrap();
    }
    book.desk.desk.store.columns.rules.caps = vec![once_a_day()];
    let ahead = forecast(&mut book, 30);
    let busy: Vec<u32> = ahead.days.iter().map(|day| day.tasks).filter(|n| *n > 0).collect();
    assert_eq!(busy, [4]);
    assert_eq!(ahead.clash_count, 2);
    assert_eq!(ahead.clashes[0].2, ["one", "two"]);
    assert_eq!(ahead.caps.len(), 2);
    assert_eq!(
        (ahead.caps[0].planned, ahead.caps[0].n, ahead.caps[0].day.to_string()),
        (2, 1, "2026-11-23".into())
    );
    assert_eq!(ahead.looked_at, 4);
}

/// One message a member and day.
pub(super) fn once_a_day() -> Cap {
    Cap {
        scope: RuleScope { of: CapScope::Member, name: String::new() },
        class: Vec::new(),
        n: 1,
        per: Span::Day,
        gap: 0,
        except: String::new(),
        source: String::new(),
        date: String::new(),
    }
}

/// Likes two of five friends each working day, greets groups at night, and speaks to members twice.
const MONTH: [&str; 3] = [
    r#"
id = "likes"
title = "点赞"
for = "member"
class = "service"
start = { on = "recurrence", every = "weekdays" }
[[step]]
id = "like"
at = "D0 10:00"
via = "internal"
pick = { n = 2, sort = "last-liked" }
note = "去点赞"
"#,
    r#"
id = "night"
title = "晚安"
for = "group"
class = "care"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "late"
at = "D0 22:30"
via = "group"
text = ["晚安", "好梦", "明天见"]
[[step]]
id = "count"
at = "D0 15:00"
via = "internal"
per = "run"
note = "盘点"
"#,
    r#"
id = "call"
title = "回访"
for = "member"
class = "marketing"
start = { on = "by-hand" }
[[step]]
id = "one"
at = "D1 10:00"
via = "private"
text = ["你好"]
[[step]]
id = "two"
at = "D1 11:00"
via = "private"
text = ["再见"]
[[step]]
id = "night"
at = "D9 23:00"
via = "private"
text = ["在吗"]
"#,
];

/// Tasks of steps by the day on which they came due.
fn fired(book: &Book) -> BTreeMap<NaiveDate, u32> {
    let mut days = BTreeMap::new();
    for (_, id, task) in book.desk.desk.store.columns.tasks.iter() {
        let body = book.desk.desk.store.task(id).unwrap().unwrap();
        if matches!(body.kind, TaskKind::Step { .. }) {
            *days.entry(task.due_at.day(chrono_tz::Tz::Asia__Shanghai)).or_default() += 1;
        }
    }
    days
}

/// What a forecast says and what a month of ticks brings, by day.
fn month(caps: Vec<Cap>) -> (Vec<u32>, Vec<u32>, Forecast) {
    let mut book = Book::new(&["宠友1群", "宠友2群"], &["甲", "乙", "丙", "丁", "戊"]);
    let night = QuietHours { from: 22 * 60, to: 8 * 60, days: 0 };
    let scope = RuleScope { of: CapScope::Store, name: String::new() };
    let rules = &mut book.desk.desk.store.columns.rules;
    rules.quiet = vec![QuietRule { from: night.from, to: night.to, days: 0, scope, except: String::new() }];
    rules.caps = caps;
    for toml in MONTH {
        book.sop(toml);
    }
    let targets = book.members.iter().map(|member| Target::Member(*member)).collect();
    let (playbook, filter) = (PlaybookId("call".to_owned()), String::new());
    book.desk.run(Command::Enrol { playbook, targets, filter, anchor: None, dry_run: false }).unwrap();
    assert!(fired(&book).is_empty());
    let ahead = forecast(&mut book, 30);
    let days: Vec<NaiveDate> = ahead.days.iter().map(|day| day.date).collect();
    for day in &days {
        for hour in [8, 10, 11, 12, 15, 22, 23] {
            let now = Timestamp(at(&format!("{day} {hour:02}:00")).0 + 31 * crate::book::time::MINUTE);
            if now > book.desk.now().wall {
                book.tick_at(&format!("{day} {hour:02}:31"));
                for task in book.tasks("state:due via:private") {
                    book.verb(task.id, SENT);
                }
            }
        }
    }
    let fired = fired(&book);
    let came = days.iter().map(|day| fired.get(day).copied().unwrap_or(0)).collect();
    (ahead.days.iter().map(|day| day.tasks).collect(), came, ahead)
}

#[test]
fn what_was_foreseen_is_what_a_month_brings() {
    let (foreseen, came, ahead) = month(Vec::new());
    // a rota's turns, quiet hours, work that is one for all: day by day
    assert_eq!(foreseen, came);
    let likes = |day: &crate::door::forecast::DayAhead| {
        day.items.iter().find(|item| item.step == "like").map_or(0, |item| item.n)
    };
    assert_eq!(ahead.days.iter().map(likes).max(), Some(2));
    assert!(ahead.caps.is_empty());
}

#[test]
fn what_is_done_once_a_run_is_foreseen_once_though_its_groups_have_clocks_of_their_own() {
    let mut book = Book::new(&["东京群", "宠友1群", "伦敦群", "宠友2群"], &[]);
    for (at, zone) in [(0, "Asia/Tokyo"), (2, "Europe/London")] {
        let objects = vec![ObjectRef::Group(book.groups[at])];
        let fields = vec![(Field::Zone, zone.to_owned())];
        book.desk.run(Command::Edit { objects, fields }).unwrap();
    }
    book.sop(COUNTED);
    let (foreseen, came, ahead) = foreseen_and_came(&mut book, 30);
    assert_eq!(foreseen, came);
    // one count each day, at the time of the first of them, and four groups that open
    let count = |day: &crate::door::forecast::DayAhead| -> Vec<(Timestamp, u32)> {
        day.items.iter().filter(|item| item.step == "count").map(|item| (item.at, item.n)).collect()
    };
    assert_eq!(count(&ahead.days[1]), [(at("2026-11-23 13:00"), 1)]);
    assert_eq!(foreseen[1], 5);
}

const COUNTED: &str = r#"
id = "counted"
title = "一天"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "open"
at = "D0 09:30"
via = "group"
text = ["开团"]
[[step]]
id = "count"
at = "D0 14:00"
via = "internal"
per = "run"
note = "到货盘点"
"#;

#[test]
fn caps_only_put_off_what_was_foreseen() {
    let (foreseen, came, ahead) = month(vec![once_a_day()]);
    assert!(!ahead.caps.is_empty() && foreseen != came);
    let sums = |days: &[u32]| {
        days.iter()
            .scan(0, |sum, n| {
                *sum += n;
                Some(*sum)
            })
            .collect::<Vec<u32>>()
    };
    let (foreseen, came) = (sums(&foreseen), sums(&came));
    assert!(came.iter().zip(&foreseen).all(|(came, foreseen)| came <= foreseen), "{came:?} {foreseen:?}");
    assert_eq!(came.last(), foreseen.last());
}

#[test]
fn who_will_come_is_a_range_apart_and_people_have_their_days() {
    let mut book = Book::new(&["宠友1群"], &["甲", "乙", "丙", "丁"]);
    book.sop(&call("greet").replace("\"by-hand\"", "\"first-purchase\""));
    let account = book.account;
    let rows = vec![crate::door::command::ObjectRef::Account(account)];
    let fields = vec![(crate::door::form::Field::Holder, "小李".to_owned())];
    book.desk.run(Command::Edit { objects: rows, fields }).unwrap();
    // three in the first week, one in the second
    for (day, who) in [("11-23", 0), ("11-24", 1), ("11-25", 2), ("12-03", 3)] {
        book.tick_at(&format!("2026-{day} 12:00"));
        book.happened(book.members[who], ActivityKind::Bought, "鸡蛋");
    }
    book.tick_at("2026-12-06 12:00");
    let ahead = forecast(&mut book, 7);
    let [arrivals] = ahead.arrivals.as_slice() else { panic!("{:?}", ahead.arrivals) };
    assert_eq!((arrivals.playbook.name.as_str(), arrivals.weekly.low, arrivals.weekly.high), ("greet", 1, 3));
    // the first message comes a day after they do: none today, and never among what is known
    let ranges: Vec<(u32, u32)> =
        ahead.days.iter().map(|day| (day.newcomers.low, day.newcomers.high)).collect();
    assert_eq!(ranges[..3], [(0, 0), (0, 1), (0, 1)]);
    let known: u32 = ahead.days.iter().map(|day| day.tasks).sum();
    assert_eq!(known as usize, book.tasks("state:due").len());
    assert_eq!(
        ahead.days[0].people.iter().map(|of| (of.name.as_str(), of.tasks)).collect::<Vec<_>>(),
        [("小李", known)]
    );
    // a follow-up is whose it was made by, whoever has the phone
    let on = vec![crate::book::ObjectId::Group(book.groups[0])];
    let at = book.desk.now().wall;
    book.desk.run(Command::FollowUp { on, words: "看看".to_owned(), at }).unwrap();
    let people = forecast(&mut book, 7).days[0].people.clone();
    assert!(people.iter().any(|of| !["小李", ""].contains(&of.name.as_str()) && of.tasks == 1), "{people:?}");
}

/// What comes by the calendar, and for whom, long before anybody has entered it.
#[test]
fn festivals_and_birthdays_ahead_stand_on_their_days() {
    let mut book = Book::new(&["宠友1群", "宠友2群"], &["小雨妈", "大福", "老王", "小李"]);
    for (member, born) in [(0, "1990-12-12"), (1, "12-12"), (2, "12-20"), (3, "农历11-04")] {
        let objects = vec![ObjectRef::Member(book.members[member])];
        let fields = vec![(Field::Birthday, born.to_owned())];
        book.desk.run(Command::Edit { objects, fields }).unwrap();
    }
    let dated = |id: &str, target: &str, start: &str, via: &str| {
        format!(
            "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"{target}\"\nclass = \"care\"\nstart = {{ {start} }}\n\
             [[step]]\nid = \"say\"\nat = \"D0 09:30\"\nuntil = \"D0 22:00\"\nvia = \"{via}\"\ntext = [\"好\"]\n"
        )
    };
    book.sop(&dated("born", "member", "on = \"birthday\"", "private"));
    book.sop(&dated("born-lunar", "member", "on = \"lunar-birthday\"", "private"));
    book.sop(&dated(
        "solstice",
        "group",
        "on = \"festival\", festival = \"冬至\", offset = \"-1d\"",
        "group",
    ));
    let told = |book: &mut Book, days| {
        let ahead = forecast(book, days);
        let of_day = |day: &crate::door::forecast::DayAhead| {
            let item = |item: &crate::door::forecast::DayItem| {
                (item.playbook.as_ref().map(|of| of.id.0.clone()).unwrap_or_default(), item.n)
            };
            (day.date.to_string(), day.items.iter().map(item).collect::<Vec<_>>())
        };
        ahead.days.iter().filter(|day| day.tasks > 0).map(of_day).collect::<Vec<_>>()
    };
    let item = |id: &str, n: u32| (id.to_owned(), n);
    let expected = vec![
        ("2026-12-12".to_owned(), vec![item("born", 2), item("born-lunar", 1)]),
        ("2026-12-20".to_owned(), vec![item("born", 1)]),
        ("2026-12-21".to_owned(), vec![item("solstice", 2)]),
    ];
    let mut found = told(&mut book, 40);
    for (_, items) in &mut found {
        items.sort();
    }
    assert_eq!(found, expected);
    // within fewer days they are not there
    assert_eq!(told(&mut book, 20), []);
    // who has entered is not counted twice, and what was said stands there no more
    book.tick_at("2026-12-11 08:00");
    let mut found = told(&mut book, 21);
    for (_, items) in &mut found {
        items.sort();
    }
    assert_eq!(found, expected);
    book.desk.run(Command::SopPause { playbook: PlaybookId("born".to_owned()) }).unwrap();
    let paused = told(&mut book, 21);
    assert_eq!(paused.iter().flat_map(|(_, items)| items).filter(|(id, _)| id == "born").count(), 0);
}

/// What a forecast says of so many days from now on, and what ticks bring, by day. Nobody does anything.
fn foreseen_and_came(book: &mut Book, days: u32) -> (Vec<u32>, Vec<u32>, Forecast) {
    let before = fired(book);
    let ahead = forecast(book, days);
    let dates: Vec<NaiveDate> = ahead.days.iter().map(|day| day.date).collect();
    for day in &dates {
        for hour in 0..24 {
            let now = format!("{day} {hour:02}:00");
            if at(&now) > book.desk.now().wall {
                book.tick_at(&now);
            }
        }
    }
    let after = fired(book);
    let n = |of: &BTreeMap<NaiveDate, u32>, day| of.get(day).copied().unwrap_or(0);
    let came = dates.iter().map(|day| n(&after, day) - n(&before, day)).collect();
    (ahead.days.iter().map(|day| day.tasks).collect(), came, ahead)
}

#[test]
fn birthdays_behind_an_intake_come_as_it_lets_them_in() {
    let mut book = Book::new(&[], &["小雨妈", "大福", "老王", "小李"]);
    for member in &book.members {
        let objects = vec![ObjectRef::Member(*member)];
        let fields = vec![(Field::Birthday, "11-30".to_owned())];
        book.desk.run(Command::Edit { objects, fields }).unwrap();
    }
    book.sop(
        "id = \"born\"\ntitle = \"生日\"\nfor = \"member\"\nclass = \"care\"\nstart = { on = \"birthday\" }\n\
         intake = { max = 1, per = \"day\" }\n\
         [[step]]\nid = \"say\"\nat = \"D0 09:30\"\nvia = \"private\"\ntext = [\"好\"]\n",
    );
    let (foreseen, came, _) = foreseen_and_came(&mut book, 14);
    assert_eq!(foreseen, came);
    // one a day from the birthday on
    assert_eq!(foreseen, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0]);
}

#[test]
fn silences_and_what_runs_out_are_expected_on_their_days() {
    let mut book = Book::new(&[], &["小雨妈", "大福", "老王", "小李"]);
    let fields = vec![(Field::Name, "奶粉".to_owned()), (Field::DaysOfUse, "9".to_owned())];
    book.desk.run(Command::Create { kind: crate::door::form::Kind::Product, fields }).unwrap();
    let sop = |id: &str, start: &str, more: &str| {
        format!(
            "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"care\"\nstart = {{ {start} }}\n{more}\n\
             [[step]]\nid = \"a\"\nat = \"D0 10:00\"\nvia = \"private\"\ntext = [\"好\"]\n\
             [[step]]\nid = \"b\"\nat = \"D2 10:00\"\nvia = \"private\"\ntext = [\"好\"]\n"
        )
    };
    book.sop(&sop("quiet", "on = \"silence\", days = 5", ""));
    book.sop(&sop("slow", "on = \"silence\", days = 6", "intake = { max = 1, per = \"day\" }"));
    book.sop(&sop(
        "milk",
        "on = \"runout\", product = \"奶粉\", offset = \"-2d\"",
        "intake = { max = 1, per = \"day\" }",
    ));
    for member in [0, 1] {
        book.happened(book.members[member], ActivityKind::Replied, "好的");
    }
    book.tick_at("2026-11-24 09:00");
    book.happened(book.members[2], ActivityKind::Replied, "好的");
    for member in [2, 3] {
        book.happened(book.members[member], ActivityKind::Bought, "奶粉");
    }
    book.desk.tick();
    let (foreseen, came, ahead) = foreseen_and_came(&mut book, 14);
    assert_eq!(foreseen, came);
    let estimated: Vec<u32> = ahead.days.iter().map(|day| day.estimated).collect();
    assert_eq!(estimated, foreseen);
    // of two who run out on one day one is asked a day later, whoever else joins a line meanwhile
    let milk = |day: &crate::door::forecast::DayAhead| {
        let items = day.items.iter();
        let of = |item: &&crate::door::forecast::DayItem| {
            item.step == "a" && item.playbook.as_ref().is_some_and(|of| of.id.0 == "milk")
        };
        items.filter(of).map(|item| item.n).sum::<u32>()
    };
    assert_eq!(ahead.days.iter().map(milk).collect::<Vec<u32>>()[7..10], [1, 1, 0]);
    assert_eq!(ahead.arrivals, []);
    assert!(ahead.days.iter().all(|day| day.newcomers.high == 0));
}

#[test]
fn waves_and_texts_of_a_campaign_that_stands_are_ahead() {
    let mut book = Book::new(&["宠友1群"], &["甲", "乙"]);
    book.sop(&call("call"));
    let wave = |when: &str, filter: &str| crate::book::Wave::new(at(when), filter.to_owned());
    let text = crate::book::CampaignText {
        title: String::new(),
        groups: true,
        filter: "宠友1群".to_owned(),
        at: at("2026-11-26 09:00"),
        until: None,
        text: "开始了".to_owned(),
        class: crate::book::Class::Service,
        account: None,
        made: None,
        begun_at: None,
    };
    let campaign = crate::book::Campaign {
        id: "sale".to_owned(),
        title: "大促".to_owned(),
        playbooks: vec![PlaybookId("call".to_owned())],
        waves: vec![wave("2026-11-24 00:00", "甲"), wave("2026-11-25 00:00", "")],
        from: at("2026-11-24 00:00"),
        until: at("2026-11-28 00:00"),
        answers: Vec::new(),
        texts: vec![text],
        stopped_at: None,
        ended_at: None,
        act: None,
    };
    book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    let (foreseen, came, ahead) = foreseen_and_came(&mut book, 7);
    assert_eq!(foreseen, came);
    assert_eq!(foreseen, [0, 0, 0, 1, 2, 0, 0]);
    assert_eq!(ahead.days[4].items[0].playbook.as_ref().map(|of| of.name.as_str()), Some("开始了"));
}

#[test]
fn a_forecast_of_an_empty_book_is_empty() {
    let mut book = Book::new(&[], &[]);
    for toml in MONTH {
        book.sop(toml);
    }
    let ahead = forecast(&mut book, 30);
    assert!(ahead.days.iter().all(|day| day.tasks == 0) && ahead.caps.is_empty(), "{ahead:?}");
}

#[test]
fn what_is_kept_over_a_pause_comes_when_it_ends() {
    for (late, expected) in [("", [0, 0, 3, 1]), ("late = \"drop\"\n", [0, 0, 1, 1])] {
        let mut book = Book::new(&["宠友1群"], &[]);
        book.sop(&DAILY.replace("until", &format!("{late}until")));
        book.tick_at("2026-11-22 22:30");
        for task in book.tasks("state:due") {
            book.verb(task.id, SENT);
        }
        let targets = vec![Target::Group(book.groups[0])];
        let until = Some(at("2026-11-25 09:00"));
        book.desk.run(Command::Pause { targets, until }).unwrap();
        let ahead = forecast(&mut book, 5);
        let counted: Vec<u32> = ahead.days.iter().skip(1).map(|day| day.tasks).collect();
        assert_eq!(counted, expected, "{late}");
        for (day, n) in ["23", "24", "25"].into_iter().zip(expected) {
            book.tick_at(&format!("2026-11-{day} 09:31"));
            assert_eq!(book.tasks("state:due").len() as u32, n, "{late}{day}");
        }
    }
}
