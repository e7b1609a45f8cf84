//! Works about who enters playbooks: by hand, by a new text, by the waves of a campaign.
//!
//! Nobody enters twice from one anchor, so that each of them can begin again at its first row.

use std::sync::Arc;

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::enrolling::Entry;
use super::super::super::standing::takes_whoever_is_there;
use super::super::super::tick::silence::Quiet;
use super::super::super::words::book::BookWords;
use super::super::enrol::no_entry;
use super::playbook::runs;
use super::{Counts, Found, Next, Walk, next_row};
use crate::book::{Campaign, GroupId, PlaybookId, Target, Timestamp};
use crate::door::Push;
use crate::sop::format::{Playbook, Start, TargetKind};
use crate::store::columns::enrolment::EnrolmentColumn;
use crate::store::columns::task::{TaskColumn, TaskSort};
use crate::store::record::{PlaybookState, Work};

/// Bodies that are read for one who may enter.
const READ: usize = 5;

/// What somebody enters by hand.
struct Entering<'a> {
    playbook: &'a PlaybookId,
    kind: TargetKind,
    key: &'a str,
    at: Timestamp,
    /// The campaign and the place of its wave, where it is one.
    wave: Option<(&'a Campaign, usize)>,
}

impl Desk {
    /// Whom a playbook is for; none where it is gone.
    fn kind_there(&self, id: &PlaybookId) -> Option<TargetKind> {
        let column = self.store.columns.playbooks.get(id)?;
        let there = column.state != PlaybookState::Removed;
        let playbook = self.playbooks.get(id, column.current).filter(|_| there)?;
        Some(playbook.target)
    }

    /// Whoever is named, and then whoever the filter matches.
    pub(super) fn enter_all(
        &mut self,
        act: &Act,
        work: &Work,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let Work::Enter { playbook, key, at, named, filter } = work else { return Ok(true) };
        let campaign = Campaign::id_of(key);
        let over = |campaign: &Campaign| campaign.is_over(act.at);
        if campaign.is_some_and(|id| self.store.columns.campaigns.get(id).is_none_or(over)) {
            return Ok(true);
        }
        // whoever took it away meanwhile lets nobody in
        let Some(kind) = self.kind_there(playbook) else { return Ok(true) };
        let of = Entering { playbook, kind, key, at: *at, wave: None };
        if walk.stage == 0 {
            if !self.who_is_named(kind, named, walk) {
                return Ok(false);
            }
            // what was found is what the next stage goes through
            (walk.stage, walk.next) = (1, 0);
        }
        if walk.stage == 1 {
            let at_place = |_: &Self, walk: &Walk| match &walk.found {
                Some(Found::Whom(whom)) => whom.get(walk.next as usize).copied(),
                _ => None,
            };
            let enter = |desk: &mut Self, (target, by)| desk.enter_one(act, &of, target, by, counts);
            if !self.each_of(walk, at_place, enter)? {
                return Ok(false);
            }
            walk.turn_over();
        }
        if filter.is_empty() {
            return Ok(true);
        }
        if !self.enter_matching(act, &of, filter, walk, counts)? {
            return Ok(false);
        }
        if let Some(words) = self.reached_nobody(playbook, key, act.lang) {
            if self.works.is_waited_for(act.id) {
                counts.failed.push(words);
            } else {
                // nobody asked, so everybody is told
                self.tick.says.push(Push::Said { words });
            }
        }
        Ok(true)
    }

    /// Finds whom the names mean: a group is everybody in it, where members go through the playbook.
    fn who_is_named(&mut self, kind: TargetKind, named: &[Target], walk: &mut Walk) -> bool {
        let columns = &self.store.columns;
        let is_crowd = |target: &&Target| kind == TargetKind::Member && matches!(target, Target::Group(_));
        if walk.found.is_none() {
            let alone = named.iter().filter(|target| !is_crowd(target));
            walk.found = Some(Found::Whom(alone.map(|target| (*target, None)).collect()));
        }
        let crowds: Vec<(u32, GroupId)> = named
            .iter()
            .filter(is_crowd)
            .filter_map(|target| match target {
                Target::Group(group) => Some((columns.groups.row(*group)?, *group)),
                _ => None,
            })
            .collect();
        let members = &columns.members;
        while !crowds.is_empty() {
            let next = next_row(&mut self.works.room, &mut walk.next, members.len(), |row| {
                let member = members.get(row).filter(|member| !member.archived);
                member.is_some_and(|member| crowds.iter().any(|(group, _)| member.is_in(*group)))
            });
            let row = match next {
                Next::Later => return false,
                Next::End => break,
                Next::One(row) => row,
            };
            let by = members.get(row).and_then(|m| crowds.iter().find(|(group, _)| m.is_in(*group)));
            if let (Some(id), Some((_, group)), Some(Found::Whom(whom))) =
                (members.id(row), by, &mut walk.found)
            {
                whom.push((Target::Member(id), Some(*group)));
            }
        }
        true
    }

