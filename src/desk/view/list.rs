//! What a list asks for, checked, and what it shows of rows.

use std::sync::Arc;

use super::order::Order;
use super::words::ViewWords;
use crate::book::Timestamp;
use crate::desk::Desk;
use crate::door::form::Kind;
use crate::door::request::ListSpec;
use crate::door::{Refusal, RefusalKind};
use crate::query::{Filter, Query};
use crate::text::lang::Lang;

/// A list ready to be scanned.
pub(super) struct Asked {
    pub query: Arc<Query>,
    pub order: Order,
}

impl Desk {
    /// Checks a list: its kind, its filter.
    pub(super) fn asked(&self, list: &ListSpec, lang: Lang) -> Result<Asked, Refusal> {
        if matches!(list.kind, Kind::Contact | Kind::Membership | Kind::Product) {
            let words = ViewWords::NoList.fill(lang, &[("kind", &list.kind.label(lang))]);
            return Err(Refusal::new(RefusalKind::Invalid, words).hint("task, member, group, account, sop"));
        }
        let query = self.list_filter(list.kind, &list.filter, lang)?;
        Ok(Asked { query, order: Order { kind: list.kind, sort: list.sort } })
    }

    /// The filter of a list, made ready for somebody at a moment.
    pub(super) fn resolved(&self, query: &Query, now: Timestamp, me: &str) -> Filter {
        query.resolve(&self.scene(now).context(me))
    }
}
