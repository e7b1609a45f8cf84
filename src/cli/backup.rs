//! `qun backup` and `qun restore`: the journal of a moment, sealed segments kept once, and the way back.
//!
//! A backup only reads: records are never changed once they are written, so it may run while a desk goes on. A restore
//! takes the store's lock, so no desk can run; what was there is moved aside and stays.

use std::io::{IsTerminal as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind};
use super::import::unwritable;
use super::reach::{self, Waited};
use super::status::span_words;
use super::words::Words as CliWords;
use super::{json, table};
use crate::book::Timestamp;
use crate::store::backup::{self, BackupError, Manifest};
use crate::store::disk::RealDisk;
use crate::store::journal::Snapshot;
use crate::store::layout::StoreDir;
use crate::text::lang::Lang;

crate::words! {
    enum Words {
        Written { generation, copied, shared, size, dir } => [
            "第 {generation} 份备份: 复制 {copied} 段, 沿用 {shared} 段, {size}, 在 {dir}",
            "第 {generation} 份備份: 複製 {copied} 段, 沿用 {shared} 段, {size}, 在 {dir}",
            "backup {generation}: {copied} segments copied, {shared} shared, {size}, in {dir}",
        ],
        Pruned { n } => ["删去 {n} 个不再需要的文件", "刪去 {n} 個不再需要的檔案", "{n} files no longer needed were removed"],
        NoStore { path } => ["{path} 里没有数据", "{path} 裡沒有資料", "there is no store in {path}"],
        NoBackups { dir } => ["{dir} 里没有备份", "{dir} 裡沒有備份", "there is no backup in {dir}"],
        NoGeneration { generation, there } => [
            "没有第 {generation} 份备份, 有: {there}", "沒有第 {generation} 份備份, 有: {there}",
            "there is no backup {generation}; there are {there}",
        ],
        WouldRestore { generation, age, seq, path } => [
            "第 {generation} 份备份（{age}前，{seq} 条记录）会取代 {path} 现在的数据",
            "第 {generation} 份備份（{age}前，{seq} 筆記錄）會取代 {path} 現在的資料",
            "backup {generation} ({age} old, {seq} records) would take the place of what is in {path}",
        ],
        Stays { records } => [
            "现在的 {records} 条记录会移到一边，不会丢；恢复不能用 undo 撤销",
            "現在的 {records} 筆記錄會移到一邊，不會丟；復原不能用 undo 取消",
            "its {records} records are moved aside and stay; a restore cannot be undone by `undo`",
        ],
        Ask => ["继续吗? [y/N] ", "繼續嗎? [y/N] ", "go on? [y/N] "],
        SayYes => ["确认后加 --yes", "確認後加 --yes", "to go on, say --yes"],
        NotDone => ["没有恢复，什么都没有改", "沒有復原，什麼都沒有改", "not restored, nothing was changed"],
        Running => ["值守进程在运行，不能恢复", "值守程序在執行，不能復原", "a desk is running: nothing can be restored"],
        Restored { generation, seq } => [
            "已恢复第 {generation} 份备份，{seq} 条记录；下次打开时重建索引",
            "已復原第 {generation} 份備份，{seq} 筆記錄；下次開啟時重建索引",
            "backup {generation} is restored, {seq} records; the index is made anew at the next opening",
        ],
        Aside { path } => ["原来的在 {path}", "原來的在 {path}", "what was there is in {path}"],
    }
}

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// Where to; `backup/` in the store if left out
    pub dir: Option<PathBuf>,
    /// Keep this many backups and remove the older ones
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub keep: Option<u32>,
    /// Only list those that are there
    #[arg(long, conflicts_with = "keep")]
    pub list: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// Where the backups are; `backup/` in the store if left out
    pub dir: Option<PathBuf>,
    /// Which one; the newest if left out
    #[arg(long, value_name = "N")]
    pub generation: Option<u32>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    #[arg(long)]
    pub json: bool,
}

fn failed(error: &BackupError, dir: &Path, lang: Lang) -> CliError {
    match error {
        BackupError::None => {
            CliError::new(Kind::Nothing, Words::NoBackups.fill(lang, &[("dir", &dir.display())]))
        }
        BackupError::NoSuchGeneration { generation, there } => {
            let there = there.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
            let values: [(&str, &dyn std::fmt::Display); 2] = [("generation", generation), ("there", &there)];
            CliError::new(Kind::Nothing, Words::NoGeneration.fill(lang, &values))
        }
        _ => CliError::new(Kind::Store, error),
    }
}

