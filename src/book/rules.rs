//! Rules of the store: caps and quiet hours, as `rules.toml` and the journal keep them.

use serde::{Deserialize, Serialize};

use super::sending::{Limits, Pace, TextRules};
use super::time::{MINUTE, Timestamp};
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
    /// Bit 0 is Monday; 0 means every day; or a kind of day ([`super::days::ON_WORKDAYS`]). The day is the one the span
    /// begins on.
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
    /// What a rule is about: over what a cap counts, whom quiet hours protect.
    pub enum CapScope {
        Store = "store", "门店", "門店", ["全店"];
        Member = "member", "成员", "成員";
        Group = "group", "群", "群";
        Account = "account", "账号", "帳號", ["帐号", "賬號"];
        Playbook = "playbook", "SOP", "SOP";
    }
}

/// Whom a rule is about: each of a kind (`group`), or one of them by name (`group:宠友1群`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleScope {
    pub of: CapScope,
    /// A name, alias or id as typed; empty means each of the kind. Who bears it is looked up when the rule is used,
    /// so that a name may come later than the rule.
    pub name: String,
}

impl RuleScope {
    /// Each of a kind.
    pub const fn each(of: CapScope) -> Self {
        Self { of, name: String::new() }
    }

    /// Reads `member`, `群`, `account:手机1`; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let Some((of, name)) = text.split_once([':', '：']) else {
            return CapScope::parse(text).map(Self::each);
        };
        let (of, name) = (CapScope::parse(of)?, name.trim());
        (!name.is_empty() && of != CapScope::Store).then(|| Self { of, name: name.to_owned() })
    }
}

impl Default for RuleScope {
    fn default() -> Self {
        Self::each(CapScope::Store)
    }
}

impl std::fmt::Display for RuleScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.of.word())?;
        if self.name.is_empty() { Ok(()) } else { write!(f, ":{}", self.name) }
    }
}

impl Serialize for RuleScope {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RuleScope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format_args!("no scope {text:?}")))
    }
}

/// Quiet hours as a rule of the store: of everybody, or of whom they name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietRule {
    /// As in [`QuietHours`].
    #[serde(with = "clock")]
    pub from: u16,
    #[serde(with = "clock")]
    pub to: u16,
    #[serde(default, with = "super::days::words")]
    pub days: u8,
    #[serde(default)]
    pub scope: RuleScope,
    /// A filter; whom it matches is not protected by these hours.
    #[serde(default)]
    pub except: String,
}

impl QuietRule {
    /// The hours alone.
    pub const fn hours(&self) -> QuietHours {
        QuietHours { from: self.from, to: self.to, days: self.days }
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
    pub scope: RuleScope,
    /// Classes it counts and holds; empty means marketing and care.
    #[serde(default)]
    pub class: Vec<Class>,
    /// How many; 0 for as many as the span has days, written `"days"`.
    #[serde(with = "many")]
    pub n: u32,
    pub per: Span,
    /// Least minutes between two touches; 0 means none.
    #[serde(default)]
    pub gap: u32,
    /// A filter; whom it matches is not held by this cap.
    #[serde(default)]
    pub except: String,
    /// Where the number comes from and when it was read there.
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub date: String,
}

impl Cap {
    /// From when on a touch may still be too near to what is said at an instant; none where no distance is kept.
    pub fn keeps_from(&self, at: Timestamp) -> Option<Timestamp> {
        let gap = i64::from(self.gap) * MINUTE;
        (gap > 0).then(|| Timestamp(at.0.saturating_sub(gap)))
    }
}

/// How many a cap lets through: a number, or `days`.
mod many {
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    /// As many as there are days.
    const DAYS: &str = "days";

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
    pub(super) fn serialize<S: Serializer>(n: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        if *n == 0 { serializer.serialize_str(DAYS) } else { serializer.serialize_u32(*n) }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        struct Many;
        impl Visitor<'_> for Many {
            type Value = u32;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number from 1, or \"days\"")
            }
            fn visit_u64<E: Error>(self, n: u64) -> Result<u32, E> {
                u32::try_from(n).map_err(E::custom)
            }
            fn visit_i64<E: Error>(self, n: i64) -> Result<u32, E> {
                u32::try_from(n).map_err(E::custom)
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<u32, E> {
                if text == DAYS {
                    Ok(0)
                } else {
                    Err(E::invalid_value(serde::de::Unexpected::Str(text), &self))
                }
            }
        }
        deserializer.deserialize_any(Many)
    }
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
    pub quiet: Vec<QuietRule>,
    /// Written `[[cap]]`.
    #[serde(default, rename = "cap")]
    pub caps: Vec<Cap>,
    /// How many 加好友 to-dos an account gets per day.
    #[serde(default = "default_add_friend_per_day")]
    pub add_friend_per_day: u32,
    /// How fast one account sends.
    #[serde(default)]
    pub pace: Pace,
    /// What texts are looked at for.
    #[serde(default)]
    pub text: TextRules,
    /// What platforms take at a time, and how many.
    #[serde(default)]
    pub limits: Limits,
    /// Lunar birthdays that a year does not have.
    #[serde(default)]
    pub lunar: Customs,
}

