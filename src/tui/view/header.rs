//! The frame around the panes: views and counts, filter or prompt, messages, hints.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::super::popup::prompt::Mistake;
use super::super::popup::{Popup, PromptKind};
use super::super::registry::Action;
use super::super::state::{Link, Pane, State};
use super::super::theme::Role;
use super::super::views::Origin;
use super::super::words::{ComposeWords, ViewWords, Words};
use super::layout::Layout;
use super::paint::Paint;
use super::{notes, tabs};
use crate::book::time::MINUTE;
use crate::door::form::Kind;
use crate::door::views::BuiltinView;
use crate::text::{clean, width};
use crate::tui::app::when;

/// Views with their counts at the left, who and when at the right.
pub(super) fn draw(state: &State, layout: &Layout, paint: &mut Paint<'_>) {
    let area = layout.header;
    let mut right = area.right();
    if state.knows_time() {
        let clock = when::clock(state.now(), state.zone);
        let demo = if state.demo { format!("{} ", state.text(Words::Demo)) } else { String::new() };
        let day = when::weekday(state.now(), state.zone, state.lang);
        let text = if area.width >= 100 { format!("{demo}{clock} {day}") } else { format!("{demo}{clock}") };
        right = paint.right(right, area.y, 20, &text, Role::Head).saturating_sub(2);
    }
    if area.width >= 100 && !state.start.operator.is_empty() {
        right = paint.right(right, area.y, 16, &state.start.operator, Role::Dim).saturating_sub(2);
    }
    let room = usize::from(right.saturating_sub(area.x + 1));
    let slots = tabs::slots(state);
    let (gap, names) = tabs::names(state, &slots, room);
    let mut x = area.x + 1;
    for ((view, _), name) in slots.iter().zip(&names) {
        let columns = width::width(name) as u16;
        if x + columns > right {
            break;
        }
        let is_overdue =
            state.tabs.get(*view).is_some_and(|tab| tab.origin == Origin::Builtin(BuiltinView::Overdue));
        let role = match (*view == state.view, is_overdue && state.counts.overdue > 0) {
            (true, _) => Role::View,
            (false, true) => Role::Overdue,
            _ => Role::Head,
        };
        x = paint.text(x, area.y, columns, name, role) + gap;
    }
}

/// The filter, when no prompt is open.
fn draw_filter(state: &State, layout: &Layout, paint: &mut Paint<'_>) {
    let area = layout.prompt;
    let list = state.list();
    let marked = list.mark_count();
    // of what has not come yet no number is known
    let rows = state.fill(Words::Rows, &[("n", &list.total)]);
    let mut right = if list.loaded { rows } else { String::new() };
    if marked > 0 {
        right = format!("{right}  {}", state.fill(Words::Marked, &[("n", &marked)]));
    }
    if let Some(tab) = state.tab().filter(|tab| tab.is_changed()) {
        let is_builtin = matches!(tab.origin, Origin::Builtin(_));
        let hint = if is_builtin { ViewWords::ChangedOwnHint } else { ViewWords::ChangedHint };
        right = format!("{}  {right}", state.fill(hint, &[]));
    }
    let end = paint.right(area.right(), area.y, 44, &right, Role::Dim);
    let label = state.text(Words::FilterLabel);
    let x = paint.text(area.x + 1, area.y, area.width, label, Role::Column) + 1;
    let mut filter = match state.focus {
        Pane::List | Pane::Preview => state.view_filter().to_owned(),
        Pane::Groups | Pane::Members => list.spec.filter.clone(),
    };
    if filter.is_empty() && matches!(state.focus, Pane::Groups | Pane::Members) {
        let head = if state.focus == Pane::Groups { Words::GroupsHead } else { Words::MembersHead };
        state.text(head).clone_into(&mut filter);
    } else if filter.is_empty() {
        filter = state.tab().map(|tab| tab.name(state.lang).to_owned()).unwrap_or_default();
    }
    if let Some((_, name)) = &state.narrowed
        && !filter.contains(name.as_str())
    {
        filter = format!("{filter} {}", state.fill(Words::OfGroup, &[("name", name)]));
    }
    let refused = state.main.refused.as_ref();
    // the desk has the column alone
    let span = refused.and_then(|_| state.filter_error(&filter)?.span);
    let span = span.map(|span| bytes(&filter, &span));
    let x = spanned(paint, (x, area.y), end.saturating_sub(x + 1), &filter, span.as_ref());
    if let Some(refusal) = refused {
        paint.text(
            x + 2,
            area.y,
            end.saturating_sub(x + 3),
            &sentence(state, &Mistake::refused(refusal)),
            Role::Error,
        );
    }
}

