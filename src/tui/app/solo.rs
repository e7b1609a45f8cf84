//! Focus: one task at a time all over the screen, with the keys of the list; how far one is, and how long the rest takes.

use super::super::line::Line;
use super::super::state::{Pane, Pending, State, Tone};
use super::super::words::Words;
use crate::book::Via;
use crate::door::form::Kind;
use crate::door::request::Request;

/// A stretch of focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Solo {
    /// Tasks that were ended since it began: they count in how far one is.
    pub done: usize,
}

impl State {
    /// Begins or ends it.
    pub(super) fn turn_solo(&mut self) {
        if self.solo.is_some() {
            self.leave_solo();
            return;
        }
        if self.view_kind() != Kind::Task {
            self.tell(Tone::Warning, Words::SoloForTasks);
            return;
        }
        self.solo = Some(Solo::default());
        self.focus = Pane::List;
        self.zoom = false;
        self.show_what_is_to_do();
        self.ask(Request::Paces, Pending::Paces);
    }

    /// Back to the list, with what has ended in it where it had that.
    pub(super) fn leave_solo(&mut self) {
        self.solo = None;
        self.show_what_is_to_do();
    }

    /// The list of the view, of which focus leaves out what is over; the cursor stays with its task.
    fn show_what_is_to_do(&mut self) {
        if self.main.spec != self.view_list() {
            self.narrow_main();
        }
    }

    /// True while one task has the screen.
    pub fn is_solo(&self) -> bool {
        self.solo.is_some() && self.view_kind() == Kind::Task
    }

    pub(super) fn solo_done(&mut self, tasks: usize) {
        if let Some(solo) = &mut self.solo {
            solo.done += tasks;
        }
    }

    pub(super) fn solo_undone(&mut self, tasks: usize) {
        if let Some(solo) = &mut self.solo {
            solo.done = solo.done.saturating_sub(tasks);
        }
    }

    /// Which one of how many is on the screen, those done since the beginning counted.
    pub fn solo_place(&self) -> (usize, usize) {
        let done = self.solo.map_or(0, |solo| solo.done);
        let leaving = self.main.lines.iter().filter(|line| self.main.is_leaving(&line.id())).count();
        let before = self.main.lines.iter().take(self.main.row);
        let before = before.filter(|line| !self.main.is_leaving(&line.id())).count();
        let left = (self.main.total as usize).saturating_sub(leaving);
        let at = done + self.main.first as usize + before + usize::from(left > 0);
        // what is on its way counts as done, so that the number stands still while the desk answers
        (at + leaving, done + leaving + left)
    }

    /// Seconds until the list is worked off, from the task on the screen on; by whoever's pace is known.
    pub fn solo_seconds(&self) -> u64 {
        let seconds = |via: Via| {
            self.paces.iter().find(|pace| pace.via == via).map_or(0, |pace| u64::from(pace.seconds))
        };
        let held: Vec<u64> = (self.main.lines.iter().skip(self.main.row))
            .filter(|line| !self.main.is_leaving(&line.id()))
            .filter_map(Line::task)
            .filter(|task| task.state.is_open())
            .map(|task| seconds(task.via))
            .collect();
        let beyond = (self.main.total as usize)
            .saturating_sub(self.main.first as usize + self.main.lines.len()) as u64;
        let sum: u64 = held.iter().sum();
        // the rows that are not held are taken to be like those that are
        sum + beyond * sum / (held.len() as u64).max(1)
    }
}
