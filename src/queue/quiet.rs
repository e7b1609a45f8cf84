//! Quiet hours: spans of the day in which nothing is offered, of the store, an account, a group, a member.
//!
//! Marketing and care wait until they are over. Service waits only where its span still allows it; an incident
//! does not wait.

use chrono::{Datelike, Duration, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::wall::resolve;
use crate::book::{Class, QuietHours, Timestamp};

/// How far ahead an opening is looked for. Where everything is quiet for longer, that far is the answer: waking
/// early does no harm, because it is judged anew then.
const LOOK_AHEAD_DAYS: i64 = 8;

/// Somebody's quiet hours in their zone.
#[derive(Clone, Copy, Debug)]
pub struct Quiet<'a> {
    pub zone: Tz,
    pub hours: &'a [QuietHours],
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
fn end_around(at: Timestamp, zone: Tz, hours: &[QuietHours]) -> Option<Timestamp> {
    let today = at.day(zone);
    let mut latest = None;
    for quiet in hours {
        for day in [today.pred_opt(), Some(today)].into_iter().flatten() {
            let weekday = 1_u8 << day.weekday().num_days_from_monday();
            if quiet.days != 0 && quiet.days & weekday == 0 {
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

/// True inside quiet hours: from their first minute up to, not including, their end.
pub fn is_quiet(at: Timestamp, zone: Tz, hours: &[QuietHours]) -> bool {
    end_around(at, zone, hours).is_some()
}

/// The first instant from `at` on that is outside all of these quiet hours; `at` itself where it is.
pub fn next_open(at: Timestamp, zone: Tz, hours: &[QuietHours]) -> Timestamp {
    next_open_for(at, &[Quiet { zone, hours }])
}

/// As [`next_open`], for several at once, each in its own zone.
pub fn next_open_for(at: Timestamp, all: &[Quiet<'_>]) -> Timestamp {
    let limit = Timestamp(at.0.saturating_add(LOOK_AHEAD_DAYS * crate::book::time::DAY));
    let mut open = at;
    while let Some(end) = all.iter().filter_map(|quiet| end_around(open, quiet.zone, quiet.hours)).max() {
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

    fn check(now: &str, zone: Tz, hours: &[(u16, u16, u8)], expected: &str) {
        let hours: Vec<QuietHours> =
            hours.iter().map(|&(from, to, days)| QuietHours { from, to, days }).collect();
        assert_eq!(next_open(at(now), zone, &hours).rfc3339(zone), expected, "{now}");
        assert_eq!(is_quiet(at(now), zone, &hours), now != expected, "{now}");
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
        let both =
            [Quiet { zone: Asia::Shanghai, hours: &night }, Quiet { zone: Asia::Urumqi, hours: &night }];
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
            let open = next_open(Timestamp(ms), Asia::Shanghai, &hours);
            prop_assert!(open >= Timestamp(ms));
            let looked_far = open.since(Timestamp(ms)) >= 8 * crate::book::time::DAY;
            prop_assert!(looked_far || !is_quiet(open, Asia::Shanghai, &hours));
        }
    }
}
