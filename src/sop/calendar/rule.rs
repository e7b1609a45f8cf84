//! Recurrences by a rule of RFC 5545: `FREQ=MONTHLY;BYDAY=-1FR`.
//!
//! A rule comes round once a day at most, for a round is a day: rules by the hour, minute or second and several
//! times of one day are refused. So the days are found without any zone, and the one wall time becomes an instant by
//! the same law as every other ([`resolve`]): in a gap the offset before it, in an overlap the first.
//!
//! Looking for the next day is bounded: what has not come after [`WALKED_MAX`] occurrences, or after as many empty
//! days, weeks, months or years as the crate looks at, does not come.

use chrono::{DateTime, Days, Month, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;
use rrule::{Frequency, NWeekday, RRule, Unvalidated};

use super::plus_days;
use crate::book::Timestamp;
use crate::queue::wall::resolve;
use crate::sop::grammar::WallTime;

/// How many occurrences are passed over in search of the next one: those of a daily rule in 270 years.
pub const WALKED_MAX: usize = 100_000;

/// The last year in which a rule is followed.
const YEAR_MAX: i32 = 9_000;

/// Why a rule cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleMistake {
    /// By the hour, the minute or the second, or at several times of a day.
    OftenADay,
    /// Not one day that it comes round on.
    Never,
    /// The crate's own words.
    Shape(String),
}

/// A rule that comes round at least once.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What days; without its end and its time of day.
    days: RRule<Unvalidated>,
    /// How many days its periods have, where all have the same: the search can begin near its end.
    period: Option<u64>,
    start: NaiveDate,
    /// The first day on which its time has not passed when it starts.
    first: NaiveDate,
    time: NaiveTime,
    until: Option<Until>,
    /// None: the enrolment's.
    zone: Option<Tz>,
}

impl Eq for Rule {}

/// `UNTIL`, the last instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Until {
    at: NaiveDateTime,
    utc: bool,
}

/// `2026-01-31T09:00:00`, seconds or the whole time may be missing.
pub fn parse_start(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim().replace(' ', "T");
    let shapes = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
    let whole = shapes.iter().find_map(|shape| NaiveDateTime::parse_from_str(&text, shape).ok());
    whole.or_else(|| Some(NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?.and_time(NaiveTime::MIN)))
}

/// `19971224`, `19971224T000000` or `19971224T000000Z`.
fn parse_until(text: &str) -> Option<Until> {
    let (text, utc) = text.strip_suffix('Z').map_or((text, false), |text| (text, true));
    if let Ok(at) = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S") {
        return Some(Until { at, utc });
    }
    let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok().filter(|_| !utc)?;
    Some(Until { at: day.and_hms_opt(23, 59, 59)?, utc })
}

/// A rule as it is read, part by part. Built here and not by the crate, whose own reader brings a machine for regular
/// expressions that is larger than all the rest of it.
struct Written {
    days: RRule<Unvalidated>,
    freq: Option<Frequency>,
    interval: u16,
    /// Hour, minute and second.
    clock: [Option<u32>; 3],
    until: Option<Until>,
}

impl Default for Written {
    fn default() -> Self {
        let days = RRule::new(Frequency::Daily);
        Self { days, freq: None, interval: 1, clock: [None; 3], until: None }
    }
}

impl Written {
    fn take(&mut self, key: &str, value: &str) -> Result<(), RuleMistake> {
        let often = match key {
            "FREQ" => matches!(value, "HOURLY" | "MINUTELY" | "SECONDLY"),
            "BYHOUR" | "BYMINUTE" | "BYSECOND" => value.contains(','),
            _ => false,
        };
        if often {
            return Err(RuleMistake::OftenADay);
        }
        self.read(key, value).ok_or_else(|| RuleMistake::Shape(format!("{key}={value}")))
    }

    /// Takes a part; none where it is no part of a rule.
    fn read(&mut self, key: &str, value: &str) -> Option<()> {
        let days = std::mem::replace(&mut self.days, RRule::new(Frequency::Daily));
        self.days = match key {
            "BYDAY" => days.by_weekday(list(value, weekday)?),
            "BYMONTHDAY" => days.by_month_day(numbers(value)?),
            "BYYEARDAY" => days.by_year_day(numbers(value)?),
            "BYWEEKNO" => days.by_week_no(numbers(value)?),
            "BYSETPOS" => days.by_set_pos(numbers(value)?),
            "BYMONTH" => {
                days.by_month(&list(value, |month| Month::try_from(month.parse::<u8>().ok()?).ok())?)
            }
            "WKST" => days.week_start(day_name(value)?),
            "COUNT" => days.count(value.parse().ok()?),
            "INTERVAL" => {
                // the crate takes 0 for a rule that never comes
                self.interval = value.parse().ok().filter(|n| *n > 0)?;
                days.interval(self.interval)
            }
            _ => {
                self.days = days;
                return self.read_time(key, value);
            }
        };
        Some(())
    }

    fn read_time(&mut self, key: &str, value: &str) -> Option<()> {
        let [hour, minute, second] = &mut self.clock;
        match key {
            "FREQ" => {
                self.freq = Some(match value {
                    "DAILY" => Frequency::Daily,
                    "WEEKLY" => Frequency::Weekly,
                    "MONTHLY" => Frequency::Monthly,
                    "YEARLY" => Frequency::Yearly,
                    _ => return None,
                });
            }
            "UNTIL" => self.until = Some(parse_until(value)?),
            "BYHOUR" => *hour = Some(value.parse().ok()?),
            "BYMINUTE" => *minute = Some(value.parse().ok()?),
            "BYSECOND" => *second = Some(value.parse().ok()?),
            _ => return None,
        }
        Some(())
    }
}

