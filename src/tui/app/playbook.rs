//! Working with a playbook: opening it, putting people in and taking them out, pausing.
//!
//! One file because everything here is a line of one menu and what it does.

use super::super::event::Effect;
use super::super::line::Line;
use super::super::popup::{Board, Card, Choice, Item, Menu, Popup, Prompt, PromptKind};
use super::super::registry::Action;
use super::super::state::{Pending, State, Tone};
use super::super::words::Words;
use super::compose::OfOneOff;
use super::editing::Edited;
use crate::book::{EnrolmentId, ObjectId, PlaybookId, Target};
use crate::door::Command;
use crate::door::compose::is_one_off;
use crate::door::detail::{CampaignView, PlaceView, Standing};
use crate::door::line::LineId;
use crate::door::reply::Outcome;
use crate::door::request::Request;

/// What a line of a menu does to a playbook or to who is in it.
#[derive(Clone, Debug, PartialEq)]
pub enum OfPlaybook {
    Enrol(PlaybookId),
    /// All that a filter matches, after it was said how many that are.
    EnrolAll(PlaybookId, String),
    Unenrol(Vec<EnrolmentId>),
    Pause(PlaybookId),
    DayOff(PlaybookId),
    /// It was asked whether to: with what the groups are told.
    DayOffGo(PlaybookId, String),
    Resume(PlaybookId),
    Remove(PlaybookId),
    PauseTargets(Vec<Target>),
    UnpauseTargets(Vec<Target>),
    Why(Target, String),
    /// Shows a campaign.
    Campaign(Box<CampaignView>),
    NewCampaign,
    ChangeCampaign(Box<CampaignView>),
    StopCampaign(String),
    Edit(PlaybookId),
    /// Edits a text that was not applied.
    EditAgain(Box<Edited>),
    /// Tells what it would do to the version that runs now.
    EditLook(Box<Edited>),
    /// Shows every change of it.
    AllChanges(Box<Edited>, Vec<String>),
    /// Throws it away; with a text, that is edited instead.
    EditDrop(PlaybookId),
    EditAnew(PlaybookId, String, u32),
    /// Applies it: to everybody, or to who comes from now on.
    Apply(Box<Edited>, bool),
    /// One that comes with the program, by its place: its whole text to read, or used as it is.
    ReadBuiltin(usize),
    UseBuiltin(usize),
}

impl State {
    /// The playbook that is meant: the opened one, else the line under the cursor.
    pub(in crate::tui) fn playbook_here(&self) -> Option<(PlaybookId, String)> {
        let opened = self.popups.iter().rev().find_map(|popup| match popup {
            Popup::Board(board) => Some((board.playbook.clone(), board.title.clone())),
            _ => None,
        });
        opened.or_else(|| match self.list().selected() {
            Some(Line::Playbook(line)) => Some((line.id.clone(), line.title.clone())),
            _ => None,
        })
    }

    /// How many of its tasks are due by now, as far as the list of playbooks is held.
    fn due_of(&self, playbook: &PlaybookId) -> Option<u32> {
        self.main.lines.iter().find_map(|line| match line {
            Line::Playbook(line) if line.id == *playbook => Some(line.due),
            _ => None,
        })
    }

    /// Opens the playbook under the cursor.
    pub(super) fn open_board(&mut self) {
        let Some((playbook, title)) = self.playbook_here() else { return };
        let mut board = Board::new(playbook, title);
        board.ask(self);
        self.popups.push(Popup::Board(Box::new(board)));
    }

    pub(super) fn board(&self) -> Option<&Board> {
        self.popups.iter().rev().find_map(|popup| match popup {
            Popup::Board(board) => Some(&**board),
            _ => None,
        })
    }

    /// What was done may have changed what an opened playbook shows.
    pub(in crate::tui) fn refresh_board(&mut self) {
        let at = self.popups.iter().position(|popup| matches!(popup, Popup::Board(_)));
        let Some(at) = at else { return };
        let Popup::Board(mut board) = self.popups.remove(at) else { return };
        board.ask(self);
        self.popups.insert(at, Popup::Board(board));
    }

