//! Where a desk's socket is, who may reach it, and what an ended desk left behind.
//!
//! It is `desk.sock` in the store's directory (0700), for its owner only. A path over [`PATH_MAX`] bytes does not
//! fit into a socket address, and a team needs a directory of its own: then the socket is elsewhere and `desk.sock`
//! is a file that names it. Whoever binds holds the store's lock, so whatever is found there is stale.

use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, PermissionsExt as _};
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
    #[error("the path {0} is too long for a socket; set XDG_RUNTIME_DIR or give --socket a shorter one")]
    TooLong(PathBuf),
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

/// The socket's real path, given the store's `desk.sock`.
pub fn find(door: &Path) -> io::Result<PathBuf> {
    if std::fs::symlink_metadata(door)?.file_type().is_socket() {
        return Ok(door.to_owned());
    }
    let named = std::fs::read_to_string(door)?;
    let named = named.trim_end_matches('\n');
    if Path::new(named).is_absolute() {
        Ok(PathBuf::from(named))
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} names no socket", door.display())))
    }
}

/// Listens at `door`, or at `elsewhere` with `door` naming it; the caller holds the store's lock.
pub fn bind(
    door: &Path,
    elsewhere: Option<&Path>,
    others: Others,
) -> Result<(UnixListener, Bound), PlaceError> {
    let socket = elsewhere.unwrap_or(door);
    if socket.as_os_str().len() > PATH_MAX {
        return Err(PlaceError::TooLong(socket.to_owned()));
    }
    let failed = |source| PlaceError::Bind { path: socket.to_owned(), source };
    if let Some(parent) = elsewhere.and_then(Path::parent) {
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
    if elsewhere.is_some() {
        // A socket of an earlier desk may stand where the name goes; a file there is overwritten.
        if std::fs::symlink_metadata(door).is_ok_and(|found| found.file_type().is_socket()) {
            clear(door)?;
        }
        std::fs::write(door, format!("{}\n", socket.display())).map_err(failed)?;
        bound.pointer = Some(door.to_owned());
    }
    Ok((listener, bound))
}

/// Removes a stale socket, or a file of ours that named one.
fn clear(path: &Path) -> Result<(), PlaceError> {
    let Ok(found) = std::fs::symlink_metadata(path) else { return Ok(()) };
    if !found.file_type().is_socket() && find(path).is_err() {
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
        let door = dir.path().join("desk.sock");
        // A listener that was dropped without removing its path, as after kill -9.
        drop(UnixListener::bind(&door).unwrap());
        let (_listener, bound) = bind(&door, None, Others::Refused).unwrap();
        let mode = std::fs::metadata(&door).unwrap().permissions().mode();
        assert_eq!((mode & 0o777, find(&door).unwrap()), (0o600, door.clone()));
        drop(bound);
        assert!(!door.exists());
        std::fs::write(&door, "别人的文件").unwrap();
        assert!(matches!(bind(&door, None, Others::Refused), Err(PlaceError::Occupied(_))));
    }

    #[test]
    fn a_long_path_is_named_by_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("很长的门店名字".repeat(5));
        std::fs::create_dir_all(&store).unwrap();
        let door = store.join("desk.sock");
        assert!(matches!(bind(&door, None, Others::Refused), Err(PlaceError::TooLong(_))));
        let real = dir.path().join("run/s1.sock");
        for _ in 0..2 {
            let (_listener, bound) = bind(&door, Some(&real), Others::ByGroup).unwrap();
            assert_eq!(find(&door).unwrap(), real);
            assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o660);
            // As after kill -9: both stay behind.
            std::mem::forget(bound);
        }
    }
}
