//! A one-off while it is written: what it is by now, how its pieces were typed, and the marked ones it began with.
//!
//! Whom it is for travels as a filter, and for marked ones that is a list of ids. Nobody reads those: while it is written
//! they stand in the filter as one word, `@选中3人`, beside which they are named.

use super::super::line::Line;
use super::super::popup::prompt::{Mistake, Offer};
use super::super::state::State;
use super::super::words::ComposeWords;
use crate::book::{Class, ObjectId};
use crate::door::compose::Compose;
use crate::door::form::Kind;
use crate::query::{self, NamedFilters, SubjectKind};

/// How many marked lines are named one by one in a filter: of more it would be longer than a filter may be.
pub(super) const PICKED_MAX: usize = 100;

/// How many of them are named to whoever writes.
const NAMED: usize = 5;

/// The marked ones that a one-off is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// What stands for them in a filter, without its `@`.
    word: String,
    /// The filter that it means.
    filter: String,
    names: Vec<String>,
}

/// A one-off that is being written.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// As it would be made; its filter is one that the desk can read.
    pub compose: Compose,
    /// Whom it is for, as it was typed.
    pub whom: String,
    /// What stood there by itself: that is nothing to lose.
    pub offered: String,
    /// When, as it was typed.
    pub when: String,
    pub picked: Option<Picked>,
    /// It was looked at: from there its pieces are changed, and back there they lead.
    pub looked: bool,
}

/// The rows that a one-off goes to, as filters know them.
const fn subject(to: Kind) -> SubjectKind {
    if matches!(to, Kind::Group) { SubjectKind::Group } else { SubjectKind::Member }
}

impl State {
    /// A one-off to the marked ones of a kind, else to what a view of such lists, else to nobody yet; and what is to be
    /// said of that.
    pub(super) fn begin_draft(&self, to: Kind) -> (Draft, Option<String>) {
        let marked = self.marked_of(to);
        let most = PICKED_MAX;
        let (whom, said) = if marked.len() > most {
            // to all whom the view lists would be to others than were marked
            let words = self.fill(ComposeWords::TooManyPicked, &[("n", &marked.len()), ("most", &most)]);
            (String::new(), Some(words))
        } else if self.view_kind() == to {
            (self.view_filter().to_owned(), None)
        } else {
            (String::new(), None)
        };
        let picked = (1..=most).contains(&marked.len()).then(|| self.picked(to, &marked));
        let whom = picked.as_ref().map_or(whom, |picked| format!("@{}", picked.word));
        let compose = Compose {
            title: String::new(),
            to,
            filter: String::new(),
            at: self.now(),
            until: None,
            text: String::new(),
            class: Class::Marketing,
            account: None,
        };
        let offered = whom.clone();
        (Draft { compose, whom, offered, when: String::new(), picked, looked: false }, said)
    }

    /// The marked ones of a kind, each once: their ids and what they are called.
    fn marked_of(&self, to: Kind) -> Vec<(String, String)> {
        let list = self.list();
        let lines = if list.mark_count() > 0 { list.acted_on() } else { Vec::new() };
        let mut marked: Vec<(String, String)> = Vec::new();
        for line in lines {
            let one = match (to, line.object(), line) {
                (Kind::Member, Some(ObjectId::Member(id)), _) => (id.to_string(), line.name().to_owned()),
                (Kind::Group, Some(ObjectId::Group(id)), _) => (id.to_string(), line.name().to_owned()),
                (Kind::Member, _, Line::Task(task)) => match &task.member {
                    Some(member) => (member.id.to_string(), member.name.clone()),
                    None => continue,
                },
                (Kind::Group, _, Line::Task(task)) => match &task.group {
                    Some(group) => (group.id.to_string(), group.name.clone()),
                    None => continue,
                },
                _ => continue,
            };
            if !marked.iter().any(|(id, _)| *id == one.0) {
                marked.push(one);
            }
        }
        marked
    }

    fn picked(&self, to: Kind, marked: &[(String, String)]) -> Picked {
        let words = if to == Kind::Group { ComposeWords::PickedGroups } else { ComposeWords::PickedMembers };
        let ids: Vec<&str> = marked.iter().map(|(id, _)| id.as_str()).collect();
        Picked {
            word: self.fill(words, &[("n", &marked.len())]),
            filter: format!("id:{}", ids.join(",")),
            names: marked.iter().map(|(_, name)| name.clone()).collect(),
        }
    }

    /// Every name that may stand in the filter of a one-off.
    fn known_to(&self, draft: &Draft) -> NamedFilters {
        let mut known = self.tabs.known();
        if let (Some(picked), Some(lists)) = (&draft.picked, draft.compose.to.listed()) {
            known.put(&picked.word, lists, &picked.filter);
        }
        known
    }

    /// What is wrong with whom a one-off is for.
    pub(in crate::tui) fn whom_mistake(&self, draft: &Draft, text: &str) -> Option<Mistake> {
        self.mistake_by(&self.known_to(draft), subject(draft.compose.to), text)
    }

    /// What was likely meant there.
    pub(in crate::tui) fn whom_offers(&self, draft: &Draft, text: &str) -> Vec<Offer> {
        self.right_offers_by(&self.known_to(draft), subject(draft.compose.to), text)
    }

    /// A filter as it is sent: with the ids of the marked ones in the place of their word.
    pub(super) fn whom_sent(&self, draft: &Draft, text: &str) -> String {
        let mut own = NamedFilters::default();
        if let (Some(picked), Some(lists)) = (&draft.picked, draft.compose.to.listed()) {
            own.put(&picked.word, lists, &picked.filter);
        }
        let spelt = query::parse(text).ok().filter(|query| query.views().any(|name| own.get(name).is_some()));
        let spelt = spelt.and_then(|query| query.with_known_views(&own).ok()).map(|query| query.to_text());
        self.tabs.sent(spelt.as_deref().unwrap_or(text), draft.compose.to)
    }

    /// The first of the marked ones, behind how many a filter finds that is for nobody else; else nothing.
    pub(in crate::tui) fn picked_names(draft: &Draft, text: &str) -> String {
        let Some(picked) = draft.picked.as_ref().filter(|picked| is_word(text, &picked.word)) else {
            return String::new();
        };
        let more = if picked.names.len() > NAMED { " .." } else { "" };
        let names: Vec<&str> = picked.names.iter().take(NAMED).map(String::as_str).collect();
        format!(": {}{more}", names.join(", "))
    }

    /// Whom a one-off is for, as whoever wrote it reads it.
    pub(super) fn whom_words(&self, draft: &Draft) -> String {
        match &draft.picked {
            Some(picked) if is_word(&draft.whom, &picked.word) => {
                let n = self.reach_words(draft.compose.to, &[picked.names.len() as u32]);
                format!("{n}{}", Self::picked_names(draft, &draft.whom))
            }
            _ => draft.whom.clone(),
        }
    }
}

/// True for a filter that is nothing but the word of the marked ones.
fn is_word(text: &str, word: &str) -> bool {
    text.trim().strip_prefix('@') == Some(word)
}
