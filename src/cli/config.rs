//! `qun config` and `qun keys`: the user's own file, and which key does what by now.
//!
//! The file is read once, before anything else, because it may say in which language the rest is said.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use etcetera::BaseStrategy as _;
use serde_json::{Value, json};

use super::context::Context;
use super::error::{CliError, Kind};
use super::{json, out, table, view, views_file};
use crate::text::lang::Lang;
use crate::text::shell;
use crate::tui::config::problem::Wrong;
use crate::tui::config::{self, Config, Problem};
use crate::tui::keymap::{Binding, Bound, Context as Place};
use crate::tui::palette::{Palette, Palettes};
use crate::tui::registry::{Action, Section};

crate::words! {
    enum Words {
        Whole { path } => ["{path}: 没有错误", "{path}: 沒有錯誤", "{path}: no mistakes"],
        Usual { path, word } => [
            "{path} 还没有，一切照默认; qun config default > {word} 建一份",
            "{path} 還沒有，一切照預設; qun config default > {word} 建一份",
            "{path} is not there, everything is as usual; qun config default > {word} makes one",
        ],
        NoFile { path, word } => [
            "没有 {path}; qun config default > {word} 建一份", "沒有 {path}; qun config default > {word} 建一份",
            "there is no {path}; qun config default > {word} makes one",
        ],
        Error => ["错误", "錯誤", "error"],
        Warning => ["警告", "警告", "warning"],
        More { n } => ["还有 {n} 处, 见 qun config check", "還有 {n} 處, 見 qun config check", "{n} more, see qun config check"],
        NoHome => [
            "不知道设置放在哪里; 设 HOME 或 XDG_CONFIG_HOME", "不知道設定放在哪裡; 設 HOME 或 XDG_CONFIG_HOME",
            "there is no place for settings; set HOME or XDG_CONFIG_HOME",
        ],
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigVerb {
    /// Print a file with every setting, each switched off and explained
    Default,
    /// Say what is wrong in the file, and in the themes beside it
    Check {
        /// Another file than the usual one
        file: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Say where the file is, or would be
    Path,
}

/// The longest file that is read, in bytes.
const BYTES_MAX: u64 = 1 << 20;

/// What the user's files say, and what is wrong in which.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// None where the environment names no home.
    path: Option<PathBuf>,
    there: bool,
    pub config: Config,
    pub palettes: Palettes,
    problems: Vec<(PathBuf, Problem)>,
}

impl Loaded {
    /// What is wrong first of all, in one line; mistakes before warnings.
    pub(super) fn warning(&self, lang: Lang) -> Option<String> {
        let (path, problem) = self
            .problems
            .iter()
            .find(|(_, problem)| !problem.is_warning)
            .or_else(|| self.problems.first())?;
        let more = self.problems.len() - 1;
        let more =
            if more == 0 { String::new() } else { format!(" ({})", Words::More.fill(lang, &[("n", &more)])) };
        // where it is said by `config path`: a row of the screen is short
        let name = path.file_name().map_or(path.as_path(), Path::new);
        Some(format!("{}{more}", line(name, problem, lang)))
    }

    pub(super) fn has_errors(&self) -> bool {
        self.problems.iter().any(|(_, problem)| !problem.is_warning)
    }
}

/// `FILE:LINE:COLUMN: what is wrong`.
fn line(path: &Path, problem: &Problem, lang: Lang) -> String {
    format!("{}:{}:{}: {}", path.display(), problem.line, problem.column, problem.sentence(lang))
}

fn usual_path() -> Option<PathBuf> {
    Some(etcetera::base_strategy::Xdg::new().ok()?.config_dir().join("qun").join("config.toml"))
}

/// Reads the user's file and the themes beside it. Without them everything is as usual.
pub(super) fn load(named: Option<PathBuf>) -> Loaded {
    let Some(path) = named.or_else(usual_path) else { return Loaded::default() };
    load_from(path)
}

impl Loaded {
    /// Refuses a file that was named and is not there.
    pub(super) fn must_be_there(&self, lang: Lang) -> Result<(), CliError> {
        match &self.path {
            Some(path) if !self.there && self.problems.is_empty() => {
                Err(CliError::new(Kind::File, no_file(path, lang)))
            }
            _ => Ok(()),
        }
    }
}

/// A file that somebody named is not there.
fn no_file(path: &Path, lang: Lang) -> String {
    let path = path.display().to_string();
    Words::NoFile.fill(lang, &[("path", &path), ("word", &shell::quoted(&path))])
}

/// The usual file is not there, which is nothing wrong.
fn usual(path: &Path, lang: Lang) -> String {
    let path = path.display().to_string();
    Words::Usual.fill(lang, &[("path", &path), ("word", &shell::quoted(&path))])
}

fn load_from(path: PathBuf) -> Loaded {
    let mut loaded = Loaded::default();
    let themes = path.parent().map(|parent| parent.join("themes"));
    let mut palette_files = Vec::new();
    for file in themes.iter().flat_map(|themes| theme_files(themes)) {
        match read(&file) {
            Ok(Some(text)) => {
                let (mut palette, problems) = Palette::read(&text);
                // a file has a name already
                if palette.name.is_empty() {
                    palette.name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                }
                loaded.problems.extend(problems.into_iter().map(|problem| (file.clone(), problem)));
                loaded.palettes.own.push(palette);
                palette_files.push(file);
            }
            Ok(None) => {}
            Err(problem) => loaded.problems.push((file, problem)),
        }
    }
    for (place, problem) in loaded.palettes.faults() {
        // the palettes stand in the order of their files that could be read
        let file = palette_files.get(place).cloned().unwrap_or_else(|| path.clone());
        loaded.problems.push((file, problem));
    }
    match read(&path) {
        Ok(Some(text)) => {
            let (config, problems) = config::read(&text, &loaded.palettes.names());
            loaded.palettes.over.clone_from(&config.roles);
            loaded.config = config;
            loaded.there = true;
            loaded.problems.extend(problems.into_iter().map(|problem| (path.clone(), problem)));
        }
        Ok(None) => {}
        Err(problem) => loaded.problems.push((path.clone(), problem)),
    }
    loaded.path = Some(path);
    loaded
}

fn theme_files(themes: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(themes).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    files.sort();
    files
}

/// The text of a file; none where there is none.
fn read(path: &Path) -> Result<Option<String>, Problem> {
    let facts = match fs::metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Problem::unreadable(error)),
    };
    if !facts.is_file() || facts.len() > BYTES_MAX {
        return Err(Problem::unreadable(format!("> {BYTES_MAX} B")));
    }
    fs::read_to_string(path).map(Some).map_err(Problem::unreadable)
}

