//! A playbook opened, and what another text of it would do, asked of a desk.

use super::{Book, GROUPBUY, SENT};
use crate::book::{ActivityKind, PlaybookId, Target, TaskState};
use crate::desk::testing::at;
use crate::door::command::ObjectRef;
use crate::door::detail::{NextChange, NextStep, SopBoard, SopDiff, Standing};
use crate::door::form::Field;
use crate::door::{Command, Reply, Request};

const CARE: &str = r#"
id = "care"
title = "关怀"
for = "member"
class = "service"
start = { on = "by-hand" }
stop = ["bought"]
[[step]]
id = "one"
at = "D0 +1m"
via = "private"
text = ["你好"]
[[step]]
id = "two"
at = "D1 10:00"
via = "private"
if = "orders:0"
text = ["还好吗"]
"#;

const LINE: &str = r#"
id = "line"
title = "排队"
for = "member"
class = "service"
start = { on = "by-hand" }
intake = { max = 1, per = "day" }
[[step]]
id = "one"
at = "D0 10:00"
via = "private"
text = ["你好"]
"#;

fn id(id: &str) -> PlaybookId {
    PlaybookId(id.to_owned())
}

fn board(book: &mut Book, playbook: &str) -> SopBoard {
    match book.desk.ask(Request::Board { playbook: id(playbook), first: 0, rows: 50 }) {
        Reply::Board(board) => *board,
        other => panic!("{other:?}"),
    }
}

/// Open tasks of an edit: the step as sentences name it, how many, whether they stay.
fn open(told: &SopDiff) -> Vec<(&str, u32, bool)> {
    told.open.iter().map(|of| (of.reads.as_str(), of.n, of.stays)).collect()
}

fn diff(book: &mut Book, toml: &str) -> SopDiff {
    match book.desk.ask(Request::SopDiff { toml: toml.to_owned(), file: "care.toml".to_owned() }) {
        Reply::SopDiff(diff) => *diff,
        other => panic!("{other:?}"),
    }
}

/// Three friends in a playbook, a minute after they entered.
fn entered(toml: &str, playbook: &str) -> Book {
    let mut book = Book::new(&[], &["小雨妈", "大福", "老王"]);
    book.sop(toml);
    let targets = book.members.iter().map(|member| Target::Member(*member)).collect();
    let enrol = Command::Enrol {
        playbook: id(playbook),
        targets,
        filter: String::new(),
        anchor: None,
        dry_run: false,
    };
    book.desk.run(enrol).unwrap();
    book
}

fn apply(book: &mut Book, toml: &str, new_only: bool) {
    let (toml, file) = (toml.to_owned(), "care.toml".to_owned());
    book.desk.run(Command::SopAdd { toml, file, new_only, base: None }).unwrap();
}

#[test]
fn steps_are_counted_and_everybody_stands_somewhere() {
    let mut book = entered(CARE, "care");
    book.tick_at("2026-11-22 12:00");
    let due = book.tasks("state:due");
    assert_eq!(due.len(), 3);
    for task in due.iter().take(2) {
        book.verb(task.id, SENT);
    }
    let replied = book.members[0];
    book.desk.at("2026-11-22 13:00");
    book.desk.run(Command::Reply { member: replied, task: None, answer: None, at: None }).unwrap();
    let bought = book.members[1];
    book.happened(bought, ActivityKind::Bought, "鸡蛋");
    let shown = board(&mut book, "care");
    let one = shown.steps[0].funnel;
    assert_eq!((one.due, one.sent, one.private, one.replied, one.bought), (3, 2, 2, 1, 1));
    assert_eq!((one.coverage(), shown.steps[1].funnel.due), (Some(66), 0));
    assert_eq!((shown.steps[0].at.as_str(), shown.steps[0].says.as_str()), ("D0 +1m", "你好"));
    assert_eq!(shown.counts, [2, 0, 0, 1]);
    let stopped: Vec<_> = shown.places.iter().filter(|p| p.standing == Standing::Stopped).collect();
    assert_eq!((stopped.len(), stopped[0].name.as_str(), stopped[0].number), (1, "大福", 0));
    assert!(stopped[0].why.contains("成交") || stopped[0].why.contains("下单"), "{}", stopped[0].why);
    let next = &shown.places[0];
    assert_eq!((next.step.as_str(), next.number, next.at), ("two", 2, Some(at("2026-11-23 10:00"))));
    let pause = Command::Pause { targets: vec![next.target], until: None };
    book.desk.run(pause).unwrap();
    assert!(board(&mut book, "care").places.iter().any(|place| place.paused));
}