    /// A key on an opened playbook that does not move.
    pub(in crate::tui) fn on_board(&mut self, action: Action) {
        let entry = action.entry();
        if entry.writes && !self.may_write() {
            return;
        }
        match action {
            Action::Open => self.board_menu(),
            Action::Why => self.board_why(),
            Action::New | Action::Enrol => self.enrol_prompt(""),
            Action::Edit | Action::EditOnce => self.edit_playbook(),
            Action::Unenrol => self.unenrol_menu(),
            Action::PauseSop => self.pause_playbook(),
            Action::DayOff => self.day_off(""),
            Action::ResumeSop => self.resume_playbook(),
            Action::RemoveSop => self.remove_menu(),
            Action::Undo => self.undo(None),
            Action::Redo => self.redo(),
            Action::History
            | Action::Verbs
            | Action::Calendar
            | Action::Help
            | Action::Messages
            | Action::Language
            | Action::Theme => self.act(action),
            _ => self.tell(Tone::Info, Words::BoardHint),
        }
    }

    /// Everything that can be done here: with who is marked or under the cursor, then with the playbook.
    fn board_menu(&mut self) {
        let Some(board) = self.board() else { return };
        let id = board.playbook.clone();
        let places: Vec<PlaceView> = board.acted_on().into_iter().cloned().collect();
        let paused = board.shown.as_ref().is_some_and(|shown| shown.line.paused);
        let title = board.title.clone();
        let on_step = board.place().is_none() && board.marks.is_empty();
        let of = |what| Choice::OfPlaybook(Box::new(what));
        let mut items = Vec::new();
        if !on_step {
            let who = self.called(&places);
            let running: Vec<EnrolmentId> = running(&places).map(|place| place.enrolment).collect();
            let targets: Vec<Target> = places.iter().map(|place| place.target).collect();
            if let [one] = places.as_slice() {
                let why = of(OfPlaybook::Why(one.target, one.name.clone()));
                items.push(Item::new(self.fill(Words::BoardWhy, &[("who", &who)]), "W", why));
            }
            if !running.is_empty() {
                let label = self.fill(Words::BoardTakeOut, &[("who", &who)]);
                items.push(Item::new(
                    label,
                    self.fill(Words::SkipUndo, &[]),
                    of(OfPlaybook::Unenrol(running)),
                ));
            }
            let is_paused = places.iter().all(|place| place.paused);
            let (words, what) = if is_paused {
                (Words::BoardUnpauseTarget, OfPlaybook::UnpauseTargets(targets))
            } else {
                (Words::BoardPauseTarget, OfPlaybook::PauseTargets(targets))
            };
            items.push(Item::new(self.fill(words, &[("who", &who)]), "", of(what)));
        }
        items.push(Item::new(self.text(Words::BoardEnrol), "N", of(OfPlaybook::Enrol(id.clone()))));
        items.push(Item::new(self.text(Words::BoardEdit), "E", of(OfPlaybook::Edit(id.clone()))));
        items.push(if paused {
            Item::new(self.text(Words::BoardResume), "", of(OfPlaybook::Resume(id.clone())))
        } else {
            Item::new(self.text(Words::BoardPause), "", of(OfPlaybook::Pause(id.clone())))
        });
        let day_off = of(OfPlaybook::DayOff(id.clone()));
        items.push(Item::new(self.text(Words::BoardDayOff), self.text(Words::BoardDayOffNote), day_off));
        items.push(if is_one_off(&id) {
            let withdraw = Choice::OneOff(Box::new(OfOneOff::Withdraw(id)));
            Item::new(Action::Withdraw.entry().doc(self.lang), "", withdraw)
        } else {
            Item::new(self.text(Words::BoardRemove), "", of(OfPlaybook::Remove(id)))
        });
        self.popups.push(Popup::Menu(Box::new(Menu::new(title, items))));
    }

    /// What to call those who are acted on.
    fn called(&self, places: &[PlaceView]) -> String {
        match places {
            [one] => one.name.clone(),
            many => self.fill(Words::BoardMany, &[("n", &many.len())]),
        }
    }

    fn board_why(&mut self) {
        let place = self.board().and_then(Board::place).map(|place| (place.target, place.name.clone()));
        match place {
            Some((target, name)) => self.why_of(target, &name),
            None => self.tell(Tone::Info, Words::BoardNoPlace),
        }
    }

    fn why_of(&mut self, target: Target, name: &str) {
        let title = self.fill(Words::WhyTitle, &[("name", &name)]);
        let waiting = Some(self.ask(Request::Why(target), Pending::Popup));
        self.popups.push(Popup::Card(Box::new(Card { title, waiting, ..Card::default() })));
    }

