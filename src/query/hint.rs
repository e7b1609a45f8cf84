//! What was read literally and may have been meant otherwise: said beside a filter, never an error.

use super::key::{Key, ValueKind};
use super::number_value::is_numeral;
use super::value;
use super::when::names_a_day;
use crate::text::lang::Lang;
use crate::words;

/// Something in a filter that people write who mean something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hint {
    /// In characters from 0.
    pub at: usize,
    pub kind: HintKind,
}

/// What it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HintKind {
    /// A word between conditions that elsewhere joins them.
    Or(String),
    And(String),
    /// A word before a condition that elsewhere negates it.
    Not(String),
    /// `tag: 张三`: no tag, and the word.
    Apart {
        key: String,
        word: String,
    },
    /// `100.. 200`: from 100 on, and the word.
    Range {
        range: String,
        word: String,
    },
    /// An operator with a word before it that is no key; the nearest key.
    Sign {
        sign: String,
        near: Option<String>,
    },
    /// `消费 大于 500`: words that compare; how it is written.
    Compares {
        word: String,
        write: String,
    },
    /// `周一 到 周五`: a word between two ends; the range, and the key before it.
    Between {
        word: String,
        range: String,
        key: Option<String>,
    },
}

/// What compares in words, the longest first where one begins another, and the sign for it.
const COMPARES: [(&str, &str); 30] = [
    ("大于等于", ">="),
    ("大於等於", ">="),
    ("小于等于", "<="),
    ("小於等於", "<="),
    ("不小于", ">="),
    ("不小於", ">="),
    ("不少于", ">="),
    ("不少於", ">="),
    ("不低于", ">="),
    ("不低於", ">="),
    ("不大于", "<="),
    ("不大於", "<="),
    ("不超过", "<="),
    ("不超過", "<="),
    ("不高于", "<="),
    ("不高於", "<="),
    ("至少", ">="),
    ("至多", "<="),
    ("大于", ">"),
    ("大於", ">"),
    ("超过", ">"),
    ("超過", ">"),
    ("多于", ">"),
    ("多於", ">"),
    ("高于", ">"),
    ("小于", "<"),
    ("小於", "<"),
    ("少于", "<"),
    ("少於", "<"),
    ("低于", "<"),
];

/// What stands between two ends.
const BETWEEN: [char; 2] = ['到', '至'];

words! {
    enum Words {
        Or { word } => [
            "“{word}”在这里是要找的字; 任一条件即可请写 OR 或 |",
            "「{word}」在這裡是要找的字; 任一條件即可請寫 OR 或 |",
            "for either condition write OR: \"{word}\" is looked for as a word"
        ],
        And { word } => [
            "“{word}”在这里是要找的字; 条件之间空一格就是都要满足",
            "「{word}」在這裡是要找的字; 條件之間空一格就是都要滿足",
            "conditions side by side all hold: \"{word}\" is looked for as a word"
        ],
        Not { word } => [
            "“{word}”在这里是要找的字; 不要的条件前面写 -",
            "「{word}」在這裡是要找的字; 不要的條件前面寫 -",
            "to leave something out write - before it: \"{word}\" is looked for as a word"
        ],
        Apart { key, word } => [
            "要连写 {key}:{word}; 有空格是没有{key}、另找“{word}”",
            "要連寫 {key}:{word}; 有空格是沒有{key}、另找「{word}」",
            "write {key}:{word}; with a blank it is no {key}, and the word \"{word}\""
        ],
        Range { range, word } => [
            "两头之间要连写 {range}{word}; 有空格是另找“{word}”",
            "兩頭之間要連寫 {range}{word}; 有空格是另找「{word}」",
            "write {range}{word}; with a blank \"{word}\" is looked for as a word"
        ],
        Sign { sign } => [
            "“{sign}”前面的字不是筛选项, 这里都按字面找",
            "「{sign}」前面的字不是篩選項, 這裡都按字面找",
            "before \"{sign}\" stands no key, so all of it is looked for as it stands"
        ],
        Compares { word, write } => [
            "“{word}”在这里是要找的字; 比大小要写 {write}",
            "「{word}」在這裡是要找的字; 比大小要寫 {write}",
            "to compare write {write}: \"{word}\" is looked for as a word"
        ],
        Between { word, write } => [
            "“{word}”在这里是要找的字; 两头之间要写 {write}",
            "「{word}」在這裡是要找的字; 兩頭之間要寫 {write}",
            "for a range write {write}: \"{word}\" is looked for as a word"
        ],
        BetweenDays { word, write } => [
            "“{word}”在这里是要找的字; 日子从哪天到哪天要写明是什么的, 如 {write}",
            "「{word}」在這裡是要找的字; 日子從哪天到哪天要寫明是什麼的, 如 {write}",
            "for a range of days write of what, such as {write}: \"{word}\" is looked for as a word"
        ],
        Near { near } => ["; 是不是“{near}”?", "; 是不是「{near}」?", "; did you mean \"{near}\"?"],
    }
}

