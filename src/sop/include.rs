//! `{% include "name" %}`: the text of a snippet within another text.
//!
//! The text is put in its place before anything is compiled, so that all that holds for texts holds for it: its
//! variables are strict, its steps are counted, a correction finds it. A name that no snippet has, one that leads back
//! to itself, or more than a few in each other is a mistake that names them. Limits: what stands within `raw` is
//! left alone; the name is written out, it cannot come from a variable.

use std::borrow::Cow;

use super::template::TemplateMistake;
use crate::text::lang::Lang;
use crate::text::near::nearest;

/// The most snippets in each other.
const DEPTH_MAX: usize = 5;

/// The longest that a text may become, in bytes: what includes twice what includes twice doubles each time.
const BYTES_MAX: usize = 64 * 1024;

const EXAMPLE: &str = "{% include \"..\" %}";

crate::words! {
    /// What is wrong with what a text includes.
    pub enum IncludeWords {
        Shape { example } => ["include 写成 {example}", "include 寫成 {example}", "an include is written {example}"],
        Unknown { name } => ["没有叫“{name}”的话术", "沒有叫「{name}」的話術", "there is no snippet \"{name}\""],
        Near { name, near } => [
            "没有叫“{name}”的话术，是不是“{near}”？", "沒有叫「{name}」的話術，是不是「{near}」？",
            "there is no snippet \"{name}\"; did you mean \"{near}\"?",
        ],
        Cycle { names } => ["话术绕回了自己：{names}", "話術繞回了自己：{names}", "these snippets lead back to themselves: {names}"],
        Deep { names, limit } => [
            "话术最多套 {limit} 层：{names}", "話術最多套 {limit} 層：{names}", "at most {limit} snippets in each other: {names}",
        ],
        TooLong { limit } => [
            "放进来的话术太长，最多 {limit} 字节", "放進來的話術太長，最多 {limit} 位元組", "with what it includes the text is longer than {limit} bytes",
        ],
    }
}

fn wrong(words: IncludeWords, values: &[(&str, &dyn std::fmt::Display)]) -> TemplateMistake {
    TemplateMistake::Wrong(Lang::ALL.map(|lang| words.fill(lang, values)))
}

/// The texts that can be included, by name.
pub trait Snippets {
    /// The text of a name.
    fn text(&self, name: &str) -> Option<&str>;
    /// All names, for the nearest.
    fn names(&self) -> Vec<&str>;
}

impl Snippets for std::collections::BTreeMap<String, String> {
    fn text(&self, name: &str) -> Option<&str> {
        self.get(name).map(String::as_str)
    }

    fn names(&self) -> Vec<&str> {
        self.keys().map(String::as_str).collect()
    }
}

/// A piece of a text.
enum Piece<'a> {
    Text(&'a str),
    Include(&'a str),
}

/// Takes a text apart. Blanks beside a tag that begins or ends with `-` are left out, as the engine does.
fn pieces(source: &str) -> Result<Vec<Piece<'_>>, TemplateMistake> {
    let mut pieces = Vec::new();
    let (mut begun, mut at) = (0, 0);
    while let Some(open) = source.get(at..).and_then(|rest| rest.find("{%")).map(|open| at + open) {
        let body_at = open + 2;
        let Some(close) = source.get(body_at..).and_then(|rest| rest.find("%}")).map(|close| body_at + close)
        else {
            break;
        };
        let body = source.get(body_at..close).unwrap_or_default();
        let words = body.trim_start_matches(['-', '+']).trim_end_matches(['-', '+']).trim();
        at = close + 2;
        if words == "raw" {
            // Nothing in it means anything, up to its end.
            let end =
                source.get(at..).and_then(|rest| rest.find("endraw")).map_or(source.len(), |end| at + end);
            at = end;
            continue;
        }
        let Some(rest) = words.strip_prefix("include") else { continue };
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let name = quoted(rest.trim()).ok_or_else(|| wrong(IncludeWords::Shape, &[("example", &EXAMPLE)]))?;
        let before = source.get(begun..open).unwrap_or_default();
        pieces.push(Piece::Text(if body.starts_with('-') { before.trim_end() } else { before }));
        pieces.push(Piece::Include(name));
        if body.ends_with('-') {
            let rest = source.get(at..).unwrap_or_default();
            at += rest.len() - rest.trim_start().len();
        }
        begun = at;
    }
    pieces.push(Piece::Text(source.get(begun..).unwrap_or_default()));
    Ok(pieces)
}

/// What stands between quotes of one kind; nothing else may stand beside it.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let name = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!name.trim().is_empty() && !name.contains(['"', '\''])).then_some(name)
}

/// The names of what a text includes itself, in order.
///
/// # Errors
/// An include that is not written as one.
pub fn included(source: &str) -> Result<Vec<&str>, TemplateMistake> {
    let names = pieces(source)?.into_iter().filter_map(|piece| match piece {
        Piece::Include(name) => Some(name),
        Piece::Text(_) => None,
    });
    Ok(names.collect())
}

