//! Acts: what one undo reverses, kept in the index so that history and undo need not read the journal.
//!
//! Only what a human did is kept; what the tick did follows from it. Key `u` + act holds the head, `b` + act +
//! number the bodies in order, `y` + act the act that reversed it.

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::bodies::{Bodies, decode};
use super::keys;
use super::record::{Body, By, Record};
use crate::book::{ActId, CommandId, TaskState, Timestamp};

/// What stands about an act in its head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActHead {
    pub at: Timestamp,
    pub by: By,
    #[serde(default)]
    pub command_id: Option<CommandId>,
    #[serde(default)]
    pub undo_of: Option<ActId>,
    /// How many bodies follow.
    pub bodies: u32,
    /// The act that reversed it.
    #[serde(default)]
    pub undone_by: Option<ActId>,
    /// What the bodies did, counted: an act of thousands is named without reading them.
    #[serde(default)]
    pub counts: ActCounts,
}

/// What the bodies of an act did to tasks and enrolments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActCounts {
    pub enrolled: u32,
    /// Tasks that were made.
    pub fired: u32,
    /// Tasks whose text became another, and those that were held, let go, moved to another account, put off, cancelled.
    pub edited: u32,
    pub held: u32,
    pub let_go: u32,
    pub moved: u32,
    pub put_off: u32,
    pub cancelled: u32,
}

impl ActCounts {
    /// Counts one more body.
    fn add(&mut self, body: &Body) {
        match body {
            Body::Enrolled(_) => self.enrolled += 1,
            Body::TaskFired(_) => self.fired += 1,
            Body::TaskChanged { before, after, .. } => {
                let same_account = before.account == after.account;
                self.edited += u32::from(!before.is_edited_like(after));
                self.held += u32::from(before.held.is_none() && after.held.is_some());
                self.let_go += u32::from(before.held.is_some() && after.held.is_none() && same_account);
                self.moved += u32::from(!same_account);
                let put_off = after.snoozed_until.is_some() && before.snoozed_until != after.snoozed_until;
                self.put_off += u32::from(put_off && after.state.is_open());
                self.cancelled += u32::from(after.state == TaskState::Cancelled);
            }
            _ => {}
        }
    }
}

/// The word in [`By::via`] of what a screen reports: copied, seen. Nobody wants to undo it.
pub const VIA_FACT: &str = "fact";

/// The word in [`By::via`] of what no human did.
pub const VIA_TICK: &str = "tick";

/// Keeps a record under its act.
pub(super) fn keep(record: &Record, bodies: &mut Bodies) -> Result<(), StoreError> {
    // also of what is no act: a repeated command must not be carried out again
    if let Some(command) = record.command_id {
        bodies.put(keys::command(command), record.act_id.to_bytes().to_vec());
    }
    if record.by.via == VIA_FACT {
        return Ok(());
    }
    // rows that arrive change nothing yet: an import is one act, its commit
    let is_arriving = matches!(
        record.body,
        Body::ImportBegun { .. } | Body::ImportRows { .. } | Body::ReversalMoved { .. }
    );
    if record.by.via == VIA_TICK || is_arriving || matches!(record.body, Body::StoreMade { .. }) {
        return Ok(());
    }
    let key = keys::act(record.act_id);
    let mut head = bodies.read::<ActHead>(&key)?.unwrap_or_else(|| ActHead {
        at: record.at,
        by: record.by.clone(),
        command_id: record.command_id,
        undo_of: record.undo_of,
        bodies: 0,
        undone_by: None,
        counts: ActCounts::default(),
    });
    bodies.write(keys::act_body(record.act_id, head.bodies), &record.body)?;
    head.bodies += 1;
    head.counts.add(&record.body);
    bodies.write(key, &head)?;
    if let Some(undone) = record.undo_of {
        let key = keys::act(undone);
        if let Some(mut head) = bodies.read::<ActHead>(&key)? {
            head.undone_by = Some(record.act_id);
            bodies.write(key, &head)?;
        }
    }
    Ok(())
}

/// The head of an act.
pub fn head(act: ActId, bodies: &Bodies) -> Result<Option<ActHead>, StoreError> {
    bodies.read(&keys::act(act))
}

/// The bodies of an act, in the order they were done.
pub fn bodies_of(act: ActId, bodies: &Bodies) -> Result<Vec<Body>, StoreError> {
    first_bodies_of(act, usize::MAX, bodies)
}

/// At most so many of them, from the first on.
pub fn first_bodies_of(act: ActId, most: usize, bodies: &Bodies) -> Result<Vec<Body>, StoreError> {
    bodies.list(&keys::act_bodies(act), most)
}

/// The first body of an act: what kind of act it was.
pub fn first_of(act: ActId, bodies: &Bodies) -> Result<Option<Body>, StoreError> {
    Ok(first_bodies_of(act, 1, bodies)?.pop())
}

/// One body of an act.
pub fn body_of(act: ActId, number: u32, bodies: &Bodies) -> Result<Option<Body>, StoreError> {
    bodies.read(&keys::act_body(act, number))
}

/// Acts, newest first, before an act where given.
pub fn newest(
    before: Option<ActId>,
    limit: usize,
    bodies: &Bodies,
) -> Result<Vec<(ActId, ActHead)>, StoreError> {
    let before = before.map(keys::act);
    bodies
        .newest(&[keys::ACT], before.as_deref(), limit)?
        .iter()
        .map(|(key, value)| Ok((keys::act_of(key)?, decode(value)?)))
        .collect()
}

/// The act that a command became, when it was carried out before.
pub fn of_command(command: CommandId, bodies: &Bodies) -> Result<Option<ActId>, StoreError> {
    Ok(bodies.get(&keys::command(command))?.and_then(|bytes| keys::id_from(&bytes)))
}
