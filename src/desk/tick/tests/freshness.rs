//! Nobody is told the same words again within their span, whatever says them.

use std::collections::BTreeSet;

use super::absence::run_to;
use super::away::{BY_HAND, friend, sent};
use super::plans::{enrol, plan, sop};
use super::*;
use crate::book::TaskKind;
use crate::desk::testing::at;

/// A playbook by hand that says one of these, to be fresh for so long.
fn says(id: &str, texts: &str, fresh: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"service\"\n{fresh}\nstart = {{ on = \"by-hand\" }}\n\
         [[step]]\nid = \"say\"\nat = \"D0 +1m\"\nvia = \"private\"\ntext = [{texts}]\n"
    )
}

impl Book {
    /// Somebody enters, and what comes at once has come.
    fn enrol(&mut self, id: &str, member: MemberId) {
        let (playbook, targets) = (PlaybookId(id.to_owned()), vec![Target::Member(member)]);
        let enrol = Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false };
        self.desk.run(enrol).unwrap();
        let later = Timestamp(self.desk.now().wall.0 + 2 * crate::book::time::MINUTE);
        self.desk.at_time(later);
        self.desk.tick();
    }

    /// What became of the newest task of a playbook for somebody, with the wording it has.
    fn became(&self, id: &str, member: MemberId) -> (TaskState, Option<EndReason>, u16) {
        let of = |task: &Task| match &task.kind {
            TaskKind::Step { key, variant, .. } if key.playbook.0 == id => Some(*variant),
            _ => None,
        };
        let tasks = self.tasks().into_iter().filter(|task| task.target == Target::Member(member));
        let (task, variant) =
            tasks.filter_map(|task| of(&task).map(|variant| (task, variant))).next_back().unwrap();
        (task.status.state, task.status.end, variant)
    }

    fn send(&mut self, id: &str, text: Option<&str>) {
        let is = |task: &Task| matches!(&task.kind, TaskKind::Step { key, .. } if key.playbook.0 == id);
        let task = self.open().into_iter().find(is).unwrap().id;
        if let Some(text) = text {
            self.verb(task, TaskVerb::Rewrite { text: Some(text.to_owned()) });
        }
        self.verb(task, TaskVerb::Sent { at: None, also: false });
    }
}

#[test]
fn what_another_playbook_said_is_not_said_again() {
    let mut book = Book::new();
    book.no_rules();
    let (one, other) = (book.member("张三"), book.member("李四"));
    for member in [one, other] {
        book.befriend(member);
    }
    let group = book.group("宠友1群");
    book.join(one, group);
    book.join(other, group);
    book.sop(&says("first", "\"别的话\", \"{{ name }}，上新了\"", ""));
    book.sop(&says("again", "\" {{ name }}，上新了 \"", "fresh = \"30d\""));
    book.sop(&says("either", "\"{{ name }}，上新了\", \"来看看\"", "fresh = \"30d\""));
    book.sop(&says("more", "\"{{ name }}，上新了！\"", "fresh = \"30d\""));
    for day in [22, 23] {
        book.tick_at(&format!("2026-11-{day} 09:05"));
        for member in [one, other] {
            book.enrol("first", member);
            // on the second day it is its second wording
            book.send("first", (member == other && day == 23).then_some("换了一句"));
        }
    }
    let wordings = [book.became("first", one).2, book.became("first", other).2];
    assert_eq!(wordings, [1, 1]);
    for id in ["again", "either", "more"] {
        for member in [one, other] {
            book.enrol(id, member);
        }
    }
    assert_eq!(book.became("again", one).1, Some(EndReason::NotFresh));
    assert_eq!(book.became("either", one), (TaskState::Due, None, 1), "the wording they have not had");
    assert_eq!(book.became("more", one).0, TaskState::Due, "other words");
    // what was written anew is not what the template says
    assert_eq!(book.became("again", other).0, TaskState::Due);
    // what a group owes each of its people is judged for each
    let fanned = "id = \"fanned\"\ntitle = \"私发\"\nfor = \"group\"\nclass = \"service\"\nfresh = \"30d\"\n\
         start = { on = \"recurrence\", every = \"daily\" }\n[[step]]\nid = \"each\"\nat = \"D0 10:00\"\n\
         late = \"drop\"\nvia = \"private\"\nwho = \"name:三,四\"\ntext = [\"{{ name }}，上新了\"]\n";
    book.sop(fanned);
    book.tick_at("2026-11-23 10:05");
    assert_eq!(book.became("fanned", one).1, Some(EndReason::NotFresh));
    assert_eq!(book.became("fanned", other).0, TaskState::Due);
    // the span over, it is said
    book.tick_at("2026-12-10 09:20");
    book.tick_at("2026-12-24 09:20");
    book.enrol("again", one);
    assert_eq!(book.became("again", one).0, TaskState::Due);
}

#[test]
fn what_was_written_by_hand_in_the_same_words_counts() {
    let mut book = Book::new();
    book.no_rules();
    let one = book.member("张三");
    book.befriend(one);
    book.sop(&says("free", "\"随便说说\"", ""));
    book.sop(&says("plain", "\"今天有团\"", "fresh = \"7d\""));
    book.enrol("free", one);
    book.send("free", Some("今天有团"));
    book.enrol("plain", one);
    assert_eq!(book.became("plain", one).1, Some(EndReason::NotFresh));
}

