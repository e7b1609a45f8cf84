//! Playbooks that begin each other in a ring.
//!
//! A round of one ends in a beginning of the next, by `start:`, by `on = "after"`, by a tag or a stage: whoever is in
//! one of them is in all, again and again. That may be meant, so it is a warning. At run time nobody enters one
//! playbook more than [`ROUNDS_A_DAY`] times a day in this way; steps on later days know no such bound.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

use super::model::{Effect, Playbook, Start};
use super::outside::{each, tables};
use super::problem::{Problem, Sentence, Severity};
use super::source::{Reader, text};

/// How many times a day one target may enter one playbook because of what a playbook did, be it that another one ended or
/// that a rule gave a tag or a stage: playbooks that begin each other would go round for ever.
pub const ROUNDS_A_DAY: usize = 3;

/// How a playbook is begun by others, and what it does that may begin others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leads {
    pub id: String,
    /// `after:ID`, `tag:X` or `stage:X`; empty for what no playbook brings about.
    pub begins: String,
    /// Its effects as they are written: `start:ID`, `tag:X`, `-tag:X`, `stage:X`.
    pub brings: Vec<String>,
}

impl Leads {
    pub fn of(playbook: &Playbook) -> Self {
        let begins = match &playbook.start {
            Start::After { playbook } => format!("after:{playbook}"),
            Start::Tag { tag } => format!("tag:{tag}"),
            Start::Stage { stage } => format!("stage:{}", stage.word()),
            _ => String::new(),
        };
        let answers = playbook.steps.iter().flat_map(|step| &step.answers).flat_map(|answer| &answer.then);
        let effects = playbook.ends.iter().flat_map(|end| &end.then).chain(answers);
        let brings = effects.filter_map(|effect| match effect {
            Effect::Start(playbook) => Some(format!("start:{playbook}")),
            Effect::Tag(tag) => Some(format!("tag:{tag}")),
            Effect::Untag(tag) => Some(format!("-tag:{tag}")),
            Effect::Stage(stage) => Some(format!("stage:{}", stage.word())),
            Effect::Stop | Effect::Goto(_) | Effect::Followup(_) => None,
        });
        Self { id: playbook.id.0.clone(), begins, brings: brings.collect() }
    }

    /// The effect by which this one leads to another; empty where the other begins after it by itself.
    fn leads_to(&self, other: &Self) -> Option<String> {
        let start = format!("start:{}", other.id);
        if other.begins == format!("after:{}", self.id) {
            return Some(String::new());
        }
        let given = !other.begins.is_empty();
        self.brings.iter().find(|word| **word == start || (given && **word == other.begins)).cloned()
    }
}

/// A ring: its playbooks from the first on, and by what the first leads to the second.
struct Ring<'a> {
    of: Vec<&'a Leads>,
    by: String,
}

impl Ring<'_> {
    /// Whether it stops by itself after its first round: a tag that somebody has, or a stage they are in, is not gained
    /// again, and nothing in it takes the tag away or brings another stage.
    fn rests(&self) -> bool {
        let next = self.of.iter().cycle().skip(1);
        let gained = self.of.iter().zip(next).filter_map(|(one, next)| one.leads_to(next));
        let brings = || self.of.iter().flat_map(|one| &one.brings);
        gained.into_iter().any(|word| match word.split_once(':') {
            Some(("tag", _)) => !brings().any(|other| *other == format!("-{word}")),
            Some(("stage", _)) => !brings().any(|other| other.starts_with("stage:") && *other != word),
            _ => false,
        })
    }

    fn words(&self) -> String {
        let ids = self.of.iter().chain(self.of.first()).map(|one| one.id.as_str());
        ids.collect::<Vec<_>>().join(" → ")
    }
}

/// The shortest ring through a playbook for each that it leads to.
fn rings<'a>(own: &'a Leads, others: &'a [Leads]) -> Vec<Ring<'a>> {
    let all: Vec<&Leads> = std::iter::once(own).chain(others.iter().filter(|one| one.id != own.id)).collect();
    let mut found: Vec<Ring<'a>> = Vec::new();
    let mut passed = BTreeSet::new();
    for (first, by) in all.iter().filter_map(|one| own.leads_to(one).map(|by| (*one, by))) {
        if passed.contains(first.id.as_str()) {
            // it stands in a ring that is told
            continue;
        }
        let mut came_from: BTreeMap<&str, Option<&Leads>> = BTreeMap::from([(first.id.as_str(), None)]);
        let mut waits = VecDeque::from([first]);
        while let Some(one) = waits.pop_front() {
            if one.leads_to(own).is_some() || one.id == own.id {
                let mut way = Vec::new();
                let mut at = Some(one).filter(|one| one.id != own.id);
                while let Some(one) = at {
                    way.push(one);
                    at = came_from.get(one.id.as_str()).copied().flatten();
                }
                way.push(own);
                way.reverse();
                passed.extend(way.iter().map(|one| one.id.as_str()));
                found.push(Ring { of: way, by });
                break;
            }
            for next in all.iter().filter(|next| one.leads_to(next).is_some()) {
                if !came_from.contains_key(next.id.as_str()) {
                    came_from.insert(next.id.as_str(), Some(one));
                    waits.push_back(next);
                }
            }
        }
    }
    found
}

