//! `qun sop plan`: the dates of an applied playbook, as the desk gives them, or of a file that nobody applied.
//!
//! A file is planned here, without a desk, by the caps and quiet hours that are about everybody, of the store or those
//! that come with the program, in the zone that the file names, else the store's, else this machine's. A mistake in it is told as `sop check` tells it.
//!
//! Times are told in the zone of the rule that brings them, with its offset; where that is another than here it is named.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use chrono_tz::Tz;
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind};
use super::list::short_time;
use super::session::{Session, unexpected, written};
use super::words::Words;
use super::{calendar, json, out, sop, table};
use crate::book::{PlaybookId, Rules, Timestamp, Via};
use crate::desk::view::{exceptions_said, moved_reason};
use crate::door::reply::PlanLine;
use crate::door::{Reply, Request};
use crate::query;

use crate::queue::caps::Count;
use crate::queue::quiet::Quiet;
use crate::sop::calendar::holidays::Holidays;
use crate::sop::calendar::lunar::Customs;
use crate::sop::calendar::{day_start, instant_anchor, plus_days, shift_days};
use crate::sop::filters::check_filter;
use crate::sop::format::{Every, parse_applied};
use crate::sop::grammar::WallTime;
use crate::sop::plan::anchors::{self, Anchors, first_look};
use crate::sop::plan::anybody::{OfAnybody, rules_of_anybody};
use crate::sop::plan::{Limits, Moved, Planning, ROWS_MAX, StepRules, Way, nothing_known};
use crate::sop::schedule::{Course, beginning};
use crate::sop::{Playbook, parse};
use crate::text::lang::Lang;

/// From where to where to plan, in words.
pub(super) struct Span {
    pub anchor: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub days: Option<u32>,
    pub count: Option<usize>,
}

/// From where to where to plan.
pub(super) struct Window {
    pub anchor: Option<Timestamp>,
    pub from: Option<Timestamp>,
    pub until: Timestamp,
    pub rows: u32,
}

/// How far ahead is looked where nothing says so.
const DAYS: u32 = 30;

/// How far ahead so many rows are looked for where nothing else says how far: two hundred years.
const COUNTED_DAYS: u32 = 73_050;

impl Span {
    /// The instants: a day alone begins at its 00:00 and ends with it.
    pub(super) fn window(
        &self,
        now: Timestamp,
        zone: Tz,
        instant: &dyn Fn(&str) -> Result<Timestamp, CliError>,
        playbook: Option<&Playbook>,
        lang: Lang,
    ) -> Result<Window, CliError> {
        let midnight = |at: Timestamp, days| {
            let day = plus_days(at.day(zone), days);
            day_start(day, zone, WallTime::MIDNIGHT)
        };
        let edge = |text: &String, days: i32| {
            let at = instant(text)?;
            Ok::<_, CliError>(if query::names_a_day(text) { midnight(at, days) } else { at })
        };
        let anchor = self.anchor.as_ref().map(|text| anchor(text, now, zone, playbook, lang)).transpose()?;
        let from = self.from.as_ref().map(|text| edge(text, 0)).transpose()?;
        let until = match &self.until {
            // of a week or a month it is the last day; what has been lasts as its first
            Some(text) if query::names_a_day(text) => match query::parse_end(text, now, zone) {
                Ok(last) => Timestamp(midnight(last, 1).0 - 1),
                Err(_) => Timestamp(edge(text, 1)?.0 - 1),
            },
            Some(text) => instant(text)?,
            None => {
                let days = self.days.unwrap_or(if self.count.is_some() { COUNTED_DAYS } else { DAYS });
                let base = from.unwrap_or(now).max(anchor.unwrap_or(from.unwrap_or(now)));
                base + Duration::from_secs(u64::from(days) * 86_400)
            }
        };
        if let (Some(begins), Some(first), Some(last)) = (from, &self.from, &self.until)
            && until < begins
        {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("from", first), ("until", last)];
            return Err(CliError::new(Kind::Usage, Words::PlanBackwards.fill(lang, &values)));
        }
        // one more than is shown tells that there are more
        let rows = self.count.filter(|count| *count <= ROWS_MAX).unwrap_or(ROWS_MAX + 1);
        Ok(Window { anchor, from, until, rows: u32::try_from(rows).unwrap_or(u32::MAX) })
    }

    /// Leaves out what is more than a plan shows, and says so.
    pub(super) fn cut(&self, lines: &mut Vec<PlanLine>, lang: Lang) {
        if lines.len() > ROWS_MAX {
            lines.truncate(ROWS_MAX);
            out::complain(&Words::PlanCut.fill(lang, &[("n", &ROWS_MAX)]));
        }
    }

    /// Up to when years have to be known: where enough rows were found, no later than the last of them.
    pub(super) fn looked_to(&self, lines: &[PlanLine], until: Timestamp) -> Timestamp {
        let enough = self.count.is_some_and(|count| lines.len() >= count);
        lines.last().filter(|_| enough).map_or(until, |last| last.due_at)
    }
}

