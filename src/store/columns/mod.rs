//! The book in memory: for every object the few things that filters, order and the schedule look at.
//!
//! Bodies stay in the index and are fetched by id; what stands here is enough to scan a million rows. Accounts
//! and groups are few and stand whole. Rows are `u32` positions that never change while a process lives; an
//! archived object keeps its row. Everything here follows from records alone (see [`super::apply`]).
//!
//! One file because what the columns are and how they are found by id are read together.

pub mod barred;
mod ended;
pub mod enrolment;
pub mod file;
mod ids;
mod left;
pub mod member;
mod pack;
pub mod packed_rows;
pub mod queue;
pub mod ranked;
pub mod rows;
pub mod snippet;
pub mod task;
pub mod times;
pub mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::thread::JoinHandle;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::record::{AskKey, PauseState, PlaybookState};
use crate::book::{
    Account, AccountId, ActId, Campaign, Enrolment, EnrolmentId, Group, GroupId, MemberId, PlaybookId,
    Product, ProductId, Rules, StoreId, Target, TaskId, TaskState, Timestamp, View,
};
use crate::queue::order::Owner;
use crate::sop::calendar::holidays::Holidays;
use crate::text::fold::fold;

pub use barred::Silenced;
pub use ended::Ended;
pub use enrolment::EnrolmentColumn;
pub use left::{ImportProgress, LeftWork, Reversal};
pub use member::{ContactColumn, MemberColumn, MemberFacts, MemberRow, MemberTexts, StayColumn};
pub use packed_rows::PackedRows;
pub use queue::Queue;
pub use ranked::Ranked;
pub use rows::Rows;
pub use snippet::SnippetColumn;
pub use task::{TaskColumn, TaskSort};
pub use times::Times;
pub use words::{Word, Words};

/// How far ahead of the last record a clock may be before a human is asked, in milliseconds: thirty days.
pub const AHEAD: i64 = 30 * crate::book::time::DAY;

/// What the store is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreFacts {
    pub id: Option<StoreId>,
    pub name: String,
    /// IANA name.
    #[serde(with = "zone_name")]
    pub zone: Tz,
    /// The clock a demo store starts at.
    pub demo: Option<Timestamp>,
    /// When the last record was written.
    pub last_at: Timestamp,
    /// The last record by a clock that is believed: what was written more than [`AHEAD`] after it, and no human has
    /// confirmed, does not count. What the clock guard measures by how far the clock is ahead.
    pub clock_at: Timestamp,
    /// Times up to here were confirmed by a human.
    pub confirmed: Timestamp,
    /// The day up to which ticks have looked at who comes into what takes whoever is there.
    pub taken_to: Option<NaiveDate>,
}

impl StoreFacts {
    /// A record of an instant was written: its clock is believed unless it is far ahead.
    pub fn believe(&mut self, at: Timestamp) {
        if self.clock_at.0 == 0 || at.since(self.clock_at) <= AHEAD {
            self.clock_at = self.clock_at.max(at);
        }
    }
}

/// A group with what is counted about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GroupColumn {
    pub body: Group,
    /// Pinyin search key of name and aliases.
    pub key: Box<str>,
    /// What finds its chat, folded.
    #[serde(skip)]
    pub term: Box<str>,
    /// Members in the book who are in it now.
    pub members: u32,
    /// Open tasks said in it, or about it; what its members are told alone is theirs.
    pub open: u32,
    /// The due ones of those, by due time.
    #[serde(skip)]
    pub due: Times,
    pub tags: Vec<Word>,
    /// Folded note and notes added later, a line each.
    pub notes: Box<str>,
    pub last_touch_at: Option<Timestamp>,
    /// `playbook/step` of everything that was sent to it.
    pub sent: Vec<Word>,
    /// Positions of playbooks that it is going through.
    pub enrolled: Vec<u16>,
}

