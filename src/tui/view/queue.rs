//! The queue: one row a task. Due, whom, text, by whom, how it stands; the state is always a word.
//!
//! One file because every cell of a row is made of the same words and the same few columns.

use ratatui::layout::{Position, Rect};

use super::super::line::Line;
use super::super::popup::{Popup, PromptKind};
use super::super::state::{Pane, State};
use super::super::theme::Role;
use super::super::words::{ViewWords, Words};
use super::alike::{Alike, name_shown};
use super::layout::Layout;
use super::paint::{Paint, list_text};
use super::share::{Want, measured, natural, share};
use super::{finish_row, row_marks};
use crate::book::{ObjectId, Platform, TaskState, Via};
use crate::door::compose::is_one_off;
use crate::door::line::{Fact, LineId, SopLine, TaskLine};
use crate::door::reply::Planned;
use crate::door::views::BuiltinView;
use crate::text::lang::Lang;
use crate::text::width;
use crate::tui::app::when;

/// Columns that a text has before its step is said behind it.
const BEFORE_STEP: usize = 24;

/// Below so many columns a row has one word of how its task stands, and so many for that.
const NARROW: u16 = 48;
const fn sign_columns(lang: Lang) -> u16 {
    if matches!(lang, Lang::En) { 8 } else { 6 }
}

/// Columns of a queue, from left to right; 0 is left out.
struct Columns {
    due: u16,
    whom: u16,
    text: u16,
    by: u16,
    state: u16,
}

impl Columns {
    /// As wide as what stands in them; the text has what nobody needs, so that the states stand where they stand. Who did
    /// it has a column where somebody is named.
    fn of(state: &State, area: Rect) -> Self {
        let (mut due, mut whom, mut by, mut states) = (0, 0, 0, 0);
        for task in measured(&state.main, area.height).filter_map(Line::task) {
            due = natural(state, &due_words(state, task)).max(due);
            whom = natural(state, &whom_words(state, task)).max(whom);
            by = natural(state, by_whom(task)).max(by);
            states = natural(state, &row_words(state, task).join(" ")).max(states);
        }
        let by = if by > 0 && area.width >= 76 { by.clamp(6, 12) } else { 0 };
        let room = area.width.saturating_sub(3);
        // where a text stands beside it the list has room for one word of how each stands
        let narrow = room < NARROW;
        let sign = sign_columns(state.lang);
        let (least, states_least) = if narrow { (12, sign) } else { (14, 11) };
        let wants = [
            Want { natural: due.max(6), least: 12, weight: 1, rank: 9 },
            Want { natural: whom.clamp(12, 34), least, weight: 3, rank: 8 },
            Want { natural: 60, least: 12, weight: 3, rank: if narrow { 6 } else { 7 } },
            Want { natural: by, least: 12, weight: 1, rank: 5 },
            Want {
                natural: states.clamp(sign.max(8), 22),
                least: states_least,
                weight: 1,
                rank: if narrow { 7 } else { 6 },
            },
        ];
        let widths = share(&wants, room);
        let [due, whom, text, by, state] = widths.as_slice() else {
            return Self { due: room, whom: 0, text: 0, by: 0, state: 0 };
        };
        let left = room.saturating_sub(widths.iter().sum());
        let (whom, text) = if *text == 0 { (*whom + left, 0) } else { (*whom, *text + left) };
        Self { due: *due, whom, text, by: *by, state: *state }
    }
}

/// When it is due, until when it is put off, or when it ended.
fn due_words(state: &State, task: &TaskLine) -> String {
    match task.state {
        TaskState::Due => when::due(task.due_at, state.now(), state.zone, state.lang),
        TaskState::Snoozed => {
            let until = task.snoozed_until.unwrap_or(task.due_at);
            when::due(until, state.now(), state.zone, state.lang)
        }
        _ => state.say_past(task.ended_at.unwrap_or(task.due_at)),
    }
}

/// Whom it goes to, and by which way. Hidden before it is cut, as the text is.
fn whom_words(state: &State, task: &TaskLine) -> String {
    format!("{}{}", channel(task, state.lang), name_shown(state, &task.target_name))
}

