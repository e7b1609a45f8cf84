//! `qun do`: verbs on tasks.
//!
//! One file because every verb names its tasks, is refused and is told by the same rules.

use std::process::ExitCode;

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::args::DoArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::json;
use super::session::{Session, unexpected};
use super::words::Words;
use crate::book::{SkipReason, TaskId};
use crate::door::command::{Command, TaskVerb};
use crate::door::line::Doubt;
use crate::door::reply::{Edited, Outcome, OutcomeWord, Recall, Spread, TaskOutcome};
use crate::door::{Refusal, RefusalKind, Reply, Request};
use crate::text::lang::Lang;
use crate::text::near;

const VERBS: [&str; 13] = [
    "sent",
    "also",
    "reply",
    "skip",
    "snooze",
    "wake",
    "copied",
    "rewrite",
    "check-yes",
    "check-no",
    "merge",
    "correct",
    "acknowledge",
];

pub(super) fn run(context: &mut Context, args: &DoArgs) -> Result<ExitCode, CliError> {
    if !VERBS.contains(&args.verb.as_str()) {
        let message = Words::UnknownVerb.fill(context.lang, &[("text", &args.verb)]);
        let near = near::nearest(&args.verb, VERBS, 1);
        let hint = if near.is_empty() { VERBS.join(", ") } else { near.join(", ") };
        return Err(CliError::new(Kind::Usage, message).hint(hint));
    }
    let mut session = Session::open(context)?;
    let mut tasks = Vec::with_capacity(args.ids.len());
    for id in &args.ids {
        tasks.push(session.task(id)?);
    }
    let mut edited = Vec::new();
    let mut outcome = if args.verb == "reply" {
        replies(&mut session, &tasks, args)?
    } else if args.verb == "merge" {
        let mut outcome = session.act(Command::Merge { tasks: tasks.clone() }, None)?;
        let merged =
            tasks.iter().map(|id| TaskOutcome { id: *id, outcome: OutcomeWord::Ok, rev: 0, refusal: None });
        outcome.tasks = merged.collect();
        for task in &mut outcome.tasks {
            if let Reply::Task(detail) = session.ask(Request::Task(task.id))? {
                task.rev = detail.line.rev;
            }
        }
        outcome
    } else if args.verb == "correct" {
        let [task] = tasks.as_slice() else {
            return Err(CliError::new(Kind::Usage, Words::CorrectOne.text(context.lang)));
        };
        match corrected(context, &mut session, *task, args)? {
            Some((outcome, left)) => {
                edited = left;
                outcome
            }
            None => return Ok(ExitCode::SUCCESS),
        }
    } else if args.verb == "acknowledge" {
        acknowledged(&mut session, &tasks, args)?
    } else {
        let verb = verb(&session, args, context.lang)?;
        let single = tasks.first().copied().filter(|_| tasks.len() == 1);
        let doubtful = if matches!(verb, TaskVerb::Sent { also: false, .. }) && !args.anyway {
            doubtful(&mut session, &tasks)?
        } else {
            Vec::new()
        };
        tasks.retain(|id| !doubtful.iter().any(|outcome| outcome.id == *id));
        let follows = follows(&mut session, &tasks, &verb)?;
        if tasks.is_empty() {
            Outcome { tasks: doubtful, ..Outcome::default() }
        } else {
            match (session.try_act(Command::Task { tasks, verb }, args.if_match)?, single) {
                (Ok(mut outcome), _) => {
                    outcome.tasks.extend(doubtful);
                    outcome.warnings.extend(follows);
                    outcome
                }
                // scripts get a result for every task that they named, for one as for many
                (Err(refusal), Some(id)) if args.json || is_own(&refusal, &context.operator) => {
                    refused(id, refusal)
                }
                (Err(refusal), single) => {
                    let mut error = CliError::from(refusal);
                    // The desk's hint is a key of the screen.
                    if let (Kind::Refused(RefusalKind::Already), Some(id)) = (error.kind, single) {
                        let id = id.to_string();
                        error.hint = format!("qun do also {}", id.get(id.len() - 5..).unwrap_or(&id));
                    }
                    return Err(error);
                }
            }
        }
    };
    if args.json {
        // whoever was refused is told what there is now
        for task in outcome.tasks.iter_mut().filter(|task| task.rev == 0) {
            if let Reply::Task(detail) = session.ask(Request::Task(task.id))? {
                task.rev = detail.line.rev;
            }
        }
    }
    session.finish()?;
    if args.json {
        let results: Vec<_> = outcome
            .tasks
            .iter()
            .map(|task| {
                let refusal = task.refusal.as_ref();
                json!({
                    "id": task.id.to_string(),
                    "outcome": task.outcome.word(),
                    "by": refusal.map_or(Some(context.operator.as_str()), |refusal| refusal.who.as_deref()),
                    "at": json::maybe_time(
                        refusal.map_or(Some(session.now), |refusal| refusal.at), session.zone),
                    "rev": task.rev,
                    "act_id": outcome.act.map(|act| act.to_string()),
                })
            })
            .collect();
        let mut answer = json!({"schema": 1, "results": results});
        if !edited.is_empty() {
            answer["edited"] = edited_json(&edited, session.zone);
        }
        context.out.json(answer);
    } else if !outcome.words.is_empty() {
        context.out.line(&outcome.words);
        tell_edited(context, &edited, session.zone);
    }
    for refusal in outcome.tasks.iter().filter_map(|task| task.refusal.as_ref()) {
        if !args.json {
            super::out::complain(&format!("{}: {}", refusal.object, refusal.words));
        }
    }
    for warning in &outcome.warnings {
        super::out::complain(warning);
    }
    Ok(ExitCode::from(code(&outcome, &context.operator)))
}

