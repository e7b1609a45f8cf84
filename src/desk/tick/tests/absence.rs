//! Who comes to fit by time alone while no desk runs: they are owed what they would have been owed, and it is dealt with
//! like what anybody else missed.

use proptest::prelude::*;

use super::newly::inside;
use super::plans::{check, plan, planned, rules, sop};
use super::*;
use crate::book::{TaskKey, TaskKind};
use crate::desk::testing::at;
use crate::door::command::ObjectRef;
use crate::door::form::Field;

const DAILY: &str = "start = { on = \"recurrence\", every = \"daily\" }";

fn of(id: &str, audience: &str, start: &str, step: &str) -> String {
    sop(id, "member", "marketing", &format!("audience = \"{audience}\"\n{start}"), &[step])
}

/// What is owed by playbooks that take whoever is there: its key, whether it is still offered, and since when.
fn owed(book: &Book) -> Vec<(TaskKey, TaskState, Option<Timestamp>)> {
    let mut owed: Vec<_> = book
        .tasks()
        .into_iter()
        .filter_map(|task| {
            let TaskKind::Step { key, .. } = task.kind else { return None };
            let open = task.status.state.is_open();
            Some((key, task.status.state, open.then_some(task.status.due_at)))
        })
        .filter(|(key, ..)| key.playbook.0 != "once")
        .collect();
    owed.sort_by(|one, other| one.0.cmp(&other.0));
    owed
}

fn edit(book: &mut Book, member: MemberId, field: Field, value: &str) {
    let fields = vec![(field, value.to_owned())];
    book.desk.run(Command::Edit { objects: vec![ObjectRef::Member(member)], fields }).unwrap();
}

/// Ticks whenever the desk asks for it until an instant.
pub(super) fn run_to(book: &mut Book, end: Timestamp) {
    while let Some(wake) = book.desk.last.wake_at.filter(|at| *at <= end) {
        let now = book.desk.now().wall;
        book.desk.at_time(wake.max(Timestamp(now.0 + 1)));
        book.desk.tick();
    }
    book.desk.at_time(end);
    book.desk.tick();
}

/// The desk is off until an instant; somebody may have told it something meanwhile, without a tick.
fn off_to(book: &mut Book, end: Timestamp, tells: Option<Timestamp>) {
    book.desk.restart();
    if let Some(told_at) = tells {
        book.desk.at_time(told_at);
        book.group("没有关系");
        book.desk.restart();
    }
    book.desk.at_time(end);
    book.desk.tick();
    if book.desk.desk.tick.held.is_some() {
        book.desk.run(Command::ConfirmClock).unwrap();
        book.desk.tick();
    }
}

/// Whose rest from marketing ends so many days after 11-22.
fn rest_of(book: &mut Book, member: MemberId, days: u32) {
    let once = sop(
        "once",
        "member",
        "marketing",
        &format!("start = {{ on = \"added\" }}\nrest = \"{days}d\""),
        &["a | D0 +1m"],
    );
    book.sop(&once);
    book.befriend(member);
    let now = book.desk.now().wall;
    book.desk.at_time(Timestamp(now.0 + crate::book::time::MINUTE));
    book.desk.tick();
    let open = book.open().into_iter().find(|task| task.target == Target::Member(member)).unwrap().id;
    book.verb(open, TaskVerb::Sent { at: None, also: false });
    book.desk.tick();
}

#[test]
fn who_came_to_fit_while_no_desk_ran_is_owed_what_fell_due_since() {
    for (away, kind) in [("rest", "daily"), ("rest", "dated"), ("silent", "daily"), ("silent", "dated")] {
        let begun = || {
            let mut book = Book::new();
            rules(&mut book, "");
            let member = book.member("张三");
            let audience = if away == "rest" {
                rest_of(&mut book, member, 2);
                ""
            } else {
                let now = book.desk.now().wall;
                book.happened(member, ActivityKind::Replied, None, true, now);
                "silent>=3d"
            };
            let start =
                if kind == "daily" { DAILY } else { "start = { on = \"date\", date = \"2026-11-26\" }" };
            book.sop(&of("kept", audience, start, "a | D0 10:00"));
            book.sop(&of("day", audience, start, "a | D0 10:00 | until = \"D0 20:00\"\nlate = \"drop\""));
            book.tick_at("2026-11-23 00:00");
            assert!(inside(&book, "kept") == 0 && inside(&book, "day") == 0);
            (book, member)
        };
        let (mut on, member) = begun();
        let target = Target::Member(member);
        let promised = planned(&plan(&mut on, "kept", target, 5));
        run_to(&mut on, at("2026-11-28 15:00"));
        let came = owed(&on);
        assert!(!promised.is_empty() && came.len() > promised.len(), "{away} {kind}: {came:?}");
        for tells in [None, Some(at("2026-11-28 14:00"))] {
            let (mut off, _) = begun();
            off_to(&mut off, at("2026-11-28 15:00"), tells);
            let other = owed(&off);
            assert_eq!(came, other, "{away} {kind} {tells:?}");
        }
    }
}