/// An account with what is counted about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountColumn {
    pub body: Account,
    /// Pinyin search keys of name and persona, a line each.
    pub key: Box<str>,
    /// Folded name of the device it runs on, and of who has that.
    pub device: Box<str>,
    pub holder: Box<str>,
    pub friends: u32,
    /// Due tasks sent from it; what was put off is not due.
    pub due: u32,
    /// Folded note and notes added later, a line each.
    pub notes: Box<str>,
    /// Positions of playbooks that it is going through.
    pub enrolled: Vec<u16>,
}

/// An applied playbook: its versions as TOML and its state.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlaybookColumn {
    pub current: u32,
    /// Title of the current version.
    pub title: String,
    /// Pinyin search keys of id and title, a line each.
    pub key: Box<str>,
    pub versions: BTreeMap<u32, String>,
    pub state: PlaybookState,
    /// First applied: what happened before does not anchor.
    pub activated_at: Timestamp,
    /// Enrolments that are active, and in line.
    pub active: u32,
    pub in_line: u32,
    /// Open tasks of it, and those of them that are due.
    pub open: u32,
    pub due: u32,
}

/// The book in memory.
#[derive(Clone, Debug)]
pub struct Columns {
    pub store: StoreFacts,
    pub rules: Rules,
    /// The TOML that `rules` came from; empty for the defaults.
    pub rules_toml: String,
    /// Working days, with the years that the store was given.
    pub holidays: Arc<Holidays>,
    pub accounts: Rows<AccountId, AccountColumn>,
    pub groups: Rows<GroupId, GroupColumn>,
    pub members: PackedRows<MemberId, MemberRow>,
    pub tasks: PackedRows<TaskId, TaskColumn>,
    pub enrolments: PackedRows<EnrolmentId, EnrolmentColumn>,
    pub products: HashMap<ProductId, Product>,
    pub playbooks: BTreeMap<PlaybookId, PlaybookColumn>,
    /// Playbook ids by position: columns hold the position.
    pub playbook_ids: Vec<PlaybookId>,
    pub words: Words,
    pub answers: BTreeMap<AskKey, String>,
    /// Days on which a playbook was called off.
    pub days_off: BTreeSet<(PlaybookId, NaiveDate)>,
    /// Saved views by name.
    pub saved_views: BTreeMap<String, View>,
    /// Snippets by name.
    pub snippets: BTreeMap<String, SnippetColumn>,
    /// How often a name was used, and when last; kept when its snippet goes, for an undo brings it back.
    pub snippet_uses: BTreeMap<String, (u32, Timestamp)>,
    pub paused: BTreeMap<Target, PauseState>,
    /// Since when those are paused; an instant before that was in no pause.
    pub paused_since: BTreeMap<Target, Timestamp>,
    /// What accounts are refused, or were the last time.
    pub silenced: BTreeMap<AccountId, Silenced>,
    /// Enrolments by their next instant.
    pub wakes: Times,
    /// Open tasks in the order of the queue.
    pub queue: Queue,
    /// Ended tasks by the time they ended.
    pub ended: Ended,
    /// Due tasks that nobody has seen yet.
    pub unseen: u32,
    /// Rows of open follow-ups.
    pub follow_ups: BTreeSet<u32>,
    /// Members that are in no list.
    pub archived_members: u32,
    /// Snoozed tasks by the instant they come back.
    pub snoozes: Times,
    /// Open tasks by the instant they expire.
    pub expiries: Times,
    /// Committed imports whose rows are not all applied: import -> next row.
    pub imports: BTreeMap<u32, ImportProgress>,
    pub last_import: u32,
    /// The text that the rules' file had when it was last applied: another text in it is a change.
    pub rules_file: String,
    /// Undos that are not through yet, by the act that undoes.
    pub reversals: BTreeMap<ActId, Reversal>,
    pub campaigns: BTreeMap<String, Campaign>,
    /// What acts have left to be done, in the order in which it was left.
    pub works: Vec<LeftWork>,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            store: StoreFacts {
                id: None,
                name: String::new(),
                zone: Tz::Asia__Shanghai,
                demo: None,
                last_at: Timestamp(0),
                clock_at: Timestamp(0),
                confirmed: Timestamp(0),
                taken_to: None,
            },
            rules: Rules::default(),
            rules_toml: String::new(),
            holidays: Arc::default(),
            accounts: Rows::default(),
            groups: Rows::default(),
            members: PackedRows::default(),
            tasks: PackedRows::default(),
            enrolments: PackedRows::default(),
            products: HashMap::new(),
            playbooks: BTreeMap::new(),
            playbook_ids: Vec::new(),
            words: Words::default(),
            answers: BTreeMap::new(),
            days_off: BTreeSet::new(),
            saved_views: BTreeMap::new(),
            snippets: BTreeMap::new(),
            snippet_uses: BTreeMap::new(),
            paused: BTreeMap::new(),
            paused_since: BTreeMap::new(),
            silenced: BTreeMap::new(),
            wakes: Times::default(),
            queue: Queue::default(),
            ended: Ended::default(),
            unseen: 0,
            follow_ups: BTreeSet::new(),
            archived_members: 0,
            snoozes: Times::default(),
            expiries: Times::default(),
            imports: BTreeMap::new(),
            last_import: 0,
            rules_file: String::new(),
            reversals: BTreeMap::new(),
            campaigns: BTreeMap::new(),
            works: Vec::new(),
        }
    }
}

