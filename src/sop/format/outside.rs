//! What a file says that only what lies outside it can judge: other playbooks, accounts, the day it is.
//!
//! Nothing here is a mistake: a playbook or an account may be added later. What is not known (without a store there are
//! no names) is not judged.

use std::ops::Range;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::check::SECTIONS_MAX;
use super::model::{Every, Playbook, Start, TargetKind};
use super::problem::{Problem, Sentence, Severity};
use super::rings::Leads;
use super::source::{Reader, nearest, quote, text};
use crate::book::Platform;
use crate::query::{Expr, Key, Leaf};
use crate::sop::calendar::holidays::Holidays;
use crate::sop::calendar::plus_days;
use crate::sop::calendar::recur::Rounds;

/// The names that a file may refer to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Ids of playbooks that are not removed.
    pub playbooks: Vec<String>,
    /// Names and personas of our accounts.
    pub speakers: Vec<String>,
    /// Where each of them is.
    pub on: Vec<(String, Platform)>,
    /// What of those playbooks leads to others.
    pub leads: Vec<Leads>,
}

/// True for a file that speaks of another playbook or of an account; false for one that is no TOML.
pub fn refers(source: &str) -> bool {
    let known = Known::default();
    let today = NaiveDate::default();
    !outside_in(source, "", None, Some(&known), today, Tz::UTC).is_empty()
}

/// Finds names that nobody bears and dates that are over, in the order of the file; `playbook` is what the file says
/// (none where it has mistakes: names are found all the same, days are not), `today` the day in `zone`.
pub fn outside_in(
    source: &str,
    file: &str,
    playbook: Option<&Playbook>,
    known: Option<&Known>,
    today: NaiveDate,
    zone: Tz,
) -> Vec<Problem> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut reader = Reader::new(source, file);
    let Ok(tree) = DeTable::parse(source) else { return Vec::new() };
    let top = tree.get_ref();
    let start = top.get("start").and_then(|start| start.get_ref().as_table());
    let over = playbook.and_then(|playbook| over(playbook, today, playbook.tz.unwrap_or(zone)));
    if let Some(key) = over
        && let Some(value) = start.and_then(|start| start.get(key))
    {
        let raw = source.get(value.span()).unwrap_or_default().trim_matches(['"', '\'']);
        let said = vec![("field", text(format!("start.{key}"))), ("value", quote(raw))];
        reader.note(Severity::Warning, value.span().start, Sentence::OverAlready, said, None);
    }
    if let Some(known) = known {
        let own = top.get("id").and_then(|id| id.get_ref().as_str()).unwrap_or_default();
        let mut judge = Judge { reader: &mut reader, known, own };
        if let Some(found) = start.and_then(|start| start.get("playbook")) {
            judge.playbook("start.playbook", found, "");
        }
        for (name, end) in tables(top.get("end"), "end", "when") {
            judge.effects(&name, end);
        }
        for (name, step) in tables(top.get("step"), "step", "id") {
            if let Some(value) = step.get("as") {
                each(value, &mut |speaker, span| judge.speaker(&format!("{name}.as"), speaker, span));
            }
            for (name, answer) in tables(step.get("answers"), &format!("{name}.answers"), "say") {
                judge.effects(&name, answer);
            }
        }
    }
    reader.problems.sort_by_key(|problem| (problem.line, problem.column));
    reader.problems
}

/// The platforms that the step of an id is said on, as far as a file and the names in it tell: of those who say it, else of
/// those whom a playbook for groups or accounts is for. Empty where nobody knows before it is said.
pub fn platforms_named(playbook: &Playbook, step: &str, known: Option<&Known>) -> Vec<Platform> {
    let speakers = playbook.step_by_id(step).map(|(_, step)| step.speakers.as_slice()).unwrap_or_default();
    let on = known.map(|known| known.on.as_slice()).unwrap_or_default();
    let named: Vec<Platform> =
        on.iter().filter(|(name, _)| speakers.contains(name)).map(|(_, platform)| *platform).collect();
    if !speakers.is_empty() || playbook.target == TargetKind::Member {
        return named;
    }
    let Ok(audience) = crate::query::parse(&playbook.audience) else { return named };
    if playbook.target == TargetKind::Account && *audience.expr() == Expr::All {
        // all of them say it
        return on.iter().map(|(_, platform)| *platform).collect();
    }
    let all = match audience.expr() {
        Expr::And(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let words = all.iter().find_map(|part| match part {
        Expr::Leaf(Leaf::Words { key: Key::Platform, words }) => Some(words.as_slice()),
        _ => None,
    });
    words.into_iter().flatten().filter_map(|word| Platform::parse(word)).collect()
}

/// The key of `start` that says that it never comes round again.
fn over(playbook: &Playbook, today: NaiveDate, zone: Tz) -> Option<&'static str> {
    if let Start::Date { date, offset } = &playbook.start {
        // what follows it may yet be to come, but nobody enters once the first step is over; of steps before the date what
        // is past comes at once until that is over
        let first = playbook.steps.iter().map(|step| step.at.days.first()).min().unwrap_or(0).max(0);
        let begins = plus_days(plus_days(*date, *offset), first);
        return (begins < today).then_some("date");
    }
    let recurrence = playbook.start.recurrence()?;
    if recurrence.until.is_some_and(|until| until < today) {
        return Some("until");
    }
    let Every::Rrule(_) = &recurrence.every else { return None };
    let (holidays, day_ends) = (&Holidays::default(), playbook.day_ends);
    let rounds = Rounds { recurrence, first: today, holidays, zone, day_ends };
    rounds.on_or_after(today).is_none().then_some("rrule")
}

/// The tables of a list, each with what sentences call it.
pub(super) fn tables<'t>(
    value: Option<&'t Spanned<DeValue<'t>>>,
    list: &str,
    name_by: &str,
) -> Vec<(String, &'t DeTable<'t>)> {
    let items = value.and_then(|value| value.get_ref().as_array()).into_iter().flatten();
    let named = items.enumerate().filter_map(|(at, item)| {
        let table = item.get_ref().as_table()?;
        let own = table.get(name_by).and_then(|own| own.get_ref().as_str());
        Some((own.map_or_else(|| format!("{list}.{}", at + 1), |own| format!("{list}.{own}")), table))
    });
    named.collect()
}

