//! Reads date words into their pieces: day, week or month, part of the day, clock time, span.
//!
//! People write 明天9点, 下周一 14:30, 3天后, 晚上8点半, 12-24 10:00, in 2 days. One reader takes such a text apart from
//! left to right, always the longest word it knows; what the pieces mean together is decided by whoever asked, the
//! filter ([`super::value`]) or the follow-up ([`super::when`]).

mod number;
mod words;

use super::dates::{Day, Part, When};
use super::lex::plain;

pub(super) use words::weekday_word;
use words::{Piece, WEEK_PREFIXES, WEEKDAYS, WORDS};

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

/// Several days in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Week(i8),
    /// The weekend of a week; none means the bare word.
    Weekend(Option<i8>),
    Month(i8),
    MonthOf(u8),
    MonthIn {
        year: i32,
        month: u8,
    },
    Quarter(i8),
    Year(i8),
    /// A month of a year counted from this year.
    MonthOfYear {
        years: i8,
        month: u8,
    },
    YearOf(i32),
}

impl Period {
    /// The days meant by a filter: a bare weekend is that of this week.
    pub(super) const fn when(self) -> When {
        match self {
            Self::Week(week) => When::Week(week),
            Self::Weekend(Some(week)) => When::Weekend(week),
            Self::Weekend(None) => When::Weekend(0),
            Self::Month(month) => When::Month(month),
            Self::MonthOf(month) => When::MonthOf(month),
            Self::MonthIn { year, month } => When::MonthIn { year, month },
            Self::Quarter(quarter) => When::Quarter(quarter),
            Self::Year(year) => When::Year(year),
            Self::MonthOfYear { years, month } => When::MonthOfYear { years, month },
            Self::YearOf(year) => When::YearOf(year),
        }
    }
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
    /// 最近, 未来: the span itself is meant, up to now or from now on.
    pub rolling: bool,
    /// 三天内: the span itself, and whoever asks knows in which direction.
    pub within: bool,
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
    let points_nowhere = pieces.direction.is_some()
        && pieces
            .span
            .is_none_or(|span| pieces.rolling && (span.months, span.days, span.minutes) == (0, 0, 0));
    let is_nought = pieces.within
        && pieces.span.is_none_or(|span| span == Span { elapsed: span.elapsed, ..Span::default() });
    if points_nowhere || is_nought || pieces == Pieces::default() {
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

    /// Length in characters of `word` if it stands at `at`; English words end where letters end, and a blank may stand
    /// for their hyphen.
    fn word_at(&self, at: usize, word: &str) -> Option<usize> {
        let length = word.chars().count();
        let alike = |(typed, c): (&char, char)| *typed == c || (c == '-' && *typed == ' ' && word.len() > 1);
        let found = self.chars.get(at..at + length)?.iter().zip(word.chars()).all(alike);
        let letter = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
        let end = at + length;
        // "friT09:00" is two words: the T between a day and its time.
        let joined = self.joins(end);
        let cut = letter(self.chars.get(end.wrapping_sub(1))) && letter(self.chars.get(end)) && !joined;
        (found && !cut).then_some(length)
    }

    /// True for the T between a day and its time.
    fn joins(&self, at: usize) -> bool {
        let time = |c: &char| c.is_ascii_digit() || *c == '晚';
        self.chars.get(at) == Some(&'t') && self.chars.get(at + 1).is_some_and(time)
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
                .find(|at| self.chars.get(*at).is_some_and(|c| c.is_whitespace()))
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

    fn rolling(&mut self, from: usize, direction: Direction) -> Result<(), ScanError> {
        if self.pieces != Pieces::default() {
            return Err(self.error(from, ScanErrorKind::Word));
        }
        self.pieces = Pieces { rolling: true, direction: Some(direction), ..self.pieces };
        Ok(())
    }

    /// True where nothing was said but so much time.
    fn is_bare_span(&self) -> bool {
        self.pieces.span.is_some() && self.pieces == Pieces { span: self.pieces.span, ..Pieces::default() }
    }

    fn direction(&mut self, from: usize, direction: Direction) -> Result<(), ScanError> {
        if self.pieces.rolling || self.pieces.within || self.pieces.direction.is_some_and(|d| d != direction)
        {
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
                Piece::Rolling(direction) => self.rolling(from, direction),
                Piece::Within if self.pieces.rolling && self.pieces.span.is_some() => Ok(()),
                Piece::Within if self.is_bare_span() => {
                    self.pieces.within = true;
                    Ok(())
                }
                Piece::Within => Err(self.error(from, ScanErrorKind::Word)),
                Piece::Filler => Ok(()),
            };
        }
        if (self.pieces.day.is_some() || self.pieces.span.is_some()) && self.joins(self.at) {
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
}

#[cfg(test)]
mod tests;
