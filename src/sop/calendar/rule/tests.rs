use super::*;
use crate::sop::calendar::plus_days;
use chrono_tz::America::New_York;

/// The first occurrences of a rule, as instants in its zone.
fn occurrences(rule: &str, start: &str, zone: Tz, most: usize) -> Vec<String> {
    let rule = Rule::parse(rule, parse_start(start).unwrap(), Some(zone)).unwrap();
    let mut from = parse_start(start).unwrap().date();
    let mut found = Vec::new();
    while let Some(round) =
        rule.round_on_or_after(from, zone, WallTime::MIDNIGHT).filter(|_| found.len() < most)
    {
        found.extend(round.starts.iter().map(|(at, _)| at.rfc3339(zone)));
        from = plus_days(round.day, 1);
    }
    found.truncate(most);
    found
}

/// An example of RFC 5545, 3.8.5.3: all in New York, at nine.
fn check(rule: &str, start: &str, expected: &[&str]) {
    let found = occurrences(rule, &format!("{start}T09:00:00"), New_York, expected.len());
    let found: Vec<&str> = found.iter().map(|at| at.get(..10).unwrap()).collect();
    assert_eq!(found, expected, "{rule}");
}

/// The same of one that ends by itself.
fn ends(rule: &str, start: &str, count: usize, last: &str) {
    let found = occurrences(rule, &format!("{start}T09:00:00"), New_York, 10_000);
    assert_eq!((found.len(), found.last().unwrap().get(..10).unwrap()), (count, last), "{rule}");
}

