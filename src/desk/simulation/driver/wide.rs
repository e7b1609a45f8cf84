//! Acts that reach many tasks at once, by the roll of the seed. Each has a turn of its own.

use super::Driver;
use super::PLAYBOOKS;
use crate::book::time::{DAY, HOUR};
use crate::book::{
    AccountId, Campaign, CampaignText, Class, GroupId, Health, Target, TaskId, Timestamp, Via, Wave,
};
use crate::door::Command;
use crate::door::command::{Held, ObjectRef, Transfer};
use crate::door::form::Field;

/// What is done to groups most of the time: a group that is closed is opened again.
const STATES: [&str; 6] = ["live", "live", "live", "frozen", "full", "dissolved"];

impl Driver {
    /// Whether a command is one of these.
    pub(super) const fn is_wide(command: &Command) -> bool {
        matches!(
            command,
            Command::Limit { .. }
                | Command::Transfer { .. }
                | Command::Merge { .. }
                | Command::CampaignAdd { .. }
                | Command::CampaignEdit { .. }
                | Command::CampaignStop { .. }
                | Command::SopDayOff { .. }
                | Command::Halt { .. }
                | Command::Correct { .. }
        )
    }

    pub(super) fn wide(&mut self) -> Command {
        match self.rng.u32(..24) {
            0..6 => self.limit(),
            6..9 => {
                let group = self.group();
                let state = STATES[self.rng.usize(..STATES.len())].to_owned();
                Command::Edit { objects: vec![ObjectRef::Group(group)], fields: vec![(Field::State, state)] }
            }
            9..11 => {
                let how = Transfer::ALL[self.rng.usize(..3)];
                Command::Transfer { from: self.group(), to: self.group(), how }
            }
            11..15 => self.merge(),
            15..17 => self.campaign(),
            17 if self.rng.bool() => self.other_end(),
            17 => Command::CampaignStop { id: format!("sale-{}", self.rng.u32(..3)) },
            18..20 => {
                let notice = ["", "今天休息"][self.rng.usize(..2)].to_owned();
                Command::SopDayOff { playbook: self.playbook(), notice }
            }
            20..22 => {
                let (_, toml) = PLAYBOOKS[self.rng.usize(..PLAYBOOKS.len())];
                Command::SopAdd {
                    toml: toml.to_owned(),
                    file: "店.toml".to_owned(),
                    new_only: true,
                    base: None,
                }
            }
            22 => match self.task() {
                Some(task) => Command::Halt { task },
                None => Command::Tick,
            },
            _ => match self.task() {
                Some(task) => {
                    let text = format!("改正{}", self.rng.u8(..));
                    let notice = self.rng.bool().then(|| "以这条为准".to_owned());
                    Command::Correct { task, text, notice, part: None }
                }
                None => Command::Tick,
            },
        }
    }

    fn group(&mut self) -> GroupId {
        self.people.groups[self.rng.usize(..self.people.groups.len())]
    }

    fn account(&mut self) -> AccountId {
        self.people.accounts[self.rng.usize(..self.people.accounts.len())]
    }

    fn limit(&mut self) -> Command {
        let account = self.account();
        let now = self.world.now.wall;
        let until = (self.rng.u32(..4) > 0).then(|| Timestamp(now.0 + self.rng.i64(1..72) * HOUR));
        let what = ["private", "group", "all", "add-friend"][self.rng.usize(..4)].to_owned();
        let health = match self.rng.u32(..10) {
            0..4 => Health::Recovering { since: now },
            4 => Health::Banned,
            _ => Health::Limited { what, until },
        };
        let held = match self.rng.u32(..5) {
            0 | 1 => Held::Wait,
            2 => Held::Move(None),
            3 if until.is_some() && matches!(health, Health::Limited { .. }) => Held::Shift,
            _ => Held::Cancel,
        };
        let held = if health.refuses().is_none() { Held::Wait } else { held };
        Command::Limit { account, health, held }
    }

    /// Two open messages, of one target if there are such.
    fn merge(&mut self) -> Command {
        let book = &self.book;
        let open: Vec<(TaskId, Target, Via)> = book
            .tasks
            .values()
            .filter(|task| book.is_open(task.id) && task.via != Via::Internal)
            .map(|task| (task.id, task.target, task.via))
            .collect();
        let pairs: Vec<Vec<TaskId>> = open
            .iter()
            .enumerate()
            .flat_map(|(at, (one, target, via))| {
                let others = open.get(at + 1..).unwrap_or_default().iter();
                let same = others.filter(move |(_, other, by)| (other, by) == (target, via));
                same.map(move |(other, ..)| vec![*one, *other])
            })
            .collect();
        if pairs.is_empty() {
            return Command::Tick;
        }
        let tasks = pairs[self.rng.usize(..pairs.len())].clone();
        Command::Merge { tasks }
    }

    fn campaign(&mut self) -> Command {
        let now = self.world.now.wall;
        let at = Timestamp(now.0 + self.rng.i64(-10..30) * HOUR);
        let filter = ["", "-tag:勿扰", "group:团购群"][self.rng.usize(..3)].to_owned();
        let n = self.rng.u32(..3);
        let campaign = Campaign {
            id: format!("sale-{n}"),
            title: format!("大促{n}"),
            playbooks: vec![self.playbook()],
            waves: vec![Wave::new(at, filter)],
            from: at,
            until: Timestamp(at.0 + self.rng.i64(1..5) * DAY),
            // where others go through the playbook it would be refused
            answers: (n == 0).then(|| ("商品".to_owned(), "牛奶".to_owned())).into_iter().collect(),
            texts: (0..self.rng.usize(..2)).map(|_| self.campaign_text(at)).collect(),
            stopped_at: None,
            ended_at: None,
            act: None,
        };
        Command::CampaignAdd { campaign }
    }

    /// A campaign ends sooner or later than it did.
    fn other_end(&mut self) -> Command {
        let n = self.rng.u32(..3);
        let hours = self.rng.i64(1..60);
        let known = self.world.desk.store.columns.campaigns.get(&format!("sale-{n}"));
        let until = Timestamp(self.world.now.wall.0 + hours * HOUR);
        known.map_or(Command::Tick, |known| Command::CampaignEdit {
            campaign: Campaign { until, ..known.written() },
        })
    }

    fn campaign_text(&mut self, from: Timestamp) -> CampaignText {
        CampaignText {
            title: String::new(),
            groups: self.rng.bool(),
            filter: "-tag:勿扰".to_owned(),
            at: Timestamp(from.0 + self.rng.i64(0..20) * HOUR),
            until: None,
            text: "今天有活动".to_owned(),
            class: Class::Service,
            account: None,
            made: None,
            begun_at: None,
        }
    }
}
