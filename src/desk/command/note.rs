//! Notes and follow-ups.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::{ObjectId, Timestamp};
use crate::door::reply::Outcome;

impl Desk {
    pub(super) fn note(&mut self, _act: &Act, _on: ObjectId, _text: &str) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn follow_up(
        &mut self,
        _act: &Act,
        _on: ObjectId,
        _words: &str,
        _at: Timestamp,
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }
}
