//! Why a file was not read at all.

use super::lexer::{CELL_BYTES_MAX, COLUMNS_MAX};
use crate::text::lang::Lang;

/// Nothing of the file should be taken. `line` is the row as a spreadsheet shows it, `column` its letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence(Lang::En))]
pub enum ReadError {
    /// No row, or blank ones only.
    Empty { file: String },
    /// A header and no row below it.
    HeaderOnly { file: String, line: u32 },
    /// `what` the file is instead: `xlsx`, `xls`, `pdf`, `binary`.
    NotText { file: String, what: &'static str },
    /// No row near the beginning holds a header of names.
    NoNameColumn {
        file: String,
        line: u32,
        /// The words looked for.
        looked_for: Vec<&'static str>,
        /// The file's headers that come nearest, the nearest first; may be empty.
        nearest: Vec<String>,
        /// The cells of the row taken for the header, at most 20.
        found: Vec<String>,
    },
    /// Two columns have one header, and a row has one value of the kind.
    DoubleHeader { file: String, line: u32, column: String, first: String, header: String },
    /// A quote opened here is never closed.
    OpenQuote { file: String, line: u32, column: String },
    /// A cell of several lines goes on behind its closing quote: two lone quotes have swallowed what is between.
    LooseQuote { file: String, line: u32, column: String },
    /// More than [`CELL_BYTES_MAX`].
    CellTooLong { file: String, line: u32, column: String },
    /// More than [`COLUMNS_MAX`].
    TooManyColumns { file: String, line: u32 },
}

impl ReadError {
    /// The file, the place, what is wrong there and what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Empty { file } => Words::Empty.fill(lang, &[("file", file)]),
            Self::HeaderOnly { file, line } => {
                Words::HeaderOnly.fill(lang, &[("file", file), ("line", line)])
            }
            Self::NotText { file, what } => Words::NotText.fill(lang, &[("file", file), ("what", what)]),
            Self::NoNameColumn { file, line, looked_for, nearest, found } => {
                let words = looked_for.join(" ");
                let (message, headers) = if nearest.is_empty() {
                    (Words::NoNameColumn, found.join(" "))
                } else {
                    (Words::NearlyNameColumn, nearest.join(" "))
                };
                message
                    .fill(lang, &[("file", file), ("line", line), ("words", &words), ("headers", &headers)])
            }
            Self::DoubleHeader { file, line, column, first, header } => {
                let values: [(&str, &dyn std::fmt::Display); 5] = [
                    ("file", file),
                    ("line", line),
                    ("column", column),
                    ("first", first),
                    ("header", header),
                ];
                Words::DoubleHeader.fill(lang, &values)
            }
            Self::OpenQuote { file, line, column } => {
                Words::OpenQuote.fill(lang, &[("file", file), ("line", line), ("column", column)])
            }
            Self::LooseQuote { file, line, column } => {
                Words::LooseQuote.fill(lang, &[("file", file), ("line", line), ("column", column)])
            }
            Self::CellTooLong { file, line, column } => {
                let limit = CELL_BYTES_MAX / 1024;
                Words::CellTooLong
                    .fill(lang, &[("file", file), ("line", line), ("column", column), ("limit", &limit)])
            }
            Self::TooManyColumns { file, line } => {
                Words::TooManyColumns.fill(lang, &[("file", file), ("line", line), ("limit", &COLUMNS_MAX)])
            }
        }
    }
}

