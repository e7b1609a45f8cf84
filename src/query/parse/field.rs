//! Reads a key, its operator and its values: `key:a,b`, `key>=5`, `key >= 5`.

use super::super::closed::Flag;
use super::super::expr::{Comparison, Expr, Leaf};
use super::super::hint::{Hint, HintKind};
use super::super::key::{Key, ValueKind};
use super::super::lex::{is_operator, is_sign, narrow, plain, single_quote};
use super::super::value::{self, Raw};
use super::super::{QueryError, QueryErrorKind as Kind, Use};
use super::{KEY_CHARS, Parser, error_at};

/// What stands between a key and its values.
pub(super) struct Operator {
    /// Of the key, in characters.
    pub length: usize,
    /// Blanks before the operator.
    pub apart: usize,
    pub comparison: Option<Comparison>,
    /// Of the operator, in characters.
    pub sign: usize,
    pub negated: bool,
}

/// What stands between the ends of a range.
const DOTS: [&str; 3] = ["..", "~", "。。"];

/// Where a reading may be taken back to.
struct Place {
    at: usize,
    patterns: usize,
    uses: usize,
    hints: usize,
}

/// Whether a word was meant as a value of the key's closed set, with a slip in it.
fn is_slip(key: Key, error: &QueryError) -> bool {
    matches!(key.kind(), ValueKind::Words(_)) && error.nearest.is_some()
}