    pub(super) fn enrol_prompt(&mut self, typed: &str) {
        let Some((playbook, title)) = self.playbook_here() else { return };
        let mut prompt = Prompt::new(PromptKind::Enrol { playbook, title }, typed);
        prompt.refresh(self);
        self.text(Words::EnrolHint).clone_into(&mut prompt.meaning);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    /// What Enter does with what was typed: the offer under the mark, or all that a filter matches.
    pub(super) fn end_enrol(
        &mut self,
        prompt: &Prompt,
        playbook: PlaybookId,
        text: &str,
    ) -> Result<(), String> {
        if let Some(filter) = prompt.filter() {
            self.enrol_all(playbook, filter.to_owned());
            return Ok(());
        }
        let offer = prompt.offers.get(prompt.chosen).and_then(|offer| offer.id.clone());
        let target = match offer {
            Some(LineId::Object(ObjectId::Member(id))) => Target::Member(id),
            Some(LineId::Object(ObjectId::Group(id))) => Target::Group(id),
            Some(LineId::Object(ObjectId::Account(id))) => Target::Account(id),
            _ if text.is_empty() => return Err(self.text(Words::EnrolHint).to_owned()),
            _ => return Err(self.text(Words::NobodyFound).to_owned()),
        };
        self.enrol(playbook, target);
        Ok(())
    }

    /// Puts one target in.
    fn enrol(&mut self, playbook: PlaybookId, target: Target) {
        let command = Command::Enrol {
            playbook,
            targets: vec![target],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        };
        self.command(command, Pending::Command);
    }

    /// Asks how many a filter would put in, before it does.
    fn enrol_all(&mut self, playbook: PlaybookId, filter: String) {
        let dry = Command::Enrol {
            playbook: playbook.clone(),
            targets: Vec::new(),
            filter: filter.clone(),
            anchor: None,
            dry_run: true,
        };
        self.command(dry, Pending::EnrolAll(playbook, filter));
    }

    /// How many would enter: the choice.
    pub(super) fn enrol_told(&mut self, playbook: PlaybookId, filter: String, outcome: &Outcome) {
        let all = Choice::OfPlaybook(Box::new(OfPlaybook::EnrolAll(playbook, filter)));
        let items = vec![
            Item::new(self.text(Words::Cancel), "", Choice::Close),
            Item::new(self.text(Words::EnrolGo), self.fill(Words::SkipUndo, &[]), all),
        ];
        let mut menu = Menu::new(outcome.words.clone(), items);
        menu.notes.clone_from(&outcome.warnings);
        self.push_unasked(menu);
    }

    pub(super) fn unenrol_menu(&mut self) {
        let Some(board) = self.board() else {
            self.open_board();
            self.tell(Tone::Info, Words::BoardNoPlace);
            return;
        };
        let places: Vec<PlaceView> = board.acted_on().into_iter().cloned().collect();
        let ids: Vec<EnrolmentId> = running(&places).map(|place| place.enrolment).collect();
        if ids.is_empty() && !places.is_empty() {
            let words = self.fill(Words::BoardNotRunning, &[("who", &self.called(&places))]);
            self.say(Tone::Info, words);
            return;
        }
        if ids.is_empty() {
            self.tell(Tone::Info, Words::BoardNoPlace);
            return;
        }
        let who = self.called(&places);
        let take_out = Choice::OfPlaybook(Box::new(OfPlaybook::Unenrol(ids)));
        let items = vec![
            Item::new(self.text(Words::Cancel), "", Choice::Close),
            Item::new(
                self.fill(Words::BoardTakeOut, &[("who", &who)]),
                self.fill(Words::SkipUndo, &[]),
                take_out,
            ),
        ];
        let title = board_title(self);
        self.popups.push(Popup::Menu(Box::new(Menu::new(title, items))));
    }

    pub(super) fn pause_playbook(&mut self) {
        if let Some((playbook, _)) = self.playbook_here() {
            self.command(Command::SopPause { playbook }, Pending::Command);
        }
    }

    /// 今日停团, with what the groups are told.
    pub(super) fn day_off(&mut self, notice: &str) {
        let Some((playbook, title)) = self.playbook_here() else { return };
        let due = self.due_of(&playbook);
        let go = Choice::OfPlaybook(Box::new(OfPlaybook::DayOffGo(playbook, notice.to_owned())));
        let items = vec![
            Item::new(self.text(Words::Cancel), "", Choice::Close),
            Item::new(self.text(Words::BoardDayOffGo), self.fill(Words::SkipUndo, &[]), go),
        ];
        let mut menu = Menu::new(self.fill(Words::BoardDayOffTitle, &[("title", &title)]), items);
        if let Some(due) = due {
            menu.notes.push(self.fill(Words::BoardDayOffDue, &[("n", &due)]));
        }
        if !notice.trim().is_empty() {
            menu.notes.push(self.fill(Words::BoardDayOffTell, &[("text", &notice.trim())]));
        }
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    pub(super) fn resume_playbook(&mut self) {
        if let Some((playbook, _)) = self.playbook_here() {
            self.command(Command::SopResume { playbook }, Pending::Command);
        }
    }

    pub(super) fn remove_menu(&mut self) {
        let Some((playbook, title)) = self.playbook_here() else { return };
        let remove = Choice::OfPlaybook(Box::new(OfPlaybook::Remove(playbook)));
        let items = vec![
            Item::new(self.text(Words::Cancel), "", Choice::Close),
            Item::new(self.text(Words::BoardRemoveGo), self.fill(Words::SkipUndo, &[]), remove),
        ];
        let menu = Menu::new(self.fill(Words::BoardRemoveTitle, &[("title", &title)]), items);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// Does what a line of a menu says.
    pub(super) fn choose_of_playbook(&mut self, what: OfPlaybook) {
        match what {
            OfPlaybook::Enrol(_) => self.enrol_prompt(""),
            OfPlaybook::EnrolAll(playbook, filter) => {
                let targets = Vec::new();
                let command = Command::Enrol { playbook, targets, filter, anchor: None, dry_run: false };
                self.command(command, Pending::Command);
            }
            OfPlaybook::Unenrol(enrolments) => {
                self.command(Command::Unenrol { enrolments }, Pending::Command);
                if let Some(Popup::Board(board)) =
                    self.popups.iter_mut().find(|popup| matches!(popup, Popup::Board(_)))
                {
                    board.marks.clear();
                }
            }
            OfPlaybook::DayOff(_) => self.day_off(""),
            OfPlaybook::DayOffGo(playbook, notice) => {
                self.command(Command::SopDayOff { playbook, notice }, Pending::Command);
            }
            OfPlaybook::Pause(playbook) => {
                self.command(Command::SopPause { playbook }, Pending::Command);
            }
            OfPlaybook::Resume(playbook) => {
                self.command(Command::SopResume { playbook }, Pending::Command);
            }
            OfPlaybook::Remove(playbook) => {
                if self.command(Command::SopRemove { playbook }, Pending::Command).is_some() {
                    self.popups.retain(|popup| !matches!(popup, Popup::Board(_)));
                }
            }
            OfPlaybook::PauseTargets(targets) => {
                self.command(Command::Pause { targets, until: None }, Pending::Command);
            }
            OfPlaybook::UnpauseTargets(targets) => {
                self.command(Command::Unpause { targets }, Pending::Command);
            }
            OfPlaybook::Campaign(view) => self.campaign_menu(&view),
            OfPlaybook::NewCampaign => self.campaign_form(None),
            OfPlaybook::ChangeCampaign(view) => self.campaign_form(Some(&view)),
            OfPlaybook::StopCampaign(id) => {
                self.command(Command::CampaignStop { id }, Pending::Command);
            }
            OfPlaybook::Why(target, name) => self.why_of(target, &name),
            OfPlaybook::Edit(_) => self.edit_playbook(),
            OfPlaybook::EditAgain(edited) => {
                self.effect(Effect::Edit { playbook: edited.playbook, text: edited.toml });
            }
            OfPlaybook::EditLook(edited) => self.ask_diff(*edited),
            OfPlaybook::AllChanges(edited, changes) => self.all_changes(&edited, &changes),
            OfPlaybook::EditDrop(playbook) => self.drop_edit(&playbook),
            OfPlaybook::EditAnew(playbook, text, version) => {
                self.drop_edit(&playbook);
                self.begin_edit(playbook, text, version);
            }
            OfPlaybook::ReadBuiltin(at) => self.read_builtin(at),
            OfPlaybook::UseBuiltin(at) => self.apply_builtin(at),
            OfPlaybook::Apply(edited, new_only) => {
                let file = edited.file();
                // what was changed meanwhile is not taken back unseen
                let base = Some(edited.against);
                let command = Command::SopAdd { toml: edited.toml, file, new_only, base };
                self.command(command, Pending::Applied(edited.playbook));
            }
        }
    }
}

fn running(places: &[PlaceView]) -> impl Iterator<Item = &PlaceView> {
    places.iter().filter(|place| matches!(place.standing, Standing::Active | Standing::InLine))
}

fn board_title(state: &State) -> String {
    state.board().map(|board| board.title.clone()).unwrap_or_default()
}
