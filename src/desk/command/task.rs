//! Verbs on tasks, and replies.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::{MemberId, TaskId, Timestamp};
use crate::door::command::TaskVerb;
use crate::door::reply::Outcome;

impl Desk {
    pub(super) fn task_verb(
        &mut self,
        _act: &Act,
        _tasks: &[TaskId],
        _verb: &TaskVerb,
        _if_rev: Option<u32>,
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn replied(
        &mut self,
        _act: &Act,
        _member: MemberId,
        _task: Option<TaskId>,
        _answer: Option<u16>,
        _at: Option<Timestamp>,
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }
}
