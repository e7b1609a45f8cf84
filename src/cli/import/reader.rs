//! Rows of a file in chunks, for a command and for a screen.

use std::path::{Path, PathBuf};

use tokio::sync::mpsc::Sender;

use super::{file, tell};
use crate::door::rows::MemberRow;
use crate::exchange::{Entry, MemberReader, ReadOptions, survey_members};
use crate::socket::wire;
use crate::tui::files::{FileDoor, FileFacts, FromFile, OpenFile, Opener, ToFile};

/// The largest chunk of rows, in bytes as they travel.
const CHUNK_BYTES_MAX: usize = 1024 * 1024;
/// The most rows of a chunk: a desk takes one in a turn.
const CHUNK_ROWS_MAX: usize = 1_000;

/// The good rows of a file in chunks that are small enough for one request each.
pub(super) struct Chunks<R> {
    rows: R,
    /// The row that did not fit any more, with its size.
    over: Option<(MemberRow, usize)>,
}

impl<'a> Chunks<Rows<'a>> {
    pub(super) fn new(reader: MemberReader<'a>) -> Self {
        Self { rows: Rows(reader), over: None }
    }
}

/// The good rows of a file that was looked through before.
pub(super) struct Rows<'a>(MemberReader<'a>);

impl Iterator for Rows<'_> {
    type Item = MemberRow;

    fn next(&mut self) -> Option<MemberRow> {
        self.0.by_ref().find_map(|entry| match entry {
            Ok(Entry::Taken { row, .. }) => Some(*row),
            // told when the file was looked through
            Ok(Entry::Rejected(_)) | Err(_) => None,
        })
    }
}

impl<R: Iterator<Item = MemberRow>> Iterator for Chunks<R> {
    type Item = Vec<MemberRow>;

    fn next(&mut self) -> Option<Vec<MemberRow>> {
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        let sized = |row: MemberRow| {
            // a row's strings are capped, so a row always fits
            let size = wire::encode(&row).map_or(0, |bytes| bytes.len());
            (row, size)
        };
        while let Some((row, size)) = self.over.take().or_else(|| self.rows.next().map(sized)) {
            if !chunk.is_empty() && (bytes + size > CHUNK_BYTES_MAX || chunk.len() >= CHUNK_ROWS_MAX) {
                self.over = Some((row, size));
                break;
            }
            bytes += size;
            chunk.push(row);
        }
        (!chunk.is_empty()).then_some(chunk)
    }
}

/// Reads files for a screen, each in a thread of its own.
pub(in crate::cli) fn file_reader() -> Opener {
    Box::new(|which| {
        let (ask, asked) = std::sync::mpsc::channel();
        let (tell, told) = tokio::sync::mpsc::channel(4);
        let failed = tell.clone();
        let reading =
            std::thread::Builder::new().name("import".to_owned()).spawn(move || serve(&which, &asked, &tell));
        if let Err(error) = reading {
            let _ = failed.try_send(FromFile::Looked(Err(error.to_string())));
        }
        FileDoor { ask, told }
    })
}

/// Answers a screen until it closes the file.
fn serve(which: &OpenFile, asked: &std::sync::mpsc::Receiver<ToFile>, tell: &Sender<FromFile>) {
    let path = typed_path(&which.path);
    let options = ReadOptions { zone: which.zone, file: path.display().to_string(), now_ms: which.now_ms };
    let bytes = match file::read(&path, which.lang) {
        Ok(bytes) => bytes,
        Err(words) => return drop(tell.blocking_send(FromFile::Looked(Err(words)))),
    };
    let looked = survey_members(&bytes, &options, |_| {})
        .and_then(|survey| Ok((survey, MemberReader::open(&bytes, &options)?)));
    let (mut survey, reader) = match looked {
        Ok(found) => found,
        Err(error) => return drop(tell.blocking_send(FromFile::Looked(Err(error.sentence(which.lang))))),
    };
    let rejects = beside(&path);
    let mut notes = tell::oddities(&survey, which.lang);
    notes.push(tell::columns(&survey.layout, which.lang));
    let facts = FileFacts {
        name: named(&path),
        rows: survey.taken,
        rejected: tell::rejected_rows(&survey) as u32,
        problems: survey.rejects.iter().map(|cell| cell.sentence(which.lang)).collect(),
        notes,
        rejects: named(&rejects),
    };
    let mut chunks = Chunks::new(reader);
    let mut answer = Some(FromFile::Looked(Ok(facts)));
    loop {
        if let Some(told) = answer.take()
            && tell.blocking_send(told).is_err()
        {
            return;
        }
        answer = Some(match asked.recv() {
            Ok(ToFile::Rows) => chunks.next().map_or(FromFile::End, FromFile::Rows),
            Ok(ToFile::KeepRejects(conflicts)) => {
                tell::contradicted(&mut survey, &conflicts);
                let kept = file::write_rejects(&rejects, &bytes, &survey.rejects, which.lang);
                FromFile::Kept(kept.map(|()| rejects.display().to_string()))
            }
            Err(_) => return,
        });
    }
}

