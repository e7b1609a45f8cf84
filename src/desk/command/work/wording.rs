//! Works about what says something wrong, and about what groups are told.

use std::collections::HashSet;

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::correct::HELD_CORRECTION;
use super::super::task::next_rev;
use super::notices::{Right, Told};
use super::{Counts, Found, Walk};
use crate::book::{GroupId, ObjectId, Target, Task, TaskKind, TaskState, TaskStatus, Timestamp, Wording};
use crate::desk::recovering::{Rooms, is_held_for_room};
use crate::sop::calendar::{day_start, plus_days};
use crate::sop::grammar::WallTime;
use crate::store::Body;
use crate::store::columns::task::{TaskColumn, TaskSort};
use crate::store::record::Wrong;
use crate::text::fold::fold;

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
    let was = task.status.corrected.clone();
    Wrong { texts: wording.texts, run: wording.run, step, words, values: wording.values, was }
}

/// What is wrong, and where in the columns it is found.
#[derive(Clone)]
pub(in crate::desk) struct Sought {
    /// What it says, and what it said before it was corrected.
    pub wordings: Vec<Wording>,
    /// Which of its texts is wrong, where that is known.
    pub nth: Option<u16>,
    steps: HashSet<(u16, crate::store::columns::words::Word)>,
    words: HashSet<String>,
    /// Whether it is of no step: what others of its kind said before they were corrected no column says.
    is_by_hand: bool,
}

impl Sought {
    /// The same, whichever of its texts is wrong.
    pub(super) fn of_any_text(&self) -> Self {
        Self { nth: None, ..self.clone() }
    }

    pub(in crate::desk) fn fits(&self, task: &TaskColumn) -> bool {
        let says_it = task.playbook.is_some_and(|playbook| self.steps.contains(&(playbook, task.step)));
        says_it
            || task.words.as_deref().is_some_and(|words| self.words.contains(words.trim()))
            || (self.is_by_hand && task.sort == TaskSort::FollowUp)
    }
}

impl Desk {
    /// What is wrong, and what may say it: the step that was found out, every other one with the same text, in whatever
    /// playbook and version, and what was written by hand.
    pub(in crate::desk) fn sought(&self, wrong: &Wrong) -> Sought {
        let columns = &self.store.columns;
        let (texts, run, values) = (wrong.texts.clone(), wrong.run.clone(), wrong.values.clone());
        let mut wordings = vec![Wording { texts, run, values }];
        wordings.extend(wrong.was.iter().cloned());
        let same = wordings.iter().map(|of| self.playbooks.saying(of.texts.iter().map(String::as_str)));
        let same = same.flatten().map(|says| (&says.playbook, &says.step));
        let own = wrong.step.iter().map(|(playbook, step)| (playbook, step));
        let steps = own.chain(same).filter_map(|(playbook, step)| {
            // a step that never fired has no word, and no task
            columns.playbook_position(playbook).zip(columns.words.find(step))
        });
        let steps = steps.collect();
        let texts = wordings.iter().filter_map(|of| of.texts.first());
        let words = texts.map(|text| fold(text)).chain(wrong.words.clone());
        let words = words.map(|words| words.trim().to_owned()).collect();
        Sought { wordings, nth: None, steps, words, is_by_hand: wrong.step.is_none() }
    }

    /// Everything pending that says something wrong is held, and every 更正 of it that is still due.
    pub(super) fn halt_all(
        &mut self,
        act: &Act,
        wrong: &Wrong,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let held = |task: &Task| {
            let held = Some(HELD_CORRECTION.to_owned());
            task.status.held.is_none().then(|| TaskStatus { held, ..next_rev(&task.status) })
        };
        if walk.stage == 0 {
            let all = self.pending_become(act, wrong, walk, counts, |desk, task| {
                Ok(held(task).filter(|_| desk.is_to_say(task).0))
            })?;
            if !all {
                return Ok(false);
            }
            walk.turn_over();
        }
        let sought = self.sought(wrong);
        self.each_open_task(
            walk,
            |task| task.sort == TaskSort::Correction,
            |desk, task| {
                let Some(after) = held(&task) else { return Ok(()) };
                if !desk.is_notice_of(&task, &sought)? {
                    return Ok(());
                }
                desk.works.room.change();
                counts.done += 1;
                desk.change_task(act, &task, after)
            },
        )
    }

