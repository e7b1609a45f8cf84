//! The calendar: a month as a grid of two lines a day, and below it the list of the day under the cursor.
//!
//! In a small window a day has one line, and of the weeks those around the cursor are shown.

use chrono::{Datelike, Days, NaiveDate};
use ratatui::layout::{Position, Rect};

use super::super::popup::Calendar;
use super::super::state::State;
use super::super::theme::Role;
use super::super::words::Words;
use super::layout::Layout;
use super::paint::Paint;
use super::popups::boxed;

/// The widest cell of a day.
const CELL_MAX: u16 = 18;

/// Weeks of the grid at least: at the end of a month it goes on into the next.
const WEEKS: usize = 5;

/// Rows of the day's list that stay, however small the window.
const LIST_MIN: usize = 3;

pub(super) fn draw(state: &State, layout: &Layout, calendar: &Calendar, paint: &mut Paint<'_>) -> Position {
    let (year, month) = (calendar.day.year(), calendar.day.month());
    let title = state.fill(Words::CalendarTitle, &[("year", &year), ("month", &month)]);
    let area = boxed(layout, layout.header.width, layout.message.y, &title, paint);
    if calendar.shown.is_none() {
        paint.text(area.x, area.y, area.width, state.text(Words::Waiting), Role::Dim);
        return Position::new(area.x, area.y);
    }
    let weeks = weeks_of(calendar);
    let room = usize::from(area.height).saturating_sub(2);
    let lines = if weeks.len() * 2 + LIST_MIN <= room { 2 } else { 1 };
    let fits = (room.saturating_sub(LIST_MIN) / lines).clamp(1, weeks.len());
    let here = weeks.iter().position(|monday| week(*monday).any(|day| day == calendar.day)).unwrap_or(0);
    let top = here.saturating_sub(fits / 2).min(weeks.len() - fits);
    let wide = (area.width / 7).min(CELL_MAX);
    for (at, name) in state.text(Words::CalendarWeek).split(' ').enumerate() {
        paint.text(area.x + wide * at as u16, area.y, wide, name, Role::Column);
    }
    let mut cursor = Position::new(area.x, area.y);
    for (at, monday) in weeks.iter().skip(top).take(fits).enumerate() {
        let y = area.y + 1 + (at * lines) as u16;
        for (column, day) in week(*monday).enumerate() {
            let cell = Rect::new(area.x + wide * column as u16, y, wide, lines as u16);
            draw_day(calendar, day, cell, paint);
            if day == calendar.day {
                cursor = Position::new(cell.x, cell.y);
            }
        }
    }
    let below = area.y + 1 + (fits * lines) as u16;
    let last = area.bottom().saturating_sub(1);
    paint.text(area.x, below, area.width, &state.day_head(calendar), Role::Title);
    let items = calendar.known(calendar.day).map(|day| day.items.as_slice()).unwrap_or_default();
    let room = usize::from(last.saturating_sub(below + 1));
    // of a list that does not fit the last row says how much is left
    let shown = if items.len() > room { room.saturating_sub(1) } else { room };
    for (at, item) in items.iter().take(shown).enumerate() {
        let y = below + 1 + at as u16;
        paint.text(area.x, y, area.width, &state.item_line(item), Role::Text);
    }
    if items.len() > shown && last > below + 1 {
        let words = state.fill(Words::Below, &[("n", &(items.len() - shown))]);
        paint.text(area.x, last - 1, area.width, &words, Role::Dim);
    }
    paint.text(area.x, last, area.width, &state.fill(Words::CalendarHint, &[]), Role::Dim);
    cursor
}

/// One day: its number and how many messages, below it what day it is.
fn draw_day(calendar: &Calendar, day: NaiveDate, cell: Rect, paint: &mut Paint<'_>) {
    let known = calendar.known(day);
    let other_month = day.month() != calendar.day.month();
    let role = match known {
        _ if other_month => Role::Dim,
        None => Role::Dim,
        Some(known) if known.off == Some(true) => Role::State,
        Some(_) => Role::Text,
    };
    let mark = if day == calendar.day { ">" } else { " " };
    let x = paint.text(cell.x, cell.y, cell.width, &format!("{mark}{:>2}", day.day()), role);
    if let Some(tasks) = known.map(|known| known.tasks).filter(|tasks| *tasks > 0) {
        let right = (cell.right() - 1).min(x + 5).max(x + 3);
        let role = if other_month { Role::Dim } else { Role::Key };
        paint.right(right, cell.y, right - x, &tasks.to_string(), role);
    }
    if cell.height > 1
        && let Some(known) = known
    {
        let (short, role) = match known.marks.first() {
            Some(mark) => (mark.clone(), Role::State),
            None => (lunar_day(&known.lunar), Role::Dim),
        };
        let role = if other_month { Role::Dim } else { role };
        paint.text(cell.x + 1, cell.y + 1, cell.width.saturating_sub(2), &short, role);
    }
    if day == calendar.day {
        let row = Rect { width: cell.width.saturating_sub(1), height: 1, ..cell };
        paint.row(row, cell.y, Role::Selected);
    }
}

/// Of 十月十四 what a cell has room for: the day, on the first of a month the month.
fn lunar_day(words: &str) -> String {
    let word = words.strip_suffix("初一").unwrap_or(words);
    let chars: Vec<char> = word.chars().collect();
    chars.get(chars.len().saturating_sub(2)..).map(|last| last.iter().collect()).unwrap_or_default()
}

/// The Mondays of the weeks shown: the month's, without those that are over.
fn weeks_of(calendar: &Calendar) -> Vec<NaiveDate> {
    let day = calendar.day;
    let monday_of = |day: NaiveDate| day - Days::new(u64::from(day.weekday().num_days_from_monday()));
    let today = calendar.shown.as_ref().and_then(|shown| shown.days.first()).map_or(day, |day| day.date);
    let first = monday_of(day.with_day(1).unwrap_or(day)).max(monday_of(today));
    let next_month =
        day.with_day(1).and_then(|first| first.checked_add_months(chrono::Months::new(1))).unwrap_or(day);
    let mondays = (0..6).map(|week| first + Days::new(7 * week));
    mondays
        .enumerate()
        .take_while(|(at, monday)| *at < WEEKS || *monday < next_month)
        .map(|(_, m)| m)
        .collect()
}

fn week(monday: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    monday.iter_days().take(7)
}
