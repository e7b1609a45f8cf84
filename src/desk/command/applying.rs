//! Applying a playbook's text to everybody: who is in it goes on with it, and whoever is there enters where it takes
//! them. A hundred thousand may, so that it goes in slices like enrolling by hand.
//!
//! Limits: after a crash some are on the older text until the same file is added once more.

use std::collections::VecDeque;

use super::super::act::{Act, DeskError};
use super::super::{Desk, Now};
use super::enrol::{ENTERED, Job};
use crate::book::{EnrolmentId, PlaybookId, TaskId};
use crate::door::reply::Outcome;
use crate::sop::format::TargetKind;

/// What a playbook's new text leaves to do.
#[derive(Default)]
pub(super) struct Left {
    /// Tasks of steps that are gone.
    pub tasks: VecDeque<TaskId>,
    /// Enrolments that go by another version.
    pub moving: VecDeque<EnrolmentId>,
}

impl Left {
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn len(&self) -> usize {
        self.tasks.len() + self.moving.len()
    }
}

/// A playbook that is applied.
pub(super) struct Applying {
    pub version: u32,
    pub left: Left,
    /// Whether it takes whoever is there.
    pub standing: bool,
    pub warnings: Vec<String>,
    /// Whether there was something else to it than who enters.
    pub changes: bool,
}

impl Desk {
    /// Whether so many are too many for one turn.
    pub(super) fn is_for_slices(&self, many: usize) -> bool {
        many > ENTERED
    }

    /// Brings a playbook's text to everybody in it, and enrols whoever is there where it takes them.
    #[expect(clippy::too_many_arguments, reason = "a command, spelled out")]
    pub(super) fn apply_to_all(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        title: String,
        kind: TargetKind,
        applying: Applying,
        many: usize,
        now: Now,
    ) -> Result<Option<Outcome>, DeskError> {
        let mut job = Job { applying: Some(applying), ..Job::new(act, id, title, kind) };
        if self.is_for_slices(many) {
            self.enrolling.jobs.push_back(job);
            return Ok(None);
        }
        while !self.advance_job(&mut job, now)? {}
        Ok(Some(job.outcome()))
    }

    /// A slice of applying a playbook; true when all is done.
    pub(super) fn advance_applying(&mut self, job: &mut Job, now: Now) -> Result<bool, DeskError> {
        let Some(applying) = &mut job.applying else { return Ok(true) };
        let mut room = ENTERED;
        let left = &mut applying.left;
        let tasks: Vec<TaskId> = left.tasks.drain(..room.min(left.tasks.len())).collect();
        room -= tasks.len();
        let moving: Vec<EnrolmentId> = left.moving.drain(..room.min(left.moving.len())).collect();
        room -= moving.len();
        let (version, is_left) = (applying.version, !left.is_empty());
        let mut entering = Vec::new();
        let mut rows_left = applying.standing;
        while rows_left && room > 0 {
            room -= 1;
            match self.target_at(job.kind, job.next) {
                Some(target) => entering.push(target),
                None => rows_left = false,
            }
            job.next += 1;
        }
        let done = !rows_left && !is_left;
        let act = Act { at: now.wall, command_id: job.command_id.filter(|_| done), ..job.act.clone() };
        for task in tasks {
            self.cancel_step_gone(&act, task)?;
        }
        for enrolment in moving {
            self.move_one(&act, enrolment, version, |other| other != version)?;
        }
        if let Some(playbook) = self.playbooks.current(&job.playbook, &self.store.columns) {
            for target in entering {
                job.enters += u32::from(self.enter_standing(&act, &job.playbook, &playbook, target)?);
            }
        }
        self.tick.due |= done;
        Ok(done)
    }
}
