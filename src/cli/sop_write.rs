//! `qun sop add` and `qun sop new`: from a file into the store, and a file to begin with.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::context::Context;
use super::error::{CliError, Kind};
use super::session::{Session, unexpected};
use super::sop_diff::{diff_json, diff_lines};
use super::sop_words::Words;
use super::words::Words as CliWords;
use super::{editor, json, object, out, sop};
use crate::door::detail::SopDiff;
use crate::door::{Command, Reply, Request};
use crate::sop::builtin::{BUILTIN, builtin};
use crate::sop::filters::check_filter;
use crate::sop::parse;
use crate::text::pinyin;
use crate::text::shell::quoted;

/// How to apply a file.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four options of the command line, independent of each other"
)]
pub(super) struct How {
    pub dry_run: bool,
    pub new_only: bool,
    pub yes: bool,
    pub json: bool,
}

/// Applies a file, or playbooks that come with the program.
pub(super) fn add(
    context: &mut Context,
    file: Option<&Path>,
    wanted: Option<&str>,
    how: How,
) -> Result<ExitCode, CliError> {
    let mut sources = Vec::new();
    if let Some(file) = file {
        let text = sop::read(file, context.lang)?;
        if !how.json && parse(&text, &file.display().to_string(), &check_filter).playbook.is_none() {
            return sop::check(context, file, false);
        }
        sources.push((file.display().to_string(), text));
    }
    if let Some(wanted) = wanted {
        let chosen = BUILTIN.iter().filter(|builtin| wanted == "all" || builtin.id == wanted);
        sources.extend(chosen.map(|builtin| (format!("{}.toml", builtin.id), builtin.source.to_owned())));
    }
    if sources.is_empty() {
        let ids: Vec<_> = BUILTIN.iter().map(|builtin| builtin.id).collect();
        return Err(CliError::new(Kind::Usage, CliWords::Nothing.text(context.lang)).hint(ids.join(", ")));
    }
    let mut session = Session::open(context)?;
    for (file, toml) in sources {
        let Some((new_only, base)) = confirmed(context, &mut session, &file, &toml, how)? else { continue };
        let outcome = session.act(Command::SopAdd { toml, file, new_only, base }, None)?;
        object::say(context, how.json, &outcome);
    }
    session.finish()?;
    Ok(ExitCode::SUCCESS)
}

/// Shows what a text would do where people are in the playbook; for whom it is applied, none for nobody, and beside which
/// version it was shown.
fn confirmed(
    context: &mut Context,
    session: &mut Session,
    file: &str,
    toml: &str,
    how: How,
) -> Result<Option<(bool, Option<u32>)>, CliError> {
    if how.yes && !how.dry_run {
        return Ok(Some((how.new_only, None)));
    }
    let mut diff = match session.ask(Request::SopDiff { toml: toml.to_owned(), file: file.to_owned() })? {
        Reply::SopDiff(diff) => diff,
        other => return Err(unexpected(&other)),
    };
    if how.new_only {
        leave_as_they_are(&mut diff);
    }
    if how.dry_run && how.json {
        context.out.json(json::row(&diff_json(&diff, session)));
        return Ok(None);
    }
    let concerns = diff.before > 0 && !diff.is_same();
    if how.dry_run || concerns && !how.json {
        let columns =
            if how.dry_run { out::columns(std::io::stdout()) } else { out::columns(std::io::stderr()) };
        for line in diff_lines(&diff, session, columns) {
            if how.dry_run { context.out.line(&line) } else { out::complain(&line) }
        }
    }
    if how.dry_run {
        for warning in &diff.warnings {
            out::complain(warning);
        }
        return Ok(None);
    }
    let cancels = diff.open.iter().any(|of| !of.stays);
    if how.new_only || !concerns || diff.running == 0 && !cancels {
        return Ok(Some((how.new_only, Some(diff.before))));
    }
    if how.json || !std::io::stdin().is_terminal() {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("title", &diff.title), ("n", &diff.running)];
        let words = Words::IsLive.fill(session.lang, &values);
        return Err(CliError::new(Kind::Usage, words).hint(Words::SayForWhom.text(session.lang)));
    }
    let failed = |error: std::io::Error| CliError::new(Kind::Usage, error);
    let mut stderr = std::io::stderr();
    stderr.write_all(Words::AskWhom.text(session.lang).as_bytes()).map_err(failed)?;
    stderr.flush().map_err(failed)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(failed)?;
    Ok(match answer.trim() {
        "a" | "A" => Some((false, Some(diff.before))),
        "n" | "N" => Some((true, Some(diff.before))),
        _ => {
            out::complain(Words::NotApplied.text(session.lang));
            None
        }
    })
}

