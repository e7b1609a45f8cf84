//! Holding a query against search keys.
//!
//! A query may begin at any character of a name. Each character of the name is consumed by itself, by one of its
//! readings in full, by its first letter or by `zh`, `ch`, `sh`; the last one by any beginning of a reading, since it
//! is still being typed. All the ways of reading a query go on side by side as bits of one number, so a match takes
//! time in proportion to the key, whatever the name and the query are.

use super::letters;
use crate::text::fold::fold;

/// The longest query that is compared, in bytes of its folded form; what is longer is cut.
const BYTES_MAX: usize = 120;

/// A query prepared for matching many search keys.
///
/// Case, script, width, blanks and apostrophes of the query do not matter. The empty query matches everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    /// The folded query, at most [`BYTES_MAX`] bytes so that positions fit the bits of a `u128`.
    text: String,
}

impl Needle {
    /// Prepares a query.
    pub fn new(query: &str) -> Self {
        let mut text = String::new();
        for c in letters(&fold(query)) {
            if text.len() + c.len_utf8() > BYTES_MAX {
                break;
            }
            text.push(c);
        }
        Self { text }
    }

    /// Whether the query matches everything.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether a key of [`super::search_key`] matches: literally, by full pinyin, by initials, or by any mix.
    pub fn matches(&self, key: &str) -> bool {
        let Some(first) = self.text.chars().next() else { return true };
        // Most keys of a large book end here: the first letter occurs nowhere in them.
        if !key.contains(first) {
            return false;
        }
        let needle = self.text.as_bytes();
        let first = needle.first().copied().unwrap_or_default();
        // Bit p is set when the first p bytes of the needle have been matched by the units before.
        let mut reached: u128 = 0;
        let mut rest = key.as_bytes();
        while let Some(unit) = Unit::read(rest) {
            rest = unit.rest;
            if reached == 0 && !unit.begins_with(first) {
                continue;
            }
            let mut next: u128 = 0;
            let mut open = reached | 1;
            while open != 0 {
                let at = open.trailing_zeros() as usize;
                open &= open - 1;
                match unit.consume(needle.get(at..).unwrap_or_default()) {
                    None => return true,
                    Some(lengths) => next |= lengths << at,
                }
            }
            reached = next;
        }
        false
    }
}

