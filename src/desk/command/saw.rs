//! What somebody writes stands on what they saw: where another has changed that since, nothing is written, and it is said
//! who did and what stands there now. One place for all commands that write over something.
//!
//! Who changed it is read from the newest acts of people; what a rule changed has nobody.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use crate::book::{Snippet, Target, Task, TaskId, TaskKind, Timestamp};
use crate::door::command::{ObjectRef, TaskVerb};
use crate::door::form::Field;
use crate::door::{Command, Refusal, RefusalKind, Saw};
use crate::store::record::{AskKey, Edited};
use crate::store::{Body, acts};
use crate::text::clean::{for_clipboard, for_display};
use crate::text::width::truncate;

/// How many acts are looked at for the one that changed something, and how many of their bodies: it is among the last.
pub(super) const ACTS_LOOKED_AT: usize = 200;
pub(super) const BODIES_LOOKED_AT: usize = 1_000;

/// Columns of an answer that another took the place of.
const OLD_SHOWN: usize = 36;

crate::words! {
    enum SawWords {
        ChangedBy { what, who, at } => [
            "{what} 刚被 {who} 在 {at} 改过，你写的没有存",
            "{what} 剛被 {who} 在 {at} 改過，你寫的沒有存",
            "{what} was changed by {who} at {at}: yours is not written"
        ],
        Changed { what } => [
            "{what} 刚被改过，你写的没有存",
            "{what} 剛被改過，你寫的沒有存",
            "{what} was changed meanwhile: yours is not written"
        ],
        TookThePlace { who, at, value } => [
            "原来是 {who} 在 {at} 填的: {value}",
            "原來是 {who} 在 {at} 填的: {value}",
            "{who} had filled in at {at}: {value}"
        ],
    }
}

impl Desk {
    /// Refuses what would be written over something that its writer has not seen. Where nobody looked, it says what of
    /// somebody else's is written over.
    pub(super) fn must_be_as_seen(
        &self,
        act: &Act,
        command: &Command,
        saw: Option<&Saw>,
    ) -> Result<Vec<String>, DeskError> {
        match (command, saw) {
            (Command::Task { tasks, .. }, Some(Saw::Rev(rev))) => self.must_be_at(act, tasks, *rev)?,
            (Command::Task { tasks, verb: TaskVerb::Rewrite { text } }, Some(Saw::Text(saw))) => {
                self.must_say(act, tasks, text.as_deref(), saw.as_deref())?;
            }
            (Command::Edit { objects, fields }, Some(Saw::Fields(saw))) => {
                self.must_have(act, objects, fields, saw)?;
            }
            (Command::SnippetSet { before: Some(name), .. } | Command::SnippetRemove { name }, Some(saw)) => {
                self.must_be_page(act, name, saw)?;
            }
            (Command::Fill { playbook, run, group, key, value }, saw) => {
                let ask = AskKey { playbook: playbook.clone(), run: *run, group: *group, key: key.clone() };
                return self.must_be_answered(act, &ask, value, saw);
            }
            (Command::ViewSet { before: Some(name), view }, Some(Saw::View(seen))) => {
                self.must_be_view(act, name, seen, Some(view))?;
            }
            (Command::ViewRemove { name }, Some(Saw::View(seen))) => {
                self.must_be_view(act, name, seen, None)?;
            }
            (Command::CampaignEdit { campaign }, Some(Saw::Campaign(seen))) => {
                self.must_be_campaign(act, campaign, seen)?;
            }
            (Command::Correct { task, .. }, Some(Saw::Wrong { at, .. })) => {
                self.must_be_wrong_as_seen(act, *task, *at)?;
            }
            _ => {}
        }
        Ok(Vec::new())
    }

    /// Of several tasks each has a revision of its own: one alone can be meant.
    fn must_be_at(&self, act: &Act, tasks: &[TaskId], rev: u32) -> Result<(), DeskError> {
        let [task] = tasks else { return Ok(()) };
        match self.store.task(*task)? {
            Some(task) if task.status.rev != rev => Err(self.changed_meanwhile(act, &task)),
            _ => Ok(()),
        }
    }

