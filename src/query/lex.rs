//! What a character means to the grammar.
//!
//! People type filters with a Chinese IME on, so `：（），！＞＂` and the ideographic space mean what their ASCII forms
//! mean. Every rule maps one character to one, so that the column of an error is a column of what was typed.

/// The plain form of a fullwidth character; others stay.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The character that the grammar sees: fullwidth forms and what an IME gives for `, < > "`.
pub(super) fn plain(c: char) -> char {
    match c {
        '、' => ',',
        '《' => '<',
        '》' => '>',
        '“' | '”' | '„' | '「' | '」' | '『' | '』' => '"',
        _ => narrow(c),
    }
}

/// True for what stands between a key and its values, and for the parts of it.
pub(super) fn is_sign(c: char) -> bool {
    matches!(plain(c), ':' | '=' | '<' | '>' | '≤' | '≥' | '≠' | '!')
}

/// True for a single quote that may open, straight or as an IME gives it.
pub(super) fn single_quote(c: char) -> bool {
    matches!(narrow(c), '\'' | '‘')
}

/// True for one that may close.
pub(super) fn closing_quote(c: char) -> bool {
    matches!(narrow(c), '\'' | '’')
}

/// True where a bare word or value ends.
pub(super) fn ends_word(c: char) -> bool {
    let c = plain(c);
    c.is_whitespace() || matches!(c, '(' | ')' | '|' | '"')
}

/// True for the words that join and negate.
pub(super) fn is_operator(word: &str) -> bool {
    matches!(word, "OR" | "或" | "AND" | "且" | "NOT" | "非")
}

/// A word or value as canonical text has it: bare where that reads back the same, else in quotes.
pub(super) fn quoted(word: &str) -> String {
    let bare = |c: char| (c.is_alphanumeric() || c == '_') && narrow(c) == c;
    if !word.is_empty() && word.chars().all(bare) && !is_operator(word) {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len() + 2);
    out.push('"');
    for c in word.chars() {
        if c == '\\' || plain(c) == '"' {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}
