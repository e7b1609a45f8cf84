//! Works about what says something wrong, and about what groups are told.

use std::collections::HashSet;

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::follow::HELD_ACCOUNT;
use super::super::correct::{ENDED_LOOKED_OVER, HELD_CORRECTION, SENT_LOOKED_AT, Wording};
use super::super::task::next_rev;
use super::{Counts, Found, Next, Walk};
use crate::book::id::Id as _;
use crate::book::{GroupId, ObjectId, Target, Task, TaskId, TaskKind, TaskState, TaskStatus, Timestamp, Via};
use crate::sop::calendar::{day_start, plus_days};
use crate::sop::grammar::WallTime;
use crate::store::Body;
use crate::store::columns::task::{TaskColumn, TaskSort};
use crate::store::record::Wrong;
use crate::text::fold::fold;

/// Who is told that something was wrong.
#[derive(Default)]
pub(super) struct Told {
    /// Tasks whose targets have been told, or will be.
    of: HashSet<TaskId>,
    /// Whom this act tells.
    whom: HashSet<(Target, Via)>,
    /// The ended task that was looked at last, and how many were looked over and read.
    before: Option<(Timestamp, u32)>,
    looked: usize,
    read: usize,
}

/// What is wrong in what a task says.
pub(in crate::desk) fn wrong_of(wording: Wording, task: &Task) -> Wrong {
    let step = match &task.kind {
        TaskKind::Step { key, .. } => Some((key.playbook.clone(), key.step.clone())),
        _ => None,
    };
    let words = match (&task.status.edited, &task.kind) {
        (Some(edited), _) => Some(edited),
        (None, TaskKind::FollowUp { words } | TaskKind::Correction { words, .. }) => Some(words),
        _ => None,
    };
    let words = words.map(|words| fold(words));
    Wrong { texts: wording.texts, run: wording.run, step, words, values: wording.values }
}

/// Where in the columns it is found.
pub(in crate::desk) struct Sought {
    steps: HashSet<(u16, crate::store::columns::words::Word)>,
    words: Option<String>,
}

impl Sought {
    pub(in crate::desk) fn fits(&self, task: &TaskColumn) -> bool {
        let says_it = task.playbook.is_some_and(|playbook| self.steps.contains(&(playbook, task.step)));
        says_it || (self.words.is_some() && task.words.as_deref().map(str::trim) == self.words.as_deref())
    }
}

impl Desk {
    /// What is wrong, and what may say it: the step that was found out, every other one with the same text, in whatever
    /// playbook and version, and what was written by hand.
    pub(in crate::desk) fn sought(&self, wrong: &Wrong) -> (Wording, Sought) {
        let columns = &self.store.columns;
        let same = self.playbooks.saying(wrong.texts.iter().map(String::as_str));
        let same = same.iter().map(|says| (&says.playbook, &says.step));
        let own = wrong.step.iter().map(|(playbook, step)| (playbook, step));
        let steps = own.chain(same).filter_map(|(playbook, step)| {
            // a step that never fired has no word, and no task
            columns.playbook_position(playbook).zip(columns.words.find(step))
        });
        let (texts, run, values) = (wrong.texts.clone(), wrong.run.clone(), wrong.values.clone());
        let wording = Wording { texts, run, values };
        let words = wrong.words.clone().or_else(|| wrong.texts.first().map(|text| fold(text)));
        let words = words.map(|words| words.trim().to_owned());
        (wording, Sought { steps: steps.collect(), words })
    }

    /// Everything pending that says something wrong is held.
    pub(super) fn halt_all(
        &mut self,
        act: &Act,
        wrong: &Wrong,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        self.pending_become(act, wrong, walk, counts, |desk, task| {
            let held = Some(HELD_CORRECTION.to_owned());
            (task.status.held.is_none() && desk.is_to_say(task).0)
                .then(|| TaskStatus { held, ..next_rev(&task.status) })
        })
    }

    /// Goes through the open tasks that say something wrong; true when all were looked at.
    fn pending_become(
        &mut self,
        act: &Act,
        wrong: &Wrong,
        walk: &mut Walk,
        counts: &mut Counts,
        becomes: impl Fn(&Self, &Task) -> Option<TaskStatus>,
    ) -> Result<bool, DeskError> {
        let (wording, sought) = self.sought(wrong);
        self.each_open_task(
            walk,
            |task| sought.fits(task),
            |desk, task| {
                if !wording.values.is_empty() {
                    // its text is filled to be compared
                    desk.works.room.read();
                }
                if !desk.says(&task, &wording)? {
                    return Ok(());
                }
                let Some(after) = becomes(desk, &task) else { return Ok(()) };
                desk.works.room.change();
                counts.done += 1;
                desk.change_task(act, &task, after)
            },
        )
    }