impl GroupColumn {
    /// Brings what is folded of its body up to it.
    pub(in crate::store) fn fold_term(&mut self) {
        let body = &self.body;
        self.term = fold(if body.search_term.is_empty() { &body.name } else { &body.search_term }).into();
    }
}

impl Columns {
    /// The zone that a group's wall times are in: its own, its account's, the store's.
    pub fn group_zone(&self, group: &Group) -> Tz {
        parse_zone(&group.zone)
            .or_else(|| group.account.and_then(|account| self.account_zone(account)))
            .unwrap_or(self.store.zone)
    }

    /// The zone an account names; none when it names none.
    pub fn account_zone(&self, account: AccountId) -> Option<Tz> {
        self.accounts.by_id(account).and_then(|column| parse_zone(&column.body.zone))
    }

    /// The zone that an enrolment's wall times are in.
    pub fn zone_of(&self, enrolment: &Enrolment) -> Tz {
        parse_zone(enrolment.zone_name()).unwrap_or(self.store.zone)
    }

    /// The position of a playbook id in columns.
    pub fn playbook_position(&self, id: &PlaybookId) -> Option<u16> {
        self.playbook_ids.iter().position(|known| known == id).map(|position| position as u16)
    }

    /// The position of a playbook id, given out once.
    pub(super) fn place_playbook(&mut self, id: &PlaybookId) -> u16 {
        self.playbook_position(id).unwrap_or_else(|| {
            self.playbook_ids.push(id.clone());
            (self.playbook_ids.len() - 1) as u16
        })
    }

    /// The playbook at a position.
    pub fn playbook_at(&self, position: u16) -> Option<(&PlaybookId, &PlaybookColumn)> {
        let id = self.playbook_ids.get(usize::from(position))?;
        self.playbooks.get(id).map(|column| (id, column))
    }

    /// The name of a target as people know it: remark, else name.
    pub fn target_name(&self, target: Target) -> String {
        match target {
            Target::Member(id) => self.members.by_id(id).map(|m| m.name().to_owned()),
            Target::Group(id) => self.groups.by_id(id).map(|g| g.body.name.clone()),
            Target::Account(id) => self.accounts.by_id(id).map(|a| a.body.name.clone()),
        }
        .unwrap_or_default()
    }

