//! Quick entry on the screen: the prompt row with people and place always in sight, and the box of what can be chosen.
//!
//! ```text
//! 速记> 已选 60 人: 吴宇航妈妈 罗雨桐妈妈..  下单: 39.9 鸡蛋_            在: 鲜果团1群
//! ```

use std::borrow::Cow;

use ratatui::layout::{Position, Rect};

use super::super::popup::Quick;
use super::super::popup::quick::{Place, Stage, how_to_say};
use super::super::state::State;
use super::super::theme::Role;
use super::super::words::{QuickWords, Words};
use super::header::visible_end;
use super::layout::Layout;
use super::paint::Paint;
use super::popups::{boxed, prompt_cursor, with_more};
use crate::door::form::Kind;
use crate::text::clean::for_display;
use crate::text::width;

/// Columns kept for the place at the right, and for what is being typed.
const PLACE_COLUMNS: u16 = 26;
const FIELD_COLUMNS: u16 = 20;

/// How many of a list are shown with what they want.
const OWN_SHOWN: usize = 8;

/// What stands at the left before the line being typed, and the column where the place begins.
fn line(state: &State, layout: &Layout, popup: &Quick) -> (String, u16) {
    let place = width::truncate(&place(state, popup), usize::from(PLACE_COLUMNS)).into_owned();
    let end = layout.prompt.right().saturating_sub(width::width(&place) as u16 + 1);
    let label = width::width(state.text(QuickWords::Label)) as u16 + 2;
    let asked: Cow<'_, str> = match &popup.stage {
        Stage::With(kind) => Cow::Owned(format!("{}: ", kind.label(state.lang))),
        Stage::Where => Cow::Owned(format!("{} ", state.text(QuickWords::Where))),
        _ => Cow::Borrowed(""),
    };
    let typing = width::width(popup.field.text()) as u16 + 2;
    let kept = FIELD_COLUMNS.max(typing.min(end / 2)) + width::width(&asked) as u16;
    let people = popup.summary(state, usize::from(end.saturating_sub(label + kept)));
    let gap = if people.is_empty() { "" } else { " " };
    (format!("{people}{gap}{asked}"), end)
}

fn place(state: &State, popup: &Quick) -> String {
    let name = match &popup.place {
        Some(Place::Group(_, name) | Place::Account(_, name)) => name,
        None => state.text(QuickWords::Nowhere),
    };
    format!("{} {}", state.text(QuickWords::Where), for_display(name))
}

/// The prompt row.
pub(super) fn draw_line(state: &State, layout: &Layout, popup: &Quick, paint: &mut Paint<'_>) {
    let area = layout.prompt;
    let (before, end) = line(state, layout, popup);
    let x = paint.text(area.x + 1, area.y, area.width, state.text(QuickWords::Label), Role::Prompt) + 1;
    // The end is what is being typed: an overlong line loses its beginning.
    let whole = format!("{before}{}", popup.field.text());
    let shown = visible_end(&whole, &format!("{before}{}", popup.field.before_cursor()), end, x);
    paint.text(x, area.y, end.saturating_sub(x + 1), &shown, Role::Text);
    paint.text(end, area.y, area.right().saturating_sub(end), &place(state, popup), Role::Column);
}

/// One line of the box: label, note, and whether it is marked.
type Row = (String, String, bool);

fn rows(state: &State, popup: &Quick) -> Vec<Row> {
    let unmarked = popup.unmarked && popup.stage == Stage::What;
    let numbered = |lines: Vec<(String, String)>| -> Vec<Row> {
        let line = |(at, (label, note)): (usize, (String, String))| {
            (format!("{} {label}", at + 1), note, !unmarked && at == popup.chosen)
        };
        lines.into_iter().enumerate().map(line).collect()
    };
    match &popup.stage {
        Stage::Who | Stage::Where => {
            let skip = popup.stage == Stage::Where && popup.field.is_empty();
            // Before anything is marked Enter takes what is typed, or leaves the place open.
            let before = usize::from(skip || popup.stage == Stage::Who);
            let offers = popup.offers.iter().enumerate().map(|(at, offer)| {
                let note = format!("{} {}", offer.kind.label(state.lang), state.hint_shown(&offer.hint));
                (offer.name.clone(), note, popup.chosen == at + before)
            });
            let open = skip.then(|| {
                let note = state.fill(QuickWords::SkipNote, &[]);
                let label = match &popup.place {
                    Some(Place::Group(_, name) | Place::Account(_, name)) => {
                        state.fill(QuickWords::Same, &[("place", name)])
                    }
                    None => state.text(QuickWords::Skip).to_owned(),
                };
                (label, note, popup.chosen == 0)
            });
            open.into_iter().chain(offers).collect()
        }
        Stage::Choose(at) => {
            let name = popup.chips.get(*at).map(|chip| chip.name.as_str()).unwrap_or_default();
            let known = popup.choices().iter().map(|s| {
                let group = matches!(s.kind, Kind::Group).then(|| state.text(QuickWords::IsGroup).to_owned());
                (s.name.clone(), group.unwrap_or_else(|| state.hint_shown(&s.hint).into_owned()))
            });
            let new = (state.fill(QuickWords::New, &[("name", &name)]), String::new());
            numbered(known.chain([new]).collect())
        }
        Stage::What => {
            let kinds = popup.kinds_shown().iter();
            numbered(kinds.map(|kind| (kind.label(state.lang).to_owned(), String::new())).collect())
        }
        Stage::Unknown(_) => {
            let names = popup.new_names().join(" ");
            let make = state.fill(QuickWords::Make, &[("n", &popup.new_names().len())]);
            numbered(vec![
                (state.text(QuickWords::PutRight).to_owned(), names),
                (make, state.fill(Words::SkipUndo, &[])),
            ])
        }
        // The first of those who have something beside their name, as it was understood.
        Stage::With(kind) if popup.has_own_words(*kind) => {
            let all = popup.chips.len();
            let rest = (all > OWN_SHOWN).then(|| {
                (format!(".. {}", state.fill(QuickWords::Chosen, &[("n", &all)])), String::new(), false)
            });
            let own = popup.chips.iter().take(OWN_SHOWN);
            own.map(|chip| (format!("{}:", chip.name), chip.said.clone(), false)).chain(rest).collect()
        }
        Stage::With(_) => Vec::new(),
    }
}

