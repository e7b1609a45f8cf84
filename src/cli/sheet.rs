//! `qun sheet`: what one account owes today as one numbered text, to be worked off at a phone far from this computer, and
//! afterwards the numbers of what was sent: by `--sent`, or on the screen by `:sent`.
//!
//! Equal texts stand once, with all chats they go to: the phone's own forward sends them. What the numbers mean is kept in
//! a file of the user's, by account, until the next sheet of it; a desk knows nothing of numbers.
//!
//! One file because what a number means is one thing from the sheet to its mark.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind};
use super::session::{Session, unexpected};
use super::{json, object, out};
use crate::book::id::Id as _;
use crate::book::{AccountId, Platform, TaskId, Timestamp};
use crate::door::command::{Command, TaskVerb};
use crate::door::detail::TaskText;
use crate::door::form::Kind as Form;
use crate::door::line::{Fact, Lines, TaskLine};
use crate::door::request::{ListSpec, Sort};
use crate::door::{Reply, Request};
use crate::text::lang::Lang;
use crate::text::shell::quoted;
use crate::tui::sheets::Sheet;

/// Rows of one request.
const PAGE: u32 = 500;

/// Of how many that are left out it is said whose they are.
const NAMED: usize = 5;

/// How many texts are asked for, or said to be copied, at once.
const AT_ONCE: usize = 50;

crate::words! {
    enum Words {
        Head { account, day, n } => ["{account}  {day}  {n} 条", "{account}  {day}  {n} 條", "{account}  {day}  {n}"],
        SearchTerm { term } => ["查找词 {term}", "查找詞 {term}", "find by {term}"],
        Left { n, names } => [
            "另有 {n} 条被拦着，没写进来: {names}", "另有 {n} 條被攔著，沒寫進來: {names}",
            "{n} more are held or blocked and not in it: {names}",
        ],
        Stranger => ["不是好友", "不是好友", "no friend"],
        Form => ["等填表", "等填表", "waits for a form"],
        HowToMark { account } => [
            "发完补记: qun sheet {account} --sent '1 3 5-8' --at 14:00，或在界面上 :sent 1 3 5-8 14:00",
            "發完補記: qun sheet {account} --sent '1 3 5-8' --at 14:00，或在介面上 :sent 1 3 5-8 14:00",
            "afterwards: qun sheet {account} --sent '1 3 5-8' --at 14:00, or on the screen :sent 1 3 5-8 14:00",
        ],
        Nothing => ["没有待发的", "沒有待發的", "nothing is due"],
        NoSheet { account } => [
            "{account} 还没有打过清单", "{account} 還沒有列過清單", "there is no sheet of {account} yet",
        ],
        NoNumber { n, last } => ["清单只到 {last}，没有 {n}", "清單只到 {last}，沒有 {n}", "the sheet ends at {last}: there is no {n}"],
        NotNumbers { text } => [
            "“{text}”不是编号; 写成 1 3 5-8", "「{text}」不是編號; 寫成 1 3 5-8", "\"{text}\" is no number; write 1 3 5-8",
        ],
    }
}

#[derive(Debug, Args)]
pub(super) struct SheetArgs {
    /// Whose: the account's name
    #[arg(required_unless_present = "of")]
    account: Option<String>,
    /// The same by its option
    #[arg(long = "account", value_name = "NAME", conflicts_with = "account")]
    of: Option<String>,
    /// Numbers of the last sheet that were sent, such as '1 3 5-8'
    #[arg(long, value_name = "NUMBERS")]
    sent: Option<String>,
    /// When they were sent
    #[arg(long, value_name = "TIME", requires = "sent")]
    at: Option<String>,
    #[arg(long)]
    json: bool,
}

/// One text and the chats it goes to.
struct Entry {
    /// The number of the first, from 1.
    first: usize,
    lines: Vec<TaskLine>,
    text: TaskText,
    /// What is to be seen before any of them is sent, each once.
    warnings: Vec<String>,
}

impl SheetArgs {
    /// Whose, as it was typed.
    fn whose(&self) -> &str {
        self.account.as_deref().or(self.of.as_deref()).unwrap_or_default()
    }
}

