//! `views.toml` in the user's configuration directory: the views that only this user has.
//!
//! Looks belong to the user, so the file goes with the user and not with a store. Each view is read strictly: a mistake
//! names its line and column, and the views without one are used. The program writes the file whole when a view is saved,
//! so nothing is written while there is a mistake: it would be lost with what somebody wrote.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::error::{CliError, Kind};
use super::out;
use super::rules_file::replace;
use crate::book::View;
use crate::book::view::{Column, LIMIT_MAX, Listed, Sort};
use crate::door::form::Kind as Form;
use crate::door::views::{name_fault, named_filters};
use crate::query;
use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::text::place::line_and_column;

crate::words! {
    enum Words {
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
    #[serde(default, rename = "view")]
    _view: Vec<serde::de::IgnoredAny>,
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

/// What the file says, and what is wrong in it.
#[derive(Default)]
pub(super) struct OwnViews {
    pub views: Vec<View>,
    pub mistakes: Vec<Mistake>,
}

/// A mistake in the file, with its place.
#[derive(Clone, Debug)]
pub(super) struct Mistake {
    pub line: u32,
    pub column: u32,
    pub words: String,
    /// The view that is not used for it; none where none of the file is.
    name: Option<String>,
}

impl Mistake {
    fn new(text: &str, at: usize, name: Option<&str>, words: String) -> Self {
        let (line, column) = line_and_column(text, at);
        Self { line, column, words, name: name.map(str::to_owned) }
    }

    /// `FILE:LINE:COLUMN: what is wrong`.
    pub(super) fn line_in(&self, file: &str) -> String {
        format!("{file}:{}:{}: {}", self.line, self.column, self.words)
    }

    fn error(&self, path: &Path) -> CliError {
        let words = self.line_in(&path.display().to_string());
        CliError { line: Some(self.line), column: Some(self.column), ..CliError::new(Kind::Config, words) }
    }
}

/// What is wrong with a view: the key that it stands behind, and in which character of the value.
pub(super) struct Fault {
    key: &'static str,
    within: usize,
    pub words: String,
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
/// No home is known.
pub(super) fn load(lang: Lang) -> Result<OwnViews, CliError> {
    let path = path()?;
    Ok(match fs::read_to_string(&path) {
        Ok(text) => read(&text, lang),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => OwnViews::default(),
        Err(error) => {
            OwnViews { views: Vec::new(), mistakes: vec![Mistake::new("", 0, None, error.to_string())] }
        }
    })
}

/// The user's own views, all of them, as they are to be written again.
///
/// # Errors
/// The first mistake in the file, with its line and column.
pub(super) fn whole(lang: Lang) -> Result<Vec<View>, CliError> {
    let own = load(lang)?;
    let path = path()?;
    own.mistakes.first().map_or(Ok(own.views), |mistake| Err(mistake.error(&path)))
}

impl OwnViews {
    /// Says what is wrong in the file.
    pub(super) fn complain(&self) -> Result<(), CliError> {
        let path = path()?.display().to_string();
        self.mistakes.iter().for_each(|mistake| out::complain(&mistake.line_in(&path)));
        Ok(())
    }

    /// Refuses names of views that are not used.
    ///
    /// # Errors
    /// The mistake in the view.
    pub(super) fn check<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> Result<(), CliError> {
        let lost = |name: &str| {
            let is_its =
                |mistake: &&Mistake| mistake.name.as_deref().is_some_and(|of| fold(of) == fold(name));
            let used = self.views.iter().any(|view| view.is_called(name));
            self.mistakes.iter().find(is_its).filter(|_| !used)
        };
        let Some(mistake) = names.find_map(lost) else { return Ok(()) };
        Err(mistake.error(&path()?))
    }

    /// As [`Self::check`], before it is said that there is no such view: where none of the file is used it may be there.
    pub(super) fn check_unknown<'n>(&self, names: impl Iterator<Item = &'n str>) -> Result<(), CliError> {
        self.check(names)?;
        if self.mistakes.iter().any(|mistake| mistake.name.is_none()) { self.complain() } else { Ok(()) }
    }
}

fn read(text: &str, lang: Lang) -> OwnViews {
    let mut own = OwnViews::default();
    let no_toml = |error: &toml::de::Error, name: Option<&str>| {
        let why = crate::text::toml::sentence(error.message(), lang);
        let at = error.span().map_or(0, |span| span.start);
        Mistake::new(text, at, name, Words::NotToml.fill(lang, &[("why", &why)]))
    };
    let entries = DeTable::parse(text).and_then(|table| {
        ViewsFile::deserialize(toml::Deserializer::from(table.clone()))?;
        Ok(table.into_inner().remove("view").map(toml::Spanned::into_inner))
    });
    let entries = match entries {
        Ok(Some(DeValue::Array(entries))) => entries,
        Ok(_) => return own,
        Err(error) => {
            own.mistakes.push(no_toml(&error, None));
            return own;
        }
    };
    for entry in entries {
        let start = entry.span().start;
        let table = entry.get_ref().as_table();
        let named = table.and_then(|table| table.get("name")?.get_ref().as_str()).map(str::to_owned);
        let places: Vec<(String, usize)> = table
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.get_ref().to_string(), value.span().start))
            .collect();
        let place = |key: &str| places.iter().find(|(of, _)| of == key).map_or(start, |(_, at)| *at);
        let ViewEntry { name, kind, filter, sort, columns, limit, key } =
            match ViewEntry::deserialize(ValueDeserializer::from(entry)) {
                Ok(entry) => entry,
                Err(error) => {
                    own.mistakes.push(no_toml(&error, Some(named.as_deref().unwrap_or_default())));
                    continue;
                }
            };
        let view = View { name, kind, filter, sort, columns, limit, key };
        if let Some(Fault { key, within, words }) = fault(&view, lang) {
            let mut mistake = Mistake::new(text, place(key), Some(&view.name), words);
            mistake.column = mistake.column.saturating_add(u32::try_from(within).unwrap_or(u32::MAX));
            own.mistakes.push(mistake);
        } else if own.views.iter().any(|other| other.is_called(&view.name)) {
            let words = Words::Twice.fill(lang, &[("name", &view.name)]);
            own.mistakes.push(Mistake::new(text, place("name"), Some(&view.name), words));
        } else {
            own.views.push(view);
        }
    }
    own
}

