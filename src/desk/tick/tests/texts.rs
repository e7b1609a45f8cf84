//! Several messages to one person, and what is said of a text before it is sent.
//!
//! One file because each case builds on the two messages of the one before.

use super::*;
use crate::door::detail::TaskText;
use crate::door::line::Fact;
use crate::door::{Reply, Request};

/// A playbook of one private message, the day after they were added.
fn private(id: &str, class: &str, at: &str, until: &str, text: &str) -> String {
    let until = if until.is_empty() { String::new() } else { format!("until = \"{until}\"\n") };
    format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"{class}\"\nstart = {{ on = \"added\" }}\n\
         stop = [\"tag:不要{id}\"]\n[[step]]\nid = \"say\"\nat = \"{at}\"\n{until}via = \"private\"\ntext = [\"{text}\"]\n"
    )
}

fn open_of(book: &Book) -> Vec<String> {
    book.open().iter().map(named).collect()
}

/// The playbook that a step is of.
fn named(task: &Task) -> String {
    match &task.kind {
        crate::book::TaskKind::Step { key, .. } => key.playbook.0.clone(),
        other => panic!("{other:?}"),
    }
}

fn text(book: &mut Book, task: TaskId) -> TaskText {
    match book.desk.ask(Request::Task(task)) {
        Reply::Task(detail) => detail.text.clone(),
        other => panic!("{other:?}"),
    }
}

fn facts(book: &mut Book, task: TaskId) -> Vec<Fact> {
    match book.desk.ask(Request::Task(task)) {
        Reply::Task(detail) => detail.line.facts.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_two_that_fall_on_one_day_the_more_important_is_offered() {
    let mut book = Book::new();
    book.sop(&private("promo", "marketing", "D1 10:00", "", "上新了"));
    book.sop(&private("care", "care", "D1 12:00", "", "还好吗"));
    let (one, other) = (book.member("张三"), book.member("李四"));
    book.befriend(one);
    book.befriend(other);
    book.tick_at("2026-11-23 10:05");
    assert_eq!(open_of(&book), Vec::<String>::new(), "care comes at noon and one a day is all");
    let Reply::Why(coming) = book.desk.ask(Request::Why(Target::Member(one))) else { panic!() };
    assert!(coming.iter().any(|next| next.why.contains("让更重要的先发")), "{coming:?}");
    // of one of them care is over before it comes: the other is offered on that day after all
    let tag = Command::Edit {
        objects: vec![crate::door::command::ObjectRef::Member(other)],
        fields: vec![(crate::door::form::Field::Tags, "不要care".to_owned())],
    };
    book.desk.run(tag).unwrap();
    book.tick_at("2026-11-23 12:05");
    let mut found: Vec<(String, Target)> =
        open_of(&book).into_iter().zip(book.open().iter().map(|task| task.target)).collect();
    found.sort();
    assert_eq!(
        found,
        [("care".to_owned(), Target::Member(one)), ("promo".to_owned(), Target::Member(other))]
    );
    book.tick_at("2026-11-24 10:05");
    assert_eq!(open_of(&book).iter().filter(|name| *name == "promo").count(), 1, "the open one still counts");
}

#[test]
fn one_that_would_be_over_does_not_wait_for_a_more_important_one() {
    let mut book = Book::new();
    book.sop(&private("promo", "marketing", "D1 10:00", "D1 11:00", "上新了"));
    book.sop(&private("care", "care", "D1 12:00", "", "还好吗"));
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-23 10:05");
    assert_eq!(open_of(&book), ["promo"]);
}

/// Two messages to one person, both due.
fn two_due() -> (Book, Vec<TaskId>) {
    let mut book = Book::new();
    book.no_rules();
    book.sop(&private("promo", "marketing", "D0 +5m", "D0 21:00", "上新了"));
    book.sop(&private("care", "care", "D0 +5m", "D0 20:00", "还好吗"));
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:30");
    let ids = book.open().iter().map(|task| task.id).collect();
    (book, ids)
}

#[test]
fn two_to_one_person_become_one_text_and_end_together() {
    let (mut book, ids) = two_due();
    let before = book.tasks();
    let merged = book.desk.run(Command::Merge { tasks: ids.clone() }).unwrap();
    assert_eq!(merged.words, "2 条并成一条: 张三");
    let main = book.open().into_iter().find(|task| task.status.held.is_none()).unwrap();
    assert_eq!(open_of(&book).len(), 2);
    assert!(matches!(&main.kind, crate::book::TaskKind::Step { key, .. } if key.playbook.0 == "promo"));
    assert_eq!(text(&mut book, main.id).parts[0].copy.as_deref(), Some("还好吗\n\n上新了"));
    let other = ids.iter().copied().find(|id| *id != main.id).unwrap();
    assert!(
        facts(&mut book, other).iter().any(|fact| matches!(fact, Fact::Held(why) if why.contains("并入")))
    );
    book.verb(main.id, TaskVerb::Sent { at: None, also: false });
    assert!(book.open().is_empty() && book.tasks().iter().all(|task| task.status.state == TaskState::Sent));
    // it was one message
    let member = main.member().unwrap();
    let touches = book.desk.desk.touches_since(Target::Member(member), Timestamp(0)).unwrap();
    assert_eq!(touches.len(), 2);
    assert_eq!(touches.iter().filter(|touch| touch.with.is_none()).count(), 1);
    for _ in 0..2 {
        book.desk.run(Command::Undo { act: None }).unwrap();
    }
    for (before, after) in before.iter().zip(book.tasks()) {
        let bare = |task: &Task| TaskStatus { rev: 0, ..task.status.clone() };
        assert_eq!(bare(before), bare(&after));
    }
}

#[test]
fn what_was_merged_into_one_that_is_skipped_is_due_by_itself() {
    let (mut book, ids) = two_due();
    let until: Vec<_> = book.open().iter().map(|task| (task.id, task.status.until)).collect();
    book.desk.run(Command::Merge { tasks: ids }).unwrap();
    let main = book.open().into_iter().find(|task| task.status.held.is_none()).unwrap().id;
    let reason = crate::book::SkipReason::Unfit;
    book.verb(main, TaskVerb::Skip { reason, words: String::new() });
    let left = book.open();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].status.held, None);
    assert!(until.contains(&(left[0].id, left[0].status.until)), "with the end it had");
}

