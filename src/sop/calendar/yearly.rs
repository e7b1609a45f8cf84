//! Anchors that come each year: festivals, solar terms, birthdays.
//!
//! Decided once: who was born on 29 February has their birthday on the 28th in plain years; a lunar birthday that a
//! year does not have falls as [`super::lunar`] says. Whoever gave a birthday of one calendar has none of the other.

use chrono::{Datelike, NaiveDate};

use super::festivals::{find, find_term};
use super::lunar::{Customs, LunarDate};
use super::plus_days;
use crate::book::Birthday;
use crate::sop::format::{Playbook, Start};

/// For how many years a day may not come: a leap month of some number, or the thirtieth of it, where customs give it no
/// other day.
const YEARS_WITHOUT: i32 = 120;

/// True for anchors that come each year.
pub const fn is_yearly(start: &Start) -> bool {
    matches!(
        start,
        Start::Birthday { .. } | Start::LunarBirthday { .. } | Start::Festival { .. } | Start::Term { .. }
    )
}

/// How many days ahead of D0 a target enters: a day before the first step, which may lie before D0.
pub fn ahead_days(playbook: &Playbook) -> i32 {
    let earliest = playbook.steps.iter().map(|step| step.at.days.first()).min().unwrap_or(0).min(0);
    1_i32.saturating_sub(earliest)
}

/// The first time that a yearly anchor comes and is not before a day: its key, which names the year, and its D0.
/// A birthday of the lunar calendar that a year does not have comes as `customs` say.
pub fn next_yearly(
    start: &Start,
    birthday: Option<Birthday>,
    customs: Customs,
    day: NaiveDate,
) -> Option<(String, NaiveDate)> {
    match start {
        Start::Festival { festival, offset } => {
            let festival = find(festival)?;
            let (year, d0) = festival.on_or_after(day, *offset)?;
            Some((format!("festival:{}:{year}", festival.name), d0))
        }
        Start::Term { term, offset } => {
            let term = find_term(term)?;
            let (year, d0) = term.on_or_after(day, *offset)?;
            Some((format!("term:{}:{year}", term.name), d0))
        }
        Start::Birthday { offset } => {
            let born = birthday.filter(|born| !born.lunar)?;
            let (year, d0) = of_years(day, *offset, |year| solar_birthday(born, year))?;
            Some((format!("birthday:{year}"), d0))
        }
        Start::LunarBirthday { offset } => {
            let born = birthday.filter(|born| born.lunar)?;
            let (year, d0) = of_years(day, *offset, |year| {
                let (month, leap, day) = (born.month, born.leap, born.day);
                LunarDate { year, month, leap, day }.day(customs)
            })?;
            Some((format!("lunar-birthday:{year}"), d0))
        }
        _ => None,
    }
}

fn solar_birthday(born: Birthday, year: i32) -> Option<NaiveDate> {
    let (month, day) = (u32::from(born.month), u32::from(born.day));
    let leap_day = (month, day) == (2, 29);
    NaiveDate::from_ymd_opt(year, month, day)
        .or_else(|| leap_day.then(|| NaiveDate::from_ymd_opt(year, 2, 28)).flatten())
}

/// The first of a year's days, moved by `offset`, that is not before a day. A lunar year ends in the next.
pub(super) fn of_years(
    day: NaiveDate,
    offset: i32,
    of_year: impl Fn(i32) -> Option<NaiveDate>,
) -> Option<(i32, NaiveDate)> {
    let unmoved = plus_days(day, offset.saturating_neg());
    (unmoved.year().saturating_sub(1)..=unmoved.year().saturating_add(YEARS_WITHOUT))
        .filter_map(|year| Some((year, plus_days(of_year(year)?, offset))))
        .find(|(_, found)| *found >= day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(start: &Start, birthday: &str, from: &str, expected: Option<(&str, &str)>) {
        let (birthday, customs) = (Birthday::parse(birthday), Customs::default());
        let found = next_yearly(start, birthday, customs, from.parse().unwrap());
        let expected = expected.map(|(key, day)| (key.to_owned(), day.parse().unwrap()));
        assert_eq!(found, expected, "{start:?} {birthday:?} {from}");
    }

    #[test]
    fn birthdays_of_either_calendar() {
        let solar = |offset| Start::Birthday { offset };
        check(&solar(0), "1990-05-06", "2026-05-06", Some(("birthday:2026", "2026-05-06")));
        check(&solar(0), "05-06", "2026-05-07", Some(("birthday:2027", "2027-05-06")));
        check(&solar(-3), "01-02", "2026-12-01", Some(("birthday:2027", "2026-12-30")));
        check(&solar(0), "02-29", "2026-01-01", Some(("birthday:2026", "2026-02-28")));
        check(&solar(0), "02-29", "2028-01-01", Some(("birthday:2028", "2028-02-29")));
        check(&solar(0), "农历08-03", "2026-01-01", None);
        check(&solar(0), "", "2026-01-01", None);
        let lunar = Start::LunarBirthday { offset: 0 };
        check(&lunar, "农历08-15", "2026-01-01", Some(("lunar-birthday:2026", "2026-09-25")));
        check(&lunar, "农历12-30", "2025-01-01", Some(("lunar-birthday:2024", "2025-01-28")));
        check(&lunar, "农历12-30", "2025-01-29", Some(("lunar-birthday:2025", "2026-02-16")));
        check(&lunar, "农历闰06-01", "2025-01-01", Some(("lunar-birthday:2025", "2025-07-25")));
        check(&lunar, "农历闰06-01", "2026-01-01", Some(("lunar-birthday:2026", "2026-07-14")));
        check(&lunar, "1990-05-06", "2026-01-01", None);
    }

    #[test]
    fn festivals_and_terms_have_a_key_each_year() {
        let festival = |festival: &str, offset| Start::Festival { festival: festival.to_owned(), offset };
        check(&festival("中秋节", 0), "", "2026-01-01", Some(("festival:中秋:2026", "2026-09-25")));
        check(&festival("腊八", 0), "", "2026-01-01", Some(("festival:腊八:2025", "2026-01-26")));
        check(&festival("冬至", -1), "", "2026-12-01", Some(("festival:冬至:2026", "2026-12-21")));
        let term = Start::Term { term: "清明".to_owned(), offset: 0 };
        check(&term, "", "2026-04-06", Some(("term:清明:2027", "2027-04-05")));
    }
}
