//! Reads the dates after a key: the words people try, what their pieces mean together, and what is wrong with the rest.

use crate::text::lang::Lang;

use super::dates::{Day, When};
use super::key::Key;
use super::lex::plain;
use super::parse::error_at;
use super::scan::{Direction, Pieces, ScanErrorKind, Span, scan};
use super::value::{Raw, nearest};
use super::{QueryError, QueryErrorKind as Kind};

/// Words that people try for dates, for the nearest one.
pub(super) const DATE_WORDS: &[&str] = &[
    "today",
    "tomorrow",
    "yesterday",
    "now",
    "this-week",
    "next-week",
    "last-week",
    "this-month",
    "next-month",
    "last-month",
    "month-end",
    "tonight",
    "morning",
    "afternoon",
    "evening",
    "this-morning",
    "last-night",
    "tomorrow-morning",
    "weekend",
    "next-weekend",
    "last-weekend",
    "this-quarter",
    "last-quarter",
    "this-year",
    "next-year",
    "last-year",
    "last-7-days",
    "next-3-days",
    "今天",
    "明天",
    "后天",
    "昨天",
    "本周",
    "下周",
    "上周",
    "本月",
    "月底",
    "周一",
    "周二",
    "周三",
    "周四",
    "周五",
    "周六",
    "周日",
    "今早",
    "今晚",
    "明早",
    "明晚",
    "昨晚",
    "上午",
    "下午",
    "晚上",
    "周末",
    "下周末",
    "上周末",
    "上月",
    "下月",
    "本季度",
    "上季度",
    "今年",
    "去年",
    "明年",
    "最近7天",
    "过去7天",
    "未来3天",
];

/// The words for dates that people write in a language.
pub fn date_words(lang: Lang) -> Vec<String> {
    let of = |word: &&&str| word.is_ascii() == (lang == Lang::En);
    DATE_WORDS.iter().filter(of).map(|word| in_script(word, lang)).collect()
}

/// A date word in the script of a language.
pub(super) fn in_script(word: &str, lang: Lang) -> String {
    let traditional = |c: char| match c {
        '周' => '週',
        '后' => '後',
        '过' => '過',
        '来' => '來',
        c => c,
    };
    if lang == Lang::ZhTw { word.chars().map(traditional).collect() } else { word.to_owned() }
}

/// A date as typed, in words or digits.
pub(super) fn when(key: Key, raw: &Raw) -> Result<When, QueryError> {
    let mut pieces = scan(&raw.text).map_err(|wrong| match wrong.kind {
        ScanErrorKind::Word => unread(key, raw, wrong.at),
        kind => {
            let word: String = raw.text.chars().skip(wrong.at).take(wrong.length).map(plain).collect();
            let kind = match kind {
                ScanErrorKind::Clock => Kind::Clock(word),
                ScanErrorKind::Day => Kind::Day(word),
                ScanErrorKind::Empty | ScanErrorKind::Word => Kind::Date(raw.text.clone()),
            };
            error_at(raw.at + wrong.at + usize::from(raw.quoted), wrong.length, kind)
        }
    })?;
    if pieces.within {
        // 三天内 is of what happened up to now, and of what is due from now on
        pieces = Pieces { rolling: true, direction: Some(natural(key)), ..pieces };
    }
    if pieces.span.is_some() && pieces.direction.is_none() {
        let nearest = stretch(key, &raw.text);
        return Err(QueryError { nearest, ..raw.error(Kind::Direction(raw.text.clone())) });
    }
    meaning(&pieces).ok_or_else(|| raw.error(Kind::Date(raw.text.clone())))
}

/// Which way most dates of a key lie.
pub(super) const fn natural(key: Key) -> Direction {
    if matches!(key, Key::Due | Key::Birthday) { Direction::Ahead } else { Direction::Back }
}

/// A length of time as a stretch: 最近一个月, next-3d. None for what is none, or has a blank.
fn stretch(key: Key, span: &str) -> Option<String> {
    let head = match (natural(key), span.is_ascii()) {
        (Direction::Back, true) => "last-",
        (Direction::Ahead, true) => "next-",
        (Direction::Back, false) => "最近",
        (Direction::Ahead, false) => "未来",
    };
    let text = format!("{head}{span}");
    let reads = !text.contains(char::is_whitespace) && scan(&text).is_ok_and(|read| meaning(&read).is_some());
    reads.then_some(text)
}

/// What is wrong with a date that cannot be read from `at` on: the whole word, from blank to blank, with the nearest.
fn unread(key: Key, raw: &Raw, at: usize) -> QueryError {
    let chars: Vec<char> = raw.text.chars().collect();
    let blank = |c: &char| plain(*c).is_whitespace();
    let from = chars.get(..at).and_then(|before| before.iter().rposition(blank)).map_or(0, |blank| blank + 1);
    let rest = chars.get(from..).unwrap_or_default();
    let length = rest.iter().position(blank).unwrap_or(rest.len());
    let text =
        |to: usize| chars.get(from..to).unwrap_or_default().iter().copied().map(plain).collect::<String>();
    let word = text(from + length);
    let known = || DATE_WORDS.iter().copied();
    let slip = nearest(&word, known());
    // of 三天左右 the beginning is a length of time
    let begun = || {
        let span = text(at);
        let is_span =
            scan(&span).is_ok_and(|read| read.span.is_some() && read.direction.is_none() && !read.within);
        is_span.then(|| stretch(key, &span)).flatten()
    };
    // and of 明天杯晚 a word
    let tail = || nearest(&text(from + length).chars().skip(at - from).collect::<String>(), known());
    let nearest = slip.or_else(begun).or_else(tail);
    QueryError { nearest, ..error_at(raw.at + from + usize::from(raw.quoted), length, Kind::Date(word)) }
}

