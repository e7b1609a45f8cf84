//! What is under the cursor, in full: the task's text and the next thing to do, or a card (see `cards`).

use ratatui::layout::Rect;

use super::super::app::asks::AskWords;
use super::super::line::Line;
use super::super::state::{Pane, State};
use super::super::theme::Role;
use super::super::words::{TimelineWords, Words};
use super::cards;
use super::layout::Layout;
use super::paint::Paint;
use super::queue::{agenda_line, channel, is_chore, state_words};
use crate::book::Via;
use crate::door::detail::{Coming, Past, TaskText};
use crate::door::line::{Fact, TaskLine};
use crate::text::{clean, width};

/// Draws the heading, what fits of the body, and the next action always in the last row.
pub(super) fn draw(state: &State, layout: &Layout, paint: &mut Paint<'_>) {
    let head = layout.preview_head;
    let area = layout.preview;
    let (title, rest) = heading(state, usize::from(head.width.saturating_sub(6)));
    paint.rule(head, &title);
    if state.focus == Pane::Preview {
        paint.text(head.x, head.y, 1, ">", Role::Title);
    }
    let Some(line) = state.main.selected() else { return };
    let body = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let (next_role, next) = next_action(state, line);
    let next = if next.is_empty() { Vec::new() } else { width::wrap(&next, usize::from(body.width)) };
    // two rows of the text stay, however much there is to do
    let kept = TEXT_ROWS.min(body.height.div_ceil(2));
    let next_rows = (next.len() as u16).min(NEXT_ROWS).min(body.height.saturating_sub(kept));
    let rows = body.height.saturating_sub(next_rows);
    let low = rows < 4;
    let mut lines = match line {
        Line::Task(task) => task_lines(state, task, usize::from(body.width), low),
        _ => cards::lines(state, line, usize::from(body.width)),
    };
    if !rest.is_empty() {
        // where there is hardly room for it, the text comes first
        lines.insert(if low { lines.len() } else { 0 }, (Role::Dim, rest));
    }
    let room = usize::from(rows);
    let last = lines.len().saturating_sub(room);
    let top = usize::from(state.scroll).min(last);
    for (at, (role, text)) in without_bare_head(&lines, top, room).iter().enumerate() {
        paint.text(body.x, body.y + at as u16, body.width, text, *role);
    }
    // A blank row before it where there is room for one.
    let y = body.y + (lines.len() - top).min(room) as u16 + 1;
    let y = y.min(body.bottom().saturating_sub(next_rows));
    for (row, line) in next.iter().take(usize::from(next_rows)).enumerate() {
        paint.text(body.x, y + row as u16, body.width, line, next_role);
    }
}

/// The lines that have room; a heading that would have nothing of its own below it is left out.
fn without_bare_head(lines: &Lines, top: usize, room: usize) -> &[(Role, String)] {
    let end = lines.len().min(top.saturating_add(room));
    let is_bare = end < lines.len() && matches!(lines.get(end.wrapping_sub(1)), Some((Role::Title, _)));
    lines.get(top..end.saturating_sub(usize::from(is_bare))).unwrap_or_default()
}

/// The most rows of the next action.
const NEXT_ROWS: u16 = 3;
/// Rows of the text that it leaves.
const TEXT_ROWS: u16 = 2;

/// What is shown, and what of it has no room in the heading: nothing there is cut but a long name.
fn heading(state: &State, room: usize) -> (String, String) {
    let Some(line) = state.main.selected() else {
        return (state.text(Words::PreviewTitle).to_owned(), String::new());
    };
    let Line::Task(task) = line else {
        return (line.name().to_owned(), String::new());
    };
    let mut words = Vec::new();
    if let (n @ 1.., all @ 1..) = task.step_number {
        words.push(state.fill(Words::StepOf, &[("n", &n), ("all", &all)]));
    }
    words.push(state.fill(Words::Planned, &[("at", &state.say_instant(task.due_at))]));
    words.push(state_words(state, task).join(" "));
    let whom = format!("{}{}", channel(task, state.lang), task.target_name);
    let titled = format!("{}  {whom}", state.text(Words::PreviewTitle));
    let all = width::width(&titled) + words.iter().map(|words| 2 + width::width(words)).sum::<usize>();
    let mut title = if all <= room { titled } else { whom };
    let mut rest = Vec::new();
    for words in words {
        if rest.is_empty() && width::width(&title) + 2 + width::width(&words) <= room {
            title = format!("{title}  {words}");
        } else {
            rest.push(words);
        }
    }
    (title, rest.join("  "))
}

