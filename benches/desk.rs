//! A desk in this process: filters over everything, a tick that fires, one human act.

use std::time::Duration;

use qun::book::{CommandId, IdGenerator, ObjectId, Timestamp};
use qun::clock::Monotonic;
use qun::desk::{Desk, DeskOptions};
use qun::door::form::Kind;
use qun::door::request::{ListSpec, Sort};
use qun::door::turn::{ClientId, Input, Now, Output, Turn};
use qun::door::{Command, Reply, Request, WIRE};
use qun::text::lang::Lang;

use super::measure::{print, size, times, wanted};
use super::store::demo;

const CLIENT: ClientId = ClientId(1);

/// A desk, its clock, and the longest turn so far.
struct Bench {
    desk: Desk,
    now: Now,
    tag: u64,
    commands: IdGenerator,
    longest: Duration,
}

impl Bench {
    fn open(members: u32, tasks: u32) -> (tempfile::TempDir, Self) {
        let directory = tempfile::tempdir().unwrap();
        let dir = demo(&directory.path().join("store"), members, tasks);
        let (store, _) = qun::store::open(&dir, 1, &mut |_, _| {}).unwrap();
        let now = Now { wall: qun::demo::opens_at(), boot_ms: 0 };
        let zone = qun::demo::ZONE.name().to_owned();
        let options = DeskOptions { name: "bench".to_owned(), pid: 1, zone, ..DeskOptions::default() };
        let desk = Desk::new(store, options, 1, now).unwrap();
        let mut bench = Self { desk, now, tag: 0, commands: IdGenerator::new(5), longest: Duration::ZERO };
        bench.turn(Input::Connect { client: CLIENT, operator: "小李".to_owned(), uid: 1000 });
        let operator = "小李".to_owned();
        bench.ask(Request::Hello { wire: WIRE, program: "bench".to_owned(), operator, lang: Lang::ZhCn });
        bench.settle();
        (directory, bench)
    }

    fn turn(&mut self, input: Input) -> Turn {
        let begun = Monotonic::start();
        let turn = self.desk.turn(vec![input], self.now);
        self.longest = self.longest.max(begun.elapsed());
        turn
    }

    /// Background work to its end.
    fn settle(&mut self) {
        while self.turn(Input::Idle).more {}
    }

    fn ask(&mut self, request: Request) -> Reply {
        self.tag += 1;
        let asked = self.tag;
        let mut turn = self.turn(Input::Request { client: CLIENT, tag: asked, request });
        loop {
            for output in turn.outputs {
                match output {
                    Output::Reply { tag, envelope, .. } if tag == asked => return envelope.reply,
                    _ => {}
                }
            }
            turn = self.turn(Input::Idle);
        }
    }

    fn list(&mut self, kind: Kind, filter: &str) -> Reply {
        let list = ListSpec { kind, filter: filter.to_owned(), sort: Sort::Natural };
        self.ask(Request::List { list, first: 0, rows: 50, texts: false })
    }
}

pub fn run() {
    let members = size("QUN_BENCH_MEMBERS", 2_000);
    if wanted("filter act") {
        let (_directory, mut bench) = Bench::open(members, members);
        for filter in ["张", "zs", "zhangsan", "tag:宝妈 spent>=500"] {
            let taken = times(20, || {
                bench.list(Kind::Member, filter);
            });
            print(&format!("filter {filter:?}, {members} members"), taken, "100k: 20, 1M: 60");
        }
        let taken = times(20, || {
            bench.list(Kind::Task, "state:due due:today");
        });
        print(&format!("filter \"state:due due:today\", {members} tasks"), taken, "100k: 20");

        let group = bench.desk.store().columns.groups.iter().next().map(|(_, id, _)| id);
        if let Some(group) = group {
            let taken = times(200, || {
                let command_id: CommandId = bench.commands.next(bench.now.wall);
                let command = Command::Note { on: vec![ObjectId::Group(group)], text: "看过".to_owned() };
                let reply = bench.ask(Request::Do { command_id, command, if_rev: None });
                assert!(matches!(reply, Reply::Done(_)), "{reply:?}");
            });
            print("act: a note, acknowledged", taken, "25 (99 %)");
        }
    }
    if wanted("tick") {
        let due = size("QUN_BENCH_DUE", 500);
        let (_directory, mut bench) = Bench::open(due * 4, due * 4);
        let before = bench.desk.store().columns.tasks.len();
        bench.longest = Duration::ZERO;
        let taken = times(1, || {
            // The evening of the next day: everything until then has come due at once.
            const LATER: i64 = 34 * 3_600_000;
            bench.now = Now { wall: Timestamp(bench.now.wall.0 + LATER), boot_ms: LATER };
            if bench.turn(Input::Tick).more {
                bench.settle();
            }
        });
        let fired = bench.desk.store().columns.tasks.len() - before;
        print(&format!("tick that fires {fired} tasks"), taken, "10k: 2000");
        print("its longest turn, syncs counted", vec![bench.longest], "5 without syncs");
    }
}
