//! What screens are told without watching anything: what became due, and the numbers of the header.

use std::collections::HashSet;

use serde::Serialize;

use crate::book::{ObjectId, TaskId, TaskState, Timestamp};
use crate::desk::view::task_line::clean;
use crate::desk::{Changed, Desk, Output, Turn};
use crate::door::Push;
use crate::door::reply::Counts;
use crate::store::columns::task::TaskSort;

/// Tasks that an alert names; the queue shows them all.
const NAMED: usize = 20;

/// What a hook reads: one JSON object a turn.
#[derive(Serialize)]
struct HookEvent {
    schema: u32,
    event: &'static str,
    tasks: Vec<HookTask>,
    /// How many became due; more than `tasks` names when many did.
    total: usize,
}

#[derive(Serialize)]
struct HookTask {
    id: String,
    target: String,
    playbook: String,
    step: String,
    due_at: String,
}

impl HookTask {
    /// For whom, and of what; a task that is called by its playbook is named once.
    fn words(&self) -> String {
        if self.target.contains(&self.playbook) {
            return self.target.clone();
        }
        format!("{} {}", self.target, self.playbook).trim().to_owned()
    }
}

impl Desk {
    /// Tells screens and hooks what became due in this turn: fired, or back from being snoozed.
    pub(super) fn tell_alerts(&mut self, changed: &Changed, now: Timestamp, turn: &mut Turn) {
        let columns = &self.store.columns;
        let mut known: HashSet<TaskId> = HashSet::new();
        let mut due: Vec<(TaskId, u32)> = Vec::new();
        for object in &changed.objects {
            let ObjectId::Task(id) = object else { continue };
            let Some(row) = columns.tasks.row(*id).filter(|_| known.insert(*id)) else { continue };
            let Some(task) = columns.tasks.get(row) else { continue };
            let back = self.views.snoozed.contains(&row);
            let fired = task.fired_at == now && !task.seen;
            // a follow-up made for now is no news to who made it
            if task.state == TaskState::Due && (back || fired && task.sort != TaskSort::FollowUp) {
                due.push((*id, row));
            }
        }
        for row in known.iter().filter_map(|id| columns.tasks.row(*id)) {
            if columns.tasks.get(row).is_some_and(|task| task.state == TaskState::Snoozed) {
                self.views.snoozed.insert(row);
            } else {
                self.views.snoozed.remove(&row);
            }
        }
        if due.is_empty() {
            return;
        }
        let named: Vec<HookTask> =
            due.iter().take(NAMED).filter_map(|(id, row)| self.hook_task(*id, *row)).collect();
        let words = named.iter().map(HookTask::words).collect();
        let tasks = due.iter().map(|(id, _)| *id).collect();
        self.push_screens(&Push::Fired { tasks, words }, turn);
        let event = HookEvent { schema: 1, event: "due", tasks: named, total: due.len() };
        if let Ok(json) = serde_json::to_string(&event) {
            turn.outputs.push(Output::Hook { json });
        }
    }

    fn hook_task(&self, id: TaskId, row: u32) -> Option<HookTask> {
        let columns = &self.store.columns;
        let column = columns.tasks.get(row)?;
        let playbook = column.playbook.and_then(|place| columns.playbook_at(place));
        Some(HookTask {
            id: id.to_string(),
            target: self.task_name(id),
            playbook: playbook.map(|(_, playbook)| clean(&playbook.title)).unwrap_or_default(),
            step: clean(columns.words.text(column.step)),
            due_at: column.due_at.rfc3339(columns.store.zone),
        })
    }

    /// The numbers that a connection begins with. What this turn has changed before is told at its end, to all.
    pub(in crate::desk) fn counts_to_begin_with(&mut self, now: Timestamp) -> Counts {
        self.views.told = None;
        self.count_on(now);
        self.counts_known(now)
    }

    /// The numbers of this minute; counted anew only when something changed, since counting looks at every open task.
    fn counts_known(&mut self, now: Timestamp) -> Counts {
        let minute = now.0.div_euclid(crate::book::time::MINUTE);
        match self.views.counted {
            Some((counted, counts)) if counted == minute => counts,
            _ => {
                let counts = self.counts(now);
                self.views.counted = Some((minute, counts));
                counts
            }
        }
    }

    /// Tells screens the saved views where one changed.
    pub(super) fn tell_saved_views(&self, changed: &Changed, turn: &mut Turn) {
        if changed.saved_views {
            self.push_screens(&Push::Views(self.saved_views()), turn);
        }
    }

    /// Tells screens the numbers of the header where they changed.
    pub(super) fn tell_counts(&mut self, changed: &Changed, now: Timestamp, turn: &mut Turn) {
        let minute = now.0.div_euclid(crate::book::time::MINUTE);
        let quiet = changed.objects.is_empty() && changed.playbooks.is_empty() && !changed.all;
        if quiet && self.views.counted.is_some_and(|(counted, _)| counted == minute) {
            return;
        }
        self.views.counted = None;
        if self.screens() == 0 {
            return;
        }
        let counts = self.counts_known(now);
        if self.views.told != Some(counts) {
            self.views.told = Some(counts);
            self.push_screens(&Push::Counts(counts), turn);
        }
    }
}
