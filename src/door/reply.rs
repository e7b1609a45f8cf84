//! What travels from the desk.
//!
//! One file because every answer is a variant of one list.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::choices::Choices;
pub use super::choices::{Consequence, Edited, Got, Recall, Spread};
use super::compose::ComposeReport;
use super::detail::{
    AskView, CampaignTrial, CampaignView, Coming, GroupDetail, MemberDetail, SnippetView, SopBoard,
    SopDetail, SopDiff, TaskDetail, TaskText,
};
use super::form::{Field, Kind};
use super::line::{AccountLine, LineId, Lines, Ref};
use super::refusal::Refusal;
use crate::book::{ActId, EnrolmentId, ObjectId, Platform, PlaybookId, Product, TaskId, Timestamp, View};
use crate::sop::format::Known;
use chrono::NaiveDate;

/// A reply with the desk's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// What time it is at the desk; screens have no clock of their own.
    pub now: Timestamp,
    /// When the tick last ran; older than a minute means no desk is ticking.
    pub ticked_at: Option<Timestamp>,
    pub reply: Reply,
}

/// A window of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    pub watch: u32,
    /// Rises by one with each patch of this watch.
    pub rev: u64,
    pub total: u32,
    pub first: u32,
    pub lines: Lines,
    /// Texts of tasks around the line asked for, so that moving needs no round trip.
    pub texts: Vec<TaskText>,
    /// Where the line asked for stands in the list now; of a list that is new and does not have it, the line next to
    /// where it would stand.
    pub around: Option<u32>,
    /// The nearest names when nothing matches.
    pub nearest: Vec<String>,
}

/// A change of a watched window: fetch the window again when `rev` is not the last one plus one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Patch {
    pub watch: u32,
    pub rev: u64,
    pub total: u32,
    /// The whole order of the window after the change.
    pub order: Vec<LineId>,
    /// Lines that are new or changed.
    pub upserts: Lines,
    pub texts: Vec<TaskText>,
}

/// Numbers that the header shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub due: u32,
    /// Due within the store's present day, in whatever state: what the view of that name lists.
    pub today: u32,
    pub overdue: u32,
    pub snoozed: u32,
    /// 等回复: sent private tasks of the last 48 h without a reply. None for a screen that came while what was sent
    /// before is still being looked at.
    pub awaiting: Option<u32>,
    /// 待回: follow-ups after a reply.
    pub to_answer: u32,
    pub groups: u32,
    pub members: u32,
    pub accounts: u32,
    pub playbooks: u32,
    /// Due and not yet seen.
    pub alerts: u32,
    pub sent_today: u32,
    /// When something comes due next: planned, or snoozed until then.
    pub next_at: Option<Timestamp>,
    pub enrolled: u32,
}

/// What happened while the desk was away, one entry a playbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    pub away_ms: i64,
    pub rows: Vec<DigestRow>,
}

/// What of a playbook came due while the desk was away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestRow {
    pub playbook: PlaybookId,
    pub title: String,
    /// All of it, and of that: what is over, what is over and could not have been sent because nobody had filled in its
    /// form, and what is still to be sent.
    pub due: u32,
    pub expired: u32,
    pub unfilled: u32,
    pub open: u32,
}

/// What came over a watch without being asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Push {
    Window(Window),
    Patch(Patch),
    Counts(Counts),
    /// Tasks became due; a hint, the queue is the truth.
    Fired {
        tasks: Vec<TaskId>,
        words: Vec<String>,
    },
    Digest(Digest),
    /// Something a human should know, once.
    Said {
        words: String,
    },
    /// The tick is held until a human confirms; the sentence says why.
    ClockHeld {
        words: String,
    },
    /// The desk cannot write (disk full) or can again.
    Writable {
        ok: bool,
        words: String,
    },
    /// The file of rules was applied, or refused with its line.
    Rules {
        ok: bool,
        words: String,
    },
    /// The store's saved views, all of them: one changed.
    Views(Vec<View>),
    /// The desk ends.
    Gone,
}

