//! 视图 of the store: saved, changed, renamed, removed.
//!
//! A view is known by its name, so another name is another view: the old one goes, the new one comes, in one act. A
//! digit belongs to one view: who takes it takes it from the other in the same act.

use std::collections::BTreeSet;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::view::filters::subject_kind;
use super::super::words::view::SavedViewWords as Words;
use crate::book::View;
use crate::book::view::LIMIT_MAX;
use crate::door::form::Kind;
use crate::door::reply::Outcome;
use crate::door::views::{NameWords, name_fault, named_filters};
use crate::door::{Refusal, RefusalKind};
use crate::query::{self, NamedFilters, Scope, SubjectKind};
use crate::queue::rules::rows_left_out;
use crate::sop::format::{Playbook, StopRule, When};
use crate::store::Body;
use crate::store::columns::enrolment::{EnrolmentColumn, RunState};
use crate::store::record::PlaybookState;
use crate::text::clean::for_display;
use crate::text::fold::fold;
use crate::text::lang::Lang;

/// How many views in each other are looked through; none leads back to itself.
const DEPTH: usize = 20;

/// The rows that go through playbooks.
const TARGETS: [SubjectKind; 3] = [SubjectKind::Member, SubjectKind::Group, SubjectKind::Account];

/// Views by their names before and after one of them is another.
type Changing = (NamedFilters, NamedFilters);

/// The filters of a playbook, with the rows that they are about.
fn filters_of(playbook: &Playbook) -> impl Iterator<Item = (&str, SubjectKind)> {
    let target = playbook.target.rows();
    let stops = playbook.stop.iter().map(|rule| match rule {
        StopRule::Filter(filter) => filter.as_str(),
        _ => "",
    });
    let ends = playbook.ends.iter().map(|end| match &end.when {
        When::Stopped(StopRule::Filter(filter)) => filter.as_str(),
        _ => "",
    });
    let who = playbook.steps.iter().filter_map(|step| Some((step.who.as_deref()?, SubjectKind::Member)));
    let conditions = playbook.steps.iter().map(|step| step.condition.filter.as_str());
    let own = std::iter::once(playbook.audience.as_str()).chain(stops).chain(ends).chain(conditions);
    own.map(move |filter| (filter, target)).chain(who)
}

impl Desk {
    /// Keeps a view; `before` is the name it had, none for a new one.
    pub(super) fn view_set(
        &mut self,
        act: &Act,
        before: Option<&str>,
        view: &View,
    ) -> Result<Outcome, DeskError> {
        let known = &self.store.columns.saved_views;
        if let Some(before) = before.filter(|before| !known.contains_key(*before)) {
            return Err(self.no_view(before, act.lang));
        }
        let view = self.checked_view(before, view, act.lang)?;
        if known.get(&view.name) == Some(&view) {
            return Ok(Outcome { words: Words::Same.text(act.lang).to_owned(), ..Outcome::default() });
        }
        let like = |name: &&String| fold(name) == fold(&view.name) && Some(name.as_str()) != before;
        if let Some(name) = known.keys().find(like) {
            let words = Words::Taken.fill(act.lang, &[("name", &for_display(name))]);
            return Err(Refusal::new(RefusalKind::Already, words).into());
        }
        let old = before.and_then(|before| known.get(before)).cloned();
        let name = view.name.clone();
        let mut bodies = Vec::new();
        let mut warnings = Vec::new();
        if let Some(old) = &old {
            let then = Some(&view).filter(|view| view.name == old.name);
            self.refuse_in_use(&old.name, then, act.lang)?;
            // under the same name it would be another view to those that speak of it
            if let Some(words) = self.used_in(&old.name, then, &view.name, act.lang) {
                return Err(Self::refused(words));
            }
        }
        if let Some(old) = old.as_ref().filter(|old| old.name != view.name) {
            bodies.push(Body::ViewSet { name: old.name.clone(), before: Some(old.clone()), after: None });
        }
        for other in known.values().filter(|other| other.key.is_some() && other.key == view.key) {
            if other.name != view.name && Some(other.name.as_str()) != before {
                let values: [(&str, &dyn std::fmt::Display); 2] =
                    [("key", &other.key.unwrap_or_default()), ("name", &for_display(&other.name))];
                warnings.push(Words::TookKey.fill(act.lang, &values));
                let after = Some(View { key: None, ..other.clone() });
                bodies.push(Body::ViewSet { name: other.name.clone(), before: Some(other.clone()), after });
            }
        }
        let stays = old.filter(|old| old.name == view.name);
        bodies.push(Body::ViewSet { name: view.name.clone(), before: stays, after: Some(view) });
        let words = self.describe(&bodies, act.lang);
        self.perform(act, bodies)?;
        self.view_changed(&name);
        Ok(Outcome { words, warnings, ..Outcome::default() })
    }

