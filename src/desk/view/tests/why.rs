//! What is told of why something is there, what comes next and what keeps it.

use super::{Book, GROUPBUY, SENT};
use crate::book::{ActivityKind, Contact, ContactState, ObjectId, Target, Timestamp};
use crate::desk::testing::at;
use crate::door::command::{Happening, TaskVerb, Tell, Who};
use crate::door::detail::Coming;
use crate::door::{Command, Reply, Request};
use crate::store::Body;
use crate::text::lang::Lang;

const CARE: &str = r#"
id = "care"
title = "关怀"
for = "member"
class = "service"
start = { on = "by-hand" }
[[step]]
id = "one"
at = "D0 +1m"
via = "private"
text = ["{{ name }}，你好\n在吗"]
[[step]]
id = "two"
at = "D1 10:00"
via = "private"
text = ["{{ name }}，{{ last_product }} 用着还好吗"]
"#;

fn entered() -> Book {
    let mut book = Book::new(&[], &["小雨妈"]);
    book.sop(CARE);
    let playbook = crate::book::PlaybookId("care".to_owned());
    let targets = vec![Target::Member(book.members[0])];
    let enrol = Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false };
    book.desk.run(enrol).unwrap();
    book
}

fn coming(book: &mut Book) -> Coming {
    let Reply::Why(mut coming) = book.desk.ask(Request::Why(Target::Member(book.members[0]))) else {
        panic!()
    };
    coming.remove(0)
}

#[test]
fn what_comes_next_is_told_with_its_words_and_what_it_counts_from() {
    let mut book = entered();
    let first = coming(&mut book);
    assert_eq!((first.says.as_str(), first.since.as_str()), ("小雨妈，你好", "手动加入 11-22, D0 +1m"));
    book.tick_at("2026-11-22 12:00");
    let next = coming(&mut book);
    // what nobody knows yet is named in its place
    assert_eq!(next.says, "小雨妈，〔缺 last_product〕 用着还好吗");
    let told = next.told(Lang::ZhCn);
    assert!(told.starts_with("关怀 第 2 步  小雨妈，〔缺 last_product〕"), "{told}");
    assert!(told.contains("(手动加入 11-22, D1 10:00"), "{told}");
    // the card says the same
    let id = ObjectId::Member(book.members[0]);
    let Reply::Member(card) = book.desk.ask(Request::Object(id)) else { panic!() };
    assert_eq!(card.coming, [next]);
}

#[test]
fn what_keeps_a_task_from_being_sent_is_among_why_it_is_there() {
    let why = |book: &mut Book| {
        let task = book.tasks("").remove(0).id;
        let Reply::Task(detail) = book.desk.ask(Request::Task(task)) else { panic!() };
        detail.why.join("; ")
    };
    let mut book = entered();
    book.tick_at("2026-11-22 12:00");
    let task = book.tasks("").remove(0).id;
    book.verb(task, TaskVerb::Snooze { until: at("2026-11-22 15:30") });
    assert!(why(&mut book).ends_with("稍后: 到 11-22 15:30 再出来"), "{}", why(&mut book));
    book.verb(task, TaskVerb::Wake);
    let contact = |state| Contact {
        member: book.members[0],
        account: book.account,
        since: Some(Timestamp(0)),
        state,
        remark: String::new(),
        search_term: String::new(),
    };
    let (friend, pending) = (contact(ContactState::Friend), contact(ContactState::Pending));
    book.stage(Body::ContactSet { before: Some(friend), after: Some(pending) });
    assert!(why(&mut book).ends_with("非好友: 手机1 这边是待通过"), "{}", why(&mut book));

    let mut book = Book::new(&["一群"], &[]);
    book.sop(GROUPBUY);
    book.tick_at("2026-11-22 09:30");
    let open = book.tasks("via:group").remove(0).id;
    let Reply::Task(detail) = book.desk.ask(Request::Task(open)) else { panic!() };
    assert!(
        detail.why.iter().any(|why| why.starts_with("不可发: ") && why.contains("商品")),
        "{:?}",
        detail.why
    );
}

#[test]
fn who_answers_a_message_of_their_own_does_so_in_private() {
    let mut book = Book::new(&["一群"], &["小雨妈"]);
    let (member, group) = (book.members[0], book.groups[0]);
    // whoever comes in by a group keeps it as where they were met
    book.sop(&CARE.replace("on = \"by-hand\"", "on = \"joined\""));
    let kind = ActivityKind::Joined;
    let happened = vec![Happening { kind, amount: None, number: None, relative: false, text: String::new() }];
    let who = vec![Who::Known(member)];
    let tell = Tell { who, said: Vec::new(), group: Some(group), account: None, happened, at: None };
    book.desk.run(Command::Tell(tell)).unwrap();
    book.tick_at("2026-11-22 12:00");
    let task = book.tasks("via:private").remove(0);
    assert_eq!(task.group.map(|group| group.id), Some(group));
    book.verb(task.id, SENT);
    book.desk.run(Command::Reply { member, task: Some(task.id), answer: None, at: None }).unwrap();
    let Reply::Task(detail) = book.desk.ask(Request::Task(task.id)) else { panic!() };
    let reply = detail.past.iter().find(|past| past.word == "replied").unwrap();
    assert_eq!(reply.text, "手机1 私聊");
}
