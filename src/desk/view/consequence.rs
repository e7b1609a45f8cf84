//! What a choice would bring about, counted before a human makes it: a few tasks a turn.
//!
//! The counts come from the same rules that carry the choice out ([`crate::desk::follow`], [`crate::desk::enrolling`]).
//! A stop rule that is a filter may hold or not once the book has changed: it is not foreseen.
//!
//! One file because reasons for a skip and a correction are weighed over the same rows by the same budget.

use std::collections::HashSet;

use super::task_line::clean;
use crate::book::time::MINUTE;
use crate::book::{
    ActivityKind, Channel, Enrolment, EnrolmentId, Health, SkipReason, Target, Task, TaskId, TaskKind,
    TaskState, Timestamp, Via, Wording,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::command::correct::{ENDED_LOOKED_OVER, SENT_LOOKED_AT};
use crate::desk::command::{DO_NOT_DISTURB, Sought, wrong_of};
use crate::desk::enrolling::falls_out;
use crate::desk::follow::stopped_by;
use crate::door::choices::drafted;
use crate::door::reply::{Consequence, Edited, Got, Recall, Spread};
use crate::sop::format::{Playbook, StopRule};
use crate::store::columns::task::{TaskColumn, TaskSort};
use crate::text::lang::Lang;
use crate::text::width::truncate;

/// Of how many marked tasks the consequences are looked at; of more, these are told.
const TASKS_MAX: usize = 200;

/// How long chats let a message be recalled: two minutes on WeChat, WeCom and QQ, in milliseconds.
const RECALL: i64 = 2 * MINUTE;

/// People who got a text, named one by one.
const NAMED: usize = 200;

/// Columns of what each of them got.
const SAID_COLUMNS: usize = 60;

/// What looking at one task costs, in the steps of [`super::scan::SLICE`]: what each reason would end of whom it is for;
/// and whether it says a text.
const WEIGH: usize = 20_000;
const SAYS: usize = 2_000;

/// What ends, found once each however many tasks lead to it.
#[derive(Default)]
struct Found {
    ends: HashSet<EnrolmentId>,
    cancels: HashSet<TaskId>,
    holds: HashSet<TaskId>,
    /// Of whom something is noted beside: people, accounts, groups.
    noted: HashSet<Target>,
    /// Accounts and their channels, groups and members that were looked at: many tasks may be of one.
    seen: HashSet<(Target, Option<Channel>)>,
}

/// What each reason for skipping would bring about, while it is counted.
pub(super) struct Weighing {
    ids: Vec<TaskId>,
    next: usize,
    found: Vec<(SkipReason, Found)>,
}

impl Weighing {
    pub(super) fn begin(ids: Vec<TaskId>) -> Self {
        let found = SkipReason::ALL.iter().map(|reason| (*reason, Found::default())).collect();
        Self { ids, next: 0, found }
    }

    /// Goes on; what follows from each reason beside the tasks it is said of.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<Option<Vec<Consequence>>, DeskError> {
        while let Some(id) = self.ids.get(self.next).copied().filter(|_| self.next < TASKS_MAX) {
            if *budget == 0 {
                return Ok(None);
            }
            *budget = budget.saturating_sub(WEIGH);
            self.next += 1;
            let Some(task) = desk.store.task(id)? else { continue };
            for (reason, found) in &mut self.found {
                desk.follows_from(*reason, &task, now, found)?;
            }
        }
        let said: HashSet<TaskId> = self.ids.iter().copied().collect();
        let beside = |found: &HashSet<TaskId>| found.difference(&said).count() as u32;
        let told = self.found.iter().map(|(reason, found)| Consequence {
            reason: *reason,
            ends: found.ends.len() as u32,
            cancels: beside(&found.cancels),
            holds: beside(&found.holds),
            noted: found.noted.len() as u32,
        });
        Ok(Some(told.collect()))
    }
}

/// How far a text has got, while those are looked for who have it.
pub(super) struct Spreading {
    task: Task,
    wording: Wording,
    /// The same, whatever it is filled with.
    any: Wording,
    sought: Sought,
    /// The next task that may be open, and the ended one that was looked at last.
    row: u32,
    before: Option<(Timestamp, u32)>,
    looked: usize,
    read: usize,
    pending: u32,
    got: u32,
    others: u32,
    /// When the newest of them was sent, by what, which, and to whom.
    named: Vec<(Timestamp, Via, TaskId, Target)>,
    /// Those that were edited by hand.
    edited: Vec<Edited>,
    /// The 更正 to whoever got it.
    notices: HashSet<TaskId>,
    /// One that says it as it was put right last, and how often it was.
    newest: Option<(usize, Task)>,
    /// What the newest 更正 says is right, and of which text.
    told: Option<(TaskId, u16, String)>,
}