/// The one thing to do now.
fn next_action(state: &State, line: &Line) -> (Role, String) {
    let task = match line {
        Line::Task(task) => task,
        Line::Group(group) => {
            return (Role::Next, state.with_keys(Words::NextGroupLine, &[("due", &group.due)]));
        }
        Line::Member(_) => return (Role::Next, state.with_keys(Words::NextMemberLine, &[])),
        Line::Playbook(_) => return (Role::Next, state.fill(Words::NextSopLine, &[])),
        Line::Account(_) => return (Role::Next, state.with_keys(Words::NextAccountLine, &[])),
    };
    let label = |words: String| format!("{}: {words}", state.text(Words::NextLabel));
    if !task.state.is_open() {
        let words =
            state.fill(Words::NextEnded, &[("state", &task.state.label(state.lang)), ("by", &task.ended_by)]);
        return (Role::Dim, format!("{words} {}", task.reason));
    }
    for fact in &task.facts {
        match fact {
            Fact::Blocked { variable, asked, .. } => {
                let values: [(&str, &dyn std::fmt::Display); 1] = [("variable", variable)];
                let words = if *asked {
                    state.fill(Words::NextBlocked, &values)
                } else {
                    state.fill(AskWords::NextUnasked, &values)
                };
                return (Role::Error, words);
            }
            Fact::NotFriend => return (Role::Warning, state.fill(Words::NextNotFriend, &[])),
            Fact::NoAccount => return (Role::Warning, state.fill(Words::NextNoAccount, &[])),
            Fact::Held(why) => {
                let twin = task.facts.contains(&Fact::Lookalike);
                let words = if twin { Words::NextLookalike } else { Words::NextHeld };
                return (Role::Warning, state.fill(words, &[("why", why)]));
            }
            Fact::Ask => return (Role::Next, label(state.with_keys(Words::NextForm, &[]))),
            _ => {}
        }
    }
    let Some(text) = state.main.text(task.id) else {
        return (Role::Dim, state.text(Words::Waiting).to_owned());
    };
    let Some((at, part)) = State::part_at_hand(text) else {
        return (Role::Next, label(state.with_keys(Words::NextDo, &[])));
    };
    let prefix = if text.parts.len() > 1 {
        state.fill(Words::NextPart, &[("part", &(at + 1)), ("all", &text.parts.len())])
    } else {
        String::new()
    };
    let copied = state.has_copied(task, at, text.parts.len());
    if let Some(words) = state.copied_by_another(task, text).filter(|_| !copied && part.copy.is_some()) {
        return (Role::Next, label(format!("{prefix}{words}")));
    }
    let words = match (part.copy.is_some(), copied) {
        (true, false) if matches!(task.via, Via::Internal) => state.with_keys(Words::NextFollow, &[]),
        (true, false) => state.with_keys(Words::NextCopy, &[]),
        (true, true) if state.is_changed_since_copy(task) => state.with_keys(Words::NextCopyAgain, &[]),
        (true, true) => state.with_keys(Words::NextAfterCopy, &[]),
        (false, _) if matches!(task.via, Via::Internal) => state.with_keys(Words::NextDo, &[]),
        (false, _) => {
            format!("{} {}", width::truncate(&part.show, 30), state.by_hand_with(part))
        }
    };
    (Role::Next, label(format!("{prefix}{words}")))
}

pub(super) type Lines = Vec<(Role, String)>;

