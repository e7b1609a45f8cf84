//! What happens next, by the roll of the seed.
//!
//! One file because each thing that may happen next weighs against all the others.

mod wide;

use super::book::Book;
use super::faults::Fault;
use super::invariants::{During, Seen};
use super::people::People;
use super::playbooks::PLAYBOOKS;
use super::world::{Asked, IndexLoss, World, is_store};
use super::{OPERATORS, Violation};
use crate::book::time::{DAY, HOUR, MINUTE};
use crate::book::{
    ActivityKind, EnrolmentId, MemberId, ObjectId, PlaybookId, SkipReason, Target, TaskId, TaskKind,
    TaskState, Timestamp,
};
use crate::door::command::{CatchUp, Happening, ObjectRef, TaskVerb, Tell, Who};
use crate::door::form::Field;
use crate::door::reply::Outcome;
use crate::door::rows::MemberRow;
use crate::door::{Command, Reply, Request};
use crate::store::Record;
use crate::store::columns::enrolment::RunState;

/// How many of the last things done a failure shows.
const HISTORY: usize = 14;

/// One history as it unfolds.
pub(super) struct Driver {
    rng: fastrand::Rng,
    world: World,
    book: Book,
    seen: Seen,
    people: People,
    fault: Fault,
    /// Asked and not answered, or answered that the disk refused: there whole or not at all after a restart.
    doubtful: Vec<Asked>,
    /// What was answered with yes lately, to be asked again after a "lost reply".
    answered: Vec<Asked>,
    /// The import that is being sent, and by whom.
    import: Option<(u32, usize)>,
    /// Imports that were begun, by their commands.
    imports: std::collections::BTreeMap<crate::book::CommandId, u32>,
    /// The next line of the file that is being sent.
    lines: u32,
    steps: u32,
    pub history: Vec<String>,
}

impl Driver {
    pub(super) fn new(seed: u64, fault: Fault) -> Self {
        let mut world = World::new(seed, fault);
        let mut book = Book::default();
        let people = People::settle(&mut world, &mut book)
            .unwrap_or_else(|Violation(words)| panic!("the people do not settle: {words}"));
        Self {
            rng: fastrand::Rng::with_seed(seed),
            world,
            book,
            seen: Seen::default(),
            people,
            fault,
            doubtful: Vec::new(),
            answered: Vec::new(),
            import: None,
            imports: std::collections::BTreeMap::new(),
            lines: 2,
            steps: 0,
            history: Vec::new(),
        }
    }

    /// One step and all invariants behind it.
    pub(super) fn step(&mut self) -> Result<(), Violation> {
        self.steps += 1;
        let mut during = match self.rng.u32(..100) {
            0..44 => self.act()?,
            44..72 => self.let_time_pass()?,
            72..76 => self.repeat()?,
            76..79 => self.jump()?,
            79..81 => {
                let operator = self.rng.usize(..OPERATORS.len());
                self.note(format!("{} disconnects", OPERATORS[operator]));
                self.world.disconnect(operator);
                During::default()
            }
            81..90 => self.fail_the_disk()?,
            90..94 => self.import()?,
            _ => self.restart(None)?,
        };
        during.deep |= self.steps.is_multiple_of(12);
        self.book.check(&self.world, &mut self.seen, during)?;
        if self.steps.is_multiple_of(25) {
            self.world.compare_with_rebuilt()?;
        }
        Ok(())
    }

    /// A last restart: everything is still there.
    pub(super) fn end(&mut self) -> Result<(), Violation> {
        let mut during = self.restart(Some(self.steps.into()))?;
        during.deep = true;
        self.book.check(&self.world, &mut self.seen, during)?;
        self.world.compare_with_rebuilt()
    }

    fn note(&mut self, words: impl std::fmt::Display) {
        let clock = self.world.now.wall.local(chrono_tz::Tz::Asia__Shanghai).format("%m-%d %H:%M:%S");
        self.history.push(format!("{} {clock} {words}", self.steps));
        if self.history.len() > HISTORY {
            self.history.remove(0);
        }
    }

    /// One to three commands in one turn, sometimes with a tick.
    fn act(&mut self) -> Result<During, Violation> {
        let mut asked = Vec::new();
        let same = self.rng.u32(..4) == 0;
        let one = self.command();
        let most = if Self::is_wide(&one) { 1 } else { 3 };
        for at in 0..self.rng.usize(1..=most) {
            let operator = self.rng.usize(..OPERATORS.len());
            let command = if at == 0 || same { one.clone() } else { self.narrow() };
            asked.push(self.world.ask(operator, command));
        }
        let tick = self.rng.u32(..3) == 0;
        let mut during = self.submit(asked, tick)?;
        if tick && self.rng.bool() {
            self.world.drain()?;
            during.ticked = self.is_ticking();
        }
        self.world.keep();
        Ok(during)
    }

