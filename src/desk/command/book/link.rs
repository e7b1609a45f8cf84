//! Contacts (member and account) and memberships (member and group) by their forms.
//!
//! At most one contact and one lasting stay exist for a pair, so making what is there already changes it.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::words::book::BookWords;
use super::super::draft::{Around, Draft, new_contact, news_of};
use super::{Typed, typed, unknown};
use crate::book::{
    AccountId, ActivityKind, Contact, ContactState, GroupId, MemberId, Membership, ObjectId, Target,
    Timestamp,
};
use crate::door::form::{Field, Kind};
use crate::text::clean::for_display;

impl Desk {
    pub(super) fn make_contact(
        &self,
        act: &Act,
        typed: &Typed<'_>,
    ) -> Result<(Draft, Vec<ObjectId>), DeskError> {
        let member = self.member_of(typed, act)?;
        let account = self.find_account(typed.value(Field::Account).unwrap_or_default(), act.lang).map_err(
            |refusal| refusal.at_field(Field::Account, typed.value(Field::Account).unwrap_or_default()),
        )?;
        let mut draft = self.draft(act);
        draft.person(self, member)?;
        let state = typed.value(Field::State).filter(|value| !value.trim().is_empty());
        let default = if state.is_none() { Some(ContactState::Friend) } else { None };
        self.change_contact(act, &mut draft, member, account, typed, default)?;
        self.not_nothing(&draft, member, act)?;
        Ok((draft, vec![ObjectId::Member(member)]))
    }

    pub(super) fn edit_contact(
        &self,
        act: &Act,
        member: MemberId,
        account: AccountId,
        typed: &Typed<'_>,
    ) -> Result<Draft, DeskError> {
        self.present_member(member, act.lang)?;
        let mut draft = self.draft(act);
        let known = draft.person(self, member)?.is_some_and(|person| person.contact(account).is_some());
        if !known {
            return Err(unknown(Kind::Contact, &self.display_name(Target::Member(member)), act.lang));
        }
        self.change_contact(act, &mut draft, member, account, typed, None)?;
        Ok(draft)
    }

    fn change_contact(
        &self,
        act: &Act,
        draft: &mut Draft,
        member: MemberId,
        account: AccountId,
        typed: &Typed<'_>,
        default: Option<ContactState>,
    ) -> Result<(), DeskError> {
        let before = draft.persons.get(&member).and_then(|person| person.contact(account)).cloned();
        let was = before.as_ref().map(|contact| contact.state);
        let mut after = before.unwrap_or_else(|| new_contact(member, account, ContactState::NotYet));
        let typed_state = typed.value(Field::State).filter(|value| !value.trim().is_empty());
        match typed_state {
            Some(value) => after.state = typed::contact_state(value, act.lang)?,
            None => after.state = default.unwrap_or(after.state),
        }
        let since = self.past_of(typed, Field::Since, act)?;
        let becomes = was != Some(after.state);
        if let Some(since) = since {
            after.since = since;
        } else if becomes && after.state == ContactState::Friend {
            after.since = Some(act.at);
        }
        for (field, place) in
            [(Field::Remark, &mut after.remark), (Field::SearchTerm, &mut after.search_term)]
        {
            if let Some(value) = typed.value(field) {
                *place = self.text_of(field, value, act)?;
            }
        }
        let (state, since) = (after.state, after.since);
        draft.set_contact(after);
        if becomes && let Some(kind) = news_of(state) {
            let at = if state == ContactState::Friend { since.unwrap_or(act.at) } else { act.at };
            let around = Around { account: Some(account), ..Around::default() };
            draft.happened(kind, Some(member), at, around);
        }
        Ok(())
    }

    pub(super) fn archive_contact(
        &self,
        act: &Act,
        draft: &mut Draft,
        member: MemberId,
        account: AccountId,
    ) -> Result<(), DeskError> {
        let known = draft.person(self, member)?.and_then(|person| person.contact(account).cloned());
        let Some(known) = known else {
            return Err(unknown(Kind::Contact, &self.display_name(Target::Member(member)), act.lang));
        };
        if known.state == ContactState::NotYet {
            return Err(super::archived(&self.display_name(Target::Member(member)), act.lang));
        }
        draft.set_contact(Contact { state: ContactState::NotYet, ..known });
        Ok(())
    }

    pub(super) fn make_membership(
        &self,
        act: &Act,
        typed: &Typed<'_>,
    ) -> Result<(Draft, Vec<ObjectId>), DeskError> {
        let member = self.member_of(typed, act)?;
        let value = typed.value(Field::Group).unwrap_or_default();
        let group =
            self.find_group(value, act.lang).map_err(|refusal| refusal.at_field(Field::Group, value))?;
        let mut draft = self.draft(act);
        let lasting = draft.person(self, member)?.and_then(|person| person.stay(group).cloned());
        let stay = lasting.unwrap_or_else(|| {
            let joined = if typed.value(Field::JoinedAt).is_none() { Some(act.at) } else { None };
            draft.next_stay(member, group, joined)
        });
        if stay.left_at.is_none() && typed.value(Field::LeftAt).is_none() {
            draft.warnings.extend(self.nobody_joins(group, act.lang));
        }
        self.change_stay(act, &mut draft, stay, typed)?;
        self.not_nothing(&draft, member, act)?;
        Ok((draft, vec![ObjectId::Member(member)]))
    }

