//! Where a desk's socket is, who may reach it, and what an ended desk left behind.
//!
//! It is `desk.sock` in the store's directory (0700), for its owner only. A path over [`PATH_MAX`] bytes does not
//! fit into a socket address, and a team needs a directory of its own: then the socket is elsewhere and `desk.sock`
//! is a file that names it; the store knows what that file says. Whoever binds holds the store's lock, so whatever
//! is found there is stale.

use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

/// The longest path of a socket in bytes. Linux takes 107, macOS 103.
pub const PATH_MAX: usize = 100;

/// Who may connect besides the store's owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// Nobody: the socket is 0600.
    Refused,
    /// The group of the socket's directory, checked by the kernel: the socket is 0660.
    ByGroup,
}

/// Why no socket could be made.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("the socket {path} cannot be made: {source}")]
    Bind { path: PathBuf, source: io::Error },
    /// Something that is no socket of ours stands where it should be.
    #[error("{0} is not a socket; move it away")]
    Occupied(PathBuf),
    /// Somebody else could put a socket there.
    #[error(
        "{0} must be a directory of yours that nobody else can write to; remove it or set XDG_RUNTIME_DIR"
    )]
    NotOurs(PathBuf),
    #[error("the path {0} is too long for a socket; set XDG_RUNTIME_DIR or give --socket a shorter one")]
    TooLong(PathBuf),
}

/// Where sockets may go that do not fit into their store: `$XDG_RUNTIME_DIR`, which many systems do not have, else a
/// directory of this user's below the temporary ones.
pub fn runtime_dirs() -> Vec<PathBuf> {
    let own = format!("qun-{}", super::peer::own_uid());
    let given = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|dir| dir.is_absolute());
    given.into_iter().chain([std::env::temp_dir().join(&own), Path::new("/tmp").join(&own)]).collect()
}

/// Makes the directory of a socket, and the one above it, and refuses one that others can write to: they could put
/// their own socket in the place of ours.
pub fn keep_private(socket: &Path) -> Result<(), PlaceError> {
    let Some(dir) = socket.parent() else { return Ok(()) };
    let failed = |source| PlaceError::Bind { path: socket.to_owned(), source };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
    for dir in [Some(dir), dir.parent()].into_iter().flatten() {
        let found = std::fs::symlink_metadata(dir).map_err(failed)?;
        if !found.is_dir() || found.uid() != super::peer::own_uid() || found.mode() & 0o022 != 0 {
            return Err(PlaceError::NotOurs(dir.to_owned()));
        }
    }
    Ok(())
}

/// A socket that goes away with the desk.
#[derive(Debug)]
pub struct Bound {
    socket: PathBuf,
    pointer: Option<PathBuf>,
}

impl Bound {
    /// Where it listens.
    pub fn path(&self) -> &Path {
        &self.socket
    }

    /// Removes the socket and the file that names it. Called by whoever leaves without dropping anything.
    pub fn remove(&self) {
        // Already gone is as good; a next desk removes what stays.
        let _ = std::fs::remove_file(&self.socket);
        if let Some(pointer) = &self.pointer {
            let _ = std::fs::remove_file(pointer);
        }
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        self.remove();
    }
}

/// A file that names a socket which is elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    pub path: PathBuf,
    pub text: Vec<u8>,
}

/// Listens at `socket`; the caller holds the store's lock.
pub fn bind(
    socket: &Path,
    pointer: Option<Pointer>,
    others: Others,
) -> Result<(UnixListener, Bound), PlaceError> {
    if socket.as_os_str().len() > PATH_MAX {
        return Err(PlaceError::TooLong(socket.to_owned()));
    }
    let failed = |source| PlaceError::Bind { path: socket.to_owned(), source };
    if let Some(parent) = socket.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(failed)?;
    }
    clear(socket)?;
    let listener = UnixListener::bind(socket).map_err(failed)?;
    let mut bound = Bound { socket: socket.to_owned(), pointer: None };
    let mode = match others {
        Others::Refused => 0o600,
        Others::ByGroup => 0o660,
    };
    std::fs::set_permissions(socket, std::fs::Permissions::from_mode(mode)).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    if let Some(Pointer { path, text }) = pointer {
        // A socket of an earlier desk may stand where the name goes; a file there is overwritten.
        if is_socket(&path) {
            clear(&path)?;
        }
        std::fs::write(&path, text).map_err(failed)?;
        bound.pointer = Some(path);
    }
    Ok((listener, bound))
}

fn is_socket(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
}

/// Removes a stale socket, or a small file of an earlier desk that named one.
fn clear(path: &Path) -> Result<(), PlaceError> {
    let Ok(found) = std::fs::symlink_metadata(path) else { return Ok(()) };
    let names_one = || {
        let text = std::fs::read(path).unwrap_or_default();
        found.len() < 4_096 && text.starts_with(b"qun socket ")
    };
    if !found.file_type().is_socket() && !names_one() {
        return Err(PlaceError::Occupied(path.to_owned()));
    }
    std::fs::remove_file(path).map_err(|source| PlaceError::Bind { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_socket_is_replaced_and_a_stranger_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("desk.sock");
        // A listener that was dropped without removing its path, as after kill -9.
        drop(UnixListener::bind(&socket).unwrap());
        let (_listener, bound) = bind(&socket, None, Others::Refused).unwrap();
        let mode = std::fs::metadata(&socket).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        drop(bound);
        assert!(!socket.exists());
        // A pointer of an earlier desk makes way, anything else does not.
        std::fs::write(&socket, "qun socket /run/x.sock\n").unwrap();
        drop(bind(&socket, None, Others::Refused).unwrap());
        std::fs::write(&socket, "别人的文件").unwrap();
        assert!(matches!(bind(&socket, None, Others::Refused), Err(PlaceError::Occupied(_))));
    }

    #[test]
    fn a_directory_that_others_can_write_to_takes_no_socket() {
        let dir = tempfile::tempdir().unwrap();
        let own = dir.path().join("qun-1000");
        let socket = own.join("qun/a.sock");
        keep_private(&socket).unwrap();
        assert_eq!(std::fs::metadata(&own).unwrap().permissions().mode() & 0o777, 0o700);
        keep_private(&socket).unwrap();
        std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o777)).unwrap();
        assert!(matches!(keep_private(&socket), Err(PlaceError::NotOurs(_))));
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&own, &link).unwrap();
        assert!(matches!(keep_private(&link.join("a.sock")), Err(PlaceError::NotOurs(_))));
    }

    #[test]
    fn a_long_path_is_named_by_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("很长的门店名字".repeat(5));
        std::fs::create_dir_all(&store).unwrap();
        let path = store.join("desk.sock");
        assert!(matches!(bind(&path, None, Others::Refused), Err(PlaceError::TooLong(_))));
        let real = dir.path().join("run/s1.sock");
        for text in ["甲", "乙"] {
            let pointer = Pointer { path: path.clone(), text: text.into() };
            let (_listener, bound) = bind(&real, Some(pointer), Others::ByGroup).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
            assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o660);
            // As after kill -9: both stay behind.
            std::mem::forget(bound);
        }
    }
}
