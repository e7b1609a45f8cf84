//! The names nearest to what was looked for and not found, in slices.

use super::scan::is_in;
use crate::desk::Desk;
use crate::door::form::Kind;
use crate::query::Query;
use crate::query::expr::{Expr, Leaf};
use crate::text::clean::for_display;
use crate::text::near::nearest;

/// Names offered when nothing matches.
const NEAREST: usize = 5;

/// Names that are compared for the nearest ones.
const NAMES_COMPARED: usize = 20_000;

/// What comparing a name costs, in the steps of [`super::scan::SLICE`].
const COMPARED: usize = 250;

/// A comparison under way.
#[derive(Debug)]
pub(super) struct Nearest {
    kind: Kind,
    /// What was looked for, each with the nearest names so far.
    words: Vec<(String, Vec<String>)>,
    /// Names compared so far.
    next: usize,
}

impl Nearest {
    /// A comparison for a filter that found nothing; none where it looks for no name.
    pub(super) fn new(kind: Kind, query: &Query) -> Option<Self> {
        let mut words: Vec<&str> = Vec::new();
        collect_names(query.expr(), &mut words);
        let words: Vec<_> = words.into_iter().map(|word| (word.to_owned(), Vec::new())).collect();
        (!words.is_empty()).then_some(Self { kind, words, next: 0 })
    }

    /// Compares names until the budget is used; the nearest ones once all are compared.
    pub(super) fn advance(&mut self, desk: &Desk, budget: &mut usize) -> Option<Vec<String>> {
        let each = COMPARED * self.words.len();
        let names = names(desk, self.kind);
        let wanted = (*budget / each).max(1).min(NAMES_COMPARED.saturating_sub(self.next));
        let slice: Vec<&str> = names.skip(self.next).take(wanted).collect();
        *budget = budget.saturating_sub(slice.len().max(1) * each);
        for (word, found) in &mut self.words {
            // of equals the earlier stays first, so that slices find what one comparison would
            let known = found.iter().map(String::as_str);
            *found = nearest(word, known.chain(slice.iter().copied()), NEAREST)
                .into_iter()
                .map(str::to_owned)
                .collect();
        }
        self.next += slice.len();
        if slice.len() == wanted && self.next < NAMES_COMPARED {
            return None;
        }
        let mut shown: Vec<String> = Vec::new();
        for name in self.words.iter().flat_map(|(_, found)| found) {
            let name = for_display(name).into_owned();
            if shown.len() < NEAREST && !shown.contains(&name) {
                shown.push(name);
            }
        }
        Some(shown)
    }
}

/// The names that rows of a kind are found by: groups, tags and members for tasks and members.
fn names(desk: &Desk, kind: Kind) -> Box<dyn Iterator<Item = &str> + '_> {
    let columns = &desk.store.columns;
    let scene = desk.scene(columns.store.last_at);
    let everything = desk.resolved(&Query::everything(), columns.store.last_at, "");
    let all = everything.clone();
    let groups = columns
        .groups
        .iter()
        .filter(move |(row, _, _)| is_in(Kind::Group, &scene, &everything, *row))
        .map(|(_, _, group)| group.body.name.as_str());
    match kind {
        Kind::Group => Box::new(groups),
        Kind::Account => Box::new(
            columns
                .accounts
                .iter()
                .filter(move |(row, _, _)| is_in(Kind::Account, &scene, &all, *row))
                .map(|(_, _, account)| account.body.name.as_str()),
        ),
        Kind::Playbook => Box::new(columns.playbooks.values().map(|column| column.title.as_str())),
        _ => {
            // what was sent stands among the words as playbook/step; nobody looks for a tag with a slash
            let tags = columns.words.iter().map(|(_, word)| word).filter(|word| !word.contains('/'));
            let members = columns
                .members
                .iter()
                .filter(|(_, _, member)| !member.archived)
                .map(|(_, _, member)| member.name());
            Box::new(groups.chain(tags).chain(members))
        }
    }
}

/// The names and labels that a filter looks for, negated ones apart.
fn collect_names<'a>(expr: &'a Expr, words: &mut Vec<&'a str>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| collect_names(part, words)),
        Expr::Leaf(Leaf::Word(word)) => words.push(word),
        Expr::Leaf(Leaf::Strings { values, .. }) => words.extend(values.iter().map(String::as_str)),
        Expr::All | Expr::Not(_) | Expr::Leaf(_) => {}
    }
}
