//! Works: what acts leave to be done in slices, as the journal keeps it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::PauseState;
use crate::book::{
    AccountId, EnrolmentId, GroupId, MemberId, NoteId, ObjectId, PlaybookId, ProductId, SkipReason, Target,
    TaskId, Timestamp, Wording,
};

/// What of an act may take more than one turn. It names what is to become so and not how far it has come: what is so
/// already is passed by, so that it can begin again anywhere. Only added to, like [`super::Body`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// Everybody leaves a playbook that was removed, and what nobody has sent of it is cancelled.
    Leave { playbook: PlaybookId },
    /// Everybody in a playbook that runs again is looked at again.
    Resume { playbook: PlaybookId },
    /// Who goes by one of some versions goes on by another.
    Move { playbook: PlaybookId, from: Vec<u32>, to: u32 },
    /// The playbook never was: who is in it never entered.
    Unenter { playbook: PlaybookId },
    /// What a playbook owes of a day that was called off is cancelled, and its groups are told where there are words.
    DayOff {
        playbook: PlaybookId,
        day: NaiveDate,
        #[serde(default)]
        notice: String,
    },
    /// Something is to be said in groups: few enough for one turn.
    Tell { groups: Vec<GroupId>, words: String, at: Timestamp },
    /// What waits for an account is held or let go as its health says.
    Account { account: AccountId },
    /// What was put off to the end of an account's limit comes back.
    Back { account: AccountId, until: Timestamp },
    /// What an account holds goes to another that knows the target, the one named where one is.
    MoveHeld {
        account: AccountId,
        #[serde(default)]
        to: Option<AccountId>,
    },
    /// What an account holds is put off.
    ShiftHeld { account: AccountId, until: Timestamp },
    /// What an account holds is cancelled.
    CancelHeld { account: AccountId },
    /// Nothing more is said in a group that is closed.
    Silence { group: GroupId, rule: String },
    /// What playbooks of members say in a group whose pause is over is looked at again.
    SpeaksAgain { group: GroupId },
    /// The playbooks of a group go on in another; they end where they were, or go on there as well. Where it merges into
    /// the other its state says so at the end.
    Transfer {
        from: GroupId,
        to: GroupId,
        ends: bool,
        #[serde(default)]
        merges: bool,
    },
    /// Those leave their playbooks by hand.
    Unenrol { enrolments: Vec<EnrolmentId> },
    /// What was passed over of a run for want of an answer, and may be said now that there is one, is offered; what is
    /// owed to those whom the answer names follows it.
    OfferAgain {
        playbook: PlaybookId,
        run: NaiveDate,
        #[serde(default)]
        group: Option<GroupId>,
        key: String,
        /// What the answer was before.
        #[serde(default)]
        was: String,
    },
    /// Everything pending that says something wrong is held.
    Halt { wrong: Wrong },
    /// It says the right text instead, and who got the wrong one is told where there are words for it.
    Correct {
        wrong: Wrong,
        text: String,
        #[serde(default)]
        notice: Option<String>,
        /// Only a notice that is still due says it so: nobody else is told.
        #[serde(default)]
        only_due: bool,
        /// Which of its texts was wrong.
        #[serde(default)]
        nth: u16,
    },
    /// Everybody leaves a campaign that is over.
    CampaignStop { campaign: String },
    /// A campaign ends at another time than it did: what is owed of it ends with it.
    CampaignEnds { campaign: String, was: Timestamp },
    /// Whoever is named and whoever a filter matches enters a playbook by hand, from one anchor.
    Enter {
        playbook: PlaybookId,
        key: String,
        at: Timestamp,
        /// A group is everybody in it where members go through the playbook.
        #[serde(default)]
        named: Vec<Target>,
        /// It matches nobody where it is empty.
        #[serde(default)]
        filter: String,
    },
    /// A text of a playbook comes to those who go by another, and whoever is there enters where it takes them.
    Apply {
        playbook: PlaybookId,
        version: u32,
        /// Those who are in it stay on the text they began with.
        #[serde(default)]
        new_only: bool,
    },
    /// Waves of a campaign, by their places, enter its playbooks and have begun then.
    Waves { campaign: String, waves: Vec<u32> },
    /// What came due of playbooks during an absence, up to an instant, ends as expired.
    ExpireMissed { playbooks: Vec<PlaybookId>, before: Timestamp },
    /// It moves to the same time of the next day, where its span allows.
    ShiftMissed { playbooks: Vec<PlaybookId>, before: Timestamp },
    /// What is owed of working days that a year had by its text before an undo, empty where it had none of its own, and
    /// has not any more is cancelled.
    DaysGone { year: i32, before: String },
    /// What came due since an instant, by rules that an undo took back, waits for the end of the quiet hours that are again,
    /// and what quiet hours put off comes when they let it now.
    QuietAgain { since: Timestamp },
    /// Objects get the fields that were typed for all of them, by the words of the form.
    Edit { objects: Vec<Formed>, fields: Vec<(String, String)> },
    /// Objects get a note each.
    Note { notes: Vec<(NoteId, ObjectId)>, text: String },
    /// Objects are to be followed up at an instant, each by a task that was given its id when it was said.
    Follow { tasks: Vec<(TaskId, ObjectId)>, words: String, at: Timestamp },
    /// Targets are paused, or are not any more.
    Pause {
        targets: Vec<Target>,
        #[serde(default)]
        after: Option<PauseState>,
    },
    /// Those who are through their playbooks end them.
    Finish { enrolments: Vec<EnrolmentId> },
    /// The clock is set back: what the tick did later than that is taken back.
    SetBack { to: Timestamp },
    /// Tasks become what somebody said of all of them at an instant.
    Mark { tasks: Vec<TaskId>, mark: Mark, at: Timestamp },
}

