//! A conversation with the desk: asks, finds what a human named, and carries out commands once.

use std::collections::{BTreeMap, HashSet};

use chrono_tz::Tz;

use super::context::Context;
use super::error::{CliError, Kind};
use super::reach::{self, Reached};
use super::words::Words;
use crate::book::id::ID_CHARS;
use crate::book::{
    AccountId, ActId, CommandId, GroupId, IdGenerator, MemberId, ObjectId, Platform, PlaybookId, TaskId,
    Timestamp,
};
use crate::door::form::Kind as What;
use crate::door::line::LineId;
use crate::door::reply::{Outcome, Suggestion};
use crate::door::{Command, Door as _, Envelope, Refusal, RefusalKind, Reply, Request, Saw};
use crate::query;
use crate::text::lang::Lang;

/// How many of the latest acts are looked through for the end of an id.
const ACTS: u16 = 5_000;

pub(super) struct Session {
    door: Reached,
    ids: IdGenerator,
    pub lang: Lang,
    /// The store's zone.
    pub zone: Tz,
    /// The store, as its desk calls it.
    pub store: String,
    /// What tells it from another store of that name.
    pub store_id: String,
    /// How many chats one forward reaches, by platform; one on what is not named.
    pub forward: BTreeMap<Platform, u32>,
    /// What time it was at the desk when it last answered.
    pub now: Timestamp,
    pub ticked_at: Option<Timestamp>,
}

impl Session {
    pub(super) fn open(context: &Context) -> Result<Self, CliError> {
        let (door, Envelope { now, ticked_at, reply: welcome }) = reach::reach(context)?;
        // Always of the operating system's own chance: a repeated command id would be taken for a retry.
        let ids = IdGenerator::new(fastrand::Rng::new().u64(..));
        let (zone, store, store_id, forward) = match welcome {
            Reply::Welcome { zone, store, store_id, forward, .. } => {
                (zone.parse().ok(), store, store_id, forward)
            }
            Reply::Refused(refusal) => return Err(refusal.into()),
            _ => (None, String::new(), String::new(), BTreeMap::new()),
        };
        let zone = zone.unwrap_or_else(crate::clock::zone);
        Ok(Self { door, ids, lang: context.lang, zone, store, store_id, forward, now, ticked_at })
    }

    /// Whether a desk runs, or this command does its work alone.
    pub(super) const fn is_running(&self) -> bool {
        matches!(self.door, Reached::Running(_))
    }

    /// Asks; a refusal becomes an error.
    pub(super) fn ask(&mut self, request: Request) -> Result<Reply, CliError> {
        let Envelope { now, ticked_at, reply } = self.door.ask(request)?;
        self.now = now;
        self.ticked_at = ticked_at;
        match reply {
            Reply::Refused(refusal) => Err(refusal.into()),
            reply => Ok(reply),
        }
    }

    /// Carries out a command.
    pub(super) fn act(&mut self, command: Command, if_rev: Option<u32>) -> Result<Outcome, CliError> {
        Ok(self.try_act(command, if_rev)??)
    }

    /// Carries out a command; a refusal is given back whole.
    pub(super) fn try_act(
        &mut self,
        command: Command,
        if_rev: Option<u32>,
    ) -> Result<Result<Outcome, Refusal>, CliError> {
        let command_id: CommandId = self.ids.next(self.now);
        let Envelope { now, ticked_at, reply } =
            self.door.ask(Request::Do { command_id, command, saw: if_rev.map(Saw::Rev) })?;
        self.now = now;
        self.ticked_at = ticked_at;
        match reply {
            Reply::Done(outcome) => Ok(Ok(outcome)),
            Reply::Refused(refusal) => Ok(Err(refusal)),
            other => Err(unexpected(&other)),
        }
    }

    /// Finishes what waits. A command that does not come here has failed, and its process ends anyhow.
    pub(super) fn finish(&mut self) -> Result<(), CliError> {
        Ok(self.door.finish()?)
    }

    /// Lets the desk work before it is asked again.
    pub(super) fn rest(&mut self) {
        self.door.rest();
    }

    fn found(&mut self, kind: What, text: &str) -> Result<Vec<Suggestion>, CliError> {
        match self.ask(Request::Find { kind, text: text.to_owned() })? {
            Reply::Found(found) => Ok(found),
            other => Err(unexpected(&other)),
        }
    }

