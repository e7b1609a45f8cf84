//! Making, editing and archiving by forms.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::AccountId;
use crate::door::command::{GroupName, ObjectRef};
use crate::door::form::{Field, Kind};
use crate::door::reply::Outcome;

impl Desk {
    pub(super) fn create(
        &mut self,
        _act: &Act,
        _kind: Kind,
        _fields: &[(Field, String)],
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn edit(
        &mut self,
        _act: &Act,
        _object: ObjectRef,
        _fields: &[(Field, String)],
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn archive(&mut self, _act: &Act, _object: ObjectRef) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn add_groups(
        &mut self,
        _act: &Act,
        _names: &[GroupName],
        _account: Option<AccountId>,
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }
}
