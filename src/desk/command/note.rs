//! Notes and follow-ups.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::view::short_time;
use super::super::words::book::BookWords;
use super::book::typed::LONG_MAX;
use super::describe::{and_others, quote};
use super::marking::AT_ONCE;
use crate::book::id::Id;
use crate::book::{
    AccountId, Class, GroupId, ObjectId, Target, Task, TaskKind, TaskState, TaskStatus, Timestamp, Via,
};
use crate::door::form::{Field, Kind};
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::store::Body;
use crate::store::record::Work;
use crate::text::clean::{for_clipboard, for_display};
use crate::text::lang::Lang;

/// Where a follow-up belongs.
struct Place {
    target: Target,
    group: Option<GroupId>,
    account: Option<AccountId>,
}

impl Desk {
    pub(super) fn note(&mut self, act: &Act, on: &[ObjectId], text: &str) -> Result<Outcome, DeskError> {
        let text = written(act, text)?;
        for object in on {
            self.is_there(act, *object)?;
        }
        if on.len() > AT_ONCE {
            let name = self.object(on.first().copied().unwrap_or(ObjectId::Member(Id::from_bits(0))));
            let lang = act.lang;
            self.works.say(act, move |counts| {
                BookWords::Noted.fill(lang, &[("name", &and_others(name, counts.done, lang))])
            });
            let notes = on.iter().map(|on| (self.ids.next(act.at), *on)).collect();
            self.undertake(act, Work::Note { notes, text })?;
            return Ok(Outcome::default());
        }
        let bodies: Vec<Body> = on
            .iter()
            .map(|on| Body::NoteAdded { note: self.ids.next(act.at), on: *on, text: text.clone() })
            .collect();
        let words = self.describe(&bodies, act.lang);
        self.perform(act, bodies)?;
        Ok(Outcome { words, ..Outcome::default() })
    }

    /// A reminder of one's own: due at its time, out of sight until then.
    pub(super) fn follow_up(
        &mut self,
        act: &Act,
        on: &[ObjectId],
        words: &str,
        at: Timestamp,
    ) -> Result<Outcome, DeskError> {
        let words = written(act, words)?;
        if on.len() > AT_ONCE {
            for object in on {
                self.is_there(act, *object)?;
                self.place_of(act.lang, *object)?;
            }
            let first = on.first().copied().unwrap_or(ObjectId::Member(Id::from_bits(0)));
            let name = self.display_name(self.place_of(act.lang, first)?.target);
            let (lang, said) = (act.lang, quote(&words));
            let (ahead, zone) = (at > act.at, self.store.columns.store.zone);
            self.works.say(act, move |counts| {
                let name = and_others(name, counts.done, lang);
                let words = BookWords::Followed.fill(lang, &[("name", &name), ("words", &said)]);
                with_due(&words, at, ahead, zone, lang)
            });
            let tasks = on.iter().map(|on| (self.ids.next(act.at), *on)).collect();
            self.undertake(act, Work::Follow { tasks, words, at })?;
            return Ok(Outcome::default());
        }
        let mut bodies = Vec::with_capacity(on.len());
        let mut made = Vec::with_capacity(on.len());
        for object in on {
            self.is_there(act, *object)?;
            let task = self.follow_up_on(act, *object, words.clone(), at)?;
            made.push(ObjectId::Task(task.id));
            bodies.push(Body::TaskFired(task));
        }
        let words = self.describe(&bodies, act.lang);
        self.perform(act, bodies)?;
        let words = with_due(&words, at, at > act.at, self.store.columns.store.zone, act.lang);
        Ok(Outcome { words, made, ..Outcome::default() })
    }

    pub(super) fn follow_up_on(
        &mut self,
        act: &Act,
        on: ObjectId,
        words: String,
        at: Timestamp,
    ) -> Result<Task, DeskError> {
        let mut task = self.about(on, act.at, act.lang)?;
        task.id = self.ids.next(act.at);
        task.kind = TaskKind::FollowUp { words };
        task.status = TaskStatus::due(at, None, task.status.account);
        task.status.assignee.clone_from(&act.by.operator);
        if at > act.at {
            task.status.state = TaskState::Snoozed;
            task.status.snoozed_until = Some(at);
        }
        task.status.held = self.held(act, &task)?;
        Ok(task)
    }

