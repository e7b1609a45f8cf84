//! Records: what the journal keeps, a format for ever.
//!
//! A record says what happened to the book, never how to decide it: replaying the journal decides nothing
//! again. Whatever a human changed carries the state before and after, so that an undo needs nothing else.
//! Bodies are only added to: a changed meaning is a new variant, a new field has `#[serde(default)]`.
//! Written with named fields (MessagePack), behind one version byte.
//!
//! One file because the list of what can be recorded is one, and is read whole before anything is added to it.

mod work;

pub use work::{Formed, Mark, Work, Wrong};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::book::packed::unpack;
use crate::book::{
    Account, AccountId, ActId, Activity, Campaign, CommandId, Contact, Enrolment, EnrolmentId,
    EnrolmentStatus, Group, GroupId, Member, MemberId, Membership, NoteId, ObjectId, PlaybookId, Product,
    Snippet, StoreId, Target, Task, TaskId, TaskStatus, Timestamp, Touch, View,
};

/// The version byte in front of every record. An older program refuses a newer one.
pub const RECORD_VERSION: u8 = 1;

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The operator's name; empty for the tick.
    pub operator: String,
    /// The program or host it came from.
    #[serde(default)]
    pub from: String,
    /// `screen`, `command`, `tick`.
    #[serde(default)]
    pub via: String,
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub at: Timestamp,
    pub by: By,
    #[serde(default)]
    pub command_id: Option<CommandId>,
    /// Groups what one undo reverses.
    pub act_id: ActId,
    /// The act that this one reverses.
    #[serde(default)]
    pub undo_of: Option<ActId>,
    /// Everyone it speaks of, so that they can be forgotten.
    #[serde(default)]
    pub members: Vec<MemberId>,
    pub body: Body,
}

/// An object whose fields a human edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Edited {
    #[serde(rename = "account")]
    Account(AccountId),
    #[serde(rename = "group")]
    Group(GroupId),
    #[serde(rename = "member")]
    Member(MemberId),
    #[serde(rename = "product")]
    Product(ProductRef),
}

/// A product's id, kept apart so that products can gain fields of their own.
pub type ProductRef = crate::book::ProductId;

/// One field before and after, in its canonical text form; empty is unset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The ASCII word of the field.
    pub field: String,
    pub before: String,
    pub after: String,
}

/// An answer of a run's form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AskKey {
    pub playbook: PlaybookId,
    /// D0 of the run.
    pub run: NaiveDate,
    /// None holds for the whole run.
    #[serde(default)]
    pub group: Option<GroupId>,
    pub key: String,
}

/// Whether and how long a target is paused; `until` none means until a human ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseState {
    #[serde(default)]
    pub until: Option<Timestamp>,
}

/// What an applied playbook is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaybookState {
    Running,
    Paused,
    Removed,
}

