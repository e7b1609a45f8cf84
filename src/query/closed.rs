//! The closed sets of words that values come from.
//!
//! The sets of the book (states, stages, platforms …) are used as they are declared there; the facts and things that
//! only filters speak of are declared here. An unknown word of a closed set is an error, never an empty list.

use crate::book::{Class, Platform, Stage, TaskState, Via};
use crate::text::fold::fold;
use crate::text::lang::Lang;

/// A closed set of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// States of tasks and of groups; no word is in both.
    State,
    Via,
    Class,
    Stage,
    Platform,
    Fact,
    Thing,
    /// Yes and no.
    Flag,
}

macro_rules! own_words {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$vmeta:meta])* $value:ident = $word:literal, $zh:literal, $tw:literal $(, [$($alias:literal),*])?;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $value),+ }

        impl $name {
            /// Every value, in the order shown to people.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// The ASCII word.
            pub const fn word(self) -> &'static str { match self { $(Self::$value => $word),+ } }

            /// The word shown in a language.
            pub const fn label(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$value, Lang::ZhCn) => $zh, (Self::$value, Lang::ZhTw) => $tw,
                      (Self::$value, Lang::En) => $word),+
                }
            }

            /// Every spelling people may type for this value.
            pub const fn spellings(self) -> &'static [&'static str] {
                match self { $(Self::$value => &[$word, $zh, $tw $($(, $alias)*)?]),+ }
            }

            /// Finds a value by any of its spellings; ASCII letters in any case.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied()
                    .find(|value| value.spellings().iter().any(|s| s.eq_ignore_ascii_case(text)))
            }
        }
    };
}

own_words! {
    /// A fact about a task that is not its state.
    Fact {
        /// Its text cannot be rendered or it has no account.
        Blocked = "blocked", "不可发", "不可發", ["阻塞"];
        /// Held by a rule: look-alike, limited account, correction.
        Held = "held", "搁置", "擱置", ["按住"];
        /// Its text has been copied.
        Copied = "copied", "已复制", "已複製", ["复制"];
        /// Past its time and still owed.
        Late = "late", "晚了", "晚了", ["逾期", "overdue"];
        /// Assigned to or claimed by whoever asks.
        Mine = "mine", "我的", "我的";
        /// Assigned to or claimed by somebody.
        Claimed = "claimed", "处理中", "處理中", ["已认领", "已認領"];
        /// Assigned to and claimed by nobody.
        Unclaimed = "unclaimed", "无人", "無人", ["未认领", "未認領", "没人"];
        /// Ended by whoever asks.
        ByMe = "by-me", "我做的", "我做的";
        /// Not seen by anybody yet.
        Unseen = "unseen", "未看", "未看", ["新"];
        /// Sent privately within two days, and the target has not replied since.
        Awaiting = "awaiting", "等回复", "等回覆";
        /// A follow-up on somebody whose reply nobody has answered.
        ToAnswer = "to-answer", "待回", "待回";
    }
}

own_words! {
    /// Something a task or its target has.
    Thing {
        /// Bought and not picked up.
        Unpicked = "unpicked", "未提货", "未提貨";
        Note = "note", "备注", "備註";
        Phone = "phone", "手机", "手機", ["电话", "電話"];
        Birthday = "birthday", "生日", "生日";
        Alias = "alias", "别名", "別名";
        /// A contact in state friend on any account.
        Friend = "friend", "好友", "好友";
        /// Its playbooks wait: it was paused.
        Pause = "pause", "停发", "停發", ["暂停", "暫停", "paused"];
        Image = "image", "图片", "圖片";
        File = "file", "文件", "檔案";
        Link = "link", "链接", "連結";
        Mention = "mention", "提醒人", "提醒人", ["@"];
        Jielong = "jielong", "接龙", "接龍";
        /// Its text has something to be filled in.
        Variable = "var", "变量", "變數", ["變量", "variable"];
        /// The step has answers to choose from.
        Answers = "answers", "选项", "選項";
    }
}

impl Thing {
    /// True for what a member has; the rest is of tasks only.
    pub const fn is_of_members(self) -> bool {
        matches!(
            self,
            Self::Unpicked
                | Self::Note
                | Self::Phone
                | Self::Birthday
                | Self::Alias
                | Self::Friend
                | Self::Pause
        )
    }

    /// True for what a group has.
    pub const fn is_of_groups(self) -> bool {
        matches!(self, Self::Note | Self::Pause)
    }
}

own_words! {
    /// What can be done in a group at the moment.
    GroupWord {
        Live = "live", "正常", "正常";
        Frozen = "frozen", "冻结", "凍結", ["禁言"];
        Full = "full", "已满", "已滿", ["满", "滿"];
        Dissolved = "dissolved", "已解散", "已解散", ["解散"];
        Merged = "merged", "已合并", "已合併", ["合并", "合併"];
    }
}

