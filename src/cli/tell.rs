//! `qun tell 张三,李四 --group 宠友交流1群 下单 39.9 鸡蛋`: what happened, in the words of quick entry.

use std::process::ExitCode;

use super::args::TellArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::object;
use super::session::Session;
use super::words::Words;
use crate::book::{ActivityKind, Money, Stage};
use crate::door::command::{Command, Happening, Tell, Who};
use crate::door::{RefusalKind, form};
use crate::text::lang::Lang;
use crate::text::names::{Listed, people_listed};
use crate::text::near;

/// What has not happened yet, and is asked for in the form of a group-buy day.
const UNPICKED: &[&str] = &["未提货", "未提貨", "没提货", "沒提貨", "unpicked"];

pub(super) fn run(context: &mut Context, args: &TellArgs) -> Result<ExitCode, CliError> {
    let typed = match args.words.as_slice() {
        [line] => parted(line),
        several => several.to_vec(),
    };
    let (who, words) = match typed.split_first() {
        // About a group alone: there is nobody in front.
        Some((first, _)) if args.group.is_some() && begins(first) => (Vec::new(), typed.as_slice()),
        Some((first, rest)) => (people_listed(first), rest),
        None => (Vec::new(), typed.as_slice()),
    };
    let happened = happenings(words, context.lang)?;
    let mut session = Session::open(context)?;
    let mut known = Vec::with_capacity(who.len());
    let mut said = Vec::with_capacity(who.len());
    for Listed { name, said: beside } in who {
        said.push(beside);
        let is_new = args.new
            && match session.find(form::Kind::Member, &name) {
                Ok(_) => false,
                Err(error) if error.kind == Kind::Refused(RefusalKind::NotFound) => true,
                Err(error) => return Err(error),
            };
        known.push(if is_new { Who::New(name) } else { Who::Named(name) });
    }
    let tell = Tell {
        who: known,
        said,
        group: args.group.as_deref().map(|name| session.group(name)).transpose()?,
        account: args.account.as_deref().map(|name| session.account(name)).transpose()?,
        happened,
        at: args.at.as_deref().map(|at| session.past(at)).transpose()?,
    };
    let outcome = match session.try_act(Command::Tell(tell), None)? {
        Ok(outcome) => outcome,
        Err(mut refusal) => {
            if refusal.kind == RefusalKind::NotFound && refusal.field.is_none() {
                let new = Words::NewHint.text(context.lang);
                refusal.hint =
                    if refusal.hint.is_empty() { new.to_owned() } else { format!("{}; {new}", refusal.hint) };
            }
            return Err(refusal.into());
        }
    };
    session.finish()?;
    object::say(context, args.json, &outcome);
    Ok(ExitCode::SUCCESS)
}

/// True for a word that begins what happened.
fn begins(word: &str) -> bool {
    ActivityKind::parse(word).is_some() || head_count(word).is_some()
}

/// A whole line in quotes, parted into the names and what happened: `张雨桐 打卡 今天读了三页`.
fn parted(line: &str) -> Vec<String> {
    let gaps = line.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| line.split_at(at));
    let event = |rest: &str| rest.split_whitespace().next().is_some_and(begins);
    match { gaps }.find(|(names, rest)| !names.trim().is_empty() && event(rest)) {
        Some((names, rest)) => vec![names.trim().to_owned(), rest.trim().to_owned()],
        None => vec![line.to_owned()],
    }
}

/// `=186`, `+3`, `-2`: a head count or its change.
fn head_count(word: &str) -> Option<Happening> {
    let relative = !word.starts_with('=');
    let number = if word.starts_with(['+', '-']) { word } else { word.strip_prefix('=')? };
    let number = Some(number.parse().ok()?);
    Some(Happening { kind: ActivityKind::HeadCount, amount: None, number, relative, text: String::new() })
}

const fn takes_money(kind: ActivityKind) -> bool {
    matches!(kind, ActivityKind::Bought | ActivityKind::Refunded)
}

