//! Days by their names: which Friday, which 25th and which year is meant where that goes unsaid.
//!
//! A day that comes again every week, month or year is, of what has happened, the last one that has begun: 12月25日, asked
//! in March, is that of last December. Of what is due it is the one of this week, this month or this year; what has been
//! over for more than a month comes again next year, and in January December is the last one.
//!
//! Ranges are taken as a whole: from Friday to Monday goes over the end of the week, and 12月25日..1月5日 over that of the
//! year. A day that comes again is, as the end of a range, the next one after its beginning; as the beginning, the last one
//! before its end. Where both come again, the range that now lies in is meant; else the one to come, and of what has
//! happened the one before. What can never hold a day is a mistake ([`is_backwards`]).

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::dates::{Again, When, instant, shift_months};
use super::expr::{Item, Test};
use super::scan::Direction;
use crate::book::Timestamp;

/// How often a day is taken a week, a month or a year further until it stands where it is meant.
const STEPS: i32 = 600;

/// For how many months a day of the year that something was due on is over and still meant.
const OVER_MONTHS: i32 = 1;

/// What is moved where the end would come before the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bend {
    /// Nothing: it is in order, or can never be.
    Straight,
    /// The end is the next one of its name.
    NextEnd,
    /// The beginning is the last one of its name.
    LastBeginning,
}

/// How a range from one to another is read.
pub(super) fn bend(from: When, to: When) -> Bend {
    match (from.again(), to.again()) {
        (Some(one), Some(other)) if one == other && is_in_order(from, to, any_day()) => Bend::Straight,
        (_, Some(_)) => Bend::NextEnd,
        (Some(_), None) => Bend::LastBeginning,
        (None, None) => Bend::Straight,
    }
}

/// A day as it was named, and the one that is meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meant {
    pub named: When,
    pub when: When,
}

/// When a filter is asked, and about what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// Whether it is about what has happened or what is to come.
    pub way: Direction,
    pub now: Timestamp,
    pub zone: Tz,
}

impl Asked {
    /// The days that are meant.
    pub(super) fn meant(self, test: &Test<When>) -> Test<Meant> {
        match test {
            Test::Compare(comparison, when) => Test::Compare(*comparison, self.one(*when)),
            Test::AnyOf(items) => Test::AnyOf(items.iter().map(|item| self.item(item)).collect()),
        }
    }

    fn item(self, item: &Item<When>) -> Item<Meant> {
        match item {
            Item::One(when) => Item::One(self.one(*when)),
            Item::Range(Some(from), Some(to)) => {
                let (first, last) = self.between(*from, *to).unwrap_or((*from, *to));
                Item::Range(Some(Meant { named: *from, when: first }), Some(Meant { named: *to, when: last }))
            }
            Item::Range(from, to) => Item::Range(from.map(|from| self.one(from)), to.map(|to| self.one(to))),
        }
    }

    fn one(self, named: When) -> Meant {
        let when = self.dated(named, self.times(named, named, 0)).unwrap_or(named);
        Meant { named, when }
    }

    fn dated(self, when: When, times: i32) -> Option<When> {
        when.dated(times, self.now.day(self.zone))
    }

    /// How many times later than this week, month or year what lasts from one day to another begins; it ends `longer`
    /// times later than that.
    fn times(self, from: When, to: When, longer: i32) -> i32 {
        let today = self.now.day(self.zone);
        let begins = |times: i32| Some(self.dated(from, times)?.days(self.now, self.zone)?.0);
        let ends = |times: i32| Some(self.dated(to, times + longer)?.days(self.now, self.zone)?.1);
        let found = match (self.way, to.again()) {
            (Direction::Back, _) => [0, -1].into_iter().find(|n| begins(*n).is_some_and(|day| day <= today)),
            (Direction::Ahead, Some(Again::Year)) => {
                let over = shift_months(today, -OVER_MONTHS);
                [-1, 0, 1].into_iter().find(|n| ends(*n) >= over)
            }
            (Direction::Ahead, _) => (-longer..=0).find(|n| ends(*n).is_some_and(|day| day >= today)),
        };
        found.unwrap_or_default()
    }

    /// The ends of a range.
    fn between(self, from: When, to: When) -> Option<(When, When)> {
        let begin = |times: i32| self.dated(from, times);
        let end = |times: i32| self.dated(to, times);
        let in_order = |from: When, to: When| {
            let (from, to) = (from.range(self.now, self.zone)?, to.range(self.now, self.zone)?);
            Some(from.0 < to.1)
        };
        let bend = bend(from, to);
        if from.again() == to.again() {
            let longer = i32::from(bend == Bend::NextEnd);
            let times = self.times(from, to, longer);
            return Some((begin(times)?, end(times + longer)?));
        }
        let (first, last) = (self.times(from, from, 0), self.times(to, to, 0));
        if bend == Bend::LastBeginning {
            let last = end(last)?;
            let begins = (first - STEPS..=first).rev().filter_map(begin);
            return begins
                .into_iter()
                .find(|begin| in_order(*begin, last) == Some(true))
                .map(|begin| (begin, last));
        }
        let first = begin(first)?;
        let ends = (last..=last + STEPS).filter_map(end);
        ends.into_iter().find(|end| in_order(first, *end) == Some(true)).map(|end| (first, end))
    }
}

