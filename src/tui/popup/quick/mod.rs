//! Quick entry: who, where, what happened, on one prompt line.
//!
//! The most frequent thing a group manager tells is seen by human eyes and typed a hundred times a day, so two people
//! take at most twelve keys with an input method on: F6, a name, a comma, a name, Enter, a digit. Names are typed (by
//! pinyin, initials or in full) or pasted by the dozen; the desk says whom each means, and each becomes a chip that is
//! known, new, or has candidates to choose from. Where is proposed from the line under the cursor; Tab goes there to
//! change it. What is a menu of digits; amounts, products, tags and head counts are typed after it.
//!
//! Nobody is made by a slip of the hand: a name that is nearly somebody's is asked about at once, and names that
//! nobody has are asked about together unless the event is how people come into the book.
//!
//! One file because the prompt is one state machine; who is meant stands in `chips`, the place in `place`, what the
//! digits mean in `what`.

mod chips;
mod place;
mod press;
mod what;

use crossterm::event::KeyCode;

use super::field::Field;
use super::{Leaving, Popup};
use crate::book::{ActivityKind, MemberId, ObjectId};
use crate::door::command::{Happening, Tell, Who};
use crate::door::form::{Field as FormField, Kind};
use crate::door::line::LineId;
use crate::door::reply::{Outcome, Suggestion};
use crate::door::request::Request;
use crate::door::{Command, RefusalKind, Reply};
use crate::text::names::SEPARATORS;
use crate::tui::key::Key;
use crate::tui::keymap::Context;
use crate::tui::registry::Action;
use crate::tui::state::{Pending, State, Tone};
use crate::tui::words::{QuickWords, Words};

use chips::telling;
pub use chips::{Chip, Known};
pub use place::Place;
use press::Press;
pub use what::{KINDS, how_to_say};
use what::{bare, brings_people, ending_event, event, read_happening, wants_words};

/// The most people told of at once.
const PEOPLE_MAX: usize = 300;

/// Columns of the names behind what was told.
const TOLD_COLUMNS: usize = 48;

/// Which of the three is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    Who,
    /// A chip with several candidates is being decided.
    Choose(usize),
    Where,
    What,
    /// The amount, product, tag or number of what happened.
    With(ActivityKind),
    /// Names that nobody has, before they are made: told with what happened.
    Unknown(Box<Happening>),
}

/// A quick entry being typed.
#[derive(Clone, Debug)]
pub struct Quick {
    pub stage: Stage,
    pub chips: Vec<Chip>,
    pub place: Option<Place>,
    pub field: Field,
    /// Names that fit what is being typed.
    pub offers: Vec<Suggestion>,
    pub chosen: usize,
    /// Nobody and nothing typed has said what happened: no line is marked, and Enter tells nothing.
    pub unmarked: bool,
    /// Which page of what happened is on screen, nine a page.
    pub page: usize,
    pub error: Option<String>,
    /// The place is only where the last entry was told of: whoever is not in it was seen elsewhere.
    pub guessed: bool,
    /// How many of them are there has been asked.
    checking: Option<u64>,
    /// Where it happened was asked and left open.
    anywhere: bool,
    /// How many of them nobody typed: the cursor was on them.
    given: usize,
    leaving: Leaving,
    /// The stages gone through, for going back one at a time.
    trail: Vec<Stage>,
    offers_for: Option<u64>,
    /// Enter was pressed before the answers came.
    hurry: bool,
    saving: Option<u64>,
    /// What was typed behind the names, told once they and the place are known.
    event: Option<(ActivityKind, String)>,
    /// What is being told, for asking its account.
    telling: Option<Happening>,
}

impl Quick {
    /// Opens with a proposed place, and with people already chosen where the cursor is on them.
    pub fn new(place: Option<Place>, people: Vec<(MemberId, String)>) -> Self {
        let chips: Vec<Chip> = people
            .into_iter()
            .map(|(id, name)| Chip { known: Known::One(id, String::new()), said: String::new(), name })
            .collect();
        let given = chips.len();
        Self {
            given,
            stage: if chips.is_empty() { Stage::Who } else { Stage::What },
            chips,
            place,
            field: Field::default(),
            offers: Vec::new(),
            chosen: 0,
            unmarked: true,
            page: 0,
            error: None,
            guessed: false,
            checking: None,
            anywhere: false,
            leaving: Leaving::default(),
            trail: Vec::new(),
            offers_for: None,
            hurry: false,
            saving: None,
            event: None,
            telling: None,
        }
    }

