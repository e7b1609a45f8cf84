//! Reads date words into their pieces: day, week or month, part of the day, clock time, span.
//!
//! People write 明天9点, 下周一 14:30, 3天后, 晚上8点半, 12-24 10:00, in 2 days. One reader takes such a text apart from
//! left to right, always the longest word it knows; what the pieces mean together is decided by whoever asked, the
//! filter ([`super::value`]) or the follow-up ([`super::when`]).

use chrono::NaiveDate;

use super::dates::Day;
use super::lex::plain;

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    SmallHours,
    Morning,
    Noon,
    Afternoon,
    Evening,
}

/// Which way a span points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Ahead,
    Back,
}

/// A span of time; the numbers are not negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub months: i32,
    pub days: i32,
    pub minutes: i32,
    /// True when hours or minutes were named.
    pub elapsed: bool,
}

/// A week or a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Week(i8),
    Month(i8),
    MonthOf(u8),
}

/// What a text says; each piece at most once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces {
    pub day: Option<Day>,
    pub period: Option<Period>,
    pub part: Option<Part>,
    /// Minutes after 00:00, up to 1440 + 240 (晚上1点 is past midnight).
    pub clock: Option<u16>,
    pub span: Option<Span>,
    /// 前, 后 or a sign: which way the span points.
    pub direction: Option<Direction>,
    pub now: bool,
}

/// Why a text is no date; place in characters from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScanError {
    pub at: usize,
    pub length: usize,
    pub kind: ScanErrorKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScanErrorKind {
    /// Nothing in it.
    Empty,
    /// A word that is none of ours, or one piece said twice.
    Word,
    /// 25:00.
    Clock,
    /// 02-30.
    Day,
}

#[derive(Clone, Copy)]
enum Piece {
    Day(Day),
    Part(Part),
    DayPart(i32, Part),
    Period(Period),
    /// A week, unless a weekday follows.
    Week(i8),
    Now,
    Ahead,
    Back,
    Filler,
}

const fn days(days: i32) -> Piece {
    Piece::Day(Day::Offset { months: 0, days })
}

