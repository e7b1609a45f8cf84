//! A snippet with what it is found by.

use crate::book::Snippet;
use crate::text::pinyin::search_key;

/// A snippet in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct SnippetColumn {
    pub body: Snippet,
    /// Pinyin search keys of the name, of the tags (a line each) and of the text.
    pub name_key: Box<str>,
    pub tags_key: Box<str>,
    pub text_key: Box<str>,
}

impl From<Snippet> for SnippetColumn {
    fn from(body: Snippet) -> Self {
        let tags: Vec<String> = body.tags.iter().map(|tag| search_key(tag)).collect();
        Self {
            name_key: search_key(&body.name).into(),
            tags_key: tags.join("\n").into(),
            text_key: search_key(&body.text).into(),
            body,
        }
    }
}
