//! Whole screens as text, at the sizes people have, in Chinese and English; and what must hold of all of them.

use super::desk::Desk;
use super::{Screen, rows};
use qun::text::lang::Lang;
use qun::text::width;
use qun::tui::event::Event;
use qun::tui::theme::Depth;
use ratatui::style::{Color, Modifier};

const SIZES: [(u16, u16); 4] = [(60, 12), (80, 24), (120, 40), (200, 60)];

#[test]
fn whole_screens() {
    for lang in [Lang::ZhCn, Lang::En] {
        for size in SIZES {
            let screen = Screen::new(Desk::small(), size, lang);
            insta::assert_snapshot!(format!("queue-{}x{}-{lang}", size.0, size.1), screen.picture());
        }
    }
}

#[test]
fn popups_and_states() {
    for (name, keys) in [
        ("skip", "x"),
        ("snooze", "z"),
        ("quick", "a '小雨妈, enter"),
        ("form", "N 2 '王五"),
        ("help", "?"),
        ("verbs", ":"),
        ("editor", "e"),
        ("opened", "enter"),
        ("groups", "7"),
        ("members", "8"),
    ] {
        let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
        screen.keys(keys);
        insta::assert_snapshot!(format!("popup-{name}"), screen.picture());
    }
    let screen = Screen::new(Desk::default(), (80, 24), Lang::ZhCn);
    insta::assert_snapshot!("empty-store", screen.picture());
    let screen = Screen::new(Desk::small(), (48, 10), Lang::ZhCn);
    insta::assert_snapshot!("too-small", screen.picture());
}

/// No row is wider than the screen; where the text is ours, no terminal draws it wider than we count.
#[test]
fn rows_are_as_wide_as_the_screen() {
    for lang in Lang::ALL {
        for size in SIZES {
            for keys in ["", "x", "?", "enter", "7", "8", "9"] {
                let mut screen = Screen::new(Desk::default(), size, lang);
                screen.keys(keys);
                for row in screen.rows() {
                    assert!(width::width(&row) <= usize::from(size.0), "{row}");
                    assert!(!row.chars().any(width::is_ambiguous), "{row}");
                }
            }
        }
    }
}

#[test]
fn without_colours_the_selected_row_is_still_seen() {
    let screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    let (buffer, cursor) = screen.draw(Depth::None);
    for cell in buffer.content() {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
    }
    let selected = &buffer[(cursor.x, cursor.y)];
    assert_eq!(selected.symbol(), ">");
    assert!(selected.modifier.contains(Modifier::REVERSED));
}

#[test]
fn the_cursor_stands_at_the_insertion_point() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys("f '张三");
    let (buffer, cursor) = screen.draw(Depth::True);
    assert_eq!(cursor.y, 1);
    let before: String = rows(&buffer)[1].clone();
    assert_eq!(usize::from(cursor.x), width::width(before.trim_end()));
}

#[test]
fn hostile_names_are_harmless() {
    let mut desk = Desk::small();
    let evil = "\u{1b}]52;c;aGk=\u{7}\u{202e}群\r\n\u{200b}𝕏\u{1f468}\u{200d}\u{1f469}a\u{301}\u{301}\u{301}\u{9b}2J";
    for group in &mut desk.groups {
        group.name = evil.into();
    }
    for task in &mut desk.tasks {
        task.target_name = evil.into();
        task.summary = evil.into();
        task.assignee = evil.into();
    }
    for text in &mut desk.texts {
        text.search_term = evil.into();
        for part in &mut text.parts {
            part.copy = Some(evil.into());
        }
    }
    for size in SIZES {
        let mut screen = Screen::new(Desk::small(), size, Lang::ZhCn);
        screen.desk.tasks.clone_from(&desk.tasks);
        screen.desk.texts.clone_from(&desk.texts);
        screen.desk.groups.clone_from(&desk.groups);
        screen.keys("2 y t 7 h j 1 e");
        for row in screen.rows() {
            let bad = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{200b}';
            assert!(!row.chars().any(bad), "{row:?}");
        }
        for text in screen.copied() {
            assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{text:?}");
        }
    }
}

#[test]
fn no_view_is_left_out_of_a_narrow_header() {
    for lang in Lang::ALL {
        for columns in [60, 70, 80, 99] {
            let mut desk = Desk::large(1735);
            desk.tasks[0].state = qun::book::TaskState::Snoozed;
            let screen = Screen::new(desk, (columns, 24), lang);
            let head = screen.rows()[0].clone();
            for number in '1'..='9' {
                assert!(head.contains(number), "{columns} {lang:?}: {head}");
            }
        }
    }
}

#[test]
fn what_lies_ahead_stands_where_the_queue_leaves_room() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.desk.tasks.truncate(2);
    screen.event(Event::Resumed);
    assert!(screen.picture().contains("16:00  周末洗护  6 条"), "{}", screen.picture());
    screen.desk.tasks.clear();
    screen.event(Event::Resumed);
    assert!(
        screen.picture().contains("待发已清空") && screen.picture().contains("16:00  周末洗护"),
        "{}",
        screen.picture()
    );
}
