//! `qun tick`: one turn of the tick, for cron and for a store without a running desk.

use std::process::ExitCode;

use super::context::Context;
use super::error::CliError;
use super::session::Session;
use super::{object, status};
use crate::door::{Command, Reply, Request};

pub(super) fn run(context: &mut Context, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let outcome = session.act(Command::Tick, None)?;
    if let Reply::Status(found) = session.ask(Request::Status)?
        && let Some(digest) = &found.digest
        && !as_json
    {
        status::tell_digest(context, digest);
    }
    session.finish()?;
    object::say(context, as_json, &outcome);
    Ok(ExitCode::SUCCESS)
}
