//! Bulk work goes in slices: what one turn writes is bounded, human acts go on in between, and what a failed commit
//! did is taken back whole.

use super::*;
use crate::book::ObjectId;
use crate::door::{Push, RefusalKind, Reply, Request};

/// What one turn may write of bulk work: a slice's records and those of its last wake-up.
const RECORDS_MAX: u64 = 250;

const CALL: &str = r#"
id = "call"
title = "回访"
for = "member"
class = "service"
start = { on = "by-hand" }
[[step]]
id = "ask"
at = "D0 12:00"
via = "private"
text = ["最近好吗"]
"#;

const EACH: &str = r#"
id = "each"
title = "逐个通知"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "each"
at = "D0 10:00"
until = "D0 22:00"
via = "private"
who = "-tag:勿扰"
text = ["通知"]
"#;

fn with_members(count: usize) -> (Book, Vec<MemberId>) {
    let mut book = Book::new();
    book.no_rules();
    let members = (0..count).map(|n| book.member(&format!("客{n}"))).collect();
    (book, members)
}

fn enrol_everybody(playbook: &str, dry_run: bool) -> Command {
    Command::Enrol {
        playbook: PlaybookId(playbook.to_owned()),
        targets: Vec::new(),
        filter: "-tag:勿扰".to_owned(),
        anchor: None,
        dry_run,
    }
}

#[test]
fn many_are_enrolled_in_slices_and_taken_back_by_one_undo() {
    let (mut book, members) = with_members(260);
    book.sop(CALL);
    book.desk.most = (0, 0);
    let dry = book.desk.run(enrol_everybody("call", true)).unwrap();
    assert_eq!(dry.import.unwrap().entering, [("回访".to_owned(), 260, 0, crate::door::form::Kind::Member)]);
    assert_eq!(book.desk.most.0, 0, "a dry run writes nothing");

    let enrolled = book.desk.run(enrol_everybody("call", false)).unwrap();
    assert_eq!(enrolled.enrolled.len(), members.len());
    assert!(book.desk.most.0 <= RECORDS_MAX, "{} records in one turn", book.desk.most.0);
    let again = book.desk.run(enrol_everybody("call", false)).unwrap();
    assert_eq!((again.enrolled.len(), again.act), (0, None), "nobody enters twice");

    book.desk.run(Command::Undo { act: enrolled.act }).unwrap();
    book.tick_at("2026-11-22 12:00");
    assert!(book.open().is_empty());
}

const HELLO: &str = r#"
id = "hello"
title = "早安"
for = "member"
class = "service"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "a"
at = "D0 08:00"
via = "private"
text = ["早"]
"#;

fn add(toml: &str) -> Command {
    Command::SopAdd { toml: toml.to_owned(), file: "店.toml".to_owned(), new_only: false, base: None }
}

#[test]
fn a_playbook_for_everybody_is_applied_in_slices_edited_in_slices_and_undone_whole() {
    let (mut book, members) = with_members(260);
    let running = |book: &Book| {
        let columns = &book.desk.desk.store.columns;
        let current = columns.playbooks.get(&PlaybookId("hello".into())).map_or(0, |column| column.current);
        let runs = |state| matches!(state, crate::store::columns::enrolment::RunState::Active);
        columns.enrolments.iter().filter(|(_, _, e)| runs(e.state) && e.version == current).count()
    };
    book.desk.most = (0, 0);
    let added = book.desk.run(add(HELLO)).unwrap();
    assert_eq!(added.words, format!("已应用 早安，{} 人进入", members.len()));
    assert_eq!(running(&book), members.len());
    let again = book.desk.run(add(HELLO)).unwrap();
    assert_eq!((again.words.as_str(), again.act), ("早安 没有变化", None));

    let edited = book.desk.run(add(&HELLO.replace("08:00", "09:00"))).unwrap();
    assert!(edited.act.is_some());
    assert_eq!(running(&book), members.len(), "somebody stayed on the old text");
    assert!(book.desk.most.0 <= RECORDS_MAX, "{} records in one turn", book.desk.most.0);

    book.desk.run(Command::Undo { act: edited.act }).unwrap();
    book.desk.tick();
    assert_eq!(running(&book), members.len(), "somebody stayed on the edited text");
    book.desk.run(Command::Undo { act: added.act }).unwrap();
    book.tick_at("2026-11-23 10:00");
    assert!(book.open().is_empty());
}

