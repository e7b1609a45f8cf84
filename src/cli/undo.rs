//! `qun undo`: takes back my last act, or a named one.

use std::process::ExitCode;

use super::args::UndoArgs;
use super::context::Context;
use super::error::CliError;
use super::object;
use super::session::Session;
use crate::door::Command;

pub(super) fn run(context: &mut Context, args: &UndoArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let outcome = session.act(Command::Undo { act: args.act }, None)?;
    session.finish()?;
    object::say(context, args.json, &outcome);
    Ok(ExitCode::SUCCESS)
}
