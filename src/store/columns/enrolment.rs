//! What the tick and the counts look at of an enrolment.

use super::pack::{Listed, Packer, Unpacker, place_in_list};
use super::packed_rows::Packed;
use super::task::TargetRow;
use crate::book::{EnrolmentState, Timestamp};

/// An enrolment in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnrolmentColumn {
    /// Position of the playbook.
    pub playbook: u16,
    pub target: TargetRow,
    /// Row of the group where group steps are collected.
    pub group: Option<u32>,
    pub state: RunState,
    pub(in crate::store) next_at: Option<Timestamp>,
    pub enrolled_at: Timestamp,
    /// D0 as days since 0001-01-01: what intakes count. Zero of one that left the line without being let in.
    pub d0: i32,
    /// The version of the playbook that it goes by.
    pub version: u32,
    /// What is next of it waits for a cap.
    pub waits: bool,
}

const MASK_BYTES: usize = 1;

impl Packed for EnrolmentColumn {
    type Read<'a> = Self;

    fn pack(&self, into: &mut Vec<u8>) {
        let mut row = Packer::new(into, MASK_BYTES);
        row.number(self.state.place());
        row.number(self.playbook);
        row.number(self.target.number());
        row.maybe(self.group);
        row.signed(self.enrolled_at.0);
        row.instant(self.next_at, self.enrolled_at);
        row.signed(self.d0);
        row.unless_nought(self.version);
        row.flag(self.waits);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut row = Unpacker::new(bytes, MASK_BYTES)?;
        let state = RunState::at(row.number()?)?;
        let playbook = row.number()?;
        let target = TargetRow::of_number(row.number()?)?;
        let group = row.maybe()?;
        let enrolled_at = Timestamp(row.signed()?);
        let next_at = row.instant(enrolled_at)?;
        let d0 = row.signed()?;
        let version = row.unless_nought()?;
        let waits = row.flag();
        row.rest.is_empty().then_some(Self {
            playbook,
            target,
            group,
            state,
            next_at,
            enrolled_at,
            d0,
            version,
            waits,
        })
    }

    fn own(read: &Self) -> Self {
        *read
    }
}

impl EnrolmentColumn {
    /// Its next instant.
    pub const fn next_at(&self) -> Option<Timestamp> {
        self.next_at
    }
}

/// Where an enrolment stands, without the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    InLine,
    Active,
    Finished,
    Stopped,
    /// Taken back by an undo: it counts as never begun.
    Undone,
}

impl From<&EnrolmentState> for RunState {
    fn from(state: &EnrolmentState) -> Self {
        match state {
            EnrolmentState::InLine => Self::InLine,
            EnrolmentState::Active => Self::Active,
            EnrolmentState::Finished => Self::Finished,
            state if state.is_undone() => Self::Undone,
            EnrolmentState::Stopped { .. } => Self::Stopped,
        }
    }
}

impl RunState {
    const ALL: [Self; 5] = [Self::InLine, Self::Active, Self::Finished, Self::Stopped, Self::Undone];
}

place_in_list!(RunState);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::columns::task::tests::any_target;

    proptest! {
        #[test]
        fn a_row_comes_back(
            (playbook, target, group) in (any::<u16>(), any_target(), any::<Option<u32>>()),
            state in prop::sample::select(RunState::ALL.to_vec()),
            next_at in any::<Option<i64>>(),
            (enrolled_at, d0, version, waits) in (any::<i64>(), any::<i32>(), any::<u32>(), any::<bool>()),
        ) {
            let next_at = next_at.map(Timestamp);
            let enrolled_at = Timestamp(enrolled_at);
            let row =
                EnrolmentColumn { playbook, target, group, state, next_at, enrolled_at, d0, version, waits };
            let mut bytes = Vec::new();
            row.pack(&mut bytes);
            prop_assert_eq!(EnrolmentColumn::read(&bytes), Some(row));
            bytes.push(0);
            prop_assert_eq!(EnrolmentColumn::read(&bytes), None);
        }
    }
}
