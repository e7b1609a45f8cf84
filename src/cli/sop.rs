//! `qun sop`: checks playbook files, applies them, prints their dates, puts people in.
//!
//! One file because each verb is a few lines: read, ask, say.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono_tz::Tz;
use clap::Subcommand;
use serde_json::{Value, json};

use super::context::Context;
use super::error::{CliError, Kind};
use super::session::{Session, unexpected};
use super::sop_words::Words as SopWords;
use super::words::Words;
use super::{args, forecast, json, list, object, out, sop_enrol, sop_plan, sop_show, sop_write};
use crate::book::{PlaybookId, Rules, Snippet, Target, Timestamp};
use crate::door::forecast::DAYS_MAX;
use crate::door::form::Kind as What;
use crate::door::request::PlanAsk;
use crate::door::views::named_filters;
use crate::door::{Command, Reply, Request};
use crate::query::NamedFilters;
use crate::queue::check::strictest;
use crate::sop::filters::{check_filter, check_filter_with};
use crate::sop::format::{
    Checked, Known, Leads, Playbook, Problem, Sentence, Severity, endless_in, outside_in, parse_with,
    platforms_named, refers, rings_in, slips_in,
};
use crate::sop::include::{Snippets, included};
use crate::sop::parse;
use crate::text::lang::Lang;

#[derive(Debug, Subcommand)]
pub(super) enum SopVerb {
    /// Explain every mistake in files; needs no desk. How long a text may be goes by the platforms of `as`, or of
    /// 'platform:' in `audience`; where a file names none, nobody knows
    Check {
        #[arg(required = true)]
        file: Vec<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Apply a file, or one that comes with the program
    Add {
        #[arg(required_unless_present = "builtin")]
        file: Option<PathBuf>,
        /// The id of one that comes with the program, or 'all'
        #[arg(long, value_name = "ID", conflicts_with = "file")]
        builtin: Option<String>,
        /// Only say what it would change: the text, open tasks, what comes next
        #[arg(long)]
        dry_run: bool,
        /// Who is in it stays on the text they began with
        #[arg(long)]
        new_only: bool,
        /// Do not ask before a playbook is changed that people are in
        #[arg(long)]
        yes: bool,
        #[arg(long)]
        json: bool,
    },
    /// Write a commented file for a playbook of one's own and open the editor
    New {
        /// Its id, also the file's name; a title in Chinese is spelled in pinyin
        name: String,
        /// From one that comes with the program
        #[arg(long, value_name = "ID")]
        from: Option<String>,
    },
    /// List applied playbooks
    List {
        /// Those that come with the program: for whom, and when to use them
        #[arg(long)]
        builtin: bool,
        #[arg(long)]
        json: bool,
    },
    /// One playbook opened: steps with how far they got, and where everybody in it stands. Replies count for 48 hours,
    /// purchases for 7 days and until its next message
    Show {
        id: String,
        #[arg(long)]
        json: bool,
    },
    /// Print the dates of an applied playbook, or of a file: nothing is applied then
    Plan {
        /// Its id or title, or a file
        id: String,
        /// For this group
        #[arg(long, conflicts_with = "member")]
        group: Option<String>,
        /// For this member
        #[arg(long)]
        member: Option<String>,
        /// As if it began then
        #[arg(long, value_name = "TIME")]
        anchor: Option<String>,
        /// Leave out what comes before
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// Up to here
        #[arg(long, value_name = "TIME", conflicts_with = "days")]
        until: Option<String>,
        /// So many days from now, --from or --anchor; 30 if nothing is said, 200 years if a number of rows is
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        days: Option<u32>,
        /// At most so many rows
        #[arg(long, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
        count: Option<usize>,
        /// Without quiet hours and caps
        #[arg(long)]
        bare: bool,
        #[arg(long)]
        json: bool,
    },
    /// The coming days of the whole book: tasks, hours, caps, clashes, texts that run out
    Forecast {
        /// So many days from today on, 1 to 92
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=i64::from(DAYS_MAX)))]
        days: u32,
        #[arg(long)]
        json: bool,
    },
    /// Give an applied file back
    Export { id: String },
    /// Stop firing for now
    Pause {
        id: String,
        #[arg(long)]
        json: bool,
    },
    /// Call it off for today: nothing more of it comes due on this day
    DayOff {
        id: String,
        /// What its groups are told; nothing without it
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        notice: String,
        #[arg(long)]
        json: bool,
    },
    /// Go on
    Resume {
        id: String,
        #[arg(long)]
        json: bool,
    },
    /// End it: enrolments stop, open tasks are cancelled
    Remove {
        id: String,
        #[arg(long)]
        json: bool,
    },
    /// Put targets in by hand
    Enrol(sop_enrol::EnrolArgs),
    /// Take targets out by hand
    Leave(sop_enrol::LeaveArgs),
}

