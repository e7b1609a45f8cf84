//! Date words of follow-ups, snoozing and back-marking: one instant, always ahead or always past.
//!
//! The filter asks which rows lie in a day; here somebody says when, and leaves out what goes without saying: 9点 is
//! the next nine o'clock, 周五 the coming Friday, and of 12-24 the year is the one that fits. A day without a time is
//! its morning, 09:00; today without a time is the next of 09:00, 14:00, 18:00 and 21:00.
//!
//! One file because moments ahead, ends and moments past are read from the same words.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use std::fmt;

use crate::book::Timestamp;
use crate::book::time::HOUR;

/// How far back a bare time of yesterday may lie, in milliseconds.
const BARE_PAST: i64 = 12 * HOUR;
use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::text::near::Slip;
use crate::words;

use super::date_value::{DATE_WORDS, in_script, meaning};
use super::dates::{Day, Pace, Part, When, at_minutes, clamped, shift_days, shift_months};
use super::scan::{Direction, Period, Pieces, ScanErrorKind, scan};
use super::value::nearest;

/// Why a text names no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct MomentError {
    /// Where it begins, in characters from 1.
    pub column: usize,
    /// How many characters are wrong, at least 1.
    pub length: usize,
    pub kind: MomentErrorKind,
    /// The nearest date word.
    pub nearest: Option<String>,
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MomentErrorKind {
    Empty,
    Unknown(String),
    /// An hour or minute that no day has.
    Clock(String),
    /// A day that no month has.
    Day(String),
    /// So much time up to now or from now on, which is no instant.
    Stretch(String),
    /// Ahead was asked for.
    Past,
    /// Past was asked for.
    Future,
    /// Beyond the calendar.
    TooFar,
}

words! {
    enum Words {
        Empty => [
            "写一个时间, 比如 明天 9点, 周五, 3天后, 14:30",
            "寫一個時間, 比如 明天 9點, 週五, 3天後, 14:30",
            "say when: tomorrow 9:00, fri, 3d, 14:30",
        ],
        Unknown { word } => ["看不懂“{word}”", "看不懂「{word}」", "\"{word}\" is no date or time"],
        Clock { word } => ["没有“{word}”这个时间", "沒有「{word}」這個時間", "there is no time \"{word}\""],
        Day { word } => ["没有“{word}”这一天", "沒有「{word}」這一天", "there is no day \"{word}\""],
        Stretch { word } => [
            "“{word}”是一段时间, 这里要一个时刻: 3天后, 2小时前, 周五 9点",
            "「{word}」是一段時間, 這裡要一個時刻: 3天後, 2小時前, 週五 9點",
            "\"{word}\" is a stretch of time, and here goes one instant: in 3 days, 2h ago, fri 9:00",
        ],
        Past => ["这个时间已经过去", "這個時間已經過去", "this lies in the past"],
        Future => ["这个时间还没到; 是前一天的就写上, 如 昨天 14:00", "這個時間還沒到; 是前一天的就寫上, 如 昨天 14:00",
            "this is still to come; of another day say which: yesterday 14:00"],
        TooFar => ["这个时间太远", "這個時間太遠", "this is too far away"],
        Nearest { word } => ["; 是不是“{word}”?", "; 是不是「{word}」?", "; did you mean \"{word}\"?"],
    }
}

impl MomentError {
    /// One sentence.
    pub fn message(&self, lang: Lang) -> String {
        use MomentErrorKind as Kind;
        let mut text = match &self.kind {
            Kind::Empty => Words::Empty.text(lang).to_owned(),
            Kind::Unknown(word) => Words::Unknown.fill(lang, &[("word", word)]),
            Kind::Clock(word) => Words::Clock.fill(lang, &[("word", word)]),
            Kind::Day(word) => Words::Day.fill(lang, &[("word", word)]),
            Kind::Stretch(word) => Words::Stretch.fill(lang, &[("word", word)]),
            Kind::Past => Words::Past.text(lang).to_owned(),
            Kind::Future => Words::Future.text(lang).to_owned(),
            Kind::TooFar => Words::TooFar.text(lang).to_owned(),
        };
        if let Some(nearest) = &self.nearest {
            let word = in_script(nearest, lang);
            text.push_str(&Words::Nearest.fill(lang, &[("word", &word)]));
        }
        text
    }
}

impl fmt::Display for MomentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.message(Lang::En))
    }
}

/// The last minute of a day.
const LAST_MINUTE: u16 = 24 * 60 - 1;

/// Which side of `now` is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Ahead,
    Past,
}

