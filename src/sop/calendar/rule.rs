//! Recurrences by a rule of RFC 5545: `FREQ=MONTHLY;BYDAY=-1FR`.
//!
//! A rule comes round once a day at most, for a round is a day: rules by the hour, minute or second and several
//! times of one day are refused. So the days are found without any zone, and the one wall time becomes an instant by
//! the same law as every other ([`resolve`]): in a gap the offset before it, in an overlap the first.
//!
//! Looking for the next day is bounded: what has not come after [`WALKED_MAX`] occurrences, or after as many empty
//! days, weeks, months or years as the crate looks at, does not come.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use rrule::{RRule, Unvalidated};

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

impl Rule {
    /// Reads `FREQ=…` with the first day and time; `RRULE:` may stand before it.
    ///
    /// # Errors
    /// [`RuleMistake`] where it cannot be read or followed.
    pub fn parse(text: &str, start: NaiveDateTime, zone: Option<Tz>) -> Result<Self, RuleMistake> {
        let shape = |value: &str| RuleMistake::Shape(value.to_owned());
        let upper = text.trim().to_uppercase();
        let written = upper.strip_prefix("RRULE:").unwrap_or(&upper);
        let (mut of_days, mut freq, mut interval) = (Vec::new(), "", 1);
        let (mut clock, mut until) = ([None, None, None], None);
        for part in written.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').ok_or_else(|| shape(part))?;
            let place = ["BYHOUR", "BYMINUTE", "BYSECOND"].iter().position(|known| *known == key);
            match (key, place.and_then(|place| clock.get_mut(place))) {
                (_, Some(_)) if value.contains(',') => return Err(RuleMistake::OftenADay),
                (_, Some(place)) => *place = Some(value.parse().map_err(|_| shape(part))?),
                ("UNTIL", _) => until = Some(parse_until(value).ok_or_else(|| shape(part))?),
                _ => of_days.push(part),
            }
            match key {
                "FREQ" => freq = value,
                // the crate takes 0 for a rule that never comes, and has no room for more
                "INTERVAL" => {
                    interval = value.parse::<u16>().ok().filter(|n| *n > 0).ok_or_else(|| shape(part))?;
                }
                _ => {}
            }
        }
        if matches!(freq, "HOURLY" | "MINUTELY" | "SECONDLY") {
            return Err(RuleMistake::OftenADay);
        }
        let days: RRule<Unvalidated> = of_days
            .join(";")
            .parse()
            .map_err(|error: rrule::RRuleError| RuleMistake::Shape(error.to_string()))?;
        let period = match freq {
            "DAILY" => Some(u64::from(interval)),
            "WEEKLY" => Some(7 * u64::from(interval)),
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
        let time = time.ok_or_else(|| shape(written))?;
        // a time before that of the first day has passed on it
        let first = if time < now { plus_days(start.date(), 1) } else { start.date() };
        let rule = Self { days, period, start: start.date(), first, time, until, zone };
        rule.starting(rule.start).map_err(RuleMistake::Shape)?;
        match rule.day_on_or_after(first, zone.unwrap_or(Tz::UTC)) {
            Some(_) => Ok(rule),
            None => Err(RuleMistake::Never),
        }
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