/// Draws headings and rows; gives the place of the cursor's row.
pub(super) fn draw(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Position {
    let area = layout.queue;
    let columns = Columns::of(state, area);
    let y = layout.heads.y;
    let mut x = area.x + 3;
    for (words, wide) in [
        (Words::ColumnDue, columns.due),
        (Words::ColumnWhom, columns.whom),
        (Words::ColumnText, columns.text),
        (Words::ColumnBy, columns.by),
        (Words::ColumnState, columns.state),
    ] {
        if wide > 0 {
            x = paint.cell(x, y, wide, state.text(words), Role::Column);
        }
    }
    if draw_empty(state, area, paint) {
        return Position::new(area.x, area.y);
    }
    let tasks = measured(&state.main, area.height).filter_map(Line::task);
    let whoms = Alike::of(tasks.map(|task| whom_words(state, task)));
    let mut cursor = Position::new(area.x, area.y);
    for (shown, at) in (state.main.top..state.main.lines.len()).take(usize::from(area.height)).enumerate() {
        let y = area.y + shown as u16;
        let Some(Line::Task(task)) = state.main.lines.get(at) else { continue };
        let (selected, role) = row_marks(state, Pane::List, area, y, at, paint);
        let whom = whom_words(state, task);
        let whom = whoms.cut(&whom, columns.whom);
        draw_task(state, (task, &whom), (area.x, y), &columns, role, paint);
        finish_row(state, Pane::List, area, y, selected, paint);
        if selected {
            cursor = Position::new(area.x, y);
        }
    }
    let below = area.y + (state.main.lines.len() - state.main.top) as u16;
    if state.lists_all_owed() && state.main.ends_here() && below < area.bottom() {
        draw_agenda(state, Rect { y: below, height: area.bottom() - below, ..area }, paint);
    }
    cursor
}

/// What is planned and not yet due, where the rows leave room for it.
fn draw_agenda(state: &State, area: Rect, paint: &mut Paint<'_>) {
    let ahead: Vec<&Planned> = state.agenda.iter().filter(|planned| planned.at > state.now()).collect();
    if ahead.is_empty() || area.height < 3 {
        return;
    }
    paint.text(area.x + 3, area.y + 1, area.width, state.text(Words::ComingHead), Role::Title);
    for (at, planned) in ahead.iter().take(usize::from(area.height - 2)).enumerate() {
        let at = area.y + 2 + at as u16;
        paint.text(area.x + 3, at, area.width.saturating_sub(4), &agenda_line(state, planned), Role::Dim);
    }
}

/// What comes when, for how many.
pub(super) fn agenda_line(state: &State, planned: &Planned) -> String {
    let (instant, title) = (state.say_instant(planned.at), &planned.playbook.name);
    match &planned.asks {
        Some(what) => state
            .fill(Words::AgendaAsk, &[("at", &instant), ("title", title), ("what", what), ("n", &planned.n)]),
        None => state.fill(Words::AgendaLine, &[("at", &instant), ("title", title), ("n", &planned.n)]),
    }
}

fn draw_task(
    state: &State,
    (task, whom): (&TaskLine, &str),
    (x, y): (u16, u16),
    columns: &Columns,
    role: Role,
    paint: &mut Paint<'_>,
) {
    let overdue = task.facts.iter().any(|fact| matches!(fact, Fact::Overdue | Fact::LateDays(_)));
    let x = x + 3;
    let due = due_words(state, task);
    let due_role = if overdue && role == Role::Text { Role::Overdue } else { role };
    let mut x =
        paint.cell(x, y, columns.due, width::truncate(&due, usize::from(columns.due)).as_ref(), due_role);
    x = cell(paint, x, y, columns.whom, whom, role);
    x = cell(paint, x, y, columns.text, &summary_in(state, task, columns.text), role);
    if columns.by > 0 {
        x = cell(paint, x, y, columns.by, by_whom(task), role);
    }
    let word = state_in(state, task, columns.state);
    let word_role = if overdue && role == Role::Text { Role::Overdue } else { Role::State };
    paint.text(x, y, columns.state, &word, if role == Role::Dim { Role::Dim } else { word_role });
}

/// Whose it is, or who ended it.
pub(super) fn by_whom(task: &TaskLine) -> &str {
    if task.state.is_open() { &task.assignee } else { &task.ended_by }
}

/// A column with one blank before the next.
pub(super) fn cell(paint: &mut Paint<'_>, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
    paint.text(x, y, columns.saturating_sub(1), text, role);
    x + columns
}

/// What stands in the text column: the first line, or of a task without one the words of its kind; and behind it for how
/// many it is and which step.
fn summary_and_step(state: &State, task: &TaskLine) -> (String, String) {
    let step = match task.step_number {
        (n, all) if all > 1 => format!(" {n}/{all}"),
        _ => String::new(),
    };
    let people = if task.members > 1 { format!(" ({})", task.members) } else { String::new() };
    let title = task.playbook.as_ref().map_or("", |playbook| playbook.name.as_str());
    // what is asked has its key for a step, in the words of who wrote the playbook
    let text = match (task.summary.is_empty(), task.step_number) {
        (false, _) => task.summary.as_str(),
        (true, (0, _)) => task.step.as_str(),
        (true, _) => title,
    };
    // hidden before it is cut: a part of a name is none that is known
    let text = list_text(text, state.start.looks.emoji, state.lang);
    (state.veiled_text(&text).into_owned(), format!("{people}{step}"))
}

pub(super) fn summary(state: &State, task: &TaskLine) -> String {
    let (text, step) = summary_and_step(state, task);
    format!("{text}{step}")
}

/// As it fits: the step stays whole where the text has room before it, else it goes, never to dots.
fn summary_in(state: &State, task: &TaskLine, columns: u16) -> String {
    let (text, step) = summary_and_step(state, task);
    let (room, behind) = (usize::from(columns.saturating_sub(1)), width::width(&step));
    if width::width(&text) + behind <= room {
        return format!("{text}{step}");
    }
    if room < BEFORE_STEP + behind {
        return text;
    }
    format!("{}{step}", width::truncate(&text, room - behind))
}

/// What a playbook wants done by ourselves: nothing of it goes to anybody.
pub(super) fn is_chore(task: &TaskLine) -> bool {
    task.via == Via::Internal && task.playbook.is_some() && !task.facts.contains(&Fact::Ask)
}

/// `[微]` a group on WeChat, `[微私]` a private chat there.
pub(super) fn channel(task: &TaskLine, lang: Lang) -> String {
    if is_chore(task) {
        let mark = match lang {
            Lang::ZhCn => "[办]",
            Lang::ZhTw => "[辦]",
            Lang::En => "[chore]",
        };
        return mark.to_owned();
    }
    let platform = task.platform.map_or("", |platform| short_platform(platform, lang));
    if lang == Lang::En {
        let via = match task.via {
            Via::Private => " dm",
            Via::Group | Via::Internal => "",
            Via::Moments => " moments",
            Via::Post => " post",
            Via::Call => " call",
        };
        let both = format!("{platform}{via}");
        return if both.is_empty() { both } else { format!("[{}]", both.trim()) };
    }
    let via = match task.via {
        Via::Private => "私",
        Via::Group | Via::Internal => "",
        Via::Moments => "圈",
        Via::Post => "发",
        Via::Call => "电",
    };
    if platform.is_empty() && via.is_empty() { String::new() } else { format!("[{platform}{via}]") }
}

/// One or two characters of a platform, as the lists show it.
pub(super) const fn short_platform(platform: Platform, lang: Lang) -> &'static str {
    if matches!(lang, Lang::En) {
        return match platform {
            Platform::Wechat => "wx",
            Platform::Wecom => "wc",
            Platform::Qq => "qq",
            Platform::OfficialAccount => "oa",
            Platform::Channels => "ch",
            Platform::Douyin => "dy",
            Platform::Kuaishou => "ks",
            Platform::Xiaohongshu => "xh",
            Platform::Weibo => "wb",
            Platform::Taobao => "tb",
            Platform::App => "app",
            Platform::Phone => "tel",
        };
    }
    match platform {
        Platform::Wechat => "微",
        Platform::Wecom => "企",
        Platform::Qq => "Q",
        Platform::OfficialAccount => "公",
        Platform::Channels => "视",
        Platform::Douyin => "抖",
        Platform::Kuaishou => "快",
        Platform::Xiaohongshu => "红",
        Platform::Weibo => "博",
        Platform::Taobao => "淘",
        Platform::App => "A",
        Platform::Phone => "话",
    }
}

