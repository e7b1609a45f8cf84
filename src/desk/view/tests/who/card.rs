//! Cards: who is new in a group, who left, who is silent; what somebody's purchases and answers come to.

use super::super::Book;
use crate::book::{ActivityKind, Membership, MembershipRole, ObjectId, Timestamp};
use crate::desk::testing::at;
use crate::door::detail::{GroupDetail, MemberDetail};
use crate::door::{Command, Reply, Request};
use crate::store::Body;
use crate::store::record::{Change, Edited};

impl Book {
    fn stay(&mut self, member: usize, joined_at: Timestamp, left_at: Option<Timestamp>) {
        let stay = Membership {
            member: self.members[member],
            group: self.groups[0],
            spell: 1,
            joined_at: Some(joined_at),
            left_at,
            role: MembershipRole::Plain,
            nickname: String::new(),
            inviter: None,
        };
        self.stage(Body::MembershipSet { before: None, after: Some(stay) });
    }

    fn group_card(&mut self) -> GroupDetail {
        match self.desk.ask(Request::Object(ObjectId::Group(self.groups[0]))) {
            Reply::Group(card) => *card,
            other => panic!("{other:?}"),
        }
    }

    fn member_card(&mut self, member: usize) -> MemberDetail {
        match self.desk.ask(Request::Object(ObjectId::Member(self.members[member]))) {
            Reply::Member(card) => *card,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_groups_card_says_who_came_who_went_and_who_is_silent() {
    let mut book = Book::new(&["一群"], &["新来的", "走了的", "早走的", "不说话", "常说话", "刚满月"]);
    let now = book.desk.now().wall;
    let ago = |days: i64| Timestamp(now.0 - days * 86_400_000);
    book.stay(0, ago(3), None);
    book.stay(1, ago(90), Some(ago(2)));
    book.stay(2, ago(90), Some(ago(40)));
    book.stay(3, ago(90), None);
    book.stay(4, ago(90), None);
    book.stay(5, ago(30), None);
    book.happened(book.members[4], ActivityKind::Replied, "在的");
    let card = book.group_card();
    let names = |people: &crate::door::detail::People| {
        let names: Vec<&str> = people.first.iter().map(|member| member.name.as_str()).collect();
        (people.count, names.join(" "))
    };
    assert_eq!(names(&card.new), (1, "新来的".to_owned()));
    assert_eq!(names(&card.left), (1, "走了的".to_owned()));
    assert_eq!(names(&card.silent), (1, "不说话".to_owned()), "a month is not over thirty days");
    assert!(card.speakers.is_empty());
}

#[test]
fn a_note_says_who_wrote_it() {
    let mut book = Book::new(&[], &["张三"]);
    let on = vec![ObjectId::Member(book.members[0])];
    book.desk.run(Command::Note { on, text: "喜欢猫".to_owned() }).unwrap();
    let note = |book: &mut Book| {
        let note = book.member_card(0).past.remove(0);
        (note.by, note.text)
    };
    assert_eq!(note(&mut book), ("王店长".to_owned(), "喜欢猫".to_owned()));
    // whoever is at the keys, not who wrote before
    book.desk.at("2026-11-22 12:00");
    let on = vec![ObjectId::Member(book.members[0])];
    book.desk.run_as("小李", Command::Note { on, text: "养两只".to_owned() }).unwrap();
    assert_eq!(note(&mut book), ("小李".to_owned(), "养两只".to_owned()));
}

#[test]
fn why_something_is_here_is_told_in_the_stores_zone_and_of_a_follow_up_by_its_own_time() {
    let mut book = Book::new(&["一群"], &[]);
    let group = book.groups[0];
    let zone = Change { field: "zone".to_owned(), before: String::new(), after: "Asia/Tokyo".to_owned() };
    book.stage(Body::Edited { object: Edited::Group(group), changes: vec![zone] });
    let follow = |book: &mut Book, when: &str| {
        let on = vec![ObjectId::Group(group)];
        let made =
            book.desk.run(Command::FollowUp { on, words: "问".to_owned(), at: at(when) }).unwrap().made;
        match made.as_slice() {
            [ObjectId::Task(task)] => *task,
            other => panic!("{other:?}"),
        }
    };
    let why = |book: &mut Book, task| match book.desk.ask(Request::Task(task)) {
        Reply::Task(detail) => detail.why,
        other => panic!("{other:?}"),
    };
    let now = book.desk.now().wall.local(chrono_tz::Tz::Asia__Shanghai).format("%m-%d %H:%M").to_string();
    let later = follow(&mut book, "2026-11-25 10:00");
    let put_off = "稍后: 到 11-25 10:00 再出来".to_owned();
    assert_eq!(why(&mut book, later), [format!("记于 {now}"), put_off], "it is not due yet");
    book.tick_at("2026-11-25 11:00");
    assert_eq!(why(&mut book, later), ["到点 11-25 10:00"]);
    let soon = follow(&mut book, "2026-11-25 11:00");
    assert_eq!(why(&mut book, soon), ["到点 11-25 11:00"]);
}

#[test]
fn a_members_card_says_what_they_bought_and_when_they_answered() {
    let mut book = Book::new(&["一群"], &["张三", "李四"]);
    let change =
        Change { field: "referrer".to_owned(), before: String::new(), after: book.members[1].to_string() };
    let object = Edited::Member(book.members[0]);
    book.stage(Body::Edited { object, changes: vec![change] });
    book.happened(book.members[0], ActivityKind::Bought, "奶粉 2段");
    book.desk.at("2026-11-22 12:00");
    book.happened(book.members[0], ActivityKind::Bought, "鸡蛋");
    book.happened(book.members[0], ActivityKind::Replied, "好的");
    let card = book.member_card(0);
    let bought: Vec<&str> = card.bought.iter().map(|(_, text, _)| text.as_str()).collect();
    assert_eq!(bought, ["鸡蛋", "奶粉 2段"]);
    assert_eq!(card.sums.orders, 2);
    assert_eq!(card.sums.last_reply_at, Some(at("2026-11-22 12:00")));
    assert_eq!(card.sums.last_touch_at, None);
    assert_eq!(card.referrer.map(|member| member.name), Some("李四".to_owned()));
}
