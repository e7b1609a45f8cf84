//! Who knows whom: contacts (member and account) and memberships (member and group).

use serde::{Deserialize, Serialize};

use super::id::{AccountId, GroupId, MemberId};
use super::time::Timestamp;

closed! {
    /// How a member and one of our accounts stand. A private message needs `friend`.
    pub enum ContactState {
        Friend = "friend", "好友", "好友";
        NotYet = "not-yet", "未加", "未加";
        Pending = "pending", "待通过", "待通過";
        DeletedUs = "deleted-us", "被删", "被刪";
        Blocked = "blocked", "被拉黑", "被封鎖";
    }
}

/// A member as one account knows them; at most one for each pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub member: MemberId,
    pub account: AccountId,
    /// Friend since; none when never.
    #[serde(default)]
    pub since: Option<Timestamp>,
    pub state: ContactState,
    /// 备注 on that account.
    #[serde(default)]
    pub remark: String,
    /// 查找词 on that account; empty means remark, then name.
    #[serde(default)]
    pub search_term: String,
}

impl Contact {
    /// What finds this chat on its account, where it is not the member's name: the search term, else the remark.
    pub fn own_term(&self) -> Option<&str> {
        [self.search_term.as_str(), &self.remark].into_iter().find(|term| !term.is_empty())
    }
}

closed! {
    /// What somebody is in a group.
    pub enum MembershipRole {
        Plain = "plain", "群员", "群員";
        Admin = "admin", "管理员", "管理員";
        Owner = "owner", "群主", "群主";
    }
}

/// One stay of a member in a group; who left and came back has two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub member: MemberId,
    pub group: GroupId,
    /// 1 for the first stay, 2 for the next: part of anchor keys, so that a second stay anchors anew.
    pub spell: u32,
    /// None when it is not known when they joined.
    #[serde(default)]
    pub joined_at: Option<Timestamp>,
    #[serde(default)]
    pub left_at: Option<Timestamp>,
    pub role: MembershipRole,
    /// The name they use there.
    #[serde(default)]
    pub nickname: String,
    #[serde(default)]
    pub inviter: Option<MemberId>,
}
