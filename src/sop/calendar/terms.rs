//! The 24 solar terms of 1901 to 2100, as days in China.
//!
//! A table, because finding when the sun stands where is slow and what came out never changes. A test compares every
//! entry with an astronomical calendar.

use chrono::{Datelike, NaiveDate};

/// The terms from the first of a calendar year to its last; two a month.
pub const NAMES: [&str; 24] = [
    "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑",
    "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
];

const YEAR_MIN: i32 = 1901;

/// The earliest day of its month that a term falls on.
const EARLIEST: [u8; 24] =
    [4, 19, 3, 18, 4, 19, 4, 19, 4, 20, 4, 20, 6, 22, 6, 22, 6, 22, 7, 22, 6, 21, 6, 21];

/// A year each: two bits a term, the first lowest, how many days later than the earliest it falls.
const LATER: [u64; 200] = [
    0x6aaa_a6aa_9a5a,
    0xaaaa_aaba_aa6a,
    0xaaab_babb_afaa,
    0x5aa6_65a6_5aab,
    0x6aaa_a6aa_9a5a,
    0xaaaa_aaaa_aa6a,
    0xaaab_babb_afaa,
    0x5aa6_65a6_5aab,
    0x6aaa_a6aa_9a5a,
    0xaaaa_aaaa_aa6a,
    0xaaab_babb_afaa,
    0x56a6_65a6_5aab,
    0x6aa6_a6aa_9a56,
    0xaaaa_aaaa_9a5a,
    0xaaab_aaba_aeaa,
    0x5696_65a6_5aaa,
    0x6aa6_a6a6_9a56,
    0x6aaa_aaaa_9a5a,
    0xaaab_aaba_aeaa,
    0x5696_65a6_5aaa,
    0x5aa6_a6a6_5a56,
    0x6aaa_aaaa_9a5a,
    0xaaab_aaba_aa6a,
    0x5696_65a6_5aaa,
    0x5aa6_a6a6_5a56,
    0x6aaa_a6aa_9a5a,
    0xaaab_aaba_aa6a,
    0x5556_65a6_5aaa,
    0x5aa6_65a6_5a56,
    0x6aaa_a6aa_9a5a,
    0xaaaa_aaba_aa6a,
    0x5556_6566_5aaa,
    0x5aa6_65a6_5a56,
    0x6aaa_a6aa_9a5a,
    0xaaaa_aaaa_aa6a,
    0x5556_6566_5aaa,
    0x5aa6_65a6_5a56,
    0x6aaa_a6aa_9a5a,
    0xaaaa_aaaa_aa6a,
    0x5556_6566_5aaa,
    0x5aa6_65a6_5a56,
    0x6aaa_a6aa_9a5a,
    0xaaaa_aaaa_aa6a,
    0x5556_6565_5aaa,
    0x5696_65a6_5a56,
    0x6aa6_a6aa_9a56,
    0xaaaa_aaaa_9a5a,
    0x5556_5565_59aa,
    0x5696_65a6_5a55,
    0x6aa6_a6a6_5a56,
    0xaaaa_aaaa_9a5a,
    0x5556_5565_59aa,
    0x5696_65a6_5a55,
    0x5aa6_a6a6_5a56,
    0x6aaa_a6aa_9a5a,
    0x5556_5565_55aa,
    0x5696_65a6_5a55,
    0x5aa6_65a6_5a56,
    0x6aaa_a6aa_9a5a,
    0x5555_5565_556a,
    0x5556_6566_5a55,
    0x5aa6_65a6_5a56,
    0x6aaa_a6aa_9a5a,
    0x5555_5565_556a,
    0x5556_6566_5a55,
    0x5aa6_65a6_5a56,
    0x6aaa_a6aa_9a5a,
    0x5555_5555_556a,
    0x5556_6566_5a55,
    0x5aa6_65a6_5a56,
    0x6aaa_a6aa_9a5a,
    0x5555_5555_556a,
    0x5556_6565_5a55,
    0x5aa6_65a6_5a56,
    0x6aa6_a6aa_9a5a,
    0x5555_5555_456a,
    0x5556_5565_5a55,
    0x5a96_65a6_5a56,
    0x6aa6_a6a6_9a56,
    0x5555_5555_456a,
    0x5556_5565_5a55,
    0x5696_65a6_5a56,
    0x6aa6_a6a6_5a56,
    0x5555_5155_455a,
    0x5556_5565_5955,
    0x5696_65a6_5a55,
    0x5aa6_a5a6_5a56,
    0x1555_5155_455a,
    0x5555_5565_5555,
    0x5696_6566_5a55,
    0x5aa6_65a6_5a56,
    0x1555_5155_455a,
    0x5555_5565_5515,
    0x5556_6566_5a55,
    0x5aa6_65a6_5a56,
    0x1555_5155_455a,
    0x5555_5555_5515,
    0x5556_6566_5a55,
    0x5aa6_65a6_5a56,
    0x1555_5155_455a,
    0x5555_5555_5515,
    0x5556_6566_5a55,
    0x5aa6_65a6_5a56,
    0x1555_5155_455a,
    0x5555_5555_5515,
    0x5556_5565_5a55,
    0x5aa6_65a6_5a56,
    0x1551_5155_455a,
    0x5555_5555_4515,
    0x5556_5565_5a55,
    0x5a96_65a6_5a56,
    0x1551_5151_455a,
    0x5555_5155_4515,
    0x5556_5565_5a55,
    0x5696_65a6_5a56,
    0x1551_5151_0556,
    0x5555_5155_4505,
    0x5556_5565_5955,
    0x5696_6566_5a55,
    0x1551_1051_0556,
    0x1555_5155_4505,
    0x5555_5565_5555,
    0x5696_6566_5a55,
    0x0551_1051_0556,
    0x1555_5155_4505,
    0x5555_5555_5515,
    0x5556_6566_5a55,
    0x0551_1051_0556,
    0x1555_5155_4505,
    0x5555_5555_5515,
    0x5556_6566_5a55,
    0x0551_1051_0556,
    0x1555_5155_4505,
    0x5555_5555_5515,
    0x5556_5565_5a55,
    0x0551_1051_0556,
    0x1555_5155_4505,
    0x5555_5555_5515,
    0x5556_5565_5a55,
    0x0551_1051_0556,
    0x1551_5151_4505,
    0x5555_5555_4515,
    0x5556_5565_5a55,
    0x0541_1051_0556,
    0x1551_5151_0505,
    0x5555_5155_4515,
    0x5556_5565_5a55,
    0x0141_1011_0556,
    0x1551_1051_0501,
    0x5555_5155_4505,
    0x5555_5565_5555,
    0x0141_1011_0555,
    0x1551_1051_0501,
    0x5555_5155_4505,
    0x5555_5555_5555,
    0x0141_1011_0555,
    0x0551_1051_0501,
    0x1555_5155_4505,
    0x5555_5555_5555,
    0x0001_1011_0555,
    0x0551_1051_0501,
    0x1555_5155_4505,
    0x5555_5555_5515,
    0x0001_1011_0555,
    0x0551_1051_0501,
    0x1555_5155_4505,
    0x5555_5555_5515,
    0x0001_0010_0555,
    0x0551_1051_0501,
    0x1551_5151_4505,
    0x5555_5555_5515,
    0x0001_0010_0555,
    0x0541_1051_0501,
    0x1551_5151_4505,
    0x5555_5155_4515,
    0x0001_0010_0555,
    0x0541_1051_0501,
    0x1551_5051_0505,
    0x5555_5155_4515,
    0x0001_0010_0555,
    0x0141_1011_0501,
    0x1551_1051_0505,
    0x5555_5155_4505,
    0x0000_0010_0055,
    0x0141_1011_0500,
    0x1551_1051_0501,
    0x5555_5155_4505,
    0x0000_0000_0055,
    0x0141_1011_0500,
    0x0551_1051_0501,
    0x1555_5155_4505,
    0x0000_0000_0055,
    0x0001_1011_0500,
    0x0551_1051_0501,
    0x1555_5155_4505,
    0x0000_0000_0015,
    0x0001_0011_0500,
    0x0551_1051_0501,
    0x1555_5155_4505,
    0x5555_5555_5515,
];

