//! An undo takes along what is owed of days that what came back has not: an earlier text, an earlier calendar.

use super::plans::{enrol, sop};
use super::*;
use crate::book::TaskKind;

/// Said in the group each round, at nine, with something to be asked for.
fn said(start: &str) -> String {
    format!(
        "id = \"round\"\ntitle = \"早安\"\nfor = \"group\"\nclass = \"service\"\n\
         start = {{ on = \"recurrence\", {start} }}\n\
         [[ask]]\nkey = \"商品\"\ntype = \"text\"\nby = \"D0 12:00\"\n\
         [[step]]\nid = \"a\"\nat = \"D0 09:00\"\nvia = \"group\"\ntext = [\"早\"]\n\
         [[step]]\nid = \"b\"\nat = \"D0 20:00\"\nvia = \"group\"\ntext = [\"{{{{ 商品 }}}}\"]\n"
    )
}

impl Book {
    /// What is open, as `a 11-24 1群`, and of forms as `商品 11-24`.
    fn owed(&self) -> Vec<String> {
        let columns = &self.desk.desk.store().columns;
        let told = |task: &Task| {
            let name = match task.target {
                Target::Group(id) => columns.groups.by_id(id).unwrap().body.name.clone(),
                _ => String::new(),
            };
            match &task.kind {
                TaskKind::Step { key, .. } => {
                    format!("{} {} {name}", key.step, key.occurrence.format("%m-%d"))
                }
                TaskKind::Ask { run, key, .. } => format!("{key} {}", run.format("%m-%d")),
                other => format!("{other:?}"),
            }
        };
        let mut owed: Vec<String> = self.open().iter().map(told).collect();
        owed.sort();
        owed
    }

    fn copy(&mut self, what: &str) {
        let at = self.owed().iter().position(|owed| owed == what).unwrap();
        let mut open = self.open();
        open.sort_by_key(|task| match &task.kind {
            TaskKind::Step { key, .. } => (key.step.clone(), key.occurrence, format!("{:?}", task.target)),
            TaskKind::Ask { run, .. } => ("商品".to_owned(), *run, String::new()),
            _ => unreachable!(),
        });
        self.verb(open[at].id, TaskVerb::Copied { part: 0 });
    }
}

#[test]
fn an_undone_rule_takes_its_days_along() {
    let mut book = Book::new();
    book.no_rules();
    book.group("1群");
    book.tick_at("2026-11-23 08:00"); // a Monday
    book.sop(&said("every = \"weekly: 一\""));
    book.tick_at("2026-11-23 21:00");
    let monday = ["a 11-23 1群", "b 11-23 1群", "商品 11-23"];
    assert_eq!(book.owed(), monday);
    book.sop(&said("every = \"daily\""));
    for day in ["2026-11-24", "2026-11-25"] {
        book.tick_at(&format!("{day} 10:30"));
    }
    let daily = ["a 11-23 1群", "a 11-24 1群", "a 11-25 1群", "b 11-23 1群", "b 11-24 1群", "商品 11-25"];
    assert_eq!(book.owed(), daily);
    book.copy("a 11-24 1群");
    let undo = |book: &mut Book| book.desk.run(Command::Undo { act: None }).unwrap();
    // marking what was copied is no act to be undone
    let outcome = undo(&mut book);
    assert_eq!(outcome.warnings, ["待办 1群 已有人动过，保留"]);
    let back = ["a 11-23 1群", "a 11-24 1群", "b 11-23 1群"];
    assert_eq!(book.owed(), back);
    book.tick_at("2026-11-26 21:00");
    assert_eq!(book.owed(), back, "a rule that is not there brings nothing");
    book.desk.run(Command::Redo).unwrap();
    book.desk.tick();
    let owed = book.owed();
    assert!(
        daily[..5].iter().all(|one| owed.contains(&(*one).to_owned())),
        "done again, owed again: {owed:?}"
    );
    undo(&mut book);
    assert_eq!(book.owed(), back);
    book.tick_at("2026-11-30 09:00");
    assert!(book.owed().contains(&"a 11-30 1群".to_owned()));
}

#[test]
fn what_an_undone_rule_made_for_many_goes_in_slices() {
    let mut book = Book::new();
    book.no_rules();
    for n in 0..30 {
        book.group(&format!("{n}群"));
    }
    book.tick_at("2026-11-23 08:00");
    book.sop(&said("every = \"weekly: 一\""));
    book.tick_at("2026-11-23 09:00");
    assert_eq!(book.open().len(), 30);
    book.sop(&said("every = \"daily\""));
    book.tick_at("2026-11-24 09:00");
    assert_eq!(book.open().len(), 90);
    for n in 0..10 {
        book.copy(&format!("a 11-24 {n}群"));
    }
    book.desk.desk.works.set_share(8);
    let outcome = book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(outcome.warnings.len(), 9, "{:?}", outcome.warnings);
    assert_eq!(outcome.warnings[8], "还有 2 处保留");
    assert_eq!(book.open().len(), 60 + 10, "{:?}", book.owed());
}

