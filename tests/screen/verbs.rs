//! What is typed after the colon: found by its letters, by its pinyin, with a slip in it.

use qun::text::lang::Lang;
use qun::tui::popup::Popup;

use super::Screen;
use super::desk::Desk;

fn screen(lang: Lang) -> Screen {
    Screen::new(Desk::small(), (80, 24), lang)
}

/// The first offer below the line.
fn first(screen: &Screen) -> String {
    let Some(Popup::Prompt(prompt)) = screen.state.popups.last() else { panic!("no prompt") };
    prompt.offers.first().map(|offer| offer.label.clone()).unwrap_or_default()
}

#[test]
fn verbs_are_found_by_pinyin() {
    let mut screen = screen(Lang::ZhCn);
    screen.keys(":");
    for (typed, verb) in
        [("yf", "已发"), ("yifa", "已发"), ("yif", "已发"), ("tuichu", "退出"), ("sx", "筛选")]
    {
        screen.keys(&format!("ctrl-u '{typed}"));
        assert_eq!(first(&screen), verb, "{typed}\n{}", screen.picture());
    }
    // letters that begin a word mean that word first
    screen.keys("ctrl-u 'so");
    assert_eq!(first(&screen), "sort");
    // Enter does what has that pinyin alone
    screen.keys("ctrl-u 'bangzhu enter");
    let Some(Popup::Menu(menu)) = screen.state.popups.last() else { panic!("{}", screen.picture()) };
    assert!(menu.search.is_some());
    // and the search there knows it as well
    screen.keys("'yf");
    let Some(Popup::Menu(menu)) = screen.state.popups.last() else { panic!("{}", screen.picture()) };
    assert!(menu.shown().iter().any(|(_, item)| item.label.contains("标记已发")), "{}", screen.picture());
    assert!(menu.shown().len() < 12, "{}", screen.picture());
    // values as well
    screen.keys("esc : '跳过_jk");
    assert_eq!(first(&screen), "");
    screen.keys("ctrl-u '跳过_ts");
    assert!(first(&screen).contains("投诉"), "{}", screen.picture());
}

#[test]
fn a_verb_with_a_slip_in_it_names_the_nearest() {
    let mut screen = screen(Lang::ZhCn);
    for (typed, near) in [("snoze", "snooze"), ("暂挺", "暂停"), ("fliter", "filter"), ("yfa1", "yfa1")] {
        screen.keys(&format!(": 'x ctrl-u '{typed} enter"));
        let picture = screen.picture();
        assert!(picture.contains(&format!("没有命令「{typed}」")) && picture.contains(near), "{picture}");
        screen.keys("esc");
    }
    assert!(screen.desk.told.is_empty());
}

#[test]
fn a_line_typed_with_an_input_method_on_is_the_same_line() {
    let mut screen = screen(Lang::ZhCn);
    screen.keys(": 'ｓｏｒｔ　ｎａｍｅ");
    assert_eq!(first(&screen), "name", "{}", screen.picture());
    screen.keys("enter");
    assert!(screen.state.popups.is_empty(), "{}", screen.picture());
    assert_eq!(screen.state.main.spec.sort, qun::door::request::Sort::Name);
    screen.keys(": '筛选　张三 enter");
    assert!(screen.state.popups.is_empty(), "{}", screen.picture());
    assert_eq!(screen.state.main.spec.filter, "张三");
}

#[test]
fn who_asks_for_a_day_is_led_to_what_comes() {
    for (lang, words) in
        [(Lang::ZhCn, "没到点的还不在这里"), (Lang::ZhTw, "沒到點的還不在這裡"), (Lang::En, "is not due yet")]
    {
        let mut screen = screen(lang);
        for typed in ["list_明天", "明天"] {
            screen.keys(&format!(": '{typed} enter"));
            assert!(screen.picture().contains(words), "{typed}\n{}", screen.picture());
            screen.keys("esc");
        }
    }
}

/// What the line of the prompt holds.
fn typed(screen: &Screen) -> String {
    let Some(Popup::Prompt(prompt)) = screen.state.popups.last() else { panic!("no prompt") };
    prompt.field.text().to_owned()
}

#[test]
fn what_was_typed_before_comes_back() {
    let mut screen = screen(Lang::ZhCn);
    screen.keys(": 'sort_due enter : 'snoze enter esc : 'sort_name enter");
    screen.keys(": 'so up");
    assert_eq!(typed(&screen), "sort name");
    // what is under the line is of the line that came
    assert!(!first(&screen).is_empty(), "{}", screen.picture());
    screen.keys("up");
    assert_eq!(typed(&screen), "snoze", "what was refused is there to be put right");
    screen.keys("up up");
    assert_eq!(typed(&screen), "sort due", "there is none before the first");
    screen.keys("down down");
    assert_eq!(typed(&screen), "sort name");
    screen.keys("down");
    assert_eq!(typed(&screen), "so", "what was being typed is not lost");
    // below the first offer the arrows go through the offers
    screen.keys("down up");
    assert_eq!(typed(&screen), "so");
    screen.keys("esc");
    // filters have lines of their own, and the one that holds is no step back
    screen.keys("/ ctrl-u 'tag:老客 enter / ctrl-u '王 enter / up");
    assert_eq!(typed(&screen).trim(), "tag:老客");
    screen.keys("enter");
    assert_eq!(screen.state.view_filter(), "tag:老客");
}

#[test]
fn who_is_to_enter_may_stand_behind_the_verb() {
    let mut screen = screen(Lang::ZhCn);
    screen.keys("9 : 'enrol_张三 enter");
    assert_eq!(typed(&screen), "张三", "{}", screen.picture());
    let Some(Popup::Prompt(prompt)) = screen.state.popups.last() else { panic!("no prompt") };
    assert!(!prompt.offers.is_empty(), "{}", screen.picture());
}
