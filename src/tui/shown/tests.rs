//! Random frames through a terminal that is not ours: what it shows is what was drawn, cell by cell.

use std::num::NonZeroU16;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};

use super::Shown;

/// Something drawn into a frame.
#[derive(Clone, Debug)]
enum Op {
    Text {
        x: u16,
        y: u16,
        text: &'static str,
        style: Style,
    },
    /// A style over a whole row, as of a selected line.
    Row {
        y: u16,
        style: Style,
    },
    /// A box that covers what was there, glyphs cut in half and all.
    Popup {
        area: Rect,
        text: &'static str,
    },
    /// A list whose rows have moved by so many.
    List {
        from: usize,
    },
}

const TEXTS: [&str; 14] = [
    "宠友交流1群 小雨妈，三个月前买的猫粮",
    "【到货】鸡蛋 39.9 元",
    "plain ascii words, quite a lot of them in a row",
    "a 的 b 了 c",
    "（全角）！？：；",
    "…—“”·",
    "e\u{301}tude 한국어 かな カナ",
    "👍 很好 👨 一家",
    "            ",
    "一",
    "|",
    "----------",
    "\u{1b}]52;c;aGk=\u{7}",
    "　空格　",
];

fn styles() -> impl Strategy<Value = Style> {
    let colors = || {
        prop::sample::select(vec![
            Color::Reset,
            Color::Reset,
            Color::Red,
            Color::Gray,
            Color::DarkGray,
            Color::White,
            Color::Indexed(114),
            Color::Rgb(1, 20, 255),
        ])
    };
    let modifiers = prop::sample::select(vec![
        Modifier::empty(),
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::UNDERLINED,
        Modifier::REVERSED,
        Modifier::ITALIC.union(Modifier::REVERSED),
    ]);
    (colors(), colors(), modifiers).prop_map(|(fg, bg, modifier)| {
        let style = Style::new().fg(fg).add_modifier(modifier);
        if modifier.contains(Modifier::DIM) { style.bg(bg) } else { style }
    })
}

fn ops() -> impl Strategy<Value = Op> {
    let texts = || prop::sample::select(TEXTS.to_vec());
    prop_oneof![
        6 => (0u16..50, 0u16..16, texts(), styles()).prop_map(|(x, y, text, style)| Op::Text { x, y, text, style }),
        2 => (0u16..16, styles()).prop_map(|(y, style)| Op::Row { y, style }),
        1 => (0u16..40, 0u16..12, 1u16..20, 1u16..6, texts()).prop_map(|(x, y, width, height, text)| {
            Op::Popup { area: Rect::new(x, y, width, height), text }
        }),
        2 => (0usize..8).prop_map(|from| Op::List { from }),
    ]
}

fn draw(ops: &[Op], cursor: (u16, u16), buffer: &mut Buffer) -> Position {
    let area = buffer.area;
    for op in ops {
        match op {
            Op::Text { x, y, text, style } if *x < area.width && *y < area.height => {
                buffer.set_string(*x, *y, text, *style);
            }
            Op::Row { y, style } => {
                buffer.set_style(Rect { y: *y, height: 1, ..area }.intersection(area), *style);
            }
            Op::Popup { area: popup, text } => {
                let popup = popup.intersection(area);
                for y in popup.top()..popup.bottom() {
                    for x in popup.left()..popup.right() {
                        buffer[(x, y)].reset();
                        buffer[(x, y)].set_symbol("#");
                    }
                    buffer.set_stringn(popup.x, y, text, usize::from(popup.width), Style::new());
                }
            }
            Op::List { from } => {
                for y in 0..area.height {
                    let at = from + usize::from(y);
                    let text = format!("{at:>3} {}", TEXTS[at * 7 % 5]);
                    buffer.set_stringn(0, y, text, usize::from(area.width), Style::new());
                }
            }
            Op::Text { .. } => {}
        }
    }
    Position::new(cursor.0, cursor.1)
}

