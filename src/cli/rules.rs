//! `qun rules`: the store's caps, quiet hours and zone.
//!
//! The journal's last applied version is the truth, the file beside it is what people edit; the desk reads it by
//! itself when it has changed. `check` needs no desk.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::Datelike as _;
use clap::Subcommand;
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind};
use super::rules_file;
use super::session::{Session, unexpected};
use super::{calendar, json, object, out, sop};
use crate::door::{Command, Reply, Request};
use crate::queue::rules::{self, Problem, RulesWords};
use crate::text::lang::Lang;

crate::words! {
    enum Words {
        Whole { caps, quiet } => [
            "没有错误: {caps} 条上限, {quiet} 段免打扰", "沒有錯誤: {caps} 條上限, {quiet} 段免打擾",
            "no mistakes: {caps} caps, {quiet} quiet hours",
        ],
        Differs { path } => [
            "{path} 与生效的规则不同，没有应用", "{path} 與生效的規則不同，沒有套用",
            "{path} says something else than the rules that hold, and is not applied",
        ],
        ApplyHint => ["应用它: qun rules apply", "套用它: qun rules apply", "to apply it: qun rules apply"],
        NotCopied { path, error } => [
            "已应用，但没能写入 {path}: {error}", "已套用，但沒能寫入 {path}: {error}", "applied, but {path} cannot be written: {error}",
        ],
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesVerb {
    /// Print the rules that hold
    Show {
        #[arg(long)]
        json: bool,
    },
    /// Explain the first mistake in a file; needs no desk
    Check {
        /// The file beside the journal if left out
        file: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Apply a file now; it becomes the one beside the journal
    Apply {
        /// The file beside the journal if left out
        file: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Print the rules of a new store, with a comment beside each key
    Default,
}

pub(super) fn run(context: &mut Context, verb: RulesVerb) -> Result<ExitCode, CliError> {
    match verb {
        RulesVerb::Show { json } => show(context, json),
        RulesVerb::Check { file, json } => {
            let file = file.unwrap_or_else(|| context.store.rules_file());
            check(context, &file, json)
        }
        RulesVerb::Apply { file, json } => apply(context, file, json),
        RulesVerb::Default => {
            let zone = crate::clock::zone().name().to_owned();
            context.out.lines(&rules::default_file(&zone, context.lang));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn show(context: &mut Context, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let toml = match session.ask(Request::Rules)? {
        Reply::Rules { toml } => toml,
        other => return Err(unexpected(&other)),
    };
    session.finish()?;
    let path = context.store.rules_file();
    let file = std::fs::read_to_string(&path).ok();
    let read = rules::read(&toml).map(|read| read.rules).unwrap_or_default();
    let of_file = file.as_deref().map(rules::read);
    let differs = match &of_file {
        None => false,
        Some(Ok(file)) => file.rules != read,
        Some(Err(_)) => true,
    };
    let problem = of_file.and_then(Result::err);
    if as_json {
        let rules = serde_json::to_value(&read).map_err(|error| CliError::new(Kind::Store, error))?;
        context.out.json(json::row(&json!({
            "rules": rules, "toml": toml, "file": path.display().to_string(), "differs": differs,
            "problem": problem.as_ref().map(|problem| mistake(&path, problem, context.lang)),
        })));
        return Ok(ExitCode::SUCCESS);
    }
    context.out.lines(&in_the_language(&toml, &read, context.lang));
    if let Some(problem) = &problem {
        out::complain(&mistake(&path, problem, context.lang));
    } else if differs {
        out::complain(&Words::Differs.fill(context.lang, &[("path", &path.display())]));
        out::complain(Words::ApplyHint.text(context.lang));
    }
    Ok(ExitCode::SUCCESS)
}

/// The rules with the comments of a language, where nobody has changed them since they were written in another.
fn in_the_language(toml: &str, read: &crate::book::Rules, lang: Lang) -> String {
    let written = |of: Lang| rules::default_file(&read.zone, of);
    let untouched = Lang::ALL.into_iter().any(|of| written(of).trim_end() == toml.trim_end());
    if untouched { written(lang) } else { toml.to_owned() }
}

/// `FILE:LINE:COLUMN: what is wrong`.
pub(super) fn mistake(file: &Path, problem: &Problem, lang: Lang) -> String {
    format!("{}:{}:{}: {}", file.display(), problem.line, problem.column, problem.words(lang))
}

fn check(context: &mut Context, file: &Path, as_json: bool) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let toml = sop::read(file, lang)?;
    // what speaks of views is looked up as it will be when it is applied
    let views = rules::read(&toml).map_or(Ok(None), |_| sop::shared_views(context, &toml))?;
    let read = rules::read_with(&toml, views.as_ref());
    let now = context.clock.now().wall;
    let lines = read.as_ref().map(|read| read.workdays.clone()).unwrap_or_default();
    let unknown = if lines.is_empty() {
        None
    } else {
        calendar::known(context)?.0.unknown_soon(now.day(crate::clock::zone()).year())
    };
    let warned = lines.iter().filter_map(|line| {
        let year = unknown?;
        Some((*line, RulesWords::Workdays.fill(lang, &[("line", line), ("year", &year)])))
    });
    if as_json {
        let row = |line: u32, column: u32, severity: &str, message: String| {
            json!({
                "file": file.display().to_string(), "line": line, "column": column, "severity": severity,
                "message": message,
            })
        };
        let rows: Vec<_> = match &read {
            Err(problem) => vec![row(problem.line, problem.column, "error", problem.words(lang))],
            Ok(_) => warned.map(|(line, words)| row(line, 1, "warning", words)).collect(),
        };
        context.out.json(json::rows(&rows));
        return Ok(ExitCode::from(u8::from(read.is_err())));
    }
    match read {
        Err(problem) => {
            out::complain(&mistake(file, &problem, lang));
            Ok(ExitCode::FAILURE)
        }
        Ok(read) => {
            for (_, words) in warned {
                out::complain(&words);
            }
            let (caps, quiet) = (read.rules.caps.len(), read.rules.quiet.len());
            context.out.line(&Words::Whole.fill(lang, &[("caps", &caps), ("quiet", &quiet)]));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn apply(context: &mut Context, file: Option<PathBuf>, as_json: bool) -> Result<ExitCode, CliError> {
    let own = context.store.rules_file();
    let path = file.unwrap_or_else(|| own.clone());
    let toml = sop::read(&path, context.lang)?;
    if let Err(problem) = rules::read(&toml) {
        let message = format!("{}: {}", path.display(), problem.words(context.lang));
        let (line, column) = (Some(problem.line), Some(problem.column));
        return Err(CliError { line, column, ..CliError::new(Kind::File, message) });
    }
    let mut session = Session::open(context)?;
    let outcome = session.act(Command::SetRules { toml: toml.clone() }, None)?;
    session.finish()?;
    object::say(context, as_json, &outcome);
    // what is applied stands beside the journal, or the next edit there would take it back
    let beside = own.parent().is_some_and(Path::is_dir);
    if path != own
        && beside
        && let Err(error) = rules_file::replace(&own, &toml)
    {
        out::complain(&Words::NotCopied.fill(context.lang, &[("path", &own.display()), ("error", &error)]));
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }
}
