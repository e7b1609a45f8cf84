//! Making, editing and archiving by forms.
//!
//! Fields arrive as people typed them. All of them are read and checked first ([`typed`]), then one draft of
//! bodies is made ([`place`] accounts and groups, [`member`], [`product`], [`link`] contacts and
//! memberships) and staged.

#![allow(clippy::result_large_err, reason = "a refusal is made once a command and answered at once")]

mod link;
mod member;
mod place;
mod product;
#[cfg(test)]
mod tests;
pub(super) mod typed;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use super::describe::and_others;
use super::draft::Draft;
use super::marking::AT_ONCE;
use super::work::kept;
use crate::book::{AccountId, MemberId, ObjectId, Target};
use crate::door::command::{GroupName, ObjectRef};
use crate::door::form::{self, Field, Kind};
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::store::Body;
use crate::store::record::{Change, Edited, Work};
use crate::text::clean::for_display;
use crate::text::lang::Lang;

/// Fields of a form as typed; of two for one field the later holds.
struct Typed<'a> {
    kind: Kind,
    fields: &'a [(Field, String)],
    lang: Lang,
}

impl<'a> Typed<'a> {
    /// Refuses fields that this kind does not have, and on making those that are needed and missing.
    fn check(kind: Kind, fields: &'a [(Field, String)], making: bool, lang: Lang) -> Result<Self, Refusal> {
        let specs = form::fields(kind);
        let kind_word = kind.label(lang);
        if specs.is_empty() {
            let words = BookWords::NoForm.fill(lang, &[("kind", &kind_word)]);
            return Err(Refusal::new(RefusalKind::Invalid, words));
        }
        for (field, value) in fields {
            if !specs.iter().any(|spec| spec.field == *field) {
                let field_word = field.label(lang);
                let words = BookWords::NoField.fill(lang, &[("kind", &kind_word), ("field", &field_word)]);
                let known: Vec<&str> = specs.iter().map(|spec| spec.field.label(lang)).collect();
                let hint = BookWords::OneOf.fill(lang, &[("words", &known.join(", "))]);
                return Err(typed::invalid(*field, value, words, hint));
            }
        }
        let typed = Self { kind, fields, lang };
        for spec in specs.iter().filter(|spec| spec.required) {
            let missing = match typed.value(spec.field) {
                Some(value) => for_display(value).trim().is_empty(),
                None => making,
            };
            if missing {
                let words = BookWords::Required.fill(lang, &[("field", &spec.field.label(lang))]);
                return Err(typed::invalid(spec.field, "", words, String::new()));
            }
        }
        Ok(typed)
    }

    /// What was typed for a field.
    fn value(&self, field: Field) -> Option<&'a str> {
        self.fields.iter().rev().find(|(known, _)| *known == field).map(|(_, value)| value.as_str())
    }

    /// Canonical texts of all typed fields but some.
    fn canonical(&self, desk: &Desk, but: &[Field]) -> Result<Vec<(&'static str, String)>, Refusal> {
        let mut texts = Vec::new();
        for (field, value) in self.fields.iter().filter(|(field, _)| !but.contains(field)) {
            texts.extend(desk.canonical(self.kind, *field, value, self.lang)?);
        }
        Ok(texts)
    }
}

/// A refusal about something archived.
fn archived(name: &str, lang: Lang) -> DeskError {
    let name = for_display(name).into_owned();
    let words = BookWords::ArchivedAlready.fill(lang, &[("name", &name)]);
    Refusal::new(RefusalKind::State, words).about(name).into()
}

/// A refusal about an id that nobody has.
pub(super) fn unknown(kind: Kind, id: &str, lang: Lang) -> DeskError {
    let words = BookWords::NoSuch.fill(lang, &[("kind", &kind.label(lang)), ("text", &id)]);
    super::not_found(id, words)
}

