//! What comes due today, once, and what holds it back.

use super::*;
use crate::book::TaskKind;
use crate::door::command::{Happening, Tell, Who};
use crate::door::{Reply, Request};

#[test]
fn twelve_groups_get_their_morning_once() {
    let mut book = Book::new();
    for n in 1..=12 {
        book.group(&format!("宠友{n}群"));
    }
    book.sop(MORNING);
    assert_eq!(book.open().len(), 0);
    book.tick_at("2026-11-22 09:30");
    assert_eq!(book.open().len(), 12);
    assert!(book.open().iter().all(|t| t.status.account == Some(book.account)));
    book.desk.tick();
    book.tick_at("2026-11-22 09:45");
    assert_eq!(book.tasks().len(), 12, "nothing fires twice");
    book.tick_at("2026-11-22 11:00");
    let tasks = book.tasks();
    assert!(
        tasks
            .iter()
            .all(|t| t.status.state == TaskState::Expired && t.status.end == Some(EndReason::SpanOver))
    );
    book.tick_at("2026-11-23 09:30");
    assert_eq!(book.open().len(), 12, "the next day is another occurrence");
}

#[test]
fn what_was_never_filled_in_was_not_missed_in_an_absence() {
    let mut book = Book::new();
    book.group("宠友1群");
    let asks = MORNING.replace("[[step]]", "[[ask]]\nkey = \"谜底\"\ntype = \"text\"\n[[step]]");
    book.sop(&asks.replace("text = [", "text = [\"猜图: {{ 谜底 }}\", "));
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    let fill = Command::Fill {
        playbook: PlaybookId("morning".into()),
        run: run.succ_opt().unwrap(),
        group: None,
        key: "谜底".to_owned(),
        value: "猫".to_owned(),
    };
    book.desk.run(fill).unwrap();
    book.tick_at("2026-11-25 10:00");
    let digest = book.desk.desk.tick.digest.clone().expect("an absence is told");
    // of three that are over only one could have been said
    let row = &digest.rows[0];
    assert_eq!((row.due, row.expired, row.unfilled, row.open), (4, 1, 2, 1), "{row:?}");
}

#[test]
fn what_nobody_filled_in_is_over_with_its_span_and_what_can_be_said_is_kept() {
    let asks = MORNING.replace("[[step]]", "[[ask]]\nkey = \"谜底\"\ntype = \"text\"\n[[step]]");
    let kept = asks.replace("late = \"drop\"\n", "");
    assert!(!kept.contains("late"), "kept is what is not said otherwise");
    let over = || (TaskState::Expired, Some(EndReason::TooLate));
    let due = || (TaskState::Due, None);
    for (text, expected) in [
        ("猜图: {{ 谜底 }}", [over(), over(), due(), over()]),
        ("早{% if 谜底 %}, 是 {{ 谜底 }}{% endif %}", [due(), due(), due(), due()]),
    ] {
        let mut book = Book::new();
        book.no_rules();
        book.group("宠友1群");
        book.sop(&kept.replace("早上好", text));
        let run = "2026-11-24".parse().unwrap();
        let (playbook, group) = (PlaybookId("morning".into()), None);
        let (key, value) = ("谜底".to_owned(), "猫".to_owned());
        book.desk.run(Command::Fill { playbook, run, group, key, value }).unwrap();
        // each day the program is begun when the morning is over
        for day in 22..=25 {
            book.tick_at(&format!("2026-11-{day} 12:00"));
        }
        let steps = book.tasks().into_iter().filter(|t| matches!(t.kind, TaskKind::Step { .. }));
        let states: Vec<_> = steps.map(|t| (t.status.state, t.status.end)).collect();
        assert_eq!(states, expected, "{text}");
    }
}

#[test]
fn an_absence_expires_what_is_too_late_and_says_so() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(MORNING);
    book.tick_at("2026-11-25 10:00");
    let states: Vec<TaskState> = book.tasks().iter().map(|t| t.status.state).collect();
    assert_eq!(states, [TaskState::Expired, TaskState::Expired, TaskState::Expired, TaskState::Due]);
    let digest = book.desk.desk.tick.digest.clone().expect("an absence is told");
    assert_eq!((digest.rows[0].due, digest.rows[0].expired, digest.rows[0].open), (4, 3, 1));
    assert_eq!(digest.rows[0].unfilled, 0);
    book.desk.run(Command::CatchUp { playbook: None, choice: CatchUp::Expire }).unwrap();
    assert!(book.open().is_empty());
    assert_eq!(book.desk.desk.tick.digest, None);
}

