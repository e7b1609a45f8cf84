//! A plan that one can trust: its rows beside the tasks that ticks then make, where somebody sends what is due at once.
//!
//! One file because every case is the same comparison of a plan with what came.

use std::fmt::Write as _;

use super::*;
use crate::book::{Health, TaskKind};
use crate::desk::testing::at;
use crate::door::command::Held;
use crate::door::reply::PlanLine;
use crate::door::request::PlanAsk;
use crate::door::{Refusal, Reply, Request};

const RULES: &str = "zone = \"Asia/Shanghai\"\n[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"\n";

/// What becomes of a step: its id, the day it is planned for, when it comes, and whether it ends unsaid.
pub(super) type Comes = (String, String, String, bool);

pub(super) fn rules(book: &mut Book, more: &str) {
    book.desk.run(Command::SetRules { toml: format!("{RULES}{more}") }).unwrap();
}

/// A playbook of steps, each written as `id | at | more`.
pub(super) fn sop(id: &str, kind: &str, class: &str, more: &str, steps: &[&str]) -> String {
    let via = if kind == "group" { "group" } else { "private" };
    let mut toml =
        format!("id = \"{id}\"\ntitle = \"{id}\"\nfor = \"{kind}\"\nclass = \"{class}\"\n{more}\n");
    for step in steps {
        let parts: Vec<&str> = step.split(" | ").collect();
        let [step, at, more @ ..] = parts.as_slice() else { panic!("{step}") };
        let more = more.join("\n");
        let _ = write!(
            toml,
            "[[step]]\nid = \"{step}\"\nat = \"{at}\"\nvia = \"{via}\"\n{more}\ntext = [\"{step}\"]\n"
        );
    }
    toml
}

pub(super) fn added(id: &str, class: &str, steps: &[&str]) -> String {
    sop(id, "member", class, "start = { on = \"added\" }", steps)
}

pub(super) fn enrol(book: &mut Book, id: &str, target: Target) {
    let playbook = PlaybookId(id.to_owned());
    let targets = vec![target];
    let command = Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false };
    book.desk.run(command).unwrap();
}

pub(super) fn plan(book: &mut Book, id: &str, target: Target, days: i64) -> Vec<PlanLine> {
    match asked(book, id, target, None, days) {
        Ok(lines) => lines,
        Err(refusal) => panic!("{refusal:?}"),
    }
}

/// The plan of so many days, counted from an instant if any.
pub(super) fn asked(
    book: &mut Book,
    id: &str,
    target: Target,
    anchor: Option<Timestamp>,
    days: i64,
) -> Result<Vec<PlanLine>, Refusal> {
    let until = Timestamp(book.desk.now().wall.0 + days * crate::book::time::DAY);
    let playbook = PlaybookId(id.to_owned());
    let target = Some(target);
    let ask = PlanAsk { playbook, file: None, target, anchor, from: None, until, rows: 500, bare: false };
    match book.desk.ask(Request::Plan(Box::new(ask))) {
        Reply::Plan(lines) => Ok(lines),
        Reply::Refused(refusal) => Err(refusal),
        other => panic!("{other:?}"),
    }
}

pub(super) fn shown(at: Timestamp) -> String {
    at.local(chrono_tz::Tz::Asia__Shanghai).format("%m-%d %H:%M").to_string()
}

pub(super) fn planned(lines: &[PlanLine]) -> Vec<Comes> {
    let ends = ["到期前发不出", "今日停团", "静默到", "太晚", "条件不符", "近期发过"];
    let row = |line: &PlanLine| {
        let ended = ends.iter().any(|words| line.reason.starts_with(words));
        (line.step.clone(), line.occurrence.format("%m-%d").to_string(), shown(line.due_at), ended)
    };
    // what is due already is there, and what never comes is not looked for
    let comes = |line: &&PlanLine| !line.never && !line.reason.contains(DUE);
    let mut rows: Vec<Comes> = lines.iter().filter(comes).map(row).collect();
    rows.sort();
    rows
}

