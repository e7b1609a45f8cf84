//! 话术: kept, found, filled, counted, taken back.

use super::Book;
use crate::book::{ObjectId, Snippet};
use crate::desk::testing::TestDesk;
use crate::door::detail::SnippetView;
use crate::door::{Command, Reply, Request};

fn kept(name: &str, tags: &[&str], text: &str) -> Command {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    Command::SnippetSet { before: None, snippet: Snippet { name: name.into(), tags, text: text.into() } }
}

fn found(book: &mut Book, text: &str, on: Option<ObjectId>) -> Vec<SnippetView> {
    match book.desk.ask(Request::Snippets { text: text.to_owned(), on, limit: 8 }) {
        Reply::Snippets(found) => found,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_snippet_is_found_and_filled_for_whom_it_is_about() {
    let mut book = Book::new(&["宠友1群"], &["张三🌸"]);
    book.desk.run(kept("退货怎么办", &["售后"], "{{ name }}，我是{{ me }}，七天内都可以退")).unwrap();
    book.desk.run(kept("在吗", &[], "在的～")).unwrap();
    let names = |found: &[SnippetView]| found.iter().map(|view| view.name.clone()).collect::<Vec<_>>();
    for text in ["退货", "thzm", "tuihuo", "售后", "#sh", "七天", "＃售后"] {
        assert_eq!(names(&found(&mut book, text, None)), ["退货怎么办"], "{text}");
    }
    assert_eq!(names(&found(&mut book, "#七天", None)), Vec::<String>::new());
    let member = ObjectId::Member(book.members[0]);
    let view = found(&mut book, "退货", Some(member)).remove(0);
    assert_eq!(view.copy.as_deref(), Some("张三，我是小完子，七天内都可以退"));
    // nobody at hand: what cannot be filled is not copied, and says which word is missing
    let view = found(&mut book, "退货", None).remove(0);
    assert_eq!((view.copy, view.blocked.is_some_and(|why| why.contains("name"))), (None, true));
    let group = ObjectId::Group(book.groups[0]);
    assert_eq!(found(&mut book, "在吗", Some(group))[0].copy.as_deref(), Some("在的～"));
}

#[test]
fn the_most_used_come_first_and_uses_survive() {
    let mut desk = TestDesk::new();
    for name in ["一问", "二问", "三问"] {
        desk.run(kept(name, &[], "答")).unwrap();
    }
    for name in ["三问", "三问", "二问"] {
        desk.run(Command::SnippetUsed { name: name.into() }).unwrap();
    }
    let seen = |desk: &mut TestDesk| -> Vec<(String, u32)> {
        match desk.ask(Request::Snippets { text: "问".into(), on: None, limit: 8 }) {
            Reply::Snippets(found) => found.into_iter().map(|view| (view.name, view.used)).collect(),
            other => panic!("{other:?}"),
        }
    };
    let expected = [("三问".to_owned(), 2), ("二问".to_owned(), 1), ("一问".to_owned(), 0)];
    assert_eq!(seen(&mut desk), expected);
    // a use is no act: what is undone is what a human did to the book
    let undone = desk.run(Command::Undo { act: None }).unwrap();
    assert!(undone.words.contains("三问"), "{}", undone.words);
    desk.run(Command::Redo).unwrap();
    assert_eq!(seen(&mut desk), expected);
    desk.restart();
    assert_eq!(seen(&mut desk), expected);
}

#[test]
fn what_cannot_be_kept_says_why_and_changes_nothing() {
    let mut book = Book::new(&[], &[]);
    book.desk.run(kept("在吗", &[], "在的")).unwrap();
    let mut refused = |command: Command| book.desk.run(command).unwrap_err().words;
    assert_eq!(refused(kept("在吗", &[], "不在")), "已有叫“在吗”的话术，换个名称，或打开它来改");
    assert_eq!(refused(kept(" \n", &[], "不在")), "第一行写名称，后面可加 #标签");
    assert_eq!(refused(kept("空的", &[], " \n ")), "“空的”还没有正文");
    assert!(refused(kept("坏的", &[], "{{ name")).starts_with("“坏的”: "));
    // what cannot be filled is kept, and told
    let outcome = book.desk.run(kept("报名", &[], "{{ name }}，在{{ 地点 }}报名")).unwrap();
    assert!(outcome.warnings.len() == 1 && outcome.warnings[0].starts_with("没有变量“地点”"), "{outcome:?}");
    book.desk.run(Command::Undo { act: None }).unwrap();
    let mut refused = |command: Command| book.desk.run(command).unwrap_err().words;
    let twice = ["一", "一"].map(|name| Snippet { name: name.into(), tags: vec![], text: "文".into() });
    assert_eq!(refused(Command::SnippetsImport { snippets: twice.to_vec() }), "“一”写了两次");
    assert!(refused(Command::SnippetRemove { name: "在么".into() }).contains("在么"));
    assert_eq!(found(&mut book, "", None).len(), 1);
    let renamed = Snippet { name: "在不在".into(), tags: vec![], text: "在的".into() };
    book.desk.run(Command::SnippetSet { before: Some("在吗".into()), snippet: renamed }).unwrap();
    assert_eq!(found(&mut book, "", None)[0].name, "在不在");
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(found(&mut book, "", None)[0].name, "在吗");
}

#[test]
fn a_text_that_says_who_we_are_waits_for_the_persona() {
    let mut book = Book::new(&[], &["张三"]);
    let account = book.account;
    let edit = |book: &mut Book, persona: &str| {
        let fields = vec![(crate::door::form::Field::Persona, persona.to_owned())];
        let objects = vec![crate::door::command::ObjectRef::Account(account)];
        book.desk.run(Command::Edit { objects, fields }).unwrap();
    };
    edit(&mut book, "");
    let (on, at) =
        (vec![crate::book::ObjectId::Member(book.members[0])], crate::desk::testing::at("2026-11-22 09:10"));
    book.desk.run(Command::FollowUp { on, at, words: "我是{{ me }}".to_owned() }).unwrap();
    book.tick_at("2026-11-22 09:10");
    let task = book.tasks("").remove(0).id;
    let text = book.text(task);
    let (variable, words) = text.blocked.unwrap();
    assert_eq!(variable, "me");
    assert!(words.contains("qun account set 手机1 --persona") && !words.contains("我是手机1"), "{words}");
    assert!(text.parts[0].copy.is_none());
    edit(&mut book, "小雨");
    assert_eq!(book.text(task).parts[0].copy.as_deref(), Some("我是小雨"));
}
