//! A member list on its way into the book: read, looked at, counted, and only then taken.
//!
//! ```text
//! reading -> wrong | asking about bad rows -> sending -> checking -> preview -> applying -> a sentence
//! ```
//!
//! Nothing is changed before the preview was answered; Esc drops what was sent until then. From the promise on the
//! desk goes on by itself, and Esc only stops looking.

use std::time::Duration;

use super::{Choice, Item, Menu, Popup, Prompt, PromptKind};
use crate::door::form::Kind;
use crate::door::reply::{ImportReport, ImportStage, ImportStanding};
use crate::door::request::Request;
use crate::door::{Command, Reply};
use crate::tui::event::{Effect, Timer};
use crate::tui::files::{FileFacts, FromFile, ToFile};
use crate::tui::key::Key;
use crate::tui::keymap::Context;
use crate::tui::registry::Action;
use crate::tui::state::{Pending, State, Tone};
use crate::tui::words::Words;

crate::words! {
    enum ImportWords {
        GroupsEntering { title, entering } => [
            "{title}: {entering} 个群进入", "{title}: {entering} 個群進入", "{title}: {entering} groups enter"],
        AccountsEntering { title, entering } => [
            "{title}: {entering} 个账号进入", "{title}: {entering} 個帳號進入", "{title}: {entering} accounts enter"],
    }
}

/// How often the desk is asked how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(150);
/// How many sentences the box shows; a file of rejects has them all.
const TOLD_MAX: usize = 5;
/// How many names are listed.
const NAMES_MAX: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Reading,
    /// It cannot be taken at all.
    Wrong,
    /// Some of its rows cannot; are the others wanted?
    Asking,
    Sending,
    Checking,
    Preview,
    Applying,
}

/// The box of an import.
#[derive(Clone, Debug)]
pub struct Import {
    /// What is shown; its choices are this box's own.
    pub menu: Menu,
    stage: Stage,
    path: String,
    facts: FileFacts,
    import: Option<u32>,
    sent: u32,
    report: ImportReport,
    waiting: Option<u64>,
}

impl Import {
    /// A file that is being read.
    pub fn reading(state: &State, path: &str) -> Self {
        let mut menu = Menu::new(state.text(Words::ImportTitle), Vec::new());
        menu.empty = state.fill(Words::ImportReading, &[("file", &path)]);
        Self {
            menu,
            stage: Stage::Reading,
            path: path.to_owned(),
            facts: FileFacts::default(),
            import: None,
            sent: 0,
            report: ImportReport::default(),
            waiting: None,
        }
    }

    pub(super) fn waits_for(&self, tag: u64) -> bool {
        self.waiting == Some(tag)
    }

    pub(super) fn key(mut self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        let last = self.menu.items.len().saturating_sub(1);
        let digit =
            key.typed().and_then(|c| c.to_digit(10)).and_then(|digit| (digit as usize).checked_sub(1));
        let chosen = match state.action_in(Context::Menu, key) {
            _ if digit.is_some() => digit,
            Some(Action::Back) => return self.leave(state),
            Some(Action::Previous) => {
                self.menu.cursor = self.menu.cursor.saturating_sub(1);
                None
            }
            Some(Action::Next) => {
                self.menu.cursor = (self.menu.cursor + 1).min(last);
                None
            }
            Some(Action::Open) => Some(self.menu.cursor),
            _ => None,
        };
        match chosen.filter(|at| *at < self.menu.items.len()) {
            Some(at) => self.choose(state, at),
            None => Some(Popup::Import(self)),
        }
    }

    /// The first line goes on, the second goes back.
    fn choose(mut self: Box<Self>, state: &mut State, at: usize) -> Option<Popup> {
        match (self.stage, at) {
            (Stage::Wrong, 0) => {
                let prompt = Prompt::new(PromptKind::Import, &self.path);
                Some(Popup::Prompt(Box::new(prompt)))
            }
            (Stage::Asking, 0) => {
                self.begin(state)?;
                Some(Popup::Import(self))
            }
            (Stage::Preview, 0) => {
                let refused = self.report.conflicts.iter().filter(|conflict| conflict.refused);
                let refused: Vec<_> = refused.cloned().collect();
                if !refused.is_empty() || self.facts.rejected > 0 {
                    state.effect(Effect::File(ToFile::KeepRejects(refused)));
                }
                let command = Command::ImportCommit { import: self.import?, dry_run: false };
                self.waiting = Some(state.command(command, Pending::Popup)?);
                self.stage = Stage::Applying;
                self.show(state, 0, self.facts.rows);
                Some(Popup::Import(self))
            }
            _ => self.leave(state),
        }
    }