own_words! {
    /// Yes and no.
    Flag {
        Yes = "yes", "是", "是", ["true", "1", "y", "有"];
        No = "no", "否", "否", ["false", "0", "n", "不", "无", "無"];
    }
}

macro_rules! each_set {
    ($set:expr, $name:ident => $body:expr) => {
        match $set {
            Set::State => {
                let task: Vec<_> = {
                    type $name = TaskState;
                    $body
                };
                let group: Vec<_> = {
                    type $name = GroupWord;
                    $body
                };
                task.into_iter().chain(group).collect()
            }
            Set::Via => {
                type $name = Via;
                $body
            }
            Set::Class => {
                type $name = Class;
                $body
            }
            Set::Stage => {
                type $name = Stage;
                $body
            }
            Set::Platform => {
                type $name = Platform;
                $body
            }
            Set::Fact => {
                type $name = Fact;
                $body
            }
            Set::Thing => {
                type $name = Thing;
                $body
            }
            Set::Flag => {
                type $name = Flag;
                $body
            }
        }
    };
}

impl Set {
    /// The ASCII words, in the order shown to people.
    pub fn words(self) -> Vec<&'static str> {
        each_set!(self, W => W::ALL.iter().map(|v| v.word()).collect())
    }

    /// Every spelling of every word.
    pub fn spellings(self) -> Vec<&'static str> {
        each_set!(self, W => W::ALL.iter().flat_map(|v| v.spellings().iter().copied()).collect())
    }

    /// The ASCII word for any spelling of it; simplified and traditional are one, as in names.
    pub fn parse(self, text: &str) -> Option<&'static str> {
        let folded = || {
            let text = fold(text.trim());
            self.spellings().into_iter().find(|spelling| fold(spelling) == text)
        };
        self.parse_as_written(text).or_else(|| self.parse_as_written(folded()?))
    }

    fn parse_as_written(self, text: &str) -> Option<&'static str> {
        match self {
            Self::State => TaskState::parse(text)
                .map(TaskState::word)
                .or_else(|| GroupWord::parse(text).map(GroupWord::word)),
            Self::Via => Via::parse(text).map(Via::word),
            Self::Class => Class::parse(text).map(Class::word),
            Self::Stage => Stage::parse(text).map(Stage::word),
            Self::Platform => Platform::parse(text).map(Platform::word),
            Self::Fact => Fact::parse(text).map(Fact::word),
            Self::Thing => Thing::parse(text).map(Thing::word),
            Self::Flag => Flag::parse(text).map(Flag::word),
        }
    }

    /// The label of a word of the set; the word itself when it is none.
    pub fn label(self, word: &'static str, lang: Lang) -> &'static str {
        let labels: Vec<(&str, &str)> =
            each_set!(self, W => W::ALL.iter().map(|v| (v.word(), v.label(lang))).collect());
        labels.into_iter().find(|(w, _)| *w == word).map_or(word, |(_, label)| label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    const SETS: [Set; 8] =
        [Set::State, Set::Via, Set::Class, Set::Stage, Set::Platform, Set::Fact, Set::Thing, Set::Flag];

    #[test]
    fn every_spelling_means_one_word_of_its_set() {
        for set in SETS {
            let mut meaning: HashMap<String, &str> = HashMap::new();
            for spelling in set.spellings() {
                let word = set.parse(spelling).unwrap();
                assert!(set.words().contains(&word));
                let before = meaning.insert(spelling.to_ascii_lowercase(), word);
                assert!(before.is_none_or(|b| b == word), "{spelling}");
                let before = meaning.insert(fold(spelling), word);
                assert!(before.is_none_or(|b| b == word), "{spelling} folded");
                assert_eq!(set.parse(&fold(spelling)), Some(word), "{spelling}");
            }
            for word in set.words() {
                assert_eq!(set.parse(word), Some(word));
                for lang in [Lang::ZhCn, Lang::ZhTw, Lang::En] {
                    assert_eq!(set.parse(set.label(word, lang)), Some(word));
                }
            }
            assert_eq!(set.parse("没有这个词"), None);
        }
    }

    #[test]
    fn a_word_is_known_in_either_script() {
        let check = |set: Set, text: &str, word: &str| assert_eq!(set.parse(text), Some(word), "{text}");
        check(Set::Platform, "企業微信", "wecom");
        check(Set::Platform, "視頻號", "channels");
        check(Set::Class, "營銷", "marketing");
        check(Set::Via, "發布", "post");
        check(Set::Thing, "鏈接", "link");
    }
}