#[test]
fn the_examples_of_the_standard() {
    ends("FREQ=DAILY;COUNT=10", "1997-09-02", 10, "1997-09-11");
    ends("FREQ=DAILY;UNTIL=19971224T000000Z", "1997-09-02", 113, "1997-12-23");
    check("FREQ=DAILY;INTERVAL=2", "1997-09-02", &["1997-09-02", "1997-09-04", "1997-09-06", "1997-09-08"]);
    ends("FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", 5, "1997-10-12");
    ends(
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "1998-01-01",
        93,
        "2000-01-31",
    );
    ends("FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", "1998-01-01", 93, "2000-01-31");
    ends("FREQ=WEEKLY;COUNT=10", "1997-09-02", 10, "1997-11-04");
    ends("FREQ=WEEKLY;UNTIL=19971224T000000Z", "1997-09-02", 17, "1997-12-23");
    check(
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "1997-09-02",
        &["1997-09-02", "1997-09-16", "1997-09-30", "1997-10-14"],
    );
    ends("FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997-09-02", 10, "1997-10-02");
    ends(
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "1997-09-01",
        25,
        "1997-12-22",
    );
    ends("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09-02", 8, "1997-10-16");
    check(
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "1997-09-05",
        &["1997-09-05", "1997-10-03", "1997-11-07", "1997-12-05"],
    );
    check(
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "1997-09-07",
        &["1997-09-07", "1997-09-28", "1997-11-02"],
    );
    check(
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "1997-09-22",
        &["1997-09-22", "1997-10-20", "1997-11-17", "1997-12-22"],
    );
    check(
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        "1997-09-28",
        &["1997-09-28", "1997-10-29", "1997-11-28", "1997-12-29"],
    );
    check("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "1997-09-02", &["1997-09-02", "1997-09-15", "1997-10-02"]);
    check("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997-09-30", &["1997-09-30", "1997-10-01", "1997-10-31"]);
    check(
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12",
        "1997-09-10",
        &["1997-09-10", "1997-09-11", "1997-09-12", "1999-03-10"],
    );
    check("FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997-06-10", &["1997-06-10", "1997-07-10", "1998-06-10"]);
    check(
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "1997-01-01",
        &["1997-01-01", "1997-04-10", "1997-07-19", "2000-01-01"],
    );
    check("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", &["1997-05-19", "1998-05-18", "1999-05-17"]);
    check("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", &["1997-05-12", "1998-05-11", "1999-05-17"]);
    check(
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "1997-09-02",
        &["1998-02-13", "1998-03-13", "1998-11-13", "1999-08-13", "2000-10-13"],
    );
    check(
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "1996-11-05",
        &["1996-11-05", "2000-11-07", "2004-11-02"],
    );
    check(
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "1997-09-04",
        &["1997-09-04", "1997-10-07", "1997-11-06"],
    );
    check(
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "1997-09-29",
        &["1997-09-29", "1997-10-30", "1997-11-27"],
    );
    check(
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        "1997-08-05",
        &["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"],
    );
    check(
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        "1997-08-05",
        &["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"],
    );
    check(
        "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        "2007-01-15",
        &["2007-01-15", "2007-01-30", "2007-02-15", "2007-03-15", "2007-03-30"],
    );
}

#[test]
fn month_ends_and_leap_days() {
    check("FREQ=MONTHLY", "2026-01-31", &["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31"]);
    check(
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "2026-01-31",
        &["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"],
    );
    check("FREQ=YEARLY", "2024-02-29", &["2024-02-29", "2028-02-29", "2032-02-29"]);
    check("FREQ=YEARLY;INTERVAL=100", "2000-02-29", &["2000-02-29", "2400-02-29"]);
}

#[test]
fn wall_times_stay_where_clocks_change() {
    let check = |start: &str, zone: Tz, expected: &[&str]| {
        assert_eq!(occurrences("FREQ=DAILY", start, zone, expected.len()), expected, "{start}");
    };
    check(
        "2026-03-07T02:30",
        New_York,
        &["2026-03-07T02:30:00-05:00", "2026-03-08T03:30:00-04:00", "2026-03-09T02:30:00-04:00"],
    );
    check(
        "2026-10-31T01:30",
        New_York,
        &["2026-10-31T01:30:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"],
    );
    check(
        "2026-01-31T09:00:30",
        Tz::Asia__Shanghai,
        &["2026-01-31T09:00:30+08:00", "2026-02-01T09:00:30+08:00"],
    );
}

#[test]
fn a_night_belongs_to_the_day_before() {
    let rule = Rule::parse("FREQ=DAILY", parse_start("2026-11-20T01:30").unwrap(), None).unwrap();
    let ends = WallTime::parse("02:00").unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let round = rule.round_on_or_after(day("2026-11-01"), Tz::Asia__Shanghai, ends).unwrap();
    let (round, at) = (round.day, round.starts[0].0);
    assert_eq!(round, day("2026-11-19"));
    assert_eq!(at.rfc3339(Tz::Asia__Shanghai), "2026-11-20T01:30:00+08:00");
    assert_eq!(super::super::local_day(at, Tz::Asia__Shanghai, ends), round);
}

/// The rounds of a rule of another zone, from a day on: each day with its instants there and their numbers.
fn rounds(rule: &str, start: &str, zone: Tz, there: Tz, from: &str) -> Vec<(String, Vec<(String, u16)>)> {
    let rule = Rule::parse(rule, parse_start(start).unwrap(), Some(zone)).unwrap();
    let mut from = from.parse::<NaiveDate>().unwrap();
    let mut found = Vec::new();
    for _ in 0..3 {
        let Some(round) = rule.round_on_or_after(from, there, WallTime::MIDNIGHT) else { break };
        let starts = round.starts.iter().map(|(at, number)| (at.rfc3339(there)[..16].to_owned(), *number));
        found.push((round.day.to_string(), starts.collect()));
        from = plus_days(round.day, 1);
    }
    found
}

#[test]
fn a_round_is_the_day_where_the_enrolment_is() {
    let (rule, start) = ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "2026-03-02T23:30:00");
    let found = rounds(rule, start, New_York, Tz::Asia__Shanghai, "2026-03-01");
    let on = |day: &str, at: &str, number| (day.to_owned(), vec![(format!("{day}T{at}"), number)]);
    // New York's clock is set forward on the eighth
    let expected = [on("2026-03-03", "12:30", 0), on("2026-03-10", "11:30", 0), on("2026-03-17", "11:30", 0)];
    assert_eq!(found, expected);
    assert_eq!(rounds(rule, start, New_York, Tz::Asia__Shanghai, "2026-03-10"), expected[1..]);
    // earlier there than here
    let found = rounds("FREQ=DAILY;COUNT=2", "2026-03-02T08:00", Tz::Asia__Shanghai, New_York, "2026-03-02");
    assert_eq!(found, [on("2026-03-02", "19:00", 0)], "the first comes on the first of March");
}

