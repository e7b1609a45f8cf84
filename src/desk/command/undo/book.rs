//! The book: fields of objects, contacts, stays, the store's rules.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::words::book::BookWords;
use super::super::describe::field_label;
use super::kept::Kept;
use super::reverse::put_back;
use crate::book::{
    AccountId, Campaign, CampaignText, Contact, ContactState, Fields, GroupId, Member, MemberId, Membership,
    Target, Timestamp, Wave,
};
use crate::store::record::{Change, Edited, Work};
use crate::store::{Body, keys};

/// Fields that are lists: each item stands for itself.
const LISTS: [&str; 4] = ["tags", "aliases", "handles", "speakers"];

/// How a contact stands: state and since go together.
pub(super) fn contact_stands(contact: &Contact) -> (ContactState, Option<Timestamp>) {
    (contact.state, contact.since)
}

/// How long a stay lasts.
pub(super) fn stay_stands(stay: &Membership) -> (Option<Timestamp>, Option<Timestamp>) {
    (stay.joined_at, stay.left_at)
}

/// What a contact or stay goes back to, and whether something of it stays: field by field where the act changed one
/// that is still there, else as a whole.
fn link_back<T: Clone + PartialEq>(
    now: Option<&T>,
    before: Option<&T>,
    after: Option<&T>,
    fields: impl FnOnce(&mut T, &T, &T, &mut bool),
) -> (Option<T>, bool) {
    let mut differs = false;
    if let (Some(now), Some(before), Some(after)) = (now, before, after) {
        let mut back = now.clone();
        fields(&mut back, before, after, &mut differs);
        return (Some(back), differs);
    }
    let mut back = now;
    put_back(&mut back, &before, &after, &mut differs);
    (back.cloned(), differs)
}

/// A campaign field by field; its waves are one, and that one of them has begun is another.
fn campaign_back(back: &mut Campaign, before: &Campaign, after: &Campaign, differs: &mut bool) {
    put_back(&mut back.title, &before.title, &after.title, differs);
    put_back(&mut back.playbooks, &before.playbooks, &after.playbooks, differs);
    put_back(&mut back.from, &before.from, &after.from, differs);
    put_back(&mut back.until, &before.until, &after.until, differs);
    put_back(&mut back.answers, &before.answers, &after.answers, differs);
    put_back(&mut back.stopped_at, &before.stopped_at, &after.stopped_at, differs);
    if before.until == after.until {
        put_back(&mut back.ended_at, &before.ended_at, &after.ended_at, differs);
    } else {
        // who ended with it goes on, or ends with it then
        back.ended_at = None;
    }
    put_back(&mut back.act, &before.act, &after.act, differs);
    let begun_in = |of: &Campaign, wave: &Wave| {
        of.waves.iter().find(|same| same.is_as(wave)).and_then(|same| same.begun_at)
    };
    let mut waves = back.written().waves;
    let there = |wave: &Wave| before.waves.iter().any(|same| same.is_as(wave));
    if back.waves.iter().all(|wave| wave.begun_at.is_none() || there(wave)) {
        put_back(&mut waves, &before.written().waves, &after.written().waves, differs);
    } else {
        // people came in with a wave that there was not before
        *differs = true;
    }
    for wave in &mut waves {
        let (mut now, had, has) = (begun_in(back, wave), begun_in(before, wave), begun_in(after, wave));
        put_back(&mut now, &had, &has, differs);
        wave.begun_at = now;
    }
    back.waves = waves;
    texts_back(back, before, after, differs);
}

/// The same of its texts: no two of them say the same to the same people at one time.
fn texts_back(back: &mut Campaign, before: &Campaign, after: &Campaign, differs: &mut bool) {
    let same_in = |of: &Campaign, text: &CampaignText| {
        let same = of.texts.iter().find(|same| same.written() == *text);
        same.map(|same| (same.made.clone(), same.begun_at)).unwrap_or_default()
    };
    let mut texts = back.written().texts;
    let there = |text: &CampaignText| before.texts.iter().any(|same| same.written() == text.written());
    if back.texts.iter().all(|text| !text.has_begun() || there(text)) {
        put_back(&mut texts, &before.written().texts, &after.written().texts, differs);
    } else {
        *differs = true;
    }
    for text in &mut texts {
        let (now, had, has) = (same_in(back, text), same_in(before, text), same_in(after, text));
        (text.made, text.begun_at) = now;
        put_back(&mut text.made, &had.0, &has.0, differs);
        put_back(&mut text.begun_at, &had.1, &has.1, differs);
    }
    back.texts = texts;
}

/// What becomes of a field.
#[derive(Debug, PartialEq)]
enum Field {
    /// It is as it was before the act.
    Already,
    /// It changed since.
    Stays,
    Back(String),
}

