//! The whole format: examples that must pass, and each kind of mistake with its exact place.
//!
//! One file because the cases are one table of the format and its mistakes.

mod beginner;
mod files;

use proptest::prelude::*;

use super::*;
use crate::book::{ActivityKind, Class, Money, Stage, Via};
use crate::sop::grammar::{At, Length, Moment, Until, WallTime};
use crate::text::lang::Lang;

/// Judges filters as far as these tests need: `oops` is a mistake where it stands.
fn check_filter(filter: &str) -> Result<(), FilterMistake> {
    match filter.find("oops") {
        None => Ok(()),
        Some(byte) => Err(FilterMistake {
            column: filter[..byte].chars().count() + 1,
            sentences: ["未知键 oops".to_owned(), "未知鍵 oops".to_owned(), "unknown key oops".to_owned()],
            nearest: Some("opps".to_owned()),
        }),
    }
}

fn parsed(source: &str) -> Playbook {
    let checked = parse(source, "test.toml", &check_filter);
    assert_eq!(checked.problems, Vec::new(), "{source}");
    checked.playbook.unwrap_or_else(|| panic!("no playbook and no problem: {source}"))
}

/// Checks a file and compares `line:column sentence value` of every problem.
fn check(source: &str, expected: &[(usize, usize, Sentence)]) -> Vec<Problem> {
    let checked = parse(source, "test.toml", &check_filter);
    let found: Vec<_> = checked.problems.iter().map(|p| (p.line, p.column, p.sentence)).collect();
    assert_eq!(found, expected, "{source}\n{:#?}", checked.problems);
    checked.problems
}

/// A small good member playbook; the mistake goes on the line after the step's.
const GOOD: &str = "id = \"a\"\nfor = \"member\"\nstart = { on = \"added\" }\n[[step]]\nid = \"s\"\nat = \"D0 09:00\"\nvia = \"private\"\nnote = \"x\"\n";
/// The first line after [`GOOD`].
const NEXT: usize = 9;

fn step(extra: &str) -> String {
    format!("{GOOD}{extra}\n")
}

const GROUPBUY: &str = r#"
id = "groupbuy-day"
title = "社区团购一天"
for = "group"
class = "marketing"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "lines"
by = "D0 09:00"
[[ask]]
key = "未提货"
type = "list"
per = "group"
by = "D0 18:15"
[[step]]
id = "open"
at = "D0 09:30"
until = "D0 11:00"
via = "group"
parts = [{ text = ["今日开团，21:00 截单\n{{ 商品 }}"] }, { jielong = "{{ 商品 }}" }]
[[step]]
id = "count"
at = "D0 14:00"
via = "internal"
per = "run"
note = "到货盘点：缺货、破损"
[[step]]
id = "unpicked"
at = "D0 18:30"
until = "D0 19:30"
late = "drop"
via = "group"
class = "service"
if = "ask:未提货"
parts = [{ text = ["还有这几位没提货，19:30 收摊"] }, { mention = "{{ 未提货 }}" }]
[[step]]
id = "remind"
at = "D0 21:20"
until = "D0 22:00"
late = "drop"
via = "private"
who = "has:unpicked"
class = "service"
text = ["{{ name }}，您的菜给您放冰箱了，明早来取就行"]
"#;

const CHECKIN: &str = r#"
id = "checkin-21d"
title = "课程打卡 21 天"
for = "member"
class = "service"
day_ends = "02:00"
start = { on = "by-hand" }
stop = ["left"]
[[step]]
id = "task"
at = "D1..D21 07:00"
until = "D0 09:00"
late = "drop"
via = "group"
text = ["第 {{ day }} 天：……"]
[[step]]
id = "nudge"
at = "D1..D21 20:00"
until = "D0 22:00"
late = "drop"
via = "group"
if = "-checkin:today"
text = ["{{ members }} 今天还差一步"]
[[step]]
id = "broken"
at = "D10 10:00"
via = "private"
if = "missed>=2"
text = ["{{ name }}，给你补一张卡"]
"#;

