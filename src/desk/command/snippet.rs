//! 话术: kept, changed, taken away, and that one was used.
//!
//! A snippet is named by its name, so another name is another snippet: the old one goes, the new one comes, in one act.

use std::collections::BTreeMap;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::snippet::SnippetWords as Words;
use super::book::typed::LONG_MAX;
use crate::book::Snippet;
use crate::book::snippet::NAME_MAX;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::format::{VARIABLES, is_variable};
use crate::sop::include::{expand, included};
use crate::sop::template;
use crate::store::acts::VIA_FACT;
use crate::store::record::PlaybookState;
use crate::store::{Body, By};
use crate::text::clean::{for_clipboard, for_display};
use crate::text::lang::Lang;

/// The most tags of one.
const TAGS_MAX: usize = 10;

impl Desk {
    /// Keeps a snippet; `before` is the name it had, none for a new one.
    pub(super) fn snippet_set(
        &mut self,
        act: &Act,
        before: Option<&str>,
        snippet: &Snippet,
    ) -> Result<Outcome, DeskError> {
        let snippet = checked(snippet, act.lang)?;
        let known = &self.store.columns.snippets;
        if let Some(before) = before.filter(|before| !known.contains_key(*before)) {
            return Err(self.no_snippet(before, act.lang));
        }
        if known.get(&snippet.name).is_some_and(|column| column.body == snippet) {
            return Ok(Outcome { words: Words::Same.text(act.lang).to_owned(), ..Outcome::default() });
        }
        self.includes_are_whole([&snippet], before, act.lang)?;
        let known = &self.store.columns.snippets;
        if before != Some(snippet.name.as_str()) && known.contains_key(&snippet.name) {
            let words = Words::Taken.fill(act.lang, &[("name", &snippet.name)]);
            return Err(Refusal::new(RefusalKind::Already, words).into());
        }
        let old = before.and_then(|before| known.get(before)).map(|column| column.body.clone());
        let mut bodies = Vec::new();
        let renamed = old.as_ref().filter(|old| old.name != snippet.name).cloned();
        let stays = old.filter(|old| old.name == snippet.name);
        if let Some(old) = renamed {
            bodies.push(Body::SnippetSet { name: old.name.clone(), before: Some(old), after: None });
        }
        bodies.push(Body::SnippetSet { name: snippet.name.clone(), before: stays, after: Some(snippet) });
        let words = self.describe(&bodies, act.lang);
        let warnings = self.unknown_variables(&bodies, act.lang);
        self.perform(act, bodies)?;
        Ok(Outcome { words, warnings, ..Outcome::default() })
    }

    /// Variables that neither the program fills nor a playbook asks for: a text with one is never filled.
    fn unknown_variables(&self, bodies: &[Body], lang: Lang) -> Vec<String> {
        let asked = |name: &str| {
            let current = self.store.columns.playbooks.keys();
            let mut current = current.filter_map(|id| self.playbooks.current(id, &self.store.columns));
            current.any(|playbook| playbook.asks.iter().any(|ask| ask.key == name))
        };
        let kept = bodies.iter().filter_map(|body| match body {
            Body::SnippetSet { after, .. } => after.as_ref(),
            _ => None,
        });
        let names = kept.filter_map(|snippet| template::check(&snippet.text).ok()).flatten();
        let unknown = names.filter(|name| !is_variable(name) && !asked(name));
        unknown
            .map(|name| {
                let known = VARIABLES.join(", ");
                Words::Variable.fill(lang, &[("name", &for_display(&name)), ("known", &known)])
            })
            .collect()
    }

    /// Keeps many, as a file has them: those of the same name are replaced, the rest stay. All or none.
    pub(super) fn snippets_import(&mut self, act: &Act, many: &[Snippet]) -> Result<Outcome, DeskError> {
        let mut bodies: Vec<Body> = Vec::new();
        for snippet in many {
            let snippet = checked(snippet, act.lang)?;
            let is_twice = bodies
                .iter()
                .any(|body| matches!(body, Body::SnippetSet { name, .. } if *name == snippet.name));
            if is_twice {
                let words = Words::Twice.fill(act.lang, &[("name", &snippet.name)]);
                return Err(Refusal::new(RefusalKind::Invalid, words).into());
            }
            let before = self.store.columns.snippets.get(&snippet.name).map(|column| column.body.clone());
            if before.as_ref() != Some(&snippet) {
                bodies.push(Body::SnippetSet { name: snippet.name.clone(), before, after: Some(snippet) });
            }
        }
        let kept = bodies.iter().filter_map(|body| match body {
            Body::SnippetSet { after, .. } => after.as_ref(),
            _ => None,
        });
        self.includes_are_whole(kept, None, act.lang)?;
        if bodies.is_empty() {
            return Ok(Outcome { words: Words::Same.text(act.lang).to_owned(), ..Outcome::default() });
        }
        let words = self.describe(&bodies, act.lang);
        self.perform(act, bodies)?;
        Ok(Outcome { words, ..Outcome::default() })
    }

    pub(super) fn snippet_remove(&mut self, act: &Act, name: &str) -> Result<Outcome, DeskError> {
        let Some(column) = self.store.columns.snippets.get(name) else {
            return Err(self.no_snippet(name, act.lang));
        };
        let before = Some(column.body.clone());
        let bodies = vec![Body::SnippetSet { name: name.to_owned(), before, after: None }];
        let words = self.describe(&bodies, act.lang);
        let warnings = self.still_included(name, act.lang).into_iter().collect();
        self.perform(act, bodies)?;
        Ok(Outcome { words, warnings, ..Outcome::default() })
    }

