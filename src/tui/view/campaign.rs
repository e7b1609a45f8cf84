//! The form of a campaign: its fields, below them what it would do.

use ratatui::layout::{Position, Rect};

use super::super::popup::CampaignForm;
use super::super::popup::campaign::Row;
use super::super::state::State;
use super::super::theme::Role;
use super::header::visible_end;
use super::layout::Layout;
use super::paint::Paint;
use super::popups::{boxed, with_more};
use crate::text::{clean, width};

pub(super) fn draw(state: &State, layout: &Layout, form: &CampaignForm, paint: &mut Paint<'_>) -> Position {
    let lang = state.lang;
    let rows = form.rows.len() + form.begun.len() + form.notes.len() + form.offers.len() + 4;
    let area = boxed(layout, 100, rows as u16, &form.heading(lang), paint);
    let columns = form.rows.iter().map(|row| width::width(&CampaignForm::label(row.what, lang).0)).max();
    let columns = columns.unwrap_or(0) as u16 + 2;
    let last = area.bottom().saturating_sub(1);
    let wrapped = |notes: &[String]| -> Vec<String> {
        notes
            .iter()
            .flat_map(|note| width::wrap(&clean::for_display_lines(note), usize::from(area.width)))
            .collect()
    };
    let (begun, notes) = (wrapped(&form.begun), wrapped(&form.notes));
    // the fields keep half of the box, what was found gets the rest
    let room = usize::from(last.saturating_sub(area.y));
    let fields = form.rows.len() + form.offers.len();
    let for_notes = notes.len().min(room.saturating_sub(fields + begun.len()).max(room / 2));
    let mut y = area.y;
    for line in &begun {
        paint.text(area.x, y, area.width, line, Role::Dim);
        y += 1;
    }
    let bottom = last.saturating_sub(for_notes as u16);
    let shown = usize::from(bottom.saturating_sub(y)).max(1);
    let top = (form.cursor + 1 + form.offers.len()).saturating_sub(shown);
    let mut cursor = Position::new(area.x, y);
    let mut below = 0;
    for (at, row) in form.rows.iter().enumerate().skip(top) {
        if y >= bottom {
            below = form.rows.len() - at;
            break;
        }
        let here = at == form.cursor;
        let line = Rect { y, height: 1, ..area };
        let place = draw_row(state, row, here, columns, line, paint);
        y += 1;
        if !here {
            continue;
        }
        cursor = place;
        for (offered, offer) in form.offers.iter().enumerate().take_while(|(at, _)| y + (*at as u16) < bottom)
        {
            let (mark, role) = if offered == form.chosen { (">", Role::Key) } else { (" ", Role::Dim) };
            let text = format!("{mark} {}  {}", offer.name, offer.hint);
            paint.text(
                area.x + 2 + columns,
                y + offered as u16,
                area.width.saturating_sub(2 + columns),
                &text,
                role,
            );
        }
        y = (y + form.offers.len() as u16).min(bottom);
    }
    for (at, note) in notes.iter().take(for_notes).enumerate() {
        paint.text(area.x, bottom + at as u16, area.width, note, Role::State);
    }
    paint.text(area.x, last, area.width, &with_more(state, &form.hint(state), below), Role::Dim);
    cursor
}

fn draw_row(
    state: &State,
    row: &Row,
    here: bool,
    columns: u16,
    line: Rect,
    paint: &mut Paint<'_>,
) -> Position {
    let (label, hint) = CampaignForm::label(row.what, state.lang);
    paint.text(line.x, line.y, 2, if here { ">" } else { " " }, Role::Key);
    paint.text(line.x + 1, line.y, columns, &label, if here { Role::Prompt } else { Role::Column });
    let x = line.x + 2 + columns;
    let before = row.typed.before_cursor();
    let text = visible_end(row.typed.text(), if here { before } else { "" }, line.right(), x);
    let after = paint.text(x, line.y, line.right().saturating_sub(x), &text, Role::Text);
    let room = line.right().saturating_sub(after + 2);
    match &row.error {
        Some(error) => drop(paint.text(after + 2, line.y, room, error, Role::Fault)),
        None if row.typed.is_empty() => drop(paint.text(after + 2, line.y, room, hint, Role::Dim)),
        None => {}
    }
    let column = width::width(&visible_end(before, before, line.right(), x)) as u16;
    Position::new((x + column).min(line.right().saturating_sub(1)), line.y)
}
