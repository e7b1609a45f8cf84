//! What is planned and has not come due: the day that lies ahead.
//!
//! Read from the enrolments' next instants alone, so a step behind another of the same day is not foreseen, and quiet
//! hours or caps may still move what is.

use std::collections::BTreeMap;

use super::words::ViewWords;
use crate::book::time::DAY;
use crate::book::{GroupId, Timestamp};
use crate::desk::Desk;
use crate::door::detail::Coming;
use crate::door::line::Ref;
use crate::door::reply::Planned;
use crate::store::columns::task::TargetRow;
use crate::text::lang::Lang;

/// Lines of an agenda.
const LINES: usize = 24;

/// Enrolments that one request looks at.
const LOOKED_AT: usize = 5_000;

impl Desk {
    /// The next instants of the coming 24 hours, by time and playbook, soonest first.
    pub(super) fn agenda(&self, now: Timestamp) -> Vec<Planned> {
        let columns = &self.store.columns;
        let mut planned: BTreeMap<(Timestamp, u16), u32> = BTreeMap::new();
        for (at, row) in columns.wakes.range((now, 0)..(Timestamp(now.0 + DAY), 0)).take(LOOKED_AT) {
            let Some(enrolment) = columns.enrolments.get(*row) else { continue };
            // to the minute: a hundred greetings a second apart are one line
            let minute = Timestamp(at.0 - at.0.rem_euclid(60_000));
            *planned.entry((minute, enrolment.playbook)).or_default() += 1;
            if planned.len() > LINES {
                break;
            }
        }
        let line = |((at, position), n): ((Timestamp, u16), u32)| {
            let id = columns.playbook_at(position)?.0.clone();
            let name = self.title(&id);
            Some(Planned { at, playbook: Ref { id, name }, n })
        };
        planned.into_iter().take(LINES).filter_map(line).collect()
    }

    /// What a group's members are to be told in it in the coming 24 hours: one entry for all that fall on one minute.
    pub(super) fn coming_in_group(&self, group: GroupId, now: Timestamp, lang: Lang) -> Vec<Coming> {
        let columns = &self.store.columns;
        let Some(group) = columns.groups.row(group) else { return Vec::new() };
        let mut planned: BTreeMap<(Timestamp, u16), (u32, u32)> = BTreeMap::new();
        for (at, row) in columns.wakes.range((now, 0)..(Timestamp(now.0 + DAY), 0)).take(LOOKED_AT) {
            let Some(enrolment) = columns.enrolments.get(*row) else { continue };
            let of_member = matches!(enrolment.target, TargetRow::Member(_));
            if of_member && enrolment.group == Some(group) {
                planned.entry((*at, enrolment.playbook)).or_insert((*row, 0)).1 += 1;
            }
        }
        let line = |((at, position), (row, n)): ((Timestamp, u16), (u32, u32))| {
            let id = columns.playbook_at(position)?.0.clone();
            let name = self.title(&id);
            Some(Coming {
                at: Some(at),
                playbook: Ref { id, name },
                enrolment: columns.enrolments.id(row)?,
                step: String::new(),
                why: ViewWords::MembersOf.fill(lang, &[("n", &n)]),
            })
        };
        planned.into_iter().take(LINES).filter_map(line).collect()
    }
}