    fn submit(&mut self, asked: Vec<Asked>, tick: bool) -> Result<During, Violation> {
        let replies = self.world.turn(&asked, tick);
        let mut during = During::default();
        for (asked, reply) in asked.into_iter().zip(replies) {
            let short = match &reply {
                Reply::Done(_) => "ok".to_owned(),
                Reply::Refused(refusal) => format!("refused: {:?} {}", refusal.kind, refusal.words),
                other => format!("{other:?}"),
            };
            self.note(format!("{} {:.160} -> {short}", OPERATORS[asked.operator], tell(&asked)));
            match reply {
                Reply::Done(outcome) => self.acknowledge(asked, &outcome, &mut during)?,
                Reply::Refused(refusal) if is_store(&refusal) => self.doubtful.push(asked),
                _ => {}
            }
        }
        if self.world.keep().is_empty() {
            during.acted = false;
        } else {
            // a commit that succeeded settles what failed before: it is not there
            self.doubtful.clear();
        }
        Ok(during)
    }

    fn acknowledge(&mut self, asked: Asked, outcome: &Outcome, during: &mut During) -> Result<(), Violation> {
        during.acted = true;
        during.caught_up |= matches!(asked.command(), Some(Command::CatchUp { .. } | Command::Redo));
        during.undone |= matches!(asked.command(), Some(Command::Undo { .. } | Command::Redo));
        self.book.acknowledge(&self.world.desk, &asked, outcome, self.world.now.wall)?;
        if let (Some(Command::ImportBegin { .. }), Some(report)) = (asked.command(), &outcome.import) {
            self.imports.insert(asked.id, report.import);
        }
        self.answered.push(asked);
        if self.answered.len() > 30 {
            self.answered.remove(0);
        }
        Ok(())
    }

    /// Time passes, then a tick as far as it goes.
    fn let_time_pass(&mut self) -> Result<During, Violation> {
        let next = self.world.desk.store.columns.wakes.first().map(|(at, _)| at.since(self.world.now.wall));
        let ms = match (self.rng.u32(..20), next) {
            (0..8, Some(next)) if (0..DAY).contains(&next) => next,
            (0..14, _) => self.rng.i64(1..90) * MINUTE,
            (14..18, _) => self.rng.i64(1..9) * HOUR,
            (18, _) => self.rng.i64(1..3) * DAY,
            _ => self.rng.i64(3..33) * DAY / 2,
        };
        self.world.pass(ms);
        self.note(format!("{} minutes pass, tick", ms / MINUTE));
        self.tick()
    }

    fn tick(&mut self) -> Result<During, Violation> {
        self.world.turn(&[], true);
        let mut during = During::default();
        if self.rng.u32(..8) > 0 {
            self.world.drain()?;
            during.ticked = self.is_ticking();
        }
        if !self.world.keep().is_empty() {
            self.doubtful.clear();
        }
        if let Some(why) = self.world.desk.tick.held
            && self.rng.u32(..3) > 0
        {
            self.note(format!("held: {why:?}; confirmed"));
            let ask = self.world.ask(0, Command::ConfirmClock);
            let more = self.submit(vec![ask], false)?;
            during.acted |= more.acted;
            during.set_back = matches!(why, crate::desk::told::Held::Behind(_));
            self.world.turn(&[], true);
            self.world.keep();
            if more.acted
                && let Some(still) = self.world.desk.tick.held
            {
                return Err(Violation::new(format!("a confirmed clock still holds the tick: {still:?}")));
            }
        }
        Ok(during)
    }

    fn is_ticking(&self) -> bool {
        let desk = &self.world.desk;
        // after a commit that failed it rests for a while before it tries again
        let rests = desk.tick.retry_at.is_some() || desk.tick.due;
        desk.tick.held.is_none() && desk.unwritable.is_none() && !rests && !self.world.more
    }

    /// The reply was lost: the same command comes again, from the same operator.
    fn repeat(&mut self) -> Result<During, Violation> {
        let known = self.answered.len();
        if known == 0 {
            return Ok(During::default());
        }
        let again: Vec<Asked> = (0..self.rng.usize(1..=2))
            .map(|_| {
                let at = self.rng.usize(..known);
                self.answered[at].clone()
            })
            // what changed nothing was not kept, and may be asked as often as one likes
            .filter(|asked| matches!(self.book.commands.get(&asked.id), Some(Some(_))))
            .collect();
        self.note("again".to_owned());
        let before = self.world.desk.store.end().seq;
        let during = self.submit(again, false)?;
        // background work may write in the same turn
        let written = self.world.written_since(before);
        if let Some(record) = written.iter().find(|record| record.command_id.is_some()) {
            return Err(Violation::new(format!("a repeated command wrote: {:?}", record.body)));
        }
        Ok(during)
    }