/// How far a task's text has got.
fn spread(session: &mut Session, task: TaskId) -> Result<Spread, CliError> {
    match session.ask(Request::Spread(task))? {
        Reply::Spread(spread) => Ok(spread),
        other => Err(unexpected(&other)),
    }
}

/// Those with the wrong words that were edited by hand, for scripts.
fn edited_json(edited: &[Edited], zone: Tz) -> Value {
    let rows = edited.iter().map(|edited| {
        json!({"id": edited.task.to_string(), "name": edited.name,
               "at": json::maybe_time(edited.at, zone), "said": edited.said})
    });
    rows.collect()
}

/// The same, for people: they follow no correction.
fn tell_edited(context: &mut Context, edited: &[Edited], zone: Tz) {
    if !edited.is_empty() {
        context.out.line(&Words::CorrectEdited.fill(context.lang, &[("n", &edited.len())]));
    }
    for edited in edited {
        let at = edited.at.map_or_else(
            || Words::CorrectUnsent.text(context.lang).to_owned(),
            |at| at.local(zone).format("%m-%d %H:%M").to_string(),
        );
        let Edited { name, said, .. } = edited;
        context.out.line(&format!("  {at}  {name}  {said}  (qun show {})", edited.task.short()));
    }
}

/// Puts a wrong text right, and names who was edited by hand and stays as it is; or says how far it has got where no
/// right one is given; none then.
fn corrected(
    context: &mut Context,
    session: &mut Session,
    task: TaskId,
    args: &DoArgs,
) -> Result<Option<(Outcome, Vec<Edited>)>, CliError> {
    if let Some(text) = &args.text {
        // as it stands before: what is put right says the wrong words no more
        let mut edited = spread(session, task)?.edited;
        let part = args.part.map(|part| part - 1);
        edited.retain(|edited| part.is_none_or(|part| !edited.follows.contains(&part)));
        let command = Command::Correct { task, text: text.clone(), notice: args.notice.clone(), part };
        let mut outcome = session.act(command, args.if_match)?;
        outcome.tasks.push(TaskOutcome { id: task, outcome: OutcomeWord::Ok, rev: 0, refusal: None });
        return Ok(Some((outcome, edited)));
    }
    // what is asked for is done or refused: a list alone would drop it
    let left = [("--notice", args.notice.is_some()), ("--part", args.part.is_some())];
    if let Some((option, _)) = left.into_iter().find(|(_, given)| *given) {
        let words = Words::CorrectNeedsText.fill(context.lang, &[("option", &option)]);
        return Err(CliError::new(Kind::Usage, words));
    }
    let spread = spread(session, task)?;
    let until = |recall: &Recall| match recall {
        Recall::Until(until) if *until > session.now => Some(*until),
        _ => None,
    };
    if args.json {
        let got = spread.named.iter().map(|got| {
            let until = json::maybe_time(until(&got.recall), session.zone);
            json!({"name": got.name, "at": json::time(got.at, session.zone), "recall_until": until,
                   "said": got.said})
        });
        let got: Vec<_> = got.collect();
        let edited = edited_json(&spread.edited, session.zone);
        let texts = spread.texts.iter().map(|(part, text)| json!({"part": part + 1, "text": text}));
        let texts: Vec<_> = texts.collect();
        let row = json!({"edited": edited, "text": spread.text, "texts": texts, "pending": spread.pending, "sent": spread.got, "got": got,
                         "filled": spread.filled, "others": spread.others, "stands": spread.stands});
        context.out.json(json!({"schema": 1, "row": row}));
        return Ok(None);
    }
    let (pending, got) = (spread.pending, spread.got);
    context.out.line(&Words::CorrectSpread.fill(context.lang, &[("n", &pending), ("m", &got)]));
    for (part, text) in spread.texts.iter().filter(|_| spread.texts.len() > 1) {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("n", &(part + 1)), ("text", text)];
        context.out.line(&Words::CorrectText.fill(context.lang, &values));
    }
    for got in &spread.named {
        let at = got.at.local(session.zone).format("%m-%d %H:%M");
        let recall = until(&got.recall).map_or("", |_| Words::CorrectRecall.text(context.lang));
        context.out.line(format!("  {at}  {}  {}  {recall}", got.name, got.said).trim_end());
    }
    let more = (spread.got as usize).saturating_sub(spread.named.len());
    for (words, n) in [(Words::CorrectMore, more), (Words::CorrectOthers, spread.others as usize)] {
        if n > 0 {
            context.out.line(&words.fill(context.lang, &[("n", &n)]));
        }
    }
    tell_edited(context, &spread.edited, session.zone);
    for place in &spread.stands {
        context.out.line(&Words::CorrectStands.fill(context.lang, &[("place", place)]));
    }
    Ok(None)
}

