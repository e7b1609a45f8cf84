//! `qun sop enrol` and `qun sop leave`: who goes through a playbook by hand, and who does not any more.

use std::process::ExitCode;

use clap::Args;

use super::context::Context;
use super::error::{CliError, Kind};
use super::session::{Session, unexpected};
use super::sop_words::Words as SopWords;
use super::words::Words;
use super::{object, out, sop_plan};
use crate::book::{EnrolmentId, ObjectId, PlaybookId, Target};
use crate::door::detail::Coming;
use crate::door::{Command, RefusalKind, Reply, Request};

#[derive(Debug, Args)]
pub(super) struct EnrolArgs {
    id: String,
    #[arg(long)]
    member: Vec<String>,
    #[arg(long)]
    group: Vec<String>,
    /// All that match
    #[arg(short, long, default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    pub(super) filter: String,
    /// Count its days from here
    #[arg(long, value_name = "TIME")]
    anchor: Option<String>,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct LeaveArgs {
    id: String,
    #[arg(long)]
    member: Vec<String>,
    #[arg(long)]
    group: Vec<String>,
    #[arg(long)]
    json: bool,
}

pub(super) fn enrol(context: &mut Context, args: EnrolArgs) -> Result<ExitCode, CliError> {
    let EnrolArgs { id, member, group, filter, anchor, dry_run, json } = args;
    let mut session = Session::open(context)?;
    let playbook = session.playbook(&id)?;
    let targets = targets(&mut session, &member, &group)?;
    if targets.is_empty() && filter.is_empty() {
        return Err(missing(context, "--member, --group, --filter"));
    }
    let anchor = match anchor {
        None => None,
        Some(text) => {
            let applied = sop_plan::applied(&mut session, &playbook)?;
            Some(sop_plan::anchor(&text, session.now, session.zone, applied.as_ref(), session.lang)?)
        }
    };
    // whom a filter takes that was meant otherwise is told before it is looked at how many
    for hint in super::query::meant_otherwise(&filter, context.lang) {
        out::complain(&hint);
    }
    object::act(context, session, Command::Enrol { playbook, targets, filter, anchor, dry_run }, json)
}

pub(super) fn leave(context: &mut Context, args: &LeaveArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let playbook = session.playbook(&args.id)?;
    let mut enrolments = Vec::new();
    for name in &args.member {
        let of = ObjectId::Member(session.member(name)?);
        enrolments.extend(of_target(&mut session, of, &playbook, name)?);
    }
    for name in &args.group {
        let of = ObjectId::Group(session.group(name)?);
        enrolments.extend(of_target(&mut session, of, &playbook, name)?);
    }
    if enrolments.is_empty() {
        return Err(missing(context, "--member, --group"));
    }
    object::act(context, session, Command::Unenrol { enrolments }, args.json)
}

fn missing(context: &Context, option: &str) -> CliError {
    CliError::new(Kind::Usage, Words::NeedsOption.fill(context.lang, &[("option", &option)]))
}

fn targets(session: &mut Session, members: &[String], groups: &[String]) -> Result<Vec<Target>, CliError> {
    let mut targets = Vec::new();
    for name in members {
        targets.push(Target::Member(session.member(name)?));
    }
    for name in groups {
        targets.push(Target::Group(session.group(name)?));
    }
    Ok(targets)
}

/// What somebody or a group goes through of a playbook.
fn of_target(
    session: &mut Session,
    of: ObjectId,
    playbook: &PlaybookId,
    name: &str,
) -> Result<Vec<EnrolmentId>, CliError> {
    match session.ask(Request::Object(of))? {
        Reply::Member(detail) => running(session, &detail.coming, playbook, name),
        Reply::Group(detail) => running(session, &detail.coming, playbook, name),
        other => Err(unexpected(&other)),
    }
}

/// What of a card is of the playbook; a refusal where nothing is.
fn running(
    session: &Session,
    coming: &[Coming],
    playbook: &PlaybookId,
    name: &str,
) -> Result<Vec<EnrolmentId>, CliError> {
    let of_it = coming.iter().filter(|coming| coming.playbook.id == *playbook);
    let found: Vec<EnrolmentId> = of_it.map(|coming| coming.enrolment).collect();
    if found.is_empty() {
        let words = SopWords::NotInIt.fill(session.lang, &[("name", &name), ("sop", playbook)]);
        return Err(CliError::new(Kind::Refused(RefusalKind::State), words));
    }
    Ok(found)
}
