//! What was begun in the screen and is not handed over, edits of playbooks and texts in forms: a file for each in the
//! user's state directory.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::book::PlaybookId;
use crate::tui::drafts::{Draft, Drafts, Unfinished};

/// How a draft's file is called: it begins so, and ends in `.json`.
const BEGINS: &str = "draft-";

/// As [`BEGINS`], for a text in a form.
const TEXT_BEGINS: &str = "text-";

/// How many texts are kept: the form of the oldest may never be opened again.
const TEXTS_MAX: usize = 50;

/// How the screen keeps them.
pub(super) const KEPT: Drafts = Drafts {
    keep: |draft| directory().and_then(|at| keep(&at, draft)).map_err(|error| error.to_string()),
    read: |store| directory().map(|at| all(&at, store)).unwrap_or_default(),
    discard: |store, playbook| {
        directory().and_then(|at| discard(&place(&at, store, playbook))).map_err(|error| error.to_string())
    },
    keep_text: |text| directory().and_then(|at| keep_text(&at, text)).map_err(|error| error.to_string()),
    read_texts: |store| directory().map(|at| texts(&at, store, is_running)).unwrap_or_default(),
    discard_text: |store, form| {
        directory()
            .and_then(|at| {
                discard(&place_of_text(&at, store, form, std::process::id()))?;
                discard_left(&at, store, form, is_running)
            })
            .map_err(|error| error.to_string())
    },
};

/// A draft as its file holds it.
#[derive(Serialize, Deserialize)]
struct Written {
    store: String,
    playbook: PlaybookId,
    began_on: u32,
    toml: String,
}

/// A text in a form as its file holds it.
#[derive(Serialize, Deserialize)]
struct WrittenText {
    store: String,
    place: String,
    text: String,
}

fn directory() -> io::Result<PathBuf> {
    let base = etcetera::base_strategy::Xdg::new().map_err(|error| io::Error::other(error.to_string()))?;
    Ok(base.state_dir().unwrap_or_else(|| base.data_dir()).join("qun"))
}

/// The file of a draft; its store stands there as a number.
fn place(directory: &Path, store: &str, playbook: &PlaybookId) -> PathBuf {
    directory.join(format!("{BEGINS}{playbook}-{:016x}.json", number_of(store)))
}

/// The file of a text that a process writes in a form: each has its own, and reads those of others when they have ended.
fn place_of_text(directory: &Path, store: &str, form: &str, process: u32) -> PathBuf {
    directory.join(format!("{}{process}.json", beginning_of(store, form)))
}

/// How the names of the files of a form begin.
fn beginning_of(store: &str, form: &str) -> String {
    format!("{TEXT_BEGINS}{:016x}-", number_of(&format!("{store} {form}")))
}

/// Whose file of a text it is.
fn process_of(path: &Path) -> Option<u32> {
    path.file_stem()?.to_str()?.rsplit('-').next()?.parse().ok()
}

/// Whether another process than this one runs under a number; one of another user does too.
fn is_running(process: u32) -> bool {
    let number = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
    process != std::process::id()
        && number
            .is_some_and(|number| rustix::process::test_kill_process(number) != Err(rustix::io::Errno::SRCH))
}

/// Takes away what screens that ended left of a form.
fn discard_left(
    directory: &Path,
    store: &str,
    form: &str,
    is_running: impl Fn(u32) -> bool,
) -> io::Result<()> {
    let own = std::process::id();
    let left = |path: &PathBuf| process_of(path).is_none_or(|of| of != own && !is_running(of));
    files(directory, &beginning_of(store, form)).into_iter().filter(left).try_for_each(|path| discard(&path))
}

fn number_of(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn keep(directory: &Path, draft: &Draft) -> io::Result<()> {
    let path = place(directory, &draft.store, &draft.playbook);
    let Draft { store, playbook, began_on, toml } = draft.clone();
    write(directory, path, &serde_json::to_vec(&Written { store, playbook, began_on, toml })?)
}

fn keep_text(directory: &Path, unfinished: &Unfinished) -> io::Result<()> {
    let path = place_of_text(directory, &unfinished.store, &unfinished.place, std::process::id());
    let Unfinished { store, place, text } = unfinished.clone();
    write(directory, path, &serde_json::to_vec(&WrittenText { store, place, text })?)?;
    discard_left(directory, &unfinished.store, &unfinished.place, is_running)?;
    let mut files = files(directory, TEXT_BEGINS);
    if files.len() > TEXTS_MAX {
        files.sort_by_key(|path| fs::metadata(path).and_then(|file| file.modified()).ok());
        files.first().map_or(Ok(()), |oldest| discard(oldest))?;
    }
    Ok(())
}

fn write(directory: &Path, path: PathBuf, bytes: &[u8]) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let aside = path.with_extension("new");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(bytes)?;
    fs::rename(aside, path)
}

