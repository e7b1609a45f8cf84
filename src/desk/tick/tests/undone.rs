//! An undo takes along what is owed of days that what came back has not: an earlier text, an earlier calendar.

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
