//! What marks mean: of an act that is over they are gone, a filter that is left brings them back, and what was never
//! copied is not marked as sent by the key that bounced. And of whom a place is known.

use super::transcripts::{last_tell, screen, told_sent};
use qun::door::{Refusal, RefusalKind};
use qun::tui::popup::Popup;

#[test]
fn marks_of_a_finished_act_are_gone_and_those_of_a_refused_one_are_back() {
    let mut screen = screen();
    screen.keys("* y d");
    assert_eq!(screen.state.main.mark_count(), 1, "those of one account are sent");
    screen.keys("u");
    assert_eq!(screen.state.main.mark_count(), 1, "{}", screen.picture());
    screen.keys("y d u u");
    assert_eq!(screen.state.main.mark_count(), 0, "{}", screen.picture());
    screen.keys("* y");
    screen.desk.refuse = Some(Refusal::new(RefusalKind::Store, "磁盘满了"));
    screen.keys("d");
    assert_eq!(screen.state.main.mark_count(), 3, "{}", screen.picture());
}

#[test]
fn marks_survive_a_filter_that_is_begun_and_left() {
    let mut screen = screen();
    screen.keys("space space / '门店");
    assert_eq!(screen.state.main.mark_count(), 0, "what is not in the list is not acted on");
    screen.keys("esc");
    assert_eq!(screen.state.main.mark_count(), 2, "{}", screen.picture());
    screen.keys("/ '门店 enter esc");
    assert_eq!(screen.state.main.mark_count(), 0, "{}", screen.picture());
}

#[test]
fn what_was_never_copied_is_marked_by_another_key_only() {
    let mut screen = screen();
    screen.keys("* y d d");
    assert_eq!(told_sent(&screen), [2], "what the other account sends was not copied");
    assert!(screen.picture().contains("选着的 1 条里 1 条没复制过"), "{}", screen.picture());
    assert!(screen.picture().contains("门店VIP群"), "{}", screen.picture());
    screen.keys("d d enter");
    assert_eq!(told_sent(&screen), [2], "no key that bounces, and Enter is the safe answer");
    screen.keys("d 2");
    assert_eq!(told_sent(&screen), [2, 1], "who says it with another key means it");

    let mut screen = super::transcripts::screen();
    screen.keys("* d");
    assert_eq!(told_sent(&screen), [0; 0], "nothing was copied at all");
    screen.keys("2");
    assert_eq!(told_sent(&screen), [3]);

    // texts that differ are copied one by one: those that were can be had alone
    let mut screen = super::transcripts::screen();
    screen.keys("y j j j j y g g space j j j space j space d");
    assert!(screen.picture().contains("选着的 3 条里 1 条没复制过"), "{}", screen.picture());
    screen.keys("2");
    assert_eq!(told_sent(&screen), [2]);
    screen.keys("esc");

    let mut screen = super::transcripts::screen();
    screen.keys("* y d g g G y d");
    assert_eq!(told_sent(&screen), [2, 1], "the marked one is copied, wherever the cursor is");
    assert!(screen.copied().len() == 2 && screen.copied()[1] == screen.copied()[0]);
}

#[test]
fn marked_texts_that_differ_are_copied_one_after_the_other() {
    let marked = || {
        let mut screen = screen();
        screen.keys("space space j j j j space j j space");
        assert_eq!(screen.state.main.mark_count(), 4);
        screen
    };
    let mut screen = marked();
    screen.keys("y");
    assert!(screen.copied()[0].starts_with("各位铲屎官"));
    assert!(screen.picture().contains("另有 2 种正文: d 后按 y 接着"), "{}", screen.picture());
    screen.keys("y");
    assert_eq!(screen.copied()[1], screen.copied()[0], "until it is sent it is copied again");
    screen.keys("d");
    assert_eq!(told_sent(&screen), [2], "what was not copied is not marked as sent");
    screen.keys("y");
    assert_eq!(screen.copied()[2], "今晚聊聊");
    let picture = screen.picture();
    assert!(picture.contains("发给 宠友交流1群") && picture.contains("另有 1 种正文"), "{picture}");
    screen.keys("d y");
    assert_eq!(screen.copied()[3], "明天开团");
    assert!(!screen.picture().contains("种正文"), "{}", screen.picture());
    screen.keys("d");
    assert_eq!(told_sent(&screen), [2, 1, 1]);
    assert_eq!(screen.state.main.mark_count(), 0);

    let mut screen = marked();
    screen.keys("y d d");
    assert_eq!(told_sent(&screen), [2]);
    assert!(screen.picture().contains("选着的 2 条里 2 条没复制过"), "{}", screen.picture());
}

#[test]
fn what_takes_one_line_only_is_not_offered_for_several() {
    for size in [(80, 24), (160, 40)] {
        let mut screen = super::Screen::new(super::desk::Desk::small(), size, qun::text::lang::Lang::ZhCn);
        let hints = |screen: &super::Screen| screen.picture().lines().last().unwrap_or_default().to_owned();
        assert!(hints(&screen).contains("r已回复"), "{}", screen.picture());
        screen.keys("space space");
        let shown = hints(&screen);
        assert!(shown.contains("y复制") && shown.contains("x跳过") && shown.contains("a速记"), "{shown}");
        assert!(!shown.contains("已回复") && !shown.contains("改稿"), "{shown}");
        screen.keys("r");
        assert!(screen.picture().contains("一次一条"), "{}", screen.picture());
        // the menu of all that can be done says so too
        screen.keys("enter enter");
        let menu = screen.picture();
        let replied = menu.lines().find(|line| line.contains("对方已回复"));
        assert!(replied.is_none_or(|line| line.contains("一次一条")), "{menu}");
    }
}

#[test]
fn the_place_of_the_last_entry_is_for_who_is_in_it() {
    let where_now = |screen: &super::Screen| match screen.state.popups.last() {
        Some(Popup::Quick(quick)) => quick.place.clone(),
        other => panic!("{other:?}"),
    };
    let mut screen = screen();
    screen.keys("a '阿珍 enter 1 9 a '小雨妈 enter");
    assert!(where_now(&screen).is_some(), "as the desk says, they are in it: {}", screen.picture());
    screen.keys("esc esc");
    let filter = format!("group:\"宠友交流1群\" id:{}", super::desk::member_id(1));
    screen.desk.numbers.insert(filter, 0);
    screen.keys("a '小雨妈 enter");
    assert_eq!(where_now(&screen), None);
    assert!(screen.picture().contains("在哪个群"), "{}", screen.picture());
    // whom it is about is chosen and so is the place: what is pressed ahead is for what comes
    screen.keys("esc esc 1 a '小雨妈 enter 1");
    assert_eq!(last_tell(&screen).group, Some(super::desk::group_id(1)), "of the line under the cursor");
}
