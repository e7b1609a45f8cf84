//! Whether a column 备注 holds what people are called, or notes about them.
//!
//! WeChat calls the name one gives a friend 备注, and messages address people by it; in tables made by hand the same
//! header stands over "对花生过敏". The header cannot tell them apart, the cells can.

use super::encoding::{Candidate, Source};
use super::headers::{Field, fold};
use super::layout::Layout;
use super::lexer::{Lexer, Record};

/// So many cells tell what a column holds.
const CELLS_MAX: u32 = 2_000;
/// Names are not longer than this, in characters.
const NAME_CHARS: usize = 12;
/// A column of notes has at least one sentence in so many cells: the others may be short.
const ONE_IN: u32 = 5;

/// Makes notes of the columns 备注 that hold sentences.
pub(super) fn settle(bytes: &[u8], candidate: Candidate, layout: &mut Layout) {
    let (is_open, is_named): (Vec<_>, Vec<_>) = layout
        .columns
        .iter()
        .enumerate()
        .filter(|(_, (_, field))| *field == Some(Field::Remark))
        .map(|(at, (header, _))| {
            (at, matches!(fold(header).as_str(), "备注" | "備註" | "remark" | "remarks"))
        })
        .partition(|(_, open)| *open);
    let Some(name) = layout.column_of(|field| field == Field::Name) else { return };
    for (column, _) in is_open {
        // beside 备注名 it is something else
        if !is_named.is_empty() || holds_notes(bytes, candidate, layout, name, column) {
            layout.columns[column].1 = Some(Field::Note);
        }
    }
}

fn holds_notes(bytes: &[u8], candidate: Candidate, layout: &Layout, name: usize, column: usize) -> bool {
    let mut lexer = Lexer::new(Source::new(bytes, candidate), layout.delimiter as u8);
    let mut record = Record::default();
    let (mut cells, mut sentences) = (0_u32, 0_u32);
    // what is broken further down is named by who reads the rows
    while cells < CELLS_MAX && lexer.next(&mut record).unwrap_or(false) {
        let cell = record.cell(column).trim();
        if record.line > layout.header_line && !cell.is_empty() {
            cells += 1;
            sentences += u32::from(is_sentence(cell, record.cell(name).trim()));
        }
    }
    sentences > 0 && sentences * ONE_IN >= cells
}

/// Whether a cell reads like a note: punctuation, or longer than a name. "小雨妈 3-502 二年级 周三班" begins with who
/// it is, so that is what somebody calls her.
fn is_sentence(cell: &str, name: &str) -> bool {
    let is_called = !name.is_empty() && cell.contains(name);
    cell.contains(['，', '。', '；', '！', '？', ',', ';', '!', '?', '\n'])
        || (!is_called && cell.chars().count() > NAME_CHARS)
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, read_members};

    /// (remark, note) of every row.
    #[track_caller]
    fn check(text: &str, expected: &[(Option<&str>, Option<&str>)]) {
        let options =
            ReadOptions { zone: chrono_tz::Tz::Asia__Shanghai, file: "名单.csv".into(), now_ms: 0 };
        let table = read_members(text.as_bytes(), &options).unwrap();
        let found: Vec<_> =
            table.rows.iter().map(|row| (row.remark.as_deref(), row.note.as_deref())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_column_of_sentences_is_notes_and_a_column_of_names_is_remarks() {
        check(
            "姓名,手机,备注\n阿珍,,爱迟到，请提醒\n小雨,,\n王姐,,老客\n李四,,对花生过敏\n",
            &[(None, Some("爱迟到，请提醒")), (None, None), (None, Some("老客")), (None, Some("对花生过敏"))],
        );
        check(
            "昵称,備註\n阿珍,只在週末有空下午三點以後再聯絡\n",
            &[(None, Some("只在週末有空下午三點以後再聯絡"))],
        );
        check(
            "昵称,备注\n小雨妈,小雨妈 3-502 二年级 周三班\n阿珍,珍姐\n",
            &[(Some("小雨妈 3-502 二年级 周三班"), None), (Some("珍姐"), None)],
        );
    }

    #[test]
    fn a_few_odd_cells_do_not_make_notes_of_names() {
        let names = "阿珍,珍姐\n小雨,雨妈\n王姐,王姐\n李四,四哥\n张三,三哥\n";
        let text = format!("昵称,备注\n{names}老六,六哥，住二楼\n");
        let mut expected: Vec<_> =
            ["珍姐", "雨妈", "王姐", "四哥", "三哥"].iter().map(|word| (Some(*word), None)).collect();
        expected.push((Some("六哥，住二楼"), None));
        check(&text, &expected);
    }

    #[test]
    fn a_header_that_says_name_is_believed_whatever_it_holds() {
        check("昵称,备注名\n阿珍,珍姐，二楼的\n", &[(Some("珍姐，二楼的"), None)]);
        check("昵称,备注名,备注\n阿珍,珍姐,常客\n", &[(Some("珍姐"), Some("常客"))]);
    }
}
