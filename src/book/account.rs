//! Accounts: the identities that humans send from.

use serde::{Deserialize, Serialize};

use super::id::AccountId;
use super::time::Timestamp;

closed! {
    /// Where an account lives and how it reaches people.
    pub enum Platform {
        Wechat = "wechat", "微信", "微信", ["wx", "weixin"];
        Wecom = "wecom", "企微", "企微", ["企业微信", "qywx", "wework"];
        Qq = "qq", "QQ", "QQ";
        OfficialAccount = "mp", "公众号", "公眾號";
        Channels = "channels", "视频号", "影音號";
        Douyin = "douyin", "抖音", "抖音";
        Kuaishou = "kuaishou", "快手", "快手";
        Xiaohongshu = "xiaohongshu", "小红书", "小紅書", ["rednote"];
        Weibo = "weibo", "微博", "微博";
        Taobao = "taobao", "淘宝", "淘寶";
        App = "app", "APP", "APP";
        Phone = "phone", "电话", "電話";
    }
}

impl Platform {
    /// How many chats one forward reaches: 9 on WeChat and WeCom; one elsewhere.
    pub const fn forward_limit(self) -> usize {
        match self {
            Self::Wechat | Self::Wecom | Self::Qq => 9,
            _ => 1,
        }
    }
}

/// What an account may do at the moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Everything.
    #[default]
    Normal,
    /// Something is refused by the platform until a time, or until told otherwise.
    Limited { what: String, until: Option<Timestamp> },
    /// Lost for now.
    Banned,
    /// No longer used by us.
    Retired,
}

/// One identity that a human sends or posts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    /// What we call it: 手机1, 小完子.
    pub name: String,
    pub platform: Platform,
    /// 人设: the name it signs with; `{{ me }}`.
    #[serde(default)]
    pub persona: String,
    /// Which phone or computer it runs on.
    #[serde(default)]
    pub device: String,
    /// 持有人: who has the device.
    #[serde(default)]
    pub holder: String,
    #[serde(default)]
    pub health: Health,
    /// IANA zone; empty means the store's.
    #[serde(default)]
    pub zone: String,
    #[serde(default)]
    pub note: String,
    pub created_at: Timestamp,
    #[serde(default)]
    pub archived: bool,
}

impl Account {
    /// An account of which only name and platform are known.
    pub fn new(id: AccountId, name: impl Into<String>, platform: Platform, now: Timestamp) -> Self {
        Self {
            id,
            name: name.into(),
            platform,
            persona: String::new(),
            device: String::new(),
            holder: String::new(),
            health: Health::Normal,
            zone: String::new(),
            note: String::new(),
            created_at: now,
            archived: false,
        }
    }
}
