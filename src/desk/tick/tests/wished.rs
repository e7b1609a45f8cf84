//! Who is not to be disturbed after all: an undo of that wish brings back what it withdrew, as far as it is in its time.

use super::*;
use crate::book::TaskKind;
use crate::door::command::ObjectRef;
use crate::door::form::Field;

/// What a group owes each of its people in private, and what members go through: alone, and gathered in the group.
const STEPS: &str = r#"
[[step]]
id = "s"
at = "D0 10:00"
until = "D0 12:00"
late = "drop"
"#;

fn sop(id: &str, head: &str, step: &str) -> String {
    format!("id = \"{id}\"\ntitle = \"{id}\"\n{head}\n{STEPS}{step}\n")
}

/// Two members of a group, of whom the second said at nine that they want nothing.
fn wished() -> (Book, [MemberId; 2]) {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("一群");
    let members = ["张三", "李四"].map(|name| book.member(name));
    for member in members {
        book.join(member, group);
        book.befriend(member);
    }
    let daily = "start = { on = \"recurrence\", every = \"daily\" }";
    let private = "via = \"private\"\ntext = [\"有新货\"]";
    for class in ["marketing", "service"] {
        let each = format!("for = \"group\"\nclass = \"{class}\"\n{daily}");
        book.sop(&sop(&format!("each-{class}"), &each, &format!("who = \"-tag:勿扰\"\n{private}")));
    }
    let own = format!("for = \"member\"\nclass = \"marketing\"\n{daily}");
    book.sop(&sop("own", &own, private));
    let friends = format!("for = \"account\"\nclass = \"marketing\"\n{daily}");
    book.sop(&sop("friends", &friends, &format!("who = \"-tag:无\"\n{private}")));
    book.tick_at("2026-11-23 09:00");
    (book, members)
}

impl Book {
    fn wish(&mut self, member: MemberId) {
        let objects = vec![ObjectRef::Member(member)];
        let fields = vec![(Field::Tags, "勿扰".to_owned())];
        self.desk.run(Command::Edit { objects, fields }).unwrap();
        self.desk.tick();
    }

    fn undo_wish(&mut self) {
        self.desk.run(Command::Undo { act: None }).unwrap();
        self.desk.tick();
    }

    /// What somebody is owed today.
    fn offered_to(&self, member: MemberId) -> Vec<String> {
        let of = |task: &Task| match &task.kind {
            TaskKind::Step { key, .. } if task.target == Target::Member(member) => {
                Some(format!("{} {}", key.playbook, key.occurrence.format("%d")))
            }
            _ => None,
        };
        let mut owed: Vec<String> = self.open().iter().filter_map(of).collect();
        owed.sort();
        owed
    }
}

const ALL: [&str; 4] = ["each-marketing 23", "each-service 23", "friends 23", "own 23"];

#[test]
fn a_wish_that_is_undone_brings_back_what_fell_due_meanwhile() {
    for wished_at in ["2026-11-23 09:30", "2026-11-23 10:02"] {
        let (mut book, [one, other]) = wished();
        book.tick_at(wished_at);
        book.wish(other);
        book.tick_at("2026-11-23 10:05");
        assert_eq!(book.offered_to(one), ALL);
        assert_eq!(book.offered_to(other), Vec::<String>::new(), "{wished_at}");
        book.tick_at("2026-11-23 10:10");
        book.undo_wish();
        assert_eq!(book.offered_to(other), ALL, "{wished_at}");
        book.tick_at("2026-11-23 10:11");
        let fired = book.tasks().len();
        // said once more it is withdrawn, and undone once more it is there, each of them once
        book.desk.run(Command::Redo).unwrap();
        book.tick_at("2026-11-23 10:12");
        assert_eq!(book.offered_to(other), Vec::<String>::new(), "{wished_at}");
        book.undo_wish();
        assert_eq!(book.offered_to(other), ALL, "{wished_at}");
        book.tick_at("2026-11-23 10:13");
        assert_eq!(book.tasks().len(), fired, "{wished_at}");
        assert_eq!(book.offered_to(one), ALL);
        book.desk.restart();
    }
}

#[test]
fn what_is_over_when_a_wish_is_undone_does_not_come_again() {
    let (mut book, [_, other]) = wished();
    book.wish(other);
    book.tick_at("2026-11-23 10:05");
    book.tick_at("2026-11-23 12:01");
    book.undo_wish();
    assert_eq!(book.offered_to(other), Vec::<String>::new());
    book.tick_at("2026-11-24 10:01");
    let next: Vec<String> = ALL.iter().map(|one| one.replace("23", "24")).collect();
    assert_eq!(book.offered_to(other), next);
}

