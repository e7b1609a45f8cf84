//! The Chinese lunar calendar, 1901 to 2100.
//!
//! Decided once: a date in a leap month that a year does not have falls on the same day of the plain month, and the
//! thirtieth of a month that has only 29 days falls on the 29th, so that nobody's 腊月三十 is left out. Whoever
//! wants it otherwise says so in `rules.toml` ([`Customs`]): then such a year has no such date. Whoever asks when a
//! lunar birthday is, a schedule or a filter, asks here.

use chinese_lunisolar_calendar::LunisolarDate;
use chrono::NaiveDate;

pub use super::rules::Customs;

/// The first lunar year that is known.
pub const YEAR_MIN: i32 = 1901;
/// The last one.
pub const YEAR_MAX: i32 = 2100;

const MONTHS: [&str; 12] = ["正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"];
const DIGITS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// A day of the lunar calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LunarDate {
    /// The year that its 春节 falls in.
    pub year: i32,
    /// 1-12; a leap month has the number of the month before it.
    pub month: u8,
    pub leap: bool,
    /// 1-30.
    pub day: u8,
}

impl LunarDate {
    /// The lunar date of a day; none outside the years that are known.
    pub fn of(day: NaiveDate) -> Option<Self> {
        let found = LunisolarDate::from_date(day).ok()?;
        let month = found.to_lunar_month();
        Some(Self {
            year: i32::from(found.to_lunisolar_year().to_u16()),
            month: month.to_u8(),
            leap: month.is_leap_month(),
            day: found.to_lunar_day().to_u8(),
        })
    }

    /// The day it falls on; none for a date that its year does not have, and outside the years that are known.
    pub fn day(self, customs: Customs) -> Option<NaiveDate> {
        let exact = |leap: bool, day: u8| {
            let year = u16::try_from(self.year).ok()?;
            LunisolarDate::from_ymd(year, self.month, leap, day).ok().map(LunisolarDate::to_naive_date)
        };
        let in_month = |leap: bool| {
            let shorter = || (self.day == 30 && customs.thirtieth_falls_on_last).then(|| exact(leap, 29));
            exact(leap, self.day).or_else(|| shorter().flatten())
        };
        let plain = || (!self.leap || customs.leap_falls_in_plain).then(|| in_month(false)).flatten();
        if self.leap { in_month(true).or_else(plain) } else { plain() }
    }

    /// `闰六月初一`.
    pub fn words(self) -> String {
        let leap = if self.leap { "闰" } else { "" };
        let month = MONTHS.get(usize::from(self.month.saturating_sub(1))).copied().unwrap_or_default();
        let digit = |n: u8| DIGITS.get(usize::from(n.saturating_sub(1))).copied().unwrap_or_default();
        let day = match self.day {
            day @ ..=10 => format!("初{}", digit(day)),
            day @ 11..=19 => format!("十{}", digit(day - 10)),
            20 => "二十".to_owned(),
            day @ 21..=29 => format!("廿{}", digit(day - 20)),
            _ => "三十".to_owned(),
        };
        format!("{leap}{month}月{day}")
    }
}

/// Dates of the lunar calendar without their year: those that fall on one of some days, found once and asked for each
/// of a million birthdays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LunarDays {
    /// A bit for each of 30 days of 12 months, and of 12 leap months behind them.
    bits: [u64; 12],
}

impl LunarDays {
    /// Every date.
    pub fn all() -> Self {
        Self { bits: [u64::MAX; 12] }
    }

    /// Those that fall on a day from `first` to `last`, both included, as `customs` say.
    pub fn between(first: NaiveDate, last: NaiveDate, customs: Customs) -> Self {
        let mut found = Self::default();
        for day in first.iter_days().take_while(|day| *day <= last) {
            let Some(own) = LunarDate::of(day) else { continue };
            // a date that this year does not have may fall on the same day
            for leap in [false, true] {
                for number in [own.day, 30] {
                    let date = LunarDate { leap, day: number, ..own };
                    if (number == own.day || own.day == 29) && date.day(customs) == Some(day) {
                        found.put(date.month, leap, number);
                    }
                }
            }
        }
        found
    }

    /// Adds the dates of another.
    pub fn extend(&mut self, other: &Self) {
        for (own, more) in self.bits.iter_mut().zip(other.bits) {
            *own |= more;
        }
    }

    /// Whether a date is among them.
    pub fn has(&self, month: u8, leap: bool, day: u8) -> bool {
        let (word, bit) = Self::place(month, leap, day);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }

    fn put(&mut self, month: u8, leap: bool, day: u8) {
        let (word, bit) = Self::place(month, leap, day);
        if let Some(bits) = self.bits.get_mut(word) {
            *bits |= bit;
        }
    }

