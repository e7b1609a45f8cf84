//! Reads the dates after a key: the words people try, what their pieces mean together, and what is wrong with the rest.

use crate::text::lang::Lang;

use super::dates::{Day, When};
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
pub(super) fn when(raw: &Raw) -> Result<When, QueryError> {
    let pieces = scan(&raw.text).map_err(|wrong| {
        let at = raw.at + wrong.at + usize::from(raw.quoted);
        let chars = raw.text.chars().skip(wrong.at).take(wrong.length);
        let word: String = chars.map(plain).collect();
        let near = nearest(&word, DATE_WORDS.iter().copied());
        if wrong.kind == ScanErrorKind::Word
            && near.is_none()
            && let Some(near) = nearest(&raw.text, DATE_WORDS.iter().copied())
        {
            // of 本季杜 the beginning is a word as well
            return QueryError { nearest: Some(near), ..raw.error(Kind::Date(raw.text.clone())) };
        }
        let (kind, nearest) = match wrong.kind {
            ScanErrorKind::Clock => (Kind::Clock(word), None),
            ScanErrorKind::Day => (Kind::Day(word), None),
            ScanErrorKind::Empty => (Kind::Date(raw.text.clone()), None),
            ScanErrorKind::Word => (Kind::Date(word), near),
        };
        QueryError { nearest, ..error_at(at, wrong.length, kind) }
    })?;
    if pieces.span.is_some() && pieces.direction.is_none() {
        return Err(raw.error(Kind::Direction(raw.text.clone())));
    }
    meaning(&pieces).ok_or_else(|| raw.error(Kind::Date(raw.text.clone())))
}

/// What the pieces mean as a stretch of days, a day, a part of one or an instant; none for what means nothing together.
pub(super) fn meaning(pieces: &Pieces) -> Option<When> {
    let Pieces { day, period, part, clock, span, direction, rolling, now } = *pieces;
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
    fn what_is_sent_may_be_named_like_a_part_of_the_day() {
        let keys = |text: &str| parse(text).unwrap().keys();
        assert_eq!(keys("sent:morning"), [Key::Sent]);
        assert_eq!(keys("sent:weekend"), [Key::Sent]);
        assert_eq!(keys("sent:上午"), [Key::SentAt]);
        assert_eq!(keys("sent:最近7天"), [Key::SentAt]);
        assert_eq!(keys("sent:\"周末\""), [Key::Sent]);
    }
}
