//! `qun calendar`: festivals, solar terms, lunar dates, working days; and the years that a store is given.
//!
//! Listing needs no store: the years that came with the program hold where there is none.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{Datelike as _, NaiveDate};
use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind};
use super::session::{Session, unexpected};
use super::{json, object, out, sop, table};
use crate::door::{Command, Reply, Request};
use crate::sop::calendar::festivals::festivals_of;
use crate::sop::calendar::holidays::{self, Holidays};
use crate::sop::calendar::lunar::{LunarDate, YEAR_MAX, YEAR_MIN};
use crate::sop::calendar::said::said;
use crate::sop::calendar::terms::term_of;
use crate::text::lang::Lang;

/// The most days of one listing: a century.
const DAYS_MAX: i64 = 36_600;

crate::words! {
    enum Words {
        Off { name } => ["休 {name}", "休 {name}", "off {name}"],
        Work => ["班", "班", "work"],
        Unknown { years } => [
            "{years} 年的放假调休未知，不算工作日；公布后用 qun calendar import 导入",
            "{years} 年的放假調休未知，不算工作日；公布後用 qun calendar import 匯入",
            "the working days of {years} are unknown and none; qun calendar import FILE gives them",
        ],
        NoLunar { first, last } => [
            "农历和节气只有 {first} 到 {last} 年的", "農曆和節氣只有 {first} 到 {last} 年的",
            "lunar dates and solar terms are known for {first} to {last} only",
        ],
        TooLong { limit } => ["最多 {limit} 天", "最多 {limit} 天", "at most {limit} days"],
        Turned => ["--from 在 --until 之后", "--from 在 --until 之後", "--from lies after --until"],
        Monday => ["周一", "週一", "Mon"],
        Tuesday => ["周二", "週二", "Tue"],
        Wednesday => ["周三", "週三", "Wed"],
        Thursday => ["周四", "週四", "Thu"],
        Friday => ["周五", "週五", "Fri"],
        Saturday => ["周六", "週六", "Sat"],
        Sunday => ["周日", "週日", "Sun"],
    }
}

