//! Working the queue off: sent, parts, snooze, skip, one edit, undo.
//!
//! `sent` is a person's statement. The cursor is on the next task before the desk has
//! answered; what it refuses comes back to its row.

use super::super::keymap::Context;
use super::super::line::Line;
use super::super::popup::editor::Purpose;
use super::super::popup::menu::Filling;
use super::super::popup::{Choice, Editor, Item, Menu, Popup};
use super::super::state::{Detail, Pending, State, Tone};
use super::super::words::Words;
use super::asks::AskWords;
use crate::book::{ActId, ObjectId, TaskId, Timestamp};
use crate::door::command::TaskVerb;
use crate::door::detail::{PartView, TaskDetail, TaskText};
use crate::door::line::{Fact, LineId, TaskLine};
use crate::door::reply::LogEntry;
use crate::door::request::Request;
use crate::door::{Command, Saw};
use crate::text::clean;

/// Acts that `U` looks back to, with what undid them.
const HISTORY: u16 = 100;

impl State {
    /// The task under the cursor.
    pub fn task(&self) -> Option<&TaskLine> {
        self.main.selected().and_then(Line::task)
    }

    /// Its text, as far as it has come.
    pub fn task_text(&self) -> Option<&TaskText> {
        self.main.text(self.task()?.id)
    }

    /// Its details, once they have come.
    pub fn task_detail(&self) -> Option<&TaskDetail> {
        let task = self.task()?.id;
        match self.shown_detail() {
            Some(Detail::Task(detail)) if detail.line.id == task => Some(detail),
            _ => None,
        }
    }

    /// The part at hand: the first not ticked.
    pub fn part_at_hand(text: &TaskText) -> Option<(usize, &PartView)> {
        text.parts.iter().enumerate().find(|(_, part)| !part.done)
    }

    /// Tells how many tasks in sight have the text of the one under the cursor.
    pub(super) fn say_same_text(&mut self) {
        let same = self.same_text().len();
        if self.main.mark_count() == 1 && same > 1 {
            let words = self.fill(Words::SameText, &[("n", &same)]);
            self.say(Tone::Info, words);
        }
    }

    /// How many tasks held have the text of the one under the cursor; none where all of them are marked already.
    pub fn same_text_count(&self) -> usize {
        let Some(task) = self.task().filter(|task| task.state.is_open()) else { return 0 };
        let marked = self.lines_like(task).filter(|line| self.main.is_marked(&line.id())).count();
        let same = self.lines_like(task).count();
        if marked == same { 0 } else { same }
    }

    /// The lines held that owe a task's text.
    fn lines_like(&self, task: &TaskLine) -> impl Iterator<Item = &Line> {
        let hash = task.same_text;
        let same = move |line: &&Line| {
            line.task().is_some_and(|other| other.same_text == hash && other.state.is_open())
        };
        self.main.lines.iter().filter(move |line| hash.is_some() && same(line))
    }

    /// The tasks held that have the marked or selected task's text.
    fn same_text(&self) -> Vec<LineId> {
        let first = self.main.marked().next().or_else(|| self.main.selected()).and_then(Line::task);
        first.map(|task| self.lines_like(task).map(Line::id).collect()).unwrap_or_default()
    }

    /// Marks all that have this text.
    pub(super) fn mark_same_text(&mut self) {
        let same = self.same_text();
        if same.len() < 2 {
            self.tell(Tone::Info, Words::NoSameText);
            return;
        }
        let words = self.fill(Words::MarkedSame, &[("n", &same.len())]);
        self.main.set_marks(same);
        self.chunk = None;
        self.say(Tone::Info, words);
    }

    /// `d`: a person says it was sent. A chunk if one was copied, else the marked, else the task at hand. Of texts with
    /// several parts it is the part at hand; the last one marks the tasks.
    pub(super) fn sent(&mut self, at: Option<Timestamp>) {
        // A form is not sent but filled in.
        if self.open_form() {
            return;
        }
        let is_chunk = !self.chunk_marked().is_empty();
        // of those that were marked beside a batch too, also where one is left
        let several = self.main.mark_count() > 1 || self.chunk.take_if(|_| !is_chunk).is_some();
        let tasks = self.tasks_said_sent();
        // who says when it was has looked at what has ended
        let doubtful = if at.is_none() { self.first_doubtful(&tasks) } else { self.first_unready(&tasks) };
        if let Some((name, why)) = doubtful {
            self.ask_whether_sent(tasks, at, &name, &why);
            return;
        }
        if at.is_none() {
            let alone = is_chunk || !several;
            let asks =
                if alone { self.asks_about_uncopied_part(&tasks) } else { self.asks_about_uncopied(&tasks) };
            if asks {
                return;
            }
        }
        self.say_sent(tasks, at);
    }

