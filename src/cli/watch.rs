//! `qun watch`: what changes in a filter, a JSON line each, until it is stopped.
//!
//! It is a screen without a picture: it starts the desk where none runs, and keeps watching when the desk is another.
//! The first lines are the rows that are there. What only moves, changes no line.

use std::collections::BTreeMap;
use std::process::ExitCode;

use chrono_tz::Tz;
use clap::Args;
use serde_json::{Value, json};

use super::args::list_kind;
use super::context::Context;
use super::error::{CliError, Kind};
use super::session::unexpected;
use super::{json, out, reach, screen};
use crate::door::connection::{Connection, Incoming};
use crate::door::form::Kind as What;
use crate::door::line::{LineId, Lines};
use crate::door::request::{ListSpec, Sort};
use crate::door::{Envelope, Push, Reply, Request};
use crate::socket::client::Program;
use crate::text::lang::Lang;

crate::words! {
    enum Words {
        Part { shown, total } => [
            "只看得到 {total} 条里的前 {shown} 条; 把筛选写窄一点", "只看得到 {total} 條裡的前 {shown} 條; 把篩選寫窄一點",
            "only the first {shown} of {total} are watched; narrow the filter",
        ],
        DeskGone => ["值守进程没了", "值守程序沒了", "the desk is gone"],
    }
}

/// The rows a desk watches at most for one who asks.
const ROWS: u32 = 500;
const WATCH: u32 = 1;

#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    /// tasks, members, groups, accounts or sops
    #[arg(value_parser = list_kind, default_value = "tasks")]
    kind: What,
    /// A filter, such as 'state:due group:宠友'
    #[arg(short, long, default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    pub filter: String,
    /// End after so many lines
    #[arg(long, value_name = "N")]
    count: Option<u64>,
    /// Leave out the rows that are there at the beginning
    #[arg(long)]
    changes: bool,
}

