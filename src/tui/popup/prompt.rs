//! The prompt row: one line of typing with offers below it.
//!
//! It stands in the second row, because the candidate window of an input method opens below the cursor. Tab takes the
//! offer under the mark, Enter ends, Esc goes back; Backspace in an empty line goes back too and accepts nothing.
//!
//! One file because all kinds of lines share their keys, their offers and the way out.

use std::ops::Range;

use crossterm::event::KeyCode;

use super::field::Field;
use super::{Leaving, Popup, Standing};
use crate::book::{ObjectId, PlaybookId, TaskId};
use crate::door::detail::{AskView, SnippetView};
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::request::Request;
use crate::door::{Refusal, Reply};
use crate::query::QueryError;
use crate::text::lang::Lang;
use crate::tui::app::draft::Draft;
use crate::tui::app::saved::Naming;
use crate::tui::app::writing::would_be_missed;
use crate::tui::key::Key;
use crate::tui::keymap::Context;
use crate::tui::registry::Action;
use crate::tui::state::{Pending, State, Tone};
use crate::tui::words::{ComposeWords, Words};

/// What is being typed.
#[derive(Clone, Debug)]
pub enum PromptKind {
    /// The filter of the view; what it was before.
    Filter {
        before: String,
    },
    /// A verb with its arguments.
    Verb,
    /// A name to jump to.
    Jump,
    /// A name to follow up.
    Whom,
    /// When, then what: a follow-up.
    Follow {
        on: Vec<ObjectId>,
        name: String,
    },
    Note {
        on: Vec<ObjectId>,
        name: String,
    },
    /// Until when.
    Snooze(Vec<TaskId>),
    /// The words of 其他.
    Skip(Vec<TaskId>),
    Ask(Box<AskView>),
    /// Whom to put into a playbook: a name, or a filter.
    Enrol {
        playbook: PlaybookId,
        title: String,
    },
    /// To whom a one-off goes.
    ComposeWhom(Box<Draft>),
    /// When it is said.
    ComposeWhen(Box<Draft>),
    /// When it is over; nothing typed means never.
    ComposeUntil(Box<Draft>),
    /// Which of our accounts says it; nothing typed means whichever knows them.
    ComposeAccount(Box<Draft>),
    /// What it is called; nothing typed means the beginning of the text.
    ComposeTitle(Box<Draft>),
    /// The name of a view.
    ViewName(Naming),
    /// Which file to import.
    Import,
    /// A snippet, filled for whom it is about.
    Snippet {
        on: Option<ObjectId>,
        name: String,
        found: Vec<SnippetView>,
    },
}

/// Something offered below the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The whole line when it is taken.
    pub line: String,
    pub label: String,
    pub hint: String,
    /// What is jumped to.
    pub id: Option<LineId>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The characters of the line that are wrong, from 0; also one behind its end. None where it is no part of it.
    pub span: Option<Range<usize>>,
    pub words: String,
    /// What was likely meant there.
    pub nearest: Option<String>,
}

impl Mistake {
    /// Something wrong with the line as a whole.
    pub fn whole(words: impl Into<String>) -> Self {
        Self { span: None, words: words.into(), nearest: None }
    }

    /// A mistake in a filter that is the whole line.
    pub fn in_filter(error: &QueryError, lang: Lang) -> Self {
        let from = error.column.saturating_sub(1);
        let nearest = error.nearest_in(lang);
        Self { span: Some(from..from + error.length), words: error.message(lang), nearest }
    }

    /// What the desk says of a line: it knows the column alone.
    pub fn refused(refusal: &Refusal) -> Self {
        let from = refusal.column.map(|column| column.saturating_sub(1) as usize);
        Self { span: from.map(|from| from..from + 1), words: refusal.words.clone(), nearest: None }
    }
}

/// A prompt.
#[derive(Clone, Debug)]
pub struct Prompt {
    pub kind: PromptKind,
    pub field: Field,
    pub offers: Vec<Offer>,
    pub chosen: usize,
    /// Where the mistake is and what was expected.
    pub error: Option<Mistake>,
    /// How the line is understood, said while it is typed.
    pub meaning: String,
    waiting: Option<u64>,
    /// What the line stands on, and the tag under which the desk was asked to take it.
    pub standing: Standing,
    pub saving: Option<u64>,
    /// What it began with.
    begun: String,
    leaving: Leaving,
    /// The last key took a value of the offers, which all stay: the next Tab takes the next one.
    cycling: bool,
    /// Which earlier line stands here, 1 for the latest, and what had been typed before it.
    recalled: Option<(usize, String)>,
}

