//! A filter said in words, for people who have not learnt the language and for questions before bulk commands.

use crate::text::lang::Lang;
use crate::words;

use super::closed::Set;
use super::dates::When;
use super::expr::{Comparison, Expr, Item, Leaf, Test};
use super::key::{Key, ValueKind};
use super::write;

words! {
    enum Words {
        All => ["全部", "全部", "everything"],
        And => [", 且", ", 且", " and "],
        Or => [" 或 ", " 或 ", " or "],
        Not { inner } => ["不是 ({inner})", "不是 ({inner})", "not ({inner})"],
        Word { word } => ["名字或内容有“{word}”", "名字或內容有「{word}」", "name or text has \"{word}\""],
        Is { key, values } => ["{key}是{values}", "{key}是{values}", "{key} is {values}"],
        Has { values } => ["有{values}", "有{values}", "has {values}"],
        Contains { key, values } => ["{key}里有{values}", "{key}裡有{values}", "{key} has {values}"],
        Quoted { word } => ["“{word}”", "「{word}」", "\"{word}\""],
        Unset { key } => ["没有{key}", "沒有{key}", "no {key}"],
        View { name } => ["视图“{name}”", "視圖「{name}」", "view \"{name}\""],
        Answered { key } => ["表单“{key}”已填", "表單「{key}」已填", "form \"{key}\" is filled in"],
        Less { key, value } => ["{key}少于 {value}", "{key}少於 {value}", "{key} below {value}"],
        AtMost { key, value } => ["{key}至多 {value}", "{key}至多 {value}", "{key} at most {value}"],
        More { key, value } => ["{key}多于 {value}", "{key}多於 {value}", "{key} above {value}"],
        AtLeast { key, value } => ["{key}至少 {value}", "{key}至少 {value}", "{key} at least {value}"],
        Before { key, value } => ["{key}早于 {value}", "{key}早於 {value}", "{key} before {value}"],
        Until { key, value } => ["{key}不晚于 {value}", "{key}不晚於 {value}", "{key} not after {value}"],
        After { key, value } => ["{key}晚于 {value}", "{key}晚於 {value}", "{key} after {value}"],
        From { key, value } => ["{key}不早于 {value}", "{key}不早於 {value}", "{key} not before {value}"],
        Between { from, to } => ["{from} 到 {to}", "{from} 到 {to}", "{from} to {to}"],
        Starting { from } => ["{from} 起", "{from} 起", "{from} or later"],
        Ending { to } => ["{to} 止", "{to} 止", "{to} or earlier"],
        MinValue { from } => ["{from} 以上", "{from} 以上", "{from} or more"],
        MaxValue { to } => ["{to} 以下", "{to} 以下", "{to} or less"],
        Today => ["今天", "今天", "today"],
        Tomorrow => ["明天", "明天", "tomorrow"],
        Yesterday => ["昨天", "昨天", "yesterday"],
        Now => ["现在", "現在", "now"],
        ThisWeek => ["本周", "本週", "this week"],
        NextWeek => ["下周", "下週", "next week"],
        LastWeek => ["上周", "上週", "last week"],
        ThisMonth => ["本月", "本月", "this month"],
        NextMonth => ["下月", "下月", "next month"],
        LastMonth => ["上月", "上月", "last month"],
        DaysAgo { n } => ["{n} 天前", "{n} 天前", "{n} days ago"],
        DaysAhead { n } => ["{n} 天后", "{n} 天後", "in {n} days"],
        HoursAgo { n } => ["{n} 小时前", "{n} 小時前", "{n} h ago"],
        HoursAhead { n } => ["{n} 小时后", "{n} 小時後", "in {n} h"],
    }
}

/// Says a tree.
pub(super) fn words(expr: &Expr, lang: Lang) -> String {
    match expr {
        Expr::All => Words::All.text(lang).to_owned(),
        Expr::And(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    Expr::Or(_) => format!("({})", words(part, lang)),
                    _ => words(part, lang),
                })
                .collect();
            parts.join(Words::And.text(lang))
        }
        Expr::Or(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| words(part, lang)).collect();
            parts.join(Words::Or.text(lang))
        }
        Expr::Not(inner) => Words::Not.fill(lang, &[("inner", &words(inner, lang))]),
        Expr::Leaf(leaf) => leaf_words(leaf, lang),
    }
}