    /// Checks that what is to be kept includes what there will be and does not lead back to itself.
    fn includes_are_whole<'a>(
        &self,
        kept: impl IntoIterator<Item = &'a Snippet> + Clone,
        gone: Option<&str>,
        lang: Lang,
    ) -> Result<(), DeskError> {
        let kept: Vec<&Snippet> = kept.into_iter().collect();
        if kept.iter().all(|snippet| !snippet.text.contains("include")) {
            return Ok(());
        }
        let there = self.store.columns.snippets.iter().filter(|(name, _)| Some(name.as_str()) != gone);
        let mut texts: BTreeMap<String, String> =
            there.map(|(name, column)| (name.clone(), column.body.text.clone())).collect();
        texts.extend(kept.iter().map(|snippet| (snippet.name.clone(), snippet.text.clone())));
        for snippet in kept {
            // By its own name, so that one that leads back to itself is found.
            let source = format!("{{% include \"{}\" %}}", snippet.name.replace(['"', '\''], " "));
            let source = if texts.contains_key(&snippet.name) && !snippet.name.contains(['"', '\'']) {
                source
            } else {
                snippet.text.clone()
            };
            if let Err(mistake) = expand(&source, &texts) {
                let why = template::words_of(&mistake, lang);
                let words = Words::Wrong.fill(lang, &[("name", &snippet.name), ("why", &why)]);
                return Err(Refusal::new(RefusalKind::Invalid, words).into());
            }
        }
        Ok(())
    }

    /// Playbooks and snippets that include one which goes; their texts are blocked from then on.
    fn still_included(&self, name: &str, lang: Lang) -> Option<String> {
        let columns = &self.store.columns;
        let has = |text: &str| included(text).is_ok_and(|names| names.contains(&name));
        let snippets = columns
            .snippets
            .values()
            .filter(|c| has(&c.body.text))
            .map(|c| for_display(&c.body.name).into_owned());
        let playbooks = columns.playbooks.iter().filter(|(_, column)| {
            let text = column.versions.get(&column.current);
            column.state != PlaybookState::Removed && text.is_some_and(|text| names_in_toml(text, name))
        });
        let playbooks = playbooks.map(|(id, _)| self.title(id));
        let names: Vec<String> = snippets.chain(playbooks).collect();
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("name", &for_display(name)), ("names", &names.join(", "))];
        (!names.is_empty()).then(|| Words::StillIncluded.fill(lang, &values))
    }

    /// It was copied: a fact that is counted and that nobody undoes.
    pub(super) fn snippet_used(&mut self, act: &Act, name: &str) -> Result<Outcome, DeskError> {
        if !self.store.columns.snippets.contains_key(name) {
            return Err(self.no_snippet(name, act.lang));
        }
        let by = By { via: VIA_FACT.to_owned(), ..act.by.clone() };
        let act = Act { by, ..act.clone() };
        self.perform(&act, vec![Body::SnippetUsed { name: name.to_owned(), at: act.at }])?;
        Ok(Outcome::default())
    }

    fn no_snippet(&self, name: &str, lang: Lang) -> DeskError {
        let names = self.store.columns.snippets.keys().map(String::as_str);
        super::none_called(name, names, Words::Unknown.fill(lang, &[("name", &for_display(name))]), lang)
    }
}

/// Whether the text of a playbook includes a snippet; its quotes may be written as TOML wants them.
fn names_in_toml(toml: &str, name: &str) -> bool {
    toml.split("include").skip(1).any(|rest| {
        let rest = rest.trim_start().trim_start_matches(['\\', '"', '\'']);
        rest.strip_prefix(name).is_some_and(|rest| rest.starts_with(['\\', '"', '\'']))
    })
}

/// The snippet as it is kept, or what is wrong with it.
fn checked(snippet: &Snippet, lang: Lang) -> Result<Snippet, DeskError> {
    let refused = |words: String| Err(Refusal::new(RefusalKind::Invalid, words).into());
    let one_line = |text: &str| for_display(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let name = one_line(&snippet.name);
    if name.is_empty() || name.contains('#') {
        return refused(Words::NoName.text(lang).to_owned());
    }
    if name.chars().count() > NAME_MAX {
        return refused(Words::NameTooLong.fill(lang, &[("n", &NAME_MAX)]));
    }
    let text = for_clipboard(snippet.text.trim()).into_owned();
    if text.is_empty() {
        return refused(Words::NoText.fill(lang, &[("name", &name)]));
    }
    if text.chars().count() > LONG_MAX {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("n", &LONG_MAX)];
        return refused(Words::TextTooLong.fill(lang, &values));
    }
    if let Err(mistake) = template::check(&text) {
        let why = template::words_of(&mistake, lang);
        return refused(Words::Wrong.fill(lang, &[("name", &name), ("why", &why)]));
    }
    let mut tags: Vec<String> = Vec::new();
    for tag in &snippet.tags {
        let tag = one_line(tag).replace([' ', '#'], "");
        if !tag.is_empty() && !tags.contains(&tag) && tags.len() < TAGS_MAX {
            tags.push(tag);
        }
    }
    Ok(Snippet { name, tags, text })
}
