//! What applying another text of a playbook would do, told before it is done: to the text, to open tasks, and to what
//! comes next for everybody in it. The three are told apart, for open tasks are owed already and keep their words.
//!
//! Everybody is looked at, a few a turn, so the numbers are exact but for who moved on meanwhile. What comes next is
//! planned as `sop plan` plans it, by quiet hours and caps, with all else that somebody is in.
//!
//! One file because what is told apart is looked at in one walk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::board::says;
use super::coming::{moved_reason, named};
use super::dated::is_expected;
use super::reasons::activity_words;
use super::task_line::clean;
use super::wordings::without_variables;
use super::words::ViewWords;
use crate::book::{Enrolment, EnrolmentId, EnrolmentState, Target, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::standing::takes_whoever_is_there;
use crate::desk::words::Words;
use crate::door::detail::{NextChange, NextStep, OpenTasks, SopDiff};
use crate::sop::Playbook;
use crate::sop::diff::{Change, Difference, compare};
use crate::sop::judge::Unmet;
use crate::sop::plan::{Moved, PlanRow};
use crate::store::columns::enrolment::{EnrolmentColumn, RunState};
use crate::store::columns::task::{TaskColumn, TaskSort};
use crate::text::changed::changed;
use crate::text::lang::Lang;
use crate::text::width::{truncate, width};

/// Changes that are told one by one, those with the nearest instants first.
const TOLD: usize = 12;

/// Those who are named of those whom a rule ends at once, or whose next step is not said.
const NAMED: usize = 5;

/// Columns of what a step says behind its number, and of each side of what a key says.
const SAYS: usize = 20;
const SIDE: usize = 26;

/// What stands between a name that is filled in and what is said.
const BETWEEN: &[char] = &[' ', '，', ',', '：', ':', '！', '!', '～', '~', '、', '。'];

/// What looking at one enrolment costs, in the steps of [`super::scan::SLICE`]: its body is read.
const COMPARE: usize = 2_000;

/// What planning one twice costs.
const PLAN: usize = 20_000;

/// A text that is being compared with the version that runs, and both with where everybody stands, in slices.
pub(super) struct Comparing {
    after: Arc<Playbook>,
    lang: Lang,
    diff: SopDiff,
    /// Whether anything but what is said differs from the version that runs.
    shifts: bool,
    /// Rows of the open tasks that it cancels because their step is gone.
    gone: BTreeSet<u32>,
    /// Whom a stop rule ends as it is applied.
    stopped: BTreeSet<EnrolmentId>,
    /// Whether there is a version to compare with.
    known: bool,
    /// When it is applied, as far as that is known: what lies before comes from neither.
    at: Timestamp,
    /// The next task whose step may be gone, the next task and the next enrolment.
    going: u32,
    task: u32,
    enrolment: u32,
    /// Of a new one the next who may enter, and how many do.
    target: u32,
    entering: u32,
    /// The nearest changes, the last of them first to go: in line nothing has an instant, and comes last.
    nearest: BTreeMap<(bool, Option<Timestamp>, EnrolmentId), NextChange>,
}

impl Comparing {
    /// Reads the text and compares it with the one that runs.
    pub(super) fn begin(
        desk: &Desk,
        toml: &str,
        file: &str,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Self, DeskError> {
        let (after, mut warnings) = desk.read_playbook(toml, file, lang)?;
        warnings.extend(desk.outside_warnings(&after, toml, file, now, lang));
        desk.stays_for_whom_it_is(&after, lang)?;
        let columns = &desk.store.columns;
        let mut diff = SopDiff { title: clean(&after.title), warnings, ..SopDiff::default() };
        let known = columns.playbooks.get(&after.id).zip(desk.playbooks.current(&after.id, columns));
        let mut shifts = false;
        if let Some((column, before)) = &known {
            diff.before = column.current;
            let steps = Steps { before, after: &after, lang };
            let found = compare(before, &after);
            shifts = !found.iter().all(Difference::is_only_said);
            diff.changes = found.iter().map(|change| words_of(change, &steps)).collect();
        }
        Ok(Self {
            known: known.is_some(),
            after: Arc::new(after),
            lang,
            diff,
            shifts,
            gone: BTreeSet::new(),
            stopped: BTreeSet::new(),
            at: now,
            going: 0,
            task: 0,
            enrolment: 0,
            target: 0,
            entering: 0,
            nearest: BTreeMap::new(),
        })
    }

    /// Goes on; what there is to tell when everything was looked at.
    pub(super) fn advance(&mut self, desk: &Desk, budget: &mut usize) -> Result<Option<SopDiff>, DeskError> {
        let columns = &desk.store.columns;
        let position = columns.playbook_position(&self.after.id).filter(|_| self.known);
        let Some(position) = position else { return self.advance_new(desk, budget) };
        let of_step = |task: &TaskColumn| {
            task.state.is_open() && task.sort == TaskSort::Step && task.playbook == Some(position)
        };
        // what is cancelled makes room for what comes next
        while self.going < columns.tasks.len() as u32 {
            if *budget == 0 {
                return Ok(None);
            }
            *budget -= 1;
            let row = self.going;
            self.going += 1;
            let goes = |task: &TaskColumn| self.after.step_by_id(columns.words.text(task.step)).is_none();
            if columns.tasks.get(row).filter(of_step).is_some_and(|task| goes(&task)) {
                *budget = budget.saturating_sub(COMPARE);
                let task = desk.store.task_at(row)?;
                self.gone.extend(task.filter(|task| desk.is_step_gone(task, &self.after)).map(|_| row));
            }
        }
        // whom a rule ends takes what is open of it along
        while self.enrolment < columns.enrolments.len() as u32 {
            if *budget == 0 {
                return Ok(None);
            }
            *budget -= 1;
            let row = self.enrolment;
            self.enrolment += 1;
            let runs = |e: &EnrolmentColumn| {
                e.playbook == position && matches!(e.state, RunState::Active | RunState::InLine)
            };
            if let Some(id) = columns.enrolments.get(row).filter(runs).and(columns.enrolments.id(row)) {
                *budget = budget.saturating_sub(COMPARE);
                self.compare_next(desk, id, budget)?;
            }
        }
        while self.task < columns.tasks.len() as u32 {
            if *budget == 0 {
                return Ok(None);
            }
            *budget -= 1;
            let row = self.task;
            self.task += 1;
            if let Some(task) = columns.tasks.get(row).filter(of_step) {
                *budget = budget.saturating_sub(COMPARE);
                self.count_open(desk, row, &task)?;
            }
        }
        let mut diff = std::mem::take(&mut self.diff);
        diff.next = std::mem::take(&mut self.nearest).into_values().collect();
        Ok(Some(diff))
    }

    /// Counts who would enter as a new one is applied.
    fn advance_new(&mut self, desk: &Desk, budget: &mut usize) -> Result<Option<SopDiff>, DeskError> {
        let expected = is_expected(&self.after.start);
        let takes = expected || takes_whoever_is_there(&self.after);
        while let Some(target) = desk.target_at(self.after.target, self.target).filter(|_| takes) {
            if *budget == 0 {
                return Ok(None);
            }
            *budget = budget.saturating_sub(COMPARE);
            self.target += 1;
            self.entering += u32::from(match target {
                Target::Member(member) if expected => desk.would_be_expected(&self.after, member, self.at)?,
                _ => desk.would_stand(&self.after, target, self.at)?,
            });
        }
        let mut diff = std::mem::take(&mut self.diff);
        let words = Words::of_kind(self.after.target, self.entering, self.lang);
        diff.entering = Some((self.entering, words));
        Ok(Some(diff))
    }

    /// One more open task of a step, and whether it stays: with the words of the version that it fired by.
    fn count_open(&mut self, desk: &Desk, row: u32, column: &TaskColumn) -> Result<(), DeskError> {
        let Some(task) = desk.store.task_at(row)? else { return Ok(()) };
        let step = desk.store.columns.words.text(column.step);
        let gone = self.gone.contains(&row);
        let stopped = !gone && !task.of.is_empty() && task.of.iter().all(|of| self.stopped.contains(of));
        let stays = !gone && !stopped;
        let cleaned = clean(step);
        let fired_by = desk.playbooks.get(&self.after.id, column.version);
        let reads = fired_by.map_or_else(
            || cleaned.clone(),
            |by| Steps { before: &by, after: &self.after, lang: self.lang }.reads(&by, step),
        );
        let alike = |of: &&mut OpenTasks| {
            (&of.step, &of.reads, of.stays, of.stopped) == (&cleaned, &reads, stays, stopped)
        };
        match self.diff.open.iter_mut().find(alike) {
            Some(known) => known.n += 1,
            None => self.diff.open.push(OpenTasks { step: cleaned, reads, n: 1, stays, stopped }),
        }
        Ok(())
    }

    fn compare_next(&mut self, desk: &Desk, id: EnrolmentId, budget: &mut usize) -> Result<(), DeskError> {
        let Some(enrolment) = desk.store.enrolment(id)? else { return Ok(()) };
        self.diff.running += 1;
        self.diff.looked_at += 1;
        let stops = desk.stopped_now(&self.after, enrolment.target, self.at)?;
        let before = desk.playbooks.of(&enrolment, &desk.store.columns);
        // who stayed on an older text goes on by the new one as well
        let is_older = enrolment.status.version != self.diff.before;
        self.diff.older += u32::from(is_older);
        let shifts = self.shifts || is_older;
        if stops.is_none() && !shifts {
            self.diff.unchanged += 1;
            return Ok(());
        }
        let active = enrolment.status.state == EnrolmentState::Active;
        let (mut was, mut is) = (None, None);
        if let Some(before) = before.as_ref().filter(|_| active) {
            *budget = budget.saturating_sub(PLAN);
            [was, is] = desk.next_by_both(&enrolment, before, &self.after, &self.gone, self.at, self.lang)?;
        }
        let steps =
            Steps { before: before.as_deref().unwrap_or(&self.after), after: &self.after, lang: self.lang };
        let (before, mut after) =
            (steps.next(steps.before, was.as_ref()), steps.next(&self.after, is.as_ref()));
        if let Some(rule) = stops {
            let rule = clean(&activity_words(&rule.word(), self.lang));
            let why = ViewWords::Stopped.fill(self.lang, &[("rule", &rule)]);
            after = NextStep { why, unsaid: true, ..NextStep::default() };
            self.stopped.insert(id);
            self.diff.stopped += 1;
            named_one(desk, &mut self.diff.stopped_names, &enrolment);
        } else if was.as_ref().map(Place::of) == is.as_ref().map(Place::of) {
            // in line nothing is planned yet
            self.diff.unchanged += 1;
            return Ok(());
        } else if is.is_none() {
            self.diff.ending += 1;
        } else if after.unmeant && !before.unmeant {
            self.diff.outside += 1;
        } else if after.unsaid && !before.unsaid {
            self.diff.skipped += 1;
            named_one(desk, &mut self.diff.skipped_names, &enrolment);
        }
        self.diff.changed += 1;
        let nearest = (before.at.is_none(), before.at, id);
        if self.nearest.len() >= TOLD
            && self.nearest.last_key_value().is_some_and(|(last, _)| *last < nearest)
        {
            return Ok(());
        }
        let name = clean(&desk.store.columns.target_name(enrolment.target));
        self.nearest.insert(nearest, NextChange { name, before, after });
        if self.nearest.len() > TOLD {
            self.nearest.pop_last();
        }
        Ok(())
    }
}

/// Names one more target, while they are few.
fn named_one(desk: &Desk, names: &mut Vec<String>, enrolment: &Enrolment) {
    if names.len() < NAMED {
        names.push(clean(&desk.store.columns.target_name(enrolment.target)));
    }
}

/// Whether a row of a plan is not said: it ends unsaid, or does not come.
fn is_unsaid(row: &PlanRow) -> bool {
    row.reason.as_ref().is_some_and(|why| why.is_never() || why.ends_unsaid())
}

/// What of a row is another next step, where it differs.
#[derive(PartialEq, Eq)]
struct Place<'r> {
    step: &'r str,
    occurrence: chrono::NaiveDate,
    due_at: Timestamp,
    until: Option<Timestamp>,
    is_unsaid: bool,
    never: bool,
}

impl<'r> Place<'r> {
    fn of(row: &'r PlanRow) -> Self {
        Self {
            step: &row.step,
            occurrence: row.occurrence,
            due_at: row.due_at,
            until: row.until,
            is_unsaid: is_unsaid(row),
            never: row.reason.as_ref().is_some_and(Moved::is_never),
        }
    }
}

/// The steps of two texts of a playbook, as sentences name them.
struct Steps<'a> {
    before: &'a Playbook,
    after: &'a Playbook,
    lang: Lang,
}

