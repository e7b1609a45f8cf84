//! Date cells to instants.
//!
//! Known shapes: `2024-01-02 15:04:05`, without seconds, without time (then 00:00), with `/` `.` or 年月日, 上午/下午 and
//! AM/PM, `20240102`, `20240102150405`, unix seconds and milliseconds, RFC 3339 with its offset. Wall times are in the
//! store's zone; in a gap of the clock the offset before it holds, in an overlap the first. The zero dates that
//! programs write for "never" (0001-01-01, 1970-01-01, 1900-01-00 …) are no date.

use chrono::{DateTime, Duration, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::cells::{is_nothing, is_shortened, plain, spreadsheet_damage, unguard};
use crate::door::rows::Problem;

/// How far behind the clock of whoever wrote the file ours may be, milliseconds.
const AHEAD_MAX: i64 = 26 * 3_600_000;
/// Before this year nobody was a friend in a chat program.
const YEAR_MIN: i32 = 1990;

/// What a date says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Milliseconds since 1970 UTC.
    At(i64),
    /// A zero date.
    Never,
}

/// The instant in a cell, milliseconds since 1970 UTC; `None` for an empty one and for zero dates.
pub(super) fn instant(text: &str, zone: Tz, now_ms: i64) -> Result<Option<i64>, Problem> {
    let text = plain(unguard(text));
    let text = text.as_ref();
    if is_nothing(text) || text == "0" {
        return Ok(None);
    }
    if let Some(damage) = spreadsheet_damage(text) {
        return Err(damage);
    }
    if is_shortened(text) {
        return Err(Problem::Shortened);
    }
    // to the millisecond, as we write them
    let exact = DateTime::parse_from_rfc3339(text).ok().filter(|_| text.contains('.'));
    let exact = exact.map(|at| Found::At(at.timestamp_millis()));
    let known = exact.or_else(|| stamp(text)).or_else(|| read(text).map(|moment| moment.at(zone)));
    let Some(found) = known.or_else(|| zero(text)) else {
        return Err(if looks_ambiguous(text) { Problem::AmbiguousDate } else { Problem::NotADate });
    };
    let Found::At(at) = found else { return Ok(None) };
    let year = DateTime::from_timestamp_millis(at).map_or(0, |utc| chrono::Datelike::year(&utc));
    if year < YEAR_MIN {
        return Err(Problem::NotADate);
    }
    if at > now_ms.saturating_add(AHEAD_MAX) {
        return Err(Problem::FutureDate);
    }
    Ok(Some(at))
}

/// A unix time: ten digits are seconds, thirteen milliseconds. The year 1 as a unix time is Go's zero time.
pub(super) fn stamp(text: &str) -> Option<Found> {
    if text == "-62135596800" || text == "-62135596800000" {
        return Some(Found::Never);
    }
    let text = text.strip_suffix(".0").unwrap_or(text);
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        10 if digits => text.parse::<i64>().ok().map(|seconds| Found::At(seconds * 1000)),
        13 if digits => text.parse::<i64>().ok().map(Found::At),
        _ => None,
    }
}

/// A zero date that is no date of the calendar, such as 0000-00-00 and 1900-01-00.
fn zero(text: &str) -> Option<Found> {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    matches!(date, "0000-00-00" | "0000/0/0" | "1900-01-00" | "1900/1/0" | "0000/00/00")
        .then_some(Found::Never)
}

/// `1/2/24`, `3-5`: parts of a date, but not which is which.
fn looks_ambiguous(text: &str) -> bool {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> =
        date.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    // With a year in front the order is known, and the date is simply none.
    (2..=3).contains(&parts.len())
        && parts.first().is_some_and(|first| first.len() <= 2)
        && parts.iter().all(|part| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()))
}

/// A date with a time of day, and the offset if one was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub wall: NaiveDateTime,
    /// Seconds east of UTC.
    pub offset: Option<i32>,
}

impl Moment {
    fn at(self, zone: Tz) -> Found {
        let zero = [(1, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1970, 1, 1)];
        let date = self.wall.date();
        if zero.iter().any(|(y, m, d)| NaiveDate::from_ymd_opt(*y, *m, *d) == Some(date)) {
            return Found::Never;
        }
        Found::At(match self.offset {
            Some(offset) => self.wall.and_utc().timestamp_millis() - i64::from(offset) * 1000,
            None => wall_to_utc(self.wall, zone),
        })
    }

