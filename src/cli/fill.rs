//! `qun fill`: today's questions of the playbooks, and their answers.

use std::process::ExitCode;

use serde_json::json;

use super::args::FillArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::list::short_time;
use super::session::{Session, unexpected};
use super::words::Words;
use super::{json, object};
use crate::door::detail::AskView;
use crate::door::{Command, Reply, Request};
use crate::text::shell::quoted;

pub(super) fn run(context: &mut Context, args: FillArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let asks = match session.ask(Request::Asks)? {
        Reply::Asks(asks) => asks,
        other => return Err(unexpected(&other)),
    };
    let playbook = args.playbook.as_deref().map(|name| session.playbook(name)).transpose()?;
    let wanted = (playbook, args.key);
    if let ((Some(playbook), Some(key)), Some(value)) = (wanted.clone(), args.value) {
        let group = args.group.as_deref().map(|name| session.group(name)).transpose()?;
        // The run that asks, else the newest; without one the desk refuses today's by name.
        let mut of_it = asks.iter().filter(|ask| {
            let of_group = ask.group.as_ref().is_none_or(|of| group.is_none_or(|group| of.id == group));
            ask.playbook.id == playbook && ask.key == key && of_group
        });
        let newest = of_it.clone().max_by_key(|ask| ask.run);
        let asked = of_it.find(|ask| !ask.answered).or(newest);
        let asked = asked.map_or_else(|| session.now.day(session.zone), |ask| ask.run);
        let run = args.day.as_deref().map(|day| session.day(day)).transpose()?.unwrap_or(asked);
        let outcome = session.act(Command::Fill { playbook, run, group, key, value }, None)?;
        session.finish()?;
        object::say(context, args.json, &outcome);
        return Ok(ExitCode::SUCCESS);
    }
    session.finish()?;
    let asks: Vec<_> = asks
        .into_iter()
        .filter(|ask| wanted.0.as_ref().is_none_or(|playbook| ask.playbook.id == *playbook))
        .filter(|ask| wanted.1.as_ref().is_none_or(|key| ask.key == *key))
        .collect();
    if args.json {
        let rows: Vec<_> = asks
            .iter()
            .map(|ask| {
                json!({
                    "playbook": json::refer(&ask.playbook), "run": ask.run.to_string(), "key": ask.key,
                    "type": ask.kind, "group": json::maybe_refer(ask.group.as_ref()),
                    "by": json::time(ask.by, session.zone), "value": ask.value, "proposed": ask.proposed,
                    "answered": ask.answered,
                    "command": example(ask),
                })
            })
            .collect();
        context.out.json(json::rows(&rows));
        return Ok(ExitCode::from(if rows.is_empty() { Kind::Nothing.code() } else { 0 }));
    }
    if asks.is_empty() {
        return Err(CliError::new(Kind::Nothing, Words::NoAsks.text(context.lang)));
    }
    let lang = context.lang;
    for ask in &asks {
        let by = short_time(ask.by, session.now, session.zone);
        let group = ask.group.as_ref().map_or_else(String::new, |group| format!(" {}", group.name));
        let title = &ask.playbook.name;
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("title", title), ("group", &group), ("key", &ask.key), ("by", &by)];
        context.out.line(&FillWords::Asked.fill(lang, &values));
        let value = ask.value.replace('\n', " / ");
        let state = match (ask.answered, ask.value.is_empty()) {
            (true, true) => Words::FilledNone.text(lang).to_owned(),
            (true, false) => format!("{} {value}", Words::FilledIn.text(lang)),
            (false, true) => FillWords::Empty.text(lang).to_owned(),
            (false, false) => FillWords::Proposed.fill(lang, &[("value", &value)]),
        };
        context.out.line(&format!("  {state}"));
        context.out.line(&format!("  {}", example(ask)));
    }
    // a key that was named waits for its value
    if wanted.1.is_some() {
        return Err(CliError::new(Kind::Usage, Words::NoValue.text(lang)));
    }
    Ok(ExitCode::SUCCESS)
}

crate::words! {
    enum FillWords {
        Asked { title, group, key, by } => [
            "{title}{group}: {key}，{by} 前", "{title}{group}: {key}，{by} 前", "{title}{group}: {key}, by {by}",
        ],
        Empty => ["还没填", "還沒填", "not filled in yet"],
        Proposed { value } => ["上次是: {value}", "上次是: {value}", "last time: {value}"],
        Filled { value } => ["已填: {value}", "已填: {value}", "filled in: {value}"],
    }
}

/// What to type to answer a question: with its value of last time, or one that shows the shape.
fn example(ask: &AskView) -> String {
    let shape = match ask.kind.as_str() {
        "money" => "39.90",
        "lines" => "鸡蛋 30 枚 39.9\n苹果 5 斤 25",
        "list" => "张三,李四",
        _ => "…",
    };
    let value = if ask.value.is_empty() { shape } else { ask.value.as_str() };
    let mut words = vec![
        "qun".to_owned(),
        "fill".to_owned(),
        ask.playbook.id.to_string(),
        quoted(&ask.key),
        quoted(value),
    ];
    if let Some(group) = &ask.group {
        words.extend(["--group".to_owned(), quoted(&group.name)]);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<FillWords>(), Vec::<String>::new());
    }
}
