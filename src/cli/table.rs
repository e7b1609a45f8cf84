//! Tables of text: aligned for eyes, or separated by tabs for scripts.

use crate::text::{clean, width};

/// The widest cell of an aligned table, in columns; the last column is as wide as it is.
const CELL_MAX: usize = 28;

/// Lines of equal columns, two spaces apart.
pub(super) fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let rows: Vec<Vec<_>> =
        rows.iter().map(|row| row.iter().map(|cell| clean::for_display(cell)).collect()).collect();
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| width::width(cell)).max().unwrap_or(0).min(CELL_MAX)
    };
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    rows.iter()
        .map(|row| {
            let mut line = String::new();
            for (at, (cell, columns)) in row.iter().zip(&widths).enumerate() {
                if at + 1 == row.len() {
                    line.push_str(cell);
                } else {
                    line.push_str(&width::fit(cell, *columns));
                    line.push_str("  ");
                }
            }
            line.trim_end().to_owned()
        })
        .collect()
}

/// One line of cells that no spreadsheet takes for a formula, without tabs inside.
pub(super) fn tabbed(row: &[String]) -> String {
    let cells: Vec<String> =
        row.iter().map(|cell| clean::for_csv_cell(&clean::for_display(cell)).into_owned()).collect();
    cells.join("\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_in_chinese_too() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let lines = aligned(&[row(["09:30", "宠友交流1群", "开团"]), row(["9", "a", "收尾\u{1b}[2J"])]);
        assert_eq!(lines, ["09:30  宠友交流1群  开团", "9      a            收尾"]);
        assert_eq!(aligned(&[]), Vec::<String>::new());
    }

    #[test]
    fn no_cell_is_a_formula_or_breaks_its_line() {
        assert_eq!(tabbed(&["=1+1".into(), "一\t二\n三".into()]), "'=1+1\t一 二 三");
    }
}