    /// The one thing of a kind that is meant by a name, an id or its tail.
    pub(super) fn find(&mut self, kind: What, text: &str) -> Result<LineId, CliError> {
        let found = self.found(kind, text)?;
        self.only(found, text)
    }

    /// The one object of any kind that is meant.
    pub(super) fn find_any(&mut self, text: &str) -> Result<LineId, CliError> {
        let mut found = Vec::new();
        for kind in [What::Task, What::Member, What::Group, What::Account, What::Playbook, What::Product] {
            match self.found(kind, text) {
                Ok(more) => found.extend(more),
                Err(error) if error.kind == Kind::Refused(RefusalKind::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        // a task is called after whom it is for: a name means the one, the task has its id
        let is_task = |one: &Suggestion| matches!(one.id, LineId::Object(ObjectId::Task(_)));
        if found.iter().any(|one| !is_task(one)) {
            found.retain(|one| !is_task(one) || ends_with(&one.id, text));
        }
        self.only(found, text)
    }

    fn only(&self, mut found: Vec<Suggestion>, text: &str) -> Result<LineId, CliError> {
        match (found.len(), found.pop()) {
            (1, Some(one)) => Ok(one.id),
            (0, _) | (_, None) => {
                Err(Refusal::new(RefusalKind::NotFound, Words::Nothing.text(self.lang)).about(text).into())
            }
            (_, Some(last)) => {
                found.push(last);
                let words = Words::Ambiguous.fill(self.lang, &[("text", &text)]);
                let mut refusal = Refusal::new(RefusalKind::Ambiguous, words);
                found.truncate(8);
                refusal.candidates = self.candidates(&found);
                Err(refusal.into())
            }
        }
    }

    /// What each of several is called by alone: its kind letter and as much of its id as no other ends in.
    fn candidates(&self, found: &[Suggestion]) -> Vec<String> {
        let called = |one: &Suggestion, n: usize| match &one.id {
            LineId::Playbook(id) => id.to_string(),
            LineId::Object(id) => {
                let id = id.to_string();
                let at = id.len().saturating_sub(n).max(1);
                format!("{}{}", id.get(..1).unwrap_or_default(), id.get(at..).unwrap_or_default())
            }
        };
        let differ = |n: &usize| {
            let all: HashSet<String> = found.iter().map(|one| called(one, *n)).collect();
            all.len() == found.len()
        };
        let n = (5..ID_CHARS).find(differ).unwrap_or(ID_CHARS);
        let row = |one: &Suggestion| {
            let kind = one.kind.label(self.lang);
            format!("{} {kind} {} {}", called(one, n), one.name, one.hint).trim_end().to_owned()
        };
        found.iter().map(row).collect()
    }

    pub(super) fn account(&mut self, text: &str) -> Result<AccountId, CliError> {
        match self.find(What::Account, text)? {
            LineId::Object(ObjectId::Account(id)) => Ok(id),
            other => Err(not_a(&other)),
        }
    }

    pub(super) fn group(&mut self, text: &str) -> Result<GroupId, CliError> {
        match self.find(What::Group, text)? {
            LineId::Object(ObjectId::Group(id)) => Ok(id),
            other => Err(not_a(&other)),
        }
    }

    pub(super) fn member(&mut self, text: &str) -> Result<MemberId, CliError> {
        match self.find(What::Member, text)? {
            LineId::Object(ObjectId::Member(id)) => Ok(id),
            other => Err(not_a(&other)),
        }
    }

    pub(super) fn task(&mut self, text: &str) -> Result<TaskId, CliError> {
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        match self.find(What::Task, text)? {
            LineId::Object(ObjectId::Task(id)) => Ok(id),
            other => Err(not_a(&other)),
        }
    }

    /// An act by its id, or by the end of it among the latest.
    pub(super) fn act_called(&mut self, text: &str) -> Result<ActId, CliError> {
        let text = text.trim().to_ascii_lowercase();
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        let mut entries = match self.ask(Request::Log { before: None, limit: ACTS, mine: false })? {
            Reply::Log(entries) => entries,
            other => return Err(unexpected(&other)),
        };
        entries.retain(|entry| !text.is_empty() && entry.act.to_string().ends_with(&text));
        match entries.as_slice() {
            [one] => Ok(one.act),
            [] => {
                let refusal = Refusal::new(RefusalKind::NotFound, Words::Nothing.text(self.lang)).about(text);
                Err(CliError::from(refusal).hint("qun log"))
            }
            several => {
                let mut refusal = Refusal::new(
                    RefusalKind::Ambiguous,
                    Words::Ambiguous.fill(self.lang, &[("text", &text)]),
                );
                refusal.candidates =
                    several.iter().take(8).map(|entry| format!("{} {}", entry.act, entry.words)).collect();
                Err(refusal.into())
            }
        }
    }

    /// A playbook by its id or title.
    pub(super) fn playbook(&mut self, text: &str) -> Result<PlaybookId, CliError> {
        match self.find(What::Playbook, text)? {
            LineId::Playbook(id) => Ok(id),
            other @ LineId::Object(_) => Err(not_a(&other)),
        }
    }

    /// An instant to come, in words, as RFC 3339 or as a wall time of the store.
    pub(super) fn moment(&self, text: &str) -> Result<Timestamp, CliError> {
        written(text)
            .map_or_else(|| query::parse_moment(text, self.now, self.zone).map_err(|e| self.when(&e)), Ok)
    }

    /// When something begins: an instant to come, or now.
    pub(super) fn begin(&self, text: &str) -> Result<Timestamp, CliError> {
        if query::names_now(text) { Ok(self.now) } else { self.moment(text) }
    }

    /// An end to come: a day without a time lasts to its last minute.
    pub(super) fn end(&self, text: &str) -> Result<Timestamp, CliError> {
        written(text)
            .map_or_else(|| query::parse_end(text, self.now, self.zone).map_err(|e| self.when(&e)), Ok)
    }

    /// Until when something rests: today lasts to its last minute.
    pub(super) fn rests_until(&self, text: &str) -> Result<Timestamp, CliError> {
        written(text)
            .map_or_else(|| query::parse_rest(text, self.now, self.zone).map_err(|e| self.when(&e)), Ok)
    }

    /// A day, today's where only a time is named.
    pub(super) fn day(&self, text: &str) -> Result<chrono::NaiveDate, CliError> {
        let at = written(text).map_or_else(
            || query::parse_beginning(text, self.now, self.zone).map_err(|e| self.when(&e)),
            Ok,
        )?;
        Ok(at.day(self.zone))
    }

    /// An instant that has been.
    pub(super) fn past(&self, text: &str) -> Result<Timestamp, CliError> {
        written(text)
            .map_or_else(|| query::parse_past(text, self.now, self.zone).map_err(|e| self.when(&e)), Ok)
    }

    fn when(&self, error: &query::MomentError) -> CliError {
        // the whole argument is the time: a place in it says nothing
        CliError::new(Kind::Usage, error.message(self.lang))
    }
}

/// An instant written with its offset.
pub(super) fn written(text: &str) -> Option<Timestamp> {
    let at = chrono::DateTime::parse_from_rfc3339(text.trim()).ok()?;
    Some(Timestamp(at.timestamp_millis()))
}

/// The last five characters of an id, as lists show them; a playbook's whole name.
pub(super) fn tail(id: &LineId) -> String {
    match id {
        LineId::Playbook(id) => id.to_string(),
        LineId::Object(id) => {
            let id = id.to_string();
            id.get(id.len().saturating_sub(5)..).unwrap_or_default().to_owned()
        }
    }
}

/// True where a text is the end of an id, with its kind letter or not.
fn ends_with(id: &LineId, text: &str) -> bool {
    let LineId::Object(id) = id else { return false };
    let (id, text) = (id.to_string(), text.to_ascii_lowercase());
    let tail = text.strip_prefix(|letter: char| id.starts_with(letter));
    id.ends_with(&text) || tail.is_some_and(|tail| id.ends_with(tail))
}

fn not_a(id: &LineId) -> CliError {
    CliError::new(Kind::Desk, format!("the desk found another kind of thing: {}", tail(id)))
}

/// A reply that does not answer what was asked: a fault of the program, told by the place that asked.
#[track_caller]
pub(super) fn unexpected(_: &Reply) -> CliError {
    CliError::new(Kind::Desk, format!("unexpected reply at {}", std::panic::Location::caller()))
}
