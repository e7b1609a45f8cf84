//! Undo by name, and redo.
//!
//! An undo is an act of its own that names the act it reverses; a redo is the undo of an undo. An act is undone
//! while the act that reversed it is not undone itself. What the recorded act left is put back field by field
//! where it still holds ([`reverse`]); what changed since stays and is named, together with what belongs to it
//! ([`kept`]). When nothing can be put back, it is refused.

mod ahead;
mod book;
mod kept;
mod reverse;
mod run;
mod sliced;
mod task;
#[cfg(test)]
mod tests;

pub use sliced::Reversing;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use super::describe::is_act_on_task;
use crate::book::time::MINUTE;
use crate::book::{ActId, Timestamp};
use crate::door::reply::{Outcome, OutcomeWord, TaskOutcome};
use crate::door::{Refusal, RefusalKind};
use crate::store::acts::{self, ActHead};
use crate::store::record::Work;
use crate::store::{Body, StoreError};
use kept::Kept;

/// How many acts back are looked at for one that can be undone.
const ACTS_LOOKED_AT: usize = 10_000;
/// How many are read at once.
const PAGE: usize = 64;
/// How many kept things are named one by one.
const KEPT_NAMED: usize = 8;

/// Whether undoing a body changes anything for people.
fn can_be_undone(body: &Body) -> bool {
    match body {
        Body::StoreMade { .. }
        | Body::ImportBegun { .. }
        | Body::ImportRows { .. }
        | Body::ImportCommitted { .. }
        | Body::ReversalBegun { .. }
        | Body::ReversalMoved { .. }
        | Body::ClockConfirmed { .. }
        | Body::ClockSeen
        | Body::DayTaken { .. }
        | Body::SnippetUsed { .. }
        | Body::Forgotten => false,
        // seen and copied are facts that screens report
        Body::TaskChanged { before, after, .. } => is_act_on_task(before, after),
        Body::ImportApplied { changes, .. } => changes.iter().any(can_be_undone),
        _ => true,
    }
}

impl Desk {
    /// Reverses my newest act that is not undone, or a named one of anybody.
    pub(super) fn undo(&mut self, act: &Act, which: Option<ActId>) -> Result<Outcome, DeskError> {
        let Some(which) = which else { return self.reverse_newest(act, 0, BookWords::NothingToUndo) };
        if let Some(outcome) = self.reverse_act(act, which)? {
            Ok(outcome)
        } else {
            let what = self.describe_act(which, act.lang)?;
            let words = BookWords::NothingLeft.fill(act.lang, &[("what", &what)]);
            Err(Refusal::new(RefusalKind::Undo, words).about(which.to_string()).into())
        }
    }

    /// Does again what my newest undo reversed.
    pub(super) fn redo(&mut self, act: &Act) -> Result<Outcome, DeskError> {
        self.reverse_newest(act, 1, BookWords::NothingToRedo)
    }

    /// Reverses my newest act of a depth. One of which nothing is left is passed by and named, or it would stand in the way
    /// of all that were before it: whoever meant it hears that it was another.
    fn reverse_newest(&mut self, act: &Act, depth: u32, none: BookWords) -> Result<Outcome, DeskError> {
        let (mut before, mut passed) = (None, None);
        while let Some(which) = self.newest_act(act, depth, before)? {
            if let Some(mut outcome) = self.reverse_act(act, which)? {
                if let Some(what) = passed {
                    outcome.warnings.insert(0, BookWords::PassedByUndo.fill(act.lang, &[("what", &what)]));
                }
                return Ok(outcome);
            }
            if passed.is_none() {
                passed = Some(self.describe_act(which, act.lang)?);
            }
            before = Some(which);
        }
        Err(Refusal::new(RefusalKind::Undo, none.text(act.lang)).into())
    }

