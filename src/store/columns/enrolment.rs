//! What the tick and the counts look at of an enrolment.

use serde::{Deserialize, Serialize};

use super::task::TargetRow;
use crate::book::{EnrolmentState, Timestamp};

/// An enrolment in memory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrolmentColumn {
    /// Position of the playbook.
    pub playbook: u16,
    pub target: TargetRow,
    /// Row of the group where group steps are collected.
    pub group: Option<u32>,
    pub state: RunState,
    pub next_at: Option<Timestamp>,
    pub enrolled_at: Timestamp,
    /// D0 of an active one as days since 0001-01-01: what intakes count.
    pub d0: i32,
}

/// Where an enrolment stands, without the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunState {
    InLine,
    Active,
    Finished,
    Stopped,
}

impl From<&EnrolmentState> for RunState {
    fn from(state: &EnrolmentState) -> Self {
        match state {
            EnrolmentState::InLine => Self::InLine,
            EnrolmentState::Active => Self::Active,
            EnrolmentState::Finished => Self::Finished,
            EnrolmentState::Stopped { .. } => Self::Stopped,
        }
    }
}
