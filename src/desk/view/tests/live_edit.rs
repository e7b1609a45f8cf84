//! What another text of a playbook is told to do, and what it then does.
//!
//! One file because every edit is told of, applied and followed by the same few helpers.

use super::Book;
use crate::book::{
    ActivityKind, Cap, CapScope, EnrolmentState, PlaybookId, QuietHours, QuietRule, RuleScope, Span, Target,
    TaskId, TaskState, Timestamp,
};
use crate::desk::testing::at;
use crate::door::command::{ObjectRef, TaskVerb};
use crate::door::detail::{NextStep, SopDiff};
use crate::door::form::Field;
use crate::door::{Command, Reply, Request};

const CARE: &str = r#"
id = "care"
title = "关怀"
for = "member"
class = "marketing"
start = { on = "by-hand" }
stop = ["left"]
[[step]]
id = "one"
at = "D0 +1m"
via = "private"
text = ["你好，来看看今天的新品"]
[[step]]
id = "two"
at = "D1 10:00"
until = "D1 20:00"
via = "private"
text = ["昨天说的新品还有，今天会员八八折，要不要留一份"]
[[step]]
id = "three"
at = "D3 10:00"
via = "private"
text = ["周末到店有礼"]
"#;

/// Four friends in a playbook three hours ago, the first of them a regular; quiet nights, and two touches a day at most.
fn entered(toml: &str) -> Book {
    let mut book = Book::new(&[], &["小雨妈", "大福", "老王", "孙丽"]);
    let rules = &mut book.desk.desk.store.columns.rules;
    let every = |of| RuleScope { of, name: String::new() };
    let night = QuietHours { from: 22 * 60, to: 8 * 60, days: 0 };
    let scope = every(CapScope::Store);
    rules.quiet = vec![QuietRule { from: night.from, to: night.to, days: 0, scope, except: String::new() }];
    rules.caps = vec![Cap {
        scope: RuleScope::each(CapScope::Member),
        except: String::new(),
        class: Vec::new(),
        n: 2,
        per: Span::Day,
        gap: 0,
        source: String::new(),
        date: String::new(),
    }];
    tag(&mut book, 0, "老客");
    book.sop(toml);
    let targets = book.members.iter().map(|member| Target::Member(*member)).collect();
    let (playbook, filter) = (PlaybookId("care".to_owned()), String::new());
    book.desk.run(Command::Enrol { playbook, targets, filter, anchor: None, dry_run: false }).unwrap();
    book.tick_at("2026-11-22 12:00");
    book
}

fn tag(book: &mut Book, member: usize, tag: &str) {
    let objects = vec![ObjectRef::Member(book.members[member])];
    book.desk.run(Command::Edit { objects, fields: vec![(Field::Tags, tag.to_owned())] }).unwrap();
}

fn diff(book: &mut Book, toml: &str) -> SopDiff {
    match book.desk.ask(Request::SopDiff { toml: toml.to_owned(), file: "care.toml".to_owned() }) {
        Reply::SopDiff(diff) => *diff,
        other => panic!("{other:?}"),
    }
}

fn apply(book: &mut Book, toml: &str, new_only: bool) {
    let (toml, file) = (toml.to_owned(), "care.toml".to_owned());
    book.desk.run(Command::SopAdd { toml, file, new_only, base: None }).unwrap();
    book.desk.tick();
}

/// How everybody stands in it, by name.
fn states(book: &mut Book) -> Vec<(String, EnrolmentState)> {
    let members = book.members.clone();
    let desk = &book.desk.desk;
    let of = |member: &crate::book::MemberId| {
        let ids = desk.store.enrolments_of(Target::Member(*member)).unwrap();
        let one = desk.store.enrolment(*ids.first().unwrap()).unwrap().unwrap();
        (desk.store.columns.target_name(one.target), one.status.state)
    };
    members.iter().map(of).collect()
}

