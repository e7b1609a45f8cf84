//! Ranges of days by their names: from Friday to Monday goes over the end of the week, and 12月25日..1月5日 over that of
//! the year.
//!
//! A day that comes again every week, month or year is, as the end of a range, the next one after its beginning; as the
//! beginning, the last one before its end. Where both come again, the range is the one that now lies in; else the one to
//! come, and of what has happened the one before. What can never hold a day is a mistake ([`is_backwards`]).

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::dates::{Range, When, instant};
use crate::book::Timestamp;

/// How often a day is taken a week, a month or a year further until it stands where it is meant.
const STEPS: i32 = 600;

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

/// The span of a range; `back` for what has happened.
pub(super) fn between(from: When, to: When, back: bool, now: Timestamp, zone: Tz) -> Range {
    let begins = |times: i32| from.range_again(times, now, zone).map(|range| range.0);
    let ends = |times: i32| to.range_again(times, now, zone).map(|range| range.1);
    let (Some(begin), Some(end)) = (begins(0), ends(0)) else { return (0, 0) };
    if begin < end {
        return (begin, end);
    }
    match bend(from, to) {
        Bend::Straight => (begin, end),
        Bend::NextEnd if from.again().is_some() && from.again() == to.again() => {
            match (begins(-1), ends(1)) {
                (Some(before), _) if end > now.0 || (back && begin > now.0) => (before, end),
                (_, Some(after)) => (begin, after),
                _ => (begin, end),
            }
        }
        Bend::NextEnd => (begin, (1..=STEPS).find_map(|n| ends(n).filter(|end| *end > begin)).unwrap_or(end)),
        Bend::LastBeginning => {
            ((1..=STEPS).find_map(|n| begins(-n).filter(|begin| *begin < end)).unwrap_or(begin), end)
        }
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
        let context = MatchContext { now: noon(today), zone: ZONE, me: "", customs: Customs::default() };
        let filter = parse(filter).unwrap_or_else(|error| panic!("{filter}: {error}")).resolve(&context);
        let all = (today - chrono::Days::new(400)).iter_days().take(800);
        let found: Vec<NaiveDate> = all.filter(|date| filter.matches(&At(noon(*date)))).collect();
        let (first, last) = (found.first()?, found.last()?);
        assert_eq!((*last - *first).num_days() + 1, found.len() as i64, "without a gap");
        Some((first.to_string(), last.to_string()))
    }

    #[test]
    fn a_range_goes_over_the_end_of_the_week_the_month_and_the_year() {
        let check = |filter: &str, now: &str, first: &str, last: &str| {
            let found = days(filter, now);
            assert_eq!(found, Some((first.to_owned(), last.to_owned())), "{filter} on {now}");
        };
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
        let said = |filter: &str| parse(filter).unwrap().explain(Lang::ZhCn);
        assert_eq!(said("due:周五..周一"), "到期是周五 到 之后的周一");
        assert_eq!(said("due:周一..周五"), "到期是周一 到 周五");
        assert_eq!(said("joined:12-25..今天"), "进群是今天之前的 12-25 到 今天");
        assert_eq!(
            parse("due:周五..周一").unwrap().explain(Lang::En),
            "due is Friday to the next Monday after it"
        );
    }
}
