//! Records about the book: accounts, groups, members, who knows whom, what happened.
//!
//! One file because the columns of a member are kept true by all of these records together.

use crate::book::{
    Account, Activity, ActivityKind, Contact, ContactState, Fields, Group, GroupId, Member, MemberId,
    Membership, Money, ObjectId, Rules, Target, Timestamp,
};
use crate::store::StoreError;
use crate::store::bodies::Bodies;
use crate::store::columns::packed_rows::Packed as _;
use crate::store::columns::{
    AccountColumn, Columns, ContactColumn, GroupColumn, MemberRow, MemberTexts, StayColumn, Times,
};
use crate::store::keys;
use crate::store::record::{Change, Edited};
use crate::text::fold::fold;
use crate::text::pinyin::{search_key, sort_key};

/// How many activities of one member are looked at when an undo makes them be counted again.
const ACTIVITIES_COUNTED: usize = 100_000;

/// A year of the calendar; a text that cannot be read, or none, takes it away.
pub(super) fn calendar_year(year: i32, toml: &str, columns: &mut Columns) {
    let known = crate::sop::calendar::holidays::read(toml).ok().and_then(|mut years| years.remove(&year));
    std::sync::Arc::make_mut(&mut columns.holidays).set(year, known);
}

pub(super) fn rules(toml: &str, from_file: bool, columns: &mut Columns) {
    if from_file {
        toml.clone_into(&mut columns.rules_file);
    }
    // the writer checked it, as strictly as it was then; an unreadable past keeps the rules that hold
    let strictly = crate::queue::rules::read(toml).map(|read| read.rules).ok();
    if let Some(rules) = strictly.or_else(|| toml::from_str::<Rules>(toml).ok()) {
        columns.store.zone = crate::store::columns::parse_zone(&rules.zone).unwrap_or(columns.store.zone);
        columns.rules = rules;
        toml.clone_into(&mut columns.rules_toml);
    }
}

pub(super) fn account(account: &Account, columns: &mut Columns) {
    let key = account_key(account);
    let notes = fold(&account.note).into();
    let (device, holder) = device(account);
    let column = AccountColumn {
        body: account.clone(),
        key,
        device,
        holder,
        friends: 0,
        due: 0,
        notes,
        enrolled: Vec::new(),
    };
    columns.accounts.insert(account.id, column);
}

/// Where an account runs and who has that, folded.
fn device(account: &Account) -> (Box<str>, Box<str>) {
    (fold(&account.device).into(), fold(&account.holder).into())
}

/// An account is called by its name or by who speaks from it.
fn account_key(account: &Account) -> Box<str> {
    let persona = Some(account.persona.as_str()).filter(|persona| *persona != account.name);
    names_key(std::iter::once(account.name.as_str()).chain(persona)).into()
}

fn group_key(group: &Group) -> Box<str> {
    names_key(std::iter::once(group.name.as_str()).chain(group.aliases.iter().map(String::as_str))).into()
}

/// One search key of several names; a line break keeps a search from running over two of them.
fn names_key<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let keys: Vec<String> = names.filter(|n| !n.is_empty()).map(search_key).collect();
    keys.join("\n")
}

pub(super) fn group(group: &Group, columns: &mut Columns) {
    let key = group_key(group);
    let mut column = GroupColumn {
        body: group.clone(),
        key,
        term: Box::default(),
        members: 0,
        open: 0,
        due: Times::default(),
        tags: group.tags.iter().map(|tag| columns.words.place(tag)).collect(),
        notes: fold(&group.note).into(),
        last_touch_at: None,
        sent: Vec::new(),
        enrolled: Vec::new(),
    };
    column.fold_term();
    columns.groups.insert(group.id, column);
}

pub(super) fn member(member: &Member, columns: &mut Columns, bodies: &mut Bodies) -> Result<(), StoreError> {
    bodies.write(keys::member(member.id), member)?;
    handles(None, Some(member), bodies);
    hints(member, bodies);
    let mut column = MemberRow::default();
    column.created_at = member.created_at;
    let notes = [&member.note, &member.needs].into_iter().filter(|note| !note.is_empty());
    let notes = notes.map(|note| fold(note)).collect::<Vec<_>>().join("\n");
    shape(member, notes, &mut column, columns);
    columns.archived_members += u32::from(column.archived);
    columns.members.insert(member.id, &column);
    Ok(())
}

