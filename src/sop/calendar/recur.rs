//! The days of a recurrence.
//!
//! Decided once: a day of the month that a month does not have does not come in it (`31` comes seven times a year;
//! the month's end is `last`), and two entries that fall on one day are one. Working days of a year that nobody knows
//! do not come until somebody gives that year.

use chrono::{Datelike, Months, NaiveDate};
use chrono_tz::Tz;

use super::holidays::Holidays;
use super::rule::Round;
use super::{day_start, plus_days};
use crate::sop::format::{Every, MonthDay, Recurrence};
use crate::sop::grammar::WallTime;

/// Months looked at for a day of the month: no two months without a 31st follow one another, and February, without a
/// 30th as well, stands alone.
const MONTHS_LOOKED_AT: u32 = 3;

/// A recurrence as one enrolment goes through it.
#[derive(Clone, Copy, Debug)]
pub struct Rounds<'a> {
    pub recurrence: &'a Recurrence,
    /// The enrolment's first possible day.
    pub first: NaiveDate,
    pub holidays: &'a Holidays,
    pub zone: Tz,
    pub day_ends: WallTime,
}

impl Rounds<'_> {
    /// The first day that is not before `day`, or the enrolment's first.
    ///
    /// Takes a few steps however far away `day` is, and as many as there are rounds where they are counted.
    pub fn on_or_after(&self, day: NaiveDate) -> Option<NaiveDate> {
        Some(self.next(day)?.day)
    }

    /// The same with what elapsed time counts from in that round: the instants of a rule, else the beginning of the day.
    pub fn next(&self, day: NaiveDate) -> Option<Round> {
        let found = self.uncounted(day.max(self.first))?;
        let after_end = self.recurrence.until.is_some_and(|until| found.day > until);
        (!after_end && !self.is_counted_out(found.day)).then_some(found)
    }

    /// How many more days an instant of a round may lie from it: a rule has a time of day and a zone of its own.
    pub const fn slack_days(&self) -> i32 {
        match self.recurrence.every {
            Every::Rrule(_) => 2,
            _ => 0,
        }
    }

    /// The first day of the first unknown year after `day`, where rounds may come in it once it is known.
    pub fn waits_for_a_year(&self, day: NaiveDate) -> Option<NaiveDate> {
        let next = self.holidays.known_to(day.year()).map_or(day.year(), |year| year.saturating_add(1));
        let unknown =
            NaiveDate::from_ymd_opt(next, 1, 1).filter(|_| self.recurrence.every == Every::Workdays)?;
        let before_end = self.recurrence.until.is_none_or(|until| until >= unknown);
        (before_end && !self.is_counted_out(unknown)).then_some(unknown)
    }

    fn uncounted(&self, from: NaiveDate) -> Option<Round> {
        let day = match &self.recurrence.every {
            Every::Daily => Some(from),
            Every::Weekdays => weekday_on_or_after(0b001_1111, from),
            Every::Weekly(bits) => weekday_on_or_after(*bits, from),
            Every::Workdays => self.holidays.workday_on_or_after(from),
            Every::Days(days) => {
                let days = i64::from((*days).max(1));
                let gone = (from - self.first).num_days().max(0);
                let rounds = (gone + days - 1) / days;
                Some(plus_days(self.first, i32::try_from(rounds * days).ok()?))
            }
            Every::Monthly(days) => month_day_on_or_after(days, from),
            Every::Rrule(rule) => return rule.round_on_or_after(from, self.zone, self.day_ends),
        }?;
        Some(Round { day, starts: vec![(day_start(day, self.zone, self.day_ends), 0)] })
    }

    /// True where as many rounds as were asked for come before a day.
    fn is_counted_out(&self, day: NaiveDate) -> bool {
        let Some(count) = self.recurrence.count else { return false };
        let bits = match &self.recurrence.every {
            Every::Daily => 0b111_1111,
            Every::Weekdays => 0b001_1111,
            Every::Weekly(bits) => *bits,
            Every::Days(days) => {
                let last = i64::from(*days) * i64::from(count.saturating_sub(1));
                return (day - self.first).num_days() > last;
            }
            Every::Workdays | Every::Monthly(_) | Every::Rrule(_) => {
                let mut from = self.first;
                for _ in 0..count {
                    match self.uncounted(from) {
                        Some(round) if round.day < day => from = plus_days(round.day, 1),
                        _ => return false,
                    }
                }
                return true;
            }
        };
        day > nth_day(bits, self.first, count)
    }
}

fn has_day(bits: u8, day: NaiveDate) -> bool {
    bits & (1 << day.weekday().num_days_from_monday()) != 0
}

fn weekday_on_or_after(bits: u8, from: NaiveDate) -> Option<NaiveDate> {
    (0..7).map(|ahead| plus_days(from, ahead)).find(|day| has_day(bits, *day))
}