impl Prompt {
    /// Opens a prompt that already holds something.
    pub fn new(kind: PromptKind, text: &str) -> Self {
        Self {
            kind,
            field: Field::new(text),
            offers: Vec::new(),
            chosen: 0,
            error: None,
            meaning: String::new(),
            waiting: None,
            standing: Standing::default(),
            saving: None,
            begun: text.to_owned(),
            leaving: Leaving::default(),
            cycling: false,
            recalled: None,
        }
    }

    /// Looks at the line anew: offers, mistakes, meaning.
    pub(in crate::tui) fn refresh(&mut self, state: &mut State) {
        self.chosen = 0;
        self.cycling = false;
        self.error = None;
        self.meaning.clear();
        match &self.kind {
            PromptKind::Jump | PromptKind::Whom | PromptKind::Enrol { .. } => {
                let is_filter = matches!(self.kind, PromptKind::Enrol { .. }) && is_filter(self.field.text());
                if self.field.text().trim().is_empty() || is_filter {
                    self.offers.clear();
                    // whom the playbook takes only the desk knows
                    self.error = state.mistake_in(None, self.field.text()).filter(|_| is_filter);
                    return;
                }
                let mut kinds = vec![Kind::Group, Kind::Member];
                kinds.extend((!matches!(self.kind, PromptKind::Whom)).then_some(Kind::Account));
                let request = Request::Suggest { kinds, text: self.field.text().trim().to_owned(), limit: 8 };
                self.waiting = Some(state.ask(request, Pending::Popup));
            }
            PromptKind::Snippet { on, .. } => {
                self.meaning = state.fill_in(Context::Prompt, Words::SnippetHint, &[]);
                let request = Request::Snippets { text: self.field.text().to_owned(), on: *on, limit: 8 };
                self.waiting = Some(state.ask(request, Pending::Popup));
            }
            PromptKind::Verb => {
                self.offers = state.verb_offers(self.field.text());
                self.meaning = state.verb_meaning(self.field.text());
            }
            PromptKind::Filter { before } => {
                self.offers = state.filter_offers(self.field.text());
                self.error = state.type_filter(self.field.text(), before);
                self.meaning = state.filter_meaning(self.field.text());
            }
            PromptKind::Follow { .. } => match state.read_follow(self.field.text()) {
                Ok(read) if read.is_timed => self.meaning = state.say_instant(read.at) + " " + &read.words,
                Ok(read) => self.meaning = state.fill(Words::FollowNow, &[("words", &read.words)]),
                Err(error) => self.meaning = error,
            },
            PromptKind::ComposeUntil(_) if self.field.text().trim().is_empty() => {
                self.meaning = state.fill_in(Context::Prompt, ComposeWords::UntilHint, &[]);
            }
            PromptKind::ComposeAccount(_) => {
                self.meaning = state.fill_in(Context::Prompt, ComposeWords::AccountHint, &[]);
                self.offers.clear();
                let text = self.field.text().trim().to_owned();
                if !text.is_empty() {
                    let request = Request::Suggest { kinds: vec![Kind::Account], text, limit: 8 };
                    self.waiting = Some(state.ask(request, Pending::Popup));
                }
            }
            PromptKind::ComposeTitle(_) => {
                self.meaning = state.fill_in(Context::Prompt, ComposeWords::TitleHint, &[]);
            }
            PromptKind::ComposeWhen(_) | PromptKind::ComposeUntil(_) | PromptKind::Snooze(_) => {
                match state.read_instant(self.field.text()) {
                    Ok(at) => self.meaning = state.say_instant(at),
                    Err(error) => self.meaning = error,
                }
            }
            PromptKind::Note { .. } | PromptKind::Skip(_) | PromptKind::Ask(_) | PromptKind::ViewName(_) => {}
            PromptKind::ComposeWhom(draft) => {
                self.error = state.whom_mistake(draft, self.field.text());
                self.offers = state.whom_offers(draft, self.field.text());
                self.meaning = state.whom_hint(draft.compose.to);
                let typed = self.field.text().trim();
                // an answer that is still on its way is not of this line
                self.waiting =
                    (self.error.is_none() && !typed.is_empty()).then(|| state.ask_reach(draft, typed));
            }
            PromptKind::Import => state.text(Words::ImportHint).clone_into(&mut self.meaning),
        }
    }

