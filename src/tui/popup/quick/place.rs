//! Where it happened: groups and accounts are offered at once, and leaving it open is a line of its own.

use crossterm::event::KeyCode;

use super::super::{FormPopup, Popup};
use super::{Chip, Known, Press, Quick, Stage};
use crate::book::{AccountId, GroupId, ObjectId};
use crate::door::Reply;
use crate::door::form::{Field, Kind};
use crate::door::line::LineId;
use crate::door::reply::Suggestion;
use crate::door::request::{ListSpec, Request};
use crate::tui::app::quoted;
use crate::tui::registry::Action;
use crate::tui::state::{Pending, State};
use crate::tui::words::Words;

/// Of how many people it is looked up whether they are in a group.
const CHECKED: usize = 20;

/// Where it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Group(GroupId, String),
    Account(AccountId, String),
}

impl Quick {
    pub(super) const fn place_ids(&self) -> (Option<GroupId>, Option<AccountId>) {
        match &self.place {
            Some(Place::Group(id, _)) => (Some(*id), None),
            Some(Place::Account(id, _)) => (None, Some(*id)),
            None => (None, None),
        }
    }

    /// The line of the list of places that is marked: while nothing is typed the first says that it is left open.
    fn place_marked(&self) -> Option<&Suggestion> {
        let at = if self.field.is_empty() { self.chosen.checked_sub(1)? } else { self.chosen };
        self.offers.get(at)
    }

    pub(super) fn where_key(&mut self, state: &mut State, Press { key, action }: Press) {
        let last = self.offers.len().saturating_sub(usize::from(!self.field.is_empty()));
        match (action, key.code) {
            (Some(Action::Take | Action::Complete), _) if self.is_unknown_place() => {
                // It may have been made meanwhile.
                self.look_up(state);
                self.hurry = true;
            }
            (Some(Action::Take | Action::Complete), _) => self.place_chosen(state),
            (Some(Action::MakeGroup), _) if self.is_unknown_place() => {
                let name = self.field.text().trim().to_owned();
                let form = FormPopup::new(Kind::Group, Vec::new(), &[(Field::Name, name)]);
                state.popups.push(Popup::Form(Box::new(form)));
            }
            (Some(Action::LineDown), _) => self.chosen = (self.chosen + 1).min(last),
            (Some(Action::LineUp), _) => self.chosen = self.chosen.saturating_sub(1),
            (_, KeyCode::Backspace) if self.field.is_empty() => self.place = None,
            _ => {
                if self.field.key(key) {
                    self.look_up(state);
                }
            }
        }
    }

    /// What is typed is no group and no account, as far as the desk has said.
    fn is_unknown_place(&self) -> bool {
        !self.field.text().trim().is_empty() && self.offers.is_empty() && self.offers_for.is_none()
    }

    pub(super) fn place_chosen(&mut self, state: &mut State) {
        let typed = !self.field.text().trim().is_empty();
        if typed && self.offers.is_empty() && self.offers_for.is_some() {
            self.hurry = true;
            return;
        }
        let place = match self.place_marked() {
            Some(offer) => match offer.id {
                LineId::Object(ObjectId::Group(id)) => Some(Place::Group(id, offer.name.clone())),
                LineId::Object(ObjectId::Account(id)) => Some(Place::Account(id, offer.name.clone())),
                _ => self.place.clone(),
            },
            None if typed => {
                self.error = Some(state.fill(Words::NoSuchGroup, &[]));
                return;
            }
            None => self.place.clone(),
        };
        self.take_place(state, place);
        if self.chips.is_empty() {
            self.enter(state, Stage::What);
        } else {
            self.field.set("");
            self.offers.clear();
            self.go_on(state);
        }
    }

    /// Asks how many of those named are in the group of the last entry; false where nobody is known, or they are many.
    pub(super) fn asks_who_is_there(&mut self, state: &mut State) -> bool {
        let Some(Place::Group(_, name)) = &self.place else { return false };
        let of_chip = |chip: &Chip| match chip.known {
            Known::One(id, _) => Some(id.to_string()),
            _ => None,
        };
        let ids: Option<Vec<String>> = self.chips.iter().map(of_chip).collect();
        let Some(ids) = ids.filter(|ids| (1..=CHECKED).contains(&ids.len())) else { return false };
        let filter = format!("group:{} id:{}", quoted(name), ids.join(","));
        let request = Request::Count { lists: vec![ListSpec::of(Kind::Member, &filter)] };
        self.checking = Some(state.ask(request, Pending::Popup));
        true
    }

    /// Who is not there was seen elsewhere: where is asked.
    pub(super) fn told_who_is_there(&mut self, reply: &Reply) {
        let all = self.chips.len();
        if matches!(reply, Reply::Counted(counted) if counted.first().is_some_and(|n| (*n as usize) < all)) {
            self.place = None;
        }
    }

    /// The answer that says where the keys go: what is pressed meanwhile is for what comes.
    pub(in crate::tui) const fn awaits_place(&self) -> Option<u64> {
        self.checking
    }

    /// Decides where it happened, or that it is left open.
    pub(super) fn take_place(&mut self, state: &mut State, place: Option<Place>) {
        self.guessed = false;
        self.anywhere = place.is_none();
        if place != self.place {
            self.place = place;
            // Of namesakes the one who is there may be the only one.
            for at in 0..self.chips.len() {
                let name =
                    self.chips.get(at).filter(|chip| chip.is_undecided()).map(|chip| chip.name.clone());
                if let Some(name) = name {
                    let known = self.ask_who(state, &name);
                    if let Some(chip) = self.chips.get_mut(at) {
                        chip.known = known;
                    }
                }
            }
        }
    }

    /// Where the last entry was told stands first while nothing is typed.
    pub(super) fn recent_first(&mut self, state: &State) {
        let Some((id, name)) = state.last_group.as_ref().filter(|_| self.field.is_empty()) else { return };
        let line = LineId::Object(ObjectId::Group(*id));
        let known = self.offers.iter().position(|offer| offer.id == line).map(|at| self.offers.remove(at));
        let offer = known.unwrap_or_else(|| Suggestion {
            id: line,
            kind: Kind::Group,
            name: name.clone(),
            hint: String::new(),
        });
        self.offers.insert(0, offer);
    }
}