    /// A target as the queue tells them apart; none for one that is not in the book.
    pub fn owner(&self, target: Target) -> Option<Owner> {
        match target {
            Target::Member(id) => self.members.row(id).map(Owner::member),
            Target::Group(id) => self.groups.row(id).map(Owner::group),
            Target::Account(id) => self.accounts.row(id).map(Owner::account),
        }
    }

    /// Begins to order the tasks that have ended, all tasks being there.
    fn begin_ended(&self) -> JoinHandle<Ended> {
        // chunks are shared: no row is copied
        let tasks = self.tasks.clone();
        std::thread::spawn(move || Ended::of_tasks(&tasks))
    }

    /// Makes the orders of tasks and enrolments by time, which follow from their rows.
    fn order(&mut self, ended: JoinHandle<Ended>) {
        let mut due: Vec<(u32, Timestamp, u32)> = Vec::new();
        let (mut snoozes, mut expiries) = (Vec::new(), Vec::new());
        let (tasks, follow_ups, unseen) = (&self.tasks, &mut self.follow_ups, &mut self.unseen);
        let mut note = |row: u32, task: &TaskColumn| {
            let is_due = task.state == TaskState::Due;
            *unseen += u32::from(is_due && !task.seen);
            expiries.extend(task.until().map(|at| (at, row)));
            if task.state == TaskState::Snoozed {
                snoozes.extend(task.snoozed_until().map(|at| (at, row)));
            }
            if task.sort == TaskSort::FollowUp {
                follow_ups.insert(row);
            }
            due.extend(task.said_in().filter(|_| is_due).map(|group| (group, task.due_at, row)));
        };
        let open = tasks.iter_if(task::is_open).inspect(|(row, task)| note(*row, task));
        self.queue = Queue::of_tasks(open);
        self.snoozes = snoozes.into_iter().collect();
        self.expiries = expiries.into_iter().collect();
        self.wakes =
            self.enrolments.iter().filter_map(|(row, _, e)| e.next_at().map(|at| (at, row))).collect();
        for row in 0..self.groups.len() as u32 {
            if let Some(group) = self.groups.get_mut(row) {
                group.fold_term();
            }
        }
        due.sort_unstable();
        for of_group in due.chunk_by(|one, other| one.0 == other.0) {
            if let Some(group) = of_group.first().and_then(|(group, ..)| self.groups.get_mut(*group)) {
                group.due = of_group.iter().map(|(_, at, row)| (*at, *row)).collect();
            }
        }
        // a thread that panicked is no reason to lack what it was to make
        self.ended = ended.join().unwrap_or_else(|_| Ended::of_tasks(&self.tasks));
    }

    /// Changes one member without a record, as a test that looks at copies needs it.
    #[cfg(test)]
    pub(crate) fn change_one_member(&mut self) {
        let row = self.members.iter().next().map(|(row, ..)| row);
        if let Some(row) = row {
            self.members.change(row, |member| member.orders += 1);
        }
    }

    /// Finds the places of all ids and words anew, which are not written to the columns file.
    pub(crate) fn settle(&mut self) {
        let Self { accounts, groups, members, tasks, enrolments, words, .. } = self;
        std::thread::scope(|scope| {
            // of most there are
            scope.spawn(|| tasks.settle());
            accounts.settle();
            groups.settle();
            members.settle();
            enrolments.settle();
            words.settle();
        });
    }
}

/// Reads an IANA zone; none for empty or unknown.
pub fn parse_zone(name: &str) -> Option<Tz> {
    if name.is_empty() { None } else { name.parse().ok() }
}

/// A zone as its name.
mod zone_name {
    use chrono_tz::Tz;
    use serde::{Deserialize, Deserializer, Serializer};

    // the signature is serde's
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(super) fn serialize<S: Serializer>(zone: &Tz, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(zone.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
        Ok(super::parse_zone(&String::deserialize(deserializer)?).unwrap_or(Tz::Asia__Shanghai))
    }
}
