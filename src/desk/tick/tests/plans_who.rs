//! A plan of somebody says whether they would come into a playbook and which of its steps would be said to them, as
//! ticks then have it.
//!
//! One file because every case is the same comparison, of who comes in and of who does not.

use super::plans::{DUE, asked, check, come, enrol, plan, planned, reasons, rules, shown, sop};
use super::*;
use crate::book::{Campaign, TaskKind, Wave};
use crate::desk::testing::at;
use crate::door::command::ObjectRef;
use crate::door::form::{Field, Kind};
use crate::door::reply::PlanLine;
use crate::door::{Reply, Request};

const STEPS: [&str; 2] = ["a | D0 10:00 | until = \"D0 20:00\"", "b | D1 10:00"];

fn start(on: &str) -> String {
    format!("start = {{ on = {on} }}")
}

fn edit(book: &mut Book, member: MemberId, field: Field, value: &str) {
    let objects = vec![ObjectRef::Member(member)];
    book.desk.run(Command::Edit { objects, fields: vec![(field, value.to_owned())] }).unwrap();
}

/// What a plan that has no rows says.
fn refused(book: &mut Book, id: &str, member: MemberId) -> (String, String) {
    let refusal = asked(book, id, Target::Member(member), None, 90).unwrap_err();
    (refusal.words, refusal.hint)
}

#[test]
fn what_a_step_asks_of_its_target_is_judged_at_its_time() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("张三");
    book.befriend(member);
    let steps = [
        "a | D0 10:00 | if = \"orders:0\"",
        "b | D1 10:00 | if = \"orders>=1\"",
        "c | D2 10:00 | if = \"-checkin:today\"",
        "d | D3 10:00",
    ];
    book.sop(&sop("p", "member", "service", &start("\"by-hand\""), &steps));
    let target = Target::Member(member);
    let before = plan(&mut book, "p", target, 9);
    let expected = [("a", ""), ("b", "条件不符: orders>=1"), ("c", ""), ("d", "")];
    assert_eq!(reasons(&before), expected);
    enrol(&mut book, "p", target);
    let lines = check(&mut book, "p", target, 9, 9);
    assert_eq!(reasons(&lines), expected, "in it as before it");
}

#[test]
fn who_is_not_in_the_audience_does_not_enter() {
    let mut book = Book::new();
    rules(&mut book, "");
    let (member, group) = (book.member("张三"), book.group("一群"));
    let target = Target::Member(member);
    let audience = |on: &str| format!("audience = \"tag:老客\"\n{}", start(on));
    book.sop(&sop("p", "member", "service", &audience("\"by-hand\""), &STEPS));
    book.sop(&sop("g", "group", "service", &audience("\"recurrence\", every = \"daily\""), &STEPS[..1]));
    let said = "不会进入: 不符合人群 tag:老客";
    let lines = plan(&mut book, "p", target, 9);
    assert_eq!(reasons(&lines), [("a", said), ("b", said)]);
    assert!(lines.iter().all(|line| line.never && line.moved_from.is_some()), "{lines:?}");
    let lines = plan(&mut book, "g", Target::Group(group), 2);
    assert!(lines.len() == 2 && lines.iter().all(|line| line.never && line.reason == said), "{lines:?}");
    // from an anchor the dates are shown all the same, and that they would not enter
    let lines = asked(&mut book, "p", target, Some(at("2026-11-25 09:00")), 9).unwrap();
    assert_eq!(shown(lines[0].due_at), "11-25 10:00");
    assert!(lines.iter().all(|line| !line.never && line.reason == said), "{lines:?}");
    enrol(&mut book, "p", target);
    assert_eq!(come(&mut book, "p", target, 9), []);
    assert_eq!(come(&mut book, "g", Target::Group(group), 3), []);
    // who lost it while they are in it is not told
    edit(&mut book, member, Field::Tags, "老客");
    enrol(&mut book, "p", target);
    edit(&mut book, member, Field::Tags, "");
    let lines = check(&mut book, "p", target, 9, 9);
    assert_eq!(reasons(&lines), [("a", "条件不符: 不在人群 tag:老客"), ("b", "条件不符: 不在人群 tag:老客")]);
}

