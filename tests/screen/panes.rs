//! The panes beside the queue: whose group they stand on, and who of one name is who.

use qun::book::{ObjectId, SkipReason};
use qun::door::line::LineId;
use qun::text::lang::Lang;
use qun::tui::line::Line;

use super::Screen;
use super::desk::{Desk, group_id, member_id};

#[test]
fn the_pane_of_groups_is_entered_on_the_group_of_the_row() {
    let mut screen = Screen::new(Desk::small(), (160, 40), Lang::ZhCn);
    for steps in ["j", "j j"] {
        screen.keys(steps);
        let here = screen.state.main.selected().and_then(Line::group).unwrap().0;
        screen.keys("h");
        assert_eq!(screen.state.groups.cursor, Some(LineId::Object(ObjectId::Group(here))));
        screen.keys("l");
    }
    // who moved on in the pane and comes back from elsewhere than the queue finds it as it was
    screen.keys("h G");
    let last = Some(LineId::Object(ObjectId::Group(group_id(6))));
    assert_eq!(screen.state.groups.cursor, last);
    screen.keys("h l");
    assert_eq!(screen.state.groups.cursor, last);
}

#[test]
fn namesakes_have_a_mark_behind_their_name() {
    let mut screen = Screen::new(Desk::small(), (160, 40), Lang::ZhCn);
    screen.keys("8");
    let picture = screen.picture();
    for n in [3, 5] {
        assert!(picture.contains(&format!("张三 [{}]", member_id(n).short())), "{picture}");
    }
    assert!(!picture.contains("李四 ["), "{picture}");
    // of several groups the group says it
    let mut desk = Desk::small();
    desk.members[4].groups[0].name = "门店VIP群".into();
    let mut screen = Screen::new(desk, (160, 40), Lang::ZhCn);
    screen.keys("8");
    let picture = screen.picture();
    assert!(picture.contains("张三 [宠友交流1群]") && picture.contains("张三 [门店VIP群]"), "{picture}");
}

#[test]
fn each_reason_says_what_it_notes_and_of_how_many() {
    for (lang, words) in [
        (Lang::ZhCn, ["记 1 人已回复", "记 1 人已成交", "1 个账号记为受限", "1 个群记为解散"]),
        (Lang::ZhTw, ["記 1 人已回覆", "記 1 人已成交", "1 個帳號記為受限", "1 個群記為解散"]),
        (Lang::En, ["notes 1 replied", "notes 1 bought", "limits 1 account", "notes 1 group dissolved"]),
    ] {
        let mut screen = Screen::new(Desk::small(), (100, 30), lang);
        screen.keys("x");
        let picture = screen.picture();
        for words in words {
            assert!(picture.contains(words), "{words}\n{picture}");
        }
        let plain = |reason: SkipReason| {
            let row = picture.lines().find(|line| line.contains(reason.label(lang))).unwrap();
            !row.contains("记") && !row.contains("notes")
        };
        assert!(plain(SkipReason::Unfit) && plain(SkipReason::Other), "{picture}");
    }
}

#[test]
fn out_of_the_queue_of_a_group_the_way_back_is_to_the_list_it_was_chosen_in() {
    let mut screen = Screen::new(Desk::small(), (120, 40), Lang::ZhCn);
    screen.keys("7 j enter");
    assert_eq!((screen.state.view, screen.state.narrowed.is_some()), (0, true), "{}", screen.picture());
    screen.keys("esc");
    assert_eq!((screen.state.view, screen.state.narrowed.is_some()), (6, false), "{}", screen.picture());
    // another view asked for meanwhile is no longer left for it, and in the queue itself it stays
    screen.keys("7 enter 2 1 h enter");
    assert!(screen.state.narrowed.is_some(), "{}", screen.picture());
    screen.keys("esc");
    assert_eq!((screen.state.view, screen.state.narrowed.is_some()), (0, false), "{}", screen.picture());
}
