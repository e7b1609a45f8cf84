//! `qun undo`: takes back my last act, or a named one; `qun redo` does again what the last undo took back.

use std::process::ExitCode;

use super::args::UndoArgs;
use super::context::Context;
use super::error::CliError;
use super::object;
use super::session::Session;
use crate::door::Command;

pub(super) fn run(context: &mut Context, args: &UndoArgs) -> Result<ExitCode, CliError> {
    act(context, Command::Undo { act: args.act }, args.json)
}

pub(super) fn redo(context: &mut Context, as_json: bool) -> Result<ExitCode, CliError> {
    act(context, Command::Redo, as_json)
}

fn act(context: &mut Context, command: Command, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let outcome = session.act(command, None)?;
    session.finish()?;
    object::say(context, as_json, &outcome);
    Ok(ExitCode::SUCCESS)
}
