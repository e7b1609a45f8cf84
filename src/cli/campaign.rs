//! `qun campaign`: several playbooks with one audience, one beginning and one end.
//!
//! One file because adding, changing and trying one read the same fields, and what is told of one is told alike.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::context::Context;
use super::error::{CliError, Kind};
use super::list::short_time;
use super::session::{Session, unexpected};
use super::sop_words::Words;
use super::words::Words as CliWords;
use super::{campaign_texts, forecast, json, object, table};
use crate::book::{Campaign, CampaignText, PlaybookId, Timestamp, Wave};
use crate::door::campaign::{
    CampaignTrial, CampaignView, TextTrial, WaveTrial, answer_lines, days_lines, never_began, playbook_line,
    texts_lines, trial_line, waits_lines,
};
use crate::door::{Command, Reply, Request};
use crate::report::funnel::Funnel;

#[derive(Debug, Subcommand)]
pub(super) enum CampaignVerb {
    /// Set one up: who enters which playbooks when, and when all of it ends
    Add {
        /// Its id: lower-case letters, digits and hyphens
        id: String,
        #[command(flatten)]
        fields: Fields,
        /// Say whom each wave would take, what caps it would hit and who would hear from several; write nothing
        #[arg(long)]
        dry_run: bool,
        #[arg(long)]
        json: bool,
    },
    /// Change one: what is given takes the place of what was; a wave that has begun stays
    Edit {
        id: String,
        #[command(flatten)]
        fields: Fields,
        /// Say whom each wave would take, what caps it would hit and who would hear from several; write nothing
        #[arg(long)]
        dry_run: bool,
        #[arg(long)]
        json: bool,
    },
    /// List campaigns
    List {
        #[arg(long)]
        json: bool,
    },
    /// How far one has got, by wave and playbook: who stands where, what was sent, replied to and bought after
    Show {
        id: String,
        /// Only its texts that have not begun, as the file of --texts has them
        #[arg(long, conflicts_with = "json")]
        texts: bool,
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

/// What a campaign is made of.
#[derive(Debug, Args)]
pub(super) struct Fields {
    /// What people call it; its id if nothing is said
    #[arg(long)]
    title: Option<String>,
    /// A playbook of it; several times for several
    #[arg(long, value_name = "ID")]
    playbook: Vec<String>,
    /// A wave: all that match this filter when it begins; several times for several, and who is in one is not in another; without any one wave of the whole book
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
    until: Option<String>,
    /// An answer that all its playbooks share, KEY=VALUE; several times for several
    #[arg(long, value_name = "KEY=VALUE")]
    ask: Vec<String>,
    /// A file of one-offs: [[text]] with at, to and text, and what else compose takes; each is made when its time comes
    #[arg(long, value_name = "FILE")]
    texts: Option<PathBuf>,
}

pub(super) fn run(context: &mut Context, verb: CampaignVerb) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    match verb {
        CampaignVerb::Add { id, fields, dry_run, json } => {
            let campaign = new_campaign(&mut session, id, fields)?;
            if dry_run {
                return tried(context, session, campaign, json);
            }
            let outcome = session.act(Command::CampaignAdd { campaign }, None)?;
            session.finish()?;
            object::say(context, json, &outcome);
        }
        CampaignVerb::Edit { id, fields, dry_run, json } => {
            let known = match session.ask(Request::Campaigns(Some(id.clone())))? {
                Reply::Campaigns(mut views) => views.pop().map(|view| view.campaign),
                other => return Err(unexpected(&other)),
            };
            let campaign = match known {
                Some(known) => changed(&mut session, &known, fields)?,
                // the desk names those that there are
                None => new_campaign(&mut session, id, Fields { until: Some("+1d".to_owned()), ..fields })?,
            };
            if dry_run {
                return tried(context, session, campaign, json);
            }
            let outcome = session.act(Command::CampaignEdit { campaign }, None)?;
            session.finish()?;
            object::say(context, json, &outcome);
        }
        CampaignVerb::Stop { id, json } => {
            let outcome = session.act(Command::CampaignStop { id }, None)?;
            session.finish()?;
            object::say(context, json, &outcome);
        }
        CampaignVerb::List { json } => return shown(context, session, None, json),
        CampaignVerb::Show { id, texts: true, .. } => return texts_of(context, session, id),
        CampaignVerb::Show { id, json, .. } => return shown(context, session, Some(id), json),
    }
    Ok(ExitCode::SUCCESS)
}

fn new_campaign(session: &mut Session, id: String, fields: Fields) -> Result<Campaign, CliError> {
    let Fields { title, playbook, wave, at, from, until, ask, texts } = fields;
    let from = from.map(|text| session.begin(&text)).transpose()?.unwrap_or(session.now);
    let Some(until) = until else {
        return Err(CliError::new(Kind::Usage, Words::CampaignNeedsUntil.text(session.lang)));
    };
    let until = session.end(&until)?;
    Ok(Campaign {
        title: title.unwrap_or_else(|| id.clone()),
        id,
        // texts alone have people of their own
        waves: if playbook.is_empty() && wave.is_empty() && texts.is_some() {
            Vec::new()
        } else {
            waves(session, wave, &at, from)?
        },
        playbooks: playbooks(session, &playbook)?,
        from,
        until,
        answers: answers(&ask, session)?,
        texts: texts.map(|file| campaign_texts::read(session, &file)).transpose()?.unwrap_or_default(),
        stopped_at: None,
        ended_at: None,
        act: None,
    })
}

/// A campaign with what is given in the place of what was. Waves and texts that have begun stay; times without a filter move those
/// that have not, in their order; an answer of nothing takes the key away.
fn changed(session: &mut Session, known: &Campaign, fields: Fields) -> Result<Campaign, CliError> {
    let Fields { title, playbook, wave, at, from, until, ask, texts } = fields;
    let mut after = known.clone();
    after.title = title.unwrap_or(after.title);
    if !playbook.is_empty() {
        after.playbooks = playbooks(session, &playbook)?;
    }
    if let Some(from) = from {
        after.from = session.begin(&from)?;
    }
    if let Some(until) = until {
        after.until = session.end(&until)?;
    }
    let (begun, mut waiting): (Vec<Wave>, Vec<Wave>) =
        known.waves.iter().cloned().partition(|wave| !known.waits(wave));
    if !wave.is_empty() {
        waiting = waves(session, wave, &at, after.from)?;
    } else if at.len() > waiting.len() {
        return Err(CliError::new(Kind::Usage, Words::MoreTimes.text(session.lang)));
    } else {
        for (wave, at) in waiting.iter_mut().zip(&at) {
            wave.at = session.begin(at)?;
        }
    }
    after.waves = begun.into_iter().chain(waiting).collect();
    if let Some(file) = texts {
        after.texts.retain(CampaignText::has_begun);
        after.texts.extend(campaign_texts::read(session, &file)?);
    }
    for (key, value) in answers(&ask, session)? {
        after.answers.retain(|(known, _)| *known != key);
        if !value.is_empty() {
            after.answers.push((key, value));
        }
    }
    Ok(after)
}

fn playbooks(session: &mut Session, names: &[String]) -> Result<Vec<PlaybookId>, CliError> {
    names.iter().map(|name| session.playbook(name)).collect()
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
            let at = times.next().map(|text| session.begin(text)).transpose()?.unwrap_or(from);
            Ok(Wave::new(at, filter))
        })
        .collect()
}

