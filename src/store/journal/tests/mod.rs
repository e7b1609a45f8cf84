//! What a journal promises, one case at a time.

mod simulation;

use super::super::disk::{Disk, SimDisk};
use super::*;

const SMALL: Options = Options { segment_bytes: 20_000, step_bytes: 4_096 };
const LINEAGE: [u8; 16] = [5; 16];

fn shared(disk: &SimDisk) -> SharedDisk {
    Arc::new(disk.clone())
}

fn fresh() -> (SimDisk, Journal) {
    let disk = SimDisk::new();
    let journal = Journal::create_with(shared(&disk), LINEAGE, SMALL).unwrap();
    (disk, journal)
}

fn reopen(disk: &SimDisk) -> Result<(Journal, OpenReport), JournalError> {
    Journal::open_with(shared(disk), SMALL)
}

fn all(journal: &Journal) -> Vec<Vec<u8>> {
    journal.read(1).unwrap().map(|entry| entry.unwrap().bytes).collect()
}

fn record(number: usize, length: usize) -> Vec<u8> {
    format!("第{number}条 ").bytes().cycle().take(length).collect()
}

#[test]
fn records_come_back_with_their_numbers() {
    let (disk, mut journal) = fresh();
    let first = journal.append(&[record(1, 10), record(2, 0)]).unwrap();
    let second = journal.append(&[record(3, 5_000)]).unwrap();
    assert_eq!((first.first_seq, first.last_seq, second.last_seq), (1, 2, 3));
    let (journal, report) = reopen(&disk).unwrap();
    assert_eq!((report.end, report.cut), (End { lineage: LINEAGE, seq: 3, crc: second.frame_crc }, None));
    let entries: Vec<Entry> = journal.read(2).unwrap().map(Result::unwrap).collect();
    let seen: Vec<_> =
        entries.iter().map(|entry| (entry.seq, entry.last_in_frame, entry.frame_crc)).collect();
    assert_eq!(seen, [(2, true, first.frame_crc), (3, true, second.frame_crc)]);
    assert_eq!(journal.frame_crc(1).unwrap(), Some(first.frame_crc));
    assert_eq!(journal.frame_crc(4).unwrap(), None);
    assert_eq!(journal.read(4).unwrap().count(), 0);
    assert!(matches!(journal.read(5), Err(JournalError::BeyondEnd { from: 5, last: 3 })));
}

#[test]
fn one_append_is_one_sync() {
    let (disk, mut journal) = fresh();
    journal.append(&[record(1, 10)]).unwrap();
    let before = disk.syncs();
    journal.append(&[record(2, 10), record(3, 10)]).unwrap();
    assert_eq!(disk.syncs() - before, 1);
}

#[test]
fn segments_are_sealed_and_never_change() {
    let (disk, mut journal) = fresh();
    let written: Vec<Vec<u8>> = (0..60).map(|number| record(number, 900)).collect();
    for part in written.chunks(2) {
        journal.append(part).unwrap();
    }
    assert!(journal.segments().len() >= 3);
    let sealed = disk.snapshot().into_iter().find(|(name, _)| name == "journal/000001.qj").unwrap();
    let (mut journal, _) = reopen(&disk).unwrap();
    journal.append(&[record(61, 9_000)]).unwrap();
    assert!(disk.snapshot().contains(&sealed));
    for from in [1, 2, 19, 20, 37, 60, 61] {
        let seqs: Vec<u64> = journal.read(from).unwrap().map(|entry| entry.unwrap().seq).collect();
        assert_eq!(seqs, (from..=61).collect::<Vec<_>>());
        assert_eq!(
            journal.frame_crc(from).unwrap(),
            Some(journal.read(from).unwrap().next().unwrap().unwrap().frame_crc)
        );
    }
    let report = verify(&disk, &mut |_, _| {}).unwrap();
    assert_eq!((report.end, report.frames, report.torn), (journal.end(), 31, None));
}

#[test]
fn reading_goes_on_while_records_are_added() {
    let (_disk, mut journal) = fresh();
    for number in 0..20 {
        journal.append(&[record(number, 500)]).unwrap();
    }
    let mut entries = journal.read(1).unwrap();
    entries.next().unwrap().unwrap();
    for number in 20..60 {
        journal.append(&[record(number, 500)]).unwrap();
    }
    assert_eq!(entries.map(Result::unwrap).last().unwrap().seq, 20);
}

