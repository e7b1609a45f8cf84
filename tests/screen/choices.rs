//! Menus that the desk makes: asked by a verb in words, chosen by a digit.

use super::Screen;
use super::desk::Desk;
use qun::door::Question;
use qun::door::command::Command;
use qun::text::lang::Lang;

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
