//! The journal against a plain list of records, on a disk that forgets: seeded histories with power cuts.

use proptest::prelude::*;

use super::*;

/// What happens to a journal in the long run.
#[derive(Debug, Clone)]
enum Event {
    Append(Vec<usize>),
    /// The power fails after so many changes of the disk during the next append.
    Torn(Vec<usize>, u64, u64),
    FailedSync(Vec<usize>, u64),
    Full(Vec<usize>, u64),
    Prepare,
    Restart,
    Crash(u64),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let lengths = || prop::collection::vec(prop_oneof![0..40_usize, 0..40_usize, 0..7_000_usize], 1..5);
    let event = prop_oneof![
        8 => lengths().prop_map(Event::Append),
        4 => (lengths(), 0..12_u64, any::<u64>()).prop_map(|(lengths, after, seed)| Event::Torn(lengths, after, seed)),
        1 => (lengths(), any::<u64>()).prop_map(|(lengths, seed)| Event::FailedSync(lengths, seed)),
        1 => (lengths(), 0..5_000_u64).prop_map(|(lengths, room)| Event::Full(lengths, room)),
        1 => Just(Event::Prepare),
        1 => Just(Event::Restart),
        1 => any::<u64>().prop_map(Event::Crash),
    ];
    prop::collection::vec(event, 1..25)
}

/// Plays the events; fails if an acknowledged record is missing, or anything else is there, after a reopening.
fn play(events: Vec<Event>, lie_at: Option<u64>) -> Result<(), String> {
    let (disk, mut journal) = fresh();
    if let Some(skip) = lie_at {
        disk.skip_sync_after(skip);
    }
    let mut written = 0;
    let mut make = |lengths: Vec<usize>| -> Vec<Vec<u8>> {
        let make_one = |length| {
            written += 1;
            record(written, length)
        };
        lengths.into_iter().map(make_one).collect()
    };
    let mut acknowledged: Vec<Vec<u8>> = Vec::new();
    for event in events {
        // What may be there although nobody was told so.
        let mut doubtful = Vec::new();
        match event {
            Event::Append(lengths) => {
                let records = make(lengths);
                journal.append(&records).map_err(|error| error.to_string())?;
                acknowledged.extend(records);
                continue;
            }
            Event::Torn(lengths, after, seed) => {
                let records = make(lengths);
                disk.power_off_after(after);
                match journal.append(&records) {
                    Ok(_) => acknowledged.extend(records),
                    Err(_) => doubtful = records,
                }
                disk.crash(seed);
            }
            Event::FailedSync(lengths, seed) => {
                let records = make(lengths);
                disk.fail_sync_after(seed % 3, seed);
                match journal.append(&records) {
                    Ok(_) => acknowledged.extend(records),
                    Err(JournalError::NotWritten { .. }) => {}
                    Err(_) => doubtful = records,
                }
                disk.crash(seed);
            }
            Event::Full(lengths, room) => {
                let records = make(lengths);
                disk.set_room(Some(room));
                match journal.append(&records) {
                    Ok(_) => acknowledged.extend(records),
                    Err(JournalError::NotWritten { .. }) => {}
                    Err(error) => return Err(error.to_string()),
                }
                disk.set_room(None);
                continue;
            }
            Event::Prepare => {
                journal.prepare().map_err(|error| error.to_string())?;
                continue;
            }
            Event::Restart => {}
            Event::Crash(seed) => disk.crash(seed),
        }
        journal = reopen(&disk).map_err(|error| error.to_string())?.0;
        let seen = all(&journal);
        if !doubtful.is_empty() && seen.len() > acknowledged.len() {
            acknowledged.extend(doubtful);
        }
        if seen != acknowledged {
            return Err(format!("{} records acknowledged, {} there", acknowledged.len(), seen.len()));
        }
        let report = verify(&disk, &mut |_, _| {}).map_err(|error| error.to_string())?;
        if report.torn.is_some() || report.end != journal.end() {
            return Err(format!("not clean after opening: {report:?}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn acknowledged_records_survive_everything(events in events()) {
        play(events, None).map_err(TestCaseError::fail)?;
    }
}

/// The test above must be able to fail: one sync that is skipped loses an acknowledged record.
#[test]
fn a_skipped_sync_is_detected() {
    let lost = (0..40).filter(|seed| {
        let events = vec![
            Event::Append(vec![30]),
            Event::Append(vec![30]),
            Event::Append(vec![30]),
            Event::Crash(*seed),
        ];
        play(events, Some(2)).is_err()
    });
    assert!(lost.count() > 5);
}
