//! What can be wrong with a filter, said with its place and a way out.
//!
//! One file because each mistake and its sentence in every language are one table.

use std::fmt;

use crate::book::view::Listed;
use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::words;

use super::key::{Key, SubjectKind, ValueKind};

/// A filter that cannot be read, or not used where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct QueryError {
    /// Where it begins, in characters of the text as typed, from 1.
    pub column: usize,
    /// How many characters are wrong; at least 1, also at the end of the text.
    pub length: usize,
    pub kind: QueryErrorKind,
    /// The nearest word that would be right there.
    pub nearest: Option<String>,
    /// The key it stands behind, as it was typed; empty where there is none.
    pub typed: String,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryErrorKind {
    UnknownKey(String),
    /// A word that the key's closed set does not have.
    UnknownWord {
        key: Key,
        word: String,
    },
    /// A word that is no date.
    Date(String),
    /// An hour or minute that no day has.
    Clock(String),
    /// A day that no month has.
    Day(String),
    /// A span that says neither 前 nor 后.
    Direction(String),
    Number {
        key: Key,
        word: String,
    },
    Money {
        key: Key,
        word: String,
    },
    /// No length of time, or one without its unit.
    Span {
        key: Key,
        word: String,
    },
    /// Shorter than four characters, or with characters that no id has.
    Id(String),
    /// `key:` with nothing after it, where empty means nothing.
    NeedsValue(Key),
    /// `key:(a OR b)`: several values are written with commas.
    Bracketed(Key),
    /// Nothing between two commas, or between quotes.
    EmptyItem,
    /// `<` or `>` with a key that has no order.
    NoOrder(Key),
    /// More of them than [`MAX_PATTERNS`](super::MAX_PATTERNS).
    TooManyRegexes,
    /// `<` or `>` with more than one value.
    OneValue(Key),
    /// A range whose end lies before its beginning.
    Backwards,
    UnclosedQuote,
    UnclosedParenthesis,
    StrayParenthesis,
    /// An operator with nothing to work on, or `()`.
    NeedsCondition,
    /// What stands between slashes is no regular expression, or one that asks too much.
    Regex,
    /// A slash at the beginning of a word and none at its end.
    UnclosedRegex,
    /// More characters than [`MAX_CHARS`](super::MAX_CHARS).
    TooLong,
    /// More parentheses in each other than [`MAX_DEPTH`](super::MAX_DEPTH).
    TooDeep,
    /// `@` with no name behind it.
    NeedsView,
    /// No view has that name.
    UnknownView(String),
    /// It is a page that filters nothing; a command has the same.
    ViewIsPage {
        word: String,
        command: &'static str,
    },
    /// A view speaks of one that is not there.
    ViewNamesUnknown {
        view: String,
        word: String,
    },
    /// A view leads back to itself, by these names.
    ViewCycle(Vec<String>),
    /// A view's own filter has a mistake.
    ViewBroken {
        view: String,
        mistake: Box<QueryError>,
    },
    /// A view, where a filter must say everything itself: in playbooks and rules.
    ViewHere(String),
    /// No view of the store, where everybody's rules speak of it: in playbooks and rules.
    ViewNotShared(String),
    /// A view of other rows, which says nothing of rows of this kind.
    ViewOfOthers {
        word: String,
        lists: Listed,
        kind: SubjectKind,
    },
    /// A key that rows of this kind do not have.
    NotHere {
        key: Key,
        kind: SubjectKind,
    },
    /// `ask:` outside a playbook's `if`.
    AskOutside,
    /// A word of the key's set that rows of this kind never have.
    NeverHere {
        key: Key,
        word: String,
        kind: SubjectKind,
    },
}

