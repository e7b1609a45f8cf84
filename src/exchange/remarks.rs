//! Whether a column 备注 holds what people are called, or notes about them.
//!
//! WeChat calls the name one gives a friend 备注, and messages address people by it; in tables made by hand the same
//! header stands over "对花生过敏". The header cannot tell them apart; what stands beside it and in its cells can. Where
//! they do not, it is a note: a name that was taken for a note is missed, a note that was taken for a name is said to
//! somebody's face. Whoever means the name writes 备注名, which is believed.

use std::collections::HashSet;

use super::encoding::{Candidate, Source};
use super::headers::{Field, fold};
use super::layout::Layout;
use super::lexer::{Lexer, Record};
use crate::book::Platform;

/// So many cells tell what a column holds.
const CELLS_MAX: u32 = 2_000;
/// Names are not longer than this, in characters.
const NAME_CHARS: usize = 12;
/// A column of notes has at least one sentence in so many cells, or one that others had before: the rest may be short.
const ONE_IN: u32 = 5;
/// What people are called by: where one of these stands in a cell, it is somebody.
const TITLES: [&str; 38] = [
    "妈", "媽", "爸", "姐", "哥", "弟", "妹", "姨", "叔", "婶", "嬸", "伯", "爷", "爺", "奶", "婆", "嫂",
    "舅", "姑", "太太", "老师", "老師", "先生", "女士", "小姐", "同学", "同學", "家长", "家長", "师傅",
    "師傅", "老板", "老闆", "经理", "經理", "医生", "醫生", "总",
];
/// Surnames that most people have.
const SURNAMES: &str = "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾肖蕭田董潘袁蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鍾姜崔谭譚陆陸范汪廖石贾賈韦韋夏付方邹鄒熊白孟秦邱侯江尹薛闫雷龙龍史陶贺賀顾顧毛郝龚龔邵万萬钱錢严嚴赖賴洪武莫孔汤湯";
/// What stands before a surname or a given name: 小李, 阿珍.
const BEFORE: &str = "小阿老";
/// Headers without a word of whose remark it is.
const OPEN: [&str; 4] = ["备注", "備註", "remark", "remarks"];
/// Headers over the names that people have in their papers.
const REAL_NAMES: [&str; 9] =
    ["姓名", "名字", "客户姓名", "成员姓名", "用户姓名", "会员姓名", "客戶姓名", "fullname", "name"];

/// Makes notes of the columns 备注 that hold no names.
pub(super) fn settle(bytes: &[u8], candidate: Candidate, layout: &mut Layout) {
    let header = |at: usize| layout.columns.get(at).map(|(header, _)| fold(header)).unwrap_or_default();
    let feeding = |field: Field| -> Vec<usize> {
        let columns = layout.columns.iter().enumerate();
        columns.filter(|(_, (_, known))| *known == Some(field)).map(|(at, _)| at).collect()
    };
    let (open, named): (Vec<_>, Vec<_>) =
        feeding(Field::Remark).into_iter().partition(|at| OPEN.contains(&header(*at).as_str()));
    let told = |at: &usize| layout.columns.get(*at).and_then(|(header, _)| told(header));
    let told: Vec<(usize, Field)> = open.iter().filter_map(|at| Some((*at, told(at)?))).collect();
    let (open, told_names): (Vec<_>, Vec<_>) = (
        open.into_iter().filter(|at| told.iter().all(|(of, _)| of != at)).collect(),
        told.iter().filter(|(_, field)| *field == Field::Remark).collect(),
    );
    let is_named = !named.is_empty() || !told_names.is_empty();
    let names = feeding(Field::Name);
    let Some(name) = names.first().copied() else { return };
    let is_real = |at: &&usize| REAL_NAMES.contains(&header(**at).as_str());
    let real = names.iter().filter(is_real).count();
    // beside 备注名, or beside both a nickname and a real name, it is something else
    let is_called_already = is_named || (real > 0 && real < names.len());
    let of_friends = |field: Field| {
        matches!(field, Field::Account | Field::AddedAt)
            || matches!(field, Field::Handle(Platform::Wechat | Platform::Wecom | Platform::Qq))
    };
    let of_friends = layout.column_of(of_friends).is_some();
    for column in open {
        let cells = Cells::read(bytes, candidate, layout, name, column);
        let are_names = cells.are_names() || (of_friends && cells.are_called());
        if is_called_already || cells.are_notes() || !are_names {
            layout.columns[column].1 = Some(Field::Note);
        }
    }
    for (column, field) in told {
        layout.columns[column].1 = Some(field);
    }
}

