//! Groups, members, accounts and playbooks as lists show them.

use std::collections::HashMap;

use super::subject::state_word;
use super::task_line::clean;
use super::variables::short_time;
use super::words::ViewWords;
use crate::book::fields::quiet_text;
use crate::book::{
    Channel, ContactState, EnrolmentId, Group, GroupId, GroupState, Health, MemberId, PlaybookId, Target,
    Timestamp,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::form::{GroupStateWord, HealthWord, Kind};
use crate::door::line::{AccountLine, GroupLine, LineId, Lines, MemberLine, Ref, SopLine};
use crate::query::dates::midnight;
use crate::queue::facts::overdue_until;
use crate::store::keys;
use crate::store::record::PlaybookState;
use crate::text::lang::Lang;

/// Groups that a member's line names.
const GROUPS_NAMED: usize = 3;

/// Enrolments that are read for the instant at which the next of several says something.
const NEXT_READ: usize = 8;

/// The same for the next of the whole book: a class that is left in peace may stand before it.
const SOONEST_READ: usize = 32;

/// Enrolments of one target that are looked at for its next instant.
const ENROLMENTS_READ: usize = 200;

/// How an account is, as a word for programs.
const fn health_word(health: &Health) -> &'static str {
    match health {
        Health::Normal => "normal",
        Health::Limited { .. } => "limited",
        Health::Banned => "banned",
        Health::Retired => "retired",
        Health::Recovering { .. } => "recovering",
    }
}

impl Desk {
    /// The lines of rows, in their order.
    pub(super) fn lines(
        &self,
        kind: Kind,
        rows: &[u32],
        now: Timestamp,
        lang: Lang,
    ) -> Result<Lines, DeskError> {
        Ok(match kind {
            Kind::Task => {
                let mut lines = Vec::with_capacity(rows.len());
                for row in rows {
                    lines.extend(self.task_unwarned(*row, now, lang)?.map(|shown| shown.line));
                }
                Lines::Tasks(lines)
            }
            Kind::Group => {
                Lines::Groups(
                    rows.iter()
                        .filter_map(|row| self.group_line(*row, now, lang).transpose())
                        .collect::<Result<_, DeskError>>()?,
                )
            }
            Kind::Account => {
                let sent = self.sent_today(now);
                Lines::Accounts(
                    rows.iter().filter_map(|row| self.account_line(*row, &sent, now, lang)).collect(),
                )
            }
            Kind::Playbook => {
                let next = self.playbooks_next();
                Lines::Playbooks(rows.iter().filter_map(|row| self.sop_line(*row, &next)).collect())
            }
            Kind::Member | Kind::Contact | Kind::Membership => {
                Lines::Members(rows.iter().filter_map(|row| self.member_line(*row, now)).collect())
            }
            // products have no rows: they are told whole
            Kind::Product => Lines::none(kind),
        })
    }

    /// What identifies the line of a row.
    pub(super) fn line_id(&self, kind: Kind, row: u32) -> Option<LineId> {
        use crate::book::ObjectId;
        let columns = &self.store.columns;
        Some(LineId::Object(match kind {
            Kind::Task => ObjectId::Task(columns.tasks.id(row)?),
            Kind::Group => ObjectId::Group(columns.groups.id(row)?),
            Kind::Account => ObjectId::Account(columns.accounts.id(row)?),
            Kind::Member | Kind::Contact | Kind::Membership => ObjectId::Member(columns.members.id(row)?),
            Kind::Playbook => {
                return columns.playbook_ids.get(row as usize).cloned().map(LineId::Playbook);
            }
            Kind::Product => return None,
        }))
    }

    /// The row of a line; none where it is of another kind or not in the book.
    pub(super) fn row_of(&self, kind: Kind, line: &LineId) -> Option<u32> {
        use crate::book::ObjectId;
        let columns = &self.store.columns;
        match (kind, line) {
            (Kind::Task, LineId::Object(ObjectId::Task(id))) => columns.tasks.row(*id),
            (Kind::Group, LineId::Object(ObjectId::Group(id))) => columns.groups.row(*id),
            (Kind::Account, LineId::Object(ObjectId::Account(id))) => columns.accounts.row(*id),
            (Kind::Member, LineId::Object(ObjectId::Member(id))) => columns.members.row(*id),
            (Kind::Playbook, LineId::Playbook(id)) => columns.playbook_position(id).map(u32::from),
            _ => None,
        }
    }

