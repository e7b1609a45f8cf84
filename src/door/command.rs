//! What can be asked of the desk. Every command is carried out whole or refused whole.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::compose::Compose;
use super::form::{Field, Kind};
use crate::book::{
    AccountId, ActId, ActivityKind, Campaign, EnrolmentId, GroupId, Health, MemberId, Money, ObjectId,
    PlaybookId, ProductId, SkipReason, Snippet, Target, TaskId, Timestamp, View,
};

/// One thing asked of the desk, by a human or a script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Makes an account, group, member, product, contact or membership from the fields of its form.
    Create {
        kind: Kind,
        fields: Vec<(Field, String)>,
    },
    /// Changes fields; an empty value clears one.
    Edit {
        /// One, or several that get the same values in one act.
        objects: Vec<ObjectRef>,
        fields: Vec<(Field, String)>,
    },
    /// Takes something out of sight; undoable.
    Archive {
        object: ObjectRef,
    },
    /// Brings back what was archived, by its name or id.
    Restore {
        kind: Kind,
        text: String,
    },
    /// Quick entry: who, where, what happened.
    Tell(Tell),
    /// 备注: a note on something, or the same one on several.
    Note {
        on: Vec<ObjectId>,
        text: String,
    },
    /// 跟进: a reminder of one's own; of several, each gets one.
    FollowUp {
        on: Vec<ObjectId>,
        words: String,
        at: Timestamp,
    },
    /// A verb on tasks.
    Task {
        tasks: Vec<TaskId>,
        verb: TaskVerb,
    },
    /// Several messages to one target become one text; all end as sent with it.
    Merge {
        tasks: Vec<TaskId>,
    },
    /// A reply seen by human eyes, also without a task.
    Reply {
        member: MemberId,
        task: Option<TaskId>,
        answer: Option<u16>,
        at: Option<Timestamp>,
    },
    /// Reverses an act: mine that was last not undone, or a named one.
    Undo {
        act: Option<ActId>,
    },
    /// Does again what my last undo reversed.
    Redo,
    /// Answers a question of a run's form; without group the answer of the whole run.
    Fill {
        playbook: PlaybookId,
        run: NaiveDate,
        group: Option<GroupId>,
        key: String,
        value: String,
    },
    /// A text is wrong: everything pending with it is held, until it is put right or let go.
    Halt {
        task: TaskId,
    },
    /// Puts a wrong text right: one new text for what is pending with it, and `notice`, where there is one, as a 更正 to
    /// those who got it.
    Correct {
        task: TaskId,
        text: String,
        notice: Option<String>,
        /// Which part was wrong; it must be said where several are texts.
        #[serde(default)]
        part: Option<u16>,
    },
    /// Applies a playbook file.
    SopAdd {
        toml: String,
        file: String,
        /// Those who are in it stay on the text they began with.
        new_only: bool,
        /// The version that it was laid beside; where another one runs by now it is refused. None: nobody has looked.
        #[serde(default)]
        base: Option<u32>,
    },
    SopPause {
        playbook: PlaybookId,
    },
    SopResume {
        playbook: PlaybookId,
    },
    /// 今日停团: calls a playbook off for today; its groups are told where there is something to say.
    SopDayOff {
        playbook: PlaybookId,
        notice: String,
    },
    /// Ends all its enrolments, cancels its open tasks, takes it out of sight.
    SopRemove {
        playbook: PlaybookId,
    },
    /// Puts targets into a playbook by hand.
    Enrol {
        playbook: PlaybookId,
        targets: Vec<Target>,
        filter: String,
        anchor: Option<Timestamp>,
        dry_run: bool,
    },
    /// A one-off to whatever a filter matches; a dry run says whom it would reach and what would keep it back.
    Compose {
        compose: Compose,
        dry_run: bool,
    },
    /// Takes a one-off back whole.
    ComposeWithdraw {
        id: PlaybookId,
    },
    /// Sets up a campaign; each of its waves enters as it begins.
    CampaignAdd {
        campaign: Campaign,
    },
    /// Changes a campaign that is not over: what has not begun of it, its end, its shared answers.
    CampaignEdit {
        campaign: Campaign,
    },
    /// Ends it for everybody.
    CampaignStop {
        id: String,
    },
    /// Ends enrolments by hand.
    Unenrol {
        enrolments: Vec<EnrolmentId>,
    },
    /// Pauses targets until a time, or until told otherwise: their playbooks wait, what is due stays due.
    Pause {
        targets: Vec<Target>,
        until: Option<Timestamp>,
    },
    Unpause {
        targets: Vec<Target>,
    },
    /// An account may no longer do something, or may again; what becomes of what waits for it.
    Limit {
        account: AccountId,
        health: Health,
        held: Held,
    },
    /// The playbooks of a group go on in another.
    Transfer {
        from: GroupId,
        to: GroupId,
        how: Transfer,
    },
    /// Many groups at once, as pasted: names with head counts.
    AddGroups {
        names: Vec<GroupName>,
        account: Option<AccountId>,
    },
    /// Begins an import; rows follow by [`super::Request::Rows`].
    ImportBegin {
        file: String,
        account: Option<AccountId>,
        group: Option<GroupId>,
    },
    /// Everything was sent: look at every row and change nothing (dry run), or promise. Either goes on in slices;
    /// [`super::Request::Import`] says how far.
    ImportCommit {
        import: u32,
        dry_run: bool,
    },
    /// Drops rows that were sent.
    ImportDrop {
        import: u32,
    },
    /// Keeps a snippet; `before` is the name it had, none for a new one.
    SnippetSet {
        before: Option<String>,
        snippet: Snippet,
    },
    /// Keeps many; those of the same name are replaced.
    SnippetsImport {
        snippets: Vec<Snippet>,
    },
    SnippetRemove {
        name: String,
    },
    /// It was copied: a fact that a screen reports.
    SnippetUsed {
        name: String,
    },
    /// Keeps a view of the store; `before` is the name it had, none for a new one.
    ViewSet {
        before: Option<String>,
        view: View,
    },
    ViewRemove {
        name: String,
    },
    /// New rules of the store, from a `rules.toml` that was read by the client.
    SetRules {
        toml: String,
    },
    /// Working days of years, from a file that was read by the client.
    SetCalendar {
        toml: String,
    },
    /// What to do with what came due while the desk was away.
    CatchUp {
        playbook: Option<PlaybookId>,
        choice: CatchUp,
    },
    /// A human has seen what the held tick would do; it may go on.
    ConfirmClock,
    /// One turn of the tick, for `qun tick`.
    Tick,
}

