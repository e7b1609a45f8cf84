//! Days as people write them: 周一至周五, 一三五, 周末, mon-fri; 工作日 and 休息日 of the calendar, with its make-up days.

/// Monday first, as the bits of a mask count them.
const CHINESE: &str = "一二三四五六日";

/// Their names in English: three letters and more of each.
const ENGLISH: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Monday to Friday.
const WORKDAYS: u8 = 0b001_1111;
/// Saturday and Sunday.
const WEEKEND: u8 = 0b110_0000;

/// Set in a mask of days that goes by the calendar of working days instead of by the week.
pub const BY_CALENDAR: u8 = 0b1000_0000;
/// Working days of the calendar, make-up days among them.
pub const ON_WORKDAYS: u8 = BY_CALENDAR | 0b01;
/// Days off of the calendar: weekends and holidays.
pub const ON_DAYS_OFF: u8 = BY_CALENDAR | 0b10;

/// True for a mask that says something: days of the week, or one of the two kinds of day.
pub const fn is_mask(mask: u8) -> bool {
    mask < BY_CALENDAR || mask == ON_WORKDAYS || mask == ON_DAYS_OFF
}

/// All days of several masks; none where days of the week and kinds of day are mixed, for they cannot be kept as one.
pub fn together(masks: &[u8]) -> Option<u8> {
    let kinds = masks.iter().filter(|mask| **mask & BY_CALENDAR != 0).count();
    match masks.iter().fold(0, |all, mask| all | mask) {
        _ if masks.is_empty() => None,
        // every day with anything else is every day
        _ if masks.contains(&0) => Some(0),
        all if kinds == masks.len() => Some(if all == ON_WORKDAYS | ON_DAYS_OFF { 0 } else { all }),
        all if kinds == 0 => Some(if all == WORKDAYS | WEEKEND { 0 } else { all }),
        _ => None,
    }
}

/// Reads days of the week: bit 0 is Monday, 0 is every day; or a kind of day, [`ON_WORKDAYS`] or [`ON_DAYS_OFF`]. None
/// for anything else.
///
/// Single days stand side by side (`周一三五`, `mon, wed`), spans with a dash, 至 or `to` between (`周一至周五`,
/// `fri-mon`).
pub fn parse_days(text: &str) -> Option<u8> {
    let folded = text.trim().to_lowercase();
    match folded.as_str() {
        "" | "每天" | "天天" | "daily" | "every day" | "everyday" | "all" => return Some(0),
        "工作日" | "上班日" | "workdays" | "workday" => return Some(ON_WORKDAYS),
        "休息日" | "节假日" | "節假日" | "放假日" | "days off" | "day off" => {
            return Some(ON_DAYS_OFF);
        }
        "weekdays" | "weekday" => return Some(WORKDAYS),
        "周末" | "週末" | "双休日" | "雙休日" | "weekend" | "weekends" => return Some(WEEKEND),
        _ => {}
    }
    let mut mask = 0_u8;
    let mut open_from: Option<u8> = None;
    let mut last: Option<u8> = None;
    let mut rest = folded.as_str();
    while !rest.is_empty() {
        if let Some(after) = strip_any(
            rest,
            &["周", "週", "星期", "礼拜", "禮拜", "、", ",", "，", ";", "；", "和", "与", "and ", " "],
        ) {
            rest = after;
        } else if let Some(after) = strip_any(rest, &["至", "到", "-", "~", "～", "—", "–", "to "]) {
            // a span needs a day on either side
            open_from = Some(last.filter(|_| open_from.is_none())?);
            rest = after;
        } else {
            let (day, after) = one_day(rest)?;
            mask |= match open_from.take() {
                Some(from) => span(from, day),
                None => 1 << day,
            };
            last = Some(day);
            rest = after;
        }
    }
    (mask != 0 && open_from.is_none()).then_some(if mask == WORKDAYS | WEEKEND { 0 } else { mask })
}

/// Days as [`parse_days`] reads them; empty for every day.
pub fn days_text(days: u8) -> String {
    match days & (WORKDAYS | WEEKEND) {
        _ if days == ON_WORKDAYS => "工作日".to_owned(),
        _ if days == ON_DAYS_OFF => "休息日".to_owned(),
        0 => String::new(),
        WORKDAYS => "周一至周五".to_owned(),
        WEEKEND => "周末".to_owned(),
        some => {
            let named = CHINESE.chars().enumerate().filter(|(day, _)| some & (1 << day) != 0);
            format!("周{}", named.map(|(_, name)| name).collect::<String>())
        }
    }
}

