//! Opens a store and puts a desk over it; the caller holds the store's lock.

use super::error::{CliError, Kind};
use super::out::complain;
use super::rules_file;
use super::words::Words;
use crate::clock;
use crate::desk::{Desk, DeskOptions};
use crate::door::turn::Now;
use crate::store;
use crate::store::layout::StoreDir;
use crate::text::lang::Lang;

/// From how many records on a rebuild is told of.
const PROGRESS_FROM: u64 = 20_000;

/// Opens the desk of a store, or makes a new store. `progress` hears (done, of) while the index is rebuilt.
pub(super) fn open_desk(
    dir: &StoreDir,
    lang: Lang,
    options: DeskOptions,
    now: Now,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Desk, CliError> {
    let seed = clock::seed().map_err(|error| CliError::new(Kind::Usage, error))?;
    let (store, notes) = store::open(dir, seed, progress).map_err(|error| failed(error.sentence(lang)))?;
    for words in notes.iter().filter_map(|note| note.sentence(lang)) {
        complain(&words);
    }
    // A given seed must not make the same ids again in the next process.
    let seed = seed ^ store.end().seq;
    let made = notes.iter().any(|note| matches!(note, store::OpenNote::Made));
    let mut desk = Desk::new(store, options, seed, now).map_err(failed)?;
    if made && let Err(error) = rules_file::write_default(dir, desk.store().columns.store.zone.name(), lang) {
        complain(&format!("{}: {error}", dir.rules_file().display()));
    }
    if notes.iter().any(|note| matches!(note, store::OpenNote::Made | store::OpenNote::Rebuilt(_))) {
        // a command that is refused ends without keeping it, and the next would make it anew; what cannot be kept
        // now can still be used now
        let _ = desk.flush();
    }
    desk.tell_of_opening(notes);
    Ok(desk)
}

/// Tells how far the rebuilding of an index is, every tenth; a small one is done before anybody could read that.
pub(super) fn progress(lang: Lang) -> impl FnMut(u64, u64) {
    let mut told = 0;
    move |done, of| {
        let percent = done.saturating_mul(100) / of.max(1);
        if of >= PROGRESS_FROM && percent >= told + 10 {
            told = percent - percent % 10;
            complain(&Words::Rebuilding.fill(lang, &[("percent", &told)]));
        }
    }
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
