//! Date words: what people write for a day or an instant, and which span of time they mean by it.
//!
//! A word is kept as it was meant ("tomorrow", "Friday of next week", "+2h") and becomes a span `[from, to)` only when
//! somebody says what `now` is and where. Days are local calendar days, so that `-30d` is a whole day and not 720
//! hours. Weeks begin on Monday. A wall time that a change of clocks skips is read with the offset before the
//! change; one that comes twice is the first. Days that a month does not have (02-29) become its last day.
//!
//! One file because the days of a word, its instants and how often they change are read side by side.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

use crate::book::Timestamp;
use crate::book::time::MINUTE;

/// A local day, as somebody named it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Day {
    /// Months, then days from today; `today` is 0 and 0.
    Offset { months: i32, days: i32 },
    /// 0 is Monday. `week` counts from this week; none means the bare name.
    Weekday { day: u8, week: Option<i8> },
    /// A day of a year.
    Date(NaiveDate),
    /// A day of a year that goes unsaid.
    MonthDay { month: u8, day: u8 },
    /// A day of this month.
    DayOfMonth(u8),
    /// The last day of a month, counted from this month.
    MonthEnd(i8),
}

/// After how long a day of some name comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    Week,
    Month,
    Year,
}

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    SmallHours,
    Morning,
    Noon,
    Afternoon,
    Evening,
}

impl Part {
    /// Every part, in the order of the day.
    pub const ALL: [Self; 5] = [Self::SmallHours, Self::Morning, Self::Noon, Self::Afternoon, Self::Evening];

    /// From when to when it lasts, in minutes after 00:00.
    pub const fn minutes(self) -> (u16, u16) {
        match self {
            Self::SmallHours => (0, 6 * 60),
            Self::Morning => (6 * 60, 12 * 60),
            Self::Noon => (11 * 60, 14 * 60),
            Self::Afternoon => (12 * 60, 18 * 60),
            Self::Evening => (18 * 60, 24 * 60),
        }
    }

    /// The time that is meant where an instant is asked for.
    pub const fn instant(self) -> u16 {
        match self {
            Self::SmallHours => 60,
            Self::Morning => 9 * 60,
            Self::Noon => 12 * 60,
            Self::Afternoon => 15 * 60,
            Self::Evening => 20 * 60,
        }
    }
}

/// A day, a stretch of days or an instant, as somebody named it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    Day(Day),
    /// A week counted from this week.
    Week(i8),
    /// A month counted from this month.
    Month(i8),
    /// A month of a year that goes unsaid, 1-12.
    MonthOf(u8),
    /// A month of a year.
    MonthIn {
        year: i32,
        month: u8,
    },
    /// Saturday and Sunday of a week counted from this week.
    Weekend(i8),
    /// Three months from January, April, July or October, counted from those of today.
    Quarter(i8),
    /// A year counted from this year.
    Year(i8),
    /// A year by its number.
    YearOf(i32),
    /// A month of a year counted from this year.
    MonthOfYear {
        years: i8,
        month: u8,
    },
    /// So much time up to now, or from now on. In days and months today is the last of those past, and those to come
    /// are counted after it; minutes are elapsed time.
    Rolling {
        months: i32,
        days: i32,
        minutes: i32,
        back: bool,
    },
    /// A part of a day; none means today.
    Part {
        day: Option<Day>,
        part: Part,
    },
    /// Minutes after 00:00 of a day; none means today.
    At {
        day: Option<Day>,
        minutes: u16,
    },
    Now,
    /// Months and days by the calendar, then minutes as elapsed time, from now.
    Elapsed {
        months: i32,
        days: i32,
        minutes: i32,
    },
}

/// How often the meaning of a word changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pace {
    Never,
    /// At local midnight.
    Daily,
    /// With every minute.
    Minutely,
}

/// `[from, to)` in milliseconds since 1970; `from` is the instant itself where one was named.
pub(super) type Range = (i64, i64);

