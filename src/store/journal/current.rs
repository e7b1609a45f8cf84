//! `journal/CURRENT`: which files are the journal.
//!
//! ```text
//! qun journal 1
//! store 00112233445566778899aabbccddeeff
//! lineage 00112233445566778899aabbccddeeff
//! segment 3 000003-2.qj
//! crc 89abcdef
//! ```
//!
//! `store` never changes and is bound into every frame. `lineage` changes whenever what was written may have
//! been replaced (a restored backup, a forgotten person): an index of another lineage is rebuilt. A `segment`
//! line names the file of a segment that was rewritten; all others have the name of their number. The file is
//! replaced as a whole, so a rewriting takes effect at one instant.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use super::super::disk::{Disk, read_whole, write_whole};
use super::error::JournalError;
use super::segment::segment_name;

/// The directory of the journal in a store.
pub const JOURNAL_DIR: &str = "journal";
const CURRENT: &str = "journal/CURRENT";
const FIRST_LINE: &str = "qun journal 1";

/// The content of `CURRENT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// The store's id, for ever.
    pub store: [u8; 16],
    /// The id of this course of history.
    pub lineage: [u8; 16],
    /// File names of rewritten segments.
    pub rewritten: BTreeMap<u32, String>,
}

impl Current {
    /// The path of a segment on the store's disk.
    pub fn segment_path(&self, number: u32) -> String {
        let name = self.rewritten.get(&number).cloned().unwrap_or_else(|| segment_name(number));
        format!("{JOURNAL_DIR}/{name}")
    }

    pub(super) fn load(disk: &dyn Disk) -> Result<Self, JournalError> {
        match read_whole(disk, CURRENT, 1 << 20) {
            Ok(bytes) => Self::parse(&bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(JournalError::Missing),
            Err(error) => Err(JournalError::io("reading journal/CURRENT")(error)),
        }
    }

    pub(super) fn save(&self, disk: &dyn Disk) -> Result<(), JournalError> {
        write_whole(disk, CURRENT, self.text().as_bytes())
            .map_err(JournalError::io("writing journal/CURRENT"))
    }

    pub(super) fn there(disk: &dyn Disk) -> Result<bool, JournalError> {
        disk.exists(CURRENT).map_err(JournalError::io("looking for journal/CURRENT"))
    }

    /// The text of the file, with its CRC.
    pub fn text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\nstore {}\nlineage {}\n", hex(&self.store), hex(&self.lineage));
        for (number, name) in &self.rewritten {
            let _ = writeln!(text, "segment {number} {name}");
        }
        let crc = crc32fast::hash(text.as_bytes());
        let _ = writeln!(text, "crc {crc:08x}");
        text
    }

    /// Reads the text of the file.
    pub fn parse(bytes: &[u8]) -> Result<Self, JournalError> {
        let bad = |line: usize, what: &str| JournalError::BadCurrent { line, what: what.to_owned() };
        let text = std::str::from_utf8(bytes).map_err(|_| bad(1, "not text"))?;
        let last = text.lines().count().max(1);
        let body =
            text.rfind("crc ").map(|at| text.split_at(at)).ok_or_else(|| bad(last, "no checksum line"))?;
        if body.1 != format!("crc {:08x}\n", crc32fast::hash(body.0.as_bytes())) {
            return Err(bad(last, "the checksum does not match"));
        }
        let (mut store, mut lineage, mut rewritten) = (None, None, BTreeMap::new());
        for (index, line) in body.0.lines().enumerate() {
            let number = index + 1;
            let mut words = line.split(' ');
            match (words.next(), words.next(), words.next()) {
                _ if number == 1 && line == FIRST_LINE => {}
                _ if number == 1 => {
                    return Err(bad(1, "a format that this program does not know; update qun"));
                }
                (Some("store"), Some(id), None) => store = unhex(id),
                (Some("lineage"), Some(id), None) => lineage = unhex(id),
                (Some("segment"), Some(segment), Some(name)) if !name.contains('/') => {
                    let segment = segment.parse().map_err(|_| bad(number, "not a segment's number"))?;
                    rewritten.insert(segment, name.to_owned());
                }
                _ => return Err(bad(number, "a line that this program does not know; update qun")),
            }
        }
        match (store, lineage) {
            (Some(store), Some(lineage)) => Ok(Self { store, lineage, rewritten }),
            _ => Err(bad(last, "no store or no lineage")),
        }
    }
}

/// Sixteen bytes as 32 lower-case hexadecimal digits.
pub fn hex(id: &[u8; 16]) -> String {
    id.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The reverse of [`hex`].
pub fn unhex(text: &str) -> Option<[u8; 16]> {
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_comes_back_and_damage_is_named_by_line() {
        let mut current = Current { store: [0x1f; 16], lineage: [2; 16], rewritten: BTreeMap::new() };
        assert_eq!(Current::parse(current.text().as_bytes()).unwrap(), current);
        current.rewritten.insert(3, "000003-2.qj".to_owned());
        assert_eq!(Current::parse(current.text().as_bytes()).unwrap(), current);
        assert_eq!(current.segment_path(3), "journal/000003-2.qj");
        assert_eq!(current.segment_path(4), "journal/000004.qj");

        let check = |text: String, expected: usize| match Current::parse(text.as_bytes()) {
            Err(JournalError::BadCurrent { line, .. }) => assert_eq!(line, expected, "{text}"),
            other => panic!("{other:?}"),
        };
        check(current.text().replace("000003-2", "000003-1"), 5);
        check(String::new(), 1);
        let newer = "qun journal 2\n";
        check(format!("{newer}crc {:08x}\n", crc32fast::hash(newer.as_bytes())), 1);
    }
}
