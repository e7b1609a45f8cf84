//! What is marked: ids, so that marks go with their lines; those of a filter that is only looked at come back with the
//! list they were made in.

use super::{LARGEST, Line, LineId, List};

impl List {
    /// What was marked when it was done is marked again, as far as it was, at once or with the change that brings it.
    pub fn mark_as_before(&mut self, ids: impl IntoIterator<Item = LineId>) {
        for id in ids {
            if !self.marked_when_done.remove(&id) {
                continue;
            }
            if self.lines.iter().any(|line| line.id() == id) {
                self.leaving.remove(&id);
                self.marks.insert(id);
            } else {
                self.marks_to_come.push(id);
            }
        }
    }

    /// Marks or unmarks the line under the cursor.
    pub fn toggle_mark(&mut self) {
        self.parked = None;
        if let Some(id) = self.cursor.clone()
            && !self.marks.remove(&id)
        {
            self.marks.insert(id);
        }
    }

    /// Marks everything between where the range began and the cursor.
    pub fn mark_range(&mut self) {
        self.parked = None;
        let Some(start) =
            self.anchor.as_ref().and_then(|id| self.lines.iter().position(|line| line.id() == *id))
        else {
            return;
        };
        let (from, to) = (start.min(self.row), start.max(self.row));
        self.marks.extend(self.lines.iter().skip(from).take(to - from + 1).map(Line::id));
    }

    /// Marks what is unmarked in the whole list, and the other way round. True when the window must be asked for first:
    /// then it is done when that has come, as far as [`LARGEST`] goes.
    pub fn invert_all(&mut self) -> bool {
        let held = self.lines.len() as u32;
        if held >= self.total || held >= LARGEST {
            self.invert_held();
            return false;
        }
        self.window_rows = LARGEST;
        self.goal = None;
        let absolute = self.absolute_row() as u32;
        self.first = if self.total <= LARGEST { 0 } else { absolute.saturating_sub(LARGEST / 2) };
        self.inverts = true;
        true
    }

    pub(super) fn invert_held(&mut self) {
        self.parked = None;
        let all: Vec<LineId> = self.lines.iter().map(Line::id).collect();
        for id in all {
            if !self.marks.remove(&id) {
                self.marks.insert(id);
            }
        }
    }

    /// Marks exactly these.
    pub fn set_marks(&mut self, ids: impl IntoIterator<Item = LineId>) {
        self.parked = None;
        self.marks = ids.into_iter().collect();
    }

    /// Takes these marks away.
    pub fn unmark(&mut self, ids: impl IntoIterator<Item = LineId>) {
        self.parked = None;
        for id in ids {
            self.marks.remove(&id);
        }
    }

    pub fn clear_marks(&mut self) {
        self.parked = None;
        self.marks.clear();
        self.anchor = None;
    }

    pub fn is_marked(&self, id: &LineId) -> bool {
        self.marks.contains(id)
    }

    pub fn mark_count(&self) -> usize {
        self.marked().count()
    }

    /// Marked lines that are held, in the list's order: hidden ones are never acted on.
    pub fn marked(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| self.marks.contains(&line.id()))
    }

    /// What an action is about: the marked lines, else the one under the cursor.
    pub fn acted_on(&self) -> Vec<&Line> {
        let marked: Vec<&Line> = self.marked().collect();
        if marked.is_empty() { self.selected().into_iter().collect() } else { marked }
    }

    /// Keeps what is marked for when the list is filtered as it is now again.
    pub(super) fn park(&mut self) {
        if self.parked.is_none() && !self.marks.is_empty() {
            self.parked = Some((self.spec.clone(), self.marks.clone()));
        }
    }

    /// Marks what was marked in this list before it was filtered otherwise. Rows of the other filter may still be on their
    /// way, so it is kept until something else is marked.
    pub(super) fn unpark(&mut self) {
        if let Some((_, parked)) = self.parked.as_ref().filter(|(spec, _)| *spec == self.spec) {
            self.marks.extend(parked.iter().cloned());
        }
    }

    /// The list stays as it is filtered now: what else was marked is not looked at any more.
    pub fn keep_filtered(&mut self) {
        self.parked = None;
    }
}
