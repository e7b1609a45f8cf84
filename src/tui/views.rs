//! The nine views: what each lists and by which filter.

use super::registry::Action;
use crate::door::form::Kind;
use crate::door::reply::Counts;
use crate::door::request::Sort;
use crate::text::lang::Lang;

/// How many views there are.
pub const VIEWS: usize = 9;

/// What a view lists.
pub const fn kind(view: usize) -> Kind {
    match view {
        6 => Kind::Group,
        7 => Kind::Member,
        8 => Kind::Playbook,
        _ => Kind::Task,
    }
}

/// The filter a view has of its own.
pub const fn filter(view: usize) -> &'static str {
    match view {
        0 => "state:due",
        1 => "due:today",
        2 => "state:due is:overdue",
        3 => "state:snoozed",
        4 => "is:awaiting",
        5 => "is:to-answer",
        _ => "",
    }
}

/// The order of a view.
pub const fn sort(view: usize) -> Sort {
    match view {
        4 => Sort::Recent,
        _ => Sort::Natural,
    }
}

/// Its number in the header.
pub const fn count(view: usize, counts: &Counts) -> Option<u32> {
    match view {
        0 => Some(counts.due),
        1 => Some(counts.today),
        2 => Some(counts.overdue),
        3 => Some(counts.snoozed),
        4 => Some(counts.awaiting),
        5 => Some(counts.to_answer),
        6 => Some(counts.groups),
        7 => Some(counts.members),
        8 => Some(counts.playbooks),
        _ => None,
    }
}

/// Its name.
pub fn name(view: usize, lang: Lang) -> &'static str {
    Action::view(view).map_or("", |action| action.entry().short(lang))
}