    /// The calendar clock is set, and a tick sees it.
    fn jump(&mut self) -> Result<During, Violation> {
        let minutes = self.rng.i64(-600..1_200);
        self.world.jump(minutes * MINUTE);
        self.note(format!("the clock jumps by {minutes} minutes"));
        self.tick()
    }

    /// Something is asked while the disk fails in one of its ways.
    fn fail_the_disk(&mut self) -> Result<During, Violation> {
        let command = self.command();
        let operator = self.rng.usize(..OPERATORS.len());
        let asked = vec![self.world.ask(operator, command)];
        let tick = self.rng.bool();
        let seed = self.rng.u64(..);
        let mut cut = true;
        match self.rng.u32(..10) {
            0..5 => {
                let after = self.rng.u64(..6);
                self.note(format!("power off after {after} changes"));
                self.world.disk.power_off_after(after);
            }
            5..7 => {
                self.note("a sync fails".to_owned());
                self.world.disk.fail_sync_after(self.rng.u64(..2), seed);
                cut = self.rng.bool();
            }
            _ => {
                let room = self.rng.u64(..200);
                self.note(format!("{room} bytes of room"));
                self.world.disk.set_room(Some(room));
                cut = false;
            }
        }
        if self.fault == Fault::SkippedSync {
            self.world.disk.skip_sync_after(0);
        }
        let mut during = self.submit(asked, tick)?;
        if self.rng.u32(..3) == 0 {
            self.world.idle();
            if !self.world.keep().is_empty() {
                self.doubtful.clear();
            }
        }
        if cut {
            let after = self.restart(Some(seed))?;
            during = During {
                acted: during.acted | after.acted,
                undone: during.undone | after.undone,
                caught_up: during.caught_up | after.caught_up,
                ..after
            };
        } else {
            // before there is room again everything must be as it was, but for what was promised and goes on
            if self.world.desk.store.columns.works.is_empty() {
                self.book.check(&self.world, &mut self.seen, during)?;
            }
            self.world.disk.set_room(None);
            self.world.go_on();
            self.world.keep();
        }
        Ok(during)
    }

    /// The process ends and another begins; with `power_cut` the disk forgets.
    fn restart(&mut self, power_cut: Option<u64>) -> Result<During, Violation> {
        let power_cut = power_cut.or_else(|| self.rng.bool().then(|| self.rng.u64(..)));
        let index = match self.rng.u32(..3) {
            0 => IndexLoss::Kept,
            1 => IndexLoss::Behind(self.rng.u64(..)),
            _ => IndexLoss::All,
        };
        self.note(format!("restart, power cut: {}, index: {index:?}", power_cut.is_some()));
        self.import = None;
        let surprise = self.world.restart(power_cut, index)?;
        let during = self.take_in(&surprise)?;
        self.world.compare_with_rebuilt()?;
        Ok(during)
    }

    /// What is there although nobody was told: whole acts of what was in doubt, or the tick's.
    fn take_in(&mut self, surprise: &[Record]) -> Result<During, Violation> {
        let mut during = During { deep: true, ..During::default() };
        for asked in std::mem::take(&mut self.doubtful) {
            let Some(record) = surprise.iter().find(|r| r.command_id == Some(asked.id)) else { continue };
            self.note(format!("came through: {:.160}", tell(&asked)));
            let outcome = Outcome { act: Some(record.act_id), ..Outcome::default() };
            self.acknowledge(asked, &outcome, &mut during)?;
        }
        let stranger =
            surprise.iter().find(|r| r.command_id.is_some_and(|id| !self.book.commands.contains_key(&id)));
        if let Some(record) = stranger {
            return Err(Violation::new(format!("nobody asked for this: {record:?}")));
        }
        Ok(during)
    }

    /// Something that somebody may ask.
    fn command(&mut self) -> Command {
        if self.rng.u32(..6) == 0 { self.wide() } else { self.narrow() }
    }

