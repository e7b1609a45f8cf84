//! The forms of today's runs: which questions are open, the form of one, and on to the next of the same question.
//!
//! Twelve groups are asked the same thing one after another: saving opens the next at once, Esc ends. Saving nothing is
//! an answer as well, "none today".

use super::super::keymap::Context;
use super::super::line::Line;
use super::super::popup::editor::Purpose;
use super::super::popup::menu::{Filling, FormKey};
use super::super::popup::{Choice, Editor, Item, Menu, Popup, Prompt, PromptKind, Standing};
use super::super::state::{Pane, Pending, State};
use super::super::words::Words;
use crate::book::{GroupId, Money};
use crate::door::detail::AskView;
use crate::door::line::{Fact, TaskLine};
use crate::door::request::Request;
use crate::door::{Command, Saw};

crate::words! {
    /// What a form, or the want of one, has to do with the text under the cursor.
    pub(in crate::tui) enum AskWords {
        NextUnasked { variable, edit_once } => ["不可发: {variable}。{edit_once} 改稿", "不可發: {variable}。{edit_once} 改稿", "blocked: {variable}. {edit_once} edit"],
        AskSelected => [
            "上一次填的已选中: 打字就换掉, 按 End 留着改", "上一次填的已選取: 打字就換掉, 按 End 留著改",
            "the last answer is selected: typing replaces it, End keeps it"],
        BlockedUnasked { why, edit_once } => ["不可发: {why}。{edit_once} 改稿", "不可發: {why}。{edit_once} 改稿", "blocked: {why}. {edit_once} edit"],
        AsksNotHere { why, edit_once } => [
            "这一条不可发: {why}。这不是要填的, {edit_once} 改这一条的文字", "這一條不可發: {why}。這不是要填的, {edit_once} 改這一條的文字",
            "this one is blocked: {why}. No form asks for it, {edit_once} edits its text"],
    }
}

/// The form that a to-do asks to be filled in, while it is open.
fn form_of(task: &TaskLine) -> Option<FormKey> {
    let asks = task.state.is_open() && task.facts.contains(&Fact::Ask);
    Some(FormKey {
        playbook: task.playbook.as_ref().filter(|_| asks)?.id.clone(),
        run: task.occurrence?,
        key: task.step.clone(),
        group: task.group.as_ref().map(|group| group.id),
    })
}

impl State {
    /// The form under the cursor, where that is a to-do that asks for one.
    pub(super) fn form_here(&self) -> Option<FormKey> {
        let in_list = matches!(self.focus, Pane::List | Pane::Preview);
        self.task().filter(|_| in_list && self.main.mark_count() == 0).and_then(form_of)
    }

    /// `=`: the form of the to-do under the cursor, else the open questions of today's runs.
    pub(super) fn asks(&mut self) {
        let here = self.form_here();
        self.ask_forms(here);
    }

