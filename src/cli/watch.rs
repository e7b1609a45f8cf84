//! `qun watch`: what changes in a filter, a JSON line each, until it is stopped.
//!
//! It is a screen without a picture: it starts the desk where none runs, and keeps watching when the desk is another.
//! The first lines are the rows that are there. What only moves, changes no line. A list that is longer than one window
//! is followed by as many as it needs; what goes from one into the next is not gone.
//!
//! One file because what was told decides about what is asked next.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::time::Duration;

use chrono_tz::Tz;
use clap::Args;
use serde_json::{Value, json};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::context::Context;
use super::error::{CliError, Kind};
use super::session::{Session, unexpected};
use super::{json, out, reach, screen};
use crate::door::connection::{Connection, Incoming};
use crate::door::line::{LineId, Lines};
use crate::door::reply::{Patch, Window};
use crate::door::request::ListSpec;
use crate::door::{Envelope, Push, Reply, Request};
use crate::socket::client::Program;
use crate::text::lang::Lang;

crate::words! {
    enum Words {
        Part { shown, total } => [
            "只跟着 {total} 条里的前 {shown} 条; 把筛选写窄一点", "只跟著 {total} 條裡的前 {shown} 條; 把篩選寫窄一點",
            "only the first {shown} of {total} are followed; narrow the filter",
        ],
        DeskGone => ["值守进程没了", "值守程序沒了", "the desk is gone"],
    }
}

/// The rows of one window that a desk keeps true.
const PAGE: u32 = 500;

/// The most windows: a desk keeps so many for one who asks, and some to spare.
const PAGES_MAX: u32 = 60;

/// A row that leaves one window may be on its way into the next: what is gone is told when it has been quiet so long.
const SETTLED: Duration = Duration::from_millis(40);

#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    /// tasks, members, groups, accounts or sops; or the name of a view
    #[arg(default_value = "tasks", value_name = "WHAT")]
    what: String,
    /// A filter, such as 'state:due group:宠友'
    #[arg(short, long, default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    pub filter: String,
    /// End after so many lines
    #[arg(long, value_name = "N")]
    count: Option<u64>,
    /// Follow only the first rows of the list
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=30_000))]
    limit: Option<u32>,
    // taken as everywhere: what it tells is JSON anyway
    #[arg(long, hide = true)]
    json: bool,
    /// Leave out the rows that are there at the beginning
    #[arg(long)]
    changes: bool,
}

pub(super) fn run(context: &mut Context, args: &WatchArgs) -> Result<ExitCode, CliError> {
    let failed = |error: std::io::Error| CliError::new(Kind::Desk, error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (store, socket) = (context.store.clone(), context.socket.clone());
    let caller = reach::caller(context, Program::Screen);
    let lang = context.lang;
    let connection = runtime.block_on(screen::connect(store, caller, socket));
    let connection = connection.map_err(|error| error.told(lang))?;
    // asked of the desk that runs by now: alone it would keep the store for itself
    let list = followed(context, args)?;
    runtime.block_on(async {
        tokio::select! {
            biased;
            () = nobody_reads() => Ok(ExitCode::SUCCESS),
            done = follow(context, args, list, connection) => done,
        }
    })
}

/// What is followed.
fn followed(context: &mut Context, args: &WatchArgs) -> Result<ListSpec, CliError> {
    let mut session = Session::open(context)?;
    let (list, _) = super::list::rows_or_view(&mut session, &args.what, &args.filter)?;
    session.finish()?;
    Ok(list)
}

/// Ends when nobody reads standard output any more, also while there is nothing to say. Of a file that is never so.
#[expect(
    deprecated,
    reason = "standard output is never closed by this process, which is all that the safe way lacks"
)]
async fn nobody_reads() {
    let watched = AsyncFd::with_interest(std::io::stdout(), Interest::ERROR);
    let ended = match &watched {
        Ok(stdout) => stdout.ready(Interest::ERROR).await.is_ok(),
        Err(_) => false,
    };
    if !ended {
        std::future::pending::<()>().await;
    }
}

