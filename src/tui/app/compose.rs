//! `m`: a one-off, asked for piece by piece: to whom, when, what; then what a look at it found, and only then made.
//!
//! What is asked first stays below what is asked next, and a piece is changed over what the look found: Esc leads one
//! piece back, and what was written is still there.

use super::super::keymap::Context;
use super::super::popup::editor::{Editor, Purpose};
use super::super::popup::prompt::Mistake;
use super::super::popup::{Choice, Item, Menu, Popup, Prompt, PromptKind};
use super::super::state::{Pending, State, Tone};
use super::super::words::{ComposeWords, Words};
use super::draft::Draft;
use crate::book::{Class, PlaybookId};
use crate::door::Command;
use crate::door::compose::{Compose, is_one_off};
use crate::door::form::Kind;
use crate::door::request::{ListSpec, Request};
use crate::tui::line::Line;

/// What a menu about a one-off does.
#[derive(Clone, Debug, PartialEq)]
pub enum OfOneOff {
    /// To members, or to groups.
    To(Kind),
    /// Changes a piece of it.
    Whom(Draft),
    When(Draft),
    What(Draft),
    Class(Draft),
    Until(Draft),
    Account(Draft),
    Title(Draft),
    Make(Draft),
    Withdraw(PlaybookId),
}

impl OfOneOff {
    /// True for a piece that is asked for over the menu it is chosen from: that stays below.
    pub(in crate::tui) const fn asks(&self) -> bool {
        match self {
            Self::Whom(_) | Self::When(_) | Self::What(_) => true,
            Self::Until(_) | Self::Account(_) | Self::Title(_) => true,
            Self::To(_) | Self::Class(_) | Self::Make(_) | Self::Withdraw(_) => false,
        }
    }
}