    /// Reverses an act; none where all of it is as it was before the act.
    fn reverse_act(&mut self, act: &Act, which: ActId) -> Result<Option<Outcome>, DeskError> {
        let refuse = |words: String| Refusal::new(RefusalKind::Undo, words).about(which.to_string());
        let Some(head) = acts::head(which, &self.store.bodies)? else {
            let words = BookWords::NoSuchAct.text(act.lang);
            return Err(super::not_found(&which.to_string(), words));
        };
        let what = self.describe_act(which, act.lang)?;
        if let Some(by) = head.undone_by.filter(|by| self.is_undone(*by).is_ok_and(|undone| !undone)) {
            let undoing = acts::head(by, &self.store.bodies)?;
            let who = undoing.as_ref().map(|head| head.by.operator.clone()).unwrap_or_default();
            let who_shown = crate::text::clean::for_display(&who).into_owned();
            let mut refusal =
                refuse(BookWords::UndoneAlready.fill(act.lang, &[("what", &what), ("who", &who_shown)]));
            refusal.who = Some(who_shown);
            refusal.at = undoing.map(|head| head.at);
            return Err(refusal.into());
        }
        if !self.any_to_undo(which, &head)? {
            return Err(refuse(BookWords::NotUndoable.fill(act.lang, &[("what", &what)])).into());
        }
        if self.is_too_much(which, &head)? {
            let words = self.reversed_words(act, &head, &what)?;
            return self.begin_reversal(act, which, &head, &words).map(Some);
        }
        let mut bodies = acts::bodies_of(which, &self.store.bodies)?;
        self.add_of_redo(&head, &mut bodies)?;
        let undo = Act { undo_of: Some(which), ..act.clone() };
        let staged = self.store.staged();
        let mut kept = self.what_stays(&bodies)?;
        for body in bodies.iter().rev() {
            self.reverse(&undo, body, &mut kept)?;
        }
        // what followed from the act is among its bodies: only when all are back is seen what else follows now
        for body in std::mem::take(&mut kept.staged) {
            self.follow(&undo, &body)?;
        }
        self.owed_again(&undo, &mut kept)?;
        let mut kept = kept.words;
        if self.store.staged() == staged && kept.is_empty() {
            return Ok(None);
        }
        kept.dedup();
        let more = kept.len().saturating_sub(KEPT_NAMED);
        kept.truncate(KEPT_NAMED);
        if more > 0 {
            kept.push(BookWords::KeptMore.fill(act.lang, &[("n", &more)]));
        }
        if self.store.staged() == staged {
            let words = match head.undo_of {
                None => BookWords::CannotUndo.fill(act.lang, &[("what", &what)]),
                Some(of) => {
                    let what = self.describe_act(of, act.lang)?;
                    BookWords::CannotRedo.fill(act.lang, &[("what", &what)])
                }
            };
            let mut refusal = refuse(words);
            refusal.candidates = kept;
            return Err(refusal.into());
        }
        let words = self.reversed_words(act, &head, &what)?;
        self.tick.due = true;
        let mut tasks: Vec<TaskOutcome> = Vec::new();
        for body in &bodies {
            if let Body::TaskChanged { task, .. } = body
                && tasks.last().is_none_or(|last| last.id != *task)
            {
                let rev = self.store.columns.tasks.by_id(*task).map_or(0, |column| column.rev);
                tasks.push(TaskOutcome { id: *task, outcome: OutcomeWord::Ok, rev, refusal: None });
            }
        }
        Ok(Some(Outcome { words, warnings: kept, tasks, ..Outcome::default() }))
    }

    /// An act that was undone and done again goes with what it came upon when it was done again: steps that came meanwhile
    /// and ended with it. Of a redo that did more than one turn puts back that stays.
    fn add_of_redo(&self, head: &ActHead, bodies: &mut Vec<Body>) -> Result<(), DeskError> {
        let mut last = None;
        let mut next = head.undone_by;
        while let Some(by) = next {
            last = acts::head(by, &self.store.bodies)?.map(|head| (by, head));
            next = last.as_ref().and_then(|(_, head)| head.undone_by);
        }
        let Some((redo, head)) = last else { return Ok(()) };
        if self.is_too_much(redo, &head)? {
            return Ok(());
        }
        let of = |body: &Body| match body {
            Body::TaskChanged { task, .. } => Some((Some(*task), None)),
            Body::EnrolmentChanged { enrolment, .. } => Some((None, Some(*enrolment))),
            Body::TaskJoined { task, enrolment, .. } => Some((Some(*task), Some(*enrolment))),
            _ => None,
        };
        let known: Vec<_> = bodies.iter().filter_map(of).collect();
        let more = acts::bodies_of(redo, &self.store.bodies)?;
        bodies.extend(more.into_iter().filter(|body| of(body).is_some_and(|it| !known.contains(&it))));
        Ok(())
    }

    /// Stages one body of a reversal.
    fn put(&mut self, undo: &Act, body: Body, kept: &mut Kept) -> Result<(), DeskError> {
        self.stage(undo, body.clone())?;
        kept.staged.push(body);
        Ok(())
    }