/// The files whose names begin so.
fn files(directory: &Path, begins: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let is_one = |name: &str| {
        name.strip_prefix(begins).is_some_and(|rest| rest.split('.').next_back() == Some("json"))
    };
    let named = entries.filter(|entry| entry.file_name().to_str().is_some_and(is_one));
    named.map(|entry| entry.path()).collect()
}

/// What files hold, as far as they can be read.
fn read<T: DeserializeOwned>(files: Vec<PathBuf>) -> impl Iterator<Item = T> {
    files.into_iter().filter_map(|path| serde_json::from_slice(&fs::read(path).ok()?).ok())
}

/// All drafts of a store, as far as their files can be read.
fn all(directory: &Path, store: &str) -> Vec<Draft> {
    let of_store = read(files(directory, BEGINS)).filter(|written: &Written| written.store == store);
    of_store
        .map(|Written { store, playbook, began_on, toml }| Draft { store, playbook, began_on, toml })
        .collect()
}

/// All texts that screens left in forms of a store, the newest last; what another one writes now is its own.
fn texts(directory: &Path, store: &str, is_running: impl Fn(u32) -> bool) -> Vec<Unfinished> {
    let mut left = files(directory, TEXT_BEGINS);
    left.retain(|path| process_of(path).is_none_or(|of| !is_running(of)));
    left.sort_by_key(|path| fs::metadata(path).and_then(|file| file.modified()).ok());
    let of_store = read(left).filter(|written: &WrittenText| written.store == store);
    of_store.map(|WrittenText { store, place, text }| Unfinished { store, place, text }).collect()
}

fn discard(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_kept_for_its_store_until_it_is_discarded() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("qun");
        let draft = |store: &str, toml: &str| Draft {
            store: store.to_owned(),
            playbook: PlaybookId("care".to_owned()),
            began_on: 3,
            toml: toml.to_owned(),
        };
        assert_eq!(all(&at, "门店"), []);
        for (store, toml) in [("门店", "一"), ("门店", "二"), ("分店", "三")] {
            keep(&at, &draft(store, toml)).unwrap();
        }
        assert_eq!(all(&at, "门店"), [draft("门店", "二")]);
        let care = PlaybookId("care".to_owned());
        discard(&place(&at, "门店", &care)).unwrap();
        discard(&place(&at, "门店", &care)).unwrap();
        assert_eq!((all(&at, "门店"), all(&at, "分店")), (vec![], vec![draft("分店", "三")]));
        fs::write(place(&at, "门店", &care), "{").unwrap();
        assert_eq!(all(&at, "门店"), [], "what is no draft is none");
    }

    #[test]
    fn a_text_is_kept_for_its_form_until_it_is_discarded() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("qun");
        let text = |store: &str, form: usize, text: &str| Unfinished {
            store: store.to_owned(),
            place: format!("note {form}"),
            text: text.to_owned(),
        };
        for (store, form, said) in [("门店", 1, "一"), ("门店", 1, "二"), ("分店", 1, "三")] {
            keep_text(&at, &text(store, form, said)).unwrap();
        }
        let nobody = |_| false;
        assert_eq!((texts(&at, "门店", nobody), all(&at, "门店")), (vec![text("门店", 1, "二")], vec![]));
        discard(&place_of_text(&at, "门店", "note 1", std::process::id())).unwrap();
        let both = (texts(&at, "门店", nobody), texts(&at, "分店", nobody));
        assert_eq!(both, (vec![], vec![text("分店", 1, "三")]));
        for form in 0..2 * TEXTS_MAX {
            keep_text(&at, &text("门店", form, "四")).unwrap();
        }
        assert_eq!(files(&at, TEXT_BEGINS).len(), TEXTS_MAX);
    }

    #[test]
    fn what_another_screen_writes_is_neither_offered_nor_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("qun");
        let text = |text: &str| Unfinished {
            store: "门店".to_owned(),
            place: "note 1".to_owned(),
            text: text.to_owned(),
        };
        keep_text(&at, &text("甲")).unwrap();
        let other = std::process::id() + 1;
        fs::rename(
            place_of_text(&at, "门店", "note 1", std::process::id()),
            place_of_text(&at, "门店", "note 1", other),
        )
        .unwrap();
        let runs = |process| process == other;
        assert_eq!(texts(&at, "门店", runs), []);
        discard_left(&at, "门店", "note 1", runs).unwrap();
        assert_eq!(texts(&at, "门店", |_| false), [text("甲")]);
        discard_left(&at, "门店", "note 1", |_| false).unwrap();
        assert_eq!(texts(&at, "门店", |_| false), []);
        assert!(!is_running(std::process::id()));
    }
}
