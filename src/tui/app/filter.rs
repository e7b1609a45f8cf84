//! The filter of a view: typed in the prompt, applied at once, the last good rows staying until others come.

use std::time::Duration;

use super::super::event::{Effect, Timer};
use super::super::popup::prompt::Mistake;
use super::super::popup::{Popup, Prompt, PromptKind};
use super::super::state::{State, Tone, WATCH_MAIN};
use super::super::words::ViewWords;
use super::offers::subject_of;
use crate::query::{self, NamedFilters, Scope, SubjectKind};

/// What comes in one go, from an input method or a paste, is looked for as a whole.
const BURST: Duration = Duration::from_millis(4);

/// While rows of an earlier text are on their way, those of the next are asked for when typing has paused this long.
const PAUSE: Duration = Duration::from_millis(60);

/// A filter without a key at its end that still waits for its value.
fn without_unfinished(text: &str) -> &str {
    if !text.ends_with([':', '：', ',', '，', '=', '<', '>']) {
        return text;
    }
    text.get(..last_word(text)).unwrap_or_default()
}

/// Where the last word of a text begins.
fn last_word(text: &str) -> usize {
    text.char_indices().rfind(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8())
}

/// What stands before the word with the mistake, where that is the last one.
fn before_last<'t>(text: &'t str, mistake: &Mistake) -> Option<&'t str> {
    let start = mistake.span.as_ref()?.start;
    let at = text.char_indices().nth(start).map_or(text.len(), |(at, _)| at);
    let (before, rest) = text.split_at(at);
    let last = !rest.trim_end().contains(char::is_whitespace);
    before.get(..last_word(before)).filter(|_| last)
}

impl State {
    pub(super) fn filter_prompt(&mut self) {
        let before = self.view_filter().to_owned();
        let text = if before.is_empty() { String::new() } else { format!("{before} ") };
        let mut prompt = Prompt::new(PromptKind::Filter { before }, &text);
        prompt.offers = self.filter_offers(&text);
        if self.finds_nothing(&text) {
            prompt.meaning = self.filter_meaning(&text);
        }
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    /// The filter a line of the prompt means in this view; `before` is the one it was opened with.
    pub(super) fn within_view(&self, line: &str, before: &str) -> String {
        match self.tab() {
            Some(tab) if line.trim() != before => query::within(&tab.saved.filter, line),
            _ => line.trim().to_owned(),
        }
    }

    /// Takes what is typed in a prompt that was opened with `before`: a mistake with its place, or nothing and the rows
    /// follow.
    pub(in crate::tui) fn type_filter(&mut self, text: &str, before: &str) -> Option<Mistake> {
        let mistake = self.filter_error(text);
        let meant = match &mistake {
            // With Enter, or a blank behind it, a key alone means what it says: those that have no value.
            None => without_unfinished(text),
            // what was no mistake while it was typed, as the letters of a key, is not looked for any more
            Some(mistake) => {
                match before_last(text, mistake).filter(|so_far| self.filter_error(so_far).is_none()) {
                    Some(so_far) => so_far,
                    None => return Some(mistake.clone()),
                }
            }
        };
        let meant = self.within_view(meant, before);
        let view = self.view;
        if let Some(tab) = self.tabs.get_mut(view) {
            tab.set_filter(&meant);
        }
        let after = if self.is_pending(WATCH_MAIN) { PAUSE } else { BURST };
        self.effect(Effect::SetTimer { timer: Timer::Filter, after });
        mistake
    }

    /// What is wrong with a filter in this view, by the same reading the desk does.
    pub(in crate::tui) fn filter_error(&self, text: &str) -> Option<Mistake> {
        self.mistake_in(subject_of(self.view_kind())?, text)
    }

    /// What is wrong with a filter for rows of a kind; of no kind, for any rows.
    pub(in crate::tui) fn mistake_in(
        &self,
        kind: impl Into<Option<SubjectKind>>,
        text: &str,
    ) -> Option<Mistake> {
        self.mistake_by(&self.tabs.known(), kind, text)
    }

    /// As [`Self::mistake_in`], where these views may be spoken of.
    pub(super) fn mistake_by(
        &self,
        known: &NamedFilters,
        kind: impl Into<Option<SubjectKind>>,
        text: &str,
    ) -> Option<Mistake> {
        let kind = kind.into();
        let checked = query::parse(text)
            .and_then(|query| query.with_views(known))
            .and_then(|query| kind.map_or(Ok(()), |kind| query.check_for(Scope::Rows(kind))));
        checked.err().map(|error| Mistake::in_filter(&error, self.lang))
    }

    /// Sets the filter of this view at once.
    pub(in crate::tui) fn set_filter(&mut self, text: &str) {
        // that it was emptied is over
        let emptied = self.emptied_words();
        if !text.trim().is_empty() && self.note.as_ref().is_some_and(|note| note.text == emptied) {
            self.note = None;
        }
        let view = self.view;
        if let Some(tab) = self.tabs.get_mut(view) {
            tab.set_filter(text);
        }
        self.apply_filter();
    }

    /// The filter was emptied by its user: that is said, because a view never lists by nothing.
    pub(in crate::tui) fn clear_filter(&mut self) {
        self.set_filter("");
        let words = self.emptied_words();
        self.say(Tone::Info, words);
    }

    /// What an empty line means in this view: what it lists by itself.
    pub(in crate::tui) fn emptied_words(&self) -> String {
        let Some(tab) = self.tab() else { return String::new() };
        let (name, filter) = (tab.name(self.lang), &tab.saved.filter);
        if filter.is_empty() {
            self.fill(ViewWords::EmptiedAll, &[("name", &name)])
        } else {
            self.fill(ViewWords::Emptied, &[("name", &name), ("filter", filter)])
        }
    }

    /// Asks for the rows of the filter as it stands; those on the screen stay until they come.
    pub(super) fn apply_filter(&mut self) {
        let spec = self.view_list();
        if self.main.spec != spec {
            let settled = !self.is_pending(WATCH_MAIN);
            self.main.filter_by(spec, settled);
            self.watch_main();
            self.count_views();
        }
    }
}
