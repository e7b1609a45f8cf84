//! Answers of a run's form.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::{GroupId, PlaybookId};
use crate::door::reply::Outcome;
use chrono::NaiveDate;

impl Desk {
    pub(super) fn fill(
        &mut self,
        _act: &Act,
        _playbook: &PlaybookId,
        _run: NaiveDate,
        _group: Option<GroupId>,
        _key: &str,
        _value: &str,
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }
}
