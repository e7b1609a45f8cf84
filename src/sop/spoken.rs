//! What a text that was said had been filled with, read back by its template.
//!
//! Limits: only a template of plain variables can be read back, none with statements or filters, nor one in which two
//! variables touch. Where a value contains the words that follow it the cut falls before them; it falls alike for the
//! same text, so equal readings are equal values.

use crate::text::clean::within_clipboard;

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Words(&'a str),
    Variable(&'a str),
}

/// A template cut at its variables; none where it does more than fill them in.
fn pieces(template: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some(behind) = behind.strip_prefix('{') else {
            // a statement, a comment, or a brace that is only a brace
            if behind.starts_with(['%', '#']) {
                return None;
            }
            let words = rest.get(..=before.len())?;
            pieces.push(Piece::Words(words));
            rest = behind;
            continue;
        };
        let (inside, after) = behind.split_once("}}")?;
        let name = inside.trim();
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        if !before.is_empty() {
            pieces.push(Piece::Words(before));
        }
        pieces.push(Piece::Variable(name));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    Some(pieces)
}

/// Whether a template says something of its own: more than what fills it, and the marks between.
pub fn has_words(template: &str) -> bool {
    let says = |text: &str| text.chars().any(char::is_alphanumeric);
    pieces(template).map_or_else(
        || says(&outside_tags(template)),
        |pieces| pieces.iter().any(|piece| matches!(piece, Piece::Words(words) if says(words))),
    )
}

/// A template without its tags: what it says whatever fills it.
fn outside_tags(template: &str) -> String {
    let mut words = String::new();
    let mut rest = template;
    let opens = |text: &str| ["{{", "{%", "{#"].iter().filter_map(|open| text.find(open)).min();
    while let Some(open) = opens(rest) {
        let (before, tag) = rest.split_at(open);
        words.push_str(before);
        let close = if tag.starts_with("{{") {
            "}}"
        } else if tag.starts_with("{%") {
            "%}"
        } else {
            "#}"
        };
        let Some((_, after)) = tag.split_once(close) else { return words };
        rest = after;
    }
    words + rest
}

/// What each variable of a template stood for in what was said, in their order; none where it was not said by this
/// template, or cannot be told.
pub fn read_back<'a>(template: &'a str, said: &str) -> Option<Vec<(&'a str, String)>> {
    let pieces = pieces(template.trim())?;
    let said = said.trim();
    let mut values: Vec<(&str, String)> = Vec::new();
    let mut open: Option<&str> = None;
    let mut rest = said;
    let last = pieces.len().saturating_sub(1);
    for (place, piece) in pieces.iter().enumerate() {
        match (*piece, open) {
            (Piece::Variable(_), Some(_)) => return None,
            (Piece::Variable(name), None) => open = Some(name),
            (Piece::Words(words), None) => rest = rest.strip_prefix(&*within_clipboard(words))?,
            (Piece::Words(words), Some(name)) => {
                let words = within_clipboard(words);
                let (value, after) =
                    if place == last { (rest.strip_suffix(&*words)?, "") } else { rest.split_once(&*words)? };
                take(&mut values, name, value)?;
                (open, rest) = (None, after);
            }
        }
    }
    match open {
        Some(name) => take(&mut values, name, rest)?,
        None if !rest.is_empty() => return None,
        None => {}
    }
    Some(values)
}

/// Takes a value; none where the same variable stood for another before.
fn take<'a>(values: &mut Vec<(&'a str, String)>, name: &'a str, value: &str) -> Option<()> {
    if let Some((_, known)) = values.iter().find(|(known, _)| *known == name) {
        return (known == value).then_some(());
    }
    values.push((name, value.to_owned()));
    Some(())
}

/// A template with some of its variables put in and the others left to be filled; none where it does more than that.
pub fn filled_in(template: &str, values: &[(String, String)]) -> Option<String> {
    let mut out = String::with_capacity(template.len());
    for piece in pieces(template)? {
        match piece {
            Piece::Words(words) => out.push_str(words),
            Piece::Variable(name) => match values.iter().find(|(known, _)| known == name) {
                Some((_, value)) => out.push_str(value),
                None => out.extend(["{{ ", name, " }}"]),
            },
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, said: &str, expected: Option<&[(&str, &str)]>) {
        let read = read_back(template, said);
        let read: Option<Vec<(&str, &str)>> =
            read.as_ref().map(|read| read.iter().map(|(name, value)| (*name, value.as_str())).collect());
        assert_eq!(read.as_deref(), expected, "{template} / {said}");
    }

    #[test]
    fn values_are_read_back_from_what_was_said() {
        let week = "本周团：{{ 品名 }}，{{价格}}元一箱\n找 {{ me }}";
        let values = [("品名", "小台芒 5斤"), ("价格", "39.8"), ("me", "小完子")];
        check(week, "本周团：小台芒 5斤，39.8元一箱\n找 小完子\n", Some(&values));
        check(week, "本周团：小台芒 5斤，39.8元两箱\n找 小完子", None);
        let lines = "今日开团\n{{ 商品 }}\n\n要的接龙\n";
        check(lines, "今日开团\n鸡蛋 39.9\n苹果 20\n\n要的接龙", Some(&[("商品", "鸡蛋 39.9\n苹果 20")]));
        check("{{ a }}元", "3元5元", Some(&[("a", "3元5")]));
        check("{{ a }}-{{ a }}", "1-1", Some(&[("a", "1")]));
        check("{{ a }}-{{ a }}", "1-2", None);
        check("早安 {笑}", "早安 {笑}", Some(&[]));
        check("早安", "早安各位", None);
    }

    #[test]
    fn what_does_more_than_fill_in_is_not_read_back() {
        for template in ["{{ a }}{{ b }}", "{{ a | upper }}", "{% if a %}x{% endif %}", "{# x #}", "{{ a"] {
            check(template, "x", None);
        }
    }

    #[test]
    fn what_is_filled_in_by_whatever_means_says_nothing_of_its_own() {
        for bare in [
            "{{ 商品 }}",
            "{{ 商品 | default('见图') }}",
            "{% if 商品 %}{{ 商品 }}{% endif %}！",
            "{# 记 #}{{ a }}",
            "{{ a",
        ] {
            assert!(!has_words(bare), "{bare}");
        }
        for says in ["今日：{{ 商品 }}", "{% if 商品 %}今日 {{ 商品 }}{% endif %}", "{{ a | upper }} 元"]
        {
            assert!(has_words(says), "{says}");
        }
    }

    #[test]
    fn some_variables_are_put_in_and_others_left() {
        let values = [("价格".to_owned(), "39.8".to_owned())];
        let filled = filled_in("{{name}}，{{ 价格 }}元 {笑}", &values);
        assert_eq!(filled.as_deref(), Some("{{ name }}，39.8元 {笑}"));
        assert_eq!(filled_in("{% if 价格 %}{{ 价格 }}{% endif %}", &values), None);
    }
}