fn list<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    value.split(',').map(|item| read(item.trim())).collect()
}

fn numbers<T: std::str::FromStr>(value: &str) -> Option<Vec<T>> {
    list(value, |number| number.parse().ok())
}

/// `MO`, `-1FR`, `+2TU`.
fn weekday(value: &str) -> Option<NWeekday> {
    let (number, name) = value.split_at_checked(value.len().checked_sub(2)?)?;
    let number = if number.is_empty() { None } else { Some(number.parse::<i16>().ok().filter(|n| *n != 0)?) };
    Some(NWeekday::new(number, day_name(name)?))
}

fn day_name(name: &str) -> Option<Weekday> {
    Some(match name {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}

impl Rule {
    /// Reads `FREQ=…` with the first day and time; `RRULE:` may stand before it.
    ///
    /// # Errors
    /// [`RuleMistake`] where it cannot be read or followed.
    pub fn parse(text: &str, start: NaiveDateTime, zone: Option<Tz>) -> Result<Self, RuleMistake> {
        let upper = text.trim().to_uppercase();
        let mut written = Written::default();
        for part in upper.strip_prefix("RRULE:").unwrap_or(&upper).split(';').map(str::trim) {
            match part.split_once('=') {
                Some((key, value)) => written.take(key, value)?,
                None if part.is_empty() => {}
                None => return Err(RuleMistake::Shape(part.to_owned())),
            }
        }
        let Written { days, freq, interval, clock, until } = written;
        let freq = freq.ok_or_else(|| RuleMistake::Shape("FREQ".to_owned()))?;
        let days = days.freq(freq);
        let period = match freq {
            Frequency::Daily => Some(u64::from(interval)),
            Frequency::Weekly => Some(7 * u64::from(interval)),
            _ => None,
        };
        // what is counted is counted from the first
        let period = period.filter(|_| days.get_count().is_none());
        let now = start.time();
        let [hour, minute, second] = clock;
        let time = NaiveTime::from_hms_opt(
            hour.unwrap_or_else(|| chrono::Timelike::hour(&now)),
            minute.unwrap_or_else(|| chrono::Timelike::minute(&now)),
            second.unwrap_or_else(|| chrono::Timelike::second(&now)),
        );
        let time = time.ok_or_else(|| RuleMistake::Shape(upper.clone()))?;
        // a time before that of the first day has passed on it
        let first = if time < now { plus_days(start.date(), 1) } else { start.date() };
        let rule = Self { days, period, start: start.date(), first, time, until, zone };
        rule.starting(rule.start).map_err(RuleMistake::Shape)?;
        match rule.day_on_or_after(first, zone.unwrap_or(Tz::UTC)) {
            Some(_) => Ok(rule),
            None => Err(RuleMistake::Never),
        }
    }

    /// The zone that was written with it.
    pub const fn own_zone(&self) -> Option<Tz> {
        self.zone
    }

    /// The zone its wall time is in.
    pub fn zone(&self, of_course: Tz) -> Tz {
        self.zone.unwrap_or(of_course)
    }

    /// The crate's rule, counted from a first day.
    fn starting(&self, first: NaiveDate) -> Result<rrule::RRuleSet, String> {
        let start: DateTime<rrule::Tz> =
            first.and_time(NaiveTime::MIN).and_utc().with_timezone(&rrule::Tz::UTC);
        self.days.clone().build(start).map(rrule::RRuleSet::limit).map_err(|error| error.to_string())
    }

    /// The first of its calendar days that is not before `day`.
    fn day_on_or_after(&self, day: NaiveDate, of_course: Tz) -> Option<NaiveDate> {
        let from = day.max(self.first);
        if chrono::Datelike::year(&from) > YEAR_MAX {
            return None;
        }
        // periods that lie wholly before need not be walked through; one is kept, for the first may be cut
        let gone = u64::try_from((from - self.start).num_days()).unwrap_or(0);
        let skipped = self.period.map_or(0, |days| (gone / days).saturating_sub(1) * days);
        let set = self.starting(self.start.checked_add_days(Days::new(skipped))?).ok()?;
        let found =
            set.into_iter().take(WALKED_MAX).map(|at| at.date_naive()).find(|found| *found >= from)?;
        let over = self.until.is_some_and(|until| {
            let end = if until.utc {
                until.at.and_utc().with_timezone(&self.zone(of_course)).naive_local()
            } else {
                until.at
            };
            found.and_time(self.time) > end
        });
        (!over).then_some(found)
    }

    /// True where its wall time belongs to the night after the day before.
    fn is_at_night(&self, day_ends: WallTime) -> bool {
        let minute = chrono::Timelike::num_seconds_from_midnight(&self.time) / 60;
        minute < u32::from(day_ends.minutes())
    }

    /// The first round that is not before `day`: the day that an occurrence belongs to.
    pub fn round_on_or_after(&self, day: NaiveDate, of_course: Tz, day_ends: WallTime) -> Option<NaiveDate> {
        let night = i32::from(self.is_at_night(day_ends));
        Some(plus_days(self.day_on_or_after(plus_days(day, night), of_course)?, -night))
    }

    /// The instant of a round.
    pub fn at(&self, round: NaiveDate, of_course: Tz, day_ends: WallTime) -> Timestamp {
        let date = plus_days(round, i32::from(self.is_at_night(day_ends)));
        resolve(date.and_time(self.time), self.zone(of_course))
    }
}

#[cfg(test)]
mod tests;
