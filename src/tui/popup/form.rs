//! Forms for accounts, groups, members, contacts and memberships: the fields are declared once, in the door.
//!
//! Names are found by pinyin while they are typed, closed sets turn with Left and Right, a refusal stands at its field.
//! Only what was filled in (or changed) travels.

use crossterm::event::KeyCode;

use super::field::Field as Typed;
use super::standing::stands;
use super::{Leaving, Popup, Standing};
use crate::door::command::ObjectRef;
use crate::door::form::{self, Field, FieldSpec, Input, Kind};
use crate::door::reply::Suggestion;
use crate::door::request::Request;
use crate::door::{Command, Refusal, Reply, Saw};
use crate::text::fold::fold;
use crate::text::pinyin::{Needle, search_key};
use crate::tui::key::Key;
use crate::tui::keymap::Context;
use crate::tui::registry::Action;
use crate::tui::state::{Pending, State, Tone};
use crate::tui::words::Words;

/// One field as it stands.
#[derive(Clone, Debug)]
pub struct Row {
    pub spec: FieldSpec,
    pub typed: Typed,
    original: String,
    /// What it began with: that is nothing to lose.
    begun: String,
    pub error: Option<String>,
}

/// A form being filled in.
#[derive(Clone, Debug)]
pub struct FormPopup {
    pub kind: Kind,
    /// What is edited; none makes something new, several get the same values.
    pub objects: Vec<ObjectRef>,
    pub rows: Vec<Row>,
    pub cursor: usize,
    pub offers: Vec<Suggestion>,
    pub chosen: usize,
    /// What was typed of a value of a closed set.
    ahead: String,
    offers_for: Option<u64>,
    values_for: Option<u64>,
    saving: Option<u64>,
    standing: Standing,
    leaving: Leaving,
}

impl FormPopup {
    /// A form with some values filled in.
    pub fn new(kind: Kind, objects: Vec<ObjectRef>, filled: &[(Field, String)]) -> Self {
        // several never have one name
        let several = objects.len() > 1;
        let rows = form::fields(kind)
            .iter()
            .filter(|spec| !(several && spec.field.is_ones_own()))
            .map(|spec| {
                let begun = filled.iter().find(|(f, _)| *f == spec.field).map_or("", |(_, v)| v);
                Row {
                    spec: *spec,
                    typed: Typed::new(begun),
                    original: String::new(),
                    begun: begun.to_owned(),
                    error: None,
                }
            })
            .collect();
        Self {
            kind,
            objects,
            rows,
            cursor: 0,
            offers: Vec::new(),
            chosen: 0,
            ahead: String::new(),
            offers_for: None,
            values_for: None,
            saving: None,
            standing: Standing::default(),
            leaving: Leaving::default(),
        }
    }

    /// Waits for the present values.
    pub(in crate::tui) fn wait_for_values(&mut self, tag: u64) {
        self.values_for = Some(tag);
    }

    /// True until the present values have come.
    pub const fn is_loading(&self) -> bool {
        self.values_for.is_some()
    }

    fn row(&mut self) -> Option<&mut Row> {
        self.rows.get_mut(self.cursor)
    }

    pub(super) fn key(mut self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        let last = self.rows.len().saturating_sub(1);
        let is_choice = matches!(self.row().map(|row| row.spec.input), Some(Input::Choice(_)));
        match state.action_in(Context::Form, key) {
            Some(Action::Save) => self.save(state),
            Some(action @ (Action::Leave | Action::GiveUp)) => {
                let is_changed = self.is_changed();
                let lost = is_changed.then(|| state.fill_in(Context::Form, Words::UnsavedEdit, &[]));
                let words = self.leaving.by(action, lost)?;
                state.say(Tone::Warning, words);
            }
            Some(Action::FieldBack | Action::LineUp) => self.go(self.cursor.saturating_sub(1)),
            Some(Action::Complete) => {
                self.accept_offer();
                self.go((self.cursor + 1).min(last));
            }
            Some(Action::Take) => {
                self.accept_offer();
                if self.cursor == last { self.save(state) } else { self.go(self.cursor + 1) }
            }
            Some(Action::LineDown) => self.go((self.cursor + 1).min(last)),
            Some(Action::OfferNext) => {
                self.chosen = (self.chosen + 1).min(self.offers.len().saturating_sub(1));
            }
            Some(Action::OfferPrevious) => self.chosen = self.chosen.saturating_sub(1),
            _ => self.type_key(state, key, is_choice),
        }
        Some(Popup::Form(self))
    }

