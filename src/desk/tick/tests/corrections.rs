//! What was wrongly said: halted everywhere, put right in one go, taken back with one undo.
//!
//! One file because each test is a sequel of one book: two groups and what was said to them.

use super::*;
use crate::book::{EndReason, Health, SkipReason, TaskKind, TaskStatus};
use crate::desk::command::HELD_CORRECTION;
use crate::door::reply::{Outcome, Recall, Spread};
use crate::door::{Reply, Request};

const PRICE: &str = r#"
id = "price"
title = "报价"
for = "member"
class = "service"
start = { on = "added" }
[[step]]
id = "tell"
at = "D0 +5m"
via = "private"
text = ["{{ name }}，鸡蛋 19.9 元"]
[[step]]
id = "again"
at = "D1 10:00"
via = "private"
text = ["{{ name }}，鸡蛋 19.9 元"]
"#;

/// 张三 and 李四 have been told a price, 王五 and 赵六 will be.
fn told() -> (Book, Vec<Task>) {
    let mut book = Book::new();
    book.no_rules();
    book.sop(PRICE);
    for name in ["张三", "李四", "王五", "赵六"] {
        let member = book.member(name);
        book.befriend(member);
    }
    book.tick_at("2026-11-22 09:06");
    let tasks = book.open();
    for task in tasks.iter().take(2) {
        book.verb(task.id, TaskVerb::Sent { at: None, also: false });
    }
    (book, tasks)
}

fn spread(book: &mut Book, task: TaskId) -> Spread {
    match book.desk.ask(Request::Spread(task)) {
        Reply::Spread(spread) => spread,
        other => panic!("{other:?}"),
    }
}

fn correct(book: &mut Book, task: TaskId, text: &str, notice: Option<&str>) -> Outcome {
    correct_part(book, task, None, text, notice).unwrap()
}

fn correct_part(
    book: &mut Book,
    task: TaskId,
    part: Option<u16>,
    text: &str,
    notice: Option<&str>,
) -> Result<Outcome, crate::door::Refusal> {
    let (text, notice) = (text.to_owned(), notice.map(str::to_owned));
    book.desk.run(Command::Correct { task, text, notice, part })
}

fn corrections(book: &Book) -> Vec<Task> {
    let tasks = book.tasks().into_iter();
    tasks.filter(|t| matches!(t.kind, TaskKind::Correction { .. })).collect()
}

fn text(book: &Book, task: TaskId) -> String {
    let desk = &book.desk.desk;
    let task = desk.store().task(task).unwrap().unwrap();
    desk.task_text(&task).unwrap().parts[0].copy.clone().unwrap_or_default()
}

#[test]
fn one_wording_is_wrong_for_everybody_it_greets_by_name() {
    let (mut book, tasks) = told();
    let spread = spread(&mut book, tasks[2].id);
    assert_eq!((spread.text.as_str(), spread.pending, spread.got), ("{{ name }}，鸡蛋 19.9 元", 2, 2));
    let names: Vec<&str> = spread.named.iter().map(|got| got.name.as_str()).collect();
    assert_eq!(names, ["李四", "张三"]);
    let now = book.desk.now().wall;
    assert!(spread.named.iter().all(|got| matches!(got.recall, Recall::Until(until) if until > now)));

    let outcome = correct(&mut book, tasks[2].id, "{{ name }}，鸡蛋 29.9 元", Some("{{ name }}，是 29.9 元"));
    assert_eq!(text(&book, tasks[2].id), "王五，鸡蛋 29.9 元");
    assert_eq!(text(&book, tasks[3].id), "赵六，鸡蛋 29.9 元");
    let notices: Vec<String> = corrections(&book).iter().map(|task| text(&book, task.id)).collect();
    assert_eq!(notices, ["李四，是 29.9 元", "张三，是 29.9 元"]);
    assert_eq!((outcome.made.len(), outcome.warnings.len()), (2, 1), "the playbook still says it");
    // whoever was told is not told twice
    let again = correct(&mut book, tasks[0].id, "对", Some("再更正"));
    assert_eq!(again.made.len(), 0);
    assert_eq!(said_to(&book), [("张三", "再更正"), ("李四", "再更正")]);
    assert_eq!([text(&book, tasks[2].id), text(&book, tasks[3].id)], ["对", "对"]);
}