/// One character of a name within its key.
struct Unit<'a> {
    literal: &'a [u8],
    /// Readings between commas; empty for ASCII.
    readings: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Unit<'a> {
    fn read(key: &'a [u8]) -> Option<Self> {
        let lead = *key.first()?;
        let length = match lead {
            0..0x80 => {
                let (literal, rest) = key.split_at_checked(1)?;
                return Some(Self { literal, readings: &[], rest });
            }
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        let (literal, after) = key.split_at_checked(length)?;
        let end = after.iter().position(|&byte| byte == b';')?;
        let (readings, rest) = after.split_at_checked(end)?;
        Some(Self { literal, readings, rest: rest.get(1..)? })
    }

    /// Whether the character or one of its readings begins with a byte.
    fn begins_with(&self, byte: u8) -> bool {
        if self.literal.first() == Some(&byte) || self.readings.first() == Some(&byte) {
            return true;
        }
        self.readings.len() > 1 && self.readings.windows(2).any(|pair| pair == [b',', byte])
    }

    /// The lengths of the needle's beginning that this unit can stand for, as bits; `None` when it can stand for all
    /// that is left.
    fn consume(&self, needle: &[u8]) -> Option<u128> {
        let mut lengths: u128 = 0;
        if needle.starts_with(self.literal) {
            if needle.len() == self.literal.len() {
                return None;
            }
            lengths |= 1 << self.literal.len();
        }
        if self.readings.is_empty() {
            return Some(lengths);
        }
        for reading in self.readings.split(|&byte| byte == b',') {
            if reading.first() != needle.first() {
                continue;
            }
            if reading.starts_with(needle) {
                return None;
            }
            lengths |= 1 << 1;
            if needle.starts_with(reading) {
                lengths |= 1 << reading.len();
            }
            if matches!(reading, [b'z' | b'c' | b's', b'h', ..]) && needle.get(1) == Some(&b'h') {
                lengths |= 1 << 2;
            }
        }
        Some(lengths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::pinyin::search_key;
    use proptest::prelude::*;

    #[track_caller]
    fn check(name: &str, found_by: &[&str], not_by: &[&str]) {
        let key = search_key(name);
        for query in found_by {
            assert!(Needle::new(query).matches(&key), "{query:?} should find {name}");
        }
        for query in not_by {
            assert!(!Needle::new(query).matches(&key), "{query:?} should not find {name}");
        }
    }

    #[test]
    fn finds_a_name_by_every_way_of_typing_it() {
        check(
            "张三",
            &[
                "",
                " ",
                "张三",
                "張三",
                "张",
                "三",
                "zhangsan",
                "zhang",
                "zhangs",
                "zhangsa",
                "zs",
                "zsan",
                "zhs",
                "zhsan",
                "张san",
                "张s",
                "zhang三",
                "ZS",
                "ZhangSan",
                "zhang san",
                "ｚｓ",
                "san",
                "s",
                "z",
                "zh",
                "zhang'san",
                "zha",
            ],
            &[
                "zhangsi",
                "zhans",
                "sz",
                "hang",
                "an",
                "ang",
                "li",
                "张四",
                "zss",
                "sanz",
                "zhangsann",
                "三张",
            ],
        );
        check("張三", &["张三", "zs", "zhangsan"], &["李"]);
    }

    #[test]
    fn knows_every_reading_of_a_character() {
        check("曾小贤", &["zeng", "ceng", "zxx", "cxx", "zengxx"], &["dxx"]);
        check("单雄信", &["shan", "dan", "sxx", "dxx", "shxx"], &["tan"]);
        check("重庆老乡群", &["chongqing", "zhongqing", "cq", "cqlxq", "chqlx", "laoxiang", "lxq"], &["cp"]);
        check("仇和", &["qiu", "chou", "qh"], &[]);
        check("解晓东", &["xie", "jie", "xxd", "jxd", "xxdong"], &[]);
        check("吕布", &["lv", "lu", "lü", "LVBU", "lb", "lvb", "lub"], &["la"]);
        check("西安", &["xian", "xi'an", "xa"], &[]);
        check("𠮷野家", &["jyj", "jiye", "吉野"], &[]);
        check("女儿国", &["nv", "nver", "nvergu", "neg"], &[]);
    }

    #[test]
    fn finds_what_is_not_chinese_literally() {
        check("VIP群A3", &["vip", "VIP", "a3", "vipqun", "群a3", "qa3", "ipq", "ｖｉｐ"], &["a4", "vp"]);
        check("Lily妈妈", &["lily", "ily", "mm", "lilymm", "妈妈", "lymama"], &["llmm"]);
        check("阳光幼儿园 (3)班", &["ygyey", "(3)", "（3）", "(3)ban", "园(3", "yuan (3) ban"], &["4ban"]);
        check("13800138000", &["138", "8000"], &["139"]);
        check("Ms. O'Neil", &["oneil", "o'neil", "ms.o"], &[]);
        check("👨‍👩‍👧一家", &["yj", "👨"], &[]);
    }

    #[test]
    fn takes_no_longer_for_hostile_names() {
        // 得 reads de and dei: the ways to read dddd… double with every character unless they are merged.
        let key = search_key(&"得".repeat(2_000));
        assert!(!Needle::new(&("d".repeat(100) + "x")).matches(&key));
        let long = Needle::new(&"得".repeat(500));
        assert!(long.matches(&key));
        for broken in ["张", "张zhang", "\u{10ffff}", "é"] {
            assert!(!Needle::new("zs").matches(broken));
        }
    }

    proptest! {
        #[test]
        fn every_part_of_a_name_finds_it(name in "[\u{4e00}-\u{9fff}a-zA-Z0-9 张曾重吕（），🎉é]{1,10}", from in 0usize..10, length in 1usize..10) {
            let key = search_key(&name);
            let part: String = name.chars().skip(from).take(length).collect();
            prop_assert!(Needle::new(&part).matches(&key), "{} in {}", part, key);
        }

        #[test]
        fn anything_may_be_asked_of_anything(query in any::<String>(), name in any::<String>(), key in any::<String>()) {
            let needle = Needle::new(&query);
            let _ = needle.matches(&key);
            prop_assert!(Needle::new(&name).matches(&search_key(&name)));
        }
    }
}
