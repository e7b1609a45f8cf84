//! What a member file says, row by row, in the form in which it travels to the desk.
//!
//! A screen or a command reads the user's file and sends typed rows in bounded chunks; the desk never opens a file.
//! So these types hold what was *written* (a group by its name, an account by its name), not what it means in the
//! book: the desk decides who is who. They are a format between one release's processes, not a format for ever.
//!
//! Every string here is cleaned: no controls, no line breaks, trimmed, not empty, capped in length.

use serde::{Deserialize, Serialize};

use crate::text::lang::Lang;

/// One human as one line of a file describes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberRow {
    /// The row's number as a spreadsheet shows it: 1-based, the header and blank rows counted, a cell with line
    /// breaks in it counted once.
    pub line: u32,
    /// The nickname; never empty (a row without any name is rejected).
    pub name: String,
    pub remark: Option<String>,
    /// Other names: the child's, the room number, a second name column.
    pub aliases: Vec<String>,
    /// Digits, with a leading `+` and country code where the file had a foreign one; `13800138000`.
    pub phone: Option<String>,
    /// (platform, id) in column order; the platform is a word of [`crate::book::Platform`]. A unionid counts as
    /// `wechat`, an openid as `mp`, a second telephone number as `phone`.
    pub handles: Vec<(String, String)>,
    /// The group's name as written.
    pub group: Option<String>,
    /// The platform's own id of the group, such as a WeCom `chat_id`.
    pub group_ref: Option<String>,
    /// Our account that knows the member, by its name or id as written.
    pub account: Option<String>,
    /// In the file's order, each once.
    pub tags: Vec<String>,
    /// A word of [`crate::book::Stage`].
    pub stage: Option<String>,
    /// Joined the group; milliseconds since 1970, UTC.
    pub joined_at: Option<i64>,
    /// Added as a friend; milliseconds since 1970, UTC.
    pub added_at: Option<i64>,
    /// Solar `1990-05-06` or `05-06`; lunar `农历1990-08-03`, `农历08-03`, in a leap month `农历闰06-01`.
    pub birthday: Option<String>,
    pub gender: Option<Gender>,
    pub inviter: Option<String>,
    pub group_nickname: Option<String>,
    /// Description, address, company and the like, each with its header, joined with `；`.
    pub note: Option<String>,
    /// How they came, in words; WeCom's `add_way` numbers are turned into words.
    pub source: Option<String>,
}

/// As a file or a human states it; unknown is `None` around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gender {
    Male,
    Female,
}

/// One cell that could not be taken, where it is and what is wrong with it.
///
/// Depending on where it is reported the whole row was refused (`rejects`) or only this cell was left out
/// (`left_out`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// As [`MemberRow::line`].
    pub line: u32,
    /// The column as a spreadsheet names it: `A`, `B` … `AA`; empty when the row as a whole is meant.
    pub column: String,
    /// The column's header as the file has it, cleaned.
    pub header: String,
    /// The cell as the file has it, cleaned and cut to 80 characters.
    pub value: String,
    pub problem: Problem,
}

/// What is wrong with a cell or a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// Neither name, remark nor nickname in the group.
    NoName,
    /// More cells than the header has columns: a comma inside a cell has moved the rest to the right.
    TooManyCells {
        cells: u32,
        columns: u32,
    },
    /// A number that a spreadsheet shortened, `1.38E+10`: the digits are gone.
    Shortened,
    /// A spreadsheet's own error word or a column too narrow: `#NAME?`, `#N/A`, `####`.
    FormulaError,
    /// Bytes that are no characters in the file's encoding.
    Undecodable,
    /// Longer than an id may be; cutting it would make another id.
    TooLong {
        limit: u32,
    },
    /// Longer than this field keeps; the beginning was taken.
    Cut {
        limit: u32,
    },
    NotAPhone,
    /// `138****8000`: no number that could be called or compared.
    MaskedPhone,
    /// `1390000`: begins as a mobile number and is none, a digit was lost or is too many.
    OddMobile,
    NotADate,
    /// Day and month, or the century, cannot be told apart: `1/2/24`.
    AmbiguousDate,
    /// A date after now.
    FutureDate,
    NotABirthday,
    UnknownStage,
    UnknownGender,
    /// The book contradicts the row; the desk's sentence says how.
    Contradicted {
        words: String,
    },
}