    pub(super) const fn takes_text(&self) -> bool {
        // Digits act in the menu of what happened, but a paste there is still text.
        matches!(self.stage, Stage::Who | Stage::Where | Stage::With(_))
    }

    /// Of whom and what the words are that are being typed.
    pub(in crate::tui) fn place_written(&self) -> Option<String> {
        let Stage::With(kind) = self.stage else { return None };
        Some(self.chips.iter().fold(format!("tell {kind:?}"), |place, chip| format!("{place} {}", chip.name)))
    }

    /// Whose keys it listens to.
    pub const fn context(&self) -> Context {
        if self.takes_text() { Context::Prompt } else { Context::Quick }
    }

    pub(super) fn key(mut self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        self.error = None;
        let action = state.action_in(self.context(), key);
        match action {
            Some(action @ (Action::Leave | Action::GiveUp)) => return self.back(state, action),
            Some(Action::Back) if !self.takes_text() => return self.back(state, Action::Back),
            _ => self.leaving = Leaving::default(),
        }
        let press = Press { key, action };
        match self.stage.clone() {
            Stage::Who => {
                if key.code == KeyCode::Backspace && self.field.is_empty() && self.chips.pop().is_none() {
                    return None;
                }
                self.who_key(state, press);
            }
            Stage::Choose(at) => self.choose_key(state, press, at),
            Stage::Where => self.where_key(state, press),
            Stage::What => self.what_key(state, press),
            Stage::With(kind) => self.with_key(state, press, kind),
            Stage::Unknown(happening) => self.unknown_key(state, press, *happening),
        }
        Some(Popup::Quick(self))
    }

    fn enter(&mut self, state: &mut State, stage: Stage) {
        if stage == Stage::What
            && let Some((kind, words)) = self.event.take_if(|_| !self.chips.is_empty())
        {
            self.happened(state, kind, &words);
            return;
        }
        let before = std::mem::replace(&mut self.stage, stage);
        // What was chosen is chosen: going back leads to what is typed.
        if before != self.stage && !matches!(before, Stage::Choose(_)) {
            self.trail.push(before);
        }
        self.stand(state);
    }

    /// What a stage begins with: an empty line, and the places at once.
    fn stand(&mut self, state: &mut State) {
        self.field.set("");
        self.offers.clear();
        self.offers_for = None;
        self.chosen = 0;
        self.unmarked = true;
        self.hurry = false;
        match self.stage {
            Stage::Where => self.look_up(state),
            // A list of goods tells of orders.
            Stage::What if self.is_of_goods() => self.propose(ActivityKind::Bought),
            _ => {}
        }
    }

    /// An event that was typed behind the names; where its words are not enough they are asked for.
    fn happened(&mut self, state: &mut State, kind: ActivityKind, words: &str) {
        let said = !words.is_empty() || !wants_words(kind);
        match read_happening(kind, words).filter(|_| said) {
            Some(happening) => self.tell(state, happening),
            None if wants_words(kind) => {
                self.enter(state, Stage::With(kind));
                self.field.set(words);
            }
            None => self.tell(state, Happening { text: words.to_owned(), ..bare(kind) }),
        }
    }

    /// Marks a kind of the first page.
    fn propose(&mut self, kind: ActivityKind) {
        (self.page, self.unmarked) = (0, false);
        self.chosen = KINDS.iter().position(|known| *known == kind).unwrap_or(0);
    }

    /// One stage back; from the first one out.
    fn back(mut self: Box<Self>, state: &mut State, action: Action) -> Option<Popup> {
        if let Some(words) = self.leaving.by(action, self.lost(state)) {
            self.error = Some(words).filter(|words| !words.is_empty());
            return Some(Popup::Quick(self));
        }
        self.leaving = Leaving::default();
        if self.stage == Stage::Who {
            return None;
        }
        self.event = None;
        self.stage = self.trail.pop().unwrap_or(Stage::Who);
        self.stand(state);
        Some(Popup::Quick(self))
    }

