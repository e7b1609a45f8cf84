//! Who comes to fit a playbook that takes whoever is there: by what is told of them, or by time alone.
//!
//! One file because each case is one way to come to fit, seen by a plan, by a forecast and by ticks.

use super::plans::{asked, check, come, enrol, plan, planned, rules, sop};
use super::*;
use crate::desk::testing::at;
use crate::door::command::ObjectRef;
use crate::door::form::Field;
use crate::door::{Reply, Request};
use crate::store::columns::enrolment::RunState;

const DAILY: &str = "start = { on = \"recurrence\", every = \"daily\" }";
const DATED: &str = "start = { on = \"date\", date = \"2026-11-26\" }";

fn of(id: &str, audience: &str, start: &str) -> String {
    sop(
        id,
        "member",
        "marketing",
        &format!("audience = \"{audience}\"\n{start}"),
        &["a | D0 10:00 | until = \"D0 20:00\""],
    )
}

fn edit(book: &mut Book, object: ObjectRef, field: Field, value: &str) {
    let fields = vec![(field, value.to_owned())];
    book.desk.run(Command::Edit { objects: vec![object], fields }).unwrap();
}

/// How many go through a playbook now.
pub(super) fn inside(book: &Book, id: &str) -> usize {
    let columns = &book.desk.desk.store().columns;
    let position = columns.playbook_position(&PlaybookId(id.to_owned()));
    let runs = |state| matches!(state, RunState::Active | RunState::InLine);
    columns.enrolments.iter().filter(|(_, _, e)| Some(e.playbook) == position && runs(e.state)).count()
}

/// What a forecast tells of a day.
fn foreseen(book: &mut Book, days: u32) -> Vec<u32> {
    let Reply::Forecast(ahead) = book.desk.ask(Request::Forecast { days }) else { panic!("no forecast") };
    ahead.days.iter().map(|day| day.tasks).collect()
}

#[test]
fn a_tag_brings_a_member_into_what_takes_whoever_has_it_and_undo_takes_them_out() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("张三");
    book.befriend(member);
    book.sop(&of("vip", "tag:大客", DAILY));
    book.sop(&of("day", "tag:大客", DATED));
    book.tick_at("2026-11-23 09:00");
    assert_eq!((inside(&book, "vip"), inside(&book, "day")), (0, 0));
    edit(&mut book, ObjectRef::Member(member), Field::Tags, "大客");
    assert_eq!((inside(&book, "vip"), inside(&book, "day")), (1, 1));
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!((inside(&book, "vip"), inside(&book, "day")), (0, 0));
    book.tick_at("2026-11-23 11:00");
    assert!(book.open().is_empty(), "{:?}", book.open());
    book.desk.run(Command::Redo).unwrap();
    assert_eq!((inside(&book, "vip"), inside(&book, "day")), (1, 1));
    let target = Target::Member(member);
    check(&mut book, "vip", target, 4, 4);
    assert!(come(&mut book, "day", target, 3).iter().all(|row| row.1 == "11-26"));
    // losing it and gaining it again is the same round
    edit(&mut book, ObjectRef::Member(member), Field::Tags, "");
    edit(&mut book, ObjectRef::Member(member), Field::Tags, "大客");
    assert_eq!(
        (inside(&book, "vip"), book.tasks().iter().filter(|t| t.status.state.is_open()).count()),
        (1, 0)
    );
}

#[test]
fn an_order_a_group_and_an_account_are_looked_at_as_they_change() {
    let mut book = Book::new();
    rules(&mut book, "");
    let (member, group) = (book.member("张三"), book.group("宠友1群"));
    book.sop(&of("buyers", "orders>=1", DAILY));
    book.sop(&of("pets", "group:宠友", DAILY));
    let phones = sop(
        "phones",
        "account",
        "service",
        &format!("audience = \"holder:小李\"\n{DAILY}"),
        &["a | D0 10:00"],
    );
    book.sop(&phones.replace("via = \"private\"", "via = \"moments\""));
    assert_eq!([inside(&book, "buyers"), inside(&book, "pets"), inside(&book, "phones")], [0; 3]);
    let now = book.desk.now().wall;
    book.happened(member, ActivityKind::Bought, None, true, now);
    assert_eq!([inside(&book, "buyers"), inside(&book, "pets"), inside(&book, "phones")], [1, 0, 0]);
    book.join(member, group);
    assert_eq!([inside(&book, "buyers"), inside(&book, "pets"), inside(&book, "phones")], [1, 1, 0]);
    let account = book.account;
    edit(&mut book, ObjectRef::Account(account), Field::Holder, "小李");
    assert_eq!([inside(&book, "buyers"), inside(&book, "pets"), inside(&book, "phones")], [1, 1, 1]);
}

