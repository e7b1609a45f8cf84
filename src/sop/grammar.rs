//! The small grammar of times in playbooks: `D0 +5m`, `D3 12:00`, `D-1 20:00`, `D1..D21 07:00`, `+2h`, `30d`.
//!
//! D0 is the anchor's local day, D1 the next. `+5m` is elapsed time, `12:00` wall time. A length is one number
//! and one unit: `m` minutes, `h` hours, `d` days of 24 hours.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::text::fold::normalise_input;

/// How far from D0 a day may lie, and how many days one step may name: ten years.
pub const DAYS_MAX: i32 = 3660;

/// A time of day: minutes after 00:00, 0-1439.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(u16);

impl WallTime {
    /// 00:00.
    pub const MIDNIGHT: Self = Self(0);
    /// 09:00, when a day begins that nobody gave a time.
    pub const NINE: Self = Self(9 * 60);

    /// From hour and minute; none outside 00:00-23:59.
    pub const fn new(hour: u16, minute: u16) -> Option<Self> {
        if hour < 24 && minute < 60 { Some(Self(hour * 60 + minute)) } else { None }
    }

    /// Reads `HH:MM`, two digits each.
    pub fn parse(text: &str) -> Option<Self> {
        let text = &*plain(text);
        let (hour, minute) = text.split_once(':')?;
        let two = |part: &str| -> Option<u16> {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
        };
        Self::new(two(hour)?, two(minute)?)
    }

    /// Minutes after 00:00.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// An elapsed span in whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length(u32);

impl Length {
    /// From whole minutes.
    pub const fn from_minutes(minutes: u32) -> Self {
        Self(minutes)
    }

    /// Reads `5m`, `2h`, `30d`; at most ten years.
    pub fn parse(text: &str) -> Option<Self> {
        let text = &*plain(text);
        let unit = text.chars().last()?;
        let minutes = match unit {
            'm' => 1,
            'h' => 60,
            'd' => 24 * 60,
            _ => return None,
        };
        let number = text.strip_suffix(unit)?;
        if number.is_empty() || number.len() > 7 || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let total = number.parse::<u32>().ok()?.checked_mul(minutes)?;
        (total <= DAYS_MAX.unsigned_abs() * 24 * 60).then_some(Self(total))
    }

    /// Whole minutes.
    pub const fn minutes(self) -> u32 {
        self.0
    }

    /// Whole days; what is left of a day is dropped.
    pub const fn days(self) -> u32 {
        self.0 / (24 * 60)
    }

    /// As a duration.
    pub const fn duration(self) -> Duration {
        Duration::from_secs(self.0 as u64 * 60)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("0m"),
            minutes if minutes % (24 * 60) == 0 => write!(f, "{}d", minutes / (24 * 60)),
            minutes if minutes % 60 == 0 => write!(f, "{}h", minutes / 60),
            minutes => write!(f, "{minutes}m"),
        }
    }
}

/// The days a step falls on, counted from D0: ascending spans, both ends included, none touching another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    spans: Vec<(i32, i32)>,
    repeats: bool,
}

impl Days {
    /// One day.
    pub fn one(day: i32) -> Self {
        Self { spans: vec![(day, day)], repeats: false }
    }

    /// True for a range or a list: each day is an occurrence, and `until` counts from that day.
    pub const fn repeats(&self) -> bool {
        self.repeats
    }

    /// The first day.
    pub fn first(&self) -> i32 {
        self.spans.first().map_or(0, |span| span.0)
    }

    /// The last day.
    pub fn last(&self) -> i32 {
        self.spans.last().map_or(0, |span| span.1)
    }

    /// How many days there are.
    pub fn count(&self) -> u32 {
        self.spans.iter().map(|(from, to)| to.abs_diff(*from) + 1).sum()
    }

    /// The first day that is not before `day`.
    pub fn at_or_after(&self, day: i32) -> Option<i32> {
        self.spans.iter().find(|(_, to)| *to >= day).map(|(from, _)| (*from).max(day))
    }
}

/// Elapsed or wall time within a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// After the anchor; on a later day after the anchor's time of day.
    Elapsed(Length),
    Wall(WallTime),
}

/// When a step is due: `at`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    pub days: Days,
    pub moment: Moment,
}

