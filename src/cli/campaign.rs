//! `qun campaign`: several playbooks with one audience, one beginning and one end.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};

use super::context::Context;
use super::error::{CliError, Kind};
use super::list::short_time;
use super::session::{Session, unexpected};
use super::sop_words::Words;
use super::words::Words as CliWords;
use super::{json, object, table};
use crate::book::{Campaign, Timestamp, Wave};
use crate::door::detail::CampaignView;
use crate::door::{Command, Reply, Request};

#[derive(Debug, Subcommand)]
pub(super) enum CampaignVerb {
    /// Set one up: who enters which playbooks when, and when all of it ends
    Add {
        /// Its id: lower-case letters, digits and hyphens
        id: String,
        /// What people call it; its id if nothing is said
        #[arg(long)]
        title: Option<String>,
        /// A playbook of it; several times for several
        #[arg(long, required = true, value_name = "ID")]
        playbook: Vec<String>,
        /// A wave: all that match this filter; several times for several, and who is in one is not in the next
        #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
        wave: Vec<String>,
        /// When the wave of the same place begins; without it the beginning
        #[arg(long, value_name = "TIME")]
        at: Vec<String>,
        /// Its beginning; now if nothing is said
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// Its end: nothing is offered from then on
        #[arg(long, value_name = "TIME")]
        until: String,
        /// An answer that all its playbooks share, KEY=VALUE; several times for several
        #[arg(long, value_name = "KEY=VALUE")]
        ask: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    /// List campaigns
    List {
        #[arg(long)]
        json: bool,
    },
    /// How far one has got: who stands where, what was sent, replied to and bought after
    Show {
        id: String,
        #[arg(long)]
        json: bool,
    },
    /// End one for everybody, at once
    Stop {
        id: String,
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(context: &mut Context, verb: CampaignVerb) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    match verb {
        CampaignVerb::Add { id, title, playbook, wave, at, from, until, ask, json } => {
            let from = from.map(|text| session.moment(&text)).transpose()?.unwrap_or(session.now);
            let until = session.moment(&until)?;
            let mut playbooks = Vec::new();
            for name in &playbook {
                playbooks.push(session.playbook(name)?);
            }
            let campaign = Campaign {
                title: title.unwrap_or_else(|| id.clone()),
                id,
                playbooks,
                waves: waves(&session, wave, &at, from)?,
                from,
                until,
                answers: answers(&ask, &session)?,
                stopped_at: None,
                act: None,
            };
            let outcome = session.act(Command::CampaignAdd { campaign }, None)?;
            session.finish()?;
            object::say(context, json, &outcome);
        }
        CampaignVerb::Stop { id, json } => {
            let outcome = session.act(Command::CampaignStop { id }, None)?;
            session.finish()?;
            object::say(context, json, &outcome);
        }
        CampaignVerb::List { json } => return shown(context, session, None, json),
        CampaignVerb::Show { id, json } => return shown(context, session, Some(id), json),
    }
    Ok(ExitCode::SUCCESS)
}

/// The waves as they were written: a filter and its time stand at the same place.
fn waves(
    session: &Session,
    mut filters: Vec<String>,
    at: &[String],
    from: Timestamp,
) -> Result<Vec<Wave>, CliError> {
    if filters.is_empty() {
        filters.push(String::new());
    }
    if at.len() > filters.len() {
        return Err(CliError::new(Kind::Usage, Words::MoreTimes.text(session.lang)));
    }
    let mut times = at.iter();
    filters
        .into_iter()
        .map(|filter| {
            let at = times.next().map(|text| session.moment(text)).transpose()?.unwrap_or(from);
            Ok(Wave::new(at, filter))
        })
        .collect()
}

fn answers(written: &[String], session: &Session) -> Result<Vec<(String, String)>, CliError> {
    let split = |text: &String| {
        let (key, value) = text.split_once(['=', '＝'])?;
        Some((key.trim().to_owned(), value.trim().to_owned())).filter(|(key, _)| !key.is_empty())
    };
    let wrong =
        |text: &String| CliError::new(Kind::Usage, Words::NotKeyValue.fill(session.lang, &[("text", text)]));
    written.iter().map(|text| split(text).ok_or_else(|| wrong(text))).collect()
}

fn shown(
    context: &mut Context,
    mut session: Session,
    id: Option<String>,
    as_json: bool,
) -> Result<ExitCode, CliError> {
    let one = id.is_some();
    let views = match session.ask(Request::Campaigns(id))? {
        Reply::Campaigns(views) => views,
        other => return Err(unexpected(&other)),
    };
    session.finish()?;
    if as_json && !one {
        let rows: Vec<Value> = views.iter().map(|view| campaign_json(view, &session)).collect();
        context.out.json(json::rows(&rows));
        return Ok(ExitCode::from(if rows.is_empty() { Kind::Nothing.code() } else { 0 }));
    }
    let Some(first) = views.first() else {
        return Err(CliError::new(Kind::Nothing, CliWords::Nothing.text(context.lang)));
    };
    if as_json {
        context.out.json(json::row(&campaign_json(first, &session)));
    } else if one {
        for line in lines(first, &session) {
            context.out.line(&line);
        }
    } else {
        let rows: Vec<Vec<String>> = views.iter().map(|view| head(view, &session)).collect();
        for line in table::aligned(&rows) {
            context.out.line(&line);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn head(view: &CampaignView, session: &Session) -> Vec<String> {
    let campaign = &view.campaign;
    let show = |at| short_time(at, session.now, session.zone);
    let state = match (view.over, campaign.from > session.now) {
        (true, _) => Words::CampaignOver,
        (false, true) => Words::CampaignAhead,
        (false, false) => Words::CampaignRuns,
    };
    let span = format!("{} - {}", show(campaign.from), show(campaign.until));
    vec![campaign.id.clone(), campaign.title.clone(), span, state.text(session.lang).to_owned()]
}

fn lines(view: &CampaignView, session: &Session) -> Vec<String> {
    let lang = session.lang;
    let campaign = &view.campaign;
    let mut lines = vec![head(view, session).join("  ")];
    for wave in &campaign.waves {
        let filter = if wave.filter.trim().is_empty() { "-" } else { &wave.filter };
        let at = short_time(wave.at, session.now, session.zone);
        lines.push(Words::CampaignWave.fill(lang, &[("at", &at), ("filter", &filter)]));
    }
    lines.extend(campaign.answers.iter().map(|(key, value)| format!("{key} = {value}")));
    for (playbook, counts, funnel) in &view.playbooks {
        let [active, line, finished, stopped] = counts;
        let values: [(&str, &dyn std::fmt::Display); 10] = [
            ("title", &playbook.name),
            ("active", active),
            ("line", line),
            ("finished", finished),
            ("stopped", stopped),
            ("due", &funnel.due),
            ("sent", &funnel.sent),
            ("replied", &funnel.replied),
            ("private", &funnel.private),
            ("bought", &funnel.bought),
        ];
        lines.push(Words::CampaignPlaybook.fill(lang, &values));
    }
    lines
}

fn campaign_json(view: &CampaignView, session: &Session) -> Value {
    let campaign = &view.campaign;
    let time = |at| json::time(at, session.zone);
    let waves: Vec<Value> =
        campaign.waves.iter().map(|wave| json!({"at": time(wave.at), "filter": wave.filter})).collect();
    let playbooks: Vec<Value> = view
        .playbooks
        .iter()
        .map(|(playbook, [active, in_line, finished, stopped], funnel)| {
            json!({
                "playbook": json::refer(playbook), "active": active, "in_line": in_line, "finished": finished,
                "stopped": stopped, "due": funnel.due, "open": funnel.open, "sent": funnel.sent,
                "coverage": funnel.coverage(), "private": funnel.private, "replied": funnel.replied,
                "bought": funnel.bought,
            })
        })
        .collect();
    let answers: serde_json::Map<String, Value> =
        campaign.answers.iter().map(|(key, value)| (key.clone(), Value::String(value.clone()))).collect();
    json!({
        "id": campaign.id, "title": campaign.title, "from": time(campaign.from), "until": time(campaign.until),
        "over": view.over, "stopped_at": json::maybe_time(campaign.stopped_at, session.zone), "waves": waves,
        "answers": answers, "playbooks": playbooks,
    })
}
