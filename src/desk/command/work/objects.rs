//! Works about what is said of many objects at once: fields that all of them get, a note or a
//! follow-up on each, a pause of all.
//!
//! What cannot be done of one leaves the others as they were told to be, and is told.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::words::Words;
use super::{Counts, Walk};
use crate::book::{NoteId, ObjectId, Target, Task, TaskId, Timestamp};
use crate::door::command::ObjectRef;
use crate::door::form::Field;
use crate::door::reply::Outcome;
use crate::store::record::{Formed, PauseState};
use crate::store::{Body, keys};
use crate::text::lang::Lang;

/// Bodies that are read for one object that is edited: its own, and what follows from it.
const READ: usize = 5;

impl Counts {
    /// Says of how many something was not done, with why for the first of them.
    pub(in super::super) fn tell_left(&mut self, outcome: &mut Outcome, lang: Lang) {
        outcome.warnings.append(&mut self.warnings);
        if let Some(first) = self.first_left.take() {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("n", &self.left), ("first", &first)];
            outcome.warnings.push(Words::LeftOut.fill(lang, &values));
        }
    }
}

impl Desk {
    /// Each object gets the fields that were typed for all of them.
    pub(super) fn edit_all(
        &mut self,
        act: &Act,
        objects: &[Formed],
        fields: &[(String, String)],
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let typed = |(word, value): &(String, String)| Some((Field::parse(word)?, value.clone()));
        let fields: Vec<(Field, String)> = fields.iter().filter_map(typed).collect();
        let at_place = |_: &Self, walk: &Walk| objects.get(walk.next as usize).copied();
        self.each_of(walk, at_place, |desk, object| {
            for _ in 0..READ {
                desk.works.room.read();
            }
            match desk.edit_one(act, formed(object), &fields) {
                Ok(draft) if draft.bodies.is_empty() => counts.warn(draft.warnings),
                Ok(draft) => {
                    counts.done += 1;
                    desk.counted(|desk| {
                        counts.warn(desk.carry_out(act, draft)?.1);
                        Ok(())
                    })?;
                }
                Err(DeskError::Refused(refusal)) => {
                    counts.left += 1;
                    let words = format!("{} {}", refusal.object, refusal.words);
                    counts.first_left.get_or_insert_with(|| words.trim().to_owned());
                }
                Err(error) => return Err(error),
            }
            Ok(())
        })
    }

    /// Each object gets a note, under an id that was given it when it was said: none gets two.
    pub(super) fn note_all(
        &mut self,
        act: &Act,
        notes: &[(NoteId, ObjectId)],
        text: &str,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let at_place = |_: &Self, walk: &Walk| notes.get(walk.next as usize).copied();
        self.each_of(walk, at_place, |desk, (note, on)| {
            desk.works.room.read();
            if desk.store.bodies.has(&keys::note(on, note))? {
                return Ok(());
            }
            counts.done += 1;
            let text = text.to_owned();
            desk.counted(|desk| desk.perform(act, vec![Body::NoteAdded { note, on, text }]))
        })
    }

    /// Each object is followed up, by a task under an id that was given when it was said: none is twice.
    pub(super) fn follow_all(
        &mut self,
        act: &Act,
        tasks: &[(TaskId, ObjectId)],
        words: &str,
        at: Timestamp,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let at_place = |_: &Self, walk: &Walk| tasks.get(walk.next as usize).copied();
        self.each_of(walk, at_place, |desk, (id, on)| {
            desk.works.room.read();
            if desk.store.columns.tasks.row(id).is_some() {
                return Ok(());
            }
            let task = desk.follow_up_on(act, on, words.to_owned(), at)?;
            counts.done += 1;
            counts.made.push(ObjectId::Task(id));
            desk.counted(|desk| desk.perform(act, vec![Body::TaskFired(Task { id, ..task })]))
        })
    }

    /// All are paused, or are not any more.
    pub(super) fn pause_all(
        &mut self,
        act: &Act,
        targets: &[Target],
        after: Option<PauseState>,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let at_place = |_: &Self, walk: &Walk| targets.get(walk.next as usize).copied();
        self.each_of(walk, at_place, |desk, target| {
            desk.works.room.read();
            let before = desk.store.columns.paused.get(&target).copied();
            if before == after {
                return Ok(());
            }
            counts.done += 1;
            if after.is_some() {
                counts.later += desk.due_to(target);
            }
            let body = Body::TargetPaused { target, before, after };
            desk.counted(|desk| desk.perform(act, vec![body]))
        })
    }
}

/// What is edited, as a form has it.
const fn formed(object: Formed) -> ObjectRef {
    match object {
        Formed::Account(id) => ObjectRef::Account(id),
        Formed::Group(id) => ObjectRef::Group(id),
        Formed::Member(id) => ObjectRef::Member(id),
        Formed::Contact(member, account) => ObjectRef::Contact(member, account),
        Formed::Membership(member, group) => ObjectRef::Membership(member, group),
        Formed::Product(id) => ObjectRef::Product(id),
    }
}

/// The same as the journal keeps it.
pub(in super::super) const fn kept(object: ObjectRef) -> Formed {
    match object {
        ObjectRef::Account(id) => Formed::Account(id),
        ObjectRef::Group(id) => Formed::Group(id),
        ObjectRef::Member(id) => Formed::Member(id),
        ObjectRef::Contact(member, account) => Formed::Contact(member, account),
        ObjectRef::Membership(member, group) => Formed::Membership(member, group),
        ObjectRef::Product(id) => Formed::Product(id),
    }
}