pub(super) fn run(context: &mut Context, verb: ConfigVerb) -> Result<ExitCode, CliError> {
    match verb {
        ConfigVerb::Default => {
            context.out.lines(&config::default_file(context.lang));
            Ok(ExitCode::SUCCESS)
        }
        ConfigVerb::Path => {
            let path = context.own.path.as_ref().ok_or_else(|| no_home(context.lang))?;
            let path = path.display().to_string();
            context.out.line(&path);
            Ok(ExitCode::SUCCESS)
        }
        ConfigVerb::Check { file, json } => check(context, file, json),
    }
}

fn no_home(lang: Lang) -> CliError {
    CliError::new(Kind::Config, Words::NoHome.text(lang))
}

fn check(context: &mut Context, file: Option<PathBuf>, as_json: bool) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let named = file.is_some();
    let loaded = match file {
        Some(file) => load_from(file),
        None => std::mem::take(&mut context.own),
    };
    let path = loaded.path.clone().ok_or_else(|| no_home(lang))?;
    let mut loaded = loaded;
    if let Some(problem) = unknown_view(context, &loaded.config)? {
        loaded.problems.push((path.clone(), problem));
    }
    if !named {
        let own = views_file::path()?;
        for mistake in views_file::load(lang)?.mistakes {
            let place = (mistake.line, mistake.column);
            let problem = Problem::at(place, Wrong::OwnView, vec![("words", mistake.words)]);
            loaded.problems.push((own.clone(), problem));
        }
    }
    if !loaded.there && loaded.problems.is_empty() {
        let words = if named { no_file(&path, lang) } else { usual(&path, lang) };
        if named {
            return Err(CliError::new(Kind::File, words));
        }
        if as_json {
            context.out.json(json::rows(&[]));
        } else {
            context.out.line(&words);
        }
        return Ok(ExitCode::SUCCESS);
    }
    if as_json {
        let row = |(path, problem): &(PathBuf, Problem)| {
            json!({
                "file": path.display().to_string(), "line": problem.line, "column": problem.column,
                "kind": if problem.is_warning { "warning" } else { "error" }, "words": problem.sentence(lang),
            })
        };
        context.out.json(json::rows(&loaded.problems.iter().map(row).collect::<Vec<_>>()));
    } else if loaded.problems.is_empty() {
        context.out.line(&Words::Whole.fill(lang, &[("path", &path.display())]));
    } else {
        for (path, problem) in &loaded.problems {
            let kind = if problem.is_warning { Words::Warning } else { Words::Error };
            let place = format!("{}:{}:{}", path.display(), problem.line, problem.column);
            context.out.line(&format!("{place}: {}: {}", kind.text(lang), problem.sentence(lang)));
        }
    }
    Ok(ExitCode::from(u8::from(loaded.has_errors())))
}

