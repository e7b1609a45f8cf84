//! What is wrong in a file of the user's: where, and in which words.

use std::fmt::Display;

use toml::de::{DeTable, DeValue};

use crate::text::lang::Lang;
use crate::text::near;
use crate::text::place::line_and_column;

crate::words! {
    /// What can be wrong.
    pub enum Wrong {
        Syntax { why } => ["TOML 写法不对: {why}", "TOML 寫法不對: {why}", "this is no TOML: {why}"],
        Unreadable { why } => ["读不了: {why}", "讀不了: {why}", "cannot be read: {why}"],
        UnknownKey { key, expected } => [
            "没有“{key}”这个键; 有 {expected}", "沒有「{key}」這個鍵; 有 {expected}", "there is no key \"{key}\"; there are {expected}",
        ],
        UnknownKeyNear { key, near } => [
            "没有“{key}”这个键; 是 {near} 吗?", "沒有「{key}」這個鍵; 是 {near} 嗎?", "there is no key \"{key}\"; did you mean {near}?",
        ],
        NotAWord { key, value, expected } => [
            "{key} 不能是“{value}”; 可用 {expected}", "{key} 不能是「{value}」; 可用 {expected}",
            "{key} cannot be \"{value}\"; it takes {expected}",
        ],
        NotAColour { role, value } => [
            "{role}: “{value}”不是颜色; 写 #rrggbb 或 red, lightblue 这样的名字",
            "{role}: 「{value}」不是顏色; 寫 #rrggbb 或 red, lightblue 這樣的名字",
            "{role}: \"{value}\" is no colour; write #rrggbb or a name like red, lightblue",
        ],
        NoTheme { value, expected } => [
            "没有“{value}”这个主题; 有 {expected}", "沒有「{value}」這個主題; 有 {expected}",
            "there is no theme \"{value}\"; there are {expected}",
        ],
        NoKey { key } => [
            "“{key}”不是按键; 写 j, ctrl-d, f2, space, \"g g\" 这样的", "「{key}」不是按鍵; 寫 j, ctrl-d, f2, space, \"g g\" 這樣的",
            "\"{key}\" is no key; write j, ctrl-d, f2, space, \"g g\"",
        ],
        NoAction { value } => [
            "没有“{value}”这个动作; qun keys 列出全部", "沒有「{value}」這個動作; qun keys 列出全部",
            "there is no action \"{value}\"; qun keys lists them",
        ],
        NoActionNear { value, near } => [
            "没有“{value}”这个动作; 是 {near} 吗? qun keys 列出全部", "沒有「{value}」這個動作; 是 {near} 嗎? qun keys 列出全部",
            "there is no action \"{value}\"; did you mean {near}? qun keys lists them",
        ],
        Clash { key, line } => [
            "{key} 与第 {line} 行冲突", "{key} 與第 {line} 行衝突", "{key} clashes with line {line}",
        ],
        ActsAlone { key, first, action } => [
            "{key} 按不到: {first} 自己就是 {action}; 先写 \"{first}\" = \"none\"",
            "{key} 按不到: {first} 自己就是 {action}; 先寫 \"{first}\" = \"none\"",
            "{key} is out of reach: {first} by itself is {action}; write \"{first}\" = \"none\" first",
        ],
        BeginsChord { key, chord, action, written } => [
            "{key} 是 {chord} ({action}) 的开头; 先写 \"{written}\" = \"none\"",
            "{key} 是 {chord} ({action}) 的開頭; 先寫 \"{written}\" = \"none\"",
            "{key} begins {chord}, which is {action}; write \"{written}\" = \"none\" first",
        ],
        NoBase { value, expected } => [
            "inherits: 没有“{value}”这个主题; 有 {expected}", "inherits: 沒有「{value}」這個主題; 有 {expected}",
            "inherits: there is no theme \"{value}\"; there are {expected}",
        ],
        BaseCycle { path } => [
            "inherits: 绕回了自己: {path}", "inherits: 繞回了自己: {path}", "inherits leads back to itself: {path}",
        ],
        NoView { value, expected } => [
            "没有“{value}”这个视图; 有 {expected}", "沒有「{value}」這個視圖; 有 {expected}",
            "there is no view \"{value}\"; there are {expected}",
        ],
        /// Of a view of the user's own: its file has its own words.
        OwnView { words } => ["{words}", "{words}", "{words}"],
        OnATail { key, action } => [
            "{key} 是方向键等转义序列的尾巴, 断开时会当成按键; {action} 会改数据, 换一个键",
            "{key} 是方向鍵等轉義序列的尾巴, 斷開時會當成按鍵; {action} 會改資料, 換一個鍵",
            "{key} ends escape sequences and arrives alone when one is split; {action} writes: use another key",
        ],
        BeginsEscapes { key, action } => [
            "{key} 是方向键等转义序列的开头, 断开时会当成按键; {action} 会改数据, 换一个键",
            "{key} 是方向鍵等轉義序列的開頭, 斷開時會當成按鍵; {action} 會改資料, 換一個鍵",
            "{key} begins escape sequences and arrives alone when one is split; {action} writes: use another key",
        ],
        LikeAlt { key, action } => [
            "{key} 与先按 Esc 再按字母分不开; {action} 会改数据, 换一个键", "{key} 與先按 Esc 再按字母分不開; {action} 會改資料, 換一個鍵",
            "{key} looks like Esc and a letter; {action} writes: use another key",
        ],
        Taken { key } => [
            "{key} 被终端或输入法占用, 换一个键", "{key} 被終端或輸入法佔用, 換一個鍵", "{key} belongs to the terminal or the input method: use another key",
        ],
        TypesText { key, context } => [
            "[keys.{context}] 里打字: {key} 是一个字，不能当按键; 用 ctrl- 或功能键", "[keys.{context}] 裡打字: {key} 是一個字，不能當按鍵; 用 ctrl- 或功能鍵",
            "in [keys.{context}] text is typed: {key} is a letter there; use ctrl- or a function key",
        ],
        NotThere { action, context, expected } => [
            "{action} 在 [keys.{context}] 里不起作用; 那里有 {expected}", "{action} 在 [keys.{context}] 裡不起作用; 那裡有 {expected}",
            "{action} does nothing in [keys.{context}]; there are {expected}",
        ],
        NoWayOutOf { action, context } => [
            "[keys.{context}] 里 {action} 没有按键了; 留一个", "[keys.{context}] 裡 {action} 沒有按鍵了; 留一個",
            "in [keys.{context}] {action} has no key left; leave it one",
        ],
        NoTime { value } => [
            "“{value}”不是时间; 写 10m, 1h, 14:00, 明天 09:00 这样的", "「{value}」不是時間; 寫 10m, 1h, 14:00, 明天 09:00 這樣的",
            "\"{value}\" is no time; write 10m, 1h, 14:00, 明天 09:00",
        ],
        TooManyTimes { n } => [
            "最多 {n} 个时间: 一个数字一个", "最多 {n} 個時間: 一個數字一個", "at most {n} times: a digit each",
        ],
        NoWayOut => [
            "命令和退出都没有按键了; 给 verbs 或 quit 留一个", "命令和離開都沒有按鍵了; 給 verbs 或 quit 留一個",
            "neither verbs nor quit has a key left; leave one of them a key",
        ],
    }
}

