//! The command line: a file per subcommand, and the only place where everything meets.
//!
//! `qun` opens the screen; every subcommand is for scripts and quick hands. Stdout is data, stderr is messages, and
//! neither is coloured or asks anything. A command reaches the desk that runs, or does its work in its own process.
//!
//! Exit codes: 0 done, 1 error, 2 usage, 3 nothing matched, 4 another was faster, 5 partly done, 6 no desk reached.
//!
//! ```text
//! args       what may be written on the command line       context   where, who, in which language
//! reach      finds the desk, or opens the store            session   asks it, finds names, makes command ids
//! alone      a desk without a socket                       open      a desk over a store
//! screen     a connection for a screen, which starts a desk where there is none
//! manual     what --help says, and what is wrong with a command line
//! out error json table words                               what comes out
//! ```

mod alone;
mod args;
mod backup;
mod calendar;
mod campaign;
mod campaign_texts;
mod choose;
mod compose;
mod config;
mod context;
mod copy;
mod demo;
mod doctor;
mod drafts;
mod editor;
mod error;
mod fill;
mod forecast;
mod generated;
mod help;
mod import;
mod json;
mod list;
mod list_columns;
mod list_csv;
mod log;
mod manual;
mod object;
mod open;
mod out;
mod pause;
mod query;
mod reach;
mod rules;
mod rules_file;
pub mod screen;
mod serve;
mod session;
mod sheet;
mod show;
mod show_group;
mod snippet;
mod sop;
mod sop_diff;
mod sop_enrol;
mod sop_plan;
mod sop_show;
mod sop_words;
mod sop_write;
mod status;
mod table;
mod task;
mod tell;
mod tick;
mod undo;
mod view;
mod view_own;
mod views_file;
mod watch;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use args::{Cli, Command};
use context::Context;
use error::{CliError, Kind};
use words::Words;

use crate::text::lang::Lang;

/// Parses the command line, does what it says, and tells the exit code.
pub fn run() -> ExitCode {
    let wants_json = std::env::args_os().any(|argument| argument == "--json");
    let own = config::load(manual::named(std::env::args_os(), "--config").map(Into::into));
    let lang = context::language(manual::named_language(std::env::args_os()), &own);
    // what every command says of itself is put into the language only for who asks or errs
    let read = Cli::command().try_get_matches();
    let read = read.or_else(|_| manual::speak(Cli::command(), lang).try_get_matches());
    let mut cli = match read.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => {
            // --help and --version are what was asked for.
            out::print(&error.to_string());
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            let (message, hint) = manual::sentence(&error, lang);
            return CliError::new(Kind::Usage, message).hint(hint).show(lang, wants_json);
        }
    };
    if let Some(Command::Demo(_)) = &cli.command {
        // made-up people have a store of their own
        cli.global.store.get_or_insert_with(|| crate::demo::STORE_NAME.to_owned());
    }
    if let Some(command) = &mut cli.command
        && let Err(error) = pass_on(&mut cli.look, command, lang)
    {
        return error.show(lang, wants_json);
    }
    if cli.global.own_file.is_some()
        && let Err(error) = own.must_be_there(lang)
    {
        return error.show(lang, wants_json);
    }
    // the screen says it where its user looks, and `config check` says all of it
    if !wants_json && !matches!(cli.command, None | Some(Command::Config(_))) {
        config::complain(&own, lang);
    }
    let done = Context::new(cli.global, own, lang).and_then(|mut context| {
        let code = dispatch(&mut context, cli.look, cli.command)?;
        // A list that is cut short by a full disk must not look whole to a script.
        Ok(if context.out.has_failed() { ExitCode::FAILURE } else { code })
    });
    match done {
        Ok(code) => code,
        Err(error) => error.show(lang, wants_json),
    }
}

