//! `qun tick`: one turn of the tick, for cron and for a store without a running desk.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::TickArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::session::Session;
use super::{object, status};
use crate::door::{Command, RefusalKind, Reply, Request};

pub(super) fn run(context: &mut Context, args: &TickArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    if args.clock_ok {
        let confirmed = session.act(Command::ConfirmClock, None)?;
        if !args.json {
            object::say(context, false, &confirmed);
        }
    }
    let outcome = session.act(Command::Tick, None)?;
    let asked = session.now;
    // what an absence brought is told when all of it is there
    let found = loop {
        let Reply::Status(found) = session.ask(Request::Status)? else {
            session.finish()?;
            object::say(context, args.json, &outcome);
            return Ok(ExitCode::SUCCESS);
        };
        let ticked = session.ticked_at.is_some_and(|at| at >= asked);
        if ticked || found.held.is_some() || !found.writable {
            break found;
        }
        session.rest();
    };
    session.finish()?;
    if let Some(held) = found.held {
        // Nothing came due and a script must know it.
        return Err(CliError::new(Kind::Refused(RefusalKind::Held), held).hint("qun tick --clock-ok"));
    }
    if args.json {
        let mut row = object::row(&outcome);
        row["digest"] = found.digest.as_ref().map_or(Value::Null, status::digest_row);
        context.out.json(json!({"schema": 1, "row": row}));
    } else {
        if let Some(digest) = &found.digest {
            status::tell_digest(context, digest);
        }
        object::say(context, false, &outcome);
    }
    Ok(ExitCode::SUCCESS)
}
