//! `qun compose`: one text to whatever a filter matches, at one time; looked at first, and withdrawn whole.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono_tz::Tz;
use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind};
use super::list::{Beside, short_time};
use super::session::{Session, unexpected};
use super::{json, object, out, sop, table, view};
use crate::book::{Class, PlaybookId, Timestamp};
use crate::door::command::Command;
use crate::door::compose::{Compose, ComposeReport, Finding, is_one_off};
use crate::door::form::Kind as Form;
use crate::door::line::Lines;
use crate::door::reply::Outcome;
use crate::door::request::ListSpec;
use crate::door::{Reply, Request};
use crate::text::lang::Lang;

crate::words! {
    enum Words {
        Missing { option } => ["还要写 {option}", "還要寫 {option}", "{option} is missing"],
        Accounts { names } => ["发出账号: {names}", "發出帳號: {names}", "said by: {names}"],
        Reads => ["第一条这样写:", "第一則這樣寫:", "the first one reads:"],
        When { at, until } => ["到点 {at}, 截止 {until}", "到點 {at}, 截止 {until}", "due {at}, until {until}"],
        Begins { at } => ["到点 {at}", "到點 {at}", "due {at}"],
        Found { n, what, names } => ["{n} 个{what}: {names}", "{n} 個{what}: {names}", "{n} {what}: {names}"],
        Withdraw { id } => ["要撤回: qun compose withdraw {id}", "要撤回: qun compose withdraw {id}", "to withdraw: qun compose withdraw {id}"],
        Nothing => ["没有一次性的消息", "沒有一次性的訊息", "there is no one-off"],
    }
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct ComposeArgs {
    #[command(subcommand)]
    verb: Option<ComposeVerb>,
    /// To whom: a filter over members, or over groups with --groups
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    to: Option<String>,
    /// Said in the groups that the filter matches
    #[arg(long)]
    groups: bool,
    /// When: 明天 9点, fri 10:00, +2h
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// When it is over; it stays until somebody ends it if left out
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// A file with the text; - for standard input
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// What it is called; the beginning of the text if left out
    #[arg(long)]
    title: Option<String>,
    /// marketing, care, service or incident
    #[arg(long, value_parser = class, default_value = "marketing")]
    class: Class,
    /// Our account that says it; whichever knows them if left out
    #[arg(long, value_name = "ACCOUNT")]
    from: Option<String>,
    /// Only say whom it reaches and what would keep it back
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum ComposeVerb {
    /// Take one back whole: what nobody has sent is cancelled
    Withdraw {
        /// Its id, or what it is called
        id: String,
        #[arg(long)]
        json: bool,
    },
    /// One-offs that are planned or not sent yet
    List {
        #[arg(long)]
        json: bool,
    },
}

fn class(text: &str) -> Result<Class, String> {
    let words = || Class::ALL.iter().map(|class| class.word()).collect::<Vec<_>>().join(", ");
    Class::parse(text).ok_or_else(words)
}

pub(super) fn run(context: &mut Context, args: ComposeArgs) -> Result<ExitCode, CliError> {
    match args.verb {
        Some(ComposeVerb::Withdraw { id, json }) => withdraw(context, &id, json),
        Some(ComposeVerb::List { json }) => list(context, json),
        None => compose(context, args),
    }
}

fn compose(context: &mut Context, args: ComposeArgs) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let missing =
        |option: &str| CliError::new(Kind::Usage, Words::Missing.fill(lang, &[("option", &option)]));
    let to = args.to.ok_or_else(|| missing("--to"))?;
    let at = args.at.ok_or_else(|| missing("--at"))?;
    let text = written(&args.text.ok_or_else(|| missing("--text"))?, lang)?;
    let kind = if args.groups { Form::Group } else { Form::Member };
    let mut session = Session::open(context)?;
    let filter = view::sent(&mut session, &to, kind)?;
    let compose = Compose {
        title: args.title.unwrap_or_default(),
        to: kind,
        filter,
        at: session.begin(&at)?,
        until: args.until.as_deref().map(|until| session.end(until)).transpose()?,
        text,
        class: args.class,
        account: args.from,
    };
    // Whom it reaches and what would keep it back is said before anything is made.
    let looked = session.act(Command::Compose { compose: compose.clone(), dry_run: true }, None)?;
    let reaches = looked.compose.as_ref().map_or(0, |report| report.matched);
    let gets = looked.compose.as_ref().map_or(0, |report| report.gets);
    // whom nobody knows waits for that; a text that can be filled for none of them, that is over before any of them could
    // be told, or that can be said in none of the groups, is a slip
    let unsaid = looked.compose.iter().flat_map(|report| &report.found);
    let unsaid =
        unsaid.filter(|found| matches!(found.finding, Finding::Blocked | Finding::Late | Finding::Closed));
    let unsaid = unsaid.map(|found| found.n).sum::<u32>();
    let zone = session.zone;
    if args.dry_run || reaches == unsaid {
        session.finish()?;
        say(context, &looked, &compose, zone, args.json);
        return Ok(match (reaches, gets) {
            (0, _) => ExitCode::from(Kind::Nothing.code()),
            // there are some, and none of them can get it
            (_, 0) => ExitCode::FAILURE,
            _ => ExitCode::SUCCESS,
        });
    }
    let made = session.act(Command::Compose { compose: compose.clone(), dry_run: false }, None)?;
    session.finish()?;
    if args.json {
        let report = match (looked.compose, made.compose.as_ref()) {
            (Some(looked), Some(made)) => {
                Some(Box::new(ComposeReport { id: made.id.clone(), gets: made.gets, ..*looked }))
            }
            (_, made) => made.cloned(),
        };
        say(context, &Outcome { compose: report, ..made }, &compose, zone, true);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(report) = &looked.compose {
        for line in told(report, lang) {
            out::complain(&line);
        }
    }
    object::say(context, false, &made);
    out::complain(&when(&compose, zone, lang));
    if let Some(id) = made.compose.and_then(|report| report.id) {
        out::complain(&Words::Withdraw.fill(lang, &[("id", &id)]));
    }
    Ok(ExitCode::SUCCESS)
}

/// The text of a file, or of standard input.
fn written(file: &Path, lang: Lang) -> Result<String, CliError> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| CliError::new(Kind::File, error))?;
        return Ok(text);
    }
    sop::read(file, lang)
}