    /// The local date there.
    pub(super) fn date(self, zone: Tz) -> NaiveDate {
        match self.offset {
            Some(offset) => {
                let utc = self.wall.and_utc() - Duration::seconds(i64::from(offset));
                utc.with_timezone(&zone).date_naive()
            }
            None => self.wall.date(),
        }
    }
}

/// The instant of a wall time: in an overlap the first, in a gap by the offset before it.
fn wall_to_utc(wall: NaiveDateTime, zone: Tz) -> i64 {
    let offset = match zone.offset_from_local_datetime(&wall) {
        MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => offset.fix(),
        // No zone has ever skipped more than a day.
        MappedLocalTime::None => zone.offset_from_utc_datetime(&(wall - Duration::hours(26))).fix(),
    };
    wall.and_utc().timestamp_millis() - i64::from(offset.local_minus_utc()) * 1000
}

/// Reads a date with or without a time. Expects plain (halfwidth) text.
pub(super) fn read(text: &str) -> Option<Moment> {
    let mut scan = Scan { rest: text };
    let (year, month, day);
    let head = text.bytes().take_while(u8::is_ascii_digit).count();
    if head == 8 || head == 14 {
        year = scan.digits(4)?;
        month = scan.digits(2)?;
        day = scan.digits(2)?;
        if head == 14 {
            let time = NaiveTime::from_hms_opt(scan.digits(2)?, scan.digits(2)?, scan.digits(2)?)?;
            let date = NaiveDate::from_ymd_opt(year as i32, month, day)?;
            return scan.rest.is_empty().then_some(Moment { wall: date.and_time(time), offset: None });
        }
    } else {
        year = scan.digits(4)?;
        let mark = scan.one_of(&['-', '/', '.', '年'])?;
        month = scan.number()?;
        scan.one_of(if mark == '年' { &['月'] } else { &['-', '/', '.'] })?;
        day = scan.number()?;
        if mark == '年' {
            scan.one_of(&['日', '号', '號'])?;
        }
    }
    let date = NaiveDate::from_ymd_opt(year as i32, month, day)?;
    let joined = scan.one_of(&['T', 't']).is_some();
    scan.spaces();
    if scan.rest.is_empty() && !joined {
        return Some(Moment { wall: date.and_time(NaiveTime::MIN), offset: None });
    }
    let half = scan.half_of_day();
    let mut hour = scan.number()?;
    scan.one_of(&[':', '时', '時', '点', '點'])?;
    let minute = scan.number().unwrap_or(0);
    let mut second = 0;
    if scan.one_of(&[':', '分']).is_some() {
        second = scan.number().unwrap_or(0);
        scan.one_of(&['秒']);
        if scan.one_of(&['.', ',']).is_some() {
            // Fractions of a second say nothing here.
            scan.rest = scan.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    scan.spaces();
    match half.or_else(|| scan.half_of_day()) {
        Some(true) if (1..12).contains(&hour) => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    scan.spaces();
    let offset = scan.offset()?;
    let time = NaiveTime::from_hms_opt(hour, minute, second)?;
    scan.rest.is_empty().then_some(Moment { wall: date.and_time(time), offset })
}

/// What is left of a text.
struct Scan<'a> {
    rest: &'a str,
}

impl Scan<'_> {
    /// Exactly so many digits.
    fn digits(&mut self, count: usize) -> Option<u32> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        head.bytes().all(|byte| byte.is_ascii_digit()).then(|| head.parse().ok()).flatten()
    }

    /// One or two digits.
    fn number(&mut self) -> Option<u32> {
        let count = self.rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
        if count == 0 { None } else { self.digits(count) }
    }

    fn one_of(&mut self, marks: &[char]) -> Option<char> {
        let c = self.rest.chars().next().filter(|c| marks.contains(c))?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
        Some(c)
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// `true` for the afternoon.
    fn half_of_day(&mut self) -> Option<bool> {
        for (word, afternoon) in
            [("上午", false), ("下午", true), ("AM", false), ("PM", true), ("am", false), ("pm", true)]
        {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest.trim_start();
                return Some(afternoon);
            }
        }
        None
    }

    /// Seconds east of UTC; the outer `None` when it is written and wrong.
    #[expect(clippy::option_option, reason = "no offset and a wrong one are different outcomes")]
    fn offset(&mut self) -> Option<Option<i32>> {
        if self.one_of(&['Z', 'z']).is_some() {
            return Some(Some(0));
        }
        let Some(sign) = self.one_of(&['+', '-']) else { return Some(None) };
        let hours = self.digits(2)?;
        self.one_of(&[':']);
        let minutes = if self.rest.is_empty() { 0 } else { self.digits(2)? };
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok().filter(|s| *s < 86_400)?;
        Some(Some(if sign == '-' { -seconds } else { seconds }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;
    const SHANGHAI: Tz = Tz::Asia__Shanghai;

    #[track_caller]
    fn check(text: &str, expected: Result<Option<&str>, Problem>) {
        let expected =
            expected.map(|at| at.map(|at| DateTime::parse_from_rfc3339(at).unwrap().timestamp_millis()));
        assert_eq!(instant(text, SHANGHAI, NOW), expected, "{text:?}");
    }

    #[test]
    fn every_shape_of_a_date_is_read() {
        for text in [
            "2024-01-02 15:04:05",
            "2024/1/2 15:04:05",
            "2024.1.2 15:04:05",
            "2024年1月2日 15:04:05",
            "2024-01-02T15:04:05",
            "2024-01-02T15:04:05+08:00",
            "2024-01-02T07:04:05Z",
            "1704179045",
            "1704179045000",
            "20240102150405",
            "2024/1/2 下午 3:04:05",
            "2024/1/2 3:04:05 PM",
            "２０２４－０１－０２　１５：０４：０５",
            "\t2024-01-02 15:04:05",
            "2024-01-02 15:04:05.000",
            "2024年1月2日15时04分05秒",
            "2024-01-02T15:04:05+0800",
        ] {
            check(text, Ok(Some("2024-01-02T15:04:05+08:00")));
        }
        check("2024-01-02T07:04:05.123456Z", Ok(Some("2024-01-02T15:04:05.123+08:00")));
        for text in
            ["2024-01-02", "2024/1/2", "2024年1月2日", "20240102", "2024.01.02", "2024/1/2 上午 12:00"]
        {
            check(text, Ok(Some("2024-01-02T00:00:00+08:00")));
        }
        check("2024-01-02 15:04", Ok(Some("2024-01-02T15:04:00+08:00")));
        check("2024/1/2 12:30 PM", Ok(Some("2024-01-02T12:30:00+08:00")));
    }

    #[test]
    fn zero_dates_are_no_dates() {
        for text in [
            "",
            "0",
            "无",
            "0001-01-01T00:00:00Z",
            "0001-01-01 00:00:00",
            "1970-01-01 08:00:00",
            "0000-00-00 00:00:00",
            "1900-01-00",
            "1899-12-30",
            "-62135596800",
        ] {
            check(text, Ok(None));
        }
    }

    #[test]
    fn what_is_no_date_is_named() {
        check("昨天", Err(Problem::NotADate));
        check("2024-02-30", Err(Problem::NotADate));
        check("2024-01-02 25:00", Err(Problem::NotADate));
        check("2024-01-02T", Err(Problem::NotADate));
        check("45293", Err(Problem::NotADate));
        check("1/2/24", Err(Problem::AmbiguousDate));
        check("1/2/2024", Err(Problem::AmbiguousDate));
        check("01-02", Err(Problem::AmbiguousDate));
        check("1.70418E+12", Err(Problem::Shortened));
        check("2044-01-02", Err(Problem::FutureDate));
        check("1066-10-14", Err(Problem::NotADate));
        check("##########", Err(Problem::FormulaError));
        check("2024-01-02 15:04:05+9", Err(Problem::NotADate));
    }

    #[test]
    fn clock_changes_are_decided() {
        let new_york = Tz::America__New_York;
        // 02:30 does not exist on 10 March 2024; by the offset before it is 07:30 UTC.
        assert_eq!(instant("2024-03-10 02:30", new_york, NOW), Ok(Some(1_710_055_800_000)));
        // 01:30 exists twice on 3 November 2024; the first is daylight time, 05:30 UTC.
        assert_eq!(instant("2024-11-03 01:30", new_york, NOW), Ok(Some(1_730_611_800_000)));
    }
}
