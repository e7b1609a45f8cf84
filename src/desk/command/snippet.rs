//! 话术: kept, changed, taken away, and that one was used.
//!
//! A snippet is named by its name, so another name is another snippet: the old one goes, the new one comes, in one act.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::snippet::SnippetWords as Words;
use super::book::typed::LONG_MAX;
use crate::book::Snippet;
use crate::book::snippet::NAME_MAX;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::template;
use crate::store::acts::VIA_FACT;
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
        self.perform(act, bodies)?;
        Ok(Outcome { words, ..Outcome::default() })
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
        self.perform(act, bodies)?;
        Ok(Outcome { words, ..Outcome::default() })
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
        let near = crate::text::near::nearest(name, names, 3).join(" ");
        let words = Words::Unknown.fill(lang, &[("name", &for_display(name))]);
        let refusal = Refusal::new(RefusalKind::NotFound, words);
        if near.is_empty() {
            refusal.into()
        } else {
            refusal.hint(Words::Nearest.fill(lang, &[("near", &near)])).into()
        }
    }
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