#[test]
fn a_new_stop_rule_names_whom_it_ends_and_ends_them_at_once() {
    let mut book = entered(CARE);
    let edited = CARE.replace("[\"left\"]", "[\"left\", \"filter:tag:老客\"]");
    let told = diff(&mut book, &edited);
    assert_eq!(told.changes, ["总设置的 stop 多了“filter:tag:老客”"]);
    assert_eq!((told.stopped, told.stopped_names.clone()), (1, vec!["小雨妈".to_owned()]));
    assert_eq!((told.running, told.changed, told.unchanged, told.ending), (4, 1, 3, 0));
    let open: Vec<_> = told.open.iter().map(|of| (of.n, of.stays, of.stopped)).collect();
    assert_eq!(open, [(1, false, true), (3, true, false)]);
    assert!(told.next[0].after.why.contains("已停止"), "{:?}", told.next[0]);
    assert_eq!(book.tasks("state:due").len(), 4, "telling changes nothing");
    apply(&mut book, &edited, false);
    let stopped: Vec<String> = states(&mut book)
        .into_iter()
        .filter(|(_, state)| matches!(state, EnrolmentState::Stopped { .. }))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(stopped, told.stopped_names);
    assert_eq!((book.tasks("state:due").len(), book.tasks("state:cancelled").len()), (3, 1));
    // taken back by one undo
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(book.tasks("state:due").len(), 4);
    assert!(states(&mut book).iter().all(|(_, state)| *state == EnrolmentState::Active));
}

#[test]
fn next_instants_are_those_at_which_it_can_be_said() {
    let mut book = entered(CARE);
    let side = |next: &NextStep| (next.at.unwrap(), next.until, next.unsaid);
    // into the quiet night: said as it ends
    let told = diff(&mut book, &CARE.replace("D1 10:00", "D1 23:00").replace("D1 20:00", "D2 20:00"));
    let next = &told.next[0];
    assert_eq!(side(&next.before), (at("2026-11-23 10:00"), Some(at("2026-11-23 20:00")), false));
    assert_eq!(side(&next.after), (at("2026-11-24 08:00"), Some(at("2026-11-24 20:00")), false));
    assert!(next.after.why.contains("免打扰"), "{next:?}");
    // a shorter span alone
    let told = diff(&mut book, &CARE.replace("D1 20:00", "D1 11:00"));
    assert_eq!(told.changes, ["第 2 步“昨天说的新品还有，..”的 until: D1 20:00 -> D1 11:00"]);
    assert_eq!((told.changed, told.next.len()), (4, 4));
    assert_eq!(side(&told.next[0].after), (at("2026-11-23 10:00"), Some(at("2026-11-23 11:00")), false));
    // one that ends before the night does is never said
    let told = diff(&mut book, &CARE.replace("D1 10:00", "D1 23:00").replace("D1 20:00", "D1 23:30"));
    assert_eq!((told.skipped, told.skipped_names.len()), (4, 4));
    assert!(told.next[0].after.unsaid, "{:?}", told.next[0]);
    // the caps of the day are counted: the one open, one more, and then the day is full
    let three = "[[step]]\nid = \"more\"\nat = \"D0 14:00\"\nvia = \"private\"\ntext = [\"在吗\"]\n\
                 [[step]]\nid = \"most\"\nat = \"D0 15:00\"\nvia = \"private\"\ntext = [\"还在吗\"]\n";
    let mut full = entered(CARE);
    apply(&mut full, &format!("{CARE}{three}"), false);
    full.tick_at("2026-11-22 14:01");
    let told = diff(&mut full, &format!("{CARE}{}", three.replace("15:00", "16:00")));
    assert_eq!(told.unchanged, 4, "neither is said today: {:?}", told.next);
    let told =
        diff(&mut full, &format!("{CARE}{three}").replace("class = \"marketing\"", "class = \"service\""));
    let next = &told.next[0];
    assert_eq!(
        (next.before.at, next.after.at),
        (Some(at("2026-11-23 00:00").max(at("2026-11-23 08:00"))), Some(at("2026-11-22 15:00")))
    );
}

