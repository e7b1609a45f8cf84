//! Whose turn it is, and who speaks after whom.

use super::*;
use crate::book::{Health, SkipReason};
use crate::desk::testing::at;
use crate::door::command::Held;

const SENT: TaskVerb = TaskVerb::Sent { at: None, also: false };

/// A daily step of one kind of playbook.
fn daily(target: &str, step: &str) -> String {
    format!(
        "id = \"likes\"\ntitle = \"互动\"\nfor = \"{target}\"\nclass = \"care\"\n\
         start = {{ on = \"recurrence\", every = \"daily\" }}\n[[step]]\nid = \"like\"\nat = \"D0 10:00\"\n\
         until = \"D0 22:00\"\nlate = \"drop\"\n{step}\n"
    )
}

/// So many people who are friends of the account and in the group.
fn people(n: usize) -> (Book, GroupId, Vec<MemberId>) {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("三年二班");
    let members: Vec<MemberId> = ["甲", "乙", "丙", "丁", "戊", "己"]
        .iter()
        .take(n)
        .map(|name| {
            let member = book.member(name);
            book.befriend(member);
            book.join(member, group);
            member
        })
        .collect();
    (book, group, members)
}

/// Who has it today, in the order of the book; done where a human did them.
fn today(book: &mut Book, when: &str, done: bool) -> String {
    book.tick_at(when);
    let open = book.open();
    let mut names: Vec<String> = Vec::new();
    for task in &open {
        let of = if task.members.is_empty() {
            vec![task.member()]
        } else {
            task.members.iter().map(|m| Some(*m)).collect()
        };
        let columns = &book.desk.desk.store().columns;
        names.extend(of.into_iter().flatten().map(|id| columns.target_name(Target::Member(id))));
    }
    if done {
        for task in &open {
            book.verb(task.id, SENT);
        }
    }
    names.sort_by_key(|name| "甲乙丙丁戊己".find(name.as_str()));
    names.concat()
}

#[test]
fn friends_of_an_account_are_liked_in_turn_and_a_day_off_loses_nobody_their_turn() {
    let (mut book, _, members) = people(5);
    book.sop(&daily("account", "via = \"internal\"\nwho = \"-tag:勿扰\"\nnote = \"给 TA 点赞\"\npick = { n = 2, sort = \"last-liked\" }"));
    assert_eq!(today(&mut book, "2026-11-22 10:00", true), "甲乙");
    let first = book.tasks().remove(0);
    assert_eq!((first.target, first.via), (Target::Member(members[0]), crate::book::Via::Internal));
    assert_eq!(first.status.account, Some(book.account));
    assert_eq!(book.desk.desk.task_text(&first).unwrap().search_term, "甲", "to be found by");
    assert_eq!(today(&mut book, "2026-11-23 10:00", false), "丙丁");
    assert_eq!(today(&mut book, "2026-11-24 10:00", true), "丙丁", "nobody did them yesterday");
    assert_eq!(today(&mut book, "2026-11-25 10:00", true), "甲戊", "longest ago first");
    assert_eq!(today(&mut book, "2026-11-26 10:00", true), "乙丙");
    book.tick_at("2026-11-27 23:00");
    assert_eq!(book.open().len(), 0, "an evening without anybody");
    assert_eq!(today(&mut book, "2026-11-28 10:00", true), "丁戊", "takes no turn");
    book.desk.restart();
}

#[test]
fn members_of_a_playbook_take_turns_and_who_is_not_picked_owes_nothing() {
    let (mut book, ..) = people(5);
    book.sop(&daily(
        "member",
        "via = \"private\"\ntext = \"{{ name }} 最近好吗\"\npick = { n = 2, sort = \"last-liked\" }",
    ));
    assert_eq!(today(&mut book, "2026-11-22 10:00", true), "甲乙");
    assert_eq!(today(&mut book, "2026-11-23 10:00", true), "丙丁");
    assert_eq!(today(&mut book, "2026-11-24 10:00", true), "甲戊");
    assert_eq!(book.tasks().len(), 6);
    book.desk.restart();
}

#[test]
fn who_does_not_match_takes_nobodys_place() {
    let (mut book, _, members) = people(4);
    let change =
        crate::store::record::Change { field: "tags".into(), before: String::new(), after: "忙".into() };
    let object = crate::store::record::Edited::Member(members[0]);
    book.stage(Body::Edited { object, changes: vec![change] });
    book.sop(&daily("member", "via = \"private\"\nif = \"-tag:忙\"\ntext = \"好\"\npick = { n = 2 }"));
    book.tick_at("2026-11-22 10:00");
    let open: Vec<_> = book.open().iter().filter_map(Task::member).collect();
    assert_eq!(open, members[1..3]);
}

