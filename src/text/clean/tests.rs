use super::*;
use proptest::prelude::*;

#[track_caller]
fn check(clean: fn(&str) -> Cow<'_, str>, text: &str, expected: &str) {
    assert_eq!(clean(text), expected, "{text:?}");
    assert_eq!(clean(expected), expected, "{expected:?} a second time");
}

#[test]
fn removes_escape_sequences_as_a_whole() {
    let check = |text: &str, expected: &str| check(for_display, text, expected);
    check("张\x1b[31;1m三\x1b[0m", "张三");
    check("\x1b]52;c;cm0gLXJm\x07宠友会", "宠友会");
    check("\x1b]0;标题\x1b\\宠友会", "宠友会");
    check("\u{9d}0;title\u{9c}宠友会", "宠友会");
    check("a\u{9b}2Jb", "ab");
    check("a\x1bPq#0;2\x1b\\b\x1b_apc\x1b\\c\x1b^pm\x1b\\d\x1bXsos\x1b\\e", "abcde");
    check("a\x1b(Bb\x1b7c\x1bcd", "abcd");
    check("\x1b张\x1b", "张");
    // What never ends is shown, not swallowed.
    check("\x1b]0;团长小王", "0;团长小王");
    check("\x1b[31", "");
    check("\x1b[3张", "张");
}

#[test]
fn removes_what_cannot_be_seen() {
    let check = |text: &str, expected: &str| check(for_display, text, expected);
    check("", "");
    check("a\u{0}\u{8}\u{7f}\u{80}b", "ab");
    check("\u{202e}三张\u{202c} \u{2066}x\u{2069}\u{200e}\u{200f}\u{61c}", "三张 x");
    check("张\u{200b}\u{200c}\u{200d}\u{feff}\u{ad}\u{2060}三\u{3164}", "张三");
    check("忽略\u{e0041}\u{e007f}", "忽略");
    check("第一行\r\n第二行\t三\u{2028}四\r", "第一行 第二行 三 四 ");
    check("e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}x", "é\u{302}\u{303}\u{304}\u{305}x");
    check("z\u{335}\u{336}\u{337}\u{338}\u{335}\u{336}x", "z\u{335}\u{336}\u{337}\u{338}x");
}

#[test]
fn reduces_emoji_to_what_all_terminals_draw_alike() {
    let check = |text: &str, expected: &str| check(for_display, text, expected);
    check("👨‍👩‍👧‍👦一家", "👨一家");
    check("👩🏽‍⚕️李医生", "👩李医生");
    check("👍🏻👍🏿", "👍👍");
    check("❤️⚠️", "❤⚠");
    check("❤️‍🔥", "❤");
    check("🇨🇳队🇭🇰", "[CN]队[HK]");
    check("🇨", "[C]");
    check("1️⃣群", "1群");
    check("🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴");
    check("ｶﾞ", "ｶ゛");
    check("𠮷野家🎉", "𠮷野家🎉");
    // A joiner joins emoji only; it takes nothing else away.
    check("张\u{200d}三", "张三");
    check("👨\u{200d}张", "👨张");
    check("👨\n\u{200d}👩", "👨 👩");
}

#[test]
fn borrows_what_is_clean() {
    for text in ["", "VIP群A3", "宠友会（一群）", "café 🎉 “好”"] {
        assert!(matches!(for_display(text), Cow::Borrowed(_)), "{text}");
        assert!(matches!(for_clipboard(text), Cow::Borrowed(_)), "{text}");
        assert!(matches!(for_csv_cell(text), Cow::Borrowed(_)), "{text}");
    }
    assert!(matches!(for_clipboard("一\n二\n"), Cow::Borrowed("一\n二")));
    assert!(matches!(for_display_lines("一\n二"), Cow::Borrowed(_)));
}

#[test]
fn keeps_lines_where_asked() {
    let check = |text: &str, expected: &str| check(for_display_lines, text, expected);
    check("一\r\n二\r三\u{2029}四\n", "一\n二\n三\n四\n");
    check("\x1b[2J👨‍👩‍👧\t好\n", "👨 好\n");
}

#[test]
fn caps_the_length() {
    let long = "群".repeat(LINE_CHARS_MAX);
    assert_eq!(for_display(&long), long);
    let cut = for_display(&(long.clone() + "尾")).into_owned();
    assert_eq!(cut.chars().count(), LINE_CHARS_MAX);
    assert!(cut.ends_with("群.."));
    check(for_display, &cut, &cut);
    // A cluster is not split: the last one would not fit with its mark.
    let marked = "x\u{335}".repeat(LINE_CHARS_MAX);
    assert!(for_display(&marked).ends_with("x\u{335}.."));
    assert_eq!(width::width(&for_title(&long)), TITLE_COLUMNS_MAX);
    assert_eq!(for_title("qun\x07 3"), "qun 3");
    assert_eq!(for_display_lines(&"一\n".repeat(TEXT_CHARS_MAX)).chars().count(), TEXT_CHARS_MAX);
}