#[test]
fn what_is_open_is_named_by_its_own_words_and_texts_show_what_differs() {
    let mut book = entered(CARE);
    let edited = CARE.replace("今天的新品", "明天的新品").replace("八八折", "七五折");
    let told = diff(&mut book, &edited);
    assert_eq!(
        told.changes,
        [
            "第 1 步的 文案: “你好，来看看今天的新品” -> “你好，来看看明天的新品”",
            "第 2 步的 文案: “..今天会员八八折，要不..” -> “..今天会员七五折，要不..”",
        ]
    );
    let reads: Vec<_> = told.open.iter().map(|of| (of.reads.as_str(), of.n, of.stays)).collect();
    assert_eq!(reads, [("第 1 步“你好，来看看今天的..”", 4, true)]);
    assert_eq!((told.changed, told.unchanged), (0, 4), "only said");
    apply(&mut book, &edited, false);
    // and still after it was applied, whatever is edited next
    let told = diff(&mut book, &edited.replace("明天的新品", "后天的新品"));
    let reads: Vec<_> = told.open.iter().map(|of| (of.reads.as_str(), of.n)).collect();
    assert_eq!(reads, [("第 1 步“你好，来看看今天的..”", 4)]);
}

/// One edit of each kind: what stands in the text, and what instead.
const EDITS: &[(&str, &str)] = &[
    ("\"left\"", "\"left\", \"filter:tag:老客\""),
    ("\"left\"", "\"left\", \"tag:老客\""),
    ("\"left\"", "\"bought\""),
    ("class = \"marketing\"", "audience = \"-tag:老客\"\nclass = \"marketing\""),
    ("class = \"marketing\"", "class = \"service\""),
    ("class = \"marketing\"", "class = \"marketing\"\npriority = 90"),
    ("class = \"marketing\"", "class = \"marketing\"\ntz = \"Asia/Tokyo\""),
    ("class = \"marketing\"", "class = \"marketing\"\nfresh = \"30d\""),
    ("until = \"D1 20:00\"", "until = \"D1 10:30\""),
    ("until = \"D1 20:00\"", "until = \"D1 20:00\"\nlate = \"drop\""),
    ("until = \"D1 20:00\"", "until = \"D1 20:00\"\nif = 'tag:老客'"),
    ("until = \"D1 20:00\"", "until = \"D1 20:00\"\nif = '-tag:老客'"),
    ("until = \"D1 20:00\"", "until = \"D1 20:00\"\nclass = \"incident\""),
    ("at = \"D1 10:00\"\nuntil = \"D1 20:00\"", "at = \"D1 23:00\"\nuntil = \"D2 20:00\""),
    ("at = \"D1 10:00\"\nuntil = \"D1 20:00\"", "at = \"D1 23:00\"\nuntil = \"D1 23:30\""),
    ("at = \"D1 10:00\"", "at = \"D0 18:00\""),
    ("at = \"D0 +1m\"", "at = \"D0 +2m\""),
    ("id = \"one\"", "id = \"uno\""),
    ("id = \"two\"", "id = \"due\""),
    ("今天会员", "明天会员"),
    ("text = [\"周末", "note = \"先看朋友圈\"\ntext = [\"周末"),
];

/// Every task, however it stands.
const ANY: &str = "state:due,snoozed,sent,skipped,expired,cancelled";

/// What comes next for a member as the desk goes on: the first task from a step beside those that were there, as it
/// becomes due or ends at once, within some days.
fn what_comes(
    book: &mut Book,
    ticks: &[Timestamp],
    were: &[TaskId],
) -> Vec<(String, String, Timestamp, bool)> {
    let mut come: Vec<(String, String, Timestamp, bool)> = Vec::new();
    for tick in ticks {
        book.desk.at_time(*tick);
        book.desk.tick();
        let name = |book: &Book, target: Target| book.desk.desk.store.columns.target_name(target);
        for task in book.tasks(ANY) {
            let row = (name(book, task.target), task.step.clone());
            if !were.contains(&task.id) && !come.iter().any(|(who, step, ..)| (who, step) == (&row.0, &row.1))
            {
                let said = matches!(task.state, TaskState::Due | TaskState::Sent);
                come.push((row.0, row.1, *tick, said));
            }
        }
    }
    come
}