#[test]
fn an_undone_calendar_takes_its_days_along() {
    let mut book = Book::new();
    book.no_rules();
    book.group("1群");
    book.tick_at("2026-11-27 08:00"); // a Friday
    book.sop(&said("every = \"workdays\""));
    book.tick_at("2026-11-27 10:30");
    let own = "[[year]]\nyear = 2026\noff = []\nwork = [\"11-28\", \"11-29\"]\n";
    book.desk.run(Command::SetCalendar { toml: own.to_owned() }).unwrap();
    book.desk.tick();
    book.tick_at("2026-11-28 10:30");
    book.tick_at("2026-11-29 10:30");
    let with = ["a 11-27 1群", "a 11-28 1群", "a 11-29 1群", "b 11-27 1群", "b 11-28 1群", "商品 11-29"];
    assert_eq!(book.owed(), with);
    book.copy("a 11-29 1群");
    let outcome = book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(outcome.warnings, ["待办 1群 已有人动过，保留"]);
    assert_eq!(book.owed(), ["a 11-27 1群", "a 11-29 1群", "b 11-27 1群"]);
    book.desk.run(Command::Redo).unwrap();
    book.desk.tick();
    assert_eq!(book.owed()[..5], with[..5]);
}

/// One step, a rest, and what follows once it is through.
const LAST: &str = r#"
id = "last"
title = "一步"
for = "member"
class = "marketing"
start = { on = "added" }
rest = "180d"
[[step]]
id = "p"
at = "D0 10:00"
via = "private"
text = ["{{ name }}，一步"]
[[end]]
when = "finished"
then = ["tag:走完了", "start:next"]
"#;

/// What comes next, begun by whatever is said.
fn next(id: &str, start: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"二步\"\nfor = \"member\"\nclass = \"care\"\nstart = {{ {start} }}\n\
         [[step]]\nid = \"q\"\nat = \"D0 +0m\"\nvia = \"private\"\ntext = [\"{{{{ name }}}}，{id}\"]\n"
    )
}

/// 张三 owes the last step of what next and after follow.
fn last_step() -> (Book, MemberId, Task) {
    let mut book = Book::new();
    book.no_rules();
    for sop in [
        LAST.to_owned(),
        next("next", "on = \"by-hand\""),
        next("after", "on = \"after\", playbook = \"last\""),
    ] {
        book.sop(&sop);
    }
    let one = book.member("张三");
    book.befriend(one);
    book.tick_at("2026-11-22 10:01");
    let open = book.open();
    assert_eq!(open.len(), 1, "{open:?}");
    (book, one, open.into_iter().next().unwrap())
}

impl Book {
    /// How each enrolment stands, by playbook.
    fn stands(&self) -> Vec<String> {
        let store = self.desk.desk.store();
        let enrolments = store.columns.enrolments.iter();
        let enrolments = enrolments.map(|(_, id, _)| store.enrolment(id).unwrap().unwrap());
        let mut stands: Vec<String> = enrolments
            .map(|of| format!("{} {:?} {}", of.playbook, of.status.state, of.status.ended_at.is_some()))
            .collect();
        stands.sort();
        stands
    }

    /// What is said by whatever is open.
    fn open_steps(&self) -> Vec<String> {
        let step = |task: &Task| match &task.kind {
            TaskKind::Step { key, .. } => format!("{} {:?}", key.playbook, task.status.state),
            other => format!("{other:?}"),
        };
        let mut steps: Vec<String> = self.open().iter().map(step).collect();
        steps.sort();
        steps
    }
}

#[test]
fn an_undo_of_the_last_step_takes_back_what_its_end_brought_about() {
    use crate::book::SkipReason;
    let skip = TaskVerb::Skip { reason: SkipReason::Unfit, words: String::new() };
    for verb in [TaskVerb::Sent { at: None, also: false }, skip] {
        let (mut book, one, task) = last_step();
        let before = book.stands();
        book.desk.at("2026-11-22 10:02");
        book.verb(task.id, verb.clone());
        book.desk.tick();
        let tags = |book: &Book| book.desk.desk.store().member(one).unwrap().unwrap().tags;
        assert_eq!(tags(&book), ["走完了"]);
        assert_eq!(book.open_steps(), ["after Due", "next Due"], "{verb:?}");
        let ended = book.stands();
        book.desk.at("2026-11-22 10:03");
        let outcome = book.desk.run(Command::Undo { act: None }).unwrap();
        assert_eq!(outcome.warnings, Vec::<String>::new(), "{verb:?}");
        book.desk.tick();
        book.tick_at("2026-11-23 12:00");
        assert_eq!(book.open_steps(), ["last Due"], "{verb:?}");
        assert!(book.stands().contains(&before[0]), "{:?}", book.stands());
        assert!(tags(&book).is_empty());
        let fired = book.tasks().len();
        // done again it is as it was, and nothing comes twice
        book.desk.run(Command::Redo).unwrap();
        book.tick_at("2026-11-24 12:00");
        assert_eq!(book.stands(), ended, "{verb:?}");
        assert_eq!((book.open_steps().len(), book.tasks().len()), (2, fired), "{verb:?}");
        assert_eq!(tags(&book), ["走完了"]);
        book.desk.restart();
    }
}

