//! What was meant for one thing is not done to another: a line or a part that a colleague has ended meanwhile, a line
//! that left while something lay over the list, a question that came by itself between two keys.
//!
//! Whatever an act is about is asked about once where it is not any more what its user was looking at.

use std::collections::HashSet;
use std::time::Duration;

use super::super::line::Line;
use super::super::popup::{Menu, Popup};
use super::super::registry::{Action, Needs};
use super::super::state::{State, Tone};
use crate::book::TaskId;
use crate::door::line::LineId;
use crate::text::clean;
use crate::text::width::truncate;

/// What is pressed so soon behind a question that came by itself was pressed before it.
const UNREAD: Duration = Duration::from_millis(200);

crate::words! {
    enum GuardWords {
        Slipped { name } => [
            "光标下的那条刚走了, 现在是 {name}; 是它就再按一次",
            "游標下的那條剛走了, 現在是 {name}; 是它就再按一次",
            "the line under the cursor has just left, now it is {name}; once more if you mean that",
        ],
        Ticked { part, now, text } => [
            "第 {part} 段别人勾过了, 现在是第 {now} 段; 是它就再按一次: {text}",
            "第 {part} 段別人勾過了, 現在是第 {now} 段; 是它就再按一次: {text}",
            "somebody has ticked part {part}, now it is part {now}; once more if you mean that: {text}",
        ],
        Moved => [
            "行号刚变了, 看清是哪几条再按一次", "行號剛變了, 看清是哪幾條再按一次",
            "the rows have just moved: look whom the numbers mean, then once more",
        ],
        Gone => [
            "问到的那条已经不在这里了, 什么也没做",
            "問到的那條已經不在這裡了, 什麼也沒做",
            "what was asked about is not here any more, nothing was done",
        ],
    }
}

/// What somebody was looking at when they last touched a key.
#[derive(Debug, Default)]
pub struct Guard {
    /// The task under the cursor and which part of its text was at hand.
    at_hand: Option<(TaskId, u16)>,
    /// Parts that were ticked here, and those that were asked about.
    ticked: HashSet<(TaskId, u16)>,
    told: HashSet<(TaskId, u16)>,
    /// The line under the cursor when something came to lie over the list.
    #[expect(clippy::option_option, reason = "nothing lies over it, or does over an empty list")]
    opened_on: Option<Option<LineId>>,
}

impl State {
    /// Keeps what stands there to be looked at, after an event; a key is a look.
    pub(super) fn keep_in_view(&mut self, was_key: bool) {
        if !self.popups.is_empty() {
            let cursor = &self.list().cursor;
            if self.guard.opened_on.is_none() {
                self.guard.opened_on = Some(cursor.clone());
            }
            return;
        }
        self.guard.opened_on = None;
        let task = self.task().map(|task| task.id);
        let at_hand = task.and_then(|task| Some((task, self.part_now(task)?)));
        let same = |(before, _): &(TaskId, u16)| Some(*before) == task;
        if was_key || !self.guard.at_hand.as_ref().is_some_and(same) {
            self.guard.at_hand = at_hand;
        }
    }

    fn part_now(&self, task: TaskId) -> Option<u16> {
        let (at, _) = Self::part_at_hand(self.main.text(task)?)?;
        u16::try_from(at).ok()
    }

    /// Parts of these tasks were ticked here.
    pub(super) fn ticked_here(&mut self, part: u16, tasks: &[TaskId]) {
        self.guard.ticked.extend(tasks.iter().map(|task| (*task, part)));
    }

    /// They were not, as the desk says.
    pub(super) fn not_ticked(&mut self, part: u16, tasks: &[TaskId]) {
        for task in tasks {
            self.guard.ticked.remove(&(*task, part));
            self.main.texts.remove(task);
        }
        self.look_up_texts();
    }

