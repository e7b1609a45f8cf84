//! Members: one human each, whatever groups, accounts and platforms know them.

use serde::{Deserialize, Serialize};

use super::account::Platform;
use super::id::{MemberId, ProductId};
use super::money::Money;
use super::rules::QuietHours;
use super::time::Timestamp;

closed! {
    /// Where somebody stands with us.
    pub enum Stage {
        Lead = "lead", "线索", "線索";
        New = "new", "新客", "新客";
        Active = "active", "活跃", "活躍";
        Customer = "customer", "成交", "成交";
        Repeat = "repeat", "复购", "復購";
        Silent = "silent", "沉默", "沉默";
        Lost = "lost", "流失", "流失";
    }
}

/// How a platform knows somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Handle {
    pub platform: Platform,
    /// The platform's id: wxid, external_userid, QQ number, phone number.
    pub id: String,
}

/// A birthday: month and day, the year where known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birthday {
    pub year: Option<i32>,
    /// 1-12.
    pub month: u8,
    /// 1-31; 1-30 in the lunar calendar.
    pub day: u8,
    /// True for the lunar calendar.
    #[serde(default)]
    pub lunar: bool,
    /// True for a leap lunar month.
    #[serde(default)]
    pub leap: bool,
}

impl Birthday {
    /// Reads `1990-05-06`, `05-06`, `农历08-03`, `农历1990-08-03`, `农历闰06-01`; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (lunar, rest) = text.strip_prefix("农历").map_or((false, text), |rest| (true, rest));
        let (leap, rest) = rest.strip_prefix('闰').map_or((false, rest), |rest| (true, rest));
        let mut parts: Vec<&str> = rest.split('-').collect();
        let day: u8 = parts.pop()?.trim().parse().ok()?;
        let month: u8 = parts.pop()?.trim().parse().ok()?;
        let year: Option<i32> = match parts.pop() {
            Some(year) => Some(year.trim().parse().ok()?),
            None => None,
        };
        let longest = if lunar { 30 } else { 31 };
        let whole =
            parts.is_empty() && (1..=12).contains(&month) && (1..=longest).contains(&day) && (lunar || !leap);
        // a year nobody living was born in is a typing fault, and 02-30 is no day
        let possible = lunar
            || chrono::NaiveDate::from_ymd_opt(year.unwrap_or(2000), u32::from(month), u32::from(day))
                .is_some();
        (whole && possible && year.is_none_or(|y| (1900..=2100).contains(&y))).then_some(Self {
            year,
            month,
            day,
            lunar,
            leap,
        })
    }
}

impl Birthday {
    /// As it is shown in a language; [`Birthday::parse`] reads what `Display` writes.
    pub fn said(&self, lang: crate::text::lang::Lang) -> String {
        use crate::text::lang::Lang;
        let text = self.to_string();
        match (lang, self.lunar) {
            (Lang::ZhTw, true) => text.replace("农历", "農曆").replace('闰', "閏"),
            (Lang::En, true) => text.replace("农历", "lunar ").replace('闰', "leap "),
            _ => text,
        }
    }
}

impl std::fmt::Display for Birthday {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.lunar { "农历" } else { "" })?;
        f.write_str(if self.leap { "闰" } else { "" })?;
        if let Some(year) = self.year {
            write!(f, "{year:04}-")?;
        }
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// One human.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: MemberId,
    /// The nickname they use.
    pub name: String,
    /// 备注: what we call them; first choice for `{{ name }}`.
    #[serde(default)]
    pub remark: String,
    /// 孩子名, 房号 and other names people ask for them by.
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub handles: Vec<Handle>,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub stage: Option<Stage>,
    #[serde(default)]
    pub birthday: Option<Birthday>,
    #[serde(default)]
    pub gender: String,
    /// What they want, for whom.
    #[serde(default)]
    pub needs: String,
    #[serde(default)]
    pub note: String,
    /// Who brought them.
    #[serde(default)]
    pub referrer: Option<MemberId>,
    /// Where they came from: a campaign, a shop counter, an import.
    #[serde(default)]
    pub source: String,
    /// IANA zone; empty means the store's.
    #[serde(default)]
    pub zone: String,
    #[serde(default)]
    pub quiet: Vec<QuietHours>,
    /// Set when a duplicate was merged into another member.
    #[serde(default)]
    pub merged_into: Option<MemberId>,
    pub created_at: Timestamp,
    #[serde(default)]
    pub archived: bool,
}

impl Member {
    /// Somebody of whom only the name is known.
    pub fn new(id: MemberId, name: impl Into<String>, now: Timestamp) -> Self {
        Self {
            id,
            name: name.into(),
            remark: String::new(),
            aliases: Vec::new(),
            handles: Vec::new(),
            phone: String::new(),
            tags: Vec::new(),
            stage: None,
            birthday: None,
            gender: String::new(),
            needs: String::new(),
            note: String::new(),
            referrer: None,
            source: String::new(),
            zone: String::new(),
            quiet: Vec::new(),
            merged_into: None,
            created_at: now,
            archived: false,
        }
    }

    /// What we call them: the remark, else the nickname.
    pub fn called(&self) -> &str {
        if self.remark.is_empty() { &self.name } else { &self.remark }
    }
}

/// A thing sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub id: ProductId,
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub price: Option<Money>,
    /// How many days one lasts; none means it does not run out.
    #[serde(default)]
    pub days_of_use: Option<u32>,
    #[serde(default)]
    pub archived: bool,
}

impl Product {
    /// A thing of which only the name is known.
    pub fn new(id: ProductId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            aliases: Vec::new(),
            unit: String::new(),
            price: None,
            days_of_use: None,
            archived: false,
        }
    }
}
