//! Tags and step ids, kept once each.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// A word by its number.
pub type Word = u32;

/// Words by number and numbers by word; a word is never dropped.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Words {
    words: Vec<Box<str>>,
    #[serde(skip)]
    numbers: HashMap<Box<str>, Word>,
}

impl Words {
    /// The word of a number; empty for a number never given.
    pub fn text(&self, word: Word) -> &str {
        self.words.get(word as usize).map_or("", |text| text)
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
        self.numbers.insert(text, word);
        word
    }

    pub(super) fn settle(&mut self) {
        self.numbers = self.words.iter().enumerate().map(|(n, text)| (text.clone(), n as Word)).collect();
    }
}
