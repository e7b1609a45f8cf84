//! `qun show`: one object whole.

use std::process::ExitCode;

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::args::ShowArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::list::{comes_at, short_time, state_words};
use super::session::{Session, unexpected};
use super::words::Words;
use super::{json, out, show_group, table};
use crate::book::fields::quiet_text;
use crate::book::{ObjectId, Product, Timestamp, Via};
use crate::door::detail::{Coming, MemberDetail, Past, TaskDetail};
use crate::door::form::{Field, Kind as What};
use crate::door::line::LineId;
use crate::door::{RefusalKind, Reply, Request};
use crate::text::lang::Lang;
use crate::text::shell::quoted;

pub(super) fn run(context: &mut Context, args: &ShowArgs) -> Result<ExitCode, CliError> {
    one(context, args, None)
}

/// Shows what is meant: of one kind where that is said, else of any.
pub(super) fn one(context: &mut Context, args: &ShowArgs, kind: Option<What>) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let found = match (args.id.parse(), kind) {
        (Ok(task), None) => LineId::Object(ObjectId::Task(task)),
        (_, Some(kind)) => session.find(kind, &args.id)?,
        (Err(_), None) => session.find_any(&args.id)?,
    };
    let request = match found {
        LineId::Object(ObjectId::Task(task)) => Request::Task(task),
        LineId::Object(object) => Request::Object(object),
        LineId::Playbook(playbook) => Request::Playbook(playbook),
    };
    let reply = session.ask(request)?;
    session.finish()?;
    let (now, zone) = (session.now, session.zone);
    if args.text {
        let Reply::Task(task) = &reply else {
            let words = Words::TextOfTask.fill(context.lang, &[("name", &args.id)]);
            let hint = format!("qun list -f {}", quoted(&args.id));
            return Err(CliError::new(Kind::Usage, words).hint(hint));
        };
        return text(context, task);
    }
    if args.json {
        let row = match &reply {
            Reply::Task(task) => task_json(task, zone),
            Reply::Member(member) => member_json(member, zone),
            Reply::Group(group) => show_group::group_json(group, zone),
            Reply::Account(account) => {
                let mut row = json::account(account);
                extend(&mut row, [("past", pasts(&account.past, zone))]);
                row
            }
            Reply::Products(products) => products.first().map_or(Value::Null, json::product),
            Reply::Sop(sop) => {
                let mut row = json::sop(&sop.line, zone);
                extend(&mut row, [("toml", json!(sop.toml)), ("coming", comings(&sop.coming, zone))]);
                row
            }
            other => return Err(unexpected(other)),
        };
        context.out.json(json::row(&row));
        return Ok(ExitCode::SUCCESS);
    }
    let lines = match &reply {
        Reply::Task(task) => {
            task.text.warnings.iter().for_each(|warning| out::complain(&warning.words));
            task_lines(task, now, zone, context.lang)
        }
        Reply::Member(member) => member_lines(member, now, zone, context.lang),
        Reply::Group(group) => show_group::group_lines(group, now, zone, context.lang),
        Reply::Account(account) => {
            let line =
                [&account.name, account.platform.label(context.lang), &account.persona, &account.health];
            let mut lines = vec![line.join("  ")];
            let own = [
                (Field::Device, account.device.clone()),
                (Field::Note, account.note.clone()),
                (Field::Quiet, account.quiet.clone()),
            ];
            lines.extend(facts(&own, context.lang));
            lines.extend(past_lines(&account.past, now, zone));
            lines
        }
        Reply::Products(products) => {
            products.iter().map(|product| product_cells(product, context.lang).join("  ")).collect()
        }
        Reply::Sop(sop) => {
            let mut lines = vec![format!("{}  {}", sop.line.id, sop.line.title)];
            lines.extend(coming_lines(&sop.coming, now, zone, context.lang));
            lines
        }
        other => return Err(unexpected(other)),
    };
    for line in &lines {
        context.out.lines(line);
    }
    Ok(ExitCode::SUCCESS)
}

/// A product in a line: name with unit, price, days of use, what else it is called.
pub(super) fn product_cells(product: &Product, lang: Lang) -> Vec<String> {
    let price = match (product.price, product.unit.is_empty()) {
        (Some(price), false) => format!("{price}/{}", product.unit),
        (Some(price), true) => price.to_string(),
        (None, _) => product.unit.clone(),
    };
    let days = product.days_of_use.map_or_else(String::new, |n| Words::LastsDays.fill(lang, &[("n", &n)]));
    vec![product.id.short(), product.name.clone(), price, days, product.aliases.join(" ")]
}