fn io(path: &Path, error: &std::io::Error, lang: Lang) -> CliError {
    CliError::new(Kind::File, unwritable(path, error, lang))
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{:.1} kB", bytes as f64 / 1_024.0),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

pub(super) fn run(context: &mut Context, args: &BackupArgs) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let dir = args.dir.clone().unwrap_or_else(|| context.store.backup_dir());
    if args.list {
        return list(context, &dir, args.json);
    }
    if !context.store.has_journal() {
        let words = Words::NoStore.fill(lang, &[("path", &context.store.path().display())]);
        return Err(CliError::new(Kind::Nothing, words));
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&dir)
        .map_err(|error| io(&dir, &error, lang))?;
    let (source, dest) = (context.store.disk(), RealDisk::new(&dir));
    let snapshot =
        Snapshot::of(&source).map_err(|error| CliError::new(Kind::Store, error).hint("qun doctor"))?;
    let now = context.clock.now().wall;
    let written = backup::write(&source, &snapshot, &dest, now.0, &mut |_, _| {})
        .map_err(|error| failed(&error, &dir, lang))?;
    // a backup that cannot be read is none
    backup::check(&dest, Some(written.generation)).map_err(|error| failed(&error, &dir, lang))?;
    let pruned = match args.keep {
        Some(keep) => backup::prune(&dest, keep as usize).map_err(|error| failed(&error, &dir, lang))?,
        None => 0,
    };
    if args.json {
        context.out.json(json::row(&json!({
            "generation": written.generation, "copied": written.copied, "shared": written.shared,
            "bytes": written.bytes, "records": snapshot.end.seq, "dir": dir.display().to_string(),
            "at": json::time(now, crate::clock::zone()), "removed": pruned,
        })));
        return Ok(ExitCode::SUCCESS);
    }
    let values: [(&str, &dyn std::fmt::Display); 5] = [
        ("generation", &written.generation),
        ("copied", &written.copied),
        ("shared", &written.shared),
        ("size", &size(written.bytes)),
        ("dir", &dir.display()),
    ];
    context.out.line(&Words::Written.fill(lang, &values));
    if pruned > 0 {
        context.out.line(&Words::Pruned.fill(lang, &[("n", &pruned)]));
    }
    Ok(ExitCode::SUCCESS)
}

/// Generations that can be read, oldest first.
fn manifests(dir: &Path) -> Vec<(u32, Manifest)> {
    let disk = RealDisk::new(dir);
    let numbers = backup::generations(&disk).unwrap_or_default();
    numbers.into_iter().filter_map(|number| Some((number, backup::manifest(&disk, number).ok()?))).collect()
}

/// The newest backup in a store's own directory: its number and when it was made.
pub(super) fn newest(store: &StoreDir) -> Option<(u32, Timestamp)> {
    manifests(&store.backup_dir()).pop().map(|(number, manifest)| (number, Timestamp(manifest.at_ms)))
}

