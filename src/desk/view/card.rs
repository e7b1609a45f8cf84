//! The cards of members, groups, accounts and playbooks.

use std::collections::HashSet;

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::fields::quiet_text;
use crate::book::time::DAY;
use crate::book::{
    AccountId, Activity, ActivityKind, Contact, EnrolmentId, GroupId, MemberId, Membership, Money, ObjectId,
    PlaybookId, Target, Timestamp,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::Reply;
use crate::door::detail::{self, ContactView, GroupDetail, MemberDetail, OrderView, SopDetail, Sums};
use crate::door::line::{AccountLine, Ref, TaskLine};
use crate::query::dates::midnight;
use crate::queue::order::Place;
use crate::store::bodies::decode;
use crate::store::columns::queue::place;
use crate::store::columns::{MemberColumn, TaskColumn};
use crate::store::keys;
use crate::text::clean::for_clipboard;
use crate::text::lang::Lang;

/// Open tasks that a card lists.
const DUE_SHOWN: usize = 20;

/// Stays that a card lists; nobody is in more groups.
const STAYS_SHOWN: usize = 500;

/// Members whose latest activities are looked at for a group's card.
const RECENT_LOOKED_AT: usize = 300;

/// Entries of what happened lately in a group.
const RECENT_SHOWN: usize = 20;

/// Orders of a day that a group's card lists.
const ORDERS_SHOWN: usize = 2_000;

/// Orders that are looked through for who buys in a group.
const BUYERS_READ: usize = 5_000;

/// Somebody is new in a group for so many days, has left it for so many, is silent after so many.
const NEW_DAYS: i64 = 7;
const LEFT_DAYS: i64 = 30;
const SILENT_DAYS: i64 = 30;

/// People that a group's card names of each kind.
const PEOPLE_SHOWN: usize = 8;

/// Purchases that a member's card lists, and activities that are looked through for them.
const BOUGHT_SHOWN: usize = 6;
const BOUGHT_LOOKED_AT: usize = 200;

/// What members did lately.
type Recent = Vec<(Ref<MemberId>, ActivityKind, Timestamp)>;

/// Who is in a group.
struct People {
    recent: Recent,
    new: detail::People,
    left: detail::People,
    silent: detail::People,
}

fn sums_of(member: &MemberColumn) -> Sums {
    Sums {
        orders: member.orders,
        spent: member.spent,
        last_order_at: member.last_order_at,
        last_reply_at: member.last_reply_at,
        last_touch_at: member.last_touch_at,
        unpicked: member.unpicked,
    }
}

/// Enrolments that a playbook's card lists.
const COMING_SHOWN: usize = 50;

/// Wake-ups that are looked at for them; who comes later than so many others is left out.
const WAKES_LOOKED_AT: usize = 20_000;

impl Desk {
    /// The card of an object.
    pub(super) fn card(&self, id: ObjectId, now: Timestamp, lang: Lang) -> Result<Reply, DeskError> {
        let missing = || super::not_found(ViewWords::NoSuch.text(lang), id.to_string());
        let columns = &self.store.columns;
        match id {
            ObjectId::Member(member) => Ok(Reply::Member(Box::new(self.member_card(member, now, lang)?))),
            ObjectId::Group(group) => Ok(Reply::Group(Box::new(self.group_card(group, now, lang)?))),
            ObjectId::Account(account) => {
                let row = columns.accounts.row(account).ok_or_else(missing)?;
                let line = self.account_line(row, &self.sent_today(now), now, lang).ok_or_else(missing)?;
                let past = self.notes(id, lang)?;
                Ok(Reply::Account(Box::new(AccountLine { past, ..line })))
            }
            ObjectId::Task(task) => Ok(Reply::Task(Box::new(self.task_detail(task, now, lang)?))),
            ObjectId::Enrolment(enrolment) => {
                let enrolment = self.store.enrolment(enrolment)?.ok_or_else(missing)?;
                Ok(Reply::Why(vec![self.coming_of(&enrolment, now, lang)]))
            }
            ObjectId::Product(product) => {
                let product = columns.products.get(&product).ok_or_else(missing)?;
                Ok(Reply::Products(vec![product.clone()]))
            }
        }
    }

    fn member_card(&self, id: MemberId, now: Timestamp, lang: Lang) -> Result<MemberDetail, DeskError> {
        let columns = &self.store.columns;
        let mut member = self
            .store
            .member(id)?
            .ok_or_else(|| super::not_found(ViewWords::NoSuch.text(lang), id.to_string()))?;
        let sums = columns.members.by_id(id).map(|member| sums_of(&member)).unwrap_or_default();
        let referrer = member.referrer.map(|id| self.member_ref(id));
        let contacts: Vec<Contact> = self.store.bodies.list(&keys::contacts(id), STAYS_SHOWN)?;
        let stays: Vec<Membership> = self.store.bodies.list(&keys::memberships(id), STAYS_SHOWN)?;
        for text in [
            &mut member.name,
            &mut member.remark,
            &mut member.phone,
            &mut member.gender,
            &mut member.source,
            &mut member.zone,
        ] {
            *text = clean(text);
        }
        for text in [&mut member.needs, &mut member.note] {
            *text = for_clipboard(text).into_owned();
        }
        for text in member.tags.iter_mut().chain(&mut member.aliases) {
            *text = clean(text);
        }
        for handle in &mut member.handles {
            handle.id = clean(&handle.id);
        }
        Ok(MemberDetail {
            member,
            contacts: contacts
                .into_iter()
                .map(|contact| ContactView {
                    account: Ref {
                        id: contact.account,
                        name: clean(&columns.target_name(Target::Account(contact.account))),
                    },
                    state: contact.state,
                    since: contact.since,
                    remark: clean(&contact.remark),
                })
                .collect(),
            groups: stays
                .into_iter()
                .map(|stay| {
                    let name = clean(&columns.target_name(Target::Group(stay.group)));
                    (Ref { id: stay.group, name }, stay.joined_at, stay.left_at)
                })
                .collect(),
            past: self.past(Target::Member(id), lang)?,
            coming: self.coming(Target::Member(id), now, lang)?,
            due: self.due_of(Target::Member(id), now, lang)?,
            referrer,
            pause: self.pause_view(Target::Member(id), now),
            sums,
            bought: self.bought_by(id)?,
        })
    }

    fn group_card(&self, id: GroupId, now: Timestamp, lang: Lang) -> Result<GroupDetail, DeskError> {
        let columns = &self.store.columns;
        let missing = || super::not_found(ViewWords::NoSuch.text(lang), id.to_string());
        let row = columns.groups.row(id).ok_or_else(missing)?;
        let column = columns.groups.get(row).ok_or_else(missing)?;
        let line = self.group_line(row, now, lang)?.ok_or_else(missing)?;
        let group = &column.body;
        let term = if group.search_term.is_empty() { &group.name } else { &group.search_term };
        let People { recent, new, left, silent } = self.people_in(row, now)?;
        let name = |id: &AccountId| clean(&columns.target_name(Target::Account(*id)));
        Ok(GroupDetail {
            line,
            pause: self.pause_view(Target::Group(id), now),
            speakers: group.speakers.iter().map(|id| Ref { id: *id, name: name(id) }).collect(),
            new,
            left,
            silent,
            note: for_clipboard(&group.note).into_owned(),
            search_term: for_clipboard(term).replace('\n', " "),
            zone: clean(&group.zone),
            quiet: quiet_text(&group.quiet),
            qr: group.qr,
            recent,
            orders: self.orders_today(id, now)?,
            past: self.past(Target::Group(id), lang)?,
            coming: self.coming_to(Target::Group(id), now, lang)?,
            due: self.due_of(Target::Group(id), now, lang)?,
        })
    }

    /// The pause that holds now, as a card tells it.
    pub(super) fn pause_view(&self, target: Target, now: Timestamp) -> Option<detail::PauseView> {
        let pause = self.store.columns.pause_of(target, now)?;
        Some(detail::PauseView { until: pause.until })
    }

    /// What was ordered in a group today, first first.
    fn orders_today(&self, group: GroupId, now: Timestamp) -> Result<Vec<OrderView>, DeskError> {
        let zone = self.store.columns.store.zone;
        let today = now.day(zone);
        let from = keys::orders_from(group, midnight(today, zone));
        let rows = self.store.bodies.range(&keys::orders_in(group), &from, ORDERS_SHOWN)?;
        let mut orders = Vec::with_capacity(rows.len());
        for (_, bytes) in rows {
            let order: Activity = decode(&bytes)?;
            if let Some(member) = order.member.filter(|_| order.at.ms.day(zone) == today) {
                let (member, text) = (self.member_ref(member), clean(&order.text));
                orders.push(OrderView { member, at: order.at.ms, text, amount: order.amount });
            }
        }
        Ok(orders)
    }

    /// Who ordered in a group lately.
    pub(crate) fn buyers_of(&self, group: GroupId) -> HashSet<MemberId> {
        // what cannot be read is nobody; whoever asks next is told that the index is broken
        let rows = self.store.bodies.newest(&keys::orders_in(group), None, BUYERS_READ).unwrap_or_default();
        rows.iter().filter_map(|(_, bytes)| decode::<Activity>(bytes).ok()?.member).collect()
    }

    /// What somebody bought last, newest first.
    fn bought_by(&self, id: MemberId) -> Result<Vec<(Timestamp, String, Option<Money>)>, DeskError> {
        let prefix = keys::activities(Target::Member(id));
        let mut bought = Vec::new();
        for (_, bytes) in self.store.bodies.newest(&prefix, None, BOUGHT_LOOKED_AT)? {
            let activity: Activity = decode(&bytes)?;
            if activity.kind == ActivityKind::Bought && bought.len() < BOUGHT_SHOWN {
                bought.push((activity.at.ms, clean(&activity.text), activity.amount));
            }
        }
        Ok(bought)
    }

    /// Who is in a group, in one look at everybody: what they did lately, newest first (the last thing of each who came
    /// last), who is new, who left, who is silent.
    fn people_in(&self, group: u32, now: Timestamp) -> Result<People, DeskError> {
        let columns = &self.store.columns;
        let mut members: Vec<(Option<Timestamp>, MemberId)> = Vec::new();
        let (mut new, mut left, mut silent) = (Vec::new(), Vec::new(), Vec::new());
        let since = |days: i64| Timestamp(now.0 - days * DAY);
        for (_, id, member) in columns.members.iter().filter(|(_, _, member)| !member.archived) {
            let Some(stay) = member.stays().find(|stay| stay.group == group) else { continue };
            let heard = member.last_reply_at.max(member.last_order_at);
            members.push(([stay.joined_at, stay.left_at, heard].into_iter().flatten().max(), id));
            if let Some(at) = stay.left_at {
                if at >= since(LEFT_DAYS) {
                    left.push((std::cmp::Reverse(at), id));
                }
                continue;
            }
            if let Some(at) = stay.joined_at.filter(|at| *at >= since(NEW_DAYS)) {
                new.push((std::cmp::Reverse(at), id));
            }
            let known = stay.joined_at.unwrap_or(member.created_at);
            let last = heard.unwrap_or(known);
            if last < since(SILENT_DAYS) && known < since(SILENT_DAYS) {
                silent.push((last, id));
            }
        }
        Ok(People {
            new: self.first_of(new),
            left: self.first_of(left),
            silent: self.first_of(silent),
            recent: self.recent_of(members)?,
        })
    }

    /// The first of some people by an order, and how many they are.
    fn first_of<K: Ord>(&self, mut all: Vec<(K, MemberId)>) -> detail::People {
        all.sort_unstable();
        let first = all.iter().take(PEOPLE_SHOWN).map(|(_, id)| self.member_ref(*id)).collect();
        detail::People { count: all.len() as u32, first }
    }

    /// The last thing each did of those who came last.
    fn recent_of(&self, mut members: Vec<(Option<Timestamp>, MemberId)>) -> Result<Recent, DeskError> {
        members.sort_unstable_by(|a, b| b.cmp(a));
        members.truncate(RECENT_LOOKED_AT);
        let mut recent = Vec::new();
        for (_, id) in members.into_iter().take(RECENT_SHOWN) {
            let prefix = keys::activities(Target::Member(id));
            if let Some((_, bytes)) = self.store.bodies.newest(&prefix, None, 1)?.first() {
                let activity: Activity = decode(bytes)?;
                recent.push((self.member_ref(id), activity.kind, activity.at.ms));
            }
        }
        recent.sort_by_key(|(_, _, at)| std::cmp::Reverse(*at));
        Ok(recent)
    }

    /// Open tasks of a target, first due first: a group's are those said in it.
    fn due_of(&self, target: Target, now: Timestamp, lang: Lang) -> Result<Vec<TaskLine>, DeskError> {
        let columns = &self.store.columns;
        let owner = columns.owner(target);
        let of_target = owner.into_iter().flat_map(|owner| columns.queue.of(owner));
        let of_target = of_target.filter_map(|row| columns.tasks.get(row).map(|task| (row, task)));
        let is_its = |task: &TaskColumn| !matches!(target, Target::Group(_)) || task.said_in().is_some();
        let its = of_target.filter(|(_, task)| is_its(task));
        let mut places: Vec<Place> = its.map(|(row, task)| place(row, &task)).collect();
        places.sort_unstable();
        let mut due = Vec::new();
        for place in places.into_iter().take(DUE_SHOWN) {
            due.extend(self.task_unwarned(place.row(), now, lang)?.map(|shown| shown.line));
        }
        Ok(due)
    }

    /// The card of a playbook: its line, the file as applied, who comes next.
    pub(super) fn playbook_card(
        &self,
        id: &PlaybookId,
        now: Timestamp,
        lang: Lang,
    ) -> Result<SopDetail, DeskError> {
        let columns = &self.store.columns;
        let missing = || super::not_found(ViewWords::NoSuch.text(lang), clean(&id.0));
        let line = self.sop_line_of(id).ok_or_else(missing)?;
        let column = columns.playbooks.get(id).ok_or_else(missing)?;
        let position = columns.playbook_position(id).ok_or_else(missing)?;
        let next: Vec<EnrolmentId> = columns
            .wakes
            .iter()
            .take(WAKES_LOOKED_AT)
            .filter(|(_, row)| columns.enrolments.get(*row).is_some_and(|e| e.playbook == position))
            .take(COMING_SHOWN)
            .filter_map(|(_, row)| columns.enrolments.id(row))
            .collect();
        let mut coming = Vec::with_capacity(next.len());
        for id in next {
            if let Some(enrolment) = self.store.enrolment(id)? {
                let mut entry = self.coming_of(&enrolment, now, lang);
                let name = clean(&columns.target_name(enrolment.target));
                let why = format!("{name} {}", entry.why);
                why.trim().clone_into(&mut entry.why);
                coming.push(entry);
            }
        }
        let toml = column.versions.get(&column.current).cloned().unwrap_or_default();
        Ok(SopDetail { line, toml, coming, facts: Vec::new() })
    }
}