words! {
    enum Words {
        UnknownKey { word } => ["没有“{word}”这个筛选项", "沒有「{word}」這個篩選項", "there is no key \"{word}\""],
        UnknownWord { key, word } => ["“{key}”没有“{word}”这个值", "「{key}」沒有「{word}」這個值", "{key} is never \"{word}\""],
        Date { word } => ["看不懂日期“{word}”", "看不懂日期「{word}」", "\"{word}\" is no date"],
        Clock { word } => ["没有“{word}”这个时间", "沒有「{word}」這個時間", "there is no time \"{word}\""],
        Day { word } => ["没有“{word}”这一天", "沒有「{word}」這一天", "there is no day \"{word}\""],
        Direction { word } => [
            "“{word}”要说明是之前还是之后: {word}前, {word}后",
            "「{word}」要說明是之前還是之後: {word}前, {word}後",
            "\"{word}\" needs a direction: -{word} or +{word}",
        ],
        Number { key, word } => ["“{key}”要写整数, 不是“{word}”", "「{key}」要寫整數, 不是「{word}」", "{key} takes a whole number, not \"{word}\""],
        Money { key, word } => ["“{key}”要写金额 (元), 不是“{word}”", "「{key}」要寫金額 (元), 不是「{word}」", "{key} takes yuan, not \"{word}\""],
        Span { key, word } => [
            "“{key}”要写时长和单位, 如 30分 2h 3天, 不是“{word}”",
            "「{key}」要寫時長和單位, 如 30分 2h 3天, 不是「{word}」",
            "{key} takes a length with its unit, as 30m, 2h or 3d, not \"{word}\"",
        ],
        Id { word } => ["“{word}”不是编号: 写全, 或末尾 4 位以上", "「{word}」不是編號: 寫全, 或末尾 4 位以上", "\"{word}\" is no id: write all of it or its last 4 or more characters"],
        NeedsValue { key } => ["“{key}”后面要写值", "「{key}」後面要寫值", "{key} needs a value"],
        Bracketed { key } => [
            "“{key}”的几个值用逗号, 不用括号: {key}:甲,乙",
            "「{key}」的幾個值用逗號, 不用括號: {key}:甲,乙",
            "several values of {key} are written with commas, not in parentheses: {key}:a,b",
        ],
        EmptyItem => ["这里少一个值", "這裡少一個值", "a value is missing here"],
        NoOrder { key } => ["“{key}”不能比大小, 用冒号", "「{key}」不能比大小, 用冒號", "{key} cannot be compared; use a colon"],
        Backwards => ["范围的结尾在开头之前", "範圍的結尾在開頭之前", "this range ends before it begins"],
        UnclosedQuote => ["引号没有结束", "引號沒有結束", "this quote is not closed"],
        UnclosedParenthesis => ["括号没有结束", "括號沒有結束", "this parenthesis is not closed"],
        StrayParenthesis => ["多了一个右括号", "多了一個右括號", "there is no open parenthesis to close"],
        NeedsCondition => ["这里少一个条件", "這裡少一個條件", "a condition is missing here"],
        Regex => [
            "这不是正则表达式，或太大; 括号要成对，* + ? 前面要有字",
            "這不是正規表示式，或太大; 括號要成對，* + ? 前面要有字",
            "this is no regular expression, or too large a one; brackets come in pairs, * + ? stand behind something",
        ],
        UnclosedRegex => [
            "正则表达式以 / 结束，如 /鸡蛋|牛奶/; 要找斜杠本身请加引号",
            "正規表示式以 / 結束，如 /雞蛋|牛奶/; 要找斜線本身請加引號",
            "a regular expression ends with a slash, as /eggs|milk/; to find a slash put it in quotes",
        ],
        TooManyRegexes { max } => [
            "一个筛选最多 {max} 个正则表达式", "一個篩選最多 {max} 個正規表示式", "a filter has at most {max} regular expressions",
        ],
        OneValue { key } => [
            "“{key}”只能和一个值比大小: 数字里不写逗号", "「{key}」只能和一個值比大小: 數字裡不寫逗號",
            "{key} is compared with one value: no comma within a number",
        ],
        TooLong { max } => ["筛选条件太长, 最多 {max} 字", "篩選條件太長, 最多 {max} 字", "a filter has at most {max} characters"],
        TooDeep { max } => ["括号套得太深, 最多 {max} 层", "括號套得太深, 最多 {max} 層", "at most {max} parentheses in each other"],
        NotHere { key, kind } => ["{kind}没有“{key}”", "{kind}沒有「{key}」", "{kind} have no {key}"],
        AskOutside => ["“ask:”只能写在 SOP 步骤的 if 和 who 里", "「ask:」只能寫在 SOP 步驟的 if 和 who 裡", "ask: stands in a playbook's if and who only"],
        NeverHere { key, word, kind } => ["{kind}的“{key}”没有“{word}”", "{kind}的「{key}」沒有「{word}」", "{key} of {kind} is never \"{word}\""],
        NeedsView => [
            "@ 后面写视图名; 要找 @ 本身请加引号", "@ 後面寫視圖名; 要找 @ 本身請加引號",
            "@ takes the name of a view; to find an @ put it in quotes"
        ],
        UnknownView { word } => [
            "没有叫“{word}”的视图; 要找 @ 本身请加引号",
            "沒有叫「{word}」的視圖; 要找 @ 本身請加引號",
            "there is no view \"{word}\"; to find an @ put it in quotes"
        ],
        ViewIsPage { word, command } => [
            "“{word}”是一页, 不筛什么; 命令行用 {command}", "「{word}」是一頁, 不篩什麼; 命令列用 {command}",
            "\"{word}\" is a page and filters nothing; on the command line it is {command}"
        ],
        ViewNamesUnknown { view, word } => [
            "视图“{view}”里的 @{word} 不存在", "視圖「{view}」裡的 @{word} 不存在", "the view \"{view}\" speaks of @{word}, which is not there"
        ],
        ViewCycle { path } => [
            "视图绕回了自己: {path}", "視圖繞回了自己: {path}", "this view leads back to itself: {path}"
        ],
        ViewBroken { view, why } => [
            "视图“{view}”的筛选有错: {why}", "視圖「{view}」的篩選有錯: {why}", "the filter of the view \"{view}\" is wrong: {why}"
        ],
        ViewHere { word } => [
            "@{word} 只能用在列表里: 视图会变, 这里请写出条件",
            "@{word} 只能用在清單裡: 視圖會變, 這裡請寫出條件",
            "@{word} can stand in lists only: views change, so write its conditions out here"
        ],
        ViewNotShared { word } => [
            "店里没有共享的视图“{word}”; 自己的视图不能用在这里",
            "店裡沒有共享的視圖「{word}」; 自己的視圖不能用在這裡",
            "the store has no shared view \"{word}\"; a view of one's own cannot stand here"
        ],
        ViewOfOthers { word, lists, kind } => [
            "“{word}”是{lists}的视图, 筛不了{kind}", "「{word}」是{lists}的視圖, 篩不了{kind}",
            "\"{word}\" is a view of {lists} and says nothing of {kind}"
        ],
        Nearest { word } => ["; 是不是“{word}”?", "; 是不是「{word}」?", "; did you mean \"{word}\"?"],
        Keys { words } => ["筛选项: {words}", "篩選項: {words}", "keys: {words}"],
        Values { words } => ["可以写: {words}", "可以寫: {words}", "it can be: {words}"],
        Tasks => ["待办", "待辦", "tasks"],
        Members => ["成员", "成員", "members"],
        Groups => ["群", "群", "groups"],
        Accounts => ["账号", "帳號", "accounts"],
        Playbooks => ["SOP", "SOP", "playbooks"],
    }
}