fn list(context: &mut Context, dir: &Path, as_json: bool) -> Result<ExitCode, CliError> {
    let found = manifests(dir);
    let bytes = |manifest: &Manifest| manifest.copies.iter().map(|copy| copy.bytes).sum::<u64>();
    let zone = crate::clock::zone();
    if as_json {
        let row = |(number, manifest): &(u32, Manifest)| {
            json!({
                "generation": number, "at": json::time(Timestamp(manifest.at_ms), zone),
                "records": manifest.end.seq, "segments": manifest.copies.len(), "bytes": bytes(manifest),
            })
        };
        context.out.json(json::rows(&found.iter().map(row).collect::<Vec<_>>()));
        return Ok(ExitCode::from(if found.is_empty() { Kind::Nothing.code() } else { 0 }));
    }
    if found.is_empty() {
        let words = Words::NoBackups.fill(context.lang, &[("dir", &dir.display())]);
        return Err(CliError::new(Kind::Nothing, words).hint("qun backup"));
    }
    let rows = found.iter().map(|(number, manifest)| {
        let at = Timestamp(manifest.at_ms).local(zone).format("%Y-%m-%d %H:%M").to_string();
        vec![number.to_string(), at, manifest.end.seq.to_string(), size(bytes(manifest))]
    });
    for line in table::aligned(&rows.collect::<Vec<_>>()) {
        context.out.line(&line);
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn restore(context: &mut Context, args: &RestoreArgs) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let dir = args.dir.clone().unwrap_or_else(|| context.store.backup_dir());
    let from = RealDisk::new(&dir);
    if !dir.is_dir() {
        let words = Words::NoBackups.fill(lang, &[("dir", &dir.display())]);
        return Err(CliError::new(Kind::Nothing, words));
    }
    let running = || CliError::new(Kind::Desk, Words::Running.text(lang)).hint("qun serve --stop");
    if reach::running(context)?.is_some() {
        return Err(running());
    }
    // whole before anything is touched
    let checked = backup::check(&from, args.generation).map_err(|error| failed(&error, &dir, lang))?;
    let store = reach::prepare(context)?;
    let Waited::Held(lock) = reach::wait_for_lock(context, &store)? else { return Err(running()) };
    let now = context.clock.now().wall;
    let present = store.has_journal();
    if !confirmed(context, args, &checked, present, now)? {
        return Err(CliError::new(Kind::Usage, Words::NotDone.text(lang)));
    }
    let aside = if present { Some(move_aside(&store, now, lang)?) } else { None };
    let lineage = fastrand::Rng::new().u128(..).to_be_bytes();
    let generation = Some(checked.generation);
    let restored = backup::restore(&from, generation, &store.disk(), lineage)
        .map_err(|error| failed(&error, &dir, lang));
    let restored = match (restored, &aside) {
        (Ok(restored), _) => restored,
        (Err(error), Some(aside)) if !store.has_journal() => {
            // as it was: nothing has taken its place
            let journal = store.path().join("journal");
            let _ = std::fs::remove_dir_all(&journal);
            std::fs::rename(aside, &journal).map_err(|error| io(aside, &error, lang))?;
            return Err(error);
        }
        (Err(error), _) => return Err(error),
    };
    // the lock ends with the process: nobody opens the store before all of this is done
    std::mem::forget(lock);
    if args.json {
        context.out.json(json::row(&json!({
            "generation": restored.generation, "records": restored.end.seq,
            "aside": aside.as_ref().map(|path| path.display().to_string()),
        })));
        return Ok(ExitCode::SUCCESS);
    }
    let values: [(&str, &dyn std::fmt::Display); 2] =
        [("generation", &restored.generation), ("seq", &restored.end.seq)];
    context.out.line(&Words::Restored.fill(lang, &values));
    if let Some(aside) = aside {
        context.out.line(&Words::Aside.fill(lang, &[("path", &aside.display())]));
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what would happen and asks, unless that was answered on the command line.
fn confirmed(
    context: &Context,
    args: &RestoreArgs,
    checked: &backup::Checked,
    present: bool,
    now: Timestamp,
) -> Result<bool, CliError> {
    if args.yes || !present {
        return Ok(true);
    }
    let lang = context.lang;
    let age = span_words(now.since(Timestamp(checked.manifest.at_ms)) / 1_000, lang);
    let values: [(&str, &dyn std::fmt::Display); 4] = [
        ("generation", &checked.generation),
        ("age", &age),
        ("seq", &checked.manifest.end.seq),
        ("path", &context.store.path().display()),
    ];
    let would = Words::WouldRestore.fill(lang, &values);
    let records =
        Snapshot::of(&context.store.disk()).map_or_else(|_| "?".to_owned(), |s| s.end.seq.to_string());
    let stays = Words::Stays.fill(lang, &[("records", &records)]);
    if !std::io::stdin().is_terminal() {
        let hint = format!("{stays}; {}", Words::SayYes.text(lang));
        return Err(CliError::new(Kind::Usage, would).hint(hint));
    }
    ask(&[&would, &stays], lang).map_err(|error| CliError::new(Kind::Config, error))
}

/// Asks on stderr; only a plain yes is one.
fn ask(sentences: &[&str], lang: Lang) -> std::io::Result<bool> {
    for sentence in sentences {
        super::out::complain(sentence);
    }
    let mut stderr = std::io::stderr();
    stderr.write_all(Words::Ask.text(lang).as_bytes())?;
    stderr.flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是" | "好"))
}

/// Moves the journal that is there to a name of its own.
fn move_aside(store: &StoreDir, now: Timestamp, lang: Lang) -> Result<PathBuf, CliError> {
    let stamp = now.local(crate::clock::zone()).format("%Y%m%d-%H%M%S").to_string();
    let journal = store.path().join("journal");
    let free = (0..1_000).map(|n| {
        let number = if n == 0 { String::new() } else { format!("-{n}") };
        store.path().join(format!("journal.before-{stamp}{number}"))
    });
    let aside =
        free.into_iter().find(|path| !path.exists()).unwrap_or_else(|| journal.with_extension("before"));
    std::fs::rename(&journal, &aside).map_err(|error| io(&journal, &error, lang))?;
    Ok(aside)
}

/// How old the newest backup is, for `doctor`: a sentence, and whether it is time for another.
pub(super) fn age(context: &Context) -> (String, bool) {
    /// A week of work is much to lose.
    const OLD: i64 = 7 * crate::book::time::DAY;
    let lang = context.lang;
    match newest(&context.store) {
        None => (CliWords::NoBackup.text(lang).to_owned(), true),
        Some((generation, at)) => {
            let since = context.clock.now().wall.since(at).max(0);
            let age = span_words(since / 1_000, lang);
            (CliWords::BackupAge.fill(lang, &[("generation", &generation), ("age", &age)]), since > OLD)
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }
}
