//! Generations over a journal that goes on, on disks that forget.

use std::sync::Arc;

use super::*;
use crate::store::disk::SimDisk;
use crate::store::journal::{Journal, Options};

const SMALL: Options = Options { segment_bytes: 20_000, step_bytes: 4_096 };

fn journal(records: usize) -> (SimDisk, Journal) {
    let disk = SimDisk::new();
    let mut journal = Journal::create_with(Arc::new(disk.clone()), [4; 16], SMALL).unwrap();
    add(&mut journal, records);
    (disk, journal)
}

fn add(journal: &mut Journal, records: usize) {
    for number in 0..records {
        let record: Vec<u8> = format!("第{number}条").bytes().cycle().take(1_500).collect();
        journal.append(&[record]).unwrap();
    }
}

fn save(disk: &SimDisk, journal: &Journal, dest: &SimDisk) -> Result<Written, BackupError> {
    write(disk, &journal.snapshot(), dest, 1_767_000_000_000, &mut |_, _| {})
}

fn contents(journal: &Journal) -> Vec<Vec<u8>> {
    journal.read(1).unwrap().map(|entry| entry.unwrap().bytes).collect()
}

fn reopen(disk: &SimDisk) -> Journal {
    Journal::open_with(Arc::new(disk.clone()), SMALL).unwrap().0
}

#[test]
fn generations_share_sealed_segments_and_come_back() {
    let ((disk, mut journal), dest) = (journal(30), SimDisk::new());
    let first = save(&disk, &journal, &dest).unwrap();
    assert_eq!((first.generation, first.copied, first.shared), (1, 3, 0));
    let at_first = contents(&journal);
    add(&mut journal, 12);
    let second = save(&disk, &journal, &dest).unwrap();
    assert_eq!((second.generation, second.copied, second.shared), (2, 2, 2));
    let third = save(&disk, &journal, &dest).unwrap();
    assert_eq!((third.generation, third.copied, third.shared), (3, 0, 4));
    for (generation, expected) in
        [(Some(1), &at_first), (Some(2), &contents(&journal)), (None, &contents(&journal))]
    {
        let into = SimDisk::new();
        let restored = restore(&dest, generation, &into, [7; 16]).unwrap();
        let mut back = reopen(&into);
        assert_eq!((back.end(), back.store_id()), (restored.end, [4; 16]));
        assert_eq!(&contents(&back), expected);
        add(&mut back, 20);
        assert_eq!(contents(&reopen(&into)).len(), expected.len() + 20);
    }
    let missing = check(&dest, Some(9));
    assert!(matches!(missing, Err(BackupError::NoSuchGeneration { generation: 9, .. })));
}

#[test]
fn pruning_keeps_what_is_needed() {
    let ((disk, mut journal), dest) = (journal(14), SimDisk::new());
    for _ in 0..4 {
        save(&disk, &journal, &dest).unwrap();
        add(&mut journal, 5);
    }
    // Three lists, and the tails that only they had; segment 1 was sealed in the second generation.
    assert!(prune(&dest, 1).unwrap() >= 3 + 2);
    assert_eq!(generations(&dest).unwrap(), [4]);
    check(&dest, None).unwrap();
    prune(&dest, 0).unwrap();
    assert_eq!(generations(&dest).unwrap(), [4]);
}

#[test]
fn a_journal_is_never_written_over() {
    let ((disk, journal), dest) = (journal(30), SimDisk::new());
    save(&disk, &journal, &dest).unwrap();
    drop(journal);
    let before = disk.snapshot();
    assert!(matches!(restore(&dest, None, &disk, [7; 16]), Err(BackupError::NotEmpty)));
    disk.remove("journal/CURRENT").unwrap();
    let orphans = restore(&dest, None, &disk, [7; 16]);
    assert!(matches!(orphans, Err(BackupError::Journal(JournalError::Orphans { segments: 3 }))));
    let created = Journal::create(Arc::new(disk.clone()), [7; 16]);
    assert!(matches!(created, Err(JournalError::Orphans { segments: 3 })));
    let kept = |(name, _): &&(String, Vec<u8>)| name != "journal/CURRENT";
    assert!(disk.snapshot().iter().eq(before.iter().filter(kept)));
}

#[test]
fn damage_is_found_before_it_is_needed() {
    let ((disk, journal), dest) = (journal(30), SimDisk::new());
    save(&disk, &journal, &dest).unwrap();
    let names: Vec<String> = dest.list("segments").unwrap();
    dest.flip_bit(&format!("segments/{}", names[1]), 9_000, 4).unwrap();
    let refused = check(&dest, None);
    assert!(
        matches!(&refused, Err(BackupError::BadSegment { name, .. }) if *name == names[1]),
        "{refused:?}"
    );
    let into = SimDisk::new();
    assert!(restore(&dest, None, &into, [7; 16]).is_err());
    assert!(matches!(Journal::open(Arc::new(into)), Err(JournalError::Missing)));
    disk.flip_bit("journal/000002.qj", 9_000, 4).unwrap();
    let other = SimDisk::new();
    let refused = save(&disk, &journal, &other);
    assert!(
        matches!(refused, Err(BackupError::Journal(JournalError::Damaged { segment: 2, .. }))),
        "{refused:?}"
    );
    assert!(matches!(check(&other, None), Err(BackupError::None)));
}

#[test]
fn a_power_cut_leaves_earlier_generations_whole() {
    let mut finished = 0;
    for seed in 0..60 {
        let ((disk, mut journal), dest) = (journal(20), SimDisk::new());
        save(&disk, &journal, &dest).unwrap();
        let at_first = contents(&journal);
        add(&mut journal, 15);
        dest.power_off_after(seed % 30);
        let second = save(&disk, &journal, &dest);
        dest.crash(seed);
        finished += usize::from(second.is_ok());
        for generation in generations(&dest).unwrap() {
            let checked = check(&dest, Some(generation)).unwrap();
            let wanted = if generation == 1 { at_first.len() } else { contents(&journal).len() };
            assert_eq!(checked.manifest.end.seq, wanted as u64);
        }
        // A list may be there although its last sync was cut off; one that was promised must be.
        assert!(second.is_err() || generations(&dest).unwrap().contains(&2));
        let third = save(&disk, &journal, &dest).unwrap();
        check(&dest, Some(third.generation)).unwrap();
    }
    assert!(finished > 0);
}

#[test]
fn an_interrupted_restore_is_repeated() {
    let ((disk, journal), dest) = (journal(30), SimDisk::new());
    save(&disk, &journal, &dest).unwrap();
    let mut interrupted = 0;
    for seed in 0..80 {
        let into = SimDisk::new();
        into.power_off_after(seed % 40);
        let first = restore(&dest, None, &into, [7; 16]);
        into.crash(seed);
        if first.is_err() {
            interrupted += 1;
            match restore(&dest, None, &into, [8; 16]) {
                // The cut came after CURRENT.
                Ok(_) | Err(BackupError::NotEmpty) => {}
                Err(error) => panic!("seed {seed}: {error}"),
            }
        }
        assert_eq!(contents(&reopen(&into)), contents(&journal));
    }
    assert!(interrupted > 20);
}
