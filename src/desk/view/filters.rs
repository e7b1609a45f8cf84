//! Filters by their text: parsed once, judged for one row or many.
//!
//! Lists, playbooks' audiences, `if`, `stop` and `who` are the same language over the same rows.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::order::Named;
use super::subject::{AccountSubject, GroupSubject, MemberSubject, Scene};
use crate::book::{AccountId, GroupId, MemberId, Target, Timestamp, View};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::form::Kind;
use crate::door::views::named_filters;
use crate::door::{Refusal, RefusalKind};
use crate::query::{self, Filter, NamedFilters, Query, QueryError, Scope, SubjectKind};
use crate::sop::format::TargetKind;
use crate::text::lang::Lang;

/// How many parsed filters are kept; people and playbooks use a few dozen.
const KEPT: usize = 500;

/// Parsed filters by text.
#[derive(Debug, Default)]
pub(crate) struct Filters {
    parsed: RefCell<HashMap<String, Arc<Query>>>,
    /// Those that speak of views, with these views in their place.
    whole: RefCell<(BTreeMap<String, View>, HashMap<String, Arc<Query>>)>,
}

impl Filters {
    /// A filter from its text, with the store's views in their place.
    pub(crate) fn with_views(
        &self,
        text: &str,
        views: &BTreeMap<String, View>,
    ) -> Result<Arc<Query>, QueryError> {
        if !text.contains(['@', '＠']) {
            return self.get(text);
        }
        let mut whole = self.whole.borrow_mut();
        if whole.0 != *views || whole.1.len() >= KEPT {
            *whole = (views.clone(), HashMap::new());
        }
        if let Some(query) = whole.1.get(text) {
            return Ok(Arc::clone(query));
        }
        let query = Arc::new(query::parse(text)?.with_shared_views(&named_filters(views.values()))?);
        whole.1.insert(text.to_owned(), Arc::clone(&query));
        Ok(query)
    }

    /// A filter from its text that speaks of no views.
    pub(crate) fn get(&self, text: &str) -> Result<Arc<Query>, QueryError> {
        if let Some(query) = self.parsed.borrow().get(text) {
            return Ok(Arc::clone(query));
        }
        let query = Arc::new(query::parse(text)?);
        query.without_views()?;
        let mut parsed = self.parsed.borrow_mut();
        if parsed.len() >= KEPT {
            parsed.clear();
        }
        parsed.insert(text.to_owned(), Arc::clone(&query));
        Ok(query)
    }
}

/// The rows of a kind as filters know them; none for playbooks and products, which are found by
/// name alone.
pub(in crate::desk) const fn subject_kind(kind: Kind) -> Option<SubjectKind> {
    match kind {
        Kind::Task => Some(SubjectKind::Task),
        Kind::Member => Some(SubjectKind::Member),
        Kind::Group => Some(SubjectKind::Group),
        Kind::Account => Some(SubjectKind::Account),
        Kind::Playbook | Kind::Contact | Kind::Membership | Kind::Product => None,
    }
}

/// Checks that rows of a kind have what a filter asks for.
fn check_for(kind: Kind, query: &Query) -> Result<(), QueryError> {
    match subject_kind(kind) {
        Some(kind) => query.check_for(Scope::Rows(kind)),
        None => query.without_views(),
    }
}

/// A refusal that says where in the filter the mistake is.
pub(super) fn refuse(error: &QueryError, filter: &str, lang: Lang) -> Refusal {
    let mut refusal = Refusal::new(RefusalKind::Filter, error.message(lang));
    refusal.column = Some(u32::try_from(error.column).unwrap_or(u32::MAX));
    refusal.value = Some(filter.to_owned());
    refusal.hint = error.choices(lang).unwrap_or_default();
    refusal.candidates = error.nearest_in(lang).into_iter().collect();
    refusal
}

