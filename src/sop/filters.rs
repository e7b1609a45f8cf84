//! Filters within playbooks, judged by the room that speaks their language.

use crate::query;
use crate::text::lang::Lang;

use super::format::FilterMistake;

/// Checks that a filter of a playbook parses; names and tags that do not exist yet are no mistakes.
///
/// # Errors
/// The mistake with its column, in all languages.
pub fn check_filter(text: &str) -> Result<(), FilterMistake> {
    query::parse(text).and_then(|query| query.without_views()).map_err(|error| FilterMistake {
        column: error.column,
        sentences: Lang::ALL.map(|lang| error.message(lang)),
        nearest: error.nearest,
    })
}