    /// Goes through the open tasks that say something wrong; true when all were looked at.
    fn pending_become(
        &mut self,
        act: &Act,
        wrong: &Wrong,
        walk: &mut Walk,
        counts: &mut Counts,
        mut becomes: impl FnMut(&Self, &Task) -> Result<Option<TaskStatus>, DeskError>,
    ) -> Result<bool, DeskError> {
        let sought = self.sought(wrong);
        self.each_open_task(
            walk,
            |task| sought.fits(task),
            |desk, task| {
                if sought.wordings.iter().any(|wording| !wording.values.is_empty()) {
                    // its text is filled to be compared
                    desk.works.room.read();
                }
                if !desk.says_any_text(&task, &sought.wordings)? {
                    return Ok(());
                }
                let Some(after) = becomes(desk, &task)? else { return Ok(()) };
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
        right: &Right<'_>,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let mut told = match walk.found.take() {
            Some(Found::Told(told)) => told,
            _ => Told::default(),
        };
        let done = self.correct_or_tell(act, wrong, right, walk, &mut told, counts);
        for (account, room) in &told.rooms {
            self.lets_go_again(*account, room);
        }
        walk.found = Some(Found::Told(told));
        done
    }

    fn correct_or_tell(
        &mut self,
        act: &Act,
        wrong: &Wrong,
        right: &Right<'_>,
        walk: &mut Walk,
        told: &mut Told,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        if walk.stage == 0 {
            let wordings = self.sought(wrong).wordings;
            let mut later = 0;
            let all = self.pending_become(act, wrong, walk, counts, |desk, task| {
                let says_it =
                    desk.says_any(task, &wordings)? || desk.says_text(task, right.nth, &wordings)?;
                let after = if says_it && desk.is_text_to_say(task, right.nth) {
                    desk.corrected_to(task, right.nth, right.text)?
                } else {
                    next_rev(&task.status)
                };
                let after = desk.let_go_corrected(task, after, act.at, &mut told.rooms)?;
                let same = after.is_edited_like(&task.status) && after.held == task.status.held;
                later += usize::from(after.held.as_deref().is_some_and(is_held_for_room));
                Ok((!same).then_some(after))
            })?;
            counts.later += later;
            if !all {
                return Ok(false);
            }
            walk.turn_over();
        }
        let sought = Sought { nth: Some(right.nth), ..self.sought(wrong) };
        self.tell_all(act, &sought, right, walk, told, counts)
    }

    /// A task's status with one of its texts put right, which remembers what it said.
    pub(super) fn corrected_to(&self, task: &Task, nth: u16, text: &str) -> Result<TaskStatus, DeskError> {
        let mut after = self.reworded(task, nth, Some(text.to_owned()));
        if !after.is_edited_like(&task.status) {
            after.corrected.extend(self.said_by(task)?.filter(|said| !after.corrected.contains(said)));
        }
        Ok(after)
    }

    /// A status that was held while the right text was written, let go.
    pub(super) fn let_go_corrected(
        &self,
        task: &Task,
        mut after: TaskStatus,
        now: Timestamp,
        rooms: &mut Rooms,
    ) -> Result<TaskStatus, DeskError> {
        if after.held.as_deref() == Some(HELD_CORRECTION) {
            // nothing else held it then; since then its account may have been limited, who speaks before it is held as
            // well, and others have taken its room under the caps
            after.held = match self.still_held(task)? {
                None => self.waits_for_room(task, now, rooms)?,
                held => held,
            };
        }
        Ok(after)
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
            // nobody reads it in a group that was closed since
            if self.is_there(act, on).is_err() || !self.is_open_target(Target::Group(*group)) {
                continue;
            }
            self.works.room.change();
            // it speaks of today
            let zone = self.store.columns.store.zone;
            let over = day_start(plus_days(at.day(zone), 1), zone, WallTime::MIDNIGHT);
            let pause = self.store.columns.pause_of(Target::Group(*group), at);
            let paused_until = match pause.map(|pause| pause.until) {
                Some(Some(until)) if until < over => Some(until),
                Some(until) => {
                    let name = self.display_name(Target::Group(*group));
                    let paused =
                        if until.is_some() { &mut counts.paused_listed } else { &mut counts.stopped_listed };
                    paused.push(name);
                    continue;
                }
                None => None,
            };
            let mut task = self.follow_up_on(act, on, words.to_owned(), at)?;
            task.status.until = Some(over);
            if paused_until.is_some() {
                (task.status.state, task.status.snoozed_until) = (TaskState::Snoozed, paused_until);
            }
            counts.made.push(ObjectId::Task(task.id));
            self.perform(act, vec![Body::TaskFired(task)])?;
        }
        Ok(true)
    }
}