pub(super) fn run(context: &mut Context, verb: SopVerb) -> Result<ExitCode, CliError> {
    match verb {
        SopVerb::Check { file, json } => check_all(context, &file, json),
        SopVerb::List { builtin: true, json } => Ok(sop_show::builtins(context, json)),
        SopVerb::Show { id, json } => sop_show::run(context, &id, json),
        SopVerb::Forecast { days, json } => forecast::run(context, days, json),
        SopVerb::New { name, from } => sop_write::new(context, &name, from.as_deref()),
        SopVerb::List { builtin: false, json } => {
            let args =
                args::ListArgs { what: What::Playbook.word().to_owned(), json, ..args::ListArgs::default() };
            list::run(context, &args)
        }
        SopVerb::Add { file, builtin, dry_run, new_only, yes, json } => {
            let how = sop_write::How { dry_run, new_only, yes, json };
            sop_write::add(context, file.as_deref(), builtin.as_deref(), how)
        }
        SopVerb::Export { id } => {
            let mut session = Session::open(context)?;
            let playbook = match (session.playbook(&id), crate::sop::builtin::builtin(&id)) {
                // one that comes with the program and is not used yet
                (Err(_), Some(builtin)) => {
                    session.finish()?;
                    context.out.lines(builtin.source);
                    return Ok(ExitCode::SUCCESS);
                }
                (found, _) => found?,
            };
            match session.ask(Request::Playbook(playbook))? {
                Reply::Sop(detail) => context.out.lines(&detail.toml),
                other => return Err(unexpected(&other)),
            }
            session.finish()?;
            Ok(ExitCode::SUCCESS)
        }
        SopVerb::Pause { id, json } => {
            on_playbook(context, &id, json, |playbook| Command::SopPause { playbook })
        }
        SopVerb::DayOff { id, notice, json } => {
            on_playbook(context, &id, json, |playbook| Command::SopDayOff { playbook, notice })
        }
        SopVerb::Resume { id, json } => {
            on_playbook(context, &id, json, |playbook| Command::SopResume { playbook })
        }
        SopVerb::Remove { id, json } => {
            on_playbook(context, &id, json, |playbook| Command::SopRemove { playbook })
        }
        SopVerb::Enrol(args) => sop_enrol::enrol(context, args),
        SopVerb::Leave(args) => sop_enrol::leave(context, &args),
        SopVerb::Plan { id, group, member, anchor, from, until, days, count, bare, json } => {
            let file = Path::new(&id);
            let span = sop_plan::Span { anchor, from, until, days, count };
            if group.is_none() && member.is_none() && file.is_file() {
                let rules = (!bare).then(|| rules_here(context).unwrap_or_default());
                let here = (rules.as_ref(), zone_here(context));
                return sop_plan::of_file(context, file, &span, here, json);
            }
            // a file for somebody: checked here, planned by the desk, which knows their zone and rules
            let text = file.is_file().then(|| read(file, context.lang)).transpose()?;
            let of_file = match &text {
                None => None,
                Some(text) => match parse(text, &file.display().to_string(), &check_filter).playbook {
                    Some(playbook) => Some(playbook),
                    None => return check(context, file, json),
                },
            };
            let mut session = Session::open(context)?;
            let (mut text, mut of_file) = (text, of_file);
            let playbook = match &of_file {
                Some(playbook) => playbook.id.clone(),
                None => match (session.playbook(&id), crate::sop::builtin::builtin(&id)) {
                    (Err(_), Some(builtin)) => {
                        out::complain(&SopWords::PlanOfBuiltin.fill(context.lang, &[("id", &builtin.id)]));
                        text = Some(builtin.source.to_owned());
                        of_file = parse(builtin.source, builtin.id, &check_filter).playbook;
                        PlaybookId(builtin.id.to_owned())
                    }
                    (found, _) => found?,
                },
            };
            let planned = match of_file {
                Some(playbook) => Some(playbook),
                None => sop_plan::applied(&mut session, &playbook)?,
            };
            let target = match (group, member) {
                (Some(name), _) => Some(Target::Group(session.group(&name)?)),
                (None, Some(name)) => Some(Target::Member(session.member(&name)?)),
                (None, None) => None,
            };
            let read = |at: &str| instant(&session, at);
            let window = span.window(session.now, session.zone, &read, planned.as_ref(), context.lang)?;
            let sop_plan::Window { anchor, from, until, rows } = window;
            let ask = PlanAsk { playbook, file: text, target, anchor, from, until, rows, bare };
            let reply = session.ask(Request::Plan(Box::new(ask)))?;
            let Reply::Plan(mut lines) = reply else { return Err(unexpected(&reply)) };
            span.cut(&mut lines, context.lang);
            let until = span.looked_to(&lines, until);
            let own = sop_plan::zone_and_warnings(&mut session, planned.as_ref(), until)?;
            session.finish()?;
            sop_plan::show(context, session.now, own.unwrap_or(session.zone), session.zone, &lines, json)
        }
    }
}

