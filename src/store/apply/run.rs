//! Records about playbooks and enrolments.

use chrono::Datelike;

use crate::book::{Enrolment, EnrolmentId, EnrolmentStatus, PlaybookId, Target, WaitReason};
use crate::store::StoreError;
use crate::store::bodies::Bodies;
use crate::store::columns::enrolment::RunState;
use crate::store::columns::task::TargetRow;
use crate::store::columns::{Columns, EnrolmentColumn, PlaybookColumn};
use crate::store::keys;
use crate::store::record::PlaybookState;
use crate::text::pinyin::search_key;

pub(super) fn target_row(target: Target, columns: &Columns) -> TargetRow {
    match target {
        Target::Member(id) => columns.members.row(id).map_or(TargetRow::None, TargetRow::Member),
        Target::Group(id) => columns.groups.row(id).map_or(TargetRow::None, TargetRow::Group),
        Target::Account(id) => columns.accounts.row(id).map_or(TargetRow::None, TargetRow::Account),
    }
}

pub(super) fn applied(playbook: &PlaybookId, version: u32, toml: &str, columns: &mut Columns) {
    columns.place_playbook(playbook);
    let activated_at = columns.store.last_at;
    let column = columns.playbooks.entry(playbook.clone()).or_insert_with(|| PlaybookColumn {
        current: version,
        title: String::new(),
        key: Box::default(),
        versions: std::collections::BTreeMap::new(),
        state: PlaybookState::Running,
        activated_at,
        active: 0,
        in_line: 0,
        open: 0,
        due: 0,
    });
    if column.state == PlaybookState::Removed {
        column.state = PlaybookState::Running;
        column.activated_at = activated_at;
    }
    column.current = version;
    column.versions.insert(version, toml.to_owned());
    let file: Option<toml::Table> = toml.parse().ok();
    let title = file.as_ref().and_then(|file| file.get("title")).and_then(toml::Value::as_str);
    title.unwrap_or(&playbook.0).clone_into(&mut column.title);
    column.key = format!("{}\n{}", search_key(&playbook.0), search_key(&column.title)).into();
    // steps get their numbers now, so that their wordings can be kept by number before the first of them fires
    let steps = file.as_ref().and_then(|file| file.get("step")).and_then(toml::Value::as_array);
    for step in steps.into_iter().flatten().filter_map(|step| step.get("id")?.as_str()) {
        columns.words.place(step);
    }
}

pub(super) fn enrolled(
    enrolment: &Enrolment,
    columns: &mut Columns,
    bodies: &mut Bodies,
) -> Result<(), StoreError> {
    bodies.write(keys::enrolment(enrolment.id), enrolment)?;
    let anchor = &enrolment.status.anchor.key;
    bodies
        .put(keys::enrolled(&enrolment.playbook, enrolment.target, anchor), enrolment.id.to_bytes().to_vec());
    bodies.put(keys::enrolment_of(enrolment.target, enrolment.id), Vec::new());
    let playbook = columns.place_playbook(&enrolment.playbook);
    let target = target_row(enrolment.target, columns);
    let group = enrolment.group.and_then(|id| columns.groups.row(id));
    let column = EnrolmentColumn {
        playbook,
        target,
        group,
        state: RunState::Stopped,
        next_at: None,
        enrolled_at: enrolment.enrolled_at,
        d0: 0,
        version: 0,
        waits: false,
    };
    columns.enrolments.insert(enrolment.id, &column);
    place(enrolment.id, &enrolment.status, columns);
    Ok(())
}

pub(super) fn changed(
    id: EnrolmentId,
    after: &EnrolmentStatus,
    columns: &mut Columns,
    bodies: &mut Bodies,
) -> Result<(), StoreError> {
    if let Some(mut enrolment) = bodies.read::<Enrolment>(&keys::enrolment(id))? {
        enrolment.status = after.clone();
        bodies.write(keys::enrolment(id), &enrolment)?;
    }
    place(id, after, columns);
    Ok(())
}

/// Brings a status into column, counters and wake-ups.
fn place(id: EnrolmentId, status: &EnrolmentStatus, columns: &mut Columns) {
    let Some(row) = columns.enrolments.row(id) else { return };
    let Some(mut column) = columns.enrolments.get(row) else { return };
    let (was, is) = (column.state, RunState::from(&status.state));
    let (slept, playbook, target) = (column.next_at(), column.playbook, column.target);
    column.state = is;
    column.next_at = status.next_at;
    column.version = status.version;
    column.waits = matches!(status.waiting, Some(WaitReason::Cap { .. }));
    let runs = |state| matches!(state, RunState::InLine | RunState::Active);
    // who left the line took no place of any day
    let never_let_in = !runs(is) && (was == RunState::InLine || !runs(was) && column.d0 == 0);
    column.d0 = if never_let_in { 0 } else { status.anchor.d0.num_days_from_ce() };
    columns.enrolments.set(row, &column);
    if let Some(at) = slept {
        columns.wakes.remove((at, row));
    }
    if let Some(at) = status.next_at {
        columns.wakes.insert((at, row));
    }
    match (runs(was), runs(is)) {
        (false, true) => going_through(target, columns, |of| of.push(playbook)),
        (true, false) => going_through(target, columns, |of| {
            // a target may go through one playbook from two anchors
            if let Some(place) = of.iter().position(|p| *p == playbook) {
                of.remove(place);
            }
        }),
        _ => {}
    }
    let id = columns.playbook_ids.get(usize::from(playbook)).cloned();
    if let Some(playbook) = id.and_then(|id| columns.playbooks.get_mut(&id)) {
        let count = super::book::count;
        playbook.active = count(playbook.active, was == RunState::Active, is == RunState::Active);
        playbook.in_line = count(playbook.in_line, was == RunState::InLine, is == RunState::InLine);
    }
}

/// Changes which playbooks a target is going through.
fn going_through(target: TargetRow, columns: &mut Columns, change: impl FnOnce(&mut Vec<u16>)) {
    match target {
        TargetRow::Member(row) => {
            columns.members.change(row, |member| member.change_lists(|lists| change(&mut lists.enrolled)));
        }
        TargetRow::Group(row) => {
            if let Some(group) = columns.groups.get_mut(row) {
                change(&mut group.enrolled);
            }
        }
        TargetRow::Account(row) => {
            if let Some(account) = columns.accounts.get_mut(row) {
                change(&mut account.enrolled);
            }
        }
        TargetRow::None => {}
    }
}
