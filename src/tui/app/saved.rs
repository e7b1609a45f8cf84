//! Saved views on the screen: chosen, saved, named, given a digit, removed; and how many rows each has.
//!
//! One file because what is done to a view is the same wherever it is kept.

use std::time::Duration;

use super::super::event::{Effect, Timer};
use super::super::popup::standing::stands;
use super::super::popup::{Choice, Item, Menu, Popup, Prompt, PromptKind};
use super::super::registry::Action;
use super::super::state::{Link, Pending, State, Tone};
use super::super::views::{Origin, Tab, told_anyway};
use super::super::words::{ViewWords, Words};
use crate::book::View;
use crate::book::view::put;
use crate::door::request::{ListSpec, Request, Sort};
use crate::door::views::{Page, name_fault, used_in};
use crate::door::{Command, Refusal, Saw};
use crate::query;
use crate::text::fold::fold;

/// Saved views are counted again when what they count has been quiet for this long.
const COUNT_AFTER: Duration = Duration::from_millis(700);

/// What is done about the view that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfView {
    /// Goes to a view by its place.
    Show(usize),
    /// Keeps the present filter and order under its name.
    Save,
    /// Asks for a name.
    Name(Naming),
    KeyMenu,
    /// Its digit from now on.
    Key(Option<u8>),
    Remove,
    SortMenu,
    Sort(Sort),
    /// Which columns, and how many rows at most: both are typed.
    Columns,
    Rows,
}

/// What a name is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// A new view of the store.
    Shared,
    /// A new view of the user.
    Private,
    Rename,
}

impl State {
    /// `w`: all views, and what can be done with the one that is shown.
    pub(super) fn views_menu(&mut self) {
        self.read_own_views(Some(Action::Views));
        self.open_views_menu();
    }

    fn open_views_menu(&mut self) {
        let Some(tab) = self.tab() else { return };
        let of = |words: ViewWords, choice: OfView| {
            Item::new(self.text(words), "", Choice::OfView(Box::new(choice)))
        };
        let mut items = Vec::new();
        let is_saved = !matches!(tab.origin, Origin::Builtin(_));
        if is_saved && tab.is_changed() {
            items.push(of(ViewWords::Save, OfView::Save));
        }
        // what was changed of a view of the program is kept under another name
        let first_saves = !is_saved && tab.is_changed();
        if first_saves {
            items.push(of(ViewWords::SaveShared, OfView::Name(Naming::Shared)));
            items.push(of(ViewWords::SavePrivate, OfView::Name(Naming::Private)));
        }
        for (at, tab) in self.tabs.iter() {
            items.push(self.view_item(at, tab));
        }
        for action in [Action::Calendar, Action::History] {
            let entry = action.entry();
            items.push(Item::new(
                entry.short(self.lang),
                self.start.keymap.all_keys_of(action),
                Choice::Act(action),
            ));
        }
        let here = items.iter().position(|item| match &item.choice {
            Choice::OfView(of) => **of == OfView::Show(self.view),
            Choice::Act(action) => action.view_index().is_some() && self.tab_of(*action) == Some(self.view),
            _ => false,
        });
        if !first_saves {
            items.push(of(ViewWords::SaveShared, OfView::Name(Naming::Shared)));
            items.push(of(ViewWords::SavePrivate, OfView::Name(Naming::Private)));
        }
        items.push(of(ViewWords::Sort, OfView::SortMenu));
        items.push(of(ViewWords::Columns, OfView::Columns));
        items.push(of(ViewWords::Rows, OfView::Rows));
        if is_saved {
            items.push(of(ViewWords::Rename, OfView::Name(Naming::Rename)));
            items.push(of(ViewWords::Key, OfView::KeyMenu));
            items.push(of(ViewWords::Remove, OfView::Remove));
        }
        let changed = if tab.is_changed() { self.text(ViewWords::Changed) } else { "" };
        let title = self.fill(Words::ViewsTitle, &[("name", &tab.name(self.lang)), ("changed", &changed)]);
        let mut menu = Menu::new(title, items);
        menu.digits = false;
        menu.cursor = here.unwrap_or(0);
        self.popups.push(Popup::Menu(Box::new(menu)));
        self.count_views();
    }