/// How a task stands, as words: what hinders first.
pub(super) fn state_words(state: &State, task: &TaskLine) -> Vec<String> {
    let id = LineId::Object(ObjectId::Task(task.id));
    if state.main.is_leaving(&id) {
        return vec![state.text(Words::Leaving).to_owned()];
    }
    let mut words = Vec::new();
    if task.state != TaskState::Due {
        words.push(task.state.label(state.lang).to_owned());
        if !task.state.is_open() && !task.reason.is_empty() && words.last() != Some(&task.reason) {
            words.push(task.reason.clone());
        }
    }
    // of what is over that matters to who copies it again, and is said then
    let told = |fact: &&Fact| task.state.is_open() || !matches!(fact, Fact::NotFriend);
    let mut facts: Vec<&Fact> = task.facts.iter().filter(told).collect();
    facts.sort_by_key(|fact| rank(fact));
    for fact in facts {
        let mine = matches!(fact, Fact::Copied { by, .. } if !state.is_other(by));
        if mine && state.is_changed_since_copy(task) {
            words.push(state.text(Words::FactCopyOld).to_owned());
        } else if matches!(fact, Fact::ChangedSinceCopy) {
            let old = state.text(Words::FactCopyOld);
            words.extend((!words.iter().any(|word| word == old)).then(|| old.to_owned()));
        } else {
            words.extend(fact_words(state, fact));
        }
    }
    if words.is_empty() {
        words.push(task.state.label(state.lang).to_owned());
    }
    words
}