/// What each is still to be told, and what they were told last, of 更正.
#[test]
fn what_nothing_fills_is_refused_with_what_may_be_meant() {
    let (mut book, tasks) = told();
    for (text, why) in [("{{ nome }}，好", "没有变量 nome (是不是 name?)"), ("{{ name", "更正的文字写得不对")]
    {
        let refusal = correct_part(&mut book, tasks[2].id, None, text, None).unwrap_err();
        assert!(refusal.words.starts_with(why), "{}", refusal.words);
    }
    assert_eq!(text(&book, tasks[2].id), "王五，鸡蛋 19.9 元");
}

fn said_to(book: &Book) -> Vec<(&'static str, &'static str)> {
    let mut said: Vec<(String, String)> = corrections(book)
        .iter()
        .filter(|task| task.status.state.is_open())
        .map(|task| (book.desk.desk.store().columns.target_name(task.target).clone(), text(book, task.id)))
        .collect();
    said.sort();
    said.into_iter().map(|(name, text)| (&*name.leak(), &*text.leak())).collect()
}

#[test]
fn a_second_correction_reaches_whoever_was_given_the_first() {
    let sent = || TaskVerb::Sent { at: None, also: false };
    for from in [0, 2] {
        let (mut book, tasks) = told();
        let first = "{{ name }}，鸡蛋 29.9 元";
        correct(&mut book, tasks[2].id, first, Some("是 29.9 元"));
        let due = corrections(&book);
        book.verb(due[0].id, sent());
        book.verb(tasks[2].id, sent());
        // asked from whoever has heard it and from whoever has not
        let told = spread(&mut book, tasks[from].id);
        assert_eq!((told.pending, told.got, told.edited.len()), (2, 4, 0), "{told:?}");
        let before = book.tasks();

        let outcome = correct(&mut book, tasks[from].id, "{{ name }}，鸡蛋 25.9 元", Some("是 25.9 元"));
        let sentence = "已改 2 条待发，";
        assert!(outcome.words.starts_with(sentence), "{}", outcome.words);
        assert_eq!(text(&book, tasks[3].id), "赵六，鸡蛋 25.9 元");
        let all = [("张三", "是 25.9 元"), ("李四", "是 25.9 元"), ("王五", "是 25.9 元")];
        assert_eq!(said_to(&book), all);
        // again with the same words nobody is told more
        correct(&mut book, tasks[from].id, "{{ name }}，鸡蛋 25.9 元", Some("是 25.9 元"));
        assert_eq!(said_to(&book), all);
        book.desk.restart();
        assert_eq!(said_to(&book), all, "also from the journal");

        // taken back, all is as it was
        book.desk.run(Command::Undo { act: None }).unwrap();
        let bare = |tasks: Vec<Task>| -> Vec<TaskStatus> {
            let bare = |task: Task| TaskStatus { rev: 0, ..task.status };
            let made = |task: &Task| task.status.end != Some(EndReason::Undone);
            tasks.into_iter().filter(made).map(bare).collect()
        };
        assert_eq!(bare(book.tasks()), bare(before));
        book.desk.run(Command::Redo).unwrap();
        assert_eq!(said_to(&book), all);
    }
}

#[test]
fn who_heard_only_what_was_right_after_all_is_owed_nothing() {
    let (mut book, tasks) = told();
    let first = "{{ name }}，鸡蛋 19.9 元";
    correct(&mut book, tasks[2].id, "{{ name }}，鸡蛋 29.9 元", Some("是 29.9 元"));
    book.verb(tasks[2].id, TaskVerb::Sent { at: None, also: false });
    let due = corrections(&book);
    book.verb(due[0].id, TaskVerb::Sent { at: None, also: false });
    let Target::Member(told) = due[0].target else { panic!() };
    assert_eq!(Target::Member(told), tasks[1].target);
    correct(&mut book, tasks[3].id, first, Some("还是 19.9 元"));
    assert_eq!(text(&book, tasks[3].id), "赵六，鸡蛋 19.9 元");
    assert_eq!(said_to(&book), [("李四", "还是 19.9 元"), ("王五", "还是 19.9 元")]);
    assert_eq!(corrections(&book)[1].status.state, TaskState::Cancelled);
}

