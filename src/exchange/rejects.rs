//! The refused rows as a file to repair and import again.
//!
//! A header that was understood by all rows of the file says what was understood, for a few of them may read otherwise.
//! The file is read a second time for their cells, so an import need not keep them. Cells are written as they were,
//! except for what a spreadsheet would run as a formula: that gets a `'`, which the import takes off again.

use std::collections::BTreeMap;

use super::encoding::Source;
use super::layout;
use super::lexer::{Lexer, Record};
use super::remarks;
use crate::door::rows::RejectedRow;
use crate::text::clean::for_csv_cell;
use crate::text::lang::Lang;

/// The header of the column that says why.
const REASON: &str = "原因";

/// The rows named by `rejects` with all their cells and a last column 原因, as CSV in UTF-8 with a byte order mark.
///
/// `bytes` is the file they came from. A file that cannot be read gives the
/// header alone.
pub fn write_rejects(bytes: &[u8], rejects: &[RejectedRow], lang: Lang) -> Vec<u8> {
    let mut reasons: BTreeMap<u32, String> = BTreeMap::new();
    for reject in rejects {
        let all = reasons.entry(reject.line).or_default();
        if !all.is_empty() {
            all.push('；');
        }
        all.push_str(&reject.reason(lang));
    }
    let mut out = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{FEFF}".as_bytes().to_vec());
    // Writing into memory cannot fail.
    let _ = write(&mut out, bytes, &reasons);
    out.into_inner().unwrap_or_default()
}

fn write(out: &mut csv::Writer<Vec<u8>>, bytes: &[u8], reasons: &BTreeMap<u32, String>) -> csv::Result<()> {
    let Ok((mut layout, candidate)) = layout::find(bytes) else {
        return out.write_record([REASON]);
    };
    remarks::settle(bytes, candidate, &mut layout);
    let width = layout.columns.len();
    // A file of rejects that was repaired in part has the column already.
    let old_reason = layout.columns.iter().position(|(header, _)| header == REASON);
    let mut lexer = Lexer::new(Source::new(bytes, candidate), layout.delimiter as u8);
    let mut record = Record::default();
    let last =
        reasons.last_key_value().map_or(layout.header_line, |(line, _)| (*line).max(layout.header_line));
    while record.line < last && lexer.next(&mut record).unwrap_or(false) {
        let why = if record.line == layout.header_line {
            REASON
        } else if let Some(why) = reasons.get(&record.line) {
            why
        } else {
            continue;
        };
        for index in (0..width.max(record.len())).filter(|index| Some(*index) != old_reason) {
            // The header ends where its columns end; what stands beyond is empty.
            if record.line != layout.header_line {
                out.write_field(cell(record.cell(index)))?;
            } else if let Some((_, field)) = layout.columns.get(index) {
                out.write_field(cell(&remarks::with_what_it_was(record.cell(index), *field)))?;
            }
        }
        out.write_field(why)?;
        out.write_record(None::<&[u8]>)?;
    }
    Ok(())
}

/// One cell as it was, so that no spreadsheet runs it. A tab before a long number keeps its digits; it stays.
fn cell(text: &str) -> String {
    let bare = text.trim_start_matches('\t');
    let guard = if bare.len() < text.len() { "\t" } else { "" };
    format!("{guard}{}", for_csv_cell(bare))
}
