//! What texts of a task may speak of: names, dates, orders, answers.
//!
//! Names are taken as they stand in the book; the text is cleaned once, when it is copied or shown. What costs a look
//! into a member's history is only looked up where a text asks for it.

use chrono::{Datelike, Days, NaiveDate};

use crate::book::{Activity, ActivityKind, GroupId, Member, MemberId, Task, TaskKey, TaskKind, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::sop::Playbook;
use crate::sop::calendar::local_day;
use crate::sop::format::AskType;
use crate::sop::render::Variables;
use crate::store::keys;
use crate::text::called::called;
use crate::text::names::list_items;

/// Members that a collected text names; a longer list is cut by the text itself.
const NAMES_READ: usize = 200;

/// How many corrections of corrections are followed back.
const CORRECTED_DEPTH: usize = 4;

/// How many of a member's activities are looked through for the last order.
const LOOKED_THROUGH: usize = 200;

impl Desk {
    /// The variables of a task, as far as `texts` ask for them.
    pub(super) fn variables(
        &self,
        task: &Task,
        playbook: Option<&Playbook>,
        texts: &[&str],
    ) -> Result<Variables, DeskError> {
        let columns = &self.store.columns;
        let asks = |name: &str| texts.iter().any(|text| text.contains(name));
        let mut variables = Variables::default();

        let member = task.member().map(|id| self.store.member(id)).transpose()?.flatten();
        if let Some(member) = &member {
            variables.set("name", &called(&member.remark, &member.name));
            variables.set("member", member.called());
        } else {
            variables.set("name", "");
            variables.set("member", "");
        }
        if asks("members") {
            variables.set_names("members", self.names_of(&task.members, task.member())?);
        }
        let group = task.group.and_then(|id| columns.groups.by_id(id));
        variables.set("group", group.map_or("", |group| &group.body.name));
        let account = task.status.account.and_then(|id| columns.accounts.by_id(id)).map(|a| &a.body);
        // its name is our label for a phone: no customer is told 我是手机1
        variables.set("me", account.map_or("", |account| &account.persona));
        variables.set("account", account.map_or("", |account| &account.name));
        variables.set("shop", &columns.rules.shop);

        // a correction speaks of what it corrects
        let corrected = self.corrected(task)?;
        let applied = corrected.as_ref().and_then(|of| self.step_of(of)).map(|(applied, _)| applied);
        let of = corrected.as_ref().unwrap_or(task);
        if let (TaskKind::Step { key, .. }, Some(playbook)) = (&of.kind, applied.as_deref().or(playbook)) {
            variables.set_day(of.day, self.said_on(of, key, applied.as_deref().or(Some(playbook)))?);
            let run = key.run_day(of.day);
            self.set_answers(&mut variables, playbook, run, of.group);
            for (key, answer) in self.campaign_answers(&playbook.id) {
                variables.set(key, answer);
            }
        }
        if asks("last_product") || asks("last_order") || asks("next_buy") {
            self.set_orders(&mut variables, member.as_ref())?;
        }
        Ok(variables)
    }

    /// The local day that a step is said for: the one it is planned for, or where a late step before it has moved it by
    /// whole days the one that it was moved to.
    fn said_on(
        &self,
        task: &Task,
        key: &TaskKey,
        playbook: Option<&Playbook>,
    ) -> Result<NaiveDate, DeskError> {
        let Some(playbook) = playbook.filter(|of| of.steps.iter().any(|step| of.shifts(step))) else {
            return Ok(key.occurrence);
        };
        let enrolment = task.of.first().map(|id| self.store.enrolment(*id)).transpose()?.flatten();
        let columns = &self.store.columns;
        let zone = enrolment.map_or(columns.store.zone, |of| columns.zone_of(&of));
        // what caps and quiet hours have moved since is said later that day, or late
        let due_at = task.moved_from.unwrap_or(task.status.due_at);
        Ok(local_day(due_at, zone, playbook.day_ends).max(key.occurrence))
    }

    /// What a correction corrects, whatever was corrected between; none for other tasks.
    fn corrected(&self, task: &Task) -> Result<Option<Task>, DeskError> {
        let mut found = None;
        for _ in 0..CORRECTED_DEPTH {
            let TaskKind::Correction { of, .. } = found.as_ref().unwrap_or(task).kind else { break };
            let Some(of) = self.store.task(of)? else { break };
            found = Some(of);
        }
        Ok(found)
    }

    /// How members are addressed, in the order they came; those who are forgotten are left out.
    pub(super) fn names_of(
        &self,
        members: &[MemberId],
        only: Option<MemberId>,
    ) -> Result<Vec<String>, DeskError> {
        let mut names = Vec::new();
        let ids = members.iter().copied().chain(only.filter(|_| members.is_empty()));
        for id in ids.take(NAMES_READ) {
            if let Some(member) = self.store.member(id)? {
                names.push(called(&member.remark, &member.name));
            }
        }
        Ok(names)
    }

    /// What finds members in the list that an @ opens: their names as they are, not how they are addressed.
    pub(super) fn found_names(&self, members: &[MemberId]) -> Vec<String> {
        let columns = &self.store.columns;
        let of = |id: &MemberId| columns.members.by_id(*id).map(|member| member.name().to_owned());
        members.iter().take(NAMES_READ).filter_map(of).collect()
    }

    fn set_answers(
        &self,
        variables: &mut Variables,
        playbook: &Playbook,
        run: NaiveDate,
        group: Option<GroupId>,
    ) {
        for ask in &playbook.asks {
            match self.answer(&playbook.id, run, group, &ask.key) {
                None => variables.set_unasked(&ask.key),
                Some(answer) if ask.kind == AskType::List => {
                    variables.set_names(&ask.key, list_items(answer));
                }
                Some(answer) => variables.set(&ask.key, answer),
            }
        }
    }

    fn set_orders(&self, variables: &mut Variables, member: Option<&Member>) -> Result<(), DeskError> {
        let order = member.map(|member| self.last_order(member.id)).transpose()?.flatten();
        let zone = self.store.columns.store.zone;
        let product = order.as_ref().map_or("", |order| order.text.as_str());
        variables.set("last_product", product);
        let day = order.as_ref().map(|order| order.at.ms.day(zone));
        variables.set("last_order", &day.map(date_words).unwrap_or_default());
        let lasts = self
            .store
            .columns
            .products
            .values()
            .find(|p| !product.is_empty() && (p.name == product || p.aliases.iter().any(|a| a == product)))
            .and_then(|p| p.days_of_use);
        let next = day.zip(lasts).and_then(|(day, days)| day.checked_add_days(Days::new(u64::from(days))));
        variables.set("next_buy", &next.map(date_words).unwrap_or_default());
        Ok(())
    }

    fn last_order(&self, member: MemberId) -> Result<Option<Activity>, DeskError> {
        let prefix = keys::activities(crate::book::Target::Member(member));
        for (_, bytes) in self.store.bodies.newest(&prefix, None, LOOKED_THROUGH)? {
            let activity: Activity = crate::store::bodies::decode(&bytes)?;
            if activity.kind == ActivityKind::Bought {
                return Ok(Some(activity));
            }
        }
        Ok(None)
    }

    /// The local day of an instant where a task is worked off: its group's zone, its account's, the store's.
    pub(super) fn task_zone(&self, task: &Task) -> chrono_tz::Tz {
        let columns = &self.store.columns;
        task.group
            .and_then(|id| columns.groups.by_id(id))
            .map(|group| columns.group_zone(&group.body))
            .or_else(|| task.status.account.and_then(|id| columns.account_zone(id)))
            .unwrap_or(columns.store.zone)
    }
}

fn date_words(day: NaiveDate) -> String {
    format!("{}月{}日", day.month(), day.day())
}

/// `09-30 18:05` in a zone, for histories and reasons.
pub(in crate::desk) fn short_time(at: Timestamp, zone: chrono_tz::Tz) -> String {
    at.local(zone).format("%m-%d %H:%M").to_string()
}
