//! Local days and wall times: the one place where dates become instants.
//!
//! ```text
//! recur      the days of a recurrence        rule     those of an RFC 5545 rule
//! lunar      the Chinese lunar calendar      terms    the 24 solar terms
//! festivals  festivals by name               holidays working days, with make-up days
//! yearly     anchors that come each year     said     names in the user's language
//! ```
//!
//! Decided once: a wall time that a clock change skips is read with the offset before the change, one that comes
//! twice means the first; a span whose start a gap pushes past its end keeps its length. A day may end later than midnight (`day_ends`): what happens until then belongs to the
//! day before, and a wall time before it names the night after that day, so that for every day and time
//! `local_day(instant(day, time)) == day`.

pub mod festivals;
pub mod holidays;
pub mod recur;
pub mod rule;
pub mod said;
pub mod terms;
pub mod yearly;

pub use crate::book::lunar;

use chrono::{Days, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

use super::grammar::WallTime;
use crate::book::{Anchor, Timestamp};
use crate::queue::wall::resolve;

/// The first zone among names that exists; Asia/Shanghai when none does. Give them from near to far: playbook,
/// target group, sending account, store.
pub fn zone(names: &[&str]) -> Tz {
    names.iter().find_map(|name| name.parse().ok()).unwrap_or(Tz::Asia__Shanghai)
}

/// The instant of a wall time on a day.
pub fn instant(day: NaiveDate, time: WallTime, zone: Tz, day_ends: WallTime) -> Timestamp {
    resolve(wall(day, time, day_ends), zone)
}

/// A wall time on a day as it is written, whatever the clocks of a zone make of it.
pub fn wall(day: NaiveDate, time: WallTime, day_ends: WallTime) -> NaiveDateTime {
    let date = if time < day_ends { plus_days(day, 1) } else { day };
    let minutes = u32::from(time.minutes());
    let clock = NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap_or_default();
    date.and_time(clock)
}

/// The first instant of a day.
pub fn day_start(day: NaiveDate, zone: Tz, day_ends: WallTime) -> Timestamp {
    instant(day, day_ends, zone, day_ends)
}

/// The day that an instant belongs to.
pub fn local_day(at: Timestamp, zone: Tz, day_ends: WallTime) -> NaiveDate {
    let local = at.local(zone).naive_local();
    let minutes = Duration::minutes(i64::from(day_ends.minutes()));
    local.checked_sub_signed(minutes).unwrap_or(local).date()
}

/// The date so many days later, or earlier; the last date there is where it lies beyond.
pub fn plus_days(day: NaiveDate, days: i32) -> NaiveDate {
    let span = Days::new(u64::from(days.unsigned_abs()));
    if days < 0 {
        day.checked_sub_days(span).unwrap_or(NaiveDate::MIN)
    } else {
        day.checked_add_days(span).unwrap_or(NaiveDate::MAX)
    }
}

/// The same wall time whole local days later; zero days change nothing.
pub fn shift_days(at: Timestamp, days: i32, zone: Tz) -> Timestamp {
    if days == 0 {
        return at;
    }
    let local = at.local(zone).naive_local();
    resolve(plus_days(local.date(), days).and_time(local.time()), zone)
}

/// How many whole local days lie between what was due and what is; never negative.
pub fn lost_days(due_at: Timestamp, now: Timestamp, zone: Tz, day_ends: WallTime) -> u32 {
    let days = local_day(now, zone, day_ends) - local_day(due_at, zone, day_ends);
    u32::try_from(days.num_days()).unwrap_or(0)
}

/// The anchor of a silence: 00:00 of the day on which `days` days since the last sign are reached. `key` is that
/// sign's activity id.
pub fn silence_anchor(key: String, last: Timestamp, days: u32, zone: Tz, day_ends: WallTime) -> Anchor {
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    let d0 = plus_days(local_day(last, zone, day_ends), days);
    Anchor { key, at: day_start(d0, zone, day_ends), d0 }
}

/// The anchor of a date, moved by whole days; its key is the date itself.
pub fn date_anchor(date: NaiveDate, offset: i32, zone: Tz, day_ends: WallTime) -> Anchor {
    let d0 = plus_days(date, offset);
    Anchor { key: date.to_string(), at: day_start(d0, zone, day_ends), d0 }
}

/// The anchor of something that happened at an instant: joined, added, enrolled by hand.
pub fn instant_anchor(key: String, at: Timestamp, zone: Tz, day_ends: WallTime) -> Anchor {
    Anchor { key, at, d0: local_day(at, zone, day_ends) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use chrono_tz::{America, Asia, Australia, Europe, Pacific};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn time(text: &str) -> WallTime {
        WallTime::parse(text).unwrap()
    }

    fn check(date: &str, clock: &str, zone: Tz, expected: &str) {
        let at = instant(day(date), time(clock), zone, WallTime::MIDNIGHT);
        assert_eq!(at.rfc3339(zone), expected, "{date} {clock} {zone}");
    }

    #[test]
    fn a_gap_is_read_with_the_offset_before_it() {
        check("2026-03-08", "02:30", America::New_York, "2026-03-08T03:30:00-04:00");
        check("2026-03-08", "01:59", America::New_York, "2026-03-08T01:59:00-05:00");
        check("2026-03-29", "02:00", Europe::Berlin, "2026-03-29T03:00:00+02:00");
        check("2026-10-04", "02:15", Australia::Lord_Howe, "2026-10-04T02:45:00+11:00");
        check("2011-12-30", "12:00", Pacific::Apia, "2011-12-31T12:00:00+14:00");
        // China had summer time from 1986 to 1991.
        check("1986-05-04", "02:30", Asia::Shanghai, "1986-05-04T03:30:00+09:00");
    }

    #[test]
    fn an_overlap_means_the_first() {
        check("2026-11-01", "01:30", America::New_York, "2026-11-01T01:30:00-04:00");
        check("2026-10-25", "02:30", Europe::Berlin, "2026-10-25T02:30:00+02:00");
        check("1986-09-14", "01:30", Asia::Shanghai, "1986-09-14T01:30:00+09:00");
    }

    #[test]
    fn days_turn_at_midnight_or_when_they_end() {
        let check = |at: &str, ends: &str, expected: &str| {
            let at = Timestamp(at.parse::<DateTime<chrono::FixedOffset>>().unwrap().timestamp_millis());
            assert_eq!(local_day(at, Asia::Shanghai, time(ends)), day(expected), "{at:?} {ends}");
        };
        check("2026-11-22T23:59:59+08:00", "00:00", "2026-11-22");
        check("2026-11-23T00:00:00+08:00", "00:00", "2026-11-23");
        check("2026-11-23T01:59:59+08:00", "02:00", "2026-11-22");
        check("2026-11-23T02:00:00+08:00", "02:00", "2026-11-23");
        check("2028-03-01T01:00:00+08:00", "02:00", "2028-02-29");
        check("2027-01-01T00:30:00+08:00", "02:00", "2026-12-31");
        check("2026-11-22T16:00:00Z", "00:00", "2026-11-23");
    }

    #[test]
    fn days_are_lost_at_midnight_not_after_24_hours() {
        let at =
            |text: &str| Timestamp(text.parse::<DateTime<chrono::FixedOffset>>().unwrap().timestamp_millis());
        let lost = |due, now| lost_days(at(due), at(now), Asia::Shanghai, WallTime::MIDNIGHT);
        assert_eq!(lost("2026-11-22T23:59:00+08:00", "2026-11-23T00:00:00+08:00"), 1);
        assert_eq!(lost("2026-11-22T00:00:00+08:00", "2026-11-22T23:59:00+08:00"), 0);
        assert_eq!(lost("2026-02-27T10:00:00+08:00", "2026-03-01T09:00:00+08:00"), 2);
        assert_eq!(lost("2026-11-23T10:00:00+08:00", "2026-11-22T10:00:00+08:00"), 0);
    }

    #[test]
    fn a_silence_is_reached_at_the_start_of_a_day() {
        let last = Timestamp(1_772_294_340_000); // 2026-02-28T23:59:00+08:00
        let anchor = silence_anchor("v1".to_owned(), last, 1, Asia::Shanghai, WallTime::MIDNIGHT);
        assert_eq!(anchor.d0, day("2026-03-01"));
        assert_eq!(anchor.at.rfc3339(Asia::Shanghai), "2026-03-01T00:00:00+08:00");
    }

    proptest! {
        #[test]
        fn a_wall_time_belongs_to_its_day(
            ahead in 0_i32..40_000, minutes in 0_u16..1440, ends in 0_u16..720, which in 0_usize..6
        ) {
            let zone = [Asia::Shanghai, America::New_York, Europe::Berlin, Australia::Lord_Howe, Asia::Kathmandu,
                America::St_Johns][which];
            let date = plus_days(day("1950-01-01"), ahead);
            let clock = WallTime::new(minutes / 60, minutes % 60).unwrap();
            let ends = WallTime::new(ends / 60, ends % 60).unwrap();
            let at = instant(date, clock, zone, ends);
            let found = local_day(at, zone, ends);
            // A skipped hour at the turn of the day may read as just after it, never as another day.
            let local = at.local(zone).naive_local();
            let skipped = local.time() != NaiveTime::from_hms_opt(u32::from(minutes) / 60, u32::from(minutes) % 60, 0).unwrap();
            prop_assert!(found == date || skipped, "{date} {clock} {zone} {local}");
            prop_assert!(found >= date && found <= plus_days(date, 1));
        }
    }
}
