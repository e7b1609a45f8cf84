//! Festivals that playbooks and people name: of the lunar calendar, of the sun's, and the solar terms.
//!
//! Decided once: 小年 is 腊月廿三, 除夕 is the day before 春节 whatever its number. A festival of the lunar calendar
//! belongs to the lunar year, so that 腊八 comes once in each although some calendar years have two and some none.

use chrono::{Datelike, NaiveDate, Weekday};

use super::lunar::{Customs, LunarDate};
use super::terms;
use crate::text::fold::fold;

/// How a festival's day is found in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Lunar {
        month: u8,
        day: u8,
    },
    /// The day before 春节.
    Eve,
    Solar {
        month: u32,
        day: u32,
    },
    /// The nth such weekday of a month.
    Nth {
        month: u32,
        nth: u8,
        weekday: Weekday,
    },
    Term(usize),
}

/// A festival, or a solar term that is kept like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Festival {
    pub name: &'static str,
    rule: Rule,
}

const fn lunar(name: &'static str, month: u8, day: u8) -> Festival {
    Festival { name, rule: Rule::Lunar { month, day } }
}

const fn solar(name: &'static str, month: u32, day: u32) -> Festival {
    Festival { name, rule: Rule::Solar { month, day } }
}

const fn sunday(name: &'static str, month: u32, nth: u8) -> Festival {
    Festival { name, rule: Rule::Nth { month, nth, weekday: Weekday::Sun } }
}

/// Every festival that is not a solar term.
const FESTIVALS: [Festival; 23] = [
    lunar("春节", 1, 1),
    lunar("元宵", 1, 15),
    lunar("龙抬头", 2, 2),
    lunar("端午", 5, 5),
    lunar("七夕", 7, 7),
    lunar("中元", 7, 15),
    lunar("中秋", 8, 15),
    lunar("重阳", 9, 9),
    lunar("腊八", 12, 8),
    lunar("小年", 12, 23),
    Festival { name: "除夕", rule: Rule::Eve },
    solar("元旦", 1, 1),
    solar("情人节", 2, 14),
    solar("妇女节", 3, 8),
    solar("劳动节", 5, 1),
    sunday("母亲节", 5, 2),
    solar("儿童节", 6, 1),
    sunday("父亲节", 6, 3),
    solar("教师节", 9, 10),
    solar("国庆", 10, 1),
    solar("双十一", 11, 11),
    solar("双十二", 12, 12),
    solar("圣诞", 12, 25),
];

/// Other names of festivals, besides those with or without 节 at the end.
const ALSO: [(&str, &str); 10] = [
    ("过年", "春节"),
    ("年三十", "除夕"),
    ("大年三十", "除夕"),
    ("三八", "妇女节"),
    ("女神节", "妇女节"),
    ("五一", "劳动节"),
    ("六一", "儿童节"),
    ("十一", "国庆"),
    ("双11", "双十一"),
    ("双12", "双十二"),
];

/// A name as it is compared: script folded, without 节 at the end.
fn key(name: &str) -> String {
    let folded = fold(name.trim());
    let whole = folded.strip_suffix('节').filter(|rest| rest.chars().count() > 1);
    whole.unwrap_or(&folded).to_owned()
}

/// The names of all festivals, without the solar terms.
pub fn names() -> impl Iterator<Item = &'static str> {
    FESTIVALS.iter().map(|festival| festival.name)
}

/// The solar term of a name.
pub fn find_term(name: &str) -> Option<Festival> {
    let exact = terms::NAMES.iter().position(|term| *term == name);
    let index = exact.or_else(|| {
        let wanted = key(name);
        terms::NAMES.iter().position(|term| key(term) == wanted)
    })?;
    Some(Festival { name: terms::NAMES.get(index)?, rule: Rule::Term(index) })
}

/// The festival or solar term of a name, in either script, with or without 节.
pub fn find(name: &str) -> Option<Festival> {
    // asked for every member of a book: what is spelled as here needs no folding
    if let Some(exact) = FESTIVALS.iter().find(|festival| festival.name == name) {
        return Some(*exact);
    }
    let wanted = key(name);
    let named = |wanted: &str| FESTIVALS.iter().find(|festival| key(festival.name) == wanted).copied();
    named(&wanted)
        .or_else(|| {
            ALSO.iter().find(|(other, _)| key(other) == wanted).and_then(|(_, name)| named(&key(name)))
        })
        .or_else(|| find_term(name))
}

/// The festivals of a day, without solar terms.
pub fn festivals_of(day: NaiveDate) -> Vec<&'static str> {
    let years = [LunarDate::of(day).map(|lunar| lunar.year), Some(day.year())];
    FESTIVALS
        .iter()
        .filter(|festival| {
            let year = years.get(usize::from(!festival.is_lunar())).copied().flatten();
            year.is_some_and(|year| festival.day(year) == Some(day))
        })
        .map(|festival| festival.name)
        .collect()
}

impl Festival {
    /// True where its years are those of the lunar calendar.
    fn is_lunar(&self) -> bool {
        matches!(self.rule, Rule::Lunar { .. } | Rule::Eve)
    }

