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
