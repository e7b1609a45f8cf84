//! Keys that arrive in one piece: a phrase of an input method, a slow line, a paste without brackets.

use std::time::Duration;

use super::transcripts::{screen, told};
use qun::tui::event::Event;
use qun::tui::popup::Popup;

const A_MOMENT: Duration = Duration::from_millis(60);

fn typed(screen: &super::Screen) -> String {
    match screen.state.popups.last() {
        Some(Popup::Prompt(prompt)) => prompt.field.text().to_owned(),
        Some(Popup::Editor(editor)) => editor.text.clone(),
        _ => String::new(),
    }
}

#[test]
fn a_line_with_its_enter_in_one_piece_is_typed_and_accepted() {
    for line in ["/门店VIP群很长的一句\r", "/abcdefgh\r", "/abcdefgh\n", "/abcdefgh\r\n"] {
        let mut screen = screen();
        screen.write(line).wait(A_MOMENT);
        assert!(screen.state.popups.is_empty(), "{line:?}");
        assert!(screen.state.main.spec.filter.ends_with(line[1..].trim_end()), "{line:?}");
        // And with the slash before it.
        let mut screen = super::transcripts::screen();
        screen.write("/").wait(A_MOMENT);
        screen.write(&line[1..]).wait(A_MOMENT);
        assert!(screen.state.main.spec.filter.ends_with(line[1..].trim_end()), "{line:?}");
    }
}

#[test]
fn lines_stay_lines_in_an_editor() {
    let mut screen = screen();
    screen.keys("= 1 ctrl-a ctrl-k");
    assert!(matches!(screen.state.popups.last(), Some(Popup::Editor(_))), "{}", screen.picture());
    screen.write("鸡蛋 30枚 29.9\r").wait(A_MOMENT);
    screen.write("苹果 5斤 abc\r").wait(A_MOMENT);
    screen.write("牛奶").wait(A_MOMENT);
    assert_eq!(typed(&screen), "鸡蛋 30枚 29.9\n苹果 5斤 abc\n牛奶");
    screen.keys("ctrl-u");
    screen.write("一二三四五\r\n六七八九十\r\n").wait(A_MOMENT);
    screen.write("\n尾").wait(A_MOMENT);
    assert_eq!(typed(&screen), "鸡蛋 30枚 29.9\n苹果 5斤 abc\n一二三四五\n六七八九十\n\n尾");
    screen.event(Event::Paste("完\n".into()));
    assert!(typed(&screen).ends_with("尾完\n"));
}

#[test]
fn several_lines_accept_no_prompt_and_run_nothing_in_the_list() {
    // In one piece, in pieces that come at once, and begun in the list.
    for pieces in [
        &["第一行很长很长很长\rd\rx1\r"][..],
        &["第一行很长很长很长\r", "d\r", "x1\r"],
        &["第一行很长很长很长\r", "dddddddddddd\r"],
    ] {
        for opened in [true, false] {
            let mut screen = screen();
            let first = if opened { String::new() } else { "/".to_owned() } + pieces[0];
            if opened {
                screen.write(":").wait(A_MOMENT);
            }
            screen.write(&first);
            for piece in &pieces[1..] {
                screen.mono += Duration::from_millis(10);
                screen.write(piece);
            }
            screen.wait(A_MOMENT);
            assert_eq!(told(&screen).len(), 0, "{pieces:?}");
            assert!(!opened || screen.state.popups.len() == 1, "{pieces:?}");
        }
    }
    let mut screen = screen();
    screen.write("/").wait(A_MOMENT).write("ab\rd");
    assert_eq!(told(&screen).len(), 0, "what stands behind the Enter that closed a prompt");
    let mut screen = super::transcripts::screen();
    screen.write("j\rd");
    assert_eq!(told(&screen).len(), 0, "short lines in the list");
}