#[test]
fn what_is_let_go_of_a_merge_is_not_said_twice() {
    for edited in [false, true] {
        let (mut book, ids) = two_due();
        let until: Vec<_> = book.open().iter().map(|task| (task.id, task.status.until)).collect();
        book.desk.run(Command::Merge { tasks: ids }).unwrap();
        let main = book.open().into_iter().find(|task| task.status.held.is_none()).unwrap().id;
        let other = book.open().into_iter().find(|task| task.id != main).unwrap().id;
        if edited {
            book.verb(main, TaskVerb::Rewrite { text: Some("一起说".to_owned()) });
        }
        book.verb(other, TaskVerb::Wake);
        let now = book.open().into_iter().find(|task| task.id == other).unwrap();
        assert_eq!(now.status.held, None);
        assert!(until.contains(&(other, now.status.until)), "with the end it had");
        let said = |book: &mut Book, id| text(book, id).parts[0].copy.clone();
        assert_eq!(said(&mut book, other).as_deref(), Some("还好吗"));
        let expected = if edited { "一起说" } else { "上新了" };
        assert_eq!(said(&mut book, main).as_deref(), Some(expected));
        book.desk.run(Command::Undo { act: None }).unwrap();
        let expected = if edited { "一起说" } else { "还好吗\n\n上新了" };
        assert_eq!(said(&mut book, main).as_deref(), Some(expected));
        let reason = crate::book::SkipReason::Unfit;
        book.verb(other, TaskVerb::Skip { reason, words: String::new() });
        let expected = if edited { "一起说" } else { "上新了" };
        assert_eq!(said(&mut book, main).as_deref(), Some(expected), "what is not to be said at all");
    }
}

