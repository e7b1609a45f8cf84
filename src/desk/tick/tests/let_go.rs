//! What was held while an account was limited comes back as far as the caps have room, and the rest when they have.

use super::limits::{choices, choose, limit, owed_by};
use super::*;
use crate::book::{Class, Health, SkipReason, Via};
use crate::door::command::Held;

const RULES: &str = "zone = \"Asia/Shanghai\"\n[pace]\nramp = []\n";

/// A text to each new friend that may be sent for days.
fn patient() -> String {
    FRIEND.replace("D0 22:00", "D5 22:00").replace("D1 10:00", "D9 10:00")
}

fn owed() -> (Book, AccountId) {
    owed_by(&patient())
}

fn rules(book: &mut Book, caps: &str) {
    let toml = format!("{RULES}{caps}");
    book.desk.run(Command::SetRules { toml }).unwrap();
}

fn cap(scope: &str, per: &str, n: u32) -> String {
    format!("[[cap]]\nscope = \"{scope}\"\nper = \"{per}\"\nn = {n}\n")
}

fn limited(until: Option<&str>) -> Health {
    Health::Limited { what: "private".to_owned(), until: until.map(crate::desk::testing::at) }
}

fn private(book: &Book) -> Vec<Task> {
    book.open().into_iter().filter(|task| task.via == Via::Private).collect()
}

fn free(book: &Book) -> Vec<Task> {
    private(book).into_iter().filter(|task| task.status.held.is_none()).collect()
}

fn held(book: &Book) -> Vec<String> {
    private(book).into_iter().filter_map(|task| task.status.held).collect()
}

fn send_all(book: &mut Book) {
    for task in free(book) {
        book.verb(task.id, TaskVerb::Sent { at: None, also: false });
    }
}

#[test]
fn what_a_limit_held_is_never_over_the_cap_of_its_account() {
    let (mut book, _) = owed();
    rules(&mut book, &cap("account:手机1", "day", 2));
    limit(&mut book, limited(Some("2026-11-22 12:00")), Held::Wait);
    book.tick_at("2026-11-22 12:01");
    assert_eq!(free(&book).len(), 2);
    assert_eq!(held(&book), ["cap account day 2/2"; 3]);
    send_all(&mut book);
    book.tick_at("2026-11-22 20:00");
    assert_eq!(free(&book).len(), 0);
    // whatever else comes, the day after has room for two
    book.tick_at("2026-11-23 00:00");
    assert_eq!((free(&book).len(), held(&book).len()), (2, 1));
    // and where one is not sent, for another at once
    let skip = TaskVerb::Skip { reason: SkipReason::Other, words: String::new() };
    let one = free(&book)[0].id;
    book.verb(one, skip);
    book.tick_at("2026-11-23 00:01");
    assert_eq!((free(&book).len(), held(&book).len()), (2, 0));
}

#[test]
fn what_still_waits_for_room_is_found_by_a_desk_that_begins() {
    let (mut book, _) = owed();
    rules(&mut book, &cap("account:手机1", "day", 2));
    limit(&mut book, limited(Some("2026-11-22 12:00")), Held::Wait);
    book.tick_at("2026-11-22 12:01");
    send_all(&mut book);
    book.desk.restart();
    book.tick_at("2026-11-23 08:00");
    assert_eq!((free(&book).len(), held(&book).len()), (2, 1));
}