/// What came of one task in a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskOutcome {
    pub id: TaskId,
    pub outcome: OutcomeWord,
    pub rev: u32,
    /// Why not, when refused or already done.
    pub refusal: Option<Refusal>,
}

closed! {
    /// How a command ended for one task.
    pub enum OutcomeWord {
        Ok = "ok", "成功", "成功";
        Refused = "refused", "拒绝", "拒絕";
        Already = "already", "已处理", "已處理";
    }
}

/// What a command did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The act that an undo reverses; none when nothing was changed.
    pub act: Option<ActId>,
    /// What was done, a sentence in the language of the connection.
    pub words: String,
    pub made: Vec<ObjectId>,
    pub tasks: Vec<TaskOutcome>,
    pub enrolled: Vec<EnrolmentId>,
    pub import: Option<Box<ImportReport>>,
    /// Of a one-off: whom it reaches, or would.
    pub compose: Option<Box<ComposeReport>>,
    /// The undo goes on in slices; [`super::Request::Reversal`] of this act says how far it has come.
    pub going_on: bool,
    /// Things a human should know although it worked.
    pub warnings: Vec<String>,
}

/// What an import does or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    pub import: u32,
    pub new: u32,
    pub changed: u32,
    pub unchanged: u32,
    pub new_groups: Vec<String>,
    pub new_accounts: Vec<String>,
    /// Rows that were not taken; `conflicts` says why.
    pub refused: u32,
    /// Playbook title, entering, historical members not entering; and whom the playbook is for: members, groups or
    /// accounts.
    pub entering: Vec<(String, u32, u32, Kind)>,
    /// What the book contradicts, in the order of the lines; only the first of very many.
    pub conflicts: Vec<Conflict>,
}

/// Something that a row of a file says and the book contradicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub line: u32,
    pub about: Cell,
    /// What the file says there.
    pub value: String,
    /// What is wrong with it and what to do.
    pub words: String,
    /// The row is not taken; else only this cell is not.
    pub refused: bool,
}

closed! {
    /// Which cell of a row is meant; the reader of the file knows its column.
    pub enum Cell {
        Name = "name", "姓名", "姓名";
        Handle = "handle", "账号 ID", "帳號 ID";
        Phone = "phone", "手机号", "手機號";
        Group = "group", "群", "群";
        Account = "account", "账号", "帳號";
        /// A field of the member that a human changed.
        Field = "field", "资料", "資料";
    }
}

/// Where an import stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportStanding {
    pub stage: ImportStage,
    /// Rows in all, and those that were looked at (checking) or are in the book (applying).
    pub rows: u32,
    pub done: u32,
    /// So far; lists are filled when it has ended.
    pub report: ImportReport,
}

closed! {
    /// How far an import has come.
    pub enum ImportStage {
        Arriving = "arriving", "接收", "接收";
        /// A dry run looks at its rows.
        Checking = "checking", "检查", "檢查";
        Checked = "checked", "已检查", "已檢查";
        Applying = "applying", "写入", "寫入";
        Applied = "applied", "已写入", "已寫入";
        /// Undone before its end.
        Stopped = "stopped", "已停止", "已停止";
    }
}

impl ImportStage {
    /// True when nothing more comes of it by itself.
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Arriving | Self::Checked | Self::Applied | Self::Stopped)
    }
}

/// How far an undo has come that takes more than a turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReversalStanding {
    /// Parts in all and those that are put back; equal at the end.
    pub parts: u32,
    pub done: u32,
    /// What could not be put back, the first of it by name.
    pub kept: Vec<String>,
    /// What was put back; empty until all of it is.
    pub words: String,
}

/// What comes of one playbook at one minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    pub at: Timestamp,
    pub playbook: Ref<PlaybookId>,
    /// The question of a form that opens then; else messages come due.
    pub asks: Option<String>,
    /// How many messages or forms.
    pub n: u32,
}

