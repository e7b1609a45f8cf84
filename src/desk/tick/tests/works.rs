//! What an act leaves is done in slices: no turn does more than its share, human acts go on in between, a crash in the
//! middle ends it all the same, and one undo takes all of it back.
//!
//! One file because every work goes through the same checks.

use super::*;
use crate::book::{Campaign, Class, Health, ObjectId, TaskKind, Wave};
use crate::door::command::Held;
use crate::door::reply::Outcome;
use crate::door::{Reply, Request};
use crate::store::columns::enrolment::RunState;

/// What one turn may write: its changes, what follows from them, and the marks of what is left.
pub(super) const RECORDS_MAX: u64 = 100;

/// How many are called.
pub(super) const CALLED: usize = 1_500;

pub(super) const CALL: &str = r#"
id = "call"
title = "回访"
for = "member"
class = "care"
start = { on = "by-hand" }
[[step]]
id = "ask"
at = "D0 12:00"
via = "private"
text = ["最近好吗"]
[[step]]
id = "again"
at = "D9 12:00"
via = "private"
text = ["现在好吗"]
"#;

/// Everybody is in the playbook; half of the book's work is due at noon.
pub(super) fn called() -> Book {
    let mut book = Book::new();
    book.no_rules();
    book.group("一群");
    let now = book.desk.now().wall;
    let (account, desk) = (book.account, &mut book.desk.desk);
    let mut act = desk.tick_act(now);
    act.by.via = "screen".to_owned();
    for n in 0..CALLED {
        let member = desk.ids.next(now);
        let contact = Contact {
            member,
            account,
            since: Some(now),
            state: ContactState::Friend,
            remark: String::new(),
            search_term: String::new(),
        };
        desk.stage(&act, Body::MemberMade(Member::new(member, format!("客{n}"), now))).unwrap();
        desk.stage(&act, Body::ContactSet { before: None, after: Some(contact) }).unwrap();
    }
    desk.store.commit().unwrap();
    book.sop(CALL);
    let everybody = Command::Enrol {
        playbook: PlaybookId("call".into()),
        targets: Vec::new(),
        filter: "-tag:勿扰".to_owned(),
        anchor: None,
        dry_run: false,
    };
    assert_eq!(book.desk.run(everybody).unwrap().enrolled.len(), CALLED);
    book.tick_at("2026-11-22 12:00");
    assert_eq!(book.open().len(), CALLED);
    book
}

/// How every enrolment and every task stands; what was made and taken back is passed by.
fn stands(book: &Book) -> Vec<String> {
    let store = book.desk.desk.store();
    let tasks = book.tasks().into_iter().filter(|task| {
        matches!(task.kind, TaskKind::Step { .. }) || task.status.state != TaskState::Cancelled
    });
    let tasks = tasks.map(|task| {
        let TaskStatus { state, held, account, edited, snoozed_until, until, .. } = task.status;
        format!("{:?} {state:?} {held:?} {account:?} {edited:?} {snoozed_until:?} {until:?}", task.target)
    });
    let enrolments = store.columns.enrolments.iter().map(|(_, id, column)| {
        let playbook = store.columns.playbook_at(column.playbook);
        let text = playbook.and_then(|(_, playbook)| playbook.versions.get(&column.version));
        format!("{id} {:?} {:?} {:?}", column.state, column.next_at(), text)
    });
    enrolments.chain(tasks).collect()
}

pub(super) fn differ(one: &[String], other: &[String]) -> Option<(String, String)> {
    let differs = one.iter().zip(other).find(|(a, b)| a != b).map(|(a, b)| (a.clone(), b.clone()));
    differs.or_else(|| (one.len() != other.len()).then(|| (one.len().to_string(), other.len().to_string())))
}

