//! Chat groups.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::{AccountId, GroupId};
use super::rules::QuietHours;
use super::time::Timestamp;

/// What can be done in a group at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupState {
    #[default]
    Live,
    /// Nobody may speak for now.
    Frozen,
    /// Nobody more can join.
    Full,
    Dissolved,
    MergedInto(GroupId),
}

impl GroupState {
    /// True where something can still be said.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Live | Self::Full)
    }
}

/// One chat group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    /// The main account in it; none means nobody can post there yet.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// Our other accounts in it.
    #[serde(default)]
    pub speakers: Vec<AccountId>,
    /// How many it can hold; 0 means unknown.
    #[serde(default)]
    pub capacity: u32,
    /// How many are in it, as last typed or imported.
    #[serde(default)]
    pub head_count: Option<u32>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub aliases: Vec<String>,
    /// IANA zone; empty means the main account's, else the store's.
    #[serde(default)]
    pub zone: String,
    #[serde(default)]
    pub quiet: Vec<QuietHours>,
    #[serde(default)]
    pub state: GroupState,
    /// 查找词: finds this chat and no other; empty means the name.
    #[serde(default)]
    pub search_term: String,
    /// The platform's own id of the chat, where an import gave it.
    #[serde(default)]
    pub chat_id: String,
    #[serde(default)]
    pub note: String,
    pub created_at: Timestamp,
    #[serde(default)]
    pub archived: bool,
    /// The local day its QR code was made on; none where nobody keeps one.
    #[serde(default)]
    pub qr: Option<NaiveDate>,
}

impl Group {
    /// A group of which only the name is known.
    pub fn new(id: GroupId, name: impl Into<String>, now: Timestamp) -> Self {
        Self {
            id,
            name: name.into(),
            account: None,
            speakers: Vec::new(),
            capacity: 0,
            head_count: None,
            tags: Vec::new(),
            aliases: Vec::new(),
            zone: String::new(),
            quiet: Vec::new(),
            state: GroupState::Live,
            search_term: String::new(),
            chat_id: String::new(),
            note: String::new(),
            created_at: now,
            archived: false,
            qr: None,
        }
    }
}

/// For how many days a group's QR code lets people in on WeChat.
pub const QR_DAYS: i64 = 7;

/// From how many percent of its capacity a group is nearly full.
pub const NEARLY_FULL: u32 = 90;

impl Group {
    /// Whether it is nearly full; what is not known is not full.
    pub fn is_nearly_full(&self) -> bool {
        let heads = u64::from(self.head_count.unwrap_or(0));
        self.capacity > 0 && heads * 100 >= u64::from(self.capacity) * u64::from(NEARLY_FULL)
    }
}