    fn place(month: u8, leap: bool, day: u8) -> (usize, u64) {
        let months = usize::from(month.saturating_sub(1)) + 12 * usize::from(leap);
        let place = months * 30 + usize::from(day.saturating_sub(1));
        (place / 64, 1 << (place % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn check(date: &str, words: &str) {
        let lunar = LunarDate::of(day(date)).unwrap();
        assert_eq!(lunar.words(), words, "{date}");
        assert_eq!(lunar.day(Customs::default()), Some(day(date)), "{words}");
    }

    #[test]
    fn days_have_lunar_names() {
        check("2026-02-17", "正月初一");
        check("2026-02-16", "腊月廿九");
        check("2025-01-28", "腊月廿九");
        check("2024-02-09", "腊月三十");
        check("2025-07-25", "闰六月初一");
        check("2025-06-25", "六月初一");
        check("2028-06-23", "闰五月初一");
        check("2033-12-22", "闰冬月初一");
        check("2026-11-26", "十月十八");
        check("2026-11-28", "十月二十");
    }

    fn falls(year: i32, month: u8, leap: bool, day_of: u8, customs: Customs, expected: Option<&str>) {
        let date = LunarDate { year, month, leap, day: day_of };
        assert_eq!(date.day(customs), expected.map(day), "{date:?}");
    }

    #[test]
    fn a_leap_month_that_a_year_lacks_is_the_plain_month() {
        let usual = Customs::default();
        falls(2025, 6, true, 1, usual, Some("2025-07-25"));
        falls(2026, 6, true, 1, usual, Some("2026-07-14"));
        falls(2026, 6, false, 1, usual, Some("2026-07-14"));
        falls(2028, 5, true, 5, usual, Some("2028-06-27"));
        falls(2029, 5, true, 5, usual, Some("2029-06-16"));
        let strict = Customs { leap_falls_in_plain: false, ..usual };
        falls(2025, 6, true, 1, strict, Some("2025-07-25"));
        falls(2026, 6, true, 1, strict, None);
    }

    #[test]
    fn the_thirtieth_of_a_short_month_is_its_last_day() {
        let usual = Customs::default();
        falls(2024, 12, false, 30, usual, Some("2025-01-28"));
        falls(2024, 12, false, 29, usual, Some("2025-01-28"));
        falls(2023, 12, false, 30, usual, Some("2024-02-09"));
        let strict = Customs { thirtieth_falls_on_last: false, ..usual };
        falls(2024, 12, false, 30, strict, None);
        falls(2023, 12, false, 30, strict, Some("2024-02-09"));
    }

    #[test]
    fn years_outside_are_unknown() {
        assert_eq!(LunarDate::of(day("1901-02-18")), None);
        assert!(LunarDate::of(day("1901-02-19")).is_some());
        assert!(LunarDate::of(day("2100-12-31")).is_some());
        assert_eq!(LunarDate::of(day("2102-01-01")), None);
        falls(1900, 1, false, 1, Customs::default(), None);
        falls(2101, 1, false, 1, Customs::default(), None);
        falls(-1, 1, false, 1, Customs::default(), None);
        falls(2026, 13, false, 1, Customs::default(), None);
        falls(2026, 1, false, 31, Customs::default(), None);
    }

    proptest! {
        #[test]
        fn days_there_and_back(ahead in 0_u64..72_000) {
            let date = day("1901-02-19") + chrono::Days::new(ahead);
            let lunar = LunarDate::of(date).unwrap();
            prop_assert_eq!(lunar.day(Customs { leap_falls_in_plain: false, thirtieth_falls_on_last: false }), Some(date));
            let next = LunarDate::of(date + chrono::Days::new(1)).unwrap();
            prop_assert!(next.day == lunar.day + 1 || next.day == 1);
        }

        #[test]
        fn the_days_of_a_stretch_are_those_whose_day_lies_in_it(
            ahead in 0_u64..72_000, long in 0_u64..80, leap_falls_in_plain: bool, thirtieth_falls_on_last: bool
        ) {
            let customs = Customs { leap_falls_in_plain, thirtieth_falls_on_last };
            let first = day("1901-02-19") + chrono::Days::new(ahead);
            let last = first + chrono::Days::new(long);
            let found = LunarDays::between(first, last, customs);
            let years = LunarDate::of(first).unwrap().year..=LunarDate::of(last).unwrap().year;
            for (month, leap) in (1..=12).flat_map(|month| [(month, false), (month, true)]) {
                for number in 1..=30 {
                    let of = |year| LunarDate { year, month, leap, day: number }.day(customs);
                    let falls = years.clone().filter_map(of).any(|day| (first..=last).contains(&day));
                    prop_assert_eq!(found.has(month, leap, number), falls, "{} {} {}", month, leap, number);
                }
            }
        }
    }
}
