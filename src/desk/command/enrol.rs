//! Enrolling by hand: everybody named, and everybody a filter matches.
//!
//! A filter may match a hundred thousand, so they are looked at and entered in slices between human acts, all of one
//! act, and the command is answered when all of them are in. Its id stands in the records of the last slice alone: after
//! a crash the same command goes on where it stopped, for nobody enters twice from one anchor.
//!
//! One file because campaigns and one-offs enter by the same slices, and what a slice leaves behind is one state.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::act::{Act, DeskError};
use super::super::enrolling::{Entry, NoEntry};
use super::super::words::Words;
use super::super::words::book::BookWords;
use super::super::{ClientId, Desk, Now};
use super::applying::Applying;
use super::compose::{Composing, Drafted};
use super::waves::Begun;
use crate::book::{CommandId, EnrolmentId, GroupId, PlaybookId, Target, Timestamp};
use crate::door::compose::Compose;
use crate::door::form::Kind;
use crate::door::reply::{ImportReport, Outcome};
use crate::door::{Refusal, Reply};
use crate::sop::format::{StopRule, TargetKind};
use crate::text::lang::Lang;

/// Targets that one turn enters.
pub(super) const ENTERED: usize = 30;

/// Targets that one turn holds against the filter for each that it may enter.
const LOOKED_AT: usize = 25;

/// Commands that enrol many, first come first served.
#[derive(Default)]
pub(crate) struct Enrolling {
    pub(super) jobs: VecDeque<Job>,
}

/// One command under way.
pub(super) struct Job {
    /// Whom to answer; a repeated command waits with the first.
    pub(super) waiting: Vec<(ClientId, u64)>,
    pub(super) act: Act,
    pub(super) command_id: Option<CommandId>,
    pub(super) playbook: PlaybookId,
    pub(super) title: String,
    pub(super) key: String,
    pub(super) at: Timestamp,
    /// Whom, and the group that they were named by.
    pub(super) named: VecDeque<(Target, Option<GroupId>)>,
    pub(super) kind: TargetKind,
    pub(super) filter: String,
    /// The next row that the filter is held against.
    pub(super) next: u32,
    pub(super) dry_run: bool,
    pub(super) enters: u32,
    /// Anchors that somebody matched.
    pub(super) matched: BTreeSet<Timestamp>,
    pub(super) stays: BTreeMap<&'static str, u32>,
    pub(super) enrolled: Vec<EnrolmentId>,
    /// Of a playbook that is applied: what is done besides entering.
    pub(super) applying: Option<Applying>,
    /// Of a campaign: what is said at its end, by the last one for all; and who enters next.
    pub(super) campaign: Option<Begun>,
    pub(super) then: Option<Box<Job>>,
    /// Of a one-off: who was looked at, or what it made.
    pub(super) composing: Option<Box<Composing>>,
}

impl Job {
    /// A command of an act, with nobody to enter yet and nobody to answer.
    pub(super) fn new(act: &Act, playbook: &PlaybookId, title: String, kind: TargetKind) -> Self {
        Self {
            waiting: Vec::new(),
            act: Act { command_id: None, ..act.clone() },
            command_id: act.command_id,
            playbook: playbook.clone(),
            title,
            key: String::new(),
            at: act.at,
            named: VecDeque::new(),
            kind,
            filter: String::new(),
            next: 0,
            dry_run: false,
            enters: 0,
            matched: BTreeSet::new(),
            stays: BTreeMap::new(),
            enrolled: Vec::new(),
            applying: None,
            campaign: None,
            then: None,
            composing: None,
        }
    }
}

impl Enrolling {
    /// A command that is under way already: one more waits for its answer.
    pub(in crate::desk) fn join(&mut self, command: CommandId, client: ClientId, tag: u64) -> bool {
        let known = self.jobs.iter_mut().find(|job| job.command_id == Some(command));
        known.map(|job| job.waiting.push((client, tag))).is_some()
    }

    /// The first answer to the command that was begun last goes there.
    pub(in crate::desk) fn answer_to(&mut self, client: ClientId, tag: u64) {
        if let Some(job) = self.jobs.back_mut() {
            job.waiting.push((client, tag));
        }
    }

    /// True while somebody is being entered from an anchor.
    pub(super) fn is_entering(&self, key: &str) -> bool {
        self.jobs.iter().any(|job| job.key == key)
    }

