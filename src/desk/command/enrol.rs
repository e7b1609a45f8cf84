//! Enrolling by hand.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::{EnrolmentId, PlaybookId, Target, Timestamp};
use crate::door::reply::Outcome;

impl Desk {
    pub(super) fn enrol(
        &mut self,
        _act: &Act,
        _playbook: &PlaybookId,
        _targets: &[Target],
        _filter: &str,
        _anchor: Option<Timestamp>,
        _dry_run: bool,
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn unenrol(&mut self, _act: &Act, _enrolments: &[EnrolmentId]) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }
}