/// An instant ahead or past, as a plan may begin anywhere.
pub(super) fn instant(session: &Session, text: &str) -> Result<crate::book::Timestamp, CliError> {
    session.moment(text).or_else(|error| session.past(text).map_err(|_| error))
}

fn on_playbook(
    context: &mut Context,
    id: &str,
    as_json: bool,
    command: impl FnOnce(crate::book::PlaybookId) -> Command,
) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let playbook = session.playbook(id)?;
    object::act(context, session, command(playbook), as_json)
}

/// The most of a file that is read: many times what any of ours may have.
const READ_MAX: u64 = 16 << 20;

pub(super) fn read(file: &Path, lang: Lang) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    // a file without end is read as far as it takes to see that it is too large
    std::fs::File::open(file)
        .and_then(|opened| opened.take(READ_MAX).read_to_end(&mut bytes))
        .map_err(|error| CliError::new(Kind::File, super::import::unreadable(file, &error, lang)))?;
    String::from_utf8(bytes)
        .map_err(|error| CliError::new(Kind::File, super::import::not_utf8(file, &error, lang)))
}

/// The snippets of the store that texts include, with what those include; none where nothing is included, or where
/// there is no store to know them.
fn included_snippets(context: &Context, source: &str) -> Result<Option<BTreeMap<String, String>>, CliError> {
    // As they are written in TOML, the quotes of an include may have a backslash before them.
    let plain = source.replace("\\\"", "\"");
    let names = |text: &str| -> Vec<String> {
        included(text).unwrap_or_default().into_iter().map(str::to_owned).collect()
    };
    let mut wanted = names(&plain);
    if wanted.is_empty() || !(context.store.path().exists() || context.socket.is_some()) {
        return Ok(None);
    }
    let mut session = Session::open(context)?;
    let mut known = BTreeMap::new();
    while let Some(name) = wanted.pop() {
        if known.contains_key(&name) {
            continue;
        }
        let request = Request::Snippets { text: name.clone(), on: None, limit: u16::MAX };
        let Reply::Snippets(found) = session.ask(request)? else { continue };
        let pages = found.iter().map(|view| Snippet::from_page(&view.page));
        if let Some(snippet) = pages.into_iter().find(|snippet| snippet.name == name) {
            wanted.extend(names(&snippet.text));
            known.insert(name, snippet.text);
        }
    }
    session.finish()?;
    Ok(Some(known))
}

/// The rules of the store, where there is one that can be read.
fn rules_here(context: &Context) -> Option<Rules> {
    let file = std::fs::read_to_string(context.store.rules_file()).ok();
    file.and_then(|text| crate::queue::rules::read(&text).ok()).map(|read| read.rules)
}

/// The zone of the store, where there is one, else this machine's.
pub(super) fn zone_here(context: &Context) -> Tz {
    let zone = rules_here(context).and_then(|rules| rules.zone.parse().ok());
    zone.unwrap_or_else(crate::clock::zone)
}