const WORDS: &[(&str, Piece)] = &[
    ("today", days(0)),
    ("今天", days(0)),
    ("今日", days(0)),
    ("tomorrow", days(1)),
    ("tmr", days(1)),
    ("明天", days(1)),
    ("明日", days(1)),
    ("后天", days(2)),
    ("後天", days(2)),
    ("大后天", days(3)),
    ("大後天", days(3)),
    ("yesterday", days(-1)),
    ("昨天", days(-1)),
    ("昨日", days(-1)),
    ("前天", days(-2)),
    ("大前天", days(-3)),
    ("今早", Piece::DayPart(0, Part::Morning)),
    ("今晚", Piece::DayPart(0, Part::Evening)),
    ("tonight", Piece::DayPart(0, Part::Evening)),
    ("明早", Piece::DayPart(1, Part::Morning)),
    ("明晚", Piece::DayPart(1, Part::Evening)),
    ("昨晚", Piece::DayPart(-1, Part::Evening)),
    ("now", Piece::Now),
    ("现在", Piece::Now),
    ("現在", Piece::Now),
    ("刚才", Piece::Now),
    ("剛才", Piece::Now),
    ("刚刚", Piece::Now),
    ("month-end", Piece::Day(Day::MonthEnd(0))),
    ("next-month-end", Piece::Day(Day::MonthEnd(1))),
    ("last-month-end", Piece::Day(Day::MonthEnd(-1))),
    ("月底", Piece::Day(Day::MonthEnd(0))),
    ("月末", Piece::Day(Day::MonthEnd(0))),
    ("本月底", Piece::Day(Day::MonthEnd(0))),
    ("下月底", Piece::Day(Day::MonthEnd(1))),
    ("上月底", Piece::Day(Day::MonthEnd(-1))),
    ("this-month", Piece::Period(Period::Month(0))),
    ("next-month", Piece::Period(Period::Month(1))),
    ("last-month", Piece::Period(Period::Month(-1))),
    ("本月", Piece::Period(Period::Month(0))),
    ("这个月", Piece::Period(Period::Month(0))),
    ("這個月", Piece::Period(Period::Month(0))),
    ("下月", Piece::Period(Period::Month(1))),
    ("下个月", Piece::Period(Period::Month(1))),
    ("下個月", Piece::Period(Period::Month(1))),
    ("上月", Piece::Period(Period::Month(-1))),
    ("上个月", Piece::Period(Period::Month(-1))),
    ("上個月", Piece::Period(Period::Month(-1))),
    ("this-week", Piece::Week(0)),
    ("next-week", Piece::Week(1)),
    ("last-week", Piece::Week(-1)),
    ("本周", Piece::Week(0)),
    ("本週", Piece::Week(0)),
    ("这周", Piece::Week(0)),
    ("這週", Piece::Week(0)),
    ("本星期", Piece::Week(0)),
    ("下周", Piece::Week(1)),
    ("下週", Piece::Week(1)),
    ("下星期", Piece::Week(1)),
    ("下个星期", Piece::Week(1)),
    ("下個星期", Piece::Week(1)),
    ("下礼拜", Piece::Week(1)),
    ("下禮拜", Piece::Week(1)),
    ("下下周", Piece::Week(2)),
    ("下下週", Piece::Week(2)),
    ("上周", Piece::Week(-1)),
    ("上週", Piece::Week(-1)),
    ("上星期", Piece::Week(-1)),
    ("上礼拜", Piece::Week(-1)),
    ("上禮拜", Piece::Week(-1)),
    ("凌晨", Piece::Part(Part::SmallHours)),
    ("早上", Piece::Part(Part::Morning)),
    ("早晨", Piece::Part(Part::Morning)),
    ("上午", Piece::Part(Part::Morning)),
    ("morning", Piece::Part(Part::Morning)),
    ("中午", Piece::Part(Part::Noon)),
    ("noon", Piece::Part(Part::Noon)),
    ("下午", Piece::Part(Part::Afternoon)),
    ("傍晚", Piece::Part(Part::Afternoon)),
    ("afternoon", Piece::Part(Part::Afternoon)),
    ("晚上", Piece::Part(Part::Evening)),
    ("夜里", Piece::Part(Part::Evening)),
    ("夜裡", Piece::Part(Part::Evening)),
    ("evening", Piece::Part(Part::Evening)),
    ("后", Piece::Ahead),
    ("後", Piece::Ahead),
    ("以后", Piece::Ahead),
    ("以後", Piece::Ahead),
    ("之后", Piece::Ahead),
    ("之後", Piece::Ahead),
    ("later", Piece::Ahead),
    ("in", Piece::Ahead),
    ("前", Piece::Back),
    ("以前", Piece::Back),
    ("之前", Piece::Back),
    ("ago", Piece::Back),
    ("的", Piece::Filler),
    ("at", Piece::Filler),
    ("on", Piece::Filler),
    ("于", Piece::Filler),
];

/// What may stand before a weekday; a bare weekday has no week.
const WEEK_PREFIXES: &[(&str, Option<i8>)] = &[
    ("周", None),
    ("週", None),
    ("星期", None),
    ("礼拜", None),
    ("禮拜", None),
    ("this-", Some(0)),
    ("next-", Some(1)),
    ("last-", Some(-1)),
    ("this ", Some(0)),
    ("next ", Some(1)),
    ("last ", Some(-1)),
    ("", None),
];

const WEEKDAYS: [[&str; 2]; 7] = [
    ["monday", "mon"],
    ["tuesday", "tue"],
    ["wednesday", "wed"],
    ["thursday", "thu"],
    ["friday", "fri"],
    ["saturday", "sat"],
    ["sunday", "sun"],
];

/// The short English word of a weekday, 0 is Monday.
pub(super) fn weekday_word(day: u8) -> &'static str {
    WEEKDAYS.get(usize::from(day)).map_or("mon", |names| names[1])
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

