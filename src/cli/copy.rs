//! `qun copy`: the text of a task as `y` copies it, to stdout or to the clipboard; the desk is told.
//!
//! What a screen would not copy unasked is refused here too, and nothing is printed then.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind};
use super::session::{Session, unexpected};
use super::{json, out};
use crate::door::command::{Command, TaskVerb};
use crate::door::detail::{PartView, TaskText};
use crate::door::line::Doubt;
use crate::door::{RefusalKind, Reply, Request};
use crate::tui::clipboard::Clipboard;
use crate::tui::event::CopyReport;

crate::words! {
    enum Words {
        NoPart { n } => ["没有第 {n} 段", "沒有第 {n} 段", "there is no part {n}"],
        ByHand { show } => ["这一段没有可复制的: {show}", "這一段沒有可複製的: {show}", "nothing to copy in this part: {show}"],
        Asks => [
            "先回答这一步要查的事: qun do check-yes 或 check-no", "先回答這一步要查的事: qun do check-yes 或 check-no",
            "the step asks to check something first: qun do check-yes or check-no",
        ],
        Stranger { name } => [
            "{name} 还不是这个账号的好友，发不到; 确实要就加 --anyway", "{name} 還不是這個帳號的好友，發不到; 確實要就加 --anyway",
            "{name} is no friend of that account and would not get it; --anyway copies it all the same",
        ],
        Held { why } => [
            "先不发: {why}; 确实要就加 --anyway", "先不發: {why}; 確實要就加 --anyway",
            "not to be sent: {why}; --anyway copies it all the same",
        ],
        Look => ["看过了就 qun do acknowledge", "看過了就 qun do acknowledge", "once you have looked: qun do acknowledge"],
        ToTerminal => ["已发给终端; 粘贴为空就不用 --clipboard", "已發給終端機; 貼上為空就不用 --clipboard", "handed to the terminal; if nothing pastes, leave out --clipboard"],
        ToSystem => ["已复制", "已複製", "copied"],
        ToFile { path } => ["没有剪贴板，存到了 {path}", "沒有剪貼簿，存到了 {path}", "there is no clipboard; it is in {path}"],
    }
}

#[derive(Debug, Args)]
pub(super) struct CopyArgs {
    /// An id of a task, or its last characters
    id: String,
    /// Which part, from 1; the one at hand if left out
    #[arg(long, value_name = "N")]
    part: Option<usize>,
    /// Also what is held, and where the target is no friend of the account
    #[arg(long)]
    anyway: bool,
    /// To the clipboard of this terminal instead of stdout
    #[arg(long)]
    clipboard: bool,
    #[arg(long)]
    pub json: bool,
}

pub(super) fn run(context: &mut Context, args: &CopyArgs) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let mut session = Session::open(context)?;
    let task = session.task(&args.id)?;
    let detail = match session.ask(Request::Task(task))? {
        Reply::Task(detail) => detail,
        other => return Err(unexpected(&other)),
    };
    if let Some(doubt) = detail.line.doubt().filter(|_| !args.anyway) {
        let (kind, words) = match doubt {
            Doubt::Stranger => {
                (RefusalKind::State, Words::Stranger.fill(lang, &[("name", &detail.line.target_name)]))
            }
            Doubt::Held(why) => (RefusalKind::Held, Words::Held.fill(lang, &[("why", &why)])),
        };
        return Err(CliError::new(Kind::Refused(kind), words));
    }
    let text = detail.text;
    let blocked = |message: String| CliError::new(Kind::Refused(RefusalKind::Blocked), message);
    if let Some((variable, words)) = &text.blocked {
        return Err(blocked(format!("{variable}: {words}")));
    }
    if text.check.is_some() {
        return Err(blocked(Words::Asks.text(lang).to_owned()));
    }
    if !text.warnings.is_empty() {
        // one acknowledge passes all of them
        let warnings: Vec<&str> = text.warnings.iter().map(|warning| warning.words.as_str()).collect();
        return Err(blocked(warnings.join("; ")).hint(Words::Look.text(lang)));
    }
    let (at, part) = wanted(&text, args.part).ok_or_else(|| {
        CliError::new(Kind::Nothing, Words::NoPart.fill(lang, &[("n", &args.part.unwrap_or(1))]))
    })?;
    let Some(copy) = &part.copy else {
        return Err(CliError::new(Kind::Nothing, Words::ByHand.fill(lang, &[("show", &part.show)])));
    };
    // asked first: what a rule holds is not handed out
    session.act(Command::Task { tasks: vec![task], verb: TaskVerb::Copied { part: at as u16 } }, None)?;
    session.finish()?;
    let told = |to: &str| json::row(&json!({"id": task.to_string(), "part": at + 1, "text": copy, "to": to}));
    if !args.clipboard {
        if args.json {
            context.out.json(told("stdout"));
        } else {
            context.out.lines(copy);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let [tmux, wsl, term] = ["TMUX", "WSL_DISTRO_NAME", "TERM"].map(|name| std::env::var(name).ok());
    let clipboard = Clipboard::from_environment(tmux.as_deref(), wsl.as_deref(), term.as_deref());
    let file = context.store.path().join("copied.txt");
    // the terminal may be there although stdout is none
    let terminal = std::fs::OpenOptions::new().write(true).open("/dev/tty");
    let report = match terminal {
        Ok(mut terminal) => clipboard.copy(copy, &mut terminal, Some(file)),
        Err(_) if clipboard == Clipboard::Terminal => {
            Clipboard::File.copy(copy, &mut std::io::sink(), Some(file))
        }
        Err(_) => clipboard.copy(copy, &mut std::io::sink(), Some(file)),
    };
    if args.json && !matches!(report, CopyReport::Failed { .. }) {
        let to = match &report {
            CopyReport::Terminal => "terminal",
            CopyReport::Tmux | CopyReport::System => "system",
            _ => "file",
        };
        context.out.json(told(to));
    }
    let said = match report {
        CopyReport::Terminal => Words::ToTerminal.text(lang).to_owned(),
        CopyReport::Tmux | CopyReport::System => Words::ToSystem.text(lang).to_owned(),
        CopyReport::File { path } => Words::ToFile.fill(lang, &[("path", &path)]),
        CopyReport::Failed { words } => return Err(CliError::new(Kind::File, words)),
    };
    out::complain(&said);
    Ok(ExitCode::SUCCESS)
}

/// A part by its number, else the first that is not done and has something to copy, else the first of those.
fn wanted(text: &TaskText, number: Option<usize>) -> Option<(usize, &PartView)> {
    let mut parts = text.parts.iter().enumerate();
    if let Some(number) = number {
        return parts.nth(number.checked_sub(1)?);
    }
    let copied = |(_, part): &(usize, &PartView)| part.copy.is_some();
    let open = parts.clone().find(|(at, part)| !part.done && copied(&(*at, part)));
    open.or_else(|| parts.clone().find(copied)).or_else(|| parts.next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
    }
}
