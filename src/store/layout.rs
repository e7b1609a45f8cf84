//! The names in a store's directory, and where its socket is.
//!
//! ```text
//! <store>/                0700
//!   rules.toml            caps, quiet hours, roles, calendar
//!   journal/              the truth
//!   index/ index.dirty    may be deleted at any time
//!   desk.lock desk.sock   who owns the store; the door
//!   backup/               sealed segments shared between generations, plus the tail
//! ```

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::disk::RealDisk;
use super::journal::hex;
use super::network::{NetworkFileSystem, network_file_system};

/// The most bytes of a socket's path. The system's limit is 108 with the closing zero; some tools add a suffix.
pub const SOCKET_PATH_BYTES_MAX: usize = 100;

const POINTER: &str = "qun socket ";

/// Why a directory cannot be a store.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// It lies on another machine.
    #[error(
        "{path} lies on {kind}, a network file system: locks and syncs cannot be relied on there. \
         Keep the store on a local disk and use `qun --host` from elsewhere"
    )]
    Network {
        /// The store's directory.
        path: PathBuf,
        /// Which one.
        kind: NetworkFileSystem,
    },
    /// Somebody else's.
    #[error("{path} belongs to user {owner}, this is user {user}; only its owner may open it")]
    OtherOwner {
        /// The store's directory.
        path: PathBuf,
        /// The user id it belongs to.
        owner: u32,
        /// The user id of this process.
        user: u32,
    },
    /// It holds something else.
    #[error("{path} holds other files and is no store of qun; name an empty or a new directory")]
    NotAStore {
        /// The directory.
        path: PathBuf,
    },
    /// No short enough path for a socket.
    #[error(
        "{path} is too long for a socket ({bytes} bytes, at most {SOCKET_PATH_BYTES_MAX}); set XDG_RUNTIME_DIR"
    )]
    SocketPath {
        /// The path that would have been used.
        path: PathBuf,
        /// Its length.
        bytes: usize,
    },
    /// The operating system refused.
    #[error("{doing} {path}: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl LayoutError {
    pub(super) fn io<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + 'a {
        move |source| Self::Io { doing, path: path.to_path_buf(), source }
    }
}

/// What a store's directory holds from its first moments on.
const OURS: [&str; 7] =
    ["desk.lock", "journal", "index", "index.columns", "rules.toml", "desk.log", "copied.txt"];

/// Whether a directory may be a store. A home or a directory of the system must not be closed to others and filled
/// because somebody named it by a slip.
fn is_store_or_empty(path: &Path) -> io::Result<bool> {
    let mut names = fs::read_dir(path)?;
    Ok(OURS.iter().any(|name| path.join(name).exists()) || names.next().is_none())
}

/// A store's directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreDir {
    path: PathBuf,
}

impl StoreDir {
    /// Takes a directory for a store and makes it if it is missing; it becomes 0700.
    ///
    /// # Errors
    ///
    /// On a network file system, for another user's directory, for one that holds other things, and when the system
    /// refuses.
    pub fn prepare(path: impl Into<PathBuf>) -> Result<Self, LayoutError> {
        let path = path.into();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .map_err(LayoutError::io("creating", &path))?;
        let facts = fs::metadata(&path).map_err(LayoutError::io("looking at", &path))?;
        let user = rustix::process::geteuid().as_raw();
        if facts.uid() != user {
            return Err(LayoutError::OtherOwner { path, owner: facts.uid(), user });
        }
        if !is_store_or_empty(&path).map_err(LayoutError::io("looking at", &path))? {
            return Err(LayoutError::NotAStore { path });
        }
        if let Some(kind) = network_file_system(&path).map_err(LayoutError::io("looking at", &path))? {
            return Err(LayoutError::Network { path, kind });
        }
        let mut permissions = facts.permissions();
        if permissions.mode() & 0o777 != 0o700 {
            permissions.set_mode(0o700);
            fs::set_permissions(&path, permissions).map_err(LayoutError::io("closing to others", &path))?;
        }
        Ok(Self { path })
    }

    /// Names a store's directory without looking at it, as a screen does that only wants its socket.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The disk that the journal is kept on.
    pub fn disk(&self) -> RealDisk {
        RealDisk::new(&self.path)
    }

    /// Whether there is a journal.
    pub fn has_journal(&self) -> bool {
        self.path.join("journal").join("CURRENT").is_file()
    }

    /// Whether an index or columns say that there was a journal.
    pub fn has_index(&self) -> bool {
        self.path.join("index").join("db").is_file() || self.path.join("index.columns").is_file()
    }

    /// The rules of the store.
    pub fn rules_file(&self) -> PathBuf {
        self.path.join("rules.toml")
    }

    /// The file whose lock makes its holder the desk.
    pub fn lock_file(&self) -> PathBuf {
        self.path.join("desk.lock")
    }

    /// The socket, or the file that names it.
    pub fn socket_file(&self) -> PathBuf {
        self.path.join("desk.sock")
    }

    /// Where backups go if nothing else is said.
    pub fn backup_dir(&self) -> PathBuf {
        self.path.join("backup")
    }