    pub(super) fn edit_membership(
        &self,
        act: &Act,
        member: MemberId,
        group: GroupId,
        typed: &Typed<'_>,
    ) -> Result<Draft, DeskError> {
        self.present_member(member, act.lang)?;
        let mut draft = self.draft(act);
        let stay = draft.person(self, member)?.and_then(|person| {
            person.stays.iter().filter(|stay| stay.group == group).max_by_key(|stay| stay.spell).cloned()
        });
        let Some(stay) = stay else {
            return Err(unknown(Kind::Membership, &self.display_name(Target::Member(member)), act.lang));
        };
        self.change_stay(act, &mut draft, stay, typed)?;
        Ok(draft)
    }

    fn change_stay(
        &self,
        act: &Act,
        draft: &mut Draft,
        stay: Membership,
        typed: &Typed<'_>,
    ) -> Result<(), DeskError> {
        let known = draft.persons.get(&stay.member).and_then(|person| {
            person.stays.iter().find(|known| (known.group, known.spell) == (stay.group, stay.spell)).cloned()
        });
        let mut after = stay;
        if let Some(joined_at) = self.past_of(typed, Field::JoinedAt, act)? {
            after.joined_at = joined_at;
        }
        if let Some(left_at) = self.past_of(typed, Field::LeftAt, act)? {
            after.left_at = left_at;
        }
        if let (Some(joined), Some(left)) = (after.joined_at, after.left_at)
            && left < joined
        {
            let words = BookWords::LeftBeforeJoined.text(act.lang).to_owned();
            let value = typed.value(Field::LeftAt).or(typed.value(Field::JoinedAt)).unwrap_or_default();
            return Err(typed::invalid(Field::LeftAt, value, words, String::new()).into());
        }
        if let Some(value) = typed.value(Field::Role) {
            after.role = if value.trim().is_empty() {
                crate::book::MembershipRole::Plain
            } else {
                typed::role(value, act.lang)?
            };
        }
        if let Some(value) = typed.value(Field::Nickname) {
            after.nickname = self.text_of(Field::Nickname, value, act)?;
        }
        if let Some(value) = typed.value(Field::Inviter) {
            after.inviter = if value.trim().is_empty() {
                None
            } else {
                let found = self.find_member_near(value, Some(after.group), None, act.lang);
                Some(found.map_err(|refusal| refusal.at_field(Field::Inviter, value))?)
            };
        }
        let (member, group) = (after.member, after.group);
        let around = Around { group: Some(group), ..Around::default() };
        let joins = known.is_none().then_some(after.joined_at.unwrap_or(act.at));
        let leaves = after.left_at.filter(|_| known.is_none_or(|known| known.left_at.is_none()));
        draft.set_stay(after);
        if let Some(at) = joins {
            draft.happened(ActivityKind::Joined, Some(member), at, around.clone());
        }
        if let Some(at) = leaves {
            draft.happened(ActivityKind::Left, Some(member), at, around);
        }
        Ok(())
    }

    pub(super) fn archive_membership(
        &self,
        act: &Act,
        draft: &mut Draft,
        member: MemberId,
        group: GroupId,
    ) -> Result<(), DeskError> {
        let inside = draft.person(self, member)?.is_some_and(|person| person.stay(group).is_some());
        if !inside {
            return Err(unknown(Kind::Membership, &self.display_name(Target::Member(member)), act.lang));
        }
        draft.leave(member, group, act.at);
        Ok(())
    }

    fn member_of(&self, typed: &Typed<'_>, act: &Act) -> Result<MemberId, DeskError> {
        let value = typed.value(Field::Member).unwrap_or_default();
        Ok(self.find_member(value, act.lang).map_err(|refusal| refusal.at_field(Field::Member, value))?)
    }

    /// A date that was typed: outer none when the field was not given, inner none when it was cleared.
    #[expect(clippy::option_option, reason = "not given and cleared are two things")]
    fn past_of(
        &self,
        typed: &Typed<'_>,
        field: Field,
        act: &Act,
    ) -> Result<Option<Option<Timestamp>>, DeskError> {
        let Some(value) = typed.value(field) else { return Ok(None) };
        if value.trim().is_empty() {
            return Ok(Some(None));
        }
        let zone = self.store.columns.store.zone;
        Ok(Some(Some(typed::past(field, value, act.at, zone, act.lang)?)))
    }

    fn text_of(&self, field: Field, value: &str, act: &Act) -> Result<String, DeskError> {
        let texts = self.canonical(Kind::Contact, field, value, act.lang)?;
        Ok(texts.into_iter().map(|(_, text)| text).next().unwrap_or_default())
    }

    /// Making what is there already and says the same is refused.
    fn not_nothing(&self, draft: &Draft, member: MemberId, act: &Act) -> Result<(), DeskError> {
        if !draft.bodies.is_empty() {
            return Ok(());
        }
        let name = for_display(&self.store.columns.target_name(Target::Member(member))).into_owned();
        Err(Self::refused(BookWords::Unchanged.fill(act.lang, &[("name", &name)])))
    }
}