impl Steps<'_> {
    /// A step of one of the texts by its place and its first words; with its id where another step reads like it.
    fn reads(&self, playbook: &Playbook, id: &str) -> String {
        let read = self.plain(playbook, id);
        let alike = [self.before, self.after]
            .into_iter()
            .any(|of| of.steps.iter().any(|other| other.id != id && self.plain(of, &other.id) == read));
        if !alike {
            return read;
        }
        ViewWords::StepAlike.fill(self.lang, &[("step", &read), ("id", &clean(id))])
    }

    /// What a row of a plan says of who it is for.
    fn next(&self, playbook: &Playbook, row: Option<&PlanRow>) -> NextStep {
        let Some(row) = row else { return NextStep::default() };
        let (step, reads) = (clean(&row.step), self.reads(playbook, &row.step));
        let why = row.reason.as_ref().filter(|why| !matches!(why, Moved::Anchor | Moved::Overdue));
        NextStep {
            step,
            reads,
            at: Some(row.due_at),
            until: row.until,
            unsaid: is_unsaid(row),
            unmeant: matches!(row.reason, Some(Moved::Unmet(Unmet::Audience(_)))),
            why: why.map(|why| moved_reason(why, self.lang)).unwrap_or_default(),
        }
    }

    /// A step as the new text has it, else as it was.
    fn latest(&self, id: &str) -> String {
        let stays = self.after.step_by_id(id).is_some();
        self.reads(if stays { self.after } else { self.before }, id)
    }

    fn plain(&self, playbook: &Playbook, id: &str) -> String {
        let place = named(playbook, id, self.lang);
        // what is filled in says nothing about the step
        let own = |step| clean(without_variables(says(step)).replace('\n', "").trim_start_matches(BETWEEN));
        let words = playbook.step_by_id(id).map(|(_, step)| own(step)).unwrap_or_default();
        if words.is_empty() {
            return place;
        }
        ViewWords::StepReads.fill(self.lang, &[("step", &place), ("words", &truncate(&words, SAYS))])
    }
}

