//! Reads a filter: recursive descent over the characters as typed.
//!
//! `or = and {OR and}`, `and = term {[AND] term}`, `term = {-} atom`,
//! `atom = (or) | @view | #tag | +tag | /pattern/ | key op values | word`; `key!=value` is `-key:value`.
//! There is no separate list of tokens, because what ends a word depends on where it stands: in a value a comma does,
//! in a bare word it does not. A `(` glued to a word belongs to the word when its partner follows without a space, as
//! in 宠友（1）群. Length and depth are limited, so no text can exhaust the stack.
//!
//! One file because the rules of the grammar call each other.

use super::closed::Flag;
use super::expr::{Comparison, Expr, Leaf};
use super::key::{Key, ValueKind};
use super::lex::{ends_word, is_operator, narrow, plain};
use super::value::{self, Raw};
use super::{MAX_CHARS, MAX_DEPTH, MAX_PATTERNS, Query, QueryError, QueryErrorKind as Kind, Use, ViewUse};

/// Reads a filter.
///
/// Needs neither clock nor zone: date words stay words until [`Query::resolve`], so that a saved filter says the same
/// thing every day and a screen without a calendar can show where a mistake is.
///
/// # Errors
///
/// The first mistake, with its place in characters of `text`.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() > MAX_CHARS {
        return Err(error_at(MAX_CHARS, chars.len() - MAX_CHARS, Kind::TooLong));
    }
    let mut parser =
        Parser { chars: &chars, at: 0, depth: 0, patterns: 0, uses: Vec::new(), views: Vec::new() };
    parser.skip_spaces();
    if parser.at == chars.len() {
        return Ok(Query::everything());
    }
    let expr = parser.or()?;
    if parser.at < chars.len() {
        return Err(error_at(parser.at, 1, Kind::StrayParenthesis));
    }
    Ok(Query { expr, uses: parser.uses, views: parser.views, listings: Vec::new() })
}

/// An error at a character counted from 0.
pub(super) fn error_at(at: usize, length: usize, kind: Kind) -> QueryError {
    QueryError { column: at + 1, length: length.max(1), kind, nearest: None, typed: String::new() }
}

/// What stands between a key and its values.
struct Operator {
    /// Of the key, in characters.
    length: usize,
    comparison: Option<Comparison>,
    /// Of the operator, in characters.
    sign: usize,
    negated: bool,
}

/// What stands between the ends of a range.
const DOTS: [&str; 3] = ["..", "~", "。。"];