#[test]
fn a_group_hears_of_one_at_a_time() {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("三年二班");
    let toml = daily(
        "member",
        "via = \"group\"\ntext = \"点评 {{ members }}\"\npick = { n = 1, sort = \"last-liked\" }",
    );
    let begins = "start = { on = \"recurrence\", every = \"daily\" }";
    book.sop(
        &toml.replace(begins, "start = { on = \"joined\" }").replace("\"D0 10:00\"", "\"D0..D9 10:00\""),
    );
    for name in ["甲", "乙", "丙"] {
        let member = book.member(name);
        book.join(member, group);
    }
    for (when, who) in [("2026-11-22 10:00", "甲"), ("2026-11-23 10:00", "乙"), ("2026-11-24 10:00", "丙")]
    {
        assert_eq!(today(&mut book, when, true), who, "{when}");
    }
    let (mut other, ..) = people(3);
    other.sop(&daily(
        "group",
        "via = \"private\"\nwho = \"-tag:忙\"\ntext = \"作业收到\"\npick = { n = 2, sort = \"-spent\" }",
    ));
    assert_eq!(today(&mut other, "2026-11-22 10:00", true), "甲乙");
    assert_eq!(today(&mut other, "2026-11-23 10:00", true), "甲丙", "by spending first, and then by turns");
}

#[test]
fn a_tick_that_begins_anew_picks_no_more_than_there_are_places() {
    let mut book = Book::new();
    book.no_rules();
    for n in 0..60 {
        let member = book.member(&format!("成员{n}"));
        book.befriend(member);
    }
    book.sop(&daily("member", "via = \"private\"\ntext = \"好\"\npick = { n = 40, sort = \"last-liked\" }"));
    book.desk.at("2026-11-22 10:00");
    for _ in 0..100 {
        book.desk.tick_once();
        if !book.tasks().is_empty() {
            break;
        }
    }
    let half = book.tasks().len();
    assert!((1..40).contains(&half), "{half} in the first slice");
    book.desk.desk.tick.rotas.forget();
    book.tick_at("2026-11-22 10:01");
    assert_eq!(book.tasks().len(), 40);
    book.tick_at("2026-11-22 10:02");
    assert_eq!(book.tasks().len(), 40);
}

/// A group in which two of our accounts talk.
fn stage() -> (Book, AccountId) {
    let mut book = Book::new();
    book.no_rules();
    let now = book.desk.now().wall;
    let second = book.desk.desk.ids.next(now);
    let mut account = Account::new(second, "手机2", Platform::Wechat, now);
    "小完子".clone_into(&mut account.persona);
    book.stage(Body::AccountMade(account));
    book.group("宠友1群");
    let talk = "via = \"group\"\nas = [\"手机1\", \"小完子\"]\nparts = [{ text = [\"这款怎么样\"] }, { text = [\"回购三次了\"] }]";
    book.sop(&daily("group", talk));
    book.tick_at("2026-11-22 10:02");
    (book, second)
}

#[test]
fn the_second_to_speak_waits_for_the_first() {
    let (mut book, second) = stage();
    let tasks = book.open();
    let says = |task: &Task| book.desk.desk.task_text(task).unwrap().parts[0].copy.clone().unwrap();
    assert_eq!((says(&tasks[0]).as_str(), says(&tasks[1]).as_str()), ("这款怎么样", "回购三次了"));
    assert_eq!((tasks[0].status.account, tasks[1].status.account), (Some(book.account), Some(second)));
    let held = |book: &Book| book.tasks()[1].status.held.clone();
    assert_eq!(held(&book).as_deref(), Some("turn"));
    book.desk.at("2026-11-22 10:30");
    book.verb(tasks[0].id, SENT);
    let next = book.tasks().remove(1).status;
    assert_eq!((next.state, next.held), (TaskState::Snoozed, None));
    let apart = next.snoozed_until.unwrap().since(book.tasks()[0].status.ended_at.unwrap());
    assert_eq!(apart, 2 * crate::book::time::MINUTE);
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!((book.tasks()[1].status.state, held(&book).as_deref()), (TaskState::Due, Some("turn")));
    book.verb(tasks[0].id, SENT);
    book.tick_at("2026-11-22 10:33");
    assert_eq!(book.tasks()[1].status.state, TaskState::Due);
    book.desk.restart();
}

