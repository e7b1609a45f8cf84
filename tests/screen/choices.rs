//! Menus that the desk makes: asked by a verb in words, chosen by a digit.

use super::Screen;
use super::desk::Desk;
use qun::door::command::{Command, TaskVerb};
use qun::door::detail::{SAME_CHAT, TextWarning};
use qun::door::{Choices, Offered, Question};
use qun::text::lang::Lang;
use qun::tui::event::{Effect, Event};

fn limit(keys: &str) -> (Screen, String, String, bool) {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys(keys);
    let Some(Question::Limit { account, what, until }) = screen.desk.asked.clone() else {
        panic!("{keys} asks nothing:\n{}", screen.picture());
    };
    (screen, account, what, until.is_some())
}

#[test]
fn a_limit_is_said_in_words_and_its_menu_says_how_many() {
    for (keys, expected) in [
        (": '限制_小完子_私聊_3d enter", ("小完子", "私聊", true)),
        (": 'limit_手机1_群发 enter", ("手机1", "群发", false)),
        (": '限制_1_号机_小满_明天_09:00 enter", ("1 号机 小满", "", true)),
        (": '限制_小完子_解除 enter", ("小完子", "解除", false)),
    ] {
        let (_, account, what, timed) = limit(keys);
        assert_eq!((account.as_str(), what.as_str(), timed), expected, "{keys}");
    }
    let (mut screen, ..) = limit(": '限制_小完子_私聊_3d enter");
    let picture = screen.picture();
    for words in ["小完子 受限 私聊", "等它发的 6 条", "先搁置", "6 条"] {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    screen.keys("1");
    assert!(screen.desk.told.is_empty(), "what cannot be chosen does nothing");
    screen.keys("2");
    assert_eq!(screen.desk.told, [Command::Undo { act: None }]);
}

#[test]
fn without_a_name_it_is_the_account_at_hand() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys(": '限制 enter");
    let picture = screen.picture();
    assert!(picture.contains("限制 ") && picture.contains("私聊 3d"), "{picture}");
    let (screen, account, what, timed) = limit(": '限制_私聊_3d enter");
    let known = account.parse::<qun::book::AccountId>().is_ok();
    assert!(known && what == "私聊" && timed, "{account} {what}\n{}", screen.picture());
}

#[test]
fn tab_goes_on_through_the_values_of_a_verb() {
    let mut screen = Screen::new(Desk::small(), (120, 40), Lang::ZhCn);
    let typed = |screen: &Screen| screen.picture().lines().nth(1).unwrap_or_default().to_owned();
    screen.keys(": 'lang_ tab");
    assert!(typed(&screen).contains("lang zh-CN"), "{}", screen.picture());
    screen.keys("tab");
    assert!(typed(&screen).contains("lang zh-TW"), "{}", screen.picture());
    screen.keys("tab");
    assert!(typed(&screen).contains("lang en"), "{}", screen.picture());
    screen.keys("tab");
    assert!(typed(&screen).contains("lang zh-CN"), "all round\n{}", screen.picture());
    screen.keys("shift-tab shift-tab");
    assert!(typed(&screen).contains("lang zh-TW"), "{}", screen.picture());
    screen.keys("enter");
    assert_eq!(screen.state.lang, Lang::ZhTw);
}

#[test]
fn the_search_term_says_which_other_chats_it_finds() {
    let mut desk = Desk::small();
    let id = desk.tasks[0].id;
    let words = "手机1 上搜“张三”还会出来: 张三丰";
    let text = desk.texts.iter_mut().find(|text| text.task == id).unwrap();
    text.warnings = vec![TextWarning { code: format!("{SAME_CHAT}张三"), words: words.into() }];
    let mut screen = Screen::new(desk, (120, 40), Lang::ZhCn);
    let said = |screen: &Screen| screen.picture().lines().rev().take(3).any(|row| row.contains("还会出来"));
    assert!(!said(&screen), "{}", screen.picture());
    screen.keys("t");
    assert!(said(&screen), "{}", screen.picture());
    assert!(screen.effects.iter().any(|effect| matches!(effect, Effect::Copy { .. })));
}

