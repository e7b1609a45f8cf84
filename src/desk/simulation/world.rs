//! The machine that a simulated desk runs on: a disk that forgets, an index that falls behind, clocks that jump.
//!
//! The journal's bytes are remembered here as they were when the desk acknowledged them. After a crash they must
//! all be there, with at most the one frame behind them that was being written: everything else follows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::faults::{BentIndex, Fault};
use super::{OPERATORS, Violation};
use crate::book::{CommandId, IdGenerator, Timestamp};
use crate::desk::testing::{FILES, at, columns_text};
use crate::desk::{ClientId, Desk, DeskOptions, Input, Now, Output, Turn};
use crate::door::{Command, Refusal, Reply, Request, WIRE};
use crate::store::columns::Columns;
use crate::store::disk::{Disk, Mode, SimDisk};
use crate::store::index::{Index, MemIndex};
use crate::store::journal::Journal;
use crate::store::record::Work;
use crate::store::{Record, Store};
use crate::text::lang::Lang;

/// How many turns background work may take before it counts as endless.
const SLICES_MAX: u32 = 3_000;

/// The parts of [`columns_text`] that hold words by their numbers: groups, members, tasks, and the words.
const WITH_WORDS: [usize; 4] = [2, 3, 4, 6];

/// Who asks for what under which id.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub operator: usize,
    pub id: CommandId,
    pub request: Request,
}

impl Asked {
    /// The command in it, where it is one.
    pub(super) fn command(&self) -> Option<&Command> {
        match &self.request {
            Request::Do { command, .. } => Some(command),
            _ => None,
        }
    }
}

pub(super) struct World {
    pub desk: Desk,
    pub disk: SimDisk,
    index: MemIndex,
    fault: Fault,
    pub now: Now,
    seed: u64,
    restarts: u64,
    connected: Vec<Option<ClientId>>,
    next_client: u32,
    tag: u64,
    commands: IdGenerator,
    /// The journal as acknowledged.
    kept: Vec<Vec<u8>>,
    /// The last turn left background work.
    pub more: bool,
}

impl World {
    pub(super) fn new(seed: u64, fault: Fault) -> Self {
        let disk = SimDisk::new();
        let now = Now { wall: at("2026-11-22 09:00"), boot_ms: 1_000_000 };
        Journal::create_with(Arc::new(disk.clone()), [7; 16], FILES).expect("an empty disk takes a journal");
        let index = MemIndex::new();
        let desk = open(&disk, &index, fault, now, seed).expect("an empty journal opens");
        let mut world = Self {
            desk,
            disk,
            index,
            fault,
            now,
            seed,
            restarts: 0,
            connected: vec![None; OPERATORS.len()],
            next_client: 0,
            tag: 0,
            commands: IdGenerator::new(seed ^ 0xc0de),
            kept: Vec::new(),
            more: false,
        };
        world.keep();
        world
    }

    /// A command with an id of its own.
    pub(super) fn ask(&mut self, operator: usize, command: Command) -> Asked {
        let id = self.commands.next(self.now.wall);
        Asked { operator, id, request: Request::Do { command_id: id, command, saw: None } }
    }

    /// Lets both clocks run.
    pub(super) fn pass(&mut self, ms: i64) {
        self.now.wall.0 += ms;
        self.now.boot_ms += ms;
    }

    /// Whether what came while the clock ran ahead is still being taken back.
    pub(super) fn sets_back(&self) -> bool {
        let works = &self.desk.store.columns.works;
        works.iter().any(|left| matches!(left.work, Work::SetBack { .. }))
    }

    /// Moves the calendar clock alone.
    pub(super) fn jump(&mut self, ms: i64) {
        self.now.wall.0 += ms;
    }

    /// Ends an operator's connection; the next thing they ask opens another.
    pub(super) fn disconnect(&mut self, operator: usize) {
        if let Some(client) = self.connected[operator].take() {
            self.desk.turn(vec![Input::Disconnect { client }], self.now);
        }
    }

    fn client(&mut self, operator: usize) -> ClientId {
        if let Some(client) = self.connected[operator] {
            return client;
        }
        let client = ClientId(self.next_client);
        self.next_client += 1;
        let name = OPERATORS[operator].to_owned();
        let hello = Request::Hello {
            wire: WIRE,
            program: "screen".to_owned(),
            operator: name.clone(),
            lang: Lang::ZhCn,
        };
        let inputs = vec![
            Input::Connect { client, operator: name, uid: 0 },
            Input::Request { client, tag: 0, request: hello },
        ];
        self.desk.turn(inputs, self.now);
        self.connected[operator] = Some(client);
        client
    }