    /// True while somebody is being entered.
    pub(in crate::desk) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// A commit failed: nothing goes on, and everybody who waits is told why.
    pub(in crate::desk) fn refuse_all(&mut self, refusal: &Refusal) -> Vec<(ClientId, u64, Reply)> {
        let waiting = self.jobs.drain(..).flat_map(|job| job.waiting);
        waiting.map(|(client, tag)| (client, tag, Reply::Refused(refusal.clone()))).collect()
    }
}

impl Desk {
    /// Enrols named targets and everybody a filter matches: a few at once, many in slices, and then none is given yet.
    /// A dry run says how many would enter.
    #[expect(clippy::too_many_arguments, reason = "a command, spelled out")]
    pub(super) fn enrol(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        named: &[Target],
        filter: &str,
        anchor: Option<Timestamp>,
        dry_run: bool,
        now: Now,
    ) -> Result<Option<Outcome>, DeskError> {
        let Some(playbook) = self.playbooks.current(id, &self.store.columns) else {
            return Err(super::not_found(&id.0, Words::NoPlaybook.fill(act.lang, &[("id", id)])));
        };
        self.playbook_state(act, id)?;
        self.check_filter(filter, act.lang)?;
        let title = crate::text::clean::for_display(&playbook.title).into_owned();
        let named = self.named_by_hand(act, named, playbook.target, &title)?;
        let at = anchor.unwrap_or(act.at);
        let key = if playbook.start.recurrence().is_some() {
            "recurrence".to_owned()
        } else {
            format!("by-hand:{}", at.day(self.store.columns.store.zone))
        };
        let mut job = Job {
            key,
            at,
            named,
            filter: filter.to_owned(),
            dry_run,
            ..Job::new(act, id, title, playbook.target)
        };
        if job.filter.is_empty() && job.named.len() <= ENTERED {
            self.advance_job(&mut job, now)?;
            return Ok(Some(job.outcome()));
        }
        self.enrolling.jobs.push_back(job);
        Ok(None)
    }

    /// A one-off: looks at everybody a filter matches, or makes it and lets them enter, in slices.
    pub(super) fn compose(&mut self, act: &Act, compose: &Compose, dry_run: bool) -> Result<(), DeskError> {
        let mut drafted = self.drafted(act, compose)?;
        if !dry_run {
            self.begin_one_off(act, &mut drafted)?;
        }
        let Drafted { playbook, filter, composing, .. } = drafted;
        self.enrolling.jobs.push_back(Job {
            key: "by-hand:compose".to_owned(),
            at: composing.at(),
            filter,
            dry_run,
            composing: Some(Box::new(composing)),
            ..Job::new(act, &playbook.id, String::new(), playbook.target)
        });
        Ok(())
    }

    /// Goes on with the first command that enrols many; its answers when it is done.
    pub(in crate::desk) fn enrol_slice(&mut self, now: Now) -> Vec<(ClientId, u64, Reply)> {
        let Some(mut job) = self.enrolling.jobs.pop_front() else { return Vec::new() };
        let staged = self.store.staged();
        let reply = match self.advance_job(&mut job, now) {
            Ok(false) => {
                self.enrolling.jobs.push_front(job);
                return Vec::new();
            }
            Ok(true) if job.then.is_some() => {
                if let Some(mut next) = job.then.take() {
                    next.waiting.append(&mut job.waiting);
                    next.enters += job.enters;
                    next.matched.append(&mut job.matched);
                    next.enrolled.append(&mut job.enrolled);
                    for (why, n) in std::mem::take(&mut job.stays) {
                        *next.stays.entry(why).or_default() += n;
                    }
                    self.enrolling.jobs.push_front(*next);
                }
                return Vec::new();
            }
            Ok(true) => {
                let mut outcome = job.outcome();
                let is_applied = job.applying.as_ref().is_some_and(|applying| applying.changes);
                match self.waves_begun(&job, now) {
                    Ok(begun) => {
                        let is_recorded = begun || is_applied || job.makes();
                        if self.store.staged() > staged || !outcome.enrolled.is_empty() || is_recorded {
                            outcome.act = Some(job.act.id);
                        }
                        Reply::Done(outcome)
                    }
                    Err(error) => Reply::Refused(error.refusal()),
                }
            }
            Err(error) => Reply::Refused(error.refusal()),
        };
        if let (Some(command), Reply::Done(_)) = (job.command_id, &reply) {
            self.outcomes.keep(command, reply.clone());
        }
        if let (Some(begun), None, Reply::Done(outcome)) = (&job.campaign, job.command_id, &reply) {
            // nobody asked, so everybody is told
            let all: Vec<&str> = std::iter::once(&*outcome.words).chain(begun.empty(&job.matched)).collect();
            self.tick.says.push(crate::door::Push::Said { words: all.join("; ") });
        }
        job.waiting.into_iter().map(|(client, tag)| (client, tag, reply.clone())).collect()
    }

