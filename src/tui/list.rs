//! A window onto a list that the desk holds: cursor, marks, scrolling, patches.
//!
//! The cursor follows a line's id, never a row number: a refresh, a patch or another order moves it with its line.
//! When the line is gone the cursor stays on the same row, where the next one has moved up;
//! in a list by another filter it goes to the line next to where its own would stand, and with the filter that was there
//! before back to its own, on the row of the screen where that stood. Marks are ids too; marks on
//! lines that are no longer in the window's list are forgotten, so that no action reaches what cannot be seen. The
//! list may have a million rows while the screen holds some hundred: leaving the window asks for another.
//!
//! One file because cursor, marks and patches are one state.

use std::collections::{HashMap, HashSet};

use super::line::{self, Line};
use crate::book::TaskId;
use crate::door::Refusal;
use crate::door::detail::TaskText;
use crate::door::line::LineId;
use crate::door::reply::{Patch, Window};
use crate::door::request::{ListSpec, Request};

/// How many rows a window holds; about three screens.
pub const WINDOW_ROWS: u32 = 200;
/// The most rows that are held, and so marked at once: as many as a desk keeps true.
pub const LARGEST: u32 = 500;
/// What a first window holds beyond the rows on the screen.
const FIRST_MORE: u32 = 20;
/// The next window is asked for when the cursor comes this near to an end that is not the list's end.
const MARGIN: usize = 40;

/// A list as the screen holds it.
#[derive(Clone, Debug)]
pub struct List {
    pub watch: u32,
    pub spec: ListSpec,
    pub rev: u64,
    pub total: u32,
    /// Row in the whole list of the first line held.
    pub first: u32,
    pub lines: Vec<Line>,
    /// Texts of the tasks held, so that moving and copying need no round trip.
    pub texts: HashMap<TaskId, TaskText>,
    /// The line under the cursor.
    pub cursor: Option<LineId>,
    /// Where it stands among the lines held.
    pub row: usize,
    /// First line drawn, among the lines held.
    pub top: usize,
    /// Where a range began.
    pub anchor: Option<LineId>,
    marks: HashSet<LineId>,
    /// What was marked in the list that is filtered otherwise for a look, and which list that is.
    parked: Option<(ListSpec, HashSet<LineId>)>,
    /// What was marked when it was done here, and what of that is to be marked when it comes back.
    marked_when_done: HashSet<LineId>,
    marks_to_come: Vec<LineId>,
    /// Marked as done here, not yet gone from the desk's list.
    leaving: HashSet<LineId>,
    /// False until the first window came.
    pub loaded: bool,
    /// The rows that are there are of an earlier filter.
    refiltered: bool,
    /// A row of the whole list to put the cursor on when its window comes.
    goal: Option<u32>,
    /// The line that the cursor was put on because the list has not the one it was on: should the desk know better
    /// once it has looked at all, the cursor goes there.
    lent: Option<LineId>,
    /// A line that the cursor goes to with the next change, if that brings it.
    wish: Option<LineId>,
    /// The cursor's line has left by another's act or by time, and another stands there since.
    slipped: bool,
    /// Where its user had put the cursor before the list was filtered otherwise; none once they have moved it.
    home: Option<Home>,
    pub nearest: Vec<String>,
    pub refused: Option<Refusal>,
    /// Lines that fit on the screen, as last drawn.
    pub height: usize,
    /// How many rows a window is asked for with.
    window_rows: u32,
    /// The marks are inverted when the window comes.
    inverts: bool,
}

/// The line that somebody had put the cursor on: wherever a filter has it, the cursor is there.
#[derive(Clone, Debug)]
struct Home {
    line: LineId,
    /// The list that they did it in, the first row of its window, the row of the line, and that row on the screen.
    spec: ListSpec,
    first: u32,
    row: usize,
    screen_row: usize,
}

/// Where somebody left a list: what stands under the cursor and what is marked when they come back to it.
#[derive(Clone, Debug)]
pub struct Left {
    spec: ListSpec,
    cursor: Option<LineId>,
    first: u32,
    row: usize,
    top: usize,
    anchor: Option<LineId>,
    marks: HashSet<LineId>,
    window_rows: u32,
    home: Option<Home>,
}

/// Where a patch leaves the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patched {
    Applied,
    /// Something is missing: ask for the window again.
    Gap,
}

impl List {
    /// An empty list that watches nothing yet.
    pub fn new(watch: u32, spec: ListSpec) -> Self {
        Self {
            watch,
            spec,
            rev: 0,
            total: 0,
            first: 0,
            lines: Vec::new(),
            texts: HashMap::new(),
            cursor: None,
            row: 0,
            top: 0,
            anchor: None,
            marks: HashSet::new(),
            parked: None,
            marked_when_done: HashSet::new(),
            marks_to_come: Vec::new(),
            leaving: HashSet::new(),
            loaded: false,
            refiltered: false,
            goal: None,
            lent: None,
            wish: None,
            slipped: false,
            home: None,
            nearest: Vec::new(),
            refused: None,
            height: 10,
            window_rows: WINDOW_ROWS,
            inverts: false,
        }
    }

