//! What is written differently in another text of a playbook.
//!
//! Only what changes what people get, who gets it or when: comments and order within a table say nothing. Complete by
//! construction: both texts are taken apart whole, and each key stands beside the same of the other.

mod spelled;

use super::format::{Part, Playbook, Step};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    Added {
        step: String,
        at: String,
    },
    Gone {
        step: String,
    },
    /// Steps that both have come in another order.
    Order,
    /// A key of a step, or of the playbook itself where that is none, as the format spells it.
    Key {
        step: Option<String>,
        key: &'static str,
        change: Change,
    },
}

/// How what a key says differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Its value; empty where none is written.
    Value {
        before: String,
        after: String,
    },
    /// One of several that it lists.
    More(String),
    Less(String),
    /// Words that are said.
    Words {
        before: String,
        after: String,
    },
    /// It differs, and is spelled alike.
    Otherwise,
}

impl Difference {
    /// Whether it leaves as it is who gets something and when.
    pub fn is_only_said(&self) -> bool {
        const SAID: [&str; 8] = ["title", "rest", "end", "check", "answers", "note", "parts", "text"];
        matches!(self, Self::Key { key, .. } if SAID.contains(key))
    }
}

/// The keys of a playbook or a step that differ.
struct Found<'a> {
    step: Option<&'a str>,
    all: &'a mut Vec<Difference>,
}

impl Found<'_> {
    fn push(&mut self, key: &'static str, change: Change) {
        self.all.push(Difference::Key { step: self.step.map(str::to_owned), key, change });
    }

    /// A key with one value.
    fn value<T: PartialEq>(&mut self, key: &'static str, both: [&T; 2], spell: impl Fn(&T) -> String) {
        let [before, after] = both;
        if before == after {
            return;
        }
        let (before, after) = (spell(before), spell(after));
        self.push(key, if before == after { Change::Otherwise } else { Change::Value { before, after } });
    }

    /// A key with several: each is known by a name, and told where it comes, goes or says something else.
    fn several<T: PartialEq>(
        &mut self,
        key: &'static str,
        both: [&[T]; 2],
        spell: impl Fn(&[T]) -> Vec<(String, String)>,
    ) {
        if both[0] == both[1] {
            return;
        }
        let [was, is] = both.map(spell);
        let told = self.all.len();
        for (name, after) in &is {
            match was.iter().find(|(other, _)| other == name) {
                Some((_, before)) if before == after => {}
                Some((_, before)) => {
                    self.push(key, Change::Value { before: before.clone(), after: after.clone() });
                }
                None => self.push(key, Change::More(after.clone())),
            }
        }
        for (name, before) in was.iter().filter(|(name, _)| is.iter().all(|(other, _)| other != name)) {
            self.push(key, Change::Less(if before.is_empty() { name.clone() } else { before.clone() }));
        }
        if self.all.len() == told {
            let one = |all: &[(String, String)]| {
                all.iter().map(|(_, spelled)| spelled.as_str()).collect::<Vec<_>>().join(" / ")
            };
            let (before, after) = (one(&was), one(&is));
            self.push(key, if before == after { Change::Otherwise } else { Change::Value { before, after } });
        }
    }

    /// Words that are said: those that stay apart, what is left is laid side by side in its order.
    fn words(&mut self, key: &'static str, [before, after]: [&[String]; 2]) {
        if before == after {
            return;
        }
        let (mut was, mut is): (Vec<&String>, Vec<&String>) = (before.iter().collect(), Vec::new());
        for text in after {
            match was.iter().position(|other| *other == text) {
                Some(at) => drop(was.remove(at)),
                None => is.push(text),
            }
        }
        if was.is_empty() && is.is_empty() {
            return self.push(key, Change::Otherwise);
        }
        let both = was.len().min(is.len());
        for (before, after) in was.iter().zip(&is) {
            let (before, after) = ((*before).clone(), (*after).clone());
            self.push(key, Change::Words { before, after });
        }
        is.iter().skip(both).for_each(|text| self.push(key, Change::More((*text).clone())));
        was.iter().skip(both).for_each(|text| self.push(key, Change::Less((*text).clone())));
    }
}

/// All differences: of the head, then of the steps in the order of the new text, then the steps that are gone.
pub fn compare(before: &Playbook, after: &Playbook) -> Vec<Difference> {
    let mut found = Vec::new();
    of_head(before, after, &mut Found { step: None, all: &mut found });
    for step in &after.steps {
        match before.step_by_id(&step.id) {
            Some((_, was)) => of_step(was, step, &mut Found { step: Some(&step.id), all: &mut found }),
            None => found.push(Difference::Added { step: step.id.clone(), at: step.at.to_string() }),
        }
    }
    let gone = before.steps.iter().filter(|step| after.step_by_id(&step.id).is_none());
    found.extend(gone.map(|step| Difference::Gone { step: step.id.clone() }));
    let order = |of: &'_ Playbook, other: &Playbook| -> Vec<String> {
        let both = of.steps.iter().filter(|step| other.step_by_id(&step.id).is_some());
        both.map(|step| step.id.clone()).collect()
    };
    if order(before, after) != order(after, before) {
        found.push(Difference::Order);
    }
    found
}

