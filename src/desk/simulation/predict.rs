//! What an acknowledged command makes so, by the rules as people know them.

pub(super) mod wide;

use super::book::{Book, Fact, Value, number, with_line};
use super::playbooks::PLAYBOOKS;
use super::reading;
use super::{OPERATORS, Violation};
use crate::book::{
    ActivityKind, ContactState, GroupId, MemberId, PlaybookId, SkipReason, Target, Task, TaskId, TaskKind,
    Timestamp, Via,
};
use crate::desk::Desk;
use crate::door::command::{ObjectRef, TaskVerb, Who};
use crate::door::reply::{Outcome, OutcomeWord};
use crate::door::{Command, Request};
use crate::store::record::AskKey;

use super::world::Asked;

impl Book {
    /// Takes in a command that was answered with `outcome`.
    pub(super) fn acknowledge(
        &mut self,
        desk: &Desk,
        asked: &Asked,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<(), Violation> {
        if let Some(known) = self.commands.get(&asked.id) {
            if *known != outcome.act {
                return Err(Violation::new(format!(
                    "a repeated command became another act: {known:?}, then {:?}",
                    outcome.act
                )));
            }
            return Ok(());
        }
        self.commands.insert(asked.id, outcome.act);
        let Request::Do { command, .. } = &asked.request else { return Ok(()) };
        let mut set = self.set_by(desk, asked.operator, command, outcome)?;
        if outcome.act.is_some() {
            set.extend(self.wide(desk, OPERATORS[asked.operator], command, now));
        }
        match command {
            Command::Undo { .. } | Command::Redo => {
                let Some(undo) = outcome.act else { return Ok(()) };
                let head = crate::store::acts::head(undo, &desk.store.bodies).unwrap();
                let which = head.and_then(|head| head.undo_of);
                let which = which.ok_or_else(|| Violation::new("an undo reverses nothing"))?;
                let act = self.acts.get(&which);
                let act =
                    act.ok_or_else(|| Violation::new(format!("an act nobody did was undone: {which}")))?;
                if act.operator != asked.operator || act.undone {
                    let whose = OPERATORS[act.operator];
                    return Err(Violation::new(format!("{whose}'s act was not to be undone: {which}")));
                }
                // where the desk says that it kept something, it may have
                let kept = !outcome.warnings.is_empty() || outcome.words.is_empty();
                self.undo(desk, undo, asked.operator, which, kept);
            }
            _ => self.act(outcome.act, asked.operator, set),
        }
        Ok(())
    }

    fn set_by(
        &mut self,
        desk: &Desk,
        operator: usize,
        command: &Command,
        outcome: &Outcome,
    ) -> Result<Vec<(Fact, Value)>, Violation> {
        let mut set = Vec::new();
        let me = OPERATORS[operator];
        match command {
            Command::Task { tasks, verb } => {
                for id in tasks {
                    let refused = outcome.tasks.iter().any(|t| t.id == *id && t.outcome != OutcomeWord::Ok);
                    if !refused && let Some(task) = self.tasks.get(id).cloned() {
                        self.verb(desk, me, &task, verb, &mut set)?;
                    }
                }
            }
            Command::Reply { member, task, answer, .. } => {
                set.push(self.told(*member, ActivityKind::Replied));
                let step = task.and_then(|id| self.tasks.get(&id)).and_then(step_name);
                let tag = match (step.as_deref(), answer) {
                    (Some("wake-silent r3"), Some(0)) => Some("勿扰"),
                    (Some("wake-silent r3"), Some(1)) => Some("大人"),
                    _ => None,
                };
                set.extend(tag.and_then(|tag| self.tagged(*member, tag)));
            }
            Command::Fill { playbook, run, group, key, value } => {
                let ask = AskKey { playbook: playbook.clone(), run: *run, group: *group, key: key.clone() };
                set.push((Fact::Answer(ask), value.trim().to_owned()));
                for (id, task) in &self.tasks {
                    let TaskKind::Ask { playbook: p, run: r, key: k, group: g } = &task.kind else {
                        continue;
                    };
                    let meant = group.is_none() || g.is_none() || g == group;
                    if (p, r, k) == (playbook, run, key) && meant && self.is_open(*id) {
                        set.push((Fact::Task(*id), format!("sent {me}")));
                    }
                }
            }
            Command::SopAdd { toml, new_only, .. } => {
                let Some((name, _)) = PLAYBOOKS.iter().find(|(_, text)| text == toml) else { return Ok(set) };
                let id = PlaybookId((*name).to_owned());
                if outcome.act.is_some() {
                    // a new text of what is paused stays paused
                    let paused = self.get(&Fact::Playbook(id.clone())).starts_with("Paused");
                    let state = if paused { "Paused" } else { "Running" };
                    set.push((Fact::Playbook(id.clone()), format!("{state} {toml}")));
                    // what nobody has begun to send of a step that is gone goes with it
                    let text = crate::sop::parse(toml, name, &|_| Ok(())).playbook;
                    for (task_id, task) in &self.tasks {
                        let TaskKind::Step { key, .. } = &task.kind else { continue };
                        let gone = text.as_ref().is_some_and(|text| text.step_by_id(&key.step).is_none());
                        let body = desk.store.task(*task_id).unwrap();
                        let touched = body.is_some_and(|task| task.status.is_touched());
                        if key.playbook == id && gone && !touched && !new_only && self.is_open(*task_id) {
                            set.push((Fact::Task(*task_id), format!("cancelled {me}")));
                        }
                    }
                }
            }
            Command::SopPause { playbook } => set.extend(self.playbook(playbook, "Paused")),
            Command::SopResume { playbook } => set.extend(self.playbook(playbook, "Running")),
            Command::SopRemove { playbook } => {
                set.extend(self.playbook(playbook, "Removed"));
                for (id, task) in &self.tasks {
                    let theirs = match &task.kind {
                        TaskKind::Step { key, .. } => key.playbook == *playbook,
                        TaskKind::Ask { playbook: p, .. } => p == playbook,
                        _ => false,
                    };
                    if theirs && self.is_open(*id) {
                        set.push((Fact::Task(*id), format!("cancelled {me}")));
                    }
                }
            }
            Command::Note { on, text } => {
                for on in on {
                    let fact = Fact::Notes(*on);
                    let notes = with_line(&self.get(&fact), text);
                    set.push((fact, notes));
                }
            }
            Command::Pause { targets, until } => {
                let until = until.map_or("paused".to_owned(), |until| until.0.to_string());
                set.extend(targets.iter().map(|target| (Fact::Pause(*target), until.clone())));
            }
            Command::Unpause { targets } => {
                set.extend(targets.iter().map(|target| (Fact::Pause(*target), Value::new())));
            }
            Command::Edit { objects, fields } => {
                for object in objects {
                    if let ObjectRef::Group(group) = object {
                        let field = Fact::Field(Target::Group(*group), "state");
                        set.extend(fields.first().map(|(_, text)| (field, text.clone())));
                    }
                    let ObjectRef::Member(member) = object else { continue };
                    let field = Fact::Field(Target::Member(*member), "remark");
                    set.extend(fields.first().map(|(_, text)| (field, text.clone())));
                }
            }
            Command::Tell(tell) => {
                for who in &tell.who {
                    let Who::Known(member) = who else { continue };
                    for happening in &tell.happened {
                        self.happens(*member, tell.group, happening.kind, &mut set);
                    }
                }
            }
            Command::ImportCommit { import, dry_run: false } => {
                let names = self.importing.remove(import).unwrap_or_default();
                self.promised.extend(names);
            }
            _ => {}
        }
        Ok(set)
    }

    /// What a line of quick entry makes so about one member.
    fn happens(
        &self,
        member: MemberId,
        group: Option<GroupId>,
        kind: ActivityKind,
        set: &mut Vec<(Fact, Value)>,
    ) {
        let wanted = match kind {
            ActivityKind::Joined => Some("in"),
            ActivityKind::Left => Some("out"),
            _ => None,
        };
        let stay = wanted.zip(group).map(|(wanted, group)| (Fact::Stay(member, group), wanted));
        match stay {
            Some((fact, wanted)) if self.get(&fact) == wanted => return,
            Some((fact, wanted)) => set.push((fact, wanted.to_owned())),
            None => {}
        }
        set.push(self.told(member, kind));
    }

    fn verb(
        &mut self,
        desk: &Desk,
        me: &str,
        task: &Task,
        verb: &TaskVerb,
        set: &mut Vec<(Fact, Value)>,
    ) -> Result<(), Violation> {
        let id = task.id;
        let state = self.get(&Fact::Task(id));
        let open = self.is_open(id);
        let shown = state.clone();
        let must_be_open = move |what: &str| {
            let words = format!("{me} {what} a task that is {shown}: {id}");
            if open { Ok(()) } else { Err(Violation::new(words)) }
        };
        match verb {
            TaskVerb::Sent { also, .. } => {
                let again = state.starts_with("sent");
                if again && !also {
                    return Err(Violation::new(format!("{me} marked a task sent that is {state}: {id}")));
                }
                self.sent(me, task, again, set);
            }
            TaskVerb::Part { .. } => {
                must_be_open("ticked a part of")?;
                // the last part is the same as sent
                let now = reading::task(desk, id)
                    .is_some_and(|t| reading::state(&t.status) == format!("sent {me}"));
                if now {
                    self.sent(me, task, false, set);
                }
            }
            TaskVerb::Skip { reason, .. } => {
                must_be_open("skipped")?;
                set.push((Fact::Task(id), format!("{} {me}", reason.end_state())));
                self.skipped(task, *reason, set);
                self.unmerged(desk, task, set);
            }
            TaskVerb::Snooze { .. } => {
                must_be_open("snoozed")?;
                set.push((Fact::Task(id), "snoozed".to_owned()));
            }
            TaskVerb::Wake => {
                must_be_open("woke")?;
                self.woken.insert(id);
                self.unmerged(desk, task, set);
                set.push((Fact::Task(id), "due".to_owned()));
            }
            TaskVerb::Rewrite { text } => {
                must_be_open("rewrote")?;
                set.push((Fact::Text(id), text.clone().unwrap_or_default()));
            }
            TaskVerb::Check { yes } => {
                must_be_open("checked")?;
                if *yes {
                    set.push((Fact::Task(id), format!("skipped {me}")));
                    set.extend(task.member().map(|m| self.told(m, ActivityKind::Replied)));
                }
            }
            TaskVerb::Copied { .. } | TaskVerb::Acknowledge { .. } | TaskVerb::Seen => {}
        }
        Ok(())
    }

    fn sent(&self, me: &str, task: &Task, again: bool, set: &mut Vec<(Fact, Value)>) {
        let id = task.id;
        if !again {
            set.push((Fact::Task(id), format!("sent {me}")));
            for other in self.said_with(id) {
                set.push((Fact::Task(other.id), format!("sent {me}")));
                set.push((Fact::Touches(other.id), with_line(&self.get(&Fact::Touches(other.id)), me)));
            }
        }
        if task.via != Via::Internal {
            let line = format!("{me}{}", if again { " 重复" } else { "" });
            let touches = with_line(&self.get(&Fact::Touches(id)), &line);
            set.push((Fact::Touches(id), touches));
        }
        if let (TaskKind::AddFriend { member }, Some(account), false) =
            (&task.kind, task.status.account, again)
        {
            set.push((Fact::Contact(*member, account), ContactState::Pending.word().to_owned()));
        }
    }

    fn skipped(&self, task: &Task, reason: SkipReason, set: &mut Vec<(Fact, Value)>) {
        let member = task.member();
        let account = task.status.account;
        match reason {
            SkipReason::Talked => set.extend(member.map(|m| self.told(m, ActivityKind::Replied))),
            SkipReason::Bought => set.extend(member.map(|m| self.told(m, ActivityKind::Bought))),
            SkipReason::Unfriended => {
                set.extend(member.map(|m| self.told(m, ActivityKind::Unfriended)));
                if let (Some(member), Some(account)) = (member, account) {
                    let gone = ContactState::DeletedUs.word().to_owned();
                    set.push((Fact::Contact(member, account), gone));
                }
            }
            SkipReason::DoNotDisturb => {
                set.extend(member.map(|m| self.told(m, ActivityKind::Complained)));
                set.extend(member.and_then(|m| self.tagged(m, "勿扰")));
            }
            SkipReason::AccountLimited => {
                let fact = account.map(|id| Fact::Field(Target::Account(id), "health"));
                let may = |fact: &Fact| {
                    let health = self.get(fact);
                    health == "normal" || health.starts_with("recovering")
                };
                if let Some(fact) = fact.filter(may) {
                    let what = match (&task.kind, task.via) {
                        (TaskKind::AddFriend { .. }, _) => "add-friend",
                        (_, Via::Internal) => "all",
                        (_, via) => via.word(),
                    };
                    set.push((fact, format!("limited:{what}")));
                }
            }
            SkipReason::GroupGone => {
                let fact = task.said_in().map(|id| Fact::Field(Target::Group(id), "state"));
                set.extend(fact.map(|fact| (fact, "dissolved".to_owned())));
            }
            SkipReason::Unfit | SkipReason::Other => {}
        }
    }

    pub(super) fn told(&self, member: MemberId, kind: ActivityKind) -> (Fact, Value) {
        let fact = Fact::Told(member, kind);
        let times = number(&self.get(&fact)) + 1;
        (fact, times.to_string())
    }

    pub(super) fn tagged(&self, member: MemberId, tag: &str) -> Option<(Fact, Value)> {
        let fact = Fact::Field(Target::Member(member), "tags");
        let tags = self.get(&fact);
        let has = tags.split(',').any(|known| known == tag);
        let after = if tags.is_empty() { tag.to_owned() } else { format!("{tags},{tag}") };
        (!has).then_some((fact, after))
    }

    fn playbook(&self, id: &PlaybookId, state: &str) -> Option<(Fact, Value)> {
        let fact = Fact::Playbook(id.clone());
        let now = self.get(&fact);
        let (_, toml) = now.split_once(' ')?;
        Some((fact, format!("{state} {toml}")))
    }

    pub(super) fn is_open(&self, id: TaskId) -> bool {
        matches!(self.get(&Fact::Task(id)).as_str(), "due" | "snoozed")
    }
}

/// `playbook step` of a step's task.
pub(super) fn step_name(task: &Task) -> Option<String> {
    match &task.kind {
        TaskKind::Step { key, .. } => Some(format!("{} {}", key.playbook, key.step)),
        _ => None,
    }
}
