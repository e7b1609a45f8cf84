//! Groups: the pane at the left with what each has due, and the view of all groups with its columns.

use std::borrow::Cow;

use ratatui::layout::{Position, Rect};

use super::super::line::Line;
use super::super::list::List;
use super::super::state::{Pane, State};
use super::super::theme::Role;
use super::super::words::Words;
use super::alike::{Alike, name_shown};
use super::layout::Layout;
use super::paint::Paint;
use super::queue::{cell, draw_empty, short_platform};
use super::share::{Want, measured, natural, share};
use super::{finish_row, row_marks};
use crate::door::line::GroupLine;
use crate::tui::app::when;

/// The pane: name and what is due, overdue first; where there is room everything the view of groups has.
pub(super) fn draw(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Position {
    let area = layout.groups;
    if area.width >= WIDE {
        return table(state, Pane::Groups, layout.groups_head, area, paint);
    }
    let head = format!("{} {}", state.text(Words::GroupsHead), state.groups.total);
    paint.text(area.x + 1, layout.groups_head.y, area.width, &head, Role::Title);
    let name = |group: &GroupLine| {
        let tag = group.platform.map(|p| format!("[{}]", short_platform(p, state.lang))).unwrap_or_default();
        format!("{tag}{}", name_shown(state, &group.name))
    };
    let names = Alike::of(groups_of(&state.groups, area.height).map(name));
    // what each has due is said in the heading where rows have no room for the word
    let has_late = groups_of(&state.groups, area.height).any(|group| group.overdue > 0);
    if has_late {
        paint.right(
            area.right().saturating_sub(1),
            layout.groups_head.y,
            16,
            state.text(Words::ColumnLate),
            Role::Column,
        );
    }
    let mut cursor = Position::new(area.x, area.y);
    for (shown, at) in (state.groups.top..state.groups.lines.len()).take(usize::from(area.height)).enumerate()
    {
        let y = area.y + shown as u16;
        let Some(Line::Group(group)) = state.groups.lines.get(at) else { continue };
        let (selected, role) = row_marks(state, Pane::Groups, area, y, at, paint);
        let name = name(group);
        let (due, due_role) = match (group.overdue, group.due) {
            (0, 0) => (String::new(), role),
            (0, due) => (due.to_string(), role),
            (late, due) => (format!("{late}/{due}"), Role::Overdue),
        };
        let end = paint.right(area.right().saturating_sub(1), y, 12, &due, due_role);
        let room = end.saturating_sub(area.x + 3);
        paint.text(area.x + 2, y, room, &names.cut(&name, room + 1), role);
        finish_row(state, Pane::Groups, area, y, selected, paint);
        if selected {
            cursor = Position::new(area.x, y);
        }
    }
    cursor
}

/// What stands in a column of groups.
#[derive(Clone, Copy)]
enum Cell {
    Name,
    Account,
    People,
    Due,
    Next,
    Tags,
}

/// From so many columns on the pane has what the view has.
const WIDE: u16 = 70;

const CELLS: [Cell; 6] = [Cell::Name, Cell::Account, Cell::People, Cell::Due, Cell::Next, Cell::Tags];

impl Cell {
    /// Of what is due two numbers stand where some of it is late.
    const fn head(self, has_late: bool) -> Words {
        match self {
            Self::Due if has_late => Words::ColumnLate,
            Self::Name => Words::ColumnName,
            Self::Account => Words::ColumnAccount,
            Self::People => Words::ColumnPeople,
            Self::Due => Words::ColumnDue,
            Self::Next => Words::ColumnNext,
            Self::Tags => Words::ColumnTags,
        }
    }

    const fn want(self, natural: u16) -> Want {
        let (least, weight, rank) = match self {
            Self::Name => (18, 4, 9),
            Self::Due => (9, 1, 8),
            Self::People => (9, 1, 7),
            Self::Next => (9, 1, 6),
            Self::Account => (10, 2, 5),
            Self::Tags => (10, 1, 4),
        };
        Want { natural, least, weight, rank }
    }

    fn of(self, state: &State, group: &GroupLine) -> String {
        match self {
            Self::Name => {
                let tag = group.platform.map(|p| format!("[{}]", short_platform(p, state.lang)));
                let name = name_shown(state, &group.name);
                format!("{}{name}{}", tag.unwrap_or_default(), not_live(state, &group.state))
            }
            Self::Account => group.account.as_ref().map(|account| account.name.clone()).unwrap_or_default(),
            Self::People => match (group.head_count, group.capacity) {
                (None, _) => String::new(),
                (Some(n), 0) => n.to_string(),
                (Some(n), capacity) => format!("{n}/{capacity}"),
            },
            Self::Due => match (group.overdue, group.due) {
                (_, 0) => String::new(),
                (0, due) => due.to_string(),
                (late, due) => format!("{late}/{due}"),
            },
            Self::Next => {
                group.next_at.map(|at| when::due(at, state.now(), state.zone, state.lang)).unwrap_or_default()
            }
            Self::Tags => group.tags.join(" "),
        }
    }
}

/// The view of groups.
pub(super) fn draw_wide(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Position {
    let area = layout.queue;
    if draw_empty(state, area, paint) {
        return Position::new(area.x, area.y);
    }
    table(state, Pane::List, layout.heads, area, paint)
}

/// Headings and rows of groups; gives the place of the cursor's row. The heading of the pane's first column is its title.
fn table(state: &State, pane: Pane, heads: Rect, area: Rect, paint: &mut Paint<'_>) -> Position {
    let list = if pane == Pane::Groups { &state.groups } else { &state.main };
    let has_late = groups_of(list, area.height).any(|group| group.overdue > 0);
    let names = Alike::of(groups_of(list, area.height).map(|group| Cell::Name.of(state, group)));
    let wants = CELLS.map(|column| {
        let cells = groups_of(list, area.height).map(|group| natural(state, &column.of(state, group)));
        let widest = cells.max().unwrap_or(0);
        // a column without a cell has no heading
        let head = natural(state, state.text(column.head(has_late)));
        column.want(if widest == 0 { 0 } else { widest.max(head) })
    });
    let widths = share(&wants, area.width.saturating_sub(3));
    let mut x = area.x + 3;
    for (column, wide) in CELLS.iter().zip(&widths).filter(|(_, wide)| **wide > 0) {
        x = match (column, pane) {
            (Cell::Name, Pane::Groups) => {
                let head = format!("{} {}", state.text(Words::GroupsHead), list.total);
                cell(paint, x, heads.y, *wide, &head, Role::Title)
            }
            _ => cell(paint, x, heads.y, *wide, state.text(column.head(has_late)), Role::Column),
        };
    }
    let mut cursor = Position::new(area.x, area.y);
    for (shown, at) in (list.top..list.lines.len()).take(usize::from(area.height)).enumerate() {
        let y = area.y + shown as u16;
        let Some(Line::Group(group)) = list.lines.get(at) else { continue };
        let (selected, role) = row_marks(state, pane, area, y, at, paint);
        let mut x = area.x + 3;
        for (column, wide) in CELLS.iter().zip(&widths).filter(|(_, wide)| **wide > 0) {
            let text = column.of(state, group);
            let is_name = matches!(column, Cell::Name);
            let text = if is_name { names.cut(&text, *wide) } else { Cow::Borrowed(&*text) };
            x = cell(paint, x, y, *wide, &text, role);
        }
        finish_row(state, pane, area, y, selected, paint);
        if selected {
            cursor = Position::new(area.x, y);
        }
    }
    cursor
}

/// The groups that a table is measured over.
fn groups_of(list: &List, rows: u16) -> impl Iterator<Item = &GroupLine> {
    measured(list, rows).filter_map(|line| match line {
        Line::Group(group) => Some(group),
        _ => None,
    })
}

/// A state that is worth a word: that a group lives is none.
fn not_live(state: &State, shown: &str) -> String {
    let live = crate::door::form::GroupStateWord::Live.label(state.lang);
    if shown == live || shown.is_empty() { String::new() } else { format!(" ({shown})") }
}
