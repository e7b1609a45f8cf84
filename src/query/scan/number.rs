//! Pieces that begin with a number: clocks, dates, spans.

use chrono::NaiveDate;

use super::super::dates::{Day, Part};
use super::words::{ROLLING_UNITS, UNITS, Unit};
use super::{Direction, Period, ScanError, ScanErrorKind, Scanner};

/// Numbers above this are a typing error, and none of them overflows when added up.
const LARGEST: i32 = 100_000;

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

impl Scanner<'_> {
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

    /// Reads what begins with a number: a clock, a date, a span.
    pub(super) fn number(&mut self, from: usize, sign: Option<Direction>) -> Result<(), ScanError> {
        if self.take("半") {
            if self.take_any(&["个小时", "個小時", "小时", "小時", "个钟头"]) {
                return self.span(from, 30, Unit::Minute, sign);
            }
            if self.take("年") {
                return self.span(from, 6, Unit::Month, sign);
            }
            if self.take_any(&["个月", "個月"]) {
                return self.span(from, 15, Unit::Day, sign);
            }
            if self.take("天") {
                return self.span(from, 12, Unit::Hour, sign);
            }
            return Err(self.error(from, ScanErrorKind::Word));
        }
        let Some((number, digits)) = self.integer() else {
            return Err(self.error(from, ScanErrorKind::Word));
        };
        if digits == 8 && sign.is_none() && self.pieces == super::Pieces::default() {
            // 20260228
            let date = NaiveDate::from_ymd_opt(
                number / 10_000,
                number.unsigned_abs() / 100 % 100,
                number.unsigned_abs() % 100,
            );
            let date = date.filter(|_| (1_000..9999).contains(&(number / 10_000)));
            let date = date.ok_or_else(|| self.error(from, ScanErrorKind::Day))?;
            return self.day(from, Day::Date(date));
        }
        if number > LARGEST {
            return Err(self.error(from, ScanErrorKind::Word));
        }
        if self.pieces.rolling {
            // last-7-days
            self.take_any(&["-"]);
            self.skip_spaces();
            let unit = self.longest(ROLLING_UNITS).into_iter().chain(self.longest(UNITS));
            let Some((length, unit)) = unit.max_by_key(|(length, _)| *length) else {
                return Err(self.error(from, ScanErrorKind::Word));
            };
            self.at += length;
            return self.span(from, number, unit, sign);
        }
        // 3日内, 一年前; 22日前 may be before the 22nd, and 2026年 is that year
        if let Some((length, unit)) =
            self.longest(ROLLING_UNITS).filter(|(length, unit)| self.points(number, *unit, self.at + length))
        {
            self.at += length;
            return self.span(from, number, unit, sign);
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
            for separator in ["-", "/", "."] {
                if digits == 4 && self.take(separator) {
                    return self.year(from, number, separator);
                }
                // 12.24 may be a sum of money
                if separator != "." && (1..=2).contains(&digits) && self.take(separator) {
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
        if let Some((length, unit)) = self.longest(UNITS) {
            self.at += length;
            return self.span(from, number, unit, sign);
        }
        self.at = end;
        Err(self.error(from, ScanErrorKind::Word))
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
            Unit::Year => (&mut span.months, 12),
        };
        *slot = slot.saturating_add(number.saturating_mul(factor));
        let too_long = *slot > LARGEST * 60;
        span.elapsed |= matches!(unit, Unit::Minute | Unit::Hour);
        if too_long { Err(self.error(from, ScanErrorKind::Word)) } else { Ok(()) }
    }

    /// After a number and 月: a span when it points somewhere, else a day or the month of that number.
    fn month(&mut self, from: usize, number: i32, sign: Option<Direction>) -> Result<(), ScanError> {
        if sign.is_some() {
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
        if let Some(Period::Year(years)) = self.pieces.period {
            // 去年12月
            self.pieces.period = Some(Period::MonthOfYear { years, month });
            return Ok(());
        }
        self.period(from, Period::MonthOf(month))
    }

    /// True where something behind a unit says that so many of it are meant, and which way they point.
    fn points(&self, number: i32, unit: Unit, at: usize) -> bool {
        let next = self.chars.get(at + usize::from(matches!(self.chars.get(at), Some('之' | '以'))));
        match unit {
            Unit::Day => matches!(next, Some('内' | '內')),
            Unit::Year if number > 99 => false,
            _ => matches!(next, Some('内' | '內' | '前' | '后' | '後')),
        }
    }

    fn month_day(&mut self, from: usize, month: i32, day: i32) -> Result<(), ScanError> {
        // 2024 has every day that any year has.
        let date = NaiveDate::from_ymd_opt(2024, month.unsigned_abs(), day.unsigned_abs());
        if date.is_none() {
            return Err(self.error(from, ScanErrorKind::Day));
        }
        self.day(from, Day::MonthDay { month: month as u8, day: day as u8 })
    }

    /// After a year and what stands behind it: a day of it, one of its months, or with 年 the year itself.
    fn year(&mut self, from: usize, year: i32, separator: &str) -> Result<(), ScanError> {
        let spoken = separator == "月";
        let is_year = (1..9999).contains(&year);
        let month = self.integer();
        let separated = month.is_some() && self.take(separator);
        let day = if separated { self.integer() } else { None };
        if spoken && day.is_some() {
            self.take_any(&["日", "号", "號"]);
        }
        match (month, day) {
            (None, None) if spoken && is_year => return self.period(from, Period::YearOf(year)),
            (Some((month, _)), None) if separated == spoken && is_year => {
                let month = u8::try_from(month).ok().filter(|m| (1..=12).contains(m));
                let month = month.ok_or_else(|| self.error(from, ScanErrorKind::Day))?;
                return self.period(from, Period::MonthIn { year, month });
            }
            _ => {}
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
            (_, Some(Part::Evening)) if hour == 12 || hour == 0 => 24,
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
