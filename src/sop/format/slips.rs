//! What the texts of a file should be looked at for before anybody copies them, each word with its own place.
//!
//! The lists are the store's, else those that come with the program. Nothing here is a mistake: a file with slips is as
//! valid as one without.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::check::BYTES_MAX;
use super::problem::{Problem, Sentence, Severity};
use super::source::{Reader, quote, text};
use super::step::WORDINGS_MAX;
use super::texts::TEXT_CHARS_MAX;
use crate::book::{Platform, Rules, TextRules, Via};
use crate::queue::check::{Slip, slips};
use crate::text::fold::fold;

/// Finds slips in every text of a file, in the order of the file; none in one that is no TOML. `platform` says on which
/// the step of an id is said, where that is known.
pub fn slips_in(
    source: &str,
    file: &str,
    rules: &Rules,
    platform: &dyn Fn(&str) -> Option<Platform>,
) -> Vec<Problem> {
    let attachments = rules.limits.attachments;
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut reader = Reader::new(source, file);
    let tree = if source.len() > BYTES_MAX { None } else { DeTable::parse(source).ok() };
    let steps = tree.as_ref().and_then(|tree| tree.get_ref().get("step")).map(toml::Spanned::get_ref);
    for (at, step) in list(steps).into_iter().enumerate() {
        let id = step.get("id").and_then(|id| id.get_ref().as_str());
        let name = id.map_or_else(|| format!("step.{}", at + 1), |id| format!("step.{id}"));
        let via = step.get("via").and_then(|via| Via::parse(via.get_ref().as_str()?));
        let said = (via.unwrap_or(Via::Group), id.and_then(platform));
        let mut check = |field: String, value: &str, span: Range<usize>| {
            look(&mut reader, source, &field, value, span, said, &rules.text);
        };
        wordings(step, "text", &name, &mut check);
        let parts = step.get("parts").map(toml::Spanned::get_ref);
        for (at, part) in list(parts).into_iter().enumerate() {
            for key in ["text", "notice", "jielong"] {
                wordings(part, key, &format!("{name}.parts.{}", at + 1), &mut check);
            }
        }
        let span = step.get("parts").map_or(0..0, toml::Spanned::span);
        let attached = list(parts)
            .iter()
            .filter(|part| ["image", "file"].iter().any(|key| part.contains_key(*key)))
            .count();
        if attachments > 0 && attached > attachments as usize {
            let said = vec![
                ("field", text(format!("{name}.parts"))),
                ("value", text(attached.to_string())),
                ("limit", text(attachments.to_string())),
            ];
            reader.note(Severity::Warning, span.start, Sentence::TooManyAttached, said, None);
        }
    }
    reader.problems.sort_by_key(|problem| (problem.line, problem.column));
    reader.problems
}

/// The tables of an array of tables.
fn list<'t>(value: Option<&'t DeValue<'t>>) -> Vec<&'t DeTable<'t>> {
    let items = value.and_then(DeValue::as_array).into_iter().flatten();
    items.filter_map(|item| item.get_ref().as_table()).collect()
}

/// A text, or each of several wordings.
fn wordings(table: &DeTable<'_>, key: &str, name: &str, check: &mut dyn FnMut(String, &str, Range<usize>)) {
    let Some(value) = table.get(key) else { return };
    // a longer list is refused as it is read
    let several = value.get_ref().as_array().into_iter().flatten().take(WORDINGS_MAX);
    for item in std::iter::once(value).chain(several) {
        if let Some(said) = item.get_ref().as_str() {
            check(format!("{name}.{key}"), said, item.span());
        }
    }
}

fn look(
    reader: &mut Reader<'_>,
    source: &str,
    field: &str,
    said: &str,
    span: Range<usize>,
    (via, platform): (Via, Option<Platform>),
    rules: &TextRules,
) {
    // The file is refused for it already, and a list of all its words helps nobody.
    if said.chars().count() > TEXT_CHARS_MAX {
        return;
    }
    let raw = source.get(span.clone()).unwrap_or_default();
    let place = |word: &str| span.start + find(raw, word).unwrap_or(0);
    for slip in slips(&without_variables(said), via, platform, rules) {
        match slip {
            Slip::Words { why, words } => {
                for word in words {
                    let at = place(&word);
                    let said = vec![("field", text(field)), ("value", quote(&word)), ("why", text(&why))];
                    reader.note(Severity::Warning, at, Sentence::Slip, said, None);
                }
            }
            Slip::Brackets { found } => {
                for brackets in found {
                    let at = place(&brackets);
                    let said = vec![("field", text(field)), ("value", quote(&brackets))];
                    reader.note(Severity::Warning, at, Sentence::SlipBrackets, said, None);
                }
            }
            Slip::TooLong { n, most } => {
                let said = vec![
                    ("field", text(field)),
                    ("value", text(n.to_string())),
                    ("limit", text(most.to_string())),
                ];
                reader.note(Severity::Warning, span.start, Sentence::TooLong, said, None);
            }
        }
    }
}