#[test]
fn newcomers_of_a_group_share_one_welcome() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    book.sop(WELCOME);
    let people: Vec<MemberId> = ["张三", "李四", "王五"].iter().map(|name| book.member(name)).collect();
    for member in &people {
        book.join(*member, group);
    }
    book.tick_at("2026-11-22 12:00");
    let open = book.open();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].target, Target::Group(group));
    assert_eq!(open[0].members, people);
    assert_eq!(open[0].of.len(), 3);

    // nobody alone is greeted by it: what was typed stays for whoever types on, and is told what would do
    let (id, typed) = (open[0].id, "{{ name }}，欢迎".to_owned());
    let rewrite = |text| Command::Task { tasks: vec![id], verb: TaskVerb::Rewrite { text: Some(text) } };
    book.desk.run(rewrite(typed.clone())).unwrap();
    let Reply::Task(detail) = book.desk.ask(Request::Task(id)) else { panic!("a task") };
    let (part, blocked) = (&detail.text.parts[0], detail.text.blocked.as_ref());
    assert_eq!((part.copy.as_ref(), part.written.as_ref()), (None, Some(&typed)));
    assert!(blocked.is_some_and(|(_, words)| words.contains("3 个人") && words.contains("{{ members }}")));
    assert!(!detail.text.asked, "no form asks for a name");
    book.desk.run(rewrite("{{ members }}，欢迎".to_owned())).unwrap();
    let Reply::Task(detail) = book.desk.ask(Request::Task(id)) else { panic!("a task") };
    let part = &detail.text.parts[0];
    assert_eq!((part.copy.as_deref(), part.written.as_ref()), (Some("张三、李四、王五，欢迎"), None));
}

#[test]
fn who_leaves_before_the_welcome_is_not_greeted() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    book.sop(WELCOME);
    let (stays, leaves) = (book.member("张三"), book.member("李四"));
    book.join(stays, group);
    book.join(leaves, group);
    book.tick_at("2026-11-22 12:00");
    let now = book.desk.now().wall;
    book.happened(leaves, ActivityKind::Left, Some(group), false, now);
    assert_eq!(book.open()[0].members, vec![stays]);
}

#[test]
fn a_new_friend_is_greeted_and_a_purchase_ends_it() {
    let mut book = Book::new();
    book.no_rules();
    book.sop(FRIEND);
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:04");
    assert!(book.open().is_empty(), "five minutes have not passed");
    book.tick_at("2026-11-22 09:06");
    let hi = book.open();
    assert_eq!(hi.len(), 1);
    book.verb(hi[0].id, TaskVerb::Sent { at: None, also: false });
    let now = book.desk.now().wall;
    book.happened(member, ActivityKind::Bought, None, true, now);
    book.tick_at("2026-11-23 10:00");
    assert!(book.open().is_empty(), "bought stops the rest");
}

#[test]
fn an_import_of_the_past_anchors_nothing() {
    let mut book = Book::new();
    book.sop(FRIEND);
    let member = book.member("张三");
    let long_ago = Timestamp(book.desk.now().wall.0 - 40 * crate::book::time::DAY);
    book.happened(member, ActivityKind::Added, None, true, long_ago);
    book.tick_at("2026-11-23 10:30");
    assert!(book.tasks().is_empty());
}

#[test]
fn quiet_hours_move_and_say_why() {
    let mut book = Book::new();
    let late = FRIEND.replace("D0 22:00", "D1 12:00");
    book.sop(&late);
    book.desk.at("2026-11-22 22:30");
    let member = book.member("张三");
    book.befriend(member);
    book.desk.tick();
    book.tick_at("2026-11-23 07:59");
    assert!(book.open().is_empty());
    book.tick_at("2026-11-23 08:00");
    let open = book.open();
    assert_eq!(open.len(), 1);
    assert!(open[0].moved_from.is_some());
    assert_eq!(open[0].moved_why, "quiet");
}

