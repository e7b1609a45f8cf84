//! The templates in texts: minijinja with what a message needs and nothing that can run away.
//!
//! Variables, filters, `if` and `for` are enough for any message. What could grow without end is left out or
//! bounded: no `set`, `macro`, `call` or recursive loops, no `*`, few `~`, filters that watch their output, a budget of
//! steps, an output of bounded size. So a bad text costs a sentence, never the program.
//!
//! `{% include "name" %}` puts the text of a snippet in its place ([`super::include`]) before anything is compiled.

use std::collections::BTreeSet;
use std::io;

use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

/// Instructions one rendering may take: thousands of times what a message needs.
pub(super) const FUEL: u64 = 50_000;

/// Instructions for trying a text out: enough to meet every filter, little enough for thousands of texts.
const TRIAL_FUEL: u64 = 2_000;

/// Bytes one rendering may come to.
pub(super) const OUTPUT_BYTES_MAX: usize = 64 * 1024;

/// How many `~` one template may have: each can double a text.
const JOINS_MAX: usize = 8;

/// The statements that templates may use.
const STATEMENTS: &[&str] = &["if", "elif", "else", "endif", "for", "endfor", "raw", "endraw"];

/// Statements of the template language that a later version may take.
const LATER: &[&str] = &["import", "from", "extends", "block"];

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateMistake {
    /// A statement that does not work yet.
    NotYet(String),
    /// In the order of [`crate::text::lang::Lang::ALL`].
    Wrong([String; 3]),
}

/// What is wrong, in a sentence.
pub fn words_of(mistake: &TemplateMistake, lang: crate::text::lang::Lang) -> String {
    match mistake {
        TemplateMistake::NotYet(word) => TemplateWords::Statement.fill(lang, &[("value", word)]),
        TemplateMistake::Wrong(sentences) => {
            let place = crate::text::lang::Lang::ALL.iter().position(|one| *one == lang);
            place.and_then(|place| sentences.get(place)).cloned().unwrap_or_default()
        }
    }
}

crate::words! {
    /// What is wrong with a template.
    pub enum TemplateWords {
        Syntax { line, detail } => [
            "第 {line} 行：模板写法不对：{detail}", "第 {line} 行：範本寫法不對：{detail}", "line {line}: {detail}"],
        Statement { value } => [
            "不能用 {value}，可用 if、for 和 include", "不能用 {value}，可用 if、for 和 include",
            "{value} is not allowed; there are if, for and include"],
        Unclosed { open, close } => [
            "{open} 没有用 {close} 关上", "{open} 沒有用 {close} 關上", "{open} is not closed by {close}"],
        Unended => ["少了 endif 或 endfor", "少了 endif 或 endfor", "an endif or endfor is missing"],
        UnknownWord { word } => [
            "没有 {word} 这个过滤器或函数", "沒有 {word} 這個過濾器或函式", "there is no filter or function {word}"],
        Quote => ["引号没有成对", "引號沒有成對", "a quote is not closed"],
        Character => ["这里有个用不了的符号", "這裡有個用不了的符號", "there is a character here that cannot stand here"],
        Name => ["这里要写变量名", "這裡要寫變數名", "the name of a variable belongs here"],
        Expected { what } => ["这里应当是 {what}", "這裡應當是 {what}", "{what} belongs here"],
        Other => ["这里看不懂", "這裡看不懂", "this cannot be read"],
        Joins { limit } => [
            "~ 最多用 {limit} 次", "~ 最多用 {limit} 次", "~ may stand at most {limit} times"],
    }
}

fn wrong(words: TemplateWords, values: &[(&str, &dyn std::fmt::Display)]) -> TemplateMistake {
    use crate::text::lang::Lang;
    TemplateMistake::Wrong(Lang::ALL.map(|lang| words.fill(lang, values)))
}

/// An environment for one text or many.
pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(32);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_debug(false);
    environment.add_filter("default", minijinja::filters::default);
    environment.add_filter("first", minijinja::filters::first);
    environment.add_filter("last", minijinja::filters::last);
    environment.add_filter("length", minijinja::filters::length);
    environment.add_filter("trim", minijinja::filters::trim);
    environment.add_filter("upper", minijinja::filters::upper);
    environment.add_filter("lower", minijinja::filters::lower);
    environment.add_filter("join", join);
    environment.add_test("defined", minijinja::tests::is_defined);
    environment.add_test("undefined", minijinja::tests::is_undefined);
    environment
}

