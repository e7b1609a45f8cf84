//! Shared views in playbooks and rules: they say what they say now, and stay while they are spoken of.

use super::*;
use crate::book::View;
use crate::book::view::{Listed, Sort};
use crate::door::command::ObjectRef;
use crate::door::form::Field;
use crate::door::{Refusal, RefusalKind};

fn view(name: &str, filter: &str) -> View {
    View {
        name: name.to_owned(),
        kind: Listed::Members,
        filter: filter.to_owned(),
        sort: Sort::Natural,
        columns: Vec::new(),
        limit: None,
        key: None,
    }
}

const SALE: &str = r#"
id = "sale"
title = "老客专场"
for = "member"
class = "marketing"
audience = "@大客"
start = { on = "by-hand" }
[[step]]
id = "one"
at = "D1 10:00"
via = "internal"
note = "打招呼"
[[step]]
id = "two"
at = "D2 10:00"
via = "internal"
if = "@更大"
note = "送券"
"#;

fn tag(book: &mut Book, member: MemberId, tags: &str) {
    let objects = vec![ObjectRef::Member(member)];
    book.desk.run(Command::Edit { objects, fields: vec![(Field::Tags, tags.to_owned())] }).unwrap();
}

fn set(book: &mut Book, before: Option<&str>, view: View) -> Result<(), Refusal> {
    book.desk.run(Command::ViewSet { before: before.map(str::to_owned), view }).map(|_| ())
}

fn add(book: &mut Book, toml: &str) -> Result<(), Refusal> {
    let (toml, file) = (toml.to_owned(), "sale.toml".to_owned());
    book.desk.run(Command::SopAdd { toml, file, new_only: false, base: None }).map(|_| ())
}

/// Two members of whom one is a big customer, views over views, and the playbook.
fn set_up() -> (Book, MemberId, MemberId) {
    let mut book = Book::new();
    book.no_rules();
    let (big, small) = (book.member("小雨妈"), book.member("大福"));
    tag(&mut book, big, "大客");
    set(&mut book, None, view("大客", "tag:大客")).unwrap();
    set(&mut book, None, view("更大", "@大客 -tag:少发")).unwrap();
    add(&mut book, SALE).unwrap();
    (book, big, small)
}

#[test]
fn an_audience_and_a_condition_are_what_the_view_says_now() {
    let (mut book, big, small) = set_up();
    let playbook = PlaybookId("sale".to_owned());
    let enrol = Command::Enrol {
        playbook,
        targets: vec![Target::Member(big), Target::Member(small)],
        filter: String::new(),
        anchor: None,
        dry_run: false,
    };
    let outcome = book.desk.run(enrol).unwrap();
    assert_eq!(outcome.enrolled.len(), 1, "{outcome:?}");
    book.tick_at("2026-11-23 10:00");
    assert_eq!(book.open().len(), 1);
    // what the condition means by way of another view is another thing by now
    set(&mut book, Some("大客"), view("大客", "tag:大客,小客 OR tag:VIP")).unwrap();
    tag(&mut book, big, "VIP, 少发");
    book.tick_at("2026-11-24 10:00");
    let skipped = book.tasks().into_iter().filter(|task| task.status.state == TaskState::Skipped).count();
    assert_eq!(skipped, 1, "{:?}", book.tasks());
    // and whom it does not let through any more is in it no longer
    set(&mut book, Some("大客"), view("大客", "tag:没有人有")).unwrap();
    let enrol = Command::Enrol {
        playbook: PlaybookId("sale".to_owned()),
        targets: vec![Target::Member(big)],
        filter: String::new(),
        anchor: None,
        dry_run: false,
    };
    assert_eq!(book.desk.run(enrol).unwrap().enrolled, []);
}

#[test]
fn a_view_that_is_not_there_is_a_mistake_with_its_place_and_the_nearest() {
    let mut book = Book::new();
    set(&mut book, None, view("大客户", "tag:大客")).unwrap();
    let refusal = add(&mut book, SALE).unwrap_err();
    assert_eq!((refusal.line, refusal.column), (Some(6), Some(13)), "{refusal:?}");
    assert!(refusal.words.contains("大客") && refusal.words.contains("大客户"), "{}", refusal.words);
    assert!(refusal.words.contains("自己的视图"), "{}", refusal.words);
    let rules =
        "zone = \"Asia/Shanghai\"\n[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\nexcept = \"@大客\"\n";
    let refusal = book.desk.run(Command::SetRules { toml: rules.to_owned() }).unwrap_err();
    assert_eq!((refusal.line, refusal.column), (Some(6), Some(11)), "{refusal:?}");
    book.desk.run(Command::SetRules { toml: rules.replace("@大客", "@大客户") }).unwrap();
    // rows that its filter does not know
    set(&mut book, Some("大客户"), view("大客户", "tag:大客")).unwrap();
}

