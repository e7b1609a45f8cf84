//! Imports: rows arrive in chunks, are promised at once and applied in slices.

use super::super::act::{Act, DeskError};
use super::super::{Desk, Now, Session};
use crate::book::{AccountId, GroupId};
use crate::door::Reply;
use crate::door::reply::Outcome;
use crate::door::rows::MemberRow;

impl Desk {
    pub(super) fn import_begin(
        &mut self,
        _act: &Act,
        _file: &str,
        _account: Option<AccountId>,
        _group: Option<GroupId>,
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(in crate::desk) fn import_rows(
        &mut self,
        _session: &Session,
        _import: u32,
        _rows: &[MemberRow],
        _now: Now,
    ) -> Reply {
        Reply::Fine
    }

    pub(super) fn import_commit(
        &mut self,
        _act: &Act,
        _import: u32,
        _dry_run: bool,
    ) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    pub(super) fn import_drop(&mut self, _import: u32) -> Result<Outcome, DeskError> {
        Err(super::not_found("", "not built"))
    }

    /// Applies the next slice of a committed import; true when more waits.
    pub(in crate::desk) fn import_slice(&mut self, _now: Now) -> Result<bool, DeskError> {
        Ok(false)
    }
}