#[test]
fn what_was_merged_has_its_own_end_again_whichever_goes() {
    let ends = |book: &Book, id: TaskId| {
        let task = book.tasks().into_iter().find(|task| task.id == id).unwrap();
        task.status.until.map(|until| until.local(chrono_tz::Tz::Asia__Shanghai).format("%H:%M").to_string())
    };
    let merged = |changed: bool| {
        let (mut book, ids) = two_due();
        book.desk.run(Command::Merge { tasks: ids }).unwrap();
        let main = book.open().into_iter().find(|task| task.status.held.is_none()).unwrap();
        let other = book.open().into_iter().find(|task| task.id != main.id).unwrap().id;
        assert_eq!(ends(&book, main.id).as_deref(), Some("20:00"), "the first end of the two");
        if changed {
            let until = Some(crate::desk::testing::at("2026-11-22 19:00"));
            let after = TaskStatus { until, ..main.status.clone() };
            book.stage(Body::TaskChanged { task: main.id, before: main.status, after });
        }
        (book, main.id, other)
    };
    let (mut book, main, other) = merged(false);
    book.verb(other, TaskVerb::Wake);
    assert_eq!(ends(&book, main).as_deref(), Some("21:00"));
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(ends(&book, main).as_deref(), Some("20:00"));

    let (mut book, main, other) = merged(true);
    book.verb(other, TaskVerb::Wake);
    assert_eq!(ends(&book, main).as_deref(), Some("19:00"), "somebody changed it since");

    // its playbook goes: nobody says it any more, together or alone
    let (mut book, main, _) = merged(false);
    book.desk.run(Command::SopRemove { playbook: PlaybookId("care".into()) }).unwrap();
    assert_eq!(ends(&book, main).as_deref(), Some("21:00"));
    assert_eq!(text(&mut book, main).parts[0].copy.as_deref(), Some("上新了"));

    // a stop rule ends the one that says both: the other is due by itself
    let (mut book, main, other) = merged(false);
    let member = book.open()[0].member().unwrap();
    let promo = book.desk.desk.running(Target::Member(member)).unwrap();
    let promo = promo.iter().find(|enrolment| enrolment.playbook.0 == "promo").unwrap().id;
    book.desk.run(Command::Unenrol { enrolments: vec![promo] }).unwrap();
    let left = book.open();
    assert_eq!(left.iter().map(|task| task.id).collect::<Vec<_>>(), [other]);
    assert_eq!(left[0].status.held, None);
    assert_ne!(left[0].id, main);
}

#[test]
fn what_was_merged_twice_is_sent_as_one() {
    let mut book = Book::new();
    book.no_rules();
    for class in ["service", "care", "marketing"] {
        book.sop(&private(class, class, "D0 +5m", "D0 21:00", class));
    }
    let member = book.member("张三");
    book.befriend(member);
    book.tick_at("2026-11-22 09:30");
    let of = |book: &Book, id: &str| book.open().into_iter().find(|task| named(task) == id).unwrap().id;
    let (service, care, offer) = (of(&book, "service"), of(&book, "care"), of(&book, "marketing"));
    book.desk.run(Command::Merge { tasks: vec![service, care] }).unwrap();
    book.desk.run(Command::Merge { tasks: vec![care, offer] }).unwrap();
    let said = text(&mut book, offer).parts[0].copy.clone();
    assert_eq!(said.as_deref(), Some("service\n\ncare\n\nmarketing"));
    book.verb(offer, TaskVerb::Sent { at: None, also: false });
    assert!(book.tasks().iter().all(|task| task.status.state == TaskState::Sent));
    let touches = book.desk.desk.touches_since(Target::Member(member), Timestamp(0)).unwrap();
    assert_eq!((touches.len(), touches.iter().filter(|touch| touch.with.is_none()).count()), (3, 1));
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(book.open().len(), 3);
    let reason = crate::book::SkipReason::Unfit;
    book.verb(offer, TaskVerb::Skip { reason, words: String::new() });
    assert_eq!(text(&mut book, care).parts[0].copy.as_deref(), Some("service\n\ncare"));
}