#[test]
fn a_text_with_a_warning_is_copied_when_a_human_says_so() {
    let mut desk = Desk::small();
    let id = desk.tasks[0].id;
    let text = desk.texts.iter_mut().find(|text| text.task == id).unwrap();
    let warning = TextWarning { code: "words 最低".into(), words: "广告法极限词: 最低".into() };
    text.warnings = vec![warning];
    let mut screen = Screen::new(desk, (80, 24), Lang::ZhCn);
    screen.keys("y");
    let picture = screen.picture();
    for words in ["发之前看一眼", "广告法极限词: 最低", "知道了，照发"] {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    let copied = |screen: &Screen| screen.effects.iter().any(|effect| matches!(effect, Effect::Copy { .. }));
    screen.keys("1");
    assert!(!copied(&screen), "the first line is to leave it");
    screen.keys("y 2");
    assert!(copied(&screen));
    let seen =
        Command::Task { tasks: vec![id], verb: TaskVerb::Acknowledge { codes: vec!["words 最低".into()] } };
    assert!(screen.desk.told.contains(&seen), "{:?}", screen.desk.told);
    screen.keys("y");
    assert!(!screen.picture().contains("发之前看一眼"), "said once");
}

#[test]
fn an_answer_to_a_warning_has_one_digit_for_one_and_for_several() {
    let digit = |keys: &str| {
        let mut desk = Desk::small();
        for text in &mut desk.texts {
            text.warnings =
                vec![TextWarning { code: "words 最低".into(), words: "广告法极限词: 最低".into() }];
        }
        let mut screen = Screen::new(desk, (80, 24), Lang::ZhCn);
        screen.keys(keys);
        let rows = screen.rows();
        let row = rows.iter().find(|row| row.contains("知道了，照发")).unwrap_or_else(|| panic!("{rows:?}"));
        row.chars().find(char::is_ascii_digit).unwrap()
    };
    assert_eq!((digit("y"), digit("* y")), ('2', '2'));
}

#[test]
fn two_to_one_person_are_merged_by_a_word() {
    let mut desk = Desk::small();
    let (target, name) = (desk.tasks[0].target, desk.tasks[0].target_name.clone());
    let (via, account) = (desk.tasks[0].via, desk.tasks[0].account.clone());
    let second = &mut desk.tasks[1];
    (second.target, second.target_name, second.via, second.account) = (target, name, via, account);
    let ids = [desk.tasks[0].id, desk.tasks[1].id];
    let mut screen = Screen::new(desk, (80, 24), Lang::ZhCn);
    screen.keys(": '合成一条 enter");
    let merged = |command: &Command| matches!(command, Command::Merge { tasks } if ids.iter().all(|id| tasks.contains(id)));
    assert!(screen.desk.told.iter().any(merged), "{:?}", screen.desk.told);
}

#[test]
fn a_wrong_text_is_halted_before_it_is_written_anew() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys("!");
    let picture = screen.picture();
    for words in [
        "还没发的 3 条",
        "阿珍: 还能撤回",
        "朋友圈: 可以删掉",
        "停下没发的",
        "也写在 SOP “新客培育 7 天” 第 2 步 d1",
        "也写在 SOP “沉默唤醒 3 轮” 第 1 步 r1",
    ] {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    assert!(!picture.contains("小雨妈: 还能撤回"), "{picture}");
    let task = screen.desk.tasks[0].id;
    screen.keys("enter");
    assert_eq!(screen.desk.told, [Command::Halt { task }]);
    assert!(screen.picture().contains("{{ name }}，还剩 6 个名额"), "{}", screen.picture());
    screen.keys("'今天还剩5个! ctrl-s");
    let picture = screen.picture();
    assert!(picture.contains("抱歉") && picture.contains("今天还剩5个"), "{picture}");
    screen.keys("ctrl-s");
    let Some(Command::Correct { text, notice: Some(notice), .. }) = screen.desk.told.last() else {
        panic!("{:?}", screen.desk.told);
    };
    assert!(text.contains("{{ name }}") && text.contains("还剩5个"), "{text}");
    assert!(notice.ends_with(text.as_str()), "{notice}");
    // where the old text still stands is more than a line has room for, and none of it is cut off
    let picture: String = screen.picture().chars().filter(|c| !c.is_whitespace() && *c != '│').collect();
    for place in ["第2步d1", "第1步r1", "知道了"] {
        assert!(picture.contains(place), "{place}\n{}", screen.picture());
    }
    screen.keys("enter");
    assert!(!screen.picture().contains("知道了"), "{}", screen.picture());
}

#[test]
fn where_a_wrong_text_still_stands_is_seen_however_many_got_it() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.desk.got = Some(30);
    screen.keys("!");
    let picture = screen.picture();
    for words in ["第 2 步 d1", "第 1 步 r1", "第1位", "改过的第1位", ".. 还有 27 条", "停下没发的", "算了"]
    {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
}

#[test]
fn a_correction_that_is_left_half_way_says_what_stays_and_loses_no_text() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys("! enter '今天还剩5个! ctrl-s esc");
    assert!(screen.picture().contains("正确的正文"), "back at the text\n{}", screen.picture());
    assert!(screen.picture().contains("今天还剩5个!"), "{}", screen.picture());
    screen.keys("esc ctrl-g");
    assert!(screen.picture().contains("停下的还停着"), "{}", screen.picture());
    let corrects = |screen: &Screen| screen.desk.told.iter().any(|c| matches!(c, Command::Correct { .. }));
    assert!(!corrects(&screen));
    // what nobody got needs no notice: the right text alone is all there is to do
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.desk.got = Some(0);
    screen.keys("! enter '改 ctrl-s");
    let last = screen.desk.told.last();
    assert!(matches!(last, Some(Command::Correct { notice: None, .. })), "{last:?}");
}

