//! `qun list`: rows that match a filter.
//!
//! One file because what is listed and how a row of each kind reads is one command.

use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use chrono_tz::Tz;
use serde_json::Value;

use super::args::{ListArgs, list_kind};
use super::context::Context;
use super::error::{CliError, Kind};
use super::list_columns::{self, Shown};
use super::session::{Session, unexpected};
use super::words::Words;
use super::{json, list_csv, table, view};
use crate::book::view::{Column, Listed};
use crate::book::{TaskId, TaskState, Timestamp};
use crate::door::compose::is_one_off;
use crate::door::detail::TaskText;
use crate::door::form::{GroupStateWord, Kind as What};
use crate::door::line::{Fact, Lines, TaskLine};
use crate::door::reply::Window;
use crate::door::request::{ListSpec, Sort};
use crate::door::{Reply, Request};
use crate::query;
use crate::text::lang::Lang;
use crate::text::{near, width};

/// Rows of one request.
const PAGE: u32 = 2_000;
/// Columns of a text that are read at a glance.
const GLANCE: usize = 60;

pub(super) fn run(context: &mut Context, args: &ListArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let (list, columns) = wanted(&mut session, args)?;
    // as in a view, 0 is all
    let limit = args.limit.filter(|limit| *limit > 0).unwrap_or(u32::MAX);
    if args.csv && list.kind != What::Member {
        return Err(CliError::new(Kind::Usage, Words::CsvOfMembers.text(context.lang)));
    }
    let mut members = Vec::new();
    let (mut rows, mut cells, mut nearest) = (Vec::new(), Vec::new(), Vec::new());
    let mut first = 0;
    while first < limit {
        let page = PAGE.min(limit - first);
        let request = Request::List { list: list.clone(), first, rows: page, texts: args.json || args.tsv };
        let mut window = match session.ask(request)? {
            Reply::Window(window) => window,
            other => return Err(unexpected(&other)),
        };
        if args.tsv {
            whole_texts(&mut window);
        } else if !args.json {
            beginnings(&mut window);
        }
        let got = if args.json {
            let before = rows.len();
            rows.extend(json_rows(&window, session.zone));
            rows.len() - before
        } else if let (Lines::Members(lines), true) = (&window.lines, args.csv) {
            for line in lines {
                members.extend(list_csv::rows_of(&mut session, line.id)?);
            }
            lines.len()
        } else {
            let before = cells.len();
            let shown = Shown { now: session.now, zone: session.zone, lang: context.lang };
            cells.extend(match columns.as_slice() {
                [] => text_rows(&window.lines, session.now, session.zone, context.lang),
                columns => list_columns::rows(&window.lines, columns, shown),
            });
            cells.len() - before
        };
        nearest.clone_from(&window.nearest);
        first = first.saturating_add(got as u32);
        if got == 0 || first >= window.total {
            break;
        }
    }
    let not_yet = super::query::not_yet_due(&list.filter, session.now, session.zone, context.lang);
    let zone = session.zone;
    session.finish()?;
    if args.json {
        context.out.json(json::rows(&rows));
    } else if args.csv {
        list_csv::write(context, &members, zone);
    } else if args.tsv {
        for row in &cells {
            context.out.line_of_cells(&table::tabbed(row));
        }
    } else {
        if std::io::stdout().is_terminal() && !args.no_headings && !cells.is_empty() {
            cells.insert(0, headings(list.kind, &columns, context.lang));
        }
        for line in table::aligned(&cells) {
            context.out.line(&line);
        }
    }
    if first > 0 {
        return Ok(ExitCode::SUCCESS);
    }
    if args.json {
        return Ok(ExitCode::from(Kind::Nothing.code()));
    }
    // what may have been meant otherwise is said first: it finds nothing because of that, most likely
    let meant = super::query::meant_otherwise(&args.filter, context.lang);
    let near = names_near(&nearest, &list.filter, context.lang);
    let hint = meant.into_iter().chain(near).chain(not_yet).collect::<Vec<_>>().join("\n  ");
    Err(CliError::new(Kind::Nothing, Words::Nothing.text(context.lang)).hint(hint))
}

/// The names that come near those in a filter that found nothing, as such; none where there are none. What was written is
/// there, and of it nothing is in the list.
pub(super) fn names_near(nearest: &[String], filter: &str, lang: Lang) -> Option<String> {
    let near: Vec<&str> = nearest.iter().map(String::as_str).filter(|name| !filter.contains(name)).collect();
    (!near.is_empty()).then(|| Words::NamesNear.fill(lang, &[("near", &near.join(", "))]))
}