#[test]
fn a_command_that_is_repeated_while_it_goes_on_is_carried_out_once() {
    let (mut book, members) = with_members(120);
    book.sop(CALL);
    let command_id = book.desk.desk.ids.next(book.desk.now().wall);
    let request = || Request::Do { command_id, command: enrol_everybody("call", false), saw: None };
    let first = book.desk.begin_as("小李", request());
    let second = book.desk.begin_as("小李", request());
    assert!(book.desk.last.more);
    book.desk.tick();
    let (first, second) = (book.desk.answer(first).unwrap(), book.desk.answer(second).unwrap());
    let Reply::Done(outcome) = &first else { panic!("{first:?}") };
    assert_eq!(outcome.enrolled.len(), members.len());
    assert_eq!(first, second);
    let late = book.desk.begin_as("小李", request());
    assert_eq!(book.desk.answer(late), Some(first), "and after it is done");
    assert_eq!(book.desk.desk.store.columns.enrolments.len(), members.len());
}

#[test]
fn a_tick_that_fires_much_lets_human_acts_through() {
    let (mut book, members) = with_members(300);
    book.sop(CALL);
    book.desk.run(enrol_everybody("call", false)).unwrap();
    book.desk.at("2026-11-22 12:00");
    book.desk.most = (0, 0);
    book.desk.tick_once();
    assert!(book.desk.last.more);
    let fired = book.open().len();
    assert!(fired > 0 && fired < members.len(), "{fired}");
    let note = Command::Note { on: vec![ObjectId::Member(members[0])], text: "忙".to_owned() };
    let command_id = book.desk.desk.ids.next(book.desk.now().wall);
    let tag = book.desk.begin_as("小李", Request::Do { command_id, command: note, saw: None });
    assert!(matches!(book.desk.answer(tag), Some(Reply::Done(_))), "it is answered in its own turn");
    assert!(book.desk.last.more);
    book.desk.tick();
    assert_eq!(book.open().len(), members.len());
    assert!(book.desk.most.0 <= RECORDS_MAX, "{} records in one turn", book.desk.most.0);
}

#[test]
fn a_step_for_each_of_many_is_fanned_out_in_slices() {
    let (mut book, members) = with_members(260);
    let group = book.group("大群");
    for member in &members {
        book.join(*member, group);
    }
    book.sop(EACH);
    book.desk.most = (0, 0);
    book.tick_at("2026-11-22 10:00");
    let each =
        book.open().iter().filter(|task| matches!(task.kind, crate::book::TaskKind::Step { .. })).count();
    assert_eq!(each, members.len());
    assert!(book.desk.most.0 <= RECORDS_MAX, "{} records in one turn", book.desk.most.0);
}

#[test]
fn silences_are_looked_for_in_slices() {
    let (mut book, members) = with_members(150);
    book.sop(
        r#"
id = "wake"
title = "沉默唤醒"
for = "member"
class = "service"
start = { on = "silence", days = 2, since = "reply" }
[[step]]
id = "r1"
at = "D0 10:00"
via = "private"
text = ["好久不见"]
"#,
    );
    for member in &members {
        let now = book.desk.now().wall;
        book.happened(*member, ActivityKind::Replied, None, false, now);
    }
    book.desk.most = (0, 0);
    book.tick_at("2026-11-24 09:00");
    assert_eq!(book.desk.desk.store.columns.enrolments.len(), members.len());
    assert!(book.desk.most.0 <= RECORDS_MAX, "{} records in one turn", book.desk.most.0);
}

/// Leaves so little room that no frame fits behind the last.
fn fill_disk(book: &mut Book, group: GroupId) {
    book.desk.room(Some(0));
    for length in [20_000, 2_000, 200, 20] {
        let note = || Command::Note { on: vec![ObjectId::Group(group)], text: "满".repeat(length) };
        while book.desk.run(note()).is_ok() {}
    }
}

#[test]
fn what_a_failed_commit_did_to_the_tick_is_taken_back() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    book.sop(MORNING);
    fill_disk(&mut book, group);
    let silences = book.desk.desk.tick.swept;
    let before = crate::desk::testing::columns_text(&book.desk.desk.store.columns);

    // an absence: it would fire, and a digest would be made
    book.desk.pushed.clear();
    book.desk.at("2026-11-23 10:00").tick_once();
    let tick = &book.desk.desk.tick;
    assert!(tick.due && tick.digest.is_none(), "{tick:?}");
    assert_eq!(tick.ticked_at.map(|at| at < book.desk.now().wall), Some(true));
    assert!(tick.swept.is_none() || tick.swept == silences);
    let digests = |book: &Book| book.desk.pushed.iter().filter(|p| matches!(p, Push::Digest(_))).count();
    assert_eq!(digests(&book), 0, "nobody is told of what was taken back");
    assert!(!book.desk.pushed.iter().any(|push| matches!(push, Push::Fired { .. })));
    assert_eq!(crate::desk::testing::columns_text(&book.desk.desk.store.columns), before);
    // and it is not tried again and again
    assert!(!book.desk.last.more);
    let now = book.desk.now().wall;
    assert!(book.desk.last.wake_at.is_some_and(|at| at.since(now) > 1_000), "{:?}", book.desk.last.wake_at);

    book.desk.room(None);
    book.desk.at("2026-11-23 10:01").tick();
    assert_eq!(book.open().len(), 1);
    assert_eq!(digests(&book), 1);
    assert!(book.desk.desk.tick.digest.is_some());
    assert!(book.desk.desk.unwritable.is_none());
}

