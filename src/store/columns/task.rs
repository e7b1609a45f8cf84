//! What filters, order and the tick look at of a task.

use serde::{Deserialize, Serialize};

use super::words::Word;
use crate::book::{Class, SkipReason, TaskState, Timestamp, Via};

/// To whom, by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetRow {
    Member(u32),
    Group(u32),
    Account(u32),
    /// The target is not in the book (any more).
    None,
}

closed! {
    /// What kind of thing a task is, without its words.
    pub enum TaskSort {
        Step = "step", "步骤", "步驟";
        FollowUp = "follow-up", "跟进", "跟進";
        Ask = "ask", "填表", "填表";
        AddFriend = "add-friend", "加好友", "加好友";
        Correction = "correction", "更正", "更正";
    }
}

/// A task in memory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TaskColumn {
    pub state: TaskState,
    pub sort: TaskSort,
    pub via: Via,
    pub class: Class,
    pub due_at: Timestamp,
    pub until: Option<Timestamp>,
    pub snoozed_until: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub fired_at: Timestamp,
    pub replied_at: Option<Timestamp>,
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
    pub rev: u32,
}