    fn who_key(&mut self, state: &mut State, Press { key, action }: Press) {
        match (action, key.code) {
            (Some(Action::Take), _) if self.field.text().trim().is_empty() => self.go_on(state),
            (Some(Action::Take), _) => {
                if self.chosen > 0 && self.pick_offer() {
                    return;
                }
                self.split_event();
                self.take_names(state);
                self.go_on(state);
            }
            (Some(Action::Complete), _) if self.field.text().trim().is_empty() => {
                self.enter(state, Stage::Where);
            }
            (Some(Action::Complete), _) => {
                if !self.pick_offer() {
                    self.take_names(state);
                }
            }
            (Some(Action::LineDown), _) => self.chosen = (self.chosen + 1).min(self.offers.len()),
            (Some(Action::LineUp), _) => self.chosen = self.chosen.saturating_sub(1),
            (_, KeyCode::Backspace) if self.field.is_empty() => {}
            (_, KeyCode::Char(' ')) if !self.chips.is_empty() && event(self.field.text()).is_some() => {
                self.field.key(key);
            }
            (_, KeyCode::Char(c)) if !key.ctrl && !key.alt && (SEPARATORS.contains(&c) || c == ' ') => {
                self.take_names(state);
            }
            _ => {
                if self.field.key(key) {
                    self.look_up(state);
                }
            }
        }
    }

    /// Takes what happened off the end of the names typed.
    fn split_event(&mut self) {
        let text = self.field.text().to_owned();
        let (names, found) = match event(&text).filter(|_| !self.chips.is_empty()) {
            Some(found) => ("", Some(found)),
            None => ending_event(&text).map_or((text.as_str(), None), |(names, rest)| (names, event(rest))),
        };
        if let Some((kind, words)) = found {
            self.event = Some((kind, words.to_owned()));
            self.field.set(names);
        }
    }

    /// Takes the offer under the mark as a chip; false when there is none.
    fn pick_offer(&mut self) -> bool {
        let at = self.chosen.saturating_sub(1);
        let Some(offer) = self.offers.get(at) else { return false };
        let LineId::Object(ObjectId::Member(id)) = offer.id else { return false };
        let known = Known::One(id, telling(offer, &self.offers));
        if !self.is_chosen(id) {
            self.chips.push(Chip { name: offer.name.clone(), said: String::new(), known });
        }
        self.field.set("");
        self.offers.clear();
        self.chosen = 0;
        true
    }

    /// Asks who, or what place, fits what is being typed; for a place also before anything is.
    fn look_up(&mut self, state: &mut State) {
        self.chosen = 0;
        let text = self.field.text().trim().to_owned();
        let is_place = self.stage == Stage::Where;
        if is_place || text.is_empty() {
            // An old offer must not be taken for what is typed now.
            self.offers.clear();
            self.offers_for = None;
        }
        if !is_place && text.is_empty() {
            return;
        }
        let kinds = if is_place { vec![Kind::Group, Kind::Account] } else { vec![Kind::Member] };
        let request = Request::Suggest { kinds, text, limit: 8 };
        self.offers_for = Some(state.ask(request, Pending::Popup));
    }

    /// On from who: where if nothing is proposed, then who is undecided, then what.
    fn go_on(&mut self, state: &mut State) {
        if self.chips.is_empty() {
            // A group can have news without anybody: its head count.
            let next = if self.place.is_some() { Stage::What } else { Stage::Where };
            self.enter(state, next);
            return;
        }
        if self.chips.iter().any(|chip| matches!(chip.known, Known::Asking(_))) {
            self.hurry = true;
            return;
        }
        // The name of a group says the place itself.
        if let Some(at) = self.chips.iter().position(Chip::may_be_a_group) {
            self.enter(state, Stage::Choose(at));
            return;
        }
        if std::mem::take(&mut self.guessed) && self.asks_who_is_there(state) {
            return;
        }
        // The place comes first where nothing is proposed: it may tell namesakes apart.
        if self.place.is_none() && !self.anywhere && state.counts.groups > 0 {
            self.enter(state, Stage::Where);
        } else if let Some(at) = self.chips.iter().position(Chip::is_undecided) {
            self.enter(state, Stage::Choose(at));
        } else {
            self.enter(state, Stage::What);
        }
    }