/// What becomes of a lunar date that a year does not have, written `[lunar]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Customs {
    /// A date in a leap month that a year lacks falls in the plain month of that number.
    pub leap_falls_in_plain: bool,
    /// The thirtieth of a short month falls on its 29th.
    pub thirtieth_falls_on_last: bool,
}

impl Default for Customs {
    fn default() -> Self {
        Self { leap_falls_in_plain: true, thirtieth_falls_on_last: true }
    }
}

/// Friend requests a day that no source we know calls risky; editable.
const fn default_add_friend_per_day() -> u32 {
    15
}

impl Rules {
    /// Quiet hours that protect everybody without exception.
    pub fn quiet_for_all(&self) -> Vec<QuietHours> {
        let all = self.quiet.iter().filter(|rule| rule.scope.of == CapScope::Store && rule.except.is_empty());
        all.map(QuietRule::hours).collect()
    }
}

impl Default for Rules {
    /// Asia/Shanghai, quiet from 22:00 to 08:00, one marketing or care touch a member and day, five a group.
    fn default() -> Self {
        let night = QuietRule {
            from: 22 * 60,
            to: 8 * 60,
            days: 0,
            scope: RuleScope::default(),
            except: String::new(),
        };
        let cap = |scope, n, per, source: &str| Cap {
            scope: RuleScope::each(scope),
            except: String::new(),
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
            quiet: vec![night],
            caps: vec![
                cap(
                    CapScope::Member,
                    1,
                    Span::Day,
                    "one a day and customer (WeCom group sending, admin setting)",
                ),
                cap(CapScope::Member, 0, Span::Month, "as many a month as it has days (WeCom group sending)"),
                Cap {
                    // WeChat's own groups have no such limit
                    except: "-platform:wecom".to_owned(),
                    ..cap(
                        CapScope::Group,
                        0,
                        Span::Month,
                        "as many a month as it has days, a customer group (WeCom group sending)",
                    )
                },
                cap(
                    CapScope::Group,
                    5,
                    Span::Day,
                    "at most five marketing messages a day in a group (practice)",
                ),
            ],
            add_friend_per_day: default_add_friend_per_day(),
            pace: Pace::default(),
            text: TextRules::default(),
            limits: Limits::default(),
            lunar: Customs::default(),
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
        assert_eq!((&rules.caps[0].scope, rules.caps[0].n), (&RuleScope::each(CapScope::Group), 3));
        let again: Rules = toml::from_str(&toml::to_string(&rules).unwrap()).unwrap();
        assert_eq!(again, rules);
        let bytes = rmp_serde::to_vec_named(&rules).unwrap();
        assert_eq!(crate::book::packed::unpack::<Rules>(&bytes).unwrap(), rules);
        let positions = rmp_serde::to_vec(&rules).unwrap();
        assert_eq!(crate::book::packed::unpack::<Rules>(&positions).unwrap(), rules);
        for wrong in ["25:00", "22:60", "noon", ""] {
            assert!(toml::from_str::<Rules>(&text.replace("22:30", wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_scope_names_each_or_one() {
        let check = |text: &str, expected: Option<(CapScope, &str)>| {
            let found = RuleScope::parse(text);
            assert_eq!(found.as_ref().map(|scope| (scope.of, scope.name.as_str())), expected, "{text}");
            if let Some(found) = found {
                assert_eq!(RuleScope::parse(&found.to_string()), Some(found), "{text}");
            }
        };
        check("member", Some((CapScope::Member, "")));
        check("群", Some((CapScope::Group, "")));
        check("账号：手机1", Some((CapScope::Account, "手机1")));
        check("group: 宠友:1群", Some((CapScope::Group, "宠友:1群")));
        for wrong in ["", "everybody", "group:", "store:总店", "tag:VIP"] {
            check(wrong, None);
        }
    }
}