/// Brings what a member's body says into its column.
fn shape(member: &Member, notes: String, column: &mut MemberRow, columns: &mut Columns) {
    let names = [member.remark.as_str(), member.name.as_str()].into_iter();
    let aliases = || member.aliases.iter().map(String::as_str);
    column.set_texts(&MemberTexts {
        name: member.called().to_owned(),
        key: names_key(names.chain(aliases()).chain([member.phone.as_str()])),
        aliases: names_key(aliases()),
        phone: fold(&member.phone),
        notes,
    });
    column.order = name_order(member.called());
    column.source = (!member.source.is_empty()).then(|| columns.words.place(&member.source));
    // Whoever is named is in the book already.
    column.referrer = member.referrer.and_then(|id| columns.members.row(id));
    column.stage = member.stage;
    column.archived = member.archived || member.merged_into.is_some();
    column.birthday = member.birthday;
    column
        .change_lists(|lists| lists.tags = member.tags.iter().map(|tag| columns.words.place(tag)).collect());
}

/// The first bytes of a name's pinyin order as a number; names that differ later are compared whole.
fn name_order(name: &str) -> u128 {
    let mut bytes = [0; 16];
    for (place, byte) in bytes.iter_mut().zip(sort_key(name).bytes()) {
        *place = byte;
    }
    u128::from_be_bytes(bytes)
}

/// Notes looked at for one object; nobody writes more by hand.
const NOTES_COUNTED: usize = 1_000;

/// Brings the notes on something into its column, beside those of its own fields.
pub(super) fn noted(on: ObjectId, columns: &mut Columns, bodies: &Bodies) -> Result<(), StoreError> {
    let own: [String; 2] = match on {
        ObjectId::Member(id) => match bodies.read::<Member>(&keys::member(id))? {
            Some(member) => [member.note, member.needs],
            None => return Ok(()),
        },
        ObjectId::Group(id) => match columns.groups.by_id(id) {
            Some(group) => [group.body.note.clone(), String::new()],
            None => return Ok(()),
        },
        ObjectId::Account(id) => match columns.accounts.by_id(id) {
            Some(account) => [account.body.note.clone(), String::new()],
            None => return Ok(()),
        },
        ObjectId::Task(_) | ObjectId::Enrolment(_) | ObjectId::Product(_) => return Ok(()),
    };
    let later: Vec<(String, String)> = bodies.list(&keys::notes(on), NOTES_COUNTED)?;
    let lines: Vec<String> = own
        .iter()
        .chain(later.iter().map(|(text, _)| text))
        .filter(|n| !n.is_empty())
        .map(|n| fold(n))
        .collect();
    let notes = lines.join("\n");
    match on {
        ObjectId::Member(id) => {
            columns.members.change_by_id(id, |row| {
                row.set_texts(&MemberTexts { notes, ..row.column().texts() });
            });
        }
        ObjectId::Group(id) => {
            if let Some(column) = columns.groups.by_id_mut(id) {
                column.notes = notes.into();
            }
        }
        ObjectId::Account(id) => {
            if let Some(column) = columns.accounts.by_id_mut(id) {
                column.notes = notes.into();
            }
        }
        ObjectId::Task(_) | ObjectId::Enrolment(_) | ObjectId::Product(_) => {}
    }
    Ok(())
}

/// Handles find members; those of an archived or merged member find nobody.
fn handles(before: Option<&Member>, after: Option<&Member>, bodies: &mut Bodies) {
    for handle in before.iter().flat_map(|m| &m.handles) {
        bodies.remove(keys::handle(handle.platform.word(), &handle.id));
    }
    for member in after.iter().filter(|m| !m.archived) {
        for handle in &member.handles {
            bodies.put(keys::handle(handle.platform.word(), &handle.id), member.id.to_bytes().to_vec());
        }
    }
}

/// Whoever looks for somebody by exact name or phone begins here. Hints are never taken away: a name that was
/// changed still leads to who had it, and whoever looks checks.
fn hints(member: &Member, bodies: &mut Bodies) {
    for word in [&member.name, &member.remark, &member.phone] {
        if !word.is_empty() {
            bodies.put(keys::called(word, member.id), Vec::new());
        }
    }
}

fn set_all<T: Fields>(object: &mut T, changes: &[Change]) {
    for change in changes {
        // what the writer of the record could set, replay can set; a field of a newer program is passed over
        let _ = object.set_field(&change.field, &change.after);
    }
}

