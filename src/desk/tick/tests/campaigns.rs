//! Campaigns that end at another time than they did, and what is owed of them.

use super::limits::{choices, choose};
use super::works::{CALL, CALLED, RECORDS_MAX, called, campaign, check};
use super::*;
use crate::book::{Campaign, EnrolmentState, EnrolmentStatus, TaskKind, Wave};
use crate::desk::command::CAMPAIGN_OVER;
use crate::desk::enrolling::{Entry, NoEntry};
use crate::desk::testing::at;

fn known(book: &Book) -> Campaign {
    book.desk.desk.store.columns.campaigns["sale-1"].clone()
}

fn until(book: &mut Book, until: &str) -> crate::door::reply::Outcome {
    let campaign = Campaign { until: at(until), ..known(book).written() };
    let outcome = book.desk.run(Command::CampaignEdit { campaign }).unwrap();
    book.desk.tick();
    outcome
}

fn over() -> EndReason {
    EndReason::Stopped { rule: CAMPAIGN_OVER.to_owned() }
}

/// A friend in a campaign of two playbooks: one whose step ends in the evening, one that never does. Both are open.
fn on_sale() -> Book {
    on_sale_by(CALL)
}

/// The same by what the first of them says.
fn on_sale_by(call: &str) -> Book {
    let mut book = Book::new();
    book.no_rules();
    book.desk.at("2026-11-22 09:00");
    let member = book.member("张三");
    book.befriend(member);
    let sale = call.replace("\"call\"", "\"sale\"");
    book.sop(&sale.replace("at = \"D0 12:00\"", "at = \"D0 12:00\"\nuntil = \"D0 20:00\""));
    book.sop(&CALL.replace("\"call\"", "\"long\""));
    let from = book.desk.now().wall;
    let campaign = Campaign {
        playbooks: vec![PlaybookId("sale".into()), PlaybookId("long".into())],
        until: at("2026-11-24 12:00"),
        ..campaign(&book)
    };
    assert_eq!(campaign.waves, [Wave::new(from, String::new())]);
    book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    book.tick_at("2026-11-22 12:00");
    assert_eq!(ends(&book), ["2026-11-24 12:00", "2026-11-22 20:00"].map(|text| Some(at(text))));
    book
}

/// When what is open ends, that of the playbook without an end first.
fn ends(book: &Book) -> Vec<Option<Timestamp>> {
    let mut open = book.open();
    let playbook = |task: &Task| match &task.kind {
        TaskKind::Step { key, .. } => key.playbook.clone(),
        _ => panic!("{task:?}"),
    };
    open.sort_by_key(playbook);
    open.into_iter().map(|task| task.status.until).collect()
}

#[test]
fn an_earlier_end_is_that_of_what_is_owed() {
    let mut book = on_sale();
    let told = until(&mut book, "2026-11-22 18:00");
    assert!(told.words.contains("11-24 12:00 → 11-22 18:00, 2 条待发"), "{}", told.words);
    assert_eq!(ends(&book), [Some(at("2026-11-22 18:00")); 2]);
    book.tick_at("2026-11-22 18:00");
    assert!(book.open().is_empty());
    assert!(book.tasks().iter().all(|task| task.status.state == TaskState::Expired));
    assert!(book.tasks().iter().all(|task| task.status.end == Some(over())), "{:?}", book.tasks());

    // taken back although it was over: it is owed as it was
    book.tick_at("2026-11-22 18:30");
    book.desk.run(Command::Undo { act: told.act }).unwrap();
    book.desk.tick();
    assert_eq!(known(&book).until, at("2026-11-24 12:00"));
    assert_eq!(ends(&book), ["2026-11-24 12:00", "2026-11-22 20:00"].map(|text| Some(at(text))));
    let member = book.tasks()[0].target;
    assert_eq!(book.desk.desk.running(member).unwrap().len(), 2, "both go on");
}

#[test]
fn a_later_end_lengthens_what_only_the_campaign_ended() {
    let mut book = on_sale();
    let told = until(&mut book, "2026-11-26 12:00");
    assert!(told.words.contains("延到 11-26 12:00 (原 11-24 12:00), 1 条待发"), "{}", told.words);
    assert_eq!(ends(&book), ["2026-11-26 12:00", "2026-11-22 20:00"].map(|text| Some(at(text))));
    // sooner than the step's own end and later again: the step's own end holds
    until(&mut book, "2026-11-22 18:00");
    until(&mut book, "2026-11-26 12:00");
    assert_eq!(ends(&book), ["2026-11-26 12:00", "2026-11-22 20:00"].map(|text| Some(at(text))));
    book.tick_at("2026-11-22 20:00");
    let own = book.tasks().into_iter().find(|task| !task.status.state.is_open());
    assert_eq!(own.unwrap().status.end, Some(EndReason::SpanOver));
}

