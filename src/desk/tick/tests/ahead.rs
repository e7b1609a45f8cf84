//! A clock that ran ahead, was believed, and is set right: what came too soon comes at its time.

use super::*;
use crate::book::time::{DAY, HOUR};
use crate::book::{ObjectId, TaskKind};
use crate::door::Request;
use crate::store::record::Work;

const HOURS: &str = r#"
id = "hours"
title = "报时"
for = "group"
class = "service"
start = { on = "recurrence", rrule = "FREQ=DAILY;BYHOUR=9,15,18", dtstart = "2026-11-20T00:00:00", tz = "Asia/Shanghai" }
[[step]]
id = "hour"
at = "D0 +0m"
via = "group"
text = ["整点"]
"#;

const COURSE: &str = r#"
id = "course"
title = "课"
for = "member"
class = "care"
start = { on = "added" }
[[step]]
id = "a"
at = "D1 10:00"
until = "D1 21:00"
via = "private"
text = ["一", "甲"]
[[step]]
id = "b"
at = "D2 10:00"
until = "+2h"
late = "shift"
via = "private"
text = ["二"]
[[step]]
id = "c"
at = "D4 10:00"
via = "private"
if = "tag:老"
text = ["三"]
[[end]]
when = "finished"
then = ["tag:毕业"]
"#;

const ASKS: &str = r#"
id = "asks"
title = "团购"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "text"
by = "D0 09:00"
[[step]]
id = "open"
at = "D0 10:00"
until = "D0 12:00"
via = "group"
if = "ask:商品"
text = ["{{ 商品 }}"]
"#;

const SILENT: &str = r#"
id = "silent"
title = "唤醒"
for = "member"
class = "marketing"
start = { on = "silence", days = 3 }
rest = "30d"
[[step]]
id = "wake"
at = "D0 11:00"
until = "D2 21:00"
via = "private"
text = ["好久不见"]
"#;

const ONE_A_DAY: &str = r#"
id = "one-a-day"
title = "回访"
for = "member"
class = "care"
start = { on = "silence", days = 2 }
intake = { max = 1, per = "day" }
[[step]]
id = "visit"
at = "D0 10:00"
until = "D3 21:00"
via = "private"
text = ["最近好吗"]
"#;

fn staged() -> Book {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    book.group("宠友2群");
    for toml in [MORNING, HOURS, WELCOME, FRIEND, COURSE, ASKS, SILENT, ONE_A_DAY] {
        book.sop(toml);
    }
    for name in ["张三", "李四", "张三"] {
        let member = book.member(name);
        book.befriend(member);
        book.join(member, group);
    }
    for name in ["王五", "赵六", "钱七"] {
        let silent = book.member(name);
        book.befriend(silent);
        let now = book.desk.now().wall;
        book.happened(silent, ActivityKind::Replied, None, true, now);
    }
    book.desk.tick();
    book
}

/// What is owed and what became of it, by whom it is for; what was taken back was never there.
fn story(book: &Book) -> Vec<String> {
    let desk = &book.desk.desk;
    let told = |task: &Task| {
        let what = match &task.kind {
            TaskKind::Step { key, variant, .. } => {
                format!("{} {} {} {} {variant}", key.playbook, key.step, key.occurrence, key.ordinal)
            }
            TaskKind::Ask { playbook, run, key, .. } => format!("{playbook} {key} {run}"),
            other => format!("{other:?}"),
        };
        let TaskStatus { state, end, due_at, until, held, .. } = &task.status;
        let members: Vec<String> =
            task.members.iter().map(|member| desk.display_name(Target::Member(*member))).collect();
        let name = desk.display_name(task.target);
        format!("{what} {name} {members:?} {state:?} {end:?} {due_at:?} {until:?} {held:?}")
    };
    let tasks = book.tasks();
    let mut story: Vec<String> =
        tasks.iter().filter(|task| task.status.end != Some(EndReason::NotYet)).map(told).collect();
    let columns = &desk.store.columns;
    for (_, id, _) in columns.enrolments.iter() {
        let enrolment = desk.store.enrolment(id).unwrap().unwrap();
        let status = &enrolment.status;
        if !status.state.is_undone() {
            let name = desk.display_name(enrolment.target);
            let progress = &status.progress;
            story.push(format!(
                "{} {name} {:?} {progress:?} {:?}",
                enrolment.playbook, status.state, status.next_at
            ));
        }
    }
    for (_, id, _) in columns.members.iter() {
        let member = desk.store.member(id).unwrap().unwrap();
        story.push(format!("{} {:?}", member.name, member.tags));
    }
    story.sort();
    story
}