const WAKE: &str = r#"
id = "wake-silent"
title = "沉默唤醒 3 轮"
for = "member"
audience = "-tag:勿扰"
class = "marketing"
start = { on = "silence", days = 30, since = "both" }
intake = { max = 20, per = "day", sort = "-spent" }
stop = ["replied", "bought", "tag:勿扰"]
rest = "180d"
[[step]]
id = "r1"
at = "D0 10:00"
until = "D6 21:00"
via = "private"
check = "replied"
text = ["{{ name }}，上次的{{ last_product }}用完了吗？"]
[[step]]
id = "r3"
at = "D21 10:00"
until = "D24 21:00"
via = "private"
text = ["……不想收到就回“少发”"]
answers = [{ say = "少发", then = ["tag:勿扰", "stop"] }]
[[end]]
when = "finished"
then = ["stage:silent"]
"#;

#[test]
fn the_three_worked_examples_parse() {
    let buy = parsed(GROUPBUY);
    assert_eq!(
        (buy.id.0.as_str(), buy.title.as_str(), buy.target),
        ("groupbuy-day", "社区团购一天", TargetKind::Group)
    );
    assert_eq!(buy.asks[1].per, AskPer::Group);
    assert_eq!(buy.steps[0].parts[1], Part::Jielong("{{ 商品 }}".to_owned()));
    assert_eq!(buy.steps[1].per, StepPer::Run);
    assert_eq!(buy.steps[2].condition.asked, [("未提货".to_owned(), true)]);
    assert_eq!(buy.steps[3].who.as_deref(), Some("has:unpicked"));
    let checkin = parsed(CHECKIN);
    assert_eq!(checkin.day_ends, WallTime::new(2, 0).unwrap());
    assert_eq!(checkin.steps[0].at.days.count(), 21);
    assert!(checkin.steps[0].collects(checkin.target));
    let wake = parsed(WAKE);
    assert_eq!(wake.start, Start::Silence { days: 30, since: Since::Both });
    assert_eq!(wake.stop[2], StopRule::Tag("勿扰".to_owned()));
    assert_eq!(wake.ends[0].then, [Effect::Stage(Stage::Silent)]);
}

#[test]
fn the_worked_examples_use_filters_that_exist() {
    for source in [GROUPBUY, CHECKIN, WAKE] {
        let checked = parse(source, "test.toml", &crate::sop::filters::check_filter);
        assert_eq!(checked.problems, Vec::new());
    }
    let problems =
        parse(&format!("audience = 'tag:群 spnet>=5'\n{GOOD}"), "t.toml", &crate::sop::filters::check_filter);
    let first = &problems.problems[0];
    assert_eq!((first.line, first.column, first.sentence), (1, 19, Sentence::Filter));
    assert_eq!(first.nearest.as_deref(), Some("spent"));
}