/// What a filter lets in for some days only, days that are over when the desk is back.
#[test]
fn who_fitted_for_a_while_has_entered() {
    let begun = || {
        let mut book = Book::new();
        rules(&mut book, "");
        let member = book.member("张三");
        let now = book.desk.now().wall;
        book.happened(member, ActivityKind::Replied, None, true, now);
        book.sop(&of("p", "silent:2..3", DAILY, "a | D0 10:00 | until = \"D0 20:00\""));
        book.tick_at("2026-11-23 00:00");
        book
    };
    let mut on = begun();
    run_to(&mut on, at("2026-11-29 15:00"));
    let mut off = begun();
    off_to(&mut off, at("2026-11-29 15:00"), None);
    assert_eq!((inside(&on, "p"), inside(&off, "p")), (1, 1));
    let keys = |book: &Book| owed(book).into_iter().map(|(key, ..)| key).collect::<Vec<_>>();
    assert_eq!(keys(&on), keys(&off));
}

/// A year is looked at in slices, and no more of it than that.
#[test]
fn a_long_absence_is_looked_at_in_slices() {
    let mut book = Book::new();
    book.no_rules();
    let now = book.desk.now().wall;
    let members: Vec<MemberId> = (0..60).map(|n| book.member(&format!("客{n}"))).collect();
    for member in members.iter().take(30) {
        book.happened(*member, ActivityKind::Replied, None, true, now);
    }
    let step = "a | D0 10:00 | until = \"D0 20:00\"\nlate = \"drop\"";
    book.sop(&of("p", "silent>=300", "start = { on = \"recurrence\", every = \"monthly: 1\" }", step));
    book.desk.most = (0, 0);
    off_to(&mut book, at("2027-11-02 15:00"), None);
    assert_eq!(inside(&book, "p"), 30);
    assert!(book.desk.most.0 <= 250, "{} records in one turn", book.desk.most.0);
    let first = owed(&book).into_iter().map(|(key, ..)| key.occurrence.to_string()).min();
    assert_eq!(first.as_deref(), Some("2027-10-01"));
}

/// The plan of a desk that was off says what its tick then makes.
#[test]
fn the_plan_after_an_absence_is_what_comes() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("张三");
    rest_of(&mut book, member, 2);
    book.sop(&of("p", "", DAILY, "a | D0 10:00"));
    book.tick_at("2026-11-23 00:00");
    book.desk.restart();
    book.desk.at("2026-11-27 09:00");
    check(&mut book, "p", Target::Member(member), 4, 4);
}

const AUDIENCES: [&str; 5] = ["", "silent>=2d", "tag:大客", "tag:大客 silent>=3d", "silent>=1d OR tag:大客"];
const STARTS: [&str; 5] = [
    DAILY,
    "start = { on = \"recurrence\", every = \"2 days\" }",
    "start = { on = \"recurrence\", every = \"weekdays\" }",
    "start = { on = \"date\", date = \"2026-11-27\" }",
    "start = { on = \"birthday\" }",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 0, ..ProptestConfig::default() })]

    /// Rests that end, silences that grow long enough and tags with them: ticked all the time and in one go give the
    /// same, whether something else was told meanwhile or not.
    #[test]
    fn standing_is_the_same_tick_by_tick_and_in_one_go(
        people in proptest::collection::vec((0_u32..5, 0_i64..100, any::<bool>()), 1..5),
        audiences in proptest::collection::vec(0..AUDIENCES.len(), 2), starts in proptest::collection::vec(0..STARTS.len(), 2),
        minutes in 0_u16..1440, drop in any::<bool>(), gone in 1_i64..40, length in 10_i64..240, tells in proptest::option::of(0_i64..100),
        zone in prop_oneof![Just(""), Just("tz = \"America/New_York\"\n")]
    ) {
        let begun = || {
            let mut book = Book::new();
            book.no_rules();
            for (n, (rest, heard, tagged)) in people.iter().enumerate() {
                let member = book.member(&format!("客{n}"));
                let now = book.desk.now().wall;
                if *rest > 0 {
                    rest_of(&mut book, member, *rest);
                } else {
                    book.happened(member, ActivityKind::Replied, None, true, Timestamp(now.0 - heard * crate::book::time::HOUR));
                }
                if *tagged {
                    edit(&mut book, member, Field::Tags, "大客");
                }
                edit(&mut book, member, Field::Birthday, &format!("11-{}", 24 + n));
            }
            for (n, (audience, start)) in audiences.iter().zip(&starts).enumerate() {
                let more = if drop { " | until = \"+5h\"\nlate = \"drop\"" } else { "" };
                let step = format!("a | D0 {:02}:{:02}{more}", minutes / 60, minutes % 60);
                let start = format!("{zone}{}", STARTS[*start]);
                book.sop(&of(&format!("p{n}"), AUDIENCES[*audience], &start, &step));
            }
            let now = book.desk.now().wall;
            run_to(&mut book, Timestamp(now.0 + gone * crate::book::time::HOUR));
            book
        };
        let mut on = begun();
        let from = on.desk.now().wall;
        let end = Timestamp(from.0 + length * crate::book::time::HOUR);
        run_to(&mut on, end);
        let mut off = begun();
        let told_at = tells.map(|share| Timestamp(from.0 + (end.0 - from.0) / 100 * share));
        off_to(&mut off, end, told_at);
        prop_assert_eq!(owed(&on), owed(&off));
    }
}
