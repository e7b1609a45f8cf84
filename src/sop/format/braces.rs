//! Variables written so that nothing fills them: `｛｛name｝｝`, `{ {name} }`, `{{name}`, `{name}`. They would be sent as
//! they stand.

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unfilled {
    /// The byte at which it begins.
    pub(super) at: usize,
    /// As it stands.
    pub(super) written: String,
    /// What stands in it.
    pub(super) name: String,
    /// False where brackets around such a word may be meant: 【group】.
    pub(super) sure: bool,
}

/// The most characters that are looked at for a closing brace.
const NAME_CHARS_MAX: usize = 40;

/// Brackets that are no braces, in which a variable's name is most likely one.
const BRACKETS: &[(char, char)] =
    &[('【', '】'), ('[', ']'), ('<', '>'), ('（', '）'), ('(', ')'), ('《', '》')];

/// Everything in a text that is nearly a variable. `is_variable` tells what would be filled in.
pub(super) fn unfilled(text: &str, is_variable: &dyn Fn(&str) -> bool) -> Vec<Unfilled> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        let long = statement(rest).or_else(|| braces(rest, text, at, is_variable, &mut found));
        at += long.or_else(|| brackets(rest, at, &mut found)).unwrap_or(first.len_utf8());
    }
    found
}

/// The length of a statement, a comment, or what is to be said as it stands.
fn statement(rest: &str) -> Option<usize> {
    let end = |mark: &str| rest.find(mark).map_or(rest.len(), |at| at + mark.len());
    if let Some(comment) = rest.strip_prefix("{#") {
        return Some(comment.find("#}").map_or(rest.len(), |at| at + 4));
    }
    let word = rest.strip_prefix("{%")?.trim_start_matches(['-', '+', ' ']);
    Some(if word.starts_with("raw") { end("endraw") } else { end("%}") })
}

/// Counts braces of a kind at the beginning, blanks between them left out: how many, and how long all of it is.
fn run(rest: &str, brace: [char; 2]) -> (usize, usize) {
    let (mut count, mut long) = (0, 0);
    for (at, c) in rest.char_indices() {
        if brace.contains(&c) {
            (count, long) = (count + 1, at + c.len_utf8());
        } else if !matches!(c, ' ' | '\u{3000}') || count == 0 {
            break;
        }
    }
    (count, long)
}

fn braces(
    rest: &str,
    text: &str,
    at: usize,
    is_variable: &dyn Fn(&str) -> bool,
    found: &mut Vec<Unfilled>,
) -> Option<usize> {
    const OPEN: [char; 2] = ['{', '｛'];
    const CLOSE: [char; 2] = ['}', '｝'];
    let (opened, begin) = run(rest, OPEN);
    if opened == 0 {
        return None;
    }
    let inside = rest.get(begin..).unwrap_or_default();
    let near = inside.char_indices().take(NAME_CHARS_MAX + 1);
    let stop = near.into_iter().find(|(_, c)| OPEN.contains(c) || CLOSE.contains(c) || *c == '\n');
    let Some((end, _)) = stop.filter(|(_, c)| CLOSE.contains(c)) else { return Some(begin) };
    let (closed, long) = run(inside.get(end..).unwrap_or_default(), CLOSE);
    let whole = begin + end + long;
    let written = rest.get(..whole).unwrap_or_default();
    if written.starts_with("{{") && inside.get(end..).is_some_and(|tail| tail.starts_with("}}")) {
        return Some(whole);
    }
    let name = inside.get(..end).unwrap_or_default().trim();
    if !name.is_empty() && (opened > 1 || closed > 1 || is_variable(name)) {
        let before = usize::from(text.get(..at).is_some_and(|before| before.ends_with('$')));
        let written = text.get(at - before..at + whole).unwrap_or(written);
        found.push(Unfilled {
            at: at - before,
            written: written.to_owned(),
            name: name.to_owned(),
            sure: true,
        });
    }
    Some(whole)
}

fn brackets(rest: &str, at: usize, found: &mut Vec<Unfilled>) -> Option<usize> {
    let first = rest.chars().next()?;
    let (_, close) = BRACKETS.iter().find(|(open, _)| *open == first)?;
    let inside = rest.get(first.len_utf8()..)?;
    let (end, _) =
        inside.char_indices().take(NAME_CHARS_MAX).find(|(_, c)| !c.is_ascii_lowercase() && *c != '_')?;
    let name = inside.get(..end)?;
    if !inside.get(end..)?.starts_with(*close) || !super::is_variable(name) {
        return None;
    }
    let long = first.len_utf8() + end + close.len_utf8();
    let written = rest.get(..long)?.to_owned();
    found.push(Unfilled { at, written, name: name.to_owned(), sure: false });
    Some(long)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str, bool)]) {
        let found = unfilled(text, &|name| super::super::is_variable(name) || name == "商品");
        let shown: Vec<(&str, &str, bool)> =
            found.iter().map(|one| (one.written.as_str(), one.name.as_str(), one.sure)).collect();
        assert_eq!(shown, expected, "{text}");
        assert!(found.iter().all(|one| text[one.at..].starts_with(&one.written)), "{found:?}");
    }

    #[test]
    fn what_nothing_fills_is_found_as_it_stands() {
        check("你好｛｛name｝｝，在吗", &[("｛｛name｝｝", "name", true)]);
        check("{ {name} }", &[("{ {name} }", "name", true)]);
        check("{{name}", &[("{{name}", "name", true)]);
        check("{{name} 和 {{ shop }}", &[("{{name}", "name", true)]);
        check("{name}}", &[("{name}}", "name", true)]);
        check("{{ name ｝｝", &[("{{ name ｝｝", "name", true)]);
        check("｛{ 昵称 }}", &[("｛{ 昵称 }}", "昵称", true)]);
        check("{商品}，${name}", &[("{商品}", "商品", true), ("${name}", "name", true)]);
        check("【name】[group]", &[("【name】", "name", false), ("[group]", "group", false)]);
    }

    #[test]
    fn what_is_filled_or_meant_is_left_alone() {
        for text in [
            "{{ name }}{{商品}}",
            "{{ name | default('亲') }}",
            "{% if name %}{{ name }}{% endif %}",
            "{% raw %}{name} ｛｛name｝｝{% endraw %}",
            "{# {name} #}",
            "{微笑} {好的",
            "【商品】【新品】[x]",
            "a { b",
            "{{ name",
            "",
        ] {
            check(text, &[]);
        }
    }
}