    /// Has the user's own views read again, where somebody comes to look at views: what `qun view` did to them meanwhile is
    /// told by no desk. What was pressed is done again when others stand there.
    pub(super) fn read_own_views(&mut self, pressed: Option<Action>) {
        self.views_asked_by = pressed;
        self.effect(Effect::ReadViews);
    }

    /// The user's own views as they are kept now.
    pub(super) fn own_views_read(&mut self, read: Result<Vec<View>, String>) {
        let pressed = self.views_asked_by.take();
        let views = match read {
            Ok(views) if views != self.tabs.private() => views,
            Ok(_) => return,
            Err(words) => {
                if pressed.is_some() {
                    self.say(Tone::Warning, words);
                }
                return;
            }
        };
        self.own_acts.end();
        self.take_views(Origin::Private, views);
        match pressed {
            Some(Action::Views) if matches!(self.popups.last(), Some(Popup::Menu(_))) => {
                self.popups.pop();
                self.open_views_menu();
            }
            Some(action) if self.popups.is_empty() => {
                if let Some(view) = self.tab_of(action).filter(|view| *view != self.view) {
                    self.show_view(view);
                }
            }
            _ => {}
        }
    }

    fn view_item(&self, at: usize, tab: &Tab) -> Item {
        let digit = self.tabs.digit(at);
        // The digit acts in the menu as it does outside.
        let choice = digit
            .and_then(|digit| Action::view(usize::from(digit) - 1))
            .map_or_else(|| Choice::OfView(Box::new(OfView::Show(at))), Choice::Act);
        let counted = self.view_count(at);
        let origin = match tab.origin {
            Origin::Builtin(_) => "",
            Origin::Shared => self.text(ViewWords::Shared),
            Origin::Private => self.text(ViewWords::Private),
        };
        let words = [
            digit.map_or_else(|| " ".to_owned(), |digit| digit.to_string()),
            counted.map_or_else(|| "    ".to_owned(), |n| format!("{n:>4}")),
            origin.to_owned(),
            tab.filter.clone(),
        ];
        let mark = if tab.is_changed() { " *" } else { "" };
        Item::new(format!("{}{mark}", tab.name(self.lang)), words.join(" ").trim_end(), choice)
    }

    /// The view that an action shows, by the digit it stands on.
    pub(super) fn tab_of(&self, action: Action) -> Option<usize> {
        let digit = u8::try_from(action.view_index()? + 1).ok()?;
        self.tabs.by_digit(digit)
    }

    pub(in crate::tui) fn of_view(&mut self, choice: &OfView) {
        match *choice {
            OfView::Show(at) => self.show_view(at),
            OfView::Save => self.save_view(),
            OfView::Name(naming) => self.name_view(naming),
            OfView::KeyMenu => self.view_key_menu(),
            OfView::Key(key) => self.change_view(|view| view.key = key),
            OfView::Remove => self.remove_view(),
            OfView::SortMenu => self.sort_menu(),
            OfView::Sort(sort) => self.sort_view(sort),
            OfView::Columns => self.columns_prompt(),
            OfView::Rows => self.rows_prompt(),
        }
    }

    fn save_view(&mut self) {
        let Some(now) = self.tab().map(Tab::now) else { return };
        self.change_view(|view| *view = now);
    }

    /// Changes what is saved of the view that is shown; what was changed and not saved stays so.
    fn change_view(&mut self, change: impl FnOnce(&mut View)) {
        let Some(tab) = self.tab() else { return };
        let (origin, mut view) = (tab.origin, tab.saved.clone());
        let before = Some((view.name.clone(), tab.seen().clone()));
        change(&mut view);
        self.put_view(origin, before, view);
    }

    /// Keeps a view where it belongs, at the desk or with the user; `before` is the name it had, and what of it was seen.
    fn put_view(&mut self, origin: Origin, before: Option<(String, View)>, view: View) {
        let (before, seen) = before.unzip();
        match origin {
            Origin::Builtin(_) => {}
            Origin::Shared => {
                let saw = seen.map(|seen| Saw::View(Box::new(seen)));
                self.command_on(Command::ViewSet { before, view }, saw, Pending::Command);
            }
            Origin::Private => {
                let mut views = self.tabs.private();
                let name = view.name.clone();
                put(&mut views, before.as_deref(), view);
                let words = self.fill(ViewWords::Kept, &[("name", &name)]);
                self.change_private(words, views);
            }
        }
    }