/// The day of the `index`th term of a calendar year, counted from 小寒.
pub fn term_day(year: i32, index: usize) -> Option<NaiveDate> {
    let later = LATER.get(usize::try_from(year.checked_sub(YEAR_MIN)?).ok()?)?;
    let earliest = EARLIEST.get(index)?;
    let day = u32::from(*earliest) + u32::try_from(later >> (2 * index) & 0b11).ok()?;
    NaiveDate::from_ymd_opt(year, u32::try_from(index / 2).ok()? + 1, day)
}

/// The term that begins on a day.
pub fn term_of(day: NaiveDate) -> Option<&'static str> {
    let first = usize::try_from(day.month0()).ok()? * 2;
    let found = (first..first + 2).find(|index| term_day(day.year(), *index) == Some(day))?;
    NAMES.get(found).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_is_that_of_the_astronomers() {
        for year in 1901..=2100 {
            for (index, name) in NAMES.iter().enumerate() {
                let term = tyme4rs::tyme::solar::SolarTerm::from_index(year as isize, index as isize + 1);
                let found = term.get_julian_day().get_solar_day();
                let found = NaiveDate::from_ymd_opt(
                    found.get_year() as i32,
                    found.get_month() as u32,
                    found.get_day() as u32,
                );
                assert_eq!(term_day(year, index), found, "{year} {name}");
                assert_eq!(tyme4rs::tyme::Culture::get_name(&term), *name);
            }
        }
    }

    #[test]
    fn days_have_terms() {
        let check = |day: &str, expected| assert_eq!(term_of(day.parse().unwrap()), expected, "{day}");
        check("2026-04-05", Some("清明"));
        check("2026-12-22", Some("冬至"));
        check("2021-12-21", Some("冬至"));
        check("2026-02-04", Some("立春"));
        check("2025-02-03", Some("立春"));
        check("2026-04-06", None);
        check("1900-04-05", None);
        check("2101-04-05", None);
    }
}
