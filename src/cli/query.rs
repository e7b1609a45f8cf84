//! `qun query explain` and `qun count`: what a filter means, and how many it finds.

use std::process::ExitCode;

use chrono_tz::Tz;
use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind};
use super::out;
use super::session::{Session, unexpected};
use super::sop::zone_here;
use super::words::Words;
use super::{view, views_file};
use crate::book::Timestamp;
use crate::door::form::Kind as Form;
use crate::door::request::ListSpec;
use crate::door::views::named_filters;
use crate::door::{Reply, Request};
use crate::query::{self, Scope, SubjectKind};
use crate::text::lang::Lang;

#[derive(Debug, Subcommand)]
pub(super) enum QueryVerb {
    /// Say in words what a filter finds, or where its mistake is; needs no desk
    Explain {
        /// A filter, such as 'state:due group:宠友'
        #[arg(allow_hyphen_values = true)]
        filter: String,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct CountArgs {
    /// tasks, members, groups, accounts or sops; or the name of a view
    #[arg(default_value = "tasks", value_name = "WHAT")]
    what: String,
    /// A filter, such as 'state:due group:宠友'
    #[arg(short, long, default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    pub filter: String,
    #[arg(long)]
    json: bool,
}

/// A filter that does not parse, with its column and what was expected.
fn wrong(error: &query::QueryError, lang: Lang) -> CliError {
    let hint = error.choices(lang).unwrap_or_default();
    let column = u32::try_from(error.column).ok();
    CliError { column, ..CliError::new(Kind::Usage, error.message(lang)).hint(hint) }
}

/// The rows of a kind as filters know them.
pub(super) const fn rows_of(kind: Form) -> Option<SubjectKind> {
    match kind {
        Form::Task => Some(SubjectKind::Task),
        Form::Group => Some(SubjectKind::Group),
        Form::Member => Some(SubjectKind::Member),
        _ => None,
    }
}

/// Refuses a filter that a list of rows would refuse as well, before anything is opened for it; what rows there are may
/// not be known yet.
pub(super) fn check_for(filter: &str, rows: Option<Form>, lang: Lang) -> Result<(), CliError> {
    let query = query::parse(filter).map_err(|error| wrong(&error, lang))?;
    let Some(kind) = rows.and_then(rows_of) else { return Ok(()) };
    // what a view of the store stands for its desk knows
    let kind = Some(kind).filter(|_| query.views().next().is_none());
    kind.map_or(Ok(()), |kind| query.check_for(Scope::Rows(kind)).map_err(|error| wrong(&error, lang)))
}

pub(super) fn run(context: &mut Context, verb: &QueryVerb) -> Result<ExitCode, CliError> {
    let QueryVerb::Explain { filter, json } = verb;
    let lang = context.lang;
    let query = query::parse(filter).map_err(|error| wrong(&error, lang))?;
    // days are counted from where the store's clock stands; without a store, or where it does not answer, from here
    let mut session = view::opened(context).unwrap_or_else(|_| None);
    if query.views().next().is_some() {
        // a list would refuse a view that is not there, or that leads back to itself
        views_file::load(lang)?.check_unknown(query.views())?;
        let all = match &mut session {
            Some(session) => view::all(session)?,
            None => view::all_known(context)?,
        };
        let saved = all.iter().filter(|(origin, _)| *origin != view::Origin::Builtin).map(|(_, view)| view);
        query.with_views(&named_filters(saved)).map_err(|error| wrong(&error, lang))?;
    }
    let (now, zone) = match &mut session {
        Some(session) => {
            session.finish()?;
            (session.now, session.zone)
        }
        None => (context.clock.now().wall, zone_here(context)),
    };
    let words = query.explain(lang, now, zone);
    if *json {
        context.out.json(json!({"schema": 1, "row": {
            "filter": query.to_text(), "words": words,
            "hints": query.hints(lang),
            "keys": query.keys().iter().map(|key| key.word()).collect::<Vec<_>>(),
        }}));
    } else {
        context.out.line(&words);
        for hint in query.hints(lang) {
            context.out.line(&Words::HintLine.fill(lang, &[("hint", &hint)]));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints how many match. None at all has the exit code of a list without rows, so that a prompt can ask by it alone.
pub(super) fn count(context: &mut Context, args: &CountArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let (list, _) = super::list::rows_or_view(&mut session, &args.what, &args.filter)?;
    let not_yet = not_yet_due(&list.filter, session.now, session.zone, context.lang);
    let counted = match session.ask(Request::Count { lists: vec![list.clone()] })? {
        Reply::Counted(counted) => counted.first().copied().unwrap_or_default(),
        other => return Err(unexpected(&other)),
    };
    let near = if counted == 0 { near(&mut session, list)? } else { None };
    session.finish()?;
    if args.json {
        context.out.json(json!({"schema": 1, "row": {"count": counted}}));
    } else {
        context.out.line(&counted.to_string());
    }
    // nothing was found, most likely because something was meant otherwise: a list says the same
    if counted == 0 {
        for hint in meant_otherwise(&args.filter, context.lang).into_iter().chain(near).chain(not_yet) {
            out::complain(&hint);
        }
    }
    Ok(ExitCode::from(if counted == 0 { Kind::Nothing.code() } else { 0 }))
}

/// The names that come near those in a filter that finds nothing.
fn near(session: &mut Session, list: ListSpec) -> Result<Option<String>, CliError> {
    let filter = list.filter.clone();
    match session.ask(Request::List { list, first: 0, rows: 1, texts: false })? {
        Reply::Window(window) => Ok(super::list::names_near(&window.nearest, &filter, session.lang)),
        other => Err(unexpected(&other)),
    }
}

/// Where what comes due stands that a filter asks for; none where it asks for nothing of the kind.
pub(super) fn not_yet_due(filter: &str, now: Timestamp, zone: Tz, lang: Lang) -> Option<String> {
    let asks = query::parse(filter).is_ok_and(|query| query.asks_ahead(now, zone));
    asks.then(|| Words::NotYetDue.text(lang).to_owned())
}

/// What is meant by a day where rows or a view are named: there is no task before it is due. None where a text is no day.
pub(super) fn of_a_day(text: &str, lang: Lang) -> Option<CliError> {
    let words = || Words::IsDay.fill(lang, &[("day", &text)]);
    query::names_days(text).then(|| {
        let due = format!("qun list tasks -f due:{text}");
        CliError::new(Kind::Usage, words()).hint(format!("{due}; {}", Words::NotYetDue.text(lang)))
    })
}

/// What in a filter may have been meant otherwise, a sentence each; nothing of one that has a mistake, which is told apart.
pub(super) fn meant_otherwise(filter: &str, lang: Lang) -> Vec<String> {
    query::parse(filter).map(|query| query.hints(lang)).unwrap_or_default()
}