    /// Shows another list: nothing of the old one stays but the watch, and what was marked of what is done.
    pub fn show(&mut self, spec: ListSpec) {
        let (height, marked) = (self.height, std::mem::take(&mut self.marked_when_done));
        *self = Self::new(self.watch, spec);
        (self.height, self.marked_when_done) = (height, marked);
    }

    /// What is to be found again when this list is shown once more.
    pub fn leave(&self) -> Left {
        Left {
            spec: self.spec.clone(),
            cursor: self.cursor.clone(),
            first: self.first,
            row: self.row,
            top: self.top,
            anchor: self.anchor.clone(),
            marks: self.marks.clone(),
            window_rows: self.window_rows,
            home: self.home.clone(),
        }
    }

    /// Shows another list as it was left: cursor and marks go to their lines when those come, and where the cursor's is
    /// gone it stays on its row.
    pub fn show_again(&mut self, spec: ListSpec, left: Left) {
        let knows = left.spec == spec;
        self.show(spec);
        if !knows {
            return;
        }
        let screen_row = left.row.saturating_sub(left.top);
        (self.first, self.row, self.top) = if left.marks.is_empty() {
            (left.first + (left.row - screen_row) as u32, screen_row, 0)
        } else {
            // what is marked is to be held again
            (left.first, left.row, left.top)
        };
        (self.cursor, self.anchor, self.marks) = (left.cursor, left.anchor, left.marks);
        (self.window_rows, self.home) = (left.window_rows, left.home);
    }

    /// Filters otherwise: the rows that are there stay until others come. `settled` where none are on their way.
    pub fn filter_by(&mut self, spec: ListSpec, settled: bool) {
        self.remember(settled);
        self.park();
        self.goal = None;
        self.first = self.first_at_home(&spec);
        self.refiltered = true;
        self.spec = spec;
    }

    /// True until a first window of what is asked for has come.
    pub const fn awaits_first(&self) -> bool {
        !self.loaded || self.refiltered
    }

    /// Shows a part of this list, or the whole again: none of the rows that are there is of that.
    pub fn narrow_to(&mut self, spec: ListSpec, settled: bool) {
        self.remember(settled);
        let (home, first) = (self.home.take(), self.first_at_home(&spec));
        self.show(spec);
        (self.home, self.first) = (home, first);
    }

    /// Where the cursor is becomes the place to come back to: unless it was only put there for want of that place.
    fn remember(&mut self, settled: bool) {
        let is_there = |home: &Home| settled && home.spec == self.spec;
        if self.home.as_ref().is_none_or(is_there) {
            self.home = self.cursor.clone().map(|line| Home {
                line,
                spec: self.spec.clone(),
                first: self.first,
                row: self.absolute_row(),
                screen_row: self.row.saturating_sub(self.top),
            });
        }
    }

    fn first_at_home(&self, spec: &ListSpec) -> u32 {
        self.home.as_ref().filter(|home| home.spec == *spec).map_or(0, |home| home.first)
    }

    /// What asks for the window around the cursor.
    pub fn request(&self) -> Request {
        let first = self.goal.map_or(self.first, |goal| goal.saturating_sub(self.window_rows / 2));
        // The first rows are wanted soon: what is on the screen and a little more.
        // who comes back to a row further down finds it, also where its line is gone
        let far =
            |home: &Home| home.spec == self.spec && home.row >= (home.first + self.first_rows()) as usize;
        let comes_back = self.home.as_ref().is_some_and(far);
        let whole = !self.awaits_first() || self.goal.is_some() || !self.marks.is_empty() || comes_back;
        let rows = if whole { self.window_rows } else { self.first_rows() };
        Request::Watch {
            watch: self.watch,
            list: self.spec.clone(),
            first,
            rows,
            around: if self.goal.is_some() || self.inverts { None } else { self.place().cloned() },
        }
    }

    /// The line that the cursor belongs to, be it in the list or not.
    fn place(&self) -> Option<&LineId> {
        self.home.as_ref().map(|home| &home.line).or(self.cursor.as_ref())
    }

    fn first_rows(&self) -> u32 {
        (self.height as u32 + FIRST_MORE).min(WINDOW_ROWS)
    }

    /// True when what is held is a first window and the list has more rows to hold: it may have been asked for before
    /// the size of the screen was known.
    pub fn wants_more(&self) -> bool {
        self.loaded && (self.lines.len() as u32) < WINDOW_ROWS && !self.ends_here()
    }