/// A mistake with its column before it.
fn sentence(state: &State, mistake: &Mistake) -> String {
    let column = mistake.span.as_ref().map(|span| span.start + 1);
    let column = column.map(|column| state.fill(Words::ColumnError, &[("column", &column)]));
    format!("{}{}", column.unwrap_or_default(), mistake.words)
}

/// Characters of a text as bytes, grown to whole clusters: no half of one is drawn otherwise than the rest of it.
fn bytes(text: &str, span: &Range<usize>) -> Range<usize> {
    let byte = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    let (from, to) = (byte(span.start), byte(span.end));
    let mut at = 0;
    let mut whole = from..to;
    for (cluster, _) in width::graphemes(text) {
        let end = at + cluster.len();
        if (at..end).contains(&from) {
            whole.start = at;
        }
        if at < to && to < end {
            whole.end = end;
        }
        at = end;
    }
    whole
}

/// Writes a text with a part of it marked as wrong, by a line below as well as by colour; gives the column after it. What is
/// wrong at the very end is the blank behind it.
fn spanned(
    paint: &mut Paint<'_>,
    (x, y): (u16, u16),
    columns: u16,
    text: &str,
    span: Option<&Range<usize>>,
) -> u16 {
    let right = x + columns;
    let Some(&Range { start, end }) = span else { return paint.text(x, y, columns, text, Role::Text) };
    let part = |range: Range<usize>| text.get(range).unwrap_or_default();
    let wrong = if start >= text.len() { " " } else { part(start..end) };
    let style = paint.theme.style(Role::Fault).add_modifier(Modifier::UNDERLINED);
    let x = paint.text(x, y, columns, part(0..start), Role::Text);
    let x = paint.styled(x, y, right.saturating_sub(x), wrong, style);
    paint.text(x, y, right.saturating_sub(x), part(end..text.len()), Role::Text)
}

/// The prompt row: a prompt's label and line, or the filter.
pub(super) fn draw_prompt(state: &State, layout: &Layout, paint: &mut Paint<'_>) {
    let area = layout.prompt;
    match state.popups.last() {
        Some(Popup::Prompt(prompt)) => {
            let label = prompt_label(state, &prompt.kind);
            let x = paint.text(area.x + 1, area.y, area.width, &label, Role::Prompt) + 1;
            let text = prompt.field.text();
            let from = visible_from(prompt.field.before_cursor(), area.right(), x);
            let shown = text.get(from..).unwrap_or_default();
            let span = prompt.error.as_ref().and_then(|mistake| mistake.span.as_ref());
            let span =
                span.map(|span| bytes(text, span)).filter(|span| span.end > from || span.start == text.len());
            let span = span.map(|span| span.start.saturating_sub(from)..span.end.saturating_sub(from));
            let begin = x;
            let x = spanned(paint, (x, area.y), area.right().saturating_sub(x), shown, span.as_ref());
            if prompt.field.is_selected() {
                paint.row(Rect { x: begin, width: x.saturating_sub(begin), ..area }, area.y, Role::Selected);
            }
            if let Some(mistake) = &prompt.error {
                let words = sentence(state, mistake);
                let room = area.right().saturating_sub(x + 2);
                if width::width(&clean::for_display(&words)) <= usize::from(room) {
                    paint.text(x + 2, area.y, room, &words, Role::Error);
                } else {
                    // beside a long line there is no room for a sentence
                    paint.clear(layout.message);
                    paint.text(
                        layout.message.x + 1,
                        layout.message.y,
                        layout.message.width - 1,
                        &words,
                        Role::Error,
                    );
                }
            } else if !prompt.meaning.is_empty() {
                paint.text(x + 2, area.y, area.right().saturating_sub(x + 2), &prompt.meaning, Role::Dim);
            }
        }
        Some(Popup::Quick(quick)) => super::quick::draw_line(state, layout, quick, paint),
        _ => draw_filter(state, layout, paint),
    }
}

