//! The store's rules, and pauses of a target.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::{Target, Timestamp};
use crate::door::reply::Outcome;

impl Desk {
    pub(super) fn set_rules(&mut self, _act: &Act, _toml: &str) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn pause(
        &mut self,
        _act: &Act,
        _target: Target,
        _until: Option<Timestamp>,
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn unpause(&mut self, _act: &Act, _target: Target) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }
}
