//! Applying records: the one way in which the book changes, for a live turn and for a replay alike.
//!
//! Nothing is decided here and nothing fails for what a record says: a record that speaks of an object nobody
//! knows changes nothing, so that a damaged or forgotten past cannot stop the present. Errors come from the
//! index alone.

mod book;
mod run;
mod task;

pub(super) use book::recount;

use super::StoreError;
use super::acts;
use super::bodies::Bodies;
use super::columns::{Columns, ImportProgress, LeftWork, Reversal};
use super::keys;
use super::record::{Body, Record};

/// Applies one record, with its sequence number in the journal, to columns and bodies.
pub fn apply(
    seq: u64,
    record: &Record,
    columns: &mut Columns,
    bodies: &mut Bodies,
) -> Result<(), StoreError> {
    columns.store.last_at = columns.store.last_at.max(record.at);
    columns.store.believe(record.at);
    acts::keep(record, bodies)?;
    if let Body::ImportBegun { import, .. } = &record.body {
        columns.last_import = columns.last_import.max(*import);
        columns.imports.insert(*import, ImportProgress { begun: seq, ..ImportProgress::default() });
    }
    if let Body::NoteAdded { note, on, text } = &record.body {
        // who wrote it stands in the record alone
        bodies.write(keys::note(*on, *note), &(text, &record.by.operator))?;
        return book::noted(*on, columns, bodies);
    }
    let health = columns.health_before(&record.body);
    body(&record.body, columns, bodies)?;
    if let Some((account, before)) = health {
        columns.note_silenced(account, &before, record.at);
    }
    columns.note_paused(&record.body, record.at);
    Ok(())
}

