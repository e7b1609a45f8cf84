//! `--help` and what is wrong with a command line, in the user's language.
//!
//! The English words stand where commands and options are declared; what they are in Chinese stands in [`words`], found
//! by the English, and a test walks every command to see that none is missing. What clap puts in brackets by itself
//! (defaults, variables of the environment, words of a closed set) is English only, so it is written here instead.

mod examples;
mod mistakes;
mod views;
mod words;

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command};

use crate::text::lang::Lang;

pub(super) use mistakes::sentence;

crate::words! {
    pub(super) enum Words {
        Usage => ["用法:", "用法:", "Usage:"],
        Commands => ["命令", "命令", "Commands"],
        Arguments => ["参数", "參數", "Arguments"],
        Options => ["选项", "選項", "Options"],
        Examples => ["例子:", "例子:", "Examples:"],
        Help => ["显示这份帮助", "顯示這份說明", "Print help"],
        Version => ["显示版本", "顯示版本", "Print the version"],
        Default { value } => ["默认 {value}", "預設 {value}", "default: {value}"],
        Variable { name } => ["环境变量 {name}", "環境變數 {name}", "env: {name}"],
        Closed { words } => ["可用: {words}", "可用: {words}", "one of: {words}"],
    }
}

/// The language of a command line that is not read yet: what stands behind `--lang`.
pub(super) fn named_language(arguments: impl Iterator<Item = std::ffi::OsString>) -> Option<Lang> {
    named(arguments, "--lang").and_then(|lang| lang.parse().ok())
}

/// What stands behind an option of a command line that is not read yet.
pub(super) fn named(arguments: impl Iterator<Item = std::ffi::OsString>, option: &str) -> Option<String> {
    let mut named = None;
    let mut follows = false;
    for argument in arguments {
        let Some(argument) = argument.to_str() else { continue };
        if std::mem::replace(&mut follows, argument == option) {
            named = Some(argument.to_owned());
        } else if let Some(value) = argument.strip_prefix(option).and_then(|rest| rest.strip_prefix('=')) {
            named = Some(value.to_owned());
        } else if argument == "--" {
            break;
        }
    }
    named
}

/// The commands with everything they say of themselves in one language.
pub(super) fn speak(command: Command, lang: Lang) -> Command {
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help(Words::Version.text(lang));
    spoken(command, "", lang).disable_version_flag(true).arg(version.help_heading(Words::Options.text(lang)))
}

/// One command and those below it; `path` is how it is called, without `qun`.
fn spoken(command: Command, path: &str, lang: Lang) -> Command {
    let usage = Words::Usage.text(lang);
    let about = command.get_about().map(|about| translated(about, lang));
    let has_commands = command.has_subcommands();
    let mut command = command
        .help_template(format!("{{about-with-newline}}\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}"))
        .subcommand_help_heading(Words::Commands.text(lang))
        .disable_help_flag(true)
        .mut_args(|arg| argument(arg, lang));
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(examples) = examples::of(path, lang) {
        command = command.after_help(format!("{}\n{examples}", Words::Examples.text(lang)));
    }
    if has_commands {
        let below = |below: Command| {
            let path = format!("{path} {}", below.get_name());
            spoken(below, path.trim_start(), lang)
        };
        command = command.mut_subcommands(below);
    }
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    command.arg(help.help(Words::Help.text(lang)).help_heading(Words::Options.text(lang)))
}

