//! Undoing what is too much for one turn: an import of a hundred thousand rows, and the redo of that.
//!
//! The undo is promised at once: from its first record on the act counts as undone. What it did is then put back from
//! its last change to its first, a few changes a turn, and where it stands is recorded with every slice, so that a
//! crash resumes. An undo that is undone meanwhile stops where it is, and what it has put back is put back again.
//!
//! What belongs together must not be torn apart by a slice: what stays is looked for in more than the slice puts back,
//! and remembered from slice to slice. What follows anew is looked at after an undo only: whatever followed from the act
//! is among its bodies, and a redo brings it back by them.

use super::super::super::act::{Act, DeskError};
use super::super::super::words::book::BookWords;
use super::super::super::{Desk, Now};
use super::KEPT_NAMED;
use super::kept::Kept;
use crate::book::ActId;
use crate::door::reply::{Outcome, Push, ReversalStanding};
use crate::door::{Refusal, RefusalKind};
use crate::store::acts::{self, ActHead};
use crate::store::columns::Reversal;
use crate::store::{Body, StoreError};
use crate::text::lang::Lang;

/// How many changes one turn puts back.
const CHANGES_A_TURN: usize = 60;
/// How many changes an undo may have that is done in the turn in which it is asked for.
const AT_ONCE_MAX: usize = 150;

/// What this process remembers of undos in slices; all that matters stands in the book.
#[derive(Default)]
pub struct Reversing {
    undo: Option<ActId>,
    /// The applied slice of an import that is put back, by the number of its body.
    at_hand: Option<(u32, Vec<Body>)>,
    /// How many bodies there were.
    parts: u32,
    kept: Kept,
    lang: Lang,
    /// The undos that have ended, with what they left.
    ended: Vec<(ActId, ReversalStanding)>,
}

/// How many changes a body puts back.
fn weight(body: &Body) -> usize {
    match body {
        Body::ImportApplied { changes, .. } => changes.len(),
        _ => 1,
    }
}