    /// A follow-up on something that nobody has made: what is said to or in it can be filled by it.
    pub(in crate::desk) fn about(&self, on: ObjectId, now: Timestamp, lang: Lang) -> Result<Task, DeskError> {
        let place = self.place_of(lang, on)?;
        Ok(Task {
            id: crate::book::id::Id::from_bits(0),
            kind: TaskKind::FollowUp { words: String::new() },
            target: place.target,
            of: Vec::new(),
            group: place.group,
            members: match place.target {
                Target::Member(member) => vec![member],
                _ => Vec::new(),
            },
            via: Via::Internal,
            class: Class::Service,
            priority: 0,
            day: 0,
            moved_from: None,
            moved_why: String::new(),
            fired_at: now,
            status: TaskStatus::due(now, None, place.account),
        })
    }

    pub(super) fn is_there(&self, act: &Act, on: ObjectId) -> Result<(), DeskError> {
        let columns = &self.store.columns;
        let (kind, known) = match on {
            ObjectId::Account(id) => (Kind::Account, columns.accounts.row(id).is_some()),
            ObjectId::Group(id) => (Kind::Group, columns.groups.row(id).is_some()),
            ObjectId::Member(id) => (Kind::Member, columns.members.row(id).is_some()),
            ObjectId::Task(id) => (Kind::Task, columns.tasks.row(id).is_some()),
            ObjectId::Enrolment(id) => (Kind::Playbook, columns.enrolments.row(id).is_some()),
            ObjectId::Product(id) => (Kind::Product, columns.products.contains_key(&id)),
        };
        if known { Ok(()) } else { Err(super::book::unknown(kind, &on.to_string(), act.lang)) }
    }

    fn place_of(&self, lang: Lang, on: ObjectId) -> Result<Place, DeskError> {
        let columns = &self.store.columns;
        let friend_of = |target: Target| match target {
            Target::Member(id) => {
                let row = columns.members.by_id(id).and_then(|member| member.newest_friend());
                row.and_then(|row| columns.accounts.id(row))
            }
            Target::Group(id) => columns.groups.by_id(id).and_then(|column| column.body.account),
            Target::Account(id) => Some(id),
        };
        let of = |target: Target, group: Option<GroupId>, account: Option<AccountId>| Place {
            target,
            group,
            account: friend_of(target).or(account),
        };
        let place = match on {
            ObjectId::Member(id) => of(Target::Member(id), None, None),
            ObjectId::Group(id) => of(Target::Group(id), Some(id), None),
            ObjectId::Account(id) => of(Target::Account(id), None, None),
            ObjectId::Task(id) => self
                .store
                .task(id)?
                .map_or_else(no_place, |task| of(task.target, task.group, task.status.account)),
            ObjectId::Enrolment(id) => self
                .store
                .enrolment(id)?
                .map_or_else(no_place, |enrolment| of(enrolment.target, enrolment.group, enrolment.account)),
            ObjectId::Product(_) => {
                return Err(Self::refused(BookWords::NoFollowUp.text(lang).to_owned()));
            }
        };
        Ok(place)
    }
}

/// What was made, and when it is due.
fn with_due(words: &str, at: Timestamp, ahead: bool, zone: chrono_tz::Tz, lang: Lang) -> String {
    if ahead {
        BookWords::FollowedAt.fill(lang, &[("words", &words), ("at", &short_time(at, zone))])
    } else {
        BookWords::FollowedNow.fill(lang, &[("words", &words)])
    }
}

/// Words that say something, within their length.
pub(super) fn written(act: &Act, text: &str) -> Result<String, DeskError> {
    let text = for_clipboard(text.trim()).trim().to_owned();
    let field = Field::Note.label(act.lang);
    if for_display(&text).trim().is_empty() {
        let words = BookWords::Required.fill(act.lang, &[("field", &field)]);
        return Err(Refusal::new(RefusalKind::Invalid, words).at_field(Field::Note, "").into());
    }
    if text.chars().count() > LONG_MAX {
        let words = BookWords::TooLong.fill(act.lang, &[("field", &field), ("n", &LONG_MAX)]);
        return Err(Refusal::new(RefusalKind::Invalid, words).at_field(Field::Note, "").into());
    }
    Ok(text)
}

/// A target that nobody is: the object was there a moment ago, so this is never shown.
fn no_place() -> Place {
    Place { target: Target::Member(crate::book::id::Id::from_bits(0)), group: None, account: None }
}
