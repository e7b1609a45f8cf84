//! What lists show: one line each for tasks, groups, members, accounts and playbooks.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::detail::{Past, PauseView};
use super::form::Kind;
use crate::book::{
    AccountId, Class, GroupId, MemberId, Money, ObjectId, Platform, PlaybookId, Stage, Target, TaskId,
    TaskState, Timestamp, Via,
};

/// A named thing; `id` is empty in no line, `name` is the real one without controls: whoever paints it makes it fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ref<I> {
    pub id: I,
    pub name: String,
}

/// A fact about a task that is not a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// Its time has passed by ten minutes or more and nothing holds it.
    Overdue,
    /// A day or more late; how many local days.
    LateDays(u32),
    /// Its text was copied: when last, by whom, and which parts they copied, from 0; none where that was not told apart.
    Copied {
        at: Timestamp,
        by: String,
        parts: Vec<u16>,
    },
    /// What was copied is not what it says now: it is copied anew before it is sent.
    ChangedSinceCopy,
    /// The text cannot be rendered: the variable and why, and whether a form asks for it.
    Blocked {
        variable: String,
        words: String,
        asked: bool,
    },
    /// No contact in state friend: 不是好友.
    NotFriend,
    /// No account to send from.
    NoAccount,
    /// Held by a rule, with the reason.
    Held(String),
    /// Held because somebody of the same name on the same account got the same step: stands behind [`Fact::Held`].
    Lookalike,
    /// A rule moved it here from there.
    Moved {
        from: Timestamp,
        why: String,
    },
    Claimed {
        by: String,
    },
    /// Its text was edited for this once.
    Edited,
    /// Nobody has looked at it yet.
    Unseen,
    Replied(Timestamp),
    /// Parts ticked, parts in all.
    Parts(u16, u16),
    /// 跟进, 更正, 加好友, 填表: not a step's message.
    FollowUp,
    Correction,
    AddFriend,
    Ask,
    /// A group wants something done about it.
    Upkeep,
    /// How often its target was told something today and this month (of how many, where a cap counts), and when last.
    Touched {
        today: u32,
        month: u32,
        of: Option<u32>,
        last_at: Option<Timestamp>,
    },
    /// How many messages its account sent by hand in the last hour.
    Pace(u32),
}

/// Why nobody should send a task, unless they say that they know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt<'a> {
    /// A private message to whom is no friend of its account.
    Stranger,
    /// A rule holds it, for this reason.
    Held(&'a str),
}

/// A task in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskLine {
    pub id: TaskId,
    pub state: TaskState,
    pub due_at: Timestamp,
    pub until: Option<Timestamp>,
    pub snoozed_until: Option<Timestamp>,
    pub target: Target,
    /// Whom or where, cleaned.
    pub target_name: String,
    pub group: Option<Ref<GroupId>>,
    pub member: Option<Ref<MemberId>>,
    pub account: Option<Ref<AccountId>>,
    pub platform: Option<Platform>,
    pub playbook: Option<Ref<PlaybookId>>,
    pub step: String,
    /// Position of the step from 1, and how many there are; 0 of 0 where there is no playbook.
    pub step_number: (u16, u16),
    pub occurrence: Option<NaiveDate>,
    pub via: Via,
    pub class: Class,
    /// First line of the text or the words, cleaned, at most 60 columns.
    pub summary: String,
    pub facts: Vec<Fact>,
    /// How many members it greets or names; 0 when it is about one.
    pub members: u32,
    /// Equal for tasks whose text is equal and not blocked: they are copied once and forwarded.
    pub same_text: Option<u64>,
    pub ended_at: Option<Timestamp>,
    /// By whom and why it ended, in the words of the desk's closed sets.
    pub ended_by: String,
    pub reason: String,
    pub assignee: String,
    pub rev: u32,
}

impl TaskLine {
    /// Why it should not be sent as things stand; none where nothing speaks against it.
    pub fn doubt(&self) -> Option<Doubt<'_>> {
        let stranger = self.facts.contains(&Fact::NotFriend).then_some(Doubt::Stranger);
        stranger.or_else(|| {
            self.facts.iter().find_map(|fact| match fact {
                Fact::Held(why) => Some(Doubt::Held(why)),
                _ => None,
            })
        })
    }
}