pub(super) fn edited(
    object: Edited,
    changes: &[Change],
    columns: &mut Columns,
    bodies: &mut Bodies,
) -> Result<(), StoreError> {
    match object {
        Edited::Account(id) => {
            if let Some(column) = columns.accounts.by_id_mut(id) {
                set_all(&mut column.body, changes);
                column.key = account_key(&column.body);
                (column.device, column.holder) = device(&column.body);
            }
            noted(ObjectId::Account(id), columns, bodies)?;
        }
        Edited::Group(id) => {
            if let Some(column) = columns.groups.by_id_mut(id) {
                set_all(&mut column.body, changes);
                column.key = group_key(&column.body);
                column.fold_term();
                column.tags = column.body.tags.iter().map(|tag| columns.words.place(tag)).collect();
            }
            noted(ObjectId::Group(id), columns, bodies)?;
        }
        Edited::Member(id) => {
            let Some(before) = bodies.read::<Member>(&keys::member(id))? else { return Ok(()) };
            let mut after = before.clone();
            set_all(&mut after, changes);
            handles(Some(&before), Some(&after), bodies);
            hints(&after, bodies);
            bodies.write(keys::member(id), &after)?;
            if let Some(row) = columns.members.row(id)
                && let Some(mut column) = columns.members.get(row).map(|read| MemberRow::own(&read))
            {
                let was_archived = column.archived;
                let notes = column.column().notes().to_owned();
                shape(&after, notes, &mut column, columns);
                columns.archived_members = count(columns.archived_members, was_archived, column.archived);
                columns.members.set(row, &column);
            }
            noted(ObjectId::Member(id), columns, bodies)?;
        }
        Edited::Product(id) => {
            if let Some(product) = columns.products.get_mut(&id) {
                set_all(product, changes);
            }
        }
    }
    Ok(())
}

pub(super) fn contact(
    before: Option<&Contact>,
    after: Option<&Contact>,
    columns: &mut Columns,
    bodies: &mut Bodies,
) -> Result<(), StoreError> {
    let Some(whose) = after.or(before) else { return Ok(()) };
    let key = keys::contact(whose.member, whose.account);
    if let Some(word) = before.and_then(Contact::own_term) {
        bodies.remove(keys::found_by(whose.account, &fold(word), whose.member));
    }
    if let Some(word) = after.and_then(Contact::own_term) {
        bodies.put(keys::found_by(whose.account, &fold(word), whose.member), Vec::new());
    }
    match after {
        Some(contact) => bodies.write(key, contact)?,
        None => bodies.remove(key),
    }
    let Some(account) = columns.accounts.row(whose.account) else { return Ok(()) };
    let Some(row) = columns.members.row(whose.member) else { return Ok(()) };
    let was_friend = columns.members.get(row).is_some_and(|member| member.is_friend_of(account));
    columns.members.change(row, |member| {
        member.change_lists(|lists| {
            lists.contacts.retain(|contact| contact.account != account);
            let after = after.map(|c| ContactColumn { account, state: c.state, since: c.since });
            lists.contacts.extend(after);
        });
    });
    let is_friend = after.is_some_and(|c| c.state == ContactState::Friend);
    if let Some(column) = columns.accounts.get_mut(account) {
        column.friends = count(column.friends, was_friend, is_friend);
    }
    Ok(())
}

pub(super) fn membership(
    before: Option<&Membership>,
    after: Option<&Membership>,
    columns: &mut Columns,
    bodies: &mut Bodies,
) -> Result<(), StoreError> {
    let Some(whose) = after.or(before) else { return Ok(()) };
    let key = keys::membership(whose.member, whose.group, whose.spell);
    match after {
        Some(membership) => {
            bodies.write(key, membership)?;
            if !membership.nickname.is_empty() {
                bodies.put(keys::called(&membership.nickname, membership.member), Vec::new());
            }
        }
        None => bodies.remove(key),
    }
    let Some(group) = columns.groups.row(whose.group) else { return Ok(()) };
    let Some(row) = columns.members.row(whose.member) else { return Ok(()) };
    let Some(member) = columns.members.get(row) else { return Ok(()) };
    let was_in = member.is_in(group);
    let known = member.stays().find(|stay| stay.group == group).map(|stay| stay.spell);
    // the latest stay stands in the column, also when an undo takes the newest away: only then are others looked at
    let latest = match after {
        Some(stay) if known.is_none_or(|known| known <= stay.spell) => Some(stay.clone()),
        _ => {
            let stays: Vec<Membership> = bodies.list(&keys::memberships(whose.member), usize::MAX)?;
            stays.into_iter().filter(|s| s.group == whose.group).max_by_key(|s| s.spell)
        }
    };
    columns.members.change(row, |member| {
        member.change_lists(|lists| {
            lists.stays.retain(|stay| stay.group != group);
            lists.stays.extend(latest.as_ref().map(|stay| StayColumn {
                group,
                spell: stay.spell,
                joined_at: stay.joined_at,
                left_at: stay.left_at,
            }));
        });
    });
    let is_in = latest.is_some_and(|s| s.left_at.is_none());
    if let Some(column) = columns.groups.get_mut(group) {
        column.members = count(column.members, was_in, is_in);
    }
    Ok(())
}