#[test]
fn a_torn_tail_is_cut() {
    let (disk, mut journal) = fresh();
    journal.append(&[record(1, 100)]).unwrap();
    let kept = journal.segments()[0].bytes;
    journal.append(&[record(2, 6_000)]).unwrap();
    disk.flip_bit("journal/000001.qj", kept + 3_000, 2).unwrap();
    let report = verify(&disk, &mut |_, _| {}).unwrap();
    assert_eq!((report.end.seq, report.torn.unwrap().offset), (1, kept));
    let (mut journal, report) = reopen(&disk).unwrap();
    assert_eq!(report.cut.unwrap().offset, kept);
    let aside = disk.list("journal").unwrap().into_iter().find(|name| name.starts_with("torn-")).unwrap();
    assert_eq!(disk.len(&format!("journal/{aside}")).unwrap(), 36 + 4 + 6_000 + 4);
    assert_eq!(all(&journal), [record(1, 100)]);
    journal.append(&[record(3, 10)]).unwrap();
    let (journal, report) = reopen(&disk).unwrap();
    assert_eq!((all(&journal), report.cut), (vec![record(1, 100), record(3, 10)], None));
}

/// Damages an acknowledged frame and expects the journal to refuse without touching anything.
fn check_damage(damage: impl Fn(&SimDisk, &[(u32, u64)]), segment: u32, what: Damage) {
    let (disk, mut journal) = fresh();
    let mut starts = Vec::new();
    for number in 0..30 {
        journal.append(&[record(number, 1_500)]).unwrap();
        let last = journal.segments().last().unwrap();
        starts.push((last.number, last.bytes - 1_500 - 44));
    }
    drop(journal);
    damage(&disk, &starts);
    let before = disk.snapshot();
    match reopen(&disk).map(|_| ()) {
        Err(JournalError::Damaged { segment: found, what: seen, .. }) => {
            assert_eq!((found, seen), (segment, what));
        }
        other => panic!("{other:?}"),
    }
    assert!(disk.snapshot() == before, "a damaged journal was changed");
}

#[test]
fn damage_before_a_valid_frame_is_refused_and_left_alone() {
    let path = |segment: u32| format!("journal/{segment:06}.qj");
    let nth_in_last = |starts: &[(u32, u64)], nth: usize| {
        let last = starts.last().unwrap().0;
        *starts.iter().filter(|start| start.0 == last).nth(nth).unwrap()
    };
    let flip = move |nth: usize, at: u64| {
        move |disk: &SimDisk, starts: &[(u32, u64)]| {
            let (segment, offset) = nth_in_last(starts, nth);
            disk.flip_bit(&path(segment), offset + at, 1).unwrap();
        }
    };
    check_damage(flip(1, 40), 3, Damage::FramePayload);
    check_damage(flip(1, 20), 3, Damage::FrameHeader);
    check_damage(flip(0, 0), 3, Damage::FrameHeader);
    check_damage(|disk, _| disk.flip_bit("journal/000003.qj", 10, 1).unwrap(), 3, Damage::SegmentHeader);
    check_damage(|disk, _| disk.flip_bit("journal/000002.qj", 10, 1).unwrap(), 2, Damage::SegmentHeader);
    check_damage(|disk, _| disk.flip_bit("journal/000001.qj", 70, 1).unwrap(), 1, Damage::FrameHeader);
    check_damage(|disk, _| disk.remove("journal/000002.qj").unwrap(), 2, Damage::SegmentMissing);
    let (_, journal) = fresh();
    drop(journal);
    let zeroed = |disk: &SimDisk, starts: &[(u32, u64)]| {
        let (segment, offset) = nth_in_last(starts, 1);
        disk.open(&path(segment), Mode::Write).unwrap().write_at(&[0; 1_544], offset).unwrap();
    };
    check_damage(zeroed, 3, Damage::Gap);
}

#[test]
fn damage_in_a_sealed_segment_is_found_by_reading_and_by_verify() {
    let (disk, mut journal) = fresh();
    for number in 0..30 {
        journal.append(&[record(number, 1_500)]).unwrap();
    }
    disk.flip_bit("journal/000001.qj", 5_000, 3).unwrap();
    let (journal, _) = reopen(&disk).unwrap();
    let bad = |error: &JournalError| matches!(error, JournalError::Damaged { segment: 1, .. });
    assert!(verify(&disk, &mut |_, _| {}).is_err_and(|error| bad(&error)));
    assert!(journal.read(1).unwrap().any(|entry| entry.is_err_and(|error| bad(&error))));
    let len = disk.len("journal/000002.qj").unwrap();
    disk.cut("journal/000002.qj", len - 1).unwrap();
    assert!(matches!(
        reopen(&disk),
        Err(JournalError::Damaged { segment: 2, what: Damage::SealedLength { .. }, .. })
    ));
}

