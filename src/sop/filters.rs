//! Filters within playbooks, judged by the room that speaks their language.

use crate::query::{self, NamedFilters, QueryError};
use crate::text::lang::Lang;

use super::format::FilterMistake;

/// Checks that a filter of a playbook parses; names, tags and views that do not exist yet are no mistakes.
///
/// # Errors
/// The mistake with its column, in all languages.
pub fn check_filter(text: &str) -> Result<(), FilterMistake> {
    query::parse(text).map(|_| ()).map_err(|error| mistake(&error))
}

/// The same, where the views of the store are known: another one is a mistake.
///
/// # Errors
/// The mistake with its column, in all languages.
pub fn check_filter_with(text: &str, views: &NamedFilters) -> Result<(), FilterMistake> {
    let whole = query::parse(text).and_then(|query| query.with_shared_views(views));
    whole.map(|_| ()).map_err(|error| mistake(&error))
}

fn mistake(error: &QueryError) -> FilterMistake {
    FilterMistake {
        column: error.column,
        sentences: Lang::ALL.map(|lang| error.message(lang)),
        nearest: error.nearest.clone(),
    }
}
