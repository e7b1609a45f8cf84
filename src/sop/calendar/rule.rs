//! Recurrences by a rule of RFC 5545: `FREQ=MONTHLY;BYDAY=-1FR`, `FREQ=DAILY;BYHOUR=9,18`, `FREQ=HOURLY;INTERVAL=6`.
//!
//! A round is a day, and a rule may come several times in it, [`TIMES_MAX`] at most; rules by the minute or second are
//! refused. Its times are wall times: they are found without any zone, and each becomes an instant by the same law as
//! every other ([`resolve`]): in a gap the offset before it, in an overlap the first. Times that a gap brings onto one
//! instant are one. The round is the day in the enrolment's zone: Monday 23:30 in New York is a round of Tuesday in
//! Shanghai, for the steps at a time of day as for those that count from the instant.
//!
//! Looking for the next day is bounded: what has not come after [`WALKED_MAX`] occurrences, or after as many empty
//! days, weeks, months or years as the crate looks at, does not come.

use chrono::{DateTime, Month, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Weekday};
use chrono_tz::Tz;
use rrule::{Frequency, NWeekday, RRule, Unvalidated};

use super::local_day;
use crate::book::Timestamp;
use crate::queue::wall::resolve;
use crate::sop::grammar::WallTime;

/// How many occurrences are passed over in search of the next one: those of a daily rule in 270 years.
pub const WALKED_MAX: usize = 100_000;

/// The number of the first minute among the times of a day: 0 and 1 are those of a rule's own start.
const FIRST_NUMBER: u32 = 2;

/// Added to the number of a time that comes twice in a day: daily in one zone, it does in the day of 25 hours of another.
const SECOND_OF_DAY: u16 = 3_000;

/// How far a day of one zone lies from that of another, at most: 26 hours, and a clock change in each.
const ZONES_APART: TimeDelta = TimeDelta::hours(28);

/// The last year in which a rule is followed.
const YEAR_MAX: i32 = 9_000;

/// Why a rule cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleMistake {
    /// By the minute or the second, or more often a day than [`TIMES_MAX`].
    OftenADay,
    /// Not one day that it comes round on.
    Never,
    /// The crate's own words.
    Shape(String),
}

/// How often a rule may come in a day.
pub const TIMES_MAX: usize = 24;

/// A rule that comes round at least once.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its times; without its end.
    times: RRule<Unvalidated>,
    /// How long its periods are, where all are alike: the search can begin near its end.
    period: Option<TimeDelta>,
    start: NaiveDateTime,
    until: Option<Until>,
    /// None: the enrolment's.
    zone: Option<Tz>,
}

/// A day that a rule comes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    pub day: NaiveDate,
    /// Its instants in order, at least one, each with a number that no other of the day has. It follows from the time of
    /// day alone, so that an instant keeps it when others come to the rule or go.
    pub starts: Vec<(Timestamp, u16)>,
}

impl Eq for Rule {}

/// As lists of what differs name it: the rule, then where it begins, its end and its zone.
impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // what its times repeat follows from them
        let Self { times, period: _, start, until, zone } = self;
        write!(f, "{times} dtstart = {}", start.format("%Y-%m-%dT%H:%M:%S"))?;
        if let Some(Until { at, utc }) = until {
            write!(f, " until = {}{}", at.format("%Y-%m-%dT%H:%M:%S"), if *utc { "Z" } else { "" })?;
        }
        zone.map_or(Ok(()), |zone| write!(f, " tz = {}", zone.name()))
    }
}

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
    /// The weekdays as they are written, where one of them has a number: `2MO`.
    numbered: Option<String>,
    /// Hours, minutes and seconds.
    clock: [Vec<u8>; 3],
    until: Option<Until>,
}

impl Default for Written {
    fn default() -> Self {
        let days = RRule::new(Frequency::Daily);
        Self { days, freq: None, interval: 1, numbered: None, clock: Default::default(), until: None }
    }
}

impl Written {
    fn take(&mut self, key: &str, value: &str) -> Result<(), RuleMistake> {
        if key == "FREQ" && matches!(value, "MINUTELY" | "SECONDLY")
            || key == "BYSECOND" && value.contains(',')
        {
            return Err(RuleMistake::OftenADay);
        }
        self.read(key, value).ok_or_else(|| RuleMistake::Shape(format!("{key}={value}")))
    }

    /// Takes a part; none where it is no part of a rule.
    fn read(&mut self, key: &str, value: &str) -> Option<()> {
        let days = std::mem::replace(&mut self.days, RRule::new(Frequency::Daily));
        self.days = match key {
            "BYDAY" => {
                let days_of = list(value, weekday)?;
                let is_numbered = |day: &NWeekday| matches!(day, NWeekday::Nth(..));
                self.numbered = days_of.iter().any(is_numbered).then(|| value.to_owned());
                days.by_weekday(days_of)
            }
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
                    "HOURLY" => Frequency::Hourly,
                    "DAILY" => Frequency::Daily,
                    "WEEKLY" => Frequency::Weekly,
                    "MONTHLY" => Frequency::Monthly,
                    "YEARLY" => Frequency::Yearly,
                    _ => return None,
                });
            }
            "UNTIL" => self.until = Some(parse_until(value)?),
            "BYHOUR" => *hour = clock(value, 24)?,
            "BYMINUTE" => *minute = clock(value, 60)?,
            "BYSECOND" => *second = clock(value, 60)?,
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

