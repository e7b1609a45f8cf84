//! Quiet hours: spans of the day in which nothing is offered, of the store, an account, a group, a member.
//!
//! They may be of days of the week or of a kind of day, working days or days off, which a calendar knows; in a year that
//! it does not know a day is neither. Marketing and care wait until they are over. Service waits only where its span still allows it; an incident
//! does not wait.

use chrono::{Datelike, Duration, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::wall::resolve;
use crate::book::days::{ON_DAYS_OFF, ON_WORKDAYS};
use crate::book::{Class, QuietHours, Timestamp};

/// How far ahead an opening is looked for. Where everything is quiet for longer, that far is the answer: waking
/// early does no harm, because it is judged anew then.
const LOOK_AHEAD_DAYS: i64 = 8;

/// What knows working days and days off.
pub trait Calendar: std::fmt::Debug {
    /// Whether a day is off; none where that is unknown.
    fn is_off(&self, day: NaiveDate) -> Option<bool>;
}

/// A calendar that knows no day.
#[derive(Clone, Copy, Debug)]
pub struct NoCalendar;

impl Calendar for NoCalendar {
    fn is_off(&self, _: NaiveDate) -> Option<bool> {
        None
    }
}

/// Somebody's quiet hours in their zone.
#[derive(Clone, Copy, Debug)]
pub struct Quiet<'a> {
    pub zone: Tz,
    pub hours: &'a [QuietHours],
    pub calendar: &'a dyn Calendar,
}

/// The quiet hours of several, by one calendar.
pub fn quiets<'a>(hours: &'a [(Tz, Vec<QuietHours>)], calendar: &'a dyn Calendar) -> Vec<Quiet<'a>> {
    hours.iter().map(|(zone, hours)| Quiet { zone: *zone, hours, calendar }).collect()
}

/// Whether a span of quiet hours begins on a day.
fn begins_on(days: u8, day: NaiveDate, calendar: &dyn Calendar) -> bool {
    match days {
        0 => true,
        ON_WORKDAYS => calendar.is_off(day) == Some(false),
        ON_DAYS_OFF => calendar.is_off(day) == Some(true),
        days => days & (1 << day.weekday().num_days_from_monday()) != 0,
    }
}

/// What a class has to do with quiet hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Respect {
    Always,
    /// Only where the span of the step still allows it.
    WithinSpan,
    Never,
}

/// How a class respects quiet hours.
pub const fn respect(class: Class) -> Respect {
    match class {
        Class::Marketing | Class::Care => Respect::Always,
        Class::Service => Respect::WithinSpan,
        Class::Incident => Respect::Never,
    }
}

/// The instant of minutes after midnight; 1440 is the next midnight.
fn minute_of(day: NaiveDate, minutes: u16, zone: Tz) -> Timestamp {
    let midnight = day.and_time(NaiveTime::MIN);
    resolve(midnight.checked_add_signed(Duration::minutes(i64::from(minutes))).unwrap_or(midnight), zone)
}

/// The end of the quiet span around an instant, the latest where several overlap; none outside.
fn end_around(at: Timestamp, of: &Quiet<'_>) -> Option<Timestamp> {
    let zone = of.zone;
    let today = at.day(zone);
    let mut latest = None;
    for quiet in of.hours {
        for day in [today.pred_opt(), Some(today)].into_iter().flatten() {
            if !begins_on(quiet.days, day, of.calendar) {
                continue;
            }
            let last = if quiet.to > quiet.from { Some(day) } else { day.succ_opt() };
            let Some(last) = last else { continue };
            let (from, to) = (minute_of(day, quiet.from, zone), minute_of(last, quiet.to, zone));
            if from <= at && at < to {
                latest = latest.max(Some(to));
            }
        }
    }
    latest
}