/// What an undo cancelled is owed when it comes about again, also on the same day.
#[test]
fn what_followed_comes_again_with_the_last_step_that_is_sent_again() {
    let (mut book, _, task) = last_step();
    let sent = || TaskVerb::Sent { at: None, also: false };
    book.verb(task.id, sent());
    book.desk.tick();
    assert_eq!(book.open_steps(), ["after Due", "next Due"]);
    book.desk.run(Command::Undo { act: None }).unwrap();
    book.desk.tick();
    assert_eq!(book.open_steps(), ["last Due"]);
    book.desk.at("2026-11-22 11:00");
    book.verb(task.id, sent());
    book.desk.tick();
    assert_eq!(book.open_steps(), ["after Due", "next Due"]);
    let fired = book.tasks().len();
    book.tick_at("2026-11-23 12:00");
    assert_eq!(book.tasks().len(), fired, "once");
    book.desk.restart();
}

#[test]
fn what_somebody_has_begun_of_what_followed_stays_and_is_told() {
    let (mut book, one, task) = last_step();
    book.verb(task.id, TaskVerb::Sent { at: None, also: false });
    book.desk.tick();
    let step =
        |task: &Task, of: &str| matches!(&task.kind, TaskKind::Step { key, .. } if key.playbook.0 == of);
    let begun = book.open().into_iter().find(|task| step(task, "next")).unwrap();
    book.verb(begun.id, TaskVerb::Copied { part: 0 });
    let outcome = book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(outcome.warnings, ["待办 张三 已有人动过，保留"]);
    book.desk.tick();
    assert_eq!(book.open_steps(), ["last Due", "next Due"]);
    // a tag that somebody gave since is theirs
    assert!(book.desk.desk.store().member(one).unwrap().unwrap().tags.is_empty());
}

#[test]
fn a_reply_that_comes_with_the_last_step_ends_it_as_a_reply() {
    use crate::book::SkipReason;
    let (mut book, ..) = last_step();
    let sop = LAST.replace("rest =", "stop = [\"replied\"]\nrest =").replace("last", "talk");
    book.sop(&sop);
    let other = book.member("李四");
    book.befriend(other);
    book.tick_at("2026-11-22 10:05");
    let talked = TaskVerb::Skip { reason: SkipReason::Talked, words: String::new() };
    let of_other: Vec<TaskId> =
        book.open().iter().filter(|task| task.target == Target::Member(other)).map(|task| task.id).collect();
    for task in of_other {
        if book.open().iter().any(|open| open.id == task) {
            book.verb(task, talked.clone());
        }
    }
    assert!(
        book.stands().contains(&"talk Stopped { rule: \"replied\" } true".to_owned()),
        "{:?}",
        book.stands()
    );
}

#[test]
fn of_many_at_once_the_ends_are_taken_back_as_well() {
    let (mut book, _, _) = last_step();
    for n in 0..40 {
        let member = book.member(&format!("客{n}"));
        book.befriend(member);
    }
    book.desk.at("2026-11-22 10:05");
    book.desk.tick();
    let tasks: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    assert_eq!(tasks.len(), 41);
    book.desk.desk.works.set_share(8);
    book.desk.run(Command::Task { tasks, verb: TaskVerb::Sent { at: None, also: false } }).unwrap();
    book.desk.tick();
    assert_eq!(book.open_steps().len(), 82);
    book.desk.run(Command::Undo { act: None }).unwrap();
    for _ in 0..200 {
        book.desk.idle();
    }
    book.desk.tick();
    assert_eq!(book.open_steps(), vec!["last Due".to_owned(); 41]);
}

/// Said once more that somebody is out, nothing of it is owed to them: neither what was open the first time nor what came
/// since.
#[test]
fn what_came_due_between_an_undo_and_its_redo_ends_with_it() {
    for removed in [false, true] {
        let mut book = Book::new();
        book.no_rules();
        let member = book.member("张三");
        let steps = ["a | D0 10:00", "b | D0 11:00"];
        book.sop(&sop("p", "member", "service", "start = { on = \"by-hand\" }", &steps));
        enrol(&mut book, "p", Target::Member(member));
        book.tick_at("2026-11-22 10:01");
        let enrolments = book.desk.desk.store.enrolments_of(Target::Member(member)).unwrap();
        let out = if removed {
            Command::SopRemove { playbook: PlaybookId("p".into()) }
        } else {
            Command::Unenrol { enrolments }
        };
        let out = book.desk.run(out).unwrap();
        book.desk.tick();
        assert!(book.open().is_empty());
        let undone = book.desk.run(Command::Undo { act: out.act }).unwrap();
        book.tick_at("2026-11-22 11:01");
        assert_eq!(book.open().len(), 2);
        let again = book.desk.run(Command::Undo { act: undone.act }).unwrap();
        book.tick_at("2026-11-22 11:02");
        assert!(book.open().is_empty(), "{removed}: {:#?}", book.open());
        book.desk.run(Command::Undo { act: again.act }).unwrap();
        book.tick_at("2026-11-22 11:03");
        assert_eq!(book.open().len(), 2, "{removed}");
        book.desk.restart();
    }
}
