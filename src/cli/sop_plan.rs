//! `qun sop plan`: the dates of an applied playbook, as the desk gives them, or of a file that nobody applied.
//!
//! A file is planned here, without a desk and without the store's caps and quiet hours, in the zone that the file
//! names or this machine's. A mistake in it is told as `sop check` tells it.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use chrono_tz::Tz;
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind};
use super::list::short_time;
use super::session::{Session, unexpected};
use super::words::Words;
use super::{calendar, json, sop, table};
use crate::book::{PlaybookId, Timestamp};
use crate::door::reply::PlanLine;
use crate::door::{Reply, Request};
use crate::query;
use crate::sop::calendar::holidays::Holidays;
use crate::sop::calendar::instant_anchor;
use crate::sop::filters::check_filter;
use crate::sop::format::Every;
use crate::sop::plan::{Limits, PlanRules, plan};
use crate::sop::schedule::{Course, beginning};
use crate::sop::{Playbook, parse};

/// From where to where to plan, in words.
pub(super) struct Span {
    pub anchor: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub days: u32,
    pub count: Option<usize>,
}

/// Rows of one plan.
const ROWS_MAX: usize = 5_000;

pub(super) fn of_file(
    context: &mut Context,
    file: &Path,
    span: &Span,
    as_json: bool,
) -> Result<ExitCode, CliError> {
    let source = sop::read(file, context.lang)?;
    let parsed = parse(&source, &file.display().to_string(), &check_filter);
    let Some(playbook) = parsed.playbook else { return sop::check(context, file, as_json) };
    let holidays =
        if goes_by_workdays(&playbook) { calendar::known(context)?.0 } else { Holidays::default() };
    let now = context.clock.now().wall;
    let zone = playbook.tz.unwrap_or_else(crate::clock::zone);
    let lang = context.lang;
    let instant = |text: &String| {
        let written = chrono::DateTime::parse_from_rfc3339(text.trim()).ok();
        let written = written.map(|at| Timestamp(at.timestamp_millis()));
        written.map_or_else(
            || {
                query::parse_moment(text, now, zone)
                    .or_else(|error| query::parse_past(text, now, zone).map_err(|_| error))
                    .map_err(|error| CliError::new(Kind::Usage, error.message(lang)))
            },
            Ok,
        )
    };
    let at = span.anchor.as_ref().map(instant).transpose()?.unwrap_or(now);
    let until = span.until.as_ref().map(instant).transpose()?;
    let until = until.unwrap_or_else(|| at.max(now) + Duration::from_secs(u64::from(span.days) * 86_400));
    let from = span.from.as_ref().map(instant).transpose()?.unwrap_or_else(|| at.min(now));
    let anchor = instant_anchor(String::new(), at, zone, playbook.day_ends);
    let course = Course { playbook: &playbook, anchor: &anchor, zone, holidays: &holidays };
    let limits = Limits { from, until: Some(until), rows: span.count.unwrap_or(ROWS_MAX).min(ROWS_MAX) };
    let lines: Vec<PlanLine> = plan(&course, &beginning(), &PlanRules::default(), limits)
        .into_iter()
        .map(|row| PlanLine {
            step: row.step,
            occurrence: row.occurrence,
            due_at: row.due_at,
            until: row.until,
            moved_from: row.moved_from,
            // without rules nothing else moves a step or lets it expire
            reason: row.reason.map_or_else(String::new, |_| Words::AnchorLater.text(lang).to_owned()),
            class: row.class.word().to_owned(),
            via: row.via.word().to_owned(),
        })
        .collect();
    if goes_by_workdays(&playbook) {
        calendar::warn_of_unknown(&holidays, from.day(zone), until.day(zone), lang);
    }
    show(context, now, zone, &lines, as_json)
}

/// True for a playbook that comes round on working days.
pub(super) fn goes_by_workdays(playbook: &Playbook) -> bool {
    playbook.start.recurrence().is_some_and(|recurrence| recurrence.every == Every::Workdays)
}

/// Says which years of a plan nobody gave, for an applied playbook that goes by them.
pub(super) fn warn(
    session: &mut Session,
    playbook: PlaybookId,
    file: Option<&str>,
    until: Timestamp,
) -> Result<(), CliError> {
    let applied = match file {
        Some(_) => String::new(),
        None => match session.ask(Request::Playbook(playbook))? {
            Reply::Sop(detail) => detail.toml,
            other => return Err(unexpected(&other)),
        },
    };
    let parsed = parse(file.unwrap_or(&applied), "", &check_filter).playbook;
    if parsed.as_ref().is_some_and(goes_by_workdays) {
        match session.ask(Request::Calendar)? {
            Reply::Calendar { toml } => {
                let (from, until) = (session.now.day(session.zone), until.day(session.zone));
                calendar::warn_of_unknown(&Holidays::from_toml(&toml), from, until, session.lang);
            }
            other => return Err(unexpected(&other)),
        }
    }
    Ok(())
}

/// Writes rows of a plan.
pub(super) fn show(
    context: &mut Context,
    now: Timestamp,
    zone: Tz,
    lines: &[PlanLine],
    as_json: bool,
) -> Result<ExitCode, CliError> {
    if as_json {
        let rows: Vec<_> = lines
            .iter()
            .map(|line| {
                json!({
                    "step": line.step, "occurrence": line.occurrence.to_string(),
                    "due_at": json::time(line.due_at, zone),
                    "until": json::maybe_time(line.until, zone),
                    "moved_from": json::maybe_time(line.moved_from, zone),
                    "reason": line.reason, "class": line.class, "via": line.via,
                })
            })
            .collect();
        context.out.json(json::rows(&rows));
    } else {
        let show = |at| short_time(at, now, zone);
        let rows: Vec<_> = lines
            .iter()
            .map(|line| {
                let until = line.until.map_or_else(String::new, show);
                let moved = line.moved_from.map_or_else(String::new, |from| format!("{} -> ", show(from)));
                vec![
                    show(line.due_at),
                    until,
                    line.step.clone(),
                    line.via.clone(),
                    format!("{moved}{}", line.reason),
                ]
            })
            .collect();
        for line in table::aligned(&rows) {
            context.out.line(&line);
        }
    }
    if lines.is_empty() && !as_json {
        return Err(CliError::new(Kind::Nothing, Words::Nothing.text(context.lang)));
    }
    Ok(ExitCode::from(if lines.is_empty() { Kind::Nothing.code() } else { 0 }))
}
