//! Which rows are in a list: a filter held against columns, in slices.
//!
//! Filters that speak of open or ended tasks only look at those, so that the queue of a book with a million past
//! tasks costs what its open ones cost. A scan counts what it does, not time: a slice is about two milliseconds.

use super::order::Order;
use super::subject::{AccountSubject, GroupSubject, MemberSubject, Scene, TaskSubject};
use crate::book::{PlaybookId, TaskState};
use crate::door::compose::is_one_off;
use crate::door::form::Kind;
use crate::door::request::Sort;
use crate::query::expr::{Expr, Leaf};
use crate::query::{Fact as TaskFact, Filter, Key, Query, Standing, Thing, Value, Visit};
use crate::queue::order::Place;
use crate::store::columns::PlaybookColumn;
use crate::store::columns::times::Timed;
use crate::store::record::PlaybookState;

/// What one turn may do for lists and for other reads, in steps of ten nanoseconds: about two milliseconds. Steps are
/// counted and never timed, so that a turn does the same wherever it runs.
pub(in crate::desk) const SLICE: usize = 200_000;

/// What looking at a row costs besides what the filter does: it is read from its bytes.
pub(super) const ROW: usize = 8;

/// What finding a row costs: it is put where it belongs.
const FOUND: usize = 25;

/// What has to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Open tasks by due time.
    Open,
    /// Ended tasks, newest first.
    Ended,
    /// Every row of the kind.
    All,
}

/// How far a scan has come.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    source: Source,
    /// The last place looked at in `Open`.
    last_open: Option<Place>,
    /// The last place looked at in `Ended`.
    last_ended: Option<Timed>,
    /// The next row of `All`.
    next: u32,
}

impl Scan {
    /// A scan of what a filter over a kind has to look at.
    pub(super) fn new(kind: Kind, query: &Query) -> Self {
        Self { source: source(kind, query), last_open: None, last_ended: None, next: 0 }
    }

    /// True where a task that has ended may be in the list.
    pub(super) fn has_ended(&self) -> bool {
        self.source != Source::Open
    }

    /// Looks at rows until the budget is used and adds those that match; true when all were looked at.
    ///
    /// Tasks come in the order of the queue, ended ones newest first, others as they were made. What changes places
    /// between two slices may be passed by or come twice: whoever scans judges changed rows again.
    pub(super) fn advance(
        &mut self,
        order: Order,
        scene: &Scene<'_>,
        filter: &Filter,
        budget: &mut usize,
        rows: &mut Vec<u32>,
    ) -> bool {
        let columns = scene.columns;
        let each = ROW + filter.cost() as usize / 10;
        let mut look = |row: u32| {
            let found = is_in(order.kind, scene, filter, row);
            if found {
                rows.push(row);
            }
            *budget = budget.saturating_sub(if found { each + FOUND } else { each });
            *budget > 0
        };
        match self.source {
            Source::Open => {
                for place in columns.queue.iter_after(self.last_open) {
                    self.last_open = Some(place);
                    if !look(place.row()) {
                        return false;
                    }
                }
            }
            Source::Ended => {
                for place in columns.ended.newest(self.last_ended) {
                    self.last_ended = Some(place);
                    if !look(place.1) {
                        return false;
                    }
                }
            }
            Source::All => {
                let end = row_count(order.kind, scene);
                while self.next < end {
                    self.next += 1;
                    if !look(self.next - 1) {
                        return false;
                    }
                }
            }
        }
        true
    }
}

/// Open tasks that stand ready in the order of the queue: their list needs no scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ready {
    Due,
    Snoozed,
    /// Both in one order.
    Open,
}

/// Which open tasks a filter means when it asks for nothing but their state.
pub(super) fn ready(order: Order, query: &Query) -> Option<Ready> {
    if order.kind != Kind::Task || !matches!(order.sort, Sort::Natural | Sort::Due | Sort::Spent) {
        return None;
    }
    let words = match query.expr() {
        Expr::All => return Some(Ready::Open),
        Expr::Leaf(Leaf::Words { key: Key::State, words }) => words,
        _ => return None,
    };
    let has = |state: TaskState| words.contains(&state.word());
    let only_open = words.iter().all(|word| TaskState::parse(word).is_some_and(TaskState::is_open));
    match (has(TaskState::Due), has(TaskState::Snoozed)) {
        _ if !only_open => None,
        (true, true) => Some(Ready::Open),
        (true, false) => Some(Ready::Due),
        (false, true) => Some(Ready::Snoozed),
        (false, false) => None,
    }
}

fn row_count(kind: Kind, scene: &Scene<'_>) -> u32 {
    let columns = scene.columns;
    let count = match kind {
        Kind::Task => columns.tasks.len(),
        Kind::Member => columns.members.len(),
        Kind::Group => columns.groups.len(),
        Kind::Account => columns.accounts.len(),
        Kind::Playbook => columns.playbook_ids.len(),
        Kind::Contact | Kind::Membership | Kind::Product => 0,
    };
    count as u32
}

