//! Lines and texts as they were last shown.

use std::collections::HashSet;

use crate::book::{ObjectId, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::view::task_line::Shown;
use crate::door::detail::{SAME_CHAT, TaskText};
use crate::door::form::Kind;
use crate::door::line::{AccountLine, GroupLine, Lines, MemberLine, SopLine, TaskLine};
use crate::text::fold::fold;
use crate::text::lang::Lang;

/// One line, and of a task its text.
#[derive(Clone, PartialEq)]
pub(in crate::desk::view) enum Rendered {
    Task(Box<(TaskLine, TaskText)>),
    Group(Box<GroupLine>),
    Member(Box<MemberLine>),
    Account(Box<AccountLine>),
    Playbook(Box<SopLine>),
}

impl Rendered {
    /// What a list asked for once shows of a row now: nobody copies from it, so its texts have no warnings.
    pub(super) fn once(
        desk: &Desk,
        kind: Kind,
        row: u32,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<Self>, DeskError> {
        if kind != Kind::Task {
            return Self::of(desk, kind, row, now, lang);
        }
        Ok(desk.task_unwarned(row, now, lang)?.map(Self::task))
    }

    /// What a list shows of a row now; none where the row is gone.
    pub(super) fn of(
        desk: &Desk,
        kind: Kind,
        row: u32,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<Self>, DeskError> {
        if kind == Kind::Task {
            return Ok(desk.task_shown(row, now, lang)?.map(Self::task));
        }
        Ok(match desk.lines(kind, &[row], now, lang)? {
            Lines::Tasks(_) => None,
            Lines::Groups(lines) => lines.into_iter().next().map(|line| Self::Group(Box::new(line))),
            Lines::Members(lines) => lines.into_iter().next().map(|line| Self::Member(Box::new(line))),
            Lines::Accounts(lines) => lines.into_iter().next().map(|line| Self::Account(Box::new(line))),
            Lines::Playbooks(lines) => lines.into_iter().next().map(|line| Self::Playbook(Box::new(line))),
        })
    }

    fn task(shown: Shown) -> Self {
        Self::Task(Box::new((shown.line, shown.text)))
    }

    /// The text of a task.
    pub(in crate::desk::view) fn text(&self) -> Option<&TaskText> {
        match self {
            Self::Task(shown) => Some(&shown.1),
            _ => None,
        }
    }

    /// Whether the line alone is the same; a text travels apart.
    pub(super) fn has_line_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Task(a), Self::Task(b)) => a.0 == b.0,
            _ => self == other,
        }
    }

    /// Whether its text may say of another chat, one that changed, that the same finds both: it does already, or what
    /// finds it is among what finds those that changed (none: whatever finds them).
    pub(super) fn may_be_found_with(&self, terms: Option<&HashSet<String>>) -> bool {
        let Some(text) = self.text() else { return false };
        terms.is_none_or(|terms| {
            !terms.is_empty()
                && (terms.contains(&fold(&text.search_term))
                    || text.warnings.iter().any(|warning| warning.code.starts_with(SAME_CHAT)))
        })
    }

    /// Whether it shows anything of these objects besides itself: its member, group or account. They stand in order.
    pub(super) fn shows_any(&self, objects: &[ObjectId]) -> bool {
        let has = |object: ObjectId| objects.binary_search(&object).is_ok();
        match self {
            Self::Task(shown) => {
                let line = &shown.0;
                has(ObjectId::Task(line.id))
                    || line.member.as_ref().is_some_and(|member| has(ObjectId::Member(member.id)))
                    || line.group.as_ref().is_some_and(|group| has(ObjectId::Group(group.id)))
                    || line.account.as_ref().is_some_and(|account| has(ObjectId::Account(account.id)))
            }
            // few and cheap: whatever changed in the book may stand in them
            _ => !objects.is_empty(),
        }
    }
}

/// Lines of one kind together.
pub(in crate::desk::view) fn lines(kind: Kind, rendered: impl Iterator<Item = Rendered>) -> Lines {
    let mut lines = Lines::none(kind);
    for one in rendered {
        match (&mut lines, one) {
            (Lines::Tasks(lines), Rendered::Task(shown)) => lines.push(shown.0),
            (Lines::Groups(lines), Rendered::Group(line)) => lines.push(*line),
            (Lines::Members(lines), Rendered::Member(line)) => lines.push(*line),
            (Lines::Accounts(lines), Rendered::Account(line)) => lines.push(*line),
            (Lines::Playbooks(lines), Rendered::Playbook(line)) => lines.push(*line),
            _ => {}
        }
    }
    lines
}
