//! What a text of a playbook would do to what runs, in lines and in JSON. A terminal gets lines that it holds, a pipe one
//! line a fact.

use serde_json::json;

use super::json;
use super::list::short_time;
use super::session::Session;
use super::sop_words::Words;
use crate::door::detail::{NextChange, NextStep, OpenTasks, SopDiff};
use crate::text::width::width;

pub(super) fn diff_json(diff: &SopDiff, session: &Session) -> serde_json::Value {
    let open = |of: &OpenTasks| json!({"step": of.step, "n": of.n, "stays": of.stays, "stopped": of.stopped});
    let next = |change: &NextChange| {
        let NextChange { name, before, after } = change;
        json!({
            "name": name, "step_before": before.step, "step_after": after.step,
            "before": json::maybe_time(before.at, session.zone),
            "after": json::maybe_time(after.at, session.zone),
            "until_before": json::maybe_time(before.until, session.zone),
            "until_after": json::maybe_time(after.until, session.zone),
            "meant_before": !before.unmeant, "meant_after": !after.unmeant,
            "said_before": !before.unsaid, "said_after": !after.unsaid,
            "why_before": before.why, "why_after": after.why,
        })
    };
    json!({
        "title": diff.title, "version": diff.before, "older": diff.older, "changes": diff.changes, "warnings": diff.warnings,
        "open_tasks": diff.open.iter().map(open).collect::<Vec<_>>(),
        "next": diff.next.iter().map(next).collect::<Vec<_>>(),
        "running": diff.running, "looked_at": diff.looked_at, "unchanged": diff.unchanged,
        "changed": diff.changed, "ending": diff.ending, "outside": diff.outside,
        "stopped": diff.stopped, "stopped_names": diff.stopped_names,
        "skipped": diff.skipped, "skipped_names": diff.skipped_names,
    })
}

/// What a text would do, in lines of so many columns, where anything bounds them: what is written differently, then open
/// tasks, then what comes next.
pub(super) fn diff_lines(diff: &SopDiff, session: &Session, columns: Option<usize>) -> Vec<String> {
    let lang = session.lang;
    if diff.before == 0 {
        let title: (&str, &dyn std::fmt::Display) = ("title", &diff.title);
        return vec![diff.entering.as_ref().map_or_else(
            || Words::DiffNew.fill(lang, &[title]),
            |(_, words)| Words::DiffNewEnter.fill(lang, &[title, ("n", words)]),
        )];
    }
    if diff.is_same() {
        return vec![Words::DiffSame.text(lang).to_owned()];
    }
    let head: [(&str, &dyn std::fmt::Display); 2] = [("title", &diff.title), ("version", &diff.before)];
    let mut lines = vec![Words::DiffHead.fill(lang, &head)];
    lines.extend(diff.changes.iter().map(|change| format!("  {change}")));
    lines.extend((diff.older > 0).then(|| Words::DiffOlder.fill(lang, &[("n", &diff.older)])));
    let mut any_open = false;
    for (stays, stopped, words) in [
        (true, false, Words::DiffOpenStay),
        (false, false, Words::DiffOpenGone),
        (false, true, Words::DiffOpenStopped),
    ] {
        let these = |of: &&OpenTasks| (of.stays, of.stopped) == (stays, stopped);
        let of_these: Vec<_> = diff.open.iter().filter(these).collect();
        if !of_these.is_empty() {
            any_open = true;
            let n: u32 = of_these.iter().map(|of| of.n).sum();
            let count = |of: &&OpenTasks| Words::DiffOpenOf.fill(lang, &[("step", &of.reads), ("n", &of.n)]);
            let steps: Vec<String> = of_these.iter().map(count).collect();
            lines.extend(listed(&words.fill(lang, &[("n", &n), ("steps", &"")]), &steps, columns));
        }
    }
    if !any_open {
        lines.push(Words::DiffNoOpen.text(lang).to_owned());
    }
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("n", &diff.running), ("unchanged", &diff.unchanged), ("changed", &diff.changed)];
    lines.push(Words::DiffRunning.fill(lang, &values));
    if diff.ending > 0 {
        lines.push(Words::DiffEnding.fill(lang, &[("n", &diff.ending)]));
    }
    if diff.outside > 0 {
        lines.push(Words::DiffOutside.fill(lang, &[("n", &diff.outside)]));
    }
    for (n, names, words) in [
        (diff.stopped, &diff.stopped_names, Words::DiffStopped),
        (diff.skipped, &diff.skipped_names, Words::DiffSkipped),
    ] {
        if n > 0 {
            let more = if n as usize > names.len() { " .." } else { "" };
            lines.push(words.fill(lang, &[("n", &n), ("names", &format!("{}{more}", names.join(", ")))]));
        }
    }
    lines.extend(next_lines(&diff.next, session, columns));
    lines
}

