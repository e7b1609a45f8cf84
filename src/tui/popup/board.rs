//! A playbook opened: its steps, and everybody who is in it, in one list.
//!
//! The keys are those of any list; what can be done stands in the menu of Enter. It holds a part of those who are in it
//! and asks for more as the cursor comes near the end.

use std::collections::HashSet;

use super::Popup;
use crate::book::{EnrolmentId, PlaybookId};
use crate::door::Reply;
use crate::door::detail::{PlaceView, SopBoard};
use crate::door::request::Request;
use crate::tui::key::Key;
use crate::tui::keymap::{Context, Meaning};
use crate::tui::registry::Action;
use crate::tui::state::{Pending, State};

/// Places asked for at once.
const PAGE: u32 = 100;

/// So near the end of what is held more is asked for.
const NEAR: usize = 20;

/// An opened playbook.
#[derive(Clone, Debug)]
pub struct Board {
    pub playbook: PlaybookId,
    pub title: String,
    /// None until the desk has answered.
    pub shown: Option<SopBoard>,
    /// The row under the cursor: steps first, then places.
    pub cursor: usize,
    pub marks: HashSet<EnrolmentId>,
    pub(super) waiting: Option<u64>,
}

impl Board {
    /// A board that asks for its content.
    pub fn new(playbook: PlaybookId, title: String) -> Self {
        Self { playbook, title, shown: None, cursor: 0, marks: HashSet::new(), waiting: None }
    }

    /// Asks for everything that is shown, anew.
    pub(in crate::tui) fn ask(&mut self, state: &mut State) {
        let held = self.shown.as_ref().map_or(0, |shown| shown.places.len() as u32);
        let request =
            Request::Board { playbook: self.playbook.clone(), first: 0, rows: held.clamp(PAGE, 2 * PAGE) };
        self.waiting = Some(state.ask(request, Pending::Popup));
    }

    fn steps(&self) -> usize {
        self.shown.as_ref().map_or(0, |shown| shown.steps.len())
    }

    /// How many rows there are to move over.
    pub fn rows(&self) -> usize {
        self.shown.as_ref().map_or(0, |shown| shown.steps.len() + shown.places.len())
    }

    /// Who is under the cursor; none on a step.
    pub fn place(&self) -> Option<&PlaceView> {
        self.shown.as_ref()?.places.get(self.cursor.checked_sub(self.steps())?)
    }

    /// The marked ones, else the one under the cursor.
    pub fn acted_on(&self) -> Vec<&PlaceView> {
        let places = self.shown.iter().flat_map(|shown| &shown.places);
        if self.marks.is_empty() {
            return self.place().into_iter().collect();
        }
        places.filter(|place| self.marks.contains(&place.enrolment)).collect()
    }

    fn go(&mut self, state: &mut State, row: usize) {
        self.cursor = row.min(self.rows().saturating_sub(1));
        let Some(shown) = &self.shown else { return };
        let total: u32 = shown.counts.iter().sum();
        let held = shown.places.len() as u32;
        if self.waiting.is_none() && held < total && self.cursor + NEAR >= self.rows() {
            let request = Request::Board { playbook: self.playbook.clone(), first: held, rows: PAGE };
            self.waiting = Some(state.ask(request, Pending::Popup));
        }
    }

    pub(super) fn key(mut self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        let meaning = state.look_up_in(Context::Board, key);
        let page = usize::from(state.size.1 / 2).max(1);
        let row = self.cursor;
        let steps = self.steps();
        match meaning {
            Meaning::Act(Action::Back | Action::PanePrevious) => return None,
            Meaning::Act(Action::Next) => self.go(state, row + 1),
            Meaning::Act(Action::Previous) => self.go(state, row.saturating_sub(1)),
            Meaning::Act(Action::Top) => self.go(state, 0),
            Meaning::Act(Action::Bottom) => self.go(state, usize::MAX),
            Meaning::Act(Action::HalfDown) => self.go(state, row + page / 2),
            Meaning::Act(Action::HalfUp) => self.go(state, row.saturating_sub(page / 2)),
            Meaning::Act(Action::PageDown) => self.go(state, row + page),
            Meaning::Act(Action::PageUp) => self.go(state, row.saturating_sub(page)),
            // between the steps and the people
            Meaning::Act(Action::PaneNext) => self.go(state, if row < steps { steps } else { 0 }),
            Meaning::Act(Action::Mark) => {
                if let Some(id) = self.place().map(|place| place.enrolment)
                    && !self.marks.remove(&id)
                {
                    self.marks.insert(id);
                }
                self.go(state, row + 1);
            }
            Meaning::Act(action) => {
                state.popups.push(Popup::Board(self));
                state.on_board(action);
                return None;
            }
            Meaning::Verb(_) | Meaning::Begins | Meaning::Nothing => {}
        }
        Some(Popup::Board(self))
    }

    pub(super) fn waits_for(&self, tag: u64) -> bool {
        self.waiting == Some(tag)
    }

    pub(super) fn reply(mut self: Box<Self>, state: &mut State, reply: &Reply) -> Option<Popup> {
        self.waiting = None;
        match reply {
            Reply::Board(board) => {
                match &mut self.shown {
                    Some(shown) if board.first > 0 => shown.places.extend(board.places.iter().cloned()),
                    _ => self.shown = Some((**board).clone()),
                }
                let held: HashSet<EnrolmentId> =
                    self.shown.iter().flat_map(|shown| &shown.places).map(|place| place.enrolment).collect();
                self.marks.retain(|id| held.contains(id));
                self.cursor = self.cursor.min(self.rows().saturating_sub(1));
            }
            other => {
                state.say_outcome(other);
                self.shown.as_ref()?;
            }
        }
        Some(Popup::Board(self))
    }
}
