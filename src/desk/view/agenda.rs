//! What is planned and has not come due: the day that lies ahead.
//!
//! Read from the enrolments' next instants alone, so a step behind another of the same day is not foreseen, and caps may
//! still move what is. Each is told by when it can be said, as on cards: after quiet hours, after a pause, after a rest
//! of its target, and on a day that was not called off.

use std::collections::{BTreeMap, BTreeSet};

use super::task_line::clean;
use super::walk::ENROLMENT;
use super::words::ViewWords;
use crate::book::time::{DAY, MINUTE};
use crate::book::{GroupId, PlaybookId, Target, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::Coming;
use crate::door::line::Ref;
use crate::door::reply::Planned;
use crate::sop::format::{Ask, AskPer, StepPer};
use crate::sop::schedule::Course;
use crate::store::columns::task::TargetRow;
use crate::text::lang::Lang;

/// Lines of an agenda.
const LINES: usize = 24;

/// Enrolments that one request looks at, and of how many it asks when they can be said; those beyond are taken as they
/// stand.
const LOOKED_AT: usize = 5_000;
const ASKED: usize = 1_000;

/// The day ahead while it is looked through.
pub(super) struct Agenda {
    /// Next instants with the rows of their enrolments, soonest first.
    looks: std::vec::IntoIter<(Timestamp, u32)>,
    until: Timestamp,
    asked: usize,
    planned: BTreeMap<(Timestamp, u16), Waking>,
}

/// Enrolments of one playbook of which something comes at one minute.
#[derive(Default)]
struct Waking {
    n: u32,
    /// Groups that their group steps are said in.
    groups: BTreeSet<u32>,
    /// Those without one.
    alone: u32,
    /// The first of them, and when it is looked at.
    row: u32,
    look: Timestamp,
}

impl Agenda {
    pub(super) fn begin(desk: &Desk, now: Timestamp) -> Self {
        let until = Timestamp(now.0 + DAY);
        let looks: Vec<(Timestamp, u32)> =
            desk.store.columns.wakes.within(now, until).take(LOOKED_AT).collect();
        Self { looks: looks.into_iter(), until, asked: 0, planned: BTreeMap::new() }
    }

    /// Goes on; what comes in the 24 hours, by time and playbook, soonest first, when all were looked at.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
    ) -> Result<Option<Vec<Planned>>, DeskError> {
        let columns = &desk.store.columns;
        while *budget > 0 {
            let Some((look, row)) = self.looks.next() else { return desk.agenda_lines(self).map(Some) };
            *budget = budget.saturating_sub(1);
            let Some(enrolment) = columns.enrolments.get(row) else { continue };
            if desk.is_paused(enrolment.playbook) {
                continue;
            }
            let id = columns.enrolments.id(row).filter(|_| self.asked < ASKED);
            let at = match id {
                Some(id) => {
                    self.asked += 1;
                    *budget = budget.saturating_sub(ENROLMENT);
                    desk.next_said_at(id, look)?
                }
                None => Some(look),
            };
            let Some(at) = at.filter(|at| *at < self.until) else { continue };
            // to the minute: a hundred greetings a second apart are one line
            let entry = self.planned.entry((to_the_minute(at), enrolment.playbook));
            let waking = entry.or_insert_with(|| Waking { row, look, ..Waking::default() });
            waking.n += 1;
            match enrolment.group {
                Some(group) => drop(waking.groups.insert(group)),
                None => waking.alone += 1,
            }
            // what is looked at later is said no sooner
            if self.planned.range(..(to_the_minute(look), 0)).count() > LINES {
                self.looks = Vec::new().into_iter();
            }
        }
        Ok(None)
    }
}

