//! Rules of the store: caps and quiet hours, as `rules.toml` and the journal keep them.

use serde::{Deserialize, Serialize};

use super::touch::Class;

/// A daily span in which nothing is offered, in the local time of whom it protects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// Minutes after 00:00, 0-1439; written `22:00` where people read.
    #[serde(with = "clock")]
    pub from: u16,
    /// Minutes after 00:00, 1-1440; not after `from` means the next day.
    #[serde(with = "clock")]
    pub to: u16,
    /// Bit 0 is Monday; 0 means every day. The day is the one the span begins on.
    #[serde(default)]
    pub days: u8,
}

/// Minutes after 00:00: a number in the journal, `22:00` in files that people write.
pub mod clock {
    use serde::{Deserializer, Serializer, de};
    use std::fmt;

    pub fn serialize<S: Serializer>(minutes: &u16, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(&format_args!("{:02}:{:02}", minutes / 60, minutes % 60))
        } else {
            serializer.serialize_u16(*minutes)
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
        deserializer.deserialize_any(Clock)
    }

    struct Clock;

    impl de::Visitor<'_> for Clock {
        type Value = u16;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a time of day such as \"22:00\"")
        }

        fn visit_u64<E: de::Error>(self, minutes: u64) -> Result<u16, E> {
            u16::try_from(minutes)
                .ok()
                .filter(|m| *m <= 1440)
                .ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(minutes), &self))
        }

        fn visit_i64<E: de::Error>(self, minutes: i64) -> Result<u16, E> {
            u64::try_from(minutes)
                .map_err(|_| E::invalid_value(de::Unexpected::Signed(minutes), &self))
                .and_then(|minutes| self.visit_u64(minutes))
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<u16, E> {
            let wrong = || E::invalid_value(de::Unexpected::Str(text), &self);
            let (hours, minutes) = text.split_once(':').ok_or_else(wrong)?;
            let (hours, minutes): (u16, u16) =
                (hours.parse().map_err(|_| wrong())?, minutes.parse().map_err(|_| wrong())?);
            if hours <= 24 && minutes < 60 && hours * 60 + minutes <= 1440 {
                Ok(hours * 60 + minutes)
            } else {
                Err(wrong())
            }
        }
    }
}

closed! {
    /// Over what a cap counts.
    pub enum CapScope {
        Member = "member", "成员", "成員";
        Group = "group", "群", "群";
        Account = "account", "账号", "帳號";
    }
}

closed! {
    /// A calendar span or rolling hour that a cap counts within.
    pub enum Span {
        Hour = "hour", "小时", "小時";
        Day = "day", "天", "天";
        Week = "week", "周", "週";
        Month = "month", "月", "月";
    }
}

/// How many touches are offered per span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    pub scope: CapScope,
    /// Classes it counts and holds; empty means marketing and care.
    #[serde(default)]
    pub class: Vec<Class>,
    pub n: u32,
    pub per: Span,
    /// Least minutes between two touches; 0 means none.
    #[serde(default)]
    pub gap: u32,
    /// Where the number comes from and when it was read there.
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub date: String,
}

/// What the store's managers decided for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// IANA zone of the store.
    pub zone: String,
    /// `{{ shop }}`.
    #[serde(default)]
    pub shop: String,
    #[serde(default)]
    pub quiet: Vec<QuietHours>,
    /// Written `[[cap]]`.
    #[serde(default, rename = "cap")]
    pub caps: Vec<Cap>,
    /// How many 加好友 to-dos an account gets per day.
    #[serde(default = "default_add_friend_per_day")]
    pub add_friend_per_day: u32,
}

/// Friend requests a day that no source we know calls risky; editable.
const fn default_add_friend_per_day() -> u32 {
    15
}

impl Default for Rules {
    /// Asia/Shanghai, quiet from 22:00 to 08:00, one marketing or care touch a member and day, five a group.
    fn default() -> Self {
        let cap = |scope, n, per, source: &str| Cap {
            scope,
            class: Vec::new(),
            n,
            per,
            gap: 0,
            source: source.to_owned(),
            date: "2025-11-17".to_owned(),
        };
        Self {
            zone: "Asia/Shanghai".to_owned(),
            shop: String::new(),
            quiet: vec![QuietHours { from: 22 * 60, to: 8 * 60, days: 0 }],
            caps: vec![
                cap(
                    CapScope::Member,
                    1,
                    Span::Day,
                    "one a day and customer (WeCom group sending, admin setting)",
                ),
                cap(
                    CapScope::Member,
                    30,
                    Span::Month,
                    "as many a month as it has days (WeCom group sending)",
                ),
                cap(
                    CapScope::Group,
                    5,
                    Span::Day,
                    "at most five marketing messages a day in a group (practice)",
                ),
            ],
            add_friend_per_day: default_add_friend_per_day(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rules_file_is_written_as_people_write_it() {
        let text = "zone = \"Asia/Shanghai\"\n[[quiet]]\nfrom = \"22:30\"\nto = \"07:00\"\n\
                    [[cap]]\nscope = \"group\"\nn = 3\nper = \"day\"\n";
        let rules: Rules = toml::from_str(text).unwrap();
        assert_eq!((rules.quiet[0].from, rules.quiet[0].to), (22 * 60 + 30, 7 * 60));
        assert_eq!((rules.caps[0].scope, rules.caps[0].n), (CapScope::Group, 3));
        let again: Rules = toml::from_str(&toml::to_string(&rules).unwrap()).unwrap();
        assert_eq!(again, rules);
        let bytes = rmp_serde::to_vec_named(&rules).unwrap();
        assert_eq!(rmp_serde::from_slice::<Rules>(&bytes).unwrap(), rules);
        for wrong in ["25:00", "22:60", "noon", ""] {
            assert!(toml::from_str::<Rules>(&text.replace("22:30", wrong)).is_err(), "{wrong}");
        }
    }
}