/// The byte at which a word begins, whatever its script, case and width.
fn find(raw: &str, word: &str) -> Option<usize> {
    if let Some(at) = raw.find(word) {
        return Some(at);
    }
    let word = fold(word);
    let long = word.chars().count();
    raw.char_indices().map(|(at, _)| at).find(|at| {
        let rest = raw.get(*at..).unwrap_or_default();
        fold(&rest.chars().take(long).collect::<String>()).starts_with(&word)
    })
}

/// A template with a word in place of whatever it fills in: what variables say is not known yet.
pub fn without_variables(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = first_pair(rest, |a, b| a == b'{' && matches!(b, b'{' | b'%' | b'#')) {
        let (before, tail) = rest.split_at(begin);
        bare.push_str(before);
        bare.push('某');
        let end = first_pair(tail, |a, b| b == b'}' && matches!(a, b'}' | b'%' | b'#'));
        let Some(end) = end else { return bare };
        rest = tail.get(end + 2..).unwrap_or_default();
    }
    bare.push_str(rest);
    bare
}

/// The byte at which the first two ASCII characters of a kind stand side by side. One look at each byte: looking for each
/// mark by itself would read to the end of the text for every tag.
fn first_pair(text: &str, is: impl Fn(u8, u8) -> bool) -> Option<usize> {
    text.as_bytes().windows(2).position(|pair| matches!(pair, [a, b] if is(*a, *b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_told_with_its_place() {
        let source = "[[step]]\nid = \"a\"\nvia = \"group\"\ntext = [\"今天到货\", \"{{ name }}，全网最低价\"]\n\
                      [[step]]\nid = \"b\"\nvia = \"moments\"\nparts = [\n  { text = \"\"\"好\n價格【】，銷量第一\"\"\" },\n  \
                      { notice = \"转发朋友圈\" },\n]\n[[step]]\nid = \"c\"\ntext = [\"最近好吗\"]\n";
        let found = slips_in(source, "f.toml", &Rules::default(), &|_| None);
        let shown: Vec<(usize, usize, &str)> =
            found.iter().map(|p| (p.line, p.column, p.value("value").unwrap_or_default())).collect();
        let expected =
            [(4, 31, "\"最低\""), (10, 3, "\"【】\""), (10, 6, "\"销量第一\""), (11, 15, "\"转发朋友圈\"")];
        assert_eq!(shown, expected);
        assert!(found.iter().all(|problem| problem.severity == Severity::Warning));
        let list = "[[lists]]\nwhy = \"竞品\"\nwords = [\"隔壁家\"]\nexcept = [\"隔壁家属\"]";
        let text: TextRules = toml::from_str(list).unwrap();
        let own = Rules { text, ..Rules::default() };
        let words =
            |text: &str| slips_in(&format!("[[step]]\ntext = \"{text}\""), "f", &own, &|_| None).len();
        assert_eq!((words("比隔壁家便宜，最佳"), words("隔壁家属院团购")), (1, 0));
        assert!(slips_in("[[step]", "f", &own, &|_| None).is_empty());
    }

    #[test]
    fn more_than_one_message_takes_is_told_at_its_parts() {
        let step = |n: usize| {
            let parts = "{ image = \"a.jpg\" }, ".repeat(n);
            format!("[[step]]\nid = \"a\"\nparts = [{parts}]")
        };
        let mut rules = Rules::default();
        let told = |n: usize, rules: &Rules| {
            slips_in(&step(n), "f", rules, &|_| None).first().map(|p| (p.line, p.column))
        };
        assert_eq!((told(9, &rules), told(10, &rules)), (None, Some((3, 9))));
        rules.limits.attachments = 0;
        assert_eq!(told(10, &rules), None);
    }

    #[test]
    fn what_comes_with_the_program_says_nothing_doubtful() {
        for builtin in crate::sop::builtin::BUILTIN {
            let found = slips_in(builtin.source, builtin.id, &Rules::default(), &|_| None);
            let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
            assert_eq!(shown, Vec::<String>::new());
        }
    }
}
