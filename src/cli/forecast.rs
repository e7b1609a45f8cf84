//! `qun sop forecast`: the coming days of the whole book.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::context::Context;
use super::error::CliError;
use super::session::{Session, unexpected};
use super::sop_words::Words;
use super::{json, table};
use crate::door::forecast::{
    AccountDay, ArrivalsAhead, CapAhead, ClashAhead, DayAhead, DayItem, Forecast, PersonDay, Range,
    unlisted_words, unsent_lines,
};
use crate::door::{Reply, Request};
use crate::text::lang::Lang;

/// Lines of each kind of trouble.
const TOLD: usize = 10;

pub(super) fn run(context: &mut Context, days: u32, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let forecast = match session.ask(Request::Forecast { days })? {
        Reply::Forecast(forecast) => forecast,
        other => return Err(unexpected(&other)),
    };
    session.finish()?;
    if as_json {
        context.out.json(json::row(&forecast_json(&forecast, &session)));
        return Ok(ExitCode::SUCCESS);
    }
    for line in lines(&forecast, &session) {
        context.out.line(&line);
    }
    Ok(ExitCode::SUCCESS)
}

fn hours(seconds: u32) -> f64 {
    f64::from(seconds / 36) / 100.0
}

pub(super) fn cap_json(cap: &CapAhead) -> Value {
    json!({
        "day": cap.day.to_string(), "scope": cap.scope, "per": cap.per, "name": cap.name, "planned": cap.planned,
        "n": cap.n,
    })
}

pub(super) fn clash_json((day, name, playbooks): &ClashAhead) -> Value {
    json!({"day": day.to_string(), "member": name, "playbooks": playbooks})
}

fn forecast_json(forecast: &Forecast, session: &Session) -> Value {
    let account = |day: &AccountDay| {
        json!({
            "account": json::maybe_refer(day.account.as_ref()), "operator": day.holder, "tasks": day.tasks,
            "hours": hours(day.seconds), "held": day.held, "lost": day.lost,
        })
    };
    let person = |day: &PersonDay| json!({"name": day.name, "tasks": day.tasks, "hours": hours(day.seconds)});
    let range = |range: Range| json!({"low": range.low, "high": range.high});
    let arrivals = forecast
        .arrivals
        .iter()
        .map(|of| json!({"playbook": json::refer(&of.playbook), "weekly": range(of.weekly)}));
    let item = |item: &DayItem| {
        json!({
            "at": json::time(item.at, session.zone), "playbook": json::maybe_refer(item.playbook.as_ref()),
            "step": item.step, "tasks": item.n, "estimated": item.estimated,
            "zone": (!item.zone.is_empty()).then_some(&item.zone),
        })
    };
    let day = |day: &DayAhead| {
        json!({
            "date": day.date.to_string(), "lunar": day.lunar, "marks": day.marks, "off": day.off, "tasks": day.tasks,
            "estimated": day.estimated, "hours": hours(day.seconds), "accounts": day.accounts.iter().map(account).collect::<Vec<_>>(),
            "people": day.people.iter().map(person).collect::<Vec<_>>(), "newcomers": range(day.newcomers),
            "items": day.items.iter().map(item).collect::<Vec<_>>(),
        })
    };
    let caps = forecast.caps.iter().map(cap_json);
    let clashes = forecast.clashes.iter().map(clash_json);
    let unsent = forecast.unsent.iter().map(|(title, n)| json!({"title": title, "n": n}));
    let missing = forecast.missing.iter().map(|missing| {
        json!({
            "playbook": json::refer(&missing.playbook), "step": missing.step, "n": missing.n,
            "first": json::time(missing.first, session.zone), "wordings": missing.wordings, "more": missing.more,
        })
    });
    let asks = forecast.asks.iter().map(|ask| {
        json!({"playbook": json::refer(&ask.playbook), "key": ask.key, "runs": ask.runs, "first": ask.first.to_string()})
    });
    let paces = forecast.paces.iter().map(|pace| {
        let source = if pace.samples == 0 { "default" } else { "own" };
        json!({"via": pace.via.word(), "seconds": pace.seconds, "samples": pace.samples, "source": source})
    });
    json!({
        "days": forecast.days.iter().map(day).collect::<Vec<_>>(), "caps": caps.collect::<Vec<_>>(),
        "clashes": clashes.collect::<Vec<_>>(), "clash_count": forecast.clash_count,
        "unsent": unsent.collect::<Vec<_>>(), "missing": missing.collect::<Vec<_>>(), "asks": asks.collect::<Vec<_>>(), "pace": paces.collect::<Vec<_>>(),
        "arrivals": arrivals.collect::<Vec<_>>(), "expiring": forecast.expiring, "unlisted": forecast.unlisted, "looked_at": forecast.looked_at, "cut": forecast.cut,
    })
}