/// The text alone, or why there is none.
fn text(context: &mut Context, task: &TaskDetail) -> Result<ExitCode, CliError> {
    if let Some((variable, words)) = &task.text.blocked {
        let message = format!("{variable}: {words}");
        return Err(CliError::new(Kind::Refused(RefusalKind::Blocked), message));
    }
    for warning in &task.text.warnings {
        out::complain(&warning.words);
    }
    let mut copied = false;
    for part in &task.text.parts {
        match &part.copy {
            Some(text) => {
                context.out.lines(text);
                copied = true;
            }
            // Something to do by hand is no data.
            None => out::complain(&part.show),
        }
    }
    Ok(ExitCode::from(if copied { 0 } else { Kind::Nothing.code() }))
}

pub(super) fn extend<const N: usize>(row: &mut Value, more: [(&str, Value); N]) {
    if let Value::Object(fields) = row {
        fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
    }
}

fn warnings(text: &crate::door::detail::TaskText) -> Value {
    text.warnings.iter().map(|warning| json!({"code": warning.code, "words": warning.words})).collect()
}

pub(super) fn pasts(past: &[Past], zone: Tz) -> Value {
    let row = |past: &Past| json!({"at": json::time(past.at, zone), "what": past.word, "by": if past.source.is_empty() { &past.by } else { &past.source }, "text": past.text});
    Value::Array(past.iter().map(row).collect())
}

pub(super) fn comings(coming: &[Coming], zone: Tz) -> Value {
    let row = |coming: &Coming| {
        json!({
            "at": json::maybe_time(coming.at, zone), "playbook": json::refer(&coming.playbook),
            "enrolment": coming.enrolment.to_string(), "step": coming.step, "says": coming.says,
            "since": coming.since, "why": coming.why,
            "asks": asks_json(&coming.asks, zone),
        })
    };
    Value::Array(coming.iter().map(row).collect())
}

fn task_json(task: &TaskDetail, zone: Tz) -> Value {
    let mut row = json::task(&task.line, Some(&task.text), zone);
    let part = |part: &crate::door::detail::PartView| json!({"kind": part.kind, "copy": part.copy, "find": part.find, "show": part.show, "done": part.done});
    let parts: Vec<Value> = task.text.parts.iter().map(part).collect();
    extend(
        &mut row,
        [
            ("parts", Value::Array(parts)),
            ("search_term", json!(task.text.search_term)),
            ("note", json!(task.note)),
            ("check", json!(task.text.check)),
            ("warnings", warnings(&task.text)),
            ("answers", json!(task.text.answers)),
            ("names", json!(task.names)),
            ("why", json!(task.why)),
            ("past", pasts(&task.past, zone)),
            ("coming", comings(&task.coming, zone)),
        ],
    );
    row
}

fn member_json(detail: &MemberDetail, zone: Tz) -> Value {
    let member = &detail.member;
    let handle = |handle: &crate::book::Handle| json!({"platform": handle.platform.word(), "id": handle.id});
    let contact = |contact: &crate::door::detail::ContactView| {
        json!({
            "account": json::refer(&contact.account), "state": contact.state.word(),
            "since": json::maybe_time(contact.since, zone), "remark": contact.remark,
        })
    };
    let group = |(group, joined, left): &(
        crate::door::line::Ref<crate::book::GroupId>,
        Option<Timestamp>,
        Option<Timestamp>,
    )| {
        json!({
            "group": json::refer(group), "joined_at": json::maybe_time(*joined, zone),
            "left_at": json::maybe_time(*left, zone),
        })
    };
    json!({
        "id": member.id.to_string(),
        "name": member.name,
        "remark": member.remark,
        "aliases": member.aliases,
        "handles": member.handles.iter().map(handle).collect::<Vec<_>>(),
        "phone": member.phone,
        "tags": member.tags,
        "stage": member.stage.map(crate::book::Stage::word),
        "birthday": member.birthday,
        "gender": member.gender,
        "needs": member.needs,
        "note": member.note,
        "source": member.source,
        "quiet": quiet_text(&member.quiet),
        "created_at": json::time(member.created_at, zone),
        "archived": member.archived,
        "contacts": detail.contacts.iter().map(contact).collect::<Vec<_>>(),
        "groups": detail.groups.iter().map(group).collect::<Vec<_>>(),
        "past": pasts(&detail.past, zone),
        "coming": comings(&detail.coming, zone),
        "due": detail.due.iter().map(|line| json::task(line, None, zone)).collect::<Vec<_>>(),
    })
}