/// What happened to the book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// First record of every journal.
    StoreMade {
        store: StoreId,
        name: String,
        zone: String,
        /// The clock a demo store starts at.
        #[serde(default)]
        demo: Option<Timestamp>,
    },
    /// Rules as TOML, whole.
    RulesSet {
        before: String,
        after: String,
        /// True where `after` is the text of the file beside the journal; false where an undo brought it back.
        #[serde(default)]
        file: bool,
    },
    AccountMade(Account),
    GroupMade(Group),
    MemberMade(Member),
    ProductMade(Product),
    /// Fields of an object; archiving is a field as well.
    Edited {
        object: Edited,
        changes: Vec<Change>,
    },
    ContactSet {
        #[serde(default)]
        before: Option<Contact>,
        #[serde(default)]
        after: Option<Contact>,
    },
    MembershipSet {
        #[serde(default)]
        before: Option<Membership>,
        #[serde(default)]
        after: Option<Membership>,
    },
    Happened(Activity),
    /// An undo took an activity back.
    Unhappened(Activity),
    NoteAdded {
        note: NoteId,
        on: ObjectId,
        text: String,
    },
    NoteRemoved {
        note: NoteId,
        on: ObjectId,
        text: String,
    },
    PlaybookApplied {
        playbook: PlaybookId,
        version: u32,
        toml: String,
        /// The version before, 0 for none.
        #[serde(default)]
        before: u32,
        /// What it was when this was applied; none for the first time, and in records that do not say.
        #[serde(default)]
        was: Option<PlaybookState>,
    },
    PlaybookSet {
        playbook: PlaybookId,
        before: PlaybookState,
        after: PlaybookState,
    },
    Enrolled(Enrolment),
    EnrolmentChanged {
        enrolment: EnrolmentId,
        before: EnrolmentStatus,
        after: EnrolmentStatus,
    },
    TaskFired(Task),
    TaskChanged {
        task: TaskId,
        before: TaskStatus,
        after: TaskStatus,
    },
    /// A collected task gained a target; `undone` takes them out again.
    TaskJoined {
        task: TaskId,
        enrolment: EnrolmentId,
        member: MemberId,
        #[serde(default)]
        undone: bool,
    },
    Touched(Touch),
    /// An undo took a touch back.
    Untouched(Touch),
    Answered {
        ask: AskKey,
        #[serde(default)]
        before: Option<String>,
        #[serde(default)]
        after: Option<String>,
    },
    TargetPaused {
        target: Target,
        #[serde(default)]
        before: Option<PauseState>,
        #[serde(default)]
        after: Option<PauseState>,
    },
    /// Rows begin to arrive; ignored for ever without their commit.
    ImportBegun {
        import: u32,
        file: String,
    },
    /// At most 1 MiB of typed rows, as they came.
    ImportRows {
        import: u32,
        rows: Vec<u8>,
    },
    /// The promise: what came will be in the book.
    ImportCommitted {
        import: u32,
        rows: u32,
    },
    /// A slice of an import as it was decided; replay uses this and never decides again.
    ImportApplied {
        import: u32,
        from_row: u32,
        rows: u32,
        changes: Vec<Body>,
        /// What became of the rows; zeros in records of programs that did not count.
        #[serde(default)]
        counts: ImportCounts,
    },
    /// An undo of more than one turn can reverse: the act is undone from here on, and what it did is put back in
    /// slices, the last of its bodies first.
    ReversalBegun {
        undo: ActId,
        of: ActId,
        /// How many bodies the reversed act has.
        bodies: u32,
    },
    /// A slice of it is done: the first `bodies` bodies are left, and of the last of them the first `changes`
    /// (all of them where `None`). Without bodies it has ended.
    ReversalMoved {
        undo: ActId,
        bodies: u32,
        #[serde(default)]
        changes: Option<u32>,
    },
    /// A human has seen what a held tick would do; times before `up_to` are believed.
    ClockConfirmed {
        up_to: Timestamp,
    },
    /// A tick was finished and nothing else had been written for a week: the clock goes on and did not jump.
    ClockSeen,
    /// A tick has looked at who comes into what takes whoever is there, on every day up to this one.
    DayTaken {
        day: NaiveDate,
    },
    /// A snippet was kept, changed or taken away; it is known by its name.
    SnippetSet {
        name: String,
        #[serde(default)]
        before: Option<Snippet>,
        #[serde(default)]
        after: Option<Snippet>,
    },
    /// A snippet was copied.
    SnippetUsed {
        name: String,
        at: Timestamp,
    },
    /// A playbook was called off for one day, or was not after all.
    DayOffSet {
        playbook: PlaybookId,
        day: NaiveDate,
        before: bool,
        after: bool,
    },
    /// What stood here was forgotten.
    Forgotten,
    /// The working days of a year as TOML; empty where the store was not given that year.
    CalendarYearSet {
        year: i32,
        before: String,
        after: String,
    },
    /// A view of the store was saved, changed or removed; it is known by its name.
    ViewSet {
        name: String,
        #[serde(default)]
        before: Option<View>,
        #[serde(default)]
        after: Option<View>,
    },
    /// A campaign began, changed or was taken back.
    CampaignSet {
        id: String,
        #[serde(default)]
        before: Option<Campaign>,
        #[serde(default)]
        after: Option<Campaign>,
    },
    /// An act leaves work that is more than its turn may do: it goes on in slices until [`Body::WorkDone`], whatever
    /// comes between.
    WorkLeft {
        act: ActId,
        /// Whose work it is.
        by: By,
        #[serde(default)]
        undo_of: Option<ActId>,
        work: Work,
    },
    /// Nothing is left of it; or its act was undone, and nothing more of it is wanted.
    WorkDone {
        act: ActId,
        by: By,
        #[serde(default)]
        undo_of: Option<ActId>,
        work: Work,
    },
}

/// What became of the rows of a slice of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportCounts {
    pub new: u32,
    pub changed: u32,
    pub unchanged: u32,
    /// Rows that were not taken: the book contradicts them.
    pub refused: u32,
}

/// Why bytes are not a record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A newer program wrote it.
    #[error("a record has version {found}, this program knows {RECORD_VERSION}: use the newer program")]
    Newer { found: u8 },
    /// Not a record at all.
    #[error("a record cannot be read: {0}; run `qun doctor`")]
    Unreadable(String),
}

