//! 话术 in files: TOML to keep under review, Markdown to write in any editor.
//!
//! ```text
//! [[snippet]]                  ## 退货怎么办 #售后 #常问
//! name = "退货怎么办"            {{ name }}，七天内都可以退
//! tags = ["售后", "常问"]
//! text = "…"                   ## 下一条
//! ```
//!
//! A Markdown heading begins a snippet, of the level of the first that has a text: a heading below that is a line of the
//! text, one above it the heading of a chapter, where nothing stands below it but other headings. What stands above the
//! first is passed over. Limits: a text whose line begins with `#` and a blank has that line escaped with `\`, and so has
//! one that begins with `\` and `#`.

use serde::{Deserialize, Serialize};

use crate::book::Snippet;
use crate::text::lang::Lang;
use crate::text::place::line_and_column;

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnippetError {
    pub line: u32,
    pub column: Option<u32>,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Toml(String),
    Nothing,
    NoText(String),
}

crate::words! {
    enum Words {
        Toml { why } => ["不是这种 TOML: {why}", "不是這種 TOML: {why}", "it cannot be read as TOML: {why}"],
        Nothing => [
            "没有话术；Markdown 里每条以“## 名称”开头，TOML 里是 [[snippet]]",
            "沒有話術；Markdown 裡每條以「## 名稱」開頭，TOML 裡是 [[snippet]]",
            "no snippet in it; in Markdown each begins with \"## name\", in TOML with [[snippet]]",
        ],
        NoText { name } => ["“{name}”下面没有正文", "「{name}」下面沒有正文", "nothing stands below \"{name}\""],
    }
}

