//! The plain types of the field: who is known, what is owed, what was said. No rule lives here.
//!
//! Everything has a typed id ([`id`]), times are UTC milliseconds ([`time`]), and every closed set of words
//! (platform, stage, state …) is declared once with its Chinese and English words ([`closed`]).
//! Types that stand in the journal only gain fields, each with `#[serde(default)]`.

#[macro_use]
mod macros;

pub mod account;
pub mod activity;
pub mod campaign;
pub mod contact;
pub mod days;
pub mod enrolment;
pub mod fields;
pub mod group;
pub mod id;
pub mod lunar;
pub mod member;
pub mod money;
pub mod packed;
pub mod rules;
pub mod sending;
pub mod snippet;
pub mod task;
pub mod time;
pub mod touch;
pub mod view;
pub mod wording;

pub use account::{Account, Channel, Health, Platform};
pub use activity::{Activity, ActivityKind, Source};
pub use campaign::{Campaign, CampaignText, Wave};
pub use contact::{Contact, ContactState, Membership, MembershipRole};
pub use enrolment::{Anchor, Enrolment, EnrolmentState, EnrolmentStatus, Progress, WaitReason};
pub use fields::{FieldError, Fields};
pub use group::{Group, GroupState};
pub use id::{
    AccountId, ActId, ActivityId, CommandId, EnrolmentId, GroupId, IdGenerator, MemberId, NoteId, ObjectId,
    PlaybookId, ProductId, StoreId, TaskId, TouchId,
};
pub use member::{Birthday, Handle, Member, Product, Stage};
pub use money::Money;
pub use rules::{Cap, CapScope, Customs, QuietHours, QuietRule, RuleScope, Rules, Span};
pub use sending::{Limits, Pace, TextRules, WordList};
pub use snippet::Snippet;
pub use task::{
    EndReason, Refused, SkipReason, Target, Task, TaskKey, TaskKind, TaskState, TaskStatus, Upkeep,
};
pub use time::{Stated, Timestamp};
pub use touch::{Class, Touch, Via};
pub use view::View;
pub use wording::Wording;