    /// Everybody whom a filter matches, in the order of the book; true when all were looked at.
    fn enter_matching(
        &mut self,
        act: &Act,
        of: &Entering<'_>,
        filter: &str,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let at_place = |desk: &Self, walk: &Walk| desk.target_at(of.kind, walk.next);
        self.each_of(walk, at_place, |desk, target| {
            desk.works.room.filter();
            if desk.is_open_target(target) && desk.target_matches(filter, target, act.at)? {
                desk.enter_one(act, of, target, None, counts)?;
            }
            Ok(())
        })
    }

    fn enter_one(
        &mut self,
        act: &Act,
        of: &Entering<'_>,
        target: Target,
        by: Option<GroupId>,
        counts: &mut Counts,
    ) -> Result<(), DeskError> {
        for _ in 0..READ {
            self.works.room.read();
        }
        counts.matched.extend(of.wave.map(|(_, wave)| wave as u32));
        if let Some((campaign, wave)) = of.wave
            && self.wave_come_with(campaign, target)?.is_some_and(|came| came != wave)
        {
            *counts.stays.entry(BookWords::EarlierWave.text(act.lang)).or_default() += 1;
            return Ok(());
        }
        let mut is_late = false;
        if self.works.looks.contains_key(&act.id) {
            (0..READ).for_each(|_| self.works.room.read());
            is_late = self.enters_too_late(act, target)?;
        }
        match self.enter(act, &self.entry_by_hand(of.playbook, of.key, of.at, target, by))? {
            Ok(enrolment) => {
                self.works.room.change();
                let is_part = Campaign::id_of(of.key).is_some();
                if !is_part && self.waits_for_account(act, of.playbook, target, of.at) {
                    counts.unreached.push(self.display_name(target));
                }
                if is_late {
                    counts.late.push(self.display_name(target));
                }
                // whom a campaign's text reaches is told apart
                let is_text = of.wave.is_none() && is_part;
                *(if is_text { &mut counts.reached } else { &mut counts.entered }) += 1;
                counts.enrolled.push(enrolment);
            }
            Err(reason) => {
                *counts.stays.entry(no_entry(reason, act.lang)).or_default() += 1;
            }
        }
        Ok(())
    }

    /// Who enters by hand begins so.
    pub(in super::super) fn entry_by_hand(
        &self,
        playbook: &PlaybookId,
        key: &str,
        at: Timestamp,
        target: Target,
        by: Option<GroupId>,
    ) -> Entry {
        let group = match target {
            Target::Member(member) => by.or_else(|| self.only_group(member)),
            _ => None,
        };
        Entry {
            playbook: playbook.clone(),
            target,
            group,
            account: if let Target::Account(account) = target { Some(account) } else { None },
            key: key.to_owned(),
            at,
            by_hand: true,
            again: Campaign::id_of(key).is_none(),
        }
    }