/// The text, part by part, then what is known about sending it, then history. In a `low` pane of several parts only the
/// one at hand.
fn task_lines(state: &State, task: &TaskLine, columns: usize, low: bool) -> Lines {
    let mut lines = Lines::new();
    let text = state.main.text(task.id);
    match text {
        Some(text) => part_lines(state, text, columns, low, &mut lines),
        None => lines.push((Role::Dim, state.text(Words::Waiting).to_owned())),
    }
    lines.push((Role::Text, String::new()));
    let mut how = Vec::new();
    if is_chore(task) {
        how.push(state.text(Words::OwnChore).to_owned());
    } else if let Some(account) = &task.account {
        how.push(state.fill(Words::FromAccount, &[("name", &account.name)]));
    }
    if let Some(text) = text.filter(|text| !text.search_term.is_empty()) {
        how.push(state.fill(Words::SearchFor, &[("term", &text.search_term)]));
    }
    if let Some(until) = task.until {
        how.push(state.fill(Words::UntilAt, &[("at", &state.say_instant(until))]));
    }
    if let Some(text) = text {
        let copy: Vec<&String> = text.parts.iter().filter_map(|part| part.copy.as_ref()).collect();
        let chars: usize = copy.iter().map(|c| c.chars().filter(|c| !c.is_whitespace()).count()).sum();
        let rows: usize = copy.iter().map(|c| c.lines().count()).sum();
        if chars > 0 {
            how.push(state.fill(Words::TextStats, &[("chars", &chars), ("lines", &rows)]));
        }
    }
    for fact in &task.facts {
        if let Fact::Moved { from, why } = fact {
            how.push(format!("{} -> {why}", state.say_past(*from)));
        }
    }
    wrapped(state, &how.join("  "), columns, Role::Dim, &mut lines);
    touched_lines(state, task, columns, &mut lines);
    for warning in text.map(|text| text.warnings.as_slice()).unwrap_or_default() {
        wrapped(state, &warning.words, columns, Role::Warning, &mut lines);
    }
    let same = state.same_text_count();
    if same > 1 {
        lines.push((Role::State, state.with_keys(Words::SameTextHint, &[("n", &same)])));
    }
    let detail = state.task_detail();
    if let (Some(playbook), None) = (&task.playbook, detail) {
        lines.push((Role::Dim, format!("SOP {}  {}", playbook.name, task.step)));
    }
    if let Some(detail) = detail {
        if !detail.note.is_empty() {
            wrapped(state, &detail.note, columns, Role::Warning, &mut lines);
        }
        for why in &detail.why {
            wrapped(state, why, columns, Role::Dim, &mut lines);
        }
        coming_lines(state, &detail.coming, columns, &mut lines);
        past_lines(state, &detail.past, columns, &mut lines);
    }
    lines
}

/// How often its target heard of us lately, and how fast its account goes.
fn touched_lines(state: &State, task: &TaskLine, columns: usize, lines: &mut Lines) {
    let mut said: Vec<String> = Vec::new();
    for fact in &task.facts {
        match fact {
            Fact::Touched { today, month, of, last_at } => {
                said.push(state.fill(Words::TouchedToday, &[("n", today)]));
                let month = of.map_or_else(|| month.to_string(), |of| format!("{month}/{of}"));
                said.push(state.fill(Words::TouchedMonth, &[("n", &month)]));
                let days = last_at.map(|at| (state.now().day(state.zone) - at.day(state.zone)).num_days());
                // what was today is counted already
                if let Some(days) = days.filter(|days| *days > 0) {
                    said.push(state.fill(Words::TouchedLast, &[("days", &days)]));
                }
            }
            Fact::Pace(n) => {
                let name = task.account.as_ref().map(|account| account.name.as_str()).unwrap_or_default();
                said.push(state.fill(Words::PaceHour, &[("name", &name), ("n", n)]));
            }
            _ => {}
        }
    }
    wrapped(state, &said.join(", "), columns, Role::Dim, lines);
}

fn part_lines(state: &State, text: &TaskText, columns: usize, low: bool, lines: &mut Lines) {
    let at_hand = State::part_at_hand(text).map(|(at, _)| at);
    let several = text.parts.len() > 1 && !low;
    for (at, part) in text.parts.iter().enumerate() {
        if low && at_hand.is_some_and(|hand| hand != at) {
            continue;
        }
        let shown = state.veiled_text(part.copy.as_deref().unwrap_or(&part.show));
        let role = if part.done { Role::Dim } else { Role::Text };
        if several {
            let tick = if part.done { "[x]" } else { "[ ]" };
            // The names of a mention stand below.
            let find = part.find.as_deref().filter(|_| part.kind != "mention");
            let find = find.map(|find| format!("  p: {find}")).unwrap_or_default();
            lines.push((Role::State, format!("{tick} {} {}{find}", at + 1, part_kind(state, &part.kind))));
        }
        // one part at a time has the screen, the others say what they are
        if state.is_solo() && several && Some(at) != at_hand {
            let first = shown.lines().next().unwrap_or_default();
            lines.push((
                Role::Dim,
                width::truncate(&state.veiled_text(&clean::for_display(first)), columns).into_owned(),
            ));
            continue;
        }
        for line in width::wrap(&clean::for_display_lines(&shown), columns) {
            lines.push((role, line));
        }
    }
    if let Some((_, words)) = &text.blocked {
        let words = state.blocked_by(words, text.asked);
        wrapped(state, &words, columns, Role::Error, lines);
    }
}

/// What kind of part it is, as people call it.
fn part_kind(state: &State, kind: &str) -> &'static str {
    state.text(match kind {
        "image" => Words::PartImage,
        "file" => Words::PartFile,
        "forward" => Words::PartForward,
        "notice" => Words::PartNotice,
        "jielong" => Words::PartJielong,
        "redpacket" => Words::PartRedPacket,
        "mention" => Words::PartMention,
        _ => Words::PartText,
    })
}