#[test]
fn a_message_of_service_with_an_offer_in_it_counts_as_an_offer() {
    let mut book = Book::new();
    let cap = "zone = \"Asia/Shanghai\"\n[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\n";
    book.desk.run(Command::SetRules { toml: cap.to_owned() }).unwrap();
    let member = book.member("张三");
    book.befriend(member);
    for (id, class, rank) in [("svc", "service", 50), ("care", "care", 50), ("hi", "marketing", 90)] {
        let start = "start = { on = \"recurrence\", every = \"daily\" }";
        book.sop(&format!(
            "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"{class}\"\npriority = {rank}\n{start}\n\
             [[step]]\nid = \"a\"\nat = \"D0 10:00\"\nuntil = \"D0 20:00\"\nvia = \"private\"\ntext = [\"{id}\"]\n"
        ));
    }
    let of = |book: &Book, id: &str| book.open().into_iter().find(|task| named(task) == id);
    book.tick_at("2026-11-22 10:00");
    let (svc, care) = (of(&book, "svc").unwrap().id, of(&book, "care").unwrap().id);
    assert_eq!(of(&book, "hi"), None);
    book.desk.run(Command::Merge { tasks: vec![svc, care] }).unwrap();
    book.tick_at("2026-11-22 11:00");
    assert_eq!(of(&book, "hi"), None, "the one a day is in the merged text");
    // what was merged is sent with it, whatever it was merged with before
    book.verb(care, TaskVerb::Sent { at: None, also: false });
    book.tick_at("2026-11-22 12:00");
    assert_eq!(open_of(&book), Vec::<String>::new());
    book.tick_at("2026-11-22 20:01");
    let ended = |task: &Task| (named(task), task.status.state);
    let mut ended: Vec<_> = book.tasks().iter().map(ended).collect();
    ended.sort();
    let sent = TaskState::Sent;
    assert_eq!(ended, [("care".into(), sent), ("hi".into(), TaskState::Expired), ("svc".into(), sent)]);
}

#[test]
fn a_step_for_the_members_of_a_group_gives_way_to_what_is_more_important() {
    let mut book = Book::new();
    let fanned = "id = \"fanned\"\ntitle = \"私发\"\nfor = \"group\"\nclass = \"marketing\"\n\
        start = { on = \"recurrence\", every = \"daily\" }\n[[step]]\nid = \"each\"\nat = \"D0 10:00\"\n\
        until = \"D0 20:00\"\nvia = \"private\"\nwho = \"joined<=today\"\ntext = [\"今天有团\"]\n";
    let group = book.group("宠友1群");
    book.sop(fanned);
    book.sop(&private("care", "care", "D1 12:00", "", "还好吗"));
    let (one, other) = (book.member("张三"), book.member("李四"));
    for member in [one, other] {
        book.join(member, group);
    }
    book.befriend(one);
    book.tick_at("2026-11-23 10:05");
    let owed = |book: &Book| -> Vec<(Target, crate::book::Class)> {
        let open = book.open().into_iter().filter(|task| task.via == crate::book::Via::Private);
        let today = open.filter(|task| task.fired_at > crate::desk::testing::at("2026-11-23 00:00"));
        today.map(|task| (task.target, task.class)).collect()
    };
    assert_eq!(owed(&book), [(Target::Member(other), crate::book::Class::Marketing)]);
    book.tick_at("2026-11-23 12:05");
    assert_eq!(
        owed(&book),
        [
            (Target::Member(other), crate::book::Class::Marketing),
            (Target::Member(one), crate::book::Class::Care)
        ]
    );
}

/// A playbook that owes something to each who joined a group of late.
fn fanned(id: &str, class: &str, at: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"group\"\nclass = \"{class}\"\n\
         start = {{ on = \"recurrence\", every = \"daily\" }}\n[[step]]\nid = \"each\"\nat = \"D0 {at}\"\n\
         until = \"D0 20:00\"\nvia = \"private\"\nwho = \"-tag:不要{id}\"\ntext = [\"{id}\"]\n"
    )
}

#[test]
fn of_two_that_groups_owe_each_of_their_people_the_more_important_is_offered() {
    let mut book = Book::new();
    let (one_group, other_group) = (book.group("一群"), book.group("二群"));
    let (both, alone, unwanted) = (book.member("张三"), book.member("李四"), book.member("王五"));
    for member in [both, alone, unwanted] {
        book.befriend(member);
        book.join(member, one_group);
    }
    book.join(both, other_group);
    book.join(unwanted, other_group);
    let tag = Command::Edit {
        objects: vec![crate::door::command::ObjectRef::Member(unwanted)],
        fields: vec![(crate::door::form::Field::Tags, "不要care".to_owned())],
    };
    book.desk.run(tag).unwrap();
    book.sop(&fanned("promo", "marketing", "10:00"));
    book.sop(&fanned("care", "care", "12:00"));
    // one playbook of each group alone
    for (playbook, group) in [("care", one_group), ("promo", other_group)] {
        let running = book.desk.desk.running(Target::Group(group)).unwrap();
        let id = running.iter().find(|enrolment| enrolment.playbook.0 == playbook).unwrap().id;
        book.desk.run(Command::Unenrol { enrolments: vec![id] }).unwrap();
    }
    let owed = |book: &Book| {
        let mut owed: Vec<(Target, String)> =
            book.open().iter().map(|task| task.target).zip(open_of(book)).collect();
        owed.sort();
        owed
    };
    let promo = |member| (Target::Member(member), "promo".to_owned());
    book.tick_at("2026-11-22 10:05");
    assert_eq!(owed(&book), [promo(alone), promo(unwanted)], "the other group owes 张三 more at noon");
    book.tick_at("2026-11-22 12:05");
    let mut expected = vec![promo(alone), promo(unwanted), (Target::Member(both), "care".to_owned())];
    expected.sort();
    assert_eq!(owed(&book), expected);
}