fn color(color: Color) -> vt100::Color {
    match color {
        Color::Reset => vt100::Color::Default,
        Color::Red => vt100::Color::Idx(1),
        Color::Gray => vt100::Color::Idx(7),
        Color::DarkGray => vt100::Color::Idx(8),
        Color::White => vt100::Color::Idx(15),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        other => panic!("{other:?} is drawn nowhere"),
    }
}

/// Compares every cell of a terminal with what was drawn.
fn check_same(buffer: &Buffer, cursor: Position, terminal: &vt100::Screen) -> Result<(), TestCaseError> {
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let drawn = &buffer[(x, y)];
            let columns = crate::text::width::width(drawn.symbol()) as u16;
            let harmless = !drawn.symbol().chars().any(char::is_control) && (1..=2).contains(&columns);
            let whole = columns < 2 || x + 1 < buffer.area.width && buffer[(x + 1, y)].symbol() == " ";
            // A glyph that something was drawn over, or that is none, is a blank.
            let (symbol, columns) = if harmless && whole { (drawn.symbol(), columns) } else { (" ", 1) };
            let shown = terminal.cell(y, x).expect("a cell");
            let contents = if shown.has_contents() { shown.contents() } else { " " };
            prop_assert_eq!(contents, symbol, "{},{}", x, y);
            prop_assert_eq!(shown.is_wide(), columns == 2, "{},{}", x, y);
            for at in x..x + columns {
                let shown = terminal.cell(y, at).expect("a cell");
                prop_assert_eq!(shown.is_wide_continuation(), at > x);
            }
            prop_assert_eq!(shown.bgcolor(), color(drawn.bg), "{},{}", x, y);
            prop_assert_eq!(shown.inverse(), drawn.modifier.contains(Modifier::REVERSED), "{},{}", x, y);
            prop_assert_eq!(shown.underline(), drawn.modifier.contains(Modifier::UNDERLINED), "{},{}", x, y);
            let visible = drawn.modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED);
            if symbol != " " || visible {
                prop_assert_eq!(shown.fgcolor(), color(drawn.fg), "{},{}", x, y);
                // This emulator keeps one intensity only.
                let [bold, dim] = [Modifier::BOLD, Modifier::DIM].map(|m| drawn.modifier.contains(m));
                if !(bold && dim) {
                    prop_assert_eq!((shown.bold(), shown.dim()), (bold, dim), "{},{}", x, y);
                }
                prop_assert_eq!(shown.italic(), drawn.modifier.contains(Modifier::ITALIC), "{},{}", x, y);
            }
            x += columns;
        }
    }
    prop_assert_eq!(terminal.cursor_position(), (cursor.y, cursor.x));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_terminal_shows_what_was_drawn(
        frames in prop::collection::vec((prop::collection::vec(ops(), 0..12), 0u16..48, 0u16..14), 1..12),
        size in (20u16..60, 4u16..18),
    ) {
        let [rows, columns] = [size.1, size.0].map(|n| NonZeroU16::new(n).unwrap());
        let mut terminal = vt100::Parser::new(rows, columns, 0);
        terminal.process("门前的旧字".repeat(40).as_bytes());
        let mut shown = Shown::default();
        for (ops, x, y) in frames {
            let cursor = Position::new(x.min(size.0 - 1), y.min(size.1 - 1));
            let mut drawn = Buffer::empty(Rect::new(0, 0, size.0, size.1));
            draw(&ops, (cursor.x, cursor.y), &mut drawn);
            let bytes = shown.frame(size, |buffer| draw(&ops, (cursor.x, cursor.y), buffer));
            terminal.process(&bytes);
            check_same(&drawn, cursor, terminal.screen())?;
            let again = shown.frame(size, |buffer| draw(&ops, (cursor.x, cursor.y), buffer));
            prop_assert!(again.is_empty(), "nothing changed, nothing written");
        }
    }
}

