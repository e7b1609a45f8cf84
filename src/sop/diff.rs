//! What is written differently in another text of a playbook.
//!
//! Only what changes what people get or when: comments and order within a table say nothing.

use super::format::{Part, Playbook, Step};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A key of the playbook itself, as the format spells it.
    Head(&'static str),
    Added {
        step: String,
        at: String,
    },
    Gone {
        step: String,
    },
    /// A time of a step: key, before, after; empty where none is written.
    Time {
        step: String,
        key: &'static str,
        before: String,
        after: String,
    },
    /// What a step says, in how many wordings before and after.
    Texts {
        step: String,
        before: usize,
        after: usize,
    },
    /// Another key of a step.
    Key {
        step: String,
        key: &'static str,
    },
}

/// All differences: of the head, then of the steps in the order of the new text, then the steps that are gone.
pub fn compare(before: &Playbook, after: &Playbook) -> Vec<Difference> {
    let mut found: Vec<Difference> = head(before, after).into_iter().map(Difference::Head).collect();
    for step in &after.steps {
        match before.step_by_id(&step.id) {
            Some((_, was)) => of_step(was, step, &mut found),
            None => found.push(Difference::Added { step: step.id.clone(), at: step.at.to_string() }),
        }
    }
    let gone = before.steps.iter().filter(|step| after.step_by_id(&step.id).is_none());
    found.extend(gone.map(|step| Difference::Gone { step: step.id.clone() }));
    found
}

fn head(before: &Playbook, after: &Playbook) -> Vec<&'static str> {
    let keys = [
        ("title", before.title != after.title),
        ("for", before.target != after.target),
        ("audience", before.audience != after.audience),
        ("class", before.class != after.class),
        ("priority", before.priority != after.priority),
        ("tz", before.tz != after.tz),
        ("day_ends", before.day_ends != after.day_ends),
        ("fresh", before.fresh != after.fresh),
        ("stop", before.stop != after.stop),
        ("rest", before.rest != after.rest),
        ("start", before.start != after.start),
        ("intake", before.intake != after.intake),
        ("ask", before.asks != after.asks),
        ("end", before.ends != after.ends),
    ];
    keys.into_iter().filter(|(_, differs)| *differs).map(|(key, _)| key).collect()
}

fn of_step(before: &Step, after: &Step, found: &mut Vec<Difference>) {
    let step = || after.id.clone();
    let until = |step: &Step| step.until.map(|until| until.to_string()).unwrap_or_default();
    let times = [("at", before.at.to_string(), after.at.to_string()), ("until", until(before), until(after))];
    for (key, before, after) in times {
        if before != after {
            found.push(Difference::Time { step: step(), key, before, after });
        }
    }
    if before.wordings() != after.wordings() {
        let (before, after) = (before.wordings().len(), after.wordings().len());
        found.push(Difference::Texts { step: step(), before, after });
    }
    let others = |step: &Step| -> Vec<Part> {
        step.parts.iter().filter(|part| !matches!(part, Part::Text(_))).cloned().collect()
    };
    let keys = [
        ("late", before.late != after.late),
        ("via", before.via != after.via),
        ("class", before.class != after.class),
        ("as", before.speakers != after.speakers),
        ("who", before.who != after.who),
        ("per", before.per != after.per),
        ("collect", before.collect != after.collect),
        ("if", before.condition != after.condition),
        ("pick", before.pick != after.pick),
        ("check", before.check != after.check),
        ("answers", before.answers != after.answers),
        ("note", before.note != after.note),
        ("parts", others(before) != others(after)),
        ("fresh", before.fresh != after.fresh),
    ];
    let differing = keys.into_iter().filter(|(_, differs)| *differs);
    found.extend(differing.map(|(key, _)| Difference::Key { step: step(), key }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sop::schedule::tests::playbook;

    #[test]
    fn steps_and_head_are_compared_by_what_they_mean() {
        let step = |id: &str, rest: &str| format!("[[step]]\nid = \"{id}\"\nvia = \"private\"\n{rest}\n");
        let one =
            step("a", "at = \"D0 +5m\"\ntext = \"好\"") + &step("b", "at = \"D1 10:00\"\ntext = \"早\"");
        let two =
            step("a", "at = \"D0 +10m\"\nuntil = \"D0 22:00\"\ntext = [\"好\", \"你好\"]\nnote = \"x\"")
                + "# only a comment\n"
                + &step("c", "at = \"D2 10:00\"\ntext = \"早\"");
        let before = playbook("added", "", &one);
        let after = playbook("added", "", &two);
        assert_eq!(compare(&before, &before), Vec::new());
        let (a, time) = (
            || "a".to_owned(),
            |key, before: &str, after: &str| Difference::Time {
                step: "a".to_owned(),
                key,
                before: before.to_owned(),
                after: after.to_owned(),
            },
        );
        let expected = vec![
            time("at", "D0 +5m", "D0 +10m"),
            time("until", "", "D0 22:00"),
            Difference::Texts { step: a(), before: 1, after: 2 },
            Difference::Key { step: a(), key: "note" },
            Difference::Added { step: "c".to_owned(), at: "D2 10:00".to_owned() },
            Difference::Gone { step: "b".to_owned() },
        ];
        assert_eq!(compare(&before, &after), expected);
        let mut renamed = before.clone();
        renamed.title = "别的".to_owned();
        renamed.stop.clear();
        assert!(compare(&before, &renamed).contains(&Difference::Head("title")));
    }
}
