//! What is wrong with a store, found without changing it.
//!
//! Nothing here takes the lock, cuts a tail or opens the index where it lies: the journal is read frame by frame,
//! and the index is judged on a copy in a directory for scratch. So it may run beside a desk, and before anybody
//! has decided what to do about damage.

mod words;

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::{Access, FlockOperation, flock};
use rustix::io::Errno;

use super::INDEX_VERSION;
use super::disk::RealDisk;
use super::index::{Expected, would_rebuild};
use super::journal::{End, JournalError, frame_crc_of, verify};
use super::layout::StoreDir;
use super::lock::is_running;
use super::network::network_file_system;
use crate::text::lang::Lang;
use crate::text::shell::quoted;
use words::Words;

/// Below this a desk will soon have to stop writing.
const ROOM_BAD: u64 = 64 << 20;
/// Below this an import or a rebuilt index may not fit.
const ROOM_SCARCE: u64 = 1 << 30;
/// A larger index is not copied for a look.
const INDEX_BYTES_MAX: u64 = 2 << 30;

closed! {
    /// How bad it is.
    pub enum State {
        Ok = "ok", "正常", "正常";
        Warn = "warn", "注意", "注意";
        Bad = "bad", "有问题", "有問題";
    }
}

closed! {
    /// What is looked at: the store here, what is around it where a command is at hand.
    pub enum Check {
        Directory = "directory", "数据目录", "資料目錄";
        Permissions = "permissions", "权限", "權限";
        FileSystem = "file-system", "文件系统", "檔案系統";
        Space = "space", "空间", "空間";
        Lock = "lock", "占用", "佔用";
        Journal = "journal", "日志", "日誌";
        Index = "index", "索引", "索引";
        Rules = "rules", "规则", "規則";
        Backup = "backup", "备份", "備份";
        Desk = "desk", "值守", "值守";
        Hook = "hook", "提醒", "提醒";
        Terminal = "terminal", "终端", "終端機";
        Colours = "colours", "颜色", "顏色";
        Locale = "locale", "字符集", "字元集";
        Language = "language", "语言", "語言";
        Clipboard = "clipboard", "剪贴板", "剪貼簿";
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub check: Check,
    pub state: State,
    words: Words,
    values: Vec<(&'static str, String)>,
    /// One command that helps; empty where nothing is to be done.
    pub fix: String,
}

impl Finding {
    fn new(check: Check, state: State, words: Words) -> Self {
        Self { check, state, words, values: Vec::new(), fix: String::new() }
    }

    fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    fn fix(mut self, command: impl Into<String>) -> Self {
        self.fix = command.into();
        self
    }

    /// What was found.
    pub fn sentence(&self, lang: Lang) -> String {
        let values: Vec<(&str, &dyn std::fmt::Display)> =
            self.values.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
        self.words.fill(lang, &values)
    }
}

/// Who has the lock of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// True while some process is the desk.
    pub held: bool,
    pub pid: Option<u32>,
}

/// Looks at everything in a store's directory. `scratch` is an empty directory elsewhere; what errors say is said in
/// `lang`.
pub fn examine(path: &Path, scratch: &Path, lang: Lang) -> (Vec<Finding>, Holder) {
    let mut found = Vec::new();
    let shown = path.display().to_string();
    let Ok(facts) = fs::metadata(path) else {
        let missing = Finding::new(Check::Directory, State::Warn, Words::Missing);
        found.push(missing.with("path", &shown).fix(format!("qun --store {} status", quoted(&shown))));
        return (found, Holder::default());
    };
    if !facts.is_dir() {
        let stranger = Finding::new(Check::Directory, State::Bad, Words::NotADirectory);
        found.push(stranger.with("path", &shown).fix(format!("mv {0} {0}.away", quoted(&shown))));
        return (found, Holder::default());
    }
    found.push(Finding::new(Check::Directory, State::Ok, Words::Directory).with("path", &shown));
    found.push(permissions(path, &facts, &shown));
    found.push(network(path));
    found.push(space(path));
    let (lock, holder) = lock(path);
    found.push(lock);
    let (journal, end) = journal(path, &holder, lang);
    found.push(journal);
    if let Some(end) = end {
        found.push(index(path, scratch, &end, &holder, lang));
    }
    (found, holder)
}

fn permissions(path: &Path, facts: &fs::Metadata, shown: &str) -> Finding {
    let user = rustix::process::geteuid().as_raw();
    if facts.uid() != user {
        let fix = format!("sudo chown -R {user} {}", quoted(shown));
        return Finding::new(Check::Permissions, State::Bad, Words::OtherOwner)
            .with("owner", facts.uid())
            .fix(fix);
    }
    let mode = facts.permissions().mode() & 0o777;
    if mode & 0o700 != 0o700 {
        let finding = Finding::new(Check::Permissions, State::Bad, Words::ClosedToUs);
        return finding.with("mode", format!("{mode:o}")).fix(format!("chmod 700 {}", quoted(shown)));
    }
    if mode & 0o077 != 0 {
        let finding = Finding::new(Check::Permissions, State::Warn, Words::OpenToOthers);
        return finding.with("mode", format!("{mode:o}")).fix(format!("chmod 700 {}", quoted(shown)));
    }
    let parts = ["", "desk.lock", "desk.log", "journal", "journal/000001.qj", "index", "index.columns"];
    let parts = parts.map(|part| if part.is_empty() { path.to_path_buf() } else { path.join(part) });
    for part in parts.iter().filter(|part| part.exists()) {
        let Err(error) = rustix::fs::access(part, Access::WRITE_OK) else { continue };
        let fix = match error {
            // Nobody writes there: a copy elsewhere can be worked with.
            Errno::ROFS => format!("cp -a {} ~/qun-copy && qun --store ~/qun-copy", quoted(shown)),
            _ => format!("chmod -R u+rwX {}", quoted(shown)),
        };
        let finding = Finding::new(Check::Permissions, State::Bad, Words::NotWritable);
        return finding.with("path", part.display()).fix(fix);
    }
    Finding::new(Check::Permissions, State::Ok, Words::Private)
}

fn network(path: &Path) -> Finding {
    match network_file_system(path) {
        Ok(Some(kind)) => Finding::new(Check::FileSystem, State::Bad, Words::Network)
            .with("kind", kind)
            .fix(format!("mv {} ~/qun-store", quoted(&path.display().to_string()))),
        Ok(None) | Err(_) => Finding::new(Check::FileSystem, State::Ok, Words::Local),
    }
}

fn space(path: &Path) -> Finding {
    let Ok(facts) = rustix::fs::statvfs(path) else {
        return Finding::new(Check::Space, State::Ok, Words::SpaceUnknown);
    };
    let free = facts.f_bavail.saturating_mul(facts.f_frsize);
    let state = match free {
        _ if free < ROOM_BAD => State::Bad,
        _ if free < ROOM_SCARCE => State::Warn,
        _ => State::Ok,
    };
    let finding = Finding::new(Check::Space, state, Words::Space).with("mb", free >> 20);
    if state == State::Ok { finding } else { finding.fix(format!("du -sh {}/*", path.display())) }
}

/// Whether the lock is held, by a shared try that is given back at once.
fn lock(path: &Path) -> (Finding, Holder) {
    let free = || (Finding::new(Check::Lock, State::Ok, Words::Free), Holder::default());
    let Ok(mut file) = File::open(StoreDir::at(path).lock_file()) else { return free() };
    if flock(&file, FlockOperation::NonBlockingLockShared).is_ok() {
        return free();
    }
    let mut text = String::new();
    let _ = file.by_ref().take(4_096).read_to_string(&mut text);
    let mut lines = text.lines();
    let pid = lines.next().and_then(|line| line.parse().ok()).filter(|pid| is_running(*pid));
    let since = lines.next().unwrap_or_default().to_owned();
    let finding = if let Some(pid) = pid {
        Finding::new(Check::Lock, State::Ok, Words::Held).with("pid", pid).with("since", since)
    } else {
        let fix = format!("fuser -v {}", quoted(&StoreDir::at(path).lock_file().display().to_string()));
        Finding::new(Check::Lock, State::Bad, Words::HeldByOther).fix(fix)
    };
    (finding, Holder { held: true, pid })
}

fn journal(path: &Path, holder: &Holder, lang: Lang) -> (Finding, Option<End>) {
    let shown = path.display().to_string();
    match verify(&RealDisk::new(path), &mut |_, _| {}) {
        // a desk that writes at this moment looks as if it had been interrupted
        Ok(report) if report.torn.is_some() && !holder.held => {
            let finding = Finding::new(Check::Journal, State::Warn, Words::Torn)
                .with("bytes", report.torn.map_or(0, |torn| torn.bytes))
                .fix(format!("qun --store {} status", quoted(&shown)));
            (finding, Some(report.end))
        }
        Ok(report) => {
            let finding = Finding::new(Check::Journal, State::Ok, Words::Whole).with("seq", report.end.seq);
            (finding.with("mb", report.bytes >> 20), Some(report.end))
        }
        Err(JournalError::Missing) if !StoreDir::at(path).has_index() && segments(path) == 0 => {
            let finding = Finding::new(Check::Journal, State::Warn, Words::NoJournal);
            (finding.fix(format!("qun --store {} status", quoted(&shown))), None)
        }
        Err(error) => {
            let error = match (error, segments(path)) {
                (JournalError::Missing, segments @ 1..) => JournalError::Orphans { segments },
                (error, _) => error,
            };
            let copy = format!("cp -a {0} {0}.damaged", quoted(&shown));
            let finding = Finding::new(Check::Journal, State::Bad, Words::Damaged);
            (finding.with("error", error.sentence(lang)).fix(copy), None)
        }
    }
}

/// How many segments lie in `journal/`.
fn segments(path: &Path) -> usize {
    let files = fs::read_dir(path.join("journal")).into_iter().flatten().flatten();
    files.filter(|file| file.path().extension().is_some_and(|extension| extension == "qj")).count()
}

fn index(path: &Path, scratch: &Path, end: &End, holder: &Holder, lang: Lang) -> Finding {
    if holder.held {
        return Finding::new(Check::Index, State::Ok, Words::IndexInUse);
    }
    let disk = RealDisk::new(path);
    let crc_at = |seq| frame_crc_of(&disk, seq).ok().flatten();
    let expected = Expected { lineage: end.lineage, seq: end.seq, crc_at: &crc_at, version: INDEX_VERSION };
    let fix = || format!("qun --store {} status", quoted(&path.display().to_string()));
    match would_rebuild(path, scratch, &expected, INDEX_BYTES_MAX) {
        Ok(None) => Finding::new(Check::Index, State::Ok, Words::IndexFits),
        Ok(Some(reason)) => Finding::new(Check::Index, State::Warn, Words::WouldRebuild)
            .with("reason", reason.sentence(lang))
            .fix(fix()),
        Err(error) => {
            Finding::new(Check::Index, State::Warn, Words::IndexUnknown).with("error", error).fix(fix())
        }
    }
}

#[cfg(test)]
mod tests;
