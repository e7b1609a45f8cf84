//! `:sent 1 3`: numbers of the sheet of the account at hand, else rows of the list, and which of both is said.

use qun::book::{AccountId, TaskId, Timestamp};
use qun::door::Command;
use qun::door::command::TaskVerb;
use qun::text::lang::Lang;
use qun::tui::event::{Effect, Event};
use qun::tui::sheets::Sheet;

use super::Screen;
use super::desk::{Desk, at, task_id};
use super::transcripts::told;

fn screen() -> Screen {
    Screen::new(Desk::small(), (120, 40), Lang::ZhCn)
}

/// The accounts of the first task and of one that is sent from another.
fn accounts(screen: &Screen) -> (AccountId, AccountId) {
    let mut all = screen.desk.tasks.iter().filter_map(|task| task.account.as_ref().map(|account| account.id));
    let first = all.next().unwrap();
    (first, all.find(|other| *other != first).unwrap())
}

fn sheet(screen: &Screen, account: AccountId, name: &str, made_at: Timestamp, tasks: &[u32]) -> Sheet {
    let tasks = tasks.iter().map(|n| (task_id(*n), format!("{name}{n}"))).collect();
    let (store, store_id) = (screen.state.store.clone(), screen.state.store_id.clone());
    Sheet { account, name: name.into(), store, store_id, made_at: Some(made_at), tasks }
}

fn sent(screen: &Screen) -> Option<Vec<TaskId>> {
    told(screen).into_iter().rev().find_map(|command| match command {
        Command::Task { tasks, verb: TaskVerb::Sent { .. } } => Some(tasks.clone()),
        _ => None,
    })
}

#[test]
fn numbers_are_those_of_the_last_sheet_of_the_account_at_hand() {
    let mut screen = screen();
    let (here, other) = accounts(&screen);
    screen.keys(":");
    assert!(screen.effects.contains(&Effect::ReadSheets), "one may have been made meanwhile");
    let sheets = vec![
        sheet(&screen, other, "小完子", at(-1), &[1]),
        sheet(&screen, here, "1 号机 小满", at(-2), &[3, 2, 1]),
    ];
    screen.event(Event::Sheets(sheets));
    screen.keys("'sent_1,3_14:00");
    let typed = screen.picture();
    assert!(
        typed.contains("按 1 号机 小满") && typed.contains("的清单: 1 号机 小满3、1 号机 小满1"),
        "{typed}"
    );
    screen.keys("enter");
    assert_eq!(sent(&screen), Some(vec![task_id(3), task_id(1)]));
    assert!(screen.picture().contains("按 1 号机 小满"), "{}", screen.picture());
    // the other one by a part of its name; the first by the whole of it, which holds a number
    screen.keys(": 'sent_完子_1 enter");
    assert_eq!(sent(&screen), Some(vec![task_id(1)]));
    screen.keys(": 'sent_1_号机_小满_2 enter");
    assert_eq!(sent(&screen), Some(vec![task_id(2)]));
    let before = told(&screen).len();
    screen.keys(": 'sent_1_号机_小满_4 enter");
    assert!(screen.picture().contains("的清单只到 3, 没有 4"), "{}", screen.picture());
    screen.keys("esc : 'sent_别人_1 enter");
    assert!(screen.picture().contains("没有「别人」的清单。有: 1 号机 小满, 小完子"), "{}", screen.picture());
    assert_eq!(told(&screen).len(), before);
}

#[test]
fn without_a_sheet_they_are_rows_and_the_prompt_says_so() {
    let mut screen = screen();
    let mut elsewhere = sheet(&screen, accounts(&screen).0, "小完子", at(-1), &[3]);
    elsewhere.store_id = "another of that name".into();
    let mut older = sheet(&screen, accounts(&screen).0, "小满", at(-1), &[3]);
    (older.store_id, older.store) = (String::new(), "another".into());
    screen.event(Event::Sheets(vec![elsewhere, older]));
    screen.keys(": 'sent_1");
    let name = screen.desk.tasks[0].target_name.clone();
    assert!(screen.picture().contains(&format!("没按清单, 按这个列表的行: {name}")), "{}", screen.picture());
    screen.keys("enter");
    assert_eq!(sent(&screen), Some(vec![task_id(1)]));
    screen.keys(": 'sent_小完子_1 enter");
    assert!(screen.picture().contains("还没打过"), "{}", screen.picture());
}

#[test]
fn a_range_that_goes_backward_marks_nothing() {
    for words in ["5-3", "12-5", "7_3-1", "0-2", "5-3_14:00", "行_3-1"] {
        let mut screen = screen();
        screen.keys(&format!(": 'sent_{words} enter"));
        assert_eq!(sent(&screen), None, "{words}");
        assert!(screen.picture().contains("不是编号; 写成 1 3 5-8"), "{words}\n{}", screen.picture());
    }
}

#[test]
fn a_sheet_of_another_day_is_used_by_name_only() {
    let mut screen = screen();
    let old = sheet(&screen, accounts(&screen).0, "小完子", at(-48 * 60), &[3]);
    screen.event(Event::Sheets(vec![old]));
    screen.keys(": 'sent_1 enter");
    assert_eq!(sent(&screen), None);
    assert!(screen.picture().contains("按它记"), "{}", screen.picture());
    screen.keys("esc : 'sent_行_2 enter");
    assert_eq!(sent(&screen), Some(vec![task_id(2)]));
    screen.keys(": 'sent_小完子_1 enter");
    assert_eq!(sent(&screen), Some(vec![task_id(3)]));
}

#[test]
fn of_several_sheets_one_is_named() {
    let mut screen = screen();
    let (one, other) = accounts(&screen);
    let both = vec![sheet(&screen, one, "甲", at(-1), &[1]), sheet(&screen, other, "乙", at(-1), &[2])];
    screen.event(Event::Sheets(both));
    // among groups no account is at hand
    screen.keys("7 : 'sent_1 enter");
    assert_eq!(sent(&screen), None);
    assert!(screen.picture().contains("有几份清单: 甲, 乙"), "{}", screen.picture());
    screen.keys("esc : 'sent_乙_1 enter");
    assert_eq!(sent(&screen), Some(vec![task_id(2)]));
}