/// When a step expires: `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// `D0 22:00`; in a repeating step D0 is that occurrence's day.
    Day { day: i32, time: WallTime },
    /// `+2h` after the planned instant.
    After(Length),
}

/// What is wrong with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeMistake {
    /// Not the shape at all.
    Shape,
    /// `D21..D1`, or a list that does not rise.
    Order,
    /// Over [`DAYS_MAX`] days away or that many days.
    TooFar,
    /// No such time of day.
    Clock,
}

impl At {
    /// Reads `D0 +5m`, `D3 12:00`, `D-1 20:00`, `D1..D21 07:00`, `D1,D3,D7 20:00`.
    pub fn parse(text: &str) -> Result<Self, TimeMistake> {
        let text = &*plain(text);
        let (days, moment) = split_days(text)?;
        let days = parse_days(days)?;
        let moment = match moment.strip_prefix('+') {
            Some(length) => Moment::Elapsed(Length::parse(length).ok_or(TimeMistake::Shape)?),
            None => Moment::Wall(wall(moment)?),
        };
        Ok(Self { days, moment })
    }
}

impl Until {
    /// Reads `D0 22:00` or `+2h`.
    pub fn parse(text: &str) -> Result<Self, TimeMistake> {
        let text = &*plain(text);
        if let Some(length) = text.trim().strip_prefix('+') {
            return match Length::parse(length) {
                Some(length) if length.minutes() > 0 => Ok(Self::After(length)),
                _ => Err(TimeMistake::Shape),
            };
        }
        let (day, time) = split_days(text)?;
        let time = wall(time)?;
        Ok(Self::Day { day: parse_day(day)?, time })
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (from, to)) in self.spans.iter().enumerate() {
            let between = if at == 0 { "" } else { "," };
            write!(f, "{between}D{from}")?;
            if from != to {
                write!(f, "..D{to}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.moment {
            Moment::Elapsed(length) => write!(f, "{} +{length}", self.days),
            Moment::Wall(time) => write!(f, "{} {time}", self.days),
        }
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day { day, time } => write!(f, "D{day} {time}"),
            Self::After(length) => write!(f, "+{length}"),
        }
    }
}

/// What an input method types fullwidth, as it is meant: `D０ ２２：００` is `D0 22:00`, as in filters.
fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(normalise_input(&text.replace('、', ","))) }
}

/// Parts the days from the moment at the last blank.
fn split_days(text: &str) -> Result<(&str, &str), TimeMistake> {
    let (days, moment) = text.trim().rsplit_once(' ').ok_or(TimeMistake::Shape)?;
    Ok((days.trim(), moment))
}

fn wall(text: &str) -> Result<WallTime, TimeMistake> {
    let looks_like_time = text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit() || b == b':');
    WallTime::parse(text).ok_or(if looks_like_time { TimeMistake::Clock } else { TimeMistake::Shape })
}

fn parse_day(text: &str) -> Result<i32, TimeMistake> {
    let number = text.trim().strip_prefix('D').ok_or(TimeMistake::Shape)?;
    let digits = number.strip_prefix('-').unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(TimeMistake::Shape);
    }
    match number.parse::<i32>() {
        Ok(day) if day.abs() <= DAYS_MAX => Ok(day),
        _ => Err(TimeMistake::TooFar),
    }
}

