//! Saying and reading times: short in lists, in words where there is room, relative where that is what counts.

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;

use super::super::state::State;
use super::super::words::Words;
use crate::book::Timestamp;
use crate::book::time::MINUTE;
use crate::query::{
    MomentError, MomentErrorKind, means_a_day, names_now, parse_end, parse_moment, parse_past, parse_rest,
};
use crate::text::lang::Lang;

const WEEKDAYS_CN: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const WEEKDAYS_TW: [&str; 7] = ["週一", "週二", "週三", "週四", "週五", "週六", "週日"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A weekday's short name.
pub fn weekday(at: Timestamp, zone: Tz, lang: Lang) -> &'static str {
    let names = match lang {
        Lang::ZhCn => WEEKDAYS_CN,
        Lang::ZhTw => WEEKDAYS_TW,
        Lang::En => WEEKDAYS_EN,
    };
    names.get(at.local(zone).weekday().num_days_from_monday() as usize).copied().unwrap_or("")
}

/// `14:03`.
pub fn clock(at: Timestamp, zone: Tz) -> String {
    let local = at.local(zone);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// A span in the largest unit that says enough: `8分`, `2时`, `3天`.
pub fn span(minutes: i64, lang: Lang) -> String {
    let minutes = minutes.abs();
    let (number, unit) = match minutes {
        0..60 => (minutes, ["分", "分", "m"]),
        60..1440 => (minutes / 60, ["时", "時", "h"]),
        _ => (minutes / 1440, ["天", "天", "d"]),
    };
    let [cn, tw, en] = unit;
    let unit = match lang {
        Lang::ZhCn => cn,
        Lang::ZhTw => tw,
        Lang::En => en,
    };
    format!("{number}{unit}")
}

/// When something is due, seen from now: `-8分`, `2分`, `5时`, `明天`, `11-30`.
pub fn due(at: Timestamp, now: Timestamp, zone: Tz, lang: Lang) -> String {
    let ms = at.since(now);
    let days = at.day(zone).signed_duration_since(now.day(zone)).num_days();
    if ms < 0 {
        // what was due on another day counts in days, as people do
        let late = if days < 0 { -days * 1440 } else { -ms / MINUTE };
        return if late == 0 { now_word(lang).to_owned() } else { format!("-{}", span(late, lang)) };
    }
    match days {
        0 if ms < MINUTE => now_word(lang).to_owned(),
        0 => span(ms / MINUTE, lang),
        1 => match lang {
            Lang::En => "tmrw".to_owned(),
            _ => "明天".to_owned(),
        },
        _ => {
            let local = at.local(zone);
            format!("{:02}-{:02}", local.month(), local.day())
        }
    }
}

const fn now_word(lang: Lang) -> &'static str {
    match lang {
        Lang::ZhCn => "现在",
        Lang::ZhTw => "現在",
        Lang::En => "now",
    }
}

impl State {
    /// An instant to come, with its day: `今天 14:00`, `明天 09:00`, `12-01 周一 09:00`.
    pub fn say_instant(&self, at: Timestamp) -> String {
        let now = self.now();
        let days = at.day(self.zone).signed_duration_since(now.day(self.zone)).num_days();
        let clock = clock(at, self.zone);
        match days {
            0 => format!("{} {clock}", self.text(Words::Today)),
            1 => format!("{} {clock}", self.text(Words::Tomorrow)),
            _ => {
                let local = at.local(self.zone);
                let day = weekday(at, self.zone, self.lang);
                format!("{:02}-{:02} {day} {clock}", local.month(), local.day())
            }
        }
    }

    /// An instant as it is typed: `2026-11-22 21:00`.
    pub(in crate::tui) fn write_instant(&self, at: Timestamp) -> String {
        at.local(self.zone).format("%Y-%m-%d %H:%M").to_string()
    }

    /// An instant past: the clock today, else the day as well.
    pub fn say_past(&self, at: Timestamp) -> String {
        let clock = clock(at, self.zone);
        if at.day(self.zone) == self.now().day(self.zone) {
            return clock;
        }
        let local = at.local(self.zone);
        if local.year() != self.now().local(self.zone).year() {
            return format!("{}-{:02}-{:02}", local.year(), local.month(), local.day());
        }
        format!("{:02}-{:02} {clock}", local.month(), local.day())
    }

    /// Reads a time in words that must lie ahead.
    pub(in crate::tui) fn read_instant(&self, text: &str) -> Result<Timestamp, String> {
        read(text, self.now(), self.zone).map_err(|error| self.moment_error(text, &error))
    }

    /// Reads an end in words that must lie ahead: a day without a time lasts to its last minute.
    pub(in crate::tui) fn read_end(&self, text: &str) -> Result<Timestamp, String> {
        parse_end(text, self.now(), self.zone).map_err(|error| self.moment_error(text, &error))
    }

    /// Reads until when something rests: today lasts to its last minute.
    pub(in crate::tui) fn read_rest(&self, text: &str) -> Result<Timestamp, String> {
        parse_rest(text, self.now(), self.zone).map_err(|error| self.moment_error(text, &error))
    }

    /// Reads a time in words that has passed.
    pub(in crate::tui) fn read_past(&self, text: &str) -> Result<Timestamp, String> {
        parse_past(text, self.now(), self.zone).map_err(|error| self.moment_error(text, &error))
    }

    fn moment_error(&self, text: &str, error: &MomentError) -> String {
        if text.trim().is_empty() {
            return self.text(Words::HowWhen).to_owned();
        }
        error.message(self.lang)
    }