/// The view to begin with, where there is none of that name.
fn unknown_view(context: &Context, config: &Config) -> Result<Option<Problem>, CliError> {
    let (name, Some(place)) = (&config.view, config.view_at) else { return Ok(None) };
    let digit = name.parse::<u8>().is_ok_and(|digit| (1..=9).contains(&digit));
    if name.is_empty() || digit || view::builtin(name).is_some() {
        return Ok(None);
    }
    let all = view::all_known(context)?;
    if all.iter().any(|(_, view)| view.is_called(name)) {
        return Ok(None);
    }
    let names: Vec<&str> = all.iter().map(|(_, view)| view.name.as_str()).collect();
    let values = vec![("value", name.clone()), ("expected", names.join(" "))];
    Ok(Some(Problem::at(place, Wrong::NoView, values)))
}

/// Tells a mistake in the file to whoever runs a command that goes on without it.
pub(super) fn complain(loaded: &Loaded, lang: Lang) {
    if loaded.has_errors()
        && let Some(words) = loaded.warning(lang)
    {
        out::complain(&format!("qun: {words}"));
    }
}

/// `qun keys`: every action with the keys it has by now, and what else keys do.
pub(super) fn keys(context: &mut Context, as_json: bool) -> ExitCode {
    let lang = context.lang;
    let keymap = &context.own.config.keymap;
    let of = |bound: &Bound| -> Vec<&Binding> {
        keymap.bindings().iter().filter(|binding| binding.bound == *bound).collect()
    };
    // lines that keys type, and keys that are silenced in a pane
    let mut others: Vec<&Bound> = Vec::new();
    for bound in keymap.bindings().iter().map(|binding| &binding.bound) {
        if !matches!(bound, Bound::Act(_)) && !others.contains(&bound) {
            others.push(bound);
        }
    }
    if as_json {
        let key = |binding: &&Binding| json!({"context": binding.context.word(), "key": binding.shown()});
        let keys = |bound: &Bound| -> Value { of(bound).iter().map(key).collect() };
        let mut rows: Vec<Value> = Vec::new();
        for entry in Action::all() {
            rows.push(json!({
                "action": entry.id, "keys": keys(&Bound::Act(entry.action)), "verbs": entry.verbs,
                "section": entry.section.label(lang), "writes": entry.writes, "doc": entry.doc(lang),
            }));
        }
        for bound in others {
            rows.push(json!({
                "action": bound.written(), "keys": keys(bound), "verbs": [], "section": null,
                "writes": bound.entry().is_some_and(|entry| entry.writes), "doc": "",
            }));
        }
        context.out.json(json::rows(&rows));
        return ExitCode::SUCCESS;
    }
    let shown = |bound: &Bound| {
        let key = |binding: &&Binding| match binding.context {
            Place::Global => binding.shown(),
            place => format!("{}:{}", place.word(), binding.shown()),
        };
        of(bound).iter().map(key).collect::<Vec<_>>().join(" ")
    };
    let mut rows = Vec::new();
    for section in Section::ALL {
        for entry in Action::all().iter().filter(|entry| entry.section == section) {
            let verb = entry.verb(lang).map(|verb| format!(":{verb}")).unwrap_or_default();
            let keys = shown(&Bound::Act(entry.action));
            rows.push(vec![entry.id.to_owned(), keys, verb, entry.doc(lang).to_owned()]);
        }
    }
    for bound in others {
        rows.push(vec![bound.written(), shown(bound), String::new(), String::new()]);
    }
    for line in table::aligned(&rows) {
        context.out.line(&line);
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
    }

    #[test]
    fn themes_beside_the_file_are_read_and_named_when_wrong() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.toml");
        fs::create_dir(home.path().join("themes")).unwrap();
        fs::write(home.path().join("themes/ink.toml"), "[roles]\nhead = { fg = 'red' }\n").unwrap();
        fs::write(home.path().join("themes/bad.toml"), "[roles]\nhead = { fg = 'rde' }\n").unwrap();
        fs::write(&path, "theme = 'ink'\n[roles]\ndone = { fg = 'blue' }\n").unwrap();
        let loaded = load_from(path.clone());
        assert_eq!(loaded.config.theme, "ink");
        assert_eq!(loaded.palettes.over.len(), 1);
        let words = loaded.warning(Lang::En).unwrap();
        assert!(words.starts_with("bad.toml:2:15: ") && words.contains("rde"), "{words}");
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(load_from(path).has_errors());
    }
}