    /// Enters a slice of targets; true when all were looked at.
    pub(super) fn advance_job(&mut self, job: &mut Job, now: Now) -> Result<bool, DeskError> {
        if self.is_undone(job.act.id)? || self.wave_is_off(job, now.wall) {
            // undone or stopped while it went on: nobody else enters
            return Ok(true);
        }
        if job.applying.is_some() {
            return self.advance_applying(job, now);
        }
        let mut room = ENTERED * LOOKED_AT;
        let mut entering: Vec<(Target, Option<GroupId>)> = Vec::new();
        while room >= LOOKED_AT
            && let Some(named) = job.named.pop_front()
        {
            room -= LOOKED_AT;
            entering.push(named);
        }
        let mut rows_left = !job.filter.is_empty();
        while rows_left && room > 0 {
            room -= 1;
            let Some(target) = self.target_at(job.kind, job.next) else {
                rows_left = false;
                break;
            };
            job.next += 1;
            if self.is_open_target(target) && self.target_matches(&job.filter, target, now.wall)? {
                room = room.saturating_sub(LOOKED_AT);
                entering.push((target, None));
            }
        }
        let done = job.named.is_empty() && !rows_left;
        let command_id = job.command_id.filter(|_| done && job.then.is_none());
        let act = Act { at: now.wall, command_id, ..job.act.clone() };
        let mut composing = job.composing.take();
        for (target, by) in entering {
            match composing.as_mut().filter(|_| job.dry_run) {
                Some(composing) => self.preview_one(&act, composing, target)?,
                None => self.enter_by_hand(&act, job, target, by)?,
            }
        }
        job.composing = composing;
        Ok(done)
    }

    /// Whom the names mean to a playbook: a group is everybody in it now, where members go through it. What it is not
    /// made for is refused before anybody enters.
    fn named_by_hand(
        &self,
        act: &Act,
        named: &[Target],
        kind: TargetKind,
        title: &str,
    ) -> Result<VecDeque<(Target, Option<GroupId>)>, DeskError> {
        let columns = &self.store.columns;
        let mut whom: VecDeque<(Target, Option<GroupId>)> = VecDeque::new();
        for target in named {
            match (kind, *target) {
                (TargetKind::Member, Target::Group(group)) => {
                    let row = columns.groups.row(group);
                    let inside = columns
                        .members
                        .iter()
                        .filter(|(_, _, m)| !m.archived && row.is_some_and(|row| m.is_in(row)));
                    let members: Vec<_> =
                        inside.map(|(_, id, _)| (Target::Member(id), Some(group))).collect();
                    if members.is_empty() {
                        let name = self.display_name(*target);
                        return Err(Self::refused(Words::NobodyIn.fill(act.lang, &[("group", &name)])));
                    }
                    whom.extend(members);
                }
                (TargetKind::Group, Target::Member(_)) => {
                    return Err(Self::refused(Words::ForGroups.fill(act.lang, &[("title", &title)])));
                }
                (TargetKind::Account, Target::Member(_) | Target::Group(_)) => {
                    return Err(Self::refused(Words::ForAccounts.fill(act.lang, &[("title", &title)])));
                }
                _ => whom.push_back((*target, None)),
            }
        }
        Ok(whom)
    }

    fn enter_by_hand(
        &mut self,
        act: &Act,
        job: &mut Job,
        target: Target,
        by: Option<GroupId>,
    ) -> Result<(), DeskError> {
        job.matched.insert(job.at);
        let group = match target {
            Target::Member(member) => by.or_else(|| self.only_group(member)),
            _ => None,
        };
        if self.came_before(job, target)? {
            *job.stays.entry(BookWords::EarlierWave.text(act.lang)).or_default() += 1;
            return Ok(());
        }
        let entry = Entry {
            playbook: job.playbook.clone(),
            target,
            group,
            account: if let Target::Account(account) = target { Some(account) } else { None },
            key: job.key.clone(),
            at: job.at,
            by_hand: true,
        };
        let result = if job.dry_run {
            self.would_enter(&entry, act.at)?.map(|enrolment| enrolment.id)
        } else {
            self.enter(act, &entry)?
        };
        match result {
            Ok(enrolment) => {
                job.enters += 1;
                if !job.dry_run {
                    job.enrolled.push(enrolment);
                }
            }
            Err(reason) => *job.stays.entry(no_entry(reason, act.lang)).or_default() += 1,
        }
        Ok(())
    }

