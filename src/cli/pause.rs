//! `qun group|member pause|resume`: the playbooks of some wait, and go on.

use std::process::ExitCode;

use super::args::{MemberVerb, PauseArgs, ResumeArgs};
use super::context::Context;
use super::error::CliError;
use super::session::Session;
use super::{list, object};
use crate::book::Target;
use crate::door::Command;
use crate::door::form::Kind as What;

pub(super) fn member(context: &mut Context, verb: MemberVerb) -> Result<ExitCode, CliError> {
    match verb {
        MemberVerb::Object(verb) => object::run(context, verb.into_verb()),
        MemberVerb::List(of) => list::run(context, &of.of("members")),
        MemberVerb::Pause(args) => pause(context, What::Member, &args),
        MemberVerb::Resume(args) => resume(context, What::Member, &args),
    }
}

/// Groups or members of these names wait until a time, else until told otherwise.
///
/// # Errors
/// A name that is nobody's or several's, a time that cannot be read or has passed, all of them paused already.
pub(super) fn pause(context: &mut Context, what: What, args: &PauseArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let until = args.until.as_deref().map(|at| session.rests_until(at)).transpose()?;
    let targets = targets(&mut session, what, &args.ids)?;
    object::act(context, session, Command::Pause { targets, until }, args.json)
}

/// They go on.
///
/// # Errors
/// A name that is nobody's or several's, none of them paused.
pub(super) fn resume(context: &mut Context, what: What, args: &ResumeArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let targets = targets(&mut session, what, &args.ids)?;
    object::act(context, session, Command::Unpause { targets }, args.json)
}

fn targets(session: &mut Session, what: What, ids: &[String]) -> Result<Vec<Target>, CliError> {
    let one = |id: &String| match what {
        What::Group => session.group(id).map(Target::Group),
        _ => session.member(id).map(Target::Member),
    };
    ids.iter().map(one).collect()
}