const UNITS: &[(&str, Unit)] = &[
    ("minutes", Unit::Minute),
    ("minute", Unit::Minute),
    ("min", Unit::Minute),
    ("m", Unit::Minute),
    ("分钟", Unit::Minute),
    ("分鐘", Unit::Minute),
    ("分", Unit::Minute),
    ("hours", Unit::Hour),
    ("hour", Unit::Hour),
    ("h", Unit::Hour),
    ("小时", Unit::Hour),
    ("小時", Unit::Hour),
    ("个小时", Unit::Hour),
    ("個小時", Unit::Hour),
    ("钟头", Unit::Hour),
    ("个钟头", Unit::Hour),
    ("时", Unit::Hour),
    ("時", Unit::Hour),
    ("days", Unit::Day),
    ("day", Unit::Day),
    ("d", Unit::Day),
    ("天", Unit::Day),
    ("weeks", Unit::Week),
    ("week", Unit::Week),
    ("w", Unit::Week),
    ("周", Unit::Week),
    ("週", Unit::Week),
    ("星期", Unit::Week),
    ("个星期", Unit::Week),
    ("個星期", Unit::Week),
    ("礼拜", Unit::Week),
    ("个礼拜", Unit::Week),
    ("個禮拜", Unit::Week),
    ("months", Unit::Month),
    ("month", Unit::Month),
    ("mo", Unit::Month),
    ("个月", Unit::Month),
    ("個月", Unit::Month),
];

/// Numbers above this are a typing error, and none of them overflows when added up.
const LARGEST: i32 = 100_000;

struct Scanner<'a> {
    chars: &'a [char],
    at: usize,
    pieces: Pieces,
}

/// Takes a text apart. ASCII letters in any case, fullwidth forms as their plain ones.
pub(super) fn scan(text: &str) -> Result<Pieces, ScanError> {
    let chars: Vec<char> = text.chars().map(|c| plain(c).to_ascii_lowercase()).collect();
    let mut scanner = Scanner { chars: &chars, at: 0, pieces: Pieces::default() };
    loop {
        scanner.skip_spaces();
        if scanner.at >= chars.len() {
            break;
        }
        scanner.piece()?;
    }
    let pieces = scanner.pieces;
    let points_nowhere = pieces.direction.is_some() && pieces.span.is_none();
    if points_nowhere || pieces == Pieces::default() {
        return Err(ScanError { at: 0, length: chars.len(), kind: ScanErrorKind::Empty });
    }
    Ok(pieces)
}