/// The label of a prompt.
pub(super) fn prompt_label(state: &State, kind: &PromptKind) -> String {
    match kind {
        PromptKind::Filter { .. } => state.text(Words::FilterLabel).to_owned(),
        PromptKind::Verb => state.text(Words::VerbLabel).to_owned(),
        PromptKind::Jump => state.text(Words::JumpLabel).to_owned(),
        PromptKind::Whom => state.text(Words::WhomLabel).to_owned(),
        PromptKind::Follow { name, .. } => state.fill(Words::FollowLabel, &[("name", name)]),
        PromptKind::Note { name, .. } => state.fill(Words::NoteLabel, &[("name", name)]),
        PromptKind::Snooze(_) => state.text(Words::SnoozeLabel).to_owned(),
        PromptKind::Enrol { title, .. } => state.fill(Words::EnrolLabel, &[("title", title)]),
        PromptKind::Skip(_) => state.text(Words::SkipLabel).to_owned(),
        PromptKind::Import => state.text(Words::ImportLabel).to_owned(),
        PromptKind::ComposeWhom(_) => state.text(ComposeWords::WhomLabel).to_owned(),
        PromptKind::ComposeWhen(_) => state.text(ComposeWords::WhenLabel).to_owned(),
        PromptKind::ComposeUntil(_) => state.text(ComposeWords::UntilLabel).to_owned(),
        PromptKind::ComposeAccount(_) => state.text(ComposeWords::AccountLabel).to_owned(),
        PromptKind::ComposeTitle(_) => state.text(ComposeWords::NameLabel).to_owned(),
        PromptKind::ViewName(_) => state.text(ViewWords::NameLabel).to_owned(),
        PromptKind::Snippet { name, .. } => state.fill(Words::SnippetLabel, &[("name", name)]),
        PromptKind::Ask(ask) => state.fill(Words::AskLabel, &[("key", &ask.key)]),
    }
}

/// The part of a line that keeps the cursor on the screen: the beginning, or what ends at the cursor.
pub(super) fn visible_end(text: &str, before: &str, right: u16, x: u16) -> String {
    text.get(visible_from(before, right, x)..).unwrap_or_default().to_owned()
}

/// Where that part begins, in bytes.
fn visible_from(before: &str, right: u16, x: u16) -> usize {
    let room = usize::from(right.saturating_sub(x + 1));
    if width::width(before) < room {
        return 0;
    }
    let mut used = 0;
    let mut start = before.len();
    for (cluster, columns) in width::graphemes(before).rev() {
        if used + columns >= room {
            break;
        }
        used += columns;
        start -= cluster.len();
    }
    start
}

/// Messages and hints.
pub(super) fn draw_foot(state: &State, layout: &Layout, paint: &mut Paint<'_>) {
    let area = layout.message;
    let (role, rows) = notes::rows(state);
    for (y, text) in (area.top()..area.bottom()).zip(rows) {
        paint.text(area.x + 1, y, area.width.saturating_sub(1), &text, role);
    }
    draw_hints(state, layout, paint);
}