#[test]
fn what_comes_twice_in_a_long_day_is_two() {
    // noon in Shanghai is midnight in New York, and 23:00 of the same day once its clock is set back
    let found = rounds("FREQ=DAILY", "2026-10-01T12:00", Tz::Asia__Shanghai, New_York, "2026-10-31");
    let day = |day: &str, starts: &[(&str, u16)]| {
        let starts = starts.iter().map(|(at, number)| ((*at).to_owned(), *number));
        (day.to_owned(), starts.collect::<Vec<_>>())
    };
    let expected = [
        day("2026-10-31", &[("2026-10-31T00:00", 0)]),
        day("2026-11-01", &[("2026-11-01T00:00", 0), ("2026-11-01T23:00", SECOND_OF_DAY)]),
        day("2026-11-02", &[("2026-11-02T23:00", 0)]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_time_of_day_may_stand_in_the_rule() {
    let found = occurrences(
        "RRULE:FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=30",
        "2026-11-23T09:00",
        Tz::Asia__Shanghai,
        2,
    );
    assert_eq!(found, ["2026-11-30T08:30:00+08:00", "2026-12-07T08:30:00+08:00"]);
}

#[test]
fn several_times_of_a_day() {
    let check = |rule: &str, start: &str, expected: &[&str]| {
        let found = occurrences(rule, start, New_York, expected.len());
        let found: Vec<&str> = found.iter().map(|at| &at[5..16]).collect();
        assert_eq!(found, expected, "{rule}");
    };
    let start = "2026-11-22T09:00";
    check(
        "FREQ=DAILY;BYHOUR=18,9",
        start,
        &["11-22T09:00", "11-22T18:00", "11-23T09:00", "11-23T18:00", "11-24T09:00"],
    );
    check("FREQ=DAILY;BYHOUR=8,18", start, &["11-22T18:00", "11-23T08:00", "11-23T18:00"]);
    check("FREQ=DAILY;BYHOUR=9,18;COUNT=3", start, &["11-22T09:00", "11-22T18:00", "11-23T09:00"]);
    check("FREQ=HOURLY;INTERVAL=6", start, &["11-22T09:00", "11-22T15:00", "11-22T21:00", "11-23T03:00"]);
    // seven hours go round through the days
    check("FREQ=HOURLY;INTERVAL=7", start, &["11-22T09:00", "11-22T16:00", "11-22T23:00", "11-23T06:00"]);
    check("FREQ=HOURLY;INTERVAL=36", start, &["11-22T09:00", "11-23T21:00", "11-25T09:00"]);
    check("FREQ=HOURLY;BYHOUR=10,22", start, &["11-22T10:00", "11-22T22:00", "11-23T10:00"]);
    check(
        "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0,30",
        start,
        &["11-23T09:00", "11-23T09:30", "11-30T09:00"],
    );
    check("FREQ=DAILY;BYHOUR=9,18;BYSETPOS=-1", start, &["11-22T18:00", "11-23T18:00"]);
    check(
        "FREQ=DAILY;BYHOUR=9,18;UNTIL=20261123T090000",
        start,
        &["11-22T09:00", "11-22T18:00", "11-23T09:00"],
    );
    let until = occurrences("FREQ=DAILY;BYHOUR=9,18;UNTIL=20261123T150000Z", start, New_York, 9);
    assert_eq!(until.len(), 3, "{until:?}");
    // a clock set forward: half past two is half past three, and both are one
    check(
        "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=30",
        "2026-03-07T01:30",
        &["03-07T01:30", "03-07T02:30", "03-07T03:30", "03-08T01:30", "03-08T03:30", "03-09T01:30"],
    );
    // a time after the gap comes before one that lies in it
    check(
        "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30;COUNT=8",
        "2026-03-08T02:00",
        &["03-08T03:00", "03-08T03:30", "03-09T02:00", "03-09T02:30"],
    );
    // a clock set back: each hour of the wall comes once
    check("FREQ=HOURLY", "2026-11-01T00:00", &["11-01T00:00", "11-01T01:00", "11-01T02:00", "11-01T03:00"]);
}

/// What a time is counted as stays when others come to the rule or go.
#[test]
fn a_time_keeps_its_number() {
    let numbers = |rule: &str| {
        let rule = Rule::parse(rule, parse_start("2026-11-22T09:00").unwrap(), None).unwrap();
        let day = "2026-11-23".parse().unwrap();
        let round = rule.round_on_or_after(day, Tz::UTC, WallTime::MIDNIGHT).unwrap();
        round.starts.into_iter().map(|(_, number)| number).collect::<Vec<_>>()
    };
    assert_eq!(numbers("FREQ=DAILY"), [0]);
    assert_eq!(numbers("FREQ=DAILY;BYHOUR=9,18"), [0, 1082]);
    assert_eq!(numbers("FREQ=DAILY;BYHOUR=0,9,12,18"), [2, 0, 722, 1082]);
    let mut all = numbers("FREQ=HOURLY");
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 24);
}

#[test]
fn rules_that_cannot_be_followed_are_refused() {
    let refused = |rule: &str| Rule::parse(rule, parse_start("2026-01-31T09:00").unwrap(), None).unwrap_err();
    for often in [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=30",
        "FREQ=HOURLY;BYMINUTE=0,30",
        "FREQ=DAILY;BYHOUR=9,10,11,12,13;BYMINUTE=0,10,20,30,40",
        "FREQ=DAILY;BYSECOND=0,30",
    ] {
        assert_eq!(refused(often), RuleMistake::OftenADay, "{often}");
    }
    for never in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2",
        "FREQ=DAILY;UNTIL=20250101",
    ] {
        assert_eq!(refused(never), RuleMistake::Never, "{never}");
    }
    for shape in [
        "",
        "daily",
        "FREQ=FORTNIGHTLY",
        "FREQ=DAILY;BYHOUR=25",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=MONTHLY;BYMONTHDAY=40",
        "INTERVAL=2",
        "FREQ=DAILY;COUNT=x",
        "FREQ=DAILY;INTERVAL=70000",
        "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=DAILY;BYDAY=FR,-1FR",
        "FREQ=DAILY;COUNT=3;UNTIL=20300101",
    ] {
        assert!(matches!(refused(shape), RuleMistake::Shape(_)), "{shape} {:?}", refused(shape));
    }
}

#[test]
fn looking_far_ahead_is_quick() {
    let rule = Rule::parse("FREQ=DAILY;INTERVAL=3", parse_start("1970-01-01").unwrap(), None).unwrap();
    let far = NaiveDate::from_ymd_opt(8_000, 1, 1).unwrap();
    let found = rule.round_on_or_after(far, Tz::UTC, WallTime::MIDNIGHT).unwrap();
    assert!(found.day >= far && (found.day - rule.start.date()).num_days() % 3 == 0);
    assert_eq!(rule.round_on_or_after(NaiveDate::MAX, Tz::UTC, WallTime::MIDNIGHT), None);
}
