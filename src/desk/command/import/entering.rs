//! Whom an import would bring into which playbook: "12 人进入, 2,988 历史成员不进入".
//!
//! An import is not news, so most of what it tells lies too far back to begin anything. What does begin is decided by
//! the same code for a real slice and for a dry run: a dry run stages its slice in a store of its own over the same
//! index, lets everything follow there, and throws it away. Slices in which nothing can begin are counted without.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::act::{Act, DeskError};
use super::super::super::enrolling::NoEntry;
use super::super::super::playbooks::Playbooks;
use super::super::super::standing::takes_whoever_is_there;
use super::super::super::{Changed, Desk, DeskOptions, Now};
use super::super::enrol::kind_of;
use super::draft::{Draft, Person};
use super::sheet::Sheet;
use crate::book::{Activity, ActivityKind, ContactState, Fields as _, Member, MemberId, PlaybookId, Target};
use crate::door::form::Kind;
use crate::sop::format::{Playbook, Start, TargetKind};
use crate::store::record::{Change, Edited};
use crate::store::{Body, Columns, StoreError, imported, keys};
use crate::text::clean::for_display;

/// Fields that an import only adds to.
const LISTS: [&str; 3] = ["tags", "aliases", "handles"];

/// For each playbook how many entered, and how many did not because it was too long ago.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::desk) struct Tally(BTreeMap<PlaybookId, (u32, u32)>);

impl Tally {
    fn entered(&mut self, playbook: &PlaybookId) {
        self.0.entry(playbook.clone()).or_default().0 += 1;
    }

    fn too_old(&mut self, playbook: &PlaybookId) {
        self.0.entry(playbook.clone()).or_default().1 += 1;
    }

    pub(super) fn add(&mut self, other: Self) {
        for (playbook, (entering, history)) in other.0 {
            let counts = self.0.entry(playbook).or_default();
            counts.0 += entering;
            counts.1 += history;
        }
    }

    /// Titles with their counts, as a report has them.
    pub(super) fn lines(&self, columns: &Columns, playbooks: &Playbooks) -> Vec<(String, u32, u32, Kind)> {
        let line = |(id, (entering, history)): (&PlaybookId, &(u32, u32))| {
            let title = columns.playbooks.get(id).map_or(id.0.as_str(), |column| column.title.as_str());
            let target = playbooks.current(id, columns).map_or(TargetKind::Member, |of| of.target);
            (for_display(title).into_owned(), *entering, *history, kind_of(target))
        };
        self.0.iter().map(line).collect()
    }
}

impl super::Imports {
    /// Notes what came of one attempt to enter, while an import is at work.
    pub(in crate::desk) fn note_entry(&mut self, playbook: &PlaybookId, refused: Option<NoEntry>) {
        let Some(tally) = &mut self.tally else { return };
        match refused {
            None => tally.entered(playbook),
            Some(NoEntry::TooOld) => tally.too_old(playbook),
            Some(_) => {}
        }
    }
}

/// What a running playbook waits for.
type Running = (PlaybookId, Arc<Playbook>);

fn waits_for(playbook: &Playbook, kind: ActivityKind) -> bool {
    playbook.target == TargetKind::Member
        && matches!(
            (&playbook.start, kind),
            (Start::Joined, ActivityKind::Joined) | (Start::Added, ActivityKind::Added)
        )
}

/// What became known without a time: it happened, nobody knows when, and so it begins nothing.
fn undated(change: &Body) -> Option<ActivityKind> {
    match change {
        Body::MembershipSet { before: None, after: Some(stay) } if stay.joined_at.is_none() => {
            Some(ActivityKind::Joined)
        }
        Body::ContactSet { before, after: Some(after) }
            if after.since.is_none()
                && after.state == ContactState::Friend
                && before.as_ref().is_none_or(|before| before.state != ContactState::Friend) =>
        {
            Some(ActivityKind::Added)
        }
        _ => None,
    }
}

impl Desk {
    /// Counts as history what a slice tells without a time.
    pub(super) fn tell_undated(&mut self, changes: &[Body]) {
        let running = self.running_playbooks();
        let Some(tally) = &mut self.imports.tally else { return };
        for kind in changes.iter().filter_map(undated) {
            for (id, _) in running.iter().filter(|(_, playbook)| waits_for(playbook, kind)) {
                tally.too_old(id);
            }
        }
    }

