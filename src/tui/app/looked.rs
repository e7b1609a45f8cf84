//! What a look at a one-off found: sentences above a menu that makes it, or changes a piece. It stays until the desk has
//! taken what was written, or whoever wrote it has said twice that it may go.

use super::super::popup::editor::Purpose;
use super::super::popup::menu::Filling;
use super::super::popup::{Choice, Item, Menu, Popup, PromptKind};
use super::super::state::{Pending, State};
use super::super::words::{ComposeWords, Words};
use super::compose::OfOneOff;
use super::draft::Draft;
use crate::door::compose::ComposeReport;
use crate::door::reply::Outcome;
use crate::door::{Command, Refusal};

/// A piece of a one-off that is asked for, or the menu of what a look at it found.
fn is_piece(popup: &Popup) -> bool {
    match popup {
        Popup::Menu(menu) => State::looked_at(menu).is_some(),
        Popup::Editor(editor) => matches!(editor.purpose, Purpose::Compose(_)),
        Popup::Prompt(prompt) => matches!(
            prompt.kind,
            PromptKind::ComposeWhom(_)
                | PromptKind::ComposeWhen(_)
                | PromptKind::ComposeUntil(_)
                | PromptKind::ComposeAccount(_)
                | PromptKind::ComposeTitle(_)
        ),
        _ => false,
    }
}

impl State {
    /// The one-off that a menu would make.
    pub(in crate::tui) fn looked_at(menu: &Menu) -> Option<&Draft> {
        match &menu.items.first()?.choice {
            Choice::OneOff(of) => match of.as_ref() {
                OfOneOff::Make(draft) => Some(draft),
                _ => None,
            },
            _ => None,
        }
    }

    /// Asks whom it would reach; what comes stands in a menu that makes it, or changes a piece.
    pub(super) fn look_at_one_off(&mut self, mut draft: Draft) {
        draft.looked = true;
        let command = Command::Compose { compose: draft.compose.clone(), dry_run: true };
        let asked = self.command(command, Pending::Popup);
        let compose = &draft.compose;
        let item = |words: ComposeWords, note: &str, of: fn(Draft) -> OfOneOff| {
            Item::new(self.text(words), note, Choice::OneOff(Box::new(of(draft.clone()))))
        };
        let first_line = compose.text.lines().next().unwrap_or_default();
        let left_open = self.text(ComposeWords::NoEnd).to_owned();
        let until = compose.until.map_or(left_open, |until| self.say_instant(until));
        let account = compose.account.as_deref().unwrap_or(self.text(ComposeWords::AnyAccount));
        let title = if compose.title.is_empty() { self.text(ComposeWords::NoName) } else { &compose.title };
        let items = vec![
            item(ComposeWords::Make, "", OfOneOff::Make),
            item(ComposeWords::Text, first_line, OfOneOff::What),
            item(ComposeWords::When, &self.say_instant(compose.at), OfOneOff::When),
            item(ComposeWords::Whom, &self.whom_words(&draft), OfOneOff::Whom),
            item(ComposeWords::Class, compose.class.label(self.lang), OfOneOff::Class),
            item(ComposeWords::Until, &until, OfOneOff::Until),
            item(ComposeWords::Account, account, OfOneOff::Account),
            item(ComposeWords::Name, title, OfOneOff::Title),
            Item::new(self.text(Words::Cancel), self.text(ComposeWords::Dropped), Choice::Close),
        ];
        let mut menu = Menu::new(self.text(ComposeWords::Title), items);
        // where it cannot be asked now what was written stays all the same
        let cannot = || self.note.as_ref().map(|note| note.text.clone()).unwrap_or_default();
        menu.notes.push(asked.map_or_else(cannot, |_| self.text(Words::Waiting).to_owned()));
        menu.waiting = asked.map(|tag| (tag, Filling::Notes));
        // the pieces that led here are in it
        self.popups.retain(|popup| !is_piece(popup));
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// What a look found, as sentences above the choices; without anybody there is nothing to be made.
    pub(in crate::tui) fn take_look(&self, menu: &mut Menu, outcome: &Outcome) {
        let report = outcome.compose.as_deref().cloned().unwrap_or_default();
        menu.notes = self.look_notes(&outcome.words, &report);
        menu.notes.extend(outcome.warnings.iter().cloned());
        if let Some(make) = menu.items.first_mut().filter(|_| report.gets == 0) {
            make.enabled = false;
            make.note.clone_from(&outcome.words);
        }
    }

    /// A look that was refused: what is wrong stands above the choices, and what was written is not lost.
    pub(in crate::tui) fn look_refused(menu: &mut Menu, refusal: &Refusal) -> bool {
        let Some(make) = menu.items.first_mut().filter(|item| matches!(item.choice, Choice::OneOff(_)))
        else {
            return false;
        };
        make.enabled = false;
        make.note.clone_from(&refusal.words);
        menu.notes = vec![refusal.words.clone()];
        true
    }

    fn look_notes(&self, words: &str, report: &ComposeReport) -> Vec<String> {
        let mut notes = vec![words.to_owned()];
        for found in &report.found {
            let names = found.names();
            let what = found.finding.label(self.lang);
            notes
                .push(self.fill(ComposeWords::Found, &[("n", &found.n), ("what", &what), ("names", &names)]));
        }
        if !report.accounts.is_empty() {
            let names: Vec<_> = report.accounts.iter().map(|(name, n)| format!("{name} {n}")).collect();
            notes.push(self.fill(ComposeWords::Accounts, &[("names", &names.join(", "))]));
        }
        if !report.text.is_empty() {
            notes.push(self.fill(ComposeWords::Reads, &[("text", &report.text.replace('\n', " / "))]));
        }
        notes
    }

    /// Makes it: once, and the menu waits for what the desk says.
    pub(in crate::tui) fn make_one_off(&mut self, menu: &mut Menu) {
        let Some(draft) = Self::looked_at(menu).filter(|_| !menu.is_made()) else { return };
        let command = Command::Compose { compose: draft.compose.clone(), dry_run: false };
        if let Some(tag) = self.command(command, Pending::Popup) {
            menu.waiting = Some((tag, Filling::Made));
        }
    }

    /// It is made: nobody is marked for it any more.
    pub(in crate::tui) fn one_off_made(&mut self) {
        self.list_mut().clear_marks();
    }
}
