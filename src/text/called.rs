//! 称呼: how a text addresses somebody.
//!
//! A remark was typed by us and is trusted as it is. A nickname is what its owner advertises with: emoji, `A00` to
//! stand first in lists, a trade and a phone number behind a bar. What is left after taking these off is used if
//! it is a name at all; a polite "您好" is better than "AAA建材".

/// What is said where no name can be.
const NOBODY: &str = "您好";

/// The longest nickname that is used: longer ones are sentences.
const CHARS_MAX: usize = 12;

/// Where an advertisement begins behind a name.
const TAILS: &[char] = &[
    '|', '｜', '丨', '/', '／', '\\', '—', '–', '~', '～', '·', '•', '【', '[', '（', '(', '《', '@', '＠',
    '#', '＃', ',', '，', '：', ':', '+', '＋', '_',
];

/// The form of address: remark, else cleaned nickname, else 您好.
pub fn called(remark: &str, nickname: &str) -> String {
    let remark = remark.trim();
    if !remark.is_empty() {
        return remark.to_owned();
    }
    let name = address(nickname);
    if name.is_empty() { NOBODY.to_owned() } else { name }
}

/// A nickname without emoji, list tricks and advertisement; empty where no name is left.
pub fn address(nickname: &str) -> String {
    // a digit on a key stays a digit
    let nickname = nickname.replace("\u{fe0f}\u{20e3}", "").replace('\u{20e3}', "");
    let plain: String =
        nickname.chars().map(|c| if is_letter(c) || TAILS.contains(&c) { c } else { ' ' }).collect();
    let name = plain
        .split(TAILS)
        .map(|part| in_front(part.trim()))
        .find(|part| !part.is_empty())
        .unwrap_or_default();
    let name = in_front(&without_number(&name));
    let words: Vec<&str> = name.split_whitespace().collect();
    // Chinese names are one word, what follows is a trade; Latin names may have two.
    let name = match words.as_slice() {
        [first, ..] if !first.is_ascii() => (*first).to_owned(),
        _ => words.join(" "),
    };
    let has_letter = name.chars().any(char::is_alphabetic);
    if has_letter && name.chars().count() <= CHARS_MAX { name } else { String::new() }
}

/// Letters, digits and what stands inside names; emoji, symbols and invisible characters are not.
fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() && !matches!(u32::from(c), 0x2460..=0x24FF | 0x1F100..=0x1F2FF))
        || matches!(c, ' ' | '-' | '\'' | '.')
}

/// What a number in front counts: a house, a floor, a class. It tells the person apart and stays.
const COUNTED: &str = "栋棟幢座楼樓层層号號单單室户戶弄巷街区區院里组組队隊班年级級届屆期月日岁歲";

/// Takes off what only serves to stand first in a list: `A0`, `AAA`, `000`, `a-`; never a part of a number.
fn in_front(part: &str) -> String {
    let rest = part.trim_start_matches(['A', 'a', '0', '1', '-', '.', ' ']);
    let taken = part.strip_suffix(rest).unwrap_or_default();
    let next = rest.chars().next();
    // "Anna" and "Amy 王" begin with an A that belongs to them
    let latin = next.is_some_and(|c| c.is_ascii_alphabetic());
    let digits = taken.len() - taken.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    // 00后 and 10后 are when somebody was born
    let counts =
        next.is_some_and(|c| digits > 0 && COUNTED.contains(c) || digits == 2 && matches!(c, '后' | '後'));
    let number = next.is_some_and(|c| c.is_ascii_digit());
    if taken.is_empty() || latin || counts || number { part.to_owned() } else { rest.to_owned() }
}

/// Takes off a phone number and what comes after it.
fn without_number(name: &str) -> String {
    let mut digits = 0;
    for (at, c) in name.char_indices() {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        if digits == 5 {
            return name.get(..at + 1 - digits).unwrap_or_default().trim().to_owned();
        }
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(remark: &str, nickname: &str, expected: &str) {
        assert_eq!(called(remark, nickname), expected, "{remark} / {nickname}");
    }

    #[test]
    fn a_remark_is_trusted() {
        check("3栋张姐🌸", "AAA代购", "3栋张姐🌸");
        check("  ", "小雨", "小雨");
    }

    #[test]
    fn nicknames_lose_what_is_no_name() {
        check("", "🌸小雨妈妈🌸", "小雨妈妈");
        check("", "小雨妈妈｜专注育儿", "小雨妈妈");
        check("", "A000王姐 母婴代购 13800138000", "王姐");
        check("", "AAA建材李哥13912345678", "建材李哥");
        check("", "【团长】阿珍", "团长");
        check("", "Amy 王", "Amy 王");
        check("", "Anna", "Anna");
        check("", "张\u{200d}三\u{fe0f}", "张");
        check("", "ⓐⓑ小雨", "小雨");
        check("", "1️⃣王姐", "王姐");
        check("", "A13800138000 王姐", "您好");
    }

    #[test]
    fn a_number_that_tells_them_apart_stays_whole() {
        for nickname in [
            "12栋陈姐",
            "A12栋周",
            "11楼小李",
            "1栋李",
            "101班李妈",
            "12-301王姐",
            "1号楼王姐",
            "2单元小李",
            "10组阿珍",
            "00后小王",
            "10後小王",
            "A00后小王",
            "90后小王",
            "85后奶爸",
        ] {
            check("", nickname, nickname);
        }
        check("", "1️⃣2️⃣栋吴", "12栋吴");
        check("", "A000后勤小李", "后勤小李");
    }

    #[test]
    fn what_leaves_no_name_is_greeted_politely() {
        for nickname in
            ["", "🌸🌸", "000", "...", "13800138000", "一个很长很长的完全不像名字的句子昵称", "。"]
        {
            check("", nickname, "您好");
        }
    }

    proptest! {
        #[test]
        fn nobody_is_called_by_nothing(nickname in "\\PC{0,30}") {
            let name = called("", &nickname);
            prop_assert!(!name.trim().is_empty() && name.chars().count() <= CHARS_MAX);
        }
    }
}
