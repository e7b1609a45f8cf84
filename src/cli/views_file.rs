//! `views.toml` in the user's configuration directory: the views that only this user has.
//!
//! Looks belong to the user, so the file goes with the user and not with a store. It is read strictly: a mistake names
//! its line and column, and nothing of the file is used. The program writes it whole when a view is saved.

use std::fs;
use std::path::PathBuf;

use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};

use super::error::{CliError, Kind};
use super::rules_file::replace;
use crate::book::View;
use crate::book::view::{Column, LIMIT_MAX, Listed, NAME_MAX, Sort, is_name};
use crate::door::form::Kind as Form;
use crate::door::views::{BuiltinView, named_filters};
use crate::query;
use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::text::place::line_and_column;

crate::words! {
    enum Words {
        Name { name, n } => [
            "“{name}”不能做视图的名称: 最多 {n} 个字，没有 @ # \" 和括号，不是数字，也不是自带视图的名称",
            "「{name}」不能做視圖的名稱: 最多 {n} 個字，沒有 @ # \" 和括號，不是數字，也不是自帶視圖的名稱",
            "\"{name}\" cannot be the name of a view: at most {n} characters, no @ # \" or parenthesis, no digit, and no view of the program",
        ],
        NotToml { why } => ["TOML 写法不对: {why}", "TOML 寫法不對: {why}", "TOML: {why}"],
        Twice { name } => ["“{name}”写了两次", "「{name}」寫了兩次", "\"{name}\" stands there twice"],
        Key => ["key 写 1 到 9", "key 寫 1 到 9", "key is a digit from 1 to 9"],
        Limit { n } => ["limit 写 1 到 {n}", "limit 寫 1 到 {n}", "limit is from 1 to {n}"],
        Filter { name, why } => ["视图“{name}”: {why}", "視圖「{name}」: {why}", "view \"{name}\": {why}"],
        Column { kind, column, columns } => [
            "{kind}没有“{column}”这一列: {columns}", "{kind}沒有「{column}」這一欄: {columns}",
            "{kind} rows have no column {column}: {columns}",
        ],
        NoSort { kind, sort, sorts } => [
            "{kind}不能按“{sort}”排: {sorts}", "{kind}不能按「{sort}」排: {sorts}",
            "{kind} rows have no order {sort}: {sorts}",
        ],
    }
}

/// The file as it must be; every other key is refused.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewsFile {
    #[serde(default)]
    view: Vec<toml::Spanned<ViewEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewEntry {
    name: String,
    #[serde(default = "tasks")]
    kind: Listed,
    #[serde(default)]
    filter: String,
    #[serde(default = "natural")]
    sort: Sort,
    #[serde(default)]
    columns: Vec<Column>,
    limit: Option<u32>,
    key: Option<u8>,
}

const fn tasks() -> Listed {
    Listed::Tasks
}

const fn natural() -> Sort {
    Sort::Natural
}

/// A mistake with the byte where it stands.
struct Mistake {
    at: usize,
    words: String,
}

/// Where the file is.
///
/// # Errors
/// When no home is known.
pub(super) fn path() -> Result<PathBuf, CliError> {
    let base = etcetera::base_strategy::Xdg::new()
        .map_err(|error| CliError::new(Kind::Config, error).hint("set HOME or XDG_CONFIG_HOME"))?;
    Ok(base.config_dir().join("qun").join("views.toml"))
}

/// What changes whenever the file is written: it is replaced whole.
pub(super) fn stamp() -> Option<(std::time::SystemTime, u64)> {
    let file = fs::metadata(path().ok()?).ok()?;
    Some((file.modified().ok()?, file.len()))
}

/// The user's own views; none where there is no file.
///
/// # Errors
/// A mistake in the file, with its line and column.
pub(super) fn load(lang: Lang) -> Result<Vec<View>, CliError> {
    let path = path()?;
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(CliError::new(Kind::File, format!("{}: {error}", path.display()))),
    };
    read(&text, lang).map_err(|mistake| {
        let (line, column) = line_and_column(&text, mistake.at);
        let words = format!("{}:{line}:{column}: {}", path.display(), mistake.words);
        CliError { line: Some(line), column: Some(column), ..CliError::new(Kind::Config, words) }
    })
}

fn read(text: &str, lang: Lang) -> Result<Vec<View>, Mistake> {
    let file: ViewsFile = toml::from_str(text).map_err(|error| Mistake {
        at: error.span().map_or(0, |span| span.start),
        words: Words::NotToml.fill(lang, &[("why", &crate::text::toml::sentence(error.message(), lang))]),
    })?;
    let mut views: Vec<View> = Vec::new();
    for entry in file.view {
        let at = entry.span().start;
        let ViewEntry { name, kind, filter, sort, columns, limit, key } = entry.into_inner();
        let view = View { name, kind, filter, sort, columns, limit, key };
        if let Some(words) = fault(&view, lang) {
            return Err(Mistake { at, words });
        }
        if views.iter().any(|other| other.is_called(&view.name)) {
            return Err(Mistake { at, words: Words::Twice.fill(lang, &[("name", &view.name)]) });
        }
        views.push(view);
    }
    Ok(views)
}