/// What is said of a step that is due and was not sent.
pub(super) const DUE: &str = "已到点，还没发";

/// Ticks whenever the desk asks for it, for so many days, and sends at once; what came to somebody of a playbook
/// from now on.
pub(super) fn come(book: &mut Book, id: &str, target: Target, days: i64) -> Vec<Comes> {
    let known: Vec<TaskId> = book.tasks().iter().map(|task| task.id).collect();
    come_besides(book, &known, id, target, days)
}

/// The same besides what was there.
pub(super) fn come_besides(
    book: &mut Book,
    known: &[TaskId],
    id: &str,
    target: Target,
    days: i64,
) -> Vec<Comes> {
    let begun = book.desk.now().wall;
    let end = Timestamp(begun.0 + days * crate::book::time::DAY);
    let mut now = begun;
    for looks in 0.. {
        assert!(looks < 20_000, "it is looked at for ever");
        book.desk.at_time(now);
        book.desk.tick();
        for task in book.open() {
            book.verb(task.id, TaskVerb::Sent { at: None, also: false });
            book.desk.at_time(now);
        }
        let Some(wake) = book.desk.last.wake_at.filter(|at| *at <= end) else { break };
        now = wake.max(Timestamp(now.0 + 1));
    }
    let mut rows = Vec::new();
    for task in book.tasks().into_iter().filter(|task| !known.contains(&task.id)) {
        let TaskKind::Step { key, .. } = &task.kind else { continue };
        if key.playbook.0 == id && key.target == target {
            let said = task.status.state == TaskState::Sent;
            let at = if said { task.fired_at } else { task.status.due_at };
            rows.push((key.step.clone(), key.occurrence.format("%m-%d").to_string(), shown(at), !said));
        }
    }
    rows.sort();
    rows
}

/// Compares the plan of so many days with what comes of it within so many.
pub(super) fn check(book: &mut Book, id: &str, target: Target, days: i64, within: i64) -> Vec<PlanLine> {
    let lines = plan(book, id, target, days);
    let rows = planned(&lines);
    let last = rows.iter().map(|row| row.1.clone()).max().unwrap_or_default();
    let mut came = come(book, id, target, within);
    came.retain(|row| row.1 <= last);
    assert_eq!(rows, came);
    assert!(!rows.is_empty());
    lines
}

pub(super) fn reasons(lines: &[PlanLine]) -> Vec<(&str, &str)> {
    lines.iter().map(|line| (line.step.as_str(), line.reason.as_str())).collect()
}

const WEEKLY: &str = "[[cap]]\nscope = \"group\"\nn = 1\nper = \"week\"\n";
const DAILY: &str = "[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\n";

#[test]
fn a_step_with_a_window_ends_beside_one_that_waits() {
    let mut book = Book::new();
    rules(&mut book, WEEKLY);
    let group = book.group("一群");
    book.tick_at("2026-11-23 09:00");
    let start = "start = { on = \"recurrence\", every = \"daily\" }";
    book.sop(&sop(
        "h1",
        "group",
        "marketing",
        start,
        &["a | D0 10:00", "b | D0 13:00 | until = \"D0 17:30\""],
    ));
    let lines = check(&mut book, "h1", Target::Group(group), 4, 36);
    let a = |day| lines.iter().find(|line| line.step == "a" && line.occurrence.to_string() == day).unwrap();
    assert_eq!(a("2026-11-24").reason, "上限: 群 本周 1/1, 免打扰");
    assert_eq!(shown(a("2026-11-24").due_at), "11-30 08:00");
    let b = lines.iter().find(|line| line.step == "b").unwrap();
    assert_eq!((shown(b.due_at).as_str(), b.until), ("11-23 13:00", Some(at("2026-11-23 17:30"))));
    assert_eq!(b.reason, "到期前发不出 (上限: 群 本周 1/1)");
    let moved = book.tasks().into_iter().find(|task| task.fired_at == at("2026-11-30 08:00")).unwrap();
    assert_eq!(moved.moved_why, "group week 1/1; quiet");
}

