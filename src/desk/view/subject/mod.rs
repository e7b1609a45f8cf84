//! Rows of the book as filters see them.
//!
//! Everything a filter compares stands in the columns as a search key, a folded text or a number, so judging a row
//! allocates nothing. A task answers for its target: a filter over tasks may ask for what a member has.
//!
//! Texts are found by their wording and by the answers of the form of their run; what was sent by the answers it was sent
//! with. Limits: a collected task is found by its group and not by the many members it names; what other variables fill
//! in, names and dates, is not searched. Whether a text can be filled at all (`is:blocked`) is the one thing that is
//! looked up in bodies: a filter that asks costs so much more.

mod account;
mod group;
mod member;
mod task;

use std::collections::HashSet;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::wordings::Wordings;
use crate::book::time::MINUTE;
use crate::book::{AccountId, ContactState, Group, Health, MemberId, Target, Timestamp};
use crate::desk::Desk;
use crate::desk::playbooks::Playbooks;
use crate::query::{MatchContext, Titles, Value, Visit};
use crate::store::Columns;
use crate::store::columns::{AccountColumn, MemberColumn, PlaybookColumn, Word};
use crate::text::fold::fold;
use crate::text::pinyin::Needle;

pub(crate) use account::AccountSubject;
pub(crate) use group::{GroupSubject, state_word};
pub(crate) use member::MemberSubject;
pub(crate) use task::{AWAITED, TaskSubject};

/// The book at a moment, as filters judge it.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// What texts are filled from, where a filter asks whether one can be.
    pub desk: &'a Desk,
    pub columns: &'a Columns,
    pub wordings: &'a Wordings,
    pub applied: &'a Playbooks,
    pub now: Timestamp,
    pub zone: Tz,
    /// Minutes after midnight that still belong to the day before.
    pub day_ends: u16,
    /// The first day on which a check-in could be missed; none where nothing says so.
    pub since: Option<NaiveDate>,
    /// Whom the lists of a run's form name, by the key asked; empty where no run is judged.
    pub named: &'a [(String, HashSet<MemberId>)],
}

impl<'a> Scene<'a> {
    /// What a filter is resolved with. Days that end late are days of a clock that runs behind, here and in
    /// [`Scene::time`] alike.
    pub(crate) fn context(&self, me: &'a str) -> MatchContext<'a> {
        let customs = self.columns.rules.lunar;
        let now = self.shifted(self.now);
        MatchContext { now, zone: self.zone, me, customs, playbooks: Some(self.columns) }
    }

    /// Whether the playbooks of a target wait.
    fn is_paused(&self, target: Target) -> bool {
        self.columns.pause_of(target, self.now).is_some()
    }

    fn shifted(&self, at: Timestamp) -> Timestamp {
        Timestamp(at.0.saturating_sub(i64::from(self.day_ends) * MINUTE))
    }

    /// An instant on the clock of [`Scene::context`].
    fn time(&self, at: Timestamp) -> Value<'static> {
        Value::Time(self.shifted(at))
    }

