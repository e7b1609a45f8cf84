//! Drawing a state: every pane has a file, none decides anything. The only place that touches cells.

mod alike;
mod board;
mod calendar;
mod campaign;
mod cards;
mod columns;
mod groups;
mod header;
pub mod layout;
mod members;
mod notes;
pub mod paint;
mod popups;
mod preview;
mod queue;
mod quick;
mod share;
mod solo;
mod tabs;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::state::{Pane, State};
use super::theme::{Role, Theme};
use super::words::Words;
use crate::door::form::Kind;
use layout::Layout;
use paint::Paint;

/// Draws a state; gives where the hardware cursor belongs: the insertion point, else the selected row.
pub fn draw(state: &State, theme: &Theme, buffer: &mut Buffer) -> Position {
    let layout = Layout::of(state);
    let veil = state.hide_names.then_some(&state.veil);
    let mut paint = Paint { buffer, theme, veil, wide: state.wide_glyphs };
    if layout.too_small {
        return too_small(state, &mut paint);
    }
    header::draw(state, &layout, &mut paint);
    let mut cursor = Position::new(0, layout.header.y);
    for rule in layout.rules {
        for y in rule.top()..rule.bottom() {
            paint.text(rule.x, y, 1, "|", Role::Rule);
        }
    }
    let columns = state.tab().map(|tab| tab.columns.as_slice()).unwrap_or_default();
    if state.is_solo() {
        cursor = solo::draw(state, &layout, &mut paint);
    } else if layout.queue.height > 0 {
        let at = match state.main.spec.kind {
            _ if !columns.is_empty() => columns::draw(state, &layout, columns, &mut paint),
            Kind::Group => groups::draw_wide(state, &layout, &mut paint),
            Kind::Member => members::draw_wide(state, &layout, &mut paint),
            Kind::Playbook => queue::draw_playbooks(state, &layout, &mut paint),
            _ => queue::draw(state, &layout, &mut paint),
        };
        if matches!(state.focus, Pane::List | Pane::Preview) {
            cursor = at;
        }
    }
    if layout.groups.height > 0 {
        let at = groups::draw(state, &layout, &mut paint);
        if state.focus == Pane::Groups {
            cursor = at;
        }
    }
    if layout.members.height > 0 {
        let at = members::draw(state, &layout, &mut paint);
        if state.focus == Pane::Members {
            cursor = at;
        }
    }
    if layout.preview.height > 0 && !state.is_solo() {
        preview::draw(state, &layout, &mut paint);
    }
    if layout.news.height > 0 && !state.is_solo() {
        preview::draw_news(state, layout.news, &mut paint);
    }
    header::draw_foot(state, &layout, &mut paint);
    header::draw_prompt(state, &layout, &mut paint);
    popups::draw(state, &layout, &mut paint).unwrap_or(cursor)
}

fn too_small(state: &State, paint: &mut Paint<'_>) -> Position {
    let (columns, rows) = state.size;
    let words = state.fill(Words::TooSmall, &[("columns", &columns), ("rows", &rows)]);
    let counts =
        state.fill(Words::TooSmallCounts, &[("overdue", &state.counts.overdue), ("due", &state.counts.due)]);
    if columns >= 44 {
        paint.text(0, 0, columns, &format!("{words}{counts}"), Role::Warning);
    } else {
        paint.text(0, 0, columns, &counts, Role::Warning);
        paint.text(0, 1, columns, &words, Role::Text);
    }
    Position::new(0, 0)
}

/// One row of any list: cursor and marks at the left, the selected row in its style.
fn row_marks(
    state: &State,
    pane: Pane,
    area: Rect,
    y: u16,
    at: usize,
    paint: &mut Paint<'_>,
) -> (bool, Role) {
    let list = match pane {
        Pane::Groups => &state.groups,
        Pane::Members => &state.members,
        Pane::List | Pane::Preview => &state.main,
    };
    let Some(line) = list.lines.get(at) else { return (false, Role::Text) };
    let id = line.id();
    let selected = at == list.row;
    let marked = list.is_marked(&id);
    let role = if list.is_leaving(&id) { Role::Dim } else { Role::Text };
    let marks = format!("{}{}", if selected { ">" } else { " " }, if marked { "*" } else { " " });
    paint.text(area.x, y, 2, &marks, if marked { Role::Marked } else { role });
    (selected, role)
}

/// The style of the selected row, laid over what was written.
fn finish_row(state: &State, pane: Pane, area: Rect, y: u16, selected: bool, paint: &mut Paint<'_>) {
    if !selected {
        return;
    }
    let has_focus = state.focus == pane || (pane == Pane::List && state.focus == Pane::Preview);
    paint.row(area, y, if has_focus { Role::Selected } else { Role::Parked });
}
