//! A menu: lines to choose from by digit, by arrows, or by typing part of their words.
//!
//! Digits act at once where the menu has them; Enter acts on the line under the cursor. A menu never does something on
//! the key that opened it, so that a held key chooses nothing.

use std::time::Duration;

use chrono::NaiveDate;
use crossterm::event::KeyCode;

use super::field::Field;
use super::listed::Listed;
use super::{Leaving, Popup};
use crate::book::{ActId, GroupId, MemberId, ObjectId, PlaybookId, SkipReason, TaskId, Timestamp};
use crate::door::command::{CatchUp, ObjectRef};
use crate::door::detail::AskView;
use crate::door::form::Kind;
use crate::door::{Command, Reply};
use crate::text::pinyin::{Needle, search_key};
use crate::tui::app::compose::OfOneOff;
use crate::tui::app::is_commit;
use crate::tui::app::playbook::OfPlaybook;
use crate::tui::app::saved::OfView;
use crate::tui::app::writing::WritingWords;
use crate::tui::key::Key;
use crate::tui::keymap::{Context, Meaning};
use crate::tui::registry::Action;
use crate::tui::state::{State, Tone};
use crate::tui::words::{ComposeWords, Words};

/// What a line of a menu does.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    Act(Action),
    /// What the menu was opened on, whatever stands under the cursor by then.
    Snooze(Timestamp, Vec<TaskId>),
    /// Asks for a time in words.
    SnoozeAsk(Vec<TaskId>),
    Skip(SkipReason, Vec<TaskId>),
    /// The answer to a step's `check`, for these tasks.
    Check(Vec<TaskId>, bool),
    ClearMarks,
    Reply {
        member: MemberId,
        task: Option<TaskId>,
        answer: Option<u16>,
    },
    Create(Kind),
    Edit(ObjectRef),
    Archive(ObjectRef),
    Ask(Box<AskView>),
    CatchUp(Option<PlaybookId>, CatchUp),
    /// What the desk offered.
    Do(Box<Command>),
    /// Warnings about these texts were seen: they are copied as they are.
    Acknowledge(Vec<TaskId>, Vec<String>),
    Undo(ActId),
    /// Applies a playbook that came with the program.
    Playbook(usize),
    PasteGroups,
    Import,
    /// A message of one's own, due now.
    FollowNow {
        on: Vec<ObjectId>,
        name: String,
    },
    Playbooks,
    /// Says a sentence in the message row.
    Say(String),
    /// It was sent although the screen would not have copied it.
    SentAnyway(Vec<TaskId>, Option<Timestamp>),
    /// Lets go what a rule holds and copies it.
    WakeAndCopy(TaskId),
    /// 我也发了.
    AlsoSent(TaskId),
    SameText,
    /// `part` is which was wrong where several are texts, `text` the text as it is to be edited, `got` how many had it by when, once they are known.
    Correct {
        task: TaskId,
        part: Option<u16>,
        text: Option<String>,
        got: Option<(u32, Timestamp)>,
    },
    /// Lists what a filter finds.
    List(String),
    /// Something about a playbook or who is in it.
    OfPlaybook(Box<OfPlaybook>),
    /// Something about a one-off.
    OneOff(Box<OfOneOff>),
    /// Goes on with a text that was left in a form.
    WriteOn {
        place: String,
        text: String,
    },
    /// Something about the views.
    OfView(Box<OfView>),
    Close,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Item {
    pub label: String,
    /// Beside it: keys, counts, a hint.
    pub note: String,
    pub choice: Choice,
    /// False when it cannot be chosen now; it is shown all the same.
    pub enabled: bool,
}

impl Item {
    pub fn new(label: impl Into<String>, note: impl Into<String>, choice: Choice) -> Self {
        Self { label: label.into(), note: note.into(), choice, enabled: true }
    }
}

/// What a menu fills itself with when the answer comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    Log,
    /// Everything in it.
    Choices,
    Asks,
    Campaigns,
    /// What stands beside the lines that are there already.
    Notes,
    /// Nothing: what it says was done closes it.
    Made,
}

/// Which form of which run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormKey {
    pub playbook: PlaybookId,
    pub run: NaiveDate,
    pub key: String,
    pub group: Option<GroupId>,
}

impl FormKey {
    /// Whether a question is that form.
    pub fn is_of(&self, ask: &AskView) -> bool {
        (&self.playbook, self.run, &self.key) == (&ask.playbook.id, ask.run, &ask.key)
            && self.group == ask.group.as_ref().map(|group| group.id)
    }
}

