//! What the desk lets a human choose from, counted before: a limited account, a group that is gone.

use super::super::line::Line;
use super::super::popup::menu::Filling;
use super::super::popup::{Choice, Item, Menu, Popup};
use super::super::registry::Action;
use super::super::state::{Pending, State, Tone};
use super::super::words::Words;
use crate::book::{Channel, TaskId, Timestamp};
use crate::door::command::TaskVerb;
use crate::door::detail::TextWarning;
use crate::door::form::HealthWord;
use crate::door::line::Fact;
use crate::door::request::Request;
use crate::door::{Choices, Command, Question};

/// Words for a limit that is over.
const LIFT: [&str; 3] = ["解除", "lift", "off"];

impl State {
    /// Opens the menu of what can be chosen; the desk fills it.
    pub(super) fn decide(&mut self, question: Question) {
        let mut menu = Menu::new(self.text(Words::Waiting), Vec::new());
        menu.waiting = Some((self.ask(Request::Choices(question), Pending::Popup), Filling::Choices));
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// What was chosen is done.
    pub(super) fn decided(&mut self, command: Command) {
        self.command(command, Pending::Command);
    }

    /// `:limit` alone: the line is begun with the account at hand, to be finished by typing.
    pub(super) fn limit_prompt(&mut self) {
        let verb = Action::Limit.entry().verb(self.lang).unwrap_or_default();
        let name = self.account_here().map(|(_, name)| name).unwrap_or_default();
        let what = Channel::Private.label(self.lang);
        let line = format!("{verb} {name} {what} 3d").replace("  ", " ");
        self.verb_prompt(&line);
    }

    fn account_here(&self) -> Option<(crate::book::AccountId, String)> {
        let line = self.list().selected()?;
        match line {
            Line::Account(account) => Some((account.id, account.name.clone())),
            Line::Task(task) => task.account.as_ref().map(|account| (account.id, account.name.clone())),
            _ => None,
        }
    }

    /// `小完子 私聊 3d`: whose limit, of what, how long; without a name the account at hand.
    pub(super) fn limit(&mut self, rest: &str) -> Result<(), String> {
        let words: Vec<&str> = rest.split_whitespace().collect();
        let is_what = |word: &&str| {
            Channel::parse(word).is_some() || LIFT.contains(word) || HealthWord::parse(word).is_some()
        };
        // the last word that names a limit: an account may be called so too
        let at = words.iter().rposition(is_what);
        let part = |from: usize, to: usize| words.get(from..to).unwrap_or_default().join(" ");
        let (name, what, time) = if let Some(at) = at {
            (part(0, at), words.get(at).copied().unwrap_or_default(), part(at + 1, words.len()))
        } else {
            // the longest end that is a time
            let time = (1..words.len()).find(|at| self.read_instant(&part(*at, words.len())).is_ok());
            let end = time.unwrap_or(words.len());
            (part(0, end), "", part(end, words.len()))
        };
        if name.is_empty() && self.is_elsewhere() {
            self.tell_slipped();
            return Ok(());
        }
        let until: Option<Timestamp> = if time.is_empty() { None } else { Some(self.read_instant(&time)?) };
        let account = match (name.is_empty(), self.account_here()) {
            (true, Some((id, _))) => id.to_string(),
            (true, None) => return Err(self.text(Words::LimitHint).to_owned()),
            (false, _) => name,
        };
        self.decide(Question::Limit { account, what: what.to_owned(), until });
        Ok(())
    }

    /// Asks whether texts with warnings are copied all the same; false where there are none.
    pub(super) fn warns(&mut self, tasks: &[TaskId]) -> bool {
        let mut warnings: Vec<TextWarning> = Vec::new();
        for text in tasks.iter().filter_map(|task| self.main.text(*task)) {
            warnings.extend(
                text.warnings
                    .iter()
                    .filter(|warning| !warnings.contains(warning))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        if warnings.is_empty() {
            return false;
        }
        let codes = warnings.iter().map(|warning| warning.code.clone()).collect();
        let mut items = vec![Item::new(self.text(Words::Cancel), "", Choice::Close)];
        let go = Choice::Acknowledge(tasks.to_vec(), codes);
        items.push(Item::new(self.text(Words::WarnGo), self.fill(Words::SkipUndo, &[]), go));
        // behind what every warning has, so that no digit means one thing here and another there
        if let [_] = tasks {
            items.push(Item::new(
                self.text(Words::WarnEdit),
                self.start.keymap.key_of(Action::EditOnce),
                Choice::Act(Action::EditOnce),
            ));
        }
        let mut menu = Menu::new(self.text(Words::WarnTitle), items);
        menu.notes = warnings.into_iter().map(|warning| warning.words).collect();
        self.popups.push(Popup::Menu(Box::new(menu)));
        true
    }

    /// A human has seen the warnings: they are not said again, and the text is copied.
    pub(super) fn acknowledged(&mut self, tasks: &[TaskId], codes: Vec<String>) {
        for task in tasks {
            if let Some(text) = self.main.texts.get_mut(task) {
                text.warnings.retain(|warning| !codes.contains(&warning.code));
            }
        }
        let verb = TaskVerb::Acknowledge { codes };
        self.command(Command::Task { tasks: tasks.to_vec(), verb }, Pending::Quiet);
        self.copy_asked(tasks);
    }

    /// The marked tasks become one text, or the one at hand with the others of the same person and account.
    pub(super) fn merge(&mut self) {
        let mut tasks = self.acted_on_tasks();
        if let ([only], Some(task)) = (tasks.as_slice(), self.task()) {
            let account = task.account.as_ref().map(|account| account.id);
            let key = (task.target, task.via, account);
            let same = self.main.lines.iter().filter_map(Line::task).filter(|other| {
                let account = other.account.as_ref().map(|account| account.id);
                let held = other.facts.iter().any(|fact| matches!(fact, Fact::Held(_)));
                other.id != *only
                    && other.state.is_open()
                    && !held
                    && (other.target, other.via, account) == key
            });
            let same: Vec<TaskId> = same.map(|task| task.id).collect();
            tasks.extend(same);
        }
        if tasks.len() < 2 {
            self.tell(Tone::Info, Words::MergeAlone);
            return;
        }
        self.command(Command::Merge { tasks }, Pending::Command);
        self.main.clear_marks();
    }

    /// `:move` alone: the line is begun, the name of the other group is typed.
    pub(super) fn transfer_prompt(&mut self) {
        let verb = Action::Transfer.entry().verb(self.lang).unwrap_or_default();
        self.verb_prompt(&format!("{verb} "));
    }

    /// `宠友2群`: the playbooks of the group at hand go there.
    pub(super) fn transfer(&mut self, rest: &str) -> Result<(), String> {
        if self.is_elsewhere() {
            self.tell_slipped();
            return Ok(());
        }
        let from = self.list().selected().and_then(Line::group);
        let Some((from, _)) = from else { return Err(self.text(Words::TransferHint).to_owned()) };
        self.decide(Question::Transfer { from: from.to_string(), to: rest.to_owned() });
        Ok(())
    }

    /// Fills a menu with what can be chosen.
    pub(in crate::tui) fn take_choices(&self, menu: &mut Menu, choices: &Choices) {
        menu.title.clone_from(&choices.title);
        menu.notes.clone_from(&choices.notes);
        menu.items = choices
            .offered
            .iter()
            .map(|offered| {
                let choice = offered.command.clone().map_or(Choice::Close, Choice::Do);
                let mut item = Item::new(offered.label.clone(), offered.note.clone(), choice);
                item.enabled = offered.command.is_some();
                item
            })
            .collect();
        menu.items.push(Item::new(self.text(Words::Cancel), "", Choice::Close));
    }
}
