//! What was copied is what was said, whatever the form and an edit make of the text until it is marked.

use super::*;
use crate::book::{Campaign, CampaignText, TaskKind, Wave};
use crate::door::line::{Fact, TaskLine};
use crate::door::reply::Outcome;
use crate::door::request::ListSpec;
use crate::door::{Reply, Request};

const DEAL: &str = r#"
id = "deal"
title = "周团"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "价格"
type = "money"
by = "D0 09:00"
[[step]]
id = "open"
at = "D0 10:00"
until = "D0 21:00"
via = "group"
text = ["小台芒{{ 价格 }}元"]
[[step]]
id = "plain"
at = "D0 10:00"
until = "D0 21:00"
via = "group"
text = ["接龙了"]
"#;

const SENT: TaskVerb = TaskVerb::Sent { at: None, also: false };
const COPIED: TaskVerb = TaskVerb::Copied { part: 0 };

/// Three groups that are told a price and a plain text, and their tasks by step.
fn deal() -> (Book, Vec<TaskId>, Vec<TaskId>) {
    let mut book = Book::new();
    book.no_rules();
    for name in ["一群", "二群", "三群"] {
        book.group(name);
    }
    book.sop(DEAL);
    book.tick_at("2026-11-22 09:00");
    fill(&mut book, None, "39.8");
    book.tick_at("2026-11-22 10:01");
    let of = |wanted: &str| -> Vec<TaskId> {
        let is = |task: &Task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == wanted);
        book.tasks().into_iter().filter(is).map(|task| task.id).collect()
    };
    let (open, plain) = (of("open"), of("plain"));
    (book, open, plain)
}

fn fill(book: &mut Book, group: Option<GroupId>, value: &str) -> Outcome {
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    let (playbook, key) = (PlaybookId("deal".into()), "价格".to_owned());
    book.desk.run(Command::Fill { playbook, run, group, key, value: value.into() }).unwrap()
}

fn verb(book: &mut Book, task: TaskId, verb: TaskVerb) -> Outcome {
    book.desk.run(Command::Task { tasks: vec![task], verb }).unwrap()
}

fn task(book: &Book, id: TaskId) -> Task {
    book.desk.desk.store().task(id).unwrap().unwrap()
}

/// The text of a task as it is shown: as it was said where it was sent.
fn shown(book: &Book, id: TaskId) -> String {
    let text = book.desk.desk.task_text(&task(book, id)).unwrap();
    text.parts.into_iter().find_map(|part| part.copy).unwrap_or_default()
}

fn is_marked_old(book: &mut Book, id: TaskId) -> bool {
    let list = ListSpec::of(crate::door::form::Kind::Task, &format!("id:{}", id.short()));
    let lines = match book.desk.ask(Request::List { list, first: 0, rows: 9, texts: false }) {
        Reply::Window(window) => window.lines,
        reply => panic!("{reply:?}"),
    };
    let crate::door::line::Lines::Tasks(lines) = lines else { panic!("{lines:?}") };
    lines.iter().any(|line: &TaskLine| line.facts.contains(&Fact::ChangedSinceCopy))
}

#[test]
fn which_part_was_copied_is_known_after_a_restart_and_by_others() {
    let (mut book, open, _) = deal();
    let copied = |book: &mut Book, id: TaskId| {
        let list = ListSpec::of(crate::door::form::Kind::Task, &format!("id:{}", id.short()));
        let window = match book.desk.ask(Request::List { list, first: 0, rows: 9, texts: false }) {
            Reply::Window(window) => window,
            reply => panic!("{reply:?}"),
        };
        let crate::door::line::Lines::Tasks(lines) = window.lines else { panic!("{:?}", window.lines) };
        let fact = |fact: &Fact| match fact {
            Fact::Copied { by, parts, .. } => Some((by.clone(), parts.clone())),
            _ => None,
        };
        lines[0].facts.iter().find_map(fact)
    };
    verb(&mut book, open[0], TaskVerb::Copied { part: 2 });
    verb(&mut book, open[0], COPIED);
    let me = task(&book, open[0]).status.copied_by;
    book.desk.restart();
    assert_eq!(copied(&mut book, open[0]), Some((me, vec![0, 2])));
    // what another copies is theirs alone
    let by_another = Command::Task { tasks: vec![open[0]], verb: TaskVerb::Copied { part: 1 } };
    book.desk.run_as("小王", by_another).unwrap();
    assert_eq!(copied(&mut book, open[0]), Some(("小王".to_owned(), vec![1])));
}