#[test]
fn a_campaign_of_many_ends_at_another_time() {
    let mut book = called();
    book.sop(&CALL.replace("\"call\"", "\"sale\""));
    let campaign = campaign(&book);
    book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    book.desk.tick();
    let edited = Campaign { until: at("2026-11-25 12:00"), ..known(&book).written() };
    let (outcome, _) = check(&mut book, &Command::CampaignEdit { campaign: edited });
    assert!(outcome.words.contains("1500 条待发"), "{}", outcome.words);
    book.desk.most = (0, 0);
    book.tick_at("2026-11-25 12:00");
    assert_eq!(book.open().len(), CALLED);
    assert!(book.desk.most.0 <= RECORDS_MAX + 10, "{} records in one turn", book.desk.most.0);
    let over = statuses(&book).iter().filter(|status| !status.state.is_running()).count();
    assert_eq!(over, CALLED, "slices of the tick come to the end of it");
}

/// Three friends in a campaign until 11-24 12:00: one is through with the first step of the first playbook, one is paused
/// for a month; before the second playbook one is let in a day.
fn three_inside() -> Book {
    let mut book = Book::new();
    book.no_rules();
    book.desk.at("2026-11-22 09:00");
    let friends = ["张三", "李四", "王五"].map(|name| book.member(name));
    for member in friends {
        book.befriend(member);
    }
    book.sop(&CALL.replace("\"call\"", "\"sale\""));
    let start = "start = { on = \"by-hand\" }";
    let line = format!("{start}\nintake = {{ max = 1, per = \"day\" }}");
    book.sop(&CALL.replace("\"call\"", "\"line\"").replace(start, &line));
    let campaign = Campaign {
        playbooks: vec![PlaybookId("sale".into()), PlaybookId("line".into())],
        until: at("2026-11-24 12:00"),
        ..campaign(&book)
    };
    book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    let until = Some(at("2026-12-20 12:00"));
    let targets = vec![Target::Member(friends[1])];
    book.desk.run(Command::Pause { targets, until }).unwrap();
    book.tick_at("2026-11-22 12:00");
    let first = book.open().into_iter().find(|task| task.target == Target::Member(friends[0])).unwrap();
    book.verb(first.id, TaskVerb::Sent { at: None, also: false });
    book
}

fn statuses(book: &Book) -> Vec<EnrolmentStatus> {
    let store = book.desk.desk.store();
    let all = store.columns.enrolments.iter();
    all.map(|(_, id, _)| store.enrolment(id).unwrap().unwrap().status).collect()
}

fn in_line(book: &Book) -> usize {
    statuses(book).iter().filter(|status| status.state == EnrolmentState::InLine).count()
}

#[test]
fn everybody_is_out_of_a_campaign_whose_time_is_over() {
    for found in ["2026-11-24 12:00", "2026-11-26 09:00"] {
        let mut book = three_inside();
        assert_eq!(in_line(&book), 2);
        book.tick_at(found);
        for status in statuses(&book) {
            let state = EnrolmentState::Stopped { rule: CAMPAIGN_OVER.to_owned() };
            assert_eq!((status.state, status.ended_at), (state, Some(at("2026-11-24 12:00"))));
        }
        assert!(book.open().is_empty());
        assert!(book.tasks().iter().all(|task| task.status.state != TaskState::Cancelled));
        // the next has all of them, and a tick finds nothing more to end
        book.tick_at("2026-11-26 09:00");
        let next = Campaign { id: "sale-2".to_owned(), playbooks: known(&book).playbooks, ..campaign(&book) };
        let outcome = book.desk.run(Command::CampaignAdd { campaign: next }).unwrap();
        assert_eq!(outcome.enrolled.len(), 6, "{outcome:?}");
        let ended = known(&book).ended_at;
        book.desk.tick();
        book.tick_at("2026-11-27 09:00");
        assert_eq!(known(&book).ended_at, ended);
        assert_eq!(in_line(&book), 1, "nobody of the first takes a place");
    }
}