fn task_lines(task: &TaskDetail, now: Timestamp, zone: Tz, lang: Lang) -> Vec<String> {
    let line = &task.line;
    let due = short_time(comes_at(line), now, zone);
    // a chore of our own goes out from nowhere
    let chore = line.via == Via::Internal && line.playbook.is_some();
    let account = line.account.as_ref().filter(|_| !chore).map_or("", |account| account.name.as_str());
    let mut lines = vec![
        format!("{}  {}  {due}", line.id, state_words(line, lang)),
        format!("{}  {account}  {}", line.target_name, line.step),
    ];
    match &task.text.blocked {
        Some((variable, words)) => lines.push(format!("{variable}: {words}")),
        None => lines.extend(task.text.parts.iter().map(|part| part.show.clone())),
    }
    lines.extend(Some(task.note.clone()).filter(|note| !note.is_empty()));
    lines.extend(task.why.iter().cloned());
    lines.extend(past_lines(&task.past, now, zone));
    lines
}

fn member_lines(detail: &MemberDetail, now: Timestamp, zone: Tz, lang: Lang) -> Vec<String> {
    let member = &detail.member;
    let stage = member.stage.map_or("", |stage| stage.label(lang));
    let mut lines = vec![
        member.id.to_string(),
        [member.name.as_str(), &member.remark, stage, &tags(&member.tags)].join("  ").trim_end().to_owned(),
    ];
    let handles: Vec<String> = member
        .handles
        .iter()
        .map(|handle| format!("{} {}", handle.platform.label(lang), handle.id))
        .collect();
    lines.extend(facts(
        &[
            (Field::Phone, member.phone.clone()),
            (Field::Aliases, member.aliases.join(" ")),
            (Field::Handles, handles.join("  ")),
            (Field::Birthday, member.birthday.map(|day| day.said(lang)).unwrap_or_default()),
            (Field::Gender, member.gender.clone()),
            (Field::Source, member.source.clone()),
            (Field::Quiet, quiet_text(&member.quiet)),
        ],
        lang,
    ));
    let contacts = detail
        .contacts
        .iter()
        .map(|contact| vec![contact.account.name.clone(), contact.state.label(lang).to_owned()]);
    let groups = detail.groups.iter().map(|(group, _, left)| {
        vec![
            group.name.clone(),
            left.map_or_else(String::new, |at| format!("-{}", short_time(at, now, zone))),
        ]
    });
    lines.extend(table::aligned(&contacts.chain(groups).collect::<Vec<_>>()));
    lines.extend([&member.needs, &member.note].into_iter().filter(|text| !text.is_empty()).cloned());
    lines.extend(past_lines(&detail.past, now, zone));
    lines.extend(coming_lines(&detail.coming, now, zone, lang));
    lines
}

pub(super) fn tags(tags: &[String]) -> String {
    tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ")
}

/// What is known, a line each under the names that forms give it.
pub(super) fn facts(facts: &[(Field, String)], lang: Lang) -> Vec<String> {
    let known = facts.iter().filter(|(_, value)| !value.is_empty());
    known.map(|(field, value)| format!("{}: {value}", field.label(lang))).collect()
}

pub(super) fn past_lines(past: &[Past], now: Timestamp, zone: Tz) -> Vec<String> {
    let row = |past: &Past| {
        vec![short_time(past.at, now, zone), past.by.clone(), past.what.clone(), past.text.clone()]
    };
    table::aligned(&past.iter().map(row).collect::<Vec<_>>())
}

/// Forms before a step: when each opens, and its key.
pub(super) fn asks_json(asks: &[(Timestamp, String)], zone: Tz) -> Value {
    let one = |(at, key): &(Timestamp, String)| json!({"at": json::time(*at, zone), "key": key});
    Value::Array(asks.iter().map(one).collect())
}

/// Forms before a step, and the step: 07:00 填 商品 -> 09:30.
pub(super) fn when_words(
    asks: &[(Timestamp, String)],
    at: String,
    now: Timestamp,
    zone: Tz,
    lang: Lang,
) -> String {
    let fill = |(at, key): &(Timestamp, String)| {
        format!("{} {}", short_time(*at, now, zone), Words::FillIn.fill(lang, &[("key", key)]))
    };
    let words: Vec<String> = asks.iter().map(fill).chain([at]).collect();
    words.join(" -> ")
}

pub(super) fn coming_lines(coming: &[Coming], now: Timestamp, zone: Tz, lang: Lang) -> Vec<String> {
    let row = |coming: &Coming| {
        let at = coming.at.map_or_else(|| "-".to_owned(), |at| short_time(at, now, zone));
        let at = when_words(&coming.asks, at, now, zone, lang);
        vec![at, coming.told(lang)]
    };
    table::aligned(&coming.iter().map(row).collect::<Vec<_>>())
}