/// One thing that is wrong, or looks so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// The file holds all the same.
    pub is_warning: bool,
    pub wrong: Wrong,
    values: Vec<(&'static str, String)>,
}

impl Problem {
    /// The file cannot be read at all.
    pub fn unreadable(why: impl Display) -> Self {
        let values = vec![("why", why.to_string())];
        Self { line: 1, column: 1, is_warning: false, wrong: Wrong::Unreadable, values }
    }

    /// A mistake that shows once files are seen together.
    pub(crate) fn at(place: (u32, u32), wrong: Wrong, values: Vec<(&'static str, String)>) -> Self {
        Self { line: place.0, column: place.1, is_warning: false, wrong, values }
    }

    /// What is wrong, as a sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        if self.wrong == Wrong::Syntax {
            let why = self.values.first().map_or("", |(_, why)| why);
            return self.wrong.fill(lang, &[("why", &crate::text::toml::sentence(why, lang))]);
        }
        let values: Vec<(&str, &dyn Display)> =
            self.values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
        self.wrong.fill(lang, &values)
    }
}

/// Walks one file and gathers what is wrong with it.
pub(in crate::tui) struct Reader<'s> {
    source: &'s str,
    pub problems: Vec<Problem>,
}

impl<'s> Reader<'s> {
    pub const fn new(source: &'s str) -> Self {
        Self { source, problems: Vec::new() }
    }

    /// The file as a tree; none, with the problem noted, where it is no TOML.
    pub fn parse(&mut self) -> Option<DeTable<'s>> {
        match DeTable::parse(self.source) {
            Ok(table) => Some(table.into_inner()),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                let why = error.message().lines().collect::<Vec<_>>().join(" ");
                self.error(at, Wrong::Syntax, vec![("why", why)]);
                None
            }
        }
    }

    /// Line and column of a byte, from 1.
    pub fn place(&self, at: usize) -> (u32, u32) {
        line_and_column(self.source, at)
    }

    fn note(&mut self, at: usize, is_warning: bool, wrong: Wrong, values: Vec<(&'static str, String)>) {
        let (line, column) = self.place(at);
        self.problems.push(Problem { line, column, is_warning, wrong, values });
    }

    pub fn error(&mut self, at: usize, wrong: Wrong, values: Vec<(&'static str, String)>) {
        self.note(at, false, wrong, values);
    }

    /// A key that nothing reads: the file holds, but says less than its author thinks.
    pub fn unknown_key(&mut self, at: usize, key: &str, known: &[&str]) {
        let (wrong, rest) = match near::nearest(key, known.iter().copied(), 1).first() {
            Some(near) => (Wrong::UnknownKeyNear, ("near", (*near).to_owned())),
            None => (Wrong::UnknownKey, ("expected", known.join(" "))),
        };
        self.note(at, true, wrong, vec![("key", key.to_owned()), rest]);
    }

    /// Warns of every key of a table that is not among those known.
    pub fn unknown_keys(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                self.unknown_key(key.span().start, key.get_ref(), known);
            }
        }
    }

    /// The value of a key that is none of the words it takes.
    pub fn not_a_word(&mut self, at: usize, key: &str, value: &DeValue<'_>, expected: &str) {
        let values =
            vec![("key", key.to_owned()), ("value", shown(value)), ("expected", expected.to_owned())];
        self.error(at, Wrong::NotAWord, values);
    }
}

/// A value as a sentence repeats it.
pub(in crate::tui) fn shown(value: &DeValue<'_>) -> String {
    let text = match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(is) => is.to_string(),
        DeValue::Datetime(at) => at.to_string(),
        DeValue::Array(_) => "[...]".to_owned(),
        DeValue::Table(_) => "{...}".to_owned(),
    };
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<Wrong>(), Vec::<String>::new());
    }

    #[test]
    fn places_count_characters_from_one() {
        let reader = Reader::new("a = 1\n界 = \"字\"\n");
        assert_eq!(reader.place(0), (1, 1));
        assert_eq!(reader.place(6), (2, 1));
        assert_eq!(reader.place(9), (2, 2));
    }
}
