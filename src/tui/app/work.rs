//! Working the queue off: copy, sent, parts, snooze, skip, one edit, undo.
//!
//! Copying never changes a state; `sent` is a person's statement. The cursor is on the next task before the desk has
//! answered; what it refuses comes back to its row.
//!
//! One file because the acts share what follows an act: where the cursor goes and what a refusal brings back.

use std::collections::HashSet;

use super::super::event::Effect;
use super::super::keymap::Context;
use super::super::line::Line;
use super::super::popup::editor::Purpose;
use super::super::popup::menu::Filling;
use super::super::popup::{Choice, Editor, Item, Menu, Popup};
use super::super::state::{Chunk, Detail, Pending, State, Tone};
use super::super::words::Words;
use crate::book::{ActId, ObjectId, TaskId, Timestamp};
use crate::door::Command;
use crate::door::command::TaskVerb;
use crate::door::detail::{PartView, TaskDetail, TaskText};
use crate::door::line::{Fact, LineId, TaskLine};
use crate::door::reply::LogEntry;
use crate::door::request::Request;
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

    pub(super) fn copy_text(&mut self, text: &str) -> usize {
        let text = clean::for_clipboard(text).trim_end_matches('\n').to_owned();
        let count = text.chars().filter(|c| !c.is_whitespace()).count();
        self.effect(Effect::Copy { text });
        count
    }

    /// `y`: the text, or the next part, or once for a chunk of equal texts.
    pub(super) fn copy(&mut self) {
        // One mark elsewhere: what is copied is what `d` is about.
        let elsewhere = self.main.marked().any(|line| Some(line.id()) != self.main.cursor);
        if self.main.mark_count() > 1 || elsewhere {
            self.copy_chunk();
            return;
        }
        if self.form_here().is_some() {
            let words = self.with_keys(Words::NextForm, &[]);
            self.say(Tone::Info, words);
            return;
        }
        if let Some(task) = self.task().map(|task| task.id) {
            self.copy_task(task);
        }
    }

    /// Copies the text of one task, or the next part of it, or asks what is to be asked before.
    pub(super) fn copy_task(&mut self, task: TaskId) {
        let Some(text) = self.main.text(task).cloned() else {
            // It comes with the answer that is under way.
            self.look_up_texts();
            self.tell(Tone::Warning, Words::TextComing);
            return;
        };
        if let Some((_, words)) = &text.blocked {
            let sentence = self.fill(Words::BlockedBy, &[("why", words)]);
            self.say(Tone::Error, sentence);
            return;
        }
        if let Some((_, why)) = self.first_unready(&[task]) {
            self.held_menu(task, why);
            return;
        }
        if let Some(check) = &text.check {
            self.check_menu(vec![task], check);
            return;
        }
        if self.warns(&[task]) {
            return;
        }
        self.copy_part(task, &text);
    }

    pub(super) fn copy_part(&mut self, task: TaskId, text: &TaskText) {
        // what is at hand is done before anything behind it: `d` is about that
        if let Some((_, part)) = Self::part_at_hand(text).filter(|(_, part)| part.copy.is_none()) {
            let how = self.by_hand_with(part);
            let words = self.fill(Words::ByHand, &[("what", &part.show), ("how", &how)]);
            self.say(Tone::Info, words);
            return;
        }
        let had = self.copied.get(&task).cloned().unwrap_or_default();
        let open = |skip: &HashSet<u16>| {
            text.parts
                .iter()
                .enumerate()
                .find(|(at, part)| !part.done && part.copy.is_some() && !skip.contains(&(*at as u16)))
        };
        // When all were copied, the part at hand again.
        let Some((at, part)) = open(&had).or_else(|| open(&HashSet::new())) else {
            self.tell(Tone::Info, Words::NothingToCopy);
            return;
        };
        let Some(copy) = part.copy.clone() else { return };
        let count = self.copy_text(&copy);
        let all = text.parts.len();
        let words = if all > 1 {
            self.fill(Words::CopiedPart, &[("n", &count), ("part", &(at + 1)), ("all", &all)])
        } else {
            self.fill(Words::Copied, &[("n", &count)])
        };
        self.copied.entry(task).or_default().insert(at as u16);
        if let Some(chunk) = &mut self.chunk {
            chunk.rest.retain(|left| *left != task);
        }
        self.say(Tone::Done, words);
        self.report_copied(vec![task], at as u16);
    }

    /// Whether a part was copied here.
    pub fn has_copied(&self, task: TaskId, part: usize) -> bool {
        self.copied.get(&task).is_some_and(|parts| parts.iter().any(|had| usize::from(*had) == part))
    }

    /// Whether a text is not any more what was copied of it, here or anywhere: edited, or another persona or form fills it.
    pub fn is_changed_since_copy(&self, task: &TaskLine) -> bool {
        if task.facts.contains(&Fact::ChangedSinceCopy) {
            return true;
        }
        let (Some((part, copied)), Some(text)) = (self.copied_text.get(&task.id), self.main.text(task.id))
        else {
            return false;
        };
        text.parts.get(usize::from(*part)).is_some_and(|part| part.copy.as_ref() != Some(copied))
    }

    /// What is done with a part by hand, and the keys that help with it.
    pub fn by_hand_with(&self, part: &PartView) -> String {
        let words = match (part.kind.as_str(), part.find.is_some()) {
            ("mention", _) => Words::NextMention,
            (_, true) => Words::NextByHandFind,
            (_, false) => Words::NextByHand,
        };
        self.with_keys(words, &[])
    }

    fn report_copied(&mut self, tasks: Vec<TaskId>, part: u16) {
        for task in &tasks {
            let copy = self.main.text(*task).and_then(|text| text.parts.get(usize::from(part))?.copy.clone());
            if let Some(copy) = copy {
                self.copied_text.insert(*task, (part, copy));
            }
        }
        if self.start.readonly || !matches!(self.link, super::super::state::Link::Up) {
            return;
        }
        self.command(Command::Task { tasks, verb: TaskVerb::Copied { part } }, Pending::Quiet);
    }

    /// Marked tasks with one text: copied once, forwarded to as many chats as the platform lets at a time.
    pub(super) fn copy_chunk(&mut self) {
        let marked: Vec<TaskLine> = self.main.marked().filter_map(|line| line.task().cloned()).collect();
        // who could not be copied alone does not go along with the others: it is said who and why
        let (unready, marked): (Vec<TaskLine>, Vec<TaskLine>) =
            marked.into_iter().partition(|task| self.first_unready(&[task.id]).is_some());
        let why = unready.first().and_then(|task| self.first_unready(&[task.id]));
        let Some(first) = marked.first().cloned() else {
            if let (Some(task), Some((name, why))) = (unready.first(), why) {
                self.held_menu(task.id, format!("{name}: {why}"));
            }
            return;
        };
        let left_out = self.left_out(&unready);
        let same = |task: &&TaskLine| task.same_text.is_some() && task.same_text == first.same_text;
        if marked.len() > 1 && !marked.iter().all(|task| same(&task)) {
            self.tell(Tone::Warning, Words::TextsDiffer);
            return;
        }
        // A group that has no account yet is most likely on WeChat.
        let platform = first.platform.unwrap_or(crate::book::Platform::Wechat);
        let limit = self.forward.get(&platform).map_or(1, |n| *n as usize).max(1);
        let account = first.account.as_ref().map(|account| account.id);
        let chunk: Vec<&TaskLine> = marked
            .iter()
            .filter(|task| task.account.as_ref().map(|account| account.id) == account)
            .take(limit)
            .collect();
        let tasks: Vec<TaskId> = chunk.iter().map(|task| task.id).collect();
        let names: Vec<&str> = chunk.iter().map(|task| task.target_name.as_str()).collect();
        let texts: Vec<TaskText> = tasks.iter().filter_map(|task| self.main.text(*task).cloned()).collect();
        let Some(text) = texts.first().filter(|_| texts.len() == tasks.len()) else {
            self.ask(Request::Texts(tasks), Pending::Texts);
            self.tell(Tone::Warning, Words::TextComing);
            return;
        };
        let unsure: Vec<TaskId> = texts.iter().filter(|t| t.check.is_some()).map(|text| text.task).collect();
        if let Some(check) = texts.iter().find_map(|text| text.check.clone()) {
            self.check_menu(unsure, &check);
            return;
        }
        if self.warns(&tasks) {
            return;
        }
        let tasks_of_chunk = Chunk { tasks: tasks.clone(), rest: Vec::new() };
        let Some((at, part)) = Self::part_at_hand(text).filter(|_| text.blocked.is_none()) else {
            self.tell(Tone::Info, Words::NothingToCopy);
            return;
        };
        let Some(copy) = part.copy.clone() else {
            let words = self.fill(Words::ByHandChunk, &[("what", &part.show), ("chats", &tasks.len())]);
            self.chunk = Some(tasks_of_chunk);
            self.say(Tone::Info, words);
            return;
        };
        let names = names.join(" ");
        let count = self.copy_text(&copy);
        let from = first.account.map(|account| account.name).unwrap_or_default();
        let words = self.fill(Words::CopiedChunk, &[("n", &count), ("account", &from)]);
        let names = self.fill(Words::ChunkNames, &[("chats", &tasks.len()), ("names", &names)]);
        let tone = if left_out.is_some() { Tone::Warning } else { Tone::Done };
        self.main.unmark(unready.iter().map(|task| LineId::Object(ObjectId::Task(task.id))));
        let parts: Vec<String> = [Some(words), Some(names), left_out].into_iter().flatten().collect();
        self.say_parts(tone, &parts);
        self.chunk = Some(tasks_of_chunk);
        for task in &tasks {
            self.copied.entry(*task).or_default().insert(at as u16);
        }
        self.report_copied(tasks, at as u16);
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
                Fact::Blocked { words, .. } => Some(self.fill(Words::BlockedBy, &[("why", words)])),
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

    /// `t`: the words that find this chat and no other.
    pub(super) fn copy_search_term(&mut self) {
        let term = match self.focus {
            super::super::state::Pane::List | super::super::state::Pane::Preview => {
                self.task_text().map(|text| text.search_term.clone()).or_else(|| match self.shown_detail() {
                    Some(Detail::Group(group)) => Some(group.search_term.clone()),
                    _ => None,
                })
            }
            _ => None,
        };
        let name = self.list().selected().map(|line| line.name().to_owned()).unwrap_or_default();
        let term = term.filter(|term| !term.is_empty()).unwrap_or(name);
        self.copy_text(&term);
        let copied = self.fill(Words::CopiedTerm, &[("term", &term)]);
        let others = self.task_text().and_then(TaskText::other_chats);
        let (tone, words) = others.map_or((Tone::Done, copied), |words| (Tone::Warning, words));
        self.say(tone, words);
    }

    /// `p`: where the part at hand is found.
    pub(super) fn copy_part_words(&mut self) {
        let find = self.task_text().and_then(|text| {
            let mut rest = text.parts.iter().filter(|part| !part.done);
            rest.find_map(|part| Some((part.find.clone()?, part.kind == "mention")))
        });
        match find {
            Some((find, names)) => {
                if names {
                    self.all_names_copied();
                }
                self.copy_text(&find);
                let words = self.fill(Words::CopiedTerm, &[("term", &find)]);
                self.say(Tone::Done, words);
            }
            None => match self.task_detail().map(|detail| detail.names.join("、")) {
                Some(names) if !names.is_empty() => {
                    self.all_names_copied();
                    self.copy_text(&names);
                    let words = self.fill(Words::CopiedTerm, &[("term", &names)]);
                    self.say(Tone::Done, words);
                }
                _ => self.tell(Tone::Info, Words::NoPartWords),
            },
        }
    }

    /// `Y`: the bare text, for the mouse.
    pub(super) fn raw(&mut self) {
        let text = self.task_text().map(|text| {
            let parts = text.parts.iter().map(|part| part.copy.clone().unwrap_or_else(|| part.show.clone()));
            parts.collect::<Vec<_>>().join("\n\n")
        });
        match text {
            Some(text) => self.effect(Effect::RawView { text: clean::for_clipboard(&text).into_owned() }),
            None => self.tell(Tone::Warning, Words::TextComing),
        }
    }

    /// `e`: this text once.
    pub(super) fn edit_once(&mut self) {
        let Some(task) = self.task().map(|task| task.id) else { return };
        let text = self.task_text().and_then(|text| {
            let mut open = text.parts.iter().filter(|part| !part.done);
            open.find_map(|part| part.copy.clone())
        });
        let blocked = self.task_text().and_then(|text| text.blocked.clone());
        if text.is_none() && blocked.is_none() {
            self.tell(Tone::Info, Words::NothingToCopy);
            return;
        }
        let name = self.task().map(|task| task.target_name.clone()).unwrap_or_default();
        let title = self.fill(Words::EditTitle, &[("name", &name)]);
        let hint = self.fill_in(Context::Editor, Words::EditHint, &[]);
        let editor = Editor::new(title, hint, &text.unwrap_or_default(), Purpose::Rewrite(task));
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
