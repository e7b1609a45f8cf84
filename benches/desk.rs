//! A desk in this process: lists and filters over everything, human acts, a tick that fires, enrolling by filter; and how
//! long its turns are by what they are about.
//!
//! Turns are measured with their syncs: on a memory disk (`TMPDIR=/dev/shm`) a sync is nothing, and what is left is the
//! desk's own work. `QUN_BENCH_STORE` names the directory of a demo store that is copied instead of made;
//! with `QUN_BENCH_AS_IS=1` it is worked on where it lies, and changed: a million members are too many to copy.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use qun::book::{CommandId, IdGenerator, ObjectId, PlaybookId, Timestamp};
use qun::clock::Monotonic;
use qun::desk::{Desk, DeskOptions};
use qun::door::form::Kind;
use qun::door::request::{ListSpec, Sort};
use qun::door::turn::{ClientId, Input, Now, Output, Turn};
use qun::door::{Command, Push, Reply, Request, WIRE};
use qun::store::layout::StoreDir;
use qun::text::lang::Lang;

use super::measure::{print, size, times, wanted};
use super::store::demo;

const CLIENT: ClientId = ClientId(1);

/// What the longest turn may be.
const TURN: &str = "5 without syncs";

/// A playbook that everybody is enrolled in by hand.
const CALL: &str = r#"
id = "bench-call"
title = "回访"
for = "member"
class = "service"
start = { on = "by-hand" }
[[step]]
id = "ask"
at = "D0 +1h"
via = "private"
text = ["{{ name }}，最近好吗"]
"#;

/// A desk, its clock, and how long its turns were.
struct Bench {
    desk: Desk,
    now: Now,
    tag: u64,
    commands: IdGenerator,
    turns: BTreeMap<&'static str, Vec<Duration>>,
}

/// A store to work on: made, or copied from one that was.
fn store(directory: &Path, members: u32, tasks: u32) -> StoreDir {
    let to = directory.join("store");
    let Some(from) = std::env::var_os("QUN_BENCH_STORE") else { return demo(&to, members, tasks) };
    if std::env::var_os("QUN_BENCH_AS_IS").is_some() {
        return StoreDir::prepare(Path::new(&from)).unwrap();
    }
    copy(Path::new(&from), &to);
    StoreDir::prepare(&to).unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        let kind = std::fs::metadata(&entry).unwrap();
        if kind.is_dir() {
            copy(&entry, &to);
        } else if kind.is_file() {
            std::fs::copy(&entry, &to).unwrap();
        }
    }
}

impl Bench {
    fn open(members: u32, tasks: u32) -> (tempfile::TempDir, Self) {
        let directory = tempfile::tempdir().unwrap();
        let dir = store(directory.path(), members, tasks);
        let (store, _) = qun::store::open(&dir, 1, &mut |_, _| {}).unwrap();
        let now = Now { wall: qun::demo::opens_at(), boot_ms: 0 };
        let zone = qun::demo::ZONE.name().to_owned();
        let options = DeskOptions { name: "bench".to_owned(), pid: 1, zone, ..DeskOptions::default() };
        let desk = Desk::new(store, options, 1, now).unwrap();
        let mut bench = Self { desk, now, tag: 0, commands: IdGenerator::new(5), turns: BTreeMap::new() };
        bench.turn("hello", Input::Connect { client: CLIENT, operator: "小李".to_owned(), uid: 1000 });
        let operator = "小李".to_owned();
        let program = "screen".to_owned();
        bench.ask("hello", Request::Hello { wire: WIRE, program, operator, lang: Lang::ZhCn });
        bench.turn("tick", Input::Tick);
        bench.settle("tick");
        bench.turns.clear();
        (directory, bench)
    }

    fn turn(&mut self, about: &'static str, input: Input) -> Turn {
        let begun = Monotonic::start();
        let turn = self.desk.turn(vec![input], self.now);
        self.turns.entry(about).or_default().push(begun.elapsed());
        turn
    }

    /// Background work to its end.
    fn settle(&mut self, about: &'static str) {
        while self.turn(about, Input::Idle).more {}
    }

    fn request(&mut self, request: Request) -> (u64, Input) {
        self.tag += 1;
        (self.tag, Input::Request { client: CLIENT, tag: self.tag, request })
    }

    fn ask(&mut self, about: &'static str, request: Request) -> Reply {
        let (asked, input) = self.request(request);
        let mut turn = self.turn(about, input);
        loop {
            for output in turn.outputs {
                match output {
                    Output::Reply { tag, envelope, .. } if tag == asked => return envelope.reply,
                    _ => {}
                }
            }
            turn = self.turn(about, Input::Idle);
        }
    }

    fn list(&mut self, kind: Kind, filter: &str) -> Reply {
        let list = ListSpec { kind, filter: filter.to_owned(), sort: Sort::Natural, limit: None };
        self.ask("a list", Request::List { list, first: 0, rows: 50, texts: false })
    }

    /// Watches a list until rows of it are there.
    fn first_rows(&mut self, kind: Kind, filter: &str) {
        let list = ListSpec { kind, filter: filter.to_owned(), sort: Sort::Natural, limit: None };
        self.ask("a watch", Request::Unwatch { watch: 1 });
        let (asked, input) =
            self.request(Request::Watch { watch: 1, list, first: 0, rows: 50, around: None });
        let mut turn = self.turn("a watch", input);
        loop {
            let there = turn.outputs.iter().any(|output| match output {
                Output::Reply { tag, envelope, .. } if *tag == asked => {
                    matches!(&envelope.reply, Reply::Window(window) if window.total > 0)
                }
                Output::Push { push: Push::Patch(patch), .. } => patch.total > 0,
                // told whole, also where there is nothing in it
                Output::Push { push: Push::Window(_), .. } => true,
                _ => false,
            });
            if there || !turn.more {
                return;
            }
            turn = self.turn("a watch", Input::Idle);
        }
    }

