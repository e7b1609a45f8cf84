//! Campaigns that end at another time than they did, and what is owed of them.

use super::works::{CALL, CALLED, called, campaign, check};
use super::*;
use crate::book::{Campaign, TaskKind, Wave};
use crate::desk::command::CAMPAIGN_OVER;
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
    let mut book = Book::new();
    book.no_rules();
    book.desk.at("2026-11-22 09:00");
    let member = book.member("张三");
    book.befriend(member);
    let sale = CALL.replace("\"call\"", "\"sale\"");
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
    book.tick_at("2026-11-25 12:00");
    assert_eq!(book.open().len(), CALLED);
}