#[test]
fn one_person_is_owed_no_more_than_their_cap_when_a_limit_ends() {
    let (mut book, _) = owed();
    book.sop(&patient().replace("\"friend\"", "\"care\"").replace("marketing", "care"));
    rules(&mut book, &cap("member", "day", 1));
    limit(&mut book, limited(None), Held::Wait);
    let late = book.member("孙八");
    book.befriend(late);
    book.tick_at("2026-11-22 10:00");
    let of_late = |book: &Book| -> Vec<(Class, Option<String>)> {
        let of = private(book).into_iter().filter(|task| task.target == Target::Member(late));
        of.map(|task| (task.class, task.status.held)).collect()
    };
    assert_eq!(of_late(&book).len(), 2, "what is held counts under no cap");
    let told = choices(&mut book, "解除", None);
    let said = choose(&mut book, "解除", None, "lift");
    let goes = free(&book).len();
    assert_eq!(told.offered[0].n as usize, goes, "{told:?}");
    assert!(said.contains(&format!("放行 {goes} 条")), "{said}");
    let mut both = of_late(&book);
    both.sort_by_key(|(_, held)| held.is_some());
    let cap = Some("cap member day 1/1".to_owned());
    assert_eq!(both, [(Class::Care, None), (Class::Marketing, cap)]);
    send_all(&mut book);
    book.tick_at("2026-11-23 09:00");
    assert!(of_late(&book).iter().any(|(class, held)| *class == Class::Marketing && held.is_none()));
}

#[test]
fn what_moves_to_another_account_waits_there_for_its_cap() {
    let (mut book, other) = owed();
    rules(&mut book, &cap("account:手机2", "day", 1));
    let told = choices(&mut book, "私聊", None);
    let moves = told.offered.iter().find(|offered| offered.word == "move").unwrap();
    assert_eq!(moves.n, 2);
    assert!(moves.note.contains("1 条现在放不下"), "{moves:?}");
    let said = choose(&mut book, "私聊", None, "move");
    assert!(said.contains("1 条现在放不下"), "{said}");
    let of_other = |book: &Book, free: bool| {
        let of = private(book).into_iter().filter(|task| task.status.account == Some(other));
        of.filter(|task| task.status.held.is_none() == free).count()
    };
    assert_eq!((of_other(&book, true), of_other(&book, false)), (1, 1));
    send_all(&mut book);
    book.tick_at("2026-11-23 00:00");
    assert_eq!((of_other(&book, true), of_other(&book, false)), (1, 0));
}

#[test]
fn a_distance_is_kept_between_what_is_let_go() {
    let (mut book, _) = owed();
    let caps = format!("{}gap = 10\n", cap("account:手机1", "day", 20));
    rules(&mut book, &caps);
    limit(&mut book, limited(Some("2026-11-22 12:00")), Held::Wait);
    for (at, n) in [("12:00", 1), ("12:09", 1), ("12:10", 2), ("12:20", 3), ("12:30", 4), ("12:40", 5)] {
        book.tick_at(&format!("2026-11-22 {at}"));
        assert_eq!(free(&book).len(), n, "{at}");
    }
}

#[test]
fn what_members_are_told_alone_takes_no_room_of_the_group_they_were_met_in() {
    let mut book = Book::new();
    let group = book.group("一群");
    let alone = "start = { on = \"recurrence\", every = \"daily\" }\n[[step]]\nid = \"alone\"\nat = \"D0 09:30\"\n\
                 until = \"D0 20:00\"\nvia = \"private\"\nwho = \"group:一群\"\ntext = [\"在吗\"]\n";
    book.sop(&format!("id = \"each\"\ntitle = \"每人\"\nfor = \"group\"\nclass = \"care\"\n{alone}"));
    for name in ["张三", "李四", "王五"] {
        let member = book.member(name);
        book.befriend(member);
        book.join(member, group);
    }
    rules(&mut book, &cap("group", "day", 1));
    book.tick_at("2026-11-22 09:30");
    assert_eq!(free(&book).len(), 3);
    limit(&mut book, limited(Some("2026-11-22 12:00")), Held::Wait);
    assert_eq!(held(&book).len(), 3);
    book.tick_at("2026-11-22 12:01");
    assert_eq!((free(&book).len(), held(&book)), (3, Vec::new()));
}

/// So many friends who were sent the same, by a playbook of service: no cap that names no class counts that.
fn told(friends: usize) -> (Book, TaskId) {
    let mut book = Book::new();
    rules(&mut book, "");
    book.sop(&patient().replace("marketing", "service"));
    for n in 0..friends {
        let member = book.member(&format!("好友{n}"));
        book.befriend(member);
    }
    book.tick_at("2026-11-22 09:06");
    let first = private(&book)[0].id;
    send_all(&mut book);
    assert_eq!(private(&book).len(), 0);
    (book, first)
}

