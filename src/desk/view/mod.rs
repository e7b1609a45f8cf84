//! Views: lists, windows that are watched, details, texts.

use super::act::DeskError;
use super::{Changed, ClientId, Desk, Now, Turn};
use crate::book::Timestamp;
use crate::door::reply::Counts;
use crate::door::{Reply, Request};

/// Watched lists of all clients.
#[derive(Debug, Default)]
pub struct Views {}

impl Views {
    /// A client is gone.
    pub(super) fn forget(&mut self, _client: ClientId) {}

    /// True while a scan of a filter is not finished.
    pub(super) fn is_scanning(&self) -> bool {
        false
    }
}

impl Desk {
    /// Answers a request that changes nothing.
    pub(super) fn read(
        &mut self,
        _client: ClientId,
        _request: Request,
        _now: Now,
    ) -> Result<Reply, DeskError> {
        Ok(Reply::Fine)
    }

    /// Brings watched windows up to date with what this turn changed.
    pub(super) fn refresh_views(&mut self, _now: Now, _turn: &mut Turn) {
        self.changed = Changed::default();
    }

    /// The numbers of the header.
    pub(super) fn counts(&self, _now: Timestamp) -> Counts {
        Counts::default()
    }
}

// LOCAL STUB, replaced by the view room
impl Desk {
    pub(crate) fn member_matches(
        &self,
        _f: &str,
        _m: crate::book::MemberId,
        _now: Timestamp,
    ) -> Result<bool, DeskError> {
        Ok(true)
    }
    pub(crate) fn group_matches(
        &self,
        _f: &str,
        _m: crate::book::GroupId,
        _now: Timestamp,
    ) -> Result<bool, DeskError> {
        Ok(true)
    }
    pub(crate) fn account_matches(
        &self,
        _f: &str,
        _m: crate::book::AccountId,
        _now: Timestamp,
    ) -> Result<bool, DeskError> {
        Ok(true)
    }
    pub(crate) fn task_text(
        &self,
        task: &crate::book::Task,
    ) -> Result<crate::door::detail::TaskText, DeskError> {
        Ok(crate::door::detail::TaskText {
            task: task.id,
            parts: vec![],
            blocked: None,
            search_term: String::new(),
        })
    }
}
