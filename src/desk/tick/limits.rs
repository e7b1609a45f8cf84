//! What holds a step back: caps and quiet hours, and whom each is about.
//!
//! A rule of the store names each of a kind or one by name, with exceptions as a filter. Who bears the name is found
//! when the rule is used, so a rule may be older than what it names.

use std::cell::RefCell;
use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::super::Desk;
use super::super::act::DeskError;
use super::past::Over;
use super::tally::Tally;
use crate::book::{
    AccountId, Cap, CapScope, Class, GroupId, Health, MemberId, PlaybookId, QuietHours, RuleScope, Target,
    Timestamp, Touch, Via,
};
use crate::queue::caps::{Allowance, Count, allow, applies};
use crate::queue::order::Owner;
use crate::store::bodies::decode;
use crate::store::columns::TaskColumn;
use crate::store::columns::parse_zone;
use crate::store::keys;
use crate::text::pinyin::search_key;

/// Touches read at a time where the last one that counts is looked for.
const READ_BACK: usize = 8;

/// Whose quiet hours some are.
#[derive(Clone, Copy, Debug)]
pub(in crate::desk) enum HoursOf {
    /// Of a rule of the store, by its place.
    Rule(usize),
    Target(Target),
}

/// Whom one more touch would be about.
#[derive(Clone, Debug)]
pub(crate) struct Whom {
    pub member: Option<MemberId>,
    pub group: Option<GroupId>,
    pub account: Option<AccountId>,
    /// Empty where it is of none.
    pub playbook: PlaybookId,
    /// Who goes through the playbook: exceptions of rules about all are judged about them.
    pub target: Target,
    /// It is owed to the people of the target, each by themselves: a rule about all that excepts any of them is asked of each.
    pub each: bool,
}

impl Whom {
    /// Whom what goes this way is a touch of: what is said in a group is one of none of its members, and what a member
    /// is told alone none of the group they were met in.
    #[must_use]
    pub(in crate::desk) fn touched_by(self, via: Via) -> Self {
        let in_group = via == Via::Group;
        Self { member: self.member.filter(|_| !in_group), group: self.group.filter(|_| in_group), ..self }
    }

    /// The one of a kind; none where the touch is about none, and for rules that count over all.
    pub(in crate::desk) fn of(&self, of: CapScope) -> Option<Target> {
        match of {
            CapScope::Member => self.member.map(Target::Member),
            CapScope::Group => self.group.map(Target::Group),
            CapScope::Account => self.account.map(Target::Account),
            CapScope::Store | CapScope::Playbook => None,
        }
    }
}

/// The class of what counts as a touch: who also sent what another had sent is none.
fn counted_class(bytes: &[u8]) -> Option<Class> {
    match decode::<Touch>(bytes) {
        Ok(touch) if touch.with.is_some() => None,
        Ok(touch) => Some(touch.class),
        Err(_) => std::str::from_utf8(bytes).ok().and_then(Class::parse),
    }
}

/// What was counted over many: too much to be counted for each step of a tick.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(in crate::desk) tally: RefCell<Tally>,
}

impl Counted {
    /// Something else than a task changed, and tasks with it: all is counted anew when it is asked for.
    pub(crate) fn forget(&mut self) {
        self.tally.get_mut().forget();
    }

    /// A task came or changed.
    pub(crate) fn changed(&mut self, row: u32, before: Option<&TaskColumn>, after: Option<&TaskColumn>) {
        self.tally.get_mut().changed(row, before, after);
    }
}

impl Desk {
    /// Whether a rule of the store is about this touch.
    fn is_about(
        &self,
        scope: &RuleScope,
        except: &str,
        whom: &Whom,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let named = match scope.of {
            CapScope::Store => true,
            // what is said of no playbook is about none
            CapScope::Playbook if whom.playbook.0.is_empty() => false,
            CapScope::Playbook => scope.name.is_empty() || self.is_playbook(&whom.playbook, &scope.name),
            of => whom.of(of).is_some_and(|t| scope.name.is_empty() || self.bears(t, &scope.name)),
        };
        if !named || except.is_empty() {
            return Ok(named);
        }
        Ok(match whom.of(scope.of) {
            Some(judged) => !self.target_matches(except, judged, now)?,
            None if whom.each => !self.matches_any_in(except, whom.target, now)?,
            None => !self.target_matches(except, whom.target, now)?,
        })
    }

