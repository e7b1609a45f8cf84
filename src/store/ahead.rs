//! What the tick did while the clock ran ahead, read back from the journal.
//!
//! What the tick does is kept there alone: nobody undoes it by name. A clock that ran ahead is rare, so the journal is
//! read from its first record on, some records at a time.

use super::StoreError;
use super::acts::VIA_TICK;
use super::journal::Entries;
use super::record::{Body, Record};
use crate::book::{ActId, Timestamp};

/// How many records are looked at at once.
const LOOKED_AT: usize = if cfg!(test) { 3 } else { 2_000 };

/// Reads what the tick did later than an instant.
pub struct Ahead {
    /// The act that sets the clock back.
    act: ActId,
    to: Timestamp,
    /// None behind the last.
    entries: Option<Entries>,
}

/// What is met on the way.
#[derive(Debug, PartialEq)]
pub enum Met {
    Body(Box<Body>),
    /// The clock was set back before: what came before that was taken back then.
    TakenBack,
}

impl Ahead {
    pub(super) const fn new(act: ActId, to: Timestamp, entries: Entries) -> Self {
        Self { act, to, entries: Some(entries) }
    }

    /// What is found among the next records; none at the end. What follows the act is done by the right clock.
    ///
    /// # Errors
    /// When the journal cannot be read, or a record of it.
    pub fn look(&mut self) -> Result<Option<Vec<Met>>, StoreError> {
        let Some(entries) = &mut self.entries else { return Ok(None) };
        let mut met = Vec::new();
        for _ in 0..LOOKED_AT {
            let Some(entry) = entries.next() else {
                self.entries = None;
                break;
            };
            let record = Record::from_bytes(&entry?.bytes)?;
            match record.body {
                Body::ClockConfirmed { .. } if record.act_id == self.act => {
                    self.entries = None;
                    break;
                }
                Body::ClockConfirmed { up_to } if up_to <= self.to => met.push(Met::TakenBack),
                body if record.at > self.to && record.by.via == VIA_TICK => {
                    met.push(Met::Body(Box::new(body)));
                }
                _ => {}
            }
        }
        Ok(Some(met))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::By;
    use super::super::disk::SimDisk;
    use super::super::journal::Journal;
    use super::*;
    use crate::book::IdGenerator;

    #[test]
    fn what_was_taken_back_before_is_told_apart() {
        let mut ids = IdGenerator::new(1);
        let acts: Vec<ActId> = (0..2).map(|n| ids.next(Timestamp(n))).collect();
        let bytes = |at: i64, via: &str, act: usize, body: Body| {
            let by = By { operator: String::new(), from: String::new(), via: via.to_owned() };
            let (command_id, undo_of, members) = (None, None, Vec::new());
            Record { at: Timestamp(at), by, command_id, act_id: acts[act], undo_of, members, body }
                .to_bytes()
                .unwrap()
        };
        let confirmed = |at| Body::ClockConfirmed { up_to: Timestamp(at) };
        let mut journal = Journal::create(Arc::new(SimDisk::new()), [7; 16]).unwrap();
        let records = [
            bytes(900, VIA_TICK, 0, Body::Forgotten),
            bytes(50, "screen", 0, confirmed(50)),
            bytes(60, VIA_TICK, 0, Body::Forgotten),
            bytes(900, "screen", 0, confirmed(900)),
            bytes(901, VIA_TICK, 0, Body::ClockSeen),
            bytes(902, "screen", 0, Body::Forgotten),
            bytes(100, "screen", 1, confirmed(100)),
            bytes(101, VIA_TICK, 1, Body::Forgotten),
        ];
        journal.append(&records).unwrap();
        let mut ahead = Ahead::new(acts[1], Timestamp(100), journal.read(1).unwrap());
        let mut met = Vec::new();
        while let Some(more) = ahead.look().unwrap() {
            met.extend(more);
        }
        let body = |body| Met::Body(Box::new(body));
        assert_eq!(met, [body(Body::Forgotten), Met::TakenBack, body(Body::ClockSeen)]);
    }
}