/// In which order facts are told: what hinders, in whose hands it is, how late, the rest; that nobody has seen it says
/// least.
const fn rank(fact: &Fact) -> u8 {
    match fact {
        Fact::Blocked { .. } | Fact::NotFriend | Fact::NoAccount | Fact::Held(_) => 0,
        Fact::Copied { .. } | Fact::ChangedSinceCopy | Fact::Claimed { .. } => 1,
        Fact::Overdue | Fact::LateDays(_) => 2,
        Fact::Unseen => 4,
        _ => 3,
    }
}

/// As they stand in a row, beside its time: that has said by how many days it is late.
fn row_words(state: &State, task: &TaskLine) -> Vec<String> {
    let late = task.facts.iter().find(|fact| matches!(fact, Fact::LateDays(_)));
    let late = late.and_then(|late| fact_words(state, late));
    let overdue = || state.text(Words::Overdue).to_owned();
    let words = state_words(state, task).into_iter();
    words.map(|words| if Some(&words) == late.as_ref() { overdue() } else { words }).collect()
}

/// The one word of a state where there is no room for more: what hinders, in whose hands it is, what was done, how late.
fn sign(state: &State, task: &TaskLine, columns: u16) -> String {
    let fits = |word: &String| width::width(word) <= usize::from(columns);
    let words = row_words(state, task);
    if task.state != TaskState::Due || words.len() == 1 {
        return words.into_iter().next().unwrap_or_default();
    }
    let mut facts: Vec<&Fact> = task.facts.iter().collect();
    facts.sort_by_key(|fact| rank(fact));
    let word = |fact: &&Fact| match fact {
        Fact::LateDays(_) => fact_words(state, &Fact::Overdue),
        // as they are told beside others: a copy may be of an older text
        Fact::Copied { .. } if words.iter().any(|word| word == state.text(Words::FactCopyOld)) => {
            Some(state.text(Words::FactCopyOld).to_owned())
        }
        fact => fact_words(state, fact),
    };
    let found = facts.iter().filter_map(word).find(fits);
    found.unwrap_or_else(|| task.state.label(state.lang).to_owned())
}

/// The words of a state as they fit: whose hands it is in stands before what we did with it ourselves.
fn state_in(state: &State, task: &TaskLine, columns: u16) -> String {
    let whole = row_words(state, task).join(" ");
    let other = task.facts.iter().find_map(|fact| match fact {
        Fact::Copied { by, .. } if state.is_other(by) => {
            Some(state.fill(Words::FactCopiedByShort, &[("by", by)]))
        }
        Fact::Claimed { by } if state.is_other(by) => {
            Some(state.fill(Words::FactClaimedShort, &[("by", by)]))
        }
        _ => None,
    });
    if width::width(&whole) > usize::from(columns) && columns < 11 {
        return sign(state, task, columns);
    }
    let Some(other) = other.filter(|_| width::width(&whole) > usize::from(columns)) else { return whole };
    let hinders = |fact: &&Fact| {
        matches!(fact, Fact::Blocked { .. } | Fact::NotFriend | Fact::NoAccount | Fact::Held(_))
    };
    let words = task.facts.iter().filter(hinders).filter_map(|fact| fact_words(state, fact));
    words.chain([other]).collect::<Vec<_>>().join(" ")
}

