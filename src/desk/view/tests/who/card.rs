//! Cards: who is new in a group, who left, who is silent; what somebody's purchases and answers come to.

use super::super::Book;
use crate::book::{ActivityKind, Membership, MembershipRole, ObjectId, Timestamp};
use crate::desk::testing::at;
use crate::door::detail::{GroupDetail, MemberDetail};
use crate::door::{Reply, Request};
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
