//! How the screen looks, changed while it is looked at: where the text stands, whether names are read, what is marked.

use super::super::config::PreviewAt;
use super::super::event::Effect;
use super::super::list::LARGEST;
use super::super::state::{Link, Pane, Pending, State, Tone};
use super::super::view::layout::Layout;
use super::super::words::Words;
use crate::door::form::Kind;
use crate::door::reply::Window;
use crate::door::request::{ListSpec, Request};

/// Members of one page.
const NAMES: u32 = 500;

impl State {
    /// Names and phones out of sight, or back.
    pub(super) fn turn_veil(&mut self) {
        self.hide_names = !self.hide_names;
        self.tell(Tone::Info, if self.hide_names { Words::VeilOn } else { Words::VeilOff });
        self.effect(Effect::Repaint);
        self.ask_names(0);
    }

    /// Asks for the names of a page of members, to be hidden wherever they stand.
    pub(in crate::tui) fn ask_names(&mut self, first: u32) {
        if !self.hide_names || self.link != Link::Up {
            return;
        }
        let list = ListSpec::of(Kind::Member, "");
        self.ask(Request::List { list, first, rows: NAMES, texts: false }, Pending::Names);
    }

    /// A page of names has come: they are known already, the next one is asked for.
    pub(super) fn take_names(&mut self, window: &Window) {
        let next = window.first.saturating_add(NAMES);
        if next < window.total {
            self.ask_names(next);
        }
    }

    /// `V`: the marks of the whole list the other way round.
    pub(super) fn invert(&mut self) {
        if self.list_mut().invert_all() {
            let request = self.list().request();
            let watch = self.list().watch;
            self.ask(request, Pending::Watch(watch));
        }
        let total = self.list().total;
        if total > LARGEST {
            let words = self.fill(Words::MarkedMost, &[("n", &LARGEST), ("total", &total)]);
            self.say(Tone::Warning, words);
        }
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
