//! The names nearest to what was looked for and not found, in slices.
//!
//! What is looked for behind a key is held against the names that the key has: `account:` against accounts, `sop:` against
//! playbooks; a bare word against what rows of the kind are found by.

use super::scan::is_in;
use crate::desk::Desk;
use crate::door::form::Kind;
use crate::query::expr::{Expr, Leaf};
use crate::query::{Key, Query};
use crate::text::clean::for_display;
use crate::text::near::{nearest, with_a_slip};

/// Names offered when nothing matches.
const NEAREST: usize = 5;

/// Names that are compared for the nearest ones.
const NAMES_COMPARED: usize = 20_000;

/// What comparing a name costs, in the steps of [`super::scan::SLICE`].
const COMPARED: usize = 250;

/// Whose name it is; a bit each.
type Of = u8;
const GROUPS: Of = 1;
const ACCOUNTS: Of = 2;
const PLAYBOOKS: Of = 4;
const TAGS: Of = 8;
const MEMBERS: Of = 16;

/// Something that was looked for.
#[derive(Debug)]
struct Wanted {
    word: String,
    of: Of,
    /// The nearest names so far.
    near: Vec<String>,
    /// Names that have it with a slip in it, so far.
    slips: Vec<String>,
}

/// A comparison under way.
#[derive(Debug)]
pub(super) struct Nearest {
    words: Vec<Wanted>,
    /// Names compared so far.
    next: usize,
}

impl Nearest {
    /// A comparison for a filter that found nothing; none where it looks for no name.
    pub(super) fn new(kind: Kind, query: &Query) -> Option<Self> {
        let mut words = Vec::new();
        collect_names(query.expr(), kind, &mut words);
        (!words.is_empty()).then_some(Self { words, next: 0 })
    }

    /// Compares names until the budget is used; the nearest ones once all are compared.
    pub(super) fn advance(&mut self, desk: &Desk, budget: &mut usize) -> Option<Vec<String>> {
        let each = COMPARED * self.words.len();
        let all = self.words.iter().fold(0, |all, wanted| all | wanted.of);
        let names = names(desk, all);
        let count = (*budget / each).max(1).min(NAMES_COMPARED.saturating_sub(self.next));
        let slice: Vec<(Of, &str)> = names.skip(self.next).take(count).collect();
        *budget = budget.saturating_sub(slice.len().max(1) * each);
        for Wanted { word, of, near, slips } in &mut self.words {
            let own = || slice.iter().filter(|(whose, _)| whose & *of != 0).map(|(_, name)| *name);
            // of equals the earlier stays first, so that slices find what one comparison would
            let known = near.iter().map(String::as_str);
            let found = nearest(word, known.chain(own()), NEAREST);
            let found: Vec<String> = found.into_iter().map(str::to_owned).collect();
            if slips.len() < NEAREST {
                slips.extend(with_a_slip(word, own(), NEAREST - slips.len()).into_iter().map(str::to_owned));
            }
            *near = found;
        }
        self.next += slice.len();
        if slice.len() == count && self.next < NAMES_COMPARED {
            return None;
        }
        let mut shown: Vec<String> = Vec::new();
        let found = self.words.iter().flat_map(|wanted| &wanted.near);
        for name in found.chain(self.words.iter().flat_map(|wanted| &wanted.slips)) {
            let name = for_display(name).into_owned();
            if shown.len() < NEAREST && !shown.contains(&name) {
                shown.push(name);
            }
        }
        Some(shown)
    }
}

/// The names of those that are asked for.
fn names(desk: &Desk, of: Of) -> impl Iterator<Item = (Of, &str)> {
    let columns = &desk.store.columns;
    let scene = desk.scene(columns.store.last_at);
    let everything = desk.resolved(&Query::everything(), columns.store.last_at, "");
    let all = everything.clone();
    let groups = columns
        .groups
        .iter()
        .filter(move |(row, _, _)| is_in(Kind::Group, &scene, &everything, *row))
        .map(|(_, _, group)| (GROUPS, group.body.name.as_str()));
    let accounts = columns
        .accounts
        .iter()
        .filter(move |(row, _, _)| is_in(Kind::Account, &scene, &all, *row))
        .map(|(_, _, account)| (ACCOUNTS, account.body.name.as_str()));
    let playbooks = columns.playbooks.values().map(|column| (PLAYBOOKS, column.title.as_str()));
    // what was sent stands among the words as playbook/step; nobody looks for a tag with a slash
    let tags = columns.words.iter().map(|(_, word)| (TAGS, word)).filter(|(_, word)| !word.contains('/'));
    let members = columns
        .members
        .iter()
        .filter(|(_, _, member)| !member.archived)
        .map(|(_, _, member)| (MEMBERS, member.name()));
    let asked = move |whose: Of| of & whose != 0;
    let groups = asked(GROUPS).then_some(groups).into_iter().flatten();
    let accounts = asked(ACCOUNTS).then_some(accounts).into_iter().flatten();
    let playbooks = asked(PLAYBOOKS).then_some(playbooks).into_iter().flatten();
    let tags = asked(TAGS).then_some(tags).into_iter().flatten();
    let members = asked(MEMBERS).then_some(members).into_iter().flatten();
    groups.chain(accounts).chain(playbooks).chain(tags).chain(members)
}

/// Whose names a key has; those of a bare word where it has none of its own.
const fn of_key(key: Key, kind: Kind) -> Of {
    match key {
        Key::Group | Key::LeftGroup => GROUPS,
        Key::Account | Key::FriendOf | Key::Only | Key::Device | Key::Holder => ACCOUNTS,
        Key::Sop | Key::Sent => PLAYBOOKS,
        Key::Tag | Key::Step | Key::Assignee | Key::By => TAGS,
        Key::Member | Key::Referrer | Key::Alias => MEMBERS,
        _ => of_kind(kind),
    }
}

/// Whose names rows of a kind are found by.
const fn of_kind(kind: Kind) -> Of {
    match kind {
        Kind::Group => GROUPS,
        Kind::Account => ACCOUNTS,
        Kind::Playbook => PLAYBOOKS,
        _ => GROUPS | TAGS | MEMBERS,
    }
}

/// The names and labels that a filter looks for, negated ones apart.
fn collect_names(expr: &Expr, kind: Kind, words: &mut Vec<Wanted>) {
    let mut want = |word: &str, of: Of| {
        words.push(Wanted { word: word.to_owned(), of, near: Vec::new(), slips: Vec::new() });
    };
    match expr {
        Expr::And(parts) | Expr::Or(parts) => {
            for part in parts {
                collect_names(part, kind, words);
            }
        }
        Expr::Leaf(Leaf::Word(word)) => want(word, of_kind(kind)),
        Expr::Leaf(Leaf::Strings { key, values }) => {
            for value in values {
                want(value, of_key(*key, kind));
            }
        }
        Expr::All | Expr::Not(_) | Expr::Leaf(_) => {}
    }
}
