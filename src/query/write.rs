//! The canonical text of a filter: English keys, plain punctuation, quotes only where they are needed.

use crate::book::Money;

use super::dates::{Day, Part, When};
use super::expr::{Expr, Item, Leaf, Test};
use super::key::{Key, ValueKind};
use super::lex::quoted;
use super::number_value::{is_numeral, is_unit};
use super::scan::weekday_word;

/// Writes a tree.
pub(super) fn text(expr: &Expr) -> String {
    match expr {
        Expr::All => String::new(),
        Expr::And(parts) => {
            let mut text = String::new();
            for part in parts {
                text.push_str(if text.is_empty() { "" } else { " " });
                match part {
                    // behind `stage: ` a bare word may be a value
                    Expr::Leaf(Leaf::Word(word)) if text.ends_with(": ") && quoted(word) == *word => {
                        text.extend(["\"", word.as_str(), "\""]);
                    }
                    // and behind a number it may be its unit
                    Expr::Leaf(Leaf::Word(word)) if is_unit(word) && ends_with_number(&text) => {
                        text.extend(["\"", word.as_str(), "\""]);
                    }
                    part => text.push_str(&tight(part)),
                }
            }
            text
        }
        Expr::Or(parts) => parts.iter().map(text).collect::<Vec<_>>().join(" OR "),
        Expr::Not(inner) => format!("-{}", tight(inner)),
        Expr::Leaf(leaf) => leaf_text(leaf),
    }
}

fn ends_with_number(text: &str) -> bool {
    text.trim_end().ends_with(|c: char| c.is_ascii_digit() || is_numeral(c))
}

/// As [`text`], in parentheses where the neighbours would take it apart.
fn tight(expr: &Expr) -> String {
    match expr {
        Expr::And(_) | Expr::Or(_) => format!("({})", text(expr)),
        _ => text(expr),
    }
}

fn leaf_text(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Word(word) => quoted(word),
        Leaf::Words { key, words } => format!("{}:{}", key.word(), words.join(",")),
        Leaf::Strings { key, values } => {
            let values: Vec<String> = values.iter().map(|value| string(*key, value)).collect();
            format!("{}:{}", key.word(), values.join(","))
        }
        Leaf::WordPattern(pattern) => format!("/{}/", pattern.source()),
        Leaf::Pattern { key, pattern } => format!("{}:/{}/", key.word(), pattern.source()),
        Leaf::Numbers { key, test } => test_text(*key, test, &|n| number(*key, *n)),
        Leaf::Dates { key, test } => test_text(*key, test, &|when| date(*when)),
        Leaf::Unset(key) => format!("{}:", key.word()),
        Leaf::View(name) => format!("@{}", quoted(name)),
        Leaf::Ask(key) => format!("{}:{}", Key::Ask.word(), quoted(key)),
    }
}

fn string(key: Key, value: &str) -> String {
    let text = quoted(value);
    if text == value && super::value::means_more(key, value) {
        // Bare it would be whoever asks, a date or a number.
        return format!("\"{value}\"");
    }
    text
}

fn test_text<T>(key: Key, test: &Test<T>, value: &dyn Fn(&T) -> String) -> String {
    let side = |side: &Option<T>| side.as_ref().map(value).unwrap_or_default();
    match test {
        Test::Compare(comparison, one) => format!("{}{}{}", key.word(), comparison.sign(), value(one)),
        Test::AnyOf(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| match item {
                    Item::One(one) => value(one),
                    Item::Range(from, to) => format!("{}..{}", side(from), side(to)),
                })
                .collect();
            format!("{}:{}", key.word(), items.join(","))
        }
    }
}

pub(super) fn number(key: Key, n: i64) -> String {
    if key.kind() == ValueKind::Span {
        return match super::value::unit_of(n) {
            1_440 => format!("{}d", n / 1_440),
            60 => format!("{}h", n / 60),
            _ => format!("{n}m"),
        };
    }
    if key.kind() != ValueKind::Money {
        return n.to_string();
    }
    let text = Money(n).to_string();
    text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
}

