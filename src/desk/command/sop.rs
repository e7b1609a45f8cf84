//! Applying, pausing and removing playbooks.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::standing::takes_whoever_is_there;
use super::super::view::includes::Kept;
use super::super::words::Words;
use super::super::words::book::BookWords;
use super::enrol::kind_of;
use crate::book::{
    EndReason, Enrolment, EnrolmentId, EnrolmentStatus, PlaybookId, Task, TaskId, TaskKind, TaskState,
    Timestamp,
};
use crate::door::reply::Outcome;
use crate::door::views::named_filters;
use crate::door::{Refusal, RefusalKind};
use crate::query::NamedFilters;
use crate::sop::Course;
use crate::sop::format::{Checked, Known, Leads, Playbook, StopRule, TargetKind, outside_in, rings_in};
use crate::sop::include::Snippets;
use crate::store::columns::enrolment::RunState;
use crate::store::columns::task::{TaskColumn, TaskSort};
use crate::store::record::{PlaybookState, Work};
use crate::store::{Body, acts};
use crate::text::lang::Lang;

/// The tag that keeps a target out of a playbook that takes whoever is there.
fn way_out(playbook: &Playbook) -> Option<&str> {
    let by_audience = playbook.audience.split_whitespace().find_map(|word| word.strip_prefix("-tag:"));
    by_audience.and_then(|tags| tags.split([',', '，']).next()).or_else(|| {
        playbook.stop.iter().find_map(|rule| match rule {
            StopRule::Tag(tag) => Some(tag.as_str()),
            _ => None,
        })
    })
}