/// A counter after one thing went from counted to not counted or back.
pub(super) fn count(n: u32, was: bool, is: bool) -> u32 {
    match (was, is) {
        (false, true) => n + 1,
        (true, false) => n.saturating_sub(1),
        _ => n,
    }
}

fn targets(activity: &Activity) -> impl Iterator<Item = Target> {
    let member = activity.member.map(Target::Member);
    // what happened to a member in a group is the member's story; a group's own story has no member
    let group = if member.is_none() { activity.group.map(Target::Group) } else { None };
    member.into_iter().chain(group)
}

/// The group that a member's order belongs to: whoever runs it totals them there.
fn ordered_in(activity: &Activity) -> Option<GroupId> {
    let ordered = activity.kind == ActivityKind::Bought && activity.member.is_some();
    activity.group.filter(|_| ordered)
}

pub(super) fn happened(
    activity: &Activity,
    columns: &mut Columns,
    bodies: &mut Bodies,
) -> Result<(), StoreError> {
    for target in targets(activity) {
        bodies.write(keys::activity(target, activity.at.ms, activity.id), activity)?;
    }
    if let Some(group) = ordered_in(activity) {
        bodies.write(keys::order_in(group, activity.at.ms, activity.id), activity)?;
    }
    if let Some(id) = activity.member {
        columns.members.change_by_id(id, |member| add(activity, member));
    }
    Ok(())
}

pub(super) fn unhappened(
    activity: &Activity,
    columns: &mut Columns,
    bodies: &mut Bodies,
) -> Result<(), StoreError> {
    for target in targets(activity) {
        bodies.remove(keys::activity(target, activity.at.ms, activity.id));
    }
    if let Some(group) = ordered_in(activity) {
        bodies.remove(keys::order_in(group, activity.at.ms, activity.id));
    }
    if let Some(id) = activity.member {
        recount(id, columns, bodies)?;
    }
    Ok(())
}

/// Counts a member's activities anew; what was taken back may have been the latest of its kind.
pub(in crate::store) fn recount(
    id: MemberId,
    columns: &mut Columns,
    bodies: &Bodies,
) -> Result<(), StoreError> {
    let activities: Vec<Activity> = bodies.list(&keys::activities(Target::Member(id)), ACTIVITIES_COUNTED)?;
    columns.members.change_by_id(id, |member| {
        member.orders = 0;
        member.spent = Money(0);
        member.unpicked = 0;
        member.last_order_at = None;
        member.last_reply_at = None;
        member.change_lists(|lists| lists.checkins.clear());
        for activity in &activities {
            add(activity, member);
        }
    });
    Ok(())
}

/// Adds one activity to what a member's column counts.
fn add(activity: &Activity, member: &mut MemberRow) {
    let at = activity.at.ms;
    let latest = |known: Option<Timestamp>| Some(known.map_or(at, |k| k.max(at)));
    let amount = activity.amount.unwrap_or_default();
    match activity.kind {
        ActivityKind::Bought => {
            member.orders += 1;
            member.spent.0 = member.spent.0.saturating_add(amount.0);
            member.last_order_at = latest(member.last_order_at);
            member.unpicked += 1;
        }
        ActivityKind::Refunded => {
            member.orders = member.orders.saturating_sub(1);
            member.spent.0 = member.spent.0.saturating_sub(amount.0);
            member.unpicked = member.unpicked.saturating_sub(1);
        }
        ActivityKind::PickedUp => member.unpicked = 0,
        ActivityKind::Replied => member.last_reply_at = latest(member.last_reply_at),
        ActivityKind::CheckedIn | ActivityKind::LeaveDay => {
            let minute = u32::try_from(at.0.div_euclid(60_000)).unwrap_or(0);
            member.change_lists(|lists| {
                if let Err(place) = lists.checkins.binary_search(&minute) {
                    lists.checkins.insert(place, minute);
                }
            });
        }
        _ => {}
    }
}