/// The clock of the day is set; the one since the start goes on.
fn set(book: &mut Book, when: Timestamp) {
    let zone = chrono_tz::Tz::Asia__Shanghai;
    book.desk.set_clock(&when.local(zone).format("%Y-%m-%d %H:%M").to_string());
    book.desk.tick();
}

#[test]
fn a_clock_that_was_ahead_leaves_the_book_as_if_it_had_not_been() {
    for seed in 0..8 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (mut book, mut plain) = (staged(), staged());
        book.desk.desk.works.set_share([1, 20][seed as usize % 2]);
        let begun = plain.desk.now().wall;
        let minute = |at: i64| Timestamp((begun.0 + at) / 60_000 * 60_000);
        let wrong_at = HOUR * rng.i64(1..60);
        let mut moments: Vec<i64> = (0..40).map(|_| HOUR * rng.i64(1..10 * 24)).collect();
        moments.push(wrong_at);
        moments.sort_unstable();
        moments.dedup();
        for moment in moments {
            let now = minute(moment);
            for of in [&mut book, &mut plain] {
                of.desk.at_time(now);
                of.desk.tick();
            }
            if moment == wrong_at {
                let mut wrong = Timestamp(now.0 + [6 * HOUR, 9 * DAY, 40 * DAY, 366 * DAY][rng.usize(..4)]);
                set(&mut book, wrong);
                assert!(book.desk.desk.tick.held.is_some(), "{seed}");
                book.desk.run(Command::ConfirmClock).unwrap();
                book.desk.tick();
                for _ in 0..rng.u32(..4) {
                    wrong = Timestamp(wrong.0 + HOUR * rng.i64(1..30));
                    book.desk.at_time(wrong);
                    book.desk.tick();
                }
                set(&mut book, now);
                assert!(book.desk.desk.tick.held.is_some(), "{seed}");
                let said = book.desk.run(Command::ConfirmClock).unwrap().words;
                assert!(said.contains("到时再来"), "{seed}: {said}");
                book.desk.tick();
                assert_eq!(book.desk.desk.tick.held, None);
                plain.desk.tick();
            }
            let (is, should) = (story(&book), story(&plain));
            let too_much: Vec<&String> = is.iter().filter(|line| !should.contains(line)).collect();
            let missing: Vec<&String> = should.iter().filter(|line| !is.contains(line)).collect();
            assert!(is == should, "seed {seed}, {now:?}: {too_much:#?} instead of {missing:#?}");
        }
        book.desk.restart();
    }
}

#[test]
fn what_somebody_began_with_stays_and_does_not_come_again() {
    let mut book = Book::new();
    for name in ["一群", "二群", "三群", "四群"] {
        book.group(name);
    }
    book.sop(MORNING);
    let now = book.desk.now().wall;
    book.desk.set_clock("2026-11-24 08:00");
    book.desk.tick();
    book.desk.run(Command::ConfirmClock).unwrap();
    book.tick_at("2026-11-24 09:30");
    let due = book.open();
    assert_eq!(due.len(), 4);
    book.verb(due[0].id, TaskVerb::Sent { at: None, also: false });
    book.verb(due[1].id, TaskVerb::Copied { part: 0 });
    let note = book.desk.desk.ids.next(now);
    book.stage(Body::NoteAdded { note, on: ObjectId::Task(due[2].id), text: "先问群主".to_owned() });
    set(&mut book, now);
    let held = book.desk.desk.held_words(now, crate::text::lang::Lang::ZhCn).unwrap();
    assert!(held.contains("条提前到点的收回"), "{held}");
    let said = book.desk.run(Command::ConfirmClock).unwrap().words;
    assert!(said.contains("收回"), "{said}");
    assert_eq!(book.open().iter().map(|task| task.id).collect::<Vec<_>>(), [due[1].id, due[2].id]);
    let refused = book.desk.run(Command::Undo { act: None });
    assert!(!refused.is_ok_and(|done| done.words.contains("时钟")), "the clock is no act");
    for day in 22..=24 {
        book.tick_at(&format!("2026-11-{day} 09:30"));
    }
    let of_day =
        |book: &Book| book.tasks().iter().filter(|task| task.status.end != Some(EndReason::NotYet)).count();
    // two days of four, and the day of which three are there already
    assert_eq!(of_day(&book), 12);
    book.desk.restart();
}