impl State {
    /// Begins a one-off: to the marked ones, to what the view lists, or to what is typed.
    pub(super) fn compose_menu(&mut self) {
        let to = |kind| Choice::OneOff(Box::new(OfOneOff::To(kind)));
        let items = vec![
            Item::new(self.text(ComposeWords::Members), "", to(Kind::Member)),
            Item::new(self.text(ComposeWords::Groups), "", to(Kind::Group)),
        ];
        let mut menu = Menu::new(self.text(ComposeWords::Title), items);
        menu.cursor = usize::from(self.view_kind() == Kind::Group);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    pub(in crate::tui) fn of_one_off(&mut self, of: OfOneOff) {
        match of {
            OfOneOff::To(kind) => {
                let (draft, said) = self.begin_draft(kind);
                self.ask_whom(draft);
                self.say(Tone::Warning, said.unwrap_or_default());
            }
            OfOneOff::Whom(draft) => self.ask_whom(draft),
            OfOneOff::When(draft) => self.ask_when(draft),
            OfOneOff::What(draft) => self.ask_what(draft),
            OfOneOff::Until(draft) => {
                let text = draft.compose.until.map(|until| self.write_instant(until)).unwrap_or_default();
                self.ask_piece(PromptKind::ComposeUntil(Box::new(draft)), &text);
            }
            OfOneOff::Account(draft) => {
                let text = draft.compose.account.clone().unwrap_or_default();
                self.ask_piece(PromptKind::ComposeAccount(Box::new(draft)), &text);
            }
            OfOneOff::Title(draft) => {
                let text = draft.compose.title.clone();
                self.ask_piece(PromptKind::ComposeTitle(Box::new(draft)), &text);
            }
            OfOneOff::Class(mut draft) => {
                let class = draft.compose.class;
                let at = Class::ALL.iter().position(|known| *known == class).unwrap_or(0);
                draft.compose.class = Class::ALL.get((at + 1) % Class::ALL.len()).copied().unwrap_or(class);
                self.look_at_one_off(draft);
            }
            // by the menu itself: it stays until the desk has taken it
            OfOneOff::Make(_) => {}
            OfOneOff::Withdraw(id) => {
                if self.may_write() {
                    self.command(Command::ComposeWithdraw { id }, Pending::Command);
                }
            }
        }
    }

    fn ask_whom(&mut self, draft: Draft) {
        let text = draft.whom.clone();
        self.ask_piece(PromptKind::ComposeWhom(Box::new(draft)), &text);
    }

    /// What is said where no filter is typed yet.
    pub(in crate::tui) fn whom_hint(&self, to: Kind) -> String {
        let hint = if to == Kind::Group { ComposeWords::GroupsHint } else { ComposeWords::WhomHint };
        self.text(hint).to_owned()
    }

    /// Asks how many a filter matches.
    pub(in crate::tui) fn ask_reach(&mut self, draft: &Draft, filter: &str) -> u64 {
        let filter = self.whom_sent(draft, filter);
        let lists = vec![ListSpec::of(draft.compose.to, &filter)];
        self.ask(Request::Count { lists }, Pending::Popup)
    }

    /// How many a filter matches, in words.
    pub(in crate::tui) fn reach_words(&self, to: Kind, counted: &[u32]) -> String {
        let n = counted.first().copied().unwrap_or_default();
        let words =
            if to == Kind::Group { ComposeWords::ReachesGroups } else { ComposeWords::ReachesMembers };
        self.fill(words, &[("n", &n)])
    }

    fn ask_when(&mut self, draft: Draft) {
        // who goes a step back and on again finds what they typed; another time for what was looked at is typed anew
        let text = if draft.looked { String::new() } else { draft.when.clone() };
        let mut prompt = Prompt::new(PromptKind::ComposeWhen(Box::new(draft)), &text);
        if text.is_empty() {
            self.text(Words::HowWhen).clone_into(&mut prompt.meaning);
        } else {
            prompt.refresh(self);
        }
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    /// Asks for a piece, beginning with what it is by now.
    fn ask_piece(&mut self, kind: PromptKind, text: &str) {
        let mut prompt = Prompt::new(kind, text);
        prompt.refresh(self);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    fn ask_what(&mut self, draft: Draft) {
        let title = self.text(ComposeWords::TextTitle).to_owned();
        let variable = if draft.compose.to == Kind::Group { "{{ group }}" } else { "{{ name }}" };
        let hint = self.foot(Context::Editor, ComposeWords::TextHint, &[("variable", &variable)]);
        let text = draft.compose.text.clone();
        let reach = self.ask_reach(&draft, &draft.compose.filter);
        let mut editor = Editor::new(title, hint, &text, Purpose::Compose(Box::new(draft)));
        editor.reach_for = Some(reach);
        self.popups.push(Popup::Editor(Box::new(editor)));
    }

    /// Takes a piece that was typed; the prompt comes back when it is to stay, also below the next one.
    pub(super) fn piece_typed(&mut self, mut prompt: Prompt, text: String) -> Option<Prompt> {
        let taken = match prompt.kind.clone() {
            PromptKind::ComposeWhom(draft) => self.whom_typed(*draft, &text),
            PromptKind::ComposeWhen(draft) => self.when_typed(*draft, &text).map_err(Mistake::whole),
            _ => self.more_typed(&prompt, text).map_err(Mistake::whole),
        };
        match taken {
            Ok(stays) => stays.then_some(prompt),
            Err(mistake) => {
                prompt.error = Some(mistake);
                Some(prompt)
            }
        }
    }

    /// Takes whom it is for; true where more is to be asked. The mistake says what is wrong with the filter.
    fn whom_typed(&mut self, mut draft: Draft, text: &str) -> Result<bool, Mistake> {
        if text.is_empty() {
            return Err(Mistake::whole(self.text(ComposeWords::Nobody)));
        }
        if let Some(mistake) = self.whom_mistake(&draft, text) {
            return Err(mistake);
        }
        draft.compose.filter = self.whom_sent(&draft, text);
        text.clone_into(&mut draft.whom);
        let more = !draft.looked;
        if more {
            self.ask_when(draft);
        } else {
            self.look_at_one_off(draft);
        }
        Ok(more)
    }

    /// Takes when it is to be said; true where more is to be asked.
    fn when_typed(&mut self, mut draft: Draft, text: &str) -> Result<bool, String> {
        draft.compose.at = self.read_instant(text)?;
        let more = !draft.looked;
        if more {
            self.ask_what(draft);
        } else {
            self.look_at_one_off(draft);
        }
        Ok(more)
    }

    /// Takes what may be left out; nothing typed leaves it open. Of accounts the offered one is meant.
    fn more_typed(&mut self, prompt: &Prompt, text: String) -> Result<bool, String> {
        let (draft, compose) = match &prompt.kind {
            PromptKind::ComposeUntil(draft) => {
                let compose = &draft.compose;
                let until = if text.is_empty() { None } else { Some(self.read_end(&text)?) };
                if until.is_some_and(|until| until <= compose.at) {
                    return Err(self.fill(ComposeWords::EndsBefore, &[("at", &self.say_instant(compose.at))]));
                }
                (draft, Compose { until, ..compose.clone() })
            }
            PromptKind::ComposeAccount(draft) => {
                let offered = prompt.offers.get(prompt.chosen).map(|offer| offer.line.clone());
                let account = if text.is_empty() { None } else { Some(offered.unwrap_or(text)) };
                (draft, Compose { account, ..draft.compose.clone() })
            }
            PromptKind::ComposeTitle(draft) => (draft, Compose { title: text, ..draft.compose.clone() }),
            _ => return Ok(false),
        };
        self.look_at_one_off(Draft { compose, ..(**draft).clone() });
        Ok(false)
    }

    /// Takes the text.
    pub(super) fn what_typed(&mut self, mut draft: Draft, text: &str) {
        text.clone_into(&mut draft.compose.text);
        self.look_at_one_off(draft);
    }

    /// A piece is left without being taken: what was typed stands there again when its turn comes.
    pub(in crate::tui) fn piece_left(&mut self, kind: &PromptKind, text: &str) {
        let PromptKind::ComposeWhen(left) = kind else { return };
        if let Some(Popup::Prompt(below)) = self.popups.last_mut().filter(|_| !left.looked)
            && let PromptKind::ComposeWhom(draft) = &mut below.kind
        {
            text.clone_into(&mut draft.when);
        }
    }

    /// Whether something was written that goes with a piece that is left: of the first piece, before it was looked at.
    pub(in crate::tui) fn leaves_written(kind: &PromptKind, text: &str) -> bool {
        match kind {
            PromptKind::ComposeWhom(draft) => {
                !draft.looked && (text.trim() != draft.offered.trim() || !draft.when.trim().is_empty())
            }
            _ => false,
        }
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
