//! Records about tasks and touches.

use crate::book::{
    AccountId, EndReason, EnrolmentId, MemberId, Target, Task, TaskId, TaskKey, TaskKind, TaskState,
    TaskStatus, Timestamp, Touch, Via,
};
use crate::store::StoreError;
use crate::store::bodies::Bodies;
use crate::store::columns::task::{TargetRow, TaskSort};
use crate::store::columns::{Columns, TaskColumn, Word};
use crate::store::keys;
use crate::text::fold::fold;

pub(super) fn fired(task: &Task, columns: &mut Columns, bodies: &mut Bodies) -> Result<(), StoreError> {
    bodies.write(keys::task(task.id), task)?;
    once(task, columns, bodies);
    for enrolment in &task.of {
        bodies.put(keys::task_of(*enrolment, task.id), Vec::new());
    }
    let column = column(task, columns);
    columns.tasks.insert(task.id, &column);
    place(task.id, false, &task.status, columns);
    Ok(())
}

/// Remembers what must not come a second time.
fn once(task: &Task, columns: &Columns, bodies: &mut Bodies) {
    for key in once_keys(task, columns) {
        bodies.put(key, task.id.to_bytes().to_vec());
    }
}

/// What came while the clock ran ahead may come again.
fn not_yet(task: &Task, columns: &Columns, bodies: &mut Bodies) -> Result<(), StoreError> {
    for key in once_keys(task, columns) {
        if bodies.get(&key)?.is_some_and(|known| known == task.id.to_bytes()) {
            bodies.remove(key);
        }
    }
    Ok(())
}

/// Under which keys a task is remembered as one that must not come a second time.
fn once_keys(task: &Task, columns: &Columns) -> Vec<Vec<u8>> {
    match &task.kind {
        TaskKind::Step { key, .. } => {
            let lookalike = match (task.target, task.via, task.status.account) {
                (Target::Member(member), Via::Private, Some(account)) => columns
                    .members
                    .by_id(member)
                    .map(|member| keys::lookalike(&key.playbook, &key.step, account, member.name())),
                _ => None,
            };
            std::iter::once(keys::fired(key)).chain(lookalike).collect()
        }
        TaskKind::Ask { playbook, run, key, group } => {
            let key = TaskKey {
                playbook: playbook.clone(),
                step: format!("ask:{key}"),
                target: task.target,
                occurrence: *run,
                ordinal: 0,
                run: group.is_none(),
            };
            vec![keys::fired(&key)]
        }
        _ => Vec::new(),
    }
}

fn column(task: &Task, columns: &mut Columns) -> TaskColumn {
    let (sort, playbook, version, step, variant, words) = match &task.kind {
        TaskKind::Step { key, version, variant } => {
            (TaskSort::Step, Some(&key.playbook), *version, key.step.as_str(), *variant, None)
        }
        TaskKind::FollowUp { words } => (TaskSort::FollowUp, None, 0, "", 0, Some(words)),
        TaskKind::Ask { playbook, key, .. } => (TaskSort::Ask, Some(playbook), 0, key.as_str(), 0, None),
        TaskKind::AddFriend { .. } => (TaskSort::AddFriend, None, 0, "", 0, None),
        TaskKind::Upkeep { .. } => (TaskSort::Upkeep, None, 0, "", 0, None),
        TaskKind::Correction { words, .. } => (TaskSort::Correction, None, 0, "", 0, Some(words)),
    };
    let status = &task.status;
    TaskColumn {
        state: status.state,
        sort,
        via: task.via,
        class: task.class,
        due_at: status.due_at,
        until: status.until,
        snoozed_until: status.snoozed_until,
        ended_at: status.ended_at,
        fired_at: task.fired_at,
        replied_at: status.replied_at,
        target: super::run::target_row(task.target, columns),
        group: task.group.and_then(|id| columns.groups.row(id)),
        account: account_row(status.account, columns),
        playbook: playbook.map(|id| columns.place_playbook(id)),
        version,
        step: columns.words.place(step),
        variant,
        priority: task.priority,
        members: task.members.len() as u32,
        skip: None,
        seen: false,
        copied: false,
        held: false,
        words: words.map(|words| fold(words).into()),
        assignee: None,
        ended_by: None,
        rev: 0,
    }
}

fn account_row(account: Option<AccountId>, columns: &Columns) -> Option<u32> {
    account.and_then(|id| columns.accounts.row(id))
}

