//! Touches: a person's statement that something was sent, with the exact text.

use serde::{Deserialize, Serialize};

use super::id::{AccountId, GroupId, MemberId, PlaybookId, TaskId, TouchId};
use super::time::{Stated, Timestamp};

closed! {
    /// What kind of message, which decides about caps and quiet hours.
    pub enum Class {
        Marketing = "marketing", "营销", "行銷";
        Care = "care", "关怀", "關懷";
        Service = "service", "服务", "服務";
        Incident = "incident", "突发", "突發";
    }
}

closed! {
    /// By which way something is said or done.
    pub enum Via {
        Private = "private", "私聊", "私聊";
        Group = "group", "群发", "群發", ["群"];
        Moments = "moments", "朋友圈", "朋友圈";
        Post = "post", "发布", "發佈";
        Call = "call", "电话", "電話";
        Internal = "internal", "内部", "內部";
    }
}

/// That a human sent something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    pub id: TouchId,
    pub task: TaskId,
    #[serde(default)]
    pub member: Option<MemberId>,
    #[serde(default)]
    pub group: Option<GroupId>,
    /// The account it was sent from; none for internal work.
    #[serde(default)]
    pub account: Option<AccountId>,
    #[serde(default)]
    pub playbook: Option<PlaybookId>,
    #[serde(default)]
    pub step: String,
    /// Which wording, so that variants rotate.
    #[serde(default)]
    pub variant: u16,
    pub via: Via,
    pub class: Class,
    /// Exactly what was copied or shown; empty where nothing is said in words.
    pub text: String,
    /// What each part said, in their order, where `text` alone does not tell: a part that is done by hand by what it was
    /// filled with. Empty where there was one part, and in what was sent before parts were kept apart.
    #[serde(default)]
    pub said: Vec<String>,
    /// Its step's own words, filled with answers of a form: it is found by them, whatever the form says since.
    #[serde(default)]
    pub filled: bool,
    /// When the human says it was sent.
    pub sent_at: Stated,
    /// When they said so.
    pub marked_at: Timestamp,
    pub by: String,
    /// 我也发了: a second human sent the same task.
    #[serde(default)]
    pub duplicate: bool,
    /// Said within the message of another task: it counts for freshness, and not again for caps.
    #[serde(default)]
    pub with: Option<TaskId>,
}