const WEEKDAYS: [Words; 7] = [
    Words::Monday,
    Words::Tuesday,
    Words::Wednesday,
    Words::Thursday,
    Words::Friday,
    Words::Saturday,
    Words::Sunday,
];

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct CalendarArgs {
    #[command(subcommand)]
    verb: Option<CalendarVerb>,
    /// All of a year; this one if nothing is said
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1..=9999))]
    year: Option<i32>,
    /// From this day, such as 2026-11-26
    #[arg(long, value_name = "DAY", conflicts_with = "year", requires = "until")]
    from: Option<NaiveDate>,
    /// Up to this day
    #[arg(long, value_name = "DAY", conflicts_with = "year", requires = "from")]
    until: Option<NaiveDate>,
    /// A row for every day
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum CalendarVerb {
    /// Give the store statutory holidays and make-up days of further years
    Import {
        file: PathBuf,
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(context: &mut Context, args: CalendarArgs) -> Result<ExitCode, CliError> {
    if let Some(CalendarVerb::Import { file, json }) = args.verb {
        return import(context, &file, json);
    }
    let (holidays, today) = known(context)?;
    let (from, until) = match (args.from, args.until, args.year.unwrap_or_else(|| today.year())) {
        (Some(from), Some(until), _) => (from, until),
        (_, _, year) => (day(year, 1, 1), day(year, 12, 31)),
    };
    if from > until {
        return Err(CliError::new(Kind::Usage, Words::Turned.text(context.lang)));
    }
    if (until - from).num_days() >= DAYS_MAX {
        return Err(CliError::new(Kind::Usage, Words::TooLong.fill(context.lang, &[("limit", &DAYS_MAX)])));
    }
    let days = from.iter_days().take_while(|day| *day <= until);
    if args.json {
        let rows: Vec<_> = days
            .map(|day| {
                json!({
                    "date": day.to_string(),
                    "lunar": LunarDate::of(day).map(LunarDate::words),
                    "festivals": festivals_of(day),
                    "solar_term": term_of(day),
                    "off": holidays.is_off(day),
                    "makeup": holidays.is_makeup(day),
                })
            })
            .collect();
        context.out.json(json::rows(&rows));
        warn_of_lunar(from, until, context.lang);
        warn_of_unknown(&holidays, from, until, context.lang);
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<_> = days.filter_map(|day| line(day, &holidays, context.lang)).collect();
    for line in table::aligned(&rows) {
        context.out.line(&line);
    }
    warn_of_lunar(from, until, context.lang);
    warn_of_unknown(&holidays, from, until, context.lang);
    Ok(ExitCode::SUCCESS)
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// A line for a day on which there is something.
fn line(day: NaiveDate, holidays: &Holidays, lang: Lang) -> Option<Vec<String>> {
    let named: Vec<String> =
        festivals_of(day).into_iter().chain(term_of(day)).map(|name| said(name, lang)).collect();
    let off = match holidays.holiday(day) {
        Some(name) => Words::Off.fill(lang, &[("name", &said(name, lang))]).trim_end().to_owned(),
        None if holidays.is_makeup(day) => Words::Work.text(lang).to_owned(),
        None => String::new(),
    };
    if named.is_empty() && off.is_empty() {
        return None;
    }
    let weekday = WEEKDAYS.get(day.weekday().num_days_from_monday() as usize)?.text(lang);
    let lunar = LunarDate::of(day).map(|date| date.said(lang)).unwrap_or_default();
    let between = if lang == Lang::En { ", " } else { " " };
    Some(vec![day.to_string(), weekday.to_owned(), lunar, named.join(between), off])
}

/// Says which years of a span nobody gave.
pub(super) fn warn_of_unknown(holidays: &Holidays, from: NaiveDate, until: NaiveDate, lang: Lang) {
    let unknown: Vec<i32> = (from.year()..=until.year()).filter(|year| !holidays.knows(*year)).collect();
    let years = match unknown.as_slice() {
        [] => return,
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
    };
    out::complain(&Words::Unknown.fill(lang, &[("years", &years)]));
}

/// Says that a span goes beyond what the lunar calendar is known of.
fn warn_of_lunar(from: NaiveDate, until: NaiveDate, lang: Lang) {
    if LunarDate::of(from).is_none() || LunarDate::of(until).is_none() {
        out::complain(&Words::NoLunar.fill(lang, &[("first", &YEAR_MIN), ("last", &YEAR_MAX)]));
    }
}

/// The working days that the store knows, and what day it is there; without a store what the program knows.
pub(super) fn known(context: &Context) -> Result<(Holidays, NaiveDate), CliError> {
    if !context.store.path().exists() && context.socket.is_none() {
        let today = context.clock.now().wall.day(crate::clock::zone());
        return Ok((Holidays::default(), today));
    }
    let mut session = Session::open(context)?;
    let toml = match session.ask(Request::Calendar)? {
        Reply::Calendar { toml } => toml,
        other => return Err(unexpected(&other)),
    };
    let today = session.now.day(session.zone);
    session.finish()?;
    Ok((Holidays::from_toml(&toml), today))
}

fn import(context: &mut Context, file: &Path, as_json: bool) -> Result<ExitCode, CliError> {
    let toml = sop::read(file, context.lang)?;
    if let Err(problem) = holidays::read(&toml) {
        let message = format!("{}: {}", file.display(), problem.words(context.lang));
        let (line, column) = (Some(problem.line), Some(problem.column));
        return Err(CliError { line, column, ..CliError::new(Kind::File, message) });
    }
    let mut session = Session::open(context)?;
    let outcome = session.act(Command::SetCalendar { toml }, None)?;
    session.finish()?;
    object::say(context, as_json, &outcome);
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }
}