#[test]
fn a_notice_that_is_due_is_halted_and_says_what_is_right_though_no_new_one_is_written() {
    let (mut book, tasks) = told();
    correct(&mut book, tasks[2].id, "鸡蛋 29.9 元", Some("是 29.9 元"));
    book.verb(corrections(&book)[0].id, TaskVerb::Sent { at: None, also: false });
    book.desk.run(Command::Halt { task: tasks[3].id }).unwrap();
    assert!(book.open().iter().all(|task| task.status.held.is_some()));
    correct(&mut book, tasks[3].id, "鸡蛋 25.9 元", None);
    assert!(book.open().iter().all(|task| task.status.held.is_none()));
    assert_eq!(said_to(&book), [("张三", "抱歉，刚才那条有误，以这条为准：\n鸡蛋 25.9 元")]);
    // with its own words again it is let go as well
    book.desk.run(Command::Halt { task: tasks[0].id }).unwrap();
    let same = "抱歉，刚才那条有误，以这条为准：\n鸡蛋 25.9 元";
    correct(&mut book, tasks[0].id, "鸡蛋 25.9 元", Some(same));
    assert!(book.open().iter().all(|task| task.status.held.is_none()));
    assert_eq!(said_to(&book), [("张三", same), ("李四", same)]);
}

/// Two texts, one after the other.
const PARTS: &str = r#"
id = "parts"
title = "两段"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "open"
at = "D0 09:30"
until = "D0 20:00"
via = "group"
parts = [{ image = "a.png" }, { text = ["今日开团"] }, { text = ["地址：东门 8 号"] }]
"#;

#[test]
fn of_several_texts_the_one_that_is_named_is_put_right() {
    let mut book = Book::new();
    book.no_rules();
    for name in ["一群", "二群", "三群"] {
        book.group(name);
    }
    book.sop(PARTS);
    book.tick_at("2026-11-22 09:31");
    let tasks: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    let says = |book: &Book, at: usize| -> Vec<String> {
        let task = book.desk.desk.store().task(tasks[at]).unwrap().unwrap();
        let parts = book.desk.desk.task_text(&task).unwrap().parts;
        parts.into_iter().filter_map(|part| part.copy).collect()
    };
    book.verb(tasks[0], TaskVerb::Sent { at: None, also: false });
    book.verb(tasks[1], TaskVerb::Part { part: 1 });
    let spread = spread(&mut book, tasks[2]);
    assert_eq!(spread.texts, [(1, "今日开团".to_owned()), (2, "地址：东门 8 号".to_owned())]);
    for part in [None, Some(0), Some(3)] {
        let refused = correct_part(&mut book, tasks[2], part, "对", None).unwrap_err().words;
        assert!(refused.ends_with("(--part N): 2 今日开团；3 地址：东门 8 号"), "{refused}");
    }
    let before = book.tasks();
    let (west, notice) = ("地址：西门 8 号", Some("是西门"));
    correct_part(&mut book, tasks[2], Some(2), west, notice).unwrap();
    assert_eq!([says(&book, 1), says(&book, 2)], [["今日开团", west], ["今日开团", west]]);
    assert_eq!(said_to(&book), [("一群", "是西门")], "the second has not heard it");
    book.desk.restart();
    assert_eq!(says(&book, 2), ["今日开团", west]);

    // what was wrong of the other text is told beside it
    correct_part(&mut book, tasks[0], Some(1), "明日开团", Some("是明天")).unwrap();
    assert_eq!([says(&book, 1), says(&book, 2)], [["今日开团", west], ["明日开团", west]]);
    assert_eq!(said_to(&book), [("一群", "是明天"), ("一群", "是西门"), ("二群", "是明天")]);
    // and each is put right by itself once more, from whichever row
    for from in [0, 1, 2] {
        // as the screen does it: what says it is halted first, whichever text it will be
        book.desk.run(Command::Halt { task: tasks[from] }).unwrap();
        correct_part(&mut book, tasks[from], Some(2), "地址：南门", Some("是南门")).unwrap();
        assert!(book.open().iter().all(|task| task.status.held.is_none()), "{:?}", book.open());
        assert_eq!(
            [says(&book, 1), says(&book, 2)],
            [["今日开团", "地址：南门"], ["明日开团", "地址：南门"]]
        );
        assert_eq!(said_to(&book), [("一群", "是南门"), ("一群", "是明天"), ("二群", "是明天")]);
        for _ in 0..2 {
            book.desk.run(Command::Undo { act: None }).unwrap();
        }
    }
    for _ in 0..2 {
        book.desk.run(Command::Undo { act: None }).unwrap();
    }
    let bare = |tasks: Vec<Task>| -> Vec<TaskStatus> {
        let is_step = |task: &Task| matches!(task.kind, TaskKind::Step { .. });
        tasks.into_iter().filter(is_step).map(|task| TaskStatus { rev: 0, ..task.status }).collect()
    };
    assert_eq!(bare(book.tasks()), bare(before));
    assert_eq!(said_to(&book), []);
}