#[test]
fn a_cap_holds_the_second_message_of_the_day() {
    let mut book = Book::new();
    let two =
        FRIEND.replace("D1 10:00", "D0 12:00").replace("id = \"tip\"", "id = \"tip\"\nuntil = \"D2 22:00\"");
    book.sop(&two);
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:06");
    assert_eq!(book.open().len(), 1);
    book.tick_at("2026-11-22 12:30");
    assert_eq!(book.open().len(), 1, "one marketing touch a day");
    book.tick_at("2026-11-23 08:30");
    assert!(book.tasks().len() >= 2, "offered the next day");
}

#[test]
fn a_private_step_to_a_stranger_asks_for_friendship() {
    let mut book = Book::new();
    let group = book.group("宠友1群");
    book.sop(&WELCOME.replace("via = \"group\"", "via = \"private\"").replace("{{ members }}", "你"));
    let member = book.member("张三");
    book.join(member, group);
    book.tick_at("2026-11-22 12:00");
    let kinds: Vec<bool> =
        book.open().iter().map(|t| matches!(t.kind, crate::book::TaskKind::AddFriend { .. })).collect();
    assert_eq!(kinds, [false, true]);
}

#[test]
fn do_not_disturb_ends_all_marketing_at_once() {
    let mut book = Book::new();
    book.no_rules();
    book.sop(FRIEND);
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:06");
    let hi = book.open()[0].id;
    let reason = crate::book::SkipReason::DoNotDisturb;
    book.verb(hi, TaskVerb::Skip { reason, words: String::new() });
    book.tick_at("2026-11-23 10:30");
    assert!(book.open().is_empty());
    let again = book.desk.run(Command::Enrol {
        playbook: PlaybookId("friend".into()),
        targets: vec![Target::Member(member)],
        filter: String::new(),
        anchor: None,
        dry_run: false,
    });
    assert!(again.unwrap().enrolled.is_empty());
}

#[test]
fn a_complaint_that_is_told_stops_all_marketing_and_one_undo_takes_it_back() {
    let mut book = Book::new();
    book.no_rules();
    book.sop(FRIEND);
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:06");
    assert_eq!(book.open().len(), 1);
    let kind = ActivityKind::Complained;
    let complains = || {
        let text = "太吵".to_owned();
        let happened = vec![Happening { kind, amount: None, number: None, relative: false, text }];
        let (who, said) = (vec![Who::Known(member)], Vec::new());
        Command::Tell(Tell { who, said, group: None, account: None, happened, at: None })
    };
    let tags = |book: &Book| book.desk.desk.store().member(member).unwrap().unwrap().tags;
    let outcome = book.desk.run(complains()).unwrap();
    assert_eq!(outcome.warnings, ["打上勿扰: 营销全停, 停了 1 个 SOP 进度, 取消 1 条待发"]);
    assert!(book.open().is_empty() && tags(&book) == ["勿扰"]);
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert!(book.open().len() == 1 && tags(&book).is_empty(), "{:?}", tags(&book));
    book.desk.run(complains()).unwrap();
    book.tick_at("2026-11-23 10:30");
    assert!(book.open().is_empty());
}

#[test]
fn the_second_to_mark_is_told_who_was_first() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:30");
    let task = book.open()[0].id;
    let sent = || Command::Task { tasks: vec![task], verb: TaskVerb::Sent { at: None, also: false } };
    book.desk.run_as("小李", sent()).unwrap();
    let refusal = book.desk.run_as("小赵", sent()).unwrap_err();
    assert_eq!(refusal.kind, crate::door::RefusalKind::Already);
    assert_eq!(refusal.who.as_deref(), Some("小李"));
    let also = Command::Task { tasks: vec![task], verb: TaskVerb::Sent { at: None, also: true } };
    book.desk.run_as("小赵", also).unwrap();
    let touches = book.desk.desk.touches_since(book.tasks()[0].target, Timestamp(0)).unwrap();
    assert_eq!(touches.iter().filter(|t| t.duplicate).count(), 1);
}