    /// True when the last row of the list is among those held.
    pub fn ends_here(&self) -> bool {
        self.first as usize + self.lines.len() >= self.total as usize
    }

    /// The line under the cursor.
    pub fn selected(&self) -> Option<&Line> {
        self.lines.get(self.row)
    }

    /// The row of the cursor in the whole list.
    pub fn absolute_row(&self) -> usize {
        self.first as usize + self.row
    }

    /// Takes a window: the cursor finds its line again. True when that stands at its very end and more rows are to be
    /// asked for.
    pub fn take_window(&mut self, window: Window) -> bool {
        let screen_row = self.row.saturating_sub(self.top);
        let old_absolute = self.absolute_row();
        // the line at the edge was only stood on until this came
        if self.is_beyond() {
            (self.cursor, self.home) = (None, None);
        }
        self.rev = window.rev;
        self.total = window.total;
        self.first = window.first;
        self.lines = line::lines(window.lines);
        self.nearest = window.nearest;
        self.refused = None;
        (self.loaded, self.refiltered) = (true, false);
        self.take_texts(window.texts);
        let asked = window.around.map(|at| at as usize);
        if self.lent.take().is_some_and(|lent| asked.is_some() && self.cursor == Some(lent)) {
            self.cursor = None;
        }
        let before = self.place().cloned();
        let goal = self.goal.take().map(|goal| goal as usize);
        let home = || self.home.as_ref().filter(|home| home.spec == self.spec).map(|home| home.row);
        let wanted = goal.or(asked).or_else(home).unwrap_or(old_absolute);
        self.settle(wanted.saturating_sub(self.first as usize), screen_row);
        self.lent = self.cursor.clone().filter(|_| asked.is_some() && before != self.cursor);
        if std::mem::take(&mut self.inverts) {
            self.invert_held();
        }
        let is_cut = goal.is_none() && self.row + 1 == self.lines.len() && !self.ends_here();
        if is_cut {
            self.goal = Some(self.absolute_row() as u32);
        }
        is_cut
    }

    /// Takes a change of the window.
    pub fn take_patch(&mut self, patch: Patch) -> Patched {
        if patch.rev != self.rev + 1 || !self.loaded {
            return Patched::Gap;
        }
        let screen_row = self.row.saturating_sub(self.top);
        let mut held: HashMap<LineId, Line> = self.lines.drain(..).map(|line| (line.id(), line)).collect();
        for line in line::lines(patch.upserts) {
            let was = held.insert(line.id(), line.clone());
            // what was shown as done is shown as the desk has it, once it has changed there and stays in this list
            let rev = |line: &Line| line.task().map(|task| task.rev);
            if was.is_some_and(|was| rev(&was) != rev(&line)) {
                self.leaving.remove(&line.id());
            }
        }
        let wanted = patch.order.len();
        self.lines = patch.order.iter().filter_map(|id| held.remove(id)).collect();
        self.rev = patch.rev;
        self.total = patch.total;
        self.take_texts(patch.texts);
        let before = self.cursor.clone().filter(|id| !self.leaving.contains(id));
        self.settle(self.row, screen_row);
        let is_gone = |id: &LineId| !self.lines.iter().any(|line| line.id() == *id);
        self.slipped |= self.cursor.is_some() && before.is_some_and(|id| is_gone(&id));
        if self.lines.len() == wanted { Patched::Applied } else { Patched::Gap }
    }

    /// Whether another line stands under the cursor than before, not by its user's doing; asked once.
    pub const fn take_slipped(&mut self) -> bool {
        std::mem::replace(&mut self.slipped, false)
    }

    /// Takes texts that came with a window or were asked for.
    pub fn take_texts(&mut self, texts: Vec<TaskText>) {
        self.texts.extend(texts.into_iter().map(|text| (text.task, text)));
        if self.texts.len() > 4 * WINDOW_ROWS as usize {
            let held: HashSet<TaskId> = self.lines.iter().filter_map(|l| l.task().map(|t| t.id)).collect();
            self.texts.retain(|id, _| held.contains(id));
        }
    }

    /// Finds the cursor's line again, or stays on the row; keeps its place on the screen.
    fn settle(&mut self, row: usize, screen_row: usize) {
        let ids: HashSet<LineId> = self.lines.iter().map(Line::id).collect();
        self.leaving.retain(|id| ids.contains(id));
        self.marks.extend(self.marks_to_come.drain(..).filter(|id| ids.contains(id)));
        self.unpark();
        if self.lines.len() as u32 == self.total {
            self.marks.retain(|id| ids.contains(id));
        }
        let place = |id: &LineId| self.lines.iter().position(|line| line.id() == *id);
        let wished = self.wish.take().and_then(|id| place(&id));
        let home = self.home.as_ref().filter(|_| wished.is_none());
        let home = home.and_then(|home| Some((place(&home.line)?, home.screen_row)));
        let (home, screen_row) = home.map_or((None, screen_row), |(row, screen_row)| (Some(row), screen_row));
        let found = wished.or(home).or_else(|| self.cursor.as_ref().and_then(place));
        self.row = found.unwrap_or(row).min(self.lines.len().saturating_sub(1));
        self.cursor = self.selected().map(Line::id);
        self.top = self.row.saturating_sub(screen_row);
        self.keep_in_sight();
    }

