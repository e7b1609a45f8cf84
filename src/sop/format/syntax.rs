//! What is no TOML, in the reader's words: which character stands there, what was expected, how the line was meant.
//!
//! The parser speaks English of its own tokens, and tells one slip as several. Most slips of who writes Chinese are
//! characters that an input method gave: they are looked for in the line by itself.
//!
//! One file because the sentences and what chooses one of them are read side by side.

use std::collections::BTreeSet;

use toml::de::{DeTable, Error};

use super::problem::{Said, Sentence, Severity};
use super::source::{Reader, nearest, shorten, shorten_line};
use crate::text::lang::Lang;

crate::words! {
    /// What is wrong with the TOML of a line.
    pub(super) enum Syntax {
        Foreign { value, fix } => [
            "这里的 {value} 是中文（全角）符号，要用英文的 {fix}",
            "這裡的 {value} 是中文（全形）符號，要用英文的 {fix}",
            "{value} is a Chinese (fullwidth) character; write the ASCII {fix}"],
        Needless { value } => [
            "这里不能有中文（全角）符号 {value}，删掉它",
            "這裡不能有中文（全形）符號 {value}，刪掉它",
            "{value} is a Chinese (fullwidth) character that cannot stand here; take it out"],
        Blank => [
            "这里是全角空格或特殊空格，要用普通的空格",
            "這裡是全形空格或特殊空格，要用普通的空格",
            "this is a fullwidth or special blank; write a plain one"],
        Key { value } => [
            "键要用英文，这里是 {value}", "鍵要用英文，這裡是 {value}", "keys are ASCII words, this is {value}"],
        Bare { value } => [
            "{value} 要放在英文引号 \" 里",
            "{value} 要放在英文引號 \" 裡",
            "{value} must stand in quotes"],
        Comment => [
            "说明前面要写 #", "說明前面要寫 #", "a comment begins with #"],
        NoValue { value } => [
            "{value} 的 = 后面没有内容", "{value} 的 = 後面沒有內容", "{value} has nothing after its ="],
        NoEquals { value } => [
            "{value} 后面要有英文的 =", "{value} 後面要有英文的 =", "{value} must be followed by ="],
        Quote => [
            "引号没有关上：文字前后各要一个英文引号 \"，换行写成 \\n，或前后各用三个引号",
            "引號沒有關上：文字前後各要一個英文引號 \"，換行寫成 \\n，或前後各用三個引號",
            "a quote is not closed: one \" at each end; a new line is \\n, or use three quotes at each end"],
        QuoteInside => [
            "英文引号里的文字不能再有英文引号：里面的改用中文引号“”，或写成 \\\"",
            "英文引號裡的文字不能再有英文引號：裡面的改用中文引號「」，或寫成 \\\"",
            "a text in quotes cannot have the same quotes inside; write \\\""],
        Unclosed { open, close } => [
            "{open} 没有用 {close} 关上", "{open} 沒有用 {close} 關上", "{open} is not closed by {close}"],
        Comma => ["两项之间要有英文逗号 ,", "兩項之間要有英文逗號 ,", "there must be a comma between two items"],
        CommaMore => ["这里多了一个逗号", "這裡多了一個逗號", "there is a comma too many"],
        EqualsMore => ["这里多了一个 =", "這裡多了一個 =", "there is an = too many"],
        More { value } => [
            "一行只写一个键，{value} 是多出来的",
            "一行只寫一個鍵，{value} 是多出來的",
            "one key a line; {value} is too much"],
        Escape => [
            "引号里的 \\ 有特别的意思：路径用 /，要 \\ 本身写成 \\\\",
            "引號裡的 \\ 有特別的意思：路徑用 /，要 \\ 本身寫成 \\\\",
            "a \\ in quotes means something else: write paths with /, the character itself as \\\\"],
        Twice { value, line } => [
            "{value} 在第 {line} 行已经写过", "{value} 在第 {line} 行已經寫過", "{value} is there already, in line {line}"],
        Step { value, line } => [
            "{value} 在第 {line} 行已经写过；要是新的一步，前面少了一行 [[step]]",
            "{value} 在第 {line} 行已經寫過；要是新的一步，前面少了一行 [[step]]",
            "{value} is there already, in line {line}; if this is a new step, a line [[step]] is missing above it"],
        Sections { value } => [
            "有几个 {value} 时要写成 [[{value}]]", "有幾個 {value} 時要寫成 [[{value}]]",
            "where there are several {value} sections each begins with [[{value}]]"],
        Other { detail } => ["这里看不懂（{detail}）", "這裡看不懂（{detail}）", "{detail}"],
    }
}