/// Reads an instant after `now`: `明天 9点`, `周五`, `3天后`, `10分`, `09:00`, `下周一 14:30`, `12-24 10:00`.
///
/// A bare time that has passed today means tomorrow; a span without 后 points ahead.
///
/// # Errors
///
/// What cannot be read, and what lies in the past however it is read (昨天, 2020-01-01).
pub fn parse_moment(text: &str, now: Timestamp, zone: Tz) -> Result<Timestamp, MomentError> {
    parse(text, now, zone, Side::Ahead)
}

/// True for a day alone, without a time: `2026-01-08`, `明天`, `周五`.
pub fn names_a_day(text: &str) -> bool {
    scan(text).is_ok_and(|pieces| {
        let no_time = time_of_day(&pieces).is_none() && pieces.span.is_none() && !pieces.now;
        no_time && (pieces.day.is_some() || pieces.period.is_some())
    })
}

/// True for a word that is no time and was most likely meant as one: written with nothing but what days and times are
/// written with (周十, 下下天, 3点天), or a date word with a slip in it (tomorow). What only begins so is not: 明天的货, 3天套餐.
pub fn means_a_day(word: &str) -> bool {
    const HEADS: &str = "周週星礼禮明后後下今本";
    const UNITS: &str = "天日月号號点點周週";
    const REST: &str = "期拜年个個时時分半末底早晚上午中今明后後下大一二三四五六七八九十两兩零〇:：-/.";
    let word = word.trim();
    let digits = |c: char| c.is_ascii_digit() || "一二两兩三四五六七八九十".contains(c);
    let only = word.chars().all(|c| digits(c) || HEADS.contains(c) || UNITS.contains(c) || REST.contains(c));
    let counts = word.starts_with(digits) && word.contains(|c| UNITS.contains(c) || c == ':' || c == '：');
    if only && word.chars().nth(1).is_some() && (counts || word.starts_with(|c| HEADS.contains(c))) {
        return true;
    }
    let slip = Slip::new(word);
    DATE_WORDS.iter().any(|known| fold(known) != fold(word) && slip.of(known))
}

/// True for this very instant: `现在`, `刚才`, `+0m`.
pub fn names_now(text: &str) -> bool {
    scan(text).is_ok_and(|pieces| {
        let none =
            pieces.span.as_ref().is_some_and(|span| (span.months, span.days, span.minutes) == (0, 0, 0));
        pieces.now || (none && time_of_day(&pieces).is_none())
    })
}

/// Reads an end after `now`: as [`parse_moment`], but a day without a time, or a week or month, lasts to its last minute:
/// `周日` is 23:59 of that day, and `未来3天` that of the third day after today.
///
/// # Errors
///
/// What cannot be read, and what lies in the past however it is read.
pub fn parse_end(text: &str, now: Timestamp, zone: Tz) -> Result<Timestamp, MomentError> {
    let today = now.day(zone);
    if let Some(stretch @ When::Rolling { back: false, .. }) = scan(text).ok().and_then(|p| meaning(&p)) {
        let last = stretch.days_from(today).filter(|_| stretch.pace() == Pace::Daily);
        let end = last.and_then(|(_, last)| at_minutes(last, LAST_MINUTE, zone));
        let end = end.or_else(|| stretch.range(now, zone).map(|(_, end)| Timestamp(end - 1)));
        return end.ok_or_else(|| MomentError {
            column: 1,
            length: text.chars().count(),
            kind: MomentErrorKind::TooFar,
            nearest: None,
        });
    }
    let pieces = scan(text).ok().filter(|_| names_a_day(text));
    let last_days: Vec<NaiveDate> = match pieces.map(|pieces| (pieces.day, pieces.period)) {
        // who means today says 今天
        Some((Some(day @ Day::Weekday { week: None, .. }), _)) => {
            day_dates(day, today, Side::Ahead).into_iter().filter(|date| *date != today).collect()
        }
        Some((Some(day), _)) => day_dates(day, today, Side::Ahead),
        Some((None, Some(period))) => {
            periods(period, today, Side::Ahead).into_iter().map(|(_, last)| last).collect()
        }
        _ => Vec::new(),
    };
    let ends = last_days.into_iter().filter_map(|date| at_minutes(date, LAST_MINUTE, zone));
    ends.into_iter().find(|at| *at > now).map_or_else(|| parse_moment(text, now, zone), Ok)
}

