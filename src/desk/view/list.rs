//! Lists asked for once: windows and counts.

use std::sync::Arc;

use super::order::Order;
use super::scan::{Scan, is_in};
use super::words::ViewWords;
use crate::book::Timestamp;
use crate::desk::act::DeskError;
use crate::desk::{Desk, Session};
use crate::door::detail::TaskText;
use crate::door::form::Kind;
use crate::door::line::Lines;
use crate::door::reply::Window;
use crate::door::request::ListSpec;
use crate::door::{Refusal, RefusalKind};
use crate::query::expr::{Expr, Leaf};
use crate::query::{Filter, Query};
use crate::text::clean::for_display;
use crate::text::lang::Lang;
use crate::text::near::nearest;

/// The most rows one answer carries; longer lists are asked for in pages.
pub(super) const ROWS_MAX: u32 = 5_000;

/// Names offered when nothing matches.
const NEAREST: usize = 5;

/// Names that are compared for the nearest ones.
const NAMES_COMPARED: usize = 20_000;

/// A list ready to be scanned.
pub(super) struct Asked {
    pub query: Arc<Query>,
    pub order: Order,
}

impl Desk {
    /// Checks a list: its kind, its filter.
    pub(super) fn asked(&self, list: &ListSpec, lang: Lang) -> Result<Asked, Refusal> {
        if matches!(list.kind, Kind::Contact | Kind::Membership) {
            let words = ViewWords::NoList.fill(lang, &[("kind", &list.kind.label(lang))]);
            return Err(Refusal::new(RefusalKind::Invalid, words).hint("task, member, group, account, sop"));
        }
        let query = self.list_filter(list.kind, &list.filter, lang)?;
        Ok(Asked { query, order: Order { kind: list.kind, sort: list.sort } })
    }

    /// The filter of a list, made ready for somebody at a moment.
    pub(super) fn resolved(&self, query: &Query, now: Timestamp, me: &str) -> Filter {
        query.resolve(&self.scene(now).context(me))
    }

    /// All rows of a list in no order.
    fn all_rows(&self, asked: &Asked, now: Timestamp, me: &str) -> Vec<u32> {
        let scene = self.scene(now);
        let filter = self.resolved(&asked.query, now, me);
        let mut rows = Vec::new();
        Scan::new(asked.order.kind, &asked.query).advance(
            asked.order,
            &scene,
            &filter,
            usize::MAX,
            &mut rows,
        );
        rows
    }

    /// A list asked for once.
    pub(super) fn list(
        &self,
        session: &Session,
        list: &ListSpec,
        first: u32,
        rows: u32,
        texts: bool,
        now: Timestamp,
    ) -> Result<Window, DeskError> {
        let asked = self.asked(list, session.lang)?;
        let mut all = self.all_rows(&asked, now, &session.operator);
        asked.order.sort(&mut all, &self.store.columns);
        let total = all.len() as u32;
        let first = first.min(total);
        let shown: Vec<u32> =
            all.iter().copied().skip(first as usize).take(rows.min(ROWS_MAX) as usize).collect();
        let (lines, texts) = self.lines_and_texts(list.kind, &shown, texts, now, session.lang)?;
        let nearest = if total == 0 { self.nearest(list.kind, &asked.query) } else { Vec::new() };
        Ok(Window { watch: 0, rev: 0, total, first, lines, texts, around: None, nearest })
    }

    /// Lines, and the texts of tasks where they are wanted.
    fn lines_and_texts(
        &self,
        kind: Kind,
        rows: &[u32],
        texts: bool,
        now: Timestamp,
        lang: Lang,
    ) -> Result<(Lines, Vec<TaskText>), DeskError> {
        if kind != Kind::Task || !texts {
            return Ok((self.lines(kind, rows, now, lang)?, Vec::new()));
        }
        let (mut lines, mut all) = (Vec::new(), Vec::new());
        for row in rows {
            if let Some(shown) = self.task_shown(*row, now, lang)? {
                lines.push(shown.line);
                all.push(shown.text);
            }
        }
        Ok((Lines::Tasks(lines), all))
    }

    /// How many rows a list has.
    pub(super) fn count(&self, session: &Session, list: &ListSpec, now: Timestamp) -> Result<u32, DeskError> {
        let asked = self.asked(list, session.lang)?;
        Ok(self.all_rows(&asked, now, &session.operator).len() as u32)
    }

    /// The names nearest to what a filter looked for and did not find.
    pub(super) fn nearest(&self, kind: Kind, query: &Query) -> Vec<String> {
        let mut words: Vec<&str> = Vec::new();
        collect_names(query.expr(), &mut words);
        let columns = &self.store.columns;
        let everything = self.resolved(&Query::everything(), columns.store.last_at, "");
        let scene = self.scene(columns.store.last_at);
        let visible = |kind: Kind, row: u32| is_in(kind, &scene, &everything, row);
        let groups = || {
            columns
                .groups
                .iter()
                .filter(|(row, _, _)| visible(Kind::Group, *row))
                .map(|(_, _, group)| group.body.name.as_str())
        };
        let accounts = || {
            columns
                .accounts
                .iter()
                .filter(|(row, _, _)| visible(Kind::Account, *row))
                .map(|(_, _, account)| account.body.name.as_str())
        };
        let members = || {
            columns
                .members
                .iter()
                .filter(|(row, _, _)| visible(Kind::Member, *row))
                .map(|(_, _, member)| member.name())
        };
        // what was sent stands among the words as playbook/step; nobody looks for a tag with a slash
        let tags = || columns.words.iter().map(|(_, word)| word).filter(|word| !word.contains('/'));
        let mut found: Vec<String> = Vec::new();
        for word in words {
            let near: Vec<&str> = match kind {
                Kind::Group => nearest(word, groups().take(NAMES_COMPARED), NEAREST),
                Kind::Account => nearest(word, accounts().take(NAMES_COMPARED), NEAREST),
                Kind::Playbook => {
                    nearest(word, columns.playbooks.values().map(|column| column.title.as_str()), NEAREST)
                }
                _ => {
                    let names = groups().chain(tags()).chain(members());
                    nearest(word, names.take(NAMES_COMPARED), NEAREST)
                }
            };
            for name in near {
                let name = for_display(name).into_owned();
                if found.len() < NEAREST && !found.contains(&name) {
                    found.push(name);
                }
            }
        }
        found
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