#[test]
fn several_of_one_day_come_in_their_order() {
    for which in ["lo", "hi", "ca"] {
        let mut book = Book::new();
        rules(&mut book, DAILY);
        let member = book.member("甲");
        book.sop(&added("lo", "marketing", &["a | D0 10:00"]));
        book.sop(&added("hi", "marketing", &["a | D0 10:00"]).replace("title", "priority = 90\ntitle"));
        book.sop(&added("ca", "care", &["a | D0 10:00"]));
        book.befriend(member);
        let lines = check(&mut book, which, Target::Member(member), 9, 9);
        let (due, why) = match which {
            "ca" => ("11-22 10:00", ""),
            "hi" => ("11-23 08:00", "上限: 今日 1/1, 免打扰"),
            _ => ("11-24 08:00", "上限: 今日 1/1, 免打扰"),
        };
        assert_eq!((shown(lines[0].due_at).as_str(), lines[0].reason.as_str()), (due, why), "{which}");
    }
}

/// What waits behind a step that waits comes after it, and not on a day that was kept for what is more important; also
/// where a tick comes an hour after the desk asked for one.
#[test]
fn what_stands_behind_a_step_that_waits_comes_after_it() {
    for (n, which) in [(1, "mm"), (1, "mc"), (2, "mm"), (2, "mc")] {
        let mut book = Book::new();
        rules(&mut book, &DAILY.replace("n = 1", &format!("n = {n}")));
        let member = book.member("甲");
        let target = Target::Member(member);
        book.befriend(member);
        book.desk.at("2026-11-22 09:10");
        let by_hand = "start = { on = \"by-hand\" }";
        book.sop(&sop("mm", "member", "marketing", by_hand, &["a | D1..D5 10:00"]));
        let last = "b | D4 10:00 | until = \"D4 12:00\"\nlate = \"drop\"";
        book.sop(&sop("mc", "member", "care", by_hand, &["a | D2..D3 10:00", last]));
        enrol(&mut book, "mm", target);
        enrol(&mut book, "mc", target);
        let rows = planned(&plan(&mut book, which, target, 20));
        let mut came = Vec::new();
        let mut known: Vec<TaskId> = book.tasks().iter().map(|task| task.id).collect();
        for hour in 0..20 * 24 {
            let now = Timestamp(at("2026-11-22 10:00").0 + hour * crate::book::time::HOUR);
            book.desk.at_time(now);
            book.desk.tick();
            for task in book.tasks() {
                let TaskKind::Step { key, .. } = &task.kind else { continue };
                if !known.contains(&task.id) {
                    known.push(task.id);
                    if key.playbook.0 == which {
                        let due = shown(task.status.due_at);
                        came.push((key.step.clone(), key.occurrence.format("%m-%d").to_string(), due, false));
                    }
                }
            }
            for task in book.open() {
                book.verb(task.id, TaskVerb::Sent { at: None, also: false });
            }
        }
        came.sort();
        assert_eq!(rows, came, "{n} {which}");
    }
}

#[test]
fn who_stays_on_an_older_version_is_planned_by_it() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("甲");
    let first = ["a | D0 10:00", "b | D1 10:00 | until = \"D1 20:00\"", "c | D3 10:00"];
    book.sop(&added("p1", "care", &first));
    book.befriend(member);
    book.tick_at("2026-11-22 10:00");
    let open = book.open()[0].id;
    book.verb(open, TaskVerb::Sent { at: None, also: false });
    book.desk.at("2026-11-22 12:00");
    let toml = added("p1", "care", &["a | D0 10:00", "b0 | D0 11:00", "b | D1 15:00", "d | D5 10:00"]);
    book.desk.run(Command::SopAdd { toml, file: "p1.toml".to_owned(), new_only: true, base: None }).unwrap();
    let lines = check(&mut book, "p1", Target::Member(member), 9, 9);
    assert_eq!(reasons(&lines), [("b", ""), ("c", "")]);
}

