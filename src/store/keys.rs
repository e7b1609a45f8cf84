//! Keys of the index: one keyspace, a letter in front for each kind of row.
//!
//! Values are MessagePack bodies of `book` types unless said otherwise. Times in keys are big-endian with the
//! sign bit flipped, so that they sort; ids are 16 big-endian bytes and sort by time of making.

use chrono::{Datelike, NaiveDate};

use super::StoreError;
use crate::book::id::Id;
use crate::book::{
    AccountId, ActId, ActivityId, CommandId, EnrolmentId, GroupId, MemberId, NoteId, ObjectId, PlaybookId,
    Target, TaskId, TaskKey, Timestamp, TouchId,
};

/// The part of a key that ranges are asked by; none where `bytes`, which may be a part themselves, do not reach to its
/// end, and for kinds whose ranges are not worth it. Written down in the filters of tables: a changed answer is a new
/// [`super::INDEX_VERSION`].
pub fn stem(bytes: &[u8]) -> Option<&[u8]> {
    let after_word = || bytes.iter().position(|byte| *byte == 0).map(|zero| zero + 1);
    let end = match bytes.first()? {
        // an id
        b'b' | b'c' | b's' | b'w' | b'q' | b'j' | b'x' => 17,
        // a kind and an id
        b'v' | b'h' | b'o' | b'n' => 18,
        // a word that ends with zero, and behind it perhaps a kind and an id
        b'l' => after_word()?,
        b'f' => after_word()? + 17,
        _ => return None,
    };
    bytes.get(..end)
}

/// A member's body.
pub const MEMBER: u8 = b'm';
/// A task's body.
pub const TASK: u8 = b't';
/// An enrolment's body.
pub const ENROLMENT: u8 = b'e';
/// An act: see [`super::acts`].
pub const ACT: u8 = b'u';

fn with(letter: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + parts.iter().map(|p| p.len()).sum::<usize>());
    key.push(letter);
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

/// Eight bytes that sort like the time.
pub fn time_bytes(at: Timestamp) -> [u8; 8] {
    ((at.0 as u64) ^ (1 << 63)).to_be_bytes()
}

/// Seventeen bytes: kind and id.
pub fn target_bytes(target: Target) -> [u8; 17] {
    let (kind, bits) = match target {
        Target::Member(id) => (b'm', id.bits()),
        Target::Group(id) => (b'g', id.bits()),
        Target::Account(id) => (b'a', id.bits()),
    };
    tagged(kind, bits)
}

fn tagged(kind: u8, bits: u128) -> [u8; 17] {
    let mut bytes = [0; 17];
    bytes[0] = kind;
    bytes[1..].copy_from_slice(&bits.to_be_bytes());
    bytes
}

fn object_bytes(object: ObjectId) -> [u8; 17] {
    match object {
        ObjectId::Account(id) => tagged(b'a', id.bits()),
        ObjectId::Group(id) => tagged(b'g', id.bits()),
        ObjectId::Member(id) => tagged(b'm', id.bits()),
        ObjectId::Task(id) => tagged(b't', id.bits()),
        ObjectId::Enrolment(id) => tagged(b'e', id.bits()),
        ObjectId::Product(id) => tagged(b'p', id.bits()),
    }
}

/// Body of a member.
pub fn member(id: MemberId) -> Vec<u8> {
    with(MEMBER, &[&id.to_bytes()])
}

/// Body of a task.
pub fn task(id: TaskId) -> Vec<u8> {
    with(TASK, &[&id.to_bytes()])
}

/// Body of an enrolment.
pub fn enrolment(id: EnrolmentId) -> Vec<u8> {
    with(ENROLMENT, &[&id.to_bytes()])
}

/// A contact.
pub fn contact(member: MemberId, account: AccountId) -> Vec<u8> {
    with(b'c', &[&member.to_bytes(), &account.to_bytes()])
}

/// All contacts of a member.
pub fn contacts(member: MemberId) -> Vec<u8> {
    with(b'c', &[&member.to_bytes()])
}

/// One stay of a member in a group.
pub fn membership(member: MemberId, group: GroupId, spell: u32) -> Vec<u8> {
    with(b's', &[&member.to_bytes(), &group.to_bytes(), &spell.to_be_bytes()])
}

/// All stays of a member.
pub fn memberships(member: MemberId) -> Vec<u8> {
    with(b's', &[&member.to_bytes()])
}

/// An activity of a member or group, by time.
pub fn activity(target: Target, at: Timestamp, id: ActivityId) -> Vec<u8> {
    with(b'v', &[&target_bytes(target), &time_bytes(at), &id.to_bytes()])
}

/// All activities of a member or group.
pub fn activities(target: Target) -> Vec<u8> {
    with(b'v', &[&target_bytes(target)])
}

/// What a member ordered in a group, by the group: the whole activity.
pub fn order_in(group: GroupId, at: Timestamp, id: ActivityId) -> Vec<u8> {
    with(b'w', &[&group.to_bytes(), &time_bytes(at), &id.to_bytes()])
}

