//! What single cells mean: cleaned text, phones, ids, tags, stage, gender, source.
//!
//! The rule everywhere: a value that is certain is taken, one that is certainly nothing ("无", "NULL") is nothing, and
//! anything else is named with its cell. No digit is ever guessed.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::book::Stage;
use crate::door::rows::{Gender, Problem};
use crate::text::clean::{is_invisible, one_line};
use crate::text::phone::{country, kept};

/// Longest id, characters.
const ID_MAX: usize = 128;

/// Fullwidth digits and signs in their plain form, trimmed.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfkc().collect::<String>().trim().to_owned())
}

/// Words that people and programs write for "nothing here".
pub(super) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 12
        && matches!(
            text.to_ascii_lowercase().as_str(),
            "" | "-"
                | "--"
                | "---"
                | "—"
                | "——"
                | "/"
                | "\\"
                | "\\n"
                | "无"
                | "無"
                | "暂无"
                | "没有"
                | "未知"
                | "未填"
                | "未填写"
                | "空"
                | "null"
                | "nil"
                | "none"
                | "n/a"
                | "na"
                | "nan"
                | "undefined"
        )
}

/// What a spreadsheet shows instead of a value, if this is that.
pub(super) fn spreadsheet_damage(text: &str) -> Option<Problem> {
    let text = text.trim();
    if text.len() >= 3 && text.bytes().all(|byte| byte == b'#') {
        return Some(Problem::FormulaError);
    }
    matches!(
        text,
        "#N/A" | "#NAME?" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NUM!" | "#NULL!" | "#SPILL!" | "#CALC!"
    )
    .then_some(Problem::FormulaError)
}

/// `1.38E+10`: a number whose digits a spreadsheet has dropped.
pub(super) fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    digits(whole) && digits(fraction) && digits(exponent) && whole.len() <= 3 && exponent.len() <= 3
}

/// Removes what keeps a spreadsheet from reading a long number as a number: `'138…`, a tab, `="138…"`.
pub(super) fn unguard(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_prefix("=\"").and_then(|inner| inner.strip_suffix('"')).unwrap_or(text);
    text.trim_start_matches(['\'', '‘', '’', '`', '\t']).trim()
}

/// The text of a name cell: a leading `'` goes only where it guards a formula.
pub(super) fn unguard_name(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) => rest,
        _ => text,
    }
}

/// An id as platforms give it.
pub(super) fn id(text: &str) -> Result<Option<String>, Problem> {
    let text = plain(unguard(text));
    if is_nothing(&text) {
        return Ok(None);
    }
    if let Some(damage) = spreadsheet_damage(&text) {
        return Err(damage);
    }
    if is_shortened(&text) {
        return Err(Problem::Shortened);
    }
    // A column of numbers that once went through a program that knows only fractions.
    let whole = text
        .strip_suffix(".0")
        .filter(|whole| whole.len() <= 15 && whole.bytes().all(|b| b.is_ascii_digit()));
    let cleaned = one_line(whole.unwrap_or(&text), ID_MAX + 1);
    match cleaned.chars().count() {
        0 => Ok(None),
        count if count > ID_MAX => Err(Problem::TooLong { limit: ID_MAX as u32 }),
        _ => Ok(Some(cleaned)),
    }
}

/// The phone numbers of a cell; several stand with `,` `、` `;` `/` or `|` between them.
pub(super) fn phones(text: &str) -> Result<Vec<String>, Problem> {
    let text = plain(unguard(text));
    if is_nothing(&text) {
        return Ok(Vec::new());
    }
    if let Some(damage) = spreadsheet_damage(&text) {
        return Err(damage);
    }
    let mut found = Vec::new();
    for part in text.split([',', '、', ';', '/', '|', '\n', '\u{3001}']) {
        let part = unguard(part);
        if !is_nothing(part)
            && let Some(number) = phone(part)?
            && !found.contains(&number)
        {
            found.push(number);
        }
    }
    Ok(found)
}

