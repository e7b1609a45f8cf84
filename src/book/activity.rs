//! Activities: what happened to a member or a group, and how we know.

use serde::{Deserialize, Serialize};

use super::id::{AccountId, ActivityId, GroupId, MemberId};
use super::money::Money;
use super::time::Stated;

closed! {
    /// What happened.
    pub enum ActivityKind {
        Joined = "joined", "进群", "進群", ["入群"];
        Left = "left", "退群", "退群";
        Added = "added", "加好友", "加好友", ["加了", "通过"];
        Unfriended = "unfriended", "被删", "被刪", ["删好友"];
        Blocked = "blocked", "被拉黑", "被封鎖", ["拉黑"];
        Replied = "replied", "回复", "回覆", ["回了", "已回"];
        Bought = "bought", "下单", "下單", ["买了", "成交", "购买"];
        Refunded = "refunded", "退款", "退款", ["退货"];
        PickedUp = "picked-up", "提货", "提貨", ["已提"];
        CheckedIn = "checked-in", "打卡", "打卡", ["签到"];
        LeaveDay = "leave-day", "请假", "請假";
        Liked = "liked", "点赞", "按讚";
        Referred = "referred", "转介绍", "轉介紹";
        Complained = "complained", "投诉", "投訴";
        Renamed = "renamed", "改名", "改名";
        Tagged = "tagged", "打标签", "加標籤", ["标签"];
        Untagged = "untagged", "去标签", "去標籤";
        StageChanged = "stage-changed", "改阶段", "改階段", ["阶段"];
        HeadCount = "head-count", "人数", "人數";
        StateChanged = "state-changed", "群状态", "群狀態";
    }
}

closed! {
    /// How we know.
    pub enum Source {
        QuickEntry = "quick-entry", "速记", "速記";
        Import = "import", "导入", "匯入";
        Tally = "tally", "点名", "點名";
        Answer = "answer", "回答", "回答";
        Rule = "rule", "规则", "規則";
    }
}

/// Something that happened, as a human told it or an import showed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    pub id: ActivityId,
    pub kind: ActivityKind,
    #[serde(default)]
    pub member: Option<MemberId>,
    #[serde(default)]
    pub group: Option<GroupId>,
    #[serde(default)]
    pub account: Option<AccountId>,
    pub at: Stated,
    pub source: Source,
    /// Order number, row of the import: what makes a second report of the same thing recognisable.
    #[serde(default)]
    pub reference: String,
    #[serde(default)]
    pub amount: Option<Money>,
    /// A number where the kind has one: head count, change of it.
    #[serde(default)]
    pub number: Option<i64>,
    /// What was bought, the tag, the new stage, the words.
    #[serde(default)]
    pub text: String,
}
