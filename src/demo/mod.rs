//! The generator of believable data: a small shop's book of any size, opened on a busy morning at 09:10.
//!
//! Problem: screenshots, benchmarks and first steps need a book that looks like a real one and whose schedule is
//! true, up to a million members. Idea: everything about the n-th member follows from the seed and n alone, so
//! records stream out in bounded memory; what playbooks owed until this morning is walked along their own
//! schedules, so that the tick goes on from there and fires nothing of the past. The records go into the journal
//! in frames of bounded size, and the index is made from them as after any loss.
//! Limits: messages sent longer than a week ago have their touch and no task.
//!
//! - [`names`]: people, places and wares;
//! - [`shop`]: accounts, groups, playbooks and what they owed;
//! - [`people`]: one member with all that happened to them;
//! - [`course`]: an enrolment walked along its schedule.

mod course;
mod names;
mod people;
mod shop;
#[cfg(test)]
mod stored;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::book::id::Id;
use crate::book::{ActId, IdGenerator, Timestamp};
use crate::store::acts::VIA_TICK;
use crate::store::disk::SharedDisk;
use crate::store::journal::{Journal, Options};
use crate::store::{Body, By, Record, StoreError};

/// The name of the demo's store.
pub const STORE_NAME: &str = "demo";
/// The zone of the demo's shop.
pub const ZONE: Tz = Tz::Asia__Shanghai;

/// How many records one frame of the journal holds.
const FRAME_RECORDS: usize = 1_000;
/// From how many bytes on a frame is closed.
const FRAME_BYTES: usize = 2 << 20;

/// How large the book is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    pub members: u32,
    pub groups: u32,
    /// Open tasks; about as many members are on their way through a playbook.
    pub tasks: u32,
}

impl Default for Sizes {
    /// Small and pleasant: 180 members, 12 groups, 60 open tasks.
    fn default() -> Self {
        Self { members: 180, groups: 12, tasks: 60 }
    }
}

impl Sizes {
    /// The nearest sizes that such a morning can be told with.
    #[must_use]
    pub fn possible(self) -> Self {
        let members = self.members.clamp(40, 2_000_000);
        Self { members, groups: self.groups.clamp(6, 20_000), tasks: self.tasks.clamp(30, members + 20) }
    }
}

/// The morning it is opened on: Tuesday 2026-03-10, 09:10 in Shanghai.
pub fn opens_at() -> Timestamp {
    instant(0, 9, 10)
}

/// A wall time so many days before the morning.
fn instant(days_ago: i64, hour: u32, minute: u32) -> Timestamp {
    let day = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap_or_default() - chrono::Duration::days(days_ago);
    let local = day.and_hms_opt(hour, minute, 0).unwrap_or_default();
    local.and_local_timezone(ZONE).earliest().map(|at| at.to_utc().into()).unwrap_or_default()
}

/// A generator of numbers for one thing of the book: it depends on nothing but the seed, the kind and the number.
fn random(seed: u64, kind: u8, number: u64) -> fastrand::Rng {
    let mixed = seed ^ (u64::from(kind) << 56) ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    fastrand::Rng::with_seed(mixed)
}

/// The id of one thing of the book.
fn id<I: Id>(seed: u64, kind: u8, number: u64, at: Timestamp) -> I {
    IdGenerator::new(random(seed, kind, number).u64(..)).next(at)
}

/// A record that nobody's undo reaches: the book was like this when the demo began.
fn record(seed: u64, at: Timestamp, body: Body) -> Record {
    Record {
        at,
        by: By { operator: String::new(), from: "demo".to_owned(), via: VIA_TICK.to_owned() },
        command_id: None,
        act_id: id::<ActId>(seed, b'u', 0, at),
        undo_of: None,
        members: body.members(),
        body,
    }
}

/// Every record of a book, in order; the same for the same seed and sizes.
pub fn records(seed: u64, sizes: Sizes) -> impl Iterator<Item = Record> {
    let sizes = sizes.possible();
    let shop = shop::Shop::new(seed, sizes);
    let head = shop.records();
    let last = record(seed, opens_at(), Body::ClockConfirmed { up_to: opens_at() });
    head.into_iter()
        .chain((0..sizes.members).flat_map(move |number| people::records(&shop, number)))
        .chain(std::iter::once(last))
}

/// Writes the journal of a demo store; opening the store then makes the index. `progress` hears (members, of).
///
/// # Errors
/// When there is a journal already, or the disk refuses.
pub fn write(
    disk: SharedDisk,
    seed: u64,
    sizes: Sizes,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, StoreError> {
    write_with(disk, seed, sizes, Options::default(), progress)
}

fn write_with(
    disk: SharedDisk,
    seed: u64,
    sizes: Sizes,
    options: Options,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, StoreError> {
    let of = u64::from(sizes.possible().members);
    let lineage = fastrand::Rng::with_seed(seed).u128(..).to_be_bytes();
    let mut journal = Journal::create_with(disk, lineage, options)?;
    let (mut frame, mut bytes, mut written, mut members) = (Vec::new(), 0, 0, 0);
    for record in records(seed, sizes) {
        members += u64::from(matches!(record.body, Body::MemberMade(_)));
        let encoded = record.to_bytes()?;
        bytes += encoded.len();
        frame.push(encoded);
        if frame.len() >= FRAME_RECORDS || bytes >= FRAME_BYTES {
            written += frame.len() as u64;
            journal.append(&frame)?;
            frame.clear();
            bytes = 0;
            progress(members, of);
        }
    }
    if !frame.is_empty() {
        written += frame.len() as u64;
        journal.append(&frame)?;
    }
    progress(of, of);
    Ok(written)
}