#[test]
fn what_is_taken_back_goes_on_after_a_crash_and_no_tick_comes_between() {
    let (mut book, mut plain) = (staged(), staged());
    let now = book.desk.now().wall;
    set(&mut book, Timestamp(now.0 + 20 * DAY));
    book.desk.run(Command::ConfirmClock).unwrap();
    book.desk.tick();
    let back = Timestamp(now.0 + DAY);
    set(&mut book, back);
    let operator = "王店长";
    for _ in 0..6 {
        book.desk.desk.works.set_share(20);
        if book.desk.desk.tick.held.is_some() {
            let command_id = book.desk.desk.ids.next(back);
            let command = Command::ConfirmClock;
            book.desk.begin_as(operator, Request::Do { command_id, command, saw: None });
        }
        book.desk.tick_once();
        (0..3).for_each(|_| book.desk.idle());
        let works = &book.desk.desk.store.columns.works;
        assert!(works.iter().any(|left| matches!(left.work, Work::SetBack { .. })));
        // as after a crash: whoever goes on begins to read anew
        book.desk.restart();
    }
    book.desk.tick();
    plain.desk.at_time(book.desk.now().wall);
    plain.desk.tick();
    assert_eq!(story(&book), story(&plain));
}

#[test]
fn what_somebody_began_with_does_not_wait_for_hours_of_the_wrong_clock() {
    let mut book = Book::new();
    book.group("一群");
    book.sop(&MORNING.replace("09:30", "07:00").replace("late = \"drop\"\n", ""));
    let now = book.desk.now().wall;
    book.desk.set_clock("2027-11-24 02:00");
    book.desk.tick();
    book.desk.run(Command::ConfirmClock).unwrap();
    book.desk.tick();
    let copied = book.open().pop().unwrap();
    assert_eq!(copied.status.state, TaskState::Snoozed, "at two in the night of the wrong clock");
    let copied = copied.id;
    book.verb(copied, TaskVerb::Copied { part: 0 });
    set(&mut book, now);
    book.desk.run(Command::ConfirmClock).unwrap();
    let open: Vec<(TaskId, TaskState)> =
        book.open().iter().map(|task| (task.id, task.status.state)).collect();
    // and what was due before the clock was wrong
    assert!(open.len() == 2 && open.iter().all(|(_, state)| *state == TaskState::Due), "{open:?}");
    assert!(open.iter().any(|(id, _)| *id == copied));
}

#[test]
fn what_was_sent_by_the_wrong_clock_and_was_not_after_all_comes_at_its_time() {
    let mut book = Book::new();
    book.group("一群");
    book.sop(&MORNING.replace("09:30", "07:00").replace("late = \"drop\"\n", ""));
    let now = book.desk.now().wall;
    book.desk.set_clock("2026-11-24 06:00");
    book.desk.tick();
    book.desk.run(Command::ConfirmClock).unwrap();
    book.tick_at("2026-11-24 07:01");
    let [task] = book.open().try_into().unwrap();
    assert_eq!(task.status.state, TaskState::Snoozed, "quiet hours end at eight");
    let sent = Command::Task { tasks: vec![task.id], verb: TaskVerb::Sent { at: None, also: false } };
    let sent = book.desk.run(sent).unwrap();
    set(&mut book, now);
    book.desk.run(Command::ConfirmClock).unwrap();
    assert_eq!(book.desk.desk.store.task(task.id).unwrap().unwrap().status.state, TaskState::Sent);
    book.desk.run(Command::Undo { act: sent.act }).unwrap();
    assert!(book.open().iter().all(|open| open.id != task.id));
    book.tick_at("2026-11-24 08:00");
    let day = |task: &Task| match &task.kind {
        TaskKind::Step { key, .. } => key.occurrence,
        other => panic!("{other:?}"),
    };
    let again = book.open().into_iter().find(|open| day(open) == day(&task));
    assert_ne!(again.expect("its day has come").id, task.id);
}

/// Each tick by a process of its own, as cron runs them.
#[test]
fn what_ticks_make_after_a_clock_was_put_back_takes_nobodys_place() {
    let mut book = Book::new();
    let now = book.desk.now().wall;
    book.desk.set_clock("2027-11-24 12:00");
    book.desk.tick();
    book.desk.run(Command::ConfirmClock).unwrap();
    set(&mut book, now);
    book.desk.run(Command::ConfirmClock).unwrap();
    let group = book.group("一群");
    book.sop(HOURS);
    let mut seen = 0;
    for at in ["2026-11-22 15:00", "2026-11-22 18:00", "2026-11-23 09:00", "2026-11-23 15:00"] {
        book.desk.restart();
        book.desk.set_clock(at);
        book.desk.tick();
        let tasks = book.tasks();
        assert!(tasks.iter().all(|task| task.target == Target::Group(group)));
        let occurrences: Vec<_> = tasks.iter().map(|task| task.status.due_at).collect();
        assert!(occurrences.len() > seen, "{at}: {occurrences:?}");
        seen = occurrences.len();
    }
    let mut ids: Vec<TaskId> = book.tasks().iter().map(|task| task.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), seen);
}
