//! Tasks: one step owed to one target at one occurrence, from the moment it fires.
//!
//! One file because a task, its states and why it ended are kept and read together.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::enrolment::WaitReason;
use super::id::{AccountId, EnrolmentId, GroupId, MemberId, PlaybookId, TaskId};
use super::time::Timestamp;
use super::touch::{Class, Via};
use super::wording::Wording;

closed! {
    /// Where a task stands. `due` and `snoozed` are open; all else is an end with a reason.
    pub enum TaskState {
        Due = "due", "待发", "待發";
        Snoozed = "snoozed", "稍后", "稍後";
        Sent = "sent", "已发", "已發";
        Skipped = "skipped", "已跳过", "已跳過", ["跳过"];
        Expired = "expired", "已过期", "已過期", ["过期"];
        Cancelled = "cancelled", "已取消", "已取消", ["取消"];
        Failed = "failed", "失败", "失敗";
    }
}

impl TaskState {
    /// True while something is still owed.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Due | Self::Snoozed)
    }
}

closed! {
    /// Why a human did not send; the digits of the skip menu in this order.
    pub enum SkipReason {
        Talked = "talked", "已聊过", "已聊過";
        Bought = "bought", "已成交", "已成交";
        Unfriended = "unfriended", "被删/拉黑", "被刪/封鎖", ["被删", "拉黑"];
        DoNotDisturb = "do-not-disturb", "勿扰/投诉", "勿擾/投訴", ["勿扰", "投诉"];
        Unfit = "unfit", "内容不合适", "內容不合適";
        AccountLimited = "account-limited", "账号受限", "帳號受限";
        GroupGone = "group-gone", "群已满/解散/被踢", "群已滿/解散/被踢", ["解散", "被踢"];
        Other = "other", "其他", "其他";
    }
}

impl SkipReason {
    /// `failed` for what the world refused, `skipped` for what a human chose.
    pub const fn end_state(self) -> TaskState {
        match self {
            Self::Unfriended | Self::AccountLimited | Self::GroupGone => TaskState::Failed,
            _ => TaskState::Skipped,
        }
    }
}

/// Why a task ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndReason {
    /// A human says it was sent.
    Sent,
    /// A human skipped it.
    Skip { reason: SkipReason, words: String },
    /// Its span ended.
    SpanOver,
    /// `late = "drop"` and it came too late.
    TooLate,
    /// `if` was false: born skipped, 条件不符.
    Condition,
    /// `check` was answered yes: what the step was for had happened already.
    AlreadyDone { what: String },
    /// A stop rule held; the word of the rule.
    Stopped { rule: String },
    /// The target is gone: archived, left, dissolved.
    TargetGone,
    /// The text was had within its freshness span.
    NotFresh,
    /// An undo took back what had made it.
    Undone,
    /// The playbook was removed or its step taken out.
    PlaybookRemoved,
    /// A human withdrew it.
    Withdrawn,
    /// The playbook rests on this day, 今日停团: a human called it off.
    DayOff,
    /// Its span or day ended while a cap or quiet hours held it.
    Held { why: WaitReason },
    /// Its account could not send it: a human cancelled what was held for it, or its span ended while it was held.
    AccountRefused { why: Refused },
    /// Born skipped: an earlier round of its class came to nothing, and the target is left in peace until that day.
    Resting { until: NaiveDate },
    /// It was owed to whoever matched, and its target does so no more: the filter.
    NotMeant { who: String },
    /// It came while the clock ran ahead: it has not fired, and comes at its time.
    NotYet,
}

/// Why an account could not send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refused {
    Limited,
    Banned,
    /// No longer used, or archived.
    Unused,
}

/// To whom something is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    #[serde(rename = "member")]
    Member(MemberId),
    #[serde(rename = "group")]
    Group(GroupId),
    #[serde(rename = "account")]
    Account(AccountId),
}

/// What makes a task of a playbook the only one of its kind: it fires once.
///
/// `occurrence` is the planned local date before any move, `ordinal` counts within that day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskKey {
    pub playbook: PlaybookId,
    pub step: String,
    pub target: Target,
    pub occurrence: NaiveDate,
    #[serde(default)]
    pub ordinal: u16,
    /// One task for all targets of the run: `target` is then the first of them and does not count.
    #[serde(default)]
    pub run: bool,
}