crate::words! {
    /// What is said about files.
    enum Words {
        Empty { file } => [
            "{file}: 文件里没有内容；第一行写表头，如 姓名,手机号，下面一人一行",
            "{file}: 檔案裡沒有內容；第一列寫表頭，如 姓名,手機號，下面一人一列",
            "{file}: nothing in it; write a header row such as 姓名,手机号 and a row for each member below",
        ],
        HeaderOnly { file, line } => [
            "{file} 第 {line} 行: 只有表头，下面没有成员；一人一行写在表头下面",
            "{file} 第 {line} 列: 只有表頭，下面沒有成員；一人一列寫在表頭下面",
            "{file}, row {line}: a header with no row below it; write a row for each member",
        ],
        NotText { file, what } => [
            "{file}: 这是 {what}，不是文本表格；请另存为 CSV (UTF-8) 再导入",
            "{file}: 這是 {what}，不是文字表格；請另存為 CSV (UTF-8) 再匯入",
            "{file}: this is {what}, not a table as text; save it as CSV (UTF-8) first",
        ],
        NoNameColumn { file, line, words, headers } => [
            "{file} 第 {line} 行: 没有姓名列；找过 {words}；这一行是 {headers}；没有表头就在最上面加一行",
            "{file} 第 {line} 列: 沒有姓名欄；找過 {words}；這一列是 {headers}；沒有表頭就在最上面加一列",
            "{file}, row {line}: no column of names; looked for {words}; the row has {headers}; if that is no header, write one above it",
        ],
        NearlyNameColumn { file, line, words, headers } => [
            "{file} 第 {line} 行: 没有姓名列；找过 {words}；最接近的是 {headers}，请改表头",
            "{file} 第 {line} 列: 沒有姓名欄；找過 {words}；最接近的是 {headers}，請改表頭",
            "{file}, row {line}: no column of names; looked for {words}; nearest is {headers}: rename that header",
        ],
        DoubleHeader { file, line, column, first, header } => [
            "{file} 第 {line} 行 {column} 列「{header}」: 和 {first} 列的表头一样，分不清用哪列；给其中一列改名或删掉",
            "{file} 第 {line} 列 {column} 欄「{header}」: 和 {first} 欄的表頭一樣，分不清用哪欄；給其中一欄改名或刪掉",
            "{file}, row {line}, column {column} \"{header}\": the same header as column {first}; rename or delete one",
        ],
        OpenQuote { file, line, column } => [
            "{file} 第 {line} 行 {column} 列: 这里的引号没有关上；补上后半个，或把它删掉",
            "{file} 第 {line} 列 {column} 欄: 這裡的引號沒有關上；補上後半個，或把它刪掉",
            "{file}, row {line}, column {column}: a quote is opened here and never closed; close it or take it away",
        ],
        LooseQuote { file, line, column } => [
            "{file} 第 {line} 行 {column} 列: 引号跨了几行，后面还有内容；内容里的引号要写两个",
            "{file} 第 {line} 列 {column} 欄: 引號跨了幾行，後面還有內容；內容裡的引號要寫兩個",
            "{file}, row {line}, column {column}: a quote spans lines and text follows it; write quotes inside a cell twice",
        ],
        CellTooLong { file, line, column, limit } => [
            "{file} 第 {line} 行 {column} 列: 一格超过 {limit} KB，是不是引号没有关上",
            "{file} 第 {line} 列 {column} 欄: 一格超過 {limit} KB，是不是引號沒有關上",
            "{file}, row {line}, column {column}: a cell of more than {limit} KB; is a quote left open?",
        ],
        TooManyColumns { file, line, limit } => [
            "{file} 第 {line} 行: 超过 {limit} 列；删掉多余的列", "{file} 第 {line} 列: 超過 {limit} 欄；刪掉多餘的欄",
            "{file}, row {line}: more than {limit} columns; delete those that are not needed",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_names_the_file_and_what_to_do() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
        let error = ReadError::NoNameColumn {
            file: "名单.csv".into(),
            line: 2,
            looked_for: vec!["姓名", "昵称"],
            nearest: vec!["姓明".into()],
            found: vec!["姓明".into(), "手机".into()],
        };
        assert_eq!(
            error.sentence(Lang::ZhCn),
            "名单.csv 第 2 行: 没有姓名列；找过 姓名 昵称；最接近的是 姓明，请改表头"
        );
    }
}