#[test]
fn every_key_of_the_format_reaches_the_model() {
    let playbook = parsed(
        r#"
id = "new-friend-7d"
title = "新客培育 7 天"
for = "member"
audience = 'stage:new -tag:勿扰'
class = "care"
priority = 70
tz = "Asia/Urumqi"
day_ends = "02:00"
fresh = "30d"
stop = ["bought", "left", "tag:勿扰", "stage:流失", 'filter:spent>=500']
rest = "180d"
[start]
on = "joined"
[intake]
max = 30
per = "week"
sort = "-spent"
[[step]]
id = "hello"
at = "D0 +5m"
until = "+2h"
late = "shift"
via = "private"
as = "小完子"
if = 'orders:0'
pick = { n = 20, sort = "last-liked" }
check = "paid"
answers = [{ say = "大人", then = ["tag:大人", "-tag:宝宝", "stage:active", "goto:all", "start:wake-silent", "followup:3d", "stop"] }]
note = "先看朋友圈再打招呼"
text = ["第一种", "第二种"]
fresh = "5d"
class = "service"
[[step]]
id = "all"
at = "D1,D3,D7 20:00"
until = "D0 01:00"
late = "drop"
via = "group"
collect = "30m"
as = ["小完子", "群主"]
parts = [{ text = ["{{ members }}"] }, { image = "a.jpg" }, { file = "b.pdf" },
  { forward = { where = "素材群", find = "新品卡片", label = "小程序" } },
  { notice = "公告" }, { jielong = "{{ group }}" }, { redpacket = { amount = "20.00" } }, { mention = "{{ members }}" }]
[[end]]
when = "bought"
then = ["stage:customer"]
[[end]]
when = "finished"
then = "stage:silent"
"#,
    );
    assert_eq!(playbook.audience, "stage:new -tag:勿扰");
    assert_eq!((playbook.class, playbook.priority), (Class::Care, 70));
    assert_eq!(playbook.tz, Some(chrono_tz::Asia::Urumqi));
    assert_eq!(playbook.fresh, Length::parse("30d"));
    assert_eq!(playbook.rest, Length::parse("180d"));
    assert_eq!(playbook.stop[0], StopRule::Activity(ActivityKind::Bought));
    assert_eq!(playbook.stop[3], StopRule::Stage(Stage::Lost));
    assert_eq!(playbook.stop[4], StopRule::Filter("spent>=500".to_owned()));
    assert_eq!(playbook.start, Start::Joined);
    let intake = Intake {
        max: 30,
        per: crate::book::Span::Week,
        sort: Some(Sort { key: SortKey::Spent, descending: true }),
    };
    assert_eq!(playbook.intake, Some(intake));
    let hello = &playbook.steps[0];
    assert_eq!(hello.at, At::parse("D0 +5m").unwrap());
    assert_eq!(hello.at.moment, Moment::Elapsed(Length::from_minutes(5)));
    assert_eq!(hello.until, Some(Until::After(Length::from_minutes(120))));
    assert_eq!((hello.late, hello.via, hello.class), (Late::Shift, Via::Private, Some(Class::Service)));
    assert_eq!(hello.speakers, ["小完子"]);
    assert_eq!(hello.condition, Condition { asked: Vec::new(), filter: "orders:0".to_owned() });
    assert_eq!(
        hello.pick,
        Some(Pick { n: 20, sort: Some(Sort { key: SortKey::LastLiked, descending: false }) })
    );
    assert_eq!(hello.check, Some(Check::Paid));
    assert_eq!(
        hello.answers[0].then,
        [
            Effect::Tag("大人".to_owned()),
            Effect::Untag("宝宝".to_owned()),
            Effect::Stage(Stage::Active),
            Effect::Goto("all".to_owned()),
            Effect::Start(crate::book::PlaybookId("wake-silent".to_owned())),
            Effect::Followup(Length::from_minutes(3 * 24 * 60)),
            Effect::Stop,
        ]
    );
    assert_eq!(hello.note, "先看朋友圈再打招呼");
    assert_eq!(hello.wordings(), ["第一种", "第二种"]);
    assert_eq!(playbook.fresh_of(hello), Length::parse("5d"));
    let all = &playbook.steps[1];
    assert_eq!(all.collect, Length::parse("30m"));
    assert_eq!(all.speakers, ["小完子"]);
    let second = &playbook.steps[2];
    assert_eq!(
        (second.speakers[0].as_str(), second.id.as_str(), second.after.as_deref()),
        ("群主", "all.2", Some("all"))
    );
    assert_eq!(
        all.parts.iter().map(Part::key).collect::<Vec<_>>(),
        ["text", "image", "file", "forward", "notice", "jielong", "redpacket", "mention"]
    );
    assert_eq!(all.parts[6], Part::RedPacket { amount: Money(2000) });
    assert_eq!(playbook.ends[0].when, When::Stopped(StopRule::Activity(ActivityKind::Bought)));
    assert_eq!(playbook.ends[1].when, When::Finished);
}

#[test]
fn what_is_not_written_has_its_default() {
    let playbook = parsed(GOOD);
    assert_eq!((playbook.title.as_str(), playbook.class, playbook.priority), ("a", Class::Marketing, 50));
    assert_eq!((playbook.tz, playbook.day_ends), (None, WallTime::MIDNIGHT));
    let step = &playbook.steps[0];
    assert_eq!((step.late, step.per, step.until), (Late::Keep, StepPer::Target, None));
}