/// Hours, minutes or seconds below an end, in order and each once.
fn clock(value: &str, end: u8) -> Option<Vec<u8>> {
    let mut found: Vec<u8> = list(value, |number| number.parse().ok().filter(|n| *n < end))?;
    found.sort_unstable();
    found.dedup();
    Some(found)
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
        let Written { days, freq, interval, numbered, clock, until } = written;
        let freq = freq.ok_or_else(|| RuleMistake::Shape("FREQ".to_owned()))?;
        // RFC 5545, 3.3.10: a weekday has a number in a month or a year only
        if let Some(days) = numbered.filter(|_| !matches!(freq, Frequency::Monthly | Frequency::Yearly)) {
            return Err(RuleMistake::Shape(format!("BYDAY={days}")));
        }
        // the same: a rule that is counted has no other end
        if let (Some(count), Some(_)) = (days.get_count(), &until) {
            return Err(RuleMistake::Shape(format!("COUNT={count};UNTIL=..")));
        }
        let hour_of = |hour: u32| u8::try_from(hour).unwrap_or(0);
        let [mut hours, mut minutes, mut seconds] = clock;
        let by_the_hour = freq == Frequency::Hourly;
        if hours.is_empty() && !by_the_hour {
            hours.push(hour_of(start.hour()));
        }
        if minutes.is_empty() {
            minutes.push(hour_of(start.minute()));
        }
        if seconds.is_empty() {
            seconds.push(hour_of(start.second()));
        }
        let all_day = 24_usize.div_ceil(usize::from(interval));
        let hours_a_day = match hours.len() {
            0 => all_day,
            some if by_the_hour => some.min(all_day),
            some => some,
        };
        let times_a_day = hours_a_day * minutes.len();
        if times_a_day > TIMES_MAX {
            return Err(RuleMistake::OftenADay);
        }
        let times = days.freq(freq).by_hour(hours).by_minute(minutes).by_second(seconds);
        let period = match freq {
            Frequency::Hourly => Some(TimeDelta::hours(i64::from(interval))),
            Frequency::Daily => Some(TimeDelta::days(i64::from(interval))),
            Frequency::Weekly => Some(TimeDelta::days(7 * i64::from(interval))),
            _ => None,
        };
        // what is counted is counted from the first
        let period = period.filter(|_| times.get_count().is_none());
        let rule = Self { times, period, start, until, zone };
        rule.starting(rule.start).map_err(RuleMistake::Shape)?;
        match rule.round_on_or_after(start.date(), zone.unwrap_or(Tz::UTC), WallTime::MIDNIGHT) {
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

    /// The crate's rule, counted from a first time.
    fn starting(&self, first: NaiveDateTime) -> Result<rrule::RRuleSet, String> {
        let start: DateTime<rrule::Tz> = first.and_utc().with_timezone(&rrule::Tz::UTC);
        self.times.clone().build(start).map(rrule::RRuleSet::limit).map_err(|error| error.to_string())
    }

    /// The first round that is not before `day`: the day of the zone `of_course` that an occurrence belongs to, with all
    /// of its instants. A time before the day's end belongs to the night after the day before.
    pub fn round_on_or_after(&self, day: NaiveDate, of_course: Tz, day_ends: WallTime) -> Option<Round> {
        if chrono::Datelike::year(&day) > YEAR_MAX {
            return None;
        }
        let night = TimeDelta::minutes(i64::from(day_ends.minutes()));
        let zone = self.zone(of_course);
        let apart = if zone == of_course { TimeDelta::zero() } else { ZONES_APART };
        let begin = day.and_time(NaiveTime::MIN).checked_add_signed(night)?;
        let from = begin.checked_sub_signed(apart)?.max(self.start);
        // periods that lie wholly before need not be walked through; one is kept, for the first may be cut
        let skipped = self.period.map_or(TimeDelta::zero(), |period| {
            let gone = (from - self.start).num_seconds() / period.num_seconds().max(1);
            TimeDelta::seconds(period.num_seconds() * (gone - 1).max(0))
        });
        let set = self.starting(self.start.checked_add_signed(skipped)?).ok()?;
        let end = self.until.map(|until| {
            if until.utc { until.at.and_utc().with_timezone(&zone).naive_local() } else { until.at }
        });
        let times = set.into_iter().take(WALKED_MAX).map(|at| at.naive_utc());
        let times = times.skip_while(|at| *at < from).take_while(|at| end.is_none_or(|end| *at <= end));
        let mut placed = times
            .map(|at| {
                let start = resolve(at, zone);
                let in_own_zone = || (at - night).date();
                (
                    if apart.is_zero() { in_own_zone() } else { local_day(start, of_course, day_ends) },
                    start,
                    at,
                )
            })
            .skip_while(|(of, ..)| *of < day);
        let first = placed.next()?;
        // a gap can bring a later time before an earlier one: what follows closely is looked at whole
        let close = placed.take_while(|(of, _, at)| *of == first.0 || *at - first.2 <= apart);
        let mut found: Vec<_> = std::iter::once(first).chain(close).filter(|(of, ..)| *of >= day).collect();
        found.sort_unstable_by_key(|(of, start, _)| (*of, *start));
        let round = found.first()?.0;
        let mut starts: Vec<(Timestamp, u16)> = Vec::new();
        for (_, start, at) in found.into_iter().take_while(|(of, ..)| *of == round) {
            let number = self.number(at, night);
            let is_second = starts.iter().any(|(_, known)| *known == number);
            if starts.last().is_none_or(|(last, _)| *last != start) {
                starts.push((start, if is_second { number + SECOND_OF_DAY } else { number }));
            }
        }
        Some(Round { day: round, starts })
    }

    /// The number of a time within its day: 0 for the time of the rule's own start, which is all that most have.
    fn number(&self, at: NaiveDateTime, night: TimeDelta) -> u16 {
        if at.time() == self.start.time() {
            return 0;
        }
        u16::try_from((at - night).num_seconds_from_midnight() / 60 + FIRST_NUMBER).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
