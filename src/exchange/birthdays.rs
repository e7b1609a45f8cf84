//! Birthday cells: solar or lunar, with or without the year.
//!
//! The outcome is a text of one shape, that of [`Birthday`], which says by itself whether it is lunar: `1990-05-06`, `05-06`, `农历08-03`,
//! `农历1990-08-03`, `农历闰06-01`. Written by hand, "八月初三" is lunar and "八月三日" is not: Chinese numerals without
//! 日 or 号 are how lunar days are written, and so are 初, 廿, 正月, 冬月 and 腊月.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::cells::{is_nothing, is_shortened, plain, spreadsheet_damage, unguard};
use super::dates::{Found, read, stamp};
use crate::book::Birthday;
use crate::door::rows::Problem;

/// Whose header says which calendar its column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calendar {
    AsWritten,
    Lunar,
}

/// The birthday in a cell in its one shape; `None` when the cell says nothing.
pub(super) fn birthday(
    text: &str,
    calendar: Calendar,
    zone: Tz,
    now_ms: i64,
) -> Result<Option<String>, Problem> {
    let text = plain(unguard(text));
    let text = text.as_ref();
    if is_nothing(text) || text == "0" {
        return Ok(None);
    }
    if let Some(damage) = spreadsheet_damage(text) {
        return Err(damage);
    }
    if is_shortened(text) {
        return Err(Problem::Shortened);
    }
    let this_year = chrono::DateTime::from_timestamp_millis(now_ms).map_or(9999, |now| now.year());
    if calendar == Calendar::AsWritten
        && let Some(date) = date_of(text, zone)
    {
        if date.year() <= 1 {
            return Ok(None);
        }
        let shape = Shape {
            year: Some(date.year()),
            month: date.month(),
            day: date.day(),
            leap: false,
            lunar: false,
        };
        return shape.canonical(this_year).map(Some).ok_or(Problem::NotABirthday);
    }
    match shape(text, calendar) {
        Some(shape) => shape.canonical(this_year).map(Some).ok_or(Problem::NotABirthday),
        None if has_short_year(text) => Err(Problem::AmbiguousDate),
        None => Err(Problem::NotABirthday),
    }
}

/// A full date with its year, a unix time or an instant with its offset (then the local day there).
fn date_of(text: &str, zone: Tz) -> Option<NaiveDate> {
    if let Some(Found::At(at)) = stamp(text) {
        return chrono::DateTime::from_timestamp_millis(at).map(|utc| utc.with_timezone(&zone).date_naive());
    }
    read(text).map(|moment| moment.date(zone))
}

/// Three parts whose first has two digits: 90-05-06.
fn has_short_year(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '/', '.', '年']).collect();
    parts.len() == 3 && parts.first().is_some_and(|year| year.len() <= 2)
}

#[derive(Debug)]
struct Shape {
    year: Option<i32>,
    month: u32,
    day: u32,
    leap: bool,
    lunar: bool,
}

impl Shape {
    fn canonical(&self, this_year: i32) -> Option<String> {
        let Self { year, month, day, .. } = *self;
        if year.is_some_and(|year| year < 1900 || year > this_year) {
            return None;
        }
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        let canonical = Birthday { year, month, day, lunar: self.lunar, leap: self.leap }.to_string();
        // Which days exist is decided where birthdays are.
        Birthday::parse(&canonical).map(|_| canonical)
    }
}

fn shape(text: &str, calendar: Calendar) -> Option<Shape> {
    // A spreadsheet adds a time of day to what it takes for a date.
    let text =
        text.split_once([' ', 'T']).filter(|(_, time)| time.contains(':')).map_or(text, |(date, _)| date);
    let mut text: String = text.chars().filter(|c| !c.is_whitespace() && !"()[]【】:".contains(*c)).collect();
    let mut lunar = calendar == Calendar::Lunar;
    for word in ["农历", "農曆", "阴历", "陰曆", "旧历", "舊曆", "lunar"] {
        if text.contains(word) {
            text = text.replace(word, "");
            lunar = true;
        }
    }
    for word in ["公历", "公曆", "阳历", "陽曆", "新历", "國曆", "国历"] {
        if text.contains(word) {
            text = text.replace(word, "");
            if calendar == Calendar::AsWritten && !lunar {
                return shape_of(&text, Some(false));
            }
            return None;
        }
    }
    shape_of(&text, lunar.then_some(true))
}

/// `lunar`: what was said about the calendar; `None` lets the way it is written decide.
fn shape_of(text: &str, lunar: Option<bool>) -> Option<Shape> {
    let leap = text.contains(['闰', '閏']);
    let text = text.replace(['闰', '閏'], "");
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (text.len() == 4 || text.len() == 8) {
        let (year, rest) = text.split_at_checked(text.len() - 4)?;
        let (month, day) = rest.split_at_checked(2)?;
        let year = if year.is_empty() { None } else { Some(year.parse().ok()?) };
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        return Some(Shape { year, month, day, leap, lunar: lunar.unwrap_or(leap) });
    }
    let (year, rest) = match text.split_once('年') {
        Some((year, rest)) => (Some(year_number(year)?), rest),
        None => match text.split_once(['-', '/', '.']) {
            Some((year, rest)) if year.len() == 4 => (Some(year.parse().ok()?), rest),
            _ => (None, text.as_str()),
        },
    };
    let (month, rest) = rest.split_once(['月', '-', '/', '.'])?;
    let (month, odd_month) = month_number(month)?;
    let day = rest.trim_end_matches(['日', '号', '號']);
    let (day, chinese) = day_number(day)?;
    let written = odd_month || leap || (chinese && day_is_lunar(rest));
    Some(Shape { year, month, day, leap, lunar: lunar.unwrap_or(written) })
}