/// What a header says in brackets that its column holds: `备注 (备注说明)`.
fn told(header: &str) -> Option<Field> {
    let (_, inside) = header.split_once(['(', '（'])?;
    let inside = inside.split([')', '）']).next().unwrap_or(inside);
    super::headers::field(inside).filter(|field| matches!(field, Field::Remark | Field::Note))
}

/// A header with what its column was taken for, where the header alone does not say it: fewer rows of the same file would
/// be taken for something else.
pub(super) fn with_what_it_was(header: &str, field: Option<Field>) -> String {
    let word = match field {
        Some(Field::Remark) => "备注名",
        Some(Field::Note) => "备注说明",
        _ => return header.to_owned(),
    };
    let is_open = OPEN.contains(&fold(header).as_str()) && told(header).is_none();
    if is_open { format!("{header} ({word})") } else { header.to_owned() }
}

/// What the cells of a column look like.
#[derive(Default)]
struct Cells {
    all: u32,
    sentences: u32,
    /// Beside another name the same was written before: "老客户" is nobody's name.
    repeated: u32,
    /// With a character of the name beside them, or without any name: 阿珍 is 珍姐.
    alike: u32,
    /// That look like what people are called by: 王姐, 小李, 张三.
    called: u32,
}

impl Cells {
    fn read(bytes: &[u8], candidate: Candidate, layout: &Layout, name: usize, column: usize) -> Self {
        let mut lexer = Lexer::new(Source::new(bytes, candidate), layout.delimiter as u8);
        let mut record = Record::default();
        let mut cells = Self::default();
        let header = layout.columns.get(column).map_or("", |(header, _)| header.as_str());
        let (mut words, mut pairs) = (HashSet::new(), HashSet::new());
        // what is broken further down is named by who reads the rows
        while cells.all < CELLS_MAX && lexer.next(&mut record).unwrap_or(false) {
            let (cell, name) = (record.cell(column).trim(), record.cell(name).trim());
            // where tables were put together the header comes again
            if record.line <= layout.header_line || cell.is_empty() || cell == header {
                continue;
            }
            cells.all += 1;
            cells.sentences += u32::from(is_sentence(cell, name));
            // one person in two rows has one remark
            if pairs.insert((name.to_owned(), cell.to_owned())) {
                cells.repeated += u32::from(!words.insert(cell.to_owned()));
            }
            let shares = name.chars().any(|c| c.is_alphanumeric() && cell.contains(c));
            cells.alike += u32::from(name.is_empty() || shares);
            cells.called += u32::from(name.is_empty() || shares || is_called(cell));
        }
        cells
    }

    const fn are_notes(&self) -> bool {
        let notes = if self.sentences > self.repeated { self.sentences } else { self.repeated };
        notes > 0 && notes * ONE_IN >= self.all
    }

    const fn are_names(&self) -> bool {
        self.alike * 2 >= self.all
    }

    /// The same for a list of friends: WeChat has 备注 there for the name that one gives a friend, whatever the nickname.
    const fn are_called(&self) -> bool {
        self.called * 2 >= self.all
    }
}