/// A member who rests from marketing until 11-25 10:01.
fn resting(book: &mut Book) -> MemberId {
    rules(book, "");
    let once =
        sop("once", "member", "marketing", "start = { on = \"added\" }\nrest = \"3d\"", &["a | D0 +1m"]);
    book.sop(&once);
    let member = book.member("张三");
    book.tick_at("2026-11-22 10:00");
    book.befriend(member);
    book.tick_at("2026-11-22 10:01");
    let once = book.open()[0].id;
    book.verb(once, TaskVerb::Sent { at: None, also: false });
    book.desk.tick();
    member
}

#[test]
fn whose_rest_is_over_enters_with_the_next_day() {
    let mut book = Book::new();
    let member = resting(&mut book);
    let target = Target::Member(member);
    book.sop(&of("daily", "", DAILY));
    book.sop(&of("day", "", DATED));
    book.sop(&of("missed", "", &DATED.replace("11-26", "11-25")));
    book.tick_at("2026-11-23 00:00");
    assert_eq!([inside(&book, "daily"), inside(&book, "day"), inside(&book, "missed")], [0; 3]);
    let lines = plan(&mut book, "daily", target, 6);
    assert_eq!(lines[0].reason, "2026-11-26 起进入");
    assert_eq!((lines[0].occurrence.to_string(), lines[0].never), ("2026-11-26".to_owned(), false));
    assert!(plan(&mut book, "daily", target, 2).iter().all(|line| line.never), "it is not over by then");
    let rows = planned(&plan(&mut book, "day", target, 6));
    assert!(plan(&mut book, "missed", target, 6).iter().all(|line| line.never));
    assert_eq!(foreseen(&mut book, 6), [0, 0, 0, 2, 1, 1]);
    book.desk.restart();
    book.tick_at("2026-11-25 15:00");
    assert_eq!([inside(&book, "daily"), inside(&book, "day"), inside(&book, "missed")], [0; 3]);
    assert_eq!(foreseen(&mut book, 4), [0, 2, 1, 1]);
    check(&mut book, "daily", target, 4, 4);
    let day = |task: &Task| matches!(&task.kind, crate::book::TaskKind::Step { key, .. } if key.playbook.0 == "day");
    assert_eq!((rows.len(), book.tasks().iter().filter(|task| day(task)).count()), (1, 1));
    assert_eq!(inside(&book, "missed"), 0);
}

#[test]
fn who_has_been_silent_for_long_enough_enters_with_that_day() {
    let mut book = Book::new();
    rules(&mut book, "");
    let (member, speaks) = (book.member("张三"), book.member("李四"));
    let now = book.desk.now().wall;
    for one in [member, speaks] {
        book.happened(one, ActivityKind::Replied, None, true, now);
    }
    book.sop(&of("p", "silent>=3d", DAILY));
    let target = Target::Member(member);
    assert_eq!(foreseen(&mut book, 5), [0, 0, 0, 2, 2]);
    book.tick_at("2026-11-24 12:00");
    book.happened(speaks, ActivityKind::Replied, None, true, at("2026-11-24 12:00"));
    assert_eq!(plan(&mut book, "p", target, 3)[0].reason, "2026-11-25 起进入");
    check(&mut book, "p", target, 3, 3);
    assert_eq!(inside(&book, "p"), 2, "the other fits on 11-27");
}