    /// The user's own views become these; that is taken back by name like any act, though no desk knows of it.
    fn change_private(&mut self, words: String, views: Vec<View>) {
        let before = self.tabs.private();
        self.keep_private(views);
        self.say(Tone::Done, words.clone());
        self.own_acts.push(words, before);
    }

    /// Takes back what was done last, where that was about the user's own views; false where it was not.
    pub(super) fn undo_private(&mut self) -> bool {
        let Some((what, views)) = self.own_acts.undo(self.tabs.private()) else { return false };
        self.keep_private(views);
        let words = self.fill(ViewWords::Undone, &[("what", &what)]);
        self.say(Tone::Done, words);
        true
    }

    /// Does that again.
    pub(super) fn redo_private(&mut self) -> bool {
        let Some((what, views)) = self.own_acts.redo(self.tabs.private()) else { return false };
        self.keep_private(views);
        let words = self.fill(ViewWords::Redone, &[("what", &what)]);
        self.say(Tone::Done, words);
        true
    }

    fn keep_private(&mut self, views: Vec<View>) {
        self.effect(Effect::KeepViews(views.clone()));
        self.take_views(Origin::Private, views);
    }

    fn remove_view(&mut self) {
        let Some(tab) = self.tab() else { return };
        let name = tab.saved.name.clone();
        if let Some(words) = used_in(&self.tabs.private(), &name, self.lang) {
            self.say(Tone::Warning, words);
            return;
        }
        match tab.origin {
            Origin::Builtin(_) => {}
            Origin::Shared => {
                let saw = Saw::View(Box::new(tab.seen().clone()));
                self.command_on(Command::ViewRemove { name }, Some(saw), Pending::Command);
            }
            Origin::Private => {
                let mut views = self.tabs.private();
                views.retain(|view| view.name != name);
                let words = self.fill(ViewWords::Gone, &[("name", &name)]);
                self.change_private(words, views);
            }
        }
    }

    /// Another saved a view that is being changed: what stands there is said, and saving it again is to know that. False for
    /// any other refusal.
    pub(super) fn view_overtaken(&mut self, refusal: &Refusal) -> bool {
        let Some(Saw::View(now)) = &refusal.stands else { return false };
        let at = self.tabs.iter().find(|(_, tab)| tab.origin == Origin::Shared && tab.saved.name == now.name);
        let Some(at) = at.map(|(at, _)| at) else { return false };
        if let Some(tab) = self.tabs.get_mut(at) {
            tab.see(now);
        }
        let columns: Vec<&str> = now.columns.iter().map(|column| column.label(self.lang)).collect();
        let limit = now.limit.map(|limit| limit.to_string()).unwrap_or_default();
        let said = [now.filter.clone(), now.sort.label(self.lang).to_owned(), columns.join(","), limit];
        let said: Vec<String> = said.into_iter().filter(|word| !word.is_empty()).collect();
        let again = self.fill(ViewWords::Again, &[]);
        let stands = stands(self, &said.join("  "));
        self.say_parts(Tone::Warning, &[&[refusal.words.clone()][..], &stands, &[again]].concat());
        true
    }