/// The keys that matter here, and how the desk is.
fn draw_hints(state: &State, layout: &Layout, paint: &mut Paint<'_>) {
    let area = layout.hints;
    let status = status(state);
    let end = paint.right(area.right(), area.y, area.width / 2, &status.1, status.0).saturating_sub(2);
    let mut x = area.x + 1;
    if state.main.mark_count() > 0 {
        let marked = state.main.mark_count();
        let words = match state.chunk_count() {
            n if n > 0 && n < marked => state.fill(Words::ActsOnChunk, &[("n", &n), ("marked", &marked)]),
            _ => state.fill(Words::ActsOn, &[("n", &marked)]),
        };
        x = paint.text(x, area.y, end.saturating_sub(x), &words, Role::Marked) + 2;
    }
    let mut shown: Vec<(String, &str, usize, usize)> = (hints(state).into_iter())
        .filter_map(|action| {
            Some((state.start.keymap.key_in(state.here(), action)?, action.entry().short(state.lang)))
        })
        .filter(|(key, _)| !key.is_empty())
        .map(|(key, words)| {
            let gap = usize::from(key.len() > 1 || words.is_ascii());
            let columns = width::width(&key) + gap + width::width(words);
            (key, words, gap, columns)
        })
        .collect();
    // those that lead everywhere stay, the least used of the others go first
    let room = usize::from(end.saturating_sub(x));
    while shown.len() > TAIL.len() && shown.iter().map(|(.., columns)| columns + 1).sum::<usize>() > room + 1
    {
        shown.remove(shown.len() - TAIL.len() - 1);
    }
    for (key, words, gap, columns) in shown {
        if usize::from(x) + columns > usize::from(end) {
            break;
        }
        x = paint.text(x, area.y, end.saturating_sub(x), &key, Role::Key) + gap as u16;
        x = paint.text(x, area.y, end.saturating_sub(x), words, Role::Dim) + 1;
    }
}

/// What the footer always ends with.
const TAIL: [Action; 3] = [Action::Filter, Action::Verbs, Action::Help];

/// Which actions the footer names, most used first.
fn hints(state: &State) -> Vec<Action> {
    use Action as A;
    if !state.popups.is_empty() {
        return Vec::new();
    }
    let mut actions = match (state.focus, state.main.spec.kind) {
        (Pane::Groups, _) => vec![A::Open, A::Quick, A::Follow, A::Note, A::New, A::Edit],
        (Pane::Members, _) => vec![A::Reply, A::Quick, A::Follow, A::Note, A::New, A::Edit],
        (_, Kind::Task) => vec![
            A::Copy,
            A::Sent,
            A::Snooze,
            A::Skip,
            A::Reply,
            A::EditOnce,
            A::Undo,
            A::Quick,
            A::Mark,
            A::SearchTerm,
            A::Follow,
            A::Form,
            A::Correct,
        ],
        (_, Kind::Playbook) => vec![A::Open, A::Edit, A::New, A::Why, A::Undo],
        _ => vec![A::Open, A::Quick, A::Follow, A::Note, A::New, A::Edit, A::Undo],
    };
    // beside how many are acted on stands what is done to all of them
    if state.list().mark_count() > 1 {
        actions.retain(|action| action.takes_marks());
    }
    // Help and filter stay in sight in narrow windows.
    let keep = if state.size.0 < 100 { 7 } else { actions.len() };
    actions.truncate(keep);
    actions.extend(TAIL);
    actions
}

/// How the desk is, as a word.
fn status(state: &State) -> (Role, String) {
    if let Link::Lost { since } = &state.link {
        let seconds = state.mono().saturating_sub(*since).as_secs();
        let span = format!("{}:{:02}", seconds / 60, seconds % 60);
        return (Role::Error, state.fill(Words::LinkLost, &[("span", &span)]));
    }
    if state.link == Link::Connecting {
        return (Role::Dim, state.text(Words::Connecting).to_owned());
    }
    if let Some(since) = state.waits_since() {
        let seconds = state.mono().saturating_sub(since).as_secs();
        let span = format!("{}:{:02}", seconds / 60, seconds % 60);
        return (Role::Warning, state.fill(Words::LinkSlow, &[("span", &span)]));
    }
    if state.writable.is_some() {
        return (Role::Error, state.text(Words::NotWritable).to_owned());
    }
    if state.held.is_some() {
        return (Role::Error, state.text(Words::HeldShort).to_owned());
    }
    let late = state.ticked_at.is_some_and(|at| state.now().since(at) > 3 * MINUTE);
    if late {
        return (Role::Warning, state.text(Words::NotTicking).to_owned());
    }
    if state.hide_names {
        return (Role::Warning, state.text(Words::VeilMark).to_owned());
    }
    if state.start.readonly {
        return (Role::Dim, state.text(Words::ReadOnly).to_owned());
    }
    (Role::Dim, state.text(Words::LinkUp).to_owned())
}