/// What else a reason for skipping changes, told where no menu says so before.
fn follows(session: &mut Session, tasks: &[TaskId], verb: &TaskVerb) -> Result<Option<String>, CliError> {
    let TaskVerb::Skip { reason, .. } = verb else { return Ok(None) };
    let told = match session.ask(Request::Consequences(tasks.to_vec()))? {
        Reply::Consequences(told) => told,
        other => return Err(unexpected(&other)),
    };
    let said = told.iter().find(|told| told.reason == *reason).map(|told| told.said(session.lang));
    let said = said.filter(|said| !said.is_empty()).map(|said| said.join(", "));
    Ok(said.map(|said| format!("{}: {said}", reason.label(session.lang))))
}

/// Those of some tasks that nobody should have sent, unless somebody says so: held ones, and private messages to whom is
/// no friend of the account.
fn doubtful(session: &mut Session, tasks: &[TaskId]) -> Result<Vec<TaskOutcome>, CliError> {
    let mut doubtful = Vec::new();
    for &id in tasks {
        let detail = match session.ask(Request::Task(id))? {
            Reply::Task(detail) => detail,
            other => return Err(unexpected(&other)),
        };
        let refusal = detail.line.doubt().map(|doubt| match doubt {
            Doubt::Held(why) => {
                let words = Words::StillHeld.fill(session.lang, &[("why", &why)]);
                Refusal::new(RefusalKind::Held, words)
            }
            Doubt::Stranger => Refusal::new(RefusalKind::State, Words::NotAFriend.text(session.lang)),
        });
        if let Some(refusal) = refusal.filter(|_| detail.line.state.is_open()) {
            doubtful.extend(refused(id, refusal.about(detail.line.target_name.clone())).tasks);
        }
    }
    Ok(doubtful)
}