/// Reads words into happenings: a kind begins one, the first amount after it is its amount, the rest its words.
fn happenings(words: &[String], lang: Lang) -> Result<Vec<Happening>, CliError> {
    let mut found: Vec<Happening> = Vec::new();
    for word in words.iter().flat_map(|words| words.split_whitespace()) {
        // an amount below nothing is refused as one, not taken for people who left
        let owes = found.last().is_some_and(|last| takes_money(last.kind) && last.amount.is_none());
        if let Some(count) = head_count(word).filter(|_| !(owes && word.starts_with('-'))) {
            found.push(count);
        } else if let Some(kind) = ActivityKind::parse(word) {
            found.push(Happening { kind, amount: None, number: None, relative: false, text: String::new() });
        } else if let Some(last) = found.last_mut() {
            match word.parse::<Money>() {
                Ok(amount) if takes_money(last.kind) && last.amount.is_none() => last.amount = Some(amount),
                _ if last.text.is_empty() => word.clone_into(&mut last.text),
                _ => {
                    last.text.push(' ');
                    last.text.push_str(word);
                }
            }
        } else {
            let message = Words::NotAHappening.fill(lang, &[("text", &word)]);
            let known: Vec<&str> = ActivityKind::ALL.iter().map(|kind| kind.label(lang)).collect();
            let near = near::nearest(word, known.iter().copied(), 1);
            let as_kind = |kind: ActivityKind| {
                let kind = kind.label(lang);
                Words::ToldAs.fill(lang, &[("kind", &kind), ("word", &word)])
            };
            let hint = if UNPICKED.contains(&word) {
                Words::UnpickedIsAsked.text(lang).to_owned()
            } else if Stage::parse(word).is_some() {
                as_kind(ActivityKind::StageChanged)
            } else if near.is_empty() {
                format!("{}\n  {}", as_kind(ActivityKind::Tagged), known.join(", "))
            } else {
                near.join(", ")
            };
            return Err(CliError::new(Kind::Usage, message).hint(hint));
        }
    }
    if found.is_empty() { Err(CliError::new(Kind::Usage, Words::NothingTold.text(lang))) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kind, fen, number, whether relative, words.
    type Row = (ActivityKind, Option<i64>, Option<i64>, bool, String);

    fn read(words: &str) -> Option<Vec<Row>> {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let found = happenings(&words, Lang::ZhCn).ok()?;
        let row = |h: Happening| (h.kind, h.amount.map(|m| m.0), h.number, h.relative, h.text);
        Some(found.into_iter().map(row).collect())
    }

    #[test]
    fn a_line_in_quotes_is_parted_where_the_event_begins() {
        assert_eq!(parted("张雨桐 打卡 今天读了三页"), ["张雨桐", "打卡 今天读了三页"]);
        assert_eq!(parted("张雨桐、刘欣怡 打卡"), ["张雨桐、刘欣怡", "打卡"]);
        assert_eq!(parted("打卡 今天读了三页"), ["打卡 今天读了三页"]);
        assert_eq!(parted("张雨桐"), ["张雨桐"]);
    }

    #[test]
    fn a_tag_and_a_stage_are_told_as_such() {
        let hint = |word: &str| happenings(&[word.to_owned()], Lang::ZhCn).unwrap_err().hint;
        let check = |word: &str, expected: &str| {
            let hint = hint(word);
            assert_eq!(hint.lines().next(), Some(expected), "{word}");
            // what the hint says can be read
            let typed = expected.split('“').nth(1).and_then(|rest| rest.split('”').next()).unwrap();
            assert!(read(typed).is_some(), "{typed}");
        };
        check("勿扰", "写成 “打标签 勿扰”");
        check("沉默", "写成 “改阶段 沉默”");
    }

    #[test]
    fn reads_what_happened() {
        use ActivityKind::{Bought, HeadCount, Replied, Tagged};
        let none = String::new;
        let check = |words, expected| assert_eq!(read(words), expected, "{words}");
        check("下单 39.9 鸡蛋", Some(vec![(Bought, Some(3990), None, false, "鸡蛋".into())]));
        check(
            "回了 下单 5元",
            Some(vec![(Replied, None, None, false, none()), (Bought, Some(500), None, false, none())]),
        );
        check("=186", Some(vec![(HeadCount, None, Some(186), false, none())]));
        check(
            "-2 打标签 宝妈 90后",
            Some(vec![
                (HeadCount, None, Some(-2), true, none()),
                (Tagged, None, None, false, "宝妈 90后".into()),
            ]),
        );
        check("下单 -5", Some(vec![(Bought, Some(-500), None, false, none())]));
        check("随便", None);
        check("", None);
    }
}