fn strip_any<'a>(text: &'a str, fronts: &[&str]) -> Option<&'a str> {
    fronts.iter().find_map(|front| text.strip_prefix(front))
}

/// One day at the front of a text, and what stands behind it.
fn one_day(text: &str) -> Option<(u8, &str)> {
    let first = text.chars().next()?;
    let first = if first == '天' { '日' } else { first };
    if let Some(day) = CHINESE.chars().position(|name| name == first) {
        return Some((u8::try_from(day).ok()?, text.get(first.len_utf8()..)?));
    }
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let day = ENGLISH.iter().position(|name| word.len() >= 3 && name.starts_with(word))?;
    Some((u8::try_from(day).ok()?, rest))
}

/// The days from one to another, over the end of the week where it must be.
fn span(from: u8, to: u8) -> u8 {
    let mut mask = 0;
    let mut day = from;
    loop {
        mask |= 1 << day;
        if day == to {
            return mask;
        }
        day = (day + 1) % 7;
    }
}

/// A mask as words in files that people write, a number in the journal and where a file has one.
pub mod words {
    use serde::{Deserializer, Serializer, de};
    use std::fmt;

    pub fn serialize<S: Serializer>(days: &u8, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&super::days_text(*days))
        } else {
            serializer.serialize_u8(*days)
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        deserializer.deserialize_any(Days)
    }

    struct Days;

    impl<'de> de::Visitor<'de> for Days {
        type Value = u8;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("days such as \"周一至周五\", \"周末\", \"一三五\" or \"mon-fri\"")
        }

        fn visit_u64<E: de::Error>(self, mask: u64) -> Result<u8, E> {
            u8::try_from(mask)
                .ok()
                .filter(|mask| super::is_mask(*mask))
                .ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(mask), &self))
        }

        fn visit_i64<E: de::Error>(self, mask: i64) -> Result<u8, E> {
            u64::try_from(mask)
                .map_err(|_| E::invalid_value(de::Unexpected::Signed(mask), &self))
                .and_then(|mask| self.visit_u64(mask))
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<u8, E> {
            super::parse_days(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<u8, A::Error> {
            let mut masks = Vec::new();
            while let Some(item) = items.next_element::<String>()? {
                let days = super::parse_days(&item)
                    .ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&item), &self))?;
                masks.push(days);
            }
            super::together(&masks).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Seq, &self))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_people_write_them() {
        let check = |text: &str, expected: Option<u8>| assert_eq!(parse_days(text), expected, "{text}");
        for text in ["", "每天", "daily", "周一至周日", "mon-sun", "一二三四五六日"] {
            check(text, Some(0));
        }
        for text in
            ["周一至周五", "周一到五", "一二三四五", "Mon-Fri", "weekdays", "monday to friday", "週一~週五"]
        {
            check(text, Some(0b001_1111));
        }
        for text in ["周末", "週末", "周六日", "星期六、星期天", "sat, sun", "weekend"] {
            check(text, Some(0b110_0000));
        }
        for text in
            ["一三五", "周一三五", "周一、周三、周五", "mon,wed,fri", "Mon Wed Fri", "礼拜一和礼拜三五"]
        {
            check(text, Some(0b001_0101));
        }
        for text in ["工作日", "workdays", " Workday "] {
            check(text, Some(ON_WORKDAYS));
        }
        for text in ["休息日", "节假日", "days off"] {
            check(text, Some(ON_DAYS_OFF));
        }
        check("周六至周一", Some(0b110_0001));
        check("fri-mon", Some(0b111_0001));
        check("周一", Some(1));
        for text in ["周", "周八", "mo", "funday", "一至", "至五", "周一至至五", "2026"] {
            check(text, None);
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for mask in 0..127 {
            assert_eq!(parse_days(&days_text(mask)), Some(mask), "{}", days_text(mask));
        }
        for mask in [ON_WORKDAYS, ON_DAYS_OFF] {
            assert_eq!(parse_days(&days_text(mask)), Some(mask));
        }
    }

    #[test]
    fn kinds_of_day_are_not_mixed_with_days_of_the_week() {
        assert_eq!(together(&[1, 2]), Some(3));
        assert_eq!(together(&[WORKDAYS, WEEKEND]), Some(0));
        assert_eq!(together(&[ON_WORKDAYS, 0]), Some(0));
        assert_eq!(together(&[ON_WORKDAYS, ON_DAYS_OFF]), Some(0));
        assert_eq!(together(&[ON_WORKDAYS, 1]), None);
        assert_eq!(together(&[]), None);
        assert!(is_mask(127) && is_mask(ON_DAYS_OFF) && !is_mask(BY_CALENDAR) && !is_mask(255));
    }
}
