//! What filters, order and the tick look at of a task.

use super::moment::Moment;
use super::pack::{Packed, packed};
use super::words::Word;
use crate::book::{Class, SkipReason, TaskState, Timestamp, Via};

/// To whom, by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetRow {
    Member(u32),
    Group(u32),
    Account(u32),
    /// The target is not in the book (any more).
    None,
}

impl Packed for TargetRow {
    fn pack(&self, into: &mut Vec<u8>) {
        let (kind, row) = match self {
            Self::Member(row) => (b'm', *row),
            Self::Group(row) => (b'g', *row),
            Self::Account(row) => (b'a', *row),
            Self::None => (0, 0),
        };
        kind.pack(into);
        row.pack(into);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (kind, row) = (u8::unpack(from)?, u32::unpack(from)?);
        match kind {
            b'm' => Some(Self::Member(row)),
            b'g' => Some(Self::Group(row)),
            b'a' => Some(Self::Account(row)),
            0 => Some(Self::None),
            _ => None,
        }
    }
}

closed! {
    /// What kind of thing a task is, without its words.
    pub enum TaskSort {
        Step = "step", "步骤", "步驟";
        FollowUp = "follow-up", "跟进", "跟進";
        Ask = "ask", "填表", "填表";
        AddFriend = "add-friend", "加好友", "加好友";
        Correction = "correction", "更正", "更正";
        Upkeep = "upkeep", "群维护", "群維護";
    }
}

/// A task in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskColumn {
    pub state: TaskState,
    pub sort: TaskSort,
    pub via: Via,
    pub class: Class,
    pub due_at: Timestamp,
    pub(in crate::store) until: Moment,
    pub(in crate::store) snoozed_until: Moment,
    pub(in crate::store) ended_at: Moment,
    pub fired_at: Timestamp,
    pub(in crate::store) replied_at: Moment,
    pub target: TargetRow,
    /// Row of the group it is said in.
    pub group: Option<u32>,
    /// Row of the account it is sent from.
    pub account: Option<u32>,
    /// Position of the playbook.
    pub playbook: Option<u16>,
    pub version: u32,
    pub step: Word,
    pub variant: u16,
    pub priority: i32,
    pub members: u32,
    pub skip: Option<SkipReason>,
    pub seen: bool,
    pub copied: bool,
    pub held: bool,
    /// Words of a follow-up or correction, or the text edited for this once, folded.
    pub words: Option<Box<str>>,
    /// Who has it.
    pub assignee: Option<Word>,
    /// Who ended it; none while it is open, and where a rule did.
    pub ended_by: Option<Word>,
    pub rev: u32,
}

packed!(TaskColumn {
    state,
    sort,
    via,
    class,
    due_at,
    until,
    snoozed_until,
    ended_at,
    fired_at,
    replied_at,
    target,
    group,
    account,
    playbook,
    version,
    step,
    variant,
    priority,
    members,
    skip,
    seen,
    copied,
    held,
    words,
    assignee,
    ended_by,
    rev,
});

impl TaskColumn {
    /// The end of its span.
    pub fn until(&self) -> Option<Timestamp> {
        self.until.at()
    }

    /// When it comes back.
    pub fn snoozed_until(&self) -> Option<Timestamp> {
        self.snoozed_until.at()
    }

    /// When it ended.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.ended_at.at()
    }

    /// When the target replied to it.
    pub fn replied_at(&self) -> Option<Timestamp> {
        self.replied_at.at()
    }
}