#[test]
fn a_view_that_is_spoken_of_stays_and_leads_not_back_to_itself() {
    let (mut book, ..) = set_up();
    let remove = |book: &mut Book, name: &str| book.desk.run(Command::ViewRemove { name: name.to_owned() });
    for name in ["大客", "更大"] {
        let refusal = remove(&mut book, name).unwrap_err();
        assert!(refusal.words.contains("老客专场"), "{}", refusal.words);
        assert_eq!(refusal.kind, RefusalKind::State);
    }
    let refusal = set(&mut book, Some("大客"), view("大客户", "tag:大客")).unwrap_err();
    assert!(refusal.words.contains("老客专场"), "{}", refusal.words);
    assert_eq!(set(&mut book, Some("大客"), view("大客", "@更大")).unwrap_err().kind, RefusalKind::Filter);
    let rules =
        "zone = \"Asia/Shanghai\"\n[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\nexcept = \"@更大\"\n";
    book.desk.run(Command::SetRules { toml: rules.to_owned() }).unwrap();
    book.desk.run(Command::SopRemove { playbook: PlaybookId("sale".to_owned()) }).unwrap();
    let refusal = remove(&mut book, "更大").unwrap_err();
    assert!(refusal.words.contains("[[cap]]"), "{}", refusal.words);
    book.desk.run(Command::SetRules { toml: "zone = \"Asia/Shanghai\"\n".to_owned() }).unwrap();
    remove(&mut book, "更大").unwrap();
    remove(&mut book, "大客").unwrap();
}

#[test]
fn an_exception_of_a_cap_is_what_the_view_says_now() {
    let mut book = Book::new();
    let (big, small) = (book.member("小雨妈"), book.member("大福"));
    for member in [big, small] {
        book.befriend(member);
    }
    tag(&mut book, big, "大客");
    set(&mut book, None, view("大客", "tag:大客")).unwrap();
    let rules =
        "zone = \"Asia/Shanghai\"\n[[cap]]\nscope = \"member\"\nn = 1\nper = \"month\"\nexcept = \"@大客\"\n";
    book.desk.run(Command::SetRules { toml: rules.to_owned() }).unwrap();
    let step = |day: u32| {
        format!(
            "[[step]]\nid = \"d{day}\"\nat = \"D{day} 10:00\"\nvia = \"private\"\ntext = [\"第{day}天\"]\n"
        )
    };
    let toml = format!(
        "id = \"two\"\ntitle = \"两条\"\nfor = \"member\"\nclass = \"marketing\"\nstart = {{ on = \"by-hand\" }}\n{}{}{}",
        step(1),
        step(2),
        step(3)
    );
    book.sop(&toml);
    let targets = vec![Target::Member(big), Target::Member(small)];
    let playbook = PlaybookId("two".to_owned());
    book.desk
        .run(Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false })
        .unwrap();
    book.tick_at("2026-11-23 10:00");
    book.tick_at("2026-11-24 10:00");
    let of = |book: &Book, member: MemberId| {
        book.tasks().into_iter().filter(|task| task.target == Target::Member(member)).count()
    };
    assert_eq!((of(&book, big), of(&book, small)), (2, 1));
    // whoever waits for the cap is looked at again when the view says another thing
    set(&mut book, Some("大客"), view("大客", "tag:大客 OR 大福")).unwrap();
    book.desk.tick();
    assert_eq!((of(&book, big), of(&book, small)), (2, 2));
}

#[test]
fn a_view_that_is_spoken_of_stays_one_that_says_something_there() {
    let (mut book, ..) = set_up();
    let of = |name: &str, filter: &str, kind| View { kind, ..view(name, filter) };
    // of tasks, or of groups, it would say nothing of the people that a playbook is for
    for then in [of("大客", "state:due", Listed::Tasks), of("大客", "tag:大客", Listed::Groups)] {
        let refusal = set(&mut book, Some("大客"), then).unwrap_err();
        assert!(refusal.words.contains("老客专场"), "{}", refusal.words);
    }
    set(&mut book, Some("大客"), view("大客", "tag:VIP")).unwrap();
    book.desk.run(Command::SopRemove { playbook: PlaybookId("sale".to_owned()) }).unwrap();
    let rules =
        "zone = \"Asia/Shanghai\"\n[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\nexcept = \"@更大\"\n";
    book.desk.run(Command::SetRules { toml: rules.to_owned() }).unwrap();
    let refusal = set(&mut book, Some("大客"), of("大客", "state:due", Listed::Tasks)).unwrap_err();
    assert!(refusal.words.contains("[[cap]]"), "{}", refusal.words);
    // a view that speaks of it is one of its users too, and what comes to be in use meanwhile is not undone
    book.desk.run(Command::SetRules { toml: "zone = \"Asia/Shanghai\"\n".to_owned() }).unwrap();
    let then = of("大客", "state:due", Listed::Tasks);
    let refusal = set(&mut book, Some("大客"), then.clone()).unwrap_err();
    assert!(refusal.words.contains("更大"), "{}", refusal.words);
    book.desk.run(Command::ViewRemove { name: "更大".to_owned() }).unwrap();
    set(&mut book, Some("大客"), then).unwrap();
    let back = Command::ViewSet { before: Some("大客".to_owned()), view: view("大客", "tag:大客") };
    let act = book.desk.run(back).unwrap().act;
    set(&mut book, None, view("更大", "@大客")).unwrap();
    add(&mut book, SALE).unwrap();
    let undone = format!("{:?}", book.desk.run(Command::Undo { act }));
    assert!(undone.contains("老客专场"), "{undone}");
    assert_eq!(book.desk.desk.store.columns.saved_views["大客"].kind, Listed::Members);
}