#[test]
fn who_rests_or_wants_no_marketing_does_not_enter() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("张三");
    let target = Target::Member(member);
    let rest = "rest = \"30d\"\nstart = { on = \"by-hand\" }";
    book.sop(&sop("p", "member", "marketing", rest, &["w | D0 09:05"]));
    enrol(&mut book, "p", target);
    book.tick_at("2026-11-22 09:05");
    let open = book.open()[0].id;
    book.verb(open, TaskVerb::Sent { at: None, also: false });
    book.desk.tick();
    book.desk.at("2026-11-23 08:30");
    assert_eq!(
        reasons(&plan(&mut book, "p", target, 9))[0],
        (
            "w",
            "不会进入: 静默到 2026-12-22; 2026-11-22 起已不在这个 SOP 里（已走完, 静默到 2026-12-22），以下是再进入时的日期"
        )
    );
    enrol(&mut book, "p", target);
    edit(&mut book, member, Field::Tags, "勿扰");
    book.sop(&sop("q", "member", "marketing", &start("\"by-hand\""), &["w | D0 09:05"]));
    let lines = asked(&mut book, "q", target, None, 9).unwrap();
    assert!(lines[0].never && lines[0].reason.starts_with("不会进入: "), "{lines:?}");
    enrol(&mut book, "q", target);
    assert_eq!(come(&mut book, "q", target, 9), []);
    assert_eq!(come(&mut book, "p", target, 9), []);
}

#[test]
fn a_stop_rule_that_holds_ends_it_at_its_first_step() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("张三");
    let target = Target::Member(member);
    edit(&mut book, member, Field::Tags, "老客");
    let stop = "stop = [\"tag:老客\"]\nstart = { on = \"by-hand\" }";
    book.sop(&sop("p", "member", "service", stop, &STEPS));
    let lines = plan(&mut book, "p", target, 9);
    assert!(
        lines.len() == 2 && lines.iter().all(|line| line.never && line.reason == "到点就停: tag:老客"),
        "{lines:?}"
    );
    enrol(&mut book, "p", target);
    assert_eq!(come(&mut book, "p", target, 9), []);
}