    pub(super) fn key(mut self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        let last = self.offers.len().saturating_sub(1);
        let end = |state: &mut State, prompt: Self| {
            state.end_prompt(prompt).map(|prompt| Popup::Prompt(Box::new(prompt)))
        };
        if self.standing.is_unread(state) {
            return Some(Popup::Prompt(self));
        }
        let leaving = std::mem::take(&mut self.leaving);
        match state.action_in(Context::Prompt, key) {
            Some(action @ (Action::Leave | Action::GiveUp)) => return self.leave(state, action, leaving),
            Some(Action::Save) if self.saves() => return end(state, *self),
            Some(Action::EditSnippet) if matches!(self.kind, PromptKind::Snippet { .. }) => {
                state.edit_snippet(&self);
                return None;
            }
            Some(Action::Take) => return end(state, *self),
            Some(Action::FieldBack) if self.cycling => {
                self.take_value(state, self.chosen.checked_sub(1).unwrap_or(last));
            }
            Some(Action::LineUp) if self.chosen == 0 && self.recall(state, true) => {}
            Some(Action::LineDown) if self.recall(state, false) => {}
            Some(Action::LineUp | Action::FieldBack) => self.chosen = self.chosen.saturating_sub(1),
            Some(Action::LineDown) => self.chosen = (self.chosen + 1).min(last),
            Some(Action::Complete) if self.cycling => {
                self.take_value(state, if self.chosen < last { self.chosen + 1 } else { 0 });
            }
            Some(Action::Complete) if self.has_values() => self.take_value(state, self.chosen),
            Some(Action::Complete) => {
                if let Some(offer) = self.offers.get(self.chosen).cloned() {
                    self.field.set(&offer.line);
                    self.refresh(state);
                }
            }
            _ if key.code == KeyCode::Backspace && self.field.is_empty() => {
                // who empties the line of a new one-off to type it anew does not want to leave that
                let begins = matches!(&self.kind, PromptKind::ComposeWhom(draft) if !draft.looked);
                if !begins {
                    return self.leave(state, Action::Leave, leaving);
                }
            }
            _ => {
                if self.field.key(key) {
                    self.recalled = None;
                    self.refresh(state);
                }
            }
        }
        Some(Popup::Prompt(self))
    }

    pub(super) fn paste(mut self: Box<Self>, state: &mut State, text: &str) -> Option<Popup> {
        self.field.paste(text);
        self.recalled = None;
        self.refresh(state);
        Some(Popup::Prompt(self))
    }

    /// The desk has taken the answer of a form, or says why not.
    fn saved(mut self: Box<Self>, state: &mut State, reply: &Reply) -> Option<Popup> {
        self.saving = None;
        if let Reply::Refused(refusal) = reply {
            if !self.standing.refused(state, refusal, Context::Prompt) {
                state.drop_held_keys();
                state.say_refusal(refusal);
            }
            return Some(Popup::Prompt(self));
        }
        state.say_outcome(reply);
        if let PromptKind::Ask(ask) = &self.kind {
            state.next_ask(ask);
        }
        None
    }

    /// Puts an earlier line in the place of what is typed, or the one after it; the offers are those of that line. False
    /// where there is none.
    fn recall(&mut self, state: &mut State, older: bool) -> bool {
        let (mut at, own) = self.recalled.clone().unwrap_or((0, self.field.text().to_owned()));
        let line = loop {
            let next = if older { Some(at + 1) } else { at.checked_sub(1) };
            let line = match next {
                Some(0) => own.as_str(),
                Some(next) => match state.recall.line(&self.kind, next) {
                    Some(line) => line,
                    None => return false,
                },
                None => return false,
            };
            at = next.unwrap_or(0);
            // what stands there already is no step back
            if at == 0 || line.trim() != self.field.text().trim() {
                break line;
            }
        };
        self.field.set(line);
        self.recalled = (at > 0).then_some((at, own));
        self.refresh(state);
        true
    }

    /// Whether the offers are values of a verb, one of which ends the line.
    fn has_values(&self) -> bool {
        let begun = self.field.text().trim_start().contains(' ');
        let ends = self.offers.get(self.chosen).is_some_and(|offer| !offer.line.ends_with(' '));
        matches!(self.kind, PromptKind::Verb) && begun && ends && self.offers.len() > 1
    }

