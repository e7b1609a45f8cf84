//! Pieces, bursts, pastes and input methods: what arrives, and what it was meant to be.

use super::*;
use crossterm::event::{KeyEvent, KeyModifiers};

fn press(c: char) -> Raw {
    let code = match c {
        '\u{1b}' => KeyCode::Esc,
        '\n' => KeyCode::Enter,
        c => KeyCode::Char(c),
    };
    Raw::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

fn say(events: &[Event]) -> String {
    let words: Vec<String> = events
        .iter()
        .map(|event| match event {
            Event::Key(key) => key.to_string(),
            Event::Paste(text) => format!("paste({text:?})"),
            other => format!("{other:?}"),
        })
        .collect();
    words.join(" ")
}

#[test]
fn split_sequences_never_become_commands() {
    // Every cut of every sequence, each piece 30 ms after the one before.
    for (sequence, expected) in [
        ("\u{1b}[A", "Up"),
        ("\u{1b}[3~", "Delete"),
        ("\u{1b}OP", "F1"),
        ("\u{1b}[1;5C", "Ctrl-Right"),
        ("\u{1b}[15~", "F5"),
        ("\u{1b}[I", ""),
        ("\u{1b}[200x", ""),
    ] {
        let mut decoder = Decoder::default();
        let mut out = Vec::new();
        for (at, c) in sequence.chars().enumerate() {
            out.extend(decoder.take(vec![press(c)], false, ms(30 * at as u64)));
        }
        assert_eq!(say(&out), expected, "{sequence:?}");
        assert_eq!(decoder.held, Held::Nothing);
    }
}

#[test]
fn a_lone_esc_comes_after_its_hold() {
    let mut decoder = Decoder::default();
    assert_eq!(say(&decoder.take(vec![press('\u{1b}')], false, ms(0))), "");
    assert_eq!(decoder.deadline(), Some(ms(40)));
    assert_eq!(say(&decoder.expire(ms(39))), "");
    assert_eq!(say(&decoder.expire(ms(40))), "Esc");
    decoder.take(vec![press('\u{1b}')], false, ms(100));
    assert_eq!(say(&decoder.take(vec![press('d')], false, ms(110))), "Esc d");
}

#[test]
fn bursts_are_pastes() {
    let check = |text: &str, typing: bool, expected: &str| {
        let mut decoder = Decoder::default();
        let batch = text.chars().map(press).collect();
        assert_eq!(say(&decoder.take(batch, typing, ms(5))), expected, "{text}");
    };
    check("第一行\ndddddd", false, "Burst");
    check("第一行\ndddddd", true, "paste(\"第一行\\ndddddd\")");
    check("jjjjjjjjjjjj", false, &["j"; 12].join(" "));
    check("dddddddddddd", false, "Burst");
    check("dj", false, "d j");
}

#[test]
fn keys_behind_a_paste_belong_to_it() {
    let mut decoder = Decoder::default();
    let out = decoder.take(vec![Raw::Paste("a".into()), press('d')], false, ms(0));
    assert_eq!(say(&out), "paste(\"a\") Burst");
    assert_eq!(say(&decoder.take(vec![press('d')], false, ms(60))), "d");
}

#[test]
fn a_colon_behind_a_paste_is_a_humans_when_it_stays_alone() {
    for c in [':', '：', '/', '?'] {
        let mut decoder = Decoder::default();
        let paste = decoder.take(vec![Raw::Paste("a".into())], false, ms(0));
        assert_eq!(say(&paste), "paste(\"a\")");
        assert_eq!(say(&decoder.take(vec![press(c)], false, ms(10))), "");
        assert_eq!(decoder.deadline(), Some(ms(50)));
        let twin = plain(c).unwrap();
        assert_eq!(say(&decoder.expire(ms(50))), twin.to_string());
        // With the next key after the hold, and the timer late.
        decoder.take(vec![Raw::Paste("a".into()), press(c)], false, ms(100));
        assert_eq!(say(&decoder.take(vec![press('q')], true, ms(160))), format!("{twin} q"));
    }
}

#[test]
fn the_rest_of_a_paste_that_begins_with_a_colon_runs_nothing() {
    let mut decoder = Decoder::default();
    decoder.take(vec![Raw::Paste("a".into()), press(':')], false, ms(0));
    let out = decoder.take("sent\n".chars().map(press).collect(), false, ms(20));
    assert_eq!(say(&out), "Burst");
    // And what still comes is dropped with it.
    assert_eq!(say(&decoder.take(vec![press('d')], false, ms(60))), "Burst");
    assert_eq!(say(&decoder.take(vec![press('d')], false, ms(111))), "d");
}

#[test]
fn a_paste_whose_brackets_come_in_pieces_is_a_paste() {
    let whole = "\u{1b}[200~xd第一行\n\u{1b}[Ad\u{1b}[201~";
    for typing in [false, true] {
        let mut decoder = Decoder::default();
        let mut out = Vec::new();
        for (at, c) in whole.chars().enumerate() {
            out.extend(decoder.take(vec![press(c)], typing, ms(30 * at as u64)));
        }
        assert_eq!(say(&out), "paste(\"xd第一行\\nd\")");
        assert_eq!(decoder.held, Held::Nothing);
        // crossterm swallows a closing bracket that comes whole: silence is the end.
        let mut decoder = Decoder::default();
        let opened = decoder.take("\u{1b}[200~xd".chars().map(press).collect(), typing, ms(0));
        assert_eq!(say(&opened), "");
        assert_eq!(say(&decoder.expire(ms(300))), "paste(\"xd\")");
        // The timer may be late, and a human's key come first.
        decoder.take("\u{1b}[200~xd".chars().map(press).collect(), typing, ms(400));
        let late = say(&decoder.take(vec![press('j')], true, ms(800)));
        assert_eq!(late, "paste(\"xd\") j");
    }
}

#[test]
fn a_short_paste_of_chinese_without_brackets_runs_nothing() {
    let check = |text: &str, expected: &str| {
        let mut decoder = Decoder::default();
        assert_eq!(say(&decoder.take(text.chars().map(press).collect(), false, ms(0))), expected, "{text}");
    };
    check("好\nd", "Burst");
    check("d好", "Burst");
    check("你好", "Ime Ime");
    check("：", ":");
}

#[test]
fn what_input_methods_leave_behind() {
    let check = |c: char, expected: &str| {
        assert_eq!(say(&Decoder::default().take(vec![press(c)], false, ms(0))), expected, "{c}");
    };
    check('：', ":");
    check('／', "/");
    check('、', "/");
    check('ｊ', "j");
    check('？', "?");
    check('发', "Ime");
    assert_eq!(say(&Decoder::default().take(vec![press('发')], true, ms(0))), "发");
}

#[test]
fn of_a_storm_of_sizes_the_last() {
    let batch = (0..20).map(|n| Raw::Resize(80 + n, 24)).collect();
    assert!(matches!(Decoder::default().take(batch, false, ms(0))[..], [Event::Resize(99, 24)]));
}

#[test]
fn a_line_end_behind_a_burst_waits_for_what_follows() {
    let line = |text: &str| text.chars().map(press).collect::<Vec<_>>();
    let mut decoder = Decoder::default();
    let typed = "一 二 三 四 五 六 七 八 九";
    assert_eq!(say(&decoder.take(line("一二三四五六七八九\n"), true, ms(0))), typed);
    assert_eq!(decoder.deadline(), Some(ms(50)));
    assert_eq!(say(&decoder.expire(ms(50))), "Enter");
    assert_eq!(say(&decoder.take(line("d"), false, ms(90))), "Burst", "what it closed lets nothing through");
    assert_eq!(say(&decoder.take(line("d"), false, ms(150))), "d");
    // More at once: a paste, however many pieces it comes in.
    decoder.take(line("一二三四五六七八九\n"), true, ms(200));
    assert_eq!(say(&decoder.take(line("a\n"), true, ms(230))), "paste(\"\\na\\n\")");
    assert_eq!(say(&decoder.take(line("b\n"), true, ms(260))), "paste(\"b\\n\")");
    assert_eq!(say(&decoder.take(line("\n"), true, ms(400))), "Enter");
}
