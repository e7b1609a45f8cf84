//! Works about 更正: who heard something wrong is told what is right, once, by the newest words.
//!
//! A notice that is due says the newest words; where it was sent, skipped or has expired with others, there is a new one.
//! Who heard only what has turned out to be right is owed nothing.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::correct::{ENDED_LOOKED_OVER, SENT_LOOKED_AT};
use super::super::task::next_rev;
use super::wording::Sought;
use super::{Counts, Next, Walk};
use crate::book::{
    EndReason, ObjectId, Target, Task, TaskId, TaskKind, TaskState, TaskStatus, Timestamp, Via,
};
use crate::desk::recovering::{Rooms, is_held_for_room};
use crate::store::Body;
use crate::store::columns::task::TaskSort;

/// How many notices of notices are followed to what was said first.
const FOLLOWED: usize = 16;

/// What is right.
pub(in crate::desk::command) struct Right<'a> {
    pub text: &'a str,
    /// Which of the texts it is.
    pub nth: u16,
    /// What the notices say.
    pub notice: &'a str,
    /// Nobody is told who is not owed a notice already.
    pub only_due: bool,
}

/// Who is told that something was wrong, and by what.
#[derive(Default)]
pub(super) struct Told {
    /// What the accounts that say it have room for.
    pub(super) rooms: Rooms,
    notices: BTreeMap<(Target, Via), Notice>,
    /// Whose notice was looked at last.
    at: Option<(Target, Via)>,
    /// The ended task that was looked at last, and how many were looked over and read.
    before: Option<(Timestamp, u32)>,
    looked: usize,
    read: usize,
}

/// The newest notice that somebody was given.
struct Notice {
    id: TaskId,
    /// Whether something that they heard is wrong.
    is_owed: bool,
}

/// What a notice says.
fn words_of(notice: &Task) -> &str {
    match (&notice.status.edited, &notice.kind) {
        (Some(edited), _) => edited,
        (None, TaskKind::Correction { words, .. }) => words,
        _ => "",
    }
}

/// By which way a task's target is told that it was wrong.
const fn via(task: &Task) -> Via {
    if matches!(task.via, Via::Internal) { Via::Private } else { task.via }
}

impl Desk {
    /// What a notice corrects, and what that corrects in turn.
    fn corrected_by(&self, notice: &Task) -> Result<Vec<Task>, DeskError> {
        let mut found: Vec<Task> = Vec::new();
        while found.len() < FOLLOWED
            && let TaskKind::Correction { of, .. } = found.last().unwrap_or(notice).kind
            && let Some(task) = self.store.task(of)?
        {
            found.push(task);
        }
        Ok(found)
    }