    /// The answer of a form: nobody's, or the one that was shown.
    fn must_be_answered(
        &self,
        act: &Act,
        ask: &AskKey,
        value: &str,
        saw: Option<&Saw>,
    ) -> Result<Vec<String>, DeskError> {
        let now = self.answer(&ask.playbook, ask.run, ask.group, &ask.key);
        let now = now.map(|now| for_clipboard(now).into_owned());
        let wrote = |body: &Body| {
            matches!(body, Body::Answered { ask: of, .. }
                if (&of.playbook, of.run, &of.key) == (&ask.playbook, ask.run, &ask.key)
                    && (of.group == ask.group || of.group.is_none()))
        };
        if is_same(now.as_deref(), Some(value)) {
            return Ok(Vec::new());
        }
        match (saw, &now) {
            (Some(Saw::Text(saw)), _) if !is_same(saw.as_deref(), now.as_deref()) => {
                let group = ask.group.map(|group| self.display_name(Target::Group(group)));
                let of = group.map(|name| format!(" {name}")).unwrap_or_default();
                let what = format!("{}{of}", for_display(&ask.key));
                Err(self.changed_by(act, what, Saw::Text(now), wrote))
            }
            (None, Some(now)) => {
                let another = self.last_to_write(wrote)?.filter(|(who, _)| *who != act.by.operator);
                let said = another.map(|(who, at)| {
                    let value = truncate(&for_display(now), OLD_SHOWN).into_owned();
                    let values: [(&str, &dyn std::fmt::Display); 3] = [
                        ("who", &for_display(&who)),
                        ("at", &self.day_and_clock(at, act.at)),
                        ("value", &value),
                    ];
                    SawWords::TookThePlace.fill(act.lang, &values)
                });
                Ok(said.into_iter().collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The text of a task as it was shown, whichever of its parts that was.
    fn must_say(
        &self,
        act: &Act,
        tasks: &[TaskId],
        text: Option<&str>,
        saw: Option<&str>,
    ) -> Result<(), DeskError> {
        let [task] = tasks else { return Ok(()) };
        // what has ended says so itself
        let Some(task) = self.store.task(*task)?.filter(|task| task.status.state.is_open()) else {
            return Ok(());
        };
        let parts = self.unwarned_text(&task, act.lang)?.parts;
        // of one that cannot be said, what is written is what is edited
        let texts = || parts.iter().map(|part| (part.copy.as_deref().or(part.written.as_deref()), part.done));
        let now = texts().find_map(|(text, done)| text.filter(|_| !done));
        let says = texts().map(|(text, _)| text);
        let stood = |seen: Option<&str>| match seen {
            Some(_) => says.clone().any(|says| is_same(says, seen)),
            None => now.is_none(),
        };
        if stood(saw) || text.is_some() && stood(text) {
            return Ok(());
        }
        let stands = now.map(|now| for_clipboard(now).into_owned());
        let what = self.task_name(task.id);
        Err(self.changed_by(act, what, Saw::Text(stands), |body| rewrites(&task, body)))
    }

    /// The fields that are sent, as they were in the form; others may have changed.
    fn must_have(
        &self,
        act: &Act,
        objects: &[ObjectRef],
        fields: &[(Field, String)],
        saw: &[(Field, String)],
    ) -> Result<(), DeskError> {
        let [object] = objects else { return Ok(()) };
        // what is not there is told by whoever would change it
        let Ok(form) = self.form(*object, act.lang) else { return Ok(()) };
        let value =
            |of: &[(Field, String)], field| of.iter().find(|(f, _)| *f == field).map(|(_, v)| v.clone());
        let mut stands = Vec::new();
        for (field, typed) in fields {
            let (Some(seen), Some(now)) = (value(saw, *field), value(&form, *field)) else { continue };
            if !is_same(Some(&seen), Some(&now)) && !is_same(Some(typed), Some(&now)) {
                stands.push((*field, now));
            }
        }
        let Some((first, now)) = stands.first().cloned() else { return Ok(()) };
        let labels: Vec<&str> = stands.iter().map(|(field, _)| field.label(act.lang)).collect();
        let what = format!("{} {}", self.formed_name(*object), labels.join(", "));
        let error = self.changed_by(act, what, Saw::Fields(stands.clone()), |body| {
            stands.iter().any(|(field, _)| edits(*object, *field, body))
        });
        Err(error.refusal().at_field(first, now).into())
    }

    /// A snippet as the page that was shown.
    fn must_be_page(&self, act: &Act, name: &str, saw: &Saw) -> Result<(), DeskError> {
        let (Saw::Text(Some(page)), Some(known)) = (saw, self.store.columns.snippets.get(name)) else {
            return Ok(());
        };
        let (seen, now) = (Snippet::from_page(page), &known.body);
        if seen == Snippet::from_page(&for_clipboard(&now.to_page())) {
            return Ok(());
        }
        let wrote = |body: &Body| matches!(body, Body::SnippetSet { name: of, .. } if of == name);
        let stands = Saw::Text(Some(for_clipboard(&now.to_page()).into_owned()));
        Err(self.changed_by(act, for_display(name).into_owned(), stands, wrote))
    }

    /// The refusal of what would be written over something that was not seen.
    pub(super) fn changed_by(
        &self,
        act: &Act,
        what: String,
        stands: Saw,
        wrote: impl Fn(&Body) -> bool,
    ) -> DeskError {
        match self.last_to_write(wrote) {
            Ok(by) => self.overtaken(act, what, stands, by),
            Err(error) => error,
        }
    }

    /// The same where it is known who changed it, and when.
    pub(super) fn overtaken(
        &self,
        act: &Act,
        what: String,
        stands: Saw,
        by: Option<(String, Timestamp)>,
    ) -> DeskError {
        let by = by.map(|(who, at)| (for_display(&who).into_owned(), at));
        let words = match &by {
            Some((who, at)) => {
                let at = self.day_and_clock(*at, act.at);
                SawWords::ChangedBy.fill(act.lang, &[("what", &what), ("who", who), ("at", &at)])
            }
            None => SawWords::Changed.fill(act.lang, &[("what", &what)]),
        };
        let mut refusal = Refusal::new(RefusalKind::Changed, words).about(what);
        (refusal.who, refusal.at) = by.unzip();
        refusal.stands = Some(stands);
        refusal.into()
    }

    /// Who did last what is meant, and when.
    fn last_to_write(&self, wrote: impl Fn(&Body) -> bool) -> Result<Option<(String, Timestamp)>, DeskError> {
        let mut left = BODIES_LOOKED_AT;
        for (act, head) in acts::newest(None, ACTS_LOOKED_AT, &self.store.bodies)? {
            let bodies = acts::first_bodies_of(act, left, &self.store.bodies)?;
            let is_it = bodies.iter().any(|body| match body {
                Body::ImportApplied { changes, .. } => changes.iter().any(&wrote),
                body => wrote(body),
            });
            if is_it {
                return Ok(Some((head.by.operator, head.at)).filter(|(who, _)| !who.is_empty()));
            }
            left = left.saturating_sub(bodies.len());
            if left == 0 {
                break;
            }
        }
        Ok(None)
    }
}

/// Whether two texts are one but for what the screen cannot show of them.
fn is_same(one: Option<&str>, other: Option<&str>) -> bool {
    let plain = |text: &str| for_clipboard(text).trim().to_owned();
    one.map(plain) == other.map(plain)
}

/// Whether a body makes a task say something else: an edit, an answer, a new version, a name.
fn rewrites(task: &Task, body: &Body) -> bool {
    let playbook = match &task.kind {
        TaskKind::Step { key, .. } => Some(&key.playbook),
        _ => None,
    };
    match body {
        Body::TaskChanged { task: of, before, after } => *of == task.id && !before.is_edited_like(after),
        Body::Answered { ask, .. } => Some(&ask.playbook) == playbook,
        Body::PlaybookApplied { playbook: of, .. } => Some(of) == playbook,
        Body::Edited { object: Edited::Member(member), .. } => task.member() == Some(*member),
        Body::Edited { object: Edited::Group(group), .. } => {
            task.group == Some(*group) || task.target == Target::Group(*group)
        }
        _ => false,
    }
}

/// Whether a body changes a field of an object.
fn edits(object: ObjectRef, field: Field, body: &Body) -> bool {
    match body {
        Body::Edited { object: of, changes } => {
            let of = match *of {
                Edited::Account(id) => ObjectRef::Account(id),
                Edited::Group(id) => ObjectRef::Group(id),
                Edited::Member(id) => ObjectRef::Member(id),
                Edited::Product(id) => ObjectRef::Product(id),
            };
            of == object && changes.iter().any(|change| change.field == field.word())
        }
        Body::ContactSet { before, after } => before.iter().chain(after).any(|contact| match object {
            ObjectRef::Contact(member, account) => (contact.member, contact.account) == (member, account),
            ObjectRef::Member(member) => field == Field::FriendOf && contact.member == member,
            _ => false,
        }),
        Body::MembershipSet { before, after } => before.iter().chain(after).any(|stay| match object {
            ObjectRef::Membership(member, group) => (stay.member, stay.group) == (member, group),
            ObjectRef::Member(member) => field == Field::Group && stay.member == member,
            _ => false,
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::SawWords>(), Vec::<String>::new());
    }
}
