//! Two people write the same thing: whoever is second is told, and nothing they have not seen is written over.

use super::*;
use crate::book::view::{Listed, Sort};
use crate::book::{Campaign, ObjectId, Snippet, TaskKind, View};
use crate::door::command::ObjectRef;
use crate::door::detail::AskView;
use crate::door::form::{Field, Kind};
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind, Reply, Request, Saw};

const GOODS: &str = r#"
id = "kai"
title = "开团"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "lines"
by = "D0 09:00"
[[step]]
id = "open"
at = "D0 10:00"
until = "D0 20:00"
via = "group"
text = ["今日开团\n{{ 商品 }}"]
"#;

fn opened() -> Book {
    let mut book = Book::new();
    book.no_rules();
    for name in ["一群", "二群"] {
        book.group(name);
    }
    book.sop(GOODS);
    book.tick_at("2026-11-22 09:00");
    book
}

fn asked(book: &mut Book, who: &str) -> AskView {
    match book.desk.ask_as(who, Request::Asks) {
        Reply::Asks(asks) => asks.into_iter().next().unwrap(),
        other => panic!("{other:?}"),
    }
}

fn fill(book: &mut Book, who: &str, ask: &AskView, value: &str) -> Result<Outcome, Refusal> {
    let saw = Saw::Text(ask.answered.then(|| ask.value.clone()));
    book.desk.run_on(who, filling(ask, value), Some(saw))
}

fn filling(ask: &AskView, value: &str) -> Command {
    Command::Fill {
        playbook: ask.playbook.id.clone(),
        run: ask.run,
        group: ask.group.as_ref().map(|group| group.id),
        key: ask.key.clone(),
        value: value.to_owned(),
    }
}

