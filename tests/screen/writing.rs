//! What is being written in a form when the screen ends under its user.

use std::time::Duration;

use qun::door::Command;
use qun::text::lang::Lang;
use qun::tui::drafts::Unfinished;
use qun::tui::event::{Effect, Event, Timer};

use super::Screen;
use super::desk::Desk;

fn screen() -> Screen {
    Screen::new(Desk::small(), (80, 24), Lang::ZhCn)
}

/// What was asked to be kept and to be kept no longer since this was asked last.
fn kept(screen: &mut Screen) -> Vec<String> {
    let kept = screen.effects.drain(..).filter_map(|effect| match effect {
        Effect::KeepText(text) => Some(text.text),
        Effect::DropText(_) => Some("drop".to_owned()),
        _ => None,
    });
    kept.collect()
}

/// Writes these keys in one screen; the next one finds what that kept.
fn left_behind(keys: &str) -> Screen {
    let mut first = screen();
    first.keys(keys);
    let armed = |effect: &Effect| matches!(effect, Effect::SetTimer { timer: Timer::Writing, .. });
    assert_eq!(first.effects.iter().filter(|effect| armed(effect)).count(), 1, "not a write for every key");
    first.event(Event::Timer(Timer::Writing));
    let texts: Vec<Unfinished> = first
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::KeepText(text) => Some(*text.clone()),
            _ => None,
        })
        .collect();
    assert!(!texts.is_empty());
    assert!(texts.iter().all(|text| text.store == "s01"), "another store may be called so");
    let mut second = screen();
    assert!(second.effects.contains(&Effect::ReadDrafts));
    second.event(Event::Unfinished(texts));
    second
}

const COMPOSE: &str = "m 1 '#宝妈 enter '明天_10:00 enter";

#[test]
fn the_text_of_a_one_off_is_offered_again_until_it_is_made() {
    let mut screen = left_behind(&format!("{COMPOSE} '来坐坐吧"));
    screen.keys(COMPOSE).wait(Duration::from_secs(1));
    let picture = screen.picture();
    assert!(picture.contains("上次没写完的") && picture.contains("来坐坐吧"), "{picture}");
    // while it is offered it is not lost either
    screen.event(Event::Timer(Timer::Writing));
    screen.keys("enter '，有茶");
    assert!(screen.picture().contains("来坐坐吧，有茶"), "{}", screen.picture());
    screen.event(Event::Timer(Timer::Writing));
    assert_eq!(kept(&mut screen), ["来坐坐吧，有茶"]);
    // looked at, it is still nowhere else
    screen.keys("ctrl-s");
    screen.event(Event::Timer(Timer::Writing));
    assert_eq!(kept(&mut screen), [""; 0]);
    screen.keys("1");
    assert_eq!(kept(&mut screen), ["drop"], "it is made");
}

#[test]
fn what_is_not_wanted_is_not_offered_twice() {
    let mut screen = left_behind(&format!("{COMPOSE} '来坐坐吧"));
    screen.keys(COMPOSE).wait(Duration::from_secs(1));
    assert_eq!(kept(&mut screen), [""; 0]);
    screen.keys("esc esc");
    assert_eq!(kept(&mut screen), [""; 0]);
    assert!(screen.picture().contains("Enter 接着写, Ctrl-g 不要"), "{}", screen.picture());
    screen.keys("ctrl-g");
    assert_eq!(kept(&mut screen), ["drop"]);
    assert!(screen.picture().contains("正文"), "the form stays\n{}", screen.picture());
    assert!(!screen.picture().contains("来坐坐吧"), "{}", screen.picture());
}

#[test]
fn an_edit_and_a_note_are_kept_for_what_they_are_of() {
    let mut screen = left_behind("e '加一句");
    screen.keys("j e").wait(Duration::from_secs(1));
    assert!(!screen.picture().contains("上次没写完的"), "{}", screen.picture());
    screen.keys("esc k e").wait(Duration::from_secs(1));
    assert!(screen.picture().contains("上次没写完的"), "{}", screen.picture());
    screen.keys("enter esc ctrl-g");
    assert_eq!(kept(&mut screen), ["drop"], "left by its user");
    let mut screen = left_behind("o '她说月底再看一次");
    screen.keys("o").wait(Duration::from_secs(1));
    screen.keys("enter");
    assert!(screen.picture().contains("她说月底再看一次"), "{}", screen.picture());
    // a word is typed again as fast
    let mut screen = self::screen();
    screen.keys("o '月底");
    screen.event(Event::Timer(Timer::Writing));
    assert_eq!(kept(&mut screen), [""; 0]);
}