/// The same words, with blanks around them, in another playbook and in another wording of a step.
const OTHER: &str = r#"
id = "other"
title = "另一份"
for = "member"
class = "service"
start = { on = "added" }
[[step]]
id = "first"
at = "D5 10:00"
via = "private"
text = ["别的话", "{{ name }}，鸡蛋 19.9 元"]
[[step]]
id = "second"
at = "D0 +5m"
via = "private"
text = [" {{ name }}，鸡蛋 19.9 元\n"]
[[step]]
id = "third"
at = "D0 +5m"
via = "private"
text = ["{{ name }}，鸡蛋 19.9 元整"]
"#;

#[test]
fn the_same_words_from_elsewhere_are_halted_and_put_right_as_well() {
    let (mut book, tasks) = told();
    book.sop(OTHER);
    let member = book.member("孙七");
    book.befriend(member);
    let compose = crate::door::compose::Compose {
        title: String::new(),
        to: crate::door::form::Kind::Member,
        filter: "ww".to_owned(),
        at: crate::desk::testing::at("2026-11-22 09:07"),
        until: None,
        text: "{{ name }}，鸡蛋 19.9 元".to_owned(),
        class: crate::book::Class::Service,
        account: None,
    };
    book.desk.run(Command::Compose { compose, dry_run: false }).unwrap();
    book.tick_at("2026-11-22 09:15");
    let open: Vec<TaskId> = book.open().iter().map(|task| task.id).collect();
    let wrong: Vec<TaskId> =
        open.iter().copied().filter(|id| text(&book, *id).trim().ends_with("鸡蛋 19.9 元")).collect();
    assert_eq!(
        (open.len(), wrong.len()),
        (6, 5),
        "two of the playbook, three elsewhere, and one that says more"
    );
    // it is found from wherever one begins
    for task in &wrong {
        let spread = spread(&mut book, *task);
        assert_eq!((spread.pending, spread.got), (5, 2), "{task}");
        let places = [
            "SOP “另一份” 第 1 步 first",
            "SOP “另一份” 第 2 步 second",
            "SOP “报价” 第 1 步 tell",
            "SOP “报价” 第 2 步 again",
        ];
        assert_eq!(spread.stands, places);
    }
    book.desk.run(Command::Halt { task: tasks[0].id }).unwrap();
    let halted = book.open().into_iter().filter(|task| task.status.held.is_some());
    assert_eq!(halted.map(|task| task.id).collect::<Vec<_>>(), wrong);
    let outcome = correct(&mut book, wrong[4], "{{ name }}，鸡蛋 29.9 元", Some("是 29.9 元"));
    assert!(wrong.iter().all(|task| text(&book, *task).ends_with("，鸡蛋 29.9 元")));
    assert_eq!(outcome.made.len(), 2, "who got it is told, whatever said it");
    for place in ["“另一份” 第 1 步 first", "“另一份” 第 2 步 second", "“报价” 第 1 步", "“报价” 第 2 步"]
    {
        assert!(outcome.warnings[0].contains(place), "{:?}", outcome.warnings);
    }
}

#[test]
fn what_is_pending_is_halted_while_it_is_written_and_let_go_with_the_right_text() {
    let (mut book, tasks) = told();
    let before = book.tasks();
    book.desk.run(Command::Halt { task: tasks[0].id }).unwrap();
    let held: Vec<Option<String>> = book.open().into_iter().map(|task| task.status.held).collect();
    assert_eq!(held, [Some(HELD_CORRECTION.to_owned()), Some(HELD_CORRECTION.to_owned())]);
    correct(&mut book, tasks[0].id, "对", None);
    assert!(book.open().iter().all(|task| task.status.held.is_none()));
    assert_eq!((text(&book, tasks[2].id), corrections(&book).len()), ("对".to_owned(), 0));
    for _ in 0..2 {
        book.desk.run(Command::Undo { act: None }).unwrap();
    }
    let bare = |tasks: Vec<Task>| -> Vec<(TaskState, Option<String>, Option<String>)> {
        tasks.into_iter().map(|t| (t.status.state, t.status.held, t.status.edited)).collect()
    };
    assert_eq!(bare(book.tasks()), bare(before));
}