fn lines(forecast: &Forecast, session: &Session) -> Vec<String> {
    let lang = session.lang;
    let rows: Vec<Vec<String>> = forecast
        .days
        .iter()
        .filter(|day| day.tasks > 0 || day.newcomers.high > 0)
        .map(|day| {
            let accounts: Vec<String> = day
                .accounts
                .iter()
                .map(|one| {
                    let name = one.account.as_ref().map(|account| account.name.as_str());
                    let told = format!("{} {}", name.unwrap_or(Words::NoAccount.text(lang)), one.tasks);
                    match one.held_words(lang) {
                        held if held.is_empty() => told,
                        held => format!("{told} ({held})"),
                    }
                })
                .collect();
            let hours = Words::Hours.fill(lang, &[("n", &format!("{:.1}", hours(day.seconds)))]);
            let tasks = with_expected(Words::Tasks.fill(lang, &[("n", &day.tasks)]), day.estimated, lang);
            let more = match day.newcomers {
                Range { high: 0, .. } => String::new(),
                range => Words::Newcomers.fill(lang, &[("n", &range.said())]),
            };
            vec![day.date.to_string(), tasks, more, hours, day.marks.join(" "), accounts.join(", ")]
        })
        .collect();
    let mut lines = table::aligned(&rows);
    if lines.is_empty() {
        lines.push(Words::NothingAhead.text(lang).to_owned());
    }
    lines.extend(people_line(forecast, lang));
    lines.extend(arrivals_line(forecast, lang));
    for missing in forecast.missing.iter().take(TOLD) {
        let values: [(&str, &dyn std::fmt::Display); 5] = [
            ("title", &missing.playbook.name),
            ("step", &missing.step),
            ("n", &missing.n),
            ("day", &missing.first.day(session.zone)),
            ("more", &missing.more),
        ];
        lines.push(Words::MissingTexts.fill(lang, &values));
    }
    for ask in forecast.asks.iter().take(TOLD) {
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("title", &ask.playbook.name), ("key", &ask.key), ("n", &ask.runs), ("day", &ask.first)];
        lines.push(Words::AskAhead.fill(lang, &values));
    }
    let clash_count = forecast.clash_count as usize;
    lines.extend(unsent_lines(&forecast.unsent, lang).into_iter().take(TOLD));
    lines.extend(trouble(&forecast.caps, &forecast.clashes, clash_count, lang));
    let measured: Vec<String> = forecast
        .paces
        .iter()
        .map(|pace| {
            let via = pace.via.label(lang);
            if pace.samples == 0 {
                return Words::PaceGuess.fill(lang, &[("via", &via), ("seconds", &pace.seconds)]);
            }
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("via", &via), ("seconds", &pace.seconds), ("samples", &pace.samples)];
            Words::PaceOwn.fill(lang, &values)
        })
        .collect();
    lines.push(Words::Paces.fill(lang, &[("paces", &measured.join(", "))]));
    if forecast.days.iter().any(|day| day.estimated > 0) {
        lines.push(Words::Estimates.text(lang).to_owned());
    }
    let at_most = std::iter::once(Words::AtMost.text(lang).to_owned());
    let at_most: Vec<String> = at_most.chain(unlisted_words(forecast.unlisted, lang)).collect();
    lines.push(at_most.join("; "));
    if forecast.cut {
        lines.push(Words::Cut.fill(lang, &[("n", &forecast.looked_at)]));
    }
    lines
}

/// How many, and of them how many are only expected for that day.
fn with_expected(n: String, expected: u32, lang: Lang) -> String {
    if expected == 0 { n } else { format!("{n} {}", Words::Estimated.fill(lang, &[("n", &expected)])) }
}

/// What all the days ask of each person, the busiest first.
fn people_line(forecast: &Forecast, lang: Lang) -> Option<String> {
    let mut sums: Vec<(&str, u32, u32)> = Vec::new();
    for one in forecast.days.iter().flat_map(|day| &day.people) {
        match sums.iter_mut().find(|(name, ..)| *name == one.name) {
            Some((_, tasks, seconds)) => {
                *tasks += one.tasks;
                *seconds = seconds.saturating_add(one.seconds);
            }
            None => sums.push((&one.name, one.tasks, one.seconds)),
        }
    }
    sums.sort_by_key(|(_, tasks, _)| std::cmp::Reverse(*tasks));
    let said = |(name, tasks, seconds): &(&str, u32, u32)| {
        let name = if name.is_empty() { Words::NobodyYet.text(lang) } else { name };
        let hours = Words::Hours.fill(lang, &[("n", &format!("{:.1}", hours(*seconds)))]);
        format!("{name} {} {hours}", Words::Tasks.fill(lang, &[("n", tasks)]))
    };
    let people: Vec<String> = sums.iter().take(TOLD).map(said).collect();
    (!people.is_empty()).then(|| Words::People.fill(lang, &[("people", &people.join(", "))]))
}

/// How many come a week, of each playbook that takes newcomers.
fn arrivals_line(forecast: &Forecast, lang: Lang) -> Option<String> {
    let of = |of: &ArrivalsAhead| format!("{} {}", of.playbook.name, of.weekly.said());
    let each: Vec<String> = forecast.arrivals.iter().take(TOLD).map(of).collect();
    (!each.is_empty()).then(|| Words::Arrivals.fill(lang, &[("each", &each.join(", "))]))
}

/// Caps that are hit and who hears from several playbooks on one day, the first of each.
pub(super) fn trouble(
    caps: &[CapAhead],
    clashes: &[ClashAhead],
    clash_count: usize,
    lang: Lang,
) -> Vec<String> {
    let mut lines = Vec::new();
    for cap in caps.iter().take(TOLD) {
        lines.push(cap.fill(Words::CapAhead, lang));
    }
    if let Some(more) = caps.len().checked_sub(TOLD).filter(|more| *more > 0) {
        lines.push(Words::MoreRows.fill(lang, &[("n", &more)]));
    }
    for (day, name, titles) in clashes.iter().take(TOLD) {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("day", day), ("name", name), ("titles", &titles.join(" + "))];
        lines.push(Words::ClashAhead.fill(lang, &values));
    }
    if let Some(more) = clash_count.checked_sub(TOLD).filter(|more| *more > 0) {
        lines.push(Words::MoreRows.fill(lang, &[("n", &more)]));
    }
    lines
}