/// Whoever is in it stays on the text they began with: nothing open goes, nothing to come changes.
fn leave_as_they_are(diff: &mut SopDiff) {
    diff.open.iter_mut().for_each(|of| (of.stays, of.stopped) = (true, false));
    diff.next.clear();
    diff.stopped_names.clear();
    diff.skipped_names.clear();
    (diff.unchanged, diff.changed, diff.ending, diff.outside) = (diff.looked_at, 0, 0, 0);
    (diff.stopped, diff.skipped, diff.older) = (0, 0, 0);
}

/// What a file begins with that is made from nothing.
const BLANK: &str = include_str!("blank.toml");

/// Writes a file for a playbook of one's own and opens it in the editor.
pub(super) fn new(context: &mut Context, name: &str, from: Option<&str>) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let id = id_of(name);
    let Some(id) = id else {
        return Err(CliError::new(Kind::Usage, Words::NoName.fill(lang, &[("text", &name)])));
    };
    let known = from.map(|wanted| builtin(wanted).ok_or(wanted)).transpose().map_err(|wanted| {
        let near = crate::text::near::nearest(wanted, BUILTIN.iter().map(|builtin| builtin.id), 3);
        CliError::new(Kind::Usage, Words::NoBuiltin.fill(lang, &[("text", &wanted)])).hint(near.join(", "))
    })?;
    let (source, old_id) = known.map_or((BLANK, "my-playbook"), |builtin| (builtin.source, builtin.id));
    let mut text = source.replacen(&format!("id = \"{old_id}\""), &format!("id = \"{id}\""), 1);
    let title = name.trim().trim_end_matches(".toml");
    if title != id
        && let Some(line) = source.lines().find(|line| line.starts_with("title = "))
    {
        let title: String = title.chars().filter(|c| !matches!(c, '"' | '\\')).collect();
        text = text.replacen(line, &format!("title = \"{title}\""), 1);
    }
    let file = PathBuf::from(format!("{id}.toml"));
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(&file);
    made.and_then(|mut made| made.write_all(text.as_bytes())).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            CliError::new(Kind::File, Words::FileThere.fill(lang, &[("file", &file.display())]))
        }
        _ => CliError::new(Kind::File, format!("{}: {error}", file.display())),
    })?;
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        if let Err(why) = editor::open(&file) {
            out::complain(&Words::EditorFailed.fill(lang, &[("why", &why)]));
        }
        sop::check(context, &file, false)?;
    }
    context.out.line(&Words::Written.fill(lang, &[("file", &quoted(&file.display().to_string()))]));
    Ok(ExitCode::SUCCESS)
}

/// A name as the id of a playbook: lower case, hyphens for what cannot stand in one, Chinese spelled in pinyin.
fn id_of(name: &str) -> Option<String> {
    let name = name.trim().trim_end_matches(".toml");
    let mut words: Vec<String> = Vec::new();
    let mut joined = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            let letter = c.to_ascii_lowercase();
            match words.last_mut().filter(|_| joined) {
                Some(word) => word.push(letter),
                None => words.push(letter.to_string()),
            }
            joined = true;
            continue;
        }
        joined = false;
        let spoken: String =
            pinyin::spoken(&c.to_string()).chars().filter(char::is_ascii_lowercase).collect();
        if !c.is_ascii() && !spoken.is_empty() {
            words.push(spoken);
        }
    }
    let id = words.join("-");
    id.starts_with(|c: char| c.is_ascii_lowercase()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids() {
        let check =
            |name: &str, expected: Option<&str>| assert_eq!(id_of(name).as_deref(), expected, "{name}");
        check("my-care", Some("my-care"));
        check("My Care 2.toml", Some("my-care-2"));
        check("生日关怀", Some("sheng-ri-guan-huai"));
        check("VIP 会员日", Some("vip-hui-yuan-ri"));
        check("7天", None);
        check("///", None);
    }

    #[test]
    fn what_a_file_begins_with_is_whole() {
        let checked = parse(BLANK, "blank.toml", &check_filter);
        assert_eq!(checked.problems, Vec::new());
        assert_eq!(checked.playbook.map(|playbook| playbook.id.0).as_deref(), Some("my-playbook"));
    }
}
