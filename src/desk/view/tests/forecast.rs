//! The coming days of a small book.

use super::{Book, GROUPBUY};
use crate::book::{Cap, CapScope, PlaybookId, RuleScope, Span, Target};
use crate::door::forecast::Forecast;
use crate::door::{Command, Reply, Request};

const DAILY: &str = r#"
id = "daily"
title = "每天一句"
for = "group"
class = "care"
fresh = "3d"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "say"
at = "D0 09:30"
until = "D0 22:00"
via = "group"
text = ["早", "早上好"]
"#;

fn forecast(book: &mut Book, days: u32) -> Forecast {
    match book.desk.ask(Request::Forecast { days }) {
        Reply::Forecast(forecast) => *forecast,
        other => panic!("{other:?}"),
    }
}

/// A playbook that says something to a member on two days.
fn call(id: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"marketing\"\nstart = {{ on = \"by-hand\" }}\n\
         [[step]]\nid = \"a\"\nat = \"D1 10:00\"\nvia = \"private\"\ntext = [\"你好\"]\n\
         [[step]]\nid = \"b\"\nat = \"D40 10:00\"\nvia = \"private\"\ntext = [\"再见\"]\n"
    )
}

#[test]
fn days_texts_and_questions_ahead_are_counted() {
    let mut book = Book::new(&["宠友1群", "宠友2群"], &[]);
    book.sop(DAILY);
    let ahead = forecast(&mut book, 7);
    assert_eq!(ahead.days.len(), 7);
    assert!(ahead.days.iter().all(|day| day.tasks == 2), "{:?}", ahead.days);
    let first = &ahead.days[0];
    assert_eq!((first.date.to_string().as_str(), first.seconds), ("2026-11-22", 60));
    assert!(first.marks.contains(&"小雪".to_owned()) && first.off == Some(true), "{first:?}");
    assert_eq!(first.accounts[0].account.as_ref().map(|account| account.name.as_str()), Some("手机1"));
    assert_eq!((first.items[0].step.as_str(), first.items[0].n), ("say", 2));
    // two wordings for three days: each group lacks one on the third day and on the sixth; a third would do
    let missing = &ahead.missing[0];
    assert_eq!((missing.n, missing.more, missing.wordings), (4, 1, 2));
    assert_eq!(ahead.asks, []);
    book.sop(GROUPBUY);
    let asks = forecast(&mut book, 7).asks;
    assert_eq!(asks.len(), 2);
    assert!(asks.iter().all(|ask| ask.runs == 7), "{asks:?}");
    // what stands still is not counted
    book.desk.run(Command::SopPause { playbook: PlaybookId("groupbuy".to_owned()) }).unwrap();
    assert_eq!(forecast(&mut book, 7).asks, []);
}

#[test]
fn caps_and_clashes_are_seen_before_they_come() {
    let mut book = Book::new(&[], &["小雨妈", "大福"]);
    for id in ["one", "two"] {
        book.sop(&call(id));
        let targets = book.members.iter().map(|member| Target::Member(*member)).collect();
        let (playbook, filter) = (PlaybookId(id.to_owned()), String::new());
        book.desk.run(Command::Enrol { playbook, targets, filter, anchor: None, dry_run: false }).unwrap();
    }
    book.desk.desk.store.columns.rules.caps = vec![Cap {
        scope: RuleScope { of: CapScope::Member, name: String::new() },
        class: Vec::new(),
        n: 1,
        per: Span::Day,
        gap: 0,
        except: String::new(),
        source: String::new(),
        date: String::new(),
    }];
    let ahead = forecast(&mut book, 30);
    let busy: Vec<u32> = ahead.days.iter().map(|day| day.tasks).filter(|n| *n > 0).collect();
    assert_eq!(busy, [4]);
    assert_eq!(ahead.clash_count, 2);
    assert_eq!(ahead.clashes[0].2, ["one", "two"]);
    assert_eq!(ahead.caps.len(), 2);
    assert_eq!(
        (ahead.caps[0].planned, ahead.caps[0].n, ahead.caps[0].day.to_string()),
        (2, 1, "2026-11-23".into())
    );
    assert_eq!(ahead.looked_at, 4);
}
