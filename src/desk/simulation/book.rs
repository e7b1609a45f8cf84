//! The naive book: what humans were told is so, one fact beside the other.
//!
//! It shares no code with what applies records. A command that was acknowledged sets facts; an undo sets those
//! facts back that still hold; whatever else the desk shows must be explained by a written rule.

use std::collections::{BTreeMap, BTreeSet};

use super::reading;

use crate::book::{
    AccountId, ActId, ActivityKind, CommandId, GroupId, MemberId, ObjectId, PlaybookId, Target, TaskId,
};
use crate::desk::Desk;
use crate::store::record::AskKey;

/// One thing that is so, by what it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    /// A field of a target by the word of its form.
    Field(Target, &'static str),
    Contact(MemberId, AccountId),
    /// `in` or `out`.
    Stay(MemberId, GroupId),
    /// How often something happened to somebody.
    Told(MemberId, ActivityKind),
    Notes(ObjectId),
    /// State and who ended it.
    Task(TaskId),
    /// The text edited for this once.
    Text(TaskId),
    /// Who says they sent it, duplicates marked.
    Touches(TaskId),
    Answer(AskKey),
    Pause(Target),
    /// State and text.
    Playbook(PlaybookId),
}

/// What is set; empty where nothing is.
pub(super) type Value = String;

/// What one act did.
#[derive(Clone, Debug)]
pub(super) struct ActDone {
    pub operator: usize,
    pub set: Vec<(Fact, Value, Value)>,
    pub undone: bool,
    /// The act that it reversed.
    pub undo_of: Option<ActId>,
}

#[derive(Debug, Default)]
pub(super) struct Book {
    pub facts: BTreeMap<Fact, Value>,
    pub acts: BTreeMap<ActId, ActDone>,
    /// Commands that were acknowledged, with their acts.
    pub commands: BTreeMap<CommandId, Option<ActId>>,
    /// Everything that ever fired, by (playbook, step, target or run, occurrence, ordinal).
    pub fired: BTreeMap<String, TaskId>,
    /// (playbook, target, anchor) of every enrolment.
    pub enrolled: BTreeMap<String, crate::book::EnrolmentId>,
    pub tasks: BTreeMap<TaskId, crate::book::Task>,
    /// Tasks that a human let go whatever held them.
    pub woken: BTreeSet<TaskId>,
    /// Names of the rows of imports that are not promised yet.
    pub importing: BTreeMap<u32, Vec<String>>,
    /// Names that a committed import promised.
    pub promised: BTreeSet<String>,
}

impl Book {
    pub(super) fn get(&self, fact: &Fact) -> Value {
        self.facts.get(fact).cloned().unwrap_or_default()
    }

    pub(super) fn put(&mut self, fact: Fact, value: Value) {
        if value.is_empty() {
            self.facts.remove(&fact);
        } else {
            self.facts.insert(fact, value);
        }
    }

    /// Sets facts as one act.
    pub(super) fn act(&mut self, id: Option<ActId>, operator: usize, set: Vec<(Fact, Value)>) {
        let mut done = Vec::new();
        for (fact, after) in set {
            let before = self.get(&fact);
            self.put(fact.clone(), after.clone());
            done.push((fact, before, after));
        }
        if let Some(id) = id {
            let act = self.acts.entry(id).or_insert(ActDone {
                operator,
                set: Vec::new(),
                undone: false,
                undo_of: None,
            });
            act.set.extend(done);
        }
    }

    /// Sets back what an act set and what still holds, newest first; with `kept` the desk may have left some.
    pub(super) fn undo(&mut self, desk: &Desk, undo: ActId, operator: usize, which: ActId, kept: bool) {
        let Some(act) = self.acts.get_mut(&which) else { return };
        act.undone = true;
        let reversed = act.undo_of;
        let mut set = Vec::new();
        for (fact, before, after) in act.set.clone().into_iter().rev() {
            match fact {
                // what is counted is taken back by as much as was added
                Fact::Told(..) => {
                    let added = number(&after) - number(&before);
                    let now = number(&self.get(&fact)) - added;
                    set.push((fact, if now == 0 { Value::new() } else { now.to_string() }));
                }
                Fact::Touches(_) | Fact::Notes(_) => {
                    let mut now: Vec<String> = lines(&self.get(&fact));
                    for line in minus(&lines(&after), &lines(&before)) {
                        if let Some(at) = now.iter().position(|known| *known == line) {
                            now.remove(at);
                        }
                    }
                    now.extend(minus(&lines(&before), &lines(&after)));
                    now.sort();
                    set.push((fact, now.join("\n")));
                }
                // the first text taken back leaves a playbook that is removed
                Fact::Playbook(_) => {
                    let shown = reading::read(desk, &fact);
                    set.push((fact, shown));
                }
                _ if self.get(&fact) == after => {
                    let stays = kept && reading::read(desk, &fact) == after;
                    set.push((fact, if stays { after } else { before }));
                }
                _ => {}
            }
        }
        // the undo of an undo is that act again
        if let Some(again) = reversed.and_then(|id| self.acts.get_mut(&id)) {
            again.undone = false;
        }
        self.act(Some(undo), operator, set);
        if let Some(undo) = self.acts.get_mut(&undo) {
            undo.undo_of = Some(which);
        }
    }
}

/// One more line of a value, in order.
pub(super) fn with_line(value: &str, line: &str) -> Value {
    let mut all = lines(value);
    all.push(line.to_owned());
    all.sort();
    all.join("\n")
}

/// A count as it stands in a value.
pub(super) fn number(value: &str) -> i64 {
    value.parse().unwrap_or(0)
}

/// The lines of a value.
pub(super) fn lines(value: &str) -> Vec<String> {
    value.lines().map(str::to_owned).collect()
}

/// What is in `more` and not in `less`, each as often as it is too many.
fn minus(more: &[String], less: &[String]) -> Vec<String> {
    let mut rest = more.to_vec();
    for line in less {
        if let Some(at) = rest.iter().position(|known| known == line) {
            rest.remove(at);
        }
    }
    rest
}