/// Rows of a kind by their word, or those of a view by its name, of which a filter leaves some; and the view's columns.
///
/// # Errors
/// Neither of that name, or a view of the user's own that cannot be used here.
pub(super) fn rows_or_view(
    session: &mut Session,
    what: &str,
    filter: &str,
) -> Result<(ListSpec, Vec<Column>), CliError> {
    let lang = session.lang;
    if let Ok(kind) = list_kind(what) {
        let filter = view::sent(session, filter, kind)?;
        return Ok((ListSpec { kind, filter, sort: Sort::Natural, limit: None }, Vec::new()));
    }
    let (_, view) = match view::named(session, what) {
        Ok(found) => found,
        Err(error) if matches!(error.kind, Kind::Nothing) => {
            return Err(super::query::of_a_day(what, lang).unwrap_or_else(|| unknown(session, what, error)));
        }
        Err(error) => return Err(error),
    };
    let own = view::list_of(&view, lang)?;
    let filter = view::sent(session, filter, own.kind)?;
    // What was typed stands first, so that the columns of its mistakes are true.
    let filter = match (filter.trim(), own.filter.trim()) {
        ("", own) => own.to_owned(),
        (typed, "") => typed.to_owned(),
        (typed, own) => query::both(typed, own),
    };
    Ok((ListSpec { filter, ..own }, view.columns))
}

/// What is to be listed: rows of a kind, or those of a view and of them what the filter leaves.
fn wanted(session: &mut Session, args: &ListArgs) -> Result<(ListSpec, Vec<Column>), CliError> {
    let lang = session.lang;
    let (list, columns) = rows_or_view(session, &args.what, &args.filter)?;
    // whoever says how many rows says it in the view's place
    let limit = list.limit.filter(|_| args.limit.is_none());
    let list = ListSpec { sort: args.sort.unwrap_or(list.sort), limit, ..list };
    if let Some(kind) = list.kind.listed().filter(|kind| !kind.sorts().contains(&list.sort)) {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("kind", &kind.label(lang)), ("sort", &list.sort), ("sorts", &kind.sort_words())];
        return Err(CliError::new(Kind::Usage, Words::NoSort.fill(lang, &values)));
    }
    let chosen = if args.columns.is_empty() { columns } else { args.columns.clone() };
    let known = list.kind.listed().map(Listed::columns).unwrap_or_default();
    if let Some(column) = chosen.iter().find(|column| !known.contains(column)) {
        let names: Vec<_> = known.iter().map(|column| column.word()).collect();
        let words = Words::NoColumn.fill(lang, &[("column", column)]);
        return Err(CliError::new(Kind::Usage, words).hint(names.join(", ")));
    }
    Ok((list, chosen))
}

/// Puts the whole text in the place of its beginning: a table for programs is cut nowhere.
fn whole_texts(window: &mut Window) {
    let Lines::Tasks(lines) = &mut window.lines else { return };
    let texts = texts_of(&window.texts);
    for line in lines {
        let text = texts.get(&line.id);
        if let Some(text) = text.filter(|text| !text.parts.is_empty()) {
            let parts: Vec<&str> = text.parts.iter().map(|part| part.show.as_str()).collect();
            line.summary = parts.join("\n");
        }
    }
}

/// Texts by their tasks.
fn texts_of(texts: &[TaskText]) -> HashMap<TaskId, &TaskText> {
    texts.iter().map(|text| (text.task, text)).collect()
}

/// As much of texts as is read at a glance.
fn beginnings(window: &mut Window) {
    let Lines::Tasks(lines) = &mut window.lines else { return };
    for line in lines {
        line.summary = width::truncate(&line.summary, GLANCE).into_owned();
    }
}

/// What `qun list` knows: kinds and views, the nearest first.
fn unknown(session: &mut Session, what: &str, error: CliError) -> CliError {
    const KINDS: [&str; 5] = ["tasks", "members", "groups", "accounts", "sops"];
    let Ok(all) = view::all(session) else { return error };
    let views: Vec<&str> = all.iter().map(|(_, view)| view.name.as_str()).collect();
    let lang = session.lang;
    let (kinds, names) = (KINDS.join(" "), views.join(" "));
    let there = Words::CanList.fill(lang, &[("kinds", &kinds), ("views", &names)]);
    let near = near::nearest(what, KINDS.into_iter().chain(views), 1);
    let hint = near.first().map_or_else(
        || there.clone(),
        |near| format!("{}; {there}", Words::ListNear.fill(lang, &[("near", near)])),
    );
    error.hint(hint)
}

