//! Members as a file for a spreadsheet, which `qun import` reads back.

use chrono_tz::Tz;

use super::context::Context;
use super::error::CliError;
use super::session::{Session, unexpected};
use crate::book::{ContactState, Handle, MemberId, ObjectId, Platform};
use crate::door::detail::MemberDetail;
use crate::door::rows::{Gender, MemberRow};
use crate::door::{Reply, Request};
use crate::exchange::write_members;

/// Writes the file; nothing where there is nobody.
pub(super) fn write(context: &mut Context, rows: &[MemberRow], zone: Tz) {
    if !rows.is_empty() {
        context.out.bytes(&write_members(rows, zone));
    }
}

/// A member's rows: one for each group they are in and each account that they are friends of.
pub(super) fn rows_of(session: &mut Session, member: MemberId) -> Result<Vec<MemberRow>, CliError> {
    match session.ask(Request::Object(ObjectId::Member(member)))? {
        Reply::Member(detail) => Ok(rows(&detail)),
        other => Err(unexpected(&other)),
    }
}

fn rows(detail: &MemberDetail) -> Vec<MemberRow> {
    let member = &detail.member;
    let text = |text: &String| Some(text.clone()).filter(|text| !text.trim().is_empty());
    let handle = |of: &Handle| (of.platform.word().to_owned(), of.id.clone());
    let known = MemberRow {
        name: member.name.clone(),
        phone: text(&member.phone),
        handles: member.handles.iter().filter(|of| !is_phone(of, &member.phone)).map(handle).collect(),
        ..MemberRow::default()
    };
    let whole = MemberRow {
        remark: text(&member.remark),
        aliases: member.aliases.clone(),
        tags: member.tags.clone(),
        stage: member.stage.map(|stage| stage.word().to_owned()),
        birthday: member.birthday.map(|birthday| birthday.to_string()),
        gender: match member.gender.as_str() {
            "女" => Some(Gender::Female),
            "男" => Some(Gender::Male),
            _ => None,
        },
        note: text(&member.note),
        source: text(&member.source),
        ..known.clone()
    };
    let there = detail.groups.iter().filter(|(_, _, left)| left.is_none());
    let groups = there.map(|(group, joined, _)| MemberRow {
        group: Some(group.name.clone()),
        joined_at: joined.map(|at| at.0),
        ..known.clone()
    });
    let friends = detail.contacts.iter().filter(|contact| contact.state == ContactState::Friend);
    let friends = friends.map(|contact| MemberRow {
        account: Some(contact.account.name.clone()),
        added_at: contact.since.map(|at| at.0),
        ..known.clone()
    });
    let mut rows: Vec<MemberRow> = groups.chain(friends).collect();
    match rows.first_mut() {
        Some(first) => {
            let MemberRow { group, account, joined_at, added_at, .. } = std::mem::take(first);
            *first = MemberRow { group, account, joined_at, added_at, ..whole };
        }
        None => rows.push(whole),
    }
    rows
}

/// The number that stands as the phone already.
fn is_phone(handle: &Handle, phone: &str) -> bool {
    handle.platform == Platform::Phone && handle.id == phone
}
