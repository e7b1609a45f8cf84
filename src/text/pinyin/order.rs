//! Putting names into pinyin order, and their initials.
//!
//! Here every character has one reading, as it would be read aloud in a name: the most usual one, except in the
//! surnames and place names listed below. A surname is looked for only where a text looks like a person's name.

use pinyin::ToPinyin;

use crate::text::fold::fold;

/// Surnames that are not read as their character usually is, with the tone at the end. Rare ones that are common
/// words (黑 洗 种 折) are left out: nicknames begin with them far more often.
const SURNAMES: [(&str, &[&str]); 22] = [
    ("万俟", &["mo4", "qi2"]),
    ("长孙", &["zhang3", "sun1"]),
    ("尉迟", &["yu4", "chi2"]),
    ("单于", &["chan2", "yu2"]),
    ("曾", &["zeng1"]),
    ("单", &["shan4"]),
    ("仇", &["qiu2"]),
    ("解", &["xie4"]),
    ("区", &["ou1"]),
    ("朴", &["piao2"]),
    ("查", &["zha1"]),
    ("盖", &["ge3"]),
    ("翟", &["zhai2"]),
    ("任", &["ren2"]),
    ("华", &["hua4"]),
    ("宁", &["ning4"]),
    ("燕", &["yan1"]),
    ("缪", &["miao4"]),
    ("冼", &["xian3"]),
    ("乐", &["yue4"]),
    ("覃", &["qin2"]),
    ("葛", &["ge3"]),
];

/// Words of group names that are not read as their characters usually are.
const WORDS: [(&str, &[&str]); 12] = [
    ("重庆", &["chong2", "qing4"]),
    ("成都", &["cheng2", "du1"]),
    ("首都", &["shou3", "du1"]),
    ("厦门", &["xia4", "men2"]),
    ("长沙", &["chang2", "sha1"]),
    ("长春", &["chang2", "chun1"]),
    ("长城", &["chang2", "cheng2"]),
    ("长期", &["chang2", "qi1"]),
    ("音乐", &["yin1", "yue4"]),
    ("银行", &["yin2", "hang2"]),
    ("六安", &["lu4", "an1"]),
    ("蚌埠", &["beng4", "bu4"]),
];

/// Last characters by which a short text is a group or a shop and not a person.
const NOT_A_PERSON: &str = "群团店号班组区会部";

/// The first letters of a name: `zs` for 张三, `vipqa3` for "VIP群A3"; what has neither letter nor digit has none.
pub fn initials(name: &str) -> String {
    let mut out = String::new();
    for syllable in spell(&fold(name)) {
        match syllable {
            Syllable::Read(reading) => out.extend(reading.chars().next()),
            Syllable::Sign(c) => out.extend(Some(c).filter(|c| c.is_alphanumeric())),
        }
    }
    out
}

/// A name as it is spoken, without tones and blanks: `zhangsan` for 張三.
pub fn spoken(name: &str) -> String {
    let mut out = String::new();
    for syllable in spell(&fold(name)) {
        match syllable {
            Syllable::Read(reading) => out.push_str(reading.trim_end_matches(|c: char| c.is_ascii_digit())),
            Syllable::Sign(c) => out.extend(Some(c).filter(|c| c.is_alphanumeric())),
        }
    }
    out
}

/// A key that sorts names in pinyin order when compared byte by byte: by syllable, tone, then by characters.
///
/// Latin letters and Chinese syllables share one alphabet, digits come first, and numbers stand by their value: before
/// its digits a number has their count.
pub fn sort_key(name: &str) -> String {
    let folded = fold(name);
    let mut key = String::with_capacity(folded.len() * 4);
    let mut digits = String::new();
    for syllable in spell(&folded) {
        match syllable {
            Syllable::Sign(c) if c.is_ascii_digit() => {
                digits.push(c);
                continue;
            }
            _ => push_number(&mut key, &mut digits),
        }
        match syllable {
            // A blank ends a syllable, so that xi'an stands before xian.
            Syllable::Read(reading) => {
                key.push_str(&reading);
                key.push(' ');
            }
            Syllable::Sign(c) => key.push(c),
        }
    }
    push_number(&mut key, &mut digits);
    key.push('\u{1}');
    key.push_str(&folded);
    key
}

