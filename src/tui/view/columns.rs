//! A list in the columns that its view asks for, whatever it lists.

use std::borrow::Cow;

use ratatui::layout::Position;

use super::super::line::Line;
use super::super::state::{Pane, State};
use super::super::theme::Role;
use super::alike::{Alike, name_shown};
use super::layout::Layout;
use super::paint::Paint;
use super::queue::{by_whom, cell, channel, draw_empty, state_words, summary};
use super::share::{Want, measured, natural, share};
use super::{finish_row, row_marks};
use crate::book::TaskState;
use crate::book::view::Column;
use crate::door::line::{AccountLine, GroupLine, MemberLine, SopLine, TaskLine};
use crate::tui::app::when;

/// What a column has at least, the most it asks for, and its share of what is left: columns of text grow first.
const fn wide(column: Column) -> (u16, u16, u16) {
    match column {
        Column::Id | Column::Via | Column::Orders | Column::Owed => (7, 10, 1),
        Column::Due | Column::Stage | Column::By | Column::Count => (8, 12, 1),
        Column::Spent | Column::Account => (10, 24, 1),
        Column::Step => (8, 24, 1),
        Column::State => (11, 24, 1),
        Column::Sop | Column::Tags => (12, 30, 1),
        Column::Name | Column::Whom | Column::Group => (14, 36, 2),
        Column::Text => (16, 120, 3),
    }
}

/// The columns with their places, as many as there is room for: those that were asked for last go first.
fn laid_out(columns: &[Column], naturals: &[u16], room: u16) -> Vec<(Column, u16)> {
    let wants: Vec<Want> = (columns.iter().zip(naturals).enumerate())
        .map(|(at, (column, natural))| {
            let (least, most, weight) = wide(*column);
            Want { natural: (*natural).clamp(1, most), least, weight, rank: u8::MAX - at as u8 }
        })
        .collect();
    let widths = share(&wants, room);
    let mut placed: Vec<(Column, u16)> =
        columns.iter().copied().zip(widths).filter(|(_, wide)| *wide > 0).collect();
    // the text takes what nobody needs, so that what stands behind it stays where it is
    let left = room.saturating_sub(placed.iter().map(|(_, wide)| wide).sum());
    if let Some((_, wide)) = placed.iter_mut().find(|(column, _)| *column == Column::Text) {
        *wide += left;
    }
    placed
}

/// What stands in a column of a line.
fn cell_of(state: &State, line: &Line, column: Column) -> String {
    match line {
        Line::Task(task) => of_task(state, task, column),
        Line::Member(member) => of_member(state, member, column),
        Line::Group(group) => of_group(state, group, column),
        Line::Account(account) => of_account(account, column),
        Line::Playbook(playbook) => of_playbook(playbook, column),
    }
}

/// Draws headings and rows; gives the place of the cursor's row.
pub(super) fn draw(state: &State, layout: &Layout, columns: &[Column], paint: &mut Paint<'_>) -> Position {
    let area = layout.queue;
    let naturals: Vec<u16> = (columns.iter())
        .map(|column| {
            let cells = measured(&state.main, area.height).map(|line| cell_of(state, line, *column));
            let widest = cells.map(|text| natural(state, &text)).max().unwrap_or(0);
            widest.max(natural(state, column.label(state.lang)))
        })
        .collect();
    let placed = laid_out(columns, &naturals, area.width.saturating_sub(3));
    let mut x = area.x + 3;
    for (column, wide) in &placed {
        x = cell(paint, x, layout.heads.y, *wide, column.label(state.lang), Role::Column);
    }
    let mut cursor = Position::new(area.x, area.y);
    if draw_empty(state, area, paint) {
        return cursor;
    }
    let shown_of = |line: &Line, column| name_shown(state, &cell_of(state, line, column));
    let alike = |column: Column| {
        let named = matches!(column, Column::Name | Column::Whom | Column::Group);
        named.then(|| Alike::of(measured(&state.main, area.height).map(|line| shown_of(line, column))))
    };
    let placed: Vec<(Column, u16, Option<Alike>)> =
        placed.into_iter().map(|(column, wide)| (column, wide, alike(column))).collect();
    for (shown, at) in (state.main.top..state.main.lines.len()).take(usize::from(area.height)).enumerate() {
        let y = area.y + shown as u16;
        let Some(line) = state.main.lines.get(at) else { continue };
        let (selected, role) = row_marks(state, Pane::List, area, y, at, paint);
        let mut x = area.x + 3;
        for (column, wide, alike) in &placed {
            let text = shown_of(line, *column);
            let text = alike.as_ref().map_or(Cow::Borrowed(&*text), |alike| alike.cut(&text, *wide));
            x = cell(paint, x, y, *wide, &text, role);
        }
        finish_row(state, Pane::List, area, y, selected, paint);
        if selected {
            cursor = Position::new(area.x, y);
        }
    }
    cursor
}

