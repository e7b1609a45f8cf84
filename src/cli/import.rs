//! `qun import`: reads the user's file here, sends typed rows in bounded chunks, and says what became of them.

use std::process::ExitCode;

use serde_json::json;

use super::args::ImportArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::out::complain;
use super::session::{Session, unexpected};
use super::words::Words;
use crate::door::reply::ImportReport;
use crate::door::rows::MemberRow;
use crate::door::{Command, Reply, Request};
use crate::exchange::{ReadOptions, Table, read_members, write_rejects};
use crate::socket::wire;

/// The largest chunk of rows, in bytes as they travel.
const CHUNK_BYTES_MAX: usize = 1024 * 1024;

pub(super) fn run(context: &mut Context, args: &ImportArgs) -> Result<ExitCode, CliError> {
    let shown = args.file.display().to_string();
    let failed =
        |path: &std::path::Path, error| CliError::new(Kind::File, format!("{}: {error}", path.display()));
    let bytes = std::fs::read(&args.file).map_err(|error| failed(&args.file, error))?;
    let mut session = Session::open(context)?;
    let options =
        ReadOptions { zone: args.zone.unwrap_or(session.zone), file: shown.clone(), now_ms: session.now.0 };
    let table = read_members(&bytes, &options)
        .map_err(|error| CliError::new(Kind::File, error.sentence(context.lang)))?;
    tell_problems(context, &shown, &table);
    if let Some(path) = &args.rejects {
        let text = write_rejects(&bytes, &table.rejects, context.lang);
        std::fs::write(path, text).map_err(|error| failed(path, error))?;
    }
    if table.rows.is_empty() {
        return Err(CliError::new(Kind::Nothing, Words::NotImported.text(context.lang)));
    }
    let begin = Command::ImportBegin {
        file: shown,
        account: args.account.as_deref().map(|name| session.account(name)).transpose()?,
        group: args.group.as_deref().map(|name| session.group(name)).transpose()?,
    };
    let import = session.act(begin, None)?.import.ok_or_else(|| unexpected(&Reply::Fine))?.import;
    for rows in chunks(table.rows)? {
        session.ask(Request::Rows { import, rows })?;
    }
    let outcome = session.act(Command::ImportCommit { import, dry_run: args.dry_run }, None)?;
    if args.dry_run {
        session.act(Command::ImportDrop { import }, None)?;
    }
    session.finish()?;
    let report = outcome.import.unwrap_or_default();
    if args.json {
        context.out.json(json_report(&report, outcome.act));
    } else {
        tell_report(context, &report);
    }
    for warning in &outcome.warnings {
        complain(warning);
    }
    Ok(ExitCode::from(if table.rejects.is_empty() { 0 } else { 5 }))
}

/// Rows in chunks that are small enough for one request each.
fn chunks(rows: Vec<MemberRow>) -> Result<Vec<Vec<MemberRow>>, CliError> {
    let (mut chunks, mut chunk, mut bytes) = (Vec::new(), Vec::new(), 0);
    for row in rows {
        let size = wire::encode(&row).map_err(|error| CliError::new(Kind::File, error))?.len();
        if bytes + size > CHUNK_BYTES_MAX && !chunk.is_empty() {
            chunks.push(std::mem::take(&mut chunk));
            bytes = 0;
        }
        bytes += size;
        chunk.push(row);
    }
    if !chunk.is_empty() {
        chunks.push(chunk);
    }
    Ok(chunks)
}

/// Every cell that was not taken, with its place.
fn tell_problems(context: &Context, file: &str, table: &Table) {
    for cell in table.rejects.iter().chain(&table.left_out) {
        let place =
            if cell.column.is_empty() { String::new() } else { format!(" {} {}", cell.column, cell.header) };
        complain(&format!("{file}:{}{place}: {}", cell.line, cell.reason(context.lang)));
    }
    let refused = table.rejects.len() + table.left_out.len();
    if refused > 0 {
        complain(&Words::Rejected.fill(context.lang, &[("n", &refused)]));
    }
    if !table.unknown_columns.is_empty() {
        complain(&Words::UnknownColumns.fill(context.lang, &[("names", &table.unknown_columns.join(", "))]));
    }
}

fn tell_report(context: &mut Context, report: &ImportReport) {
    let lang = context.lang;
    let ImportReport { new, changed, unchanged, .. } = report;
    context
        .out
        .line(&Words::Imported.fill(lang, &[("new", new), ("changed", changed), ("unchanged", unchanged)]));
    if !report.new_groups.is_empty() {
        context.out.line(&Words::NewGroups.fill(lang, &[("names", &report.new_groups.join(", "))]));
    }
    if !report.new_accounts.is_empty() {
        context.out.line(&Words::NewAccounts.fill(lang, &[("names", &report.new_accounts.join(", "))]));
    }
    for (title, entering, history) in &report.entering {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("title", title), ("entering", entering), ("history", history)];
        context.out.line(&Words::Entering.fill(lang, &values));
    }
    for (line, words) in &report.conflicts {
        complain(&format!("{line}: {words}"));
    }
}

fn json_report(report: &ImportReport, act: Option<crate::book::ActId>) -> serde_json::Value {
    let entering: Vec<_> = report
        .entering
        .iter()
        .map(|(title, entering, history)| json!({"title": title, "entering": entering, "history": history}))
        .collect();
    let conflicts: Vec<_> =
        report.conflicts.iter().map(|(line, words)| json!({"line": line, "words": words})).collect();
    json!({"schema": 1, "row": {
        "act_id": act.map(|act| act.to_string()), "new": report.new, "changed": report.changed, "unchanged": report.unchanged,
        "new_groups": report.new_groups, "new_accounts": report.new_accounts, "entering": entering,
        "conflicts": conflicts,
    }})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_bounded_and_keep_every_row_in_order() {
        let row = |line| MemberRow { line, name: "名".repeat(20_000), ..MemberRow::default() };
        let cut = chunks((1..=50).map(row).collect()).unwrap();
        assert!(
            cut.len() > 1
                && cut.iter().all(|chunk| wire::encode(chunk).unwrap().len() < CHUNK_BYTES_MAX + 16)
        );
        let lines: Vec<u32> = cut.iter().flatten().map(|row| row.line).collect();
        assert_eq!(lines, (1..=50).collect::<Vec<_>>());
    }
}