    /// What an attached desk writes down about itself.
    pub fn log_file(&self) -> PathBuf {
        self.path.join("desk.log")
    }
}

/// Where a desk listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketPlace {
    /// At `desk.sock` itself.
    InStore(PathBuf),
    /// Elsewhere; `pointer` (`desk.sock`) is a file with [`pointer_text`].
    Elsewhere {
        /// Where to listen.
        socket: PathBuf,
        /// The file that names it.
        pointer: PathBuf,
    },
}

impl SocketPlace {
    /// The path to listen on.
    pub fn socket(&self) -> &Path {
        match self {
            Self::InStore(socket) | Self::Elsewhere { socket, .. } => socket,
        }
    }
}

/// Decides where the desk of a store listens: in the store, or, where that path is too long for a socket, at
/// `<runtime>/qun/<store id>.sock`, the first that is short enough. `runtime` are `$XDG_RUNTIME_DIR` and directories of
/// this user's below the temporary ones; not every system has the first.
pub fn socket_place(
    store: &StoreDir,
    store_id: &[u8; 16],
    runtime: &[PathBuf],
) -> Result<SocketPlace, LayoutError> {
    let pointer = store.socket_file();
    if fits(&pointer) {
        return Ok(SocketPlace::InStore(pointer));
    }
    let mut sockets = runtime.iter().map(|dir| dir.join("qun").join(format!("{}.sock", hex(store_id))));
    if let Some(socket) = sockets.clone().find(|socket| fits(socket)) {
        Ok(SocketPlace::Elsewhere { socket, pointer })
    } else {
        let path = sockets.next_back().unwrap_or(pointer);
        let bytes = path.as_os_str().len();
        Err(LayoutError::SocketPath { path, bytes })
    }
}

fn fits(path: &Path) -> bool {
    path.as_os_str().len() <= SOCKET_PATH_BYTES_MAX
}

/// The content of a `desk.sock` that is a file: `qun socket <path>`.
pub fn pointer_text(socket: &Path) -> Vec<u8> {
    [POINTER.as_bytes(), socket.as_os_str().as_bytes(), b"\n"].concat()
}

/// The path in a text of [`pointer_text`].
pub fn parse_pointer(text: &[u8]) -> Option<PathBuf> {
    let path = text.strip_prefix(POINTER.as_bytes())?.strip_suffix(b"\n")?;
    let path = Path::new(std::ffi::OsStr::from_bytes(path));
    path.is_absolute().then(|| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_becomes_a_store_closed_to_others() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("门店").join("一号");
        let store = StoreDir::prepare(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(StoreDir::prepare(&path).unwrap(), store);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(!store.has_journal());
        fs::write(dir.path().join("a file"), "").unwrap();
        let home = dir.path().join("home");
        fs::create_dir(&home).unwrap();
        fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(home.join("照片.jpg"), "").unwrap();
        assert!(matches!(StoreDir::prepare(&home), Err(LayoutError::NotAStore { .. })));
        assert_eq!(fs::metadata(&home).unwrap().permissions().mode() & 0o777, 0o755, "left as it was");
        let refused = StoreDir::prepare(dir.path().join("a file"));
        assert!(matches!(refused, Err(LayoutError::Io { .. })), "{refused:?}");
    }

    #[test]
    fn long_paths_move_the_socket() {
        let check = |store: &str, runtime: &[&str], expected: Result<&str, usize>| {
            let runtime: Vec<PathBuf> = runtime.iter().map(PathBuf::from).collect();
            let place = socket_place(&StoreDir::at(store), &[0xab; 16], &runtime);
            match (place, expected) {
                (Ok(place), Ok(path)) => assert_eq!(place.socket(), Path::new(path)),
                (Err(LayoutError::SocketPath { bytes, .. }), Err(expected)) => assert_eq!(bytes, expected),
                (place, _) => panic!("{place:?}"),
            }
        };
        let exactly = format!("/{}", "a".repeat(89));
        let longer = format!("{exactly}a");
        let short = format!("/run/user/1000/qun/{}.sock", "ab".repeat(16));
        check("/home/qz/.local/share/qun/main", &[], Ok("/home/qz/.local/share/qun/main/desk.sock"));
        check(&exactly, &[], Ok(&format!("{exactly}/desk.sock")));
        check(&longer, &["/run/user/1000", "/tmp/qun-1000"], Ok(&short));
        check(&longer, &[&longer, "/run/user/1000"], Ok(&short));
        check(&longer, &[], Err(101));
        check(&longer, &[&longer], Err(91 + 5 + 37));
    }

    #[test]
    fn a_pointer_comes_back_and_anything_else_is_none() {
        let socket = Path::new("/run/user/1000/qun/门店.sock");
        assert_eq!(parse_pointer(&pointer_text(socket)).as_deref(), Some(socket));
        for text in ["", "qun socket ", "qun socket relative\n", "/run/x.sock\n", "qun socket /run/x"] {
            assert_eq!(parse_pointer(text.as_bytes()), None, "{text}");
        }
    }
}