    /// What is pending says the right text, and who got the wrong one is owed a notice.
    pub(super) fn correct_all(
        &mut self,
        act: &Act,
        wrong: &Wrong,
        text: &str,
        notice: Option<&str>,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        if walk.stage == 0 {
            let all = self.pending_become(act, wrong, walk, counts, |desk, task| {
                let mut after = if desk.is_to_say(task).1 {
                    desk.rewritten(task, Some(text.to_owned()))
                } else {
                    next_rev(&task.status)
                };
                if after.held.as_deref() == Some(HELD_CORRECTION) {
                    // nothing else held it then; its account may have been limited since
                    after.held = desk.is_refused(task).then(|| HELD_ACCOUNT.to_owned());
                }
                (after.edited != task.status.edited || after.held != task.status.held).then_some(after)
            })?;
            if !all {
                return Ok(false);
            }
            walk.turn_over();
        }
        let Some(notice) = notice.filter(|words| !words.trim().is_empty()) else { return Ok(true) };
        let mut told = match walk.found.take() {
            Some(Found::Told(told)) => told,
            _ => Told::default(),
        };
        let mut done = true;
        if walk.stage == 1 {
            done = self.who_is_told(act, notice, walk, &mut told)?;
            if done {
                walk.turn_over();
            }
        }
        if done && walk.stage == 2 {
            done = self.tell_half_told(act, wrong, notice, walk, &mut told, counts)?;
            if done {
                walk.turn_over();
            }
        }
        done = done && self.tell_who_got_it(act, wrong, notice, &mut told, counts)?;
        walk.found = Some(Found::Told(told));
        Ok(done)
    }

    /// Finds who has been told that something was wrong, or will be; true when all were looked at.
    fn who_is_told(
        &mut self,
        act: &Act,
        notice: &str,
        walk: &mut Walk,
        told: &mut Told,
    ) -> Result<bool, DeskError> {
        let next = |desk: &mut Self, walk: &mut Walk| {
            let tasks = &desk.store.columns.tasks;
            super::next_row(&mut desk.works.room, &mut walk.next, tasks.len(), |row| {
                tasks.get(row).is_some_and(|task| task.sort == TaskSort::Correction)
            })
        };
        self.each(walk, next, |desk, row| {
            desk.works.room.read();
            let Some(task) = desk.store.task_at(row)? else { return Ok(()) };
            if let TaskKind::Correction { of, words } = &task.kind
                && task.status.state != TaskState::Cancelled
            {
                told.of.insert(*of);
                // it was made by this work before it had to begin again
                let by_this = task.id.bits() > act.id.bits() && words == notice;
                told.whom.extend(by_this.then_some((task.target, task.via)));
            }
            Ok(())
        })
    }

    /// Makes the notices, for the newest that was sent to each first; true when all are made.
    fn tell_who_got_it(
        &mut self,
        act: &Act,
        wrong: &Wrong,
        notice: &str,
        told: &mut Told,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let (wording, sought) = self.sought(wrong);
        loop {
            let found = match self.next_ended(&sought, told) {
                Next::Later => return Ok(false),
                Next::End => return Ok(true),
                Next::One(row) => row,
            };
            told.read += 1;
            self.works.room.read();
            let Some(task) = self.store.task_at(found)? else { continue };
            self.tell_one(act, &task, &wording, notice, told, counts)?;
        }
    }

    /// The same for those who were told the wrong text by a part of what is still open; true when all were looked at.
    fn tell_half_told(
        &mut self,
        act: &Act,
        wrong: &Wrong,
        notice: &str,
        walk: &mut Walk,
        told: &mut Told,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let (wording, sought) = self.sought(wrong);
        self.each_open_task(
            walk,
            |task| sought.fits(task),
            |desk, task| desk.tell_one(act, &task, &wording, notice, told, counts),
        )
    }

    /// Makes a notice for whoever heard the wrong text by a task, and was told nothing yet.
    fn tell_one(
        &mut self,
        act: &Act,
        task: &Task,
        wording: &Wording,
        notice: &str,
        told: &mut Told,
        counts: &mut Counts,
    ) -> Result<(), DeskError> {
        if !self.has_heard(task, wording) || !self.says(task, wording)? || told.of.contains(&task.id) {
            return Ok(());
        }
        let closed = |group| !self.is_open_target(Target::Group(group));
        if task.via == Via::Group && task.group.is_some_and(closed) {
            // nobody can say it there any more
            return Ok(());
        }
        if told.whom.insert((task.target, task.via)) {
            let correction = self.correction(act, task, notice.to_owned())?;
            counts.made.push(ObjectId::Task(correction.id));
            self.works.room.change();
            self.perform(act, vec![Body::TaskFired(correction)])?;
        }
        Ok(())
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

    /// Some groups are told something by hand, all in one turn: a follow-up in each.
    pub(super) fn tell_groups(
        &mut self,
        act: &Act,
        groups: &[GroupId],
        words: &str,
        at: Timestamp,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        for group in groups {
            let on = ObjectId::Group(*group);
            if self.is_there(act, on).is_err() {
                continue;
            }
            self.works.room.change();
            let mut task = self.follow_up_on(act, on, words.to_owned(), at)?;
            // it speaks of today
            let zone = self.store.columns.store.zone;
            let tomorrow = plus_days(at.day(zone), 1);
            task.status.until = Some(day_start(tomorrow, zone, WallTime::MIDNIGHT));
            counts.made.push(ObjectId::Task(task.id));
            self.perform(act, vec![Body::TaskFired(task)])?;
        }
        Ok(true)
    }
}
