//! Copying: the text or the next part of it, once for several of one text, the words that find a chat or a part.
//!
//! Copying never changes a state; the desk is told, so that others at the same queue know.

use std::collections::HashSet;

use super::super::event::Effect;
use super::super::state::{Chunk, Detail, Link, Pane, Pending, State, Tone};
use super::super::words::Words;
use crate::book::{ObjectId, TaskId};
use crate::door::Command;
use crate::door::command::TaskVerb;
use crate::door::detail::{PartView, TaskText};
use crate::door::line::{Fact, LineId, TaskLine};
use crate::door::request::Request;
use crate::text::{clean, width};

crate::words! {
    enum CopyWords {
        One { n, name, sent } => [
            "复制 {n} 字, 发给 {name}。发完按 {sent}", "複製 {n} 字, 發給 {name}。發完按 {sent}",
            "{n} characters copied, for {name}. {sent} when done",
        ],
        Others { n, sent, copy } => [
            "另有 {n} 种正文: {sent} 后按 {copy} 接着", "另有 {n} 種正文: {sent} 後按 {copy} 接著",
            "{n} other texts marked: {sent}, then {copy} goes on",
        ],
    }
}

impl State {
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
            let sentence = self.blocked_by(words, text.asked);
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
        // what is sent by hand before it stays owed
        let passed = text.parts.iter().take(at).filter(|part| !part.done && part.copy.is_none());
        let passed: Vec<_> = passed.map(|part| width::truncate(&part.show, 30)).collect();
        let words = if passed.is_empty() {
            vec![words]
        } else {
            vec![words, self.fill(Words::StillByHand, &[("what", &passed.join(", "))])]
        };
        self.say_parts(Tone::Done, &words);
        self.report_copied(vec![task], at as u16);
    }

    /// Whether a part was copied at this screen.
    pub(super) fn has_copied_here(&self, task: TaskId, part: usize) -> bool {
        self.copied.get(&task).is_some_and(|parts| parts.iter().any(|had| usize::from(*had) == part))
    }

    /// Whether a part of so many was copied, here or by oneself at another screen.
    pub fn has_copied(&self, task: &TaskLine, part: usize, all: usize) -> bool {
        let mine = |fact: &Fact| match fact {
            Fact::Copied { by, parts, .. } if !self.is_other(by) => {
                parts.iter().any(|had| usize::from(*had) == part) || (parts.is_empty() && all == 1)
            }
            _ => false,
        };
        self.has_copied_here(task.id, part) || task.facts.iter().any(mine)
    }

    /// Who else copied it, when, and which parts: that may be under way, and is not in this clipboard.
    pub fn copied_by_another(&self, task: &TaskLine, text: &TaskText) -> Option<String> {
        task.facts.iter().find_map(|fact| {
            let Fact::Copied { at, by, parts } = fact else { return None };
            let at = self.say_past(*at);
            let parts = parts.iter().map(|part| (part + 1).to_string()).collect::<Vec<_>>().join(",");
            self.is_other(by).then(|| {
                if text.parts.len() == 1 || parts.is_empty() {
                    return self.with_keys(Words::NextCopiedBy, &[("by", by), ("at", &at)]);
                }
                self.with_keys(Words::NextPartCopiedBy, &[("by", by), ("at", &at), ("parts", &parts)])
            })
        })
    }

    /// Somebody who is not at this screen.
    pub fn is_other(&self, by: &str) -> bool {
        by != self.start.operator && !by.is_empty()
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
        if self.start.readonly || !matches!(self.link, Link::Up) {
            return;
        }
        self.command(Command::Task { tasks, verb: TaskVerb::Copied { part } }, Pending::Quiet);
    }

    /// Marked tasks: one text is copied once, forwarded to as many chats as the platform lets at a time. Those of another
    /// text stay marked and are next when these are sent.
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
        let text_of = |task: &TaskLine| task.same_text.ok_or(task.id);
        let (marked, others): (Vec<TaskLine>, Vec<TaskLine>) =
            marked.into_iter().partition(|task| text_of(task) == text_of(&first));
        let others: HashSet<Result<u64, TaskId>> = others.iter().map(text_of).collect();
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
        let (words, names) = if tasks.len() == 1 {
            (self.fill(CopyWords::One, &[("n", &count), ("name", &names)]), None)
        } else {
            let from = first.account.map(|account| account.name).unwrap_or_default();
            let names = self.fill(Words::ChunkNames, &[("chats", &tasks.len()), ("names", &names)]);
            (self.fill(Words::CopiedChunk, &[("n", &count), ("account", &from)]), Some(names))
        };
        let others = (!others.is_empty()).then(|| self.fill(CopyWords::Others, &[("n", &others.len())]));
        let tone = if left_out.is_some() { Tone::Warning } else { Tone::Done };
        self.main.unmark(unready.iter().map(|task| LineId::Object(ObjectId::Task(task.id))));
        let parts: Vec<String> = [Some(words), names, others, left_out].into_iter().flatten().collect();
        self.say_parts(tone, &parts);
        self.chunk = Some(tasks_of_chunk);
        for task in &tasks {
            self.copied.entry(*task).or_default().insert(at as u16);
        }
        self.report_copied(tasks, at as u16);
    }

    /// `t`: the words that find this chat and no other.
    pub(super) fn copy_search_term(&mut self) {
        let term = match self.focus {
            Pane::List | Pane::Preview => {
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
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<super::CopyWords>(), Vec::<String>::new());
    }
}
