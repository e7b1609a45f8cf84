//! `m`: a one-off, asked for piece by piece: to whom, when, what; then what a look at it found, and only then made.

use super::super::keymap::Context;
use super::super::popup::editor::{Editor, Purpose};
use super::super::popup::menu::Filling;
use super::super::popup::prompt::Mistake;
use super::super::popup::{Choice, Item, Menu, Popup, Prompt, PromptKind};
use super::super::state::{Pending, State, Tone};
use super::super::words::{ComposeWords, Words};
use crate::book::{Class, ObjectId, PlaybookId};
use crate::door::compose::{Compose, ComposeReport, is_one_off};
use crate::door::form::Kind;
use crate::door::reply::Outcome;
use crate::door::request::{ListSpec, Request};
use crate::door::{Command, Refusal};
use crate::query::SubjectKind;
use crate::tui::line::Line;

/// How many marked lines are named one by one in a filter.
const NAMED: usize = 100;

/// What a menu about a one-off does.
#[derive(Clone, Debug, PartialEq)]
pub enum OfOneOff {
    /// To members, or to groups.
    To(Kind),
    /// Changes a piece of it.
    Whom(Compose),
    When(Compose),
    What(Compose),
    Class(Compose),
    Until(Compose),
    Account(Compose),
    Title(Compose),
    Make(Compose),
    Withdraw(PlaybookId),
}