    /// The target of a kind at a row.
    pub(in crate::desk) fn target_at(&self, kind: TargetKind, row: u32) -> Option<Target> {
        let columns = &self.store.columns;
        match kind {
            TargetKind::Member => columns.members.id(row).map(Target::Member),
            TargetKind::Group => columns.groups.id(row).map(Target::Group),
            TargetKind::Account => columns.accounts.id(row).map(Target::Account),
        }
    }

    /// Ends enrolments by hand; their open tasks are cancelled.
    pub(super) fn unenrol(&mut self, act: &Act, ids: &[EnrolmentId]) -> Result<Outcome, DeskError> {
        let mut ended = 0;
        for id in ids {
            let Some(enrolment) = self.store.enrolment(*id)? else {
                return Err(super::not_found(&id.to_string(), Words::NoEnrolment.text(act.lang)));
            };
            if enrolment.status.state.is_running() {
                self.stop(act, &enrolment, &StopRule::Filter("by-hand".to_owned()))?;
                ended += 1;
            }
        }
        if ended == 0 {
            return Err(Self::refused(Words::EndedAlready.text(act.lang).to_owned()));
        }
        Ok(Outcome { words: Words::Unenrolled.fill(act.lang, &[("n", &ended)]), ..Outcome::default() })
    }
}

impl Job {
    /// True for a one-off that is made and not only looked at.
    fn makes(&self) -> bool {
        self.composing.is_some() && !self.dry_run
    }

    /// What it came to.
    pub(super) fn outcome(&mut self) -> Outcome {
        let lang = self.act.lang;
        if let Some(composing) = &mut self.composing {
            composing.report.gets += self.enters;
            composing.report.matched += self.enters + self.stays.values().sum::<u32>();
            for (why, n) in std::mem::take(&mut self.stays) {
                composing.warnings.push(Words::StayOut.fill(lang, &[("n", &n), ("why", &why)]));
            }
            let enrolled = std::mem::take(&mut self.enrolled);
            return Outcome { enrolled, ..composing.outcome(self.dry_run, lang) };
        }
        let mut outcome = Outcome { enrolled: std::mem::take(&mut self.enrolled), ..Outcome::default() };
        outcome.warnings = std::mem::take(&mut self.stays)
            .into_iter()
            .map(|(why, n)| Words::StayOut.fill(lang, &[("n", &n), ("why", &why)]))
            .collect();
        let words = if self.dry_run { Words::WouldEnter } else { Words::Entered };
        let n = Words::of_kind(self.kind, self.enters, lang);
        outcome.words = words.fill(lang, &[("n", &n), ("title", &self.title)]);
        if let Some(applying) = &mut self.applying {
            outcome.words = Words::PlaybookApplied.fill(lang, &[("title", &self.title), ("n", &n)]);
            outcome.warnings = std::mem::take(&mut applying.warnings);
        }
        if let Some(begun) = &self.campaign {
            outcome.words = begun.words(self.enters, lang);
            outcome.warnings.extend(begun.warnings.iter().cloned());
            outcome.warnings.extend(begun.empty(&self.matched).map(str::to_owned));
        }
        if self.dry_run {
            let entering = vec![(self.title.clone(), self.enters, 0, kind_of(self.kind))];
            outcome.import = Some(Box::new(ImportReport { entering, ..ImportReport::default() }));
        }
        outcome
    }
}

/// What the targets of a kind are in a form.
pub(super) const fn kind_of(target: TargetKind) -> Kind {
    match target {
        TargetKind::Member => Kind::Member,
        TargetKind::Group => Kind::Group,
        TargetKind::Account => Kind::Account,
    }
}

pub(crate) fn no_entry(reason: NoEntry, lang: Lang) -> &'static str {
    match reason {
        NoEntry::NotFor => Words::NotFor,
        NoEntry::Already => Words::AlreadyIn,
        NoEntry::Audience => Words::NotInAudience,
        NoEntry::Resting => Words::Resting,
        NoEntry::TooOld => Words::TooOld,
    }
    .text(lang)
}