#[test]
fn what_is_late_moves_what_comes_after_it() {
    let steps = [
        "a | D1 10:00 | until = \"D1 12:00\"\nlate = \"shift\"",
        "b | D2 10:00 | until = \"D2 12:00\"\nlate = \"shift\"",
        "c | D5 10:00 | until = \"D5 12:00\"",
    ];
    let begun = || {
        let mut book = Book::new();
        rules(&mut book, "");
        let member = book.member("甲");
        book.befriend(member);
        book.sop(&sop("s", "member", "service", "start = { on = \"by-hand\" }", &steps));
        enrol(&mut book, "s", Target::Member(member));
        (book, Target::Member(member))
    };
    let (mut book, target) = begun();
    book.desk.at("2026-11-24 15:00");
    let lines = check(&mut book, "s", target, 9, 9);
    let moved = "前面的步骤晚了，顺延 1 天";
    assert_eq!(reasons(&lines), [("a", "已过点，现在就发"), ("b", moved), ("c", moved)]);
    assert_eq!((lines[0].until, shown(lines[1].due_at).as_str()), (None, "11-25 10:00"));
    let (mut book, target) = begun();
    book.tick_at("2026-11-23 10:00");
    book.desk.at("2026-11-26 11:05");
    let lines = plan(&mut book, "s", target, 9);
    assert_eq!(lines[0].reason, "已到点，还没发; 第 1 步 还没做，后面等它；按现在做完来算");
    assert_eq!(lines[1].reason, "前面的步骤晚了，顺延 3 天");
    let a = book.open()[0].id;
    book.verb(a, TaskVerb::Sent { at: None, also: false });
    assert_eq!(planned(&lines), come(&mut book, "s", target, 9));
}

#[test]
fn what_is_called_off_or_paused_is_said() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("甲");
    let target = Target::Member(member);
    book.sop(&added("p", "care", &["a | D0 15:00", "b | D1 10:00", "c | D2 10:00 | until = \"D2 20:00\""]));
    book.befriend(member);
    let id = || PlaybookId("p".to_owned());
    book.desk.run(Command::SopPause { playbook: id() }).unwrap();
    let lines = plan(&mut book, "p", target, 9);
    assert_eq!(reasons(&lines), [("a", "已暂停"), ("b", "已暂停"), ("c", "已暂停")]);
    assert!(lines[0].never && lines[0].moved_from == Some(at("2026-11-22 15:00")));
    book.desk.run(Command::SopResume { playbook: id() }).unwrap();
    book.desk.run(Command::SopDayOff { playbook: id(), notice: String::new() }).unwrap();
    let until = Some(at("2026-11-24 12:00"));
    book.desk.run(Command::Pause { targets: vec![target], until }).unwrap();
    let lines = check(&mut book, "p", target, 9, 9);
    // called off before it is looked at, and paused when it is
    assert_eq!(reasons(&lines), [("a", "今日停团"), ("b", "已暂停"), ("c", "已暂停")]);
}

#[test]
fn who_waits_in_line_is_planned_from_the_day_they_are_let_in() {
    let mut book = Book::new();
    rules(&mut book, "");
    let members: Vec<MemberId> =
        ["甲", "乙", "丙", "丁", "戊"].iter().map(|name| book.member(name)).collect();
    let intake = "start = { on = \"added\" }\n[intake]\nmax = 2\nper = \"day\"";
    book.sop(&sop("l", "member", "care", intake, &["a | D0 11:00", "b | D1 11:00"]));
    for member in &members {
        book.befriend(*member);
    }
    book.tick_at("2026-11-22 09:10");
    let lines = check(&mut book, "l", Target::Member(members[4]), 9, 9);
    assert!(lines[0].reason.contains("排队中，预计 2026-11-24 轮到"), "{lines:?}");
}

