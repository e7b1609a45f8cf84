//! `qun status`: how the desk is, and what waits.

use std::process::ExitCode;

use serde_json::json;

use super::context::Context;
use super::error::CliError;
use super::list::short_time;
use super::session::{Session, unexpected};
use super::words::Words;
use super::{json, table};
use crate::door::reply::Digest;
use crate::door::{Reply, Request};

pub(super) fn run(context: &mut Context, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let status = match session.ask(Request::Status)? {
        Reply::Status(status) => status,
        other => return Err(unexpected(&other)),
    };
    session.finish()?;
    let (lang, zone, counts) = (context.lang, session.zone, status.counts);
    if as_json {
        context.out.json(json::row(&json!({
            "store": status.store, "pid": status.pid, "seq": status.seq, "index_behind": status.index_behind,
            "held": status.held, "writable": status.writable, "unwritable": status.unwritable, "screens": status.screens,
            "attached": status.attached,
            "now": json::time(session.now, zone), "ticked_at": json::maybe_time(session.ticked_at, zone),
            "due": counts.due, "today": counts.today, "overdue": counts.overdue, "snoozed": counts.snoozed,
            "groups": counts.groups, "members": counts.members, "accounts": counts.accounts,
            "playbooks": counts.playbooks, "enrolled": counts.enrolled,
            "next_at": json::maybe_time(counts.next_at, zone),
        })));
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = vec![vec![Words::Store.text(lang).to_owned(), context.store.path().display().to_string()]];
    let mut row = |word: Words, value: String| rows.push(vec![word.text(lang).to_owned(), value]);
    row(Words::Process, status.pid.to_string());
    row(Words::Due, counts.due.to_string());
    row(Words::Overdue, counts.overdue.to_string());
    row(Words::Today, counts.today.to_string());
    row(Words::Groups, counts.groups.to_string());
    row(Words::Members, counts.members.to_string());
    row(Words::Accounts, counts.accounts.to_string());
    row(Words::Playbooks, counts.playbooks.to_string());
    row(Words::Enrolled, counts.enrolled.to_string());
    if let Some(at) = counts.next_at {
        row(Words::NextAt, short_time(at, session.now, zone));
    }
    if let Some(held) = status.held {
        row(Words::Held, held);
    }
    if let Some(why) = status.unwritable {
        row(Words::NotWritable, why);
    }
    for line in table::aligned(&rows) {
        context.out.line(&line);
    }
    if let Some(digest) = &status.digest {
        tell_digest(context, digest);
    }
    Ok(ExitCode::SUCCESS)
}

/// What happened while the desk was away, one line a playbook.
pub(super) fn tell_digest(context: &mut Context, digest: &Digest) {
    let hours = digest.away_ms / crate::book::time::HOUR;
    context.out.line(&Words::Away.fill(context.lang, &[("hours", &hours)]));
    for (_, title, due, expired, open) in &digest.rows {
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("title", title), ("due", due), ("expired", expired), ("open", open)];
        context.out.line(&Words::AwayRow.fill(context.lang, &values));
    }
}