impl Spreading {
    /// None where a task says nothing that others could say.
    pub(super) fn begin(desk: &Desk, id: TaskId) -> Result<Option<Self>, DeskError> {
        let Some(task) = desk.store.task(id)? else { return Ok(None) };
        let Some(wording) = desk.said_by(&task)? else { return Ok(None) };
        let sought = desk.sought(&wrong_of(wording.clone(), &task));
        let any = Wording { texts: wording.texts.clone(), run: wording.run.clone(), values: Vec::new() };
        let (row, before, looked, read, pending, got, others) = (0, None, 0, 0, 0, 0, 0);
        let (named, edited) = (Vec::new(), Vec::new());
        Ok(Some(Self {
            task,
            wording,
            any,
            sought,
            row,
            before,
            looked,
            read,
            pending,
            got,
            others,
            named,
            edited,
            notices: HashSet::new(),
            newest: None,
            told: None,
        }))
    }

    /// Goes on; what there is to tell when everybody was looked at.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        lang: Lang,
    ) -> Result<Option<Spread>, DeskError> {
        let columns = &desk.store.columns;
        while (self.row as usize) < columns.tasks.len() {
            if *budget == 0 {
                return Ok(None);
            }
            *budget -= 1;
            let row = self.row;
            self.row += 1;
            let Some(column) = columns.tasks.get(row) else { continue };
            let is_notice = column.sort == TaskSort::Correction && column.state != TaskState::Cancelled;
            if is_notice && self.find_notice(desk, row, budget)? {
                continue;
            }
            if column.state.is_open()
                && let Some(task) = self.read(desk, row, budget)?
            {
                let is_heard = self.is_heard(desk, &task);
                if desk.says_any(&task, &self.sought.wordings)? {
                    self.take_newest(&task);
                    self.pending += u32::from(desk.is_to_say(&task).0);
                    if is_heard {
                        self.take_got(&task);
                    }
                } else if is_heard && !self.wording.values.is_empty() && desk.says(&task, &self.any)? {
                    self.others += 1;
                } else {
                    self.find_edited(desk, &task, is_heard)?;
                }
            }
        }
        while self.looked < ENDED_LOOKED_OVER && self.read < SENT_LOOKED_AT {
            if *budget == 0 {
                return Ok(None);
            }
            *budget -= 1;
            let Some(place) = columns.ended.newest(self.before).next() else { break };
            (self.before, self.looked) = (Some(place), self.looked + 1);
            if !columns.tasks.get(place.1).is_some_and(|task| self.sought.fits(&task)) {
                continue;
            }
            self.read += 1;
            let task = self.read(desk, place.1, budget)?;
            let is_new = |task: &Task| self.is_heard(desk, task) && !self.notices.contains(&task.id);
            let Some(task) = task.filter(is_new) else { continue };
            if desk.says_any(&task, &self.sought.wordings)? {
                self.take_newest(&task);
                self.take_got(&task);
            } else if !self.wording.values.is_empty() && desk.says(&task, &self.any)? {
                self.others += 1;
            } else {
                self.find_edited(desk, &task, true)?;
            }
        }
        self.told(desk, lang).map(Some)
    }

    /// Whether somebody has heard the text by a task, as it is or as it was before it was corrected.
    fn is_heard(&self, desk: &Desk, task: &Task) -> bool {
        self.sought.wordings.iter().any(|wording| desk.has_heard(task, wording, None))
    }

    /// Takes a 更正 to somebody who got the text: what it says is put right as well. False for another.
    fn find_notice(&mut self, desk: &Desk, row: u32, budget: &mut usize) -> Result<bool, DeskError> {
        *budget = budget.saturating_sub(SAYS);
        let Some(notice) = desk.store.task_at(row)? else { return Ok(false) };
        if !desk.is_notice_of(&notice, &self.sought)? {
            return Ok(false);
        }
        self.notices.insert(notice.id);
        if let TaskKind::Correction { nth, .. } = notice.kind
            && self.told.as_ref().is_none_or(|(id, ..)| *id < notice.id)
            && let Some(right) = desk.wording(&notice).as_ref().and_then(|says| drafted(says.texts.first()?))
        {
            self.told = Some((notice.id, nth, right.to_owned()));
        }
        self.pending += u32::from(notice.status.state.is_open());
        if notice.status.state == TaskState::Sent {
            self.take_got(&notice);
        }
        Ok(true)
    }

    /// The task of a row that may say the text.
    fn read(&self, desk: &Desk, row: u32, budget: &mut usize) -> Result<Option<Task>, DeskError> {
        if !desk.store.columns.tasks.get(row).is_some_and(|task| self.sought.fits(&task)) {
            return Ok(None);
        }
        *budget = budget.saturating_sub(SAYS);
        Ok(desk.store.task_at(row)?)
    }

    /// Takes one that was put right more often than those before.
    fn take_newest(&mut self, task: &Task) {
        let times = task.status.corrected.len();
        if times > self.newest.as_ref().map_or(0, |(most, _)| *most) {
            self.newest = Some((times, task.clone()));
        }
    }

    /// The text that the right one is written from: as it was put right last.
    fn draft(&self, desk: &Desk, nth: usize) -> Result<String, DeskError> {
        if let Some((_, task)) = &self.newest
            && let Some(wording) = desk.said_by(task)?
        {
            return desk.right_draft(task, &wording, nth);
        }
        match &self.told {
            Some((_, of, right)) if usize::from(*of) == nth => Ok(right.clone()),
            _ => desk.right_draft(&self.task, &self.wording, nth),
        }
    }

    /// Takes one by which somebody got the text.
    fn take_got(&mut self, task: &Task) {
        self.got += 1;
        self.named.push((Desk::heard_at(task), task.via, task.id, task.target));
    }

    /// Takes one whose text was edited by hand; the first of them.
    fn find_edited(&mut self, desk: &Desk, task: &Task, is_heard: bool) -> Result<(), DeskError> {
        let is_edited = |wording| desk.is_edited_from(task, wording);
        if self.edited.len() < NAMED && self.sought.wordings.iter().any(is_edited) {
            let said = clean(task.status.edited.as_deref().unwrap_or_default().trim());
            let said = truncate(&said, SAID_COLUMNS).into_owned();
            let at = is_heard.then(|| Desk::heard_at(task));
            let mut follows = Vec::new();
            for ((part, _), nth) in desk.texts_by_part(task).into_iter().zip(0..) {
                if desk.says_text(task, nth, &self.sought.wordings)? {
                    follows.push(part);
                }
            }
            self.edited.push(Edited { task: task.id, name: desk.whom(task), at, said, follows });
        }
        Ok(())
    }

    fn told(&mut self, desk: &Desk, lang: Lang) -> Result<Spread, DeskError> {
        self.named.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        let filled: Vec<&str> = self.wording.values.iter().map(|(_, value)| value.as_str()).collect();
        let filled = clean(&filled.join(", "));
        let mut named = Vec::new();
        for (at, via, id, target) in self.named.iter().take(NAMED) {
            let recall = match via {
                Via::Private | Via::Group => Recall::Until(Timestamp(at.0 + RECALL)),
                Via::Moments | Via::Post => Recall::Always,
                Via::Call | Via::Internal => Recall::Never,
            };
            let said = match desk.store.task(*id)? {
                Some(task) if filled.is_empty() || !desk.says(&task, &self.wording)? => {
                    let parts = desk.task_text(&task)?.parts;
                    let first = parts.into_iter().find_map(|part| part.copy).unwrap_or_default();
                    truncate(&clean(first.trim()), SAID_COLUMNS).into_owned()
                }
                _ => filled.clone(),
            };
            let name = clean(&desk.store.columns.target_name(*target));
            named.push(Got { name, at: *at, recall, said });
        }
        let mut stands = desk.still_filled(&self.task, &self.wording, None, lang)?;
        if !desk.is_put_right(&self.task, &self.wording)? {
            stands.extend(desk.still_says(&self.wording, lang));
        }
        let mut texts = Vec::new();
        for (nth, (part, _)) in desk.texts_by_part(&self.task).into_iter().enumerate() {
            texts.push((part, self.draft(desk, nth)?));
        }
        Ok(Spread {
            text: self.draft(desk, 0)?,
            texts,
            pending: self.pending,
            got: self.got,
            filled,
            others: self.others,
            named,
            edited: std::mem::take(&mut self.edited),
            stands,
        })
    }
}

