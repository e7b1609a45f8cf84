//! Making texts comparable that a reader takes for the same: script, case and width folded away.
//!
//! 張三 and 张三, 羣 and 群, ＡＢＣ and abc are the same to whoever searches. Folding is compatibility normalisation
//! (NFKC), lower case, and traditional to simplified Chinese, character by character: search compares what is
//! folded on both sides, so it does not matter that one traditional character may have two simplified ones.
//!
//! The second half maps what a Chinese input method types where a key or an operator was meant.
//!
//! Limits: words that differ between regions (軟件, 軟體) stay different; a folded text is for comparing only.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

use super::clean::is_invisible;

/// Pairs of a traditional and a simplified character; see the head of the file for origin and licence.
const PAIRS: &str = include_str!("t2s.txt");

/// Variants in people's names that the pairs do not have.
const MORE_PAIRS: &str = "𠮷吉髙高﨑崎妳你牠它著着";

/// The code points that stand in an array: the basic block of Chinese characters and extension A.
const DIRECT: std::ops::RangeInclusive<u32> = 0x3400..=0x9fff;

/// Folds a text for comparison: NFKC, lower case, traditional to simplified, invisible characters removed.
///
/// Folding twice changes nothing more.
pub fn fold(text: &str) -> String {
    let table = table();
    if text.chars().all(|c| direct_form(c).is_some()) {
        return text.chars().filter_map(direct_form).map(|c| table.simplified(c)).collect();
    }
    let visible = text.chars().filter(|&c| !is_invisible(c));
    // Lower case can undo the normal form (İ), so the text is normalised on both sides of it.
    let lower = visible.nfkc().flat_map(char::to_lowercase).nfkc();
    lower.map(|c| table.simplified(c)).collect()
}

/// The lower-case normal form of a character that is common in names and joins no other: ASCII, Chinese characters and
/// punctuation, fullwidth ASCII, emoji. Normalising whole texts takes seven times as long.
fn direct_form(c: char) -> Option<char> {
    match c {
        '\0'..='\u{7f}' => Some(c.to_ascii_lowercase()),
        '\u{3001}'..='\u{3029}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{2a6df}' => Some(c),
        '\u{ff01}'..='\u{ff5e}' => Some(normalise_char(c).to_ascii_lowercase()),
        _ => None,
    }
}

/// Maps what an input method types for ASCII: fullwidth letters, digits and signs, the ideographic space, and
/// `、。【】《》“”‘’￥¥`.
///
/// For operators, keys of filters and commands; names keep the characters they have.
pub fn normalise_input(text: &str) -> String {
    text.chars().map(normalise_char).collect()
}

/// Maps one pressed key as [`normalise_input`] does, and also the signs that stand on a key of their own in a
/// Chinese layout: `—` for `_`, `…` for `^`, `·` for the backtick.
pub fn normalise_key(c: char) -> char {
    match c {
        '—' => '_',
        '…' => '^',
        '·' => '`',
        _ => normalise_char(c),
    }
}

fn normalise_char(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '、' => '/',
        '。' => '.',
        '【' => '[',
        '】' => ']',
        '《' => '<',
        '》' => '>',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '￥' | '¥' => '$',
        _ => c,
    }
}

/// Simplified forms: an array over the common blocks, where 0 means the same, and a sorted list for the rest.
struct Table {
    direct: Vec<u16>,
    others: Vec<(char, char)>,
}

/// In `direct`: the form does not fit 16 bits and stands among `others`.
const ELSEWHERE: u16 = u16::MAX;

impl Table {
    fn simplified(&self, c: char) -> char {
        let code = u32::from(c);
        if code < *DIRECT.start() {
            return c;
        }
        match self.direct.get((code - DIRECT.start()) as usize) {
            Some(0) => c,
            Some(&form) if form != ELSEWHERE => char::from_u32(u32::from(form)).unwrap_or(c),
            _ => match self.others.binary_search_by_key(&c, |&(from, _)| from) {
                Ok(at) => self.others.get(at).map_or(c, |&(_, to)| to),
                Err(_) => c,
            },
        }
    }
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table =
            Table { direct: vec![0; (DIRECT.end() - DIRECT.start() + 1) as usize], others: Vec::new() };
        let lines = PAIRS.lines().filter(|line| !line.starts_with('#')).chain([MORE_PAIRS]);
        for line in lines {
            let mut chars = line.chars();
            while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
                let place = u32::from(from).checked_sub(*DIRECT.start());
                let direct = place.and_then(|place| table.direct.get_mut(place as usize));
                match (direct, u16::try_from(u32::from(to))) {
                    (Some(form), Ok(to)) => *form = to,
                    (Some(form), Err(_)) => {
                        *form = ELSEWHERE;
                        table.others.push((from, to));
                    }
                    (None, _) => table.others.push((from, to)),
                }
            }
        }
        table.others.sort_unstable();
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_script_case_and_width() {
        let check = |text: &str, expected: &str| assert_eq!(fold(text), expected, "{text:?}");
        check("", "");
        check("張三", "张三");
        check("张三", "张三");
        check("寵友羣", "宠友群");
        check("頭髮發乾麵裡裏喫臺", "头发发干面里里吃台");
        check("鄭曾單仇解", "郑曾单仇解");
        check("𠮷野家", "吉野家");
        check("ＡＢＣ１２３", "abc123");
        check("VIP 羣Ａ３（一）", "vip 群a3(一)");
        check("Ｌｉｌｙ妈妈👨\u{200d}👩❤\u{fe0f}", "lily妈妈👨👩❤");
        check("e\u{301}", "é");
        check("ｶﾞ①㎏", "ガ1kg");
        check("\u{f9d4}", "伦");
    }

    #[test]
    fn the_table_is_complete_and_final() {
        let pairs: Vec<char> =
            PAIRS.lines().filter(|line| !line.starts_with('#')).flat_map(str::chars).collect();
        assert_eq!(pairs.len() % 2, 0);
        assert!(pairs.len() / 2 > 4_000, "{}", pairs.len());
        for pair in pairs.chunks(2) {
            assert_eq!(fold(&pair[0].to_string()), pair[1].to_string());
            assert_eq!(fold(&pair[1].to_string()), pair[1].to_string());
        }
    }

    #[test]
    fn maps_what_an_input_method_types() {
        let check = |text: &str, expected: &str| assert_eq!(normalise_input(text), expected, "{text:?}");
        check("ｓｔａｔｅ：ｄｕｅ　＞＝５００", "state:due >=500");
        check("、。；【】《》“”￥¥？！（）", "/.;[]<>\"\"$$?!()");
        check("张三·买买提", "张三·买买提");
        assert_eq!(normalise_key('—'), '_');
        assert_eq!(normalise_key('：'), ':');
        assert_eq!(normalise_key('ｊ'), 'j');
        assert_eq!(normalise_key('群'), '群');
        for c in '\u{ff01}'..='\u{ff5e}' {
            assert!(normalise_key(c).is_ascii_graphic(), "{c}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn short_cuts_agree_with_the_full_rule(
            text in "[\0-\u{7f}\u{3001}-\u{3029}\u{3400}-\u{9fff}\u{ff01}-\u{ff5e}\u{1f300}-\u{1faff}\u{20000}-\u{2a6df}]{0,8}",
        ) {
            // A joiner forces the long way round.
            prop_assert_eq!(fold(&text), fold(&format!("{text}\u{200d}")));
        }
    }
}