impl TaskKey {
    /// D0 of the run that a task on its `day`-th day belongs to: the occurrence is the local day it was planned for.
    pub fn run_day(&self, day: i32) -> NaiveDate {
        let begun = self.occurrence.checked_sub_signed(chrono::TimeDelta::days(i64::from(day)));
        begun.unwrap_or(self.occurrence)
    }
}

closed! {
    /// What a group wants done about it.
    pub enum Upkeep {
        NearlyFull = "nearly-full", "快满", "快滿";
        Full = "full", "已满", "已滿";
        Qr = "qr", "换二维码", "換二維碼";
    }
}

/// What kind of thing is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskKind {
    /// A step of a playbook.
    Step { key: TaskKey, version: u32, variant: u16 },
    /// 跟进: a human's own reminder; the words are all there is.
    FollowUp { words: String },
    /// A form to fill so that a run can speak: playbook, its D0, the key asked.
    Ask { playbook: PlaybookId, run: NaiveDate, key: String, group: Option<GroupId> },
    /// 加好友: a private step waits for this.
    AddFriend { member: MemberId },
    /// 群维护: a group wants something done about it.
    Upkeep { group: GroupId, what: Upkeep },
    /// 更正: what was wrongly sent to this target, put right.
    Correction {
        of: TaskId,
        words: String,
        /// Which of its texts was wrong.
        #[serde(default)]
        nth: u16,
    },
}

/// What can change about a task after it fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskStatus {
    pub state: TaskState,
    pub due_at: Timestamp,
    /// When it expires; none means never.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// The account to send from; none blocks a message.
    #[serde(default)]
    pub account: Option<AccountId>,
    #[serde(default)]
    pub snoozed_until: Option<Timestamp>,
    /// Until when quiet hours put it off. Where that is not until when it is put off, somebody has put it off since.
    #[serde(default)]
    pub quiet_until: Option<Timestamp>,
    #[serde(default)]
    pub end: Option<EndReason>,
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    #[serde(default)]
    pub ended_by: String,
    /// One bit a part that was ticked by hand, lowest first.
    #[serde(default)]
    pub parts_done: u64,
    /// This text once, edited by a human before sending.
    #[serde(default)]
    pub edited: Option<String>,
    #[serde(default)]
    pub assignee: String,
    /// When the first human screen had shown it for a second.
    #[serde(default)]
    pub seen_at: Option<Timestamp>,
    /// When its text was last copied; a fact, not a state.
    #[serde(default)]
    pub copied_at: Option<Timestamp>,
    /// Who copied it last: two people at one queue must not both send it.
    #[serde(default)]
    pub copied_by: String,
    /// One bit a part that they copied, lowest first; of one copied before parts were told apart, none.
    #[serde(default)]
    pub copied_parts: u64,
    /// What was copied of its text, or said of it by hand, by the part: where it may say something else by now, and until
    /// a human ends it.
    #[serde(default)]
    pub copied: Vec<(u16, String)>,
    /// When the target replied to it.
    #[serde(default)]
    pub replied_at: Option<Timestamp>,
    /// The answer to the step's `check`, once given.
    #[serde(default)]
    pub checked: Option<bool>,
    /// Held by a rule, not by a state: 疑似同一人, 账号受限, 更正.
    #[serde(default)]
    pub held: Option<String>,
    /// Warnings about its text that a human has seen and let stand, by their codes.
    #[serde(default)]
    pub acknowledged: Vec<String>,
    /// Counts changes; what a screen acted on must still be so.
    #[serde(default)]
    pub rev: u32,
    /// What it said before each correction, the first first; none where a human edited it since.
    #[serde(default)]
    pub corrected: Vec<Wording>,
    /// What was put right of its other texts than the first, by their place among the texts.
    #[serde(default)]
    pub edited_texts: Vec<(u16, String)>,
}

impl TaskStatus {
    /// A task that has just become due.
    pub fn due(due_at: Timestamp, until: Option<Timestamp>, account: Option<AccountId>) -> Self {
        Self {
            state: TaskState::Due,
            due_at,
            until,
            account,
            snoozed_until: None,
            quiet_until: None,
            end: None,
            ended_at: None,
            ended_by: String::new(),
            parts_done: 0,
            edited: None,
            assignee: String::new(),
            seen_at: None,
            copied_at: None,
            copied_by: String::new(),
            copied_parts: 0,
            copied: Vec::new(),
            replied_at: None,
            checked: None,
            held: None,
            acknowledged: Vec::new(),
            rev: 0,
            corrected: Vec::new(),
            edited_texts: Vec::new(),
        }
    }