fn fact_words(state: &State, fact: &Fact) -> Option<String> {
    let words = match fact {
        Fact::Overdue => Words::Overdue,
        Fact::LateDays(days) => {
            let span = when::span(i64::from(*days) * 1440, state.lang);
            return Some(state.fill(Words::Late, &[("span", &span)]));
        }
        Fact::Copied { by, .. } if state.is_other(by) => {
            return Some(state.fill(Words::FactCopiedBy, &[("by", by)]));
        }
        Fact::Copied { .. } => Words::FactCopied,
        Fact::ChangedSinceCopy => Words::FactCopyOld,
        Fact::Blocked { .. } => Words::FactBlocked,
        Fact::NotFriend => Words::FactNotFriend,
        Fact::NoAccount => Words::FactNoAccount,
        Fact::Held(_) => Words::FactHeld,
        Fact::Moved { .. } => Words::FactMoved,
        // that it is in one's own hands needs no words on each line
        Fact::Claimed { by } if !state.is_other(by) => return None,
        Fact::Claimed { by } => return Some(state.fill(Words::FactClaimed, &[("by", by)])),
        Fact::Edited => Words::FactEdited,
        Fact::Unseen => Words::FactUnseen,
        Fact::Replied(_) => Words::FactReplied,
        Fact::Parts(_, 0 | 1) => return None,
        Fact::Parts(done, all) => return Some(state.fill(Words::FactParts, &[("done", done), ("all", all)])),
        Fact::FollowUp => Words::FactFollowUp,
        Fact::Correction => Words::FactCorrection,
        Fact::AddFriend => Words::FactAddFriend,
        Fact::Upkeep => Words::FactUpkeep,
        // these are said below the text
        Fact::Touched { .. } | Fact::Pace(_) | Fact::Lookalike => return None,
        Fact::Ask => Words::FactAsk,
    };
    Some(state.text(words).to_owned())
}

/// Playbooks: title, how many are in it, what comes next.
pub(super) fn draw_playbooks(state: &State, layout: &Layout, paint: &mut Paint<'_>) -> Position {
    let area = layout.queue;
    let heads =
        [Words::ColumnName, Words::ColumnSteps, Words::ColumnActive, Words::ColumnDue, Words::ColumnNext];
    if draw_empty(state, area, paint) {
        return Position::new(area.x, area.y);
    }
    let cells = |sop: &SopLine| {
        let next = match sop.next_at {
            _ if sop.paused => state.text(Words::Paused).to_owned(),
            Some(at) => state.say_instant(at),
            None => String::new(),
        };
        let active = match sop.in_line {
            0 => sop.active.to_string(),
            waiting => format!("{}+{waiting}", sop.active),
        };
        let once = is_one_off(&sop.id);
        let steps = if once { state.text(Words::OneOff).to_owned() } else { sop.steps.to_string() };
        [sop.title.clone(), steps, active, sop.due.to_string(), next]
    };
    let mut naturals = heads.map(|head| natural(state, state.text(head)));
    for line in measured(&state.main, area.height) {
        let Line::Playbook(sop) = line else { continue };
        for (widest, text) in naturals.iter_mut().zip(cells(sop)) {
            *widest = natural(state, &text).max(*widest);
        }
    }
    let ranks = [9, 4, 6, 8, 7].into_iter().zip([18, 6, 10, 6, 12]);
    let wants: Vec<Want> = (naturals.iter().zip(ranks))
        .map(|(natural, (rank, least))| Want { natural: *natural, least, weight: 1, rank })
        .collect();
    let wide = share(&wants, area.width.saturating_sub(3));
    let mut x = area.x + 3;
    for (words, wide) in heads.into_iter().zip(&wide).filter(|(_, wide)| **wide > 0) {
        x = cell(paint, x, layout.heads.y, *wide, state.text(words), Role::Column);
    }
    let mut cursor = Position::new(area.x, area.y);
    for (shown, at) in (state.main.top..state.main.lines.len()).take(usize::from(area.height)).enumerate() {
        let y = area.y + shown as u16;
        let Some(Line::Playbook(sop)) = state.main.lines.get(at) else { continue };
        let (selected, role) = row_marks(state, Pane::List, area, y, at, paint);
        let mut x = area.x + 3;
        for (text, wide) in cells(sop).iter().zip(&wide).filter(|(_, wide)| **wide > 0) {
            x = cell(paint, x, y, *wide, text, role);
        }
        finish_row(state, Pane::List, area, y, selected, paint);
        if selected {
            cursor = Position::new(area.x, y);
        }
    }
    cursor
}

