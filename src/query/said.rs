//! Dates and lengths of time said in words: which days, hours or stretch a word of the filter language means.

use crate::text::lang::Lang;
use crate::words;

use super::dates::{Day, Part, When};
use super::write;

words! {
    enum Words {
        Today => ["今天", "今天", "today"],
        Tomorrow => ["明天", "明天", "tomorrow"],
        Yesterday => ["昨天", "昨天", "yesterday"],
        Now => ["现在", "現在", "now"],
        ThisWeek => ["本周", "本週", "this week"],
        NextWeek => ["下周", "下週", "next week"],
        LastWeek => ["上周", "上週", "last week"],
        ThisMonth => ["本月", "本月", "this month"],
        NextMonth => ["下月", "下月", "next month"],
        LastMonth => ["上月", "上月", "last month"],
        Ago { span } => ["{span}前", "{span}前", "{span} ago"],
        Ahead { span } => ["{span}后", "{span}後", "in {span}"],
        OneMonth => ["1 个月", "1 個月", "1 month"],
        Months { n } => ["{n} 个月", "{n} 個月", "{n} months"],
        OneDay => ["1 天", "1 天", "1 day"],
        Days { n } => ["{n} 天", "{n} 天", "{n} days"],
        Hours { n } => ["{n} 小时", "{n} 小時", "{n} h"],
        Minutes { n } => ["{n} 分钟", "{n} 分鐘", "{n} min"],
        Monday => ["周一", "週一", "Monday"],
        Tuesday => ["周二", "週二", "Tuesday"],
        Wednesday => ["周三", "週三", "Wednesday"],
        Thursday => ["周四", "週四", "Thursday"],
        Friday => ["周五", "週五", "Friday"],
        Saturday => ["周六", "週六", "Saturday"],
        Sunday => ["周日", "週日", "Sunday"],
        OfThisWeek { day } => ["本{day}", "本{day}", "{day} of this week"],
        OfNextWeek { day } => ["下{day}", "下{day}", "{day} of next week"],
        OfLastWeek { day } => ["上{day}", "上{day}", "{day} of last week"],
        OfTheWeekAfter { day } => ["下下{day}", "下下{day}", "{day} of the week after next"],
        OfTheWeekBeforeLast { day } => ["上上{day}", "上上{day}", "{day} of the week before last"],
        WeekBeforeLast => ["上上周", "上上週", "the week before last"],
        WeekendBeforeLast => [
            "上上周六日", "上上週六日", "Saturday and Sunday of the week before last"],
        MonthOfYear { year, month } => ["{year} {month} 月", "{year} {month} 月", "month {month} of {year}"],
        WeekAfter => ["下下周", "下下週", "the week after next"],
        MonthEnd => ["月底", "月底", "the end of the month"],
        NextMonthEnd => ["下月底", "下月底", "the end of next month"],
        LastMonthEnd => ["上月底", "上月底", "the end of last month"],
        DayOfMonth { n } => ["{n} 号", "{n} 號", "day {n} of the month"],
        MonthOf { n } => ["{n} 月", "{n} 月", "month {n} of the year"],
        MonthIn { year, month } => ["{year} 年 {month} 月", "{year} 年 {month} 月", "month {month} of {year}"],
        YearOf { year } => ["{year} 年", "{year} 年", "the year {year}"],
        ThisYear => ["今年", "今年", "this year"],
        NextYear => ["明年", "明年", "next year"],
        LastYear => ["去年", "去年", "last year"],
        YearBeforeLast => ["前年", "前年", "the year before last"],
        YearAfterNext => ["后年", "後年", "the year after next"],
        ThisQuarter => ["本季度", "本季度", "this quarter"],
        NextQuarter => ["下季度", "下季度", "next quarter"],
        LastQuarter => ["上季度", "上季度", "last quarter"],
        ThisWeekend => ["本周六日", "本週六日", "Saturday and Sunday of this week"],
        NextWeekend => ["下周六日", "下週六日", "Saturday and Sunday of next week"],
        LastWeekend => ["上周六日", "上週六日", "Saturday and Sunday of last week"],
        WeekendAfter => ["下下周六日", "下下週六日", "Saturday and Sunday of the week after next"],
        LastDays { span } => ["最近 {span} (含今天)", "最近 {span} (含今天)", "the last {span}, today included"],
        NextDays { span } => ["今天和往后 {span}", "今天和往後 {span}", "today and the {span} after it"],
        LastTime { span } => ["最近 {span}", "最近 {span}", "the last {span}"],
        NextTime { span } => ["未来 {span}", "未來 {span}", "the next {span}"],
        SmallHours => ["凌晨", "凌晨", "small hours"],
        Morning => ["上午", "上午", "morning"],
        Noon => ["中午", "中午", "noon"],
        Afternoon => ["下午", "下午", "afternoon"],
        Evening => ["晚上", "晚上", "evening"],
        PartOf { day, part, from, to } => [
            "{day}{part} ({from}-{to})", "{day}{part} ({from}-{to})", "{day}, {part} ({from}-{to})"
        ],
        AtNight { time } => ["夜里 {time}", "夜裡 {time}", "{time} that night"],
    }
}

