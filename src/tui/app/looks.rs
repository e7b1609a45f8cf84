//! How the screen looks, changed while it is looked at: where the text stands, whether names are read.

use super::super::config::PreviewAt;
use super::super::event::Effect;
use super::super::state::{Pane, State, Tone};
use super::super::view::layout::Layout;
use super::super::words::Words;

impl State {
    /// Names and phones out of sight, or back.
    pub(super) fn turn_veil(&mut self) {
        self.hide_names = !self.hide_names;
        self.tell(Tone::Info, if self.hide_names { Words::VeilOn } else { Words::VeilOff });
        self.effect(Effect::Repaint);
    }

    /// The text to the other side: from where it stands by itself to where it does not, and back.
    pub(super) fn turn_preview(&mut self) {
        self.preview = true;
        let beside = Layout::of(self).preview.x > Layout::of(self).list_of(Pane::List).x;
        self.preview_at = if beside { PreviewAt::Below } else { PreviewAt::Right };
        let word = if beside { Words::PreviewBelow } else { Words::PreviewRight };
        self.tell(Tone::Info, word);
    }
}
