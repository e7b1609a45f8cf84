//! What of an act stays as it is, because somebody changed it since.
//!
//! An act says one thing in several records: a task that was sent and its touch, a contact and the news of it. They
//! are taken back together or not at all, so what cannot be taken back is found before anything is reversed.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::Desk;
use super::super::super::act::DeskError;
use super::book::{contact_stands, stay_stands};
use super::task::place;
use crate::book::{
    AccountId, Activity, ActivityKind, Contact, GroupId, MemberId, Membership, TaskId, TaskStatus,
};
use crate::store::record::{Edited, Work};
use crate::store::{Body, keys};

/// Fields whose change is told as news as well.
const TOLD: [&str; 4] = ["name", "stage", "count", "state"];

/// What stays of an act.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// What is told about it, in sentences.
    pub words: Vec<String>,
    /// Tasks that came to another state since: what was sent for them stays sent.
    tasks: BTreeSet<TaskId>,
    contacts: BTreeSet<(MemberId, AccountId)>,
    stays: BTreeSet<(MemberId, GroupId)>,
    fields: BTreeSet<(Edited, &'static str)>,
    /// Tasks that are owed or free again.
    pub reopened: Vec<TaskId>,
    /// What was staged; what follows from it is looked at once all of it is.
    pub staged: Vec<Body>,
    /// What is undertaken once all of it is back.
    pub works: Vec<Work>,
}

impl Kept {
    /// Takes in what stays of another part of the same act.
    pub(super) fn join(&mut self, other: Self) {
        self.words.extend(other.words);
        self.tasks.extend(other.tasks);
        self.contacts.extend(other.contacts);
        self.stays.extend(other.stays);
        self.fields.extend(other.fields);
        self.reopened.extend(other.reopened);
        self.staged.extend(other.staged);
        self.works.extend(other.works);
    }

    /// True where a touch belongs to a task that stays as it is.
    pub(super) fn holds_task(&self, task: TaskId) -> bool {
        self.tasks.contains(&task)
    }

    /// True where news belongs to something that stays as it is.
    pub(super) fn holds_news(&self, activity: &Activity) -> bool {
        use ActivityKind::{
            Added, Blocked, HeadCount, Joined, Left, Renamed, StageChanged, StateChanged, Unfriended,
        };
        let (member, group, account) = (activity.member, activity.group, activity.account);
        match activity.kind {
            Added | Unfriended | Blocked => {
                member.zip(account).is_some_and(|link| self.contacts.contains(&link))
            }
            Joined | Left => member.zip(group).is_some_and(|link| self.stays.contains(&link)),
            StageChanged | Renamed | HeadCount | StateChanged => {
                let object = member.map(Edited::Member).or(group.map(Edited::Group));
                let field = match activity.kind {
                    StageChanged => "stage",
                    Renamed => "name",
                    HeadCount => "count",
                    _ => "state",
                };
                object.is_some_and(|object| self.fields.contains(&(object, field)))
            }
            _ => false,
        }
    }
}

/// The first state before and the last after, where an act changed one thing several times.
type Span<'a, T> = (&'a T, &'a T);

/// What an act did to each thing.
#[derive(Default)]
struct Spans<'a> {
    tasks: BTreeMap<TaskId, Span<'a, TaskStatus>>,
    contacts: BTreeMap<(MemberId, AccountId), Span<'a, Option<Contact>>>,
    stays: BTreeMap<(MemberId, GroupId, u32), Span<'a, Option<Membership>>>,
    fields: BTreeMap<(Edited, &'static str), Span<'a, String>>,
}

impl<'a> Spans<'a> {
    fn add(&mut self, bodies: &'a [Body]) {
        for body in bodies {
            match body {
                Body::TaskChanged { task, before, after } => {
                    self.tasks.entry(*task).or_insert((before, after)).1 = after;
                }
                Body::ContactSet { before, after } => {
                    if let Some(link) = after.as_ref().or(before.as_ref()) {
                        let link = (link.member, link.account);
                        self.contacts.entry(link).or_insert((before, after)).1 = after;
                    }
                }
                Body::MembershipSet { before, after } => {
                    if let Some(stay) = after.as_ref().or(before.as_ref()) {
                        let stay = (stay.member, stay.group, stay.spell);
                        self.stays.entry(stay).or_insert((before, after)).1 = after;
                    }
                }
                Body::Edited { object, changes } => {
                    for change in changes {
                        if let Some(field) = TOLD.iter().find(|field| **field == change.field) {
                            let span = (&change.before, &change.after);
                            self.fields.entry((*object, field)).or_insert(span).1 = &change.after;
                        }
                    }
                }
                Body::ImportApplied { changes, .. } => self.add(changes),
                _ => {}
            }
        }
    }
}

impl Desk {
    /// Finds what of an act cannot be taken back any more.
    pub(super) fn what_stays(&self, bodies: &[Body]) -> Result<Kept, DeskError> {
        let mut spans = Spans::default();
        spans.add(bodies);
        let mut kept = Kept::default();
        for (id, (before, after)) in spans.tasks {
            if place(before) == place(after) {
                continue;
            }
            if let Some(now) = self.store.task(id)?
                && place(&now.status) != place(after)
            {
                kept.tasks.insert(id);
            }
        }
        for ((member, account), (before, after)) in spans.contacts {
            let now: Option<Contact> = self.store.bodies.read(&keys::contact(member, account))?;
            let stands = |contact: &Option<Contact>| contact.as_ref().map(contact_stands);
            let (now, before, after) = (stands(&now), stands(before), stands(after));
            if before != after && now != after && now != before {
                kept.contacts.insert((member, account));
            }
        }
        for ((member, group, spell), (before, after)) in spans.stays {
            let now: Option<Membership> = self.store.bodies.read(&keys::membership(member, group, spell))?;
            let stands = |stay: &Option<Membership>| stay.as_ref().map(stay_stands);
            let (now, before, after) = (stands(&now), stands(before), stands(after));
            if before != after && now != after && now != before {
                kept.stays.insert((member, group));
            }
        }
        for ((object, field), (before, after)) in spans.fields {
            let now = self.field_of(object, field)?;
            if before != after && now.as_ref().is_some_and(|now| now != after && now != before) {
                kept.fields.insert((object, field));
            }
        }
        Ok(kept)
    }
}