/// Whether a row is in a list. What is archived or removed is in none; of tasks the empty filter shows what is open.
pub(super) fn is_in(kind: Kind, scene: &Scene<'_>, filter: &Filter, row: u32) -> bool {
    match kind {
        Kind::Task => TaskSubject::new(*scene, row).is_some_and(|task| {
            (task.column.state.is_open() || !filter.is_everything()) && filter.matches(&task)
        }),
        Kind::Member => MemberSubject::new(*scene, row)
            .is_some_and(|member| !member.column.archived && filter.matches(&member)),
        Kind::Group => GroupSubject::new(*scene, row)
            .is_some_and(|group| !group.column.body.archived && filter.matches(&group)),
        Kind::Account => AccountSubject::new(*scene, row)
            .is_some_and(|account| !account.column.body.archived && filter.matches(&account)),
        Kind::Playbook => scene.columns.playbook_at(row as u16).is_some_and(|(id, column)| {
            // A one-off that is over or was taken back is found by its name alone.
            let is_named = !filter.is_everything() && is_found(id, column);
            (is_listed(id, column) || is_named) && filter.matches(&Named(&column.key))
        }),
        Kind::Contact | Kind::Membership | Kind::Product => false,
    }
}

/// Whether a playbook is in the list of all: not removed, and no one-off that is over.
pub(super) fn is_listed(id: &PlaybookId, column: &PlaybookColumn) -> bool {
    let is_over = is_one_off(id) && column.active + column.in_line + column.open == 0;
    column.state != PlaybookState::Removed && !is_over
}

/// Whether who names a playbook finds it: not removed, or a one-off, of which people ask what became of it.
pub(super) fn is_found(id: &PlaybookId, column: &PlaybookColumn) -> bool {
    column.state != PlaybookState::Removed || is_one_off(id)
}

/// A row that has nothing but a name: playbooks.
struct Named<'a>(&'a str);

impl crate::query::Subject for Named<'_> {
    fn names(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        visit(self.0)
    }
    fn texts(&self, _visit: &mut dyn FnMut(&str) -> bool) -> bool {
        false
    }
    fn value(&self, _key: Key) -> Value<'_> {
        Value::None
    }
    fn each(&self, key: Key, visit: &mut Visit<'_>) -> bool {
        key == Key::Sop && visit(Value::Text(self.0))
    }
    fn is(&self, _fact: TaskFact) -> bool {
        false
    }
    fn has(&self, _thing: Thing) -> bool {
        false
    }
}

/// What a filter has to look at: tasks in open or in ended states only, where one of its conditions says so.
fn source(kind: Kind, query: &Query) -> Source {
    if kind != Kind::Task {
        return Source::All;
    }
    match query.standing() {
        Standing::Open => Source::Open,
        Standing::Ended => Source::Ended,
        Standing::Either => Source::All,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_states_stand_ready() {
        let check = |filter: &str, sort: Sort, expected: Option<Ready>| {
            let query = crate::query::parse(filter).unwrap();
            assert_eq!(ready(Order { kind: Kind::Task, sort }, &query), expected, "{filter}");
        };
        check("", Sort::Natural, Some(Ready::Open));
        check("state:due", Sort::Due, Some(Ready::Due));
        check("state:snoozed", Sort::Natural, Some(Ready::Snoozed));
        check("状态:待发,稍后", Sort::Natural, Some(Ready::Open));
        check("state:due,sent", Sort::Natural, None);
        check("-state:due", Sort::Natural, None);
        check("state:due 张三", Sort::Natural, None);
        check("state:due", Sort::Account, None);
        let everybody = crate::query::parse("").unwrap();
        assert_eq!(ready(Order { kind: Kind::Member, sort: Sort::Natural }, &everybody), None);
    }

    #[test]
    fn filters_say_what_has_to_be_looked_at() {
        let check = |filter: &str, expected: Source| {
            let query = crate::query::parse(filter).unwrap();
            assert_eq!(source(Kind::Task, &query), expected, "{filter}");
        };
        check("", Source::Open);
        check("state:due", Source::Open);
        check("状态:待发,稍后 张三", Source::Open);
        check("state:sent", Source::Ended);
        check("state:due,sent", Source::All);
        check("-state:due", Source::All);
        check("张三", Source::All);
        check("is:awaiting", Source::Ended);
        check("sent:today by:me", Source::Ended);
        check("by:李四", Source::Ended);
        check("by:", Source::All);
        check("is:late OR state:due", Source::Open);
        check("is:late OR is:awaiting", Source::All);
        check("overdue:yes", Source::Open);
        check("overdue:no", Source::All);
    }
}
