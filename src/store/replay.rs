//! Reads records back in order, a long way with a thread that reads and decodes ahead.

use std::sync::mpsc::sync_channel;

use super::StoreError;
use super::journal::{Entries, Entry};
use super::record::Record;

/// Records that change hands at once, and how often that may be ahead.
const BATCH: usize = 256;
const BATCHES_AHEAD: usize = 4;

/// Where a record stands in the journal.
pub(super) struct At {
    pub seq: u64,
    /// Origin CRC of the frame that holds it.
    pub frame_crc: u32,
    pub last_in_frame: bool,
}

fn decoded(entry: Entry) -> Result<(At, Record), StoreError> {
    let Entry { seq, frame_crc, last_in_frame, bytes } = entry;
    Ok((At { seq, frame_crc, last_in_frame }, Record::from_bytes(&bytes)?))
}

/// Gives every record to `apply`, in order, up to the first error of either.
pub(super) fn each(
    entries: Entries,
    ahead: bool,
    apply: &mut dyn FnMut(At, Record) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut records = entries.map(|entry| decoded(entry?));
    if !ahead {
        return records.try_for_each(|record| record.and_then(|(at, record)| apply(at, record)));
    }
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel(BATCHES_AHEAD);
        scope.spawn(move || {
            loop {
                let batch: Vec<Result<(At, Record), StoreError>> = records.by_ref().take(BATCH).collect();
                // nobody listens any more when applying failed
                if batch.is_empty() || send.send(batch).is_err() {
                    return;
                }
            }
        });
        for record in receive.into_iter().flatten() {
            let (at, record) = record?;
            apply(at, record)?;
        }
        Ok(())
    })
}
