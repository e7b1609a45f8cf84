//! Filters within playbooks, judged by the room that speaks their language.

use crate::query::{self, NamedFilters, QueryError, SubjectKind};
use crate::text::lang::Lang;

use super::format::{FilterMistake, TargetKind};

/// Checks that a filter of a playbook parses; names, tags and views that do not exist yet are no mistakes.
///
/// # Errors
/// The mistake with its column, in all languages.
pub fn check_filter(text: &str) -> Result<(), FilterMistake> {
    query::parse(text).map(|_| ()).map_err(|error| mistake(&error))
}

/// The same, where the views of the store are known: another one is a mistake, and so is one of other rows that says
/// nothing of those judged.
///
/// # Errors
/// The mistake with its column, in all languages.
pub fn check_filter_with(text: &str, of: TargetKind, views: &NamedFilters) -> Result<(), FilterMistake> {
    let whole = query::parse(text).and_then(|query| query.with_shared_views(views));
    whole.and_then(|query| query.check_views_for(of.rows())).map_err(|error| mistake(&error))
}

impl TargetKind {
    /// The rows that filters over them judge.
    pub const fn rows(self) -> SubjectKind {
        match self {
            Self::Member => SubjectKind::Member,
            Self::Group => SubjectKind::Group,
            Self::Account => SubjectKind::Account,
        }
    }
}

fn mistake(error: &QueryError) -> FilterMistake {
    FilterMistake {
        column: error.column,
        sentences: Lang::ALL.map(|lang| error.message(lang)),
        nearest: error.nearest.clone(),
    }
}