    pub(super) fn group_line(
        &self,
        row: u32,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<GroupLine>, DeskError> {
        let columns = &self.store.columns;
        let Some(column) = columns.groups.get(row) else { return Ok(None) };
        let group = &column.body;
        let account = group.account.and_then(|id| columns.accounts.by_id(id)).map(|a| &a.body);
        let overdue = overdue_until(now);
        let late = column.due.iter().take_while(|(at, _)| *at <= overdue);
        let is_free = |row: u32| columns.tasks.get(row).is_some_and(|task| !task.held);
        Ok(Some(GroupLine {
            id: group.id,
            name: clean(&group.name),
            account: account.map(|account| Ref { id: account.id, name: clean(&account.name) }),
            platform: account.map(|account| account.platform),
            state: self.group_state(group, now, lang),
            state_word: state_word(group.state).word().to_owned(),
            head_count: group.head_count,
            capacity: group.capacity,
            members: column.members,
            tags: group.tags.iter().map(|tag| clean(tag)).collect(),
            due: column.due.len() as u32,
            overdue: late.filter(|(_, row)| is_free(*row)).count() as u32,
            next_at: self.next_of(Target::Group(group.id))?,
        }))
    }

    /// What state a group is in; of one that is as it should be, that nothing is sent there for now.
    pub(in crate::desk) fn group_state(&self, group: &Group, now: Timestamp, lang: Lang) -> String {
        match group.state {
            GroupState::Live if self.store.columns.pause_of(Target::Group(group.id), now).is_some() => {
                ViewWords::GroupPaused.text(lang).to_owned()
            }
            GroupState::Live => GroupStateWord::Live.label(lang).to_owned(),
            GroupState::Frozen => GroupStateWord::Frozen.label(lang).to_owned(),
            GroupState::Full => GroupStateWord::Full.label(lang).to_owned(),
            GroupState::Dissolved => GroupStateWord::Dissolved.label(lang).to_owned(),
            GroupState::MergedInto(id) => {
                let name = clean(&self.store.columns.target_name(Target::Group(id)));
                ViewWords::MergedInto.fill(lang, &[("name", &name)])
            }
        }
    }

    /// The next instant of any of a target's enrolments.
    pub(super) fn next_of(&self, target: Target) -> Result<Option<Timestamp>, DeskError> {
        let prefix = keys::enrolments_of(target);
        let enrolments = &self.store.columns.enrolments;
        let rows = self.store.bodies.range(&prefix, &[], ENROLMENTS_READ)?;
        let looked_at = |id: EnrolmentId| {
            Some((enrolments.by_id(id).filter(|e| !self.is_paused(e.playbook))?.next_at()?, id))
        };
        let mut looks: Vec<(Timestamp, EnrolmentId)> = rows
            .iter()
            .filter_map(|(key, _)| key.get(prefix.len()..).and_then(keys::id_from::<EnrolmentId>))
            .filter_map(looked_at)
            .collect();
        looks.sort_unstable();
        self.soonest(looks.into_iter(), NEXT_READ)
    }

    pub(super) fn member_line(&self, row: u32, now: Timestamp) -> Option<MemberLine> {
        let columns = &self.store.columns;
        let id = columns.members.id(row)?;
        let column = columns.members.get(row)?;
        let member = self.store.member(id).ok().flatten();
        let here: Vec<u32> =
            column.stays().filter(|stay| stay.left_at.is_none()).map(|stay| stay.group).collect();
        let group = |row: &u32| -> Option<Ref<GroupId>> {
            let group = columns.groups.get(*row)?;
            Some(Ref { id: group.body.id, name: clean(&group.body.name) })
        };
        Some(MemberLine {
            id,
            name: member.as_ref().map_or_else(|| clean(column.name()), |member| clean(&member.name)),
            remark: member.as_ref().map(|member| clean(&member.remark)).unwrap_or_default(),
            stage: column.stage,
            tags: column.tags().map(|tag| clean(columns.words.text(tag))).collect(),
            groups: here.iter().take(GROUPS_NAMED).filter_map(group).collect(),
            group_count: here.len() as u32,
            friend_of: column
                .contacts()
                .filter(|contact| contact.state == ContactState::Friend)
                .filter_map(|contact| columns.accounts.get(contact.account))
                .map(|account| Ref { id: account.body.id, name: clean(&account.body.name) })
                .collect(),
            orders: column.orders,
            spent: column.spent,
            last_reply_at: column.last_reply_at,
            last_touch_at: column.last_touch_at,
            due: column.due,
            pause: self.pause_view(Target::Member(id), now),
        })
    }

    pub(super) fn account_line(
        &self,
        row: u32,
        sent_today: &HashMap<u32, u32>,
        now: Timestamp,
        lang: Lang,
    ) -> Option<AccountLine> {
        let columns = &self.store.columns;
        let column = columns.accounts.get(row)?;
        let account = &column.body;
        let groups = columns
            .groups
            .iter()
            .filter(|(_, _, group)| {
                let group = &group.body;
                !group.archived && (group.account == Some(account.id) || group.speakers.contains(&account.id))
            })
            .count();
        Some(AccountLine {
            id: account.id,
            name: clean(&account.name),
            platform: account.platform,
            persona: clean(&account.persona),
            device: clean(&account.device),
            holder: clean(&account.holder),
            health: self.health(&account.health, now, lang),
            health_word: health_word(&account.health).to_owned(),
            groups: groups as u32,
            friends: column.friends,
            friends_max: columns.rules.limits.friends.get(&account.platform).copied(),
            due: column.due,
            sent_today: sent_today.get(&row).copied().unwrap_or_default(),
            quiet: quiet_text(&account.quiet),
            note: clean(&account.note),
            past: Vec::new(),
        })
    }

    /// How an account is, in words.
    pub(in crate::desk) fn health(&self, health: &Health, now: Timestamp, lang: Lang) -> String {
        match health {
            Health::Normal => HealthWord::Normal.label(lang).to_owned(),
            Health::Banned => HealthWord::Banned.label(lang).to_owned(),
            Health::Retired => HealthWord::Retired.label(lang).to_owned(),
            Health::Limited { what, until: None } if what.is_empty() => {
                ViewWords::Limited.text(lang).to_owned()
            }
            Health::Limited { what, until } => {
                let what = Channel::parse(what).map_or_else(|| clean(what), |c| c.label(lang).to_owned());
                let Some(until) = until else {
                    return ViewWords::LimitedWhat.fill(lang, &[("what", &what)]);
                };
                let until = short_time(*until, self.store.columns.store.zone);
                ViewWords::LimitedUntil.fill(lang, &[("what", &what), ("until", &until)])
            }
            Health::Recovering { since } => {
                let share = self.ramp_share(*since, now).unwrap_or(100);
                ViewWords::Recovering.fill(lang, &[("share", &share)])
            }
        }
    }

    /// How many tasks were sent today, by the row of the account.
    pub(super) fn sent_today(&self, now: Timestamp) -> HashMap<u32, u32> {
        let mut sent: HashMap<u32, u32> = HashMap::new();
        let columns = &self.store.columns;
        let today = midnight(now.day(columns.store.zone), columns.store.zone);
        for (_, row) in columns.ended.sent_since(today) {
            if let Some(account) = columns.tasks.get(row).and_then(|task| task.account) {
                *sent.entry(account).or_default() += 1;
            }
        }
        sent
    }

    /// The next instant of each playbook, by position; found on the way through what comes next, so that far
    /// instants of rare playbooks may be missing.
    fn playbooks_next(&self) -> HashMap<u16, Timestamp> {
        const LOOKED_AT: usize = 5_000;
        let columns = &self.store.columns;
        let mut looks: HashMap<u16, Vec<(Timestamp, EnrolmentId)>> = HashMap::new();
        for (at, row) in columns.wakes.iter().take(LOOKED_AT) {
            let running = columns.enrolments.get(row).filter(|e| !self.is_paused(e.playbook));
            let Some((enrolment, id)) = running.zip(columns.enrolments.id(row)) else { continue };
            let of = looks.entry(enrolment.playbook).or_default();
            if of.len() < NEXT_READ {
                of.push((at, id));
            }
        }
        let soonest =
            |(of, looks): (u16, Vec<_>)| Some((of, self.soonest(looks.into_iter(), NEXT_READ).ok()??));
        looks.into_iter().filter_map(soonest).collect()
    }

    /// Whether a playbook stands still: nothing of it comes next.
    pub(in crate::desk) fn is_paused(&self, position: u16) -> bool {
        let column = self.store.columns.playbook_at(position).map(|(_, column)| column);
        column.is_some_and(|column| column.state == PlaybookState::Paused)
    }

    /// The next instant of anything that is not paused.
    pub(super) fn next_instant(&self) -> Option<Timestamp> {
        const LOOKED_AT: usize = 5_000;
        let columns = &self.store.columns;
        let runs = |row: u32| {
            columns.enrolments.get(row).is_none_or(|enrolment| !self.is_paused(enrolment.playbook))
        };
        let looks = columns.wakes.iter().take(LOOKED_AT).filter(|(_, row)| runs(*row));
        let looks = looks.filter_map(|(at, row)| Some((at, columns.enrolments.id(row)?)));
        self.soonest(looks, SOONEST_READ).ok()?
    }

    pub(super) fn sop_line(&self, row: u32, next: &HashMap<u16, Timestamp>) -> Option<SopLine> {
        let (id, column) = self.store.columns.playbook_at(row as u16)?;
        let playbook = self.playbooks.get(id, column.current);
        Some(SopLine {
            id: id.clone(),
            title: clean(&column.title),
            version: column.current,
            paused: column.state == PlaybookState::Paused,
            target: playbook.as_ref().map(|p| p.target.word().to_owned()).unwrap_or_default(),
            steps: playbook.as_ref().map_or(0, |p| p.steps.len() as u16),
            active: column.active,
            in_line: column.in_line,
            due: column.due,
            next_at: next.get(&(row as u16)).copied(),
        })
    }

    /// The line of one playbook.
    pub(super) fn sop_line_of(&self, id: &PlaybookId) -> Option<SopLine> {
        let row = self.store.columns.playbook_position(id)?;
        self.sop_line(u32::from(row), &self.playbooks_next())
    }

    /// A member as a reference.
    pub(super) fn member_ref(&self, id: MemberId) -> Ref<MemberId> {
        Ref { id, name: clean(&self.store.columns.target_name(Target::Member(id))) }
    }
}
