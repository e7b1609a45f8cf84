//! Rules of the store: caps and quiet hours, as `rules.toml` and the journal keep them.

use serde::{Deserialize, Serialize};

use super::touch::Class;

/// A daily span in which nothing is offered, in the local time of whom it protects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// Minutes after 00:00, 0-1439.
    pub from: u16,
    /// Minutes after 00:00, 1-1440; not after `from` means the next day.
    pub to: u16,
    /// Bit 0 is Monday; 0 means every day. The day is the one the span begins on.
    #[serde(default)]
    pub days: u8,
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
    #[serde(default)]
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