impl Day {
    /// The calendar day meant, seen from `today`; none past the end of the calendar.
    pub fn date(self, today: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Offset { months, days } => shift_days(shift_months(today, months)?, days),
            Self::Weekday { day, week } => {
                let monday = shift_days(today, -(today.weekday().num_days_from_monday() as i32))?;
                shift_days(monday, i32::from(day) + 7 * i32::from(week.unwrap_or(0)))
            }
            Self::Date(date) => Some(date),
            Self::MonthDay { month, day } => clamped(today.year(), u32::from(month), u32::from(day)),
            Self::DayOfMonth(day) => clamped(today.year(), today.month(), u32::from(day)),
            Self::MonthEnd(offset) => {
                let date = shift_months(today.with_day(1)?, i32::from(offset))?;
                clamped(date.year(), date.month(), 31)
            }
        }
    }

    const fn pace(self) -> Pace {
        if matches!(self, Self::Date(_)) { Pace::Never } else { Pace::Daily }
    }
}

impl When {
    /// The first and last calendar day meant.
    pub fn days(self, now: Timestamp, zone: Tz) -> Option<(NaiveDate, NaiveDate)> {
        let of_instant = |at: i64| Timestamp(at).day(zone);
        match self {
            Self::Elapsed { .. } => self.range(now, zone).map(|(at, _)| (of_instant(at), of_instant(at))),
            Self::Rolling { minutes, .. } if minutes != 0 => {
                self.range(now, zone).map(|(from, to)| (of_instant(from), of_instant(to.saturating_sub(1))))
            }
            _ => self.days_from(now.day(zone)),
        }
    }

    /// The first and last calendar day meant, seen from `today`: none where that takes the time of day.
    pub(super) fn days_from(self, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let single = |date: Option<NaiveDate>| date.map(|d| (d, d));
        match self {
            Self::Day(day) => single(day.date(today)),
            Self::At { day, .. } | Self::Part { day, .. } => {
                single(day.map_or(Some(today), |d| d.date(today)))
            }
            Self::Now => single(Some(today)),
            Self::Elapsed { .. } => None,
            Self::Week(week) => {
                let monday = Day::Weekday { day: 0, week: Some(week) }.date(today)?;
                Some((monday, shift_days(monday, 6)?))
            }
            Self::Month(offset) => {
                let last = Day::MonthEnd(offset).date(today)?;
                Some((last.with_day(1)?, last))
            }
            Self::MonthOf(month) => {
                months_from(NaiveDate::from_ymd_opt(today.year(), u32::from(month), 1)?, 1)
            }
            Self::MonthIn { year, month } => {
                months_from(NaiveDate::from_ymd_opt(year, u32::from(month), 1)?, 1)
            }
            Self::Weekend(week) => {
                let saturday = Day::Weekday { day: 5, week: Some(week) }.date(today)?;
                Some((saturday, shift_days(saturday, 1)?))
            }
            Self::Quarter(offset) => {
                let first = NaiveDate::from_ymd_opt(today.year(), today.month0() / 3 * 3 + 1, 1)?;
                months_from(shift_months(first, 3 * i32::from(offset))?, 3)
            }
            Self::Year(offset) => Self::YearOf(today.year() + i32::from(offset)).days_from(today),
            Self::MonthOfYear { years, month } => {
                Self::MonthIn { year: today.year() + i32::from(years), month }.days_from(today)
            }
            Self::YearOf(year) => months_from(NaiveDate::from_ymd_opt(year, 1, 1)?, 12),
            Self::Rolling { months, days, back: true, .. } => {
                let before = shift_days(shift_months(today, months.checked_neg()?)?, days.checked_neg()?)?;
                Some((before.succ_opt()?, today))
            }
            Self::Rolling { months, days, .. } => {
                Some((today, shift_days(shift_months(today, months)?, days)?))
            }
        }
    }

