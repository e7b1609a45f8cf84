//! Days of the week as people write them: 周一至周五, 一三五, 周末, workdays, mon-fri.

/// Monday first, as the bits of a mask count them.
const CHINESE: &str = "一二三四五六日";

/// Their names in English: three letters and more of each.
const ENGLISH: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Monday to Friday.
const WORKDAYS: u8 = 0b001_1111;
/// Saturday and Sunday.
const WEEKEND: u8 = 0b110_0000;

/// Reads days of the week: bit 0 is Monday, 0 is every day; none for anything else.
///
/// Single days stand side by side (`周一三五`, `mon, wed`), spans with a dash, 至 or `to` between (`周一至周五`,
/// `fri-mon`). A workday is Monday to Friday here; [`names_workdays`] tells that somebody meant the calendar's.
pub fn parse_days(text: &str) -> Option<u8> {
    let folded = text.trim().to_lowercase();
    match folded.as_str() {
        "" | "每天" | "天天" | "daily" | "every day" | "everyday" | "all" => return Some(0),
        "工作日" | "workdays" | "workday" | "weekdays" | "weekday" => return Some(WORKDAYS),
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

/// True where the words mean the calendar's workdays, with their make-up days.
pub fn names_workdays(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "工作日" | "workdays" | "workday")
}

/// Days as [`parse_days`] reads them; empty for every day.
pub fn days_text(days: u8) -> String {
    match days & (WORKDAYS | WEEKEND) {
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
                .filter(|mask| *mask < 128)
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
            let mut mask = 0;
            while let Some(item) = items.next_element::<String>()? {
                let days = super::parse_days(&item)
                    .ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&item), &self))?;
                if days == 0 {
                    return Ok(0);
                }
                mask |= days;
            }
            Ok(if mask == super::WORKDAYS | super::WEEKEND { 0 } else { mask })
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
        for text in [
            "周一至周五",
            "周一到五",
            "工作日",
            "一二三四五",
            "Mon-Fri",
            "weekdays",
            "monday to friday",
            "週一~週五",
        ] {
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
    }
}