fn leaf_words(leaf: &Leaf, lang: Lang) -> String {
    let any = |values: Vec<String>| values.join(Words::Or.text(lang));
    let quote = |word: &String| Words::Quoted.fill(lang, &[("word", word)]);
    match leaf {
        Leaf::Word(word) => Words::Word.fill(lang, &[("word", word)]),
        Leaf::Words { key, words } => {
            let set = match key.kind() {
                ValueKind::Words(set) => set,
                _ => Set::Flag,
            };
            let values = any(words.iter().map(|word| set.label(word, lang).to_owned()).collect());
            match key {
                // Facts speak for themselves.
                Key::Is => values,
                Key::Has => Words::Has.fill(lang, &[("values", &values)]),
                _ => Words::Is.fill(lang, &[("key", &key.label(lang)), ("values", &values)]),
            }
        }
        Leaf::Strings { key, values } => {
            let values = any(values.iter().map(quote).collect());
            let message = match key.kind() {
                ValueKind::Exact => Words::Is,
                _ => Words::Contains,
            };
            message.fill(lang, &[("key", &key.label(lang)), ("values", &values)])
        }
        Leaf::Numbers { key, test } => {
            let compared = [Words::Less, Words::AtMost, Words::More, Words::AtLeast];
            let open = [Words::MinValue, Words::MaxValue];
            test_words(*key, test, compared, open, &|n| write::number(*key, *n), lang)
        }
        Leaf::Dates { key, test } => {
            let compared = [Words::Before, Words::Until, Words::After, Words::From];
            let open = [Words::Starting, Words::Ending];
            test_words(*key, test, compared, open, &|when| date_words(*when, lang), lang)
        }
        Leaf::Unset(key) => Words::Unset.fill(lang, &[("key", &key.label(lang))]),
        Leaf::View(name) => Words::View.fill(lang, &[("name", name)]),
        Leaf::Ask(key) => Words::Answered.fill(lang, &[("key", key)]),
    }
}

fn test_words<T>(
    key: Key,
    test: &Test<T>,
    [less, at_most, more, at_least]: [Words; 4],
    [starting, ending]: [Words; 2],
    value: &dyn Fn(&T) -> String,
    lang: Lang,
) -> String {
    match test {
        Test::Compare(comparison, one) => {
            let message = match comparison {
                Comparison::Less => less,
                Comparison::AtMost => at_most,
                Comparison::More => more,
                Comparison::AtLeast => at_least,
            };
            message.fill(lang, &[("key", &key.label(lang)), ("value", &value(one))])
        }
        Test::AnyOf(items) => {
            let item = |item: &Item<T>| match item {
                Item::One(one) => value(one),
                Item::Range(Some(from), Some(to)) => {
                    Words::Between.fill(lang, &[("from", &value(from)), ("to", &value(to))])
                }
                Item::Range(Some(from), None) => starting.fill(lang, &[("from", &value(from))]),
                Item::Range(None, Some(to)) => ending.fill(lang, &[("to", &value(to))]),
                Item::Range(None, None) => String::new(),
            };
            let values = items.iter().map(item).collect::<Vec<_>>().join(Words::Or.text(lang));
            Words::Is.fill(lang, &[("key", &key.label(lang)), ("values", &values)])
        }
    }
}

/// A date in words where it has a short name; else as it is written.
fn date_words(when: When, lang: Lang) -> String {
    use super::dates::Day;
    let fixed = |message: Words| message.text(lang).to_owned();
    let counted = |message: Words, n: i32| message.fill(lang, &[("n", &n.unsigned_abs())]);
    match when {
        When::Now => fixed(Words::Now),
        When::Week(0) => fixed(Words::ThisWeek),
        When::Week(1) => fixed(Words::NextWeek),
        When::Week(-1) => fixed(Words::LastWeek),
        When::Month(0) => fixed(Words::ThisMonth),
        When::Month(1) => fixed(Words::NextMonth),
        When::Month(-1) => fixed(Words::LastMonth),
        When::Day(Day::Offset { months: 0, days }) => match days {
            0 => fixed(Words::Today),
            1 => fixed(Words::Tomorrow),
            -1 => fixed(Words::Yesterday),
            days if days < 0 => counted(Words::DaysAgo, days),
            days => counted(Words::DaysAhead, days),
        },
        When::Elapsed { months: 0, days: 0, minutes } if minutes != 0 && minutes % 60 == 0 => {
            counted(if minutes < 0 { Words::HoursAgo } else { Words::HoursAhead }, minutes / 60)
        }
        other => write::date(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[test]
    fn filters_in_words() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
        let check = |text: &str, zh: &str, en: &str| {
            let query = parse(text).unwrap();
            assert_eq!(query.explain(Lang::ZhCn), zh, "{text}");
            assert_eq!(query.explain(Lang::En), en, "{text}");
        };
        check("", "全部", "everything");
        check(
            "状态:待发 -#勿扰",
            "状态是待发, 且不是 (标签是“勿扰”)",
            "state is due and not (tag is \"勿扰\")",
        );
        check(
            "张三 (spent>=500 OR has:unpicked)",
            "名字或内容有“张三”, 且(消费至少 500 或 有未提货)",
            "name or text has \"张三\" and (spent at least 500 or has unpicked)",
        );
        check("due:today..+3d", "到期是今天 到 3 天后", "due is today to in 3 days");
        check("due<+2h", "到期早于 2 小时后", "due before in 2 h");
        check("is:late,mine tag:", "晚了 或 我的, 且没有标签", "late or mine and no tag");
        check(
            "count:100.. ask:商品",
            "人数是100 以上, 且表单“商品”已填",
            "count is 100 or more and form \"商品\" is filled in",
        );
        assert_eq!(parse("state:due").unwrap().explain(Lang::ZhTw), "狀態是待發");
    }
}
