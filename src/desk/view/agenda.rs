//! What is planned and has not come due: the day that lies ahead.
//!
//! Read from the enrolments' next instants alone, so a step behind another of the same day is not foreseen, and quiet
//! hours or caps may still move what is.

use std::collections::{BTreeMap, BTreeSet};

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::time::{DAY, MINUTE};
use crate::book::{GroupId, PlaybookId, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::Coming;
use crate::door::line::Ref;
use crate::door::reply::Planned;
use crate::sop::format::{Ask, AskPer, StepPer};
use crate::sop::schedule::Course;
use crate::store::columns::parse_zone;
use crate::store::columns::task::TargetRow;
use crate::text::lang::Lang;

/// Lines of an agenda.
const LINES: usize = 24;

/// Enrolments that one request looks at.
const LOOKED_AT: usize = 5_000;

/// Enrolments of one playbook that wake at one minute.
#[derive(Default)]
struct Waking {
    n: u32,
    /// Groups that their group steps are said in.
    groups: BTreeSet<u32>,
    /// Those without one.
    alone: u32,
    /// The first of them.
    row: u32,
}

impl Desk {
    /// The next instants of the coming 24 hours, by time and playbook, soonest first.
    pub(super) fn agenda(&self, now: Timestamp) -> Result<Vec<Planned>, DeskError> {
        let columns = &self.store.columns;
        let mut planned: BTreeMap<(Timestamp, u16), Waking> = BTreeMap::new();
        for (at, row) in columns.wakes.within(now, Timestamp(now.0 + DAY)).take(LOOKED_AT) {
            let Some(enrolment) = columns.enrolments.get(row) else { continue };
            // to the minute: a hundred greetings a second apart are one line
            let entry = planned.entry((to_the_minute(at), enrolment.playbook));
            let waking = entry.or_insert_with(|| Waking { row, ..Waking::default() });
            waking.n += 1;
            match enrolment.group {
                Some(group) => drop(waking.groups.insert(group)),
                None => waking.alone += 1,
            }
            if planned.len() > LINES {
                break;
            }
        }
        let mut lines = Vec::new();
        for ((at, position), waking) in planned.into_iter().take(LINES) {
            let Some((id, _)) = columns.playbook_at(position).filter(|_| !self.is_paused(position)) else {
                continue;
            };
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
        let zone = parse_zone(&sample.zone).unwrap_or(columns.store.zone);
        let course =
            Course { playbook: &playbook, anchor: &sample.status.anchor, zone, holidays: &columns.holidays };
        let Some(next) = course.next(&sample.status.progress) else { return Ok((None, waking.n)) };
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

    /// What a group's members are to be told in it in the coming 24 hours: one entry for all that fall on one minute.
    pub(super) fn coming_in_group(&self, group: GroupId, now: Timestamp, lang: Lang) -> Vec<Coming> {
        let columns = &self.store.columns;
        let Some(group) = columns.groups.row(group) else { return Vec::new() };
        let mut planned: BTreeMap<(Timestamp, u16), (u32, u32)> = BTreeMap::new();
        for (at, row) in columns.wakes.within(now, Timestamp(now.0 + DAY)).take(LOOKED_AT) {
            let Some(enrolment) = columns.enrolments.get(row) else { continue };
            let of_member = matches!(enrolment.target, TargetRow::Member(_));
            if of_member && enrolment.group == Some(group) && !self.is_paused(enrolment.playbook) {
                planned.entry((at, enrolment.playbook)).or_insert((row, 0)).1 += 1;
            }
        }
        let line = |((at, position), (row, n)): ((Timestamp, u16), (u32, u32))| {
            let id = columns.playbook_at(position)?.0.clone();
            let name = self.title(&id);
            Some(Coming {
                at: Some(at),
                asks: Vec::new(),
                playbook: Ref { id, name },
                enrolment: columns.enrolments.id(row)?,
                step: String::new(),
                step_number: (0, 0),
                why: ViewWords::MembersOf.fill(lang, &[("n", &n)]),
            })
        };
        planned.into_iter().take(LINES).filter_map(line).collect()
    }
}

fn to_the_minute(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - at.0.rem_euclid(MINUTE))
}