/// The text without what it includes.
///
/// # Errors
/// An include that is not written as one.
pub(super) fn without(source: &str) -> Result<Cow<'_, str>, TemplateMistake> {
    if !source.contains("include") {
        return Ok(Cow::Borrowed(source));
    }
    let texts = pieces(source)?.into_iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text),
        Piece::Include(_) => None,
    });
    Ok(Cow::Owned(texts.collect()))
}

/// The text with what it includes in its place.
///
/// # Errors
/// An include that is not written as one, a name that no snippet has, snippets that lead back to themselves or stand
/// too deep in each other; all by name.
pub fn expand<'a>(source: &'a str, snippets: &dyn Snippets) -> Result<Cow<'a, str>, TemplateMistake> {
    if !source.contains("include") {
        return Ok(Cow::Borrowed(source));
    }
    let mut out = String::with_capacity(source.len());
    let mut within = Vec::new();
    put(source, snippets, &mut within, &mut out)?;
    Ok(Cow::Owned(out))
}

fn put<'a>(
    source: &'a str,
    snippets: &'a dyn Snippets,
    within: &mut Vec<&'a str>,
    out: &mut String,
) -> Result<(), TemplateMistake> {
    for piece in pieces(source)? {
        let name = match piece {
            Piece::Text(text) => {
                out.push_str(text);
                if out.len() > BYTES_MAX {
                    return Err(wrong(IncludeWords::TooLong, &[("limit", &BYTES_MAX)]));
                }
                continue;
            }
            Piece::Include(name) => name,
        };
        let path = || within.iter().copied().chain([name]).collect::<Vec<_>>().join(" > ");
        if within.contains(&name) {
            return Err(wrong(IncludeWords::Cycle, &[("names", &path())]));
        }
        if within.len() >= DEPTH_MAX {
            return Err(wrong(IncludeWords::Deep, &[("names", &path()), ("limit", &DEPTH_MAX)]));
        }
        let Some(text) = snippets.text(name) else {
            let names = snippets.names();
            return Err(match nearest(name, names.iter().copied(), 1).first() {
                Some(near) => wrong(IncludeWords::Near, &[("name", &name), ("near", near)]),
                None => wrong(IncludeWords::Unknown, &[("name", &name)]),
            });
        };
        within.push(name);
        put(text, snippets, within, out)?;
        within.pop();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sop::template::words_of;
    use std::collections::BTreeMap;

    fn known(snippets: &[(&str, &str)]) -> BTreeMap<String, String> {
        snippets.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn snippets_stand_in_their_place() {
        assert_eq!(crate::text::lang::faults::<IncludeWords>(), Vec::<String>::new());
        let known = known(&[
            ("落款", "{{ me }}\n{% include '店名' %}"),
            ("店名", "宠友之家"),
            ("招呼", "{{ name }}，"),
        ]);
        let check = |source: &str, expected: &str| {
            assert_eq!(expand(source, &known).as_deref(), Ok(expected), "{source}");
        };
        check("没有", "没有");
        check("include 这个词", "include 这个词");
        check("{% include \"招呼\" %}在吗", "{{ name }}，在吗");
        check("好 {%- include '落款' -%}  !", "好{{ me }}\n宠友之家!");
        check("{% include \"店名\" %}{% include \"店名\" %}", "宠友之家宠友之家");
        check("{% raw %}{% include \"店名\" %}{% endraw %}", "{% raw %}{% include \"店名\" %}{% endraw %}");
        check("{% if name %}{% include '店名' %}{% endif %}", "{% if name %}宠友之家{% endif %}");
        assert_eq!(included("{% include 'a' %} {% include \"b\" %}"), Ok(vec!["a", "b"]));
    }

    #[test]
    fn mistakes_name_the_snippets() {
        let mut known = known(&[
            ("甲", "{% include '乙' %}"),
            ("乙", "{% include '丙' %}"),
            ("丙", "{% include '甲' %}"),
        ]);
        for n in 0..8 {
            known.insert(format!("层{n}"), format!("{{% include '层{}' %}}", n + 1));
        }
        known.insert("层8".to_owned(), "底".to_owned());
        known.insert("双0".to_owned(), "长".repeat(20_000));
        for n in 1..4 {
            known.insert(format!("双{n}"), format!("{{% include '双{}' %}}", n - 1).repeat(2));
        }
        let check = |source: &str, expected: &str| {
            let mistake = expand(source, &known).unwrap_err();
            assert_eq!(words_of(&mistake, Lang::ZhCn), expected, "{source}");
        };
        check("{% include '甲' %}", "话术绕回了自己：甲 > 乙 > 丙 > 甲");
        check("{% include '层4' %}{% include '别的名称' %}", "没有叫“别的名称”的话术");
        check("{% include '层33' %}", "没有叫“层33”的话术，是不是“层3”？");
        check("{% include '层0' %}", "话术最多套 5 层：层0 > 层1 > 层2 > 层3 > 层4 > 层5");
        check("{% include '双3' %}", "放进来的话术太长，最多 65536 字节");
        check("{% include name %}", "include 写成 {% include \"..\" %}");
        check("{% include '店名' if x %}", "include 写成 {% include \"..\" %}");
        assert!(without("{% include %}").is_err());
    }
}
