//! Popups: boxes over the list, offers below the prompt. Blank columns at both sides keep half a glyph from showing.
//!
//! One file because every popup is a box with a foot.

use ratatui::layout::{Position, Rect};

use super::super::app::asks::AskWords;
use super::super::keymap::Context;
use super::super::popup::editor::Purpose;
use super::super::popup::listed;
use super::super::popup::{Editor, FormPopup, Menu, Popup, Prompt, PromptKind};
use super::super::state::State;
use super::super::theme::Role;
use super::super::words::Words;
use super::header::{prompt_label, visible_end};
use super::layout::Layout;
use super::paint::Paint;
use crate::door::form::{Field, Input};
use crate::text::{clean, width};

/// Draws the topmost popup; gives where the cursor belongs in it.
pub(super) fn draw(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Option<Position> {
    match state.popups.last()? {
        Popup::Menu(menu) => Some(draw_menu(state, layout, menu, paint)),
        Popup::Calendar(calendar) => Some(super::calendar::draw(state, layout, calendar, paint)),
        Popup::Board(board) => Some(super::board::draw(state, layout, board, paint)),
        Popup::Campaign(form) => Some(super::campaign::draw(state, layout, form, paint)),
        Popup::Import(import) => Some(draw_menu(state, layout, &import.menu, paint)),
        Popup::Prompt(prompt) => Some(draw_offers(state, layout, prompt, paint)),
        Popup::Editor(editor) => Some(draw_editor(state, layout, editor, paint)),
        Popup::Form(form) => Some(draw_form(state, layout, form, paint)),
        Popup::Quick(quick) => Some(super::quick::draw(state, layout, quick, paint)),
        Popup::Card(card) => {
            let rows = card.lines.len() as u16 + 2;
            let area = boxed(layout, 96, rows.max(6), &card.title, paint);
            let lines: Vec<String> = card
                .lines
                .iter()
                .flat_map(|line| {
                    width::wrap(&clean::for_display_lines(&state.veiled(line)), usize::from(area.width))
                })
                .collect();
            let room = area.height.saturating_sub(1);
            for (at, line) in lines.iter().skip(card.top).take(usize::from(room)).enumerate() {
                paint.text(area.x, area.y + at as u16, area.width, line, Role::Text);
            }
            let below = lines.len().saturating_sub(card.top + usize::from(room));
            hint(area, &with_more(state, &state.fill(Words::CardHint, &[]), below), paint);
            Some(Position::new(area.x, area.y))
        }
    }
}

/// A box under the prompt row: rules above and below, a blank column at each side. Gives the inside.
pub(super) fn boxed(layout: &Layout, columns: u16, rows: u16, title: &str, paint: &mut Paint<'_>) -> Rect {
    let top = layout.prompt.y + 1;
    let room = layout.message.y.saturating_sub(top);
    let columns = box_columns(layout.header.width, columns);
    let outer = Rect::new(2, top, columns, (rows + 2).min(room));
    // One column more on each side: a wide glyph cut in half would show its other half there.
    paint.clear(Rect::new(outer.x - 2, outer.y, outer.width + 4, outer.height));
    paint.rule(Rect { height: 1, ..outer }, title);
    if outer.height > 1 {
        paint.rule(Rect { y: outer.bottom() - 1, height: 1, ..outer }, "");
    }
    Rect::new(outer.x + 1, outer.y + 1, outer.width.saturating_sub(2), outer.height.saturating_sub(2))
}

/// The most rows inside a box.
const fn box_rows(layout: &Layout) -> u16 {
    layout.message.y.saturating_sub(layout.prompt.y + 3)
}

/// How wide a box gets that would be so wide: the whole window where only scraps of what lies below would be left to see
/// beside it.
const fn box_columns(window: u16, columns: u16) -> u16 {
    let most = window.saturating_sub(4);
    if most < columns + BESIDE { most } else { columns }
}

fn hint(area: Rect, text: &str, paint: &mut Paint<'_>) {
    if area.height > 0 {
        paint.text(area.x, area.bottom() - 1, area.width, text, Role::Dim);
    }
}

/// A hint, and before it how many lines are cut off below.
pub(super) fn with_more(state: &State, words: &str, below: usize) -> String {
    match below {
        0 => words.to_owned(),
        n => format!("{}  {words}", state.fill(Words::Below, &[("n", &n)])),
    }
}

/// The least that is worth seeing beside a box, in columns: a preview, whole. Ends of its lines say nothing.
const BESIDE: u16 = 60;

/// The widest a menu gets.
const MENU_COLUMNS: u16 = 92;

fn draw_menu(state: &State, layout: &Layout, menu: &Menu, paint: &mut Paint<'_>) -> Position {
    let shown = menu.shown();
    // a menu's notes are sentences: what does not fit on a line goes on on the next
    let columns = usize::from(MENU_COLUMNS.min(layout.header.width.saturating_sub(4)).saturating_sub(2));
    let search = u16::from(menu.search.is_some());
    // the choices stay in sight, however much there is to say
    let below = shown.len().clamp(1, 3) as u16 + search + 1;
    let room = box_rows(layout).saturating_sub(below);
    let wrap = |note: &str| width::wrap(&clean::for_display(&state.veiled(note)), columns);
    let more = |n: usize| state.fill(Words::CorrectMore, &[("n", &n)]);
    let sentences = listed::fit(&menu.notes, &menu.lists, usize::from(room), wrap, more);
    let rows = (shown.len().max(1) as u16).saturating_add(sentences.len() as u16 + search + 1);
    let area = boxed(layout, MENU_COLUMNS, rows, &menu.title, paint);
    let mut y = area.y;
    let mut cursor = Position::new(area.x, area.y);
    for note in &sentences {
        paint.text(area.x, y, area.width, note, Role::Dim);
        y += 1;
    }
    if let Some(field) = &menu.search {
        let label = state.text(Words::SearchLabel);
        let x = paint.text(area.x, y, area.width, label, Role::Prompt) + 1;
        let text = visible_end(field.text(), field.before_cursor(), area.right(), x);
        paint.text(x, y, area.right().saturating_sub(x), &text, Role::Text);
        let before =
            width::width(&visible_end(field.before_cursor(), field.before_cursor(), area.right(), x));
        cursor = Position::new((x + before as u16).min(area.right().saturating_sub(1)), y);
        y += 1;
    }
    let room = usize::from(area.bottom().saturating_sub(y + 1));
    let top = (menu.cursor + 1).saturating_sub(room);
    if shown.is_empty() && room > 0 {
        let words = if menu.waiting.is_some() { state.text(Words::Waiting) } else { menu.empty.as_str() };
        paint.text(area.x, y, area.width, words, Role::Dim);
    }
    let label_columns =
        shown.iter().map(|(_, item)| width::width(&clean::for_display(&item.label))).max().unwrap_or(0)
            as u16;
    let label_columns = label_columns.min(area.width.saturating_sub(4) * 3 / 4);
    for (at, (digit, item)) in shown.iter().enumerate().skip(top).take(room) {
        let role = if item.enabled { Role::Text } else { Role::Dim };
        let mark = if at == menu.cursor { ">" } else { " " };
        let digit = digit.map_or(' ', |digit| digit);
        paint.text(area.x, y, 4, &format!("{mark}{digit} "), Role::Key);
        paint.text(area.x + 3, y, label_columns, &item.label, role);
        let x = area.x + 3 + label_columns + 2;
        paint.text(x, y, area.right().saturating_sub(x), &item.note, Role::Dim);
        if at == menu.cursor {
            paint.row(Rect { x: area.x, width: area.width, ..area }, y, Role::Selected);
            if menu.search.is_none() {
                cursor = Position::new(area.x, y);
            }
        }
        y += 1;
    }
    let words = match (menu.digits, &menu.search) {
        (_, Some(_)) => Words::MenuHintSearch,
        (true, None) => Words::MenuHint,
        (false, None) => Words::MenuHintEnter,
    };
    hint(area, &with_more(state, &state.fill(words, &[]), shown.len().saturating_sub(top + room)), paint);
    cursor
}

pub(super) fn prompt_cursor(layout: &Layout, label: &str, before: &str) -> Position {
    let area = layout.prompt;
    let x = area.x + 1 + width::width(&clean::for_display(label)) as u16 + 1;
    let shown = visible_end(before, before, area.right(), x);
    let x = x + width::width(&shown) as u16;
    Position::new(x.min(area.right().saturating_sub(1)), area.y)
}

/// How wide and how long the preview of a snippet may be: the box is never narrower at 80 columns.
const SNIPPET_COLUMNS: usize = 72;
const SNIPPET_LINES: usize = 8;

fn draw_offers(state: &State, layout: &Layout, prompt: &Prompt, paint: &mut Paint<'_>) -> Position {
    let cursor = prompt_cursor(layout, &prompt_label(state, &prompt.kind), prompt.field.before_cursor());
    if let PromptKind::Ask(ask) = &prompt.kind {
        let now = prompt.standing.now.iter().map(|line| state.veiled(line).into_owned());
        let notes = state.ask_notes(ask, prompt.field.text(), prompt.is_written());
        let selected = prompt.field.is_selected().then(|| state.text(AskWords::AskSelected).to_owned());
        let notes: Vec<String> = now.chain(notes).chain(selected).collect();
        let area = boxed(layout, 92, notes.len() as u16, "", paint);
        for (at, note) in notes.iter().take(usize::from(area.height)).enumerate() {
            paint.text(area.x, area.y + at as u16, area.width, note, Role::Dim);
        }
    }
    if !prompt.offers.is_empty() {
        let preview = snippet_lines(prompt);
        let area = boxed(layout, 78, (prompt.offers.len() + preview.len()) as u16, "", paint);
        let below = area.y + prompt.offers.len() as u16;
        for (y, line) in (below..area.bottom()).zip(&preview) {
            paint.text(area.x, y, area.width, line, Role::Dim);
        }
        for (at, offer) in prompt.offers.iter().take(usize::from(area.height)).enumerate() {
            let y = area.y + at as u16;
            let mark = if at == prompt.chosen { "> " } else { "  " };
            let x = paint.text(area.x, y, 2, mark, Role::Key);
            let x = paint.text(x, y, area.width / 2, &offer.label, Role::Text).max(area.x + 22) + 1;
            let shown = match offer.id {
                Some(_) => state.hint_shown(&offer.hint),
                None => offer.hint.as_str().into(),
            };
            paint.text(x, y, area.right().saturating_sub(x), &shown, Role::Dim);
            if at == prompt.chosen {
                paint.row(area, y, Role::Selected);
            }
        }
    }
    cursor
}

/// What the snippet under the mark says, a blank line above it.
fn snippet_lines(prompt: &Prompt) -> Vec<String> {
    let PromptKind::Snippet { found, .. } = &prompt.kind else { return Vec::new() };
    let Some(view) = found.get(prompt.chosen) else { return Vec::new() };
    let mut lines = vec![String::new()];
    lines.extend(view.show.lines().flat_map(|line| width::wrap(line, SNIPPET_COLUMNS)).take(SNIPPET_LINES));
    lines
}

/// The text wrapped, with the cursor kept in sight.
/// The most rows of what is said below an editor.
const HINT_ROWS: u16 = 3;

fn draw_editor(state: &State, layout: &Layout, editor: &Editor, paint: &mut Paint<'_>) -> Position {
    let area = boxed(layout, 92, layout.message.y, &editor.title, paint);
    let columns = usize::from(area.width).saturating_sub(1).max(1);
    // how it is written is said whole
    let selected = if editor.is_selected() { state.text(AskWords::AskSelected) } else { "" };
    let hints = width::wrap(format!("{selected}  {}", editor.foot()).trim_start(), usize::from(area.width));
    let below = (hints.len() as u16).min(HINT_ROWS).saturating_sub(1).min(area.height / 3);
    let area = Rect { height: area.height - below, ..area };
    let (area, foot) = frame_form(state, editor, area, paint);
    let rows = usize::from(area.height.saturating_sub(foot)).max(1);
    // Lines joined are the text without its newlines, so the cursor is found by counting bytes.
    let mut lines: Vec<String> = Vec::new();
    let mut at = (0, 0);
    let mut seen = 0;
    for paragraph in editor.text.split('\n') {
        for line in width::wrap(paragraph, columns) {
            if editor.cursor >= seen && editor.cursor <= seen + line.len() {
                let before = line.get(..editor.cursor - seen).unwrap_or_default();
                at = (lines.len(), width::width(before));
            }
            seen += line.len();
            lines.push(line);
        }
        seen += 1;
    }
    let top = (at.0 + 1).saturating_sub(rows);
    for (row, line) in lines.iter().skip(top).take(rows).enumerate() {
        let y = area.y + row as u16;
        let end = paint.text(area.x, y, area.width, line, Role::Text);
        if editor.is_selected() {
            paint.row(Rect { width: end.saturating_sub(area.x), ..area }, y, Role::Selected);
        }
    }
    for (at, line) in hints.iter().take(usize::from(below) + 1).enumerate() {
        hint(Rect { height: area.height + at as u16, ..area }, line, paint);
    }
    let x = area.x + (at.1 as u16).min(area.width.saturating_sub(1));
    Position::new(x, area.y + (at.0 - top) as u16)
}

/// Around the text of a form: above it how it is written and the message that will say it, below it who fits the name
/// being typed, or which names are nobody's. Gives what is left for the text and the hint, and the rows below the text.
fn frame_form(state: &State, editor: &Editor, area: Rect, paint: &mut Paint<'_>) -> (Rect, u16) {
    let mut notes = editor.standing.now.clone();
    if let Purpose::Ask(ask) = &editor.purpose {
        notes.extend(state.ask_notes(ask, &editor.text, false));
    }
    if notes.is_empty() {
        return (area, 1);
    }
    let notes: Vec<String> = notes
        .iter()
        .flat_map(|line| width::wrap(&clean::for_display_lines(&state.veiled(line)), usize::from(area.width)))
        .collect();
    // The text keeps half of the box.
    let above = (notes.len() as u16).min((area.height / 2).saturating_sub(1));
    for (at, note) in notes.iter().take(usize::from(above)).enumerate() {
        paint.text(area.x, area.y + at as u16, area.width, note, Role::Dim);
    }
    paint.rule(Rect { y: area.y + above, height: 1, ..area }, "");
    let left = Rect { y: area.y + above + 1, height: area.height.saturating_sub(above + 1), ..area };
    let below: Vec<(String, Role)> = if editor.offers.is_empty() {
        editor.warnings.iter().map(|words| (words.clone(), Role::Warning)).collect()
    } else {
        let offer = |(at, offer): (usize, &crate::door::reply::Suggestion)| {
            let marked = at == editor.chosen;
            let mark = if marked { ">" } else { " " };
            let role = if marked { Role::Key } else { Role::Dim };
            (format!("{mark} {}  {}", offer.name, state.hint_shown(&offer.hint)), role)
        };
        editor.offers.iter().enumerate().map(offer).collect()
    };
    let rows = (below.len() as u16).min(left.height.saturating_sub(3));
    let top = left.bottom().saturating_sub(rows + 1);
    for (at, (words, role)) in below.iter().take(usize::from(rows)).enumerate() {
        paint.text(left.x, top + at as u16, left.width, words, *role);
    }
    (left, rows + 1)
}

fn draw_form(state: &State, layout: &Layout, form: &FormPopup, paint: &mut Paint<'_>) -> Position {
    let kind = form.kind.label(state.lang);
    let title = match form.objects.len() {
        0 => state.fill(Words::FormNew, &[("kind", &kind)]),
        1 => state.fill(Words::FormEdit, &[("kind", &kind)]),
        n => state.fill(Words::FormEditSeveral, &[("kind", &kind), ("n", &n)]),
    };
    let rows = form.rows.len() as u16 + form.offers.len() as u16 + 1;
    let area = boxed(layout, 80, rows, &title, paint);
    if form.is_loading() {
        paint.text(area.x, area.y, area.width, state.text(Words::Waiting), Role::Dim);
        return Position::new(area.x, area.y);
    }
    let label_columns =
        form.rows.iter().map(|row| width::width(row.spec.field.label(state.lang))).max().unwrap_or(0) as u16
            + 2;
    let room = usize::from(area.height.saturating_sub(1));
    let top = (form.cursor + 1 + form.offers.len()).saturating_sub(room);
    let mut cursor = Position::new(area.x, area.y);
    let mut y = area.y;
    let mut below = 0;
    for (at, row) in form.rows.iter().enumerate().skip(top) {
        if y + 1 >= area.bottom() {
            below = form.rows.len() - at;
            break;
        }
        let here = at == form.cursor;
        let label = row.spec.field.label(state.lang);
        let required = if row.spec.required { "*" } else { " " };
        paint.text(area.x, y, 2, if here { ">" } else { " " }, Role::Key);
        paint.text(
            area.x + 1,
            y,
            label_columns,
            &format!("{required}{label}"),
            if here { Role::Prompt } else { Role::Column },
        );
        let x = area.x + 2 + label_columns;
        let value = form.shown(row, state);
        let is_choice = matches!(row.spec.input, Input::Choice(_));
        let value = if here && is_choice { format!("< {value} >") } else { value };
        let shown = visible_end(&value, if here { row.typed.before_cursor() } else { "" }, area.right(), x);
        let after = paint.text(x, y, area.right().saturating_sub(x), &shown, Role::Text);
        let room = area.right().saturating_sub(after + 2);
        if let Some(error) = &row.error {
            paint.text(after + 2, y, room, error, Role::Fault);
        } else if row.spec.field == Field::Persona && value.is_empty() {
            paint.text(after + 2, y, room, state.text(Words::PersonaHint), Role::Dim);
        }
        if here {
            let before = visible_end(row.typed.before_cursor(), row.typed.before_cursor(), area.right(), x);
            let column = if is_choice { 0 } else { width::width(&before) as u16 };
            cursor = Position::new((x + column).min(area.right().saturating_sub(1)), y);
        }
        y += 1;
        if here {
            for (offered, offer) in form.offers.iter().enumerate() {
                if y + 1 >= area.bottom() {
                    break;
                }
                let mark = if offered == form.chosen { "> " } else { "  " };
                let text = format!("{mark}{}  {}", offer.name, state.hint_shown(&offer.hint));
                paint.text(
                    x,
                    y,
                    area.right().saturating_sub(x),
                    &text,
                    if offered == form.chosen { Role::Key } else { Role::Dim },
                );
                y += 1;
            }
        }
    }
    let turns = form.rows.get(form.cursor).is_some_and(|row| matches!(row.spec.input, Input::Choice(_)));
    let words = if turns { Words::FormChoiceHint } else { Words::FormHint };
    let foot = state.foot(Context::Form, words, &[]);
    hint(area, &with_more(state, foot.of(form.is_changed()), below), paint);
    cursor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_a_box_stands_something_worth_seeing_or_nothing() {
        for window in 40..=200_u16 {
            for columns in [60, 78, 80, 92, 96, 100, window] {
                let wide = box_columns(window, columns);
                // two columns before a box and two behind it are blank
                let beside = window.saturating_sub(wide + 4);
                assert!(wide <= window && (beside == 0 || beside >= BESIDE), "{window} {columns}: {wide}");
            }
        }
        assert_eq!((box_columns(100, 92), box_columns(120, 92), box_columns(200, 92)), (96, 116, 92));
    }
}