fn words_of(difference: &Difference, steps: &Steps<'_>) -> String {
    let lang = steps.lang;
    let (step, key, change) = match difference {
        Difference::Added { step, at } => {
            return ViewWords::StepAdded.fill(lang, &[("step", &steps.latest(step)), ("at", at)]);
        }
        Difference::Gone { step } => {
            return ViewWords::StepGone.fill(lang, &[("step", &steps.latest(step))]);
        }
        Difference::Order => return ViewWords::OrderDiffers.text(lang).to_owned(),
        Difference::Key { step, key, change } => (step, key, change),
    };
    // what it says is told behind it
    let says = matches!((*key, change), ("text", Change::Words { .. } | Change::More(_) | Change::Less(_)));
    let place = match step {
        None => ViewWords::OfPlaybook.text(lang).to_owned(),
        Some(step) if says => named(steps.after, step, lang),
        Some(step) => steps.latest(step),
    };
    let key = match *key {
        "text" => ViewWords::KeyText.text(lang),
        "note" => ViewWords::KeyNote.text(lang),
        key => key,
    };
    let cut = |text: &str| truncate(&clean(text), SIDE).into_owned();
    // a short side leaves its room to the other
    let sides = |before: &str, after: &str| {
        let (before, after) = (clean(before), clean(after));
        let fits = width(&before) + width(&after) <= 2 * SIDE;
        if fits { [before, after] } else { changed(&before, &after, SIDE) }
    };
    let quote = |text: &String| ViewWords::Quoted.fill(lang, &[("text", text)]);
    let not_written = || ViewWords::NotWritten.text(lang).to_owned();
    let fill = |words: ViewWords, before: String, after: String| {
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("place", &place), ("key", &key), ("before", &before), ("after", &after)];
        words.fill(lang, &values)
    };
    match change {
        Change::Value { before, after } => {
            let [was, is] = sides(before, after);
            let shown = |text: &str, cut: String| if text.is_empty() { not_written() } else { cut };
            fill(ViewWords::ValueDiffers, shown(before, was), shown(after, is))
        }
        Change::Words { before, after } => {
            let [was, is] = sides(before, after).map(|side| quote(&side));
            fill(ViewWords::ValueDiffers, was, is)
        }
        Change::More(more) => fill(ViewWords::KeyMore, String::new(), quote(&cut(more))),
        Change::Less(less) => fill(ViewWords::KeyLess, quote(&cut(less)), String::new()),
        Change::Otherwise => fill(ViewWords::KeyDiffers, String::new(), String::new()),
    }
}
