//! Edits of playbooks that were begun in the screen and are not applied: a file for each in the user's state directory.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};

use crate::book::PlaybookId;
use crate::tui::drafts::{Draft, Drafts};

/// How a draft's file is called: it begins so, and ends in `.json`.
const BEGINS: &str = "draft-";

/// How the screen keeps them.
pub(super) const KEPT: Drafts = Drafts {
    keep: |draft| directory().and_then(|at| keep(&at, draft)).map_err(|error| error.to_string()),
    read: |store| directory().map(|at| all(&at, store)).unwrap_or_default(),
    discard: |store, playbook| {
        directory().and_then(|at| discard(&at, store, playbook)).map_err(|error| error.to_string())
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

fn directory() -> io::Result<PathBuf> {
    let base = etcetera::base_strategy::Xdg::new().map_err(|error| io::Error::other(error.to_string()))?;
    Ok(base.state_dir().unwrap_or_else(|| base.data_dir()).join("qun"))
}

/// The file of a draft; its store stands there as a number.
fn place(directory: &Path, store: &str, playbook: &PlaybookId) -> PathBuf {
    let number = store.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    directory.join(format!("{BEGINS}{playbook}-{number:016x}.json"))
}

fn keep(directory: &Path, draft: &Draft) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let path = place(directory, &draft.store, &draft.playbook);
    let Draft { store, playbook, began_on, toml } = draft.clone();
    let aside = path.with_extension("new");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(&serde_json::to_vec(&Written { store, playbook, began_on, toml })?)?;
    fs::rename(aside, path)
}

/// All drafts of a store, as far as their files can be read.
fn all(directory: &Path, store: &str) -> Vec<Draft> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let is_draft = |name: &str| {
        name.strip_prefix(BEGINS).is_some_and(|rest| rest.split('.').next_back() == Some("json"))
    };
    let named = entries.filter(|entry| entry.file_name().to_str().is_some_and(is_draft));
    let written = named.filter_map(|entry| serde_json::from_slice(&fs::read(entry.path()).ok()?).ok());
    let of_store = written.filter(|written: &Written| written.store == store);
    of_store
        .map(|Written { store, playbook, began_on, toml }| Draft { store, playbook, began_on, toml })
        .collect()
}

fn discard(directory: &Path, store: &str, playbook: &PlaybookId) -> io::Result<()> {
    match fs::remove_file(place(directory, store, playbook)) {
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
        discard(&at, "门店", &care).unwrap();
        discard(&at, "门店", &care).unwrap();
        assert_eq!((all(&at, "门店"), all(&at, "分店")), (vec![], vec![draft("分店", "三")]));
        fs::write(place(&at, "门店", &care), "{").unwrap();
        assert_eq!(all(&at, "门店"), [], "what is no draft is none");
    }
}
