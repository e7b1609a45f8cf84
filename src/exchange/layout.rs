//! How a file is laid out: its encoding, its delimiter, which row is the header.
//!
//! All three are decided together by the one thing known beforehand, the words a header may have: of all ways to read
//! the first rows, the one that shows the most known headers is right. Title rows above the header ("客户列表(导出时间:
//! …)") and Excel's `sep=;` are skipped by the same rule.

use std::collections::HashSet;

use super::encoding::{Candidate, Source, candidates};
use super::headers::{Field, field, fold, nearest_to_name};
use super::lexer::{Broken, Lexer, Record};
use crate::text::clean::one_line;

/// The header is looked for in so many rows.
const HEADER_ROWS: u32 = 10;

/// What was found out about a file before its first row is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The encoding's usual name: `UTF-8`, `UTF-16LE`, `gb18030`.
    pub encoding: &'static str,
    pub delimiter: char,
    /// The header's row, 1-based as a spreadsheet shows it.
    pub header_line: u32,
    /// Every column with its header as written and what it feeds.
    pub columns: Vec<(String, Option<Field>)>,
}

impl Layout {
    /// Two columns of one header whose field holds one value: which of them is meant cannot be known. Columns from 0.
    ///
    /// Headers that merely mean the same (添加时间 and createtime) are no such thing: the first that says something wins.
    pub(super) fn double_header(&self) -> Option<(usize, usize)> {
        let single = |field: &Option<Field>| field.is_some_and(is_single);
        let columns = self.columns.iter().enumerate().filter(|(_, (_, field))| single(field));
        columns.clone().find_map(|(at, (header, _))| {
            let again = columns.clone().find(|(other, (same, _))| *other > at && fold(same) == fold(header));
            again.map(|(other, _)| (at, other))
        })
    }

    /// The column that feeds a field, by its place from 0.
    pub fn column_of(&self, is: impl Fn(Field) -> bool) -> Option<usize> {
        self.columns.iter().position(|(_, field)| field.is_some_and(&is))
    }

    /// The columns that are taken, in the order of the file: header and field.
    pub fn used_columns(&self) -> impl Iterator<Item = (&str, Field)> {
        let taken = self.columns.iter().filter_map(|(header, field)| Some((header.as_str(), (*field)?)));
        taken.filter(|(_, field)| *field != Field::Passed)
    }

    /// Headers nobody here knows; their columns are not taken.
    pub fn unknown_columns(&self) -> Vec<String> {
        let unknown = self.columns.iter().filter(|(header, field)| field.is_none() && !header.is_empty());
        unknown.map(|(header, _)| header.clone()).collect()
    }
}

/// Fields of which a row holds one value.
const fn is_single(field: Field) -> bool {
    !matches!(
        field,
        Field::Name
            | Field::Aliases
            | Field::Tags
            | Field::Phone
            | Field::Handle(_)
            | Field::Note
            | Field::Detail
            | Field::Passed
    )
}

/// Why no header was found: the nearest headers of the likeliest row, and all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoHeader {
    pub line: u32,
    pub nearest: Vec<String>,
    pub found: Vec<String>,
    /// Where the shape of the first rows is broken: then that is why.
    pub broken: Option<Broken>,
}

/// Finds the layout and how to read the bytes in it.
pub(super) fn find(bytes: &[u8]) -> Result<(Layout, Candidate), NoHeader> {
    let mut best: Option<(Score, Layout, Candidate)> = None;
    let mut broken = None;
    for candidate in candidates(bytes) {
        for delimiter in [b',', b'\t', b';'] {
            let mut lexer = Lexer::new(Source::new(bytes, candidate), delimiter);
            let mut record = Record::default();
            // A broken shape further down is no reason against what was read before it; reading will name it.
            while record.line < HEADER_ROWS {
                match lexer.next(&mut record) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(found) => {
                        broken = broken.or(Some(found));
                        break;
                    }
                }
                let columns = columns(&record);
                let score = Score::of(&columns);
                if best.as_ref().is_none_or(|(so_far, ..)| score > *so_far) {
                    let layout = Layout {
                        encoding: candidate.encoding.name(),
                        delimiter: char::from(delimiter),
                        header_line: record.line,
                        columns,
                    };
                    best = Some((score, layout, candidate));
                }
            }
        }
    }
    match best {
        Some((score, layout, candidate)) if score.has_name => Ok((layout, candidate)),
        Some((_, layout, _)) => {
            let found: Vec<String> = layout.columns.into_iter().map(|(header, _)| header).collect();
            let found: Vec<String> = found.into_iter().filter(|header| !header.is_empty()).take(20).collect();
            Err(NoHeader { line: layout.header_line, nearest: nearest_to_name(&found), found, broken })
        }
        None => Err(NoHeader { line: 1, nearest: Vec::new(), found: Vec::new(), broken }),
    }
}

/// How much a row looks like a header; among equals the first row and the first delimiter win.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    has_name: bool,
    known: usize,
    filled: usize,
}

impl Score {
    fn of(columns: &[(String, Option<Field>)]) -> Self {
        let known: HashSet<Field> = columns.iter().filter_map(|(_, field)| *field).collect();
        let filled = if known.is_empty() {
            columns.iter().filter(|(header, _)| !header.is_empty()).count()
        } else {
            0
        };
        Self { has_name: known.contains(&Field::Name), known: known.len(), filled }
    }
}

fn columns(record: &Record) -> Vec<(String, Option<Field>)> {
    let named = record.cells().map(|cell| (one_line(cell, 60), field(cell)));
    let mut columns: Vec<_> = named.collect();
    // Spreadsheets write empty columns to the right of the table; they are no columns of it.
    while columns.last().is_some_and(|(header, _)| header.is_empty()) {
        columns.pop();
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(text: &str) -> (char, u32, usize) {
        let (layout, _) = find(text.as_bytes()).unwrap();
        (layout.delimiter, layout.header_line, layout.columns.len())
    }

    #[test]
    fn delimiter_and_header_row_are_found() {
        assert_eq!(layout("姓名,手机\n小雨,13800138000\n"), (',', 1, 2));
        assert_eq!(layout("姓名\t手机,微信\t标签\n"), ('\t', 1, 3));
        assert_eq!(layout("sep=;\n姓名;手机;标签\n小雨;1;a,b\n"), (';', 2, 3));
        assert_eq!(layout("客户列表(导出时间: 2024-01-02),,\n\n客户名称,客户备注,电话,,\n"), (',', 3, 3));
        assert_eq!(layout("姓名\n小雨\n"), (',', 1, 1));
        // A row that merely contains a header's word does not beat the header.
        assert_eq!(layout("姓名,手机,标签\nname,138,标签\n"), (',', 1, 3));
    }

    #[test]
    fn without_a_name_column_the_nearest_headers_are_named() {
        let missing = find("姓明,手机号,标签\n小雨,1,2\n".as_bytes()).unwrap_err();
        assert_eq!((missing.line, missing.nearest.first().map(String::as_str)), (1, Some("姓明")));
        assert_eq!(find(b"").unwrap_err().found.len(), 0);
    }

    #[test]
    fn the_header_decides_between_gb18030_and_big5() {
        for encoding in [encoding_rs::GB18030, encoding_rs::BIG5] {
            let (bytes, _, _) = encoding.encode("姓名,電話,標籤\n王小明,0912345678,客戶\n");
            assert_eq!(find(&bytes).unwrap().0.encoding, encoding.name());
        }
    }
}