fn named(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// `名单.csv` -> `名单.rejects.csv`, in the same folder.
fn beside(path: &Path) -> PathBuf {
    path.with_extension("rejects.csv")
}

/// A path as people type or drop one: quoted, with escaped blanks, as a `file://` address, from `~`.
fn typed_path(text: &str) -> PathBuf {
    let text = text.trim();
    if Path::new(text).exists() {
        return text.into();
    }
    let quoted = ['\'', '"'].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut bare = quoted.map_or_else(|| text.replace('\\', ""), str::to_owned);
    if let Some(address) = bare.strip_prefix("file://") {
        bare = unescaped(address);
    }
    match (bare.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => bare.into(),
    }
}

/// Takes the `%E5` out of an address.
fn unescaped(address: &str) -> String {
    let (bytes, mut plain, mut at) = (address.as_bytes(), Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let code = address.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        plain.push(code.unwrap_or(*byte));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_bounded_and_keep_every_row_in_order() {
        let row = |line: u32| {
            let name = if line <= 50 { "名".repeat(20_000) } else { "名".to_owned() };
            MemberRow { line, name, ..MemberRow::default() }
        };
        let cut: Vec<Vec<MemberRow>> = Chunks { rows: (1..=3_000).map(row), over: None }.collect();
        assert!(cut.len() > 4);
        for chunk in &cut {
            assert!(
                wire::encode(chunk).unwrap().len() < CHUNK_BYTES_MAX + 16 && chunk.len() <= CHUNK_ROWS_MAX
            );
        }
        let lines: Vec<u32> = cut.iter().flatten().map(|row| row.line).collect();
        assert_eq!(lines, (1..=3_000).collect::<Vec<_>>());
    }

    #[test]
    fn a_dropped_file_is_found_however_the_terminal_writes_it() {
        let check =
            |typed: &str, expected: &str| assert_eq!(typed_path(typed), Path::new(expected), "{typed}");
        check("/tmp/没有/名单.csv", "/tmp/没有/名单.csv");
        check("'/tmp/没有/我的 名单.csv' ", "/tmp/没有/我的 名单.csv");
        check(r"/tmp/没有/我的\ 名单\(2\).csv", "/tmp/没有/我的 名单(2).csv");
        check("file:///tmp/%E6%B2%A1%E6%9C%89/a%20b.csv", "/tmp/没有/a b.csv");
        assert_eq!(beside(Path::new("/tmp/名单.csv")), Path::new("/tmp/名单.rejects.csv"));
    }

    #[test]
    fn a_screen_is_told_what_is_in_a_file_then_its_rows_then_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("名单.csv");
        std::fs::write(&path, "姓名,手机号,什么\n阿珍,13800138000,\n小雨,1.38E+10,\n").unwrap();
        let which = OpenFile {
            path: path.display().to_string(),
            zone: chrono_tz::Tz::Asia__Shanghai,
            now_ms: 1_800_000_000_000,
            lang: crate::text::lang::Lang::ZhCn,
        };
        let mut door = file_reader()(which);
        let Some(FromFile::Looked(Ok(facts))) = door.told.blocking_recv() else {
            panic!("it was not looked at")
        };
        assert_eq!((facts.rows, facts.rejected, facts.name.as_str()), (1, 1, "名单.csv"));
        assert!(facts.problems[0].contains("第 3 行 B 列「手机号」: 1.38E+10"), "{facts:?}");
        assert!(facts.notes[0].contains("什么"), "{facts:?}");
        assert_eq!(facts.notes[1], "列: 姓名→昵称, 手机号→手机");
        for (ask, expected) in [(ToFile::Rows, 1), (ToFile::Rows, 0)] {
            door.ask.send(ask).unwrap();
            let rows = match door.told.blocking_recv() {
                Some(FromFile::Rows(rows)) => rows.len(),
                Some(FromFile::End) => 0,
                other => panic!("{other:?}"),
            };
            assert_eq!(rows, expected);
        }
        door.ask.send(ToFile::KeepRejects(Vec::new())).unwrap();
        assert!(matches!(door.told.blocking_recv(), Some(FromFile::Kept(Ok(_)))));
        let kept = std::fs::read_to_string(dir.path().join("名单.rejects.csv")).unwrap();
        assert!(kept.contains("小雨,1.38E+10") && !kept.contains("阿珍"), "{kept}");
    }
}