fn correct(book: &mut Book, task: TaskId) -> String {
    let notice = Some("抱歉，是您好".to_owned());
    let command = Command::Correct { task, text: "您好".to_owned(), notice, part: None };
    book.desk.run(command).unwrap().words
}

/// A cap of the only account that counts notices, which are incidents.
fn of_incidents(n: u32, more: &str) -> String {
    format!("{}class = [\"service\", \"incident\"]\n{more}", cap("account:手机1", "day", n))
}

#[test]
fn hundreds_of_notices_come_as_the_caps_of_their_class_have_room() {
    let (mut book, wrong) = told(230);
    book.desk.at("2026-11-23 09:00");
    rules(&mut book, &of_incidents(100, ""));
    let said = correct(&mut book, wrong);
    assert!(said.contains("230 条更正待发给已收到的人; 130 条现在放不下"), "{said}");
    let mut left = 230;
    for day in [23, 24, 25] {
        book.tick_at(&format!("2026-11-{day} 09:30"));
        let notices = |task: &Task| task.class == Class::Incident;
        let offered = free(&book).into_iter().filter(notices).count();
        assert_eq!(offered, left.min(100), "{day}");
        let waits = held(&book);
        assert!(waits.iter().all(|why| *why == "cap account day 100/100"), "{waits:?}");
        left -= offered;
        assert_eq!(waits.len(), left);
        // also by a desk that begins
        book.desk.restart();
        send_all(&mut book);
    }
    assert_eq!(private(&book).len(), 0);
}

#[test]
fn notices_that_no_cap_counts_come_at_once() {
    let (mut book, wrong) = told(30);
    rules(&mut book, &format!("{}class = [\"service\"]\n", cap("account:手机1", "day", 5)));
    let said = correct(&mut book, wrong);
    assert!(said.ends_with("30 条更正待发给已收到的人"), "{said}");
    assert_eq!(free(&book).len(), 30);
}

#[test]
fn notices_that_a_limit_held_keep_the_distance_of_a_cap() {
    let (mut book, wrong) = told(3);
    book.desk.at("2026-11-22 11:00");
    rules(&mut book, &of_incidents(20, "gap = 10\n"));
    limit(&mut book, limited(Some("2026-11-22 12:00")), Held::Wait);
    correct(&mut book, wrong);
    assert_eq!(held(&book), ["account-limited"; 3]);
    for (at, n) in [("12:00", 1), ("12:09", 1), ("12:10", 2), ("12:20", 3)] {
        book.tick_at(&format!("2026-11-22 {at}"));
        assert_eq!(free(&book).len(), n, "{at}");
    }
}

#[test]
fn what_was_held_while_it_was_put_right_is_let_go_as_the_caps_have_room() {
    let mut book = Book::new();
    book.sop(&patient());
    rules(&mut book, &cap("account:手机1", "day", 2));
    for name in ["张三", "李四", "王五", "赵六"] {
        let member = book.member(name);
        book.befriend(member);
    }
    book.sop(&patient().replace("\"friend\"", "\"later\"").replace("+5m", "+7m").replace("你好", "上新了"));
    let late = book.member("孙八");
    book.befriend(late);
    book.tick_at("2026-11-22 09:06");
    assert_eq!(free(&book).len(), 2);
    let wrong = free(&book)[0].id;
    book.desk.run(Command::Halt { task: wrong }).unwrap();
    // what is not wrong takes the room meanwhile
    book.tick_at("2026-11-22 09:08");
    let said = correct(&mut book, wrong);
    let offered: usize = free(&book).len();
    assert_eq!(offered, 2, "{said}; {:?}", private(&book));
    assert!(said.contains("条现在放不下"), "{said}");
    assert!(held(&book).iter().all(|why| why == "cap account day 2/2"), "{:?}", held(&book));
    send_all(&mut book);
    book.tick_at("2026-11-23 00:00");
    assert_eq!(free(&book).len(), 2);
}