/// The bytes of a second frame, without the marks around it.
fn bytes(before: &[(u16, u16, &str, Style)], after: &[(u16, u16, &str, Style)]) -> String {
    let mut shown = Shown::default();
    let draw = |texts: &[(u16, u16, &str, Style)], buffer: &mut Buffer| {
        for (x, y, text, style) in texts {
            buffer.set_string(*x, *y, *text, *style);
        }
        Position::ORIGIN
    };
    shown.frame((40, 10), |buffer| draw(before, buffer));
    let bytes = shown.frame((40, 10), |buffer| draw(after, buffer));
    let text = String::from_utf8(bytes).unwrap();
    text.trim_start_matches("\x1b[?2026h").trim_end_matches("\x1b[?2026l").replace('\x1b', "^")
}

#[test]
fn what_is_written_is_short() {
    let plain = Style::new();
    let red = Style::new().fg(Color::Red);
    let check = |before: &[_], after: &[_], expected: &str| assert_eq!(bytes(before, after), expected);
    // A run of wide glyphs needs no word about their places.
    check(&[], &[(2, 3, "小雨妈", plain)], "^[4;3H小雨妈^[H");
    // What terminals disagree about is followed by one.
    check(&[], &[(0, 0, "a—b", plain)], "a—^[1;3Hb^[H");
    // A short gap is written again, a long one stepped over.
    check(&[(0, 1, "abc", plain)], &[(0, 1, "xbz", plain)], "^[2Hxbz^[H");
    check(&[(0, 1, "a一二三c", plain)], &[(0, 1, "x一二三z", plain)], "^[2Hx^[6Cz^[H");
    // Blanks are erased, to the end of the row where they go so far.
    check(&[(0, 1, "words to go", plain)], &[], "^[2H^[K^[H");
    check(&[(0, 1, "words to go|", plain)], &[(11, 1, "|", plain)], "^[2H^[11X^[H");
    // Colours change by the shorter way, and blanks between words keep them.
    check(&[], &[(1, 0, "a b", red), (4, 0, "c", plain)], " ^[31ma b^[mc^[H");
    // A list that moved up by a row is scrolled.
    let list = [
        "一二三四五六七",
        "甲乙丙丁戊己庚",
        "小雨妈三月前买",
        "赵钱孙李周吴郑",
        "东南西北上下中",
        "金木水火土日月",
    ];
    let rows = |from: usize| -> Vec<(u16, u16, &str, Style)> {
        let rows = list.iter().skip(from).take(5);
        rows.enumerate().map(|(y, text)| (5, y as u16, *text, plain)).collect()
    };
    check(&rows(0), &rows(1), "^[1;5r^[S^[r^[5;6H金木水火土日月^[H");
    check(&rows(1), &rows(0), "^[1;5r^[T^[r^[5C一二三四五六七^[H");
}

#[test]
fn after_forgetting_everything_is_written() {
    let mut shown = Shown::default();
    let draw = |buffer: &mut Buffer| {
        buffer.set_string(0, 0, "群", Style::new());
        Position::ORIGIN
    };
    let first = shown.frame((40, 10), draw);
    assert!(shown.frame((40, 10), draw).is_empty());
    shown.forget();
    assert_eq!(shown.frame((40, 10), draw), first);
    assert_eq!(shown.frame((41, 10), draw), first, "another size");
}

#[test]
fn a_cursor_in_the_middle_of_a_glyph_leads_nowhere() {
    let size = (22, 4);
    let mut shown = Shown::default();
    let mut terminal = vt100::Parser::new(NonZeroU16::new(4).unwrap(), NonZeroU16::new(22).unwrap(), 0);
    for (text, cursor) in [("一二三四五六七八：旧", (17, 0)), ("一二三四五六七八：新", (0, 0))]
    {
        let bytes = shown.frame(size, |buffer| {
            buffer.set_string(0, 0, text, Style::new());
            Position::new(cursor.0, cursor.1)
        });
        terminal.process(&bytes);
    }
    assert!(
        terminal.screen().contents().starts_with("一二三四五六七八：新"),
        "{}",
        terminal.screen().contents()
    );
}