impl Desk {
    /// The book with the keys of its names.
    pub(super) fn ordered(&self) -> Named<'_> {
        Named { columns: &self.store.columns, keys: &self.views.sort_keys }
    }

    /// The book at a moment, in the store's zone.
    pub(crate) fn scene(&self, now: Timestamp) -> Scene<'_> {
        Scene {
            desk: self,
            columns: &self.store.columns,
            wordings: &self.views.wordings,
            applied: &self.playbooks,
            now,
            zone: self.store.columns.store.zone,
            day_ends: 0,
            since: None,
            named: &[],
        }
    }

    /// Parses a filter of a list and checks that rows of its kind have what it asks for.
    pub(in crate::desk) fn list_filter(
        &self,
        kind: Kind,
        filter: &str,
        lang: Lang,
    ) -> Result<Arc<Query>, Refusal> {
        if filter.contains(['@', '＠']) {
            let known = named_filters(self.store.columns.saved_views.values());
            return self.filter_with(kind, filter, &known, lang).map(Arc::new);
        }
        let query = self.views.filters.get(filter).map_err(|error| refuse(&error, filter, lang))?;
        check_for(kind, &query).map_err(|error| refuse(&error, filter, lang))?;
        Ok(query)
    }

    /// A filter of a list with the filters of views in their place.
    pub(in crate::desk) fn filter_with(
        &self,
        kind: Kind,
        filter: &str,
        known: &NamedFilters,
        lang: Lang,
    ) -> Result<Query, Refusal> {
        let read = query::parse(filter).and_then(|query| query.with_views(known)).and_then(|query| {
            check_for(kind, &query)?;
            Ok(query)
        });
        read.map_err(|error| refuse(&error, filter, lang))
    }

    fn with_views(&self, filter: &str) -> Result<Arc<Query>, QueryError> {
        self.views.filters.with_views(filter, &self.store.columns.saved_views)
    }

    /// Checks that a filter over those who go through some playbook can be read, and that its views say something of one
    /// kind of them at least.
    ///
    /// # Errors
    /// The filter does not parse, or speaks of a view of other rows.
    pub(crate) fn check_filter(&self, filter: &str, of: &[TargetKind], lang: Lang) -> Result<(), Refusal> {
        let judged = self.with_views(filter).and_then(|query| {
            let each = of.iter().map(|of| query.check_views_for(of.rows()));
            each.reduce(Result::or).unwrap_or(Ok(()))
        });
        judged.map_err(|error| refuse(&error, filter, lang))
    }

    /// Whether a member matches a playbook's filter, in the store's zone.
    ///
    /// # Errors
    /// The filter does not parse.
    pub(crate) fn member_matches(
        &self,
        filter: &str,
        member: MemberId,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        self.matches_in(filter, Target::Member(member), self.scene(now))
    }

    /// The keys that a filter asks a run's form for.
    ///
    /// # Errors
    /// The filter does not parse.
    pub(crate) fn asked_in(&self, filter: &str) -> Result<Vec<String>, DeskError> {
        let query = self.with_views(filter).map_err(|error| refuse(&error, filter, Lang::default()))?;
        let mut keys = Vec::new();
        query.expr().each_leaf(&mut |leaf| {
            if let query::expr::Leaf::Ask(key) = leaf {
                keys.push(key.clone());
            }
        });
        Ok(keys)
    }

    /// A playbook's filter over members made ready for one moment, in the store's zone: for a scan. None where nobody can
    /// match it.
    pub(in crate::desk) fn members_filter(
        &self,
        filter: &str,
        now: Timestamp,
    ) -> Result<Option<Filter>, DeskError> {
        match self.with_views(filter) {
            Ok(query) => Ok(Some(query.resolve(&self.scene(now).context("")))),
            // a view that is gone or broken lets nobody through
            Err(_) if filter.contains(['@', '＠']) => Ok(None),
            Err(error) => Err(refuse(&error, filter, Lang::default()).into()),
        }
    }

    /// Whether a member in a row matches a filter that was made ready.
    pub(in crate::desk) fn row_matches(&self, filter: &Filter, row: u32, now: Timestamp) -> bool {
        MemberSubject::new(self.scene(now), row).is_some_and(|subject| filter.matches(&subject))
    }

    /// Whether somebody may come to match a filter, or match it no more, as time goes by.
    pub(in crate::desk) fn moves_with_time(&self, filter: &str) -> bool {
        self.with_views(filter).is_ok_and(|query| query.is_time_dependent())
    }

    /// Whether somebody may come to match a filter, but never match it no more, as time goes by.
    pub(in crate::desk) fn only_grows(&self, filter: &str) -> bool {
        self.with_views(filter).is_ok_and(|query| query.only_grows())
    }

    /// Whether a group matches a playbook's filter, in the group's own zone.
    ///
    /// # Errors
    /// The filter does not parse.
    pub(crate) fn group_matches(
        &self,
        filter: &str,
        group: GroupId,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let mut scene = self.scene(now);
        if let Some(column) = scene.columns.groups.by_id(group) {
            scene.zone = scene.columns.group_zone(&column.body);
        }
        self.matches_in(filter, Target::Group(group), scene)
    }

    /// Whether an account matches a playbook's filter, in the store's zone.
    ///
    /// # Errors
    /// The filter does not parse.
    pub(crate) fn account_matches(
        &self,
        filter: &str,
        account: AccountId,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        self.matches_in(filter, Target::Account(account), self.scene(now))
    }

    /// Whether a target matches a filter in a scene: its zone, the end of its days, and the day from which check-ins
    /// are owed are those of the playbook that asks. A target that is not in the book matches nothing.
    ///
    /// # Errors
    /// The filter does not parse.
    pub(crate) fn matches_in(
        &self,
        filter: &str,
        target: Target,
        scene: Scene<'_>,
    ) -> Result<bool, DeskError> {
        if filter.trim().is_empty() {
            return Ok(true);
        }
        let query = match self.with_views(filter) {
            Ok(query) => query,
            // a view that is gone or broken lets nobody through, and stops nothing
            Err(_) if filter.contains(['@', '＠']) => return Ok(false),
            Err(error) => return Err(refuse(&error, filter, Lang::default()).into()),
        };
        let filter = query.resolve(&scene.context(""));
        let columns = scene.columns;
        Ok(match target {
            Target::Member(id) => columns
                .members
                .row(id)
                .and_then(|row| MemberSubject::new(scene, row))
                .is_some_and(|subject| filter.matches(&subject)),
            Target::Group(id) => columns
                .groups
                .row(id)
                .and_then(|row| GroupSubject::new(scene, row))
                .is_some_and(|subject| filter.matches(&subject)),
            Target::Account(id) => columns
                .accounts
                .row(id)
                .and_then(|row| AccountSubject::new(scene, row))
                .is_some_and(|subject| filter.matches(&subject)),
        })
    }
}