/// A name offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub id: LineId,
    pub kind: Kind,
    pub name: String,
    /// Group, account or phone tail: what tells equal names apart.
    pub hint: String,
}

/// How a name fits those who were found for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// One member, without doubt.
    One,
    /// Several are called exactly so.
    Several,
    /// Names that begin, contain or sound like it.
    Alike,
    /// Nobody is called so, but somebody nearly: a slip of the hand.
    Near,
    Nobody,
}

/// Whom a name means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameMatch {
    pub fit: Fit,
    /// Those of the place first; the hints tell namesakes apart, their pieces are two blanks apart.
    pub found: Vec<Suggestion>,
}

/// An act in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    pub act: ActId,
    pub at: Timestamp,
    pub by: String,
    pub words: String,
    pub undone: bool,
    pub undoable: bool,
    /// It undid an act, or did one again.
    #[serde(default)]
    pub undoes: bool,
}

/// A row of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLine {
    pub step: String,
    pub occurrence: NaiveDate,
    pub due_at: Timestamp,
    /// It will not be due, then or later.
    pub never: bool,
    pub until: Option<Timestamp>,
    pub moved_from: Option<Timestamp>,
    pub reason: String,
    pub class: String,
    pub via: String,
}

/// How the desk is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub store: String,
    pub pid: u32,
    pub seq: u64,
    pub index_behind: u64,
    pub counts: Counts,
    pub held: Option<String>,
    pub writable: bool,
    /// Why nothing can be written, a sentence in the language of the connection.
    #[serde(default)]
    pub unwritable: Option<String>,
    pub screens: u32,
    pub digest: Option<Digest>,
    pub attached: bool,
    /// Why the file of rules is not applied, with its place.
    pub rules: Option<String>,
    /// When this desk began.
    pub since: Timestamp,
    /// When the last record was written.
    pub last_at: Timestamp,
}

/// One reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    Welcome {
        wire: u32,
        program: String,
        store: String,
        /// What tells it from another store of that name.
        #[serde(default)]
        store_id: String,
        zone: String,
        operator: String,
        demo: bool,
        counts: Counts,
        /// How many chats one forward reaches, by platform; one on what is not named.
        forward: BTreeMap<Platform, u32>,
    },
    Window(Window),
    Counted(Vec<u32>),
    Task(Box<TaskDetail>),
    Texts(Vec<TaskText>),
    Member(Box<MemberDetail>),
    Group(Box<GroupDetail>),
    Account(Box<AccountLine>),
    Sop(Box<SopDetail>),
    Products(Vec<Product>),
    Snippets(Vec<SnippetView>),
    Views(Vec<View>),
    Board(Box<SopBoard>),
    SopDiff(Box<SopDiff>),
    References(Known),
    Campaigns(Vec<CampaignView>),
    CampaignTrial(Box<CampaignTrial>),
    Form(Vec<(Field, String)>),
    Done(Outcome),
    Suggestions(Vec<Suggestion>),
    Who(NameMatch),
    /// A sentence for each name of a list that is no one member's.
    Unknown(Vec<String>),
    Found(Vec<Suggestion>),
    Log(Vec<LogEntry>),
    Asks(Vec<AskView>),
    Why(Vec<Coming>),
    Plan(Vec<PlanLine>),
    Forecast(Box<super::forecast::Forecast>),
    Paces(Vec<super::forecast::Pace>),
    Agenda(Vec<Planned>),
    Consequences(Vec<Consequence>),
    Choices(Choices),
    Spread(Spread),
    Status(Box<Status>),
    Rules {
        toml: String,
    },
    Calendar {
        toml: String,
    },
    Import(Box<ImportStanding>),
    Reversal(ReversalStanding),
    Refused(Refusal),
    /// Done, nothing to say.
    Fine,
}