/// The heading, which says the step, and what the keys do.
fn heading(state: &State, popup: &Quick) -> (String, String) {
    let step = |n: usize, what: &str| state.fill(QuickWords::Step, &[("n", &n), ("what", &what)]);
    match &popup.stage {
        Stage::Who => (step(1, state.text(QuickWords::WhoStep)), state.fill(QuickWords::Who, &[])),
        Stage::Choose(at) => {
            let chip = popup.chips.get(*at);
            let name = chip.map(|chip| chip.name.as_str()).unwrap_or_default();
            let near =
                chip.is_some_and(|chip| matches!(chip.known, super::super::popup::quick::Known::Near(_)));
            let words = if near { QuickWords::Near } else { QuickWords::Choose };
            let mut what = state.fill(words, &[("name", &name)]);
            if popup.undecided() > 1 {
                what = format!("{what} {}", state.fill(QuickWords::Left, &[("n", &popup.undecided())]));
            }
            (step(1, &what), state.fill(Words::MenuHint, &[]))
        }
        Stage::Where => (step(2, state.text(QuickWords::WhereStep)), state.fill(QuickWords::WhereHint, &[])),
        Stage::What => (step(3, state.text(QuickWords::What)), state.fill(QuickWords::More, &[])),
        Stage::With(kind) if popup.has_own_words(*kind) => {
            let foot = state.foot(popup.context(), QuickWords::OwnWords, &[]);
            (step(3, kind.label(state.lang)), foot.of(popup.is_written()).to_owned())
        }
        Stage::With(kind) => {
            let foot = state.foot(popup.context(), QuickWords::WithHint, &[]);
            let foot = format!("{}  {}", state.text(how_to_say(*kind)), foot.of(popup.is_written()));
            (step(3, kind.label(state.lang)), foot)
        }
        Stage::Unknown(_) => {
            let n = popup.new_names().len();
            (step(3, &state.fill(QuickWords::Unknown, &[("n", &n)])), state.fill(Words::MenuHint, &[]))
        }
    }
}

/// The box below the prompt row; gives where the cursor belongs.
pub(super) fn draw(state: &State, layout: &Layout, popup: &Quick, paint: &mut Paint<'_>) -> Position {
    let (before, end) = line(state, layout, popup);
    let narrowed = Layout { prompt: Rect { width: end - layout.prompt.x, ..layout.prompt }, ..*layout };
    let typed = format!("{before}{}", popup.field.before_cursor());
    let cursor = prompt_cursor(&narrowed, state.text(QuickWords::Label), &typed);
    let rows = rows(state, popup);
    let (title, foot) = heading(state, popup);
    let area = boxed(layout, 92, rows.len() as u16 + 1, &title, paint);
    let labels = rows.iter().map(|(label, ..)| width::width(&for_display(label))).max().unwrap_or(0) as u16;
    let labels = labels.clamp(16, area.width / 2);
    let room = usize::from(area.height.saturating_sub(1));
    let marked = rows.iter().position(|(.., marked)| *marked).unwrap_or(0);
    let top = (marked + 1).saturating_sub(room);
    for (at, (label, note, marked)) in rows.iter().skip(top).take(room).enumerate() {
        let y = area.y + at as u16;
        paint.text(area.x, y, 2, if *marked { "> " } else { "  " }, Role::Key);
        paint.text(area.x + 2, y, labels, label, Role::Text);
        let x = area.x + 2 + labels + 2;
        paint.text(x, y, area.right().saturating_sub(x), note, Role::Dim);
        if *marked {
            paint.row(area, y, Role::Selected);
        }
    }
    if area.height > 0 {
        let (foot, role) = match &popup.error {
            Some(error) => (error, Role::Fault),
            None => (&foot, Role::Dim),
        };
        let foot = with_more(state, foot, rows.len().saturating_sub(top + room));
        paint.text(area.x, area.bottom() - 1, area.width, &foot, role);
    }
    cursor
}