    /// The tasks that were copied last, as far as they are still marked.
    fn chunk_marked(&self) -> Vec<TaskId> {
        let chunk = self.chunk.iter().flat_map(|chunk| &chunk.tasks).copied();
        let marked = |task: &TaskId| self.main.is_marked(&LineId::Object(ObjectId::Task(*task)));
        chunk.filter(marked).collect()
    }

    /// How many tasks `d` is about where it is about those that were copied last.
    pub fn chunk_count(&self) -> usize {
        self.chunk_marked().len()
    }

    /// What `d` is about.
    fn tasks_said_sent(&self) -> Vec<TaskId> {
        let chunk = self.chunk_marked();
        if chunk.is_empty() { self.acted_on_tasks() } else { chunk }
    }

    /// The first of some tasks that could not be copied as it stands, also once more after its end: its name, and why.
    pub(super) fn first_unready(&self, tasks: &[TaskId]) -> Option<(String, String)> {
        tasks.iter().find_map(|id| {
            let task = self.main.lines.iter().filter_map(Line::task).find(|task| task.id == *id)?;
            let why = task.facts.iter().find_map(|fact| match fact {
                Fact::NotFriend => Some(self.fill(Words::NextNotFriend, &[])),
                _ if !task.state.is_open() => None,
                Fact::Blocked { words, asked, .. } => Some(self.blocked_by(words, *asked)),
                Fact::Held(why) => Some(self.fill(Words::NextHeld, &[("why", why)])),
                _ => None,
            })?;
            Some((task.target_name.clone(), why))
        })
    }

    /// Says that these were sent, or the part of them that is at hand.
    pub(super) fn say_sent(&mut self, tasks: Vec<TaskId>, at: Option<Timestamp>) {
        if at.is_none() {
            if tasks.iter().any(|task| self.main.text(*task).is_none()) {
                // Without the texts nobody knows which part is meant.
                self.ask(Request::Texts(tasks), Pending::Texts);
                self.tell(Tone::Warning, Words::TextComing);
                return;
            }
            if self.tells_ticked(&tasks) {
                return;
            }
            if let Some((part, with)) = self.part_at_hand_of(&tasks) {
                self.tick_part(part, with);
                return;
            }
        }
        self.remark = self.names_left(&tasks);
        self.mark_sent(tasks, at);
        if let Some(chunk) = &mut self.chunk {
            let marked = self.main.marked().filter_map(|line| line.task().map(|task| task.id));
            chunk.rest = marked.filter(|task| !chunk.tasks.contains(task)).collect();
        }
        if self.main.mark_count() == 0 {
            self.main.clear_marks();
            self.chunk = None;
        }
    }

    /// The first part that is open in any of these tasks and not its last, and the tasks that stand at it.
    fn part_at_hand_of(&self, tasks: &[TaskId]) -> Option<(usize, Vec<TaskId>)> {
        let standing: Vec<(TaskId, usize, usize)> = tasks
            .iter()
            .filter_map(|task| {
                let parts = &self.main.text(*task)?.parts;
                let first = parts.iter().position(|part| !part.done)?;
                Some((*task, first, parts.iter().filter(|part| !part.done).count()))
            })
            .collect();
        let part = standing.iter().filter(|(_, _, open)| *open > 1).map(|(_, first, _)| *first).min()?;
        let with = standing.iter().filter(|(_, first, open)| *first == part && *open > 1);
        Some((part, with.map(|(task, ..)| *task).collect()))
    }

    /// Ticks a part of several tasks and says which comes next; marks and chunk stay for it.
    fn tick_part(&mut self, part: usize, tasks: Vec<TaskId>) {
        let next = tasks.first().and_then(|task| self.main.text(*task)).and_then(|text| {
            let (at, next) = text.parts.iter().enumerate().find(|(at, next)| *at > part && !next.done)?;
            let how = match next.copy {
                Some(_) => self.with_keys(Words::NextCopy, &[]),
                None => self.by_hand_with(next),
            };
            let shown = next.copy.as_deref().unwrap_or(&next.show).lines().next().unwrap_or_default();
            let label = self.fill(Words::NextPart, &[("part", &(at + 1)), ("all", &text.parts.len())]);
            Some(format!("{label}{}  {}", crate::text::width::truncate(&clean::for_display(shown), 30), how))
        });
        let verb = TaskVerb::Part { part: part as u16 };
        let left = self.names_left(&tasks);
        let next = next.unwrap_or_default();
        let said = format!("{left}{}{next}", if left.is_empty() { "" } else { "  " });
        let pending = Pending::Part(part as u16, tasks.clone(), said);
        if self.command(Command::Task { tasks: tasks.clone(), verb }, pending).is_none() {
            return;
        }
        self.ticked_here(part as u16, &tasks);
        for task in tasks {
            if let Some(part) = self.main.texts.get_mut(&task).and_then(|text| text.parts.get_mut(part)) {
                part.done = true;
            }
        }
    }