    /// The span meant. A clock time is its minute, `now` and elapsed time one millisecond.
    pub(super) fn range(self, now: Timestamp, zone: Tz) -> Option<Range> {
        match self {
            Self::Now => Some((now.0, now.0.saturating_add(1))),
            Self::Elapsed { months, days, minutes } => {
                let local = now.local(zone).naive_local();
                let date = shift_days(shift_months(local.date(), months)?, days)?;
                let at =
                    if months == 0 && days == 0 { now } else { instant(date.and_time(local.time()), zone) };
                let at = at.0.saturating_add(i64::from(minutes) * MINUTE);
                Some((at, at.saturating_add(1)))
            }
            Self::At { minutes, .. } => {
                let (date, _) = self.days(now, zone)?;
                let at = at_minutes(date, minutes, zone)?.0;
                Some((at, at.saturating_add(MINUTE)))
            }
            Self::Part { part, .. } => {
                let (date, _) = self.days(now, zone)?;
                let (from, to) = part.minutes();
                Some((at_minutes(date, from, zone)?.0, at_minutes(date, to, zone)?.0))
            }
            Self::Rolling { months, days, minutes, back } if minutes != 0 => {
                let sign = if back { -1 } else { 1 };
                let (months, days, minutes) = (sign * months, sign * days, sign * minutes);
                let (at, _) = Self::Elapsed { months, days, minutes }.range(now, zone)?;
                Some((at.min(now.0), at.max(now.0).saturating_add(1)))
            }
            _ => {
                let (first, last) = self.days(now, zone)?;
                Some((midnight(first, zone).0, midnight(shift_days(last, 1)?, zone).0))
            }
        }
    }

    /// True for a time or a part of the day without a day.
    pub(super) const fn is_bare_time(self) -> bool {
        matches!(self, Self::At { day: None, .. } | Self::Part { day: None, .. })
    }

    /// A bare time of the day after; anything else as it is.
    pub(super) const fn a_day_later(self) -> Self {
        match self {
            Self::At { day: None, minutes } => Self::At { day: None, minutes: minutes + 1440 },
            Self::Part { day: None, part } => {
                Self::Part { day: Some(Day::Offset { months: 0, days: 1 }), part }
            }
            other => other,
        }
    }

    /// After how long such a day comes again; none for what comes once.
    pub(super) const fn again(self) -> Option<Again> {
        match self {
            Self::Day(day) | Self::At { day: Some(day), .. } | Self::Part { day: Some(day), .. } => match day
            {
                Day::Weekday { week: None, .. } => Some(Again::Week),
                Day::DayOfMonth(_) => Some(Again::Month),
                Day::MonthDay { .. } => Some(Again::Year),
                _ => None,
            },
            Self::MonthOf(_) => Some(Again::Year),
            _ => None,
        }
    }

    /// Such a day with its year: the one of this week, month or year, or that many times later; earlier where that is
    /// negative. Anything else is as it was named.
    pub(super) fn dated(self, times: i32, today: NaiveDate) -> Option<Self> {
        let Some(again) = self.again() else { return Some(self) };
        let then = match again {
            Again::Week => shift_days(today, 7 * times),
            Again::Month => shift_months(today.with_day(1)?, times),
            Again::Year => shift_months(today.with_day(1)?, 12 * times),
        }?;
        let date = |day: Day| day.date(then).map(Day::Date);
        Some(match self {
            Self::Day(day) => Self::Day(date(day)?),
            Self::At { day: Some(day), minutes } => Self::At { day: Some(date(day)?), minutes },
            Self::Part { day: Some(day), part } => Self::Part { day: Some(date(day)?), part },
            Self::MonthOf(month) => Self::MonthIn { year: then.year(), month },
            other => other,
        })
    }

    /// How often its meaning changes.
    pub const fn pace(self) -> Pace {
        match self {
            Self::Now | Self::Elapsed { .. } => Pace::Minutely,
            Self::Rolling { minutes, .. } if minutes != 0 => Pace::Minutely,
            Self::Day(day) | Self::At { day: Some(day), .. } | Self::Part { day: Some(day), .. } => {
                day.pace()
            }
            Self::MonthIn { .. } | Self::YearOf(_) => Pace::Never,
            _ => Pace::Daily,
        }
    }
}

/// The instant of a wall time: before a gap its offset, in an overlap the first.
pub fn instant(local: NaiveDateTime, zone: Tz) -> Timestamp {
    if let Some(at) = zone.from_local_datetime(&local).earliest() {
        return Timestamp(at.timestamp_millis());
    }
    // Gaps are minutes to hours, once in Samoa a whole day; before it the offset is known.
    let before = [3, 25].into_iter().find_map(|hours| {
        let earlier = local.checked_sub_signed(TimeDelta::hours(hours))?;
        zone.from_local_datetime(&earlier).latest()
    });
    let offset = before.map_or(0, |at| at.offset().fix().local_minus_utc());
    Timestamp(local.and_utc().timestamp_millis().saturating_sub(i64::from(offset) * 1_000))
}