closed! {
    /// How the playbooks of a group go on in another.
    pub enum Transfer {
        /// They end here and go on there.
        Move = "move", "移过去", "移過去";
        /// They go on here and there.
        Copy = "copy", "两边都走", "兩邊都走";
        /// This group is merged into that one, and they go on there.
        Merge = "merge", "并入", "併入";
    }
}

/// What becomes of messages that an account cannot send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Held {
    /// 搁置: they wait until it can.
    Wait,
    /// 移走: to that account where it knows the target too, else to whichever does.
    Move(Option<AccountId>),
    /// 顺延: due when the limit ends.
    Shift,
    /// 取消.
    Cancel,
}

/// What to do with what came due during an absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CatchUp {
    /// 补发: stays in the queue.
    Send,
    /// 顺延: moves to the same time tomorrow where the span allows.
    Shift,
    /// 过期: ends as expired.
    Expire,
}

/// Verbs on tasks; words after `:` and of `qun do`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TaskVerb {
    /// A human says it was sent: now, or at the time stated. `also` is 我也发了 after another was faster.
    Sent {
        at: Option<Timestamp>,
        also: bool,
    },
    /// Ticks one part by its position; the last one marks the task sent.
    Part {
        part: u16,
    },
    Skip {
        reason: SkipReason,
        words: String,
    },
    Snooze {
        until: Timestamp,
    },
    /// Back from snoozed to due.
    Wake,
    /// This text once; none takes the edit back.
    Rewrite {
        text: Option<String>,
    },
    /// The text was copied: a fact that a screen reports.
    Copied {
        part: u16,
    },
    /// The step's `check` was answered.
    Check {
        yes: bool,
    },
    /// A human has seen warnings about its text and lets it stand.
    Acknowledge {
        codes: Vec<String>,
    },
    /// On screen for a second.
    Seen,
}

/// What is edited or archived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ObjectRef {
    Account(AccountId),
    Group(GroupId),
    Member(MemberId),
    Contact(MemberId, AccountId),
    Membership(MemberId, GroupId),
    Product(ProductId),
}

impl ObjectRef {
    /// The kind whose form it has.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Account(_) => Kind::Account,
            Self::Group(_) => Kind::Group,
            Self::Member(_) => Kind::Member,
            Self::Contact(..) => Kind::Contact,
            Self::Membership(..) => Kind::Membership,
            Self::Product(_) => Kind::Product,
        }
    }
}

/// Somebody named by a human.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    Known(MemberId),
    /// Not in the book yet: made with this name.
    New(String),
    /// A name as typed: the desk finds the one member, or refuses with the candidates.
    Named(String),
}

/// Quick entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tell {
    pub who: Vec<Who>,
    /// What stands beside each name of a pasted list, in the order of `who`; may be shorter.
    #[serde(default)]
    pub said: Vec<String>,
    pub group: Option<GroupId>,
    pub account: Option<AccountId>,
    pub happened: Vec<Happening>,
    /// When, as stated; now if none.
    pub at: Option<Timestamp>,
}

/// One thing that happened, with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    pub kind: ActivityKind,
    pub amount: Option<Money>,
    /// Head count (`=186`) or its change (`+3`), see `relative`.
    pub number: Option<i64>,
    pub relative: bool,
    /// Product, tag, stage, words.
    pub text: String,
}

/// A pasted group name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupName {
    pub name: String,
    pub head_count: Option<u32>,
    pub capacity: Option<u32>,
    /// The name of the account it is on; one that is not there yet is made.
    pub account: Option<String>,
}