    /// Its day in a year: the lunar year for festivals of that calendar.
    pub fn day(&self, year: i32) -> Option<NaiveDate> {
        let lunar_day =
            |year, month, day| LunarDate { year, month, leap: false, day }.day(Customs::default());
        match self.rule {
            Rule::Lunar { month, day } => lunar_day(year, month, day),
            // 腊月三十 or, where there is none, 廿九
            Rule::Eve => lunar_day(year, 12, 30),
            Rule::Solar { month, day } => NaiveDate::from_ymd_opt(year, month, day),
            Rule::Nth { month, nth, weekday } => {
                NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth)
            }
            Rule::Term(index) => terms::term_day(year, index),
        }
    }

    /// The first time, moved by `offset` days, that is not before a day, and the year it belongs to.
    pub fn on_or_after(&self, day: NaiveDate, offset: i32) -> Option<(i32, NaiveDate)> {
        super::yearly::of_years(day, offset, |year| self.day(year))
    }
}

#[cfg(test)]
mod tests {
    use super::super::plus_days;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn new_years_of_2020_to_2035() {
        let expected = [
            "2020-01-25",
            "2021-02-12",
            "2022-02-01",
            "2023-01-22",
            "2024-02-10",
            "2025-01-29",
            "2026-02-17",
            "2027-02-06",
            "2028-01-26",
            "2029-02-13",
            "2030-02-03",
            "2031-01-23",
            "2032-02-11",
            "2033-01-31",
            "2034-02-19",
            "2035-02-08",
        ];
        for (year, expected) in (2020..).zip(expected) {
            assert_eq!(find("春节").unwrap().day(year), Some(day(expected)), "{year}");
            assert_eq!(find("除夕").unwrap().day(year - 1), Some(plus_days(day(expected), -1)), "{year}");
        }
    }

    #[test]
    fn every_festival_has_its_day() {
        let check = |name: &str, year: i32, expected: &str| {
            assert_eq!(find(name).unwrap().day(year), Some(day(expected)), "{name} {year}");
        };
        check("元宵节", 2026, "2026-03-03");
        check("龙抬头", 2026, "2026-03-20");
        check("端午節", 2026, "2026-06-19");
        check("七夕", 2025, "2025-08-29"); // after 闰六月
        check("中元节", 2026, "2026-08-27");
        check("中秋", 2026, "2026-09-25");
        check("重陽", 2026, "2026-10-18");
        check("腊八", 2025, "2026-01-26");
        check("腊八", 2026, "2027-01-15");
        check("小年", 2025, "2026-02-10");
        check("除夕", 2024, "2025-01-28"); // 腊月廿九
        check("除夕", 2023, "2024-02-09"); // 腊月三十
        check("元旦", 2026, "2026-01-01");
        check("母亲节", 2026, "2026-05-10");
        check("父亲节", 2026, "2026-06-21");
        check("五一", 2026, "2026-05-01");
        check("国庆节", 2026, "2026-10-01");
        check("双11", 2026, "2026-11-11");
        check("圣诞节", 2026, "2026-12-25");
        check("清明", 2026, "2026-04-05");
        check("冬至", 2026, "2026-12-22");
        assert_eq!(find("感恩节"), None);
        assert_eq!(find_term("中秋"), None);
        for name in names().chain(terms::NAMES) {
            assert_eq!(find(name).map(|found| found.name), Some(name));
        }
    }

    #[test]
    fn days_know_their_festivals() {
        let check = |date: &str, expected: &[&str]| assert_eq!(festivals_of(day(date)), expected, "{date}");
        check("2026-02-17", &["春节"]);
        check("2026-02-14", &["情人节"]);
        check("2028-10-03", &["中秋"]);
        check("2020-10-01", &["中秋", "国庆"]);
        check("2022-01-10", &["腊八"]);
        check("2022-12-30", &["腊八"]);
        check("2026-03-02", &[]);
        check("2200-05-01", &["劳动节"]);
    }

    #[test]
    fn the_next_time_is_found_in_every_year() {
        let check = |name: &str, from: &str, offset: i32, year: i32, expected: &str| {
            let found = find(name).unwrap().on_or_after(day(from), offset);
            assert_eq!(found, Some((year, day(expected))), "{name} {from} {offset}");
        };
        check("腊八", "2022-01-01", 0, 2021, "2022-01-10");
        check("腊八", "2022-01-11", 0, 2022, "2022-12-30");
        check("腊八", "2022-12-31", 0, 2023, "2024-01-18");
        check("中秋", "2026-09-25", 0, 2026, "2026-09-25");
        check("中秋", "2026-09-26", 0, 2027, "2027-09-15");
        check("中秋", "2026-09-22", -3, 2026, "2026-09-22");
        check("中秋", "2026-09-23", -3, 2027, "2027-09-12");
        check("元旦", "2026-12-30", -2, 2027, "2026-12-30");
        check("元旦", "2026-01-02", 3, 2026, "2026-01-04");
        assert_eq!(find("中秋").unwrap().on_or_after(day("2102-01-01"), 0), None);
        assert_eq!(find("元旦").unwrap().on_or_after(NaiveDate::MAX, 30), None);
    }
}