pub(super) fn wrapped(state: &State, text: &str, columns: usize, role: Role, lines: &mut Lines) {
    if text.is_empty() {
        return;
    }
    // before it is broken into lines: half a name on each would be known by nobody
    for line in width::wrap(&clean::for_display_lines(&state.veiled(text)), columns) {
        lines.push((role, line));
    }
}

pub(super) fn coming_lines(state: &State, coming: &[Coming], columns: usize, lines: &mut Lines) {
    if coming.is_empty() {
        return;
    }
    lines.push((Role::Title, state.text(Words::ComingHead).to_owned()));
    for line in state.coming_lines(coming).into_iter().take(6) {
        wrapped(state, &line, columns, Role::Text, lines);
    }
}

pub(super) fn past_lines(state: &State, past: &[Past], columns: usize, lines: &mut Lines) {
    if past.is_empty() {
        return;
    }
    lines.push((Role::Title, state.text(Words::HistoryHead).to_owned()));
    for past in past.iter().take(20) {
        let text = past.text.lines().next().unwrap_or_default();
        let line = format!("{} {} {} {text}", state.say_past(past.at), past.what, past.by);
        lines.push((
            Role::Text,
            width::truncate(&state.veiled(&clean::for_display(&line)), columns).into_owned(),
        ));
    }
}

/// News of the selected task's group under the list; in the widest layout the day hour by hour.
pub(super) fn draw_news(state: &State, area: Rect, paint: &mut Paint<'_>) {
    // What is for a person has no group to tell of, and its history stands beside it already.
    let group = state.main.selected().and_then(Line::group).filter(|_| state.size.0 < 160);
    let Some((_, name)) = group else {
        draw_timeline(state, area, paint);
        return;
    };
    paint.rule(Rect { height: 1, ..area }, &format!("{} {name}", state.text(Words::GroupHead)));
    let mut lines = Lines::new();
    if let Some(detail) = state.task_detail() {
        // the text stands beside it with all of it: here each is one row, cut where the room ends
        coming_lines(state, &detail.coming, clean::LINE_CHARS_MAX, &mut lines);
        past_lines(state, &detail.past, usize::from(area.width.saturating_sub(2)), &mut lines);
    }
    let room = usize::from(area.height.saturating_sub(1));
    for (at, (role, text)) in without_bare_head(&lines, 0, room).iter().enumerate() {
        paint.text(area.x + 1, area.y + 1 + at as u16, area.width.saturating_sub(1), text, *role);
    }
}

/// How many of the tasks held are due in each hour of today that has some, and of a list of all also how many are planned;
/// `>` stands before the hour it is. Below it what comes next.
fn draw_timeline(state: &State, area: Rect, paint: &mut Paint<'_>) {
    use chrono::Timelike as _;
    let whole = state.lists_all_owed();
    let head = if whole { TimelineWords::StripAll } else { TimelineWords::StripList };
    paint.rule(Rect { height: 1, ..area }, state.text(head));
    let hours = state.hours_listed();
    let current = state.now().local(state.zone).hour() as usize;
    let mut x = area.x + 1;
    let mut y = area.y + 1;
    for (hour, n) in hours.iter().enumerate().filter(|(hour, n)| **n > 0 || *hour == current) {
        let mark = if hour == current { ">" } else { " " };
        let hour_words = format!("{hour:02}");
        // 10:19 would be a time
        let words = if *n > 0 { TimelineWords::InHour } else { TimelineWords::EmptyHour };
        let values: [(&str, &dyn std::fmt::Display); 2] = [("hour", &hour_words), ("n", n)];
        let text = format!("{mark}{} ", state.fill(words, &values));
        let columns = width::width(&text) as u16;
        let text = text.trim_end();
        if x + columns > area.right() {
            (x, y) = (area.x + 1, y + 1);
        }
        if y >= area.bottom() {
            break;
        }
        paint.text(x, y, columns, text, if hour == current { Role::View } else { Role::Dim });
        x += columns;
    }
    // what comes next, where rows are left and it does not stand under the list anyway
    let list = &state.main;
    let under_list = state.view < 2 && list.ends_here() && list.lines.len() - list.top + 3 <= list.height;
    if under_list || !whole {
        return;
    }
    let ahead = state.agenda.iter().filter(|planned| planned.at > state.now());
    for (y, planned) in (y + 1..area.bottom()).zip(ahead) {
        paint.text(area.x + 1, y, area.width.saturating_sub(2), &agenda_line(state, planned), Role::Dim);
    }
}
