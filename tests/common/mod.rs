//! A home, a clock and a seed that nothing outside can touch, and the program inside it.

pub mod screen;

use std::ffi::OsString;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Monday, 2 March 2026, 09:00 in Shanghai.
const CLOCK: &str = "2026-03-02T09:00:00+08:00";

/// Between two looks at something that another process is about to do.
const PAUSE: Duration = Duration::from_millis(10);

/// Held while a terminal is opened, and while a process is started that goes on: between the opening of a terminal and
/// the moment it is marked as nobody's else, another test's process would inherit it, and it would never hang up.
static STARTING: Mutex<()> = Mutex::new(());

/// See [`STARTING`].
pub fn starting() -> MutexGuard<'static, ()> {
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A directory that is the whole world of the program: home, data, clock, seed, operator.
pub struct Environment {
    dir: tempfile::TempDir,
}

impl Environment {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn store(&self) -> PathBuf {
        self.path().join("data/qun/main")
    }

    /// The whole environment of a process.
    pub fn variables(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("HOME", self.path().into()),
            ("XDG_DATA_HOME", self.path().join("data").into()),
            ("XDG_CONFIG_HOME", self.path().join("config").into()),
            ("TZ", "Asia/Shanghai".into()),
            ("QUN_CLOCK", CLOCK.into()),
            ("QUN_SEED", "7".into()),
            ("QUN_AS", "小李".into()),
        ]
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qun"));
        command
            .args(arguments)
            .env_clear()
            .envs(self.variables())
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.command(arguments).output().unwrap())
    }

    /// The names of all groups, as `qun list` has them.
    pub fn groups(&self) -> Vec<String> {
        let ran = self.run(&["list", "groups", "--json", "--limit", "100000"]);
        assert!(ran.code == 0 || ran.code == 3, "{ran:?}");
        if ran.code == 3 { Vec::new() } else { ran.names() }
    }

    /// A desk in the background; it is ended by `qun serve --stop`, or killed when dropped.
    #[must_use]
    pub fn serve(&self) -> Serving {
        let alone = starting();
        let desk = self.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        drop(alone);
        self.serving(desk)
    }

    /// Waits until a desk that was started listens; a stale socket of a killed one does not count.
    #[must_use]
    pub fn serving(&self, desk: Child) -> Serving {
        let mut serving = Serving(desk);
        while UnixStream::connect(self.store().join("desk.sock")).is_err() {
            assert_eq!(serving.0.try_wait().unwrap(), None, "the desk ended by itself");
            std::thread::sleep(PAUSE);
        }
        serving
    }
}

/// A desk; killed when dropped.
pub struct Serving(pub Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// The names in a list as JSON.
    pub fn names(&self) -> Vec<String> {
        let value: serde_json::Value = serde_json::from_str(&self.out).unwrap();
        let rows = value["rows"].as_array().unwrap();
        rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    }

    /// What stands on stderr as JSON, for `--json`.
    pub fn error(&self) -> serde_json::Value {
        let value: serde_json::Value = serde_json::from_str(&self.err).unwrap();
        assert_eq!(value["schema"], 1);
        value["error"].clone()
    }
}