impl QueryError {
    /// One sentence without its place: what is wrong and the nearest right word.
    pub fn message(&self, lang: Lang) -> String {
        use QueryErrorKind as Kind;
        let kind_words = |kind: SubjectKind| {
            match kind {
                SubjectKind::Task => Words::Tasks,
                SubjectKind::Member => Words::Members,
                SubjectKind::Group => Words::Groups,
                SubjectKind::Account => Words::Accounts,
            }
            .text(lang)
        };
        let word = |message: Words, word: &String| message.fill(lang, &[("word", word)]);
        // nobody knows again what was translated for them
        let said = |key: Key| if self.typed.is_empty() { key.label(lang) } else { self.typed.as_str() };
        let key = |message: Words, key: Key| message.fill(lang, &[("key", &said(key))]);
        let key_word = |message: Words, key: Key, word: &String| {
            message.fill(lang, &[("key", &said(key)), ("word", word)])
        };
        let mut text = match &self.kind {
            Kind::UnknownKey(w) => word(Words::UnknownKey, w),
            Kind::UnknownWord { key, word } => key_word(Words::UnknownWord, *key, word),
            Kind::Date(w) => word(Words::Date, w),
            Kind::Clock(w) => word(Words::Clock, w),
            Kind::Day(w) => word(Words::Day, w),
            Kind::Direction(w) => word(Words::Direction, w),
            Kind::Number { key, word } => key_word(Words::Number, *key, word),
            Kind::Money { key, word } => key_word(Words::Money, *key, word),
            Kind::Span { key, word } => key_word(Words::Span, *key, word),
            Kind::Id(w) => word(Words::Id, w),
            Kind::NeedsValue(k) => key(Words::NeedsValue, *k),
            Kind::Bracketed(k) => key(Words::Bracketed, *k),
            Kind::EmptyItem => Words::EmptyItem.text(lang).to_owned(),
            Kind::NoOrder(k) => key(Words::NoOrder, *k),
            Kind::Backwards => Words::Backwards.text(lang).to_owned(),
            Kind::UnclosedQuote => Words::UnclosedQuote.text(lang).to_owned(),
            Kind::UnclosedParenthesis => Words::UnclosedParenthesis.text(lang).to_owned(),
            Kind::StrayParenthesis => Words::StrayParenthesis.text(lang).to_owned(),
            Kind::NeedsCondition => Words::NeedsCondition.text(lang).to_owned(),
            Kind::Regex => Words::Regex.text(lang).to_owned(),
            Kind::UnclosedRegex => Words::UnclosedRegex.text(lang).to_owned(),
            Kind::TooManyRegexes => Words::TooManyRegexes.fill(lang, &[("max", &super::MAX_PATTERNS)]),
            Kind::OneValue(k) => key(Words::OneValue, *k),
            Kind::TooLong => Words::TooLong.fill(lang, &[("max", &super::MAX_CHARS)]),
            Kind::TooDeep => Words::TooDeep.fill(lang, &[("max", &super::MAX_DEPTH)]),
            Kind::NeedsView => Words::NeedsView.text(lang).to_owned(),
            Kind::UnknownView(w) => word(Words::UnknownView, w),
            Kind::ViewIsPage { word, command } => {
                Words::ViewIsPage.fill(lang, &[("word", word), ("command", command)])
            }
            Kind::ViewNamesUnknown { view, word } => {
                Words::ViewNamesUnknown.fill(lang, &[("view", view), ("word", word)])
            }
            Kind::ViewCycle(path) => Words::ViewCycle.fill(lang, &[("path", &path.join(" > "))]),
            Kind::ViewBroken { view, mistake } => {
                Words::ViewBroken.fill(lang, &[("view", view), ("why", &mistake.message(lang))])
            }
            Kind::ViewHere(w) => word(Words::ViewHere, w),
            Kind::ViewNotShared(w) => word(Words::ViewNotShared, w),
            Kind::NotHere { key, kind } => {
                Words::NotHere.fill(lang, &[("key", &key.label(lang)), ("kind", &kind_words(*kind))])
            }
            Kind::ViewOfOthers { word, lists, kind } => {
                let of = match lists {
                    Listed::Tasks => Words::Tasks,
                    Listed::Members => Words::Members,
                    Listed::Groups => Words::Groups,
                    Listed::Accounts => Words::Accounts,
                    Listed::Playbooks => Words::Playbooks,
                };
                let values: [(&str, &dyn fmt::Display); 3] =
                    [("word", word), ("lists", &of.text(lang)), ("kind", &kind_words(*kind))];
                Words::ViewOfOthers.fill(lang, &values)
            }
            Kind::AskOutside => Words::AskOutside.text(lang).to_owned(),
            Kind::NeverHere { key, word, kind } => Words::NeverHere
                .fill(lang, &[("key", &key.label(lang)), ("word", word), ("kind", &kind_words(*kind))]),
        };
        if let Some(nearest) = &self.nearest_in(lang) {
            text.push_str(&Words::Nearest.fill(lang, &[("word", nearest)]));
        }
        text
    }
}