#[test]
fn an_account_that_takes_nothing_and_a_rest_are_said() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("甲");
    let target = Target::Member(member);
    let rest = "rest = \"180d\"\nstart = { on = \"added\" }";
    book.sop(&sop("wake", "member", "marketing", rest, &["w | D0 +5m | until = \"D0 20:00\""]));
    book.sop(&added("x", "marketing", &["x1 | D1 10:00", "x2 | D200 10:00"]));
    book.befriend(member);
    book.tick_at("2026-11-22 09:10");
    let open = book.open()[0].id;
    book.verb(open, TaskVerb::Sent { at: None, also: false });
    book.desk.tick();
    let health = |book: &mut Book, health| {
        let (account, held) = (book.account, Held::Wait);
        book.desk.run(Command::Limit { account, health, held }).unwrap();
        book.desk.tick();
    };
    health(&mut book, Health::Banned);
    let lines = plan(&mut book, "x", target, 300);
    assert_eq!(reasons(&lines), [("x1", "静默到 2027-05-21"), ("x2", "账号已封")]);
    health(&mut book, Health::Normal);
    check(&mut book, "x", target, 300, 300);
    let skipped = book.tasks().into_iter().find(|task| task.status.state == TaskState::Skipped).unwrap();
    assert!(matches!(skipped.status.end, Some(EndReason::Resting { .. })), "{:?}", skipped.status.end);
}

#[test]
fn who_is_no_longer_in_a_playbook_is_told_so() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("甲");
    let stop = "stop = [\"replied\"]\nrest = \"30d\"\nstart = { on = \"added\" }";
    book.sop(&sop("q", "member", "marketing", stop, &["a | D0 10:00", "b | D1 10:00"]));
    book.befriend(member);
    book.tick_at("2026-11-22 10:00");
    let now = book.desk.now().wall;
    book.happened(member, ActivityKind::Replied, None, true, now);
    book.tick_at("2026-11-22 10:10");
    let lines = plan(&mut book, "q", Target::Member(member), 9);
    let said = "2026-11-22 起已不在这个 SOP 里（已停止: 回复），以下是再进入时的日期";
    assert!(lines[0].reason.ends_with(said), "{lines:?}");
    // a reply ends the silence for this playbook as for the others of its class: nobody rests after it
    assert!(lines.iter().all(|line| !line.reason.contains("静默到")), "{lines:?}");
}

#[test]
fn whose_last_step_is_due_stands_at_it() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("甲");
    book.sop(&added("p", "care", &["a | D0 10:00"]));
    book.befriend(member);
    book.tick_at("2026-11-22 10:00");
    let Reply::Why(coming) = book.desk.ask(Request::Why(Target::Member(member))) else { panic!() };
    assert_eq!((coming[0].step.as_str(), coming[0].why.as_str()), ("a", "第 1 步 到点了，还没发"));
}

/// The plan of a file that nobody applied beside what comes of applying it now.
fn check_new(book: &mut Book, id: &str, toml: &str, target: Target, days: i64) -> Vec<Comes> {
    let until = Timestamp(book.desk.now().wall.0 + days * crate::book::time::DAY);
    let playbook = PlaybookId(id.to_owned());
    let (file, target) = (Some(toml.to_owned()), Some(target));
    let ask = PlanAsk { playbook, file, target, anchor: None, from: None, until, rows: 500, bare: false };
    let Reply::Plan(lines) = book.desk.ask(Request::Plan(Box::new(ask))) else { panic!() };
    let known: Vec<TaskId> = book.tasks().iter().map(|task| task.id).collect();
    let (toml, file) = (toml.to_owned(), "test.toml".to_owned());
    book.desk.run(Command::SopAdd { toml, file, new_only: false, base: None }).unwrap();
    let rows = planned(&lines);
    assert_eq!(rows, come_besides(book, &known, id, target.unwrap(), days), "{id}");
    rows
}

