//! Tags, step ids and other words that many rows share, kept once each, with the folded form filters compare.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::text::fold::fold;

/// A word by its number.
pub type Word = u32;

/// Words by number and numbers by word; a word is never dropped.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Words {
    words: Vec<Box<str>>,
    /// Each word as [`fold`] makes it.
    #[serde(skip)]
    folded: Vec<Box<str>>,
    #[serde(skip)]
    numbers: HashMap<Box<str>, Word>,
}

impl Words {
    /// The word of a number; empty for a number never given.
    pub fn text(&self, word: Word) -> &str {
        self.words.get(word as usize).map_or("", |text| text)
    }

    /// The folded form of a word: what filters compare.
    pub fn folded(&self, word: Word) -> &str {
        self.folded.get(word as usize).map_or("", |text| text)
    }

    /// The number of a word that is known.
    pub fn find(&self, text: &str) -> Option<Word> {
        self.numbers.get(text).copied()
    }

    /// Every word, in order of first use.
    pub fn iter(&self) -> impl Iterator<Item = (Word, &str)> {
        self.words.iter().enumerate().map(|(number, text)| (number as Word, &**text))
    }

    pub(in crate::store) fn place(&mut self, text: &str) -> Word {
        if let Some(word) = self.find(text) {
            return word;
        }
        let word = self.words.len() as Word;
        let text: Box<str> = text.into();
        self.words.push(text.clone());
        self.folded.push(fold(&text).into());
        self.numbers.insert(text, word);
        word
    }

    /// The words alone, for writing them down.
    pub(crate) fn bare(&self) -> Self {
        Self { words: self.words.clone(), ..Self::default() }
    }

    pub(super) fn settle(&mut self) {
        self.folded = self.words.iter().map(|text| fold(text).into()).collect();
        self.numbers = self.words.iter().enumerate().map(|(n, text)| (text.clone(), n as Word)).collect();
    }
}