    /// Brings a text of a playbook to those who go by another: what nobody has begun to send of its steps that are gone
    /// ends, and all go on by it. Then whoever is there enters, where it takes them.
    pub(super) fn apply_text(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        version: u32,
        new_only: bool,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let position = columns.playbook_position(id);
        let current = self.playbooks.current(id, columns).filter(|_| self.kind_there(id).is_some());
        let (Some(position), Some(current)) = (position, current) else { return Ok(true) };
        if walk.stage == 0 {
            let of_it = |task: &TaskColumn| task.playbook == Some(position) && task.sort == TaskSort::Step;
            let all = new_only
                || self.each_open_task(walk, of_it, |desk, task| {
                    if desk.is_step_gone(&task, &current) {
                        desk.works.room.change();
                        desk.cancel_step_gone(act, task.id)?;
                        counts.done += 1;
                    }
                    Ok(())
                })?;
            if !all {
                return Ok(false);
            }
            walk.turn_over();
        }
        // who goes by a later text stays with it, while there is one
        let is_newest = self.store.columns.playbooks.get(id).is_some_and(|column| column.current == version);
        if walk.stage == 1 {
            let moves = |of: u32| of < version || (is_newest && of > version);
            let inside = |e: &EnrolmentColumn| e.playbook == position && runs(e.state) && moves(e.version);
            let go_on = |desk: &mut Self, row| desk.move_at(act, row, version, moves);
            if !new_only && !self.each_enrolment(walk, inside, go_on)? {
                return Ok(false);
            }
            walk.turn_over();
        }
        if takes_whoever_is_there(&current) {
            let at_place = |desk: &Self, walk: &Walk| desk.target_at(current.target, walk.next);
            let all = self.each_of(walk, at_place, |desk, target| {
                for _ in 0..READ {
                    desk.works.room.read();
                }
                if desk.enter_standing(act, id, &current, target)? {
                    desk.works.room.change();
                    counts.entered += 1;
                }
                Ok(())
            })?;
            if !all {
                return Ok(false);
            }
        }
        if !self.enter_expected(act, id, &current, walk, counts)? {
            return Ok(false);
        }
        self.tick.due = true;
        Ok(true)
    }

    /// Whoever has been silent for long enough today or is expected to run out of something enters as it is applied, as
    /// else with each day; true when all were looked at.
    fn enter_expected(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Arc<Playbook>,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let known = self.store.columns.enrolments.len();
        let mut room = self.works.room.changes;
        let next = match (&playbook.start, Quiet::of(&playbook.start)) {
            (_, Some((quiet, days))) => {
                let today = act.at.day(self.store.columns.store.zone);
                self.silence(act, id, playbook, days, quiet, today, walk.next, &mut room)?
            }
            (Start::Runout { .. }, None) => self.running_out(act, id, playbook, walk.next, &mut room)?,
            _ => return Ok(true),
        };
        self.works.room.changes = room;
        let entered = self.store.columns.enrolments.len().saturating_sub(known);
        counts.entered += u32::try_from(entered).unwrap_or(u32::MAX);
        walk.next = next.unwrap_or(walk.next);
        Ok(next.is_none())
    }

    /// Lets waves of a campaign enter its playbooks, one after the other, and marks them as begun at the end of all. One
    /// that was stopped or is over meanwhile lets nobody else in.
    pub(super) fn enter_waves(
        &mut self,
        act: &Act,
        id: &str,
        waves: &[u32],
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let Some(campaign) = self.store.columns.campaigns.get(id).cloned() else { return Ok(true) };
        let key = campaign.key();
        let legs =
            waves.iter().filter_map(|place| Some((*place as usize, campaign.waves.get(*place as usize)?)));
        let legs: Vec<_> =
            legs.flat_map(|wave| campaign.playbooks.iter().map(move |of| (wave, of))).collect();
        while !campaign.is_over(act.at)
            && let Some(((place, wave), playbook)) = legs.get(usize::from(walk.stage))
        {
            if let Some(kind) = self.kind_there(playbook) {
                let wave_of = Some((&campaign, *place));
                let of = Entering { playbook, kind, key: &key, at: wave.at, wave: wave_of };
                // without one it is everybody
                let filter = if wave.filter.trim().is_empty() { " " } else { &wave.filter };
                if !self.enter_matching(act, &of, filter, walk, counts)? {
                    return Ok(false);
                }
            }
            walk.turn_over();
        }
        self.mark_begun(act, id, waves)?;
        if !self.works.is_waited_for(act.id) {
            // nobody asked, so everybody is told
            let mut all = self.works.counts.remove(&act.id).unwrap_or_default();
            all.add(std::mem::take(counts));
            let empty = self.if_nobody(&campaign, waves, act.lang).into_iter();
            let empty = empty.filter(|(at, _)| !all.matched.contains(at)).map(|(_, words)| words);
            let words = super::super::waves::begun_words(&campaign, waves, all.entered, act.lang);
            let words = std::iter::once(words).chain(empty).collect::<Vec<_>>().join("; ");
            self.tick.says.push(Push::Said { words });
        }
        Ok(true)
    }
}
