//! Whether a filter speaks of tasks that are open, of those that have ended, or of both; or of what comes due.

use chrono_tz::Tz;

use super::Query;
use super::closed::Fact;
use super::expr::{Expr, Leaf};
use super::filter::{Filter, MatchContext, Node};
use super::key::Key;
use crate::book::{TaskState, Timestamp};

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

    /// Whether it asks for what comes due after `now`, of which there is no task yet.
    pub fn asks_ahead(&self, now: Timestamp, zone: Tz) -> bool {
        let context = MatchContext { now, zone, ..MatchContext::nowhere() };
        self.standing() != Standing::Ended && reaches(Filter::new(&self.expr, &context).root(), now)
    }
}

/// Whether a text is a day or a time in words, as `due:` takes one.
pub fn names_days(text: &str) -> bool {
    let is_word = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '+' | '.' | '/'));
    let is_number = text.chars().all(|c| c.is_ascii_digit());
    is_word && !is_number && super::parse(&format!("due:{text}")).is_ok()
}

fn reaches(node: &Node, now: Timestamp) -> bool {
    match node {
        Node::And(parts) | Node::Or(parts) => parts.iter().any(|part| reaches(part, now)),
        Node::Times { key: Key::Due, ranges } => ranges.iter().any(|(_, to)| *to > now.0),
        _ => false,
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

    #[test]
    fn what_comes_due_is_asked_for() {
        let check = |filter: &str, expected| {
            let now = Timestamp(1_772_413_200_000); // 2026-03-02T09:00:00+08:00
            assert_eq!(parse(filter).unwrap().asks_ahead(now, Tz::Asia__Shanghai), expected, "{filter}");
        };
        check("due:明天", true);
        check("due:今晚 group:宠友", true);
        check("tag:a OR due>周五", true);
        check("due:未来3天", true);
        check("", false);
        check("joined:明天", false);
        check("due:昨天", false);
        check("due<8:00", false);
        check("-due:明天", false);
        check("due:明天 state:sent", false);
    }
}
