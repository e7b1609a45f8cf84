//! Who is at the other end: the kernel tells the uid, the user database its name.

use std::path::Path;

/// The uid this process acts as.
pub fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// The login name of a uid; `uid1000` where the user database has none.
///
/// Reads `/etc/passwd`; a directory service is asked through the names that the login put into the environment,
/// which count for this process's own uid only.
pub fn login_name(uid: u32) -> String {
    let known = std::fs::read(Path::new("/etc/passwd")).ok();
    let listed = known.and_then(|bytes| find_name(&String::from_utf8_lossy(&bytes), uid));
    let said = || {
        let names = ["LOGNAME", "USER"].into_iter().filter_map(|name| std::env::var(name).ok());
        names.filter(|_| uid == own_uid()).find(|name| !name.trim().is_empty())
    };
    listed.or_else(said).unwrap_or_else(|| format!("uid{uid}"))
}

/// Finds the name in the lines of a `passwd` file: `name:password:uid:…`.
fn find_name(lines: &str, uid: u32) -> Option<String> {
    lines.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        let found: u32 = fields.nth(1)?.parse().ok()?;
        (found == uid).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_by_uid() {
        let lines =
            "root:x:0:0:root:/root:/bin/sh\n# 注释\nxiaoli:x:1001:1001::/home/xiaoli:/bin/sh\nbad:x\n";
        let check =
            |uid, expected: Option<&str>| assert_eq!(find_name(lines, uid).as_deref(), expected, "{uid}");
        check(0, Some("root"));
        check(1001, Some("xiaoli"));
        check(1002, None);
    }

    #[test]
    fn an_unknown_uid_still_has_a_name() {
        assert_eq!(login_name(4_000_000_000), "uid4000000000");
    }
}
