//! An opened playbook: steps with how far each got, below them who is in it and where they stand.

use ratatui::layout::{Position, Rect};

use super::super::popup::Board;
use super::super::state::State;
use super::super::theme::Role;
use super::super::words::Words;
use super::layout::Layout;
use super::paint::Paint;
use super::popups::boxed;
use crate::door::detail::{PlaceView, SopBoard, Standing, StepView};
use crate::tui::app::ahead::AheadWords;

/// Columns of the figures of a step: due, sent, coverage, replies, bought.
const FIGURES: [u16; 5] = [6, 6, 6, 9, 6];

/// One line of the whole, before what is scrolled out is cut off.
enum Row<'a> {
    Text(Role, String),
    Heads,
    Step(usize, &'a StepView),
    Place(usize, &'a PlaceView),
}

pub(super) fn draw(state: &State, layout: &Layout, board: &Board, paint: &mut Paint<'_>) -> Position {
    let area = boxed(layout, layout.header.width, layout.message.y, &board.title, paint);
    let Some(shown) = &board.shown else {
        paint.text(area.x, area.y, area.width, state.text(Words::Waiting), Role::Dim);
        return Position::new(area.x, area.y);
    };
    let rows = rows(state, board, shown);
    let at_cursor = rows
        .iter()
        .position(|row| matches!(row, Row::Step(at, _) | Row::Place(at, _) if *at == board.cursor))
        .unwrap_or(0);
    let room = usize::from(area.height.saturating_sub(1)).max(1);
    // the whole is shown from its head as long as the cursor is in sight
    let top = (at_cursor + 2).saturating_sub(room).min(rows.len().saturating_sub(room));
    let mut cursor = Position::new(area.x, area.y);
    for (shown_at, row) in rows.iter().skip(top).take(room).enumerate() {
        let y = area.y + shown_at as u16;
        match row {
            Row::Text(role, text) => {
                paint.text(area.x, y, area.width, text, *role);
            }
            Row::Heads => draw_heads(state, area, y, paint),
            Row::Step(_, step) => draw_step(state, step, area, y, paint),
            Row::Place(_, place) => draw_place(state, board, place, shown, area, y, paint),
        }
        if let Row::Step(at, _) | Row::Place(at, _) = row
            && *at == board.cursor
        {
            paint.text(area.x, y, 1, ">", Role::Key);
            paint.row(area, y, Role::Selected);
            cursor = Position::new(area.x, y);
        }
    }
    let hint = state.fill(Words::BoardHint, &[]);
    paint.text(area.x, area.bottom().saturating_sub(1), area.width, &hint, Role::Dim);
    cursor
}

fn rows<'a>(state: &State, board: &Board, shown: &'a SopBoard) -> Vec<Row<'a>> {
    let line = &shown.line;
    let [active, in_line, finished, stopped] = shown.counts;
    let values: [(&str, &dyn std::fmt::Display); 6] = [
        ("version", &line.version),
        ("active", &active),
        ("line", &in_line),
        ("finished", &finished),
        ("stopped", &stopped),
        ("due", &line.due),
    ];
    let mut rows = vec![Row::Text(Role::Text, state.fill(Words::BoardCounts, &values))];
    if line.paused {
        rows.push(Row::Text(Role::Warning, state.text(Words::Paused).to_owned()));
    }
    if !board.marks.is_empty() {
        let words = state.fill(Words::ActsOn, &[("n", &board.marks.len())]);
        rows.push(Row::Text(Role::Marked, words));
    }
    rows.push(Row::Heads);
    rows.extend(shown.steps.iter().enumerate().map(|(at, step)| Row::Step(at, step)));
    // what was counted is only what somebody told
    rows.push(Row::Text(Role::Dim, state.text(Words::BoardTold).to_owned()));
    let steps = shown.steps.len();
    if shown.places.is_empty() {
        rows.push(Row::Text(Role::Text, state.fill(Words::BoardNobody, &[])));
    }
    rows.extend(shown.places.iter().enumerate().map(|(at, place)| Row::Place(steps + at, place)));
    rows
}