/// The views of the store, where a file may speak of them and there is one.
pub(super) fn shared_views(context: &Context, source: &str) -> Result<Option<NamedFilters>, CliError> {
    if !source.contains(['@', '＠']) || !(context.store.path().exists() || context.socket.is_some()) {
        return Ok(None);
    }
    let mut session = Session::open(context)?;
    let views = match session.ask(Request::Views)? {
        Reply::Views(views) => views,
        other => return Err(unexpected(&other)),
    };
    session.finish()?;
    Ok(Some(named_filters(&views)))
}

/// What lies outside of a file: the day, and of the store, where there is one, names and what leads to what.
struct Outside {
    known: Option<Known>,
    now: Timestamp,
    zone: Tz,
}

impl Outside {
    /// A store that cannot be asked stands in the way only of files that speak of what is in it.
    fn look(context: &Context, is_needed: bool) -> Result<Self, CliError> {
        let now = context.clock.now().wall;
        let nothing = Self { known: None, now, zone: zone_here(context) };
        if !context.store.path().exists() && context.socket.is_none() {
            return Ok(nothing);
        }
        match Self::ask(context) {
            Err(_) if !is_needed => Ok(nothing),
            asked => asked,
        }
    }

    fn ask(context: &Context) -> Result<Self, CliError> {
        let mut session = Session::open(context)?;
        let known = match session.ask(Request::References)? {
            Reply::References(known) => Some(known),
            other => return Err(unexpected(&other)),
        };
        let (now, zone) = (session.now, session.zone);
        session.finish()?;
        Ok(Self { known, now, zone })
    }

    /// What a file is warned about for names and days, and for rings that it closes with others.
    fn judge(&self, playbook: Option<&Playbook>, source: &str, name: &str, beside: &[Leads]) -> Vec<Problem> {
        let known = self.known.as_ref().map(|known| {
            let ids = beside.iter().map(|leads| leads.id.clone());
            Known { playbooks: known.playbooks.iter().cloned().chain(ids).collect(), ..known.clone() }
        });
        let day = self.now.day(self.zone);
        let mut found = outside_in(source, name, playbook, known.as_ref(), day, self.zone);
        if let Some(playbook) = playbook {
            // what stands beside it takes the place of what is applied
            let applied = known.iter().flat_map(|known| &known.leads);
            let applied = applied.filter(|leads| beside.iter().all(|other| other.id != leads.id));
            let others: Vec<Leads> = beside.iter().chain(applied).cloned().collect();
            found.extend(rings_in(source, name, playbook, &others));
        }
        found
    }
}

pub(super) fn check(context: &mut Context, file: &Path, as_json: bool) -> Result<ExitCode, CliError> {
    check_all(context, &[file.to_owned()], as_json)
}

fn check_all(context: &mut Context, files: &[PathBuf], as_json: bool) -> Result<ExitCode, CliError> {
    let (mut all, mut unread) = (Vec::with_capacity(files.len()), Vec::new());
    for file in files {
        let name = file.display().to_string();
        let source = match read(file, context.lang) {
            Ok(source) => source,
            // the others are told of all the same
            Err(error) if files.len() > 1 => {
                unread.push((name, error.message));
                continue;
            }
            Err(error) => return Err(error),
        };
        let (checked, unknown) = check_one(context, &source, &name)?;
        all.push((source, name, checked, unknown));
    }
    let outside = Outside::look(context, all.iter().any(|(source, ..)| refers(source)))?;
    let leads: Vec<Option<Leads>> =
        all.iter().map(|(_, _, checked, _)| checked.playbook.as_ref().map(Leads::of)).collect();
    let mut rows = Vec::new();
    let mut is_wrong = !unread.is_empty();
    for (name, message) in unread {
        if as_json {
            rows.push(fault_json(&name, None, Severity::Error, &message, [None; 3]));
        } else {
            out::complain(&message);
        }
    }
    for (at, (source, name, mut checked, unknown)) in all.into_iter().enumerate() {
        let beside = leads.iter().enumerate().filter(|(other, _)| *other != at);
        let beside: Vec<Leads> = beside.filter_map(|(_, leads)| leads.clone()).collect();
        // beside mistakes too: who mends a file wants to know all of it at once
        let slips = slips(context, &checked, &source, &name, outside.known.as_ref());
        checked.problems.extend(slips);
        checked.problems.extend(outside.judge(checked.playbook.as_ref(), &source, &name, &beside));
        checked.problems.sort_by_key(|problem| (problem.line, problem.column));
        is_wrong |= checked.playbook.is_none();
        if unknown {
            out::complain(super::sop_words::Words::ViewsUnknown.text(context.lang));
        }
        if as_json {
            rows.extend(checked.problems.iter().map(|problem| problem_json(problem, context.lang)));
        } else {
            tell(context, &checked, usize::from(unknown));
        }
    }
    if as_json {
        context.out.json(json::rows(&rows));
    }
    Ok(ExitCode::from(u8::from(is_wrong)))
}

