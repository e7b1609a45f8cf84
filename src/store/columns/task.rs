//! What filters, order and the tick look at of a task.

use super::pack::{Listed, Packer, Unpacker};
use super::packed_rows::Packed;
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

/// Kinds of targets in the two low bits of [`TargetRow::number`].
const NOBODY: u64 = 0;
const MEMBER: u64 = 1;
const GROUP: u64 = 2;
const ACCOUNT: u64 = 3;

impl TargetRow {
    /// Kind and row in one.
    pub(super) fn number(self) -> u64 {
        let (kind, row) = match self {
            Self::Member(row) => (MEMBER, row),
            Self::Group(row) => (GROUP, row),
            Self::Account(row) => (ACCOUNT, row),
            Self::None => (NOBODY, 0),
        };
        u64::from(row) << 2 | kind
    }

    pub(super) fn of_number(number: u64) -> Option<Self> {
        let row = u32::try_from(number >> 2).ok()?;
        Some(match number & 3 {
            MEMBER => Self::Member(row),
            GROUP => Self::Group(row),
            ACCOUNT => Self::Account(row),
            _ => Self::None,
        })
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
    pub(in crate::store) until: Option<Timestamp>,
    pub(in crate::store) snoozed_until: Option<Timestamp>,
    pub(in crate::store) ended_at: Option<Timestamp>,
    pub fired_at: Timestamp,
    pub(in crate::store) replied_at: Option<Timestamp>,
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
    /// Words of a follow-up or correction, the text edited for this once, or what was sent filled with answers of a form;
    /// folded.
    pub words: Option<Box<str>>,
    /// Who has it.
    pub assignee: Option<Word>,
    /// Who ended it; none while it is open, and where a rule did.
    pub ended_by: Option<Word>,
    pub rev: u32,
}

const MASK_BYTES: usize = 3;

impl Packed for TaskColumn {
    type Read<'a> = Self;

    fn pack(&self, into: &mut Vec<u8>) {
        let mut row = Packer::new(into, MASK_BYTES);
        row.bytes(&[self.state.place() << 4 | self.sort.place(), self.via.place() << 4 | self.class.place()]);
        row.signed(self.due_at.0);
        for at in [self.until, self.snoozed_until, self.ended_at] {
            row.instant(at, self.due_at);
        }
        row.signed_unless_nought(self.fired_at.0.wrapping_sub(self.due_at.0));
        row.instant(self.replied_at, self.due_at);
        row.number(self.target.number());
        row.maybe(self.group);
        row.maybe(self.account);
        row.maybe(self.playbook);
        row.unless_nought(self.version);
        row.number(self.step);
        row.unless_nought(self.variant);
        row.signed_unless_nought(self.priority);
        row.unless_nought(self.members);
        row.maybe(self.skip.map(Listed::place));
        for fact in [self.seen, self.copied, self.held] {
            row.flag(fact);
        }
        row.maybe(self.assignee);
        row.maybe(self.ended_by);
        row.unless_nought(self.rev);
        row.flag(self.words.is_some());
        row.bytes(self.words.as_deref().unwrap_or_default().as_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut row = Unpacker::new(bytes, MASK_BYTES)?;
        let [first, second] = *row.bytes(2)?.first_chunk()?;
        let due_at = Timestamp(row.signed()?);
        let mut at = || row.instant(due_at);
        let (until, snoozed_until, ended_at) = (at()?, at()?, at()?);
        let fired_at = Timestamp(row.signed_unless_nought::<i64>()?.wrapping_add(due_at.0));
        let replied_at = row.instant(due_at)?;
        Some(Self {
            state: Listed::at(first >> 4)?,
            sort: Listed::at(first & 15)?,
            via: Listed::at(second >> 4)?,
            class: Listed::at(second & 15)?,
            due_at,
            until,
            snoozed_until,
            ended_at,
            fired_at,
            replied_at,
            target: TargetRow::of_number(row.number()?)?,
            group: row.maybe()?,
            account: row.maybe()?,
            playbook: row.maybe()?,
            version: row.unless_nought()?,
            step: row.number()?,
            variant: row.unless_nought()?,
            priority: row.signed_unless_nought()?,
            members: row.unless_nought()?,
            skip: match row.maybe()? {
                Some(place) => Some(Listed::at(place)?),
                None => None,
            },
            seen: row.flag(),
            copied: row.flag(),
            held: row.flag(),
            assignee: row.maybe()?,
            ended_by: row.maybe()?,
            rev: row.unless_nought()?,
            words: if row.flag() { Some(std::str::from_utf8(row.rest).ok()?.into()) } else { None },
        })
    }

    fn own(read: &Self) -> Self {
        read.clone()
    }
}

/// Whether a row is of a task that is open, without reading all of it.
pub(super) fn is_open(row: &[u8]) -> bool {
    let state = row.get(MASK_BYTES).and_then(|first| TaskState::at(first >> 4));
    state.is_some_and(TaskState::is_open)
}

impl TaskColumn {
    /// The row of the group that it is said in, or that it is about; none for what a member is told alone, wherever they
    /// were met.
    pub fn said_in(&self) -> Option<u32> {
        match self.target {
            TargetRow::Group(group) => Some(group),
            _ => self.group.filter(|_| self.via == Via::Group),
        }
    }