/// What a playbook counts from, as it is written; a day alone begins with its first step, where the playbook counts.
pub(super) fn anchor(
    text: &str,
    now: Timestamp,
    here: Tz,
    playbook: Option<&Playbook>,
    lang: Lang,
) -> Result<Timestamp, CliError> {
    let read = || query::parse_beginning(text, now, here);
    let at = written(text).map_or_else(read, Ok);
    let at = at.map_err(|error| CliError::new(Kind::Usage, error.message(lang)))?;
    let day = playbook.filter(|_| query::names_a_day(text));
    let begins = |playbook: &Playbook| anchors::from_day(playbook, at.day(here), playbook.tz.unwrap_or(here));
    Ok(day.map_or(at, begins))
}

pub(super) fn of_file(
    context: &mut Context,
    file: &Path,
    span: &Span,
    (rules, here): (Option<&Rules>, Tz),
    as_json: bool,
) -> Result<ExitCode, CliError> {
    let source = sop::read(file, context.lang)?;
    let parsed = parse(&source, &file.display().to_string(), &check_filter);
    let Some(playbook) = parsed.playbook else { return sop::check(context, file, as_json) };
    let holidays =
        if goes_by_workdays(&playbook) { calendar::known(context)?.0 } else { Holidays::default() };
    let now = context.clock.now().wall;
    let zone = playbook.tz.unwrap_or(here);
    let lang = context.lang;
    let instant = |text: &str| {
        written(text).map_or_else(
            || {
                query::parse_moment(text, now, zone)
                    .or_else(|error| query::parse_past(text, now, zone).map_err(|_| error))
                    .map_err(|error| CliError::new(Kind::Usage, error.message(lang)))
            },
            Ok,
        )
    };
    let Window { anchor, from, until, rows } = span.window(now, zone, &instant, Some(&playbook), lang)?;
    let earliest = playbook.steps.iter().map(|step| step.at.days.first()).min().unwrap_or(0).min(0);
    let begun = anchor.map(|at| shift_days(at, earliest, zone));
    let from = from.unwrap_or_else(|| begun.map_or(now, |at| at.min(now)));
    let anchor_given = anchor.is_some();
    let found = if let Some(at) = anchor {
        let of = vec![instant_anchor(String::new(), at, zone, playbook.day_ends)];
        Anchors { of, example: None }
    } else {
        let since = now.min(from).day(zone);
        let window = anchors::Window { now, from, until, since };
        anchors::anchors(&playbook, None, zone, &window, Customs::default())
    };
    let limits = Limits { from, until: Some(until), rows: usize::try_from(rows).unwrap_or(ROWS_MAX) };
    let held: Vec<OfAnybody> = playbook
        .steps
        .iter()
        .map(|step| rules.map(|rules| rules_of_anybody(rules, &playbook, step)).unwrap_or_default())
        .collect();
    let quiet: Vec<[Quiet<'_>; 1]> =
        held.iter().map(|held| [Quiet { zone, hours: &held.hours, calendar: &holidays }]).collect();
    let all_rules = rules;
    let rules: Vec<StepRules<'_>> = held
        .iter()
        .zip(&quiet)
        .map(|(held, quiet)| StepRules {
            quiet,
            caps: &held.caps,
            reach: held.reach,
            passes_by: false,
            fresh: None,
        })
        .collect();
    let mut planning = Planning::new(&|_, _, _| Count::default(), &nothing_known, limits);
    for anchor in &found.of {
        let course = Course { playbook: &playbook, anchor, zone, holidays: &holidays };
        let way = Way::new(course, beginning(), &rules);
        if anchor_given {
            planning.follow(way);
        } else if let Some(looks_at) = first_look(&course, now.min(from)) {
            planning.follow(Way { looks_at, ..way });
        }
    }
    let rows = planning.done();
    let let_off = all_rules.and_then(|rules| exceptions_said(rules, &playbook, &rows, lang));
    let mut lines: Vec<PlanLine> = rows
        .into_iter()
        .map(|row| PlanLine {
            step: row.step,
            occurrence: row.occurrence,
            due_at: row.due_at,
            never: row.reason.as_ref().is_some_and(Moved::is_never),
            until: row.until,
            moved_from: row.moved_from,
            reason: row.reason.map(|moved| moved_reason(&moved, lang)).unwrap_or_default(),
            class: row.class.word().to_owned(),
            via: row.via.word().to_owned(),
        })
        .collect();
    if let (Some(line), Some(day)) = (lines.first_mut(), found.example) {
        let example = Words::PlanExample.fill(lang, &[("day", &day)]);
        line.reason = if line.reason.is_empty() { example } else { format!("{}; {example}", line.reason) };
    }
    if let (Some(line), Some(words)) = (lines.first_mut(), let_off) {
        line.reason = if line.reason.is_empty() { words } else { format!("{}; {words}", line.reason) };
    }
    span.cut(&mut lines, lang);
    if goes_by_workdays(&playbook) {
        let until = span.looked_to(&lines, until);
        calendar::warn_of_unknown(&holidays, from.day(zone), until.day(zone), lang);
    }
    let own = playbook.start.zone().unwrap_or(zone);
    show(context, now, own, here, &lines, as_json)
}

/// True for a playbook that comes round on working days.
pub(super) fn goes_by_workdays(playbook: &Playbook) -> bool {
    playbook.start.recurrence().is_some_and(|recurrence| recurrence.every == Every::Workdays)
}

/// A playbook that is applied.
pub(super) fn applied(session: &mut Session, playbook: &PlaybookId) -> Result<Option<Playbook>, CliError> {
    match session.ask(Request::Playbook(playbook.clone()))? {
        Reply::Sop(detail) => Ok(parse_applied(&detail.toml, &playbook.0)),
        other => Err(unexpected(&other)),
    }
}

/// The zone that a playbook's times are in, where it has one of its own. Says which years of its plan nobody gave, where
/// it goes by them.
pub(super) fn zone_and_warnings(
    session: &mut Session,
    playbook: Option<&Playbook>,
    until: Timestamp,
) -> Result<Option<Tz>, CliError> {
    if playbook.is_some_and(goes_by_workdays) {
        match session.ask(Request::Calendar)? {
            Reply::Calendar { toml } => {
                let (from, until) = (session.now.day(session.zone), until.day(session.zone));
                calendar::warn_of_unknown(&Holidays::from_toml(&toml), from, until, session.lang);
            }
            other => return Err(unexpected(&other)),
        }
    }
    Ok(playbook.and_then(|playbook| playbook.start.zone().or(playbook.tz)))
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
                    "due_at": json::maybe_time(Some(line.due_at).filter(|_| !line.never), zone),
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
        let lang = context.lang;
        let show = |at| short_time(at, now, zone);
        let rows: Vec<_> = lines
            .iter()
            .map(|line| {
                let until = line.until.map_or_else(String::new, show);
                let moved = line.moved_from.map_or_else(String::new, |from| format!("{} -> ", show(from)));
                let due = if line.never { "-".to_owned() } else { show(line.due_at) };
                let via = Via::parse(&line.via).map_or(line.via.as_str(), |via| via.label(lang)).to_owned();
                vec![due, until, line.step.clone(), via, format!("{moved}{}", line.reason)]
            })
            .collect();
        for line in table::aligned(&rows) {
            context.out.line(&line);
        }
    }
    if lines.is_empty() && !as_json {
        let words = Words::PlanNothing.text(context.lang);
        return Err(CliError::new(Kind::Nothing, words).hint("--days 365, --from, --until"));
    }
    Ok(ExitCode::from(if lines.is_empty() { Kind::Nothing.code() } else { 0 }))
}