impl QueryError {
    /// The nearest right word, in the script of a language: who reads traditional characters is not offered
    /// simplified ones.
    pub fn nearest_in(&self, lang: Lang) -> Option<String> {
        let nearest = self.nearest.as_deref()?;
        let labels = |label: &dyn Fn(Lang) -> &'static str| {
            let other = match lang {
                Lang::En => false,
                Lang::ZhCn => label(Lang::ZhTw) == nearest,
                // what folding changes is written in traditional characters already
                Lang::ZhTw => !nearest.is_ascii() && fold(nearest) == nearest,
            };
            other.then(|| label(lang).to_owned())
        };
        let other = match &self.kind {
            QueryErrorKind::UnknownKey(_) => {
                Key::parse(nearest).and_then(|key| labels(&|lang| key.label(lang)))
            }
            QueryErrorKind::UnknownWord { key, .. } => {
                let set = match key.kind() {
                    ValueKind::Words(set) => set,
                    _ => super::closed::Set::Flag,
                };
                set.parse(nearest).and_then(|word| labels(&|lang| set.label(word, lang)))
            }
            QueryErrorKind::Date(_) => {
                let written = super::date_value::in_script(nearest, lang);
                (written != nearest).then_some(written)
            }
            _ => None,
        };
        other.or_else(|| self.nearest.clone())
    }

    /// What could stand there instead: every key, or every word of the key's set; none where anything could.
    pub fn choices(&self, lang: Lang) -> Option<String> {
        let both = |word: &str, label: &str| {
            if word == label { word.to_owned() } else { format!("{word} {label}") }
        };
        let (message, words) = match &self.kind {
            QueryErrorKind::UnknownKey(_) => (
                Words::Keys,
                Key::ALL.iter().map(|key| both(key.word(), key.label(lang))).collect::<Vec<_>>(),
            ),
            QueryErrorKind::UnknownWord { key, .. } => {
                let ValueKind::Words(set) = key.kind() else { return None };
                (
                    Words::Values,
                    set.words().into_iter().map(|word| both(word, set.label(word, lang))).collect(),
                )
            }
            _ => return None,
        };
        Some(message.fill(lang, &[("words", &words.join(", "))]))
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.message(Lang::En))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_sentence() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
    }

    #[test]
    fn the_nearest_is_written_as_its_reader_writes() {
        let check = |text: &str, lang: Lang, nearest: &str| {
            let error = crate::query::parse(text).unwrap_err();
            assert_eq!(error.nearest_in(lang).as_deref(), Some(nearest), "{text}");
            assert!(error.message(lang).contains(nearest), "{text}");
        };
        check("階段:複购x", Lang::ZhTw, "復購");
        check("平台:企业微信x", Lang::ZhTw, "企微");
        check("平台:企业微信x", Lang::ZhCn, "企业微信");
        check("状态:已过期x", Lang::ZhTw, "已過期");
        check("狀态x:due", Lang::ZhTw, "狀態");
        check("due:下洲", Lang::ZhTw, "下週");
        check("due:下洲", Lang::ZhCn, "下周");
        check("stauts:due", Lang::ZhTw, "state");
    }

    #[test]
    fn sentences_name_word_and_way_out() {
        let error = QueryError {
            column: 3,
            length: 5,
            kind: QueryErrorKind::UnknownKey("stauts".to_owned()),
            nearest: Some("state".to_owned()),
            typed: String::new(),
        };
        assert_eq!(error.to_string(), "column 3: there is no key \"stauts\"; did you mean \"state\"?");
        assert_eq!(error.message(Lang::ZhCn), "没有“stauts”这个筛选项; 是不是“state”?");
    }
}