/// The `count`th day with one of the weekdays, counted from 1 at `first`.
fn nth_day(bits: u8, first: NaiveDate, count: u32) -> NaiveDate {
    let per_week = (bits & 0b111_1111).count_ones().max(1);
    let index = count.saturating_sub(1);
    let week = plus_days(first, i32::try_from(index / per_week * 7).unwrap_or(i32::MAX));
    (0..7)
        .map(|ahead| plus_days(week, ahead))
        .filter(|day| has_day(bits, *day))
        .nth((index % per_week) as usize)
        .unwrap_or(week)
}

fn month_day_on_or_after(days: &[MonthDay], from: NaiveDate) -> Option<NaiveDate> {
    let this = from.with_day(1)?;
    let months = (0..MONTHS_LOOKED_AT).filter_map(|ahead| this.checked_add_months(Months::new(ahead)));
    let mut found = months.filter_map(|month| {
        let of_month = move |day: &MonthDay| match day {
            MonthDay::Day(day) => month.with_day(u32::from(*day)),
            MonthDay::Last => month.checked_add_months(Months::new(1))?.pred_opt(),
        };
        days.iter().filter_map(of_month).filter(|day| *day >= from).min()
    });
    found.next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sop::calendar::holidays;
    use crate::sop::calendar::rule::{Rule, parse_start};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn recurrence(every: Every, until: Option<&str>, count: Option<u32>) -> Recurrence {
        Recurrence { every, until: until.map(day), count }
    }

    fn found(recurrence: &Recurrence, first: &str, from: &str) -> Option<NaiveDate> {
        let holidays = &Holidays::default();
        let (first, zone, day_ends) = (day(first), Tz::Asia__Shanghai, WallTime::MIDNIGHT);
        Rounds { recurrence, first, holidays, zone, day_ends }.on_or_after(day(from))
    }

    fn check(recurrence: &Recurrence, from: &str, expected: Option<&str>) {
        assert_eq!(found(recurrence, "2026-11-02", from), expected.map(day), "{recurrence:?} {from}");
    }

    /// Follows a recurrence from its first day on.
    fn lists(recurrence: &Recurrence, first: &str, expected: &[&str]) {
        let mut from = first.to_owned();
        for expected in expected {
            let next = found(recurrence, first, &from);
            assert_eq!(next, Some(day(expected)), "{recurrence:?} {from}");
            from = plus_days(day(expected), 1).to_string();
        }
    }

    #[test]
    fn recurrences_find_their_next_day() {
        let daily = recurrence(Every::Daily, Some("2026-12-31"), None);
        check(&daily, "2026-10-01", Some("2026-11-02"));
        check(&daily, "2026-12-31", Some("2026-12-31"));
        check(&daily, "2027-01-01", None);
        let weekdays = recurrence(Every::Weekdays, None, None);
        check(&weekdays, "2026-11-07", Some("2026-11-09")); // a Saturday
        check(&weekdays, "2028-02-29", Some("2028-02-29")); // a leap day, a Tuesday
        let weekly = recurrence(Every::Weekly(0b001_0101), None, Some(4)); // 一三五, four times
        check(&weekly, "2026-11-03", Some("2026-11-04"));
        check(&weekly, "2026-11-07", Some("2026-11-09"));
        check(&weekly, "2026-11-10", None);
        check(&recurrence(Every::Daily, None, Some(3)), "2026-11-04", Some("2026-11-04"));
        check(&recurrence(Every::Daily, None, Some(3)), "2026-11-05", None);
        check(&recurrence(Every::Daily, None, None), "+200000-01-01", Some("+200000-01-01"));
    }

    #[test]
    fn every_few_days_from_the_first() {
        let third = |count| recurrence(Every::Days(3), None, count);
        lists(&third(None), "2026-11-02", &["2026-11-02", "2026-11-05", "2026-11-08"]);
        lists(&third(None), "2028-02-28", &["2028-02-28", "2028-03-02", "2028-03-05"]);
        check(&third(None), "2026-11-06", Some("2026-11-08"));
        check(&third(Some(2)), "2026-11-05", Some("2026-11-05"));
        check(&third(Some(2)), "2026-11-06", None);
    }

    #[test]
    fn days_of_the_month_and_its_end() {
        let monthly = |days: &[MonthDay], count| recurrence(Every::Monthly(days.to_vec()), None, count);
        let last = monthly(&[MonthDay::Last], None);
        lists(&last, "2028-01-31", &["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]);
        lists(&last, "2027-02-01", &["2027-02-28", "2027-03-31"]);
        let day_31 = monthly(&[MonthDay::Day(31)], None);
        lists(&day_31, "2026-01-01", &["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31", "2026-08-31"]);
        lists(&monthly(&[MonthDay::Day(29)], None), "2026-01-30", &["2026-03-29"]);
        lists(&monthly(&[MonthDay::Day(30)], None), "2026-01-31", &["2026-03-30"]);
        let many = monthly(&[MonthDay::Last, MonthDay::Day(15), MonthDay::Day(30), MonthDay::Day(1)], None);
        lists(&many, "2026-11-02", &["2026-11-15", "2026-11-30", "2026-12-01", "2026-12-15", "2026-12-30"]);
        let twice = monthly(&[MonthDay::Day(1), MonthDay::Last], Some(2));
        check(&twice, "2026-11-02", Some("2026-11-30"));
        check(&twice, "2026-12-01", Some("2026-12-01"));
        check(&twice, "2026-12-02", None);
    }

    #[test]
    fn working_days_with_their_make_up_days() {
        let workdays = |count| recurrence(Every::Workdays, None, count);
        let year = [
            "2026-01-04",
            "2026-01-05",
            "2026-01-06",
            "2026-01-07",
            "2026-01-08",
            "2026-01-09",
            "2026-01-12",
        ];
        lists(&workdays(None), "2026-01-01", &year);
        lists(&workdays(None), "2026-02-13", &["2026-02-13", "2026-02-14", "2026-02-24"]);
        lists(
            &workdays(None),
            "2026-09-30",
            &["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12"],
        );
        check(&workdays(Some(5)), "2026-11-06", Some("2026-11-06"));
        check(&workdays(Some(5)), "2026-11-07", None);
        check(&workdays(None), "2027-01-04", None);
    }

    #[test]
    fn what_waits_for_a_year_is_not_over() {
        let holidays = &mut Holidays::default();
        let waits = |recurrence: &Recurrence, holidays: &Holidays, day: &str| {
            let (first, zone, day_ends) = (self::day("2026-11-02"), Tz::Asia__Shanghai, WallTime::MIDNIGHT);
            Rounds { recurrence, first, holidays, zone, day_ends }.waits_for_a_year(self::day(day)).is_some()
        };
        let open = recurrence(Every::Workdays, None, None);
        assert!(waits(&open, holidays, "2026-12-31"));
        assert!(!waits(&recurrence(Every::Workdays, Some("2026-12-31"), None), holidays, "2026-12-31"));
        assert!(waits(&recurrence(Every::Workdays, Some("2027-12-31"), None), holidays, "2026-12-31"));
        assert!(!waits(&recurrence(Every::Workdays, None, Some(3)), holidays, "2026-12-31"));
        assert!(!waits(&recurrence(Every::Daily, None, Some(3)), holidays, "2026-12-31"));
        holidays.set(2027, holidays::read("[[year]]\nyear = 2027").unwrap().remove(&2027));
        assert!(waits(&open, holidays, "2026-12-31"));
        assert!(waits(&open, holidays, "2027-12-31"));
    }

    proptest! {
        #[test]
        fn agrees_with_a_list_of_days(
            kind in 0_usize..7, bits in 1_u8..128, every in 1_u32..40, days in prop::collection::vec(1_u8..=32, 1..4),
            count in prop::option::of(1_u32..30), until in prop::option::of(0_i32..200), ahead in 0_i32..120, start in 0_i32..250,
        ) {
            let first = plus_days(day("2026-01-01"), start);
            let holidays = Holidays::default();
            let month_days: Vec<MonthDay> =
                days.iter().map(|day| if *day == 32 { MonthDay::Last } else { MonthDay::Day(*day) }).collect();
            let rule = |text: &str| Every::Rrule(Box::new(Rule::parse(text, parse_start("2025-06-30T09:00").unwrap(), None).unwrap()));
            let kinds = [
                Every::Daily, Every::Weekdays, Every::Workdays, Every::Weekly(bits), Every::Days(every),
                Every::Monthly(month_days.clone()), rule(&format!("FREQ=DAILY;INTERVAL={every}")),
            ];
            let recurrence = Recurrence { every: kinds[kind].clone(), until: until.map(|days| plus_days(first, days)), count };
            let comes = |day: NaiveDate| match &recurrence.every {
                Every::Daily => true,
                Every::Weekdays => has_day(0b001_1111, day),
                Every::Workdays => holidays.is_off(day) == Some(false),
                Every::Weekly(bits) => has_day(*bits, day),
                Every::Days(days) => (day - first).num_days() % i64::from(*days) == 0,
                Every::Monthly(_) => month_days.iter().any(|known| match known {
                    MonthDay::Day(known) => day.day() == u32::from(*known),
                    MonthDay::Last => plus_days(day, 1).day() == 1,
                }),
                Every::Rrule(_) => (day - self::day("2025-06-30")).num_days() % i64::from(every) == 0,
            };
            let listed: Vec<NaiveDate> = (0..500)
                .map(|ahead| plus_days(first, ahead))
                .filter(|day| comes(*day))
                .take(count.map_or(usize::MAX, |count| count as usize))
                .filter(|day| recurrence.until.is_none_or(|until| *day <= until))
                .collect();
            let from = plus_days(first, ahead - 10);
            let rounds = Rounds { recurrence: &recurrence, first, holidays: &holidays, zone: Tz::Asia__Shanghai, day_ends: WallTime::MIDNIGHT };
            prop_assert_eq!(rounds.on_or_after(from), listed.into_iter().find(|day| *day >= from));
        }
    }
}
