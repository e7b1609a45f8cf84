//! What the desk lets one choose from: counted with `--dry-run`, else done by the word of the choice.

use std::process::ExitCode;

use serde_json::json;

use super::args::{AccountVerb, Choose, GroupVerb};
use super::context::Context;
use super::error::{CliError, Kind};
use super::session::{Session, unexpected};
use super::table;
use super::words::Words;
use super::{list, object, out, pause};
use crate::door::form::Kind as What;
use crate::door::{Choices, Question, RefusalKind, Reply, Request};

pub(super) fn account(context: &mut Context, verb: AccountVerb) -> Result<ExitCode, CliError> {
    let args = match verb {
        AccountVerb::List(of) => return list::run(context, &of.of("accounts")),
        AccountVerb::Object(verb) => return object::run(context, verb.into_verb()),
        AccountVerb::Lift { id, choose } => {
            let mut session = Session::open(context)?;
            let question = Question::Limit { account: id, what: "lift".to_owned(), until: None };
            return run(context, &mut session, question, "lift", Replace::Known, choose);
        }
        AccountVerb::Limit(args) => args,
    };
    let mut session = Session::open(context)?;
    let until = args.until.as_deref().map(|at| session.moment(at)).transpose()?;
    let word = match args.to.as_deref() {
        Some("") => "move".to_owned(),
        Some(to) => format!("move:{}", session.account(to)?),
        None if args.shift => "shift".to_owned(),
        None if args.cancel => "cancel".to_owned(),
        None => "wait".to_owned(),
    };
    let question = Question::Limit { account: args.id, what: args.what, until };
    let replace = if args.replace { Replace::Known } else { Replace::Refused };
    run(context, &mut session, question, &word, replace, args.choose)
}

pub(super) fn group(context: &mut Context, verb: GroupVerb) -> Result<ExitCode, CliError> {
    match verb {
        GroupVerb::List(of) => list::run(context, &of.of("groups")),
        GroupVerb::Object(verb) => object::run(context, verb.into_verb()),
        GroupVerb::Pause(args) => pause::pause(context, What::Group, &args),
        GroupVerb::Resume(args) => pause::resume(context, What::Group, &args),
        GroupVerb::Move { id, to, copy, merge, choose } => {
            let mut session = Session::open(context)?;
            let word = match (copy, merge) {
                (true, _) => "copy",
                (_, true) => "merge",
                _ => "move",
            };
            run(context, &mut session, Question::Transfer { from: id, to }, word, Replace::Known, choose)
        }
    }
}

/// What is to happen to what stands already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Replace {
    /// Nothing is done without a word.
    Refused,
    /// Whoever asks knows of it, or nothing can be there.
    Known,
}

/// Asks what can be chosen and shows it, or does what the word says.
pub(super) fn run(
    context: &mut Context,
    session: &mut Session,
    question: Question,
    word: &str,
    replace: Replace,
    choose: Choose,
) -> Result<ExitCode, CliError> {
    let choices = look(session, question.clone())?;
    if choose.dry_run {
        session.finish()?;
        show(context, &choices, choose.json);
        return Ok(ExitCode::SUCCESS);
    }
    if let (Replace::Refused, Some(words)) = (replace, &choices.replaces) {
        let hint = Words::ReplaceIt.text(context.lang);
        return Err(CliError::new(Kind::Refused(RefusalKind::State), words.clone()).hint(hint));
    }
    let offered = choices.offered.iter().find(|offered| offered.word == word);
    let command = offered.and_then(|offered| offered.command.clone());
    let Some(command) = command else {
        let message =
            Words::NotOffered.fill(context.lang, &[("text", &word.split(':').next().unwrap_or(word))]);
        return Err(match offered.map(|offered| offered.note.as_str()) {
            // why it cannot be chosen says more than that it cannot
            Some(why) if !why.is_empty() => CliError::new(Kind::Refused(RefusalKind::State), why),
            Some(_) => CliError::new(Kind::Usage, message),
            None => {
                let words = choices.offered.iter().map(|offered| offered.word.clone());
                CliError::new(Kind::Usage, message).hint(words.collect::<Vec<_>>().join(", "))
            }
        });
    };
    let outcome = session.act(*command, None)?;
    // what is ahead is told as the choice has left it
    let ahead =
        if choices.ahead.is_empty() || choose.json { Vec::new() } else { look(session, question)?.ahead };
    session.finish()?;
    object::say(context, choose.json, &outcome);
    for line in &ahead {
        out::complain(line);
    }
    Ok(ExitCode::SUCCESS)
}

fn look(session: &mut Session, question: Question) -> Result<Choices, CliError> {
    match session.ask(Request::Choices(question))? {
        Reply::Choices(choices) => Ok(choices),
        other => Err(unexpected(&other)),
    }
}

fn show(context: &mut Context, choices: &Choices, as_json: bool) {
    if as_json {
        let rows: Vec<_> = choices
            .offered
            .iter()
            .map(|offered| {
                json!({"word": offered.word, "label": offered.label, "n": offered.n, "note": offered.note,
                       "possible": offered.command.is_some()})
            })
            .collect();
        context.out.json(json!({"schema": 1, "row": {
            "title": choices.title, "notes": choices.notes, "choices": rows,
        }}));
        return;
    }
    context.out.line(&choices.title);
    for note in &choices.notes {
        context.out.line(note);
    }
    let rows: Vec<Vec<String>> = choices
        .offered
        .iter()
        .map(|offered| vec![format!("  {}", offered.label), offered.note.clone()])
        .collect();
    for line in table::aligned(&rows) {
        context.out.line(&line);
    }
}