/// Whole days.
pub(super) fn days(n: i64, lang: Lang) -> String {
    if n == 1 { Words::OneDay.text(lang).to_owned() } else { Words::Days.fill(lang, &[("n", &n)]) }
}

/// A length of time: months and days by the calendar, then minutes, of which whole days and hours are told as such.
pub(super) fn span(months: i64, of_days: i64, minutes: i64, lang: Lang) -> String {
    let counted = |words: Words, n: i64| (n != 0).then(|| words.fill(lang, &[("n", &n)]));
    let whole_days = minutes % 1_440 == 0;
    let (more_days, hours, minutes) =
        if whole_days { (minutes / 1_440, 0, 0) } else { (0, minutes / 60, minutes % 60) };
    let of_days = of_days + more_days;
    let parts = [
        match months {
            1 => Some(Words::OneMonth.text(lang).to_owned()),
            n => counted(Words::Months, n),
        },
        (of_days != 0).then(|| days(of_days, lang)),
        counted(Words::Hours, hours),
        counted(Words::Minutes, minutes),
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    if said.is_empty() { Words::Minutes.fill(lang, &[("n", &0)]) } else { said.join(" ") }
}

/// A span that points somewhere.
fn pointing(months: i32, days: i32, minutes: i32, lang: Lang) -> String {
    let back = months < 0 || days < 0 || minutes < 0;
    let [months, days, minutes] = [months, days, minutes].map(|n| i64::from(n.unsigned_abs()));
    let words = if back { Words::Ago } else { Words::Ahead };
    words.fill(lang, &[("span", &span(months, days, minutes, lang))])
}

/// A date, a stretch of days or an instant.
pub(super) fn date(when: When, lang: Lang) -> String {
    let fixed = |message: Words| message.text(lang).to_owned();
    match when {
        When::Now => fixed(Words::Now),
        When::Week(0) => fixed(Words::ThisWeek),
        When::Week(1) => fixed(Words::NextWeek),
        When::Week(-1) => fixed(Words::LastWeek),
        When::Week(-2) => fixed(Words::WeekBeforeLast),
        When::Week(_) => fixed(Words::WeekAfter),
        When::Month(0) => fixed(Words::ThisMonth),
        When::Month(-1) => fixed(Words::LastMonth),
        When::Month(_) => fixed(Words::NextMonth),
        When::MonthOf(month) => Words::MonthOf.fill(lang, &[("n", &month)]),
        When::MonthIn { year, month } => Words::MonthIn.fill(lang, &[("year", &year), ("month", &month)]),
        When::MonthOfYear { years, month } => {
            Words::MonthOfYear.fill(lang, &[("year", &date(When::Year(years), lang)), ("month", &month)])
        }
        When::YearOf(year) => Words::YearOf.fill(lang, &[("year", &year)]),
        When::Year(0) => fixed(Words::ThisYear),
        When::Year(1) => fixed(Words::NextYear),
        When::Year(-1) => fixed(Words::LastYear),
        When::Year(-2) => fixed(Words::YearBeforeLast),
        When::Year(_) => fixed(Words::YearAfterNext),
        When::Quarter(0) => fixed(Words::ThisQuarter),
        When::Quarter(-1) => fixed(Words::LastQuarter),
        When::Quarter(_) => fixed(Words::NextQuarter),
        When::Weekend(0) => fixed(Words::ThisWeekend),
        When::Weekend(1) => fixed(Words::NextWeekend),
        When::Weekend(-1) => fixed(Words::LastWeekend),
        When::Weekend(-2) => fixed(Words::WeekendBeforeLast),
        When::Weekend(_) => fixed(Words::WeekendAfter),
        When::Rolling { months, days, minutes, back } => {
            let span = span(i64::from(months), i64::from(days), i64::from(minutes), lang);
            let message = match (back, minutes) {
                (true, 0) => Words::LastDays,
                (false, 0) => Words::NextDays,
                (true, _) => Words::LastTime,
                (false, _) => Words::NextTime,
            };
            message.fill(lang, &[("span", &span)])
        }
        When::Part { day, part } => {
            let (from, to) = part.minutes();
            let day = day.unwrap_or(Day::Offset { months: 0, days: 0 });
            let values: [(&str, &dyn std::fmt::Display); 4] = [
                ("day", &day_words(day, lang)),
                ("part", &part_words(part).text(lang)),
                ("from", &clock(from, lang)),
                ("to", &clock(to, lang)),
            ];
            Words::PartOf.fill(lang, &values)
        }
        When::Day(day) => day_words(day, lang),
        When::At { day: None, minutes } => clock(minutes, lang),
        When::At { day: Some(day), minutes } => {
            format!("{} {}", day_words(day, lang), clock(minutes, lang))
        }
        When::Elapsed { months, days, minutes } => pointing(months, days, minutes, lang),
    }
}

const fn part_words(part: Part) -> Words {
    match part {
        Part::SmallHours => Words::SmallHours,
        Part::Morning => Words::Morning,
        Part::Noon => Words::Noon,
        Part::Afternoon => Words::Afternoon,
        Part::Evening => Words::Evening,
    }
}

/// Minutes after 00:00; past 24:00 they are of the night that follows.
fn clock(minutes: u16, lang: Lang) -> String {
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    match minutes.checked_sub(1440) {
        Some(after) if after > 0 => Words::AtNight.fill(lang, &[("time", &time(after))]),
        _ => time(minutes),
    }
}

fn day_words(day: Day, lang: Lang) -> String {
    let fixed = |message: Words| message.text(lang).to_owned();
    match day {
        Day::Offset { months: 0, days: 0 } => fixed(Words::Today),
        Day::Offset { months: 0, days: 1 } => fixed(Words::Tomorrow),
        Day::Offset { months: 0, days: -1 } => fixed(Words::Yesterday),
        Day::Offset { months, days } => pointing(months, days, 0, lang),
        Day::Weekday { day, week } => {
            let name = match day {
                0 => Words::Monday,
                1 => Words::Tuesday,
                2 => Words::Wednesday,
                3 => Words::Thursday,
                4 => Words::Friday,
                5 => Words::Saturday,
                _ => Words::Sunday,
            }
            .text(lang);
            let of = match week {
                None => return name.to_owned(),
                Some(0) => Words::OfThisWeek,
                Some(1) => Words::OfNextWeek,
                Some(-1) => Words::OfLastWeek,
                Some(-2) => Words::OfTheWeekBeforeLast,
                Some(_) => Words::OfTheWeekAfter,
            };
            of.fill(lang, &[("day", &name)])
        }
        Day::MonthEnd(0) => fixed(Words::MonthEnd),
        Day::MonthEnd(-1) => fixed(Words::LastMonthEnd),
        Day::MonthEnd(_) => fixed(Words::NextMonthEnd),
        Day::DayOfMonth(n) => Words::DayOfMonth.fill(lang, &[("n", &n)]),
        // as people write them anyhow
        Day::Date(_) | Day::MonthDay { .. } => write::date(When::Day(day)),
    }
}

#[cfg(test)]
pub(super) fn faults() -> Vec<String> {
    crate::text::lang::faults::<Words>()
}
