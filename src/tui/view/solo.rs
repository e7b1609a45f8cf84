//! Focus: how far one is, the task all over the screen, and what comes after it.

use ratatui::layout::Position;

use super::super::line::Line;
use super::super::state::State;
use super::super::theme::Role;
use super::super::views::Tab;
use super::super::words::Words;
use super::layout::Layout;
use super::paint::{Paint, list_text};
use super::preview;
use super::queue::channel;
use crate::tui::app::when;

/// Cells of the bar that shows how far one is.
const BAR: usize = 20;

/// What stands there without a task: all was done, or nothing is in this view, or nothing matches what it is narrowed to.
fn empty_words(state: &State) -> Vec<(Role, String)> {
    let narrowed = state.narrowed.is_some() || state.tab().is_some_and(Tab::lists_otherwise);
    if narrowed && state.solo.is_none_or(|solo| solo.done == 0) {
        let filter = &state.main.spec.filter;
        return vec![
            (Role::Warning, state.fill(Words::SoloNoMatch, &[("filter", filter)])),
            (Role::Text, state.fill(Words::SoloNoMatchOut, &[])),
        ];
    }
    match state.solo.map_or(0, |solo| solo.done) {
        0 => vec![(Role::Text, state.fill(Words::SoloNone, &[]))],
        _ => vec![(Role::Done, state.fill(Words::SoloEmpty, &[]))],
    }
}

/// Draws it; gives where the cursor belongs.
pub(super) fn draw(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Position {
    let (row, area) = (layout.heads, layout.preview);
    if state.main.selected().is_none() {
        if state.main.loaded {
            for (y, line) in (area.y..area.bottom()).zip(empty_words(state)) {
                paint.text(area.x + 1, y, area.width.saturating_sub(1), &line.1, line.0);
            }
        }
        return Position::new(area.x, area.y);
    }
    let (at, all) = state.solo_place();
    let place = state.fill(Words::SoloPlace, &[("at", &at), ("all", &all)]);
    let minutes = state.solo_seconds().div_ceil(60);
    let left = if minutes == 0 {
        String::new()
    } else {
        format!(", {}", state.fill(Words::SoloMinutes, &[("n", &minutes)]))
    };
    let full = (at.saturating_sub(1) * BAR / all.max(1)).min(BAR);
    let bar = format!("[{}{}]", "#".repeat(full), ".".repeat(BAR - full));
    let x = paint.text(layout.preview_head.x + 1, row.y, row.width, &bar, Role::Dim) + 2;
    paint.text(x, row.y, row.width, &format!("{place}{left}"), Role::Title);
    preview::draw(state, layout, paint);
    let news = layout.news;
    let next = state.main.lines.iter().skip(state.main.row + 1);
    let mut next = next.filter(|line| !state.main.is_leaving(&line.id())).filter_map(Line::task);
    let words = match next.next() {
        Some(task) => {
            let due = when::due(task.due_at, state.now(), state.zone, state.lang);
            let whom = list_text(&task.target_name, state.start.looks.emoji, state.lang);
            let then = state.text(Words::SoloThen);
            format!("{then}: {due}  {}{whom}  {}", channel(task, state.lang), task.summary)
        }
        None if at >= all => state.text(Words::SoloLast).to_owned(),
        None => String::new(),
    };
    paint.text(layout.preview_head.x + 1, news.y, area.width.saturating_sub(1), &words, Role::Dim);
    Position::new(area.x, area.y)
}
