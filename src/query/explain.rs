//! A filter said in words, for people who have not learnt the language and for questions before bulk commands.

use chrono_tz::Tz;

use crate::book::Timestamp;
use crate::text::lang::Lang;
use crate::words;

use super::between::{Asked, Bend, Meant, bend};
use super::closed::{Flag, Set};
use super::date_value::natural;
use super::dates::{Again, Day, When};
use super::expr::{Comparison, Expr, Item, Leaf, Test};
use super::key::{Key, ValueKind};
use super::{said, write};

words! {
    enum Words {
        All => ["全部", "全部", "everything"],
        And => [", 且", ", 且", " and "],
        Or => [" 或 ", " 或 ", " or "],
        Not { inner } => ["不是 ({inner})", "不是 ({inner})", "not ({inner})"],
        Word { word } => ["名字或内容有“{word}”", "名字或內容有「{word}」", "name or text has \"{word}\""],
        Is { key, values } => ["{key}是{values}", "{key}是{values}", "{key} is {values}"],
        Has { values } => ["有{values}", "有{values}", "has {values}"],
        Overdue => ["已逾期", "已逾期", "overdue"],
        NotOverdue => ["没有逾期", "沒有逾期", "not overdue"],
        OverdueOrNot => ["逾期或没有逾期", "逾期或沒有逾期", "overdue or not"],
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
        BetweenNext { from, to } => [
            "{from} 到 之后的{to}", "{from} 到 之後的{to}", "{from} to the next {to} after it"],
        BetweenLast { from, to } => [
            "{to}之前的 {from} 到 {to}", "{to}之前的 {from} 到 {to}", "the last {from} before {to} to {to}"],
        Starting { from } => ["{from} 起", "{from} 起", "{from} or later"],
        Ending { to } => ["{to} 止", "{to} 止", "{to} or earlier"],
        MinValue { from } => ["{from} 以上", "{from} 以上", "{from} or more"],
        MaxValue { to } => ["{to} 以下", "{to} 以下", "{to} or less"],
        WordMatches { pattern } => [
            "名字或内容符合 /{pattern}/", "名字或內容符合 /{pattern}/", "name or text matches /{pattern}/"
        ],
        Matches { key, pattern } => ["{key}符合 /{pattern}/", "{key}符合 /{pattern}/", "{key} matches /{pattern}/"],
    }
}

/// In what language a tree is said, and when and where it is asked.
#[derive(Clone, Copy)]
pub(super) struct Said {
    pub lang: Lang,
    pub now: Timestamp,
    pub zone: Tz,
}

impl Said {
    /// Says a tree.
    pub(super) fn words(self, expr: &Expr) -> String {
        let lang = self.lang;
        match expr {
            Expr::All => Words::All.text(lang).to_owned(),
            Expr::And(parts) => {
                let parts: Vec<String> = parts
                    .iter()
                    .map(|part| match part {
                        Expr::Or(_) => format!("({})", self.words(part)),
                        Expr::Leaf(leaf) if has_several(leaf) => format!("({})", self.words(part)),
                        _ => self.words(part),
                    })
                    .collect();
                parts.join(Words::And.text(lang))
            }
            Expr::Or(parts) => {
                let parts: Vec<String> = parts
                    .iter()
                    .map(|part| match part {
                        // read aloud, "and" does not bind tighter than "or"
                        Expr::And(_) => format!("({})", self.words(part)),
                        _ => self.words(part),
                    })
                    .collect();
                parts.join(Words::Or.text(lang))
            }
            Expr::Not(inner) => Words::Not.fill(lang, &[("inner", &self.words(inner))]),
            Expr::Leaf(leaf) => self.leaf(leaf),
        }
    }

