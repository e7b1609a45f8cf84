//! Who a row is.
//!
//! In this order, the first that finds one living member decides: a handle; the phone number; the group with the
//! nickname there and the instant of joining; the same name in the same group or with the same account, if only
//! one member answers to it. A row that names nobody's group or account and has no number of its own goes by the
//! name alone, if only one member has it. Everybody else is new: a wrong split is put right by a merge, a wrong
//! merge tells one customer another's orders.

use super::draft::{Draft, Person};
use super::words::Words;
use crate::book::{AccountId, GroupId, MemberId, Platform, Timestamp};
use crate::door::rows::MemberRow;
use crate::store::StoreError;

impl Draft<'_> {
    /// The member that a row means; none for somebody new.
    pub(super) fn who(
        &mut self,
        row: &MemberRow,
        group: Option<GroupId>,
        account: Option<AccountId>,
    ) -> Result<Option<MemberId>, StoreError> {
        if let Some(found) = self.by_handle(row)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.by_phone(row)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.by_stay(row, group)? {
            return Ok(Some(found));
        }
        self.by_name(row, group, account)
    }

    fn by_handle(&mut self, row: &MemberRow) -> Result<Option<MemberId>, StoreError> {
        let mut found: Option<MemberId> = None;
        for (platform, id) in &row.handles {
            let Some(member) = self.handle(platform, id)? else { continue };
            let Some(member) = self.living(member)? else { continue };
            if let Some(first) = found.filter(|first| *first != member) {
                let other = self.person(member)?.map(|p| p.member.called().to_owned()).unwrap_or_default();
                let words = Words::TwoPeople.fill(self.lang, &[("name", &row.name), ("other", &other)]);
                self.conflict(row.line, words);
                return Ok(Some(first));
            }
            found = Some(member);
        }
        Ok(found)
    }

    fn by_phone(&mut self, row: &MemberRow) -> Result<Option<MemberId>, StoreError> {
        let Some(phone) = &row.phone else { return Ok(None) };
        if let Some(member) = self.handle(Platform::Phone.word(), phone)? {
            return self.living(member);
        }
        let everybody = self.called(phone)?;
        let found = self.among(everybody, &mut |person| person.member.phone == *phone)?;
        if found.len() < 2 {
            return Ok(found.first().copied());
        }
        // one phone for a family: the name tells them apart
        let named = self.among(found.clone(), &mut |person| answers_to(person, &row.name))?;
        Ok(self.only(row, if named.is_empty() { &found } else { &named }))
    }

    fn by_stay(&mut self, row: &MemberRow, group: Option<GroupId>) -> Result<Option<MemberId>, StoreError> {
        let (Some(group), Some(joined_at)) = (group, row.joined_at.map(Timestamp)) else { return Ok(None) };
        let nickname = row.group_nickname.as_ref().unwrap_or(&row.name);
        let mut everybody = self.called(nickname)?;
        everybody.retain(|id| self.is_about(*id, Some(group), None));
        let found = self.among(everybody, &mut |person| {
            !contradicts(person, row)
                && person.stays.iter().any(|stay| stay.group == group && stay.joined_at == Some(joined_at))
        })?;
        Ok(if found.len() == 1 { found.first().copied() } else { None })
    }

    fn by_name(
        &mut self,
        row: &MemberRow,
        group: Option<GroupId>,
        account: Option<AccountId>,
    ) -> Result<Option<MemberId>, StoreError> {
        let anywhere = group.is_none() && account.is_none();
        if anywhere && (row.phone.is_some() || !row.handles.is_empty()) {
            return Ok(None);
        }
        let mut everybody = self.called(&row.name)?;
        everybody.retain(|id| anywhere || self.is_about(*id, group, account));
        let found = self.among(everybody, &mut |person| {
            answers_to(person, &row.name) && !contradicts(person, row) && !elsewhen(person, row, group)
        })?;
        Ok(self.only(row, &found))
    }

    /// The living among them for whom `is` holds.
    fn among(
        &mut self,
        ids: Vec<MemberId>,
        is: &mut dyn FnMut(&Person) -> bool,
    ) -> Result<Vec<MemberId>, StoreError> {
        let mut found = Vec::new();
        for id in ids {
            let Some(living) = self.living(id)? else { continue };
            if self.person(living)?.is_some_and(&mut *is) && !found.contains(&living) {
                found.push(living);
            } else {
                self.let_go(living);
            }
        }
        Ok(found)
    }

    /// The only one of them; several are nobody, and a conflict.
    fn only(&mut self, row: &MemberRow, found: &[MemberId]) -> Option<MemberId> {
        if found.len() > 1 {
            let words = Words::SeveralPeople.fill(self.lang, &[("name", &row.name), ("n", &found.len())]);
            self.conflict(row.line, words);
            return None;
        }
        found.first().copied()
    }
}

fn answers_to(person: &Person, name: &str) -> bool {
    person.member.name == name
        || person.member.remark == name
        || person.stays.iter().any(|stay| stay.nickname == name)
}

/// True where a number of the row and one of the member cannot be one human's.
fn contradicts(person: &Person, row: &MemberRow) -> bool {
    let member = &person.member;
    let other_phone =
        row.phone.as_ref().is_some_and(|phone| !member.phone.is_empty() && member.phone != *phone);
    other_phone
        || row.handles.iter().filter(|(platform, _)| platform != Platform::Phone.word()).any(
            |(platform, id)| {
                let mut same = member.handles.iter().filter(|h| h.platform.word() == platform).peekable();
                same.peek().is_some() && same.all(|handle| handle.id != *id)
            },
        )
}

/// True where the member came to that group at another instant than the row says, and is still there.
fn elsewhen(person: &Person, row: &MemberRow, group: Option<GroupId>) -> bool {
    let Some(joined_at) = row.joined_at.map(Timestamp) else { return false };
    group
        .and_then(|group| person.stay(group))
        .is_some_and(|stay| stay.left_at.is_none() && stay.joined_at.is_some_and(|at| at != joined_at))
}