impl SnippetError {
    /// The sentence, without the place.
    pub fn words(&self, lang: Lang) -> String {
        match &self.what {
            What::Toml(why) => Words::Toml.fill(lang, &[("why", &crate::text::toml::sentence(why, lang))]),
            What::Nothing => Words::Nothing.text(lang).to_owned(),
            What::NoText(name) => Words::NoText.fill(lang, &[("name", name)]),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    snippet: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    text: String,
}

/// Reads a file of either kind: one with a Markdown heading, or TOML.
pub fn read_snippets(text: &str) -> Result<Vec<Snippet>, SnippetError> {
    let text = text.trim_start_matches('\u{feff}');
    let is_toml = text.lines().any(|line| line.trim() == "[[snippet]]");
    let found = if is_toml { from_toml(text)? } else { from_markdown(text)? };
    if found.is_empty() {
        return Err(SnippetError { line: 1, column: None, what: What::Nothing });
    }
    Ok(found)
}

fn from_toml(text: &str) -> Result<Vec<Snippet>, SnippetError> {
    let file: File = toml::from_str(text).map_err(|error| {
        let (line, column) = line_and_column(text, error.span().map_or(0, |span| span.start));
        SnippetError { line, column: Some(column), what: What::Toml(error.message().to_owned()) }
    })?;
    let snippets = file.snippet.into_iter();
    Ok(snippets.map(|entry| Snippet { name: entry.name, tags: entry.tags, text: entry.text }).collect())
}

fn from_markdown(text: &str) -> Result<Vec<Snippet>, SnippetError> {
    let deepest = snippet_level(text);
    let mut found: Vec<(u32, usize, Snippet)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some((level, heading)) = heading(line.trim_end()).filter(|(level, _)| *level <= deepest) {
            let head = Snippet::from_page(heading);
            found.push((number, level, head));
        } else if let Some((_, _, snippet)) = found.last_mut() {
            let line = line.strip_prefix('\\').filter(|_| bare(line).starts_with('#')).unwrap_or(line);
            snippet.text.push_str(line);
            snippet.text.push('\n');
        }
    }
    let levels: Vec<usize> = found.iter().map(|(_, level, _)| *level).collect();
    let mut snippets = Vec::with_capacity(found.len());
    for (place, (line, level, mut snippet)) in found.into_iter().enumerate() {
        // blanks at the ends of lines are the author's; lines of nothing about the text are the file's
        let text = snippet.text.trim_matches('\n').to_owned();
        snippet.text = if text.trim().is_empty() { String::new() } else { text };
        let is_above = levels.get(place + 1).is_some_and(|next| *next > level);
        if snippet.text.is_empty() && is_above {
            continue;
        }
        if snippet.text.is_empty() {
            return Err(SnippetError { line, column: None, what: What::NoText(snippet.name) });
        }
        snippets.push(snippet);
    }
    Ok(snippets)
}

/// The level of the headings that are names of snippets: of the first with words right below it, or the deepest of all.
fn snippet_level(text: &str) -> usize {
    let mut last = 0;
    for line in text.lines().map(str::trim_end) {
        match heading(line) {
            Some((level, _)) => last = level,
            None if last > 0 && !line.trim().is_empty() => return last,
            None => {}
        }
    }
    usize::MAX
}

/// A Markdown heading: how many `#`, and its words.
fn heading(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    ((1..=6).contains(&level) && rest.starts_with([' ', '\t'])).then(|| (level, rest.trim()))
}

/// A line without the `\` that it begins with.
fn bare(line: &str) -> &str {
    line.trim_start_matches('\\')
}

/// All of them as TOML.
pub fn snippets_to_toml(snippets: &[Snippet]) -> String {
    let entry = |snippet: &Snippet| Entry {
        name: snippet.name.clone(),
        tags: snippet.tags.clone(),
        text: snippet.text.clone(),
    };
    let file = File { snippet: snippets.iter().map(entry).collect() };
    // plain strings can always be written
    toml::to_string(&file).unwrap_or_default()
}

/// All of them as Markdown.
pub fn snippets_to_markdown(snippets: &[Snippet]) -> String {
    let page = |snippet: &Snippet| {
        let text: Vec<String> = snippet
            .text
            .lines()
            .map(|line| {
                let is_escaped = line.starts_with('\\') && bare(line).starts_with('#');
                if is_escaped || heading(line).is_some() { format!("\\{line}") } else { line.to_owned() }
            })
            .collect();
        format!("## {}\n\n{}\n", snippet.heading(), text.join("\n"))
    };
    snippets.iter().map(page).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Vec<Snippet> {
        vec![
            Snippet {
                name: "退货 怎么办".into(),
                tags: vec!["售后".into(), "常问".into()],
                text: "{{ name }}，七天内都可以退  \n\n## 不是标题\n#是话题 \n\\#带斜杠\n\\\\# 两条".into(),
            },
            Snippet { name: "在吗".into(), tags: Vec::new(), text: "在的～\"您\"说".into() },
        ]
    }

    #[test]
    fn both_kinds_are_read_as_they_were_written() {
        assert_eq!(read_snippets(&snippets_to_toml(&some())), Ok(some()));
        assert_eq!(read_snippets(&snippets_to_markdown(&some())), Ok(some()));
        let by_hand = "# 我的话术\n\n## 在吗\n在的～\"您\"说\n";
        assert_eq!(read_snippets(by_hand), Ok(vec![some().remove(1)]));
    }

    #[test]
    fn a_heading_inside_a_text_stays_in_it() {
        let by_hand = "# 售后\n\n## 退货\n先看这里\n### 七天内\n都可以退\n\n# 售前\n## 在吗\n在的\n";
        let read = read_snippets(by_hand).unwrap();
        let read: Vec<(&str, &str)> = read.iter().map(|s| (s.name.as_str(), s.text.as_str())).collect();
        assert_eq!(read, [("退货", "先看这里\n### 七天内\n都可以退"), ("在吗", "在的")]);
    }

    #[test]
    fn mistakes_name_their_line() {
        let said = |text: &str| {
            let error = read_snippets(text).unwrap_err();
            (error.line, error.column, error.words(Lang::ZhCn))
        };
        assert_eq!(said("## 一\n文\n## 二\n").0, 3);
        assert_eq!(said("## 一\n文\n## 二\n").2, "“二”下面没有正文");
        assert_eq!(said("随便写的").0, 1);
        let (line, column, words) = said("[[snippet]]\nname = \"一\"\ntexts = \"文\"\n");
        assert_eq!((line, column), (3, Some(1)), "{words}");
        assert!(words.contains("texts"), "{words}");
        assert_eq!(said("[[snippet]]\nname = \"一\n").0, 2);
    }

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }
}
