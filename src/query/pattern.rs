//! `/a|b/`: a text that has one of several wordings, for who knows regular expressions.
//!
//! Patterns run over folded texts, as every search does, so they are folded as well: case, script and width do not count.
//! The engine takes time that grows with the text alone, whatever the pattern; what a pattern may take is bounded.

use regex::{Regex, RegexBuilder};

use crate::text::fold::fold;

/// Bytes that a pattern may take once it is made ready.
const BYTES_MAX: usize = 1 << 18;
/// Parentheses and brackets in each other.
const DEPTH_MAX: u32 = 32;

/// A pattern, ready to be looked for. Two are equal when they are written alike.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    ready: Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// Reads what stands between two slashes; a slash within has a backslash before it. None for what is no pattern,
    /// or too large a one.
    pub fn new(source: &str) -> Option<Self> {
        let ready = RegexBuilder::new(&folded(source))
            .size_limit(BYTES_MAX)
            .dfa_size_limit(BYTES_MAX)
            .nest_limit(DEPTH_MAX)
            .build()
            .ok()?;
        Some(Self { source: source.to_owned(), ready })
    }

    /// As it was written, without the slashes.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether a folded text has it.
    pub fn is_in(&self, text: &str) -> bool {
        self.ready.is_match(text)
    }
}

/// A pattern for folded texts; what stands behind a backslash means something else in capitals and stays.
fn folded(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut escaped = false;
    for c in source.chars() {
        match c {
            _ if escaped => out.push(c),
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => out.push_str(&fold(c.encode_utf8(&mut [0; 4]))),
        }
        escaped = c == '\\' && !escaped;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_find_what_is_written_in_any_way() {
        let check = |source: &str, text: &str, expected: bool| {
            let pattern = Pattern::new(source).unwrap_or_else(|| panic!("{source}"));
            assert_eq!(pattern.is_in(&fold(text)), expected, "{source} in {text}");
        };
        check("鸡蛋|牛奶", "今天的牛奶到了", true);
        check("雞蛋|牛奶", "今天的鸡蛋到了", true);
        check("鸡蛋|牛奶", "今天的苹果到了", false);
        check("VIP\\d+", "vip12 专享", true);
        check("VIP\\D", "VIP12", false);
        check("^早", "早上好", true);
        check("^早", "各位早", false);
        check("a\\/b", "a/b", true);
        check("[A-C]x", "bX", true);
    }

    #[test]
    fn what_is_no_pattern_or_too_large_is_none() {
        for source in ["(", "[a", "*", "a{99999999}", "(((((a{50}){50}){50}){50}){50})", "\\"] {
            assert!(Pattern::new(source).is_none(), "{source}");
        }
        assert!(Pattern::new(&"(".repeat(500)).is_none());
    }
}
