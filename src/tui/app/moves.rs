//! Moving: the cursor, panes, views, opening and going back. Nothing here changes the book.
//!
//! One file because whatever moves ends in one way: lists, details and what is seen follow it.

use std::time::Duration;

use super::super::event::{Effect, Timer};
use super::super::keymap::Context;
use super::super::line::Line;
use super::super::popup::Choice;
use super::super::popup::{Item, Menu, Popup};
use super::super::registry::Action;
use super::super::state::{Link, Pane, Pending, State, Tone, WATCH_GROUPS, WATCH_MAIN, WATCH_MEMBERS};
use super::super::view::layout::Layout;
use super::super::views::Tab;
use super::super::words::Words;
use crate::book::{GroupId, ObjectId};
use crate::door::form::Kind;
use crate::door::line::{Fact, LineId};
use crate::door::request::{ListSpec, Request, Sort};
use crate::door::views::BuiltinView;

/// Details that are not at hand are asked for when the cursor has rested this long.
const REST: Duration = Duration::from_millis(120);
/// Rows that stood on the screen for this long have been seen.
const SEEN_AFTER: Duration = Duration::from_secs(1);
/// Lines beside the cursor's whose details are asked for in advance, in the direction of the last move.
const AHEAD: [isize; 4] = [1, 2, 3, -1];
/// Details under way at one time; a slow line or a busy desk gets no more.
const UNDER_WAY_MAX: usize = 4;

impl State {
    /// Where keys go among the panes.
    pub(in crate::tui) fn here(&self) -> Context {
        Context::of(self.focus, self.main.spec.kind)
    }

    /// Brings heights and side lists in step with the size and the panes.
    pub(super) fn relayout(&mut self) {
        let layout = Layout::of(self);
        // as many rows are held as a list of that place would show
        let rows = if self.is_solo() { layout.preview.height } else { layout.queue.height };
        self.main.set_height(usize::from(rows));
        self.groups.set_height(usize::from(layout.groups.height));
        self.members.set_height(usize::from(layout.members.height));
        self.watch_sides();
        self.watch_sight();
    }

    /// True while nothing but a sentence about the window is shown.
    pub(super) fn is_too_small(&self) -> bool {
        Layout::of(self).too_small
    }

    /// Rows count as seen when they have been on the screen for a second: a list that moves on begins anew.
    fn watch_sight(&mut self) {
        let sight = Some((self.main.first as usize + self.main.top, self.main.height));
        if self.in_sight != sight {
            self.in_sight = sight;
            self.arm_seen();
        }
    }

    pub(super) fn arm_seen(&mut self) {
        self.seen_armed = true;
        self.effect(Effect::SetTimer { timer: Timer::Seen, after: SEEN_AFTER });
    }

    /// Watches the side lists that are on the screen, and only those.
    pub(super) fn watch_sides(&mut self) {
        if self.link != Link::Up {
            return;
        }
        let layout = Layout::of(self);
        if layout.groups.height > 0 && !self.groups.loaded && !self.is_pending(WATCH_GROUPS) {
            let request = self.groups.request();
            self.ask(request, Pending::Watch(WATCH_GROUPS));
        }
        if layout.members.height == 0 {
            return;
        }
        let group = self.main.selected().and_then(Line::group).map(|(_, name)| name).unwrap_or_default();
        let filter = if group.is_empty() { String::new() } else { format!("group:{}", quoted(&group)) };
        if self.members_of != filter || (!self.members.loaded && !self.is_pending(WATCH_MEMBERS)) {
            self.members_of.clone_from(&filter);
            self.members.show(ListSpec { kind: Kind::Member, filter, sort: Sort::Natural, limit: None });
            let request = self.members.request();
            self.ask(request, Pending::Watch(WATCH_MEMBERS));
        }
    }

    pub(super) fn is_pending(&self, watch: u32) -> bool {
        self.pending.values().any(|pending| *pending == Pending::Watch(watch))
    }

    pub(super) fn move_by(&mut self, delta: isize) {
        if self.focus == Pane::Preview {
            self.scroll = self.scroll.saturating_add_signed(delta.clamp(-1000, 1000) as i16);
            return;
        }
        let wants = self.list_mut().move_by(delta);
        self.heading = if delta < 0 { -1 } else { 1 };
        self.moved(wants);
    }