    /// The same, about one thing.
    fn narrow(&mut self) -> Command {
        match self.rng.u32(..125) {
            0..45 => self.task_command(),
            45..52 => {
                let (_, toml) = PLAYBOOKS[self.rng.usize(..PLAYBOOKS.len())];
                Command::SopAdd {
                    toml: toml.to_owned(),
                    file: "店.toml".to_owned(),
                    new_only: false,
                    base: None,
                }
            }
            52..57 => self.enrol(),
            57..61 => self.unenrol(),
            61..64 => Command::SopPause { playbook: self.playbook() },
            64..68 => Command::SopResume { playbook: self.playbook() },
            68..69 => Command::SopRemove { playbook: self.playbook() },
            69..77 => self.fill(),
            77..83 => self.reply(),
            83..92 => Command::Undo { act: None },
            92..95 => Command::Redo,
            95..97 => {
                let choice = [CatchUp::Send, CatchUp::Shift, CatchUp::Expire][self.rng.usize(..3)];
                Command::CatchUp { playbook: None, choice }
            }
            97..99 => Command::Tick,
            99..107 => self.tell(),
            107..111 => {
                let on = ObjectId::Member(self.member());
                Command::Note { on: vec![on], text: format!("记一笔{}", self.rng.u8(..)) }
            }
            111..114 => {
                let at = Timestamp(self.world.now.wall.0 + self.rng.i64(-2..40) * HOUR);
                let on = ObjectId::Member(self.member());
                Command::FollowUp { on: vec![on], words: "回头看看".to_owned(), at }
            }
            114..117 => {
                let until = self.rng.bool().then(|| Timestamp(self.world.now.wall.0 + 30 * HOUR));
                Command::Pause { targets: vec![self.target()], until }
            }
            117..120 => Command::Unpause { targets: vec![self.target()] },
            _ => {
                let remark = format!("备注{}", self.rng.u16(..));
                Command::Edit {
                    objects: vec![ObjectRef::Member(self.member())],
                    fields: vec![(Field::Remark, remark)],
                }
            }
        }
    }

    fn playbook(&mut self) -> PlaybookId {
        PlaybookId(PLAYBOOKS[self.rng.usize(..PLAYBOOKS.len())].0.to_owned())
    }

    /// An open task mostly, sometimes one that has ended.
    fn task(&mut self) -> Option<TaskId> {
        let open: Vec<TaskId> = self.book.tasks.keys().copied().filter(|id| self.book.is_open(*id)).collect();
        if !open.is_empty() && self.rng.u32(..5) > 0 {
            return Some(open[self.rng.usize(..open.len())]);
        }
        let at = self.rng.usize(..self.book.tasks.len().max(1));
        self.book.tasks.keys().rev().nth(at.min(20)).copied()
    }

    fn task_command(&mut self) -> Command {
        let Some(task) = self.task() else { return Command::Tick };
        let now = self.world.now.wall;
        let verb = match self.rng.u32(..20) {
            0..7 => {
                let at = (self.rng.u32(..4) == 0).then(|| Timestamp(now.0 - self.rng.i64(0..3) * HOUR));
                TaskVerb::Sent { at, also: self.rng.u32(..4) == 0 }
            }
            7..11 => {
                let reason = SkipReason::ALL[self.rng.usize(..SkipReason::ALL.len())];
                TaskVerb::Skip { reason, words: "试".to_owned() }
            }
            11..14 => TaskVerb::Snooze { until: Timestamp(now.0 + self.rng.i64(-1..30) * HOUR) },
            14 => TaskVerb::Wake,
            15 => TaskVerb::Rewrite { text: self.rng.bool().then(|| "改一次".to_owned()) },
            16 => TaskVerb::Part { part: self.rng.u16(..2) },
            17 => TaskVerb::Copied { part: 0 },
            18 => TaskVerb::Seen,
            _ => TaskVerb::Check { yes: self.rng.bool() },
        };
        Command::Task { tasks: vec![task], verb }
    }

    fn member(&mut self) -> MemberId {
        self.people.members[self.rng.usize(..self.people.members.len())]
    }

    fn target(&mut self) -> Target {
        match self.rng.u32(..6) {
            0 => Target::Group(self.people.groups[self.rng.usize(..self.people.groups.len())]),
            1 => Target::Account(self.people.accounts[self.rng.usize(..self.people.accounts.len())]),
            _ => Target::Member(self.member()),
        }
    }

    fn tell(&mut self) -> Command {
        let kinds = [
            ActivityKind::Joined,
            ActivityKind::Left,
            ActivityKind::Bought,
            ActivityKind::Replied,
            ActivityKind::CheckedIn,
            ActivityKind::PickedUp,
        ];
        let kind = kinds[self.rng.usize(..kinds.len())];
        let group = Some(self.people.groups[self.rng.usize(..self.people.groups.len())]);
        let text = if kind == ActivityKind::Bought { "鸡蛋".to_owned() } else { String::new() };
        let happening = Happening { kind, amount: None, number: None, relative: false, text };
        let who = vec![Who::Known(self.member())];
        Command::Tell(Tell {
            who,
            said: Vec::new(),
            group,
            account: None,
            happened: vec![happening],
            at: None,
        })
    }