impl Scanner<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Length in characters of `word` if it stands at `at`; English words end where letters end.
    fn word_at(&self, at: usize, word: &str) -> Option<usize> {
        let length = word.chars().count();
        let found = self.chars.get(at..at + length)?.iter().copied().eq(word.chars());
        let letter = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
        let end = at + length;
        // "friT09:00" is two words: the T between a day and its time.
        let joined =
            self.chars.get(end) == Some(&'t') && self.chars.get(end + 1).is_some_and(char::is_ascii_digit);
        let cut = letter(self.chars.get(end.wrapping_sub(1))) && letter(self.chars.get(end)) && !joined;
        (found && !cut).then_some(length)
    }

    fn longest<T: Copy>(&self, table: &[(&str, T)]) -> Option<(usize, T)> {
        table
            .iter()
            .filter_map(|(word, value)| Some((self.word_at(self.at, word)?, *value)))
            .max_by_key(|(length, _)| *length)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.word_at(self.at, word);
        self.at += found.unwrap_or(0);
        found.is_some()
    }

    fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(word))
    }

    fn error(&self, from: usize, kind: ScanErrorKind) -> ScanError {
        // An unknown word reaches to the next space, so that the whole of it is underlined.
        let end = if kind == ScanErrorKind::Word {
            (from + 1..self.chars.len())
                .find(|at| self.chars[*at].is_whitespace())
                .unwrap_or(self.chars.len())
        } else {
            self.at
        };
        ScanError { at: from, length: end.saturating_sub(from).max(1), kind }
    }

    fn set<T>(&self, slot: Option<T>, from: usize) -> Result<(), ScanError> {
        slot.map_or(Ok(()), |_| Err(self.error(from, ScanErrorKind::Word)))
    }

    fn day(&mut self, from: usize, day: Day) -> Result<(), ScanError> {
        self.set(self.pieces.day, from)?;
        self.set(self.pieces.period, from)?;
        self.pieces.day = Some(day);
        Ok(())
    }

    fn period(&mut self, from: usize, period: Period) -> Result<(), ScanError> {
        self.set(self.pieces.day, from)?;
        self.set(self.pieces.period, from)?;
        self.pieces.period = Some(period);
        Ok(())
    }

    fn part(&mut self, from: usize, part: Part) -> Result<(), ScanError> {
        self.set(self.pieces.part, from)?;
        self.set(self.pieces.clock, from)?;
        self.pieces.part = Some(part);
        Ok(())
    }

    fn direction(&mut self, from: usize, direction: Direction) -> Result<(), ScanError> {
        if self.pieces.direction.is_some_and(|d| d != direction) {
            return Err(self.error(from, ScanErrorKind::Word));
        }
        self.pieces.direction = Some(direction);
        Ok(())
    }

    fn piece(&mut self) -> Result<(), ScanError> {
        let from = self.at;
        if let Some((length, day, week)) = self.weekday() {
            self.at += length;
            return self.day(from, Day::Weekday { day, week });
        }
        if let Some((length, piece)) = self.longest(WORDS) {
            self.at += length;
            return match piece {
                Piece::Day(day) => self.day(from, day),
                Piece::Part(part) => self.part(from, part),
                Piece::DayPart(days, part) => {
                    self.day(from, Day::Offset { months: 0, days })?;
                    self.part(from, part)
                }
                Piece::Period(period) => self.period(from, period),
                Piece::Week(week) => self.period(from, Period::Week(week)),
                Piece::Now => {
                    self.pieces.now = true;
                    Ok(())
                }
                Piece::Ahead => self.direction(from, Direction::Ahead),
                Piece::Back => self.direction(from, Direction::Back),
                Piece::Filler => Ok(()),
            };
        }
        if self.pieces.day.is_some()
            && self.peek() == Some('t')
            && self.chars.get(self.at + 1).is_some_and(char::is_ascii_digit)
        {
            self.at += 1;
            return Ok(());
        }
        match self.peek() {
            Some('+') => {
                self.at += 1;
                self.number(from, Some(Direction::Ahead))
            }
            Some('-') => {
                self.at += 1;
                self.number(from, Some(Direction::Back))
            }
            _ => self.number(from, None),
        }
    }

    fn weekday(&self) -> Option<(usize, u8, Option<i8>)> {
        let weeks = WORDS.iter().filter_map(|(word, piece)| match piece {
            Piece::Week(week) if !word.is_ascii() => Some((*word, Some(*week))),
            _ => None,
        });
        weeks
            .chain(WEEK_PREFIXES.iter().copied())
            .filter_map(|(prefix, week)| {
                let skipped = prefix.chars().count();
                if !self.chars.get(self.at..self.at + skipped)?.iter().copied().eq(prefix.chars()) {
                    return None;
                }
                let at = self.at + skipped;
                if prefix.is_ascii() {
                    WEEKDAYS.iter().zip(0..).find_map(|(names, day)| {
                        let length = names.iter().find_map(|name| self.word_at(at, name))?;
                        Some((skipped + length, day, week))
                    })
                } else {
                    let day = match self.chars.get(at)? {
                        '日' | '天' => 6,
                        c => "一二三四五六".chars().position(|d| d == *c)? as u8,
                    };
                    Some((skipped + 1, day, week))
                }
            })
            .max_by_key(|(length, ..)| *length)
    }

    /// A number in digits or Chinese numerals up to 99, and how many digits it had (0 for numerals).
    fn integer(&mut self) -> Option<(i32, usize)> {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > from {
            let text: String = self.chars.get(from..self.at)?.iter().collect();
            return Some((text.parse().unwrap_or(i32::MAX), self.at - from));
        }
        let digit = |c: char| match c {
            '两' | '兩' => Some(2),
            _ => "〇一二三四五六七八九".chars().position(|d| d == c).map(|d| d as i32),
        };
        let tens = self.peek().and_then(digit);
        self.at += usize::from(tens.is_some());
        if self.take("十") {
            let ones = self.peek().and_then(digit);
            self.at += usize::from(ones.is_some());
            return Some((tens.unwrap_or(1) * 10 + ones.unwrap_or(0), 0));
        }
        tens.map(|n| (n, 0))
    }

    fn number(&mut self, from: usize, sign: Option<Direction>) -> Result<(), ScanError> {
        if self.take("半") {
            if self.take_any(&["个小时", "個小時", "小时", "小時", "个钟头"]) {
                return self.span(from, 30, Unit::Minute, sign);
            }
            return Err(self.error(from, ScanErrorKind::Word));
        }
        let Some((number, digits)) = self.integer() else {
            return Err(self.error(from, ScanErrorKind::Word));
        };
        if number > LARGEST {
            return Err(self.error(from, ScanErrorKind::Word));
        }
        if sign.is_none() {
            if digits > 0 && self.take(":") {
                let Some((minutes, 2)) = self.integer() else {
                    return Err(self.error(from, ScanErrorKind::Clock));
                };
                // Seconds, as copied from elsewhere, are read and dropped: the minute is what counts.
                if self.take(":") && !matches!(self.integer(), Some((0..=59, 2))) {
                    return Err(self.error(from, ScanErrorKind::Clock));
                }
                return self.clock(from, number, minutes, Hours::Digits);
            }
            for separator in ["-", "/"] {
                if digits == 4 && self.take(separator) {
                    return self.year(from, number, separator);
                }
                if (1..=2).contains(&digits) && self.take(separator) {
                    let Some((day, 1..)) = self.integer() else {
                        return Err(self.error(from, ScanErrorKind::Day));
                    };
                    return self.month_day(from, number, day);
                }
            }
            if digits == 4 && self.take("年") {
                return self.year(from, number, "月");
            }
            if self.take_any(&["点", "點"]) {
                return self.oclock(from, number);
            }
            if self.take_any(&["号", "號", "日"]) {
                let day = u8::try_from(number).ok().filter(|d| (1..=31).contains(d));
                let day = day.ok_or_else(|| self.error(from, ScanErrorKind::Day))?;
                return self.day(from, Day::DayOfMonth(day));
            }
            for (word, hours) in [("am", Hours::Morning), ("pm", Hours::Afternoon)] {
                if self.take(word) {
                    return self.clock(from, number, 0, hours);
                }
            }
            let named_day = self.pieces.day.is_some() || self.pieces.part.is_some();
            if named_day && self.take_any(&["时", "時"]) {
                return self.oclock(from, number);
            }
        }
        if self.take("月") {
            return self.month(from, number, sign);
        }
        let end = self.at;
        self.skip_spaces();
        match self.longest(UNITS) {
            Some((length, unit)) => {
                self.at += length;
                self.span(from, number, unit, sign)
            }
            None => {
                self.at = end;
                Err(self.error(from, ScanErrorKind::Word))
            }
        }
    }

    fn span(
        &mut self,
        from: usize,
        number: i32,
        unit: Unit,
        sign: Option<Direction>,
    ) -> Result<(), ScanError> {
        if let Some(sign) = sign {
            self.direction(from, sign)?;
        }
        let span = self.pieces.span.get_or_insert_default();
        let (slot, factor) = match unit {
            Unit::Minute => (&mut span.minutes, 1),
            Unit::Hour => (&mut span.minutes, 60),
            Unit::Day => (&mut span.days, 1),
            Unit::Week => (&mut span.days, 7),
            Unit::Month => (&mut span.months, 1),
        };
        *slot = slot.saturating_add(number.saturating_mul(factor));
        let too_long = *slot > LARGEST * 60;
        span.elapsed |= matches!(unit, Unit::Minute | Unit::Hour);
        if too_long { Err(self.error(from, ScanErrorKind::Word)) } else { Ok(()) }
    }

    /// After a number and 月: a span when it points somewhere, else a day or the month of that number.
    fn month(&mut self, from: usize, number: i32, sign: Option<Direction>) -> Result<(), ScanError> {
        let points = ["前", "后", "後", "之", "以"].iter().any(|word| self.word_at(self.at, word).is_some());
        if sign.is_some() || points {
            return self.span(from, number, Unit::Month, sign);
        }
        if let Some((day, _)) = self.integer() {
            if self.take_any(&["日", "号", "號"]) {
                return self.month_day(from, number, day);
            }
            return Err(self.error(from, ScanErrorKind::Word));
        }
        let month = u8::try_from(number).ok().filter(|m| (1..=12).contains(m));
        let month = month.ok_or_else(|| self.error(from, ScanErrorKind::Day))?;
        self.period(from, Period::MonthOf(month))
    }

    fn month_day(&mut self, from: usize, month: i32, day: i32) -> Result<(), ScanError> {
        // 2024 has every day that any year has.
        let date = NaiveDate::from_ymd_opt(2024, month.unsigned_abs(), day.unsigned_abs());
        if date.is_none() {
            return Err(self.error(from, ScanErrorKind::Day));
        }
        self.day(from, Day::MonthDay { month: month as u8, day: day as u8 })
    }

    fn year(&mut self, from: usize, year: i32, separator: &str) -> Result<(), ScanError> {
        let month = self.integer();
        let separated = self.take(separator);
        let day = self.integer();
        if separator == "月" {
            self.take_any(&["日", "号", "號"]);
        }
        let date = match (month, separated, day) {
            (Some((month, _)), true, Some((day, _))) if year > 0 => {
                NaiveDate::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs())
            }
            _ => None,
        };
        let date = date.filter(|_| year < 9999).ok_or_else(|| self.error(from, ScanErrorKind::Day))?;
        self.day(from, Day::Date(date))
    }

    /// After a number and 点: 半, 一刻, minutes, 钟, 整 or nothing.
    fn oclock(&mut self, from: usize, hour: i32) -> Result<(), ScanError> {
        let minutes = if self.take("半") {
            30
        } else if self.take("一刻") {
            15
        } else if self.take("三刻") {
            45
        } else if self.take_any(&["钟", "鐘", "整"]) {
            0
        } else if let Some((minutes, _)) = self.integer() {
            self.take_any(&["分", "分钟"]);
            minutes
        } else {
            0
        };
        self.clock(from, hour, minutes, Hours::Spoken)
    }

    fn clock(&mut self, from: usize, hour: i32, minutes: i32, hours: Hours) -> Result<(), ScanError> {
        self.set(self.pieces.clock, from)?;
        let hours = match hours {
            Hours::Digits if self.take("am") => Hours::Morning,
            Hours::Digits if self.take("pm") => Hours::Afternoon,
            hours => hours,
        };
        let hour = match (hours, self.pieces.part) {
            (Hours::Morning, _) | (_, Some(Part::SmallHours)) if hour == 12 => 0,
            (Hours::Afternoon, _) | (_, Some(Part::Afternoon)) if (1..12).contains(&hour) => hour + 12,
            (_, Some(Part::Noon)) if (1..=4).contains(&hour) => hour + 12,
            (_, Some(Part::Evening)) if (5..12).contains(&hour) => hour + 12,
            (_, Some(Part::Evening)) if hour == 12 => 24,
            (_, Some(Part::Evening)) if (1..5).contains(&hour) => hour + 24,
            // Nobody means three in the night with a bare 3点.
            (Hours::Spoken, None) if (1..7).contains(&hour) => hour + 12,
            _ => hour,
        };
        let most = if self.pieces.part == Some(Part::Evening) { 28 } else { 24 };
        if !(0..=59).contains(&minutes) || hour > most || (hour == 24 && most == 24 && minutes > 0) {
            return Err(self.error(from, ScanErrorKind::Clock));
        }
        self.pieces.clock = Some((hour * 60 + minutes) as u16);
        Ok(())
    }
}

/// How an hour was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hours {
    /// 09:00.
    Digits,
    /// 9点: 1 to 6 mean the afternoon.
    Spoken,
    Morning,
    Afternoon,
}

#[cfg(test)]
mod tests {
    use super::*;
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
}
