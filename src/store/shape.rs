//! The shape of the index told: its rows are read by place, so another shape is another [`INDEX_VERSION`].
//!
//! A journal that is kept is read, and the first row of every kind is shown as the sorts of its values in their places.
//! Whoever adds, moves or changes a field sees this test fail, raises the version and takes the new picture; of rows in
//! memory, which stand in the columns file alone, its magic word is the version.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use super::INDEX_VERSION;
use super::columns::file::MAGIC;
use super::layout::StoreDir;

/// The sorts of values in MessagePack, in their places: `[i s -]` is a number, a text and nothing; of several alike in a
/// row one is shown.
fn shape(bytes: &mut &[u8], into: &mut String) -> Option<()> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    let (sort, skipped, inner) = match first {
        0x00..=0x7f | 0xe0..=0xff => ('i', 0, 0),
        0x80..=0x8f => ('{', 0, 2 * usize::from(first & 15)),
        0x90..=0x9f => ('[', 0, usize::from(first & 15)),
        0xa0..=0xbf => ('s', usize::from(first & 31), 0),
        0xc0 => ('-', 0, 0),
        0xc2 | 0xc3 => ('b', 0, 0),
        0xc4 | 0xd9 => ('s', 1 + usize::from(*rest.first()?), 0),
        0xc5 | 0xda => ('s', 2 + usize::from(u16::from_be_bytes(*rest.first_chunk()?)), 0),
        0xca | 0xce | 0xd2 => ('i', 4, 0),
        0xcb | 0xcf | 0xd3 => ('i', 8, 0),
        0xcc | 0xd0 => ('i', 1, 0),
        0xcd | 0xd1 => ('i', 2, 0),
        0xdc => ('[', 2, usize::from(u16::from_be_bytes(*rest.first_chunk()?))),
        _ => return None,
    };
    *bytes = bytes.get(skipped..)?;
    into.push(sort);
    let mut last = String::new();
    for place in 0..inner {
        let mut next = String::new();
        shape(bytes, &mut next)?;
        // what holds lists and records in a list may hold any number of them
        if next != last || !next.starts_with('[') {
            into.push_str(if place > 0 { " " } else { "" });
            into.push_str(&next);
        }
        last = next;
    }
    into.push_str(match sort {
        '[' => "]",
        '{' => "}",
        _ => "",
    });
    Some(())
}

#[test]
fn another_shape_has_another_version() {
    let place = tempfile::tempdir().unwrap();
    let dir = StoreDir::prepare(place.path().join("kept")).unwrap();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/journals/0.1.0/journal");
    let to = dir.path().join("journal");
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(kept).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
    let (store, _) = super::open(&dir, 1, &mut |_, _| {}).unwrap();
    let mut rows: BTreeMap<char, String> = BTreeMap::new();
    store
        .bodies
        .visit(&[], &mut |key, value| {
            let mut told = String::new();
            let whole = shape(&mut &*value, &mut told);
            if whole.is_some() && told.starts_with('[') {
                rows.entry(char::from(key[0])).or_insert(told);
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    let mut picture = format!("INDEX_VERSION {INDEX_VERSION}\n");
    for (kind, shape) in rows {
        writeln!(picture, "{kind} {shape}").unwrap();
    }
    let columns = &store.columns;
    writeln!(picture, "columns {}", str::from_utf8(MAGIC).unwrap().trim_end()).unwrap();
    let rows = [columns.members.bytes(0), columns.tasks.bytes(0), columns.enrolments.bytes(0)];
    for row in rows.into_iter().map(Option::unwrap) {
        let bytes: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(picture, "{}", bytes.join(" ")).unwrap();
    }
    insta::assert_snapshot!(picture);
}