/// A date as canonical text has it.
pub(super) fn date(when: When) -> String {
    match when {
        When::Day(of) => day(of),
        When::Week(0) => "this-week".to_owned(),
        When::Week(-1) => "last-week".to_owned(),
        When::Week(1) => "next-week".to_owned(),
        When::Week(-2) => "上上周".to_owned(),
        // Weeks further away have a Chinese name only.
        When::Week(_) => "下下周".to_owned(),
        When::Month(0) => "this-month".to_owned(),
        When::Month(-1) => "last-month".to_owned(),
        When::Month(_) => "next-month".to_owned(),
        When::MonthOf(month) => format!("{month}月"),
        When::MonthIn { year, month } => format!("{year:04}-{month:02}"),
        When::Weekend(0) => "weekend".to_owned(),
        When::Weekend(1) => "next-weekend".to_owned(),
        When::Weekend(-1) => "last-weekend".to_owned(),
        When::Weekend(-2) => "上上周末".to_owned(),
        When::Weekend(_) => "下下周末".to_owned(),
        When::Quarter(0) => "this-quarter".to_owned(),
        When::Quarter(-1) => "last-quarter".to_owned(),
        When::Quarter(_) => "next-quarter".to_owned(),
        When::Year(0) => "this-year".to_owned(),
        When::Year(1) => "next-year".to_owned(),
        When::Year(-1) => "last-year".to_owned(),
        When::Year(-2) => "前年".to_owned(),
        When::Year(_) => "后年".to_owned(),
        When::MonthOfYear { years, month } => format!("{}{month}月", years_word(years)),
        When::YearOf(year) => format!("{year:04}年"),
        When::Rolling { months, days, minutes, back } => {
            let way = if back { "last" } else { "next" };
            let time = match minutes {
                0 => String::new(),
                m if m % 60 == 0 => format!("{}h", m / 60),
                m => format!("{m}m"),
            };
            format!("{way}-{}{}{time}", count(months, "mo"), count(days, "d"))
        }
        When::Part { day: None, part: of } => part(of).to_owned(),
        When::Part { day: Some(of), part: within } => format!("{}-{}", day(of), part(within)),
        When::At { day: None, minutes } => clock(minutes),
        When::At { day: Some(of), minutes } => format!("{}T{}", day(of), clock(minutes)),
        When::Now => "now".to_owned(),
        When::Elapsed { months: 0, days: 0, minutes: 0 } => "+0m".to_owned(),
        When::Elapsed { months, days, minutes } => {
            let sign = if months < 0 || days < 0 || minutes < 0 { "-" } else { "+" };
            // The minutes stay, also as 0h, so that the span is read as elapsed time.
            let time = match minutes.unsigned_abs() {
                m if m % 60 == 0 => format!("{}h", m / 60),
                m => format!("{m}m"),
            };
            format!("{sign}{}{}{time}", count(months, "mo"), count(days, "d"))
        }
    }
}

/// A year counted from this one, as months are named of it.
const fn years_word(years: i8) -> &'static str {
    match years {
        0 => "今年",
        1 => "明年",
        -1 => "去年",
        -2 => "前年",
        _ => "后年",
    }
}

const fn part(part: Part) -> &'static str {
    match part {
        Part::SmallHours => "small-hours",
        Part::Morning => "morning",
        Part::Noon => "noon",
        Part::Afternoon => "afternoon",
        Part::Evening => "evening",
    }
}

fn count(n: i32, unit: &str) -> String {
    if n == 0 { String::new() } else { format!("{}{unit}", n.unsigned_abs()) }
}

/// Minutes after 00:00; past 24:00 as the small hours of a night.
fn clock(minutes: u16) -> String {
    if minutes > 1440 {
        return format!("晚上{}:{:02}", minutes / 60 - 24, minutes % 60);
    }
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn day(day: Day) -> String {
    match day {
        Day::Offset { months: 0, days: 0 } => "today".to_owned(),
        Day::Offset { months: 0, days: 1 } => "tomorrow".to_owned(),
        Day::Offset { months: 0, days: -1 } => "yesterday".to_owned(),
        Day::Offset { months, days } => {
            let sign = if months < 0 || days < 0 { "-" } else { "+" };
            format!("{sign}{}{}", count(months, "mo"), count(days, "d"))
        }
        Day::Weekday { day, week } => {
            let name = weekday_word(day);
            match week {
                None => name.to_owned(),
                Some(0) => format!("this-{name}"),
                Some(1) => format!("next-{name}"),
                Some(-1) => format!("last-{name}"),
                Some(week) => {
                    let word = if week < 0 { "上上周" } else { "下下周" };
                    format!("{word}{}", "一二三四五六日".chars().nth(usize::from(day)).unwrap_or('一'))
                }
            }
        }
        Day::Date(date) => date.format("%Y-%m-%d").to_string(),
        Day::MonthDay { month, day } => format!("{month:02}-{day:02}"),
        Day::DayOfMonth(day) => format!("{day}日"),
        Day::MonthEnd(0) => "month-end".to_owned(),
        Day::MonthEnd(-1) => "last-month-end".to_owned(),
        Day::MonthEnd(_) => "next-month-end".to_owned(),
    }
}