    fn leave(self: Box<Self>, state: &mut State) -> Option<Popup> {
        state.effect(Effect::CloseFile);
        state.effect(Effect::CancelTimer(Timer::Import));
        match (self.stage, self.import) {
            (Stage::Applying, _) => state.tell(Tone::Info, Words::ImportGoesOn),
            (_, Some(import)) => {
                state.command(Command::ImportDrop { import }, Pending::Quiet);
                state.tell(Tone::Info, Words::ImportLeft);
            }
            (Stage::Wrong, None) => {}
            (_, None) => state.tell(Tone::Info, Words::ImportLeft),
        }
        None
    }

    /// Tells the desk that rows will come.
    fn begin(&mut self, state: &mut State) -> Option<()> {
        let command = Command::ImportBegin { file: self.facts.name.clone(), account: None, group: None };
        self.waiting = Some(state.command(command, Pending::Popup)?);
        self.stage = Stage::Sending;
        self.show(state, 0, self.facts.rows);
        Some(())
    }

    /// How far it is, in one line.
    fn show(&mut self, state: &State, done: u32, rows: u32) {
        let words = match self.stage {
            Stage::Checking => Words::ImportChecking,
            Stage::Applying => Words::ImportApplying,
            _ => Words::ImportSending,
        };
        self.menu.notes.clear();
        self.menu.items.clear();
        self.menu.empty = state.fill(words, &[("done", &done), ("rows", &rows)]);
    }

    fn offer(&mut self, first: String, state: &State) {
        let back = state.text(Words::ImportNot).to_owned();
        self.menu.items = vec![Item::new(first, "", Choice::Close), Item::new(back, "", Choice::Close)];
        self.menu.cursor = 0;
    }

    /// Something came from the file.
    pub(in crate::tui) fn told(mut self: Box<Self>, state: &mut State, told: FromFile) -> Option<Popup> {
        match told {
            FromFile::Looked(Err(words)) => {
                self.stage = Stage::Wrong;
                self.menu.notes = vec![words];
                self.offer(state.text(Words::ImportOther).to_owned(), state);
            }
            FromFile::Looked(Ok(facts)) => {
                self.facts = facts;
                if self.facts.rejected == 0 {
                    self.begin(state)?;
                } else {
                    self.stage = Stage::Asking;
                    let (n, rejected) = (self.facts.rows, self.facts.rejected);
                    self.menu.notes = vec![state.fill(Words::ImportBad, &[("n", &rejected)])];
                    self.menu.notes.extend(few(&self.facts.problems, state));
                    if n == 0 {
                        self.stage = Stage::Wrong;
                        self.offer(state.text(Words::ImportOther).to_owned(), state);
                    } else {
                        let values: [(&str, &dyn std::fmt::Display); 2] =
                            [("n", &n), ("file", &self.facts.rejects)];
                        self.offer(state.fill(Words::ImportRest, &values), state);
                    }
                }
            }
            FromFile::Rows(rows) => {
                let Some(import) = self.import else { return Some(Popup::Import(self)) };
                self.sent += rows.len() as u32;
                self.waiting = Some(state.ask(Request::Rows { import, rows }, Pending::Popup));
                self.show(state, self.sent, self.facts.rows);
            }
            FromFile::End => {
                let Some(import) = self.import else { return Some(Popup::Import(self)) };
                let command = Command::ImportCommit { import, dry_run: true };
                self.waiting = Some(state.command(command, Pending::Popup)?);
                self.stage = Stage::Checking;
                self.show(state, 0, self.facts.rows);
            }
            FromFile::Kept(Ok(path)) => {
                let words = state.fill(Words::ImportKept, &[("file", &path)]);
                state.say(Tone::Warning, words);
            }
            FromFile::Kept(Err(words)) => state.say(Tone::Error, words),
        }
        Some(Popup::Import(self))
    }

    /// The desk answered.
    pub(super) fn reply(mut self: Box<Self>, state: &mut State, reply: &Reply) -> Option<Popup> {
        self.waiting = None;
        match (self.stage, reply) {
            (Stage::Sending, Reply::Done(outcome)) => {
                self.import = outcome.import.as_ref().map(|report| report.import);
                state.effect(Effect::File(ToFile::Rows));
            }
            (Stage::Sending, Reply::Fine) => state.effect(Effect::File(ToFile::Rows)),
            (Stage::Checking | Stage::Applying, Reply::Done(_)) => self.look_later(state),
            (Stage::Checking | Stage::Applying, Reply::Import(standing)) => {
                if !standing.stage.has_ended() {
                    self.show(state, standing.done, standing.rows);
                    self.look_later(state);
                } else if self.stage == Stage::Checking {
                    self.report = standing.report.clone();
                    self.preview(state);
                } else {
                    return self.end(state, standing);
                }
            }
            (_, other) => {
                state.effect(Effect::CloseFile);
                state.say_outcome(other);
                return None;
            }
        }
        Some(Popup::Import(self))
    }