    /// Whether any of the members of a group, or of the friends of an account, matches.
    fn matches_any_in(&self, filter: &str, within: Target, now: Timestamp) -> Result<bool, DeskError> {
        let members = self.store.columns.members.iter();
        let mut people = members.filter(|(_, _, member)| !member.archived && self.belongs(member, within));
        people.try_fold(false, |any, (_, id, _)| {
            Ok(any || self.target_matches(filter, Target::Member(id), now)?)
        })
    }

    /// Whether something has a name, alias or id.
    pub(crate) fn bears(&self, target: Target, name: &str) -> bool {
        let columns = &self.store.columns;
        let (id, key) = match target {
            Target::Member(id) => (id.to_string(), columns.members.by_id(id).map(|member| member.key())),
            Target::Group(id) => (id.to_string(), columns.groups.by_id(id).map(|g| &*g.key)),
            Target::Account(id) => (id.to_string(), columns.accounts.by_id(id).map(|a| &*a.key)),
        };
        let wanted = search_key(name);
        id == name || key.is_some_and(|key| key.split('\n').any(|line| line == wanted))
    }

    fn is_playbook(&self, playbook: &PlaybookId, name: &str) -> bool {
        playbook.0 == name
            || self.store.columns.playbooks.get(playbook).is_some_and(|column| column.title == name)
    }

    /// Caps that are about this touch: those of the store, and what an account that begins again is left of them.
    pub(crate) fn caps_about(&self, whom: &Whom, now: Timestamp) -> Result<Vec<Cap>, DeskError> {
        let account = whom.account.and_then(|id| self.store.columns.accounts.by_id(id));
        let health = account.map_or(Health::Normal, |account| account.body.health.clone());
        self.caps_in(whom, &health, now)
    }

    /// The same if the account were in such health.
    pub(in crate::desk) fn caps_in(
        &self,
        whom: &Whom,
        health: &Health,
        now: Timestamp,
    ) -> Result<Vec<Cap>, DeskError> {
        let mut about = Vec::new();
        for cap in &self.store.columns.rules.caps {
            if self.is_about(&cap.scope, &cap.except, whom, now)? {
                about.push(cap.clone());
            }
        }
        if let (Some(account), Health::Recovering { since }) = (whom.account, health)
            && let Some(share) = self.ramp_share(*since, now)
        {
            self.share_caps(share, account, now, &mut about);
        }
        Ok(about)
    }

    /// Which of the store's caps are about a touch: a bit each, in their order.
    pub(crate) fn cap_bits(&self, whom: &Whom, now: Timestamp) -> Result<u64, DeskError> {
        let mut bits = 0;
        for (at, cap) in self.store.columns.rules.caps.iter().enumerate().take(64) {
            bits |= u64::from(self.is_about(&cap.scope, &cap.except, whom, now)?) << at;
        }
        Ok(bits)
    }

    /// What an account whose limit is over gets of its caps, in percent, while that is less than all; `since` is when
    /// the limit ended.
    pub(crate) fn ramp_share(&self, since: Timestamp, now: Timestamp) -> Option<u32> {
        let columns = &self.store.columns;
        let zone = columns.store.zone;
        let days = now.day(zone).signed_duration_since(since.day(zone)).num_days();
        columns.rules.pace.share(days)
    }

    /// Quiet hours that protect whom this touch is about, each in the zone they are meant in: the store's, its
    /// account's, its group's, its own. `zone` is that of the enrolment.
    pub(crate) fn quiet_about(
        &self,
        whom: &Whom,
        zone: Tz,
        now: Timestamp,
    ) -> Result<Vec<(Tz, Vec<QuietHours>)>, DeskError> {
        let all = self.quiet_of(whom, zone, now)?;
        Ok(all.into_iter().map(|(_, zone, hours)| (zone, hours)).collect())
    }

