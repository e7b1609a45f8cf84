//! The disk as the operating system gives it: files under one root directory, owner-only.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use super::{Disk, DiskFile, Mode};

/// A directory of the file system. New files get 0600, new directories 0700.
#[derive(Debug, Clone)]
pub struct RealDisk {
    root: PathBuf,
}

impl RealDisk {
    /// A disk whose paths are below `root`, which must exist.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The directory that all paths are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The full path; a path that would leave the root is refused.
    fn full(&self, path: &str) -> io::Result<PathBuf> {
        let relative = Path::new(path);
        if relative.components().all(|part| matches!(part, Component::Normal(_))) {
            Ok(self.root.join(relative))
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{path:?} leaves the store's directory")))
        }
    }
}

/// Adds the path to an error's text; the kind stays, callers decide by it.
fn naming(path: &Path) -> impl FnOnce(io::Error) -> io::Error + '_ {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

impl Disk for RealDisk {
    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let path = self.full(dir)?;
        let mut names = Vec::new();
        for entry in fs::read_dir(&path).map_err(naming(&path))? {
            // A name that is not UTF-8 is none of ours.
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn open(&self, path: &str, mode: Mode) -> io::Result<Box<dyn DiskFile>> {
        let full = self.full(path)?;
        let mut options = OpenOptions::new();
        options.read(true).mode(0o600);
        match mode {
            Mode::Read => {}
            Mode::Write => {
                options.write(true);
            }
            Mode::CreateNew => {
                options.write(true).create_new(true);
            }
        }
        let file = options.open(&full).map_err(naming(&full))?;
        Ok(Box::new(RealFile { file }))
    }

    fn exists(&self, path: &str) -> io::Result<bool> {
        fs::exists(self.full(path)?)
    }

    fn len(&self, path: &str) -> io::Result<u64> {
        let full = self.full(path)?;
        Ok(fs::metadata(&full).map_err(naming(&full))?.len())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let full = self.full(from)?;
        fs::rename(&full, self.full(to)?).map_err(naming(&full))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let full = self.full(path)?;
        fs::remove_file(&full).map_err(naming(&full))
    }

    fn create_dir(&self, path: &str) -> io::Result<()> {
        let full = self.full(path)?;
        DirBuilder::new().recursive(true).mode(0o700).create(&full).map_err(naming(&full))
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        let full = self.full(dir)?;
        File::open(&full).and_then(|dir| dir.sync_all()).map_err(naming(&full))
    }
}

struct RealFile {
    file: File,
}

impl DiskFile for RealFile {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut got = 0;
        while let Some(rest) = into.get_mut(got..).filter(|rest| !rest.is_empty()) {
            match self.file.read_at(rest, offset + got as u64) {
                Ok(0) => break,
                Ok(more) => got += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(got)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.file.write_all_at(bytes, offset)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_below_its_root() {
        let dir = tempfile::tempdir().unwrap();
        let disk = RealDisk::new(dir.path());
        for path in ["../x", "/etc/passwd", "a/../../x", "./a"] {
            let kind = disk.open(path, Mode::CreateNew).err().map(|error| error.kind());
            assert_eq!(kind, Some(io::ErrorKind::InvalidInput), "{path}");
        }
    }

    #[test]
    fn writes_reads_renames_and_lists() {
        let dir = tempfile::tempdir().unwrap();
        let disk = RealDisk::new(dir.path());
        disk.create_dir("journal").unwrap();
        let file = disk.open("journal/a", Mode::CreateNew).unwrap();
        file.write_at("群主".as_bytes(), 3).unwrap();
        file.allocate_zeros(100_000).unwrap();
        file.sync_data().unwrap();
        disk.rename("journal/a", "journal/b").unwrap();
        disk.sync_dir("journal").unwrap();
        assert_eq!(disk.list("journal").unwrap(), ["b"]);
        let mut bytes = [9; 12];
        assert_eq!(disk.open("journal/b", Mode::Read).unwrap().read_at(&mut bytes, 0).unwrap(), 12);
        assert_eq!(&bytes[3..9], "群主".as_bytes());
        assert_eq!((disk.len("journal/b").unwrap(), bytes[11]), (100_000, 0));
    }
}