    pub(super) fn move_to(&mut self, row: usize) {
        if self.focus == Pane::Preview {
            self.scroll = if row == 0 { 0 } else { u16::MAX };
            return;
        }
        let wants = self.list_mut().move_to(row);
        self.moved(wants);
    }

    pub(super) fn move_page(&mut self, pages: isize, parts: isize) {
        let height = self.list().height.max(2) as isize;
        self.move_by(pages * (height / parts).max(1));
    }

    /// After every move: the range grows, the window follows, the details wait until the cursor rests.
    pub(super) fn moved(&mut self, wants_window: bool) {
        if self.list().anchor.is_some() {
            self.list_mut().mark_range();
        }
        if wants_window && self.link == Link::Up {
            let list = self.list();
            let (watch, request) = (list.watch, list.request());
            // A window that is under way serves as well while the cursor stays within what is held.
            if list.is_beyond() || !self.is_pending(watch) {
                self.ask(request, Pending::Watch(watch));
            }
        }
        self.scroll = 0;
        self.rest();
    }

    /// The details of what is under the cursor: at hand, asked for at once after a pause, else when the cursor rests.
    pub(super) fn rest(&mut self) {
        if self.main.cursor.as_ref().is_some_and(|id| !self.details.wants(id, self.mono)) {
            self.effect(Effect::CancelTimer(Timer::Detail));
            self.ask_ahead();
            self.look_up_texts();
        } else if self.mono.saturating_sub(self.asked_detail_at) >= REST {
            self.ask_detail();
        } else {
            self.effect(Effect::SetTimer { timer: Timer::Detail, after: REST });
        }
    }

    pub(super) fn ask_detail(&mut self) {
        if self.link != Link::Up {
            return;
        }
        let Some(id) = self.main.cursor.clone() else { return };
        if self.details.wants(&id, self.mono) && !self.is_asked(&id) {
            self.asked_detail_at = self.mono;
            self.ask_detail_of(id);
        }
        self.look_up_texts();
    }

    /// Asks for the details of the lines that the cursor is likely to come to next.
    pub(super) fn ask_ahead(&mut self) {
        if self.link != Link::Up {
            return;
        }
        let under_way = self.pending.values().filter(|p| matches!(p, Pending::Detail(..))).count();
        let lines = AHEAD.iter().filter_map(|by| {
            let row = self.main.row.checked_add_signed(by * self.heading)?;
            self.main.lines.get(row).map(Line::id)
        });
        let unknown: Vec<LineId> = lines
            .filter(|id| self.details.of(id).is_none() && !self.is_asked(id))
            .take(UNDER_WAY_MAX.saturating_sub(under_way))
            .collect();
        for id in unknown {
            self.ask_detail_of(id);
        }
    }

    fn is_asked(&self, id: &LineId) -> bool {
        self.pending.values().any(|pending| matches!(pending, Pending::Detail(asked, _) if asked == id))
    }

    fn ask_detail_of(&mut self, id: LineId) {
        let request = match &id {
            LineId::Object(ObjectId::Task(task)) => Request::Task(*task),
            LineId::Object(object) => Request::Object(*object),
            LineId::Playbook(playbook) => Request::Playbook(playbook.clone()),
        };
        self.ask(request, Pending::Detail(id, self.mono));
    }

    /// Shows a view; its filter is what was last typed there, its cursor and marks are where they were left.
    pub(in crate::tui) fn show_view(&mut self, view: usize) {
        let view = view.min(self.tabs.len() - 1);
        self.leave_view();
        if view != self.view {
            self.narrowed = None;
        }
        self.view = view;
        self.focus = Pane::List;
        self.zoom = false;
        self.chunk = None;
        let spec = self.view_list();
        match self.tabs.get_mut(view).and_then(|tab| tab.left.take()) {
            Some((left, chunk)) => {
                self.main.show_again(spec, left);
                self.chunk = chunk;
            }
            None => self.main.show(spec),
        }
        self.scroll = 0;
        self.watch_main();
    }

    /// Keeps where the list of the present view is left.
    fn leave_view(&mut self) {
        // what is on the screen may be of a view that is gone
        if self.main.spec != self.view_list() {
            return;
        }
        let left = (self.main.leave(), self.chunk.take());
        let view = self.view;
        if let Some(tab) = self.tabs.get_mut(view) {
            tab.left = Some(left);
        }
    }

