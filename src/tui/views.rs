//! The views of the screen: those that come with the program, then those that were saved, each with what it filters and
//! sorts by now.
//!
//! The store's come from the desk and are known by their names, so that a view that changes elsewhere stays the one
//! that is looked at. The digits belong to the first nine, unless a saved view has one of them; of two with one digit
//! the user's own goes first. What was changed and not saved is kept while the screen runs.
//!
//! One file because a view is told from another, counted and changed by the same few facts about it.

use super::list::Left;
use super::registry::Action;
use super::state::{Chunk, State};
use crate::book::View;
use crate::book::view::Column;
use crate::door::form::Kind;
use crate::door::reply::Counts;
use crate::door::request::{ListSpec, Sort};
use crate::door::views::{BuiltinView, named_filters};
use crate::query::{self, NamedFilters, Standing};
use crate::text::fold::fold;
use crate::text::lang::Lang;

/// Where a view comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Builtin(BuiltinView),
    /// Of the store, for everybody.
    Shared,
    /// Of this user.
    Private,
}

/// A view of the screen.
#[derive(Clone, Debug)]
pub struct Tab {
    pub origin: Origin,
    /// As it was saved, or comes with the program.
    pub saved: View,
    /// What it filters and sorts by now, which columns it shows and how many rows at most.
    pub filter: String,
    pub sort: Sort,
    pub columns: Vec<Column>,
    pub limit: Option<u32>,
    /// As it was saved when it began to be changed, where another has saved it since.
    seen: Option<View>,
    /// How many rows a saved or a changed one has, as last counted.
    pub count: Option<u32>,
    /// Where its list was left when another view was shown, with what was copied there for several.
    pub(super) left: Option<(Left, Option<Chunk>)>,
}

impl Tab {
    fn new(origin: Origin, saved: View) -> Self {
        let View { filter, sort, columns, limit, .. } = saved.clone();
        Self { origin, saved, filter, sort, columns, limit, seen: None, count: None, left: None }
    }

    /// What it lists.
    pub fn kind(&self) -> Kind {
        self.saved.kind.into()
    }

    /// True when it filters or sorts by something else than was saved, or shows other columns or another number of rows.
    pub fn is_changed(&self) -> bool {
        let View { filter, sort, columns, limit, .. } = &self.saved;
        (&self.filter, &self.sort, &self.columns, &self.limit) != (filter, sort, columns, limit)
    }

    /// True when other rows are in it than in what was saved, so that their number is another.
    pub fn lists_otherwise(&self) -> bool {
        self.filter != self.saved.filter || self.limit != self.saved.limit
    }

    /// What was saved of it when it began to be changed.
    pub fn seen(&self) -> &View {
        self.seen.as_ref().filter(|_| self.is_changed()).unwrap_or(&self.saved)
    }

    /// What another saved of it has been shown.
    pub(super) fn see(&mut self, saved: &View) {
        self.seen = Some(saved.clone());
    }

    /// The view as it is now, under the name it was saved with.
    pub fn now(&self) -> View {
        let Self { filter, sort, columns, limit, saved, .. } = self.clone();
        View { filter, sort, columns, limit, ..saved }
    }

    /// Its name.
    pub fn name(&self, lang: Lang) -> &str {
        match self.origin {
            Origin::Builtin(view) => short(view, lang),
            Origin::Shared | Origin::Private => &self.saved.name,
        }
    }

    /// True for the name of the program's own view in any language.
    fn is_builtin_called(&self, name: &str) -> bool {
        let Origin::Builtin(view) = self.origin else { return false };
        view.spellings().iter().any(|word| fold(word) == name)
            || Lang::ALL.iter().any(|lang| fold(short(view, *lang)) == name)
    }

    /// Filters by a text from now on; by nothing at all means by what was saved: a list of tasks without a filter would
    /// be another list than the view's name says.
    pub(super) fn set_filter(&mut self, text: &str) {
        let text = text.trim();
        let filter = if text.is_empty() { self.saved.filter.as_str() } else { text };
        if self.filter != filter {
            self.filter = filter.to_owned();
            // of how many nobody knows yet
            self.count = None;
        }
    }

    /// Back to what was saved.
    pub fn reset(&mut self) {
        let View { filter, sort, columns, limit, .. } = self.saved.clone();
        if self.lists_otherwise() {
            self.count = None;
        }
        (self.filter, self.sort, self.columns, self.limit) = (filter, sort, columns, limit);
        self.seen = None;
    }

    fn is(&self, origin: Origin, name: &str) -> bool {
        self.origin == origin && self.saved.name == name
    }
}