    /// The same, with whose each are.
    pub(in crate::desk) fn quiet_of(
        &self,
        whom: &Whom,
        zone: Tz,
        now: Timestamp,
    ) -> Result<Vec<(HoursOf, Tz, Vec<QuietHours>)>, DeskError> {
        let columns = &self.store.columns;
        let mut hours = Vec::new();
        let group = whom.group.and_then(|id| columns.groups.by_id(id));
        let member = whom.member.map(|id| self.store.member(id)).transpose()?.flatten();
        let group_zone = group.map_or(zone, |group| columns.group_zone(&group.body));
        let member_zone = member.as_ref().and_then(|member| parse_zone(&member.zone)).unwrap_or(zone);
        let account_zone = whom.account.and_then(|id| columns.account_zone(id)).unwrap_or(zone);
        for (place, rule) in columns.rules.quiet.iter().enumerate() {
            if self.is_about(&rule.scope, &rule.except, whom, now)? {
                let zone = match rule.scope.of {
                    CapScope::Store | CapScope::Playbook => zone,
                    CapScope::Member => member_zone,
                    CapScope::Group => group_zone,
                    CapScope::Account => account_zone,
                };
                hours.push((HoursOf::Rule(place), zone, vec![rule.hours()]));
            }
        }
        let account = whom.account.zip(whom.account.and_then(|id| columns.accounts.by_id(id)));
        let of = |id| HoursOf::Target(Target::Account(id));
        hours.extend(account.map(|(id, account)| (of(id), account_zone, account.body.quiet.clone())));
        let of = |id| HoursOf::Target(Target::Group(id));
        hours.extend(whom.group.zip(group).map(|(id, group)| (of(id), group_zone, group.body.quiet.clone())));
        let of = |id| HoursOf::Target(Target::Member(id));
        hours.extend(member.map(|member| (of(member.id), member_zone, member.quiet)));
        Ok(hours)
    }

    /// Whether the caps of whom one more touch would count for let it through now.
    pub(in crate::desk) fn allow_touch(
        &self,
        whom: &Whom,
        class: Class,
        zone: Tz,
        now: Timestamp,
    ) -> Result<Allowance, DeskError> {
        self.allow_touch_beside(whom, class, zone, now, |_, _| Count::default())
    }

    /// As [`Self::allow_touch`], with what else is to be counted against a cap within its window: what is planned.
    pub(in crate::desk) fn allow_touch_beside(
        &self,
        whom: &Whom,
        class: Class,
        zone: Tz,
        now: Timestamp,
        mut beside: impl FnMut(&Cap, (Timestamp, Timestamp)) -> Count,
    ) -> Result<Allowance, DeskError> {
        let caps = self.caps_about(whom, now)?;
        let mut failed = None;
        let allowance = allow(&caps, class, now, zone, |cap, window| {
            let count = self.count_of(cap, whom, window).unwrap_or_else(|error| {
                failed = Some(error);
                Count::default()
            });
            let more = beside(cap, window);
            Count { used: count.used.saturating_add(more.used), last_at: count.last_at.max(more.last_at) }
        });
        failed.map_or(Ok(allowance), Err)
    }

    /// What is counted under a cap about a touch within a window.
    pub(in crate::desk) fn count_of(
        &self,
        cap: &Cap,
        whom: &Whom,
        window: (Timestamp, Timestamp),
    ) -> Result<Count, DeskError> {
        match whom.of(cap.scope.of) {
            Some(target) => self.count_for(cap, target, window),
            None => Ok(self.count_over_all(cap, whom, window)),
        }
    }

    /// Tasks sent within a window, and open ones that will be, over the store or a playbook. Who also sent what another
    /// had sent is not counted: there is one task.
    fn count_over_all(&self, cap: &Cap, whom: &Whom, window: (Timestamp, Timestamp)) -> Count {
        let Some(over) = Over::of(cap, whom) else { return Count::default() };
        // a distance is kept from what was said before the window too
        let told = self.tallied(cap, &over, window, None);
        Count { used: told.sent.saturating_add(told.open), last_at: told.last_sent }
    }

