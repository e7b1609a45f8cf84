//! What somebody has not been sent yet stands before what comes later: a cap counts it until it is sent, cancelled or
//! over.

use super::Desk;
use crate::book::{Cap, CapScope, Class, Target, Timestamp, Via};
use crate::queue::caps::applies;
use crate::store::columns::TaskSort;
use crate::store::columns::task::TaskColumn;
use crate::text::clean::for_display;

/// Whether what is open takes all the room that a cap leaves to one more of a class, so that it comes when one of these
/// is done and not before.
pub(in crate::desk) fn takes_all(cap: &Cap, class: Class, open: impl Iterator<Item = Class>) -> bool {
    // of those that count by the days of their span one alone is never all
    cap.n > 0 && applies(cap, class) && open.filter(|open| applies(cap, *open)).count() >= cap.n as usize
}

impl Desk {
    /// What a target was not sent yet that keeps a later message of a class from being offered at an instant, whatever
    /// the day: the title of its playbook.
    pub(in crate::desk) fn unsent_before(
        &self,
        target: Target,
        class: Class,
        at: Timestamp,
    ) -> Option<String> {
        let columns = &self.store.columns;
        let scope = match target {
            Target::Member(_) => CapScope::Member,
            Target::Group(_) => CapScope::Group,
            Target::Account(_) => return None,
        };
        let owner = columns.owner(target)?;
        let stays = |task: &TaskColumn| {
            task.sort == TaskSort::Step
                && task.via != Via::Internal
                && (scope == CapScope::Member || task.via == Via::Group)
                && !task.held
                && task.due_at <= at
                && task.until().is_none_or(|until| until > at)
        };
        let open = columns.queue.of(owner).filter_map(|row| columns.tasks.get(row)).filter(stays);
        let open: Vec<TaskColumn> = open.collect();
        let mut caps = columns.rules.caps.iter().filter(|cap| cap.scope.of == scope);
        let cap = caps.find(|cap| takes_all(cap, class, open.iter().map(|task| task.class)))?;
        let first = open.iter().find(|task| applies(cap, task.class))?;
        let (_, playbook) = columns.playbook_at(first.playbook?)?;
        Some(for_display(&playbook.title).into_owned())
    }
}