impl Desk {
    /// Whether an act did more than one turn should put back. Reads no more of it than needed.
    pub(super) fn is_too_much(&self, act: ActId, head: &ActHead) -> Result<bool, StoreError> {
        if head.bodies as usize > AT_ONCE_MAX {
            return Ok(true);
        }
        let mut changes = 0;
        for number in 0..head.bodies {
            changes += acts::body_of(act, number, &self.store.bodies)?.as_ref().map_or(0, weight);
            if changes > AT_ONCE_MAX {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Promises an undo that goes on in slices.
    pub(super) fn begin_reversal(
        &mut self,
        act: &Act,
        of: ActId,
        head: &ActHead,
        words: &str,
    ) -> Result<Outcome, DeskError> {
        let undo = Act { undo_of: Some(of), ..act.clone() };
        self.stage(&undo, Body::ReversalBegun { undo: act.id, of, bodies: head.bodies })?;
        self.reversing.get_or_insert_default().lang = act.lang;
        let words = BookWords::GoesOn.fill(act.lang, &[("what", &words)]);
        Ok(Outcome { words, going_on: true, ..Outcome::default() })
    }

    /// Puts back the next changes of an undo in slices; true when there was one to work on.
    pub(in crate::desk) fn reversal_slice(&mut self, now: Now) -> Result<bool, DeskError> {
        let newest = self.store.columns.reversals.last_key_value();
        let Some((undo, place)) = newest.map(|(undo, place)| (*undo, *place)) else { return Ok(false) };
        let mut state = self.reversing.take().unwrap_or_default();
        if state.undo != Some(undo) {
            let (ended, lang) = (state.ended, state.lang);
            state = Reversing { undo: Some(undo), parts: place.bodies, ended, lang, ..Reversing::default() };
        }
        let worked = self.put_back(&mut state, undo, place, now);
        if !self.store.columns.reversals.contains_key(&undo) {
            self.say_reversed(&mut state, undo)?;
        }
        self.reversing = Some(state);
        worked?;
        Ok(true)
    }

    fn put_back(
        &mut self,
        state: &mut Reversing,
        undo: ActId,
        place: Reversal,
        now: Now,
    ) -> Result<(), DeskError> {
        let nobody = self.tick_act(now.wall);
        let moved = |bodies, changes| Body::ReversalMoved { undo, bodies, changes };
        let head = acts::head(undo, &self.store.bodies)?;
        let (Some(head), Some(last)) =
            (head.filter(|head| head.undone_by.is_none()), place.bodies.checked_sub(1))
        else {
            return self.stage(&nobody, moved(0, None));
        };
        let act = Act {
            id: undo,
            by: head.by,
            command_id: None,
            undo_of: Some(place.of),
            at: now.wall,
            lang: state.lang,
        };
        if state.at_hand.as_ref().is_none_or(|(number, _)| *number != last) {
            let body = acts::body_of(place.of, last, &self.store.bodies)?;
            let Some(Body::ImportApplied { changes, .. }) = body else {
                let left = self.put_back_bodies(state, &act, place)?;
                return self.stage(&nobody, moved(left, None));
            };
            state.kept.join(self.what_stays(&changes)?);
            state.at_hand = Some((last, changes));
        }
        let changes = state.at_hand.as_ref().map_or(&[] as &[Body], |(_, changes)| changes.as_slice());
        let left = place.changes.map_or(changes.len(), |left| (left as usize).min(changes.len()));
        let from = left.saturating_sub(CHANGES_A_TURN);
        let slice = changes.get(from..left).unwrap_or_default().to_vec();
        self.put_back_slice(state, &act, &slice)?;
        if from > 0 {
            return self.stage(&nobody, moved(place.bodies, Some(from as u32)));
        }
        state.at_hand = None;
        self.stage(&nobody, moved(last, None))
    }

    /// Puts back the last bodies of what is left, down to an applied slice of an import; gives how many are left.
    fn put_back_bodies(
        &mut self,
        state: &mut Reversing,
        act: &Act,
        place: Reversal,
    ) -> Result<u32, DeskError> {
        let mut window = Vec::new();
        let mut left = place.bodies;
        // twice as many as are put back: news stands before or behind what it tells of
        while left > 0 && window.len() < 2 * CHANGES_A_TURN {
            match acts::body_of(place.of, left - 1, &self.store.bodies)? {
                Some(Body::ImportApplied { .. }) => break,
                Some(body) => window.push(body),
                None => {}
            }
            left -= 1;
        }
        let beyond = window.len().saturating_sub(CHANGES_A_TURN) as u32;
        window.reverse();
        state.kept.join(self.what_stays(&window)?);
        let slice = window.split_off(beyond as usize);
        self.put_back_slice(state, act, &slice)?;
        if left + beyond == 0 {
            self.owed_again(act, &mut state.kept)?;
        }
        Ok(left + beyond)
    }

    fn put_back_slice(&mut self, state: &mut Reversing, act: &Act, slice: &[Body]) -> Result<(), DeskError> {
        for body in slice.iter().rev() {
            self.reverse(act, body, &mut state.kept)?;
        }
        let staged = std::mem::take(&mut state.kept.staged);
        let of = act.undo_of.map(|of| acts::head(of, &self.store.bodies)).transpose()?.flatten();
        if of.is_some_and(|of| of.undo_of.is_none()) {
            for body in staged {
                self.follow(act, &body)?;
            }
        }
        state.kept.words.extend(self.works.what_stays(act.id, state.lang));
        // enough to name some and to count the rest
        state.kept.words.dedup();
        Ok(())
    }

    /// An undo in slices has come to its end: screens are told, and who asks.
    fn say_reversed(&mut self, state: &mut Reversing, undo: ActId) -> Result<(), DeskError> {
        let mut kept = std::mem::take(&mut state.kept).words;
        let more = kept.len().saturating_sub(KEPT_NAMED);
        kept.truncate(KEPT_NAMED);
        if more > 0 {
            kept.push(BookWords::KeptMore.fill(state.lang, &[("n", &more)]));
        }
        let words = self.describe_act(undo, state.lang)?;
        let said = std::iter::once(words.clone()).chain(kept.iter().cloned()).collect::<Vec<_>>().join("  ");
        self.tick.says.push(Push::Said { words: said });
        let parts = state.parts;
        state.ended.push((undo, ReversalStanding { parts, done: parts, kept, words }));
        if state.ended.len() > KEPT_NAMED {
            state.ended.remove(0);
        }
        state.undo = None;
        state.at_hand = None;
        self.tick.due = true;
        Ok(())
    }

    /// More stays of an undo in slices, as what follows from it has shown.
    pub(in super::super) fn reversal_kept(&mut self, undo: ActId, kept: Vec<String>) {
        let ended = self.reversing.as_mut().map(|state| &mut state.ended);
        if let Some((_, standing)) = ended.and_then(|all| all.iter_mut().find(|(of, _)| *of == undo)) {
            standing.kept.extend(kept);
        }
    }

    /// How far an undo in slices has come, by the act that undoes.
    pub(in crate::desk) fn reversal_standing(
        &self,
        undo: ActId,
        lang: Lang,
    ) -> Result<ReversalStanding, DeskError> {
        let state = self.reversing.as_ref();
        let going_on = |parts, done| ReversalStanding { parts, done, kept: Vec::new(), words: String::new() };
        if let Some(place) = self.store.columns.reversals.get(&undo) {
            let known =
                state.filter(|state| state.undo == Some(undo)).map_or(place.bodies, |state| state.parts);
            let parts = known.max(1);
            let done = (parts - place.bodies.min(parts)).min(parts - 1);
            return Ok(going_on(parts, done));
        }
        if self.leaves_work(undo) {
            // all is put back; what follows for everybody goes on
            let parts = state.map_or(1, |state| state.parts).max(1);
            return Ok(going_on(parts, parts - 1));
        }
        let ended = state.and_then(|state| state.ended.iter().find(|(ended, _)| *ended == undo));
        if let Some((_, standing)) = ended {
            return Ok(standing.clone());
        }
        if acts::head(undo, &self.store.bodies)?.is_some() {
            let words = self.describe_act(undo, lang)?;
            return Ok(ReversalStanding { parts: 1, done: 1, kept: Vec::new(), words });
        }
        let words = BookWords::NoSuchAct.text(lang);
        Err(Refusal::new(RefusalKind::NotFound, words).about(undo.to_string()).into())
    }
}