#[test]
fn who_is_in_a_campaign_may_come_into_one_that_begins_after_it() {
    let book = three_inside();
    let target = Target::Member(book.desk.desk.store().columns.members.id(0).unwrap());
    for playbook in ["sale", "line"] {
        let entry = Entry {
            playbook: PlaybookId(playbook.into()),
            target,
            group: None,
            account: None,
            key: "campaign:sale-2".to_owned(),
            at: at("2026-11-24 12:00"),
            by_hand: true,
            again: false,
        };
        let enters = |then| book.desk.desk.judged(&entry, at(then)).unwrap().map(drop);
        assert_eq!(enters("2026-11-24 11:59"), Err(NoEntry::Running));
        assert_eq!(enters("2026-11-24 12:00"), Ok(()));
    }
}

#[test]
fn an_end_that_is_taken_back_has_everybody_where_they_were() {
    let mut book = three_inside();
    let told = until(&mut book, "2026-11-22 18:00");
    book.tick_at("2026-11-22 18:00");
    assert_eq!(in_line(&book), 0);
    book.desk.run(Command::Undo { act: told.act }).unwrap();
    book.desk.tick();
    assert_eq!(in_line(&book), 2);
    let running = |book: &Book| statuses(book).iter().filter(|status| status.state.is_running()).count();
    assert_eq!(running(&book), 6);
    // and done again it is over as it was
    book.desk.run(Command::Redo).unwrap();
    book.desk.tick();
    assert_eq!(running(&book), 0);
}

#[test]
fn a_campaign_that_has_ended_is_taken_back_like_any() {
    let mut book = three_inside();
    book.tick_at("2026-11-24 12:00");
    let act = known(&book).act;
    let undone = book.desk.run(Command::Undo { act }).unwrap();
    assert!(book.desk.desk.store.columns.campaigns.is_empty(), "{undone:?}");
    book.desk.run(Command::Redo).unwrap();
    book.desk.tick();
    assert!(known(&book).ended_at.is_some());
    assert!(statuses(&book).iter().all(|status| !status.state.is_running()));
}

#[test]
fn what_is_put_off_ends_with_its_campaign_all_the_same() {
    let until = Some(at("2026-11-26 12:00"));
    let mut book = on_sale();
    let offered = choices(&mut book, "private", until).offered;
    let shift = offered.iter().find(|offered| offered.word == "shift").unwrap();
    assert_eq!(shift.note, "2 条  2 条到时大促已结束, 会过期");
    choose(&mut book, "private", until, "shift");
    assert_eq!(ends(&book), [Some(at("2026-11-24 12:00")); 2]);
    book.tick_at("2026-11-24 12:00");
    assert!(book.open().is_empty());
    assert!(book.tasks().iter().all(|task| task.status.end == Some(over())), "{:?}", book.tasks());

    let mut book = on_sale();
    let snooze = |book: &mut Book, until| {
        let tasks = book.open().iter().map(|task| task.id).collect();
        let verb = TaskVerb::Snooze { until: at(until) };
        book.desk.run(Command::Task { tasks, verb }).unwrap().warnings
    };
    // beyond the end of the step, and beyond that of the campaign
    assert_eq!(snooze(&mut book, "2026-11-23 12:00"), ["过了原定的截止 20:00，到时不会自动过期"]);
    assert_eq!(ends(&book), [Some(at("2026-11-24 12:00")); 2]);
    let told = snooze(&mut book, "2026-11-25 12:00");
    assert_eq!(told, ["大促 11-24 12:00 结束，到时已过期，不会再发"]);
    book.tick_at("2026-11-25 12:00");
    assert!(book.open().is_empty());
}

