//! `qun snippet`: 话术 kept, listed, filled for somebody, and carried from file to file.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind};
use super::list::{Beside, short_time};
use super::session::{Session, unexpected};
use super::words::Words;
use super::{json, object, sop, table};
use crate::book::{ObjectId, Snippet};
use crate::door::detail::SnippetView;
use crate::door::line::LineId;
use crate::door::{Command, RefusalKind, Reply, Request};
use crate::exchange::{read_snippets, snippets_to_markdown, snippets_to_toml};

/// The most that one answer of the desk holds.
const LIMIT: u16 = u16::MAX;

#[derive(Debug, Subcommand)]
pub(super) enum SnippetVerb {
    /// Keep a text to use again; read from standard input without --text
    Add {
        /// What it is found by
        name: String,
        /// The text, with variables such as {{ name }}
        #[arg(long)]
        text: Option<String>,
        /// Tags, separated by commas
        #[arg(long, value_delimiter = ',')]
        tags: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    /// Change what is given
    Set {
        /// What it is called now
        name: String,
        /// What it shall be called
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        /// The text, with variables such as {{ name }}
        #[arg(long)]
        text: Option<String>,
        /// Tags, separated by commas
        #[arg(long, value_delimiter = ',')]
        tags: Option<Vec<String>>,
        #[arg(long)]
        json: bool,
    },
    /// All, or those that a word or a #tag finds
    List {
        /// A word of the name, the tags or the text, also in pinyin
        #[arg(default_value = "", hide_default_value = true)]
        words: String,
        #[arg(long)]
        json: bool,
    },
    /// Print one, ready to be sent
    Show {
        /// What it is found by
        name: String,
        /// Filled for this member or group
        #[arg(long, value_name = "NAME")]
        to: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Take one away; `qun undo` brings it back
    Rm {
        /// What it is called now
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Keep all of a file, TOML or Markdown; those of the same name are replaced
    Import {
        file: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Print all as TOML, or as Markdown
    Export {
        /// As Markdown, to be written in any editor
        #[arg(long)]
        markdown: bool,
    },
}

pub(super) fn run(context: &mut Context, verb: SnippetVerb) -> Result<ExitCode, CliError> {
    match verb {
        SnippetVerb::Add { name, text, tags, json } => {
            let text = text.map_or_else(typed, Ok)?;
            let session = Session::open(context)?;
            object::act(
                context,
                session,
                Command::SnippetSet { before: None, snippet: Snippet { name, tags, text } },
                json,
            )
        }
        SnippetVerb::Set { name, rename, text, tags, json } => {
            let mut session = Session::open(context)?;
            let known = named(&mut session, &name)?;
            let snippet = Snippet {
                name: rename.unwrap_or_else(|| known.name.clone()),
                tags: tags.unwrap_or(known.tags),
                text: text.unwrap_or(known.text),
            };
            object::act(context, session, Command::SnippetSet { before: Some(known.name), snippet }, json)
        }
        SnippetVerb::List { words, json } => list(context, &words, json),
        SnippetVerb::Show { name, to, json } => show(context, &name, to.as_deref(), json),
        SnippetVerb::Rm { name, json } => {
            let session = Session::open(context)?;
            object::act(context, session, Command::SnippetRemove { name }, json)
        }
        SnippetVerb::Import { file, json } => import(context, &file, json),
        SnippetVerb::Export { markdown } => {
            let mut session = Session::open(context)?;
            let all: Vec<Snippet> =
                found(&mut session, "", None)?.iter().map(|view| Snippet::from_page(&view.page)).collect();
            session.finish()?;
            let text = if markdown { snippets_to_markdown(&all) } else { snippets_to_toml(&all) };
            context.out.lines(&text);
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// What stands on standard input.
fn typed() -> Result<String, CliError> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| CliError::new(Kind::File, error))?;
    Ok(text)
}

fn found(session: &mut Session, text: &str, on: Option<ObjectId>) -> Result<Vec<SnippetView>, CliError> {
    let request = Request::Snippets { text: text.to_owned(), on, limit: LIMIT };
    match session.ask(request)? {
        Reply::Snippets(found) => Ok(found),
        other => Err(unexpected(&other)),
    }
}

/// The one of a name.
fn named(session: &mut Session, name: &str) -> Result<Snippet, CliError> {
    let found = found(session, name, None)?;
    let all = || found.iter().map(|view| Snippet::from_page(&view.page));
    let exact = all().find(|snippet| snippet.name == name);
    let lang = session.lang;
    match (exact, found.as_slice()) {
        (Some(snippet), _) => Ok(snippet),
        (None, [one]) => Ok(Snippet::from_page(&one.page)),
        (None, []) => Err(CliError::new(Kind::Nothing, Words::Nothing.text(lang))),
        (None, _) => {
            let names: Vec<String> = all().take(5).map(|snippet| snippet.name).collect();
            let words = Words::Ambiguous.fill(lang, &[("text", &name)]);
            Err(CliError::new(Kind::Refused(RefusalKind::Ambiguous), words).hint(names.join(", ")))
        }
    }
}

fn list(context: &mut Context, words: &str, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let found = found(&mut session, words, None)?;
    let (now, zone) = (session.now, session.zone);
    session.finish()?;
    if as_json {
        let rows: Vec<_> = found
            .iter()
            .map(|view| {
                json!({
                    "name": view.name, "tags": view.tags, "text": Snippet::from_page(&view.page).text,
                    "used": view.used, "used_at": view.used_at.map(|at| json::time(at, zone)),
                })
            })
            .collect();
        context.out.json(json::rows(&rows));
    } else {
        let rows: Vec<_> = found
            .iter()
            .map(|view| {
                let tags: Vec<String> = view.tags.iter().map(|tag| format!("#{tag}")).collect();
                let first = view.show.lines().next().unwrap_or_default().to_owned();
                let used = Beside::Used.fill(context.lang, &[("n", &view.used)]);
                let last = view.used_at.map_or_else(String::new, |at| {
                    Beside::LastAt.fill(context.lang, &[("at", &short_time(at, now, zone))])
                });
                vec![view.name.clone(), tags.join(" "), used, last, first]
            })
            .collect();
        for line in table::aligned(&rows) {
            context.out.line(&line);
        }
    }
    match (found.is_empty(), as_json) {
        (false, _) => Ok(ExitCode::SUCCESS),
        (true, true) => Ok(ExitCode::from(Kind::Nothing.code())),
        (true, false) => Err(CliError::new(Kind::Nothing, Words::Nothing.text(context.lang))),
    }
}

fn show(context: &mut Context, name: &str, to: Option<&str>, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let name = named(&mut session, name)?.name;
    let on = to.map(|to| session.find_any(to)).transpose()?.and_then(|id| match id {
        LineId::Object(object) => Some(object),
        LineId::Playbook(_) => None,
    });
    let found = found(&mut session, &name, on)?;
    session.finish()?;
    let Some(view) = found.into_iter().find(|view| Snippet::from_page(&view.page).name == name) else {
        return Err(CliError::new(Kind::Nothing, Words::Nothing.text(context.lang)));
    };
    if as_json {
        context.out.json(json!({"schema": 1, "row": {
            "name": view.name, "tags": view.tags, "text": view.copy, "blocked": view.blocked, "used": view.used,
        }}));
        return Ok(ExitCode::SUCCESS);
    }
    match (view.copy, view.blocked) {
        (Some(text), _) => {
            context.out.lines(&text);
            Ok(ExitCode::SUCCESS)
        }
        // what is not filled in is nothing to send; as it was written it stands in a list of them
        (None, why) if to.is_none() => {
            let hint = Words::NeedsOption.fill(context.lang, &[("option", &"--to")]);
            let why = why.unwrap_or_default();
            Err(CliError::new(Kind::Refused(RefusalKind::Blocked), why).hint(hint))
        }
        (None, why) => Err(CliError::new(Kind::Refused(RefusalKind::Blocked), why.unwrap_or_default())),
    }
}

fn import(context: &mut Context, file: &Path, as_json: bool) -> Result<ExitCode, CliError> {
    let text = sop::read(file, context.lang)?;
    let snippets = read_snippets(&text).map_err(|error| {
        let message = format!("{}: {}", file.display(), error.words(context.lang));
        CliError {
            line: Some(error.line),
            column: error.column.or(Some(1)),
            ..CliError::new(Kind::File, message)
        }
    })?;
    let session = Session::open(context)?;
    object::act(context, session, Command::SnippetsImport { snippets }, as_json)
}
