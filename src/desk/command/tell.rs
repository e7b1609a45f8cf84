//! Quick entry: who, where, what happened.
//!
//! One line becomes one act: everybody named, everything that happened to each, and what a group's head count or
//! state became. What is so already (in the group, tagged) is passed over with a warning; only when nothing at all
//! would change is the line refused. What happens once a day (打卡) is told once a day. A marketing stop needs nothing of its own: it follows from the tag.
//! One file because every kind of happening answers the same question: who and where were meant.

use std::collections::HashMap;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use super::book::typed;
use super::draft::{Around, Draft};
use super::task::next_rev;
use crate::book::{
    AccountId, Activity, ActivityKind, ContactState, GroupId, Member, MemberId, ObjectId, Target, TaskStatus,
    Timestamp,
};
use crate::door::command::{Happening, Tell, Who};
use crate::door::form::{Field, Kind};
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::calendar::local_day;
use crate::sop::format::Start;
use crate::sop::grammar::WallTime;
use crate::store::columns::MemberColumn;
use crate::store::record::Edited;
use crate::store::{Body, keys};
use crate::text::clean::{for_clipboard, for_display};

/// What the whole line says besides who and what.
#[derive(Clone, Copy)]
struct Where {
    group: Option<GroupId>,
    account: Option<AccountId>,
    at: Timestamp,
}

/// Everybody named, each once; who of them was made; what stood beside their names.
struct People {
    members: Vec<MemberId>,
    made: Vec<ObjectId>,
    said: HashMap<MemberId, String>,
}

/// Kinds of which what stands beside a name in a list tells more: what was ordered, what a check-in says.
const fn takes_words(kind: ActivityKind) -> bool {
    use ActivityKind::{Bought, CheckedIn, Complained, LeaveDay, Liked, PickedUp, Refunded, Replied};
    matches!(kind, Bought | Refunded | PickedUp | CheckedIn | LeaveDay | Liked | Replied | Complained)
}

/// Kinds that a list pasted from a group tells, so that whoever stands in it is known to be there.
const fn is_done_in_group(kind: ActivityKind) -> bool {
    matches!(kind, ActivityKind::Bought | ActivityKind::CheckedIn)
}

/// How many of a member's activities are looked through for one of the same day.
const LOOKED_BACK: usize = 500;

/// Kinds that a group has of its own.
const fn is_of_group(kind: ActivityKind) -> bool {
    matches!(kind, ActivityKind::HeadCount | ActivityKind::StateChanged)
}

fn invalid(words: String) -> Refusal {
    Refusal::new(RefusalKind::Invalid, words)
}

fn needs_text(act: &Act, kind: ActivityKind) -> DeskError {
    invalid(BookWords::NeedText.fill(act.lang, &[("what", &kind.label(act.lang))])).into()
}

/// The one group somebody is in now, as drafted.
fn only_stay(draft: &Draft, member: MemberId) -> Option<GroupId> {
    let mut stays = draft.persons.get(&member)?.stays.iter().filter(|stay| stay.left_at.is_none());
    match (stays.next(), stays.next()) {
        (Some(stay), None) => Some(stay.group),
        _ => None,
    }
}

/// One refusal for several names that nobody has.
fn nobody_called(unknown: &[Refusal], act: &Act) -> Refusal {
    let names: Vec<&str> = unknown.iter().map(|refusal| refusal.object.as_str()).collect();
    let names = names.join(", ");
    let kind = Kind::Member.label(act.lang);
    let words = BookWords::NoSuch.fill(act.lang, &[("kind", &kind), ("text", &names)]);
    let mut refusal = Refusal::new(RefusalKind::NotFound, words).about(names);
    for candidate in unknown.iter().flat_map(|refusal| &refusal.candidates) {
        if !refusal.candidates.contains(candidate) {
            refusal.candidates.push(candidate.clone());
        }
    }
    if !refusal.candidates.is_empty() {
        let names = refusal.candidates.join(", ");
        refusal = refusal.hint(BookWords::Nearest.fill(act.lang, &[("names", &names)]));
    }
    refusal
}