#[test]
fn a_purchase_is_put_down_to_one_message_within_a_week() {
    let mut book =
        entered(&CARE.replace("stop = [\"bought\"]\n", "").replace("if = \"orders:0\"\n", ""), "care");
    let send = |book: &mut Book, when: &str| {
        book.tick_at(when);
        for task in book.tasks("state:due") {
            book.verb(task.id, SENT);
        }
    };
    send(&mut book, "2026-11-22 12:00");
    // a reply after 48 hours, one within; bought before the second message, after it, and long after
    let [late, between, after] = [book.members[0], book.members[1], book.members[2]];
    book.desk.at("2026-11-22 13:00");
    book.happened(between, ActivityKind::Bought, "鸡蛋");
    send(&mut book, "2026-11-23 10:30");
    book.desk.at("2026-11-24 12:00");
    book.happened(after, ActivityKind::Bought, "牛奶");
    book.happened(after, ActivityKind::Bought, "牛奶");
    book.desk.run(Command::Reply { member: after, task: None, answer: None, at: None }).unwrap();
    book.desk.at("2026-12-01 10:30");
    book.happened(late, ActivityKind::Bought, "鸡蛋");
    // what comes later is looked through
    book.happened(between, ActivityKind::Bought, "鸡蛋");
    let shown = board(&mut book, "care");
    let bought: Vec<u32> = shown.steps.iter().map(|step| step.funnel.bought).collect();
    assert_eq!(bought, [1, 1]);
    assert_eq!(shown.steps.iter().map(|step| step.funnel.sent).collect::<Vec<_>>(), [3, 3]);
}

#[test]
fn a_place_says_what_is_owed_there_who_took_it_out_and_how_many_are_paused() {
    let mut book = entered(CARE, "care");
    book.tick_at("2026-11-22 12:00");
    let place = board(&mut book, "care").places.remove(0);
    assert_eq!((place.step.as_str(), place.at), ("two", Some(at("2026-11-23 10:00"))));
    assert_eq!(place.why, "11-22 09:01 第 1 步 到点了，还没发", "beside the step of tomorrow");
    let task = book.tasks("state:due").into_iter().find(|task| task.target == place.target).unwrap();
    book.verb(task.id, SENT);
    assert_eq!(board(&mut book, "care").places[0].why, "");
    book.desk.run(Command::Unenrol { enrolments: vec![place.enrolment] }).unwrap();
    let out = board(&mut book, "care").places.into_iter().find(|of| of.enrolment == place.enrolment);
    assert_eq!(out.unwrap().why, "已停止: 手动移出");
    let targets: Vec<Target> = book.members[..2].iter().map(|id| Target::Member(*id)).collect();
    let paused = book.desk.run(Command::Pause { targets, until: None }).unwrap();
    assert!(paused.words.starts_with("暂停 ") && paused.words.contains(" 等 2 个"), "{paused:?}");
}

#[test]
fn who_waits_in_line_has_a_number() {
    let mut book = entered(LINE, "line");
    let shown = board(&mut book, "line");
    assert_eq!(shown.counts[0] + shown.counts[1], 3);
    let line: Vec<u32> =
        shown.places.iter().filter(|p| p.standing == Standing::InLine).map(|p| p.line).collect();
    assert_eq!(line, (1..=line.len() as u32).collect::<Vec<_>>());
    assert!(line.len() >= 2);
    // one a day, the first today
    let turns: Vec<String> =
        shown.places.iter().filter_map(|place| place.turn).map(|day| day.to_string()).collect();
    assert_eq!(turns, ["2026-11-22", "2026-11-23", "2026-11-24"]);
    book.desk.run(Command::SopPause { playbook: id("line") }).unwrap();
    assert!(board(&mut book, "line").places.iter().all(|place| place.turn.is_none()), "nobody is let in");
}