fn phone(text: &str) -> Result<Option<String>, Problem> {
    if is_shortened(text) {
        return Err(Problem::Shortened);
    }
    let text = text.strip_suffix(".0").unwrap_or(text);
    let mut written = String::with_capacity(text.len());
    let mut foreign = false;
    for c in text.chars() {
        match c {
            '0'..='9' => written.push(c),
            '+' if written.is_empty() => foreign = true,
            '*' | '＊' | '•' => return Err(Problem::MaskedPhone),
            '-' | '(' | ')' | '.' | '–' | '‐' | '‑' => {}
            _ if c.is_whitespace() || c.is_control() || is_invisible(c) => {}
            _ => return Err(Problem::NotAPhone),
        }
    }
    let (digits, foreign) = country(&written, foreign);
    match digits.len() {
        0 if text.is_empty() => Ok(None),
        // numbers of five digits are services, and those of a town begin with another digit
        6..=10 | 12..=13 if !foreign && digits.starts_with('1') => Err(Problem::OddMobile),
        5..=15 => Ok(Some(kept(digits, foreign))),
        _ => Err(Problem::NotAPhone),
    }
}

/// Splits a list of labels on `,` `，` `、` `;` `；` and line breaks; each label once, in order.
pub(super) fn labels(text: &str, max: usize, into: &mut Vec<String>) -> bool {
    let mut cut = false;
    for part in text.split([',', '，', '、', ';', '；', '\n', '\r']) {
        let label = one_line(part, max + 1);
        let (label, was_cut) = cut_to(label, max);
        cut |= was_cut;
        if !is_nothing(&label) && !into.contains(&label) {
            into.push(label);
        }
    }
    cut
}

/// The text with at most `max` characters, and whether something was cut off.
pub(super) fn cut_to(mut text: String, max: usize) -> (String, bool) {
    match text.char_indices().nth(max) {
        Some((end, _)) => {
            let end = text.get(..end).map_or(end, |kept| kept.trim_end().len());
            text.truncate(end);
            (text, true)
        }
        None => (text, false),
    }
}

/// The stage of a cell: our words and those of LinkWechat's sales stages.
pub(super) fn stage(text: &str) -> Result<Option<Stage>, Problem> {
    let text = plain(text);
    if is_nothing(&text) {
        return Ok(None);
    }
    if let Some(stage) = Stage::parse(&text) {
        return Ok(Some(stage));
    }
    Ok(Some(match text.as_ref() {
        "待跟进" | "潜在" | "潜在客户" | "意向" | "意向客户" | "线索客户" | "潛在客戶" | "意向客戶" => {
            Stage::Lead
        }
        "新客户" | "新好友" | "新客戶" => Stage::New,
        "跟进中" | "活跃客户" | "跟進中" | "活躍客戶" => Stage::Active,
        "已成交" | "成交客户" | "已赢单" | "老客户" | "客户" | "已購買" | "已购买" | "成交客戶" => {
            Stage::Customer
        }
        "复购客户" | "已复购" | "回头客" | "復購客戶" => Stage::Repeat,
        "沉默客户" | "沉睡" | "沉睡客户" | "沉默客戶" => Stage::Silent,
        "已流失" | "流失客户" | "已输单" | "流失客戶" => Stage::Lost,
        _ => return Err(Problem::UnknownStage),
    }))
}

/// Male, female or unknown; WeCom writes 1, 2 and 0.
pub(super) fn gender(text: &str) -> Result<Option<Gender>, Problem> {
    let text = plain(text);
    Ok(match text.to_lowercase().as_str() {
        "1" | "男" | "男性" | "男士" | "先生" | "m" | "male" | "男生" => Some(Gender::Male),
        "2" | "女" | "女性" | "女士" | "小姐" | "f" | "female" | "女生" => Some(Gender::Female),
        "0" | "保密" | "未定义" | "unknown" | "其他" => None,
        word if is_nothing(word) => None,
        _ => return Err(Problem::UnknownGender),
    })
}