    fn run(&mut self, about: &'static str, command: Command) -> Reply {
        let command_id: CommandId = self.commands.next(self.now.wall);
        let reply = self.ask(about, Request::Do { command_id, command, saw: None });
        assert!(matches!(reply, Reply::Done(_)), "{reply:?}");
        reply
    }

    fn note(&mut self, on: ObjectId) {
        self.run("an act", Command::Note { on: vec![on], text: "看过".to_owned() });
    }

    /// Background work to its end, with a human act between any two slices: how long each act waited and took.
    fn settle_with_acts(&mut self, about: &'static str, on: ObjectId) -> Vec<Duration> {
        let mut acts = Vec::new();
        let mut more = true;
        while more {
            let begun = Monotonic::start();
            more = self.turn(about, Input::Idle).more;
            self.note(on);
            acts.push(begun.elapsed());
        }
        acts
    }

    /// How long turns were, by what they were about.
    fn print_turns(&mut self) {
        for (about, taken) in std::mem::take(&mut self.turns) {
            print(&format!("turns of {about}"), taken, TURN);
        }
    }
}

pub fn run() {
    let members = size("QUN_BENCH_MEMBERS", 2_000);
    if wanted("list filter act turns") {
        let (_directory, mut bench) = Bench::open(members, members);
        let tasks = bench.desk.store().columns.queue.len();
        let taken = times(20, || {
            bench.list(Kind::Task, "state:due");
        });
        print(&format!("list 50 of {tasks} due, in the desk"), taken, "100k: part of 10");
        for filter in ["state:due due:today", "state:due 早安"] {
            let taken = times(20, || {
                bench.list(Kind::Task, filter);
            });
            print(&format!("list {filter:?}, {tasks} tasks, whole"), taken, "");
        }
        for filter in ["张", "zs", "zhangsan", "tag:宝妈 spent>=500", "没有的人"] {
            let taken = times(20, || {
                bench.list(Kind::Member, filter);
            });
            print(&format!("filter {filter:?}, {members} members, whole"), taken, "");
            let taken = times(20, || bench.first_rows(Kind::Member, filter));
            print(&format!("filter {filter:?}, {members} members, first rows"), taken, "100k: 20, 1M: 60");
            bench.settle("a watch");
        }
        let taken = times(20, || bench.first_rows(Kind::Task, "zs"));
        print(&format!("filter \"zs\", {tasks} tasks, first rows"), taken, "100k: 20, 1M: 60");
        bench.settle("a watch");
        let taken = times(20, || {
            let kinds = vec![Kind::Member, Kind::Group];
            bench.ask("a suggestion", Request::Suggest { kinds, text: "zs".to_owned(), limit: 20 });
        });
        print(&format!("names that sound like \"zs\", {members} members"), taken, "");

        let group = bench.desk.store().columns.groups.iter().next().map(|(_, id, _)| id);
        if let Some(group) = group.map(ObjectId::Group) {
            bench.first_rows(Kind::Task, "state:due");
            bench.settle("a watch");
            let taken = times(200, || bench.note(group));
            print("act: a note, acknowledged", taken, "25 (99 %)");
        }
        bench.print_turns();
    }
    if wanted("enrol turns") {
        let (_directory, mut bench) = Bench::open(members, members);
        bench.run(
            "an act",
            Command::SopAdd {
                toml: CALL.to_owned(),
                file: "call.toml".to_owned(),
                new_only: false,
                base: None,
            },
        );
        bench.settle("an act");
        bench.turns.clear();
        let enrol = Command::Enrol {
            playbook: PlaybookId("bench-call".to_owned()),
            targets: Vec::new(),
            filter: "-tag:没有".to_owned(),
            anchor: None,
            dry_run: false,
        };
        let taken = times(1, || {
            bench.run("enrolling by filter", enrol.clone());
        });
        print(&format!("enrol by filter, {members} members"), taken, "");
        bench.settle("enrolling by filter");
        bench.turn("a tick", Input::Tick);
        bench.settle("a tick");
        // only what stands at the head is looked at, however many stand behind it
        let taken = times(200, || {
            bench.turn("a tick with nothing due", Input::Tick);
        });
        let enrolled = bench.desk.store().columns.enrolments.len();
        print(&format!("tick with nothing due, {enrolled} enrolments"), taken, "the same at 1M");
        bench.print_turns();
    }
    if wanted("tick turns") {
        let due = size("QUN_BENCH_DUE", 500);
        let (_directory, mut bench) = Bench::open(due * 4, due * 4);
        let before = bench.desk.store().columns.tasks.len();
        let group = bench.desk.store().columns.groups.iter().next().map(|(_, id, _)| ObjectId::Group(id));
        bench.first_rows(Kind::Task, "state:due");
        bench.turns.clear();
        let mut acts = Vec::new();
        let taken = times(1, || {
            // The evening of the next day: everything until then has come due at once.
            const LATER: i64 = 34 * 3_600_000;
            bench.now = Now { wall: Timestamp(bench.now.wall.0 + LATER), boot_ms: LATER };
            bench.turn("a tick", Input::Tick);
            acts = group.map(|group| bench.settle_with_acts("a tick", group)).unwrap_or_default();
        });
        let fired = bench.desk.store().columns.tasks.len() - before;
        print(&format!("tick that fires {fired} tasks, {} acts between", acts.len()), taken, "10k: 2000");
        print("act: a note, during that tick, with the slice before it", acts, "25 (99 %)");
        bench.print_turns();
    }
}
