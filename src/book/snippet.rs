//! 话术: a reusable text, found by its name, its tags or their pinyin, filled and copied when somebody is answered.

use serde::{Deserialize, Serialize};

/// The longest name, in characters: a name is picked from a list.
pub const NAME_MAX: usize = 40;

/// A reusable text. Its name tells it from all others, and templates include it by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    pub name: String,
    #[serde(default)]
    pub tags: Vec<String>,
    /// What is copied; a template as in the texts of playbooks.
    pub text: String,
}

impl Snippet {
    /// Name and tags in one line: `名称 #标签 #标签`.
    pub fn heading(&self) -> String {
        self.tags.iter().fold(self.name.clone(), |line, tag| line + " #" + tag)
    }

    /// As it is edited: the heading in the first line, then the text.
    pub fn to_page(&self) -> String {
        format!("{}\n{}", self.heading(), self.text)
    }

    /// Reads what [`Snippet::to_page`] writes. Name or text may come out empty; whoever keeps it refuses that.
    pub fn from_page(page: &str) -> Self {
        let page = page.trim_start_matches(['\n', ' ']);
        let (head, text) = page.split_once('\n').unwrap_or((page, ""));
        let head = head.replace('＃', "#");
        let mut words = head.split('#');
        let name = words.next().unwrap_or_default().trim().to_owned();
        let tags = words.map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
        Self { name, tags, text: text.trim_matches('\n').trim_end().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_it_was_written() {
        let snippet = Snippet {
            name: "退货 怎么办".into(),
            tags: vec!["售后".into(), "常问".into()],
            text: "{{ name }}，可以退的\n\n七天内都行 #放心".into(),
        };
        assert_eq!(snippet.to_page(), "退货 怎么办 #售后 #常问\n{{ name }}，可以退的\n\n七天内都行 #放心");
        assert_eq!(Snippet::from_page(&snippet.to_page()), snippet);
        let bare = Snippet { name: "在吗".into(), tags: Vec::new(), text: String::new() };
        assert_eq!(Snippet::from_page("在吗"), bare);
        assert_eq!(Snippet::from_page("\n 在吗＃ 早 #\n"), Snippet { tags: vec!["早".into()], ..bare });
        assert_eq!(Snippet::from_page(""), Snippet::default());
    }
}
