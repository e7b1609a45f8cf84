//! What the tick and the counts look at of an enrolment.

use super::moment::Moment;
use super::pack::{Packed, packed};
use super::task::TargetRow;
use crate::book::{EnrolmentState, Timestamp};

/// An enrolment in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct EnrolmentColumn {
    /// Position of the playbook.
    pub playbook: u16,
    pub target: TargetRow,
    /// Row of the group where group steps are collected.
    pub group: Option<u32>,
    pub state: RunState,
    pub(in crate::store) next_at: Moment,
    pub enrolled_at: Timestamp,
    /// D0 of an active one as days since 0001-01-01: what intakes count.
    pub d0: i32,
    /// The version of the playbook that it goes by.
    pub version: u32,
}

packed!(EnrolmentColumn { playbook, target, group, state, next_at, enrolled_at, d0, version });

impl EnrolmentColumn {
    /// Its next instant.
    pub fn next_at(&self) -> Option<Timestamp> {
        self.next_at.at()
    }
}

/// Where an enrolment stands, without the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl RunState {
    const ALL: [Self; 4] = [Self::InLine, Self::Active, Self::Finished, Self::Stopped];
}

impl Packed for RunState {
    fn pack(&self, into: &mut Vec<u8>) {
        into.push(*self as u8);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Self::ALL.get(usize::from(u8::unpack(from)?)).copied()
    }
}