impl Desk {
    pub(super) fn create(
        &mut self,
        act: &Act,
        kind: Kind,
        fields: &[(Field, String)],
    ) -> Result<Outcome, DeskError> {
        let typed = Typed::check(kind, fields, true, act.lang)?;
        let (draft, made) = match kind {
            Kind::Account => self.make_account(act, &typed)?,
            Kind::Group => self.make_group(act, &typed)?,
            Kind::Member => self.make_member(act, &typed)?,
            Kind::Contact => self.make_contact(act, &typed)?,
            Kind::Membership => self.make_membership(act, &typed)?,
            Kind::Product => self.make_product(act, &typed)?,
            // `Typed::check` has refused kinds without a form
            Kind::Task | Kind::Playbook => return Ok(Outcome::default()),
        };
        self.finish(act, draft, made)
    }

    /// Changes fields of one object, or gives several of one kind the same values: all of them or none.
    pub(super) fn edit(
        &mut self,
        act: &Act,
        objects: &[ObjectRef],
        fields: &[(Field, String)],
    ) -> Result<Outcome, DeskError> {
        if objects.len() > 1
            && let Some((field, value)) = fields.iter().find(|(field, _)| field.is_ones_own())
        {
            let words = BookWords::OneAtATime.fill(act.lang, &[("field", &field.label(act.lang))]);
            return Err(typed::invalid(*field, value, words, String::new()).into());
        }
        if objects.len() > AT_ONCE {
            return self.edit_many(act, objects, fields);
        }
        let mut whole: Option<Draft> = None;
        let mut first = None;
        for object in objects {
            let draft = self.edit_one(act, *object, fields)?;
            first.get_or_insert(*object);
            self.go_on_from(&draft);
            match &mut whole {
                None => whole = Some(draft),
                Some(whole) => whole.take_in(draft),
            }
        }
        let (Some(draft), Some(first)) = (whole, first) else { return Ok(Outcome::default()) };
        if draft.bodies.is_empty() {
            let name = self.formed_name(first);
            return Ok(Outcome {
                words: BookWords::Unchanged.fill(act.lang, &[("name", &name)]),
                warnings: draft.warnings,
                ..Outcome::default()
            });
        }
        self.finish(act, draft, Vec::new())
    }

    /// What becomes of one object by fields that were typed for it.
    pub(super) fn edit_one(
        &mut self,
        act: &Act,
        object: ObjectRef,
        fields: &[(Field, String)],
    ) -> Result<Draft, DeskError> {
        let typed = Typed::check(object.kind(), fields, false, act.lang)?;
        match object {
            ObjectRef::Account(id) => self.edit_account(act, id, &typed),
            ObjectRef::Group(id) => self.edit_group(act, id, &typed),
            ObjectRef::Member(id) => self.edit_member(act, id, &typed),
            ObjectRef::Contact(member, account) => self.edit_contact(act, member, account, &typed),
            ObjectRef::Membership(member, group) => self.edit_membership(act, member, group, &typed),
            ObjectRef::Product(id) => self.edit_product(act, id, &typed),
        }
    }

    /// The same of more than one turn does, in slices. What was typed is checked on the first of them before any is
    /// changed; which of the others cannot have it is told.
    fn edit_many(
        &mut self,
        act: &Act,
        objects: &[ObjectRef],
        fields: &[(Field, String)],
    ) -> Result<Outcome, DeskError> {
        let mut kinds: Vec<Kind> = objects.iter().map(|object| object.kind()).collect();
        kinds.dedup();
        for kind in kinds {
            Typed::check(kind, fields, false, act.lang)?;
        }
        let Some(first) = objects.first().copied() else { return Ok(Outcome::default()) };
        self.edit_one(act, first, fields)?;
        let (lang, name) = (act.lang, self.formed_name(first));
        let labels: Vec<&str> = fields.iter().map(|(field, _)| field.label(lang)).collect();
        let labels = labels.join(", ");
        self.works.say_all(act.id, move |mut counts, outcome| {
            outcome.words = if counts.done == 0 {
                BookWords::Unchanged.fill(lang, &[("name", &name)])
            } else {
                let name = and_others(name, counts.done, lang);
                BookWords::Edited.fill(lang, &[("name", &name), ("fields", &labels)])
            };
            counts.tell_left(outcome, lang);
        });
        let objects = objects.iter().map(|object| kept(*object)).collect();
        let fields = fields.iter().map(|(field, value)| (field.word().to_owned(), value.clone())).collect();
        self.undertake(act, Work::Edit { objects, fields })?;
        Ok(Outcome::default())
    }

