//! The card of a group, and what it says of its people.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::detail::{Coming, Past, PauseView};
use super::line::{Ref, TaskLine};
use crate::book::{AccountId, ActivityKind, MemberId, Money, Timestamp};
use crate::text::lang::Lang;

/// Some of a group, and how many they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    pub count: u32,
    /// The first of them, at most eight.
    pub first: Vec<Ref<MemberId>>,
}

impl People {
    /// How many, and the first of them by name; none where there is nobody.
    pub fn said(&self, words: CardWords, lang: Lang) -> Option<String> {
        let names: Vec<&str> = self.first.iter().map(|member| member.name.as_str()).collect();
        let more = if self.count as usize > names.len() { " .." } else { "" };
        let names = format!("{}{more}", names.join(", "));
        (self.count > 0).then(|| words.fill(lang, &[("n", &self.count), ("names", &names)]))
    }
}

crate::words! {
    /// What a group's card says of some of its people.
    pub enum CardWords {
        New { n, names } => ["7 天内新来 {n}: {names}", "7 天內新來 {n}: {names}", "new within 7 days {n}: {names}"],
        Left { n, names } => ["30 天内退群 {n}: {names}", "30 天內退群 {n}: {names}", "left within 30 days {n}: {names}"],
        Silent { n, names } => ["沉默 30 天 {n}: {names}", "沉默 30 天 {n}: {names}", "silent for 30 days {n}: {names}"],
    }
}

/// What a member ordered in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderView {
    pub member: Ref<MemberId>,
    pub at: Timestamp,
    pub text: String,
    pub amount: Option<Money>,
}

/// The card of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetail {
    pub line: super::line::GroupLine,
    pub pause: Option<PauseView>,
    /// Our other accounts in it.
    pub speakers: Vec<Ref<AccountId>>,
    /// Who joined within the last seven days, newest first.
    pub new: People,
    /// Who left within the last thirty days, newest first.
    pub left: People,
    /// Who is in it for thirty days and neither answered nor bought in as many; who was silent for longest first.
    pub silent: People,
    pub note: String,
    pub search_term: String,
    /// Where its wall times are another's than the store's.
    pub zone: String,
    /// Its own quiet hours, as forms have them.
    #[serde(default)]
    pub quiet: String,
    /// When its QR code was made.
    pub qr: Option<NaiveDate>,
    pub recent: Vec<(Ref<MemberId>, ActivityKind, Timestamp)>,
    /// What was ordered in it today, first first.
    pub orders: Vec<OrderView>,
    pub past: Vec<Past>,
    pub coming: Vec<Coming>,
    pub due: Vec<TaskLine>,
}