impl Desk {
    pub(super) fn tell(&mut self, act: &Act, tell: &Tell) -> Result<Outcome, DeskError> {
        let place = self.place(act, tell)?;
        let (of_group, of_members): (Vec<&Happening>, Vec<&Happening>) =
            tell.happened.iter().partition(|happening| is_of_group(happening.kind));
        if tell.happened.is_empty() && !tell.who.iter().any(|who| matches!(who, Who::New(_))) {
            return Err(invalid(BookWords::NeedWhat.text(act.lang).to_owned()).into());
        }
        if tell.who.is_empty() && !of_members.is_empty() {
            return Err(invalid(BookWords::NeedWho.text(act.lang).to_owned()).into());
        }
        let mut draft = self.draft(act);
        let People { members, made, said } = self.people(act, &mut draft, tell, place)?;
        for member in &members {
            for happening in &of_members {
                let beside = said.get(member).filter(|_| takes_words(happening.kind));
                let own = beside.map(|beside| Happening {
                    text: format!("{} {beside}", happening.text).trim().to_owned(),
                    ..(*happening).clone()
                });
                let happening = own.as_ref().unwrap_or(happening);
                // a 接龙 is pasted again whenever it has grown: what it said before is not said twice
                let (kind, line) = (happening.kind, own.as_ref().map(|own| own.text.trim()));
                let is_listed = line.is_some();
                if is_listed && self.is_told_today(&draft, *member, kind, place, line)? {
                    draft.warnings.push(self.told_already(act, &draft, *member, kind));
                    continue;
                }
                self.happening(act, &mut draft, *member, happening, place)?;
                if let Some(group) = place.group.filter(|_| is_listed && is_done_in_group(kind)) {
                    draft.is_in(*member, group);
                }
            }
        }
        for happening in of_group {
            self.of_group(act, &mut draft, happening, place)?;
        }
        if draft.bodies.is_empty() {
            let words = match draft.warnings.as_slice() {
                [] => BookWords::NeedWhat.text(act.lang).to_owned(),
                [only] => only.clone(),
                [first, ..] => {
                    let n = draft.warnings.len();
                    BookWords::NothingNew.fill(act.lang, &[("first", first), ("n", &n)])
                }
            };
            return Err(Self::refused(words));
        }
        let apart = match members.as_slice() {
            [one] if made.is_empty() => self.told_apart(&draft, *one),
            _ => None,
        };
        let complain = of_members.iter().any(|happening| happening.kind == ActivityKind::Complained);
        let complained = if complain { members.as_slice() } else { &[] };
        let owed = self.owed_to(complained)?;
        let (mut words, mut warnings) = self.carry_out(act, draft)?;
        if complain {
            warnings.push(self.stopped_since(act, complained, &owed)?);
        }
        if let Some((name, apart)) = apart {
            words = words.replacen(&name, &apart, 1);
        }
        Ok(Outcome { words, made, warnings, ..Outcome::default() })
    }

    /// What a member is called, and the same with what tells them from a namesake; none where nobody else is called so.
    fn told_apart(&self, draft: &Draft, member: MemberId) -> Option<(String, String)> {
        let columns = &self.store.columns;
        let own = columns.members.by_id(member)?;
        let namesake = |(_, id, other): &(u32, MemberId, MemberColumn<'_>)| {
            *id != member && !other.archived && other.name() == own.name()
        };
        columns.members.iter().find(namesake)?;
        let name = self.display_name(Target::Member(member));
        let real = draft.persons.get(&member).map(|person| for_display(&person.member.name).into_owned());
        let apart = real.filter(|real| *real != name).unwrap_or_else(|| self.member_hint(member));
        let with = format!("{name} ({apart})");
        Some((name, with))
    }