    /// Says that these were sent; the cursor goes on to the next.
    pub(super) fn mark_sent(&mut self, tasks: Vec<TaskId>, at: Option<Timestamp>) {
        self.end_tasks(tasks, TaskVerb::Sent { at, also: false });
    }

    /// Something that takes tasks out of this list.
    pub(super) fn end_tasks(&mut self, tasks: Vec<TaskId>, verb: TaskVerb) {
        if tasks.is_empty() {
            return;
        }
        let ids: Vec<LineId> = tasks.iter().map(|task| LineId::Object(ObjectId::Task(*task))).collect();
        if self.command(Command::Task { tasks: tasks.clone(), verb }, Pending::Tasks(tasks)).is_none() {
            self.remark.clear();
            return;
        }
        for id in &ids {
            self.main.set_leaving(id.clone(), true);
        }
        if self.main.cursor.as_ref().is_some_and(|cursor| ids.contains(cursor)) {
            let wants = self.main.step_over(&ids);
            self.moved(wants);
        }
        self.scroll = 0;
    }

    pub(super) fn acted_on_tasks(&self) -> Vec<TaskId> {
        self.main.acted_on().into_iter().filter_map(|line| line.task().map(|task| task.id)).collect()
    }

    /// Why a text cannot be said, and what helps: the form, where one asks for what is missing.
    pub fn blocked_by(&self, why: &str, asked: bool) -> String {
        if asked {
            self.fill(Words::BlockedBy, &[("why", &why)])
        } else {
            self.fill(AskWords::BlockedUnasked, &[("why", &why)])
        }
    }

    /// `e`: this text once.
    pub(super) fn edit_once(&mut self) {
        let Some(task) = self.task().map(|task| task.id) else { return };
        // of what cannot be said as it is written, what is written: whoever edits it goes on from there
        let text = self.task_text().and_then(|text| {
            let mut open = text.parts.iter().filter(|part| !part.done);
            open.find_map(|part| part.copy.clone().or_else(|| part.written.clone()))
        });
        let blocked = self.task_text().and_then(|text| text.blocked.clone());
        if text.is_none() && blocked.is_none() {
            self.tell(Tone::Info, Words::NothingToCopy);
            return;
        }
        let name = self.task().map(|task| task.target_name.clone()).unwrap_or_default();
        let title = self.fill(Words::EditTitle, &[("name", &name)]);
        let hint = self.foot(Context::Editor, Words::EditHint, &[]);
        let editor = Editor::new(title, hint, text.as_deref().unwrap_or_default(), Purpose::Rewrite(task));
        let editor = editor.standing_on(Saw::Text(text));
        self.popups.push(Popup::Editor(Box::new(editor)));
    }

    pub(super) fn undo(&mut self, act: Option<ActId>) {
        self.command(Command::Undo { act }, Pending::Undo);
    }

    pub(super) fn redo(&mut self) {
        self.command(Command::Redo, Pending::Command);
    }

    /// `U`: what everybody did.
    pub(super) fn history(&mut self) {
        let tag = self.ask(Request::Log { before: None, limit: HISTORY, mine: false }, Pending::Popup);
        let mut menu = Menu::new(self.fill_in(Context::Menu, Words::HistoryTitle, &[]), Vec::new());
        menu.digits = false;
        menu.waiting = Some((tag, Filling::Log));
        self.text(Words::HistoryEmpty).clone_into(&mut menu.empty);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// Lines of the history: when, who, what.
    pub(in crate::tui) fn log_items(&self, entries: &[LogEntry]) -> Vec<Item> {
        // an act that was undone says so itself: what undid it, or did it again, is no line of its own
        entries
            .iter()
            .filter(|entry| !entry.undoes)
            .map(|entry| {
                let at = self.say_past(entry.at);
                let undone = if entry.undone { self.text(Words::Undone) } else { "" };
                let mut item =
                    Item::new(format!("{at} {} {}", entry.by, entry.words), undone, Choice::Undo(entry.act));
                if entry.undone || !entry.undoable {
                    item.enabled = false;
                    if !entry.undone {
                        self.text(Words::NotUndoable).clone_into(&mut item.note);
                    }
                }
                item
            })
            .collect()
    }

    pub(super) fn confirm_clock(&mut self) {
        self.held = None;
        self.command(Command::ConfirmClock, Pending::Command);
    }
}