    /// Touches of one within a window; when the last of them was, where a distance is to be kept also of those before it.
    pub(in crate::desk) fn sent_within(
        &self,
        cap: &Cap,
        target: Target,
        window: (Timestamp, Timestamp),
    ) -> Result<Count, DeskError> {
        let mut count = Count::default();
        let prefix = keys::touches(target);
        let from = keys::touches_from(target, window.0);
        for (key, bytes) in self.store.bodies.range(&prefix, &from, usize::MAX)? {
            if counted_class(&bytes).is_some_and(|class| applies(cap, class)) {
                count.used += 1;
                count.last_at = keys::touch_time(&key).or(count.last_at);
            }
        }
        if count.last_at.is_none() {
            count.last_at = self.sent_before(cap, target, window.0)?;
        }
        Ok(count)
    }

    /// The last touch of one before an instant that a distance is to be kept from at it or later; none for caps without.
    pub(super) fn sent_before(
        &self,
        cap: &Cap,
        target: Target,
        at: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        let Some(since) = cap.keeps_from(at) else { return Ok(None) };
        let prefix = keys::touches(target);
        let mut before = keys::touches_from(target, at);
        loop {
            let rows = self.store.bodies.newest(&prefix, Some(&before), READ_BACK)?;
            for (key, bytes) in &rows {
                let Some(sent_at) = keys::touch_time(key).filter(|sent_at| *sent_at > since) else {
                    return Ok(None);
                };
                if counted_class(bytes).is_some_and(|class| applies(cap, class)) {
                    return Ok(Some(sent_at));
                }
            }
            match rows.into_iter().last() {
                Some((key, _)) => before = key,
                None => return Ok(None),
            }
        }
    }

    /// Touches of one within a window, and open tasks that will be touches; blocked and held ones do not count. What is
    /// offered and not sent yet keeps its distance too.
    pub(in crate::desk) fn count_for(
        &self,
        cap: &Cap,
        target: Target,
        window: (Timestamp, Timestamp),
    ) -> Result<Count, DeskError> {
        self.count_without(cap, target, window, &BTreeSet::new())
    }

    /// The same once open tasks, by row, are cancelled.
    pub(in crate::desk) fn count_without(
        &self,
        cap: &Cap,
        target: Target,
        window: (Timestamp, Timestamp),
        gone: &BTreeSet<u32>,
    ) -> Result<Count, DeskError> {
        let mut count = self.sent_within(cap, target, window)?;
        let columns = &self.store.columns;
        let counts = |task: &TaskColumn| task.is_touch() && !task.held && applies(cap, task.class);
        let goes = |is_its: &dyn Fn(&TaskColumn) -> bool| {
            let gone = gone.iter().filter_map(|row| columns.tasks.get(*row));
            gone.filter(|task| counts(task) && is_its(task)).count() as u32
        };
        count.used += match target {
            Target::Group(id) => columns.groups.row(id).map_or(0, |row| {
                let goes = goes(&|task| task.via == Via::Group && task.group == Some(row));
                columns.queue.steps(Owner::group(row), cap).saturating_sub(goes)
            }),
            Target::Account(id) => columns.accounts.row(id).map_or(0, |row| {
                let goes = goes(&|task| task.account == Some(row));
                columns.queue.steps(Owner::account(row), cap).saturating_sub(goes)
            }),
            Target::Member(id) => columns.members.row(id).map_or(0, |row| {
                let open = columns.queue.of(Owner::member(row)).filter(|row| !gone.contains(row));
                open.filter(|task| columns.tasks.get(*task).is_some_and(|task| counts(&task))).count() as u32
            }),
        };
        if cap.gap > 0 {
            let owner = columns.owner(target);
            // a group's queue holds what members are owed beside it as well
            let is_its = |task: &TaskColumn| !matches!(target, Target::Group(_)) || task.via == Via::Group;
            let open = owner.into_iter().flat_map(|owner| columns.queue.of(owner));
            let open = open.filter(|row| !gone.contains(row));
            let offered = open.filter_map(|row| columns.tasks.get(row)).filter(|task| counts(task));
            count.last_at = count.last_at.max(offered.filter(is_its).map(|task| task.due_at).max());
        }
        Ok(count)
    }
}
