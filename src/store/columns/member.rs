//! What filters, order and the schedule look at of a member.

use serde::{Deserialize, Serialize};

use super::words::Word;
use crate::book::{Birthday, ContactState, Money, Stage, Timestamp};

/// One of our accounts and how the member stands with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactColumn {
    /// Row of the account.
    pub account: u32,
    pub state: ContactState,
    pub since: Option<Timestamp>,
}

/// The latest stay of a member in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StayColumn {
    /// Row of the group.
    pub group: u32,
    pub spell: u32,
    pub joined_at: Option<Timestamp>,
    pub left_at: Option<Timestamp>,
}

/// A member in memory.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MemberColumn {
    /// Remark, else nickname: what people call them.
    pub name: Box<str>,
    /// Pinyin search key of remark, nickname, aliases and phone, a line each.
    pub key: Box<str>,
    /// The first bytes of the name's pinyin order: what lists by name are sorted by.
    pub order: u128,
    /// Pinyin search keys of the aliases alone, a line each.
    pub aliases: Box<str>,
    pub phone: Box<str>,
    /// Folded note, needs and notes added later, a line each.
    pub notes: Box<str>,
    /// Where they came from.
    pub source: Option<Word>,
    pub stage: Option<Stage>,
    pub archived: bool,
    pub tags: Box<[Word]>,
    pub contacts: Box<[ContactColumn]>,
    pub stays: Box<[StayColumn]>,
    pub orders: u32,
    pub spent: Money,
    pub last_order_at: Option<Timestamp>,
    pub last_reply_at: Option<Timestamp>,
    pub last_touch_at: Option<Timestamp>,
    /// `playbook/step` of everything they were sent.
    pub sent: Box<[Word]>,
    /// Positions of playbooks that they are going through or stand in line for.
    pub enrolled: Box<[u16]>,
    pub birthday: Option<Birthday>,
    /// When they checked in or were excused, in minutes since 1970, rising; a playbook decides which day a
    /// minute belongs to.
    pub checkins: Box<[u32]>,
    /// Ordered and not yet picked up.
    pub unpicked: u32,
    pub open: u32,
    pub created_at: Timestamp,
}

impl MemberColumn {
    /// True where a private message can reach them from that account.
    pub fn is_friend_of(&self, account: u32) -> bool {
        self.contacts.iter().any(|c| c.account == account && c.state == ContactState::Friend)
    }

    /// The newest friend among our accounts: their main account where no anchor names one.
    pub fn newest_friend(&self) -> Option<u32> {
        self.contacts
            .iter()
            .filter(|c| c.state == ContactState::Friend)
            .max_by_key(|c| (c.since, c.account))
            .map(|c| c.account)
    }

    /// True while they are in that group.
    pub fn is_in(&self, group: u32) -> bool {
        self.stays.iter().any(|s| s.group == group && s.left_at.is_none())
    }
}
