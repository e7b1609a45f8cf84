//! Keeps what is cut off a journal's end, for a look.
//!
//! A damaged last frame cannot be told from one that was being written when the power failed, so it is cut. If
//! its header had arrived, its bytes are kept in `journal/torn-<segment>-<offset>`; an index that knows more
//! records than the journal tells that they had been acknowledged. Three such files are kept.

use std::io;

use super::super::disk::{Disk, Mode, write_whole};
use super::current::JOURNAL_DIR;
use super::frame::{HEADER_BYTES, Header};
use super::open::Cut;

const PREFIX: &str = "torn-";
const KEPT: usize = 3;

/// Copies the frame at a cut aside, if its header is whole.
pub(super) fn keep(disk: &dyn Disk, path: &str, store: &[u8; 16], cut: &Cut) -> io::Result<()> {
    let file = disk.open(path, Mode::Read)?;
    let mut header = [0; HEADER_BYTES];
    file.read_at(&mut header, cut.offset)?;
    let Ok(header) = Header::decode(&header, store) else { return Ok(()) };
    let mut frame = vec![0; header.frame_bytes()];
    let got = file.read_at(&mut frame, cut.offset)?;
    let name = format!("{JOURNAL_DIR}/{PREFIX}{:06}-{:08}", cut.segment, cut.offset);
    write_whole(disk, &name, frame.get(..got).unwrap_or_default())?;
    let names = disk.list(JOURNAL_DIR)?;
    let kept: Vec<&String> = names.iter().filter(|name| name.starts_with(PREFIX)).collect();
    for old in kept.iter().rev().skip(KEPT) {
        disk.remove(&format!("{JOURNAL_DIR}/{old}"))?;
    }
    Ok(())
}