impl Desk {
    fn follows_from(
        &self,
        reason: SkipReason,
        task: &Task,
        now: Timestamp,
        found: &mut Found,
    ) -> Result<(), DeskError> {
        let happened = |kind: ActivityKind| {
            move |playbook: &Playbook, enrolment: &Enrolment| {
                stopped_by(playbook, enrolment, kind, task.group, now).is_some()
            }
        };
        let member = task.member().map(Target::Member);
        found.noted.extend(self.noted_by(reason, task));
        if let Some(member) = member.filter(|_| reason == SkipReason::DoNotDisturb)
            && !found.seen.insert((member, None))
        {
            return Ok(());
        }
        match (reason, member) {
            (SkipReason::Talked, Some(member)) => {
                self.that_end(member, found, happened(ActivityKind::Replied))?;
            }
            (SkipReason::Bought, Some(member)) => {
                self.that_end(member, found, happened(ActivityKind::Bought))?;
            }
            (SkipReason::Unfriended, Some(member)) => {
                self.that_end(member, found, happened(ActivityKind::Unfriended))?;
                let columns = &self.store.columns;
                let account = task.status.account.and_then(|id| columns.accounts.row(id));
                let private = |row: &u32| {
                    let other = columns.tasks.get(*row);
                    other.is_some_and(|o| o.account == account && o.via == Via::Private)
                };
                let owed = columns.owner(member).into_iter().flat_map(|owner| columns.queue.of(owner));
                let owed = owed.filter(|row| account.is_some() && private(row));
                found.holds.extend(owed.filter_map(|row| columns.tasks.id(row)));
            }
            (SkipReason::DoNotDisturb, Some(member)) => {
                let complained = happened(ActivityKind::Complained);
                self.that_end(member, found, |playbook, enrolment| {
                    let tagged =
                        |rule: &StopRule| matches!(rule, StopRule::Tag(tag) if tag == DO_NOT_DISTURB);
                    playbook.class == crate::book::Class::Marketing
                        || playbook.stop.iter().any(tagged)
                        || complained(playbook, enrolment)
                })?;
                if let Target::Member(member) = member {
                    let owed = self.marketing_owed(member)?.into_iter();
                    found.cancels.extend(owed.filter(|(_, among)| among.is_none()).map(|(task, _)| task.id));
                }
            }
            (SkipReason::AccountLimited, _) => {
                let columns = &self.store.columns;
                let Some(account) = task.status.account else { return Ok(()) };
                let channel = Channel::of(task).unwrap_or(Channel::All);
                if !found.seen.insert((Target::Account(account), Some(channel))) {
                    return Ok(());
                }
                let limited = Health::Limited { what: channel.word().to_owned(), until: None };
                let held = |row: &u32| {
                    columns.tasks.get(*row).is_some_and(|other| limited.holds_by(channel_of(&other)))
                };
                let waits = self.rows_of_account(account).into_iter().filter(held);
                found.holds.extend(waits.filter_map(|row| columns.tasks.id(row)));
            }
            (SkipReason::GroupGone, _) => {
                let group = task.said_in().filter(|id| found.seen.insert((Target::Group(*id), None)));
                if let Some(group) = group {
                    self.that_end(Target::Group(group), found, |_, _| true)?;
                    found.cancels.extend(self.said_in(group));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Of whom a reason notes something in the book.
    fn noted_by(&self, reason: SkipReason, task: &Task) -> Option<Target> {
        match reason {
            SkipReason::Talked | SkipReason::Bought | SkipReason::Unfriended | SkipReason::DoNotDisturb => {
                task.member().map(Target::Member)
            }
            // what is so already stays so
            SkipReason::AccountLimited => {
                self.account_limited(task).and(task.status.account).map(Target::Account)
            }
            SkipReason::GroupGone => self.group_gone(task).and(task.said_in()).map(Target::Group),
            SkipReason::Unfit | SkipReason::Other => None,
        }
    }

    /// Running enrolments of a target that something ends, and the tasks that end with them.
    fn that_end(
        &self,
        target: Target,
        found: &mut Found,
        ends: impl Fn(&Playbook, &Enrolment) -> bool,
    ) -> Result<(), DeskError> {
        for enrolment in self.running(target)? {
            let playbook = self.playbooks.of(&enrolment, &self.store.columns);
            if playbook.is_some_and(|playbook| ends(&playbook, &enrolment)) {
                let tasks = self.tasks_that_end_with(&enrolment)?;
                let whole = tasks.iter().filter(|task| falls_out(task, &enrolment).is_none());
                found.cancels.extend(whole.map(|task| task.id));
                found.ends.insert(enrolment.id);
            }
        }
        Ok(())
    }
}

/// The channel that a task goes by.
fn channel_of(task: &TaskColumn) -> Option<Channel> {
    Channel::by(task.via, task.sort == TaskSort::AddFriend)
}
