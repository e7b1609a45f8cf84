//! First steps on an empty store: from nothing to a sent message in under two minutes.
//!
//! Every step can be left with Esc and comes back with `:tour`.

use chrono_tz::Tz;

use super::super::keymap::Context;
use super::super::popup::Choice::FollowNow;
use super::super::popup::editor::Purpose;
use super::super::popup::{Card, Choice, Editor, Item, Menu, Popup, Prompt, PromptKind};
use super::super::registry::Action;
use super::super::state::{Pending, State};
use super::super::words::Words;
use super::playbook::OfPlaybook;
use crate::book::ObjectId;
use crate::door::Command;

crate::words! {
    pub(in crate::tui) enum TourWords {
        Use => ["用起来", "用起來", "use it"],
        Read => ["先看全文", "先看全文", "read all of it"],
        Zone { zone } => [
            "时间按 {zone} 算; 在国内就把 rules.toml 里的 zone 写成 Asia/Shanghai (qun rules show)",
            "時間按 {zone} 算; 不對就改 rules.toml 裡的 zone (qun rules show)",
            "times are by {zone}; another zone is set in rules.toml (qun rules show)",
        ],
        ReadNote => ["每一步什么时候说什么", "每一步什麼時候說什麼", "what each step says, and when"],
    }
}

impl State {
    pub(super) fn tour(&mut self) {
        let items = vec![
            Item::new(self.text(Words::TourPaste), self.text(Words::TourPasteNote), Choice::PasteGroups),
            Item::new(self.text(Words::TourImport), self.text(Words::TourImportNote), Choice::Import),
            Item::new(
                self.text(Words::TourDemo),
                "qun demo",
                Choice::Say(self.text(Words::TourDemoSay).to_owned()),
            ),
            Item::new(self.text(Words::BuiltinPlaybooks), "", Choice::Playbooks),
            Item::new(
                self.text(Words::TourNew),
                self.start.keymap.key_of(Action::New),
                Choice::Act(Action::New),
            ),
        ];
        let mut menu = Menu::new(self.fill_in(Context::Menu, Words::TourTitle, &[]), items);
        menu.notes = vec![self.text(Words::TourNote).to_owned(), self.text(Words::TourLeave).to_owned()];
        // a server counts by UTC: every time of the book would be hours away
        if matches!(self.zone, Tz::UTC | Tz::Etc__UTC | Tz::GMT | Tz::Etc__GMT | Tz::Universal | Tz::Zulu) {
            let zone = self.zone.name();
            menu.notes.push(TourWords::Zone.fill(self.lang, &[("zone", &zone)]));
        }
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    pub(super) fn paste_groups(&mut self) {
        if !self.may_write() {
            return;
        }
        let title = self.text(Words::PasteGroups).to_owned();
        let hint = self.foot(Context::Editor, Words::PasteGroupsHint, &[]);
        self.popups.push(Popup::Editor(Box::new(Editor::new(title, hint, "", Purpose::Groups))));
    }

    /// After the groups are there: send one now, or let a playbook do the remembering. `first` is the name of the
    /// first of those made, where that is known.
    pub(super) fn tour_next(&mut self, made: &[ObjectId], first: Option<&str>) {
        self.show_view(6);
        let mut items = Vec::new();
        if let (Some(group), Some(first)) = (made.first(), first) {
            let label = self.fill(Words::TourSendNow, &[("name", &first)]);
            let on = FollowNow { on: vec![*group], name: first.to_owned() };
            items.push(Item::new(label, self.fill(Words::TourSendNowNote, &[]), on));
        }
        if made.len() > 1 || (first.is_none() && !made.is_empty()) {
            let name = self.fill(Words::AllGroups, &[("n", &made.len())]);
            let label = self.fill(Words::TourSendNow, &[("name", &name)]);
            let on = FollowNow { on: made.to_vec(), name };
            items.push(Item::new(label, self.text(Words::TourSendAllNote), on));
        }
        if !self.start.playbooks.is_empty() {
            items.push(Item::new(self.text(Words::BuiltinPlaybooks), "", Choice::Playbooks));
        }
        items.push(Item::new(self.text(Words::TourLater), "", Choice::Close));
        let menu = Menu::new(self.text(Words::TourNextTitle), items);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// A message to groups that is due at once.
    pub(super) fn follow_now(&mut self, on: Vec<ObjectId>, name: String) {
        let kind = PromptKind::Follow { on, name };
        // Where it will stand under the cursor, so that the keys of the lesson find it.
        self.show_view(0);
        let now = match self.lang {
            crate::text::lang::Lang::En => "now ",
            crate::text::lang::Lang::ZhCn => "现在 ",
            crate::text::lang::Lang::ZhTw => "現在 ",
        };
        let mut prompt = Prompt::new(kind, now);
        prompt.refresh(self);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    pub(super) fn playbook_menu(&mut self) {
        let items = self
            .start
            .playbooks
            .iter()
            .enumerate()
            .map(|(at, playbook)| {
                let note = if playbook.about.is_empty() { &playbook.first } else { &playbook.about };
                let id = playbook.file.trim_end_matches(".toml");
                Item::new(format!("{}  {id}", playbook.title), note.clone(), Choice::Playbook(at))
            })
            .collect();
        let mut menu = Menu::new(self.fill_in(Context::Menu, Words::PlaybooksTitle, &[]), items);
        self.text(Words::PlaybooksEmpty).clone_into(&mut menu.empty);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// One that comes with the program, before it is used: what it does, and its whole text to read.
    pub(super) fn builtin_menu(&mut self, index: usize) {
        let Some(playbook) = self.start.playbooks.get(index) else { return };
        let of = |of| Choice::OfPlaybook(Box::new(of));
        let (read, take) = (of(OfPlaybook::ReadBuiltin(index)), of(OfPlaybook::UseBuiltin(index)));
        let items = vec![
            Item::new(TourWords::Use.text(self.lang), self.fill(Words::SkipUndo, &[]), take),
            Item::new(TourWords::Read.text(self.lang), TourWords::ReadNote.text(self.lang), read),
        ];
        let mut menu = Menu::new(playbook.title.clone(), items);
        menu.notes = vec![playbook.about.clone(), playbook.first.clone()];
        menu.notes.retain(|note| !note.is_empty());
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// The text of one that comes with the program; behind it the question whether it is used.
    pub(super) fn read_builtin(&mut self, index: usize) {
        let Some(playbook) = self.start.playbooks.get(index).cloned() else { return };
        self.builtin_menu(index);
        let lines = playbook.toml.lines().map(str::to_owned).collect();
        self.popups.push(Popup::Card(Box::new(Card { title: playbook.title, lines, ..Card::default() })));
    }

    pub(super) fn apply_builtin(&mut self, index: usize) {
        let Some(playbook) = self.start.playbooks.get(index).cloned() else { return };
        let command =
            Command::SopAdd { toml: playbook.toml, file: playbook.file, new_only: false, base: None };
        if self.command(command, Pending::Command).is_some() {
            // the list that it was chosen from lies below
            self.popups.retain(|popup| !matches!(popup, Popup::Menu(menu) if menu.is_of_builtins()));
            self.show_view(8);
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<super::TourWords>(), Vec::<String>::new());
    }
}