/// One argument: its heading, what it is, and what may or will stand there.
fn argument(arg: Arg, lang: Lang) -> Arg {
    let heading = if arg.is_positional() { Words::Arguments } else { Words::Options };
    let mut help = match arg.get_help() {
        Some(help) => match picked(&help.to_string(), lang) {
            Some(own) => own,
            None => translated(help, lang),
        },
        None => words::of_id(arg.get_id().as_str(), lang).unwrap_or_default().to_owned(),
    };
    let mut notes = Vec::new();
    let takes_value = arg.get_action().takes_values();
    let closed = arg.get_possible_values();
    if takes_value && !closed.is_empty() {
        let names = closed.iter().map(clap::builder::PossibleValue::get_name).collect::<Vec<_>>();
        notes.push(Words::Closed.fill(lang, &[("words", &names.join(", "))]));
    }
    let default = arg.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
    if let Some(value) = default.filter(|value| takes_value && !value.is_empty()) {
        notes.push(Words::Default.fill(lang, &[("value", &value)]));
    }
    let variable = arg.get_env().map(|name| name.to_string_lossy().into_owned());
    if let Some(name) = variable {
        notes.push(Words::Variable.fill(lang, &[("name", &name)]));
    }
    if !notes.is_empty() {
        help = format!("{help} ({})", notes.join("; "));
    }
    let arg = arg.help(help).help_heading(heading.text(lang)).hide_env(true);
    if takes_value { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
}

fn translated(english: &StyledStr, lang: Lang) -> String {
    let english = english.to_string();
    words::of(&english, lang).map_or(english, str::to_owned)
}

/// Help that an argument brings along in every language, in the order of [`Lang::ALL`].
pub(super) fn in_every_language(help: impl FnMut(Lang) -> String) -> String {
    Lang::ALL.into_iter().map(help).collect::<Vec<_>>().join(BETWEEN)
}

/// For private use, so that no text holds it; clap drops control characters.
const BETWEEN: &str = "\u{e000}";

/// The part of such help in one language.
fn picked(help: &str, lang: Lang) -> Option<String> {
    let own = Lang::ALL.iter().position(|one| *one == lang)?;
    help.contains(BETWEEN).then(|| help.split(BETWEEN).nth(own).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::super::args::Cli;
    use super::*;

    fn each(command: &Command, path: &str, visit: &mut dyn FnMut(&str, &Command)) {
        visit(path, command);
        for below in command.get_subcommands() {
            each(below, format!("{path} {}", below.get_name()).trim_start(), visit);
        }
    }

    #[test]
    fn everything_is_said_in_every_language() {
        let mut missing = Vec::new();
        let mut used = std::collections::BTreeSet::new();
        each(&Cli::command(), "", &mut |path, command| {
            let mut ask = |what: &str, text: &str| {
                if words::of(text, Lang::ZhCn).is_none() && picked(text, Lang::En).is_none() {
                    missing.push(format!("qun {path} {what}: {text}"));
                }
                used.insert(text.to_owned());
            };
            ask("", &command.get_about().map(ToString::to_string).unwrap_or_default());
            for arg in command.get_arguments() {
                match arg.get_help() {
                    Some(help) => ask(arg.get_id().as_str(), &help.to_string()),
                    None if words::of_id(arg.get_id().as_str(), Lang::En).is_none() => {
                        ask(arg.get_id().as_str(), "");
                    }
                    None => {}
                }
            }
        });
        assert_eq!(missing, Vec::<String>::new(), "add them to src/cli/manual/words.rs");
        let unused: Vec<&str> = words::all().filter(|english| !used.contains(*english)).collect();
        assert_eq!(unused, Vec::<&str>::new(), "nobody says these any more");
    }

    #[test]
    fn help_is_in_the_language_that_was_asked_for() {
        let help = |lang| speak(Cli::command(), lang).render_help().to_string();
        assert!(help(Lang::ZhCn).contains("用法: qun") && help(Lang::ZhCn).contains("选项:"));
        assert!(help(Lang::ZhTw).contains("選項:"));
        assert!(help(Lang::En).contains("Usage: qun") && help(Lang::En).contains("Options:"));
        for lang in Lang::ALL {
            let lines = help(lang);
            assert_eq!(lines.matches("--help").count(), 1, "{lines}");
            assert!(!lines.contains("[env:") && !lines.contains("[default:"), "{lines}");
        }
    }

    #[test]
    fn the_language_is_found_before_the_rest_is_read() {
        let named = |line: &str| named_language(line.split(' ').map(Into::into));
        assert_eq!(named("qun --lang en list"), Some(Lang::En));
        assert_eq!(named("qun list --lang=zh-TW --nonsense"), Some(Lang::ZhTw));
        assert_eq!(named("qun list --lang"), None);
        assert_eq!(named("qun list -- --lang en"), None);
    }

    #[test]
    fn every_example_is_a_command_line() {
        let mut wrong = Vec::new();
        each(&Cli::command(), "", &mut |path, _| {
            let lines = examples::lines(path);
            if lines.is_empty() {
                wrong.push(format!("{path}: no example"));
            }
            for (line, _) in lines {
                let words = examples::split(line);
                if let Err(error) = Cli::command().try_get_matches_from(&words) {
                    wrong.push(format!("{line}: {error}"));
                }
            }
            // as help shows them: what goes on in the next line says so, and is the same to a shell
            for (line, _) in examples::lines(path) {
                let whole = examples::in_lines(line);
                assert!(whole.lines().all(|line| crate::text::width::width(line) <= 78), "{whole}");
                assert_eq!(examples::split(&whole.replace("\\\n", "")), examples::split(line));
            }
        });
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
        assert_eq!(crate::text::lang::faults::<super::mistakes::Words>(), Vec::<String>::new());
    }
}