#[test]
fn what_another_rule_holds_stays_held() {
    let (mut book, tasks) = told();
    let limited = Health::Limited { what: "private".to_owned(), until: None };
    let account = book.account;
    book.desk
        .run(Command::Limit { account, health: limited, held: crate::door::command::Held::Wait })
        .unwrap();
    book.desk.run(Command::Halt { task: tasks[2].id }).unwrap();
    correct(&mut book, tasks[2].id, "对", Some("更正"));
    assert!(book.open().iter().all(|task| task.status.held.as_deref() == Some("account-limited")));
    assert_eq!(book.open().len(), 4);
}

#[test]
fn an_answer_of_another_day_is_another_text() {
    let mut book = Book::new();
    book.no_rules();
    book.group("团1群");
    book.group("团2群");
    let sop = MORNING.replace("[[step]]", "[[ask]]\nkey = \"商品\"\nby = \"D0 09:00\"\n[[step]]");
    book.sop(&sop.replace("早上好", "今日 {{ 商品 }}").replace("late = \"drop\"\n", ""));
    for (day, what) in [(22, "鸡蛋"), (23, "草莓")] {
        book.tick_at(&format!("2026-11-{day} 09:10"));
        let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
        let (playbook, key) = (PlaybookId("morning".into()), "商品".to_owned());
        let fill = Command::Fill { playbook, run, group: None, key, value: what.to_owned() };
        book.desk.run(fill).unwrap();
        book.tick_at(&format!("2026-11-{day} 09:31"));
        for task in book.open().iter().filter(|task| task.via == crate::book::Via::Group) {
            book.verb(task.id, TaskVerb::Sent { at: None, also: false });
        }
    }
    let said = book.tasks().into_iter().filter(|task| task.via == crate::book::Via::Group);
    let said: Vec<TaskId> = said.map(|task| task.id).collect();
    assert_eq!((said.len(), spread(&mut book, said[3]).got, spread(&mut book, said[0]).got), (4, 2, 2));
}

#[test]
fn whoever_is_not_to_be_disturbed_gets_no_marketing_from_anywhere() {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("宠友1群");
    let (one, other) = (book.member("张三"), book.member("李四"));
    for sop in [FRIEND, OFFER, CARING, FANNED, GATHERED] {
        book.sop(sop);
    }
    for member in [one, other] {
        book.join(member, group);
        book.befriend(member);
    }
    book.tick_at("2026-11-22 12:30");
    let owed = |book: &Book, member| {
        let open = book.open().into_iter();
        let marketing = open.filter(|task| task.class == crate::book::Class::Marketing);
        marketing.filter(|t| t.target == Target::Member(member) || t.members.contains(&member)).count()
    };
    assert_eq!((owed(&book, one), owed(&book, other)), (5, 5));
    let task = book.open().into_iter().find(|task| task.target == Target::Member(one)).unwrap();
    let told = super::consequences::foretold(&mut book, &[task.id], SkipReason::DoNotDisturb);
    let open = book.open().len() as u32;
    book.verb(task.id, TaskVerb::Skip { reason: SkipReason::DoNotDisturb, words: String::new() });
    assert_eq!((owed(&book, one), owed(&book, other)), (0, 5));
    assert_eq!(told.cancels, open - 1 - book.open().len() as u32, "what was foretold");
    let service = book.open().into_iter().filter(|task| task.target == Target::Member(one)).count();
    assert_eq!(service, 1, "care goes on");
    // and nothing new
    book.tick_at("2026-11-24 12:30");
    assert_eq!(owed(&book, one), 0);
    assert!(owed(&book, other) > 5);
    book.desk.at("2026-11-22 12:31");
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(owed(&book, one), 5, "one undo brings it all back");
}

const OFFER: &str = r#"
id = "offer"
title = "上新"
for = "member"
class = "marketing"
start = { on = "added" }
[[step]]
id = "offer"
at = "D0 +6m"
via = "private"
text = ["上新了"]
[[step]]
id = "more"
at = "D1..D5 +6m"
via = "private"
text = ["又上新了"]
"#;

/// Care, but for one step.
const CARING: &str = r#"
id = "caring"
title = "关怀"
for = "member"
class = "care"
start = { on = "added" }
[[step]]
id = "ask"
at = "D0 +7m"
via = "private"
text = ["还好吗"]
[[step]]
id = "sell"
at = "D0 +8m"
via = "private"
class = "marketing"
text = ["顺便看看新品"]
[[step]]
id = "sell-again"
at = "D1 +8m"
via = "private"
class = "marketing"
text = ["再看看新品"]
"#;

const FANNED: &str = r#"
id = "fanned"
title = "私发"
for = "group"
class = "marketing"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "each"
at = "D0 10:00"
via = "private"
who = "joined<=today"
text = ["{{ name }}，今天有团"]
"#;