    /// Reads a follow-up: the longest beginning that is a time, then what to do; a text that begins with no time at
    /// all is for now.
    ///
    /// # Errors
    /// Nothing typed, or a beginning that is a time nobody can mean: past, on no clock and in no calendar, or a date word
    /// with a slip in it.
    pub(in crate::tui) fn read_follow(&self, text: &str) -> Result<Follow, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(self.text(Words::HowFollow).to_owned());
        }
        let spaces = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
        let mut ends: Vec<usize> = spaces.take(3).collect();
        ends.push(text.len());
        for end in ends.into_iter().rev() {
            let (head, rest) = text.split_at(end);
            match read(head, self.now(), self.zone) {
                Ok(at) => return Ok(Follow { at, words: rest.trim().to_owned(), is_timed: true }),
                Err(error)
                    if !matches!(
                        error.kind,
                        // 最近3天 没回 are words
                        MomentErrorKind::Unknown(_) | MomentErrorKind::Empty | MomentErrorKind::Stretch(_)
                    ) =>
                {
                    return Err(error.message(self.lang));
                }
                Err(_) => {}
            }
        }
        let unspaced = self.read_unspaced(text);
        let first = text.split_whitespace().next().unwrap_or_default();
        if unspaced.is_none()
            && means_a_day(first)
            && let Err(error) = read(first, self.now(), self.zone)
        {
            return Err(error.message(self.lang));
        }
        let (at, words) = unspaced.unwrap_or((self.now(), text));
        Ok(Follow { at, words: words.trim().to_owned(), is_timed: words.len() < text.len() })
    }

    /// A time that runs into the words behind it, 明天问, 今晚八点直播: only where it cannot be the beginning of those
    /// words, as in 明天的货, 3天套餐, 5号楼.
    fn read_unspaced<'a>(&self, text: &'a str) -> Option<(Timestamp, &'a str)> {
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(1).take(LONGEST_TIME).collect();
        ends.into_iter().rev().find_map(|end| {
            let (head, rest) = text.split_at(end);
            let (last, next) = (head.chars().next_back()?, rest.chars().next()?);
            let one_word = last.is_ascii_alphanumeric() && next.is_ascii_alphanumeric();
            let counts = head.starts_with(|c: char| c.is_numeric() || CJK_DIGITS.contains(c))
                && "天日号號周週月年分时時".contains(last)
                && !head.contains(['-', '/'])
                && !(head.contains('月') && last != '月');
            if one_word || counts || last == '的' || "的之前内內起".contains(next) {
                return None;
            }
            Some((read(head, self.now(), self.zone).ok()?, rest))
        })
    }
}

/// A follow-up as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Follow {
    pub at: Timestamp,
    pub words: String,
    /// A time was typed; else it is now.
    pub is_timed: bool,
}

/// Characters of the longest time that is looked for before words: `2027年12月25日 晚上12点30分`.
const LONGEST_TIME: usize = 24;

const CJK_DIGITS: &str = "一二两兩三四五六七八九十半";

/// Reads a time in words that lies ahead, or now.
pub(super) fn read(text: &str, now: Timestamp, zone: Tz) -> Result<Timestamp, MomentError> {
    if names_now(text) {
        return Ok(now);
    }
    parse_moment(text, now, zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::time::{DAY, HOUR};

    /// 2026-11-22 14:03 in Shanghai, a Sunday.
    const NOW: Timestamp = Timestamp(1_795_327_380_000);

    #[test]
    fn relative_times_are_short() {
        let check = |ms: i64, expected: &str| {
            assert_eq!(due(Timestamp(NOW.0 + ms), NOW, Tz::Asia__Shanghai, Lang::ZhCn), expected);
        };
        check(-8 * MINUTE, "-8分");
        check(-30_000, "现在");
        check(30_000, "现在");
        check(2 * MINUTE, "2分");
        check(5 * HOUR, "5时");
        check(12 * HOUR, "明天");
        check(-3 * DAY, "-3天");
        check(-15 * HOUR, "-1天");
        check(9 * DAY, "12-01");
        assert_eq!(weekday(NOW, Tz::Asia__Shanghai, Lang::ZhCn), "周日");
    }

    #[test]
    fn a_follow_up_begins_with_the_longest_time() {
        let mut state = State::new(crate::tui::state::Start::default());
        state.set_now(NOW);
        let check = |text: &str, at: &str, words: &str| {
            let read = state.read_follow(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((state.say_instant(read.at).as_str(), read.words.as_str()), (at, words), "{text}");
        };
        check("明天 10:00 问奶粉", "明天 10:00", "问奶粉");
        check("现在 发个早安", "今天 14:03", "发个早安");
        check("3天后 回访 一下", "11-25 周三 14:03", "回访 一下");
        check("今晚八点直播，鸡蛋半价", "今天 20:00", "直播，鸡蛋半价");
        check("明天问", "明天 09:00", "问");
        check("明天10:00问奶粉", "明天 10:00", "问奶粉");
        check("3天后回访", "11-25 周三 14:03", "回访");
        check("12月24日发货", "12-24 周四 09:00", "发货");
        for text in ["问奶粉", "明天的货", "3天套餐 问价", "5号楼取货", "monkey", "8折券 问", "昨天补货的事"]
        {
            check(text, "今天 14:03", text);
            assert_eq!(state.read_follow(text).map(|read| read.is_timed), Ok(false), "{text}");
        }
        for (text, why) in [
            ("昨天 10:00 补", "这个时间已经过去"),
            ("昨天", "这个时间已经过去"),
            ("明天 25:00 问", "没有“25:00”这个时间"),
            ("02-30 问", "没有“02-30”这一天"),
            ("周十 买奶粉", "看不懂“周十”; 是不是“周一”?"),
            ("tomorow 问", "看不懂“tomorow”; 是不是“tomorrow”?"),
        ] {
            assert_eq!(state.read_follow(text), Err(why.to_owned()), "{text}");
        }
        assert!(state.read_follow(" ").is_err());
    }
}