    fn place(&self, act: &Act, tell: &Tell) -> Result<Where, DeskError> {
        let columns = &self.store.columns;
        if let Some(id) = tell.group
            && columns.groups.by_id(id).is_none()
        {
            return Err(super::book::unknown(Kind::Group, &id.to_string(), act.lang));
        }
        if let Some(id) = tell.account
            && columns.accounts.by_id(id).is_none()
        {
            return Err(super::book::unknown(Kind::Account, &id.to_string(), act.lang));
        }
        let at = tell.at.unwrap_or(act.at);
        if at.since(act.at) > crate::book::time::MINUTE {
            return Err(invalid(BookWords::InFuture.text(act.lang).to_owned()).into());
        }
        Ok(Where { group: tell.group, account: tell.account, at })
    }

    /// Finds or makes everybody named.
    fn people(&self, act: &Act, draft: &mut Draft, tell: &Tell, place: Where) -> Result<People, DeskError> {
        let (mut members, mut made) = (Vec::new(), Vec::new());
        let mut said: HashMap<MemberId, String> = HashMap::new();
        let mut unknown: Vec<Refusal> = Vec::new();
        for (at, who) in tell.who.iter().enumerate() {
            let id = match who {
                Who::Known(id) => *id,
                Who::Named(name) => {
                    match self.find_member_near(name, place.group, place.account, act.lang) {
                        Ok(id) => id,
                        // All that nobody is called are told together: one correction for the whole line.
                        Err(refusal) if refusal.kind == RefusalKind::NotFound => {
                            unknown.push(refusal);
                            continue;
                        }
                        Err(refusal) => return Err(refusal.into()),
                    }
                }
                Who::New(name) => {
                    let texts = self.canonical(Kind::Member, Field::Name, name, act.lang)?;
                    let name = texts.into_iter().map(|(_, text)| text).next().unwrap_or_default();
                    if name.is_empty() {
                        let field = Field::Name.label(act.lang);
                        return Err(invalid(BookWords::Required.fill(act.lang, &[("field", &field)]))
                            .at_field(Field::Name, "")
                            .into());
                    }
                    self.warn_of_namesakes(draft, &name);
                    let member = Member::new(draft.id(), name, act.at);
                    let id = draft.make(member);
                    made.push(ObjectId::Member(id));
                    id
                }
            };
            match draft.person(self, id)? {
                None => return Err(super::book::unknown(Kind::Member, &id.to_string(), act.lang)),
                Some(person) if person.member.archived => {
                    let name = person.called();
                    return Err(Self::refused(BookWords::ArchivedAlready.fill(act.lang, &[("name", &name)])));
                }
                Some(_) => {}
            }
            if !members.contains(&id) {
                members.push(id);
            }
            if let Some(words) = tell.said.get(at).map(|words| words.trim()).filter(|words| !words.is_empty())
            {
                let beside = said.entry(id).or_default();
                format!("{beside} {words}").trim().clone_into(beside);
            }
        }
        match unknown.len() {
            0 => Ok(People { members, made, said }),
            1 => Err(unknown.swap_remove(0).into()),
            _ => Err(nobody_called(&unknown, act).into()),
        }
    }