    /// A key that types, or turns a closed set.
    fn type_key(&mut self, state: &mut State, key: Key, is_choice: bool) {
        match (key.code, key.ctrl) {
            (KeyCode::Left, _) if is_choice => self.turn(state, -1),
            (KeyCode::Right | KeyCode::Char(' '), false) if is_choice => self.turn(state, 1),
            (KeyCode::Char(c), false) if is_choice && !key.alt => {
                let ahead = format!("{}{c}", self.ahead);
                if !self.choose_by(state, &ahead) {
                    self.choose_by(state, &c.to_string());
                }
            }
            (KeyCode::Backspace | KeyCode::Delete, false) if is_choice => self.choose(""),
            _ => {
                let changed = self.row().is_some_and(|row| row.typed.key(key));
                if changed {
                    self.changed(state);
                }
            }
        }
    }

    fn go(&mut self, row: usize) {
        self.cursor = row;
        self.offers.clear();
        self.offers_for = None;
        self.chosen = 0;
        self.ahead.clear();
    }

    pub fn is_changed(&self) -> bool {
        self.rows.iter().any(|row| row.typed.text() != row.begun)
    }

    /// The next value of a closed set; before the first stands the empty one.
    fn turn(&mut self, state: &State, step: isize) {
        let Some(row) = self.row() else { return };
        let Input::Choice(values) = row.spec.input else { return };
        let values = values(state.lang);
        let at =
            values.iter().position(|(word, label)| row.typed.text() == *word || row.typed.text() == *label);
        let next = match (at, step) {
            (None, 1..) => Some(0),
            (None, _) => values.len().checked_sub(1),
            (Some(at), _) => at.checked_add_signed(step),
        };
        let word = next.and_then(|at| values.get(at)).map_or("", |(word, _)| *word);
        row.typed.set(word);
        row.error = None;
    }

    /// The value of a closed set that begins or sounds so; says which there are when none does.
    fn choose_by(&mut self, state: &mut State, text: &str) -> bool {
        let Some(Input::Choice(values)) = self.row().map(|row| row.spec.input) else { return false };
        let values = values(state.lang);
        let (folded, needle) = (fold(text.trim()), Needle::new(text));
        let begins = |(word, label): &&(&'static str, &'static str)| {
            fold(word).starts_with(&folded) || fold(label).starts_with(&folded)
        };
        let sounds = |(_, label): &&(&'static str, &'static str)| needle.matches(&search_key(label));
        let found = values.iter().find(begins).or_else(|| values.iter().find(sounds));
        if let Some((word, _)) = found.filter(|_| !folded.is_empty()) {
            self.choose(word);
            text.clone_into(&mut self.ahead);
            return true;
        }
        let labels: Vec<&str> = values.iter().map(|(_, label)| *label).collect();
        let words = state.fill(Words::ChoiceHint, &[("values", &labels.join(" "))]);
        state.say(Tone::Info, words);
        false
    }

    fn choose(&mut self, word: &str) {
        self.ahead.clear();
        if let Some(row) = self.row() {
            row.typed.set(word);
            row.error = None;
        }
    }

    /// The word that a choice shows for its value.
    pub fn shown(&self, row: &Row, state: &State) -> String {
        word_of(row.spec.input, row.typed.text(), state)
    }

    fn changed(&mut self, state: &mut State) {
        self.leaving = Leaving::default();
        let Some(row) = self.row() else { return };
        row.error = None;
        let (Input::Pick(kind) | Input::PickMany(kind)) = row.spec.input else { return };
        let text = last_name(row.typed.before_cursor()).trim().to_owned();
        self.offers.clear();
        self.chosen = 0;
        if !text.is_empty() {
            let request = Request::Suggest { kinds: vec![kind], text, limit: 5 };
            self.offers_for = Some(state.ask(request, Pending::Popup));
        }
    }

    /// Puts the offered name in place of what was typed of it.
    fn accept_offer(&mut self) {
        let Some(name) = self.offers.get(self.chosen).map(|offer| offer.name.clone()) else { return };
        if let Some(row) = self.row() {
            let text = row.typed.text().to_owned();
            let kept = text.len() - last_name(&text).len();
            row.typed.set(&format!("{}{name}", text.get(..kept).unwrap_or_default()));
        }
        self.offers.clear();
    }

