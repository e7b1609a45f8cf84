//! `qun status`: how the desk is, and what waits.

use std::process::ExitCode;

use serde_json::json;

use super::context::Context;
use super::error::CliError;
use super::list::short_time;
use super::session::{Session, unexpected};
use super::words::Words;
use super::{json, reach, table};
use crate::door::reply::Digest;
use crate::door::{Reply, Request};
use crate::text::lang::Lang;

crate::words! {
    enum StatusWords {
        Desk => ["值守", "值守", "desk"],
        Running { pid, time, socket } => [
            "进程 {pid}，已运行 {time}，{socket}", "程序 {pid}，已執行 {time}，{socket}", "process {pid}, up {time}, {socket}",
        ],
        NotRunning => [
            "没有在运行，不会自动到点: 打开界面或 qun serve，或 qun tick 一次",
            "沒有在執行，不會自動到點: 開啟介面或 qun serve，或 qun tick 一次",
            "none runs, nothing comes due by itself: open the screen, qun serve, or qun tick once",
        ],
        Ticked => ["最近到点", "最近到點", "ticked"],
        Recorded => ["最近记录", "最近記錄", "last record"],
        Rules => ["规则", "規則", "rules"],
        Screens => ["界面", "介面", "screens"],
    }
}

pub(super) fn run(context: &mut Context, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let status = match session.ask(Request::Status)? {
        Reply::Status(status) => status,
        other => return Err(unexpected(&other)),
    };
    let running = session.is_running();
    session.finish()?;
    let (lang, zone, counts) = (context.lang, session.zone, status.counts);
    let socket = context.socket.clone().or_else(|| reach::locate(&context.store).ok()).filter(|_| running);
    let socket = socket.map(|path| path.display().to_string());
    let up_s = session.now.since(status.since).max(0) / 1_000;
    if as_json {
        // without a desk nothing ticks: when one last did is not written down, as it decides nothing
        let desk = json!({
            "running": running, "pid": running.then_some(status.pid), "socket": socket,
            "since": if running { json::time(status.since, zone) } else { serde_json::Value::Null },
            "uptime_s": running.then_some(up_s),
            "attached": running && status.attached, "screens": status.screens,
        });
        context.out.json(json::row(&json!({
            "store": status.store, "path": context.store.path().display().to_string(), "desk": desk,
            "pid": status.pid, "seq": status.seq, "index_behind": status.index_behind,
            "held": status.held, "writable": status.writable, "unwritable": status.unwritable,
            "screens": status.screens, "attached": status.attached, "rules": status.rules,
            "now": json::time(session.now, zone), "ticked_at": json::maybe_time(session.ticked_at, zone),
            "ticked_why": if session.ticked_at.is_some() { None } else if running { Some("not-yet") } else { Some("no-desk") },
            "last_record_at": json::time(status.last_at, zone),
            "due": counts.due, "today": counts.today, "overdue": counts.overdue, "snoozed": counts.snoozed,
            "awaiting": counts.awaiting, "to_answer": counts.to_answer, "sent_today": counts.sent_today,
            "groups": counts.groups, "members": counts.members, "accounts": counts.accounts,
            "playbooks": counts.playbooks, "enrolled": counts.enrolled,
            "next_at": json::maybe_time(counts.next_at, zone),
        })));
        return Ok(ExitCode::SUCCESS);
    }
    // behind a socket stands what its desk says, wherever that keeps it
    let store = match &context.socket {
        Some(_) => session.store.clone(),
        None => context.store.path().display().to_string(),
    };
    let mut rows = vec![vec![Words::Store.text(lang).to_owned(), store]];
    let desk = match &socket {
        Some(socket) => {
            let time = span_words(up_s, lang);
            StatusWords::Running.fill(lang, &[("pid", &status.pid), ("time", &time), ("socket", socket)])
        }
        None => StatusWords::NotRunning.text(lang).to_owned(),
    };
    rows.push(vec![StatusWords::Desk.text(lang).to_owned(), desk]);
    if running {
        rows.push(vec![StatusWords::Screens.text(lang).to_owned(), status.screens.to_string()]);
    }
    if let Some(at) = session.ticked_at {
        rows.push(vec![StatusWords::Ticked.text(lang).to_owned(), short_time(at, session.now, zone)]);
    }
    rows.push(vec![
        StatusWords::Recorded.text(lang).to_owned(),
        short_time(status.last_at, session.now, zone),
    ]);
    if let Some(fault) = &status.rules {
        rows.push(vec![StatusWords::Rules.text(lang).to_owned(), fault.clone()]);
    }
    let mut row = |word: Words, value: String| rows.push(vec![word.text(lang).to_owned(), value]);
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

crate::words! {
    enum SpanWords {
        Days { days, hours } => ["{days} 天 {hours} 小时", "{days} 天 {hours} 小時", "{days} d {hours} h"],
        Hours { hours, minutes } => ["{hours} 小时 {minutes} 分", "{hours} 小時 {minutes} 分", "{hours} h {minutes} min"],
        Minutes { minutes } => ["{minutes} 分钟", "{minutes} 分鐘", "{minutes} min"],
    }
}

/// A length of time in its two largest units.
pub(super) fn span_words(seconds: i64, lang: Lang) -> String {
    let minutes = seconds.max(0) / 60;
    let (days, hours) = (minutes / 1_440, minutes / 60 % 24);
    if days > 0 {
        SpanWords::Days.fill(lang, &[("days", &days), ("hours", &hours)])
    } else if hours > 0 {
        SpanWords::Hours.fill(lang, &[("hours", &hours), ("minutes", &(minutes % 60))])
    } else {
        SpanWords::Minutes.fill(lang, &[("minutes", &minutes)])
    }
}

/// What happened while the desk was away, one line a playbook.
pub(super) fn tell_digest(context: &mut Context, digest: &Digest) {
    let away = span_words(digest.away_ms / 1_000, context.lang);
    context.out.line(&Words::Away.fill(context.lang, &[("away", &away)]));
    for row in &digest.rows {
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("title", &row.title), ("due", &row.due), ("expired", &row.expired), ("open", &row.open)];
        let told = Words::AwayRow.fill(context.lang, &values);
        let unfilled = match row.unfilled {
            0 => String::new(),
            n => format!(", {}", Words::AwayUnfilled.fill(context.lang, &[("n", &n)])),
        };
        context.out.line(&format!("{told}{unfilled}"));
    }
}

/// The same as JSON.
pub(super) fn digest_row(digest: &Digest) -> serde_json::Value {
    let rows = digest.rows.iter().map(|row| {
        json!({
            "playbook": {"id": row.playbook.to_string(), "name": row.title}, "due": row.due,
            "expired": row.expired, "unfilled": row.unfilled, "open": row.open,
        })
    });
    json!({"away_seconds": digest.away_ms / 1_000, "rows": rows.collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<StatusWords>(), Vec::<String>::new());
        assert_eq!(crate::text::lang::faults::<SpanWords>(), Vec::<String>::new());
    }

    #[test]
    fn lengths_are_told_in_two_units() {
        let check = |seconds, expected: &str| assert_eq!(span_words(seconds, Lang::ZhCn), expected);
        check(59, "0 分钟");
        check(3_600 * 5 + 125, "5 小时 2 分");
        check(86_400 * 3 + 3_600, "3 天 1 小时");
    }
}
