//! `:import`: a member list from a file of the user's.

use super::super::event::Effect;
use super::super::files::{FromFile, OpenFile};
use super::super::popup::import::Import;
use super::super::popup::{Popup, Prompt, PromptKind};
use super::super::state::State;

impl State {
    /// Asks which file.
    pub(super) fn import_prompt(&mut self) {
        if self.may_write() {
            self.popups.push(Popup::Prompt(Box::new(Prompt::new(PromptKind::Import, ""))));
        }
    }

    /// Reads a file and shows what would come of it.
    pub(super) fn import_file(&mut self, path: &str) {
        if !self.may_write() {
            return;
        }
        let popup = Import::reading(self, path);
        self.popups.push(Popup::Import(Box::new(popup)));
        self.effect(Effect::OpenFile(OpenFile {
            path: path.to_owned(),
            zone: self.zone,
            now_ms: self.now().0,
            lang: self.lang,
        }));
    }

    /// Gives what came from the file to the box that waits for it.
    pub(super) fn file_told(&mut self, told: FromFile) {
        self.with_import(|popup, state| popup.told(state, told));
    }

    /// Asks how far the desk is.
    pub(super) fn look_at_import(&mut self) {
        self.with_import(Import::look);
    }

    fn with_import(&mut self, act: impl FnOnce(Box<Import>, &mut Self) -> Option<Popup>) {
        self.dirty = true;
        let Some(depth) = self.popups.iter().position(|popup| matches!(popup, Popup::Import(_))) else {
            return;
        };
        if let Popup::Import(popup) = self.popups.remove(depth)
            && let Some(kept) = act(popup, self)
        {
            self.popups.insert(depth.min(self.popups.len()), kept);
        }
    }
}