#[test]
fn what_one_is_owed_alone_gives_way_to_what_their_group_owes_each() {
    let mut book = Book::new();
    let group = book.group("一群");
    let member = book.member("张三");
    book.join(member, group);
    book.sop(&private("promo", "marketing", "D1 10:00", "", "上新了"));
    book.sop(&fanned("care", "care", "12:00"));
    book.befriend(member);
    book.tick_at("2026-11-22 12:05");
    let today = book.open()[0].id;
    book.verb(today, TaskVerb::Sent { at: None, also: false });
    book.tick_at("2026-11-23 10:05");
    assert_eq!(open_of(&book), Vec::<String>::new());
    book.tick_at("2026-11-23 12:05");
    assert_eq!(open_of(&book), ["care"]);
}

#[test]
fn what_cannot_be_one_text_is_refused_and_stays() {
    let (mut book, ids) = two_due();
    assert!(book.desk.run(Command::Merge { tasks: vec![ids[0]] }).is_err());
    let group = book.group("宠友1群");
    book.sop(MORNING);
    let _ = group;
    let said = book.open().into_iter().find(|task| task.via == crate::book::Via::Group).map(|task| task.id);
    let refused = book.desk.run(Command::Merge { tasks: vec![ids[0], said.unwrap()] }).unwrap_err();
    assert!(refused.words.contains("不是同一个人"), "{refused:?}");
    assert!(book.open().iter().all(|task| task.status.held.is_none() && task.status.edited.is_none()));
}

#[test]
fn a_task_tells_how_often_its_target_was_told_something() {
    let (mut book, ids) = two_due();
    book.desk.desk.store.columns.rules.caps = crate::book::Rules::default().caps;
    book.verb(ids[0], TaskVerb::Sent { at: None, also: false });
    let touched = facts(&mut book, ids[1]).into_iter().find(|fact| matches!(fact, Fact::Touched { .. }));
    let Some(Fact::Touched { today, month, of, last_at }) = touched else { panic!("{touched:?}") };
    assert_eq!((today, month, of, last_at.is_some()), (1, 1, Some(30), true));
}

#[test]
fn a_text_with_words_of_a_list_says_so_until_a_human_lets_it_stand() {
    let mut book = Book::new();
    book.group("宠友1群");
    let loud = MORNING.replace("早上好", "全网最低，{{ group }}先到先得【】");
    let added = book
        .desk
        .run(Command::SopAdd { toml: loud, file: "m.toml".to_owned(), new_only: false, base: None })
        .unwrap();
    assert!(
        added
            .warnings
            .iter()
            .any(|w| w.starts_with("m.toml:13:12: ") && w.contains("\"最低\"（广告法极限词）")),
        "{:?}",
        added.warnings
    );
    book.tick_at("2026-11-22 09:30");
    let id = book.open()[0].id;
    let warned = text(&mut book, id);
    let words: Vec<&str> = warned.warnings.iter().map(|warning| warning.words.as_str()).collect();
    assert_eq!(words, ["广告法极限词: 最低", "还没填的括号: 【】"]);
    assert!(warned.parts[0].copy.is_some(), "a warning blocks nothing");
    let codes = vec![warned.warnings[0].code.clone()];
    book.verb(id, TaskVerb::Acknowledge { codes });
    assert_eq!(text(&mut book, id).warnings.len(), 1);
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(text(&mut book, id).warnings.len(), 2);
    let rules =
        "zone = \"Asia/Shanghai\"\n[[check]]\nwhy = \"竞品\"\nwords = [\"宠友\"]\nexcept = [\"宠友1群\"]\n";
    book.desk.run(Command::SetRules { toml: rules.to_owned() }).unwrap();
    let words: Vec<String> = text(&mut book, id).warnings.into_iter().map(|warning| warning.words).collect();
    assert_eq!(words, ["还没填的括号: 【】"]);
}

