//! Files and pasted text, bytes <-> rows.
//!
//! Spreadsheets of members come from five systems and from people's own hands, in four encodings and three
//! delimiters; [`read_members`] and [`MemberReader`] make typed rows of them and name every cell they could not take.
//! [`write_rejects`] gives those rows back for repair, [`write_members`] writes members of the book.
//!
//! This room only translates: it opens no file, knows no book, and does not decide who a row is.
//!
//! One file because what a file comes to is told by the readers of its rows.

mod birthdays;
mod cells;
mod dates;
mod encoding;
mod error;
mod headers;
mod layout;
mod lexer;
mod members;
mod namesakes;
mod rejects;
mod remarks;
mod snippets;
mod written;

use chrono_tz::Tz;

pub use error::ReadError;
pub use headers::{Field, HEADERS, NAME_WORDS, letter as column_letter};
pub use layout::Layout;
pub use lexer::{CELL_BYTES_MAX, COLUMNS_MAX};
pub use members::{Entry, MemberReader};
use namesakes::Namesakes;
pub use namesakes::{Apart, Namesake};
pub use rejects::write_rejects;
pub use snippets::{SnippetError, read_snippets, snippets_to_markdown, snippets_to_toml};
pub use written::write_members;

use crate::door::rows::{MemberRow, RejectedRow};

/// What reading a file needs to know beside its bytes.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Wall times in the file are of this zone: the store's.
    pub zone: Tz,
    /// The file's name as messages show it.
    pub file: String,
    /// Milliseconds since 1970 UTC; later dates are refused.
    pub now_ms: i64,
}

/// What a whole file of members comes to, without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    pub layout: Layout,
    /// How many rows can be taken.
    pub taken: u32,
    /// Cells for which rows were refused.
    pub rejects: Vec<RejectedRow>,
    /// Cells that rows were taken without.
    pub left_out: Vec<RejectedRow>,
    /// (row, earlier row) of this file with the same handle, or the same name and phone; both can be taken.
    pub repeats: Vec<(u32, u32)>,
    /// How many others have the name of an earlier row, and the first of them.
    pub namesakes: (u32, Vec<Namesake>),
    pub placed: Placed,
    /// Headers nobody here knows.
    pub unknown_columns: Vec<String>,
}

/// How many rows say where somebody is known from, by what they say of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placed {
    /// With a group or not, an account or not, since when they are a friend or not.
    rows: [u32; 8],
}

impl Placed {
    fn take(&mut self, row: &MemberRow) {
        let in_group = row.group.is_some() || row.group_ref.is_some();
        let said = [in_group, row.account.is_some(), row.added_at.is_some()];
        let at = said.iter().fold(0, |at, said| at * 2 + usize::from(*said));
        if let Some(n) = self.rows.get_mut(at) {
            *n += 1;
        }
    }

    /// Whether some row says since when somebody is a friend.
    pub fn tells_since(&self) -> bool {
        self.rows.iter().enumerate().any(|(at, n)| at & 1 != 0 && *n > 0)
    }

    /// How many rows make a friend of an account, and of how many the account only says who listed them: members of a
    /// group. What is given for all rows counts for those that say nothing themselves.
    pub fn friends(&self, account: bool, group: bool) -> (u32, u32) {
        let (mut made, mut listed) = (0, 0);
        for (at, n) in self.rows.iter().enumerate() {
            let (in_group, has_account, since) = (group || at & 4 != 0, account || at & 2 != 0, at & 1 != 0);
            match (has_account, since || !in_group) {
                (true, true) => made += n,
                (true, false) => listed += n,
                (false, _) => {}
            }
        }
        (made, listed)
    }
}

/// A whole file of members in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub rows: Vec<MemberRow>,
    pub survey: Survey,
}

/// Looks a file through; `take` gets its rows one by one. [`MemberReader`] gives them again.
pub fn survey_members(
    bytes: &[u8],
    options: &ReadOptions,
    mut take: impl FnMut(MemberRow),
) -> Result<Survey, ReadError> {
    let reader = MemberReader::open(bytes, options)?;
    let layout = reader.layout().clone();
    let mut survey = Survey {
        unknown_columns: layout.unknown_columns(),
        layout,
        taken: 0,
        rejects: Vec::new(),
        left_out: Vec::new(),
        repeats: Vec::new(),
        namesakes: (0, Vec::new()),
        placed: Placed::default(),
    };
    let mut namesakes = Namesakes::default();
    for entry in reader {
        match entry? {
            Entry::Taken { row, left_out: cells, repeats: earlier } => {
                match earlier {
                    Some(earlier) => survey.repeats.push((row.line, earlier)),
                    None => namesakes.take(&row),
                }
                survey.left_out.extend(cells);
                survey.taken += 1;
                survey.placed.take(&row);
                take(*row);
            }
            Entry::Rejected(cells) => survey.rejects.extend(cells),
        }
    }
    survey.namesakes = (namesakes.n, namesakes.told);
    if survey.taken == 0 && survey.rejects.is_empty() {
        let (file, line) = (options.file.clone(), survey.layout.header_line);
        return Err(ReadError::HeaderOnly { file, line });
    }
    Ok(survey)
}

