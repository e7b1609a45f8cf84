//! Enrolling by hand: everybody named, and everybody a filter matches.
//!
//! A filter may match a hundred thousand, so they are looked at and entered in slices between human acts, all of one
//! act, and the command is answered when all of them are in ([`Work::Enter`]). A dry run looks in slices too; it is
//! nobody's work, and ends with its process.
//!
//! One file because a dry run tells what entering would do, out of the same looks at the same targets.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::act::{Act, DeskError};
use super::super::enrolling::NoEntry;
use super::super::words::Words;
use super::super::{ClientId, Desk, Now};
use super::compose::{Composing, Drafted};
use crate::book::{CommandId, EnrolmentId, GroupId, PlaybookId, Target, Timestamp};
use crate::door::compose::Compose;
use crate::door::form::Kind;
use crate::door::reply::{ImportReport, Outcome};
use crate::door::{Refusal, Reply};
use crate::sop::calendar::local_day;
use crate::sop::format::{Playbook, TargetKind};
use crate::store::columns::enrolment::RunState;
use crate::store::record::Work;
use crate::text::lang::Lang;

/// How many of those that go through it already are named.
const NAMED: usize = 5;

/// Targets that one turn looks into.
const LOOKED_INTO: usize = 30;

/// Targets that one turn holds against the filter for each that it may look into.
const LOOKED_AT: usize = 25;

/// Dry runs over many, first come first served.
#[derive(Default)]
pub(crate) struct Rehearsals {
    jobs: VecDeque<Job>,
}

/// One dry run under way.
struct Job {
    /// Whom to answer; a repeated command waits with the first.
    waiting: Vec<(ClientId, u64)>,
    act: Act,
    playbook: PlaybookId,
    title: String,
    key: String,
    at: Timestamp,
    /// Whom, and the group that they were named by.
    named: VecDeque<(Target, Option<GroupId>)>,
    kind: TargetKind,
    filter: String,
    /// The next row that the filter is held against.
    next: u32,
    enters: u32,
    stays: BTreeMap<&'static str, u32>,
    /// The day that it counts from, in words; none where that is today.
    begins: Option<String>,
    /// Of a one-off: who was looked at.
    composing: Option<Box<Composing>>,
}

impl Rehearsals {
    /// A command that is under way already: one more waits for its answer.
    pub(in crate::desk) fn join(&mut self, command: CommandId, client: ClientId, tag: u64) -> bool {
        let known = self.jobs.iter_mut().find(|job| job.act.command_id == Some(command));
        known.map(|job| job.waiting.push((client, tag))).is_some()
    }

    /// The first answer to the command that was begun last goes there.
    pub(in crate::desk) fn answer_to(&mut self, client: ClientId, tag: u64) {
        if let Some(job) = self.jobs.back_mut() {
            job.waiting.push((client, tag));
        }
    }

    /// True while nobody is being looked at.
    pub(in crate::desk) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Nothing can be read on: everybody who waits is told why.
    pub(in crate::desk) fn refuse_all(&mut self, refusal: &Refusal) -> Vec<(ClientId, u64, Reply)> {
        let waiting = self.jobs.drain(..).flat_map(|job| job.waiting);
        waiting.map(|(client, tag)| (client, tag, Reply::Refused(refusal.clone()))).collect()
    }
}

impl Desk {
    /// Enrols named targets and everybody a filter matches. A dry run says how many would enter, and none is given yet.
    pub(super) fn enrol(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        named: &[Target],
        filter: &str,
        anchor: Option<Timestamp>,
        dry_run: bool,
    ) -> Result<Option<Outcome>, DeskError> {
        let Some(playbook) = self.playbooks.current(id, &self.store.columns) else {
            return Err(super::not_found(&id.0, Words::NoPlaybook.fill(act.lang, &[("id", id)])));
        };
        self.playbook_state(act, id)?;
        self.check_filter(filter, &[playbook.target], act.lang)?;
        let title = crate::text::clean::for_display(&playbook.title).into_owned();
        let kind = playbook.target;
        self.check_named(act, named, kind, &title)?;
        let at = anchor.unwrap_or(act.at);
        let key = if playbook.start.recurrence().is_some() {
            "recurrence".to_owned()
        } else {
            format!("by-hand:{}", at.day(self.store.columns.store.zone))
        };
        if dry_run {
            self.rehearsals.jobs.push_back(Job {
                waiting: Vec::new(),
                act: act.clone(),
                playbook: id.clone(),
                title,
                key,
                at,
                named: self.by_name(named, kind),
                kind,
                filter: filter.to_owned(),
                next: 0,
                enters: 0,
                stays: BTreeMap::new(),
                begins: self.begins(&playbook, at, act),
                composing: None,
            });
            return Ok(None);
        }
        let lang = act.lang;
        let (twice, begins) = (self.runs_in_it(id, named, lang), self.begins(&playbook, at, act));
        self.works.say_all(act.id, move |counts, outcome| {
            outcome.warnings.extend(begins.into_iter().chain(twice).filter(|_| counts.entered > 0));
            let n = Words::of_kind(kind, counts.entered, lang);
            outcome.words = Words::Entered.fill(lang, &[("n", &n), ("title", &title)]);
            outcome.warnings.extend(stay_out(&counts.stays, lang));
            outcome.enrolled = counts.enrolled;
        });
        let (playbook, named, filter) = (id.clone(), named.to_vec(), filter.to_owned());
        self.undertake(act, Work::Enter { playbook, key, at, named, filter })?;
        Ok(Some(Outcome::default()))
    }