#[test]
fn the_clipboard_keeps_emoji_whole_and_hides_nothing() {
    let check = |text: &str, expected: &str| check(for_clipboard, text, expected);
    check("👨‍👩‍👧‍👦❤️👩🏽‍⚕️🇨🇳1️⃣", "👨‍👩‍👧‍👦❤️👩🏽‍⚕️🇨🇳1️⃣");
    check("🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿");
    check("葛\u{e0100}", "葛\u{e0100}");
    check("今晚开团\r\n九折\n\n", "今晚开团\n九折");
    check("\x1b]52;c;x\x07a\u{202e}b\tc\u{85}", "ab c");
    check("买\u{e0041}\u{200d}\u{200b}\u{fe0f}\u{fe0e}吧", "买\u{fe0f}吧");
    check("👨\t\u{200d}", "👨 ");
    check("\n", "");
}

#[test]
fn spreadsheets_see_no_formula() {
    for text in ["=1+1", "+86", "-5", "@SUM", "＝1", " =1", "\t=1", "\r\n=1", "\u{200b}=1", "\x1b[1m=1"] {
        let cell = for_csv_cell(text).into_owned();
        assert!(cell.starts_with('\''), "{text:?} became {cell:?}");
        check(for_csv_cell, text, &cell);
        assert!(from_csv_cell(&cell).trim_start().starts_with(['=', '+', '-', '@', '＝']), "{cell:?}");
    }
    let check = |text: &str, expected: &str| check(for_csv_cell, text, expected);
    check("张三=王五", "张三=王五");
    check("\t张三", " 张三");
    check("'你好'", "'你好'");
    assert_eq!(from_csv_cell("'你好'"), "'你好'");
}

#[test]
fn is_linear() {
    // Each of these would take minutes if every introducer looked for its end anew.
    for part in ["\x1b]", "\u{9d}", "\x1b[", "👨\u{200d}", "\u{301}", "🇨", "\x1bP\x07"] {
        let text = part.repeat(200_000);
        assert!(for_display(&text).chars().count() <= LINE_CHARS_MAX, "{part:?}");
        assert!(for_clipboard(&text).len() <= text.len());
    }
}

/// Text rich in everything that is cleaned, besides arbitrary text.
fn hostile() -> impl Strategy<Value = String> {
    let rich = "[\u{1b}\\[\\]\\\\;mP\u{7}\u{9b}-\u{9d}\u{90}\u{200b}-\u{200f}\u{202a}-\u{202e}\u{fe0e}\u{fe0f}\
                \u{301}\u{324}\u{335}\u{344}\u{958}\u{1d6}\u{1f3fb}-\u{1f3ff}\u{1f1e6}-\u{1f1ff}\u{1f468}\u{1f3f4}\u{e0061}-\u{e007f}❤⚕©\
                \u{20e3}\u{ff76}\u{ff9e}\u{1100}\u{1161}\u{11a8}\u{915}\u{94d}a1=张三吉\u{fa10} \t\r\n\u{2028}]{0,24}";
    prop_oneof![rich, any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn cleaning_twice_changes_nothing(text in hostile()) {
        let cleaners: [fn(&str) -> Cow<'_, str>; 5] =
            [for_display, for_display_lines, for_clipboard, for_csv_cell, for_title];
        for clean in cleaners {
            let once = clean(&text).into_owned();
            prop_assert_eq!(clean(&once).into_owned(), once.clone());
        }
    }

    #[test]
    fn nothing_forbidden_comes_through(text in hostile()) {
        prop_assert!(!for_display(&text).chars().any(is_forbidden));
        prop_assert!(!for_title(&text).chars().any(is_forbidden));
        prop_assert!(!for_display_lines(&text).chars().any(|c| c != '\n' && is_forbidden(c)));
        for clean in [for_clipboard, for_csv_cell] as [fn(&str) -> Cow<'_, str>; 2] {
            let cleaned = clean(&text).into_owned();
            let is_bidi = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!cleaned.chars().any(|c| c != '\n' && c.is_control() || is_bidi(c)));
            prop_assert!(!cleaned.ends_with('\n'));
        }
    }

    #[test]
    fn cleaned_text_has_one_width(text in hostile()) {
        let cleaned = for_display(&text);
        let sum: usize = cleaned.graphemes(true).map(width::width).sum();
        prop_assert_eq!(width::width(&cleaned), sum);
        let back: String = width::graphemes(&cleaned).map(|(cluster, _)| cluster).collect();
        prop_assert_eq!(back, cleaned.as_ref());
    }
}