/// Begins a command that goes on; a note comes in between and is answered in its own turn.
pub(super) fn begin(book: &mut Book, command: Command) -> u64 {
    book.desk.most = (0, 0);
    let command_id = book.desk.desk.ids.next(book.desk.now().wall);
    let tag = book.desk.begin_as("小李", Request::Do { command_id, command, saw: None });
    assert!(book.desk.last.more && !book.desk.desk.store.columns.works.is_empty(), "it is done in one turn");
    let group = book.desk.desk.store.columns.groups.id(0).unwrap();
    let note = Command::Note { on: vec![ObjectId::Group(group)], text: "忙".to_owned() };
    let command_id = book.desk.desk.ids.next(book.desk.now().wall);
    let between = book.desk.begin_as("小王", Request::Do { command_id, command: note, saw: None });
    assert!(matches!(book.desk.answer(between), Some(Reply::Done(_))), "a human act waits");
    assert!(book.desk.answer(tag).is_none());
    tag
}

pub(super) fn end(book: &mut Book, tag: u64) -> Outcome {
    for _ in 0..10_000 {
        match book.desk.answer(tag) {
            Some(Reply::Done(outcome)) => {
                assert!(book.desk.most.0 <= RECORDS_MAX, "{} records in one turn", book.desk.most.0);
                assert!(book.desk.desk.store.columns.works.is_empty());
                return outcome;
            }
            Some(other) => panic!("{other:?}"),
            None => book.desk.idle(),
        }
    }
    panic!("it does not end")
}

/// Undoes an act, whatever it takes, in slices too.
pub(super) fn undo(book: &mut Book, outcome: &Outcome) {
    book.desk.most = (0, 0);
    book.desk.run(Command::Undo { act: outcome.act }).unwrap();
    book.desk.tick();
    // twice as many as are put back, each with what follows from it
    assert!(book.desk.most.0 <= 2 * RECORDS_MAX, "{} records in one turn", book.desk.most.0);
}

/// A command is carried out in slices, the same after a crash in the middle, is undone, also in the middle, and done
/// again; gives its outcome and how everything stands then.
pub(super) fn check(book: &mut Book, command: &Command) -> (Outcome, Vec<String>) {
    let before = stands(book);
    let tag = begin(book, command.clone());
    let outcome = end(book, tag);
    let after = stands(book);
    assert_ne!(after, before);
    undo(book, &outcome);
    assert_eq!(differ(&stands(book), &before), None, "undone");

    // undone in the middle, and taken up again by a redo
    begin(book, command.clone());
    let act = book.desk.desk.store.columns.works[0].act;
    book.desk.run_as("小李", Command::Undo { act: Some(act) }).unwrap();
    book.desk.tick();
    assert!(book.desk.desk.store.columns.works.is_empty());
    assert_eq!(differ(&stands(book), &before), None, "undone in the middle");
    book.desk.run_as("小李", Command::Redo).unwrap();
    book.desk.tick();
    assert_eq!(differ(&stands(book), &after), None, "done again");
    undo(book, &Outcome { act: Some(act), ..Outcome::default() });
    assert_eq!(differ(&stands(book), &before), None, "undone once more");

    // the process ends in the middle
    begin(book, command.clone());
    book.desk.restart();
    assert!(!book.desk.desk.store.columns.works.is_empty());
    book.desk.tick();
    assert_eq!(differ(&stands(book), &after), None, "after a crash");
    (outcome, after)
}