    fn name_view(&mut self, naming: Naming) {
        let text = match (naming, self.tab()) {
            (Naming::Rename, Some(tab)) => tab.saved.name.clone(),
            _ => String::new(),
        };
        let prompt = Prompt::new(PromptKind::ViewName(naming), &text);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    /// Takes the name of a view; the sentence says what is wrong with it.
    pub(super) fn view_named(&mut self, naming: Naming, name: &str) -> Result<(), String> {
        if let Some(words) = name_fault(name, self.lang) {
            return Err(words);
        }
        let Some(tab) = self.tab() else { return Ok(()) };
        let (origin, before) = match naming {
            Naming::Shared => (Origin::Shared, None),
            Naming::Private => (Origin::Private, None),
            Naming::Rename => (tab.origin, Some(tab.saved.name.clone())),
        };
        let seen = tab.seen().clone();
        // those that speak of it would find nothing under the old name
        let loses = before.as_ref().filter(|_| !tab.saved.is_called(name));
        if let Some(words) = loses.and_then(|before| used_in(&self.tabs.private(), before, self.lang)) {
            return Err(words);
        }
        let taken = self.tabs.by_name(name).filter(|at| {
            let other = self.tabs.get(*at).map(|tab| tab.origin);
            *at != self.view && (origin == Origin::Private || matches!(other, Some(Origin::Builtin(_))))
        });
        if (taken.is_some() || Page::named(name).is_some()) && before.as_deref() != Some(name) {
            return Err(self.fill(ViewWords::Taken, &[("name", &name)]));
        }
        // the one would hide the other, wherever it is spoken of
        if origin == Origin::Shared && self.tabs.is_taken(Origin::Private, name) {
            return Err(self.fill(ViewWords::TakenOwn, &[("name", &name)]));
        }
        let view = if naming == Naming::Rename {
            View { name: name.to_owned(), ..tab.saved.clone() }
        } else {
            View { name: name.to_owned(), key: None, ..tab.now() }
        };
        if origin == Origin::Shared {
            let own = self.tabs.private();
            let spoken = query::parse(&view.filter).ok();
            let is_own = |used: &&str| own.iter().any(|view| view.name == **used);
            if let Some(used) = spoken.iter().flat_map(query::Query::views).find(|used| is_own(used)) {
                return Err(self.fill(ViewWords::NamesOwn, &[("name", &used)]));
            }
        }
        self.wanted_view = Some((origin, name.to_owned()));
        self.put_view(origin, before.map(|before| (before, seen)), view);
        Ok(())
    }

    fn view_key_menu(&mut self) {
        let mut items: Vec<Item> = (1..=9u8)
            .map(|digit| {
                let tab = self.tabs.by_digit(digit).and_then(|at| self.tabs.get(at));
                let name = tab.map(|tab| tab.name(self.lang).to_owned()).unwrap_or_default();
                let choice = Choice::OfView(Box::new(OfView::Key(Some(digit))));
                Item::new(digit.to_string(), name, choice)
            })
            .collect();
        let none = Choice::OfView(Box::new(OfView::Key(None)));
        items.push(Item::new(self.text(ViewWords::NoKey), "", none));
        self.popups.push(Popup::Menu(Box::new(Menu::new(self.text(ViewWords::KeyTitle), items))));
    }

    /// The orders of a list.
    pub(super) fn sort_menu(&mut self) {
        let now = self.tab().map_or(Sort::Natural, |tab| tab.sort);
        let sorts = self.listed().sorts();
        let items = sorts.iter().map(|sort| {
            let note = match sort {
                Sort::Account => self.text(Words::SortAccountNote),
                _ if *sort == now => self.text(Words::SortNow),
                _ => "",
            };
            Item::new(sort.label(self.lang), note, Choice::OfView(Box::new(OfView::Sort(*sort))))
        });
        let mut menu = Menu::new(self.text(Words::SortTitle), items.collect());
        menu.cursor = sorts.iter().position(|sort| *sort == now).unwrap_or(0);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// Orders the view anew; the cursor stays on its line.
    pub(super) fn sort_view(&mut self, sort: Sort) {
        let view = self.view;
        if let Some(tab) = self.tabs.get_mut(view) {
            tab.sort = sort;
        }
        self.apply_filter();
        let words = self.fill(Words::SortedBy, &[("sort", &sort.label(self.lang))]);
        self.say(Tone::Info, words);
    }

    /// Where a filter speaks of a view of the user's own that hides a shared one, that is said.
    pub(super) fn warn_of_twofold_in(&mut self, filter: &str) {
        let Ok(query) = query::parse(filter) else { return };
        let spoken_of = |name: &String| query.views().any(|view| fold(view) == fold(name));
        if let Some(name) = self.tabs.twofold().into_iter().find(spoken_of) {
            self.warn_of_twofold(&name);
        }
    }

    fn warn_of_twofold(&mut self, name: &str) {
        let words = self.fill(ViewWords::Twofold, &[("name", &name)]);
        self.say(Tone::Warning, words);
    }

    /// The saved views of an origin are these now.
    pub(super) fn take_views(&mut self, origin: Origin, views: Vec<View>) {
        let before = self.tab().map(|tab| (tab.origin, tab.saved.name.clone()));
        let twofold = self.tabs.twofold();
        self.view = self.tabs.replace(origin, views, self.view);
        if let Some(name) = self.tabs.twofold().into_iter().find(|name| !twofold.contains(name)) {
            self.warn_of_twofold(&name);
        }
        let wanted = self.wanted_view.clone().and_then(|(origin, name)| {
            self.tabs.iter().find(|(_, tab)| tab.origin == origin && tab.saved.name == name).map(|(at, _)| at)
        });
        if let Some(at) = wanted {
            self.wanted_view = None;
            // What was saved under another name is no change of the view it came from.
            let view = self.view;
            if let Some(tab) = self.tabs.get_mut(view).filter(|_| at != view) {
                tab.reset();
            }
            self.view = at;
        }
        if let Some(text) = self.start.open.take_if(|_| origin == Origin::Shared) {
            self.open_wanted(&text);
        }
        let after = self.tab().map(|tab| (tab.origin, tab.saved.name.clone()));
        if before != after {
            self.show_view(self.view);
        } else if self.main.spec != self.view_list() {
            self.apply_filter();
        } else if query::parse(&self.main.spec.filter).is_ok_and(|query| query.views().next().is_some()) {
            // What its views mean may have changed: it is asked for as if for the first time.
            self.ask(Request::Unwatch { watch: self.main.watch }, Pending::Quiet);
            self.watch_main();
        }
        self.count_views();
        self.dirty = true;
    }

    /// Opens what the screen was started on, by its digit or its name.
    fn open_wanted(&mut self, text: &str) {
        let digit = text.parse::<u8>().ok().filter(|digit| (1..=9).contains(digit));
        let found = digit.map_or_else(|| self.tabs.by_name(text), |digit| self.tabs.by_digit(digit));
        if found.is_none() {
            let names: Vec<&str> = self.tabs.iter().map(|(_, tab)| tab.name(self.lang)).collect();
            let words = self.fill(Words::NoSuchView, &[("name", &text), ("names", &names.join(" "))]);
            self.say(Tone::Warning, words);
            self.stop_beginning();
        }
        let at = found.unwrap_or(self.view);
        let own = self.tabs.get(at).map(|tab| tab.filter.clone()).unwrap_or_default();
        if let (Some(filter), Some(tab)) = (self.start.filter_over(&own), self.tabs.get_mut(at)) {
            tab.filter = filter;
        }
        self.show_view(at);
    }

    /// Counts saved views once things are quiet.
    pub(super) fn count_views(&mut self) {
        self.effect(Effect::SetTimer { timer: Timer::Views, after: COUNT_AFTER });
    }

    /// Asks how many rows each view has that the header does not know by itself.
    pub(super) fn ask_view_counts(&mut self) {
        if self.link != Link::Up
            || self.pending.values().any(|pending| matches!(pending, Pending::ViewCounts(_)))
        {
            return;
        }
        let known = self.tabs.known();
        let (mut names, mut lists) = (Vec::new(), Vec::new());
        for (_, tab) in self.tabs.iter() {
            let reads = query::parse(&tab.filter).and_then(|query| query.with_views(&known));
            let reads = reads.and_then(|query| {
                super::subject_of(tab.kind()).map_or(Ok(()), |kind| query.check_views_for(kind))
            });
            let reads = reads.is_ok();
            if told_anyway(tab, &self.counts).is_some() || !reads {
                continue;
            }
            names.push((tab.origin, tab.saved.name.clone()));
            lists.push(ListSpec {
                kind: tab.kind(),
                filter: self.tabs.sent(&tab.filter, tab.kind()),
                sort: Sort::Natural,
                limit: tab.limit,
            });
        }
        self.ask(Request::Count { lists }, Pending::ViewCounts(names));
    }

    /// The numbers of views, in the order they were asked for.
    pub(super) fn views_counted(&mut self, names: &[(Origin, String)], counted: &[u32]) {
        for ((origin, name), n) in names.iter().zip(counted) {
            let at = self.tabs.iter().find(|(_, tab)| tab.origin == *origin && tab.saved.name == *name);
            let at = at.map(|(at, _)| at);
            if let Some(tab) = at.and_then(|at| self.tabs.get_mut(at)) {
                self.dirty |= tab.count != Some(*n);
                tab.count = Some(*n);
            }
        }
    }
}
