//! The present values of an object's form, in the shape the form shows and reads: names instead of ids, words of
//! closed sets, dates as people write them.
//!
//! Values are cleaned as for the clipboard, not as for the screen: what a form gives back is kept.

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::{
    AccountId, Contact, ContactState, Fields, GroupId, MemberId, Membership, Target, Timestamp,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::command::ObjectRef;
use crate::door::form::{Field, Kind, fields};
use crate::store::keys;
use crate::text::clean::for_clipboard;
use crate::text::lang::Lang;

impl Desk {
    /// The fields of an object's form with their values.
    pub(in crate::desk) fn form(
        &self,
        object: ObjectRef,
        lang: Lang,
    ) -> Result<Vec<(Field, String)>, DeskError> {
        let missing = |id: String| super::not_found(ViewWords::NoSuch.text(lang), id);
        let columns = &self.store.columns;
        Ok(match object {
            ObjectRef::Account(id) => {
                let account = columns.accounts.by_id(id).ok_or_else(|| missing(id.to_string()))?;
                values(Kind::Account, |field| account.body.field(field.word()).unwrap_or_default())
            }
            ObjectRef::Group(id) => {
                let group = &columns.groups.by_id(id).ok_or_else(|| missing(id.to_string()))?.body;
                values(Kind::Group, |field| match field {
                    Field::Account => group.account.map(|id| self.account_name(id)).unwrap_or_default(),
                    Field::Speakers => names(group.speakers.iter().map(|id| self.account_name(*id))),
                    field => group.field(field.word()).unwrap_or_default(),
                })
            }
            ObjectRef::Member(id) => {
                let member = self.store.member(id)?.ok_or_else(|| missing(id.to_string()))?;
                values(Kind::Member, |field| match field {
                    Field::Group => self.groups_of(id),
                    Field::FriendOf => self.friends_of(id),
                    Field::Referrer => member.referrer.map(|id| self.member_name(id)).unwrap_or_default(),
                    field => member.field(field.word()).unwrap_or_default(),
                })
            }
            ObjectRef::Contact(member, account) => {
                let key = keys::contact(member, account);
                let contact: Contact =
                    self.store.bodies.read(&key)?.ok_or_else(|| missing(format!("{member} {account}")))?;
                values(Kind::Contact, |field| match field {
                    Field::Member => self.member_name(member),
                    Field::Account => self.account_name(account),
                    Field::State => contact.state.word().to_owned(),
                    Field::Since => self.moment(contact.since),
                    Field::Remark => contact.remark.clone(),
                    Field::SearchTerm => contact.search_term.clone(),
                    _ => String::new(),
                })
            }
            ObjectRef::Membership(member, group) => {
                let stay =
                    self.latest_stay(member, group)?.ok_or_else(|| missing(format!("{member} {group}")))?;
                values(Kind::Membership, |field| match field {
                    Field::Member => self.member_name(member),
                    Field::Group => self.group_name(group),
                    Field::JoinedAt => self.moment(stay.joined_at),
                    Field::LeftAt => self.moment(stay.left_at),
                    Field::Role => stay.role.word().to_owned(),
                    Field::Nickname => stay.nickname.clone(),
                    Field::Inviter => stay.inviter.map(|id| self.member_name(id)).unwrap_or_default(),
                    _ => String::new(),
                })
            }
            ObjectRef::Product(id) => {
                let product = columns.products.get(&id).ok_or_else(|| missing(id.to_string()))?;
                values(Kind::Product, |field| product.field(field.word()).unwrap_or_default())
            }
        })
    }

    fn latest_stay(&self, member: MemberId, group: GroupId) -> Result<Option<Membership>, DeskError> {
        let stays: Vec<Membership> = self.store.bodies.list(&keys::memberships(member), usize::MAX)?;
        Ok(stays.into_iter().filter(|stay| stay.group == group).max_by_key(|stay| stay.spell))
    }

    fn account_name(&self, id: AccountId) -> String {
        self.store.columns.target_name(Target::Account(id))
    }

    fn group_name(&self, id: GroupId) -> String {
        self.store.columns.target_name(Target::Group(id))
    }

    fn member_name(&self, id: MemberId) -> String {
        self.store.columns.target_name(Target::Member(id))
    }

    fn groups_of(&self, id: MemberId) -> String {
        let columns = &self.store.columns;
        let stays = columns.members.by_id(id).into_iter().flat_map(|member| member.stays());
        let here = stays.filter(|stay| stay.left_at.is_none());
        names(here.filter_map(|stay| Some(columns.groups.get(stay.group)?.body.name.clone())))
    }

    fn friends_of(&self, id: MemberId) -> String {
        let columns = &self.store.columns;
        let contacts = columns.members.by_id(id).into_iter().flat_map(|member| member.contacts());
        let friends = contacts.filter(|contact| contact.state == ContactState::Friend);
        names(friends.filter_map(|contact| Some(columns.accounts.get(contact.account)?.body.name.clone())))
    }

    /// A date as a form shows and reads it, in the store's zone.
    fn moment(&self, at: Option<Timestamp>) -> String {
        let zone = self.store.columns.store.zone;
        at.map(|at| at.local(zone).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
    }

    /// The rules of the store as a file: as last applied, else the defaults spelled out.
    pub(super) fn rules_toml(&self) -> String {
        let columns = &self.store.columns;
        if columns.rules_toml.is_empty() {
            crate::queue::rules::default_file(&columns.rules.zone, Lang::default())
        } else {
            columns.rules_toml.clone()
        }
    }
}

/// Every field of a kind's form with its value.
fn values(kind: Kind, value: impl Fn(Field) -> String) -> Vec<(Field, String)> {
    fields(kind).iter().map(|spec| (spec.field, for_clipboard(&value(spec.field)).into_owned())).collect()
}

/// Names as a list field reads them back; a comma in a name would make two of it.
fn names(names: impl Iterator<Item = String>) -> String {
    names.map(|name| clean(&name).replace([',', '，', '、', ';', '；'], " ")).collect::<Vec<_>>().join(",")
}
