//! `qun import`: reads the user's file here, sends typed rows in bounded chunks, waits until they are in the book, and
//! says what became of them.
//!
//! All or nothing: a cell that is wrong in itself is found here, a row that the book contradicts by a dry run before
//! the promise. With `--rejects` what is good is taken and the rest written there with its reasons.

mod file;
mod reader;
mod tell;
mod words;

use std::io::IsTerminal as _;
use std::process::ExitCode;

pub(super) use file::{not_utf8, unreadable, unwritable};
pub(super) use reader::file_reader;
pub(super) use tell::headers;

use super::args::ImportArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::out::Progress;
use super::session::{Session, unexpected};
use crate::door::reply::{ImportStage, ImportStanding, Outcome};
use crate::door::{Command, Reply, Request};
use crate::exchange::{MemberReader, ReadOptions, Survey, survey_members};
use crate::text::lang::Lang;
use reader::Chunks;
use words::Words;

pub(super) fn run(context: &mut Context, args: &ImportArgs) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let shown = args.file.display().to_string();
    let bytes = file::read(&args.file, lang).map_err(|words| CliError::new(Kind::File, words))?;
    if let Some(path) = &args.rejects
        && file::is_same(path, &args.file)
    {
        let words = Words::RejectsAreTheFile.fill(lang, &[("file", &shown)]);
        return Err(CliError::new(Kind::Usage, words));
    }
    let mut session = Session::open(context)?;
    let options = ReadOptions { zone: args.zone.unwrap_or(session.zone), file: shown, now_ms: session.now.0 };
    let mut survey = survey_members(&bytes, &options, |_| {})
        .map_err(|error| CliError::new(Kind::File, error.sentence(lang)))?;
    tell::problems(context, &options.file, &survey, args.json);
    let partly = args.rejects.is_some();
    if survey.taken == 0 || (!survey.rejects.is_empty() && !partly && !args.dry_run) {
        let words = if survey.taken == 0 { Words::NoGoodRow } else { Words::NothingTaken };
        keep_rejects(context, args, &bytes, &survey)?;
        return Err(nothing_taken(words, args, &options.file, &survey, lang));
    }
    let import = send(&mut session, args, &bytes, &options)?;
    let total = survey.taken;
    let mut progress = Progress::new(!context.plain && std::io::stderr().is_terminal() && !args.json);
    // what the book contradicts stops all of it, or is written to the rejects
    if args.dry_run || !partly {
        session.act(Command::ImportCommit { import, dry_run: true }, None)?;
        let standing = wait(&mut session, import, &mut progress, Words::Checked, lang)?;
        if args.dry_run || standing.report.refused > 0 {
            session.act(Command::ImportDrop { import }, None)?;
            session.finish()?;
            tell::contradicted(&mut survey, &standing.report.conflicts);
            tell::conflicts(&options.file, &survey, &standing.report, lang, args.json);
            if !args.dry_run {
                return Err(nothing_taken(Words::NothingTaken, args, &options.file, &survey, lang));
            }
            keep_rejects(context, args, &bytes, &survey)?;
            tell::report(context, args, &survey, &standing.report, None);
            return Ok(ended(&survey));
        }
    }
    let outcome = session.act(Command::ImportCommit { import, dry_run: false }, None)?;
    let standing = wait(&mut session, import, &mut progress, Words::Written, lang)
        .map_err(|error| promised(error, total, lang))?;
    session.finish()?;
    if standing.stage == ImportStage::Stopped {
        return Err(CliError::new(Kind::File, Words::Stopped.text(lang)));
    }
    tell::contradicted(&mut survey, &standing.report.conflicts);
    tell::conflicts(&options.file, &survey, &standing.report, lang, args.json);
    keep_rejects(context, args, &bytes, &survey)?;
    tell::report(context, args, &survey, &standing.report, outcome.act);
    Ok(ended(&survey))
}

/// Why none was taken. A script gets the first wrong cell with it; a human has read them all above.
fn nothing_taken(words: Words, args: &ImportArgs, file: &str, survey: &Survey, lang: Lang) -> CliError {
    let mut message = words.text(lang).to_owned();
    let first = survey.rejects.first().filter(|_| args.json);
    if let Some(cell) = first {
        message = format!("{}; {message}", tell::place(file, cell, lang));
    }
    let error = CliError::new(Kind::File, message).hint(Words::HowToGoOn.text(lang));
    CliError { line: first.map(|cell| cell.line), ..error }
}

/// Partly done where rows were left out.
fn ended(survey: &Survey) -> ExitCode {
    ExitCode::from(if survey.rejects.is_empty() { 0 } else { 5 })
}

/// The desk is gone after it has promised: the rows are safe, and whoever opens the store goes on.
fn promised(error: CliError, rows: u32, lang: Lang) -> CliError {
    if error.kind != Kind::Desk {
        return error;
    }
    let hint = Words::GoesOn.fill(lang, &[("n", &rows)]);
    error.hint(hint)
}

/// Sends every good row; gives the number of the import.
fn send(
    session: &mut Session,
    args: &ImportArgs,
    bytes: &[u8],
    options: &ReadOptions,
) -> Result<u32, CliError> {
    let begin = Command::ImportBegin {
        file: options.file.clone(),
        account: args.account.as_deref().map(|name| session.account(name)).transpose()?,
        group: args.group.as_deref().map(|name| session.group(name)).transpose()?,
    };
    let begun: Outcome = session.act(begin, None)?;
    let import = begun.import.ok_or_else(|| unexpected(&Reply::Fine))?.import;
    let reader = MemberReader::open(bytes, options)
        .map_err(|error| CliError::new(Kind::File, error.sentence(session.lang)))?;
    for rows in Chunks::new(reader) {
        session.ask(Request::Rows { import, rows })?;
    }
    Ok(import)
}

/// Waits for the desk's slices.
fn wait(
    session: &mut Session,
    import: u32,
    progress: &mut Progress,
    words: Words,
    lang: Lang,
) -> Result<ImportStanding, CliError> {
    loop {
        let Reply::Import(standing) = session.ask(Request::Import(import))? else {
            return Err(unexpected(&Reply::Fine));
        };
        if standing.stage.has_ended() {
            progress.end();
            return Ok(*standing);
        }
        progress.show(&words.fill(lang, &[("done", &standing.done), ("rows", &standing.rows)]));
        session.rest();
    }
}

/// Writes the rows that were not taken, where that was asked for.
fn keep_rejects(context: &Context, args: &ImportArgs, bytes: &[u8], survey: &Survey) -> Result<(), CliError> {
    let Some(path) = &args.rejects else { return Ok(()) };
    file::write_rejects(path, bytes, &survey.rejects, context.lang)
        .map_err(|words| CliError::new(Kind::File, words))
}