/// Joins a list, within the bounds of an output.
fn join(list: &Value, between: Option<&str>) -> Result<String, Error> {
    let mut out = String::new();
    for (at, item) in list.try_iter()?.enumerate() {
        if at > 0 {
            out.push_str(between.unwrap_or("、"));
        }
        out.push_str(&item.to_string());
        if out.len() > OUTPUT_BYTES_MAX {
            return Err(too_long());
        }
    }
    Ok(out)
}

/// The error of an output over its bound, recognised by its kind.
pub(super) fn too_long() -> Error {
    Error::new(ErrorKind::WriteFailure, "output too long")
}

/// Checks a template and names the variables it may ask for, in alphabetical order. Of what it includes only the way
/// it is written is looked at: which snippets there are a store knows.
pub fn check(source: &str) -> Result<Vec<String>, TemplateMistake> {
    let source = &*super::include::without(source)?;
    statements(source)?;
    let mut environment = environment();
    environment.set_fuel(Some(TRIAL_FUEL));
    match environment.template_from_str(source) {
        Ok(template) => {
            let names: BTreeSet<String> = template.undeclared_variables(false).into_iter().collect();
            // A filter that does not exist shows only when it is reached, so the text is rendered once for nothing.
            let trial = names.iter().map(|name| (name.clone(), Value::from("x"))).collect::<Value>();
            match template.render_captured_to(trial, Bounded::default()) {
                Err(error) if is_unknown_word(error.kind()) => Err(from_engine(&error, source)),
                _ => Ok(names.into_iter().collect()),
            }
        }
        Err(error) => Err(from_engine(&error, source)),
    }
}

/// True for words of the template language that this environment does not have.
pub(super) const fn is_unknown_word(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownFunction
            | ErrorKind::UnknownMethod
    )
}

fn from_engine(error: &Error, source: &str) -> TemplateMistake {
    use crate::text::lang::Lang;
    let line = error.line().unwrap_or(1);
    let closed = source.matches("{%").count() <= source.matches("%}").count();
    TemplateMistake::Wrong(Lang::ALL.map(|lang| {
        let detail = detail(error, closed, lang);
        TemplateWords::Syntax.fill(lang, &[("line", &line), ("detail", &detail)])
    }))
}

/// What the engine found, in the user's language: it speaks English only, of its own tokens.
fn detail(error: &Error, closed: bool, lang: crate::text::lang::Lang) -> String {
    let said = error.detail().unwrap_or_default();
    let (found, expected) = said.split_once(", expected ").unwrap_or((said, ""));
    let open =
        |open: &str, close: &str| TemplateWords::Unclosed.fill(lang, &[("open", &open), ("close", &close)]);
    if is_unknown_word(error.kind()) {
        // "filter x is unknown", "x is unknown"
        let before = said.split(" is unknown").next().unwrap_or(said);
        let word = before.split_whitespace().last().unwrap_or(before);
        return TemplateWords::UnknownWord.fill(lang, &[("word", &word)]);
    }
    match (found, expected) {
        (_, "end of variable block") if found.contains("end of input") => open("{{", "}}"),
        // a block that nothing ends reads like a tag that nothing closes
        (_, "end of block") if found.contains("end of input") && !closed => open("{%", "%}"),
        ("unexpected end of comment", _) => open("{#", "#}"),
        ("unexpected end of string", _) => TemplateWords::Quote.text(lang).to_owned(),
        ("unexpected character", _) => TemplateWords::Character.text(lang).to_owned(),
        ("unexpected end of variable block" | "unexpected end of block", _) | (_, "identifier") => {
            TemplateWords::Name.text(lang).to_owned()
        }
        ("unexpected end of input" | "unexpected end of raw block", _) => {
            TemplateWords::Unended.text(lang).to_owned()
        }
        (_, "end of variable block") => TemplateWords::Expected.fill(lang, &[("what", &"}}")]),
        (_, "end of block") => TemplateWords::Expected.fill(lang, &[("what", &"%}")]),
        _ if lang == crate::text::lang::Lang::En && !said.is_empty() => said.to_owned(),
        _ if expected == "in" || expected.starts_with('`') => {
            TemplateWords::Expected.fill(lang, &[("what", &expected.trim_matches('`'))])
        }
        _ => TemplateWords::Other.text(lang).to_owned(),
    }
}

