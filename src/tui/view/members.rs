//! Members: the pane of the selected group's people, and the view of all members with its columns.

use std::borrow::Cow;

use ratatui::layout::{Position, Rect};

use super::super::line::Line;
use super::super::state::{Pane, State};
use super::super::theme::Role;
use super::super::words::{ViewWords, Words};
use super::alike::{Alike, name_shown};
use super::layout::Layout;
use super::paint::Paint;
use super::queue::{cell, draw_empty};
use super::share::{Want, measured, natural, share};
use super::{finish_row, row_marks};
use crate::door::line::MemberLine;
use crate::door::namesakes::marks;

/// The pane: remark or name, stage, tags; where there is room everything the view of members has.
pub(super) fn draw(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Position {
    let group = state.main.selected().and_then(Line::group).map(|(_, name)| name).unwrap_or_default();
    let head = format!("{} {} {group}", state.text(Words::MembersHead), state.members.total);
    paint.rule(layout.members_head, &head);
    let columns: &[Cell] = if layout.members.width < WIDE { &NARROW } else { &CELLS };
    table(state, Pane::Members, layout.members, columns, paint).1
}

/// The remark where there is one, with the nickname beside it.
fn name(state: &State, member: &MemberLine) -> String {
    let nickname = name_shown(state, &member.name);
    if member.remark.is_empty() || member.remark == member.name {
        nickname
    } else {
        format!("{} ({nickname})", name_shown(state, &member.remark))
    }
}

/// The tags, and before them that nothing is sent for now.
pub(super) fn tags(state: &State, member: &MemberLine) -> String {
    let paused = member.pause.map(|pause| match pause.until {
        Some(until) => state.fill(ViewWords::RowPausedUntil, &[("at", &state.say_instant(until))]),
        None => state.text(ViewWords::RowPaused).to_owned(),
    });
    let words: Vec<String> = paused.into_iter().chain(member.tags.iter().cloned()).collect();
    words.join(" ")
}

/// What stands in a column of members.
#[derive(Clone, Copy)]
enum Cell {
    Name,
    Stage,
    Groups,
    Spent,
    Reply,
    Tags,
}

/// From so many columns on the pane has what the view has.
const WIDE: u16 = 70;

const CELLS: [Cell; 6] = [Cell::Name, Cell::Stage, Cell::Groups, Cell::Spent, Cell::Reply, Cell::Tags];
const NARROW: [Cell; 3] = [Cell::Name, Cell::Stage, Cell::Tags];

impl Cell {
    const fn head(self) -> Words {
        match self {
            Self::Name => Words::ColumnName,
            Self::Stage => Words::ColumnStage,
            Self::Groups => Words::ColumnGroups,
            Self::Spent => Words::ColumnSpent,
            Self::Reply => Words::ColumnReply,
            Self::Tags => Words::ColumnTags,
        }
    }

    /// The last reply, which the card has as well, gives its place first.
    const fn want(self, natural: u16) -> Want {
        let (least, weight, rank) = match self {
            Self::Name => (16, 4, 9),
            Self::Stage => (8, 1, 8),
            Self::Tags => (9, 2, 7),
            Self::Groups => (12, 3, 6),
            Self::Spent => (9, 1, 5),
            Self::Reply => (11, 1, 4),
        };
        Want { natural, least, weight, rank }
    }

    fn of(self, state: &State, member: &MemberLine) -> String {
        match self {
            Self::Name => name(state, member),
            Self::Stage => member.stage.map(|stage| stage.label(state.lang)).unwrap_or_default().to_owned(),
            Self::Groups => match (member.groups.first(), member.group_count) {
                (Some(first), 0 | 1) => name_shown(state, &first.name),
                (Some(first), n) => format!("{} +{}", name_shown(state, &first.name), n - 1),
                (None, _) => String::new(),
            },
            Self::Spent if member.spent.0 == 0 => String::new(),
            Self::Spent => member.spent.to_string(),
            Self::Reply => member.last_reply_at.map(|at| state.say_past(at)).unwrap_or_default(),
            Self::Tags => tags(state, member),
        }
    }
}

/// The view of members.
pub(super) fn draw_wide(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Position {
    let area = layout.queue;
    let heads = layout.heads;
    if draw_empty(state, area, paint) {
        return Position::new(area.x, area.y);
    }
    let (widths, cursor) = table(state, Pane::List, area, &CELLS, paint);
    let mut x = area.x + 3;
    for (column, wide) in CELLS.iter().zip(widths).filter(|(_, wide)| *wide > 0) {
        x = cell(paint, x, heads.y, wide, state.text(column.head()), Role::Column);
    }
    cursor
}

/// Rows of members; gives how wide the columns are, and the place of the cursor's row.
fn table(
    state: &State,
    pane: Pane,
    area: Rect,
    columns: &[Cell],
    paint: &mut Paint<'_>,
) -> (Vec<u16>, Position) {
    let list = if pane == Pane::Members { &state.members } else { &state.main };
    let members = || {
        measured(list, area.height).filter_map(|line| match line {
            Line::Member(member) => Some(member),
            _ => None,
        })
    };
    // what tells namesakes apart stands behind the name: the pane has one group
    let marks = marks(members());
    let of = |column: &Cell, member: &MemberLine| match (column, marks.get(&member.id)) {
        (Cell::Name, Some(mark)) => format!("{} [{}]", column.of(state, member), name_shown(state, mark)),
        _ => column.of(state, member),
    };
    let wants: Vec<Want> = (columns.iter())
        .map(|column| {
            let widest = members().map(|member| natural(state, &of(column, member))).max().unwrap_or(0);
            // a column without a cell has no heading
            let head = natural(state, state.text(column.head()));
            column.want(if widest == 0 { 0 } else { widest.max(head) })
        })
        .collect();
    let widths = share(&wants, area.width.saturating_sub(3));
    let named = |column: &Cell| matches!(column, Cell::Name | Cell::Groups);
    let alike = |column: &Cell| Alike::of(members().map(|member| of(column, member)));
    let alike: Vec<Option<Alike>> =
        columns.iter().map(|column| named(column).then(|| alike(column))).collect();
    let mut cursor = Position::new(area.x, area.y);
    for (shown, at) in (list.top..list.lines.len()).take(usize::from(area.height)).enumerate() {
        let y = area.y + shown as u16;
        let Some(Line::Member(member)) = list.lines.get(at) else { continue };
        let (selected, role) = row_marks(state, pane, area, y, at, paint);
        let mut x = area.x + 3;
        for ((column, wide), alike) in
            columns.iter().zip(&widths).zip(&alike).filter(|((_, wide), _)| **wide > 0)
        {
            let role = match column {
                Cell::Stage if pane == Pane::Members => Role::State,
                Cell::Tags if pane == Pane::Members => Role::Dim,
                _ => role,
            };
            let text = of(column, member);
            let text = alike.as_ref().map_or(Cow::Borrowed(&*text), |alike| alike.cut(&text, *wide));
            x = cell(paint, x, y, *wide, &text, role);
        }
        finish_row(state, pane, area, y, selected, paint);
        if selected {
            cursor = Position::new(area.x, y);
        }
    }
    (widths, cursor)
}