#[test]
fn of_several_texts_a_digit_says_which_is_wrong() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.desk.parts = vec![(0, "今日开团".to_owned()), (2, "地址：东门".to_owned())];
    screen.desk.got = Some(0);
    screen.keys("!");
    let picture = screen.picture();
    assert!(picture.contains("第 1 段写错了") && picture.contains("第 3 段写错了"), "{picture}");
    screen.keys("2");
    assert!(screen.picture().contains("地址：东门"), "{}", screen.picture());
    screen.keys("'8号 ctrl-s");
    let last = screen.desk.told.last();
    let Some(Command::Correct { part: Some(2), text, .. }) = last else { panic!("{last:?}") };
    assert!(text.contains("地址：东门") && text.contains("8号"), "{text}");
}

#[test]
fn why_is_told_as_it_is_now() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys("W");
    let old = "文字有误，等更正";
    assert!(!screen.picture().contains(old));
    // read a moment ago, and put right since
    screen.keys("esc");
    screen.desk.why = vec![old.to_owned()];
    screen.event(Event::Resumed);
    screen.desk.why = vec!["到点 10:00".to_owned()];
    screen.keys("W");
    assert!(
        screen.picture().contains("到点 10:00") && !screen.picture().contains(old),
        "{}",
        screen.picture()
    );
}

/// Something that can be chosen, and something that cannot.
pub fn choices() -> Choices {
    let offered = |word: &str, label: &str, n: u32, command: Option<Command>| Offered {
        word: word.into(),
        label: label.into(),
        n,
        note: format!("{n} 条"),
        command: command.map(Box::new),
    };
    Choices {
        replaces: None,
        title: "小完子 受限 私聊".into(),
        notes: vec!["等它发的 6 条".into()],
        ahead: Vec::new(),
        offered: vec![
            offered("move", "移给也认识对方的账号", 0, None),
            offered("wait", "先搁置", 6, Some(Command::Undo { act: None })),
        ],
    }
}

#[test]
fn a_look_at_a_built_in_leads_back_to_the_list_of_them() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys("N 7");
    assert!(screen.picture().contains("内置 SOP: Enter 先看它做什么"), "{}", screen.picture());
    screen.keys("enter");
    assert!(screen.picture().contains("用起来"), "{}", screen.picture());
    // and so does its whole text
    screen.keys("2 esc esc");
    assert!(screen.picture().contains("内置 SOP"), "{}", screen.picture());
    screen.keys("esc");
    assert!(screen.state.popups.is_empty());
    // once it is used nothing lies over the playbooks
    screen.keys("N 7 enter 1");
    assert!(screen.state.popups.is_empty() && screen.state.view == 8, "{}", screen.picture());
}