/// A group in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLine {
    pub id: GroupId,
    pub name: String,
    pub account: Option<Ref<AccountId>>,
    pub platform: Option<Platform>,
    pub state: String,
    /// The same as a word for programs: `live`, `frozen`, `full`, `dissolved`, `merged`.
    pub state_word: String,
    pub head_count: Option<u32>,
    pub capacity: u32,
    /// Members in the book who are in it now.
    pub members: u32,
    pub tags: Vec<String>,
    /// Tasks due, and of these overdue; held ones are not.
    pub due: u32,
    pub overdue: u32,
    pub next_at: Option<Timestamp>,
}

/// A member in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberLine {
    pub id: MemberId,
    pub name: String,
    pub remark: String,
    pub stage: Option<Stage>,
    pub tags: Vec<String>,
    /// First groups, and how many in all.
    pub groups: Vec<Ref<GroupId>>,
    pub group_count: u32,
    /// Accounts that are friends.
    pub friend_of: Vec<Ref<AccountId>>,
    pub orders: u32,
    pub spent: Money,
    pub last_reply_at: Option<Timestamp>,
    pub last_touch_at: Option<Timestamp>,
    pub due: u32,
    /// Playbooks wait for them for now.
    #[serde(default)]
    pub pause: Option<PauseView>,
}

/// An account in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLine {
    pub id: AccountId,
    pub name: String,
    pub platform: Platform,
    pub persona: String,
    pub device: String,
    pub holder: String,
    pub health: String,
    /// The same as a word for programs: `normal`, `limited`, `banned`, `retired`, `recovering`.
    pub health_word: String,
    pub groups: u32,
    pub friends: u32,
    /// How many its platform takes, where the rules say.
    #[serde(default)]
    pub friends_max: Option<u32>,
    pub due: u32,
    pub sent_today: u32,
    /// Its own quiet hours, as forms have them.
    #[serde(default)]
    pub quiet: String,
    /// What its form says of it, and where it stands alone the notes on it, newest first.
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub past: Vec<Past>,
}

/// A playbook in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SopLine {
    pub id: PlaybookId,
    pub title: String,
    pub version: u32,
    pub paused: bool,
    /// `member`, `group` or `account`.
    pub target: String,
    pub steps: u16,
    pub active: u32,
    pub in_line: u32,
    pub due: u32,
    pub next_at: Option<Timestamp>,
}

/// The lines of one list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lines {
    Tasks(Vec<TaskLine>),
    Groups(Vec<GroupLine>),
    Members(Vec<MemberLine>),
    Accounts(Vec<AccountLine>),
    Playbooks(Vec<SopLine>),
}

impl Lines {
    /// No lines of a kind.
    pub const fn none(kind: Kind) -> Self {
        match kind {
            Kind::Task => Self::Tasks(Vec::new()),
            Kind::Group => Self::Groups(Vec::new()),
            Kind::Account => Self::Accounts(Vec::new()),
            Kind::Playbook => Self::Playbooks(Vec::new()),
            Kind::Member | Kind::Contact | Kind::Membership | Kind::Product => Self::Members(Vec::new()),
        }
    }

    /// Puts more lines of the same kind behind these; of another kind they are left out.
    pub fn append(&mut self, more: Self) {
        match (self, more) {
            (Self::Tasks(lines), Self::Tasks(more)) => lines.extend(more),
            (Self::Groups(lines), Self::Groups(more)) => lines.extend(more),
            (Self::Members(lines), Self::Members(more)) => lines.extend(more),
            (Self::Accounts(lines), Self::Accounts(more)) => lines.extend(more),
            (Self::Playbooks(lines), Self::Playbooks(more)) => lines.extend(more),
            _ => {}
        }
    }
}

/// What identifies a line across refreshes: the cursor follows this, not the position.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LineId {
    Object(ObjectId),
    Playbook(PlaybookId),
}