    fn leaf(self, leaf: &Leaf) -> String {
        let lang = self.lang;
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
                    Key::Overdue => {
                        let is = |flag: Flag| words.contains(&flag.word());
                        let said = match (is(Flag::Yes), is(Flag::No)) {
                            (true, true) => Words::OverdueOrNot,
                            (true, false) => Words::Overdue,
                            (false, _) => Words::NotOverdue,
                        };
                        said.text(lang).to_owned()
                    }
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
            Leaf::WordPattern(pattern) => Words::WordMatches.fill(lang, &[("pattern", &pattern.source())]),
            Leaf::Pattern { key, pattern } => {
                Words::Matches.fill(lang, &[("key", &key.label(lang)), ("pattern", &pattern.source())])
            }
            Leaf::Numbers { key, test } => {
                let compared = [Words::Less, Words::AtMost, Words::More, Words::AtLeast];
                let open = [Words::MinValue, Words::MaxValue];
                let plain = |_: &i64, _: &i64| Words::Between;
                test_words(*key, test, compared, open, &|n| number_words(*key, *n, lang), &plain, lang)
            }
            Leaf::Dates { key, test } => {
                let compared = [Words::Before, Words::Until, Words::After, Words::From];
                let open = [Words::Starting, Words::Ending];
                if key.kind() == ValueKind::MonthDay {
                    // birthdays go round the year
                    let plain = |_: &When, _: &When| Words::Between;
                    return test_words(
                        *key,
                        test,
                        compared,
                        open,
                        &|when| said::date(*when, lang),
                        &plain,
                        lang,
                    );
                }
                let turns = |from: &Meant, to: &Meant| match bend(from.named, to.named) {
                    Bend::Straight => Words::Between,
                    Bend::NextEnd => Words::BetweenNext,
                    Bend::LastBeginning => Words::BetweenLast,
                };
                let meant = Asked { way: natural(*key), now: self.now, zone: self.zone }.meant(test);
                test_words(*key, &meant, compared, open, &|day| self.day(day), &turns, lang)
            }
            Leaf::Unset(key) => Words::Unset.fill(lang, &[("key", &key.label(lang))]),
            Leaf::View(name) => Words::View.fill(lang, &[("name", name)]),
            Leaf::Ask(key) => Words::Answered.fill(lang, &[("key", key)]),
        }
    }

    /// A day with its year, where that went unsaid.
    fn day(self, day: &Meant) -> String {
        let date = |when: When| said::date(when, self.lang);
        match day.named.again() {
            None => date(day.named),
            Some(Again::Year) => date(day.when),
            Some(Again::Week | Again::Month) => {
                let of =
                    day.when.days(self.now, self.zone).map(|(first, _)| date(When::Day(Day::Date(first))));
                format!("{} ({})", date(day.named), of.unwrap_or_default())
            }
        }
    }
}

/// True for a condition with an "or" in its words.
fn has_several(leaf: &Leaf) -> bool {
    match leaf {
        Leaf::Words { words, .. } => words.len() > 1,
        Leaf::Strings { values, .. } => values.len() > 1,
        Leaf::Numbers { test: Test::AnyOf(items), .. } => items.len() > 1,
        Leaf::Dates { test: Test::AnyOf(items), .. } => items.len() > 1,
        _ => false,
    }
}