/// What a text is told to do to those in [`CARE`], and that it does so.
fn told_is_what_happens(edited: &str, new_only: bool) {
    let mut book = entered(CARE);
    let were: Vec<TaskId> = book.tasks(ANY).iter().map(|task| task.id).collect();
    let told = diff(&mut book, edited);
    let what = format!("{new_only} {edited} {told:#?}");
    assert!(!told.changes.is_empty(), "{what}");
    let (due, cancelled) = (book.tasks("state:due").len(), book.tasks("state:cancelled").len());
    apply(&mut book, edited, new_only);
    let stopped: Vec<String> = states(&mut book)
        .into_iter()
        .filter(|(_, state)| matches!(state, EnrolmentState::Stopped { .. }))
        .map(|(name, _)| name)
        .collect();
    let gone = book.tasks("state:cancelled").len() - cancelled;
    if new_only {
        assert_eq!((stopped.len(), gone, book.tasks("state:due").len()), (0, 0, due), "{what}");
    } else {
        assert_eq!(stopped, told.stopped_names, "{what}");
        let told_gone: u32 = told.open.iter().filter(|of| !of.stays).map(|of| of.n).sum();
        assert_eq!(gone as u32, told_gone, "{what}");
    }
    assert_eq!(told.changed as usize, told.next.len(), "{what}");
    assert_eq!(told.running, told.changed + told.unchanged, "{what}");
    if edited.contains("late = \"shift\"") && !new_only {
        // what waits for an open step that shifts is told as if that were done now
        for task in book.tasks("state:due") {
            let verb = TaskVerb::Sent { at: None, also: false };
            book.desk.run(Command::Task { tasks: vec![task.id], verb }).unwrap();
        }
    }
    // each comes when it was told, and not a minute sooner; what cannot be said ends with its span
    let now = book.desk.now().wall;
    let mut instants: Vec<Timestamp> = told
        .next
        .iter()
        .map(|change| if new_only { &change.before } else { &change.after })
        .filter_map(|next| Some((next.at?, if next.unsaid { crate::book::time::DAY } else { 0 })))
        .flat_map(|(at, more)| [at.0 - 60_000, at.0, at.0 + more].map(|at| Timestamp(at).max(now)))
        .collect();
    instants.sort_unstable();
    instants.dedup();
    let come = what_comes(&mut book, &instants, &were);
    for change in &told.next {
        let next = if new_only { &change.before } else { &change.after };
        let Some(when) = next.at else { continue };
        let found = come.iter().find(|(who, step, ..)| *who == change.name && *step == next.step);
        let (_, _, at, said) = found.unwrap_or_else(|| panic!("{} {come:?} {what}", change.name));
        assert_eq!(*said, !next.unsaid, "{} {what}", change.name);
        assert!(*at == when.max(now) || (next.unsaid && *at > when), "{} {at:?} {what}", change.name);
    }
}

#[test]
fn what_is_told_is_what_happens() {
    for (was, is) in EDITS {
        assert!(CARE.contains(was), "{was}");
        let edited = CARE.replacen(was, is, 1);
        for new_only in [false, true] {
            told_is_what_happens(&edited, new_only);
        }
    }
    let mut book = entered(CARE);
    let bought = book.members[1];
    book.happened(bought, ActivityKind::Bought, "鸡蛋");
    assert_eq!(diff(&mut book, CARE).changes, Vec::<String>::new());
}