/// Says what it would do.
fn tried(
    context: &mut Context,
    mut session: Session,
    campaign: Campaign,
    as_json: bool,
) -> Result<ExitCode, CliError> {
    let trial = match session.ask(Request::CampaignTrial(campaign))? {
        Reply::CampaignTrial(trial) => trial,
        other => return Err(unexpected(&other)),
    };
    session.finish()?;
    if as_json {
        context.out.json(json::row(&trial_json(&trial, &session)));
    } else {
        for line in trial_lines(&trial, &session) {
            context.out.line(&line);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn trial_json(trial: &CampaignTrial, session: &Session) -> Value {
    let wave = |wave: &WaveTrial| {
        let each = wave.playbooks.iter().map(|(of, n)| json!({"playbook": json::refer(of), "enters": n}));
        let stays = wave.stays.iter().map(|(why, n)| json!({"why": why, "n": n}));
        json!({
            "at": json::time(wave.at, session.zone), "chosen_at": json::time(wave.chosen_at, session.zone),
            "filter": wave.filter, "people": wave.people, "playbooks": each.collect::<Vec<_>>(),
            "overlap": wave.overlap, "stays": stays.collect::<Vec<_>>(),
        })
    };
    let text = |text: &TextTrial| {
        let found = text.report.found.iter().map(|found| json!({"what": found.finding.word(), "n": found.n}));
        json!({
            "at": json::time(text.at, session.zone), "to": listed(text.groups), "filter": text.filter,
            "title": text.report.title, "matched": text.report.matched, "gets": text.report.gets,
            "text": text.report.text, "found": found.collect::<Vec<_>>(),
        })
    };
    let day = |(day, n): &(chrono::NaiveDate, u32)| json!({"date": day.to_string(), "messages": n});
    json!({
        "waves": trial.waves.iter().map(wave).collect::<Vec<_>>(), "messages": trial.messages,
        "held": trial.held, "days": trial.days.iter().map(day).collect::<Vec<_>>(),
        "caps": trial.caps.iter().map(forecast::cap_json).collect::<Vec<_>>(), "clash_count": trial.clash_count,
        "clashes": trial.clashes.iter().map(forecast::clash_json).collect::<Vec<_>>(),
        "texts": trial.texts.iter().map(text).collect::<Vec<_>>(),
        "looked_to": trial.looked_to.map(|day| day.to_string()), "warnings": trial.warnings,
    })
}

/// To whom a text goes, as a word for programs.
const fn listed(groups: bool) -> &'static str {
    if groups { "groups" } else { "members" }
}

fn trial_lines(trial: &CampaignTrial, session: &Session) -> Vec<String> {
    let lang = session.lang;
    let show = |at| short_time(at, session.now, session.zone);
    let mut lines = vec![Words::TrialHead.fill(lang, &[("n", &trial.messages)])];
    lines.extend(days_lines(trial, lang));
    for wave in &trial.waves {
        let filter = if wave.filter.trim().is_empty() { "-" } else { &wave.filter };
        let each: Vec<String> = wave.playbooks.iter().map(|(of, n)| format!("{} {n}", of.name)).collect();
        let values: [(&str, &dyn std::fmt::Display); 5] = [
            ("at", &show(wave.at)),
            ("filter", &filter),
            ("n", &wave.people),
            ("each", &each.join(", ")),
            ("chosen", &show(wave.chosen_at)),
        ];
        lines.push(Words::TrialWave.fill(lang, &values));
        if wave.overlap > 0 {
            lines.push(Words::TrialOverlap.fill(lang, &[("n", &wave.overlap)]));
        }
        for (why, n) in &wave.stays {
            lines.push(Words::TrialStays.fill(lang, &[("n", n), ("why", why)]));
        }
    }
    lines.extend(trial.texts.iter().map(|text| trial_line(text, &show(text.at), lang)));
    lines.extend(forecast::trouble(&trial.caps, &trial.clashes, trial.clash_count as usize, lang));
    if let Some(day) = trial.looked_to {
        lines.push(Words::TrialLookedTo.fill(lang, &[("day", &day)]));
    }
    lines.extend(trial.warnings.iter().cloned());
    lines
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

/// The texts of one that have not begun.
fn texts_of(context: &mut Context, mut session: Session, id: String) -> Result<ExitCode, CliError> {
    let views = match session.ask(Request::Campaigns(Some(id)))? {
        Reply::Campaigns(views) => views,
        other => return Err(unexpected(&other)),
    };
    session.finish()?;
    let Some(view) = views.first() else {
        return Err(CliError::new(Kind::Nothing, CliWords::Nothing.text(context.lang)));
    };
    let waits = view.campaign.texts.iter().filter(|text| !text.has_begun());
    context.out.lines(&campaign_texts::written(waits, session.zone));
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
    let several = campaign.waves.len() > 1;
    for (at, wave) in campaign.waves.iter().enumerate() {
        let filter = if wave.filter.trim().is_empty() { "-" } else { &wave.filter };
        let begins = short_time(wave.at, session.now, session.zone);
        let told = view.waves.get(at);
        let chosen = told.and_then(|told| told.chosen_at).filter(|_| campaign.waits(wave) && !view.over);
        let never = told.and_then(|told| never_began(campaign, told, lang));
        let state = match (chosen, told) {
            _ if never.is_some() => never.unwrap_or_default(),
            (Some(at), _) => {
                let at = short_time(at, session.now, session.zone);
                Words::WaveWaits.fill(lang, &[("at", &at)])
            }
            (None, Some(told)) if told.people == 0 => Words::WaveNobody.text(lang).to_owned(),
            (None, Some(told)) => Words::WavePeople.fill(lang, &[("n", &told.people)]),
            (None, None) => String::new(),
        };
        let values: [(&str, &dyn std::fmt::Display); 2] = [("at", &begins), ("filter", &filter)];
        lines.push(format!("{}  {state}", Words::CampaignWave.fill(lang, &values)));
        let Some(told) = told.filter(|_| several && chosen.is_none()) else { continue };
        for ((playbook, ..), (counts, funnel)) in view.playbooks.iter().zip(&told.playbooks) {
            lines.push(format!("  {}", playbook_line(&playbook.name, *counts, funnel, lang)));
        }
    }
    lines.extend(answer_lines(view, lang));
    for (playbook, counts, funnel) in &view.playbooks {
        lines.push(playbook_line(&playbook.name, *counts, funnel, lang));
    }
    lines.extend(texts_lines(view, &|at| short_time(at, session.now, session.zone), lang));
    lines.extend(waits_lines(view, lang));
    lines.push(Words::FunnelWindow.text(lang).to_owned());
    lines
}

fn campaign_json(view: &CampaignView, session: &Session) -> Value {
    let campaign = &view.campaign;
    let time = |at| json::time(at, session.zone);
    let told = |[active, in_line, finished, stopped]: [u32; 4], funnel: &Funnel| {
        json!({
            "active": active, "in_line": in_line, "finished": finished, "stopped": stopped, "due": funnel.due,
            "open": funnel.open, "sent": funnel.sent, "coverage": funnel.coverage(), "private": funnel.private,
            "replied": funnel.replied, "bought": funnel.bought,
        })
    };
    let with = |mut row: Value, of: &crate::door::line::Ref<PlaybookId>| {
        if let Value::Object(fields) = &mut row {
            fields.insert("playbook".to_owned(), json::refer(of));
        }
        row
    };
    let waves: Vec<Value> = campaign
        .waves
        .iter()
        .zip(&view.waves)
        .map(|(wave, told_of)| {
            let each = view.playbooks.iter().zip(&told_of.playbooks);
            json!({
                "at": time(wave.at), "filter": wave.filter, "begun": !campaign.waits(wave),
                "chosen_at": json::maybe_time(told_of.chosen_at, session.zone), "people": told_of.people,
                "playbooks": each.map(|((of, ..), (counts, funnel))| with(told(*counts, funnel), of)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let playbooks: Vec<Value> =
        view.playbooks.iter().map(|(of, counts, funnel)| with(told(*counts, funnel), of)).collect();
    let texts: Vec<Value> = campaign
        .texts
        .iter()
        .zip(&view.texts)
        .map(|(text, told_of)| {
            json!({
                "at": time(text.at), "until": json::maybe_time(text.until, session.zone), "to": listed(text.groups),
                "filter": text.filter, "title": text.title, "text": text.text, "class": text.class.word(),
                "account": text.account, "begun": text.has_begun(),
                "made": told_of.made.as_ref().map(|made| with(told(told_of.counts, &told_of.funnel), made)),
            })
        })
        .collect();
    let answers: serde_json::Map<String, Value> =
        campaign.answers.iter().map(|(key, value)| (key.clone(), Value::String(value.clone()))).collect();
    let unsent: Vec<Value> = view.unsent.iter().map(|(title, n)| json!({"title": title, "n": n})).collect();
    let refilled = view.refilled.iter();
    let refilled: Vec<Value> = refilled
        .map(|(key, run, value)| json!({"key": key, "run": run.to_string(), "value": value}))
        .collect();
    json!({
        "id": campaign.id, "title": campaign.title, "from": time(campaign.from), "until": time(campaign.until),
        "over": view.over, "stopped_at": json::maybe_time(campaign.stopped_at, session.zone), "waves": waves,
        "answers": answers, "refilled": refilled, "unsent": unsent, "capped": view.capped, "playbooks": playbooks, "texts": texts,
    })
}
