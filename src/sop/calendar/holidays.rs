//! Working days: statutory holidays and make-up days of the years that are known.
//!
//! The program brings 2007 to 2026; a store adds later years, or its own version of one, from files of the same
//! format ([`read`]). A year that nobody gave is unknown: its days are neither working days nor days off.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;
use toml::Spanned;

use super::plus_days;
use crate::text::lang::Lang;
use crate::text::place::line_and_column;

/// The years that come with the program.
const STATUTORY: &str = include_str!("statutory.toml");

/// The years that a file may give.
const YEAR_MIN: i32 = 1900;
const YEAR_MAX: i32 = 2200;

/// The most days a span of one year can have.
const SPAN_MAX: i32 = 366;

crate::words! {
    /// What may be wrong with a file of years.
    pub enum HolidayWords {
        NotToml { why } => ["TOML 写法不对: {why}", "TOML 寫法不對: {why}", "TOML: {why}"],
        Date { value } => [
            "日期写 01-01 或 01-01..01-03，可带名字，不是 {value}", "日期寫 01-01 或 01-01..01-03，可帶名字，不是 {value}",
            "days are written 01-01 or 01-01..01-03, with a name if wanted, not {value}"
        ],
        Workday { value } => [
            "{value} 是周一至周五，不用写成调休上班", "{value} 是週一至週五，不用寫成調休上班",
            "{value} is Monday to Friday and needs no entry to be worked"
        ],
        Twice { value } => [
            "{value} 又放假又上班", "{value} 又放假又上班", "{value} is both off and worked"
        ],
        YearTwice { value } => ["{value} 年写了两次", "{value} 年寫了兩次", "{value} stands in the file twice"],
        Year { value } => ["没有 {value} 年", "沒有 {value} 年", "there is no year {value}"],
        NoYear => ["文件里没有 [[year]]", "檔案裡沒有 [[year]]", "the file has no [[year]]"],
    }
}

/// Something wrong in a file of years, with its place; nothing of the file is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    /// TOML's own words: syntax, types, keys.
    Toml(String),
    Holidays(HolidayWords, String),
}

impl Problem {
    /// What is wrong, in a sentence.
    pub fn words(&self, lang: Lang) -> String {
        match &self.why {
            Why::Toml(words) => HolidayWords::NotToml.fill(lang, &[("why", words)]),
            Why::Holidays(words, value) => words.fill(lang, &[("value", value)]),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    year: Vec<YearFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: Spanned<i32>,
    #[serde(default)]
    off: Vec<Spanned<String>>,
    #[serde(default)]
    work: Vec<Spanned<String>>,
}

/// The special days of one year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    /// Spans of days off: first, last, name.
    off: Vec<(NaiveDate, NaiveDate, String)>,
    /// Saturdays and Sundays that are worked.
    work: Vec<NaiveDate>,
}

impl Year {
    /// True where nothing is said of any day of it.
    pub const fn is_empty(&self) -> bool {
        self.off.is_empty() && self.work.is_empty()
    }

    /// The year as a file of its own, in the format that [`read`] reads.
    pub fn to_toml(&self, year: i32) -> String {
        let quoted = |items: Vec<String>| {
            items
                .iter()
                .map(|item| toml::Value::from(item.as_str()).to_string())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let date = |day: &NaiveDate| day.format("%m-%d").to_string();
        let off = self.off.iter().map(|(first, last, name)| {
            let span = if first == last { date(first) } else { format!("{}..{}", date(first), date(last)) };
            format!("{span} {name}").trim_end().to_owned()
        });
        let (off, work) = (quoted(off.collect()), quoted(self.work.iter().map(date).collect()));
        format!("[[year]]\nyear = {year}\noff = [{off}]\nwork = [{work}]\n")
    }

    fn holiday(&self, day: NaiveDate) -> Option<&str> {
        self.off
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&day))
            .map(|(_, _, name)| name.as_str())
    }
}

/// The years in a file, or where it is wrong.
///
/// # Errors
/// The first [`Problem`].
pub fn read(text: &str) -> Result<BTreeMap<i32, Year>, Problem> {
    let place = |byte: usize| line_and_column(text, byte);
    let wrong = |byte: usize, words: HolidayWords, value: &dyn std::fmt::Display| {
        let (line, column) = place(byte);
        Problem { line, column, why: Why::Holidays(words, value.to_string()) }
    };
    let file: File = toml::from_str(text).map_err(|error| {
        let (line, column) = place(error.span().map_or(0, |span| span.start));
        Problem { line, column, why: Why::Toml(error.message().to_owned()) }
    })?;
    if file.year.is_empty() {
        return Err(wrong(0, HolidayWords::NoYear, &""));
    }
    let mut years = BTreeMap::new();
    for entry in file.year {
        let (number, year_at) = (*entry.year.get_ref(), entry.year.span().start);
        if !(YEAR_MIN..=YEAR_MAX).contains(&number) {
            return Err(wrong(year_at, HolidayWords::Year, &number));
        }
        let mut year = Year::default();
        for item in &entry.off {
            let span = span_of(number, item.get_ref());
            year.off.push(span.ok_or_else(|| wrong(item.span().start, HolidayWords::Date, item.get_ref()))?);
        }
        for item in &entry.work {
            let at = item.span().start;
            let day = match span_of(number, item.get_ref()) {
                Some((first, last, _)) if first == last => first,
                _ => return Err(wrong(at, HolidayWords::Date, item.get_ref())),
            };
            if !is_weekend(day) {
                return Err(wrong(at, HolidayWords::Workday, &day));
            }
            if year.holiday(day).is_some() {
                return Err(wrong(at, HolidayWords::Twice, &day));
            }
            year.work.push(day);
        }
        year.off.sort();
        year.work.sort_unstable();
        if years.insert(number, year).is_some() {
            return Err(wrong(year_at, HolidayWords::YearTwice, &number));
        }
    }
    Ok(years)
}

