//! A desk for tests: over a simulated disk and an index in memory, at whatever time a test says it is.

#![allow(clippy::result_large_err, reason = "tests look at refusals as they come")]

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDateTime;
use chrono_tz::Tz;

use super::{ClientId, Desk, DeskOptions, Input, Now, Output, Turn};
use crate::book::{CommandId, IdGenerator, Timestamp};
use crate::door::reply::Outcome;
use crate::door::{Command, Push, Refusal, Reply, Request, Saw, WIRE};
use crate::store::columns::Columns;
use crate::store::disk::SimDisk;
use crate::store::index::MemIndex;
use crate::store::journal::{Journal, Options};
use crate::store::{Body, Store};
use crate::text::lang::Lang;

/// Small files: a simulated disk pays for the zeros that are written ahead.
pub(crate) const FILES: Options = Options { segment_bytes: 4 << 20, step_bytes: 64 << 10 };

/// Who acts unless a test says otherwise.
pub(crate) const OPERATOR: &str = "王店长";

/// A desk in Asia/Shanghai on 2026-11-22 09:00, a Sunday, with nothing in its book.
pub(crate) struct TestDesk {
    pub desk: Desk,
    disk: SimDisk,
    now: Now,
    /// Operators that have said hello, by their client number.
    clients: Vec<String>,
    commands: IdGenerator,
    tag: u64,
    /// What was pushed to screens since it was last taken.
    pub pushed: Vec<Push>,
    /// The last turn, with replies and pushes still in it.
    pub last: Turn,
    /// Answers that nobody has taken yet, by the tag of what was asked.
    answers: BTreeMap<u64, Reply>,
    /// The most records that one turn wrote, and the most it did for reads, in the steps of a slice.
    pub most: (u64, usize),
}

/// An instant from `2026-11-22 09:10`, wall time in Shanghai.
pub(crate) fn at(text: &str) -> Timestamp {
    let local =
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap_or_else(|e| panic!("{text}: {e}"));
    local.and_local_timezone(Tz::Asia__Shanghai).single().unwrap().to_utc().into()
}

impl TestDesk {
    pub(crate) fn new() -> Self {
        let disk = SimDisk::new();
        let now = Now { wall: at("2026-11-22 09:00"), boot_ms: 1_000_000 };
        Journal::create_with(Arc::new(disk.clone()), [7; 16], FILES).unwrap();
        let desk = open(&disk, now, 1);
        Self {
            desk,
            disk,
            now,
            clients: Vec::new(),
            commands: IdGenerator::new(99),
            tag: 0,
            pushed: Vec::new(),
            last: Turn::default(),
            answers: BTreeMap::new(),
            most: (0, 0),
        }
    }

    /// The disk has so much room left, or as much as one likes.
    pub(crate) fn room(&mut self, bytes: Option<u64>) {
        self.disk.set_room(bytes);
    }

    /// Sets the clock; both clocks move alike.
    pub(crate) fn at(&mut self, text: &str) -> &mut Self {
        let wall = at(text);
        self.now.boot_ms += wall.since(self.now.wall);
        self.now.wall = wall;
        self
    }

    /// Sets the clock to an instant; both clocks move alike.
    pub(crate) fn at_time(&mut self, wall: Timestamp) -> &mut Self {
        self.now.boot_ms += wall.since(self.now.wall);
        self.now.wall = wall;
        self
    }

