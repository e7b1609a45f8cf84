//! Corrections of what was wrongly said.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::TaskId;
use crate::door::reply::Outcome;

impl Desk {
    pub(super) fn correct(
        &mut self,
        _act: &Act,
        _task: TaskId,
        _text: &str,
        _notice: Option<&str>,
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }
}