/// Lines longer than this are not mended: nobody has written them by hand.
const LINE_BYTES_MAX: usize = 4_000;

/// How many lines with mistakes are told.
const LINES_MAX: usize = 50;

/// Notes what the parser found, once a line and without what only follows from it.
pub(super) fn report(reader: &mut Reader<'_>, source: &str, errors: &[Error], keys: &[&str]) {
    let mut places: Vec<(usize, &Error)> = errors
        .iter()
        .map(|error| (error.span().map_or(0, |span| span.start.min(source.len())), error))
        .collect();
    places.sort_by_key(|(at, _)| *at);
    let mut told = BTreeSet::new();
    // up to where what was opened and not closed swallows what follows
    let mut swallowed = 0;
    let mut twice: Option<usize> = None;
    for (at, error) in places {
        let line = Line::around(source, at);
        if told.len() >= LINES_MAX || told.contains(&line.begin) || line.begin < swallowed {
            continue;
        }
        let duplicate = error.message().starts_with("duplicate key");
        // the rest of a section whose heading is missing
        let section =
            twice.and_then(|before| source.get(before..line.end)).is_some_and(|text| text.contains("\n["));
        if duplicate && twice.is_some() && !section {
            continue;
        }
        twice = duplicate.then_some(at);
        let open = if duplicate { None } else { swallowing(source, &line) };
        let open = open.filter(|open| !told.contains(&Line::around(source, open.at).begin));
        told.insert(line.begin);
        let is_open = open.is_some();
        let found = open.unwrap_or_else(|| explain(source, &line, at, error.message(), keys));
        if is_open {
            swallowed = source.len();
        } else if matches!(found.words, Syntax::Quote | Syntax::Unclosed | Syntax::QuoteInside) {
            swallowed = next_key(source, line.end);
        }
        let Found { at, words, values, meant } = found;
        let detail = Lang::ALL.map(|lang| {
            let values: Vec<(&str, &dyn std::fmt::Display)> =
                values.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
            words.fill(lang, &values)
        });
        reader.note(Severity::Error, at, Sentence::Syntax, vec![("detail", Said::Languages(detail))], meant);
    }
}

/// What is wrong with a line.
struct Found {
    at: usize,
    words: Syntax,
    values: Vec<(&'static str, String)>,
    meant: Option<String>,
}

/// A line of the file without its end.
struct Line<'s> {
    begin: usize,
    end: usize,
    text: &'s str,
}

impl<'s> Line<'s> {
    fn around(source: &'s str, at: usize) -> Self {
        let at = (0..=at).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0);
        let begin = source.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        let end = source.get(at..).and_then(|rest| rest.find('\n')).map_or(source.len(), |end| at + end);
        Self { begin, end, text: source.get(begin..end).unwrap_or_default().trim_end_matches('\r') }
    }

    /// The key that the line begins with.
    fn key(&self) -> &'s str {
        self.text
            .split(['=', ':', '＝', '：', ' ', '\t', '\u{3000}'])
            .find(|word| !word.is_empty())
            .unwrap_or("")
    }
}

/// Whether a line begins with a key and its =.
fn begins_with_key(line: &str) -> bool {
    let key = line.split_once('=').map_or("", |(key, _)| key.trim());
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}

/// A bracket of a line above that swallows a line which begins anew, with a section or, within a list, with a key.
fn swallowing(source: &str, line: &Line<'_>) -> Option<Found> {
    let section = line
        .text
        .trim_start()
        .strip_prefix('[')
        .is_some_and(|name| name.trim_start_matches('[').starts_with(|c: char| c.is_ascii_alphabetic()));
    if !section && !begins_with_key(line.text) {
        return None;
    }
    let (at, bracket) = left_open(source.get(..line.begin)?)?;
    // a table in braces may have a key a line, and is closed before the next section
    let mut rest = source.get(line.begin..)?.lines().take_while(|line| !line.trim_start().starts_with('['));
    if !section && bracket == "{" && rest.any(|line| line.contains('}')) {
        return None;
    }
    let close = if bracket == "{" { "}" } else { "]" };
    let values = vec![("open", bracket.to_owned()), ("close", close.to_owned())];
    Some(Found { at, words: Syntax::Unclosed, values, meant: None })
}