/// What stands above the columns, on a terminal.
fn headings(kind: What, columns: &[Column], lang: Lang) -> Vec<String> {
    let chosen: &[Column] = match (columns, kind) {
        ([], What::Task) => {
            &[Column::Id, Column::State, Column::Due, Column::Account, Column::Whom, Column::Text]
        }
        ([], What::Group) => &[
            Column::Id,
            Column::Name,
            Column::Account,
            Column::Count,
            Column::Owed,
            Column::Tags,
            Column::State,
        ],
        ([], What::Member) => {
            &[Column::Id, Column::Name, Column::Stage, Column::Group, Column::Spent, Column::Tags]
        }
        (columns, _) => columns,
    };
    let own = match (columns, kind) {
        ([], What::Account) => Some(Words::HeadAccounts),
        ([], What::Playbook) => Some(Words::HeadSops),
        _ => None,
    };
    match own {
        Some(words) => words.text(lang).split(' ').map(str::to_owned).collect(),
        None => chosen.iter().map(|column| column.label(lang).to_owned()).collect(),
    }
}

fn json_rows(window: &Window, zone: Tz) -> Vec<Value> {
    match &window.lines {
        Lines::Tasks(lines) => {
            let texts = texts_of(&window.texts);
            lines.iter().map(|line| json::task(line, texts.get(&line.id).copied(), zone)).collect()
        }
        Lines::Groups(lines) => lines.iter().map(|line| json::group(line, zone)).collect(),
        Lines::Members(lines) => lines.iter().map(|line| json::member(line, zone)).collect(),
        Lines::Accounts(lines) => lines.iter().map(json::account).collect(),
        Lines::Playbooks(lines) => lines.iter().map(|line| json::sop(line, zone)).collect(),
    }
}

crate::words! {
    /// What stands beside a number of a row.
    pub(super) enum Beside {
        Once => ["一次性", "一次性", "one-off"],
        Steps { n } => ["{n} 步", "{n} 步", "{n} steps"],
        Inside { n } => ["在走 {n}", "進行 {n}", "{n} in it"],
        Due { n } => ["待发 {n}", "待發 {n}", "{n} due"],
        Groups { n } => ["{n} 群", "{n} 群", "{n} groups"],
        Used { n } => ["用过 {n} 次", "用過 {n} 次", "used {n} times"],
        LastAt { at } => ["上次 {at}", "上次 {at}", "last {at}"],
        ChangedSinceCopy => ["复制后改过", "複製後改過", "changed since copied"],
        Paused => ["[停发]", "[停發]", "[paused]"],
        PausedUntil { at } => ["[停发到 {at}]", "[停發到 {at}]", "[paused until {at}]"],
        NextAt { at } => ["下次 {at}", "下次 {at}", "next {at}"],
    }
}

