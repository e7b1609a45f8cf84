//! Every kind of human act: undone, the book is what it was; done again, what it became; also with other acts in
//! between that touched something else.

use super::acts::{DAY, FRIEND, Full, acts, add, on};
use super::*;
use crate::door::command::TaskVerb;
use crate::store::keys;
use crate::store::record::PlaybookState;
use crate::text::lang::Lang;

fn assert_same(found: &[String], expected: &[String], what: &str) {
    let only = |these: &[String], others: &[String]| -> Vec<String> {
        these.iter().filter(|line| !others.contains(line)).cloned().collect()
    };
    assert_eq!(
        (only(found, expected), only(expected, found)),
        (Vec::new(), Vec::new()),
        "{what}: (what is there, what should be there)"
    );
}

#[test]
fn each_act_and_its_undo_give_the_book_back_and_its_redo_does_it_again() {
    for (name, _, make) in acts() {
        let mut full = Full::new();
        let command = make(&mut full);
        let before = full.seen();
        full.run(command);
        let after = full.seen();
        assert_ne!(before, after, "{name} changes nothing that is looked at");
        for round in 0..2 {
            full.run(undo());
            assert_same(&full.seen(), &before, &format!("undo of {name}, round {round}"));
            full.run(Command::Redo);
            assert_same(&full.seen(), &after, &format!("redo of {name}, round {round}"));
        }
        full.desk.tick();
        full.desk.restart();
    }
}

