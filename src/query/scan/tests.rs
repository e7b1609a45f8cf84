//! Every form of a date word, in tables.

use super::words::{UNITS, WORDS};
use super::*;
use chrono::NaiveDate;
use proptest::prelude::*;

fn clock(text: &str, minutes: u16) {
    let pieces = scan(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    assert_eq!(pieces.clock, Some(minutes), "{text}");
}

#[test]
fn clocks() {
    clock("09:00", 540);
    clock("９：０５", 545);
    clock("9点", 540);
    clock("9点半", 570);
    clock("九点一刻", 555);
    clock("十二点", 720);
    clock("3点", 15 * 60);
    clock("凌晨3点", 180);
    clock("晚上8点", 20 * 60);
    clock("晚上 8:30", 20 * 60 + 30);
    clock("晚上12点", 1440);
    clock("晚上1点", 1500);
    clock("中午12点", 720);
    clock("下午三点二十分", 15 * 60 + 20);
    clock("8pm", 1200);
    clock("8:15pm", 1215);
    clock("12am", 0);
    clock("24:00", 1440);
    clock("明天9时30分", 570);
    clock("2026-01-01T10:00", 600);
    clock("09:00:59", 540);
}

#[test]
fn days() {
    let check = |text: &str, day: Day| {
        assert_eq!(scan(text).map(|p| p.day), Ok(Some(day)), "{text}");
    };
    let offset = |days| Day::Offset { months: 0, days };
    for (word, piece) in WORDS {
        if let Piece::Day(day) = piece {
            check(word, *day);
        }
    }
    check("大后天", offset(3));
    check("TODAY", offset(0));
    check("今晚", offset(0));
    for (word, day) in [
        ("周一", 0),
        ("星期二", 1),
        ("礼拜三", 2),
        ("週四", 3),
        ("fri", 4),
        ("Saturday", 5),
        ("周日", 6),
        ("星期天", 6),
    ] {
        check(word, Day::Weekday { day, week: None });
    }
    for (word, week) in [
        ("下周五", 1),
        ("上週五", -1),
        ("本周五", 0),
        ("下下周五", 2),
        ("next fri", 1),
        ("last-fri", -1),
        ("下个星期五", 1),
    ] {
        check(word, Day::Weekday { day: 4, week: Some(week) });
    }
    check("12-24", Day::MonthDay { month: 12, day: 24 });
    check("12/24", Day::MonthDay { month: 12, day: 24 });
    check("12月24日", Day::MonthDay { month: 12, day: 24 });
    check("十二月二十四号", Day::MonthDay { month: 12, day: 24 });
    check("24号", Day::DayOfMonth(24));
    let date = Day::Date(NaiveDate::from_ymd_opt(2026, 12, 24).unwrap());
    for text in ["2026-12-24", "2026/12/24", "2026年12月24日", "2026-12-24 10:00"] {
        check(text, date);
    }
}

#[test]
fn spans() {
    let check = |text: &str, months, days, minutes, direction| {
        let pieces = scan(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        let span = pieces.span.unwrap();
        assert_eq!(
            (span.months, span.days, span.minutes, pieces.direction),
            (months, days, minutes, direction),
            "{text}"
        );
    };
    let (ahead, back) = (Some(Direction::Ahead), Some(Direction::Back));
    check("+2h", 0, 0, 120, ahead);
    check("-30d", 0, 30, 0, back);
    check("3天前", 0, 3, 0, back);
    check("3天后", 0, 3, 0, ahead);
    check("三天以后", 0, 3, 0, ahead);
    check("10分", 0, 0, 10, None);
    check("半小时后", 0, 0, 30, ahead);
    check("两个小时", 0, 0, 120, None);
    check("1h30m", 0, 0, 90, None);
    check("+1d2h", 0, 1, 120, ahead);
    check("2周后", 0, 14, 0, ahead);
    check("2w", 0, 14, 0, None);
    check("-3月", 3, 0, 0, back);
    check("3月前", 3, 0, 0, back);
    check("3个月", 3, 0, 0, None);
    check("in 2 days", 0, 2, 0, ahead);
    check("5 minutes ago", 0, 0, 5, back);
    check("1mo", 1, 0, 0, None);
    check("半年前", 6, 0, 0, back);
    check("半个月后", 0, 15, 0, ahead);
    check("半年", 6, 0, 0, None);
    check("一年前", 12, 0, 0, back);
    check("2年以后", 24, 0, 0, ahead);
    check("2 years ago", 24, 0, 0, back);
    check("一个月前", 1, 0, 0, back);
    for (word, _) in UNITS {
        assert!(scan(&format!("2{word}")).unwrap().span.is_some(), "{word}");
    }
}

#[test]
fn periods_and_parts() {
    assert_eq!(scan("本周").unwrap().period, Some(Period::Week(0)));
    assert_eq!(scan("next-month").unwrap().period, Some(Period::Month(1)));
    assert_eq!(scan("3月").unwrap().period, Some(Period::MonthOf(3)));
    assert_eq!(scan("明早").unwrap().part, Some(Part::Morning));
    assert!(scan("now").unwrap().now);
}

#[test]
fn stretches_without_a_direction() {
    let check = |text: &str, months, days, minutes| {
        let pieces = scan(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        let span = pieces.span.unwrap();
        assert_eq!((span.months, span.days, span.minutes), (months, days, minutes), "{text}");
        assert!(pieces.within && pieces.direction.is_none() && !pieces.rolling, "{text}");
    };
    check("三天内", 0, 3, 0);
    check("3天以內", 0, 3, 0);
    check("7日内", 0, 7, 0);
    check("一周之内", 0, 7, 0);
    check("一个月内", 1, 0, 0);
    check("3月内", 3, 0, 0);
    check("半年内的", 6, 0, 0);
    check("两年内", 24, 0, 0);
    check("2小时内", 0, 0, 120);
}

#[test]
fn stretches_up_to_now_and_from_now_on() {
    let check = |text: &str, months, days, minutes, direction| {
        let pieces = scan(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        let span = pieces.span.unwrap();
        let found = (span.months, span.days, span.minutes, pieces.direction, pieces.rolling);
        assert_eq!(found, (months, days, minutes, Some(direction), true), "{text}");
    };
    for text in [
        "最近7天",
        "近7天",
        "过去7天",
        "過去七天",
        "近7日",
        "最近一周",
        "最近7天内",
        "last 7 days",
        "last-7-days",
        "last-7d",
        "past 7 days",
        "Last 1 week",
        "最近7天内的",
    ] {
        check(text, 0, 7, 0, Direction::Back);
    }
    for text in ["未来3天", "未來3天", "接下来三天", "今后3天", "next 3 days", "next-3d"] {
        check(text, 0, 3, 0, Direction::Ahead);
    }
    check("近3个月", 3, 0, 0, Direction::Back);
    check("近3月", 3, 0, 0, Direction::Back);
    check("最近一年", 12, 0, 0, Direction::Back);
    check("近半年", 6, 0, 0, Direction::Back);
    check("最近半个月", 0, 15, 0, Direction::Back);
    check("last-1mo3d2h", 1, 3, 120, Direction::Back);
    check("最近2小时", 0, 0, 120, Direction::Back);
}

#[test]
fn weekends_quarters_and_years() {
    let check = |text: &str, period| {
        assert_eq!(scan(text).map(|p| p.period), Ok(Some(period)), "{text}");
    };
    check("周末", Period::Weekend(None));
    check("本週末", Period::Weekend(Some(0)));
    check("下周末", Period::Weekend(Some(1)));
    check("next weekend", Period::Weekend(Some(1)));
    check("本季度", Period::Quarter(0));
    check("last quarter", Period::Quarter(-1));
    check("今年", Period::Year(0));
    check("this year", Period::Year(0));
    check("2026年", Period::YearOf(2026));
    for text in ["2026-02", "2026/2", "2026年2月", "2026年二月"] {
        check(text, Period::MonthIn { year: 2026, month: 2 });
    }
    check("next month", Period::Month(1));
    for text in ["tomorrow morning", "tomorrow-morning", "明早", "明天早上", "明天上午"] {
        let pieces = scan(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        let day = Some(Day::Offset { months: 0, days: 1 });
        assert_eq!((pieces.day, pieces.part), (day, Some(Part::Morning)), "{text}");
    }
}

#[test]
fn what_is_no_date_says_where() {
    let check = |text: &str, at, length, kind| {
        assert_eq!(scan(text), Err(ScanError { at, length, kind }), "{text}");
    };
    check("", 0, 0, ScanErrorKind::Empty);
    check("的", 0, 1, ScanErrorKind::Empty);
    check("明天 喝茶 9点", 3, 2, ScanErrorKind::Word);
    check("25:00", 0, 5, ScanErrorKind::Clock);
    check("明天 9:75", 3, 4, ScanErrorKind::Clock);
    check("02-30", 0, 5, ScanErrorKind::Day);
    check("2026-13-01", 0, 10, ScanErrorKind::Day);
    check("明天后天", 2, 2, ScanErrorKind::Word);
    check("13月", 0, 3, ScanErrorKind::Day);
    check("2026-13", 0, 7, ScanErrorKind::Day);
    check("2026-", 0, 5, ScanErrorKind::Day);
    check("2026年2", 0, 6, ScanErrorKind::Day);
    check("最近", 0, 2, ScanErrorKind::Empty);
    check("最近0天", 0, 4, ScanErrorKind::Empty);
    check("最近7", 2, 1, ScanErrorKind::Word);
    check("最近7天前", 4, 1, ScanErrorKind::Word);
    check("天内", 0, 2, ScanErrorKind::Word);
    check("0天内", 0, 3, ScanErrorKind::Empty);
    check("22日前", 0, 4, ScanErrorKind::Empty);
    check("2026年以前", 0, 7, ScanErrorKind::Empty);
    check("3天内前", 3, 1, ScanErrorKind::Word);
    check("明天3天内", 4, 1, ScanErrorKind::Word);
    check("3天前内", 3, 1, ScanErrorKind::Word);
    check("明天最近7天", 2, 4, ScanErrorKind::Word);
    check("todayish", 0, 8, ScanErrorKind::Word);
    check("99999999999天", 0, 12, ScanErrorKind::Word);
}

proptest! {
    #[test]
    fn no_text_panics(text in "[0-9+\\-:/天月日号周一二十半点分时前后明今下mhdwoT ]{0,16}|\\PC{0,12}") {
        if let Err(e) = scan(&text) {
            prop_assert!(e.at <= text.chars().count());
        }
    }
}