fn of_head(before: &Playbook, after: &Playbook, found: &mut Found<'_>) {
    let Playbook {
        id: _,
        title,
        target,
        audience,
        class,
        priority,
        tz,
        day_ends,
        fresh,
        stop,
        rest,
        start,
        intake,
        asks,
        // each beside the one of its id
        steps: _,
        ends,
    } = after;
    found.value("title", [&before.title, title], Clone::clone);
    found.value("for", [&before.target, target], |target| target.word().to_owned());
    found.value("audience", [&before.audience, audience], Clone::clone);
    found.value("class", [&before.class, class], |class| class.word().to_owned());
    found.value("priority", [&before.priority, priority], ToString::to_string);
    found.value("tz", [&before.tz, tz], |tz| tz.map(|tz| tz.name().to_owned()).unwrap_or_default());
    found.value("day_ends", [&before.day_ends, day_ends], ToString::to_string);
    found.value("fresh", [&before.fresh, fresh], |fresh| spelled::maybe(fresh.as_ref()));
    let named = |rules: &[_]| spelled::stop(rules).into_iter().map(|word| (word.clone(), word)).collect();
    found.several("stop", [&before.stop, stop], named);
    found.value("rest", [&before.rest, rest], |rest| spelled::maybe(rest.as_ref()));
    found.value("start", [&before.start, start], spelled::start);
    found.value("intake", [&before.intake, intake], |intake| spelled::intake(intake.as_ref()));
    found.several("ask", [&before.asks, asks], spelled::asks);
    found.several("end", [&before.ends, ends], spelled::ends);
}

fn of_step(before: &Step, after: &Step, found: &mut Found<'_>) {
    let Step {
        id: _,
        at,
        until,
        late,
        via,
        class,
        speakers,
        in_turn,
        after: waits_for,
        who,
        per,
        collect,
        condition,
        pick,
        check,
        answers,
        note,
        parts,
        fresh,
    } = after;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    found.value("at", [&before.at, at], ToString::to_string);
    found.value("until", [&before.until, until], |until| spelled::maybe(until.as_ref()));
    found.value("late", [&before.late, late], |late| late.word().to_owned());
    found.value("via", [&before.via, via], |via| via.word().to_owned());
    found.value("class", [&before.class, class], |class| {
        class.map(|class| class.word().to_owned()).unwrap_or_default()
    });
    let talk = |speakers: &Vec<String>, in_turn: &bool, waits_for: &Option<String>| {
        (speakers.clone(), *in_turn, waits_for.clone())
    };
    let (was, is) =
        (talk(&before.speakers, &before.in_turn, &before.after), talk(speakers, in_turn, waits_for));
    found.value("as", [&was, &is], |(speakers, ..)| speakers.join(", "));
    found.value("who", [&before.who, who], text);
    found.value("per", [&before.per, per], |per| per.word().to_owned());
    found.value("collect", [&before.collect, collect], |collect| spelled::maybe(collect.as_ref()));
    found.value("if", [&before.condition, condition], spelled::condition);
    found.value("pick", [&before.pick, pick], |pick| spelled::pick(pick.as_ref()));
    found.value("check", [&before.check, check], |check| {
        check.map(|check| check.word().to_owned()).unwrap_or_default()
    });
    found.several("answers", [&before.answers, answers], spelled::answers);
    found.words("note", [&one(&before.note), &one(note)]);
    of_parts(&before.parts, parts, found);
    found.value("fresh", [&before.fresh, fresh], |fresh| spelled::maybe(fresh.as_ref()));
}

/// A text of its own among several; none where it is empty.
fn one(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }
}

/// Texts by their place among the texts, all else by its key.
fn of_parts(before: &[Part], after: &[Part], found: &mut Found<'_>) {
    if before == after {
        return;
    }
    let told = found.all.len();
    let texts = |parts: &[Part]| -> Vec<Vec<String>> {
        let texts = parts.iter().filter_map(|part| match part {
            Part::Text(wordings) => Some(wordings.clone()),
            _ => None,
        });
        texts.collect()
    };
    let (was, is) = (texts(before), texts(after));
    for at in 0..was.len().max(is.len()) {
        let of = |all: &'_ [Vec<String>]| all.get(at).cloned().unwrap_or_default();
        found.words("text", [&of(&was), &of(&is)]);
    }
    let mut keys: Vec<&'static str> = Vec::new();
    for (key, _) in before.iter().chain(after).filter_map(spelled::part) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    for key in keys {
        let of = |parts: &[Part]| -> Vec<String> {
            let those = parts.iter().filter_map(spelled::part).filter(|(other, _)| *other == key);
            those.map(|(_, says)| says).collect()
        };
        found.words(key, [&of(before), &of(after)]);
    }
    if found.all.len() == told {
        found.push("parts", Change::Otherwise);
    }
}

#[cfg(test)]
mod tests;