fn stands(refusal: &Refusal) -> Option<&str> {
    match &refusal.stands {
        Some(Saw::Text(text)) => text.as_deref(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_form_is_not_filled_in_over_an_answer_that_was_not_seen() {
    let mut book = opened();
    let (mine, theirs) = (asked(&mut book, "小王"), asked(&mut book, "小李"));
    book.desk.at("2026-11-22 09:10");
    fill(&mut book, "小李", &theirs, "鸡蛋 39.9").unwrap();
    book.desk.at("2026-11-22 09:12");
    let refusal = fill(&mut book, "小王", &mine, "苹果 20").unwrap_err();
    assert_eq!(refusal.words, "商品 刚被 小李 在 09:10 改过，你写的没有存");
    assert_eq!((refusal.kind, stands(&refusal)), (RefusalKind::Changed, Some("鸡蛋 39.9")));
    assert_eq!((refusal.who.as_deref(), refusal.at.is_some()), (Some("小李"), true));
    assert_eq!(asked(&mut book, "小王").value, "鸡蛋 39.9", "nothing is written");
    // the same answer again takes nothing from anybody
    fill(&mut book, "小王", &mine, "鸡蛋 39.9 ").unwrap();
    // who has seen it may
    let seen = asked(&mut book, "小王");
    let outcome = fill(&mut book, "小王", &seen, "苹果 20").unwrap();
    assert_eq!(outcome.warnings, Vec::<String>::new(), "it was seen");
    assert_eq!(asked(&mut book, "小李").value, "苹果 20");
    // and an answer that was taken back is none
    book.desk.run_as("小王", Command::Undo { act: None }).unwrap();
    let refusal = fill(&mut book, "小李", &AskView { value: "苹果 20".into(), ..seen }, "梨 8").unwrap_err();
    assert_eq!((refusal.who.as_deref(), stands(&refusal)), (Some("小王"), Some("鸡蛋 39.9")));
}

#[test]
fn whoever_fills_in_without_looking_is_told_whose_answer_that_takes_the_place_of() {
    let mut book = opened();
    let ask = asked(&mut book, "小李");
    book.desk.at("2026-11-22 09:10");
    book.desk.run_as("小李", filling(&ask, "鸡蛋 39.9")).unwrap();
    let outcome = book.desk.run_as("小王", filling(&ask, "苹果 20")).unwrap();
    assert_eq!(outcome.warnings, ["原来是 小李 在 09:10 填的: 鸡蛋 39.9"]);
    assert!(book.desk.run_as("小王", filling(&ask, "梨 8")).unwrap().warnings.is_empty(), "one's own");
}

fn text(book: &mut Book, who: &str, task: TaskId) -> String {
    match book.desk.ask_as(who, Request::Texts(vec![task])) {
        Reply::Texts(texts) => texts[0].parts[0].copy.clone().unwrap(),
        other => panic!("{other:?}"),
    }
}

fn rewrite(book: &mut Book, who: &str, task: TaskId, saw: &str, text: &str) -> Result<Outcome, Refusal> {
    let verb = TaskVerb::Rewrite { text: Some(text.to_owned()) };
    book.desk.run_on(who, Command::Task { tasks: vec![task], verb }, Some(Saw::Text(Some(saw.to_owned()))))
}

#[test]
fn a_text_is_not_written_over_an_edit_that_was_not_seen() {
    let mut book = opened();
    let ask = asked(&mut book, "小李");
    fill(&mut book, "小李", &ask, "鸡蛋 39.9").unwrap();
    book.tick_at("2026-11-22 10:01");
    let step = |task: &Task| matches!(task.kind, TaskKind::Step { .. });
    let tasks: Vec<TaskId> = book.tasks().into_iter().filter(step).map(|task| task.id).collect();
    let saw = text(&mut book, "小王", tasks[0]);
    // what changes nothing that is said is in nobody's way
    for verb in [TaskVerb::Seen, TaskVerb::Copied { part: 0 }] {
        book.desk.run_as("小李", Command::Task { tasks: vec![tasks[0]], verb }).unwrap();
    }
    rewrite(&mut book, "小李", tasks[0], &saw, "今天鸡蛋便宜").unwrap();
    let refusal = rewrite(&mut book, "小王", tasks[0], &saw, "鸡蛋到了").unwrap_err();
    assert_eq!(refusal.words, "一群 刚被 小李 在 10:01 改过，你写的没有存");
    assert_eq!(stands(&refusal), Some("今天鸡蛋便宜"));
    assert_eq!(text(&mut book, "小王", tasks[0]), "今天鸡蛋便宜");
    rewrite(&mut book, "小王", tasks[0], "今天鸡蛋便宜", "鸡蛋到了").unwrap();
    assert_eq!(text(&mut book, "小李", tasks[0]), "鸡蛋到了");
    // what it says may have changed by what it is filled with as well
    let saw = text(&mut book, "小王", tasks[1]);
    let ask = asked(&mut book, "小李");
    fill(&mut book, "小李", &ask, "鸡蛋 36").unwrap();
    let refusal = rewrite(&mut book, "小王", tasks[1], &saw, "鸡蛋 39.9 到了").unwrap_err();
    assert_eq!((refusal.who.as_deref(), stands(&refusal)), (Some("小李"), Some("今日开团\n鸡蛋 36")));
    // who was faster to end it is told as ever
    book.desk.run_as("小李", Command::Task { tasks: vec![tasks[1]], verb: SENT }).unwrap();
    let refusal = rewrite(&mut book, "小王", tasks[1], &saw, "鸡蛋 39.9 到了").unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Already);
}

const SENT: TaskVerb = TaskVerb::Sent { at: None, also: false };

/// Fields of a form, as somebody sees them.
fn form(book: &mut Book, who: &str, object: ObjectRef) -> Vec<(Field, String)> {
    match book.desk.ask_as(who, Request::Form(object)) {
        Reply::Form(fields) => fields,
        other => panic!("{other:?}"),
    }
}

fn edit(
    book: &mut Book,
    who: &str,
    object: ObjectRef,
    form: &[(Field, String)],
    typed: &[(Field, &str)],
) -> Result<Outcome, Refusal> {
    let fields: Vec<(Field, String)> =
        typed.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
    let saw =
        form.iter().filter(|(field, _)| typed.iter().any(|(typed, _)| typed == field)).cloned().collect();
    book.desk.run_on(who, Command::Edit { objects: vec![object], fields }, Some(Saw::Fields(saw)))
}

#[test]
fn of_one_form_two_change_different_fields_and_not_the_same() {
    let mut book = Book::new();
    let group = ObjectRef::Group(book.group("一群"));
    let seen = form(&mut book, "小王", group);
    edit(&mut book, "小李", group, &seen, &[(Field::Capacity, "300"), (Field::Note, "问店长")]).unwrap();
    edit(&mut book, "小王", group, &seen, &[(Field::HeadCount, "186")]).unwrap();
    let both = form(&mut book, "小李", group);
    for (field, value) in [(Field::Capacity, "300"), (Field::Note, "问店长"), (Field::HeadCount, "186")] {
        assert!(both.contains(&(field, value.to_owned())), "{field:?}: {both:?}");
    }
    let typed = [(Field::Capacity, "500"), (Field::Note, "问店长"), (Field::Tags, "宠友")];
    let refusal = edit(&mut book, "小王", group, &seen, &typed).unwrap_err();
    assert!(
        refusal.words.starts_with("一群 容量 刚被 小李 在 ") && refusal.words.contains("没有存"),
        "{refusal}"
    );
    let now = vec![(Field::Capacity, "300".to_owned())];
    assert_eq!(
        (refusal.field, refusal.stands.as_ref()),
        (Some(Field::Capacity), Some(&Saw::Fields(now.clone())))
    );
    assert_eq!(form(&mut book, "小王", group), both, "none of its fields is written");
    let seen: Vec<_> = seen.into_iter().filter(|(field, _)| *field != Field::Capacity).chain(now).collect();
    edit(&mut book, "小王", group, &seen, &typed).unwrap();
    assert!(form(&mut book, "小王", group).contains(&(Field::Capacity, "500".to_owned())));
}

#[test]
fn every_kind_of_form_says_who_was_faster() {
    let mut book = Book::new();
    let (group, member) = (book.group("一群"), book.member("小雨"));
    book.befriend(member);
    book.join(member, group);
    let fields = vec![(Field::Name, "鸡蛋".to_owned())];
    let made = book.desk.run(Command::Create { kind: Kind::Product, fields }).unwrap().made;
    let [ObjectId::Product(product)] = made[..] else { panic!("{made:?}") };
    for (object, field, theirs, mine) in [
        (ObjectRef::Account(book.account), Field::Device, "柜台", "仓库"),
        (ObjectRef::Group(group), Field::Note, "甲", "乙"),
        (ObjectRef::Member(member), Field::Tags, "猫", "狗"),
        (ObjectRef::Contact(member, book.account), Field::Remark, "小雨妈", "3栋小雨"),
        (ObjectRef::Membership(member, group), Field::Nickname, "雨", "雨妈"),
        (ObjectRef::Product(product), Field::Unit, "枚", "板"),
    ] {
        let seen = form(&mut book, "小王", object);
        edit(&mut book, "小李", object, &seen, &[(field, theirs)]).unwrap();
        let refusal = edit(&mut book, "小王", object, &seen, &[(field, mine)]).unwrap_err();
        assert_eq!(
            (refusal.kind, refusal.who.as_deref()),
            (RefusalKind::Changed, Some("小李")),
            "{object:?}"
        );
        assert_eq!(refusal.value.as_deref(), Some(theirs), "{object:?}");
    }
}

#[test]
fn a_snippet_is_not_written_over_a_page_that_was_not_seen() {
    let mut book = Book::new();
    let snippet =
        |text: &str| Snippet { name: "退货".into(), tags: vec!["售后".into()], text: text.to_owned() };
    let set = |before: Option<&str>, text: &str| Command::SnippetSet {
        before: before.map(str::to_owned),
        snippet: snippet(text),
    };
    book.desk.run(set(None, "可以退")).unwrap();
    let saw = |text: &str| Some(Saw::Text(Some(snippet(text).to_page())));
    book.desk.run_on("小李", set(Some("退货"), "七天可以退"), saw("可以退")).unwrap();
    for command in [set(Some("退货"), "不退"), Command::SnippetRemove { name: "退货".into() }] {
        let refusal = book.desk.run_on("小王", command, saw("可以退")).unwrap_err();
        assert_eq!(
            (refusal.who.as_deref(), stands(&refusal)),
            (Some("小李"), Some("退货 #售后\n七天可以退"))
        );
    }
    book.desk.run_on("小王", set(Some("退货"), "不退"), saw("七天可以退")).unwrap();
}

#[test]
fn a_view_is_not_saved_over_what_another_saved_of_it() {
    let mut book = Book::new();
    let view = |filter: &str| View { filter: filter.to_owned(), ..View::new("贵客", Listed::Members) };
    let set = |view: View| Command::ViewSet { before: Some(view.name.clone()), view };
    book.desk.run(Command::ViewSet { before: None, view: view("#VIP") }).unwrap();
    let seen = |view: View| Some(Saw::View(Box::new(view)));
    book.desk.run_on("小李", set(view("#VIP -#急")), seen(view("#VIP"))).unwrap();
    for command in [set(view("#VIP #急")), Command::ViewRemove { name: "贵客".into() }] {
        let refusal = book.desk.run_on("小王", command, seen(view("#VIP"))).unwrap_err();
        assert!(refusal.words.starts_with("贵客 刚被 小李 在 "), "{refusal}");
        assert_eq!(refusal.stands, seen(view("#VIP -#急")));
    }
    // another part of it is in nobody's way, nor is what is the same
    let sorted = View { sort: Sort::Name, ..view("#VIP -#急") };
    book.desk.run_on("小王", set(sorted.clone()), seen(view("#VIP"))).unwrap();
    book.desk.run_on("小王", set(view("#VIP #急")), seen(sorted)).unwrap();
}

#[test]
fn a_campaign_is_not_changed_over_what_another_changed_of_it() {
    use super::works::{CALL, called, campaign};
    let mut book = called();
    book.sop(&CALL.replace("\"call\"", "\"sale\""));
    let campaign = campaign(&book);
    book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    book.desk.tick();
    let known = |book: &Book| book.desk.desk.store.columns.campaigns["sale-1"].clone();
    let seen = known(&book);
    let titled = |title: &str| {
        let campaign = Campaign { title: title.to_owned(), ..seen.written() };
        Command::CampaignEdit { campaign }
    };
    let saw = |campaign: &Campaign| Some(Saw::Campaign(Box::new(campaign.clone())));
    book.desk.run_on("小李", titled("年中大促"), saw(&seen)).unwrap();
    let refusal = book.desk.run_on("小王", titled("夏日大促"), saw(&seen)).unwrap_err();
    assert!(refusal.words.starts_with("年中大促 刚被 小李 在 "), "{refusal}");
    let now = known(&book);
    assert_eq!((now.title.as_str(), &refusal.stands), ("年中大促", &saw(&now)));
    book.desk.run_on("小王", titled("夏日大促"), saw(&now)).unwrap();
    assert_eq!(known(&book).title, "夏日大促");
}

#[test]
fn a_correction_is_not_written_over_another_nor_past_who_got_the_text_since() {
    let mut book = Book::new();
    book.no_rules();
    for name in ["一群", "二群", "三群"] {
        book.group(name);
    }
    book.sop(
        &GOODS
            .replace("{{ 商品 }}", "鸡蛋 39.9")
            .replace("[[ask]]\nkey = \"商品\"\ntype = \"lines\"\nby = \"D0 09:00\"\n", ""),
    );
    book.tick_at("2026-11-22 10:01");
    let tasks: Vec<TaskId> = book.open().into_iter().map(|task| task.id).collect();
    let correct = |book: &mut Book, who: &str, text: &str, seen: Timestamp| {
        let (text, notice) = (text.to_owned(), None);
        let command = Command::Correct { task: tasks[0], text, notice, part: None };
        book.desk.run_on(who, command, Some(Saw::Wrong { at: seen, text: None }))
    };
    let seen = book.desk.now().wall;
    book.desk.run_as("小王", Command::Halt { task: tasks[0] }).unwrap();
    book.desk.tick();
    // somebody had copied it before, and sends it
    book.desk.at("2026-11-22 10:02");
    book.desk.run_as("小李", Command::Task { tasks: vec![tasks[1]], verb: SENT }).unwrap();
    let refusal = correct(&mut book, "小王", "今日开团\n鸡蛋 19.9", seen).unwrap_err();
    assert_eq!((refusal.who.as_deref(), &*refusal.object), (Some("小李"), "二群"), "{refusal}");
    book.desk.at("2026-11-22 10:03");
    let seen = book.desk.now().wall;
    book.desk.at("2026-11-22 10:04");
    correct(&mut book, "小李", "今日开团\n鸡蛋 29.9", seen).unwrap();
    book.desk.tick();
    book.desk.at("2026-11-22 10:05");
    let refusal = correct(&mut book, "小王", "今日开团\n鸡蛋 19.9", seen).unwrap_err();
    assert!(refusal.words.contains("刚被 小李 在 10:04 改过，你写的没有存"), "{refusal}");
    let Some(Saw::Wrong { at: seen, text: Some(now) }) = refusal.stands else { panic!("{refusal:?}") };
    assert_eq!(now, "今日开团\n鸡蛋 29.9");
    correct(&mut book, "小王", "今日开团\n鸡蛋 19.9", seen).unwrap();
    book.desk.tick();
    assert_eq!(text(&mut book, "小王", tasks[0]), "今日开团\n鸡蛋 19.9");
}