    /// This status, ended for a reason.
    #[must_use]
    pub fn ended(&self, state: TaskState, end: EndReason, at: Timestamp, by: &str) -> Self {
        Self {
            state,
            end: Some(end),
            ended_at: Some(at),
            ended_by: by.to_owned(),
            snoozed_until: None,
            copied: self.kept_of_copied(state),
            rev: self.rev + 1,
            ..self.clone()
        }
    }

    /// What stays known of what was copied once it has ended: the record has what was sent; of what a human skipped, only
    /// what was said in part.
    fn kept_of_copied(&self, state: TaskState) -> Vec<(u16, String)> {
        let stays = |(part, _): &&(u16, String)| match state {
            TaskState::Sent => false,
            TaskState::Skipped => self.has_ticked(usize::from(*part)),
            _ => true,
        };
        self.copied.iter().filter(stays).cloned().collect()
    }

    /// Whether a part was ticked by hand.
    pub const fn has_ticked(&self, part: usize) -> bool {
        part < u64::BITS as usize && self.parts_done & (1 << part) != 0
    }

    /// The same with a part copied by somebody.
    #[must_use]
    pub fn with_copy(&self, part: u16, at: Timestamp, by: &str) -> Self {
        let theirs = if self.copied_by == by { self.copied_parts } else { 0 };
        Self {
            copied_at: Some(at),
            copied_by: by.to_owned(),
            copied_parts: theirs | 1_u64.checked_shl(u32::from(part)).unwrap_or_default(),
            rev: self.rev + 1,
            ..self.clone()
        }
    }

    /// What of it somebody has decided: without what screens report.
    #[must_use]
    pub fn decided(&self) -> Self {
        Self { rev: 0, seen_at: None, copied_at: None, copied_parts: 0, ..self.clone() }
    }

    /// The parts that who copied it last has copied.
    pub fn parts_copied(&self) -> Vec<u16> {
        (0..u64::BITS as u16).filter(|part| self.copied_parts & (1 << part) != 0).collect()
    }

    /// True once a human did anything with it.
    pub fn is_touched(&self) -> bool {
        self.copied_at.is_some()
            || self.parts_done != 0
            || self.edited.is_some()
            || !self.edited_texts.is_empty()
            || self.snoozed_until.is_some_and(|until| self.quiet_until != Some(until))
    }

    /// This status, put off by quiet hours until an instant.
    #[must_use]
    pub fn quiet_to(self, until: Timestamp) -> Self {
        let until = Some(until);
        Self { state: TaskState::Snoozed, snoozed_until: until, quiet_until: until, seen_at: None, ..self }
    }

    /// Whether it is quiet hours that put it off.
    pub fn is_put_off_by_quiet(&self) -> bool {
        self.state == TaskState::Snoozed
            && self.quiet_until.is_some()
            && self.quiet_until == self.snoozed_until
    }
}

/// One thing owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    pub kind: TaskKind,
    pub target: Target,
    /// Enrolments that this task serves; a collected task has many.
    #[serde(default)]
    pub of: Vec<EnrolmentId>,
    /// The chat group it is said in or about.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// The members it names or greets: a collected task's `{{ members }}`.
    #[serde(default)]
    pub members: Vec<MemberId>,
    pub via: Via,
    pub class: Class,
    #[serde(default)]
    pub priority: i32,
    /// N of DN where the step counts days; 0 is the anchor's day.
    #[serde(default)]
    pub day: i32,
    /// The planned instant, where a rule moved it.
    #[serde(default)]
    pub moved_from: Option<Timestamp>,
    /// Why it was moved: quiet hours, a cap.
    #[serde(default)]
    pub moved_why: String,
    pub fired_at: Timestamp,
    pub status: TaskStatus,
}

impl Task {
    /// The group that it is said in, or that it is about; none for what a member is told alone, wherever they were met.
    pub fn said_in(&self) -> Option<GroupId> {
        match self.target {
            Target::Group(group) => Some(group),
            _ => self.group.filter(|_| self.via == Via::Group),
        }
    }

    /// The one member it is about, where there is one.
    pub const fn member(&self) -> Option<MemberId> {
        match self.target {
            Target::Member(member) => Some(member),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_ends_a_task() {
        for reason in SkipReason::ALL {
            assert!(!reason.end_state().is_open());
        }
    }

    #[test]
    fn words_are_read_back_from_every_spelling() {
        for state in TaskState::ALL {
            for spelling in state.spellings() {
                assert_eq!(TaskState::parse(spelling), Some(*state));
            }
        }
    }
}