impl Record {
    /// The bytes the journal keeps.
    ///
    /// # Errors
    /// [`RecordError::Unreadable`] when the encoder refuses, which plain data never makes it do.
    pub fn to_bytes(&self) -> Result<Vec<u8>, RecordError> {
        let mut bytes = vec![RECORD_VERSION];
        rmp_serde::encode::write_named(&mut bytes, self)
            .map_err(|e| RecordError::Unreadable(e.to_string()))?;
        Ok(bytes)
    }

    /// Reads what [`Record::to_bytes`] wrote, of this or an older version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordError> {
        let (version, rest) =
            bytes.split_first().ok_or_else(|| RecordError::Unreadable("empty".to_owned()))?;
        if *version > RECORD_VERSION {
            return Err(RecordError::Newer { found: *version });
        }
        unpack(rest).map_err(|e| RecordError::Unreadable(e.to_string()))
    }
}

impl Body {
    /// Everyone it speaks of.
    pub fn members(&self) -> Vec<MemberId> {
        let mut found = Vec::new();
        self.visit_members(&mut |member| found.push(member));
        found.sort_unstable();
        found.dedup();
        found
    }

    fn visit_members(&self, visit: &mut dyn FnMut(MemberId)) {
        let of_target = |target: &Target, visit: &mut dyn FnMut(MemberId)| {
            if let Target::Member(member) = target {
                visit(*member);
            }
        };
        match self {
            Self::MemberMade(member) => visit(member.id),
            Self::Edited { object: Edited::Member(member), .. } => visit(*member),
            Self::ContactSet { before, after } => {
                if let Some(contact) = after.as_ref().or(before.as_ref()) {
                    visit(contact.member);
                }
            }
            Self::MembershipSet { before, after } => {
                if let Some(membership) = after.as_ref().or(before.as_ref()) {
                    visit(membership.member);
                }
            }
            Self::Happened(activity) | Self::Unhappened(activity) => {
                if let Some(member) = activity.member {
                    visit(member);
                }
            }
            Self::NoteAdded { on: ObjectId::Member(member), .. }
            | Self::NoteRemoved { on: ObjectId::Member(member), .. }
            | Self::TaskJoined { member, .. } => visit(*member),
            Self::Enrolled(enrolment) => of_target(&enrolment.target, visit),
            Self::TaskFired(task) => {
                of_target(&task.target, visit);
                task.members.iter().for_each(|m| visit(*m));
            }
            Self::Touched(touch) | Self::Untouched(touch) => {
                if let Some(member) = touch.member {
                    visit(member);
                }
            }
            Self::TargetPaused { target, .. } => of_target(target, visit),
            Self::WorkLeft { work, .. } | Self::WorkDone { work, .. } => work.visit_members(visit),
            Self::ImportApplied { changes, .. } => changes.iter().for_each(|c| c.visit_members(visit)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{IdGenerator, Stated};

    fn record(body: Body) -> Record {
        let mut ids = IdGenerator::new(1);
        Record {
            at: Timestamp(1),
            by: By { operator: "王店长".into(), from: String::new(), via: "screen".into() },
            command_id: None,
            act_id: ids.next(Timestamp(1)),
            undo_of: None,
            members: body.members(),
            body,
        }
    }

    #[test]
    fn round_trips_and_names_whom_it_speaks_of() {
        let mut ids = IdGenerator::new(2);
        let member: MemberId = ids.next(Timestamp(1));
        let activity = Activity {
            id: ids.next(Timestamp(1)),
            kind: crate::book::ActivityKind::Bought,
            member: Some(member),
            group: None,
            account: None,
            at: Stated::new(Timestamp(5), chrono_tz::Tz::Asia__Shanghai),
            source: crate::book::Source::QuickEntry,
            reference: String::new(),
            amount: Some(crate::book::Money(3990)),
            number: None,
            text: "鸡蛋".into(),
        };
        let inner = Body::Happened(activity);
        let record = record(Body::ImportApplied {
            import: 1,
            from_row: 0,
            rows: 1,
            changes: vec![inner],
            counts: ImportCounts::default(),
        });
        assert_eq!(record.members, vec![member]);
        let bytes = record.to_bytes().unwrap();
        assert_eq!(Record::from_bytes(&bytes).unwrap(), record);
    }

    #[test]
    fn a_newer_record_is_refused_not_guessed() {
        let mut bytes = record(Body::Forgotten).to_bytes().unwrap();
        bytes[0] = RECORD_VERSION + 1;
        assert!(matches!(Record::from_bytes(&bytes), Err(RecordError::Newer { .. })));
        assert!(Record::from_bytes(&[]).is_err());
        assert!(Record::from_bytes(&[1, 0xc1, 0xff]).is_err());
    }
}
