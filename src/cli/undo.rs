//! `qun undo`: takes back my last act, or a named one; `qun redo` does again what the last undo took back.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use super::args::UndoArgs;
use super::context::Context;
use super::error::CliError;
use super::object;
use super::out::Progress;
use super::session::{Session, unexpected};
use crate::book::ActId;
use crate::door::reply::ReversalStanding;
use crate::door::{Command, Reply, Request};

pub(super) fn run(context: &mut Context, args: &UndoArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let act = args.act.as_deref().map(|text| session.act_called(text)).transpose()?;
    carry_out(context, session, Command::Undo { act }, args.json)
}

pub(super) fn redo(context: &mut Context, as_json: bool) -> Result<ExitCode, CliError> {
    let session = Session::open(context)?;
    carry_out(context, session, Command::Redo, as_json)
}

fn carry_out(
    context: &mut Context,
    mut session: Session,
    command: Command,
    as_json: bool,
) -> Result<ExitCode, CliError> {
    let mut outcome = session.act(command, None)?;
    if let Some(undo) = outcome.act.filter(|_| outcome.going_on) {
        let ended = wait(&mut session, undo, context.plain)?;
        outcome.warnings.extend(ended.kept);
        outcome.words = ended.words;
    }
    session.finish()?;
    object::say(context, as_json, &outcome);
    Ok(ExitCode::SUCCESS)
}

/// Waits for the end of an undo that is too much for one turn.
fn wait(session: &mut Session, undo: ActId, plain: bool) -> Result<ReversalStanding, CliError> {
    let mut progress = Progress::new(!plain && std::io::stderr().is_terminal());
    loop {
        let Reply::Reversal(standing) = session.ask(Request::Reversal(undo))? else {
            return Err(unexpected(&Reply::Fine));
        };
        if standing.done >= standing.parts {
            progress.end();
            return Ok(standing);
        }
        progress.show(&format!("{}/{}", standing.done, standing.parts));
        session.rest();
    }
}