/// True where hours leave no minute of any week. Working days are taken for Monday to Friday: hours of both kinds of day
/// leave none however they fall.
pub fn covers_the_week(hours: &[QuietHours]) -> bool {
    const DAY: usize = 24 * 60;
    let mut quiet = [false; 7 * DAY];
    for span in hours {
        let on = |day: usize| match span.days {
            0 => true,
            ON_WORKDAYS => day < 5,
            ON_DAYS_OFF => day >= 5,
            days => days & (1 << day) != 0,
        };
        let (from, to) = (usize::from(span.from), usize::from(span.to));
        let to = if to > from { to } else { to + DAY };
        for day in (0..7).filter(|day| on(*day)) {
            for minute in from..to {
                if let Some(one) = quiet.get_mut((day * DAY + minute) % (7 * DAY)) {
                    *one = true;
                }
            }
        }
    }
    quiet.iter().all(|quiet| *quiet)
}

/// True where these quiet hours do not end within the days that are looked ahead at.
pub fn never_opens(at: Timestamp, all: &[Quiet<'_>]) -> bool {
    let open = next_open_for(at, all);
    all.iter().any(|quiet| is_quiet(open, quiet))
}

/// True inside quiet hours: from their first minute up to, not including, their end.
pub fn is_quiet(at: Timestamp, of: &Quiet<'_>) -> bool {
    end_around(at, of).is_some()
}

/// The first instant from `at` on that is outside all of these quiet hours, each in its own zone; `at` itself where it
/// is.
pub fn next_open_for(at: Timestamp, all: &[Quiet<'_>]) -> Timestamp {
    let limit = Timestamp(at.0.saturating_add(LOOK_AHEAD_DAYS * crate::book::time::DAY));
    let mut open = at;
    while let Some(end) = all.iter().filter_map(|quiet| end_around(open, quiet)).max() {
        open = end;
        if open >= limit {
            return limit;
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::{America, Asia};
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap().timestamp_millis())
    }

    /// 1 to 5 May 2026 are off, 9 May, a Saturday, is worked; other years are unknown.
    #[derive(Debug)]
    struct May;

    impl Calendar for May {
        fn is_off(&self, day: NaiveDate) -> Option<bool> {
            let weekend = day.weekday().num_days_from_monday() > 4;
            let off = match (day.month(), day.day()) {
                (5, 1..=5) => true,
                (5, 9) => false,
                _ => weekend,
            };
            (day.year() == 2026).then_some(off)
        }
    }

    fn check(now: &str, zone: Tz, hours: &[(u16, u16, u8)], expected: &str) {
        let hours: Vec<QuietHours> =
            hours.iter().map(|&(from, to, days)| QuietHours { from, to, days }).collect();
        let quiet = Quiet { zone, hours: &hours, calendar: &May };
        assert_eq!(next_open_for(at(now), &[quiet]).rfc3339(zone), expected, "{now}");
        assert_eq!(is_quiet(at(now), &quiet), now != expected, "{now}");
    }

    #[test]
    fn a_night_begins_on_its_minute_and_ends_before_its_minute() {
        let night = [(22 * 60, 8 * 60, 0)];
        let zone = Asia::Shanghai;
        check("2026-11-22T21:59:00+08:00", zone, &night, "2026-11-22T21:59:00+08:00");
        check("2026-11-22T22:00:00+08:00", zone, &night, "2026-11-23T08:00:00+08:00");
        check("2026-11-22T23:59:00+08:00", zone, &night, "2026-11-23T08:00:00+08:00");
        check("2026-11-23T00:00:00+08:00", zone, &night, "2026-11-23T08:00:00+08:00");
        check("2026-11-23T08:00:00+08:00", zone, &night, "2026-11-23T08:00:00+08:00");
        check("2026-12-31T23:00:00+08:00", zone, &night, "2027-01-01T08:00:00+08:00");
    }

    #[test]
    fn spans_that_touch_are_passed_together() {
        let spans = [(12 * 60, 13 * 60, 0), (13 * 60, 14 * 60 + 5, 0), (12 * 60 + 30, 12 * 60 + 40, 0)];
        check("2026-11-22T12:00:00+08:00", Asia::Shanghai, &spans, "2026-11-22T14:05:00+08:00");
    }

    #[test]
    fn days_are_those_the_span_begins_on() {
        // Saturday night only (bit 5): Sunday morning is quiet, Sunday night is not.
        let saturday = [(22 * 60, 10 * 60, 1 << 5)];
        check("2026-11-22T09:00:00+08:00", Asia::Shanghai, &saturday, "2026-11-22T10:00:00+08:00");
        check("2026-11-22T23:00:00+08:00", Asia::Shanghai, &saturday, "2026-11-22T23:00:00+08:00");
        let sunday_all_day = [(0, 1440, 1 << 6)];
        check("2026-11-22T09:00:00+08:00", Asia::Shanghai, &sunday_all_day, "2026-11-23T00:00:00+08:00");
    }

    #[test]
    fn kinds_of_day_are_those_of_the_calendar() {
        let zone = Asia::Shanghai;
        let lunch = [(12 * 60, 13 * 60, ON_WORKDAYS)];
        check("2026-04-30T12:30:00+08:00", zone, &lunch, "2026-04-30T13:00:00+08:00");
        check("2026-05-01T12:30:00+08:00", zone, &lunch, "2026-05-01T12:30:00+08:00");
        check("2026-05-09T12:30:00+08:00", zone, &lunch, "2026-05-09T13:00:00+08:00");
        check("2027-05-06T12:30:00+08:00", zone, &lunch, "2027-05-06T12:30:00+08:00");
        // the night belongs to the day that it begins on: into 6 May, which is worked
        let night = [(20 * 60, 10 * 60, ON_DAYS_OFF)];
        check("2026-05-06T09:00:00+08:00", zone, &night, "2026-05-06T10:00:00+08:00");
        check("2026-05-06T20:30:00+08:00", zone, &night, "2026-05-06T20:30:00+08:00");
        check("2026-05-08T21:00:00+08:00", zone, &night, "2026-05-08T21:00:00+08:00");
        check("2026-05-10T21:00:00+08:00", zone, &night, "2026-05-11T10:00:00+08:00");
        check("2027-05-01T21:00:00+08:00", zone, &night, "2027-05-01T21:00:00+08:00");
    }

    #[test]
    fn a_clock_change_inside_does_not_lengthen_or_lose_it() {
        let night = [(22 * 60, 2 * 60 + 30, 0)];
        check("2026-03-08T01:00:00-05:00", America::New_York, &night, "2026-03-08T03:30:00-04:00");
    }

    #[test]
    fn always_quiet_wakes_after_eight_days_to_look_again() {
        check("2026-11-01T09:00:00+08:00", Asia::Shanghai, &[(0, 1440, 0)], "2026-11-09T09:00:00+08:00");
    }

    #[test]
    fn group_and_account_are_asked_together_in_their_zones() {
        let night = [QuietHours { from: 22 * 60, to: 8 * 60, days: 0 }];
        let quiet = |zone| Quiet { zone, hours: &night, calendar: &NoCalendar };
        let both = [quiet(Asia::Shanghai), quiet(Asia::Urumqi)];
        let open = next_open_for(at("2026-11-22T23:00:00+08:00"), &both);
        assert_eq!(open, at("2026-11-23T10:00:00+08:00"));
    }

    proptest! {
        #[test]
        fn what_is_open_is_not_quiet_and_not_earlier(
            ms in 0_i64..2_000_000_000_000, spans in proptest::collection::vec((0_u16..1440, 1_u16..=1440, 0_u8..128), 0..4)
        ) {
            let hours: Vec<QuietHours> =
                spans.into_iter().map(|(from, to, days)| QuietHours { from, to, days }).collect();
            let quiet = Quiet { zone: Asia::Shanghai, hours: &hours, calendar: &NoCalendar };
            let open = next_open_for(Timestamp(ms), &[quiet]);
            prop_assert!(open >= Timestamp(ms));
            let looked_far = open.since(Timestamp(ms)) >= 8 * crate::book::time::DAY;
            prop_assert!(looked_far || !is_quiet(open, &quiet));
        }
    }
}