fn day_is_lunar(written: &str) -> bool {
    written.starts_with(['初', '廿', '卅']) || !written.ends_with(['日', '号', '號'])
}

/// 1990 or 一九九〇.
fn year_number(text: &str) -> Option<i32> {
    let digits: Option<String> = text
        .chars()
        .map(|c| if c.is_ascii_digit() { Some(c) } else { numeral(c).and_then(|n| char::from_digit(n, 10)) })
        .collect();
    let digits = digits?;
    if digits.len() == 4 { digits.parse().ok() } else { None }
}

/// The month, and whether its name is one that only the lunar calendar has.
fn month_number(text: &str) -> Option<(u32, bool)> {
    match text {
        "正" => Some((1, true)),
        "冬" => Some((11, true)),
        "腊" | "臘" => Some((12, true)),
        _ if text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some((text.parse().ok()?, false))
        }
        _ => Some((chinese_number(text)?, false)),
    }
}

/// The day, and whether it is written in Chinese numerals.
fn day_number(text: &str) -> Option<(u32, bool)> {
    if text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((text.parse().ok()?, false));
    }
    let number = match text.strip_prefix('初') {
        Some(rest) => chinese_number(rest).filter(|day| *day <= 10)?,
        None => match text.strip_prefix('廿') {
            Some("") => 20,
            Some(rest) => 20 + chinese_number(rest).filter(|day| *day < 10)?,
            None if text == "卅" => 30,
            None => chinese_number(text)?,
        },
    };
    Some((number, true))
}

/// 一 to 三十九.
fn chinese_number(text: &str) -> Option<u32> {
    match text.split_once('十') {
        None => {
            let mut chars = text.chars();
            let number = chars.next().and_then(numeral)?;
            chars.next().is_none().then_some(number)
        }
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { chinese_number(tens)? };
            let ones = if ones.is_empty() { 0 } else { chinese_number(ones)? };
            (tens < 4 && ones < 10).then_some(tens * 10 + ones)
        }
    }
}

fn numeral(c: char) -> Option<u32> {
    "〇一二三四五六七八九"
        .chars()
        .position(|numeral| numeral == c || (c == '零' && numeral == '〇'))
        .map(|at| at as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    #[track_caller]
    fn check(text: &str, expected: Result<Option<&str>, Problem>) {
        let found = birthday(text, Calendar::AsWritten, Tz::Asia__Shanghai, NOW);
        assert_eq!(found, expected.map(|text| text.map(str::to_owned)), "{text:?}");
        if let Ok(Some(canonical)) = found {
            let again = birthday(&canonical, Calendar::AsWritten, Tz::Asia__Shanghai, NOW);
            assert_eq!(again, Ok(Some(canonical.clone())), "the one shape reads back");
            assert!(Birthday::parse(&canonical).is_some());
        }
    }

    #[test]
    fn solar_birthdays() {
        for text in [
            "1990-05-06",
            "1990/5/6",
            "1990年5月6日",
            "19900506",
            "1990-05-06 00:00:00",
            "1990-05-05T16:00:00Z",
            "公历1990-5-6",
            "１９９０．５．６",
            "一九九〇年五月六日",
        ] {
            check(text, Ok(Some("1990-05-06")));
        }
        for text in ["05-06", "5-6", "5/6", "5.6", "0506", "5月6日", "5月6号", "五月六日", "阳历5月6日"]
        {
            check(text, Ok(Some("05-06")));
        }
        check("02-29", Ok(Some("02-29")));
    }

    #[test]
    fn lunar_birthdays() {
        for text in [
            "农历八月初三",
            "八月初三",
            "农历8-3",
            "农历8月3日",
            "8月初三",
            "阴历八月初三",
            "八月初三(农历)",
            "農曆8.3",
        ] {
            check(text, Ok(Some("农历08-03")));
        }
        check("1990年农历八月初三", Ok(Some("农历1990-08-03")));
        check("农历1990-08-03", Ok(Some("农历1990-08-03")));
        check("腊月三十", Ok(Some("农历12-30")));
        check("正月廿三", Ok(Some("农历01-23")));
        check("冬月二十", Ok(Some("农历11-20")));
        check("八月十五", Ok(Some("农历08-15")));
        check("闰六月初一", Ok(Some("农历闰06-01")));
        let column = |text| birthday(text, Calendar::Lunar, Tz::Asia__Shanghai, NOW);
        assert_eq!(column("1990-08-30"), Ok(Some("农历1990-08-30".into())));
        assert_eq!(column("2-30"), Ok(Some("农历02-30".into())));
    }

    #[test]
    fn what_is_no_birthday_is_named() {
        for text in ["", "无", "0001-01-01T00:00:00Z"] {
            check(text, Ok(None));
        }
        check("02-30", Err(Problem::NotABirthday));
        check("农历八月三十一", Err(Problem::NotABirthday));
        check("31-5", Err(Problem::NotABirthday));
        check("90后", Err(Problem::NotABirthday));
        check("2990-01-01", Err(Problem::NotABirthday));
        check("90-05-06", Err(Problem::AmbiguousDate));
        check("6-May", Err(Problem::NotABirthday));
    }
}