    fn save(&mut self, state: &mut State) {
        if self.standing.is_unread(state) {
            return;
        }
        for row in &mut self.rows {
            row.error = None;
        }
        let missing =
            self.rows.iter().position(|row| row.spec.required && row.typed.text().trim().is_empty());
        if let (Some(at), true) = (missing, self.objects.is_empty()) {
            self.go(at);
            let words = state.text(Words::Required).to_owned();
            if let Some(row) = self.row() {
                row.error = Some(words);
            }
            return;
        }
        let fields: Vec<(Field, String)> = self
            .rows
            .iter()
            .filter(|row| row.typed.text().trim() != row.original)
            .map(|row| (row.spec.field, row.typed.text().trim().to_owned()))
            .collect();
        // several had each its own
        let saw = (self.objects.len() == 1).then(|| {
            let changed = |row: &&Row| fields.iter().any(|(field, _)| *field == row.spec.field);
            let seen = self.rows.iter().filter(changed);
            Saw::Fields(seen.map(|row| (row.spec.field, row.original.clone())).collect())
        });
        let command = if self.objects.is_empty() {
            Command::Create { kind: self.kind, fields }
        } else {
            Command::Edit { objects: self.objects.clone(), fields }
        };
        self.saving = state.command_on(command, saw, Pending::Popup);
    }

    /// Shows what others have written into its fields meanwhile, which it stands on from here; false for any other refusal.
    fn written_over(&mut self, state: &mut State, refusal: &Refusal) -> bool {
        if !self.standing.refused(state, refusal, Context::Form) {
            return false;
        }
        let Some(Saw::Fields(now)) = &refusal.stands else { return true };
        let mut first = None;
        for (at, row) in self.rows.iter_mut().enumerate() {
            let Some((_, value)) = now.iter().find(|(field, _)| *field == row.spec.field) else { continue };
            row.original.clone_from(value);
            row.error = stands(state, &word_of(row.spec.input, value, state)).into_iter().next();
            first = first.or(Some(at));
        }
        if let Some(at) = first {
            self.go(at);
        }
        true
    }

    pub(super) fn paste(mut self: Box<Self>, state: &mut State, text: &str) -> Option<Popup> {
        if matches!(self.row().map(|row| row.spec.input), Some(Input::Choice(_))) {
            self.choose_by(state, text);
            return Some(Popup::Form(self));
        }
        if let Some(row) = self.row() {
            row.typed.paste(text);
        }
        self.changed(state);
        Some(Popup::Form(self))
    }

    pub(super) fn waits_for(&self, tag: u64) -> bool {
        [self.offers_for, self.values_for, self.saving].contains(&Some(tag))
    }

    pub(super) fn reply(mut self: Box<Self>, state: &mut State, tag: u64, reply: &Reply) -> Option<Popup> {
        if self.saving == Some(tag) {
            self.saving = None;
            if let Reply::Refused(refusal) = reply
                && self.written_over(state, refusal)
            {
                return Some(Popup::Form(self));
            }
            if let Reply::Refused(refusal) = reply {
                let at = refusal.field.and_then(|f| self.rows.iter().position(|row| row.spec.field == f));
                if let Some(at) = at {
                    self.go(at);
                    if let Some(row) = self.row() {
                        row.error = Some(refusal.words.clone());
                    }
                }
                state.say_refusal(refusal);
                return Some(Popup::Form(self));
            }
            state.say_outcome(reply);
            if self.objects.len() > 1 {
                state.list_mut().clear_marks();
            }
            return None;
        }
        match reply {
            Reply::Suggestions(found) => {
                self.offers.clone_from(found);
                self.offers_for = None;
            }
            Reply::Form(values) => {
                self.values_for = None;
                for row in &mut self.rows {
                    if let Some((_, value)) = values.iter().find(|(field, _)| *field == row.spec.field) {
                        row.typed.set(value);
                        row.original.clone_from(value);
                        row.begun.clone_from(value);
                    }
                }
            }
            other => state.say_outcome(other),
        }
        Some(Popup::Form(self))
    }
}

/// A value as it is shown.
fn word_of(input: Input, text: &str, state: &State) -> String {
    match input {
        Input::Choice(values) => values(state.lang)
            .iter()
            .find(|(word, _)| *word == text)
            .map_or_else(|| text.to_owned(), |(_, label)| (*label).to_owned()),
        _ => text.to_owned(),
    }
}

/// What stands behind the last comma of a list of names.
fn last_name(text: &str) -> &str {
    text.rsplit([',', '，', '、', ';', '；']).next().unwrap_or(text)
}
