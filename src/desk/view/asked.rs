//! Whom the answers of forms name, as the book stands: found once between two of its changes, because the plan of everybody
//! in a group asks for it, and finding a name looks at every member.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::book::{GroupId, MemberId, PlaybookId};
use crate::desk::Desk;
use crate::desk::act::DeskError;

/// By each key asked for.
type Named = Arc<Vec<(String, HashSet<MemberId>)>>;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The book as of then.
    seq: u64,
    found: HashMap<(PlaybookId, NaiveDate, Option<GroupId>), Vec<(String, Named)>>,
}

impl Desk {
    /// As [`Desk::named`], for what reads and decides nothing.
    pub(in crate::desk) fn named_by_now(
        &self,
        who: &str,
        playbook: &PlaybookId,
        run: NaiveDate,
        group: Option<GroupId>,
    ) -> Result<Named, DeskError> {
        let seq = self.store.end().seq;
        let of = (playbook.clone(), run, group);
        {
            let mut asked = self.views.asked.borrow_mut();
            if asked.seq != seq {
                *asked = Asked { seq, found: HashMap::new() };
            }
            let found = asked.found.get(&of).and_then(|found| found.iter().find(|(filter, _)| filter == who));
            if let Some((_, named)) = found {
                return Ok(Arc::clone(named));
            }
        }
        let named = Arc::new(self.named(who, playbook, run, group)?);
        let mut asked = self.views.asked.borrow_mut();
        asked.found.entry(of).or_default().push((who.to_owned(), Arc::clone(&named)));
        Ok(named)
    }
}