/// What a key of a playbook, and of a step, may be set to.
const OF_ALL: &[(&str, &[&str])] = &[
    ("audience", &["'-tag:老客'", "'tag:老客'", "'orders:0'"]),
    ("class", &["\"care\"", "\"service\"", "\"incident\""]),
    ("priority", &["10", "90"]),
    ("tz", &["\"Asia/Tokyo\"", "\"Europe/Berlin\"", "\"America/New_York\""]),
    ("day_ends", &["\"02:00\"", "\"04:00\""]),
    ("fresh", &["\"2d\"", "\"30d\""]),
    ("stop", &["[\"tag:老客\"]", "[\"filter:tag:老客\"]", "[\"replied\", \"bought\"]", "[]"]),
    ("rest", &["\"30d\""]),
];
const OF_STEP: &[(&str, &[&str])] = &[
    (
        "at",
        &["\"D0 +2h\"", "\"D0 11:00\"", "\"D0 23:00\"", "\"D1 09:00\"", "\"D2 07:30\"", "\"D1..D3 10:00\""],
    ),
    ("until", &["\"+30m\"", "\"D1 12:00\"", "\"D4 20:00\""]),
    ("late", &["\"keep\"", "\"drop\"", "\"shift\""]),
    ("if", &["'tag:老客'", "'-tag:老客'", "'orders:0'"]),
    ("class", &["\"care\"", "\"service\"", "\"incident\""]),
    ("fresh", &["\"2d\""]),
    ("via", &["\"internal\"", "\"call\""]),
    ("id", &["\"four\""]),
    ("note", &["\"看看\""]),
    ("text", &["[\"别的话\"]"]),
];

/// A playbook as its sections, each its lines; a key drawn for one of them stands instead of what it says by now.
fn drawn(random: &mut fastrand::Rng) -> String {
    let mut sections: Vec<Vec<String>> =
        CARE.split("[[step]]").map(|section| section.trim().lines().map(str::to_owned).collect()).collect();
    for _ in 0..random.usize(1..=3) {
        let at = random.usize(0..sections.len());
        match random.usize(0..12) {
            0 if at > 0 && sections.len() > 2 => drop(sections.remove(at)),
            1 if at > 0 => {
                let last = sections.len() - 1;
                sections.swap(at, last);
            }
            _ => {
                let keys = if at == 0 { OF_ALL } else { OF_STEP };
                let (key, values) = keys[random.usize(0..keys.len())];
                let line = format!("{key} = {}", values[random.usize(0..values.len())]);
                sections[at].retain(|known| known.split(" =").next() != Some(key));
                sections[at].push(line);
            }
        }
    }
    let sections: Vec<String> = sections.iter().map(|lines| lines.join("\n")).collect();
    sections.join("\n[[step]]\n")
}

#[test]
fn whatever_an_edit_changes_is_told_as_it_happens() {
    let mut random = fastrand::Rng::with_seed(17);
    let check = crate::sop::filters::check_filter;
    let is_one = |text: &String| {
        let parsed = crate::sop::parse(text, "care.toml", &check);
        parsed.playbook.is_some() && !diff(&mut entered(CARE), text).changes.is_empty()
    };
    let edits: Vec<String> = std::iter::repeat_with(|| drawn(&mut random)).take(60).filter(is_one).collect();
    assert!(edits.len() > 20, "{}", edits.len());
    for (n, edited) in edits.iter().enumerate() {
        told_is_what_happens(edited, n % 4 == 3);
    }
}

#[test]
fn a_text_laid_beside_another_version_is_refused() {
    let mut book = entered(CARE);
    let add =
        |toml: String, base| Command::SopAdd { toml, file: "care.toml".to_owned(), new_only: false, base };
    let (one, two) = (CARE.replace("八八折", "七五折"), CARE.replace("八八折", "六折"));
    let seen = diff(&mut book, &one).before;
    book.desk.run(add(two, Some(seen))).unwrap();
    let refused = book.desk.run(add(one.clone(), Some(seen))).unwrap_err();
    assert!(refused.words.contains("第 2 版") && refused.words.contains("第 1 版"), "{}", refused.words);
    assert!(diff(&mut book, &one).changes[0].contains("六折"), "nothing was applied");
    book.desk.run(add(one, Some(2))).unwrap();
}

