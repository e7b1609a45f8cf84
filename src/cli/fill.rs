//! `qun fill`: today's questions of the playbooks, and their answers.

use std::process::ExitCode;

use serde_json::json;

use super::args::FillArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::list::short_time;
use super::session::{Session, unexpected};
use super::words::Words;
use super::{json, object, table};
use crate::door::{Command, Reply, Request};

pub(super) fn run(context: &mut Context, args: FillArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let asks = match session.ask(Request::Asks)? {
        Reply::Asks(asks) => asks,
        other => return Err(unexpected(&other)),
    };
    if let (Some(playbook), Some(key), Some(value)) = (args.playbook, args.key, args.value) {
        let playbook = session.playbook(&playbook)?;
        let group = args.group.as_deref().map(|name| session.group(name)).transpose()?;
        // The run that asks; without one the desk refuses today's by name.
        let run = asks
            .iter()
            .find(|ask| {
                let of_group = ask.group.as_ref().is_none_or(|of| group.is_none_or(|group| of.id == group));
                ask.playbook.id == playbook && ask.key == key && of_group
            })
            .map_or_else(|| session.now.day(session.zone), |ask| ask.run);
        let outcome = session.act(Command::Fill { playbook, run, group, key, value }, None)?;
        session.finish()?;
        object::say(context, args.json, &outcome);
        return Ok(ExitCode::SUCCESS);
    }
    session.finish()?;
    if args.json {
        let rows: Vec<_> = asks
            .iter()
            .map(|ask| {
                json!({
                    "playbook": json::refer(&ask.playbook), "run": ask.run.to_string(), "key": ask.key,
                    "type": ask.kind, "group": json::maybe_refer(ask.group.as_ref()),
                    "by": json::time(ask.by, session.zone), "value": ask.value, "proposed": ask.proposed,
                    "answered": ask.answered,
                })
            })
            .collect();
        context.out.json(json::rows(&rows));
        return Ok(ExitCode::from(if rows.is_empty() { Kind::Nothing.code() } else { 0 }));
    }
    if asks.is_empty() {
        return Err(CliError::new(Kind::Nothing, Words::NoAsks.text(context.lang)));
    }
    let rows: Vec<_> = asks
        .into_iter()
        .map(|ask| {
            let by = short_time(ask.by, session.now, session.zone);
            let group = ask.group.map_or_else(String::new, |group| group.name);
            let value = match (ask.answered, ask.value.is_empty()) {
                (true, true) => Words::FilledNone.text(context.lang).to_owned(),
                (true, false) => format!("{} {}", Words::FilledIn.text(context.lang), ask.value),
                (false, true) => String::new(),
                (false, false) => format!("({})", ask.value),
            };
            vec![by, ask.playbook.id.to_string(), ask.key, group, value]
        })
        .collect();
    for line in table::aligned(&rows) {
        context.out.line(&line);
    }
    Ok(ExitCode::SUCCESS)
}