    fn maybe_time(&self, at: Option<Timestamp>) -> Value<'static> {
        at.map_or(Value::None, |at| self.time(at))
    }

    /// Whole minutes since an instant; what is to come is no time ago.
    fn age(&self, at: Timestamp) -> Value<'static> {
        Value::Number((self.now.since(at) / MINUTE).max(0))
    }

    /// Who brought a member into the book.
    fn referrer(&self, member: &MemberColumn<'_>) -> Option<MemberColumn<'a>> {
        self.columns.members.get(member.referrer?)
    }

    fn device(&self, row: u32, visit: &mut Visit<'_>) -> bool {
        self.columns.accounts.get(row).is_some_and(|account| visit_text(&account.device, visit))
    }

    fn holder(&self, row: u32, visit: &mut Visit<'_>) -> bool {
        self.columns.accounts.get(row).is_some_and(|account| visit_text(&account.holder, visit))
    }

    /// The local day that an instant belongs to.
    fn day(&self, at: Timestamp) -> NaiveDate {
        self.shifted(at).day(self.zone)
    }

    fn account_key(&self, row: u32, visit: &mut Visit<'_>) -> bool {
        self.columns.accounts.get(row).is_some_and(|account| visit(Value::Text(&account.key)))
    }

    fn platform(&self, row: u32, visit: &mut Visit<'_>) -> bool {
        self.columns.accounts.get(row).is_some_and(|account| visit(Value::Word(account.body.platform.word())))
    }

    fn group_key(&self, row: u32, visit: &mut Visit<'_>) -> bool {
        self.columns.groups.get(row).is_some_and(|group| visit(Value::Text(&group.key)))
    }

    fn words(&self, words: impl IntoIterator<Item = Word>, visit: &mut Visit<'_>) -> bool {
        words.into_iter().any(|word| visit(Value::Text(self.columns.words.folded(word))))
    }

    /// Playbooks by position.
    fn playbooks(&self, of: impl IntoIterator<Item = u16>, visit: &mut Visit<'_>) -> bool {
        of.into_iter().any(|place| {
            self.columns.playbook_at(place).is_some_and(|(_, column)| visit(Value::Text(&column.key)))
        })
    }

    /// What was sent: the playbook, the step, and both with a `/` between.
    fn sent(&self, words: impl IntoIterator<Item = Word>, visit: &mut Visit<'_>) -> bool {
        words.into_iter().any(|word| {
            let both = self.columns.words.folded(word);
            let (playbook, step) = both.split_once('/').unwrap_or((both, ""));
            visit(Value::Text(playbook)) || visit(Value::Text(step)) || visit(Value::Text(both))
        })
    }
}

impl Titles for Columns {
    fn called(&self, name: &str) -> Vec<String> {
        let wanted = fold(name);
        let ids = |is: &dyn Fn(&PlaybookColumn) -> bool| -> Vec<String> {
            self.playbooks.iter().filter(|(_, of)| is(of)).map(|(id, _)| id.0.clone()).collect()
        };
        let titled = ids(&|of| fold(&of.title) == wanted);
        let is_id = self.playbooks.keys().any(|id| fold(&id.0) == wanted);
        // a step, or a playbook with its step, that somebody was sent
        let is_step = || {
            self.words.iter().any(|(word, both)| {
                both.contains('/')
                    && self.words.folded(word).split_once('/').is_some_and(|(_, step)| step == wanted)
            })
        };
        if !titled.is_empty() || is_id || wanted.contains('/') || is_step() {
            return titled;
        }
        let needle = Needle::new(name);
        if needle.is_empty() { Vec::new() } else { ids(&|of| needle.matches(&of.key)) }
    }
}

/// Whether an account of ours can still be used, as far as its platform goes.
pub(crate) fn is_alive(account: &AccountColumn) -> bool {
    let body = &account.body;
    !body.archived && !matches!(body.health, Health::Banned | Health::Retired)
}

/// Whether a member is a friend of an account and of no other that can still be used.
pub(crate) fn reached_only_by(columns: &Columns, member: &MemberColumn, account: u32) -> bool {
    let alive = |row: u32| columns.accounts.get(row).is_some_and(is_alive);
    let friends = || member.contacts().filter(|c| c.state == ContactState::Friend);
    friends().any(|c| c.account == account) && !friends().any(|c| c.account != account && alive(c.account))
}

/// Whether an account is in a group and no other of ours that can still be used.
pub(crate) fn group_only_by(columns: &Columns, group: &Group, account: AccountId) -> bool {
    let ours = || group.account.iter().chain(&group.speakers);
    let alive = |id: &AccountId| columns.accounts.by_id(*id).is_some_and(is_alive);
    ours().any(|id| *id == account) && !ours().any(|id| *id != account && alive(id))
}

/// A text that may be empty, which is none.
fn text(text: &str) -> Value<'_> {
    if text.is_empty() { Value::None } else { Value::Text(text) }
}

/// Visits a text unless it is empty.
fn visit_text(text: &str, visit: &mut Visit<'_>) -> bool {
    !text.is_empty() && visit(Value::Text(text))
}