#[test]
fn a_full_disk_acknowledges_nothing_and_loses_nothing() {
    for room in [0, 1, 40, 3_000, 5_000] {
        let (disk, mut journal) = fresh();
        journal.append(&[record(1, 3_900)]).unwrap();
        disk.set_room(Some(room));
        let error = journal.append(&[record(2, 9_000)]).unwrap_err();
        assert!(error.is_disk_full(), "{error}");
        assert_eq!(all(&journal), [record(1, 3_900)]);
        disk.set_room(None);
        journal.append(&[record(3, 9_000)]).unwrap();
        disk.crash(room);
        let (journal, _) = reopen(&disk).unwrap();
        assert_eq!(all(&journal), [record(1, 3_900), record(3, 9_000)]);
    }
}

#[test]
fn a_failed_sync_leaves_nothing_behind() {
    for seed in 0..30 {
        let (disk, mut journal) = fresh();
        journal.append(&[record(1, 100)]).unwrap();
        disk.fail_sync_after(0, seed);
        assert!(matches!(journal.append(&[record(2, 9_000)]), Err(JournalError::NotWritten { .. })));
        assert_eq!(all(&journal), [record(1, 100)]);
        journal.append(&[record(3, 50)]).unwrap();
        disk.crash(seed);
        let (journal, _) = reopen(&disk).unwrap();
        assert_eq!(all(&journal), [record(1, 100), record(3, 50)], "seed {seed}");
    }
}

#[test]
fn an_unknown_outcome_stops_the_journal() {
    for seed in 0..60 {
        let (disk, mut journal) = fresh();
        journal.append(&[record(1, 100)]).unwrap();
        disk.fail_sync_after(0, seed);
        disk.power_off_after(2);
        assert!(matches!(journal.append(&[record(2, 100)]), Err(JournalError::OutcomeUnknown { .. })));
        assert!(matches!(journal.append(&[record(3, 100)]), Err(JournalError::Stopped)));
        // The process ends, the machine does not: the record may be in memory only.
        disk.power_off_after(u64::MAX);
        let (mut journal, _) = reopen(&disk).unwrap();
        let seen = all(&journal);
        assert!(seen == [record(1, 100), record(2, 100)] || seen == [record(1, 100)], "seed {seed}");
        journal.append(&[record(4, 10)]).unwrap();
        disk.crash(seed);
        let (journal, _) = reopen(&disk).unwrap();
        assert_eq!(all(&journal), [seen, vec![record(4, 10)]].concat(), "seed {seed}");
    }
}

#[test]
fn other_programs_journals_and_second_creations_are_refused() {
    let (disk, journal) = fresh();
    drop(journal);
    assert!(matches!(Journal::create(shared(&disk), [1; 16]), Err(JournalError::Exists)));
    assert!(matches!(Journal::open(Arc::new(SimDisk::new())), Err(JournalError::Missing)));
    let mut too_long = fresh().1;
    assert!(matches!(too_long.append(&[]), Err(JournalError::FrameSize { .. })));
    assert!(matches!(too_long.append(&[vec![0; PAYLOAD_BYTES_MAX]]), Err(JournalError::FrameSize { .. })));
}

#[test]
fn an_interrupted_creation_is_repeated() {
    let mut interrupted = 0;
    for seed in 0..100 {
        let disk = SimDisk::new();
        disk.power_off_after(seed % 20);
        let first = Journal::create_with(shared(&disk), LINEAGE, SMALL);
        disk.crash(seed);
        let mut journal = match (first, reopen(&disk)) {
            (Ok(_), Ok((journal, _))) => journal,
            (Err(_), Ok((journal, report))) if report.end.seq == 0 => journal,
            (Err(_), Err(JournalError::Missing)) => {
                interrupted += 1;
                Journal::create_with(shared(&disk), LINEAGE, SMALL).unwrap()
            }
            (first, then) => panic!("seed {seed}: {:?}, {:?}", first.err(), then.err()),
        };
        journal.append(&[record(1, 20)]).unwrap();
        assert_eq!(all(&reopen(&disk).unwrap().0), [record(1, 20)]);
    }
    assert!(interrupted > 20);
}

#[test]
fn the_real_disk_holds_a_journal_too() {
    let dir = tempfile::tempdir().unwrap();
    let disk: SharedDisk = Arc::new(super::super::disk::RealDisk::new(dir.path()));
    let mut journal = Journal::create(disk.clone(), LINEAGE).unwrap();
    for number in 0..20 {
        journal.append(&[record(number, 200)]).unwrap();
    }
    drop(journal);
    assert_eq!(disk.len("journal/000001.qj").unwrap(), 4 << 20);
    let (journal, report) = Journal::open(disk).unwrap();
    assert_eq!((all(&journal).len(), report.cut), (20, None));
}