fn parse_days(text: &str) -> Result<Days, TimeMistake> {
    let mut spans: Vec<(i32, i32)> = Vec::new();
    let mut repeats = false;
    for item in text.split(',') {
        let (from, to) = match item.split_once("..") {
            Some((from, to)) => {
                repeats = true;
                (parse_day(from)?, parse_day(to)?)
            }
            None => parse_day(item).map(|day| (day, day))?,
        };
        if from > to || spans.last().is_some_and(|last| from <= last.1) {
            return Err(TimeMistake::Order);
        }
        repeats |= !spans.is_empty();
        spans.push((from, to));
    }
    let days = Days { spans, repeats };
    if days.count() > DAYS_MAX.unsigned_abs() { Err(TimeMistake::TooFar) } else { Ok(days) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(i32, i32, u32, bool), TimeMistake>) {
        let found =
            At::parse(text).map(|at| (at.days.first(), at.days.last(), at.days.count(), at.days.repeats()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn reads_every_shape_of_at() {
        check("D0 +5m", Ok((0, 0, 1, false)));
        check("D3 12:00", Ok((3, 3, 1, false)));
        check("D-1 20:00", Ok((-1, -1, 1, false)));
        check("D1..D21 07:00", Ok((1, 21, 21, true)));
        check("D1,D3,D7 20:00", Ok((1, 7, 3, true)));
        check("D1, D3 20:00", Ok((1, 3, 2, true)));
        check("D-3..D-1 00:00", Ok((-3, -1, 3, true)));
    }

    #[test]
    fn what_is_typed_fullwidth_is_read_as_it_is_meant() {
        for (typed, plain) in [
            ("D０ ２２：００", "D0 22:00"),
            ("Ｄ１，Ｄ３、D7 20：00", "D1,D3,D7 20:00"),
            ("D1．．D3\u{3000}07:00", "D1..D3 07:00"),
            ("D0 ＋５ｍ", "D0 +5m"),
            ("D－1 20:00", "D-1 20:00"),
        ] {
            assert_eq!(At::parse(typed), At::parse(plain), "{typed}");
            assert!(At::parse(typed).is_ok());
        }
        assert_eq!(Until::parse("D0 22：00"), Until::parse("D0 22:00"));
        assert_eq!(Length::parse("３０ｄ").map(|length| length.to_string()).as_deref(), Some("30d"));
        assert_eq!(WallTime::parse("０２：００").map(|time| time.to_string()).as_deref(), Some("02:00"));
        check("D0 ２４：００", Err(TimeMistake::Clock));
    }

    #[test]
    fn times_are_spelled_as_they_were_read() {
        for text in
            ["D0 +5m", "D3 12:00", "D-1 20:00", "D1..D21 07:00", "D1,D3,D7 20:00", "D-3..D-1,D2 00:00"]
        {
            assert_eq!(At::parse(text).map(|at| at.to_string()).as_deref(), Ok(text));
        }
        for text in ["D0 22:00", "+2h", "+1d", "D-1 00:00"] {
            assert_eq!(Until::parse(text).map(|until| until.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn refuses_other_shapes_with_the_kind_of_mistake() {
        for text in
            ["", "D0", "12:00", "D0 5m", "D0 12", "d0 12:00", "D 12:00", "D0 +5", "D0 1:00", "D0,, 1:00"]
        {
            check(text, Err(TimeMistake::Shape));
        }
        check("D0 24:00", Err(TimeMistake::Clock));
        check("D0 12:60", Err(TimeMistake::Clock));
        check("D21..D1 07:00", Err(TimeMistake::Order));
        check("D3,D3 07:00", Err(TimeMistake::Order));
        check("D3661 07:00", Err(TimeMistake::TooFar));
        check("D99999999999 07:00", Err(TimeMistake::TooFar));
        check("D-1..D3660 07:00", Err(TimeMistake::TooFar));
    }

    #[test]
    fn reads_until_and_lengths() {
        assert_eq!(Until::parse("+2h"), Ok(Until::After(Length::from_minutes(120))));
        let ten = WallTime::new(22, 0).unwrap_or_default();
        assert_eq!(Until::parse("D0 22:00"), Ok(Until::Day { day: 0, time: ten }));
        for text in ["+0m", "+2", "2h", "D0..D1 22:00", "D0 +2h", ""] {
            assert!(Until::parse(text).is_err(), "{text}");
        }
        for (text, minutes) in [("5m", 5), ("2h", 120), ("30d", 43_200), ("180d", 259_200), ("0m", 0)] {
            assert_eq!(Length::parse(text), Some(Length::from_minutes(minutes)));
            assert_eq!(Length::parse(text).map(|l| l.to_string()).as_deref(), Some(text));
        }
        for text in ["", "d", "30", "-3d", "1.5h", "99999999d", "4000d", "3日", "٣d"] {
            assert_eq!(Length::parse(text), None, "{text}");
        }
    }

    #[test]
    fn finds_the_next_day_of_a_list_without_walking_it() {
        let days = At::parse("D1,D3..D5,D9 20:00").map(|at| at.days);
        let next = |day| days.as_ref().ok().and_then(|days| days.at_or_after(day));
        assert_eq!(
            [-4, 1, 2, 4, 6, 9, 10].map(next),
            [Some(1), Some(1), Some(3), Some(4), Some(9), Some(9), None]
        );
    }
}
