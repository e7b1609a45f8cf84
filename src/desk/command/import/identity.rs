//! Who a row is.
//!
//! In this order, the first that finds one living member decides: a handle; the phone number; the group with the
//! nickname there and the instant of joining; the same name in the same group or with the same account, if only
//! one member answers to it. A row that names nobody's group or account and has no number of its own goes by the
//! name alone, if only one member has it. One that has no number of its own and is not found where it stands is
//! whoever else has its name near there, if only one: a friend of the group's account for a list of its group, who is in
//! one of the account's groups for a list of its friends, and who is known from nowhere. So the same list with another
//! group or account, or with none, makes nobody twice; what was taken for the same is told. Everybody else is new: a
//! wrong split is put right by a merge, a wrong merge tells one customer another's orders.
//!
//! Two rows are nobody's guess and are not taken: one whose numbers belong to two members, and one that several
//! members answer to while it has no number of its own, for a new member made of it would be one more of that name
//! each time the file comes.

use super::crowd::{NAMESAKES_MAX, Wanted};
use super::draft::{Draft, Person};
use super::words::Words;
use crate::book::{AccountId, GroupId, MemberId, Platform, Timestamp};
use crate::door::reply::{Cell, Conflict};
use crate::door::rows::MemberRow;
use crate::store::StoreError;

/// How many of several members a sentence names.
const NAMED_MAX: usize = 3;

/// Whom a row means.
pub(super) enum Who {
    Known(MemberId),
    New,
    /// It cannot be said; the row is not taken.
    Doubtful(Conflict),
}

