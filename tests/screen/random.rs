//! Random keys on empty and small data at random sizes: nothing panics, and what must hold holds.

use super::Screen;
use super::desk::Desk;
use super::glass::Glass;
use proptest::prelude::*;
use qun::text::lang::Lang;
use qun::tui::event::{Event, Timer};
use qun::tui::key::Key;
use qun::tui::line::Line;
use qun::tui::theme::Depth;

fn keys() -> impl Strategy<Value = Event> {
    let named = prop::sample::select(vec![
        "enter",
        "esc",
        "tab",
        "shift-tab",
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "pageup",
        "pagedown",
        "backspace",
        "delete",
        "space",
        "f1",
        "f2",
        "f3",
        "f6",
        "f7",
        "f8",
        "ctrl-s",
        "ctrl-d",
        "ctrl-u",
        "ctrl-k",
        "ctrl-n",
        "ctrl-x",
    ]);
    prop_oneof![
        6 => "[!-~]".prop_map(|c: String| Event::Key(Key::char(c.chars().next().unwrap_or('j')))),
        4 => named.prop_map(|name| Event::Key(Key::parse(name).expect("a key"))),
        1 => prop::sample::select(vec!["小雨妈", "张三，李四", "a\nb\nc", "\u{1b}[A", "👨‍👩‍👧", ""])
            .prop_map(|text| Event::Paste(text.to_owned())),
        1 => (0u16..220, 0u16..70).prop_map(|(columns, rows)| Event::Resize(columns, rows)),
        1 => prop::sample::select(vec![Timer::Seen, Timer::Detail, Timer::Minute, Timer::Filter, Timer::Chord])
            .prop_map(Event::Timer),
        1 => prop::sample::select(vec![Event::Lost, Event::Focus(true), Event::Burst, Event::Ime]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_keys_break_it(events in prop::collection::vec(keys(), 0..60), data in 0..3u8) {
        let desk = match data {
            0 => Desk::default(),
            1 => Desk::small(),
            _ => Desk::large(450),
        };
        let mut screen = Screen::new(desk, (80, 24), Lang::ZhCn);
        let mut glass = Glass::new();
        for event in events {
            let lost = matches!(event, Event::Lost);
            screen.event(event);
            if lost {
                screen.event(Event::Regained);
                let welcome = screen.desk.envelope(screen.desk.welcome());
                screen.event(Event::Reply { tag: 0, envelope: Box::new(welcome) });
            }
            glass.show(&mut screen);
            let (buffer, cursor) = screen.draw(Depth::Sixteen);
            prop_assert!(buffer.area.is_empty() || cursor.x < buffer.area.width && cursor.y < buffer.area.height);
            for list in [&screen.state.main, &screen.state.groups, &screen.state.members] {
                prop_assert_eq!(list.selected().map(Line::id), list.cursor.clone());
                prop_assert!(list.marked().count() <= list.lines.len());
            }
        }
    }
}