pub(super) fn run(context: &mut Context, args: &SheetArgs) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let account = session.account(args.whose())?;
    if let Some(numbers) = &args.sent {
        return mark(context, session, account, args, numbers);
    }
    let (ready, left) = due_of(&mut session, account, context.lang)?;
    let entries = gathered(ready);
    let (now, zone) = (session.now, session.zone);
    let (store, store_id) = (session.store.clone(), session.store_id.clone());
    let forward = std::mem::take(&mut session.forward);
    hand_out(&mut session, &entries)?;
    session.finish()?;
    let ids: Vec<TaskId> = entries.iter().flat_map(|entry| entry.lines.iter().map(|line| line.id)).collect();
    if ids.is_empty() {
        return Err(CliError::new(Kind::Nothing, Words::Nothing.text(context.lang)));
    }
    let name = entries.iter().flat_map(|entry| &entry.lines).find_map(|line| line.account.as_ref());
    let name = name.map_or_else(|| args.whose().to_owned(), |account| account.name.clone());
    let lines = entries.iter().flat_map(|entry| &entry.lines);
    let tasks = lines.map(|line| (line.id, line.target_name.clone())).collect();
    let sheet = Sheet { account, name, store, store_id, made_at: Some(now), tasks };
    remember(&sheet).map_err(|error| CliError::new(Kind::File, error))?;
    if args.json {
        let rows: Vec<_> = entries
            .iter()
            .flat_map(|entry| {
                entry.lines.iter().enumerate().map(|(place, line)| {
                    let mut row = json::task(line, Some(&entry.text), zone);
                    row["number"] = json!(entry.first + place);
                    row["warnings"] = json!(entry.warnings);
                    row
                })
            })
            .collect();
        context.out.json(json::rows(&rows));
    } else {
        let day = now.local(zone).format("%m-%d %H:%M").to_string();
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("account", &args.whose()), ("day", &day), ("n", &ids.len())];
        context.out.line(&Words::Head.fill(context.lang, &values));
        for entry in &entries {
            context.out.lines(&format!("\n{}", shown(entry, &forward, context)));
        }
        out::complain(&Words::HowToMark.fill(context.lang, &[("account", &quoted(args.whose()))]));
    }
    if !left.is_empty() {
        let more = if left.len() > NAMED { " .." } else { "" };
        let named = left.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let names = format!("{named}{more}");
        out::complain(&Words::Left.fill(context.lang, &[("n", &left.len()), ("names", &names)]));
    }
    Ok(ExitCode::SUCCESS)
}

/// What is due from an account and can be sent, in the order in which its chats are switched least; and whose cannot, with
/// the reason.
fn due_of(
    session: &mut Session,
    account: AccountId,
    lang: Lang,
) -> Result<(Vec<(TaskLine, TaskText)>, Vec<String>), CliError> {
    let told = |line: &TaskLine, why: &str| format!("{} ({why})", line.target_name);
    let list =
        ListSpec { kind: Form::Task, filter: "state:due".to_owned(), sort: Sort::Account, limit: None };
    let (mut ready, mut left, mut first) = (Vec::new(), Vec::new(), 0);
    loop {
        let request = Request::List { list: list.clone(), first, rows: PAGE, texts: false };
        let window = match session.ask(request)? {
            Reply::Window(window) => window,
            other => return Err(unexpected(&other)),
        };
        let Lines::Tasks(lines) = window.lines else { break };
        let got = lines.len() as u32;
        let of_account =
            lines.into_iter().filter(|line| line.account.as_ref().is_some_and(|of| of.id == account));
        let mut sendable: Vec<TaskLine> = Vec::new();
        for line in of_account {
            match kept_back(&line, lang) {
                Some(why) => left.push(told(&line, why)),
                None => sendable.push(line),
            }
        }
        // a text on its own comes with what is to be seen before it is sent: a list's does not
        let mut texts: HashMap<TaskId, TaskText> = HashMap::new();
        for some in sendable.chunks(AT_ONCE) {
            match session.ask(Request::Texts(some.iter().map(|line| line.id).collect()))? {
                Reply::Texts(found) => texts.extend(found.into_iter().map(|text| (text.task, text))),
                other => return Err(unexpected(&other)),
            }
        }
        for line in sendable {
            let Some(text) = texts.remove(&line.id) else { continue };
            match &text.blocked {
                Some((_, why)) => left.push(told(&line, why)),
                None => ready.push((line, text)),
            }
        }
        first += got;
        if got == 0 || first >= window.total {
            break;
        }
    }
    Ok((ready, left))
}

/// Everything on a sheet counts as copied: what is sent from it says what stands there, whatever the book says by then.
fn hand_out(session: &mut Session, entries: &[Entry]) -> Result<(), CliError> {
    let mut by_part: BTreeMap<u16, Vec<TaskId>> = BTreeMap::new();
    for entry in entries {
        let parts = (0_u16..).zip(&entry.text.parts);
        for (at, _) in parts.filter(|(_, part)| part.copy.is_some() && !part.done) {
            by_part.entry(at).or_default().extend(entry.lines.iter().map(|line| line.id));
        }
    }
    for (part, tasks) in by_part {
        for some in tasks.chunks(AT_ONCE) {
            session.act(Command::Task { tasks: some.to_vec(), verb: TaskVerb::Copied { part } }, None)?;
        }
    }
    Ok(())
}