impl Draft<'_> {
    /// The member that a row means.
    pub(super) fn who(
        &mut self,
        row: &MemberRow,
        group: Option<GroupId>,
        account: Option<AccountId>,
    ) -> Result<Who, StoreError> {
        for by in [Self::by_handle, Self::by_phone] {
            if let Some(who) = by(self, row)? {
                return Ok(who);
            }
        }
        if let Some(found) = self.by_stay(row, group)? {
            return Ok(Who::Known(found));
        }
        self.by_name(row, group, account)
    }

    fn by_handle(&mut self, row: &MemberRow) -> Result<Option<Who>, StoreError> {
        let mut found: Option<(MemberId, String)> = None;
        for (platform, id) in &row.handles {
            let Some(member) = self.handle(platform, id)? else { continue };
            let Some(member) = self.living(member)? else { continue };
            let handle = format!("{platform}:{id}");
            match &found {
                Some((first, by)) if *first != member => {
                    let (one, other) = (self.called_now(*first)?, self.called_now(member)?);
                    let words = Words::TwoPeople.fill(
                        self.lang,
                        &[("by", by), ("one", &one), ("handle", &handle), ("other", &other)],
                    );
                    let about = Cell::Handle;
                    let value = id.clone();
                    return Ok(Some(Who::Doubtful(Conflict {
                        line: row.line,
                        about,
                        value,
                        words,
                        refused: true,
                    })));
                }
                Some(_) => {}
                None => found = Some((member, handle)),
            }
        }
        Ok(found.map(|(member, _)| Who::Known(member)))
    }

    fn by_phone(&mut self, row: &MemberRow) -> Result<Option<Who>, StoreError> {
        let Some(phone) = &row.phone else { return Ok(None) };
        if let Some(member) = self.handle(Platform::Phone.word(), phone)? {
            return Ok(self.living(member)?.map(Who::Known));
        }
        let everybody = self.namesakes(phone, Wanted::Anywhere)?;
        let found = self.among(everybody.found, &mut |person| person.member.phone == *phone)?;
        if let [only] = found.as_slice() {
            return Ok(Some(Who::Known(*only)));
        }
        // one phone for a family: the name tells them apart, and who has another name is another of them
        let named = self.among(found, &mut |person| answers_to(person, &row.name))?;
        match named.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(Who::Known(*only))),
            _ => Ok(Some(Who::Doubtful(self.several(row, Cell::Phone, phone, &named)?))),
        }
    }

    fn by_stay(&mut self, row: &MemberRow, group: Option<GroupId>) -> Result<Option<MemberId>, StoreError> {
        let (Some(group), Some(joined_at)) = (group, row.joined_at.map(Timestamp)) else { return Ok(None) };
        let nickname = row.group_nickname.as_ref().unwrap_or(&row.name);
        let mut everybody = self.namesakes(nickname, Wanted::About(Some(group), None))?.found;
        everybody.retain(|id| self.came_then(*id, group, joined_at));
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
    ) -> Result<Who, StoreError> {
        let anywhere = row.group.is_none() && row.group_ref.is_none() && row.account.is_none();
        let has_number = row.phone.is_some() || !row.handles.is_empty();
        if anywhere && has_number {
            return Ok(Who::New);
        }
        let wanted = if anywhere { Wanted::Anywhere } else { Wanted::About(group, account) };
        let mut everybody = self.namesakes(&row.name, wanted)?;
        let (many, any) = (everybody.many, everybody.any);
        everybody.found.retain(|id| self.may_be(*id, row, group));
        let found = self.among(everybody.found, &mut |person| {
            answers_to(person, &row.name) && !contradicts(person, row) && !elsewhen(person, row, group)
        })?;
        let found = self.told_apart(found, group)?;
        Ok(match found.as_slice() {
            [] if many && !has_number => {
                let words = Words::VeryMany.fill(self.lang, &[("n", &NAMESAKES_MAX)]);
                let (line, value) = (row.line, row.name.clone());
                Who::Doubtful(Conflict { line, about: Cell::Name, value, words, refused: true })
            }
            [] if anywhere || has_number || !any => Who::New,
            [] => self.by_name_near(row, group, account)?,
            [only] => Who::Known(*only),
            // found by its number from now on
            _ if has_number => {
                let words = Words::SeveralPeople.fill(self.lang, &[("name", &row.name), ("n", &found.len())]);
                self.conflict(Conflict {
                    line: row.line,
                    about: Cell::Name,
                    value: row.name.clone(),
                    words,
                    refused: false,
                });
                Who::New
            }
            _ => Who::Doubtful(self.several(row, Cell::Name, &row.name, &found)?),
        })
    }

    /// Of several who may be meant those who are in the group that the row names, where some are: an account may know
    /// namesakes in many groups.
    fn told_apart(
        &mut self,
        found: Vec<MemberId>,
        group: Option<GroupId>,
    ) -> Result<Vec<MemberId>, StoreError> {
        let Some(group) = group.filter(|_| found.len() > 1) else { return Ok(found) };
        let is_there = |person: &Person| person.stay(group).is_some_and(|stay| stay.left_at.is_none());
        let there = self.among(found.clone(), &mut |person| is_there(person))?;
        Ok(if there.is_empty() { found } else { there })
    }

    /// The member of that name who is not where the row says and yet near.
    fn by_name_near(
        &mut self,
        row: &MemberRow,
        group: Option<GroupId>,
        account: Option<AccountId>,
    ) -> Result<Who, StoreError> {
        // a group that is yet to be made is no list of an account's friends
        let is_of_group = row.group.is_some() || row.group_ref.is_some();
        let wanted = Wanted::Near(group, account.filter(|_| !is_of_group));
        let mut everybody = self.namesakes(&row.name, wanted)?.found;
        everybody.retain(|id| self.may_be(*id, row, group));
        let found = self.among(everybody, &mut |person| {
            answers_to(person, &row.name) && !contradicts(person, row) && !elsewhen(person, row, group)
        })?;
        let (who, words) = match found.as_slice() {
            [] => return Ok(Who::New),
            [only] => {
                let name = self.called_now(*only)?;
                (Who::Known(*only), Words::SamePerson.fill(self.lang, &[("name", &name)]))
            }
            several => {
                let n = several.len();
                (Who::New, Words::SeveralPeople.fill(self.lang, &[("name", &row.name), ("n", &n)]))
            }
        };
        let (line, value) = (row.line, row.name.clone());
        self.conflict(Conflict { line, about: Cell::Name, value, words, refused: false });
        Ok(who)
    }

    /// Several members answer to what a row says.
    fn several(
        &mut self,
        row: &MemberRow,
        about: Cell,
        value: &str,
        found: &[MemberId],
    ) -> Result<Conflict, StoreError> {
        let mut names = Vec::new();
        for id in found.iter().take(NAMED_MAX) {
            let id_text = id.to_string();
            let tail = id_text.get(id_text.len().saturating_sub(5)..).unwrap_or_default();
            names.push(format!("{} {tail}", self.called_now(*id)?));
        }
        let words = Words::WhichOfThem.fill(self.lang, &[("n", &found.len()), ("names", &names.join(", "))]);
        Ok(Conflict { line: row.line, about, value: value.to_owned(), words, refused: true })
    }

    /// What a member is called today.
    fn called_now(&mut self, id: MemberId) -> Result<String, StoreError> {
        Ok(self.person(id)?.map(|person| person.member.called().to_owned()).unwrap_or_default())
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