/// Rings that a file closes with others, each where it leads on.
pub fn rings_in(source: &str, file: &str, playbook: &Playbook, others: &[Leads]) -> Vec<Problem> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut reader = Reader::new(source, file);
    let Ok(tree) = DeTable::parse(source) else { return Vec::new() };
    let own = Leads::of(playbook);
    for ring in rings(&own, others) {
        let sentence = if ring.rests() { Sentence::RingRests } else { Sentence::Ring };
        let at = said_at(tree.get_ref(), &ring.by);
        let said = vec![("field", text(ring.words())), ("limit", text(ROUNDS_A_DAY.to_string()))];
        reader.note(Severity::Warning, at, sentence, said, None);
    }
    reader.problems
}

/// Where a file says an effect; its id where nothing in it does.
fn said_at(top: &DeTable<'_>, effect: &str) -> usize {
    let mut at = None;
    let mut look = |table: &DeTable<'_>| {
        if let Some(then) = table.get("then") {
            each(then, &mut |word, span| {
                if at.is_none() && !effect.is_empty() && same(word, effect) {
                    at = Some(span.start);
                }
            });
        }
    };
    for (_, step) in tables(top.get("step"), "step", "id") {
        for (_, answer) in tables(step.get("answers"), "answers", "say") {
            look(answer);
        }
    }
    for (_, end) in tables(top.get("end"), "end", "when") {
        look(end);
    }
    let id =
        || top.get("id").filter(|id| matches!(id.get_ref(), DeValue::String(_))).map(|id| id.span().start);
    at.or_else(id).unwrap_or(0)
}

/// Whether a word of the file is an effect, whatever blanks stand in it.
fn same(word: &str, effect: &str) -> bool {
    let halves = |word: &str| word.split_once(':').map(|(a, b)| (a.trim().to_owned(), b.trim().to_owned()));
    halves(word) == halves(effect)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sop::format::parse;
    use crate::text::lang::Lang;

    fn source(id: &str, start: &str, then: &str) -> String {
        format!(
            "id = \"{id}\"\nfor = \"member\"\nstart = {{ {start} }}\n[[step]]\nid = \"a\"\nat = \"D0 10:00\"\n\
             via = \"private\"\ntext = \"好\"\n[[end]]\nwhen = \"finished\"\nthen = [{then}]\n"
        )
    }

    fn parsed(source: &str) -> Playbook {
        let checked = parse(source, "f.toml", &|_| Ok(()));
        checked.playbook.unwrap_or_else(|| panic!("{:?}", checked.problems))
    }

    /// What the first of several is warned about, given the others.
    fn told(of: &[(&str, &str, &str)]) -> Vec<String> {
        let sources: Vec<String> = of.iter().map(|(id, start, then)| source(id, start, then)).collect();
        let others: Vec<Leads> = sources.iter().skip(1).map(|source| Leads::of(&parsed(source))).collect();
        let found = rings_in(&sources[0], "f.toml", &parsed(&sources[0]), &others);
        assert!(found.iter().all(|problem| problem.severity == Severity::Warning));
        found.iter().map(|problem| problem.show(Lang::ZhCn)).collect()
    }

    fn check(of: &[(&str, &str, &str)], expected: &[&str]) {
        let told = told(of);
        assert_eq!(told.len(), expected.len(), "{of:?}: {told:?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn rings_are_named_where_they_lead_on() {
        const HAND: &str = "on = \"by-hand\"";
        let after = |id: &str| format!("on = \"after\", playbook = \"{id}\"");
        check(&[("aa", &after("bb"), ""), ("bb", &after("aa"), "")], &["f.toml:1:6: aa → bb → aa"]);
        check(&[("aa", HAND, "\"start:bb\""), ("bb", HAND, "\"start:aa\"")], &["f.toml:11:9: aa → bb → aa"]);
        check(&[("aa", &after("aa"), "")], &["1:6: aa → aa"]);
        let long = [("aa", HAND, "\"start:bb\""), ("bb", HAND, "\"start:cc\""), ("cc", HAND, "\"start:aa\"")];
        check(&long, &["aa → bb → cc → aa"]);
        // two rings, and one that it only leads into
        let (stop, back) = ("\"start:bb\", \"start:cc\"", "\"start:aa\"");
        check(
            &[("aa", HAND, stop), ("bb", HAND, back), ("cc", HAND, back)],
            &["aa → bb → aa", "aa → cc → aa"],
        );
        check(&[("aa", HAND, "\"start:bb\""), ("bb", &after("bb"), "")], &[]);
        check(&[("aa", &after("bb"), ""), ("bb", HAND, "")], &[]);
        // what the file itself says stands for what the store has of it
        check(&[("aa", HAND, ""), ("aa", HAND, "\"start:aa\"")], &[]);
    }

    #[test]
    fn what_is_not_gained_again_rests_until_somebody_takes_it_away() {
        let tag = |tag: &str| format!("on = \"tag\", tag = \"{tag}\"");
        let (x, y) = (tag("x"), tag("y"));
        let rests = "去掉";
        check(&[("aa", &x, "\"tag:y\""), ("bb", &y, "\"tag:x\"")], &[rests]);
        let turns = "会一直转下去";
        let both = "\"-tag:x\", \"tag:y\"";
        check(&[("aa", &x, both), ("bb", &y, "\"-tag:y\", \"tag:x\"")], &[turns]);
        let (new, active) = ("on = \"stage\", stage = \"new\"", "on = \"stage\", stage = \"active\"");
        check(&[("aa", new, "\"stage:active\""), ("bb", active, "\"stage:new\"")], &[turns]);
        check(&[("aa", new, "\"stage:new\"")], &[rests]);
    }
}