    /// One turn with everything that waits; the replies in the order asked.
    pub(super) fn turn(&mut self, asked: &[Asked], tick: bool) -> Vec<Reply> {
        let mut inputs = Vec::new();
        let mut tags = Vec::new();
        for asked in asked {
            let client = self.client(asked.operator);
            self.tag += 1;
            tags.push((client, self.tag));
            inputs.push(Input::Request { client, tag: self.tag, request: asked.request.clone() });
        }
        if tick {
            inputs.push(Input::Tick);
        }
        let mut turn = self.run(inputs);
        let mut replies: BTreeMap<(ClientId, u64), Reply> = BTreeMap::new();
        // what takes slices is answered when they are done
        for _ in 0..SLICES_MAX {
            for output in turn.outputs {
                if let Output::Reply { client, tag, envelope } = output {
                    replies.insert((client, tag), envelope.reply);
                }
            }
            if tags.iter().all(|tag| replies.contains_key(tag)) {
                break;
            }
            turn = self.run(vec![Input::Idle]);
        }
        self.reverse();
        tags.into_iter().map(|tag| replies.remove(&tag).expect("every request is answered")).collect()
    }

    /// Lets an undo in slices and what acts have left come to their end, unless the disk is full: the book knows of
    /// them as a whole.
    fn reverse(&mut self) {
        for _ in 0..SLICES_MAX {
            let columns = &self.desk.store.columns;
            if (columns.reversals.is_empty() && columns.works.is_empty()) || self.desk.unwritable.is_some() {
                return;
            }
            self.run(vec![Input::Idle]);
        }
    }

    /// Lets what was promised come to its end once there is room again: after a commit that failed the desk rests first.
    pub(super) fn go_on(&mut self) {
        if self.desk.store.columns.works.is_empty() {
            return;
        }
        self.pass(11_000);
        for _ in 0..SLICES_MAX {
            if self.desk.store.columns.works.is_empty() {
                return;
            }
            self.idle();
        }
    }

    /// One request in a turn of its own.
    pub(super) fn turn_one(&mut self, operator: usize, request: Request) -> Reply {
        let asked = Asked { operator, id: self.commands.next(self.now.wall), request };
        self.turn(&[asked], false).remove(0)
    }

    /// One slice of background work.
    pub(super) fn idle(&mut self) {
        self.run(vec![Input::Idle]);
    }

    fn run(&mut self, inputs: Vec<Input>) -> Turn {
        self.now.wall.0 += 1;
        self.now.boot_ms += 1;
        let turn = self.desk.turn(inputs, self.now);
        self.more = turn.more;
        turn
    }

    /// Works off what waits.
    pub(super) fn drain(&mut self) -> Result<(), Violation> {
        for _ in 0..SLICES_MAX {
            if !self.more {
                return Ok(());
            }
            self.idle();
        }
        Err(Violation::new("background work does not end"))
    }

    /// Remembers what the journal holds now: the desk has answered for it. Gives the new records.
    pub(super) fn keep(&mut self) -> Vec<Record> {
        let new = self.desk.store.entries_from(self.kept.len() as u64 + 1);
        let records =
            new.iter().map(|bytes| Record::from_bytes(bytes).expect("a record is read back")).collect();
        self.kept.extend(new);
        records
    }

    /// The records behind one.
    pub(super) fn written_since(&self, seq: u64) -> Vec<Record> {
        let new = self.desk.store.entries_from(seq + 1);
        new.iter().map(|bytes| Record::from_bytes(bytes).expect("a record is read back")).collect()
    }

    /// Ends the process, with the power or without, and starts another; the records that are there although
    /// nobody was told so.
    pub(super) fn restart(
        &mut self,
        power_cut: Option<u64>,
        index: IndexLoss,
    ) -> Result<Vec<Record>, Violation> {
        match power_cut {
            Some(seed) => self.disk.crash(seed),
            None => self.disk.set_room(None),
        }
        match index {
            IndexLoss::Kept => {}
            IndexLoss::Behind(seed) => self.index.crash(seed),
            IndexLoss::All => self.index = MemIndex::new(),
        }
        self.restarts += 1;
        self.connected.fill(None);
        self.more = false;
        let seed = self.seed.wrapping_add(self.restarts << 32);
        let again = || open(&self.disk, &self.index, self.fault, self.now, seed);
        // a sync that was to fail may meet the opening; a human starts it again
        self.desk = again()
            .or_else(|_| again())
            .map_err(|error| Violation::new(format!("the store does not open after a restart: {error}")))?;
        let there = self.desk.store.entries_from(1);
        let lost = self.kept.iter().zip(&there).position(|(kept, there)| kept != there);
        if lost.is_some() || there.len() < self.kept.len() {
            let first = lost.unwrap_or(there.len());
            let what =
                Record::from_bytes(&self.kept[first]).map(|r| format!("{:?}", r.body)).unwrap_or_default();
            return Err(Violation::new(format!(
                "acknowledged records are lost: {} were kept, {} are there, the first that differs is {}: {what}",
                self.kept.len(),
                there.len(),
                first + 1
            )));
        }
        // what was promised is kept before anything else is looked at
        self.reverse();
        Ok(self.keep())
    }