/// `01-01 元旦` or `01-01..01-03 元旦` in a year.
fn span_of(year: i32, text: &str) -> Option<(NaiveDate, NaiveDate, String)> {
    let text = text.trim();
    let (days, name) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let date = |text: &str| {
        let (month, day) = text.split_once('-').filter(|_| text.len() == 5)?;
        NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
    };
    let (first, last) = match days.split_once("..") {
        Some((first, last)) => (date(first)?, date(last)?),
        None => (date(days)?, date(days)?),
    };
    (first <= last).then(|| (first, last, name.trim().to_owned()))
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn statutory() -> &'static BTreeMap<i32, Year> {
    static YEARS: OnceLock<BTreeMap<i32, Year>> = OnceLock::new();
    YEARS.get_or_init(|| read(STATUTORY).unwrap_or_default())
}

/// The years that are known: the program's, and over them those that a store was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    own: BTreeMap<i32, Year>,
}

impl Holidays {
    /// Years as [`Holidays::to_toml`] wrote them; none for what cannot be read.
    pub fn from_toml(text: &str) -> Self {
        Self { own: read(text).unwrap_or_default() }
    }

    /// Gives a year, or takes it away again; the program's own then holds.
    pub fn set(&mut self, year: i32, known: Option<Year>) {
        match known {
            Some(known) => self.own.insert(year, known),
            None => self.own.remove(&year),
        };
    }

    /// The year as the store was given it; none where it was not.
    pub fn given(&self, year: i32) -> Option<&Year> {
        self.own.get(&year)
    }

    /// All given years as one file; empty where there are none.
    pub fn to_toml(&self) -> String {
        self.own.iter().map(|(number, year)| year.to_toml(*number)).collect::<Vec<_>>().join("\n")
    }

    fn year(&self, year: i32) -> Option<&Year> {
        self.own.get(&year).or_else(|| statutory().get(&year))
    }

    /// True where the working days of a year are known.
    pub fn knows(&self, year: i32) -> bool {
        self.year(year).is_some()
    }

    /// The last of the years that are known without a gap from `year` on; none where it is unknown itself.
    pub fn known_to(&self, year: i32) -> Option<i32> {
        (year..=YEAR_MAX).take_while(|year| self.knows(*year)).last()
    }

    /// Of a year and the next the first that is unknown.
    pub fn unknown_soon(&self, year: i32) -> Option<i32> {
        (year..=year.saturating_add(1)).find(|year| !self.knows(*year))
    }

    /// Whether a day is off; none in a year that is unknown.
    pub fn is_off(&self, day: NaiveDate) -> Option<bool> {
        let year = self.year(day.year())?;
        Some(year.holiday(day).is_some() || (is_weekend(day) && !year.work.contains(&day)))
    }

    /// True for a Saturday or Sunday that is worked.
    pub fn is_makeup(&self, day: NaiveDate) -> bool {
        self.year(day.year()).is_some_and(|year| year.work.contains(&day))
    }

    /// The holiday that a day is off for; empty where the file gives it no name.
    pub fn holiday(&self, day: NaiveDate) -> Option<&str> {
        self.year(day.year())?.holiday(day)
    }

    /// The first working day that is not before a day. Unknown years have none and are passed over.
    pub fn workday_on_or_after(&self, day: NaiveDate) -> Option<NaiveDate> {
        let mut from = day;
        loop {
            let known = self.first_known(from.year())?;
            if known > from.year() {
                from = NaiveDate::from_ymd_opt(known, 1, 1)?;
            }
            let days =
                (0..SPAN_MAX).map(|ahead| plus_days(from, ahead)).take_while(|day| day.year() == known);
            if let Some(found) = days.into_iter().find(|day| self.is_off(*day) == Some(false)) {
                return Some(found);
            }
            from = NaiveDate::from_ymd_opt(known.checked_add(1)?, 1, 1)?;
        }
    }

    /// The first year that is known and not before `year`.
    fn first_known(&self, year: i32) -> Option<i32> {
        let next = |years: &BTreeMap<i32, Year>| years.range(year..).next().map(|(year, _)| *year);
        next(&self.own).into_iter().chain(next(statutory())).min()
    }
}

impl crate::queue::quiet::Calendar for Holidays {
    fn is_off(&self, day: NaiveDate) -> Option<bool> {
        Self::is_off(self, day)
    }
}

#[cfg(test)]
mod tests;
