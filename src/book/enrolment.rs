//! Enrolments: one target going through one playbook from one anchor.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::{AccountId, EnrolmentId, GroupId, PlaybookId};
use super::task::Target;
use super::time::Timestamp;

/// What an enrolment counts its days from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Spell of membership, purchase number, activity id, date …; never an instant. One enrolment for each
    /// (playbook, target, key).
    pub key: String,
    /// When it happened; offsets such as `+5m` count from here.
    pub at: Timestamp,
    /// The local day it happened on: D0.
    pub d0: NaiveDate,
}

/// Why an enrolment's next step does not come at its planned time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitReason {
    QuietHours,
    Cap {
        words: String,
    },
    Paused,
    Clock,
    /// In line for the playbook's intake.
    Intake,
    /// For the working days of a year that nobody knows yet.
    Calendar,
    /// For the end of a day that was called off.
    DayOff,
}

/// Where an enrolment stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnrolmentState {
    /// In the intake's line: nothing is planned yet.
    InLine,
    Active,
    /// All steps are past.
    Finished,
    /// A stop rule or a human ended it; the word.
    Stopped {
        rule: String,
    },
}

impl EnrolmentState {
    /// The rule of one that an undo took back.
    pub const UNDONE: &str = "undone";

    /// Ended as never begun.
    pub fn undone() -> Self {
        Self::Stopped { rule: Self::UNDONE.to_owned() }
    }

    /// True of one that an undo took back: it counts as never begun.
    pub fn is_undone(&self) -> bool {
        matches!(self, Self::Stopped { rule } if rule == Self::UNDONE)
    }

    /// True while steps may still come.
    pub const fn is_running(&self) -> bool {
        matches!(self, Self::InLine | Self::Active)
    }
}

/// How far an enrolment has come: everything planned up to here was fired or ended.
///
/// Planned occurrences are passed in the order (planned instant, step position), but for those that were passed ahead
/// while an earlier one waited for a cap or for quiet hours to end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Planned instant of the last occurrence passed; none before the first.
    #[serde(default)]
    pub passed: Option<Timestamp>,
    /// Position of that step in its playbook version.
    #[serde(default)]
    pub step: u16,
    /// Whole local days by which `late = "shift"` moved later steps.
    #[serde(default)]
    pub shifted_days: u32,
    /// A step id that `goto` continues with.
    #[serde(default)]
    pub goto: Option<String>,
    /// Later occurrences that were fired or ended already: planned instant and step position of each.
    #[serde(default)]
    pub ahead: Vec<(Timestamp, u16)>,
}

/// What changes about an enrolment while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentStatus {
    /// The applied version it runs on.
    pub version: u32,
    /// An intake's line sets D0 to the day of admission.
    pub anchor: Anchor,
    pub state: EnrolmentState,
    pub progress: Progress,
    /// The one next instant at which the desk looks at it again; none when it has ended or stands in line.
    #[serde(default)]
    pub next_at: Option<Timestamp>,
    #[serde(default)]
    pub waiting: Option<WaitReason>,
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// The IANA zone that an edit of its playbook gave it; none while it goes by the one it entered with.
    #[serde(default)]
    pub zone: Option<String>,
}

/// One target going through one playbook from one anchor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    pub id: EnrolmentId,
    pub playbook: PlaybookId,
    pub target: Target,
    /// The group of a member playbook's anchor: where group steps are collected.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// The account of the anchor's contact.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// IANA zone that its wall times were in when it entered.
    pub zone: String,
    pub enrolled_at: Timestamp,
    pub status: EnrolmentStatus,
}

impl Enrolment {
    /// The IANA zone that its wall times are in: the one that an edit gave it, else the one it entered with.
    pub fn zone_name(&self) -> &str {
        self.status.zone.as_ref().unwrap_or(&self.zone)
    }
}