#[test]
fn a_talk_of_several_steps_is_offered_in_order() {
    let (mut book, second) = stage();
    let talk = "id = \"talk\"\nfor = \"group\"\nclass = \"service\"\nstart = { on = \"recurrence\", every = \"daily\" }\n".to_owned()
        + &[("a", "11:00", "手机1"), ("b", "11:03", "小完子"), ("c", "11:06", "手机1")]
            .map(|(id, at, by)| {
                format!("[[step]]\nid = \"{id}\"\nat = \"D0 {at}\"\nvia = \"group\"\nas = \"{by}\"\ntext = [\"{id}\"]\n")
            })
            .concat();
    book.sop(&talk);
    book.tick_at("2026-11-22 11:10");
    let of = |book: &Book| -> Vec<Task> {
        let mine = |task: &Task| matches!(&task.kind, crate::book::TaskKind::Step { key, .. } if key.playbook.0 == "talk");
        book.tasks().into_iter().filter(mine).collect()
    };
    let stand = |book: &Book| -> Vec<(TaskState, Option<String>)> {
        of(book).into_iter().map(|task| (task.status.state, task.status.held)).collect()
    };
    let held = || (TaskState::Due, Some("turn".to_owned()));
    assert_eq!(stand(&book), [(TaskState::Due, None), held(), held()]);
    assert_eq!(of(&book)[1].status.account, Some(second));
    book.verb(of(&book)[0].id, SENT);
    assert_eq!(stand(&book)[1..], [(TaskState::Snoozed, None), held()]);
    book.tick_at("2026-11-22 11:13");
    assert_eq!(stand(&book)[1..], [(TaskState::Due, None), held()]);
    // what is not said holds nobody
    book.verb(of(&book)[1].id, TaskVerb::Skip { reason: SkipReason::Unfit, words: String::new() });
    assert_eq!(stand(&book)[2], (TaskState::Due, None));
    // the next day is a talk of its own
    book.tick_at("2026-11-23 11:10");
    assert_eq!(stand(&book)[3..], [(TaskState::Due, None), held(), held()]);
}

#[test]
fn who_was_let_speak_waits_once_more_when_the_first_was_not_sent_after_all() {
    for begins in [false, true] {
        let (mut book, _) = stage();
        let ids: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
        let sent = Command::Task { tasks: vec![ids[0]], verb: SENT };
        let sent = book.desk.run(sent).unwrap();
        book.tick_at("2026-11-22 10:33");
        let held = |book: &Book| book.tasks()[1].status.held.clone();
        assert_eq!(held(&book), None);
        if begins {
            book.verb(ids[1], TaskVerb::Copied { part: 0 });
        }
        book.desk.run(Command::Undo { act: sent.act }).unwrap();
        assert_eq!(held(&book).is_some(), !begins, "what somebody has at hand is not taken from them");
        book.verb(ids[0], SENT);
        assert_eq!(held(&book), None);
        book.desk.restart();
    }
}

#[test]
fn what_the_first_does_not_say_holds_the_second_no_longer() {
    let (mut book, _) = stage();
    let first = book.open().remove(0).id;
    book.verb(first, TaskVerb::Skip { reason: SkipReason::Unfit, words: String::new() });
    let next = book.open().remove(0).status;
    assert_eq!((next.state, next.held), (TaskState::Due, None));
    let (mut late, _) = stage();
    late.tick_at("2026-11-22 22:00");
    assert!(late.open().is_empty(), "a script that nobody began is over with its span");
}

#[test]
fn whose_limit_is_over_waits_for_their_turn_all_the_same() {
    for until in [None, Some(at("2026-11-23 10:30"))] {
        let (mut book, account) = stage();
        let become_so = |book: &mut Book, health: Health| {
            book.desk.run(Command::Limit { account, health, held: Held::Wait }).unwrap()
        };
        let what = crate::book::Channel::All.word().to_owned();
        become_so(&mut book, Health::Limited { what, until });
        book.tick_at("2026-11-23 10:02");
        let held = |book: &Book| book.open()[1].status.held.clone();
        assert_eq!(held(&book).as_deref(), Some("account-limited"));
        book.tick_at("2026-11-23 10:31");
        if until.is_none() {
            let said = become_so(&mut book, Health::Recovering { since: at("2026-11-23 10:31") });
            assert!(!said.words.contains("放行"), "{said:?}");
        }
        assert_eq!(held(&book).as_deref(), Some("turn"), "{until:?}");
        let first = book.open()[0].id;
        book.verb(first, SENT);
        let next = book.tasks().pop().unwrap().status;
        assert_eq!((next.state, next.held), (TaskState::Snoozed, None));
    }
}