    /// Which day an anchor is that was said, where it is not today's: "03-02" may be the one to come or the one before.
    fn begins(&self, playbook: &Playbook, at: Timestamp, act: &Act) -> Option<String> {
        let zone = playbook.tz.unwrap_or(self.store.columns.store.zone);
        let day_of = |at| local_day(at, zone, playbook.day_ends);
        let (day, today) = (day_of(at), day_of(act.at));
        let words = if day > today { Words::BeginsAhead } else { Words::BeganAgo };
        let n = (day - today).num_days().abs();
        (n != 0).then(|| words.fill(act.lang, &[("day", &day), ("n", &n)]))
    }

    /// Who of those named goes through a playbook already: a second time beside the first says everything twice.
    fn runs_in_it(&self, id: &PlaybookId, named: &[Target], lang: Lang) -> Option<String> {
        let columns = &self.store.columns;
        // whom a filter brings is not named, and nobody is looked for
        let named: BTreeSet<Target> = (!named.is_empty()).then(|| named.iter().copied().collect())?;
        let position = columns.playbook_position(id)?;
        let mut names: Vec<String> = columns
            .enrolments
            .iter()
            .filter(|(_, _, e)| e.playbook == position && e.state == RunState::Active)
            .filter_map(|(_, _, e)| self.target_of_row(e.target))
            .filter(|target| named.contains(target))
            .map(|target| self.display_name(target))
            .take(NAMED + 1)
            .collect();
        if names.is_empty() {
            return None;
        }
        if names.len() > NAMED {
            names.truncate(NAMED);
            names.push("..".to_owned());
        }
        Some(Words::RunsAlready.fill(lang, &[("names", &names.join(", "))]))
    }

    /// A one-off: makes it, and lets everybody enter whom its filter matches; a dry run looks at them, and none is given
    /// yet.
    pub(super) fn compose(
        &mut self,
        act: &Act,
        compose: &Compose,
        dry_run: bool,
    ) -> Result<Option<Outcome>, DeskError> {
        let mut drafted = self.drafted(act, compose, None)?;
        let key = "by-hand:compose".to_owned();
        if dry_run {
            let Drafted { playbook, filter, composing, .. } = drafted;
            self.rehearsals.jobs.push_back(Job {
                waiting: Vec::new(),
                act: act.clone(),
                playbook: playbook.id.clone(),
                title: String::new(),
                key,
                at: composing.at(),
                named: VecDeque::new(),
                kind: playbook.target,
                filter,
                next: 0,
                enters: 0,
                stays: BTreeMap::new(),
                begins: None,
                composing: Some(Box::new(composing)),
            });
            return Ok(None);
        }
        self.begin_one_off(act, &mut drafted)?;
        let Drafted { playbook, filter, mut composing, .. } = drafted;
        let (playbook, at, lang) = (playbook.id.clone(), composing.at(), act.lang);
        if compose.until.is_some() {
            self.works.looks.insert(act.id, Box::new(composing.anew()));
        }
        self.works.say_all(act.id, move |counts, outcome| {
            let act = outcome.act;
            composing.made(&counts, lang);
            *outcome = Outcome { act, enrolled: counts.enrolled, ..composing.outcome(false, lang) };
        });
        self.undertake(act, Work::Enter { playbook, key, at, named: Vec::new(), filter })?;
        Ok(Some(Outcome::default()))
    }

    /// Goes on with the first dry run; its answers when it is done.
    pub(in crate::desk) fn rehearse_slice(&mut self, now: Now) -> Vec<(ClientId, u64, Reply)> {
        let Some(mut job) = self.rehearsals.jobs.pop_front() else { return Vec::new() };
        let reply = match self.advance_job(&mut job, now) {
            Ok(false) => {
                self.rehearsals.jobs.push_front(job);
                return Vec::new();
            }
            Ok(true) => Reply::Done(job.outcome()),
            Err(error) => Reply::Refused(error.refusal()),
        };
        if let (Some(command), Reply::Done(_)) = (job.act.command_id, &reply) {
            self.outcomes.keep(command, reply.clone());
        }
        job.waiting.into_iter().map(|(client, tag)| (client, tag, reply.clone())).collect()
    }