#[test]
fn no_act_says_a_thing_twice() {
    for (name, _, make) in acts() {
        // what makes something new, or notes that something happened once more, may be meant twice
        let again = ["new member", "note", "follow up", "replied", "tell", "catch up", "correct", "answered"];
        if again.iter().any(|word| name.starts_with(word)) {
            continue;
        }
        let mut full = Full::new();
        let command = make(&mut full);
        full.run(command.clone());
        let before = full.seen();
        if let Ok(outcome) = full.desk.run(command) {
            assert_eq!(outcome.act, None, "{name} again is a second act: {}", outcome.words);
        }
        assert_same(&full.seen(), &before, &format!("{name} again"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Undoing x after y is as if only y had been done, where the two touch nothing alike.
    #[test]
    fn an_undo_leaves_what_others_did_meanwhile(x: prop::sample::Index, others in prop::collection::vec(any::<prop::sample::Index>(), 1..4)) {
        let acts = acts();
        let (name, touches, make) = x.get(&acts);
        let mut done: Vec<&str> = touches.to_vec();
        let mut ys = Vec::new();
        for other in &others {
            let (_, theirs, _) = other.get(&acts);
            if theirs.iter().all(|touched| !done.contains(touched)) && !theirs.contains(&"archived") {
                done.extend(theirs.iter());
                ys.push(other.get(&acts));
            }
        }
        // without x: its preparations are made, and the clock has gone on as far
        let mut without = Full::new();
        make(&mut without);
        let mut with = Full::new();
        let command = make(&mut with);
        let act = with.run(command);
        for (_, _, make) in &ys {
            let command = make(&mut without);
            without.desk.run_as("小李", command).unwrap();
            let command = make(&mut with);
            with.desk.run_as("小李", command).unwrap();
        }
        let between: Vec<&str> = ys.iter().map(|(name, _, _)| *name).collect();
        let all = with.seen();
        with.run(Command::Undo { act: Some(act) });
        assert_same(&with.seen(), &without.seen(), &format!("undo of {name} after {between:?}"));
        with.run(Command::Redo);
        assert_same(&with.seen(), &all, &format!("redo of {name} after {between:?}"));
        with.desk.restart();
    }
}

#[test]
fn a_sent_task_that_changed_since_keeps_its_touch() {
    let mut full = Full::new();
    let task = full.task("hi", "张三");
    let sent = full.run(Command::Task { tasks: vec![task], verb: TaskVerb::Sent { at: None, also: false } });
    full.run(undo());
    full.desk
        .run_as("小李", Command::Task { tasks: vec![task], verb: TaskVerb::Sent { at: None, also: false } })
        .unwrap();
    let before = full.seen();
    // done again, it would be sent a second time: 小李 was faster
    assert_eq!(full.desk.run(Command::Redo).unwrap_err().kind, RefusalKind::Undo);
    assert_same(&full.seen(), &before, "redo of a sent that another has sent since");
    assert_eq!(full.desk.run(Command::Undo { act: Some(sent) }).unwrap_err().kind, RefusalKind::Undo);

    // a reply that was seen since is another field: the sent is taken back, touch and all
    let mut full = Full::new();
    let task = full.task("hi", "张三");
    let act = full.run(Command::Task { tasks: vec![task], verb: TaskVerb::Sent { at: None, also: false } });
    let member = full.member("张三");
    full.run(Command::Reply { member, task: Some(task), answer: None, at: None });
    full.run(Command::Undo { act: Some(act) });
    let store = full.desk.desk.store();
    let status = store.task(task).unwrap().unwrap().status;
    assert!(status.state != TaskState::Sent && status.replied_at.is_some(), "{status:?}");
    assert!(store.bodies.range(&keys::touches(Target::Member(member)), &[], 9).unwrap().is_empty());
}

#[test]
fn an_undone_version_is_left_by_everybody_also_after_a_tick() {
    let mut full = Full::new();
    full.run(add(&FRIEND.replace("小技巧", "新技巧")));
    full.desk.tick();
    full.desk.at("2026-11-22 09:40");
    full.run(full.on_task("hi", "张三", TaskVerb::Sent { at: None, also: false }));
    full.desk.tick();
    let act = acts_of(&full, "应用 SOP 新友");
    full.run(Command::Undo { act: Some(act) });
    let store = full.desk.desk.store();
    let playbook = &store.columns.playbooks[&on("friend")];
    for (_, id, _) in store.columns.enrolments.iter() {
        let enrolment = store.enrolment(id).unwrap().unwrap();
        if enrolment.playbook == on("friend") && enrolment.status.state.is_running() {
            assert!(playbook.versions[&enrolment.status.version].contains("小技巧"));
        }
    }
}

#[test]
fn an_undone_version_takes_the_steps_along_that_it_brought() {
    let mut full = Full::new();
    let more = "[[step]]\nid = \"extra\"\nat = \"D0 09:50\"\nvia = \"private\"\ntext = [\"加一句\"]\n";
    full.run(full.on_task("hi", "张三", TaskVerb::Sent { at: None, also: false }));
    full.run(add(&format!("{FRIEND}{more}")));
    full.desk.tick();
    full.desk.at("2026-11-22 09:55");
    full.desk.tick();
    let of_extra = |full: &Full| {
        let store = full.desk.desk.store();
        let ids: Vec<_> = store.columns.tasks.iter().map(|(_, id, _)| id).collect();
        let tasks = ids.into_iter().filter_map(|id| store.task(id).unwrap());
        let of = tasks
            .filter(|t| matches!(&t.kind, crate::book::TaskKind::Step { key, .. } if key.step == "extra"));
        of.map(|task| (task.status.state, task.status.end)).collect::<Vec<_>>()
    };
    let open = of_extra(&full);
    assert!(!open.is_empty() && open.iter().all(|(state, _)| state.is_open()), "{open:?}");
    let act = acts_of(&full, "应用 SOP 新友");
    full.run(Command::Undo { act: Some(act) });
    full.desk.tick();
    let gone = of_extra(&full);
    let undone = (TaskState::Cancelled, Some(crate::book::EndReason::Undone));
    assert!(gone.iter().all(|end| *end == undone), "{gone:?}");
}

/// The newest act that is told so.
fn acts_of(full: &Full, words: &str) -> ActId {
    let desk = &full.desk.desk;
    let acts = crate::store::acts::newest(None, 50, &desk.store().bodies).unwrap();
    let told = |id: &ActId| desk.describe_act(*id, Lang::ZhCn).unwrap().contains(words);
    acts.into_iter().map(|(id, _)| id).find(told).unwrap()
}

#[test]
fn a_removed_playbook_added_again_begins_again_and_its_undo_removes_it() {
    let mut full = Full::new();
    full.run(Command::SopRemove { playbook: on("day") });
    let removed = full.seen();
    let outcome = full.desk.run(add(DAY)).unwrap();
    assert!(outcome.words.contains("2 个群进入"), "{}", outcome.words);
    full.desk.tick();
    full.run(undo());
    assert_same(&full.seen(), &removed, "undo of adding a removed playbook again");
    assert_eq!(full.desk.desk.store().columns.playbooks[&on("day")].state, PlaybookState::Removed);
    let refusal = full.desk.run(Command::SopRemove { playbook: on("day") }).unwrap_err();
    assert_eq!((refusal.kind, refusal.words.as_str()), (RefusalKind::State, "day 已经移除"));
}

#[test]
fn an_act_of_which_nothing_is_left_does_not_stand_in_the_way() {
    let mut full = Full::new();
    full.run(create(Kind::Group, &[(Field::Name, "一群")]));
    full.run(full.on_task("hi", "张三", TaskVerb::Snooze { until: at("2026-11-22 09:30") }));
    full.desk.at("2026-11-22 09:31");
    full.desk.tick();
    assert!(full.desk.run(undo()).unwrap().words.ends_with("新建群: 一群"));
}

#[test]
fn acts_are_told_in_the_language_of_whoever_reads() {
    let mut told = vec![Vec::new(); 3];
    for (name, _, make) in acts() {
        let mut full = Full::new();
        let command = make(&mut full);
        let act = full.run(command);
        for (lang, told) in [Lang::ZhCn, Lang::ZhTw, Lang::En].into_iter().zip(&mut told) {
            told.push(format!("{name}: {}", full.desk.desk.describe_act(act, lang).unwrap()));
        }
    }
    insta::assert_snapshot!(told.into_iter().map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n"));
}

#[test]
fn a_reply_says_which_answer_and_what_follows() {
    let mut full = Full::new();
    let (member, task) = (full.member("张三"), full.task("hi", "张三"));
    let reply = Command::Reply { member, task: Some(task), answer: Some(1), at: None };
    let words = full.desk.run(reply).unwrap().words;
    assert!(words.starts_with("张三 已回复: 少发 -> 勿扰, 停止 "), "{words}");
}
