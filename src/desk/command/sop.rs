//! Applying, pausing and removing playbooks.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::PlaybookId;
use crate::door::reply::Outcome;

impl Desk {
    pub(super) fn sop_add(&mut self, _act: &Act, _toml: &str, _file: &str) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn sop_pause(&mut self, _act: &Act, _id: &PlaybookId) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn sop_resume(&mut self, _act: &Act, _id: &PlaybookId) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn sop_remove(&mut self, _act: &Act, _id: &PlaybookId) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }
}
