//! Opens a store and puts a desk over it; the caller holds the store's lock.

use super::error::{CliError, Kind};
use super::out::complain;
use crate::clock;
use crate::desk::{Desk, DeskOptions};
use crate::door::turn::Now;
use crate::store::layout::StoreDir;
use crate::store::{self, OpenNote};

/// Opens the desk of a store, or makes a new store. `progress` hears (done, of) while the index is rebuilt.
pub(super) fn open_desk(
    dir: &StoreDir,
    options: DeskOptions,
    now: Now,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Desk, CliError> {
    let seed = clock::seed().map_err(|error| CliError::new(Kind::Usage, error))?;
    let (store, notes) = store::open(dir, seed, progress).map_err(failed)?;
    for note in notes {
        match note {
            OpenNote::Made => {}
            OpenNote::Cut(cut) => {
                complain(&format!("journal: {} bytes of an interrupted write were cut off", cut.bytes));
            }
            OpenNote::Rebuilt(reason) => complain(&format!("index: made anew, {reason}")),
        }
    }
    // A given seed must not make the same ids again in the next process.
    let seed = seed ^ store.end().seq;
    Desk::new(store, options, seed, now).map_err(failed)
}

/// The clock that a store lives by: a demo begins at its own morning and goes on from its last record, whatever day
/// it is here; `QUN_CLOCK` goes before.
pub(super) fn clock_of(desk: &Desk, clock: clock::Clock) -> clock::Clock {
    let facts = &desk.store().columns.store;
    match facts.demo {
        Some(morning) if !clock.is_rehearsal() => clock::Clock::starting_at(morning.max(facts.last_at)),
        _ => clock,
    }
}

fn failed(error: impl std::fmt::Display) -> CliError {
    CliError::new(Kind::Store, error).hint("qun doctor")
}