    /// Whether a task is a notice to somebody who heard something wrong.
    pub(in crate::desk) fn is_notice_of(&self, task: &Task, sought: &Sought) -> Result<bool, DeskError> {
        let corrected = self.corrected_by(task)?;
        let notices = std::iter::once(task).chain(&corrected);
        for (notice, of) in notices.zip(&corrected) {
            let about = match notice.kind {
                TaskKind::Correction { nth, .. } => Some(nth),
                _ => None,
            };
            let is_meant = sought.nth.is_none() || sought.nth == about;
            if is_meant && self.has_heard_any(of, sought)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Everybody who heard something wrong is told what is right; true when all were looked at.
    pub(super) fn tell_all(
        &mut self,
        act: &Act,
        sought: &Sought,
        right: &Right<'_>,
        walk: &mut Walk,
        told: &mut Told,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        loop {
            let all = match walk.stage {
                1 => self.who_is_told(act, sought, right, walk, told)?,
                // who was given none, and is to be given none
                2 if right.only_due && told.notices.is_empty() => return Ok(true),
                2 | 5 => self.each_notice(act, right, walk.stage == 5, told, counts)?,
                3 => self.tell_half_told(act, sought, right, walk, told, counts)?,
                4 => self.tell_who_got_it(act, sought, right, told, counts)?,
                _ => return Ok(true),
            };
            if !all {
                return Ok(false);
            }
            walk.turn_over();
            told.at = None;
        }
    }

    /// Finds the newest notice that each was given; true when all were looked at.
    fn who_is_told(
        &mut self,
        act: &Act,
        sought: &Sought,
        right: &Right<'_>,
        walk: &mut Walk,
        told: &mut Told,
    ) -> Result<bool, DeskError> {
        let of_any = sought.of_any_text();
        self.each_task(
            walk,
            |task| task.sort == TaskSort::Correction && task.state != TaskState::Cancelled,
            |desk, notice| {
                let corrected = desk.corrected_by(&notice)?;
                (0..=corrected.len()).for_each(|_| desk.works.room.read());
                if !desk.is_notice_of(&notice, sought)? {
                    // one of another of its texts was held with those of this one
                    let after = next_rev(&notice.status);
                    let after = desk.let_go_corrected(&notice, after, act.at, &mut told.rooms)?;
                    if after.held != notice.status.held && desk.is_notice_of(&notice, &of_any)? {
                        desk.works.room.change();
                        desk.change_task(act, &notice, after)?;
                    }
                    return Ok(());
                }
                let is_sent = |task: &Task| task.status.state == TaskState::Sent;
                let mut is_owed = is_sent(&notice) && words_of(&notice) != right.notice;
                for of in &corrected {
                    is_owed |= matches!(of.kind, TaskKind::Correction { .. }) && is_sent(of)
                        || desk.has_heard_wrong(of, sought, right)?;
                }
                let known = told.notices.entry((notice.target, notice.via));
                let known = known.or_insert(Notice { id: notice.id, is_owed });
                known.id = known.id.max(notice.id);
                known.is_owed |= is_owed;
                Ok(())
            },
        )
    }

    /// Those who were given a notice and heard something wrong get the newest words; at the `end`, what is due to whoever
    /// heard nothing wrong is withdrawn. True when all were looked at.
    fn each_notice(
        &mut self,
        act: &Act,
        right: &Right<'_>,
        end: bool,
        told: &mut Told,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        loop {
            if self.works.room.is_spent() {
                return Ok(false);
            }
            let from = told.at.map_or(Bound::Unbounded, Bound::Excluded);
            let Some((whom, notice)) = told.notices.range((from, Bound::Unbounded)).next() else {
                return Ok(true);
            };
            let (whom, id, is_owed) = (*whom, notice.id, notice.is_owed);
            told.at = Some(whom);
            self.works.room.read();
            let Some(task) = self.store.task(id)? else { continue };
            if !end {
                if is_owed {
                    self.owe(act, &task, right, told, counts)?;
                }
                continue;
            }
            if task.status.state.is_open() && !is_owed {
                let by = &act.by.operator;
                let after = task.status.ended(TaskState::Cancelled, EndReason::Withdrawn, act.at, by);
                self.works.room.change();
                self.change_task(act, &task, after)?;
            }
        }
    }

    /// Whoever is told of a task gets the newest words of it by one notice.
    fn owe(
        &mut self,
        act: &Act,
        task: &Task,
        right: &Right<'_>,
        told: &mut Told,
        counts: &mut Counts,
    ) -> Result<(), DeskError> {
        let whom = (task.target, via(task));
        let newest = told.notices.get_mut(&whom).map(|notice| {
            notice.is_owed = true;
            notice.id
        });
        let newest = newest.map(|id| self.store.task(id)).transpose()?.flatten();
        if let Some(notice) = newest {
            let says = words_of(&notice) == right.notice;
            if notice.status.state.is_open() {
                let after =
                    if says { notice.status.clone() } else { self.corrected_to(&notice, 0, right.notice)? };
                let after = self.let_go_corrected(&notice, after, act.at, &mut told.rooms)?;
                if after == notice.status {
                    return Ok(());
                }
                let after = TaskStatus { rev: notice.status.rev + 1, ..after };
                counts.done += usize::from(!says);
                counts.later += usize::from(after.held.as_deref().is_some_and(is_held_for_room));
                self.works.room.change();
                return self.change_task(act, &notice, after);
            }
            if says {
                return Ok(());
            }
        }
        let closed = |group| !self.is_open_target(Target::Group(group));
        // nobody can say it any more in a group that is closed
        if right.only_due || (task.via == Via::Group && task.group.is_some_and(closed)) {
            return Ok(());
        }
        let mut made = self.correction(act, task, right)?;
        if made.status.held.is_none() {
            made.status.held = self.waits_for_room(&made, act.at, &mut told.rooms)?;
            counts.later += usize::from(made.status.held.is_some());
        }
        told.notices.insert(whom, Notice { id: made.id, is_owed: true });
        counts.made.push(ObjectId::Task(made.id));
        self.works.room.change();
        self.perform(act, vec![Body::TaskFired(made)])
    }

    /// Those who were told the wrong text by a part of what is still open; true when all were looked at.
    fn tell_half_told(
        &mut self,
        act: &Act,
        sought: &Sought,
        right: &Right<'_>,
        walk: &mut Walk,
        told: &mut Told,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        self.each_open_task(
            walk,
            |task| sought.fits(task),
            |desk, task| {
                if desk.has_heard_wrong(&task, sought, right)? {
                    desk.owe(act, &task, right, told, counts)?;
                }
                Ok(())
            },
        )
    }

    /// Those who were sent it, the newest first; true when all were looked at.
    fn tell_who_got_it(
        &mut self,
        act: &Act,
        sought: &Sought,
        right: &Right<'_>,
        told: &mut Told,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        loop {
            let found = match self.next_ended(sought, told) {
                Next::Later => return Ok(false),
                Next::End => return Ok(true),
                Next::One(row) => row,
            };
            told.read += 1;
            self.works.room.read();
            let Some(task) = self.store.task_at(found)? else { continue };
            if self.has_heard_wrong(&task, sought, right)? {
                self.owe(act, &task, right, told, counts)?;
            }
        }
    }

    /// The next ended task that may say something wrong, the newest first.
    fn next_ended(&mut self, sought: &Sought, told: &mut Told) -> Next {
        let columns = &self.store.columns;
        let room = &mut self.works.room;
        let mut ended = columns.ended.newest(told.before);
        loop {
            if told.looked >= ENDED_LOOKED_OVER || told.read >= SENT_LOOKED_AT {
                return Next::End;
            }
            if room.is_spent() {
                return Next::Later;
            }
            let Some(place) = ended.next() else { return Next::End };
            (told.before, told.looked) = (Some(place), told.looked + 1);
            room.rows -= 1;
            if columns.tasks.get(place.1).is_some_and(|task| sought.fits(&task)) {
                return Next::One(place.1);
            }
        }
    }
}