/// What an empty list says: what is true, why, and the next key. False when there are rows.
pub(super) fn draw_empty(state: &State, area: Rect, paint: &mut Paint<'_>) -> bool {
    if !state.main.lines.is_empty() {
        return false;
    }
    let lines = empty_words(state);
    for (row, line) in lines.iter().enumerate() {
        let y = area.y + row as u16 + 1;
        if y < area.bottom() {
            paint.text(area.x + 3, y, area.width.saturating_sub(4), line, Role::Text);
        }
    }
    let below = area.y + lines.len() as u16 + 1;
    if state.lists_all_owed() && state.main.loaded && below < area.bottom() {
        draw_agenda(state, Rect { y: below, height: area.bottom() - below, ..area }, paint);
    }
    true
}

fn empty_words(state: &State) -> Vec<String> {
    if !state.main.loaded {
        let words = if state.knows_time() { Words::Waiting } else { Words::Connecting };
        return vec![state.text(words).to_owned()];
    }
    let filtered = state.tab().is_some_and(|tab| tab.filter != tab.saved.filter);
    if filtered || state.narrowed.is_some() {
        // Of a mistake there are no rows: what the rows were asked for before is not what stands in the prompt.
        if let Some(Popup::Prompt(prompt)) = state.popups.last()
            && let (PromptKind::Filter { .. }, Some(mistake)) = (&prompt.kind, &prompt.error)
        {
            return vec![mistake.words.clone()];
        }
        // the prompt says the same, in the place of these lines
        if let Some(Popup::Prompt(prompt)) = state.popups.last()
            && (matches!(prompt.kind, PromptKind::Filter { .. }) && !prompt.offers.is_empty())
        {
            return Vec::new();
        }
        let mut lines = vec![state.fill(Words::EmptyFilter, &[("filter", &state.main.spec.filter)])];
        let near = state.near_words();
        lines.extend(near.map(|names| state.fill(Words::EmptyNearest, &[("names", &names)])));
        if state.has_near() {
            lines.push(state.fill(ViewWords::NearHint, &[]));
        }
        lines.extend(state.not_yet_due_words());
        lines.push(state.fill(Words::EmptyEsc, &[]));
        return lines;
    }
    if state.counts.groups == 0 && state.counts.members == 0 {
        return vec![state.fill(Words::EmptyStore, &[])];
    }
    match state.view {
        0 => {
            let counts = [("sent", state.counts.sent_today), ("snoozed", state.counts.snoozed)];
            let mut lines = vec![
                state.fill(Words::EmptyQueue, &[(counts[0].0, &counts[0].1), (counts[1].0, &counts[1].1)]),
            ];
            lines.push(match state.counts.next_at {
                Some(at) => state.fill(Words::EmptyNext, &[("at", &state.say_instant(at))]),
                None => state.text(Words::EmptyNoNext).to_owned(),
            });
            lines
        }
        5 => vec![state.fill(Words::EmptyToAnswer, &[])],
        6 => vec![state.fill(Words::EmptyGroups, &[])],
        7 => vec![state.fill(Words::EmptyMembers, &[])],
        8 => vec![state.fill(Words::EmptySops, &[])],
        at if at == BuiltinView::Accounts as usize => vec![state.fill(ViewWords::EmptyAccounts, &[])],
        _ => {
            let empty = state.text(Words::EmptyView).to_owned();
            [empty].into_iter().chain(state.not_yet_due_words()).collect()
        }
    }
}