#[test]
fn who_would_enter_by_silence_is_counted_as_they_enter() {
    const WAKE: &str = "id = \"wake\"\ntitle = \"唤醒\"\nfor = \"member\"\nclass = \"care\"\naudience = \"-tag:老客\"\n\
                        start = { on = \"silence\", days = 2, since = \"both\" }\n[[step]]\nid = \"a\"\nat = \"D0 20:00\"\n\
                        via = \"private\"\ntext = [\"在吗\"]\n";
    let mut book = Book::new(&[], &["小雨妈", "大福", "老王", "孙丽"]);
    for (member, day) in [(0, "20"), (1, "20"), (2, "21"), (3, "18")] {
        book.desk.at(&format!("2026-11-{day} 10:00"));
        let member = book.members[member];
        book.happened(member, ActivityKind::Replied, "好");
    }
    book.desk.at("2026-11-22 09:00");
    tag(&mut book, 0, "老客");
    let told = diff(&mut book, WAKE);
    assert_eq!(told.entering.as_ref().map(|(n, _)| *n), Some(1), "{told:?}");
    book.sop(WAKE);
    let id = PlaybookId("wake".to_owned());
    assert_eq!(book.desk.desk.store.columns.playbooks[&id].active, 1);
}

#[test]
fn a_note_is_filled_like_a_text() {
    let noted = CARE
        .replace("text = [\"你好，来看看今天的新品\"]", "note = \"给 {{ name }} 点赞\"")
        .replace("at = \"D0 +1m\"\nvia = \"private\"", "at = \"D0 +1m\"\nvia = \"internal\"");
    let mut book = entered(&noted);
    let due = book.tasks("state:due");
    let first = due.iter().find(|task| task.target_name == "大福").unwrap();
    assert_eq!(first.summary, "给 大福 点赞");
    let Reply::Task(detail) = book.desk.ask(Request::Task(first.id)) else { panic!() };
    assert_eq!(detail.note, "给 大福 点赞");
    assert_eq!(detail.text.blocked, None);
}

#[test]
fn a_note_names_what_it_lacks_and_holds_nothing_up() {
    let noted = CARE
        .replace(
            "text = [\"你好，来看看今天的新品\"]",
            "note = \"给 {{ name }} 点赞, 上次买了 {{ last_product }}, {{ nmae }}{% for m in last_product %}{{ m }}{% endfor %}\"",
        )
        .replace("at = \"D0 +1m\"\nvia = \"private\"", "at = \"D0 +1m\"\nvia = \"internal\"");
    let mut book = entered(&noted);
    let due = book.tasks("state:due");
    let first = due.iter().find(|task| task.target_name == "大福").unwrap();
    let says = "给 大福 点赞, 上次买了 〔缺 last_product〕, 〔缺 nmae〕〔缺 last_product〕";
    assert_eq!(first.summary, says);
    let Reply::Task(detail) = book.desk.ask(Request::Task(first.id)) else { panic!() };
    assert_eq!((detail.note.as_str(), detail.text.parts[0].show.as_str()), (says, says));
    assert_eq!(detail.text.blocked, None);
    let sent = TaskVerb::Sent { at: None, also: false };
    book.desk.run(Command::Task { tasks: vec![first.id], verb: sent }).unwrap();
}

/// The zones that those in it go by.
fn zones(book: &Book) -> Vec<String> {
    let store = &book.desk.desk.store;
    let of = |member: &crate::book::MemberId| {
        let ids = store.enrolments_of(Target::Member(*member)).unwrap();
        store.enrolment(*ids.first().unwrap()).unwrap().unwrap().zone_name().to_owned()
    };
    book.members.iter().map(of).collect()
}

