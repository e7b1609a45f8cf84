//! Groups: the pane at the left with what each has due, and the view of all groups with its columns.

use ratatui::layout::Position;

use super::super::line::Line;
use super::super::state::{Pane, State};
use super::super::theme::Role;
use super::super::words::Words;
use super::layout::Layout;
use super::paint::{Paint, list_text};
use super::queue::{cell, draw_empty, short_platform};
use super::{finish_row, row_marks};
use crate::tui::app::when;

/// The pane: name and what is due, overdue first.
pub(super) fn draw(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Position {
    let area = layout.groups;
    let head = format!("{} {}", state.text(Words::GroupsHead), state.groups.total);
    paint.text(area.x + 1, layout.groups_head.y, area.width, &head, Role::Title);
    let mut cursor = Position::new(area.x, area.y);
    for (shown, at) in (state.groups.top..state.groups.lines.len()).take(usize::from(area.height)).enumerate()
    {
        let y = area.y + shown as u16;
        let Some(Line::Group(group)) = state.groups.lines.get(at) else { continue };
        let (selected, role) = row_marks(state, Pane::Groups, area, y, at, paint);
        let (due, due_role) = match (group.overdue, group.due) {
            (0, 0) => (String::new(), role),
            (0, due) => (due.to_string(), role),
            (late, due) => (format!("{}{late}/{due}", state.text(Words::Overdue)), Role::Overdue),
        };
        let end = paint.right(area.right().saturating_sub(1), y, 12, &due, due_role);
        let tag = group.platform.map(|p| format!("[{}]", short_platform(p, state.lang))).unwrap_or_default();
        let name = format!("{tag}{}", list_text(&group.name, state.start.looks.emoji));
        paint.text(area.x + 2, y, end.saturating_sub(area.x + 3), &name, role);
        finish_row(state, Pane::Groups, area, y, selected, paint);
        if selected {
            cursor = Position::new(area.x, y);
        }
    }
    cursor
}

/// The view of groups.
pub(super) fn draw_wide(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Position {
    let area = layout.queue;
    let wide = [area.width * 34 / 100, area.width * 16 / 100, 9, 7, 11, 40];
    let heads = [
        Words::ColumnName,
        Words::ColumnAccount,
        Words::ColumnPeople,
        Words::ColumnDue,
        Words::ColumnNext,
        Words::ColumnTags,
    ];
    let mut x = area.x + 3;
    for (words, wide) in heads.into_iter().zip(wide) {
        x = cell(
            paint,
            x,
            layout.heads.y,
            wide.min(area.right().saturating_sub(x)),
            state.text(words),
            Role::Column,
        );
    }
    if draw_empty(state, area, paint) {
        return Position::new(area.x, area.y);
    }
    let mut cursor = Position::new(area.x, area.y);
    for (shown, at) in (state.main.top..state.main.lines.len()).take(usize::from(area.height)).enumerate() {
        let y = area.y + shown as u16;
        let Some(Line::Group(group)) = state.main.lines.get(at) else { continue };
        let (selected, role) = row_marks(state, Pane::List, area, y, at, paint);
        let tag = group.platform.map(|p| format!("[{}]", short_platform(p, state.lang))).unwrap_or_default();
        let heads = match (group.head_count, group.capacity) {
            (None, _) => String::new(),
            (Some(n), 0) => n.to_string(),
            (Some(n), capacity) => format!("{n}/{capacity}"),
        };
        let due = match (group.overdue, group.due) {
            (_, 0) => String::new(),
            (0, due) => due.to_string(),
            (late, due) => format!("{late}!/{due}"),
        };
        let next =
            group.next_at.map(|at| when::due(at, state.now(), state.zone, state.lang)).unwrap_or_default();
        let cells = [
            format!(
                "{tag}{}{}",
                list_text(&group.name, state.start.looks.emoji),
                not_live(state, &group.state)
            ),
            group.account.as_ref().map(|account| account.name.clone()).unwrap_or_default(),
            heads,
            due,
            next,
            group.tags.join(" "),
        ];
        let mut x = area.x + 3;
        for (text, wide) in cells.iter().zip(wide) {
            x = cell(paint, x, y, wide.min(area.right().saturating_sub(x)), text, role);
        }
        finish_row(state, Pane::List, area, y, selected, paint);
        if selected {
            cursor = Position::new(area.x, y);
        }
    }
    cursor
}

/// A state that is worth a word: that a group lives is none.
fn not_live(state: &State, shown: &str) -> String {
    let live = crate::door::form::GroupStateWord::Live.label(state.lang);
    if shown == live || shown.is_empty() { String::new() } else { format!(" ({shown})") }
}