/// How wide the columns before the figures are: id, time, way.
fn columns(area: Rect) -> [u16; 3] {
    let spare = area.width.saturating_sub(FIGURES.iter().sum::<u16>() + 3);
    // English has longer words for the way
    let way = if area.width < 70 { 7 } else { 9 };
    [(spare * 3 / 10).clamp(8, 18), (spare * 4 / 10).clamp(13, 22), way]
}

fn draw_heads(state: &State, area: Rect, y: u16, paint: &mut Paint<'_>) {
    let heads = [Words::ColumnStep, Words::ColumnWhen, Words::ColumnVia];
    let mut x = area.x + 2;
    for (words, wide) in heads.into_iter().zip(columns(area)) {
        x = paint.cell(x, y, wide, state.text(words), Role::Column);
    }
    let figures =
        [Words::ColumnOwed, Words::ColumnSent, Words::ColumnCover, Words::ColumnReplied, Words::ColumnBought];
    for (words, wide) in figures.into_iter().zip(FIGURES) {
        x += wide;
        paint.right(x, y, wide, state.text(words), Role::Column);
    }
}

fn draw_step(state: &State, step: &StepView, area: Rect, y: u16, paint: &mut Paint<'_>) {
    let mut x = area.x + 2;
    let cells = [step.id.as_str(), step.at.as_str(), step.via.label(state.lang)];
    for (text, wide) in cells.into_iter().zip(columns(area)) {
        paint.text(x, y, wide.saturating_sub(1), text, Role::Text);
        x += wide;
    }
    let funnel = &step.funnel;
    let none = || "-".to_owned();
    let told = |words: String| if funnel.private == 0 { none() } else { words };
    let figures = [
        funnel.due.to_string(),
        funnel.sent.to_string(),
        funnel.coverage().map_or_else(none, |percent| format!("{percent}%")),
        told(format!("{}/{}", funnel.replied, funnel.private)),
        told(funnel.bought.to_string()),
    ];
    for (text, wide) in figures.iter().zip(FIGURES) {
        x += wide;
        let role = if funnel.due == 0 { Role::Dim } else { Role::Text };
        paint.right(x, y, wide, text, role);
    }
    // a few characters of a sentence say nothing
    let room = area.right().saturating_sub(x + 2);
    if room >= 16 {
        paint.text(x + 2, y, room, &step.says, Role::Dim);
    }
}

fn draw_place(
    state: &State,
    board: &Board,
    place: &PlaceView,
    shown: &SopBoard,
    area: Rect,
    y: u16,
    paint: &mut Paint<'_>,
) {
    let marked = board.marks.contains(&place.enrolment);
    let ended = matches!(place.standing, Standing::Finished | Standing::Stopped);
    let role = if ended { Role::Dim } else { Role::Text };
    if marked {
        paint.text(area.x + 1, y, 1, "*", Role::Marked);
    }
    let at = match (place.at, place.line) {
        (Some(at), _) => state.say_instant(at),
        (None, 0) => place.standing.label(state.lang).to_owned(),
        (None, n) => {
            let number = state.fill(Words::BoardInLine, &[("n", &n)]);
            match place.turn {
                Some(day) => format!("{} {number}", day.format("%m-%d")),
                None => number,
            }
        }
    };
    let step = match place.number {
        0 => String::new(),
        n => format!("{n}/{} {}", shown.steps.len(), place.step),
    };
    let mut why = if place.standing == Standing::InLine { String::new() } else { place.why.clone() };
    if let Some((at, key)) = place.asks.first() {
        let fill = AheadWords::FillIn.fill(state.lang, &[("key", key)]);
        why = format!("{} {fill} {why}", state.say_instant(*at));
    }
    if place.paused {
        why = format!("{} {why}", state.text(Words::BoardPausedTarget));
    }
    if !ended && place.version != shown.line.version {
        why = format!("v{} {why}", place.version);
    }
    let wide = [area.width * 26 / 100, (area.width * 24 / 100).max(18), area.width * 20 / 100];
    let mut x = area.x + 2;
    for (text, wide) in [place.name.clone(), at, step].iter().zip(wide) {
        paint.text(x, y, wide.saturating_sub(1), text, role);
        x += wide;
    }
    paint.text(x, y, area.right().saturating_sub(x), why.trim(), Role::State);
}