/// What was done to the user's own views on this screen, to be taken back and done again by name. It ends with the next act
/// at the desk: then `u` means that one.
#[derive(Clone, Debug, Default)]
pub struct OwnActs {
    /// What was done, in words, and the views before it; the newest last.
    done: Vec<(String, Vec<View>)>,
    /// What was taken back, and the views before that.
    undone: Vec<(String, Vec<View>)>,
}

impl OwnActs {
    /// Something was done to views that were these before.
    pub(super) fn push(&mut self, words: String, before: Vec<View>) {
        self.done.push((words, before));
        self.undone.clear();
    }

    /// Takes the newest back: its words, and the views to keep. `now` are those that are kept by now.
    pub(super) fn undo(&mut self, now: Vec<View>) -> Option<(String, Vec<View>)> {
        let (words, before) = self.done.pop()?;
        self.undone.push((words.clone(), now));
        Some((words, before))
    }

    /// Does again what was taken back last.
    pub(super) fn redo(&mut self, now: Vec<View>) -> Option<(String, Vec<View>)> {
        let (words, after) = self.undone.pop()?;
        self.done.push((words.clone(), now));
        Some((words, after))
    }

    /// Something else was done.
    pub(super) fn end(&mut self) {
        *self = Self::default();
    }
}

/// All views, those of the program first.
#[derive(Clone, Debug)]
pub struct Tabs {
    list: Vec<Tab>,
}

impl Tabs {
    /// The views of the program and of the user; the store's come later.
    pub fn new(private: Vec<View>) -> Self {
        let builtin = BuiltinView::ALL.iter().map(|view| {
            let listed = view.kind().listed().unwrap_or(crate::book::view::Listed::Tasks);
            let saved = View {
                filter: view.filter().to_owned(),
                sort: view.sort(),
                columns: view.columns().to_vec(),
                ..View::new(view.word(), listed)
            };
            Tab::new(Origin::Builtin(*view), saved)
        });
        let private = private.into_iter().map(|view| Tab::new(Origin::Private, view));
        Self { list: builtin.chain(private).collect() }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Never: those of the program are always there.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Every view with its place.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Tab)> {
        self.list.iter().enumerate()
    }

    /// The view at a place.
    pub fn get(&self, at: usize) -> Option<&Tab> {
        self.list.get(at)
    }

    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut Tab> {
        self.list.get_mut(at)
    }

    /// The views of the user as they are to be kept.
    pub fn private(&self) -> Vec<View> {
        let own = self.list.iter().filter(|tab| tab.origin == Origin::Private);
        own.map(|tab| tab.saved.clone()).collect()
    }

    /// Which view a digit shows.
    pub fn by_digit(&self, digit: u8) -> Option<usize> {
        let has = |origin: Origin| {
            self.list.iter().position(|tab| tab.origin == origin && tab.saved.key == Some(digit))
        };
        let builtin = || usize::from(digit).checked_sub(1).filter(|at| *at < 9);
        has(Origin::Private).or_else(|| has(Origin::Shared)).or_else(builtin)
    }

    /// The digit that shows a view.
    pub fn digit(&self, at: usize) -> Option<u8> {
        (1..=9).find(|digit| self.by_digit(*digit) == Some(at))
    }

    /// A view by its name: the user's own, the store's, the program's.
    pub fn by_name(&self, name: &str) -> Option<usize> {
        let name = fold(name);
        let saved = |origin: Origin| {
            self.list.iter().position(|tab| tab.origin == origin && fold(&tab.saved.name) == name)
        };
        let builtin = || self.list.iter().position(|tab| tab.is_builtin_called(&name));
        saved(Origin::Private).or_else(|| saved(Origin::Shared)).or_else(builtin)
    }

    /// The names that a view of the store and one of the user both have.
    pub(super) fn twofold(&self) -> Vec<String> {
        let own = self.list.iter().filter(|tab| tab.origin == Origin::Private).map(|tab| &tab.saved.name);
        own.filter(|name| self.is_taken(Origin::Shared, name)).cloned().collect()
    }

    /// Whether a view of that origin has a name.
    pub(super) fn is_taken(&self, origin: Origin, name: &str) -> bool {
        self.list.iter().any(|tab| tab.origin == origin && tab.saved.is_called(name))
    }