    /// One thing that happened to one member.
    fn happening(
        &self,
        act: &Act,
        draft: &mut Draft,
        member: MemberId,
        happening: &Happening,
        place: Where,
    ) -> Result<(), DeskError> {
        let who = draft.persons.get(&member).map(super::draft::Person::called).unwrap_or_default();
        let kind = happening.kind;
        let text = for_clipboard(happening.text.trim()).replace('\n', " ");
        match kind {
            ActivityKind::Joined => {
                let group = self.group_meant(act, kind, place)?;
                draft.warnings.extend(self.nobody_joins(group, act.lang));
                if !draft.join(member, group, place.at) {
                    let group = self.display_name(Target::Group(group));
                    let values: [(&str, &dyn std::fmt::Display); 2] = [("who", &who), ("group", &group)];
                    draft.warnings.push(BookWords::InGroupAlready.fill(act.lang, &values));
                }
            }
            ActivityKind::Left => {
                let inside = only_stay(draft, member);
                let group = match place.group.or(inside) {
                    Some(group) => group,
                    None => self.group_meant(act, kind, place)?,
                };
                if !draft.leave(member, group, place.at) {
                    let group = self.display_name(Target::Group(group));
                    let values: [(&str, &dyn std::fmt::Display); 2] = [("who", &who), ("group", &group)];
                    draft.warnings.push(BookWords::LeftAlready.fill(act.lang, &values));
                }
            }
            ActivityKind::Added | ActivityKind::Unfriended | ActivityKind::Blocked => {
                let state = match kind {
                    ActivityKind::Added => ContactState::Friend,
                    ActivityKind::Unfriended => ContactState::DeletedUs,
                    _ => ContactState::Blocked,
                };
                let account = self.account_meant(act, draft, member, kind, place)?;
                if !draft.stand(member, account, state, place.at, place.group) {
                    let account = self.display_name(Target::Account(account));
                    let state = state.label(act.lang);
                    let values: [(&str, &dyn std::fmt::Display); 3] =
                        [("who", &who), ("account", &account), ("state", &state)];
                    draft.warnings.push(BookWords::ContactAlready.fill(act.lang, &values));
                }
            }
            ActivityKind::Replied => {
                let around = Around { text, ..self.around(member, place) };
                draft.happened(kind, Some(member), place.at, around);
                for id in self.awaiting_reply(member, place.at) {
                    let Some(task) = self.store.task(id)? else { continue };
                    let after = TaskStatus { replied_at: Some(place.at), ..next_rev(&task.status) };
                    draft.bodies.push(Body::TaskChanged { task: id, before: task.status, after });
                }
            }
            ActivityKind::Tagged | ActivityKind::Untagged => {
                self.tag(act, draft, member, happening, place.at)?;
            }
            ActivityKind::StageChanged => {
                if text.is_empty() {
                    return Err(needs_text(act, kind));
                }
                let stage = typed::stage(&text, act.lang)?;
                let changes = draft.set_fields(member, &[("stage", stage.word().to_owned())]);
                if changes.is_empty() {
                    let label = stage.label(act.lang);
                    let values: [(&str, &dyn std::fmt::Display); 2] = [("who", &who), ("stage", &label)];
                    draft.warnings.push(BookWords::StageAlready.fill(act.lang, &values));
                }
                draft.tell_changes(member, &changes, place.at);
            }
            ActivityKind::Renamed => {
                if text.is_empty() {
                    return Err(needs_text(act, kind));
                }
                let fields = self.canonical(Kind::Member, Field::Name, &happening.text, act.lang)?;
                if draft.set_fields(member, &fields).is_empty() {
                    draft.warnings.push(BookWords::Unchanged.fill(act.lang, &[("name", &who)]));
                } else {
                    let around = Around { text, ..Around::default() };
                    draft.happened(kind, Some(member), place.at, around);
                }
            }
            ActivityKind::CheckedIn | ActivityKind::LeaveDay
                if self.is_told_today(draft, member, kind, place, None)? =>
            {
                draft.warnings.push(self.told_already(act, draft, member, kind));
            }
            _ => {
                if happening.amount.is_some_and(|amount| amount.0 < 0) {
                    return Err(invalid(BookWords::AmountNegative.text(act.lang).to_owned()).into());
                }
                let around = Around {
                    amount: happening.amount,
                    number: happening.number,
                    text,
                    ..self.around(member, place)
                };
                draft.happened(kind, Some(member), place.at, around);
                if kind == ActivityKind::Complained {
                    Self::left_alone(draft, member);
                }
            }
        }
        Ok(())
    }

    fn told_already(&self, act: &Act, draft: &Draft, member: MemberId, kind: ActivityKind) -> String {
        let who = draft.persons.get(&member).map(super::draft::Person::called).unwrap_or_default();
        let what = kind.label(act.lang);
        BookWords::ToldAlready.fill(act.lang, &[("who", &who), ("what", &what)])
    }