    /// What was undone is named as it was done, with when unless that was a moment ago: nobody takes an older act
    /// for what they did just now. An undo of an undo is a redo of that.
    fn reversed_words(&self, act: &Act, head: &ActHead, what: &str) -> Result<String, StoreError> {
        let lang = act.lang;
        Ok(match head.undo_of {
            None if act.at.since(head.at) > MINUTE => {
                let zone = self.store.columns.store.zone;
                let is_today = act.at.day(zone) == head.at.day(zone);
                let form = if is_today { "%H:%M" } else { "%m-%d %H:%M" };
                let at = head.at.local(zone).format(form).to_string();
                BookWords::UndoneOf.fill(lang, &[("at", &at), ("what", &what)])
            }
            None => BookWords::Undone.fill(lang, &[("what", &what)]),
            Some(of) => {
                let what = self.describe_act(of, lang)?;
                BookWords::Redone.fill(lang, &[("what", &what)])
            }
        })
    }

    /// Whether an act did anything that can be put back. Reads no more of it than needed.
    fn any_to_undo(&self, act: ActId, head: &ActHead) -> Result<bool, StoreError> {
        for number in 0..head.bodies {
            let can = match acts::body_of(act, number, &self.store.bodies)? {
                // nobody meant what a wrong clock brought
                Some(
                    Body::WorkLeft { work: Work::SetBack { .. }, .. }
                    | Body::WorkDone { work: Work::SetBack { .. }, .. },
                ) => false,
                // work that found nothing to do leaves nothing to put back
                Some(Body::WorkLeft { act, work, .. }) => self.is_left(act, &work),
                Some(Body::WorkDone { act, work, .. }) => !self.is_left(act, &work),
                body => body.as_ref().is_some_and(can_be_undone),
            };
            if can {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// When the act was done that this one takes back; none for one that takes nothing back.
    pub(in crate::desk::command) fn undone_at(&self, act: &Act) -> Result<Option<Timestamp>, StoreError> {
        let undone = act.undo_of.map(|of| acts::head(of, &self.store.bodies)).transpose()?.flatten();
        Ok(undone.map(|head| head.at))
    }

    /// Whether an act is undone now.
    pub(crate) fn is_undone(&self, act: ActId) -> Result<bool, StoreError> {
        let mut undone = false;
        let mut next = acts::head(act, &self.store.bodies)?.and_then(|head| head.undone_by);
        while let Some(by) = next {
            undone = !undone;
            next = acts::head(by, &self.store.bodies)?.and_then(|head| head.undone_by);
        }
        Ok(undone)
    }

    /// Whether an undo of an act can be offered: it is not undone, and it did something that can be put back.
    pub(crate) fn is_undoable(&self, act: ActId) -> Result<bool, StoreError> {
        let Some(head) = acts::head(act, &self.store.bodies)? else { return Ok(false) };
        Ok(self.any_to_undo(act, &head)? && !self.is_undone(act)?)
    }

    /// How many acts an act reverses in a row: 0 for none, 1 for an undo, 2 for a redo.
    fn depth(&self, head: &ActHead) -> Result<u32, StoreError> {
        let mut depth = 0;
        let mut next = head.undo_of;
        while let Some(of) = next {
            depth += 1;
            next = acts::head(of, &self.store.bodies)?.and_then(|head| head.undo_of);
        }
        Ok(depth)
    }

    /// The newest act of this operator of a depth that can be undone, before another where given. What was undone before
    /// something new was done is done again by nobody: a new act ends the search for an undo.
    fn newest_act(&self, act: &Act, depth: u32, before: Option<ActId>) -> Result<Option<ActId>, StoreError> {
        let (mut before, mut looked_at) = (before, 0);
        while looked_at < ACTS_LOOKED_AT {
            let page = acts::newest(before, PAGE, &self.store.bodies)?;
            let Some((last, _)) = page.last() else { break };
            before = Some(*last);
            looked_at += page.len();
            for (id, head) in &page {
                let mine = head.by.operator == act.by.operator && head.by.via != acts::VIA_TICK;
                if !mine {
                    continue;
                }
                let is = self.depth(head)?;
                if is == depth && self.is_undoable(*id)? {
                    return Ok(Some(*id));
                }
                if is == 0 && depth > 0 && self.any_to_undo(*id, head)? {
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }
}
