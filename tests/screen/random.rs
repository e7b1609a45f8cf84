//! Random keys on empty and small data at random sizes: nothing panics, and what must hold holds.

use std::time::Duration;

use super::Screen;
use super::desk::{Desk, task_id};
use super::glass::Glass;
use proptest::prelude::*;
use qun::book::{Platform, PlaybookId};
use qun::door::reply::{Counts, Digest};
use qun::door::{Push, Refusal, RefusalKind};
use qun::text::lang::Lang;
use qun::tui::event::{CopyReport, Event, Timer};
use qun::tui::key::Key;
use qun::tui::keymap::Context;
use qun::tui::line::Line;
use qun::tui::registry::Action;
use qun::tui::theme::Depth;

/// How many histories are tried; `QUN_RANDOM_CASES` says another number, for a long run.
fn cases() -> u32 {
    std::env::var("QUN_RANDOM_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(48)
}

/// Every key that has a name, alone and with what is held down.
fn named() -> impl Strategy<Value = Event> {
    let plain = [
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
        "insert",
        "space",
        "ctrl-left",
        "ctrl-right",
        "alt-x",
    ];
    let mut names: Vec<String> = plain.map(str::to_owned).to_vec();
    names.extend((1..=12).map(|n| format!("f{n}")));
    names.extend(('a'..='z').map(|c| format!("ctrl-{c}")));
    prop::sample::select(names).prop_map(|name| Event::Key(Key::parse(&name).expect("a key")))
}

/// A verb typed whole, with words behind it that mean something to some of them.
fn verbs() -> impl Strategy<Value = Vec<Event>> {
    let verbs: Vec<&str> = Action::all().iter().flat_map(|entry| entry.verbs.iter().copied()).collect();
    let rest = prop::sample::select(vec![
        "",
        "",
        " 14:00",
        " 1 3 5-8",
        " 明天",
        " zh-TW",
        " light",
        " 没有这个",
        " 99999999999",
    ]);
    (prop::sample::select(verbs), rest).prop_map(|(verb, rest)| {
        let typed = format!(":{verb}{rest}");
        let keys = typed.chars().map(|c| Event::Key(Key::char(c)));
        keys.chain([Event::Key(Key::parse("enter").expect("a key"))]).collect()
    })
}

/// What comes from the desk and the terminal without being asked.
fn outside() -> impl Strategy<Value = Event> {
    let words = || "宠友群\u{202e} 早安".to_owned();
    let playbook = PlaybookId("x".into());
    let row =
        qun::door::reply::DigestRow { playbook, title: words(), due: 37, expired: 7, unfilled: 5, open: 25 };
    let digest = Digest { away_ms: 9 * 3_600_000, rows: vec![row] };
    let pushes = vec![
        Push::Fired { tasks: vec![task_id(1), task_id(999)], words: vec![words()] },
        Push::Fired { tasks: Vec::new(), words: Vec::new() },
        Push::Digest(digest),
        Push::Digest(Digest::default()),
        Push::ClockHeld { words: words() },
        Push::Writable { ok: false, words: words() },
        Push::Writable { ok: true, words: words() },
        Push::Said { words: words() },
        Push::Counts(Counts { due: u32::MAX, overdue: u32::MAX, groups: u32::MAX, ..Counts::default() }),
        Push::Counts(Counts::default()),
        Push::Gone,
    ];
    let timers = [
        Timer::Seen,
        Timer::Detail,
        Timer::Minute,
        Timer::Filter,
        Timer::Chord,
        Timer::Message,
        Timer::Waiting,
    ];
    let others = [
        Event::Lost,
        Event::Focus(true),
        Event::Focus(false),
        Event::Burst,
        Event::Ime,
        Event::Resumed,
        Event::CannotSuspend,
        Event::Copied { report: CopyReport::Terminal },
        Event::Copied { report: CopyReport::File { path: "很长".repeat(60) } },
        Event::Copied { report: CopyReport::Failed { words: words() } },
    ];
    let mut all: Vec<Event> = pushes.into_iter().map(|push| Event::Push(Box::new(push))).collect();
    all.extend(timers.map(Event::Timer));
    all.extend(others);
    prop::sample::select(all)
}

/// What groups and people call themselves: wide, narrow, both, ambiguous, joined, hostile.
fn names() -> impl Strategy<Value = String> {
    let parts = vec![
        "宠友",
        "群",
        "1",
        "VIP",
        "①",
        "·",
        "…",
        "—",
        "“早”",
        "😀",
        "👨‍👩‍👧",
        "❤\u{fe0f}",
        "🇨🇳",
        "é",
        "e\u{301}",
        "ｆ",
        "　",
        " ",
        "\u{202e}",
        "\u{200b}",
        "\t",
        "\u{1b}[31m",
        "ﾊﾟ",
        "ก็",
        "👍🏽",
        "①②③",
        "❶",
        "あ",
        "한",
    ];
    prop::collection::vec(prop::sample::select(parts), 1..14).prop_map(|parts| parts.concat())
}

fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(names(), 1..8).prop_map(|lines| lines.join("\n"))
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let pastes = vec![
        "小雨妈",
        "张三，李四",
        "a\nb\nc",
        "\u{1b}[A",
        "👨‍👩‍👧",
        "",
        "=1+1\t\0\u{202e}",
        "1. 张三\n2. 李四 3斤",
    ];
    let long = "长".repeat(5_000);
    prop_oneof![
        12 => "[ -~]".prop_map(|c: String| vec![Event::Key(Key::char(c.chars().next().unwrap_or('j')))]),
        2 => "[、。：／ｊ你🙂é]".prop_map(|c: String| vec![Event::Key(Key::char(c.chars().next().unwrap_or('j')))]),
        8 => named().prop_map(|key| vec![key]),
        3 => verbs(),
        2 => prop::sample::select(pastes).prop_map(|text| vec![Event::Paste(text.to_owned())]),
        1 => Just(vec![Event::Paste(long)]),
        2 => (0u16..=200, 0u16..=60).prop_map(|(columns, rows)| vec![Event::Resize(columns, rows)]),
        3 => outside().prop_map(|event| vec![event]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    /// Whatever groups and people are called, the terminal shows what was drawn, cell by cell.
    #[test]
    fn no_book_is_drawn_otherwise_than_shown(
        names in prop::collection::vec(names(), 1..12),
        texts in prop::collection::vec(texts(), 1..6),
        keys in prop::collection::vec(prop_oneof![4 => named(), 3 => "[a-zA-Z1-9?:/+*=_-]".prop_map(
            |c: String| Event::Key(Key::char(c.chars().next().unwrap_or('j'))))], 0..24),
        size in prop::sample::select(vec![(60, 12), (80, 24), (100, 30), (120, 40), (200, 60)]),
        hidden in any::<bool>(),
        wide in any::<bool>(),
    ) {
        let mut desk = Desk::default();
        for (at, name) in names.iter().enumerate() {
            let platform = Some(Platform::ALL[at % Platform::ALL.len()]);
            desk.add_group(name, platform, Some(at as u32 * 90), at as u32 % 3, 0);
        }
        for (at, text) in texts.iter().cycle().take(names.len() * 2).enumerate() {
            let due = at as i64 * 40 - 90;
            desk.add_task(1 + at % names.len(), due, text, text, None, Vec::new());
        }
        let mut screen = Screen::new(desk, size, Lang::ZhCn);
        screen.state.hide_names = hidden;
        screen.state.wide_glyphs = wide;
        let mut glass = Glass::new();
        glass.show(&mut screen);
        for event in keys {
            screen.mono += Duration::from_millis(350);
            screen.event(event);
            screen.event(Event::Timer(Timer::Detail));
            glass.show(&mut screen);
            let ambiguous = screen.picture().chars().any(qun::text::width::is_ambiguous);
            prop_assert!(!(wide && ambiguous), "{}", screen.picture());
        }
    }

    #[test]
    fn no_keys_break_it(
        events in prop::collection::vec(events(), 0..40),
        data in 0..3u8,
        size in prop::sample::select(vec![(20, 5), (60, 12), (80, 24), (120, 40), (200, 60)]),
        lang in prop::sample::select(Lang::ALL.to_vec()),
        refused in 0..8u8,
    ) {
        let desk = match data {
            0 => Desk::default(),
            1 => Desk::small(),
            _ => Desk::large(450),
        };
        let mut screen = Screen::new(desk, size, lang);
        let mut glass = Glass::new();
        for (at, event) in events.into_iter().flatten().enumerate() {
            if at % 8 == usize::from(refused) {
                screen.desk.refuse = Some(Refusal::new(RefusalKind::Already, "小李 14:02 已标记已发"));
            }
            let lost = matches!(event, Event::Lost) || matches!(&event, Event::Push(push) if **push == Push::Gone);
            screen.mono += Duration::from_millis(350);
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

/// Everything a key or a verb can name, on lists without a line, at every kind of size: nothing panics, and what is drawn fits.
#[test]
fn every_action_works_on_nothing() {
    const SIZES: [(u16, u16); 10] =
        [(0, 0), (1, 1), (20, 5), (59, 12), (60, 11), (60, 12), (80, 24), (100, 30), (120, 40), (200, 60)];
    for size in SIZES {
        for view in ["1", "2", "7", "8", "9"] {
            let mut screen = Screen::new(Desk::default(), size, Lang::ALL[usize::from(size.0) % 3]);
            for entry in Action::all().iter().filter(|entry| entry.action != Action::Quit) {
                screen.state.popups.clear();
                screen.keys(view);
                match (entry.verbs.first(), entry.keys.first()) {
                    (Some(verb), _) if !verb.contains(' ') => {
                        screen.keys(&format!(": '{verb} enter"));
                    }
                    (_, Some(keys)) => {
                        screen.keys(Context::of_written(keys).1);
                    }
                    _ => {}
                }
                screen.draw(Depth::Sixteen);
                // and once more with whatever it opened
                screen.keys("enter down enter esc");
                let (buffer, cursor) = screen.draw(Depth::Sixteen);
                assert!(buffer.area.is_empty() || buffer.area.contains(cursor), "{} {size:?}", entry.id);
            }
        }
    }
}