#[test]
fn another_text_is_told_before_it_is_applied() {
    let mut book = entered(CARE, "care");
    book.tick_at("2026-11-22 12:00");
    let later = CARE.replace("D1 10:00", "D2 15:00").replace("还好吗", "用着还好吗");
    let told = diff(&mut book, &later);
    assert_eq!((told.before, told.running, told.changed, told.unchanged), (1, 3, 3, 0));
    assert_eq!(open(&told), [("第 1 步“你好”", 3, true)]);
    assert_eq!(
        told.changes,
        ["第 2 步“用着还好吗”的 at: D1 10:00 -> D2 15:00", "第 2 步的 文案: “还好吗” -> “用着还好吗”"]
    );
    let change = &told.next[0];
    let side = |next: &NextStep| (next.step.clone(), next.reads.clone(), next.at.unwrap());
    let two = |reads: &str, when: &str| ("two".to_owned(), reads.to_owned(), at(when));
    assert_eq!(side(&change.before), two("第 2 步“还好吗”", "2026-11-23 10:00"));
    assert_eq!(side(&change.after), two("第 2 步“用着还好吗”", "2026-11-24 15:00"));
    // telling changes nothing, and the same text is no change
    assert_eq!(board(&mut book, "care").places[0].at, Some(at("2026-11-23 10:00")));
    assert!(diff(&mut book, CARE).is_same());
    // a step that is gone takes with it what nobody has begun to send
    let gone = CARE.replace("id = \"one\"", "id = \"uno\"");
    let told = diff(&mut book, &gone);
    assert_eq!(told.open[0].step, "one");
    // the new step reads like the old one: each with its id
    assert_eq!(open(&told), [("第 1 步“你好” (one)", 3, false)]);
    assert_eq!(told.changes, ["新加第 1 步“你好” (uno)  D0 +1m", "去掉第 1 步“你好” (one)"]);
    apply(&mut book, &gone, false);
    assert_eq!(book.tasks("state:due").len(), 0);
    assert_eq!(book.tasks("state:cancelled").len(), 3);
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(book.tasks("state:due").len(), 3);
    assert_eq!(book.tasks("state:due")[0].state, TaskState::Due);
}

#[test]
fn another_audience_counts_whom_it_does_not_mean_any_more() {
    let mut book = entered(&CARE.replace("class =", "audience = \"-tag:勿扰\"\nclass ="), "care");
    let member = book.members[0];
    let objects = vec![ObjectRef::Member(member)];
    let fields = vec![(Field::Tags, "老客".to_owned())];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    let told = diff(&mut book, &CARE.replace("class =", "audience = \"tag:老客\"\nclass ="));
    // they stay in it, and the audience is asked again before every step
    assert_eq!((told.running, told.changed, told.unchanged, told.ending, told.outside), (3, 2, 1, 0, 2));
    let leaves = |next: &NextChange| {
        next.after.at == next.before.at && !next.before.unmeant && next.after.unmeant && next.after.unsaid
    };
    assert!(told.next.len() == 2 && told.next.iter().all(leaves), "{:?}", told.next);
    let same = diff(&mut book, &CARE.replace("class =", "audience = \"-tag:投诉\"\nclass ="));
    assert_eq!((same.changed, same.unchanged), (0, 3));
    // as it was told: what falls due for them is skipped, and whoever fits again has it
    apply(&mut book, &CARE.replace("class =", "audience = \"tag:老客\"\nclass ="), false);
    assert_eq!(board(&mut book, "care").counts, [3, 0, 0, 0]);
    let objects = vec![ObjectRef::Member(book.members[1])];
    let fields = vec![(Field::Tags, "老客".to_owned())];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    book.tick_at("2026-11-23 10:01");
    let of_two =
        |book: &mut Book, filter: &str| book.tasks(filter).iter().filter(|task| task.step == "two").count();
    assert_eq!((of_two(&mut book, "state:due"), of_two(&mut book, "state:skipped")), (2, 1));
    // who was in no audience and is meant by the new text is told of as well
    let back = diff(&mut book, &CARE.replace("class =", "audience = \"-tag:勿扰\"\nclass ="));
    assert_eq!((back.outside, back.ending), (0, 0));
}

#[test]
fn what_would_be_refused_is_no_difference_to_look_at() {
    let mut book = entered(CARE, "care");
    let group = CARE
        .replace("\"member\"", "\"group\"")
        .replace("\"private\"", "\"group\"")
        .replace("if = \"orders:0\"\n", "");
    let told = book.desk.ask(Request::SopDiff { toml: group.clone(), file: "care.toml".to_owned() });
    let Reply::Refused(told) = told else { panic!("{told:?}") };
    let add = Command::SopAdd { toml: group, file: "care.toml".to_owned(), new_only: false, base: None };
    assert_eq!(told.words, book.desk.run(add).unwrap_err().words);
}