/// Whether a cell reads like what somebody is called by.
fn is_called(cell: &str) -> bool {
    if TITLES.iter().any(|title| cell.contains(title)) {
        return true;
    }
    let letters: Vec<char> = cell.chars().collect();
    let first = |of: &str| letters.first().is_some_and(|c| of.contains(*c));
    let is_latin = cell.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '.' | '\''));
    is_latin
        || match letters.len() {
            2 => first(SURNAMES) || first(BEFORE),
            3 => first(SURNAMES),
            _ => false,
        }
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

    #[test]
    fn short_notes_are_nobodys_name() {
        let notes = [(None, Some("老客户")), (None, Some("爱吃辣")), (None, Some("转介绍"))];
        check("昵称,微信号,备注\n小雨妈,wx1,老客户\n阿珍,wx2,爱吃辣\n王姐,wx3,转介绍\n", &notes);
        check("昵称,备注,添加人\n小雨妈,老客户,小完子\n阿珍,爱吃辣,小完子\n王姐,转介绍,小完子\n", &notes);
        // with the real name beside the nickname nothing is left to call them by
        check("昵称,姓名,微信号,备注\n小雨妈,王雨,wx1,老客户\n", &[(None, Some("老客户"))]);
        // what two people share is no name; one person in two rows is one
        check(
            "昵称,微信号,备注\n小雨妈,wx1,老客户\n阿珍,wx2,老客户\n",
            &[(None, Some("老客户")), (None, Some("老客户"))],
        );
        check(
            "昵称,微信号,备注\n小雨妈,wx1,张姐\n小雨妈,wx1,张姐\n",
            &[(Some("张姐"), None), (Some("张姐"), None)],
        );
    }

    #[test]
    fn friends_are_called_by_what_stands_beside_their_nicknames() {
        let names = |words: [&'static str; 3]| words.map(|word| (Some(word), None));
        let of = |words: [&str; 3]| {
            let [one, two, three] = words;
            format!("昵称,微信号,备注\n平安是福,wx1,{one}\n🌸,wx2,{two}\n向阳花开,wx3,{three}\n")
        };
        for words in [["张建国", "3栋李姐", "群主"], ["小周", "阿珍", "老客户"], ["Lily Wang", "Tom", "三楼"]]
        {
            check(&of(words), &names(words));
        }
        // elsewhere nothing says so
        check("昵称,备注\n平安是福,张建国\n", &[(None, Some("张建国"))]);
    }

    #[test]
    fn what_a_header_says_in_brackets_is_believed() {
        check("昵称,备注（备注说明）\n小雨妈,雨妈\n", &[(None, Some("雨妈"))]);
        check("昵称,备注 (备注名)\n小雨妈,爱迟到，请提醒\n", &[(Some("爱迟到，请提醒"), None)]);
        check("昵称,备注(必填)\n小雨妈,雨妈\n", &[(Some("雨妈"), None)]);
    }

    #[test]
    fn rows_that_come_back_for_repair_are_taken_for_what_they_were() {
        let options =
            ReadOptions { zone: chrono_tz::Tz::Asia__Shanghai, file: "名单.csv".into(), now_ms: 0 };
        let text = "昵称,手机号,备注\n小雨妈,,爱迟到，请提醒\n梁静,昨天,梁静不吃榴莲\n";
        let table = read_members(text.as_bytes(), &options).unwrap();
        assert_eq!(table.rows[0].note.as_deref(), Some("爱迟到，请提醒"));
        let mut text = text.to_owned();
        for _ in 0..2 {
            // repaired wrongly once
            let table = read_members(text.as_bytes(), &options).unwrap();
            let rejects = super::super::write_rejects(
                text.as_bytes(),
                &table.survey.rejects,
                crate::text::lang::Lang::ZhCn,
            );
            text = String::from_utf8(rejects).unwrap();
            assert!(text.starts_with("\u{FEFF}昵称,手机号,备注 (备注说明),原因\r\n"), "{text}");
        }
        check(&text.replace("昨天", ""), &[(None, Some("梁静不吃榴莲"))]);
    }

    #[test]
    fn what_stands_where_no_name_does_is_one() {
        check("姓名,备注\n,阿珍\n", &[(Some("阿珍"), None)]);
    }
}
