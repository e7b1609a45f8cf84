//! What the preview and the cards show of one object.
//!
//! One file because it is one list of what can be shown of an object.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use super::campaign::{CampaignTrial, CampaignView, TextTrial, TextView, WaveTrial, WaveView};
pub use super::coming::{Coming, step_words};
pub use super::group_card::{CardWords, GroupDetail, OrderView, People};
use super::line::{Fact, Ref, TaskLine};
use crate::book::{
    AccountId, Class, ContactState, EnrolmentId, GroupId, Member, MemberId, Money, PlaybookId, Target,
    TaskId, Timestamp, Via,
};
pub use crate::report::funnel::Funnel;

/// A part of a step as a human works it off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartView {
    /// `text image file forward notice jielong redpacket mention`.
    pub kind: String,
    /// What `y` copies: the rendered text, cleaned for the clipboard; none when nothing is to be copied.
    pub copy: Option<String>,
    /// What `p` copies: a path or search words.
    pub find: Option<String>,
    /// What to do by hand, cleaned for display.
    pub show: String,
    /// As far as it is there, for whoever edits it: of a text of a blocked task, with what nobody can fill in as it is
    /// written.
    pub written: Option<String>,
    pub done: bool,
}

impl PartView {
    /// What it says, or is done by hand with; none where there is nothing.
    pub fn said(&self) -> Option<&str> {
        self.copy.as_deref().or(self.find.as_deref())
    }
}

/// A snippet as it is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnippetView {
    pub name: String,
    pub tags: Vec<String>,
    /// As it is edited: name and tags in the first line, then the text.
    pub page: String,
    /// Its text for whom it is about, for display.
    pub show: String,
    /// The same for the clipboard; none where it cannot be filled.
    pub copy: Option<String>,
    /// Why it cannot be filled.
    pub blocked: Option<String>,
    pub used: u32,
    pub used_at: Option<Timestamp>,
}

/// What the code of a warning begins with that says which other chats the search term finds.
pub const SAME_CHAT: &str = "chat ";

/// Something about a text that a human should see before it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextWarning {
    /// What is acknowledged: other words in the same text are another warning.
    pub code: String,
    pub words: String,
}

/// The text of a task, ready to be copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskText {
    pub task: TaskId,
    pub parts: Vec<PartView>,
    /// The variable that is missing and what to do; nothing is copied then.
    pub blocked: Option<(String, String)>,
    /// A form of its playbook asks for that variable.
    pub asked: bool,
    /// `replied`, `bought` or `paid`, to be asked before copying; none when answered.
    pub check: Option<String>,
    /// What a human should see before it is copied; none that was acknowledged.
    pub warnings: Vec<TextWarning>,
    /// The answers that `r` offers, in order.
    pub answers: Vec<String>,
    /// 查找词: finds this chat and no other.
    pub search_term: String,
}

impl TaskText {
    /// What is said of other chats that the search term finds, unless it was acknowledged.
    pub fn other_chats(&self) -> Option<String> {
        let said = self.warnings.iter().find(|warning| warning.code.starts_with(SAME_CHAT));
        said.map(|warning| warning.words.clone())
    }
}

/// Something in a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    pub at: Timestamp,
    /// What it is, in the user's language.
    pub what: String,
    /// `touch`, `note` or the word of an activity.
    pub word: String,
    pub by: String,
    /// How it came into the book, as a word for programs; empty where `by` is somebody's name.
    pub source: String,
    pub text: String,
}

/// Everything about one task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskDetail {
    pub line: TaskLine,
    pub text: TaskText,
    /// The step's note to the human.
    pub note: String,
    /// Names to mention one by one.
    pub names: Vec<String>,
    pub past: Vec<Past>,
    pub coming: Vec<Coming>,
    /// Why it is here: fired, moved, caps counted.
    pub why: Vec<String>,
}

/// How one account knows a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactView {
    pub account: Ref<AccountId>,
    pub state: ContactState,
    pub since: Option<Timestamp>,
    pub remark: String,
}

/// What a member's purchases, answers and our messages come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    pub orders: u32,
    pub spent: Money,
    pub last_order_at: Option<Timestamp>,
    pub last_reply_at: Option<Timestamp>,
    pub last_touch_at: Option<Timestamp>,
    /// Ordered and not yet picked up.
    pub unpicked: u32,
}

/// That the playbooks of a target wait: until when, else until told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseView {
    pub until: Option<Timestamp>,
}

/// The card of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberDetail {
    pub member: Member,
    pub referrer: Option<Ref<MemberId>>,
    pub pause: Option<PauseView>,
    pub sums: Sums,
    /// What they bought last, newest first: when, what, for how much.
    pub bought: Vec<(Timestamp, String, Option<Money>)>,
    pub contacts: Vec<ContactView>,
    /// Groups with the time joined; left ones carry the time left.
    pub groups: Vec<(Ref<GroupId>, Option<Timestamp>, Option<Timestamp>)>,
    pub past: Vec<Past>,
    pub coming: Vec<Coming>,
    pub due: Vec<TaskLine>,
}

/// The card of a playbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SopDetail {
    pub line: super::line::SopLine,
    pub toml: String,
    pub coming: Vec<Coming>,
    pub facts: Vec<Fact>,
}

/// A step of an opened playbook and how far its messages got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    pub id: String,
    /// As the playbook spells it: `D0 +5m`.
    pub at: String,
    pub via: Via,
    pub class: Class,
    /// The first line of what it says, else what is to be done; cleaned.
    pub says: String,
    pub funnel: Funnel,
}