fn fits(line: &str, columns: Option<usize>) -> bool {
    columns.is_none_or(|columns| width(line) <= columns)
}

/// What is listed behind a heading: beside it where there is room, else in lines of their own.
fn listed(heading: &str, items: &[String], columns: Option<usize>) -> Vec<String> {
    let heading = heading.trim_end();
    let beside = format!("{heading} {}", items.join(", "));
    if fits(&beside, columns) {
        return vec![beside];
    }
    let mut lines = vec![heading.to_owned()];
    lines.extend(joined(items, columns));
    lines
}

/// Items in as few lines as hold them, two columns in.
fn joined(items: &[String], columns: Option<usize>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        let more = lines.last().map(|line| format!("{line}, {item}")).filter(|more| fits(more, columns));
        match (lines.last_mut(), more) {
            (Some(line), Some(more)) => *line = more,
            _ => lines.push(format!("  {item}")),
        }
    }
    lines
}

/// How what comes next changes: on a terminal once for all for whom it changes alike, else a line for each.
fn next_lines(next: &[NextChange], session: &Session, columns: Option<usize>) -> Vec<String> {
    let mut alike: Vec<((String, String), Vec<String>)> = Vec::new();
    for change in next {
        let sides = next_sides(change, session);
        match alike.iter_mut().find(|(known, _)| columns.is_some() && *known == sides) {
            Some((_, names)) => names.push(change.name.clone()),
            None => alike.push((sides, vec![change.name.clone()])),
        }
    }
    let mut lines = Vec::new();
    for ((before, after), names) in alike {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("name", &names.join(", ")), ("before", &before), ("after", &after)];
        let line = format!("  {}", Words::DiffNext.fill(session.lang, &values));
        if fits(&line, columns) {
            lines.push(line);
            continue;
        }
        lines.extend(joined(&names, columns));
        let both = format!("    {before} -> {after}");
        if fits(&both, columns) {
            lines.push(both);
        } else {
            lines.extend([format!("    {before}"), format!("    -> {after}")]);
        }
    }
    lines
}

/// What comes next for one target, before and after.
fn next_sides(change: &NextChange, session: &Session) -> (String, String) {
    let lang = session.lang;
    let time = |at| short_time(at, session.now, session.zone);
    let side = |next: &NextStep, reads: &str| {
        let Some(at) = next.at else {
            return if next.why.is_empty() { Words::DiffEnd.text(lang).to_owned() } else { next.why.clone() };
        };
        let mut said = format!("{reads} {}", time(at)).trim_start().to_owned();
        if change.tells_until() {
            said = match next.until {
                Some(until) => Words::DiffUntil.fill(lang, &[("next", &said), ("until", &time(until))]),
                None => Words::DiffNoEnd.fill(lang, &[("next", &said)]),
            };
        }
        match next.why.as_str() {
            "" => said,
            why if next.unsaid => Words::DiffUnsaid.fill(lang, &[("next", &said), ("why", &why)]),
            why => format!("{said} ({why})"),
        }
    };
    (side(&change.before, &change.before.reads), side(&change.after, change.reads_next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_beside_its_heading_stands_in_lines_of_its_own() {
        let items = |n: usize| (1..=n).map(|n| format!("第 {n} 步“今天到货” 4 条")).collect::<Vec<_>>();
        assert_eq!(listed("保持原文: ", &items(1), Some(80)), ["保持原文: 第 1 步“今天到货” 4 条"]);
        let many = listed("保持原文: ", &items(7), Some(80));
        assert_eq!((many[0].as_str(), many.len()), ("保持原文:", 4), "{many:?}");
        assert!(many.iter().all(|line| width(line) <= 80));
        assert!(many[1..].iter().all(|line| line.starts_with("  第")));
        let piped = listed("保持原文: ", &items(7), None);
        assert_eq!(piped, [format!("保持原文: {}", items(7).join(", "))]);
    }
}