    pub(super) fn view_remove(&mut self, act: &Act, name: &str) -> Result<Outcome, DeskError> {
        let Some(view) = self.store.columns.saved_views.get(name) else {
            return Err(self.no_view(name, act.lang));
        };
        self.refuse_in_use(name, None, act.lang)?;
        if let Some(words) = self.used_in(name, None, "", act.lang) {
            return Err(Self::refused(words));
        }
        let bodies = vec![Body::ViewSet { name: name.to_owned(), before: Some(view.clone()), after: None }];
        let words = self.describe(&bodies, act.lang);
        self.perform(act, bodies)?;
        Ok(Outcome { words, ..Outcome::default() })
    }

    /// What `@name` means here: the views of the program and of the store.
    pub(in crate::desk) fn named_views(&self) -> NamedFilters {
        named_filters(self.store.columns.saved_views.values())
    }

    /// A view says something else: where it is in use, whoever waits and whoever may enter is judged by it anew.
    pub(in crate::desk) fn view_changed(&mut self, name: &str) {
        if self.users_of(name, None).next().is_some() {
            self.rules_changed();
            self.sweep_again();
        }
    }

    /// Refuses to take a view away that a playbook, a rule or a campaign speaks of, or to make it one that says nothing
    /// there.
    fn refuse_in_use(&self, name: &str, then: Option<&View>, lang: Lang) -> Result<(), DeskError> {
        self.in_use(name, then, lang).map_or(Ok(()), |words| Err(Self::refused(words)))
    }