/// Every anchor of the format with what it needs.
const ANCHORS: &[&str] = &[
    "on = \"added\"",
    "on = \"joined\"",
    "on = \"silence\"\ndays = 30\nsince = \"reply\"",
    "on = \"date\"\ndate = \"2026-03-08\"\noffset = \"-3d\"",
    "on = \"date\"\ndate = 2026-03-08",
    "on = \"by-hand\"",
    "on = \"checkin-missed\"\ndays = 2",
    "on = \"tag\"\ntag = \"意向\"",
    "on = \"stage\"\nstage = \"new\"",
    "on = \"first-purchase\"",
    "on = \"last-purchase\"",
    "on = \"last-reply\"",
    "on = \"last-touch\"",
    "on = \"checkin-streak\"\nk = 7",
    "on = \"after\"\nplaybook = \"wake-silent\"",
    "on = \"recurrence\"\nevery = \"daily\"\nuntil = \"2026-12-31\"\ncount = 30",
    "on = \"recurrence\"\nevery = \"weekdays\"",
    "on = \"recurrence\"\nevery = \"weekly: 一三五\"",
    "on = \"birthday\"\noffset = \"-3d\"",
    "on = \"lunar-birthday\"",
    "on = \"festival\"\nfestival = \"中秋\"\noffset = \"-3d\"",
    "on = \"term\"\nfestival = \"冬至\"",
    "on = \"runout\"\nproduct = \"奶粉\"\noffset = \"-5d\"",
];

fn with_start(start: &str) -> String {
    format!(
        "id = \"a\"\nfor = \"member\"\n[start]\n{start}\n[[step]]\nid = \"s\"\nat = \"D0 09:00\"\nvia = \"private\"\nnote = \"x\"\n"
    )
}

#[test]
fn every_anchor_is_known() {
    for start in ANCHORS {
        parsed(&with_start(start));
    }
    let created = with_start("on = \"group-created\"");
    check(&created, &[(4, 6, Sentence::OnlyFor)]);
    parsed(&created.replace("\"member\"", "\"group\"").replace("private", "group"));
    let known: std::collections::BTreeSet<&str> = StartWord::WORDS.iter().copied().collect();
    let tested: std::collections::BTreeSet<&str> =
        ANCHORS.iter().filter_map(|start| start.split('"').nth(1)).chain(["group-created"]).collect();
    assert_eq!(known, tested);
}

#[test]
fn mistakes_at_the_top_point_to_their_place() {
    check(
        "",
        &[
            (1, 1, Sentence::Missing),
            (1, 1, Sentence::Missing),
            (1, 1, Sentence::Missing),
            (1, 1, Sentence::Missing),
        ],
    );
    let problems = check(&format!("titel = \"x\"\n{GOOD}"), &[(1, 1, Sentence::UnknownKey)]);
    assert_eq!(problems[0].nearest.as_deref(), Some("title"));
    assert_eq!(
        problems[0].to_string(),
        "test.toml:1:1: SOP 里没有 \"titel\" 这个键，可用的有 id title for audience class priority tz day_ends fresh \
         stop rest start intake ask step end，是不是 title？"
    );
    check(&GOOD.replace("\"a\"", "\"团 购\""), &[(1, 6, Sentence::BadShape)]);
    check(&GOOD.replace("\"a\"", "\"  \""), &[(1, 6, Sentence::Empty)]);
    check(&GOOD.replace("\"a\"", "7"), &[(1, 6, Sentence::WrongType)]);
    let problems = check(&GOOD.replace("member", "mmeber"), &[(2, 7, Sentence::NotAWord)]);
    assert_eq!(problems[0].nearest.as_deref(), Some("member"));
    let top = |line: &str| format!("{line}\n{GOOD}");
    check(&top("class = \"广告\""), &[(1, 9, Sentence::NotAWord)]);
    check(&top("priority = \"高\""), &[(1, 12, Sentence::WrongType)]);
    check(&top("priority = 1001"), &[(1, 12, Sentence::OutOfRange)]);
    let problems = check(&top("tz = \"Asia/Shangai\""), &[(1, 6, Sentence::BadShape)]);
    assert_eq!(problems[0].nearest.as_deref(), Some("Asia/Shanghai"));
    check(&top("day_ends = \"14:00\""), &[(1, 12, Sentence::BadShape)]);
    check(&top("day_ends = \"2:00\""), &[(1, 12, Sentence::BadShape)]);
    check(&top("fresh = \"三十天\""), &[(1, 9, Sentence::BadShape)]);
    check(&top("rest = \"0d\""), &[(1, 8, Sentence::BadShape)]);
    check(&top("audience = 'tag:群 oops:1'"), &[(1, 19, Sentence::Filter)]);
    check(&top("audience = \"\\u0041 oops:1\""), &[(1, 12, Sentence::Filter)]);
    let problems = check(&top("stop = [\"bougth\"]"), &[(1, 9, Sentence::BadShape)]);
    assert_eq!(problems[0].nearest.as_deref(), Some("bought"));
    check(
        &top("stop = [\"stage:unknown\", \"filter:\", 3]"),
        &[(1, 9, Sentence::NotAWord), (1, 26, Sentence::Empty), (1, 37, Sentence::WrongType)],
    );
    check(&top("stop = ['filter:a oops']"), &[(1, 19, Sentence::Filter)]);
    check(&top("intake = { per = \"day\" }"), &[(1, 10, Sentence::Missing)]);
    check(&top("intake = { max = 1, per = \"hour\" }"), &[(1, 27, Sentence::NotAWord)]);
    check(
        &top("intake = { max = 0, per = \"days\", sort = \"a b\" }"),
        &[(1, 18, Sentence::OutOfRange), (1, 27, Sentence::NotAWord), (1, 42, Sentence::NotAWord)],
    );
}