#[test]
fn what_was_copied_is_what_the_record_says_though_the_form_was_changed_since() {
    let (mut book, open, plain) = deal();
    for id in [open[0], open[1], plain[0]] {
        verb(&mut book, id, COPIED);
    }
    assert_eq!(task(&book, plain[0]).status.copied, [], "what cannot differ is not kept");
    assert!(!is_marked_old(&mut book, open[0]));
    let filled = fill(&mut book, None, "36.8");
    assert_eq!(filled.words, "已填 价格; 2 条已复制还没标记, 没发的再复制一次");
    assert!(is_marked_old(&mut book, open[0]) && !is_marked_old(&mut book, open[2]));

    // taken back it says again what was copied
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert!(!is_marked_old(&mut book, open[0]));
    fill(&mut book, None, "36.8");
    book.desk.restart();
    assert!(is_marked_old(&mut book, open[0]), "also from the journal");

    // one is copied anew, the other is marked as it is
    verb(&mut book, open[1], COPIED);
    assert!(!is_marked_old(&mut book, open[1]));
    let sent = verb(&mut book, open[0], SENT);
    assert_eq!(
        sent.warnings,
        ["一群 复制后改过, 记的是复制的那份: 「小台芒39.8元」, 现在是「小台芒36.8元」"]
    );
    let anew = verb(&mut book, open[1], SENT);
    assert_eq!(anew.warnings, [""; 0]);
    assert_eq!([shown(&book, open[0]), shown(&book, open[1])], ["小台芒39.8元", "小台芒36.8元"]);
    assert_eq!(task(&book, open[0]).status.copied, [], "what has ended keeps nothing");
    assert_eq!(shown(&book, open[2]), "小台芒36.8元");

    // who got the old one is among those who are corrected
    let filled = fill(&mut book, None, "35").words;
    assert!(
        filled.contains("1 个群已按 39.8 发出; 1 个群已按 36.8 发出")
            || filled.contains("1 个群已按 36.8 发出; 1 个群已按 39.8 发出"),
        "{filled}"
    );
    assert!(filled.contains(&open[0].short()) && filled.contains(&open[1].short()), "{filled}");
    let correct = |book: &mut Book, task| {
        let (text, notice) = ("小台芒35元".to_owned(), Some("更正：{{ 价格 }}元".to_owned()));
        book.desk.run(Command::Correct { task, text, notice, part: None }).unwrap().made.len()
    };
    assert_eq!(correct(&mut book, open[0]), 1, "only who got that one");

    // undone, it lies copied again
    for _ in 0..4 {
        book.desk.run(Command::Undo { act: None }).unwrap();
    }
    assert!(is_marked_old(&mut book, open[0]));
    book.desk.restart();
}

#[test]
fn a_text_that_was_edited_after_it_was_copied_is_recorded_as_copied() {
    let (mut book, open, plain) = deal();
    for id in [open[0], plain[0]] {
        verb(&mut book, id, COPIED);
        verb(&mut book, id, TaskVerb::Rewrite { text: Some("改过了".to_owned()) });
        assert!(is_marked_old(&mut book, id));
        let sent = verb(&mut book, id, SENT);
        assert!(sent.warnings[0].contains("现在是「改过了」"), "{sent:?}");
    }
    assert_eq!([shown(&book, open[0]), shown(&book, plain[0])], ["小台芒39.8元", "接龙了"]);
    // it is the step's own text again: it counts among those that say it
    assert_eq!(task(&book, open[0]).status.edited, None);
    assert!(fill(&mut book, None, "36.8").words.contains("1 个群已按 39.8 发出"));
}

