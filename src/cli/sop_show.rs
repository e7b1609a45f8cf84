//! `qun sop show` and `qun sop list --builtin`: a playbook opened, and those that come with the program.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::context::Context;
use super::error::CliError;
use super::list::short_time;
use super::session::{Session, unexpected};
use super::sop_words::Words;
use super::{json, show, table};
use crate::door::detail::{PlaceView, SopBoard, Standing, StepView};
use crate::door::{Reply, Request};
use crate::sop::builtin::BUILTIN;
use crate::sop::parse;

/// Places that are asked for at once.
const PAGE: u32 = 200;

/// Places that are printed; the JSON has all.
const PRINTED: usize = 60;

pub(super) fn run(context: &mut Context, id: &str, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let playbook = session.playbook(id)?;
    let mut page =
        |first: u32| match session.ask(Request::Board { playbook: playbook.clone(), first, rows: PAGE })? {
            Reply::Board(board) => Ok(board),
            other => Err(unexpected(&other)),
        };
    let mut board = page(0)?;
    let total = board.counts.iter().sum::<u32>() as usize;
    while board.places.len() < total && (as_json || board.places.len() < PRINTED) {
        let more = page(board.places.len() as u32)?.places;
        if more.is_empty() {
            break;
        }
        board.places.extend(more);
    }
    session.finish()?;
    if as_json {
        context.out.json(json::row(&board_json(&board, session.zone)));
    } else {
        for line in board_lines(&board, &session, total) {
            context.out.line(&line);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn board_json(board: &SopBoard, zone: chrono_tz::Tz) -> Value {
    let step = |step: &StepView| {
        let funnel = &step.funnel;
        json!({
            "step": step.id, "at": step.at, "via": step.via.word(), "class": step.class.word(), "says": step.says,
            "due": funnel.due, "open": funnel.open, "sent": funnel.sent, "coverage": funnel.coverage(),
            "private": funnel.private, "replied": funnel.replied, "bought": funnel.bought,
            "ruled_out": funnel.ruled_out,
        })
    };
    let place = |place: &PlaceView| {
        json!({
            "enrolment": place.enrolment.to_string(), "target": target_json(place), "state": place.standing.word(),
            "next_at": json::maybe_time(place.at, zone),
            "asks": show::asks_json(&place.asks, zone), "step": place.step, "why": place.why,
            "line": (place.line > 0).then_some(place.line), "paused": place.paused, "version": place.version,
        })
    };
    let [active, in_line, finished, stopped] = board.counts;
    let mut row = json::sop(&board.line, zone);
    if let Value::Object(fields) = &mut row {
        let counts = json!({"active": active, "in_line": in_line, "finished": finished, "stopped": stopped});
        fields.insert("counts".to_owned(), counts);
        fields.insert("funnel".to_owned(), Value::Array(board.steps.iter().map(step).collect()));
        fields.insert("targets".to_owned(), Value::Array(board.places.iter().map(place).collect()));
    }
    row
}

fn target_json(place: &PlaceView) -> Value {
    use crate::book::Target;
    let id = match place.target {
        Target::Member(id) => id.to_string(),
        Target::Group(id) => id.to_string(),
        Target::Account(id) => id.to_string(),
    };
    json!({"id": id, "name": place.name})
}

fn board_lines(board: &SopBoard, session: &Session, total: usize) -> Vec<String> {
    let lang = session.lang;
    let [active, in_line, finished, stopped] = board.counts;
    let mut lines = vec![format!("{}  {} v{}", board.line.title, board.line.id, board.line.version)];
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("active", &active), ("line", &in_line), ("finished", &finished), ("stopped", &stopped)];
    lines.push(Words::BoardCounts.fill(lang, &values));
    lines.push(String::new());
    let heads = [
        Words::HeadStep,
        Words::HeadAt,
        Words::HeadVia,
        Words::HeadOwed,
        Words::HeadSent,
        Words::HeadCover,
        Words::HeadReplied,
        Words::HeadBought,
    ];
    let mut rows = vec![heads.map(|head| head.text(lang).to_owned()).to_vec()];
    rows.extend(board.steps.iter().map(|step| {
        let funnel = &step.funnel;
        let of_private = |n: u32| if funnel.private == 0 { "-".to_owned() } else { n.to_string() };
        let replied = if funnel.private == 0 {
            "-".to_owned()
        } else {
            format!("{}/{}", funnel.replied, funnel.private)
        };
        vec![
            step.id.clone(),
            step.at.clone(),
            step.via.label(lang).to_owned(),
            funnel.due.to_string(),
            funnel.sent.to_string(),
            funnel.coverage().map_or_else(|| "-".to_owned(), |percent| format!("{percent}%")),
            replied,
            of_private(funnel.bought),
        ]
    }));
    lines.extend(table::aligned(&rows));
    lines.push(Words::FunnelWindow.text(lang).to_owned());
    lines.push(String::new());
    let rows: Vec<Vec<String>> = board
        .places
        .iter()
        .take(PRINTED)
        .map(|place| {
            let at = match (place.at, place.line) {
                (Some(at), _) => short_time(at, session.now, session.zone),
                (None, 0) => place.standing.label(lang).to_owned(),
                (None, n) => {
                    let number = Words::InLineAt.fill(lang, &[("n", &n)]);
                    place.turn.map_or(number.clone(), |day| format!("{} {number}", day.format("%m-%d")))
                }
            };
            let at = show::when_words(&place.asks, at, session.now, session.zone, lang);
            let why = if place.standing == Standing::InLine { String::new() } else { place.why.clone() };
            vec![place.name.clone(), at, place.step.clone(), why]
        })
        .collect();
    lines.extend(table::aligned(&rows));
    if let Some(more) = total.checked_sub(PRINTED).filter(|more| *more > 0) {
        lines.push(Words::MoreRows.fill(lang, &[("n", &more)]));
    }
    lines
}

/// Those that come with the program: title, for whom, when to use it.
pub(super) fn builtins(context: &mut Context, as_json: bool) -> ExitCode {
    const WHEN: &str = "什么时候用：";
    let mut rows = Vec::new();
    for builtin in BUILTIN {
        let playbook = parse(builtin.source, builtin.id, &|_| Ok(())).playbook;
        let Some(playbook) = playbook else { continue };
        let when = builtin.comment().find_map(|line| line.strip_prefix(WHEN)).unwrap_or_default();
        rows.push((builtin.id, playbook, when));
    }
    if as_json {
        let rows: Vec<Value> = rows
            .iter()
            .map(|(id, playbook, when)| {
                json!({
                    "id": id, "title": playbook.title, "for": playbook.target.word(),
                    "start": playbook.start.word().word(), "class": playbook.class.word(),
                    "steps": playbook.steps.len(), "when": when,
                })
            })
            .collect();
        context.out.json(json::rows(&rows));
        return ExitCode::SUCCESS;
    }
    let lang = context.lang;
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|(id, playbook, when)| {
            let whom = Words::of_target(playbook.target).text(lang).to_owned();
            vec![(*id).to_owned(), playbook.title.clone(), whom, (*when).to_owned()]
        })
        .collect();
    for line in table::aligned(&rows) {
        context.out.line(&line);
    }
    ExitCode::SUCCESS
}
