//! Texts that include snippets: in playbooks, in one-offs, in each other.

use super::*;
use crate::book::{Class, Snippet};
use crate::desk::testing::at;
use crate::door::compose::Compose;
use crate::door::form::Kind;

fn snippet(name: &str, text: &str) -> Snippet {
    Snippet { name: name.to_owned(), tags: Vec::new(), text: text.to_owned() }
}

fn keep(book: &mut Book, name: &str, text: &str) -> Result<crate::door::reply::Outcome, String> {
    let known = book.desk.desk.store().columns.snippets.contains_key(name);
    let before = known.then(|| name.to_owned());
    let command = Command::SnippetSet { before, snippet: snippet(name, text) };
    book.desk.run(command).map_err(|refusal| refusal.words)
}

fn text_of(book: &Book, task: &Task) -> Result<String, String> {
    let text = book.desk.desk.task_text(task).unwrap();
    match (text.blocked, text.parts.first().and_then(|part| part.copy.clone())) {
        (Some((_, why)), _) => Err(why),
        (None, copy) => Ok(copy.unwrap()),
    }
}

const DAILY: &str = r#"
id = "daily"
title = "早安"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "hello"
at = "D0 09:30"
via = "group"
text = "早上好{% include '落款' %}"
"#;

#[test]
fn a_text_says_what_it_includes_as_that_is_now() {
    let mut book = Book::new();
    book.no_rules();
    book.group("宠友1群");
    book.desk.at("2026-11-22 09:00");
    let add = |book: &mut Book| {
        let toml = DAILY.to_owned();
        book.desk.run(Command::SopAdd { toml, file: "daily.toml".to_owned(), new_only: false, base: None })
    };
    let refused = add(&mut book).unwrap_err();
    assert!(refused.words.contains("没有叫“落款”的话术") && refused.line == Some(11), "{refused:?}");
    keep(&mut book, "店名", "宠友之家").unwrap();
    keep(&mut book, "落款", "，{{ group }} {% include \"店名\" %}").unwrap();
    add(&mut book).unwrap();
    book.tick_at("2026-11-22 09:30");
    let task = book.open().pop().unwrap();
    assert_eq!(text_of(&book, &task).as_deref(), Ok("早上好，宠友1群 宠友之家"));
    keep(&mut book, "店名", "宠友之家二店").unwrap();
    assert_eq!(text_of(&book, &task).as_deref(), Ok("早上好，宠友1群 宠友之家二店"));
    // What a snippet asks for is as strict as in the text itself.
    keep(&mut book, "店名", "{{ 没有的 }}").unwrap();
    assert!(text_of(&book, &task).unwrap_err().contains("没有的"));
    let removed = book.desk.run(Command::SnippetRemove { name: "落款".to_owned() }).unwrap();
    assert_eq!(removed.warnings, ["还有文字放着“落款”，会被拦下: 早安"]);
    assert!(text_of(&book, &task).unwrap_err().contains("没有叫“落款”的话术"));
    book.desk.run(Command::Undo { act: None }).unwrap();
    keep(&mut book, "店名", "宠友之家").unwrap();
    assert_eq!(text_of(&book, &task).as_deref(), Ok("早上好，宠友1群 宠友之家"));
}

#[test]
fn what_a_text_includes_is_searched_as_it_is_now() {
    let mut book = Book::new();
    book.no_rules();
    book.group("宠友1群");
    book.desk.at("2026-11-22 09:00");
    keep(&mut book, "落款", "来自宠友之家").unwrap();
    let toml = DAILY.to_owned();
    book.desk
        .run(Command::SopAdd { toml, file: "daily.toml".to_owned(), new_only: false, base: None })
        .unwrap();
    book.tick_at("2026-11-22 09:30");
    let found = |book: &mut Book, text: &str| {
        let list = crate::door::request::ListSpec::of(Kind::Task, &format!("text:{text}"));
        let request = crate::door::Request::List { list, first: 0, rows: 10, texts: false };
        let crate::door::Reply::Window(window) = book.desk.ask(request) else { panic!() };
        window.total
    };
    assert_eq!(
        (found(&mut book, "早上好"), found(&mut book, "宠友之家"), found(&mut book, "二店")),
        (1, 1, 0)
    );
    keep(&mut book, "落款", "来自二店").unwrap();
    assert_eq!((found(&mut book, "宠友之家"), found(&mut book, "二店")), (0, 1));
}

#[test]
fn snippets_that_lead_back_to_themselves_are_not_kept() {
    let mut book = Book::new();
    keep(&mut book, "甲", "一").unwrap();
    keep(&mut book, "乙", "{% include '甲' %}二").unwrap();
    let refused = keep(&mut book, "甲", "{% include '乙' %}").unwrap_err();
    assert_eq!(refused, "“甲”: 话术绕回了自己：甲 > 乙 > 甲");
    let refused = keep(&mut book, "丙", "{% include '丁' %}").unwrap_err();
    assert!(refused.contains("没有叫“丁”的话术"), "{refused}");
    // Of many that come together each may include any.
    let snippets = vec![snippet("丙", "{% include '丁' %}"), snippet("丁", "{% include '甲' %}")];
    book.desk.run(Command::SnippetsImport { snippets }).unwrap();
    let snippets = vec![snippet("丁", "{% include '丙' %}")];
    assert!(book.desk.run(Command::SnippetsImport { snippets }).is_err());
}

#[test]
fn a_one_off_includes_as_well() {
    let mut book = Book::new();
    let member = book.member("张三");
    book.befriend(member);
    book.desk.at("2026-11-22 09:00");
    keep(&mut book, "招呼", "{{ name }}，").unwrap();
    let mut compose = Compose {
        title: String::new(),
        to: Kind::Member,
        filter: "zs".to_owned(),
        at: at("2026-11-22 10:00"),
        until: None,
        text: "{% include '招呼' %}来坐坐".to_owned(),
        class: Class::Service,
        account: None,
    };
    let looked = book.desk.run(Command::Compose { compose: compose.clone(), dry_run: true }).unwrap();
    assert_eq!(looked.compose.unwrap().text, "张三，来坐坐");
    compose.text = "{% include '没有' %}".to_owned();
    let refused = book.desk.run(Command::Compose { compose, dry_run: true }).unwrap_err();
    assert!(refused.words.contains("没有叫“没有”的话术"), "{refused:?}");
}