/// A menu.
#[derive(Clone, Debug)]
pub struct Menu {
    pub title: String,
    /// Sentences above the lines.
    pub notes: Vec<String>,
    /// Lists among them.
    pub lists: Vec<Listed>,
    pub items: Vec<Item>,
    pub cursor: usize,
    /// Digits 1-9 act.
    pub digits: bool,
    /// Typing narrows the lines.
    pub search: Option<Field>,
    /// Shown when there is nothing to choose.
    pub empty: String,
    pub waiting: Option<(u64, Filling)>,
    /// Of the questions that it waits for this one is opened at once.
    pub wanted: Option<FormKey>,
    /// What is pressed before that was meant for something else: it came by itself.
    pub deaf_until: Duration,
    leaving: Leaving,
}

impl Menu {
    /// A menu with digits.
    pub fn new(title: impl Into<String>, items: Vec<Item>) -> Self {
        Self {
            title: title.into(),
            notes: Vec::new(),
            lists: Vec::new(),
            items,
            cursor: 0,
            digits: true,
            search: None,
            empty: String::new(),
            waiting: None,
            wanted: None,
            deaf_until: Duration::ZERO,
            leaving: Leaving::default(),
        }
    }

    /// The lines that the search leaves, with their digits.
    pub fn shown(&self) -> Vec<(Option<char>, &Item)> {
        let wanted = self.search.as_ref().map(|field| field.text().trim().to_lowercase()).unwrap_or_default();
        // letters may be the pinyin of what stands there; one of them is that of nearly everything
        let needle = Some(Needle::new(&wanted)).filter(|_| wanted.len() > 1 && wanted.is_ascii());
        let fits = |item: &&Item| {
            wanted.is_empty()
                || item.label.to_lowercase().contains(&wanted)
                || needle.as_ref().is_some_and(|needle| needle.matches(&search_key(&item.label)))
                || item.note.to_lowercase().contains(&wanted)
                || matches!(&item.choice, Choice::Act(a) if a.entry().id.contains(&wanted)
                    || a.entry().verbs.iter().any(|verb| verb.contains(&wanted)))
        };
        let digit = |at: usize| {
            char::from_digit(at as u32 + 1, 10).filter(|_| self.digits && self.search.is_none() && at < 9)
        };
        self.items.iter().filter(fits).enumerate().map(|(at, item)| (digit(at), item)).collect()
    }

    /// Whose keys it listens to: where something is searched for, letters are text.
    pub const fn context(&self) -> Context {
        if self.search.is_some() { Context::Prompt } else { Context::Menu }
    }

    pub(super) fn key(mut self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        if state.mono() < self.deaf_until {
            return Some(Popup::Menu(self));
        }
        let count = self.shown().len();
        let at = self.cursor;
        let digit = key.typed().and_then(|c| c.to_digit(10)).filter(|_| self.digits && self.search.is_none());
        let meaning = state.look_up_in(self.context(), key);
        let action = match (&meaning, digit) {
            (Meaning::Act(action), None) => Some(*action),
            _ => None,
        };
        let mut leaving = std::mem::take(&mut self.leaving);
        if self.offers_left() {
            leaving = Leaving::ASKED;
        }
        match action {
            Some(action @ (Action::Leave | Action::Back | Action::GiveUp)) => {
                let Some(words) = leaving.by(action, self.lost(state)) else {
                    state.left_edit(&self);
                    return None;
                };
                state.say(Tone::Warning, words);
                self.leaving = leaving;
            }
            Some(Action::LineUp | Action::Previous) => self.cursor = self.cursor.saturating_sub(1),
            Some(Action::LineDown | Action::Next) => {
                self.cursor = (self.cursor + 1).min(count.saturating_sub(1));
            }
            Some(Action::PageUp | Action::HalfUp) => self.cursor = self.cursor.saturating_sub(10),
            Some(Action::PageDown | Action::HalfDown) => {
                self.cursor = (self.cursor + 10).min(count.saturating_sub(1));
            }
            Some(Action::Top) => self.cursor = 0,
            Some(Action::Bottom) => self.cursor = count.saturating_sub(1),
            Some(Action::Take | Action::Open) => return self.choose(state, at),
            _ if self.search.is_some() => {
                if let Some(field) = &mut self.search {
                    if key.code == KeyCode::Backspace && field.is_empty() {
                        return None;
                    }
                    if field.key(key) {
                        self.cursor = 0;
                    }
                }
            }
            Some(Action::Undo) if self.is_history() => return self.choose(state, at),
            _ => {
                let at = match digit {
                    Some(digit) => (digit as usize).checked_sub(1).filter(|at| *at < count),
                    None => action.and_then(|action| self.named_by(action, key)),
                };
                if let Some(at) = at {
                    return self.choose(state, at);
                }
            }
        }
        Some(Popup::Menu(self))
    }