#[test]
fn what_expired_after_it_was_copied_is_marked_with_what_was_copied() {
    let (mut book, open, _) = deal();
    verb(&mut book, open[0], COPIED);
    fill(&mut book, None, "36.8");
    book.tick_at("2026-11-22 21:01");
    assert_eq!(task(&book, open[0]).status.state, TaskState::Expired);
    verb(&mut book, open[0], SENT);
    assert_eq!(shown(&book, open[0]), "小台芒39.8元");
}

#[test]
fn what_is_skipped_keeps_no_copy_and_an_undo_brings_it_back() {
    let (mut book, open, _) = deal();
    verb(&mut book, open[0], COPIED);
    let skip = TaskVerb::Skip { reason: crate::book::SkipReason::Other, words: String::new() };
    verb(&mut book, open[0], skip);
    assert_eq!(task(&book, open[0]).status.copied, []);
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(task(&book, open[0]).status.copied, [(0, "小台芒39.8元".to_owned())]);
    book.desk.restart();
}

#[test]
fn an_answer_of_one_group_tells_what_that_group_got() {
    let (mut book, open, _) = deal();
    for id in &open {
        verb(&mut book, *id, SENT);
    }
    let Target::Group(group) = task(&book, open[0]).target else { panic!() };
    let filled = fill(&mut book, Some(group), "30").words;
    let id = open[0].short();
    assert_eq!(filled, format!("已填 价格; 1 个群已按 39.8 发出, 更正: 在已发的那条上按 ! (/id:{id})"));
    // all the others; that one has its own
    let filled = fill(&mut book, None, "36.8").words;
    assert!(filled.contains("3 个群已按 39.8 发出"), "{filled}");
    let filled = fill(&mut book, Some(group), "39.8").words;
    assert_eq!(filled, "已填 价格", "that is what it got");
}

#[test]
fn another_answer_of_a_campaign_tells_who_got_the_old_one() {
    let mut book = Book::new();
    book.no_rules();
    for name in ["一群", "二群"] {
        book.group(name);
    }
    book.sop(&DEAL.replace("on = \"recurrence\", every = \"daily\"", "on = \"by-hand\""));
    let day = |text: &str| crate::desk::testing::at(&format!("2026-11-{text}"));
    let campaign = Campaign {
        id: "sale".to_owned(),
        title: "大促".to_owned(),
        playbooks: vec![PlaybookId("deal".to_owned())],
        waves: vec![Wave::new(day("22 09:00"), String::new())],
        from: day("22 09:00"),
        until: day("25 12:00"),
        answers: vec![("价格".to_owned(), "39.8".to_owned())],
        texts: vec![CampaignText {
            at: day("22 09:30"),
            groups: true,
            filter: "age>=0m".to_owned(),
            until: None,
            title: String::new(),
            text: "今晚{{ 价格 }}元".to_owned(),
            class: crate::book::Class::Service,
            account: None,
            made: None,
            begun_at: None,
        }],
        stopped_at: None,
        ended_at: None,
        act: None,
    };
    book.desk.run(Command::CampaignAdd { campaign: campaign.clone() }).unwrap();
    book.tick_at("2026-11-22 10:01");
    let is_open = |task: &&Task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == "open");
    let open: Vec<TaskId> = book.open().iter().filter(is_open).map(|task| task.id).collect();
    verb(&mut book, open[0], SENT);
    verb(&mut book, open[1], COPIED);
    let says = |task: &&Task| shown(&book, task.id) == "今晚39.8元";
    let said = book.open().iter().find(says).map(|task| task.id).unwrap();
    verb(&mut book, said, SENT);
    let campaign = Campaign { answers: vec![("价格".to_owned(), "36.8".to_owned())], ..campaign };
    let edited = book.desk.run(Command::CampaignEdit { campaign }).unwrap();
    let told = |id: TaskId| format!("1 个群已按 39.8 发出, 更正: 在已发的那条上按 ! (/id:{})", id.short());
    let copied = "1 条已复制还没标记, 没发的再复制一次".to_owned();
    assert_eq!(edited.warnings, [told(open[0]), copied, told(said)]);
}