#[test]
fn a_jumping_clock_holds_the_tick_until_confirmed() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(MORNING);
    book.desk.at("2027-03-01 10:00");
    book.desk.tick();
    assert!(book.tasks().is_empty());
    assert!(book.desk.desk.tick.held.is_some());
    let held = |book: &Book| {
        let now = book.desk.now().wall;
        book.desk.desk.held_words(now, crate::text::lang::Lang::ZhCn).unwrap()
    };
    let said = held(&book);
    assert!(said.contains("晚 99 天"), "{said}");
    // what it would do is told before
    assert!(said.contains("确认后到点 100 步: 早安 100"), "{said}");
    book.desk.run(Command::ConfirmClock).unwrap();
    book.desk.tick();
    assert!(!book.tasks().is_empty());
    assert!(book.desk.desk.tick.digest.is_some(), "what came due meanwhile is told");
}

/// Whoever writes something down has not looked at the clock.
#[test]
fn what_is_done_by_a_clock_far_ahead_does_not_confirm_it() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(MORNING);
    let ahead = Timestamp(book.desk.now().wall.0 + 99 * crate::book::time::DAY);
    book.desk.at_time(ahead);
    for _ in 0..2 {
        book.desk.restart();
        book.desk.tick();
        assert!(book.desk.desk.tick.held.is_some());
        book.member("张三");
    }
    assert!(book.tasks().is_empty());
    book.desk.run(Command::ConfirmClock).unwrap();
    book.desk.tick();
    assert!(!book.tasks().is_empty());
    book.desk.restart();
    book.desk.tick();
    assert_eq!(book.desk.desk.tick.held, None);
}

/// As cron does it: a desk of its own each day, and nothing to write.
#[test]
fn quiet_days_that_were_ticked_through_are_no_jump() {
    let mut book = Book::new();
    book.group("宠友1群");
    let mut day = book.desk.now().wall;
    let begun = book.desk.desk.store.columns.store.last_at;
    for _ in 0..40 {
        day = Timestamp(day.0 + crate::book::time::DAY);
        book.desk.at_time(day);
        book.desk.restart();
        book.desk.tick();
        assert_eq!(book.desk.desk.tick.held, None, "{day:?}");
    }
    let written = book.desk.desk.store.columns.store.last_at;
    assert!(written > begun && day.since(written) < 7 * crate::book::time::DAY);
    book.desk.at_time(Timestamp(day.0 + 31 * crate::book::time::DAY));
    book.desk.restart();
    book.desk.tick();
    assert!(book.desk.desk.tick.held.is_some(), "nobody looked for 31 days");
}

#[test]
fn what_quiet_hours_held_is_late_from_their_end_also_when_nobody_was_there() {
    let mut book = Book::new();
    book.group("三年二班");
    let early = MORNING.replace("09:30", "07:00").replace("late = \"drop\"\n", "");
    book.sop(&early);
    book.tick_at("2026-11-23 08:30");
    let status = |book: &Book| book.open().remove(0);
    let clock = |at: Timestamp| at.local(chrono_tz::Tz::Asia__Shanghai).format("%H:%M").to_string();
    let task = status(&book);
    assert_eq!(
        (clock(task.status.due_at), task.moved_from.map(clock)),
        ("08:00".into(), Some("07:00".into()))
    );
    assert_eq!(task.moved_why, "quiet");
}

#[test]
fn the_tab_of_today_counts_what_its_view_lists() {
    use crate::door::form::Kind;
    use crate::door::request::{ListSpec, Sort};
    use crate::door::{Reply, Request, views::BuiltinView};
    let mut book = Book::new();
    book.no_rules();
    for name in ["一群", "二群", "三群", "四群"] {
        book.group(name);
    }
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:30");
    book.tick_at("2026-11-23 09:30");
    let today: Vec<TaskId> = book.open().iter().rev().take(4).map(|task| task.id).collect();
    book.verb(today[0], TaskVerb::Sent { at: None, also: false });
    book.verb(today[1], TaskVerb::Snooze { until: Timestamp(book.desk.now().wall.0 + 3 * 86_400_000) });
    let filter = BuiltinView::Today.filter().to_owned();
    let list = ListSpec { kind: Kind::Task, filter, sort: Sort::Natural, limit: None };
    let Reply::Counted(listed) = book.desk.ask(Request::Count { lists: vec![list] }) else { panic!() };
    let now = book.desk.now().wall;
    let counts = book.desk.desk.counts(now);
    assert_eq!((counts.today, listed[0]), (3, 3), "what was put off is due on another day");
}