    /// Shows the main list anew by view, filter and narrowing.
    pub(super) fn show_main(&mut self) {
        let spec = self.view_list();
        self.main.show(spec);
        self.scroll = 0;
        self.watch_main();
    }

    pub(super) fn turn_view(&mut self, step: isize) {
        let next = (self.view as isize + step).rem_euclid(self.tabs.len() as isize);
        self.show_view(next as usize);
    }

    pub(super) fn turn_pane(&mut self, step: isize) {
        if self.is_solo() {
            return;
        }
        let all: &[Pane] = match self.view_kind() {
            Kind::Task => &[Pane::Groups, Pane::List, Pane::Preview, Pane::Members],
            _ => &[Pane::List, Pane::Preview],
        };
        let at = all.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        let next = (at as isize + step).rem_euclid(all.len() as isize) as usize;
        let from = std::mem::replace(&mut self.focus, all.get(next).copied().unwrap_or(Pane::List));
        if (from, self.focus) == (Pane::List, Pane::Groups)
            && let Some((group, _)) = self.main.selected().and_then(Line::group)
        {
            self.groups.move_onto(&LineId::Object(ObjectId::Group(group)));
        }
        self.scroll = 0;
    }

    /// Enter: goes in; where nothing more is to be opened, the menu of everything that can be done here.
    pub(super) fn open(&mut self) {
        if self.focus == Pane::List && self.open_form() {
            return;
        }
        match self.focus {
            Pane::Groups => self.narrow(self.groups.selected().and_then(Line::group)),
            Pane::List if self.view_kind() == Kind::Group && !self.main.lines.is_empty() => {
                self.narrow(self.main.selected().and_then(Line::group));
            }
            Pane::List if matches!(self.main.selected(), Some(Line::Playbook(_))) => self.open_board(),
            // the text is in sight already
            Pane::List if self.main.selected().is_some() && self.is_solo() => self.action_menu(),
            Pane::List if self.main.selected().is_some() => {
                self.focus = Pane::Preview;
                self.preview = true;
            }
            Pane::List => {
                // An empty store: the way in.
                if self.counts.groups == 0 && self.counts.members == 0 {
                    self.tour();
                }
            }
            Pane::Preview | Pane::Members => self.action_menu(),
        }
    }

    /// The queue of one group.
    fn narrow(&mut self, group: Option<(GroupId, String)>) {
        let Some((id, _)) = group else { return };
        self.groups.go_to_when_it_comes(LineId::Object(ObjectId::Group(id)));
        self.focus = Pane::List;
        self.narrowed_from = (self.view_kind() != Kind::Task).then_some(self.view);
        if self.narrowed_from.is_none() {
            self.narrowed = group;
            self.narrow_main();
        } else {
            self.leave_view();
            self.view = 0;
            self.narrowed = group;
            self.show_main();
        }
    }

    /// Shows the part of the main list that it is narrowed to, or again the whole: the cursor stays with its task.
    pub(super) fn narrow_main(&mut self) {
        let (spec, settled) = (self.view_list(), !self.is_pending(WATCH_MAIN));
        self.main.narrow_to(spec, settled);
        self.scroll = 0;
        self.watch_main();
    }

