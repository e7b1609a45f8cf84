//! Accounts: the identities that humans send from.

use serde::{Deserialize, Serialize};

use super::id::AccountId;
use super::rules::QuietHours;
use super::task::{Task, TaskKind};
use super::time::Timestamp;
use super::touch::Via;

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

/// What an account may do at the moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Everything.
    #[default]
    Normal,
    /// Something is refused by the platform until a time, or until told otherwise. `what` is a word of [`Channel`];
    /// any other word means everything.
    Limited { what: String, until: Option<Timestamp> },
    /// Lost for now.
    Banned,
    /// No longer used by us.
    Retired,
    /// A limit is over since then: for some days only a share of its cap is offered.
    Recovering { since: Timestamp },
}

closed! {
    /// What a platform refuses an account.
    pub enum Channel {
        All = "all", "全部", "全部", ["所有"];
        Private = "private", "私聊", "私聊", ["私信"];
        Group = "group", "群聊", "群聊", ["群发", "群發", "群"];
        Moments = "moments", "朋友圈", "朋友圈";
        Post = "post", "发布", "發佈";
        Call = "call", "电话", "電話";
        AddFriend = "add-friend", "加好友", "加好友", ["加人"];
    }
}

impl Channel {
    /// The channel that a task goes by; none for work among ourselves, which no platform refuses.
    pub const fn of(task: &Task) -> Option<Self> {
        Self::by(task.via, matches!(task.kind, TaskKind::AddFriend { .. }))
    }

    /// The channel of what is done by a way, or asks somebody to be a friend.
    pub const fn by(via: Via, asks_friend: bool) -> Option<Self> {
        Some(match via {
            _ if asks_friend => Self::AddFriend,
            Via::Private => Self::Private,
            Via::Group => Self::Group,
            Via::Moments => Self::Moments,
            Via::Post => Self::Post,
            Via::Call => Self::Call,
            Via::Internal => return None,
        })
    }
}

impl std::fmt::Display for Health {
    /// `normal`, `limited:private`, with its end in milliseconds `limited@1790000000000:private`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Normal => f.write_str("normal"),
            Self::Limited { what, until } => {
                f.write_str("limited")?;
                until.map_or(Ok(()), |until| write!(f, "@{}", until.0))?;
                if what.is_empty() { Ok(()) } else { write!(f, ":{what}") }
            }
            Self::Banned => f.write_str("banned"),
            Self::Retired => f.write_str("retired"),
            Self::Recovering { since } => write!(f, "recovering@{}", since.0),
        }
    }
}

impl Health {
    /// Reads what its `Display` writes; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (state, what) = text.split_once(':').unwrap_or((text, ""));
        let (state, at) = match state.split_once('@') {
            Some((state, at)) => (state, Some(Timestamp(at.parse().ok()?))),
            None => (state, None),
        };
        Some(match (state, at) {
            ("" | "normal", None) => Self::Normal,
            ("limited", until) => Self::Limited { what: what.to_owned(), until },
            ("banned", None) => Self::Banned,
            ("retired", None) => Self::Retired,
            ("recovering", Some(since)) => Self::Recovering { since },
            _ => return None,
        })
    }

    /// What is refused; none where nothing is.
    pub fn refuses(&self) -> Option<Channel> {
        match self {
            Self::Normal | Self::Recovering { .. } => None,
            Self::Limited { what, .. } => Some(Channel::parse(what).unwrap_or(Channel::All)),
            Self::Banned | Self::Retired => Some(Channel::All),
        }
    }

    /// Whether a task can not be done with an account like this.
    pub fn holds(&self, task: &Task) -> bool {
        self.holds_by(Channel::of(task))
    }

    /// The same of whatever goes by a channel.
    pub fn holds_by(&self, channel: Option<Channel>) -> bool {
        match (self.refuses(), channel) {
            (Some(Channel::All), of) => of.is_some() || matches!(self, Self::Banned | Self::Retired),
            (Some(refused), Some(of)) => refused == of,
            _ => false,
        }
    }

    /// Whether an account like this cannot say something at an instant to come, if nobody changes it before.
    pub fn silences(&self, via: Via, at: Timestamp) -> bool {
        let is_over = matches!(self, Self::Limited { until: Some(until), .. } if *until <= at);
        !is_over && self.holds_by(Channel::by(via, false))
    }
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
    /// When nothing is offered to be sent from it, in its own zone.
    #[serde(default)]
    pub quiet: Vec<QuietHours>,
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
            quiet: Vec::new(),
        }
    }
}