#[test]
fn mistakes_in_start_point_to_their_place() {
    let problems = check(&with_start("on = \"silense\""), &[(4, 6, Sentence::NotAWord)]);
    assert_eq!(problems[0].nearest.as_deref(), Some("silence"));
    check(&with_start("days = 3"), &[(3, 1, Sentence::Missing)]);
    check(&with_start("on = \"added\"\ndays = 3"), &[(5, 1, Sentence::NotUsed)]);
    check(&with_start("on = \"silence\""), &[(3, 1, Sentence::Missing)]);
    check(&with_start("on = \"silence\"\ndays = 0"), &[(5, 8, Sentence::OutOfRange)]);
    check(&with_start("on = \"date\"\ndate = \"2026-02-30\""), &[(5, 8, Sentence::BadShape)]);
    check(
        &with_start("on = \"date\"\ndate = \"2026-02-03\"\noffset = \"-3h\""),
        &[(6, 10, Sentence::BadShape)],
    );
    let problems =
        check(&with_start("on = \"recurrence\"\nevery = \"dayly\""), &[(5, 9, Sentence::BadShape)]);
    assert_eq!(problems[0].nearest.as_deref(), Some("daily"));
    check(&with_start("on = \"recurrence\""), &[(3, 1, Sentence::Missing)]);
    let group =
        with_start("on = \"added\"").replace("\"member\"", "\"group\"").replace("\"private\"", "\"group\"");
    check(&group, &[(4, 6, Sentence::OnlyFor)]);
}