/// What a form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Formed {
    Account(AccountId),
    Group(GroupId),
    Member(MemberId),
    Contact(MemberId, AccountId),
    Membership(MemberId, GroupId),
    Product(ProductId),
}

impl Work {
    /// Whether both call off one day of one playbook, whatever its groups are told.
    pub fn is_same_day_off(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::DayOff { playbook, day, .. }, Self::DayOff { playbook: of, day: on, .. }) => {
                playbook == of && day == on
            }
            _ => false,
        }
    }

    /// Everyone it names.
    pub(super) fn visit_members(&self, visit: &mut dyn FnMut(MemberId)) {
        let targets = match self {
            Self::Enter { named: targets, .. } | Self::Pause { targets, .. } => targets.as_slice(),
            _ => &[],
        };
        for target in targets {
            if let Target::Member(member) = target {
                visit(*member);
            }
        }
        match self {
            Self::Edit { objects, .. } => objects.iter().for_each(|object| match object {
                Formed::Member(member) | Formed::Contact(member, _) | Formed::Membership(member, _) => {
                    visit(*member);
                }
                Formed::Account(_) | Formed::Group(_) | Formed::Product(_) => {}
            }),
            Self::Follow { tasks, .. } => tasks.iter().for_each(|(_, on)| {
                if let ObjectId::Member(member) = on {
                    visit(*member);
                }
            }),
            Self::Note { notes, .. } => notes.iter().for_each(|(_, on)| {
                if let ObjectId::Member(member) = on {
                    visit(*member);
                }
            }),
            _ => {}
        }
    }
}

/// What somebody says of many tasks at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// They were sent then; `stated` where the time was named and not the moment of saying so, `also` after others.
    Sent {
        #[serde(default)]
        stated: bool,
        #[serde(default)]
        also: bool,
    },
    Skip {
        reason: SkipReason,
        #[serde(default)]
        words: String,
    },
    Snooze {
        until: Timestamp,
    },
    Wake,
}

/// What is wrong in a text, so that others that say it are found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// What it says before names are filled in.
    pub texts: Vec<String>,
    /// The run, its day and number, where it says something else on another.
    #[serde(default)]
    pub run: Option<(PlaybookId, NaiveDate, i32)>,
    /// The step that says it.
    #[serde(default)]
    pub step: Option<(PlaybookId, String)>,
    /// The words that were written for it, where it is none of a step as it stands.
    #[serde(default)]
    pub words: Option<String>,
    /// What it was filled with of its form; whoever got it with something else got something else. Empty where that does
    /// not matter.
    #[serde(default)]
    pub values: Vec<(String, String)>,
    /// What it said before it was corrected.
    #[serde(default)]
    pub was: Vec<Wording>,
}