pub(super) fn run(context: &mut Context, args: &WatchArgs) -> Result<ExitCode, CliError> {
    let failed = |error: std::io::Error| CliError::new(Kind::Desk, error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (store, socket) = (context.store.clone(), context.socket.clone());
    let caller = reach::caller(context, Program::Screen);
    let lang = context.lang;
    runtime.block_on(async {
        let connection = screen::connect(store, caller, socket).await.map_err(|error| error.told(lang))?;
        follow(context, args, connection).await
    })
}

async fn follow(
    context: &mut Context,
    args: &WatchArgs,
    mut connection: Connection,
) -> Result<ExitCode, CliError> {
    let filter = super::views_file::sent(&args.filter, context.lang)?;
    let list = ListSpec { kind: args.kind, filter, sort: Sort::Natural, limit: None };
    let watch = || {
        let list = list.clone();
        (u64::from(WATCH), Request::Watch { watch: WATCH, list, first: 0, rows: ROWS, around: None })
    };
    let lost = || CliError::new(Kind::Desk, Words::DeskGone.text(context.lang));
    let mut seen = Seen { quiet: args.changes, ..Seen::default() };
    let mut left = args.count;
    while left != Some(0) && !context.out.is_closed() {
        let Some(message) = connection.incoming.recv().await else { return Err(lost()) };
        let mut asks = false;
        let lines = match message {
            Incoming::Reply(0, Envelope { reply: Reply::Welcome { zone, .. }, now, .. }) => {
                seen.zone = zone.parse().unwrap_or(seen.zone);
                seen.now = now;
                asks = true;
                Vec::new()
            }
            Incoming::Reply(0, Envelope { reply: Reply::Refused(refusal), .. })
            | Incoming::Reply(_, Envelope { reply: Reply::Refused(refusal), .. }) => {
                return Err(refusal.into());
            }
            Incoming::Reply(_, Envelope { reply: Reply::Window(window), now, .. }) => {
                seen.now = now;
                warn(window.total, context.lang, &mut seen);
                seen.rev = window.rev;
                let ids = ids(&window.lines);
                seen.take(&window.lines, &ids)
            }
            Incoming::Reply(_, Envelope { reply, .. }) => return Err(unexpected(&reply)),
            Incoming::Push(Push::Window(window)) if window.watch == WATCH => {
                seen.rev = window.rev;
                let ids = ids(&window.lines);
                seen.take(&window.lines, &ids)
            }
            Incoming::Push(Push::Patch(patch)) if patch.watch == WATCH => {
                warn(patch.total, context.lang, &mut seen);
                if patch.rev == seen.rev + 1 {
                    seen.rev = patch.rev;
                    seen.take(&patch.upserts, &patch.order)
                } else {
                    asks = true;
                    Vec::new()
                }
            }
            Incoming::Push(_) | Incoming::Lost | Incoming::Back => Vec::new(),
        };
        for line in lines {
            if left == Some(0) {
                break;
            }
            context.out.json(line);
            left = left.map(|left| left - 1);
        }
        if asks && connection.requests.send(watch()).await.is_err() {
            return Err(lost());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn warn(total: u32, lang: Lang, seen: &mut Seen) {
    if total > ROWS && !seen.warned {
        seen.warned = true;
        out::complain(&Words::Part.fill(lang, &[("shown", &ROWS), ("total", &total)]));
    }
}

/// What was told of the list so far.
#[derive(Debug)]
struct Seen {
    rows: BTreeMap<String, Value>,
    rev: u64,
    zone: Tz,
    now: crate::book::Timestamp,
    warned: bool,
    /// The rows that are there already are not told.
    quiet: bool,
    begun: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            rev: 0,
            zone: crate::clock::zone(),
            now: crate::book::Timestamp(0),
            warned: false,
            quiet: false,
            begun: false,
        }
    }
}

impl Seen {
    /// Takes lines that are new or other than before, and the whole order; gives what is to be told.
    fn take(&mut self, lines: &Lines, order: &[LineId]) -> Vec<Value> {
        let mut told = Vec::new();
        let here: std::collections::BTreeSet<String> = order.iter().map(key).collect();
        let gone: Vec<String> = self.rows.keys().filter(|id| !here.contains(*id)).cloned().collect();
        for id in gone {
            self.rows.remove(&id);
            told.push(json!({"schema": 1, "event": "gone", "id": id}));
        }
        for row in rows(lines, self.zone) {
            let id = row.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let event = match self.rows.get(&id) {
                Some(before) if *before == row => continue,
                Some(_) => "changed",
                None if self.begun => "new",
                None => "there",
            };
            self.rows.insert(id.clone(), row.clone());
            told.push(json!({"schema": 1, "event": event, "id": id, "row": row}));
        }
        let silent = self.quiet && !std::mem::replace(&mut self.begun, true);
        self.begun = true;
        if silent { Vec::new() } else { told }
    }
}

fn key(id: &LineId) -> String {
    match id {
        LineId::Object(id) => id.to_string(),
        LineId::Playbook(id) => id.to_string(),
    }
}

/// The rows as scripts read them. Texts are asked for by `show`: what travels here is what lists show.
fn rows(lines: &Lines, zone: Tz) -> Vec<Value> {
    match lines {
        Lines::Tasks(lines) => lines
            .iter()
            .map(|line| {
                let mut row = json::task(line, None, zone);
                if let Value::Object(fields) = &mut row {
                    fields.remove("text");
                    fields.insert("summary".to_owned(), json!(line.summary));
                }
                row
            })
            .collect(),
        Lines::Groups(lines) => lines.iter().map(|line| json::group(line, zone)).collect(),
        Lines::Members(lines) => lines.iter().map(|line| json::member(line, zone)).collect(),
        Lines::Accounts(lines) => lines.iter().map(json::account).collect(),
        Lines::Playbooks(lines) => lines.iter().map(|line| json::sop(line, zone)).collect(),
    }
}

fn ids(lines: &Lines) -> Vec<LineId> {
    use crate::book::ObjectId;
    match lines {
        Lines::Tasks(lines) => lines.iter().map(|line| LineId::Object(ObjectId::Task(line.id))).collect(),
        Lines::Groups(lines) => lines.iter().map(|line| LineId::Object(ObjectId::Group(line.id))).collect(),
        Lines::Members(lines) => lines.iter().map(|line| LineId::Object(ObjectId::Member(line.id))).collect(),
        Lines::Accounts(lines) => {
            lines.iter().map(|line| LineId::Object(ObjectId::Account(line.id))).collect()
        }
        Lines::Playbooks(lines) => lines.iter().map(|line| LineId::Playbook(line.id.clone())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
    }
}