#[test]
fn mistakes_in_steps_point_to_their_place() {
    let at = |value: &str| GOOD.replace("D0 09:00", value);
    check(&at("D0 9:00"), &[(6, 6, Sentence::BadShape)]);
    let meant = parse(&at("D0 9:00"), "a.toml", &|_| Ok(())).problems[0].nearest.clone();
    assert_eq!(meant.as_deref(), Some("D0 09:00"));
    check(&at("D0 24:00"), &[(6, 6, Sentence::NoSuchTime)]);
    check(&at("D3,D1 09:00"), &[(6, 6, Sentence::DaysOrder)]);
    check(&at("D0..D3660 09:00"), &[(6, 6, Sentence::DaysTooFar)]);
    check(&step("until = \"22:00\""), &[(NEXT, 9, Sentence::BadShape)]);
    check(&step("until = \"D-2 08:00\""), &[(NEXT, 9, Sentence::UntilBeforeAt)]);
    parsed(&step("until = \"D0 08:00\""));
    let problems = check(&step("late = \"keap\""), &[(NEXT, 8, Sentence::NotAWord)]);
    assert_eq!(problems[0].nearest.as_deref(), Some("keep"));
    check(&GOOD.replace("private", "wechat"), &[(7, 7, Sentence::NotAWord)]);
    check(&GOOD.replace("id = \"s\"\n", ""), &[(4, 1, Sentence::Missing)]);
    check(&GOOD.replace("\"s\"", "\"第一 步\""), &[(5, 6, Sentence::BadShape)]);
    check(&GOOD.replace("note = \"x\"\n", ""), &[(4, 1, Sentence::NothingToSay)]);
    check(&step("text = \"a\"\nparts = [{ text = [\"b\"] }]"), &[(NEXT + 1, 1, Sentence::TextAndParts)]);
    check(&step("text = []"), &[(NEXT, 8, Sentence::Empty)]);
    check(&step("text = [\"好\", \" \"]"), &[(NEXT, 14, Sentence::Empty)]);
    check(&step("text = \"{{ name\""), &[(NEXT, 8, Sentence::Template)]);
    check(&step("text = \"{% block x %}\""), &[(NEXT, 8, Sentence::NotYet)]);
    check(&step("text = \"{% include x %}\""), &[(NEXT, 8, Sentence::Template)]);
    check(&step("parts = []"), &[(NEXT, 1, Sentence::Empty)]);
    check(&step("parts = [{}]"), &[(NEXT, 10, Sentence::OnePartKey)]);
    check(&step("parts = [{ image = \"a\", file = \"b\" }]"), &[(NEXT, 10, Sentence::OnePartKey)]);
    check(&step("parts = [{ vidoe = \"a\" }]"), &[(NEXT, 12, Sentence::UnknownKey)]);
    check(&step("parts = [{ forward = { where = \"群\" } }]"), &[(NEXT, 22, Sentence::Missing)]);
    check(&step("parts = [{ redpacket = { amount = \"很多\" } }]"), &[(NEXT, 35, Sentence::BadShape)]);
    check(&step("collect = \"30m\""), &[(NEXT, 1, Sentence::OnlyFor)]);
    check(&step("who = \"has:unpicked\""), &[(NEXT, 1, Sentence::OnlyFor)]);
    check(&step("per = \"run\""), &[(NEXT, 1, Sentence::OnlyFor)]);
    check(&step("if = \"ask:商品\""), &[(NEXT, 7, Sentence::NoSuchAsk)]);
    check(&step("if = 'tag:群 oops'"), &[(NEXT, 13, Sentence::Filter)]);
    check(&step("check = \"yes\""), &[(NEXT, 9, Sentence::NotAWord)]);
    let unsorted = [(NEXT, 8, Sentence::Missing), (NEXT, 17, Sentence::NotAWord)];
    check(&step("pick = { sort = \"a\" }"), &unsorted);
    let problems = check(
        &step("answers = [{ say = \"好\", then = [\"goto:ss\"] }]"),
        &[(NEXT, 33, Sentence::NoSuchStep)],
    );
    assert_eq!(problems[0].nearest.as_deref(), Some("s"));
    check(&step("answers = [{ say = \"好\", then = [\"tga:好\"] }]"), &[(NEXT, 33, Sentence::BadShape)]);
    check(&step("answers = [{ say = \"好\" }]"), &[(NEXT, 12, Sentence::Missing)]);
    check(
        &step("[[step]]\nid = \"s\"\nat = \"D1 09:00\"\nvia = \"private\"\nnote = \"x\""),
        &[(NEXT + 1, 6, Sentence::Duplicate)],
    );
    check(&step("[[end]]\nwhen = \"finishd\"\nthen = \"stop\""), &[(NEXT + 1, 8, Sentence::BadShape)]);
    let gather = GOOD.replace("private", "group").replace("D0 09:00", "D0 +5m");
    check(&gather, &[(6, 6, Sentence::NeedsGather)]);
    // what is wrong with a via, and what mends it
    let of = |target: &str, via: &str| {
        GOOD.replace("\"member\"", &format!("\"{target}\""))
            .replace("\"added\"", "\"by-hand\"")
            .replace("private", via)
    };
    for target in ["group", "account"] {
        let problems = check(&of(target, "private"), &[(7, 7, Sentence::NeedsWho)]);
        assert!(problems[0].words(crate::text::lang::Lang::En).contains("who"), "{problems:?}");
        parsed(&format!("{}who = \"tag:会员\"\n", of(target, "private")));
    }
    parsed(&of("group", "group"));
    let problems = check(&of("account", "group"), &[(7, 7, Sentence::OnlyFor)]);
    let said = problems[0].words(crate::text::lang::Lang::En);
    assert!(said.contains("group") && said.contains("member"), "{said}");
    parsed(&format!("{gather}collect = \"30m\"\n"));
}

