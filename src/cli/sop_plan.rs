//! `qun sop plan`: the dates of an applied playbook, as the desk gives them, or of a file that nobody applied.
//!
//! A file is planned here, without a desk and without the store's caps and quiet hours, in the zone that the file
//! names or this machine's. A mistake in it is told as `sop check` tells it.
//!
//! Times are told in the zone of the rule that brings them, with its offset; where that is another than here it is named.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use chrono::NaiveDate;
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
use crate::sop::calendar::{day_start, instant_anchor};
use crate::sop::filters::check_filter;
use crate::sop::format::Every;
use crate::sop::grammar::WallTime;
use crate::sop::plan::{Limits, PlanRules, plan};
use crate::sop::schedule::{Course, beginning};
use crate::sop::{Playbook, parse};

/// From where to where to plan, in words.
pub(super) struct Span {
    pub anchor: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub days: Option<u32>,
    pub count: Option<usize>,
}

/// Days of a plan that says nothing of its length.
const DAYS: u32 = 30;

/// How far a plan of so many rows goes at most, in days: two hundred years.
const END_DAYS: u32 = 73_050;

/// A day that stands alone: its first instant, or its last.
pub(super) fn whole_day(text: &str, zone: Tz, last: bool) -> Option<Timestamp> {
    let day: NaiveDate = text.trim().parse().ok()?;
    let start = |day| day_start(day, zone, WallTime::MIDNIGHT);
    Some(if last { Timestamp(start(day.succ_opt()?).0 - 1) } else { start(day) })
}

/// So many days after an instant.
pub(super) fn after_days(at: Timestamp, days: Option<u32>) -> Timestamp {
    at + Duration::from_secs(u64::from(days.unwrap_or(DAYS)) * 86_400)
}

/// Where a plan ends that is as long as its rows.
pub(super) fn without_end(at: Timestamp) -> Timestamp {
    after_days(at, Some(END_DAYS))
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
    let from = span.from.as_ref();
    let from = from.map(|text| whole_day(text, zone, false).map_or_else(|| instant(text), Ok)).transpose()?;
    // what comes round has no beginning of its own: it is planned from where it is asked from
    let recurs = playbook.start.recurrence().is_some();
    let at = span.anchor.as_ref().map(instant).transpose()?;
    let at = at.or(from.filter(|_| recurs)).unwrap_or(now);
    let until = span.until.as_ref();
    let until =
        until.map(|text| whole_day(text, zone, true).map_or_else(|| instant(text), Ok)).transpose()?;
    let first = from.unwrap_or(at).max(at);
    let until = match (until, span.days) {
        (Some(until), _) => until,
        (None, None) if span.count.is_some() => without_end(first),
        (None, days) => after_days(first.max(now), days),
    };
    let from = from.unwrap_or_else(|| at.min(now));
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
    let own = playbook.start.zone().unwrap_or(zone);
    show(context, now, own, crate::clock::zone(), &lines, as_json)
}

/// True for a playbook that comes round on working days.
pub(super) fn goes_by_workdays(playbook: &Playbook) -> bool {
    playbook.start.recurrence().is_some_and(|recurrence| recurrence.every == Every::Workdays)
}

/// The zone that an applied playbook's times are in, where it has one of its own. Says which years of its plan nobody
/// gave, where it goes by them.
pub(super) fn zone_and_warnings(
    session: &mut Session,
    playbook: PlaybookId,
    file: Option<&str>,
    until: Timestamp,
) -> Result<Option<Tz>, CliError> {
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
    Ok(parsed.and_then(|playbook| playbook.start.zone().or(playbook.tz)))
}

/// Writes rows of a plan, in a zone that is named where it is not the one here.
pub(super) fn show(
    context: &mut Context,
    now: Timestamp,
    zone: Tz,
    here: Tz,
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
        if zone != here && !lines.is_empty() {
            context.out.line(&Words::InZone.fill(context.lang, &[("zone", &zone.name())]));
        }
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
