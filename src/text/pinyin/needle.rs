//! Holding a query against search keys.
//!
//! A query may begin at any character of a name. Each character of the name is consumed by itself, by one of its
//! readings in full, by its first letter or by `zh`, `ch`, `sh`; the last one by any beginning of a reading, since it
//! is still being typed. All the ways of reading a query go on side by side as bits of one number, so a match takes
//! time in proportion to the key, whatever the name and the query are.

use super::{END, OR, letters, shown};

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
        for c in letters(&shown(query)) {
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
        // What a query can begin with is a capital in a key, so most keys of a large book are left here.
        let first = first.to_ascii_uppercase();
        let mut from = 0;
        while let Some(found) = key.get(from..).and_then(|rest| rest.find(first)) {
            match self.matches_at(key.as_bytes(), unit_start(key.as_bytes(), from + found)) {
                Walk::Matched => return true,
                // Not at a character's end: the key is none of ours.
                Walk::Stopped(end) if end <= from => return false,
                Walk::Stopped(end) => from = end,
            }
        }
        false
    }

    /// Walks the key from one of its units, for as long as some beginning of the query is matched.
    fn matches_at(&self, key: &[u8], start: usize) -> Walk {
        let needle = self.text.as_bytes();
        let mut at = start;
        // Bit p is set when the first p bytes of the query have been matched by the units before.
        let mut reached: u128 = 0;
        while let Some(unit) = key.get(at..).and_then(Unit::read) {
            at += unit.length;
            let mut next: u128 = 0;
            let mut open = reached | 1;
            while open != 0 {
                let position = open.trailing_zeros() as usize;
                open &= open - 1;
                match unit.consume(needle.get(position..).unwrap_or_default()) {
                    None => return Walk::Matched,
                    Some(lengths) => next |= lengths << position,
                }
            }
            if next == 0 {
                return Walk::Stopped(at);
            }
            reached = next;
        }
        Walk::Stopped(key.len())
    }
}

enum Walk {
    Matched,
    /// Nothing is matched up to this byte of the key, where a unit ends.
    Stopped(usize),
}

/// The first byte of the unit that holds a hit: the hit itself, or the character whose reading it begins.
fn unit_start(key: &[u8], hit: usize) -> usize {
    let before = |at: usize| at.checked_sub(1).and_then(|at| key.get(at)).copied().unwrap_or_default();
    if before(hit) < 0x80 && char::from(before(hit)) != OR || key.get(hit).is_none_or(|&byte| byte >= 0x80) {
        return hit;
    }
    let mut start = hit;
    while start > 0 && before(start) < 0x80 {
        start -= 1;
    }
    while start > 0 && before(start) & 0xc0 == 0x80 {
        start -= 1;
    }
    start.saturating_sub(1)
}

/// One character of a name within its key.
struct Unit<'a> {
    literal: &'a [u8],
    /// Readings with [`OR`] between them; empty for ASCII.
    readings: &'a [u8],
    /// Bytes in the key, with [`END`].
    length: usize,
}

impl<'a> Unit<'a> {
    fn read(key: &'a [u8]) -> Option<Self> {
        let length = match *key.first()? {
            0..0x80 => return Some(Self { literal: key.get(..1)?, readings: &[], length: 1 }),
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        let (literal, after) = key.split_at_checked(length)?;
        let end = after.iter().position(|&byte| char::from(byte) == END)?;
        Some(Self { literal, readings: after.get(..end)?, length: length + end + 1 })
    }

    /// The lengths of the needle's beginning that this unit can stand for, as bits; `None` when it can stand for all
    /// that is left.
    fn consume(&self, needle: &[u8]) -> Option<u128> {
        let mut lengths: u128 = 0;
        if begins_with(needle, self.literal) {
            if needle.len() == self.literal.len() {
                return None;
            }
            lengths |= 1 << self.literal.len();
        }
        if self.readings.is_empty() || needle.first().is_none_or(|&byte| byte >= 0x80) {
            return Some(lengths);
        }
        for reading in self.readings.split(|&byte| char::from(byte) == OR) {
            if begins_with(reading, needle) {
                return None;
            }
            let Some((initial, _)) = reading.split_first() else { continue };
            if !needle.first().is_some_and(|byte| byte.eq_ignore_ascii_case(initial)) {
                continue;
            }
            lengths |= 1 << 1;
            if begins_with(needle, reading) {
                lengths |= 1 << reading.len();
            }
            if matches!(reading, [b'Z' | b'C' | b'S', b'h', ..]) && needle.get(1) == Some(&b'h') {
                lengths |= 1 << 2;
            }
        }
        Some(lengths)
    }
}

fn begins_with(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
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