/// A field without what a change did to it. Of a list, items that were added go and items that were taken come back,
/// whatever else was added since.
fn field_taken_back(field: &str, now: &str, before: &str, after: &str) -> Field {
    if now == before {
        return Field::Already;
    }
    if now == after {
        return Field::Back(before.to_owned());
    }
    if !LISTS.contains(&field) {
        return Field::Stays;
    }
    let items = |text: &str| -> Vec<String> {
        text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    let (now, before, after) = (items(now), items(before), items(after));
    let mut back: Vec<String> =
        now.iter().filter(|item| before.contains(item) || !after.contains(item)).cloned().collect();
    back.extend(before.iter().filter(|item| !after.contains(item) && !now.contains(item)).cloned());
    if back == now { Field::Already } else { Field::Back(back.join(",")) }
}

impl Desk {
    pub(super) fn reverse_rules(
        &mut self,
        act: &Act,
        before: &str,
        after: &str,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        // a store without rules of its own has the default ones
        let before = if before.is_empty() { self.default_rules() } else { before.to_owned() };
        let now = self.store.columns.rules_toml.clone();
        if now == after && before != after {
            let body = Body::RulesSet { before: after.to_owned(), after: before, file: false };
            let hours = self.store.columns.rules.quiet.clone();
            self.put(act, body, kept)?;
            self.rules_changed();
            if let Some(since) = self.undone_at(act)?
                && hours != self.store.columns.rules.quiet
            {
                self.undertake(act, Work::QuietAgain { since })?;
            }
        } else if now != before {
            kept.words.push(BookWords::KeptRules.text(act.lang).to_owned());
        }
        Ok(())
    }

    pub(super) fn reverse_calendar(
        &mut self,
        act: &Act,
        year: i32,
        before: &str,
        after: &str,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        let now = self.given_year(year);
        if now == after && before != after {
            let (before, after) = (after.to_owned(), before.to_owned());
            self.put(act, Body::CalendarYearSet { year, before: before.clone(), after }, kept)?;
            self.calendar_changed();
            self.undertake(act, Work::DaysGone { year, before })?;
        } else if now != before {
            kept.words.push(BookWords::KeptYear.fill(act.lang, &[("year", &year)]));
        }
        Ok(())
    }

    /// A campaign as it was before; who entered with it is taken out by its enrolments.
    pub(super) fn reverse_campaign(
        &mut self,
        act: &Act,
        id: &str,
        before: Option<&Campaign>,
        after: Option<&Campaign>,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        let now = self.store.columns.campaigns.get(id).cloned();
        // that everybody has ended with its time is no change by anybody
        let as_made = now.as_ref().filter(|_| before.is_none());
        let as_made = as_made.map(|now| Campaign { ended_at: None, ..now.clone() });
        let known = as_made.as_ref().or(now.as_ref());
        let (back, stays) = link_back(known, before, after, campaign_back);
        if back.as_ref() != known {
            let until = |of: &Option<Campaign>| of.as_ref().map(|of| of.until);
            let (was, until) = (until(&now), until(&back));
            self.put(act, Body::CampaignSet { id: id.to_owned(), before: now, after: back }, kept)?;
            if let Some(was) = was.filter(|was| until.is_some_and(|until| until != *was)) {
                self.undertake(act, Work::CampaignEnds { campaign: id.to_owned(), was })?;
            }
        }
        if stays {
            kept.words.push(BookWords::KeptCampaign.fill(act.lang, &[("id", &id)]));
        }
        Ok(())
    }

    /// What was made is archived; its story stays.
    pub(super) fn archive_again(
        &mut self,
        act: &Act,
        object: Edited,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        if self.field_of(object, "archived")?.is_none_or(|now| now == "yes") {
            return Ok(());
        }
        let change = Change { field: "archived".to_owned(), before: String::new(), after: "yes".to_owned() };
        self.put(act, Body::Edited { object, changes: vec![change] }, kept)
    }

    /// A field as it is now.
    pub(super) fn field_of(&self, object: Edited, word: &str) -> Result<Option<String>, DeskError> {
        let columns = &self.store.columns;
        Ok(match object {
            Edited::Account(id) => columns.accounts.by_id(id).and_then(|column| column.body.field(word)),
            Edited::Group(id) => columns.groups.by_id(id).and_then(|column| column.body.field(word)),
            Edited::Member(id) => self.store.member(id)?.and_then(|member: Member| member.field(word)),
            Edited::Product(id) => columns.products.get(&id).and_then(|product| product.field(word)),
        })
    }

    pub(super) fn reverse_fields(
        &mut self,
        act: &Act,
        object: Edited,
        changes: &[Change],
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        let name = match object {
            Edited::Account(id) => self.display_name(Target::Account(id)),
            Edited::Group(id) => self.display_name(Target::Group(id)),
            Edited::Member(id) => self.display_name(Target::Member(id)),
            Edited::Product(id) => self.product_name(id),
        };
        let mut back = Vec::new();
        for Change { field, before, after } in changes.iter().rev() {
            let Some(now) = self.field_of(object, field)? else { continue };
            match field_taken_back(field, &now, before, after) {
                Field::Already => {}
                Field::Stays => {
                    let label = field_label(field, act.lang);
                    let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("field", &label)];
                    kept.words.push(BookWords::KeptField.fill(act.lang, &values));
                }
                Field::Back(value) if self.is_taken(object, field, &value)? => {
                    let name = if matches!(field.as_str(), "name" | "handles") {
                        crate::text::clean::for_display(&value).into_owned()
                    } else {
                        name.clone()
                    };
                    kept.words.push(BookWords::KeptName.fill(act.lang, &[("name", &name)]));
                }
                Field::Back(value) => back.push(Change { field: field.clone(), before: now, after: value }),
            }
        }
        if back.is_empty() { Ok(()) } else { self.put(act, Body::Edited { object, changes: back }, kept) }
    }

    /// Whether putting a field back would give two accounts or groups one name, or two members one handle.
    fn is_taken(&self, object: Edited, field: &str, value: &str) -> Result<bool, DeskError> {
        if let (Edited::Member(member), "handles") = (object, field) {
            for (platform, id) in value.split(',').filter_map(|handle| handle.split_once(':')) {
                let owner = self.store.bodies.get(&keys::handle(platform, id))?;
                let owner = owner.and_then(|bytes| keys::id_from::<MemberId>(&bytes));
                if owner.is_some_and(|owner| owner != member) {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let name = match field {
            "name" => value.to_owned(),
            "archived" if value.is_empty() => self.field_of(object, "name")?.unwrap_or_default(),
            _ => return Ok(false),
        };
        Ok(match object {
            Edited::Account(id) => self.account_called(&name, Some(id)).is_some(),
            Edited::Group(id) => self.group_called(&name, Some(id)).is_some(),
            Edited::Product(id) => self.product_called(&name, Some(id)).is_some(),
            Edited::Member(_) => false,
        })
    }

    /// Names a contact or a stay of which something changed since.
    fn keep_link(&self, act: &Act, member: MemberId, with: Target, kept: &mut Kept) {
        let name = self.display_name(Target::Member(member));
        let what = self.display_name(with);
        kept.words.push(BookWords::KeptLink.fill(act.lang, &[("name", &name), ("what", &what)]));
    }

    pub(super) fn reverse_contact(
        &mut self,
        act: &Act,
        before: Option<&Contact>,
        after: Option<&Contact>,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        let Some(whose) = after.or(before) else { return Ok(()) };
        let (member, account): (MemberId, AccountId) = (whose.member, whose.account);
        let now: Option<Contact> = self.store.bodies.read(&keys::contact(member, account))?;
        let (back, differs) = link_back(now.as_ref(), before, after, |back, before, after, differs| {
            let mut stands = contact_stands(back);
            put_back(&mut stands, &contact_stands(before), &contact_stands(after), differs);
            (back.state, back.since) = stands;
            put_back(&mut back.remark, &before.remark, &after.remark, differs);
            put_back(&mut back.search_term, &before.search_term, &after.search_term, differs);
        });
        if differs {
            self.keep_link(act, member, Target::Account(account), kept);
        }
        if back == now {
            return Ok(());
        }
        self.put(act, Body::ContactSet { before: now, after: back }, kept)
    }

    pub(super) fn reverse_stay(
        &mut self,
        act: &Act,
        before: Option<&Membership>,
        after: Option<&Membership>,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        let Some(whose) = after.or(before) else { return Ok(()) };
        let (member, group): (MemberId, GroupId) = (whose.member, whose.group);
        let now: Option<Membership> =
            self.store.bodies.read(&keys::membership(member, group, whose.spell))?;
        let (back, differs) = link_back(now.as_ref(), before, after, |back, before, after, differs| {
            let mut stands = stay_stands(back);
            put_back(&mut stands, &stay_stands(before), &stay_stands(after), differs);
            (back.joined_at, back.left_at) = stands;
            put_back(&mut back.role, &before.role, &after.role, differs);
            put_back(&mut back.nickname, &before.nickname, &after.nickname, differs);
            put_back(&mut back.inviter, &before.inviter, &after.inviter, differs);
        });
        if differs {
            self.keep_link(act, member, Target::Group(group), kept);
        }
        if back == now {
            return Ok(());
        }
        self.put(act, Body::MembershipSet { before: now, after: back }, kept)
    }

    pub(super) fn has_activity(&self, activity: &crate::book::Activity) -> Result<bool, DeskError> {
        let target = match (activity.member, activity.group) {
            (Some(member), _) => Target::Member(member),
            (None, Some(group)) => Target::Group(group),
            (None, None) => return Ok(false),
        };
        Ok(self.store.bodies.has(&keys::activity(target, activity.at.ms, activity.id))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_a_list_are_taken_back_one_by_one() {
        let check = |now: &str, before: &str, after: &str, expected: Field| {
            assert_eq!(field_taken_back("tags", now, before, after), expected, "{now} {before} {after}");
        };
        check("宝妈,VIP", "", "宝妈", Field::Back("VIP".to_owned()));
        check("VIP", "", "宝妈", Field::Already);
        check("VIP,老客", "宝妈,VIP", "VIP", Field::Back("VIP,老客,宝妈".to_owned()));
        check("a", "b", "a", Field::Back("b".to_owned()));
        check("b", "b", "a", Field::Already);
        assert_eq!(field_taken_back("needs", "c", "b", "a"), Field::Stays);
    }
}
