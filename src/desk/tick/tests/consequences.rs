//! What is foretold of a choice is what the choice brings about.

use super::{Book, FRIEND, MORNING};
use crate::book::{EnrolmentState, SkipReason, Task, TaskId, TaskState};
use crate::door::command::TaskVerb;
use crate::door::reply::Consequence;
use crate::door::{Command, Reply, Request};

/// Ends when they reply; everybody it is said to shares one task of the group.
const CARE: &str = r#"
id = "care"
title = "关怀"
for = "member"
class = "care"
start = { on = "added" }
stop = ["replied", "unfriended"]
[[step]]
id = "ask"
at = "D0 +5m"
via = "private"
text = ["还好吗"]
"#;

pub(super) fn foretold(book: &mut Book, tasks: &[TaskId], reason: SkipReason) -> Consequence {
    let Reply::Consequences(told) = book.desk.ask(Request::Consequences(tasks.to_vec())) else {
        panic!("no consequences");
    };
    told.into_iter().find(|told| told.reason == reason).unwrap()
}

/// Enrolments that have been stopped, tasks that were cancelled, tasks that are held.
fn counted(book: &Book) -> (u32, u32, u32) {
    let store = book.desk.desk.store();
    let stopped = store.columns.enrolments.iter().filter(|(_, id, _)| {
        let enrolment = store.enrolment(*id).unwrap().unwrap();
        matches!(enrolment.status.state, EnrolmentState::Stopped { .. })
    });
    let tasks = book.tasks();
    let cancelled = tasks.iter().filter(|task| task.status.state == TaskState::Cancelled).count();
    let held = tasks.iter().filter(|task| task.status.state.is_open() && task.status.held.is_some()).count();
    (stopped.count() as u32, cancelled as u32, held as u32)
}

#[test]
fn what_is_foretold_of_a_reason_is_what_it_brings_about() {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("团购1群");
    let (one, other) = (book.member("张三"), book.member("李四"));
    for sop in [FRIEND, CARE, MORNING] {
        book.sop(sop);
    }
    for member in [one, other] {
        book.join(member, group);
        book.befriend(member);
    }
    book.tick_at("2026-11-22 09:35");
    let mut seen = 0;
    for task in book.open() {
        for reason in SkipReason::ALL {
            let told = foretold(&mut book, &[task.id], *reason);
            let before = counted(&book);
            book.verb(task.id, TaskVerb::Skip { reason: *reason, words: "看过".to_owned() });
            let after = counted(&book);
            let done = (after.0 - before.0, after.1 - before.1, after.2 - before.2);
            // to nobody who is no friend is held by no rule: it is blocked
            let holds = if *reason == SkipReason::Unfriended { done.2 } else { told.holds };
            assert_eq!((told.ends, told.cancels, holds), done, "{reason:?} of {task:?}");
            // of a group nothing is noted that is of a person
            let of_people = matches!(
                reason,
                SkipReason::Talked | SkipReason::Bought | SkipReason::Unfriended | SkipReason::DoNotDisturb
            );
            let noted = match reason {
                SkipReason::Unfit | SkipReason::Other => false,
                SkipReason::GroupGone => task.said_in().is_some(),
                _ => !of_people || task.member().is_some(),
            };
            assert_eq!(told.noted, u32::from(noted), "{reason:?} of {task:?}");
            seen += told.ends + told.cancels + told.holds;
            book.desk.run(Command::Undo { act: None }).unwrap();
        }
    }
    assert!(seen > 10, "the reasons have consequences: {seen}");
}

/// One text that says what three steps owe is one message: it waits for one reply.
#[test]
fn what_was_sent_as_one_waits_for_one_reply() {
    use crate::door::form::Kind;
    use crate::door::request::ListSpec;
    let mut book = Book::new();
    book.no_rules();
    for id in ["a", "b", "c"] {
        book.sop(&FRIEND.replace("\"friend\"", &format!("\"{id}\"")).replace("你好", id));
    }
    for name in ["张三", "李四"] {
        let member = book.member(name);
        book.befriend(member);
    }
    book.tick_at("2026-11-22 09:06");
    let waits = |book: &mut Book| match book
        .desk
        .ask(Request::Count { lists: vec![ListSpec::of(Kind::Task, "is:awaiting")] })
    {
        Reply::Counted(counted) => counted,
        reply => panic!("{reply:?}"),
    };
    let open = book.open();
    let (of_one, other): (Vec<&Task>, Vec<&Task>) =
        open.iter().partition(|task| task.target == open[0].target);
    assert_eq!((of_one.len(), other.len()), (3, 3));
    book.verb(other[0].id, TaskVerb::Sent { at: None, also: false });
    assert_eq!(waits(&mut book), [1]);
    book.desk.run(Command::Merge { tasks: of_one.iter().map(|task| task.id).collect() }).unwrap();
    let main =
        book.open().into_iter().find(|task| task.target == open[0].target && task.status.held.is_none());
    book.verb(main.unwrap().id, TaskVerb::Sent { at: None, also: false });
    assert_eq!(waits(&mut book), [2]);
}
