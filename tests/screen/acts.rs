//! What the small desk does when it is told to.

use super::desk::{Desk, NOW, group_id};
use qun::book::id::Id;
use qun::book::{ActId, ObjectId, TaskId, TaskState};
use qun::door::command::{Command, TaskVerb};
use qun::door::line::Fact;
use qun::door::reply::{Outcome, OutcomeWord, TaskOutcome};

impl Desk {
    pub(super) fn carry_out(&mut self, command: &Command) -> Outcome {
        let mut outcome = Outcome { act: Some(ActId::from_bits(1)), ..Outcome::default() };
        outcome.words = match command {
            Command::Task { tasks, verb } => {
                for id in tasks {
                    self.apply(*id, verb);
                    let done = TaskOutcome { id: *id, outcome: OutcomeWord::Ok, rev: 2, refusal: None };
                    outcome.tasks.push(done);
                }
                match verb {
                    TaskVerb::Copied { .. } | TaskVerb::Seen => String::new(),
                    TaskVerb::Sent { .. } => format!("已发 {} 条。u 撤销", tasks.len()),
                    TaskVerb::Part { part } => format!("第 {} 段已发", part + 1),
                    _ => format!("已处理 {} 条。u 撤销", tasks.len()),
                }
            }
            Command::Compose { dry_run: true, .. } => {
                outcome.compose = Some(Box::new(super::one_offs::looked_at()));
                "筛出 4 个，会发 4 个: 来坐坐".to_owned()
            }
            Command::Correct { .. } => {
                let places = super::boards::spread().stands.join("；");
                outcome
                    .warnings
                    .push(format!("这些地方还是旧文字，之后到点的还会这么说，请也改掉: {places}"));
                "已改 3 条待发".to_owned()
            }
            Command::AddGroups { names, .. } => {
                let known = |name: &str| self.groups.iter().any(|group| group.name == name);
                let new: Vec<_> = names.iter().filter(|group| !known(&group.name)).cloned().collect();
                for group in new {
                    self.add_group(&group.name, None, group.head_count, 0, 0);
                    outcome.made.push(ObjectId::Group(group_id(self.groups.len() as u32)));
                }
                format!("新建 {} 个群", outcome.made.len())
            }
            Command::Undo { .. } => {
                for task in &mut self.tasks {
                    if task.state != TaskState::Due {
                        let done =
                            TaskOutcome { id: task.id, outcome: OutcomeWord::Ok, rev: 3, refusal: None };
                        outcome.tasks.push(done);
                    }
                    task.state = TaskState::Due;
                }
                "已撤销: 已发".into()
            }
            Command::ImportBegin { .. } => {
                let report = qun::door::reply::ImportReport { import: 5, ..Default::default() };
                outcome.import = Some(Box::new(report));
                String::new()
            }
            Command::Tell(tell) => format!("记下 {} 人", tell.who.len()),
            _ => "做了".into(),
        };
        outcome
    }

    fn apply(&mut self, id: TaskId, verb: &TaskVerb) {
        if let TaskVerb::Acknowledge { codes } = verb {
            for text in self.texts.iter_mut().filter(|text| text.task == id) {
                text.warnings.retain(|warning| !codes.contains(&warning.code));
            }
        }
        let Some(task) = self.tasks.iter_mut().find(|task| task.id == id) else { return };
        match verb {
            TaskVerb::Sent { .. } => task.state = TaskState::Sent,
            TaskVerb::Skip { reason, .. } => task.state = reason.end_state(),
            TaskVerb::Snooze { until } => {
                task.state = TaskState::Snoozed;
                task.snoozed_until = Some(*until);
            }
            TaskVerb::Part { part } => {
                if let Some(text) = self.texts.iter_mut().find(|text| text.task == id) {
                    text.parts[usize::from(*part)].done = true;
                    if text.parts.iter().all(|part| part.done) {
                        task.state = TaskState::Sent;
                    }
                }
            }
            TaskVerb::Copied { part } => {
                task.facts.push(Fact::Copied { at: NOW, by: String::new(), parts: vec![*part] });
            }
            TaskVerb::Seen => task.facts.retain(|fact| *fact != Fact::Unseen),
            _ => {}
        }
        task.rev += 1;
    }
}