impl HintKind {
    /// Of a word that elsewhere joins or negates.
    pub(super) fn joiner(word: &str) -> Option<Self> {
        let kind = match word.to_ascii_lowercase().as_str() {
            "or" | "或者" | "或是" => Self::Or,
            "and" | "并且" | "並且" | "而且" | "以及" | "和" => Self::And,
            "not" | "不是" => Self::Not,
            _ => return None,
        };
        Some(kind(word.to_owned()))
    }

    /// Of a word that compares, or stands between two ends, with what was written before and behind it: by itself
    /// or glued to them.
    pub(super) fn of_words(before: &[&str], word: &str, behind: &str) -> Option<Self> {
        Self::compares(before, word, behind).or_else(|| Self::between(before, word, behind))
    }

    fn compares(before: &[&str], word: &str, behind: &str) -> Option<Self> {
        let found = COMPARES.iter().find_map(|(words, sign)| Some((word.find(words)?, words, sign)));
        let (at, words, sign) = found?;
        let key = word.get(..at).filter(|key| !key.is_empty()).or(before.last().copied())?;
        let value = word.get(at + words.len()..).filter(|value| !value.is_empty()).unwrap_or(behind);
        let counts = Key::parse(key).is_some_and(value::has_order) && value.starts_with(counted);
        let word = (*words).to_owned();
        counts.then(|| Self::Compares { word, write: format!("{key}{sign}{value}") })
    }

    fn between(before: &[&str], word: &str, behind: &str) -> Option<Self> {
        let (at, between) = word.char_indices().find(|(_, c)| BETWEEN.contains(c))?;
        let own = word.get(..at).filter(|from| !from.is_empty());
        let (from, before) = match (own, before) {
            (Some(from), before) => (from, before.last()),
            (None, [.., before, from]) => (*from, Some(before)),
            (None, [from]) => (*from, None),
            (None, []) => return None,
        };
        let to = word.get(at + between.len_utf8()..).filter(|to| !to.is_empty()).unwrap_or(behind);
        // `消费:100 到 500` has its key glued to it
        let glued = from.split_once([':', '=']).filter(|(key, _)| Key::parse(key).is_some());
        let (key, from) = glued.map_or((before.copied(), from), |(key, from)| (Some(key), from));
        let known = key.and_then(Key::parse).filter(|key| value::has_order(*key));
        let days = names_a_day(from) && names_a_day(to);
        let counts = from.starts_with(counted) && to.starts_with(counted);
        let fits = known.map_or(days, |known| {
            if matches!(known.kind(), ValueKind::Date | ValueKind::MonthDay) { days } else { counts }
        });
        let key = known.and(key).map(str::to_owned);
        fits.then(|| Self::Between { word: between.to_string(), range: format!("{from}..{to}"), key })
    }

    /// Whether it means something before the first condition.
    pub(super) const fn may_stand_first(&self) -> bool {
        matches!(self, Self::Not(_))
    }

    /// One sentence.
    pub(super) fn words(&self, lang: Lang) -> String {
        match self {
            Self::Or(word) => Words::Or.fill(lang, &[("word", word)]),
            Self::And(word) => Words::And.fill(lang, &[("word", word)]),
            Self::Not(word) => Words::Not.fill(lang, &[("word", word)]),
            Self::Apart { key, word } => Words::Apart.fill(lang, &[("key", key), ("word", word)]),
            Self::Range { range, word } => Words::Range.fill(lang, &[("range", range), ("word", word)]),
            Self::Compares { word, write } => Words::Compares.fill(lang, &[("word", word), ("write", write)]),
            Self::Between { word, range, key } => {
                let of = key.as_deref().unwrap_or(Key::Due.label(lang));
                let words = if key.is_some() { Words::Between } else { Words::BetweenDays };
                words.fill(lang, &[("word", word), ("write", &format!("{of}:{range}"))])
            }
            Self::Sign { sign, near } => {
                let near = near.as_ref().map(|near| Words::Near.fill(lang, &[("near", near)]));
                Words::Sign.fill(lang, &[("sign", sign)]) + &near.unwrap_or_default()
            }
        }
    }
}

/// Whether a number may begin so.
fn counted(c: char) -> bool {
    c.is_ascii_digit() || is_numeral(c)
}

#[cfg(test)]
pub(super) fn faults() -> Vec<String> {
    crate::text::lang::faults::<Words>()
}
