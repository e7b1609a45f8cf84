//! `qun doctor`: what is wrong with the store, the desk and the terminal, and one command for each.
//!
//! Nothing is changed. The exit code is 1 where something is bad.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind};
use super::words::Words as CliWords;
use super::{json, out, reach, table};
use crate::store::doctor::{self, Check, Holder, State};
use crate::text::lang::Lang;

/// The smallest screen on which no pane is lost.
const SCREEN: (u16, u16) = (80, 24);

crate::words! {
    enum Words {
        Rules => ["规则文件没有错误", "規則檔案沒有錯誤", "the file of rules is whole"],
        NoRules => ["没有规则文件，用已应用的规则", "沒有規則檔案，用已套用的規則", "there is no file of rules; those applied hold"],
        RulesWrong { mistake } => [
            "规则文件没有应用: {mistake}", "規則檔案沒有套用: {mistake}", "the file of rules is not applied: {mistake}",
        ],
        Answers => ["值守进程有应答", "值守程序有回應", "the desk answers"],
        NoDesk => ["没有值守进程，命令自己打开数据", "沒有值守程序，命令自己開啟資料", "no desk runs; commands open the store themselves"],
        Silent { error } => ["值守进程没有应答 {error}", "值守程序沒有回應 {error}", "the desk does not answer {error}"],
        NoTerminal => ["输出不是终端", "輸出不是終端機", "the output is no terminal"],
        Terminal { term, columns, rows } => [
            "终端 {term}, {columns}x{rows}", "終端機 {term}, {columns}x{rows}", "terminal {term}, {columns}x{rows}",
        ],
        Small { columns, rows } => [
            "终端只有 {columns}x{rows}, 建议至少 80x24", "終端機只有 {columns}x{rows}, 建議至少 80x24",
            "the terminal is {columns}x{rows}; at least 80x24 is better",
        ],
        Dumb { term } => ["TERM={term}, 画不了界面", "TERM={term}, 畫不了介面", "TERM={term} cannot show a screen"],
        TrueColour => ["24 位颜色", "24 位元顏色", "24 bit colour"],
        Colours => ["256 色", "256 色", "256 colours"],
        FewColours => ["颜色少，主题会简化", "顏色少，主題會簡化", "few colours; themes are simplified"],
        NoColour => ["NO_COLOR 已设置，不用颜色", "NO_COLOR 已設定，不用顏色", "NO_COLOR is set: no colours"],
        Utf8 { locale } => ["字符集 {locale}", "字元集 {locale}", "locale {locale}"],
        NotUtf8 { locale } => [
            "LANG={locale} 不是 UTF-8, 中文会乱", "LANG={locale} 不是 UTF-8, 中文會亂", "LANG={locale} is not UTF-8; Chinese may be garbled",
        ],
        Language { lang } => ["界面语言 {lang}", "介面語言 {lang}", "language {lang}"],
        Clipboard { route } => ["复制经由 {route}", "複製經由 {route}", "copies go by {route}"],
        Tmux => [
            "在 tmux 里复制需要 set-clipboard on", "在 tmux 裡複製需要 set-clipboard on", "copying inside tmux needs set-clipboard on",
        ],
        Screen => ["GNU screen 里复制可能到不了剪贴板，改用 tmux", "GNU screen 裡複製可能到不了剪貼簿，改用 tmux", "copies may not leave GNU screen; use tmux"],
    }
}

/// One line of the report.
struct Line {
    check: Check,
    state: State,
    words: String,
    fix: String,
}

impl Line {
    fn new(check: Check, state: State, words: String) -> Self {
        Self { check, state, words, fix: String::new() }
    }

    fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = fix.into();
        self
    }
}