    /// Whether it is a touch once it is sent, and counts under the caps: what a step says, and that something was wrong.
    /// Nobody outside hears of work among ourselves.
    pub const fn is_touch(&self) -> bool {
        matches!(self.sort, TaskSort::Step | TaskSort::Correction) && !matches!(self.via, Via::Internal)
    }

    /// The end of its span.
    pub const fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// When it comes back.
    pub const fn snoozed_until(&self) -> Option<Timestamp> {
        self.snoozed_until
    }

    /// When it ended.
    pub const fn ended_at(&self) -> Option<Timestamp> {
        self.ended_at
    }

    /// When the target replied to it.
    pub const fn replied_at(&self) -> Option<Timestamp> {
        self.replied_at
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(in crate::store::columns) fn any_target() -> impl Strategy<Value = TargetRow> {
        let of = |make: fn(u32) -> TargetRow| any::<u32>().prop_map(make);
        prop_oneof![
            of(TargetRow::Member),
            of(TargetRow::Group),
            of(TargetRow::Account),
            Just(TargetRow::None)
        ]
    }

    fn any_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
        prop::sample::select(all)
    }

    proptest! {
        #[test]
        fn a_row_comes_back(
            (state, sort) in (any_of(TaskState::ALL), any_of(TaskSort::ALL)),
            (via, class) in (any_of(Via::ALL), any_of(Class::ALL)),
            skip in prop::option::of(any_of(SkipReason::ALL)),
            (due_at, fired_at) in (any::<i64>(), any::<i64>()),
            times in any::<[Option<i64>; 4]>(),
            target in any_target(),
            (group, account) in (any::<Option<u32>>(), any::<Option<u32>>()),
            (playbook, version, step, variant) in (any::<Option<u16>>(), any::<u32>(), any::<u32>(), any::<u16>()),
            (priority, members, rev) in (any::<i32>(), any::<u32>(), any::<u32>()),
            (seen, copied, held) in any::<(bool, bool, bool)>(),
            (assignee, ended_by) in any::<(Option<u32>, Option<u32>)>(),
            words in prop::option::of(".{0,9}"),
        ) {
            let [until, snoozed_until, ended_at, replied_at] = times.map(|at| at.map(Timestamp));
            let row = TaskColumn {
                state, sort, via, class, due_at: Timestamp(due_at), until, snoozed_until, ended_at,
                fired_at: Timestamp(fired_at), replied_at, target, group, account, playbook, version, step,
                variant, priority, members, skip, seen, copied, held,
                words: words.map(Into::into), assignee, ended_by, rev,
            };
            let mut bytes = Vec::new();
            row.pack(&mut bytes);
            prop_assert_eq!(TaskColumn::read(&bytes), Some(row));
        }
    }
}