/// True where a range holds nothing, whenever it is asked.
pub(super) fn is_backwards(from: When, to: When) -> bool {
    let comes_again = from.again().is_some() || to.again().is_some();
    let is_of_a_night = from.is_bare_time() && to.is_bare_time();
    let days = [(1900, 1, 1, 0), (2024, 2, 29, 12), (2026, 12, 31, 23), (2400, 7, 15, 6)];
    let known = |(year, month, day, hour)| {
        let time = NaiveTime::from_hms_opt(hour, 30, 0)?;
        Some(instant(NaiveDate::from_ymd_opt(year, month, day)?.and_time(time), Tz::UTC))
    };
    !comes_again
        && !is_of_a_night
        && days.into_iter().filter_map(known).all(|now| !is_in_order(from, to, now))
}

/// Whether a range holds something at a moment; beyond the calendar nobody knows.
fn is_in_order(from: When, to: When, now: Timestamp) -> bool {
    let (from, to) = (from.range(now, Tz::UTC), to.range(now, Tz::UTC));
    from.zip(to).is_none_or(|(from, to)| from.0 < to.1)
}

/// For what does not depend on when it is asked: a day in a year, a month and a week that have all others.
fn any_day() -> Timestamp {
    let day = NaiveDate::from_ymd_opt(2024, 1, 10).unwrap_or_default();
    instant(day.and_time(NaiveTime::MIN), Tz::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Customs;
    use crate::query::{Fact, Key, MatchContext, QueryErrorKind, Subject, Thing, Value, Visit, parse};
    use crate::text::lang::Lang;

    const ZONE: Tz = Tz::Asia__Shanghai;

    /// Something with one time.
    struct At(Timestamp);

    impl Subject for At {
        fn names(&self, _visit: &mut dyn FnMut(&str) -> bool) -> bool {
            false
        }
        fn texts(&self, _visit: &mut dyn FnMut(&str) -> bool) -> bool {
            false
        }
        fn each(&self, _key: Key, visit: &mut Visit<'_>) -> bool {
            visit(Value::Time(self.0))
        }
        fn value(&self, _key: Key) -> Value<'_> {
            Value::Time(self.0)
        }
        fn is(&self, _fact: Fact) -> bool {
            false
        }
        fn has(&self, _thing: Thing) -> bool {
            false
        }
    }

    /// The first and the last day that a filter lets through, of two years around now.
    fn days(filter: &str, now: &str) -> Option<(String, String)> {
        let noon = |date: NaiveDate| instant(date.and_hms_opt(12, 0, 0).unwrap(), ZONE);
        let today: NaiveDate = now.parse().unwrap();
        let context = MatchContext {
            now: noon(today),
            zone: ZONE,
            me: "",
            customs: Customs::default(),
            playbooks: None,
        };
        let filter = parse(filter).unwrap_or_else(|error| panic!("{filter}: {error}")).resolve(&context);
        let all = (today - chrono::Days::new(400)).iter_days().take(800);
        let found: Vec<NaiveDate> = all.filter(|date| filter.matches(&At(noon(*date)))).collect();
        let (first, last) = (found.first()?, found.last()?);
        assert_eq!((*last - *first).num_days() + 1, found.len() as i64, "without a gap");
        Some((first.to_string(), last.to_string()))
    }

    fn check(filter: &str, now: &str, first: &str, last: &str) {
        let found = days(filter, now);
        assert_eq!(found, Some((first.to_owned(), last.to_owned())), "{filter} on {now}");
    }

    #[test]
    fn a_range_goes_over_the_end_of_the_week_the_month_and_the_year() {
        // a Tuesday
        let tuesday = "2026-03-10";
        check("due:周五..周一", tuesday, "2026-03-13", "2026-03-16");
        check("joined:周五..周一", tuesday, "2026-03-06", "2026-03-09");
        check("due:周一..周五", tuesday, "2026-03-09", "2026-03-13");
        check("due:周五..周一", "2026-03-09", "2026-03-06", "2026-03-09");
        check("加好友:12月25日..1月5日", tuesday, "2025-12-25", "2026-01-05");
        check("due:12-25..01-05", tuesday, "2026-12-25", "2027-01-05");
        check("due:12-25..01-05", "2027-01-02", "2026-12-25", "2027-01-05");
        check("joined:11月..2月", tuesday, "2025-11-01", "2026-02-28");
        check("joined:25号..5号", tuesday, "2026-02-25", "2026-03-05");
        check("due:25号..5号", tuesday, "2026-03-25", "2026-04-05");
        check("due:今天..周一", tuesday, "2026-03-10", "2026-03-16");
        check("due:+30d..周一", tuesday, "2026-04-09", "2026-04-13");
        check("joined:12-25..今天", tuesday, "2025-12-25", "2026-03-10");
        check("joined:周五..昨天", tuesday, "2026-03-06", "2026-03-09");
        check("joined:去年12月..1月", tuesday, "2025-12-01", "2026-01-31");
        check("due:2026.2.28..20260302", tuesday, "2026-02-28", "2026-03-02");
        check("joined:上上周..上周", tuesday, "2026-02-23", "2026-03-08");
        check("joined:-1y..月初", tuesday, "2025-03-10", "2026-03-01");
    }

    #[test]
    fn a_day_without_a_year_is_of_what_has_happened_the_last_one() {
        // a Tuesday
        let tuesday = "2026-03-10";
        check("added:12月25日", tuesday, "2025-12-25", "2025-12-25");
        check("added:03-10", tuesday, "2026-03-10", "2026-03-10");
        check("last-reply:3月", tuesday, "2026-03-01", "2026-03-31");
        check("joined:周五", tuesday, "2026-03-06", "2026-03-06");
        check("left:25号", tuesday, "2026-02-25", "2026-02-25");
        check("joined:11月..12月", tuesday, "2025-11-01", "2025-12-31");
        check("joined:周五..周六", tuesday, "2026-03-06", "2026-03-07");
        check("joined:2025-06-01..12-25", tuesday, "2025-06-01", "2025-12-25");
        check("joined:12-25..2025-12-31", tuesday, "2025-12-25", "2025-12-31");
        check("last-buy>11月 last-buy<今天", tuesday, "2025-12-01", "2026-03-09");
        check("last-touch:11月.. last-touch<今天", tuesday, "2025-11-01", "2026-03-09");
        check("last-touch:..11-30 last-touch>=2025-11", tuesday, "2025-11-01", "2025-11-30");
    }

    #[test]
    fn a_day_without_a_year_is_of_what_is_due_the_next_one_unless_it_was_lately() {
        check("due:12-25", "2026-03-10", "2026-12-25", "2026-12-25");
        check("due:12-25", "2027-01-10", "2026-12-25", "2026-12-25");
        check("due:12-25", "2027-01-26", "2027-12-25", "2027-12-25");
        check("due:02-28", "2026-03-10", "2026-02-28", "2026-02-28");
        check("due:1月", "2026-03-10", "2027-01-01", "2027-01-31");
        check("due:1月..3月", "2026-03-10", "2026-01-01", "2026-03-31");
        check("due:12-25..01-05", "2027-01-20", "2026-12-25", "2027-01-05");
        // within a week or a month, what is over is still that of this one
        check("due:周一", "2026-03-10", "2026-03-09", "2026-03-09");
        check("due:周五", "2026-03-10", "2026-03-13", "2026-03-13");
        check("due:5号", "2026-03-10", "2026-03-05", "2026-03-05");
    }

    #[test]
    fn a_range_that_never_holds_a_day_is_a_mistake() {
        for filter in [
            "due:后天..今天",
            "joined:上周..上上周",
            "due:2026-03-05..2026-03-01",
            "due:+2h..+1h",
            "sent:今天..昨天",
        ] {
            let error = parse(filter).map(|query| query.to_text()).unwrap_err();
            assert_eq!(error.kind, QueryErrorKind::Backwards, "{filter}");
        }
        for filter in [
            "due:2026-01-01..今天",
            "due:今天..2026-01-01",
            "due:22:00..02:00",
            "due:今晚..明早",
            "due:周五..周五",
        ] {
            assert!(parse(filter).is_ok(), "{filter}");
        }
    }

    #[test]
    fn what_a_range_that_turns_means_is_said() {
        let tuesday = instant("2026-03-10T12:00:00".parse().unwrap(), ZONE);
        let said = |filter: &str, lang: Lang| parse(filter).unwrap().explain(lang, tuesday, ZONE);
        let check = |filter: &str, expected: &str| assert_eq!(said(filter, Lang::ZhCn), expected, "{filter}");
        check("due:周五..周一", "到期是周五 (2026-03-13) 到 之后的周一 (2026-03-16)");
        check("due:周一..周五", "到期是周一 (2026-03-09) 到 周五 (2026-03-13)");
        check("joined:12-25..今天", "进群是今天之前的 2025-12-25 到 今天");
        check("joined:11月,周五18点", "进群是2025 年 11 月 或 周五 18:00 (2026-03-06)");
        check("last-buy>11月 birthday:11月", "最近下单晚于 2025 年 11 月, 且生日是11 月");
        check("due:1月", "到期是2027 年 1 月");
        assert_eq!(
            said("due:周五..周一", Lang::En),
            "due is Friday (2026-03-13) to the next Monday (2026-03-16) after it"
        );
    }
}