    /// Puts a value into the line; the others stay on offer.
    fn take_value(&mut self, state: &State, at: usize) {
        let Some(offer) = self.offers.get(at) else { return };
        self.field.set(&offer.line);
        self.meaning = state.verb_meaning(self.field.text());
        (self.chosen, self.cycling) = (at, true);
    }

    /// True where Enter saves what was written, so that the keys that save elsewhere do as well.
    const fn saves(&self) -> bool {
        matches!(self.kind, PromptKind::Ask(_) | PromptKind::Note { .. } | PromptKind::Follow { .. })
    }

    /// The filter that was typed where a name would do as well.
    pub(in crate::tui) fn filter(&self) -> Option<&str> {
        let text = self.field.text().trim();
        is_filter(text).then_some(text)
    }

    /// Whether something is written that would be missed.
    pub fn is_written(&self) -> bool {
        let text = self.field.text();
        self.saves() && text != self.begun && would_be_missed(text)
    }

    /// Goes, or says first what would be lost by that and stays.
    fn leave(mut self: Box<Self>, state: &mut State, action: Action, leaving: Leaving) -> Option<Popup> {
        self.leaving = leaving;
        let text = self.field.text();
        let lost = if self.is_written() {
            Some(state.fill_in(Context::Prompt, Words::UnsavedEdit, &[]))
        } else {
            State::leaves_written(&self.kind, text)
                .then(|| state.fill_in(Context::Prompt, ComposeWords::NotPlanned, &[]))
        };
        if let Some(words) = self.leaving.by(action, lost) {
            state.say(Tone::Warning, words);
            return Some(Popup::Prompt(self));
        }
        if let PromptKind::Filter { before } = &self.kind {
            state.set_filter(before);
        }
        state.piece_left(&self.kind, self.field.text());
        None
    }

    pub(super) fn waits_for(&self, tag: u64) -> bool {
        [self.waiting, self.saving].contains(&Some(tag))
    }

    pub(super) fn reply(mut self: Box<Self>, state: &mut State, tag: u64, reply: &Reply) -> Option<Popup> {
        if self.saving == Some(tag) {
            return self.saved(state, reply);
        }
        self.waiting = None;
        match reply {
            Reply::Suggestions(found) => {
                self.offers = found
                    .iter()
                    .map(|s| Offer {
                        line: s.name.clone(),
                        label: s.name.clone(),
                        hint: format!("{} {}", s.kind.label(state.lang), s.hint),
                        id: Some(s.id.clone()),
                    })
                    .collect();
                self.chosen = self.chosen.min(self.offers.len().saturating_sub(1));
            }
            Reply::Snippets(views) => {
                self.offers = views
                    .iter()
                    .map(|view| Offer {
                        line: view.name.clone(),
                        label: view.tags.iter().fold(view.name.clone(), |name, tag| name + " #" + tag),
                        hint: snippet_hint(state, view),
                        id: None,
                    })
                    .collect();
                self.chosen = self.chosen.min(self.offers.len().saturating_sub(1));
                if views.is_empty() {
                    let typed = !self.field.text().trim().is_empty();
                    let words = if typed { Words::NoSnippet } else { Words::NoSnippets };
                    self.meaning = state.fill_in(Context::Prompt, words, &[]);
                }
                if let PromptKind::Snippet { found, .. } = &mut self.kind {
                    found.clone_from(views);
                }
            }
            Reply::Counted(counted) => {
                if let PromptKind::ComposeWhom(draft) = &self.kind {
                    let names = State::picked_names(draft, self.field.text());
                    self.meaning = state.reach_words(draft.compose.to, counted) + &names;
                }
            }
            Reply::Refused(refusal) => self.error = Some(Mistake::refused(refusal)),
            _ => {}
        }
        Some(Popup::Prompt(self))
    }
}

/// How often a snippet was copied and when last, then how it begins.
fn snippet_hint(state: &State, view: &SnippetView) -> String {
    let begins = view.show.lines().next().unwrap_or_default();
    let used = match (view.used, view.used_at) {
        (0, _) => state.text(Words::SnippetNever).to_owned(),
        (n, None) => state.fill(Words::SnippetUsed, &[("n", &n)]),
        (n, Some(at)) => state.fill(Words::SnippetUsedAt, &[("n", &n), ("at", &state.say_past(at))]),
    };
    format!("{used}  {begins}")
}

/// True for what is a filter and no name: it has a key, or leaves something out.
fn is_filter(text: &str) -> bool {
    let text = text.trim();
    text.contains([':', '：', '>', '<']) || text.starts_with('-')
}