/// A wish that somebody takes back by saying so has withdrawn what it has.
#[test]
fn who_says_so_has_missed_nothing() {
    let (mut book, [_, other]) = wished();
    book.wish(other);
    book.tick_at("2026-11-23 10:05");
    let objects = vec![ObjectRef::Member(other)];
    let fields = vec![(Field::Tags, String::new())];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    book.tick_at("2026-11-23 10:06");
    assert!(!book.offered_to(other).contains(&"each-marketing 23".to_owned()));
}

/// Two members of a group who are welcomed in it together, as marketing, at twelve.
fn welcomed(until: &str) -> (Book, [MemberId; 2], GroupId) {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("一群");
    let welcome = WELCOME.replace("service", "marketing");
    book.sop(&welcome.replace("\"D0 12:00\"", &format!("\"D0 12:00\"\n{until}")));
    let members = ["张三", "李四"].map(|name| book.member(name));
    for member in members {
        book.join(member, group);
    }
    (book, members, group)
}

/// Whom the messages to several name.
fn named(book: &Book) -> Vec<MemberId> {
    let mut named: Vec<MemberId> = book.open().into_iter().flat_map(|task| task.members).collect();
    named.sort();
    named
}

#[test]
fn who_is_welcomed_with_others_is_welcomed_again() {
    let (mut book, members, _) = welcomed("until = \"D0 14:00\"");
    for wished_at in ["2026-11-22 11:00", "2026-11-22 12:05"] {
        book.tick_at(wished_at);
        book.wish(members[1]);
        book.tick_at("2026-11-22 12:05");
        assert_eq!(named(&book), members[..1], "{wished_at}");
        book.undo_wish();
        book.tick_at("2026-11-22 12:06");
        assert_eq!(named(&book), members, "{wished_at}");
    }
}

/// Who was taken out of a group, out of an account's friends or out of the book by mistake.
#[test]
fn who_is_back_by_an_undo_is_owed_what_fell_due_meanwhile() {
    let group = "each-marketing 23";
    for (which, missed) in [(0, group), (1, "friends 23"), (2, group)] {
        let (mut book, [_, other]) = wished();
        let columns = &book.desk.desk.store().columns;
        let first = columns.groups.id(0).unwrap();
        let object = match which {
            0 => ObjectRef::Membership(other, first),
            1 => ObjectRef::Contact(other, book.account),
            _ => ObjectRef::Member(other),
        };
        book.desk.run(Command::Archive { object }).unwrap();
        book.tick_at("2026-11-23 10:05");
        assert!(!book.offered_to(other).contains(&missed.to_owned()), "{which}");
        book.undo_wish();
        assert_eq!(book.offered_to(other), ALL, "{which}");
        book.tick_at("2026-11-23 10:06");
        assert_eq!(book.offered_to(other), ALL, "{which}");
        book.desk.restart();
    }
}

#[test]
fn what_was_to_be_said_to_several_comes_back_with_a_group_that_was_closed_by_mistake() {
    for (wish, until, back) in [(false, "14:00", 2), (true, "14:00", 1), (false, "12:06", 0)] {
        let (mut book, members, group) = welcomed(&format!("until = \"D0 {until}\""));
        let fields = vec![(Field::State, "已解散".to_owned())];
        let closed = book.desk.run(Command::Edit { objects: vec![ObjectRef::Group(group)], fields }).unwrap();
        book.tick_at("2026-11-22 12:05");
        assert!(book.open().is_empty());
        if wish {
            book.wish(members[1]);
        }
        book.tick_at("2026-11-22 12:10");
        book.desk.run(Command::Undo { act: closed.act }).unwrap();
        book.tick_at("2026-11-22 12:11");
        assert_eq!(named(&book), members[..back], "{wish}");
        book.desk.restart();
    }
}

/// A wish that is said again by a redo, and undone once more.
#[test]
fn who_is_not_named_after_a_redo_is_named_after_its_undo() {
    let (mut book, members, _) = welcomed("");
    book.tick_at("2026-11-22 11:00");
    book.wish(members[0]);
    book.undo_wish();
    book.tick_at("2026-11-22 12:05");
    assert_eq!(named(&book), members);
    for _ in 0..2 {
        book.desk.run(Command::Redo).unwrap();
        book.desk.tick();
        assert_eq!(named(&book), members[1..]);
        book.undo_wish();
        assert_eq!(named(&book), members);
    }
    book.desk.restart();
}