#[test]
fn who_was_taken_out_stays_out() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("张三");
    book.sop(&of("p", "", DAILY));
    let columns = &book.desk.desk.store().columns;
    let enrolments: Vec<_> = columns.enrolments.iter().map(|(_, id, _)| id).collect();
    book.desk.run(Command::Unenrol { enrolments }).unwrap();
    edit(&mut book, ObjectRef::Member(member), Field::Tags, "大客");
    book.tick_at("2026-11-24 12:00");
    assert_eq!((inside(&book, "p"), book.open().len()), (0, 0));
    let refused = asked(&mut book, "p", Target::Member(member), None, 3).unwrap_err();
    assert!(refused.words.contains("不会自己再进入"), "{}", refused.words);
}

#[test]
fn many_come_to_fit_in_slices() {
    let mut book = Book::new();
    book.no_rules();
    let now = book.desk.now().wall;
    for n in 0..300 {
        let member = book.member(&format!("客{n}"));
        book.happened(member, ActivityKind::Replied, None, true, now);
    }
    book.sop(&of("p", "silent>=3d", DAILY));
    assert_eq!(inside(&book, "p"), 0);
    book.desk.at("2026-11-25 00:00");
    book.desk.most = (0, 0);
    book.desk.tick();
    assert_eq!(inside(&book, "p"), 300);
    assert!(book.desk.most.0 <= 250, "{} records in one turn", book.desk.most.0);
}

/// Who was taken out comes in again where a human says so, and who was away when they are back; nobody else does.
#[test]
fn who_was_taken_out_or_away_comes_in_again() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("张三");
    book.befriend(member);
    book.sop(&of("daily", "", DAILY));
    book.tick_at("2026-11-23 09:00");
    assert_eq!(inside(&book, "daily"), 1);
    let columns = &book.desk.desk.store().columns;
    let id = columns.enrolments.iter().map(|(_, id, _)| id).next().unwrap();
    book.desk.run(Command::Unenrol { enrolments: vec![id] }).unwrap();
    edit(&mut book, ObjectRef::Member(member), Field::Tags, "大客");
    book.tick_at("2026-11-24 09:00");
    assert_eq!(inside(&book, "daily"), 0, "by itself nobody comes back who was taken out");
    enrol(&mut book, "daily", Target::Member(member));
    assert_eq!(inside(&book, "daily"), 1);
    let object = ObjectRef::Member(member);
    book.desk.run(Command::Archive { object }).unwrap();
    book.tick_at("2026-11-24 12:00");
    assert_eq!(inside(&book, "daily"), 0);
    book.desk
        .run(Command::Restore { kind: crate::door::form::Kind::Member, text: "张三".to_owned() })
        .unwrap();
    book.tick_at("2026-11-24 12:05");
    assert_eq!(inside(&book, "daily"), 1);
    check(&mut book, "daily", Target::Member(member), 3, 3);
}

/// Who comes in the afternoon has missed what was said at noon, and nothing else.
#[test]
fn a_span_of_the_first_day_that_was_over_before_keeps_nobody_out() {
    let noon = |hello: &str| {
        format!(
            "id = \"fw\"\ntitle = \"fw\"\nfor = \"member\"\nclass = \"service\"\nstart = {{ on = \"added\" }}\n{hello}\
             [[step]]\nid = \"noon\"\nat = \"D0 09:05\"\nuntil = \"D0 09:10\"\nlate = \"drop\"\nvia = \"private\"\ntext = [\"午\"]\n"
        )
    };
    let hello = "[[step]]\nid = \"hello\"\nat = \"D0 +5m\"\nvia = \"private\"\ntext = [\"你好\"]\n";
    for (hello, enters) in [(hello, 1), ("", 0)] {
        let mut book = Book::new();
        book.no_rules();
        book.sop(&noon(hello));
        book.tick_at("2026-11-22 09:20");
        let member = book.member("甲");
        book.befriend(member);
        assert_eq!(inside(&book, "fw"), enters, "{hello}");
        book.tick_at("2026-11-22 09:26");
        let open = book.open();
        assert_eq!(open.len(), enters, "{open:?}");
    }
}