    fn choose_key(&mut self, state: &mut State, press: Press, at: usize) {
        let found = self.choices().to_vec();
        // The last line offers to make somebody new of that name.
        let Some(pick) = self.picked(press, found.len() + 1) else { return };
        let mut twice = None;
        if let Some(Suggestion { id: LineId::Object(ObjectId::Group(id)), name, .. }) = found.get(pick) {
            self.chips.remove(at);
            self.take_place(state, Some(Place::Group(*id, name.clone())));
            self.go_on(state);
            return;
        }
        let known = match found.get(pick) {
            Some(offer @ Suggestion { id: LineId::Object(ObjectId::Member(id)), .. }) => {
                twice = self.is_chosen(*id).then_some(*id);
                Known::One(*id, telling(offer, &found))
            }
            _ => Known::New,
        };
        if let Some(id) = twice {
            self.merge_chip(at, id);
        } else if let Some(chip) = self.chips.get_mut(at) {
            if let Some(offer) = found.get(pick) {
                chip.name.clone_from(&offer.name);
            }
            chip.known = known;
        }
        self.go_on(state);
    }

    /// The line that a key chooses out of so many; moves the mark.
    fn picked(&mut self, press: Press, lines: usize) -> Option<usize> {
        let last = lines.saturating_sub(1);
        if let Some(digit) = press.key.typed().and_then(|c| c.to_digit(10)) {
            return (digit as usize).checked_sub(1).filter(|digit| *digit <= last);
        }
        match press.action {
            Some(Action::Next) => self.chosen = (self.chosen + 1).min(last),
            Some(Action::Previous) => self.chosen = self.chosen.saturating_sub(1),
            Some(Action::Open) => return Some(self.chosen),
            _ => {}
        }
        None
    }

