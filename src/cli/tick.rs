//! `qun tick`: one turn of the tick, for cron and for a store without a running desk.

use std::process::ExitCode;

use super::args::TickArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::session::Session;
use super::{object, status};
use crate::door::{Command, RefusalKind, Reply, Request};

pub(super) fn run(context: &mut Context, args: &TickArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    if args.clock_ok {
        session.act(Command::ConfirmClock, None)?;
    }
    let outcome = session.act(Command::Tick, None)?;
    let Reply::Status(found) = session.ask(Request::Status)? else {
        session.finish()?;
        object::say(context, args.json, &outcome);
        return Ok(ExitCode::SUCCESS);
    };
    if let Some(digest) = found.digest.as_ref().filter(|_| !args.json) {
        status::tell_digest(context, digest);
    }
    session.finish()?;
    if let Some(held) = found.held {
        // Nothing came due and a script must know it.
        return Err(CliError::new(Kind::Refused(RefusalKind::Held), held).hint("qun tick --clock-ok"));
    }
    object::say(context, args.json, &outcome);
    Ok(ExitCode::SUCCESS)
}