pub(super) fn run(context: &mut Context, as_json: bool) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let scratch = Scratch::new()?;
    let (found, holder) = doctor::examine(context.store.path(), &scratch.0, lang);
    let mut lines: Vec<Line> = found
        .iter()
        .map(|finding| Line::new(finding.check, finding.state, finding.sentence(lang)).fix(&finding.fix))
        .collect();
    let is_whole = lines.iter().all(|line| line.state != State::Bad);
    lines.extend(rules_file(context, is_whole));
    lines.extend(backups(context));
    lines.push(desk(context, &holder));
    lines.push(hook(context));
    lines.extend(surroundings(lang, &|name| std::env::var(name).ok(), out::terminal_size(std::io::stdout())));
    let bad = lines.iter().any(|line| line.state == State::Bad);
    if as_json {
        let row = |line: &Line| json!({"check": line.check.word(), "state": line.state.word(), "words": line.words, "fix": line.fix});
        context.out.json(json::rows(&lines.iter().map(row).collect::<Vec<_>>()));
    } else {
        // Sentences and commands are read and copied whole: they are never cut, and a command has its own line.
        let cells = lines.iter().map(|line| {
            vec![line.state.label(lang).to_owned(), line.check.label(lang).to_owned(), line.words.clone()]
        });
        for (line, shown) in lines.iter().zip(table::aligned(&cells.collect::<Vec<_>>())) {
            context.out.line(&shown);
            if !line.fix.is_empty() {
                context.out.line(&format!("    $ {}", line.fix));
            }
        }
    }
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A directory for a copy of the index; it goes away with the command.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new() -> Result<Self, CliError> {
        use std::os::unix::fs::DirBuilderExt as _;
        let path = std::env::temp_dir().join(format!("qun-doctor-{}", std::process::id()));
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(|error| CliError::new(Kind::Config, format!("{}: {error}", path.display())))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays in a temporary directory is no fault of the store.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// How old the newest backup is; none where there is no store yet.
fn backups(context: &Context) -> Option<Line> {
    if !context.store.has_journal() {
        return None;
    }
    let (words, old) = super::backup::age(context);
    let line = Line::new(Check::Backup, if old { State::Warn } else { State::Ok }, words);
    Some(if old { line.fix("qun backup") } else { line })
}

/// The file of rules; none where there is no store yet. The views that it speaks of are looked up in a store that is whole.
fn rules_file(context: &Context, is_whole: bool) -> Option<Line> {
    let path = context.store.rules_file();
    if !context.store.has_journal() {
        return None;
    }
    let lang = context.lang;
    let Ok(text) = std::fs::read_to_string(&path) else {
        return Some(Line::new(Check::Rules, State::Ok, Words::NoRules.text(lang).to_owned()));
    };
    let views = if is_whole { super::sop::shared_views(context, &text).ok().flatten() } else { None };
    Some(match crate::queue::rules::read_with(&text, views.as_ref()) {
        Ok(_) => Line::new(Check::Rules, State::Ok, Words::Rules.text(lang).to_owned()),
        Err(problem) => {
            let words = Words::RulesWrong
                .fill(lang, &[("mistake", &super::rules::mistake(Path::new("rules.toml"), &problem, lang))]);
            Line::new(Check::Rules, State::Bad, words).fix("qun rules check")
        }
    })
}

fn desk(context: &Context, holder: &Holder) -> Line {
    let lang = context.lang;
    match reach::running(context) {
        Ok(Some(_)) => Line::new(Check::Desk, State::Ok, Words::Answers.text(lang).to_owned()),
        Ok(None) if !holder.held => Line::new(Check::Desk, State::Ok, Words::NoDesk.text(lang).to_owned()),
        other => {
            let error = other.err().map(|error| error.message).unwrap_or_default();
            let path = context.store.lock_file();
            let fix = holder
                .pid
                .map_or_else(|| format!("fuser -v '{}'", path.display()), |pid| format!("kill {pid}"));
            Line::new(Check::Desk, State::Bad, Words::Silent.fill(lang, &[("error", &error)])).fix(fix)
        }
    }
}

/// The program that is told of what falls due.
fn hook(context: &Context) -> Line {
    let lang = context.lang;
    match super::serve::hook(&context.store) {
        Ok(argv) => {
            let words = if argv.is_empty() { CliWords::NoHook } else { CliWords::HookFine };
            Line::new(Check::Hook, State::Ok, words.text(lang).to_owned())
        }
        Err(why) => {
            let words = CliWords::HookWrong.fill(lang, &[("why", &why)]);
            let file = context.store.rules_file();
            Line::new(Check::Hook, State::Bad, words).fix(format!("${{EDITOR:-vi}} '{}'", file.display()))
        }
    }
}

/// What a terminal should call itself that does not say what it can do.
pub(super) const USE_TERM: &str = "export TERM=xterm-256color";

/// Whether a terminal says of itself that nothing can be drawn on it.
pub(super) fn is_dumb(term: &str) -> bool {
    term.is_empty() || term == "dumb"
}

/// That nothing can be drawn on it.
pub(super) fn dumb_words(term: &str, lang: Lang) -> String {
    Words::Dumb.fill(lang, &[("term", &term)])
}

/// Terminal, colours, locale, language and clipboard, from the environment.
fn surroundings(
    lang: Lang,
    variable: &dyn Fn(&str) -> Option<String>,
    size: Option<(u16, u16)>,
) -> Vec<Line> {
    let get = |name: &str| variable(name).filter(|value| !value.is_empty());
    let term = get("TERM").unwrap_or_default();
    let mut lines = Vec::new();
    lines.push(match size {
        None => Line::new(Check::Terminal, State::Ok, Words::NoTerminal.text(lang).to_owned()),
        Some(_) if is_dumb(&term) => {
            Line::new(Check::Terminal, State::Bad, dumb_words(&term, lang)).fix(USE_TERM)
        }
        Some((columns, rows)) if columns < SCREEN.0 || rows < SCREEN.1 => {
            let words = Words::Small.fill(lang, &[("columns", &columns), ("rows", &rows)]);
            Line::new(Check::Terminal, State::Warn, words).fix("printf '\\033[8;30;100t'")
        }
        Some((columns, rows)) => {
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("term", &term), ("columns", &columns), ("rows", &rows)];
            Line::new(Check::Terminal, State::Ok, Words::Terminal.fill(lang, &values))
        }
    });
    let true_colour = get("COLORTERM").is_some_and(|value| value == "truecolor" || value == "24bit");
    let (state, words) = if variable("NO_COLOR").is_some() {
        (State::Ok, Words::NoColour)
    } else if true_colour {
        (State::Ok, Words::TrueColour)
    } else if term.contains("256color") || size.is_none() {
        (State::Ok, Words::Colours)
    } else {
        (State::Warn, Words::FewColours)
    };
    let colours = Line::new(Check::Colours, state, words.text(lang).to_owned());
    lines.push(if state == State::Ok { colours } else { colours.fix("export TERM=xterm-256color") });
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| get(name)).unwrap_or_else(|| "C".to_owned());
    let folded = locale.to_ascii_lowercase();
    lines.push(if folded.contains("utf-8") || folded.contains("utf8") {
        Line::new(Check::Locale, State::Ok, Words::Utf8.fill(lang, &[("locale", &locale)]))
    } else {
        let words = Words::NotUtf8.fill(lang, &[("locale", &locale)]);
        Line::new(Check::Locale, State::Warn, words).fix("export LANG=C.UTF-8")
    });
    lines.push(Line::new(Check::Language, State::Ok, Words::Language.fill(lang, &[("lang", &lang)])));
    lines.push(clipboard(lang, &get, &term));
    lines
}

