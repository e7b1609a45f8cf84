//! Days of any year: which birthdays a date means, of the solar and of the lunar calendar.
//!
//! A solar birthday is compared by month and day, whatever the year. A lunar one has a day in each year, so a stretch
//! of days has a year here: that of its dates where they have one; else this year, or the next where this year's is
//! over for half a year (1月, asked in November); one that goes through the turn of the year is the one that today lies
//! in, else the one to come. A whole year has every birthday.

use chrono::{Datelike, NaiveDate};

use super::dates::{Day, When, clamped, shift_days, shift_months};
use super::expr::{Item, Test};
use super::filter::{MatchContext, month_day};
use crate::book::lunar::LunarDays;

/// For how many days a stretch of this year may be over and still be meant.
const HALF_A_YEAR: i32 = 183;

/// What of birthdays is compared.
pub(super) struct Birthdays {
    /// From and to, as [`month_day`] counts.
    pub ranges: Vec<(u16, u16)>,
    pub lunar: LunarDays,
}

/// An end of a stretch of days.
#[derive(Clone, Copy)]
enum End {
    Date(NaiveDate),
    /// Of any year.
    Yearless {
        month: u32,
        day: u32,
    },
}

/// The birthdays that a date means.
pub(super) fn birthdays(test: &Test<When>, context: &MatchContext<'_>) -> Birthdays {
    let mut found = Birthdays { ranges: Vec::new(), lunar: LunarDays::default() };
    let Test::AnyOf(items) = test else { return found };
    for item in items {
        let (first, last) = match item {
            Item::One(when) => (Some(*when), Some(*when)),
            Item::Range(from, to) => (*from, *to),
        };
        let side = |when: Option<When>, open: (u32, u32), last: bool| match when {
            Some(when) => end(when, last, context),
            None => Some(End::Yearless { month: open.0, day: open.1 }),
        };
        let (from, to) = (side(first, (1, 1), false), side(last, (12, 31), true));
        let (Some(from), Some(to)) = (from, to) else { continue };
        let today = context.now.day(context.zone);
        let Some((first, last)) = with_years(from, to, today) else { continue };
        found.ranges.extend(solar(from, to, first, last));
        // every date, in whatever year it has a day
        if (last - first).num_days() >= 364 {
            found.lunar = LunarDays::all();
        } else {
            found.lunar.extend(&LunarDays::between(first, last, context.customs));
        }
    }
    found
}

/// An end as it was named: with its year, unless it is a day or a month of any.
fn end(when: When, last: bool, context: &MatchContext<'_>) -> Option<End> {
    let (month, day) = match when {
        When::Day(Day::MonthDay { month, day }) => (u32::from(month), u32::from(day)),
        When::MonthOf(month) if last => {
            // the last day that this month ever has
            let month = u32::from(month);
            (month, clamped(2024, month, 31)?.day())
        }
        When::MonthOf(month) => (u32::from(month), 1),
        when => {
            let (a, b) = when.days(context.now, context.zone)?;
            return Some(End::Date(if last { b } else { a }));
        }
    };
    Some(End::Yearless { month, day })
}

/// The stretch with its years; the end before the beginning where 02-29 alone is meant in a year that does not have it.
fn with_years(from: End, to: End, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    // no stretch begins on a 29 February that there is not, and none ends on it
    let starts = |(month, day): (u32, u32), year| {
        let date = NaiveDate::from_ymd_opt(year, month, day);
        date.or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
    };
    let ends = |(month, day): (u32, u32), year| clamped(year, month, day);
    let place = |date: NaiveDate| (date.month(), date.day());
    match (from, to) {
        (End::Date(first), End::Date(last)) if first <= last => Some((first, last)),
        (End::Date(first), last) => {
            let of = match last {
                End::Date(last) => place(last),
                End::Yearless { month, day } => (month, day),
            };
            let later = i32::from(of < place(first));
            Some((first, ends(of, first.year() + later)?))
        }
        (End::Yearless { month, day }, End::Date(last)) => {
            let earlier = i32::from((month, day) > place(last));
            Some((starts((month, day), last.year() - earlier)?, last))
        }
        (End::Yearless { month: a, day: b }, End::Yearless { month: c, day: d }) => {
            let (from, to) = ((a, b), (c, d));
            let year = today.year();
            if from > to {
                let running = today <= ends(to, year)?;
                let year = year - i32::from(running);
                return Some((starts(from, year)?, ends(to, year + 1)?));
            }
            let over = shift_days(ends(to, year)?, HALF_A_YEAR)? < today;
            let year = year + i32::from(over);
            Some((starts(from, year)?, ends(to, year)?))
        }
    }
}

/// Months and days of a stretch.
fn solar(from: End, to: End, first: NaiveDate, last: NaiveDate) -> Vec<(u16, u16)> {
    // a year and a day less, or more
    if shift_months(first, 12).is_none_or(|again| last >= again) {
        return vec![(0, u16::MAX)];
    }
    let a = match from {
        End::Yearless { month, day } => month_day(month, day),
        End::Date(date) => month_day(date.month(), date.day()),
    };
    let b = match to {
        End::Yearless { month, day } => month_day(month, day),
        // In a year without it, who was born on 02-29 has their day on 02-28.
        End::Date(date) if (date.month(), date.day()) == (2, 28) && !date.leap_year() => month_day(2, 29),
        End::Date(date) => month_day(date.month(), date.day()),
    };
    if a <= b { vec![(a, b)] } else { vec![(a, u16::MAX), (0, b)] }
}