    /// One step of an import: it begins, rows come, it is promised. Crashes come in between.
    fn import(&mut self) -> Result<During, Violation> {
        let operator = self.rng.usize(..OPERATORS.len());
        let Some((import, owner)) = self.import else {
            let ask = self
                .world
                .ask(operator, Command::ImportBegin { file: "群.csv".into(), account: None, group: None });
            let begun = ask.id;
            let during = self.submit(vec![ask], false)?;
            if let Some(import) = self.imports.remove(&begun) {
                self.import = Some((import, operator));
                self.book.importing.insert(import, Vec::new());
            }
            return Ok(during);
        };
        if self.rng.u32(..3) > 0 {
            let names: Vec<String> =
                (0..self.rng.u32(1..4)).map(|_| format!("新客{}", self.rng.u32(10..50))).collect();
            let first = self.lines;
            self.lines += names.len() as u32;
            let row = |(line, name): (u32, &String)| MemberRow {
                line,
                name: name.clone(),
                phone: Some(format!("138001380{}", name.trim_start_matches("新客"))),
                ..MemberRow::default()
            };
            let rows = (first..).zip(&names).map(row).collect();
            let reply = self.world.turn_one(owner, Request::Rows { import, rows });
            let took = matches!(reply, Reply::Fine);
            self.note(format!("{names:?} -> {took}"));
            if took {
                self.book.importing.entry(import).or_default().extend(names);
            } else {
                self.import = None;
                self.book.importing.remove(&import);
            }
            self.world.keep();
            return Ok(During::default());
        }
        self.import = None;
        let ask = self.world.ask(owner, Command::ImportCommit { import, dry_run: false });
        self.submit(vec![ask], false)
    }

    fn enrol(&mut self) -> Command {
        let target = self.target();
        Command::Enrol {
            playbook: self.playbook(),
            targets: vec![target],
            filter: String::new(),
            anchor: None,
            dry_run: self.rng.u32(..8) == 0,
        }
    }

    fn unenrol(&mut self) -> Command {
        let running: Vec<EnrolmentId> = self
            .world
            .desk
            .store
            .columns
            .enrolments
            .iter()
            .filter(|(_, _, e)| matches!(e.state, RunState::Active | RunState::InLine))
            .map(|(_, id, _)| id)
            .collect();
        if running.is_empty() {
            return self.enrol();
        }
        Command::Unenrol { enrolments: vec![running[self.rng.usize(..running.len())]] }
    }

    fn fill(&mut self) -> Command {
        let asks = self.book.tasks.values().filter(|t| matches!(t.kind, TaskKind::Ask { .. }));
        let asks: Vec<_> = asks.rev().take(6).collect();
        if asks.is_empty() {
            return Command::Tick;
        }
        let TaskKind::Ask { playbook, run, key, group } = asks[self.rng.usize(..asks.len())].kind.clone()
        else {
            return Command::Tick;
        };
        let value = ["鸡蛋 30 枚", "小雨妈、阿珍", ""][self.rng.usize(..3)].to_owned();
        Command::Fill { playbook, run, group, key, value }
    }

    fn reply(&mut self) -> Command {
        let sent: Vec<_> = self
            .book
            .tasks
            .values()
            .filter(|t| t.status.state == TaskState::Sent && t.member().is_some())
            .collect();
        if sent.is_empty() || self.rng.u32(..3) == 0 {
            let member = self.people.members[self.rng.usize(..self.people.members.len())];
            return Command::Reply { member, task: None, answer: None, at: None };
        }
        let task = sent[self.rng.usize(..sent.len())];
        let (member, id) = (task.member(), task.id);
        let answer = (self.rng.u32(..3) == 0).then(|| self.rng.u16(..2));
        let member = member.unwrap_or(self.people.members[0]);
        Command::Reply { member, task: Some(id), answer, at: None }
    }
}

/// A command in one line.
fn tell(asked: &Asked) -> String {
    match asked.command() {
        Some(Command::SopAdd { toml, .. }) => {
            format!("SopAdd {}", toml.trim().lines().next().unwrap_or_default())
        }
        Some(Command::Task { tasks, verb }) => {
            let tasks: Vec<String> = tasks.iter().map(|id| id.short()).collect();
            format!("{} {verb:?}", tasks.join(" "))
        }
        Some(command) => format!("{command:?}"),
        None => format!("{:?}", asked.request),
    }
}