    /// False where certainly nobody enters anything for what a slice changes.
    pub(super) fn may_enter(&self, changes: &[Body]) -> Result<bool, DeskError> {
        let running = self.running_playbooks();
        if running.is_empty() {
            return Ok(false);
        }
        for change in changes {
            let may = match change {
                Body::MemberMade(_) => any_standing(&running, TargetKind::Member),
                Body::GroupMade(_) => any_standing(&running, TargetKind::Group),
                Body::AccountMade(_) => any_standing(&running, TargetKind::Account),
                Body::Edited { object: Edited::Member(_), .. }
                | Body::ContactSet { .. }
                | Body::MembershipSet { .. } => any_standing(&running, TargetKind::Member),
                Body::Happened(activity) => {
                    any_standing(&running, TargetKind::Member) || self.may_anchor(&running, activity)?
                }
                _ => false,
            };
            if may {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether an activity can begin a playbook, or be passed over for another reason than its age.
    fn may_anchor(&self, running: &[Running], activity: &Activity) -> Result<bool, StoreError> {
        let columns = &self.store.columns;
        for (id, _) in running.iter().filter(|(_, playbook)| waits_for(playbook, activity.kind)) {
            let since = columns.playbooks.get(id).map(|column| column.activated_at);
            if since.is_none_or(|since| activity.at.ms >= since) {
                return Ok(true);
            }
            // who was in it before may be in it from this very anchor
            if let Some(member) = activity.member.filter(|id| columns.members.row(*id).is_some())
                && !self
                    .store
                    .bodies
                    .range(&keys::enrolled_any(id, Target::Member(member)), &[], 1)?
                    .is_empty()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What would follow from a slice of a dry run.
    pub(super) fn would_follow(
        &mut self,
        changes: &[Body],
        people: Option<Vec<Person>>,
        sheet: &Sheet,
        now: Now,
    ) -> Result<Tally, DeskError> {
        let Some(people) = people else {
            self.imports.tally = Some(Tally::default());
            self.tell_undated(changes);
            let mut tally = self.imports.tally.take().unwrap_or_default();
            let running = self.running_playbooks();
            for change in changes {
                let Body::Happened(activity) = change else { continue };
                for (id, _) in running.iter().filter(|(_, playbook)| waits_for(playbook, activity.kind)) {
                    tally.too_old(id);
                }
            }
            return Ok(tally);
        };
        let mut trial = self.trial()?;
        let tried = self.try_out(&mut trial, changes, people, sheet, now);
        self.store.take_home(trial.store);
        tried
    }

    fn try_out(
        &self,
        trial: &mut Self,
        changes: &[Body],
        people: Vec<Person>,
        sheet: &Sheet,
        now: Now,
    ) -> Result<Tally, DeskError> {
        let act = trial.tick_act(now.wall);
        for account in &sheet.accounts {
            trial.stage(&act, Body::AccountMade(account.clone()))?;
        }
        for group in &sheet.groups {
            trial.stage(&act, Body::GroupMade(group.clone()))?;
        }
        for person in people {
            self.put_into(trial, &act, person)?;
        }
        for change in changes.iter().filter(|change| matches!(change, Body::Happened(_))) {
            trial.stage(&act, change.clone())?;
        }
        trial.imports.tally = Some(Tally::default());
        trial.tell_undated(changes);
        trial.follow_import(&act, changes)?;
        Ok(trial.imports.tally.take().unwrap_or_default())
    }

    /// A desk over this store's index and a copy of all but people and work; the index must be taken home.
    fn trial(&mut self) -> Result<Self, DeskError> {
        Ok(Self {
            store: self.store.lend()?,
            ids: self.ids.clone(),
            sessions: BTreeMap::new(),
            playbooks: self.playbooks.clone(),
            tick: super::super::super::tick::TickState::default(),
            views: super::super::super::view::Views::default(),
            outcomes: super::super::Outcomes::default(),
            imports: super::Imports::default(),
            reversing: None,
            rehearsals: super::super::Rehearsals::default(),
            works: super::super::Works::default(),
            rules_deep: 0,
            brought_at: None,
            may_be_over: Vec::new(),
            answers: Vec::new(),
            rules_fault: None,
            changed: Changed::default(),
            unwritable: None,
            was_writable: true,
            opening: Vec::new(),
            sayings: Vec::new(),
            overtaken: Vec::new(),
            options: DeskOptions::default(),
        })
    }

    /// Brings a member into a trial as the slice leaves them.
    fn put_into(&self, trial: &mut Self, act: &Act, person: Person) -> Result<(), DeskError> {
        let Person { member, contacts, stays, .. } = person;
        let id = member.id;
        // the bodies are with the trial
        let known = self.store.columns.members.by_id(id).zip(trial.store.member(id)?);
        if let Some((column, before)) = known {
            trial.store.borrow_member(id, &column);
            let changes = differences(&before, &member);
            if !changes.is_empty() {
                trial.stage(act, Body::Edited { object: Edited::Member(id), changes })?;
            }
        } else {
            trial.stage(act, Body::MemberMade(member))?;
        }
        for contact in contacts {
            trial.stage(act, Body::ContactSet { before: None, after: Some(contact) })?;
        }
        for stay in stays {
            trial.stage(act, Body::MembershipSet { before: None, after: Some(stay) })?;
        }
        Ok(())
    }
}

fn any_standing(running: &[Running], target: TargetKind) -> bool {
    running.iter().any(|(_, playbook)| playbook.target == target && takes_whoever_is_there(playbook))
}

/// The fields that an import changed.
fn differences(before: &Member, after: &Member) -> Vec<Change> {
    let fields = imported::FIELDS.iter().chain(&LISTS);
    let change = |field: &'static &str| {
        let (was, is) = (before.field(field).unwrap_or_default(), after.field(field).unwrap_or_default());
        (was != is).then(|| Change { field: (**field).to_owned(), before: was, after: is })
    };
    fields.filter_map(change).collect()
}

impl Draft<'_> {
    /// Everybody whom a slice changes, as it leaves them.
    pub(super) fn people_of(&mut self, changes: &[Body]) -> Result<Vec<Person>, StoreError> {
        let mut ids: Vec<MemberId> = changes.iter().flat_map(Body::members).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut people = Vec::with_capacity(ids.len());
        for id in ids {
            people.extend(self.person(id)?.cloned());
        }
        Ok(people)
    }
}
