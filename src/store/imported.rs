//! What the last import of a member set.
//!
//! Problem: the same member list comes again every week, and between two imports people correct what it says.
//! Idea: for each member a checksum of every field as an import set it. A field that still holds it belongs to
//! the import and may be changed by the next one; any other value is a human's and stays. Nothing is decided
//! here: this follows from the changes inside an applied slice, live and in a replay alike.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bodies::Bodies;
use super::record::{Body, Edited};
use super::{StoreError, keys};
use crate::book::{Fields, GroupId, Member, MemberId};

/// Fields of a member that an import fills with one value.
pub const FIELDS: [&str; 8] = ["name", "remark", "phone", "stage", "birthday", "gender", "note", "source"];

/// Checksums of what was imported, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Imported(BTreeMap<String, u32>);

impl Imported {
    /// What an import remembers of a member; empty when none ever did.
    pub fn of(member: MemberId, bodies: &Bodies) -> Result<Self, StoreError> {
        Ok(bodies.read(&keys::imported(member))?.unwrap_or_default())
    }

    /// True where `text` is what an import put into the field.
    pub fn set(&self, field: &str, text: &str) -> bool {
        self.0.get(field) == Some(&crc32fast::hash(text.as_bytes()))
    }

    /// Remembers what one change of an import set; false where it says nothing about a member's fields.
    pub fn note(&mut self, change: &Body) -> bool {
        match change {
            Body::MemberMade(member) => self.note_member(member),
            Body::Edited { object: Edited::Member(_), changes } => {
                for change in changes.iter().filter(|c| FIELDS.contains(&c.field.as_str())) {
                    self.put(&change.field, &change.after);
                }
                true
            }
            Body::MembershipSet { after: Some(stay), .. } if !stay.nickname.is_empty() => {
                self.put(&nickname_in(stay.group), &stay.nickname);
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
        self.0.insert(field.to_owned(), crc32fast::hash(text.as_bytes()));
    }
}

/// The word under which a nickname in a group is remembered.
pub fn nickname_in(group: GroupId) -> String {
    format!("nickname {group}")
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