/// What is wrong with a view of the user's own. Views of the store that its filter speaks of are not looked up: it
/// is read without a desk.
pub(super) fn fault(view: &View, lang: Lang) -> Option<String> {
    let name = &view.name;
    let is_builtin =
        BuiltinView::ALL.iter().any(|own| own.spellings().iter().any(|word| fold(word) == fold(name)));
    if !is_name(name) || name.chars().count() > NAME_MAX || is_builtin {
        return Some(Words::Name.fill(lang, &[("name", name), ("n", &NAME_MAX)]));
    }
    if view.key.is_some_and(|key| !(1..=9).contains(&key)) {
        return Some(Words::Key.text(lang).to_owned());
    }
    if view.limit.is_some_and(|limit| !(1..=LIMIT_MAX).contains(&limit)) {
        return Some(Words::Limit.fill(lang, &[("n", &LIMIT_MAX)]));
    }
    let columns = view.kind.columns();
    if let Some(column) = view.columns.iter().find(|column| !columns.contains(column)) {
        let names: Vec<_> = columns.iter().map(|column| column.word()).collect();
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("kind", &view.kind.label(lang)), ("column", column), ("columns", &names.join(" "))];
        return Some(Words::Column.fill(lang, &values));
    }
    if !view.kind.sorts().contains(&view.sort) {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("kind", &view.kind.label(lang)), ("sort", &view.sort), ("sorts", &view.kind.sort_words())];
        return Some(Words::NoSort.fill(lang, &values));
    }
    let read = query::parse(&view.filter)
        .and_then(|query| query.with_known_views(&named_filters([view])).map(|_| ()));
    read.err().map(|error| {
        let why = error.message(lang);
        Words::Filter.fill(lang, &[("name", name), ("why", &why)])
    })
}

/// The file with these views in it.
fn written(views: &[View]) -> String {
    #[derive(Serialize)]
    struct File {
        view: Vec<toml::Table>,
    }
    // Strings, numbers and words: there is nothing that TOML cannot hold.
    let mut tables: Vec<toml::Table> =
        views.iter().filter_map(|view| toml::Table::try_from(view).ok()).collect();
    for table in &mut tables {
        // What says nothing is not written.
        table.retain(|_, value| value.as_array().is_none_or(|array| !array.is_empty()));
    }
    toml::to_string(&File { view: tables }).unwrap_or_default()
}

/// Writes the user's own views.
///
/// # Errors
/// The sentence says what the system refused.
pub(super) fn keep(views: &[View]) -> Result<(), String> {
    let path = path().map_err(|error| error.message)?;
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    replace(&path, &written(views)).map_err(failed)
}

/// A filter as it is sent: the user's own views in their place, as the desk knows only the store's.
///
/// # Errors
/// A mistake in the file of views, a view of the user's that leads back to itself, or one of other rows that says nothing
/// of those asked for.
pub(super) fn sent(filter: &str, kind: Form, lang: Lang) -> Result<String, CliError> {
    if !filter.contains(['@', '＠']) {
        return Ok(filter.to_owned());
    }
    let own = load(lang)?;
    let Ok(query) = query::parse(filter) else { return Ok(filter.to_owned()) };
    let speaks = query.views().any(|name| own.iter().any(|view| view.is_called(name)));
    if !speaks {
        return Ok(filter.to_owned());
    }
    let mut known = query::NamedFilters::default();
    for view in &own {
        known.put(&view.name, view.kind, &view.filter);
    }
    let rows = super::query::rows_of(kind);
    let whole = query
        .with_known_views(&known)
        .and_then(|query| rows.map_or(Ok(()), |rows| query.check_views_for(rows)).map(|()| query));
    let query = whole.map_err(|error| {
        let column = u32::try_from(error.column).ok();
        CliError { column, ..CliError::new(Kind::Usage, error.message(lang)) }
    })?;
    Ok(query.to_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let views = vec![
            View {
                filter: "spent>=500 -#勿扰 @\"要 做\"".to_owned(),
                sort: Sort::Spent,
                columns: vec![Column::Name, Column::Spent],
                limit: Some(50),
                key: Some(5),
                ..View::new("大客户", Listed::Members)
            },
            View::new("全部 待办", Listed::Tasks),
        ];
        assert_eq!(read(&written(&views), Lang::En).ok(), Some(views));
        assert_eq!(read(&written(&[]), Lang::En).ok(), Some(Vec::new()));
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
    }

    #[test]
    fn mistakes_have_a_place() {
        let check = |text: &str, at: usize, part: &str| match read(text, Lang::En) {
            Err(mistake) => {
                assert_eq!(mistake.at, at, "{text}: {}", mistake.words);
                assert!(mistake.words.contains(part), "{text}: {}", mistake.words);
            }
            Ok(views) => panic!("{text}: {views:?}"),
        };
        check("[[view]]\nname = \"a\"\nfitler = \"x\"\n", 20, "fitler");
        check("[[view]]\nname = \"今日\"\n", 0, "cannot be the name");
        check("[[view]]\nname = \"a\"\n[[view]]\nname = \"Ａ\"\n", 20, "twice");
        check("[[view]]\nname = \"a\"\nkey = 10\n", 0, "1 to 9");
        check("[[view]]\nname = \"a\"\nfilter = \"stauts:due\"\n", 0, "stauts");
        check("[[view]]\nname = \"a\"\nfilter = \"x @a\"\n", 0, "back to itself");
        check("[[view]]\nname = \"a\"\ncolumns = [\"spent\"]\n", 0, "no column spent");
        check("[[view]]\nname = \"a\"\nsort = \"up\"\n", 27, "up");
        check("[[view]]\nname = \"a\"\nsort = \"spent\"\n", 0, "natural due name account recent");
    }
}