/// What stands before a subcommand: a filter goes to the one that filters, what only a screen has is refused.
fn pass_on(look: &mut args::Look, command: &mut Command, lang: Lang) -> Result<(), CliError> {
    let own = match command {
        Command::List(args) => Some(&mut args.filter),
        Command::Count(args) => Some(&mut args.filter),
        Command::Watch(args) => Some(&mut args.filter),
        Command::Sop(sop::SopVerb::Enrol(args)) => Some(&mut args.filter),
        _ => None,
    };
    if let Some(own) = own
        && let Some(filter) = look.filter.take()
    {
        if !own.is_empty() {
            return Err(CliError::new(Kind::Usage, Words::OneFilter.text(lang)));
        }
        *own = filter;
    }
    let view = look.view.as_deref();
    let given = [
        ("--filter", look.filter.is_some()),
        ("--only-filter", look.only_filter.is_some()),
        ("--select", look.select.is_some()),
        ("--command", !look.run.is_empty()),
        ("--theme", look.theme.is_some()),
        ("--readonly", look.readonly),
        (view.unwrap_or_default(), view.is_some()),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        Some((option, _)) => {
            Err(CliError::new(Kind::Usage, Words::ScreenOnly.fill(lang, &[("option", &option)])))
        }
        None => Ok(()),
    }
}

/// Commands that only make sense on a store that is there: a slip in its name makes no new one.
const fn wants_a_store(command: &Command) -> bool {
    matches!(
        command,
        Command::List(_)
            | Command::Count(_)
            | Command::View(_)
            | Command::Compose(_)
            | Command::Sheet(_)
            | Command::Show(_)
            | Command::Do(_)
            | Command::Fill(_)
            | Command::Tick(_)
            | Command::Undo(_)
            | Command::Redo(_)
            | Command::Log(_)
            | Command::Watch(_)
            | Command::Copy(_)
            | Command::Calendar(_)
            | Command::Status(_)
    )
}

fn dispatch(context: &mut Context, look: args::Look, command: Option<Command>) -> Result<ExitCode, CliError> {
    if command.as_ref().is_some_and(wants_a_store) {
        context.must_be_there()?;
    }
    match command {
        None => screen::run(context, look),
        Some(Command::List(args)) => list::run(context, &args),
        Some(Command::Count(args)) => query::count(context, &args),
        Some(Command::Query(verb)) => query::run(context, &verb),
        Some(Command::Show(args)) => show::run(context, &args),
        Some(Command::Do(args)) => task::run(context, &args),
        Some(Command::Account(verb)) => choose::account(context, verb),
        Some(Command::Group(verb)) => choose::group(context, verb),
        Some(Command::Member(verb)) => pause::member(context, verb),
        Some(Command::Product(verb)) => verb.run(context),
        Some(Command::Contact(verb)) => object::run(context, verb.into_verb()),
        Some(Command::Membership(verb)) => object::run(context, verb.into_verb()),
        Some(Command::Tell(args)) => tell::run(context, &args),
        Some(Command::Import(args)) => import::run(context, &args),
        Some(Command::Sop(verb)) => sop::run(context, verb),
        Some(Command::Campaign(verb)) => campaign::run(context, verb),
        Some(Command::Sheet(args)) => sheet::run(context, &args),
        Some(Command::Snippet(verb)) => snippet::run(context, verb),
        Some(Command::Compose(args)) => compose::run(context, *args),
        Some(Command::View(verb)) => view::run(context, verb),
        Some(Command::Rules(verb)) => rules::run(context, verb),
        Some(Command::Calendar(args)) => calendar::run(context, args),
        Some(Command::Config(verb)) => config::run(context, verb),
        Some(Command::Keys(args)) => Ok(config::keys(context, args.json)),
        Some(Command::Fill(args)) => fill::run(context, args),
        Some(Command::Tick(args)) => tick::run(context, &args),
        Some(Command::Undo(args)) => undo::run(context, &args),
        Some(Command::Redo(args)) => undo::redo(context, args.json),
        Some(Command::Log(args)) => log::run(context, &args),
        Some(Command::Watch(args)) => watch::run(context, &args),
        Some(Command::Copy(args)) => copy::run(context, &args),
        Some(Command::Completions(args)) => Ok(generated::completions(context, &args)),
        Some(Command::Man(args)) => generated::man(context, &args),
        Some(Command::Status(args)) => status::run(context, args.json),
        Some(Command::Serve(args)) => serve::run(context, &args),
        Some(Command::Demo(args)) => demo::run(context, &args),
        Some(Command::Backup(args)) => backup::run(context, &args),
        Some(Command::Restore(args)) => backup::restore(context, &args),
        Some(Command::Help { topic }) => help::run(context, &topic),
        Some(Command::Doctor(args)) => doctor::run(context, args.json),
    }
}
