//! What the last import of a member set.
//!
//! Problem: the same member list comes again every week, and between two imports people correct what it says.
//! Idea: for each member a checksum of every field as an import set it. A field that still holds it belongs to
//! the import and may be changed by the next one; any other value is a human's and stays. Nothing is decided
//! here: this follows from the changes inside an applied slice, live and in a replay alike.

use serde::{Deserialize, Serialize};

use super::bodies::Bodies;
use super::record::{Body, Edited};
use super::{StoreError, keys};
use crate::book::{Fields, GroupId, Member, MemberId};

/// Fields of a member that an import fills with one value. Their places stand in the index.
pub const FIELDS: [&str; 8] = ["name", "remark", "phone", "stage", "birthday", "gender", "note", "source"];

/// The place of a field among them.
pub fn place_of(field: &str) -> Option<u8> {
    (0..).zip(FIELDS).find(|(_, known)| *known == field).map(|(place, _)| place)
}

/// Checksums of what was imported, by field, and by group of the nicknames there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    fields: Vec<(u8, u32)>,
    nicknames: Vec<(GroupId, u32)>,
}

impl Imported {
    /// What an import remembers of a member; empty when none ever did.
    pub fn of(member: MemberId, bodies: &Bodies) -> Result<Self, StoreError> {
        Ok(bodies.read(&keys::imported(member))?.unwrap_or_default())
    }

    /// True where `text` is what an import put into the field.
    pub fn set(&self, field: &str, text: &str) -> bool {
        place_of(field).is_some_and(|place| self.fields.contains(&(place, sum(text))))
    }

    /// True where an import gave this nickname in the group.
    pub fn set_nickname(&self, group: GroupId, nickname: &str) -> bool {
        self.nicknames.contains(&(group, sum(nickname)))
    }

    /// Remembers what one change of an import set; false where it says nothing about a member's fields.
    pub fn note(&mut self, change: &Body) -> bool {
        match change {
            Body::MemberMade(member) => self.note_member(member),
            Body::Edited { object: Edited::Member(_), changes } => {
                for change in changes {
                    self.put(&change.field, &change.after);
                }
                true
            }
            Body::MembershipSet { after: Some(stay), .. } if !stay.nickname.is_empty() => {
                put(&mut self.nicknames, stay.group, &stay.nickname);
                true
            }
            _ => false,
        }
    }

    fn note_member(&mut self, member: &Member) -> bool {
        for field in FIELDS {
            if let Some(text) = member.field(field).filter(|text| !text.is_empty()) {
                self.put(field, &text);
            }
        }
        true
    }

    fn put(&mut self, field: &str, text: &str) {
        if let Some(place) = place_of(field) {
            put(&mut self.fields, place, text);
        }
    }
}

fn put<K: PartialEq>(sums: &mut Vec<(K, u32)>, key: K, text: &str) {
    match sums.iter_mut().find(|(known, _)| *known == key) {
        Some((_, known)) => *known = sum(text),
        None => sums.push((key, sum(text))),
    }
}

fn sum(text: &str) -> u32 {
    crc32fast::hash(text.as_bytes())
}

/// Remembers one change of an applied slice.
pub(super) fn remember(change: &Body, bodies: &mut Bodies) -> Result<(), StoreError> {
    let member = match change {
        Body::MemberMade(member) => member.id,
        Body::Edited { object: Edited::Member(member), .. } => *member,
        Body::MembershipSet { after: Some(stay), .. } if !stay.nickname.is_empty() => stay.member,
        _ => return Ok(()),
    };
    let mut imported = Imported::of(member, bodies)?;
    if imported.note(change) {
        bodies.write(keys::imported(member), &imported)?;
    }
    Ok(())
}