/// Esc is pressed once more to leave an input method, or held down.
#[test]
fn nothing_written_goes_by_esc_alone() {
    let cases = [
        ("e '加一句", "改过还没保存: Ctrl-s 保存, Ctrl-g 放弃", 0),
        ("o '她说月底再看一次", "改过还没保存: Ctrl-s 保存, Ctrl-g 放弃", 0),
        ("N 1 '新群", "改过还没保存: Ctrl-s 保存, Ctrl-g 放弃", 0),
        ("a '小雨妈 enter 4 '奶粉三罐月底再来拿", "还没记下: Enter 记下, Ctrl-g 放弃", 1),
        ("a '小雨妈 , '阿珍 ,", "Ctrl-g 放弃这 2 个名字", 0),
        ("m 1 '#宝妈", "还没排上, 走了就不留: Ctrl-g 放弃", 0),
        (&format!("{COMPOSE} '来坐坐 ctrl-s"), "还没排上, 走了就不留: Ctrl-g 放弃", 0),
    ];
    for (keys, words, stay) in cases {
        let mut screen = screen();
        screen.keys(keys);
        let open = screen.state.popups.len();
        screen.keys("ctrl-g");
        assert_eq!(screen.state.popups.len(), open, "nobody was asked: {keys}\n{}", screen.picture());
        for _ in 0..3 {
            screen.keys("esc");
            assert!(screen.picture().contains(words), "{keys}\n{}", screen.picture());
        }
        screen.keys("ctrl-g");
        assert_eq!(screen.state.popups.len(), stay, "{keys}\n{}", screen.picture());
    }
    // what is empty, short or as it was goes at once
    for keys in ["e", "o '月底", "N 1", "m 1", "a '小雨妈 ,"] {
        let mut screen = screen();
        screen.keys(keys).keys("esc");
        assert!(screen.state.popups.is_empty(), "{keys}\n{}", screen.picture());
    }
    // whoever was marked before is still marked
    let mut screen = screen();
    screen.keys("8 space space a esc esc");
    assert!(screen.state.popups.is_empty(), "{}", screen.picture());
}

#[test]
fn the_foot_of_a_form_names_the_key_that_leaves_it_as_it_is() {
    let drop = ["放弃", "放棄", "leave"];
    for (open, write, leaves) in [
        ("e", "'加一句", drop),
        ("N 1", "'新群", drop),
        ("= 1", "'梨", drop),
        ("a '小雨妈 enter 4", "'奶粉三罐月底再来拿", ["返回", "返回", "back"]),
    ] {
        for (lang, leaves) in [Lang::ZhCn, Lang::ZhTw, Lang::En].into_iter().zip(leaves) {
            let mut screen = Screen::new(Desk::small(), (80, 24), lang);
            let (esc, give_up) = (format!("Esc {leaves}"), format!("Ctrl-g {leaves}"));
            let picture = screen.keys(open).picture();
            assert!(picture.contains(&esc) && !picture.contains(&give_up), "{open}\n{picture}");
            let picture = screen.keys(write).picture();
            assert!(picture.contains(&give_up) && !picture.contains(&esc), "{open}\n{picture}");
        }
    }
}

#[test]
fn the_right_text_outlasts_a_screen_that_ends_at_its_notice() {
    let mut screen = left_behind("! enter '今天还剩5个! ctrl-s '，见谅");
    screen.keys("! enter").wait(Duration::from_secs(1));
    assert!(screen.picture().contains("上次没写完的"), "{}", screen.picture());
    screen.keys("enter ctrl-s").wait(Duration::from_secs(1));
    assert!(screen.picture().contains("上次没写完的"), "the notice too\n{}", screen.picture());
    screen.keys("enter");
    screen.event(Event::Timer(Timer::Writing));
    assert_eq!(kept(&mut screen), [""; 0], "both are kept as they are");
    screen.keys("ctrl-s");
    let Some(Command::Correct { text, notice: Some(notice), .. }) = screen.desk.told.last() else {
        panic!("{:?}", screen.desk.told);
    };
    assert!(text.ends_with("今天还剩5个!") && notice.ends_with("，见谅"), "{text}\n{notice}");
    assert_eq!(kept(&mut screen), ["drop", "drop"]);
}

#[test]
fn the_right_text_stays_kept_when_its_notice_is_left() {
    let mut screen = left_behind("! enter '今天还剩5个! ctrl-s esc");
    screen.keys("! enter").wait(Duration::from_secs(1));
    screen.keys("enter");
    assert!(screen.picture().contains("今天还剩5个!"), "{}", screen.picture());
    // written and not handed over: it is not left at the first press
    screen.keys("ctrl-s esc ctrl-g");
    assert!(screen.picture().contains("正确的正文"), "{}", screen.picture());
    screen.keys("esc ctrl-g");
    assert!(screen.picture().contains("停下的还停着"), "{}", screen.picture());
}
