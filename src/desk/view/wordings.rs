//! The wordings of playbooks, as filters over tasks search them: each step's texts once, whatever tasks it made.
//!
//! What variables fill in is left out, because it differs from task to task and is found by name instead; answers of a
//! form are looked up where a task is judged. What a text
//! includes stands in its place, as the snippets say by now.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::includes::Kept;
use crate::desk::playbooks::Playbooks;
use crate::query::Thing;
use crate::sop::Step;
use crate::sop::format::Part;
use crate::sop::include::expand;
use crate::store::Columns;
use crate::store::columns::Word;
use crate::text::fold::fold;

/// What one step of one version says.
#[derive(Debug)]
pub(crate) struct Wording {
    /// By variant; at least one.
    variants: Vec<Variant>,
    things: Vec<Thing>,
    /// Its place in the playbook, from 1.
    pub nth: u16,
}

/// What one wording of a step says.
#[derive(Debug)]
struct Variant {
    /// All its texts folded, a line each, without variables.
    folded: Box<str>,
    /// Characters of what is said, variables apart.
    length: u32,
    has_link: bool,
    has_variable: bool,
}

impl Wording {
    fn of(step: &Step, place: usize, kept: &Kept<'_>) -> Self {
        let wordings = step.parts.iter().map(|part| match part {
            Part::Text(wordings) => wordings.len(),
            _ => 1,
        });
        let count = wordings.max().unwrap_or(1).max(1);
        let mut things: Vec<Thing> = step
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Jielong(_) => Some(Thing::Jielong),
                Part::Image(_) => Some(Thing::Image),
                Part::File(_) => Some(Thing::File),
                Part::Mention(_) => Some(Thing::Mention),
                _ => None,
            })
            .collect();
        if !step.answers.is_empty() {
            things.push(Thing::Answers);
        }
        let nth = u16::try_from(place + 1).unwrap_or(u16::MAX);
        Self { variants: (0..count).map(|variant| Variant::of(step, variant, kept)).collect(), things, nth }
    }

    /// The wording that a task has; the first where the step has no such one any more, as when its text is shown.
    fn variant(&self, variant: u16) -> Option<&Variant> {
        self.variants.get(usize::from(variant)).or_else(|| self.variants.first())
    }

    /// All texts of a wording folded, a line each, without variables.
    pub(crate) fn folded(&self, variant: u16) -> &str {
        self.variant(variant).map_or("", |variant| &variant.folded)
    }

    /// Characters of what a wording says, variables apart.
    pub(crate) fn length(&self, variant: u16) -> u32 {
        self.variant(variant).map_or(0, |variant| variant.length)
    }

    /// Whether the step has such a part, or answers; whether the wording has a link or a variable.
    pub(crate) fn has(&self, variant: u16, thing: Thing) -> bool {
        match thing {
            Thing::Link => self.variant(variant).is_some_and(|variant| variant.has_link),
            Thing::Variable => self.variant(variant).is_some_and(|variant| variant.has_variable),
            thing => self.things.contains(&thing),
        }
    }
}

impl Variant {
    fn of(step: &Step, variant: usize, kept: &Kept<'_>) -> Self {
        let (mut texts, mut length): (Vec<String>, usize) = (Vec::new(), 0);
        let mut has_variable = false;
        for part in &step.parts {
            let said = match part {
                Part::Text(wordings) => {
                    wordings.get(variant).or_else(|| wordings.first()).map(String::as_str)
                }
                Part::Notice(text) | Part::Jielong(text) => Some(text.as_str()),
                _ => None,
            };
            if let Some(said) = said {
                // a snippet that is not there any more leaves the rest to be found
                let said = expand(said, kept).unwrap_or(said.into());
                let plain = without_variables(&said);
                has_variable |= plain != *said;
                length += characters(&plain);
                texts.push(fold(&plain));
            } else if let Part::Forward { find, .. } = part {
                texts.push(fold(find));
            }
        }
        texts.push(fold(&without_variables(&step.note)));
        let folded = texts.join("\n");
        let has_link = folded.contains("http://") || folded.contains("https://");
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        Self { folded: folded.into(), length, has_link, has_variable }
    }
}

/// How many characters a text has, breaks apart.
pub(crate) fn characters(text: &str) -> usize {
    text.chars().filter(|c| !matches!(c, '\n' | '\r')).count()
}

/// A text with a break in place of every variable and statement, so that no search runs over one.
pub(crate) fn without_variables(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, tag)) = rest.split_once('{') {
        out.push_str(before);
        let end = match tag.chars().next() {
            Some('{') => "}}",
            Some('%') => "%}",
            _ => {
                out.push('{');
                rest = tag;
                continue;
            }
        };
        out.push('\n');
        rest = tag.split_once(end).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// Wordings by playbook position, version and step.
#[derive(Debug, Default)]
pub(crate) struct Wordings {
    by_step: HashMap<(u16, u32, Word), Wording>,
    versions: usize,
    /// The snippets as they were put in.
    snippets: u64,
}

impl Wordings {
    /// Takes in versions that were applied since.
    pub(crate) fn load(&mut self, columns: &Columns, playbooks: &Playbooks) {
        let versions = columns.playbooks.values().map(|column| column.versions.len()).sum();
        // Versions are only ever added, but for a commit that failed and took one back.
        let snippets = digest(columns);
        if self.versions == versions && self.snippets == snippets {
            return;
        }
        self.snippets = snippets;
        let kept = Kept(columns);
        self.by_step.clear();
        self.versions = versions;
        for (place, id) in columns.playbook_ids.iter().enumerate() {
            let Some(column) = columns.playbooks.get(id) else { continue };
            for version in column.versions.keys() {
                let Some(playbook) = playbooks.get(id, *version) else { continue };
                for (at, step) in playbook.steps.iter().enumerate() {
                    // a step that never fired has no word, and no task
                    if let Some(word) = columns.words.find(&step.id) {
                        self.by_step.insert((place as u16, *version, word), Wording::of(step, at, &kept));
                    }
                }
            }
        }
    }

    /// What a step of a version says.
    pub(crate) fn get(&self, playbook: u16, version: u32, step: Word) -> Option<&Wording> {
        self.by_step.get(&(playbook, version, step))
    }
}

/// What tells the snippets of one moment from those of another.
fn digest(columns: &Columns) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (name, snippet) in &columns.snippets {
        (name, &snippet.body.text).hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_without_breaks() {
        assert_eq!(characters("早安\n各位\r\n"), 4);
    }

    #[test]
    fn variables_are_not_searched() {
        let check = |template: &str, expected: &str| assert_eq!(without_variables(template), expected);
        check("", "");
        check("早安", "早安");
        check("{{ name }}，到货了{% if x %}！{% endif %}{", "\n，到货了\n！\n{");
        check("{{ name", "\n");
    }
}