#[test]
fn another_zone_holds_for_those_in_it_on_the_same_days() {
    let in_zone = |zone: &str| format!("class = \"marketing\"\ntz = \"{zone}\"");
    for (zone, comes) in [("Asia/Tokyo", "2026-11-23 09:00"), ("Europe/Berlin", "2026-11-23 17:00")] {
        let mut book = entered(CARE);
        let began = zones(&book);
        let edited = CARE.replace("class = \"marketing\"", &in_zone(zone));
        let told = diff(&mut book, &edited);
        let instants: Vec<_> =
            told.next.iter().map(|next| (next.before.at.unwrap(), next.after.at.unwrap())).collect();
        assert_eq!(instants, [(at("2026-11-23 10:00"), at(comes)); 4], "{zone}");
        // those who stay on the text they began with keep its zone
        apply(&mut book, &edited, true);
        assert_eq!(zones(&book), began);
        book.desk.run(Command::Undo { act: None }).unwrap();
        apply(&mut book, &edited, false);
        assert_eq!(zones(&book), [zone; 4]);
        let two = |book: &mut Book| book.tasks("state:due").iter().filter(|task| task.step == "two").count();
        book.desk.at_time(Timestamp(at(comes).0 - 60_000));
        book.desk.tick();
        assert_eq!(two(&mut book), 0, "{zone}");
        book.desk.at_time(at(comes));
        book.desk.tick();
        assert_eq!(two(&mut book), 4, "{zone}");
        book.desk.run(Command::Undo { act: None }).unwrap();
        book.desk.tick();
        assert_eq!(zones(&book), began, "{zone}");
        book.tick_at("2026-11-23 18:00");
        let said = book.tasks("state:due,cancelled");
        assert_eq!(said.iter().filter(|task| task.step == "two").count(), 4, "once each: {zone}");
    }
}

#[test]
fn who_is_in_it_keeps_the_zone_that_an_edit_takes_out() {
    let of = |tz: &str| CARE.replace("class = \"marketing\"", &format!("class = \"marketing\"\n{tz}"));
    let mut book = entered(&of("tz = \"Asia/Tokyo\""));
    assert_eq!(zones(&book), ["Asia/Tokyo"; 4]);
    let told = diff(&mut book, CARE);
    assert_eq!((told.changes.len(), told.next.len()), (1, 0), "{told:?}");
    apply(&mut book, CARE, false);
    assert_eq!(zones(&book), ["Asia/Tokyo"; 4]);
    book.desk.run(Command::Undo { act: None }).unwrap();
    apply(&mut book, &of("tz = \"Europe/Berlin\""), false);
    assert_eq!(zones(&book), ["Europe/Berlin"; 4]);
}

#[test]
fn what_an_edit_cancels_makes_room_for_what_comes_next() {
    for (of, n, gap) in [(CapScope::Member, 1, 0), (CapScope::Account, 4, 0), (CapScope::Member, 9, 600)] {
        let mut book = entered(CARE);
        let cap = &mut book.desk.desk.store.columns.rules.caps[0];
        (cap.scope, cap.n, cap.gap) = (RuleScope::each(of), n, gap);
        let gone = CARE.replacen(
            "id = \"one\"\nat = \"D0 +1m\"",
            "id = \"two\"\nat = \"D0 15:00\"\nuntil = \"D0 20:00\"",
            1,
        );
        let edited = gone.replacen("id = \"two\"\nat = \"D1 10:00\"", "id = \"other\"\nat = \"D1 10:00\"", 1);
        let told = diff(&mut book, &edited);
        let cancelled: u32 = told.open.iter().filter(|of| !of.stays).map(|of| of.n).sum();
        assert_eq!((cancelled, told.skipped), (4, 0), "{told:#?}");
        assert!(told.next.iter().all(|next| next.after.at == Some(at("2026-11-22 15:00"))), "{told:#?}");
        apply(&mut book, &edited, false);
        book.tick_at("2026-11-22 15:00");
        assert_eq!(book.tasks("state:due").len(), 4);
    }
}