    /// The kinds on the page shown.
    pub fn kinds_shown(&self) -> &'static [ActivityKind] {
        KINDS.chunks(9).nth(self.page).unwrap_or_default()
    }

    fn what_key(&mut self, state: &mut State, press: Press) {
        let pages = KINDS.len().div_ceil(9);
        let shown = self.kinds_shown();
        let picked = match (press.action, press.key.code) {
            (Some(Action::ChangePlace), _) => {
                self.enter(state, Stage::Where);
                return;
            }
            (Some(Action::More | Action::PageDown), _) => {
                self.page = (self.page + 1) % pages;
                self.chosen = 0;
                return;
            }
            (Some(Action::PageUp), _) => {
                self.page = (self.page + pages - 1) % pages;
                self.chosen = 0;
                return;
            }
            (_, KeyCode::Backspace) => {
                self.stage = Stage::Who;
                self.trail.clear();
                self.stand(state);
                return;
            }
            // One Enter too many must not tell what nobody chose.
            (Some(Action::Open), _) if self.unmarked => {
                self.error = Some(state.fill(QuickWords::WhatFirst, &[]));
                return;
            }
            (Some(Action::Next), _) if std::mem::take(&mut self.unmarked) => return,
            _ => self.picked(press, shown.len()).and_then(|at| shown.get(at)),
        };
        let Some(kind) = picked.copied() else { return };
        if self.chips.is_empty() && !matches!(kind, ActivityKind::HeadCount) {
            self.error = Some(state.text(Words::WhoFirst).to_owned());
            return;
        }
        if wants_words(kind) {
            self.enter(state, Stage::With(kind));
        } else {
            self.tell(state, bare(kind));
        }
    }

    /// Before names that nobody has become members: back to put them right, or make them all.
    fn unknown_key(&mut self, state: &mut State, press: Press, happening: Happening) {
        match self.picked(press, 2) {
            Some(0) => {
                let names = self.new_names().join(" ");
                self.chips.retain(|chip| chip.known != Known::New);
                self.stage = Stage::Who;
                self.trail.clear();
                self.stand(state);
                self.field.set(&names);
            }
            Some(1) => self.hand_over(state, happening),
            _ => {}
        }
    }

    fn tell(&mut self, state: &mut State, happening: Happening) {
        if !brings_people(happening.kind) && !self.new_names().is_empty() {
            self.enter(state, Stage::Unknown(Box::new(happening)));
        } else {
            self.hand_over(state, happening);
        }
    }

    fn hand_over(&mut self, state: &mut State, happening: Happening) {
        let who = self
            .chips
            .iter()
            .map(|chip| match &chip.known {
                Known::One(id, _) => Who::Known(*id),
                Known::New => Who::New(chip.name.clone()),
                Known::Asking(_) | Known::Several(_) | Known::Near(_) => Who::Named(chip.name.clone()),
            })
            .collect();
        let (group, account) = self.place_ids();
        let said = self.chips.iter().map(|chip| chip.said.clone()).collect();
        self.telling = Some(happening.clone());
        let tell = Tell { who, said, group, account, happened: vec![happening], at: None };
        self.saving = state.command(Command::Tell(tell), Pending::Popup);
    }

    pub(super) fn paste(mut self: Box<Self>, state: &mut State, text: &str) -> Option<Popup> {
        self.error = None;
        let is_list = text.trim_end().contains(SEPARATORS) || text.trim_end().contains(['\n', '\r']);
        match self.stage {
            // A short paste is an input method that commits; more than one name is a list.
            Stage::Who if is_list => {
                let all = format!("{}{}", self.field.text(), text.replace("\r\n", "\n").replace('\r', "\n"));
                self.field.set("");
                self.offers.clear();
                self.offers_for = None;
                // One line may end with what happened: it stands to be seen, and Enter takes it.
                let one_line = !all.trim_end().contains('\n');
                let (names, event) = ending_event(&all).filter(|_| one_line).unwrap_or((all.as_str(), ""));
                self.add_names(state, names);
                self.field.set(event);
            }
            Stage::Who | Stage::Where | Stage::With(_) => {
                self.field.paste(text);
                if !matches!(self.stage, Stage::With(_)) {
                    self.look_up(state);
                }
            }
            Stage::What | Stage::Choose(_) | Stage::Unknown(_) => {}
        }
        Some(Popup::Quick(self))
    }

    pub(super) fn waits_for(&self, tag: u64) -> bool {
        self.saving == Some(tag)
            || self.checking == Some(tag)
            || self.offers_for == Some(tag)
            || self.chips.iter().any(|chip| chip.known == Known::Asking(tag))
    }

    pub(super) fn reply(mut self: Box<Self>, state: &mut State, tag: u64, reply: &Reply) -> Option<Popup> {
        if self.saving == Some(tag) {
            self.saving = None;
            return self.told(state, reply);
        }
        if self.checking == Some(tag) {
            self.checking = None;
            self.told_who_is_there(reply);
            self.go_on(state);
            return Some(Popup::Quick(self));
        }
        if self.offers_for == Some(tag) {
            self.offers_for = None;
            if let Reply::Suggestions(found) = reply {
                self.offers.clone_from(found);
            }
            if self.stage == Stage::Where {
                self.recent_first(state);
                if std::mem::take(&mut self.hurry) {
                    self.place_chosen(state);
                }
            }
            return Some(Popup::Quick(self));
        }
        if let Some(at) = self.chips.iter().position(|chip| chip.known == Known::Asking(tag)) {
            match reply {
                Reply::Who(found) => self.decide(at, found),
                // What was asked cannot be answered now: asked again when it is told.
                _ => self.set_known(at, Known::New),
            }
        }
        if self.hurry {
            self.go_on(state);
        }
        Some(Popup::Quick(self))
    }

    /// The desk has taken it, or says who could be meant.
    fn told(mut self: Box<Self>, state: &mut State, reply: &Reply) -> Option<Popup> {
        if let Reply::Refused(refusal) = reply {
            self.error = Some(refusal.words.clone());
            if refusal.field == Some(FormField::Account)
                && let Some(happening) = self.telling.take()
            {
                // The account is chosen here, and then it is told.
                self.place = None;
                self.enter(state, Stage::Where);
                self.event = Some((happening.kind, happening.text));
                self.error = Some(refusal.words.clone());
                return Some(Popup::Quick(self));
            }
            if refusal.kind == RefusalKind::Ambiguous {
                self.stage = Stage::Who;
                self.trail.clear();
            }
            state.say_refusal(refusal);
            return Some(Popup::Quick(self));
        }
        if let Some(Place::Group(id, name)) = &self.place {
            state.last_group = Some((*id, name.clone()));
        }
        match reply {
            // Several people: who they were, with what tells namesakes apart.
            Reply::Done(outcome) if self.chips.len() > 1 && !outcome.words.is_empty() => {
                let words = format!("{}  {}", outcome.words, self.told_names(state, TOLD_COLUMNS));
                state.say_outcome(&Reply::Done(Outcome { words, ..outcome.clone() }));
            }
            _ => state.say_outcome(reply),
        }
        if state.note.is_none() {
            state.tell(Tone::Done, Words::Recorded);
        }
        None
    }
}
