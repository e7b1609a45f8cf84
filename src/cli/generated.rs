//! `qun completions` and `qun man`: what is made of the commands' own descriptions, in the user's language.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory as _, ValueEnum};
use clap_complete::{Generator, Shell as OfClap};
use clap_complete_nushell::Nushell;

use super::args::Cli;
use super::context::Context;
use super::error::{CliError, Kind};
use super::manual;

/// Shells that complete what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::enum_variant_names, reason = "two shells are named so")]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Nushell,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// For which shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// A command, such as 'sop add'; the whole program if left out
    command: Vec<String>,
    /// Write a page for every command into this directory
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
}

/// Prints what a shell completes by.
pub(super) fn completions(context: &mut Context, args: &CompletionsArgs) -> ExitCode {
    let command = manual::speak(Cli::command(), context.lang);
    let script = match args.shell {
        Shell::Bash => script(OfClap::Bash, command),
        Shell::Elvish => script(OfClap::Elvish, command),
        Shell::Fish => script(OfClap::Fish, command),
        Shell::Nushell => script(Nushell, command),
        Shell::PowerShell => script(OfClap::PowerShell, command),
        Shell::Zsh => script(OfClap::Zsh, command),
    };
    context.out.bytes(&script);
    ExitCode::SUCCESS
}

/// What a shell completes by.
fn script(shell: impl Generator, mut command: Command) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "qun", &mut script);
    script
}

/// Prints a page, or writes all.
pub(super) fn man(context: &mut Context, args: &ManArgs) -> Result<ExitCode, CliError> {
    let mut whole = manual::speak(Cli::command(), context.lang);
    whole.build();
    if let Some(dir) = &args.dir {
        let failed = |error: std::io::Error| CliError::new(Kind::File, format!("{}: {error}", dir.display()));
        std::fs::create_dir_all(dir).map_err(failed)?;
        write_all(&whole, "qun", dir).map_err(failed)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut command = &whole;
    for word in args.command.iter().flat_map(|words| words.split_whitespace()) {
        command = command.find_subcommand(word).ok_or_else(|| {
            let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            CliError::new(
                Kind::Usage,
                super::words::Words::UnknownView.fill(context.lang, &[("text", &word)]),
            )
            .hint(names.join(", "))
        })?;
    }
    let mut name = "qun".to_owned();
    for word in args.command.iter().flat_map(|words| words.split_whitespace()) {
        name = format!("{name}-{word}");
    }
    let bytes = page(command, &name).map_err(|error| CliError::new(Kind::File, error))?;
    context.out.bytes(&bytes);
    Ok(ExitCode::SUCCESS)
}

fn page(command: &Command, name: &str) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // manual pages are found by a name that never changes
    let title: &'static str = Box::leak(name.to_owned().into_boxed_str());
    clap_mangen::Man::new(command.clone().name(title)).render(&mut bytes)?;
    Ok(bytes)
}

fn write_all(command: &Command, name: &str, dir: &Path) -> std::io::Result<()> {
    std::fs::write(dir.join(format!("{name}.1")), page(command, name)?)?;
    for below in command.get_subcommands() {
        write_all(below, &format!("{name}-{}", below.get_name()), dir)?;
    }
    Ok(())
}