/// What a look at it found, a line each.
fn told(report: &ComposeReport, lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> = report
        .found
        .iter()
        .map(|found| {
            let names = found.names();
            let what = found.finding.label(lang);
            Words::Found.fill(lang, &[("n", &found.n), ("what", &what), ("names", &names)])
        })
        .collect();
    if !report.accounts.is_empty() {
        let names: Vec<_> = report.accounts.iter().map(|(name, n)| format!("{name} {n}")).collect();
        lines.push(Words::Accounts.fill(lang, &[("names", &names.join(", "))]));
    }
    lines
}

/// When it is due, and until when it stands.
fn when(compose: &Compose, zone: Tz, lang: Lang) -> String {
    let shown = |at: Timestamp| at.local(zone).format("%Y-%m-%d %H:%M").to_string();
    let at = shown(compose.at);
    match compose.until {
        Some(until) => Words::When.fill(lang, &[("at", &at), ("until", &shown(until))]),
        None => Words::Begins.fill(lang, &[("at", &at)]),
    }
}

fn say(context: &mut Context, outcome: &Outcome, compose: &Compose, zone: Tz, as_json: bool) {
    let lang = context.lang;
    let report = outcome.compose.as_deref().cloned().unwrap_or_default();
    if as_json {
        let found: Vec<_> = report
            .found
            .iter()
            .map(|found| json!({"what": found.finding.word(), "n": found.n, "named": found.named}))
            .collect();
        let accounts: Vec<_> =
            report.accounts.iter().map(|(name, n)| json!({"name": name, "n": n})).collect();
        context.out.json(json::row(&json!({
            "id": report.id.as_ref().map(ToString::to_string), "title": report.title, "at": json::time(compose.at, zone),
            "matched": report.matched, "gets": report.gets, "text": report.text, "found": found,
            "accounts": accounts, "words": outcome.words, "warnings": outcome.warnings,
            "act_id": outcome.act.map(|act| act.to_string()),
        })));
        return;
    }
    context.out.line(&outcome.words);
    context.out.line(&when(compose, zone, lang));
    for line in told(&report, lang) {
        context.out.line(&line);
    }
    if !report.text.is_empty() {
        context.out.line(Words::Reads.text(lang));
        context.out.lines(&report.text);
    }
    for warning in &outcome.warnings {
        out::complain(warning);
    }
}

fn withdraw(context: &mut Context, text: &str, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let id: PlaybookId = session.playbook(text)?;
    let outcome = session.act(Command::ComposeWithdraw { id }, None)?;
    session.finish()?;
    object::say(context, as_json, &outcome);
    Ok(ExitCode::SUCCESS)
}

fn list(context: &mut Context, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let list = ListSpec::of(Form::Playbook, "");
    let lines = match session.ask(Request::List { list, first: 0, rows: 5_000, texts: false })? {
        Reply::Window(window) => window.lines,
        other => return Err(unexpected(&other)),
    };
    let (now, zone) = (session.now, session.zone);
    session.finish()?;
    let Lines::Playbooks(mut lines) = lines else { return Ok(ExitCode::SUCCESS) };
    lines.retain(|line| is_one_off(&line.id));
    if as_json {
        let rows: Vec<_> = lines.iter().map(|line| json::sop(line, zone)).collect();
        context.out.json(json::rows(&rows));
    } else {
        let rows: Vec<_> = lines
            .iter()
            .map(|line| {
                let next = line.next_at.map_or_else(String::new, |at| {
                    Beside::NextAt.fill(context.lang, &[("at", &short_time(at, now, zone))])
                });
                let to_come = Beside::Inside.fill(context.lang, &[("n", &line.active)]);
                let due = match line.due {
                    0 => String::new(),
                    n => Beside::Due.fill(context.lang, &[("n", &n)]),
                };
                vec![line.id.to_string(), line.title.clone(), to_come, due, next]
            })
            .collect();
        for line in table::aligned(&rows) {
            context.out.line(&line);
        }
    }
    match (lines.is_empty(), as_json) {
        (false, _) => Ok(ExitCode::SUCCESS),
        (true, true) => Ok(ExitCode::from(Kind::Nothing.code())),
        (true, false) => Err(CliError::new(Kind::Nothing, Words::Nothing.text(context.lang))),
    }
}
