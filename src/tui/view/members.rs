//! Members: the pane of the selected group's people, and the view of all members with its columns.

use ratatui::layout::Position;

use super::super::line::Line;
use super::super::state::{Pane, State};
use super::super::theme::Role;
use super::super::words::Words;
use super::layout::Layout;
use super::paint::{Paint, list_text};
use super::queue::{cell, draw_empty};
use super::{finish_row, row_marks};
use crate::door::line::MemberLine;

/// The pane: remark or name, stage, tags.
pub(super) fn draw(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Position {
    let area = layout.members;
    let group = state.main.selected().and_then(Line::group).map(|(_, name)| name).unwrap_or_default();
    let head = format!("{} {} {group}", state.text(Words::MembersHead), state.members.total);
    paint.rule(layout.members_head, &head);
    let mut cursor = Position::new(area.x, area.y);
    for (shown, at) in
        (state.members.top..state.members.lines.len()).take(usize::from(area.height)).enumerate()
    {
        let y = area.y + shown as u16;
        let Some(Line::Member(member)) = state.members.lines.get(at) else { continue };
        let (selected, role) = row_marks(state, Pane::Members, area, y, at, paint);
        let mut x = area.x + 2;
        x = cell(paint, x, y, 24.min(area.width / 2), &name(state, member), role);
        let stage = member.stage.map(|stage| stage.label(state.lang)).unwrap_or_default();
        x = cell(paint, x, y, 7, stage, Role::State);
        paint.text(x, y, area.right().saturating_sub(x), &member.tags.join(" "), Role::Dim);
        finish_row(state, Pane::Members, area, y, selected, paint);
        if selected {
            cursor = Position::new(area.x, y);
        }
    }
    cursor
}

/// The remark where there is one, with the nickname beside it.
fn name(state: &State, member: &MemberLine) -> String {
    let nickname = list_text(&member.name, state.start.looks.emoji);
    if member.remark.is_empty() || member.remark == member.name {
        nickname.into_owned()
    } else {
        format!("{} ({nickname})", member.remark)
    }
}

/// The view of members.
pub(super) fn draw_wide(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Position {
    let area = layout.queue;
    // in a narrow window the last reply, which the card has as well, gives its place to the tags
    let wide = if area.width < 100 {
        [area.width * 26 / 100, 7, area.width * 19 / 100, 9, 0, 40]
    } else {
        [area.width * 30 / 100, 8, area.width * 22 / 100, 10, 12, 40]
    };
    let heads = [
        Words::ColumnName,
        Words::ColumnStage,
        Words::ColumnGroups,
        Words::ColumnSpent,
        Words::ColumnReply,
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
        let Some(Line::Member(member)) = state.main.lines.get(at) else { continue };
        let (selected, role) = row_marks(state, Pane::List, area, y, at, paint);
        let groups = match (member.groups.first(), member.group_count) {
            (Some(first), 0 | 1) => list_text(&first.name, state.start.looks.emoji).into_owned(),
            (Some(first), n) => format!("{} +{}", list_text(&first.name, state.start.looks.emoji), n - 1),
            (None, _) => String::new(),
        };
        let cells = [
            name(state, member),
            member.stage.map(|stage| stage.label(state.lang)).unwrap_or_default().to_owned(),
            groups,
            if member.spent.0 == 0 { String::new() } else { member.spent.to_string() },
            member.last_reply_at.map(|at| state.say_past(at)).unwrap_or_default(),
            member.tags.join(" "),
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