closed! {
    /// How a target stands in a playbook.
    pub enum Standing {
        Active = "active", "在走", "在走";
        /// In line for the intake.
        InLine = "in-line", "排队", "排隊";
        Finished = "finished", "走完", "走完";
        Stopped = "stopped", "停止", "停止";
    }
}

/// Where one target stands in a playbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceView {
    pub enrolment: EnrolmentId,
    pub target: Target,
    pub name: String,
    pub standing: Standing,
    /// Its next instant; none while it waits for something else, and when it has ended.
    pub at: Option<Timestamp>,
    /// As of [`Coming`].
    pub asks: Vec<(Timestamp, String)>,
    /// The step that comes next, and its number from 1; empty and 0 where none does.
    pub step: String,
    pub number: u16,
    /// Why it waits, was moved, or has stopped.
    pub why: String,
    /// Its place in the line from 1; 0 where it does not stand in line.
    pub line: u32,
    /// The day it is let in as things stand, as far as that is known.
    pub turn: Option<NaiveDate>,
    /// The target itself is paused, whatever playbook it is in.
    pub paused: bool,
    /// The applied version it goes by.
    pub version: u32,
}

/// An opened playbook: its steps, and a window of who is or was in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SopBoard {
    pub line: super::line::SopLine,
    pub toml: String,
    pub steps: Vec<StepView>,
    /// Next first, then those in line in its order, then those who are through, newest first.
    pub places: Vec<PlaceView>,
    /// Position of the first of them, and how many there are of each standing, in the order of [`Standing::ALL`].
    pub first: u32,
    pub counts: [u32; 4],
}

/// What applying another text of a playbook does, before it is applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SopDiff {
    pub title: String,
    /// The version that runs now; 0 where there is none yet.
    pub before: u32,
    /// What is written differently, a sentence each; empty where nothing is.
    pub changes: Vec<String>,
    /// Open tasks, by their steps.
    pub open: Vec<OpenTasks>,
    /// Those whose next instant or next step changes; only the first of many.
    pub next: Vec<NextChange>,
    /// How many are in it, how many of them were looked at, and of those: unchanged, changed, at their end.
    pub running: u32,
    pub looked_at: u32,
    pub unchanged: u32,
    pub changed: u32,
    pub ending: u32,
    /// Of a new one: how many enter as it is applied, and that in words; none where that is not known before.
    pub entering: Option<(u32, String)>,
    /// How many stay in it and are not meant any more: what falls due for them is skipped.
    pub outside: u32,
    /// How many a stop rule ends at once, and the first of them by name.
    pub stopped: u32,
    pub stopped_names: Vec<String>,
    /// How many stay in it whose next step would not be said any more, for other reasons, and the first by name.
    pub skipped: u32,
    pub skipped_names: Vec<String>,
    pub warnings: Vec<String>,
    /// How many are in it by an older text, which this one would replace.
    #[serde(default)]
    pub older: u32,
}

impl SopDiff {
    /// True where applying it changes nothing for anybody: it is what runs, for all who are in it.
    pub fn is_same(&self) -> bool {
        self.before > 0
            && self.changes.is_empty()
            && self.older == 0
            && self.open.iter().all(|open| open.stays)
    }
}

/// Open tasks of one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTasks {
    pub step: String,
    /// The step as sentences name it.
    pub reads: String,
    pub n: u32,
    /// They stay as they are; else they are cancelled: their step is gone, or a stop rule ends what they are of.
    pub stays: bool,
    pub stopped: bool,
}

/// How what comes next for one target changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextChange {
    pub name: String,
    pub before: NextStep,
    pub after: NextStep,
}

/// What comes next for one target, and when it can be said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// Empty where nothing comes any more.
    pub step: String,
    /// The step as sentences name it.
    pub reads: String,
    pub at: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// It ends unsaid, or does not come as things stand.
    pub unsaid: bool,
    /// Its target is not in the audience.
    pub unmeant: bool,
    /// Why it is not said, or not when it is written, or why nothing comes; in words, empty where there is nothing to say.
    pub why: String,
}

impl NextChange {
    /// The step behind an arrow, as sentences name it: nothing where it is the one before it.
    pub fn reads_next(&self) -> &str {
        if self.after.reads == self.before.reads { "" } else { &self.after.reads }
    }

    /// Whether the two sides are over at another time, so that it is to be said when.
    pub fn tells_until(&self) -> bool {
        let (before, after) = (&self.before, &self.after);
        before.until != after.until && before.at.is_some() && after.at.is_some()
    }
}

/// A question of a form that a run asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskView {
    pub playbook: Ref<PlaybookId>,
    pub run: chrono::NaiveDate,
    pub key: String,
    /// `text`, `money`, `lines` or `list`.
    pub kind: String,
    pub group: Option<Ref<GroupId>>,
    pub by: Timestamp,
    /// Today's answer, or yesterday's as a proposal when `proposed`.
    pub value: String,
    pub proposed: bool,
    /// Somebody has answered, if only that there is nothing.
    #[serde(default)]
    pub answered: bool,
    /// When the first message that uses it is due.
    #[serde(default)]
    pub used_at: Option<Timestamp>,
    /// That message, cut where the answer stands in it; empty where no message says it.
    #[serde(default)]
    pub preview: Vec<String>,
}