    fn keep_in_sight(&mut self) {
        let height = self.height.max(1);
        let last_top = self.lines.len().saturating_sub(height);
        self.top = self.top.min(self.row).max((self.row + 1).saturating_sub(height));
        if self.ends_here() {
            self.top = self.top.min(last_top);
        }
    }

    /// Tells how many lines fit on the screen.
    pub fn set_height(&mut self, height: usize) {
        if self.height != height {
            self.height = height;
            // behind another pane it stays as it is
            if height > 0 {
                self.keep_in_sight();
            }
        }
    }

    /// Moves the cursor; true when the window around it must be asked for.
    pub fn move_by(&mut self, delta: isize) -> bool {
        let beyond = self.goal.filter(|_| self.is_beyond());
        let from = beyond.map_or_else(|| self.absolute_row(), |goal| goal as usize);
        self.move_to(from.saturating_add_signed(delta))
    }

    /// Puts the cursor on a row of the whole list; true when its window must be asked for.
    pub fn move_to(&mut self, absolute: usize) -> bool {
        let before = self.cursor.clone();
        let wants = self.put_on(absolute);
        // who moves is at home there
        if self.cursor != before || self.is_beyond() {
            self.home = None;
        }
        wants
    }

    fn put_on(&mut self, absolute: usize) -> bool {
        let absolute = absolute.min((self.total as usize).saturating_sub(1));
        let first = self.first as usize;
        if absolute < first || absolute >= first + self.lines.len() {
            if self.lines.is_empty() {
                return false;
            }
            // The edge of what is held, until the window comes.
            self.row = if absolute < first { 0 } else { self.lines.len() - 1 };
            self.cursor = self.selected().map(Line::id);
            self.goal = Some(absolute as u32);
            self.keep_in_sight();
            return true;
        }
        self.row = absolute - first;
        self.cursor = self.selected().map(Line::id);
        self.keep_in_sight();
        let near_top = self.row < MARGIN && first > 0;
        let near_end =
            self.row + MARGIN >= self.lines.len() && first + self.lines.len() < self.total as usize;
        if near_top || near_end {
            self.goal = Some(absolute as u32);
        }
        near_top || near_end
    }

    /// True while the cursor's wanted row is not among the lines held.
    pub fn is_beyond(&self) -> bool {
        let held = self.first..self.first + self.lines.len() as u32;
        self.goal.is_some_and(|goal| !held.contains(&goal))
    }

    /// Puts the cursor on a line; false when it is not held.
    pub fn move_onto(&mut self, id: &LineId) -> bool {
        let Some(row) = self.lines.iter().position(|line| line.id() == *id) else { return false };
        self.row = row;
        (self.cursor, self.home) = (Some(id.clone()), None);
        self.keep_in_sight();
        true
    }

    /// Puts the cursor on a line, at once or with the change that brings it.
    pub fn go_to_when_it_comes(&mut self, id: LineId) {
        if !self.move_onto(&id) {
            self.wish = Some(id);
        }
    }

    /// The next line after the cursor that stays: not leaving, not in `but`. Else the one before, else none.
    pub fn step_over(&mut self, but: &[LineId]) -> bool {
        let stays = |line: &Line| {
            let id = line.id();
            !self.leaving.contains(&id) && !but.contains(&id)
        };
        let after = (self.row + 1..self.lines.len()).find(|row| self.lines.get(*row).is_some_and(stays));
        let before = || (0..self.row).rev().find(|row| self.lines.get(*row).is_some_and(stays));
        match after.or_else(before) {
            Some(row) => self.move_to(self.first as usize + row),
            None => false,
        }
    }

    /// Shows lines as done before the desk has said so.
    pub fn set_leaving(&mut self, id: LineId, leaving: bool) {
        if leaving {
            self.parked = None;
            if self.marks.remove(&id) {
                self.marked_when_done.insert(id.clone());
            }
            self.leaving.insert(id);
        } else {
            self.leaving.remove(&id);
        }
    }

    pub fn is_leaving(&self, id: &LineId) -> bool {
        self.leaving.contains(id)
    }

    /// The lines on the screen.
    pub fn visible(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().skip(self.top).take(self.height)
    }

    /// The text of a task held.
    pub fn text(&self, task: TaskId) -> Option<&TaskText> {
        self.texts.get(&task)
    }
}

mod marks;
#[cfg(test)]
mod tests;