/// Refuses statements outside the list and too many `~`. Reads tags as the engine does: the first `%}` ends one.
fn statements(source: &str) -> Result<(), TemplateMistake> {
    let mut joins = 0;
    let mut rest = source;
    while let Some(open) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let tag = rest.get(open..).unwrap_or_default();
        let is_statement = tag.starts_with("{%");
        let body = tag.get(2..).unwrap_or_default();
        let end = if is_statement { "%}" } else { "}}" };
        let (body, after) = body.split_once(end).unwrap_or((body, ""));
        joins += body.matches('~').count();
        // It repeats texts, a thousand million times if one likes.
        if body.contains('*') {
            return Err(wrong(TemplateWords::Statement, &[("value", &"*")]));
        }
        if is_statement {
            let mut words = body.trim_start_matches(['-', '+']).split_whitespace();
            let word: String = words
                .next()
                .unwrap_or_default()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if LATER.contains(&word.as_str()) {
                return Err(TemplateMistake::NotYet(word));
            }
            if !STATEMENTS.contains(&word.as_str()) {
                return Err(wrong(TemplateWords::Statement, &[("value", &word)]));
            }
            if body.contains("recursive") {
                return Err(wrong(TemplateWords::Statement, &[("value", &"recursive")]));
            }
        }
        rest = after;
    }
    if joins > JOINS_MAX {
        return Err(wrong(TemplateWords::Joins, &[("limit", &JOINS_MAX)]));
    }
    Ok(())
}

/// A writer that stops at the bound of an output.
#[derive(Default)]
pub(super) struct Bounded {
    pub(super) bytes: Vec<u8>,
}

impl io::Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > OUTPUT_BYTES_MAX {
            return Err(io::Error::other("output too long"));
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lang::faults;

    #[test]
    fn words_are_whole() {
        assert_eq!(faults::<TemplateWords>(), Vec::<String>::new());
    }

    #[test]
    fn names_the_variables() {
        let names = |source: &str| check(source).unwrap_or_default().join(" ");
        assert_eq!(
            names("{{ name }}，{{ 商品 }}{% for m in members %}{{ m }}{% endfor %}"),
            "members name 商品"
        );
        assert_eq!(names("没有变量"), "");
    }

    #[test]
    fn mistakes_are_told_in_the_language_of_the_user() {
        let said = |source: &str| words_of(&check(source).unwrap_err(), crate::text::lang::Lang::ZhCn);
        let check = |source: &str, expected: &str| {
            assert_eq!(said(source), format!("第 1 行：模板写法不对：{expected}"), "{source}");
        };
        check("{{ name", "{{ 没有用 }} 关上");
        check("{{ name }", "这里应当是 }}");
        check("{{ }}", "这里要写变量名");
        check("{{ name | }}", "这里要写变量名");
        check("{{ 商 品 }}", "这里应当是 }}");
        check("{{ name | 大写 }}", "没有 大写 这个过滤器或函数");
        check("{{ nick(name) }}", "没有 nick 这个过滤器或函数");
        check("{{ 'name }}", "引号没有成对");
        check("{{ name ？ }}", "这里有个用不了的符号");
        check("{% if name %}x", "少了 endif 或 endfor");
        check("{% if name", "{% 没有用 %} 关上");
        check("{% for m on members %}{% endfor %}", "这里应当是 in");
    }

    #[test]
    fn refuses_what_could_run_away() {
        for source in [
            "{% set x = 1 %}",
            "{%- macro f() %}{% endmacro %}",
            "{% for a in b recursive %}{% endfor %}",
            "{{ a~a~a~a~a~a~a~a~a~a }}",
            "{{ 'a' * 100000000 }}",
            "{{ name",
            "{% if name %}",
            "{{ name | 不存在 }}",
            "{% %}",
        ] {
            assert!(matches!(check(source), Err(TemplateMistake::Wrong(_))), "{source}");
        }
        assert_eq!(check("{% block x %}"), Err(TemplateMistake::NotYet("block".to_owned())));
        assert_eq!(check("{% include \"hello\" %}{{ name }}"), Ok(vec!["name".to_owned()]));
    }
}
