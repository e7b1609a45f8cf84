//! Date words as people say them, one instant each.

use super::super::dates::instant;
use super::*;
use chrono::NaiveDateTime;
use proptest::prelude::*;

const ZONE: Tz = Tz::Asia__Shanghai;

fn at(text: &str) -> Timestamp {
    instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap(), ZONE)
}

/// A Sunday afternoon.
fn now() -> Timestamp {
    at("2026-11-22 14:03")
}

#[test]
fn a_slip_in_a_day_is_told_from_what_is_none() {
    for word in ["周十", "星期八", "下下天", "3点天", "tomorow", "toady", "名天", "明十"] {
        assert!(means_a_day(word), "{word}");
    }
    for word in [
        "明天的货",
        "3天套餐",
        "5号楼取货",
        "8折券",
        "monkey",
        "someday",
        "下单",
        "下单了吗",
        "后台",
        "明白",
        "周到",
        "200",
        "买奶粉",
        "",
        "发",
    ] {
        assert!(!means_a_day(word), "{word}");
    }
}

#[test]
fn days_are_counted_from_the_nearest_where_the_year_goes_unsaid() {
    let check = |text: &str, expected: &str| {
        let found = parse_beginning(text, now(), ZONE).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(found.rfc3339(ZONE), at(expected).rfc3339(ZONE), "{text}");
    };
    check("11-21", "2026-11-21 12:00");
    check("11-21 20:00", "2026-11-21 20:00");
    check("11-22", "2026-11-22 18:00");
    check("11-23", "2026-11-23 09:00");
    check("05-25", "2026-05-25 12:00");
    check("05-20", "2027-05-20 09:00");
    check("20号", "2026-11-20 12:00");
    check("2027-11-21", "2027-11-21 09:00");
    check("2026-03-01", "2026-03-01 12:00");
    // the coming one of what comes every week or day
    check("周六", "2026-11-28 09:00");
    check("9点", "2026-11-23 09:00");
    assert!(parse_beginning("没有", now(), ZONE).is_err());
}

#[test]
fn moments_ahead() {
    let check = |text: &str, expected: &str| {
        let found = parse_moment(text, now(), ZONE).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(found.rfc3339(ZONE), at(expected).rfc3339(ZONE), "{text}");
    };
    check("明天 9点", "2026-11-23 09:00");
    check("明天９：３０", "2026-11-23 09:30");
    check("周五", "2026-11-27 09:00");
    check("周日", "2026-11-29 09:00");
    check("周日 18:00", "2026-11-22 18:00");
    check("本周日 18:00", "2026-11-22 18:00");
    check("下周一 14:30", "2026-11-23 14:30");
    check("next fri 8pm", "2026-11-27 20:00");
    check("3天后", "2026-11-25 14:03");
    check("3天后 9点", "2026-11-25 09:00");
    check("3天", "2026-11-25 14:03");
    check("10分", "2026-11-22 14:13");
    check("半小时后", "2026-11-22 14:33");
    check("+2h", "2026-11-22 16:03");
    check("1个月后", "2026-12-22 14:03");
    check("09:00", "2026-11-23 09:00");
    check("15:00", "2026-11-22 15:00");
    check("14:03", "2026-11-23 14:03");
    check("3点", "2026-11-22 15:00");
    check("12-24 10:00", "2026-12-24 10:00");
    check("03-08", "2027-03-08 09:00");
    check("2027年1月5日 晚上8点", "2027-01-05 20:00");
    check("晚上8点", "2026-11-22 20:00");
    check("今晚", "2026-11-22 20:00");
    check("晚上12点", "2026-11-23 00:00");
    check("明早", "2026-11-23 09:00");
    check("今天", "2026-11-22 18:00");
    check("月底", "2026-11-30 09:00");
    check("24号", "2026-11-24 09:00");
    check("1号", "2026-12-01 09:00");
    check("31号", "2026-12-31 09:00");
    check("下周", "2026-11-23 09:00");
    check("下个月", "2026-12-01 09:00");
    check("3月", "2027-03-01 09:00");
    check("tomorrow at 9:15", "2026-11-23 09:15");
    check("in 2 days", "2026-11-24 14:03");
    check("tomorrow morning", "2026-11-23 09:00");
    check("明天上午", "2026-11-23 09:00");
    check("tonight", "2026-11-22 20:00");
    check("下午", "2026-11-22 15:00");
    check("周末", "2026-11-28 09:00");
    check("下周末", "2026-11-28 09:00");
    check("next weekend 10:00", "2026-11-28 10:00");
    check("2027-02", "2027-02-01 09:00");
    check("2027年2月", "2027-02-01 09:00");
    check("明年", "2027-01-01 09:00");
    check("下季度", "2027-01-01 09:00");
}

