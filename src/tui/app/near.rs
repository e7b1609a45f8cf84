//! What comes near to a filter that finds nothing: counted by the desk, shown with its number, taken with Tab.

use super::super::keymap::Context;
use super::super::popup::prompt::Offer;
use super::super::popup::{Popup, PromptKind};
use super::super::state::{Link, Pending, State};
use super::super::words::ViewWords;
use crate::door::request::{ListSpec, Request};
use crate::query::{self, Change, Nearby};

/// The most filters that are counted for one that finds nothing.
const COUNTED: usize = 8;
/// The most that are shown.
const SHOWN: usize = 4;

/// Filters near to one that finds nothing.
#[derive(Clone, Debug, Default)]
pub struct Near {
    /// The list that is empty, and the nearest names that came with it; none while nothing was looked for.
    of: Option<(ListSpec, Vec<String>)>,
    /// What brings something, with how many rows.
    found: Vec<(Nearby, u32)>,
}

impl State {
    /// Looks for filters near to that of the main list, where a filter that was typed leaves nothing of it.
    pub(super) fn look_for_near(&mut self) {
        let typed = self.tab().is_some_and(|tab| tab.filter != tab.saved.filter);
        if !typed || self.main.total > 0 || self.main.refused.is_some() {
            if self.near.of.take().is_some() {
                self.near.found.clear();
                self.offer_near();
            }
            return;
        }
        let of = (self.main.spec.clone(), self.main.nearest.clone());
        if self.near.of.as_ref() == Some(&of) || of.0 != self.view_list() || self.link != Link::Up {
            return;
        }
        // while somebody types on, one question at a time: each looks at the whole book several times
        if self.pending.values().any(|pending| matches!(pending, Pending::Near(..))) {
            self.near = Near::default();
            self.offer_near();
            return;
        }
        let nearby = query::nearby(self.view_filter(), &of.1, COUNTED);
        let lists: Vec<ListSpec> = nearby.iter().map(|near| self.list_by(&near.text)).collect();
        self.near = Near { of: Some(of), found: Vec::new() };
        if !lists.is_empty() {
            let of = self.main.spec.clone();
            self.ask(Request::Count { lists }, Pending::Near(of, nearby));
        }
        self.offer_near();
    }

    /// How many rows each would have. Where another list is empty by now, that is looked at.
    pub(super) fn near_counted(&mut self, of: &ListSpec, nearby: Vec<Nearby>, counted: &[u32]) {
        if self.near.of.as_ref().is_none_or(|(known, _)| known != of) {
            self.look_for_near();
            return;
        }
        let some = nearby.into_iter().zip(counted.iter().copied()).filter(|(_, n)| *n > 0);
        self.near.found = some.take(SHOWN).collect();
        self.offer_near();
    }

    /// What an empty list says of them, each with its number; and the nearest names, where none of them would bring anything
    /// by itself. None where there is nothing to say.
    pub fn near_words(&self) -> Option<String> {
        let mut words: Vec<String> =
            self.near.found.iter().map(|(near, n)| format!("{} ({n})", self.change_words(near))).collect();
        if !self.near.found.iter().any(|(near, _)| matches!(near.change, Change::Name(_))) {
            words.extend(self.main.nearest.iter().cloned());
        }
        (!words.is_empty()).then(|| words.join("  "))
    }

    /// Where what comes due stands, if the filter of an empty list asks for it.
    pub fn not_yet_due_words(&self) -> Option<String> {
        let asks =
            query::parse(&self.main.spec.filter).is_ok_and(|query| query.asks_ahead(self.now(), self.zone));
        asks.then(|| self.fill(ViewWords::NotYetDue, &[]))
    }

    /// True where something is offered for a filter that finds nothing.
    pub const fn has_near(&self) -> bool {
        !self.near.found.is_empty()
    }

    fn change_words(&self, near: &Nearby) -> String {
        match &near.change {
            Change::Name(name) => name.clone(),
            Change::Without(condition) => self.fill(ViewWords::Without, &[("condition", condition)]),
        }
    }

    /// True while what was looked for last is what stands in the line, and there is none of it.
    pub(in crate::tui) fn finds_nothing(&self, line: &str) -> bool {
        let of = self.near.of.as_ref();
        let filter = self.view_filter();
        self.within_view(line, filter) == filter && of.is_some_and(|(of, _)| *of == self.view_list())
    }

    /// Those that stand below the line of the prompt.
    pub(in crate::tui) fn near_offers(&self, line: &str) -> Vec<Offer> {
        let found = self.near.found.iter().filter(|_| self.finds_nothing(line));
        found
            .map(|(near, n)| Offer {
                line: near.text.clone(),
                label: self.change_words(near),
                hint: self.fill(ViewWords::NearRows, &[("n", n), ("filter", &near.text)]),
                id: None,
            })
            .collect()
    }

    /// Brings the offers of an open prompt in step with what was found.
    fn offer_near(&mut self) {
        let Some(Popup::Prompt(prompt)) = self.popups.last() else { return };
        if !matches!(prompt.kind, PromptKind::Filter { .. }) || prompt.error.is_some() {
            return;
        }
        let line = prompt.field.text().to_owned();
        let (offers, meaning) = (self.filter_offers(&line), self.filter_meaning(&line));
        if let Some(Popup::Prompt(prompt)) = self.popups.last_mut() {
            prompt.chosen = prompt.chosen.min(offers.len().saturating_sub(1));
            (prompt.offers, prompt.meaning) = (offers, meaning);
        }
        self.dirty = true;
    }

    /// How a filter is understood that is being typed, where that needs words.
    pub(in crate::tui) fn filter_meaning(&self, line: &str) -> String {
        if line.trim().is_empty() {
            return self.emptied_words();
        }
        if let Some(hint) =
            query::parse(line).ok().and_then(|query| query.hints(self.lang).into_iter().next())
        {
            return hint;
        }
        if !self.finds_nothing(line) {
            return String::new();
        }
        if !self.near.found.is_empty() {
            return self.fill_in(Context::Prompt, ViewWords::NoMatchNear, &[]);
        }
        let not_yet = self.not_yet_due_words();
        not_yet.unwrap_or_else(|| self.fill_in(Context::Prompt, ViewWords::NoMatch, &[]))
    }
}