#[test]
fn asks_belong_to_runs() {
    let ask = |lines: &str| step(&format!("[[ask]]\n{lines}"));
    check(&ask("key = \"商品\""), &[(NEXT, 3, Sentence::OnlyFor)]);
    let group = |lines: &str| {
        ask(lines)
            .replace("\"member\"", "\"group\"")
            .replace("\"added\"", "\"by-hand\"")
            .replace("\"private\"", "\"group\"")
    };
    parsed(&group("key = \"商品\"\ntype = \"money\"\nby = \"D0 07:30\"\nper = \"group\""));
    check(&group("type = \"lines\""), &[(NEXT, 1, Sentence::Missing)]);
    check(&group("key = \"name\""), &[(NEXT + 1, 7, Sentence::ReservedKey)]);
    check(&group("key = \"1号\""), &[(NEXT + 1, 7, Sentence::BadShape)]);
    check(&group("key = \"a\"\ntype = \"number\""), &[(NEXT + 2, 8, Sentence::NotAWord)]);
    check(&group("key = \"a\"\nby = \"D1..D2 07:30\""), &[(NEXT + 2, 6, Sentence::BadShape)]);
    check(&group("key = \"a\"\n[[ask]]\nkey = \"a\""), &[(NEXT + 3, 7, Sentence::Duplicate)]);
    let recurring = GROUPBUY.replace("at = \"D0 14:00\"", "at = \"D0..D2 14:00\"");
    check(&recurring, &[(24, 6, Sentence::ManyDaysRecur)]);
    let line = GROUPBUY.lines().position(|line| line.starts_with("if = ")).unwrap_or(0) + 1;
    for beside in ["(ask:未提货 OR state:due)", "ask:未提货 OR tag:团", "-(ask:未提货)"] {
        check(&GROUPBUY.replace("ask:未提货", beside), &[(line, 6, Sentence::AskBesideOr)]);
    }
    let both = parsed(&GROUPBUY.replace("ask:未提货", "ask:未提货 tag:团 -ask:商品"));
    let expected = Condition {
        asked: vec![("未提货".to_owned(), true), ("商品".to_owned(), false)],
        filter: "tag:团".to_owned(),
    };
    assert_eq!(both.steps[2].condition, expected);
}

#[test]
fn an_unknown_variable_is_a_warning_and_the_playbook_stands() {
    let checked = parse(&step("text = \"你好 {{ nmae }}\""), "t.toml", &check_filter);
    let problem = &checked.problems[0];
    assert_eq!((problem.line, problem.column, problem.severity), (NEXT, 15, Severity::Warning));
    assert_eq!((problem.sentence, problem.nearest.as_deref()), (Sentence::UnknownVariable, Some("name")));
    assert!(checked.playbook.is_some());
}

#[test]
fn what_one_member_has_cannot_stand_in_a_message_to_several() {
    let gathered = |extra: &str| step(extra).replace("private", "group");
    let said = |text: &str| gathered(&format!("text = \"{text}\""));
    let at = |column: usize| (NEXT, column, Sentence::OfOneMember);
    let problems = check(&said("欢迎 {{ members }}，{{ name }}看这里"), &[at(29)]);
    assert_eq!(problems[0].severity, Severity::Error);
    assert!(problems[0].words(Lang::ZhCn).contains("{{ members }}"), "{}", problems[0].words(Lang::ZhCn));
    check(&said("{{ members }}，{{ member }}的{{ last_product }}"), &[at(26), at(39)]);
    check(
        &gathered("parts = [{ notice = \"{{ name }}\" }, { mention = \"{{ member }}\" }]"),
        &[at(25), at(53)],
    );
    // what blocks nothing when it is shown is no mistake
    for fine in [
        "{{ members }}早，{{ me }}在{{ group }}等你们",
        "{% if name %}{{ name }}{% endif %}{{ members }}",
        "{{ name | default('大家') }}早",
        "第 {{ day }} 天{% if day > 3 %}{{ members | length }}{% endif %}",
    ] {
        parsed(&said(fine));
    }
    parsed(&step("text = \"{{ name }}\""));
    // a note holds nothing up, and what was applied once goes on
    let note = said("早").replace("note = \"x\"", "note = \"问 {{ name }}\"");
    assert_eq!(check(&note, &[(8, 14, Sentence::OfOneMember)])[0].severity, Severity::Warning);
    assert!(parse_applied(&said("{{ name }}"), "t").is_some());
}