/// All orders in a group.
pub fn orders_in(group: GroupId) -> Vec<u8> {
    with(b'w', &[&group.to_bytes()])
}

/// Where the orders in a group from an instant on begin.
pub fn orders_from(group: GroupId, from: Timestamp) -> Vec<u8> {
    with(b'w', &[&group.to_bytes(), &time_bytes(from)])
}

/// A touch of a member, group or account, by the time it was sent. The whole touch for member and group, the
/// class alone for accounts.
pub fn touch(target: Target, sent_at: Timestamp, id: TouchId) -> Vec<u8> {
    with(b'h', &[&target_bytes(target), &time_bytes(sent_at), &id.to_bytes()])
}

/// All touches of a target.
pub fn touches(target: Target) -> Vec<u8> {
    with(b'h', &[&target_bytes(target)])
}

/// Touches of a target from an instant on.
pub fn touches_from(target: Target, from: Timestamp) -> Vec<u8> {
    with(b'h', &[&target_bytes(target), &time_bytes(from)])
}

/// When a touch under a [`touch`] key was sent.
pub fn touch_time(key: &[u8]) -> Option<Timestamp> {
    let bytes: [u8; 8] = key.get(18..26)?.try_into().ok()?;
    Some(Timestamp((u64::from_be_bytes(bytes) ^ (1 << 63)) as i64))
}

/// The newest private task of a step from an account to somebody of that name: who else has it may be the same
/// human. Value is the task's id.
pub fn lookalike(playbook: &PlaybookId, step: &str, account: AccountId, name: &str) -> Vec<u8> {
    let name = crate::text::fold::fold(name);
    with(b'l', &[playbook.0.as_bytes(), &[0], step.as_bytes(), &[0], &account.to_bytes(), name.as_bytes()])
}

/// The touch of a task: value is the key of the touch.
pub fn touch_of(task: TaskId, id: TouchId) -> Vec<u8> {
    with(b'q', &[&task.to_bytes(), &id.to_bytes()])
}

/// All touches of a task.
pub fn touches_of(task: TaskId) -> Vec<u8> {
    with(b'q', &[&task.to_bytes()])
}

/// What fired once: value is the task's id. This is what keeps a step from firing twice.
pub fn fired(key: &TaskKey) -> Vec<u8> {
    let target = if key.run { [b'*'; 17] } else { target_bytes(key.target) };
    with(
        b'k',
        &[
            key.playbook.0.as_bytes(),
            &[0],
            key.step.as_bytes(),
            &[0],
            &target,
            &day_bytes(key.occurrence),
            &key.ordinal.to_be_bytes(),
        ],
    )
}

fn day_bytes(day: NaiveDate) -> [u8; 4] {
    (i64::from(day.num_days_from_ce()) as u32 ^ (1 << 31)).to_be_bytes()
}

/// The one enrolment of (playbook, target, anchor key): value is its id.
pub fn enrolled(playbook: &PlaybookId, target: Target, anchor: &str) -> Vec<u8> {
    with(b'f', &[playbook.0.as_bytes(), &[0], &target_bytes(target), anchor.as_bytes()])
}

/// All enrolments of a target in a playbook.
pub fn enrolled_any(playbook: &PlaybookId, target: Target) -> Vec<u8> {
    with(b'f', &[playbook.0.as_bytes(), &[0], &target_bytes(target)])
}

/// Enrolments by target: value empty.
pub fn enrolment_of(target: Target, id: EnrolmentId) -> Vec<u8> {
    with(b'o', &[&target_bytes(target), &id.to_bytes()])
}

/// All enrolments of a target.
pub fn enrolments_of(target: Target) -> Vec<u8> {
    with(b'o', &[&target_bytes(target)])
}

/// A task that serves an enrolment: value empty.
pub fn task_of(enrolment: EnrolmentId, task: TaskId) -> Vec<u8> {
    with(b'j', &[&enrolment.to_bytes(), &task.to_bytes()])
}

/// All tasks of an enrolment.
pub fn tasks_of(enrolment: EnrolmentId) -> Vec<u8> {
    with(b'j', &[&enrolment.to_bytes()])
}

/// A note: value is the text.
pub fn note(on: ObjectId, id: NoteId) -> Vec<u8> {
    with(b'n', &[&object_bytes(on), &id.to_bytes()])
}

/// All notes on something.
pub fn notes(on: ObjectId) -> Vec<u8> {
    with(b'n', &[&object_bytes(on)])
}

/// An act.
pub fn act(id: ActId) -> Vec<u8> {
    with(ACT, &[&id.to_bytes()])
}

/// A body of an act.
pub fn act_body(id: ActId, number: u32) -> Vec<u8> {
    with(b'b', &[&id.to_bytes(), &number.to_be_bytes()])
}

/// All bodies of an act.
pub fn act_bodies(id: ActId) -> Vec<u8> {
    with(b'b', &[&id.to_bytes()])
}

/// The act that an [`act`] key names.
pub fn act_of(key: &[u8]) -> Result<ActId, StoreError> {
    key.get(1..).and_then(id_from).ok_or_else(|| StoreError::Row("a key of an act is cut".to_owned()))
}

