//! Texts, rendered when they are shown: a template and what is known in, the exact words to copy or a block out.
//!
//! What a text asks for and nobody has said blocks the task and names the variable. That is decided by rendering,
//! not by comparing lists of names: a variable in a branch that is not taken blocks nothing. `if` may ask whether
//! something known is there; a name that nothing will ever fill blocks wherever it is met.

mod variables;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Object, Value};
use minijinja::{Environment, ErrorKind};

use super::template::{Bounded, OUTPUT_BYTES_MAX, TemplateMistake, environment};
use crate::book::Timestamp;
use crate::text::lang::Lang;

pub use variables::{Given, NAMES_SHOWN, Variables, weekday};

/// Compiled texts that are kept; beyond, all are compiled anew as they are shown.
const CACHED_MAX: usize = 2_000;

crate::words! {
    /// Why a text cannot be shown.
    pub enum BlockWords {
        Unknown { variable } => ["没有变量 {variable}", "沒有變數 {variable}", "there is no variable {variable}"],
        Empty { variable } => ["{variable} 是空的", "{variable} 是空的", "{variable} is empty"],
        Unasked { variable } => ["{variable} 还没有填", "{variable} 還沒有填", "{variable} has not been answered yet"],
        TooMuch => ["模板太费时，已停下", "範本太費時，已停下", "the template does too much and was stopped"],
        TooLong { limit } => [
            "文字超过 {limit} 字节", "文字超過 {limit} 位元組", "the text is longer than {limit} bytes"],
        Nothing => ["文字是空的", "文字是空的", "the text is empty"],
        Wrong { detail } => ["模板有误：{detail}", "範本有誤：{detail}", "the template is wrong: {detail}"],
    }
}

/// Why a text cannot be shown, and which variable is to blame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.show(Lang::default()))]
pub struct RenderBlock {
    /// The variable as the text spells it; none where the template itself is at fault.
    pub variable: Option<String>,
    words: BlockWords,
    detail: String,
}

impl RenderBlock {
    fn of_variable(variable: &str, words: BlockWords) -> Self {
        Self { variable: Some(variable.to_owned()), words, detail: String::new() }
    }

    fn of_template(words: BlockWords, detail: String) -> Self {
        Self { variable: None, words, detail }
    }

    /// A text whose includes cannot be put in; the sentence is in the language of whoever asked.
    pub fn of_include(detail: String) -> Self {
        Self::of_template(BlockWords::Wrong, detail)
    }

    /// What kind of block it is.
    pub const fn kind(&self) -> BlockWords {
        self.words
    }

    /// The sentence.
    pub fn show(&self, lang: Lang) -> String {
        let variable = self.variable.as_deref().unwrap_or_default();
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("variable", &variable), ("limit", &OUTPUT_BYTES_MAX), ("detail", &self.detail)];
        self.words.fill(lang, &values)
    }
}

/// Renders texts and keeps them compiled.
pub struct Renderer {
    environment: Environment<'static>,
    /// Text to template name.
    names: HashMap<String, String>,
}

impl Default for Renderer {
    fn default() -> Self {
        Self { environment: environment(), names: HashMap::new() }
    }
}

impl Renderer {
    /// Renders a text.
    ///
    /// # Errors
    ///
    /// When a variable is unknown, empty or unasked where the text uses it, when the template is not whole, does
    /// too much or says too much, and when nothing but blanks comes out.
    pub fn render(&mut self, template: &str, variables: &Variables) -> Result<String, RenderBlock> {
        let wrong = |error: &minijinja::Error| RenderBlock::of_template(BlockWords::Wrong, error.to_string());
        let name = self.compiled(template)?;
        let template = self.environment.get_template(&name).map_err(|error| wrong(&error))?;
        let watched =
            Arc::new(Watched { variables: variables.clone(), missed: Mutex::new(Missed::default()) });
        let context = Value::from_dyn_object(Arc::clone(&watched));
        let mut out = Bounded::default();
        let result = template.render_captured_to(context, &mut out).map(|_| ());
        let missed = watched.missed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(unknown) = missed.unknown {
            return Err(RenderBlock::of_variable(&unknown, BlockWords::Unknown));
        }
        match result {
            Ok(()) => {}
            Err(error) => return Err(blame(&error, missed.last)),
        }
        let text = String::from_utf8_lossy(&out.bytes).into_owned();
        if text.trim().is_empty() {
            return Err(RenderBlock::of_template(BlockWords::Nothing, String::new()));
        }
        Ok(text)
    }