    /// Asks for the questions; opens the form that is wanted, or lists them all.
    pub(super) fn ask_forms(&mut self, wanted: Option<FormKey>) {
        let tag = self.ask(Request::Asks, Pending::Popup);
        let mut menu = Menu::new(self.text(Words::AsksTitle), Vec::new());
        menu.waiting = Some((tag, Filling::Asks));
        menu.wanted = wanted;
        self.text(Words::AsksEmpty).clone_into(&mut menu.empty);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// The questions have come: opens the form that a menu waited for and gives true, or fills the menu.
    pub(in crate::tui) fn take_asks(&mut self, menu: &mut Menu, asks: &[AskView]) -> bool {
        self.asks = asks.to_vec();
        let wanted = menu.wanted.take().and_then(|key| asks.iter().find(|ask| key.is_of(ask)));
        if let Some(ask) = wanted.cloned() {
            self.answer_ask(ask);
            return true;
        }
        menu.items = self.ask_items(asks);
        let lack = self.lack_here();
        let asked =
            lack.and_then(|(task, variable, _)| asks.iter().position(|ask| asks_for(ask, task, variable)));
        menu.cursor = asked.or_else(|| asks.iter().position(|ask| !ask.answered)).unwrap_or(0);
        if let (None, Some((.., why))) = (asked, lack) {
            menu.notes.push(self.fill(AskWords::AsksNotHere, &[("why", &why)]));
        }
        false
    }

    /// What the text under the cursor lacks: the task, the variable, and why it cannot be said.
    fn lack_here(&self) -> Option<(&TaskLine, &str, &str)> {
        let in_list = matches!(self.focus, Pane::List | Pane::Preview);
        let task = self.task().filter(|task| in_list && task.state.is_open())?;
        let (variable, why) = self.task_text()?.blocked.as_ref()?;
        Some((task, variable, why))
    }

    /// Lines of the form: question, playbook, what is there already.
    fn ask_items(&self, asks: &[AskView]) -> Vec<Item> {
        asks.iter()
            .map(|ask| {
                let group = ask.group.as_ref().map(|group| format!(" [{}]", group.name)).unwrap_or_default();
                let value = ask.value.replace('\n', " / ");
                let note = match (ask.answered, value.is_empty()) {
                    (true, true) => self.text(Words::AskNothing).to_owned(),
                    (true, false) => self.fill(Words::AskAnswered, &[("value", &value)]),
                    (false, false) if ask.kind != "list" => {
                        self.fill(Words::AskProposed, &[("value", &value)])
                    }
                    (false, _) => self.fill(Words::AskBy, &[("at", &self.say_instant(ask.by))]),
                };
                let ahead = ask.run > self.now().day(self.zone) && !ask.answered;
                let day = if ahead { format!("  {}", ask.run.format("%m-%d")) } else { String::new() };
                let label = format!("{}{group}  {}{day}", ask.key, ask.playbook.name);
                Item::new(label, note, Choice::Ask(Box::new(ask.clone())))
            })
            .collect()
    }

    pub(super) fn answer_ask(&mut self, ask: AskView) {
        // Who has not picked up yesterday says nothing about today; what was on offer often does.
        let text = if ask.kind == "list" && !ask.answered { String::new() } else { ask.value.clone() };
        let proposed = ask.proposed && !ask.answered;
        if ask.kind == "lines" || ask.kind == "list" {
            let group = ask.group.as_ref().map(|group| format!(" {}", group.name)).unwrap_or_default();
            let same: Vec<&AskView> =
                self.asks.iter().filter(|other| is_same_question(other, &ask)).collect();
            let left = same.iter().filter(|other| !other.answered).count();
            let left = if left > 1 { self.fill(Words::AskLeft, &[("n", &left)]) } else { String::new() };
            let title = format!("{}{group}  {left}", ask.key).trim_end().to_owned();
            let hint = if ask.kind == "list" { Words::AskListHint } else { Words::EditHint };
            let hint = self.foot(Context::Editor, hint, &[]);
            let saw = seen(&ask);
            let mut editor = Editor::new(title, hint, &text, Purpose::Ask(Box::new(ask))).standing_on(saw);
            if proposed {
                editor.select();
            }
            self.popups.push(Popup::Editor(Box::new(editor)));
        } else {
            let standing = Standing::on(seen(&ask));
            let mut prompt = Prompt::new(PromptKind::Ask(Box::new(ask)), &text);
            prompt.standing = standing;
            if proposed {
                prompt.field.select();
            }
            self.popups.push(Popup::Prompt(Box::new(prompt)));
        }
    }

    /// What stands above the line or the text of a form: how it is written, and the message that will say it.
    pub fn ask_notes(&self, ask: &AskView, typed: &str, is_written: bool) -> Vec<String> {
        let example = match ask.kind.as_str() {
            "lines" => Words::AskExampleLines,
            "list" => Words::AskExampleList,
            "money" => Words::AskExampleMoney,
            _ => Words::AskExampleText,
        };
        let mut notes = vec![self.text(example).to_owned()];
        if ask.preview.len() > 1 {
            let at = ask.used_at.map(|at| self.say_instant(at)).unwrap_or_default();
            notes.push(self.fill(Words::AskUsed, &[("at", &at)]));
            let said = if typed.trim().is_empty() {
                format!("[{}]", ask.key)
            } else if ask.kind == "list" {
                crate::text::names::list_items(typed).join(", ")
            } else {
                typed.trim().to_owned()
            };
            notes.extend(ask.preview.join(&said).lines().map(|line| format!("  {line}")));
        }
        if !matches!(ask.kind.as_str(), "lines" | "list") {
            let foot = self.foot(Context::Prompt, Words::LineHint, &[]);
            notes.push(foot.of(is_written).to_owned());
        }
        if ask.proposed && ask.kind == "list" {
            notes.push(self.fill(Words::AskLast, &[("value", &ask.value.replace('\n', ", "))]));
        }
        notes
    }

    /// Enter in the line of a form.
    ///
    /// # Errors
    /// What is wrong with the value. No tag where the desk cannot be asked, which has been said.
    pub(super) fn end_ask(
        &mut self,
        ask: &AskView,
        text: String,
        saw: Option<Saw>,
    ) -> Result<Option<u64>, String> {
        if ask.kind == "money" && !text.is_empty() && Money::plain(&text).is_none() {
            return Err(self.text(Words::AskExampleMoney).to_owned());
        }
        Ok(self.fill_ask(ask, text, saw))
    }

    pub(super) fn fill_ask(&mut self, ask: &AskView, value: String, saw: Option<Saw>) -> Option<u64> {
        let command = Command::Fill {
            playbook: ask.playbook.id.clone(),
            run: ask.run,
            group: ask.group.as_ref().map(|group| group.id),
            key: ask.key.clone(),
            value,
        };
        self.command_on(command, saw, Pending::Popup)
    }

    /// On to the next open form of the same question.
    pub(in crate::tui) fn next_ask(&mut self, filled: &AskView) {
        let at = self.asks.iter().position(|ask| is_same_question(ask, filled) && ask.group == filled.group);
        if let Some(ask) = at.and_then(|at| self.asks.get_mut(at)) {
            ask.answered = true;
        }
        let open = |ask: &&AskView| is_same_question(ask, filled) && !ask.answered;
        let behind = self.asks.iter().skip(at.map_or(0, |at| at + 1));
        if let Some(next) = behind.chain(&self.asks).find(open).cloned() {
            self.answer_ask(next);
        }
    }

    /// The form that `d` or Enter on one line means, if that line asks for one.
    pub(super) fn open_form(&mut self) -> bool {
        let Some(form) = self.form_here().filter(|_| self.main.selected().and_then(Line::task).is_some())
        else {
            return false;
        };
        if self.may_write() {
            self.ask_forms(Some(form));
        }
        true
    }
}

/// Whether a question is the one whose answer a task lacks.
fn asks_for(ask: &AskView, task: &TaskLine, variable: &str) -> bool {
    let group = |of: &GroupId| task.group.as_ref().is_some_and(|group| group.id == *of);
    task.playbook.as_ref().is_some_and(|playbook| playbook.id == ask.playbook.id)
        && ask.key == *variable
        && ask.group.as_ref().is_none_or(|of| group(&of.id))
}

/// The answer that a form shows; what is proposed is nobody's.
fn seen(ask: &AskView) -> Saw {
    Saw::Text(ask.answered.then(|| ask.value.clone()))
}

fn is_same_question(one: &AskView, other: &AskView) -> bool {
    (&one.playbook.id, one.run, &one.key) == (&other.playbook.id, other.run, &other.key)
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::AskWords>(), Vec::<String>::new());
    }
}