    /// Somebody sets the clock of the day; the one since the start goes on.
    pub(crate) fn set_clock(&mut self, text: &str) {
        self.now.boot_ms += 1_000;
        self.now.wall = at(text);
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Now {
        self.now
    }

    /// Carries out a command of the usual operator.
    /// Performs a record as an act of a human at a screen, and commits it.
    pub(crate) fn stage(&mut self, body: Body) {
        let mut act = self.desk.tick_act(self.now().wall);
        act.by.via = "screen".to_owned();
        self.desk.perform(&act, vec![body]).unwrap();
        self.desk.store.commit().unwrap();
    }

    pub(crate) fn run(&mut self, command: Command) -> Result<Outcome, Refusal> {
        self.run_as(OPERATOR, command)
    }

    /// Carries out a command of somebody, each in a turn of its own, a millisecond after the one before.
    pub(crate) fn run_as(&mut self, operator: &str, command: Command) -> Result<Outcome, Refusal> {
        self.run_on(operator, command, None)
    }

    /// The same standing on what they saw.
    pub(crate) fn run_on(
        &mut self,
        operator: &str,
        command: Command,
        saw: Option<Saw>,
    ) -> Result<Outcome, Refusal> {
        self.now.wall.0 += 1;
        self.now.boot_ms += 1;
        let command_id: CommandId = self.commands.next(self.now.wall);
        match self.ask_as(operator, Request::Do { command_id, command, saw }) {
            Reply::Done(outcome) => Ok(outcome),
            Reply::Refused(refusal) => Err(refusal),
            other => panic!("neither done nor refused: {other:?}"),
        }
    }

    /// Asks as the usual operator.
    pub(crate) fn ask(&mut self, request: Request) -> Reply {
        self.ask_as(OPERATOR, request)
    }

    /// Asks something on a screen of somebody.
    pub(crate) fn ask_as(&mut self, operator: &str, request: Request) -> Reply {
        let tag = self.begin_as(operator, request);
        // what is bulk work takes several slices
        for _ in 0..10_000 {
            match self.answer(tag) {
                Some(reply) => return reply,
                None => self.idle(),
            }
        }
        panic!("every request is answered")
    }

    /// Asks something and does not wait for the answer; its tag.
    pub(crate) fn begin_as(&mut self, operator: &str, request: Request) -> u64 {
        let client = self.client(operator);
        self.tag += 1;
        let tag = self.tag;
        self.turn(vec![Input::Request { client, tag, request }]);
        tag
    }

    /// The answer to what was begun, once it is there.
    pub(crate) fn answer(&mut self, tag: u64) -> Option<Reply> {
        self.answers.remove(&tag)
    }

    /// Somebody's connection ends.
    pub(crate) fn leave(&mut self, operator: &str) {
        let client = self.client(operator);
        self.turn(vec![Input::Disconnect { client }]);
    }

    /// One slice of background work.
    pub(crate) fn idle(&mut self) {
        self.turn(vec![Input::Idle]);
    }

    /// One turn of a tick.
    pub(crate) fn tick_once(&mut self) {
        self.turn(vec![Input::Tick]);
    }

    fn client(&mut self, operator: &str) -> ClientId {
        if let Some(known) = self.clients.iter().position(|name| name == operator) {
            return ClientId(known as u32);
        }
        let client = ClientId(self.clients.len() as u32);
        self.clients.push(operator.to_owned());
        let hello = Request::Hello {
            wire: WIRE,
            program: "screen".to_owned(),
            operator: operator.to_owned(),
            lang: Lang::ZhCn,
        };
        self.turn(vec![
            Input::Connect { client, operator: operator.to_owned(), uid: 0 },
            Input::Request { client, tag: 0, request: hello },
        ]);
        client
    }

    /// What the desk's own process does when it has read the file of rules; gives the lines it logged.
    pub(crate) fn rules_file(&mut self, text: &str) -> Vec<String> {
        self.turn(vec![Input::RulesFile { text: text.to_owned() }]);
        let logged = self.last.outputs.iter().filter_map(|output| match output {
            Output::Log(line) => Some(line.clone()),
            _ => None,
        });
        logged.collect()
    }

    /// Ticks until nothing waits.
    pub(crate) fn tick(&mut self) {
        self.turn(vec![Input::Tick]);
        let mut slices = 0;
        while self.last.more {
            slices += 1;
            assert!(slices < 10_000, "background work does not end");
            self.turn(vec![Input::Idle]);
        }
    }

    fn turn(&mut self, inputs: Vec<Input>) {
        let before = (self.desk.store.end().seq, self.desk.views.spent());
        self.last = self.desk.turn(inputs, self.now);
        let written = self.desk.store.end().seq - before.0;
        self.most = (self.most.0.max(written), self.most.1.max(self.desk.views.spent() - before.1));
        for output in &self.last.outputs {
            if let Output::Reply { tag, envelope, .. } = output {
                self.answers.insert(*tag, envelope.reply.clone());
            }
        }
        self.pushed.extend(self.last.outputs.iter().filter_map(|output| match output {
            Output::Push { push, .. } => Some(push.clone()),
            _ => None,
        }));
    }

    /// Ends this desk and opens another over the same files with an empty index: everything is rebuilt from the
    /// journal and must be what it was.
    pub(crate) fn restart(&mut self) {
        let before = columns_text(&self.desk.store.columns);
        let open = open(&self.disk, self.now, self.tag + 2);
        self.desk = open;
        self.clients.clear();
        for (before, after) in before.iter().zip(&columns_text(&self.desk.store.columns)) {
            assert_eq!(before, after, "the rebuilt columns differ from the live ones");
        }
    }
}

fn open(disk: &SimDisk, now: Now, seed: u64) -> Desk {
    let (journal, _) = Journal::open_with(Arc::new(disk.clone()), FILES).unwrap();
    let store =
        Store::open(journal, Box::new(MemIndex::new()), Columns::default(), 0, &mut |_, _| {}).unwrap();
    let options = DeskOptions {
        name: "测试店".to_owned(),
        pid: 1,
        zone: "Asia/Shanghai".to_owned(),
        owner: OPERATOR.to_owned(),
        ..DeskOptions::default()
    };
    Desk::new(store, options, seed, now).unwrap()
}

/// Everything the columns hold, in parts that can be compared and read.
pub(crate) fn columns_text(columns: &Columns) -> Vec<String> {
    fn rows<I: crate::book::id::Id, C: std::fmt::Debug>(
        name: &str,
        rows: impl Iterator<Item = (u32, I, C)>,
    ) -> String {
        let lines: Vec<String> = rows.map(|(row, id, column)| format!("{row} {id} {column:?}")).collect();
        format!("{name}\n{}", lines.join("\n"))
    }
    let words: Vec<(u32, &str)> = columns.words.iter().collect();
    vec![
        format!("{:?} {:?} {:?} {:?}", columns.store, columns.rules, columns.rules_toml, columns.holidays),
        rows("accounts", columns.accounts.iter()),
        rows("groups", columns.groups.iter()),
        rows("members", columns.members.iter()),
        rows("tasks", columns.tasks.iter()),
        rows("enrolments", columns.enrolments.iter()),
        format!("{:?} {:?} {:?}", columns.playbooks, columns.playbook_ids, words),
        format!("{:?}", columns.products.iter().collect::<BTreeMap<_, _>>()),
        format!("{:?} {:?} {:?}", columns.answers, columns.paused, columns.imports),
        format!("{:?} {:?} {:?}", columns.snippets, columns.snippet_uses, columns.days_off),
        format!("{:?}", columns.saved_views),
        format!("{:?} {:?}", columns.reversals, columns.works),
        format!(
            "{:?} {:?} {:?} {:?} {:?}",
            columns.wakes, columns.queue, columns.ended, columns.snoozes, columns.expiries
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_comes_back_from_its_journal() {
        let mut desk = TestDesk::new();
        desk.at("2026-11-22 09:10");
        assert_eq!(desk.ask(Request::Unwatch { watch: 1 }), desk.ask(Request::Unwatch { watch: 1 }));
        desk.tick();
        desk.restart();
        assert_eq!(desk.now().wall, at("2026-11-22 09:10"));
        assert_eq!(desk.desk.store().columns.store.name, "测试店");
    }
}