    /// The name under which a text is compiled; it is checked the first time only.
    fn compiled(&mut self, template: &str) -> Result<String, RenderBlock> {
        if let Some(name) = self.names.get(template) {
            return Ok(name.clone());
        }
        super::template::check(template).map_err(|mistake| {
            let detail = match mistake {
                TemplateMistake::NotYet(word) => word,
                TemplateMistake::Wrong([detail, ..]) => detail,
            };
            RenderBlock::of_template(BlockWords::Wrong, detail)
        })?;
        if self.names.len() >= CACHED_MAX {
            self.environment.clear_templates();
            self.names.clear();
        }
        let name = format!("t{}", self.names.len());
        self.environment
            .add_template_owned(name.clone(), template.to_owned())
            .map_err(|error| RenderBlock::of_template(BlockWords::Wrong, error.to_string()))?;
        self.names.insert(template.to_owned(), name.clone());
        Ok(name)
    }
}

/// Renders a text once, without keeping it compiled.
///
/// # Errors
///
/// As [`Renderer::render`].
pub fn render(template: &str, variables: &Variables) -> Result<String, RenderBlock> {
    Renderer::default().render(template, variables)
}

/// Finds what an error of the engine is about.
fn blame(error: &minijinja::Error, last: Option<(String, BlockWords)>) -> RenderBlock {
    match (error.kind(), last) {
        (ErrorKind::OutOfFuel, _) => RenderBlock::of_template(BlockWords::TooMuch, String::new()),
        (ErrorKind::WriteFailure, _) => RenderBlock::of_template(BlockWords::TooLong, String::new()),
        (ErrorKind::UndefinedError, Some((variable, words))) => RenderBlock::of_variable(&variable, words),
        (_, _) => RenderBlock::of_template(BlockWords::Wrong, error.to_string()),
    }
}

/// What a rendering asked for and did not get.
#[derive(Clone, Debug, Default)]
struct Missed {
    /// The first name that nothing will ever fill.
    unknown: Option<String>,
    /// The last known name without a value: what an error right after is about.
    last: Option<(String, BlockWords)>,
}

/// Variables that remember what they were asked for in vain.
#[derive(Debug)]
struct Watched {
    variables: Variables,
    missed: Mutex<Missed>,
}

impl Object for Watched {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let mut missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        match self.variables.get(key) {
            Some(Given::Text(text)) => Some(Value::from(text.as_str())),
            Some(Given::Number(number)) => Some(Value::from(*number)),
            Some(Given::Names(names)) => Some(variables::names_value(names)),
            Some(Given::Empty) => {
                missed.last = Some((key.to_owned(), BlockWords::Empty));
                None
            }
            Some(Given::Unasked) => {
                missed.last = Some((key.to_owned(), BlockWords::Unasked));
                None
            }
            None => {
                missed.unknown.get_or_insert_with(|| key.to_owned());
                None
            }
        }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }
}

