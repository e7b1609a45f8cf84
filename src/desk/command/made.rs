//! What an act made, in a phrase: one by its name, several by how many of each kind.

use std::fmt::Display;

use super::super::words::book::BookWords;
use super::describe::quote;
use crate::door::form::Kind;
use crate::store::Body;
use crate::text::lang::Lang;

/// What was made, by name or by number.
pub(super) fn made(bodies: &[Body], lang: Lang) -> String {
    let made: Vec<(Kind, &str)> = bodies
        .iter()
        .filter_map(|body| match body {
            Body::AccountMade(account) => Some((Kind::Account, account.name.as_str())),
            Body::GroupMade(group) => Some((Kind::Group, group.name.as_str())),
            Body::MemberMade(member) => Some((Kind::Member, member.called())),
            Body::ProductMade(product) => Some((Kind::Product, product.name.as_str())),
            _ => None,
        })
        .collect();
    match made.as_slice() {
        [] => BookWords::Something.text(lang).to_owned(),
        [(kind, name)] => {
            let values: [(&str, &dyn Display); 2] = [("kind", &kind.label(lang)), ("name", &quote(name))];
            BookWords::Made.fill(lang, &values)
        }
        [..] => {
            let mut kinds: Vec<(Kind, usize)> = Vec::new();
            for (kind, _) in &made {
                match kinds.iter_mut().find(|(known, _)| known == kind) {
                    Some((_, n)) => *n += 1,
                    None => kinds.push((*kind, 1)),
                }
            }
            // what holds the others comes first, whichever was made first
            kinds.sort_by_key(|(kind, _)| {
                [Kind::Account, Kind::Group, Kind::Member].iter().position(|k| k == kind).unwrap_or(3)
            });
            let counted = |(kind, n): (Kind, usize)| {
                BookWords::MadeCount.fill(lang, &[("kind", &kind.label(lang)), ("n", &n)])
            };
            let counted: Vec<String> = kinds.into_iter().map(counted).collect();
            BookWords::MadeMany.fill(lang, &[("counted", &counted.join(BookWords::MadeAnd.text(lang)))])
        }
    }
}