    /// Everything that can be done with what is under the cursor.
    fn action_menu(&mut self) {
        let title = self.list().selected().map(|line| line.name().to_owned()).unwrap_or_default();
        let lang = self.lang;
        let several = self.list().mark_count() > 1;
        let here = self.list().selected().filter(|line| line.task().is_none());
        let object = here.and_then(super::super::line::Line::object);
        let mut items: Vec<Item> = Action::all()
            .iter()
            .filter(|entry| {
                use super::super::registry::Section;
                matches!(entry.section, Section::Work | Section::Tell | Section::Find)
            })
            .map(|entry| {
                let mut item = Item::new(
                    entry.doc(lang),
                    self.start.keymap.all_keys_of(entry.action),
                    Choice::Act(entry.action),
                );
                if let Err(words) = self.has(entry.needs) {
                    item.enabled = false;
                    words.text(lang).clone_into(&mut item.note);
                } else if object.is_some_and(|object| entry.action.is_of_none_like(object)) {
                    item.enabled = false;
                    Words::NotForThis.text(lang).clone_into(&mut item.note);
                } else if several && entry.action.is_of_one_line() {
                    item.enabled = false;
                    item.note = self.fill(Words::OneAtATime, &[]);
                }
                item
            })
            .collect();
        // What cannot be done here is said below what can.
        items.sort_by_key(|item| !item.enabled);
        let mut menu = Menu::new(title, items);
        menu.digits = false;
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// Back one level: pane, range, marks, narrowing, filter; at the top it says how to quit.
    pub(super) fn back(&mut self) {
        if self.solo.is_some() && self.main.anchor.is_none() && self.main.mark_count() == 0 {
            self.leave_solo();
        } else if self.zoom {
            self.zoom = false;
        } else if self.focus != Pane::List {
            self.focus = Pane::List;
        } else if self.main.anchor.is_some() || self.main.mark_count() > 0 {
            self.main.clear_marks();
            self.chunk = None;
        } else if self.narrowed_from.is_some() && self.tab().is_some_and(Tab::is_changed) {
            self.reset_filter();
        } else if self.narrowed.take().is_some() {
            match self.narrowed_from.take() {
                Some(view) => self.show_view(view),
                None => self.narrow_main(),
            }
        } else if self.tab().is_some_and(Tab::is_changed) {
            self.reset_filter();
        } else if self.note.as_ref().is_some_and(|note| note.tone == Tone::Error) {
            self.note = None;
        } else {
            self.tell_once(Words::HowToQuit);
        }
    }

    /// The view lists by its own filter again.
    fn reset_filter(&mut self) {
        let view = self.view;
        if let Some(tab) = self.tabs.get_mut(view) {
            tab.reset();
        }
        self.apply_filter();
    }

    pub(super) fn mark(&mut self) {
        let list = self.list_mut();
        list.toggle_mark();
        let wants = list.move_by(1);
        self.moved(wants);
        self.say_same_text();
    }

    pub(super) fn range(&mut self) {
        let list = self.list_mut();
        if list.anchor.take().is_none() {
            list.anchor.clone_from(&list.cursor);
            list.mark_range();
        }
    }

    /// To the next task not seen yet; where none is, to the next overdue one.
    pub(super) fn next_alert(&mut self) {
        let wanted = |fact: &Fact| matches!(fact, Fact::Unseen);
        let late = |fact: &Fact| matches!(fact, Fact::Overdue | Fact::LateDays(_));
        let find = |fits: &dyn Fn(&Fact) -> bool| {
            let rows = self.main.lines.len();
            (1..=rows).map(|step| (self.main.row + step) % rows.max(1)).find(|row| {
                let line = self.main.lines.get(*row).and_then(Line::task);
                line.is_some_and(|task| task.facts.iter().any(fits))
            })
        };
        match find(&wanted).or_else(|| find(&late)) {
            Some(row) => {
                let absolute = self.main.first as usize + row;
                let wants = self.main.move_to(absolute);
                self.focus = Pane::List;
                self.moved(wants);
            }
            None if self.view != 0 && self.counts.alerts > 0 => self.show_view(0),
            None => self.tell(Tone::Warning, Words::NoAlert),
        }
    }

    /// Goes to something by its name: groups and members have views of their own.
    pub(super) fn go_to(&mut self, id: &LineId, name: &str) {
        self.leave_view();
        let view = match id {
            LineId::Object(ObjectId::Group(_)) => 6,
            LineId::Object(ObjectId::Member(_)) => 7,
            LineId::Playbook(_) => 8,
            LineId::Object(ObjectId::Account(_)) => {
                // Accounts have no view: their tasks do.
                self.view = 0;
                let filter = format!("{} account:{}", BuiltinView::Due.filter(), quoted(name));
                self.set_filter(&filter);
                return;
            }
            LineId::Object(_) => 0,
        };
        self.view = view;
        self.narrowed = None;
        self.focus = Pane::List;
        if let Some(tab) = self.tabs.get_mut(view) {
            tab.reset();
        }
        self.show_main_around(id);
    }

    fn show_main_around(&mut self, id: &LineId) {
        let spec = self.view_list();
        self.main.show(spec);
        self.main.cursor = Some(id.clone());
        self.watch_main();
    }
}

/// A name as a filter takes it whole.
pub(in crate::tui) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace(['"', '\\'], " "))
}
