//! `qun log`: what was done, newest first.

use std::process::ExitCode;

use serde_json::json;

use super::args::LogArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::list::short_time;
use super::session::{Session, unexpected};
use super::words::Words;
use super::{json, table};
use crate::door::{Reply, Request};

pub(super) fn run(context: &mut Context, args: &LogArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let entries = match session.ask(Request::Log { before: None, limit: args.limit, mine: args.mine })? {
        Reply::Log(entries) => entries,
        other => return Err(unexpected(&other)),
    };
    session.finish()?;
    if args.json {
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| {
                json!({
                    "act_id": entry.act.to_string(), "at": json::time(entry.at, session.zone), "by": entry.by,
                    "words": entry.words, "undone": entry.undone, "undoable": entry.undoable,
                    "undoes": entry.undoes,
                })
            })
            .collect();
        context.out.json(json::rows(&rows));
        return Ok(ExitCode::from(if rows.is_empty() { Kind::Nothing.code() } else { 0 }));
    }
    if entries.is_empty() {
        return Err(CliError::new(Kind::Nothing, Words::Nothing.text(context.lang)));
    }
    let rows: Vec<_> = entries
        .into_iter()
        .map(|entry| {
            let undone = match (entry.undone, entry.undoes) {
                (true, true) => Words::TakenBack.text(context.lang),
                (true, false) => Words::Undone.text(context.lang),
                (false, _) => "",
            };
            let at = short_time(entry.at, session.now, session.zone);
            vec![entry.act.to_string(), at, entry.by, undone.to_owned(), entry.words]
        })
        .collect();
    for line in table::aligned(&rows) {
        context.out.line(&line);
    }
    Ok(ExitCode::SUCCESS)
}
