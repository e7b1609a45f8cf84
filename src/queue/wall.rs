//! Wall times as instants: the rule for hours that a clock change leaves out or repeats, decided in one place.

use chrono::{DateTime, Duration, NaiveDateTime, TimeZone};
use chrono_tz::Tz;

use crate::book::Timestamp;

/// The longest clock change there was: Samoa left out a whole day.
const GAP_HOURS_MAX: i64 = 26;

/// The instant of a local date and time. In a gap the offset before it counts, in an overlap the first.
pub fn resolve(local: NaiveDateTime, zone: Tz) -> Timestamp {
    let at = |found: DateTime<Tz>| found.timestamp_millis();
    if let Some(found) = zone.from_local_datetime(&local).earliest() {
        return Timestamp(at(found));
    }
    for hours in 1..=GAP_HOURS_MAX {
        let before = Duration::hours(hours);
        let earlier = local.checked_sub_signed(before).map(|local| zone.from_local_datetime(&local).latest());
        if let Some(found) = earlier.flatten() {
            return Timestamp(at(found).saturating_add(before.num_milliseconds()));
        }
    }
    Timestamp(local.and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{NaiveDate, NaiveTime};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_local_time_is_within_a_day_of_itself(days in -200_000_i64..200_000, seconds in 0_u32..86_400, which: prop::sample::Index) {
            let zone = chrono_tz::TZ_VARIANTS[which.index(chrono_tz::TZ_VARIANTS.len())];
            let date = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + Duration::days(days);
            let local = date.and_time(NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap());
            let off = resolve(local, zone).local(zone).naive_local() - local;
            prop_assert!(off.num_hours() >= 0 && off.num_hours() <= 24, "{local} {zone} {off}");
        }
    }
}