/// Why a task cannot be sent as it stands.
fn kept_back(line: &TaskLine, lang: Lang) -> Option<&str> {
    line.facts.iter().find_map(|fact| match fact {
        Fact::Blocked { words, .. } | Fact::Held(words) => Some(words.as_str()),
        Fact::NotFriend => Some(Words::Stranger.text(lang)),
        Fact::Ask => Some(Words::Form.text(lang)),
        _ => None,
    })
}

/// Equal texts together, in the order of their first.
fn gathered(ready: Vec<(TaskLine, TaskText)>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (line, text) in ready {
        let warnings: Vec<String> = text.warnings.iter().map(|warning| warning.words.clone()).collect();
        let same = |entry: &Entry| {
            line.same_text.is_some()
                && entry.lines.first().is_some_and(|first| first.same_text == line.same_text)
        };
        let at = entries.iter().position(same).unwrap_or(entries.len());
        if at == entries.len() {
            entries.push(Entry { first: 0, lines: Vec::new(), text, warnings: Vec::new() });
        }
        let Some(entry) = entries.get_mut(at) else { continue };
        entry.lines.push(line);
        for words in warnings {
            // two of the same words say the same
            if !entry.warnings.contains(&words) {
                entry.warnings.push(words);
            }
        }
    }
    let mut next = 1;
    for entry in &mut entries {
        entry.first = next;
        next += entry.lines.len();
    }
    entries
}

/// Numbers and chats, a line for as many as one forward reaches, then what is said.
fn shown(entry: &Entry, forward: &BTreeMap<Platform, u32>, context: &Context) -> String {
    let between = if context.lang == crate::text::lang::Lang::En { ", " } else { "、" };
    let names: Vec<&str> = entry.lines.iter().map(|line| line.target_name.as_str()).collect();
    let platform = entry.lines.first().and_then(|line| line.platform);
    let reached = platform.and_then(|platform| forward.get(&platform)).copied().unwrap_or(1).max(1) as usize;
    let chunks = names.chunks(reached).enumerate().map(|(chunk, names)| {
        let first = entry.first + chunk * reached;
        let last = first + names.len() - 1;
        let numbers = if last == first { last.to_string() } else { format!("{first}-{last}") };
        format!("{numbers}  {}", names.join(between))
    });
    let mut lines: Vec<String> = chunks.collect();
    let term = &entry.text.search_term;
    if entry.lines.len() == 1 && !term.is_empty() && names.first() != Some(&term.as_str()) {
        lines.push(Words::SearchTerm.fill(context.lang, &[("term", term)]));
    }
    lines.extend(entry.warnings.iter().map(|words| format!("! {words}")));
    let parts = entry.text.parts.iter().filter(|part| !part.done);
    lines.extend(parts.map(|part| part.copy.clone().unwrap_or_else(|| part.show.clone())));
    lines.join("\n")
}

fn mark(
    context: &mut Context,
    mut session: Session,
    account: AccountId,
    args: &SheetArgs,
    numbers: &str,
) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let known = remembered(account, &session).map_err(|error| CliError::new(Kind::File, error))?;
    if known.is_empty() {
        let words = Words::NoSheet.fill(lang, &[("account", &args.whose())]);
        return Err(CliError::new(Kind::Nothing, words));
    }
    let wrong = |text: &str| CliError::new(Kind::Usage, Words::NotNumbers.fill(lang, &[("text", &text)]));
    let mut tasks: Vec<TaskId> = Vec::new();
    for (from, to) in ranges(numbers).map_err(|text| wrong(&text))? {
        for number in from..=to {
            let task =
                number.checked_sub(1).and_then(|place| known.get(place)).copied().ok_or_else(|| {
                    let values: [(&str, &dyn std::fmt::Display); 2] =
                        [("n", &number), ("last", &known.len())];
                    CliError::new(Kind::Usage, Words::NoNumber.fill(lang, &values))
                })?;
            if !tasks.contains(&task) {
                tasks.push(task);
            }
        }
    }
    if tasks.is_empty() {
        return Err(wrong(numbers));
    }
    let at = args.at.as_deref().map(|at| session.past(at)).transpose()?;
    let outcome = session.act(Command::Task { tasks, verb: TaskVerb::Sent { at, also: false } }, None)?;
    session.finish()?;
    for refusal in outcome.tasks.iter().filter_map(|task| task.refusal.as_ref()) {
        out::complain(&format!("{}: {}", refusal.object, refusal.words));
        if !refusal.hint.is_empty() {
            out::complain(&format!("  {}", refusal.hint));
        }
    }
    object::say(context, args.json, &outcome);
    Ok(ExitCode::from(if outcome.tasks.iter().any(|task| task.refusal.is_some()) { 5 } else { 0 }))
}

