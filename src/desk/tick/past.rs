//! What counted at an instant that is over, against caps of the store, of a playbook and of an account.
//!
//! A tick after an absence asks this for each of the thousands that it finds, so what was sent and what is open is
//! looked up where it is tallied ([`super::tally`]).

use std::collections::HashMap;

use super::super::Desk;
use super::limits::Whom;
use crate::book::{Cap, CapScope, Class, PlaybookId, Target, Timestamp};
use crate::queue::caps::{Count, applies};

/// For whom something counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Over {
    Store,
    Playbook(PlaybookId),
    Target(Target),
}

impl Over {
    /// For whom a touch counts against a cap; none where it is about none of the kind.
    pub(super) fn of(cap: &Cap, whom: &Whom) -> Option<Self> {
        match cap.scope.of {
            CapScope::Store => Some(Self::Store),
            CapScope::Playbook => Some(Self::Playbook(whom.playbook.clone())),
            of => whom.of(of).map(Self::Target),
        }
    }

    /// All for whom a touch counts.
    pub(super) fn all(whom: &Whom) -> impl Iterator<Item = Self> {
        let targets = [
            whom.member.map(Target::Member),
            whom.group.map(Target::Group),
            whom.account.map(Target::Account),
        ];
        let targets = targets.into_iter().flatten().map(Self::Target);
        [Self::Store, Self::Playbook(whom.playbook.clone())].into_iter().chain(targets)
    }
}

/// What would have been open during an absence and is over: from when to when, by whom it counts for.
#[derive(Debug, Default)]
pub(super) struct Absent(HashMap<(Over, Class), Spans>);

#[derive(Debug, Default)]
struct Spans {
    /// When they begin, rising.
    from: Vec<Timestamp>,
    /// When they end, and when they began, rising.
    to: Vec<(Timestamp, Timestamp)>,
}

/// Those that were open at an instant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Open {
    pub n: u32,
    /// When the last of them began, and the first of them ends.
    pub last_from: Option<Timestamp>,
    pub first_to: Option<Timestamp>,
}

impl Absent {
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    pub(super) fn add(&mut self, over: Over, class: Class, from: Timestamp, to: Timestamp) {
        if from < to {
            let spans = self.0.entry((over, class)).or_default();
            spans.from.insert(spans.from.partition_point(|at| *at <= from), from);
            spans.to.insert(spans.to.partition_point(|span| *span <= (to, from)), (to, from));
        }
    }

    /// When the first was over that ended after an instant.
    pub(super) fn first_end(&self, over: &Over, after: Timestamp) -> Option<Timestamp> {
        let ends = Class::ALL.iter().filter_map(|class| {
            let to = &self.0.get(&(over.clone(), *class))?.to;
            to.get(to.partition_point(|(to, _)| *to <= after)).map(|(to, _)| *to)
        });
        ends.min()
    }

    /// Those that were open at an instant and that a cap counts.
    pub(super) fn open_at(&self, over: &Over, cap: &Cap, at: Timestamp) -> Open {
        let mut open = Open::default();
        for class in Class::ALL.iter().filter(|class| applies(cap, **class)) {
            let Some(spans) = self.0.get(&(over.clone(), *class)) else { continue };
            let (begun, ended) = (
                spans.from.partition_point(|from| *from <= at),
                spans.to.partition_point(|(to, _)| *to <= at),
            );
            // what has ended by then had begun by then
            open.n += begun.saturating_sub(ended) as u32;
            let still = spans.to.get(ended..).unwrap_or_default();
            let still = still.iter().filter(|(_, from)| *from <= at).take(begun.saturating_sub(ended));
            for (to, from) in still {
                open.last_from = open.last_from.max(Some(*from));
                open.first_to = Some(open.first_to.map_or(*to, |first| first.min(*to)));
            }
        }
        open
    }
}

impl Desk {
    /// What counted at an instant that is over: over the store and a playbook all tasks, of an account those that are open.
    pub(super) fn counted_then(
        &self,
        cap: &Cap,
        over: &Over,
        window: (Timestamp, Timestamp),
        at: Timestamp,
    ) -> Count {
        // what was sent at the instant itself had been
        let told = self.tallied(cap, over, (window.0, Timestamp(at.0.saturating_add(1))), Some(at));
        let mut count = Count { used: told.sent + told.later + told.open, last_at: told.last_sent };
        if matches!(over, Over::Target(_)) {
            count.last_at = count.last_at.max(told.last_open);
        }
        count
    }
}