#[test]
fn a_day_that_is_an_end_lasts_to_its_last_minute() {
    let check = |text: &str, expected: &str| {
        let found = parse_end(text, now(), ZONE).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(found.rfc3339(ZONE), at(expected).rfc3339(ZONE), "{text}");
    };
    check("周五", "2026-11-27 23:59");
    check("周日", "2026-11-29 23:59");
    check("今天", "2026-11-22 23:59");
    check("11-22", "2026-11-22 23:59");
    check("2026-12-11", "2026-12-11 23:59");
    check("11-21", "2027-11-21 23:59");
    check("月底", "2026-11-30 23:59");
    check("31号", "2026-12-31 23:59");
    check("本周", "2026-11-22 23:59");
    check("下周", "2026-11-29 23:59");
    check("下个月", "2026-12-31 23:59");
    check("周五 18:00", "2026-11-27 18:00");
    check("今晚", "2026-11-22 20:00");
    check("3天", "2026-11-25 14:03");
    check("未来3天", "2026-11-25 23:59");
    check("next 3 days", "2026-11-25 23:59");
    check("未来2小时", "2026-11-22 16:03");
    check("周末", "2026-11-22 23:59");
    check("下周末", "2026-11-29 23:59");
    check("2027-02", "2027-02-28 23:59");
    check("今年", "2026-12-31 23:59");
    check("本季度", "2026-12-31 23:59");
    assert!(parse_end("昨天", now(), ZONE).is_err());
    assert!(parse_end("2026-11-21", now(), ZONE).is_err());
}

#[test]
fn who_rests_today_rests_until_its_last_minute() {
    let check = |text: &str, expected: &str| {
        let found = parse_rest(text, now(), ZONE).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(found.rfc3339(ZONE), at(expected).rfc3339(ZONE), "{text}");
    };
    for text in ["今天", "今日", "today", "今晚", "tonight", "11-22"] {
        check(text, "2026-11-22 23:59");
    }
    check("今天 20:00", "2026-11-22 20:00");
    check("今晚8点", "2026-11-22 20:00");
    check("明天", "2026-11-23 09:00");
    check("周五", "2026-11-27 09:00");
    check("3天", "2026-11-25 14:03");
    assert!(parse_rest("昨天", now(), ZONE).is_err());
}

#[test]
fn moments_past() {
    let check = |text: &str, expected: &str| {
        let found = parse_past(text, now(), ZONE).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(found.rfc3339(ZONE), at(expected).rfc3339(ZONE), "{text}");
    };
    check("14:00", "2026-11-22 14:00");
    check("14:03", "2026-11-22 14:03");
    check("昨天 20:00", "2026-11-21 20:00");
    check("昨晚", "2026-11-21 20:00");
    check("昨晚1点", "2026-11-22 01:00");
    check("昨天", "2026-11-21 12:00");
    check("10分前", "2026-11-22 13:53");
    check("10分", "2026-11-22 13:53");
    check("刚才", "2026-11-22 14:03");
    check("now", "2026-11-22 14:03");
    for text in ["now", "现在", "+0m"] {
        assert!(names_now(text), "{text}");
    }
    assert!(!names_now("1分后") && !names_now("明天") && !names_now("+0x"));
    check("今天", "2026-11-22 14:03");
    check("周五 20:00", "2026-11-20 20:00");
    check("12-24", "2025-12-24 12:00");
    check("30号", "2026-10-30 12:00");
    check("上周一 9点", "2026-11-09 09:00");
    check("上周末", "2026-11-14 12:00");
    check("周末", "2026-11-21 12:00");
    check("last night", "2026-11-21 20:00");
    check("2026年2月", "2026-02-01 12:00");
}

