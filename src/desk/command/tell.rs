//! Quick entry: who, where, what happened.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::door::command::Tell;
use crate::door::reply::Outcome;

impl Desk {
    pub(super) fn tell(&mut self, _act: &Act, _tell: &Tell) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }
}