/// The newest act of whoever begins these commands, as the history names it.
fn named(book: &mut Book) -> String {
    match book.desk.ask_as("小李", Request::Log { before: None, limit: 1, mine: true }) {
        Reply::Log(entries) => entries[0].words.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_playbook_is_removed() {
    let mut book = called();
    let (outcome, _) = check(&mut book, &Command::SopRemove { playbook: PlaybookId("call".into()) });
    assert_eq!(outcome.words, "已移除 call");
    assert!(book.open().is_empty());
}

/// Who goes through what, and what is open; what was taken back is passed by.
pub(super) fn inside(book: &Book) -> Vec<String> {
    let columns = &book.desk.desk.store().columns;
    let title = |at| columns.playbook_at(at).and_then(|(_, p)| Some((p.versions.get(&p.current)?, p.state)));
    let runs = columns.enrolments.iter().filter(|(_, _, e)| e.state == RunState::Active);
    let runs = runs.map(|(_, _, e)| {
        format!("{:?} {:?} {:?} {:?} {}", e.target, e.group, title(e.playbook), e.next_at(), e.version)
    });
    let open = book.open().into_iter().map(|task| format!("{:?} {:?}", task.target, task.status.state));
    runs.chain(open).collect()
}

/// A command that enters many is carried out in slices, undone, undone in the middle and done again, cut off and asked
/// again; gives what it answers.
pub(super) fn enters(book: &mut Book, command: &Command, entered: usize) -> Outcome {
    let before = inside(book);
    let tag = begin(book, command.clone());
    let outcome = end(book, tag);
    let after = inside(book);
    assert_eq!(after.len() - before.len(), entered);
    undo(book, &outcome);
    assert_eq!(differ(&inside(book), &before), None, "undone");

    begin(book, command.clone());
    let act = book.desk.desk.store.columns.works[0].act;
    book.desk.run_as("小李", Command::Undo { act: Some(act) }).unwrap();
    book.desk.tick();
    assert!(book.desk.desk.store.columns.works.is_empty());
    assert_eq!(differ(&inside(book), &before), None, "undone in the middle");
    book.desk.run_as("小李", Command::Redo).unwrap();
    book.desk.tick();
    assert_eq!(inside(book).len() - before.len(), entered, "done again");
    undo(book, &Outcome { act: Some(act), ..Outcome::default() });

    // the process ends in the middle: asked again, it is the same act
    let command_id = book.desk.desk.ids.next(book.desk.now().wall);
    let request = || Request::Do { command_id, command: command.clone(), saw: None };
    book.desk.begin_as("小李", request());
    let act = book.desk.desk.store.columns.works[0].act;
    book.desk.restart();
    assert!(inside(book).len() - before.len() < entered);
    let Reply::Done(again) = book.desk.ask_as("小李", request()) else { panic!("it is answered") };
    assert_eq!(again.act, Some(act));
    assert!(!again.words.is_empty() && book.desk.desk.store.columns.works.is_empty());
    book.desk.tick();
    assert_eq!(inside(book).len() - before.len(), entered, "after a crash");
    outcome
}

fn sale(called: &mut Book) -> PlaybookId {
    called.sop(&CALL.replace("\"call\"", "\"sale\"").replace("回访", "上新").replace("D0 ", "D1 "));
    PlaybookId("sale".into())
}

#[test]
fn everybody_enters_by_hand() {
    let mut book = called();
    let (playbook, filter) = (sale(&mut book), "-tag:勿扰".to_owned());
    let command = Command::Enrol { playbook, targets: Vec::new(), filter, anchor: None, dry_run: false };
    let outcome = enters(&mut book, &command, CALLED);
    assert_eq!((outcome.words.as_str(), outcome.enrolled.len()), ("1500 人进入 上新", CALLED));
    assert_eq!(named(&mut book), "1500 个进入 上新 (sale)");
}

#[test]
fn everybody_of_a_group_enters_by_hand() {
    let mut book = called();
    let (playbook, group) = (sale(&mut book), book.group("大群"));
    let members: Vec<MemberId> =
        book.desk.desk.store.columns.members.iter().map(|(_, id, _)| id).take(400).collect();
    for member in members {
        book.join(member, group);
    }
    let (targets, filter) = (vec![Target::Group(group)], String::new());
    let command = Command::Enrol { playbook, targets, filter, anchor: None, dry_run: false };
    let outcome = enters(&mut book, &command, 400);
    assert_eq!(outcome.words, "400 人进入 上新");
}

#[test]
fn a_playbook_is_applied_to_whoever_is_there() {
    let recurs = "on = \"recurrence\", every = \"daily\"";
    let toml = CALL.replace("\"call\"", "\"hello\"").replace("on = \"by-hand\"", recurs);
    let toml = toml.replace("D0 12:00", "D0 23:00");
    let outcome = enters(&mut called(), &add(&toml), CALLED);
    assert_eq!(outcome.words, "已应用 回访，1500 人进入");
}

#[test]
fn a_one_off_is_made_for_everybody() {
    let mut book = called();
    let compose = crate::door::compose::Compose {
        to: crate::door::form::Kind::Member,
        filter: "-tag:勿扰".to_owned(),
        at: Timestamp(book.desk.now().wall.0 + crate::book::time::DAY),
        text: "明天放假".to_owned(),
        class: Class::Service,
        title: String::new(),
        account: None,
        until: None,
    };
    let outcome = enters(&mut book, &Command::Compose { compose, dry_run: false }, CALLED);
    assert_eq!(outcome.words, "已排 1500 条: 明天放假");
}

#[test]
fn a_wave_of_a_campaign_begins() {
    let mut book = called();
    sale(&mut book);
    let campaign = campaign(&book);
    let outcome = enters(&mut book, &Command::CampaignAdd { campaign }, CALLED);
    assert_eq!(outcome.words, "大促 开始: 1500 个进入");
    let set = &book.desk.desk.store.columns.campaigns["sale-1"];
    assert!(set.waves[0].begun_at.is_some());
}

#[test]
fn a_playbook_goes_on() {
    let mut book = called();
    book.desk.run(Command::SopPause { playbook: PlaybookId("call".into()) }).unwrap();
    // everybody is held at the next step, which is due
    book.tick_at("2026-12-01 13:00");
    let waits = |book: &Book| {
        let enrolments = book.desk.desk.store.columns.enrolments.iter();
        enrolments.filter(|(_, _, e)| e.next_at().is_none()).count()
    };
    assert_eq!(waits(&book), CALLED);
    let tag = begin(&mut book, Command::SopResume { playbook: PlaybookId("call".into()) });
    book.desk.restart();
    book.desk.tick();
    assert!(book.desk.answer(tag).is_none());
    assert_eq!(
        (waits(&book), book.open().len()),
        (CALLED, 2 * CALLED),
        "everybody was asked again, and waits for it"
    );
}

#[test]
fn a_day_is_called_off() {
    let mut book = called();
    let off = Command::SopDayOff { playbook: PlaybookId("call".into()), notice: String::new() };
    let (outcome, _) = check(&mut book, &off);
    assert!(outcome.words.contains("取消 1500 条待办"), "{}", outcome.words);
    assert!(book.open().is_empty());
}

#[test]
fn many_are_marked_at_once() {
    let mut book = called();
    let tasks: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    let until = Timestamp(book.desk.now().wall.0 + crate::book::time::DAY);
    let skip = TaskVerb::Skip { reason: crate::book::SkipReason::Unfit, words: String::new() };
    let sent = TaskVerb::Sent { at: None, also: false };
    let verbs = [(TaskVerb::Snooze { until }, "稍后"), (skip, "跳过"), (sent, "已发")];
    for (verb, words) in verbs {
        let (outcome, _) = check(&mut book, &Command::Task { tasks: tasks.clone(), verb });
        assert_eq!(outcome.tasks.len(), CALLED);
        assert!(outcome.words.contains("1500") && outcome.words.contains(words), "{}", outcome.words);
        // how many were sent within the hour is said once
        assert!(outcome.warnings.len() < 2, "{:?}", outcome.warnings);
        if words != "已发" {
            book.desk.run_as("小李", Command::Undo { act: None }).unwrap();
            book.desk.tick();
        }
    }
    // what is said once more is refused for each, and none is sent twice
    let verb = TaskVerb::Sent { at: None, also: false };
    let again = book.desk.run(Command::Task { tasks: tasks.clone(), verb }).unwrap();
    assert!(again.tasks.iter().all(|task| task.refusal.is_some()) && again.act.is_none(), "{:?}", again.act);
    let touches = book.desk.desk.touches_since(Target::Member(first_member(&book)), Timestamp(0)).unwrap();
    assert_eq!(touches.len(), 1);
    // one that is not there refuses all of it
    let mut wrong = tasks;
    wrong.push(book.desk.desk.ids.next(book.desk.now().wall));
    let refused = book.desk.run(Command::Task { tasks: wrong, verb: TaskVerb::Wake }).unwrap_err();
    assert_eq!(refused.kind, crate::door::RefusalKind::NotFound);
}

fn first_member(book: &Book) -> MemberId {
    book.desk.desk.store().columns.members.id(0).unwrap()
}

/// What was missed ends, or moves to tomorrow, whatever comes in between.
#[test]
fn what_an_absence_left_is_decided_about() {
    use crate::door::command::CatchUp;
    let mut book = called();
    book.desk.restart();
    book.tick_at("2026-11-22 15:00");
    for (choice, state) in [(CatchUp::Expire, TaskState::Expired), (CatchUp::Shift, TaskState::Snoozed)] {
        for crash in [false, true] {
            let before = stands(&book);
            let rows = vec![crate::door::reply::DigestRow {
                playbook: PlaybookId("call".into()),
                title: "回访".to_owned(),
                due: 1_500,
                expired: 0,
                unfilled: 0,
                open: 1_500,
            }];
            let digest = crate::door::reply::Digest { away_ms: crate::book::time::DAY, rows };
            book.desk.desk.tick.digest = Some(digest);
            let tag = begin(&mut book, Command::CatchUp { playbook: None, choice });
            let act = book.desk.desk.store.columns.works[0].act;
            if crash {
                book.desk.restart();
                book.desk.tick();
            } else {
                let outcome = end(&mut book, tag);
                assert!(outcome.words.contains("1500"), "{}", outcome.words);
                assert!(book.desk.desk.tick.digest.is_none());
            }
            let tasks = book.tasks();
            assert!(tasks.iter().all(|task| task.status.state == state), "{choice:?}");
            undo(&mut book, &Outcome { act: Some(act), ..Outcome::default() });
            assert_eq!(differ(&stands(&book), &before), None, "undone");
        }
    }
}

fn limit(book: &Book, held: Held) -> Command {
    let until = Some(Timestamp(book.desk.now().wall.0 + 30 * crate::book::time::HOUR));
    let health = Health::Limited { what: "private".to_owned(), until };
    Command::Limit { account: book.account, health, held }
}

#[test]
fn a_limited_account_cancels_puts_off_and_lets_go() {
    let mut book = called();
    for (held, words) in [(Held::Cancel, "取消 1500 条"), (Held::Shift, "顺延 1500 条"), (Held::Wait, "1500")]
    {
        let command = limit(&book, held);
        let (outcome, _) = check(&mut book, &command);
        assert!(outcome.words.contains(words), "{}", outcome.words);
        assert!(held == Held::Wait || named(&mut book).contains(words));
        if held != Held::Wait {
            // what ended the last time went on after a crash
            book.desk.run_as("小李", Command::Undo { act: None }).unwrap();
            book.desk.tick();
        }
    }
    assert!(book.open().iter().all(|task| task.status.held.is_some()));
    let since = book.desk.now().wall;
    let lift =
        Command::Limit { account: book.account, health: Health::Recovering { since }, held: Held::Wait };
    let (outcome, _) = check(&mut book, &lift);
    let free = book.open().iter().filter(|task| task.status.held.is_none()).count();
    assert!(free > 0 && free < CALLED, "{free}");
    let words = format!("{}", CALLED - free);
    assert!(outcome.words.contains(&words) && outcome.words.contains(&free.to_string()), "{}", outcome.words);
}

#[test]
fn a_text_is_halted_and_corrected_and_who_got_it_is_told() {
    let mut book = called();
    let ids: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    for sent in ids[..300].chunks(50) {
        let verb = TaskVerb::Sent { at: None, also: false };
        book.desk.run(Command::Task { tasks: sent.to_vec(), verb }).unwrap();
    }
    book.desk.tick();
    let task = ids[600];
    let (outcome, _) = check(&mut book, &Command::Halt { task });
    assert!(outcome.words.contains("1200"), "{}", outcome.words);
    assert_eq!(named(&mut book), outcome.words);
    let (text, notice) = ("您最近好吗".to_owned(), Some("刚才说错了".to_owned()));
    let (outcome, _) = check(&mut book, &Command::Correct { task, text, notice, part: None });
    assert!(outcome.words.contains("1200") && outcome.words.contains("300"), "{}", outcome.words);
    assert_eq!(outcome.made.len(), 300);
    assert_eq!(named(&mut book), outcome.words);
    let told = book.open().iter().filter(|task| matches!(task.kind, TaskKind::Correction { .. })).count();
    assert_eq!(told, 300);
}

pub(super) fn campaign(book: &Book) -> Campaign {
    let from = book.desk.now().wall;
    Campaign {
        id: "sale-1".to_owned(),
        title: "大促".to_owned(),
        playbooks: vec![PlaybookId("sale".into())],
        waves: vec![Wave { at: from, filter: String::new(), begun_at: None }],
        from,
        until: Timestamp(from.0 + 20 * crate::book::time::DAY),
        answers: Vec::new(),
        texts: Vec::new(),
        stopped_at: None,
        ended_at: None,
        act: None,
    }
}

#[test]
fn a_campaign_is_stopped() {
    let mut book = called();
    book.sop(&CALL.replace("\"call\"", "\"sale\""));
    let campaign = campaign(&book);
    book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    book.desk.tick();
    assert_eq!(book.open().len(), 2 * CALLED);
    let (outcome, _) = check(&mut book, &Command::CampaignStop { id: "sale-1".to_owned() });
    assert!(outcome.words.contains("1500"), "{}", outcome.words);
    assert_eq!(book.open().len(), CALLED);
}

fn add(toml: &str) -> Command {
    Command::SopAdd { toml: toml.to_owned(), file: "店.toml".to_owned(), new_only: false, base: None }
}

#[test]
fn an_edit_is_taken_back_from_everybody() {
    let mut book = called();
    let before = stands(&book);
    let edited = book.desk.run(add(&CALL.replace("D9 12:00", "D8 12:00"))).unwrap();
    let after = stands(&book);
    for crash in [false, true] {
        book.desk.most = (0, 0);
        book.desk.run(Command::Undo { act: edited.act }).unwrap();
        let mut slices = 0;
        while book.desk.desk.store.columns.works.is_empty() {
            slices += 1;
            assert!(slices < 10_000);
            book.desk.idle();
        }
        if crash {
            book.desk.restart();
        }
        book.desk.tick();
        assert_eq!(differ(&stands(&book), &before), None);
        assert!(book.desk.most.0 <= 2 * RECORDS_MAX, "{} records in one turn", book.desk.most.0);
        book.desk.run(Command::Redo).unwrap();
        book.desk.tick();
        assert_eq!(differ(&stands(&book), &after), None);
    }
}

#[test]
fn who_entered_by_what_was_never_said_leaves_again() {
    let mut book = called();
    let hello = CALL
        .replace("\"call\"", "\"hello\"")
        .replace("on = \"by-hand\"", "on = \"recurrence\", every = \"daily\"");
    let added = book.desk.run(add(&hello)).unwrap();
    // who came since entered by themselves
    let member = book.member("新客");
    undo(&mut book, &added);
    let running = book.desk.desk.running(Target::Member(member)).unwrap();
    assert!(running.is_empty(), "{running:?}");
    let columns = &book.desk.desk.store.columns;
    let runs = columns.enrolments.iter().filter(|(_, _, e)| matches!(e.state, RunState::Active));
    assert_eq!(runs.count(), CALLED);
}