fn text_rows(lines: &Lines, now: Timestamp, zone: Tz, lang: Lang) -> Vec<Vec<String>> {
    let due = |n: u32| if n == 0 { String::new() } else { Beside::Due.fill(lang, &[("n", &n)]) };
    match lines {
        Lines::Tasks(lines) => lines.iter().map(|line| task_row(line, now, zone, lang)).collect(),
        Lines::Groups(lines) => lines
            .iter()
            .map(|line| {
                let heads = line.head_count.map_or_else(String::new, |heads| match line.capacity {
                    0 => heads.to_string(),
                    capacity => format!("{heads}/{capacity}"),
                });
                let account = line.account.as_ref().map_or_else(String::new, |account| account.name.clone());
                let tags = line.tags.join(" ");
                let is_live = line.state == GroupStateWord::Live.label(lang);
                let state = if is_live { String::new() } else { line.state.clone() };
                vec![line.id.short(), line.name.clone(), account, heads, due(line.due), tags, state]
            })
            .collect(),
        Lines::Members(lines) => lines
            .iter()
            .map(|line| {
                let stage = line.stage.map_or("", |stage| stage.label(lang)).to_owned();
                let groups = line.groups.first().map_or_else(String::new, |group| group.name.clone());
                let spent = if line.orders == 0 { String::new() } else { line.spent.to_string() };
                let name = if line.remark.is_empty() {
                    line.name.clone()
                } else {
                    format!("{} ({})", line.remark, line.name)
                };
                let paused = line.pause.map(|pause| match pause.until {
                    Some(at) => Beside::PausedUntil.fill(lang, &[("at", &short_time(at, now, zone))]),
                    None => Beside::Paused.text(lang).to_owned(),
                });
                let words: Vec<String> = paused.into_iter().chain(line.tags.iter().cloned()).collect();
                vec![line.id.short(), name, stage, groups, spent, words.join(" ")]
            })
            .collect(),
        Lines::Accounts(lines) => lines
            .iter()
            .map(|line| {
                let platform = line.platform.label(lang).to_owned();
                let groups = Beside::Groups.fill(lang, &[("n", &line.groups)]);
                vec![line.id.short(), line.name.clone(), platform, groups, due(line.due), line.health.clone()]
            })
            .collect(),
        Lines::Playbooks(lines) => lines
            .iter()
            .map(|line| {
                let steps = if is_one_off(&line.id) {
                    Beside::Once.text(lang).to_owned()
                } else {
                    Beside::Steps.fill(lang, &[("n", &line.steps)])
                };
                let active = Beside::Inside.fill(lang, &[("n", &line.active)]);
                let next = match line.next_at {
                    _ if line.paused => Words::PausedSop.text(lang).to_owned(),
                    Some(at) => Beside::NextAt.fill(lang, &[("at", &short_time(at, now, zone))]),
                    None => String::new(),
                };
                vec![line.id.to_string(), line.title.clone(), steps, active, due(line.due), next]
            })
            .collect(),
    }
}

/// Where a task stands; of one that is to be copied anew before it is sent, that.
pub(super) fn state_words(line: &TaskLine, lang: Lang) -> &'static str {
    if line.facts.contains(&Fact::ChangedSinceCopy) {
        return Beside::ChangedSinceCopy.text(lang);
    }
    line.state.label(lang)
}

fn task_row(line: &TaskLine, now: Timestamp, zone: Tz, lang: Lang) -> Vec<String> {
    let account = line.account.as_ref().map_or_else(String::new, |account| account.name.clone());
    let mark = if line.facts.contains(&Fact::Overdue) { "!" } else { "" };
    let due = format!("{}{mark}", short_time(comes_at(line), now, zone));
    // a held one is not to be sent, whatever its state
    let held = line.state.is_open() && line.facts.iter().any(|fact| matches!(fact, Fact::Held(_)));
    let blocks = |fact: &Fact| matches!(fact, Fact::Blocked { .. } | Fact::NotFriend | Fact::NoAccount);
    let blocked = line.state == TaskState::Due && line.facts.iter().any(blocks);
    let state = match (held, blocked) {
        (true, _) => query::Fact::Held.label(lang),
        (false, true) => query::Fact::Blocked.label(lang),
        (false, false) => state_words(line, lang),
    };
    let state = state.to_owned();
    vec![line.id.short(), state, due, account, line.target_name.clone(), line.summary.clone()]
}

/// When a task is to be done: what is snoozed, when it comes back.
pub(super) fn comes_at(line: &TaskLine) -> Timestamp {
    line.snoozed_until.filter(|_| line.state == TaskState::Snoozed).unwrap_or(line.due_at)
}

/// `09:30` today, `03-04 09:30` on other days of this year, else with the year.
pub(super) fn short_time(at: Timestamp, now: Timestamp, zone: Tz) -> String {
    use chrono::Datelike as _;
    let (at, now) = (at.local(zone), now.local(zone));
    let format = if at.date_naive() == now.date_naive() {
        "%H:%M"
    } else if at.year() == now.year() {
        "%m-%d %H:%M"
    } else {
        "%Y-%m-%d %H:%M"
    };
    at.format(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<Beside>(), Vec::<String>::new());
    }

    #[test]
    fn times_are_as_short_as_they_can_be() {
        let now = Timestamp(1_772_413_200_000);
        let check = |hours: i64, expected: &str| {
            let at = Timestamp(now.0 + hours * 3_600_000);
            assert_eq!(short_time(at, now, Tz::Asia__Shanghai), expected);
        };
        check(1, "10:00");
        check(-10, "03-01 23:00");
        check(24 * 400, "2027-04-06 09:00");
    }
}