/// A file checked by itself, and whether it names views that only a store knows.
fn check_one(context: &Context, source: &str, name: &str) -> Result<(Checked, bool), CliError> {
    let snippets = included_snippets(context, source)?;
    let known = snippets.as_ref().map(|known| known as &dyn Snippets);
    let views = shared_views(context, source)?;
    let (built_in, unknown) = (named_filters(&[]), std::cell::Cell::new(false));
    let filter = |text: &str, of| {
        if let Some(views) = &views {
            return check_filter_with(text, of, views);
        }
        check_filter(text)?;
        unknown.set(unknown.get() || check_filter_with(text, of, &built_in).is_err());
        Ok(())
    };
    let checked = parse_with(source, name, &filter, known);
    Ok((checked, unknown.get()))
}

/// What the texts of a file should be looked at for, by the rules of the store, on the platforms that it names.
fn slips(
    context: &Context,
    checked: &Checked,
    source: &str,
    name: &str,
    known: Option<&Known>,
) -> Vec<Problem> {
    let rules = rules_here(context).unwrap_or_default();
    let platform = |step: &str| {
        let playbook = checked.playbook.as_ref()?;
        strictest(platforms_named(playbook, step, known), &rules.text)
    };
    let mut slips = slips_in(source, name, &rules, &platform);
    // braces that are nearly a variable are told as that alone
    slips.retain(|slip| {
        let is_there = |of: &Problem| (of.line, of.column) == (slip.line, slip.column);
        let braces = |of: &Problem| of.sentence == Sentence::BareBraces && is_there(of);
        slip.sentence != Sentence::SlipBrackets || !checked.problems.iter().any(braces)
    });
    // who mends mistakes first has enough to read
    if checked.playbook.is_some() {
        slips.extend(endless_in(source, name, &rules));
    }
    slips
}

fn problem_json(problem: &Problem, lang: Lang) -> Value {
    let place = Some((problem.line, problem.column));
    let said = [problem.value("value"), problem.expected(lang), problem.nearest.as_deref()];
    fault_json(&problem.file, place, problem.severity, &problem.words(lang), said)
}

/// What is wrong with a file, at a place of it or as a whole.
fn fault_json(
    file: &str,
    place: Option<(usize, usize)>,
    severity: Severity,
    message: &str,
    [value, expected, nearest]: [Option<&str>; 3],
) -> Value {
    let (line, column) = place.unzip();
    let severity = if severity == Severity::Warning { "warning" } else { "error" };
    json!({
        "file": file, "line": line, "column": column, "severity": severity, "message": message,
        "value": value, "expected": expected, "nearest": nearest,
    })
}

/// Tells of a file and how it stands; `told` warnings were told of before.
fn tell(context: &mut Context, checked: &Checked, told: usize) {
    for problem in &checked.problems {
        out::complain(&problem.show(context.lang));
    }
    let is_warning = |problem: &&Problem| problem.severity == Severity::Warning;
    let warnings = checked.problems.iter().filter(is_warning).count();
    let Some(playbook) = &checked.playbook else {
        let mistakes = checked.problems.len() - warnings;
        out::complain(&Words::Mistakes.fill(context.lang, &[("n", &mistakes)]));
        return;
    };
    let title = if playbook.title.is_empty() { playbook.id.to_string() } else { playbook.title.clone() };
    let warnings = warnings + told;
    let words = if warnings == 0 { Words::Checked } else { Words::CheckedBut };
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("title", &title), ("steps", &playbook.steps.len()), ("n", &warnings)];
    context.out.line(&words.fill(context.lang, &values));
}
