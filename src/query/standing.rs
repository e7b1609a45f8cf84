//! Whether a filter speaks of tasks that are open, of those that have ended, or of both.

use super::Query;
use super::closed::Fact;
use super::expr::{Expr, Leaf};
use super::key::Key;
use crate::book::TaskState;

/// Which tasks one of the conditions of a filter leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Open,
    Ended,
    Either,
}

impl Query {
    /// Which tasks can be in the list of this filter; by nothing what is open is listed.
    pub fn standing(&self) -> Standing {
        match &self.expr {
            Expr::All => Standing::Open,
            Expr::And(parts) => {
                let mut known = parts.iter().map(of_part).filter(|standing| *standing != Standing::Either);
                known.next().unwrap_or(Standing::Either)
            }
            part => of_part(part),
        }
    }
}

fn of_part(part: &Expr) -> Standing {
    match part {
        Expr::Leaf(Leaf::Words { key: Key::State, words }) => {
            let states = || words.iter().map(|word| TaskState::parse(word));
            if states().all(|state| state.is_some_and(TaskState::is_open)) {
                Standing::Open
            } else if states().all(|state| state.is_some_and(|state| !state.is_open())) {
                Standing::Ended
            } else {
                Standing::Either
            }
        }
        // only what has ended was sent, or ended by somebody
        Expr::Leaf(Leaf::Dates { key: Key::SentAt, .. } | Leaf::Strings { key: Key::By, .. }) => {
            Standing::Ended
        }
        Expr::Leaf(Leaf::Words { key: Key::Overdue, words }) if words == &["yes"] => Standing::Open,
        Expr::Leaf(Leaf::Words { key: Key::Is, words }) => {
            let facts = || words.iter().filter_map(|word| Fact::parse(word));
            let open =
                |fact: Fact| matches!(fact, Fact::Late | Fact::ToAnswer | Fact::Unseen | Fact::Blocked);
            let ended = |fact: Fact| matches!(fact, Fact::Awaiting | Fact::ByMe);
            if facts().all(open) {
                Standing::Open
            } else if facts().all(ended) {
                Standing::Ended
            } else {
                Standing::Either
            }
        }
        Expr::Or(parts) => {
            let mut standings = parts.iter().map(of_part);
            let first = standings.next().unwrap_or(Standing::Either);
            if standings.all(|standing| standing == first) { first } else { Standing::Either }
        }
        _ => Standing::Either,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[test]
    fn filters_speak_of_open_or_ended_tasks() {
        let check = |filter: &str, expected| {
            assert_eq!(parse(filter).unwrap().standing(), expected, "{filter}");
        };
        check("", Standing::Open);
        check("state:due,snoozed group:a", Standing::Open);
        check("is:overdue", Standing::Open);
        check("is:to-answer", Standing::Open);
        check("state:sent", Standing::Ended);
        check("is:awaiting tag:a", Standing::Ended);
        check("state:sent OR by:小林", Standing::Ended);
        check("due:today -state:cancelled", Standing::Either);
        check("state:due,sent", Standing::Either);
    }
}