impl RejectedRow {
    /// Where and what: `第 3 行 B 列「手机号」: 1.38E+10: …`.
    pub fn sentence(&self, lang: Lang) -> String {
        let reason = self.problem.sentence(lang);
        let (line, value) = (&self.line, &self.value);
        if self.column.is_empty() {
            return Words::AtRow.fill(lang, &[("line", line), ("value", value), ("reason", &reason)]);
        }
        let (column, header) = (&self.column, &self.header);
        Words::AtCell.fill(
            lang,
            &[("line", line), ("column", column), ("header", header), ("value", value), ("reason", &reason)],
        )
    }

    /// The column and what is wrong, for a place where the row itself is in sight.
    pub fn reason(&self, lang: Lang) -> String {
        let reason = self.problem.sentence(lang);
        if self.column.is_empty() {
            return reason;
        }
        Words::InColumn.fill(lang, &[("column", &self.column), ("header", &self.header), ("reason", &reason)])
    }
}

impl Problem {
    /// What is wrong and what would be right.
    pub fn sentence(&self, lang: Lang) -> String {
        let words = match self {
            Self::NoName => Words::NoName,
            Self::TooManyCells { cells, columns } => {
                return Words::TooManyCells.fill(lang, &[("cells", cells), ("columns", columns)]);
            }
            Self::TooLong { limit } => return Words::TooLong.fill(lang, &[("limit", limit)]),
            Self::Contradicted { words } => return words.clone(),
            Self::Cut { limit } => return Words::Cut.fill(lang, &[("limit", limit)]),
            Self::Shortened => Words::Shortened,
            Self::FormulaError => Words::FormulaError,
            Self::Undecodable => Words::Undecodable,
            Self::NotAPhone => Words::NotAPhone,
            Self::MaskedPhone => Words::MaskedPhone,
            Self::OddMobile => Words::OddMobile,
            Self::NotADate => Words::NotADate,
            Self::AmbiguousDate => Words::AmbiguousDate,
            Self::FutureDate => Words::FutureDate,
            Self::NotABirthday => Words::NotABirthday,
            Self::UnknownStage => Words::UnknownStage,
            Self::UnknownGender => Words::UnknownGender,
        };
        words.text(lang).to_owned()
    }
}

