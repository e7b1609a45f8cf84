//! The names of a mention: copied one by one, because a pasted @ tells nobody.

use super::super::state::{State, Tone};
use super::super::words::Words;
use crate::book::TaskId;

impl State {
    /// `M`: the next name to mention.
    pub(super) fn copy_name(&mut self) {
        let Some(detail) = self.task_detail() else {
            // They come with the answer that is under way.
            self.tell(Tone::Warning, Words::TextComing);
            return;
        };
        let (task, names) = (detail.line.id, detail.names.clone());
        let at = self.next_name.get(&task).copied().unwrap_or(0);
        if at > 0 && at == names.len() {
            // said before it begins anew: whoever types them one by one must see where they end
            self.next_name.insert(task, at + 1);
            let words = self.fill(Words::AllNamed, &[("n", &at)]);
            self.say(Tone::Info, words);
            return;
        }
        let at = if at > names.len() { 0 } else { at };
        let Some(name) = names.get(at) else {
            self.tell(Tone::Info, Words::NoNames);
            return;
        };
        // A pasted @ tells nobody: who types it gets the platform's list of names, and the name finds one there.
        self.copy_text(name);
        self.next_name.insert(task, at + 1);
        let (n, all) = (at + 1, names.len());
        let words = self.fill(Words::CopiedName, &[("name", name), ("n", &n), ("all", &all)]);
        self.say(Tone::Done, words);
    }

    /// All names were copied at once: none of them is left.
    pub(super) fn all_names_copied(&mut self) {
        if let Some((task, all)) = self.task_detail().map(|detail| (detail.line.id, detail.names.len())) {
            self.next_name.insert(task, all);
        }
    }

    /// How many names of a mention at hand were not copied one by one, where some were: said with what marks it.
    pub(super) fn names_left(&self, tasks: &[TaskId]) -> String {
        let [task] = tasks else { return String::new() };
        let part = self.main.text(*task).and_then(Self::part_at_hand);
        let copied = self.next_name.get(task).copied().unwrap_or(0);
        let detail = self.task_detail().filter(|detail| detail.line.id == *task);
        let (Some((_, part)), Some(detail), 1..) = (part, detail, copied) else { return String::new() };
        match detail.names.len().saturating_sub(copied) {
            n if n > 0 && part.kind == "mention" => {
                self.fill(Words::NamesLeft, &[("n", &n), ("all", &detail.names.len())])
            }
            _ => String::new(),
        }
    }
}
