//! What the desk shows of one fact, in the naive book's own words.

use super::book::{Fact, Value};
use crate::book::{Activity, Contact, Fields, Membership, Target, Task, TaskId, TaskStatus, Touch};
use crate::desk::Desk;
use crate::store::columns::TaskColumn;
use crate::store::keys;

/// Reads a fact as a screen would find it.
pub(super) fn read(desk: &Desk, fact: &Fact) -> Value {
    let (columns, bodies) = (&desk.store.columns, &desk.store.bodies);
    match fact {
        Fact::Field(target, word) => match target {
            Target::Member(id) => desk.store.member(*id).unwrap().and_then(|m| m.field(word)),
            Target::Group(id) => columns.groups.by_id(*id).and_then(|g| g.body.field(word)),
            Target::Account(id) => columns.accounts.by_id(*id).and_then(|a| a.body.field(word)),
        }
        .unwrap_or_default(),
        Fact::Contact(member, account) => {
            let contact: Option<Contact> = bodies.read(&keys::contact(*member, *account)).unwrap();
            contact.map(|c| c.state.word().to_owned()).unwrap_or_default()
        }
        Fact::Stay(member, group) => {
            let stays: Vec<Membership> = bodies.list(&keys::memberships(*member), usize::MAX).unwrap();
            let mut here: Vec<Membership> = stays.into_iter().filter(|s| s.group == *group).collect();
            here.sort_by_key(|s| s.spell);
            here.last().map_or_else(Value::new, |s| if s.left_at.is_none() { "in" } else { "out" }.to_owned())
        }
        Fact::Told(member, kind) => {
            let all: Vec<Activity> =
                bodies.list(&keys::activities(Target::Member(*member)), usize::MAX).unwrap();
            match all.iter().filter(|a| a.kind == *kind).count() {
                0 => Value::new(),
                n => n.to_string(),
            }
        }
        Fact::Notes(on) => {
            let mut notes: Vec<String> = bodies
                .range(&keys::notes(*on), &[], usize::MAX)
                .unwrap()
                .iter()
                .map(|(_, text)| note(text))
                .collect();
            notes.sort();
            notes.join("\n")
        }
        Fact::Task(id) => task(desk, *id).map(|t| state(&t.status)).unwrap_or_default(),
        Fact::Text(id) => task(desk, *id).and_then(|t| t.status.edited).unwrap_or_default(),
        Fact::Touches(id) => {
            let rows = bodies.range(&keys::touches_of(*id), &[], usize::MAX).unwrap();
            let touch =
                |key: &[u8]| bodies.read::<Touch>(key).unwrap().expect("a touch stands under its key");
            let mut said: Vec<String> = rows.iter().map(|(_, key)| said(&touch(key))).collect();
            said.sort();
            said.join("\n")
        }
        Fact::Answer(ask) => columns.answers.get(ask).cloned().unwrap_or_default(),
        Fact::Pause(target) => match columns.paused.get(target) {
            Some(pause) => pause.until.map_or("paused".to_owned(), |until| until.0.to_string()),
            None => Value::new(),
        },
        Fact::Playbook(id) => match columns.playbooks.get(id) {
            Some(p) => format!("{:?} {}", p.state, p.versions.get(&p.current).map_or("", String::as_str)),
            None => Value::new(),
        },
    }
}

pub(super) fn task(desk: &Desk, id: TaskId) -> Option<Task> {
    desk.store.task(id).unwrap()
}

/// The state, and the human who ended it.
pub(super) fn state(status: &TaskStatus) -> Value {
    format!("{} {}", status.state, status.ended_by).trim().to_owned()
}

fn said(touch: &Touch) -> String {
    format!("{}{}", touch.by, if touch.duplicate { " 重复" } else { "" })
}

/// What tells that a task has changed, without its body.
pub(super) fn glance(column: &TaskColumn) -> String {
    format!(
        "{} {} {:?} {:?} {:?} {:?} {} {:?}",
        column.rev,
        column.state,
        column.due_at,
        column.until(),
        column.snoozed_until(),
        column.ended_at(),
        column.members,
        column.words
    )
}

fn note(bytes: &[u8]) -> String {
    let (text, _): (String, String) =
        crate::store::bodies::decode(bytes).expect("a note is a text, and whose");
    text
}