/// The instant at which a local day begins.
pub fn midnight(date: NaiveDate, zone: Tz) -> Timestamp {
    instant(date.and_time(chrono::NaiveTime::MIN), zone)
}

/// The instant some minutes after 00:00 of a day by the wall clock; 1440 and more lie in the next day.
pub(super) fn at_minutes(date: NaiveDate, minutes: u16, zone: Tz) -> Option<Timestamp> {
    let date = shift_days(date, i32::from(minutes / 1440))?;
    let minutes = u32::from(minutes % 1440);
    Some(instant(date.and_hms_opt(minutes / 60, minutes % 60, 0)?, zone))
}

pub(super) fn shift_days(date: NaiveDate, days: i32) -> Option<NaiveDate> {
    let amount = Days::new(u64::from(days.unsigned_abs()));
    let date = if days < 0 { date.checked_sub_days(amount) } else { date.checked_add_days(amount) }?;
    // What a timestamp cannot show is no date for us.
    (1..=9998).contains(&date.year()).then_some(date)
}

pub(super) fn shift_months(date: NaiveDate, months: i32) -> Option<NaiveDate> {
    let amount = Months::new(months.unsigned_abs());
    if months < 0 { date.checked_sub_months(amount) } else { date.checked_add_months(amount) }
}

/// So many months from the first day of one: its first and last day.
fn months_from(first: NaiveDate, months: i32) -> Option<(NaiveDate, NaiveDate)> {
    let last = shift_months(first, months)?.pred_opt()?;
    Some((shift_days(first, 0)?, shift_days(last, 0)?))
}