#[test]
fn nearly_one_text_to_many_groups_within_the_hour_warns_and_so_does_the_pace() {
    let mut book = Book::new();
    book.no_rules();
    book.desk.desk.store.columns.rules.pace.alike_groups = 2;
    book.desk.desk.store.columns.rules.pace.per_hour = 3;
    for n in 1..=5 {
        book.group(&format!("{n}群"));
    }
    book.sop(
        &MORNING.replace("早上好", "各位早上好，今天的草莓到了，九块九一盒，{{ group }}的接龙从现在开始"),
    );
    book.tick_at("2026-11-22 09:30");
    let ids: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    let mut warned = Vec::new();
    for (n, id) in ids[..3].iter().enumerate() {
        // to two groups it is fine, the third is more than two
        assert_eq!(text(&mut book, *id).warnings.len(), usize::from(n == 2), "{n}");
        let sent = TaskVerb::Sent { at: None, also: false };
        let outcome = book.desk.run(Command::Task { tasks: vec![*id], verb: sent }).unwrap();
        warned.extend(outcome.warnings);
    }
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert!(warned[0].starts_with("手机1 近一小时已手发 3 条, 建议歇 60 分钟"), "{warned:?}");
    let pace = |book: &mut Book, id: TaskId| match book.desk.ask(Request::Task(id)) {
        Reply::Task(detail) => detail.line.facts.contains(&Fact::Pace(3)),
        other => panic!("{other:?}"),
    };
    assert!(pace(&mut book, ids[3]), "said from as many on as a rest is advised from");
    let words: Vec<String> =
        text(&mut book, ids[3]).warnings.into_iter().map(|warning| warning.words).collect();
    assert_eq!(words, ["手机1 一小时内已把几乎一样的话发到 3 个群"]);
    let sent = TaskVerb::Sent { at: None, also: false };
    let outcome = book.desk.run(Command::Task { tasks: vec![ids[4]], verb: sent }).unwrap();
    let again = outcome.warnings.iter().any(|words| words.starts_with("手机1 近一小时已手发 4 条"));
    assert!(again, "who goes on is told again: {outcome:?}");
    book.tick_at("2026-11-22 10:45");
    book.member("谁");
    assert!(text(&mut book, ids[3]).warnings.is_empty(), "the hour is over");
}

#[test]
fn one_template_to_many_groups_is_nearly_one_text_however_their_names_differ() {
    let mut book = Book::new();
    book.no_rules();
    book.desk.desk.store.columns.rules.pace.alike_groups = 2;
    for name in ["翠湖天地一期业主拼团大群", "老王水果店福利群（满五百）", "三年级二班家长", "瑜伽打卡训练营"]
    {
        book.group(name);
    }
    let say = |what: &str| {
        let text = format!("{{{{ group }}}}的邻居们早上好，{what}到了，九块九一板");
        MORNING.replace("早上好", &text)
    };
    book.sop(&say("鸡蛋"));
    book.tick_at("2026-11-22 09:30");
    let ids: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    for (n, id) in ids[..3].iter().enumerate() {
        assert_eq!(text(&mut book, *id).warnings.len(), usize::from(n == 2), "{n}");
        book.verb(*id, TaskVerb::Sent { at: None, also: false });
    }
    // another playbook with one word changed
    book.sop(&say("鸭蛋").replace("\"morning\"", "\"later\"").replace("09:30", "09:40"));
    book.tick_at("2026-11-22 09:41");
    let ducks = book.open().into_iter().filter(|task| !ids.contains(&task.id));
    let ducks: Vec<TaskId> = ducks.map(|task| task.id).collect();
    assert_eq!(ducks.len(), 4);
    let warned = |book: &mut Book, id| !text(book, id).warnings.is_empty();
    assert!(warned(&mut book, ducks[3]));
    // what is written anew is what it says, and variables alone say nothing of a template
    book.verb(ducks[3], TaskVerb::Rewrite { text: Some("今晚七点直播，带孩子来".to_owned()) });
    assert!(!warned(&mut book, ducks[3]));
    let bare = MORNING.replace("早上好", "{{ group }}早").replace("\"morning\"", "\"bare\"");
    book.sop(&bare.replace("09:30", "09:45"));
    book.tick_at("2026-11-22 09:46");
    let names: Vec<TaskId> = book
        .open()
        .iter()
        .map(|task| task.id)
        .filter(|id| !ids.contains(id) && !ducks.contains(id))
        .collect();
    for id in &names[..3] {
        book.verb(*id, TaskVerb::Sent { at: None, also: false });
    }
    assert!(!warned(&mut book, names[3]));
}