#[test]
fn a_bare_time_is_yesterdays_only_shortly_after_midnight() {
    let past = |text: &str, now: &str| parse_past(text, at(now), ZONE).map_err(|error| error.kind);
    assert_eq!(past("23:50", "2026-11-22 00:20"), Ok(at("2026-11-21 23:50")));
    assert_eq!(past("20:00", "2026-11-22 07:59"), Ok(at("2026-11-21 20:00")));
    assert_eq!(past("14:00", "2026-11-22 09:23"), Err(MomentErrorKind::Future));
    assert_eq!(past("昨天 14:00", "2026-11-22 09:23"), Ok(at("2026-11-21 14:00")));
    assert_eq!(past("晚上1点", "2026-11-22 14:03"), Ok(at("2026-11-22 01:00")));
}

#[test]
fn the_wrong_side_and_nonsense_are_refused() {
    let check = |text: &str, column, length, kind: MomentErrorKind| {
        let error = parse_moment(text, now(), ZONE).expect_err(text);
        assert_eq!((error.column, error.length, error.kind), (column, length, kind), "{text}");
    };
    check("昨天", 1, 2, MomentErrorKind::Past);
    check("3天前", 1, 3, MomentErrorKind::Past);
    check("今天 9:00", 1, 7, MomentErrorKind::Past);
    check("2020-01-01", 1, 10, MomentErrorKind::Past);
    check("now", 1, 3, MomentErrorKind::Past);
    check("", 1, 1, MomentErrorKind::Empty);
    check("最近7天", 1, 4, MomentErrorKind::Stretch("最近7天".to_owned()));
    check("未来3天", 1, 4, MomentErrorKind::Stretch("未来3天".to_owned()));
    check("2020-02", 1, 7, MomentErrorKind::Past);
    check("明天 25:00", 4, 5, MomentErrorKind::Clock("25:00".to_owned()));
    check("02-30", 1, 5, MomentErrorKind::Day("02-30".to_owned()));
    check("明天 喝茶", 4, 2, MomentErrorKind::Unknown("喝茶".to_owned()));
    check("100000个月", 1, 8, MomentErrorKind::TooFar);
    let past = |text: &str| parse_past(text, now(), ZONE).expect_err(text).kind;
    assert_eq!(past("明天"), MomentErrorKind::Future);
    assert_eq!(past("3天后"), MomentErrorKind::Future);
    assert_eq!(parse_moment("tomorow", now(), ZONE).unwrap_err().nearest.as_deref(), Some("tomorrow"));
    assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
}

proptest! {
    #[test]
    fn ahead_is_ahead_and_past_is_past(
        text in "(今天|明天|周[一五日]|下周三|12-24|30号|3天|月底|2月|now|昨晚|)( ?)([0-9]{1,2}点半?|[0-2][0-9]:[0-5][0-9]|晚上1点|早上|)",
        ms in 0_i64..4_000_000_000_000,
    ) {
        for zone in [ZONE, Tz::America__New_York, Tz::Pacific__Apia] {
            if let Ok(found) = parse_moment(&text, Timestamp(ms), zone) {
                prop_assert!(found.0 > ms);
            }
            if let Ok(found) = parse_past(&text, Timestamp(ms), zone) {
                prop_assert!(found.0 <= ms);
            }
        }
    }
}