/// How they came, where the cell holds WeCom's `add_way` number; other texts stay as they are.
///
/// The numbers are those of WeCom's interface for external contacts (`add_way` of `follow_user`), 2024.
pub(super) fn add_way(number: &str) -> Option<&'static str> {
    Some(match number {
        "0" => "未知来源",
        "1" => "扫描二维码",
        "2" => "搜索手机号",
        "3" => "名片分享",
        "4" => "群聊",
        "5" => "手机通讯录",
        "6" => "微信联系人",
        "7" => "好友申请",
        "8" => "第三方应用客服",
        "9" => "搜索邮箱",
        "10" => "视频号主页",
        "11" => "日程参与人",
        "12" => "会议参与人",
        "13" => "微信好友对应的企业微信",
        "14" => "智慧硬件客服",
        "16" => "获客链接",
        "201" => "内部成员共享",
        "202" => "管理员分配",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cleaned_of_what_moves_a_cursor() {
        for (dirty, clean) in [
            ("  小雨妈\t", "小雨妈"),
            ("小\u{202E}雨\u{200B}", "小雨"),
            ("a\u{1b}[31mb", "ab"),
            ("两行\r\n名字", "两行 名字"),
            ("👩‍👧‍👦妈❤️", "👩‍👧‍👦妈❤️"),
            ("\u{0}\u{7}", ""),
            ("一二三四五六", "一二三四五"),
        ] {
            let max = if dirty.starts_with('一') { 5 } else { 50 };
            assert_eq!(one_line(dirty, max), clean, "{dirty:?}");
        }
    }

    #[track_caller]
    fn check_phone(text: &str, expected: Result<&[&str], Problem>) {
        assert_eq!(
            phones(text),
            expected.map(|list| list.iter().map(|s| (*s).to_owned()).collect()),
            "{text:?}"
        );
    }

    #[test]
    fn phones_are_taken_or_named_never_guessed() {
        for same in [
            "13800138000",
            "\t13800138000",
            "'13800138000",
            "138 0013 8000",
            "+86 138-0013-8000",
            "１３８００１３８０００",
            "8613800138000",
            "0086-13800138000",
            "13800138000.0",
            "=\"13800138000\"",
        ] {
            check_phone(same, Ok(&["13800138000"]));
        }
        check_phone("0571-88886666", Ok(&["057188886666"]));
        check_phone("+852 9123 4567", Ok(&["+85291234567"]));
        check_phone("13800138000、13900139000/13800138000", Ok(&["13800138000", "13900139000"]));
        for nothing in ["", " ", "无", "-", "NULL", "—"] {
            check_phone(nothing, Ok(&[]));
        }
        for shortened in ["1.38E+10", "1.38001E+10", "1.38e10", "'1.38E+10", "1E+10"] {
            check_phone(shortened, Err(Problem::Shortened));
        }
        check_phone("138****8000", Err(Problem::MaskedPhone));
        check_phone("#######", Err(Problem::FormulaError));
        check_phone("微信同号", Err(Problem::NotAPhone));
        for odd in ["1390000", "1380013800", "138001380001"] {
            check_phone(odd, Err(Problem::OddMobile));
        }
        check_phone("10086", Ok(&["10086"]));
        check_phone("88886666", Ok(&["88886666"]));
        check_phone("123", Err(Problem::NotAPhone));
    }

    #[test]
    fn ids_lose_their_guard_and_nothing_else() {
        assert_eq!(id("'1234567890123456789").unwrap().as_deref(), Some("1234567890123456789"));
        assert_eq!(id("\twmAbC_-1E5").unwrap().as_deref(), Some("wmAbC_-1E5"));
        assert_eq!(id("12345678.0").unwrap().as_deref(), Some("12345678"));
        assert_eq!(id("无"), Ok(None));
        assert_eq!(id("1.23457E+17"), Err(Problem::Shortened));
        assert_eq!(id(&"a".repeat(129)), Err(Problem::TooLong { limit: 128 }));
    }

    #[test]
    fn guards_of_formulas_go_and_quotes_of_names_stay() {
        assert_eq!(unguard_name("'=小明"), "=小明");
        assert_eq!(unguard_name("'小明'"), "'小明'");
    }

    #[test]
    fn labels_split_on_every_list_mark() {
        let mut tags = Vec::new();
        assert!(!labels("宝妈，VIP、老客;宝妈；二胎,,无", 40, &mut tags));
        assert_eq!(tags, ["宝妈", "VIP", "老客", "二胎"]);
    }

    #[test]
    fn closed_words_are_known_or_named() {
        assert_eq!(stage("成交"), Ok(Some(Stage::Customer)));
        assert_eq!(stage("Lead"), Ok(Some(Stage::Lead)));
        assert_eq!(stage("已流失"), Ok(Some(Stage::Lost)));
        assert_eq!(stage("随便"), Err(Problem::UnknownStage));
        assert_eq!(gender("2"), Ok(Some(Gender::Female)));
        assert_eq!(gender("0"), Ok(None));
        assert_eq!(gender("？？"), Err(Problem::UnknownGender));
    }
}