#[test]
fn a_text_for_new_ones_alone_leaves_the_others_on_theirs() {
    let mut book = entered(CARE, "care");
    book.tick_at("2026-11-22 12:00");
    // the new text has another time and does not stop for a purchase
    let later = CARE.replace("D1 10:00", "D2 15:00").replace("stop = [\"bought\"]\n", "");
    apply(&mut book, &later, true);
    // the same text once more is for those who stayed: it tells what it does to them
    let again = diff(&mut book, &later);
    assert_eq!((again.is_same(), again.older, again.changed, again.changes.len()), (false, 3, 3, 0));
    let shown = board(&mut book, "care");
    assert_eq!(shown.line.version, 2);
    assert!(shown.places.iter().all(|p| p.version == 1 && p.at == Some(at("2026-11-23 10:00"))));
    let bought = book.members[0];
    book.happened(bought, ActivityKind::Bought, "鸡蛋");
    assert_eq!(board(&mut book, "care").counts, [2, 0, 0, 1]);
    // for everybody, and back: who stayed on the old text is there again
    let third = later.replace("15:00", "16:00");
    apply(&mut book, &third, false);
    assert!(board(&mut book, "care").places[..2].iter().all(|p| p.at == Some(at("2026-11-24 16:00"))));
    book.desk.run(Command::Undo { act: None }).unwrap();
    let shown = board(&mut book, "care");
    assert!(shown.places[..2].iter().all(|p| p.version == 1 && p.at == Some(at("2026-11-23 10:00"))));
    book.desk.run(Command::Redo).unwrap();
    let shown = board(&mut book, "care");
    assert!(shown.places[..2].iter().all(|p| p.at == Some(at("2026-11-24 16:00"))));
    // and they go on firing by what they stand on
    book.tick_at("2026-11-24 16:01");
    let two = book.tasks("state:due").into_iter().filter(|task| task.step == "two").count();
    assert_eq!(two, 2);
}

/// What comes next for the only group.
fn next(book: &mut Book) -> crate::door::detail::Coming {
    let group = Target::Group(book.groups[0]);
    let Reply::Why(mut coming) = book.desk.ask(Request::Why(group)) else { panic!() };
    coming.remove(0)
}

#[test]
fn forms_and_steps_are_told_apart_and_what_cannot_come_is_not_promised() {
    let mut book = Book::new(&["宠友1群"], &[]);
    let late = "[[step]]\nid = \"late\"\nat = \"D0 18:30\"\nvia = \"group\"\nif = \"ask:未提货\"\ntext = [\"还有没提的\"]\n";
    let toml = GROUPBUY
        .replace("class = ", "audience = \"-tag:停团\"\nclass = ")
        .replace(", { mention = \"{{ 未提货 }}\" }", "")
        + late;
    book.sop(
        &toml
            .replace("09:20", "16:00")
            .replace("09:25", "18:15")
            .replace("09:30", "17:00")
            .replace("11:00", "18:00"),
    );
    // the form of the first opens two hours ahead, and is not when it is said
    let first = next(&mut book);
    assert_eq!((first.step.as_str(), first.at), ("open", Some(at("2026-11-22 17:00"))));
    assert_eq!(
        first.asks,
        [(at("2026-11-22 14:00"), "商品".to_owned()), (at("2026-11-22 16:15"), "未提货".to_owned())]
    );
    let shown = board(&mut book, "groupbuy");
    assert_eq!((shown.places[0].at, shown.places[0].asks.len()), (first.at, 2));
    // nobody has left anything: the reminder does not come, and tomorrow's first step is what does
    let fill = |key: &str, value: &str, group| Command::Fill {
        playbook: id("groupbuy"),
        run: "2026-11-22".parse().unwrap(),
        group,
        key: key.to_owned(),
        value: value.to_owned(),
    };
    let group = book.groups[0];
    book.tick_at("2026-11-22 16:30");
    book.desk.run(fill("商品", "牛奶", None)).unwrap();
    assert_eq!(next(&mut book).asks, []);
    book.desk.run(fill("未提货", "", Some(group))).unwrap();
    book.tick_at("2026-11-22 17:05");
    let after = next(&mut book);
    assert_eq!((after.step.as_str(), after.at), ("open", Some(at("2026-11-23 17:00"))));
    assert!(after.why.contains("第 2 步") && after.why.contains("未提货"), "{after:?}");
    // a group that is out of the audience is promised nothing
    let tag = |tags: &str| Command::Edit {
        objects: vec![crate::door::command::ObjectRef::Group(group)],
        fields: vec![(crate::door::form::Field::Tags, tags.to_owned())],
    };
    book.desk.run(tag("停团")).unwrap();
    let none = next(&mut book);
    assert_eq!((none.at, none.asks.len()), (None, 0));
    assert!(none.why.contains("停团"), "{none:?}");
    book.desk.run(tag("")).unwrap();
    assert_eq!(next(&mut book).at, after.at);
}

#[test]
fn a_tag_stops_a_group_as_it_stops_a_member() {
    let mut book = Book::new(&["宠友1群"], &[]);
    book.sop(&GROUPBUY.replace("class = ", "stop = [\"tag:停团\"]\nclass = "));
    let objects = vec![crate::door::command::ObjectRef::Group(book.groups[0])];
    let fields = vec![(crate::door::form::Field::Tags, "停团".to_owned())];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    assert_eq!(next(&mut book).at, None);
    book.tick_at("2026-11-23 10:00");
    assert_eq!(board(&mut book, "groupbuy").counts[3], 1);
}