/// A start, what brings it about, and what is said of whoever it did not happen to, and of whom it happened to before.
type Case = (&'static str, fn(&mut Book, MemberId), &'static str, &'static str);

fn now_happens(book: &mut Book, member: MemberId, kind: ActivityKind) {
    let now = book.desk.now().wall;
    book.happened(member, kind, None, true, now);
}

const CASES: [Case; 9] = [
    ("\"added\"", |book, who| book.befriend(who), "张三 还没有加好友的记录", "张三 加好友是 2026-11-22"),
    (
        "\"joined\"",
        |book, who| now_happens(book, who, ActivityKind::Joined),
        "张三 还没有进群的记录",
        "张三 进群是 2026-11-22",
    ),
    (
        "\"tag\", tag = \"老客\"",
        |book, who| edit(book, who, Field::Tags, "老客"),
        "张三 还没有标签 老客",
        "张三 已有标签 老客",
    ),
    (
        "\"stage\", stage = \"repeat\"",
        |book, who| edit(book, who, Field::Stage, "repeat"),
        "张三 还没到阶段 复购",
        "张三 已在阶段 复购",
    ),
    (
        "\"first-purchase\"",
        |book, who| now_happens(book, who, ActivityKind::Bought),
        "张三 还没买过",
        "张三 首次下单是 2026-11-22",
    ),
    (
        "\"last-purchase\"",
        |book, who| now_happens(book, who, ActivityKind::Bought),
        "张三 还没买过",
        "张三 最近一次下单是 2026-11-22",
    ),
    (
        "\"last-reply\"",
        |book, who| now_happens(book, who, ActivityKind::Replied),
        "张三 还没回复过",
        "张三 最近一次回复是 2026-11-22",
    ),
    (
        "\"checkin-streak\", k = 1",
        |book, who| now_happens(book, who, ActivityKind::CheckedIn),
        "张三 连续打卡 0 天，还没到 1 天",
        "",
    ),
    (
        "\"after\", playbook = \"first\"",
        |book, who| enrol(book, "first", Target::Member(who)),
        "张三 还没走完 first",
        "",
    ),
];

/// What has not happened anchors nothing, what happened before the playbook was applied neither; what happens now does.
#[test]
fn what_happens_to_somebody_anchors_and_nothing_is_made_up() {
    for (on, happens, missing, past) in CASES {
        let begun = |before: bool| {
            let mut book = Book::new();
            rules(&mut book, "");
            let member = book.member("张三");
            let first = "if = \"tag:nobody\"";
            book.sop(&sop(
                "first",
                "member",
                "service",
                &start("\"by-hand\""),
                &[&format!("x | D0 09:01 | {first}")],
            ));
            if before {
                happens(&mut book, member);
            }
            book.tick_at("2026-11-23 12:00");
            book.desk.at("2026-11-24 09:00");
            book.sop(&sop("p", "member", "service", &start(on), &STEPS));
            (book, member)
        };
        let (mut book, member) = begun(false);
        let target = Target::Member(member);
        let (words, hint) = refused(&mut book, "p", member);
        assert!(words.starts_with(missing) && hint.contains("--anchor"), "{on} {words}; {hint}");
        let lines = asked(&mut book, "p", target, Some(at("2026-11-26 09:00")), 9).unwrap();
        assert_eq!(lines.len(), 2, "{on}");
        assert_eq!(come(&mut book, "p", target, 2), [], "{on}");
        if !past.is_empty() {
            let (mut book, member) = begun(true);
            let (words, hint) = refused(&mut book, "p", member);
            assert!(words.starts_with(past) && hint.contains("--anchor"), "{on} {words}; {hint}");
            assert!(words.contains("不会因此进入") || words.contains("当时没有进入"), "{on} {words}");
            assert_eq!(come(&mut book, "p", Target::Member(member), 9), [], "{on}");
        }
        let (mut book, member) = begun(false);
        happens(&mut book, member);
        book.tick_at("2026-11-24 09:01");
        let lines = check(&mut book, "p", Target::Member(member), 9, 9);
        assert_eq!(lines.len(), 2, "{on}");
    }
}

#[test]
fn a_silence_is_planned_for_the_day_it_is_long_enough() {
    for (on, kind) in [
        ("\"silence\", days = 5, since = \"both\"", ActivityKind::Replied),
        ("\"checkin-missed\", days = 4", ActivityKind::CheckedIn),
    ] {
        let mut book = Book::new();
        rules(&mut book, "");
        let members: Vec<MemberId> = ["甲", "乙", "丙"].iter().map(|name| book.member(name)).collect();
        for (member, when) in members.iter().zip(["2026-11-10 09:00", "2026-11-20 09:00"]) {
            book.happened(*member, kind, None, true, at(when));
        }
        book.sop(&sop("p", "member", "service", &start(on), &STEPS));
        let (words, _) = refused(&mut book, "p", members[0]);
        assert!(words.contains("2026-11-15") && words.contains("早于这个 SOP 的启用"), "{words}");
        assert!(refused(&mut book, "p", members[2]).0.starts_with("丙 还没"));
        let lines = plan(&mut book, "p", Target::Member(members[1]), 20);
        assert_eq!(shown(lines[0].due_at), "11-25 10:00");
        let rows = planned(&lines);
        assert_eq!(rows, come(&mut book, "p", Target::Member(members[1]), 20));
        for other in [members[0], members[2]] {
            assert!(book.tasks().iter().all(|task| task.target != Target::Member(other)));
        }
    }
}

/// Of a line only those are planned for whose turn comes, on the day that it does.
#[test]
fn who_would_wait_in_line_is_planned_from_their_turn() {
    let mut book = Book::new();
    rules(&mut book, "");
    let members: Vec<MemberId> = ["甲", "乙", "丙"].iter().map(|name| book.member(name)).collect();
    for member in &members {
        book.happened(*member, ActivityKind::Replied, None, true, at("2026-11-20 09:00"));
    }
    let intake =
        format!("{}\n[intake]\nmax = 1\nper = \"day\"", start("\"silence\", days = 3, since = \"both\""));
    book.sop(&sop("p", "member", "service", &intake, &["a | D0 10:00"]));
    book.tick_at("2026-11-23 09:00");
    let lines = plan(&mut book, "p", Target::Member(members[2]), 9);
    assert!(lines[0].reason.contains("排队中，预计 2026-11-25 轮到"), "{lines:?}");
    let beyond = asked(&mut book, "p", Target::Member(members[2]), None, 1).unwrap_err();
    assert!(beyond.words.contains("还轮不到"), "{beyond:?}");
    assert_eq!(planned(&lines), come(&mut book, "p", Target::Member(members[2]), 9));
}

#[test]
fn what_ran_out_before_is_told_and_so_is_what_helps() {
    let mut book = Book::new();
    rules(&mut book, "");
    let names = ["甲", "乙", "丙", "丁"];
    let members: Vec<MemberId> = names.iter().map(|name| book.member(name)).collect();
    let fields = vec![(Field::Name, "奶粉".to_owned()), (Field::DaysOfUse, "24".to_owned())];
    book.desk.run(Command::Create { kind: Kind::Product, fields }).unwrap();
    let buys = |book: &mut Book, member: MemberId, what: &str, when: &str| {
        let id = book.desk.desk.ids.next(at(when));
        book.stage(Body::Happened(Activity {
            id,
            kind: ActivityKind::Bought,
            member: Some(member),
            group: None,
            account: None,
            at: Stated::new(at(when), chrono_tz::Tz::Asia__Shanghai),
            source: Source::QuickEntry,
            reference: String::new(),
            amount: None,
            number: None,
            text: what.to_owned(),
        }));
    };
    buys(&mut book, members[0], "奶粉", "2026-10-01 09:00");
    buys(&mut book, members[1], "奶粉", "2026-11-10 09:00");
    buys(&mut book, members[3], "尿不湿", "2026-11-10 09:00");
    for (id, product) in [("milk", "奶粉"), ("nappy", "尿不湿")] {
        let on = format!("\"runout\", product = \"{product}\", offset = \"-3d\"");
        book.sop(&sop(id, "member", "service", &start(&on), &STEPS));
    }
    let (words, hint) = refused(&mut book, "milk", members[0]);
    assert!(words.contains("2026-10-22") && words.contains("早于这个 SOP 的启用"), "{words}");
    assert!(hint.contains("--anchor"), "{hint}");
    let (words, hint) = refused(&mut book, "milk", members[2]);
    assert_eq!(words, "丙 说不准何时用完: 没买过 奶粉");
    assert!(hint.starts_with("qun tell 丙 下单 奶粉"), "{hint}");
    let (words, hint) = refused(&mut book, "nappy", members[3]);
    assert!(
        words.contains("不到 3 次") && hint.starts_with("qun product add 尿不湿 --days 30"),
        "{words} {hint}"
    );
    let lines = check(&mut book, "milk", Target::Member(members[1]), 30, 30);
    assert_eq!(shown(lines[0].due_at), "12-01 10:00");
    assert!(book.tasks().iter().all(|task| task.target == Target::Member(members[1])));
    // told later, when the first window of what would have begun is over
    buys(&mut book, members[2], "奶粉", "2026-11-25 09:00");
    book.desk.at("2026-12-24 09:00");
    buys(&mut book, members[0], "奶粉", "2026-11-25 10:00");
    let (words, _) = refused(&mut book, "milk", members[0]);
    assert!(words.contains("首个时段已过"), "{words}");
}

#[test]
fn what_is_due_already_and_not_sent_is_shown() {
    let mut book = Book::new();
    rules(&mut book, "");
    let daily = start("\"recurrence\", every = \"daily\"");
    let steps = ["am | D0 08:30 | until = \"D0 12:00\"", "pm | D0 15:00"];
    book.sop(&sop("rec", "group", "service", &daily, &steps));
    book.tick_at("2026-11-22 09:01");
    let group = book.group("一群");
    let target = Target::Group(group);
    for ticked in [false, true] {
        if ticked {
            book.tick_at("2026-11-22 09:02");
        }
        let lines = plan(&mut book, "rec", target, 1);
        let rows: Vec<(&str, String)> =
            lines.iter().map(|line| (line.step.as_str(), shown(line.due_at))).collect();
        let expected = [("am", "11-22 09:01"), ("pm", "11-22 15:00"), ("am", "11-23 08:30")];
        assert_eq!(rows, expected.map(|(step, at)| (step, at.to_owned())), "{ticked}");
        assert_eq!(lines[0].until, Some(at("2026-11-22 12:00")));
    }
    let lines = check(&mut book, "rec", target, 1, 1);
    assert_eq!(lines[0].reason, DUE);
    let am = book.tasks().into_iter().find(
        |task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == "am" && key.target == target),
    );
    assert_eq!(shown(am.unwrap().status.due_at), "11-22 09:01");
}