/// An id from its 16 bytes.
pub fn id_from<I: Id>(bytes: &[u8]) -> Option<I> {
    bytes.try_into().ok().map(|bytes| I::from_bits(u128::from_be_bytes(bytes)))
}

/// The act that a command became: what a repeated command id is answered from.
pub fn command(id: CommandId) -> Vec<u8> {
    with(b'd', &[&id.to_bytes()])
}

/// A member by platform handle: value is the member's id. Handles are unique.
pub fn handle(platform: &str, id: &str) -> Vec<u8> {
    with(b'i', &[platform.as_bytes(), &[0], id.as_bytes()])
}

/// Somebody who was ever called so, or had that phone: value empty. A hint: whoever looks checks the body.
pub fn called(word: &str, id: MemberId) -> Vec<u8> {
    with(b'l', &[word.as_bytes(), &[0], &id.to_bytes()])
}

/// Everybody who was ever called so.
pub fn called_any(word: &str) -> Vec<u8> {
    with(b'l', &[word.as_bytes(), &[0]])
}

/// The member that a [`called`] key names.
pub fn called_member(key: &[u8]) -> Option<MemberId> {
    key.get(key.len().checked_sub(16)?..).and_then(id_from)
}

/// Whose chat an account finds by a folded word of its own, a search term or a remark: value empty. Taken away with the
/// contact's word; whoever looks checks the contact.
pub fn found_by(account: AccountId, word: &str, id: MemberId) -> Vec<u8> {
    with(b'x', &[&account.to_bytes(), word.as_bytes(), &[0], &id.to_bytes()])
}

/// Everybody whose chat an account finds by a folded word.
pub fn found_by_any(account: AccountId, word: &str) -> Vec<u8> {
    with(b'x', &[&account.to_bytes(), word.as_bytes(), &[0]])
}

/// What the last import of a member set: see [`super::imported`].
pub fn imported(id: MemberId) -> Vec<u8> {
    with(b'z', &[&id.to_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_sort_as_bytes() {
        let times = [i64::MIN, -5, 0, 1, 1_763_776_800_000, i64::MAX];
        for pair in times.windows(2) {
            assert!(time_bytes(Timestamp(pair[0])) < time_bytes(Timestamp(pair[1])));
        }
    }

    /// A table is left out of a range by this: who asks must have the stem of everything there is.
    #[test]
    fn what_ranges_are_asked_by_is_the_stem_of_their_keys() {
        let (member, group) = (MemberId::from_bits(7 << 8), GroupId::from_bits(9));
        let (target, at, act) = (Target::Member(member), Timestamp(5), ActId::from_bits(3));
        let (playbook, task) = (PlaybookId("p".into()), TaskId::from_bits(4));
        let of_member = ObjectId::Member(member);
        for (asked, key) in [
            (contacts(member), contact(member, AccountId::from_bits(1))),
            (memberships(member), membership(member, group, 1)),
            (activities(target), activity(target, at, ActivityId::from_bits(1))),
            (orders_in(group), order_in(group, at, ActivityId::from_bits(1))),
            (orders_from(group, at), order_in(group, at, ActivityId::from_bits(1))),
            (touches(target), touch(target, at, TouchId::from_bits(1))),
            (touches_from(target, at), touch(target, at, TouchId::from_bits(1))),
            (touches_of(task), touch_of(task, TouchId::from_bits(1))),
            (enrolled_any(&playbook, target), enrolled(&playbook, target, "first")),
            (enrolments_of(target), enrolment_of(target, EnrolmentId::from_bits(1))),
            (tasks_of(EnrolmentId::from_bits(2)), task_of(EnrolmentId::from_bits(2), task)),
            (notes(of_member), note(of_member, NoteId::from_bits(1))),
            (act_bodies(act), act_body(act, 1)),
            (called_any("小雨妈"), called("小雨妈", member)),
            (
                found_by_any(AccountId::from_bits(1), "小雨妈"),
                found_by(AccountId::from_bits(1), "小雨妈", member),
            ),
        ] {
            assert!(key.starts_with(&asked));
            assert!(stem(&asked).is_some(), "{asked:?}");
            assert_eq!(stem(&asked), stem(&key), "{asked:?}");
            // a part of what is asked says nothing, or the same
            for end in 0..asked.len() {
                assert!(stem(&asked[..end]).is_none_or(|cut| Some(cut) == stem(&key)), "{asked:?} {end}");
            }
        }
    }

    #[test]
    fn one_run_has_one_key_whoever_the_target_is() {
        let key = |target: u128, run: bool| {
            fired(&TaskKey {
                playbook: PlaybookId("p".into()),
                step: "s".into(),
                target: Target::Group(GroupId::from_bits(target)),
                occurrence: NaiveDate::default(),
                ordinal: 0,
                run,
            })
        };
        assert_eq!(key(1, true), key(2, true));
        assert_ne!(key(1, false), key(2, false));
    }
}