/// Chooses among `n` wordings the one that the target has not had for longest: one never had before one had, an
/// older use before a newer, the lower number among equals. `history` is (variant, when it was sent).
pub fn pick_variant(history: &[(u16, Timestamp)], n: u16) -> u16 {
    (0..n)
        .min_by_key(|variant| {
            let last = history.iter().filter(|(had, _)| had == variant).map(|(_, when)| *when).max();
            (last, *variant)
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lang::faults;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn variables() -> Variables {
        let mut variables = Variables::default();
        variables.set("name", "小雨妈妈");
        variables.set("last_product", "");
        variables.set("商品", "山东红富士 5 斤 39.9\n本地草莓 2 盒 25");
        variables.set_names("members", (1..=12).map(|n| format!("客{n}")).collect());
        variables.set_names("未提货", vec!["张姐".to_owned(), "老王".to_owned()]);
        variables.set_unasked("到货");
        variables.set_day(3, NaiveDate::from_ymd_opt(2026, 11, 22).unwrap());
        variables
    }

    fn check(template: &str, expected: Result<&str, (Option<&str>, BlockWords)>) {
        let found = render(template, &variables());
        let found = found.as_deref().map_err(|block| (block.variable.as_deref(), block.kind()));
        assert_eq!(found, expected, "{template}");
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(faults::<BlockWords>(), Vec::<String>::new());
    }

    #[test]
    fn texts_are_filled_exactly() {
        check("{{ name }}，在吗？", Ok("小雨妈妈，在吗？"));
        check("今日开团\n{{ 商品 }}", Ok("今日开团\n山东红富士 5 斤 39.9\n本地草莓 2 盒 25"));
        check("欢迎 {{ members }}", Ok("欢迎 客1、客2、客3 等 12 位"));
        check("{{ 未提货 }} 还没提", Ok("张姐、老王 还没提"));
        check("{% for m in 未提货 %}@{{ m }} {% endfor %}", Ok("@张姐 @老王 "));
        check("共 {{ members | length }} 位", Ok("共 12 位"));
        check("第 {{ day }} 天 {{ date }} {{ weekday }}", Ok("第 3 天 11月22日 周日"));
        check("<b>{{ name }}</b> & 50%", Ok("<b>小雨妈妈</b> & 50%"));
        check("{% if last_product %}上次的{{ last_product }}{% else %}您好{% endif %}", Ok("您好"));
        check("{{ last_product | default('东西') }}用完了吗", Ok("东西用完了吗"));
    }

    #[test]
    fn what_is_missing_blocks_and_is_named() {
        check("{{ nmae }}", Err((Some("nmae"), BlockWords::Unknown)));
        check("{% if nmae %}a{% endif %}b", Err((Some("nmae"), BlockWords::Unknown)));
        check("{{ name }} {{ last_product }}", Err((Some("last_product"), BlockWords::Empty)));
        check("{{ 到货 }}", Err((Some("到货"), BlockWords::Unasked)));
        check("{% for x in 到货 %}{{ x }}{% endfor %}", Err((Some("到货"), BlockWords::Unasked)));
        check("{% if last_product %}{{ 到货 }}{% endif %}好", Ok("好"));
        check("{{ name.那个 }}", Err((None, BlockWords::Wrong)));
        check("{% if last_product %}a{% endif %}  ", Err((None, BlockWords::Nothing)));
        let block = render("{{ 到货 }}", &variables()).unwrap_err();
        assert_eq!(block.show(Lang::ZhCn), "到货 还没有填");
        assert_eq!(block.to_string(), "到货 还没有填");
    }

    #[test]
    fn what_runs_away_is_stopped_with_a_sentence() {
        let nested = "{% for a in members %}".repeat(8) + "x" + &"{% endfor %}".repeat(8);
        check(&nested, Err((None, BlockWords::TooMuch)));
        let long = "长".repeat(3_000);
        let loops =
            format!("{{% for a in members %}}{{% for b in members %}}{long}{{% endfor %}}{{% endfor %}}");
        check(&loops, Err((None, BlockWords::TooLong)));
        check("{{ 'a' * 100000000 }}", Err((None, BlockWords::Wrong)));
    }

    #[test]
    fn compiled_texts_are_kept_and_bounded() {
        let mut renderer = Renderer::default();
        for number in 0..CACHED_MAX + 5 {
            let text = renderer.render(&format!("{{{{ name }}}}{number}"), &variables());
            assert_eq!(text, Ok(format!("小雨妈妈{number}")));
        }
        assert!(renderer.names.len() <= CACHED_MAX);
        assert_eq!(renderer.render("{{ name }}1", &variables()).as_deref(), Ok("小雨妈妈1"));
    }

    #[test]
    fn variants_rotate() {
        let check = |history: &[(u16, i64)], n: u16, expected: u16| {
            let history: Vec<_> = history.iter().map(|(variant, at)| (*variant, Timestamp(*at))).collect();
            assert_eq!(pick_variant(&history, n), expected, "{history:?} of {n}");
        };
        check(&[], 3, 0);
        check(&[(0, 1)], 3, 1);
        check(&[(0, 1), (1, 2), (2, 3)], 3, 0);
        check(&[(0, 9), (1, 2), (2, 3), (1, 10)], 3, 2);
        check(&[(7, 1)], 1, 0);
        check(&[], 0, 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn no_template_panics(text in "([{}% a-z群|~*'\"0-9().\\[\\]-]|\\{\\{ |\\}\\}|\\{% for a in members %\\}|name){0,30}") {
            let _ = render(&text, &variables());
        }

        #[test]
        fn values_are_never_templates(value in "\\PC{1,20}") {
            let mut variables = Variables::default();
            variables.set("name", &value);
            if !value.trim().is_empty() {
                prop_assert_eq!(render("好{{ name }}", &variables), Ok(format!("好{value}")));
            }
        }
    }
}