#[test]
fn nothing_of_a_campaign_is_planned_beyond_its_end() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("张三");
    let target = Target::Member(member);
    let steps = ["a | D0 10:00", "b | D1 10:00", "c | D5 10:00"];
    book.sop(&sop("p", "member", "service", &start("\"by-hand\""), &steps));
    let now = book.desk.now().wall;
    let campaign = Campaign {
        id: "spring".to_owned(),
        title: "春季".to_owned(),
        playbooks: vec![PlaybookId("p".to_owned())],
        waves: vec![Wave::new(now, String::new())],
        from: now,
        until: at("2026-11-24 00:00"),
        answers: Vec::new(),
        texts: Vec::new(),
        stopped_at: None,
        ended_at: None,
        act: None,
    };
    book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    book.desk.tick();
    let lines = plan(&mut book, "p", target, 9);
    let over = "不会发: 春季 到 11-24 00:00 结束";
    assert_eq!(reasons(&lines), [("a", ""), ("b", ""), ("c", over)]);
    assert!(lines[2].never && lines[2].moved_from == Some(at("2026-11-27 10:00")), "{lines:?}");
    assert_eq!(planned(&lines), come(&mut book, "p", target, 9));
    book.desk.at("2026-11-23 11:00");
    let Reply::Why(coming) = book.desk.ask(Request::Why(target)) else { panic!() };
    assert!(coming.iter().all(|round| round.at.is_none()), "{coming:?}");
}