/// What the pieces mean as a stretch of days, a day, a part of one or an instant; none for what means nothing together.
pub(super) fn meaning(pieces: &Pieces) -> Option<When> {
    let Pieces { day, period, part, clock, span, direction, rolling, now, .. } = *pieces;
    if rolling {
        let back = direction == Some(Direction::Back);
        let alone = day.is_none() && period.is_none() && part.is_none() && clock.is_none() && !now;
        let rolling =
            |span: Span| When::Rolling { months: span.months, days: span.days, minutes: span.minutes, back };
        return span.filter(|_| alone).map(rolling);
    }
    if let (Some(part), None) = (part, clock) {
        let of_span = |span: Span| {
            let sign = if direction == Some(Direction::Back) { -1 } else { 1 };
            Day::Offset { months: sign * span.months, days: sign * span.days }
        };
        return match (day, span) {
            _ if period.is_some() || now => None,
            (day, None) => Some(When::Part { day, part }),
            (None, Some(span)) if !span.elapsed => Some(When::Part { day: Some(of_span(span)), part }),
            _ => None,
        };
    }
    match (day, period, clock, span, now) {
        (Some(day), None, None, None, false) => Some(When::Day(day)),
        (day, None, Some(minutes), None, false) => Some(When::At { day, minutes }),
        (None, Some(period), None, None, false) => Some(period.when()),
        (None, None, None, None, true) => Some(When::Now),
        (None, None, clock, Some(span), now) => {
            let sign = if direction == Some(Direction::Back) { -1 } else { 1 };
            let (months, days, minutes) = (sign * span.months, sign * span.days, sign * span.minutes);
            let day = Day::Offset { months, days };
            match clock {
                Some(minutes) if !span.elapsed && !now => Some(When::At { day: Some(day), minutes }),
                Some(_) => None,
                None if span.elapsed || now => Some(When::Elapsed { months, days, minutes }),
                None => Some(When::Day(day)),
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Key, parse};

    #[test]
    fn every_word_that_is_offered_is_a_date_in_either_script() {
        for word in DATE_WORDS {
            for lang in Lang::ALL {
                let filter = format!("due:{}", in_script(word, lang));
                let query = parse(&filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
                assert_eq!(parse(&query.to_text()), Ok(query), "{filter}");
            }
        }
    }

    #[test]
    fn a_slip_names_the_nearest_word() {
        let near = |text: &str| parse(text).unwrap_err().nearest;
        assert_eq!(near("due:本季杜").as_deref(), Some("本季度"));
        assert_eq!(near("due:wekend").as_deref(), Some("weekend"));
        assert_eq!(near("due:tonihgt").as_deref(), Some("tonight"));
    }

    #[test]
    fn lengths_of_time_are_stretches_up_to_now_or_from_now_on() {
        let check = |text: &str, expected: &str| {
            let read = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(read.to_text(), expected, "{text}");
        };
        check("joined:一周内 加好友:三天之内 sent:2小时内", "joined:last-7d added:last-3d sent-at:last-2h");
        check("due:三天内 生日:一个月以内", "due:next-3d birthday:next-1mo");
        check("joined:半年前 joined<一年前 due:半个月后", "joined:-6mo joined<-12mo due:+15d");
        check("joined:半年前..", "joined:-6mo..");
    }

    #[test]
    fn what_is_no_date_is_named_whole_with_what_is_one() {
        let check = |text: &str, column: usize, length: usize, near: Option<&str>| {
            let error = parse(text).unwrap_err();
            let found = (error.column, error.length, error.nearest.as_deref());
            assert_eq!(found, (column, length, near), "{text}");
        };
        check("joined:一个月", 8, 3, Some("最近一个月"));
        check("due:3d", 5, 2, Some("next-3d"));
        check("joined:3d..", 8, 2, Some("last-3d"));
        check("joined:三天左右", 8, 4, Some("最近三天"));
        check("due:三天左右", 5, 4, Some("未来三天"));
        check("joined:一周内吧", 8, 4, None);
        check("joined:明田", 8, 2, Some("明天"));
        check("due:\"明天 9点 喝茶\"", 12, 2, None);
    }

    #[test]
    fn what_is_sent_may_be_named_like_a_part_of_the_day() {
        let keys = |text: &str| parse(text).unwrap().keys();
        assert_eq!(keys("sent:morning"), [Key::Sent]);
        assert_eq!(keys("sent:weekend"), [Key::Sent]);
        assert_eq!(keys("sent:上午"), [Key::SentAt]);
        assert_eq!(keys("sent:最近7天"), [Key::SentAt]);
        assert_eq!(keys("sent:\"周末\""), [Key::Sent]);
    }
}