    /// The part of one of these tasks that its user had before them, and that another has ticked since.
    fn slipped_part(&self, tasks: &[TaskId]) -> Option<(TaskId, u16, u16)> {
        tasks.iter().find_map(|task| {
            let now = self.part_now(*task)?;
            let done = |part: u16| {
                let parts = &self.main.text(*task)?.parts;
                Some(parts.get(usize::from(part))?.done)
            };
            let by_another = |part: &u16| {
                *part < now && done(*part) == Some(true) && !self.guard.ticked.contains(&(*task, *part))
            };
            let looked_at = self.guard.at_hand.filter(|(of, _)| of == task).map(|(_, part)| part);
            // what was copied last, unless that at hand was copied as well
            let copied_now = self.has_copied_here(*task, usize::from(now));
            let copied = self.copied_text.get(task).map(|(part, _)| *part).filter(|_| !copied_now);
            let part = looked_at.filter(by_another).or_else(|| copied.filter(by_another))?;
            (!self.guard.told.contains(&(*task, now))).then_some((*task, part, now))
        })
    }

    /// Says that another has ticked what was meant, once; false where nobody has.
    pub(super) fn tells_ticked(&mut self, tasks: &[TaskId]) -> bool {
        let Some((task, part, now)) = self.slipped_part(tasks) else { return false };
        self.guard.told.insert((task, now));
        let shown = self.main.text(task).and_then(|text| text.parts.get(usize::from(now)));
        let shown = shown.map(|part| part.copy.as_deref().unwrap_or(&part.show)).unwrap_or_default();
        let line = clean::for_display(shown.lines().next().unwrap_or_default()).into_owned();
        let line = truncate(&self.veiled(&line), 24).into_owned();
        let words = GuardWords::Ticked
            .fill(self.lang, &[("part", &(part + 1)), ("now", &(now + 1)), ("text", &line)]);
        self.say(Tone::Warning, words);
        true
    }

    /// Whether an action would change the line under the cursor, or take of it what is sent to somebody.
    pub(super) fn is_of_the_line(&self, action: Action) -> bool {
        let entry = action.entry();
        let of_board = entry.needs == Needs::Playbook && self.board().is_some();
        // what is copied for one must not reach another, and what is marked is acted on later
        let takes = matches!(action, Action::Copy | Action::Part | Action::Mention | Action::SearchTerm);
        let acts = (entry.writes && entry.needs != Needs::Nothing && !of_board) || takes;
        action == Action::Mark || (acts && self.list().mark_count() == 0)
    }

    /// Whether another line is under the cursor than when something came to lie over the list.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.guard.opened_on.as_ref().is_some_and(|line| *line != self.list().cursor)
    }

    /// Whether an action from something that lay over the list would change another line than it was opened on.
    pub(super) fn is_of_another(&self, action: Action) -> bool {
        self.is_elsewhere() && self.is_of_the_line(action)
    }

    /// Another line has come under the cursor just before the key: the key was meant for the one that left.
    pub(super) fn tell_slipped(&mut self) {
        self.list_mut().take_slipped();
        let name = self.list().selected().map(|line| line.name().to_owned()).unwrap_or_default();
        let words = GuardWords::Slipped.fill(self.lang, &[("name", &self.veiled(&name))]);
        self.say(Tone::Warning, words);
    }

    /// Copies what a question was asked about before: the marked, or that one task wherever the cursor is by now.
    pub(super) fn copy_asked(&mut self, tasks: &[TaskId]) {
        let of_tasks = |line: &Line| line.task().is_some_and(|task| tasks.contains(&task.id));
        let elsewhere = self.main.marked().any(|line| Some(line.id()) != self.main.cursor);
        if (self.main.mark_count() > 1 || elsewhere) && self.main.marked().any(of_tasks) {
            self.copy_chunk();
            return;
        }
        match tasks {
            [task] if self.main.lines.iter().any(of_tasks) => self.copy_task(*task),
            _ => self.tell_gone(),
        }
    }

    /// Numbers of rows mean others than they did when they were typed.
    pub(super) fn tell_moved(&mut self) {
        self.say(Tone::Warning, GuardWords::Moved.text(self.lang));
    }

    pub(super) fn tell_gone(&mut self) {
        self.say(Tone::Warning, GuardWords::Gone.text(self.lang));
    }

    /// A question nobody has just asked for: what was on its way to something else does not answer it.
    pub(super) fn push_unasked(&mut self, mut menu: Menu) {
        menu.deaf_until = self.mono.saturating_add(UNREAD);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<super::GuardWords>(), Vec::<String>::new());
    }
}
