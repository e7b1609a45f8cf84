//! What is wrong with a store, found without changing it.
//!
//! Nothing here takes the lock, cuts a tail or opens the index where it lies: the journal is read frame by frame,
//! and the index is judged on a copy in a directory for scratch. So it may run beside a desk, and before anybody
//! has decided what to do about damage.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use super::INDEX_VERSION;
use super::disk::RealDisk;
use super::index::{Expected, would_rebuild};
use super::journal::{End, JournalError, frame_crc_of, verify};
use super::layout::StoreDir;
use super::network::network_file_system;
use crate::text::lang::Lang;

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

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, a word for scripts.
    pub check: &'static str,
    pub state: State,
    words: Words,
    values: Vec<(&'static str, String)>,
    /// One command that helps; empty where nothing is to be done.
    pub fix: String,
}

impl Finding {
    fn new(check: &'static str, state: State, words: Words) -> Self {
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

/// Looks at everything in a store's directory. `scratch` is an empty directory elsewhere.
pub fn examine(path: &Path, scratch: &Path) -> (Vec<Finding>, Holder) {
    let mut found = Vec::new();
    let shown = path.display().to_string();
    let Ok(facts) = fs::metadata(path) else {
        let missing = Finding::new("directory", State::Warn, Words::Missing);
        found.push(missing.with("path", &shown).fix(format!("qun --store {} status", quoted(&shown))));
        return (found, Holder::default());
    };
    if !facts.is_dir() {
        let stranger = Finding::new("directory", State::Bad, Words::NotADirectory);
        found.push(stranger.with("path", &shown).fix(format!("mv {0} {0}.away", quoted(&shown))));
        return (found, Holder::default());
    }
    found.push(Finding::new("directory", State::Ok, Words::Directory).with("path", &shown));
    found.push(permissions(&facts, &shown));
    found.push(network(path));
    found.push(space(path));
    let (lock, holder) = lock(path);
    found.push(lock);
    let (journal, end) = journal(path, &holder);
    found.push(journal);
    if let Some(end) = end {
        found.push(index(path, scratch, &end, &holder));
    }
    (found, holder)
}

/// A path as a shell reads it.
fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', "'\\''"))
}

fn permissions(facts: &fs::Metadata, shown: &str) -> Finding {
    let user = rustix::process::geteuid().as_raw();
    if facts.uid() != user {
        let fix = format!("sudo chown -R {user} {}", quoted(shown));
        return Finding::new("permissions", State::Bad, Words::OtherOwner)
            .with("owner", facts.uid())
            .fix(fix);
    }
    let mode = facts.permissions().mode() & 0o777;
    if mode & 0o700 != 0o700 {
        let finding = Finding::new("permissions", State::Bad, Words::ClosedToUs);
        return finding.with("mode", format!("{mode:o}")).fix(format!("chmod 700 {}", quoted(shown)));
    }
    if mode & 0o077 != 0 {
        let finding = Finding::new("permissions", State::Warn, Words::OpenToOthers);
        return finding.with("mode", format!("{mode:o}")).fix(format!("chmod 700 {}", quoted(shown)));
    }
    Finding::new("permissions", State::Ok, Words::Private)
}

fn network(path: &Path) -> Finding {
    match network_file_system(path) {
        Ok(Some(kind)) => Finding::new("file-system", State::Bad, Words::Network)
            .with("kind", kind)
            .fix(format!("mv {} ~/qun-store", quoted(&path.display().to_string()))),
        Ok(None) | Err(_) => Finding::new("file-system", State::Ok, Words::Local),
    }
}

fn space(path: &Path) -> Finding {
    let Ok(facts) = rustix::fs::statvfs(path) else {
        return Finding::new("space", State::Ok, Words::SpaceUnknown);
    };
    let free = facts.f_bavail.saturating_mul(facts.f_frsize);
    let state = match free {
        _ if free < ROOM_BAD => State::Bad,
        _ if free < ROOM_SCARCE => State::Warn,
        _ => State::Ok,
    };
    let finding = Finding::new("space", state, Words::Space).with("mb", free >> 20);
    if state == State::Ok { finding } else { finding.fix(format!("du -sh {}/*", path.display())) }
}

/// Whether the lock is held, by a shared try that is given back at once.
fn lock(path: &Path) -> (Finding, Holder) {
    let free = || (Finding::new("lock", State::Ok, Words::Free), Holder::default());
    let Ok(mut file) = File::open(StoreDir::at(path).lock_file()) else { return free() };
    if flock(&file, FlockOperation::NonBlockingLockShared).is_ok() {
        return free();
    }
    let mut text = String::new();
    let _ = file.by_ref().take(4_096).read_to_string(&mut text);
    let mut lines = text.lines();
    let pid = lines.next().and_then(|line| line.parse().ok());
    let since = lines.next().unwrap_or_default().to_owned();
    let who = pid.map_or_else(|| "?".to_owned(), |pid: u32| pid.to_string());
    let finding = Finding::new("lock", State::Ok, Words::Held).with("pid", who).with("since", since);
    (finding, Holder { held: true, pid })
}

fn journal(path: &Path, holder: &Holder) -> (Finding, Option<End>) {
    let shown = path.display().to_string();
    match verify(&RealDisk::new(path), &mut |_, _| {}) {
        // a desk that writes at this moment looks as if it had been interrupted
        Ok(report) if report.torn.is_some() && !holder.held => {
            let finding = Finding::new("journal", State::Warn, Words::Torn)
                .with("bytes", report.torn.map_or(0, |torn| torn.bytes))
                .fix(format!("qun --store {} status", quoted(&shown)));
            (finding, Some(report.end))
        }
        Ok(report) => {
            let finding = Finding::new("journal", State::Ok, Words::Whole).with("seq", report.end.seq);
            (finding.with("mb", report.bytes >> 20), Some(report.end))
        }
        Err(JournalError::Missing) => {
            let finding = Finding::new("journal", State::Warn, Words::NoJournal);
            (finding.fix(format!("qun --store {} status", quoted(&shown))), None)
        }
        Err(error) => {
            let copy = format!("cp -a {0} {0}.damaged", quoted(&shown));
            (Finding::new("journal", State::Bad, Words::Damaged).with("error", error).fix(copy), None)
        }
    }
}

fn index(path: &Path, scratch: &Path, end: &End, holder: &Holder) -> Finding {
    if holder.held {
        return Finding::new("index", State::Ok, Words::IndexInUse);
    }
    let disk = RealDisk::new(path);
    let crc_at = |seq| frame_crc_of(&disk, seq).ok().flatten();
    let expected = Expected { lineage: end.lineage, seq: end.seq, crc_at: &crc_at, version: INDEX_VERSION };
    let fix = || format!("qun --store {} status", quoted(&path.display().to_string()));
    match would_rebuild(path, scratch, &expected, INDEX_BYTES_MAX) {
        Ok(None) => Finding::new("index", State::Ok, Words::IndexFits),
        Ok(Some(reason)) => {
            Finding::new("index", State::Warn, Words::WouldRebuild).with("reason", reason).fix(fix())
        }
        Err(error) => Finding::new("index", State::Warn, Words::IndexUnknown).with("error", error).fix(fix()),
    }
}

crate::words! {
    /// What was found.
    enum Words {
        Directory { path } => ["数据目录 {path}", "資料目錄 {path}", "store directory {path}"],
        Missing { path } => [
            "还没有数据目录 {path}，第一次使用时会建立", "還沒有資料目錄 {path}，第一次使用時會建立",
            "there is no store at {path} yet; the first use makes it",
        ],
        NotADirectory { path } => ["{path} 不是目录", "{path} 不是目錄", "{path} is not a directory"],
        Private => ["只有自己能读写", "只有自己能讀寫", "readable and writable by its owner only"],
        OtherOwner { owner } => ["数据属于另一个用户 (uid {owner})", "資料屬於另一個使用者 (uid {owner})", "the store belongs to another user (uid {owner})"],
        ClosedToUs { mode } => ["自己也不能读写 (权限 {mode})", "自己也不能讀寫 (權限 {mode})", "not readable and writable by its owner (mode {mode})"],
        OpenToOthers { mode } => ["别人也能看到数据 (权限 {mode})", "別人也能看到資料 (權限 {mode})", "open to other users (mode {mode})"],
        Network { kind } => [
            "数据在网络文件系统 {kind} 上，锁和写入不可靠；换到本机磁盘", "資料在網路檔案系統 {kind} 上，鎖和寫入不可靠；換到本機磁碟",
            "the store lies on {kind}, a network file system; keep it on a local disk",
        ],
        Local => ["在本机磁盘上", "在本機磁碟上", "on a local disk"],
        SpaceUnknown => ["查不到剩余空间", "查不到剩餘空間", "free space cannot be told"],
        Space { mb } => ["磁盘剩余 {mb} MB", "磁碟剩餘 {mb} MB", "{mb} MB free on the disk"],
        Free => ["没有进程占用", "沒有程序佔用", "no process has it"],
        Held { pid, since } => ["进程 {pid} 正在使用 ({since})", "程序 {pid} 正在使用 ({since})", "process {pid} has it ({since})"],
        Whole { seq, mb } => ["日志完整: {seq} 条记录, {mb} MB", "日誌完整: {seq} 條記錄, {mb} MB", "the journal is whole: {seq} records, {mb} MB"],
        NoJournal => ["还没有日志，第一次使用时会建立", "還沒有日誌，第一次使用時會建立", "there is no journal yet; the first use makes it"],
        Torn { bytes } => [
            "最后一次写入中断 ({bytes} 字节，未曾确认)，下次打开会截掉并留底", "最後一次寫入中斷 ({bytes} 位元組，未曾確認)，下次開啟會截掉並留底",
            "the last write was interrupted ({bytes} bytes, never acknowledged); the next opening cuts it off and keeps a copy",
        ],
        Damaged { error } => [
            "日志损坏，程序不会动它: {error}；先留一份副本，再用备份恢复", "日誌損壞，程式不會動它: {error}；先留一份副本，再用備份復原",
            "the journal is damaged and nothing touches it: {error}; keep a copy, then restore a backup",
        ],
        IndexInUse => ["索引正在使用", "索引正在使用", "the index is in use"],
        IndexFits => ["索引与日志一致", "索引與日誌一致", "the index agrees with the journal"],
        WouldRebuild { reason } => [
            "下次打开会从日志重建索引: {reason}", "下次開啟會從日誌重建索引: {reason}",
            "the next opening rebuilds the index from the journal: {reason}",
        ],
        IndexUnknown { error } => ["查不了索引: {error}", "查不了索引: {error}", "the index cannot be looked at: {error}"],
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::index::condemn_index;
    use crate::store::journal::Journal;
    use crate::store::lock::try_lock;

    /// A store with some records and an index, closed.
    fn store() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let store = StoreDir::prepare(dir.path()).unwrap();
        let (mut store, _) = crate::store::open(&store, 1, &mut |_, _| {}).unwrap();
        let sizes = crate::demo::Sizes { members: 40, groups: 6, tasks: 30 };
        for record in crate::demo::records(1, sizes).take(120) {
            store.stage(&record).unwrap();
            if store.staged() == 10 {
                store.commit().unwrap();
            }
        }
        store.commit().unwrap();
        store.flush_index().unwrap();
        drop(store);
        dir
    }

    /// Every file with its bytes; sockets and locks have none.
    fn snapshot(path: &Path) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        for entry in fs::read_dir(path).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files.extend(snapshot(&path));
            } else {
                files.push((path.display().to_string(), fs::read(&path).unwrap_or_default()));
            }
        }
        files.sort();
        files
    }

    /// Breaks a store, and compares what is not fine with what is expected; nothing may have changed.
    fn check(breaking: impl FnOnce(&Path), expected: &[(&str, State)]) {
        let dir = store();
        breaking(dir.path());
        let before = snapshot(dir.path());
        let scratch = tempfile::tempdir().unwrap();
        let (found, _) = examine(dir.path(), scratch.path());
        let wrong: Vec<_> = found
            .iter()
            .filter(|f| f.state != State::Ok && f.check != "space")
            .map(|f| (f.check, f.state))
            .collect();
        assert_eq!(wrong, expected, "{:?}", found.iter().map(|f| f.sentence(Lang::En)).collect::<Vec<_>>());
        for finding in &found {
            assert_eq!(finding.state == State::Ok, finding.fix.is_empty(), "{finding:?}");
            for lang in Lang::ALL {
                assert!(!finding.sentence(lang).contains('{'), "{finding:?}");
            }
        }
        assert!(snapshot(dir.path()) == before, "the store was changed");
    }

    fn segment(path: &Path) -> std::path::PathBuf {
        path.join("journal").join("000001.qj")
    }

    /// Where the frames end, and the end of the first of them.
    fn frames(path: &Path) -> (usize, usize) {
        let report = verify(&RealDisk::new(path), &mut |_, _| {}).unwrap();
        let bytes = fs::read(segment(path)).unwrap();
        let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        (end, end - report.bytes as usize)
    }

    #[test]
    fn a_healthy_store_is_fine() {
        check(|_| {}, &[]);
    }

    #[test]
    fn a_missing_store_is_no_fault() {
        let scratch = tempfile::tempdir().unwrap();
        let (found, _) = examine(&scratch.path().join("none"), scratch.path());
        assert_eq!(
            found.iter().map(|f| (f.check, f.state)).collect::<Vec<_>>(),
            [("directory", State::Warn)]
        );
    }

    #[test]
    fn a_torn_tail_is_told_and_left() {
        let tear = |path: &Path| {
            let (end, _) = frames(path);
            let mut bytes = fs::read(segment(path)).unwrap();
            bytes[end - 3] ^= 1;
            fs::write(segment(path), bytes).unwrap();
        };
        // the index has applied what the journal has lost
        check(tear, &[("journal", State::Warn), ("index", State::Warn)]);
    }

    #[test]
    fn damage_in_the_middle_is_bad() {
        let damage = |path: &Path| {
            let (_, start) = frames(path);
            let mut bytes = fs::read(segment(path)).unwrap();
            bytes[start + 60] ^= 1;
            fs::write(segment(path), bytes).unwrap();
        };
        check(damage, &[("journal", State::Bad)]);
    }

    #[test]
    fn an_index_of_another_history_would_be_rebuilt() {
        let other = |path: &Path| {
            fs::remove_dir_all(path.join("journal")).unwrap();
            let disk: crate::store::disk::SharedDisk = Arc::new(RealDisk::new(path));
            Journal::create(disk, [9; 16]).unwrap();
        };
        check(other, &[("index", State::Warn)]);
    }

    #[test]
    fn a_dirty_marker_would_rebuild() {
        check(|path| condemn_index(path).unwrap(), &[("index", State::Warn)]);
    }

    #[test]
    fn wrong_permissions_are_named() {
        let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        check(open, &[("permissions", State::Warn)]);
    }

    #[test]
    fn an_unreadable_current_is_bad() {
        let garble =
            |path: &Path| fs::write(path.join("journal/CURRENT"), "qun journal 1\nstore x\n").unwrap();
        check(garble, &[("journal", State::Bad)]);
    }

    #[test]
    fn who_has_the_lock_is_named() {
        let dir = store();
        let lock = try_lock(&StoreDir::at(dir.path()).lock_file(), "09:10").unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let (found, holder) = examine(dir.path(), scratch.path());
        assert_eq!(holder, Holder { held: true, pid: Some(std::process::id()) });
        let said = found.iter().find(|f| f.check == "lock").unwrap().sentence(Lang::ZhCn);
        assert_eq!(said, format!("进程 {} 正在使用 (09:10)", std::process::id()));
        drop(lock);
        assert!(!examine(dir.path(), scratch.path()).1.held, "a look kept the lock");
    }

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
    }
}