fn test_words<T>(
    key: Key,
    test: &Test<T>,
    [less, at_most, more, at_least]: [Words; 4],
    [starting, ending]: [Words; 2],
    value: &dyn Fn(&T) -> String,
    between: &dyn Fn(&T, &T) -> Words,
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
                    between(from, to).fill(lang, &[("from", &value(from)), ("to", &value(to))])
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

/// A number with its unit, where it has one.
fn number_words(key: Key, n: i64, lang: Lang) -> String {
    match key.kind() {
        ValueKind::Span => said::span(0, 0, n, lang),
        ValueKind::Days => said::days(n, lang),
        _ => write::number(key, n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::dates::instant;
    use crate::query::parse;

    #[test]
    fn filters_in_words() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
        assert_eq!(said::faults(), Vec::<String>::new());
        // a Tuesday
        let now = instant("2026-03-10T12:00:00".parse().unwrap(), Tz::UTC);
        let check = |text: &str, zh: &str, en: &str| {
            let query = parse(text).unwrap();
            assert_eq!(query.explain(Lang::ZhCn, now, Tz::UTC), zh, "{text}");
            assert_eq!(query.explain(Lang::En, now, Tz::UTC), en, "{text}");
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
        check("is:late,mine tag:", "(晚了 或 我的), 且没有标签", "(late or mine) and no tag");
        check("due:周五", "到期是周五 (2026-03-13)", "due is Friday (2026-03-13)");
        check(
            "due:下周五,上周一",
            "到期是下周五 或 上周一",
            "due is Friday of next week or Monday of last week",
        );
        check("due:月底", "到期是月底", "due is the end of the month");
        check("due:明天9点", "到期是明天 09:00", "due is tomorrow 09:00");
        check("due:明早", "到期是明天上午 (06:00-12:00)", "due is tomorrow, morning (06:00-12:00)");
        check(
            "due:今晚..明早",
            "到期是今天晚上 (18:00-24:00) 到 明天上午 (06:00-12:00)",
            "due is today, evening (18:00-24:00) to tomorrow, morning (06:00-12:00)",
        );
        check("due:下午", "到期是今天下午 (12:00-18:00)", "due is today, afternoon (12:00-18:00)");
        check("due:周末", "到期是本周六日", "due is Saturday and Sunday of this week");
        check("due:下周末", "到期是下周六日", "due is Saturday and Sunday of next week");
        check("joined:最近7天", "进群是最近 7 天 (含今天)", "joined is the last 7 days, today included");
        check("due:未来3天", "到期是今天和往后 3 天", "due is today and the 3 days after it");
        check("due:未来2小时", "到期是未来 2 小时", "due is the next 2 h");
        check("joined:2026-02", "进群是2026 年 2 月", "joined is month 2 of 2026");
        check("joined:今年,去年", "进群是今年 或 去年", "joined is this year or last year");
        check("joined:本季度", "进群是本季度", "joined is this quarter");
        check(
            "due:3月,22号",
            "到期是2026 年 3 月 或 22 号 (2026-03-22)",
            "due is month 3 of 2026 or day 22 of the month (2026-03-22)",
        );
        check("due<+1mo", "到期早于 1 个月后", "due before in 1 month");
        check("due<-1个月3天", "到期早于 1 个月 3 天前", "due before 1 month 3 days ago");
        check("due<+2小时30分", "到期早于 2 小时 30 分钟后", "due before in 2 h 30 min");
        check("late>90分", "迟多于 1 小时 30 分钟", "late above 1 h 30 min");
        check(
            "age>1mo silent>=1",
            "存在多于 30 天, 且沉默至少 1 天",
            "age above 30 days and silent at least 1 day",
        );
        check(
            "张三 OR 李四 王五",
            "名字或内容有“张三” 或 (名字或内容有“李四”, 且名字或内容有“王五”)",
            "name or text has \"张三\" or (name or text has \"李四\" and name or text has \"王五\")",
        );
        check("step:1..3", "第几步是1 到 3", "nth is 1 to 3");
        check("sent:昨天", "发出是昨天", "sent-at is yesterday");
        check("/鸡蛋|牛奶/", "名字或内容符合 /鸡蛋|牛奶/", "name or text matches /鸡蛋|牛奶/");
        check("text:/鸡蛋/", "内容符合 /鸡蛋/", "text matches /鸡蛋/");
        check("overdue:", "没有逾期", "not overdue");
        check("overdue:yes state:due", "已逾期, 且状态是待发", "overdue and state is due");
        check("-overdue:是", "不是 (已逾期)", "not (overdue)");
        check("overdue:是,否", "逾期或没有逾期", "overdue or not");
        check(
            "count:100.. ask:商品",
            "人数是100 以上, 且表单“商品”已填",
            "count is 100 or more and form \"商品\" is filled in",
        );
        assert_eq!(parse("state:due").unwrap().explain(Lang::ZhTw, now, Tz::UTC), "狀態是待發");
    }
}
