//! Reads a filter: recursive descent over the characters as typed.
//!
//! `or = and {OR and}`, `and = term {[AND] term}`, `term = {-} atom`,
//! `atom = (or) | @view | #tag | +tag | /pattern/ | key op values | word`; `key!=value` is `-key:value`. Blanks may stand
//! around an operator behind a key; only `key: word` is a key without value and a word, where the word is no value of it.
//! There is no separate list of tokens, because what ends a word depends on where it stands: in a value a comma does,
//! in a bare word it does not. A `(` glued to a word belongs to the word when its partner follows without a space, as
//! in 宠友（1）群. Length and depth are limited, so no text can exhaust the stack.
//!
//! One file because the rules of the grammar call each other.

use super::expr::{Expr, Leaf};
use super::hint::{Hint, HintKind};
use super::key::Key;
use super::lex::{closing_quote, ends_word, is_operator, is_sign, narrow, plain, single_quote};
use super::value::{self, Raw};
use super::{MAX_CHARS, MAX_DEPTH, MAX_PATTERNS, Query, QueryError, QueryErrorKind as Kind, Use, ViewUse};

mod field;

use field::Operator;

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
    let mut parser = Parser { chars: &chars, ..Parser::default() };
    parser.skip_spaces();
    if parser.at == chars.len() {
        return Ok(Query::everything());
    }
    let expr = parser.or()?;
    if parser.at < chars.len() {
        return Err(error_at(parser.at, 1, Kind::StrayParenthesis));
    }
    let Parser { uses, views, hints, .. } = parser;
    Ok(Query { expr, uses, views, listings: Vec::new(), hints })
}

/// An error at a character counted from 0.
pub(super) fn error_at(at: usize, length: usize, kind: Kind) -> QueryError {
    QueryError { column: at + 1, length: length.max(1), kind, nearest: None, typed: String::new() }
}

/// More characters than any key has.
const KEY_CHARS: usize = 16;

#[derive(Default)]
struct Parser<'a> {
    chars: &'a [char],
    at: usize,
    depth: usize,
    patterns: usize,
    uses: Vec<Use>,
    views: Vec<ViewUse>,
    hints: Vec<Hint>,
    /// The term before was this word in small letters, which elsewhere joins or negates.
    joiner: Option<Hint>,
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
        let mut joiners = vec![(0, self.joiner.take())];
        loop {
            self.skip_spaces();
            let before = self.at;
            if matches!(self.peek(), None | Some(')' | '|')) || self.take_word(&["OR", "或"]) {
                self.at = before;
                let last = parts.len() - 1;
                let between = joiners.into_iter().filter_map(|(at, hint)| {
                    hint.filter(|hint| at < last && (at > 0 || hint.kind.may_stand_first()))
                });
                self.hints.extend(between);
                return Ok(Expr::and(parts));
            }
            self.take_word(&["AND", "且"]);
            parts.push(self.term()?);
            joiners.push((parts.len() - 1, self.joiner.take()));
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
        self.joiner = None;
        let atom = self.atom()?;
        self.joiner = self.joiner.take().filter(|_| !negated);
        Ok(if negated { atom.negated() } else { atom })
    }

    fn atom(&mut self) -> Result<Expr, QueryError> {
        let from = self.at;
        match self.peek() {
            None | Some(')' | '|') => Err(error_at(from, 1, Kind::NeedsCondition)),
            Some('(') => self.parenthesis(),
            Some(_) if self.opens_quote() => {
                let word = self.quoted()?;
                Ok(Expr::Leaf(Leaf::Word(word)))
            }
            Some('#') => {
                self.at += 1;
                self.field(Key::Tag, from, 1, None)
            }
            Some('@') => self.view(),
            // +1 and +86 are words that people look for
            Some('+')
                if self
                    .after()
                    .is_some_and(|c| narrow(c).is_alphabetic() || plain(c) == '"' || single_quote(c)) =>
            {
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
        let name = if self.opens_quote() {
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

    /// True where something between quotes begins. Single ones are quotes where they end a word as well as begin it:
    /// `'大 客户'`, and not `rock'n`.
    fn opens_quote(&self) -> bool {
        self.peek() == Some('"') || self.single_quotes_end().is_some()
    }

    /// Where the single quote is that closes one here.
    fn single_quotes_end(&self) -> Option<usize> {
        let closes = |at: usize| self.chars.get(at).is_some_and(|c| closing_quote(*c));
        let ends = |at: usize| self.chars.get(at).is_none_or(|c| ends_word(*c) || plain(*c) == ',');
        let mut rest = self.at + 1..self.chars.len();
        let opens = self.chars.get(self.at).is_some_and(|c| single_quote(*c));
        opens.then(|| rest.find(|at| closes(*at) && ends(at + 1))).flatten()
    }

    /// The text between quotes; between double ones a backslash takes the next character as it is.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let from = self.at;
        if let Some(close) = self.single_quotes_end() {
            self.at = close + 1;
            let text: String = self.chars.get(from + 1..close).unwrap_or_default().iter().collect();
            return if text.is_empty() { Err(error_at(from, 2, Kind::EmptyItem)) } else { Ok(text) };
        }
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
        let operator = self.operator(from, end).or_else(|| self.operator_apart(from, end));
        if let Some(Operator { length, apart, comparison, sign, negated }) = operator {
            let word = self.narrowed(from, from + length);
            let Some(key) = Key::parse(&word) else {
                let nearest = value::nearest(&word, Key::spellings());
                return Err(QueryError { nearest, ..error_at(from, length, Kind::UnknownKey(word)) });
            };
            let signed = from + length + apart;
            self.at = signed + sign;
            let is_colon = !negated && self.chars.get(signed).copied().map(plain) == Some(':');
            let found = if is_colon && apart == 0 {
                self.field_behind_colon(key, from, length)
            } else {
                self.skip_to_value(key);
                self.field(key, from, length, comparison)
            };
            let found = found.map_err(|error| QueryError { typed: word, ..error })?;
            return Ok(if negated { found.negated() } else { found });
        }
        let word = self.narrowed(from, end);
        if is_operator(&word) {
            return Err(error_at(from, end - from, Kind::NeedsCondition));
        }
        self.at = end;
        self.joiner = HintKind::joiner(&word).map(|kind| Hint { at: from, kind });
        if word.chars().all(is_sign) && from > 0 {
            let before = self.narrowed(0, from);
            let near =
                before.split_whitespace().next_back().and_then(|w| value::nearest(w, Key::spellings()));
            self.hints.push(Hint { at: from, kind: HintKind::Sign { sign: word.clone(), near } });
        }
        let before = self.narrowed(0, from);
        let before: Vec<&str> = before.split_whitespace().collect();
        let next = self.over_blanks(end);
        let behind = self.narrowed(next, self.word_end(next));
        self.hints.extend(HintKind::of_words(&before, &word, &behind).map(|kind| Hint { at: from, kind }));
        Ok(Expr::Leaf(Leaf::Word(word)))
    }
}