    /// Whether what happens once a day was told of that day already; with a line, whether just that was, in that group.
    ///
    /// A day ends when the playbooks end it that the member is in, and those that begin with check-ins; where they
    /// differ, what is another day for one of them is told again.
    fn is_told_today(
        &self,
        draft: &Draft,
        member: MemberId,
        kind: ActivityKind,
        place: Where,
        line: Option<&str>,
    ) -> Result<bool, DeskError> {
        let (columns, at) = (&self.store.columns, place.at);
        let line = line.map(|line| for_clipboard(line).replace('\n', " "));
        let same = |told: &Activity| {
            told.kind == kind
                && line.as_ref().is_none_or(|line| told.text == *line && told.group == place.group)
        };
        let enrolled = columns.members.by_id(member).into_iter().flat_map(|member| member.enrolled());
        let mut ends: Vec<WallTime> = enrolled
            .filter_map(|position| columns.playbook_at(position))
            .filter_map(|(id, column)| Some(self.playbooks.get(id, column.current)?.day_ends))
            .collect();
        let counts =
            |start: &Start| matches!(start, Start::CheckinStreak { .. } | Start::CheckinMissed { .. });
        let counting = self.running_playbooks().into_iter().filter(|(_, playbook)| counts(&playbook.start));
        ends.extend(counting.map(|(_, playbook)| playbook.day_ends));
        if ends.is_empty() {
            ends.push(WallTime::MIDNIGHT);
        }
        let zone = columns.store.zone;
        let same_day =
            |other: Timestamp| ends.iter().all(|e| local_day(other, zone, *e) == local_day(at, zone, *e));
        let drafted = draft.bodies.iter().any(|body| {
            matches!(body, Body::Happened(a) if a.member == Some(member) && same(a) && same_day(a.at.ms))
        });
        if drafted {
            return Ok(true);
        }
        for (_, bytes) in
            self.store.bodies.newest(&keys::activities(Target::Member(member)), None, LOOKED_BACK)?
        {
            let told: Activity = crate::store::bodies::decode(&bytes)?;
            if same(&told) && same_day(told.at.ms) {
                return Ok(true);
            }
            if at.since(told.at.ms) > 2 * crate::book::time::DAY {
                break;
            }
        }
        Ok(false)
    }

    fn tag(
        &self,
        act: &Act,
        draft: &mut Draft,
        member: MemberId,
        happening: &Happening,
        at: Timestamp,
    ) -> Result<(), DeskError> {
        let named = typed::list(&happening.text);
        if named.is_empty() {
            return Err(needs_text(act, happening.kind));
        }
        self.canonical(Kind::Member, Field::Tags, &happening.text, act.lang)?;
        let Some(person) = draft.persons.get(&member) else { return Ok(()) };
        let (who, mut tags) = (person.called(), person.member.tags.clone());
        for tag in named {
            let has = tags.contains(&tag);
            let (wanted, known) = match happening.kind {
                ActivityKind::Tagged => (!has, BookWords::TaggedAlready),
                _ => (has, BookWords::NotTagged),
            };
            if !wanted {
                let tag = for_display(&tag).into_owned();
                draft.warnings.push(known.fill(act.lang, &[("who", &who), ("tag", &tag)]));
            } else if has {
                tags.retain(|known| *known != tag);
            } else {
                tags.push(tag);
            }
        }
        let changes = draft.set_fields(member, &[("tags", tags.join(","))]);
        draft.tell_changes(member, &changes, at);
        Ok(())
    }