/// The way a copied text takes to the clipboard.
fn clipboard(lang: Lang, get: &dyn Fn(&str) -> Option<String>, term: &str) -> Line {
    if get("TMUX").is_some() {
        let words = Words::Tmux.text(lang).to_owned();
        return Line::new(Check::Clipboard, State::Warn, words).fix("tmux set -g set-clipboard on");
    }
    if get("STY").is_some() || term.starts_with("screen") {
        return Line::new(Check::Clipboard, State::Warn, Words::Screen.text(lang).to_owned()).fix("tmux");
    }
    let route = match (get("SSH_TTY"), get("WAYLAND_DISPLAY"), get("DISPLAY")) {
        (Some(_), _, _) => "OSC 52 (SSH)",
        (None, Some(_), _) => "OSC 52 (Wayland)",
        (None, None, Some(_)) => "OSC 52 (X11)",
        (None, None, None) => "OSC 52",
    };
    Line::new(Check::Clipboard, State::Ok, Words::Clipboard.fill(lang, &[("route", &route)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)], size: Option<(u16, u16)>, expected: &[(Check, State)]) {
        let get =
            |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        let lines = surroundings(Lang::ZhCn, &get, size);
        assert_eq!(lines.len(), 5);
        let wrong: Vec<_> = lines
            .iter()
            .filter(|line| line.state != State::Ok)
            .map(|line| (line.check, line.state))
            .collect();
        assert_eq!(wrong, expected);
        assert!(lines.iter().all(|line| (line.state == State::Ok) == line.fix.is_empty()));
    }

    #[test]
    fn surroundings_are_judged() {
        let good = [("TERM", "xterm-256color"), ("LANG", "zh_CN.UTF-8")];
        check(&good, Some((120, 40)), &[]);
        check(&good, Some((60, 20)), &[(Check::Terminal, State::Warn)]);
        check(&good, None, &[]);
        check(
            &[("TERM", "dumb"), ("LANG", "C")],
            Some((80, 24)),
            &[(Check::Terminal, State::Bad), (Check::Colours, State::Warn), (Check::Locale, State::Warn)],
        );
        let tmux =
            [("TERM", "tmux-256color"), ("LC_ALL", "C.utf8"), ("TMUX", "/tmp/x"), ("COLORTERM", "truecolor")];
        check(&tmux, Some((80, 24)), &[(Check::Clipboard, State::Warn)]);
    }

    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
    }
}
