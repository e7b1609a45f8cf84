//! Who goes first under a cap: what is less important waits while what is more important to the same person, or in the
//! same group, still comes on that day and the cap has no room for all.

use super::caps::most;
use crate::book::time::MINUTE;
use crate::book::{Cap, CapScope, Timestamp};

/// What is more important than a message and still comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rival<A> {
    pub at: Timestamp,
    /// From which account, where that is known.
    pub account: Option<A>,
}

/// A message that may have to wait.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<A> {
    pub account: Option<A>,
    pub now: Timestamp,
    /// When it is over.
    pub until: Option<Timestamp>,
}

/// Whether what is said, in a group or to one person, gives way under a cap: not under one of each playbook, as what is
/// more important is of another, nor under one of people who are not spoken to.
pub const fn gives_way_under(cap: &Cap, in_group: bool) -> bool {
    match cap.scope.of {
        CapScope::Member => !in_group,
        CapScope::Group => in_group,
        CapScope::Account | CapScope::Store => true,
        CapScope::Playbook => false,
    }
}

/// Whether what is said to others takes room under a cap as well.
pub const fn is_shared(cap: &Cap) -> bool {
    matches!(cap.scope.of, CapScope::Account | CapScope::Store)
}

impl<A: Copy + PartialEq> Waiting<A> {
    /// When to look again at what waits for what comes at an instant.
    fn looks_again(&self, comes: Timestamp) -> Timestamp {
        Timestamp(comes.max(self.now).0.saturating_add(MINUTE))
    }

    /// Whether it can wait for what comes at an instant: it is not over when it is looked at again.
    fn can_wait_for(&self, comes: Timestamp) -> bool {
        self.until.is_none_or(|until| until > self.looks_again(comes))
    }

    /// Whether a cap counts a rival together with it.
    fn shares(&self, cap: &Cap, rival: &Rival<A>) -> bool {
        cap.scope.of != CapScope::Account || (rival.account.is_some() && rival.account == self.account)
    }

    /// When to look again at what waits under a cap for its rivals: those within the span of the cap where it has no room
    /// for all of them, and those that are due where a distance is to be kept. What comes when it would be over is not
    /// waited for. Under a cap that is shared with others, these take room too: `others` is how many, at most, are still
    /// to say something within the span. None where it need not wait.
    pub fn looks_at(
        &self,
        rivals: &[Rival<A>],
        cap: &Cap,
        used: u32,
        others: usize,
        span: (Timestamp, Timestamp),
    ) -> Option<Timestamp> {
        let comes_in_time =
            |rival: &&Rival<A>| self.shares(cap, rival) && rival.at < span.1 && self.can_wait_for(rival.at);
        let within: Vec<Timestamp> = rivals.iter().filter(comes_in_time).map(|rival| rival.at).collect();
        let last = within.iter().max()?;
        let claim = if is_shared(cap) { others.max(within.len()) } else { within.len() };
        let n = u32::try_from(claim).unwrap_or(u32::MAX);
        if used.saturating_add(n) >= most(cap, span) {
            return Some(self.looks_again(*last));
        }
        (cap.gap > 0 && within.iter().any(|at| *at <= self.now)).then(|| self.looks_again(self.now))
    }
}