    /// A group's own story: its head count or its state.
    fn of_group(
        &self,
        act: &Act,
        draft: &mut Draft,
        happening: &Happening,
        place: Where,
    ) -> Result<(), DeskError> {
        let id = self.group_meant(act, happening.kind, place)?;
        let known = draft.bodies.iter().rev().find_map(|body| match body {
            Body::Edited { object: Edited::Group(group), changes } if *group == id => changes
                .iter()
                .find(|change| change.field == "count")
                .and_then(|change| change.after.parse().ok()),
            _ => None,
        });
        let known: Option<i64> = known.or_else(|| {
            self.store.columns.groups.by_id(id).and_then(|column| column.body.head_count).map(i64::from)
        });
        let group = self.display_name(Target::Group(id));
        if happening.kind == ActivityKind::StateChanged {
            if happening.text.trim().is_empty() {
                return Err(needs_text(act, happening.kind));
            }
            let state = typed::group_state(&happening.text, act.lang)?;
            let before = draft.bodies.len();
            self.change_group(draft, id, &[("state", state.word().to_owned())], "", place.at);
            if draft.bodies.len() == before {
                draft.warnings.push(BookWords::Unchanged.fill(act.lang, &[("name", &group)]));
            }
            return Ok(());
        }
        let Some(number) = happening.number else {
            return Err(invalid(BookWords::NeedNumber.text(act.lang).to_owned()).into());
        };
        let (count, said) = if happening.relative {
            let Some(known) = known else {
                let words = BookWords::CountUnknown.fill(act.lang, &[("group", &group)]);
                return Err(invalid(words).hint(BookWords::CountUnknownHint.text(act.lang)).into());
            };
            let count = known.saturating_add(number);
            if count < 0 {
                let values: [(&str, &dyn std::fmt::Display); 2] = [("group", &group), ("n", &known)];
                return Err(invalid(BookWords::CountBelowZero.fill(act.lang, &values)).into());
            }
            (count, format!("{number:+}"))
        } else {
            (number, String::new())
        };
        let Ok(count) = u32::try_from(count) else {
            return Err(invalid(BookWords::NeedNumber.text(act.lang).to_owned()).into());
        };
        let before = draft.bodies.len();
        self.change_group(draft, id, &[("count", count.to_string())], &said, place.at);
        if draft.bodies.len() == before {
            draft.warnings.push(BookWords::Unchanged.fill(act.lang, &[("name", &group)]));
        }
        Ok(())
    }

    /// Where something else than joining happened: as said, else by the account that befriended them last.
    fn around(&self, member: MemberId, place: Where) -> Around {
        let columns = &self.store.columns;
        let friend = columns.members.by_id(member).and_then(|member| member.newest_friend());
        let account = place.account.or_else(|| friend.and_then(|row| columns.accounts.id(row)));
        Around { group: place.group, account, ..Around::default() }
    }

    /// The group that is meant: as said, else the only one there is.
    fn group_meant(&self, act: &Act, kind: ActivityKind, place: Where) -> Result<GroupId, DeskError> {
        if let Some(group) = place.group {
            return Ok(group);
        }
        let mut present = self.store.columns.groups.iter().filter(|(_, _, column)| !column.body.archived);
        if let (Some((_, id, _)), None) = (present.next(), present.next()) {
            return Ok(id);
        }
        let what = kind.label(act.lang);
        Err(invalid(BookWords::NeedGroup.fill(act.lang, &[("what", &what)])).into())
    }

    /// The account that is meant: as said; who deleted us is a friend of only one; the group's own; the only one.
    fn account_meant(
        &self,
        act: &Act,
        draft: &Draft,
        member: MemberId,
        kind: ActivityKind,
        place: Where,
    ) -> Result<AccountId, DeskError> {
        let friends: Vec<AccountId> = draft.persons.get(&member).map_or_else(Vec::new, |person| {
            let friends = person.contacts.iter().filter(|c| c.state == ContactState::Friend);
            friends.map(|contact| contact.account).collect()
        });
        let befriended = match friends.as_slice() {
            [one] if kind != ActivityKind::Added => Some(*one),
            _ => None,
        };
        let of_group = place
            .group
            .and_then(|id| self.store.columns.groups.by_id(id))
            .and_then(|column| column.body.account)
            .filter(|account| kind == ActivityKind::Added || friends.is_empty() || friends.contains(account));
        place.account.or(befriended).or(of_group).or_else(|| self.only_account()).ok_or_else(|| {
            let what = kind.label(act.lang);
            let refusal = invalid(BookWords::NeedAccount.fill(act.lang, &[("what", &what)]));
            Refusal { field: Some(Field::Account), ..refusal }.into()
        })
    }
}