/// A step before the day that is past when the playbook is applied comes at once where nothing says until when, as the
/// plan said: of a festival, of a date, of a rule.
#[test]
fn what_is_past_when_it_is_applied_comes_at_once_in_the_plan_too() {
    let steps = [
        "a | D-3 09:00",
        "b | D-2 09:00 | late = \"drop\"",
        "c | D-2 10:00 | until = \"D-2 20:00\"\nlate = \"drop\"",
        "d | D-1 20:00 | until = \"D0 12:00\"",
        "e | D0 09:00",
    ];
    let row =
        |step: &str, day: &str, at: &str, ended| (step.to_owned(), day.to_owned(), at.to_owned(), ended);
    let starts = [
        ("term", "start = { on = \"term\", festival = \"大雪\" }"),
        ("date", "start = { on = \"date\", date = \"2026-12-07\" }"),
    ];
    for (id, start) in starts {
        let mut book = Book::new();
        rules(&mut book, "");
        let group = book.group("一群");
        book.tick_at("2026-12-06 21:00");
        let toml = sop(id, "group", "service", start, &steps);
        let rows = check_new(&mut book, id, &toml, Target::Group(group), 10);
        let expected = [
            row("a", "12-04", "12-06 21:00", false),
            row("b", "12-05", "12-05 09:00", true),
            row("c", "12-05", "12-05 10:00", true),
            row("d", "12-06", "12-06 21:00", false),
            row("e", "12-07", "12-07 09:00", false),
        ];
        assert_eq!(rows, expected, "{id}");
    }
    let mut book = Book::new();
    rules(&mut book, "");
    let group = book.group("一群");
    book.tick_at("2026-11-22 21:00");
    let start = "start = { on = \"recurrence\", every = \"weekly: 一\" }";
    let toml = sop("weekly", "group", "service", start, &steps[3..]);
    let rows = check_new(&mut book, "weekly", &toml, Target::Group(group), 10);
    assert_eq!(rows[0], row("d", "11-22", "11-22 21:00", false));
}

/// Who comes to a date between a step before it and the date is there; who comes after it was not.
#[test]
fn a_date_takes_whoever_comes_before_it_is_over() {
    let mut book = Book::new();
    rules(&mut book, "");
    book.tick_at("2026-11-22 09:00");
    let steps = ["a | D-3 09:00", "b | D0 09:00"];
    let start = "start = { on = \"date\", date = \"2026-11-24\" }";
    book.sop(&sop("date", "group", "service", start, &steps));
    let mut entered = Vec::new();
    for at in ["2026-11-22 10:00", "2026-11-24 23:30", "2026-11-25 00:30"] {
        book.tick_at(at);
        let group = book.group(at);
        book.desk.tick();
        entered.push(book.open().iter().filter(|task| task.target == Target::Group(group)).count());
    }
    assert_eq!(entered, [1, 2, 0]);
}

#[test]
fn all_rows_of_what_is_paused_are_shown_as_such() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("张三");
    book.sop(&added("p", "care", &["a | D0 +5m", "b | D1 10:00", "c | D3 10:00"]));
    book.befriend(member);
    book.desk.tick();
    book.desk.run(Command::SopPause { playbook: PlaybookId("p".into()) }).unwrap();
    let lines = plan(&mut book, "p", Target::Member(member), 30);
    assert_eq!(reasons(&lines), [("a", "已暂停"), ("b", "已暂停"), ("c", "已暂停")]);
    assert!(lines.iter().all(|line| line.never && line.moved_from.is_some()), "{lines:?}");
    let daily = "start = { on = \"recurrence\", every = \"daily\" }";
    book.group("一群");
    book.sop(&sop("g", "group", "care", daily, &["a | D0 10:00"]));
    book.desk.run(Command::SopPause { playbook: PlaybookId("g".into()) }).unwrap();
    let group = book.desk.desk.store().columns.groups.id(0).unwrap();
    assert_eq!(plan(&mut book, "g", Target::Group(group), 7).len(), 7, "up to where it was asked for");
}

