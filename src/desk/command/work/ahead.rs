//! The work of a clock that is set back: what the tick did while it ran ahead is taken back, and comes at its time.
//!
//! Enrolments stand again where they stood before, so that each step is judged anew at its instant. What was fired has
//! not, except what somebody has begun to send, to change or to note: that stays as it is, and does not come again.
//! What a human did meanwhile is theirs to undo. Nothing here is an act: the clock was wrong, nobody meant it.
//!
//! Limits: what the tick did meanwhile is held in memory, one state of each enrolment and task.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::{Counts, Found, Walk};
use crate::book::{EnrolmentId, EnrolmentStatus, TaskId, TaskStatus, Timestamp};
use crate::store::Body;
use crate::store::ahead::{Ahead, Met};

/// What is read, and what was found so far.
pub(super) struct Looked {
    /// None once all is read.
    ahead: Option<Ahead>,
    done: Done,
    lists: Lists,
}

/// What the tick did: the first state before and the last after.
#[derive(Default)]
struct Done {
    entered: BTreeSet<EnrolmentId>,
    enrolments: BTreeMap<EnrolmentId, (EnrolmentStatus, EnrolmentStatus)>,
    fired: BTreeMap<TaskId, TaskStatus>,
    changed: BTreeMap<TaskId, (TaskStatus, TaskStatus)>,
    others: Vec<Body>,
}

/// The same, in the order in which it is taken back.
#[derive(Default)]
struct Lists {
    enrolments: Vec<(EnrolmentId, EnrolmentStatus, EnrolmentStatus)>,
    fired: Vec<(TaskId, TaskStatus)>,
    changed: Vec<(TaskId, TaskStatus, TaskStatus)>,
    others: Vec<Body>,
    entered: Vec<EnrolmentId>,
}

impl Done {
    fn add(&mut self, body: Body) {
        match body {
            Body::Enrolled(enrolment) => {
                self.entered.insert(enrolment.id);
            }
            Body::EnrolmentChanged { enrolment, before, after } => {
                let span = self.enrolments.entry(enrolment).or_insert_with(|| (before, after.clone()));
                span.1 = after;
            }
            Body::TaskFired(task) => {
                self.fired.insert(task.id, task.status);
            }
            Body::TaskChanged { task, before, after } => {
                let span = self.changed.entry(task).or_insert_with(|| (before, after.clone()));
                span.1 = after;
            }
            Body::TaskJoined { task, .. } if self.fired.contains_key(&task) => {}
            Body::TaskJoined { .. } | Body::Happened(_) | Body::Edited { .. } | Body::CampaignSet { .. } => {
                self.others.push(body);
            }
            _ => {}
        }
    }

    fn into_lists(self) -> Lists {
        let Self { entered, enrolments, fired, changed, mut others } = self;
        others.reverse();
        Lists {
            // who entered ends as never begun where they stood first
            enrolments: enrolments.into_iter().map(|(id, (before, after))| (id, before, after)).collect(),
            fired: fired.into_iter().collect(),
            changed: changed.into_iter().map(|(id, (before, after))| (id, before, after)).collect(),
            others,
            entered: entered.into_iter().collect(),
        }
    }
}

impl Desk {
    /// Takes back what the tick did later than `to`.
    pub(super) fn take_back_ahead(
        &mut self,
        act: &Act,
        to: Timestamp,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let mut looked = if let Some(Found::Ahead(looked)) = walk.found.take() {
            looked
        } else {
            let ahead = Some(self.store.ahead(act.id, to)?);
            Box::new(Looked { ahead, done: Done::default(), lists: Lists::default() })
        };
        let done = self.take_back_looked(&mut looked, act, walk, counts);
        walk.found = Some(Found::Ahead(looked));
        done
    }

    fn take_back_looked(
        &mut self,
        looked: &mut Looked,
        act: &Act,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        if let Some(ahead) = &mut looked.ahead {
            let Some(met) = ahead.look()? else {
                looked.ahead = None;
                looked.lists = std::mem::take(&mut looked.done).into_lists();
                return Ok(false);
            };
            for met in met {
                match met {
                    Met::Body(body) => looked.done.add(*body),
                    Met::TakenBack => looked.done = Done::default(),
                }
            }
            return Ok(false);
        }
        let nobody = self.tick_act(act.at);
        let lists = &looked.lists;
        loop {
            let stage = walk.stage;
            let place = |_: &Self, walk: &Walk| Some(walk.next as usize).filter(|at| *at < lists.len(stage));
            let all = self.each_of(walk, place, |desk, at| {
                desk.works.room.read();
                desk.counted(|desk| match stage {
                    0 => lists.enrolments.get(at).map_or(Ok(()), |(id, before, after)| {
                        for words in desk.never_went_on(&nobody, *id, before, after)? {
                            counts.keep(words);
                        }
                        Ok(())
                    }),
                    1 => lists.fired.get(at).map_or(Ok(()), |(id, status)| {
                        counts.done += usize::from(desk.comes_again(&nobody, *id, status)?);
                        Ok(())
                    }),
                    2 => lists.changed.get(at).map_or(Ok(()), |(id, before, after)| {
                        desk.never_changed(&nobody, *id, before, after)
                    }),
                    3 => lists.others.get(at).map_or(Ok(()), |body| desk.never_happened(&nobody, body)),
                    _ => lists.entered.get(at).map_or(Ok(()), |id| match desk.store.enrolment(*id)? {
                        Some(enrolment) => desk.never_entered(&nobody, &enrolment),
                        None => Ok(()),
                    }),
                })
            })?;
            if !all {
                return Ok(false);
            }
            if stage == STAGES {
                self.tick.clock_is_back();
                return Ok(true);
            }
            walk.stage += 1;
            walk.next = 0;
        }
    }
}

/// The last of what is taken back.
const STAGES: u16 = 4;

impl Lists {
    fn len(&self, stage: u16) -> usize {
        match stage {
            0 => self.enrolments.len(),
            1 => self.fired.len(),
            2 => self.changed.len(),
            3 => self.others.len(),
            _ => self.entered.len(),
        }
    }
}
