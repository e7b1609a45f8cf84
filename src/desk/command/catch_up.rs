//! After an absence, and after the clock jumped.

use super::super::Desk;
use super::super::Now;
use super::super::act::{Act, DeskError};
use crate::book::PlaybookId;
use crate::door::command::CatchUp;
use crate::door::reply::Outcome;

impl Desk {
    pub(super) fn catch_up(
        &mut self,
        _act: &Act,
        _playbook: Option<&PlaybookId>,
        _choice: CatchUp,
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn confirm_clock(&mut self, _act: &Act, _now: Now) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }
}
