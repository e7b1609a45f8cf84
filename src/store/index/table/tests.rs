//! Tables against a sorted map, and what damage does to them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};

use super::*;
use crate::store::index::{IndexError, Keys, Order};

type Rows = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// Enough rows for many blocks; every seventh one was removed, and one value is larger than a block.
fn rows() -> Rows {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut rows: Rows = (0..3_000_u32)
        .map(|n| {
            let mut key = b"m".to_vec();
            key.extend_from_slice(&rng.u64(..).to_be_bytes()[..rng.usize(1..8)]);
            (key, (n % 7 != 0).then(|| vec![n as u8; rng.usize(0..90)]))
        })
        .collect();
    rows.insert(b"x".to_vec(), Some(vec![9; 3 * BLOCK_BYTES]));
    rows
}

fn write(rows: &Rows, filtered: bool) -> File {
    let mut writer = Writer::new(tempfile::tempfile().unwrap(), filtered);
    for (key, value) in rows {
        writer.add(key, value.as_deref()).unwrap();
    }
    writer.finish().unwrap()
}

fn walked(table: &Table, keys: &Keys, order: Order) -> Result<Vec<(Vec<u8>, Option<Vec<u8>>)>, IndexError> {
    let (mut walk, mut found) = (table.walk(keys, order), Vec::new());
    while walk.step()? {
        found.push((walk.key().to_vec(), walk.value().map(<[u8]>::to_vec)));
    }
    Ok(found)
}

#[test]
fn a_table_answers_as_the_map_it_was_made_from() {
    let rows = rows();
    let table = Table::open(write(&rows, true), 2).unwrap();
    let mut rng = fastrand::Rng::with_seed(1);
    for (key, value) in &rows {
        assert_eq!(table.get(key).unwrap(), value.clone().map_or(Found::Removed, Found::Value));
        let beside = [key.as_slice(), &[0]].concat();
        if !rows.contains_key(&beside) {
            assert_eq!(table.get(&beside).unwrap(), Found::Nothing);
        }
    }
    assert_eq!(table.get(b"").unwrap(), Found::Nothing);
    let all: Vec<&Vec<u8>> = rows.keys().collect();
    for _ in 0..300 {
        let (one, other) = (rng.choice(&all).unwrap(), rng.choice(&all).unwrap());
        let cut = &one[..rng.usize(..=one.len())];
        for keys in [
            Keys::between(one, other),
            Keys::between(cut, &[other.as_slice(), &[1]].concat()),
            Keys::behind(one, b"m"),
            Keys::prefix(cut),
        ] {
            let expected: Vec<_> = if keys.is_empty() {
                Vec::new()
            } else {
                rows.range(keys.bounds()).map(|(key, value)| (key.clone(), value.clone())).collect()
            };
            assert_eq!(walked(&table, &keys, Order::Forward).unwrap(), expected);
            let mut falling = walked(&table, &keys, Order::Reverse).unwrap();
            falling.reverse();
            assert_eq!(falling, expected);
        }
    }
    let empty = Table::open(write(&Rows::new(), false), 2).unwrap();
    assert_eq!(empty.get(b"m").unwrap(), Found::Nothing);
    for order in [Order::Forward, Order::Reverse] {
        assert_eq!(walked(&empty, &Keys::prefix(b""), order).unwrap(), []);
    }
}

/// Wherever a bit is flipped or the file is cut: an error, or the same rows, never others.
#[test]
fn damage_is_an_error_and_never_another_row() {
    let rows = rows();
    let mut whole = Vec::new();
    let mut file = write(&rows, true);
    file.rewind().unwrap();
    file.read_to_end(&mut whole).unwrap();
    let expected: Vec<_> = rows.into_iter().collect();
    let identity = Table::open(file, 1).unwrap().identity();
    let mut rng = fastrand::Rng::with_seed(3);
    let (mut at_opening, mut at_reading) = (0, 0);
    for round in 0..200 {
        let mut bytes = whole.clone();
        let near_the_end = bytes.len() - rng.usize(1..200);
        match round % 4 {
            0 => bytes.truncate(rng.usize(..bytes.len())),
            1 => bytes[near_the_end] ^= 1 << rng.u8(..8),
            _ => {
                let place = rng.usize(..bytes.len());
                bytes[place] ^= 1 << rng.u8(..8);
            }
        }
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let Ok(table) = Table::open(file, 2) else {
            at_opening += 1;
            continue;
        };
        match walked(&table, &Keys::prefix(b""), Order::Forward) {
            Err(_) => at_reading += 1,
            // the number of rows is in no checksum; it makes another identity, and such a table is not used
            Ok(found) => {
                assert_eq!(found, expected, "round {round}");
                assert_ne!(table.identity(), identity, "round {round}");
            }
        }
    }
    assert!(at_opening > 50 && at_reading > 50, "{at_opening} {at_reading}");
}

#[test]
fn numbers_come_back_and_cut_ones_are_none() {
    for number in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
        let mut bytes = Vec::new();
        put_number(number, &mut bytes);
        assert_eq!(take_number(&mut bytes.as_slice()), Some(number));
        bytes.pop();
        assert_eq!(take_number(&mut bytes.as_slice()), None);
    }
}