    /// Everything rebuilt from the journal alone must be what the live desk has.
    pub(super) fn compare_with_rebuilt(&self) -> Result<(), Violation> {
        let disk = SimDisk::new();
        disk.create_dir("journal").expect("a fresh disk");
        for (path, bytes) in self.disk.snapshot() {
            let file = disk.open(&path, Mode::CreateNew).expect("a fresh disk");
            file.write_at(&bytes, 0).expect("a fresh disk");
        }
        let index = MemIndex::new();
        let (journal, _) = Journal::open_with(Arc::new(disk), FILES)
            .map_err(|error| Violation::new(format!("a copy of the journal does not open: {error}")))?;
        let store = Store::open(journal, Box::new(index.clone()), Columns::default(), 0, &mut |_, _| {})
            .map_err(|error| Violation::new(format!("a rebuild fails: {error}")))?;
        let (live, rebuilt) = (&self.desk.store.columns, &store.columns);
        // columns replayed beside an index that was kept meet words in another order than from scratch
        let same_words = live.words.iter().eq(rebuilt.words.iter());
        let parts = columns_text(live).into_iter().zip(columns_text(rebuilt));
        for (_, (live, rebuilt)) in parts.enumerate().filter(|(at, _)| same_words || !WITH_WORDS.contains(at))
        {
            same_lines("columns", &live, &rebuilt)?;
        }
        let (live, rebuilt) = (pairs(&self.index), pairs(&index));
        if live == rebuilt {
            return Ok(());
        }
        let differ = live.iter().find(|(key, value)| rebuilt.get(*key) != Some(value));
        let differ = differ.or_else(|| rebuilt.iter().find(|(key, _)| !live.contains_key(*key)));
        let (key, _) = differ.expect("two maps that are not equal differ somewhere");
        let value = |pairs: &BTreeMap<Vec<u8>, Vec<u8>>| pairs.get(key).map(|value| show(value));
        Err(Violation::new(format!(
            "the live index differs from the rebuilt at {}:\n  {:?}\n  {:?}",
            show(key),
            value(&live),
            value(&rebuilt)
        )))
    }
}

/// What a restart costs the index.
#[derive(Clone, Copy, Debug)]
pub(super) enum IndexLoss {
    Kept,
    Behind(u64),
    All,
}

fn same_lines(what: &str, live: &str, rebuilt: &str) -> Result<(), Violation> {
    if live == rebuilt {
        return Ok(());
    }
    let differ = live.lines().zip(rebuilt.lines()).find(|(live, rebuilt)| live != rebuilt);
    let (live_line, rebuilt_line) = differ.unwrap_or(("one has more lines", ""));
    Err(Violation::new(format!("the live {what} differ from the rebuilt:\n  {live_line}\n  {rebuilt_line}")))
}

fn pairs(index: &MemIndex) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut pairs = BTreeMap::new();
    index
        .scan(&[], &mut |key, value| {
            pairs.insert(key.to_vec(), value.to_vec());
            std::ops::ControlFlow::Continue(())
        })
        .expect("an index in memory is read");
    pairs
}

fn show(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).flat_map(char::escape_default).collect()
}

fn open(disk: &SimDisk, index: &MemIndex, fault: Fault, now: Now, seed: u64) -> Result<Desk, String> {
    let (journal, _) = Journal::open_with(Arc::new(disk.clone()), FILES).map_err(|e| e.to_string())?;
    let index = Box::new(BentIndex::new(index.clone(), fault));
    let store =
        Store::open(journal, index, Columns::default(), 0, &mut |_, _| {}).map_err(|e| e.to_string())?;
    let options = DeskOptions {
        name: "测试店".to_owned(),
        pid: 1,
        zone: "Asia/Shanghai".to_owned(),
        ..DeskOptions::default()
    };
    let mut desk = Desk::new(store, options, seed, now).map_err(|e| e.to_string())?;
    // little as the book is, what an act leaves takes several turns
    desk.works.set_share(20);
    Ok(desk)
}

/// What a refusal because of the disk looks like.
pub(super) fn is_store(refusal: &Refusal) -> bool {
    refusal.kind == crate::door::RefusalKind::Store
}

/// Local time of day in Shanghai, in minutes.
pub(super) fn minute_of_day(at: Timestamp) -> i64 {
    (at.0 / 60_000 + 480).rem_euclid(1_440)
}
