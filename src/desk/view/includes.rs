//! Texts with the snippets that they include in their place.

use std::borrow::Cow;

use crate::desk::Desk;
use crate::sop::include::{Snippets, expand};
use crate::sop::render::RenderBlock;
use crate::sop::template::words_of;
use crate::store::Columns;
use crate::text::lang::Lang;

/// The store's snippets, as texts include them.
pub(in crate::desk) struct Kept<'a>(pub &'a Columns);

impl Snippets for Kept<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.snippets.get(name).map(|column| column.body.text.as_str())
    }

    fn names(&self) -> Vec<&str> {
        self.0.snippets.keys().map(String::as_str).collect()
    }
}

impl Desk {
    /// A text with what it includes; what cannot be put in blocks it and is named.
    pub(in crate::desk) fn whole<'a>(&self, text: &'a str, lang: Lang) -> Result<Cow<'a, str>, RenderBlock> {
        expand(text, &Kept(&self.store.columns))
            .map_err(|mistake| RenderBlock::of_include(words_of(&mistake, lang)))
    }
}