fn some(n: u32) -> String {
    if n == 0 { String::new() } else { n.to_string() }
}

fn of_task(state: &State, task: &TaskLine, column: Column) -> String {
    let name = |name: Option<&String>| name.cloned().unwrap_or_default();
    match column {
        Column::Id => task.id.short(),
        Column::State => state_words(state, task).join(" "),
        Column::Due => match task.state {
            TaskState::Due => when::due(task.due_at, state.now(), state.zone, state.lang),
            TaskState::Snoozed => {
                let until = task.snoozed_until.unwrap_or(task.due_at);
                when::due(until, state.now(), state.zone, state.lang)
            }
            _ => state.say_past(task.ended_at.unwrap_or(task.due_at)),
        },
        Column::Account => name(task.account.as_ref().map(|account| &account.name)),
        Column::Whom => format!("{}{}", channel(task, state.lang), task.target_name),
        Column::Group => name(task.group.as_ref().map(|group| &group.name)),
        Column::Text => summary(state, task),
        Column::Sop => name(task.playbook.as_ref().map(|playbook| &playbook.name)),
        Column::Step => task.step.clone(),
        Column::Via => task.via.label(state.lang).to_owned(),
        Column::By => by_whom(task).to_owned(),
        _ => String::new(),
    }
}

fn of_member(state: &State, member: &MemberLine, column: Column) -> String {
    match column {
        Column::Id => member.id.short(),
        Column::Name if member.remark.is_empty() || member.remark == member.name => member.name.clone(),
        Column::Name => format!("{} ({})", member.remark, member.name),
        Column::Stage => member.stage.map(|stage| stage.label(state.lang)).unwrap_or_default().to_owned(),
        Column::Group => match (member.groups.first(), member.group_count) {
            (Some(first), 0 | 1) => first.name.clone(),
            (Some(first), n) => format!("{} +{}", first.name, n - 1),
            (None, _) => String::new(),
        },
        Column::Spent if member.spent.0 != 0 => member.spent.to_string(),
        Column::Orders => some(member.orders),
        Column::Tags => super::members::tags(state, member),
        _ => String::new(),
    }
}

fn of_group(state: &State, group: &GroupLine, column: Column) -> String {
    match column {
        Column::Id => group.id.short(),
        Column::Name => group.name.clone(),
        Column::Account => group.account.as_ref().map(|account| account.name.clone()).unwrap_or_default(),
        Column::Count => group.head_count.map_or_else(String::new, |heads| match group.capacity {
            0 => heads.to_string(),
            capacity => format!("{heads}/{capacity}"),
        }),
        Column::Owed => some(group.due),
        Column::State => crate::door::form::GroupStateWord::parse(&group.state)
            .map_or_else(|| group.state.clone(), |word| word.label(state.lang).to_owned()),
        Column::Tags => group.tags.join(" "),
        _ => String::new(),
    }
}

fn of_account(account: &AccountLine, column: Column) -> String {
    match column {
        Column::Id => account.id.short(),
        Column::Name => account.name.clone(),
        Column::State => account.health.clone(),
        Column::Owed => some(account.due),
        _ => String::new(),
    }
}

fn of_playbook(playbook: &SopLine, column: Column) -> String {
    match column {
        Column::Id => playbook.id.to_string(),
        Column::Name => playbook.title.clone(),
        Column::Owed => some(playbook.due),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_room_and_never_more() {
        for room in 1..200 {
            for count in 1..=Column::ALL.len() {
                let columns = Column::ALL.get(..count).unwrap_or_default();
                let placed = laid_out(columns, &vec![40; count], room);
                let used: u16 = placed.iter().map(|(_, wide)| *wide).sum();
                assert!(!placed.is_empty() && used <= room.max(1), "{room}: {placed:?}");
                // the first may be all there is; no other is squeezed to dots
                assert!(placed.iter().skip(1).all(|(_, wide)| *wide >= 8), "{room}: {placed:?}");
            }
        }
        assert_eq!(
            laid_out(&[Column::Due, Column::Text], &[6, 20], 80),
            [(Column::Due, 7), (Column::Text, 73)]
        );
    }
}