pub(super) fn changed(
    id: TaskId,
    after: &TaskStatus,
    columns: &mut Columns,
    bodies: &mut Bodies,
) -> Result<(), StoreError> {
    let Some(mut task) = bodies.read::<Task>(&keys::task(id))? else { return Ok(()) };
    task.status = after.clone();
    bodies.write(keys::task(id), &task)?;
    if after.end == Some(EndReason::NotYet) {
        not_yet(&task, columns, bodies)?;
    }
    let words = match (&after.edited, &task.kind) {
        (Some(edited), _) => Some(edited.as_str()),
        (None, TaskKind::FollowUp { words } | TaskKind::Correction { words, .. }) => Some(words.as_str()),
        _ => None,
    };
    columns.tasks.change_by_id(id, |column| {
        // of what was sent as its step says it, the words that its touch filled in stay
        let stays = words.is_none() && (column.state, after.state) == (TaskState::Sent, TaskState::Sent);
        if !stays {
            column.words = words.map(|words| fold(words).into());
        }
    });
    place(id, true, after, columns);
    Ok(())
}

/// Brings a status into column, counters and orders.
///
/// What it stood under before is read from the column itself, not from the body: while only columns are replayed,
/// bodies are ahead of them.
fn place(id: TaskId, known: bool, after: &TaskStatus, columns: &mut Columns) {
    let Some(row) = columns.tasks.row(id) else { return };
    let account = account_row(after.account, columns);
    let assignee = (!after.assignee.is_empty()).then(|| columns.words.place(&after.assignee));
    let ended_by = (!after.ended_by.is_empty()).then(|| columns.words.place(&after.ended_by));
    let Some(mut column) = columns.tasks.get(row) else { return };
    if known {
        columns.queue.take(row, &column);
        columns.ended.take(row, &column);
    }
    let was_account = column.account;
    let was_open = known && column.state.is_open();
    let was_due = known && column.state == TaskState::Due;
    let was_unseen = known && column.state == TaskState::Due && !column.seen;
    let stood = (column.due_at, column.until(), column.snoozed_until());
    column.state = after.state;
    column.due_at = after.due_at;
    column.until = after.until;
    column.snoozed_until = after.snoozed_until;
    column.ended_at = after.ended_at;
    column.replied_at = after.replied_at;
    column.account = account;
    column.seen = after.seen_at.is_some();
    column.copied = after.copied_at.is_some();
    column.held = after.held.is_some();
    column.skip = match &after.end {
        Some(EndReason::Skip { reason, .. }) => Some(*reason),
        _ => None,
    };
    column.assignee = assignee;
    column.ended_by = ended_by;
    column.rev = after.rev;
    columns.queue.put(row, &column);
    columns.ended.put(row, &column);
    columns.tasks.set(row, &column);
    let (target, group, playbook, sort) = (column.target, column.said_in(), column.playbook, column.sort);

    if known {
        let (_, until, snoozed_until) = stood;
        for (set, at) in [(&mut columns.expiries, until), (&mut columns.snoozes, snoozed_until)] {
            if let Some(at) = at {
                set.remove((at, row));
            }
        }
    }
    let open = after.state.is_open();
    let due = after.state == TaskState::Due;
    if open {
        if let Some(until) = after.until {
            columns.expiries.insert((until, row));
        }
        if let (TaskState::Snoozed, Some(at)) = (after.state, after.snoozed_until) {
            columns.snoozes.insert((at, row));
        }
    }

    let is_unseen = after.state == TaskState::Due && after.seen_at.is_none();
    columns.unseen = super::book::count(columns.unseen, was_unseen, is_unseen);
    if sort == TaskSort::FollowUp && open {
        columns.follow_ups.insert(row);
    } else {
        columns.follow_ups.remove(&row);
    }

    let count = super::book::count;
    if let TargetRow::Member(member) = target
        && was_due != due
    {
        columns.members.change(member, |member| member.due = count(member.due, was_due, due));
    }
    if let Some(group) = group.and_then(|row| columns.groups.get_mut(row)) {
        group.open = count(group.open, was_open, open);
        group.due.remove((stood.0, row));
        if due {
            group.due.insert((after.due_at, row));
        }
    }
    if let Some(account) = was_account.and_then(|row| columns.accounts.get_mut(row)) {
        account.due = count(account.due, was_due, false);
    }
    if let Some(account) = account.and_then(|row| columns.accounts.get_mut(row)) {
        account.due = count(account.due, false, due);
    }
    let playbook = playbook.and_then(|place| columns.playbook_ids.get(usize::from(place)).cloned());
    if let Some(playbook) = playbook.and_then(|id| columns.playbooks.get_mut(&id)) {
        playbook.open = count(playbook.open, was_open, open);
        playbook.due = count(playbook.due, was_due, due);
    }
}