/// A campaign until 11-24 12:00 whose playbook says something each day, the last after its end.
fn each_day() -> Book {
    let mut book = Book::new();
    book.no_rules();
    book.desk.at("2026-11-22 09:00");
    let friends = ["张三", "李四"].map(|name| book.member(name));
    for member in friends {
        book.befriend(member);
    }
    let step = |id: &str, at: &str, more: &str| {
        format!("[[step]]\nid = \"{id}\"\nat = \"{at}\"\n{more}via = \"private\"\ntext = [\"{id}\"]\n")
    };
    let head =
        "id = \"sale\"\ntitle = \"大促\"\nfor = \"member\"\nclass = \"care\"\nstart = { on = \"by-hand\" }\n";
    let steps = [
        step("own-end", "D0 12:00", "until = \"D0 20:00\"\n"),
        step("dropped", "D1 10:00", "late = \"drop\"\n"),
        step("not-meant", "D1 11:00", "if = 'tag:老客'\n"),
        step("kept", "D2 10:00", ""),
        step("after", "D2 18:00", ""),
    ];
    book.sop(&format!("{head}{}", steps.concat()));
    let campaign = Campaign { until: at("2026-11-24 12:00"), ..campaign(&book) };
    book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    let until = Some(at("2026-12-20 12:00"));
    book.desk.run(Command::Pause { targets: vec![Target::Member(friends[1])], until }).unwrap();
    book
}

#[test]
fn what_fell_due_in_a_campaign_while_nobody_looked_counts() {
    let stands = |book: &Book| -> Vec<(String, TaskState, Timestamp, Target)> {
        let step = |task: &Task| match &task.kind {
            TaskKind::Step { key, .. } => key.step.clone(),
            other => panic!("{other:?}"),
        };
        let all = book.tasks().into_iter();
        all.map(|task| (step(&task), task.status.state, task.status.due_at, task.target)).collect()
    };
    let (mut on, mut off) = (each_day(), each_day());
    for when in
        ["22 12:00", "22 20:00", "23 10:00", "23 11:00", "24 10:00", "24 12:00", "24 18:00", "26 09:00"]
    {
        on.tick_at(&format!("2026-11-{when}"));
    }
    off.tick_at("2026-11-26 09:00");
    // whoever is paused waits until it is over
    assert_eq!(stands(&off).len(), 4, "{:?}", off.tasks());
    assert_eq!(stands(&off), stands(&on));
    let ends: Vec<_> = off.tasks().into_iter().filter_map(|task| task.status.end).collect();
    assert_eq!(ends, [EndReason::TooLate, over(), EndReason::Condition, over()]);
    let left = |book: &Book| statuses(book).into_iter().map(|of| (of.state, of.ended_at)).collect::<Vec<_>>();
    assert_eq!(left(&off), left(&on));
    off.desk.restart();
}

#[test]
fn a_campaign_of_many_that_ends_while_nobody_looks_is_worked_off_in_slices() {
    let mut book = called();
    let each = "at = \"D1..D2 12:00\"\nuntil = \"D0 20:00\"";
    book.sop(&CALL.replace("\"call\"", "\"sale\"").replace("at = \"D0 12:00\"", each));
    let campaign = campaign(&book);
    let begun = campaign.from;
    book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    book.desk.tick();
    book.desk.most = (0, 0);
    book.desk.at_time(Timestamp(begun.0 + 25 * crate::book::time::DAY));
    book.desk.tick();
    assert!(book.desk.most.0 <= RECORDS_MAX + 60, "{} records in one turn", book.desk.most.0);
    let sale = PlaybookId("sale".into());
    let of_sale = |task: &Task| matches!(&task.kind, TaskKind::Step { key, .. } if key.playbook == sale);
    let counted = book.tasks().iter().filter(|task| of_sale(task)).count();
    assert_eq!(counted, CALLED * 3, "two of its first step, one of its second");
    assert!(book.open().iter().all(|task| !of_sale(task)));
}

/// Looked at tick by tick or once after all of it.
#[test]
fn who_was_through_before_a_campaign_was_over_has_finished() {
    for ticks in [&["2026-11-22 20:00", "2026-11-23 09:00", "2026-11-24 12:00"][..], &["2026-11-24 13:00"]] {
        let once = CALL.split("[[step]]\nid = \"again\"").next().unwrap_or_default();
        let mut book = on_sale_by(once);
        for at in ticks {
            book.tick_at(at);
        }
        let ended = |status: &EnrolmentStatus| (status.state.clone(), status.ended_at);
        let mut ended: Vec<_> = statuses(&book).iter().map(ended).collect();
        ended.sort_by_key(|(_, at)| *at);
        let out = EnrolmentState::Stopped { rule: CAMPAIGN_OVER.to_owned() };
        let expected =
            [(EnrolmentState::Finished, Some(at("2026-11-22 20:00"))), (out, Some(at("2026-11-24 12:00")))];
        assert_eq!(ended, expected, "{ticks:?}");
    }
}
