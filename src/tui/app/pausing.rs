//! Pausing and resuming groups and people, whatever playbooks they are in.

use super::super::line::Line;
use super::super::state::{Pending, State};
use crate::book::{Target, Timestamp};
use crate::door::Command;

impl State {
    /// `:mute`: playbooks of the marked targets, else of the one under the cursor, wait; of a task said in a group, the
    /// group's.
    pub(super) fn pause_targets(&mut self, until: Option<Timestamp>) {
        let targets = self.targets_acted_on();
        self.command(Command::Pause { targets, until }, Pending::Command);
    }

    /// `:unmute`: they go on.
    pub(super) fn unpause_targets(&mut self) {
        let targets = self.targets_acted_on();
        self.command(Command::Unpause { targets }, Pending::Command);
    }

    fn targets_acted_on(&self) -> Vec<Target> {
        self.list().acted_on().into_iter().filter_map(Line::target).collect()
    }
}