pub(super) fn joined(
    id: TaskId,
    enrolment: EnrolmentId,
    member: MemberId,
    undone: bool,
    columns: &mut Columns,
    bodies: &mut Bodies,
) -> Result<(), StoreError> {
    let Some(mut task) = bodies.read::<Task>(&keys::task(id))? else { return Ok(()) };
    if undone {
        bodies.remove(keys::task_of(enrolment, id));
        task.of.retain(|of| *of != enrolment);
        task.members.retain(|m| *m != member);
    } else {
        bodies.put(keys::task_of(enrolment, id), Vec::new());
        if !task.of.contains(&enrolment) {
            task.of.push(enrolment);
        }
        if !task.members.contains(&member) {
            task.members.push(member);
        }
    }
    columns.tasks.change_by_id(id, |column| column.members = task.members.len() as u32);
    bodies.write(keys::task(id), &task)
}

fn touch_keys(touch: &Touch) -> Vec<(Vec<u8>, bool)> {
    let at = touch.sent_at.ms;
    let whole = [touch.member.map(Target::Member), touch.group.map(Target::Group)];
    let mut keys: Vec<(Vec<u8>, bool)> =
        whole.into_iter().flatten().map(|target| (keys::touch(target, at, touch.id), true)).collect();
    let lonely = keys.is_empty();
    // what was said with another is no message of its account's more, but it is kept somewhere
    if let Some(account) = touch.account.filter(|_| touch.with.is_none() || lonely) {
        keys.push((keys::touch(Target::Account(account), at, touch.id), lonely));
    }
    keys
}

pub(super) fn touched(touch: &Touch, columns: &mut Columns, bodies: &mut Bodies) -> Result<(), StoreError> {
    let mut main = None;
    for (key, whole) in touch_keys(touch) {
        if whole {
            bodies.write(key.clone(), touch)?;
            main = main.or(Some(key));
        } else {
            bodies.put(key, touch.class.word().as_bytes().to_vec());
        }
    }
    if let Some(main) = main {
        bodies.put(keys::touch_of(touch.task, touch.id), main);
    }
    if touch.filled && !touch.duplicate {
        let said = if touch.said.is_empty() { fold(&touch.text) } else { fold(&touch.said.join("\n")) };
        columns.tasks.change_by_id(touch.task, |task| task.words = Some(said.into()));
    }
    let sent = sent_word(touch, columns);
    if let Some(id) = touch.member {
        columns.members.change_by_id(id, |member| {
            member.last_touch_at = member.last_touch_at.max(Some(touch.sent_at.ms));
            if let Some(word) = sent.filter(|word| !member.column().sent().any(|known| known == *word)) {
                member.change_lists(|lists| include(&mut lists.sent, word));
            }
        });
    }
    if let Some(column) = touch.group.and_then(|id| columns.groups.by_id_mut(id)) {
        column.last_touch_at = column.last_touch_at.max(Some(touch.sent_at.ms));
        if let Some(word) = sent {
            include(&mut column.sent, word);
        }
    }
    Ok(())
}

pub(super) fn untouched(touch: &Touch, columns: &mut Columns, bodies: &mut Bodies) -> Result<(), StoreError> {
    for (key, _) in touch_keys(touch) {
        bodies.remove(key);
    }
    bodies.remove(keys::touch_of(touch.task, touch.id));
    if let Some(member) = touch.member {
        let (last, sent) = touches_left(Target::Member(member), columns, bodies)?;
        columns.members.change_by_id(member, |member| {
            member.last_touch_at = last;
            member.change_lists(|lists| lists.sent = sent);
        });
    }
    if let Some(group) = touch.group {
        let (last, sent) = touches_left(Target::Group(group), columns, bodies)?;
        if let Some(column) = columns.groups.by_id_mut(group) {
            column.last_touch_at = last;
            column.sent = sent;
        }
    }
    Ok(())
}

/// `playbook/step` of a touch, where it came from a playbook.
fn sent_word(touch: &Touch, columns: &mut Columns) -> Option<Word> {
    let playbook = touch.playbook.as_ref()?;
    Some(columns.words.place(&format!("{playbook}/{}", touch.step)))
}

/// Adds a word to a set that stands rising, so that it is the same however it came about: one by one, or counted anew.
fn include(words: &mut Vec<Word>, word: Word) {
    if let Err(place) = words.binary_search(&word) {
        words.insert(place, word);
    }
}

/// When a target was touched last and what it was sent, counted anew.
fn touches_left(
    target: Target,
    columns: &mut Columns,
    bodies: &Bodies,
) -> Result<(Option<Timestamp>, Vec<Word>), StoreError> {
    let touches: Vec<Touch> = bodies.list(&keys::touches(target), usize::MAX)?;
    let mut sent: Vec<Word> = Vec::new();
    for word in touches.iter().filter_map(|touch| sent_word(touch, columns)).collect::<Vec<_>>() {
        include(&mut sent, word);
    }
    Ok((touches.iter().map(|touch| touch.sent_at.ms).max(), sent))
}