#[test]
fn all_that_an_account_said_within_the_hour_is_looked_at() {
    let mut book = Book::new();
    book.no_rules();
    for n in 0..90 {
        book.group(&format!("{n}群"));
    }
    let toml = "zone = \"Asia/Shanghai\"\n[pace]\nalike_groups = 80\n".to_owned();
    book.desk.run(Command::SetRules { toml }).unwrap();
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:30");
    let ids: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    for (sent, id) in ids.iter().enumerate().take(82) {
        let warned = text(&mut book, ids[89]).warnings;
        assert_eq!(warned.len(), usize::from(sent >= 80), "{sent}: {warned:?}");
        let sent = TaskVerb::Sent { at: None, also: false };
        book.desk.run(Command::Task { tasks: vec![*id], verb: sent }).unwrap();
    }
    let words = text(&mut book, ids[89]).warnings.remove(0).words;
    assert_eq!(words, "手机1 一小时内已把几乎一样的话发到 82 个群");
}

#[test]
fn who_answered_no_round_rests_from_all_of_its_class_until_they_are_heard_of() {
    let mut book = Book::new();
    book.no_rules();
    let wake = private("wake", "marketing", "D0 +5m", "D0 20:00", "在吗");
    book.sop(
        &wake.replace("[[step]]", "rest = \"180d\"\n[[step]]").replace("stop = [\"tag:不要wake\"]\n", ""),
    );
    book.sop(&private("promo", "marketing", "D3 10:00", "", "上新了"));
    book.sop(&private("service", "service", "D3 10:00", "", "到货了"));
    let (one, other) = (book.member("张三"), book.member("李四"));
    book.befriend(one);
    book.befriend(other);
    for when in ["09:10", "20:01", "20:05"] {
        book.tick_at(&format!("2026-11-22 {when}"));
    }
    let Reply::Why(coming) = book.desk.ask(Request::Why(Target::Member(one))) else { panic!() };
    assert!(coming.iter().any(|next| next.why == "已走完, 静默到 2027-05-21"), "{coming:?}");
    let now = book.desk.now().wall;
    book.happened(other, ActivityKind::Replied, None, true, now);
    book.tick_at("2026-11-25 10:05");
    let mut found: Vec<(String, Target)> =
        open_of(&book).into_iter().zip(book.open().iter().map(|task| task.target)).collect();
    found.sort();
    let both = [("service", one), ("service", other)];
    let mut expected = vec![("promo".to_owned(), Target::Member(other))];
    expected.extend(both.map(|(name, member)| (name.to_owned(), Target::Member(member))));
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn rules_that_nobody_wrote_are_shown_as_a_file_that_reads_back() {
    let mut book = Book::new();
    let Reply::Rules { toml } = book.desk.ask(Request::Rules) else { panic!() };
    let read = crate::queue::rules::read(&toml).unwrap_or_else(|problem| panic!("{problem:?}\n{toml}"));
    assert_eq!(read.rules, book.desk.desk.store().columns.rules);
}

#[test]
fn what_is_over_of_a_merge_goes_without_the_rest() {
    let (mut book, ids) = two_due();
    book.desk.run(Command::Merge { tasks: ids }).unwrap();
    book.tick_at("2026-11-22 20:00");
    let left = book.open();
    assert_eq!(left.iter().map(named).collect::<Vec<_>>(), ["promo"]);
    assert_eq!(left[0].status.until, Some(crate::desk::testing::at("2026-11-22 21:00")));
    assert_eq!(text(&mut book, left[0].id).parts[0].copy.as_deref(), Some("上新了"));
    let care = book.tasks().into_iter().find(|task| named(task) == "care").unwrap();
    assert_eq!((care.status.state, care.status.end), (TaskState::Expired, Some(EndReason::SpanOver)));
    // both at once, and the one that says the other first
    let (mut book, ids) = two_due();
    book.desk.run(Command::Merge { tasks: ids }).unwrap();
    book.tick_at("2026-11-22 21:00");
    assert!(book.open().is_empty());
}