/// Reads until when something rests, after `now`: as [`parse_moment`], but today, or a part of it without a clock (今天,
/// 今晚), lasts to the last minute of today. Any other day ends with its morning: who rests until 明天 is back then.
///
/// # Errors
///
/// What cannot be read, and what lies in the past however it is read.
pub fn parse_rest(text: &str, now: Timestamp, zone: Tz) -> Result<Timestamp, MomentError> {
    let today = now.day(zone);
    let is_today = scan(text).is_ok_and(|pieces| {
        let bare = pieces.clock.is_none() && pieces.span.is_none() && !pieces.now;
        let named = pieces.day.filter(|day| !matches!(day, Day::Weekday { .. }));
        bare && named.is_some_and(|day| day_dates(day, today, Side::Ahead).first() == Some(&today))
    });
    let end = at_minutes(today, LAST_MINUTE, zone).filter(|end| is_today && *end > now);
    end.map_or_else(|| parse_moment(text, now, zone), Ok)
}

/// Reads an instant not after `now`: `14:00`, `昨天 20:00`, `10分前`, `刚才`.
///
/// A bare time that is still to come means yesterday where that is at most twelve hours ago, as 23:50 is at 00:20;
/// else it is a slip and refused: who means the day before says so. A span without 前 points back; an earlier day without a time is
/// its noon.
///
/// # Errors
///
/// What cannot be read, and what is still to come however it is read.
pub fn parse_past(text: &str, now: Timestamp, zone: Tz) -> Result<Timestamp, MomentError> {
    parse(text, now, zone, Side::Past)
}

/// Reads the instant that days are counted from: one to come, else one that was. Of a day whose month or year goes unsaid
/// the nearest is meant, on whichever side of today it lies, as people begin with what began.
///
/// # Errors
///
/// What cannot be read.
pub fn parse_beginning(text: &str, now: Timestamp, zone: Tz) -> Result<Timestamp, MomentError> {
    let (ahead, past) = match (parse_moment(text, now, zone), parse_past(text, now, zone)) {
        (Err(error), past) => return past.map_err(|_| error),
        (ahead, Err(_)) => return ahead,
        (Ok(ahead), Ok(past)) => (ahead, past),
    };
    let unsaid =
        scan(text).is_ok_and(|pieces| matches!(pieces.day, Some(Day::MonthDay { .. } | Day::DayOfMonth(_))));
    let days = |at: Timestamp| (at.day(zone) - now.day(zone)).num_days().abs();
    Ok(if unsaid && days(past) < days(ahead) { past } else { ahead })
}

fn parse(text: &str, now: Timestamp, zone: Tz, side: Side) -> Result<Timestamp, MomentError> {
    let whole = |kind| MomentError { column: 1, length: text.chars().count().max(1), kind, nearest: None };
    let pieces = scan(text).map_err(|wrong| {
        let word: String = text.chars().skip(wrong.at).take(wrong.length).collect();
        let (kind, nearest) = match wrong.kind {
            ScanErrorKind::Empty => (MomentErrorKind::Empty, None),
            ScanErrorKind::Clock => (MomentErrorKind::Clock(word), None),
            ScanErrorKind::Day => (MomentErrorKind::Day(word), None),
            ScanErrorKind::Word => {
                let near = nearest(&word, DATE_WORDS.iter().copied());
                if near.is_none()
                    && let Some(near) = nearest(text.trim(), DATE_WORDS.iter().copied())
                {
                    // of 本季杜 the beginning is a word as well
                    let kind = MomentErrorKind::Unknown(text.trim().to_owned());
                    return MomentError { nearest: Some(near), ..whole(kind) };
                }
                (MomentErrorKind::Unknown(word), near)
            }
        };
        MomentError { column: wrong.at + 1, length: wrong.length.max(1), kind, nearest }
    })?;
    if pieces.rolling || pieces.within {
        return Err(whole(MomentErrorKind::Stretch(text.trim().to_owned())));
    }
    let candidates = candidates(&pieces, now, zone, side).map_err(whole)?;
    let wanted = |at: &Timestamp| if side == Side::Ahead { *at > now } else { *at <= now };
    let wrong_side = if side == Side::Ahead { MomentErrorKind::Past } else { MomentErrorKind::Future };
    let too_far = candidates.is_empty();
    let found = candidates.into_iter().find(wanted);
    found.ok_or_else(|| whole(if too_far { MomentErrorKind::TooFar } else { wrong_side }))
}

