//! `qun help filters`: every key of the filter language, from the table that reads filters; `qun help import`: every header
//! of a file of members, from the table that reads them; `qun help` is `--help`.

use std::process::ExitCode;

use clap::CommandFactory as _;

use super::args::Cli;
use super::context::Context;
use super::error::{CliError, Kind};
use super::{manual, out, table};
use crate::query::{Key, ValueKind};
use crate::text::lang::Lang;

/// The topic that is no command: the keys of filters.
const FILTERS: &str = "filters";

/// How wide lists of words are, in columns.
const WIDTH: usize = 78;

crate::words! {
    enum Words {
        NoTopic { topic, near } => [
            "没有「{topic}」的帮助{near}; 可用: filters 和各个命令", "沒有「{topic}」的說明{near}; 可用: filters 和各個命令",
            "there is no help on {topic}{near}; there is filters, and every command has its own",
        ],
        Near { near } => ["，是 {near} 吗", "，是 {near} 嗎", ", {near} perhaps"],
    }
}

/// The help of the program, of a command (`sop plan` in two words), or of a topic.
///
/// # Errors
/// Neither a command nor a topic.
pub(super) fn run(context: &mut Context, topic: &[String]) -> Result<ExitCode, CliError> {
    if topic == [FILTERS] {
        for line in table::aligned(&Key::ALL.iter().map(|key| row(*key, context.lang)).collect::<Vec<_>>()) {
            context.out.line(&line);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut found = manual::speak(Cli::command(), context.lang);
    found.build();
    for word in topic {
        let names: Vec<String> = found.get_subcommands().map(|of| of.get_name().to_owned()).collect();
        if !names.contains(word) {
            let known = names.iter().map(String::as_str).chain([FILTERS]);
            let near = crate::text::near::nearest(word, known, 1).first().map(|near| (*near).to_owned());
            let near =
                near.map(|near| Words::Near.fill(context.lang, &[("near", &near)])).unwrap_or_default();
            let message = Words::NoTopic.fill(context.lang, &[("topic", &topic.join(" ")), ("near", &near)]);
            return Err(CliError::new(Kind::Usage, message));
        }
        let Some(next) = found.find_subcommand(word).cloned() else { break };
        found = next;
    }
    let import = topic == ["import"];
    out::print(&if topic.is_empty() { found.render_help() } else { found.render_long_help() }.to_string());
    if import {
        context.out.line("");
        for line in super::import::headers(WIDTH, context.lang) {
            context.out.line(&line);
        }
    }
    Ok(ExitCode::SUCCESS)
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
