//! Members as a file that [`super::read_members`] reads back: CSV in UTF-8 with a byte order mark, for spreadsheets too.
//!
//! A row has one group or one account of ours, so who is known in several places has several rows; numbers and ids stand in
//! all of them, the rest in the first. What no row has gets no column.
//!
//! Limits: labels with a list mark in them come back as several, breaks of lines in a note as blanks, and ids of platforms
//! that no header names are left out.

use chrono_tz::Tz;

use super::headers::{Field, HEADERS};
use crate::book::{Platform, Timestamp};
use crate::door::rows::{Gender, MemberRow};
use crate::text::clean::for_csv_cell;

/// A number of so many digits a spreadsheet would shorten.
const DIGITS_MAX: usize = 11;

/// What stands between labels.
const BETWEEN: &str = "、";

/// The rows with the headers that an import knows; times are of `zone`.
pub fn write_members(rows: &[MemberRow], zone: Tz) -> Vec<u8> {
    let mut columns: Vec<(&str, Vec<String>)> = vec![("昵称", each(rows, |row| name(&row.name)))];
    let mut column = |header: &'static str, cells: Vec<String>| {
        if cells.iter().any(|cell| !cell.is_empty()) {
            columns.push((header, cells));
        }
    };
    column("备注名", each(rows, |row| said(row.remark.as_ref())));
    column("别名", each(rows, |row| name(&row.aliases.join(BETWEEN))));
    column("手机号", each(rows, phones));
    for (platform, header) in handles() {
        column(header, each(rows, |row| of_platform(row, platform).map(number).collect::<Vec<_>>().concat()));
    }
    column("群", each(rows, |row| said(row.group.as_ref())));
    column("群昵称", each(rows, |row| said(row.group_nickname.as_ref())));
    column("入群时间", each(rows, |row| time(row.joined_at, zone)));
    column("账号", each(rows, |row| said(row.account.as_ref())));
    column("添加时间", each(rows, |row| time(row.added_at, zone)));
    column("标签", each(rows, |row| name(&row.tags.join(BETWEEN))));
    column("阶段", each(rows, |row| row.stage.clone().unwrap_or_default()));
    column("生日", each(rows, |row| row.birthday.clone().unwrap_or_default()));
    column("性别", each(rows, |row| row.gender.map_or("", gender).to_owned()));
    column("来源", each(rows, |row| said(row.source.as_ref())));
    column("备注说明", each(rows, |row| said(row.note.as_ref())));
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{FEFF}".as_bytes().to_vec());
    // Writing into memory cannot fail.
    let _ = out.write_record(columns.iter().map(|(header, _)| header));
    for at in 0..rows.len() {
        let _ = out.write_record(columns.iter().filter_map(|(_, cells)| cells.get(at)));
    }
    out.into_inner().unwrap_or_default()
}

fn each(rows: &[MemberRow], cell: impl Fn(&MemberRow) -> String) -> Vec<String> {
    rows.iter().map(cell).collect()
}

fn name(text: &str) -> String {
    for_csv_cell(text).into_owned()
}

fn said(text: Option<&String>) -> String {
    text.map(|text| name(text)).unwrap_or_default()
}

/// A number or an id; a long one is kept from being taken for a number by a tab.
fn number(text: &str) -> String {
    let long = text.len() > DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_digit());
    if long { format!("\t{text}") } else { name(text) }
}

fn phones(row: &MemberRow) -> String {
    let more = of_platform(row, Platform::Phone);
    let all: Vec<&str> = row.phone.iter().map(String::as_str).chain(more).collect();
    number(&all.join(BETWEEN))
}

fn of_platform(row: &MemberRow, platform: Platform) -> impl Iterator<Item = &str> {
    let of = move |(known, _): &&(String, String)| known == platform.word();
    row.handles.iter().filter(of).map(|(_, id)| id.as_str())
}

/// The first header of each platform that has one.
fn handles() -> impl Iterator<Item = (Platform, &'static str)> {
    HEADERS.iter().filter_map(|(field, words)| match field {
        Field::Handle(platform) => Some((*platform, words.split(' ').next()?)),
        _ => None,
    })
}

const fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "女",
        Gender::Male => "男",
    }
}

/// As people write it where that says all of it.
fn time(at: Option<i64>, zone: Tz) -> String {
    let Some(at) = at else { return String::new() };
    let local = Timestamp(at).local(zone);
    if at % 1000 == 0 {
        return local.format("%Y-%m-%d %H:%M:%S").to_string();
    }
    local.to_rfc3339_opts(chrono::SecondsFormat::Millis, false)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{ReadOptions, read_members};
    use super::*;
    use crate::text::clean::one_line;

    const ZONE: Tz = Tz::Asia__Shanghai;

    fn read_again(rows: &[MemberRow]) -> Vec<MemberRow> {
        let options = ReadOptions { zone: ZONE, file: "名单.csv".into(), now_ms: 1_772_413_200_000 };
        let read = read_members(&write_members(rows, ZONE), &options).unwrap();
        assert_eq!((read.survey.rejects, read.survey.left_out), (vec![], vec![]));
        read.rows
    }

    fn full() -> MemberRow {
        let text = |text: &str| Some(text.to_owned());
        let handles =
            handles().map(|(platform, _)| (platform.word().to_owned(), format!("{}12345", platform.word())));
        MemberRow {
            line: 2,
            name: "=HYPERLINK(\"x\")".to_owned(),
            remark: text("+张姐, 3栋"),
            aliases: vec!["@小雨".to_owned(), "3-502".to_owned()],
            phone: text("+85291234567"),
            handles: handles.chain([("phone".to_owned(), "13900139000".to_owned())]).collect(),
            group: text("-宠友\"1\"群"),
            account: text("手机1"),
            tags: vec!["宝妈".to_owned(), "VIP".to_owned()],
            stage: text("customer"),
            joined_at: Some(1_772_413_100_000),
            added_at: Some(1_772_413_100_123),
            birthday: text("农历1990-08-03"),
            gender: Some(Gender::Female),
            group_nickname: text("＝雨妈"),
            note: text("对花生过敏；爱吃辣, 真的"),
            source: text("群聊"),
            ..MemberRow::default()
        }
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let mut written = full();
        let mut read =
            read_again(&[full(), MemberRow { line: 3, name: "阿珍".into(), ..MemberRow::default() }]);
        assert_eq!(read.pop().map(|row| row.name), Some("阿珍".to_owned()));
        for row in [&mut written, &mut read[0]] {
            row.handles.sort();
        }
        assert_eq!(read, [written]);
        let text = String::from_utf8(write_members(&[full()], ZONE)).unwrap();
        assert!(text.contains("'=HYPERLINK") && text.contains("'+张姐") && text.contains("'@小雨"), "{text}");
        assert!(text.contains("2026-03-02 08:58:20,手机1,2026-03-02T08:58:20.123+08:00"), "{text}");
    }

    proptest! {
        #[test]
        fn any_name_comes_back(name in "\\PC{1,20}", id in "[0-9]{5,20}") {
            let name = one_line(&name, 100);
            prop_assume!(name.chars().any(char::is_alphabetic) && !name.starts_with('\''));
            let row = MemberRow { line: 2, name, handles: vec![("wechat".into(), id)], ..MemberRow::default() };
            prop_assert_eq!(read_again(std::slice::from_ref(&row)), vec![row]);
        }
    }
}