const GATHERED: &str = r#"
id = "gathered"
title = "群里推荐"
for = "member"
class = "marketing"
start = { on = "joined" }
[[step]]
id = "all"
at = "D0 12:00"
via = "group"
text = ["{{ members }} 看看新品"]
"#;

/// Two answers in one text, and a step that has no words of its own.
const TWO: &str = r#"
id = "two"
title = "鲜果"
for = "group"
class = "service"
start = { on = "recurrence", every = "weekly: 日" }
[[ask]]
key = "品名"
type = "text"
by = "D0 09:00"
[[ask]]
key = "价格"
type = "money"
by = "D0 09:00"
[[step]]
id = "open"
at = "D0 10:00"
via = "group"
text = ["今日 {{ 品名 }}，{{ 价格 }} 元一份"]
[[step]]
id = "bare"
at = "D0 10:00"
via = "group"
text = ["{{ 品名 }}: {{ 价格 }}"]
[[step]]
id = "plain"
at = "D0 10:00"
via = "group"
text = ["{{ 品名 | trim }}"]
"#;

#[test]
fn only_the_answer_that_is_wrong_is_named_and_no_step_that_has_no_words() {
    let mut book = Book::new();
    book.no_rules();
    let groups = ["鲜果1群", "鲜果2群"].map(|name| book.group(name));
    book.sop(TWO);
    book.tick_at("2026-11-22 09:00");
    let fill = |book: &mut Book, key: &str, value: &str| {
        let run = "2026-11-22".parse().unwrap();
        let (playbook, key) = (PlaybookId("two".into()), key.to_owned());
        book.desk.run(Command::Fill { playbook, run, group: None, key, value: value.into() }).unwrap();
    };
    fill(&mut book, "品名", "台芒");
    fill(&mut book, "价格", "39.8");
    book.tick_at("2026-11-22 10:01");
    let of = |book: &Book, group: usize, step: &str| {
        let is = |t: &&Task| {
            t.target == Target::Group(groups[group])
                && matches!(&t.kind, TaskKind::Step { key, .. } if key.step == step)
        };
        book.tasks().iter().find(is).map(|task| task.id).unwrap()
    };
    let (open, bare) = (of(&book, 0, "open"), of(&book, 0, "bare"));
    for task in [open, bare] {
        book.verb(task, TaskVerb::Sent { at: None, also: false });
    }
    // before it is written nobody knows which it is, and no more is said than that
    let form = "“鲜果” 11-22 的表（品名: 台芒 / 价格: 39.8；哪项错了改哪项，按 = 或 qun fill two）";
    assert_eq!(spread(&mut book, open).stands, [form, "SOP “鲜果” 第 1 步 open"]);
    assert_eq!(spread(&mut book, bare).stands, [form], "what has no words says nothing wrong");
    let (plain, form) =
        (of(&book, 0, "plain"), "“鲜果” 11-22 的表 品名: 台芒 (按 = 改, 或 qun fill two 品名)");
    assert_eq!(spread(&mut book, plain).stands, [form], "an answer, whatever else is done to it");
    // once it is, only the one that differs is
    for (task, right) in [(open, "今日 台芒，36.8 元一份"), (bare, "台芒: 36.8")] {
        let outcome = correct(&mut book, task, right, Some("更正"));
        assert_eq!(outcome.warnings.len(), 1, "{:?}", outcome.warnings);
        let warning = &outcome.warnings[0];
        assert!(warning.contains("的表 价格: 39.8"), "{warning}");
        assert!(!warning.contains("品名") && !warning.contains("步"), "{warning}");
        assert_eq!(outcome.made.len(), 1);
        book.desk.run(Command::Undo { act: None }).unwrap();
    }
    // a text written quite anew says nothing of the step without words
    let outcome = correct(&mut book, bare, "台芒今天卖完了", None);
    assert!(!outcome.warnings.concat().contains("步"), "{:?}", outcome.warnings);
    book.desk.run(Command::Undo { act: None }).unwrap();
    // put right in the form, nothing is wrong any more, and who gets it right is told nothing
    fill(&mut book, "价格", "36.8");
    book.verb(of(&book, 1, "open"), TaskVerb::Sent { at: None, also: false });
    let after = spread(&mut book, open);
    assert_eq!((after.stands.len(), after.got), (0, 1), "{after:?}");
    assert_eq!(after.text, "今日 台芒，36.8 元一份");
}