/// Puts a number behind a key so that fewer digits stand first; the count itself stands where digits do.
fn push_number(key: &mut String, digits: &mut String) {
    let value = digits.trim_start_matches('0');
    let value = if value.is_empty() && !digits.is_empty() { "0" } else { value };
    if let Some(more) = value.len().checked_sub(1) {
        key.push(char::from(b'0' + more.min(40) as u8));
        key.push_str(value);
    }
    digits.clear();
}

/// A character as it is spoken, or itself when it has no reading.
enum Syllable {
    /// Letters and the tone: `zhang1`.
    Read(String),
    Sign(char),
}

fn spell(folded: &str) -> Vec<Syllable> {
    let mut out = Vec::new();
    let mut rest = folded;
    if let Some((surname, spoken)) = surname(folded) {
        out.extend(spoken.iter().map(|reading| Syllable::Read((*reading).to_owned())));
        rest = rest.strip_prefix(surname).unwrap_or(rest);
    }
    while let Some(c) = rest.chars().next() {
        if let Some((word, spoken)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            out.extend(spoken.iter().map(|reading| Syllable::Read((*reading).to_owned())));
            rest = rest.strip_prefix(word).unwrap_or_default();
            continue;
        }
        out.push(match c.to_pinyin() {
            Some(reading) => Syllable::Read(reading.with_tone_num_end().replace('ü', "v").replace('ê', "e")),
            None => Syllable::Sign(c),
        });
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}

fn surname(folded: &str) -> Option<(&'static str, &'static [&'static str])> {
    let length = folded.chars().take(5).count();
    let looks_like_a_name = (2..=4).contains(&length)
        && folded.chars().all(|c| c.to_pinyin().is_some())
        && !folded.ends_with(|c| NOT_A_PERSON.contains(c))
        && !WORDS.iter().any(|(word, _)| folded.starts_with(word));
    let found = SURNAMES.iter().find(|(surname, _)| looks_like_a_name && folded.starts_with(surname));
    found.map(|&(surname, spoken)| (surname, spoken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks() {
        assert_eq!(spoken("張三"), "zhangsan");
        assert_eq!(spoken("曾小贤"), "zengxiaoxian");
        assert_eq!(spoken("VIP群 A3！"), "vipquna3");
    }

    #[test]
    fn takes_initials() {
        let check = |name: &str, expected: &str| assert_eq!(initials(name), expected, "{name}");
        check("", "");
        check("張三", "zs");
        check("VIP群A3", "vipqa3");
        check("Lily妈妈", "lilymm");
        check("曾小贤", "zxx");
        check("单雄信", "sxx");
        check("单品群", "dpq");
        check("洗衣液", "xyy");
        check("解晓东", "xxd");
        check("重庆老乡群", "cqlxq");
        check("吕布 🎉（一）", "lby");
        check("长孙无忌", "zswj");
        check("𠮷野家", "jyj");
    }

    #[test]
    fn orders_by_pinyin() {
        let mut names = [
            "张三",
            "安吉",
            "李四",
            "Lily妈妈",
            "西安",
            "先生",
            "曾小贤",
            "3班",
            "單雄信",
            "吕布",
            "陆逊",
            "张伟",
        ];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            [
                "3班",
                "安吉",
                "李四",
                "Lily妈妈",
                "陆逊",
                "吕布",
                "單雄信",
                "西安",
                "先生",
                "曾小贤",
                "张三",
                "张伟"
            ]
        );
        assert!(sort_key("张三") < sort_key("张三丰"));
        assert_ne!(sort_key("李丽"), sort_key("李莉"));
    }

    #[test]
    fn numbers_stand_by_their_value() {
        let right = [
            "3班",
            "12班",
            "团购1群",
            "团购02群",
            "团购2群",
            "团购10群",
            "团购10群2",
            "团购10群11",
            "团购群",
        ];
        let mut names = right;
        names.reverse();
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, right);
        assert!(sort_key("13800138000") < sort_key("a"));
        assert_ne!(sort_key("007"), sort_key("7"));
    }

    #[test]
    fn the_tables_have_a_reading_for_each_character() {
        for (word, spoken) in SURNAMES.iter().chain(&WORDS) {
            assert_eq!(word.chars().count(), spoken.len(), "{word}");
            assert_eq!(fold(word), *word);
        }
    }
}
