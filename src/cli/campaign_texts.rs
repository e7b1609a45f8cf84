//! `--texts FILE`: the one-offs of a campaign, in the words of `qun compose`.
//!
//! ```toml
//! [[text]]
//! at = "2026-06-18 10:00"
//! to = "stage:repeat"
//! text = """
//! {{ name }}，老客专场开始了
//! """
//! ```
//!
//! `until`, `groups = true`, `from`, `title` and `class` as the options of `qun compose`.

use std::path::Path;

use chrono_tz::Tz;
use serde::Deserialize;

use super::error::{CliError, Kind};
use super::session::Session;
use super::{sop, views_file};
use crate::book::{CampaignText, Class, Timestamp};
use crate::door::form::Kind as Form;
use crate::text::place::line_and_column;
use crate::text::toml::sentence;

crate::words! {
    enum Words {
        NotToml { why } => ["TOML 写法不对: {why}", "TOML 寫法不對: {why}", "TOML: {why}"],
        Class { class, classes } => ["class 没有“{class}”: {classes}", "class 沒有「{class}」: {classes}", "class cannot be \"{class}\": {classes}"],
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextsFile {
    #[serde(default)]
    text: Vec<TextEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextEntry {
    at: toml::Spanned<String>,
    to: toml::Spanned<String>,
    text: String,
    #[serde(default)]
    groups: bool,
    until: Option<toml::Spanned<String>>,
    from: Option<String>,
    #[serde(default)]
    title: String,
    class: Option<toml::Spanned<String>>,
}

/// The texts of a file.
///
/// # Errors
/// What is wrong with it, with line and column.
pub(super) fn read(session: &Session, file: &Path) -> Result<Vec<CampaignText>, CliError> {
    let lang = session.lang;
    let source = sop::read(file, lang)?;
    let wrong = |at: usize, words: &str| {
        let (line, column) = line_and_column(&source, at);
        let words = format!("{}:{line}:{column}: {words}", file.display());
        CliError { line: Some(line), column: Some(column), ..CliError::new(Kind::File, words) }
    };
    let parsed: TextsFile = toml::from_str(&source).map_err(|error| {
        let why = sentence(error.message(), lang);
        wrong(error.span().map_or(0, |span| span.start), &Words::NotToml.fill(lang, &[("why", &why)]))
    })?;
    let moment = |text: &toml::Spanned<String>| -> Result<Timestamp, CliError> {
        session.begin(text.get_ref()).map_err(|error| wrong(text.span().start, &error.message))
    };
    let end = |text: &toml::Spanned<String>| -> Result<Timestamp, CliError> {
        session.end(text.get_ref()).map_err(|error| wrong(text.span().start, &error.message))
    };
    let entry = |entry: TextEntry| {
        let class = entry.class.map_or(Ok(Class::Marketing), |class| {
            let classes = || Class::ALL.iter().map(|class| class.word()).collect::<Vec<_>>().join(" ");
            Class::parse(class.get_ref()).ok_or_else(|| {
                let values: [(&str, &dyn std::fmt::Display); 2] =
                    [("class", class.get_ref()), ("classes", &classes())];
                wrong(class.span().start, &Words::Class.fill(lang, &values))
            })
        });
        Ok(CampaignText {
            at: moment(&entry.at)?,
            until: entry.until.as_ref().map(end).transpose()?,
            filter: views_file::sent(
                entry.to.get_ref(),
                if entry.groups { Form::Group } else { Form::Member },
                lang,
            )
            .map_err(|error| wrong(entry.to.span().start, &error.message))?,
            groups: entry.groups,
            text: entry.text.trim_end().to_owned(),
            class: class?,
            title: entry.title,
            account: entry.from,
            made: None,
            begun_at: None,
        })
    };
    parsed.text.into_iter().map(entry).collect()
}

/// Texts as the file has them.
pub(super) fn written<'a>(texts: impl Iterator<Item = &'a CampaignText>, zone: Tz) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let time = |at: Timestamp| quoted(&at.rfc3339(zone));
    let mut sections = Vec::new();
    for text in texts {
        let mut lines = vec!["[[text]]".to_owned(), format!("at = {}", time(text.at))];
        lines.extend(text.until.map(|until| format!("until = {}", time(until))));
        lines.push(format!("to = {}", quoted(&text.filter)));
        lines.extend(text.groups.then(|| "groups = true".to_owned()));
        lines.extend(text.account.as_ref().map(|account| format!("from = {}", quoted(account))));
        lines.extend((!text.title.is_empty()).then(|| format!("title = {}", quoted(&text.title))));
        lines.push(format!("class = {}", quoted(text.class.word())));
        lines.push(format!("text = {}", quoted(&text.text)));
        sections.push(lines.join("\n"));
    }
    sections.join("\n\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }
}
