//! What was read literally and may have been meant otherwise: said beside a filter, never an error.

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
}

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
            Self::Sign { sign, near } => {
                let near = near.as_ref().map(|near| Words::Near.fill(lang, &[("near", near)]));
                Words::Sign.fill(lang, &[("sign", sign)]) + &near.unwrap_or_default()
            }
        }
    }
}

#[cfg(test)]
pub(super) fn faults() -> Vec<String> {
    crate::text::lang::faults::<Words>()
}