    /// The line beside which a key stands.
    fn named_by(&self, action: Action, key: Key) -> Option<usize> {
        let named = |item: &Item| {
            item.choice == Choice::Act(action) && item.note.split(' ').any(|word| word == key.to_string())
        };
        self.shown().iter().position(|(_, item)| named(item))
    }

    pub(in crate::tui) fn is_of_builtins(&self) -> bool {
        self.items.first().is_some_and(|item| matches!(item.choice, Choice::Playbook(_)))
    }

    fn is_history(&self) -> bool {
        self.items.first().is_some_and(|item| matches!(item.choice, Choice::Undo(_)))
    }

    /// True while the desk is asked to make what it is about.
    pub(in crate::tui) const fn is_made(&self) -> bool {
        matches!(self.waiting, Some((_, Filling::Made)))
    }

    /// True where it asks by itself whether what was left is written on.
    fn offers_left(&self) -> bool {
        matches!(self.items.first(), Some(Item { choice: Choice::WriteOn { .. }, .. }))
    }

    /// What is said where leaving throws away what is written: it is not made, or not taken up again.
    fn lost(&self, state: &State) -> Option<String> {
        if self.offers_left() {
            return Some(state.fill_in(Context::Menu, WritingWords::Choose, &[]));
        }
        (State::looked_at(self).is_some() && !self.is_made())
            .then(|| state.fill_in(Context::Menu, ComposeWords::NotPlanned, &[]))
    }

    fn choose(mut self: Box<Self>, state: &mut State, at: usize) -> Option<Popup> {
        let chosen =
            self.shown().get(at).map(|(_, item)| (item.choice.clone(), item.enabled, item.note.clone()));
        match chosen {
            Some((Choice::OneOff(of), true, _)) if matches!(*of, OfOneOff::Make(_)) => {
                state.make_one_off(&mut self);
                Some(Popup::Menu(self))
            }
            Some((choice, true, _)) => {
                // what is only looked at leads back to where it was chosen
                let stays = matches!(&choice, Choice::Playbook(_))
                    || matches!(&choice, Choice::OneOff(of) if of.asks());
                state.choose(choice);
                stays.then_some(Popup::Menu(self))
            }
            Some((_, false, note)) => {
                state.say(Tone::Warning, note);
                Some(Popup::Menu(self))
            }
            None => Some(Popup::Menu(self)),
        }
    }

    /// Text goes where it is searched for; a list of groups into the editor that this menu opens for one; else that it
    /// was pasted is said.
    pub(super) fn paste(mut self: Box<Self>, state: &mut State, text: &str) -> Option<Popup> {
        if let Some(field) = &mut self.search {
            field.paste(text);
            self.cursor = 0;
            return Some(Popup::Menu(self));
        }
        let takes_groups = self.items.iter().any(|item| item.choice == Choice::PasteGroups);
        if !takes_groups || is_commit(text) {
            state.paste_ignored(text, Context::Menu, Words::PasteInMenu);
            return Some(Popup::Menu(self));
        }
        let depth = state.popups.len();
        state.choose(Choice::PasteGroups);
        if state.popups.len() == depth {
            return Some(Popup::Menu(self));
        }
        super::paste(state, text);
        None
    }

    pub(super) fn waits_for(&self, tag: u64) -> bool {
        self.waiting.is_some_and(|(waiting, _)| waiting == tag)
    }

    pub(super) fn reply(mut self: Box<Self>, state: &mut State, reply: &Reply) -> Option<Popup> {
        let was_made = self.is_made();
        self.waiting = None;
        match reply {
            Reply::Done(_) if was_made => {
                state.one_off_made();
                state.say_outcome(reply);
                return None;
            }
            Reply::Refused(refusal) if was_made => {
                self.notes = vec![refusal.words.clone()];
                state.say_refusal(refusal);
            }
            Reply::Log(entries) => self.items = state.log_items(entries),
            Reply::Asks(asks) => {
                if state.take_asks(&mut self, asks) {
                    return None;
                }
            }
            Reply::Campaigns(views) => self.items = state.campaign_items(views),
            Reply::Consequences(told) => state.note_consequences(&mut self.items, told),
            Reply::Choices(choices) => state.take_choices(&mut self, choices),
            Reply::Done(outcome) if outcome.compose.is_some() => state.take_look(&mut self, outcome),
            Reply::Refused(refusal) if State::look_refused(&mut self, refusal) => {}
            Reply::Spread(spread) => state.take_spread(&mut self, spread),
            other => {
                state.say_outcome(other);
                return None;
            }
        }
        Some(Popup::Menu(self))
    }
}