/// Reads a file of members into memory.
pub fn read_members(bytes: &[u8], options: &ReadOptions) -> Result<Table, ReadError> {
    let mut rows = Vec::new();
    let survey = survey_members(bytes, options, |row| rows.push(row))?;
    Ok(Table { rows, survey })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;
    use crate::door::rows::{Gender, Problem};
    use crate::text::lang::Lang;

    fn options() -> ReadOptions {
        ReadOptions { zone: Tz::Asia__Shanghai, file: "名单.csv".into(), now_ms: 1_800_000_000_000 }
    }

    fn read(text: &str) -> Table {
        read_members(text.as_bytes(), &options()).unwrap()
    }

    /// (line, column, problem) of every refused cell.
    fn refused(table: &Table) -> Vec<(u32, &str, &Problem)> {
        table.survey.rejects.iter().map(|cell| (cell.line, cell.column.as_str(), &cell.problem)).collect()
    }

    #[test]
    fn openscrm_customers_below_their_title_row() {
        let table = read(
            "客户列表(导出时间: 2024-02-01 10:00:00),,,,,,,,,,,,\n\
             客户名称,客户备注,客户描述,流失状态,企业名称,添加人,添加时间,企业标签,添加渠道,性别,电话,年龄,生日\n\
             小雨👩‍👧妈,3-502王姐,喜欢猫,否,无,小完子,2024-01-02 15:04:05,\"宝妈,VIP\",4,2,\t13800138000,32,1990-05-06\n",
        );
        assert_eq!(
            (table.survey.layout.header_line, table.survey.unknown_columns),
            (2, vec!["流失状态".to_owned()])
        );
        let expected = MemberRow {
            line: 3,
            name: "小雨👩‍👧妈".into(),
            remark: Some("3-502王姐".into()),
            phone: Some("13800138000".into()),
            account: Some("小完子".into()),
            tags: vec!["宝妈".into(), "VIP".into()],
            added_at: Some(1_704_179_045_000),
            birthday: Some("1990-05-06".into()),
            gender: Some(Gender::Female),
            note: Some("喜欢猫；年龄：32".into()),
            source: Some("群聊".into()),
            ..MemberRow::default()
        };
        assert_eq!(table.rows, [expected]);
        assert_eq!((table.survey.rejects, table.survey.left_out), (vec![], vec![]));
    }

    #[test]
    fn linkwechat_customers_in_gb18030() {
        let text = "客户姓名,客户类型,性别,userid,unionid,生日,所属企业,所属职位,跟进员工,商机阶段,添加方式,添加时间,企业标签,手机号,邮箱,QQ,所在省市县,详细地址,是否加入黑名单\r\n\
                    王小明,微信,男,wmAAA,oBBB,05-06,,,阿珍,已赢单,扫描二维码,2024/1/2,老客、团长,'13800138000,a@b.cn,12345678,浙江杭州,文三路1号,否\r\n";
        let (bytes, _, _) = encoding_rs::GB18030.encode(text);
        let table = read_members(&bytes, &options()).unwrap();
        assert_eq!(table.survey.layout.encoding, "gb18030");
        assert_eq!(table.survey.unknown_columns, ["客户类型", "是否加入黑名单"]);
        let row = &table.rows[0];
        let handles: Vec<_> =
            row.handles.iter().map(|(platform, id)| (platform.as_str(), id.as_str())).collect();
        assert_eq!(handles, [("wecom", "wmAAA"), ("wechat", "oBBB"), ("qq", "12345678")]);
        assert_eq!((row.stage.as_deref(), row.gender), (Some("customer"), Some(Gender::Male)));
        assert_eq!(row.note.as_deref(), Some("邮箱：a@b.cn；所在省市县：浙江杭州；详细地址：文三路1号"));
    }

    #[test]
    fn a_table_made_by_hand_in_utf16_with_tabs() {
        let text = "姓名\t孩子\t所在群\t群昵称\t入群时间\t邀请人\t农历生日\n阿珍\t小雨、小雪\t宠友一群\t珍珍\t2024年1月2日\t老张\t八月初三\n";
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let table = read_members(&bytes, &options()).unwrap();
        let row = &table.rows[0];
        assert_eq!((table.survey.layout.delimiter, row.aliases.join(" ").as_str()), ('\t', "小雨 小雪"));
        assert_eq!((row.group.as_deref(), row.group_nickname.as_deref()), (Some("宠友一群"), Some("珍珍")));
        assert_eq!((row.inviter.as_deref(), row.birthday.as_deref()), (Some("老张"), Some("农历08-03")));
        assert_eq!(row.joined_at, Some(1_704_124_800_000));
    }

    #[test]
    fn spoiled_cells_are_named_by_row_column_and_header() {
        let table = read(
            "姓名,手机号,QQ,添加时间\n阿珍,1.38E+10,123456,\n王姐,13800138000,1.23457E+17,昨天\n#NAME?,1,,\n好的,13900139000,,\n",
        );
        assert_eq!(
            refused(&table),
            [
                (2, "B", &Problem::Shortened),
                (3, "C", &Problem::Shortened),
                (3, "D", &Problem::NotADate),
                (4, "A", &Problem::FormulaError),
                (4, "B", &Problem::NotAPhone),
            ]
        );
        let first = &table.survey.rejects[0];
        assert_eq!((first.header.as_str(), first.value.as_str()), ("手机号", "1.38E+10"));
        assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [5]);
    }

    #[test]
    fn useless_cells_are_left_out_and_their_rows_taken() {
        let table = read("姓名,手机号,阶段,性别\n阿珍,138****8000,随便,?\n");
        assert_eq!((table.rows.len(), table.survey.left_out.len(), table.survey.rejects.len()), (1, 3, 0));
        assert_eq!(table.survey.left_out[0].problem, Problem::MaskedPhone);
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        let table = read("\n姓名,备注\r\n\"两行\n的名字\",x\r\n\r\n,,\n姓名,备注\n,只有备注\n,\n末行");
        let lines: Vec<_> = table.rows.iter().map(|row| (row.line, row.name.as_str())).collect();
        assert_eq!(lines, [(3, "两行 的名字"), (7, "只有备注"), (9, "末行")]);
        assert_eq!(table.survey.rejects, []);
    }

    #[test]
    fn a_comma_inside_a_name_is_noticed_not_shifted() {
        let table = read("姓名,手机号\n小雨,妈妈,13800138000\n,13800138000\n阿珍,13900139000,,\n");
        assert_eq!(
            refused(&table),
            [
                (2, "B", &Problem::NotAPhone),
                (2, "C", &Problem::TooManyCells { cells: 3, columns: 2 }),
                (3, "", &Problem::NoName)
            ]
        );
        assert_eq!(table.rows.len(), 1);
    }

    #[test]
    fn repeats_within_a_file_are_kept_and_told() {
        let table = read(
            "姓名,手机号,wxid\n阿珍,13800138000,\n小雨,,wx1\n阿珍,+86 13800138000,\n小雪,,wx1\n阿珍,13900139000,\n",
        );
        assert_eq!((table.rows.len(), table.survey.repeats), (5, vec![(4, 2), (5, 3)]));
    }

    #[test]
    fn namesakes_are_told_with_what_tells_them_apart() {
        let table = read(
            "姓名,手机号,wxid,群名,入群时间\n李婷,13800138000,,一群,2026-01-02 10:00\n李婷,13900139000,,一群,\n\
             李婷,,,一群,2026-01-02 11:00\n李婷,,,二群,\n李婷,,,一群,\n李婷,13800138000,,一群,\n王芳,,,一群,\n",
        );
        let told: Vec<_> =
            table.survey.namesakes.1.iter().map(|one| (one.row, one.earlier, one.apart)).collect();
        assert_eq!(
            told,
            [(3, 2, Apart::Phone), (4, 2, Apart::Joined), (5, 2, Apart::Group), (6, 2, Apart::Nothing)]
        );
        assert_eq!((table.survey.namesakes.0, table.survey.repeats), (4, vec![(7, 2)]));
    }

    #[test]
    fn files_that_are_no_member_lists_are_refused_by_name() {
        let error = |bytes: &[u8]| read_members(bytes, &options()).unwrap_err();
        assert_eq!(error(b""), ReadError::Empty { file: "名单.csv".into() });
        assert!(matches!(error(b"PK\x03\x04.."), ReadError::NotText { what: "xlsx", .. }));
        match error("姓明,手机号\n阿珍,1\n".as_bytes()) {
            ReadError::NoNameColumn { line: 1, looked_for, nearest, found, .. } => {
                assert_eq!((nearest[0].as_str(), found.len()), ("姓明", 2));
                assert!(looked_for.contains(&"昵称"));
            }
            other => panic!("{other}"),
        }
        match error("姓名,备注\n阿珍,\"开了\n没关\n".as_bytes()) {
            ReadError::OpenQuote { line: 2, column, .. } => assert_eq!(column, "B"),
            other => panic!("{other}"),
        }
        match error("姓名,备注\n\"小雨,x\n阿珍,\"y\n".as_bytes()) {
            ReadError::LooseQuote { line: 2, column, .. } => assert_eq!(column, "A"),
            other => panic!("{other}"),
        }
        let long = format!("姓名,备注\n阿珍,{}\n", "长".repeat(CELL_BYTES_MAX / 3 + 1));
        assert!(matches!(error(long.as_bytes()), ReadError::CellTooLong { line: 2, .. }));
        let huge = [b"name\n\"".as_slice(), &vec![b'x'; 100_000_000]].concat();
        assert!(matches!(error(&huge), ReadError::CellTooLong { line: 2, .. }));
        let wide = format!("姓名,备注\n阿珍{}\n", ",".repeat(1_000_000));
        assert!(matches!(error(wide.as_bytes()), ReadError::TooManyColumns { line: 2, .. }));
    }

    #[test]
    fn quotes_inside_nicknames_stay() {
        let table = read("姓名,备注\n小\"花\"儿,x\n\"\"\"引号\"\"\",\"a,b\"\n\"半\"边,y\n");
        let names: Vec<_> = table.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["小\"花\"儿", "\"引号\"", "半边"]);
    }

    #[test]
    fn undecodable_bytes_refuse_their_cell_only() {
        let (head, _, _) =
            encoding_rs::GB18030.encode("姓名,手机号,流失状态\n客户名称很长的一位,13800138000,否\n阿珍");
        let mut bytes = head.into_owned();
        bytes.extend([0xFF, b',', b'1', b'\n']);
        let table = read_members(&bytes, &options()).unwrap();
        assert_eq!(table.rows.len(), 1);
        assert!(refused(&table).contains(&(3, "A", &Problem::Undecodable)));
    }

    #[test]
    fn rejects_come_back_whole_and_can_be_read_again() {
        let text = "标题\n姓名,手机号,备注名\n好的,13800138000,\n=cmd(),1.38E+10,\"逗,号\"\n-木子-,昨天,+1\n";
        let table = read(text);
        let out = write_rejects(text.as_bytes(), &table.survey.rejects, Lang::ZhCn);
        let out = String::from_utf8(out).unwrap();
        assert_eq!(
            out,
            "\u{FEFF}姓名,手机号,备注名,原因\r\n\
             '=cmd(),1.38E+10,\"逗,号\",B 列「手机号」: 表格软件把数字缩短了，后面的位数已丢失；把这一列设为文本，重新填写\r\n\
             '-木子-,昨天,'+1,B 列「手机号」: 不是电话号码；号码是 5 到 15 位数字\r\n"
        );
        let repaired = read(&out.replace("1.38E+10", "13800138000").replace("昨天", ""));
        let names: Vec<_> =
            repaired.rows.iter().map(|row| (row.name.as_str(), row.remark.as_deref())).collect();
        assert_eq!(names, [("=cmd()", Some("逗,号")), ("-木子-", Some("+1"))]);
        assert_eq!(repaired.survey.unknown_columns, Vec::<String>::new());
    }

    #[test]
    fn many_rows_are_read_in_every_encoding_alike() {
        let mut text = String::from("姓名,手机号,标签,添加时间,备注\n");
        for n in 0..5_000_u64 {
            let _ =
                writeln!(text, "成员{n},{},\"宝妈,老客\",2024-01-02 15:04:05,备注{n}", 13_800_000_000 + n);
        }
        let plain = read(&text);
        assert_eq!((plain.rows.len(), plain.survey.rejects.len()), (5_000, 0));
        let (bytes, _, _) = encoding_rs::GB18030.encode(&text);
        assert_eq!(read_members(&bytes, &options()).unwrap().rows, plain.rows);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read_members(&bytes, &options());
        }

        #[test]
        fn arbitrary_cells_never_panic_and_come_out_clean(
            cells in proptest::collection::vec("[\\PC\\p{Cc}]{0,12}|[0-9年月日/:. +-]{0,20}|[农历闰正冬腊初廿一二三十月]{0,6}", 14..60)
        ) {
            let mut text = String::from("姓名,手机,QQ,添加时间,生日,性别,标签\n");
            for row in cells.chunks(7) {
                let quoted: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
                text.push_str(&quoted.join(","));
                text.push('\n');
            }
            let table = read_members(text.as_bytes(), &options()).unwrap();
            for row in &table.rows {
                let all = [Some(&row.name), row.phone.as_ref(), row.birthday.as_ref()];
                for value in all.into_iter().flatten().chain(&row.tags).chain(row.handles.iter().map(|(_, id)| id)) {
                    prop_assert!(!value.is_empty() && !value.chars().any(char::is_control) && value.trim() == value, "{value:?}");
                }
            }
            let _ = write_rejects(text.as_bytes(), &table.survey.rejects, Lang::ZhCn);
        }
    }
}