impl State {
    /// Begins a one-off: to the marked ones, to what the view lists, or to what is typed.
    pub(super) fn compose_menu(&mut self) {
        let items = vec![
            Item::new(self.text(ComposeWords::Members), "", one_off(OfOneOff::To(Kind::Member))),
            Item::new(self.text(ComposeWords::Groups), "", one_off(OfOneOff::To(Kind::Group))),
        ];
        let mut menu = Menu::new(self.text(ComposeWords::Title), items);
        menu.cursor = usize::from(self.view_kind() == Kind::Group);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    pub(in crate::tui) fn of_one_off(&mut self, of: OfOneOff) {
        match of {
            OfOneOff::To(kind) => {
                let filter = self.whom_by_default(kind);
                let compose = Compose {
                    title: String::new(),
                    to: kind,
                    filter,
                    at: self.now(),
                    until: None,
                    text: String::new(),
                    class: Class::Marketing,
                    account: None,
                };
                self.ask_whom(compose);
            }
            OfOneOff::Whom(compose) => self.ask_whom(compose),
            OfOneOff::When(compose) => self.ask_when(compose),
            OfOneOff::What(compose) => self.ask_what(compose),
            OfOneOff::Until(compose) => {
                let text = compose.until.map(|until| self.write_instant(until)).unwrap_or_default();
                self.ask_more(PromptKind::ComposeUntil(Box::new(compose)), &text);
            }
            OfOneOff::Account(compose) => {
                let text = compose.account.clone().unwrap_or_default();
                self.ask_more(PromptKind::ComposeAccount(Box::new(compose)), &text);
            }
            OfOneOff::Title(compose) => {
                let text = compose.title.clone();
                self.ask_more(PromptKind::ComposeTitle(Box::new(compose)), &text);
            }
            OfOneOff::Class(mut compose) => {
                let at = Class::ALL.iter().position(|class| *class == compose.class).unwrap_or(0);
                compose.class = Class::ALL.get((at + 1) % Class::ALL.len()).copied().unwrap_or(compose.class);
                self.look_at_one_off(&compose);
            }
            OfOneOff::Make(compose) => {
                if self.may_write() {
                    let made = self.command(Command::Compose { compose, dry_run: false }, Pending::Command);
                    if made.is_some() {
                        self.list_mut().clear_marks();
                    }
                }
            }
            OfOneOff::Withdraw(id) => {
                if self.may_write() {
                    self.command(Command::ComposeWithdraw { id }, Pending::Command);
                }
            }
        }
    }

    /// The marked ones of that kind, else the filter of a view that lists them.
    fn whom_by_default(&self, kind: Kind) -> String {
        let list = self.list();
        let marked = if list.mark_count() > 0 { list.acted_on() } else { Vec::new() };
        let mut ids: Vec<String> = marked
            .into_iter()
            .filter_map(|line| match (kind, line.object(), line) {
                (Kind::Member, Some(ObjectId::Member(id)), _) => Some(id.to_string()),
                (Kind::Group, Some(ObjectId::Group(id)), _) => Some(id.to_string()),
                (Kind::Member, _, Line::Task(task)) => task.member.as_ref().map(|of| of.id.to_string()),
                (Kind::Group, _, Line::Task(task)) => task.group.as_ref().map(|of| of.id.to_string()),
                _ => None,
            })
            .collect();
        ids.sort();
        ids.dedup();
        if !ids.is_empty() && ids.len() <= NAMED {
            return format!("id:{}", ids.join(","));
        }
        if self.view_kind() == kind { self.view_filter().to_owned() } else { String::new() }
    }

    fn ask_whom(&mut self, compose: Compose) {
        let text = compose.filter.clone();
        let mut prompt = Prompt::new(PromptKind::ComposeWhom(Box::new(compose)), &text);
        prompt.refresh(self);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    /// What is said where no filter is typed yet.
    pub(in crate::tui) fn whom_hint(&self, to: Kind) -> String {
        let hint = if to == Kind::Group { ComposeWords::GroupsHint } else { ComposeWords::WhomHint };
        self.text(hint).to_owned()
    }

    /// Asks how many a filter matches.
    pub(in crate::tui) fn ask_reach(&mut self, to: Kind, filter: &str) -> u64 {
        let filter = self.tabs.sent(filter, to);
        self.ask(Request::Count { lists: vec![ListSpec::of(to, &filter)] }, Pending::Popup)
    }

    /// How many a filter matches, in words.
    pub(in crate::tui) fn reach_words(&self, to: Kind, counted: &[u32]) -> String {
        let n = counted.first().copied().unwrap_or_default();
        let words =
            if to == Kind::Group { ComposeWords::ReachesGroups } else { ComposeWords::ReachesMembers };
        self.fill(words, &[("n", &n)])
    }

    fn ask_when(&mut self, compose: Compose) {
        let mut prompt = Prompt::new(PromptKind::ComposeWhen(Box::new(compose)), "");
        self.text(Words::HowWhen).clone_into(&mut prompt.meaning);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    /// Asks for what may be left out, beginning with what it is by now.
    fn ask_more(&mut self, kind: PromptKind, text: &str) {
        let mut prompt = Prompt::new(kind, text);
        prompt.refresh(self);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    fn ask_what(&mut self, compose: Compose) {
        let title = self.text(ComposeWords::TextTitle).to_owned();
        let variable = if compose.to == Kind::Group { "{{ group }}" } else { "{{ name }}" };
        let hint = self.fill_in(Context::Editor, ComposeWords::TextHint, &[("variable", &variable)]);
        let text = compose.text.clone();
        let reach = self.ask_reach(compose.to, &compose.filter);
        let mut editor = Editor::new(title, hint, &text, Purpose::Compose(Box::new(compose)));
        editor.reach_for = Some(reach);
        self.popups.push(Popup::Editor(Box::new(editor)));
    }

    /// Takes whom it is for; the sentence says what is wrong with the filter.
    pub(super) fn whom_named(&mut self, mut compose: Compose, text: &str) -> Result<(), Mistake> {
        if text.is_empty() {
            return Err(Mistake::whole(self.text(ComposeWords::Nobody)));
        }
        let kind = if compose.to == Kind::Group { SubjectKind::Group } else { SubjectKind::Member };
        if let Some(mistake) = self.mistake_in(kind, text) {
            return Err(mistake);
        }
        compose.filter = self.tabs.sent(text, compose.to);
        if compose.text.is_empty() {
            self.ask_when(compose);
        } else {
            self.look_at_one_off(&compose);
        }
        Ok(())
    }

    /// Takes when it is to be said.
    pub(super) fn when_named(&mut self, mut compose: Compose, text: &str) -> Result<(), String> {
        compose.at = self.read_instant(text)?;
        if compose.text.is_empty() {
            self.ask_what(compose);
        } else {
            self.look_at_one_off(&compose);
        }
        Ok(())
    }

    /// Takes what may be left out; nothing typed leaves it open. Of accounts the offered one is meant.
    pub(super) fn more_named(&mut self, prompt: &Prompt, text: String) -> Result<(), String> {
        let compose = match &prompt.kind {
            PromptKind::ComposeUntil(compose) => {
                let until = if text.is_empty() { None } else { Some(self.read_end(&text)?) };
                if until.is_some_and(|until| until <= compose.at) {
                    return Err(self.fill(ComposeWords::EndsBefore, &[("at", &self.say_instant(compose.at))]));
                }
                Compose { until, ..(**compose).clone() }
            }
            PromptKind::ComposeAccount(compose) => {
                let offered = prompt.offers.get(prompt.chosen).map(|offer| offer.line.clone());
                let account = if text.is_empty() { None } else { Some(offered.unwrap_or(text)) };
                Compose { account, ..(**compose).clone() }
            }
            PromptKind::ComposeTitle(compose) => Compose { title: text, ..(**compose).clone() },
            _ => return Ok(()),
        };
        self.look_at_one_off(&compose);
        Ok(())
    }

    /// Takes the text.
    pub(super) fn what_named(&mut self, mut compose: Compose, text: &str) {
        text.clone_into(&mut compose.text);
        self.look_at_one_off(&compose);
    }

    /// Asks whom it would reach; what comes stands in a menu that makes it, or changes a piece.
    fn look_at_one_off(&mut self, compose: &Compose) {
        let command = Command::Compose { compose: compose.clone(), dry_run: true };
        let Some(tag) = self.command(command, Pending::Popup) else { return };
        let item = |words: ComposeWords, note: &str, of: fn(Compose) -> OfOneOff| {
            Item::new(self.text(words), note, one_off(of(compose.clone())))
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
            item(ComposeWords::Whom, &compose.filter, OfOneOff::Whom),
            item(ComposeWords::Class, compose.class.label(self.lang), OfOneOff::Class),
            item(ComposeWords::Until, &until, OfOneOff::Until),
            item(ComposeWords::Account, account, OfOneOff::Account),
            item(ComposeWords::Name, title, OfOneOff::Title),
            Item::new(self.text(Words::Cancel), "", Choice::Close),
        ];
        let mut menu = Menu::new(self.text(ComposeWords::Title), items);
        menu.notes.push(self.text(Words::Waiting).to_owned());
        menu.waiting = Some((tag, Filling::Notes));
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
            let more = if found.n as usize > found.named.len() { " .." } else { "" };
            let names = format!("{}{more}", found.named.join(", "));
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

    /// `:withdraw`: takes the one-off under the cursor back whole.
    pub(super) fn withdraw(&mut self) {
        let id = match self.list().selected() {
            Some(Line::Task(task)) => task.playbook.as_ref().map(|playbook| playbook.id.clone()),
            Some(Line::Playbook(playbook)) => Some(playbook.id.clone()),
            _ => None,
        };
        match id.filter(is_one_off) {
            Some(id) => self.of_one_off(OfOneOff::Withdraw(id)),
            None => self.tell(Tone::Warning, Words::NoOneOff),
        }
    }
}

fn one_off(of: OfOneOff) -> Choice {
    Choice::OneOff(Box::new(of))
}