    /// Puts the saved views of an origin in the place of those that were known; gives where the view at `current`
    /// stands then: the first one when it is gone. What was changed and not saved is kept.
    pub(super) fn replace(&mut self, origin: Origin, views: Vec<View>, current: usize) -> usize {
        let looked_at = self.list.get(current).map(|tab| (tab.origin, tab.saved.name.clone()));
        let (mut known, mut list): (Vec<Tab>, Vec<Tab>) =
            std::mem::take(&mut self.list).into_iter().partition(|tab| tab.origin == origin);
        for view in views {
            let before = known.iter().position(|tab| tab.saved.name == view.name);
            let mut tab = Tab::new(origin, view);
            if let Some(mut before) = before.map(|at| known.swap_remove(at)) {
                (tab.count, tab.left) = (before.count, before.left.take());
                let keeps = before.is_changed();
                if keeps && before.saved.kind == tab.saved.kind {
                    (tab.filter, tab.sort) = (before.filter, before.sort);
                    (tab.columns, tab.limit) = (before.columns, before.limit);
                    if tab.is_changed() {
                        tab.seen = Some(before.seen.unwrap_or(before.saved));
                    }
                }
            }
            list.push(tab);
        }
        list.sort_by_key(|tab| match tab.origin {
            Origin::Builtin(_) => 0,
            Origin::Shared => 1,
            Origin::Private => 2,
        });
        self.list = list;
        let place =
            looked_at.and_then(|(origin, name)| self.list.iter().position(|tab| tab.is(origin, &name)));
        place.unwrap_or(0)
    }

    /// What `@name` means on this screen; of two views with one name the user's own.
    pub fn known(&self) -> NamedFilters {
        let of = |origin: Origin| self.list.iter().filter(move |tab| tab.origin == origin);
        named_filters(of(Origin::Shared).chain(of(Origin::Private)).map(|tab| &tab.saved))
    }

    /// A filter as it is sent: the desk knows the store's views, the user's own it does not.
    ///
    /// One of other rows than are asked for stays as it is: the desk refuses what it does not know.
    pub fn sent(&self, filter: &str, kind: Kind) -> String {
        let own = self.private();
        let Ok(query) = query::parse(filter) else { return filter.to_owned() };
        let speaks = query.views().any(|name| own.iter().any(|view| view.is_called(name)));
        if !speaks {
            return filter.to_owned();
        }
        let mut known = NamedFilters::default();
        for view in &own {
            known.put(&view.name, view.kind, &view.filter);
        }
        let whole = query.with_known_views(&known).and_then(|query| {
            super::app::subject_of(kind).map_or(Ok(()), |kind| query.check_views_for(kind)).map(|()| query)
        });
        whole.map_or_else(|_| filter.to_owned(), |query| query.to_text())
    }
}

/// A view of the program as the header calls it: as its action does, where it has one.
fn short(view: BuiltinView, lang: Lang) -> &'static str {
    Action::view(view as usize).map_or_else(|| view.label(lang), |action| action.entry().short(lang))
}

/// The number of a view that comes with the counts of the store: of those of the program, as long as they list what they
/// always do.
pub(super) fn told_anyway(tab: &Tab, counts: &Counts) -> Option<u32> {
    if tab.lists_otherwise() {
        return None;
    }
    match tab.origin {
        Origin::Builtin(BuiltinView::Due) => Some(counts.due),
        Origin::Builtin(BuiltinView::Today) => Some(counts.today),
        Origin::Builtin(BuiltinView::Overdue) => Some(counts.overdue),
        Origin::Builtin(BuiltinView::Snoozed) => Some(counts.snoozed),
        Origin::Builtin(BuiltinView::Awaiting) => counts.awaiting,
        Origin::Builtin(BuiltinView::ToAnswer) => Some(counts.to_answer),
        Origin::Builtin(BuiltinView::Groups) => Some(counts.groups),
        Origin::Builtin(BuiltinView::Members) => Some(counts.members),
        Origin::Builtin(BuiltinView::Sops) => Some(counts.playbooks),
        Origin::Builtin(BuiltinView::ByAccount) => Some(counts.due),
        Origin::Builtin(BuiltinView::Mine | BuiltinView::Accounts) | Origin::Shared | Origin::Private => None,
    }
}

impl State {
    /// The view that is shown.
    pub fn tab(&self) -> Option<&Tab> {
        self.tabs.get(self.view)
    }

    /// How many rows match a view as it filters now, shown or left out by its limit; none while nobody knows.
    pub fn view_count(&self, at: usize) -> Option<u32> {
        let tab = self.tabs.get(at)?;
        // what is on the screen is the newest there is
        let shown = at == self.view && tab.lists_otherwise() && self.main.loaded && self.narrowed.is_none();
        let shown = shown && self.main.spec == self.view_list() && self.main.refused.is_none();
        // as many as its limit lets be shown may be some of more
        let is_cut = tab.limit.is_some_and(|limit| self.main.total >= limit);
        if shown && !is_cut {
            return Some(self.main.total);
        }
        told_anyway(tab, &self.counts).filter(|_| self.counted).or(tab.count)
    }

    /// What the view lists that is shown.
    pub fn view_kind(&self) -> Kind {
        self.tab().map_or(Kind::Task, Tab::kind)
    }

    /// The filter of the view as it is now.
    pub fn view_filter(&self) -> &str {
        self.tab().map_or("", |tab| tab.filter.as_str())
    }

