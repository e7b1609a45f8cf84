//! `qun help filters`: every key of the filter language, from the table that reads filters; `qun help` is `--help`.

use std::process::ExitCode;

use clap::{CommandFactory as _, ValueEnum};

use super::args::Cli;
use super::context::Context;
use super::{manual, out, table};
use crate::query::{Key, ValueKind};
use crate::text::lang::Lang;

/// What there is help about.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Topic {
    /// The keys of filters
    Filters,
}

pub(super) fn run(context: &mut Context, topic: Option<Topic>) -> ExitCode {
    match topic {
        None => out::print(&manual::speak(Cli::command(), context.lang).render_help().to_string()),
        Some(Topic::Filters) => {
            for line in
                table::aligned(&Key::ALL.iter().map(|key| row(*key, context.lang)).collect::<Vec<_>>())
            {
                context.out.line(&line);
            }
        }
    }
    ExitCode::SUCCESS
}

/// A key, what it is called, what it finds, and the words that its closed set has.
fn row(key: Key, lang: Lang) -> Vec<String> {
    let label = Some(key.label(lang)).filter(|label| *label != key.word()).unwrap_or_default();
    let words = match key.kind() {
        ValueKind::Words(set) => {
            let words = set.words().into_iter().map(|word| set.label(word, lang));
            format!(": {}", words.collect::<Vec<_>>().join(" "))
        }
        _ => String::new(),
    };
    vec![key.word().to_owned(), label.to_owned(), format!("{}{words}", key.doc(lang))]
}