async fn follow(
    context: &mut Context,
    args: &WatchArgs,
    list: ListSpec,
    mut connection: Connection,
) -> Result<ExitCode, CliError> {
    let lost = || CliError::new(Kind::Desk, Words::DeskGone.text(context.lang));
    let mut seen = Seen { quiet: args.changes, limit: args.limit, ..Seen::default() };
    let (mut left, mut begun) = (args.count, false);
    while left != Some(0) && !context.out.is_closed() {
        let message = if seen.unsettled {
            let waited = tokio::time::timeout(SETTLED, connection.incoming.recv()).await;
            let Ok(message) = waited else {
                for line in seen.tell() {
                    if left == Some(0) {
                        break;
                    }
                    context.out.json(line);
                    left = left.map(|left| left - 1);
                }
                continue;
            };
            message
        } else {
            connection.incoming.recv().await
        };
        let asks = match message.ok_or_else(lost)? {
            Incoming::Reply(0, Envelope { reply: Reply::Welcome { zone, .. }, .. }) => {
                seen.zone = zone.parse().unwrap_or(seen.zone);
                // a desk that is another knows of no window
                seen.pages.clear();
                seen.follow(1, context.lang)
            }
            Incoming::Reply(_, Envelope { reply: Reply::Refused(refusal), .. }) => {
                return Err(refusal.into());
            }
            Incoming::Reply(_, Envelope { reply: Reply::Window(window), .. })
            | Incoming::Push(Push::Window(window)) => {
                // as of a list without rows
                if !std::mem::replace(&mut begun, true) && window.total == 0 {
                    for hint in super::query::meant_otherwise(&args.filter, context.lang) {
                        out::complain(&hint);
                    }
                }
                seen.take_window(&window, context.lang)
            }
            // a window that is followed no more
            Incoming::Reply(_, Envelope { reply: Reply::Fine, .. }) => Vec::new(),
            Incoming::Reply(_, Envelope { reply, .. }) => return Err(unexpected(&reply)),
            Incoming::Push(Push::Patch(patch)) => seen.take_patch(&patch, context.lang),
            Incoming::Push(_) | Incoming::Lost | Incoming::Back => Vec::new(),
        };
        for ask in asks {
            let request = match ask {
                Ask::Watch(page) => {
                    let (first, rows) = (page * PAGE, seen.rows_of(page));
                    Request::Watch { watch: page + 1, list: list.clone(), first, rows, around: None }
                }
                Ask::Leave(page) => Request::Unwatch { watch: page + 1 },
            };
            let (Ask::Watch(page) | Ask::Leave(page)) = ask;
            if connection.requests.send((u64::from(page + 1), request)).await.is_err() {
                return Err(lost());
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What is to be asked of the desk about a window.
enum Ask {
    Watch(u32),
    Leave(u32),
}

/// One window of the list.
#[derive(Debug, Default)]
struct Page {
    /// None until it has come.
    rev: Option<u64>,
    order: Vec<String>,
}

/// What was told of the list so far.
#[derive(Debug)]
struct Seen {
    pages: Vec<Page>,
    /// The lines as they are, and as they were told.
    lines: BTreeMap<String, Value>,
    told: BTreeMap<String, Value>,
    zone: Tz,
    limit: Option<u32>,
    warned: bool,
    /// The rows that are there already are not told.
    quiet: bool,
    /// They have been told, or left out.
    begun: bool,
    /// Something came that was not told yet.
    unsettled: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            lines: BTreeMap::new(),
            told: BTreeMap::new(),
            zone: crate::clock::zone(),
            limit: None,
            warned: false,
            quiet: false,
            begun: false,
            unsettled: false,
        }
    }
}

impl Seen {
    /// The most rows that are followed.
    fn most(&self) -> u32 {
        self.limit.unwrap_or(PAGE * PAGES_MAX)
    }

    /// How many rows a window has at most.
    fn rows_of(&self, page: u32) -> u32 {
        PAGE.min(self.most().saturating_sub(page * PAGE))
    }

    /// As many windows as so many rows need, and one at least.
    fn follow(&mut self, total: u32, lang: Lang) -> Vec<Ask> {
        let most = self.most();
        if total > most && self.limit.is_none() && !self.warned {
            self.warned = true;
            out::complain(&Words::Part.fill(lang, &[("shown", &most), ("total", &total)]));
        }
        let wanted = total.min(most).div_ceil(PAGE).max(1);
        let here = self.pages.len() as u32;
        self.pages.resize_with(wanted as usize, Page::default);
        (here..wanted).map(Ask::Watch).chain((wanted..here).map(Ask::Leave)).collect()
    }

    fn page(&mut self, watch: u32) -> Option<&mut Page> {
        self.pages.get_mut(watch.checked_sub(1)? as usize)
    }

    fn take_window(&mut self, window: &Window, lang: Lang) -> Vec<Ask> {
        let order = ids(&window.lines).iter().map(key).collect();
        let Some(page) = self.page(window.watch) else { return Vec::new() };
        *page = Page { rev: Some(window.rev), order };
        self.keep(&window.lines);
        self.follow(window.total, lang)
    }

    fn take_patch(&mut self, patch: &Patch, lang: Lang) -> Vec<Ask> {
        let Some(page) = self.page(patch.watch) else { return Vec::new() };
        if page.rev.is_none_or(|rev| patch.rev != rev + 1) {
            page.rev = None;
            return vec![Ask::Watch(patch.watch - 1)];
        }
        *page = Page { rev: Some(patch.rev), order: patch.order.iter().map(key).collect() };
        self.keep(&patch.upserts);
        self.follow(patch.total, lang)
    }

    fn keep(&mut self, lines: &Lines) {
        self.unsettled = true;
        for row in rows(lines, self.zone) {
            let id = row.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            self.lines.insert(id, row);
        }
    }

    /// What is other than was told, once all windows are there.
    fn tell(&mut self) -> Vec<Value> {
        self.unsettled = false;
        if self.pages.iter().any(|page| page.rev.is_none()) {
            return Vec::new();
        }
        let mut told = Vec::new();
        let here: BTreeSet<&String> = self.pages.iter().flat_map(|page| &page.order).collect();
        let gone: Vec<String> = self.told.keys().filter(|id| !here.contains(*id)).cloned().collect();
        for id in gone {
            self.told.remove(&id);
            told.push(json!({"schema": 1, "event": "gone", "id": id}));
        }
        for id in self.pages.iter().flat_map(|page| &page.order) {
            let Some(row) = self.lines.get(id) else { continue };
            let event = match self.told.get(id) {
                Some(before) if before == row => continue,
                Some(_) => "changed",
                None if self.begun => "new",
                None => "there",
            };
            self.told.insert(id.clone(), row.clone());
            told.push(json!({"schema": 1, "event": event, "id": id, "row": row}));
        }
        self.lines.retain(|id, _| here.contains(id));
        let silent = self.quiet && !self.begun;
        self.begun = true;
        if silent { Vec::new() } else { told }
    }
}

fn key(id: &LineId) -> String {
    match id {
        LineId::Object(id) => id.to_string(),
        LineId::Playbook(id) => id.to_string(),
    }
}

/// The rows as scripts read them. Texts are asked for by `show`: what travels here is what lists show.
fn rows(lines: &Lines, zone: Tz) -> Vec<Value> {
    match lines {
        Lines::Tasks(lines) => lines
            .iter()
            .map(|line| {
                let mut row = json::task(line, None, zone);
                if let Value::Object(fields) = &mut row {
                    fields.remove("text");
                    fields.insert("summary".to_owned(), json!(line.summary));
                }
                row
            })
            .collect(),
        Lines::Groups(lines) => lines.iter().map(|line| json::group(line, zone)).collect(),
        Lines::Members(lines) => lines.iter().map(|line| json::member(line, zone)).collect(),
        Lines::Accounts(lines) => lines.iter().map(json::account).collect(),
        Lines::Playbooks(lines) => lines.iter().map(|line| json::sop(line, zone)).collect(),
    }
}

fn ids(lines: &Lines) -> Vec<LineId> {
    use crate::book::ObjectId;
    match lines {
        Lines::Tasks(lines) => lines.iter().map(|line| LineId::Object(ObjectId::Task(line.id))).collect(),
        Lines::Groups(lines) => lines.iter().map(|line| LineId::Object(ObjectId::Group(line.id))).collect(),
        Lines::Members(lines) => lines.iter().map(|line| LineId::Object(ObjectId::Member(line.id))).collect(),
        Lines::Accounts(lines) => {
            lines.iter().map(|line| LineId::Object(ObjectId::Account(line.id))).collect()
        }
        Lines::Playbooks(lines) => lines.iter().map(|line| LineId::Playbook(line.id.clone())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::PlaybookId;
    use crate::door::line::SopLine;

    fn window(watch: u32, rev: u64, total: u32, names: &[&str]) -> Window {
        let line = |name: &&str| SopLine {
            id: PlaybookId((*name).to_owned()),
            title: String::new(),
            version: 1,
            paused: false,
            target: "member".to_owned(),
            steps: 1,
            active: 0,
            in_line: 0,
            due: 0,
            next_at: None,
        };
        let lines = Lines::Playbooks(names.iter().map(line).collect());
        let (first, texts, around, nearest) = (0, Vec::new(), None, Vec::new());
        Window { watch, rev, total, first, lines, texts, around, nearest }
    }

    fn events(told: &[Value]) -> Vec<String> {
        let word = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        told.iter().map(|row| format!("{} {}", word(row, "event"), word(row, "id"))).collect()
    }

    #[test]
    fn all_of_a_long_list_is_followed_and_what_moves_between_windows_is_not_gone() {
        let mut seen = Seen::default();
        let watched = |asks: Vec<Ask>| -> Vec<u32> {
            asks.iter()
                .filter_map(|ask| if let Ask::Watch(page) = ask { Some(*page) } else { None })
                .collect()
        };
        assert_eq!(watched(seen.follow(1, Lang::En)), [0]);
        assert_eq!(watched(seen.take_window(&window(1, 1, 1_001, &["a", "b"]), Lang::En)), [1, 2]);
        assert_eq!(events(&seen.tell()), Vec::<String>::new(), "not before all windows have come");
        seen.take_window(&window(2, 1, 1_001, &["c"]), Lang::En);
        seen.take_window(&window(3, 1, 1_001, &["d"]), Lang::En);
        assert_eq!(events(&seen.tell()), ["there a", "there b", "there c", "there d"]);
        // b goes from the first window into the second; both must have come before anything is told
        seen.take_window(&window(1, 2, 1_001, &["a"]), Lang::En);
        seen.take_window(&window(2, 2, 1_001, &["b", "c"]), Lang::En);
        assert_eq!(events(&seen.tell()), Vec::<String>::new());
        // fewer rows need fewer windows
        let asks = seen.take_window(&window(1, 3, 600, &["a", "e"]), Lang::En);
        assert!(matches!(asks.as_slice(), [Ask::Leave(2)]));
        assert_eq!(events(&seen.tell()), ["gone d", "new e"]);
        let limited = Seen { limit: Some(700), ..Seen::default() };
        assert_eq!((limited.rows_of(0), limited.rows_of(1), limited.rows_of(2)), (500, 200, 0));
    }

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
    }
}