    /// Looks at a slice of targets; true when all were looked at.
    fn advance_job(&mut self, job: &mut Job, now: Now) -> Result<bool, DeskError> {
        let mut room = LOOKED_INTO * LOOKED_AT;
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
            // a look at a one-off tells of groups in which it cannot be said
            let is_told = job.composing.is_some() && self.closed_group(target).is_some();
            if (is_told || self.is_open_target(target))
                && self.target_matches(&job.filter, target, now.wall)?
            {
                room = room.saturating_sub(LOOKED_AT);
                entering.push((target, None));
            }
        }
        let done = job.named.is_empty() && !rows_left;
        let act = Act { at: now.wall, ..job.act.clone() };
        for (target, by) in entering {
            if let Some(composing) = &mut job.composing {
                let _ = self.preview_one(&act, composing, target)?;
                continue;
            }
            let entry = self.entry_by_hand(&job.playbook, &job.key, job.at, target, by);
            match self.would_enter(&entry, act.at)? {
                Ok(_) => job.enters += 1,
                Err(reason) => *job.stays.entry(no_entry(reason, act.lang)).or_default() += 1,
            }
        }
        Ok(done)
    }

    /// Refuses names of what a playbook is not made for, before anybody enters.
    fn check_named(
        &self,
        act: &Act,
        named: &[Target],
        kind: TargetKind,
        title: &str,
    ) -> Result<(), DeskError> {
        for target in named {
            match (kind, *target) {
                (TargetKind::Member, Target::Group(group))
                    if self.store.columns.groups.by_id(group).is_none_or(|group| group.members == 0) =>
                {
                    let name = self.display_name(*target);
                    return Err(Self::refused(Words::NobodyIn.fill(act.lang, &[("group", &name)])));
                }
                (TargetKind::Group, Target::Member(_)) => {
                    return Err(Self::refused(Words::ForGroups.fill(act.lang, &[("title", &title)])));
                }
                (TargetKind::Account, Target::Member(_) | Target::Group(_)) => {
                    return Err(Self::refused(Words::ForAccounts.fill(act.lang, &[("title", &title)])));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whom the names mean to a playbook: a group is everybody in it now, where members go through it.
    fn by_name(&self, named: &[Target], kind: TargetKind) -> VecDeque<(Target, Option<GroupId>)> {
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
                    whom.extend(inside.map(|(_, id, _)| (Target::Member(id), Some(group))));
                }
                _ => whom.push_back((*target, None)),
            }
        }
        whom
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
        let enrolments = &self.store.columns.enrolments;
        let mut is_any = false;
        for id in ids {
            let Some(enrolment) = enrolments.by_id(*id) else {
                return Err(super::not_found(&id.to_string(), Words::NoEnrolment.text(act.lang)));
            };
            is_any |= matches!(enrolment.state, RunState::Active | RunState::InLine);
        }
        if !is_any {
            return Err(Self::refused(Words::EndedAlready.text(act.lang).to_owned()));
        }
        let lang = act.lang;
        self.works.say(act, move |counts| Words::Unenrolled.fill(lang, &[("n", &counts.ended)]));
        self.undertake(act, Work::Unenrol { enrolments: ids.to_vec() })?;
        Ok(Outcome::default())
    }
}

impl Job {
    /// What it came to.
    fn outcome(&mut self) -> Outcome {
        let lang = self.act.lang;
        if let Some(composing) = &mut self.composing {
            return composing.outcome(true, lang);
        }
        let n = Words::of_kind(self.kind, self.enters, lang);
        let entering = vec![(self.title.clone(), self.enters, 0, kind_of(self.kind))];
        Outcome {
            words: Words::WouldEnter.fill(lang, &[("n", &n), ("title", &self.title)]),
            warnings: self.begins.take().into_iter().chain(stay_out(&self.stays, lang)).collect(),
            import: Some(Box::new(ImportReport { entering, ..ImportReport::default() })),
            ..Outcome::default()
        }
    }
}

/// Who does not enter, by why.
pub(super) fn stay_out(stays: &BTreeMap<&'static str, u32>, lang: Lang) -> Vec<String> {
    stays.iter().map(|(why, n)| Words::StayOut.fill(lang, &[("n", n), ("why", why)])).collect()
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
        NoEntry::Running => Words::GoesThrough,
        NoEntry::Audience => Words::NotInAudience,
        NoEntry::LeftAlone => Words::AskedToBeLeft,
        NoEntry::Closed => Words::NobodyReaches,
        NoEntry::Resting => Words::Resting,
        NoEntry::TooOld => Words::TooOld,
    }
    .text(lang)
}