/// What is wrong with a view of the user's own. Views of the store that its filter speaks of are not looked up: it
/// is read without a desk.
pub(super) fn fault(view: &View, lang: Lang) -> Option<Fault> {
    let fault = |key, words| Some(Fault { key, within: 0, words });
    if let Some(words) = name_fault(&view.name, lang) {
        return fault("name", words);
    }
    if view.key.is_some_and(|key| !(1..=9).contains(&key)) {
        return fault("key", Words::Key.text(lang).to_owned());
    }
    if view.limit.is_some_and(|limit| !(1..=LIMIT_MAX).contains(&limit)) {
        return fault("limit", Words::Limit.fill(lang, &[("n", &LIMIT_MAX)]));
    }
    let columns = view.kind.columns();
    if let Some(column) = view.columns.iter().find(|column| !columns.contains(column)) {
        let names: Vec<_> = columns.iter().map(|column| column.word()).collect();
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("kind", &view.kind.label(lang)), ("column", column), ("columns", &names.join(" "))];
        return fault("columns", Words::Column.fill(lang, &values));
    }
    if !view.kind.sorts().contains(&view.sort) {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("kind", &view.kind.label(lang)), ("sort", &view.sort), ("sorts", &view.kind.sort_words())];
        return fault("sort", Words::NoSort.fill(lang, &values));
    }
    let read = query::parse(&view.filter)
        .and_then(|query| query.with_known_views(&named_filters([view])).map(|_| ()));
    let error = read.err()?;
    let words = Words::Filter.fill(lang, &[("name", &view.name), ("why", &error.message(lang))]);
    // behind the quotation mark
    Some(Fault { key: "filter", within: error.column, words })
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
/// The sentence says what the system refused, or what is wrong in the file that would be lost.
pub(super) fn keep(views: &[View], lang: Lang) -> Result<(), String> {
    let path = path().map_err(|error| error.message)?;
    whole(lang).map_err(|error| error.message)?;
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
    let Ok(query) = query::parse(filter) else { return Ok(filter.to_owned()) };
    let own = load(lang)?;
    own.check(query.views())?;
    let own = own.views;
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
        assert_eq!(read(&written(&views), Lang::En).views, views);
        assert!(read(&written(&[]), Lang::En).mistakes.is_empty());
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
    }

    #[test]
    fn mistakes_have_a_place_and_the_others_are_used() {
        let check = |text: &str, place: (u32, u32), part: &str| {
            let text = format!("[[view]]\nname = \"good\"\n{text}[[view]]\nname = \"fine\"\n");
            let own = read(&text, Lang::En);
            let names: Vec<_> = own.views.iter().map(|view| view.name.as_str()).collect();
            assert_eq!((names.first(), names.last()), (Some(&"good"), Some(&"fine")), "{text}");
            let [mistake] = own.mistakes.as_slice() else { panic!("{text}: {:?}", own.mistakes) };
            assert_eq!((mistake.line, mistake.column), place, "{text}: {}", mistake.words);
            assert!(mistake.words.contains(part), "{text}: {}", mistake.words);
        };
        check("[[view]]\nname = \"a\"\nfitler = \"x\"\n", (5, 1), "fitler");
        check("[[view]]\nname = \"今日\"\n", (4, 8), "comes with the program");
        check("[[view]]\nname = \"a\"\n[[view]]\nname = \"Ａ\"\n", (6, 8), "twice");
        check("[[view]]\nname = \"a\"\nkey = 10\n", (5, 7), "1 to 9");
        check("[[view]]\nname = \"a\"\nfilter = \"stauts:due\"\n", (5, 11), "stauts");
        check("[[view]]\nname = \"a\"\nfilter = \"#大客 stauts:due\"\n", (5, 15), "stauts");
        check("[[view]]\nname = \"a\"\nfilter = \"x @a\"\n", (5, 13), "back to itself");
        check("[[view]]\nname = \"a\"\ncolumns = [\"spent\"]\n", (5, 11), "no column spent");
        check("[[view]]\nname = \"a\"\nsort = \"up\"\n", (5, 8), "up");
        check("[[view]]\nname = \"a\"\nsort = \"spent\"\n", (5, 8), "natural due name account recent");
    }

    #[test]
    fn of_a_file_that_is_no_list_of_views_nothing_is_used() {
        for text in ["[[view]]\nname = \"a\"\n[[view]\n", "[[view]]\nname = \"a\"\n[other]\n", "view = 1\n"] {
            let own = read(text, Lang::En);
            assert!(own.views.is_empty() && own.mistakes.len() == 1, "{text}: {:?}", own.mistakes);
        }
    }
}