/// A day of a month, or the month's last day where it has fewer.
pub(super) fn clamped(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    (28..=day.max(28)).rev().chain([day]).find_map(|d| NaiveDate::from_ymd_opt(year, month, d.min(day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHANGHAI: Tz = Tz::Asia__Shanghai;

    fn at(text: &str, zone: Tz) -> Timestamp {
        instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap(), zone)
    }

    #[test]
    fn wall_times_around_a_change_of_clocks() {
        let new_york = Tz::America__New_York;
        // 02:30 does not exist on that day; read with the offset before, it is 03:30 daylight time.
        assert_eq!(at("2026-03-08 02:30", new_york), at("2026-03-08 03:30", new_york));
        // 01:30 comes twice; the first is still daylight time.
        assert_eq!(at("2026-11-01 01:30", new_york).rfc3339(new_york), "2026-11-01T01:30:00-04:00");
        // Samoa had no 30 December 2011.
        let apia = Tz::Pacific__Apia;
        assert_eq!(at("2011-12-30 10:00", apia), at("2011-12-31 10:00", apia));
        assert!(
            midnight(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(), SHANGHAI)
                == at("2026-11-22 00:00", SHANGHAI)
        );
    }

    #[test]
    fn words_mean_spans() {
        // A Sunday.
        let now = at("2026-11-22 14:03", SHANGHAI);
        let check = |when: When, from: &str, to: &str| {
            let expected = (at(from, SHANGHAI).0, at(to, SHANGHAI).0);
            assert_eq!(when.range(now, SHANGHAI), Some(expected), "{when:?}");
        };
        let day = |months, days| When::Day(Day::Offset { months, days });
        check(day(0, 0), "2026-11-22 00:00", "2026-11-23 00:00");
        check(day(0, -30), "2026-10-23 00:00", "2026-10-24 00:00");
        check(day(3, 0), "2027-02-22 00:00", "2027-02-23 00:00");
        check(When::Day(Day::Weekday { day: 0, week: None }), "2026-11-16 00:00", "2026-11-17 00:00");
        check(When::Day(Day::Weekday { day: 0, week: Some(1) }), "2026-11-23 00:00", "2026-11-24 00:00");
        check(When::Day(Day::MonthEnd(0)), "2026-11-30 00:00", "2026-12-01 00:00");
        check(When::Day(Day::MonthDay { month: 2, day: 29 }), "2026-02-28 00:00", "2026-03-01 00:00");
        check(When::Week(0), "2026-11-16 00:00", "2026-11-23 00:00");
        check(When::Month(1), "2026-12-01 00:00", "2027-01-01 00:00");
        check(When::MonthOf(3), "2026-03-01 00:00", "2026-04-01 00:00");
        check(When::MonthIn { year: 2024, month: 2 }, "2024-02-01 00:00", "2024-03-01 00:00");
        check(When::MonthIn { year: 2026, month: 12 }, "2026-12-01 00:00", "2027-01-01 00:00");
        // a Sunday is of the weekend that it ends
        check(When::Weekend(0), "2026-11-21 00:00", "2026-11-23 00:00");
        check(When::Weekend(1), "2026-11-28 00:00", "2026-11-30 00:00");
        check(When::Quarter(0), "2026-10-01 00:00", "2027-01-01 00:00");
        check(When::Quarter(-1), "2026-07-01 00:00", "2026-10-01 00:00");
        check(When::Quarter(1), "2027-01-01 00:00", "2027-04-01 00:00");
        check(When::Year(0), "2026-01-01 00:00", "2027-01-01 00:00");
        check(When::Year(-1), "2025-01-01 00:00", "2026-01-01 00:00");
        check(When::YearOf(2024), "2024-01-01 00:00", "2025-01-01 00:00");
        let rolling = |months, days, minutes, back| When::Rolling { months, days, minutes, back };
        check(rolling(0, 7, 0, true), "2026-11-16 00:00", "2026-11-23 00:00");
        check(rolling(0, 1, 0, true), "2026-11-22 00:00", "2026-11-23 00:00");
        check(rolling(1, 0, 0, true), "2026-10-23 00:00", "2026-11-23 00:00");
        check(rolling(0, 3, 0, false), "2026-11-22 00:00", "2026-11-26 00:00");
        let hours = |back| rolling(0, 0, 120, back).range(now, SHANGHAI);
        assert_eq!(hours(true), Some((at("2026-11-22 12:03", SHANGHAI).0, now.0 + 1)));
        assert_eq!(hours(false), Some((now.0, at("2026-11-22 16:03", SHANGHAI).0 + 1)));
        let part = |days, part| When::Part { day: Some(Day::Offset { months: 0, days }), part };
        check(part(0, Part::Evening), "2026-11-22 18:00", "2026-11-23 00:00");
        check(part(1, Part::Morning), "2026-11-23 06:00", "2026-11-23 12:00");
        check(When::Part { day: None, part: Part::Afternoon }, "2026-11-22 12:00", "2026-11-22 18:00");
        check(part(-1, Part::SmallHours), "2026-11-21 00:00", "2026-11-21 06:00");
        assert!(Part::ALL.into_iter().all(|p| (p.minutes().0..p.minutes().1).contains(&p.instant())));
        check(When::At { day: None, minutes: 18 * 60 }, "2026-11-22 18:00", "2026-11-22 18:01");
        check(When::At { day: None, minutes: 1440 }, "2026-11-23 00:00", "2026-11-23 00:01");
        let elapsed = When::Elapsed { months: 0, days: 1, minutes: 60 }.range(now, SHANGHAI).unwrap();
        assert_eq!(elapsed.0, at("2026-11-23 15:03", SHANGHAI).0);
    }

    #[test]
    fn the_end_of_the_calendar_is_no_panic() {
        for days in [i32::MIN, -4_000_000, 4_000_000, i32::MAX] {
            for months in [0, i32::MIN, i32::MAX] {
                let when = When::Day(Day::Offset { months, days });
                assert_eq!(when.range(Timestamp(0), SHANGHAI), None);
                for (minutes, back) in [(0, true), (0, false), (i32::MAX, true)] {
                    let _ = When::Rolling {
                        months: months.saturating_abs(),
                        days: days.saturating_abs(),
                        minutes,
                        back,
                    }
                    .range(Timestamp(0), SHANGHAI);
                }
            }
        }
        for ms in [i64::MIN, i64::MAX] {
            for when in
                [When::Week(9), When::Weekend(9), When::Quarter(9), When::Year(9), When::YearOf(i32::MAX)]
            {
                let _ = when.range(Timestamp(ms), SHANGHAI);
            }
            let _ = When::Elapsed { months: 1, days: 1, minutes: i32::MAX }.range(Timestamp(ms), SHANGHAI);
        }
    }
}
