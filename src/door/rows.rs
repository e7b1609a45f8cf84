//! What a member file says, row by row, in the form in which it travels to the desk.
//!
//! A screen or a command reads the user's file and sends typed rows in bounded chunks; the desk never opens a file.
//! So these types hold what was *written* (a group by its name, an account by its name), not what it means in the
//! book: the desk decides who is who. They are a format between one release's processes, not a format for ever.
//!
//! Every string here is cleaned: no controls, no line breaks, trimmed, not empty, capped in length.

use serde::{Deserialize, Serialize};

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
    /// (platform word, id) in column order. The words: `wechat`, `wxid`, `wecom`, `unionid`, `openid`, `qq`, `douyin`,
    /// `kuaishou`, `xiaohongshu`, `weibo`, `taobao`, `phone` (a second number), `app`.
    pub handles: Vec<(String, String)>,
    /// The group's name as written.
    pub group: Option<String>,
    /// The platform's own id of the group, such as a WeCom `chat_id`.
    pub group_ref: Option<String>,
    /// Our account that knows the member, by its name or id as written.
    pub account: Option<String>,
    /// In the file's order, each once.
    pub tags: Vec<String>,
    /// `lead`, `new`, `active`, `customer`, `repeat`, `silent` or `lost`.
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
    NotADate,
    /// Day and month, or the century, cannot be told apart: `1/2/24`.
    AmbiguousDate,
    /// A date after now.
    FutureDate,
    NotABirthday,
    UnknownStage,
    UnknownGender,
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
        assert_eq!(rmp_serde::from_slice::<MemberRow>(&bytes).unwrap(), row);
        let sparse = serde_json::from_str::<MemberRow>(r#"{"line":2,"name":"阿珍"}"#).unwrap();
        assert_eq!((sparse.line, sparse.name.as_str(), sparse.tags.len()), (2, "阿珍", 0));
    }
}
