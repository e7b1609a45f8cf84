//! A home, a clock and a seed that nothing outside can touch.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Monday, 2 March 2026, 09:00 in Shanghai.
const CLOCK: &str = "2026-03-02T09:00:00+08:00";

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

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qun"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.path())
            .env("XDG_DATA_HOME", self.path().join("data"))
            .env("TZ", "Asia/Shanghai")
            .env("QUN_CLOCK", CLOCK)
            .env("QUN_SEED", "7")
            .env("QUN_AS", "小李")
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.command(arguments).output().unwrap())
    }

    /// A desk in the background; it is ended by `qun serve --stop`, or killed when dropped.
    #[must_use]
    pub fn serve(&self) -> Serving {
        let child = self.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut serving = Serving(child);
        while !self.store().join("desk.sock").exists() {
            assert_eq!(serving.0.try_wait().unwrap(), None, "the desk ended by itself");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        serving
    }
}

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
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// What stands on stderr as JSON, for `--json`.
    pub fn error(&self) -> serde_json::Value {
        let value: serde_json::Value = serde_json::from_str(&self.err).unwrap();
        assert_eq!(value["schema"], 1);
        value["error"].clone()
    }
}
