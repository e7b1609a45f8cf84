//! Time points. The journal keeps UTC milliseconds; what a human stated keeps its offset and zone as well.

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};
use std::time::Duration;

/// Milliseconds in a minute.
pub const MINUTE: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in 24 hours; a local day may be longer or shorter.
pub const DAY: i64 = 24 * HOUR;

/// 0001-01-03T00:00:00Z.
const EARLIEST: i64 = -62_135_424_000_000;
/// 9999-12-30T00:00:00Z.
const LATEST: i64 = 253_402_128_000_000;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The instant as chrono knows it, held within the years 1 to 9999 so that every zone can show it.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.clamp(EARLIEST, LATEST)).unwrap_or_default()
    }

    /// The wall clock there.
    pub fn local(self, zone: Tz) -> DateTime<Tz> {
        self.utc().with_timezone(&zone)
    }

    /// The local calendar day there.
    pub fn day(self, zone: Tz) -> NaiveDate {
        self.local(zone).date_naive()
    }

    /// RFC 3339 with offset and seconds, as JSON shows it.
    pub fn rfc3339(self, zone: Tz) -> String {
        self.local(zone).to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
    }

    /// Milliseconds from `earlier` to this; negative when this lies before.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_millis())
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// A time that a human stated: the instant, the offset they meant and the zone they were in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// The instant.
    pub ms: Timestamp,
    /// Minutes east of UTC at that instant.
    pub offset: i32,
    /// IANA name of the zone.
    pub zone: String,
}

impl Stated {
    /// States an instant in a zone.
    pub fn new(ms: Timestamp, zone: Tz) -> Self {
        let offset: FixedOffset = zone.offset_from_utc_datetime(&ms.utc().naive_utc()).fix();
        Self { ms, offset: offset.local_minus_utc() / 60, zone: zone.name().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stated_keeps_the_offset_of_that_day() {
        let winter = Timestamp(1_736_900_000_000);
        assert_eq!(Stated::new(winter, Tz::Asia__Shanghai).offset, 480);
        assert_eq!(Stated::new(winter, Tz::America__New_York).offset, -300);
    }

    #[test]
    fn extremes_do_not_panic() {
        for ms in [i64::MIN, -1, 0, i64::MAX] {
            let _ = Timestamp(ms).rfc3339(Tz::Asia__Shanghai);
            let _ = Timestamp(ms).day(Tz::America__Los_Angeles);
        }
    }
}