#[test]
fn what_others_are_owed_from_the_same_account_is_told() {
    for (n, is_full) in [(1, true), (2, false)] {
        let mut book = Book::new();
        rules(&mut book, &format!("[[cap]]\nscope = \"account\"\nn = {n}\nper = \"day\"\n"));
        let members: Vec<MemberId> = ["甲", "乙"].iter().map(|name| book.member(name)).collect();
        for member in &members {
            book.befriend(*member);
        }
        book.sop(&sop("p", "member", "marketing", &start("\"by-hand\""), &["a | D1 10:00", "b | D3 10:00"]));
        enrol(&mut book, "p", Target::Member(members[0]));
        book.desk.at("2026-11-24 09:00");
        let said = format!("排了 2 条, 上限每天 {n} 条, 多的往后等，这条可能往后挪");
        let told =
            |lines: &[PlanLine]| lines.iter().map(|line| line.reason.contains(&said)).collect::<Vec<_>>();
        // the first has its second step on the day of the first of the second, who is not in it yet
        assert_eq!(told(&plan(&mut book, "p", Target::Member(members[1]), 9)), [is_full, false], "{n}");
        enrol(&mut book, "p", Target::Member(members[1]));
        assert_eq!(told(&plan(&mut book, "p", Target::Member(members[1]), 9)), [is_full, false], "{n}");
        assert_eq!(plan(&mut book, "p", Target::Member(members[1]), 0).len(), 0);
        let came = come(&mut book, "p", Target::Member(members[1]), 9);
        let moved = if n == 1 { "11-26 08:00" } else { "11-25 10:00" };
        assert_eq!(came[0].2, moved, "{n}");
    }
}

#[test]
fn a_wording_is_planned_once_within_its_span() {
    let mut book = Book::new();
    rules(&mut book, "");
    let group = book.group("一群");
    let daily = format!("fresh = \"3d\"\n{}", start("\"recurrence\", every = \"daily\""));
    let toml = sop("p", "group", "service", &daily, &["a | D0 10:00"]);
    book.sop(&toml.replace("text = [\"a\"]", "text = [\"早\", \"早上好\"]"));
    let target = Target::Group(group);
    let lines = check(&mut book, "p", target, 8, 9);
    let again = "近期发过同样的话";
    assert_eq!(
        reasons(&lines).iter().map(|(_, why)| *why == again).collect::<Vec<_>>()[..5],
        [false, false, true, true, false]
    );
    // what was sent counts as what is planned does
    let lines = check(&mut book, "p", target, 8, 9);
    assert!(lines.iter().any(|line| line.reason == again), "{lines:?}");
}

#[test]
fn who_comes_in_with_a_wave_is_planned_from_it() {
    let mut book = Book::new();
    rules(&mut book, "");
    let members: Vec<MemberId> = ["甲", "乙"].iter().map(|name| book.member(name)).collect();
    edit(&mut book, members[0], Field::Tags, "老客");
    book.sop(&sop("p", "member", "service", &start("\"by-hand\""), &["a | D0 10:00", "b | D5 10:00"]));
    let now = book.desk.now().wall;
    let campaign = Campaign {
        id: "spring".to_owned(),
        title: "春季".to_owned(),
        playbooks: vec![PlaybookId("p".to_owned())],
        waves: vec![Wave::new(at("2026-11-24 09:00"), "tag:老客".to_owned())],
        from: now,
        until: at("2026-11-27 00:00"),
        answers: Vec::new(),
        texts: Vec::new(),
        stopped_at: None,
        ended_at: None,
        act: None,
    };
    book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    let lines = plan(&mut book, "p", Target::Member(members[0]), 9);
    assert_eq!(lines[0].reason, "11-24 09:00 随 春季 进入");
    assert!(lines[1].never, "{lines:?}");
    assert_eq!(
        shown(plan(&mut book, "p", Target::Member(members[1]), 9)[0].due_at),
        "11-22 10:00",
        "by hand"
    );
    assert_eq!(planned(&lines), come(&mut book, "p", Target::Member(members[0]), 9));
}