    pub(super) fn formed_name(&self, object: ObjectRef) -> String {
        match object {
            ObjectRef::Account(id) => self.display_name(Target::Account(id)),
            ObjectRef::Group(id) => self.display_name(Target::Group(id)),
            ObjectRef::Member(id) | ObjectRef::Contact(id, _) | ObjectRef::Membership(id, _) => {
                self.display_name(Target::Member(id))
            }
            ObjectRef::Product(id) => self.product_name(id),
        }
    }

    pub(super) fn archive(&mut self, act: &Act, object: ObjectRef) -> Result<Outcome, DeskError> {
        let mut draft = self.draft(act);
        let columns = &self.store.columns;
        let edited = match object {
            ObjectRef::Account(id) => {
                let column = columns.accounts.by_id(id);
                column.map(|column| (Edited::Account(id), column.body.archived, column.body.name.clone()))
            }
            ObjectRef::Group(id) => {
                let column = columns.groups.by_id(id);
                column.map(|column| (Edited::Group(id), column.body.archived, column.body.name.clone()))
            }
            ObjectRef::Member(id) => {
                let column = columns.members.by_id(id);
                column.map(|column| (Edited::Member(id), column.archived, column.name().to_owned()))
            }
            ObjectRef::Product(id) => {
                let product = columns.products.get(&id);
                product.map(|product| (Edited::Product(id), product.archived, product.name.clone()))
            }
            ObjectRef::Contact(member, account) => {
                self.archive_contact(act, &mut draft, member, account)?;
                return self.finish(act, draft, Vec::new());
            }
            ObjectRef::Membership(member, group) => {
                self.archive_membership(act, &mut draft, member, group)?;
                return self.finish(act, draft, Vec::new());
            }
        };
        let Some((object, is_archived, name)) = edited else {
            let (kind, id) = match object {
                ObjectRef::Account(id) => (Kind::Account, id.to_string()),
                ObjectRef::Group(id) => (Kind::Group, id.to_string()),
                ObjectRef::Member(id) | ObjectRef::Contact(id, _) | ObjectRef::Membership(id, _) => {
                    (Kind::Member, id.to_string())
                }
                ObjectRef::Product(id) => (Kind::Product, id.to_string()),
            };
            return Err(unknown(kind, &id, act.lang));
        };
        if is_archived {
            return Err(archived(&name, act.lang));
        }
        let change = Change { field: "archived".to_owned(), before: String::new(), after: "yes".to_owned() };
        draft.bodies.push(Body::Edited { object, changes: vec![change] });
        self.finish(act, draft, Vec::new())
    }

