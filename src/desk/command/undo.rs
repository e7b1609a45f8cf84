//! Undo by name, and redo.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::ActId;
use crate::door::reply::Outcome;

impl Desk {
    pub(super) fn undo(&mut self, _act: &Act, _which: Option<ActId>) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn redo(&mut self, _act: &Act) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }
}
