//! What was not sent yet and stands before what comes later, of messages that are planned: a forecast and a trial tell it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::walk::Walk;
use crate::book::time::DAY;
use crate::book::{CapScope, Class, Timestamp, Via};
use crate::desk::Desk;
use crate::desk::unsent::takes_all;
use crate::queue::caps::applies;
use crate::store::columns::task::{TaskColumn, TaskSort};

/// What is open of members and groups, by whether it is a group's and the row: playbook, class, and when it is over.
#[derive(Default)]
pub(super) struct Unsent(HashMap<(bool, u32), Vec<(u16, Class, Option<Timestamp>)>>);

impl Unsent {
    /// Takes a task that is open.
    pub(super) fn take(&mut self, task: &TaskColumn, member: Option<u32>) {
        if let Some((whose, playbook)) = addressee(member, task.group, task.via).zip(task.playbook)
            && task.sort == TaskSort::Step
            && !task.held
        {
            self.0.entry(whose).or_default().push((playbook, task.class, task.until()));
        }
    }
}

impl Walk {
    /// What was not sent yet and keeps back what comes later under the caps of a member or a group, of the messages from
    /// a place on: by playbook, and how many it is about, the most first.
    pub(super) fn kept_waiting(&self, desk: &Desk, from: usize) -> Vec<(String, u32)> {
        let caps = &desk.store.columns.rules.caps;
        let mut about: HashSet<(bool, u32)> = HashSet::new();
        let mut found: BTreeMap<u16, u32> = BTreeMap::new();
        // what is open itself keeps nobody waiting
        for one in self.ahead.iter().skip(from).filter(|one| one.step.is_some()) {
            let Some(whose) = addressee(one.member, one.group, one.via) else { continue };
            let Some(open) = self.unsent.0.get(&whose).filter(|_| !about.contains(&whose)) else { continue };
            // what is over within a day keeps nobody back for longer
            let later = Timestamp(one.at.0.saturating_add(DAY));
            let stays = || open.iter().filter(|(_, _, until)| until.is_none_or(|until| until > later));
            let scope = if whose.0 { CapScope::Group } else { CapScope::Member };
            let mut about_it = caps.iter().filter(|cap| cap.scope.of == scope);
            let cap = about_it.find(|cap| takes_all(cap, one.class, stays().map(|(_, class, _)| *class)));
            let first = cap.and_then(|cap| stays().find(|(_, class, _)| applies(cap, *class)));
            if let Some((playbook, ..)) = first {
                about.insert(whose);
                *found.entry(*playbook).or_default() += 1;
            }
        }
        let title = |of: u16| desk.playbook_ref(of).map(|of| of.name).unwrap_or_default();
        let mut found: Vec<(String, u32)> = found.into_iter().map(|(of, n)| (title(of), n)).collect();
        found.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        found
    }
}

/// Whom a message is for, under caps: whether it is a group, and the row.
fn addressee(member: Option<u32>, group: Option<u32>, via: Via) -> Option<(bool, u32)> {
    match via {
        Via::Internal => None,
        Via::Group => group.map(|row| (true, row)),
        _ => member.map(|row| (false, row)),
    }
}