impl Desk {
    /// Applies a playbook file. Another text is the next version, which enrolments go on with; recurrences and dates
    /// enrol whoever is there and fits. The same text again is for those whom it did not reach the first time.
    ///
    /// With a base that is not the version which runs it is refused: somebody else has changed it since it was looked at.
    /// With `new_only` those who are in it stay on the text they began with, and the new one is for who comes.
    pub(super) fn sop_add(
        &mut self,
        act: &Act,
        toml: &str,
        file: &str,
        new_only: bool,
        base: Option<u32>,
    ) -> Result<Outcome, DeskError> {
        let (playbook, mut warnings) = self.read_playbook(toml, file, act.lang)?;
        let slips = self.slips_of(&playbook, toml, file, act.at)?;
        warnings.extend(slips.iter().map(|slip| slip.show(act.lang)));
        warnings.extend(self.outside_warnings(&playbook, toml, file, act.at, act.lang));
        let id = playbook.id.clone();
        let title = crate::text::clean::for_display(&playbook.title).into_owned();
        let known = self.store.columns.playbooks.get(&id);
        let before = known.map_or(0, |column| column.current);
        let same = known.is_some_and(|column| {
            column.state != PlaybookState::Removed
                && column.versions.get(&column.current).is_some_and(|t| t == toml)
        });
        self.stays_for_whom_it_is(&playbook, act.lang)?;
        if let Some(base) = base.filter(|base| *base != before) {
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("title", &title), ("version", &before), ("base", &base)];
            let words = Words::PlaybookMovedOn.fill(act.lang, &values);
            return Err(Refusal::new(RefusalKind::State, words).about(id.0).into());
        }
        let version = if same {
            before
        } else {
            known.and_then(|column| column.versions.keys().max().copied()).unwrap_or(0) + 1
        };
        let standing = takes_whoever_is_there(&playbook);
        if let Some(tag) = way_out(&playbook).filter(|_| standing && before == 0) {
            let kind = kind_of(playbook.target).label(act.lang);
            let tag = crate::text::clean::for_display(tag);
            warnings.push(Words::WayOut.fill(act.lang, &[("kind", &kind), ("tag", &tag)]));
        }
        if same
            && (new_only || !self.has_others(&id, version, &playbook))
            && !(standing && self.lacks_somebody(&id, playbook.target))
        {
            let words = Words::PlaybookSame.fill(act.lang, &[("title", &title)]);
            return Ok(Outcome { words, ..Outcome::default() });
        }
        if !same {
            let was = known.map(|column| column.state);
            let toml = toml.to_owned();
            let applied = Body::PlaybookApplied { playbook: id.clone(), version, toml, before, was };
            self.perform(act, vec![applied])?;
        }
        self.sweep_again();
        let (lang, kind) = (act.lang, playbook.target);
        self.works.say(act, move |counts| {
            let n = Words::of_kind(kind, counts.entered, lang);
            Words::PlaybookApplied.fill(lang, &[("title", &title), ("n", &n)])
        });
        self.undertake(act, Work::Apply { playbook: id, version, new_only })?;
        Ok(Outcome { warnings, ..Outcome::default() })
    }

    /// Refuses a text that is for another kind of target than those who are in its playbook.
    pub(in crate::desk) fn stays_for_whom_it_is(
        &self,
        playbook: &Playbook,
        lang: Lang,
    ) -> Result<(), DeskError> {
        let known = self.store.columns.playbooks.get(&playbook.id);
        let running = known.filter(|column| column.active + column.in_line > 0);
        if let Some(was) = running.and_then(|column| self.playbooks.get(&playbook.id, column.current))
            && was.target != playbook.target
        {
            let title = crate::text::clean::for_display(&playbook.title);
            let [was, is] = [was.target, playbook.target].map(|target| kind_of(target).label(lang));
            let words =
                Words::PlaybookForChanged.fill(lang, &[("title", &title), ("was", &was), ("is", &is)]);
            return Err(Refusal::new(RefusalKind::State, words).about(playbook.id.0.clone()).into());
        }
        Ok(())
    }

    /// Whether somebody goes by another version, or something is open of a step that a text has no more.
    fn has_others(&self, id: &PlaybookId, version: u32, playbook: &Playbook) -> bool {
        let columns = &self.store.columns;
        let Some(position) = columns.playbook_position(id) else { return false };
        let runs = |state| matches!(state, RunState::Active | RunState::InLine);
        let mut enrolments = columns.enrolments.iter();
        if enrolments.any(|(_, _, e)| e.playbook == position && runs(e.state) && e.version != version) {
            return true;
        }
        let steps: Vec<_> = playbook.steps.iter().filter_map(|step| columns.words.find(&step.id)).collect();
        let of_step_gone = |task: &TaskColumn| {
            task.playbook == Some(position) && task.sort == TaskSort::Step && !steps.contains(&task.step)
        };
        columns.queue.rows().any(|row| columns.tasks.get(row).is_some_and(|task| of_step_gone(&task)))
    }

    /// What of a step that is gone nobody has begun to send is not owed any longer.
    pub(super) fn cancel_step_gone(&mut self, act: &Act, task: TaskId) -> Result<(), DeskError> {
        let Some(task) = self.store.task(task)?.filter(|task| !task.status.is_touched()) else {
            return Ok(());
        };
        if !task.status.state.is_open() {
            return Ok(());
        }
        let gone = EndReason::PlaybookRemoved;
        let after = task.status.ended(TaskState::Cancelled, gone, act.at, &act.by.operator);
        self.stage(act, Body::TaskChanged { task: task.id, before: task.status, after })
    }

    /// How many targets of a kind there are.
    fn targets(&self, kind: TargetKind) -> usize {
        let columns = &self.store.columns;
        match kind {
            TargetKind::Group => columns.groups.len(),
            TargetKind::Account => columns.accounts.len(),
            TargetKind::Member => columns.members.len(),
        }
    }

    /// Whether there are more targets than were ever enrolled: somebody was left out, by audience or by a crash.
    fn lacks_somebody(&self, id: &PlaybookId, kind: TargetKind) -> bool {
        let columns = &self.store.columns;
        let position = columns.playbook_position(id);
        let enrolled = columns.enrolments.iter().filter(|(_, _, e)| Some(e.playbook) == position).count();
        enrolled < self.targets(kind)
    }

    /// True where a text of its playbook has the step of an untouched task no more.
    pub(crate) fn is_step_gone(&self, task: &Task, playbook: &Playbook) -> bool {
        match &task.kind {
            TaskKind::Step { key, .. } => {
                !task.status.is_touched() && playbook.step_by_id(&key.step).is_none()
            }
            _ => false,
        }
    }

    /// One enrolment goes on with another version, if it runs and goes by one that `moves`.
    pub(super) fn move_one(
        &mut self,
        act: &Act,
        enrolment: EnrolmentId,
        version: u32,
        moves: impl Fn(u32) -> bool,
    ) -> Result<(), DeskError> {
        let Some(enrolment) = self.store.enrolment(enrolment)? else { return Ok(()) };
        if !enrolment.status.state.is_running() || !moves(enrolment.status.version) {
            return Ok(());
        }
        // one of many who go on by it in slices, or after a crash: the edit was when it was said
        let edited = acts::head(act.id, &self.store.bodies)?.map_or(act.at, |head| head.at);
        let [before, playbook] = [enrolment.status.version, version]
            .map(|version| self.playbooks.get(&enrolment.playbook, version));
        let after = match before.zip(playbook) {
            Some((before, playbook)) => self.goes_on_by(&enrolment, &before, &playbook, edited),
            None => enrolment.status.clone(),
        };
        let after = EnrolmentStatus { version, ..after };
        let id = enrolment.id;
        let moved = Body::EnrolmentChanged { enrolment: id, before: enrolment.status, after };
        self.stage(act, moved)?;
        let Some(moved) = self.store.enrolment(id)? else { return Ok(()) };
        let by = self.playbooks.get(&moved.playbook, version);
        if let Some(rule) = by.map(|by| self.stopped_now(&by, moved.target, act.at)).transpose()?.flatten() {
            // what it says of those who are in it holds at once, not when something is due next
            return self.stop(act, &moved, &rule);
        }
        self.plan_next(act, id)
    }

    /// How an enrolment stands once it goes on by another text: at the same place of it, and on the same days. A text
    /// with another zone has its wall times in that one from then on; one that names none any more leaves those in it
    /// theirs.
    pub(in crate::desk) fn goes_on_by(
        &self,
        enrolment: &Enrolment,
        before: &Playbook,
        after: &Playbook,
        edited: Timestamp,
    ) -> EnrolmentStatus {
        let columns = &self.store.columns;
        let status = &enrolment.status;
        let was = columns.zone_of(enrolment);
        let is = after.tz.filter(|_| before.tz != after.tz).unwrap_or(was);
        let (anchor, holidays) = (&status.anchor, &columns.holidays);
        let course = |playbook, zone| Course { playbook, anchor, zone, holidays };
        let progress = course(before, was).goes_on(&status.progress, &course(after, is), edited);
        let zone = Some(is.name().to_owned()).filter(|name| *name != enrolment.zone);
        EnrolmentStatus { progress, zone, ..status.clone() }
    }

    pub(super) fn playbook_state(&self, act: &Act, id: &PlaybookId) -> Result<PlaybookState, DeskError> {
        match self.store.columns.playbooks.get(id).map(|column| column.state) {
            Some(PlaybookState::Removed) => {
                Err(Self::refused(Words::PlaybookRemovedAlready.fill(act.lang, &[("id", id)])))
            }
            None => {
                let known: Vec<&str> = self.store.columns.playbooks.keys().map(|id| id.0.as_str()).collect();
                let mut refusal =
                    Refusal::new(RefusalKind::NotFound, Words::NoPlaybook.fill(act.lang, &[("id", id)]))
                        .about(&id.0);
                refusal.candidates = crate::text::near::nearest(&id.0, known.iter().copied(), 3)
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                Err(refusal.into())
            }
            Some(state) => Ok(state),
        }
    }

    fn set_playbook(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        after: PlaybookState,
        words: Words,
    ) -> Result<Outcome, DeskError> {
        let before = self.playbook_state(act, id)?;
        if before == after {
            let already = match after {
                PlaybookState::Paused => Words::PlaybookPausedAlready,
                PlaybookState::Running => Words::PlaybookRunsAlready,
                PlaybookState::Removed => Words::PlaybookRemovedAlready,
            };
            return Err(Self::refused(already.fill(act.lang, &[("id", id)])));
        }
        self.perform(act, vec![Body::PlaybookSet { playbook: id.clone(), before, after }])?;
        Ok(Outcome { words: words.fill(act.lang, &[("id", id)]), ..Outcome::default() })
    }

    pub(super) fn sop_pause(&mut self, act: &Act, id: &PlaybookId) -> Result<Outcome, DeskError> {
        let mut outcome = self.set_playbook(act, id, PlaybookState::Paused, Words::PlaybookPaused)?;
        let due = self.store.columns.playbooks.get(id).map_or(0, |column| column.due);
        if due > 0 {
            let stays = BookWords::PausedDueStays.fill(act.lang, &[("n", &due)]);
            outcome.words = format!("{}; {stays}", outcome.words);
        }
        Ok(outcome)
    }

    pub(super) fn sop_resume(&mut self, act: &Act, id: &PlaybookId) -> Result<Outcome, DeskError> {
        self.tick.due = true;
        self.set_playbook(act, id, PlaybookState::Running, Words::PlaybookResumed)
    }

    /// Ends all its enrolments, cancels its open tasks, and takes it out of sight.
    pub(super) fn sop_remove(&mut self, act: &Act, id: &PlaybookId) -> Result<Outcome, DeskError> {
        self.playbook_state(act, id)?;
        let outcome = self.set_playbook(act, id, PlaybookState::Removed, Words::PlaybookRemoved)?;
        self.undertake(act, Work::Leave { playbook: id.clone() })?;
        Ok(outcome)
    }

    /// What a playbook may refer to here.
    pub(crate) fn known_outside(&self) -> Known {
        let columns = &self.store.columns;
        let runs = columns.playbooks.iter().filter(|(_, column)| column.state != PlaybookState::Removed);
        let accounts = || columns.accounts.iter().filter(|(_, _, account)| !account.body.archived);
        let on = accounts().flat_map(|(_, _, account)| {
            let body = &account.body;
            [&body.name, &body.persona].map(|name| (name.clone(), body.platform))
        });
        let called = accounts().flat_map(|(_, _, account)| [&account.body.name, &account.body.persona]);
        Known {
            playbooks: runs.map(|(id, _)| id.0.clone()).collect(),
            speakers: called.filter(|name| !name.is_empty()).cloned().collect(),
            on: on.filter(|(name, _)| !name.is_empty()).collect(),
            leads: self.running_playbooks().iter().map(|(_, playbook)| Leads::of(playbook)).collect(),
        }
    }

    /// What a text is warned about for names that nobody bears here, and for days that are over.
    pub(crate) fn outside_warnings(
        &self,
        playbook: &Playbook,
        toml: &str,
        file: &str,
        now: Timestamp,
        lang: Lang,
    ) -> Vec<String> {
        let zone = self.store.columns.store.zone;
        let known = self.known_outside();
        let mut found = outside_in(toml, file, Some(playbook), Some(&known), now.day(zone), zone);
        found.extend(rings_in(toml, file, playbook, &known.leads));
        found.iter().map(|problem| problem.show(lang)).collect()
    }

    /// A playbook from its text and what it is warned about, with the store's snippets; a refusal that tells every
    /// mistake.
    pub(crate) fn read_playbook(
        &self,
        toml: &str,
        file: &str,
        lang: Lang,
    ) -> Result<(Playbook, Vec<String>), DeskError> {
        read_or_refuse(self.checked_playbook(toml, file), file, lang)
    }

    /// A playbook and what is wrong with it, by the views and snippets of the book.
    pub(super) fn checked_playbook(&self, toml: &str, file: &str) -> Checked {
        let views = named_filters(self.store.columns.saved_views.values());
        checked_with(toml, file, &Kept(&self.store.columns), &views)
    }
}

fn checked_with(toml: &str, file: &str, snippets: &dyn Snippets, views: &NamedFilters) -> Checked {
    let check_filter = &|text: &str, of| crate::sop::filters::check_filter_with(text, of, views);
    crate::sop::format::parse_with(toml, file, check_filter, Some(snippets))
}

/// The playbook and what it is warned about; a refusal that tells every mistake.
fn read_or_refuse(checked: Checked, file: &str, lang: Lang) -> Result<(Playbook, Vec<String>), DeskError> {
    let problems: Vec<String> = checked.problems.iter().map(|problem| problem.show(lang)).collect();
    let Some(playbook) = checked.playbook else {
        let mut refusal = Refusal::new(RefusalKind::Playbook, Words::PlaybookWrong.text(lang)).about(file);
        if let Some(first) = checked.problems.first() {
            refusal.words = first.show(lang);
            refusal.line = u32::try_from(first.line).ok();
            refusal.column = u32::try_from(first.column).ok();
        }
        refusal.candidates = problems;
        refusal.hint = format!("qun sop check {}", crate::text::shell::quoted(file));
        return Err(refusal.into());
    };
    Ok((playbook, problems))
}