fn body(body: &Body, columns: &mut Columns, bodies: &mut Bodies) -> Result<(), StoreError> {
    match body {
        Body::StoreMade { store, name, zone, demo } => {
            columns.store.id = Some(*store);
            columns.store.name.clone_from(name);
            columns.store.zone = super::columns::parse_zone(zone).unwrap_or(columns.store.zone);
            columns.store.demo = *demo;
            zone.clone_into(&mut columns.rules.zone);
        }
        Body::RulesSet { after, file, .. } => book::rules(after, *file, columns),
        Body::AccountMade(account) => book::account(account, columns),
        Body::GroupMade(group) => book::group(group, columns),
        Body::MemberMade(member) => book::member(member, columns, bodies)?,
        Body::ProductMade(product) => {
            columns.products.insert(product.id, product.clone());
        }
        Body::Edited { object, changes } => book::edited(*object, changes, columns, bodies)?,
        Body::ContactSet { before, after } => {
            book::contact(before.as_ref(), after.as_ref(), columns, bodies)?;
        }
        Body::MembershipSet { before, after } => {
            book::membership(before.as_ref(), after.as_ref(), columns, bodies)?;
        }
        Body::Happened(activity) => book::happened(activity, columns, bodies)?,
        Body::Unhappened(activity) => book::unhappened(activity, columns, bodies)?,
        // applied with its record
        Body::NoteAdded { .. } => {}
        Body::NoteRemoved { note, on, .. } => {
            bodies.remove(keys::note(*on, *note));
            book::noted(*on, columns, bodies)?;
        }
        Body::PlaybookApplied { playbook, version, toml, .. } => {
            run::applied(playbook, *version, toml, columns);
        }
        Body::PlaybookSet { playbook, after, .. } => {
            if let Some(column) = columns.playbooks.get_mut(playbook) {
                column.state = *after;
            }
        }
        Body::Enrolled(enrolment) => run::enrolled(enrolment, columns, bodies)?,
        Body::EnrolmentChanged { enrolment, after, .. } => run::changed(*enrolment, after, columns, bodies)?,
        Body::TaskFired(fired) => task::fired(fired, columns, bodies)?,
        Body::TaskChanged { task, after, .. } => task::changed(*task, after, columns, bodies)?,
        Body::TaskJoined { task, enrolment, member, undone } => {
            task::joined(*task, *enrolment, *member, *undone, columns, bodies)?;
        }
        Body::Touched(touch) => task::touched(touch, columns, bodies)?,
        Body::Untouched(touch) => task::untouched(touch, columns, bodies)?,
        Body::Answered { ask, after, .. } => {
            match after {
                Some(answer) => columns.answers.insert(ask.clone(), answer.clone()),
                None => columns.answers.remove(ask),
            };
        }
        Body::DayOffSet { playbook, day, after, .. } => {
            if *after {
                columns.days_off.insert((playbook.clone(), *day));
            } else {
                columns.days_off.remove(&(playbook.clone(), *day));
            }
        }
        Body::SnippetSet { name, after, .. } => {
            match after {
                Some(snippet) => columns.snippets.insert(name.clone(), snippet.clone().into()),
                None => columns.snippets.remove(name),
            };
        }
        Body::ViewSet { name, after, .. } => {
            match after {
                Some(view) => columns.saved_views.insert(name.clone(), view.clone()),
                None => columns.saved_views.remove(name),
            };
        }
        Body::SnippetUsed { name, at } => {
            let (times, last) = columns.snippet_uses.entry(name.clone()).or_insert((0, *at));
            (*times, *last) = (times.saturating_add(1), (*last).max(*at));
        }
        Body::TargetPaused { target, after, .. } => {
            match after {
                Some(pause) => columns.paused.insert(*target, *pause),
                None => columns.paused.remove(target),
            };
        }
        // the rows stay where they are: see [`super::arrived`]
        Body::ImportRows { import, .. } => {
            if let Some(progress) = columns.imports.get_mut(import) {
                progress.chunks += 1;
            }
        }
        Body::ImportCommitted { import, rows } => {
            if let Some(progress) = columns.imports.get_mut(import) {
                progress.rows = *rows;
                progress.committed = true;
            }
        }
        Body::ImportApplied { import, from_row, rows, changes, .. } => {
            for change in changes {
                self::body(change, columns, bodies)?;
                super::imported::remember(change, bodies)?;
            }
            imported(*import, from_row + rows, columns);
        }
        Body::ReversalBegun { undo, of, bodies } => {
            // an undo that is undone itself goes no further
            columns.reversals.remove(of);
            columns.reversals.insert(*undo, Reversal { of: *of, bodies: *bodies, changes: None });
        }
        Body::ReversalMoved { undo, bodies, changes } => {
            if *bodies == 0 {
                columns.reversals.remove(undo);
            } else if let Some(reversal) = columns.reversals.get_mut(undo) {
                (reversal.bodies, reversal.changes) = (*bodies, *changes);
            }
        }
        Body::ClockConfirmed { up_to } => {
            columns.store.confirmed = *up_to;
            // a clock that had run ahead was set right: what it wrote ahead of now measures nothing any more
            columns.store.last_at = *up_to;
            columns.store.clock_at = *up_to;
        }
        Body::DayTaken { day } => columns.store.taken_to = Some(*day),
        Body::CampaignSet { id, after, .. } => match after {
            Some(campaign) => {
                columns.campaigns.insert(id.clone(), campaign.clone());
            }
            None => {
                columns.campaigns.remove(id);
            }
        },
        Body::CalendarYearSet { year, after, .. } => book::calendar_year(*year, after, columns),
        Body::WorkLeft { act, by, undo_of, work } => {
            let left = LeftWork { act: *act, by: by.clone(), undo_of: *undo_of, work: work.clone() };
            columns.works.push(left);
        }
        Body::WorkDone { act, work, .. } => {
            let done = columns.works.iter().position(|left| left.act == *act && left.work == *work);
            if let Some(place) = done {
                columns.works.remove(place);
            }
        }
        // applied with its number, by `apply`
        Body::ImportBegun { .. } | Body::ClockSeen | Body::Forgotten => {}
    }
    Ok(())
}

/// Moves an import on; a finished one is forgotten.
fn imported(import: u32, next: u32, columns: &mut Columns) {
    let Some(progress) = columns.imports.get_mut(&import) else { return };
    progress.next = next;
    if next >= progress.rows {
        columns.imports.remove(&import);
    }
}