/// More characters than any key has.
const KEY_CHARS: usize = 16;

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
    depth: usize,
    patterns: usize,
    uses: Vec<Use>,
    views: Vec<ViewUse>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied().map(plain)
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Takes one of these words when it stands alone.
    ///
    /// Of two conditions written without a blank, `#VIP或#宝妈`, the word between them joins them: where 或 or 且 is
    /// followed by a tag, a view or a key with its sign. In 或者群 it is a part of a name.
    fn take_word(&mut self, words: &[&str]) -> bool {
        if self.joins(self.at) && words.contains(&self.narrowed(self.at, self.at + 1).as_str()) {
            self.at += 1;
            return true;
        }
        let end = self.word_end(self.at);
        let word = self.narrowed(self.at, end);
        let found = words.contains(&word.as_str());
        if found {
            self.at = end;
        }
        found
    }

    /// True for 或 or 且 glued to a condition behind it.
    fn joins(&self, at: usize) -> bool {
        if !matches!(self.chars.get(at), Some('或' | '且')) {
            return false;
        }
        let sign = |at: usize| self.chars.get(at).copied().map(plain);
        let from = at + 1 + usize::from(sign(at + 1) == Some('-'));
        let named = |at: usize| self.chars.get(at).is_some_and(|c| !ends_word(*c));
        if matches!(sign(from), Some('#' | '@')) {
            return named(from + 1);
        }
        let rest = self.chars.get(from..).unwrap_or_default();
        let like_a_key = |c: &char| narrow(*c).is_alphanumeric() || matches!(narrow(*c), '-' | '_');
        let length = rest.iter().take(KEY_CHARS).take_while(|c| like_a_key(c)).count();
        let operator = matches!(sign(from + length), Some(':' | '=' | '<' | '>' | '≤' | '≥' | '≠'));
        operator && Key::parse(&self.narrowed(from, from + length)).is_some()
    }

    fn narrowed(&self, from: usize, to: usize) -> String {
        self.chars.get(from..to).unwrap_or_default().iter().copied().map(narrow).collect()
    }

    /// Where the bare word that begins at `from` ends.
    fn word_end(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(c) = self.chars.get(at).copied() {
            if at > from && self.joins(at) {
                break;
            } else if !ends_word(c) {
                at += 1;
            } else if plain(c) == '(' && at > from && !is_operator(&self.narrowed(from, at)) {
                match self.partner(at) {
                    Some(close) => at = close + 1,
                    None => break,
                }
            } else {
                break;
            }
        }
        at
    }

    /// The `)` that closes a `(` without a space, quote or further parenthesis between them.
    fn partner(&self, open: usize) -> Option<usize> {
        let rest = self.chars.get(open + 1..)?;
        let length = rest.iter().position(|c| ends_word(*c))?;
        (length > 0 && plain(*rest.get(length)?) == ')').then_some(open + 1 + length)
    }

    fn or(&mut self) -> Result<Expr, QueryError> {
        let mut parts = vec![self.and()?];
        loop {
            self.skip_spaces();
            let bar = self.peek() == Some('|');
            if bar {
                self.at += 1;
            } else if !self.take_word(&["OR", "或"]) {
                return Ok(Expr::or(parts));
            }
            parts.push(self.and()?);
        }
    }

    fn and(&mut self) -> Result<Expr, QueryError> {
        let mut parts = vec![self.term()?];
        loop {
            self.skip_spaces();
            let before = self.at;
            if matches!(self.peek(), None | Some(')' | '|')) || self.take_word(&["OR", "或"]) {
                self.at = before;
                return Ok(Expr::and(parts));
            }
            self.take_word(&["AND", "且"]);
            parts.push(self.term()?);
        }
    }

    fn term(&mut self) -> Result<Expr, QueryError> {
        let mut negated = false;
        loop {
            self.skip_spaces();
            if matches!(self.peek(), Some('-' | '!')) {
                self.at += 1;
                if self.peek().is_none_or(char::is_whitespace) {
                    return Err(error_at(self.at - 1, 1, Kind::NeedsCondition));
                }
            } else if !self.take_word(&["NOT", "非"]) {
                break;
            }
            negated = !negated;
        }
        let atom = self.atom()?;
        Ok(if negated { atom.negated() } else { atom })
    }

    fn atom(&mut self) -> Result<Expr, QueryError> {
        let from = self.at;
        match self.peek() {
            None | Some(')' | '|') => Err(error_at(from, 1, Kind::NeedsCondition)),
            Some('(') => self.parenthesis(),
            Some('"') => {
                let word = self.quoted()?;
                Ok(Expr::Leaf(Leaf::Word(word)))
            }
            Some('#') => {
                self.at += 1;
                self.field(Key::Tag, from, 1, None)
            }
            Some('@') => self.view(),
            // +1 and +86 are words that people look for
            Some('+') if self.after().is_some_and(|c| narrow(c).is_alphabetic() || plain(c) == '"') => {
                self.at += 1;
                self.field(Key::Tag, from, 1, None)
            }
            Some('/') => self.pattern(),
            Some(_) => self.word_or_field(),
        }
    }

    /// The character behind the next.
    fn after(&self) -> Option<char> {
        self.chars.get(self.at + 1).copied()
    }

    /// Where a `/pattern/` that begins at `from` ends, behind its second slash; none where it has none, or goes on.
    fn pattern_end(&self, from: usize) -> Option<usize> {
        let mut escaped = false;
        let close = self.chars.get(from + 1..)?.iter().position(|c| {
            let ends = narrow(*c) == '/' && !escaped;
            escaped = narrow(*c) == '\\' && !escaped;
            ends
        })?;
        let end = from + close + 2;
        let ends = |c: &char| ends_word(*c) || plain(*c) == ',';
        self.chars.get(end).is_none_or(ends).then_some(end)
    }

    /// `/a|b/`: a name or text has it.
    fn pattern(&mut self) -> Result<Expr, QueryError> {
        let from = self.at;
        let Some(end) = self.pattern_end(from) else {
            return Err(error_at(from, self.word_end(from) - from, Kind::UnclosedRegex));
        };
        let raw = self.between_slashes(from, end)?;
        self.at = end;
        if raw.text.is_empty() {
            return Err(error_at(from, 2, Kind::EmptyItem));
        }
        value::word_pattern(&raw)
    }

    fn between_slashes(&mut self, from: usize, end: usize) -> Result<Raw, QueryError> {
        self.patterns += 1;
        if self.patterns > MAX_PATTERNS {
            return Err(error_at(from, end - from, Kind::TooManyRegexes));
        }
        let text = self.narrowed(from + 1, end - 1);
        Ok(Raw { text, at: from, length: end - from, quoted: false, pattern: true })
    }

    /// `@name`, or `@"a name"`.
    fn view(&mut self) -> Result<Expr, QueryError> {
        let from = self.at;
        self.at += 1;
        let name = if self.peek() == Some('"') {
            self.quoted()?
        } else {
            let end = self.word_end(self.at);
            let name = self.narrowed(self.at, end);
            self.at = end;
            name
        };
        if name.is_empty() {
            return Err(error_at(from, 1, Kind::NeedsView));
        }
        self.views.push(ViewUse { name: name.clone(), at: from, length: self.at - from });
        Ok(Expr::Leaf(Leaf::View(name)))
    }

    fn parenthesis(&mut self) -> Result<Expr, QueryError> {
        let from = self.at;
        if self.depth >= MAX_DEPTH {
            return Err(error_at(from, 1, Kind::TooDeep));
        }
        self.at += 1;
        self.depth += 1;
        let inner = self.or()?;
        self.depth -= 1;
        if self.peek() != Some(')') {
            return Err(error_at(from, 1, Kind::UnclosedParenthesis));
        }
        self.at += 1;
        Ok(inner)
    }

    /// The text between quotes; a backslash takes the next character as it is.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let from = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            let Some(mut c) = self.chars.get(self.at).copied() else {
                return Err(error_at(from, self.at - from, Kind::UnclosedQuote));
            };
            self.at += 1;
            if c == '\\' {
                c = self.chars.get(self.at).copied().unwrap_or(c);
                self.at += 1;
            } else if plain(c) == '"' {
                break;
            }
            text.push(c);
        }
        if text.is_empty() {
            return Err(error_at(from, 2, Kind::EmptyItem));
        }
        Ok(text)
    }

    fn word_or_field(&mut self) -> Result<Expr, QueryError> {
        let from = self.at;
        if self.joins(from) {
            return Err(error_at(from, 1, Kind::NeedsCondition));
        }
        let end = self.word_end(from);
        if let Some(Operator { length, comparison, sign, negated }) = self.operator(from, end) {
            let word = self.narrowed(from, from + length);
            let Some(key) = Key::parse(&word) else {
                let nearest = value::nearest(&word, Key::spellings());
                return Err(QueryError { nearest, ..error_at(from, length, Kind::UnknownKey(word)) });
            };
            self.at = from + length + sign;
            let found = self.field(key, from, length, comparison);
            let found = found.map_err(|error| QueryError { typed: word, ..error })?;
            return Ok(if negated { found.negated() } else { found });
        }
        let word = self.narrowed(from, end);
        if is_operator(&word) {
            return Err(error_at(from, end - from, Kind::NeedsCondition));
        }
        self.at = end;
        Ok(Expr::Leaf(Leaf::Word(word)))
    }

    /// The operator of a word that is `key:…`.
    fn operator(&self, from: usize, end: usize) -> Option<Operator> {
        let word = self.chars.get(from..end)?;
        let length =
            word.iter().position(|c| matches!(plain(*c), ':' | '=' | '<' | '>' | '≤' | '≥' | '≠'))?;
        let unequal = plain(*word.get(length)?) == '='
            && length.checked_sub(1).and_then(|at| word.get(at)).is_some_and(|c| plain(*c) == '!');
        let negated = unequal || plain(*word.get(length)?) == '≠';
        let key = word.get(..length - usize::from(unequal))?;
        let like_a_key = key.first().is_some_and(|c| narrow(*c).is_alphabetic())
            && key.iter().all(|c| narrow(*c).is_alphanumeric() || matches!(narrow(*c), '-' | '_'));
        // 读《红楼梦》 is a title, but 消费》500 is typed with an IME on.
        let bracket = matches!(word.get(length), Some('《' | '》'));
        if !like_a_key || (bracket && Key::parse(&self.narrowed(from, from + length)).is_none()) {
            return None;
        }
        let equal = word.get(length + 1).is_some_and(|c| plain(*c) == '=');
        let comparison = match (plain(*word.get(length)?), equal) {
            ('<', false) => Some(Comparison::Less),
            ('<', true) | ('≤', _) => Some(Comparison::AtMost),
            ('>', false) => Some(Comparison::More),
            ('>', true) | ('≥', _) => Some(Comparison::AtLeast),
            _ => None,
        };
        let sign = if matches!(plain(*word.get(length)?), '<' | '>') && equal { 2 } else { 1 };
        let sign = sign + usize::from(unequal);
        Some(Operator { length: key.len(), comparison, sign, negated })
    }

    /// What follows `key:`, up to the next space.
    fn field(
        &mut self,
        key: Key,
        key_at: usize,
        key_length: usize,
        comparison: Option<Comparison>,
    ) -> Result<Expr, QueryError> {
        let mut raws = Vec::new();
        loop {
            let from = self.at;
            if let Some(range) = self.range_of_quoted(key)? {
                raws.push(range);
            } else if self.peek() == Some('"') {
                let text = self.quoted()?;
                raws.push(Raw { text, at: from, length: self.at - from, quoted: true, pattern: false });
            } else if let Some(end) = self.slashes(key, from) {
                raws.push(self.between_slashes(from, end)?);
                self.at = end;
            } else {
                let end = self.value_end(from);
                raws.push(Raw {
                    text: self.narrowed(from, end),
                    at: from,
                    length: end - from,
                    quoted: false,
                    pattern: false,
                });
                self.at = end;
            }
            if self.peek() != Some(',') {
                break;
            }
            self.at += 1;
        }
        // A quote glued to a value, as in tag:a"b", would silently become a word of its own.
        if self.peek() == Some('"') {
            return Err(error_at(self.at, 1, Kind::EmptyItem));
        }
        if let [only] = raws.as_slice()
            && only.length == 0
        {
            let may_be_unset = !matches!(key, Key::Is | Key::Has | Key::Ask);
            if comparison.is_some() || !may_be_unset || (key == Key::Tag && key_length == 1) {
                return Err(error_at(self.at, 1, Kind::NeedsValue(key)));
            }
            self.uses.push(Use { key, at: key_at, length: key_length, word: None });
            if key.kind() == ValueKind::Flag {
                return Ok(Expr::Leaf(Leaf::Words { key, words: vec![Flag::No.word()] }));
            }
            return Ok(Expr::Leaf(Leaf::Unset(key)));
        }
        if let Some(empty) = raws.iter().find(|raw| raw.length == 0) {
            return Err(error_at(empty.at, 1, Kind::EmptyItem));
        }
        self.uses.push(Use { key, at: key_at, length: key_length, word: None });
        if let Some(comparison) = comparison {
            let key = value::ordered(key);
            self.uses.push(Use { key, at: key_at, length: key_length, word: None });
            let ordered = matches!(
                key.kind(),
                ValueKind::Number | ValueKind::Money | ValueKind::Days | ValueKind::Span | ValueKind::Date
            );
            if !ordered {
                return Err(error_at(key_at, key_length, Kind::NoOrder(key)));
            }
            return value::compared(key, comparison, &raws).map(Expr::Leaf);
        }
        value::any_of(key, &raws, &mut self.uses)
    }

    /// `"昨天 20:00"..` and `9:00.."明天 20:00"`: a range of which an end or both stand between quotes. None for anything
    /// else, which is read as usual.
    fn range_of_quoted(&mut self, key: Key) -> Result<Option<Raw>, QueryError> {
        let texts =
            matches!(key.kind(), ValueKind::Text | ValueKind::Name | ValueKind::Exact | ValueKind::Id);
        let other = matches!(key.kind(), ValueKind::Words(_) | ValueKind::Flag | ValueKind::Answer);
        if other || (texts && key != Key::Sent) {
            return Ok(None);
        }
        let from = self.at;
        if self.peek() == Some('"') {
            self.quoted()?;
            let end = self.value_end(self.at);
            let rest = self.narrowed(self.at, end);
            if !DOTS.into_iter().any(|dots| rest.starts_with(dots)) {
                self.at = from;
                return Ok(None);
            }
            self.at = end;
            if DOTS.contains(&rest.as_str()) && self.peek() == Some('"') {
                self.quoted()?;
            }
        } else {
            let end = self.value_end(from);
            let text = self.narrowed(from, end);
            let open = DOTS.into_iter().any(|dots| text.ends_with(dots));
            if !open || self.chars.get(end).copied().map(plain) != Some('"') {
                return Ok(None);
            }
            self.at = end;
            self.quoted()?;
        }
        // a blank in the place of each quote: what is wrong stands where it was typed
        let blank = |c: char| if plain(c) == '"' { ' ' } else { narrow(c) };
        let text = self.chars.get(from..self.at).unwrap_or_default().iter().copied().map(blank).collect();
        Ok(Some(Raw { text, at: from, length: self.at - from, quoted: false, pattern: false }))
    }

    /// Where a pattern among the values of a key with texts ends.
    fn slashes(&self, key: Key, from: usize) -> Option<usize> {
        let of_texts = matches!(key.kind(), ValueKind::Text | ValueKind::Name | ValueKind::Exact);
        let may = of_texts && self.peek() == Some('/');
        // two slashes with nothing between them begin an address
        may.then(|| self.pattern_end(from)).flatten().filter(|end| *end > from + 2)
    }

    fn value_end(&self, from: usize) -> usize {
        let end = self.word_end(from);
        let comma = |c: &char| plain(*c) == ',';
        self.chars
            .get(from..end)
            .and_then(|word| word.iter().position(comma))
            .map_or(end, |length| from + length)
    }
}