impl Parser<'_> {
    /// The operator of a word that is `key:…`.
    pub(super) fn operator(&self, from: usize, end: usize) -> Option<Operator> {
        let word = self.chars.get(from..end)?;
        let at = word.iter().position(|c| is_sign(plain(*c)) && plain(*c) != '!')?;
        let exclaimed = plain(*word.get(at)?) == '=' && at > 0 && plain(*word.get(at - 1)?) == '!';
        let length = at - usize::from(exclaimed);
        let key = word.get(..length)?;
        let like_a_key = key.first().is_some_and(|c| narrow(*c).is_alphabetic())
            && key.iter().all(|c| narrow(*c).is_alphanumeric() || matches!(narrow(*c), '-' | '_'));
        // 读《红楼梦》 is a title, but 消费》500 is typed with an IME on.
        let bracket = matches!(word.get(at), Some('《' | '》'));
        if !like_a_key || (bracket && Key::parse(&self.narrowed(from, from + length)).is_none()) {
            return None;
        }
        Some(Operator { length, ..self.sign(from + length)? })
    }

    /// The operator behind a key with blanks between them: `spent >= 500`, `状态 ：待发`. Of a word that is no key it is
    /// a word of its own.
    pub(super) fn operator_apart(&self, from: usize, end: usize) -> Option<Operator> {
        let key = Key::parse(&self.narrowed(from, end)).filter(|_| end - from <= KEY_CHARS)?;
        let blank = |c: &&char| narrow(**c).is_whitespace();
        let apart = self.chars.get(end..)?.iter().take_while(blank).count();
        let operator = self.sign(end + apart).filter(|_| apart > 0)?;
        // 内容 《红楼梦》
        let title = matches!(self.chars.get(end + apart), Some('《' | '》')) && !value::has_order(key);
        (!title).then_some(Operator { length: end - from, apart, ..operator })
    }

    /// The operator that begins there, its key apart.
    fn sign(&self, at: usize) -> Option<Operator> {
        let next = |at: usize| self.chars.get(at).copied().map(plain);
        let equal = next(at + 1) == Some('=');
        let (comparison, sign, negated) = match next(at)? {
            '<' if equal => (Some(Comparison::AtMost), 2, false),
            '>' if equal => (Some(Comparison::AtLeast), 2, false),
            '!' if equal => (None, 2, true),
            '<' => (Some(Comparison::Less), 1, false),
            '>' => (Some(Comparison::More), 1, false),
            '≤' => (Some(Comparison::AtMost), 1, false),
            '≥' => (Some(Comparison::AtLeast), 1, false),
            '≠' => (None, 1, true),
            ':' | '=' => (None, 1, false),
            _ => return None,
        };
        Some(Operator { length: 0, apart: 0, comparison, sign, negated })
    }

    /// Goes over blanks to the value of a key, where one stands behind them.
    pub(super) fn skip_to_value(&mut self, key: Key) {
        let before = self.at;
        self.skip_spaces();
        if !self.begins_value(key) {
            self.at = before;
        }
    }

    /// Whether what begins here can be a value of a key that blanks stand before, and no condition of its own.
    fn begins_value(&self, key: Key) -> bool {
        let counts = value::has_order(key) || key.kind() == ValueKind::MonthDay;
        match self.peek() {
            None | Some(')' | '|' | '(' | '#' | '@' | '!') => false,
            Some('-' | '+') => counts && self.after().is_some_and(|c| narrow(c).is_ascii_digit()),
            Some('"') => true,
            Some(_) => self.is_plain_word(),
        }
    }

    /// Whether the word that begins here is neither a condition with a key nor one that joins.
    fn is_plain_word(&self) -> bool {
        let end = self.word_end(self.at);
        let own = self.operator(self.at, end).or_else(|| self.operator_apart(self.at, end));
        let key = own.and_then(|own| Key::parse(&self.narrowed(self.at, self.at + own.length)));
        end > self.at && key.is_none() && !self.joins(self.at) && !is_operator(&self.narrowed(self.at, end))
    }

    /// What follows `key:`. With a blank behind the colon it is a key without value and a word, `tag: 张三`; but a word
    /// that is a value of the key, or nearly one, is meant as that: `state: due`.
    pub(super) fn field_behind_colon(
        &mut self,
        key: Key,
        key_at: usize,
        key_length: usize,
    ) -> Result<Expr, QueryError> {
        let place =
            Place { at: self.at, patterns: self.patterns, uses: self.uses.len(), hints: self.hints.len() };
        self.skip_spaces();
        let (word_at, apart) = (self.at, self.at > place.at);
        let bare = |c: char| !matches!(c, '"' | '/' | '-' | '+') && !single_quote(c);
        if apart && self.peek().is_some_and(bare) && self.begins_value(key) {
            let closed = value::is_closed(key);
            if closed || value::is_never_without(key) || self.is_list(word_at) {
                match self.field(key, key_at, key_length, None) {
                    // 王五 is a name, though it comes near to 周五
                    Err(error) if closed && !value::is_never_without(key) && !is_slip(key, &error) => {}
                    found => return found,
                }
            } else {
                let typed = self.narrowed(key_at, key_at + key_length);
                let word = self.narrowed(word_at, self.word_end(word_at));
                let kind = HintKind::Apart { key: typed, word };
                self.hints.push(Hint { at: key_at, kind });
                self.at = place.at;
                return self.field(key, key_at, key_length, None);
            }
        }
        self.at = place.at;
        self.patterns = place.patterns;
        self.uses.truncate(place.uses);
        self.hints.truncate(place.hints);
        self.field(key, key_at, key_length, None)
    }

    /// What follows `key:`, up to the next space.
    pub(super) fn field(
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
            } else if self.opens_quote() {
                let text = self.quoted()?;
                raws.push(Raw { text, at: from, length: self.at - from, quoted: true, pattern: false });
            } else if let Some(end) = self.slashes(key, from) {
                raws.push(self.between_slashes(from, end)?);
                self.at = end;
            } else {
                let end = self.unit_apart(key, from, self.value_end(from));
                let end = self.range_apart(key, end);
                let text = self.narrowed(from, end);
                // blanks within a number are none of it: `500 元 .. 800 元`
                let counts = value::has_order(key) && key.kind() != ValueKind::Date;
                raws.push(Raw {
                    text: if counts { text.split_whitespace().collect() } else { text },
                    at: from,
                    length: end - from,
                    quoted: false,
                    pattern: false,
                });
                self.at = end;
            }
            if !self.goes_on(key) {
                break;
            }
        }
        // A quote glued to a value, as in tag:a"b", would silently become a word of its own.
        if self.peek() == Some('"') {
            return Err(error_at(self.at, 1, Kind::EmptyItem));
        }
        if let [only] = raws.as_slice()
            && only.length == 0
        {
            // it would be read as a key without value and conditions of their own, and reach whom nobody meant
            if self.peek() == Some('(') {
                return Err(error_at(self.at, 1, Kind::Bracketed(key)));
            }
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
            if !value::has_order(key) {
                return Err(error_at(key_at, key_length, Kind::NoOrder(key)));
            }
            return value::compared(key, comparison, &raws).map(Expr::Leaf);
        }
        self.hint_at_range(key, &raws);
        let found = value::any_of(key, &raws, &mut self.uses);
        found.map_err(|error| self.with_sign_alone(key, (key_at, key_length), &raws, error))
    }

    /// A value that begins with a sign of order is one behind a colon too many: `spent:>100` is `spent>100`.
    fn with_sign_alone(
        &self,
        key: Key,
        (key_at, key_length): (usize, usize),
        raws: &[Raw],
        error: QueryError,
    ) -> QueryError {
        let [raw] = raws else { return error };
        let sign = self.sign(raw.at).filter(|_| !raw.quoted && value::has_order(value::ordered(key)));
        let Some((comparison, length)) = sign.and_then(|sign| Some((sign.comparison?, sign.sign))) else {
            return error;
        };
        let (value_at, end) = (raw.at + length, raw.at + raw.length);
        let text = self.narrowed(value_at, end);
        let value =
            Raw { text, at: value_at, length: end.saturating_sub(value_at), quoted: false, pattern: false };
        if value::compared(value::ordered(key), comparison, &[value]).is_err() {
            return error;
        }
        let nearest = self.narrowed(key_at, key_at + key_length) + &self.narrowed(raw.at, end);
        QueryError { column: key_at + 1, length: end - key_at, nearest: Some(nearest), ..error }
    }

    /// `100.. 200` is from 100 on, and the word 200.
    fn hint_at_range(&mut self, key: Key, raws: &[Raw]) {
        let Some(raw) = raws.last().filter(|raw| !raw.quoted && value::has_order(key)) else { return };
        let open = DOTS.into_iter().any(|dots| raw.text.ends_with(dots));
        let next = self.over_blanks(self.at);
        let word = self.narrowed(next, self.value_end(next));
        if open && next > self.at && word.starts_with(|c: char| c.is_ascii_digit()) {
            let range = raw.text.clone();
            self.hints.push(Hint { at: raw.at, kind: HintKind::Range { range, word } });
        }
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

    /// Where `100 .. 200` ends, whose first value ends at `end`; there, where it is no such range.
    fn range_apart(&self, key: Key, end: usize) -> usize {
        let dots = self.over_blanks(end);
        let word = self.narrowed(dots, self.value_end(dots));
        let ranged = value::has_order(key) || key.kind() == ValueKind::MonthDay;
        let Some(sign) = DOTS.into_iter().find(|sign| word.starts_with(sign)) else { return end };
        if !ranged || dots == end {
            return end;
        }
        let last = if word == sign { self.over_blanks(dots + sign.chars().count()) } else { dots };
        self.unit_apart(key, last, self.value_end(last))
    }

    /// Where a value ends that goes on with its unit behind a blank, `500 元`; where it has none, at `end`.
    fn unit_apart(&self, key: Key, from: usize, end: usize) -> usize {
        let next = self.over_blanks(end);
        let last = self.value_end(next);
        let text = self.narrowed(from, end);
        let number =
            DOTS.into_iter().fold(text.as_str(), |rest, dots| rest.rsplit(dots).next().unwrap_or(rest));
        let unit = self.narrowed(next, last);
        if next > end && value::takes_unit(key, number, &unit) { last } else { end }
    }

    pub(super) fn over_blanks(&self, at: usize) -> usize {
        let blank = |c: &&char| narrow(**c).is_whitespace();
        at + self.chars.get(at..).unwrap_or_default().iter().take_while(blank).count()
    }

    /// Goes over the comma behind a value, also with blanks around it; false where none stands there. What follows the
    /// blanks is no further value where it is a condition of its own.
    fn goes_on(&mut self, key: Key) -> bool {
        let comma = self.over_blanks(self.at);
        if self.chars.get(comma).copied().map(plain) != Some(',') {
            return false;
        }
        self.at = comma + 1;
        self.skip_to_value(key);
        true
    }

    /// Whether the values that begin here are several, with a comma between them.
    fn is_list(&self, from: usize) -> bool {
        let comma = self.over_blanks(self.value_end(from));
        self.chars.get(comma).copied().map(plain) == Some(',')
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
