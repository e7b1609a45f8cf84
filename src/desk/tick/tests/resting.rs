//! Whoever is left in peace by a class gets nothing of it, from wherever it comes.

use super::plans::{enrol, sop};
use super::*;
use crate::book::{Class, Via};
use crate::door::{Reply, Request};

/// Somebody who added us was written to once, and is left in peace then.
const ONCE: &str = r#"
id = "once"
title = "一次"
for = "member"
class = "marketing"
start = { on = "added" }
rest = "180d"
[[step]]
id = "p"
at = "D0 +5m"
via = "private"
text = ["{{ name }}，看看"]
"#;

/// What a group owes each of its people.
fn fanned(id: &str, class: &str, step: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"group\"\nclass = \"{class}\"\n\
         start = {{ on = \"recurrence\", every = \"daily\" }}\n[[step]]\nid = \"each\"\nat = \"D0 10:00\"\n\
         late = \"drop\"\nvia = \"private\"\nwho = \"name:三,四\"\ntext = [\"{id}\"]\n{step}\n"
    )
}

/// Care, with something to sell in it.
const CARE: &str = r#"
id = "cares"
title = "关怀"
for = "member"
class = "care"
start = { on = "by-hand" }
[[step]]
id = "ask"
at = "D1 10:00"
via = "private"
text = ["还好吗"]
[[step]]
id = "sell"
at = "D1 10:05"
via = "private"
class = "marketing"
text = ["顺便看看新品"]
"#;

/// What is owed to somebody of a day, as `care each`, and what was passed over, with why.
fn of_day(book: &Book, member: MemberId, day: &str) -> (Vec<String>, Vec<String>) {
    let from = crate::desk::testing::at(&format!("{day} 00:00"));
    let (mut owed, mut over) = (Vec::new(), Vec::new());
    for task in book.tasks() {
        let crate::book::TaskKind::Step { key, .. } = &task.kind else { continue };
        if task.target != Target::Member(member) || task.fired_at < from {
            continue;
        }
        let name = format!("{} {}", key.playbook, key.step);
        match (&task.status.state, &task.status.end) {
            (state, _) if state.is_open() => owed.push(name),
            (TaskState::Skipped, Some(EndReason::Resting { until })) => over.push(format!("{name} {until}")),
            _ => {}
        }
    }
    owed.sort();
    over.sort();
    (owed, over)
}

#[test]
fn whoever_rests_from_marketing_gets_none_of_it_from_anywhere() {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("宠友1群");
    let (rests, other) = (book.member("张三"), book.member("李四"));
    // who was a friend before is none of its targets
    book.befriend(other);
    book.desk.at("2026-11-22 09:01");
    book.sop(ONCE);
    book.befriend(rests);
    for member in [rests, other] {
        book.join(member, group);
    }
    book.tick_at("2026-11-22 09:07");
    let once = book.open()[0].id;
    book.verb(once, TaskVerb::Sent { at: None, also: false });
    book.tick_at("2026-11-22 09:09");
    book.sop(&fanned("promo", "marketing", ""));
    book.sop(&fanned("mixed", "care", "class = \"marketing\""));
    book.sop(&fanned("tells", "marketing", "class = \"service\""));
    book.sop(&fanned("turns", "marketing", "pick = { n = 1 }"));
    book.sop(CARE);
    let (playbook, targets) =
        (PlaybookId("cares".to_owned()), vec![Target::Member(rests), Target::Member(other)]);
    book.desk
        .run(Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false })
        .unwrap();
    // the day before, it is foretold as it comes
    let Reply::Forecast(ahead) = book.desk.ask(Request::Forecast { days: 2 }) else { panic!("no forecast") };
    let tomorrow = &ahead.days[1];
    book.tick_at("2026-11-23 10:06");
    let until = "2027-05-21";
    let (owed, over) = of_day(&book, rests, "2026-11-23");
    assert_eq!(owed, ["cares ask", "tells each"]);
    assert_eq!(
        over,
        [format!("cares sell {until}"), format!("mixed each {until}"), format!("promo each {until}")]
    );
    let (owed, over) = of_day(&book, other, "2026-11-23");
    assert_eq!(owed, ["cares ask", "cares sell", "mixed each", "promo each", "tells each", "turns each"]);
    assert!(over.is_empty(), "{over:?}");
    let private = book.tasks().into_iter().filter(|task| task.status.state.is_open());
    let private = private.filter(|task| task.via == Via::Private && task.due_at_day() == "2026-11-23");
    assert_eq!(tomorrow.tasks as usize, private.count(), "{tomorrow:?}");
    let marketing = book.open().into_iter().filter(|task| task.class == Class::Marketing);
    assert!(marketing.clone().all(|task| task.target != Target::Member(rests)));
    // who writes back is left in peace no longer
    book.happened(rests, ActivityKind::Replied, None, true, crate::desk::testing::at("2026-11-23 11:00"));
    book.tick_at("2026-11-24 10:06");
    let (owed, over) = of_day(&book, rests, "2026-11-24");
    assert!(owed.contains(&"promo each".to_owned()) && owed.contains(&"mixed each".to_owned()), "{owed:?}");
    assert!(over.is_empty(), "{over:?}");
}

impl Task {
    fn due_at_day(&self) -> String {
        self.status.due_at.day(chrono_tz::Tz::Asia__Shanghai).to_string()
    }
}

/// What a pause has held comes when it is over, all of it: whoever rests by then gets none of it.
#[test]
fn what_a_pause_has_held_is_judged_when_it_is_over() {
    let mut book = Book::new();
    book.no_rules();
    let member = book.member("张三");
    let daily = "start = { on = \"recurrence\", every = \"daily\" }";
    book.sop(&sop("news", "member", "marketing", daily, &["n | D0 10:00"]));
    book.befriend(member);
    let news = || PlaybookId("news".to_owned());
    book.desk.run(Command::SopPause { playbook: news() }).unwrap();
    for day in ["2026-11-22 10:00", "2026-11-23 10:00", "2026-11-24 10:00"] {
        book.tick_at(day);
    }
    book.sop(&sop(
        "once",
        "member",
        "marketing",
        "start = { on = \"by-hand\" }\nrest = \"180d\"",
        &["p | D0 13:00"],
    ));
    enrol(&mut book, "once", Target::Member(member));
    book.tick_at("2026-11-24 13:00");
    let once = book.open()[0].id;
    book.verb(once, TaskVerb::Sent { at: None, also: false });
    book.tick_at("2026-11-25 09:00");
    book.desk.run(Command::SopResume { playbook: news() }).unwrap();
    book.tick_at("2026-11-25 09:01");
    let (owed, over) = of_day(&book, member, "2026-11-25");
    assert_eq!((owed.len(), over.len()), (0, 3), "{owed:?} {over:?}");
}