    fn look_later(&self, state: &mut State) {
        state.effect(Effect::SetTimer { timer: Timer::Import, after: LOOK_EVERY });
    }

    /// Time to ask how far it is.
    pub(in crate::tui) fn look(mut self: Box<Self>, state: &mut State) -> Option<Popup> {
        if let Some(import) = self.import.filter(|_| self.waiting.is_none()) {
            self.waiting = Some(state.ask(Request::Import(import), Pending::Popup));
        }
        Some(Popup::Import(self))
    }

    /// What it would do, before it does it.
    fn preview(&mut self, state: &State) {
        self.stage = Stage::Preview;
        let report = &self.report;
        let ImportReport { new, changed, unchanged, refused, .. } = report;
        let mut notes = vec![
            state.fill(Words::ImportCounts, &[("new", new), ("changed", changed), ("unchanged", unchanged)]),
        ];
        for (words, names) in
            [(Words::ImportGroups, &report.new_groups), (Words::ImportAccounts, &report.new_accounts)]
        {
            if !names.is_empty() {
                notes.push(state.fill(words, &[("n", &names.len()), ("names", &listed(names))]));
            }
        }
        for (title, entering, history, kind) in report.entering.iter().take(TOLD_MAX) {
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("title", title), ("entering", entering), ("history", history)];
            notes.push(match kind {
                Kind::Group => ImportWords::GroupsEntering.fill(state.lang, &values),
                Kind::Account => ImportWords::AccountsEntering.fill(state.lang, &values),
                _ => state.fill(Words::ImportEntering, &values),
            });
        }
        notes.extend(self.facts.notes.iter().cloned());
        let conflicts: Vec<String> = report
            .conflicts
            .iter()
            .map(|conflict| {
                let values: [(&str, &dyn std::fmt::Display); 3] =
                    [("line", &conflict.line), ("value", &conflict.value), ("words", &conflict.words)];
                state.fill(Words::ImportConflict, &values)
            })
            .collect();
        notes.extend(few(&conflicts, state));
        let bad = refused + self.facts.rejected;
        let good = new + changed + unchanged;
        self.menu.notes = notes;
        if good == 0 {
            self.stage = Stage::Wrong;
            return self.offer(state.text(Words::ImportOther).to_owned(), state);
        }
        let first = if bad > 0 {
            state.fill(Words::ImportRest, &[("n", &good), ("file", &self.facts.rejects)])
        } else {
            state.fill(Words::ImportNow, &[("n", &good)])
        };
        self.offer(first, state);
    }

    /// It is in the book.
    fn end(self: Box<Self>, state: &mut State, standing: &ImportStanding) -> Option<Popup> {
        state.effect(Effect::CloseFile);
        let ImportReport { new, changed, unchanged, refused, .. } = &standing.report;
        if standing.stage == ImportStage::Stopped {
            state.tell(Tone::Warning, Words::ImportUndone);
            return None;
        }
        let counts =
            state.fill(Words::ImportCounts, &[("new", new), ("changed", changed), ("unchanged", unchanged)]);
        let bad = refused + self.facts.rejected;
        if bad > 0 {
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("counts", &counts), ("n", &bad), ("file", &self.facts.rejects)];
            let words = state.fill(Words::ImportPartly, &values);
            state.say(Tone::Warning, words);
        } else {
            let words = state.fill(Words::ImportDone, &[("counts", &counts)]);
            state.say(Tone::Done, words);
        }
        state.show_view(7);
        None
    }
}

/// The first sentences, and how many more there are.
fn few(sentences: &[String], state: &State) -> Vec<String> {
    let mut few: Vec<String> = sentences.iter().take(TOLD_MAX).cloned().collect();
    if sentences.len() > TOLD_MAX {
        few.push(state.fill(Words::ImportMore, &[("n", &(sentences.len() - TOLD_MAX))]));
    }
    few
}

fn listed(names: &[String]) -> String {
    let mut shown: Vec<&str> = names.iter().take(NAMES_MAX).map(String::as_str).collect();
    if names.len() > NAMES_MAX {
        shown.push("…");
    }
    shown.join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::ImportWords>(), Vec::<String>::new());
    }
}
