//! The list of a generation: which files, put together, are the journal of one moment.
//!
//! ```text
//! qun backup 1
//! store 00112233445566778899aabbccddeeff
//! lineage 00112233445566778899aabbccddeeff
//! at 1767000000000
//! end 5210 89abcdef
//! segment 1 000001-1a2b3c4d-67108210.qj sealed
//! segment 2 000002-5e6f7081-120034.qj tail
//! crc 0badcafe
//! ```

use std::fmt::Write as _;

use super::BackupError;
use crate::store::journal::{End, hex, unhex};

const FIRST_LINE: &str = "qun backup 1";

/// What kind of segment a copy was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It never changes: shared by all generations.
    Sealed,
    /// Sealed, and rewritten when somebody was forgotten.
    Rewritten,
    /// The last one as far as it went.
    Tail,
}

impl Kind {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Sealed, "sealed"), (Self::Rewritten, "rewritten"), (Self::Tail, "tail")];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("sealed", |(_, word)| word)
    }
}

/// A copied segment. Its name says its number, the CRC32 of its bytes and their count.
///
/// A CRC32 is no proof against malice, and none is needed: it tells apart what one store wrote, and every frame
/// inside is checked on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// From 1, without gaps.
    pub number: u32,
    /// CRC32 of the bytes.
    pub crc: u32,
    /// How many there are.
    pub bytes: u64,
    /// Of what it is a copy.
    pub kind: Kind,
}

impl Copy {
    /// The file's name in `segments/`.
    pub fn name(&self) -> String {
        format!("{:06}-{:08x}-{}.qj", self.number, self.crc, self.bytes)
    }

    fn from_name(name: &str, kind: Kind) -> Option<Self> {
        let mut parts = name.strip_suffix(".qj")?.split('-');
        let (number, crc, bytes) = (parts.next()?, parts.next()?, parts.next()?);
        let number = number.parse().ok()?;
        let copy = Self { number, crc: u32::from_str_radix(crc, 16).ok()?, bytes: bytes.parse().ok()?, kind };
        (copy.name() == name).then_some(copy)
    }
}

/// One generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The store's id.
    pub store: [u8; 16],
    /// Where the journal ended.
    pub end: End,
    /// When it was made, in milliseconds since 1970.
    pub at_ms: i64,
    /// The segments in order.
    pub copies: Vec<Copy>,
}

impl Manifest {
    /// The text of the file, with its CRC.
    pub fn text(&self) -> String {
        let mut text =
            format!("{FIRST_LINE}\nstore {}\nlineage {}\n", hex(&self.store), hex(&self.end.lineage));
        let _ = writeln!(text, "at {}\nend {} {:08x}", self.at_ms, self.end.seq, self.end.crc);
        for copy in &self.copies {
            let _ = writeln!(text, "segment {} {} {}", copy.number, copy.name(), copy.kind.word());
        }
        let crc = crc32fast::hash(text.as_bytes());
        let _ = writeln!(text, "crc {crc:08x}");
        text
    }

    /// Reads the text of a file.
    pub fn parse(generation: u32, bytes: &[u8]) -> Result<Self, BackupError> {
        let bad =
            |line: usize, what: &str| BackupError::BadManifest { generation, line, what: what.to_owned() };
        let text = std::str::from_utf8(bytes).map_err(|_| bad(1, "not text"))?;
        let last = text.lines().count().max(1);
        let (body, crc) =
            text.rfind("crc ").map(|at| text.split_at(at)).ok_or_else(|| bad(last, "no checksum line"))?;
        if crc != format!("crc {:08x}\n", crc32fast::hash(body.as_bytes())) {
            return Err(bad(last, "the checksum does not match"));
        }
        let (mut store, mut lineage, mut at_ms, mut end, mut copies) = (None, None, None, None, Vec::new());
        for (index, line) in body.lines().enumerate() {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                _ if index == 0 && line == FIRST_LINE => {}
                _ if index == 0 => {
                    return Err(bad(1, "a format that this program does not know; update qun"));
                }
                ["store", id] => store = unhex(id),
                ["lineage", id] => lineage = unhex(id),
                ["at", at] => at_ms = at.parse().ok(),
                ["end", seq, crc] => end = seq.parse::<u64>().ok().zip(u32::from_str_radix(crc, 16).ok()),
                ["segment", _, name, kind] => {
                    let kind = Kind::ALL.iter().find(|(_, word)| word == kind).map(|(kind, _)| *kind);
                    let copy = kind.and_then(|kind| Copy::from_name(name, kind));
                    copies.push(copy.ok_or_else(|| bad(index + 1, "not a segment's name"))?);
                }
                _ => return Err(bad(index + 1, "a line that this program does not know; update qun")),
            }
        }
        match (store, lineage, at_ms, end) {
            (Some(store), Some(lineage), Some(at_ms), Some((seq, crc))) => {
                Ok(Self { store, end: End { lineage, seq, crc }, at_ms, copies })
            }
            _ => Err(bad(last, "store, lineage, time or end is missing")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_comes_back_and_a_change_is_noticed() {
        let copy = |number, kind| Copy { number, crc: 0x1a2b, bytes: 70_000, kind };
        let manifest = Manifest {
            store: [1; 16],
            end: End { lineage: [2; 16], seq: 77, crc: 3 },
            at_ms: 1_767_000_000_000,
            copies: vec![copy(1, Kind::Sealed), copy(2, Kind::Rewritten), copy(3, Kind::Tail)],
        };
        let text = manifest.text();
        assert_eq!(Manifest::parse(1, text.as_bytes()).unwrap(), manifest);
        for place in 0..text.len() {
            let mut bad = text.clone().into_bytes();
            bad[place] ^= 1;
            assert!(Manifest::parse(1, &bad).is_err(), "byte {place}");
        }
    }
}