    /// Where a view is spoken of and could not be any more once it is gone, or is `then`, in a sentence; none where that
    /// is nowhere.
    pub(in crate::desk) fn in_use(&self, name: &str, then: Option<&View>, lang: Lang) -> Option<String> {
        let users: Vec<String> = self.users_of(name, then).collect();
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("name", &for_display(name)), ("users", &users.join(", "))];
        (!users.is_empty()).then(|| Words::InUse.fill(lang, &values))
    }

    /// What speaks of a view, itself or by another view, and could not be read any more once it is gone, or is `then`:
    /// playbooks with texts that somebody goes by, rules, campaigns with people to choose; by what people call them.
    fn users_of(&self, name: &str, then: Option<&View>) -> impl Iterator<Item = String> + use<> {
        let columns = &self.store.columns;
        let changing = self.changing(then);
        let loses = |filter: &str, rows: &[SubjectKind]| self.loses(filter, rows, name, changing.as_ref());
        let mut users = Vec::new();
        let runs = columns.playbooks.iter().filter(|(_, column)| column.state != PlaybookState::Removed);
        for (id, column) in runs {
            let position = columns.playbook_position(id);
            let live = |e: &EnrolmentColumn| matches!(e.state, RunState::Active | RunState::InLine);
            let of = columns.enrolments.iter().filter(|(_, _, e)| Some(e.playbook) == position && live(e));
            let versions: BTreeSet<u32> = of.map(|(_, _, e)| e.version).chain([column.current]).collect();
            let mut texts = versions.iter().filter_map(|version| self.playbooks.get(id, *version));
            if texts.any(|playbook| filters_of(&playbook).any(|(filter, rows)| loses(filter, &[rows]))) {
                users.push(self.title(id));
            }
        }
        let caps = columns.rules.caps.iter().map(|cap| ("[[cap]]", &cap.except, &cap.scope));
        let quiet = columns.rules.quiet.iter().map(|quiet| ("[[quiet]]", &quiet.except, &quiet.scope));
        for (rule, except, scope) in caps.chain(quiet) {
            let rows = rows_left_out(scope.of).map_or_else(|| TARGETS.to_vec(), |rows| vec![rows]);
            if loses(except, &rows) {
                users.push(format!("rules.toml {rule} {except}"));
            }
        }
        for campaign in columns.campaigns.values().filter(|campaign| campaign.stopped_at.is_none()) {
            let playbooks = campaign.playbooks.iter().filter_map(|id| self.playbooks.current(id, columns));
            let entering: Vec<SubjectKind> = playbooks.map(|playbook| playbook.target.rows()).collect();
            let mut waits = campaign.waves.iter().filter(|wave| campaign.waits(wave));
            let mut texts = campaign.texts.iter().filter(|text| !text.has_begun());
            let reached = |groups| if groups { SubjectKind::Group } else { SubjectKind::Member };
            if waits.any(|wave| loses(&wave.filter, &entering))
                || texts.any(|text| loses(&text.filter, &[reached(text.groups)]))
            {
                users.push(campaign.title.clone());
            }
        }
        users.into_iter().map(|user| for_display(&user).into_owned())
    }

    /// The views as they are, and as they will be with this one.
    fn changing(&self, then: Option<&View>) -> Option<Changing> {
        let then = then?;
        let others = self.store.columns.saved_views.values().filter(|view| view.name != then.name);
        Some((self.named_views(), named_filters(others.chain([then]))))
    }

    /// Whether a filter over such rows speaks of a view, itself or by another, that says something there and will not;
    /// without views to come, one that will be gone.
    fn loses(&self, filter: &str, rows: &[SubjectKind], name: &str, changing: Option<&Changing>) -> bool {
        let Some((now, then)) = changing else { return self.speaks(filter, name, 0) };
        let says = |used: &str, known: &NamedFilters| {
            let alone =
                query::parse(&format!("@\"{used}\"")).and_then(|query| query.with_shared_views(known));
            alone.is_ok_and(|query| rows.iter().any(|rows| query.check_for(Scope::Rows(*rows)).is_ok()))
        };
        self.speaks(filter, name, 0)
            && query::parse(filter)
                .is_ok_and(|query| query.views().any(|used| says(used, now) && !says(used, then)))
    }

    /// Whether a filter speaks of a view, itself or by another.
    fn speaks(&self, filter: &str, name: &str, depth: usize) -> bool {
        if !filter.contains(['@', '＠']) || depth > DEPTH {
            return false;
        }
        let Ok(query) = query::parse(filter) else { return false };
        query.views().any(|used| {
            fold(used) == fold(name)
                || self
                    .store
                    .columns
                    .saved_views
                    .values()
                    .filter(|view| view.is_called(used))
                    .any(|view| self.speaks(&view.filter, name, depth + 1))
        })
    }

    /// The views, but for one, whose filters speak of a view and could not any more once it is gone, or is `then`.
    fn used_in(&self, name: &str, then: Option<&View>, but: &str, lang: Lang) -> Option<String> {
        let changing = self.changing(then);
        let loses = |view: &&View| {
            let rows = subject_kind(view.kind.into());
            let is_other = view.name != but && view.name != name;
            is_other && rows.is_some_and(|rows| self.loses(&view.filter, &[rows], name, changing.as_ref()))
        };
        let names: Vec<_> = self.store.columns.saved_views.values().filter(loses).collect();
        let names: Vec<_> = names.iter().map(|view| for_display(&view.name)).collect();
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("name", &for_display(name)), ("names", &names.join(", "))];
        (!names.is_empty()).then(|| NameWords::UsedIn.fill(lang, &values))
    }

    fn no_view(&self, name: &str, lang: Lang) -> DeskError {
        let names = self.store.columns.saved_views.keys().map(String::as_str);
        super::none_called(name, names, Words::Unknown.fill(lang, &[("name", &for_display(name))]), lang)
    }

    /// The view as it is kept, or what is wrong with it. Its filter is read with all views in their place, itself
    /// among them, so that none is ever kept that leads back to itself.
    fn checked_view(&self, before: Option<&str>, view: &View, lang: Lang) -> Result<View, DeskError> {
        let refused = |words: String| Err(Refusal::new(RefusalKind::Invalid, words).into());
        let name = for_display(&view.name).split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(words) = name_fault(&name, lang) {
            return refused(words);
        }
        if view.key.is_some_and(|key| !(1..=9).contains(&key)) {
            return refused(Words::Key.text(lang).to_owned());
        }
        if view.limit.is_some_and(|limit| !(1..=LIMIT_MAX).contains(&limit)) {
            return refused(Words::Limit.fill(lang, &[("n", &LIMIT_MAX)]));
        }
        let columns = view.kind.columns();
        if let Some(column) = view.columns.iter().find(|column| !columns.contains(column)) {
            let names: Vec<_> = columns.iter().map(|column| column.word()).collect();
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("kind", &view.kind.label(lang)), ("column", column), ("columns", &names.join(" "))];
            return refused(Words::NoColumn.fill(lang, &values));
        }
        if !view.kind.sorts().contains(&view.sort) {
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("kind", &view.kind.label(lang)), ("sort", &view.sort), ("sorts", &view.kind.sort_words())];
            return refused(Words::NoSort.fill(lang, &values));
        }
        let kept = View { name, filter: view.filter.trim().to_owned(), ..view.clone() };
        let others = self.store.columns.saved_views.values();
        let others = others.filter(|other| Some(other.name.as_str()) != before && other.name != kept.name);
        let known = named_filters(others.chain([&kept]));
        self.filter_with(Kind::from(kept.kind), &kept.filter, &known, lang)?;
        // A mistake may be in a view that speaks of this one, and so shows only through its name.
        self.filter_with(Kind::from(kept.kind), &format!("@\"{}\"", kept.name), &known, lang)?;
        Ok(kept)
    }
}