/// What a group owes each of its people takes room of the day before what matters less.
#[test]
fn what_a_group_owes_each_of_its_people_goes_before_in_the_plan_too() {
    let mut book = Book::new();
    rules(&mut book, DAILY);
    let (group, member) = (book.group("一群"), book.member("张三"));
    book.befriend(member);
    book.join(member, group);
    book.tick_at("2026-11-23 07:00");
    let each = "start = { on = \"recurrence\", every = \"weekly: 二\" }\npriority = 90";
    let said =
        sop("each", "group", "care", each, &["say | D0 08:30", "tell | D0 15:00 | who = \"-tag:勿扰\""]);
    book.sop(&said.replace("who = \"-tag:勿扰\"", "who = \"-tag:勿扰\"\nvia = \"private\"").replacen(
        "at = \"D0 15:00\"\nvia = \"group\"",
        "at = \"D0 15:00\"",
        1,
    ));
    let own = "start = { on = \"by-hand\" }";
    book.sop(&sop("own", "member", "marketing", own, &["a | D1 10:00", "b | D2 10:00"]));
    enrol(&mut book, "own", Target::Member(member));
    let lines = check(&mut book, "own", Target::Member(member), 9, 9);
    assert_eq!(shown(lines[0].due_at), "11-25 08:00", "{lines:?}");
}

#[test]
fn exceptions_that_let_nobody_off_are_said() {
    let mut book = Book::new();
    rules(&mut book, "[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\nexcept = \"tag:老客\"\n");
    book.sop(&sop("p", "member", "care", "start = { on = \"by-hand\" }", &["a | D0 +1m", "b | D0 +2m"]));
    let ask = |book: &mut Book, bare| {
        let until = Timestamp(book.desk.now().wall.0 + 9 * crate::book::time::DAY);
        let playbook = PlaybookId("p".to_owned());
        let ask =
            PlanAsk { playbook, file: None, target: None, anchor: None, from: None, until, rows: 9, bare };
        let Reply::Plan(lines) = book.desk.ask(Request::Plan(Box::new(ask))) else { panic!() };
        lines[0].reason.clone()
    };
    assert_eq!(ask(&mut book, false), "没指定对象，规则里的例外没有算: tag:老客");
    assert_eq!(ask(&mut book, true), "");
    let member = book.member("张三");
    let lines = plan(&mut book, "p", Target::Member(member), 9);
    assert_eq!(lines[0].reason, "", "somebody is let off or is not");
}

#[test]
fn of_several_in_one_group_the_more_important_go_first_under_its_caps() {
    for caps in [
        "[[cap]]\nscope = \"group\"\nn = 3\nper = \"day\"\ngap = \"1h\"\n",
        "[[cap]]\nscope = \"account\"\nn = 3\nper = \"day\"\ngap = \"1h\"\n",
    ] {
        for which in ["p10", "p20", "p30", "p40"] {
            let mut book = Book::new();
            rules(&mut book, caps);
            let group = book.group("一群");
            for id in ["p10", "p20", "p30", "p40"] {
                let more =
                    format!("priority = {}\nstart = {{ on = \"recurrence\", every = \"daily\" }}", &id[1..]);
                book.sop(&sop(id, "group", "marketing", &more, &["a | D0 09:00 | until = \"D0 21:00\""]));
            }
            let lines = plan(&mut book, which, Target::Group(group), 2);
            let (due, ends) = match which {
                "p40" => ("09:00", false),
                "p30" => ("10:00", false),
                "p20" => ("11:00", false),
                _ => ("21:00", true),
            };
            let came = check(&mut book, which, Target::Group(group), 2, 3);
            let tomorrow = came.iter().find(|line| line.occurrence.to_string() == "2026-11-23").unwrap();
            let said =
                (tomorrow.due_at.local(chrono_tz::Tz::Asia__Shanghai).format("%H:%M").to_string(), lines);
            assert!(ends || said.0 == due, "{which} {caps} {said:?}");
            assert_eq!(tomorrow.reason.starts_with("到期前发不出"), ends, "{which} {caps} {said:?}");
        }
    }
}