/// A text, or each of a list.
pub(super) fn each(value: &Spanned<DeValue<'_>>, say: &mut dyn FnMut(&str, Range<usize>)) {
    // a longer list is refused as it is read
    let several = value.get_ref().as_array().into_iter().flatten().take(SECTIONS_MAX);
    for item in std::iter::once(value).chain(several) {
        if let Some(text) = item.get_ref().as_str() {
            say(text, item.span());
        }
    }
}

struct Judge<'r, 's, 'k> {
    reader: &'r mut Reader<'s>,
    known: &'k Known,
    /// A playbook may speak of itself.
    own: &'k str,
}

impl Judge<'_, '_, '_> {
    fn playbook(&mut self, field: &str, value: &Spanned<DeValue<'_>>, before: &str) {
        each(value, &mut |said, span| {
            let Some(id) = said.trim().strip_prefix(before).map(str::trim) else { return };
            if id != self.own && !self.known.playbooks.iter().any(|known| known == id) {
                self.note(Sentence::NoSuchPlaybook, field, id, span, &self.known.playbooks);
            }
        });
    }

    fn effects(&mut self, name: &str, table: &DeTable<'_>) {
        if let Some(value) = table.get("then") {
            self.playbook(&format!("{name}.then"), value, "start:");
        }
    }

    fn speaker(&mut self, field: &str, said: &str, span: Range<usize>) {
        if !self.known.speakers.iter().any(|known| known == said) {
            self.note(Sentence::NobodySpeaks, field, said, span, &self.known.speakers);
        }
    }

    fn note(&mut self, sentence: Sentence, field: &str, value: &str, span: Range<usize>, known: &[String]) {
        let words: Vec<&str> = known.iter().map(String::as_str).collect();
        let meant = nearest(value, &words);
        let said = vec![("field", text(field)), ("value", quote(value))];
        self.reader.note(Severity::Warning, span.start, sentence, said, meant);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sop::format::parse;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();

    fn found(
        start: &str,
        rest: &str,
        known: Option<&Known>,
    ) -> Vec<(usize, usize, Sentence, Option<String>)> {
        let source = format!(
            "id = \"own\"\nfor = \"member\"\nstart = {{ {start} }}\n[[step]]\nid = \"a\"\nat = \"D0 10:00\"\n\
             via = \"private\"\ntext = \"好\"\n{rest}"
        );
        let checked = parse(&source, "f.toml", &|_| Ok(()));
        let playbook = checked.playbook.unwrap_or_else(|| panic!("{:?}", checked.problems));
        let found = outside_in(&source, "f.toml", Some(&playbook), known, TODAY, Tz::Asia__Shanghai);
        assert!(refers(&source) || known.is_none(), "nobody would ask the store");
        found.into_iter().map(|p| (p.line, p.column, p.sentence, p.nearest)).collect()
    }

    #[test]
    fn names_that_nobody_bears_are_told_with_the_nearest() {
        let (playbooks, speakers) = (vec!["wake-silent".into()], vec!["小完子".into()]);
        let known = Known { playbooks, speakers, ..Known::default() };
        let near = |word: &str| Some(word.to_owned());
        assert_eq!(
            found("on = \"after\", playbook = \"wake-silnt\"", "as = \"小丸子\"\n", Some(&known)),
            [
                (3, 36, Sentence::NoSuchPlaybook, near("wake-silent")),
                (9, 6, Sentence::NobodySpeaks, near("小完子")),
            ]
        );
        let rest = "as = [\"小完子\", \"群主\"]\nanswers = [{ say = \"好\", then = [\"stop\", \"start:nothing-like-it\"] }]\n\
                    [[end]]\nwhen = \"finished\"\nthen = \"start:wake-silen\"\n[[end]]\nwhen = \"left\"\nthen = \"start:own\"\n";
        assert_eq!(
            found("on = \"by-hand\"", rest, Some(&known)),
            [
                (9, 14, Sentence::NobodySpeaks, None),
                (10, 41, Sentence::NoSuchPlaybook, None),
                (13, 8, Sentence::NoSuchPlaybook, near("wake-silent")),
            ]
        );
        assert_eq!(found("on = \"after\", playbook = \"wake-silnt\"", "as = \"小丸子\"\n", None), []);
    }

    #[test]
    fn where_a_text_is_said_is_known_by_whom_it_is_for_and_by_who_says_it() {
        let on = vec![("小完子".to_owned(), Platform::Xiaohongshu), ("群主".to_owned(), Platform::Wechat)];
        let known = Known { on, ..Known::default() };
        let check = |of: &str, audience: &str, speaks: &str, expected: &[Platform]| {
            let source = format!(
                "id = \"own\"\nfor = \"{of}\"\naudience = '{audience}'\nstart = {{ on = \"by-hand\" }}\n[[step]]\n\
                 id = \"a\"\nat = \"D0 10:00\"\nvia = \"post\"\n{speaks}\ntext = \"好\"\n"
            );
            let playbook = parse(&source, "f.toml", &|_| Ok(())).playbook.unwrap();
            assert_eq!(platforms_named(&playbook, "a", Some(&known)), expected, "{source}");
        };
        check("account", "platform:小红书", "", &[Platform::Xiaohongshu]);
        check("account", "platform:小红书,抖音 -tag:旧", "", &[Platform::Xiaohongshu, Platform::Douyin]);
        check("account", "", "", &[Platform::Xiaohongshu, Platform::Wechat]);
        check("group", "", "", &[]);
        check("account", "-platform:小红书", "", &[]);
        check("account", "platform:小红书 OR tag:新", "", &[]);
        check("account", "platform:小红书", "as = \"群主\"", &[Platform::Wechat]);
        check("account", "platform:小红书", "as = \"谁\"", &[]);
        check("member", "platform:小红书", "", &[]);
        check("member", "", "as = [\"小完子\", \"谁\"]", &[Platform::Xiaohongshu]);
    }

    #[test]
    fn what_never_comes_round_again_is_told() {
        let check = |start: &str, expected: &[(usize, usize, Sentence)]| {
            let found = found(&format!("on = \"recurrence\", {start}"), "", None);
            let shown: Vec<_> = found.into_iter().map(|(line, column, s, _)| (line, column, s)).collect();
            assert_eq!(shown, expected, "{start}");
        };
        check("every = \"daily\", until = \"2026-11-21\"", &[(3, 55, Sentence::OverAlready)]);
        check("every = \"daily\", until = \"2026-11-22\"", &[]);
        check("every = \"workdays\", until = 2026-11-01", &[(3, 58, Sentence::OverAlready)]);
        let rule = |rule: &str| {
            format!("rrule = \"{rule}\", dtstart = \"2026-10-01T09:00:00\", tz = \"Asia/Shanghai\"")
        };
        check(&rule("FREQ=DAILY;COUNT=3"), &[(3, 38, Sentence::OverAlready)]);
        check(&rule("FREQ=DAILY;UNTIL=20261121T160000Z"), &[(3, 38, Sentence::OverAlready)]);
        check(&rule("FREQ=DAILY;UNTIL=20261122T020000Z"), &[]);
        check(&rule("FREQ=MONTHLY"), &[]);
        let date = |start: &str, expected: &[(usize, usize, Sentence)]| {
            let found = found(start, "", None);
            let shown: Vec<_> = found.into_iter().map(|(line, column, s, _)| (line, column, s)).collect();
            assert_eq!(shown, expected, "{start}");
        };
        date("on = \"date\", date = \"2026-11-21\"", &[(3, 31, Sentence::OverAlready)]);
        date("on = \"date\", date = \"2026-11-22\"", &[]);
        date("on = \"date\", date = \"2026-11-24\", offset = \"-3d\"", &[(3, 31, Sentence::OverAlready)]);
        // who comes between a step before the date and the date is there
        let before = "[[step]]\nid = \"b\"\nat = \"D-3 09:00\"\nvia = \"private\"\ntext = \"好\"\n";
        let of = |day: &str| found(&format!("on = \"date\", date = \"2026-11-{day}\""), before, None).len();
        assert_eq!(["21", "22", "24"].map(of), [1, 0, 0]);
    }
}