/// What a group is told every day in one of two wordings, and nobody sends.
const UNSENT: &str = r#"
id = "daily"
title = "每天一句"
for = "group"
class = "service"
fresh = "3d"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "say"
at = "D0 10:00"
via = "group"
text = ["一", "二"]
"#;

#[test]
fn what_is_still_to_be_said_counts_for_what_the_next_one_says() {
    let mut book = Book::new();
    book.no_rules();
    book.group("宠友1群");
    book.sop(UNSENT);
    let wordings = |book: &Book| -> Vec<(TaskId, u16)> {
        let of = |task: Task| match task.kind {
            TaskKind::Step { variant, .. } => Some((task.id, variant)),
            _ => None,
        };
        book.tasks().into_iter().filter_map(of).collect()
    };
    let warned = |book: &mut Book, id: TaskId| -> Vec<String> {
        match book.desk.ask(crate::door::Request::Task(id)) {
            crate::door::Reply::Task(detail) => {
                detail.text.warnings.iter().map(|w| w.words.clone()).collect()
            }
            other => panic!("{other:?}"),
        }
    };
    for day in 22..=24 {
        book.tick_at(&format!("2026-11-{day} 10:05"));
    }
    let told = wordings(&book);
    assert_eq!(told.iter().map(|(_, variant)| *variant).collect::<Vec<_>>(), [0, 1, 0]);
    // with two wordings the third says what is still to be said, and tells it
    let [first, second, third] = [told[0].0, told[1].0, told[2].0];
    assert_eq!((warned(&mut book, first), warned(&mut book, second)), (Vec::new(), Vec::new()));
    let words = warned(&mut book, third);
    assert!(words.len() == 1 && words[0].starts_with("11-22 10:00 那条还没发"), "{words:?}");
    // however long ago it came due, it would be said within the span
    book.desk.at("2026-11-27 10:05");
    assert_eq!(warned(&mut book, third).len(), 1);
    // once the first was sent it is what was said
    book.verb(first, TaskVerb::Sent { at: None, also: false });
    let words = warned(&mut book, third);
    assert!(words.len() == 1 && words[0].starts_with("11-27 10:05 说过同样的话"), "{words:?}");
    book.verb(third, TaskVerb::Rewrite { text: Some("三".to_owned()) });
    assert_eq!(warned(&mut book, third), Vec::<String>::new(), "other words");
}

#[test]
fn what_comes_at_once_after_an_absence_says_different_things() {
    let mut book = Book::new();
    book.no_rules();
    book.group("宠友1群");
    book.sop(UNSENT);
    book.tick_at("2026-11-23 10:05");
    let wordings = |task: Task| match task.kind {
        TaskKind::Step { variant, .. } => Some(variant),
        _ => None,
    };
    let told: BTreeSet<u16> = book.open().into_iter().filter_map(wordings).collect();
    assert_eq!(told, BTreeSet::from([0, 1]));
}

/// What fell due while nobody looked is fresh or not by when it was due.
#[test]
fn what_was_not_fresh_when_it_was_due_is_not_said_after_an_absence() {
    let begun = || {
        let (mut book, member) = friend("");
        let group = book.group("宠友1群");
        book.join(member, group);
        let said = |toml: String| toml.replace("text = [\"s\"]", "text = [\"上新了\"]");
        book.sop(&said(sop("first", "member", "service", BY_HAND, &["s | D0 10:00"])));
        let dated = "start = { on = \"date\", date = \"2026-11-24\" }\nfresh = \"3d\"";
        book.sop(&said(sop("own", "member", "service", dated, &["s | D0 09:30", "t | D2 11:00"])));
        let daily = "start = { on = \"recurrence\", every = \"daily\" }\nfresh = \"3d\"";
        let each = said(sop("each", "group", "service", daily, &["s | D0 10:30 | who = \"-tag:无\""]));
        book.sop(&each.replace("via = \"group\"", "via = \"private\""));
        enrol(&mut book, "first", Target::Member(member));
        book.tick_at("2026-11-22 10:00");
        sent(&mut book, "first s");
        (book, Target::Member(member))
    };
    let came = |book: &Book| -> Vec<(String, Timestamp, Option<EndReason>)> {
        let of = |task: Task| match task.kind {
            TaskKind::Step { key, .. } => {
                Some((format!("{} {}", key.playbook, key.step), task.status.due_at, task.status.end))
            }
            _ => None,
        };
        let mut came: Vec<_> = book.tasks().into_iter().filter_map(of).collect();
        came.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
        came
    };
    let (mut on, _) = begun();
    run_to(&mut on, at("2026-11-27 09:00"));
    let (mut off, member) = begun();
    off.desk.at("2026-11-27 09:00");
    let lines = plan(&mut off, "own", member, 1);
    let stale = lines.iter().map(|line| line.reason == "近期发过同样的话");
    assert_eq!(stale.collect::<Vec<_>>(), [true, false], "{lines:?}");
    off.desk.tick();
    let on = came(&on);
    assert_eq!(came(&off), on);
    let stale = on.iter().filter(|(.., end)| *end == Some(EndReason::NotFresh));
    assert_eq!(
        stale.map(|(name, ..)| name.as_str()).collect::<Vec<_>>(),
        ["each s", "each s", "each s", "own s"]
    );
}