/// The last bracket that was opened and not closed, outside of texts and comments.
fn left_open(before: &str) -> Option<(usize, &str)> {
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(rest) = before.get(at..)
        && let Some(c) = rest.chars().next()
    {
        let long = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => quoted_length(rest, c),
            _ => c.len_utf8(),
        };
        match c {
            '[' | '{' => open.extend(rest.get(..1).map(|bracket| (at, bracket))),
            ']' | '}' => {
                open.pop();
            }
            _ => {}
        }
        at += long;
    }
    open.pop()
}

/// How long a text is that begins with a quote: to where it is closed, else to the end of its line.
fn quoted_length(text: &str, quote: char) -> usize {
    let three = quote.to_string().repeat(3);
    if let Some(inside) = text.strip_prefix(&three) {
        return inside.find(&three).map_or(text.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == '\n' {
            return at;
        }
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = quote == '"' && c == '\\' && !escaped;
    }
    text.len()
}

/// The beginning of the first line from a place on that begins with a key or a section.
fn next_key(source: &str, from: usize) -> usize {
    let mut at = from;
    for line in source.get(from..).unwrap_or_default().split_inclusive('\n') {
        let begins = line.trim_start();
        if at > from && (begins_with_key(begins) || begins.starts_with('[')) {
            return at;
        }
        at += line.len();
    }
    source.len()
}

fn explain(source: &str, line: &Line<'_>, at: usize, message: &str, keys: &[&str]) -> Found {
    if message.starts_with("duplicate key") {
        return duplicate(source, line, at);
    }
    if message.contains("escape") {
        return Found { at, words: Syntax::Escape, values: Vec::new(), meant: None };
    }
    // within a text of several lines every character may stand
    let within = source.get(..line.begin).is_some_and(|before| before.matches("\"\"\"").count() % 2 == 1);
    if !within
        && line.text.len() <= LINE_BYTES_MAX
        && let Some(found) = of_line(line, message, keys)
    {
        return found;
    }
    let (words, values) = of_message(source, line, at, message);
    let whole = if within || line.text.len() > LINE_BYTES_MAX { None } else { Mended::of(line.text).whole() };
    let meant = whole.filter(|whole| whole.trim() != line.text.trim()).map(|whole| shorten(whole.trim()));
    Found { at, words, values, meant }
}

/// A key or section that is there already.
fn duplicate(source: &str, line: &Line<'_>, at: usize) -> Found {
    let heading = line.text.trim();
    if let Some(name) = heading.strip_prefix('[').filter(|name| !name.starts_with('[')) {
        let name = name.split(']').next().unwrap_or(name).trim();
        if ["step", "ask", "end"].contains(&name) {
            let values = vec![("value", name.to_owned())];
            return Found { at, words: Syntax::Sections, values, meant: Some(format!("[[{name}]]")) };
        }
        let first = first_line(source, at, |line| {
            line.split('#').next().is_some_and(|line| line.trim() == heading || is_key(line, name))
        });
        let values = vec![("value", format!("[{name}]")), ("line", first)];
        return Found { at, words: Syntax::Twice, values, meant: None };
    }
    let key = source.get(at..line.end).unwrap_or_default();
    let key = key.split(['=', ' ', '\t', '}', ',']).next().unwrap_or_default();
    // the one before it in the same section
    let before: Vec<&str> = source.get(..line.begin).unwrap_or_default().lines().collect();
    let mut section = "";
    let mut first = None;
    for (number, line) in before.iter().enumerate().rev() {
        if line.trim_start().starts_with('[') {
            section = line.trim();
            break;
        }
        if is_key(line, key) {
            first = Some(number + 1);
        }
    }
    let first = first.unwrap_or(before.len() + 1).to_string();
    let of_step = if section == "[[step]]" {
        super::step::STEP.contains(&key)
    } else {
        section.is_empty() && key == "id"
    };
    let words = if of_step { Syntax::Step } else { Syntax::Twice };
    Found { at, words, values: vec![("value", key.to_owned()), ("line", first)], meant: None }
}

fn is_key(line: &str, key: &str) -> bool {
    line.split_once('=').is_some_and(|(before, _)| before.trim() == key)
}

/// The number of the first line before a place that is meant.
fn first_line(source: &str, at: usize, is: impl Fn(&str) -> bool) -> String {
    let found = source.get(..at).unwrap_or_default().lines().position(is);
    found.map_or(1, |number| number + 1).to_string()
}

/// What the line itself shows: characters that TOML has no use for outside of texts.
fn of_line(line: &Line<'_>, message: &str, keys: &[&str]) -> Option<Found> {
    let mended = Mended::of(line.text);
    let meant = |text: &str| Some(shorten(text.trim())).filter(|text| !text.is_empty());
    let found =
        |at: usize, words: Syntax, values, meant| Some(Found { at: line.begin + at, words, values, meant });
    let text = line.text.trim_start();
    if text.starts_with("//") || text.starts_with("--") || text.starts_with("/*") {
        let bare = text.trim_start_matches(['/', '-', '*']).trim();
        return found(line.text.len() - text.len(), Syntax::Comment, Vec::new(), meant(&format!("# {bare}")));
    }
    let (at, c) = mended.first?;
    let whole = mended.whole();
    if matches!(c, '\u{3000}' | '\u{a0}' | '\u{200b}' | '\u{feff}') {
        return found(at, Syntax::Blank, Vec::new(), whole.as_deref().and_then(meant));
    }
    if let Some(plain) = plain(c) {
        let fix =
            if plain == ':' && !mended.after_equals && !text.starts_with(['[', '［']) { '=' } else { plain };
        let values = vec![("value", c.to_string()), ("fix", fix.to_string())];
        return found(at, Syntax::Foreign, values, whole.as_deref().and_then(meant));
    }
    if !c.is_alphanumeric() {
        return found(at, Syntax::Needless, vec![("value", c.to_string())], whole.as_deref().and_then(meant));
    }
    let before = line.text.get(..at).unwrap_or_default();
    if before.trim_end().ends_with('"') {
        return found(at - usize::from(before.ends_with('"')), Syntax::QuoteInside, Vec::new(), None);
    }
    if !before.contains('=') && message.contains("key") {
        let key = line.key();
        let meant = nearest(key, keys);
        return found(at, Syntax::Key, vec![("value", format!("\"{}\"", shorten(key)))], meant);
    }
    let bare = line.text.get(at..).unwrap_or_default();
    let bare = bare.split(['"', '\'', ',', '，', '#', ']', '}']).next().unwrap_or(bare).trim();
    found(at, Syntax::Bare, vec![("value", shorten(bare))], whole.as_deref().and_then(meant))
}

/// What the parser said, in words of ours.
fn of_message(
    source: &str,
    line: &Line<'_>,
    at: usize,
    message: &str,
) -> (Syntax, Vec<(&'static str, String)>) {
    let rest = source.get(at..line.end).unwrap_or_default().trim();
    let key = || vec![("value", line.key().to_owned())];
    let pair = |open: &str, close: &str| vec![("open", open.to_owned()), ("close", close.to_owned())];
    let has = |part: &str| message.contains(part);
    let value = line.text.split_once('=').map_or("", |(_, value)| value.trim());
    if has("unclosed array table") {
        (Syntax::Unclosed, pair("[[", "]]"))
    } else if has("unclosed inline table") {
        (Syntax::Unclosed, pair("{", "}"))
    } else if has("unclosed array") || has("unclosed table") {
        (Syntax::Unclosed, pair("[", "]"))
    } else if has("missing opening quote") || has("string values must be quoted") {
        if value.is_empty() && line.text.contains('=') {
            (Syntax::NoValue, key())
        } else {
            let bare = rest.split(['"', '\'', ',', '#', ']', '}']).next().unwrap_or(rest).trim();
            (Syntax::Bare, vec![("value", shorten(bare))])
        }
    } else if has("invalid basic string") || has("invalid literal string") || has("invalid multi-line") {
        (Syntax::Quote, Vec::new())
    } else if has("missing value") || (has("key with no value") && line.text.contains('=')) {
        (Syntax::NoValue, key())
    } else if has("no value")
        || has("missing assignment")
        || (has("invalid unquoted key") && line.text.contains(':'))
    {
        (Syntax::NoEquals, key())
    } else if has("missing comma") {
        (Syntax::Comma, Vec::new())
    } else if has("extra comma") {
        (Syntax::CommaMore, Vec::new())
    } else if has("extra `=`") || has("unexpected `=`") || has("extra assignment") {
        (Syntax::EqualsMore, Vec::new())
    } else if has("unexpected key or value") || has("unexpected content") {
        (Syntax::More, vec![("value", shorten(rest))])
    } else {
        (Syntax::Other, vec![("detail", shorten_line(message))])
    }
}

/// The ASCII character of TOML that a Chinese one stands for.
const fn plain(c: char) -> Option<char> {
    match c {
        '“' | '”' | '„' | '「' | '」' | '『' | '』' | '＂' | '‘' | '’' | '＇' => Some('"'),
        '【' => Some('['),
        '】' => Some(']'),
        '、' => Some(','),
        '。' => Some('.'),
        '；' => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        _ => None,
    }
}

const fn is_foreign_quote(c: char) -> bool {
    matches!(plain(c), Some('"'))
}

/// A line with the characters outside of its texts as TOML has them.
struct Mended {
    text: String,
    /// The first that was no ASCII, and where.
    first: Option<(usize, char)>,
    /// The first stands behind a `=`.
    after_equals: bool,
}

impl Mended {
    fn of(line: &str) -> Self {
        let mut this = Self { text: String::with_capacity(line.len()), first: None, after_equals: false };
        let mut chars = line.char_indices();
        let mut equals = false;
        while let Some((at, c)) = chars.next() {
            if c == '#' || c == '＃' {
                this.text.push('#');
                this.text.extend(chars.map(|(_, c)| c));
                break;
            }
            if !c.is_ascii() && this.first.is_none() {
                this.first = Some((at, c));
                this.after_equals = equals;
            }
            if is_foreign_quote(c) || matches!(c, '"' | '\'') {
                this.quoted(c, &mut chars);
                continue;
            }
            match c {
                '\u{3000}' | '\u{a0}' | '\u{200b}' | '\u{feff}' => this.text.push(' '),
                ':' | '：' if !equals && !line.trim_start().starts_with(['[', '［', '【']) => {
                    this.text.push('=');
                }
                '；' => {}
                _ => this.text.push(plain(c).unwrap_or(c)),
            }
            equals |= this.text.ends_with('=');
        }
        this
    }

    /// A text up to its closing quote.
    fn quoted(&mut self, open: char, chars: &mut std::str::CharIndices<'_>) {
        let mark = if open == '\'' { '\'' } else { '"' };
        self.text.push(mark);
        let mut escaped = false;
        let mut end = None;
        for (at, c) in chars.by_ref() {
            end = Some((at, c));
            let closes = c == mark || (is_foreign_quote(open) && is_foreign_quote(c));
            if closes && !escaped {
                if is_foreign_quote(c) && self.first.is_none() {
                    self.first = Some((at, c));
                }
                self.text.push(mark);
                return;
            }
            escaped = c == '\\' && !escaped && mark == '"';
            self.text.push(c);
        }
        // never closed: a foreign mark at the very end was meant to
        if let Some((at, last)) = end.filter(|(_, last)| is_foreign_quote(*last)) {
            self.first.get_or_insert((at, last));
            self.text.truncate(self.text.len() - last.len_utf8());
            self.text.push(mark);
        }
    }

    /// The line as it was meant, where it is right by itself: as it is mended, or with its value in quotes.
    fn whole(&self) -> Option<String> {
        let right = |text: &str| DeTable::parse(text).is_ok();
        if right(&self.text) {
            return Some(self.text.clone());
        }
        let (key, value) = self.text.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'', ',']);
        let quoted =
            format!("{}= \"{value}\"", if key.ends_with(' ') { key.to_owned() } else { format!("{key} ") });
        Some(quoted).filter(|text| !value.is_empty() && right(text))
    }
}