crate::words! {
    /// What is said about rows and cells.
    enum Words {
        AtCell { line, column, header, value, reason } => [
            "第 {line} 行 {column} 列「{header}」: {value}: {reason}",
            "第 {line} 列 {column} 欄「{header}」: {value}: {reason}",
            "row {line}, column {column} \"{header}\": {value}: {reason}",
        ],
        AtRow { line, value, reason } => [
            "第 {line} 行: {value}: {reason}", "第 {line} 列: {value}: {reason}", "row {line}: {value}: {reason}",
        ],
        InColumn { column, header, reason } => [
            "{column} 列「{header}」: {reason}", "{column} 欄「{header}」: {reason}", "column {column} \"{header}\": {reason}",
        ],
        NoName => [
            "没有姓名，也没有备注或群昵称", "沒有姓名，也沒有備註或群暱稱", "no name, and no remark or group nickname either",
        ],
        TooManyCells { cells, columns } => [
            "这一行有 {cells} 格，表头只有 {columns} 列；格内的逗号要加引号",
            "這一列有 {cells} 格，表頭只有 {columns} 欄；格內的逗號要加引號",
            "{cells} cells under {columns} headers; a comma inside a cell needs quotes around the cell",
        ],
        Shortened => [
            "表格软件把数字缩短了，后面的位数已丢失；把这一列设为文本，重新填写",
            "試算表把數字縮短了，後面的位數已遺失；把這一欄設為文字，重新填寫",
            "a spreadsheet shortened this number and its digits are lost; make the column text and enter it again",
        ],
        FormulaError => [
            "这是表格软件的报错，不是内容；重新填写", "這是試算表的錯誤訊息，不是內容；重新填寫",
            "this is a spreadsheet's error, not a value; enter it again",
        ],
        Undecodable => [
            "有无法识别的字符；把文件另存为 UTF-8", "有無法辨識的字元；把檔案另存為 UTF-8",
            "some bytes are no characters in this file's encoding; save it as UTF-8",
        ],
        TooLong { limit } => [
            "超过 {limit} 个字符，不像是 ID", "超過 {limit} 個字元，不像是 ID", "longer than {limit} characters, which no id is",
        ],
        Cut { limit } => [
            "超过 {limit} 个字符，只取前面部分", "超過 {limit} 個字元，只取前面部分",
            "longer than {limit} characters; only the beginning was taken",
        ],
        NotAPhone => [
            "不是电话号码；号码是 5 到 15 位数字", "不是電話號碼；號碼是 5 到 15 位數字",
            "not a phone number; one has 5 to 15 digits",
        ],
        MaskedPhone => [
            "号码被星号遮住，没有导入这一格", "號碼被星號遮住，沒有匯入這一格", "the number is masked; this cell was left out",
        ],
        OddMobile => [
            "手机号是 11 位，位数不对，没有导入这一格", "手機號是 11 位，位數不對，沒有匯入這一格",
            "a mobile number has 11 digits; this cell was left out",
        ],
        NotADate => [
            "不是日期；写成 2024-01-02 或 2024-01-02 15:04", "不是日期；寫成 2024-01-02 或 2024-01-02 15:04",
            "not a date; write 2024-01-02 or 2024-01-02 15:04",
        ],
        AmbiguousDate => [
            "分不清年月日；写成 2024-01-02", "分不清年月日；寫成 2024-01-02",
            "year, month and day cannot be told apart; write 2024-01-02",
        ],
        FutureDate => ["这个日期还没到", "這個日期還沒到", "this date lies in the future"],
        NotABirthday => [
            "不是生日；写成 1990-05-06、05-06 或 农历八月初三", "不是生日；寫成 1990-05-06、05-06 或 農曆八月初三",
            "not a birthday; write 1990-05-06, 05-06 or lunar 08-03",
        ],
        UnknownStage => [
            "没有这个阶段；可用 线索 新客 活跃 成交 复购 沉默 流失；没有导入这一格",
            "沒有這個階段；可用 線索 新客 活躍 成交 復購 沉默 流失；沒有匯入這一格",
            "no such stage; there are lead new active customer repeat silent lost; this cell was left out",
        ],
        UnknownGender => [
            "性别写 男 或 女；没有导入这一格", "性別寫 男 或 女；沒有匯入這一格", "write male or female; this cell was left out",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_survives_the_wire_and_older_senders() {
        let row = MemberRow {
            line: 3,
            name: "小雨妈".into(),
            handles: vec![("qq".into(), "12345678".into())],
            gender: Some(Gender::Female),
            ..MemberRow::default()
        };
        let bytes = rmp_serde::to_vec_named(&row).unwrap();
        assert_eq!(crate::book::packed::unpack::<MemberRow>(&bytes).unwrap(), row);
        let sparse = serde_json::from_str::<MemberRow>(r#"{"line":2,"name":"阿珍"}"#).unwrap();
        assert_eq!((sparse.line, sparse.name.as_str(), sparse.tags.len()), (2, "阿珍", 0));
    }

    #[test]
    fn every_problem_has_its_sentence() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
        let cell = RejectedRow {
            line: 3,
            column: "B".into(),
            header: "手机号".into(),
            value: "138".into(),
            problem: Problem::NotAPhone,
        };
        assert_eq!(
            cell.sentence(Lang::ZhCn),
            "第 3 行 B 列「手机号」: 138: 不是电话号码；号码是 5 到 15 位数字"
        );
        let row = RejectedRow { column: String::new(), problem: Problem::NoName, ..cell };
        assert_eq!(row.reason(Lang::En), "no name, and no remark or group nickname either");
    }
}
