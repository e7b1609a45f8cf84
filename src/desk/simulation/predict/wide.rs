//! What acts make so that reach many tasks at once.

use super::super::book::{Book, Fact, Value};
use super::super::reading;
use crate::book::{
    AccountId, Campaign, GroupId, Health, PlaybookId, Target, Task, TaskId, TaskKind, TaskState, Timestamp,
    Via,
};
use crate::desk::Desk;
use crate::door::Command;
use crate::door::choices::notice_draft;
use crate::door::command::{Held, Transfer};
use crate::store::record::AskKey;
use crate::text::lang::Lang;

type Set = Vec<(Fact, Value)>;

impl Book {
    /// What such an act of somebody at an instant made so, where it did something.
    pub(super) fn wide(&self, desk: &Desk, me: &str, command: &Command, now: Timestamp) -> Set {
        match command {
            Command::Limit { account, health, held } => self.limited(me, *account, health, *held),
            Command::Transfer { from, to, how: Transfer::Merge } => {
                vec![(Fact::Field(Target::Group(*from), "state"), format!("merged:{to}"))]
            }
            Command::Merge { tasks } => {
                // the one that the others are said with
                let held = |id: &TaskId| reading::task(desk, *id).is_some_and(|t| t.status.held.is_some());
                let main = tasks.iter().find(|id| !held(id));
                main.map(|id| (Fact::Text(*id), reading::read(desk, &Fact::Text(*id)))).into_iter().collect()
            }
            Command::CampaignAdd { campaign } | Command::CampaignEdit { campaign } => {
                self.shared(desk, campaign)
            }
            Command::CampaignStop { id } => {
                let stopped = desk.store.columns.campaigns.get(id);
                stopped.map(|campaign| self.taken_back(desk, campaign)).unwrap_or_default()
            }
            Command::SopDayOff { playbook, .. } => self.day_off(me, playbook, now),
            Command::Correct { text, notice, .. } => {
                // what is pending, and notices that are due
                let draft = notice_draft(text, Lang::default());
                let says = [text, notice.as_ref().unwrap_or(&draft)];
                let open = self.tasks.keys().filter(|id| self.is_open(**id));
                let read = open.map(|id| (Fact::Text(*id), reading::read(desk, &Fact::Text(*id))));
                read.filter(|(_, text)| says.contains(&text)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn limited(&self, me: &str, account: AccountId, health: &Health, held: Held) -> Set {
        let field = Fact::Field(Target::Account(account), "health");
        let was = Health::parse(&self.get(&field)).unwrap_or_default();
        let mut set = vec![(field, health.to_string())];
        let until = match health {
            Health::Limited { until, .. } => *until,
            _ => None,
        };
        for task in self.tasks.values().filter(|t| t.status.account == Some(account) && self.is_open(t.id)) {
            let status = &task.status;
            let by_account = status.held.as_deref().is_none_or(is_by_account);
            let waits = by_account && health.refuses().is_some() && is_refused(health, task);
            let state = self.get(&Fact::Task(task.id));
            let becomes = match (held, until) {
                (Held::Cancel, _) if waits => Some(format!("cancelled {me}")),
                (Held::Shift, Some(until)) if waits => {
                    let later = state != "snoozed" || status.snoozed_until.is_none_or(|at| at < until);
                    later.then(|| "snoozed".to_owned())
                }
                _ => None,
            };
            // what was put off to the end of a limit comes back with its end
            let ends = match was {
                Health::Limited { until, .. } => until,
                _ => None,
            };
            let shifted = health.refuses().is_none()
                && state == "snoozed"
                && ends.is_some()
                && status.snoozed_until == ends
                && status.held.as_deref() == Some("account-limited");
            let becomes = becomes.or_else(|| shifted.then(|| "due".to_owned()));
            set.extend(becomes.map(|state| (Fact::Task(task.id), state)));
        }
        set
    }

    /// Answers that a campaign gave where nobody had.
    fn shared(&self, desk: &Desk, campaign: &Campaign) -> Set {
        let of = |ask: &AskKey| {
            campaign.playbooks.contains(&ask.playbook)
                && campaign.answers.iter().any(|(key, _)| *key == ask.key)
        };
        let answers = desk.store.columns.answers.iter().filter(|(ask, _)| of(ask));
        let answers = answers.map(|(ask, value)| (Fact::Answer(ask.clone()), value.clone()));
        answers.filter(|(fact, _)| self.get(fact).is_empty()).collect()
    }

    /// What a campaign had answered and does not any more.
    fn taken_back(&self, desk: &Desk, campaign: &Campaign) -> Set {
        let mut set = Set::new();
        for (fact, value) in &self.facts {
            let Fact::Answer(ask) = fact else { continue };
            let own = campaign.playbooks.contains(&ask.playbook)
                && campaign.answers.iter().any(|(key, was)| *key == ask.key && was == value);
            if own && reading::read(desk, fact).is_empty() {
                set.push((fact.clone(), Value::new()));
            }
        }
        set
    }

    fn day_off(&self, me: &str, playbook: &PlaybookId, now: Timestamp) -> Set {
        // the only one whose day does not end at midnight
        let late = if playbook.0 == "checkin-21d" { 2 * crate::book::time::HOUR } else { 0 };
        let day = Timestamp(now.0 - late).day(chrono_tz::Tz::Asia__Shanghai);
        let of_day = |task: &&Task| match &task.kind {
            TaskKind::Step { key, .. } => key.playbook == *playbook && key.occurrence == day,
            TaskKind::Ask { playbook: of, run, .. } => of == playbook && *run == day,
            _ => false,
        };
        let open = self.tasks.values().filter(of_day).filter(|task| self.is_open(task.id));
        open.map(|task| (Fact::Task(task.id), format!("cancelled {me}"))).collect()
    }

    /// Open tasks that are said with one.
    pub(super) fn said_with(&self, main: TaskId) -> Vec<&Task> {
        let with = |task: &&Task| {
            let held = task.status.held.as_deref().and_then(|held| held.strip_prefix("merged:"));
            held.is_some_and(|held| held.split(':').next() == Some(&main.to_string()))
        };
        self.tasks.values().filter(with).filter(|task| self.is_open(task.id)).collect()
    }

    /// The text that a task was to be said with has become another.
    pub(super) fn unmerged(&self, desk: &Desk, task: &Task, set: &mut Set) {
        let held = task.status.held.as_deref().and_then(|held| held.strip_prefix("merged:"));
        let main = held.and_then(|held| held.split(':').next()?.parse().ok());
        let text = main.map(Fact::Text);
        set.extend(text.map(|text| (text.clone(), reading::read(desk, &text))));
    }

    /// What must hold of all that is open, at any moment.
    pub(in super::super) fn wrongly_open(&self, desk: &Desk) -> Option<(&Task, &'static str)> {
        let columns = &desk.store.columns;
        let closed = |group: GroupId| {
            let state = self.get(&Fact::Field(Target::Group(group), "state"));
            state == "frozen" || state == "dissolved" || state.starts_with("merged:")
        };
        let wrong = |task: &Task| {
            if !self.is_open(task.id) {
                return None;
            }
            if task.via == Via::Group && task.group.is_some_and(closed) {
                return Some("it is to be said in a group that nobody can speak in");
            }
            if let Target::Member(member) = task.target
                && task.class == crate::book::Class::Marketing
                && self.get(&Fact::Field(Target::Member(member), "tags")).split(',').any(|tag| tag == "勿扰")
            {
                return Some("it is marketing for somebody who wants none");
            }
            let account = task.status.account?;
            let health = Health::parse(&self.get(&Fact::Field(Target::Account(account), "health")))?;
            let free = columns.tasks.by_id(task.id).is_some_and(|column| !column.held);
            (free && is_refused(&health, task) && !self.woken.contains(&task.id))
                .then_some("its account may not send it and nothing holds it")
        };
        self.tasks.values().find_map(|task| Some((task, wrong(task)?)))
    }
}

/// Whether an account in such health may not do a task: by the channel that its platform refuses.
fn is_refused(health: &Health, task: &Task) -> bool {
    let channel = match (&task.kind, task.via) {
        (TaskKind::AddFriend { .. }, _) => "add-friend",
        (_, Via::Internal) => "",
        (_, via) => via.word(),
    };
    match health {
        Health::Limited { what, .. } if what == "all" || what.is_empty() => !channel.is_empty(),
        Health::Limited { what, .. } => what == channel,
        Health::Banned | Health::Retired => true,
        Health::Normal | Health::Recovering { .. } => false,
    }
}

/// Whether an account's health became another by itself: its limit ended, and it has begun for long enough.
pub(in super::super) fn heals(before: &str, after: &str, now: Timestamp) -> bool {
    let (Some(before), Some(after)) = (Health::parse(before), Health::parse(after)) else { return false };
    let since = match before {
        Health::Limited { until: Some(until), .. } if until <= now => until,
        Health::Recovering { since } => since,
        _ => return false,
    };
    let zone = chrono_tz::Tz::Asia__Shanghai;
    match after {
        Health::Recovering { since: from } => from == since,
        Health::Normal => now.day(zone).signed_duration_since(since.day(zone)).num_days() >= 2,
        _ => false,
    }
}

/// Whether a task that is let go at night was put off to the morning.
pub(in super::super) fn rests(before: &Task, after: &Task) -> bool {
    let by_account = before.status.held.as_deref().is_some_and(is_by_account);
    by_account && after.status.held.is_none() && after.status.state == TaskState::Snoozed
}

/// Whether a task is held by what its account is or may say.
fn is_by_account(held: &str) -> bool {
    matches!(held, "account-limited" | "ramp") || held.starts_with("cap ")
}