/// Lets the warnings about each task's text stand.
fn acknowledged(session: &mut Session, tasks: &[TaskId], args: &DoArgs) -> Result<Outcome, CliError> {
    let mut all = Outcome::default();
    for &id in tasks {
        let codes = match session.ask(Request::Task(id))? {
            Reply::Task(detail) => detail.text.warnings.into_iter().map(|warning| warning.code).collect(),
            other => return Err(unexpected(&other)),
        };
        let verb = TaskVerb::Acknowledge { codes };
        match session.try_act(Command::Task { tasks: vec![id], verb }, args.if_match)? {
            Ok(outcome) => {
                all.act = outcome.act.or(all.act);
                all.words = outcome.words;
                all.tasks.extend(outcome.tasks);
            }
            Err(refusal) => all.tasks.extend(refused(id, refusal).tasks),
        }
    }
    Ok(all)
}

/// What came of the one task that was refused.
fn refused(id: TaskId, refusal: Refusal) -> Outcome {
    let is_already = refusal.kind == RefusalKind::Already;
    let word = if is_already { OutcomeWord::Already } else { OutcomeWord::Refused };
    let task = TaskOutcome { id, outcome: word, rev: 0, refusal: Some(refusal) };
    Outcome { tasks: vec![task], ..Outcome::default() }
}

/// A reply to each task by the member it is for; `--text` may name one of the step's answers.
fn replies(session: &mut Session, tasks: &[TaskId], args: &DoArgs) -> Result<Outcome, CliError> {
    let mut all = Outcome::default();
    let at = args.at.as_deref().map(|at| session.past(at)).transpose()?;
    for &id in tasks {
        let detail = match session.ask(Request::Task(id))? {
            Reply::Task(detail) => detail,
            other => return Err(unexpected(&other)),
        };
        let Some(member) = detail.line.member.as_ref() else {
            let words = Words::NobodyReplies.text(session.lang);
            let refusal = Refusal::new(RefusalKind::State, words).about(detail.line.target_name.clone());
            all.tasks.extend(refused(id, refusal).tasks);
            continue;
        };
        let answer = match args.text.as_deref() {
            Some(text) => {
                let Some(position) = detail.text.answers.iter().position(|answer| answer == text) else {
                    let message = Words::UnknownAnswer.fill(session.lang, &[("text", &text)]);
                    return Err(CliError::new(Kind::Usage, message).hint(detail.text.answers.join(", ")));
                };
                u16::try_from(position).ok()
            }
            None => None,
        };
        let command = Command::Reply { member: member.id, task: Some(id), answer, at };
        match session.try_act(command, args.if_match)? {
            Ok(outcome) => {
                all.act = outcome.act.or(all.act);
                all.words = outcome.words;
                all.warnings.extend(outcome.warnings);
                let rev = detail.line.rev;
                all.tasks.push(TaskOutcome { id, outcome: OutcomeWord::Ok, rev, refusal: None });
            }
            Err(refusal) => all.tasks.extend(refused(id, refusal).tasks),
        }
    }
    Ok(all)
}

/// 0 when all is done, 5 when some is, 4 when another was faster with all, else 1.
/// Whether it was they themselves who did it already.
fn is_own(refusal: &Refusal, me: &str) -> bool {
    refusal.kind == RefusalKind::Already && refusal.who.as_deref() == Some(me)
}