/// The instants a text may mean, nearest to now first.
fn candidates(
    pieces: &Pieces,
    now: Timestamp,
    zone: Tz,
    side: Side,
) -> Result<Vec<Timestamp>, MomentErrorKind> {
    let today = now.day(zone);
    if let Some(span) = pieces.span {
        if pieces.day.is_some() || pieces.period.is_some() {
            return Err(MomentErrorKind::Empty);
        }
        let sign = match (pieces.direction, side) {
            (Some(Direction::Back), Side::Ahead) => return Err(MomentErrorKind::Past),
            (Some(Direction::Ahead), Side::Past) => return Err(MomentErrorKind::Future),
            (_, Side::Ahead) => 1,
            (_, Side::Past) => -1,
        };
        let (months, days, minutes) = (sign * span.months, sign * span.days, sign * span.minutes);
        return match time_of_day(pieces) {
            Some(_) if span.elapsed => Err(MomentErrorKind::Empty),
            Some(time) => {
                let date = Day::Offset { months, days }.date(today);
                Ok(date.and_then(|date| at_minutes(date, time, zone)).into_iter().collect())
            }
            None => {
                let range = When::Elapsed { months, days, minutes }.range(now, zone);
                Ok(range.map(|(at, _)| Timestamp(at)).into_iter().collect())
            }
        };
    }
    if pieces.now {
        return Ok(vec![now]);
    }
    let dates = match (pieces.day, pieces.period) {
        (None, None) => {
            // 晚上1点 belongs to the evening before, so one day more is looked at.
            let near = if side == Side::Ahead { [-1, 0, 1] } else { [0, -1, -2] };
            near.into_iter().filter_map(|days| shift_days(today, days)).collect()
        }
        (Some(day), _) => day_dates(day, today, side),
        (None, Some(period)) => periods(period, today, side).into_iter().map(|(first, _)| first).collect(),
    };
    let time = |date: NaiveDate| match (time_of_day(pieces), side) {
        (Some(time), _) => at_minutes(date, time, zone),
        (None, Side::Past) if date == today => Some(now),
        (None, Side::Past) => at_minutes(date, 12 * 60, zone),
        // Who means today says 今天.
        (None, Side::Ahead)
            if date == today && matches!(pieces.day, Some(Day::Weekday { week: None, .. })) =>
        {
            None
        }
        (None, Side::Ahead) if date == today => {
            let times = [9, 14, 18, 21].into_iter().filter_map(|hour| at_minutes(date, hour * 60, zone));
            times.into_iter().find(|at| *at > now).or(Some(Timestamp(now.0.saturating_add(HOUR))))
        }
        (None, Side::Ahead) => at_minutes(date, 9 * 60, zone),
    };
    let bare = side == Side::Past && pieces.day.is_none() && pieces.period.is_none();
    let too_old = |at: &Timestamp| bare && at.day(zone) < today && now.since(*at) > BARE_PAST;
    Ok(dates.into_iter().filter_map(time).filter(|at| !too_old(at)).collect())
}

fn time_of_day(pieces: &Pieces) -> Option<u16> {
    pieces.clock.or(pieces.part.map(Part::instant))
}

/// The days a word may mean, nearest first.
fn day_dates(day: Day, today: NaiveDate, side: Side) -> Vec<NaiveDate> {
    let step = if side == Side::Ahead { 1 } else { -1 };
    match day {
        Day::Weekday { day, week: None } => {
            let week = |week| Day::Weekday { day, week: Some(week) }.date(today);
            [week(0), week(step as i8)].into_iter().flatten().collect()
        }
        Day::MonthDay { month, day } => (0..=1)
            .filter_map(|years| clamped(today.year() + years * step, u32::from(month), u32::from(day)))
            .collect(),
        // Of the next months, only those that have the day: the 31st is never the 30th.
        Day::DayOfMonth(day) => (0..=2)
            .filter_map(|months| shift_months(today.with_day(1)?, months * step)?.with_day(u32::from(day)))
            .collect(),
        other => other.date(today).into_iter().collect(),
    }
}

/// The first and last days that a period may mean, nearest first.
fn periods(period: Period, today: NaiveDate, side: Side) -> Vec<(NaiveDate, NaiveDate)> {
    let step = if side == Side::Ahead { 1 } else { -1 };
    let whens = match period {
        Period::MonthOf(month) => {
            [0, step].map(|years| When::MonthIn { year: today.year() + years, month }).to_vec()
        }
        Period::Weekend(None) => [0, step as i8].map(When::Weekend).to_vec(),
        other => vec![other.when()],
    };
    whens.into_iter().filter_map(|when| when.days_from(today)).collect()
}

#[cfg(test)]
mod tests;