impl Desk {
    fn agenda_lines(&self, agenda: &mut Agenda) -> Result<Vec<Planned>, DeskError> {
        let mut lines = Vec::new();
        for ((at, position), waking) in std::mem::take(&mut agenda.planned).into_iter().take(LINES) {
            let Some((id, _)) = self.store.columns.playbook_at(position) else { continue };
            let (asks, n) = self.comes_of(id, &waking, at)?;
            let (id, name) = (id.clone(), self.title(id));
            lines.push(Planned { at, playbook: Ref { id, name }, asks, n });
        }
        Ok(lines)
    }

    /// Whether it is a question that opens then, and for how many; else how many messages come of it: what is said in a
    /// group is one, however many of its members it is for.
    fn comes_of(
        &self,
        id: &PlaybookId,
        waking: &Waking,
        at: Timestamp,
    ) -> Result<(Option<String>, u32), DeskError> {
        let columns = &self.store.columns;
        let sample =
            columns.enrolments.id(waking.row).map(|id| self.store.enrolment(id)).transpose()?.flatten();
        let Some(sample) = sample else { return Ok((None, waking.n)) };
        let Some(playbook) = self.playbooks.get(id, sample.status.version) else {
            return Ok((None, waking.n));
        };
        let zone = columns.zone_of(&sample);
        let course =
            Course { playbook: &playbook, anchor: &sample.status.anchor, zone, holidays: &columns.holidays };
        let goes_on = self.goes_on(&sample, &playbook, &course, waking.look)?;
        let next = goes_on.and_then(|(progress, _)| course.next(&progress));
        let Some(next) = next else { return Ok((None, waking.n)) };
        let opens = |ask: &&Ask| to_the_minute(self.ask_opens(ask, &course, &next).0) == at;
        if let Some(ask) = playbook.asks.iter().find(opens).filter(|_| next.due_at > at) {
            let n = if ask.per == AskPer::Group { waking.n } else { 1 };
            return Ok((Some(clean(&ask.key)), n));
        }
        Ok(match playbook.step(next.step) {
            Some(step) if step.per == StepPer::Run => (None, 1),
            Some(step) if step.collects(playbook.target) => (None, waking.groups.len() as u32 + waking.alone),
            _ => (None, waking.n),
        })
    }

    /// What a group's members are to be told in it in the coming 24 hours: one entry for all that fall on one instant and
    /// whom the same pause holds.
    pub(super) fn coming_in_group(&self, group: GroupId, now: Timestamp, lang: Lang) -> Vec<Coming> {
        let columns = &self.store.columns;
        let Some(group) = columns.groups.row(group) else { return Vec::new() };
        let mut planned: BTreeMap<(Timestamp, u16, Option<Option<Timestamp>>), (u32, u32)> = BTreeMap::new();
        for (at, row) in columns.wakes.within(now, Timestamp(now.0 + DAY)).take(LOOKED_AT) {
            let Some(enrolment) = columns.enrolments.get(row) else { continue };
            let TargetRow::Member(member) = enrolment.target else { continue };
            if enrolment.group == Some(group) && !self.is_paused(enrolment.playbook) {
                let pause =
                    columns.members.id(member).and_then(|id| columns.pause_of(Target::Member(id), now));
                let place = (at, enrolment.playbook, pause.map(|pause| pause.until));
                planned.entry(place).or_insert((row, 0)).1 += 1;
            }
        }
        let line = |(row, n): (u32, u32)| {
            let first = self.store.enrolment(columns.enrolments.id(row)?).ok()??;
            let Coming { at, playbook, enrolment, says, why, .. } = self.coming_of(&first, now, lang);
            let members = ViewWords::MembersOf.fill(lang, &[("n", &n)]);
            let why = if why.is_empty() { members } else { format!("{members}, {why}") };
            // they may stand at other steps, and each counts from a day of their own
            let says = if n == 1 { says } else { String::new() };
            let (asks, step, since) = (Vec::new(), String::new(), String::new());
            Some(Coming { at, asks, playbook, enrolment, step, step_number: (0, 0), says, since, why })
        };
        planned.into_values().take(LINES).filter_map(line).collect()
    }
}

fn to_the_minute(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - at.0.rem_euclid(MINUTE))
}