/// What one marked themselves before is as they want it: only another's mark is a refusal to a script.
fn code(outcome: &Outcome, me: &str) -> u8 {
    let is_already = |task: &TaskOutcome| {
        task.outcome == OutcomeWord::Already
            || task
                .refusal
                .as_ref()
                .is_some_and(|refusal| matches!(refusal.kind, RefusalKind::Already | RefusalKind::Changed))
    };
    let is_mine = |task: &TaskOutcome| task.refusal.as_ref().is_some_and(|refusal| is_own(refusal, me));
    let done = outcome.tasks.iter().filter(|task| task.outcome == OutcomeWord::Ok || is_mine(task)).count();
    match (outcome.tasks.len(), done) {
        (all, done) if all == done => 0,
        (_, 0) if outcome.tasks.iter().all(is_already) => 4,
        (_, 0) => 1,
        _ => 5,
    }
}

fn verb(session: &Session, args: &DoArgs, lang: Lang) -> Result<TaskVerb, CliError> {
    let missing =
        |option: &str| CliError::new(Kind::Usage, Words::NeedsOption.fill(lang, &[("option", &option)]));
    let sent = |also| {
        let at = args.at.as_deref().map(|at| session.past(at)).transpose()?;
        Ok(TaskVerb::Sent { at, also })
    };
    match args.verb.as_str() {
        "sent" => sent(false),
        "also" => sent(true),
        "skip" => {
            let reason = args.reason.as_deref().ok_or_else(|| missing("--reason").hint(reasons(lang)))?;
            Ok(TaskVerb::Skip {
                reason: skip_reason(reason).ok_or_else(|| {
                    let message = Words::UnknownReason.fill(lang, &[("text", &reason)]);
                    CliError::new(Kind::Usage, message).hint(reasons(lang))
                })?,
                words: args.text.clone().unwrap_or_default(),
            })
        }
        "snooze" => {
            let until = args.at.as_deref().ok_or_else(|| missing("--until"))?;
            Ok(TaskVerb::Snooze { until: session.moment(until)? })
        }
        "copied" => Ok(TaskVerb::Copied { part: 0 }),
        "rewrite" => Ok(TaskVerb::Rewrite { text: args.text.clone().filter(|text| !text.is_empty()) }),
        "check-yes" => Ok(TaskVerb::Check { yes: true }),
        "check-no" => Ok(TaskVerb::Check { yes: false }),
        _ => Ok(TaskVerb::Wake),
    }
}

/// A reason by its digit in the skip menu or by any of its words.
fn skip_reason(text: &str) -> Option<SkipReason> {
    let by_digit = text.parse::<usize>().ok().and_then(|n| SkipReason::ALL.get(n.checked_sub(1)?));
    by_digit.copied().or_else(|| SkipReason::parse(text))
}

fn reasons(lang: Lang) -> String {
    let shown = SkipReason::ALL.iter().enumerate();
    shown.map(|(at, reason)| format!("{} {}", at + 1, reason.label(lang))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::id::Id as _;

    #[test]
    fn reasons_are_digits_or_words() {
        let check = |text, expected| assert_eq!(skip_reason(text), expected, "{text}");
        check("1", Some(SkipReason::Talked));
        check("被删", Some(SkipReason::Unfriended));
        check("do-not-disturb", Some(SkipReason::DoNotDisturb));
        check("0", None);
        check("9", None);
        check("忘了", None);
    }

    #[test]
    fn exit_codes_tell_how_much_was_done() {
        let check = |words: &[OutcomeWord], expected| {
            let task = |outcome: &OutcomeWord| TaskOutcome {
                id: TaskId::from_bits(1),
                outcome: *outcome,
                rev: 1,
                refusal: None,
            };
            let outcome = Outcome { tasks: words.iter().map(task).collect(), ..Outcome::default() };
            assert_eq!(code(&outcome, "小王"), expected, "{words:?}");
        };
        check(&[OutcomeWord::Ok, OutcomeWord::Ok], 0);
        check(&[OutcomeWord::Already], 4);
        check(&[OutcomeWord::Refused, OutcomeWord::Already], 1);
        check(&[OutcomeWord::Ok, OutcomeWord::Already], 5);
    }
}