/// `1 3 5-8`, with commas as well.
fn ranges(text: &str) -> Result<Vec<(usize, usize)>, String> {
    let words =
        text.split(|c: char| c.is_whitespace() || ",，、".contains(c)).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let (from, to) = word.split_once(['-', '~', '～']).unwrap_or((word, word));
            match (from.parse::<usize>(), to.parse::<usize>()) {
                (Ok(from), Ok(to)) if from <= to && to - from < 10_000 => Ok((from, to)),
                _ => Err(word.to_owned()),
            }
        })
        .collect()
}

/// Where the numbers of an account's last sheet are kept.
fn place(account: AccountId) -> std::io::Result<PathBuf> {
    let base =
        etcetera::base_strategy::Xdg::new().map_err(|error| std::io::Error::other(error.to_string()))?;
    let directory = base.state_dir().unwrap_or_else(|| base.data_dir()).join("qun");
    Ok(directory.join(format!("sheet-{account}.json")))
}

/// A sheet as its file holds it.
#[derive(Serialize, Deserialize)]
struct Written {
    account: AccountId,
    name: String,
    store: String,
    #[serde(default)]
    store_id: String,
    /// By the desk's clock.
    made_at: Timestamp,
    /// Number 1 first, with to whom it went.
    tasks: Vec<(TaskId, String)>,
}

fn remember(sheet: &Sheet) -> std::io::Result<()> {
    let path = place(sheet.account)?;
    if let Some(directory) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    let written = Written {
        account: sheet.account,
        name: sheet.name.clone(),
        store: sheet.store.clone(),
        store_id: sheet.store_id.clone(),
        made_at: sheet.made_at.unwrap_or(Timestamp(0)),
        tasks: sheet.tasks.clone(),
    };
    let aside = path.with_extension("new");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(&serde_json::to_vec(&written)?)?;
    fs::rename(aside, path)
}

/// The tasks of the last sheet by number; none where there was no sheet of this store, or its file is not one.
fn remembered(account: AccountId, session: &Session) -> std::io::Result<Vec<TaskId>> {
    match fs::read(place(account)?) {
        Ok(bytes) => Ok(read(account, &bytes)
            .filter(|sheet| sheet.is_of(&session.store_id, &session.store))
            .map_or_else(Vec::new, |sheet| sheet.tasks.into_iter().map(|(task, _)| task).collect())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The last sheet of every account, as far as their files can be read.
pub(super) fn all() -> Vec<Sheet> {
    let of = |name: &str| name.strip_prefix("sheet-")?.strip_suffix(".json")?.parse::<AccountId>().ok();
    // any account's file says where they all are
    let somewhere = place(AccountId::from_bits(0)).ok();
    let entries = somewhere.and_then(|path| fs::read_dir(path.parent()?).ok());
    let mut sheets: Vec<Sheet> = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            read(of(entry.file_name().to_str()?)?, &fs::read(entry.path()).ok()?)
        })
        .collect();
    sheets.sort_by(|one, other| one.name.cmp(&other.name));
    sheets
}

/// What a file holds; an older one has the tasks alone.
fn read(account: AccountId, bytes: &[u8]) -> Option<Sheet> {
    if let Ok(Written { account, name, store, store_id, made_at, tasks }) = serde_json::from_slice(bytes) {
        return Some(Sheet { account, name, store, store_id, made_at: Some(made_at), tasks });
    }
    let ids: Vec<TaskId> = serde_json::from_slice(bytes).ok()?;
    let tasks = ids.into_iter().map(|id| (id, String::new())).collect();
    let (store, store_id) = (String::new(), String::new());
    Some(Sheet { account, name: account.to_string(), store, store_id, made_at: None, tasks })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_jotted_down() {
        assert_eq!(ranges("1 3 5-8"), Ok(vec![(1, 1), (3, 3), (5, 8)]));
        assert_eq!(ranges(" 1，3、5～6 "), Ok(vec![(1, 1), (3, 3), (5, 6)]));
        assert_eq!(ranges("3-1"), Err("3-1".to_owned()));
        assert_eq!(ranges("1 x"), Err("x".to_owned()));
    }

    #[test]
    fn a_file_of_an_older_program_is_read() {
        let (account, task) = (AccountId::from_bits(1), TaskId::from_bits(2));
        let sheet = read(account, &serde_json::to_vec(&[task]).unwrap()).unwrap();
        assert!(sheet.is_of("s01", "main"), "nothing tells of which store it is");
        assert_eq!((sheet.account, sheet.tasks, sheet.made_at), (account, vec![(task, String::new())], None));
        let name_alone = serde_json::json!({
            "account": account, "name": "小完子", "store": "main", "made_at": Timestamp(0), "tasks": [(task, "甲群")],
        });
        let sheet = read(account, &serde_json::to_vec(&name_alone).unwrap()).unwrap();
        assert!(sheet.is_of("s01", "main") && !sheet.is_of("s01", "other"), "{sheet:?}");
        assert_eq!(read(account, b"{}"), None);
    }

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }
}