    /// Whether what has ended stands beside what is open in the list of a filter.
    fn mixes_ended(&self, filter: &str) -> bool {
        let meant = query::parse(filter).and_then(|query| query.with_views(&self.tabs.known()));
        meant.is_ok_and(|query| query.standing() == Standing::Either)
    }

    /// The list of the view, narrowed to a group where it is, and to what is to be done while one task has the screen.
    pub(super) fn view_list(&self) -> ListSpec {
        self.list_by(self.view_filter())
    }

    /// The list of the view as it would be by another filter.
    pub(super) fn list_by(&self, filter: &str) -> ListSpec {
        let Some(tab) = self.tab() else {
            return ListSpec { kind: Kind::Task, filter: String::new(), sort: Sort::Natural, limit: None };
        };
        let mut filter = self.tabs.sent(filter, tab.kind());
        if let (Some((_, name)), Kind::Task) = (&self.narrowed, tab.kind()) {
            filter = query::both(&filter, &format!("group:{}", super::app::quoted(name)));
        }
        if self.is_solo() && self.mixes_ended(&filter) {
            // it is over what is still to be done
            filter = query::both(&filter, "state:due");
        }
        ListSpec { kind: tab.kind(), filter, sort: tab.sort, limit: tab.limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::view::Listed;

    fn view(name: &str, filter: &str, key: Option<u8>) -> View {
        View { filter: filter.to_owned(), key, ..View::new(name, Listed::Members) }
    }

    #[test]
    fn digits_belong_to_saved_views_first() {
        let mut tabs = Tabs::new(vec![view("我看的", "tag:a", Some(5))]);
        tabs.replace(Origin::Shared, vec![view("甲", "", Some(5)), view("乙", "", Some(2))], 0);
        let name = |tabs: &Tabs, digit: u8| {
            tabs.by_digit(digit).and_then(|at| tabs.get(at)).map(|tab| tab.name(Lang::ZhCn).to_owned())
        };
        let names: Vec<String> = (1..=9).filter_map(|digit| name(&tabs, digit)).collect();
        assert_eq!(names, ["待发", "乙", "逾期", "稍后", "我看的", "待回", "群组", "成员", "SOP"]);
        assert_eq!(tabs.by_digit(0), None);
        assert_eq!(tabs.digit(tabs.by_name("今日").unwrap()), None);
        assert_eq!(tabs.digit(tabs.by_name("乙").unwrap()), Some(2));
        assert_eq!(tabs.by_name("to-answer"), Some(5));
    }

    #[test]
    fn what_is_looked_at_stays_when_others_come_and_go() {
        let mut tabs = Tabs::new(vec![view("我看的", "tag:a", None)]);
        let own = tabs.by_name("我看的").unwrap();
        tabs.get_mut(own).unwrap().filter = "tag:b".to_owned();
        let at = tabs.replace(Origin::Shared, vec![view("甲", "x", None), view("乙", "y", None)], own);
        assert_eq!(tabs.get(at).unwrap().filter, "tag:b");
        assert!(tabs.get(at).unwrap().is_changed());
        let second = tabs.by_name("乙").unwrap();
        tabs.get_mut(second).unwrap().count = Some(7);
        // Changed elsewhere: who has not touched it follows.
        let at = tabs.replace(Origin::Shared, vec![view("乙", "z", None)], second);
        let tab = tabs.get(at).unwrap();
        assert_eq!((tab.filter.as_str(), tab.is_changed(), tab.count), ("z", false, Some(7)));
        assert_eq!(tabs.replace(Origin::Shared, Vec::new(), at), 0, "gone: the first one");
    }

    #[test]
    fn the_desk_is_sent_what_it_can_read() {
        let mut tabs = Tabs::new(vec![view("我看的", "tag:a OR @甲", None)]);
        tabs.replace(Origin::Shared, vec![view("甲", "x", None)], 0);
        assert_eq!(tabs.sent("@甲 y", Kind::Member), "@甲 y");
        assert_eq!(tabs.sent("@我看的 y", Kind::Member), "(tag:a OR @甲) y");
        assert_eq!(
            tabs.sent("@我看的 (", Kind::Member),
            "@我看的 (",
            "what cannot be read is told by the desk"
        );
        let own = View { filter: String::new(), ..View::new("我的群", Listed::Groups) };
        let tabs_of_groups = Tabs::new(vec![own]);
        assert_eq!(tabs_of_groups.sent("@我的群 y", Kind::Member), "@我的群 y", "it would be everybody");
        assert_eq!(tabs_of_groups.sent("@我的群 y", Kind::Group), "y");
        let all = query::parse("@我看的 @待发").unwrap().with_views(&tabs.known()).unwrap();
        assert_eq!(all.to_text(), "(tag:a OR x) state:due");
    }
}