    /// Brings an archived account, group, member or product back.
    pub(super) fn restore(&mut self, act: &Act, kind: Kind, text: &str) -> Result<Outcome, DeskError> {
        let object = match kind {
            Kind::Account => Edited::Account(self.find_archived_account(text, act.lang)?),
            Kind::Group => Edited::Group(self.find_archived_group(text, act.lang)?),
            Kind::Member => Edited::Member(self.find_archived_member(text, act.lang)?),
            Kind::Product => Edited::Product(self.find_product(text, true, act.lang)?),
            Kind::Contact | Kind::Membership | Kind::Task | Kind::Playbook => {
                let words = BookWords::NotArchivable.fill(act.lang, &[("kind", &kind.label(act.lang))]);
                return Err(Refusal::new(RefusalKind::Invalid, words).into());
            }
        };
        let columns = &self.store.columns;
        let (name, taken) = match object {
            Edited::Account(id) => {
                let name = columns.target_name(Target::Account(id));
                let taken = self.account_called(&name, Some(id)).is_some();
                (name, taken)
            }
            Edited::Group(id) => {
                let name = columns.target_name(Target::Group(id));
                let taken = self.group_called(&name, Some(id)).is_some();
                (name, taken)
            }
            Edited::Product(id) => {
                let name = self.product_name(id);
                let taken = self.product_called(&name, Some(id)).is_some();
                (name, taken)
            }
            Edited::Member(_) => (String::new(), false),
        };
        if taken {
            let name = for_display(&name).into_owned();
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("kind", &kind.label(act.lang)), ("name", &name)];
            let refusal = Refusal::new(RefusalKind::State, BookWords::NameTaken.fill(act.lang, &values));
            return Err(refusal.about(name).hint(BookWords::NameTakenHint.text(act.lang)).into());
        }
        let mut draft = self.draft(act);
        let change = Change { field: "archived".to_owned(), before: "yes".to_owned(), after: String::new() };
        draft.bodies.push(Body::Edited { object, changes: vec![change] });
        self.finish(act, draft, Vec::new())
    }

    pub(super) fn add_groups(
        &mut self,
        act: &Act,
        names: &[GroupName],
        account: Option<AccountId>,
    ) -> Result<Outcome, DeskError> {
        let (draft, made, known) = self.draft_groups(act, names, account)?;
        let words = BookWords::AlreadyThere.fill(act.lang, &[("n", &known)]);
        if draft.bodies.is_empty() {
            let words = if known > 0 {
                words
            } else {
                BookWords::Required.fill(act.lang, &[("field", &Field::Name.label(act.lang))])
            };
            return Err(Refusal::new(RefusalKind::State, words).into());
        }
        let read = self.groups_read(act, &draft);
        let mut outcome = self.finish(act, draft, made)?;
        outcome.words = format!("{}  {read}", outcome.words);
        if known > 0 {
            outcome.warnings.push(words);
        }
        Ok(outcome)
    }

    /// What was read of the groups of a paste beside their names: how many are on each account and how many have a head
    /// count.
    fn groups_read(&self, act: &Act, draft: &Draft) -> String {
        let made = || {
            draft.bodies.iter().filter_map(|body| match body {
                Body::GroupMade(group) => Some(group),
                _ => None,
            })
        };
        let named = |id: AccountId| {
            let new = draft.bodies.iter().find_map(|body| match body {
                Body::AccountMade(account) if account.id == id => Some(account.name.clone()),
                _ => None,
            });
            let known = || self.store.columns.accounts.by_id(id).map(|account| account.body.name.clone());
            for_display(&new.or_else(known).unwrap_or_default()).into_owned()
        };
        let mut on: Vec<(Option<AccountId>, usize)> = Vec::new();
        for group in made() {
            match on.iter_mut().find(|(account, _)| *account == group.account) {
                Some((_, n)) => *n += 1,
                None => on.push((group.account, 1)),
            }
        }
        let none = || BookWords::NoAccountYet.text(act.lang).to_owned();
        let each = on.iter().map(|(account, n)| format!("{} {n}", account.map_or_else(none, named)));
        let heads = made().filter(|group| group.head_count.is_some()).count();
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("accounts", &each.collect::<Vec<_>>().join(", ")), ("heads", &heads)];
        BookWords::GroupsRead.fill(act.lang, &values)
    }

    fn finish(&mut self, act: &Act, draft: Draft, made: Vec<ObjectId>) -> Result<Outcome, DeskError> {
        let (words, warnings) = self.carry_out(act, draft)?;
        Ok(Outcome { words, made, warnings, ..Outcome::default() })
    }

    /// The member with that id, who is not archived.
    fn present_member(&self, id: MemberId, lang: Lang) -> Result<(), DeskError> {
        match self.store.columns.members.by_id(id) {
            None => Err(unknown(Kind::Member, &id.to_string(), lang)),
            Some(member) if member.archived => Err(archived(member.name(), lang)),
            Some(_) => Ok(()),
        }
    }

    /// A target's name, cleaned for display.
    pub(crate) fn display_name(&self, target: Target) -> String {
        for_display(&self.store.columns.target_name(target)).into_owned()
    }
}
