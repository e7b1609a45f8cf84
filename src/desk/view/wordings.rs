//! The wordings of playbooks, as filters over tasks search them: each step's texts once, whatever tasks it made.
//!
//! What variables fill in is left out, because it differs from task to task and is found by name instead.

use std::collections::HashMap;

use crate::desk::playbooks::Playbooks;
use crate::query::Thing;
use crate::sop::Step;
use crate::sop::format::Part;
use crate::store::Columns;
use crate::store::columns::Word;
use crate::text::fold::fold;

/// What one step of one version says.
#[derive(Debug)]
pub(crate) struct Wording {
    /// All its texts folded, a line each, without variables.
    pub folded: Box<str>,
    things: Vec<Thing>,
}

impl Wording {
    fn of(step: &Step) -> Self {
        let mut texts: Vec<String> = Vec::new();
        let mut things: Vec<Thing> = Vec::new();
        for part in &step.parts {
            match part {
                Part::Text(wordings) => texts.extend(wordings.iter().map(|w| fold(&without_variables(w)))),
                Part::Notice(text) => texts.push(fold(&without_variables(text))),
                Part::Jielong(text) => {
                    texts.push(fold(&without_variables(text)));
                    things.push(Thing::Jielong);
                }
                Part::Image(_) => things.push(Thing::Image),
                Part::File(_) => things.push(Thing::File),
                Part::Forward { find, .. } => texts.push(fold(find)),
                Part::Mention(_) => things.push(Thing::Mention),
                Part::RedPacket { .. } => {}
            }
        }
        texts.push(fold(&step.note));
        let folded = texts.join("\n");
        if folded.contains("http://") || folded.contains("https://") {
            things.push(Thing::Link);
        }
        if !step.answers.is_empty() {
            things.push(Thing::Answers);
        }
        Self { folded: folded.into(), things }
    }

    /// Whether the step has such a part, or answers.
    pub(crate) fn has(&self, thing: Thing) -> bool {
        self.things.contains(&thing)
    }
}

/// A text with a break in place of every variable and statement, so that no search runs over one.
fn without_variables(template: &str) -> String {
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
}

impl Wordings {
    /// Takes in versions that were applied since.
    pub(crate) fn load(&mut self, columns: &Columns, playbooks: &Playbooks) {
        let versions = columns.playbooks.values().map(|column| column.versions.len()).sum();
        // Versions are only ever added, but for a commit that failed and took one back.
        if self.versions == versions {
            return;
        }
        self.by_step.clear();
        self.versions = versions;
        for (place, id) in columns.playbook_ids.iter().enumerate() {
            let Some(column) = columns.playbooks.get(id) else { continue };
            for version in column.versions.keys() {
                let Some(playbook) = playbooks.get(id, *version) else { continue };
                for step in &playbook.steps {
                    // a step that never fired has no word, and no task
                    if let Some(word) = columns.words.find(&step.id) {
                        self.by_step.insert((place as u16, *version, word), Wording::of(step));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_not_searched() {
        let check = |template: &str, expected: &str| assert_eq!(without_variables(template), expected);
        check("", "");
        check("早安", "早安");
        check("{{ name }}，到货了{% if x %}！{% endif %}{", "\n，到货了\n！\n{");
        check("{{ name", "\n");
    }
}