#[test]
fn a_clock_that_was_not_confirmed_stays_held() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    book.sop(MORNING);
    fill_disk(&mut book, group);
    book.desk.at("2027-03-01 10:00").tick();
    let held = book.desk.desk.tick.held;
    assert!(held.is_some());
    let refused = book.desk.run(Command::ConfirmClock).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Store);
    assert_eq!(book.desk.desk.tick.held, held);

    book.desk.room(None);
    book.desk.run(Command::ConfirmClock).unwrap();
    assert!(book.desk.desk.tick.held.is_none());
}

#[test]
fn what_was_missed_stays_to_be_decided_when_the_decision_is_not_durable() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    book.sop(MORNING);
    book.tick_at("2026-11-22 10:30");
    assert_eq!(book.open().len(), 1);
    let digest = book.desk.desk.tick.digest.clone();
    assert!(digest.is_some());
    fill_disk(&mut book, group);
    let choice = Command::CatchUp { playbook: None, choice: CatchUp::Expire };
    assert_eq!(book.desk.run(choice.clone()).unwrap_err().kind, RefusalKind::Store);
    assert_eq!(book.desk.desk.tick.digest, digest);
    assert_eq!(book.open().len(), 1);

    book.desk.room(None);
    book.desk.run(choice).unwrap();
    assert!(book.desk.desk.tick.digest.is_none());
    assert!(book.open().is_empty());
}

#[test]
fn many_who_were_to_enter_are_refused_together_when_the_disk_is_full() {
    let (mut book, _) = with_members(120);
    let group = book.group("宠友1群");
    book.sop(CALL);
    fill_disk(&mut book, group);
    let refused = book.desk.run(enrol_everybody("call", false)).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Store);
    assert_eq!(book.desk.desk.store.columns.enrolments.len(), 0);
    assert!(book.desk.desk.rehearsals.is_empty());

    book.desk.room(None);
    let enrolled = book.desk.run(enrol_everybody("call", false)).unwrap();
    assert_eq!(enrolled.enrolled.len(), 120);
}

/// The disk is full in the middle: what was promised is said so, and goes on by itself; the command asked again doubles
/// nothing.
#[test]
fn who_was_promised_to_enter_enters_when_there_is_room_again() {
    let (mut book, members) = with_members(300);
    let group = book.group("宠友1群");
    book.sop(CALL);
    let command_id = book.desk.desk.ids.next(book.desk.now().wall);
    let request = || Request::Do { command_id, command: enrol_everybody("call", false), saw: None };
    let tag = book.desk.begin_as("小李", request());
    book.desk.idle();
    let entered = book.desk.desk.store.columns.enrolments.len();
    assert!(book.desk.answer(tag).is_none() && entered < members.len(), "{entered}");
    fill_disk(&mut book, group);
    book.desk.idle();
    let Some(Reply::Done(outcome)) = book.desk.answer(tag) else { panic!("it is answered") };
    assert!(outcome.going_on && outcome.act.is_some(), "{outcome:?}");
    let entered: usize = outcome.words.split(' ').next().unwrap().parse().unwrap();
    assert!(entered > 0 && entered <= book.desk.desk.store.columns.enrolments.len());
    assert_eq!(outcome.words, format!("{entered} 个进入 回访 (call)，正在进行"));
    assert!(book.desk.desk.store.columns.enrolments.len() < members.len());

    book.desk.room(None);
    let now = Timestamp(book.desk.now().wall.0 + 11_000);
    book.desk.at_time(now).tick();
    assert_eq!(book.desk.desk.store.columns.enrolments.len(), members.len());
    let Reply::Done(again) = book.desk.ask_as("小李", request()) else { panic!("it is answered") };
    assert_eq!((again.act, again.words.as_str()), (outcome.act, "300 个进入 回访 (call)"));
}
