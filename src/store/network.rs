//! Recognises file systems that lie on another machine.
//!
//! Locks there may be granted twice and syncs may mean nothing, so a store is refused. The kernel's own network
//! file systems have numbers of their own (`statfs`); those that run as programs share the number of FUSE and
//! are told apart by the type of their mount. Unknown ones count as local.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

/// A file system that a store is not kept on, by its usual name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkFileSystem(pub String);

impl fmt::Display for NetworkFileSystem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Numbers from `statfs(2)` and the kernel's `magic.h`.
const KERNEL: [(u32, &str); 9] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x0102_1997, "9p"),
    (0x5346_414f, "AFS"),
    (0x7375_7245, "Coda"),
    (0x00c3_6400, "Ceph"),
    (0x564c, "NCP"),
];
const FUSE: u32 = 0x6573_5546;
/// Mount types of programs that keep the files elsewhere.
const PROGRAMS: [&str; 12] = [
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.goofys",
    "fuse.gcsfuse",
    "fuse.davfs",
    "fuse.curlftpfs",
    "fuse.glusterfs",
    "fuse.ceph-fuse",
    "fuse.smbnetfs",
    "fuse.juicefs",
    "fuse.gvfsd-fuse",
];

/// The network file system that a directory lies on, if it is one.
pub fn network_file_system(path: &Path) -> io::Result<Option<NetworkFileSystem>> {
    let magic = magic_of(path)?;
    let mounts = if magic == FUSE {
        fs::read_to_string("/proc/self/mountinfo").unwrap_or_default()
    } else {
        String::new()
    };
    let path = fs::canonicalize(path)?;
    Ok(judge(magic, mount_type(&mounts, &path)))
}

#[cfg(target_os = "linux")]
fn magic_of(path: &Path) -> io::Result<u32> {
    // The field has the width of a machine word; all numbers fit into its lower half.
    Ok(rustix::fs::statfs(path)?.f_type as u32)
}

#[cfg(not(target_os = "linux"))]
fn magic_of(_: &Path) -> io::Result<u32> {
    Ok(0)
}

fn judge(magic: u32, mount_type: Option<&str>) -> Option<NetworkFileSystem> {
    let of_kernel = KERNEL.iter().find(|(number, _)| *number == magic).map(|(_, name)| *name);
    let of_program = mount_type.filter(|kind| magic == FUSE && PROGRAMS.contains(kind));
    of_kernel.or(of_program).map(|name| NetworkFileSystem(name.to_owned()))
}

/// The type of the mount that holds `path`, from the text of `/proc/self/mountinfo`:
/// `36 35 98:0 /root /mount/point options - type source options`.
fn mount_type<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let Some((mount, file_system)) = line.split_once(" - ") else { continue };
        let (Some(point), Some(kind)) = (mount.split(' ').nth(4), file_system.split(' ').next()) else {
            continue;
        };
        // Spaces in mount points are written as \040.
        let point = point.replace("\\040", " ");
        // Of two mounts on one point the later hides the earlier.
        if path.starts_with(&point) && best.is_none_or(|(length, _)| point.len() >= length) {
            best = Some((point.len(), kind));
        }
    }
    best.map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /home/qz/remote rw,nosuid shared:9 - fuse.sshfs qz@host:/ rw,user_id=1000
41 22 0:36 / /home/qz/my\\040vault rw - fuse.gocryptfs /home/qz/.vault rw
42 40 0:37 / /home/qz/remote/local rw - fuse.encfs encfs rw
";

    #[test]
    fn network_file_systems_are_recognised() {
        let check = |magic: u32, path: &str, expected: Option<&str>| {
            let seen = judge(magic, mount_type(MOUNTS, Path::new(path)));
            assert_eq!(seen, expected.map(|name| NetworkFileSystem(name.to_owned())), "{magic:x} {path}");
        };
        check(0xef53, "/home/qz/store", None);
        check(0x6969, "/mnt/nas", Some("NFS"));
        check(0x0102_1997, "/mnt/c", Some("9p"));
        check(FUSE, "/home/qz/remote/store", Some("fuse.sshfs"));
        check(FUSE, "/home/qz/remote/local/store", None);
        check(FUSE, "/home/qz/my vault/store", None);
        check(FUSE, "/somewhere", None);
        assert_eq!(mount_type(MOUNTS, Path::new("/home/qz/my vault/x")), Some("fuse.gocryptfs"));
    }

    #[test]
    fn the_disk_of_tests_is_local() {
        assert_eq!(network_file_system(&std::env::temp_dir()).unwrap(), None);
    }
}
